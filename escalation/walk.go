package escalation

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// defaultRest is how long a rule keeps still after it has fired, unless it says so.
const defaultRest = 10 * time.Minute

// The most that one call does. Past maxSteps the decision says so, and the next
// call goes on from there; past maxAhead a NextCheck is early, never late. Thousands of
// rules are judged at fewer instants: so many as make up maxJudged rules.
const (
	maxSteps  = 10_000
	maxAhead  = 1_000
	maxJudged = 5_000_000
	minSteps  = 100
	// pollAhead is maxAhead for policies with a rule that polls, most of whose checks
	// find nothing.
	pollAhead = 50
)

// bounded is how many steps of at most so many a call goes, by the number of rules.
func (e *Engine) bounded(most int) int {
	return min(most, max(minSteps, maxJudged/(len(e.rules)+1)))
}

// A walk goes through a ticket's life from the instant that the ledger has
// reached. It stops at every event and at every check, an instant at which time
// alone may have turned a condition, and judges the rules there: what it decides
// depends on the history, not on when it is asked.
type walk struct {
	engine  *Engine
	ticket  *Ticket
	history *history
	fields  fieldFacts
	judges  [6]*rules.Judge[facts] // see turn
	judge   *rules.Judge[facts]    // the one at work
	sees    uint8                  // which judges look at the present state, a bit each

	state   state
	reached int // events applied so far
	latches map[subjectKey]latch
	latched []int // the rules of latches, in order, and some more
	asking  bool  // only for whether anything would be proposed: no reasons are kept
	// next is the next check, as of the last step: the first instant at which time
	// alone may make a rule fire or fall; zero for never.
	next time.Time

	// request, if a person asks for something, says what at requestAt; nil there
	// if it is refused. It is asked once.
	request   func() *firing
	requestAt time.Time

	firings []firing
	backlog []firing      // what held already when the policy took over
	adopts  bool          // the policy takes over at this step
	early   bool          // it has not yet: only a person's request is looked at
	waiting map[int]bool  // rules that are judged where the walk ends; nil there
	owed    map[int]bool  // those of them that are judged at the step at hand
	blind   map[int]bool  // rules that are not judged, since they need texts that are not there
	failed  map[int]error // rules whose conditions could not be evaluated

	// What the step at hand works with.
	base  facts
	read  [4]sla.Clock // in the order of sla.Metrics
	named [4]struct {  // of read
		name  string
		cycle int
	}
	list    [4]subject // room for the subjects of a rule
	moods   map[*event]mood
	hearing *hearing // as the ledger has it
	heard   map[uint64]*heard
	first   bool      // the step at hand is the walk's first
	since   time.Time // where the walk began
	asleep  bool      // only clocks are wanted: no message is listened to

	calm bool // nothing but time has passed since the last step
	// turns are when conditions turn next, as found at the last step that was not calm
	// or later: until then time alone changes nothing about them.
	turns      map[subjectKey]time.Time
	judgements []judgement // of the last pass
	candidates []int       // rules to look at in this pass, in order
	spotted    map[*event][]string

	subject      string // that subjectWords are for
	subjectWords []string
}

// subjectKey is one rule and what it is judged for.
type subjectKey struct {
	rule    int
	subject string
}

// subject is what a rule is judged for at a step.
type subject struct {
	name  string
	clock int    // in walk.read; -1 for none
	event *event // the message
}

// firing is one rule that fired at a step.
type firing struct {
	rule     int    // -1: a person asked
	because  string // of a request
	by       string // who asked
	from     string // the tier at the start of the step
	subject  string
	due      time.Time
	occasion int
	repeat   int
	urgent   bool // its notices wait for nobody's hours
	clauses  []rules.Clause
	effects  []effect
}

// effect is one action of a firing, resolved.
type effect struct {
	do, to, text string
	args         []any // of a host action
	lowers       bool  // a set_priority that goes down
	ordinal      int   // in the rule's THEN
	result       Result
}

func (e *Engine) newWalk(t *Ticket, h *history) *walk {
	w := &walk{
		engine: e, ticket: t, history: h, fields: e.readFields(h, t), latches: map[subjectKey]latch{}, turns: map[subjectKey]time.Time{},
	}
	w.state = w.begin()
	return w
}

