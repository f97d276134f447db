package rules

import (
	"fmt"
	"math"
	"math/bits"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/conf"
)

// parseDate reads what stands in date(…): a day, which begins at midnight UTC, or an
// instant with its offset.
func parseDate(text string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no date", text)
}

// calculations teach expr to calculate with durations. The patcher puts these names in;
// they are none that an author can write. They never change.
var calculations = makeCalculations()

func makeCalculations() conf.FunctionsTable {
	c := &conf.Config{Functions: conf.FunctionsTable{}}
	add := func(name string, form any, f func(args []any) any) {
		expr.Function("="+name, func(args ...any) (any, error) { return f(args), nil }, form)(c)
	}
	span := func(x any) time.Duration { d, _ := x.(time.Duration); return d }
	add("times", new(func(any, any) time.Duration), func(args []any) any {
		if d, ok := args[0].(time.Duration); ok {
			return times(d, toFloat(args[1]))
		}
		return times(span(args[1]), toFloat(args[0]))
	})
	add("over", new(func(any, any) time.Duration), func(args []any) any { return times(span(args[0]), 1/toFloat(args[1])) })
	add("share", new(func(any, any) float64), func(args []any) any { return float64(span(args[0])) / float64(span(args[1])) })
	add("+", new(func(any, any) time.Duration), func(args []any) any { return plus(span(args[0]), span(args[1])) })
	add("-", new(func(any, any) time.Duration), func(args []any) any { return minus(span(args[0]), span(args[1])) })
	durations := func(better func(a, b time.Duration) bool) func([]any) any {
		return func(args []any) any {
			best := span(args[0])
			for _, x := range args[1:] {
				if d := span(x); better(d, best) {
					best = d
				}
			}
			return best
		}
	}
	add("max duration", new(func(...any) time.Duration), durations(func(a, b time.Duration) bool { return a > b }))
	add("min duration", new(func(...any) time.Duration), durations(func(a, b time.Duration) bool { return a < b }))
	dates := func(better func(a, b time.Time) bool) func([]any) any {
		return func(args []any) any {
			best, _ := args[0].(time.Time)
			for _, x := range args[1:] {
				if t, _ := x.(time.Time); better(t, best) {
					best = t
				}
			}
			return best
		}
	}
	add("max date", new(func(...any) time.Time), dates(time.Time.After))
	add("min date", new(func(...any) time.Time), dates(time.Time.Before))
	return c.Functions
}

// toFloat makes a float64 of a number of a condition.
func toFloat(x any) float64 {
	switch n := x.(type) {
	case int:
		return float64(n)
	case float64:
		return n
	}
	return math.NaN()
}

// times returns k times d, to the nearest nanosecond and of two the one further from
// zero. What a Duration cannot hold is held at its limits, and 0 is what is no number.
//
// It rounds the exact product, not one of floats, which would be off by more than the
// half nanosecond that the solver counts with.
func times(d time.Duration, k float64) time.Duration {
	negative := (d < 0) != (k < 0)
	limit := func() time.Duration {
		if negative {
			return math.MinInt64
		}
		return math.MaxInt64
	}
	switch {
	case d == 0 || k == 0 || math.IsNaN(k):
		return 0
	case math.IsInf(k, 0):
		return limit()
	}
	size := uint64(d)
	if d < 0 {
		size = -size
	}
	fraction, exponent := math.Frexp(math.Abs(k)) // k is m / 2^shift
	m, shift := uint64(fraction*(1<<53)), 53-exponent
	high, low := bits.Mul64(size, m)
	switch {
	case shift <= 0:
		if high != 0 || bits.Len64(low)-shift > 63 {
			return limit()
		}
		low <<= -shift
	case shift > 118: // the product has 117 bits
		return 0
	default:
		var carry uint64
		if half := uint(shift - 1); half < 64 {
			low, carry = bits.Add64(low, 1<<half, 0)
			high += carry
		} else {
			high += 1 << (half - 64)
		}
		if shift < 64 {
			low, high = low>>shift|high<<(64-shift), high>>shift
		} else {
			low, high = high>>(shift-64), 0
		}
		if high != 0 || low > math.MaxInt64 {
			return limit()
		}
	}
	if negative {
		return -time.Duration(low)
	}
	return time.Duration(low)
}

// plus adds durations, within what one can hold.
func plus(a, b time.Duration) time.Duration {
	sum := a + b
	switch {
	case a > 0 && b > 0 && sum < 0:
		return math.MaxInt64
	case a < 0 && b < 0 && sum >= 0:
		return math.MinInt64
	}
	return sum
}

// minus subtracts durations, within what one can hold.
func minus(a, b time.Duration) time.Duration {
	if b == math.MinInt64 {
		return plus(plus(a, math.MaxInt64), 1)
	}
	return plus(a, -b)
}
