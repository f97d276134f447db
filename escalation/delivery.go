package escalation

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// QuietHours are when nobody is to be disturbed who has no calendar of their own: what
// notify and alert tell them then waits, and [Action.DeliverAt] says until when. Whatever
// changes the ticket itself does not wait.
//
//	{"zone": "Europe/Paris", "week": {"mon": ["22:00-07:00"], "sun": ["00:00-24:00"]},
//	 "holidays": ["2026-12-25"], "bypass": ["Critical"]}
//
// They are written as [sla.Hours] are, and what stands there is quiet: a span over
// midnight belongs to the day on which it begins. Two things are meant as people mean
// them. A holiday is quiet all day, and the night that begins on it is as quiet as ever.
// A week without a span is fine where there are holidays or exceptions. As in sla.Hours
// an exception stands instead of all of that for its date, a holiday too: no span at all
// is a date that is not quiet once the night before is over.
type QuietHours struct {
	sla.Hours
	// Bypass names the priorities that are worth waking somebody for: a notice on such a
	// ticket waits neither for the end of quiet hours nor for a recipient's calendar. Nil:
	// the most urgent priority of the policy; an empty list: none. It may stand here
	// without any hours, for the calendars of recipients.
	//
	// Where a ticket was promised an immediate response, by its tier or its priority,
	// nothing waits in any case.
	Bypass []string `json:"bypass,omitzero"`
}

// UnmarshalJSON reads quiet hours as strictly as ReadPolicy.
func (q *QuietHours) UnmarshalJSON(src []byte) error {
	type hours sla.Hours // without its methods
	var in struct {
		hours
		Bypass []string `json:"bypass"`
	}
	if err := readStrictly(src, reflect.TypeFor[QuietHours](), &in); err != nil {
		return err
	}
	*q = QuietHours{sla.Hours(in.hours), in.Bypass}
	return nil
}

func (q *QuietHours) clone() *QuietHours {
	if q == nil {
		return nil
	}
	return &QuietHours{sla.Hours{
		Zone: q.Zone, Week: cloneSpans(q.Week), Holidays: slices.Clone(q.Holidays), Exceptions: cloneSpans(q.Exceptions),
	}, slices.Clone(q.Bypass)}
}

// delivery says when whom a notice may disturb. Nil: anybody at any hour.
type delivery struct {
	awake  *sla.Calendar            // of those without a calendar of their own
	own    map[string]*sla.Calendar // by recipient
	bypass []string                 // priorities
}

// delivery checks who may be disturbed when, and makes it ready.
func (c *checker) delivery(calendars map[string]*sla.Calendar) *delivery {
	p := &c.policy
	d := &delivery{own: map[string]*sla.Calendar{}}
	for i, r := range p.Recipients {
		if r.Calendar != "" {
			d.own[r.Name] = c.calendar(fmt.Sprintf("/recipients/%d/calendar", i), r.Calendar, calendars)
		}
	}
	if p.QuietHours == nil && len(d.own) == 0 {
		return nil
	}
	if len(p.Priorities) > 0 {
		d.bypass = []string{p.Priorities[0].Name}
	}
	if q := p.QuietHours; q != nil {
		d.awake = c.quietHours(q, len(d.own) > 0)
		if q.Bypass != nil {
			d.bypass = q.Bypass
		}
		known := namesOf(p.Priorities, func(r Priority) string { return r.Name })
		for i, name := range q.Bypass {
			at := fmt.Sprintf("/quiet_hours/bypass/%d", i)
			switch {
			case !slices.Contains(known, name):
				c.unknown(at, "priority", name, known)
			case slices.Contains(q.Bypass[:i], name):
				c.fail(at, rules.DuplicateName, fmt.Sprintf("the priority %q stands here twice", name))
			}
		}
	}
	return d
}

// quietHours returns the calendar of the time that is not quiet, nil if it is wrong or
// nothing is quiet.
func (c *checker) quietHours(q *QuietHours, ownCalendars bool) *sla.Calendar {
	const path = "/quiet_hours"
	before := len(c.errs)
	_, err := sla.NewCalendar(q.Hours)
	if wrong, ok := err.(sla.Errors); ok { //nolint:errorlint // NewCalendar documents the type
		for _, w := range wrong {
			if w.Path != "/week" { // a week in which nothing is quiet
				c.fail(path+w.Path, rules.WrongOption, "the quiet hours: "+w.Message, w.Hint)
			}
		}
	}
	if len(c.errs) > before {
		return nil
	}
	if !q.any() {
		if q.Bypass == nil || !ownCalendars {
			c.fail(path, rules.Missing, "no hour is quiet here", `write "week": {"mon": ["22:00-07:00"]}, or leave out "quiet_hours"`)
		}
		return nil
	}
	awake := q.awake()
	if len(awake.Week) == 0 {
		c.fail(path+"/week", rules.WrongOption, "all of the week is quiet, so nobody would ever be told of anything")
		return nil
	}
	calendar, err := sla.NewCalendar(awake)
	if err != nil {
		c.fail(path, rules.WrongOption, "the quiet hours: "+err.Error())
	}
	return calendar
}

