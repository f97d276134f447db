package escalation

import (
	"slices"
	"time"
)

// A step is one instant at work.
type step struct {
	*walk
	start state // before any rule fired
	begin int   // of its firings in those of the walk
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
	s := step{walk: w, start: w.state, begin: len(w.firings)}
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
	if s.calm && len(s.firings) == s.begin && (known || !info.moves) && info.every == 0 && info.poll == 0 && !l.Resting {
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
