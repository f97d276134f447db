package metrics

import (
	"math"
	"slices"
	"time"
)

// A spell is a duration: of something that is finished, or that has lasted so long and is
// still open.
type spell struct {
	length time.Duration
	open   bool
}

// times summarises durations; estimated: with those that are open.
func times(spells []spell, estimated bool) *Times {
	// At one length the finished come first: those that are open last longer.
	slices.SortFunc(spells, func(a, b spell) int {
		switch {
		case a.length != b.length && a.length < b.length, a.length == b.length && !a.open && b.open:
			return -1
		case a == b:
			return 0
		}
		return 1
	})
	var finished []time.Duration
	for _, s := range spells {
		if !s.open {
			finished = append(finished, s.length)
		}
	}
	t := &Times{Median: nearestRank(finished, 50), P90: nearestRank(finished, 90)}
	if estimated {
		t.Estimate = &Estimate{Median: survived(spells, 0.5), P90: survived(spells, 0.1)}
	}
	return t
}

// nearestRank is the first of sorted durations that at least so many per cent of them do
// not exceed.
func nearestRank(sorted []time.Duration, percent int) *Hours {
	if len(sorted) == 0 {
		return nil
	}
	return hours(sorted[(len(sorted)*percent+99)/100-1])
}

// survived is the first duration that no more than a share of the tickets outlast, after
// Kaplan and Meier: each finished one takes its part of those that are known to have
// lasted as long. Without open ones it is the nearest rank.
func survived(sorted []spell, share float64) *Hours {
	left := 1.0
	for i, s := range sorted {
		if s.open {
			continue
		}
		atRisk := float64(len(sorted) - i)
		left *= (atRisk - 1) / atRisk
		if left <= share+1e-9 { // a product of fractions is not exact
			return hours(s.length)
		}
	}
	return nil
}

func hours(d time.Duration) *Hours {
	h := Hours(d.Hours())
	return &h
}

// wilson is the 95 % interval of a share.
func wilson(count, n int) (low, high float64) {
	const z = 1.959963984540054
	p, m := float64(count)/float64(n), float64(n)
	middle := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	scale := 1 + z*z/m
	return max(0, (middle-half)/scale), min(1, (middle+half)/scale)
}
