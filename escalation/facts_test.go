package escalation

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// officeInParis is the standard policy by the hours of an office in Paris, but for what is
// critical, with a rule that reads the time and the ticket's hours.
func officeInParis() Policy {
	p := Standard()
	week := map[string][]string{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
		week[day] = []string{"09:00-12:30", "13:30-18:00"}
	}
	p.Calendars = map[string]Calendar{
		"office": {Hours: sla.Hours{Zone: "Europe/Paris", Week: week, Holidays: []string{"2026-04-06"}}},
		"night":  {Hours: sla.Hours{Zone: "Asia/Kathmandu", Week: map[string][]string{"mon": {"22:00-06:00"}, "sun": {"00:00-24:00"}}}},
	}
	p.Calendar = "office"
	p.Priorities[0].Calendar, p.Priorities[3].Calendar = "always", "night"
	p.Rules = []rules.Rule{{Name: "time", If: `now.hour == 25 or hours.open and now.month == 13`, Then: []string{`notify("manager")`}}}
	return p
}

// The facts of a later instant are those that the walk takes there if nothing happens.
func TestFactsAtAreThoseOfTheWalk(t *testing.T) {
	e := MustCompile(officeInParis(), nil)
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 41))
		pick := func(list ...string) string { return list[r.IntN(len(list))] }
		created := time.Date(2026, 3, 27, 9, 0, 0, 0, time.UTC).Add(time.Duration(r.Int64N(int64(72 * time.Hour)))) // the clocks change on the 29th
		ticket := Ticket{ID: "a", CreatedAt: created, Priority: pick("Critical", "High", "Medium", "Low", ""), Status: "New", Tier: "Tier 1"}
		when := func() time.Time { return created.Add(time.Duration(r.Int64N(int64(96 * time.Hour)))) }
		for i := range r.IntN(5) {
			ticket.Messages = append(ticket.Messages, Message{ID: fmt.Sprint(i), At: when(), From: pick("customer", "customer", "agent"), Text: "Well?"})
		}
		for range r.IntN(6) {
			c := Change{At: when(), Field: "status", To: pick("Open", "Pending", "On hold", "Resolved", "Closed")}
			if r.IntN(3) == 0 {
				c = Change{At: when(), Field: pick("priority", "tier"), To: pick("High", "Low", "Tier 2")}
			}
			ticket.Changes = append(ticket.Changes, c)
		}
		ledger := Ledger{}
		w := e.newWalk(&ticket, e.history(&ticket, &ledger, created.Add(200*time.Hour)))
		at := created
		for range 20 {
			at = at.Add(time.Duration(r.Int64N(int64(12 * time.Hour))))
			w.fastForward(at)
			f := w.facts(&w.state)
			if r.IntN(2) == 0 {
				f.setBare(&w.read[r.IntN(4)])
			}
			bare := -1
			for i := range w.read {
				if f.bare == &w.read[i] {
					bare = i
				}
			}
			then := at.Add(time.Duration(r.Int64N(int64(time.Hour) << r.IntN(12))))
			got := e.factsAt(f, then)
			later := w.state
			later.at = then
			want := w.facts(&later)
			require.Equal(t, *want.clocks, *got.clocks, "seed %d", seed)
			if bare >= 0 {
				want.setBare(&w.read[bare])
				require.Same(t, &got.clocks[bare], got.bare)
			}
			got.clocks, got.bare = want.clocks, want.bare
			require.Equal(t, want, got, "seed %d: from %v to %v", seed, at, then)
		}
	}
}

// What steps has one value up to its turn. At the turn it may have another one.
func TestTimeTurns(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Paris", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia", "Africa/Casablanca"} {
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		r := rand.New(rand.NewPCG(1, 42))
		for range 4000 {
			at := time.Date(2010+r.IntN(12), 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.Int64N(int64(366 * 24 * time.Hour)))).In(zone)
			for what, turn := range map[string]struct {
				next time.Time
				read func(time.Time) int
				most time.Duration
			}{
				"hour":  {nextOf(at, time.Hour), time.Time.Hour, time.Hour},
				"day":   {nextOf(at, 24*time.Hour), time.Time.Day, 25 * time.Hour},
				"month": {nextMonth(at), func(t time.Time) int { return int(t.Month()) }, 32 * 24 * time.Hour},
			} {
				about := fmt.Sprintf("%s after %v: %v", what, at, turn.next)
				require.True(t, turn.next.After(at), about)
				require.LessOrEqual(t, turn.next.Sub(at), turn.most, about)
				require.Equal(t, turn.read(at), turn.read(turn.next.Add(-1)), about)
				for range 10 {
					between := at.Add(time.Duration(r.Int64N(int64(turn.next.Sub(at)))))
					require.Equal(t, turn.read(at), turn.read(between), about)
				}
				if what == "month" {
					require.NotEqual(t, turn.read(at), turn.read(turn.next), about)
				}
			}
		}
	}
}

// BenchmarkNextTurn is what it takes to find the turn of one comparison, from the simplest
// to one of which rounding blurs the turn.
func BenchmarkNextTurn(b *testing.B) {
	for _, condition := range []string{
		`ticket.age > 3d`, `ticket.age > sla.resolution.target * 0.5`, `now.hour >= 22`, `hours.open`, `ticket.age * 2 > 9d`,
		`sla.resolution.elapsed > sla.resolution.remaining`, `max(ticket.age, sla.resolution.elapsed) > 3d`, `ticket.idle > ticket.age * 0.5`,
	} {
		b.Run(condition, func(b *testing.B) {
			p := officeInParis()
			p.Rules[0].If = condition
			e := MustCompile(p, nil)
			created := time.Date(2026, 3, 27, 9, 0, 0, 0, time.UTC)
			ticket := Ticket{ID: "a", CreatedAt: created, Priority: "High", Status: "New", Tier: "Tier 1", Messages: []Message{{ID: "m", At: created.Add(time.Hour), From: "customer", Text: "Well?"}}}
			w := e.newWalk(&ticket, e.history(&ticket, &Ledger{}, created.Add(2*time.Hour)))
			w.fastForward(created.Add(90 * time.Minute))
			w.look()
			if w.judge.Next(0).IsZero() {
				b.Fatal("it never turns")
			}
			b.ReportAllocs()
			for b.Loop() {
				w.judge.Next(0)
			}
		})
	}
}
