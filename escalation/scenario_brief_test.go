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

func TestScenarioBriefTiers(t *testing.T) {
	policy := standard.Policy()
	for i, want := range []struct {
		row, tier, title string
		handles          []string
		response         string
		text             string
		demands          []string
	}{
		{"Tier 1 - Frontline Support", "Tier 1", "Frontline Support",
			[]string{"Common issues and FAQs", "Password resets, basic troubleshooting", "Standard refunds and exchanges"}, "2h", "", nil},
		{"Tier 2 - Technical/Specialist Support", "Tier 2", "Technical/Specialist Support",
			[]string{"Complex technical issues", "Account-level problems", "Billing disputes"}, "4h", "Tier 1 documentation", []string{"summary", "tried"}},
		{"Tier 3 - Senior/Engineering Support", "Tier 3", "Senior/Engineering Support",
			[]string{"System bugs, infrastructure issues", "Complex integrations", "Security incidents"}, "8h", "Full case history", []string{"summary", "timeline", "tried", "expectation"}},
		{"Tier 4 - Management/Executive", "Tier 4", "Management/Executive",
			[]string{"Legal threats, regulatory issues", "VIP customer complaints", "Social media crises"}, "immediate", "Direct stakeholder involvement", []string{"summary", "person"}},
	} {
		t.Run(want.row, func(t *testing.T) {
			require.Len(t, policy.Tiers, 4)
			tier := policy.Tiers[i]
			assert.Equal(t, want.tier, tier.Name)
			assert.Equal(t, want.title, tier.Title)
			assert.Equal(t, want.handles, tier.Handles)
			assert.Equal(t, want.response, tier.Response.String())
			assert.Equal(t, want.text, tier.Demands.Text)
			assert.ElementsMatch(t, want.demands, tier.Demands.Parts)
		})
	}
	t.Run("Resolution target: 70-80% of tickets", func(t *testing.T) {
		assert.Equal(t, &escalation.Share{From: 0.7, To: 0.8}, policy.Tiers[0].Goal)
		assert.Nil(t, policy.Tiers[1].Goal)
	})
}

func TestScenarioBriefTierResponse(t *testing.T) {
	for _, want := range []struct {
		row, tier, due, late string
	}{ // a Low ticket, so that the tier's own promise is the smaller one
		{"Tier 1: Response time: < 2 hours", "Tier 1", "Mon 11:00", "Mon 10:36"},
		{"Tier 2: Response time: < 4 hours", "Tier 2", "Mon 13:00", "Mon 12:12"},
		{"Tier 3: Response time: < 8 hours", "Tier 3", "Mon 17:00", "Mon 15:24"},
		{"Tier 4: Response time: Immediate", "Tier 4", "Mon 09:15", "Mon 09:12"},
	} {
		t.Run(want.row, func(t *testing.T) {
			s := tell(t, only(t, "tier is late")).given(func(k *escalation.Ticket) { k.Priority, k.Tier = "Low", want.tier })
			a := s.look("Mon 09:00").doesNothing().checks(want.late)
			assert.Equal(t, want.due, clock(a.clock(sla.TierResponse).Due))
			s.ask("Mon 20:00").does(want.late + " notify team lead: tier is late")
		})
	}
	t.Run("a reply in time stops the clock of the tier", func(t *testing.T) {
		tell(t, only(t, "tier is late")).agent("Mon 10:30").ask("Tue 09:00").doesNothing()
	})
	t.Run("the priority's first response counts where it is the smaller one", func(t *testing.T) {
		s := tell(t, standard).given(func(k *escalation.Ticket) { k.Priority = "Critical" })
		assert.Equal(t, 15*time.Minute, s.look("Mon 09:00").clock(sla.TierResponse).Target)
	})
}

func TestScenarioBriefMatrix(t *testing.T) {
	policy := standard.Policy()
	for i, want := range []struct {
		priority, description, first, resolution string
		firstDue, resolutionDue                  string
	}{
		{"Critical", "System down, security breach", "15m", "4h", "Mon 09:15", "Mon 13:00"},
		{"High", "Major feature broken, billing error", "1h", "8h", "Mon 10:00", "Mon 17:00"},
		{"Medium", "Feature issue, account question", "4h", "1d", "Mon 13:00", "Tue 09:00"},
		{"Low", "Feature request, general inquiry", "8h", "2d", "Mon 17:00", "Wed 09:00"},
	} {
		t.Run(want.priority, func(t *testing.T) {
			row := policy.Priorities[i]
			assert.Equal(t, want.priority, row.Name)
			assert.Equal(t, want.description, row.Description)
			assert.Equal(t, want.first, row.FirstResponse.String())
			assert.Equal(t, want.resolution, row.Resolution.String())
			s := tell(t, standard).given(func(k *escalation.Ticket) { k.Priority = want.priority })
			a := s.look("Mon 09:00")
			assert.Equal(t, want.firstDue, clock(a.clock(sla.FirstResponse).Due))
			assert.Equal(t, want.resolutionDue, clock(a.clock(sla.Resolution).Due))
		})
	}
}

