package main

import (
	"slices"
	"testing"
	"time"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
)

// TestPlainConditionsAreTheStandardRules: what holds in plain expr is what fires, if no
// rule changes what the next one sees.
func TestPlainConditionsAreTheStandardRules(t *testing.T) {
	policy := escalation.Standard()
	for i, r := range policy.Rules {
		if conditions[i].rule != r.Name {
			t.Fatalf("condition %d is that of %q, rule %d is %q", i, conditions[i].rule, i, r.Name)
		}
		policy.Rules[i].Mode, policy.Rules[i].Every = rules.Observe, 0
	}
	engine, hold := escalation.MustCompile(policy, nil), plainConditions()
	held := map[string]bool{}
	for name, change := range map[string]func(*escalation.Ticket){
		"calm":          func(*escalation.Ticket) {},
		"angry":         func(t *escalation.Ticket) { t.Messages[0].Text = angry },
		"angry VIP":     func(t *escalation.Ticket) { t.Messages[0].Text, t.Customer.VIP = angry, true },
		"a lawyer":      func(t *escalation.Ticket) { t.Messages[0].Text += " My LAWYER will sue you." },
		"no lawyer":     func(t *escalation.Ticket) { t.Messages[0].Text += " The issue is a page called Lawyers." },
		"third contact": func(t *escalation.Ticket) { t.Contacts = new(3) },
		"Enterprise":    func(t *escalation.Ticket) { t.Customer.Tier = "Enterprise" },
		"revenue":       func(t *escalation.Ticket) { t.RevenueImpact = new(1000.5) },
		"no revenue":    func(t *escalation.Ticket) { t.RevenueImpact = new(1000.0) },
		"ltv":           func(t *escalation.Ticket) { t.Customer.LTV = new(20_000.0) },
	} {
		for _, age := range []time.Duration{time.Minute, time.Hour, 4 * time.Hour, 20 * time.Hour, 25 * time.Hour, 80 * time.Hour} {
			for _, priority := range []string{"Critical", "High", "Medium", "Low"} {
				ticket := fresh(calm)
				ticket.Priority = priority
				change(&ticket)
				now := created.Add(age)
				decision, err := engine.Decide(ticket, now)
				if err != nil {
					t.Fatal(err)
				}
				s := standingOf(policy, ticket, now)
				got, want := hold(&s, nil), []string(nil)
				for _, r := range policy.Rules {
					held[r.Name] = held[r.Name] || slices.Contains(got, r.Name)
					if slices.ContainsFunc(decision.Observed, func(reason escalation.Reason) bool { return reason.Rule == r.Name }) {
						want = append(want, r.Name)
					}
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s, %s, after %s: %q hold, %q fire", name, priority, age, got, want)
				}
			}
		}
	}
	for rule, ever := range held {
		if !ever {
			t.Errorf("%q never holds", rule)
		}
	}
}
