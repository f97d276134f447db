package sla

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The model is the slow obvious version of a Tracker. It lives through a ticket
// second by second, notes for every second whether a clock ran in it, and reads
// everything off these notes.
type model struct {
	agreement      *Agreement
	second         int // now, counted from the creation
	priority, tier string
	status         Category
	over, replied  bool
	clocks         map[Metric]*modelClock
}

type modelClock struct {
	ran      []bool // per second since the creation
	running  bool
	started  int
	cycle    int
	done     string // "", "answered", "cancelled"
	late     bool   // answered after it was cancelled
	target   int
	breached int // -1: never
	stopped  int
	due      int // of a done clock; -1: none
}

// count returns the seconds in which the clock ran.
func (c *modelClock) count() int {
	n := 0
	for _, ran := range c.ran {
		if ran {
			n++
		}
	}
	return n
}

// dueAt returns the second at whose end the clock is first past its target.
func (c *modelClock) dueAt(now int) int {
	if c.target == 0 {
		return -1
	}
	n := 0
	for second, ran := range c.ran {
		if ran {
			n++
		}
		if ran && n == c.target+1 {
			return second
		}
	}
	if c.running {
		return now + c.target - n
	}
	return -1
}

func (m *model) promised(metric Metric) int {
	for _, p := range m.agreement.Promises {
		if p.Priority != m.priority {
			continue
		}
		first := int(p.FirstResponse.Within / time.Second)
		switch metric {
		case FirstResponse:
			return first
		case NextResponse:
			if p.NextResponse.Within == 0 {
				return first
			}
			return int(p.NextResponse.Within / time.Second)
		case Resolution:
			return int(p.Resolution.Within / time.Second)
		}
		if m.tier == "" {
			return 0
		}
		for _, tier := range m.agreement.Tiers {
			if own := int(tier.Response.Within / time.Second); tier.Tier == m.tier && own > 0 && (first == 0 || own < first) {
				return own
			}
		}
		return first
	}
	return 0
}

func (m *model) start(metric Metric) {
	c := m.clocks[metric]
	*c = modelClock{
		ran: make([]bool, m.second), started: m.second, cycle: c.cycle + 1,
		target: m.promised(metric), breached: -1, running: true,
	}
	if m.over {
		m.finish(metric, "cancelled")
	}
}

func (m *model) finish(metric Metric, how string) {
	c := m.clocks[metric]
	if c.cycle == 0 || c.started < 0 || c.done != "" {
		return
	}
	c.due = c.dueAt(m.second)
	if !c.running {
		c.due = -1
	}
	c.running, c.done, c.stopped = false, how, m.second
}

func (m *model) reprice(metric Metric) {
	c := m.clocks[metric]
	if c.done != "" {
		return
	}
	c.target = m.promised(metric)
	if c.started >= 0 && c.target > 0 && c.count() > c.target && c.breached < 0 {
		c.breached = m.second
	}
}

func (m *model) happen(e Event) {
	reopen := func() {
		m.over = false
		for metric, c := range m.clocks {
			if c.done == "cancelled" && !c.late || metric == Resolution {
				c.done = ""
				c.running = true
				m.reprice(metric)
			}
		}
	}
	end := func() {
		m.over = true
		m.finish(Resolution, "answered")
		for _, metric := range []Metric{FirstResponse, NextResponse, TierResponse} {
			m.finish(metric, "cancelled")
		}
	}
	switch e.Kind {
	case Reply:
		m.replied = true
		for _, metric := range []Metric{FirstResponse, NextResponse, TierResponse} {
			if m.clocks[metric].done == "cancelled" {
				m.clocks[metric].late = true
			}
			m.finish(metric, "answered")
		}
	case Ask:
		if m.over && m.status == Closed {
			return
		}
		if m.over {
			reopen()
		}
		if m.replied && !m.clocks[NextResponse].running {
			m.start(NextResponse)
		}
	case StatusChange:
		m.status = Category(e.To)
		if m.status.Ends() {
			if !m.over {
				end()
			}
			return
		}
		if m.over {
			reopen()
		}
		m.clocks[Resolution].running = !m.status.Pauses()
	case PriorityChange:
		m.priority = e.To
		for metric := range m.clocks {
			m.reprice(metric)
		}
	case TierChange:
		if e.To == m.tier {
			return
		}
		m.tier = e.To
		if m.tier == "" {
			m.clocks[TierResponse] = &modelClock{started: -1, breached: -1, cycle: m.clocks[TierResponse].cycle}
			return
		}
		m.start(TierResponse)
	}
}

