package escalation

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/escalade-go/escalade/handoff"
	"github.com/escalade-go/escalade/sla"
)

// maxEntry is how much of a message the timeline quotes.
const maxEntry = 200

// maxTimeline is how many entries a timeline has at the most: of a longer one the
// first quarter and the end are told.
const maxTimeline = 200

// handoff fills the document for the last tier that the ticket is handed to; nil
// if it is handed to none. asked is what a person asks for and was not taken yet.
func (w *walk) handoff(r *Request, asked *firing) *handoff.Case {
	last, to, person := w.lastHop(asked)
	if last == nil {
		return nil
	}
	t, e := w.ticket, w.engine
	tier := e.policy.Tiers[e.tiers.of(to)]
	notes := t.Case
	if r != nil {
		person = cmp.Or(r.Person, person)
		notes.Summary = cmp.Or(r.Summary, notes.Summary)
		notes.Expectation = cmp.Or(r.Expectation, notes.Expectation)
		if len(r.Tried) > 0 {
			notes.Tried = r.Tried
		}
		if len(r.NextSteps) > 0 {
			notes.NextSteps = r.NextSteps
		}
	}
	c := &handoff.Case{
		Ticket: t.ID, Subject: w.state.subject, Customer: cmp.Or(t.Customer.Name, t.Customer.ID), Account: t.Customer.Tier,
		Priority: w.state.priority, From: last.from, To: to, Team: tier.Title, Person: person,
		Reason: w.reasonOf(last), Topic: cmp.Or(w.state.category, tier.Expertise),
		Summary: notes.Summary, Expectation: notes.Expectation, Tried: slices.Clone(notes.Tried), NextSteps: slices.Clone(notes.NextSteps),
		Timeframe: w.timeframe(tier), Urgency: w.urgency(),
	}
	if s := w.state.latest; s != nil {
		if m := w.moodOf(s); m.known {
			c.Sentiment = m.label
		}
	}
	w.tell(c, asked)
	return c
}

// lastHop finds the firing that sent the ticket to its last tier, that tier, and
// who was assigned.
func (w *walk) lastHop(asked *firing) (hop *firing, to, person string) {
	for i := range w.firings {
		f := &w.firings[i]
		for _, e := range f.effects {
			switch {
			case e.result != Proposed:
			case e.do == DoEscalate:
				hop, to = f, e.to
			case e.do == DoAssign:
				person = e.to
			}
		}
	}
	if asked != nil {
		asked.from = w.state.tier
		hop, to = asked, asked.effects[0].to
	}
	return hop, to, person
}

// reasonOf says in a word or two why a firing escalates.
func (w *walk) reasonOf(f *firing) string {
	if f.rule < 0 {
		return f.because
	}
	return w.engine.rules[f.rule].name
}

// urgency is a note on the clock that will pass its target first, or has.
func (w *walk) urgency() string {
	var first *sla.Clock
	for _, m := range sla.Metrics() {
		c := w.state.clocks.Clock(m, w.state.at)
		if c.Running() && c.Target > 0 && m != sla.TierResponse && (first == nil || c.Due.Before(first.Due)) {
			first = &c
		}
	}
	if first == nil {
		return ""
	}
	name := strings.ReplaceAll(string(first.Metric), "_", " ")
	due := first.Due.UTC().Format("2006-01-02 15:04 UTC")
	if first.Breached() {
		return fmt.Sprintf("The %s target was missed at %s.", name, due)
	}
	return fmt.Sprintf("The %s is due at %s.", name, due)
}

// tell writes the timeline and gathers the attachments.
func (w *walk) tell(c *handoff.Case, asked *firing) {
	contacted := false
	for i := range w.history.events[:w.reached] {
		ev := &w.history.events[i]
		if ev.message != nil && ev.seen {
			continue // when somebody wrote is known, but not what
		}
		if ev.message != nil {
			contacted = w.tellMessage(c, ev, contacted)
			continue
		}
		if ev.change.Field == fieldSubject || person(ev.change.By) || ev.change.Key != "" {
			change := fmt.Sprintf("%s set to %s", strings.ReplaceAll(ev.change.Field, "_", " "), cmp.Or(ev.value, "nothing"))
			c.Timeline = append(c.Timeline, handoff.Entry{At: ev.at, What: "Action taken", Text: change, By: w.who(ev.change.By), Internal: true})
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
	if asked != nil {
		c.Timeline = append(c.Timeline, w.hop(asked, c.To))
	}
	slices.SortStableFunc(c.Timeline, func(a, b handoff.Entry) int { return a.At.Compare(b.At) })
	if cut := len(c.Timeline) - maxTimeline; cut > 0 {
		from := maxTimeline / 4
		c.Timeline = slices.Replace(c.Timeline, from, from+cut+1, handoff.Entry{
			At: c.Timeline[from].At, What: fmt.Sprintf("%d more", cut+1), Text: "messages and changes that are not listed here",
		})
	}
	c.Attachments = c.Attachments[:min(len(c.Attachments), maxTimeline)]
}

func (w *walk) hop(f *firing, to string) handoff.Entry {
	text := fmt.Sprintf("%s, to %s", w.reasonOf(f), to)
	return handoff.Entry{At: f.due, What: "Escalation triggered", Text: text, By: w.who(f.by), Internal: true}
}

func (w *walk) tellMessage(c *handoff.Case, ev *event, contacted bool) bool {
	m := ev.message
	c.Attachments = append(c.Attachments, m.Attachments...)
	entry := handoff.Entry{At: ev.at, By: w.who(m.By), Internal: m.Internal}
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
	case strings.HasPrefix(by, byEscalade):
		return "rule " + strconv.Quote(id)
	}
	return by
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

// timeframe is what the customer is told of how soon the tier answers: the target
// of its clock, which a priority may have made shorter than the tier's.
func (w *walk) timeframe(tier Tier) string {
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
	if c.Immediate {
		return "immediately"
	}
	return inWords(c.Target, c.Calendar != nil)
}

// inWords spells a target for people: "15 minutes", "4 hours", "2 days". Where time
// counts in opening hours it says so, and a day is none of 24 hours: "48 business
// hours".
func inWords(d time.Duration, business bool) string {
	if d <= 0 {
		return ""
	}
	type unit struct {
		size time.Duration
		name string
	}
	units, kind := []unit{{day, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}}, ""
	if business {
		units, kind = units[1:], "business "
	}
	var words []string
	for _, unit := range units {
		n := d / unit.size
		d -= n * unit.size
		switch {
		case n == 1:
			words = append(words, "1 "+kind+unit.name)
		case n > 1:
			words = append(words, fmt.Sprintf("%d %s%ss", n, kind, unit.name))
		default:
			continue
		}
		kind = "" // "1 business hour 30 minutes"
	}
	if len(words) == 0 {
		return "1 " + kind + "minute"
	}
	return strings.Join(words, " ")
}
