package escalation

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/escalade-go/escalade/sentiment"
	"github.com/escalade-go/escalade/sla"
)

// contactGap is the silence after which a customer who writes again counts as
// having turned up again.
const contactGap = 24 * time.Hour

// state is the ticket as of an instant of the walk. It is a value: a copy is a
// snapshot to go back to.
type state struct {
	at       time.Time
	status   string
	priority string // declared, or empty
	contract string // the agreement that the ticket names
	customer string // the agreement that its customer has
	tier     string
	assignee string
	subject  string
	category string
	language string
	tags     []string
	clocks   sla.Tracker

	person      time.Time // last message or change by a person
	latest      *event    // the customer's latest message with text
	contacts    int
	lastContact time.Time
	answered    bool // a public reply since the customer's last message
	revenue     *float64
	given       *int     // contacts as the host counts them
	words       []string // by keyword list, the word that the customer has used
	closedWrite int      // customer messages on a closed ticket
}

// begin is the state at the creation, before anything has happened.
func (w *walk) begin() state {
	h, t := w.history, w.ticket
	s := state{
		at: h.created, status: h.initial[fieldStatus], contract: h.initial[fieldContract], customer: h.initial[fieldCustomer], tier: h.initial[fieldTier], assignee: h.initial[fieldAssignee],
		subject: h.initial[fieldSubject], category: h.initial[fieldCategory], language: h.initial[fieldLanguage],
		tags: t.Tags, person: h.created, revenue: finite(t.RevenueImpact), given: t.Contacts,
	}
	if s.status == "" {
		s.status = w.engine.firstStatus
	}
	if s.tier == "" {
		s.tier = w.engine.tiers.list[0]
	}
	s.priority = w.engine.declared(h.initial[fieldPriority])
	if first, ok := h.initial[fieldRevenue]; ok {
		s.revenue = figure(first)
	}
	if first, ok := h.initial[fieldContacts]; ok {
		s.given = count(first)
	}
	_, promised := w.promised(&s)
	s.clocks = sla.NewTracker(promised, sla.History{
		Start: h.created, Status: w.engine.category(s.status), Priority: s.priority, Tier: s.tier, Assignee: s.assignee,
	})
	return s
}

// promised returns the agreement that the ticket is held to, and its name: the one that
// it names, else that of its customer, else the policy's own.
func (w *walk) promised(s *state) (string, *sla.Agreement) {
	h := w.history
	if h.contract != nil && s.contract == h.contractName {
		return h.contractName, h.contract
	}
	return w.engine.agreements.find(s.contract, s.customer)
}

// declared returns a priority if the policy has it, else none.
func (e *Engine) declared(priority string) string {
	if e.priorities.of(priority) < 0 {
		return ""
	}
	return e.priorities.spell(priority)
}

func finite(v *float64) *float64 {
	if v == nil || math.IsNaN(*v) || math.IsInf(*v, 0) {
		return nil
	}
	return v
}

func figure(text string) *float64 {
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		return nil
	}
	return finite(&v)
}

func count(text string) *int {
	if v, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
		return &v
	}
	return nil
}

// apply lets one event happen.
func (w *walk) apply(s *state, ev *event) {
	if ev.message != nil {
		w.applyMessage(s, ev)
		return
	}
	c := ev.change
	if person(c.By) {
		s.person = ev.at
	}
	switch c.Field {
	case fieldStatus:
		s.status = ev.value
		s.clocks.Apply(sla.Event{At: ev.at, Kind: sla.StatusChange, To: string(w.engine.category(ev.value))})
	case fieldPriority:
		s.setPriority(ev.at, w.engine.declared(ev.value))
	case fieldContract, fieldCustomer:
		if c.Field == fieldContract {
			s.contract = ev.value
		} else {
			s.customer = ev.value
		}
		_, promised := w.promised(s)
		s.clocks.Apply(sla.Event{At: ev.at, Kind: sla.AgreementChange, Agreement: promised})
	case fieldTier:
		to := ev.value
		if to == "" {
			to = w.engine.tiers.list[0]
		}
		s.setTier(ev.at, to)
	case fieldAssignee:
		s.assignee = ev.value
		if rank(*ev) == 0 { // an action of ours gives it to a role: nobody has taken it
			s.clocks.Apply(sla.Event{At: ev.at, Kind: sla.Assignment, To: ev.value})
		}
	case fieldSubject:
		s.subject = ev.value
	case fieldCategory:
		s.category = ev.value
	case fieldLanguage:
		s.language = ev.value
	case fieldContacts:
		s.given = count(ev.value)
	case fieldRevenue:
		s.revenue = figure(ev.value)
	}
}

