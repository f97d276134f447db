package metrics

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const noData = "no data"

// String is the report as tables for people. It says "no data" where there is nothing to
// count, and writes durations in hours.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Tickets created%s, as of %s\n", period(r.From, r.To), instant(r.At))
	fmt.Fprintf(&b, "%d tickets: %d resolved, %d open; %d were escalated\n", r.Tickets, r.Resolved, r.Open, r.Escalated)
	for _, f := range r.Figures {
		fmt.Fprintf(&b, "\n%s\n%s\n\n", strings.ToUpper(f.Title), f.Definition)
		align(&b, f.table())
	}
	writeCounts(&b, "Left out are tickets", r.Excluded)
	writeCounts(&b, "In doubt are tickets", r.Doubts)
	return b.String()
}

func writeCounts(b *strings.Builder, title string, list []Count) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	for _, c := range list {
		fmt.Fprintf(b, "%5d %s\n", c.Tickets, c.Text)
	}
}

func (f Figure) table() [][]string {
	if f.Unit == "hours" {
		return f.timesTable()
	}
	head := []string{"", "count", "of", f.Unit}
	rated, goals := f.Name == SatisfactionAfter, false
	for _, r := range f.Rows {
		goals = goals || r.Rate.Goal != nil
	}
	if rated {
		head = append(head, "95 % between", "rated")
	}
	if goals {
		head = append(head, "goal")
	}
	table := [][]string{append(head, "still open")}
	for _, r := range f.Rows {
		line := []string{r.name(), strconv.Itoa(r.Rate.Count), strconv.Itoa(r.N)}
		if f.Unit == "ratio" && r.Rate.Value != nil {
			line = append(line, strconv.FormatFloat(*r.Rate.Value, 'f', 2, 64))
		} else {
			line = append(line, percent(r.Rate.Value))
		}
		if rated {
			line = append(line, interval(r.Rate.Low, r.Rate.High), percent(r.Rate.Responses))
		}
		if goals {
			goal := ""
			if g := r.Rate.Goal; g != nil {
				goal = interval(&g.From, &g.To)
			}
			line = append(line, goal)
		}
		table = append(table, append(line, r.stillOpen()))
	}
	return table
}

// timesTable has two lines a row, for the wall clock and for business time.
func (f Figure) timesTable() [][]string {
	head, estimated := []string{"", "n", "median", "p90"}, f.Name == ResolutionAfter
	if estimated {
		head = append(head, "median with open", "p90 with open")
	}
	table := [][]string{append(head, "still open")}
	for _, r := range f.Rows {
		for _, t := range []struct {
			name string
			*Times
		}{{"", r.Wall}, {", business", r.Business}} {
			line := []string{r.name() + t.name, strconv.Itoa(r.N), inHours(t.Median, noData), inHours(t.P90, noData)}
			if estimated {
				none := noData
				if r.N+r.Open > 0 {
					none = "not reached"
				}
				line = append(line, inHours(t.Estimate.Median, none), inHours(t.Estimate.P90, none))
			}
			table = append(table, append(line, r.stillOpen()))
		}
	}
	return table
}

func (r Row) name() string {
	if r.Tier != "" {
		return r.Tier
	}
	return strings.ReplaceAll(string(r.Group), "_", " ")
}

func (r Row) stillOpen() string {
	if r.Open == 0 {
		return "0"
	}
	return fmt.Sprintf("%d (%s)", r.Open, percent(r.OpenShare))
}

// percent rounds, but never to nothing or to all of what is neither.
func percent(share *float64) string {
	if share == nil {
		return noData
	}
	switch s := strconv.FormatFloat(100**share, 'f', 0, 64); {
	case s == "0" && *share > 0:
		return "<1 %"
	case s == "100" && *share < 1:
		return ">99 %"
	default:
		return s + " %"
	}
}

func interval(low, high *float64) string {
	if low == nil || high == nil {
		return noData
	}
	return percent(low) + " and " + percent(high)
}

func inHours(h *Hours, none string) string {
	if h == nil {
		return none
	}
	return strings.TrimSuffix(strconv.FormatFloat(float64(*h), 'f', 1, 64), ".0") + " h"
}

// align writes lines with their columns below each other: the first to the left, the
// others, which are figures, to the right.
func align(b *strings.Builder, table [][]string) {
	widths := make([]int, len(table[0]))
	for _, line := range table {
		for i, text := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
		}
	}
	for _, line := range table {
		for i, text := range line {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text))
			if i == 0 {
				b.WriteString(text + space)
			} else {
				b.WriteString("  " + space + text)
			}
		}
		b.WriteByte('\n')
	}
}

func period(from, to time.Time) string {
	text := ""
	if !from.IsZero() {
		text += " from " + instant(from)
	}
	if !to.IsZero() {
		text += " until " + instant(to)
	}
	return text
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
