package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
)

func zendeskWith(fields string) string {
	return fmt.Sprintf(`{"ticket":{"id":5,"requester_id":1,"submitter_id":1,"status":"open","created_at":"2026-03-02T08:00:00Z","updated_at":"2026-03-02T10:00:00Z","description":"Help"%s}}`, fields)
}

func TestZendeskWords(t *testing.T) {
	for own, want := range map[string]string{`"urgent"`: "Critical", `"high"`: "High", `"normal"`: "Medium", `"low"`: "Low", `null`: "", `"odd"`: "odd"} {
		assert.Equal(t, want, read(t, zendeskWith(`,"priority":`+own)).ticket.Priority, own)
	}
	for own, want := range map[string]string{"new": "New", "open": "Open", "pending": "Pending", "hold": "On hold", "solved": "Resolved", "closed": "Closed"} {
		assert.Equal(t, want, read(t, zendeskWith(`,"status":"`+own+`"`)).ticket.Status, own)
	}
}

func TestZendeskRating(t *testing.T) {
	for score, want := range map[string][]float64{`"good"`: {1}, `"bad"`: {0}, `"good_with_comment"`: {1}, `"offered"`: nil, `null`: nil, `3`: nil} {
		var got []float64
		for _, rating := range read(t, zendeskWith(`,"satisfaction_rating":{"score":`+score+`}`)).ticket.Ratings {
			got = append(got, rating.Score)
		}
		assert.Equal(t, want, got, score)
	}
	r := read(t, zendeskWith(`,"satisfaction_rating":"unoffered"`))
	assert.Empty(t, r.ticket.Ratings)
	assert.NotEmpty(t, r.notes) // odd, and no reason to lose the ticket
}

func TestZendeskPlanFromTag(t *testing.T) {
	r := read(t, zendeskWith(`,"tags":["vip_lane","Enterprise","pro"]`))
	r.planFrom([]string{"enterprise", "pro"})
	assert.Equal(t, "enterprise", r.ticket.Customer.Tier)
}

// Who a comment is from, and whether the customer sees it.
func TestZendeskComments(t *testing.T) {
	for _, test := range []struct {
		name, comment, from, by string
		internal                bool
	}{
		{"the requester", `"author_id":1,"public":true`, "customer", "customer:1", false},
		{"anybody else", `"author_id":2,"public":true`, "agent", "agent:2", false},
		{"ids as text", `"author_id":"1","public":true`, "customer", "customer:1", false},
		{"private", `"author_id":2,"public":false`, "agent", "agent:2", true},
		{"a requester who is an agent, in private", `"author_id":1,"public":false`, "agent", "customer:1", true},
		{"it does not say", `"author_id":2`, "agent", "agent:2", true},
		{"it says nonsense", `"author_id":2,"public":"maybe"`, "agent", "agent:2", true},
		{"a trigger", `"author_id":2,"public":true,"via":{"channel":"rule","source":{"from":{"id":44}}}`, "bot", "bot:rule/44", false},
		{"Zendesk itself", `"author_id":-1,"public":true`, "bot", "bot:system", false},
		{"another customer", `"author_id":3,"public":true`, "customer", "customer:3", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := read(t, zendeskWith(""), `{"users":[{"id":3,"role":"end-user"}],"comments":[{"id":9,"body":"x","created_at":"2026-03-02T09:00:00Z",`+test.comment+`}]}`)
			require.Len(t, r.ticket.Messages, 2)
			m := r.ticket.Messages[1]
			assert.Equal(t, escalation.Message{ID: "9", At: clock(9, 0), From: test.from, By: test.by, Internal: test.internal, Text: "x"}, m)
		})
	}
}