func (s *state) setTier(at time.Time, tier string) {
	if s.tier != tier {
		s.tier = tier
		s.clocks.Apply(sla.Event{At: at, Kind: sla.TierChange, To: tier})
	}
}

func (s *state) setPriority(at time.Time, priority string) {
	if s.priority != priority {
		s.priority = priority
		s.clocks.Apply(sla.Event{At: at, Kind: sla.PriorityChange, To: priority})
	}
}

// person reports whether somebody named in By is one. Nobody named: a person.
func person(by string) bool {
	return !strings.HasPrefix(by, "bot:") && !strings.HasPrefix(by, byEscalade)
}

func (w *walk) applyMessage(s *state, ev *event) {
	m := ev.message
	switch m.From {
	case FromCustomer:
		s.person = ev.at
		if s.lastContact.IsZero() || s.answered || ev.at.Sub(s.lastContact) >= contactGap {
			s.contacts++
		}
		s.lastContact, s.answered = ev.at, false
		if !w.asleep && w.said(ev) {
			s.latest = ev
			s.words = merge(s.words, w.spot(ev))
		}
		if w.engine.category(s.status) == sla.Closed {
			s.closedWrite++
		}
		s.clocks.Apply(sla.Event{At: ev.at, Kind: sla.Ask})
	case FromAgent:
		if !person(m.By) { // sent in an agent's name
			s.autoReply(ev)
			return
		}
		s.person = ev.at
		if !m.Internal {
			s.answered = true
			s.clocks.Apply(sla.Event{At: ev.at, Kind: sla.Reply})
		}
	default:
		s.autoReply(ev)
	}
}

// autoReply is a machine's message. One of ours, a warning about a clock, can never
// stop that clock.
func (s *state) autoReply(ev *event) {
	if m := ev.message; !m.Internal && !strings.HasPrefix(m.By, byEscalade) {
		s.clocks.Apply(sla.Event{At: ev.at, Kind: sla.AutoReply})
	}
}

// mood is what an analyzer or the host found in one message.
type mood struct {
	known   bool
	score   float64
	label   string
	intents []string
	// language is what the message was found to be written in, if it was read in this call.
	language string
	read     bool
}

// moodOf judges a customer's message, once.
func (w *walk) moodOf(ev *event) mood {
	if m, ok := w.moods[ev]; ok {
		return m
	}
	var m mood
	if s := ev.message.Sentiment; s != nil && !math.IsNaN(s.Score) && !math.IsInf(s.Score, 0) {
		label := sentiment.Label(strings.ToLower(string(s.Label)))
		if label == "" {
			label = sentiment.LabelOf(s.Score, s.Intents)
		}
		m = mood{known: true, score: max(-1, min(1, s.Score)), label: string(label)}
		for _, intent := range s.Intents {
			m.intents = append(m.intents, strings.ToLower(string(intent)))
		}
	} else if before, ok := w.remembered(ev); ok {
		m = before
	} else if ev.text != "" {
		r := w.engine.analyzer.Analyze(sentiment.Unquote(ev.text))
		m = mood{
			known: r.Confidence > 0 && !math.IsNaN(r.Score), score: max(-1, min(1, r.Score)), label: string(r.Label),
			language: r.Language, read: true,
		}
		if m.label == "" {
			m.label = string(sentiment.LabelOf(m.score, r.Intents))
		}
		for _, intent := range r.Intents {
			m.intents = append(m.intents, string(intent))
		}
	}
	if w.moods == nil {
		w.moods = map[*event]mood{}
	}
	w.moods[ev] = m
	return m
}

