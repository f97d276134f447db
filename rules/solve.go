package rules

import (
	"math"
	"time"

	"github.com/expr-lang/expr/vm"
)

// The bounds of the search for a turn.
const (
	// horizon is how far ahead one is looked for: a hundred years.
	horizon = 36525 * 24 * time.Hour
	// maxTurns is how many turns of facts that step are looked at before one at which
	// nothing may come of it is told all the same.
	maxTurns = 200
	// maxScan is how many nanoseconds are looked at one by one.
	maxScan = 200
)

// Next returns the first instant after that of the facts at which a clause of rule i may
// turn, if time passes and nothing else happens; zero for never, and for what is more
// than a hundred years away. It never is late. Of a rule that polls it knows none.
func (j *Judge[F]) Next(i int) time.Time {
	return j.next(&j.set.rules[i].when)
}

func (j *Judge[F]) next(c *cond[F]) time.Time {
	if c.leaf != nil {
		return j.turn(c.leaf)
	}
	var first time.Time
	for k := range c.kids {
		if kid := &c.kids[k]; kid.leaf == nil || kid.leaf.moves() {
			first = sooner(first, j.next(kid))
		}
	}
	return first
}

// sooner returns the earlier of two instants of which zero is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// turn returns the first instant at which a clause may turn.
func (j *Judge[F]) turn(leaf *clause[F]) time.Time {
	if !leaf.moves() {
		return time.Time{}
	}
	for _, f := range leaf.needs {
		if f.Turns == nil && !f.Known(&j.f) {
			return time.Time{} // the clause is unknown, whatever moves in it
		}
	}
	first := j.soonest(leaf)
	if len(leaf.turns)+len(leaf.crossings) == 0 || j.set.vocabulary.At == nil {
		return first
	}
	// At a turn of a part the clause need not turn.
	now, env := j.f, j.env
	var failed error
	is := j.truth(&cond[F]{leaf: leaf}, &failed)
	for n := 0; n < maxTurns && !first.IsZero(); n++ {
		j.Look(j.set.vocabulary.At(now, first))
		if j.truth(&cond[F]{leaf: leaf}, &failed) != is {
			break
		}
		next := j.soonest(leaf)
		if !next.IsZero() && !next.After(first) {
			break // a vocabulary that goes round in circles
		}
		first = next
	}
	j.f, j.env = now, env
	return first
}

// soonest returns the first instant at which a part of a clause turns.
func (j *Judge[F]) soonest(leaf *clause[F]) time.Time {
	var first time.Time
	for i := range leaf.motions {
		m := &leaf.motions[i]
		level := m.level
		if m.value != nil {
			value, err := j.vm.Run(m.value, j.boxed())
			if err != nil {
				continue
			}
			var ok bool
			if level, ok = stepped(value, m.step); !ok {
				continue
			}
		}
		first = sooner(first, m.fact.When(&j.f, level))
	}
	for _, f := range leaf.turns {
		first = sooner(first, f.Turns(&j.f))
	}
	for i := range leaf.crossings { // its parts may change at what is known so far
		first = sooner(first, j.cross(&leaf.crossings[i], first))
	}
	return first
}

// A search looks for the turn of one comparison, from some facts on.
type search[F any] struct {
	*Judge[F]
	crossing *crossing[F]
	from     F
	now, end time.Time // the end included
}

// cross returns the first instant before another one (zero for never) at which a
// comparison turns.
func (j *Judge[F]) cross(c *crossing[F], before time.Time) time.Time {
	s := search[F]{j, c, j.f, j.set.vocabulary.Now(&j.f), time.Time{}}
	far := time.Duration(horizon)
	if c.meet {
		far = time.Duration(float64(far) / (1 + c.gain))
	}
	s.end = s.now.Add(far)
	cut := !before.IsZero() && !before.After(s.end)
	if cut {
		s.end = before.Add(-1)
	}
	if !s.end.After(s.now) {
		return time.Time{}
	}
	if c.meet && c.noise > 0 {
		return s.rough(cut)
	}
	is := s.holds(s.now)
	if s.holds(s.end) == is {
		if !cut && c.meet && s.nears() {
			return s.end
		}
		return time.Time{}
	}
	guess, _ := s.guess()
	return s.first(guess, func(t time.Time) bool { return s.holds(t) != is })
}

// at is the environment of programs at an instant.
func (s *search[F]) at(t time.Time) F {
	if t.Equal(s.now) {
		return s.from
	}
	return s.set.vocabulary.At(s.from, t)
}

func (s *search[F]) holds(t time.Time) bool {
	out, _ := s.vm.Run(s.crossing.holds, s.at(t)) // what cannot be told does not hold
	holds, _ := out.(bool)
	return holds
}

// gap is the difference of the two sides, and the reading that it is affine in.
func (s *search[F]) gap(t time.Time) (gap float64, reading any, f F, ok bool) {
	f = s.at(t)
	gap, ok = s.run(s.crossing.gap, f)
	return gap, s.reading(f), f, ok
}

