package escalation_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// nights is Standard() with quiet hours: from 22:00 to 07:00, and on the weekend. It
// tells the manager of each message.
func nights(change ...func(*escalation.Policy)) escalation.Policy {
	p := escalation.Standard()
	p.QuietHours = &escalation.QuietHours{Hours: sla.Hours{Week: map[string][]string{
		"mon": {"22:00-07:00"}, "tue": {"22:00-07:00"}, "wed": {"22:00-07:00"}, "thu": {"22:00-07:00"},
		"fri": {"22:00-07:00"}, "sat": {"07:00-24:00"}, "sun": {"00:00-22:00", "22:00-07:00"},
	}}}
	p.Rules = []rules.Rule{{Name: "mail", If: `true`, Per: "message", Then: []string{`notify("manager")`}}}
	for _, c := range change {
		c(&p)
	}
	return p
}

// bypassing makes some priorities go through, none if there are none.
func bypassing(priorities ...string) func(*escalation.Policy) {
	return func(p *escalation.Policy) { p.QuietHours.Bypass = append([]string{}, priorities...) }
}

// delivers tells of each notice when it was due and when it is delivered.
func (a answer) delivers(lines ...string) answer {
	a.t.Helper()
	got := []string{}
	for _, x := range a.Actions {
		switch {
		case x.DeliverAt.IsZero():
		case x.DeliverAt.Equal(x.Due):
			got = append(got, fmt.Sprintf("%s to %s at once", clock(x.Due), x.To))
		default:
			got = append(got, fmt.Sprintf("%s to %s at %s", clock(x.Due), x.To, clock(x.DeliverAt)))
		}
	}
	assert.Equal(a.t, lines, got)
	return a
}

func TestScenarioQuietHours(t *testing.T) {
	engine := escalation.MustCompile(nights(), nil)
	for when, delivered := range map[string]string{
		"Mon 12:00":             "at once",
		"Mon 21:59:59.999":      "at once",
		"Mon 22:00":             "at Tue 07:00",
		"Tue 00:00":             "at Tue 07:00",
		"Tue 06:59:59.99999999": "at Tue 07:00",
		"Tue 07:00":             "at once",
		"Fri 23:00":             "at Mon+1 07:00",
		"Sat 12:00":             "at Mon+1 07:00",
		"Sun 23:00":             "at Mon+1 07:00",
		"Mon+1 06:00":           "at Mon+1 07:00",
	} {
		t.Run("a notice due on "+when+" is delivered "+delivered, func(t *testing.T) {
			tell(t, engine).customer(when, "Hello").look(when).delivers(when + " to manager " + delivered)
		})
	}
	t.Run("without quiet hours everything is delivered at once", func(t *testing.T) {
		p := nights()
		p.QuietHours = nil
		tell(t, escalation.MustCompile(p, nil)).customer("Mon 23:00", "Hello").look("Mon 23:00").delivers("Mon 23:00 to manager at once")
	})
	t.Run("who is alerted at night is woken no more than who is notified", func(t *testing.T) {
		e := escalation.MustCompile(nights(func(p *escalation.Policy) { p.Rules[0].Then = []string{`alert("manager")`} }), nil)
		tell(t, e).customer("Mon 23:00", "Hello").look("Mon 23:00").delivers("Mon 23:00 to manager at Tue 07:00")
	})
	t.Run("what changes the ticket waits for nobody", func(t *testing.T) {
		e := escalation.MustCompile(nights(func(p *escalation.Policy) {
			p.Actions = []escalation.HostAction{{Name: "page"}}
			p.Rules[0].Then = []string{`escalate("Tier 2")`, `assign("manager")`, `set_priority("High")`, `flag("review")`, `add_tag("x")`, `add_note("y")`, `page()`, `notify("manager")`}
		}), nil)
		a := tell(t, e).customer("Mon 23:00", "Hello").look("Mon 23:00").delivers("Mon 23:00 to manager at Tue 07:00")
		require.Len(t, a.Actions, 8)
		for _, x := range a.Actions[:7] {
			src, err := json.Marshal(x)
			require.NoError(t, err)
			assert.NotContains(t, string(src), "deliver_at")
		}
		src, err := json.Marshal(a.Actions[7])
		require.NoError(t, err)
		assert.Contains(t, string(src), `"due":"2026-03-02T23:00:00Z","deliver_at":"2026-03-03T07:00:00Z"`)
	})
}

