package sla

import (
	"cmp"
	"slices"
	"time"
)

// Read returns the clocks of a ticket as of an instant, in the order of
// [Metrics]: those that have a target, even if they are idle, and those that have
// lost it with a breach on record. What happened after
// the instant is ignored; a reading before the creation is one at the creation.
//
// It is a pure function, and h is not changed.
func Read(a *Agreement, h History, at time.Time) []Clock {
	t := NewTracker(a, h)
	at = t.date(at)
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
	var out []Clock
	for i, m := range Metrics() {
		c := &t.counters[i]
		if c.target.IsZero() && !c.breached {
			continue
		}
		if out == nil {
			out = make([]Clock, 0, len(t.counters))
		}
		clock := c.read(m, at)
		clock.Warnings = c.warnings(t.agreement.warnings())
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
	case Reply, AutoReply:
		return 0
	case Ask:
		return 1
	}
	return int(k) // status, priority, agreement, tier, assignment
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
	priority  string
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
		agreement: a, priority: h.Priority, promise: a.promise(h.Priority), tier: h.Tier,
		status: cmp.Or(h.Status, New), last: at,
	}
	for i := range t.counters {
		t.counters[i].retarget(at, t.terms(i))
	}
	t.begin(firstResponse, at)
	t.begin(resolution, at)
	if t.tier != "" && !t.tierWaits() {
		t.begin(tierResponse, at)
	}
	if t.status.Ends() {
		t.end(at)
	}
	t.assign(at, h.Assignee)
	return t
}

// Apply takes the next event. Events are applied in time order: one that is
// earlier than the last counts as at the last.
func (t *Tracker) Apply(e Event) {
	if e.Kind < Ask || e.Kind >= endOfKinds {
		return
	}
	at := t.date(e.At)
	t.last = at
	switch e.Kind {
	case Ask:
		t.ask(at)
	case Reply:
		t.reply(at)
	case AutoReply:
		if t.choices().FirstResponseBy == AnyPublic {
			t.respond(at)
		}
	case StatusChange:
		t.setStatus(at, Category(e.To))
	case PriorityChange:
		if e.To != t.priority {
			t.priority, t.promise = e.To, t.agreement.promise(e.To)
			t.renew(at)
		}
	case AgreementChange:
		if e.Agreement != t.agreement {
			t.agreement, t.promise = e.Agreement, e.Agreement.promise(t.priority)
			t.renew(at)
			t.pauseAndResume(at)
			if c := &t.counters[tierResponse]; c.phase == idle && !c.answered && t.tier != "" && !t.tierWaits() {
				t.begin(tierResponse, at) // it need not wait for an assignment any more
			}
		}
	case TierChange:
		t.setTier(at, e.To)
	case Assignment:
		t.assign(at, e.To)
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
	if next := &t.counters[nextResponse]; t.replied && (next.phase == idle || next.over()) {
		t.begin(nextResponse, at)
	}
}

// reply: to a ticket that is over, a reply is an answer all the same. The waits
// stay cancelled, which is what they were, and no reopening resumes them.
func (t *Tracker) reply(at time.Time) {
	t.asked, t.waiting = false, time.Time{}
	t.respond(at)
	t.answer(nextResponse, at)
	t.answer(tierResponse, at)
}

// respond is the first response, or a later one, which changes nothing.
func (t *Tracker) respond(at time.Time) {
	t.replied = true
	t.answer(firstResponse, at)
}

// answer is what a response clock waited for.
func (t *Tracker) answer(i int, at time.Time) {
	t.stop(i, at, stopped)
	t.counters[i].answered = true
}

// assign: somebody has the ticket now. In a tier that has replied already nobody waits.
func (t *Tracker) assign(at time.Time, to string) {
	if to == "" {
		return
	}
	if t.choices().FirstResponseBy == ByAssignment {
		t.respond(at)
	}
	if c := &t.counters[tierResponse]; t.tierWaits() && t.tier != "" && c.phase == idle && !c.answered {
		t.begin(tierResponse, at)
	}
}

// tierWaits reports whether the clock of a tier waits for somebody to be assigned.
func (t *Tracker) tierWaits() bool { return t.choices().TierFrom == FromAssignment }

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
	t.pauseAndResume(at)
}

