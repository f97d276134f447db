package escalation_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sentiment"
	"github.com/escalade-go/escalade/sla"
)

// What follows is the slow, obvious version of the engine: it looks at every second
// of a ticket's life instead of computing when to look, and judges conditions that
// are written down a second time, in Go. It knows no ledger, no NextCheck and no
// language; clocks it has from the sla package, which has a slow version of its own.

// truth is what a condition is: false, unknown, which is between the two, or true.
type truth int

const (
	isFalse   truth = -1
	isUnknown truth = 0
	isTrue    truth = 1
)

func is(yes bool) truth {
	if yes {
		return isTrue
	}
	return isFalse
}

// A clause is a part of a condition, as a rule says it and as Go says it.
type clause struct {
	text  string
	judge func(*moment) truth
}

// A deed is an action as a rule says it.
type deed struct{ do, to string }

func (d deed) String() string {
	if d.to == "" {
		return d.do + "()"
	}
	return fmt.Sprintf("%s(%q)", d.do, d.to)
}

// A draft is a rule, with what it means.
type draft struct {
	rules.Rule
	judge func(*moment) truth
	deeds []deed
	bare  bool         // it speaks of each clock that runs
	once  bool         // it compares what a clock has counted
	named []sla.Metric // the clocks that it compares by name
}

// An author writes random policies.
type author struct {
	*rand.Rand
	span  time.Duration // the longest time that the rules speak of
	exact bool          // to the nanosecond, which the slow version cannot follow
}

func (a author) pick(list ...string) string { return list[a.IntN(len(list))] }

// some is a length of time within the span.
func (a author) some() time.Duration {
	d := time.Minute + time.Duration(a.Int64N(int64(a.span)))
	switch {
	case a.IntN(3) == 0:
		return d.Truncate(time.Minute)
	case a.exact:
		return d
	}
	return d.Truncate(10 * time.Second)
}

// compare is a comparison of a fact with a constant; what it is of may be unknown.
func compare[T cmp.Ordered](a author, name string, with T, written string, of func(*moment) (T, bool)) clause {
	op := a.pick(">=", "<", ">", "<=")
	return clause{name + " " + op + " " + written, func(m *moment) truth {
		v, known := of(m)
		switch {
		case !known:
			return isUnknown
		case op == ">=":
			return is(v >= with)
		case op == "<":
			return is(v < with)
		case op == ">":
			return is(v > with)
		}
		return is(v <= with)
	}}
}

func (a author) comparesTime(name string, of func(*moment) (time.Duration, bool)) clause {
	d := a.some()
	return compare(a, name, d, fmt.Sprintf("duration(%q)", d), of)
}

// ofTicket is a clause about the ticket.
func (a author) ofTicket() clause {
	switch a.IntN(14) {
	case 0, 1:
		return a.comparesTime("ticket.age", func(m *moment) (time.Duration, bool) { return m.at.Sub(m.created), true })
	case 2, 3:
		return a.comparesTime("ticket.idle", func(m *moment) (time.Duration, bool) { return m.at.Sub(m.person), true })
	case 4:
		return a.comparesTime("ticket.waiting", func(m *moment) (time.Duration, bool) { return m.waiting(), true })
	case 5:
		s := a.pick("New", "Open", "Pending", "On hold", "Resolved")
		return clause{fmt.Sprintf("ticket.status == %q", s), func(m *moment) truth { return is(m.status == s) }}
	case 6:
		p := a.pick("Critical", "High", "Medium", "Low")
		return clause{fmt.Sprintf("ticket.priority in [%q, \"Low\"]", p), func(m *moment) truth { return is(m.priority == p || m.priority == "Low") }}
	case 7:
		x := a.pick("Tier 1", "Tier 2", "Tier 3")
		return clause{fmt.Sprintf("ticket.tier != %q", x), func(m *moment) truth { return is(m.tier != x) }}
	case 8, 9:
		x := a.pick("a", "b", "c")
		return clause{fmt.Sprintf("%q in ticket.tags", x), func(m *moment) truth { return is(slices.Contains(m.tags, x)) }}
	case 10:
		x := a.pick("", "anna", "manager")
		return clause{fmt.Sprintf("ticket.assignee == %q", x), func(m *moment) truth { return is(m.assignee == x) }}
	case 11:
		return clause{"ticket.contacts >= 2", func(m *moment) truth { return is(m.contacts >= 2) }}
	case 12:
		return clause{"ticket.open", func(m *moment) truth { return is(m.tracker.Open()) }}
	}
	return a.ofMood()
}

