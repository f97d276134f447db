package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/handoff"
	"github.com/escalade-go/escalade/sla"
)

const width = 100 // columns

// report prints everything for a person to read.
func report(w io.Writer, engine *escalation.Engine, judged []entry, now time.Time, guessed bool, format handoff.Format) {
	policy := engine.Policy()
	p := printer{w: w, now: now, lowest: policy.Tiers[0].Name, format: format}
	for _, warning := range policy.Warnings {
		if warning.Fraction > 0 { // the others are elsewhere on every bar
			p.warnings = append(p.warnings, warning.Fraction)
		}
	}
	if policy.Warnings == nil {
		p.warnings = []float64{0.8} // what a policy that names none has
	}
	asOf := ""
	if guessed {
		asOf = ", the latest instant in the tickets"
	}
	p.line("escalade: %s under the policy %q (%s)", count(len(judged), "ticket"), policy.Name, count(len(policy.Rules), "rule"))
	p.line("as of %s%s", now.UTC().Format("Monday 2 January 2006 15:04 UTC"), asOf)
	p.line("")
	p.line("A bar is a clock: # time used up (= once it stands still), | warning, ] due, > overdue")
	for _, e := range judged {
		p.ticket(e)
	}
	if e, ok := best(judged, interest); ok {
		p.handoff(e)
	}
	if e, ok := best(judged, wakeUps); ok {
		p.follow(engine, e)
	}
	p.title("What to read next")
	p.line("  README.md                                what escalade promises, and how to embed it")
	p.line("  go doc ./escalation                      the engine: Ticket, Policy, Decide, Decision")
	p.line("  examples/quickstart/policy.json          this policy: change a copy, give it with -policy")
	p.line("  go run ./examples/quickstart -h          your own tickets, another instant, decisions as JSON")
}

// best finds the entry with the highest rank, the first of equals.
func best(entries []entry, rank func(entry) int) (found entry, ok bool) {
	top := 0
	for _, e := range entries {
		if r := rank(e); r > top {
			found, top, ok = e, r, true
		}
	}
	return found, ok
}

// interest ranks the handoffs: the one that most rules had a say in tells most.
func interest(e entry) int {
	if e.decision.Handoff == nil {
		return 0
	}
	return len(e.decision.Reasons)
}

type printer struct {
	w        io.Writer
	now      time.Time
	warnings []float64
	lowest   string // tier
	format   handoff.Format
}

// line prints one line. Much of it was written by strangers, so what could steer
// the terminal is taken out.
func (p *printer) line(format string, args ...any) {
	text := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, fmt.Sprintf(format, args...))
	fmt.Fprintln(p.w, strings.TrimRight(text, " "))
}

func (p *printer) title(text string) {
	text = "--- " + cut(text, width-10) + " "
	p.line("")
	p.line("%s%s", text, strings.Repeat("-", width-utf8.RuneCountInString(text)))
}

// fold prints parts one after another, as many to a line as fit, the later lines
// indented like the first.
func (p *printer) fold(lead, sep string, parts []string) {
	p.hang(lead, utf8.RuneCountInString(lead), sep, parts)
}

// hang is fold with an indent of its own.
func (p *printer) hang(lead string, by int, sep string, parts []string) {
	row, indent := lead, strings.Repeat(" ", by)
	for i, part := range parts {
		switch {
		case i == 0:
			row += part
		case utf8.RuneCountInString(row+sep+part) > width:
			p.line("%s%s", row, strings.TrimRight(sep, " "))
			row = indent + part
		default:
			row += sep + part
		}
	}
	p.line("%s", row)
}

func (p *printer) ticket(e entry) {
	t, d := e.ticket, e.decision
	p.title(strings.TrimSpace(t.ID + "  " + t.Subject))
	if e.shows != "" {
		p.fold("", " ", strings.Fields(e.shows))
	}
	p.fold("", ", ", about(t, d, p.lowest))
	p.line("")
	for _, c := range d.Clocks {
		if c.State != sla.Idle { // nothing is asked of anybody
			p.line("  %s", reading(c, p.warnings))
		}
	}
	for _, problem := range d.Problems {
		p.fold("  problem         ", " ", strings.Fields(problem.Message))
	}
	p.line("")
	var last time.Time
	for _, r := range slices.Concat(d.Reasons, d.Observed) {
		when := stamp(r.Due)
		if r.Due.Equal(last) {
			when = ""
		}
		last = r.Due
		p.reason(when, r)
	}
	if len(d.Reasons)+len(d.Observed) == 0 {
		p.line("  %-20s nothing to do", stamp(d.At))
	}
	p.line("  %s", p.again(d.NextCheck))
}

