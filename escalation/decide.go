package escalation

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/escalade-go/escalade/sla"
)

// What a ticket cannot be judged without.
var (
	errNoID      = errors.New("escalation: the ticket has no id")
	errNoCreated = errors.New("escalation: the ticket has no creation time")
)

// Decide says what is to be done about a ticket as of now: everything that has
// become due since the ledger's instant, each action stamped with the instant at
// which it was due.
//
// Ask whenever you like. What is decided depends on the ticket's history, not on
// when or how often it is asked; actions that were proposed before carry the same
// key. Everything in the ticket that is later than now is passed over.
//
// The error is for a ticket that cannot be judged at all: one without an id or a
// creation time. Whatever else is wrong with it is told in Decision.Problems.
// Decide changes nothing and keeps nothing of the ticket.
func (e *Engine) Decide(t Ticket, now time.Time) (Decision, error) {
	return e.decide(&t, nil, now, nil)
}

// decide is Decide, with what a person asks for, and somebody who looks at the walk
// when it has arrived; both may be nil.
func (e *Engine) decide(t *Ticket, r *Request, now time.Time, look func(*walk)) (Decision, error) {
	switch {
	case t.ID == "":
		return Decision{}, errNoID
	case t.CreatedAt.IsZero():
		return Decision{}, errNoCreated
	}
	now = now.Round(0).UTC() // a monotonic reading must not tell two equal instants apart
	d := Decision{Ticket: t.ID, At: now, Policy: e.version, Ledger: t.Ledger}
	if t.CreatedAt.After(now) {
		d.problem(NotCreatedYet, "the ticket is created at %s, after the instant asked about", t.CreatedAt.UTC().Format(time.RFC3339))
		d.Agreement = e.agreements.chosenFor(t.Customer)
		if i := e.agreements.names.of(t.Agreement); i >= 0 {
			d.Agreement = e.agreements.names.list[i]
		}
		if t.Contract != nil {
			d.Agreement = t.Contract.terms.Name
		}
		d.Tier, d.Priority, d.Assignee = e.tiers.list[max(0, e.tiers.of(t.Tier))], e.declared(t.Priority), t.Assignee
		d.NextCheck = ceil(t.CreatedAt)
		return d, nil
	}
	ledger := t.Ledger.copied()
	h := e.history(t, &ledger, now)
	w := e.newWalk(t, h)
	print := e.printOf(t, &w.fields)
	if r == nil && look == nil && t.Ledger.sleeps(e.version, print, now) {
		w.asleep = true
		w.fastForward(now)
		d.read(w)
		d.Problems = append(d.Problems, h.problems.all()...)
		d.NextCheck = ceil(t.Ledger.next)
		ledger.print, ledger.next = t.Ledger.print, t.Ledger.next
		ledger.Seq++
		d.Ledger = ledger
		return d, nil
	}
	w.recollect(&ledger)
	w.recall(&ledger)
	if w.blind = w.needTexts(); w.blind != nil {
		d.problem(NoText, "messages have no text, and the keywords have changed since it was read: the rules with keywords wait until it is there")
	}
	if ledger.At.After(now) {
		d.problem(BehindLedger, "the ticket has been judged up to %s already; nothing is decided for an earlier instant", ledger.At.UTC().Format(time.RFC3339))
		w.fastForward(now)
		d.read(w)
		if look != nil {
			look(w)
		}
		d.Problems = append(d.Problems, h.problems.all()...)
		d.NextCheck = ceil(ledger.At)
		return d, nil
	}
	if r != nil {
		w.request, w.requestAt = func() *firing { return d.ask(w, r, &ledger) }, now
	}
	start := w.start(&ledger)
	w.early = now.Before(start)
	w.fastForward(earliest(start, now))
	if w.state.clocks.Reopenings() > ledger.reopened && !ledger.At.IsZero() { // before the policy took over, or it turned up late
		w.rearm()
	}
	if !w.adopts && !w.early {
		w.waiting = w.late(&ledger)
	}
	reached := w.run(now)
	at := w.state.at
	d.read(w)
	d.report(w)
	d.Handoff = w.handoff(r, nil)
	d.Problems = append(d.Problems, h.problems.all()...)
	if !w.early {
		w.listen(&ledger)
	}
	if reached && !w.early {
		w.mark(&ledger)
	}
	w.note(&ledger, at)
	d.Ledger = ledger
	if look != nil {
		look(w)
	}
	if !reached {
		d.problem(Unfinished, "%d instants were judged, up to %s; ask again for the rest, with the request if there is one", e.bounded(maxSteps), at.Format(time.RFC3339))
		d.NextCheck = now
		return d, nil
	}
	next := start
	if !w.early {
		next = w.nextProposal()
		if d.Handoff != nil {
			w.foresee(d.Handoff)
		}
	}
	d.NextCheck = ceil(next)
	changes := slices.ContainsFunc(d.Actions, func(a Action) bool { return a.changes() })
	if !changes && len(w.failed) == 0 && !w.early { // a function that failed may do better
		d.Ledger.sleep(print, d.NextCheck, next)
	}
	return d, nil
}

// start returns the instant from which the ticket is walked: the ledger's, the ticket's
// creation, or the one at which the policy takes it over.
func (w *walk) start(l *Ledger) time.Time {
	from := w.engine.policy.From.Round(0).UTC()
	if l.At.Before(from) && w.history.created.Before(from) {
		w.adopts = true
		return from
	}
	return latest(l.At, w.history.created)
}

