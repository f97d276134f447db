package escalation

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/escalade-go/escalade/sla"
)

// maxText is how much of one message is read.
const maxText = 64 << 10

// The fields whose changes are understood.
const (
	fieldStatus   = "status"
	fieldPriority = "priority"
	fieldContract = "agreement"
	fieldCustomer = "customer_agreement" // of no change: that of the customer, as the ledger saw it
	fieldTier     = "tier"
	fieldAssignee = "assignee"
	fieldSubject  = "subject"
	fieldCategory = "category"
	fieldLanguage = "language"
	fieldContacts = "contacts"
	fieldRevenue  = "revenue_impact"
)

// byEscalade begins the By of what the engine's actions have changed.
const byEscalade = "escalade:"

// event is one thing that happened to the ticket: a message or a change. The
// messages that stand for a missing history have no text and no id.
type event struct {
	at      time.Time
	kind    eventKind
	message *Message
	text    string // what a customer wrote, bounded and valid
	change  *Change
	value   string // what change.To means, spelt as declared
	// seen is what no message and no change tells of: a stand-in, or a value that
	// was found. What was recorded at the same instant came after it.
	seen bool
	twin int // of a message without an id: how many of the customer's at this instant came before it
}

// eventKind orders what happens at one instant: stops before pauses before
// starts, so that a reply sent with a status change is a reply first.
type eventKind uint8

const (
	fromAgent eventKind = iota // or a bot
	fromCustomer
	changedStatus
	changedPriority
	changedAgreement
	changedTier
	changedOther
)

// history is a ticket's past in order, and what it was when it was created.
type history struct {
	created  time.Time
	initial  map[string]string // first value of each field of fieldsWithHistory
	events   []event
	problems problems
	// tierUnlogged is a ticket whose host records no change of its tier: the ledger
	// remembers the engine's.
	tierUnlogged bool
	unknown      map[string]bool // undeclared names that were told of
	recorded     map[string]bool // fields of which recorded or seen changes tell
	// contract is what the ticket's own contract promises, and its name; nil if it has
	// none that fits.
	contract     *sla.Agreement
	contractName string
	zones        zones // of its own calendars
}

func (h *history) problem(code ProblemCode, format string, args ...any) {
	h.problems.add(code, format, args...)
}

// maxProblems is how many problems of one code are told one by one.
const maxProblems = 3

// problems gathers what is wrong with a ticket; of ten thousand messages without
// a time it tells the first few and the number.
type problems struct {
	list  []Problem
	count map[ProblemCode]int
}

func (p *problems) add(code ProblemCode, format string, args ...any) {
	if p.count == nil {
		p.count = map[ProblemCode]int{}
	}
	if p.count[code]++; p.count[code] <= maxProblems {
		p.list = append(p.list, Problem{code, fmt.Sprintf(format, args...)})
	}
}

// all returns the problems, with one more for each code of which there were too
// many to tell.
func (p *problems) all() []Problem {
	list := p.list
	for i, last := range p.list {
		more := p.count[last.Code] - maxProblems
		repeated := slices.ContainsFunc(p.list[i+1:], func(later Problem) bool { return later.Code == last.Code })
		if more > 0 && !repeated {
			list = append(list, Problem{last.Code, fmt.Sprintf("and %d more of this kind", more)})
		}
	}
	return list
}

// history puts a ticket's messages, changes and stand-ins in order. ledger is
// written to: it dates what no change explains.
func (e *Engine) history(t *Ticket, ledger *Ledger, now time.Time) *history {
	h := &history{created: t.CreatedAt.Round(0).UTC(), initial: map[string]string{}, recorded: map[string]bool{}}
	e.readContract(h, t)
	e.addMessages(h, t)
	e.addChanges(h, t, ledger, now)
	slices.SortStableFunc(h.events, func(a, b event) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(rank(a), rank(b)), cmp.Compare(a.kind, b.kind), cmp.Compare(seen(a), seen(b)))
	})
	h.lookForFuture(now)
	return h
}

// rank puts what an action has changed or noted after all else of its instant: that is
// what the action was decided on.
func rank(ev event) int {
	if c := ev.change; c != nil && (c.Key != "" || strings.HasPrefix(c.By, byEscalade)) {
		return 1
	}
	if m := ev.message; m != nil && strings.HasPrefix(m.By, byEscalade) {
		return 1
	}
	return 0
}

