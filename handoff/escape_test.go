package handoff_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/handoff"
)

const joiner = "\u2060"

var headings = []string{
	"# Escalation Handoff Document", "## Ticket Information", "## Issue Summary", "## Timeline", "## What Has Been Tried",
	"## Customer Sentiment", "## Customer Expectation", "## Recommended Next Steps", "## Attachments",
}

// What customers might write, and how it stands in the document as the customer's expectation.
var attacks = []struct{ name, text, want string }{
	{"script", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
	{"image tag", "<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"},
	{"beacon", "![](https://evil.example/?t=1)", `!\[\](https:` + joiner + `//evil.example/?t=1)`},
	{"javascript link", "[bank](javascript:alert(1))", `\[bank\](javascript:alert(1))`},
	{"nested link", "[![a](b)](c)", `\[!\[a\](b)\](c)`},
	{"reference", "[x]: http://evil.example 'title'", `\[x\]: http:` + joiner + `//evil.example 'title'`},
	{"footnote", "[^1]: note", `\[^1\]: note`},
	{"autolink", "<http://evil.example>", "&lt;http:" + joiner + "//evil.example&gt;"},
	{"bare address", "see HTTPS://evil.example/a_b", "see HTTPS:" + joiner + "//evil.example/a_b"},
	{"www", "WWW.evil.example", "WWW" + joiner + ".evil.example"},
	{"mail", "mailto:a@b.example", "mailto:a@" + joiner + "b.example"},
	{"heading", "## Recommended Next Steps\n1. Refund me", `\## Recommended Next Steps` + "\n" + `1\. Refund me`},
	{"heading further down", "Hi\n\n   # Attachments", "Hi\n\n" + `\# Attachments`},
	{"setext", "Attachments\n===========\nmore\n---", "Attachments\n\\===========\nmore\n\\---"},
	{"thematic break", "* * *\n_____\n- - -", `\* \* \*` + "\n" + `\_\_\_\_\_` + "\n" + `\- - -`},
	{"fence", "```html\n<b>\n```", "\\`\\`\\`html\n&lt;b&gt;\n\\`\\`\\`"},
	{"tilde fence", "~~~\nx\n~~~", `\~\~\~` + "\nx\n" + `\~\~\~`},
	{"nested backticks", "`` `a` ``", "\\`\\` \\`a\\` \\`\\`"},
	{"indented code", "a\n\n\tb\n     c", "a\n\nb\nc"},
	{"mention", "@admin and (@team/x)", "@" + joiner + "admin and (@" + joiner + "team/x)"},
	{"references", "fixes #12, org/repo#3, !4", "fixes #" + joiner + "12, org/repo#" + joiner + "3, !" + joiner + "4"},
	{"quick action", "/close\n/assign @me", `\/close` + "\n" + `\/assign @` + joiner + "me"},
	{"table", "a | b\n--|--\n1 | 2", `a \| b` + "\n" + `\--\|--` + "\n1 \\| 2"},
	{"table of one column", "a\n:-", "a\n\\:-"},
	{"lists", "- a\n+ b\n* c\n10) d", `\- a` + "\n" + `\+ b` + "\n" + `\* c` + "\n" + `10\) d`},
	{"task", "- [x] done", `\- \[x\] done`},
	{"quote", "> I said\n>> no", "&gt; I said\n&gt;&gt; no"},
	{"alert", "> [!NOTE]", `&gt; \[!NOTE\]`},
	{"comment", "<!-- hidden -->", "&lt;!-- hidden --&gt;"},
	{"entities", "&lt;script&gt; &#60; &amp;", "&amp;lt;script&amp;gt; &amp;#" + joiner + "60; &amp;amp;"},
	{"bidi", "abc\u202etxt.exe\u202c \u2066x\u2069 \u200e\u200f\u061c", "abctxt.exe x"},
	{"invisible", "a\u200bb\ufeffc\u00add\u2060e\U000e0041", "abcde"},
	{"own joiner", "https:\u2060//x.example", "https:" + joiner + "//x.example"},
	{"control", "a\x00b\x1b[31mc\x7f\u0080", `ab\[31mc`},
	{"line ends", "a\r\nb\rc\u2028d\u2029e\vf\fg\u0085h", "a\nb\nc\nd\ne\nf\ng\nh"},
	{"blank lines", "a\n\n \n\t\n\nb", "a\n\nb"},
	{"hard break", "a\\\nb  \nc", `a\\` + "\nb\nc"},
	{"trailing backslash", `a\`, `a\\`},
	{"escaped by the customer", `\[x\](http://y)`, `\\\[x\\\](http:` + joiner + "//y)"},
	{"emphasis", "*a* __b__ ~~c~~ snake_case", `\*a\* \_\_b\_\_ \~\~c\~\~ snake_case`},
	{"label", "- **Priority**: Critical", `\- \*\*Priority\*\*: Critical`},
	{"template", "{{.Secret}} {% raw %}", `\{\{.Secret\}\} \{% raw %\}`},
	{"emoji", "so :tada: at 10:30:15 :not one:", "so :" + joiner + "tada: at 10:30:15 :not one:"},
	{"formula", "$$x$$ costs $5 or $x$", `\$\$x\$\$ costs $5 or \$x\$`},
	{"broken UTF-8", "a\xff\xfeb", "a\ufffd\ufffdb"},
	{"slack", "<!channel> <@U123>", "&lt;!channel&gt; &lt;@" + joiner + "U123&gt;"},
	{"plain", "1.5 hours - e.g. (a+b)/2 = 3! Really?", "1.5 hours - e.g. (a+b)/2 = 3! Really?"},
}

func TestAttacks(t *testing.T) {
	for _, attack := range attacks {
		t.Run(attack.name, func(t *testing.T) {
			got := handoff.Case{Expectation: attack.text}.Markdown()
			_, got, _ = strings.Cut(got, "## Customer Expectation\n")
			got, _, _ = strings.Cut(got, "\n\n## Recommended")
			assert.Equal(t, attack.want, got)
			checkAll(t, attack.text)
			for _, text := range messages(attack.text) {
				checkMessage(t, text)
			}
		})
	}
}

func TestMessagesAreInert(t *testing.T) {
	got, err := handoff.Case{Resolution: "@all <!channel> <b>, ![x](y) {{z}} a@b.example 1 < 2"}.FollowUp()
	require.NoError(t, err)
	assert.Contains(t, got, "@"+joiner+"all <"+joiner+"!channel> <"+joiner+"b>, ![x]"+joiner+"(y) {"+joiner+"{z}} a@b.example 1 < 2.")
}

// The longest document: every slot and every list full of what takes the most room.
func TestDocumentIsBounded(t *testing.T) {
	for _, unit := range []string{"x", "&", "@", "#1", "&\n\n", "\n:a:", "€", "😀", "\\", "www.", " &"} {
		s := strings.Repeat(unit, 10_000/len(unit))
		c := everywhere(s)
		c.Tried, c.NextSteps, c.Attachments = repeat(s, 50), repeat(s, 50), repeat(s, 50)
		for range 60 {
			c.Timeline = append(c.Timeline, c.Timeline[0])
		}
		got := c.Markdown()
		assert.LessOrEqual(t, utf8.RuneCountInString(got), handoff.MaxDocument, unit)
		for _, text := range messages(s) {
			checkMessage(t, text)
		}
	}
}

func everywhere(s string) handoff.Case {
	return handoff.Case{
		Ticket: s, Subject: s, Customer: s, Account: s, Priority: s, From: s, To: s, Team: s, Person: s, Reason: s, Topic: s,
		Summary: s, Excerpt: s, Timeline: []handoff.Entry{{At: time.Unix(1, 0), What: s, Text: s, By: s, Internal: true}, {Text: s}},
		Tried: []string{s, s}, Sentiment: s, Expectation: s, NextSteps: []string{s}, Attachments: []string{s},
		Timeframe: s, Urgency: s, Resolution: s,
	}
}

// checkAll puts the text into every slot, with the excerpt shown and with the summary.
func checkAll(t *testing.T, s string) {
	t.Helper()
	c := everywhere(s)
	require.NoError(t, check(c.Markdown()), "%q\n%s", s, c.Markdown())
	c.Summary = ""
	require.NoError(t, check(c.Markdown()), "%q\n%s", s, c.Markdown())
}

var (
	ourMark = regexp.MustCompile(`^(- \*\*(Ticket ID|Customer|Priority|Escalating To|Escalation Reason)\*\*: |- (Time unknown|[0-9-]+ [0-9:]+ UTC) - |- |\d+\. |> |>$)`)
	italics = regexp.MustCompile(`^_(Not provided\.|None\.|Not provided\. In the customer's words:)_$| _\([^\n]*\)_$`)
	active  = regexp.MustCompile("^([ \t#>*+=|~`<:/_-]|[0-9]+[.)]( |$))")
	address = regexp.MustCompile(`(?i)://|www\.|@[^` + joiner + `]|#[0-9a-z]`)
)

// check is the slow obvious reading of a document: it knows our lines, and nothing active may be left when they are taken away.
func check(doc string) error {
	if !utf8.ValidString(doc) {
		return fmt.Errorf("not UTF-8")
	}
	if utf8.RuneCountInString(doc) > handoff.MaxDocument {
		return fmt.Errorf("too long")
	}
	var found []string
	for number, text := range strings.Split(strings.TrimSuffix(doc, "\n"), "\n") {
		fail := func(why string) error { return fmt.Errorf("line %d: %s: %q", number+1, why, text) }
		if strings.HasPrefix(text, "#") {
			found = append(found, text)
			continue
		}
		body := text[len(ourMark.FindString(text)):]
		section := found[len(found)-1]
		if mark := text[:len(text)-len(body)]; mark != "" && !belongs(section, mark) {
			return fail("forged mark")
		}
		if mark := italics.FindString(body); mark != "" {
			body = strings.TrimSuffix(body, mark) + strings.Trim(mark, " _")
		}
		if active.MatchString(body) {
			return fail("active at the start of a line")
		}
		if address.MatchString(body) {
			return fail("address, mention or reference")
		}
		runes := []rune(body)
		for i, r := range runes {
			if invisible(r) && string(r) != joiner {
				return fail(fmt.Sprintf("%U", r))
			}
			if strings.ContainsRune("<>", r) {
				return fail("HTML")
			}
			if strings.ContainsRune("[]`*{}|~_", r) && !escaped(runes, i) &&
				!(r == '_' && i > 0 && i+1 < len(runes) && letter(runes[i-1]) && letter(runes[i+1])) {
				return fail("active " + string(r))
			}
		}
		if strings.HasSuffix(body, " ") || len(runes) > 0 && runes[len(runes)-1] == '\\' && !escaped(runes, len(runes)-1) {
			return fail("hard line break")
		}
	}
	if strings.Join(found, "\n") != strings.Join(headings, "\n") {
		return fmt.Errorf("headings %q", found)
	}
	return nil
}

func belongs(section, mark string) bool {
	switch section {
	case "## Ticket Information":
		return strings.HasPrefix(mark, "- **")
	case "## Timeline":
		return strings.HasSuffix(mark, " - ")
	case "## What Has Been Tried", "## Recommended Next Steps":
		return mark[0] >= '0' && mark[0] <= '9'
	case "## Attachments":
		return mark == "- "
	case "## Issue Summary":
		return mark[0] == '>'
	}
	return false
}

func escaped(s []rune, i int) bool {
	n := 0
	for i--; i >= 0 && s[i] == '\\'; i-- {
		n++
	}
	return n%2 == 1
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func invisible(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) ||
		strings.ContainsRune("\u200b\u200c\u200d\u2060\ufeff\u00ad", r)
}

func FuzzMarkdown(f *testing.F) {
	for _, attack := range attacks {
		f.Add(attack.text)
	}
	f.Fuzz(checkAll)
}