// live takes a ticket from its creation through every second up to at.
func live(a *Agreement, h History, at int) *model {
	m := &model{agreement: a, priority: h.Priority, tier: h.Tier, status: New, clocks: map[Metric]*modelClock{}}
	for _, metric := range Metrics() {
		m.clocks[metric] = &modelClock{started: -1, breached: -1, target: m.promised(metric)}
	}
	m.start(FirstResponse)
	m.start(Resolution)
	if h.Tier != "" {
		m.start(TierResponse)
	}
	if h.Status != "" && h.Status != New {
		m.happen(Event{Kind: StatusChange, To: string(h.Status)})
	}
	order := map[Kind]int{Reply: 1, Ask: 2, StatusChange: 3, PriorityChange: 4, TierChange: 5}
	events := slices.Clone(h.Events)
	sort.SliceStable(events, func(i, j int) bool {
		a, b := events[i], events[j]
		return a.At.Before(b.At) || a.At.Equal(b.At) && order[a.Kind] < order[b.Kind]
	})
	for ; ; m.second++ {
		for _, c := range m.clocks { // the second that just went by
			if c.target > 0 && c.breached < 0 && c.running && c.count() > c.target {
				c.breached = m.second - 1
			}
		}
		for len(events) > 0 && !events[0].At.After(h.Start.Add(time.Duration(m.second)*time.Second)) {
			if !events[0].At.After(h.Start.Add(time.Duration(at) * time.Second)) {
				m.happen(events[0])
			}
			events = events[1:]
		}
		if m.second == at {
			return m
		}
		for _, c := range m.clocks {
			c.ran = append(c.ran, c.running)
		}
	}
}

// clock shows what the model knows as a Clock.
func (m *model) clock(start time.Time, metric Metric) Clock {
	c := m.clocks[metric]
	seconds := func(n int) time.Duration { return time.Duration(n) * time.Second }
	instant := func(second int) time.Time {
		if second < 0 {
			return time.Time{}
		}
		return start.Add(seconds(second))
	}
	out := Clock{Metric: metric, State: Idle, Target: seconds(c.target), Remaining: seconds(c.target)}
	if c.started < 0 {
		return out
	}
	out.Cycle, out.Started, out.BreachedAt = c.cycle, instant(c.started), instant(c.breached)
	out.Elapsed = seconds(c.count())
	if c.target > 0 {
		out.Remaining = out.Target - out.Elapsed
		out.Used = float64(out.Elapsed) / float64(out.Target)
	}
	switch {
	case c.done != "":
		out.Stopped, out.Due = instant(c.stopped), instant(c.due)
	case c.running:
		out.Due = instant(c.dueAt(m.second))
	}
	switch {
	case c.done == "cancelled":
		out.State = Cancelled
	case c.done == "answered" && c.breached < 0:
		out.State = Met
	case c.done == "answered":
		out.State = Breached
	case !c.running:
		out.State = Paused
	case c.breached >= 0:
		out.State = Breached
	default:
		out.State = Running
	}
	for _, fraction := range m.agreement.Warnings {
		n, at := 0, -1
		want := int(fraction * float64(c.target))
		for second, ran := range c.ran {
			if ran {
				n++
			}
			if n == want && at < 0 {
				at = second + 1
			}
		}
		if at < 0 && c.running {
			at = m.second + want - n
		}
		if at >= 0 && c.target > 0 {
			out.Warnings = append(out.Warnings, Warning{instant(at), fraction})
		}
	}
	return out
}

// small is an agreement of a few seconds, in which much happens by accident. Its
// targets are even, so that its warnings fall on whole seconds.
func small() *Agreement {
	s := func(n int) Target { return Within(time.Duration(n) * time.Second) }
	return &Agreement{
		Promises: []Promise{
			{Priority: "short", FirstResponse: s(2), Resolution: s(8)},
			{Priority: "long", FirstResponse: s(12), NextResponse: s(6), Resolution: s(30)},
			{Priority: "half", Resolution: s(14)},
		},
		Tiers:    []TierPromise{{"one", s(4)}, {"two", s(16)}, {"none", Target{}}},
		Warnings: []float64{0.5, 1, 1.5},
	}
}

// randomHistory has about n events in the first seconds of a ticket, some before
// its creation, several at one instant.
func randomHistory(r *rand.Rand, n int) History {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	priority := func() string { return pick("short", "long", "half", "unknown") }
	tier := func() string { return pick("one", "two", "none", "unknown", "") }
	status := func() string { return pick("new", "open", "pending", "on_hold", "solved", "solved", "closed", "odd") }
	h := History{
		Start: monday.Add(9 * time.Hour), Status: Category(pick("", "", "", status())),
		Priority: priority(), Tier: tier(),
	}
	for range r.IntN(n + 1) {
		e := Event{Kind: Kind(r.IntN(6)), At: h.Start.Add(time.Duration(r.IntN(50)-2) * time.Second)}
		switch e.Kind {
		case StatusChange:
			e.To = status()
		case PriorityChange:
			e.To = priority()
		case TierChange:
			e.To = tier()
		}
		h.Events = append(h.Events, e)
	}
	return h
}

// noTerms drops what only When reads, so that a Clock can be compared with one of
// the model.
func noTerms(c Clock) Clock {
	c.calendar, c.at, c.live, c.Immediate = nil, time.Time{}, false, false
	return c
}

