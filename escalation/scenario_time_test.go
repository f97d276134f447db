package escalation_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/sentiment"
	"github.com/escalade-go/escalade/sla"
)

func TestScenarioAsOf(t *testing.T) {
	t.Run("facts with changes are read as of the instant, although fields hold the latest", func(t *testing.T) {
		e := with(
			rule("was high", `ticket.priority == "High" and ticket.tier == "Tier 2"`, `notify("manager")`),
			rule("had subject", `ticket.subject == "Refund"`, `notify("team lead")`),
			rule("was ben's", `ticket.assignee == "ben"`, `notify("account manager")`),
		)
		s := tell(t, e).priority("Mon 10:00", "High").tier("Mon 11:00", "Tier 2").tier("Mon 12:00", "Tier 3").priority("Mon 13:00", "Low")
		s.change("Mon 14:00", "subject", "Refund").change("Mon 15:00", "subject", "Export").change("Mon 16:00", "assignee", "ben").change("Mon 17:00", "assignee", "anna")
		s.look("Tue 09:00").does("Mon 11:00 notify manager: was high", "Mon 14:00 notify team lead: had subject", "Mon 16:00 notify account manager: was ben's")
		a := s.look("Mon 11:30")
		assert.Equal(t, "High", a.Priority)
		assert.Equal(t, "Tier 2", a.Tier)
		assert.Equal(t, "ben", s.look("Mon 16:30").Assignee)
	})
	t.Run("contacts and revenue have a history too", func(t *testing.T) {
		e := with(rule("contacts", `ticket.contacts >= 3`, `notify("manager")`), rule("revenue", `ticket.revenue_impact > 100`, `notify("team lead")`))
		two := 2
		s := tell(t, e).given(func(k *escalation.Ticket) { k.Contacts, k.RevenueImpact = &two, figure(50) })
		s.ticket.Changes = []escalation.Change{
			{At: at("Mon 10:00"), Field: "contacts", From: "1", To: "3"}, {At: at("Mon 11:00"), Field: "contacts", From: "3", To: "2"},
			{At: at("Mon 12:00"), Field: "revenue_impact", From: "", To: "150.5"}, {At: at("Mon 13:00"), Field: "revenue_impact", From: "150.5", To: "50"},
		}
		s.ask("Tue 09:00").does("Mon 10:00 notify manager: contacts", "Mon 12:00 notify team lead: revenue")
	})
	t.Run("everything after now is passed over", func(t *testing.T) {
		s := tell(t, standard).mood("Mon 10:00", sentiment.Angry, -0.8)
		a := s.ask("Mon 09:59:59").doesNothing().checks("Mon 10:00")
		assert.Equal(t, []string{"in_future"}, a.problems())
		s.ask("Mon 10:00").includes("Mon 10:00 escalate Tier 2: angry or frustrated")
	})
	t.Run("now before the ledger's instant: nothing is proposed, the ledger stays", func(t *testing.T) {
		s := tell(t, standard).priority("Mon 15:00", "High")
		s.ask("Mon 16:00")
		a := s.look("Mon 12:30").doesNothing()
		assert.Equal(t, []string{"behind_ledger"}, a.problems()[:1])
		assert.Equal(t, "Medium", a.Priority)
		assert.Equal(t, s.ticket.Ledger, a.Ledger)
	})
	t.Run("before its creation a ticket is not judged", func(t *testing.T) {
		a := tell(t, standard).look("Mon 08:00").doesNothing().checks("Mon 09:00")
		assert.Equal(t, []string{"not_created_yet"}, a.problems())
		assert.True(t, a.Ledger.IsZero())
	})
}

