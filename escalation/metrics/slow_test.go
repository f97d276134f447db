package metrics_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/escalation/metrics"
	"github.com/escalade-go/escalade/sla"
)

// The slow version of a report plays each ticket half hour by half hour from its creation
// to the report, notes what it is at the end of each, and answers every question by
// looking at all tickets again. It knows the opening hours by heart.

const tick = 30 * time.Minute

// teamPolicy has a calendar for each way to come by one.
func teamPolicy() escalation.Policy {
	p := escalation.Standard()
	p.Tiers, p.Rules = p.Tiers[:3], nil
	day, late := sla.Hours{Week: map[string][]string{}}, sla.Hours{Week: map[string][]string{}}
	for _, d := range []string{"mon", "tue", "wed", "thu", "fri"} {
		day.Week[d], late.Week[d] = []string{"09:00-17:00"}, []string{"20:00-24:00"}
	}
	p.Calendars = map[string]escalation.Calendar{"day": {Hours: day}, "late": {Hours: late}, "both": {Union: []string{"day", "late"}}}
	p.Calendar = "day"
	p.Priorities[0].Calendar = "always"
	p.Priorities[1].Calendar = "both"
	p.Agreements = []escalation.Agreement{
		{Name: "Night", Customers: []string{"owl"}, CustomerTiers: []string{"Gold"}, Terms: escalation.Terms{
			Calendar: "late", Choices: sla.Choices{Pauses: map[sla.Metric][]sla.Category{sla.Resolution: {sla.OnHold}}},
		}},
		{Name: "Row", Priorities: []escalation.Priority{{Name: "Low", Calendar: "own"}}, Calendars: map[string]escalation.Calendar{"own": {Union: []string{"late"}}}},
	}
	return p
}

// openAt is teamPolicy's calendars, by heart.
func openAt(agreement, priority string, at time.Time) bool {
	weekday := at.Weekday() != time.Saturday && at.Weekday() != time.Sunday
	day, late := weekday && at.Hour() >= 9 && at.Hour() < 17, weekday && at.Hour() >= 20
	switch {
	case priority == "critical":
		return true
	case priority == "high":
		return day || late
	case agreement == "night", agreement == "row" && priority == "low":
		return late
	}
	return day
}

type move struct {
	at        time.Time
	from, to  int
	since     time.Time // when it came to from
	automatic bool
}

// played is a ticket that was played.
type played struct {
	created, at time.Time
	moves       []move
	solves      []time.Time
	reopens     int
	open        bool
	contacts    int
	tier        map[int]int  // at the end of each tick
	counts      map[int]bool // from the end of each tick on
	came        map[int]bool
	rating      *escalation.Rating
	why         metrics.Reason
	doubts      map[metrics.Reason]bool
}

func (p *played) tick(at time.Time) int   { return int(at.Sub(p.created) / tick) }
func (p *played) tierAt(at time.Time) int { return p.tier[p.tick(at)] }
func (p *played) ups() []move             { return where(p.moves, func(m move) bool { return m.to > m.from }) }
func (p *played) upsFrom(tier int) []move {
	return where(p.ups(), func(m move) bool { return m.from == tier })
}
func (p *played) last() move        { return p.ups()[len(p.ups())-1] }
func (p *played) escalated() bool   { return len(p.ups()) > 0 }
func (p *played) solved() time.Time { return p.solves[len(p.solves)-1] }
func (p *played) hours(from, to time.Time) (wall, business time.Duration) {
	for i := p.tick(from); i < p.tick(to); i++ {
		wall += tick
		if p.counts[i] {
			business += tick
		}
	}
	return wall, business
}

// place is the tier where a ticket was resolved, or is.
func (p *played) place() int {
	if p.open {
		return p.tierAt(p.at)
	}
	return p.tierAt(p.solved())
}

func where[T any](list []T, f func(T) bool) []T {
	var out []T
	for _, x := range list {
		if f(x) {
			out = append(out, x)
		}
	}
	return out
}

var tierNames = map[string]int{"": 0, "tier 1": 0, "tier 2": 1, "tier 3": 2}

