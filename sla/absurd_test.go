package sla

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNoAgreementPromisesNothing(t *testing.T) {
	h := History{Start: at("09:00"), Priority: "High", Tier: "Tier 1", Events: []Event{{At: at("10:00"), Kind: Reply}}}
	assert.Empty(t, Read(nil, h, at("12:00")))
	assert.Empty(t, Read(&Agreement{}, h, at("12:00")))
	tracker := NewTracker(nil, h)
	c := tracker.Clock(FirstResponse, at("12:00"))
	assert.Equal(t, 3*time.Hour, c.Elapsed)
	assert.Zero(t, c.Target)
	assert.Empty(t, tracker.Warnings(FirstResponse, at("12:00")))
	assert.Equal(t, at("13:00"), c.When(4*time.Hour), "an untargeted clock still knows when")
	assert.Zero(t, c.WhenUsed(0.8))
}

func TestTheZeroTracker(t *testing.T) {
	var tracker Tracker
	for _, e := range []Event{
		{At: at("09:00"), Kind: Reply}, {At: at("10:00"), Kind: Ask}, {At: at("11:00"), Kind: StatusChange, To: "solved"},
		{At: at("12:00"), Kind: Ask}, {At: at("13:00"), Kind: TierChange, To: "Tier 1"}, {At: at("14:00"), Kind: PriorityChange, To: "High"},
	} {
		tracker.Apply(e)
	}
	assert.True(t, tracker.Open())
	assert.Equal(t, 1, tracker.Reopenings())
	assert.Equal(t, Idle, tracker.Clock(Resolution, at("15:00")).State)
	assert.Equal(t, Running, tracker.Clock(TierResponse, at("15:00")).State)
}

func TestWhatIsNoMetricAndNoKind(t *testing.T) {
	tracker := NewTracker(standard(), History{Start: at("09:00"), Priority: "High"})
	assert.Equal(t, Clock{Metric: "mood", State: Idle}, tracker.Clock("mood", at("10:00")))
	assert.Nil(t, tracker.Warnings("mood", at("10:00")))
	before := tracker
	tracker.Apply(Event{At: at("10:00")})
	tracker.Apply(Event{At: at("10:00"), Kind: 99})
	assert.Equal(t, before, tracker, "no event, not even for the time")
}

func TestNeitherEventsNorReadingsGoBack(t *testing.T) {
	h := History{Start: at("09:00"), Priority: "High"}
	tracker := NewTracker(standard(), h)
	assert.Equal(t, time.Duration(0), tracker.Clock(FirstResponse, at("08:00")).Elapsed)
	assert.Equal(t, time.Duration(0), Read(standard(), h, at("08:00"))[0].Elapsed)
	tracker.Apply(Event{At: at("10:00"), Kind: StatusChange, To: "pending"})
	tracker.Apply(Event{At: at("09:30"), Kind: Reply})
	assert.Equal(t, at("10:00"), tracker.Clock(FirstResponse, at("11:00")).Stopped, "dated at the last event")
	assert.Equal(t, at("10:00"), tracker.Clock(FirstResponse, at("09:10")).Stopped)
}

func TestReadLeavesTheHistoryAlone(t *testing.T) {
	h := History{Start: at("09:00"), Priority: "High", Events: []Event{{At: at("11:00"), Kind: Ask}, {At: at("10:00"), Kind: Reply}}}
	Read(standard(), h, at("12:00"))
	assert.Equal(t, at("11:00"), h.Events[0].At)
}

// TestWallTimeNotMonotonic: instants fresh from time.Now carry a monotonic
// reading, those from a database do not. A promise is about wall time.
func TestWallTimeNotMonotonic(t *testing.T) {
	now := time.Now()
	h := History{Start: now, Priority: "High"}
	h.Events = []Event{{At: now.Add(time.Minute), Kind: Reply}}
	c := Read(standard(), h, now.Add(time.Hour))[0]
	assert.Equal(t, now.Round(0), c.Started)
	assert.Equal(t, now.Round(0).Add(time.Hour), c.Due)
	assert.Equal(t, now.Round(0).Add(time.Minute), c.Stopped)
}

func TestTicketsFromTheYearOne(t *testing.T) {
	h := History{Priority: "High", Tier: "Tier 1"} // the zero instant
	for _, c := range Read(standard(), h, at("12:00")) {
		if c.Metric == NextResponse {
			continue
		}
		assert.Equal(t, Breached, c.State)
		assert.EqualValues(t, math.MaxInt64, c.Elapsed, "held at the limit")
		assert.Equal(t, time.Time{}.Add(c.Target), c.BreachedAt)
	}
}

func TestTheLongestPromise(t *testing.T) {
	a := &Agreement{Promises: []Promise{{Priority: "eternal", FirstResponse: Within(math.MaxInt64), Resolution: Within(math.MaxInt64)}}, Warnings: []Threshold{{Fraction: 0.5}, {Fraction: 1}, {Fraction: 2}}}
	h := History{Priority: "eternal", Start: at("09:00"), Events: []Event{{At: at("10:00"), Kind: StatusChange, To: "pending"}, {At: at("11:00"), Kind: StatusChange, To: "open"}}}
	for _, c := range Read(a, h, at("12:00")) {
		if c.Metric == NextResponse {
			continue
		}
		assert.Equal(t, Running, c.State)
		assert.Equal(t, 2318, c.Due.Year())
		assert.Len(t, c.Warnings, 2)
	}
}

