package handoff_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/handoff"
)

// The three messages, word for word.
func TestMessages(t *testing.T) {
	c := full()
	got, err := c.Acknowledgment()
	require.NoError(t, err)
	assert.Equal(t, "I've escalated your case to our Technical/Specialist Support team who specializes in billing disputes. "+
		"They'll be reaching out within 4 hours. Your case reference is 4711.", got)

	got, err = c.Message()
	require.NoError(t, err)
	assert.Equal(t, "Escalating ticket #4711 to Dana Ortiz. Maria was charged twice for May (2 × $49.00). "+
		"Customer is frustrated. Resolution is due at 18:00 UTC today. Full context attached.", got)

	got, err = c.FollowUp()
	require.NoError(t, err)
	assert.Equal(t, "Following up on your escalated issue. The second charge was refunded today. Is there anything else I can help with?", got)
}

func TestMessageSlots(t *testing.T) {
	ack, msg, fol := handoff.Case.Acknowledgment, handoff.Case.Message, handoff.Case.FollowUp
	tests := []struct {
		name   string
		write  func(handoff.Case) (string, error)
		change func(*handoff.Case)
		want   string
	}{
		{"tier for team", ack, func(c *handoff.Case) { c.Team = "" }, "to our Tier 2 team who specializes in"},
		{"team that says team", ack, func(c *handoff.Case) { c.Team = "Platform Team" }, "to our Platform team who specializes in"},
		{"at once", ack, func(c *handoff.Case) { c.Timeframe = "Immediate" }, "They'll be reaching out immediately."},
		{"within given", ack, func(c *handoff.Case) { c.Timeframe = "within 1 day." }, "They'll be reaching out within 1 day."},
		{"stop in a slot", ack, func(c *handoff.Case) { c.Ticket = "T-1." }, "Your case reference is T-1."},
		{"folded", ack, func(c *handoff.Case) { c.Topic = "lost\r\n\tparcels\x00" }, "specializes in lost parcels. They"},

		{"number sign", msg, func(c *handoff.Case) { c.Ticket = "#12" }, "ticket #12 to"},
		{"team for person", msg, func(c *handoff.Case) { c.Person = "" }, "to Technical/Specialist Support. Maria"},
		{"tier for team", msg, func(c *handoff.Case) { c.Person, c.Team = "", "" }, "to Tier 2. Maria"},
		{"subject for summary", msg, func(c *handoff.Case) { c.Summary = "\u200b" }, "Ortiz. Charged twice, export broken. Customer"},
		{"no urgency", msg, func(c *handoff.Case) { c.Urgency, c.Clocks = "", nil }, "Customer is frustrated. Full context attached."},
		{"urgency of the clocks", msg, func(c *handoff.Case) { c.Urgency, c.Clocks = "", c.Clocks[:2] },
			"Customer is frustrated. The resolution is due at 2026-03-03 17:30 UTC. Full context attached."},
		{"urgency of a clock that has run out", msg, func(c *handoff.Case) { c.Urgency = "" },
			"Customer is frustrated. The next response target was missed at 2026-03-03 14:00 UTC. Full context attached."},
		{"label of sentiment", msg, func(c *handoff.Case) { c.Sentiment = "Angry" }, "Customer is angry. "},
		{"sentence without end", msg, func(c *handoff.Case) { c.Summary = "Export fails" }, "Ortiz. Export fails. Customer"},
		{"question", msg, func(c *handoff.Case) { c.Summary = "Why? Nobody knows." }, "Ortiz. Why? Customer"},
		{"abbreviations", msg, func(c *handoff.Case) { c.Summary = "Dr. Who and J. Doe run v1.2, e.g. on No. 5. More." },
			"Ortiz. Dr. Who and J. Doe run v1.2, e.g. on No. 5. Customer"},
		{"paragraph", msg, func(c *handoff.Case) { c.Summary = "Export fails:\n\nsince May" }, "Ortiz. Export fails. Customer"},
		{"chinese", msg, func(c *handoff.Case) { c.Summary = "导出失败。已退款。" }, "Ortiz. 导出失败。 Customer"},

		{"no stop", fol, func(c *handoff.Case) { c.Resolution = "Refund issued" }, "issue. Refund issued. Is"},
		{"two stops", fol, func(c *handoff.Case) { c.Resolution = "Refund issued.. " }, "issue. Refund issued. Is"},
		{"quoted stop", fol, func(c *handoff.Case) { c.Resolution = `It says "paid."` }, `issue. It says "paid." Is`},
		{"quoted end", fol, func(c *handoff.Case) { c.Resolution = `It says "paid"` }, `issue. It says "paid". Is`},
		{"comma", fol, func(c *handoff.Case) { c.Resolution = "Refund issued," }, "issue. Refund issued. Is"},
		{"links stay usable", fol, func(c *handoff.Case) { c.Resolution = "See https://x.example/a_b or write to a@x.example" },
			"See https://x.example/a_b or write to a@x.example. Is"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := full()
			test.change(&c)
			got, err := test.write(c)
			require.NoError(t, err)
			assert.Contains(t, got, test.want)
		})
	}
}

