package sla

import (
	"cmp"
	"slices"
	"time"
)

// Read returns the clocks of a ticket as of an instant, in the order of
// [Metrics]: those that have a target, even if they are idle. What happened after
// the instant is ignored; a reading before the creation is one at the creation.
//
// It is a pure function, and h is not changed.
func Read(a *Agreement, h History, at time.Time) []Clock {
	at = at.Round(0)
	t := NewTracker(a, h)
	events := h.Events
	if !slices.IsSortedFunc(events, inOrder) {
		events = slices.Clone(events)
		slices.SortStableFunc(events, inOrder)
	}
	for _, e := range events {
		if e.At.After(at) {
			break
		}
		t.Apply(e)
	}
	at = t.date(at)
	var out []Clock
	for i, m := range Metrics() {
		c := &t.counters[i]
		if c.target.IsZero() {
			continue
		}
		if out == nil {
			out = make([]Clock, 0, len(t.counters))
		}
		clock := c.read(m, a.calendar(), at)
		clock.Warnings = c.warnings(a.calendar(), a.warnings())
		out = append(out, clock)
	}
	return out
}

// inOrder compares events by time. At one instant a reply comes first, so that it
// is an answer before the ticket is solved, and no answer to what is asked then.
func inOrder(a, b Event) int {
	if c := a.At.Round(0).Compare(b.At.Round(0)); c != 0 {
		return c
	}
	return cmp.Compare(rank(a.Kind), rank(b.Kind))
}

func rank(k Kind) int {
	switch k {
	case Reply:
		return 0
	case Ask:
		return 1
	}
	return int(k) // status, priority, tier
}

// Tracker reads the clocks of a ticket step by step: after the events applied so
// far, it knows them as of any later instant. If every event is applied in the
// order that the package documentation gives, its clocks are those of [Read].
//
// A Tracker is a plain value. A copy is a snapshot: both go on independently. The
// zero Tracker follows a ticket to which nothing is promised. Looking at a
// Tracker does not change it, so many goroutines may look at one that nobody
// applies events to.
type Tracker struct {
	agreement *Agreement
	promise   *Promise // of the priority; nil: unknown
	tier      string
	status    Category
	over      bool // solved or closed, and not reopened since by a message
	replied   bool // the first response was given
	reopened  int
	waiting   time.Time
	asked     bool // waiting holds
	last      time.Time
	counters  [4]counter // as Metrics
}

// The counters of a Tracker.
const (
	firstResponse = iota
	nextResponse
	resolution
	tierResponse
)

// NewTracker returns the tracker of a ticket just created, at h.Start. It does not
// look at h.Events: those are to be applied.
func NewTracker(a *Agreement, h History) Tracker {
	at := h.Start.Round(0) // without its monotonic reading, so that instants compare as wall time
	t := Tracker{
		agreement: a, promise: a.promise(h.Priority), tier: h.Tier,
		status: cmp.Or(h.Status, New), last: at,
	}
	for i := range t.counters {
		t.counters[i].target = t.target(i)
	}
	for _, i := range [...]int{firstResponse, resolution, tierResponse} {
		if i != tierResponse || t.tier != "" {
			t.counters[i].begin(at, t.target(i))
		}
	}
	switch {
	case t.status.Ends():
		t.end(at)
	case t.status.Pauses():
		t.counters[resolution].pause(a.calendar(), at)
	}
	return t
}

// Apply takes the next event. Events are applied in time order: one that is
// earlier than the last counts as at the last.
func (t *Tracker) Apply(e Event) {
	if e.Kind < Ask || e.Kind > TierChange {
		return
	}
	at := t.date(e.At)
	t.last = at
	switch e.Kind {
	case Ask:
		t.ask(at)
	case Reply:
		t.reply(at)
	case StatusChange:
		t.setStatus(at, Category(e.To))
	case PriorityChange:
		t.promise = t.agreement.promise(e.To)
		for i := range t.counters {
			t.counters[i].retarget(t.calendar(), at, t.target(i))
		}
	case TierChange:
		t.setTier(at, e.To)
	}
}

// ask: a message on a closed ticket touches no clock, but it is one that nobody
// has answered.
func (t *Tracker) ask(at time.Time) {
	if !t.asked {
		t.asked, t.waiting = true, at
	}
	if t.over && t.status == Closed {
		return
	}
	if t.over {
		t.reopen(at)
	}
	next := &t.counters[nextResponse]
	if t.replied && next.phase != running {
		next.begin(at, t.target(nextResponse))
	}
}

