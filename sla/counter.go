package sla

import (
	"slices"
	"time"
)

// phase is what a counter does. It differs from State in knowing nothing of
// promises.
type phase uint8

const (
	idle phase = iota
	running
	paused
	stopped   // what was waited for came
	cancelled // it can no longer come, unless the ticket is reopened
)

// span is a time in which a counter ran, and those before it. Spans are never
// changed once made, so counters can be copied and go on separately, which a
// shared slice would not allow.
type span struct {
	earlier  *span
	from, to time.Time
	before   time.Duration // the sum of the earlier spans

	// jump leads to a span further back, laid out such that any span is found in
	// a logarithmic number of steps (a skew-binary list): a ticket with very many
	// pauses is no reason to be slow. The first span jumps to itself.
	jump  *span
	depth int
}

// then returns the span that follows earlier, which may be nil.
func then(earlier *span, from, to time.Time, before time.Duration) *span {
	s := &span{earlier: earlier, from: from, to: to, before: before}
	if earlier == nil {
		s.jump = s
		return s
	}
	s.depth = earlier.depth + 1
	s.jump = earlier
	if far := earlier.jump; earlier.depth-far.depth == far.depth-far.jump.depth {
		s.jump = far.jump
	}
	return s
}

// find returns the latest span that began with no more than x used up. The first
// began with nothing, so there is one for every x not below zero.
func (s *span) find(x time.Duration) *span {
	for s.before > x {
		if s.jump.before > x {
			s = s.jump
		} else {
			s = s.earlier
		}
	}
	return s
}

// pricing is closed spans and what they come to: the open time in them.
type pricing struct {
	calendar *Calendar
	from     time.Time     // nothing before it counts
	spans    *span         // latest first
	sum      time.Duration // of them all
}

// add prices one more span.
func (p *pricing) add(from, to time.Time) {
	p.spans = then(p.spans, from, to, p.sum)
	if from = later(from, p.from); to.After(from) {
		p.sum = plus(p.sum, p.calendar.Between(from, to))
	}
}

// after returns when d, above zero, is used up in a span that began at an instant.
func (p *pricing) after(start time.Time, d time.Duration) time.Time {
	return p.calendar.Add(later(start, p.from), d)
}

// counts returns the first instant that counts in a span that began at an instant.
func (p *pricing) counts(start time.Time) time.Time {
	return p.calendar.NextOpen(later(start, p.from))
}

// counter measures one metric. Its methods get their instants in time order.
type counter struct {
	phase    phase
	answered bool // while cancelled or idle: an answer came after all, nobody waits
	cycle    int
	target   Target

	started time.Time
	pricing           // of the closed spans, under the present terms
	since   time.Time // while running: start of the open span
	ended   time.Time // while stopped or cancelled

	// others are prices under earlier terms, so that going to and fro between two
	// does not price every span again. It is replaced as a whole, never written into.
	others []pricing

	// due is known when the target was used up within the closed spans, and of a
	// counter that stopped; else it depends on what is to come.
	due      time.Time
	dueKnown bool

	breached bool
	breach   time.Time
}

// begin starts a new cycle.
func (c *counter) begin(at time.Time, t terms) {
	*c = counter{phase: running, cycle: c.cycle + 1, target: t.target, pricing: pricing{calendar: t.calendar, from: t.from}, started: at, since: at}
}

// drop ends a cycle without anything to show for it.
func (c *counter) drop() { *c = counter{cycle: c.cycle} }

// pause closes the open span.
func (c *counter) pause(at time.Time) {
	if c.phase != running {
		return
	}
	c.settle(at)
	c.phase = paused
	if at.After(c.since) {
		c.add(c.since, at)
	}
	c.findDue()
}

// resume opens a span.
func (c *counter) resume(at time.Time) {
	if c.phase == paused {
		c.open(at)
	}
}

// open lets the counter run from an instant on. A pause of no length is none: the
// last span goes on.
func (c *counter) open(at time.Time) {
	c.phase, c.since = running, at
	if s := c.spans; s != nil && s.to.Equal(at) {
		c.since, c.spans, c.sum = s.from, s.earlier, s.before
		c.others = slices.DeleteFunc(slices.Clone(c.others), func(p pricing) bool { return p.spans != nil && p.spans.depth == s.depth })
		c.findDue()
	}
}

// stop ends the counter, and with it everything it was judged by: the due instant
// is kept as it stood.
func (c *counter) stop(at time.Time, as phase) {
	switch c.phase {
	case running:
		due, known := c.deadline()
		c.pause(at)
		c.due, c.dueKnown = due, known
	case paused:
		c.due, c.dueKnown = time.Time{}, false
	default:
		return
	}
	c.phase, c.ended = as, at
}

// over reports whether the counter stopped.
func (c *counter) over() bool { return c.phase == stopped || c.phase == cancelled }

// reopen takes a counter that stopped back to being paused, under the terms that
// hold now.
func (c *counter) reopen(at time.Time, t terms) {
	c.phase, c.ended = paused, time.Time{}
	c.retarget(at, t)
}

// goOn takes a counter that stopped back to running, as if it had not stopped.
func (c *counter) goOn(at time.Time, t terms) {
	c.open(c.ended)
	c.ended = time.Time{}
	c.target = t.target
	c.price(t)
	c.findDue()
	c.settleAt(at)
}

// retarget changes the promise and keeps everything measured. What stopped stays
// judged by the old one.
func (c *counter) retarget(at time.Time, t terms) {
	switch c.phase {
	case idle:
		c.target, c.calendar, c.from = t.target, t.calendar, t.from
		return
	case stopped, cancelled:
		return
	}
	c.settle(at)
	c.target = t.target
	c.price(t)
	c.findDue()
	c.settleAt(at)
}

