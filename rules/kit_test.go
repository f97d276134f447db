package rules_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/rules"
)

// facts is a small ticket whose clock a test controls: see at.
type facts struct {
	Ticket   ticketFacts   `expr:"ticket"`
	Customer customerFacts `expr:"customer"`
	Mood     string        `expr:"mood"`
	Clock    clockFacts    `expr:"clock"`
	Desk     deskFacts     `expr:"desk"`
	Now      time.Time     `expr:"now"`
	Hour     int           `expr:"hour_of_day"`
	Weekday  string        `expr:"day_of_week"`
	Hits     []bool        `expr:"hits"`

	now                time.Time
	idleSince, askedAt time.Time
	deskStopped        time.Time // the desk's clock stands still since then
	moodKnown, metered bool
	ltvKnown           bool
	words              []string
}

type ticketFacts struct {
	Subject  string        `expr:"subject"`
	Priority string        `expr:"priority"`
	Status   string        `expr:"status"`
	Open     bool          `expr:"open"`
	Tags     []string      `expr:"tags"`
	Contacts int           `expr:"contacts"`
	Revenue  float64       `expr:"revenue"`
	Effort   time.Duration `expr:"effort"`
	Age      time.Duration `expr:"age"`
	Idle     time.Duration `expr:"idle"`
	Waiting  time.Duration `expr:"waiting"`
}

// deskFacts are readings of a clock that counts from 9 to 17 each day, and whether that
// is now.
type deskFacts struct {
	Elapsed   time.Duration `expr:"elapsed"`
	Remaining time.Duration `expr:"remaining"`
	Used      float64       `expr:"used"`
	Open      bool          `expr:"open"`
}

const day = 24 * time.Hour

// worked is the time between 9 and 17 from the creation's midnight to an instant.
func worked(t time.Time) time.Duration {
	since := t.Sub(created.Truncate(day))
	days := since / day
	return days*8*time.Hour + min(max(since-days*day-9*time.Hour, 0), 8*time.Hour)
}

type customerFacts struct {
	Plan   string  `expr:"plan"`
	Folded string  `expr:"plan_folded"`
	VIP    bool    `expr:"vip"`
	LTV    float64 `expr:"ltv"`
}

// clockFacts are readings of a clock with a target of an odd length, so that
// its fractions are no round numbers.
type clockFacts struct {
	Used      float64       `expr:"used"`
	Left      float64       `expr:"left"`
	Elapsed   time.Duration `expr:"elapsed"`
	Remaining time.Duration `expr:"remaining"`
	Target    time.Duration `expr:"target"`
	Breached  bool          `expr:"breached"`
	Running   bool          `expr:"running"`
}

var created = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

const (
	target     = 3*time.Hour + 7*time.Nanosecond
	deskTarget = 16*time.Hour + 11*time.Nanosecond
)

// at moves the facts to an instant.
func (f facts) at(now time.Time) facts {
	f.now = now
	age := now.Sub(created)
	f.Ticket.Age = age
	f.Now, f.Hour, f.Weekday = now, now.Hour(), now.Weekday().String()
	f.Ticket.Idle, f.Ticket.Waiting = now.Sub(f.idleSince), 0
	if !f.askedAt.IsZero() {
		f.Ticket.Waiting = now.Sub(f.askedAt)
	}
	until := now
	if !f.deskStopped.IsZero() && f.deskStopped.Before(now) {
		until = f.deskStopped
	}
	f.Desk.Elapsed = worked(until) - worked(created)
	f.Desk.Remaining = deskTarget - f.Desk.Elapsed
	f.Desk.Used = float64(f.Desk.Elapsed) / float64(deskTarget)
	f.Desk.Open = now.Hour() >= 9 && now.Hour() < 17
	if f.metered {
		f.Clock = clockFacts{
			Used: float64(age) / float64(target), Left: 1 - float64(age)/float64(target),
			Elapsed: age, Remaining: target - age, Target: target, Breached: age > target, Running: true,
		}
	}
	return f
}

func sample() facts {
	f := facts{
		Ticket: ticketFacts{
			Subject: "Café closed: REFUND", Priority: "High", Status: "Open", Open: true, Tags: []string{"billing", "urgent"},
			Contacts: 3, Revenue: 1500.5, Effort: 90 * time.Minute,
		},
		Customer: customerFacts{Plan: "Enterprise", Folded: "enterprise", VIP: true, LTV: 12000},
		Mood:     "angry", Hits: []bool{true, false}, words: []string{"sue"},
		moodKnown: true, metered: true, ltvKnown: true,
		idleSince: created.Add(30 * time.Minute), askedAt: created.Add(time.Hour),
	}
	return f.at(created.Add(2 * time.Hour))
}

// unknown has nothing that can be missing.
func unknown() facts {
	f := sample()
	f.Mood, f.Customer.LTV, f.Clock = "", 0, clockFacts{}
	f.moodKnown, f.metered, f.ltvKnown = false, false, false
	return f
}

// when searches the first instant at which something that stays has come true.
func when(reached func(f facts, level any) bool) func(*facts, any) time.Time {
	return func(f *facts, level any) time.Time {
		const horizon = 100 * 365 * day
		if reached(*f, level) || !reached(f.at(f.now.Add(horizon)), level) {
			return time.Time{}
		}
		before, after := time.Duration(0), horizon
		for after-before > 1 {
			middle := before + (after-before)/2
			if reached(f.at(f.now.Add(middle)), level) {
				after = middle
			} else {
				before = middle
			}
		}
		return f.now.Add(after)
	}
}