func TestScenarioBriefTriggers(t *testing.T) {
	t.Run("SLA breach approaching (80% of time elapsed)", func(t *testing.T) {
		s := tell(t, only(t, "SLA at risk")).customer("Mon 09:00", "Could you have a look?")
		s.ask("Mon 12:11").doesNothing().checks("Mon 12:12")
		s.ask("Mon 12:12").does("Mon 12:12 escalate Tier 2: SLA at risk", "Mon 12:12 notify manager: SLA at risk")
		s.ask("Mon 18:00").doesNothing().checks("Tue 04:12")
		s.ask("Tue 04:12").does("Tue 04:12 escalate Tier 3: SLA at risk", "Tue 04:12 notify manager: SLA at risk")
	})
	for _, label := range []sentiment.Label{sentiment.Angry, sentiment.Frustrated} {
		t.Run(`Customer sentiment detected as "`+string(label)+`"`, func(t *testing.T) {
			tell(t, only(t, "angry or frustrated")).mood("Mon 09:05", label, -0.5).
				ask("Mon 09:05").does("Mon 09:05 escalate Tier 2: angry or frustrated")
		})
	}
	t.Run("a calm customer is not escalated", func(t *testing.T) {
		tell(t, only(t, "angry or frustrated")).mood("Mon 09:05", sentiment.Calm, 0).ask("Mon 09:05").doesNothing()
	})
	for _, word := range []string{"lawyer", "sue", "legal", "media", "BBB"} {
		t.Run(`Keywords: "`+word+`"`, func(t *testing.T) {
			tell(t, only(t, "keywords")).customer("Mon 09:05", "I was told about the "+word+" page.").
				ask("Mon 09:05").does("Mon 09:05 escalate Tier 2: keywords", "Mon 09:05 flag review: keywords")
		})
	}
	t.Run("Third+ contact for same issue", func(t *testing.T) {
		s := tell(t, only(t, "third contact"))
		s.customer("Mon 09:05", "Hello").agent("Mon 10:00").customer("Mon 11:00", "Still so").ask("Mon 11:00").doesNothing()
		s.agent("Mon 12:00").customer("Mon 13:00", "Still so").ask("Mon 13:00").does("Mon 13:00 escalate Tier 2: third contact")
	})
	t.Run("VIP customer flag", func(t *testing.T) {
		tell(t, only(t, "VIP")).given(func(k *escalation.Ticket) { k.Customer.VIP = true }).
			ask("Mon 09:00").does("Mon 09:00 escalate Tier 2: VIP")
	})
	t.Run("Enterprise customer flag", func(t *testing.T) {
		tell(t, only(t, "VIP")).given(func(k *escalation.Ticket) { k.Customer.Tier = "Enterprise" }).
			ask("Mon 09:00").does("Mon 09:00 escalate Tier 2: VIP")
	})
	t.Run("Revenue impact > {{revenue_threshold}}", func(t *testing.T) {
		s := tell(t, only(t, "revenue")).given(func(k *escalation.Ticket) { k.RevenueImpact = figure(1000) })
		s.look("Mon 09:00").doesNothing()
		s.ticket.RevenueImpact = figure(1000.01)
		s.ask("Mon 09:00").does("Mon 09:00 escalate Tier 2: revenue")
	})
}

