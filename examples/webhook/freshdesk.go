package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/escalade-go/escalade/escalation"
)

// freshdesk reads tickets and conversations of Freshdesk's API, version 2, and
// the tickets of version 1, whose lists are still around.
//
// Ask for ?include=stats,requester,conversations and everything is there.
type freshdesk struct {
	tickets       []freshdeskTicket
	conversations []freshdeskConversation
}

type freshdeskTicket struct {
	from            string
	notes           []string
	ID              text                    `json:"id"`
	Subject         text                    `json:"subject"`
	Description     text                    `json:"description"`      // HTML in version 2, plain in version 1
	DescriptionText text                    `json:"description_text"` // version 2
	DescriptionHTML text                    `json:"description_html"` // version 1
	Priority        text                    `json:"priority"`         // 1 to 4
	PriorityName    text                    `json:"priority_name"`
	Status          text                    `json:"status"` // 2 to 5, and the account's own from 6
	StatusName      text                    `json:"status_name"`
	Type            text                    `json:"type"`
	RequesterID     text                    `json:"requester_id"`
	RequesterName   text                    `json:"requester_name"`
	ResponderID     text                    `json:"responder_id"`
	Tags            []text                  `json:"tags"`
	Spam            truth                   `json:"spam"`
	Deleted         truth                   `json:"deleted"`
	CreatedAt       instant                 `json:"created_at"`
	UpdatedAt       instant                 `json:"updated_at"`
	Attachments     []freshdeskFile         `json:"attachments"`
	Conversations   []freshdeskConversation `json:"conversations"`
	// The requester's id is left out: samples of Freshdesk show another one than
	// in requester_id, which the conversations refer to.
	Requester struct {
		Name text `json:"name"`
	} `json:"requester"`
	Stats freshdeskStats `json:"stats"`
}

type freshdeskStats struct {
	FirstResponded     instant `json:"first_responded_at"`
	AgentResponded     instant `json:"agent_responded_at"`
	RequesterResponded instant `json:"requester_responded_at"`
	Resolved           instant `json:"resolved_at"`
	Closed             instant `json:"closed_at"`
	StatusUpdated      instant `json:"status_updated_at"`
	PendingSince       instant `json:"pending_since"`
}

type freshdeskConversation struct {
	file        string
	ID          text            `json:"id"`
	TicketID    text            `json:"ticket_id"`
	Body        text            `json:"body"` // HTML
	BodyText    text            `json:"body_text"`
	Incoming    truth           `json:"incoming"`
	Private     truth           `json:"private"`
	Deleted     truth           `json:"deleted"`
	UserID      text            `json:"user_id"`
	CreatedAt   instant         `json:"created_at"`
	Attachments []freshdeskFile `json:"attachments"`
}

type freshdeskFile struct {
	Name text `json:"name"`
}

var (
	freshdeskPriorities = map[text]text{"1": "low", "2": "medium", "3": "high", "4": "urgent"}
	freshdeskStatuses   = map[text]text{"2": "open", "3": "pending", "4": "resolved", "5": "closed"}
)

func newFreshdesk() *freshdesk { return &freshdesk{} }

func (*freshdesk) name() string { return "Freshdesk" }

// words: the "waiting on" statuses come with a new account under ids from 6 up,
// which are not the same everywhere; their names are.
func (*freshdesk) words() words {
	return words{
		priorities: map[string]string{"urgent": "Critical", "high": "High", "medium": "Medium", "low": "Low"},
		statuses: map[string]string{
			"open": "Open", "pending": "Pending", "resolved": "Resolved", "closed": "Closed",
			"waiting on customer": "Pending", "waiting on third party": "On hold",
		},
	}
}

func (*freshdesk) policy() (escalation.Policy, []string) { return escalation.Standard(), nil }

func (f *freshdesk) take(doc document) bool {
	if isFreshdeskTicket(doc.keys.within("ticket")) {
		t := freshdeskTicket{from: doc.from}
		t.notes = decode(inner(doc, "ticket"), &t)
		f.tickets = append(f.tickets, t)
		f.keep(doc.file, t.ID, t.Conversations)
		items, _ := list(doc.keys["conversations"])
		f.read(doc.file, t.ID, items)
		return true
	}
	if items, ok := list(doc.keys["conversations"]); ok && len(items) > 0 && isFreshdeskConversation(object(items[0])) {
		f.read(doc.file, "", items)
		return true
	}
	if isFreshdeskConversation(doc.keys) {
		f.read(doc.file, "", []json.RawMessage{doc.raw})
		return true
	}
	return false
}

func isFreshdeskTicket(k keys) bool {
	return k.any("responder_id", "fr_escalated", "fr_due_by", "frDueBy", "description_text") ||
		k.any("requester_id") && kindOf(k["status"]) == '0' && kindOf(k["priority"]) == '0'
}

func isFreshdeskConversation(k keys) bool {
	return k.any("incoming", "private") && k.any("body", "body_text") && k.any("ticket_id", "user_id")
}

func (f *freshdesk) read(file string, ticket text, items []json.RawMessage) {
	for _, raw := range items {
		var c freshdeskConversation
		decode(raw, &c)
		f.keep(file, ticket, []freshdeskConversation{c})
	}
}

func (f *freshdesk) keep(file string, ticket text, conversations []freshdeskConversation) {
	for _, c := range conversations {
		c.file, c.TicketID = file, cmp.Or(c.TicketID, ticket) // inside a ticket they do not always name it
		f.conversations = append(f.conversations, c)
	}
}

