package escalation_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// monday is when the tickets of these tests are created.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// randomTicket is a ticket with everything that happens to it in `life`, also
// what nobody would do: its host has recorded it all before the engine is asked.
func randomTicket(r *rand.Rand, id string, life time.Duration) escalation.Ticket {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	// A coarse grid now and then, so that things happen at one instant.
	when := func() time.Time {
		d := time.Duration(r.Int64N(int64(life)))
		if r.IntN(3) == 0 {
			d = d.Truncate(30 * time.Minute)
		}
		return monday.Add(d)
	}
	t := escalation.Ticket{
		ID: id, Subject: pick("Invoice", "Legal question", "Cannot log in"), CreatedAt: monday,
		Priority: pick("Critical", "High", "Medium", "Low", "low", ""), Status: "New", Tier: pick("Tier 1", "Tier 2", "tier 3"),
		Customer: escalation.Customer{ID: "c", Tier: pick("", "free", "Enterprise"), VIP: r.IntN(6) == 0},
	}
	if r.IntN(2) == 0 {
		v := float64(r.IntN(20000))
		t.Customer.LTV = &v
	}
	if r.IntN(2) == 0 {
		v := float64(r.IntN(2000))
		t.RevenueImpact = &v
	}
	for i := range r.IntN(9) {
		t.Messages = append(t.Messages, escalation.Message{
			ID: fmt.Sprintf("m%d", i), At: when(), From: pick("customer", "customer", "agent", "agent", "bot"), Internal: r.IntN(5) == 0,
			Text: pick("Could you have a look?", "This is UNACCEPTABLE!!! The worst service ever.", "I am still waiting for an answer, for the third time.",
				"My lawyer will sue you.", "Thank you, that helped.", "When will this be fixed?"),
		})
	}
	slices.SortStableFunc(t.Messages, func(a, b escalation.Message) int { return a.At.Compare(b.At) })
	for range r.IntN(9) {
		c := escalation.Change{At: when(), By: pick("agent:7", "bot:3", "")}
		switch r.IntN(7) {
		case 6:
			c.Field, c.To = "agreement", pick("Gold", "Basic", "basic 2026", "")
		case 0:
			c.Field, c.To = "priority", pick("Critical", "High", "Medium", "Low")
		case 1:
			c.Field, c.To = "tier", pick("Tier 1", "Tier 2", "Tier 3")
		case 2:
			c.Field, c.To = "assignee", pick("anna", "ben", "senior agent")
		default:
			c.Field, c.To = "status", pick("Open", "Open", "Pending", "On hold", "Resolved", "Closed")
		}
		t.Changes = append(t.Changes, c)
	}
	slices.SortStableFunc(t.Changes, func(a, b escalation.Change) int { return a.At.Compare(b.At) })
	now := map[string]*string{"priority": &t.Priority, "tier": &t.Tier, "status": &t.Status, "assignee": &t.Assignee, "agreement": &t.Agreement}
	for i := range t.Changes {
		c := &t.Changes[i]
		c.From = *now[c.Field]
		*now[c.Field] = c.To
	}
	return t
}

// proposal is what must be the same however a ticket is asked.
type proposal struct {
	Key, Do, To string
	Due         time.Time
}

// ask calls Decide at each instant that next gives, as a host would that carries
// out every action and keeps the ledger.
func ask(t require.TestingT, e *escalation.Engine, ticket escalation.Ticket, until time.Time, next func(escalation.Decision) time.Time) []proposal {
	seen := map[string]proposal{}
	d := escalation.Decision{}
	now := ticket.CreatedAt
	if next == nil {
		now = until
	}
	for {
		var err error
		d, err = e.Decide(ticket, now)
		require.NoError(t, err)
		for _, a := range d.Actions {
			p := proposal{a.Key, a.Do, a.To, a.Due}
			if other, twice := seen[a.Key]; twice {
				require.Equal(t, other, p, "one key for two actions")
				require.Fail(t, "proposed twice", "%+v at %s", p, now)
			}
			seen[a.Key] = p
			require.False(t, a.Due.After(now), "an action of the future: %+v at %s", p, now)
		}
		d.Apply(&ticket)
		if !now.Before(until) {
			break
		}
		now = next(d)
		if now.IsZero() || now.After(until) {
			now = until
		}
	}
	var out []proposal
	for _, p := range seen {
		out = append(out, p)
	}
	slices.SortFunc(out, byDue)
	return out
}

