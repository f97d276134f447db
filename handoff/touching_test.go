package handoff_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/handoff"
)

// What two texts make together where their slots touch, though neither makes it alone. The joiner is shown as a dot.
func TestTouchingSlots(t *testing.T) {
	for _, x := range []struct{ template, id, name, markdown, plain string }{
		{"[ID][Name]", "http:", "//evil.example", "http:·\\//evil.example", "http:··//evil.example"},
		{"[ID][Name]", "w", "ww.evil.example", "w·ww.evil.example", "w·ww.evil.example"},
		{"[ID][Name]", "1", ". a", "1·. a", "1·. a"},
		{"[ID][Name]", "<", "!channel>", "&lt;·!channel&gt;", "<·!channel>"},
		{"[ID][Name]", "#", "12", `\#·12`, "#·12"},
		{"[ID][Name]", "{\u200b", "{.Secret}}", `\{·\{.Secret\}\}`, "{·{.Secret}}"},
		{"[ID][Name]", ":ta", "da:", `\:ta·da:`, ":ta·da:"},
		{"**[ID][Name]**", "4711", "Maria", "**4711Maria**", "4711Maria"},
		{"**[ID][Name]**", "http:", "//x", `**http:·\//x**`, "http:··//x"},
		{"**[ID]**_[Name]_", "http:", "//x", `**http:**_\//x_`, "http:·‹·//x›"}, // marks keep them apart
		// Between a slot and the team's words.
		{"[ID]. [Name]", "1", "a", "1·. a", "1·. a"},
		{"[ID]) [Name]", "12", "a", "12·) a", "12·) a"},
		{"x [ID]. [Name]", "12", "a", "x 12. a", "x 12. a"},
		{"[ID].[Name]", "WWW", "evil.example", "WWW·.evil.example", "WWW·.evil.example"},
		{"[ID]:[Name]", "http", "//evil.example", "http:·\\//evil.example", "http:··//evil.example"},
		{"[Name] <[ID]>", "!channel", "Maria", "Maria &lt;·!channel&gt;", "Maria <·!channel>"},
		{"[Name]([ID])", "4711", "Maria", "Maria(4711)", "Maria(4711)"},
		{"[Name]([ID])", "4711", "Maria]", `Maria\]·(4711)`, "Maria]·(4711)"},
		// What the team means: an address of its own desk, a reference to a ticket, whoever the customer says they are.
		{"https://desk.example/[ID] #[ID] @[Name]", "12", "maria", "https://desk.example/12 #12 @maria", "https://desk.example/12 #12 @maria"},
	} {
		set, err := handoff.Compile("", map[string]handoff.Templates{"en": {Document: x.template}})
		require.NoError(t, err, x.template)
		c := handoff.Case{Ticket: x.id, Customer: x.name}.In(set)
		dots := func(doc string) string { return strings.ReplaceAll(strings.TrimSpace(doc), joiner, "·") }
		assert.Equal(t, x.markdown, dots(c.Markdown()), "%s with %q and %q", x.template, x.id, x.name)
		assert.Equal(t, x.plain, dots(c.Document(handoff.Plain)), "%s with %q and %q", x.template, x.id, x.name)
	}
}

func TestTouchingSlotsOfMessages(t *testing.T) {
	for _, x := range []struct{ template, id, name, want string }{
		{"[ID][Name]", "<", "!channel>", "<·!channel>"},
		{"[ID][Name]", "@", "everyone", "@·everyone"},
		{"[ID][Name]", "{", "{.Secret}}", "{·{.Secret}}"},
		{"[Name] <[ID]>", "!channel", "Maria", "Maria <·!channel>"},
		{"[Name]([ID])", "x", "Maria]", "Maria]·(x)"},
		{"[ID][Name] is #[ID].", "4711", "Maria", "4711Maria is #4711."},
	} {
		set, err := handoff.Compile("", map[string]handoff.Templates{"en": {FollowUp: x.template}})
		require.NoError(t, err, x.template)
		got, err := handoff.Case{Ticket: x.id, Customer: x.name}.In(set).FollowUp()
		require.NoError(t, err, x.template)
		assert.Equal(t, x.want, strings.ReplaceAll(got, joiner, "·"), x.template)
	}
}

// Joiners between the slots do not make a message longer than it may be.
func TestTouchingSlotsAreBounded(t *testing.T) {
	for _, unit := range []string{"{", "]", "<", "[ID]"} {
		for _, template := range []string{"[ID]", "<[ID](", "<[Summary of resolution]", "[Summary of resolution][ID]"} {
			most := ""
			for n := 1; ; n++ {
				set, err := handoff.Compile("", map[string]handoff.Templates{"en": {FollowUp: strings.Repeat(template, n)}})
				if err != nil {
					break
				}
				s := "a" + strings.Repeat(unit, 3000)
				for _, size := range []int{199, 200, 201, 2000, 2001, 3000} {
					c := handoff.Case{Ticket: s[:min(size, len(s))], Resolution: s[:min(size, len(s))]}.In(set)
					most, err = c.FollowUp()
					require.NoError(t, err)
					require.LessOrEqual(t, utf8.RuneCountInString(most), handoff.MaxMessage, "%d times %s of %d times %q", n, template, size, unit)
				}
			}
			assert.NotEmpty(t, most, template)
		}
	}
}

// GitHub reads GH-12 as #12.
func TestOldReferences(t *testing.T) {
	for text, want := range map[string]string{
		"see GH-12, (gh-3)": "see GH·-12, (gh·-3)", "GH-1": "GH·-1", "ugh-1 GH-x GH - 1 HIGH-5": "ugh-1 GH-x GH - 1 HIGH-5",
	} {
		for _, f := range []handoff.Format{handoff.Plain, handoff.Markdown, handoff.HTML, handoff.Slack} {
			assert.Equal(t, want, strings.ReplaceAll(f.Escape(text, 100), joiner, "·"), "format %d", f)
		}
	}
}
