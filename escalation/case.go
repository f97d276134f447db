package escalation

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/escalade-go/escalade/handoff"
	"github.com/escalade-go/escalade/sentiment"
	"github.com/escalade-go/escalade/sla"
)

// maxEntry is how much of a message the timeline quotes.
const maxEntry = 200

// maxTimeline is how many entries a timeline has at the most: of a longer one the
// first quarter and the end are told.
const maxTimeline = 200

// Handoff returns the handoff document of a ticket as it stands at an instant: that of
// its last escalation, with everything that was written down since (a receipt, a
// resolution), also long after the decision that proposed it. Nil: it has never been
// escalated, as far as its history and its ledger tell. It decides nothing. The error is
// that of [Engine.Decide].
func (e *Engine) Handoff(t Ticket, now time.Time) (*handoff.Case, error) {
	var c *handoff.Case
	var went *walk
	d, err := e.decide(&t, nil, now, func(w *walk) {
		if last := w.formerHop(); last != nil {
			c, went = w.caseFor(last, t.Case), w
		}
	})
	if d.Handoff != nil || c == nil {
		return d.Handoff, err
	}
	went.foresee(c)
	return c, err
}

// A hop is the move to a tier that a handoff document is about.
type hop struct {
	at       time.Time
	from, to string
	reason   string
	rule     string  // that wanted it, if that is known
	person   string  // who was assigned along with it, or after it
	firing   *firing // nil: the history tells of it
}

// handoff fills the document for the last tier that the ticket is handed to; nil
// if it is handed to none. r is what a person asks for, asked the same if it was not
// taken yet.
func (w *walk) handoff(r *Request, asked *firing) *handoff.Case {
	last := w.lastHop(asked)
	if last == nil {
		return nil
	}
	if r != nil && last.firing.rule < 0 {
		last.person = cmp.Or(r.Person, last.person)
	}
	return w.caseFor(last, w.ticket.Case.with(r))
}

// caseFor fills the document of a move.
func (w *walk) caseFor(last *hop, notes Notes) *handoff.Case {
	t, e := w.ticket, w.engine
	tier := e.policy.Tiers[max(0, e.tiers.of(last.to))]
	clock := w.tierClock(tier)
	zone := w.zoneFor(clock)
	w.zone = zone
	language := w.language()
	c := &handoff.Case{
		Ticket: t.ID, Subject: w.state.subject, Customer: cmp.Or(t.Customer.Name, t.Customer.ID), Account: t.Customer.Tier,
		Priority: w.state.priority, Language: language, Zone: zone.name, From: last.from, To: last.to, Team: tier.Title, Person: last.person,
		Reason: last.reason, Topic: cmp.Or(w.state.category, tier.Expertise), Owner: notes.Owner,
		Ask: notes.Ask, NeededBy: inYears(notes.NeededBy),
		Summary: notes.Summary, Impact: notes.Impact, Expectation: notes.Expectation, Tried: slices.Clone(notes.Tried), RuledOut: slices.Clone(notes.RuledOut),
		Workaround: notes.Workaround, Promise: notes.Promise, NextSteps: slices.Clone(notes.NextSteps), Resolution: notes.Resolution,
		Timeframe: e.templates.Timeframe(language, clock.Target, clock.Calendar != nil, clock.Immediate),
		Causes:    w.causes(last),
		Earlier:   w.movesBefore(last),
	}
	if c.NeededBy.IsZero() && (w.state.tier == last.to || last.firing != nil) { // else it has left the tier
		c.NeededBy = inYears(clock.Due)
	}
	if v := w.state.revenue; v != nil {
		figure := *v
		c.Revenue = &figure
	}
	if got := notes.Receipt; got != nil && !got.At.Before(last.at) && !got.At.After(w.state.at) { // an older one is of another handoff
		receipt := *got
		c.Receipt = &receipt
	}
	if s := w.state.latest; s != nil {
		if m := w.moodOf(s); m.known {
			c.Sentiment = m.label
		}
	}
	w.promises(c)
	w.tell(c, last)
	inZone(c, zone.location)
	*c = c.In(e.templates)
	return c
}

// language is the customer's: what the ticket says, else what they wrote in.
func (w *walk) language() string {
	said := w.state.latest
	if w.state.language != "" || said == nil || said.text == "" {
		return w.state.language
	}
	if m := w.moodOf(said); m.read {
		return m.language
	}
	return w.engine.analyzer.Analyze(sentiment.Unquote(said.text)).Language
}

