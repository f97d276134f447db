package metrics_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/escalation/metrics"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// The March of a small team: three tiers, open from nine to five on working days. It is
// the table in the documentation of the package.
func march() (*escalation.Engine, []escalation.Ticket) {
	p := escalation.Standard()
	p.Tiers = p.Tiers[:3]
	p.Rules = []rules.Rule{{Name: "third contact", If: "ticket.contacts >= 3", Then: []string{"escalate_by(1)"}}}
	office := sla.Hours{Week: map[string][]string{}}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
		office.Week[day] = []string{"09:00-17:00"}
	}
	p.Calendars = map[string]escalation.Calendar{"office": {Hours: office}}
	p.Calendar = "office"

	at := func(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, time.UTC) }
	tier := func(day, hour int, to, by string) escalation.Change {
		return escalation.Change{At: at(day, hour), Field: "tier", To: "Tier " + to, By: by}
	}
	status := func(day, hour int, to string) escalation.Change {
		return escalation.Change{At: at(day, hour), Field: "status", To: to}
	}
	asks := func(day, hour int) escalation.Message {
		return escalation.Message{At: at(day, hour), From: escalation.FromCustomer}
	}
	answers := func(day, hour int) escalation.Message {
		return escalation.Message{At: at(day, hour), From: escalation.FromAgent}
	}
	const rule = "escalade:third contact"
	return escalation.MustCompile(p, nil), []escalation.Ticket{
		{
			ID: "A", CreatedAt: at(2, 9),
			Messages: []escalation.Message{asks(2, 9), answers(2, 10)},
			Changes:  []escalation.Change{status(2, 11, "Resolved")},
			Ratings:  []escalation.Rating{{At: at(2, 12), Score: 5, Max: 5}},
		},
		{
			ID: "B", CreatedAt: at(2, 9),
			Messages: []escalation.Message{asks(2, 9), answers(2, 10)},
			Changes:  []escalation.Change{tier(2, 13, "2", rule), status(3, 11, "Resolved")},
			Ratings:  []escalation.Rating{{At: at(3, 12), Score: 4, Max: 5}},
		},
		{
			ID: "C", CreatedAt: at(3, 9),
			Messages: []escalation.Message{asks(3, 9), answers(3, 10), asks(3, 11)},
			Changes:  []escalation.Change{tier(3, 11, "2", "agent:ann"), tier(4, 11, "3", rule), status(5, 17, "Resolved")},
			Ratings:  []escalation.Rating{{At: at(6, 9), Score: 2, Max: 5}},
		},
		{
			ID: "D", CreatedAt: at(4, 10),
			Messages: []escalation.Message{asks(4, 10), answers(4, 11), asks(9, 9)},
			Changes:  []escalation.Change{tier(5, 10, "2", "agent:ann"), tier(6, 10, "1", "agent:bob"), status(6, 12, "Resolved"), status(9, 11, "Resolved")},
			Ratings:  []escalation.Rating{{At: at(4, 17), Score: 5, Max: 5}},
		},
		{
			ID: "E", CreatedAt: at(30, 9),
			Messages: []escalation.Message{asks(30, 9)},
			Changes:  []escalation.Change{tier(30, 15, "2", rule)},
		},
		{
			ID: "F", CreatedAt: at(31, 9),
			Messages: []escalation.Message{asks(31, 9)},
		},
	}
}