func TestTheSlowVersionAgrees(t *testing.T) {
	a := small()
	for seed := range uint64(3_000) {
		r := rand.New(rand.NewPCG(seed, 1))
		h := randomHistory(r, 12)
		second := r.IntN(60)
		at := h.Start.Add(time.Duration(second) * time.Second)

		m := live(a, h, second)
		var want []Clock
		for _, metric := range Metrics() {
			if c := m.clock(h.Start, metric); c.Target > 0 {
				want = append(want, c)
			}
		}
		var got []Clock
		for _, c := range Read(a, h, at) {
			got = append(got, noTerms(c))
		}
		require.Equal(t, want, got, "seed %d: %s", seed, tell(h, at))
	}
}

func TestStepByStepIsTheSameAsRead(t *testing.T) {
	a := small()
	for seed := range uint64(1_500) {
		r := rand.New(rand.NewPCG(seed, 2))
		h := randomHistory(r, 15)
		events := slices.Clone(h.Events)
		slices.SortStableFunc(events, inOrder)
		tracker := NewTracker(a, h)
		for i := range len(events) + 1 {
			// Any instant from this event on and before the next.
			from, to := h.Start, h.Start.Add(time.Minute)
			if i > 0 {
				tracker.Apply(events[i-1])
				from = later(from, events[i-1].At)
			}
			if i < len(events) {
				to = later(h.Start, events[i].At)
			}
			if !to.After(from) {
				continue // Read would have taken the next event too
			}
			at := from.Add(time.Duration(r.Int64N(int64(to.Sub(from)))))
			var got []Clock
			for _, m := range Metrics() {
				if c := tracker.Clock(m, at); c.Target > 0 {
					c.Warnings = tracker.Warnings(m, at)
					got = append(got, c)
				}
			}
			require.Equal(t, Read(a, h, at), got, "seed %d: %s", seed, tell(h, at))
		}
	}
}

// TestCopiesGoOnIndependently forks trackers at every step, lets both go on, and
// looks whether any has changed another.
func TestCopiesGoOnIndependently(t *testing.T) {
	a := small()
	read := func(t Tracker) (out []Clock) {
		for _, m := range Metrics() {
			c := t.Clock(m, monday.Add(10*time.Hour))
			c.Warnings = t.Warnings(m, monday.Add(10*time.Hour))
			out = append(out, c)
		}
		return out
	}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		h, other := randomHistory(r, 15), randomHistory(r, 15)
		slices.SortStableFunc(h.Events, inOrder)
		tracker := NewTracker(a, h)
		for i, e := range h.Events {
			snapshot, before := tracker, read(tracker)
			fork := tracker
			for _, e := range other.Events {
				fork.Apply(e)
			}
			require.Equal(t, before, read(tracker), "seed %d, event %d", seed, i)
			tracker.Apply(e)
			require.Equal(t, before, read(snapshot), "seed %d, event %d", seed, i)
		}
	}
}

// TestWhenIsWhen looks at the clock at the instant that When and WhenUsed name,
// and a nanosecond before it.
func TestWhenIsWhen(t *testing.T) {
	a := small()
	named := 0
	for seed := range uint64(1_500) {
		r := rand.New(rand.NewPCG(seed, 4))
		h := randomHistory(r, 8)
		tracker := NewTracker(a, h)
		slices.SortStableFunc(h.Events, inOrder)
		for _, e := range h.Events {
			tracker.Apply(e)
		}
		at := h.Start.Add(50*time.Second + time.Duration(r.Int64N(1e9)))
		for _, m := range Metrics() {
			now := tracker.Clock(m, at)

			d := time.Duration(r.Int64N(int64(2 * time.Minute)))
			if when := now.When(d); !when.IsZero() {
				named++
				require.True(t, when.After(at))
				require.Equal(t, d, tracker.Clock(m, when).Elapsed)
				require.Less(t, tracker.Clock(m, when.Add(-1)).Elapsed, d)
			} else {
				require.True(t, !now.Running() || now.Elapsed >= d, "seed %d: %+v", seed, now)
			}

			f := r.Float64() * 10
			if when := now.WhenUsed(f); !when.IsZero() {
				named++
				require.GreaterOrEqual(t, tracker.Clock(m, when).Used, f)
				require.Less(t, tracker.Clock(m, when.Add(-1)).Used, f)
			} else {
				require.True(t, !now.Running() || now.Target == 0 || now.Used >= f, "seed %d: %+v", seed, now)
			}
		}
	}
	require.Greater(t, named, 1_500, "too few running clocks for a test")
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// tell puts a history into words for a failure message.
func tell(h History, at time.Time) string {
	names := []string{"nothing", "ask", "reply", "status", "priority", "tier"}
	s := fmt.Sprintf("status %q priority %q tier %q", h.Status, h.Priority, h.Tier)
	for _, e := range h.Events {
		s += fmt.Sprintf("\n  %v %s %s", e.At.Sub(h.Start), names[e.Kind], e.To)
	}
	return s + fmt.Sprintf("\n  read at %v", at.Sub(h.Start))
}
