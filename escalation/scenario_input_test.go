package escalation_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/sentiment"
)

// read is a ticket as a host's JSON has it.
func read(t *testing.T, src string) *story {
	t.Helper()
	s := tell(t, standard)
	s.ticket = escalation.Ticket{}
	require.NoError(t, json.Unmarshal([]byte(src), &s.ticket))
	return s
}

func TestScenarioBadNames(t *testing.T) {
	ticket := func(fields string) string {
		return `{"id":"T-1","created_at":"2026-03-02T09:00:00Z","status":"Open","priority":"High","tier":"Tier 1"` + fields + `}`
	}
	for name, bad := range map[string]struct {
		fields string
		codes  []string
	}{
		"null priority":        {`,"priority":null`, nil},
		"no priority":          {`,"priority":" "`, []string{"no_priority"}},
		"unknown priority":     {`,"priority":"P1"`, []string{"unknown_priority"}},
		"unknown status":       {`,"status":"Escalated to vendor"`, []string{"unknown_status"}},
		"unknown tier":         {`,"tier":"Tier 9"`, []string{"unknown_tier"}},
		"nulls everywhere":     {`,"tags":null,"customer":null,"messages":null,"changes":null,"ledger":null,"case":null,"contacts":null,"revenue_impact":null,"fields":null,"ratings":null`, nil},
		"keys nobody knows":    {`,"via":{"channel":"web"},"organisation_id":7`, nil},
		"an unknown sender":    {`,"messages":[{"id":"1","at":"2026-03-02T09:01:00Z","from":"vendor","text":"The worst."}]`, []string{"unknown_sender"}},
		"nothing in a message": {`,"messages":[{}]`, []string{"no_time", "unknown_sender"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := read(t, ticket(bad.fields))
			a := s.ask("Tue 09:00")
			assert.Equal(t, append([]string{}, bad.codes...), a.problems())
			a.includes("Tue 09:00 alert team lead: nobody left behind") // whatever is wrong
		})
	}
	t.Run("JSON null for the priority: no clock runs, rules are judged", func(t *testing.T) {
		s := read(t, `{"id":"T-1","created_at":"2026-03-02T09:00:00Z","priority":null,"customer":{"vip":true}}`)
		a := s.ask("Mon 20:00").does("Mon 09:00 escalate Tier 2: VIP")
		assert.Empty(t, a.Clocks)
		assert.Equal(t, []string{"no_priority"}, a.problems())
	})
	t.Run("an unknown status counts as open, an unknown tier as the lowest", func(t *testing.T) {
		a := tell(t, only(t, "VIP", "nobody left behind")).given(func(k *escalation.Ticket) { k.Customer.VIP, k.Tier, k.Status = true, "L7", "?" }).ask("Tue 09:00")
		a.does("Mon 09:00 escalate Tier 2: VIP", "Tue 09:00 alert team lead: nobody left behind")
	})
	t.Run("a ticket without an id or a creation time is an error", func(t *testing.T) {
		for _, bad := range []escalation.Ticket{{}, {ID: "T-1"}, {CreatedAt: at("Mon 09:00")}} {
			_, err := standard.Decide(bad, at("Tue 09:00"))
			assert.ErrorContains(t, err, "the ticket has no")
			_, err = standard.Escalate(bad, escalation.Request{Reason: "policy_exception"}, at("Tue 09:00"))
			assert.ErrorContains(t, err, "the ticket has no")
		}
	})
	t.Run("an id and a creation time are enough", func(t *testing.T) {
		d, err := standard.Decide(escalation.Ticket{ID: "T-1", CreatedAt: at("Mon 09:00")}, at("Tue 09:00"))
		require.NoError(t, err)
		answer{t, d}.does("Tue 09:00 alert team lead: nobody left behind")
		d, err = standard.Decide(escalation.Ticket{ID: "T-1", CreatedAt: at("Mon 09:00")}, time.Time{})
		require.NoError(t, err)
		assert.Empty(t, d.Actions)
	})
}