func low(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// play plays a ticket up to an instant.
func play(t escalation.Ticket, at time.Time) *played {
	p := &played{created: t.CreatedAt, at: at, tier: map[int]int{}, counts: map[int]bool{}, came: map[int]bool{}, doubts: map[metrics.Reason]bool{}, contacts: -1}
	for _, field := range []string{"tier", "status"} {
		changes := where(t.Changes, func(c escalation.Change) bool { return c.Field == field })
		for i, c := range changes {
			if c.At.IsZero() {
				p.why = metrics.NoTime
				if field == "tier" {
					return p
				}
			}
			if i > 0 && c.At.Before(changes[i-1].At) {
				p.doubts[metrics.Unsorted] = true
			}
		}
	}
	noTime := p.why
	p.why = ""
	for i, m := range t.Messages {
		if i > 0 && m.At.Before(t.Messages[i-1].At) {
			p.doubts[metrics.Unsorted] = true
		}
	}
	clamp := func(at time.Time) time.Time {
		if at.Before(t.CreatedAt) {
			p.doubts[metrics.BeforeCreation] = true
			return t.CreatedAt
		}
		return at
	}

	// The log of each field in the order of time, and what each was at first.
	changes := slices.Clone(t.Changes)
	slices.SortStableFunc(changes, func(a, b escalation.Change) int { return a.At.Compare(b.At) })
	byRule := func(c escalation.Change) bool { return c.Key != "" || strings.HasPrefix(c.By, "escalade:") }
	log := func(field string) []escalation.Change {
		all := where(changes, func(c escalation.Change) bool { return c.Field == field })
		for i := range all {
			all[i].At = clamp(all[i].At)
		}
		var out []escalation.Change
		for now := t.CreatedAt; len(out) < len(all); now = now.Add(tick) {
			for _, late := range []bool{false, true} {
				out = append(out, where(all, func(c escalation.Change) bool { return c.At.Equal(now) && (byRule(c) && field == "status") == late })...)
			}
		}
		return out
	}
	upTo := func(list []escalation.Change) []escalation.Change {
		past := where(list, func(c escalation.Change) bool { return !c.At.After(at) })
		if len(past) < len(list) {
			p.doubts[metrics.AfterAt] = true
		}
		return past
	}

	firstFrom := func(field string) string {
		return where(changes, func(c escalation.Change) bool { return c.Field == field })[0].From
	}

	// Tiers.
	tiers := log("tier")
	begins := t.Tier
	if len(tiers) > 0 {
		begins = firstFrom("tier")
	}
	past := upTo(tiers)
	tier, known := tierNames[low(begins)]
	if !known {
		p.why = metrics.UnknownTier
		return p
	}
	since := t.CreatedAt
	p.came[tier] = true
	next := 0
	for now := t.CreatedAt; !now.After(at); now = now.Add(tick) {
		for ; next < len(past) && past[next].At.Equal(now); next++ {
			c := past[next]
			from, known1 := tierNames[low(c.From)]
			to, known2 := tierNames[low(c.To)]
			if !known1 || !known2 {
				p.why = metrics.UnknownTier
				return p
			}
			if to == tier {
				continue
			}
			if c.From != "" && from != tier {
				p.why = metrics.TierContradicts
				return p
			}
			asked := c.By == "escalade:request" || strings.HasPrefix(c.By, "agent:") || c.By == "" && c.Key == ""
			p.moves = append(p.moves, move{now, tier, to, since, !asked})
			tier, since = to, now
			p.came[tier] = true
		}
		p.tier[p.tick(now)] = tier
	}
	if len(past) == len(tiers) && t.Tier != "" {
		if is, known := tierNames[low(t.Tier)]; !known {
			p.why = metrics.UnknownTier
			return p
		} else if is != tier {
			p.why = metrics.TierContradicts
			return p
		}
	}
	if noTime != "" {
		p.why = noTime
		return p
	}

	// Statuses.
	meaning := func(name string) string {
		switch n := low(name); n {
		case "", "new":
			return "open"
		case "open", "pending", "on hold", "resolved", "closed":
			return n
		}
		p.doubts[metrics.UnknownStatus] = true
		return "open"
	}
	ends := func(status string) bool { return status == "resolved" || status == "closed" }
	statuses := log("status")
	status := "open"
	if len(statuses) > 0 {
		status = meaning(firstFrom("status"))
	}
	pastStatuses := upTo(statuses)
	if len(pastStatuses) == len(statuses) && t.Status != "" {
		end, endAt := status, time.Time{}
		same := false
		if n := len(pastStatuses); n > 0 {
			end, endAt = meaning(pastStatuses[n-1].To), pastStatuses[n-1].At
			same = low(pastStatuses[n-1].To) == low(t.Status)
		}
		is := meaning(t.Status)
		when := t.StatusSince
		if when.IsZero() && ends(is) {
			when = t.SolvedAt
		}
		fits := !when.Before(t.CreatedAt) && when.After(endAt)
		switch {
		case same:
		case fits:
			if is != "resolved" && !t.SolvedAt.Before(t.CreatedAt) && t.SolvedAt.After(endAt) && t.SolvedAt.Before(when) {
				pastStatuses = append(pastStatuses, escalation.Change{At: t.SolvedAt, To: "resolved"})
			}
			pastStatuses = append(pastStatuses, escalation.Change{At: when, To: is})
			if when.After(at) {
				p.doubts[metrics.AfterAt] = true
			}
		case ends(is) != ends(end):
			p.why = metrics.StatusUndated
			return p
		}
	}
	for _, c := range pastStatuses {
		meaning(c.To)
	}

	// The whole, tick by tick.
	messages := slices.Clone(t.Messages)
	slices.SortStableFunc(messages, func(a, b escalation.Message) int { return a.At.Compare(b.At) })
	ids := map[string]bool{}
	messages = where(messages, func(m escalation.Message) bool { // the earlier of two counts
		twice := m.ID != "" && ids[m.ID]
		ids[m.ID] = true
		return !twice
	})
	for i := range t.Messages {
		clamp(t.Messages[i].At)
	}
	for i := range messages {
		messages[i].At = clamp(messages[i].At)
		if messages[i].At.After(at) {
			p.doubts[metrics.AfterAt] = true
		}
	}
	agreement, priority := agreementAt(t, at), low(fieldAt(t, "priority", t.Priority, at))
	isOpen := !ends(status)
	if !isOpen {
		p.solves = append(p.solves, t.CreatedAt)
	}
	contacts, answered, lastContact := 0, false, time.Time{}
	for now := t.CreatedAt; !now.After(at); now = now.Add(tick) {
		for _, late := range []bool{false, true} {
			for _, asks := range []bool{false, true} {
				for _, m := range messages {
					if !m.At.Equal(now) || (m.From == "customer") != asks || strings.HasPrefix(m.By, "escalade:") != late {
						continue
					}
					if asks {
						if contacts == 0 || answered || now.Sub(lastContact) >= 24*time.Hour {
							contacts++
						}
						answered, lastContact = false, now
						if !isOpen && status != "closed" {
							isOpen = true
							p.reopens++
						}
					} else if m.From == "agent" && !m.Internal && (m.By == "" || strings.HasPrefix(m.By, "agent:")) {
						answered = true
					}
				}
			}
			for _, c := range pastStatuses {
				if !c.At.Equal(now) || byRule(c) != late {
					continue
				}
				status = meaning(c.To)
				switch {
				case ends(status) && isOpen:
					isOpen = false
					p.solves = append(p.solves, now)
				case !ends(status) && !isOpen:
					isOpen = true
					p.reopens++
				}
			}
		}
		paused := status == "on hold" || status == "pending" && agreement != "night"
		p.counts[p.tick(now)] = isOpen && !paused && openAt(agreement, priority, now)
	}
	p.open = isOpen
	given := ""
	if t.Contacts != nil {
		given = strconv.Itoa(*t.Contacts)
	}
	if n, err := strconv.Atoi(fieldAt(t, "contacts", given, at)); err == nil && n >= 0 {
		p.contacts = n
	} else if contacts > 0 {
		p.contacts = contacts
	} else if !isOpen {
		p.doubts[metrics.ContactsUnknown] = true
	}
	for i, g := range t.Ratings {
		switch {
		case g.At.After(at):
			p.doubts[metrics.AfterAt] = true
		case g.At.Before(t.CreatedAt):
			p.doubts[metrics.RatingUndated] = true
		case g.Max == 0:
			p.doubts[metrics.RatingWithoutScale] = true
		case g.Score < 0 || g.Score > g.Max:
			p.doubts[metrics.RatingOutsideScale] = true
		case p.rating == nil || !g.At.Before(p.rating.At):
			p.rating = &t.Ratings[i]
		}
	}
	if p.escalated() && !p.open && p.solved().Before(p.last().at) {
		p.doubts[metrics.SolvedBeforeEscalated] = true
	}
	return p
}

func fieldAt(t escalation.Ticket, field, latest string, at time.Time) string {
	changes := where(t.Changes, func(c escalation.Change) bool { return c.Field == field })
	slices.SortStableFunc(changes, func(a, b escalation.Change) int { return a.At.Compare(b.At) })
	past := where(changes, func(c escalation.Change) bool { return !c.At.After(at) })
	switch {
	case len(past) == len(changes) && latest != "":
		return latest
	case len(past) > 0:
		return past[len(past)-1].To
	case len(changes) > 0:
		return changes[0].From
	}
	return latest
}

func agreementAt(t escalation.Ticket, at time.Time) string {
	switch name := low(fieldAt(t, "agreement", t.Agreement, at)); {
	case name == "night" || name == "row":
		return name
	case t.Customer.ID == "owl", low(t.Customer.Tier) == "gold":
		return "night"
	}
	return ""
}

// slowReport is the report on tickets, from what was played.
func slowReport(e *escalation.Engine, tickets []escalation.Ticket, o metrics.Options) metrics.Report {
	r := metrics.Report{Policy: e.Version(), From: o.From, To: o.To, At: o.At}
	ids := map[string]bool{}
	excluded, doubts := map[metrics.Reason]int{}, map[metrics.Reason]int{}
	var all []*played
	for _, t := range tickets {
		switch {
		case t.CreatedAt.IsZero():
			excluded[metrics.NoCreation]++
		case t.CreatedAt.Before(o.From) || !t.CreatedAt.Before(o.To) || t.CreatedAt.After(o.At):
			r.Outside++
		case t.ID == "":
			excluded[metrics.NoID]++
		case ids[t.ID]:
			excluded[metrics.Duplicate]++
		default:
			ids[t.ID] = true
			p := play(t, o.At)
			if p.why != "" {
				excluded[p.why]++
				continue
			}
			for reason := range p.doubts {
				doubts[reason]++
			}
			all = append(all, p)
		}
	}
	type test = func(*played) bool
	number := func(f test) int { return len(where(all, f)) }
	isOpen := func(p *played) bool { return p.open }
	done := func(p *played) bool { return !p.open }
	both := func(f, g test) test { return func(p *played) bool { return f(p) && g(p) } }
	no := func(f test) test { return func(p *played) bool { return !f(p) } }
	anyone := func(*played) bool { return true }
	escalated := func(p *played) bool { return p.escalated() }
	r.Tickets, r.Open, r.Resolved, r.Escalated = len(all), number(isOpen), number(done), number(escalated)

	quotient := func(a, b int) *float64 {
		if b == 0 {
			return nil
		}
		v := float64(a) / float64(b)
		return &v
	}
	rate := func(count, n, open, tickets int) metrics.Row {
		return metrics.Row{Tickets: tickets, Open: open, OpenShare: quotient(open, tickets), N: n, Rate: &metrics.Rate{Count: count, Value: quotient(count, n)}}
	}
	// A share of the tickets that are in, as far as they are decided.
	share := func(in, decided, hit, open test) metrics.Row {
		return rate(number(both(both(in, decided), hit)), number(both(in, decided)), number(both(in, open)), number(in))
	}
	row := func(name metrics.Name, tier int, group metrics.Group, r0 metrics.Row) {
		i := slices.IndexFunc(r.Figures, func(f metrics.Figure) bool { return f.Name == name })
		if i < 0 {
			r.Figures = append(r.Figures, metrics.Figure{Name: name})
			i = len(r.Figures) - 1
		}
		if r0.Group = group; group == "" {
			r0.Tier = e.Policy().Tiers[tier].Name
		}
		r.Figures[i].Rows = append(r.Figures[i].Rows, r0)
	}
	durations := func(r0 metrics.Row, list []slowSpell, estimated bool) metrics.Row {
		var wall, business []slowLength
		for _, s := range list {
			w, b := s.p.hours(s.from, s.to)
			wall, business = append(wall, slowLength{w, s.open}), append(business, slowLength{b, s.open})
		}
		r0.Wall, r0.Business = slowTimes(wall, estimated), slowTimes(business, estimated)
		return r0
	}
	top := 2

	// Escalation rate, and the time to it.
	for tier := range 3 {
		came := func(p *played) bool { return p.came[tier] && tier < top }
		up := func(p *played) bool { return len(p.upsFrom(tier)) > 0 }
		row(metrics.EscalationRate, tier, "", share(came, anyone, up, both(isOpen, no(up))))
	}
	row(metrics.EscalationRate, 0, metrics.All, share(anyone, anyone, escalated, both(isOpen, no(escalated))))
	bare := func(tickets, open, n int) metrics.Row {
		return metrics.Row{Tickets: tickets, Open: open, OpenShare: quotient(open, tickets), N: n}
	}
	for tier := range 3 {
		came := func(p *played) bool { return p.came[tier] && tier < top }
		up := func(p *played) bool { return len(p.upsFrom(tier)) > 0 }
		var list []slowSpell
		for _, p := range where(all, up) {
			m := p.upsFrom(tier)[0]
			list = append(list, slowSpell{p, m.since, m.at, false})
		}
		row(metrics.TimeToEscalate, tier, "", durations(bare(number(came), number(both(came, both(isOpen, no(up)))), len(list)), list, false))
	}
	for _, group := range []metrics.Group{metrics.All, metrics.Automatic, metrics.Manual} {
		list, tickets, open := []slowSpell(nil), len(all), number(both(isOpen, no(escalated)))
		for _, p := range where(all, escalated) {
			m := p.ups()[0]
			if group == metrics.All || m.automatic == (group == metrics.Automatic) {
				list = append(list, slowSpell{p, p.created, m.at, false})
			}
		}
		if group != metrics.All {
			tickets, open = len(list), 0
		}
		row(metrics.TimeToEscalate, 0, group, durations(bare(tickets, open, len(list)), list, false))
	}

	// What came after the last escalation. Tier 3 stands for all here: see `to`.
	const everyTier = 3
	to := func(tier int) test {
		return func(p *played) bool { return p.escalated() && (tier == everyTier || p.last().to == tier) }
	}
	groupOf := func(tier int) metrics.Group {
		if tier == everyTier {
			return metrics.All
		}
		return ""
	}
	late := func(p *played) bool { return !p.open && p.solved().Before(p.last().at) }
	for tier := range everyTier + 1 {
		var list []slowSpell
		n := 0
		for _, p := range where(all, to(tier)) {
			switch {
			case p.open:
				list = append(list, slowSpell{p, p.last().at, p.at, true})
			case !late(p):
				n++
				list = append(list, slowSpell{p, p.last().at, p.solved(), false})
			}
		}
		row(metrics.ResolutionAfter, tier, groupOf(tier), durations(bare(number(to(tier)), number(both(to(tier), isOpen)), n), list, true))
	}
	at := func(tier int) test { return func(p *played) bool { return tier == everyTier || p.place() == tier } }
	for tier := range everyTier + 1 {
		events := 0
		for _, p := range all {
			events += len(where(p.ups(), func(m move) bool { return tier == everyTier || m.from == tier }))
		}
		row(metrics.EscalationRatio, tier, groupOf(tier), rate(events, number(both(at(tier), done)), number(both(at(tier), isOpen)), number(at(tier))))
	}
	positive := func(p *played) bool { return p.rating.Score/p.rating.Max >= 0.8 }
	ratedAfter := func(p *played) bool { return p.rating != nil && p.rating.At.After(p.last().at) }
	rated := func(p *played) bool { return p.rating != nil }
	satisfied := func(tier int, group metrics.Group, r0 metrics.Row) {
		r0.Rate.Responses = quotient(r0.N, r0.Tickets)
		row(metrics.SatisfactionAfter, tier, group, r0)
	}
	for tier := range everyTier + 1 {
		satisfied(tier, groupOf(tier), share(to(tier), ratedAfter, positive, both(isOpen, no(ratedAfter))))
	}
	satisfied(0, metrics.RatedBefore, share(escalated, func(p *played) bool { return rated(p) && !ratedAfter(p) }, positive, no(anyone)))
	satisfied(0, metrics.NeverEscalated, share(no(escalated), rated, positive, both(isOpen, no(rated))))
	for tier := range everyTier + 1 {
		row(metrics.FirstContactResolution, tier, groupOf(tier), share(at(tier), func(p *played) bool { return !p.open && p.contacts >= 0 },
			func(p *played) bool { return p.contacts <= 1 && p.reopens == 0 }, isOpen))
	}

	// The companions.
	for tier := range everyTier + 1 {
		came := func(p *played) bool { return tier == everyTier || p.came[tier] }
		r0 := share(came, done, func(p *played) bool {
			left := slices.ContainsFunc(p.moves, func(m move) bool { return tier == everyTier || m.from == tier })
			return !left && at(tier)(p)
		}, isOpen)
		if tier < everyTier {
			r0.Rate.Goal = e.Policy().Tiers[tier].Goal
		}
		row(metrics.ResolvedWithoutMoving, tier, groupOf(tier), r0)
	}
	for tier := range everyTier + 1 {
		row(metrics.ResolvedWhereEscalated, tier, groupOf(tier), share(to(tier), done, func(p *played) bool { return !late(p) && p.place() == p.last().to }, isOpen))
	}
	for tier := range everyTier + 1 {
		came := func(p *played) bool { return tier == everyTier || tier > 0 && p.came[tier] }
		down := func(p *played) bool {
			return slices.ContainsFunc(p.moves, func(m move) bool { return m.to < m.from && (tier == everyTier || m.from == tier) })
		}
		row(metrics.DeEscalationRate, tier, groupOf(tier), share(came, anyone, down, both(isOpen, no(down))))
	}
	for tier := range everyTier + 1 {
		into := func(p *played) int {
			return len(where(p.ups(), func(m move) bool { return tier == everyTier || m.to == tier }))
		}
		again := func(p *played) bool { return into(p) > 1 }
		row(metrics.RepeatedlyEscalated, tier, groupOf(tier), share(func(p *played) bool { return into(p) > 0 }, anyone, again, both(isOpen, no(again))))
	}
	solvedThere := func(tier int, undone bool) test {
		return func(p *played) bool {
			for i, s := range p.solves {
				if (tier == everyTier || p.tierAt(s) == tier) && (!undone || i < p.reopens) {
					return true
				}
			}
			return false
		}
	}
	for tier := range everyTier + 1 {
		row(metrics.Reopened, tier, groupOf(tier), share(solvedThere(tier, false), anyone, solvedThere(tier, true), no(anyone)))
	}
	solvedAfter := func(undone bool) test {
		return func(p *played) bool {
			for i, s := range p.solves {
				if p.escalated() && !s.Before(p.ups()[0].at) && (!undone || i < p.reopens) {
					return true
				}
			}
			return false
		}
	}
	row(metrics.Reopened, 0, metrics.AfterEscalation, share(solvedAfter(false), anyone, solvedAfter(true), no(anyone)))
	for tier := range everyTier + 1 {
		n, auto := 0, 0
		for _, p := range all {
			for _, m := range p.ups() {
				if tier == everyTier || m.from == tier {
					n++
					if m.automatic {
						auto++
					}
				}
			}
		}
		row(metrics.AutomaticEscalations, tier, groupOf(tier), rate(auto, n, 0, n))
	}
	for reason, n := range excluded {
		r.Excluded = append(r.Excluded, metrics.Count{Reason: reason, Tickets: n})
	}
	for reason, n := range doubts {
		r.Doubts = append(r.Doubts, metrics.Count{Reason: reason, Tickets: n})
	}
	return r
}

type slowSpell struct {
	p        *played
	from, to time.Time
	open     bool
}

type slowLength struct {
	d    time.Duration
	open bool
}

// slowTimes counts how many are as short, for each that there is. For the estimate each
// open one hands its weight to all that lasted longer.
func slowTimes(list []slowLength, estimated bool) *metrics.Times {
	finished := where(list, func(s slowLength) bool { return !s.open })
	rank := func(percent int) *metrics.Hours {
		var best *metrics.Hours
		for _, s := range finished {
			notLonger := len(where(finished, func(o slowLength) bool { return o.d <= s.d }))
			if h := metrics.Hours(s.d.Hours()); 100*notLonger >= percent*len(finished) && (best == nil || h < *best) {
				best = &h
			}
		}
		return best
	}
	t := &metrics.Times{Median: rank(50), P90: rank(90)}
	if !estimated {
		return t
	}
	slices.SortStableFunc(list, func(a, b slowLength) int {
		if a.d == b.d && a.open != b.open {
			if a.open {
				return 1
			}
			return -1
		}
		return int((a.d - b.d) / tick)
	})
	weights := make([]*big.Rat, len(list))
	for i := range weights {
		weights[i] = big.NewRat(1, int64(len(list)))
	}
	for i, s := range list {
		if rest := len(list) - i - 1; s.open && rest > 0 {
			share := new(big.Rat).Quo(weights[i], big.NewRat(int64(rest), 1))
			for j := i + 1; j < len(list); j++ {
				weights[j].Add(weights[j], share)
			}
		}
	}
	reach := func(q *big.Rat) *metrics.Hours {
		sum := new(big.Rat)
		for i, s := range list {
			if s.open {
				continue
			}
			if sum.Add(sum, weights[i]).Cmp(q) >= 0 {
				h := metrics.Hours(s.d.Hours())
				return &h
			}
		}
		return nil
	}
	t.Estimate = &metrics.Estimate{Median: reach(big.NewRat(1, 2)), P90: reach(big.NewRat(9, 10))}
	return t
}

// bare takes from a report what the slow one does not say, checks the intervals, and
// orders the counts.
func bareReport(t *testing.T, r metrics.Report) metrics.Report {
	t.Helper()
	for i := range r.Figures {
		f := &r.Figures[i]
		f.Title, f.Definition, f.Unit = "", "", ""
		for j := range f.Rows {
			rate := f.Rows[j].Rate
			if rate == nil {
				continue
			}
			if rate.Low != nil {
				require.True(t, f.Name == metrics.SatisfactionAfter && rate.Value != nil)
				// Wilson: the shares from which what was seen is 1.96 deviations away.
				for _, bound := range []float64{*rate.Low, *rate.High} {
					distance := *rate.Value - bound
					assert.InDelta(t, 1.96*1.96*bound*(1-bound)/float64(f.Rows[j].N), distance*distance, 1e-4)
				}
				assert.LessOrEqual(t, *rate.Low, *rate.Value)
				assert.GreaterOrEqual(t, *rate.High, *rate.Value)
			}
			rate.Low, rate.High = nil, nil
		}
	}
	for _, list := range []([]metrics.Count){r.Excluded, r.Doubts} {
		for i := range list {
			list[i].Text = ""
		}
		slices.SortFunc(list, func(a, b metrics.Count) int { return strings.Compare(string(a.Reason), string(b.Reason)) })
	}
	return r
}

// A report is what the slow version says, on thousands of tickets with all that can be
// wrong with them.
func TestAgainstTheSlowVersion(t *testing.T) {
	engine := escalation.MustCompile(teamPolicy(), nil)
	rounds := 150
	if testing.Short() {
		rounds = 10
	}
	seen := map[metrics.Reason]bool{}
	for round := range rounds {
		random := rand.New(rand.NewPCG(7, uint64(round)))
		from := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		o := metrics.Options{From: from, To: from.AddDate(0, 0, 21), At: from.AddDate(0, 0, 10+random.IntN(30))}
		tickets := make([]escalation.Ticket, 1+random.IntN(80))
		for i := range tickets {
			tickets[i] = randomTicket(random, from.AddDate(0, 0, -1), fmt.Sprint("T-", random.IntN(400)))
		}
		got, err := metrics.Compute(engine, slices.Values(tickets), o)
		require.NoError(t, err)
		for _, c := range slices.Concat(got.Excluded, got.Doubts) {
			seen[c.Reason] = true
		}
		require.Equal(t, bareReport(t, slowReport(engine, tickets, o)), bareReport(t, got), "round %d", round)
	}
	if !testing.Short() {
		assert.Len(t, seen, 16, "every reason must come up: %v", seen)
	}
}

// randomTicket is the life of a ticket, mostly a possible one.
func randomTicket(r *rand.Rand, from time.Time, id string) escalation.Ticket {
	rarely := func() bool { return r.IntN(40) == 0 }
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	later := func(at time.Time) time.Time {
		return at.Add(time.Duration(r.IntN(pow(4, r.IntN(5)))) * tick)
	}
	t := escalation.Ticket{
		ID: id, CreatedAt: from.Add(time.Duration(r.IntN(23*48)) * tick),
		Priority: pick("Critical", "high", "Medium", "Low", "LOW", ""), Agreement: pick("", "", "", "Row", "night", "gone"),
		Customer: escalation.Customer{ID: pick("", "", "", "", "owl"), Tier: pick("", "", "", "", "gold ")},
	}
	now := t.CreatedAt
	tiers, statuses := []string{"Tier 1", "tier 2", " Tier 3"}, []string{"Open", "pending", "On hold", "Resolved", "Resolved", "Resolved", "Closed", "done"}
	tier, status := r.IntN(5)%3*(r.IntN(2)), ""
	t.Tier = tiers[tier]
	for range r.IntN(9) {
		now = later(now)
		switch r.IntN(4) {
		case 0, 1:
			from := tier
			if tier = min(2, tier+1); r.IntN(4) == 0 {
				tier = max(0, tier-2)
			}
			c := escalation.Change{At: now, Field: "tier", From: tiers[from], To: tiers[tier], By: pick("", "agent:ann", "escalade:rule", "escalade:request", "bot:b"), Key: pick("", "", "k")}
			if r.IntN(4) == 0 {
				c.From = ""
			}
			if len(where(t.Changes, func(c escalation.Change) bool { return c.Field == "tier" })) == 0 {
				c.From = tiers[from]
			}
			t.Tier = c.To
			t.Changes = append(t.Changes, c)
		case 2:
			to := pick(statuses...)
			t.Changes = append(t.Changes, escalation.Change{At: now, Field: "status", From: status, To: to, By: pick("", "escalade:rule")})
			status, t.Status = to, to
		case 3:
			m := escalation.Message{At: now, From: pick("customer", "customer", "agent", "agent", "bot", "?"), By: pick("", "", "", "escalade:rule", "bot:b"), Internal: rarely()}
			if r.IntN(4) == 0 {
				m.ID = pick("m1", "m2")
			}
			t.Messages = append(t.Messages, m)
		}
	}
	if r.IntN(3) > 0 {
		t.Messages = append([]escalation.Message{{At: t.CreatedAt, From: "customer"}}, t.Messages...)
	}
	if r.IntN(3) > 0 {
		t.Changes = append(t.Changes, escalation.Change{At: later(now), Field: "status", From: status, To: "Resolved"})
		t.Status = "Resolved"
	}
	for range r.IntN(3) {
		t.Ratings = append(t.Ratings, escalation.Rating{At: later(later(now)), Score: float64(r.IntN(6)), Max: 5})
	}
	if rarely() {
		t.Changes = append(t.Changes, escalation.Change{At: later(now), Field: "priority", From: "Low", To: t.Priority})
	}
	if rarely() {
		t.Changes = append(t.Changes, escalation.Change{At: later(now), Field: "agreement", From: t.Agreement, To: pick("Row", "Night", "")})
	}
	if rarely() {
		n := r.IntN(4) - 1
		t.Contacts = &n
	}
	if rarely() {
		t.Changes = append(t.Changes, escalation.Change{At: later(now), Field: "contacts", From: "1", To: pick("2", "many")})
	}
	spoil(r, &t, rarely, later)
	return t
}

// spoil breaks a ticket now and then.
func spoil(r *rand.Rand, t *escalation.Ticket, rarely func() bool, later func(time.Time) time.Time) {
	change := func() *escalation.Change {
		if len(t.Changes) == 0 {
			return &escalation.Change{}
		}
		return &t.Changes[r.IntN(len(t.Changes))]
	}
	rating := func() *escalation.Rating {
		if len(t.Ratings) == 0 {
			return &escalation.Rating{}
		}
		return &t.Ratings[r.IntN(len(t.Ratings))]
	}
	for _, spoil := range []func(){
		func() {
			r.Shuffle(len(t.Changes), func(i, j int) { t.Changes[i], t.Changes[j] = t.Changes[j], t.Changes[i] })
		},
		func() {
			r.Shuffle(len(t.Messages), func(i, j int) { t.Messages[i], t.Messages[j] = t.Messages[j], t.Messages[i] })
		},
		func() { change().At = time.Time{} },
		func() { change().At = t.CreatedAt.Add(-time.Duration(1+r.IntN(3)) * tick) },
		func() { change().From = "Tier 2" },
		func() { change().To = "Tier 7" },
		func() { t.Changes = append(t.Changes, *change()) },
		func() { t.Tier = []string{"Tier 1", "Tier 3", "Tier 9", ""}[r.IntN(4)] },
		func() { t.Tier, t.Changes = []string{"Tier 1", "Tier 3", "Tier 9", ""}[r.IntN(4)], nil },
		func() { t.Status = []string{"Open", "Resolved", "Closed", "Pending", ""}[r.IntN(5)] },
		func() {
			t.Status, t.StatusSince, t.SolvedAt = []string{"Open", "Resolved", "Closed", "Pending"}[r.IntN(4)], later(later(t.CreatedAt)), later(t.CreatedAt)
			if r.IntN(2) == 0 {
				t.Changes = where(t.Changes, func(c escalation.Change) bool { return c.Field != "status" })
			}
		},
		func() {
			t.Status, t.SolvedAt = "Resolved", later(t.CreatedAt).Add(-2*tick)
			t.Changes = where(t.Changes, func(c escalation.Change) bool { return c.Field != "status" })
		},
		func() { t.Messages = nil },
		func() { t.Messages = append(t.Messages, escalation.Message{From: "customer"}) },
		func() { rating().Max = 0 },
		func() { rating().Score = 6 },
		func() { rating().Score = -1 },
		func() { rating().At = time.Time{} },
		func() { t.ID = "" },
		func() { t.CreatedAt = time.Time{} },
	} {
		if rarely() {
			spoil()
		}
	}
}

func pow(base, n int) int {
	p := base
	for range n {
		p *= base
	}
	return p
}