// Ask once after three days, every minute, only when NextCheck says so, late, or
// in any mix: the same actions with the same keys, due at the same instants.
func TestAskWheneverYouLike(t *testing.T) {
	policies := map[string]escalation.Policy{
		"standard": escalation.Standard(), "windows": windows(), "office": office(sla.Choices{}),
		"restart": office(sla.Choices{
			OnPriorityChange: sla.ChangeRestart, OnReopen: sla.ReopenWall, FirstResponseBy: sla.AnyPublic, TierFrom: sla.FromAssignment,
			Pauses: map[sla.Metric][]sla.Category{sla.FirstResponse: {sla.Pending}, sla.NextResponse: {sla.Pending}, sla.TierResponse: {sla.OnHold}},
		}),
		"keep": office(sla.Choices{
			OnPriorityChange: sla.ChangeKeep, OnReopen: sla.ReopenNewCycle, FirstResponseBy: sla.ByAssignment, EnforcedFrom: monday.Add(5 * time.Hour),
		}),
		"frozen": office(sla.Choices{OnReopen: sla.ReopenFrozen}),
		"polled": polled(),
	}
	for name, policy := range policies {
		t.Run(name, func(t *testing.T) {
			e := escalation.MustCompile(policy, nil)
			tickets := 30
			if name == "polled" {
				tickets = 8 // each is asked at many instants
			}
			if policy.Calendar != "" {
				tickets = 15
			}
			if testing.Short() {
				tickets /= 2
			}
			total := 0
			for seed := range uint64(tickets) {
				r := rand.New(rand.NewPCG(seed, 7))
				life := time.Duration(1+r.IntN(60)) * time.Hour
				until := monday.Add(life + 20*time.Hour)
				ticket := randomTicket(r, fmt.Sprintf("T%d", seed), life)
				if policy.Calendar != "" && r.IntN(3) == 0 {
					ticket.Contract = contract(t, e)
				}
				once := ask(t, e, ticket, until, nil)
				total += len(once)
				var now time.Time
				now = monday
				minutes := ask(t, e, ticket, until, func(escalation.Decision) time.Time { now = now.Add(time.Minute); return now })
				same(t, once, minutes, fmt.Sprintf("every minute, seed %d", seed))
				checks := ask(t, e, ticket, until, func(d escalation.Decision) time.Time { return d.NextCheck })
				same(t, once, checks, fmt.Sprintf("at NextCheck, seed %d", seed))
				now = monday
				mixed := ask(t, e, ticket, until, func(d escalation.Decision) time.Time {
					switch r.IntN(3) {
					case 0:
						now = now.Add(time.Duration(r.Int64N(int64(5 * time.Hour))))
					case 1:
						now = now.Add(time.Duration(r.Int64N(int64(time.Second))))
					default:
						if d.NextCheck.After(now) {
							now = d.NextCheck
						}
					}
					return now
				})
				same(t, once, mixed, fmt.Sprintf("mixed, seed %d", seed))
				lived := live(t, e, ticket, until, r)
				same(t, once, lived, fmt.Sprintf("as it happens, seed %d", seed))
			}
			assert.Greater(t, total, tickets, "the test must see something happen")
		})
	}
}

