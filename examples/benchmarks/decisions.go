package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/sentiment"
)

// calm and angry are messages of 600 characters.
var (
	calm  = strings.Repeat("We changed the address in the billing form and saved it, and the next invoice shows the new one. ", 7)[:600]
	angry = strings.ReplaceAll(`I am writing for the third time about order 48213, which your page says was delivered on Monday.
It was not. I have called twice, waited forty minutes, and nobody could tell me where the parcel is. Your agent promised to call
me back within a day and never did. This is unacceptable. I have paid 240 euros for a present that was meant for last Saturday, and
all I get from you is the same useless link again and again. I am done with your excuses. Either you tell me today when it arrives
or you give me my money back at once. This is the worst service I have ever had from a shop!! Ada Byron, customer 7718`, "\n", " ")[:600]
)

var created = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// fresh is a ticket of one message.
func fresh(text string) escalation.Ticket {
	return escalation.Ticket{
		ID: "T1", Subject: "Address on invoices", Priority: "Medium", Status: "Open", Tier: "Tier 1", CreatedAt: created,
		Customer: escalation.Customer{ID: "c1", Name: "Ada", Tier: "pro"},
		Messages: []escalation.Message{{ID: "m1", At: created, From: "customer", Text: text}},
	}
}

// conditions are those of escalation.Standard() as somebody writes them in expr alone, on
// figures that somebody else has worked out: for each clock the share of its target, the
// mood, how often the customer has come, how long nobody has answered.
var conditions = []struct{ rule, condition string }{
	{"SLA at risk", `first_response_used >= 0.8 || next_response_used >= 0.8 || resolution_used >= 0.8`},
	{"tier is late", `tier_response_used >= 0.8`},
	{"angry or frustrated", `sentiment in ["angry", "frustrated"]`},
	{"keywords", `text matches "\\b(lawyer|sue|legal|media|bbb)\\b"`},
	{"threat", `"threat" in intents`},
	{"third contact", `contacts >= 3`},
	{"VIP", `vip || plan == "enterprise"`},
	{"VIP complaint", `(vip || plan == "enterprise") && sentiment == "angry"`},
	{"revenue", `revenue_impact > 1000`},
	{"Auto-Escalate on SLA Breach", `priority in ["Critical", "High"] && resolution_used >= 0.8 && open`},
	{"Customer Sentiment Escalation", `sentiment_score < -0.7 || any(["unacceptable", "terrible", "worst"], text contains #)`},
	{"VIP Fast-Track", `plan == "enterprise" || ltv > 10000`},
	{"nobody left behind", `open && (idle >= duration("72h") || (idle >= duration("24h") || waiting >= duration("24h")) && status not in ["Pending", "On hold"])`},
}

// standing is what they read.
type standing struct {
	Priority      string        `expr:"priority"`
	Status        string        `expr:"status"`
	Open          bool          `expr:"open"`
	Idle          time.Duration `expr:"idle"`
	Waiting       time.Duration `expr:"waiting"`
	Contacts      int           `expr:"contacts"`
	Revenue       float64       `expr:"revenue_impact"`
	VIP           bool          `expr:"vip"`
	Plan          string        `expr:"plan"`
	LTV           float64       `expr:"ltv"`
	Sentiment     string        `expr:"sentiment"`
	Score         float64       `expr:"sentiment_score"`
	Intents       []string      `expr:"intents"`
	FirstResponse float64       `expr:"first_response_used"`
	NextResponse  float64       `expr:"next_response_used"`
	Resolution    float64       `expr:"resolution_used"`
	TierResponse  float64       `expr:"tier_response_used"`
	Text          string        `expr:"text"` // in lower case
}

// standingOf works the figures out for a ticket that nobody has touched yet.
func standingOf(p escalation.Policy, t escalation.Ticket, now time.Time) standing {
	mood, age := sentiment.New(nil).Analyze(t.Messages[0].Text), now.Sub(t.CreatedAt)
	s := standing{
		Priority: t.Priority, Status: t.Status, Open: true, Idle: age, Waiting: age, Contacts: 1,
		VIP: t.Customer.VIP, Plan: strings.ToLower(t.Customer.Tier),
		Sentiment: string(mood.Label), Score: mood.Score, Text: strings.ToLower(t.Subject + "\n" + t.Messages[0].Text),
	}
	if t.Contacts != nil {
		s.Contacts = *t.Contacts
	}
	if t.RevenueImpact != nil {
		s.Revenue = *t.RevenueImpact
	}
	if t.Customer.LTV != nil {
		s.LTV = *t.Customer.LTV
	}
	for _, intent := range mood.Intents {
		s.Intents = append(s.Intents, string(intent))
	}
	for _, row := range p.Priorities {
		if row.Name == t.Priority {
			s.FirstResponse = float64(age) / float64(row.FirstResponse.Within)
			s.Resolution = float64(age) / float64(row.Resolution.Within)
			s.TierResponse = float64(age) / float64(min(row.FirstResponse.Within, p.Tiers[0].Response.Within))
		}
	}
	return s
}

// plainConditions returns a function that tells which of the conditions hold.
func plainConditions() func(s *standing, holds []string) []string {
	programs := make([]*vm.Program, len(conditions))
	for i, c := range conditions {
		programs[i] = must(expr.Compile(c.condition, expr.Env(&standing{}), expr.AsBool()))
	}
	return func(s *standing, holds []string) []string {
		for i, program := range programs {
			if must(vm.Run(program, s)).(bool) {
				holds = append(holds, conditions[i].rule)
			}
		}
		return holds
	}
}

// decisions prints how long it takes to decide on a ticket on which nothing is to be done.
func decisions(w io.Writer) {
	policy, soon := escalation.Standard(), created.Add(time.Minute)
	engine, ticket := escalation.MustCompile(policy, nil), fresh(calm)
	again := ticket
	must(engine.Decide(ticket, soon)).Apply(&again)
	given, hold, names := standingOf(policy, ticket, soon), plainConditions(), []string(nil)

	head(w, "a message of 600 characters, no rule fires", "time", "allocations")
	for i, figure := range measure(
		func() { must(engine.Decide(ticket, soon)) },
		func() { must(engine.Decide(again, soon.Add(time.Minute))) },
		func() { names = hold(&given, names[:0]) },
	) {
		row(w, []string{
			"escalade, the whole decision with its next check",
			"escalade, asked again with the ledger",
			"plain expr, the conditions alone",
		}[i], short(figure.ns), fmt.Sprint(figure.allocations))
	}
}
