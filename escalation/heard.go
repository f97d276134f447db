package escalation

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"slices"
	"time"

	"github.com/escalade-go/escalade/sentiment"
)

// hearing is what a ledger remembers of the customer's messages that were judged: the
// mood and the keywords of each, so that none is judged twice and a wake-up needs no
// text. It holds no word that is not the policy's.
type hearing struct {
	// Analyzer and Lists mark what it was judged with.
	Analyzer string `json:"analyzer"`
	Lists    string `json:"lists"`
	// Messages are the latest, packed; see pack.
	Messages []byte `json:"messages,omitempty"`
	// Forgotten is the instant of the latest message that is not among them any more,
	// and Older the keywords of all those.
	Forgotten time.Time `json:"forgotten,omitzero"`
	Older     []byte    `json:"older,omitempty"`
}

// maxHeard is how many messages of the customer are remembered one by one, and
// maxHeardBytes how many bytes that takes, where many keywords were said.
const (
	maxHeard      = 32
	maxHeardBytes = 4 << 10
)

// heard is what is remembered of one message.
type heard struct {
	id     uint64
	sum    uint32 // of its text
	judged bool   // an analyzer has
	mood   mood
	words  []heardWord
}

// heardWord is the keyword of a list that a message has. A list is known by its mark: its
// number changes with the policy.
type heardWord struct {
	list uint32
	word int
}

func (h heardWord) pack(out []byte) []byte {
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint32(out, h.list), uint16(h.word))
}

