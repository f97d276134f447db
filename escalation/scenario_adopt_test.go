package escalation_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
)

// from is the standard policy, or some rules in its place, in force from an instant on.
func from(when string, list ...rules.Rule) *escalation.Engine {
	p := escalation.Standard()
	p.From = at(when)
	if list != nil {
		p.Rules = list
	}
	return escalation.MustCompile(p, nil)
}

func backlog(a answer) []string {
	var out []string
	for _, r := range a.Backlog {
		out = append(out, clock(r.Due)+" "+r.Rule)
	}
	return out
}

// A helpdesk full of old tickets takes a policy over: Policy.From.
func TestScenarioAdoption(t *testing.T) {
	late := rule("late", `sla.resolution.used >= 1`, `escalate("Tier 2")`)
	t.Run("what holds already is listed and not proposed, and is not proposed later either", func(t *testing.T) {
		s := tell(t, from("Wed 09:00", late, rule("waits", `ticket.waiting >= 1h`, `notify("manager")`))).customer("Mon 09:05", "Hello?")
		a := s.ask("Wed 12:00").doesNothing()
		assert.Equal(t, []string{"Wed 09:00 late", "Wed 09:00 waits"}, backlog(a))
		assert.Equal(t, escalation.LeftAlone, a.Backlog[0].Effects[0].Result)
		assert.Empty(t, a.Backlog[0].Effects[0].Key)
		assert.NotEmpty(t, a.Backlog[0].Clauses)
		assert.Empty(t, s.ask("Thu 12:00").doesNothing().Backlog, "it is listed once")
	})
	t.Run("what comes next is, whatever the instant of the first call", func(t *testing.T) {
		for _, first := range []string{"Mon 10:00", "Wed 08:00", "Wed 09:00", "Wed 09:00:00.000000001", "Thu 12:00", "Fri 15:00"} {
			s := tell(t, from("Wed 09:00", late, rule("waits", `ticket.waiting >= 1h`, `notify("manager")`))).
				customer("Mon 09:05", "Hello?").agent("Thu 10:00").customer("Thu 11:00", "And now?")
			got := append(s.ask(first).lines(), s.ask("Fri 16:00").lines()...)
			assert.Equal(t, []string{"Thu 12:00 notify manager: waits"}, got, first)
		}
	})
	t.Run("before it nothing is proposed, and it is the next check", func(t *testing.T) {
		s := tell(t, from("Wed 09:00")).customer("Mon 09:05", "This is the worst service ever!!!")
		s.ask("Mon 10:00").doesNothing().checks("Wed 09:00")
		s.ask("Tue 09:00").doesNothing().checks("Wed 09:00")
	})
	t.Run("a person can ask before it all the same", func(t *testing.T) {
		s := tell(t, from("Wed 09:00", late))
		d, err := s.engine.Escalate(s.ticket, escalation.Request{Reason: "policy_exception", To: "Tier 3", By: "agent:7", Override: true}, at("Mon 10:00"))
		require.NoError(t, err)
		answer{t, d}.does("Mon 10:00 escalate Tier 3: request").checks("Wed 09:00")
	})
	t.Run("a ticket that is created at it or later is none of the backlog", func(t *testing.T) {
		for _, when := range []string{"Mon 09:00", "Mon 08:00"} {
			tell(t, from(when, rule("VIP", `customer.vip`, `notify("manager")`))).given(func(k *escalation.Ticket) { k.Customer.VIP = true }).
				ask("Mon 10:00").does("Mon 09:00 notify manager: VIP")
		}
	})
	t.Run("a clock that broke before it is rearmed by a reopening only", func(t *testing.T) {
		s := tell(t, from("Wed 09:00", late)).priority("Wed 10:00", "High").priority("Wed 11:00", "Low").status("Wed 12:00", "Resolved").customer("Wed 13:00", "No.")
		s.ask("Wed 20:00").does("Wed 13:00 escalate Tier 2: late")
	})
	t.Run("a rule that holds since before it is repeated like any other", func(t *testing.T) {
		often := rule("often", `ticket.age >= 1h`, `notify("manager")`)
		often.Every = 4 * time.Hour
		tell(t, from("Wed 09:00", often)).ask("Wed 18:00").does("Wed 13:00 notify manager: often", "Wed 17:00 notify manager: often")
	})
	t.Run("it does not rest: it has done nothing", func(t *testing.T) {
		s := tell(t, from("Wed 09:00", rule("on hold", `ticket.status == "On hold"`, `notify("manager")`))).
			status("Mon 10:00", "On hold").status("Wed 09:01", "Open").status("Wed 09:02", "On hold")
		s.ask("Wed 18:00").does("Wed 09:02 notify manager: on hold")
	})
	t.Run("a rule on trial is listed there too", func(t *testing.T) {
		trial := rule("trial", `ticket.age >= 1h`, `notify("manager")`)
		trial.Mode = rules.Observe
		a := tell(t, from("Wed 09:00", trial)).ask("Wed 18:00").doesNothing()
		assert.Equal(t, escalation.OnlyShown, a.Backlog[0].Effects[0].Result)
		assert.Empty(t, a.Observed)
	})
	t.Run("Explain says that it held already", func(t *testing.T) {
		s := tell(t, from("Wed 09:00", late))
		x, err := s.engine.Explain(s.ticket, at("Wed 10:00"))
		require.NoError(t, err)
		assert.Contains(t, x.String(), "it held already at 2026-03-04 09:00:00 UTC, when the policy took over, once for resolution/1")
		x, err = s.engine.Explain(s.ticket, at("Tue 10:00"))
		require.NoError(t, err)
		assert.Contains(t, x.String(), "nothing is decided before the policy takes over, at 2026-03-04 09:00:00 UTC")
	})
	t.Run("a From that comes with a new policy holds for tickets that were judged before", func(t *testing.T) {
		s := tell(t, with(late))
		s.ask("Mon 10:00").doesNothing()
		s.engine = from("Wed 09:00", late)
		assert.Equal(t, []string{"Wed 09:00 late"}, backlog(s.ask("Wed 10:00").doesNothing()))
	})
	t.Run("what polls is looked at when the policy takes over", func(t *testing.T) {
		polled := rules.Rule{Name: "polled", If: `ticket.idle > sla.resolution.elapsed - 30m and ticket.age > 2h`, Then: []string{`alert("manager")`}, Poll: 17 * time.Minute}
		assert.Equal(t, []string{"Wed 09:01 polled"}, backlog(tell(t, from("Wed 09:01", polled)).ask("Wed 12:00").doesNothing()))
	})
	t.Run("a repeat that falls on it is left alone, the next one is not", func(t *testing.T) {
		often := rule("often", `ticket.age >= 1h`, `notify("manager")`)
		often.Every = 4 * time.Hour
		s := tell(t, with(often))
		s.ask("Mon 11:00").does("Mon 10:00 notify manager: often")
		s.engine = from("Mon 18:00", often)
		s.ask("Mon 12:00").doesNothing().checks("Mon 18:00")
		s.ask("Mon 18:00").doesNothing().checks("Mon 22:00")
		s.given(func(k *escalation.Ticket) { k.Tags = []string{"x"} }).ask("Mon 23:00").does("Mon 22:00 notify manager: often")
	})
	t.Run("a clock that was reopened before it can break again after it", func(t *testing.T) {
		s := tell(t, with(late)).given(func(k *escalation.Ticket) { k.Priority = "Critical" })
		s.ask("Tue 09:00").does("Mon 13:00 escalate Tier 2: late")
		s.status("Tue 10:00", "Resolved").customer("Tue 11:00", "No!").priority("Tue 12:00", "Low").tier("Tue 12:30", "Tier 1")
		s.engine = from("Tue 13:00", late)
		s.ask("Sat 10:00").does("Wed 10:00 escalate Tier 2: late")
	})
	t.Run("a call before it does not take from a policy that is in force already", func(t *testing.T) {
		window := rule("window", `ticket.age > 1h and ticket.age <= 2h`, `notify("manager")`)
		s := tell(t, with(window))
		s.ask("Mon 09:30")
		s.engine = from("Tue 09:00", window)
		s.ask("Mon 11:30").doesNothing()
		s.engine = with(window)
		s.ask("Mon 12:00").does("Mon 10:00:00.000000001 notify manager: window")
	})
	t.Run("it can be written to a file", func(t *testing.T) {
		p := escalation.Standard()
		p.From = at("Wed 09:00")
		read, err := escalation.ReadPolicy("p.json", escalation.FormatPolicy(p))
		require.NoError(t, err)
		assert.Equal(t, p.From, read.From)
		p.From = time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)
		_, err = escalation.Compile(p, nil)
		assert.ErrorContains(t, err, "/from")
	})
}