// live is ask for a host that learns of things as they happen: each call sees the
// ticket as it was known then, with its ledger read back from JSON.
func live(t require.TestingT, e *escalation.Engine, ticket escalation.Ticket, until time.Time, r *rand.Rand) []proposal {
	var out []proposal
	for now := ticket.CreatedAt; ; now = now.Add(time.Duration(r.Int64N(int64(2 * time.Hour)))) {
		if now.After(until) {
			now = until
		}
		src, err := json.Marshal(ticket.Ledger)
		require.NoError(t, err)
		known := asOf(ticket, now)
		require.NoError(t, json.Unmarshal(src, &known.Ledger))
		d, err := e.Decide(known, now)
		require.NoError(t, err)
		for _, a := range d.Actions {
			out = append(out, proposal{a.Key, a.Do, a.To, a.Due})
		}
		d.Apply(&ticket)
		if now.Equal(until) {
			break
		}
	}
	slices.SortFunc(out, byDue)
	return out
}

// asOf is what a host knew of a ticket at an instant.
func asOf(t escalation.Ticket, now time.Time) escalation.Ticket {
	t.Messages = slices.DeleteFunc(slices.Clone(t.Messages), func(m escalation.Message) bool { return m.At.After(now) })
	for field, value := range map[string]*string{"priority": &t.Priority, "tier": &t.Tier, "status": &t.Status, "assignee": &t.Assignee, "agreement": &t.Agreement} {
		first := true
		for _, c := range t.Changes {
			switch {
			case c.Field != field:
			case !c.At.After(now):
				*value = c.To
			case first:
				*value = c.From
			}
			first = first && c.Field != field
		}
	}
	signed := func() bool {
		return slices.ContainsFunc(t.Changes, func(c escalation.Change) bool { return c.To == "basic 2026" })
	}
	later := signed()
	t.Changes = slices.DeleteFunc(slices.Clone(t.Changes), func(c escalation.Change) bool { return c.At.After(now) })
	if later && !signed() {
		t.Contract = nil // nobody hands in what is still to be signed
	}
	return t
}

func byDue(a, b proposal) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Key, b.Key)) }

// same compares what two ways of asking have proposed, and tells the first
// difference in a line.
func same(t *testing.T, want, got []proposal, how string) {
	t.Helper()
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(want):
			require.Fail(t, how, "also proposed %+v", got[i])
		case i >= len(got):
			require.Fail(t, how, "did not propose %+v", want[i])
		case want[i] != got[i]:
			require.Fail(t, how, "asked once: %+v\nasked so:   %+v", want[i], got[i])
		}
	}
}

// windows is Standard with rules that fall as well as rise with time, that repeat,
// rest and undo each other.
func windows() escalation.Policy {
	p := escalation.Standard()
	p.Rules = append(p.Rules,
		rules.Rule{Name: "window", If: `ticket.age > duration("1h") and ticket.age <= duration("2h")`, Then: []string{`add_tag("early")`}},
		rules.Rule{Name: "tagged", If: `"early" in ticket.tags and ticket.waiting > duration("90m")`, Then: []string{`notify("manager")`}, Every: 7 * time.Minute},
		rules.Rule{Name: "nearly", If: `sla.remaining < duration("20m") and sla.remaining >= duration("5m")`, Then: []string{`alert("manager")`}, Every: 3 * time.Minute},
		rules.Rule{Name: "breach", If: `sla.breached`, Then: []string{`set_priority("High")`, `add_note("breached")`}},
		rules.Rule{Name: "quiet", If: `ticket.idle >= duration("45m") or sla.resolution.paused`, Then: []string{`lower_priority("Low")`, `de_escalate("Tier 1")`}, Rest: 30 * time.Minute},
		rules.Rule{Name: "again", If: `ticket.status == "Open" and ticket.idle < duration("30m")`, Then: []string{`alert("team lead")`}, Rest: 3 * time.Hour},
		rules.Rule{Name: "trial", If: `sla.resolution.elapsed > duration("1h")`, Then: []string{`escalate("Tier 4")`}, Mode: rules.Observe},
		rules.Rule{Name: "done", If: `not ticket.open`, Then: []string{`add_note("solved")`}, Closed: true, Every: 5 * time.Hour},
		rules.Rule{Name: "open", If: `hours.open and ticket.waiting > 30m`, Then: []string{`add_tag("open")`, `notify("manager")`}, Rest: time.Hour},
		rules.Rule{Name: "late shift", If: `(now.hour >= 17 or now.hour < 6) and ticket.priority in ["Critical", "High"]`, Then: []string{`alert("manager")`}},
		rules.Rule{Name: "idle for most of its life", If: `ticket.idle > ticket.age * 0.6 and ticket.age > 1h`, Then: []string{`notify("team lead")`}},
		rules.Rule{Name: "was answered for long", If: `ticket.age - ticket.waiting > 2h`, Then: []string{`add_tag("answered")`, `notify("manager")`}},
		rules.Rule{Name: "whichever is longer", If: `max(ticket.idle, ticket.waiting) > 3h or ticket.age > sla.resolution.target * 1.5`, Then: []string{`alert("team lead")`}, Every: 2 * time.Hour},
	)
	return p
}

