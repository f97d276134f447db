// Year lives through a year of support tickets as a host does that sleeps until
// NextCheck, and counts how often it had to ask.
//
//	go run ./examples/year [-tickets N] [-days N] [-seed N] [-time]
//
// The tickets are made up, always the same for a seed: customers and agents write,
// statuses and priorities change, some tickets are reopened, some are forgotten. The
// policy is the standard one with office hours in Paris for all but Critical tickets,
// and with two rules that repeat. Nothing is polled: the host asks when something
// happens to a ticket and when its next check has come, and carries out what it is
// told. Beside that stands what asking every minute, and a cron job every hour, would
// have cost.
//
// How to read it: host.go is the host, with its heap of timers; lives.go makes up
// what happens; main.go is the policy and the table.
package main

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("year", flag.ContinueOnError)
	flags.SetOutput(stderr)
	tickets := flags.Int("tickets", 1000, "how `many` tickets are created")
	days := flags.Int("days", 365, "how many `days` the year has, from 1 January 2026")
	seed := flags.Uint64("seed", 1, "another `number`, another year")
	took := flags.Bool("time", false, "also print how long it took")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *tickets < 1 || *days < 1 || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "year: there must be at least one ticket and one day, and nothing else")
		return 2
	}
	begin := time.Now()
	h := newHost(escalation.MustCompile(policy(), nil), lives(*seed, *tickets, *days), newYear.AddDate(0, 0, *days))
	if err := h.run(); err != nil {
		fmt.Fprintln(stderr, "year:", err)
		return 1
	}
	h.print(stdout, *days)
	if *took {
		fmt.Fprintf(stdout, "\nIt took %s.\n", time.Since(begin).Round(time.Millisecond))
	}
	return 0
}

// policy is the standard one in office hours, with two rules that repeat.
func policy() escalation.Policy {
	p := escalation.Standard()
	week := map[string][]string{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
		week[day] = []string{"09:00-12:30", "13:30-18:00"}
	}
	p.Calendars = map[string]escalation.Calendar{"office": {Hours: sla.Hours{
		Zone: "Europe/Paris", Week: week,
		Holidays: []string{"2026-01-01", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25", "2026-07-14", "2026-11-11", "2026-12-25"},
	}}}
	p.Calendar = "office"
	p.Priorities[0].Calendar = "always"
	p.Rules = append(p.Rules,
		rules.Rule{
			Name: "still late", If: `sla.resolution.breached and ticket.status not in ["Pending", "On hold"]`,
			Then: []string{`notify("manager")`}, Every: 8 * time.Hour, Because: "What was promised has been broken, and it is not solved yet.",
		},
		rules.Rule{
			Name: "unanswered", If: `ticket.waiting >= 4h and ticket.priority in ["Critical", "High"]`,
			Then: []string{`notify("team lead")`}, Every: 4 * time.Hour, Because: "The customer waits for an answer.",
		},
	)
	return p
}

// print writes the table.
func (h *host) print(w io.Writer, days int) {
	n := float64(len(h.tickets))
	line := func(what string, figure any, more ...any) {
		switch v := figure.(type) {
		case int:
			figure = thousands(v)
		case float64:
			figure = strconv.FormatFloat(v, 'f', 1, 64)
		}
		fmt.Fprintf(w, "%-46s %12s", what, figure)
		if len(more) > 0 {
			fmt.Fprint(w, "   ", fmt.Sprint(more...))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%d days, each ticket asked when something happens to it and at its next check\n\n", days)
	line("tickets", len(h.tickets))
	line("messages and changes", h.events)
	line("actions", len(h.done))
	kinds := map[string]int{}
	for _, a := range h.done {
		kinds[a.do]++
	}
	for _, do := range slices.Sorted(maps.Keys(kinds)) {
		line("  "+do, kinds[do])
	}
	fmt.Fprintln(w)
	calls := h.atEvents + h.atChecks
	line("calls to Decide", calls, thousands(h.atEvents), " when something happened, ", thousands(h.atChecks), " at a next check")
	line("  a ticket", float64(calls)/n)
	line("  at a next check, with nothing to do", h.idle)
	line("asking every minute while a ticket is open", int(h.open/time.Minute))
	line("  a ticket", float64(h.open/time.Minute)/n, "that is ", thousands(int(h.open/time.Minute)/max(calls, 1)), " times as many")
	line("asking every hour while a ticket is open", int(h.open/time.Hour))
	line("  a ticket", float64(h.open/time.Hour)/n)
	fmt.Fprintln(w)
	var late, latest time.Duration
	sharp := 0
	var cron, worst time.Duration
	for _, a := range h.done {
		if a.late < time.Millisecond {
			sharp++
		}
		late, latest = late+a.late, max(latest, a.late)
		hour := a.due.Truncate(time.Hour)
		if hour.Before(a.due) {
			hour = hour.Add(time.Hour)
		}
		cron, worst = cron+hour.Sub(a.due), max(worst, hour.Sub(a.due))
	}
	count := time.Duration(max(len(h.done), 1))
	line("actions due within the millisecond of the call", sharp, "of ", thousands(len(h.done)))
	line("  the latest", latest)
	line("a job every full hour would have been late by", (cron / count).Round(time.Second), "on the average")
	line("  the latest", worst.Round(time.Second))
}

// thousands writes 1234567 as 1,234,567.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