// ofMood is a clause about what the customer wrote.
func (a author) ofMood() clause {
	switch a.IntN(3) {
	case 0:
		s := a.pick("calm", "angry")
		return clause{fmt.Sprintf("sentiment == %q", s), func(m *moment) truth {
			if m.latest == nil {
				return isUnknown
			}
			return is(string(m.latest.Sentiment.Label) == s)
		}}
	case 1:
		return compare(a, "sentiment_score", -0.5, "-0.5", func(m *moment) (float64, bool) {
			if m.latest == nil {
				return 0, false
			}
			return m.latest.Sentiment.Score, true
		})
	}
	return clause{`contains_keywords(["refund"])`, func(m *moment) truth { return is(m.refund) }}
}

// ofClock is a clause about a clock: the one called name, or each, whose name is empty.
// It reports whether it compares what the clock has counted.
func (a author) ofClock(metric sla.Metric) (clause, bool) {
	name := "sla."
	if metric != "" {
		name += string(metric) + "."
	}
	read := func(m *moment) (sla.Clock, bool) {
		c := m.bare
		if metric != "" {
			c = m.tracker.Clock(metric, m.at)
		}
		return c, c.Target > 0 && !c.Started.IsZero()
	}
	flag := func(what string, of func(sla.Clock) bool) clause {
		return clause{name + what, func(m *moment) truth {
			c, known := read(m)
			if !known {
				return isUnknown
			}
			return is(of(c))
		}}
	}
	switch a.IntN(6) {
	case 0:
		share := []float64{0.25, 0.5, 0.8, 1, 1.5}[a.IntN(5)]
		return compare(a, name+"used", share, fmt.Sprint(share), func(m *moment) (float64, bool) { c, known := read(m); return c.Used, known }), true
	case 1:
		return a.comparesTime(name+"elapsed", func(m *moment) (time.Duration, bool) { c, known := read(m); return c.Elapsed, known }), true
	case 2:
		return a.comparesTime(name+"remaining", func(m *moment) (time.Duration, bool) { c, known := read(m); return c.Remaining, known }), true
	case 3:
		return flag("breached", sla.Clock.Breached), true
	case 4:
		return flag("paused", sla.Clock.Paused), false
	}
	return flag("running", sla.Clock.Running), false
}

// join makes a condition of clauses.
func (a author) join(list []clause) clause {
	all := list[0]
	for i, c := range list {
		if a.IntN(4) == 0 {
			positive := c
			c = clause{"not (" + c.text + ")", func(m *moment) truth { return -positive.judge(m) }}
		}
		before := all
		switch {
		case i == 0:
			all = c
		case a.IntN(3) == 0:
			all = clause{"(" + before.text + " or " + c.text + ")", func(m *moment) truth { return max(before.judge(m), c.judge(m)) }}
		default:
			all = clause{"(" + before.text + " and " + c.text + ")", func(m *moment) truth { return min(before.judge(m), c.judge(m)) }}
		}
	}
	return all
}

func (a author) deed() deed {
	switch a.IntN(12) {
	case 0:
		return deed{"escalate", a.pick("Tier 2", "Tier 3", "Tier 4")}
	case 1:
		return deed{"escalate_by", ""}
	case 2:
		return deed{"de_escalate", a.pick("Tier 1", "Tier 2")}
	case 3:
		return deed{"set_priority", a.pick("Critical", "High")}
	case 4:
		return deed{"bump_priority", ""}
	case 5:
		return deed{"lower_priority", a.pick("Medium", "Low")}
	case 6:
		return deed{"assign", a.pick("manager", "senior agent")}
	case 7, 8:
		return deed{"add_tag", a.pick("a", "b", "c")}
	case 9:
		return deed{"add_note", "Look."}
	case 10:
		return deed{"flag", "review"}
	}
	return deed{a.pick("notify", "alert"), a.pick("manager", "team lead")}
}

