package sla

import "time"

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

// counter measures one metric. Its methods get their instants in time order.
type counter struct {
	phase    phase
	answered bool // while cancelled: an answer came after all, a reopening does not resume
	cycle    int
	target   Target

	started time.Time
	spans   *span         // the closed ones, latest first
	sum     time.Duration // of the closed ones
	since   time.Time     // while running: start of the open span
	ended   time.Time     // while stopped or cancelled

	// due is known when the target was used up within the closed spans, and of a
	// counter that stopped; else it depends on what is to come.
	due      time.Time
	dueKnown bool

	breached bool
	breach   time.Time
}

// begin starts a new cycle.
func (c *counter) begin(at time.Time, target Target) {
	*c = counter{phase: running, cycle: c.cycle + 1, target: target, started: at, since: at}
}

// drop ends a cycle without anything to show for it.
func (c *counter) drop() { *c = counter{cycle: c.cycle} }

// pause closes the open span.
func (c *counter) pause(cal *Calendar, at time.Time) {
	if c.phase != running {
		return
	}
	c.settle(cal, at)
	c.phase = paused
	if at.After(c.since) {
		c.spans = then(c.spans, c.since, at, c.sum)
		c.sum = plus(c.sum, cal.Between(c.since, at))
	}
	c.findDue(cal)
}

// resume opens a span.
func (c *counter) resume(at time.Time) {
	if c.phase == paused {
		c.phase, c.since = running, at
	}
}

// stop ends the counter, and with it everything it was judged by: the due instant
// is kept as it stood.
func (c *counter) stop(cal *Calendar, at time.Time, as phase) {
	switch c.phase {
	case running:
		due, known := c.deadline(cal)
		c.pause(cal, at)
		c.due, c.dueKnown = due, known
	case paused:
		c.due, c.dueKnown = time.Time{}, false
	default:
		return
	}
	c.phase, c.ended = as, at
}

// reopen takes a counter that stopped back to being paused, under the target that
// holds now.
func (c *counter) reopen(cal *Calendar, at time.Time, target Target) {
	if c.phase != stopped && c.phase != cancelled {
		return
	}
	c.phase, c.ended = paused, time.Time{}
	c.retarget(cal, at, target)
}

// retarget changes the promise and keeps everything measured. What stopped stays
// judged by the old one.
func (c *counter) retarget(cal *Calendar, at time.Time, target Target) {
	switch c.phase {
	case idle:
		c.target = target
		return
	case stopped, cancelled:
		return
	}
	c.settle(cal, at)
	c.target = target
	c.findDue(cal)
	if due, ok := c.deadline(cal); ok && at.After(due) {
		c.record(at) // past only through this change, so not dated before it
	}
}

// settle records the breach that happened until now, before something changes.
// Only a running counter can have come past its due instant since the last event.
func (c *counter) settle(cal *Calendar, at time.Time) {
	if c.phase != running {
		return
	}
	if due, ok := c.deadline(cal); ok && at.After(due) {
		c.record(due)
	}
}

func (c *counter) record(breach time.Time) {
	if !c.breached {
		c.breached, c.breach = true, breach
	}
}

// findDue looks for the due instant in the closed spans. A target that is used up
// just at their end is not past yet: that deadline comes with the next span.
func (c *counter) findDue(cal *Calendar) {
	target := c.target.Duration()
	c.due, c.dueKnown = time.Time{}, false
	if target == 0 || c.sum <= target {
		return
	}
	s := c.spans.find(target)
	c.due, c.dueKnown = cal.Add(s.from, target-s.before), true
}

// deadline returns the due instant if there is one.
func (c *counter) deadline(cal *Calendar) (time.Time, bool) {
	switch target := c.target.Duration(); {
	case c.dueKnown:
		return c.due, true
	case c.phase == running && target > 0:
		return cal.Add(c.since, target-c.sum), true
	}
	return time.Time{}, false
}

// elapsed returns the time counted until at.
func (c *counter) elapsed(cal *Calendar, at time.Time) time.Duration {
	if c.phase != running {
		return c.sum
	}
	return plus(c.sum, cal.Between(c.since, at))
}

// reached returns the first instant at which x, above zero, was or will be used
// up if nothing happens. Unlike a deadline, that is before a pause.
func (c *counter) reached(cal *Calendar, x time.Duration) (time.Time, bool) {
	if x > c.sum {
		if c.phase != running {
			return time.Time{}, false
		}
		return cal.Add(c.since, x-c.sum), true
	}
	s := c.spans.find(x - 1) // the span in which the last nanosecond of x falls
	return cal.Add(s.from, x-s.before), true
}

// read returns the clock as of at.
func (c *counter) read(m Metric, cal *Calendar, at time.Time) Clock {
	out := Clock{
		Metric: m, State: Idle,
		Target: c.target.Duration(), Immediate: c.target.Immediate && !c.target.IsZero(),
	}
	out.Remaining = out.Target
	if c.phase == idle {
		return out
	}
	out.Cycle, out.Started = c.cycle, c.started
	out.Elapsed = c.elapsed(cal, at)
	if out.Target > 0 {
		out.Remaining = out.Target - out.Elapsed
		out.Used = used(out.Elapsed, out.Target)
	}
	breached, breach := c.breached, c.breach
	if due, ok := c.deadline(cal); ok && c.phase != paused {
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
		out.calendar, out.at, out.live = cal, at, true
	}
	return out
}

// warnings returns when the fractions of the target are used up.
func (c *counter) warnings(cal *Calendar, fractions []float64) []Warning {
	if c.phase == idle {
		return nil
	}
	var out []Warning
	for _, fraction := range fractions {
		if d, ok := share(c.target.Duration(), fraction); ok {
			if at, ok := c.reached(cal, d); ok {
				out = append(out, Warning{At: at, Fraction: fraction})
			}
		}
	}
	return out
}

// plus adds two times that are not negative.
func plus(a, b time.Duration) time.Duration {
	if sum := a + b; sum >= 0 {
		return sum
	}
	return 1<<63 - 1
}