func TestScenarioWhoseHoursCount(t *testing.T) {
	engine := escalation.MustCompile(nights(func(p *escalation.Policy) {
		p.Calendars = map[string]escalation.Calendar{
			"office":     {Hours: sla.Hours{Week: map[string][]string{"mon": {"09:00-17:00"}, "tue": {"09:00-17:00"}, "wed": {"09:00-17:00"}}}},
			"nightshift": {Hours: sla.Hours{Week: map[string][]string{"mon": {"22:00-06:00"}, "tue": {"22:00-06:00"}}}},
		}
		p.Recipients = []escalation.Recipient{
			{Name: "manager"}, {Name: "team lead", Calendar: "office"}, {Name: "account manager", Calendar: "always"}, {Name: "senior agent", Calendar: "nightshift"},
		}
		p.Rules[0].Then = []string{`notify("manager")`, `alert("team lead")`, `notify("account manager")`, `notify("senior agent")`}
	}), nil)
	t.Run("at night: who is always there and the night shift are told", func(t *testing.T) {
		tell(t, engine).customer("Mon 23:00", "Hello").look("Mon 23:00").delivers(
			"Mon 23:00 to manager at Tue 07:00",
			"Mon 23:00 to team lead at Tue 09:00",
			"Mon 23:00 to account manager at once",
			"Mon 23:00 to senior agent at once",
		)
	})
	t.Run("in the evening: the office is closed, and it is not quiet", func(t *testing.T) {
		tell(t, engine).customer("Mon 18:00", "Hello").look("Mon 18:00").delivers(
			"Mon 18:00 to manager at once",
			"Mon 18:00 to team lead at Tue 09:00",
			"Mon 18:00 to account manager at once",
			"Mon 18:00 to senior agent at Mon 22:00",
		)
	})
	t.Run("what is worth waking somebody for waits for no calendar either", func(t *testing.T) {
		tell(t, engine).given(func(k *escalation.Ticket) { k.Priority = "critical" }).customer("Mon 18:00", "Hello").look("Mon 18:00").delivers(
			"Mon 18:00 to manager at once",
			"Mon 18:00 to team lead at once",
			"Mon 18:00 to account manager at once",
			"Mon 18:00 to senior agent at once",
		)
	})
	t.Run("a calendar without quiet hours, and without a bypass", func(t *testing.T) {
		for _, bypass := range [][]string{nil, {}} {
			p := nights()
			p.QuietHours = nil
			p.Calendars = map[string]escalation.Calendar{"office": {Hours: sla.Hours{Week: map[string][]string{"tue": {"09:00-17:00"}}}}}
			p.Recipients[0].Calendar = "office"
			want := "Mon 23:00 to manager at once"
			if bypass != nil {
				p.QuietHours, want = &escalation.QuietHours{Bypass: bypass}, "Mon 23:00 to manager at Tue 09:00"
			}
			s := tell(t, escalation.MustCompile(p, nil)).customer("Mon 23:00", "Hello")
			s.look("Mon 23:00").delivers("Mon 23:00 to manager at Tue 09:00")
			s.given(func(k *escalation.Ticket) { k.Priority = "Critical" }).look("Mon 23:00").delivers(want)
		}
	})
}

