package escalation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sentiment"
	"github.com/escalade-go/escalade/sla"
)

// at reads "Mon 09:00", "Tue 10:30:15.5" or, a week later, "Mon+1 09:00". The
// week is that of Monday 2 March 2026, in UTC.
func at(when string) time.Time {
	day, clock, _ := strings.Cut(when, " ")
	day, week, _ := strings.Cut(day, "+")
	days := slices.Index([]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}, day)
	if week != "" {
		days += 7 * int(week[0]-'0')
	}
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(layout, clock); err == nil && days >= 0 {
			return time.Date(2026, 3, 2+days, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
		}
	}
	panic("no instant: " + when)
}

// clock writes an instant as `at` reads it, up to the second; never is "never".
func clock(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	t = t.UTC()
	days := int(t.Sub(at("Mon 00:00")).Hours()) / 24
	if t.Before(at("Mon 00:00")) || days > 69 {
		return t.Format(time.RFC3339Nano)
	}
	day := t.Weekday().String()[:3]
	if week := days / 7; week > 0 {
		day += fmt.Sprintf("+%d", week)
	}
	if t.Second() == 0 && t.Nanosecond() == 0 {
		return day + t.Format(" 15:04")
	}
	return day + t.Format(" 15:04:05.999999999")
}

// standard is the standard policy made ready; it is shared, as engines may be.
var standard = escalation.MustCompile(escalation.Standard(), nil)

// with is an engine of the standard policy with other rules.
func with(list ...rules.Rule) *escalation.Engine {
	p := escalation.Standard()
	p.Rules = list
	return escalation.MustCompile(p, nil)
}

// only is an engine of the standard policy with some of its rules.
func only(t *testing.T, names ...string) *escalation.Engine {
	t.Helper()
	var list []rules.Rule
	for _, r := range escalation.Standard().Rules {
		if slices.Contains(names, r.Name) {
			list = append(list, r)
		}
	}
	require.Len(t, list, len(names), "rules of Standard() by name")
	return with(list...)
}

// rule is a rule without options.
func rule(name, condition string, then ...string) rules.Rule {
	return rules.Rule{Name: name, If: condition, Then: then}
}

// story is a ticket, what happens to it, and a host that carries out what is
// decided. Ticket T-1 is created on Monday at 09:00, Medium, New, at Tier 1.
type story struct {
	*testing.T
	engine *escalation.Engine
	ticket escalation.Ticket
}

func tell(t *testing.T, e *escalation.Engine) *story {
	return &story{t, e, escalation.Ticket{
		ID: "T-1", Subject: "Export", Priority: "Medium", Status: "New", Tier: "Tier 1",
		CreatedAt: at("Mon 09:00"), Customer: escalation.Customer{ID: "c", Name: "Ada"},
	}}
}

// given changes the ticket before anything happens to it.
func (s *story) given(change func(*escalation.Ticket)) *story {
	change(&s.ticket)
	return s
}

func (s *story) message(m escalation.Message) *story {
	m.ID = fmt.Sprintf("m%d", len(s.ticket.Messages)+1)
	s.ticket.Messages = append(s.ticket.Messages, m)
	return s
}

func (s *story) customer(when, text string) *story {
	return s.message(escalation.Message{At: at(when), From: "customer", Text: text})
}

// mood is a customer's message that the host has judged itself.
func (s *story) mood(when string, label sentiment.Label, score float64) *story {
	return s.message(escalation.Message{At: at(when), From: "customer", Text: "…", Sentiment: &escalation.Sentiment{Score: score, Label: label}})
}

func (s *story) agent(when string) *story {
	return s.message(escalation.Message{At: at(when), From: "agent", By: "agent:7", Text: "We are on it."})
}

func (s *story) note(when string) *story {
	return s.message(escalation.Message{At: at(when), From: "agent", By: "agent:7", Internal: true, Text: "Looks like the cache."})
}

func (s *story) bot(when string) *story {
	return s.message(escalation.Message{At: at(when), From: "bot", By: "bot:hello", Text: "We have got your message."})
}

// change records that an agent gave a field another value.
func (s *story) change(when, field, to string) *story {
	value := map[string]*string{
		"status": &s.ticket.Status, "priority": &s.ticket.Priority, "tier": &s.ticket.Tier, "assignee": &s.ticket.Assignee,
		"subject": &s.ticket.Subject, "category": &s.ticket.Category,
	}[field]
	s.ticket.Changes = append(s.ticket.Changes, escalation.Change{At: at(when), Field: field, From: *value, To: to, By: "agent:7"})
	*value = to
	return s
}

func (s *story) status(when, to string) *story   { return s.change(when, "status", to) }
func (s *story) priority(when, to string) *story { return s.change(when, "priority", to) }
func (s *story) tier(when, to string) *story     { return s.change(when, "tier", to) }

// look decides without carrying anything out.
func (s *story) look(when string) answer {
	s.Helper()
	d, err := s.engine.Decide(s.ticket, at(when))
	require.NoError(s, err)
	return answer{s.T, d}
}

// ask decides, carries out the actions and keeps the ledger.
func (s *story) ask(when string) answer {
	s.Helper()
	a := s.look(when)
	a.Apply(&s.ticket)
	return a
}

// answer is a decision with questions about it.
type answer struct {
	t *testing.T
	escalation.Decision
}

// says writes an action as a line: "Mon 12:12 escalate Tier 2: SLA at risk".
func says(a escalation.Action) string {
	what := strings.TrimSpace(a.Do + " " + a.To)
	return fmt.Sprintf("%s %s: %s", clock(a.Due), what, a.Rule)
}

func (a answer) lines() []string {
	out := []string{}
	for _, action := range a.Actions {
		out = append(out, says(action))
	}
	return out
}

// does wants exactly these actions, in this order.
func (a answer) does(lines ...string) answer {
	a.t.Helper()
	assert.Equal(a.t, append([]string{}, lines...), a.lines())
	return a
}

// doesNothing wants no action.
func (a answer) doesNothing() answer {
	a.t.Helper()
	return a.does()
}

// includes wants these actions among others.
func (a answer) includes(lines ...string) answer {
	a.t.Helper()
	assert.Subset(a.t, a.lines(), lines)
	return a
}

// from keeps the actions of one rule.
func (a answer) from(rule string) answer {
	a.Actions = slices.DeleteFunc(slices.Clone(a.Actions), func(x escalation.Action) bool { return x.Rule != rule })
	return a
}

// checks wants the next check at an instant, or "never".
func (a answer) checks(when string) answer {
	a.t.Helper()
	assert.Equal(a.t, when, clock(a.NextCheck), "next check")
	return a
}

// result is what came of the first action of a rule's only firing.
func (a answer) result(rule string) escalation.Result {
	a.t.Helper()
	for _, r := range a.Reasons {
		if r.Rule == rule {
			return r.Effects[0].Result
		}
	}
	require.Fail(a.t, "the rule has not fired", rule)
	return ""
}

// clock returns the reading of one clock.
func (a answer) clock(m sla.Metric) sla.Clock {
	a.t.Helper()
	for _, c := range a.Clocks {
		if c.Metric == m {
			return c
		}
	}
	require.Fail(a.t, "no such clock", string(m))
	return sla.Clock{}
}

// problems lists the codes of what was wrong with the ticket.
func (a answer) problems() []string {
	out := []string{}
	for _, p := range a.Problems {
		out = append(out, string(p.Code))
	}
	return out
}

func figure(v float64) *float64 { return &v }
