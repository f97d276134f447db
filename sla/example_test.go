package sla_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/escalade-go/escalade/sla"
)

// A High ticket is answered in time, waits for the customer from 10:00 to 14:00,
// and is still to be solved.
func ExampleRead() {
	agreement := &sla.Agreement{
		Promises: []sla.Promise{{
			Priority:      "High",
			FirstResponse: sla.Within(time.Hour),
			Resolution:    sla.Within(8 * time.Hour),
		}},
	}
	at := func(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC) }
	history := sla.History{
		Start:    at(9, 0),
		Priority: "High",
		Events: []sla.Event{
			{At: at(9, 40), Kind: sla.Reply},
			{At: at(10, 0), Kind: sla.StatusChange, To: string(sla.Pending)},
			{At: at(14, 0), Kind: sla.StatusChange, To: string(sla.Open)},
		},
	}
	for _, c := range sla.Read(agreement, history, at(16, 0)) {
		if c.Started.IsZero() {
			continue
		}
		fmt.Printf("%s: %s, used %s of %s, due %s\n", c.Metric, c.State,
			sla.FormatDuration(c.Elapsed), sla.FormatDuration(c.Target), c.Due.Format("15:04"))
	}
	// Output:
	// first_response: met, used 40m of 1h, due 10:00
	// resolution: running, used 3h of 8h, due 21:00
}

// A host looks at a ticket after each event, and asks when it has to look again.
func ExampleTracker() {
	agreement := &sla.Agreement{
		Promises: []sla.Promise{{Priority: "High", FirstResponse: sla.Within(time.Hour)}},
	}
	opened := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	ticket := sla.NewTracker(agreement, sla.History{Start: opened, Priority: "High"})

	clock := ticket.Clock(sla.FirstResponse, opened.Add(10*time.Minute))
	fmt.Println("used up to 80 % at", clock.WhenUsed(0.8).Format("15:04"))

	whatIf := ticket // a copy goes on by itself
	whatIf.Apply(sla.Event{At: opened.Add(20 * time.Minute), Kind: sla.Reply})
	fmt.Println("with a reply:", whatIf.Clock(sla.FirstResponse, opened.Add(2*time.Hour)).State)
	fmt.Println("without:", ticket.Clock(sla.FirstResponse, opened.Add(2*time.Hour)).State)
	// Output:
	// used up to 80 % at 09:48
	// with a reply: met
	// without: breached
}

// Targets as a policy file says them.
func ExampleTarget() {
	var tiers map[string]sla.Target
	err := json.Unmarshal([]byte(`{"Tier 2": "4h", "Tier 3": "2d", "Tier 4": "immediate"}`), &tiers)
	fmt.Println(tiers["Tier 2"], tiers["Tier 3"], tiers["Tier 4"], err)
	fmt.Println("acknowledged within", tiers["Tier 4"].Duration())

	fmt.Println(json.Unmarshal([]byte(`{"Tier 2": "30 minutes"}`), &tiers))
	// Output:
	// 4h 2d immediate <nil>
	// acknowledged within 15m0s
	// "30 minutes" is no target (write 30m, 4h, 2d or immediate)
}