func seen(ev event) int {
	if ev.seen {
		return 0
	}
	return 1
}

// date puts an instant inside the ticket's life. what and number name the
// thing for people; number 0 is none.
func (h *history) date(at time.Time, what string, number int) time.Time {
	if at.IsZero() {
		h.problem(NoTime, "%s has no time; it is dated at the creation", nth(what, number))
		return h.created
	}
	if at.Before(h.created) {
		h.problem(BeforeCreation, "%s is older than the ticket; it is dated at the creation", nth(what, number))
		return h.created
	}
	return at.Round(0).UTC() // without a monotonic reading, and alike wherever the host is
}

func nth(what string, number int) string {
	if number == 0 {
		return what
	}
	return fmt.Sprintf("%s %d", what, number)
}

// inTime returns the positions of n things in the order of time.
func (h *history) inTime(what string, n int, at func(int) time.Time) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	byTime := func(a, b int) int { return at(a).Compare(at(b)) }
	if !slices.IsSortedFunc(order, byTime) {
		h.problem(Unsorted, "%s are not in order of time; they were sorted", what)
		slices.SortStableFunc(order, byTime)
	}
	return order
}

func (e *Engine) addMessages(h *history, t *Ticket) {
	seen, twins := map[string]bool{}, map[time.Time]int{}
	order := h.inTime("messages", len(t.Messages), func(i int) time.Time { return t.Messages[i].At })
	var firstReply, lastReply, lastAsk time.Time
	for _, i := range order {
		m := &t.Messages[i]
		if m.ID != "" && seen[m.ID] {
			h.problem(DuplicateMessage, "the message id %q is there twice; the earlier one counts", m.ID)
			continue
		}
		seen[m.ID] = true
		ev := event{at: h.date(m.At, "message", i+1), kind: fromAgent, message: m}
		switch m.From {
		case FromCustomer:
			ev.kind, lastAsk = fromCustomer, ev.at
			if m.ID == "" {
				ev.twin = twins[ev.at]
				twins[ev.at]++
			}
			ev.text = h.read(m.Text, "message", i+1)
			if s := m.Sentiment; s != nil && (math.IsNaN(s.Score) || math.IsInf(s.Score, 0)) {
				h.problem(InvalidFigure, "the sentiment of message %d is not a number; its text is judged instead", i+1)
			}
		case FromAgent:
			if !m.Internal && person(m.By) {
				if firstReply.IsZero() {
					firstReply = ev.at
				}
				lastReply = ev.at
			}
		case FromBot:
		default:
			h.problem(UnknownSender, "message %d is from %q, which is none of customer, agent and bot; it counts as a bot's", i+1, m.From)
		}
		h.events = append(h.events, ev)
	}
	// The stand-ins, where the messages do not tell. One that contradicts the
	// creation is worth nothing: a reply cannot have been sent before.
	standIn := func(at time.Time, from string, kind eventKind, field string) {
		if at.Before(h.created) {
			h.problem(BeforeCreation, "%s is older than the ticket; it is passed over", field)
			return
		}
		h.events = append(h.events, event{at: at.Round(0).UTC(), kind: kind, message: &Message{At: at, From: from}, seen: true})
		if from == FromAgent && at.After(lastReply) {
			lastReply = at
		}
	}
	if at := t.FirstReplyAt; !at.IsZero() && (firstReply.IsZero() || firstReply.After(at)) {
		standIn(at, FromAgent, fromAgent, "first_reply_at")
	}
	if at := t.LastReplyAt; lastReply.Before(at) {
		standIn(at, FromAgent, fromAgent, "last_reply_at")
	}
	if at := t.WaitingSince; at.After(lastReply) && !lastAsk.After(lastReply) {
		standIn(at, FromCustomer, fromCustomer, "waiting_since")
	}
}

