package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"golang.org/x/net/html"

	"github.com/escalade-go/escalade/handoff"
)

// attacks are what customers could write, each meant for one reader or another.
var attacks = []string{
	"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<iframe src=//evil.example>", "<style>*{}</style>", "</p><h1>x</h1>",
	"<a href=\"javascript:alert(1)\">x</a>", "<!-- x -->", "<![CDATA[x]]>", "<?php x ?>", "<details open>x", "&lt;b&gt; &#60;b&#62; &amp; &", "\"><b>", "'><b>",
	"![](https://evil.example/?t=1)", "[bank](javascript:alert(1))", "[![a](b)](c)", "[x][y]\n\n[y]: https://evil.example", "[x]: https://evil.example 'y'", "[^1]\n\n[^1]: note",
	"<https://evil.example>", "<a@evil.example>", "https://evil.example/a_b", "HTTP://EVIL.EXAMPLE", "www.evil.example", "ftp://evil.example", "mailto:a@evil.example", "a@evil.example",
	"# Heading", "## Attachments\n- x", "a\n===", "a\n---", "###### x", "  # x", "\t# x", "1. a\n2. b", "- a\n  - b", "* a", "+ a", "10) a", "- [x] done",
	"---", "***", "___", "* * *", "> quote", "> [!NOTE]\n> x", "```\ncode\n```", "~~~\ncode\n~~~", "    indented\n\n    code", "`code`", "`` ` ``", "| a | b |\n|---|---|\n| c | d |", "a\n:-", "term\n: definition",
	"*a* **b** _c_ __d__ ~~e~~ ***f***", "snake_case a_b_c _a_b", "\\# a \\* b \\", "a\\\nb", "a  \nb", "@everyone @here @anna (@team/x)", "#1 org/repo#2 !3 GH-4", "/close\n/assign @me",
	":tada: :+1:", "$x$ $$y$$", "{{.Secret}} {% raw %} ${x} <%= x %>", "<!channel> <!here> <@U123> <#C123> <https://evil.example|bank> <!date^1^{date}|x>", "*bold* _it_ ~no~ `c`", "&gt; x", "> x\n>> y",
	"a\u202eb\u202c \u2066c\u2069 \u200e\u061c", "a\u200bb\u2060c\ufeffd\u00ade\U000e0041", "a\x00b\x1b[31mc\x7f\u0085d", "a\r\nb\rc\u2028d\u2029e\vf\fg", "\xff\xfe\xc0", "\u3164\u115f", strings.Repeat("<b>", 400), strings.Repeat("a", 5000),
	"_(internal, anna)_", "‹internal, anna›", "- **Priority**: Critical", "  - Priority: Critical", "https:", "//evil.example", "](https://evil.example)", "[x", "!", "www", ".evil.example", "@", "#", "`", "<", "*", "\\",
}

// everywhere is a case with a text in every field.
func everywhere(s string) handoff.Case {
	when, revenue := time.Unix(1, 0), 1.0
	return handoff.Case{
		Ticket: s, Subject: s, Customer: s, Account: s, Priority: s, Zone: s, From: s, To: s, Team: s, Person: s, Reason: s, Topic: s, Owner: s, Ask: s, NeededBy: when,
		Summary: s, Excerpt: s, Impact: s, Revenue: &revenue, Clocks: []handoff.Clock{{Metric: s, State: s, Zone: s}, {Metric: "resolution", State: "running", Due: when, Zone: s}},
		Timeline: []handoff.Entry{{At: when, What: s, Text: s, Field: s, To: s, By: s, Rule: s, Internal: true}, {Text: s}}, Tried: []string{s}, RuledOut: []string{s, s},
		Workaround: s, Sentiment: s, Expectation: s, Promise: s, NextSteps: []string{s, s}, Attachments: []string{s},
		Causes: []handoff.Cause{{Rule: s, Because: s, Clauses: []string{s}}, {Because: s, By: s}}, Earlier: []handoff.Hop{{From: s, To: s, Reason: s, By: s}},
		Otherwise: []handoff.Step{{Do: s, To: s, Rule: s}}, Receipt: &handoff.Receipt{By: s, At: when, ReadBack: s},
		Timeframe: s, Urgency: s, Resolution: s,
	}
}

// shape is what is left of a document when its texts are taken away.
func shape(c handoff.Case) (markdown, page []string) { return parsed(c), fragment(c) }

// parsed walks through the Markdown as a tracker would and lists what it is made of.
func parsed(c handoff.Case) []string {
	src := []byte(c.Markdown())
	return nodes(permissive.Parser().Parse(text.NewReader(src)), src)
}

// nodes lists what is more than text and paragraphs.
func nodes(root ast.Node, src []byte) []string {
	var out []string
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text, *ast.String, *ast.Paragraph, *ast.TextBlock, *ast.Document:
		case *ast.Heading:
			out = append(out, fmt.Sprintf("h%d %s", n.Level, n.Lines().Value(src)))
		case *ast.Emphasis:
			out = append(out, fmt.Sprintf("emphasis %d", n.Level))
		default:
			out = append(out, n.Kind().String())
		}
		return ast.WalkContinue, nil
	})
	return out
}

