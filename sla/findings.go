package sla

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A Finding is something in an agreement that can be read and is probably not what
// was meant. It stops nothing.
type Finding struct {
	Code FindingCode
	// Priority and Tier name the row that it is about, Metric the column; each is
	// empty if it is about none.
	Priority string
	Tier     string
	Metric   Metric
	// Message says what was found, Hint what to write instead, if that is known.
	Message string
	Hint    string
}

// String returns one line.
func (f Finding) String() string {
	if f.Hint == "" {
		return f.Message
	}
	return f.Message + " (" + f.Hint + ")"
}

// A FindingCode names a kind of finding; codes are stable.
type FindingCode string

// The findings, with an example of each.
const (
	NotMonotone         FindingCode = "not_monotone"           // High in 8h, Low in 4h
	ResponseAfterTheEnd FindingCode = "response_after_the_end" // a first response in 8h, a resolution in 4h
	TiersPastTheEnd     FindingCode = "tiers_past_the_end"     // four tiers of 2h each, a resolution in 4h
	DaysOf24Hours       FindingCode = "days_of_24_hours"       // 2d on a calendar that is open for 8h a day
	WarningBeforeStart  FindingCode = "warning_before_start"   // a warning 30m before the end of 15m
	OddWarning          FindingCode = "odd_warning"            // a warning at 80, which is 8000 %
	UnknownChoice       FindingCode = "unknown_choice"         // on_reopen: resum
	OneMinuteShort      FindingCode = "one_minute_short"       // 00:00-23:59
)

// Findings looks at an agreement as a whole: at rows against each other, at columns,
// and at targets against the hours in which they are counted. Rows are compared only
// if the same calendar counts for both. The order is that of the rows.
func (a *Agreement) Findings() []Finding {
	if a == nil {
		return nil
	}
	f := finder{agreement: a}
	f.choices()
	for _, w := range a.Warnings {
		if w.Left == 0 && (!(w.Fraction > 0) || w.Fraction > 10) {
			f.add(OddWarning, Finding{}, fmt.Sprintf("a warning at %g %% of the target", 100*w.Fraction), "80 % are written as 0.8")
		}
	}
	for i := range a.Promises {
		p := &a.Promises[i]
		for counter, m := range Metrics() {
			if t := a.terms(counter, p, ""); m != TierResponse && !t.target.IsZero() && (m != NextResponse || !p.NextResponse.IsZero()) {
				f.order(i, counter, t)
				f.days(t, Finding{Priority: p.Priority, Metric: m}, fmt.Sprintf("the %s of %q", words(m), p.Priority))
				f.warnings(Finding{Priority: p.Priority, Metric: m}, fmt.Sprintf("the %s of %q", words(m), p.Priority), t)
			}
		}
		f.columns(p)
		f.tiers(p)
	}
	for i := range a.Tiers {
		tier := &a.Tiers[i]
		t := terms{target: tier.Response, calendar: cmp.Or(tier.Calendar, a.Calendar)}
		about, what := Finding{Tier: tier.Tier, Metric: TierResponse}, fmt.Sprintf("the response of %q", tier.Tier)
		f.days(t, about, what)
		f.warnings(about, what, t)
	}
	return f.found
}

type finder struct {
	agreement *Agreement
	found     []Finding
}

func (f *finder) add(code FindingCode, about Finding, message, hint string) {
	about.Code, about.Message, about.Hint = code, message, hint
	f.found = append(f.found, about)
}

// words names a metric for people.
func words(m Metric) string { return strings.ReplaceAll(string(m), "_", " ") }

// choices looks for answers and names that there are not.
func (f *finder) choices() {
	c := &f.agreement.Choices
	for _, choice := range []struct {
		name, value string
		valid       bool
		known       []string
	}{
		{"on_priority_change", string(c.OnPriorityChange), c.OnPriorityChange.Valid(), list(onChanges)},
		{"on_reopen", string(c.OnReopen), c.OnReopen.Valid(), list(onReopens)},
		{"first_response_by", string(c.FirstResponseBy), c.FirstResponseBy.Valid(), list(responsesBy)},
		{"tier_from", string(c.TierFrom), c.TierFrom.Valid(), list(tierStarts)},
	} {
		if !choice.valid {
			f.add(UnknownChoice, Finding{}, fmt.Sprintf("there is no %s %q", choice.name, choice.value),
				cmp.Or(meant(choice.value, choice.known), "there are "+strings.Join(choice.known, ", ")))
		}
	}
	all := Metrics()
	for _, m := range slices.Sorted(maps.Keys(c.Pauses)) {
		if !slices.Contains(all[:], m) {
			f.add(UnknownChoice, Finding{}, fmt.Sprintf("there is no clock %q that could pause", m), cmp.Or(meant(string(m), list(all[:])), "there are "+strings.Join(list(all[:]), ", ")))
		}
		for _, category := range c.Pauses[m] {
			if !category.Valid() || category.Ends() {
				f.add(UnknownChoice, Finding{Metric: m}, fmt.Sprintf("no clock pauses in %q", category), "there are new, open, pending and on_hold")
			}
		}
	}
}