// spot finds the keywords of all lists in what a customer wrote, quotes
// stripped; once a message.
func (w *walk) spot(ev *event) []string {
	if found, ok := w.spotted[ev]; ok {
		return found
	}
	found, ok := w.recalled(ev)
	if !ok {
		found = w.find(sentiment.Unquote(ev.text))
	}
	if w.spotted == nil {
		w.spotted = map[*event][]string{}
	}
	w.spotted[ev] = found
	return found
}

// find returns the first keyword of each list that a text contains, nil if it
// contains none.
func (w *walk) find(text string) []string {
	lists := len(w.engine.set.Keywords())
	if lists == 0 || text == "" {
		return nil
	}
	var found []string
	for i, hit := range w.engine.spotter.Spot(text, nil) {
		if !hit {
			continue
		}
		if found == nil {
			found = make([]string, lists)
		}
		if word, _, _, ok := w.engine.spotter.Find(text, i); ok {
			found[i] = word
		}
	}
	return found
}

// maxSubject is how many bytes of a subject or of a field the rules see: what a pattern costs
// grows with it. A line of a mail has 998 at most.
const maxSubject = 4 << 10

func beginning(text string) string { return cut(text, maxSubject) }

// cut returns so many bytes of a text at most, and no broken character.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "")
}

// facts is the state as the rules see it at its instant.
func (w *walk) facts(s *state) facts {
	t := w.ticket
	f := facts{created: w.history.created, idleSince: s.person, waitingSince: s.clocks.Waiting(), hours: s.clocks.Calendar(), clocks: &w.read, fieldFacts: w.fields}
	contacts := s.contacts
	if s.given != nil {
		contacts = *s.given
	}
	f.Ticket = ticketFacts{
		ID: t.ID, Subject: beginning(s.subject), Category: s.category, Priority: s.priority, Status: s.status, Open: s.clocks.Open(),
		Tier: s.tier, Assignee: s.assignee, Tags: s.tags, Language: s.language,
		Contacts: contacts,
	}
	w.engine.setTime(&f, s.at)
	if s.revenue != nil {
		f.Ticket.Revenue, f.revenueKnown = *s.revenue, true
	}
	c := t.Customer
	f.Customer = customerFacts{ID: c.ID, Name: c.Name, Tier: c.Tier, Plan: strings.ToLower(c.Tier), VIP: c.VIP}
	if ltv := finite(c.LTV); ltv != nil {
		f.Customer.LTV, f.ltvKnown = *ltv, true
	}
	w.setMood(&f, s.latest)
	f.words = w.wordsAt(s)
	f.Hits = hits(f.words, len(w.engine.set.Keywords()))
	for i, m := range sla.Metrics() {
		w.read[i] = s.clocks.Clock(m, s.at)
	}
	f.setClocks()
	return f
}

func (w *walk) setMood(f *facts, ev *event) {
	f.Sentiment, f.Score, f.Intents, f.moodKnown = "", 0, nil, false
	if ev == nil {
		return
	}
	if m := w.moodOf(ev); m.known {
		f.Sentiment, f.Score, f.Intents, f.moodKnown = m.label, m.score, m.intents, true
	}
}

// wordsAt are the keywords in the subject and everything that the customer has
// written up to the state's instant.
func (w *walk) wordsAt(s *state) []string {
	if w.subject != s.subject || w.subjectWords == nil {
		w.subject, w.subjectWords = s.subject, w.find(s.subject)
		if w.subjectWords == nil {
			w.subjectWords = []string{}
		}
	}
	return merge(s.words, w.subjectWords)
}

// merge adds the words of lists that have none yet; it writes into neither.
func merge(into, from []string) []string {
	if len(from) == 0 {
		return into
	}
	if len(into) == 0 {
		return from
	}
	out := slices.Clone(into)
	for i, word := range from {
		if out[i] == "" {
			out[i] = word
		}
	}
	return out
}

func hits(words []string, lists int) []bool {
	out := make([]bool, lists)
	for i, word := range words {
		out[i] = word != ""
	}
	return out
}
