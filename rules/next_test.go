package rules_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A comparison turns exactly at Next: it has not a nanosecond before.
func TestNextIsExact(t *testing.T) {
	levels := map[string][]string{
		"ticket.age":      {`duration("1ns")`, `duration("2h")`, `duration("2h1ns")`, `duration("3d")`, `-duration("1h")`},
		"clock.elapsed":   {`duration("2h30m")`},
		"clock.remaining": {`duration("1h")`, `duration("1h7ns")`, `duration("1ns")`, `-duration("1ns")`, `-duration("2d")`, `duration("9h")`},
		"clock.used":      {`0.5`, `0.8`, `1`, `param.share`, `0.1`, `1.0000000000000002`, `33.333333333333336`, `-1`, `0.6666666666666`},
		"clock.left":      {`0.2`, `0`, `-0.1`, `-param.share`, `-33.333333333333336`, `0.99`, `-2.5e-13`},
	}
	mirror := map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<="}
	turned, never := 0, 0
	for fact, list := range levels {
		for _, level := range list {
			for op, mirrored := range mirror {
				for _, condition := range []string{
					fmt.Sprintf("%s %s %s", fact, op, level), fmt.Sprintf("%s %s %s", level, mirrored, fact),
					fmt.Sprintf("customer.vip and (ticket.contacts > 9 or %s %s %s)", fact, op, level),
				} {
					j := judge(t, condition, sample())
					now := holds(t, condition, sample())
					next := j.Next(0)
					if next.IsZero() {
						never++
						for _, later := range []time.Duration{1, time.Hour, 5 * time.Hour, 900 * time.Hour} {
							assert.Equal(t, now, holds(t, condition, sample().at(sample().now.Add(later))), "%s %v", condition, later)
						}
						continue
					}
					turned++
					assert.True(t, next.After(sample().now), condition)
					assert.Equal(t, now, holds(t, condition, sample().at(next.Add(-1))), "%s: a step before", condition)
					assert.NotEqual(t, now, holds(t, condition, sample().at(next)), "%s: at %v", condition, next.Sub(created))
				}
			}
		}
	}
	assert.Greater(t, turned, 100)
	assert.Greater(t, never, 20)
}

func TestNext(t *testing.T) {
	at := func(age time.Duration) time.Time { return created.Add(age) }
	for condition, want := range map[string]time.Time{
		`ticket.contacts > 3`:                           {},
		`known(ticket.age)`:                             {},
		`ticket.age >= duration("3h")`:                  at(3 * time.Hour),
		`ticket.age > duration("3h")`:                   at(3*time.Hour + 1),
		`not (ticket.age > duration("3h"))`:             at(3*time.Hour + 1),
		`clock.breached`:                                at(target + 1),
		`clock.breached == false`:                       at(target + 1),
		`duration("1h") < ticket.age <= duration("4h")`: at(4*time.Hour + 1),
		`ticket.age >= duration("5h") or clock.remaining < duration("30m")`:        at(target - 30*time.Minute + 1),
		`clock.remaining <= -duration("1h") and ticket.age > duration("1h")`:       at(target + time.Hour),
		`customer.vip ? ticket.age > duration("8h") : ticket.age > duration("3h")`: at(3*time.Hour + 1),
		`ticket.age > duration("1h")`:                                              {}, // it is, for good
	} {
		assert.Equal(t, want, judge(t, condition, sample()).Next(0), condition)
	}
	assert.Zero(t, judge(t, `clock.used > 0.8`, unknown()).Next(0), "a clock that is not known does not move")
}

// Between now and Next nothing turns, however the comparisons are combined.
func TestNextIsNeverLate(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	minutes := func() string { return fmt.Sprintf(`duration("%dm")`, 1+random.IntN(300)) }
	var clause func(depth int) string
	clause = func(depth int) string {
		if depth > 0 && random.IntN(3) > 0 {
			return "(" + clause(depth-1) + pick(" and ", " or ", " || ", " && ") + clause(depth-1) + ")"
		}
		op := pick("<", "<=", ">", ">=")
		switch random.IntN(7) {
		case 0:
			return "ticket.age " + op + " " + minutes()
		case 1:
			return minutes() + " " + op + " clock.elapsed"
		case 2:
			return "clock.remaining " + op + " " + pick("", "-") + minutes()
		case 3:
			return fmt.Sprintf("clock.used %s %.2f", op, 2*random.Float64())
		case 4:
			return fmt.Sprintf("clock.left %s %.2f", op, 1-2*random.Float64())
		case 5:
			return pick("not (", "!(") + "ticket.age " + op + " " + minutes() + ")"
		}
		return pick("clock.breached", "clock.breached == false", "ticket.open", "not ticket.open", "ticket.contacts > 3")
	}
	runs := 300
	if testing.Short() {
		runs = 40
	}
	for range runs {
		condition := clause(3)
		j := compile(t, condition).Judge()
		is := func(f facts) bool {
			j.Look(f)
			got, err := j.Holds(0)
			require.NoError(t, err)
			return got
		}
		f := sample().at(created.Add(time.Duration(random.Int64N(int64(2 * time.Hour)))))
		for steps := 0; ; steps++ {
			require.Less(t, steps, 50, "too many turns: %s", condition)
			now := is(f)
			next := j.Next(0)
			end := next
			if next.IsZero() {
				end = f.now.Add(10 * time.Hour)
			}
			for instant := f.now; instant.Before(end); instant = instant.Add(time.Minute + time.Duration(random.Int64N(1e9))) {
				require.Equal(t, now, is(f.at(instant)), "%s: at %v, though the turn after %v is %v", condition, instant.Sub(created), f.now.Sub(created), end.Sub(created))
			}
			require.Equal(t, now, is(f.at(end.Add(-1))), "%s: a step before %v", condition, end.Sub(created))
			if next.IsZero() {
				break
			}
			f = f.at(next)
		}
	}
}

// Text of a condition that cannot be scheduled never gets that far.
func TestOnlyScheduledShapesMove(t *testing.T) {
	for _, shape := range []string{`ticket.age == %s`, `ticket.age != %s`, `ticket.age in [%s]`, `ticket.age + %[1]s > %[1]s`} {
		err := refused(fmt.Sprintf(strings.ReplaceAll(shape, "%s", "%[1]s"), `duration("1h")`))
		require.ErrorContains(t, err, "ticket.age changes with time")
	}
}
