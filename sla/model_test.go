package sla

import (
	"fmt"
	"github.com/stretchr/testify/assert"
	"math/rand/v2"
	"slices"
	"sort"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The model is the slow obvious version of a Tracker. It lives through a ticket
// minute by minute, notes for every minute whether a clock ran in it, and reads
// everything off these notes.
type model struct {
	agreement      *Agreement
	start          time.Time
	minute         int // now, counted from the creation
	priority, tier string
	status         Category
	over, replied  bool
	clocks         map[Metric]*modelClock
}

type modelClock struct {
	ran      []bool // per minute since the creation
	running  bool
	started  int
	cycle    int
	done     string // "", "answered", "cancelled"
	late     bool   // answered after it was cancelled
	target   int
	from     int // nothing before it counts
	open     func(minute int) bool
	breached int // -1: never
	stopped  int
	due      int // of a done clock; -1: none
}

// count returns the open minutes in which the clock ran.
func (c *modelClock) count() int {
	n := 0
	for minute, ran := range c.ran {
		if ran && c.open(minute) {
			n++
		}
	}
	return n
}

// usedUp returns when n open minutes had gone by, or will have if nothing happens;
// -1 for never.
func (c *modelClock) usedUp(n, now int) int {
	for minute := 0; minute < now || c.running; minute++ {
		if minute >= now || c.ran[minute] {
			if c.open(minute) {
				n--
			}
			if n == 0 {
				return minute + 1
			}
		}
	}
	return -1
}

// dueAt returns when the target is used up, and if the clock stands still right
// then, when it next counts.
func (c *modelClock) dueAt(now int) int {
	if c.target == 0 {
		return -1
	}
	due := c.usedUp(c.target, now)
	if due < 0 || due >= now || c.ran[due] {
		if due == now && !c.running {
			return -1
		}
		return due
	}
	for minute := due; minute < now || c.running; minute++ {
		if (minute >= now || c.ran[minute]) && c.open(minute) {
			return minute
		}
	}
	return -1
}

func (m *model) minutes(d time.Duration) int { return int(d / time.Minute) }

// from is the minute from which promises are enforced.
func (m *model) from() int {
	if m.agreement.EnforcedFrom.IsZero() {
		return 0
	}
	return m.minutes(m.agreement.EnforcedFrom.Sub(m.start))
}

// promise gives a clock the target and the calendar that hold now.
func (m *model) promise(metric Metric, c *modelClock) {
	target, calendar := Target{}, m.agreement.Calendar
	for _, p := range m.agreement.Promises {
		if p.Priority != m.priority {
			continue
		}
		if p.Calendar != nil {
			calendar = p.Calendar
		}
		target = map[Metric]Target{FirstResponse: p.FirstResponse, NextResponse: p.NextResponse, Resolution: p.Resolution}[metric]
		if metric == NextResponse && target == (Target{}) {
			target = p.FirstResponse
		}
		if metric != TierResponse || m.tier == "" {
			continue
		}
		target = p.FirstResponse
		for _, tier := range m.agreement.Tiers {
			if own := tier.Response; tier.Tier == m.tier && own.Within > 0 && (target.Within == 0 || own.Within < target.Within) {
				target = own
			}
		}
	}
	for _, tier := range m.agreement.Tiers {
		if metric == TierResponse && tier.Tier == m.tier && tier.Calendar != nil {
			calendar = tier.Calendar
		}
	}
	c.target = m.minutes(target.Within)
	start, from := m.start, m.from()
	c.from = from
	c.open = func(minute int) bool {
		return minute >= from && (target.Immediate || isOpen(calendar, start.Add(time.Duration(minute)*time.Minute)))
	}
}

func (m *model) begin(metric Metric) {
	c := m.clocks[metric]
	*c = modelClock{ran: make([]bool, m.minute), started: m.minute, cycle: c.cycle + 1, breached: -1, running: true}
	m.promise(metric, c)
	if m.over {
		m.finish(metric, "cancelled")
	}
	m.pause(metric)
}

func (m *model) pause(metric Metric) {
	if c := m.clocks[metric]; c.cycle > 0 && c.started >= 0 && c.done == "" {
		named, ok := m.agreement.Pauses[metric]
		if !ok && metric == Resolution {
			named = []Category{Pending, OnHold}
		}
		c.running = !slices.Contains(named, m.status)
	}
}

func (m *model) finish(metric Metric, how string) {
	c := m.clocks[metric]
	if c.cycle == 0 || c.started < 0 || c.done != "" {
		return
	}
	c.due = c.dueAt(m.minute)
	if !c.running {
		c.due = -1
	}
	if m.minute < c.from {
		c.due, c.target = -1, 0
	}
	c.running, c.done, c.stopped = false, how, m.minute
}

func (m *model) reprice(metric Metric) {
	c := m.clocks[metric]
	if c.done != "" {
		return
	}
	m.promise(metric, c)
	m.lookBack(c)
}

// lookBack finds that a clock is past its target through a change of now.
func (m *model) lookBack(c *modelClock) {
	if due := c.dueAt(m.minute); c.started >= 0 && due >= 0 && due < m.minute && c.breached < 0 {
		c.breached = m.minute
	}
}

func (m *model) reopen() {
	m.over = false
	for _, metric := range Metrics() {
		c := m.clocks[metric]
		if !(c.done == "cancelled" && !c.late) && !(metric == Resolution && c.done != "") {
			continue
		}
		keep := m.agreement.OnPriorityChange == ChangeKeep && c.target > 0
		switch m.agreement.OnReopen {
		case ReopenFrozen:
			continue
		case ReopenNewCycle:
			m.begin(metric)
			continue
		case ReopenWall:
			for minute := c.stopped; minute < m.minute; minute++ {
				c.ran[minute] = true
			}
		}
		c.done, c.running = "", true
		if keep {
			m.lookBack(c)
		} else {
			m.reprice(metric)
		}
	}
}

func (m *model) end() {
	m.over = true
	m.finish(Resolution, "answered")
	for _, metric := range []Metric{FirstResponse, NextResponse, TierResponse} {
		m.finish(metric, "cancelled")
	}
}

func (m *model) answer(metric Metric) {
	if c := m.clocks[metric]; c.done == "cancelled" || c.started < 0 {
		c.late = true
	}
	m.finish(metric, "answered")
}

func (m *model) respond() {
	m.replied = true
	m.answer(FirstResponse)
}

func (m *model) renew() {
	for _, metric := range Metrics() {
		c := m.clocks[metric]
		switch {
		case m.agreement.OnPriorityChange == ChangeRestart && c.started >= 0 && c.done == "":
			m.begin(metric)
		case m.agreement.OnPriorityChange == ChangeKeep && c.started >= 0 && c.target > 0:
		default:
			m.reprice(metric)
		}
	}
}

func (m *model) happen(e Event) {
	switch e.Kind {
	case Reply:
		m.respond()
		m.answer(NextResponse)
		m.answer(TierResponse)
	case AutoReply:
		if m.agreement.FirstResponseBy == AnyPublic {
			m.respond()
		}
	case Assignment:
		if e.To == "" {
			return
		}
		if m.agreement.FirstResponseBy == ByAssignment {
			m.respond()
		}
		if c := m.clocks[TierResponse]; m.agreement.TierFrom == FromAssignment && m.tier != "" && c.started < 0 && !c.late {
			m.begin(TierResponse)
		}
	case Ask:
		if m.over && m.status == Closed {
			return
		}
		if m.over {
			m.reopen()
		}
		if c := m.clocks[NextResponse]; m.replied && (c.started < 0 || c.done != "") {
			m.begin(NextResponse)
		}
	case StatusChange:
		m.status = Category(e.To)
		if m.status.Ends() {
			if !m.over {
				m.end()
			}
			return
		}
		if m.over {
			m.reopen()
		}
		for _, metric := range Metrics() {
			m.pause(metric)
		}
	case PriorityChange:
		if e.To != m.priority {
			m.priority = e.To
			m.renew()
		}
	case AgreementChange:
		if e.Agreement != m.agreement {
			m.agreement = e.Agreement
			m.renew()
			for _, metric := range Metrics() {
				m.pause(metric)
			}
			if c := m.clocks[TierResponse]; m.agreement.TierFrom != FromAssignment && m.tier != "" && c.started < 0 && !c.late {
				m.begin(TierResponse)
			}
		}
	case TierChange:
		if e.To == m.tier {
			return
		}
		m.tier = e.To
		if m.tier == "" || m.agreement.TierFrom == FromAssignment {
			c := &modelClock{started: -1, breached: -1, cycle: m.clocks[TierResponse].cycle, ran: make([]bool, m.minute)}
			m.clocks[TierResponse] = c
			m.promise(TierResponse, c)
			return
		}
		m.begin(TierResponse)
	}
}

// live takes a ticket from its creation through every minute up to at.
func live(a *Agreement, h History, at int) *model {
	m := &model{agreement: a, start: h.Start, priority: h.Priority, tier: h.Tier, status: New, clocks: map[Metric]*modelClock{}}
	if h.Status != "" && !h.Status.Ends() {
		m.status = h.Status
	}
	for _, metric := range Metrics() {
		m.clocks[metric] = &modelClock{started: -1, breached: -1}
		m.promise(metric, m.clocks[metric])
	}
	m.begin(FirstResponse)
	m.begin(Resolution)
	if h.Tier != "" && a.TierFrom != FromAssignment {
		m.begin(TierResponse)
	}
	if h.Status.Ends() {
		m.happen(Event{Kind: StatusChange, To: string(h.Status)})
	}
	m.happen(Event{Kind: Assignment, To: h.Assignee})
	order := map[Kind]int{Reply: 1, AutoReply: 1, Ask: 2, StatusChange: 3, PriorityChange: 4, AgreementChange: 5, TierChange: 6, Assignment: 7}
	events := slices.Clone(h.Events)
	sort.SliceStable(events, func(i, j int) bool {
		a, b := events[i], events[j]
		return a.At.Before(b.At) || a.At.Equal(b.At) && order[a.Kind] < order[b.Kind]
	})
	for ; ; m.minute++ {
		for _, c := range m.clocks { // the minute that just went by
			if due := c.dueAt(m.minute); c.running && c.breached < 0 && due >= 0 && due < m.minute {
				c.breached = due
			}
		}
		for len(events) > 0 && !events[0].At.After(h.Start.Add(time.Duration(m.minute)*time.Minute)) {
			if !events[0].At.After(h.Start.Add(time.Duration(at) * time.Minute)) {
				m.happen(events[0])
			}
			events = events[1:]
		}
		if m.minute == at {
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
	minutes := func(n int) time.Duration { return time.Duration(n) * time.Minute }
	instant := func(minute int) time.Time {
		if minute < 0 {
			return time.Time{}
		}
		return start.Add(minutes(minute))
	}
	out := Clock{Metric: metric, State: Idle, Target: minutes(c.target), Remaining: minutes(c.target)}
	if c.started < 0 {
		return out
	}
	out.Cycle, out.Started, out.BreachedAt = c.cycle, instant(max(c.started, c.from)), instant(c.breached)
	out.Elapsed = minutes(c.count())
	if c.target > 0 {
		out.Remaining = out.Target - out.Elapsed
		out.Used = float64(out.Elapsed) / float64(out.Target)
	}
	switch {
	case c.done != "":
		out.Stopped, out.Due = instant(c.stopped), instant(c.due)
	case c.running:
		out.Due = instant(c.dueAt(m.minute))
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
	for _, w := range m.agreement.Warnings {
		want := int(w.Fraction * float64(c.target))
		if w.Left > 0 {
			want = c.target - m.minutes(w.Left)
		}
		if c.target == 0 || want <= 0 {
			continue
		}
		if at := c.usedUp(want, m.minute); at >= 0 {
			out.Warnings = append(out.Warnings, Warning{instant(at), w.Fraction, w.Left})
		}
	}
	return out
}

// oddHours are calendars in which much happens within the first hour of a ticket.
var oddHours = func() (list []Hours) {
	for _, spans := range [][]string{
		{"08:00-09:07", "09:12-09:20", "09:33-24:00"}, {"09:05-09:30", "09:45-24:00"}, {"00:00-24:00"},
	} {
		h := Hours{Week: map[string][]string{}}
		for _, day := range weekdays {
			h.Week[day] = spans
		}
		list = append(list, h)
	}
	return list
}()

var oddCalendars = func() (list []*Calendar) {
	for _, h := range oddHours {
		c, err := NewCalendar(h)
		if err != nil {
			panic(err)
		}
		list = append(list, c)
	}
	return append(list, nil, nil)
}()

// isOpen looks a minute up the slow way.
func isOpen(c *Calendar, at time.Time) bool {
	if i := slices.Index(oddCalendars, c); c != nil && i >= 0 {
		return slowOpen(oddHours[i], time.UTC, at)
	}
	return true
}

// small is an agreement of a few minutes, in which much happens by accident. Its
// targets are even, so that its warnings fall on whole minutes.
func small(r *rand.Rand) *Agreement {
	s := func(n int) Target { return Within(time.Duration(n) * time.Minute) }
	calendar := func() *Calendar { return oddCalendars[r.IntN(len(oddCalendars))] }
	a := &Agreement{
		Promises: []Promise{
			{Priority: "short", FirstResponse: s(2), Resolution: s(8), Calendar: calendar()},
			{Priority: "long", FirstResponse: s(12), NextResponse: s(6), Resolution: s(30), Calendar: calendar()},
			{Priority: "half", Resolution: s(14)},
		},
		Tiers: []TierPromise{
			{Tier: "one", Response: s(4), Calendar: calendar()}, {Tier: "two", Response: s(16)}, {Tier: "none"},
			{Tier: "top", Response: Target{Within: 6 * time.Minute, Immediate: true}},
		},
		Calendar: calendar(),
		Warnings: []Threshold{{Fraction: 0.5}, {Fraction: 1}, {Left: 2 * time.Minute}, {Fraction: 1.5}},
	}
	if r.IntN(3) > 0 {
		return a
	}
	a.OnPriorityChange = []OnChange{"", ChangeRetarget, ChangeRestart, ChangeKeep}[r.IntN(4)]
	a.OnReopen = []OnReopen{"", ReopenResume, ReopenNewCycle, ReopenFrozen, ReopenWall}[r.IntN(5)]
	a.FirstResponseBy = []ResponseBy{"", PublicHuman, AnyPublic, ByAssignment}[r.IntN(4)]
	a.TierFrom = []TierStart{"", FromEntry, FromAssignment}[r.IntN(3)]
	if r.IntN(2) == 0 {
		a.Pauses = map[Metric][]Category{FirstResponse: {Pending}, NextResponse: {Pending, New}, TierResponse: {OnHold}, Resolution: {Pending}}
	}
	if r.IntN(4) == 0 {
		a.EnforcedFrom = monday.Add(9*time.Hour + time.Duration(r.IntN(20))*time.Minute)
	}
	return a
}

// randomHistory has about n events in the first minutes of a ticket, some before
// its creation, several at one instant.
func randomHistory(r *rand.Rand, n int) History {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	priority := func() string { return pick("short", "long", "half", "unknown") }
	tier := func() string { return pick("one", "two", "none", "top", "unknown", "") }
	status := func() string { return pick("new", "open", "pending", "on_hold", "solved", "solved", "closed", "odd") }
	h := History{
		Start: monday.Add(9 * time.Hour), Status: Category(pick("", "", "", status())),
		Priority: priority(), Tier: tier(), Assignee: pick("", "", "anna"),
	}
	other := small(r)
	for range r.IntN(n + 1) {
		e := Event{Kind: Kind(r.IntN(int(endOfKinds))), At: h.Start.Add(time.Duration(r.IntN(50)-2) * time.Minute)}
		switch e.Kind {
		case StatusChange:
			e.To = status()
		case PriorityChange:
			e.To = priority()
		case TierChange:
			e.To = tier()
		case Assignment:
			e.To = pick("", "anna", "ben")
		case AgreementChange:
			e.Agreement = other
		}
		h.Events = append(h.Events, e)
	}
	return h
}

// noTerms drops what only When reads, so that a Clock can be compared with one of
// the model.
func noTerms(c Clock) Clock {
	c.Calendar, c.at, c.live, c.Immediate = nil, time.Time{}, false, false
	return c
}

func TestTheSlowVersionAgrees(t *testing.T) {
	for seed := range uint64(3_000) {
		r := rand.New(rand.NewPCG(seed, 1))
		a, h := small(r), randomHistory(r, 12)
		minute := r.IntN(60)
		at := h.Start.Add(time.Duration(minute) * time.Minute)

		m := live(a, h, minute)
		var want []Clock
		for _, metric := range Metrics() {
			if c := m.clock(h.Start, metric); c.Target > 0 || c.Breached() {
				want = append(want, c)
			}
		}
		var got []Clock
		for _, c := range Read(a, h, at) {
			got = append(got, noTerms(c))
		}
		require.Equal(t, want, got, "seed %d: %s\n%+v", seed, tell(h, at), a.Choices)
	}
}

func TestStepByStepIsTheSameAsRead(t *testing.T) {
	for seed := range uint64(1_500) {
		r := rand.New(rand.NewPCG(seed, 2))
		a, h := small(r), randomHistory(r, 15)
		events := slices.Clone(h.Events)
		slices.SortStableFunc(events, inOrder)
		tracker := NewTracker(a, h)
		for i := range len(events) + 1 {
			// Any instant from this event on and before the next.
			from, to := h.Start, h.Start.Add(time.Hour)
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
				if c := tracker.Clock(m, at); c.Target > 0 || c.Breached() {
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
		a, h, other := small(r), randomHistory(r, 15), randomHistory(r, 15)
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
	named := 0
	for seed := range uint64(1_500) {
		r := rand.New(rand.NewPCG(seed, 4))
		a, h := small(r), randomHistory(r, 8)
		tracker := NewTracker(a, h)
		slices.SortStableFunc(h.Events, inOrder)
		for _, e := range h.Events {
			tracker.Apply(e)
		}
		at := h.Start.Add(50*time.Minute + time.Duration(r.Int64N(int64(time.Minute))))
		for _, m := range Metrics() {
			now := tracker.Clock(m, at)

			d := time.Duration(r.Int64N(int64(2 * time.Hour)))
			if when := now.When(d); !when.IsZero() {
				named++
				require.True(t, when.After(at))
				require.Equal(t, d, tracker.Clock(m, when).Elapsed)
				require.Less(t, tracker.Clock(m, when.Add(-1)).Elapsed, d)
			} else {
				require.True(t, !now.Running() || now.Elapsed >= d, "seed %d: %+v", seed, now)
			}

			if when := now.WhenBreached(); !when.IsZero() {
				named++
				require.Equal(t, when.Add(-1), tracker.Clock(m, when).BreachedAt)
				require.False(t, tracker.Clock(m, when.Add(-1)).Breached())
			} else {
				require.True(t, !now.Running() || now.Target == 0 || now.Breached(), "seed %d: %+v", seed, now)
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

// TestAtIsALaterReading reads trackers twice, and takes the later reading from the
// earlier one as well.
func TestAtIsALaterReading(t *testing.T) {
	moved := 0
	for seed := range uint64(1_500) {
		r := rand.New(rand.NewPCG(seed, 7))
		a, h := small(r), randomHistory(r, 12)
		tracker := NewTracker(a, h)
		slices.SortStableFunc(h.Events, inOrder)
		at := h.Start
		for _, e := range h.Events {
			tracker.Apply(e)
			at = later(at, e.At)
		}
		for range 10 {
			at = at.Add(time.Duration(r.Int64N(int64(10 * time.Minute))))
			then := at.Add(time.Duration(r.Int64N(int64(time.Hour) << r.IntN(20))))
			for _, m := range Metrics() {
				now := tracker.Clock(m, at)
				require.Equal(t, tracker.Clock(m, then), now.At(then), "seed %d, from %s to %s: %s", seed, at, then, tell(h, at))
				require.Equal(t, now, now.At(at))
				require.Equal(t, now, now.At(at.Add(-time.Hour)), "a reading does not go back")
				if due := now.WhenBreached(); !due.IsZero() {
					require.Equal(t, tracker.Clock(m, due), now.At(due))
					require.Equal(t, tracker.Clock(m, due.Add(-1)), now.At(due.Add(-1)))
				}
				if now.At(then).Elapsed > now.Elapsed {
					moved++
				}
			}
		}
	}
	require.Greater(t, moved, 10_000, "too few running clocks for a test")
}

// tell puts a history into words for a failure message.
func tell(h History, at time.Time) string {
	names := []string{"nothing", "ask", "reply", "auto reply", "status", "priority", "agreement", "tier", "assigned to"}
	s := fmt.Sprintf("status %q priority %q tier %q assignee %q", h.Status, h.Priority, h.Tier, h.Assignee)
	for _, e := range h.Events {
		s += fmt.Sprintf("\n  %v %s %s", e.At.Sub(h.Start), names[e.Kind], e.To)
	}
	return s + fmt.Sprintf("\n  read at %v", at.Sub(h.Start))
}

// TestAReadingIsOfTheHistoryUpToIt: what comes later changes no reading.
func TestAReadingIsOfTheHistoryUpToIt(t *testing.T) {
	for seed := range uint64(1_000) {
		r := rand.New(rand.NewPCG(seed, 5))
		a, h := small(r), randomHistory(r, 15)
		at := h.Start.Add(time.Duration(r.Int64N(int64(time.Hour))))
		cut := h
		cut.Events = slices.DeleteFunc(slices.Clone(h.Events), func(e Event) bool { return e.At.After(at) })
		require.Equal(t, Read(a, cut, at), Read(a, h, at), "seed %d: %s", seed, tell(h, at))
	}
}

// TestManyGoroutinesShareAnAgreement is for the race detector.
func TestManyGoroutinesShareAnAgreement(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 6))
	a, h := small(r), randomHistory(r, 30)
	tracker := NewTracker(a, h)
	want := Read(a, h, h.Start.Add(time.Hour))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			fork := tracker
			for i := range 200 {
				fork.Apply(h.Events[i%len(h.Events)])
				tracker.Clock(Resolution, h.Start.Add(time.Hour))
				assert.Equal(t, want, Read(a, h, h.Start.Add(time.Hour)))
			}
		})
	}
	all.Wait()
}