func list[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// order compares a target with that of the last more urgent row that counts alike.
func (f *finder) order(row, counter int, t terms) {
	promises := f.agreement.Promises
	m := Metrics()[counter]
	for i := row - 1; i >= 0; i-- {
		above := f.agreement.terms(counter, &promises[i], "")
		if above.target.IsZero() || above.calendar != t.calendar {
			continue
		}
		if above.target.Duration() > t.target.Duration() {
			f.add(NotMonotone, Finding{Priority: promises[row].Priority, Metric: m},
				fmt.Sprintf("the %s of %q, %s, is sooner than that of the more urgent %q, %s", words(m), promises[row].Priority, t.target, promises[i].Priority, above.target),
				"the rows go from the most urgent to the least")
		}
		return
	}
}

// columns wants a first response, and a next one, before the resolution.
func (f *finder) columns(p *Promise) {
	for _, response := range []struct {
		metric Metric
		target Target
	}{{FirstResponse, p.FirstResponse}, {NextResponse, p.NextResponse}} {
		if end := p.Resolution; !end.IsZero() && !response.target.Immediate && response.target.Duration() > end.Duration() {
			f.add(ResponseAfterTheEnd, Finding{Priority: p.Priority, Metric: response.metric},
				fmt.Sprintf("the %s of %q, %s, is promised for later than its resolution, %s", words(response.metric), p.Priority, response.target, end), "")
		}
	}
}

// tiers adds up the answers of all tiers.
func (f *finder) tiers(p *Promise) {
	end := f.agreement.terms(resolution, p, "")
	sum, parts := time.Duration(0), []string(nil)
	for _, tier := range f.agreement.Tiers {
		t := f.agreement.terms(tierResponse, p, tier.Tier)
		if t.calendar != end.calendar && !t.target.Immediate {
			return // hours of one kind and of another do not add up
		}
		sum = plus(sum, t.target.Duration())
		parts = append(parts, fmt.Sprintf("%s %s", tier.Tier, cmp.Or(t.target.String(), "nothing")))
	}
	if !end.target.IsZero() && sum > end.target.Duration() {
		f.add(TiersPastTheEnd, Finding{Priority: p.Priority, Metric: Resolution},
			fmt.Sprintf("a ticket of priority %q that goes through all tiers may wait %s for their answers (%s), and is to be resolved in %s",
				p.Priority, FormatDuration(sum), strings.Join(parts, ", "), end.target), "")
	}
}

// days looks for targets in days, which are 24 hours each, of which no calendar has
// that many a day.
func (f *finder) days(t terms, about Finding, what string) {
	target, open := t.target.Duration(), t.calendar.longestDay()
	if t.target.Immediate || target <= 0 || target%day != 0 || open >= day {
		return
	}
	days := (target + open - 1) / open
	f.add(DaysOf24Hours, about,
		fmt.Sprintf("%s is %s, that is %d hours of open time; the calendar is open for at most %s a day, so it takes %d such days", what, t.target, target/time.Hour, FormatDuration(open), days),
		fmt.Sprintf("for %s write %s", plural(int64(target/day), "working day"), inHours(target/day*open)))
}

// inHours writes a duration without days: 24h, 22h30m.
func inHours(d time.Duration) string {
	text := fmt.Sprintf("%dh", d/time.Hour)
	if minutes := d % time.Hour; minutes != 0 {
		text += FormatDuration(minutes)
	}
	return text
}

func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// warnings looks for those that come before the clock starts.
func (f *finder) warnings(about Finding, what string, t terms) {
	for _, w := range f.agreement.warnings() {
		if target := t.target.Duration(); target > 0 && w.Fraction == 0 && w.Left >= target {
			f.add(WarningBeforeStart, about,
				fmt.Sprintf("%s is promised within %s, so there is no warning %s before its end", what, FormatDuration(target), FormatDuration(w.Left)),
				"a share such as 0.8 suits every target")
		}
	}
}

// Findings looks for a day that ends at 23:59: its last minute is closed.
func (h Hours) Findings() []Finding {
	var found []Finding
	look := func(day string, spans []string) {
		for _, span := range spans {
			if from, ok := strings.CutSuffix(span, "-23:59"); ok {
				found = append(found, Finding{
					Code: OneMinuteShort, Message: fmt.Sprintf("%s of %s leaves the last minute of the day closed", span, day), Hint: "write " + from + "-24:00",
				})
			}
		}
	}
	for i, day := range weekdays {
		look(weekdayNames[i], h.Week[day])
	}
	for _, date := range slices.Sorted(maps.Keys(h.Exceptions)) {
		look(date, h.Exceptions[date])
	}
	return found
}

// longestDay returns the most open time that there is within 24 hours of the usual
// week.
func (c *Calendar) longestDay() time.Duration {
	if c.alwaysOpen() {
		return day
	}
	week := c.eras[len(c.eras)-1].week
	longest := int64(0)
	for _, e := range c.edgesOf(week) {
		from, to := int64(e.from), int64(e.from)+daySeconds
		open := int64(c.before(week, min(to, weekSeconds)) - c.before(week, from))
		if to > weekSeconds {
			open += int64(c.before(week, to-weekSeconds))
		}
		longest = max(longest, open)
	}
	return time.Duration(longest) * time.Second
}