func TestScenarioWorthWakingSomebody(t *testing.T) {
	const quiet, atOnce = "Mon 23:00 to manager at Tue 07:00", "Mon 23:00 to manager at once"
	gold := func(change func(*escalation.Agreement)) func(*escalation.Policy) {
		return func(p *escalation.Policy) {
			a := escalation.Agreement{Name: "Gold", CustomerTiers: []string{"gold"}}
			change(&a)
			p.Agreements = []escalation.Agreement{a}
		}
	}
	then := func(list ...string) func(*escalation.Policy) {
		return func(p *escalation.Policy) { p.Rules = append(p.Rules, rule("and", `ticket.age >= 14h`, list...)) }
	}
	for name, c := range map[string]struct {
		policy                   func(*escalation.Policy)
		priority, tier, customer string
		want                     string
	}{
		"the most urgent priority goes through":             {nil, "Critical", "Tier 1", "", atOnce},
		"the next one does not":                             {nil, "High", "Tier 1", "", quiet},
		"nor does a ticket without a priority":              {nil, "", "Tier 1", "", quiet},
		"a list of those that do":                           {bypassing("High", "Medium"), "High", "Tier 1", "", atOnce},
		"and only those":                                    {bypassing("High", "Medium"), "Critical", "Tier 1", "", quiet},
		"an empty list: none":                               {bypassing(), "Critical", "Tier 1", "", quiet},
		"the tier that answers immediately is told at once": {bypassing(), "Low", "Tier 4", "", atOnce},
		"the one below is not":                              {bypassing(), "Low", "Tier 3", "", quiet},
		"an agreement that takes the immediate response back": {gold(func(a *escalation.Agreement) {
			a.Tiers = []escalation.TierResponse{{Name: "Tier 4", Response: sla.Within(time.Hour)}}
		}), "Low", "Tier 4", "Gold", quiet},
		"and one that promises it at another tier": {gold(func(a *escalation.Agreement) {
			a.Tiers = []escalation.TierResponse{{Name: "Tier 2", Response: sla.Immediately()}}
		}), "Low", "Tier 2", "Gold", atOnce},
		"a priority whose first response is immediate":  {func(p *escalation.Policy) { p.Priorities[1].FirstResponse = sla.Immediately() }, "High", "Tier 1", "", atOnce},
		"a rule of the same instant makes it Critical":  {then(`set_priority("Critical")`), "Low", "Tier 1", "", atOnce},
		"one that raises it less far":                   {then(`set_priority("High")`), "Low", "Tier 1", "", quiet},
		"a rule of the same instant sends it to Tier 4": {then(`escalate("Tier 4")`), "Low", "Tier 1", "", atOnce},
		"one that takes it away from there":             {then(`de_escalate("Tier 2")`), "Low", "Tier 4", "", quiet},
		"one that only watches":                         {func(p *escalation.Policy) { then(`escalate("Tier 4")`)(p); p.Rules[1].Mode = rules.Observe }, "Low", "Tier 1", "", quiet},
		"one of a later instant is too late for the first words": {func(p *escalation.Policy) {
			p.Rules = append(p.Rules, rule("and", `ticket.age >= 15h`, `set_priority("Critical")`))
		}, "Low", "Tier 1", "", quiet},
	} {
		t.Run(name, func(t *testing.T) {
			p := nights()
			if c.policy != nil {
				c.policy(&p)
			}
			tell(t, escalation.MustCompile(p, nil)).given(func(k *escalation.Ticket) {
				k.Priority, k.Tier, k.Customer.Tier = c.priority, c.tier, c.customer
			}).customer("Mon 23:00", "Hello").look("Tue 03:00").delivers(c.want)
		})
	}
	t.Run("a contract that came with the ticket counts as any agreement does", func(t *testing.T) {
		e := escalation.MustCompile(nights(), nil)
		contract, err := e.Contract(escalation.Agreement{Name: "ACME", Tiers: []escalation.TierResponse{{Name: "Tier 1", Response: sla.Immediately()}}})
		require.NoError(t, err)
		tell(t, e).given(func(k *escalation.Ticket) { k.Contract = contract }).customer("Mon 23:00", "Hello").look("Mon 23:00").delivers(atOnce)
	})
}

