package escalation_test

import (
	"fmt"
	"time"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/sla"
)

// inTheOffice is Standard() for a team in Paris that works from nine to five. Only
// Critical tickets are worked on at night.
func inTheOffice() escalation.Policy {
	week := map[string][]string{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
		week[day] = []string{"09:00-17:00"}
	}
	policy := escalation.Standard()
	policy.Calendars = map[string]escalation.Calendar{
		"office": {Hours: sla.Hours{Zone: "Europe/Paris", Week: week, Holidays: []string{"2026-12-25"}}},
	}
	policy.Calendar = "office"
	policy.Priorities[0].Calendar = "always"
	return policy
}

// A ticket comes in on a Friday at 16:30, with an hour to answer. Nobody is woken on
// Saturday: 80 % of the hour are used up on Monday at 09:18.
func ExampleTerms() {
	engine := escalation.MustCompile(inTheOffice(), nil)
	paris, _ := time.LoadLocation("Europe/Paris")
	friday := time.Date(2026, 11, 27, 16, 30, 0, 0, paris)
	for _, priority := range []string{"High", "Critical"} {
		ticket := escalation.Ticket{ID: "11", Priority: priority, Status: "Open", CreatedAt: friday}
		decision, err := engine.Decide(ticket, friday)
		if err != nil {
			panic(err)
		}
		for _, c := range decision.Clocks {
			if c.Metric == sla.FirstResponse {
				fmt.Printf("%-8s  warns %s, due %s\n", priority,
					c.Warnings[0].At.In(paris).Format("Mon 15:04"), c.Due.In(paris).Format("Mon 15:04"))
			}
		}
	}
	// Output:
	// High      warns Mon 09:18, due Mon 09:30
	// Critical  warns Fri 16:42, due Fri 16:45
}

// Customers on the Gold plan are promised more. What an agreement does not say is the
// policy's.
func ExampleAgreement() {
	policy := inTheOffice()
	policy.Agreements = []escalation.Agreement{{
		Name:          "Gold",
		CustomerTiers: []string{"gold"},
		Terms:         escalation.Terms{Calendar: "always"},
		Priorities:    []escalation.Priority{{Name: "High", FirstResponse: sla.Within(20 * time.Minute), Resolution: sla.Within(4 * time.Hour)}},
	}}
	engine := escalation.MustCompile(policy, nil)
	friday := time.Date(2026, 11, 27, 20, 0, 0, 0, time.UTC)
	ticket := escalation.Ticket{
		ID: "12", Priority: "High", Status: "Open", CreatedAt: friday,
		Customer: escalation.Customer{ID: "c-1", Tier: "Gold"},
	}
	decision, _ := engine.Decide(ticket, friday)
	fmt.Println(decision.Agreement, decision.Clocks[0].Metric, "due", decision.Clocks[0].Due.Format("Mon 15:04"))
	// Output: Gold first_response due Fri 20:20
}

// A contract that was signed today needs no new policy: the host makes it ready and
// hands it in with the ticket.
func ExampleEngine_Contract() {
	engine := escalation.MustCompile(inTheOffice(), nil)
	contract, err := engine.Contract(escalation.Agreement{
		Name:       "ACME 2027",
		Terms:      escalation.Terms{Calendar: "always", Choices: sla.Choices{OnReopen: sla.ReopenNewCycle}},
		Priorities: []escalation.Priority{{Name: "High", Resolution: sla.Within(2 * time.Hour)}},
	})
	if err != nil {
		panic(err)
	}
	night := time.Date(2026, 11, 27, 22, 0, 0, 0, time.UTC)
	ticket := escalation.Ticket{ID: "13", Priority: "High", Status: "Open", CreatedAt: night, Contract: contract}
	decision, _ := engine.Decide(ticket, night)
	fmt.Println(decision.Agreement, decision.Clocks[0].Metric, "due", decision.Clocks[0].Due.Format("Mon 15:04"))

	_, err = engine.Contract(escalation.Agreement{Name: "Bolt 2027", Terms: escalation.Terms{Calendar: "ofice"}})
	fmt.Println(err)
	// Output:
	// ACME 2027 resolution due Sat 00:00
	// /calendar: there is no calendar "ofice" (did you mean "office"?)
}

// What compiles may still not be what was meant: a day is 24 hours, not a working day.
func ExampleEngine_Verify() {
	engine := escalation.MustCompile(inTheOffice(), nil)
	for _, finding := range engine.Verify() {
		fmt.Println(finding)
	}
	// Output:
	// /priorities/2/resolution: the resolution of "Medium" is 1d, that is 24 hours of open time; the calendar is open for at most 8h a day, so it takes 3 such days (for 1 working day write 8h)
	// /priorities/3/resolution: the resolution of "Low" is 2d, that is 48 hours of open time; the calendar is open for at most 8h a day, so it takes 6 such days (for 2 working days write 16h)
}