// fastForward applies what happened up to an instant without judging it.
func (w *walk) fastForward(to time.Time) {
	for w.reached < len(w.history.events) && !w.history.events[w.reached].at.After(to) {
		w.apply(&w.state, &w.history.events[w.reached])
		w.reached++
	}
	w.state.at = to
}

// run judges the present instant and then every event and check up to `to`, and
// `to` itself if a person asks for something there. It reports whether it got
// there within the bound.
func (w *walk) run(to time.Time) bool {
	w.since, w.first = w.state.at, true
	if !w.state.at.Before(to) {
		w.release()
	}
	w.step()
	w.first, w.adopts = false, false
	for range w.engine.bounded(maxSteps) {
		at := w.nextEvent()
		if at.IsZero() || !w.next.IsZero() && w.next.Before(at) {
			at = w.next
		}
		if at.IsZero() || at.After(to) {
			w.fastForward(to)
			if w.request != nil || w.waiting != nil {
				w.calm = false
				w.release()
				w.step()
			}
			return true
		}
		if at.Equal(to) {
			w.release()
		}
		w.advance(at)
	}
	return false
}

// release lets the rules that are waiting be judged at the next step.
func (w *walk) release() { w.waiting, w.owed = nil, w.waiting }

// advance moves to an instant, applies its events and judges it.
func (w *walk) advance(at time.Time) {
	open, reached := w.state.clocks.Reopenings(), w.reached
	w.fastForward(at)
	w.calm = w.reached == reached && w.owed == nil
	if w.state.clocks.Reopenings() != open {
		w.rearm()
	}
	w.step()
}

func (w *walk) nextEvent() time.Time {
	if w.reached < len(w.history.events) {
		return w.history.events[w.reached].at
	}
	return time.Time{}
}

// nextProposal finds the first instant after the present one at which an action
// would be proposed if nothing happened to the ticket, by walking on without
// events; zero for never. The walk cannot be used afterwards.
func (w *walk) nextProposal() time.Time {
	event := w.nextEvent()
	past := *w.history
	past.events = past.events[:w.reached]
	w.history, w.asking = &past, true
	ahead := w.engine.bounded(maxAhead)
	if slices.ContainsFunc(w.engine.rules, func(r ruleInfo) bool { return r.poll > 0 }) {
		ahead = pollAhead
	}
	for range ahead {
		if w.next.IsZero() || !event.IsZero() && !w.next.Before(event) {
			return event
		}
		w.firings = w.firings[:0]
		w.advance(w.next)
		for _, f := range w.firings {
			if slices.ContainsFunc(f.effects, func(e effect) bool { return e.result == Proposed }) {
				return w.state.at
			}
		}
	}
	if w.next.IsZero() || !event.IsZero() && event.Before(w.next) {
		return event
	}
	return w.next
}

// rearm lets clock rules fire again for the clocks that a reopening has started
// again; a rule on several clocks, once all of them run. What other rules have seen is kept over the solved time.
func (w *walk) rearm() {
	running := map[string]bool{}
	for _, m := range sla.Metrics() {
		if c := w.state.clocks.Clock(m, w.state.at); c.Stopped.IsZero() && !c.Started.IsZero() {
			running[clockSubject(&c)] = true
		}
	}
	for key, l := range w.latches { // each by itself: order does not matter
		if !w.engine.rules[key.rule].once {
			continue
		}
		again := true
		for _, clock := range strings.Split(key.subject, "+") {
			again = again && running[clock]
		}
		if again {
			w.latches[key] = latch{Count: l.Count, Done: l.Count}
		}
	}
}

// A step is one instant at work.
type step struct {
	*walk
	start state // before any rule fired
	first int   // of its firings
	fired map[subjectKey]bool
}

// judgement is what the last pass saw of a rule and a subject.
type judgement struct {
	key   subjectKey
	holds bool
}

// step judges all rules at the present instant until no more fire, and finds the
// next check. What a person asks for at this instant comes before the rules.
func (w *walk) step() {
	s := step{walk: w, start: w.state, first: len(w.firings)}
	w.look()
	if w.request != nil && w.state.at.Equal(w.requestAt) {
		request := w.request
		w.request = nil
		if asked := request(); asked != nil {
			if asked.by != "" && person(asked.by) {
				s.start.person = s.state.at // as it will be recorded
			}
			s.take(*asked)
		}
	}
	for again := !w.early; again; {
		again = s.pass()
	}
	s.hurry()
	s.remember()
	w.owed = nil
}