func TestScenarioBadMessages(t *testing.T) {
	e := only(t, "Customer Sentiment Escalation")
	codes := func(a answer) map[string]bool {
		m := map[string]bool{}
		for _, c := range a.problems() {
			m[c] = true
		}
		return m
	}
	t.Run("any order is put in order", func(t *testing.T) {
		s := tell(t, with(rule("calm again", `sentiment == "calm"`, `notify("manager")`))).mood("Mon 11:00", sentiment.Calm, 0).mood("Mon 10:00", sentiment.Angry, -0.8)
		assert.Equal(t, []string{"unsorted"}, s.ask("Mon 12:00").does("Mon 11:00 notify manager: calm again").problems())
	})
	t.Run("of an id that is there twice the earlier one counts", func(t *testing.T) {
		s := tell(t, e)
		s.ticket.Messages = []escalation.Message{
			{ID: "a", At: at("Mon 11:00"), From: "customer", Text: "The worst."}, {ID: "a", At: at("Mon 10:00"), From: "customer", Text: "Hello"},
		}
		a := s.ask("Mon 12:00").doesNothing()
		assert.Equal(t, map[string]bool{"unsorted": true, "duplicate_message": true}, codes(a))
	})
	t.Run("messages without id are told apart, and fire once each", func(t *testing.T) {
		s := tell(t, e)
		s.ticket.Messages = []escalation.Message{{At: at("Mon 10:00"), From: "customer", Text: "The worst."}, {At: at("Mon 11:00"), From: "customer", Text: "The worst."}}
		a := s.ask("Mon 12:00").includes("Mon 10:00 flag review: Customer Sentiment Escalation", "Mon 11:00 flag review: Customer Sentiment Escalation")
		assert.Len(t, a.Reasons, 2)
		s.ask("Mon 13:00").doesNothing()
	})
	t.Run("without a time or before the creation: dated at the creation", func(t *testing.T) {
		s := tell(t, e)
		s.ticket.Messages = []escalation.Message{{ID: "a", From: "customer", Text: "Terrible."}, {ID: "b", At: at("Mon 08:59"), From: "customer", Text: "Hello"}}
		a := s.ask("Mon 12:00").includes("Mon 09:00 flag review: Customer Sentiment Escalation")
		assert.Equal(t, map[string]bool{"no_time": true, "before_creation": true}, codes(a))
	})
	t.Run("of the future: passed over until then", func(t *testing.T) {
		s := tell(t, e).customer("Wed 09:00", "Terrible.")
		assert.Equal(t, []string{"in_future"}, s.ask("Mon 12:00").doesNothing().checks("Wed 09:00").problems())
		assert.Empty(t, s.ask("Wed 09:00").includes("Wed 09:00 flag review: Customer Sentiment Escalation").problems())
	})
	t.Run("invalid UTF-8 is read as far as it goes", func(t *testing.T) {
		s := tell(t, e).customer("Mon 09:05", "\xff\xfe Terrible.\xc3").given(func(k *escalation.Ticket) { k.Subject = "\xff legal \xe2\x82" })
		a := s.ask("Mon 12:00").includes("Mon 09:05 flag review: Customer Sentiment Escalation")
		assert.Equal(t, map[string]bool{"invalid_text": true}, codes(a))
	})
	t.Run("of a mail of 5 MB the beginning is read", func(t *testing.T) {
		s := tell(t, standard).customer("Mon 09:05", "Terrible. "+strings.Repeat("é> wort\n", 600_000)).given(func(k *escalation.Ticket) { k.Subject = strings.Repeat("issue ", 800_000) })
		began := time.Now()
		a := s.ask("Mon 12:00").includes("Mon 09:05 flag review: Customer Sentiment Escalation")
		assert.Less(t, time.Since(began), 5*time.Second)
		assert.Contains(t, a.problems(), "text_cut")
	})
	t.Run("of a subject of 5 MB rules see the beginning, and a pattern no more", func(t *testing.T) {
		e := with(rule("order", `ticket.subject matches "ORDER (.{1,100} ){1,2}!"`, `add_tag("order")`), rule("end", `ticket.subject contains "the end"`, `add_tag("end")`))
		s := tell(t, e).given(func(k *escalation.Ticket) {
			k.Subject = "My ORDER 17 ! " + strings.Repeat("é", 2_500_000) + " the end"
		})
		began := time.Now()
		s.ask("Mon 09:00").does("Mon 09:00 add_tag order: order")
		assert.Less(t, time.Since(began), 5*time.Second)
	})
	t.Run("10,000 messages take a moment and no more", func(t *testing.T) {
		for _, from := range []string{"customer", "bot", "agent"} {
			s := tell(t, standard).customer("Mon 09:00", "The worst.")
			for n := range 10_000 {
				s.ticket.Messages = append(s.ticket.Messages, escalation.Message{
					ID: fmt.Sprint("n", n), At: at("Mon 09:00").Add(time.Duration(n) * time.Minute), From: from, Text: "Terrible, I am still waiting.",
				})
			}
			began := time.Now()
			d, err := standard.Decide(s.ticket, at("Tue+1 09:00"))
			require.NoError(t, err)
			assert.NotEmpty(t, d.Actions)
			assert.Less(t, time.Since(began), 20*time.Second, from)
			t.Log(from, time.Since(began).Round(time.Millisecond))
		}
	})
}

