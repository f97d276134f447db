package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/escalade-go/escalade/escalation"
)

// newYear is when the year begins.
var newYear = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// A life is a ticket as it is created, and all that people will do to it.
type life struct {
	ticket escalation.Ticket
	events []event
}

// An event is a message, or a field that takes a value.
type event struct {
	at        time.Time
	message   *escalation.Message
	field, to string
}

// happens records it in the ticket.
func (e *event) happens(t *escalation.Ticket) {
	if e.message != nil {
		t.Messages = append(t.Messages, *e.message)
		return
	}
	field := &t.Status
	if e.field == "priority" {
		field = &t.Priority
	}
	t.Changes = append(t.Changes, escalation.Change{At: e.at, Field: e.field, From: *field, To: e.to, By: "agent:7"})
	*field = e.to
}

// opens reports whether the ticket is open after it.
func (e *event) opens(t *escalation.Ticket) bool {
	solved := t.Status == "Resolved" || t.Status == "Closed"
	return !solved || e.message != nil && e.message.From == escalation.FromCustomer && t.Status == "Resolved"
}

var (
	asked = []string{
		"The export stops halfway. Could you have a look?", "I cannot find last month's invoice.", "How do I add a colleague to our account?",
		"The numbers in the report do not add up.", "Since the update the page stays empty.", "You charged me twice for March.",
	}
	again = []string{
		"I am still waiting for an answer.", "Thank you, but it happens again.", "Here is the file that you asked for.", "Any news?",
		"This is unacceptable. The worst service I have seen.", "Our lawyer would like to know, too.", "Yes, that is right.",
	}
	answers = []string{"We are looking into it.", "Could you send us the file?", "Please try again now.", "This is a known problem and will be mended this week."}
)

// lives makes up what happens to a number of tickets in a number of days.
func lives(seed uint64, tickets, days int) []life {
	list := make([]life, tickets)
	for i := range list {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		created := newYear.Add(time.Duration(r.Int64N(int64(days)*24*3600)) * time.Second)
		list[i] = live(r, fmt.Sprintf("T-%d", i+1), created)
	}
	return list
}

// live makes up one ticket.
func live(r *rand.Rand, id string, created time.Time) life {
	t := escalation.Ticket{
		ID: id, Subject: "Question", Status: "New", CreatedAt: created,
		Priority: pick(r, "Critical", "High", "High", "Medium", "Medium", "Medium", "Medium", "Low", "Low", "Low"),
		Customer: escalation.Customer{ID: fmt.Sprint("c", r.IntN(300)), Tier: pick(r, "Free", "Free", "Pro", "Pro", "Enterprise"), VIP: r.IntN(40) == 0},
	}
	l := life{ticket: t}
	now := created
	wait := func(most time.Duration) { // most often much less
		share := r.Float64()
		now = now.Add(time.Duration(share * share * share * float64(most))).Truncate(time.Second).Add(time.Second)
	}
	says := func(from, text string) {
		m := escalation.Message{ID: fmt.Sprintf("%s/%d", id, len(l.events)+1), At: now, From: from, Text: text}
		if from == escalation.FromAgent {
			m.By = "agent:7"
		}
		l.events = append(l.events, event{at: now, message: &m})
	}
	sets := func(field, to string) { l.events = append(l.events, event{at: now, field: field, to: to}) }

	says(escalation.FromCustomer, pick(r, asked...))
	wait(10 * time.Hour)
	if r.IntN(50) == 0 {
		wait(40 * 24 * time.Hour) // forgotten
	}
	sets("status", "Open")
	for range 1 + r.IntN(4) {
		wait(16 * time.Hour)
		if r.IntN(8) == 0 {
			sets("priority", pick(r, "Critical", "High", "Medium", "Low"))
			wait(time.Hour)
		}
		says(escalation.FromAgent, pick(r, answers...))
		if r.IntN(2) == 0 {
			sets("status", pick(r, "Pending", "Pending", "On hold"))
		}
		wait(48 * time.Hour)
		says(escalation.FromCustomer, pick(r, again...))
		wait(2 * time.Hour)
		sets("status", "Open")
	}
	wait(48 * time.Hour)
	says(escalation.FromAgent, "That should do it.")
	sets("status", "Resolved")
	if r.IntN(6) == 0 { // it did not
		wait(72 * time.Hour)
		says(escalation.FromCustomer, pick(r, again...))
		wait(8 * time.Hour)
		sets("status", "Open")
		wait(24 * time.Hour)
		says(escalation.FromAgent, "Now it should.")
		sets("status", "Resolved")
	}
	now = now.Add(5 * 24 * time.Hour)
	sets("status", "Closed")
	return l
}

func pick(r *rand.Rand, list ...string) string { return list[r.IntN(len(list))] }
