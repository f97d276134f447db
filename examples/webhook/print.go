package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/sla"
)

const (
	maxTitle  = 80
	maxReport = 600
)

// show prints a decision for a person.
func show(out io.Writer, helpdesk string, r *record, d escalation.Decision, p escalation.Policy) error {
	var b bytes.Buffer
	t := &r.ticket
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "  %-11s %s\n", name, oneLine(fmt.Sprintf(format, args...), maxReport))
	}
	fmt.Fprintf(&b, "%s %s: %s\n", helpdesk, oneLine(t.ID, maxTitle), cmp.Or(oneLine(t.Subject, maxTitle), "(no subject)"))
	line("from", "%s", r.from)
	line("as of", "%s", stamp(d.At))
	line("customer", "%s", customer(t.Customer))
	line("priority", "%s", became(t.Priority, d.Priority, "none"))
	line("status", "%s", cmp.Or(t.Status, "none"))
	line("tier", "%s", became(cmp.Or(t.Tier, p.Tiers[0].Name), d.Tier, ""))
	line("assignee", "%s", became(t.Assignee, d.Assignee, "nobody"))
	section(&b, "clocks", clocks(d.Clocks))
	section(&b, "to do", todo(d))
	if said := toCustomer(d); said != "" && !categoryOf(t.Status, p).Ends() { // nobody is told of an escalation when all is solved
		line("to customer", "%s", said)
	}
	for _, problem := range d.Problems {
		line("problem", "%s", problem.Message)
	}
	for _, note := range r.notes {
		line("note", "%s", note)
	}
	if d.NextCheck.IsZero() {
		line("next check", "never, unless something happens to the ticket")
	} else {
		line("next check", "%s", stamp(d.NextCheck))
	}
	b.WriteByte('\n')
	_, err := out.Write(b.Bytes())
	return err
}

// toCustomer is what the customer is told when the ticket goes to another tier.
func toCustomer(d escalation.Decision) string {
	if d.Handoff == nil {
		return ""
	}
	said, err := d.Handoff.Acknowledgment()
	if err != nil { // a policy without titles and scopes has nothing to tell
		return ""
	}
	return said
}

func customer(c escalation.Customer) string {
	parts := []string{cmp.Or(c.Name, c.ID, "unknown")}
	if c.VIP {
		parts = append(parts, "VIP")
	}
	if c.Tier != "" {
		parts = append(parts, "plan "+c.Tier)
	}
	return strings.Join(parts, ", ")
}

// became tells what a field was and what the actions make of it.
func became(was, is, none string) string {
	was, is = cmp.Or(was, none), cmp.Or(is, was, none)
	if strings.EqualFold(was, is) {
		return is
	}
	return was + " → " + is
}

// section prints rows of cells, aligned, under one name.
func section(b *bytes.Buffer, name string, rows [][]string) {
	if len(rows) == 0 {
		rows = [][]string{{"nothing"}}
	}
	var aligned bytes.Buffer
	w := tabwriter.NewWriter(&aligned, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			row[i] = oneLine(cell, maxReport)
		}
		fmt.Fprintf(w, "  %-11s %s\n", name, strings.Join(row, "\t"))
		name = ""
	}
	_ = w.Flush() // into memory
	for line := range strings.Lines(aligned.String()) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
}

func clocks(list []sla.Clock) [][]string {
	var rows [][]string
	for _, c := range list {
		name := strings.ReplaceAll(string(c.Metric), "_", " ")
		if c.State == sla.Idle {
			rows = append(rows, []string{name, "idle", "", ""})
			continue
		}
		end := ""
		switch {
		case !c.Stopped.IsZero():
			end = "stopped " + stamp(c.Stopped)
		case !c.Due.IsZero():
			end = "due " + stamp(c.Due)
		}
		state := string(c.State)
		if c.State == sla.Cancelled && c.Breached() { // solved without an answer, when one was overdue already
			state += ", too late"
		}
		rows = append(rows, []string{name, state, used(c), end})
	}
	return rows
}

// used is how much of a target is gone, rounded down: 79.9 % is not yet 80.
func used(c sla.Clock) string {
	target := sla.FormatDuration(c.Target)
	if c.Used >= 10 {
		return fmt.Sprintf("%d times %s", int64(c.Used), target)
	}
	return fmt.Sprintf("%d %% of %s", int64(100*c.Used), target)
}

// todo lists the actions. What a rule repeats (every day, say) is one row.
func todo(d escalation.Decision) [][]string {
	because := map[string]string{}
	for _, reason := range d.Reasons {
		because[reason.Rule] = reason.Because
	}
	type group struct {
		action escalation.Action
		last   time.Time
		times  int
	}
	var groups []*group
	for _, a := range d.Actions {
		i := slices.IndexFunc(groups, func(g *group) bool {
			return g.action.Do == a.Do && g.action.To == a.To && g.action.Text == a.Text && g.action.Rule == a.Rule
		})
		if i < 0 {
			groups, i = append(groups, &group{action: a}), len(groups)
		}
		groups[i].last, groups[i].times = a.Due, groups[i].times+1
	}
	var rows [][]string
	for _, g := range groups {
		when := stamp(g.action.Due)
		if g.times > 1 {
			when = fmt.Sprintf("%d times on %s", g.times, day(g.action.Due))
			if day(g.action.Due) != day(g.last) {
				when = fmt.Sprintf("%d times, %s to %s", g.times, day(g.action.Due), day(g.last))
			}
		}
		why := g.action.Rule
		if text := because[g.action.Rule]; text != "" {
			why += ": " + text
		}
		what := do(g.action)
		if overtaken(g.action, d) {
			what += " (overtaken)"
		}
		rows = append(rows, []string{what, when, why})
	}
	return rows
}

// overtaken reports whether the ticket has moved on since the action was due, by
// a later action or by a person. It belongs in the ticket's history then, not in
// its field: a host must not set an old value again.
func overtaken(a escalation.Action, d escalation.Decision) bool {
	switch a.Do {
	case escalation.DoEscalate, escalation.DoDeEscalate:
		return a.To != d.Tier
	case escalation.DoSetPriority:
		return a.To != d.Priority
	case escalation.DoAssign:
		return a.To != d.Assignee
	}
	return false
}

// do is an action in words.
func do(a escalation.Action) string {
	switch a.Do {
	case escalation.DoEscalate, escalation.DoDeEscalate, escalation.DoAssign:
		return strings.ReplaceAll(a.Do, "_", "-") + " to " + a.To
	case escalation.DoFlag:
		return "flag for " + a.To
	case escalation.DoSetPriority:
		return "set priority " + a.To
	case escalation.DoAddTag:
		return "add tag " + a.To
	case escalation.DoAddNote:
		return "add a note"
	}
	return strings.TrimSpace(a.Do + " " + a.To)
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// oneLine makes a text safe to print: customers choose subjects and file names,
// and a terminal obeys control characters.
func oneLine(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r): // also the marks that turn the direction of text
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > limit {
		s = string(runes[:limit-1]) + "…"
	}
	return s
}