func TestEmptySlots(t *testing.T) {
	tests := []struct {
		write func(handoff.Case) (string, error)
		c     handoff.Case
		want  handoff.EmptySlot
		text  string
	}{
		{handoff.Case.Acknowledgment, handoff.Case{}, handoff.EmptySlot{Message: "acknowledgment", Slots: []string{"team", "topic", "timeframe", "ticket"}},
			"handoff: the acknowledgment has nothing to say for team, topic, timeframe, ticket"},
		{handoff.Case.Message, handoff.Case{Excerpt: "x", Ticket: "#"}, handoff.EmptySlot{Message: "message", Slots: []string{"ticket", "team", "summary", "sentiment"}},
			"handoff: the message has nothing to say for ticket, team, summary, sentiment"},
		{handoff.Case.FollowUp, handoff.Case{Resolution: "\u200b..."}, handoff.EmptySlot{Message: "follow_up", Slots: []string{"resolution"}},
			"handoff: the follow-up has nothing to say for resolution"},
	}
	for _, test := range tests {
		got, err := test.write(test.c)
		assert.Empty(t, got)
		assert.EqualError(t, err, test.text)
		empty, ok := errors.AsType[*handoff.EmptySlot](err)
		require.True(t, ok)
		assert.Equal(t, test.want, *empty)
	}
}

// Whatever is internal is marked, and the mark must not reach the customer.
func TestCustomersReadNothingInternal(t *testing.T) {
	const secret = "SECRET"
	c := handoff.Case{
		Ticket: "1", Team: "Billing", Topic: "refunds", Timeframe: "4 hours", Resolution: "Refunded",
		Subject: secret, Customer: secret, Account: secret, Priority: secret, From: secret, To: secret, Person: secret, Reason: secret,
		Summary: secret, Excerpt: secret, Timeline: []handoff.Entry{{What: secret, Text: secret, By: secret, Internal: true}},
		Tried: []string{secret}, Sentiment: secret, Expectation: secret, NextSteps: []string{secret}, Attachments: []string{secret}, Urgency: secret,
	}
	ack, err := c.Acknowledgment()
	require.NoError(t, err)
	fol, err := c.FollowUp()
	require.NoError(t, err)
	assert.NotContains(t, ack+fol, secret)
}

func checkMessage(t *testing.T, text string) {
	t.Helper()
	require.True(t, utf8.ValidString(text))
	require.LessOrEqual(t, utf8.RuneCountInString(text), handoff.MaxMessage)
	for _, r := range strings.ReplaceAll(text, joiner, "") {
		require.False(t, invisible(r), "%U in %q", r, text)
	}
	for _, mark := range []string{"\n", "](", "][", "{{", "{%", "<!", "<@", "<s", "</", " @a"} {
		require.NotContains(t, text, mark)
	}
}

func messages(s string) []string {
	c := handoff.Case{Ticket: s, Team: s, Person: s, Topic: s, Timeframe: s, Summary: s, Subject: s, Sentiment: s, Urgency: s, Resolution: s}
	var texts []string
	for _, write := range []func(handoff.Case) (string, error){handoff.Case.Acknowledgment, handoff.Case.Message, handoff.Case.FollowUp} {
		if text, err := write(c); err == nil {
			texts = append(texts, text)
		}
	}
	return texts
}

func FuzzMessages(f *testing.F) {
	for _, attack := range attacks {
		f.Add(attack.text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, text := range append(messages(s), handoff.Line(s, 1000)) {
			checkMessage(t, text)
		}
	})
}

// A text in a message of your own is one line, and only text.
func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		"4711":                               "4711",
		" two\n\nlines\t\u2028and\x00 more ": "two lines and more",
		"@channel, look":                     "@\u2060channel, look",
		"anna@example.com":                   "anna@example.com",
		"<!here> {{.Secret}}":                "<\u2060!here> {\u2060{.Secret}…",
		"abcdefghijklmnopqrstuvwxyz":         "abcdefghijklmnopqrst…",
		"\u200b\u202e":                       "",
	} {
		assert.Equal(t, want, handoff.Line(text, 20))
	}
}
