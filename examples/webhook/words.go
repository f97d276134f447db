package main

import (
	"slices"
	"strings"

	"github.com/escalade-go/escalade/escalation"
)

// words are what a helpdesk calls its priorities and statuses, in lower case, and
// the names that [escalation.Standard] has for them.
type words struct {
	priorities, statuses map[string]string
}

// translate writes a ticket in the names of a policy. Where the policy does not
// declare the standard name, the helpdesk's word stays: a policy may speak that
// language. A word that nobody knows stays too, and the decision then names it as
// a problem.
//
// The table comes before the helpdesk's word, because one word may be two things:
// Zammad's "closed" is not what the standard policy calls Closed.
func (w words) translate(t *escalation.Ticket, p escalation.Policy) {
	var priorities, statuses []string
	for _, r := range p.Priorities {
		priorities = append(priorities, r.Name)
	}
	for _, s := range p.Statuses {
		statuses = append(statuses, s.Name)
	}
	t.Priority = name(t.Priority, w.priorities, priorities)
	t.Status = name(t.Status, w.statuses, statuses)
	for i := range t.Changes {
		switch c := &t.Changes[i]; c.Field {
		case "priority":
			c.From, c.To = name(c.From, w.priorities, priorities), name(c.To, w.priorities, priorities)
		case "status":
			c.From, c.To = name(c.From, w.statuses, statuses), name(c.To, w.statuses, statuses)
		}
	}
}

func name(word string, standard map[string]string, declared []string) string {
	for _, candidate := range []string{standard[strings.ToLower(word)], word} {
		if i := slices.IndexFunc(declared, func(d string) bool { return strings.EqualFold(d, candidate) }); i >= 0 {
			return declared[i]
		}
	}
	return word
}