// write is a random rule.
func (a author) write(name string) draft {
	var d draft
	d.Name = name
	var clauses []clause
	for range 1 + a.IntN(2) {
		clauses = append(clauses, a.ofTicket())
	}
	speak := func(m sla.Metric) {
		c, counts := a.ofClock(m)
		clauses, d.once = append(clauses, c), d.once || counts
		if m != "" && counts && !slices.Contains(d.named, m) {
			d.named = append(d.named, m)
		}
		d.bare = d.bare || m == ""
	}
	switch a.IntN(6) {
	case 0, 1: // each clock
		clauses = clauses[:a.IntN(2)]
		for range 1 + a.IntN(2) {
			speak("")
		}
	case 2, 3: // some by name
		clauses = clauses[:a.IntN(2)]
		for range 1 + a.IntN(2) {
			speak(sla.Metrics()[a.IntN(4)])
		}
	case 4:
		d.Per = "message"
		clauses = append(clauses[:a.IntN(2)], a.ofMood())
	}
	slices.SortFunc(d.named, func(x, y sla.Metric) int {
		all := sla.Metrics()
		return slices.Index(all[:], x) - slices.Index(all[:], y)
	})
	if d.bare {
		d.named = nil
	}
	if a.IntN(8) == 0 && d.Per == "" {
		most := a.some()
		clauses = append(clauses, clause{fmt.Sprintf("ticket.idle + duration(%q) > ticket.age", most), func(m *moment) truth {
			return is(m.at.Sub(m.person)+most > m.at.Sub(m.created))
		}})
		d.Poll = a.some()
	}
	a.Shuffle(len(clauses), func(i, j int) { clauses[i], clauses[j] = clauses[j], clauses[i] })
	all := a.join(clauses)
	d.If, d.judge = all.text, all.judge
	if d.Per == "" && a.IntN(3) == 0 {
		d.Every = a.some() / 3
		d.Every = max(d.Every.Truncate(time.Second), time.Minute)
	}
	if d.Per == "" && !d.once && a.IntN(3) == 0 {
		d.Rest = a.some() / 2
		d.Rest = max(d.Rest.Truncate(time.Second), time.Minute)
	}
	d.Closed = a.IntN(6) == 0
	if a.IntN(10) == 0 {
		d.Mode = rules.Observe
	}
	for range 1 + a.IntN(2) {
		d.deeds = append(d.deeds, a.deed())
	}
	for _, x := range d.deeds {
		if x.do == "escalate_by" {
			d.Then = append(d.Then, "escalate_by(1)")
			continue
		}
		d.Then = append(d.Then, x.String())
	}
	return d
}

