package main

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/escalade-go/escalade/handoff"
)

// What Slack makes of a line: a mark counts where a word does not stand on its outer side.
var (
	slackQuote = regexp.MustCompile(`^ *(>|&gt;)`)
	slackMarks = regexp.MustCompile("(?:^|[^\\pL\\pN])(\\*[^*\\s](?:[^*]*[^*\\s])?\\*|_[^_\\s](?:[^_]*[^_\\s])?_|~[^~\\s](?:[^~]*[^~\\s])?~|`[^`]+`|<[^>]*>)(?:$|[^\\pL\\pN])")
)

// snake takes off underscores within words, which are no marks.
func snake(line string) string {
	runes := []rune(line)
	for i := 1; i < len(runes)-1; i++ {
		if word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }; runes[i] == '_' && word(runes[i-1]) && word(runes[i+1]) {
			runes[i] = '-'
		}
	}
	return string(runes)
}

// slackShape is what a small reader of mrkdwn sees: quotes, once however many lines they have, and marks in their order; a line in bold is a heading.
func slackShape(doc string) []string {
	var out []string
	quoted := false
	for line := range strings.Lines(doc) {
		line = snake(strings.TrimSuffix(line, "\n"))
		if q := slackQuote.FindString(line); q != "" {
			if !quoted {
				out = append(out, "quote")
			}
			quoted, line = true, strings.TrimPrefix(line[len(q):], " ")
		} else {
			quoted = false
		}
		for at := 0; at < len(line); {
			m := slackMarks.FindStringSubmatchIndex(line[at:])
			if m == nil {
				break
			}
			mark := line[at+m[2] : at+m[3]]
			if mark == line && mark[0] == '*' {
				out = append(out, "heading "+mark)
			} else {
				out = append(out, mark[:1])
			}
			at += m[3]
		}
	}
	return out
}

// plainShape lists the lines at the margin, which are headings and the rules below them.
func plainShape(doc string) []string {
	var out []string
	for line := range strings.Lines(doc) {
		if line = strings.TrimSuffix(line, "\n"); line != "" && !strings.HasPrefix(line, "  ") {
			out = append(out, line)
		}
	}
	return out
}

// tree lists the elements that a browser builds, with their attributes, and comments.
func tree(t testing.TB, fragment string) []string {
	nodes, err := html.ParseFragment(strings.NewReader(fragment), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	require.NoError(t, err)
	var out []string
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type != html.TextNode && n.Data != "br" {
			name := n.Data
			for _, a := range n.Attr {
				name += " " + a.Key
			}
			out = append(out, name)
		}
		for child := range n.ChildNodes() {
			walk(child)
		}
	}
	for _, n := range nodes {
		walk(n)
	}
	return out
}

// readsAs is [holds] and what the other readers see.
func readsAs(t testing.TB, c, harmless handoff.Case, why ...any) {
	t.Helper()
	require.NoError(t, holds(c, harmless), why...)
	require.Equal(t, slackShape(harmless.Document(handoff.Slack)), slackShape(c.Document(handoff.Slack)), why...)
	require.Equal(t, plainShape(harmless.Document(handoff.Plain)), plainShape(c.Document(handoff.Plain)), why...)
	require.Equal(t, tree(t, harmless.Document(handoff.HTML)), tree(t, c.Document(handoff.HTML)), why...)
}

func TestEveryReader(t *testing.T) {
	for _, s := range attacks {
		readsAs(t, everywhere(s), harmless(s), "%q", s)
	}
}

// The readers would see it if something got through.
func TestTheReadersSee(t *testing.T) {
	assert.Equal(t, []string{"heading *Title*", "quote", "*", "_", "<", "`", "~"}, slackShape("*Title*\n> a\n> b *c*\n_d_ <!channel> `e` (~f~)\nsnake_case_x 2*3*4"))
	assert.Equal(t, []string{"Title", "====="}, plainShape("Title\n=====\n\n  text\n"))
	assert.Equal(t, []string{"p", "b onclick"}, tree(t, `<p>x<br><b onclick="x">y</b></p>`))
}