func TestScenarioQuietHolidays(t *testing.T) {
	engine := escalation.MustCompile(nights(func(p *escalation.Policy) {
		p.QuietHours.Holidays = []string{"2026-03-04", "2026-03-11", "2099-12-31"}
		p.QuietHours.Exceptions = map[string][]string{
			"2026-03-05": {},                             // Thursday: whoever wants to may write
			"2026-03-07": {"00:00-06:00"},                // Saturday: a launch
			"2026-03-11": {"20:00-24:00", "00:00-08:00"}, // Wednesday: a holiday on which one works
		}
	}), nil)
	for _, c := range []struct{ when, what, delivered string }{
		{"Wed 12:00", "a holiday is quiet all day, and so is the night after it", "at Thu 07:00"},
		{"Wed 23:00", "the night of a holiday is as quiet as ever", "at Thu 07:00"},
		{"Thu 03:00", "also where it runs into a date that is not quiet", "at Thu 07:00"},
		{"Thu 23:00", "a date that an exception makes not quiet", "at once"},
		{"Fri 03:00", "nor is the night that it would have begun", "at once"},
		{"Sat 03:00", "an exception, after the night that runs into it", "at Sat 07:00"},
		{"Sat 12:00", "the rest of its date is not quiet", "at once"},
		{"Sun 00:00", "the next date is as it always is", "at Mon+1 07:00"},
		{"Wed+1 12:00", "an exception beats a holiday", "at once"},
		{"Wed+1 07:30", "by its own hours, in any order", "at Wed+1 08:00"},
		{"Wed+1 21:00", "up to their end", "at Thu+1 00:00"},
	} {
		t.Run(c.when+": "+c.what, func(t *testing.T) {
			tell(t, engine).customer(c.when, "Hello").look(c.when).delivers(c.when + " to manager " + c.delivered)
		})
	}
	t.Run("nothing is quiet but holidays", func(t *testing.T) {
		e := escalation.MustCompile(nights(func(p *escalation.Policy) {
			p.QuietHours = &escalation.QuietHours{Hours: sla.Hours{Holidays: []string{"2026-03-04"}}}
		}), nil)
		tell(t, e).customer("Tue 23:59", "Hello").customer("Wed 00:00", "Hello").look("Wed 01:00").delivers(
			"Tue 23:59 to manager at once", "Wed 00:00 to manager at Thu 00:00")
	})
}

// created is the first notice on a ticket that is created at an instant.
func created(t *testing.T, p escalation.Policy, when time.Time) escalation.Action {
	t.Helper()
	return createdUnder(t, escalation.MustCompile(p, nil), when)
}

func createdUnder(t *testing.T, e *escalation.Engine, when time.Time) escalation.Action {
	t.Helper()
	d, err := e.Decide(escalation.Ticket{ID: "T-1", Priority: "Low", Status: "Open", CreatedAt: when}, when)
	require.NoError(t, err)
	require.Len(t, d.Actions, 1)
	return d.Actions[0]
}

func TestScenarioQuietHoursAndChangesOfClocks(t *testing.T) {
	in := func(span, zone string) escalation.Policy {
		p := nights()
		p.Rules = []rules.Rule{rule("new", `ticket.open`, `notify("manager")`)}
		week := map[string][]string{}
		for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
			week[day] = []string{span}
		}
		p.QuietHours = &escalation.QuietHours{Hours: sla.Hours{Zone: zone, Week: week}}
		return p
	}
	for _, c := range []struct{ what, span, due, delivered string }{
		{"a night in winter", "22:00-07:00", "2026-01-10T23:00:00+01:00", "2026-01-11T07:00:00+01:00"},
		{"the night that is an hour short", "22:00-07:00", "2026-03-28T23:00:00+01:00", "2026-03-29T07:00:00+02:00"},
		{"the night that is an hour long", "22:00-07:00", "2026-10-24T23:00:00+02:00", "2026-10-25T07:00:00+01:00"},
		{"an end in the hour that is skipped", "01:00-02:30", "2026-03-29T01:30:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"an end in the hour that comes twice", "01:00-02:30", "2026-10-25T01:30:00+02:00", "2026-10-25T02:30:00+02:00"},
		{"and when it comes again", "01:00-02:30", "2026-10-25T02:10:00+01:00", "2026-10-25T02:30:00+01:00"},
	} {
		t.Run(c.what, func(t *testing.T) {
			due, err := time.Parse(time.RFC3339, c.due)
			require.NoError(t, err)
			a := created(t, in(c.span, "Europe/Paris"), due)
			assert.True(t, a.Due.Equal(due))
			want, err := time.Parse(time.RFC3339, c.delivered)
			require.NoError(t, err)
			assert.True(t, a.DeliverAt.Equal(want), "delivered %s", a.DeliverAt)
		})
	}
	t.Run("what no calendar and no file can say is delivered at once", func(t *testing.T) {
		due := time.Date(9999, 12, 31, 23, 0, 0, 0, time.UTC)
		assert.Equal(t, due, created(t, in("22:00-07:00", ""), due).DeliverAt)
	})
}

