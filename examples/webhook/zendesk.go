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

// zendesk reads tickets, comments, audits and SLA policies of Zendesk Support.
//
// Zendesk's ticket has no history: it says neither when it was solved nor who
// answered. Give it along with its comments and audits, or at least with its
// metric set (?include=metric_sets), and the clocks are right.
type zendesk struct {
	tickets  []zendeskTicket
	comments []zendeskComments
	audits   []zendeskAudit
	users    map[text]zendeskUser
	policies []zendeskPolicy
}

type zendeskTicket struct {
	from        string
	notes       []string
	ID          text    `json:"id"`
	Subject     text    `json:"subject"` // raw_subject may hold {{placeholders}}
	Description text    `json:"description"`
	Type        text    `json:"type"`
	Priority    text    `json:"priority"` // null until somebody sets it
	Status      text    `json:"status"`
	RequesterID text    `json:"requester_id"`
	AssigneeID  text    `json:"assignee_id"`
	Tags        []text  `json:"tags"`
	CreatedAt   instant `json:"created_at"`
	UpdatedAt   instant `json:"updated_at"`
	Rating      struct {
		Score text `json:"score"`
	} `json:"satisfaction_rating"`
	Metrics struct {
		SolvedAt        instant `json:"solved_at"`
		StatusUpdatedAt instant `json:"status_updated_at"`
	} `json:"metric_set"`
	Via zendeskVia `json:"via"`
}

// zendeskVia tells by what way something happened.
type zendeskVia struct {
	Channel text `json:"channel"`
	Source  struct {
		From struct {
			ID   text `json:"id"`
			Name text `json:"name"`
		} `json:"from"`
	} `json:"source"`
}

type zendeskComments struct {
	from   string
	ticket text // empty: Zendesk's list of comments does not say whose they are
	notes  []string
	List   []zendeskComment `json:"comments"`
	Users  []zendeskUser    `json:"users"`
	Next   text             `json:"next_page"`
	Meta   struct {
		HasMore truth `json:"has_more"`
	} `json:"meta"`
}

type zendeskComment struct {
	ID          text       `json:"id"`
	AuthorID    text       `json:"author_id"`
	Body        text       `json:"body"`
	PlainBody   text       `json:"plain_body"`
	HTMLBody    text       `json:"html_body"`
	Public      truth      `json:"public"`
	CreatedAt   instant    `json:"created_at"`
	Via         zendeskVia `json:"via"`
	Attachments []struct {
		Name text `json:"file_name"`
	} `json:"attachments"`
}

type zendeskUser struct {
	ID   text `json:"id"`
	Name text `json:"name"`
	Role text `json:"role"`
}

type zendeskAudit struct {
	file      string
	notes     []string
	ID        text           `json:"id"`
	TicketID  text           `json:"ticket_id"`
	AuthorID  text           `json:"author_id"`
	CreatedAt instant        `json:"created_at"`
	Via       zendeskVia     `json:"via"`
	Events    []zendeskEvent `json:"events"`
}

// zendeskEvent is a Change, a Create, a Comment, or one of many that we pass over.
type zendeskEvent struct {
	zendeskComment
	Type     text `json:"type"`
	Field    text `json:"field_name"`
	Previous text `json:"previous_value"`
	Value    text `json:"value"`
}

type zendeskPolicy struct {
	from   string
	notes  []string
	Title  text `json:"title"`
	Filter struct {
		All []zendeskCondition `json:"all"`
		Any []zendeskCondition `json:"any"`
	} `json:"filter"`
	Metrics []struct {
		Priority      text    `json:"priority"`
		Metric        text    `json:"metric"`
		Minutes       float64 `json:"target"`
		BusinessHours truth   `json:"business_hours"`
	} `json:"policy_metrics"`
}

type zendeskCondition struct {
	Field    text `json:"field"`
	Operator text `json:"operator"`
	Value    text `json:"value"`
}

func newZendesk() *zendesk { return &zendesk{users: map[text]zendeskUser{}} }

func (*zendesk) name() string { return "Zendesk" }