func (d *Decision) problem(code ProblemCode, format string, args ...any) {
	d.Problems = append(d.Problems, Problem{code, fmt.Sprintf(format, args...)})
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// ceil rounds an instant up to the millisecond, which is what timers and
// databases keep: never too early. What JSON cannot write is never.
func ceil(t time.Time) time.Time {
	if t.Year() > 9998 {
		return time.Time{}
	}
	if down := t.Truncate(time.Millisecond); down.Before(t) {
		return down.Add(time.Millisecond).UTC()
	}
	return t.UTC()
}

// recall takes from the ledger what has fired.
func (w *walk) recall(l *Ledger) {
	for i := range w.engine.rules {
		for subject, remembered := range l.fired[w.engine.rules[i].id] { // into a map: order does not matter
			w.latch(subjectKey{i, subject}, remembered)
		}
	}
}

// note writes into the ledger what has fired, up to an instant. What the rules of
// another policy have left there is kept.
func (w *walk) note(l *Ledger, at time.Time) {
	l.Seq++
	l.Policy = w.engine.version
	if !w.early {
		l.At, l.reopened = at, w.state.clocks.Reopenings()
	}
	if !w.history.tierUnlogged {
		l.tiers = nil // the host records them
	}
	for _, f := range w.firings {
		for _, e := range f.effects {
			if w.history.tierUnlogged && e.result == Proposed && (e.do == DoEscalate || e.do == DoDeEscalate) {
				l.moved(move{f.due, f.from, e.to})
			}
		}
	}
	for i := range w.engine.rules {
		delete(l.fired, w.engine.rules[i].id)
	}
	for key, remembered := range w.latches { // into a map: order does not matter
		if w.forgotten(key) {
			continue
		}
		name := w.engine.rules[key.rule].id
		if l.fired[name] == nil {
			l.fired[name] = map[string]latch{}
		}
		l.fired[name][key.subject] = remembered
	}
	l.bound(w.engine.rules)
}

// forgotten reports whether a subject can never be judged again: a cycle of a
// clock that is over, a message that is not among the latest.
func (w *walk) forgotten(key subjectKey) bool {
	switch info := &w.engine.rules[key.rule]; {
	case info.subject == forMessage:
		return !slices.ContainsFunc(w.messages(false), func(s subject) bool { return s.name == key.subject })
	case info.subject == forClock, len(info.named) > 0:
		for _, clock := range strings.Split(key.subject, "+") {
			metric, cycle, _ := strings.Cut(clock, "/")
			if n, err := strconv.Atoi(cycle); err == nil && n > 0 && n < w.state.clocks.Clock(sla.Metric(metric), w.state.at).Cycle {
				return true
			}
		}
	}
	return false
}

// read fills in what the ticket is like at the instant that the walk has reached.
func (d *Decision) read(w *walk) {
	s := &w.state
	d.Tier, d.Priority, d.Assignee = s.tier, s.priority, s.assignee
	d.Agreement, _ = w.promised(s)
	for _, m := range sla.Metrics() {
		c := s.clocks.Clock(m, s.at)
		if c.Target > 0 || c.Breached() {
			c.Warnings = s.clocks.Warnings(m, s.at)
			d.Clocks = append(d.Clocks, c)
		}
	}
	if h := w.history; s.priority == "" && h.problems.count[NoPriority]+h.problems.count[UnknownPriority] == 0 {
		h.problem(NoPriority, "the ticket had no priority yet, so no SLA clock can run")
	}
	if s.closedWrite > 0 {
		d.problem(MessageOnClosed, "the customer wrote on the closed ticket; that reopens nothing")
	}
	for i := range w.engine.rules {
		if err := w.failed[i]; err != nil {
			d.problem(RuleFailed, "%s: %s", w.engine.rules[i].name, err)
		}
	}
}

// requestRule is the Rule of what a person asks for.
const requestRule = "request"

// report turns the firings into actions and reasons.
func (d *Decision) report(w *walk) {
	for i := range w.firings {
		f := &w.firings[i]
		reason := d.reason(w.engine, f)
		if f.rule >= 0 && w.engine.rules[f.rule].observe {
			d.Observed = append(d.Observed, reason)
		} else {
			d.Reasons = append(d.Reasons, reason)
		}
	}
	for i := range w.backlog {
		d.Backlog = append(d.Backlog, d.reason(w.engine, &w.backlog[i]))
	}
}

// reason tells of one firing, and adds what it proposes to the actions.
func (d *Decision) reason(e *Engine, f *firing) Reason {
	name, because := requestRule, f.because
	id, subject := "", requestRule // no rule has an empty name, one may be called request
	if f.rule >= 0 {
		info := &e.rules[f.rule]
		name, because, id, subject = info.name, info.because, info.id, f.subject
	}
	reason := Reason{
		Rule: name, Because: because, By: f.by, Subject: f.subject, Due: f.due, Occasion: f.occasion, Repeat: f.repeat, Clauses: f.clauses,
	}
	for _, effect := range f.effects {
		shown := Effect{Do: effect.do, To: effect.to, Text: effect.text, Args: slices.Clone(effect.args), Result: effect.result}
		if effect.result == Proposed {
			shown.Key = key(e.namespace, d.Ticket, id, subject, f.occasion, f.repeat, effect.ordinal)
			d.Actions = append(d.Actions, Action{Do: effect.do, To: effect.to, Text: effect.text, Args: slices.Clone(effect.args), Rule: name, By: f.by, Due: f.due, DeliverAt: e.deliverAt(f, effect), Key: shown.Key})
		}
		reason.Effects = append(reason.Effects, shown)
	}
	return reason
}
