package escalation

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// An Explanation tells of every rule how it stands to a ticket at an instant: what its
// condition is, clause by clause, and why it fires or does not. String writes it for
// people.
type Explanation struct {
	Ticket string    `json:"ticket"`
	At     time.Time `json:"at"`
	Policy string    `json:"policy"` // Engine.Version
	// Rules are all rules, in the order of the policy.
	Rules    []RuleExplained `json:"rules"`
	Problems []Problem       `json:"problems,omitempty"`
	// NextCheck is that of the decision at the same instant.
	NextCheck time.Time `json:"next_check,omitzero"`
}

// A RuleExplained is one rule.
type RuleExplained struct {
	Rule    string `json:"rule"`
	Because string `json:"because,omitempty"`
	Mode    string `json:"mode,omitempty"`
	// Subjects are what the rule is judged for; none says Why.
	Subjects []SubjectExplained `json:"subjects,omitempty"`
	Why      string             `json:"why,omitempty"`
}

// A SubjectExplained is a rule judged for one subject: the ticket (""), a clock and
// its cycle ("resolution/1"), a message ("message/ID").
type SubjectExplained struct {
	Subject string  `json:"subject,omitempty"`
	Outcome Outcome `json:"outcome"`
	// Why says the same in a sentence.
	Why       string     `json:"why"`
	Condition rules.Part `json:"condition"`
	// Fired is when it fired last; zero if it never has.
	Fired time.Time `json:"fired,omitzero"`
	// Until is when it may fire again or for the first time if nothing happens: the end
	// of a rest, a repeat, or the first instant at which time turns one of its clauses.
	// Zero: not by itself.
	Until time.Time `json:"until,omitzero"`
	// Effects are what came of its last firing, if that belongs to this decision.
	Effects []Effect `json:"effects,omitempty"`
}

// An Outcome is how a rule stands.
type Outcome string

// The outcomes.
const (
	Fires       Outcome = "fires"         // in this decision; Effects say what came of it
	HasFired    Outcome = "has_fired"     // before, and it is not due again
	Rests       Outcome = "rests"         // it holds again, too soon after it has fired
	DoesNotHold Outcome = "does_not_hold" // its condition is false or unknown
	IsClosed    Outcome = "is_closed"     // the ticket is solved, and the rule is not for that
	IsPolled    Outcome = "is_polled"     // it is looked at every so often, and not yet
	NotJudged   Outcome = "not_judged"    // it holds, and was not judged yet: asked for an instant before the ledger's, or before Policy.From
)

// Explain judges a ticket as [Engine.Decide] does and tells of every rule, clause by
// clause, what it saw and why it fires or does not. It proposes nothing and the ledger
// stays as it is. The error is that of Decide.
func (e *Engine) Explain(t Ticket, now time.Time) (Explanation, error) {
	var list []RuleExplained
	d, err := e.decide(&t, nil, now, func(w *walk) { list = w.explain() })
	if err != nil {
		return Explanation{}, err
	}
	return Explanation{Ticket: d.Ticket, At: d.At, Policy: d.Policy, Rules: list, Problems: d.Problems, NextCheck: d.NextCheck}, nil
}

// explain tells of all rules at the instant that the walk has reached.
func (w *walk) explain() []RuleExplained {
	w.look()
	out := make([]RuleExplained, 0, len(w.engine.rules))
	for i := range w.engine.rules {
		info := &w.engine.rules[i]
		r := RuleExplained{Rule: info.name, Because: info.because, Mode: w.engine.set.Rule(i).Mode}
		for _, sub := range w.subjects(i) {
			w.turn(sub)
			r.Subjects = append(r.Subjects, w.explainSubject(i, sub))
		}
		if len(r.Subjects) == 0 {
			r.Why = "no clock with a target is running or paused"
			if info.subject == forMessage {
				r.Why = "the customer has written nothing"
			}
		}
		out = append(out, r)
	}
	return out
}

func (w *walk) explainSubject(i int, sub subject) SubjectExplained {
	info := &w.engine.rules[i]
	l := w.latches[subjectKey{i, sub.name}]
	x := SubjectExplained{Subject: sub.name, Condition: w.judge.Explain(i), Fired: l.Fired}
	last := w.lastFiring(i, sub.name)
	if info.moves && !info.finished(l) {
		x.Until = w.judge.Next(i)
	}
	switch holds := x.Condition.Truth == rules.True; {
	case last != nil:
		x.Outcome, x.Why, x.Fired = Fires, fmt.Sprintf("it fires, due %s", stamp(last.due)), last.due
		for _, e := range last.effects {
			effect := Effect{Do: e.do, To: e.to, Text: e.text, Args: slices.Clone(e.args), Result: e.result}
			x.Effects = append(x.Effects, effect)
			if e.result == Overruled {
				x.Why += fmt.Sprintf("; %s is overruled by %q", strings.TrimSpace(e.do+" "+e.to), w.nameOf(w.winner(last, e)))
			}
		}
	case !w.judged(i):
		x.Outcome, x.Why, x.Until = IsClosed, "the ticket is solved or closed, and the rule is not marked closed", time.Time{}
	case info.finished(l):
		x.Outcome, x.Why = HasFired, fmt.Sprintf("%s, once for %s", l.told(), sub.name)
	case !holds:
		x.Outcome, x.Why = DoesNotHold, whyNot(x.Condition)
		if l.Count > 0 {
			x.Why += "; " + l.told()
		}
	case l.Resting:
		x.Outcome, x.Until = Rests, l.Fired.Add(info.rest)
		x.Why = fmt.Sprintf("%s and rests until %s", l.told(), stamp(x.Until))
	case l.Count > l.Done && info.every > 0:
		x.Outcome, x.Until = HasFired, w.nextRepeat(info, l)
		x.Why = fmt.Sprintf("%s and is repeated at %s if it still holds", l.told(), stamp(x.Until))
	case l.Held:
		x.Outcome, x.Why = HasFired, l.told()+", and holds since: it fires again once it has stopped to hold"
	case info.poll > 0 && !w.early:
		x.Outcome, x.Until = IsPolled, w.nextPoll(info)
		x.Why = fmt.Sprintf("it is looked at every %s, next at %s", sla.FormatDuration(info.poll), stamp(x.Until))
	default:
		x.Outcome, x.Why = NotJudged, "it holds, but nothing is decided for an instant before the ledger's"
		if w.early {
			x.Why = fmt.Sprintf("it holds, but nothing is decided before the policy takes over, at %s", stamp(w.engine.policy.From))
		}
	}
	if !x.Until.IsZero() && x.Outcome == DoesNotHold {
		x.Why += fmt.Sprintf("; time may turn a clause at %s", stamp(x.Until))
	}
	return x
}