func TestScenarioDeliveryWheneverAsked(t *testing.T) {
	p := nights()
	p.Rules = append(escalation.Standard().Rules, p.Rules...)
	engine := escalation.MustCompile(p, nil)
	delivered := func(times ...string) map[string]string {
		s := tell(t, engine).customer("Mon 23:00", "I am waiting.").mood("Tue 02:30", "angry", -0.8)
		out := map[string]string{}
		for _, when := range times {
			for _, a := range s.ask(when).Actions {
				out[a.Key] = says(a) + ", " + clock(a.DeliverAt)
			}
		}
		return out
	}
	once := delivered("Wed 12:00")
	assert.Greater(t, len(once), 5)
	assert.Equal(t, once, delivered("Mon 10:00", "Mon 23:00", "Tue 01:00", "Tue 02:30", "Tue 06:59", "Tue 07:00", "Tue 09:00", "Wed 12:00"))
	assert.Equal(t, once, delivered("Mon 23:30", "Tue 07:01", "Wed 12:00"))
}

// Quiet hours change when somebody is told, and nothing else of any decision.
func TestQuietHoursChangeNothingElse(t *testing.T) {
	seeds := uint64(40)
	if testing.Short() {
		seeds = 15
	}
	plain := windows()
	quiet := windows()
	quiet.QuietHours = nights().QuietHours
	quiet.QuietHours.Holidays = []string{"2026-03-03"}
	quiet.Calendars = map[string]escalation.Calendar{"office": {Hours: sla.Hours{Week: map[string][]string{"mon": {"09:00-12:00"}, "wed": {"09:00-17:00"}}}}}
	quiet.Recipients[1].Calendar = "office"
	one, two := escalation.MustCompile(plain, nil), escalation.MustCompile(quiet, nil)
	waiting, telling := 0, 0
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 11))
		life := time.Duration(1+r.IntN(60)) * time.Hour
		ticket := randomTicket(r, fmt.Sprintf("T%d", seed), life)
		other := ticket
		for now := monday; now.Before(monday.Add(life + 20*time.Hour)); now = now.Add(time.Duration(1 + r.Int64N(int64(9*time.Hour)))) {
			a, err := one.Decide(ticket, now)
			require.NoError(t, err)
			b, err := two.Decide(other, now)
			require.NoError(t, err)
			a.Apply(&ticket)
			b.Apply(&other)
			assert.Equal(t, a.NextCheck, b.NextCheck)
			for i := range b.Actions {
				x := &b.Actions[i]
				if disturbs := x.Do == escalation.DoNotify || x.Do == escalation.DoAlert; !disturbs {
					require.True(t, x.DeliverAt.IsZero())
					continue
				}
				telling++
				require.False(t, x.DeliverAt.Before(x.Due))
				if x.DeliverAt.After(x.Due) {
					waiting++
				}
				x.DeliverAt = x.Due
			}
			b.Policy, b.Ledger.Policy = a.Policy, a.Ledger.Policy
			want, err := json.Marshal(a)
			require.NoError(t, err)
			got, err := json.Marshal(b)
			require.NoError(t, err)
			require.Equal(t, string(want), string(got), "seed %d at %s", seed, now)
		}
	}
	assert.Greater(t, waiting, 20)
	assert.Greater(t, telling-waiting, 20)
}