func TestScenarioNames(t *testing.T) {
	t.Run("a ticket's spelling of declared names is taken in any case", func(t *testing.T) {
		e := with(rule("found", `ticket.priority == "High" and ticket.tier == "Tier 2" and ticket.status == "On hold"`, `notify("manager")`))
		s := tell(t, e).given(func(k *escalation.Ticket) { k.Priority, k.Tier = "hIGH", "TIER 2" }).status("Mon 10:00", "on HOLD")
		a := s.ask("Mon 10:00").does("Mon 10:00 notify manager: found")
		assert.Equal(t, "High", a.Priority)
		assert.Equal(t, "Tier 2", a.Tier)
		assert.Empty(t, a.problems())
	})
	t.Run("a rule's spelling must be exact", func(t *testing.T) {
		for condition, hint := range map[string]string{
			`ticket.status == "resolved"`: "Resolved", `ticket.status == "Resolvd"`: "Resolved", `ticket.tier in ["Tier 1", "Teir 2"]`: "Tier 2",
			`ticket.priority != "hihg"`: "High", `param.revenue_treshold > 5`: "param.revenue_threshold",
		} {
			p := escalation.Standard()
			p.Rules = p.Rules[:1]
			p.Rules[0].If = condition
			_, err := escalation.Compile(p, nil)
			assert.ErrorContains(t, err, "did you mean \""+hint+"\"", condition)
		}
	})
	t.Run("names never compare by the alphabet", func(t *testing.T) {
		for _, condition := range []string{`ticket.priority >= "High"`, `ticket.tier < "Tier 3"`, `"Low" < ticket.priority`} {
			p := escalation.Standard()
			p.Rules[0].If = condition
			_, err := escalation.Compile(p, nil)
			assert.ErrorContains(t, err, "no order", condition)
		}
	})
	t.Run("customer.tier compares without case, in any shape", func(t *testing.T) {
		e := with(rule("is", `customer.tier == "ENTERPRISE"`, `notify("manager")`), rule("in", `customer.tier in ["Gold", "enterprise"]`, `notify("team lead")`),
			rule("not", `customer.tier != "EnterPrise"`, `notify("senior agent")`))
		tell(t, e).given(func(k *escalation.Ticket) { k.Customer.Tier = "enterprisE" }).ask("Mon 09:00").does("Mon 09:00 notify manager: is", "Mon 09:00 notify team lead: in")
	})
}

func TestScenarioIdleAndWaiting(t *testing.T) {
	idle := with(rule("idle", `ticket.idle >= duration("2h")`, `notify("manager")`))
	t.Run("idle counts from the last thing that a person did", func(t *testing.T) {
		s := tell(t, idle).note("Mon 10:00")
		s.look("Mon 10:00").checks("Mon 12:00")
		s.customer("Mon 11:00", "Hello?")
		s.look("Mon 11:00").checks("Mon 13:00")
		s.ticket.Changes = append(s.ticket.Changes, escalation.Change{At: at("Mon 12:00"), Field: "category", To: "billing"})
		s.look("Mon 12:00").checks("Mon 14:00")
	})
	t.Run("bots and the engine never make a ticket busy", func(t *testing.T) {
		s := tell(t, idle).bot("Mon 10:00")
		s.ticket.Changes = []escalation.Change{{At: at("Mon 10:30"), Field: "priority", From: "Low", To: "Medium", By: "bot:3"},
			{At: at("Mon 10:40"), Field: "tier", From: "Tier 2", To: "Tier 1", By: "escalade:VIP"}}
		s.ask("Mon 12:00").does("Mon 11:00 notify manager: idle")
	})
	t.Run("an escalation that is carried out does not make a ticket busy either", func(t *testing.T) {
		p := escalation.Standard()
		s := tell(t, escalation.MustCompile(p, nil)).given(func(k *escalation.Ticket) { k.Customer.VIP = true })
		s.ask("Mon 09:00").includes("Mon 09:00 escalate Tier 2: VIP")
		s.ask("Tue 09:00").includes("Tue 09:00 alert team lead: nobody left behind")
	})
	t.Run("what the engine or a bot says through an agent's account is no reply and no work", func(t *testing.T) {
		for _, by := range []string{"escalade:SLA at risk", "bot:hello"} {
			s := tell(t, idle).message(escalation.Message{At: at("Mon 10:00"), From: "agent", By: by, Text: "We are late."})
			a := s.look("Mon 10:30").checks("Mon 11:00")
			assert.Equal(t, sla.Running, a.clock(sla.FirstResponse).State, by)
		}
	})
	waiting := with(rule("waiting", `ticket.waiting >= duration("2h")`, `notify("manager")`))
	t.Run("waiting counts from the first message that nobody has answered", func(t *testing.T) {
		s := tell(t, waiting)
		s.look("Mon 09:00").checks("never")
		s.customer("Mon 10:00", "One").customer("Mon 11:00", "Two").note("Mon 11:30").bot("Mon 11:40").ask("Mon 14:00").does("Mon 12:00 notify manager: waiting")
		s.agent("Mon 14:30").ask("Mon 20:00").doesNothing().checks("never")
		s.customer("Mon 21:00", "Three").ask("Mon 23:30").does("Mon 23:00 notify manager: waiting")
	})
}

