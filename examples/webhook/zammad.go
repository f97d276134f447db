package main

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/escalade-go/escalade/escalation"
)

// zammad reads the body of Zammad's webhooks (a ticket and its latest article),
// and the tickets and articles of its REST API.
//
// Each webhook brings one article. Keep them, or pass the files of several
// webhooks: the articles of a ticket are gathered.
type zammad struct {
	tickets  []zammadTicket
	articles []zammadArticle
}

type zammadTicket struct {
	from           string
	notes          []string
	ID             text       `json:"id"`
	Number         text       `json:"number"`
	Title          text       `json:"title"`
	Priority       zammadName `json:"priority"` // an object in webhooks, text in ?expand=true, else absent
	PriorityID     text       `json:"priority_id"`
	State          zammadName `json:"state"` // text in webhooks, else absent
	StateID        text       `json:"state_id"`
	Owner          zammadName `json:"owner"`
	OwnerID        text       `json:"owner_id"`
	Customer       zammadName `json:"customer"`
	CustomerID     text       `json:"customer_id"`
	Organization   zammadName `json:"organization"`
	Tags           []text     `json:"tags"`
	ArticleCount   text       `json:"article_count"`
	CreatedAt      instant    `json:"created_at"`
	UpdatedAt      instant    `json:"updated_at"`
	FirstReply     instant    `json:"first_response_at"`
	Closed         instant    `json:"close_at"`
	AgentContact   instant    `json:"last_contact_agent_at"`
	CustomerTurned instant    `json:"last_contact_customer_at"`
}

type zammadArticle struct {
	file        string
	notes       []string
	ID          text       `json:"id"`
	TicketID    text       `json:"ticket_id"`
	Body        text       `json:"body"`
	ContentType text       `json:"content_type"`
	Internal    truth      `json:"internal"`
	Sender      zammadName `json:"sender"`
	SenderID    text       `json:"sender_id"`
	CreatedBy   text       `json:"created_by_id"`
	CreatedAt   instant    `json:"created_at"`
	Attachments []struct {
		Name text `json:"filename"`
	} `json:"attachments"`
}

// zammadName is what Zammad writes as an object in webhooks and as its name in
// the REST API.
type zammadName struct{ name, email, id, vip text }

func (n *zammadName) UnmarshalJSON(src []byte) error {
	var full struct{ Name, Firstname, Lastname, Login, Email, ID, VIP text }
	if kindOf(src) == '{' {
		_ = json.Unmarshal(src, &full) // its fields take anything
		person := text(strings.TrimSpace(string(full.Firstname + " " + full.Lastname)))
		*n = zammadName{name: cmp.Or(full.Name, person, full.Email, full.Login), email: cmp.Or(full.Email, full.Login), id: full.ID, vip: full.VIP}
		return nil
	}
	return json.Unmarshal(src, &n.name)
}

// The ids of a fresh installation. Admins may add, remove and rename; give
// ?expand=true to get names. Id 6 was one state and then another, so it is none
// here. The system user, id 1 and named "-", owns what nobody owns.
var (
	zammadPriorities = map[text]text{"1": "1 low", "2": "2 normal", "3": "3 high"}
	zammadStates     = map[text]text{"1": "new", "2": "open", "3": "pending reminder", "4": "closed", "5": "merged", "7": "pending close"}
	zammadSenders    = map[text]text{"1": "Agent", "2": "Customer", "3": "System"}
)

const zammadNobody = "1"

func newZammad() *zammad { return &zammad{} }

func (*zammad) name() string { return "Zammad" }

// words: a customer who writes on a closed ticket opens it again, which is what
// the standard policy calls Resolved. In groups where that is switched off
// ("follow up possible: no") it should be Closed.
func (*zammad) words() words {
	return words{
		priorities: map[string]string{"low": "Low", "normal": "Medium", "high": "High", "urgent": "Critical", "critical": "Critical"},
		statuses: map[string]string{
			"new": "New", "open": "Open", "pending reminder": "Pending", "pending close": "Pending",
			"closed": "Resolved", "merged": "Closed", "removed": "Closed",
		},
	}
}

func (*zammad) policy() (escalation.Policy, []string) { return escalation.Standard(), nil }

func (z *zammad) take(doc document) (taken bool) {
	var ticket zammadTicket
	if isZammadTicket(doc.keys.within("ticket")) {
		ticket.from = doc.from
		ticket.notes = decode(inner(doc, "ticket"), &ticket)
		z.tickets, taken = append(z.tickets, ticket), true
	}
	if k := doc.keys.within("article"); isZammadArticle(k) {
		a := zammadArticle{file: doc.file}
		a.notes = decode(inner(doc, "article"), &a)
		a.TicketID = cmp.Or(a.TicketID, ticket.ID)
		z.articles, taken = append(z.articles, a), true
	}
	return taken
}

func isZammadTicket(k keys) bool {
	return k.any("state_id", "priority_id") || k.any("title") && k.any("state") && k.any("owner_id", "customer_id", "article_count")
}