func (f *freshdesk) records() (out []*record, strays []string) {
	tickets, notes := newest(f.tickets, func(t freshdeskTicket) text { return t.ID },
		func(t freshdeskTicket) instant { return t.UpdatedAt }, func(t freshdeskTicket) instant { return t.CreatedAt })
	for _, t := range tickets {
		if t.Spam.value || t.Deleted.value {
			strays = append(strays, fmt.Sprintf("%s: Freshdesk ticket %s is in the bin or marked as spam; nothing is decided about it", t.from, t.ID))
			continue
		}
		r := f.record(t)
		if n := notes[t.ID]; n != "" {
			r.note("%s", n)
		}
		out = append(out, r)
	}
	var lost []stray
	for _, c := range f.conversations {
		if !slices.ContainsFunc(tickets, func(t freshdeskTicket) bool { return t.ID == c.TicketID }) {
			lost = append(lost, stray{c.file, "Freshdesk conversation", string(c.TicketID)})
		}
	}
	return out, append(strays, report(lost)...)
}

func (f *freshdesk) record(t freshdeskTicket) *record {
	r := &record{from: t.from, notes: slices.Clone(t.notes), updated: t.UpdatedAt.Time}
	r.ticket = escalation.Ticket{
		ID: string(t.ID), Subject: string(t.Subject), Assignee: string(t.ResponderID), Tags: texts(t.Tags), CreatedAt: t.CreatedAt.Time,
		Priority: coded(t.Priority, t.PriorityName, freshdeskPriorities, "priority"),
		Status:   coded(t.Status, t.StatusName, freshdeskStatuses, "status"),
		Customer: escalation.Customer{ID: string(t.RequesterID), Name: string(cmp.Or(t.Requester.Name, t.RequesterName))},
		// "Question" is a kind, not a topic: a Category is what the customer is told
		// that the next team specializes in.
		Fields: map[string]any{"type": string(t.Type)},
	}
	r.say(escalation.Message{
		ID: firstMessage, At: t.CreatedAt.Time, From: escalation.FromCustomer, By: "customer:" + string(t.RequesterID),
		Text: t.description(), Attachments: fileNames(t.Attachments),
	})
	f.tell(r, t)
	f.stats(r, t)
	if len(r.ticket.Messages) == 1 && t.Stats == (freshdeskStats{}) {
		r.note("neither conversations nor stats were given, so no reply is known of")
	}
	r.sort()
	return r
}

// coded is the word for a number. The name, where the account gives one, is
// better only for numbers of its own; the rest is renamed freely on screens.
func coded(number, name text, known map[text]text, what string) string {
	word := cmp.Or(known[number], name)
	if word == "" && number != "" {
		return what + " " + string(number) // unknown, and reported under this name
	}
	return string(word)
}

func (t freshdeskTicket) description() string {
	switch {
	case t.DescriptionText != "":
		return string(t.DescriptionText)
	case t.DescriptionHTML != "": // version 1, where description is plain
		return string(cmp.Or(t.Description, text(htmlText(string(t.DescriptionHTML)))))
	}
	return htmlText(string(t.Description))
}

// tell adds the conversations, but for the deleted ones.
func (f *freshdesk) tell(r *record, t freshdeskTicket) {
	seen := map[text]bool{}
	for _, c := range f.conversations {
		if c.TicketID != t.ID || seen[c.ID] || c.Deleted.value {
			continue
		}
		seen[c.ID] = c.ID != ""
		m := escalation.Message{
			ID: string(c.ID), At: c.CreatedAt.Time, From: escalation.FromAgent, By: "agent:" + string(c.UserID),
			Text: string(c.BodyText), Attachments: fileNames(c.Attachments),
		}
		if m.Text == "" {
			m.Text = htmlText(string(c.Body))
		}
		if c.Incoming.value {
			m.From, m.By = escalation.FromCustomer, "customer:"+string(c.UserID)
		}
		m.Internal = hidden(c.Private, m.From)
		r.say(m)
	}
}

// stats stand in for what the conversations do not tell.
func (f *freshdesk) stats(r *record, t freshdeskTicket) {
	s := t.Stats
	r.ticket.FirstReplyAt = r.standIn("stats.first_responded_at", s.FirstResponded)
	r.ticket.LastReplyAt = r.standIn("stats.agent_responded_at", s.AgentResponded)
	r.ticket.SolvedAt = r.standIn("stats.resolved_at", s.Resolved)
	r.ticket.StatusSince = r.standIn("stats.status_updated_at", s.StatusUpdated)
	switch strings.ToLower(r.ticket.Status) {
	case "pending":
		if since := r.standIn("stats.pending_since", s.PendingSince); !since.IsZero() {
			r.ticket.StatusSince = since
		}
	case "closed":
		if since := r.standIn("stats.closed_at", s.Closed); !since.IsZero() {
			r.ticket.StatusSince = since
		}
	}
	// WaitingSince would be passed over here, because the description is a message
	// of the customer. So the customer's last one is added, without its words.
	at := r.standIn("stats.requester_responded_at", s.RequesterResponded)
	if at.After(f.lastWritten(r).Add(time.Minute)) { // the same message may be dated a moment apart
		r.say(escalation.Message{
			ID: "stats/requester_responded_at", At: at, From: escalation.FromCustomer, By: "customer:" + string(t.RequesterID),
		})
	}
}

func (*freshdesk) lastWritten(r *record) (last time.Time) {
	for _, m := range r.ticket.Messages {
		if m.From == escalation.FromCustomer && m.At.After(last) {
			last = m.At
		}
	}
	return last
}

func fileNames(files []freshdeskFile) []string {
	var names []string
	for _, file := range files {
		names = append(names, string(file.Name))
	}
	return names
}
