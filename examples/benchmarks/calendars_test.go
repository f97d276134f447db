package main

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestBothGiveOneAnswer: what is compared is the same work. (The other library adds
// the hours of a day to its midnight; the clocks change on a Sunday, when nobody works.)
func TestBothGiveOneAnswer(t *testing.T) {
	c, them := ours(), theirs(true)
	r := rand.New(rand.NewPCG(1, 2))
	for range 5_000 {
		from := opened().Add(time.Duration(r.Int64N(int64(3 * 365 * 24 * time.Hour)))).Truncate(time.Second)
		d := time.Duration(1+r.IntN(2_000*3600)) * time.Second
		want := them.AddWorkHours(from, d)
		if got := c.Add(from, d); !got.Equal(want) {
			t.Fatalf("%s + %s: %s, theirs %s", from, d, got, want)
		}
		if got, want := c.Between(from, want), them.WorkHoursInRange(from, want); got != want {
			t.Fatalf("from %s on: %s, theirs %s", from, got, want)
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	c, cached, from := ours(), theirs(true), opened()
	for _, d := range spans {
		b.Run("escalade/"+d.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = c.Add(from, d)
			}
		})
		b.Run("rickar/"+d.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = cached.AddWorkHours(from, d)
			}
		})
	}
}