// lastHop finds the firing that sends the ticket to its last tier, that tier, and
// who is assigned. Nil if there is none, and if the ticket has left that tier since.
func (w *walk) lastHop(asked *firing) *hop {
	var last *hop
	assigned := func(f *firing) bool {
		return slices.ContainsFunc(f.effects, func(e effect) bool { return e.do == DoAssign && e.result == Proposed })
	}
	for i := range w.firings {
		f := &w.firings[i]
		for _, e := range f.effects {
			if e.do == DoEscalate && e.result == Proposed {
				last = &hop{at: f.due, from: f.from, to: e.to, firing: f}
			}
		}
	}
	switch {
	case asked != nil:
		asked.from = w.state.tier
		last = &hop{at: asked.due, from: asked.from, to: asked.effects[0].to, firing: asked}
	case last != nil && w.state.tier != last.to:
		return nil
	}
	if last == nil {
		return nil
	}
	last.reason = w.reasonOf(last.firing)
	if slices.ContainsFunc(w.firings, func(f firing) bool { return !f.due.Before(last.at) && assigned(&f) }) {
		last.person = w.who(w.state.assignee)
	}
	return last
}

// A tierMove is a change of tier that the history tells of.
type tierMove struct {
	event    *event
	from, to string
	rule, by string // who made it: one of them
	up       bool
}

// tierMoves are the moves up to the instant that the walk has reached, in order.
func (w *walk) tierMoves() []tierMove {
	var moves []tierMove
	tier := cmp.Or(w.history.initial[fieldTier], w.engine.tiers.list[0])
	for i := range w.history.events[:w.reached] {
		ev := &w.history.events[i]
		if ev.change == nil || ev.change.Field != fieldTier || ev.value == tier {
			continue
		}
		m := tierMove{event: ev, from: tier, to: ev.value, up: w.engine.tiers.of(ev.value) > w.engine.tiers.of(tier)}
		m.rule, m.by = w.author(ev.change.By)
		moves, tier = append(moves, m), ev.value
	}
	return moves
}

// formerHop finds the last move up that the history tells of.
func (w *walk) formerHop() *hop {
	moves := w.tierMoves()
	i := len(moves) - 1
	for i >= 0 && !moves[i].up {
		i--
	}
	if i < 0 {
		return nil
	}
	m := &moves[i]
	last := &hop{at: m.event.at, from: m.from, to: m.to, reason: m.rule, rule: m.rule}
	after := false
	for i := range w.history.events[:w.reached] {
		ev := &w.history.events[i]
		if after && ev.change != nil && ev.change.Field == fieldAssignee {
			last.person = w.who(cmp.Or(ev.value, last.person))
		}
		after = after || ev == m.event
	}
	return last
}

// maxMoves is how many other moves a case tells of, and how many next steps.
const maxMoves = 20

// movesBefore are the moves between tiers that came before the one that a document is
// about, and those that have followed it: from the history, and from this call.
func (w *walk) movesBefore(last *hop) []handoff.Hop {
	var moves []handoff.Hop
	for _, m := range w.tierMoves() {
		if last.firing != nil || !m.event.at.Equal(last.at) || m.to != last.to {
			moves = append(moves, handoff.Hop{At: m.event.at, From: m.from, To: m.to, Reason: m.rule, By: m.by})
		}
	}
	for i := range w.firings {
		f := &w.firings[i]
		for _, e := range f.effects {
			if e.result == Proposed && (e.do == DoEscalate || e.do == DoDeEscalate) && (f != last.firing || e.to != last.to) {
				moves = append(moves, handoff.Hop{At: f.due, From: f.from, To: e.to, Reason: w.reasonOf(f), By: w.who(f.by)})
			}
		}
	}
	slices.SortStableFunc(moves, func(a, b handoff.Hop) int { return a.At.Compare(b.At) })
	return moves[max(0, len(moves)-maxMoves):]
}

// causes are the rules, and the request, that this decision comes of: first what sends
// the ticket where it goes. Of a former move only that is known.
func (w *walk) causes(last *hop) []handoff.Cause {
	if last.firing == nil {
		if last.rule == "" {
			return nil
		}
		cause := handoff.Cause{At: last.at, Rule: last.rule}
		if i := slices.IndexFunc(w.engine.rules, func(r ruleInfo) bool { return r.name == last.rule }); i >= 0 {
			cause.Because = w.engine.rules[i].because
		}
		return []handoff.Cause{cause}
	}
	var causes []handoff.Cause
	for i := range w.firings {
		f := &w.firings[i]
		if !slices.ContainsFunc(f.effects, func(e effect) bool { return e.result == Proposed || e.result == Overruled }) {
			continue
		}
		cause := handoff.Cause{At: f.due, Because: f.because, By: w.who(f.by)}
		if f.rule >= 0 {
			cause.Rule, cause.Because = w.engine.rules[f.rule].name, w.engine.rules[f.rule].because
		}
		for _, clause := range f.clauses {
			cause.Clauses = append(cause.Clauses, clause.String())
		}
		if f == last.firing {
			causes = slices.Insert(causes, 0, cause)
		} else {
			causes = append(causes, cause)
		}
	}
	return causes
}