// The description is the first comment: one message, under one id, and the
// customer's even if an agent typed it.
func TestZendeskDescriptionOnce(t *testing.T) {
	first := `{"comments":[{"id":8,"body":"Help","public":true,"author_id":2,"created_at":"2026-03-02T08:00:00Z"}]}`
	audit := `{"audit":{"id":1,"ticket_id":5,"author_id":2,"created_at":"2026-03-02T08:00:00Z","events":[{"id":8,"type":"Comment","body":"Help","public":true}]}}`
	want := []escalation.Message{{ID: firstMessage, At: clock(8, 0), From: "customer", By: "customer:1", Text: "Help"}}
	assert.Equal(t, want, read(t, zendeskWith("")).ticket.Messages)
	assert.Equal(t, want, read(t, first, zendeskWith("")).ticket.Messages)
	assert.Equal(t, want, read(t, first, audit, zendeskWith("")).ticket.Messages)
}

// What a trigger changes is not a person's doing.
func TestZendeskAudit(t *testing.T) {
	r := read(t, zendeskWith(`,"priority":"high"`), `{"audit":{"id":1,"ticket_id":5,"author_id":2,"created_at":"2026-03-02T09:00:00Z","via":{"channel":"web"},"events":[
		{"type":"Change","field_name":"status","previous_value":"new","value":"open","via":{"channel":"rule","source":{"from":{"id":44,"title":"x"},"rel":"trigger"}}},
		{"type":"Change","field_name":"priority","previous_value":null,"value":"high"},
		{"type":"Create","field_name":"priority","value":"high"},
		{"type":"Change","field_name":"tags","previous_value":[],"value":["a"]},
		{"type":"Notification","body":"mail"}]}}`)
	assert.Equal(t, []escalation.Change{
		{At: clock(9, 0), Field: "status", From: "New", To: "Open", By: "bot:rule/44"},
		{At: clock(9, 0), Field: "priority", To: "High", By: "agent:2"},
	}, r.ticket.Changes)
}

// Zendesk does not say when a ticket was solved, unless it is asked.
func TestZendeskSolved(t *testing.T) {
	r := read(t, zendeskWith(`,"status":"solved"`))
	assert.Equal(t, clock(10, 0), r.ticket.StatusSince)
	assert.Contains(t, r.notes[len(r.notes)-1], "since its last update")
	r = read(t, zendeskWith(`,"status":"solved","metric_set":{"solved_at":"2026-03-02T09:30:00Z","status_updated_at":"2026-03-02T09:30:00Z"}`))
	assert.Equal(t, clock(9, 30), r.ticket.SolvedAt)
}

// Comments that could be anybody's are not given to somebody.
func TestZendeskCommentsOfWhom(t *testing.T) {
	z := newZendesk()
	for _, doc := range []string{zendeskWith(""), zendeskWith(`,"id":6`), `{"comments":[{"id":1,"author_id":1,"body":"x"}]}`} {
		require.True(t, z.take(newDocument("test", "", []byte(doc))))
	}
	records, strays := z.records()
	require.Len(t, records, 2)
	assert.Len(t, records[0].ticket.Messages, 1)
	assert.Len(t, strays, 1)
}

func TestZendeskTargets(t *testing.T) {
	z := newZendesk()
	require.True(t, z.take(newDocument("sla", "", []byte(`{"sla_policies":[{"title":"T","policy_metrics":[
		{"priority":"urgent","metric":"first_reply_time","target":20},
		{"priority":"normal","metric":"requester_wait_time","target":90},
		{"priority":"low","metric":"first_reply_time","target":-5},
		{"priority":"low","metric":"requester_wait_time","target":1e300}]}]}`))))
	p, _ := z.policy()
	_, err := escalation.Compile(p, nil)
	require.NoError(t, err)
	got := map[string][2]string{}
	for _, row := range p.Priorities {
		got[row.Name] = [2]string{row.FirstResponse.String(), row.Resolution.String()}
	}
	assert.Equal(t, map[string][2]string{"Critical": {"20m", ""}, "High": {}, "Medium": {"", "1h30m"}, "Low": {}}, got)
}