// reply: to a ticket that is over, a reply is an answer all the same. The waits
// stay cancelled, which is what they were, and no reopening resumes them.
func (t *Tracker) reply(at time.Time) {
	t.replied = true
	t.asked, t.waiting = false, time.Time{}
	for i := range t.counters {
		if i != resolution {
			c := &t.counters[i]
			c.stop(t.calendar(), at, stopped)
			c.answered = true
		}
	}
}

// setStatus: a ticket that a message has reopened is still solved by its status.
// Leaving that status later is no second reopening; taking it again ends the
// ticket again.
func (t *Tracker) setStatus(at time.Time, to Category) {
	t.status = to
	switch {
	case to.Ends():
		if !t.over {
			t.end(at)
		}
		return
	case t.over:
		t.reopen(at)
	}
	if to.Pauses() {
		t.counters[resolution].pause(t.calendar(), at)
	} else {
		t.counters[resolution].resume(at)
	}
}

// setTier: the cycle of the tier that is left behind is over without a verdict,
// for nobody there is waited for any more. The tier that the ticket is in already
// is not entered again.
func (t *Tracker) setTier(at time.Time, to string) {
	if to == t.tier {
		return
	}
	t.tier = to
	c := &t.counters[tierResponse]
	if to == "" {
		c.drop()
		return
	}
	c.begin(at, t.target(tierResponse))
	if t.over {
		c.stop(t.calendar(), at, cancelled)
	}
}

// end: the ticket is solved or closed.
func (t *Tracker) end(at time.Time) {
	t.over = true
	for i := range t.counters {
		as := cancelled
		if i == resolution {
			as = stopped
		}
		t.counters[i].stop(t.calendar(), at, as)
	}
}

// reopen resumes what end stopped; the time between is not counted.
func (t *Tracker) reopen(at time.Time) {
	t.over = false
	t.reopened++
	for i := range t.counters {
		c := &t.counters[i]
		if i == resolution || c.phase == cancelled && !c.answered {
			c.reopen(t.calendar(), at, t.target(i))
			c.resume(at)
		}
	}
}

// target returns what is promised now for a counter.
func (t *Tracker) target(counter int) Target {
	p := t.promise
	if p == nil {
		return Target{}
	}
	switch counter {
	case firstResponse:
		return p.FirstResponse
	case nextResponse:
		if p.NextResponse.IsZero() {
			return p.FirstResponse
		}
		return p.NextResponse
	case resolution:
		return p.Resolution
	}
	if t.tier == "" {
		return Target{}
	}
	return t.agreement.tier(t.tier).sooner(p.FirstResponse)
}

func (t *Tracker) calendar() *Calendar { return t.agreement.calendar() }

// date returns the instant, at the earliest that of the last event.
func (t *Tracker) date(at time.Time) time.Time {
	if at = at.Round(0); at.Before(t.last) {
		return t.last
	}
	return at
}

// Clock returns a clock as of an instant, at the earliest that of the last event:
// also one that has no target, and without its Warnings. It does not allocate.
func (t *Tracker) Clock(m Metric, at time.Time) Clock {
	c := t.counter(m)
	if c == nil {
		return Clock{Metric: m, State: Idle}
	}
	return c.read(m, t.calendar(), t.date(at))
}

// Warnings returns the Warnings of a [Clock] as of an instant. They are the same
// until the next event: a running clock lists what was reached and what will be.
func (t *Tracker) Warnings(m Metric, at time.Time) []Warning {
	c := t.counter(m)
	if c == nil {
		return nil
	}
	return c.warnings(t.calendar(), t.agreement.warnings())
}

func (t *Tracker) counter(m Metric) *counter {
	switch m {
	case FirstResponse:
		return &t.counters[firstResponse]
	case NextResponse:
		return &t.counters[nextResponse]
	case Resolution:
		return &t.counters[resolution]
	case TierResponse:
		return &t.counters[tierResponse]
	}
	return nil
}

// Waiting returns the instant of the first message of the customer that nobody
// has answered, zero if there is none. Solving and closing answer nothing.
func (t *Tracker) Waiting() time.Time { return t.waiting }

// Open reports whether the ticket needs work: it is neither solved nor closed, or
// a message of the customer has reopened it since.
func (t *Tracker) Open() bool { return !t.over }

// Reopenings returns how often the ticket was reopened so far.
func (t *Tracker) Reopenings() int { return t.reopened }