// policy is a random policy, with what its rules mean. Its promises are kept or
// broken within the span.
func (a author) policy() (escalation.Policy, []draft) {
	p := escalation.Standard()
	within := func(part int) sla.Target {
		return sla.Within((a.span / time.Duration(part)).Truncate(40 * time.Second))
	}
	for i := range p.Priorities {
		p.Priorities[i].FirstResponse, p.Priorities[i].Resolution = within(12-2*i), within(5-i)
	}
	for i := range p.Tiers {
		p.Tiers[i].Response = within(8 - i)
	}
	switch a.IntN(4) {
	case 0: // monday is at ten in Paris
		hours := sla.Hours{Zone: "Europe/Paris", Week: map[string][]string{"mon": {"09:00-10:20", "10:40-11:30", "13:00-17:00"}, "tue": {"10:00-16:00"}, "wed": {"22:00-02:00"}}}
		p.Calendars, p.Calendar = map[string]escalation.Calendar{"office": {Hours: hours}}, "office"
		p.Priorities[0].Calendar, p.Tiers[2].Calendar = "always", "always"
	case 1:
		p.Choices = sla.Choices{
			OnPriorityChange: []sla.OnChange{sla.ChangeRetarget, sla.ChangeRestart, sla.ChangeKeep}[a.IntN(3)],
			OnReopen:         []sla.OnReopen{sla.ReopenResume, sla.ReopenNewCycle, sla.ReopenFrozen, sla.ReopenWall}[a.IntN(4)],
			FirstResponseBy:  []sla.ResponseBy{sla.PublicHuman, sla.AnyPublic, sla.ByAssignment}[a.IntN(3)],
			TierFrom:         []sla.TierStart{sla.FromEntry, sla.FromAssignment}[a.IntN(2)],
			Pauses:           map[sla.Metric][]sla.Category{sla.FirstResponse: {sla.Pending}, sla.TierResponse: {sla.OnHold}},
		}
	}
	var drafts []draft
	p.Rules = nil
	for i := range 3 + a.IntN(6) {
		d := a.write(fmt.Sprintf("rule %d", i))
		drafts = append(drafts, d)
		p.Rules = append(p.Rules, d.Rule)
	}
	return p, drafts
}

// ticket is what happens to a ticket in its life, at whole seconds, several things
// now and then at one.
func (a author) ticket(id string, life time.Duration) escalation.Ticket {
	when := func() time.Time {
		d := time.Duration(a.Int64N(int64(life)))
		return monday.Add(d.Truncate([]time.Duration{time.Second, 10 * time.Second, 10 * time.Minute}[a.IntN(3)]))
	}
	t := escalation.Ticket{ID: id, Subject: "Export", CreatedAt: monday, Priority: a.pick("Critical", "High", "Medium", "Low"), Status: "New", Tier: "Tier 1"}
	for i := range a.IntN(8) {
		m := escalation.Message{ID: fmt.Sprintf("m%d", i), At: when(), From: a.pick("customer", "customer", "agent", "bot"), Internal: a.IntN(6) == 0, Text: a.pick("Hello.", "A refund, please.")}
		if m.From == escalation.FromCustomer {
			m.Internal, m.Sentiment = false, &escalation.Sentiment{Label: sentiment.Label(a.pick("calm", "angry")), Score: []float64{-0.8, -0.5, 0.1}[a.IntN(3)]}
		}
		t.Messages = append(t.Messages, m)
	}
	slices.SortStableFunc(t.Messages, func(x, y escalation.Message) int { return x.At.Compare(y.At) })
	for range a.IntN(10) {
		c := escalation.Change{At: when(), By: a.pick("agent:7", "bot:3", "")}
		switch a.IntN(6) {
		case 0:
			c.Field, c.To = "priority", a.pick("Critical", "High", "Medium", "Low")
		case 1:
			c.Field, c.To = "tier", a.pick("Tier 1", "Tier 2", "Tier 3")
		case 2:
			c.Field, c.To = "assignee", a.pick("anna", "ben", "")
		default:
			c.Field, c.To = "status", a.pick("Open", "Open", "Pending", "On hold", "Resolved", "Closed")
		}
		t.Changes = append(t.Changes, c)
	}
	if a.IntN(2) == 0 { // solved too early
		solved := life / time.Duration(2+a.IntN(3))
		t.Changes = append(t.Changes,
			escalation.Change{At: monday.Add(solved.Truncate(time.Second)), By: "agent:7", Field: "status", To: "Resolved"},
			escalation.Change{At: monday.Add((solved + life/10).Truncate(time.Second)), By: "agent:7", Field: "status", To: "Open"})
	}
	slices.SortStableFunc(t.Changes, func(x, y escalation.Change) int { return x.At.Compare(y.At) })
	now := map[string]*string{"priority": &t.Priority, "tier": &t.Tier, "status": &t.Status, "assignee": &t.Assignee}
	for i := range t.Changes {
		c := &t.Changes[i]
		c.From = *now[c.Field]
		*now[c.Field] = c.To
	}
	return t
}