func TestScenarioNextCheck(t *testing.T) {
	t.Run("it is the first instant at which something could be proposed", func(t *testing.T) {
		for condition, when := range map[string]string{
			`sla.first_response.used >= 0.5`:                       "Mon 11:00",
			`sla.resolution.elapsed >= duration("90m")`:            "Mon 10:30",
			`sla.resolution.remaining <= duration("1h")`:           "Tue 08:00",
			`ticket.age >= duration("2d")`:                         "Wed 09:00",
			`ticket.idle >= duration("45m")`:                       "Mon 10:15",
			`ticket.waiting >= duration("45m")`:                    "Mon 09:50",
			`ticket.idle >= duration("45m") and customer.vip`:      "never",
			`ticket.age > duration("1h") and ticket.contacts == 7`: "never",
			`ticket.contacts == 7`:                                 "never",
		} {
			s := tell(t, with(rule("r", condition, `notify("manager")`))).customer("Mon 09:05", "Hello").note("Mon 09:30")
			a := s.ask("Mon 09:40").doesNothing()
			assert.Equal(t, when, clock(a.NextCheck), condition)
			if when == "never" {
				continue
			}
			early, err := s.engine.Decide(s.ticket, a.NextCheck.Add(-1))
			require.NoError(t, err)
			assert.Empty(t, early.Actions, condition)
			s.ask(when).does(when + " notify manager: r")
		}
	})
	t.Run("it is rounded up to the millisecond; due is exact", func(t *testing.T) {
		s := tell(t, with(rule("old", `ticket.age > duration("1h")`, `notify("manager")`)))
		a := s.ask("Mon 09:00").checks("Mon 10:00:00.001")
		d, err := s.engine.Decide(s.ticket, a.NextCheck)
		require.NoError(t, err)
		answer{t, d}.does("Mon 10:00:00.000000001 notify manager: old")
	})
	t.Run("it counts on the decision's actions being carried out", func(t *testing.T) {
		s := tell(t, only(t, "tier is late", "VIP")).given(func(k *escalation.Ticket) { k.Customer.VIP, k.Priority = true, "Low" })
		s.look("Mon 09:00").does("Mon 09:00 escalate Tier 2: VIP").checks("Mon 12:12") // 80 % of Tier 2's four hours
	})
	t.Run("what would change nothing is not waited for", func(t *testing.T) {
		tell(t, with(rule("old", `ticket.age >= duration("1h")`, `escalate("Tier 1")`))).ask("Mon 09:00").checks("never")
	})
	t.Run("a later event of the ticket bounds it", func(t *testing.T) {
		s := tell(t, standard).status("Mon 10:00", "Resolved")
		s.ask("Mon 09:00").checks("Mon 10:00")
		s.ask("Mon 10:00").checks("never")
	})
	t.Run("asking only at the checks finds what asking once finds", func(t *testing.T) {
		life := func() *story {
			return tell(t, standard).given(func(k *escalation.Ticket) { k.Priority, k.Customer.VIP = "High", true }).
				customer("Mon 09:10", "The worst.").agent("Mon 09:40").customer("Mon 11:00", "No.").status("Mon 12:00", "Pending").status("Tue 12:00", "Open")
		}
		once := life().ask("Thu 09:00").lines()
		s := life()
		var got []string
		for now := s.ticket.CreatedAt; !now.IsZero() && !now.After(at("Thu 09:00")); {
			d, err := s.engine.Decide(s.ticket, now)
			require.NoError(t, err)
			got = append(got, answer{t, d}.lines()...)
			d.Apply(&s.ticket)
			require.True(t, d.NextCheck.After(now) || d.NextCheck.IsZero())
			now = d.NextCheck
		}
		assert.Greater(t, len(once), 10)
		assert.Equal(t, once, got)
	})
	t.Run("an instant is an instant in every zone", func(t *testing.T) {
		s := tell(t, standard)
		d, err := s.engine.Decide(s.ticket, at("Mon 13:00").In(time.FixedZone("far", 9*3600)))
		require.NoError(t, err)
		assert.Equal(t, s.look("Mon 13:00").lines(), answer{t, d}.lines())
		assert.Equal(t, s.look("Mon 13:00").NextCheck, d.NextCheck)
	})
}
