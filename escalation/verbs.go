package escalation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// perMessage is the Rule.Per of rules that are judged for each message.
const perMessage = "message"

// verbs declares what THEN can say.
func (e *Engine) verbs() []rules.Verb {
	verbs := append(e.ownVerbs(), e.hostVerbs()...)
	for i := range verbs {
		verbs[i].Forbidden = e.allow != nil && !slices.Contains(e.allow, verbs[i].Name)
	}
	return verbs
}

// checkAllow finds a slip in Options.Allow: a mistake of the program.
func (e *Engine) checkAllow() error {
	if len(e.allow) == 0 {
		return nil
	}
	var known []string
	for _, v := range e.verbs() {
		known = append(known, v.Name)
	}
	for _, name := range e.allow {
		if !slices.Contains(known, name) {
			return fmt.Errorf("escalation: Options.Allow names %q, which is no action (%s)", name, cmp.Or(rules.Meant(name, known), "there are "+strings.Join(known, ", ")))
		}
	}
	return nil
}

func (e *Engine) ownVerbs() []rules.Verb {
	tier := rules.Arg{Name: "tier", Values: e.tiers.list}
	priority := rules.Arg{Name: "priority", Values: e.priorities.list}
	// Never nil: a policy without recipients allows none, not any.
	who := rules.Arg{Name: "recipient", Values: list(namesOf(e.policy.Recipients, func(r Recipient) string { return r.Name }))}
	queue := rules.Arg{Name: "queue", Values: list(e.policy.Queues)}
	return []rules.Verb{
		{Name: "escalate", Help: "hands the ticket up to a tier; never down", Args: []rules.Arg{tier}, Phrases: []string{"escalate to {tier}"}},
		{Name: "escalate_by", Help: "hands the ticket up by a number of tiers", Args: []rules.Arg{{Name: "number", Number: true}}, Phrases: []string{"escalate by {number}"}},
		{Name: "de_escalate", Help: "hands the ticket down to a tier; never up", Args: []rules.Arg{tier}, Phrases: []string{"de-escalate to {tier}"}},
		{Name: "assign", Help: "gives the ticket to somebody", Args: []rules.Arg{who}, Phrases: []string{"assign to {recipient}"}},
		{Name: "notify", Help: "tells somebody", Args: []rules.Arg{who}, Phrases: []string{"notify {recipient}"}},
		{Name: "alert", Help: "tells somebody, urgently", Args: []rules.Arg{who}, Phrases: []string{"alert {recipient}"}},
		{Name: "add_note", Help: "writes an internal note; without a text, the rule's because", Args: []rules.Arg{{Name: "text", Optional: true}},
			Phrases: []string{"add internal note", "add internal note {text}", "add note {text}"}},
		{Name: "flag", Help: "puts the ticket into a queue", Args: []rules.Arg{queue}, Phrases: []string{"flag for {queue}"}},
		{Name: "add_tag", Help: "adds a tag", Args: []rules.Arg{{Name: "tag"}}, Phrases: []string{"add tag {tag}"}},
		{Name: "bump_priority", Help: "raises the priority by one", Phrases: []string{"add priority bump", "bump priority"}},
		{Name: "set_priority", Help: "raises the priority to one; never lowers it", Args: []rules.Arg{priority},
			Phrases: []string{"set priority = {priority}", "set priority to {priority}"}},
		{Name: "lower_priority", Help: "lowers the priority to one; never raises it", Args: []rules.Arg{priority}, Phrases: []string{"lower priority to {priority}"}},
	}
}

// ruleInfo is what the walk needs to know of a rule.
type ruleInfo struct {
	name    string
	id      string // what it is remembered under
	because string
	subject subjectKind
	every   time.Duration // 0: no repeats
	poll    time.Duration // 0: its turns are computed
	rest    time.Duration
	closed  bool // judged on solved tickets too
	observe bool
	moves   bool // its condition may turn with time alone
	// once: it compares used, elapsed, remaining or breached, and so fires once
	// for a clock and its cycle.
	once  bool
	named []int // the clocks that a once rule compares by name, in order of sla.Metrics
}

type subjectKind uint8

const (
	forTicket subjectKind = iota
	forClock              // each clock that is started and not stopped
	forMessage
)

// readRules finds out what each rule is judged for.
func (e *Engine) readRules() Errors {
	var errs Errors
	e.rules = make([]ruleInfo, e.set.Len())
	for i := range e.rules {
		rule := e.set.Rule(i)
		info := ruleInfo{
			name: rule.Name, id: rule.ID(), because: rule.Because, poll: rule.Poll, every: rule.Every, rest: cmp.Or(rule.Rest, defaultRest),
			closed: rule.Closed, observe: rule.Mode == rules.Observe, moves: e.set.Moves(i),
		}
		bare := false
		for _, name := range e.set.Reads(i) {
			rest, ok := strings.CutPrefix(name, "sla.")
			if !ok {
				continue
			}
			metric, reading, named := strings.Cut(rest, ".")
			if !named {
				bare, reading = true, metric
			}
			compares := reading == "used" || reading == "elapsed" || reading == "remaining" || reading == "breached"
			info.once = info.once || compares
			if named && compares {
				m := slices.Index(metricNames(), metric)
				if !slices.Contains(info.named, m) {
					info.named = append(info.named, m)
				}
			}
		}
		slices.Sort(info.named)
		switch {
		case rule.Per == perMessage && (bare || info.once):
			errs = append(errs, &rules.Error{
				Path: fmt.Sprintf("/rules/%d/per", i), Rule: rule.Name, Code: rules.WrongOption,
				Message: "a rule is judged for a message or for a clock, not for both",
				Hint:    `leave out "per", or what it says of the clocks`,
			})
		case rule.Per == perMessage:
			info.subject = forMessage
		case bare:
			info.subject, info.named = forClock, nil
		}
		e.rules[i] = info
	}
	return errs
}

func metricNames() []string {
	var names []string
	for _, m := range sla.Metrics() {
		names = append(names, string(m))
	}
	return names
}