// A moment is all that rules can read of a ticket at an instant.
type moment struct {
	at, created, person              time.Time
	status, priority, tier, assignee string
	tags                             []string
	tracker                          sla.Tracker
	latest                           *escalation.Message // by the customer
	refund                           bool                // the customer has asked for one
	contacts                         int
	asked                            time.Time // the customer's last message
	answered                         bool      // since then
	bare                             sla.Clock // that the rule at hand is judged for
}

func (m *moment) waiting() time.Duration {
	if since := m.tracker.Waiting(); !since.IsZero() {
		return m.at.Sub(since)
	}
	return 0
}

// judged is a rule, and what it is judged for.
type judged struct {
	rule    int
	subject string
}

// memory is what the slow version knows of a rule and a subject.
type memory struct {
	held, waits    bool // it held when last looked at; it rose while the rule rests
	times, repeats int
	spent          bool // a rule that fires once has fired
	rise, fired    time.Time
}

// A telling is one action that was proposed, or would be.
type telling struct {
	Due              time.Time
	Rule, Subject    string
	Occasion, Repeat int
	Do, To, Key      string
}

func (x telling) String() string {
	return fmt.Sprintf("%s %s %s: %s [%s] %d.%d", x.Due.Format("Mon 15:04:05.999999999"), x.Do, x.To, x.Rule, x.Subject, x.Occasion, x.Repeat)
}

func byTelling(a, b telling) int {
	return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Occasion, b.Occasion),
		cmp.Compare(a.Repeat, b.Repeat), cmp.Compare(a.Do, b.Do), cmp.Compare(a.To, b.To), cmp.Compare(a.Key, b.Key))
}

// slow is the slow version at work.
type slow struct {
	policy  escalation.Policy
	drafts  []draft
	ticket  escalation.Ticket
	now     moment
	memory  map[judged]*memory
	foreign bool // something has just happened that was not our doing
	told    []telling
}

// maxNano is how many nanoseconds after each second are looked at, too: "more than an
// hour" is true a nanosecond after the hour, and one thing leads to another.
const maxNano = 6

// slowly lives through a ticket second by second and returns all that is due in it.
func slowly(p escalation.Policy, drafts []draft, ticket escalation.Ticket, until time.Time) []telling {
	s := &slow{policy: p, drafts: drafts, ticket: ticket, memory: map[judged]*memory{}}
	s.begin()
	events := s.events()
	for second := ticket.CreatedAt; !second.After(until); second = second.Add(time.Second) {
		for nano := range maxNano {
			s.now.at = second.Add(time.Duration(nano))
			if s.now.at.After(until) {
				break
			}
			s.foreign = false
			open, reopened := s.now.tracker.Open(), false
			for len(events) > 0 && !events[0].at.After(s.now.at) {
				events[0].happens(&s.now)
				events, s.foreign = events[1:], true
				reopened = reopened || !open && s.now.tracker.Open()
				open = s.now.tracker.Open()
			}
			if reopened {
				s.reopened()
			}
			s.judge()
		}
	}
	slices.SortFunc(s.told, byTelling)
	return s.told
}

func (s *slow) begin() {
	t := s.ticket
	first := func(field, value string) string {
		for _, c := range t.Changes {
			if c.Field == field {
				return c.From
			}
		}
		return value
	}
	calendar := func(name string) *sla.Calendar {
		switch name {
		case "":
			return nil
		case "always":
			return sla.Always()
		}
		c, err := sla.NewCalendar(s.policy.Calendars[name].Hours)
		if err != nil {
			panic(err)
		}
		return c
	}
	promised := &sla.Agreement{Calendar: calendar(s.policy.Calendar), Choices: s.policy.Choices}
	for _, p := range s.policy.Priorities {
		promised.Promises = append(promised.Promises, sla.Promise{Priority: p.Name, FirstResponse: p.FirstResponse, NextResponse: p.NextResponse, Resolution: p.Resolution, Calendar: calendar(p.Calendar)})
	}
	for _, x := range s.policy.Tiers {
		promised.Tiers = append(promised.Tiers, sla.TierPromise{Tier: x.Name, Response: x.Response, Calendar: calendar(x.Calendar)})
	}
	m := moment{
		at: t.CreatedAt, created: t.CreatedAt, person: t.CreatedAt, tags: t.Tags,
		status: first("status", t.Status), priority: first("priority", t.Priority), tier: first("tier", t.Tier), assignee: first("assignee", t.Assignee),
	}
	m.tracker = sla.NewTracker(promised, sla.History{Start: t.CreatedAt, Status: s.category(m.status), Priority: m.priority, Tier: m.tier, Assignee: m.assignee})
	s.now = m
}

