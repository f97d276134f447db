package sla

import (
	"testing"
	"time"
)

// busy is a ticket with two dozen events: messages, replies, pauses and a handover.
func busy() History {
	h := History{Start: at("09:00"), Priority: "High", Tier: "Tier 1"}
	for i := range 4 {
		t := h.Start.Add(time.Duration(i) * time.Hour)
		h.Events = append(h.Events,
			Event{t.Add(10 * time.Minute), Ask, ""},
			Event{t.Add(20 * time.Minute), Reply, ""},
			Event{t.Add(20 * time.Minute), StatusChange, "pending"},
			Event{t.Add(40 * time.Minute), Ask, ""},
			Event{t.Add(40 * time.Minute), StatusChange, "open"},
			Event{t.Add(50 * time.Minute), TierChange, []string{"Tier 2", "Tier 1"}[i%2]},
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