func vocabulary() rules.Vocabulary[facts] {
	mood := func(f *facts) bool { return f.moodKnown }
	metered := func(f *facts) bool { return f.metered }
	return rules.Vocabulary[facts]{
		Now: func(f *facts) time.Time { return f.now }, At: func(f facts, t time.Time) facts { return f.at(t) },
		Facts: []rules.Fact[facts]{
			{Name: "ticket.subject"}, {Name: "ticket.open"}, {Name: "ticket.tags"},
			{Name: "ticket.contacts"}, {Name: "ticket.revenue"}, {Name: "ticket.effort"},
			{Name: "ticket.priority", Values: []string{"Critical", "High", "Low"}},
			{Name: "ticket.status", Values: []string{"Open", "Pending", "Resolved"}},
			{Name: "ticket.age", Clock: "wall", When: when(func(f facts, level any) bool { return f.Ticket.Age >= level.(time.Duration) })},
			{Name: "ticket.idle", Clock: "wall", When: when(func(f facts, level any) bool { return f.Ticket.Idle >= level.(time.Duration) })},
			{Name: "ticket.waiting", Clock: "wall", When: when(func(f facts, level any) bool { return f.Ticket.Waiting >= level.(time.Duration) })},
			{Name: "now", Clock: "wall", When: when(func(f facts, level any) bool { return !f.Now.Before(level.(time.Time)) })},
			{Name: "now.hour", Path: "hour_of_day", Turns: func(f *facts) time.Time { return f.now.Truncate(time.Hour).Add(time.Hour) }},
			{Name: "now.weekday", Path: "day_of_week", Values: []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
				Turns: func(f *facts) time.Time { return f.now.Truncate(day).Add(day) }},
			{Name: "desk.elapsed", Clock: "desk", When: when(func(f facts, level any) bool { return f.Desk.Elapsed >= level.(time.Duration) })},
			{Name: "desk.remaining", Clock: "desk", Falls: true, When: when(func(f facts, level any) bool { return f.Desk.Remaining <= level.(time.Duration) })},
			{Name: "desk.used", Clock: "desk", When: when(func(f facts, level any) bool { return f.Desk.Used >= level.(float64) })},
			{Name: "desk.open", Turns: func(f *facts) time.Time {
				hour := f.now.Truncate(time.Hour)
				for hour = hour.Add(time.Hour); hour.Hour() != 9 && hour.Hour() != 17; {
					hour = hour.Add(time.Hour)
				}
				return hour
			}},
			{Name: "customer.plan", Folded: "customer.plan_folded"}, {Name: "customer.vip"},
			{Name: "customer.ltv", Known: func(f *facts) bool { return f.ltvKnown }},
			{Name: "mood", Values: []string{"calm", "angry"}, Known: mood},
			{Name: "clock.used", Known: metered, Clock: "clock", When: when(func(f facts, level any) bool { return f.Clock.Used >= level.(float64) })},
			{Name: "clock.left", Known: metered, Clock: "clock", Falls: true, When: when(func(f facts, level any) bool { return f.Clock.Left <= level.(float64) })},
			{Name: "clock.elapsed", Known: metered, Clock: "clock", When: when(func(f facts, level any) bool { return f.Clock.Elapsed >= level.(time.Duration) })},
			{Name: "clock.remaining", Known: metered, Clock: "clock", Falls: true, When: when(func(f facts, level any) bool { return f.Clock.Remaining <= level.(time.Duration) })},
			{Name: "clock.breached", Known: metered, When: when(func(f facts, level any) bool { return f.Clock.Breached == level.(bool) })},
			{Name: "clock.running", Known: metered},
			{Name: "clock.target", Known: metered},
		},
		Constants: map[string]any{"param.limit": 1000.0, "param.share": 0.8, "param.mood": "angry", "param.typo": "angri", "param.on": true},
		Shares: []rules.Share{
			{Of: "SLA", Instead: "ticket.age", Fact: "clock.used"},
			{Of: "first response SLA", Instead: "ticket.age", Fact: "clock.used"},
		},
		Verbs: []rules.Verb{
			{Name: "escalate", Args: []rules.Arg{{Name: "tier", Values: []string{"Tier 1", "Tier 2"}}}},
			{Name: "escalate_by", Args: []rules.Arg{{Name: "number", Number: true}}},
			{Name: "add_note", Args: []rules.Arg{{Name: "text"}}},
			{Name: "assign", Args: []rules.Arg{{Name: "queue", Values: []string{}}, {Name: "text"}}},
			{Name: "bump"},
		},
		Subjects: []string{"message"},
		Keywords: "hits",
		Found: func(f *facts, list int) string {
			if list < len(f.words) {
				return f.words[list]
			}
			return ""
		},
	}
}

// compile makes a set of rules with these conditions.
func compile(t testing.TB, conditions ...string) *rules.Set[facts] {
	t.Helper()
	set, err := rules.Compile(conditional(conditions...), vocabulary())
	require.NoError(t, err, "%s", strings.Join(conditions, "\n"))
	return set
}

func conditional(conditions ...string) []rules.Rule {
	var list []rules.Rule
	for i, condition := range conditions {
		list = append(list, rules.Rule{Name: strings.Repeat("i", i+1), If: condition, Then: []string{`bump()`}})
	}
	return slices.Clip(list)
}

// judge compiles one condition and looks at facts with it.
func judge(t testing.TB, condition string, f facts) *rules.Judge[facts] {
	t.Helper()
	j := compile(t, condition).Judge()
	j.Look(f)
	return j
}

// holds reports whether a condition does; it must be possible to tell.
func holds(t testing.TB, condition string, f facts) bool {
	t.Helper()
	is, err := judge(t, condition, f).Holds(0)
	require.NoError(t, err, "%s", condition)
	return is
}
