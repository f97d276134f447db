package rules_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/rules"
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

// What turns when, of all the shapes that can be solved. The ticket is two hours old; a
// person last did something half an hour after its creation at 9 on a Monday, and the
// customer has waited since 10. The desk counts from 9 to 17 each day.
func TestNextOfOtherShapes(t *testing.T) {
	at := func(age time.Duration) time.Time { return created.Add(age) }
	const m, h = time.Minute, time.Hour
	for condition, want := range map[string]time.Time{
		// A fact beside what does not move: a promise, a part of it, a sum, a branch, a let.
		`ticket.age > clock.target`:                                                 at(target + 1),
		`ticket.age >= clock.target`:                                                at(target),
		`clock.target * 0.5 > ticket.age`:                                           {},
		`ticket.age > clock.target * 0.9`:                                           at(9720000000006 + 1), // 9720000000006.3 ns, rounded
		`ticket.age > clock.target / 2 + 1h`:                                        at(9000000000004 + 1), // 5400000000003.5 is rounded up
		`ticket.age > 80 * 2m`:                                                      at(160*m + 1),
		`ticket.age > ticket.effort + 45m`:                                          at(135*m + 1),
		`clock.used > 9 / 10`:                                                       at(9720000000007), // 0.9 of it are 9720000000006.3
		`ticket.age > (ticket.priority == "High" ? 3h : 8h)`:                        at(3*h + 1),
		`let limit = customer.vip ? 150m : 8h; ticket.idle > limit`:                 at(3*h + 1),
		`let a = ticket.age; a > 3h`:                                                at(3*h + 1),
		`let a = 1h; let b = a + a; let c = b + a; ticket.age >= c and ticket.open`: at(3 * h),
		`if customer.vip { ticket.age > 4h } else { ticket.age > 3h }`:              at(3*h + 1), // early: which branch counts is not asked where it need not be
		`2h < ticket.age < ticket.effort * 3`:                                       at(2*h + 1),
		// Dates.
		`now >= date("2026-12-24")`:                         time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC),
		`now > date("2026-12-24T18:00:00+01:00")`:           time.Date(2026, 12, 24, 17, 0, 0, 1, time.UTC),
		`date("2026-01-01") > now`:                          {},
		`now - date("2026-03-01") > 36h`:                    at(3*h + 1),
		`date("2026-03-03") - now < 10h`:                    at(5*h + 1),
		`now + 2d > date("2026-03-05T00:00:00Z")`:           at(15*h + 1),
		`max(now, date("2026-03-05")) > date("2026-03-04")`: {},
		`max(now, date("2026-03-03")) > date("2026-03-04")`: at(39*h + 1),
		// What moves, made more or less of.
		`ticket.age + 1h > 4h`:                  at(3*h + 1),
		`4h - ticket.age <= 1h`:                 at(3 * h),
		`ticket.age * 2 > 5h`:                   at(150*m + 1),
		`2.5 * ticket.age >= 10h`:               at(4 * h),
		`ticket.age / 2 > 90m`:                  at(3*h + 1), // 90m and half a nanosecond are rounded up
		`ticket.age * -1 < -3h`:                 at(3*h + 1),
		`ticket.age * ticket.contacts > 9h`:     at(3*h + 1),
		`ticket.age / 1h >= 3`:                  at(3 * h),
		`int(ticket.age / 1h) >= 3`:             at(3 * h),
		`round(ticket.age / 1h) >= 3`:           at(150 * m),
		`ceil(ticket.age / 1h) > 2`:             at(2*h + 1),
		`clock.used * 3h > 150m`:                at(9000000000007), // at ..006 it is 150m, rounded
		`max(ticket.idle, ticket.waiting) > 3h`: at(210*m + 1),
		`min(ticket.age, desk.elapsed) > 9h`:    at(25*h + 1),
		`max(ticket.age, 150m) > 160m`:          at(160*m + 1),
		// Two that move.
		`ticket.age - ticket.waiting > 2h`:         {}, // both go on
		`ticket.age + ticket.waiting > 4h`:         at(150*m + 1),
		`ticket.waiting * 2 > ticket.age`:          at(2*h + 1),
		`ticket.waiting >= ticket.age * 0.75`:      at(4*h - 1),        // 3h less 1.75 ns, rounded
		`ticket.age > clock.remaining * 2`:         at(2*h + 5),        // 1h and 7 ns remain, less and less
		`ticket.age * 0.5 > clock.remaining`:       at(2*h + 5),        // 1h and 2.5 ns, rounded up, and 1h and 2 ns
		`desk.remaining < ticket.age * 2`:          at(5*h + 20*m + 4), // 32/3 h, and a third of 11 ns
		`desk.elapsed > desk.remaining`:            at(24*h + 6),
		`desk.elapsed + desk.elapsed / 2 > 13h30m`: at(25*h + 1),
		// What steps.
		`now.hour >= 17`:                                          at(8 * h),
		`now.hour in 9..16`:                                       at(8 * h),
		`desk.open`:                                               at(8 * h),
		`not desk.open`:                                           at(8 * h),
		`now.weekday == "Wednesday"`:                              at(39 * h),
		`now.weekday in ["Saturday", "Sunday"]`:                   at((5*24 - 9) * h),
		`now.hour == 25`:                                          at(203 * h), // so many turns are looked at, and no more
		`(now.hour >= 22 or now.hour < 6) == true`:                at(13 * h),
		`any(["Monday", "Friday"], # == now.weekday)`:             at(15 * h),
		`max(now.hour, 20) > 21`:                                  at(13 * h),
		`ticket.age > (desk.open ? 12h : 10h)`:                    at(10*h + 1), // from 17 on it is 10h
		`ticket.age > (desk.open ? 12h : 7h)`:                     at(8 * h),
		`ticket.age > now.hour * 1h`:                              at(15 * h), // at midnight: from 0h on
		`(ticket.age > 3h) == (ticket.idle > 3h)`:                 at(3*h + 1),
		`(ticket.age > 3h ? ticket.idle : ticket.waiting) > 150m`: at(3*h + 1),
		`(ticket.age > 3h ? 20h : 1h) > ticket.age * 2`:           at(3*h + 1),
		`let late = ticket.age > 3h; late and desk.open`:          at(3*h + 1),
	} {
		assert.Equal(t, want, judge(t, condition, sample()).Next(0), condition)
	}
}