func TestScenarioBadFigures(t *testing.T) {
	for name, v := range map[string]float64{"NaN": math.NaN(), "+Inf": math.Inf(1), "-Inf": math.Inf(-1)} {
		t.Run(name+" is unknown", func(t *testing.T) {
			s := tell(t, only(t, "revenue", "VIP Fast-Track")).given(func(k *escalation.Ticket) { k.RevenueImpact, k.Customer.LTV = &v, &v })
			a := s.ask("Mon 12:00").doesNothing()
			assert.Equal(t, []string{"invalid_figure", "invalid_figure"}, a.problems())
			_, err := json.Marshal(a.Decision)
			assert.NoError(t, err)
			s = tell(t, only(t, "Customer Sentiment Escalation")).message(escalation.Message{
				At: at("Mon 09:05"), From: "customer", Text: "The worst.", Sentiment: &escalation.Sentiment{Score: v},
			})
			s.ask("Mon 12:00").includes("Mon 09:05 flag review: Customer Sentiment Escalation")
		})
	}
	t.Run("no LTV and no revenue are unknown", func(t *testing.T) {
		a := tell(t, only(t, "revenue", "VIP Fast-Track")).ask("Mon 12:00").doesNothing()
		assert.Empty(t, a.problems())
	})
}

func TestScenarioBadChanges(t *testing.T) {
	s := read(t, `{"id":"T-1","created_at":"2026-03-02T09:00:00Z","status":"Open","priority":"High","contacts":3,"changes":[
		{"at":"2026-03-02T09:10:00Z","field":"shoe size","from":41,"to":42.5,"by":"agent:1"},
		{"at":"2026-03-02T09:20:00Z","field":"priority","from":null,"to":"High"},
		{"at":"2026-03-02T09:30:00Z","field":"assignee","from":"anna","to":null},
		{"at":"2026-03-02T09:40:00Z","field":"contacts","from":2,"to":3},
		{"at":"2026-03-02T09:50:00Z","field":"revenue_impact","from":false,"to":"a lot"},
		{"field":"status","from":"New","to":"Open","via":{}},{}]}`)
	a := s.ask("Mon 10:00")
	a.includes("Mon 09:40 escalate Tier 2: third contact")
	assert.Equal(t, "Mon 09:00", clock(a.clock("first_response").Started))
	assert.Equal(t, "", a.Assignee)
	t.Run("a change from nothing to a priority starts the promise, not the clock", func(t *testing.T) {
		a := s.look("Mon 10:00")
		assert.Equal(t, time.Hour, a.clock("first_response").Target)
	})
	t.Run("a log that holds a list for another field spoils nothing", func(t *testing.T) {
		var ticket escalation.Ticket
		err := json.Unmarshal([]byte(`{"id":"T-1","created_at":"2026-03-02T09:00:00Z","changes":[
			{"at":"2026-03-02T09:10:00Z","field":"tags","from":["a"],"to":["a","b"]}]}`), &ticket)
		assert.NoError(t, err)
	})
}

