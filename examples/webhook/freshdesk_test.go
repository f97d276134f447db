package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func freshdeskWith(fields string) string {
	return `{"id":3,"status":2,"priority":2,"requester_id":8,"responder_id":2,"created_at":"2026-03-02T08:00:00Z","updated_at":"2026-03-02T10:00:00Z"` + fields + `}`
}

func TestFreshdeskWords(t *testing.T) {
	for own, want := range map[string]string{"1": "Low", "2": "Medium", "3": "High", "4": "Critical", `"4"`: "Critical", "null": "", "9": "priority 9"} {
		assert.Equal(t, want, read(t, freshdeskWith(`,"priority":`+own)).ticket.Priority, own)
	}
	for own, want := range map[string]string{
		"2": "Open", "3": "Pending", "4": "Resolved", "5": "Closed", "8": "status 8",
		`6,"status_name":"Waiting on Customer"`: "Pending", `7,"status_name":"Waiting on Third Party"`: "On hold",
	} {
		assert.Equal(t, want, read(t, freshdeskWith(`,"status":`+own)).ticket.Status, own)
	}
}

func TestFreshdeskDescription(t *testing.T) {
	for fields, want := range map[string]string{
		`"description":"<p>a &amp; b</p>","description_text":"plain"`:            "plain",
		`"description":"<p>a &amp; b</p>"`:                                       "a & b",
		`"description":"1 <b>2</b>","description_html":"<div>1 &lt;b&gt;</div>"`: "1 <b>2</b>", // version 1: plain
	} {
		m := read(t, freshdeskWith(","+fields)).ticket.Messages
		require.Len(t, m, 1)
		assert.Equal(t, want, m[0].Text, fields)
	}
}

// Conversations come in any order, with private notes and deleted ones.
func TestFreshdeskConversations(t *testing.T) {
	r := read(t, freshdeskWith(`,"requester":{"id":999,"name":"Teo"},"conversations":[
		{"id":2,"incoming":false,"private":true,"user_id":2,"body":"<p>n</p>","created_at":"2026-03-02T11:00:00+02:00","attachments":[{"name":"a.txt"}]},
		{"id":1,"incoming":false,"private":false,"user_id":2,"body_text":"r","created_at":"2026-03-02T08:30:00Z"},
		{"id":4,"incoming":true,"private":false,"user_id":8,"body_text":"gone","deleted":true,"created_at":"2026-03-02T09:00:00Z"},
		{"id":5,"incoming":true,"private":true,"user_id":70,"body_text":"a third party","created_at":"2026-03-02T09:40:00Z"},
		{"id":3,"incoming":true,"private":false,"user_id":8,"body_text":"c","created_at":"2026-03-02T09:30:00Z"}]`))
	var got [][]any
	for _, m := range r.ticket.Messages[1:] {
		got = append(got, []any{m.ID, m.From, m.Internal, m.Text})
	}
	assert.Equal(t, [][]any{{"1", "agent", false, "r"}, {"2", "agent", true, "n"}, {"3", "customer", false, "c"}, {"5", "agent", true, "a third party"}}, got)
	assert.Equal(t, clock(9, 0), r.ticket.Messages[2].At) // the offset counts
	assert.Equal(t, []string{"a.txt"}, r.ticket.Messages[2].Attachments)
	assert.Equal(t, "8", r.ticket.Customer.ID) // not requester.id
	assert.Equal(t, "Teo", r.ticket.Customer.Name)
}

// Conversations in a file of their own find their ticket, whichever comes first.
func TestFreshdeskJoined(t *testing.T) {
	conversation := `{"id":1,"ticket_id":3,"incoming":true,"private":false,"user_id":8,"body_text":"c","created_at":"2026-03-02T09:30:00Z"}`
	assert.Len(t, read(t, conversation, freshdeskWith("")).ticket.Messages, 2)
	assert.Len(t, read(t, freshdeskWith(""), `{"conversations":[`+conversation+`]}`, conversation).ticket.Messages, 2)
}

func TestFreshdeskStats(t *testing.T) {
	r := read(t, freshdeskWith(`,"status":5,"stats":{"first_responded_at":"2026-03-02T08:10:00Z","agent_responded_at":"2026-03-02T08:40:00Z","requester_responded_at":"2026-03-02T08:50:00Z",
		"resolved_at":"2026-03-02T09:00:00Z","closed_at":"2026-03-02T09:30:00Z","status_updated_at":"2026-03-02T09:31:00Z","pending_since":""}`))
	assert.Equal(t, clock(8, 10), r.ticket.FirstReplyAt)
	assert.Equal(t, clock(8, 40), r.ticket.LastReplyAt)
	assert.Equal(t, clock(9, 0), r.ticket.SolvedAt)
	assert.Equal(t, clock(9, 30), r.ticket.StatusSince)
	require.Len(t, r.ticket.Messages, 2) // the customer has written again, nobody knows what
	assert.Equal(t, clock(8, 50), r.ticket.Messages[1].At)

	r = read(t, freshdeskWith(`,"stats":{"first_responded_at":"2020-01-01T00:00:00Z","requester_responded_at":"2026-03-02T08:00:20Z"}`))
	assert.Zero(t, r.ticket.FirstReplyAt) // before the ticket: no reply to it
	assert.Contains(t, r.notes, "stats.first_responded_at is older than the ticket; it is passed over")
	assert.Len(t, r.ticket.Messages, 1) // the description itself

	r = read(t, freshdeskWith(`,"status":3,"stats":{"status_updated_at":"2026-03-02T09:31:00Z","pending_since":"2026-03-02T09:30:00Z"}`))
	assert.Equal(t, clock(9, 30), r.ticket.StatusSince)
}