// Where nobody knows the facts of a later instant, a fact beside what does not move can be
// solved, and nothing else.
func TestNextWithoutAt(t *testing.T) {
	v := vocabulary()
	v.At = nil
	for condition, want := range map[string]time.Time{
		`ticket.age > clock.target * 0.5 + 2h`: created.Add(3*time.Hour + time.Hour/2 + 5),
		`now.hour >= 17`:                       created.Add(3 * time.Hour), // the next turn of the hour
	} {
		set, err := rules.Compile(conditional(condition), v)
		require.NoError(t, err)
		j := set.Judge()
		j.Look(sample())
		assert.Equal(t, want, j.Next(0), condition)
	}
	_, err := rules.Compile(conditional(`ticket.age * 2 > 3h`), v)
	assert.ErrorContains(t, err, "ticket.age changes with time, so it can only be compared (<, <=, >, >=) by itself with what does not")
}

// What is refused is allowed where the rule looks every so often anyway.
func TestAnyShapeMayPoll(t *testing.T) {
	for _, condition := range []string{`ticket.age == 1h`, `ticket.age > desk.elapsed`, `any(ticket.tags, ticket.age > 1h)`, `clock.used ** 2 > 1`, `abs(clock.used - 1) > 0.5`} {
		r := conditional(condition, `ticket.age > 3h`)
		r[0].Poll = time.Hour
		set, err := rules.Compile(r, vocabulary())
		require.NoError(t, err)
		j := set.Judge()
		j.Look(sample())
		assert.Zero(t, j.Next(0), condition)
		assert.False(t, set.Moves(0))
	}
	r := conditional(`ticket.age > 3h`, `ticket.age > 3h`)
	r[0].Poll = time.Hour
	set, err := rules.Compile(r, vocabulary())
	require.NoError(t, err)
	j := set.Judge()
	j.Look(sample())
	assert.Equal(t, created.Add(3*time.Hour+1), j.Next(1), "a rule that polls takes no turn from another")
}