// Forty thousand old tickets, half of them long overdue, and a policy that is in force
// from today on: no storm, and nothing of what comes next is lost, whenever each ticket
// is first asked about.
func TestAdoptionOfABacklog(t *testing.T) {
	p := escalation.Standard()
	p.From = at("Mon 09:00")
	e := escalation.MustCompile(p, nil)
	tickets := 40_000
	if testing.Short() {
		tickets = 4_000
	}
	r := rand.New(rand.NewPCG(40_000, 1))
	overdue, next := 0, 0
	for n := range tickets {
		ticket := escalation.Ticket{
			ID: fmt.Sprint(n), Subject: "Old", Priority: []string{"Critical", "High", "Medium", "Low"}[r.IntN(4)], Status: "Open", Tier: "Tier 1",
			CreatedAt: p.From.Add(-time.Duration(60+r.IntN(400*24)) * time.Hour),
		}
		ticket.Messages = []escalation.Message{{ID: "m", At: ticket.CreatedAt, From: "customer", Text: "The worst service ever, my lawyer will sue you!"}}
		if n%2 == 0 { // the other half is in time, and its clocks still run
			ticket.CreatedAt = p.From.Add(-time.Minute)
			ticket.Messages[0].At, ticket.Messages[0].Text = ticket.CreatedAt, "Hello."
		}
		first := p.From.Add(time.Duration(r.Int64N(int64(72 * time.Hour))))
		d, err := e.Decide(ticket, first)
		require.NoError(t, err)
		if len(d.Backlog) > 0 {
			overdue++
		}
		for _, a := range d.Actions {
			next++
			require.True(t, a.Due.After(p.From), "ticket %d: %v", n, a)
			require.True(t, n%2 == 0 || a.Rule == "nobody left behind", "ticket %d: %v", n, a)
		}
		if n%1000 != 0 {
			continue
		}
		end := p.From.Add(96 * time.Hour)
		once, err := e.Decide(ticket, end)
		require.NoError(t, err)
		d.Apply(&ticket)
		rest, err := e.Decide(ticket, end)
		require.NoError(t, err)
		require.Equal(t, answer{t, once}.lines(), append(answer{t, d}.lines(), answer{t, rest}.lines()...), "ticket %d", n)
	}
	assert.Equal(t, tickets/2, overdue)
	assert.Greater(t, next, tickets/2)
}
