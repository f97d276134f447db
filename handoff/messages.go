package handoff

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxMessage is the most characters that a message ever has.
const MaxMessage = 5000

const maxResolution = 2000

// An EmptySlot is the error of a message that cannot be written, because a case does not hold what the message has to say.
type EmptySlot struct {
	Message string   // "acknowledgment", "message" or "follow_up"
	Slots   []string // what is empty, under its name in the JSON of a case, in the order of the message
}

// Error names the message and its empty slots.
func (e *EmptySlot) Error() string {
	return "handoff: the " + strings.ReplaceAll(e.Message, "_", "-") + " has nothing to say for " + strings.Join(e.Slots, ", ")
}

// Acknowledgment returns what the customer is told when the ticket is escalated, in their language where there are templates in it. The
// standard one needs Ticket, Team or To, Topic and Timeframe, and contains nothing else of the case; what else a template can say to a
// customer are Subject, Customer and Resolution. It is plain text, of one line if its template is; escape it for where it goes.
func (c Case) Acknowledgment() (string, error) { return c.forCustomer().acknowledgment.write(&c) }

// Message returns the note to the colleague or team who takes over. The standard one needs Ticket, Person or Team or To, Summary or Subject,
// and Sentiment; of the summary it takes the first sentence. It is internal, plain text of one line; escape it for where it goes.
func (c Case) Message() (string, error) { return c.templates().message.write(&c) }

// FollowUp returns what the customer is told when the escalated ticket is resolved. The standard one needs Resolution; see
// [Case.Acknowledgment].
func (c Case) FollowUp() (string, error) { return c.forCustomer().followUp.write(&c) }

func (c Case) forCustomer() *language {
	if c.set != nil && c.set.first != nil {
		return c.set.language(c.Language)
	}
	return standard().language(c.Language)
}

// write fills a message. All empty slots are reported, not only the first.
func (m *message) write(c *Case) (string, error) {
	var out strings.Builder
	var empty []string
	left := false // the last slot was left out, and its sentence with it
	var last span
	add := func(s span) {
		if apart(last, s, false) {
			out.WriteString(joiner)
		}
		out.WriteString(s.text)
		if s.text != "" {
			last = s
		}
	}
	for i, p := range m.parts {
		if p.slot == nil {
			text := p.text
			switch {
			case left: // with the stop of its sentence and the blank behind
				text = strings.TrimLeft(text, stops+",;: ")
			case i > 0 && m.parts[i-1].slot != nil && m.parts[i-1].slot.sentence:
				text = strings.TrimLeft(text, stops)
			}
			left = false
			add(ours(text))
			continue
		}
		text := p.slot.text(c, m.language)
		if p.slot.sentence {
			text = sentence(plain(text, p.slot.max))
		} else {
			text = strings.TrimRight(plain(text, p.slot.max), ".,;:!? ")
			if p.slot.field == "sentiment" {
				text = strings.ToLower(text)
			}
			before, after := out.String(), ""
			if i+1 < len(m.parts) {
				after = m.parts[i+1].text
			}
			if text = unrepeated(before, text, after); p.slot.field == "timeframe" && m.language.immediate(text) {
				text = m.language.say("immediately")
				before = strings.TrimSuffix(before, m.language.say("within")+" ")
				out.Reset()
				out.WriteString(before)
			}
		}
		if left = text == ""; left && !p.optional && !slices.Contains(empty, p.slot.field) {
			empty = append(empty, p.slot.field)
		}
		if before := out.String(); left && p.optional && !strings.HasSuffix(before, "\n") && strings.Trim(before, " ") != "" &&
			!strings.ContainsAny(strings.TrimRight(before, " ")[len(strings.TrimRight(before, " "))-1:], stops) {
			left = false // within a sentence, only the blank before it goes
			out.Reset()
			out.WriteString(strings.TrimRight(before, " "))
		}
		add(span{text: text, max: p.slot.max})
	}
	if empty == nil && !visible(out.String()) { // all of it may stay empty, and is
		for _, p := range m.parts {
			if p.slot != nil && !slices.Contains(empty, p.slot.field) {
				empty = append(empty, p.slot.field)
			}
		}
	}
	if empty != nil {
		return "", &EmptySlot{Message: m.name, Slots: empty}
	}
	return strings.TrimSpace(out.String()), nil
}

