package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/handoff"
)

// touching are lines of a team's own template in which slots touch each other or a mark of the team's.
var touching = []string{
	"[ID][Name]", "_[ID][Name]_", "x **[ID][Name]** y", "- [ID][Name]", "1. [ID][Name]", "> [ID][Name]", "([ID])([Name])", "x [ID][Name] y",
	"[ID][Name][ID]", "[ID]. [Name]", "[ID]) [Name]", "[ID].", "[ID]: [Name]", "[Name]\n===", "[Name]\n---", "[Name]([ID])",
	"| [ID] | [Name] |\n|---|---|", "`[ID]` [Name]", "[tried][ID]", "[ID][attachments][Name]",
}

// meant are lines in which the team itself writes what looks like a link in other formats; Markdown is still to be text.
var meant = []string{`\[[Name]\]([ID])`, `!\[[Name]\]([ID])`, "<[ID]>", "<!-- [ID] -->", "**[ID]**: [Name]", "@[ID] #[Name]", "{{[ID]}}"}

// in is a case with two texts, written with a template of one's own.
func in(t testing.TB, template, id, name string) handoff.Case {
	set, err := handoff.Compile("", map[string]handoff.Templates{"en": {Document: template, Message: "[ID][Name]", FollowUp: "[ID][Name]"}})
	require.NoError(t, err)
	return handoff.Case{Ticket: id, Customer: name, Tried: []string{name}, Attachments: []string{id, name}}.In(set)
}

// ours has each of the lines in a section of its own.
var ours = "# Ours\n\n## One\n" + strings.Join(touching, "\n\n## Next\n")

// apart checks two texts that touch; both have something to see.
func apart(t testing.TB, id, name string) {
	t.Helper()
	if handoff.Line(id, 10) == "" || handoff.Line(name, 10) == "" {
		return
	}
	c := in(t, ours, id, name)
	readsAs(t, c, in(t, ours, "word", "word"), "%q and %q", id, name)
	for _, write := range []func() (string, error){c.Message, c.FollowUp} {
		text, err := write()
		if err == nil {
			assert.NotRegexp(t, `<[!@#a-zA-Z/]|\{\{|\{%|\]\(|(^|\s)@[a-z]`, text, "%q and %q", id, name)
		}
	}
}

// An attack that is cut in two anywhere, the halves in slots that touch, is still text.
func TestAttacksInTwo(t *testing.T) {
	more := []string{"http://evil.example", "<!channel>", "@everyone", "{{.Secret}}", "www.evil.example", "#12", "[x](y)", ":tada:", "1. a", "12) a", "&lt;b&gt;", "&#60;"}
	for _, s := range append(more, attacks...) {
		if len(s) > 60 {
			continue
		}
		for i := range s {
			apart(t, s[:i], s[i:])
		}
	}
}

// Where the team's own marks are next to a text, both stay text for a Markdown and an HTML parser.
func TestMarksOfTheTeam(t *testing.T) {
	for _, line := range meant {
		want := in(t, "## One\n"+line, "word", "word")
		markdown, page := shape(want)
		for i, s := range attacks {
			next := attacks[(i*7+3)%len(attacks)]
			if handoff.Line(s, 10) == "" || handoff.Line(next, 10) == "" {
				continue
			}
			c := in(t, "## One\n"+line, s, next)
			got, gotPage := shape(c)
			require.Equal(t, markdown, got, "%s with %q and %q", line, s, next)
			require.Equal(t, page, gotPage, "%s with %q and %q", line, s, next)
			require.Equal(t, tree(t, want.Document(handoff.HTML)), tree(t, c.Document(handoff.HTML)))
		}
	}
}

// What would let a text be a link or a heading is refused, or has no meaning.
func TestTemplatesThatAreRefused(t *testing.T) {
	for template, want := range map[string]string{
		"[[Name]](https://evil.example)": "there is no slot [[Name]",
		"# Ticket [ID]":                  "a heading has no slots",
		"**[ID]":                         "this ** is not closed",
		"[ID":                            "this bracket is not closed",
	} {
		_, err := handoff.Compile("", map[string]handoff.Templates{"en": {Document: template}})
		assert.ErrorContains(t, err, want, template)
	}
}

func FuzzTouching(f *testing.F) {
	for i, s := range attacks {
		f.Add(s, attacks[(i*7+3)%len(attacks)])
	}
	f.Fuzz(func(t *testing.T, id, name string) { apart(t, id, name) })
}
