// Command outside is a program of another module that uses every name others
// rely on. The test builds and runs it there: what it uses cannot be renamed.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/handoff"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sentiment"
	"github.com/escalade-go/escalade/sla"
)

type facts struct {
	Amount float64 `expr:"amount"`
	Plan   string  `expr:"plan"`
}

func main() {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

	// sla
	var always *sla.Calendar
	due := always.Add(now, time.Hour)
	check(always.Between(now, due) == time.Hour && always.Open(now), "calendar")

	// rules
	rule := rules.Rule{Name: "large", If: `amount > 100 and plan == "pro"`, Then: []string{`tell("boss")`}}
	vocabulary := rules.Vocabulary[facts]{
		Facts: []rules.Fact[facts]{{Name: "amount"}, {Name: "plan"}},
		Verbs: []rules.Verb{{Name: "tell", Args: []rules.Arg{{Name: "recipient"}}}},
	}
	var set *rules.Set[facts]
	set, err := rules.Compile([]rules.Rule{rule}, vocabulary)
	check(err == nil && set.Len() == 1 && rule.String() != "", "rules")
	_, err = rules.Compile([]rules.Rule{{Name: "typo", If: `amout > 1`, Then: []string{`tell("boss")`}}}, vocabulary)
	wrong, ok := errors.AsType[*rules.Error](err)
	check(ok && wrong.Pos.Line == 1 && wrong.Code != "" && wrong.Message != "" && wrong.Hint != "", "error")

	// sentiment
	var analyzer sentiment.Analyzer = sentiment.New(nil)
	var result sentiment.Result = analyzer.Analyze("This is terrible, my lawyer will sue you!")
	check(result.Score < 0 && result.Score >= -1 && result.Label == "threatening" && len(result.Evidence) > 0, "sentiment")
	check(len(result.Intents) == 1 && result.Intents[0] == "threat" && result.Language == "en" && result.Confidence > 0, "intents")

	// escalation
	var policy escalation.Policy = escalation.Standard()
	policy.Rules = append(policy.Rules, rules.Rule{Name: "mine", If: `ticket.age >= duration("1h")`, Then: []string{`add_tag("old")`}})
	policy.Tiers = append([]escalation.Tier{}, policy.Tiers...)
	var engine *escalation.Engine
	engine, err = escalation.Compile(policy, &escalation.Options{Namespace: "tenant"})
	check(err == nil && engine.Version() != "", "compile")
	engine = escalation.MustCompile(policy, nil)
	src := escalation.FormatPolicy(policy)
	again, err := escalation.ReadPolicy("policy.json", src)
	check(err == nil && string(escalation.FormatPolicy(again)) == string(src), "policy file")
	src, err = policy.MarshalJSON()
	check(err == nil && (&again).UnmarshalJSON(src) == nil, "policy JSON")

	ltv, contacts := 20000.0, 1
	ticket := escalation.Ticket{
		ID: "T1", Subject: "Wrong invoice", Category: "billing", Priority: "Medium", Status: "Open", Tier: "Tier 1", CreatedAt: now,
		Tags: []string{"web"}, Language: "en", Agreement: "", RevenueImpact: nil, Contacts: &contacts,
		Customer: escalation.Customer{ID: "c1", Name: "Ada", Tier: "pro", VIP: false, LTV: &ltv},
		Messages: []escalation.Message{{ID: "m1", At: now, From: "customer", By: "customer:c1", Text: "The amount is wrong."}},
		Changes:  []escalation.Change{{At: now, Field: "status", From: "New", To: "Open", By: "agent:7"}},
		Fields:   map[string]any{"plan": "pro"},
	}
	var decision escalation.Decision
	decision, err = engine.Decide(ticket, now.Add(30*time.Minute))
	check(err == nil && len(decision.Actions) > 0, "decide")
	var action escalation.Action = decision.Actions[0]
	var reason escalation.Reason = decision.Reasons[0]
	var problems []escalation.Problem = decision.Problems
	check(action.Key != "" && action.Do != "" && action.Rule != "" && !action.Due.IsZero() && reason.Rule != "" && len(problems) == 0, "decision")
	check(decision.NextCheck.After(now), "next check")
	var none *handoff.Case = decision.Handoff
	check(none == nil, "nothing handed over yet")
	var ledger escalation.Ledger = decision.Ledger
	ticket.Ledger = ledger
	decision.Apply(&ticket)
	check(ticket.Priority == "High", "apply")

	decision, err = engine.Escalate(ticket, escalation.Request{Reason: "manager_requested", By: "agent:7", To: "Tier 2", Summary: "Wrong amount.", Tried: []string{"Recalculated: still wrong."}, Expectation: "A new invoice.", Override: false}, now.Add(2*time.Hour))
	check(err == nil && len(decision.Missing) == 0 && decision.Handoff != nil && decision.Tier == "Tier 2", "escalate")

	// handoff
	var handed handoff.Case = *decision.Handoff
	check(handed.Markdown() != "" && handed.Missing() != nil, "document")
	_, err = handed.Acknowledgment()
	check(err == nil, "acknowledgment")
	_, err = handed.Message()
	check(err == nil, "message")
	_, err = handed.FollowUp()
	check(err != nil, "a follow-up without a resolution is refused")

	_, err = escalation.Compile(escalation.Policy{}, nil)
	var all escalation.Errors
	check(errors.As(err, &all) && len(all) >= 3, "errors")
	_, err = json.Marshal(decision)
	check(err == nil, "JSON")
	fmt.Println("ok")
}

func check(ok bool, what string) {
	if !ok {
		fmt.Println("wrong:", what)
		os.Exit(1)
	}
}