func unpackWords(src []byte) []heardWord {
	var list []heardWord
	for ; len(src) >= 6; src = src[6:] {
		list = append(list, heardWord{binary.BigEndian.Uint32(src), int(binary.BigEndian.Uint16(src[4:]))})
	}
	return list
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum tells two texts apart.
func checksum(text string) uint32 {
	var buf [512]byte
	sum := uint32(0)
	for len(text) > 0 {
		n := copy(buf[:], text)
		sum = crc32.Update(sum, castagnoli, buf[:n])
		text = text[n:]
	}
	return sum
}

// heardID names a message in the ledger.
func heardID(ev *event) uint64 {
	h := newPrint()
	h.text(ev.message.ID)
	if ev.message.ID == "" {
		h.number(uint64(ev.at.UnixNano()))
		h.number(uint64(ev.twin))
	}
	return uint64(h)
}

// What a message can be packed with. One that a host's own analyzer finds something else
// in is read again each time.
var (
	packedLabels  = []string{string(sentiment.Calm), string(sentiment.Frustrated), string(sentiment.Angry), string(sentiment.Threatening)}
	packedIntents = []string{string(sentiment.Threat), string(sentiment.Manager), string(sentiment.Churn)}
)

// The bits of a packed message's second byte.
const (
	bitJudged = 1 << 7
	bitKnown  = 1 << 6
)

// pack appends a message: its id (8 bytes), the sum of its text (4), what was found (1:
// judged, known, two bits of label, three of intents), the score if it is known (8), and
// how many keywords follow (1), each a list's mark (4) and the number of a word (2).
func (h *heard) pack(out []byte) []byte {
	out = binary.BigEndian.AppendUint64(out, h.id)
	out = binary.BigEndian.AppendUint32(out, h.sum)
	found := byte(0)
	if h.judged {
		found |= bitJudged
	}
	if h.mood.known {
		found |= bitKnown | byte(slices.Index(packedLabels, h.mood.label))<<3
		for i, intent := range packedIntents {
			if slices.Contains(h.mood.intents, intent) {
				found |= 1 << i
			}
		}
	}
	out = append(out, found)
	if h.mood.known {
		out = binary.BigEndian.AppendUint64(out, math.Float64bits(h.mood.score))
	}
	words := h.words[:min(len(h.words), math.MaxUint8)]
	out = append(out, byte(len(words)))
	for _, w := range words {
		out = w.pack(out)
	}
	return out
}

// packable reports whether the mood is one that pack can write.
func (m *mood) packable() bool {
	return !m.known || slices.Contains(packedLabels, m.label) && m.score >= -1 && m.score <= 1 &&
		!slices.ContainsFunc(m.intents, func(intent string) bool { return !slices.Contains(packedIntents, intent) })
}

// unpack reads what pack has written; what is broken is as good as forgotten.
func unpack(src []byte) []heard {
	var list []heard
	for len(src) >= 14 {
		h := heard{id: binary.BigEndian.Uint64(src), sum: binary.BigEndian.Uint32(src[8:])}
		found := src[12]
		src = src[13:]
		h.judged = found&bitJudged != 0
		if found&bitKnown != 0 {
			if len(src) < 9 {
				return list
			}
			h.mood = mood{known: true, label: packedLabels[found>>3&3], score: math.Float64frombits(binary.BigEndian.Uint64(src))}
			if !(h.mood.score >= -1 && h.mood.score <= 1) {
				return list
			}
			for i, intent := range packedIntents {
				if found&(1<<i) != 0 {
					h.mood.intents = append(h.mood.intents, intent)
				}
			}
			src = src[8:]
		}
		n := int(src[0])
		src = src[1:]
		if len(src) < 6*n {
			return list
		}
		h.words, src = unpackWords(src[:6*n]), src[6*n:]
		list = append(list, h)
	}
	return list
}

// ears are what an engine judges messages with, as ledgers name it.
type ears struct {
	analyzer, lists string
	list            []uint32 // the mark of each keyword list
}

// readEars names the analyzer and the keyword lists. An analyzer may have a Version, as
// ours has; another one is taken to be the same for ever.
func (e *Engine) readEars() {
	kind := ""
	if v, ok := e.analyzer.(interface{ Version() string }); ok {
		kind = v.Version()
	}
	e.ears.analyzer = markText(kind)
	all := ""
	for _, words := range e.set.Keywords() {
		list := lengthened(words)
		all += lengthened([]string{list})
		e.ears.list = append(e.ears.list, mark(list))
	}
	e.ears.lists = markText(all)
}

// recollect takes from the ledger what was heard.
func (w *walk) recollect(l *Ledger) {
	w.hearing = l.hearing
	if l.hearing == nil {
		return
	}
	list := unpack(l.hearing.Messages)
	w.heard = make(map[uint64]*heard, len(list))
	for i := range list {
		w.heard[list[i].id] = &list[i]
	}
	w.state.words = w.wordsOf(unpackWords(l.hearing.Older))
}

// memory returns what is remembered of a message; nil if it is new, or was changed.
func (w *walk) memory(ev *event) *heard {
	if len(w.heard) == 0 {
		return nil
	}
	h := w.heard[heardID(ev)]
	if h == nil || ev.text != "" && h.sum != checksum(ev.text) {
		return nil
	}
	return h
}

// said reports whether something is known of what the customer says in a message: its
// text, a mood, or what was heard when there was a text.
func (w *walk) said(ev *event) bool {
	return ev.text != "" || ev.message.Sentiment != nil || w.memory(ev) != nil
}

// remembered returns the mood of a message that was judged before.
func (w *walk) remembered(ev *event) (mood, bool) {
	h := w.memory(ev)
	if h == nil || !h.judged || ev.text != "" && w.hearing.Analyzer != w.engine.ears.analyzer {
		return mood{}, false
	}
	return h.mood, true
}

// recalled returns the keywords of a message that was scanned before; none of one of
// those that are remembered together.
func (w *walk) recalled(ev *event) ([]string, bool) {
	if w.hearing != nil && w.hearing.Lists == w.engine.ears.lists && !ev.seen && !ev.at.After(w.hearing.Forgotten) {
		return nil, true
	}
	h := w.memory(ev)
	if h == nil || ev.text != "" && w.hearing.Lists != w.engine.ears.lists {
		return nil, false
	}
	return w.wordsOf(h.words), true
}

// wordsOf are keywords by list, nil if there are none.
func (w *walk) wordsOf(list []heardWord) []string {
	var words []string
	for _, h := range list {
		i := slices.Index(w.engine.ears.list, h.list)
		if i < 0 || h.word >= len(w.engine.set.Keywords()[i]) {
			continue
		}
		if words == nil {
			words = make([]string, len(w.engine.ears.list))
		}
		words[i] = w.engine.set.Keywords()[i][h.word]
	}
	return words
}

// heardWords is wordsOf the other way round.
func (w *walk) heardWords(words []string) []heardWord {
	var list []heardWord
	for i, word := range words {
		if n := slices.Index(w.engine.set.Keywords()[i], word); word != "" && n >= 0 && n <= math.MaxUint16 {
			list = append(list, heardWord{w.engine.ears.list[i], n})
		}
	}
	return list
}

// unheard reports whether a message turned up after its instant had been judged.
func (w *walk) unheard(ev *event) bool {
	return w.hearing != nil && ev.at.After(w.hearing.Forgotten) && w.heard[heardID(ev)] == nil
}

// needTexts lists the rules with keywords, if the keywords are others than when messages
// were read of which the text is not there now: what of theirs was said is not known.
func (w *walk) needTexts() map[int]bool {
	if w.hearing == nil || w.hearing.Lists == w.engine.ears.lists || !w.untold() {
		return nil
	}
	blind := map[int]bool{}
	for i := range w.engine.rules {
		if len(w.engine.set.Lists(i)) > 0 {
			blind[i] = true
		}
	}
	if len(blind) == 0 {
		return nil
	}
	return blind
}

// untold reports whether a message that was read before has no text now.
func (w *walk) untold() bool {
	return slices.ContainsFunc(w.history.events, func(ev event) bool {
		return ev.kind == fromCustomer && !ev.seen && ev.text == "" && (!ev.at.After(w.hearing.Forgotten) || w.heard[heardID(&ev)] != nil)
	})
}

// listen writes into the ledger what was heard of the messages so far. What was read with
// other ears, and cannot be read again, goes on being known as that.
func (w *walk) listen(l *Ledger) {
	out := &hearing{Analyzer: w.engine.ears.analyzer, Lists: w.engine.ears.lists}
	var older []string
	if before := l.hearing; before != nil {
		out.Forgotten = before.Forgotten
		if (before.Analyzer != out.Analyzer || before.Lists != out.Lists) && w.untold() {
			out.Analyzer, out.Lists = before.Analyzer, before.Lists
		}
		older = w.wordsOf(unpackWords(before.Older))
	}
	type single struct {
		at    time.Time
		src   []byte
		words []string
	}
	var singles []single // the latest first
	size := 0
	for i := w.reached - 1; i >= 0; i-- {
		ev := &w.history.events[i]
		if ev.kind != fromCustomer || ev.seen || !w.said(ev) {
			continue
		}
		words := w.spot(ev)
		if !ev.at.After(out.Forgotten) {
			older = merge(older, words)
			continue
		}
		h := heard{id: heardID(ev), sum: checksum(ev.text), words: w.heardWords(words)}
		if before := w.memory(ev); before != nil && ev.text == "" {
			h.sum = before.sum
		}
		m, ok := w.moods[ev]
		if !ok {
			m, ok = w.remembered(ev)
		}
		if s := ev.message.Sentiment; s != nil {
			ok = false // the host's own, which comes with the message
		}
		if ok && m.packable() {
			h.judged, h.mood = true, m
		}
		src := h.pack(nil)
		if size += len(src); len(singles) == maxHeard || size > maxHeardBytes { // it and all before it
			out.Forgotten = ev.at
			older = merge(older, words)
			continue
		}
		singles = append(singles, single{ev.at, src, words})
	}
	for _, s := range slices.Backward(singles) {
		if s.at.After(out.Forgotten) {
			out.Messages = append(out.Messages, s.src...)
		} else { // of the same instant as the first that is not remembered by itself
			older = merge(older, s.words)
		}
	}
	for _, word := range w.heardWords(older) {
		if len(out.Older) < maxHeardBytes {
			out.Older = word.pack(out.Older)
		}
	}
	l.hearing = out
}