// pass looks at all rules once, in order, and reports whether any fired. Rules that cannot
// hold, and have nothing to remember, are passed over.
func (s *step) pass() bool {
	s.judgements = s.judgements[:0]
	s.next = time.Time{}
	fired := false
	s.order()
	for n := 0; n < len(s.candidates); n++ {
		i, changed := s.candidates[n], false
		if !s.judged(i) {
			continue
		}
		for _, sub := range s.subjects(i) {
			if sub.clock >= 0 && s.clockName(sub.clock) != sub.name {
				continue // the rule has just ended that cycle; the next pass sees the new one
			}
			if f := s.judgeFor(i, sub); f != nil {
				fired = true
				changed = s.take(*f) || changed
			}
		}
		if changed && s.engine.set.Indexed() { // others may hold now
			s.order()
			at, found := slices.BinarySearch(s.candidates, i)
			if n = at; !found {
				n--
			}
		}
	}
	return fired
}

// order lists the rules to look at: those that may hold, and those that have fired or held.
func (s *step) order() {
	s.candidates = s.judges[atTicket].Candidates(s.candidates[:0])
	if !s.engine.set.Indexed() {
		return
	}
	known := len(s.candidates)
	for _, i := range s.latched {
		if _, found := slices.BinarySearch(s.candidates[:known], i); !found {
			s.candidates = append(s.candidates, i)
		}
	}
	if len(s.candidates) > known {
		slices.Sort(s.candidates)
	}
}

// judgeFor judges a rule for a subject. It returns the firing, if the rule fires.
func (s *step) judgeFor(i int, sub subject) *firing {
	info, key := &s.engine.rules[i], subjectKey{i, sub.name}
	l := s.latches[key]
	if info.finished(l) {
		return nil
	}
	if info.poll > 0 {
		s.sooner(s.nextPoll(info))
		if !s.polled(i, l) { // what was seen at the last poll stands
			s.waitFor(info, l)
			return nil
		}
	}
	turns, known := s.turns[key]
	known = known && (turns.IsZero() || turns.After(s.state.at))
	if s.calm && len(s.firings) == s.first && (known || !info.moves) && info.every == 0 && info.poll == 0 && !l.Resting {
		s.sooner(turns)
		return nil // what was seen at the last step stands
	}
	s.turn(sub)
	holds := s.holds(i)
	s.judgements = append(s.judgements, judgement{key, holds})
	if info.moves {
		if !known {
			turns = s.judge.Next(i)
			s.turns[key] = turns
		}
		s.sooner(turns)
	}
	if !holds || s.fired[key] {
		return nil
	}
	repeat, due := info.due(l, s.state.at)
	if !due {
		return nil
	}
	if repeat == 0 {
		l.Count, l.Rise, l.Resting = l.Count+1, s.state.at, false
	}
	f := firing{rule: i, subject: sub.name, due: s.state.at, occasion: l.Count, repeat: repeat}
	if !s.asking {
		f.clauses = s.judge.Clauses(i)
	}
	f.effects = s.engine.effects(i, &s.start)
	if s.fired == nil {
		s.fired = map[subjectKey]bool{}
	}
	s.fired[key], l.Repeat = true, repeat
	if s.adopts { // it has fired before anybody could see it
		s.latch(key, l)
		s.leave(f)
		return nil
	}
	l.Fired = s.state.at
	s.latch(key, l)
	return &f
}

// latch remembers what a rule has done for a subject.
func (w *walk) latch(key subjectKey, l latch) {
	w.latches[key] = l
	if i, found := slices.BinarySearch(w.latched, key.rule); !found {
		w.latched = slices.Insert(w.latched, i, key.rule)
	}
}

// take adds a firing to the step and lets the following rules see its effects. It reports
// whether there are any.
func (s *step) take(f firing) bool {
	f.from = s.start.tier
	s.firings = append(s.firings, f)
	if !s.resolve() {
		return false
	}
	s.calm = false
	s.look()
	return true
}

// leave lists a firing that the policy has found when it took over.
func (s *step) leave(f firing) {
	f.from = s.start.tier
	for i := range f.effects {
		if f.effects[i].result != OnlyShown {
			f.effects[i].result = LeftAlone
		}
	}
	s.backlog = append(s.backlog, f)
}