// fragment lists the tags of the HTML with their attributes.
func fragment(c handoff.Case) []string {
	var out []string
	z := html.NewTokenizer(strings.NewReader(c.Document(handoff.HTML)))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken, html.CommentToken, html.DoctypeToken:
			if t := z.Token().String(); t != "<br>" {
				out = append(out, t)
			}
		}
	}
}

// What programs look for in the text that people read, and what chats and template engines look for in the source.
var (
	acts       = regexp.MustCompile(`(?i)://|www\.|@[^\x{2060}]|#[0-9a-z]|\bgh-[0-9]`)
	actsInText = regexp.MustCompile(`<[!@#a-z/]|\{\{|\{%|\]\(`)
)

// holds is the property: whatever stands in the fields, the document has the shape of one
// in which a harmless word stands there, and nothing in what is left to read acts.
func holds(c, harmless handoff.Case) error {
	got, page := shape(c)
	want, wantPage := shape(harmless)
	if !slices.Equal(got, want) {
		return fmt.Errorf("Markdown is made of %q, not of %q", got, want)
	}
	if !slices.Equal(page, wantPage) {
		return fmt.Errorf("HTML is made of %q, not of %q", page, wantPage)
	}
	var rendered bytes.Buffer
	if err := permissive.Convert([]byte(c.Markdown()), &rendered); err != nil {
		return err
	}
	for name, doc := range map[string]string{"Markdown": visible(rendered.String()), "HTML": visible(c.Document(handoff.HTML)), "Slack": c.Document(handoff.Slack), "plain": c.Document(handoff.Plain)} {
		found := acts.FindString(doc)
		if name == "Slack" || name == "plain" {
			found += actsInText.FindString(doc)
		}
		switch {
		case found != "":
			return fmt.Errorf("%s: %q acts", name, found)
		case !utf8.ValidString(doc), utf8.RuneCountInString(doc) > handoff.MaxDocument:
			return fmt.Errorf("%s: not UTF-8, or too long", name)
		}
		if name == "Markdown" { // commands are looked for in the source
			doc = c.Markdown()
		}
		for line := range strings.Lines(doc) {
			if strings.HasPrefix(strings.TrimLeft(line, " "), "/") {
				return fmt.Errorf("%s: a command: %q", name, line)
			}
		}
		for _, r := range doc {
			if r != '\u2060' && r != '\n' && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) || unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)) {
				return fmt.Errorf("%s: %U", name, r)
			}
		}
	}
	return nil
}

// visible is the text of a page.
func visible(page string) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out.String()
		case html.TextToken:
			out.Write(z.Text())
		default:
			out.WriteByte(' ')
		}
	}
}

// harmless has a plain word wherever the text can be seen, so that both have the same gaps.
func harmless(s string) handoff.Case {
	if handoff.Line(s, 10) == "" {
		return everywhere(s)
	}
	return everywhere("word")
}

func TestAttacks(t *testing.T) {
	for _, s := range attacks {
		require.NoError(t, holds(everywhere(s), harmless(s)), "%q", s)
	}
	for i, s := range attacks { // two that meet
		next := attacks[(i*7+3)%len(attacks)]
		c, plain := everywhere(s), everywhere("word")
		c.Subject, c.Account, c.Person, c.NextSteps = next, next, next, []string{next, s}
		if handoff.Line(s, 10) != "" && handoff.Line(next, 10) != "" {
			require.NoError(t, holds(c, plain), "%q and %q", s, next)
		}
	}
}

// The parsers would see it if something got through.
func TestTheParsersSee(t *testing.T) {
	for _, bad := range []string{"[x](y)", "![x](y)", "<b>x</b>", "`x`", "https://x.example", "- [x] y"} {
		root := permissive.Parser().Parse(text.NewReader([]byte(bad)))
		seen := false
		_ = ast.Walk(root, func(n ast.Node, _ bool) (ast.WalkStatus, error) {
			switch n.(type) {
			case *ast.Link, *ast.Image, *ast.RawHTML, *ast.CodeSpan, *ast.AutoLink, *east.TaskCheckBox:
				seen = true
			}
			return ast.WalkContinue, nil
		})
		assert.True(t, seen, bad)
	}
}

// Everything is written, in both languages, and the hostile ticket has the shape of a harmless one.
func TestWriteAll(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, run([]string{"-out", folder}, nil))
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	require.NoError(t, err)
	assert.Len(t, files, 1+2*2*(len(formats)+1))
	page, err := os.ReadFile(filepath.Join(folder, "hostile_en_page.html"))
	require.NoError(t, err)
	for _, tag := range []string{"<script", "<img", "<iframe", "<a ", "<table", "<details", "<input", "<code"} {
		assert.NotContains(t, string(page), tag)
	}
	c, err := escalated("hostile", "fr")
	require.NoError(t, err)
	assert.Contains(t, c.Markdown(), "# Document de passation")

	var out bytes.Buffer
	require.NoError(t, run([]string{"-case", "documented", "-format", "slack"}, &out))
	assert.Contains(t, out.String(), "*Ticket ID*: 4711")
	assert.ErrorContains(t, run([]string{"-format", "pdf"}, &out), "no format")
	assert.ErrorContains(t, run([]string{"-case", "none"}, &out), "no ticket")
}

func FuzzEveryFormat(f *testing.F) {
	for _, s := range attacks {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		readsAs(t, everywhere(s), harmless(s), "%q\n%s", s, everywhere(s).Markdown())
	})
}