// about is what the ticket is, and what it becomes.
// A ticket without a tier is at the lowest.
func about(t escalation.Ticket, d escalation.Decision, lowest string) []string {
	who := cmp.Or(t.Customer.Name, t.Customer.ID)
	var marks []string
	if t.Customer.Tier != "" {
		marks = append(marks, cut(t.Customer.Tier, 20))
	}
	if t.Customer.VIP {
		marks = append(marks, "VIP")
	}
	if len(marks) > 0 {
		who = strings.TrimSpace(cut(who, 50) + " (" + strings.Join(marks, ", ") + ")")
	}
	if !t.Ledger.IsZero() {
		lowest = "" // the ledger may remember another
	}
	parts := []string{
		who, "created " + stamp(t.CreatedAt), t.Status,
		becomes(t.Tier, d.Tier, lowest), becomes(t.Priority, d.Priority, ""), becomes(t.Assignee, d.Assignee, "nobody"),
	}
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

// becomes shows what a field is and, if the decision changes it, will be.
func becomes(before, after, without string) string {
	switch before = cmp.Or(before, without); {
	case after == "": // not set, or a name that the policy does not have
		return strings.TrimPrefix(before, without)
	case before == "", strings.EqualFold(before, after):
		return after
	}
	return before + " -> " + after
}

// reason prints when which rule wanted what, and under it why.
func (p *printer) reason(when string, r escalation.Reason) {
	var wants, why []string
	for _, e := range r.Effects {
		want := phrase(e.Do, e.To)
		switch e.Result {
		case escalation.Overruled:
			want += " (overruled)"
		case escalation.NoChange:
			want += " (no change)"
		case escalation.OnlyShown:
			want += " (only observed)"
		}
		wants = append(wants, want)
	}
	for _, c := range r.Clauses {
		why = append(why, c.String())
	}
	p.hang(fmt.Sprintf("  %-20s %s: ", when, r.Rule), 25, ", ", wants)
	p.hang(strings.Repeat(" ", 25)+"why: ", 27, "; ", why)
}

// phrase says what is to be done: "set priority to High", "add note".
func phrase(do, to string) string {
	words := strings.ReplaceAll(do, "_", " ")
	switch do {
	case escalation.DoEscalate, escalation.DoDeEscalate, escalation.DoSetPriority, escalation.DoAssign:
		words += " to"
	case escalation.DoFlag:
		words += " for"
	}
	if to != "" {
		words += " " + to
	}
	return words
}

// again says when the next thing can happen, and from when on it pays to ask.
func (p *printer) again(next time.Time) string {
	switch wait := next.Sub(p.now); {
	case next.IsZero():
		return fmt.Sprintf("%-20s no next check: time alone will change nothing", "")
	case wait <= 0:
		return fmt.Sprintf("%-20s ask again, there is more", stamp(next))
	default:
		return fmt.Sprintf("%-20s ask again, in %s", stamp(next), short(wait))
	}
}

// handoff prints what the next tier gets, and what is written to whom.
func (p *printer) handoff(e entry) {
	c := *e.decision.Handoff
	french := c
	french.Language = "fr"
	p.title("The handoff document of " + e.ticket.ID)
	p.line("")
	// It is safe for a terminal as it is, like for any tracker.
	fmt.Fprint(p.w, c.Document(p.format))
	p.title("The messages that go with it")
	p.line("")
	for _, m := range []struct {
		to    string
		write func() (string, error)
	}{
		{"to the customer", c.Acknowledgment},
		{"in French", french.Acknowledgment},
		{"to the team", c.Message},
		{"when it is solved", c.FollowUp},
	} {
		text, err := m.write()
		switch {
		case err == nil:
		case m.to == "when it is solved":
			continue // it is not
		default:
			text = "(" + err.Error() + ")" // half a message is none
		}
		p.fold(fmt.Sprintf("%-18s ", m.to+":"), " ", strings.Fields(text))
	}
	if missing := c.Missing(); len(missing) > 0 {
		p.fold("still to write:    ", ", ", missing)
	}
}

// stamp is an instant for people. The year is left out: nobody looks at a ticket
// of another.
func stamp(t time.Time) string {
	if t.IsZero() {
		return "at no known time"
	}
	return t.UTC().Format("Mon 2 Jan 15:04 UTC")
}

// short is a duration to the minute, or to the second below one. Up to two days it
// is in hours, as in most promises: "24h", not "1d".
func short(d time.Duration) string {
	unit := time.Minute
	if d.Abs() < unit {
		unit = time.Second
	}
	d = d.Truncate(unit)
	if h := d.Truncate(time.Hour); h.Abs() >= 24*time.Hour && h.Abs() <= 48*time.Hour {
		text := fmt.Sprintf("%dh", h/time.Hour)
		if d != h {
			text += sla.FormatDuration((d - h).Abs())
		}
		return text
	}
	return sla.FormatDuration(d)
}

// cut is the beginning of a text.
func cut(text string, limit int) string {
	if r := []rune(text); len(r) > limit {
		return string(r[:limit-3]) + "..."
	}
	return text
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