// movers writes random conditions of what changes with time; not all can be solved.
type movers struct{ *rand.Rand }

func (w movers) pick(of ...string) string { return of[w.IntN(len(of))] }

func (w movers) span(depth int) string {
	if depth == 0 || w.IntN(4) == 0 {
		return w.pick("ticket.age", "ticket.idle", "ticket.waiting", "desk.elapsed", "desk.remaining", "clock.elapsed", "clock.remaining", "clock.target", "ticket.effort",
			fmt.Sprintf("%dm", 1+w.IntN(600)), fmt.Sprintf("%dm%dns", 1+w.IntN(600), w.IntN(9)), `(now - date("2026-03-02"))`, `(date("2026-03-02T17:30:00Z") - now)`)
	}
	d := w.span(depth - 1)
	switch w.IntN(9) {
	case 0, 1:
		return "(" + d + w.pick(" + ", " - ") + w.span(depth-1) + ")"
	case 2, 3:
		return "(" + d + w.pick(" * 2", " * -3", " * 0.3", " * 0.1", " / 3", " * 1.5", " * ticket.contacts", " / 0.7", " * customer.ltv") + ")"
	case 4:
		return w.pick("max(", "min(") + d + ", " + w.span(depth-1) + ")"
	case 5:
		return "(" + w.condition(depth-1) + " ? " + d + " : " + w.span(depth-1) + ")"
	case 6:
		return w.number(depth-1) + " * " + fmt.Sprintf("%dm", 1+w.IntN(600))
	}
	return d
}

func (w movers) number(depth int) string {
	if depth == 0 || w.IntN(3) == 0 {
		return w.pick("clock.used", "clock.left", "desk.used", "now.hour", "ticket.contacts", fmt.Sprintf("%.2f", 2*w.Float64()), fmt.Sprintf("%d", w.IntN(20)))
	}
	x := w.number(depth - 1)
	switch w.IntN(6) {
	case 0:
		return "(" + x + w.pick(" + ", " - ", " * ") + w.number(depth-1) + ")"
	case 1:
		return w.pick("int", "floor", "round", "ceil", "float") + "(" + x + " * 10)"
	case 2:
		return "-" + x
	case 3:
		return "(" + w.span(depth-1) + " / " + w.pick("1h", "7m", "clock.target") + ")"
	case 4:
		return w.pick("max", "min") + "(" + x + ", " + w.number(depth-1) + ")"
	}
	return x
}

func (w movers) condition(depth int) string {
	op := w.pick(" < ", " <= ", " > ", " >= ")
	switch w.IntN(12) {
	case 0:
		return w.pick("desk.open", "now.hour == 12", `now.weekday == "Tuesday"`, "now.hour in 13..15", "clock.breached", "customer.vip", "ticket.waiting > 1ns")
	case 1:
		return "(" + w.number(depth) + op + w.number(depth) + ")"
	case 2:
		return "now" + op + w.pick(`date("2026-03-02T13:00:00Z")`, `date("2026-03-03")`, `(now - ticket.age + 4h)`, `(now + 1h - `+w.span(max(0, depth-1))+")")
	case 3:
		if depth > 0 {
			return "((" + w.condition(depth-1) + ") " + w.pick("==", "!=", "and", "or") + " (" + w.condition(depth-1) + "))"
		}
	case 4:
		if depth > 0 {
			return "(let a" + fmt.Sprint(depth) + " = " + w.span(depth-1) + "; a" + fmt.Sprint(depth) + op + w.span(depth-1) + ")"
		}
	}
	return "(" + w.span(depth) + op + w.span(depth) + ")"
}