// words: "hold" is Zendesk's name for the status On-hold. Custom statuses belong
// to one of these six; custom_status_id is only what agents see.
func (*zendesk) words() words {
	return words{
		priorities: map[string]string{"urgent": "Critical", "high": "High", "normal": "Medium", "low": "Low"},
		statuses: map[string]string{
			"new": "New", "open": "Open", "pending": "Pending", "hold": "On hold", "solved": "Resolved", "closed": "Closed",
		},
	}
}

func (z *zendesk) take(doc document) bool {
	ticket, taken := text(""), false
	if k := doc.keys.within("ticket"); isZendeskTicket(k) {
		t := zendeskTicket{from: doc.from}
		t.notes = decode(inner(doc, "ticket"), &t)
		z.tickets, ticket, taken = append(z.tickets, t), t.ID, true
	}
	if kindOf(doc.keys["comments"]) == '[' && (taken || areZendeskComments(doc.keys)) {
		c := zendeskComments{from: doc.from, ticket: ticket}
		c.notes = decode(doc.raw, &c)
		for _, u := range c.Users {
			z.users[u.ID] = u
		}
		z.comments, taken = append(z.comments, c), true
	}
	audits, _ := list(doc.keys["audits"])
	if k := doc.keys.within("audit"); kindOf(k["events"]) == '[' && k.any("ticket_id") {
		audits = append(audits, inner(doc, "audit"))
	}
	for _, raw := range audits {
		a := zendeskAudit{file: doc.file}
		a.notes = decode(raw, &a)
		z.audits, taken = append(z.audits, a), true
	}
	policies, _ := list(doc.keys["sla_policies"])
	if k := doc.keys.within("sla_policy"); k.any("policy_metrics") {
		policies = append(policies, inner(doc, "sla_policy"))
	}
	for _, raw := range policies {
		p := zendeskPolicy{from: doc.from}
		p.notes = decode(raw, &p)
		z.policies, taken = append(z.policies, p), true
	}
	return taken
}

func isZendeskTicket(k keys) bool {
	return k.any("status") && kindOf(k["status"]) != '0' && k.any("requester_id", "submitter_id", "raw_subject") && !isZammadTicket(k) && !isFreshdeskTicket(k)
}

func areZendeskComments(k keys) bool {
	comments, _ := list(k["comments"])
	return len(comments) == 0 || object(comments[0]).any("author_id", "public", "html_body")
}

func (z *zendesk) records() (out []*record, strays []string) {
	id := func(t zendeskTicket) text { return t.ID }
	tickets, notes := newest(z.tickets, id,
		func(t zendeskTicket) instant { return t.UpdatedAt }, func(t zendeskTicket) instant { return t.CreatedAt })
	known := func(ticket text) bool {
		return slices.ContainsFunc(tickets, func(t zendeskTicket) bool { return t.ID == ticket })
	}
	for i, c := range z.comments {
		switch {
		case c.ticket != "":
		case len(tickets) == 1:
			z.comments[i].ticket = tickets[0].ID
			z.comments[i].notes = append(c.notes, fmt.Sprintf("the comments in %s do not say whose they are; this is the only ticket they can belong to", c.from))
		default:
			strays = append(strays, fmt.Sprintf("%s: %d Zendesk comments, which do not say whose they are; give them along with their ticket, and no other", c.from, len(c.List)))
		}
	}
	var lost []stray
	for _, a := range z.audits {
		if !known(a.TicketID) {
			lost = append(lost, stray{a.file, "Zendesk audit", string(a.TicketID)})
		}
	}
	for _, t := range tickets {
		r := z.record(t)
		if n := notes[t.ID]; n != "" {
			r.note("%s", n)
		}
		out = append(out, r)
	}
	return out, append(strays, report(lost)...)
}

