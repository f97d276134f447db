package escalation

import (
	"slices"
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

	state   state
	since   time.Time // where the walk began
	reached int       // events applied so far
	latches map[subjectKey]latch
	latched []int // the rules of latches, in order, and some more
	asking  bool  // only for whether anything would be proposed: no reasons are kept
	asleep  bool  // only clocks are wanted: no message is listened to
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
	first  bool // it is the walk's first
	calm   bool // nothing but time has passed since the last one
	base   facts
	judges [6]*rules.Judge[facts] // see turn
	judge  *rules.Judge[facts]    // the one at work
	sees   uint8                  // which judges look at the present state, a bit each
	read   [4]sla.Clock           // in the order of sla.Metrics
	named  [4]struct {            // of read
		name  string
		cycle int
	}
	list       [4]subject  // room for the subjects of a rule
	candidates []int       // rules to look at in this pass, in order
	judgements []judgement // of the last pass
	// turns are when conditions turn next, as found at the last step that was not calm
	// or later: until then time alone changes nothing about them.
	turns map[subjectKey]time.Time

	zone zone // of the handoff document, if there is one

	// What was said: moods and keywords of messages, and what the ledger has of them.
	moods        map[*event]mood
	spotted      map[*event][]string
	subject      string // that subjectWords are for
	subjectWords []string
	hearing      *hearing
	heard        map[uint64]*heard
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
// events; zero for never. The walk cannot be used afterwards, but for its firings: those
// of that instant.
func (w *walk) nextProposal() time.Time {
	event := w.nextEvent()
	past := *w.history
	past.events = past.events[:w.reached]
	w.history, w.asking, w.firings = &past, true, nil
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