// immediate reports whether a timeframe is none.
func (l *language) immediate(timeframe string) bool {
	return strings.EqualFold(timeframe, "immediate") || strings.EqualFold(timeframe, "immediately") || strings.EqualFold(timeframe, l.say("immediately"))
}

// unrepeated takes words off the ends of a slot's text that the template says already: "our [Platform Team] team", "within [within 1 day]",
// "#[#12]".
func unrepeated(before, text, after string) string {
	if strings.HasSuffix(before, "#") {
		text = strings.TrimLeft(text, "# ")
	}
	lastWord := func(s string) string { return s[strings.LastIndexByte(s, ' ')+1:] }
	if said := lastWord(strings.TrimSuffix(before, " ")); said != "" && strings.HasSuffix(before, " ") {
		if word, rest, found := strings.Cut(text, " "); found && strings.EqualFold(word, said) {
			text = rest
		}
	}
	if next, found := strings.CutPrefix(after, " "); found {
		next, _, _ = strings.Cut(next, " ")
		next = strings.TrimRight(next, stops+",;:")
		if last := lastWord(text); last != text && next != "" && strings.EqualFold(last, next) {
			text = strings.TrimSuffix(text, " "+last)
		}
	}
	return text
}

const stops = ".!?…。！？"

// sentence gives text exactly one end: "Refund issued" and "Refund issued." and "Refund issued.." all become "Refund issued."
func sentence(text string) string {
	text = strings.TrimRight(text, ",;: ")
	bare := strings.TrimRight(text, `"')]»”’`) // the stop may stand within quotation marks
	last, _ := utf8.DecodeLastRuneInString(bare)
	switch {
	case strings.Trim(bare, stops+" ") == "":
		return ""
	case !strings.ContainsRune(stops, last):
		return text + "."
	case strings.HasSuffix(text, "..") && !strings.HasSuffix(text, "..."):
		return text[:len(text)-1]
	}
	return text
}

// firstSentence returns the first sentence of text, or its first paragraph if that has no end. It rather takes two sentences for one than
// cut one in the middle: "e.g. this", "v1.2", "Dr. Who" and "J. Doe" are not ends.
func firstSentence(text string) string {
	s, _ := clean(text, 2*maxNote, true)
	for i, r := range s {
		next := at(s, i+1)
		switch {
		case r == '\n' && next == '\n':
			return string(s[:i])
		case strings.ContainsRune("。！？", r):
			return string(s[:i+1])
		case strings.ContainsRune(".!?…", r) && (next == ' ' || next == '\n') &&
			!unicode.IsLower(at(s, i+2)) && !(r == '.' && abbreviated(s[:i])):
			return string(s[:i+1])
		}
	}
	return string(s)
}

// abbreviated reports whether the dot behind s belongs to its last word.
func abbreviated(s []rune) bool {
	i := len(s)
	for i > 0 && (word(s[i-1]) || s[i-1] == '.') {
		i--
	}
	switch last := strings.ToLower(string(s[i:])); last {
	case "mr", "mrs", "ms", "dr", "prof", "st", "no", "nr", "vs", "approx", "e.g", "i.e", "mme", "mlle":
		return true
	default:
		r, n := utf8.DecodeRuneInString(last)
		return n == len(last) && unicode.IsLetter(r)
	}
}

// Line returns a text as one line of a message of your own, as the messages here spell what is in a case: no line breaks, no control or
// invisible characters, no mention, tag or placeholder. It has at most max characters, and a "…" if more was cut off.
func Line(text string, max int) string { return plain(text, max) }