// pauseAndResume lets each counter do what the status asks for.
func (t *Tracker) pauseAndResume(at time.Time) {
	for i, m := range Metrics() {
		if t.agreement.StandsStill(m, t.status) {
			t.counters[i].pause(at)
		} else {
			t.counters[i].resume(at)
		}
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
	if to == "" || t.tierWaits() {
		c.drop()
		c.retarget(at, t.terms(tierResponse))
		return
	}
	t.begin(tierResponse, at)
}

// begin starts a new cycle of a counter, which may have to stand still at once.
func (t *Tracker) begin(i int, at time.Time) {
	c := &t.counters[i]
	c.begin(at, t.terms(i))
	switch {
	case t.over && i != resolution:
		t.stop(i, at, cancelled)
	case t.agreement.StandsStill(Metrics()[i], t.status):
		c.pause(at)
	}
}

// stop ends a counter. What was over before the promise came into force has
// promised nothing.
func (t *Tracker) stop(i int, at time.Time, as phase) {
	c := &t.counters[i]
	if c.phase != running && c.phase != paused {
		return
	}
	c.stop(at, as)
	if at.Before(c.from) {
		c.target, c.due, c.dueKnown = Target{}, time.Time{}, false
	}
}

// renew: other promises hold from now on.
func (t *Tracker) renew(at time.Time) {
	how := t.choices().OnPriorityChange
	for i := range t.counters {
		c := &t.counters[i]
		switch {
		case how == ChangeRestart && (c.phase == running || c.phase == paused):
			t.begin(i, at)
		case how == ChangeKeep && c.phase != idle && !c.target.IsZero():
		default:
			c.retarget(at, t.terms(i))
		}
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
		t.stop(i, at, as)
	}
}

// reopen resumes what end stopped.
func (t *Tracker) reopen(at time.Time) {
	t.over = false
	t.reopened++
	for i := range t.counters {
		c := &t.counters[i]
		if !c.over() || i != resolution && (c.phase != cancelled || c.answered) {
			continue
		}
		terms := t.terms(i)
		if t.choices().OnPriorityChange == ChangeKeep && !c.target.IsZero() {
			terms.target, terms.calendar, terms.from = c.target, c.calendar, c.from
		}
		switch t.choices().OnReopen {
		case ReopenFrozen:
		case ReopenNewCycle:
			t.begin(i, at)
		case ReopenWall:
			c.goOn(at, terms)
		default:
			c.reopen(at, terms)
			c.resume(at)
		}
	}
}

// terms returns what is promised now for a counter.
func (t *Tracker) terms(i int) terms { return t.agreement.terms(i, t.promise, t.tier) }

func (t *Tracker) choices() *Choices {
	if t.agreement == nil {
		return &noChoices
	}
	return &t.agreement.Choices
}

var noChoices Choices // never written to

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
	return c.read(m, t.date(at))
}

// Warnings returns the Warnings of a [Clock] as of an instant. They are the same
// until the next event: a running clock lists what was reached and what will be.
func (t *Tracker) Warnings(m Metric, at time.Time) []Warning {
	c := t.counter(m)
	if c == nil {
		return nil
	}
	return c.warnings(t.agreement.warnings())
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

// Calendar returns when time counts for the ticket: the calendar of its priority's
// promise, else that of its agreement; nil for always. Immediate targets and tiers may
// have other times.
func (t *Tracker) Calendar() *Calendar {
	switch {
	case t.promise != nil && t.promise.Calendar != nil:
		return t.promise.Calendar
	case t.agreement != nil:
		return t.agreement.Calendar
	}
	return nil
}

// Open reports whether the ticket needs work: it is neither solved nor closed, or
// a message of the customer has reopened it since.
func (t *Tracker) Open() bool { return !t.over }

// Reopenings returns how often the ticket was reopened so far.
func (t *Tracker) Reopenings() int { return t.reopened }
