package escalation

import (
	"slices"
	"time"
)

// Apply does to a ticket what a host would do with a decision: it carries out the
// actions that change the ticket, records each as a change (a note as an internal
// message of a bot) at the instant at which it was due, and stores the ledger. It
// is for tests, simulations and hosts that keep tickets in memory.
//
// A field that was changed later than an action was due keeps its later value; an
// action whose key is recorded already is not carried out again. Slices that the
// ticket may share with others are never written into.
func (d Decision) Apply(t *Ticket) {
	for _, a := range d.Actions {
		switch a.Do {
		case DoEscalate, DoDeEscalate:
			t.set(d, a, fieldTier, &t.Tier)
		case DoSetPriority:
			t.set(d, a, fieldPriority, &t.Priority)
		case DoAssign:
			t.set(d, a, fieldAssignee, &t.Assignee)
		case DoAddTag:
			if !slices.Contains(t.Tags, a.To) {
				t.Tags = append(slices.Clip(t.Tags), a.To)
			}
		case DoAddNote:
			if slices.ContainsFunc(t.Messages, func(m Message) bool { return m.ID == a.Key }) {
				continue
			}
			t.Messages = insert(t.Messages, Message{
				ID: a.Key, At: a.Due, From: FromBot, By: byEscalade + a.Rule, Internal: true, Text: a.Text,
			}, func(m Message) time.Time { return m.At })
		}
	}
	t.Ledger = d.Ledger
}

// set records a change of a field and lets the field follow unless something
// later has changed it, recorded or only seen.
func (t *Ticket) set(d Decision, a Action, field string, value *string) {
	from, latest := "", time.Time{}
	known := false
	for _, c := range t.Changes {
		switch {
		case c.Field != field:
		case c.Key == a.Key && a.Key != "":
			return
		case !c.At.After(a.Due) && (!known || !c.At.Before(latest)):
			from, latest, known = c.To, c.At, true
		}
	}
	later := slices.ContainsFunc(t.Changes, func(c Change) bool { return c.Field == field && c.At.After(a.Due) }) ||
		slices.ContainsFunc(d.Ledger.seen, func(s seenValue) bool { return s.Field == field && s.At.After(a.Due) })
	if !known {
		from = t.before(field, *value)
	}
	if !later {
		*value = a.To
	}
	by := byEscalade + a.Rule
	if a.Rule == requestRule && a.By != "" {
		by = a.By
	}
	t.Changes = insert(t.Changes, Change{
		At: a.Due, Field: field, From: from, To: a.To, By: by, Key: a.Key,
	}, func(c Change) time.Time { return c.At })
}

// insert returns a new list with an item at its place in time, after what
// happened at the same instant.
func insert[T any](list []T, item T, at func(T) time.Time) []T {
	i := len(list)
	for i > 0 && at(list[i-1]).After(at(item)) {
		i--
	}
	return slices.Insert(slices.Clip(list), i, item)
}

// before is the value that a field had before its first recorded change.
func (t *Ticket) before(field, value string) string {
	var first *Change
	for i := range t.Changes {
		if c := &t.Changes[i]; c.Field == field && (first == nil || c.At.Before(first.At)) {
			first = c
		}
	}
	if first != nil {
		return first.From
	}
	return value
}
