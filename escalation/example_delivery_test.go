package escalation_test

import (
	"fmt"
	"time"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/sla"
)

// asleep is Standard() for people who want to sleep: nobody is woken between ten and
// seven but for Critical tickets. Somebody is on call.
func asleep() escalation.Policy {
	week := map[string][]string{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		week[day] = []string{"22:00-07:00"}
	}
	policy := escalation.Standard()
	policy.QuietHours = &escalation.QuietHours{Hours: sla.Hours{Zone: "Europe/Paris", Week: week}}
	for i := range policy.Recipients {
		if policy.Recipients[i].Name == "account manager" {
			policy.Recipients[i].Calendar = "always"
		}
	}
	return policy
}

// Two tickets come in at midnight. Both are due to be told of in the night, at the
// instant that was promised; people are woken for the Critical one.
func ExampleQuietHours() {
	engine := escalation.MustCompile(asleep(), nil)
	paris, _ := time.LoadLocation("Europe/Paris")
	midnight := time.Date(2026, 11, 27, 0, 0, 0, 0, paris)
	for _, ticket := range []escalation.Ticket{
		{ID: "21", Priority: "Medium", Status: "Open", CreatedAt: midnight, Customer: escalation.Customer{Tier: "Enterprise"}},
		{ID: "22", Priority: "Critical", Status: "Open", CreatedAt: midnight},
	} {
		decision, err := engine.Decide(ticket, midnight.Add(time.Hour))
		if err != nil {
			panic(err)
		}
		for _, a := range decision.Actions {
			if !a.DeliverAt.IsZero() {
				fmt.Printf("%s %s %-15s  due %s, not before %s\n", ticket.ID, a.Do, a.To,
					a.Due.In(paris).Format("15:04"), a.DeliverAt.In(paris).Format("15:04"))
			}
		}
	}
	// Output:
	// 21 notify account manager  due 00:00, not before 00:00
	// 21 notify manager          due 00:48, not before 07:00
	// 22 notify manager          due 00:12, not before 00:12
	// 22 notify team lead        due 00:24, not before 00:24
}

// In the night a server has broken down, and six customers wait for an answer.
// In the morning the manager reads one message. A host marks all that it stands for as
// told.
func ExampleEngine_Digests() {
	engine := escalation.MustCompile(asleep(), nil)
	night := time.Date(2026, 11, 27, 2, 0, 0, 0, time.UTC)
	var decisions []escalation.Decision
	for i := range 6 {
		priority := "Medium"
		if i == 4 {
			priority = "High"
		}
		ticket := escalation.Ticket{ID: fmt.Sprint(300 + i), Priority: priority, Status: "Open", CreatedAt: night}
		decision, err := engine.Decide(ticket, night.Add(5*time.Hour))
		if err != nil {
			panic(err)
		}
		decisions = append(decisions, decision)
	}
	for _, digest := range engine.Digests(decisions...) {
		if digest.To == "manager" {
			fmt.Println(len(digest.Keys()), "notices, to be told at", digest.DeliverAt.Format(time.RFC3339))
			fmt.Println(digest)
		}
	}
	// Output:
	// 6 notices, to be told at 2026-11-27T06:00:00Z
	// manager: 6 tickets
	// SLA at risk (80 % of the time that was promised to the customer is used up.)
	// - 304, High, Tier 2, since 2026-11-27 02:48 UTC
	// - 300, Medium, Tier 2, since 2026-11-27 05:12 UTC
	// - 301, Medium, Tier 2, since 2026-11-27 05:12 UTC
	// - 302, Medium, Tier 2, since 2026-11-27 05:12 UTC
	// - 303, Medium, Tier 2, since 2026-11-27 05:12 UTC
	// - 305, Medium, Tier 2, since 2026-11-27 05:12 UTC
}
