package handoff_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/handoff"
)

// Documents as people write them, and what comes out of them.
func TestOddDocuments(t *testing.T) {
	c := handoff.Case{Ticket: "4711", Customer: "Maria", Owner: "Tom"}
	for _, x := range []struct{ name, template, markdown, slack string }{
		{"a slot within bold text", "**Ticket [ID] of [Name]**: ok", "**Ticket 4711 of Maria**: ok\n", "*Ticket 4711 of Maria*: ok\n"},
		{"adjacent slots", "**[ID][Name]** and _[ID], [Name]_", "**4711Maria** and _4711, Maria_\n", "*4711Maria* and _4711, Maria_\n"},
		{"a gap within bold text", "**Account: [account]**", "**Account:** _Not provided._\n", "*Account:* _Not provided._\n"},
		{"italics within bold", "**a _b_ c** d", "**a b c** d\n", "*a b c* d\n"},
		{"nothing within marks", "a **** b", "a  b\n", "a  b\n"},
		{"an empty slot within marks", "**[account, if any]**[ID]", "4711\n", "4711\n"},
		{"bold within a heading", "## The **whole** case\n[ID]", "## The **whole** case\n4711\n", "*The whole case*\n4711\n"},
		{"a byte order mark and Windows lines", "\ufeff# Title\r\n\r\n- [ID]\r\n", "# Title\n\n- 4711\n", "*Title*\n\n• 4711\n"},
		{"tabs", "\t-\t[ID]\tof\t[Name]", "- 4711 of Maria\n", "• 4711 of Maria\n"},
	} {
		set, err := handoff.Compile("", map[string]handoff.Templates{"en": {Document: x.template}})
		if assert.NoError(t, err, x.name) {
			assert.Equal(t, x.markdown, c.In(set).Markdown(), x.name)
			assert.Equal(t, x.slack, c.In(set).Document(handoff.Slack), x.name)
		}
	}
}

// Plain text has no marks but those of a signature, which stand around all of it.
func TestItalicsInPlainText(t *testing.T) {
	set, err := handoff.Compile("", map[string]handoff.Templates{"en": {Document: "By _[ID], [Name]_ and **[owner]**\n\n_[ID] of [Name]_ x"}})
	require.NoError(t, err)
	assert.Equal(t, "  By ‹4711, Maria› and Tom\n  4711 of Maria x\n", handoff.Case{Ticket: "4711", Customer: "Maria", Owner: "Tom"}.In(set).Document(handoff.Plain))
}

// A mark that is left open would make the rest of the line bold, which nobody means.
func TestMarksAreClosed(t *testing.T) {
	for template, want := range map[string]string{
		"a **Ticket [ID]":    `en/document:1:3: this ** is not closed (write \*\* for two that are meant)`,
		"[ID]\nan _open one": `en/document:2:4: this _ is not closed (write \_ for one that is meant)`,
	} {
		_, err := handoff.Compile("", map[string]handoff.Templates{"en": {Document: template}})
		assert.EqualError(t, err, want)
	}
	_, err := handoff.Compile("", map[string]handoff.Templates{"en": {Document: `\*\* snake_case \_a [ID]`, Message: "**[ID] _x"}})
	assert.NoError(t, err, "in a message they are no marks")
}

// Messages as people write them.
func TestOddMessages(t *testing.T) {
	for _, x := range []struct{ template, named, nameless string }{
		{"Hello [Name, if known]!\n\nThanks.", "Hello Maria!\n\nThanks.", "Hello!\n\nThanks."},
		{"Dear [Name, if known], thanks.", "Dear Maria, thanks.", "Dear, thanks."},
		{"A word to [Name, if known] and you", "A word to Maria and you", "A word to and you"},
		{"[Name, if known], thanks. [Name, if known]. Bye.", "Maria, thanks. Maria. Bye.", "thanks. Bye."},
		{"“Hello [Name, if known]”", "Hello Maria", "Hello"},
		{"«\u00a0Bonjour [Name, if known]\u00a0»", "Bonjour Maria", "Bonjour"},
		{"\ufeff\"Hello [Name, if known]\"\r\n", "Hello Maria", "Hello"},
	} {
		set, err := handoff.Compile("", map[string]handoff.Templates{"en": {FollowUp: x.template}})
		require.NoError(t, err)
		text, err := handoff.Case{Customer: "Maria"}.In(set).FollowUp()
		require.NoError(t, err)
		assert.Equal(t, x.named, text, x.template)
		text, err = handoff.Case{}.In(set).FollowUp()
		require.NoError(t, err)
		assert.Equal(t, x.nameless, text, x.template)
	}
}

// Of many moves the last ones are told: they are what the receiver has to know.
func TestTheLastMovesAreTold(t *testing.T) {
	c := handoff.Case{Ticket: "1"}
	for day := range 8 {
		c.Earlier = append(c.Earlier, handoff.Hop{At: time.Date(2026, 3, 8-day, 9, 0, 0, 0, time.UTC), From: "a", To: "b"})
	}
	doc := c.Markdown()
	_, doc, _ = strings.Cut(doc, "## Earlier Escalations\n")
	assert.True(t, strings.HasPrefix(doc, "- … 3 more entries …\n- 2026-03-04 09:00 UTC - a → b\n"), doc)
	assert.Contains(t, doc, "- 2026-03-08 09:00 UTC - a → b\n")
}

// Cases with nothing in their lists, and limits that are none.
func TestNothingIsNothing(t *testing.T) {
	c := handoff.Case{
		Causes: []handoff.Cause{{}, {By: "anna"}, {Clauses: []string{"sla.used >= 0.8"}}}, Earlier: []handoff.Hop{{}}, Otherwise: []handoff.Step{{}}, Clocks: []handoff.Clock{{}},
	}
	doc := c.Markdown()
	assert.Contains(t, doc, "## Why It Was Escalated\n- _(asked by anna)_\n- sla.used &gt;= 0.8\n")
	for _, heading := range []string{"SLA Standing", "If Nobody Reacts", "Earlier Escalations"} {
		assert.NotContains(t, doc, heading)
	}
	assert.Equal(t, handoff.Case{}.Markdown(), handoff.Case{}.In(new(handoff.Set)).Markdown())
	assert.Equal(t, "…", handoff.Line("abc", -1))
	assert.Equal(t, "", handoff.Line("", -1))
	assert.Equal(t, "… (3 more characters)", handoff.Plain.Escape("abc", -1))
}

// The words between the slots are short texts, and text as all that is in a template.
func TestWordsAreShort(t *testing.T) {
	words := func(english, own string) error {
		_, err := handoff.Compile("", map[string]handoff.Templates{"en": {Words: map[string]string{english: own}}})
		return err
	}
	for _, own := range []string{strings.Repeat("x", 201), "two\nlines", "broken \xff"} {
		assert.ErrorContains(t, words("The rest is left out, because the document is full.", own), "en/words")
	}
	assert.NoError(t, words("Tier 2", strings.Repeat("é", 200)))
}

// A target that was missed was missed when it was, whatever it has become since.
func TestMissedIsMissed(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	c := handoff.Case{
		Ticket: "1", To: "Tier 2", Subject: "Export", Sentiment: "calm",
		Clocks: []handoff.Clock{{Metric: "resolution", State: "breached", Used: 1.5, Due: at.Add(time.Hour), BreachedAt: at}},
	}
	text, err := c.Message()
	require.NoError(t, err)
	assert.Contains(t, text, "The resolution target was missed at 2026-03-02 09:00 UTC.")
}