// settleAt records a breach that comes from a change of terms. It is dated at the
// change, never before its cause.
func (c *counter) settleAt(at time.Time) {
	if due, ok := c.deadline(); ok && at.After(due) {
		c.record(at)
	}
}

// maxPrices is under how many earlier terms the spans of a counter are kept.
const maxPrices = 8

// price prices the closed spans under other terms.
func (c *counter) price(t terms) {
	next := pricing{calendar: t.calendar, from: t.from}
	same := func(p pricing) bool { return p.calendar == next.calendar && p.from.Equal(next.from) }
	switch {
	case same(c.pricing):
		return
	case c.spans == nil:
		c.pricing = next
		return
	}
	others := []pricing{c.pricing}
	for _, p := range c.others {
		if same(p) {
			next = p
		} else if len(others) < maxPrices {
			others = append(others, p)
		}
	}
	priced := -1
	if next.spans != nil {
		priced = next.spans.depth
	}
	var missing []*span
	for s := c.spans; s != nil && s.depth > priced; s = s.earlier {
		missing = append(missing, s)
	}
	for _, s := range slices.Backward(missing) {
		next.add(s.from, s.to)
	}
	c.pricing, c.others = next, others
}

// settle records the breach that happened until now, before something changes.
// Only a running counter can have come past its due instant since the last event.
func (c *counter) settle(at time.Time) {
	if c.phase != running {
		return
	}
	if due, ok := c.deadline(); ok && at.After(due) {
		c.record(due)
	}
}

func (c *counter) record(breach time.Time) {
	if !c.breached {
		c.breached, c.breach = true, breach
	}
}

// findDue looks for the due instant in the closed spans. It is where the target is
// used up, unless the span ends right there: then nothing was late yet, and the
// deadline comes with the next open time in which the counter runs.
func (c *counter) findDue() {
	target := c.target.Duration()
	c.due, c.dueKnown = time.Time{}, false
	if target == 0 || c.sum < target {
		return
	}
	s := c.spans.find(target - 1) // the span in which the last nanosecond falls
	if due := c.after(s.from, target-s.before); due.Before(s.to) {
		c.due, c.dueKnown = due, true
	} else if c.sum > target {
		c.due, c.dueKnown = c.counts(c.spans.find(target).from), true
	}
}

// deadline returns the due instant if there is one.
func (c *counter) deadline() (time.Time, bool) {
	switch target := c.target.Duration(); {
	case c.dueKnown:
		return c.due, true
	case c.phase != running || target == 0:
		return time.Time{}, false
	case target == c.sum: // used up at the very instant of a pause
		return c.counts(c.since), true
	default:
		return c.after(c.since, target-c.sum), true
	}
}

// elapsed returns the time counted until at.
func (c *counter) elapsed(at time.Time) time.Duration {
	from := later(c.since, c.from)
	if c.phase != running || at.Before(from) {
		return c.sum
	}
	return plus(c.sum, c.calendar.Between(from, at))
}

// reached returns the first instant at which x, above zero, was or will be used
// up if nothing happens. Unlike a deadline, that is before a pause.
func (c *counter) reached(x time.Duration) (time.Time, bool) {
	if x > c.sum {
		if c.phase != running {
			return time.Time{}, false
		}
		return c.after(c.since, x-c.sum), true
	}
	s := c.spans.find(x - 1) // the span in which the last nanosecond of x falls
	return c.after(s.from, x-s.before), true
}

// read returns the clock as of at.
func (c *counter) read(m Metric, at time.Time) Clock {
	out := Clock{
		Metric: m, State: Idle, Calendar: c.calendar,
		Target: c.target.Duration(), Immediate: c.target.Immediate && !c.target.IsZero(),
	}
	out.Remaining = out.Target
	if c.phase == idle {
		return out
	}
	out.Cycle, out.Started = c.cycle, later(c.started, c.from)
	out.Elapsed = c.elapsed(at)
	if out.Target > 0 {
		out.Remaining = out.Target - out.Elapsed
		out.Used = used(out.Elapsed, out.Target)
	}
	breached, breach := c.breached, c.breach
	if due, ok := c.deadline(); ok && c.phase != paused {
		out.Due = due
		if c.phase == running && !breached && at.After(due) {
			breached, breach = true, due
		}
	}
	if breached {
		out.BreachedAt = breach
	}
	out.Stopped = c.ended
	switch {
	case c.phase == cancelled:
		out.State = Cancelled
	case c.phase == paused:
		out.State = Paused
	case breached:
		out.State = Breached
	case c.phase == stopped:
		out.State = Met
	default:
		out.State = Running
	}
	if c.phase == running {
		out.at, out.live = later(at, later(c.since, c.from)), true
	}
	return out
}

// warnings returns when the thresholds are reached.
func (c *counter) warnings(thresholds []Threshold) []Warning {
	if c.phase == idle {
		return nil
	}
	var out []Warning
	for _, threshold := range thresholds {
		if d, ok := threshold.of(c.target.Duration()); ok {
			if at, ok := c.reached(d); ok {
				out = append(out, Warning{at, threshold.Fraction, threshold.Left})
			}
		}
	}
	return out
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// plus adds two times that are not negative.
func plus(a, b time.Duration) time.Duration {
	if sum := a + b; sum >= 0 {
		return sum
	}
	return 1<<63 - 1
}