// The report on the tickets of a month, as of its end. Three of four tickets that were
// escalated are resolved, in a median of 30 hours.
func ExampleCompute() {
	engine, tickets := march()
	report, err := metrics.Compute(engine, slices.Values(tickets), metrics.Options{
		From: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
		To:   time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC),
		At:   time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(report)
	// Output:
	// Tickets created from 2026-03-01 00:00:00 UTC until 2026-04-01 00:00:00 UTC, as of 2026-04-01 00:00:00 UTC
	// 6 tickets: 4 resolved, 2 open; 4 were escalated
	//
	// ESCALATION RATE
	// Tickets that were escalated from the tier, of those that came to it; each counts once a tier.
	//
	//         count  of    share  still open
	// Tier 1      4   6     67 %    1 (17 %)
	// Tier 2      1   4     25 %    1 (25 %)
	// Tier 3      0   0  no data           0
	// all         4   6     67 %    1 (17 %)
	//
	// TIME TO ESCALATE
	// From coming to the tier to the first escalation from it; all: from the creation to the first escalation of all.
	//
	//                      n   median      p90  still open
	// Tier 1               4      4 h     24 h    1 (17 %)
	// Tier 1, business     4      4 h      8 h    1 (17 %)
	// Tier 2               1     24 h     24 h    1 (25 %)
	// Tier 2, business     1      8 h      8 h    1 (25 %)
	// Tier 3               0  no data  no data           0
	// Tier 3, business     0  no data  no data           0
	// all                  4      4 h     24 h    1 (17 %)
	// all, business        4      4 h      8 h    1 (17 %)
	// automatic            2      4 h      6 h           0
	// automatic, business  2      4 h      6 h           0
	// manual               2      2 h     24 h           0
	// manual, business     2      2 h      8 h           0
	//
	// RESOLUTION TIME AFTER ESCALATION
	// From the last escalation, which was to the tier, to the last solving.
	//
	//                   n   median      p90  median with open  p90 with open  still open
	// Tier 1            0  no data  no data           no data        no data           0
	// Tier 1, business  0  no data  no data           no data        no data           0
	// Tier 2            2     22 h     97 h              97 h           97 h    1 (33 %)
	// Tier 2, business  2      6 h     12 h              12 h           12 h    1 (33 %)
	// Tier 3            1     30 h     30 h              30 h           30 h           0
	// Tier 3, business  1     14 h     14 h              14 h           14 h           0
	// all               3     30 h     97 h              30 h           97 h    1 (25 %)
	// all, business     3     12 h     14 h              12 h           14 h    1 (25 %)
	//
	// ESCALATION-TO-RESOLUTION RATIO
	// Escalations from the tier, each time, by tickets that were resolved in it.
	//
	//         count  of  ratio  still open
	// Tier 1      4   2   2.00    1 (33 %)
	// Tier 2      1   1   1.00    1 (50 %)
	// Tier 3      0   1   0.00           0
	// all         5   4   1.25    2 (33 %)
	//
	// CUSTOMER SATISFACTION AFTER ESCALATION
	// Tickets rated at least 80 % of the scale, of those rated later than their last escalation, which was to the tier; the last rating counts.
	//
	//                  count  of    share    95 % between    rated  still open
	// Tier 1               0   0  no data         no data  no data           0
	// Tier 2               1   1    100 %  21 % and 100 %     33 %    1 (33 %)
	// Tier 3               0   1      0 %    0 % and 79 %    100 %           0
	// all                  1   2     50 %    9 % and 91 %     50 %    1 (25 %)
	// rated before         1   1    100 %  21 % and 100 %     25 %           0
	// never escalated      1   1    100 %  21 % and 100 %     50 %    1 (50 %)
	//
	// FIRST CONTACT RESOLUTION
	// Tickets about which the customer turned up once only and that were never reopened, of those resolved in the tier.
	//
	//         count  of  share  still open
	// Tier 1      1   2   50 %    1 (33 %)
	// Tier 2      1   1  100 %    1 (50 %)
	// Tier 3      0   1    0 %           0
	// all         2   4   50 %    2 (33 %)
	//
	// RESOLVED WITHOUT HANDING ON
	// Tickets that the tier resolved and never handed on, of the resolved ones that came to it; all: those that never left their first tier.
	//
	//         count  of  share           goal  still open
	// Tier 1      1   4   25 %  70 % and 80 %    2 (33 %)
	// Tier 2      1   3   33 %                   1 (25 %)
	// Tier 3      1   1  100 %                          0
	// all         1   4   25 %                   2 (33 %)
	//
	// RESOLVED WHERE ESCALATED TO
	// Tickets resolved in the tier, of those whose last escalation was to it and that are resolved.
	//
	//         count  of    share  still open
	// Tier 1      0   0  no data           0
	// Tier 2      1   2     50 %    1 (33 %)
	// Tier 3      1   1    100 %           0
	// all         2   3     67 %    1 (25 %)
	//
	// DE-ESCALATION RATE
	// Tickets that were sent from the tier to a lower one, of those that came to it; each counts once a tier.
	//
	//         count  of    share  still open
	// Tier 1      0   0  no data           0
	// Tier 2      1   4     25 %    1 (25 %)
	// Tier 3      0   1      0 %           0
	// all         1   6     17 %    2 (33 %)
	//
	// REPEATEDLY ESCALATED
	// Tickets escalated to the tier more than once, of those escalated to it; all: escalated more than once, to whichever tier.
	//
	//         count  of    share  still open
	// Tier 1      0   0  no data           0
	// Tier 2      0   4      0 %    1 (25 %)
	// Tier 3      0   1      0 %           0
	// all         1   4     25 %    1 (25 %)
	//
	// REOPENED
	// Tickets reopened after the tier had solved them, of those that it has solved; after escalation: solved after the first escalation, and reopened after that.
	//
	//                   count  of  share  still open
	// Tier 1                1   2   50 %           0
	// Tier 2                0   1    0 %           0
	// Tier 3                0   1    0 %           0
	// all                   1   4   25 %           0
	// after escalation      1   3   33 %           0
	//
	// AUTOMATIC ESCALATIONS
	// Escalations from the tier that a rule has made and nobody asked for, of all from it.
	//
	//         count  of    share  still open
	// Tier 1      2   4     50 %           0
	// Tier 2      1   1    100 %           0
	// Tier 3      0   0  no data           0
	// all         3   5     60 %           0
}

// One figure of one tier, for a screen of one's own.
func ExampleReport_Figure() {
	engine, tickets := march()
	report, err := metrics.Compute(engine, slices.Values(tickets), metrics.Options{At: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range report.Figure(metrics.EscalationRate).Rows {
		if row.Tier != "" && row.Rate.Value != nil {
			fmt.Printf("%s: %d of %d, %d may still come\n", row.Tier, row.Rate.Count, row.N, row.Open)
		}
	}
	after := report.Figure(metrics.ResolutionAfter).Group(metrics.All)
	fmt.Printf("half are resolved within %g hours after their escalation\n", *after.Wall.Estimate.Median)
	// Output:
	// Tier 1: 4 of 6, 1 may still come
	// Tier 2: 1 of 4, 1 may still come
	// half are resolved within 30 hours after their escalation
}