// any reports whether some time is quiet.
func (q *QuietHours) any() bool {
	for _, list := range []map[string][]string{q.Week, q.Exceptions} {
		for _, spans := range list { // whether, not which: order does not matter
			if len(spans) > 0 {
				return true
			}
		}
	}
	return len(q.Holidays) > 0
}

// night is a span of quiet hours in minutes from the beginning of its day; it may end on
// the next one.
type night struct{ from, to int }

const dayMinutes = 24 * 60

// nights reads spans that the sla package found to be right.
func nights(spans []string) []night {
	minute := func(clock string) int {
		hours, _ := strconv.Atoi(clock[:2])
		minutes, _ := strconv.Atoi(clock[3:])
		return 60*hours + minutes
	}
	var out []night
	for _, span := range spans {
		from, to, _ := strings.Cut(span, "-")
		n := night{minute(from), minute(to)}
		if n.to < n.from {
			n.to += dayMinutes
		}
		out = append(out, n)
	}
	return out
}

// awake returns the hours that are not quiet. Both are by the wall clock, minute for
// minute, so that no rule about time zones and changes of clocks is needed here.
func (q *QuietHours) awake() sla.Hours {
	out := sla.Hours{Zone: q.Zone, Week: map[string][]string{}, Exceptions: map[string][]string{}}
	usual := func(day time.Weekday) []night {
		return nights(q.Week[strings.ToLower(day.String()[:3])])
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		if spans := between(usual(day), usual((day+6)%7)); len(spans) > 0 {
			out.Week[strings.ToLower(day.String()[:3])] = spans
		}
	}
	beginning := func(date time.Time) []night {
		if spans, ok := q.Exceptions[date.Format(time.DateOnly)]; ok {
			return nights(spans)
		}
		list := usual(date.Weekday())
		if slices.Contains(q.Holidays, date.Format(time.DateOnly)) {
			list = append(list, night{0, dayMinutes})
		}
		return list
	}
	special := slices.Clone(q.Holidays)
	for date := range q.Exceptions { // into a map: order does not matter
		special = append(special, date)
	}
	for _, text := range special {
		date, _ := time.Parse(time.DateOnly, text)
		for range 2 { // the date, and the one into which its night runs
			if date.Year() < 2100 { // no later date can be named
				out.Exceptions[date.Format(time.DateOnly)] = between(beginning(date), beginning(date.AddDate(0, 0, -1)))
			}
			date = date.AddDate(0, 0, 1)
		}
	}
	return out
}

// between returns the spans of a day that are in none of the nights that begin on it or
// on the day before.
func between(tonight, lastNight []night) []string {
	for _, n := range lastNight {
		tonight = append(tonight, night{0, n.to - dayMinutes})
	}
	slices.SortFunc(tonight, func(a, b night) int { return a.from - b.from })
	clock := func(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }
	var out []string
	from := 0
	for _, n := range append(tonight, night{dayMinutes, dayMinutes}) {
		if n.from > from {
			out = append(out, clock(from)+"-"+clock(n.from))
		}
		from = max(from, n.to)
	}
	return out
}

// quietHours tells of nights that end a minute before midnight, in which somebody would
// be woken.
func (v *verifier) quietHours() {
	if q := v.engine.policy.QuietHours; q != nil {
		for _, f := range q.Hours.Findings() {
			v.add(f.Code, "/quiet_hours", "the quiet hours leave out the last minute of a day", f.Hint)
		}
	}
}

// hurry notes of the rules that have fired in a step whether what they tell is worth
// waking somebody for, by what the ticket is like at the end of it.
func (s *step) hurry() {
	d := s.engine.delivery
	if d == nil || len(s.firings) == s.begin {
		return
	}
	urgent := slices.Contains(d.bypass, s.state.priority)
	_, promised := s.promised(&s.state)
	for _, p := range promised.Promises {
		urgent = urgent || p.Priority == s.state.priority && p.FirstResponse.Immediate
	}
	for _, t := range promised.Tiers {
		urgent = urgent || t.Tier == s.state.tier && t.Response.Immediate
	}
	for i := range s.firings[s.begin:] {
		s.firings[s.begin+i].urgent = urgent
	}
}

// deliverAt is when an effect may be told to its recipient; zero if it tells nobody.
func (e *Engine) deliverAt(f *firing, told effect) time.Time {
	if told.do != DoNotify && told.do != DoAlert {
		return time.Time{}
	}
	d := e.delivery
	if d == nil || f.urgent {
		return f.due
	}
	calendar, own := d.own[told.to]
	if !own {
		calendar = d.awake
	}
	at := calendar.NextOpen(f.due)
	if at.Year() > 9999 { // which no JSON can say
		return f.due
	}
	return at
}
