package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/escalation/playbook"
)

// A sample is a team and one of its tickets.
type sample struct {
	profile playbook.Profile
	ticket  escalation.Ticket
	events  []event
	says    phrases
}

// phrases are what the example itself says.
type phrases struct {
	life, nothing, delivered string
	days                     [7]string
}

// An event is what happens to the ticket from outside, and when.
type event struct {
	at      time.Time
	text    string // in the printout
	happens func(*escalation.Ticket)
}

var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func after(d time.Duration) time.Time { return monday.Add(d) }

func writes(id, from string, d time.Duration, text string) event {
	who := map[string]string{"customer": "Maria", "agent": "Jo"}[from]
	return event{after(d), who + ": " + text, func(t *escalation.Ticket) {
		t.Messages = append(t.Messages, escalation.Message{ID: id, At: after(d), From: from, By: from + ":" + who, Text: text})
	}}
}

func changes(d time.Duration, shown, field, to string) event {
	return event{after(d), shown, func(t *escalation.Ticket) {
		change := escalation.Change{At: after(d), Field: field, To: to, By: "agent:Jo"}
		switch field {
		case "status":
			change.From, t.Status = t.Status, to
		case "assignee":
			change.From, t.Assignee = t.Assignee, to
		}
		t.Changes = append(t.Changes, change)
	}}
}

// live lives through the ticket as its host would: something happens, or the next check
// has come; ask, act, sleep.
func live(w io.Writer, engine *escalation.Engine, s sample) error {
	ticket, events := s.ticket, s.events
	at := ticket.CreatedAt
	for {
		when := stamp(at, s.says)
		margin := strings.Repeat(" ", utf8.RuneCountInString(when))
		for len(events) > 0 && !events[0].at.After(at) {
			events[0].happens(&ticket)
			fmt.Fprintf(w, "%s  %s\n", when, events[0].text)
			events, when = events[1:], margin
		}
		d, err := engine.Decide(ticket, at)
		if err != nil {
			return err
		}
		d.Apply(&ticket) // a host does this in its own tables
		for _, r := range d.Reasons {
			if did := proposed(r, d.Actions, s.says); did != "" {
				fmt.Fprintf(w, "%s    → %s\n%s      %s: %s\n", when, did, margin, r.Rule, r.Because)
				when = margin
			}
		}
		if len(events) == 0 && (d.NextCheck.IsZero() || !d.NextCheck.After(at)) {
			fmt.Fprintf(w, "\n%s\n", s.says.nothing)
			return nil
		}
		at = d.NextCheck
		if len(events) > 0 && (at.IsZero() || events[0].at.Before(at)) {
			at = events[0].at
		}
	}
}

// proposed is what a rule has led to, without what another rule does already.
func proposed(r escalation.Reason, actions []escalation.Action, says phrases) string {
	var did []string
	for _, a := range actions {
		if !slices.ContainsFunc(r.Effects, func(e escalation.Effect) bool { return e.Key == a.Key }) {
			continue
		}
		what := strings.TrimSpace(strings.ReplaceAll(a.Do, "_", " ") + " " + a.To)
		if a.DeliverAt.After(a.Due) {
			what += fmt.Sprintf(" (%s %s)", says.delivered, stamp(a.DeliverAt, says))
		}
		did = append(did, what)
	}
	return strings.Join(did, ", ")
}

func stamp(at time.Time, p phrases) string {
	return p.days[at.Weekday()] + at.Format(" 15:04")
}
