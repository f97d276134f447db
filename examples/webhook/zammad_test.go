package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
)

func zammadWith(fields string) string {
	return `{"id":58,"number":"70058","title":"T","created_at":"2026-03-02T08:00:00Z","updated_at":"2026-03-02T10:00:00Z","customer_id":40,"owner_id":5` + fields + `}`
}

func TestZammadWords(t *testing.T) {
	for own, want := range map[string]string{
		`"priority":{"id":2,"name":"2 normal"}`: "Medium", `"priority":"3 high"`: "High", `"priority_id":1`: "Low", `"priority_id":9`: "priority 9",
		`"priority":{"name":"4 urgent"},"priority_id":4`: "Critical", `"priority":null,"priority_id":null`: "",
	} {
		assert.Equal(t, want, read(t, zammadWith(`,"state_id":2,`+own)).ticket.Priority, own)
	}
	for own, want := range map[string]string{
		`"state":"new"`: "New", `"state":"pending reminder","state_id":3`: "Pending", `"state_id":7`: "Pending",
		`"state_id":4`: "Resolved", `"state":"closed"`: "Resolved", `"state":"merged"`: "Closed", `"state_id":6`: "state 6",
	} {
		assert.Equal(t, want, read(t, zammadWith(`,"priority_id":2,`+own)).ticket.Status, own)
	}
}

func TestZammadPeople(t *testing.T) {
	r := read(t, zammadWith(`,"state_id":2,"owner":{"id":1,"login":"-","firstname":"-","lastname":""},"customer":{"id":40,"firstname":"Ines","lastname":"Brandt","vip":false},"organization":{"vip":true}`))
	assert.Empty(t, r.ticket.Assignee) // "-" is nobody
	assert.Equal(t, escalation.Customer{ID: "40", Name: "Ines Brandt", VIP: true}, r.ticket.Customer)
	assert.Empty(t, read(t, zammadWith(`,"state_id":2,"owner":"-"`)).ticket.Assignee)
	assert.Equal(t, "emma@example.org", read(t, zammadWith(`,"state_id":2,"owner":"emma@example.org"`)).ticket.Assignee)
	assert.Equal(t, "5", read(t, zammadWith(`,"state_id":2`)).ticket.Assignee)
	assert.Equal(t, "70058", r.ticket.ID) // what the customer is told
}

func TestZammadStandIns(t *testing.T) {
	r := read(t, zammadWith(`,"state_id":4,"first_response_at":"2026-03-02T08:20:00Z","last_contact_agent_at":"2026-03-02T08:30:00Z","last_contact_customer_at":"2026-03-02T09:00:00Z","close_at":"2026-03-02T09:30:00Z"`))
	assert.Equal(t, clock(8, 20), r.ticket.FirstReplyAt)
	assert.Equal(t, clock(8, 30), r.ticket.LastReplyAt)
	assert.Equal(t, clock(9, 0), r.ticket.WaitingSince)
	assert.Equal(t, clock(9, 30), r.ticket.SolvedAt)
	r = read(t, zammadWith(`,"state_id":2,"last_contact_agent_at":"2026-03-02T09:30:00Z","last_contact_customer_at":"2026-03-02T09:00:00Z"`))
	assert.Zero(t, r.ticket.WaitingSince) // the agent wrote last
}

func TestZammadArticles(t *testing.T) {
	for _, test := range []struct {
		name, article, from string
		internal            bool
		text                string
	}{
		{"the customer", `"sender":"Customer","internal":false,"body":"a<br>b","content_type":"text/html; charset=utf-8"`, "customer", false, "a\nb"},
		{"plain text is not HTML", `"sender":"Customer","internal":false,"body":"a<br>b","content_type":"text/plain"`, "customer", false, "a<br>b"},
		{"an agent", `"sender":"Agent","internal":false,"body":"x"`, "agent", false, "x"},
		{"a note", `"sender":"Agent","internal":true,"body":"x"`, "agent", true, "x"},
		{"by id", `"sender_id":2,"internal":false,"body":"x"`, "customer", false, "x"},
		{"the system", `"sender":"System","internal":false,"body":"x"`, "bot", false, "x"},
		{"forwarded in private", `"sender":"Customer","internal":true,"body":"x"`, "agent", true, "x"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := read(t, `{"ticket":`+zammadWith(`,"state":"open"`)+`,"article":{"id":1,"ticket_id":58,"created_at":"2026-03-02T09:00:00Z",`+test.article+`}}`)
			require.Len(t, r.ticket.Messages, 1)
			m := r.ticket.Messages[0]
			assert.Equal(t, []any{test.from, test.internal, test.text}, []any{m.From, m.Internal, m.Text})
		})
	}
}

// Each webhook brings one article; those of several are gathered, each once, and
// the latest state of the ticket counts.
func TestZammadSeveralWebhooks(t *testing.T) {
	hook := func(article, at, state string) string {
		return `{"ticket":` + zammadWith(`,"state":"`+state+`","updated_at":"`+at+`"`) + `,"article":{"id":` + article + `,"ticket_id":58,"sender":"Customer","internal":false,"body":"x","content_type":"text/plain","created_at":"` + at + `"}}`
	}
	r := read(t, hook("2", "2026-03-02T11:00:00Z", "open"), hook("1", "2026-03-02T09:00:00Z", "new"), hook("2", "2026-03-02T11:00:00Z", "open"))
	assert.Equal(t, "Open", r.ticket.Status)
	require.Len(t, r.ticket.Messages, 2)
	assert.Equal(t, "1", r.ticket.Messages[0].ID)
}
