package escalation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/escalade-go/escalade/handoff"
	"github.com/escalade-go/escalade/rules"
)

// A Request is a person asking for a ticket to be escalated.
type Request struct {
	// Reason is the code of one of Policy.Reasons.
	Reason string `json:"reason"`
	// By is who asks: agent:ID.
	By string `json:"by,omitempty"`
	// To is the tier asked for; empty: the next one up.
	To string `json:"to,omitempty"`
	// Person is who takes over there, if that is known.
	Person string `json:"person,omitempty"`
	// What the receiver needs to know; each part that is given stands in for
	// that of Ticket.Case.
	Summary     string    `json:"summary,omitempty"`
	Ask         string    `json:"ask,omitempty"`
	NeededBy    time.Time `json:"needed_by,omitzero"`
	Impact      string    `json:"impact,omitempty"`
	Tried       []string  `json:"tried,omitempty"`
	RuledOut    []string  `json:"ruled_out,omitempty"`
	Workaround  string    `json:"workaround,omitempty"`
	Expectation string    `json:"expectation,omitempty"`
	Promise     string    `json:"promise,omitempty"`
	NextSteps   []string  `json:"next_steps,omitempty"`
	Owner       string    `json:"owner,omitempty"`
	// Override lets the request pass although something is missing. The handoff
	// document shows the gaps.
	Override bool `json:"override,omitempty"`
}

// Escalate is Decide with a person asking for an escalation at `now`. The rules
// run too, before and after: the decision is of the same kind, with the request
// among its actions and reasons under the rule "request".
//
// A request for which the tier's demands, or those of the reason, are not met is
// refused, unless it overrides them: Decision.Missing then names the parts of the
// handoff document that are to be written first, and the rest of the decision is
// that of Decide. A tier that is not above the present one is a [Problem].
//
// The error is for a request that makes no sense under the policy (an unknown
// reason or tier), and for tickets as with Decide.
func (e *Engine) Escalate(t Ticket, r Request, now time.Time) (Decision, error) {
	codes := namesOf(e.policy.Reasons, func(r RequestReason) string { return r.Code })
	if !slices.Contains(codes, r.Reason) {
		return Decision{}, unknown("reason", r.Reason, codes)
	}
	if r.To != "" && e.tiers.of(r.To) < 0 {
		return Decision{}, unknown("tier", r.To, e.tiers.list)
	}
	return e.decide(&t, &r, now, nil)
}

func unknown(what, got string, known []string) error {
	err := fmt.Errorf("escalation: the policy has no %s %q", what, got)
	return fmt.Errorf("%w (%s)", err, cmp.Or(rules.Meant(got, known), "there are "+strings.Join(known, ", ")))
}

// ask looks at a request at the present instant, before the rules do. It returns
// the firing that the request becomes, nil if it is refused.
func (d *Decision) ask(w *walk, r *Request, l *Ledger) *firing {
	e := w.engine
	from := e.tiers.of(w.state.tier)
	to := min(from+1, len(e.tiers.list)-1)
	if r.To != "" {
		to = e.tiers.of(r.To)
	}
	if to <= from {
		d.problem(NothingHigher, "the ticket is at %s already, so it cannot be escalated to %s", e.tiers.list[from], e.tiers.list[to])
		return nil
	}
	reason := e.policy.Reasons[slices.IndexFunc(e.policy.Reasons, func(known RequestReason) bool { return known.Code == r.Reason })]
	asked := &firing{
		rule: -1, due: w.state.at, occasion: l.asked + 1, because: reason.Label, by: r.By,
		effects: []effect{{do: DoEscalate, to: e.tiers.list[to]}},
	}
	if !r.Override {
		c := w.handoff(r, asked)
		demanded := e.policy.Tiers[to].Demands.Parts
		for _, part := range reason.Requires {
			if !slices.Contains(demanded, part) {
				demanded = append(slices.Clip(demanded), part)
			}
		}
		if d.Missing = lacking(c, demanded); len(d.Missing) > 0 {
			return nil
		}
	}
	l.asked++
	return asked
}

// lacking returns the demanded parts that a case does not have, in the order of
// the document.
func lacking(c *handoff.Case, demanded []string) []string {
	var missing []string
	for _, part := range handoff.Parts() {
		if slices.Contains(demanded, part) && !c.Has(part) {
			missing = append(missing, part)
		}
	}
	return missing
}