// isQuiet is the slow and obvious meaning of quiet hours, by the wall clock.
func isQuiet(q *escalation.QuietHours, local time.Time) bool {
	for back := range 2 { // the hours that begin today, and those of the night before
		date := time.Date(local.Year(), local.Month(), local.Day()-back, 12, 0, 0, 0, time.UTC)
		name := date.Format(time.DateOnly)
		spans, unusual := q.Exceptions[name]
		if !unusual {
			spans = q.Week[strings.ToLower(date.Format("Mon"))]
			if back == 0 && slices.Contains(q.Holidays, name) {
				return true
			}
		}
		now := local.Format("15:04")
		for _, span := range spans {
			from, to, _ := strings.Cut(span, "-")
			overMidnight := to <= from
			switch {
			case back == 0 && from <= now && (overMidnight || now < to), back == 1 && overMidnight && now < to:
				return true
			}
		}
	}
	return false
}

// Random quiet hours end when the slow version says so, minute for minute.
func TestQuietHoursAreTheSlowOnes(t *testing.T) {
	policies, waited, atOnce := 60, 0, 0
	if testing.Short() {
		policies = 15
	}
	for seed := range uint64(policies) {
		r := rand.New(rand.NewPCG(seed, 3))
		clock := func(from, to int) string { // a quarter of an hour
			m := 15 * (4*from + r.IntN(4*(to-from)+1))
			return fmt.Sprintf("%02d:%02d", m/60, m%60)
		}
		spans := func() []string {
			list := []string{}
			if r.IntN(2) == 0 {
				list = append(list, clock(6, 9)+"-"+[]string{clock(10, 12), "18:00"}[r.IntN(2)])
			}
			if r.IntN(3) > 0 {
				list = append(list, clock(19, 22)+"-"+[]string{"24:00", "23:30", "00:00", clock(1, 6)}[r.IntN(4)])
			}
			return list
		}
		zone := []string{"UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago"}[r.IntN(6)]
		q := &escalation.QuietHours{Hours: sla.Hours{Zone: zone, Week: map[string][]string{}, Exceptions: map[string][]string{}}}
		for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
			if r.IntN(7) > 0 {
				q.Week[day] = spans()
			}
		}
		date := func(n int) string { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) }
		for n := 1 + r.IntN(20); n < 365; n += 1 + r.IntN(40) { // often two in a row
			if r.IntN(2) == 0 {
				q.Holidays = append(q.Holidays, date(n))
			}
			if r.IntN(2) == 0 {
				q.Exceptions[date(n+r.IntN(2))] = spans()
			}
		}
		p := nights()
		p.Rules = []rules.Rule{rule("new", `ticket.open`, `notify("manager")`)}
		p.QuietHours = q
		engine := escalation.MustCompile(p, nil)
		location, err := time.LoadLocation(zone)
		require.NoError(t, err)
		for range 60 {
			due := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.Int64N(int64(364 * 24 * time.Hour))))
			if r.IntN(3) == 0 { // near the changes of clocks
				due = []time.Time{
					time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 8, 6, 0, 0, 0, time.UTC),
					time.Date(2026, 11, 1, 5, 0, 0, 0, time.UTC), time.Date(2026, 4, 4, 15, 0, 0, 0, time.UTC), time.Date(2026, 10, 3, 15, 0, 0, 0, time.UTC),
					time.Date(2026, 4, 5, 3, 0, 0, 0, time.UTC), time.Date(2026, 9, 6, 4, 0, 0, 0, time.UTC),
				}[r.IntN(8)].Add(time.Duration(r.Int64N(int64(12 * time.Hour)))).Add(-6 * time.Hour)
			}
			want := due
			for isQuiet(q, want.In(location)) {
				want = want.Truncate(time.Minute).Add(time.Minute)
			}
			got := createdUnder(t, engine, due).DeliverAt
			require.True(t, got.Equal(want), "seed %d: due %s, delivered %s, want %s, with %+v", seed, due.In(location), got.In(location), want.In(location), q)
			if got.After(due) {
				waited++
			} else {
				atOnce++
			}
		}
	}
	assert.Greater(t, waited, 100)
	assert.Greater(t, atOnce, 100)
}