func TestScenarioBriefTemplates(t *testing.T) {
	t.Run("Auto-Escalate on SLA Breach", func(t *testing.T) {
		s := tell(t, only(t, "Auto-Escalate on SLA Breach")).given(func(k *escalation.Ticket) { k.Priority = "High" })
		s.ask("Mon 15:23").doesNothing().checks("Mon 15:24")
		s.ask("Mon 15:24").does("Mon 15:24 escalate Tier 2: Auto-Escalate on SLA Breach",
			"Mon 15:24 notify manager: Auto-Escalate on SLA Breach", "Mon 15:24 add_note: Auto-Escalate on SLA Breach")
		s.ask("Tue 15:24").doesNothing().checks("never")
	})
	t.Run("Auto-Escalate on SLA Breach leaves a resolved ticket alone", func(t *testing.T) {
		tell(t, only(t, "Auto-Escalate on SLA Breach")).given(func(k *escalation.Ticket) { k.Priority = "High" }).
			status("Mon 15:00", "Resolved").ask("Tue 09:00").doesNothing()
	})
	fires := func(when string) []string {
		return []string{
			when + " flag review: Customer Sentiment Escalation", when + " set_priority High: Customer Sentiment Escalation",
			when + " alert team lead: Customer Sentiment Escalation",
		}
	}
	t.Run("Customer Sentiment Escalation: sentiment_score < -0.7", func(t *testing.T) {
		s := tell(t, only(t, "Customer Sentiment Escalation")).mood("Mon 09:05", sentiment.Frustrated, -0.7)
		s.ask("Mon 09:05").doesNothing()
		s.mood("Mon 09:20", sentiment.Angry, -0.71).ask("Mon 09:20").does(fires("Mon 09:20")...)
	})
	for _, word := range []string{"unacceptable", "terrible", "worst"} {
		t.Run(`Customer Sentiment Escalation: contains_keywords "`+word+`"`, func(t *testing.T) {
			s := tell(t, only(t, "Customer Sentiment Escalation"))
			s.customer("Mon 09:05", "He quoted the word "+word+".").ask("Mon 09:05").does(fires("Mon 09:05")...)
		})
	}
	fast := []string{
		"Mon 09:00 set_priority High: VIP Fast-Track", "Mon 09:00 assign senior agent: VIP Fast-Track",
		"Mon 09:00 notify account manager: VIP Fast-Track",
	}
	t.Run(`VIP Fast-Track: customer.tier = "Enterprise"`, func(t *testing.T) {
		tell(t, only(t, "VIP Fast-Track")).given(func(k *escalation.Ticket) { k.Customer.Tier = "enterprise" }).ask("Mon 09:00").does(fast...)
	})
	t.Run("VIP Fast-Track: customer.ltv > {{ltv_threshold}}", func(t *testing.T) {
		s := tell(t, only(t, "VIP Fast-Track")).given(func(k *escalation.Ticket) { k.Customer.LTV = figure(10_000) })
		s.look("Mon 09:00").doesNothing()
		s.ticket.Customer.LTV = figure(10_001)
		s.ask("Mon 09:00").does(fast...)
	})
}

func TestScenarioBriefManualCriteria(t *testing.T) {
	for code, label := range map[string]string{
		"outside_authority": "Issue outside agent's knowledge/authority",
		"manager_requested": "Customer requests manager",
		"policy_exception":  "Policy exception needed",
		"cross_department":  "Cross-department coordination required",
		"reputation_risk":   "Potential PR/reputation risk",
	} {
		t.Run(label, func(t *testing.T) {
			s := tell(t, with())
			d, err := s.engine.Escalate(s.ticket, escalation.Request{
				Reason: code, By: "agent:7", Summary: "The export stops at half.", Tried: []string{"Cleared the cache: no change"},
			}, at("Mon 09:30"))
			require.NoError(t, err)
			a := answer{t, d}
			a.does("Mon 09:30 escalate Tier 2: request")
			assert.Empty(t, d.Missing)
			assert.Equal(t, label, d.Reasons[0].Because)
			require.NotNil(t, d.Handoff)
			assert.Equal(t, label, d.Handoff.Reason)
			assert.Equal(t, "Tier 2", d.Handoff.To)
			assert.Equal(t, "The export stops at half.", d.Handoff.Summary)
		})
	}
	t.Run("the handoff says who asked", func(t *testing.T) {
		s := tell(t, with())
		d, err := s.engine.Escalate(s.ticket, escalation.Request{Reason: "policy_exception", By: "agent:7", Override: true}, at("Mon 09:30"))
		require.NoError(t, err)
		require.Len(t, d.Handoff.Timeline, 1)
		assert.Equal(t, "7", d.Handoff.Timeline[0].By)
		assert.Equal(t, "agent:7", d.Reasons[0].By)
	})
	for _, refused := range []struct {
		name, to string
		missing  []string
	}{
		{"Tier 2 - Requires Tier 1 documentation", "Tier 2", []string{"summary", "tried"}},
		{"Tier 3 - Requires full case history", "tier 3", []string{"summary", "tried", "expectation"}},
		{"Tier 4 - Direct stakeholder involvement", "Tier 4", []string{"summary", "person"}},
	} {
		t.Run(refused.name, func(t *testing.T) {
			s := tell(t, with()).customer("Mon 09:00", "The export stops.")
			r := escalation.Request{Reason: "policy_exception", To: refused.to}
			d, err := s.engine.Escalate(s.ticket, r, at("Mon 09:30"))
			require.NoError(t, err)
			assert.Equal(t, refused.missing, d.Missing)
			assert.Empty(t, d.Actions)
			assert.Nil(t, d.Handoff)
			r.Override = true
			d, err = s.engine.Escalate(s.ticket, r, at("Mon 09:30"))
			require.NoError(t, err)
			assert.Len(t, d.Actions, 1)
			assert.Empty(t, d.Missing)
		})
	}
	t.Run("a rule is never stopped by what is missing: the handoff shows the gaps", func(t *testing.T) {
		a := tell(t, only(t, "VIP")).given(func(k *escalation.Ticket) { k.Customer.VIP = true }).ask("Mon 09:00")
		a.does("Mon 09:00 escalate Tier 2: VIP")
		require.NotNil(t, a.Handoff)
		assert.Subset(t, a.Handoff.Missing(), []string{"summary", "tried"})
	})
	t.Run("a reason or tier that the policy does not have is an error", func(t *testing.T) {
		s := tell(t, with())
		_, err := s.engine.Escalate(s.ticket, escalation.Request{Reason: "policy_exeption"}, at("Mon 09:30"))
		assert.ErrorContains(t, err, `did you mean "policy_exception"?`)
		_, err = s.engine.Escalate(s.ticket, escalation.Request{Reason: "policy_exception", To: "Teir 2"}, at("Mon 09:30"))
		assert.ErrorContains(t, err, `did you mean "Tier 2"?`)
	})
}