func TestScenarioBadValuesInTheLog(t *testing.T) {
	s := tell(t, standard)
	s.ticket.Changes = []escalation.Change{
		{At: at("Mon 11:00"), Field: "priority", From: "Urgent", To: "High"},
		{At: at("Mon 11:30"), Field: "revenue_impact", From: "10", To: "a lot"},
		{At: at("Mon 11:40"), Field: "contacts", From: "1", To: "NaN"},
	}
	s.ticket.Priority = "High"
	assert.ElementsMatch(t, []string{"unknown_priority", "invalid_figure", "invalid_figure"}, s.look("Mon 12:00").problems())
	s.ticket.Changes = []escalation.Change{{At: at("Mon 11:00"), Field: "priority", To: "High"}}
	assert.ElementsMatch(t, []string{"no_priority", "in_future"}, s.look("Mon 10:00").problems(), "nobody said what it was before")
}

func TestScenarioOneWordInThreeFields(t *testing.T) {
	s := tell(t, standard)
	s.ticket.Status, s.ticket.Priority, s.ticket.Tier = "none", "none", "none"
	assert.ElementsMatch(t, []string{"unknown_status", "unknown_priority", "unknown_tier"}, s.look("Mon 10:00").problems())
}

func TestScenarioBadLedgers(t *testing.T) {
	t.Run("of a newer release: what is known is read, the rest is written back", func(t *testing.T) {
		s := tell(t, standard).given(func(k *escalation.Ticket) { k.Customer.VIP = true })
		src := `{"v":2,"seq":7,"at":"2026-03-02T09:30:00Z","policy":"x","moon":"full",
			"rules":{"VIP":{"":{"held":true,"n":1,"rise":"2026-03-02T09:00:00Z","fired":"2026-03-02T09:00:00Z"}}}}`
		require.NoError(t, json.Unmarshal([]byte(src), &s.ticket.Ledger))
		out, err := json.Marshal(s.ask("Mon 09:40").doesNothing().Ledger)
		require.NoError(t, err)
		var ledger map[string]any
		require.NoError(t, json.Unmarshal(out, &ledger))
		assert.Equal(t, []any{2.0, 8.0, "full"}, []any{ledger["v"], ledger["seq"], ledger["moon"]})
	})
	for _, garbage := range []string{
		`{}`, `null`, `{"v":1}`, `{"x":1}`, `{"v":-4,"seq":-1}`, `{"v":1,"at":"0001-01-01T00:00:00Z","rules":null}`,
		`{"v":1,"at":"2026-03-02T09:00:00Z","rules":{"VIP":null,"gone":{"":{"n":3}},"SLA at risk":{"":{"n":-3},"x/y":{"n":1,"held":true},"resolution/x+":{}}}}`,
		`{"v":1,"at":"1970-01-01T00:00:00Z","tiers":[{"at":"0001-01-01T00:00:00Z","to":"Tier 77"},{"at":"9999-01-01T00:00:00Z","to":"tier 3"}],"seen":[{}]}`,
		`{"v":1,"at":"2026-03-02T09:00:00Z","rules":{"nobody left behind":{"":{"held":true,"n":2,"repeat":-9,"rise":"0001-01-01T00:00:00Z","fired":"9999-01-01T00:00:00Z"}}}}`,
		`{"v":1,"seq":9223372036854775807,"at":"2026-03-02T09:00:00Z","asked":-7}`,
	} {
		t.Run("garbage is lived with: "+garbage, func(t *testing.T) {
			s := tell(t, standard)
			require.NoError(t, json.Unmarshal([]byte(garbage), &s.ticket.Ledger))
			s.ask("Tue 12:00")
			_, err := json.Marshal(s.ticket.Ledger)
			require.NoError(t, err)
		})
	}
	t.Run("no ledger at all is an error where it is read", func(t *testing.T) {
		for _, src := range []string{`7`, `"x"`, `[]`, `{"v":"one"}`, `{"v":1,"at":"noon"}`} {
			var l escalation.Ledger
			assert.Error(t, json.Unmarshal([]byte(src), &l), src)
		}
	})
}
