package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark/text"

	"github.com/escalade-go/escalade/handoff"
)

// What a host adds is as safe as the document, if it escapes it.
func TestNotes(t *testing.T) {
	c := everywhere("word")
	for i, s := range attacks {
		by := attacks[(i*7+3)%len(attacks)]
		if handoff.Line(s, 10) == "" || handoff.Line(by, 10) == "" {
			continue
		}
		with := func(f handoff.Format, by, s string) string { return withNote(c.Document(f), f, by, s) }
		assert.Equal(t, kinds(with(handoff.Markdown, "word", "word")), kinds(with(handoff.Markdown, by, s)), "%q and %q", by, s)
		assert.Equal(t, tree(t, with(handoff.HTML, "word", "word")), tree(t, with(handoff.HTML, by, s)), "%q and %q", by, s)
		assert.Equal(t, plainShape(with(handoff.Plain, "word", "word")), plainShape(with(handoff.Plain, by, s)), "%q and %q", by, s)
		assert.NotRegexp(t, "<[!@#a-z/]|`|~", with(handoff.Slack, by, s), "%q and %q", by, s)
	}
}

// A message is text wherever it is posted.
func TestMessagesEverywhere(t *testing.T) {
	for _, s := range attacks {
		got, err := message(everywhere(s), handoff.Markdown)
		if err != nil { // there is no word in "!", so it is no summary
			assert.NotRegexp(t, `\pL{2}`, handoff.Line(s, 100), "%q is refused", s)
			continue
		}
		assert.Empty(t, kinds(got), "%q: %s", s, got)
		got, err = message(everywhere(s), handoff.HTML)
		require.NoError(t, err)
		assert.Empty(t, tree(t, got), "%q: %s", s, got)
	}
	c, err := escalated("hostile", "en")
	require.NoError(t, err)
	got, err := message(c, handoff.Slack)
	require.NoError(t, err)
	assert.NotRegexp(t, "<[!@#a-z/]|`|~", got)
}

func TestRunWithNote(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run([]string{"-case", "hostile", "-note", "See #12, <b>urgent</b>"}, &out))
	assert.Contains(t, out.String(), "\n---\n\n**Remark of you:**\n\nSee #\u206012, &lt;b&gt;urgent&lt;/b&gt;\n")
	assert.ErrorContains(t, run([]string{"-format", "json", "-note", "x"}, &out), "a note")
}

func kinds(markdown string) []string {
	src := []byte(markdown)
	return nodes(permissive.Parser().Parse(text.NewReader(src)), src)
}