func TestScenarioBriefBeyond(t *testing.T) {
	t.Run("a threat goes to Tier 4 at once, however polite", func(t *testing.T) {
		a := tell(t, standard).customer("Mon 09:05", "I will sue you. My lawyer will be in touch.").ask("Mon 09:05")
		a.includes("Mon 09:05 escalate Tier 4: threat", "Mon 09:05 flag review: keywords")
		assert.Equal(t, escalation.Overruled, a.result("keywords"))
		assert.Equal(t, "Tier 4", a.Tier)
	})
	t.Run("an angry VIP goes to Tier 4, a frustrated one up by one", func(t *testing.T) {
		vip := func(k *escalation.Ticket) { k.Customer.VIP = true }
		e := only(t, "VIP", "VIP complaint")
		tell(t, e).given(vip).mood("Mon 09:00", sentiment.Angry, -0.8).ask("Mon 09:00").does("Mon 09:00 escalate Tier 4: VIP complaint")
		tell(t, e).given(vip).mood("Mon 09:00", sentiment.Frustrated, -0.5).ask("Mon 09:00").does("Mon 09:00 escalate Tier 2: VIP")
	})
	left := func(when string) string { return when + " alert team lead: nobody left behind" }
	t.Run("nobody left behind: a day without anybody, and every 24 hours", func(t *testing.T) {
		s := tell(t, only(t, "nobody left behind"))
		s.ask("Mon 09:00").doesNothing().checks("Tue 09:00")
		s.ask("Thu 12:00").does(left("Tue 09:00"), left("Wed 09:00"), left("Thu 09:00")).checks("Fri 09:00")
		s.note("Thu 13:00")
		s.ask("Thu 13:00").doesNothing().checks("Fri 13:00")
	})
	t.Run("nobody left behind: a customer who waits a day although agents are busy", func(t *testing.T) {
		s := tell(t, only(t, "nobody left behind")).customer("Mon 10:00", "Hello?").note("Tue 09:00")
		s.ask("Tue 12:00").does(left("Tue 10:00"))
	})
	for _, status := range []string{"Pending", "On hold"} {
		t.Run("nobody left behind: "+status+" waits for three days", func(t *testing.T) {
			s := tell(t, only(t, "nobody left behind")).customer("Mon 09:00", "Hello?").status("Mon 10:00", status)
			s.ask("Mon 10:00").doesNothing().checks("Thu 10:00")
			s.ask("Fri 11:00").does(left("Thu 10:00"), left("Fri 10:00")).checks("Sat 10:00")
		})
	}
	t.Run("nobody left behind: a solved ticket rests in peace", func(t *testing.T) {
		tell(t, only(t, "nobody left behind")).status("Mon 10:00", "Resolved").ask("Mon+1 10:00").doesNothing().checks("never")
	})
}
