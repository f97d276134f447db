package metrics

import (
	"cmp"
	"slices"
	"strings"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/sla"
)

// A timing is which time counts for a ticket: as its resolution clock counts, under the
// agreement and the priority that the ticket has.
type timing struct {
	calendar *sla.Calendar
	pauses   []sla.Category
}

// timings makes the calendars of a checked policy ready, when they are first needed.
type timings struct {
	policy *escalation.Policy
	ready  map[timingKey]timing
}

type timingKey struct {
	agreement, priority int // -1: the policy's own, none
}

// of returns what counts for a ticket that names an agreement and has a priority.
func (h *timings) of(agreement, priority string, c escalation.Customer) timing {
	key := timingKey{h.agreement(agreement, c), slices.IndexFunc(h.policy.Priorities, func(p escalation.Priority) bool { return same(p.Name, priority) })}
	t, ok := h.ready[key]
	if !ok {
		t = h.make(key)
		h.ready[key] = t
	}
	return t
}

// agreement chooses as the engine does: the one that the ticket names, that of the
// customer, that of the customer's tier.
func (h *timings) agreement(named string, c escalation.Customer) int {
	list := h.policy.Agreements
	if i := slices.IndexFunc(list, func(a escalation.Agreement) bool { return same(a.Name, named) }); i >= 0 {
		return i
	}
	if i := slices.IndexFunc(list, func(a escalation.Agreement) bool { return slices.Contains(a.Customers, c.ID) }); i >= 0 {
		return i
	}
	return slices.IndexFunc(list, func(a escalation.Agreement) bool {
		return slices.ContainsFunc(a.CustomerTiers, func(tier string) bool { return same(tier, c.Tier) })
	})
}

func (h *timings) make(key timingKey) timing {
	p := h.policy
	t := timing{pauses: []sla.Category{sla.Pending, sla.OnHold}}
	var a escalation.Agreement
	if key.agreement >= 0 {
		a = p.Agreements[key.agreement]
	}
	for _, pauses := range []map[sla.Metric][]sla.Category{p.Pauses, a.Pauses} {
		if list, ok := pauses[sla.Resolution]; ok {
			t.pauses = list
		}
	}
	var row string
	if key.priority >= 0 {
		priority := p.Priorities[key.priority]
		row = priority.Calendar
		if i := slices.IndexFunc(a.Priorities, func(r escalation.Priority) bool { return r.Name == priority.Name }); i >= 0 {
			row = cmp.Or(a.Priorities[i].Calendar, row)
		}
	}
	t.calendar = h.calendar(cmp.Or(row, a.Calendar, p.Calendar), a.Calendars)
	return t
}

// calendar makes a calendar of the policy or of the agreement ready; no name, and
// "always", is around the clock. What is wrong with one, Compile has told.
func (h *timings) calendar(name string, more map[string]escalation.Calendar) *sla.Calendar {
	hours, ok := more[name]
	if !ok {
		hours, ok = h.policy.Calendars[name]
	}
	if !ok {
		return sla.Always()
	}
	if len(hours.Union) == 0 {
		calendar, err := sla.NewCalendar(hours.Hours)
		if err != nil {
			return sla.Always()
		}
		return calendar
	}
	members := make([]*sla.Calendar, len(hours.Union))
	for i, member := range hours.Union {
		members[i] = h.calendar(member, more)
	}
	return sla.Union(members...)
}

// same compares two names as the engine does.
func same(declared, name string) bool { return fold(declared) == fold(name) && fold(name) != "" }

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