// promises tells where the clocks stand.
func (w *walk) promises(c *handoff.Case) {
	for _, m := range sla.Metrics() {
		k := w.state.clocks.Clock(m, w.state.at)
		if k.State == sla.Idle || k.Target == 0 && !k.Breached() {
			continue
		}
		c.Clocks = append(c.Clocks, handoff.Clock{
			Metric: string(k.Metric), State: string(k.State), Used: k.Used, Due: k.Due, BreachedAt: k.BreachedAt, Stopped: k.Stopped,
			Zone: w.hoursOf(k.Calendar),
		})
	}
}

// foresee tells what would be proposed at the next check, if the walk has gone on to it:
// what happens if nobody reacts.
func (w *walk) foresee(c *handoff.Case) {
	if !w.asking {
		return
	}
	for i := range w.firings {
		f := &w.firings[i]
		for _, e := range f.effects {
			if e.result == Proposed && len(c.Otherwise) < maxMoves {
				c.Otherwise = append(c.Otherwise, handoff.Step{At: f.due.In(w.zone.location), Do: e.do, To: e.to, Rule: w.engine.rules[f.rule].name})
			}
		}
	}
}

// A zone is whose wall clock people read.
type zone struct {
	name     string // empty: UTC
	location *time.Location
}

// zones are those of calendars.
type zones map[*sla.Calendar]zone

// add notes the zone of a calendar, if it has one. Of two equal calendars the first counts.
func (z zones) add(c *sla.Calendar, name string) {
	location, err := time.LoadLocation(name)
	if _, known := z[c]; !known && err == nil && name != "" && name != "UTC" {
		z[c] = zone{name, location}
	}
}

// zoneOf returns that of a calendar of the policy, or of the ticket's contract.
func (w *walk) zoneOf(c *sla.Calendar) (zone, bool) {
	z, ok := w.engine.zones[c]
	if !ok {
		z, ok = w.history.zones[c]
	}
	return z, ok
}

// zoneFor returns the zone in whose hours a clock counts; else that of the policy's calendar.
func (w *walk) zoneFor(c sla.Clock) zone {
	if z, ok := w.zoneOf(c.Calendar); ok {
		return z
	}
	if name := w.engine.zone.String(); name != "UTC" {
		return zone{name, w.engine.zone}
	}
	return zone{"", time.UTC}
}

// hoursOf names the zone of a calendar; empty for the one that is always open.
func (w *walk) hoursOf(c *sla.Calendar) string {
	if z, ok := w.zoneOf(c); ok || c == nil || c == sla.Always() {
		return z.name
	}
	return "UTC"
}

// inYears passes over an instant that JSON cannot write, in whatever zone.
func inYears(t time.Time) time.Time {
	if t.Year() < 1 || t.Year() > 9998 {
		return time.Time{}
	}
	return t
}

// inZone turns the instants of a case to a zone.
func inZone(c *handoff.Case, in *time.Location) {
	turn := func(instants ...*time.Time) {
		for _, t := range instants {
			if !t.IsZero() {
				*t = t.In(in)
			}
		}
	}
	turn(&c.NeededBy)
	for i := range c.Clocks {
		turn(&c.Clocks[i].Due, &c.Clocks[i].BreachedAt, &c.Clocks[i].Stopped)
	}
	for i := range c.Timeline {
		turn(&c.Timeline[i].At)
	}
	for i := range c.Causes {
		turn(&c.Causes[i].At)
	}
	for i := range c.Earlier {
		turn(&c.Earlier[i].At)
	}
	if c.Receipt != nil {
		turn(&c.Receipt.At)
	}
}

// reasonOf says in a word or two why a firing escalates.
func (w *walk) reasonOf(f *firing) string {
	if f.rule < 0 {
		return f.because
	}
	return w.engine.rules[f.rule].name
}