// read bounds a customer's text and makes it valid.
func (h *history) read(text, what string, number int) string {
	if len(text) > maxText {
		h.problem(TextCut, "%s is %d bytes long; the first %d are read", nth(what, number), len(text), maxText)
		text = text[:maxText]
		for i := 0; i < utf8.UTFMax && len(text) > 0; i++ { // not in the middle of a character
			if r, size := utf8.DecodeLastRuneInString(text); r != utf8.RuneError || size != 1 {
				break
			}
			text = text[:len(text)-1]
		}
	}
	if !utf8.ValidString(text) {
		h.problem(InvalidText, "%s is not valid UTF-8; what is broken in it was replaced", nth(what, number))
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	return text
}

// addChanges orders the changes, finds the first value of each field, and dates
// a latest value that no change explains.
func (e *Engine) addChanges(h *history, t *Ticket, ledger *Ledger, now time.Time) {
	order := h.inTime("changes", len(t.Changes), func(i int) time.Time { return t.Changes[i].At })
	last := map[string]logged{}
	held := e.holdsThroughout(h, t)
	for _, i := range order {
		c := &t.Changes[i]
		kind, ok := kindOf(c.Field)
		if !ok || c.Field == fieldContract && held || c.Field == fieldCustomer {
			continue
		}
		if _, known := h.initial[c.Field]; !known {
			h.initial[c.Field] = e.spell(h, c.Field, c.From)
			e.checkName(h, c.Field, c.From)
		}
		value := e.spell(h, c.Field, c.To)
		if c.Field == fieldSubject {
			value = h.read(value, "the subject", 0)
		}
		e.checkName(h, c.Field, c.To)
		if wrongFigure(c.Field, c.To) {
			h.problem(InvalidFigure, "change %d sets %s to %q, which is no number; it counts as unknown", i+1, c.Field, c.To)
		}
		at := h.date(c.At, "change", i+1)
		last[c.Field] = logged{value, at}
		h.events = append(h.events, event{at: at, kind: kind, change: c, value: value})
		h.recorded[c.Field] = true
	}
	if _, recorded := last[fieldTier]; !recorded {
		h.tierUnlogged = true
		e.rememberedTiers(h, ledger, last)
	}
	e.explain(h, t, ledger, now, fieldTier, t.Tier, last)
	e.explain(h, t, ledger, now, fieldStatus, t.Status, last)
	e.explain(h, t, ledger, now, fieldPriority, t.Priority, last)
	if held {
		h.initial[fieldContract] = h.contractName
	} else {
		e.explain(h, t, ledger, now, fieldContract, t.Agreement, last)
	}
	e.explainCustomer(h, t, ledger, now)
	e.explain(h, t, ledger, now, fieldAssignee, t.Assignee, last)
	e.explain(h, t, ledger, now, fieldCategory, t.Category, last)
	e.explain(h, t, ledger, now, fieldLanguage, t.Language, last)
	subject := h.read(t.Subject, "the subject", 0)
	if end, changed := last[fieldSubject]; !changed {
		h.initial[fieldSubject] = subject
	} else if subject != "" && end.value != subject { // no ledger remembers what a customer wrote
		h.problem(HistoryMissing, "the log of the subject ends in another one than the ticket has; the log counts")
	}
	e.checkNames(h, t, last[fieldPriority].value)
}

func wrongFigure(field, text string) bool {
	return text != "" && (field == fieldRevenue && figure(text) == nil || field == fieldContacts && count(text) == nil)
}

// logged is where the recorded changes of a field end.
type logged struct {
	value string
	at    time.Time
}

func kindOf(field string) (eventKind, bool) {
	switch field {
	case fieldStatus:
		return changedStatus, true
	case fieldPriority:
		return changedPriority, true
	case fieldContract, fieldCustomer:
		return changedAgreement, true
	case fieldTier:
		return changedTier, true
	case fieldAssignee, fieldSubject, fieldCategory, fieldLanguage, fieldContacts, fieldRevenue:
		return changedOther, true
	}
	return 0, false
}

// holdsThroughout reports whether the ticket's own contract holds from the creation on:
// unless the log says from when, and until when.
func (e *Engine) holdsThroughout(h *history, t *Ticket) bool {
	return h.contract != nil && !slices.ContainsFunc(t.Changes, func(c Change) bool {
		return c.Field == fieldContract && (fold(c.From) == fold(h.contractName) || fold(c.To) == fold(h.contractName))
	})
}

// explainCustomer dates a change of the agreement that a customer has: nothing tells
// since when they have had another, so it counts from the call that first saw it. The
// ledger remembers what they had before.
func (e *Engine) explainCustomer(h *history, t *Ticket, ledger *Ledger, now time.Time) {
	if len(e.agreements.customer)+len(e.agreements.tier) == 0 {
		return
	}
	name, before := e.agreements.chosenFor(t.Customer), ""
	known := false
	for _, s := range ledger.seen {
		if s.Field != fieldCustomer {
			continue
		}
		if !known {
			h.initial[fieldCustomer] = s.Value
		} else {
			e.addSeen(h, s)
		}
		before, known = s.Value, true
	}
	switch {
	case !known:
		h.initial[fieldCustomer] = name
		ledger.see(seenValue{fieldCustomer, name, h.created})
	case before != name:
		s := seenValue{fieldCustomer, name, now}
		e.addSeen(h, s)
		ledger.see(s)
	}
}

// readContract makes the ticket's own contract ready, if it has one that fits.
func (e *Engine) readContract(h *history, t *Ticket) {
	if t.Contract == nil || t.Contract.promise == nil {
		return
	}
	promised, err := t.Contract.under(e)
	if err != nil {
		h.problem(UnknownAgreement, "the contract %q does not fit the policy any more: %s", t.Contract.terms.Name, err)
		return
	}
	h.contract, h.contractName, h.zones = promised.promise, t.Contract.terms.Name, promised.zones
}

// spell writes a value as the policy, or the ticket's own contract, declares it.
func (e *Engine) spell(h *history, field, value string) string {
	switch field {
	case fieldStatus:
		return e.statuses.spell(value)
	case fieldPriority:
		return e.priorities.spell(value)
	case fieldContract:
		if h.contract != nil && fold(value) == fold(h.contractName) {
			return h.contractName
		}
		return e.agreements.names.spell(value)
	case fieldTier: // no tier and one that is unknown count as the lowest
		if e.tiers.of(value) < 0 && value != "" {
			return e.tiers.list[0]
		}
		return e.tiers.spell(value)
	}
	return value
}

// explain makes the recorded changes of a field end at the value that the field
// has. What is missing is dated by the stand-ins, else at the call that first saw
// it: a ticket found pending today was not pending since it was created. What was
// dated so once stays in the ledger, so that a pause outlives the status.
func (e *Engine) explain(h *history, t *Ticket, ledger *Ledger, now time.Time, field, value string, last map[string]logged) {
	value = e.spell(h, field, value)
	end, known := last[field]
	latest, latestAt := end.value, end.at
	recorded := known
	for _, s := range ledger.seen {
		if s.Field == field && s.Value == cut(value, maxName) { // the ledger keeps the beginning
			s.Value = value
		}
		switch {
		case s.Field != field:
			continue
		case s.At.After(h.created):
			e.addSeen(h, s)
		case recorded:
			continue // the log knows better how it began
		default:
			h.initial[field] = e.spell(h, field, s.Value)
		}
		if s.At.After(end.at) && !s.At.Before(latestAt) {
			latest, latestAt = e.spell(h, field, s.Value), s.At
		}
		known = true
	}
	// An empty field is one that the host does not keep; but a ticket that had an
	// assignee can have none.
	if value == "" && (field != fieldAssignee || !known) || known && latest == value {
		return
	}
	category := e.category(value)
	if !known && (field != fieldStatus || !category.Pauses() && !category.Ends() && t.StatusSince.IsZero()) {
		h.initial[field] = value
		if field == fieldStatus { // so that it is known if one day it has changed
			ledger.see(seenValue{field, value, h.created})
		}
		return
	}
	if !known {
		h.initial[field] = e.firstStatus
	}
	var at time.Time
	if field == fieldStatus {
		at = e.standInStatus(h, t, ledger, category, latestAt)
	}
	if at.Before(h.created) && !at.IsZero() {
		h.problem(BeforeCreation, "since when the ticket is %q is older than the ticket; it is passed over", value)
		at = time.Time{}
	}
	if known && !at.After(latestAt) {
		at = time.Time{} // a stand-in that contradicts what is known
	}
	if at.IsZero() {
		at = now
		h.problem(HistoryMissing, "nothing tells when %s became %q; it counts from now on, when it was first seen", field, value)
	}
	s := seenValue{field, value, at}
	e.addSeen(h, s)
	if !at.After(now) {
		ledger.see(s)
	}
}

// addSeen makes a change of what was seen.
func (e *Engine) addSeen(h *history, s seenValue) {
	if kind, ok := kindOf(s.Field); ok {
		value := e.spell(h, s.Field, s.Value)
		at := h.date(s.At, s.Field, 0)
		h.events = append(h.events, event{at: at, kind: kind, change: &Change{At: at, Field: s.Field, To: value}, value: value, seen: true})
		h.recorded[s.Field] = true
	}
}

// standInStatus returns the instant at which the status began as far as the
// stand-ins tell. It adds the solving before it, if that is later than all that
// is known: the ticket was closed after it, or opened again.
func (e *Engine) standInStatus(h *history, t *Ticket, ledger *Ledger, category sla.Category, latestAt time.Time) time.Time {
	since, solved := t.StatusSince, t.SolvedAt
	if category.Ends() && since.IsZero() {
		since = solved
	}
	if category != sla.Solved && solved.After(latestAt) && solved.Before(since) {
		if i := slices.IndexFunc(e.policy.Statuses, func(s Status) bool { return s.Category == sla.Solved }); i >= 0 {
			s := seenValue{fieldStatus, e.policy.Statuses[i].Name, solved}
			e.addSeen(h, s)
			ledger.see(s)
		}
	}
	return since
}

// rememberedTiers replays the engine's own moves on a ticket whose host records
// none.
func (e *Engine) rememberedTiers(h *history, ledger *Ledger, last map[string]logged) {
	for i, m := range ledger.tiers {
		if e.tiers.of(m.To) < 0 {
			continue // the policy has lost that tier
		}
		if i == 0 {
			h.initial[fieldTier] = e.spell(h, fieldTier, m.From)
		}
		to, at := e.tiers.spell(m.To), h.date(m.At, fieldTier, 0)
		h.events = append(h.events, event{at: at, kind: changedTier, change: &Change{At: at, Field: fieldTier, To: to, By: byEscalade}, value: to})
		last[fieldTier] = logged{to, at}
		h.recorded[fieldTier] = true
	}
}

// checkNames tells of names that the policy does not declare.
func (e *Engine) checkNames(h *history, t *Ticket, lastPriority string) {
	switch {
	case strings.TrimSpace(t.Priority) == "" && lastPriority != "": // the log knows
	case strings.TrimSpace(t.Priority) == "":
		h.problem(NoPriority, "the ticket has no priority, so no SLA clock can run")
	default:
		e.checkName(h, fieldPriority, t.Priority)
	}
	e.checkName(h, fieldStatus, t.Status)
	e.checkName(h, fieldTier, t.Tier)
	if !e.holdsThroughout(h, t) {
		e.checkName(h, fieldContract, t.Agreement)
	}
	for _, figure := range []struct {
		name  string
		value *float64
	}{{"revenue_impact", t.RevenueImpact}, {"customer.ltv", t.Customer.LTV}} {
		if v := figure.value; v != nil && (math.IsNaN(*v) || math.IsInf(*v, 0)) {
			h.problem(InvalidFigure, "%s is not a number; it counts as unknown", figure.name)
		}
	}
}

// checkName tells, once for each, of a value that the policy does not declare.
func (e *Engine) checkName(h *history, field, value string) {
	if value == "" || h.unknown[field+" "+value] {
		return
	}
	switch {
	case field == fieldStatus && e.statuses.of(value) < 0:
		h.problem(UnknownStatus, "the policy has no status %q; the ticket counts as open", value)
	case field == fieldPriority && e.priorities.of(value) < 0:
		h.problem(UnknownPriority, "the policy has no priority %q, so no SLA clock can run", value)
	case field == fieldContract && e.agreements.names.of(value) < 0 && (h.contract == nil || fold(value) != fold(h.contractName)):
		h.problem(UnknownAgreement, "the policy has no agreement %q; the ticket is held to what its customer was promised otherwise", value)
	case field == fieldTier && e.tiers.of(value) < 0:
		h.problem(UnknownTier, "the policy has no tier %q; the ticket counts as being at %s", value, e.tiers.list[0])
	default:
		return
	}
	if h.unknown == nil {
		h.unknown = map[string]bool{}
	}
	h.unknown[field+" "+value] = true
}

// lookForFuture tells that a part of the history is passed over.
func (h *history) lookForFuture(now time.Time) {
	later := 0
	for _, ev := range h.events {
		if ev.at.After(now) {
			later++
		}
	}
	if later > 0 {
		h.problem(InFuture, "messages and changes later than the instant asked about, passed over until then: %d", later)
	}
}
