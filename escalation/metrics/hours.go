package metrics

import (
	"slices"
	"strings"

	"github.com/escalade-go/escalade/sla"
)

// hoursOf returns the calendar by which the resolution of a ticket is counted: that of its
// priority, else of what it is held to.
func hoursOf(held *sla.Agreement, priority string) *sla.Calendar {
	i := slices.IndexFunc(held.Promises, func(p sla.Promise) bool { return same(p.Priority, priority) })
	if i >= 0 && held.Promises[i].Calendar != nil {
		return held.Promises[i].Calendar
	}
	return held.Calendar
}

// same compares two names as the engine does.
func same(declared, name string) bool { return fold(declared) == fold(name) && fold(name) != "" }

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
