package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/sla"
)

// A record is a ticket as the engine wants it, and what a person should know of
// how it was read.
type record struct {
	from    string // the file
	ticket  escalation.Ticket
	updated time.Time // when the helpdesk last changed the ticket, in whatever way
	notes   []string
}

// firstMessage is the id of what the ticket was opened with. Helpdesks give it no
// id in the ticket and one among the comments. A rule looks at each message once,
// by its id: with two ids, the same words would count twice.
const firstMessage = "description"

func (r *record) note(format string, args ...any) {
	if n := fmt.Sprintf(format, args...); !slices.Contains(r.notes, n) {
		r.notes = append(r.notes, n)
	}
}

// say adds a message.
func (r *record) say(m escalation.Message) {
	// What the customer cannot see is not the customer's: it is the answer of
	// somebody else to a forwarded mail, or a requester who is an agent.
	if m.Internal && m.From == escalation.FromCustomer {
		m.From = escalation.FromAgent
	}
	r.ticket.Messages = append(r.ticket.Messages, m)
}

// sort puts messages and changes in order. Helpdesks list them newest first, by
// id, or in no order; the engine would sort them too, but tell of it.
func (r *record) sort() {
	slices.SortStableFunc(r.ticket.Messages, func(a, b escalation.Message) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(r.ticket.Changes, func(a, b escalation.Change) int { return a.At.Compare(b.At) })
}

// hidden reports whether a message is kept from the customer. Where the payload
// does not say, it is, unless the customer wrote it: better a reply that is not
// counted than a note that is passed on.
func hidden(internal truth, from string) bool {
	if !internal.known {
		return from != escalation.FromCustomer
	}
	return internal.value
}

// standIn returns an instant that stands for missing history, or none if the
// ticket did not exist then: a reply before the question would stop the clock.
func (r *record) standIn(field string, at instant) time.Time {
	if !at.IsZero() && at.Before(r.ticket.CreatedAt) {
		r.note("%s is older than the ticket; it is passed over", field)
		return time.Time{}
	}
	return at.Time
}

// statusByUpdate dates a status that stops or pauses clocks by the last update,
// where the payload does not say when the ticket came to it. That is too late
// rather than too early, so no time that the customer has waited is lost.
func (r *record) statusByUpdate(p escalation.Policy) {
	t := &r.ticket
	recorded := slices.ContainsFunc(t.Changes, func(c escalation.Change) bool { return c.Field == "status" })
	if recorded || !t.StatusSince.IsZero() || !t.SolvedAt.IsZero() || r.updated.Before(t.CreatedAt) {
		return
	}
	if category := categoryOf(t.Status, p); category.Pauses() || category.Ends() {
		t.StatusSince = r.updated
		r.note("nothing tells since when the ticket is %s; it is taken to be so since its last update", t.Status)
	}
}

// categoryOf is what a status means; one that the policy does not declare counts
// as open.
func categoryOf(status string, p escalation.Policy) sla.Category {
	i := slices.IndexFunc(p.Statuses, func(s escalation.Status) bool { return strings.EqualFold(s.Name, status) })
	if i < 0 {
		return sla.Open
	}
	return p.Statuses[i].Category
}

// A stray belongs to a ticket that was not given.
type stray struct{ file, what, ticket string }

// report tells of strays, in a line for each file and ticket.
func report(all []stray) (lines []string) {
	count := map[stray]int{}
	for _, s := range all {
		count[s]++
	}
	for _, s := range all {
		n := count[s]
		if n == 0 {
			continue // told already
		}
		delete(count, s)
		plural := ""
		if n > 1 {
			plural = "s"
		}
		lines = append(lines, fmt.Sprintf("%s: %d %s%s of ticket %s, which is not among the files; give the ticket too",
			s.file, n, s.what, plural, cmp.Or(s.ticket, "(no id)")))
	}
	return lines
}

// planFrom takes the customer's plan from the tags. Helpdesks know organisations,
// but not what they pay; teams tag what matters to them.
func (r *record) planFrom(plans []string) {
	for _, plan := range plans {
		if slices.ContainsFunc(r.ticket.Tags, func(tag string) bool { return strings.EqualFold(tag, plan) }) {
			r.ticket.Customer.Tier = plan
			return
		}
	}
}

// latest is the last instant at which the payloads know of something happening.
func (r *record) latest() time.Time {
	t := &r.ticket
	all := []time.Time{t.CreatedAt, r.updated, t.FirstReplyAt, t.LastReplyAt, t.WaitingSince, t.StatusSince, t.SolvedAt}
	for _, m := range t.Messages {
		all = append(all, m.At)
	}
	for _, c := range t.Changes {
		all = append(all, c.At)
	}
	return slices.MaxFunc(all, time.Time.Compare)
}

// newest picks, of several payloads of one ticket, the last. What was said in
// between is not lost: messages are collected apart.
func newest[T any](tickets []T, id func(T) text, updated, created func(T) instant) (kept []T, notes map[text]string) {
	notes = map[text]string{}
	for _, t := range tickets {
		i := slices.IndexFunc(kept, func(k T) bool { return id(k) == id(t) && id(t) != "" })
		if i < 0 {
			kept = append(kept, t)
			continue
		}
		if !created(t).Equal(created(kept[i]).Time) {
			notes[id(t)] = "two payloads of this ticket differ in when it was created (are they of two accounts?); the one updated last is judged"
		}
		if updated(t).After(updated(kept[i]).Time) {
			kept[i] = t
		}
	}
	return kept, notes
}
