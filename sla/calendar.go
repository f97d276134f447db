package sla

import (
	"math"
	"time"
)

// Calendar tells when time counts. A nil *Calendar is always open, which is the
// only calendar there is so far; the zero Calendar is always open too.
//
// A Calendar never changes and is safe for use by many goroutines.
type Calendar struct {
	_ struct{} // opening hours will stand here
}

// What a time.Time can hold: its seconds are an int64 counted from the year 1.
var (
	firstInstant = time.Unix(math.MaxInt64-62135596799, 0).UTC() // wraps to the lowest int64
	lastInstant  = time.Unix(math.MaxInt64-62135596800, 999_999_999).UTC()
)

// Add returns the earliest instant at which d of open time has gone by since t.
// A negative d goes back. What lies beyond the reach of a [time.Time] is held at
// its limit.
func (c *Calendar) Add(t time.Time, d time.Duration) time.Time {
	t = t.Round(0) // a promise is about wall time, not about a monotonic reading
	sum := t.Add(d)
	switch {
	case d > 0 && sum.Before(t):
		return lastInstant.In(t.Location())
	case d < 0 && sum.After(t):
		return firstInstant.In(t.Location())
	}
	return sum
}

// Between returns the open time from one instant to another. It is negative when
// to is before from, so that Between(b, a) is always -Between(a, b), and stays at
// the longest [time.Duration] when it is longer than that.
func (c *Calendar) Between(from, to time.Time) time.Duration {
	d := to.Round(0).Sub(from.Round(0))
	return max(d, -math.MaxInt64) // the lowest int64 has no opposite
}

// Open reports whether t is open time.
func (c *Calendar) Open(t time.Time) bool { return true }