// remember keeps what the last pass saw, and adds the ends of rests and the
// repeats to the next check. A condition that rose without firing did so while
// its rule rests.
func (s *step) remember() {
	for _, seen := range s.judgements {
		key, holds := seen.key, seen.holds
		info := &s.engine.rules[key.rule]
		l := s.latches[key]
		if !holds {
			l.Resting = false
		} else if !l.Held && !s.fired[key] && !info.onlyOnce() {
			l.Resting = true
		}
		l.Held = holds
		if l == (latch{}) {
			delete(s.latches, key)
			continue
		}
		s.latch(key, l)
		s.waitFor(info, l)
	}
}

// waitFor makes the end of a rest and the next repeat checks.
func (w *walk) waitFor(info *ruleInfo, l latch) {
	if l.Resting {
		w.sooner(l.Fired.Add(info.rest))
	}
	if l.Held && info.every > 0 && l.Count > l.Done {
		w.sooner(w.nextRepeat(info, l))
	}
}

// nextRepeat is when a rule that has fired fires again if it still holds.
func (w *walk) nextRepeat(info *ruleInfo, l latch) time.Time {
	n := w.state.at.Sub(l.Rise)/info.every + 1
	return l.Rise.Add(n * info.every)
}

// nextPoll is the next instant at which a rule that polls is looked at anyway.
func (w *walk) nextPoll(info *ruleInfo) time.Time {
	n := w.state.at.Sub(w.history.created)/info.poll + 1
	return w.history.created.Add(n * info.poll)
}

// polled reports whether a rule that polls is looked at now: at its instants, counted from
// the creation, where the policy takes over or the rule was waited for, where something has happened that we have not done ourselves, at the
// end of a rest and at a repeat. Elsewhere it is not, so that it does not matter when
// and with what other rules it is asked.
func (w *walk) polled(i int, l latch) bool {
	info, at := &w.engine.rules[i], w.state.at
	if w.adopts || w.owed[i] || at.Sub(w.history.created)%info.poll == 0 || l.Resting && at.Equal(l.Fired.Add(info.rest)) ||
		info.every > 0 && l.Held && l.Count > l.Done && at.Sub(l.Rise)%info.every == 0 {
		return true
	}
	for i := w.reached - 1; i >= 0 && w.history.events[i].at.Equal(at); i-- {
		if rank(w.history.events[i]) == 0 {
			return true
		}
	}
	return false
}

// sooner makes an instant the next check if it comes before the one known.
func (w *walk) sooner(t time.Time) {
	if t.After(w.state.at) && (w.next.IsZero() || t.Before(w.next)) {
		w.next = t.UTC() // an hour may begin by a clock of another zone
	}
}

// judged reports whether rule i is looked at: on a solved ticket only those
// that ask for it are.
func (w *walk) judged(i int) bool {
	info := &w.engine.rules[i]
	if info.observe && w.asking {
		return false // it proposes nothing
	}
	return (info.closed || w.state.clocks.Open()) && !w.waiting[i] && !w.blind[i]
}

// onlyOnce reports whether the rule fires once for its subject, rather than on
// each rise.
func (r *ruleInfo) onlyOnce() bool { return r.once || r.subject == forMessage }

// due reports whether the rule, whose condition holds, fires now, and as which
// repeat.
func (r *ruleInfo) due(l latch, at time.Time) (repeat int, fires bool) {
	if r.onlyOnce() {
		if l.Count == l.Done {
			return 0, true
		}
	} else if !l.Held || l.Resting {
		return 0, l.Fired.IsZero() || !at.Before(l.Fired.Add(r.rest))
	}
	if r.every > 0 {
		n := int(at.Sub(l.Rise) / r.every)
		return n, n > l.Repeat && l.Rise.Add(time.Duration(n)*r.every).Equal(at)
	}
	return 0, false
}

// finished reports whether the rule has fired for its subject for good, so that
// its condition no longer matters.
func (r *ruleInfo) finished(l latch) bool {
	return r.onlyOnce() && l.Count > l.Done && r.every == 0
}

// look takes the facts of the present state.
func (w *walk) look() {
	w.base = w.facts(&w.state)
	w.sees = 0
	if !w.calm {
		clear(w.turns)
	}
	w.turn(subject{clock: -1})
}

// Which of the judges looks at what: the ticket, one of its clocks, a message. Each keeps
// what it has looked at until the state changes, since that takes longer than to judge.
const (
	atTicket  = 0
	atClock   = 1 // and the three after it
	atMessage = 5
)

