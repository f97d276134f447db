package escalation

import (
	"time"

	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

const day = 24 * time.Hour

// Standard returns a complete policy of four tiers to start from: a matrix of
// four priorities and thirteen rules, always open, in UTC. Each call returns a
// fresh copy that is the caller's to change.
//
// Three of its rules carry the names of templates that are widely copied, and do
// what these mean rather than what they say: "set priority High" never lowers a
// Critical ticket, "escalate to Tier 2" never pulls one back from Tier 3, the
// rule for High tickets holds for Critical ones too, "80 % of SLA" is the
// resolution clock without its pauses, and a Closed ticket is as done as a Resolved
// one. In all rules "sue" is a word and not a part of "issue".
func Standard() Policy {
	return Policy{
		Name: "Standard",
		Tiers: []Tier{
			{
				Name: "Tier 1", Title: "Frontline Support",
				Handles:   []string{"Common issues and FAQs", "Password resets, basic troubleshooting", "Standard refunds and exchanges"},
				Expertise: "everyday questions",
				Response:  sla.Within(2 * time.Hour),
				Goal:      &Share{From: 0.7, To: 0.8},
			},
			{
				Name: "Tier 2", Title: "Technical/Specialist Support",
				Handles:   []string{"Complex technical issues", "Account-level problems", "Billing disputes"},
				Expertise: "technical, account and billing questions",
				Response:  sla.Within(4 * time.Hour),
				Demands:   Demands{Text: "Tier 1 documentation", Parts: []string{"summary", "tried"}},
			},
			{
				Name: "Tier 3", Title: "Senior/Engineering Support",
				Handles:   []string{"System bugs, infrastructure issues", "Complex integrations", "Security incidents"},
				Expertise: "system problems, integrations and security",
				Response:  sla.Within(8 * time.Hour),
				Demands:   Demands{Text: "Full case history", Parts: []string{"summary", "timeline", "tried", "expectation"}},
			},
			{
				Name: "Tier 4", Title: "Management/Executive",
				Handles:   []string{"Legal threats, regulatory issues", "VIP customer complaints", "Social media crises"},
				Expertise: "cases that need a decision by our management",
				Response:  sla.Immediately(),
				Demands:   Demands{Text: "Direct stakeholder involvement", Parts: []string{"summary", "person"}},
			},
		},
		Priorities: []Priority{
			{Name: "Critical", Description: "System down, security breach", FirstResponse: sla.Within(15 * time.Minute), Resolution: sla.Within(4 * time.Hour)},
			{Name: "High", Description: "Major feature broken, billing error", FirstResponse: sla.Within(time.Hour), Resolution: sla.Within(8 * time.Hour)},
			{Name: "Medium", Description: "Feature issue, account question", FirstResponse: sla.Within(4 * time.Hour), Resolution: sla.Within(24 * time.Hour)},
			{Name: "Low", Description: "Feature request, general inquiry", FirstResponse: sla.Within(8 * time.Hour), Resolution: sla.Within(48 * time.Hour)},
		},
		Statuses: []Status{
			{"New", sla.New}, {"Open", sla.Open}, {"Pending", sla.Pending},
			{"On hold", sla.OnHold}, {"Resolved", sla.Solved}, {"Closed", sla.Closed},
		},
		Terms:  Terms{Warnings: []sla.Threshold{{Fraction: 0.8}}},
		Params: map[string]any{"revenue_threshold": 1000.0, "ltv_threshold": 10000.0},
		Recipients: []Recipient{
			{Name: "manager"}, {Name: "team lead"}, {Name: "account manager"}, {Name: "senior agent"},
		},
		Queues: []string{"review"},
		Reasons: []RequestReason{
			{Code: "outside_authority", Label: "Issue outside agent's knowledge/authority"},
			{Code: "manager_requested", Label: "Customer requests manager"},
			{Code: "policy_exception", Label: "Policy exception needed"},
			{Code: "cross_department", Label: "Cross-department coordination required"},
			{Code: "reputation_risk", Label: "Potential PR/reputation risk"},
		},
		Rules: []rules.Rule{
			{
				Name:    "SLA at risk",
				If:      `sla.metric != "tier_response" and sla.used >= 0.8`,
				Then:    []string{`escalate_by(1)`, `notify("manager")`},
				Because: "80 % of the time that was promised to the customer is used up.",
			},
			{
				Name:    "tier is late",
				If:      `sla.tier_response.used >= 0.8`,
				Then:    []string{`notify("team lead")`},
				Because: "The tier has used up 80 % of its time to answer.",
			},
			{
				Name:    "angry or frustrated",
				If:      `sentiment in ["angry", "frustrated"]`,
				Then:    []string{`escalate_by(1)`},
				Because: "The customer's last message is angry or frustrated.",
			},
			{
				Name:    "keywords",
				If:      `contains_keywords(["lawyer", "sue", "legal", "media", "BBB"])`,
				Then:    []string{`escalate_by(1)`, `flag("review")`},
				Because: "The customer used a word that calls for a second look.",
			},
			{
				Name:    "threat",
				If:      `"threat" in intents`,
				Then:    []string{`escalate("Tier 4")`},
				Because: "The customer announces legal, regulatory or public steps.",
			},
			{
				Name:    "third contact",
				If:      `ticket.contacts >= 3`,
				Then:    []string{`escalate_by(1)`},
				Because: "The customer has come back about the same issue for the third time.",
			},
			{
				Name:    "VIP",
				If:      `customer.vip or customer.tier == "Enterprise"`,
				Then:    []string{`escalate_by(1)`},
				Because: "The customer is a VIP or on the Enterprise plan.",
			},
			{
				Name:    "VIP complaint",
				If:      `(customer.vip or customer.tier == "Enterprise") and sentiment == "angry"`,
				Then:    []string{`escalate("Tier 4")`},
				Because: "A VIP or Enterprise customer is angry.",
			},
			{
				Name:    "revenue",
				If:      `ticket.revenue_impact > param.revenue_threshold`,
				Then:    []string{`escalate_by(1)`},
				Because: "More revenue is at stake than the threshold allows.",
			},
			{
				Name:    "Auto-Escalate on SLA Breach",
				If:      `ticket.priority in ["Critical", "High"] and sla.resolution.used >= 0.8 and ticket.open`,
				Then:    []string{`escalate("Tier 2")`, `notify("manager")`, `add_note("80 % of the time to resolve this ticket is used up.")`},
				Because: "An urgent ticket has used up 80 % of its time to be resolved.",
			},
			{
				Name:    "Customer Sentiment Escalation",
				If:      `sentiment_score < -0.7 or contains_keywords(["unacceptable", "terrible", "worst"])`,
				Then:    []string{`flag("review")`, `bump_priority()`, `alert("team lead")`},
				Per:     "message",
				Because: "This message is hostile.",
			},
			{
				Name:    "VIP Fast-Track",
				If:      `customer.tier == "Enterprise" or customer.ltv > param.ltv_threshold`,
				Then:    []string{`set_priority("High")`, `assign("senior agent")`, `notify("account manager")`},
				Because: "The customer is on the Enterprise plan or worth more than the threshold.",
			},
			{
				Name: "nobody left behind",
				If: `ticket.open and (ticket.idle >= 3d or ` +
					`(ticket.idle >= 1d or ticket.waiting >= 1d) and ticket.status not in ["Pending", "On hold"])`,
				Then:    []string{`alert("team lead")`},
				Every:   day,
				Because: "Nobody has moved this ticket for too long.",
			},
		},
	}
}