// facts makes up a ticket whose clocks do all that they can.
func (w movers) facts() facts {
	f := sample()
	f.idleSince = created.Add(time.Duration(w.Int64N(int64(2 * time.Hour))))
	if f.askedAt = f.idleSince.Add(-time.Duration(w.IntN(60))); w.IntN(3) == 0 {
		f.askedAt = time.Time{}
	}
	if w.IntN(4) == 0 {
		f.deskStopped = created.Add(time.Hour)
	}
	f.Ticket.Contacts, f.Customer.VIP = w.IntN(7)-3, w.IntN(2) == 0
	f.Customer.LTV = []float64{0, 0.5, -1.3, 1e3}[w.IntN(4)]
	return f.at(created.Add(2*time.Hour + time.Duration(w.Int64N(int64(30*time.Hour)))))
}

// checkNext follows a condition from turn to turn. Between two of them nothing turns, and
// of one clause each is a turn. It reports how many there were.
func checkNext(t *testing.T, w movers, condition string) (turns int, ok bool) {
	set, err := rules.Compile(conditional(condition), vocabulary())
	if err != nil {
		for _, e := range err.(rules.Errors) {
			require.Equal(t, rules.TimeShape, e.Code, "%s: %v", condition, e)
		}
		return 0, false
	}
	j := set.Judge()
	is := func(f facts) rules.Truth {
		j.Look(f)
		truth, err := j.Truth(0)
		require.NoError(t, err)
		return truth
	}
	f := w.facts()
	for range 12 {
		about := func() string { return fmt.Sprintf("%s\nfrom %v: %+v", condition, f.now.Sub(created), f) }
		now := is(f)
		next := j.Next(0)
		end := next
		if next.IsZero() {
			end = f.now.Add(3 * 365 * day)
		}
		require.True(t, end.After(f.now), about())
		length := end.Sub(f.now)
		for range 60 {
			by := time.Duration(w.Int64N(int64(length)))
			if w.IntN(3) == 0 {
				by = min(by, time.Duration(w.Int64N(int64(60*time.Hour))))
			}
			require.Equal(t, now, is(f.at(f.now.Add(by))), "after %v, though the next turn is after %v: %s", by, length, about())
		}
		for by := range time.Duration(40) {
			require.Equal(t, now, is(f.at(f.now.Add(min(by, length-1)))), "after %v: %s", by, about())
			require.Equal(t, now, is(f.at(f.now.Add(max(0, length-1-by)))), "%v before the turn: %s", by+1, about())
		}
		if next.IsZero() {
			return turns, true
		}
		if is(f.at(next)) != now {
			turns++
		}
		f = f.at(next)
	}
	return turns, true
}

func TestNextIsTheNextTurn(t *testing.T) {
	runs := 6000
	if testing.Short() {
		runs = 500
	}
	solved, turns := 0, 0
	for seed := range uint64(runs) {
		w := movers{rand.New(rand.NewPCG(seed, 21))}
		condition := w.condition(w.IntN(4))
		n, ok := checkNext(t, w, condition)
		if turns += n; ok {
			solved++
		}
	}
	t.Logf("%d of %d could be solved, %d turns", solved, runs, turns)
	require.Greater(t, solved, runs/3)
	require.Greater(t, turns, runs/2)
}

func FuzzNext(f *testing.F) {
	f.Add(uint64(1), uint8(1))
	f.Fuzz(func(t *testing.T, seed uint64, depth uint8) {
		w := movers{rand.New(rand.NewPCG(seed, 22))}
		checkNext(t, w, w.condition(int(depth%4)))
	})
}