func isZammadArticle(k keys) bool {
	return k.any("ticket_id") && k.any("body") && k.any("sender", "sender_id", "content_type")
}

func (z *zammad) records() (out []*record, strays []string) {
	tickets, notes := newest(z.tickets, func(t zammadTicket) text { return t.ID },
		func(t zammadTicket) instant { return t.UpdatedAt }, func(t zammadTicket) instant { return t.CreatedAt })
	for _, t := range tickets {
		r := z.record(t)
		if n := notes[t.ID]; n != "" {
			r.note("%s", n)
		}
		out = append(out, r)
	}
	var lost []stray
	for _, a := range z.articles {
		if !slices.ContainsFunc(tickets, func(t zammadTicket) bool { return t.ID == a.TicketID }) {
			lost = append(lost, stray{a.file, "Zammad article", string(a.TicketID)})
		}
	}
	return out, report(lost)
}

func (z *zammad) record(t zammadTicket) *record {
	r := &record{from: t.from, notes: slices.Clone(t.notes), updated: t.UpdatedAt.Time}
	r.ticket = escalation.Ticket{
		// Customers know the number, not the id, and are told it as their reference.
		ID: string(cmp.Or(t.Number, t.ID)), Subject: string(t.Title), Priority: t.priority(), Status: t.status(), Assignee: t.owner(),
		Tags: texts(t.Tags), CreatedAt: t.CreatedAt.Time,
		Customer: escalation.Customer{
			ID: string(cmp.Or(t.CustomerID, t.Customer.id)), Name: string(t.Customer.name),
			VIP: t.Customer.vip == "true" || t.Organization.vip == "true",
		},
		Fields: map[string]any{"zammad_id": string(t.ID)},
	}
	z.tell(r, t)
	r.ticket.FirstReplyAt = r.standIn("first_response_at", t.FirstReply)
	r.ticket.LastReplyAt = r.standIn("last_contact_agent_at", t.AgentContact)
	r.ticket.SolvedAt = r.standIn("close_at", t.Closed)
	if t.CustomerTurned.After(t.AgentContact.Time) { // the customer wrote last, and waits
		r.ticket.WaitingSince = r.standIn("last_contact_customer_at", t.CustomerTurned)
	}
	r.sort()
	return r
}

// priority is the name without the number that makes Zammad sort it: "2 normal"
// is normal.
func (t zammadTicket) priority() string {
	name := string(cmp.Or(t.Priority.name, zammadPriorities[t.PriorityID]))
	if name == "" && t.PriorityID != "" {
		return "priority " + string(t.PriorityID) // unknown, and reported under this name
	}
	if number, rest, ok := strings.Cut(name, " "); ok {
		if _, err := strconv.Atoi(number); err == nil {
			return rest
		}
	}
	return name
}

func (t zammadTicket) status() string {
	name := string(cmp.Or(t.State.name, zammadStates[t.StateID]))
	if name == "" && t.StateID != "" {
		return "state " + string(t.StateID)
	}
	return name
}

// owner is who has the ticket. An owner "-" is nobody.
func (t zammadTicket) owner() string {
	if t.Owner.name == "-" || t.Owner.email == "-" || t.OwnerID == zammadNobody {
		return ""
	}
	return string(cmp.Or(t.Owner.name, t.OwnerID))
}

// tell adds the articles of a ticket, each once: every webhook repeats the last.
func (z *zammad) tell(r *record, t zammadTicket) {
	seen := map[text]bool{}
	for _, a := range z.articles {
		if a.TicketID != t.ID || seen[a.ID] {
			continue
		}
		seen[a.ID] = a.ID != ""
		r.notes = append(r.notes, a.notes...)
		m := escalation.Message{ID: string(a.ID), At: a.CreatedAt.Time, Text: a.text()}
		// The sender counts, not who created it: an agent types what a caller says.
		switch cmp.Or(a.Sender.name, zammadSenders[a.SenderID]) {
		case "Customer":
			m.From, m.By = escalation.FromCustomer, "customer:"+r.ticket.Customer.ID
		case "Agent":
			m.From, m.By = escalation.FromAgent, "agent:"+string(a.CreatedBy)
		default:
			m.From, m.By = escalation.FromBot, "bot:zammad"
		}
		m.Internal = hidden(a.Internal, m.From)
		for _, file := range a.Attachments {
			m.Attachments = append(m.Attachments, string(file.Name))
		}
		r.say(m)
	}
	if all, err := strconv.Atoi(string(t.ArticleCount)); err == nil && len(r.ticket.Messages) > 0 && len(r.ticket.Messages) < all {
		r.note("articles given: %d of %d", len(r.ticket.Messages), all)
	}
}

func (a zammadArticle) text() string {
	if strings.HasPrefix(strings.ToLower(string(a.ContentType)), "text/html") {
		return htmlText(string(a.Body))
	}
	return string(a.Body)
}