// turn takes the judge that sees the facts as they are for a subject.
func (w *walk) turn(sub subject) {
	k := atTicket
	switch {
	case sub.event != nil:
		k = atMessage
	case sub.clock >= 0:
		k = atClock + sub.clock
	}
	if w.judges[k] == nil {
		w.judges[k] = w.engine.set.Judge()
	}
	w.judge = w.judges[k]
	if w.sees&(1<<k) != 0 && k != atMessage {
		return
	}
	w.sees |= 1 << k
	if k == atTicket {
		w.judge.Look(w.base)
		return
	}
	f := w.base
	if k == atMessage {
		w.setMood(&f, sub.event)
		f.words = w.spot(sub.event)
		f.Hits = hits(f.words, len(f.Hits))
	} else {
		f.setBare(&w.read[sub.clock])
	}
	w.judge.Look(f)
}

// holds judges the condition of rule i.
func (w *walk) holds(i int) bool {
	holds, err := w.judge.Holds(i)
	if err != nil {
		if w.failed == nil {
			w.failed = map[int]error{}
		}
		w.failed[i] = err
	}
	return holds
}

// subjects lists what rule i is judged for now.
func (w *walk) subjects(i int) []subject {
	info := &w.engine.rules[i]
	switch info.subject {
	case forClock:
		list := w.list[:0]
		for m := range w.read {
			if c := &w.read[m]; !c.Started.IsZero() && c.Stopped.IsZero() && c.Target > 0 {
				list = append(list, subject{name: w.clockName(m), clock: m})
			}
		}
		return list
	case forMessage:
		return w.messages(w.first || w.owed[i])
	}
	name := ""
	for n, m := range info.named {
		if n > 0 {
			name += "+"
		}
		name += w.clockName(m)
	}
	return append(w.list[:0], subject{name: name, clock: -1})
}

// messages are the customer's messages of this instant, and the latest; with those that
// are owed, also those that turned up after their instant was judged, and those that were
// passed while the rule waited.
func (w *walk) messages(owed bool) []subject {
	list := w.list[:0]
	for i := w.reached - 1; i >= 0; i-- {
		ev := &w.history.events[i]
		if ev.kind != fromCustomer || !w.said(ev) {
			continue
		}
		if len(list) > 0 && ev.at.Before(w.state.at) && !(owed && (ev.at.After(w.since) || w.unheard(ev))) {
			if owed {
				continue // one before it may be owed
			}
			break
		}
		list = append(list, subject{name: messageSubject(ev), clock: -1, event: ev})
	}
	slices.Reverse(list)
	return list
}

// maxMessageID is how long an id of a message may be to be kept in a ledger as it is.
const maxMessageID = 100

// messageSubject names a message by the host's id, else by its instant.
func messageSubject(ev *event) string {
	if id := ev.message.ID; len(id) > maxMessageID {
		sum := sha256.Sum256([]byte(id))
		return "message/#" + hex.EncodeToString(sum[:16])
	} else if id != "" {
		return "message/" + id
	} else if ev.twin > 0 {
		return "message/@" + strconv.FormatInt(ev.at.UnixNano(), 10) + "#" + strconv.Itoa(ev.twin)
	}
	return "message/@" + strconv.FormatInt(ev.at.UnixNano(), 10)
}

func clockSubject(c *sla.Clock) string {
	return string(c.Metric) + "/" + strconv.Itoa(c.Cycle)
}

// clockName is clockSubject of a clock that is read, which is asked for often.
func (w *walk) clockName(m int) string {
	c := &w.read[m]
	if n := &w.named[m]; n.name == "" || n.cycle != c.Cycle {
		n.name, n.cycle = clockSubject(c), c.Cycle
	}
	return w.named[m].name
}

// key names one action on one occasion for good. It must not depend on anything
// that two instances, or two versions of a policy, could disagree on; changing
// it is a breaking change of the library.
func key(namespace, ticket, rule, subject string, occasion, repeat, ordinal int) string {
	h := sha256.New()
	for _, part := range []string{namespace, ticket, rule, subject} {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		h.Write(length[:])
		h.Write([]byte(part))
	}
	for _, n := range []int{occasion, repeat, ordinal} {
		var number [8]byte
		binary.BigEndian.PutUint64(number[:], uint64(n))
		h.Write(number[:])
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
