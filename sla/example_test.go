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

// A ticket comes in on a Friday afternoon, with an hour to answer and an office that
// closes at five.
func ExampleNewCalendar() {
	var hours sla.Hours
	err := json.Unmarshal([]byte(`{
		"zone": "Europe/Paris",
		"week": {"mon": ["09:00-12:30", "13:30-17:00"], "tue": ["09:00-17:00"], "fri": ["09:00-17:00"]},
		"holidays": ["2026-12-25"],
		"exceptions": {"2026-12-28": ["10:00-12:00"]}
	}`), &hours)
	if err != nil {
		fmt.Println(err)
	}
	office, err := sla.NewCalendar(hours)
	if err != nil {
		fmt.Println(err)
	}
	paris, _ := time.LoadLocation("Europe/Paris")
	friday := time.Date(2026, 11, 27, 16, 30, 0, 0, paris)
	fmt.Println(office.Add(friday, time.Hour).Format("Mon 2 Jan 15:04"))

	beforeChristmas := time.Date(2026, 12, 22, 16, 30, 0, 0, paris)
	fmt.Println(office.Add(beforeChristmas, time.Hour).Format("Mon 2 Jan 15:04"))
	// Output:
	// Mon 30 Nov 09:30
	// Mon 28 Dec 10:30
}

// All mistakes at once, each with its place and a guess.
func ExampleErrors() {
	_, err := sla.NewCalendar(sla.Hours{
		Zone:     "Europe/Pari",
		Week:     map[string][]string{"mon": {"09:00-13:00", "12:30-17:00"}, "tuesday": {"9-17"}},
		Holidays: []string{"2026-12-25", "2026-12-25"},
	})
	fmt.Println(err)
	// Output:
	// /zone: there is no time zone "Europe/Pari" (did you mean "Europe/Paris"?)
	// /week/mon/1: 12:30-17:00 overlaps 09:00-13:00 of Monday
	// /week/tuesday: there is no day "tuesday" in a week (did you mean "tue"?)
	// /holidays/1: 2026-12-25 is a holiday already
}

// Support that follows the sun.
func ExampleUnion() {
	office := func(zone string) *sla.Calendar {
		week := map[string][]string{}
		for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
			week[day] = []string{"09:00-17:00"}
		}
		c, err := sla.NewCalendar(sla.Hours{Zone: zone, Week: week})
		if err != nil {
			panic(err)
		}
		return c
	}
	sun := sla.Union(office("Asia/Tokyo"), office("Europe/Paris"), office("America/New_York"))
	opened := time.Date(2026, 7, 1, 20, 30, 0, 0, time.UTC) // half an hour before New York closes
	fmt.Println(sun.Add(opened, time.Hour))                 // Tokyo opens at midnight, UTC
	// Output: 2026-07-02 00:30:00 +0000 UTC
}

// A ticket is reopened after two days. Whether it goes on or begins anew is a choice.
func ExampleChoices() {
	opened := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	history := sla.History{Start: opened, Priority: "High", Events: []sla.Event{
		{At: opened.Add(3 * time.Hour), Kind: sla.StatusChange, To: string(sla.Solved)},
		{At: opened.Add(51 * time.Hour), Kind: sla.StatusChange, To: string(sla.Open)},
	}}
	for _, reopening := range []sla.OnReopen{sla.ReopenResume, sla.ReopenNewCycle, sla.ReopenFrozen, sla.ReopenWall} {
		agreement := &sla.Agreement{
			Promises: []sla.Promise{{Priority: "High", Resolution: sla.Within(8 * time.Hour)}},
			Choices:  sla.Choices{OnReopen: reopening},
		}
		c := sla.Read(agreement, history, opened.Add(52*time.Hour))[0]
		fmt.Printf("%-9s  cycle %d is %s, %s used\n", reopening, c.Cycle, c.State, sla.FormatDuration(c.Elapsed))
	}
	// Output:
	// resume     cycle 1 is running, 4h used
	// new_cycle  cycle 2 is running, 1h used
	// frozen     cycle 1 is met, 3h used
	// wall       cycle 1 is breached, 2d4h used
}

// What can be read, and is probably not what was meant.
func ExampleAgreement_Findings() {
	office, err := sla.NewCalendar(sla.Hours{Week: map[string][]string{"mon": {"09:00-17:00"}, "tue": {"09:00-17:00"}}})
	if err != nil {
		panic(err)
	}
	agreement := &sla.Agreement{Calendar: office, Promises: []sla.Promise{
		{Priority: "High", Resolution: sla.Within(12 * time.Hour)},
		{Priority: "Low", Resolution: sla.Within(8 * time.Hour), FirstResponse: sla.Within(24 * time.Hour)},
	}}
	for _, f := range agreement.Findings() {
		fmt.Println(f)
	}
	// Output:
	// the first response of "Low" is 1d, that is 24 hours of open time; the calendar is open for at most 8h a day, so it takes 3 such days (for 1 working day write 8h)
	// the resolution of "Low", 8h, is sooner than that of the more urgent "High", 12h (the rows go from the most urgent to the least)
	// the first response of "Low", 1d, is promised for later than its resolution, 8h
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