// contract is one that no policy holds; the log of some tickets names it.
func contract(t *testing.T, e *escalation.Engine) *escalation.Contract {
	c, err := e.Contract(escalation.Agreement{
		Name: "Basic 2026", Terms: escalation.Terms{Calendar: "sun", Choices: sla.Choices{OnPriorityChange: sla.ChangeRestart}},
		Priorities: []escalation.Priority{{Name: "High", FirstResponse: sla.Within(25 * time.Minute), Resolution: sla.Within(5 * time.Hour)}},
	})
	require.NoError(t, err)
	return c
}

// office is windows with opening hours, which are not those of Critical tickets and
// of Tier 2, and with two agreements.
func office(choices sla.Choices) escalation.Policy {
	p := windows()
	week := map[string][]string{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
		week[day] = []string{"09:00-12:30", "13:30-17:00"}
	}
	p.Calendars = map[string]escalation.Calendar{
		"paris":  {Hours: sla.Hours{Zone: "Europe/Paris", Week: week, Holidays: []string{"2026-03-04"}}},
		"tokyo":  {Hours: sla.Hours{Zone: "Asia/Tokyo", Week: week}},
		"nights": {Hours: sla.Hours{Week: map[string][]string{"mon": {"20:00-04:00"}, "tue": {"20:00-04:00"}, "thu": {"20:00-04:00"}}}},
		"sun":    {Union: []string{"paris", "tokyo"}},
	}
	p.Calendar, p.Choices = "paris", choices
	p.Warnings = []sla.Threshold{{Fraction: 0.5}, {Left: 10 * time.Minute}}
	p.Priorities[0].Calendar, p.Priorities[3].Calendar, p.Tiers[1].Calendar = "always", "sun", "nights"
	p.Agreements = []escalation.Agreement{
		{
			Name: "Gold", CustomerTiers: []string{"enterprise"}, Terms: escalation.Terms{Calendar: "always"},
			Priorities: []escalation.Priority{{Name: "High", FirstResponse: sla.Within(10 * time.Minute), Resolution: sla.Within(2 * time.Hour)}},
		},
		{Name: "Basic", Terms: escalation.Terms{Calendar: "nights"}, Priorities: []escalation.Priority{{Name: "Low"}, {Name: "Medium", Resolution: sla.Within(30 * time.Hour)}}},
	}
	return p
}

// polled has rules whose turns nobody can compute.
func polled() escalation.Policy {
	p := escalation.Standard()
	most := rule("quiet for most of its life", `ticket.idle > ticket.age - 30m and ticket.age > 2h`, `alert("manager")`)
	most.Poll, most.Every = 17*time.Minute, 5*time.Hour
	waits := rule("waits for most of its life", `ticket.waiting + 2h > ticket.age and ticket.waiting > 1h`, `add_tag("waits")`)
	waits.Poll = 45 * time.Minute
	p.Rules = append(p.Rules, most, waits)
	return p
}