func (s *search[F]) run(program *vm.Program, f F) (float64, bool) {
	out, err := s.vm.Run(program, f)
	if err != nil {
		return 0, false
	}
	switch x := out.(type) {
	case time.Duration:
		return float64(x), true
	case int:
		return float64(x), true
	case float64:
		return x, !math.IsNaN(x) && !math.IsInf(x, 0)
	}
	return 0, false
}

// reading is the value of the fact in whose readings the gap is affine.
func (s *search[F]) reading(f F) any {
	fact := s.crossing.fact
	return valueIn(f, s.set.fields[fact], fact)
}

// ahead is a reading further on, by so much in the unit of the fact.
func ahead(reading any, by float64, falls bool) any {
	if falls {
		by = -by
	}
	switch x := reading.(type) {
	case time.Duration:
		return plus(x, saturated(by))
	case time.Time:
		return x.Add(saturated(by))
	case float64:
		return x + by
	}
	return nil
}

func saturated(by float64) time.Duration {
	return times(1, by)
}

// distance is how much a fact has gone on from one reading to another.
func passed(from, to any) float64 {
	switch x := from.(type) {
	case time.Duration:
		return math.Abs(float64(minus(to.(time.Duration), x)))
	case time.Time:
		return math.Abs(float64(to.(time.Time).Sub(x)))
	case float64:
		return math.Abs(to.(float64) - x)
	}
	return 0
}

// guess says where the gap is closed, going by its slope; zero if it cannot tell.
func (s *search[F]) guess() (time.Time, bool) {
	fact := s.crossing.fact
	if s.crossing.gap == nil {
		return time.Time{}, false
	}
	gap, reading, f, ok := s.gap(s.now)
	if !ok {
		return time.Time{}, false
	}
	unit := float64(24 * time.Hour)
	if _, number := reading.(float64); number {
		unit = 1
	}
	next := fact.When(&f, ahead(reading, unit, fact.Falls))
	if next.IsZero() {
		return time.Time{}, false
	}
	then, further, _, ok := s.gap(next)
	if !ok || then == gap {
		return time.Time{}, false
	}
	by := passed(reading, further) * gap / (gap - then)
	if !(by > 0) || math.IsInf(by, 0) {
		return time.Time{}, false
	}
	return fact.When(&f, ahead(reading, by, fact.Falls)), true
}

// first returns the first instant at which something is so that is not now, and stays so
// up to the end. It looks around the guess first.
func (s *search[F]) first(guess time.Time, so func(time.Time) bool) time.Time {
	low, high := s.now, s.end // not so at low, so at high
	if guess.After(low) && guess.Before(high) {
		if so(guess) {
			high = guess
			for by := time.Duration(1); by > 0; by *= 16 {
				t := guess.Add(-by)
				if !t.After(low) {
					break
				}
				if !so(t) {
					low = t
					break
				}
				high = t
			}
		} else {
			low = guess
			for by := time.Duration(1); by > 0; by *= 16 {
				t := guess.Add(by)
				if !t.Before(high) {
					break
				}
				if so(t) {
					high = t
					break
				}
				low = t
			}
		}
	}
	for high.Sub(low) > 1 {
		if middle := low.Add(high.Sub(low) / 2); so(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

// nears reports whether the gap is smaller at the end than now.
func (s *search[F]) nears() bool {
	if s.crossing.gap == nil {
		return true
	}
	now, _, _, _ := s.gap(s.now)
	then, _, _, _ := s.gap(s.end)
	return math.Abs(then) < math.Abs(now)
}

// rough finds the turn of a comparison of two sides that go the same way and are rounded:
// near the turn it may go to and fro. The gap is affine but for its noise, so far from
// zero it turns nothing; from where that ends each nanosecond is looked at, and if it
// takes too many, the last is told.
func (s *search[F]) rough(cut bool) time.Time {
	c := s.crossing
	band := 4*c.noise + 4
	is := s.holds(s.now)
	gap, _, _, _ := s.gap(s.now)
	near := func(t time.Time) bool {
		then, _, _, _ := s.gap(t)
		return math.Abs(then) <= band || (then > 0) != (gap > 0)
	}
	t := s.now
	if !near(t) {
		if !near(s.end) {
			if !cut && s.nears() {
				return s.end
			}
			return time.Time{}
		}
		guess, _ := s.guess()
		t = s.first(guess, near)
	} else {
		t = t.Add(1)
	}
	for range maxScan {
		if t.After(s.end) {
			return time.Time{}
		}
		if s.holds(t) != is {
			return t
		}
		f := s.at(t)
		next := c.fact.When(&f, ahead(s.reading(f), 1, c.fact.Falls))
		if next.IsZero() {
			return time.Time{} // it stands still from here on
		}
		if t = t.Add(1); next.Sub(t) > time.Microsecond {
			t = next
		}
	}
	return t
}
