package escalation_test

import (
	"fmt"
	"time"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
)

// A ticket goes in, a decision comes out.
func Example() {
	engine := escalation.MustCompile(escalation.Standard(), nil)
	ticket := escalation.Ticket{
		ID: "4711", Subject: "Charged twice", Priority: "High", Status: "Open",
		CreatedAt: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
		Messages: []escalation.Message{{
			ID: "m1", From: escalation.FromCustomer, At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
			Text: "You charged me twice. This is unacceptable, refund me today or my lawyer will contact you!",
		}},
	}
	decision, err := engine.Decide(ticket, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	if err != nil {
		panic(err)
	}
	for _, a := range decision.Actions {
		fmt.Printf("%-12s %-10s because of %q\n", a.Do, a.To, a.Rule)
	}
	fmt.Println("ask again at", decision.NextCheck.Format("15:04:05"))
	// Output:
	// flag         review     because of "keywords"
	// escalate     Tier 4     because of "threat"
	// flag         review     because of "Customer Sentiment Escalation"
	// set_priority Critical   because of "Customer Sentiment Escalation"
	// alert        team lead  because of "Customer Sentiment Escalation"
	// ask again at 09:12:00
}

// A lead's first change: another target, another parameter, a rule of their own.
// A policy is data, so it is changed like any other value.
func ExampleStandard() {
	policy := escalation.Standard()
	policy.Params["revenue_threshold"] = 500.0
	policy.Rules = append(policy.Rules, rules.Rule{
		Name: "Nobody has taken it",
		If:   `ticket.assignee == "" and ticket.age >= 30m`,
		Then: []string{`alert("team lead")`},
	})
	engine, err := escalation.Compile(policy, nil)
	if err != nil {
		panic(err)
	}
	created := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	ticket := escalation.Ticket{ID: "1", Priority: "Low", Status: "New", CreatedAt: created}
	decision, _ := engine.Decide(ticket, created)
	fmt.Println(len(decision.Actions), "actions at", created.Format("15:04"))
	decision, _ = engine.Decide(ticket, decision.NextCheck)
	for _, a := range decision.Actions {
		fmt.Println(a.Do, a.To, "due", a.Due.Format("15:04"))
	}
	// Output:
	// 0 actions at 09:00
	// alert team lead due 09:30
}

// All mistakes come at once, in the author's words, with a guess at what was
// meant.
func ExampleCompile() {
	policy := escalation.Standard()
	policy.Rules = []rules.Rule{
		{Name: "Urgent", If: `ticket.prioriti == "High"`, Then: []string{`escalate("Tier 2")`}},
		{Name: "Done", If: `ticket.status == "Resolvd"`, Then: []string{`notify("manager")`}},
		{Name: "Late", If: `sla.used >= 1`, Then: []string{`escalate("Teir 3")`, `notifi("manager")`}},
	}
	_, err := escalation.Compile(policy, nil)
	fmt.Println(err)
	// Output:
	// /rules/0/if (Urgent):1:1: there is no "ticket.prioriti" (did you mean "ticket.priority"?)
	// /rules/1/if (Done):1:18: "Resolvd" is no status (did you mean "Resolved"?)
	// /rules/2/then/0 (Late):1:10: escalate: there is no tier "Teir 3" (did you mean "Tier 3"?)
	// /rules/2/then/1 (Late):1:1: there is no action "notifi" (did you mean "notify"?)
}

// Mistakes in a file have their place in the file.
func ExampleReadPolicy() {
	src := []byte(`{
  "format": 1,
  "tiers": [{"name": "Front"}, {"name": "Experts", "response": "4 hours"}],
  "priorities": [{"name": "Normal", "resolution": "8h"}],
  "statuses": [{"name": "Open", "categori": "open"}],
  "rules": []
}`)
	_, err := escalation.ReadPolicy("policy.json", src)
	fmt.Println(err)
	// Output:
	// policy.json:3:64: /tiers/1/response: "4 hours" is no target (write 30m, 4h, 2d or immediate)
	// policy.json:5:33: /statuses/0/categori: there is no key "categori" here (did you mean "category"?)
}

// A person asks for an escalation. What the tier demands has to be written down
// first; a request that lacks it is refused with the list.
func ExampleEngine_Escalate() {
	engine := escalation.MustCompile(escalation.Standard(), nil)
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	ticket := escalation.Ticket{ID: "7", Subject: "Invoice in the wrong currency", Priority: "Low", Status: "Open", CreatedAt: now.Add(-time.Hour)}

	request := escalation.Request{Reason: "policy_exception", By: "agent:anna"}
	decision, _ := engine.Escalate(ticket, request, now)
	fmt.Println("refused, missing:", decision.Missing)

	request.Summary = "The customer was billed in dollars and asks for euros."
	request.Tried = []string{"Changed the currency of the account: only counts for new invoices."}
	decision, _ = engine.Escalate(ticket, request, now)
	for _, a := range decision.Actions {
		fmt.Println(a.Do, a.To, "for", a.Rule)
	}
	fmt.Println("still to be filled in:", decision.Handoff.Missing())
	// Output:
	// refused, missing: [summary tried]
	// escalate Tier 2 for request
	// still to be filled in: [sentiment expectation next_steps]
}

// A ticket followed from check to check. Apply stands for the host: it carries
// out the actions and stores the ledger.
func ExampleDecision_Apply() {
	engine := escalation.MustCompile(escalation.Standard(), nil)
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	ticket := escalation.Ticket{ID: "9", Priority: "High", Status: "Open", CreatedAt: now}
	for range 4 {
		decision, err := engine.Decide(ticket, now)
		if err != nil {
			panic(err)
		}
		fmt.Print(now.Format("Mon 15:04"))
		for _, a := range decision.Actions {
			fmt.Printf("  %s %s", a.Do, a.To)
		}
		fmt.Println()
		decision.Apply(&ticket)
		now = decision.NextCheck
	}
	// Output:
	// Mon 09:00
	// Mon 09:48  escalate Tier 2  notify manager
	// Mon 10:36  notify team lead
	// Mon 15:24  escalate Tier 3  notify manager  notify manager  add_note
}

// Why did nobody get a message? Every rule can be asked.
func ExampleEngine_Explain() {
	policy := escalation.Standard()
	policy.Rules = policy.Rules[:0:0]
	for _, r := range escalation.Standard().Rules {
		switch r.Name {
		case "Auto-Escalate on SLA Breach", "VIP Fast-Track", "Customer Sentiment Escalation":
			policy.Rules = append(policy.Rules, r)
		}
	}
	engine := escalation.MustCompile(policy, nil)
	created := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	ticket := escalation.Ticket{ID: "21", Priority: "High", Status: "Open", CreatedAt: created, Customer: escalation.Customer{Tier: "Pro"}}
	explanation, err := engine.Explain(ticket, created.Add(2*time.Hour))
	if err != nil {
		panic(err)
	}
	fmt.Println(explanation)
	// Output:
	// Ticket 21 at 2026-03-02 11:00:00 UTC
	//
	// Auto-Escalate on SLA Breach
	//   does not hold [resolution/1]: sla.resolution.used >= 0.8 is false; time may turn a clause at 2026-03-02 15:24:00 UTC
	//     false   and
	//       true    ticket.priority in ["Critical", "High"]   ticket.priority: High
	//       false   sla.resolution.used >= 0.8   sla.resolution.used: 0.25
	//       true    ticket.open   ticket.open: true
	//
	// Customer Sentiment Escalation: the customer has written nothing
	//
	// VIP Fast-Track
	//   does not hold: neither of these helps: customer.tier == "Enterprise" is false; customer.ltv > param.ltv_threshold is unknown
	//     unknown or
	//       false   customer.tier == "Enterprise"   customer.tier: Pro
	//       unknown customer.ltv > param.ltv_threshold   customer.ltv: unknown, param.ltv_threshold: 10000
}