func (s *slow) category(status string) sla.Category {
	i := slices.IndexFunc(s.policy.Statuses, func(x escalation.Status) bool { return x.Name == status })
	return s.policy.Statuses[i].Category
}

// occurrence is something that happens to the ticket.
type occurrence struct {
	at      time.Time
	order   int // at one instant: replies, questions, statuses, priorities, tiers, the rest
	happens func(*moment)
}

func (s *slow) events() []occurrence {
	var list []occurrence
	for i := range s.ticket.Messages {
		x := &s.ticket.Messages[i]
		o := occurrence{at: x.At}
		if x.From == escalation.FromCustomer {
			o.order = 1
		}
		o.happens = func(m *moment) {
			switch {
			case x.From == escalation.FromCustomer:
				if m.asked.IsZero() || m.answered || x.At.Sub(m.asked) >= 24*time.Hour {
					m.contacts++
				}
				m.person, m.latest, m.asked, m.answered = x.At, x, x.At, false
				m.refund = m.refund || strings.Contains(x.Text, "refund")
				m.tracker.Apply(sla.Event{At: x.At, Kind: sla.Ask})
			case x.From == escalation.FromAgent:
				m.person = x.At
				if !x.Internal {
					m.answered = true
					m.tracker.Apply(sla.Event{At: x.At, Kind: sla.Reply})
				}
			case !x.Internal:
				m.tracker.Apply(sla.Event{At: x.At, Kind: sla.AutoReply})
			}
		}
		list = append(list, o)
	}
	for _, c := range s.ticket.Changes {
		list = append(list, occurrence{c.At, 2 + slices.Index([]string{"status", "priority", "tier", "assignee"}, c.Field), func(m *moment) {
			if !strings.HasPrefix(c.By, "bot:") {
				m.person = c.At
			}
			switch c.Field {
			case "status":
				m.status = c.To
				m.tracker.Apply(sla.Event{At: c.At, Kind: sla.StatusChange, To: string(s.category(c.To))})
			case "priority":
				m.setPriority(c.At, c.To)
			case "tier":
				m.setTier(c.At, c.To)
			case "assignee":
				m.assignee = c.To
				m.tracker.Apply(sla.Event{At: c.At, Kind: sla.Assignment, To: c.To})
			}
		}})
	}
	slices.SortStableFunc(list, func(a, b occurrence) int { return cmp.Or(a.at.Compare(b.at), a.order-b.order) })
	return list
}

func (m *moment) setPriority(at time.Time, to string) {
	m.priority = to
	m.tracker.Apply(sla.Event{At: at, Kind: sla.PriorityChange, To: to})
}

func (m *moment) setTier(at time.Time, to string) {
	m.tier = to
	m.tracker.Apply(sla.Event{At: at, Kind: sla.TierChange, To: to})
}

// reopened lets rules that fire once for a clock fire again, if all their clocks run.
func (s *slow) reopened() {
	runs := func(clock string) bool {
		metric, _, _ := strings.Cut(clock, "/")
		c := s.now.tracker.Clock(sla.Metric(metric), s.now.at)
		return clock == clockName(c) && !c.Started.IsZero() && c.Stopped.IsZero()
	}
	for i, d := range s.drafts {
		for key, m := range s.memory {
			if key.rule == i && d.once && !slices.ContainsFunc(strings.Split(key.subject, "+"), func(clock string) bool { return !runs(clock) }) {
				*m = memory{times: m.times}
			}
		}
	}
}