// record joins a ticket with its comments and audits.
func (z *zendesk) record(t zendeskTicket) *record {
	r := &record{from: t.from, notes: slices.Clone(t.notes), updated: t.UpdatedAt.Time}
	r.ticket = escalation.Ticket{
		ID: string(t.ID), Subject: string(t.Subject), Priority: string(t.Priority), Status: string(t.Status), Assignee: string(t.AssigneeID),
		Tags: texts(t.Tags), CreatedAt: t.CreatedAt.Time,
		Customer: escalation.Customer{ID: string(t.RequesterID), Name: string(z.users[t.RequesterID].Name)},
		// "incident" and "question" are kinds, not topics: a Category is what the
		// customer is told that the next team specializes in.
		Fields: map[string]any{"type": string(t.Type)},
	}
	if t.Via.Channel == "email" && r.ticket.Customer.Name == "" {
		r.ticket.Customer.Name = string(t.Via.Source.From.Name)
	}
	r.ticket.SolvedAt = r.standIn("metric_set.solved_at", t.Metrics.SolvedAt)
	r.ticket.StatusSince = r.standIn("metric_set.status_updated_at", t.Metrics.StatusUpdatedAt)
	z.rate(r, t)
	z.tell(r, t)
	for _, a := range z.audits {
		if a.TicketID == t.ID {
			r.notes = append(r.notes, a.notes...)
			z.change(r, t, a)
		}
	}
	r.sort()
	return r
}

// rate keeps the customer's verdict, which is text. "offered" and "unoffered"
// mean that there is none yet; "good_with_comment" is what searches write.
func (z *zendesk) rate(r *record, t zendeskTicket) {
	switch score, _, _ := strings.Cut(string(t.Rating.Score), "_"); score {
	case "good":
		r.ticket.Ratings = []escalation.Rating{{At: r.updated, Score: 1, Max: 1}}
	case "bad":
		r.ticket.Ratings = []escalation.Rating{{At: r.updated, Score: 0, Max: 1}}
	}
}

// tell adds the description and all comments, also those that only the audits
// hold. The description is the first comment; it is there twice if the comments
// are given too.
func (z *zendesk) tell(r *record, t zendeskTicket) {
	var all []zendeskComment
	for _, c := range z.comments {
		if c.ticket != t.ID {
			continue
		}
		all = append(all, c.List...)
		r.notes = append(r.notes, c.notes...)
		if c.Meta.HasMore.value || c.Next != "" {
			r.note("%s is one page of the comments; there are more", c.from)
		}
	}
	for _, a := range z.audits {
		for _, e := range a.Events {
			if a.TicketID != t.ID || e.Type != "Comment" {
				continue
			}
			c := e.zendeskComment
			c.AuthorID, c.CreatedAt = cmp.Or(c.AuthorID, a.AuthorID), a.CreatedAt
			if c.Via.Channel == "" {
				c.Via = a.Via
			}
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b zendeskComment) int { return a.CreatedAt.Compare(b.CreatedAt.Time) })
	seen := map[text]bool{}
	opened := false
	for _, c := range all {
		if c.ID == "" && c.text() == "" || seen[c.ID] {
			continue
		}
		seen[c.ID] = c.ID != ""
		m := escalation.Message{ID: string(c.ID), At: c.CreatedAt.Time, Text: c.text()}
		m.From, m.By = z.author(t, c.AuthorID, c.Via)
		m.Internal = hidden(truth{c.Public.known, !c.Public.value}, m.From)
		for _, a := range c.Attachments {
			m.Attachments = append(m.Attachments, string(a.Name))
		}
		if !opened && !m.Internal && (same(m.Text, t.Description) || !m.At.IsZero() && !m.At.After(t.CreatedAt.Time)) {
			opened = true
			// What opens a ticket is the customer's concern, also where an agent has
			// typed it for a caller. As an agent's reply it would stop the clock.
			m.ID, m.From, m.By = firstMessage, escalation.FromCustomer, "customer:"+string(t.RequesterID)
		}
		r.say(m)
	}
	if len(all) == 0 {
		r.note("neither comments nor audits were given, so no reply is known of")
	}
	if !opened && t.Description != "" {
		r.say(escalation.Message{
			ID: firstMessage, At: t.CreatedAt.Time, Text: string(t.Description),
			From: escalation.FromCustomer, By: "customer:" + string(t.RequesterID),
		})
	}
}

func same(message string, description text) bool {
	return strings.TrimSpace(message) == strings.TrimSpace(string(description))
}

func (c zendeskComment) text() string {
	if plain := cmp.Or(c.Body, c.PlainBody); plain != "" {
		return string(plain)
	}
	return htmlText(string(c.HTMLBody))
}