// told says when the last occasion was.
func (l latch) told() string {
	if l.Fired.Before(l.Rise) {
		return fmt.Sprintf("it held already at %s, when the policy took over", stamp(l.Rise))
	}
	return fmt.Sprintf("it has fired at %s", stamp(l.Fired))
}

// lastFiring is the last of this walk, of a rule for a subject; nil if there is none.
func (w *walk) lastFiring(rule int, subject string) *firing {
	for i := len(w.firings) - 1; i >= 0; i-- {
		if f := &w.firings[i]; f.rule == rule && f.subject == subject {
			return f
		}
	}
	return nil
}

// nobody is no rule; a person is -1.
const nobody = -2

// winner is the rule to which an effect gave way, at the same instant.
func (w *walk) winner(f *firing, lost effect) int {
	kind := func(do string) string { return strings.TrimPrefix(do, "de_") }
	for i := range w.firings {
		other := &w.firings[i]
		if !other.due.Equal(f.due) {
			continue
		}
		for _, e := range other.effects {
			if e.result == Proposed && kind(e.do) == kind(lost.do) && (e.do != DoAddTag || e.to == lost.to) {
				return other.rule
			}
		}
	}
	return nobody
}

func (w *walk) nameOf(rule int) string {
	switch {
	case rule >= 0:
		return w.engine.rules[rule].name
	case rule == nobody:
		return "another"
	}
	return requestRule
}

// whyNot says in a sentence what keeps a condition from being true.
func whyNot(p rules.Part) string { return whyIsNot(p, rules.True) }

// whyIsNot says why p is not what it should be.
func whyIsNot(p rules.Part, want rules.Truth) string {
	var reasons []string
	switch p.Op {
	case "":
		if p.Error != "" {
			return fmt.Sprintf("%s cannot be judged: %s", p.Text, p.Error)
		}
		return fmt.Sprintf("%s is %s", p.Text, p.Truth)
	case "not":
		return whyIsNot(p.Parts[0], -want)
	}
	for _, part := range p.Parts {
		if part.Truth != want {
			reasons = append(reasons, whyIsNot(part, want))
		}
	}
	const most = 3
	if len(reasons) > most {
		reasons = append(reasons[:most], fmt.Sprintf("%d more", len(reasons)-most))
	}
	// One true side of an or would do, and one false side of an and.
	if enough := (p.Op == "or") == (want == rules.True); enough && len(reasons) > 1 {
		return "neither of these helps: " + strings.Join(reasons, "; ")
	}
	return strings.Join(reasons, ", and ")
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.999999999 UTC") }

// String writes the explanation for people: each rule, how it stands, and its clauses
// with what they saw.
func (x Explanation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Ticket %s at %s\n", x.Ticket, stamp(x.At))
	for _, p := range x.Problems {
		fmt.Fprintf(&b, "problem: %s\n", p.Message)
	}
	for _, r := range x.Rules {
		fmt.Fprintf(&b, "\n%s", r.Rule)
		if r.Mode != "" {
			fmt.Fprintf(&b, " (%s)", r.Mode)
		}
		if r.Why != "" {
			fmt.Fprintf(&b, ": %s\n", r.Why)
		} else {
			b.WriteByte('\n')
		}
		for _, s := range r.Subjects {
			subject := ""
			if s.Subject != "" {
				subject = " [" + s.Subject + "]"
			}
			fmt.Fprintf(&b, "  %s%s: %s\n", strings.ReplaceAll(string(s.Outcome), "_", " "), subject, s.Why)
			for _, e := range s.Effects {
				fmt.Fprintf(&b, "    -> %s: %s\n", strings.Join(strings.Fields(e.Do+" "+e.To+" "+short(e.Text, 60)), " "), strings.ReplaceAll(string(e.Result), "_", " "))
			}
			writePart(&b, s.Condition, "    ")
		}
	}
	return b.String()
}

func writePart(b *strings.Builder, p rules.Part, indent string) {
	if p.Op != "" {
		fmt.Fprintf(b, "%s%-8s%s\n", indent, p.Truth, p.Op)
		for _, part := range p.Parts {
			writePart(b, part, indent+"  ")
		}
		return
	}
	fmt.Fprintf(b, "%s%-8s%s", indent, p.Truth, p.Text)
	if p.Error != "" {
		fmt.Fprintf(b, "   failed: %s", p.Error)
	}
	for i, v := range p.Values {
		separator := ", "
		if i == 0 {
			separator = "   "
		}
		fmt.Fprintf(b, "%s%s: %s", separator, v.Name, shown(v.Value))
	}
	b.WriteByte('\n')
}

// shown writes a value as a rule would.
func shown(v any) string {
	if v == nil {
		return "unknown"
	}
	if text, ok := v.(string); ok {
		return text
	}
	src, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(src)
}