func clockName(c sla.Clock) string { return string(c.Metric) + "/" + strconv.Itoa(c.Cycle) }

// A target of a rule is what it is judged for.
type target struct {
	name    string
	clock   sla.Metric
	message *escalation.Message
}

func (s *slow) targets(d *draft) []target {
	var list []target
	switch {
	case d.bare:
		for _, m := range sla.Metrics() {
			if c := s.now.tracker.Clock(m, s.now.at); !c.Started.IsZero() && c.Stopped.IsZero() && c.Target > 0 {
				list = append(list, target{name: clockName(c), clock: m})
			}
		}
	case d.Per == "message": // those that just came, else the latest
		for i := range s.ticket.Messages {
			m := &s.ticket.Messages[i]
			if m.From != escalation.FromCustomer || m.At.After(s.now.at) {
				continue
			}
			if len(list) > 0 && list[0].message.At.Before(s.now.at) {
				list = nil
			}
			list = append(list, target{name: "message/" + m.ID, message: m})
		}
	default:
		var names []string
		for _, m := range d.named {
			names = append(names, clockName(s.now.tracker.Clock(m, s.now.at)))
		}
		list = append(list, target{name: strings.Join(names, "+")})
	}
	return list
}

// happening is a rule that has fired at the moment.
type happening struct {
	draft   *draft
	telling telling
	results []bool // of its deeds: proposed
	to      []string
}

// judge looks at all rules again and again until no more fire.
func (s *slow) judge() {
	start := s.now
	var fired []*happening
	done := map[judged]bool{}
	seen := map[judged]bool{} // by the last look: what holds
	for again := true; again; {
		again = false
		clear(seen)
		for i := range s.drafts {
			d := &s.drafts[i]
			if !d.Closed && !s.now.tracker.Open() {
				continue
			}
			for _, x := range s.targets(d) {
				if d.bare && clockName(s.now.tracker.Clock(x.clock, s.now.at)) != x.name {
					continue
				}
				key := judged{i, x.name}
				m := s.memory[key]
				if m == nil {
					m = &memory{}
					s.memory[key] = m
				}
				if d.Poll > 0 && !s.polls(d, m) {
					continue
				}
				seen[key] = s.holds(d, x)
				if !seen[key] || done[key] || !s.fires(d, m) {
					continue
				}
				done[key], again = true, true
				h := &happening{draft: d, telling: telling{Due: s.now.at, Rule: d.Name, Subject: x.name, Occasion: m.times, Repeat: m.repeats}}
				fired = append(fired, h)
				s.effect(&start, h)
				s.resolve(&start, fired)
			}
		}
	}
	for key, holds := range seen {
		m, d := s.memory[key], &s.drafts[key.rule]
		switch {
		case !holds:
			m.waits = false
		case !m.held && !done[key] && !d.once && d.Per == "":
			m.waits = true
		}
		m.held = holds
	}
	for _, h := range fired {
		for i, x := range h.draft.deeds {
			if !h.results[i] {
				continue
			}
			t := h.telling
			t.Do, t.To = x.do, h.to[i]
			switch x.do {
			case "escalate_by":
				t.Do = "escalate"
			case "bump_priority", "lower_priority":
				t.Do = "set_priority"
			case "add_note":
				t.To = ""
			}
			s.told = append(s.told, t)
		}
	}
}

// polls: a rule that nobody can compute is looked at from time to time, where
// something happens, at the end of its rest and at its repeats.
func (s *slow) polls(d *draft, m *memory) bool {
	at := s.now.at
	return s.foreign || at.Sub(s.now.created)%d.Poll == 0 || m.waits && at.Equal(m.fired.Add(d.rest())) ||
		d.Every > 0 && m.held && m.times > 0 && (!d.once || m.spent) && at.Sub(m.rise)%d.Every == 0
}

func (d *draft) rest() time.Duration { return cmp.Or(d.Rest, 10*time.Minute) }