// author tells who did something. Without the users (?include=users) only the
// requester is known not to be an agent.
func (z *zendesk) author(t zendeskTicket, id text, via zendeskVia) (from, by string) {
	switch {
	case via.Channel == "rule": // a trigger or an automation, under the name of whoever set it off
		return escalation.FromBot, "bot:rule/" + string(via.Source.From.ID)
	case id == "-1": // Zendesk itself
		return escalation.FromBot, "bot:system"
	case id != "" && id == t.RequesterID, z.users[id].Role == "end-user":
		return escalation.FromCustomer, "customer:" + string(id)
	}
	return escalation.FromAgent, "agent:" + string(id)
}

// zendeskFields are the fields whose changes matter, under the engine's names.
var zendeskFields = map[text]string{"status": "status", "priority": "priority", "assignee_id": "assignee", "subject": "subject"}

// change adds the changes of an audit. A trigger's is not a person's: it must not
// make an abandoned ticket look tended.
func (z *zendesk) change(r *record, t zendeskTicket, a zendeskAudit) {
	for _, e := range a.Events {
		field := zendeskFields[e.Field]
		// A Create tells the first value. Only of a status is it news that the
		// ticket has had it from the beginning: it may have been created solved.
		if field == "" || e.Type != "Change" && (e.Type != "Create" || field != "status") {
			continue
		}
		via := e.Via
		if via.Channel == "" {
			via = a.Via
		}
		_, by := z.author(t, a.AuthorID, via)
		r.ticket.Changes = append(r.ticket.Changes, escalation.Change{
			At: a.CreatedAt.Time, Field: field, From: string(e.Previous), To: string(e.Value), By: by,
		})
	}
}

// policy is the standard one, with the targets of the SLA policy that was given,
// if one was. What that policy does not promise, nobody promises.
func (z *zendesk) policy() (escalation.Policy, []string) {
	p := escalation.Standard()
	if len(z.policies) == 0 {
		return p, nil
	}
	given := z.policies[0]
	about := append([]string{fmt.Sprintf("%s is a Zendesk SLA policy (%q), not a ticket; its targets hold for the Zendesk tickets given along with it", given.from, given.Title)}, given.notes...)
	if len(z.policies) > 1 {
		about = append(about, fmt.Sprintf("of %d SLA policies the first is used", len(z.policies)))
	}
	if conditions := slices.Concat(given.Filter.All, given.Filter.Any); len(conditions) > 0 {
		about = append(about, fmt.Sprintf("the SLA policy's filter (%s) is not looked at", conditionsOf(conditions)))
	}
	for i := range p.Priorities {
		row := &p.Priorities[i]
		row.FirstResponse, row.NextResponse, row.Resolution = sla.Target{}, sla.Target{}, sla.Target{}
		for _, m := range given.Metrics {
			if z.words().priorities[strings.ToLower(string(m.Priority))] != row.Name {
				continue
			}
			target, ok := minutes(m.Minutes)
			if !ok {
				continue
			}
			switch m.Metric {
			case "first_reply_time":
				row.FirstResponse = target
			case "next_reply_time":
				row.NextResponse = target
			case "requester_wait_time": // of the two, the one without pending time, as our resolution clock
				row.Resolution = target
			default:
				about = append(about, fmt.Sprintf("the SLA policy's %s has no counterpart here", m.Metric))
			}
			if m.BusinessHours.value {
				about = append(about, "the SLA policy counts business hours, but does not say which; here every hour counts")
			}
		}
	}
	slices.Sort(about[1:])
	return p, slices.Compact(about)
}

func conditionsOf(list []zendeskCondition) string {
	var out []string
	for _, c := range list {
		out = append(out, strings.Join([]string{string(c.Field), string(c.Operator), string(c.Value)}, " "))
	}
	return strings.Join(out, ", ")
}

// minutes is a target of so many minutes, if that is one: above zero, at most ten years.
func minutes(n float64) (sla.Target, bool) {
	if !(n > 0 && n <= 10*366*24*60) {
		return sla.Target{}, false
	}
	return sla.Within(time.Duration(n * float64(time.Minute))), true
}
