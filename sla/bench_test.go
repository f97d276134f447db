package sla

import (
	"fmt"
	"testing"
	"time"
)

// busy is a ticket with two dozen events: messages, replies, pauses and a handover.
func busy() History {
	h := History{Start: at("09:00"), Priority: "High", Tier: "Tier 1"}
	for i := range 4 {
		t := h.Start.Add(time.Duration(i) * time.Hour)
		h.Events = append(h.Events,
			Event{At: t.Add(10 * time.Minute), Kind: Ask},
			Event{At: t.Add(20 * time.Minute), Kind: Reply},
			Event{At: t.Add(20 * time.Minute), Kind: StatusChange, To: "pending"},
			Event{At: t.Add(40 * time.Minute), Kind: Ask},
			Event{At: t.Add(40 * time.Minute), Kind: StatusChange, To: "open"},
			Event{At: t.Add(50 * time.Minute), Kind: TierChange, To: []string{"Tier 2", "Tier 1"}[i%2]},
		)
	}
	return h
}

func track(h History) Tracker {
	t := NewTracker(standard(), h)
	for _, e := range h.Events {
		t.Apply(e)
	}
	return t
}

func BenchmarkTrackerClock(b *testing.B) {
	t, now := track(busy()), at("13:30")
	b.ReportAllocs()
	for b.Loop() {
		for _, m := range Metrics() {
			_ = t.Clock(m, now)
		}
	}
}

func BenchmarkTrackerCopyAndApply(b *testing.B) {
	t, e := track(busy()), Event{At: at("13:30"), Kind: Reply}
	b.ReportAllocs()
	for b.Loop() {
		fork := t
		fork.Apply(e)
	}
}

func BenchmarkRead(b *testing.B) {
	for _, c := range []struct {
		name string
		h    History
		now  time.Time // after the last event, so that all are applied
	}{
		{"fresh", History{Start: at("09:00"), Priority: "High", Tier: "Tier 1"}, at("13:30")},
		{"24events", busy(), at("13:30")},
		{"30000events", flapping(10_000), at("09:00").Add(10_000 * time.Hour)},
	} {
		a := standard()
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = Read(a, c.h, c.now)
			}
		})
	}
}

func TestTrackerClockDoesNotAllocate(t *testing.T) {
	tracker, now := track(busy()), at("13:30")
	n := testing.AllocsPerRun(100, func() {
		for _, m := range Metrics() {
			_ = tracker.Clock(m, now)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkCalendar(b *testing.B) {
	week := map[string][]string{}
	for _, day := range weekdays[:5] {
		week[day] = []string{"09:00-12:30", "13:30-17:00"}
	}
	h := Hours{Zone: "America/New_York", Week: week}
	for year := 2020; year < 2035; year++ {
		for month := 1; month <= 10; month++ {
			h.Holidays = append(h.Holidays, fmt.Sprintf("%d-%02d-04", year, month))
		}
	}
	c, err := NewCalendar(h)
	if err != nil {
		b.Fatal(err)
	}
	from := time.Date(2026, 11, 25, 15, 4, 5, 6, time.UTC)
	for _, hours := range []time.Duration{8, 48, 400, 2_000} {
		d := hours * time.Hour
		to := c.Add(from, d)
		b.Run(fmt.Sprintf("Add/%dh", hours), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = c.Add(from, d)
			}
		})
		b.Run(fmt.Sprintf("Between/%dh", hours), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = c.Between(from, to)
			}
		})
	}
	b.Run("New", func(b *testing.B) {
		p := understand(h)
		b.ReportAllocs()
		for b.Loop() {
			_ = p.eras()
		}
	})
	b.Run("NewAgain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := NewCalendar(h); err != nil {
				b.Fatal(err)
			}
		}
	})
}