func TestScenarioQuietHoursInTheFile(t *testing.T) {
	for name, c := range map[string]struct {
		bypass []string
		file   string
	}{
		"nothing said of priorities": {nil, `"holidays": ["2026-12-25"]}`},
		"none goes through":          {[]string{}, `"bypass": []`},
		"two go through":             {[]string{"High", "Critical"}, `"bypass": ["High", "Critical"]`},
	} {
		t.Run(name, func(t *testing.T) {
			p := nights()
			p.QuietHours.Zone, p.QuietHours.Holidays, p.QuietHours.Bypass = "Europe/Paris", []string{"2026-12-25"}, c.bypass
			p.QuietHours.Exceptions = map[string][]string{"2026-12-24": {}}
			p.Recipients[0].Calendar = "always"
			src := escalation.FormatPolicy(p)
			assert.Contains(t, string(src), c.file[:len(c.file)-1])
			assert.Equal(t, c.bypass != nil, strings.Contains(string(src), "bypass"))
			read, err := escalation.ReadPolicy("policy.json", src)
			require.NoError(t, err)
			assert.Equal(t, p.QuietHours, read.QuietHours)
			assert.Equal(t, "always", read.Recipients[0].Calendar)
			assert.Equal(t, string(src), string(escalation.FormatPolicy(read)))
			one, two := escalation.MustCompile(p, nil), escalation.MustCompile(read, nil)
			assert.Equal(t, one.Version(), two.Version())
		})
	}
	t.Run("by themselves they are read as strictly", func(t *testing.T) {
		var q escalation.QuietHours
		require.NoError(t, json.Unmarshal([]byte(`{"week": {"mon": ["22:00-07:00"]}, "bypass": []}`), &q))
		assert.Equal(t, escalation.QuietHours{Hours: sla.Hours{Week: map[string][]string{"mon": {"22:00-07:00"}}}, Bypass: []string{}}, q)
		for _, wrong := range []string{`{"bypas": []}`, `{"bypass": "High"}`, `{"week": {}, "week": {}}`, `[]`} {
			assert.Error(t, json.Unmarshal([]byte(wrong), &q), wrong)
		}
	})
	t.Run("an engine keeps nothing of the quiet hours that it was given, and gives none of its own away", func(t *testing.T) {
		p := nights(bypassing("High"))
		p.QuietHours.Holidays, p.QuietHours.Exceptions = []string{"2026-03-03"}, map[string][]string{"2026-03-04": {"10:00-11:00"}}
		e := escalation.MustCompile(p, nil)
		spoil := func(q *escalation.QuietHours) {
			q.Zone, q.Bypass[0], q.Holidays[0], q.Week["mon"][0] = "x", "Low", "x", "x"
			q.Exceptions["2026-03-04"][0] = "x"
		}
		spoil(p.QuietHours)
		got := e.Policy()
		spoil(got.QuietHours)
		assert.Equal(t, e.Version(), escalation.MustCompile(e.Policy(), nil).Version())
		tell(t, e).customer("Tue 23:00", "Hello").look("Tue 23:00").delivers("Tue 23:00 to manager at Wed 07:00")
	})
}

func TestScenarioVerifyDelivery(t *testing.T) {
	p := nights()
	p.Calendars = map[string]escalation.Calendar{"office": {Hours: sla.Hours{Week: map[string][]string{"mon": {"09:00-17:00"}}}}}
	p.Recipients = p.Recipients[:1]
	p.QuietHours.Week["mon"] = []string{"22:00-23:59"}
	told := func() []string {
		var out []string
		for _, f := range escalation.MustCompile(p, nil).Verify() {
			if f.Code == escalation.UnusedName || strings.HasPrefix(f.Path, "/quiet_hours") {
				out = append(out, f.String())
			}
		}
		return out
	}
	assert.Contains(t, told(), `/calendars/office: nothing uses the calendar "office"`)
	assert.Contains(t, told(), `/quiet_hours: the quiet hours leave out the last minute of a day (write 22:00-24:00)`)
	p.Recipients[0].Calendar = "office"
	assert.NotContains(t, told(), `/calendars/office: nothing uses the calendar "office"`)
}