// TestVeryManyPauses: a ticket that flaps for months, and changes its priority as
// often, is read in no more than a moment.
func TestVeryManyPauses(t *testing.T) {
	h := flapping(20_000)
	began := time.Now()
	c := Read(standard(), h, h.Start.Add(20_000*time.Hour))[2]
	assert.Less(t, time.Since(began), 2*time.Second, "takes 5 ms, and half a second if each priority change walks all pauses")
	assert.Equal(t, at("13:00"), c.Due)
	assert.Equal(t, at("13:00"), c.BreachedAt)
}

// TestVeryManyCalendars: the same, with a priority of other hours each time.
func TestVeryManyCalendars(t *testing.T) {
	a, h := standard(), flapping(20_000)
	a.Promises[0].Calendar, a.Promises[1].Calendar = office(t), Union(office(t), oddCalendars[0])
	for i := range h.Events {
		if i%6 == 2 {
			h.Events[i].To = "High"
		}
	}
	began := time.Now()
	c := Read(a, h, h.Start.Add(20_000*time.Hour))[2]
	assert.Less(t, time.Since(began), 2*time.Second, "takes 20 ms, and minutes if each priority change prices all pauses")
	assert.Equal(t, "13:00", c.BreachedAt.Format("15:04"))
}

func flapping(n int) History {
	h := History{Start: at("09:00"), Priority: "Critical"}
	for i := range n {
		t := h.Start.Add(5*time.Hour + time.Duration(i)*time.Minute)
		h.Events = append(h.Events,
			Event{At: t, Kind: StatusChange, To: "pending"},
			Event{At: t.Add(time.Second), Kind: StatusChange, To: "open"},
			Event{At: t.Add(2 * time.Second), Kind: PriorityChange, To: "Critical"},
		)
	}
	return h
}

func TestFindingASpan(t *testing.T) {
	var spans *span
	var before []time.Duration
	sum := time.Duration(0)
	for i := range 300 {
		spans = then(spans, monday, monday, sum)
		before = append(before, sum)
		sum += time.Duration(i % 4) // some take no time that counts
		for x := range sum + 2 {
			last := len(before) - 1
			for before[last] > x {
				last--
			}
			require.Equal(t, last, spans.find(x).depth, "%d of %d", x, i)
		}
	}
}

// FuzzRead feeds instants, kinds and texts without any sense: no panic, and what
// is always true of clocks holds.
func FuzzRead(f *testing.F) {
	f.Add([]byte{}, int64(0), int64(time.Hour), int64(1), 0.8)
	f.Add([]byte("\x03\x04\x00\x00\x00\x00\x00\x00\x00\x01\x02\x00\x7f\xff\xff\xff\xff\xff\xff\xff"), int64(math.MinInt64), int64(math.MaxInt64), int64(math.MaxInt64), 1.5)
	texts := []string{"", "new", "open", "pending", "on_hold", "solved", "closed", "a", "b", "?"}
	f.Fuzz(func(t *testing.T, events []byte, start, target, now int64, fraction float64) {
		a := &Agreement{
			Promises: []Promise{
				{Priority: "a", FirstResponse: Within(time.Duration(target)), Resolution: Within(time.Duration(target / 3))},
				{Priority: "b", FirstResponse: Immediately(), NextResponse: Within(1), Resolution: Within(math.MaxInt64), Calendar: oddCalendars[0]},
			},
			Tiers: []TierPromise{{Tier: "a", Response: Within(time.Duration(target / 7))}}, Warnings: []Threshold{{Fraction: fraction}, {Left: time.Duration(target / 2)}},
		}
		h := History{Start: time.Unix(start, start), Priority: "a", Tier: "a"}
		for ; len(events) >= 10; events = events[10:] {
			h.Events = append(h.Events, Event{
				Kind: Kind(events[0] % byte(endOfKinds+1)), To: texts[int(events[1])%len(texts)],
				At: time.Unix(int64(binary.BigEndian.Uint64(events[2:])), 0),
			})
		}
		for _, c := range Read(a, h, time.Unix(now, 0)) {
			require.GreaterOrEqual(t, c.Elapsed, time.Duration(0))
			require.True(t, c.Target > 0 || c.Breached())
			if c.State == Idle {
				require.Equal(t, Clock{Metric: c.Metric, State: Idle, Target: c.Target, Remaining: c.Target, Immediate: c.Immediate, Calendar: c.Calendar}, c)
				continue
			}
			if c.Target > 0 {
				require.Equal(t, c.Target-c.Elapsed, c.Remaining)
			}
			require.False(t, c.Started.Before(h.Start))
			if c.State == Paused {
				require.Zero(t, c.Due)
			}
			if c.State == Running && c.Target > 0 {
				require.LessOrEqual(t, c.Elapsed, c.Target)
			}
			c.When(time.Duration(target))
			c.WhenUsed(fraction)
		}
	})
}