// tell writes the timeline and gathers the attachments.
func (w *walk) tell(c *handoff.Case, last *hop) {
	contacted := false
	moves := w.tierMoves()
	for i := range w.history.events[:w.reached] {
		ev := &w.history.events[i]
		if ev.message != nil && ev.seen {
			continue // when somebody wrote is known, but not what
		}
		if ev.message != nil {
			contacted = w.tellMessage(c, ev, contacted)
			continue
		}
		if len(moves) > 0 && moves[0].event == ev {
			m := moves[0]
			if moves = moves[1:]; m.up {
				c.Timeline = append(c.Timeline, handoff.Entry{At: ev.at, What: "Escalation triggered", Text: m.rule, To: m.to, By: m.by, Internal: true})
				continue
			}
		}
		if ev.change.Field == fieldSubject || person(ev.change.By) || ev.change.Key != "" {
			entry := handoff.Entry{At: ev.at, What: "Action taken", Field: strings.ReplaceAll(ev.change.Field, "_", " "), To: ev.value, Internal: true}
			entry.Rule, entry.By = w.author(ev.change.By)
			c.Timeline = append(c.Timeline, entry)
		}
	}
	for i := range w.firings {
		f := &w.firings[i]
		for _, e := range f.effects {
			if e.do == DoEscalate && e.result == Proposed {
				c.Timeline = append(c.Timeline, w.hop(f, e.to))
			}
		}
	}
	if f := last.firing; f != nil && f.rule < 0 && !slices.ContainsFunc(w.firings, func(fired firing) bool { return fired.rule < 0 }) {
		c.Timeline = append(c.Timeline, w.hop(f, last.to)) // it is only asked for yet
	}
	slices.SortStableFunc(c.Timeline, func(a, b handoff.Entry) int { return a.At.Compare(b.At) })
	if cut := len(c.Timeline) - maxTimeline; cut > 0 {
		from := maxTimeline / 4
		c.Timeline = slices.Replace(c.Timeline, from, from+cut+1, handoff.Entry{
			At: c.Timeline[from].At, What: "Not listed here", Text: strconv.Itoa(cut + 1),
		})
	}
	c.Attachments = c.Attachments[:min(len(c.Attachments), maxTimeline)]
}

func (w *walk) hop(f *firing, to string) handoff.Entry {
	return handoff.Entry{At: f.due, What: "Escalation triggered", Text: w.reasonOf(f), To: to, By: w.who(f.by), Internal: true}
}

func (w *walk) tellMessage(c *handoff.Case, ev *event, contacted bool) bool {
	m := ev.message
	c.Attachments = append(c.Attachments, m.Attachments...)
	entry := handoff.Entry{At: ev.at, Internal: m.Internal}
	entry.Rule, entry.By = w.author(m.By)
	text := m.Text
	switch {
	case m.From == FromCustomer:
		entry.What = "Customer wrote"
		text = ev.text
		if !contacted {
			entry.What = "Initial contact"
			c.Excerpt = short(text, 4*maxEntry)
			if text == "" {
				text = w.state.subject
			}
		}
		contacted = true
	case m.Internal:
		entry.What = "Internal note"
	case m.From == FromAgent:
		entry.What = "Reply"
	default:
		entry.What = "Automatic message"
	}
	entry.Text = short(text, maxEntry)
	c.Timeline = append(c.Timeline, entry)
	return contacted
}

// who names somebody for people: agent:anna is anna, the customer has a name.
func (w *walk) who(by string) string {
	kind, id, found := strings.Cut(by, ":")
	switch {
	case found && kind == "customer":
		return cmp.Or(w.ticket.Customer.Name, "the customer")
	case found && (kind == "agent" || kind == "bot"):
		return id
	}
	return by
}

// author says who did something: a rule, or somebody else as people call them.
func (w *walk) author(by string) (rule, who string) {
	if rule, ours := strings.CutPrefix(by, byEscalade); ours {
		return rule, ""
	}
	return "", w.who(by)
}

// short is the beginning of a text as one line.
func short(text string, limit int) string {
	if len(text) > 8*limit {
		text = strings.ToValidUTF8(text[:8*limit], "")
	}
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > limit {
		return strings.TrimRight(string(runes[:limit]), " ") + " …"
	}
	return text
}

// tierClock is the clock of the tier for the ticket as it stands: its target is what
// the customer is told, which a priority may have made shorter than the tier's.
func (w *walk) tierClock(tier Tier) sla.Clock {
	if w.state.tier == tier.Name {
		if c := w.state.clocks.Clock(sla.TierResponse, w.state.at); c.Target > 0 {
			return c
		}
	}
	there := w.state.clocks
	there.Apply(sla.Event{At: w.state.at, Kind: sla.TierChange, To: tier.Name})
	c := there.Clock(sla.TierResponse, w.state.at)
	if c.Target == 0 { // no priority
		_, promised := w.promised(&w.state)
		for _, t := range promised.Tiers {
			if t.Tier == tier.Name {
				c.Target, c.Immediate = t.Response.Duration(), t.Response.Immediate
			}
		}
	}
	return c
}