func (s *slow) holds(d *draft, x target) bool {
	m := s.now
	if x.clock != "" {
		m.bare = m.tracker.Clock(x.clock, m.at)
	}
	if x.message != nil {
		m.latest, m.refund = x.message, strings.Contains(x.message.Text, "refund")
	}
	return d.judge(&m) == isTrue
}

// fires reports whether a rule that holds fires now, and remembers it.
func (s *slow) fires(d *draft, m *memory) bool {
	at := s.now.at
	first := false
	switch {
	case d.once || d.Per != "":
		first = !m.spent
	case !m.held || m.waits:
		first = m.fired.IsZero() || !at.Before(m.fired.Add(d.rest()))
		if !first {
			return false
		}
	}
	switch {
	case first:
		m.times, m.repeats, m.rise, m.spent, m.waits = m.times+1, 0, at, true, false
	case d.Every > 0 && at.After(m.rise) && at.Sub(m.rise)%d.Every == 0 && int(at.Sub(m.rise)/d.Every) > m.repeats:
		m.repeats = int(at.Sub(m.rise) / d.Every)
	default:
		return false
	}
	m.fired = at
	return true
}

// effect finds what a rule's deeds come to, counted from the start of the moment.
func (s *slow) effect(start *moment, h *happening) {
	h.results = make([]bool, len(h.draft.deeds))
	for _, x := range h.draft.deeds {
		to := x.to
		switch x.do {
		case "escalate_by":
			to = s.policy.Tiers[min(s.tier(start.tier)+1, len(s.policy.Tiers)-1)].Name
		case "bump_priority":
			to = s.policy.Priorities[max(s.priority(start.priority)-1, 0)].Name
		}
		h.to = append(h.to, to)
	}
}

func (s *slow) tier(name string) int {
	return slices.IndexFunc(s.policy.Tiers, func(t escalation.Tier) bool { return t.Name == name })
}

func (s *slow) priority(name string) int {
	return slices.IndexFunc(s.policy.Priorities, func(p escalation.Priority) bool { return p.Name == name })
}

// resolve lets the highest tier, the highest priority and the first assignee of all that
// fired win, and the moment follow.
func (s *slow) resolve(start *moment, fired []*happening) {
	after := *start
	best := map[string]*bool{}
	rank := map[string]int{}
	want := map[string]string{}
	bid := func(what string, r int, to string, result *bool) {
		if best[what] == nil || r > rank[what] {
			best[what], rank[what], want[what] = result, r, to
		}
	}
	for _, h := range fired {
		for i, x := range h.draft.deeds {
			result, to := &h.results[i], h.to[i]
			*result = false
			if h.draft.Mode == rules.Observe {
				continue
			}
			switch x.do {
			case "escalate", "escalate_by":
				if s.tier(to) > s.tier(start.tier) {
					bid("up", s.tier(to), to, result)
				}
			case "de_escalate":
				if s.tier(to) < s.tier(start.tier) {
					bid("down", s.tier(to), to, result)
				}
			case "set_priority", "bump_priority":
				if s.priority(to) < s.priority(start.priority) {
					bid("raise", -s.priority(to), to, result)
				}
			case "lower_priority":
				if s.priority(to) > s.priority(start.priority) {
					bid("lower", -s.priority(to), to, result)
				}
			case "assign":
				if to != start.assignee {
					bid("assign", 0, to, result)
				}
			case "add_tag":
				if !slices.Contains(after.tags, to) {
					*result, after.tags = true, append(slices.Clip(after.tags), to)
				}
			default:
				*result = true
			}
		}
	}
	if best["up"] != nil {
		delete(best, "down")
	}
	if best["raise"] != nil {
		delete(best, "lower")
	}
	for _, what := range []string{"raise", "lower", "up", "down", "assign"} {
		if best[what] == nil {
			continue
		}
		*best[what] = true
		switch what {
		case "raise", "lower":
			after.setPriority(after.at, want[what])
		case "up", "down":
			after.setTier(after.at, want[what])
		case "assign":
			after.assignee = want[what]
		}
	}
	s.now = after
}
