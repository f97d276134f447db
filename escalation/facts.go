package escalation

import (
	"strings"
	"time"

	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// facts is what rules see of a ticket at one instant. It is the only place
// where a ticket becomes rule vocabulary. Plain types, held by value: that is
// what makes the rules fast.
type facts struct {
	Ticket    ticketFacts   `expr:"ticket"`
	Customer  customerFacts `expr:"customer"`
	Sentiment string        `expr:"sentiment"`
	Score     float64       `expr:"sentiment_score"`
	Intents   []string      `expr:"intents"`
	SLA       slaFacts      `expr:"sla"`
	Hits      []bool        `expr:"keyword_hits"`
	Now       time.Time     `expr:"now"`
	Calendar  calendarFacts `expr:"now_parts"`
	fieldFacts

	// What follows is for the motions below, not for rules.
	created, idleSince, waitingSince  time.Time
	hours                             *sla.Calendar // when time counts for the ticket
	moodKnown, ltvKnown, revenueKnown bool
	clocks                            *[4]sla.Clock // in the order of sla.Metrics
	bare                              *sla.Clock    // what sla.used and so on speak of
	words                             []string      // the keyword that was found, by list
}

type ticketFacts struct {
	ID       string        `expr:"id"`
	Subject  string        `expr:"subject"`
	Category string        `expr:"category"`
	Priority string        `expr:"priority"`
	Status   string        `expr:"status"`
	Open     bool          `expr:"open"`
	Tier     string        `expr:"tier"`
	Assignee string        `expr:"assignee"`
	Tags     []string      `expr:"tags"`
	Language string        `expr:"language"`
	Age      time.Duration `expr:"age"`
	Idle     time.Duration `expr:"idle"`
	Waiting  time.Duration `expr:"waiting"`
	Contacts int           `expr:"contacts"`
	Revenue  float64       `expr:"revenue_impact"`
}

// calendarFacts are what a calendar and a watch on the wall show. They are read only if
// a rule asks for one of them.
type calendarFacts struct {
	Hour    int    `expr:"hour"`
	Day     int    `expr:"day"`
	Month   int    `expr:"month"`
	Weekday string `expr:"weekday"`
	Open    bool   `expr:"open"`
}

type customerFacts struct {
	ID   string  `expr:"id"`
	Name string  `expr:"name"`
	Tier string  `expr:"tier"`
	Plan string  `expr:"tier_folded"`
	VIP  bool    `expr:"vip"`
	LTV  float64 `expr:"ltv"`
}

type slaFacts struct {
	clockFacts               // the bare names, of the clock that the rule is judged for
	Metric        string     `expr:"metric"`
	FirstResponse clockFacts `expr:"first_response"`
	NextResponse  clockFacts `expr:"next_response"`
	Resolution    clockFacts `expr:"resolution"`
	TierResponse  clockFacts `expr:"tier_response"`
}

type clockFacts struct {
	Used      float64       `expr:"used"`
	Elapsed   time.Duration `expr:"elapsed"`
	Remaining time.Duration `expr:"remaining"`
	Target    time.Duration `expr:"target"`
	Running   bool          `expr:"running"`
	Paused    bool          `expr:"paused"`
	Breached  bool          `expr:"breached"`
}

func factsOf(c *sla.Clock) clockFacts {
	return clockFacts{
		Used: c.Used, Elapsed: c.Elapsed, Remaining: c.Remaining, Target: c.Target,
		Running: c.Running(), Paused: c.Paused(), Breached: c.Breached(),
	}
}

// setBare makes the bare names speak of a clock; nil: of none.
func (f *facts) setBare(c *sla.Clock) {
	f.bare = c
	if c == nil {
		c = &sla.Clock{}
	}
	f.SLA.Metric, f.SLA.clockFacts = string(c.Metric), factsOf(c)
}

// setTime makes the facts be of an instant, all but those of the clocks.
func (e *Engine) setTime(f *facts, at time.Time) {
	f.Now = at.In(e.zone)
	f.Ticket.Age, f.Ticket.Idle, f.Ticket.Waiting = at.Sub(f.created), at.Sub(f.idleSince), 0
	if !f.waitingSince.IsZero() {
		f.Ticket.Waiting = at.Sub(f.waitingSince)
	}
	if e.readsCalendar {
		_, month, day := f.Now.Date()
		f.Calendar = calendarFacts{f.Now.Hour(), day, int(month), f.Now.Weekday().String(), f.hours.Open(at)}
	}
}

// factsAt are the facts as they will be at a later instant if nothing happens.
func (e *Engine) factsAt(f facts, t time.Time) facts {
	e.setTime(&f, t)
	clocks, bare := new([4]sla.Clock), f.bare
	for i := range clocks {
		clocks[i] = f.clocks[i].At(t)
		if bare == &f.clocks[i] {
			bare = &clocks[i]
		}
	}
	f.clocks = clocks
	f.setClocks()
	if bare != nil {
		f.setBare(bare)
	}
	return f
}

// setClocks makes the names of the clocks speak of them.
func (f *facts) setClocks() {
	f.SLA.FirstResponse, f.SLA.NextResponse = factsOf(&f.clocks[0]), factsOf(&f.clocks[1])
	f.SLA.Resolution, f.SLA.TierResponse = factsOf(&f.clocks[2]), factsOf(&f.clocks[3])
}

// vocabulary declares to the rules what they can say.
func (e *Engine) vocabulary() rules.Vocabulary[facts] {
	type fact = rules.Fact[facts]
	list := []fact{
		{Name: "ticket.id", Help: "the ticket's id"},
		{Name: "ticket.subject", Help: "its subject line"},
		{Name: "ticket.category", Help: "its category, as the host names it"},
		{Name: "ticket.priority", Help: "its priority; empty if it has none that the policy declares", Values: e.priorities.list},
		{Name: "ticket.status", Help: "its status, as the host has it", Values: e.statuses.list},
		{Name: "ticket.open", Help: "whether it is neither solved nor closed, or the customer wrote again after it was solved"},
		{Name: "ticket.tier", Help: "the support tier it is at", Values: e.tiers.list},
		{Name: "ticket.assignee", Help: "who has it; empty for nobody"},
		{Name: "ticket.tags", Help: "its tags"},
		{Name: "ticket.language", Help: "the customer's language"},
		{Name: "ticket.age", Help: "wall time since it was created", Clock: "wall", When: since(func(f *facts) time.Time { return f.created })},
		{Name: "ticket.idle", Help: "wall time since a person last wrote or changed something", Clock: "wall", When: since(func(f *facts) time.Time { return f.idleSince })},
		{Name: "ticket.waiting", Help: "wall time since the first customer message that nobody has answered; 0 if all are", Clock: "wall", When: since(func(f *facts) time.Time { return f.waitingSince })},
		{Name: "ticket.contacts", Help: "how often the customer has turned up about this issue"},
		{Name: "ticket.revenue_impact", Help: "the revenue at stake; may be unknown", Known: func(f *facts) bool { return f.revenueKnown }},
		{Name: "customer.id", Help: "the customer's id"},
		{Name: "customer.name", Help: "the customer's name"},
		{Name: "customer.tier", Help: "the customer's plan, compared without case", Folded: "customer.tier_folded"},
		{Name: "customer.vip", Help: "whether the customer is a VIP"},
		{Name: "customer.ltv", Help: "the customer's lifetime value; may be unknown", Known: func(f *facts) bool { return f.ltvKnown }},
		{Name: "sentiment", Help: "the mood of the customer's last message; may be unknown", Values: []string{"calm", "frustrated", "angry", "threatening"}, Known: moodKnown, PerSubject: true},
		{Name: "sentiment_score", Help: "the same as a figure from -1 to 1; may be unknown", Known: moodKnown, PerSubject: true},
		{Name: "intents", Help: "what the customer's last message announces", Values: []string{"threat", "manager", "churn"}, PerSubject: true},
		{Name: "sla.metric", Help: "the clock that the rule is judged for", Values: []string{"first_response", "next_response", "resolution", "tier_response"}, PerSubject: true},
	}
	list = append(list, e.timeVocabulary()...)
	for _, f := range clockVocabulary("sla", "the clock that the rule is judged for", func(f *facts) *sla.Clock { return f.bare }) {
		f.PerSubject = true
		list = append(list, f)
	}
	for i, m := range sla.Metrics() {
		list = append(list, clockVocabulary("sla."+string(m), "the "+strings.ReplaceAll(string(m), "_", " ")+" clock",
			func(f *facts) *sla.Clock { return &f.clocks[i] })...)
	}
	list = append(list, e.fieldVocabulary()...)
	constants := make(map[string]any, len(e.policy.Params))
	for name, v := range e.policy.Params {
		switch v.(type) { // others have been refused
		case float64, string, bool:
			constants["param."+name] = v
		}
	}
	return rules.Vocabulary[facts]{
		Facts: list, Now: func(f *facts) time.Time { return f.Now }, At: e.factsAt, Constants: constants, Shares: shares(), Functions: e.functions, Limits: e.limits, Verbs: e.verbs(), Subjects: []string{perMessage}, Keywords: "keyword_hits",
		Found: func(f *facts, list int) string {
			if list < len(f.words) {
				return f.words[list]
			}
			return ""
		},
	}
}

// shares are the wholes of "80% of SLA". A ticket's age beside a promise means the time
// that counts for the promise: open time, without pauses.
func shares() []rules.Share {
	list := []rules.Share{{Of: "SLA", Instead: "ticket.age", Fact: "sla.resolution.used"}}
	for _, name := range metricNames() {
		list = append(list, rules.Share{Of: strings.ReplaceAll(name, "_", " ") + " SLA", Instead: "ticket.age", Fact: "sla." + name + ".used"})
	}
	return list
}

func moodKnown(f *facts) bool { return f.moodKnown }

// clockVocabulary declares the readings of one clock. They are unknown for a
// clock that has no target or has not started.
func clockVocabulary(prefix, clock string, of func(*facts) *sla.Clock) []rules.Fact[facts] {
	metered := func(f *facts) bool { c := of(f); return c != nil && c.Target > 0 && !c.Started.IsZero() }
	return []rules.Fact[facts]{
		{Name: prefix + ".used", Help: "the share of its target that " + clock + " has used up, 0.8 for 80 %", Known: metered, Clock: prefix,
			When: func(f *facts, level any) time.Time { return of(f).WhenUsed(level.(float64)) }},
		{Name: prefix + ".elapsed", Help: "time counted on " + clock, Known: metered, Clock: prefix,
			When: func(f *facts, level any) time.Time { return of(f).When(level.(time.Duration)) }},
		{Name: prefix + ".remaining", Help: "time left to " + clock + "; negative when overdue", Known: metered, Clock: prefix, Falls: true,
			When: func(f *facts, level any) time.Time {
				c := of(f)
				return c.When(c.Target - level.(time.Duration))
			}},
		{Name: prefix + ".target", Help: "what is promised for " + clock, Known: metered},
		{Name: prefix + ".running", Help: "whether " + clock + " has started, is not paused and not stopped", Known: metered},
		{Name: prefix + ".paused", Help: "whether " + clock + " is paused", Known: metered},
		{Name: prefix + ".breached", Help: "whether " + clock + " has passed its target", Known: metered,
			When: func(f *facts, _ any) time.Time { return of(f).WhenBreached() }},
	}
}

// since is the motion of a fact that counts wall time from an instant.
func since(start func(*facts) time.Time) func(*facts, any) time.Time {
	return func(f *facts, level any) time.Time {
		from := start(f)
		if from.IsZero() {
			return time.Time{}
		}
		if t := from.Add(level.(time.Duration)); t.After(f.Now) {
			return t
		}
		return time.Time{}
	}
}

// timeVocabulary declares the time itself, by the zone of the policy's calendar, and the
// ticket's hours.
func (e *Engine) timeVocabulary() []rules.Fact[facts] {
	weekdays := []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	return []rules.Fact[facts]{
		{Name: "now", Help: "the instant at which the ticket is judged", Clock: "wall", When: func(f *facts, level any) time.Time {
			if t := level.(time.Time); t.After(f.Now) {
				return t
			}
			return time.Time{}
		}},
		{Name: "now.hour", Path: "now_parts.hour", Help: "the hour of the day, 0 to 23, in the zone of the policy's calendar", Turns: func(f *facts) time.Time { return nextOf(f.Now, time.Hour) }},
		{Name: "now.weekday", Path: "now_parts.weekday", Help: "the day of the week there", Values: weekdays, Turns: func(f *facts) time.Time { return nextOf(f.Now, 24*time.Hour) }},
		{Name: "now.day", Path: "now_parts.day", Help: "the day of the month there, 1 to 31", Turns: func(f *facts) time.Time { return nextOf(f.Now, 24*time.Hour) }},
		{Name: "now.month", Path: "now_parts.month", Help: "the month there, 1 to 12", Turns: func(f *facts) time.Time { return nextMonth(f.Now) }},
		{Name: "hours.open", Path: "now_parts.open", Help: "whether time counts now for the ticket: its agreement's calendar, or that of its priority, is open", Turns: func(f *facts) time.Time { return f.hours.NextTurn(f.Now) }},
	}
}

// nextOf returns when the next hour or day begins by the wall clock, or when that clock is
// changed, if that comes first: whatever it shows, it shows it up to then.
func nextOf(t time.Time, unit time.Duration) time.Time {
	_, offset := t.Zone()
	local := t.Unix() + int64(offset)
	size := int64(unit / time.Second)
	next := time.Unix(t.Unix()+size-(local%size+size)%size, 0).In(t.Location())
	if _, end := t.ZoneBounds(); end.After(t) && end.Before(next) {
		return end.In(t.Location())
	}
	return next
}

// nextMonth returns when the next month begins by the wall clock.
func nextMonth(t time.Time) time.Time {
	near := time.Date(t.Year(), t.Month()+1, 1, 12, 0, 0, 0, t.Location()).Add(-48 * time.Hour)
	next := t
	if near.After(t) {
		next = near // so far it is this month, whatever the clock
	}
	for next.Month() == t.Month() {
		next = nextOf(next, 24*time.Hour)
	}
	return next
}
