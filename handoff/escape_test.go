package handoff_test

import (
	"errors"
	"fmt"
	"html"
	"reflect"
	"regexp"
	"slices"
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

// headings are all of the standard document, in its order.
var headings = []string{
	"# Escalation Handoff Document", "## Ticket Information", "## Issue Summary", "## Business Impact", "## SLA Standing", "## Timeline",
	"## What Has Been Tried", "## Customer Sentiment", "## Customer Expectation", "## Recommended Next Steps", "## If Nobody Reacts", "## Attachments",
	"## Why It Was Escalated", "## Earlier Escalations", "## Acknowledgement",
}

// What customers might write, and how it stands in the document as the customer's expectation.
var attacks = []struct{ name, text, want string }{
	{"script", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
	{"image tag", "<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"},
	{"beacon", "![](https://evil.example/?t=1)", `!\[\]\(https:` + joiner + `//evil.example/?t=1)`},
	{"javascript link", "[bank](javascript:alert(1))", `\[bank\]\(javascript:alert(1))`},
	{"nested link", "[![a](b)](c)", `\[!\[a\]\(b)\]\(c)`},
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
	{"escaped by the customer", `\[x\](http://y)`, `\\\[x\\\]\(http:` + joiner + "//y)"},
	{"emphasis", "*a* __b__ ~~c~~ snake_case", `\*a\* \_\_b\_\_ \~\~c\~\~ snake_case`},
	{"label", "- **Priority**: Critical", `\- \*\*Priority\*\*: Critical`},
	{"template", "{{.Secret}} {% raw %}", `\{\{.Secret\}\} \{% raw %\}`},
	{"emoji", "so :tada: at 10:30:15 :not one:", "so :" + joiner + "tada: at 10:30:15 :not one:"},
	{"formula", "$$x$$ costs $5 or $x$", `\$\$x\$\$ costs $5 or \$x\$`},
	{"broken UTF-8", "a\xff\xfeb", "a\ufffd\ufffdb"},
	{"slack", "<!channel> <@U123>", "&lt;!channel&gt; &lt;@" + joiner + "U123&gt;"},
	{"the marks of the plain document", "‹!channel› ‹internal, anna›", "‹!channel› ‹internal, anna›"},
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
	for _, unit := range []string{"x", "&", "+", "\"", "@", "#1", "&\n\n", "\n:a:", "€", "😀", "\\", "www.", " &"} {
		s := strings.Repeat(unit, 10_000/len(unit))
		c := everywhere(s)
		c.Tried, c.NextSteps, c.Attachments, c.RuledOut = repeat(s, 50), repeat(s, 50), repeat(s, 50), repeat(s, 50)
		for range 20 {
			c.Clocks, c.Causes, c.Earlier, c.Otherwise = append(c.Clocks, c.Clocks[0]), append(c.Causes, c.Causes[0]), append(c.Earlier, c.Earlier[0]), append(c.Otherwise, c.Otherwise[0])
		}
		for range 60 {
			c.Timeline = append(c.Timeline, c.Timeline[0])
		}
		for _, f := range []handoff.Format{handoff.Plain, handoff.Markdown, handoff.HTML, handoff.Slack} {
			got := c.Document(f)
			assert.LessOrEqual(t, utf8.RuneCountInString(got), handoff.MaxDocument, unit)
			assert.False(t, strings.Contains(got, "The rest is left out"), "%q in format %d: the end of the document can be pushed out", unit, f)
		}
		for _, text := range messages(s) {
			checkMessage(t, text)
		}
	}
}

// everywhere has the text in every field there is.
func everywhere(s string) handoff.Case {
	at, revenue := time.Unix(1, 0), 1000.0
	return handoff.Case{
		Ticket: s, Subject: s, Customer: s, Account: s, Priority: s, Zone: s, From: s, To: s, Team: s, Person: s, Reason: s, Topic: s, Owner: s,
		Ask: s, NeededBy: at, Summary: s, Excerpt: s, Impact: s, Revenue: &revenue,
		Clocks:   []handoff.Clock{{Metric: s, State: s, Zone: s}, {Metric: s, State: "running", Due: at, Used: 0.5, Zone: s}, {Metric: s, State: "breached", Zone: s}},
		Timeline: []handoff.Entry{{At: at, What: s, Text: s, By: s, Rule: s, Field: s, To: s, Internal: true}, {Text: s}, {What: s, To: s}},
		Tried:    []string{s, s}, RuledOut: []string{s, s}, Workaround: s, Sentiment: s, Expectation: s, Promise: s, NextSteps: []string{s}, Attachments: []string{s},
		Causes:    []handoff.Cause{{At: at, Rule: s, Because: s, Clauses: []string{s, s}}, {Because: s, By: s}},
		Earlier:   []handoff.Hop{{At: at, From: s, To: s, Reason: s, By: s}},
		Otherwise: []handoff.Step{{At: at, Do: s, To: s, Rule: s}, {At: at, Do: "notify", To: s}},
		Receipt:   &handoff.Receipt{By: s, At: at, ReadBack: s},
		Timeframe: s, Urgency: s, Resolution: s,
	}
}

// TestEverywhereIsEverywhere keeps the fuzz tests honest: no field is forgotten.
func TestEverywhereIsEverywhere(t *testing.T) {
	v := reflect.ValueOf(everywhere("x"))
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() && f.Name != "Language" { // that one chooses, it is not written
			assert.False(t, v.Field(i).IsZero(), f.Name)
		}
	}
}

// checkAll puts the text into every slot, with the excerpt shown and with the summary, and reads what comes out in every format.
func checkAll(t *testing.T, s string) {
	t.Helper()
	c := everywhere(s)
	for range 2 {
		require.NoError(t, check(c.Markdown()), "%q\n%s", s, c.Markdown())
		require.NoError(t, checkPlain(c.Document(handoff.Plain)), "%q\n%s", s, c.Document(handoff.Plain))
		require.NoError(t, checkHTML(c.Document(handoff.HTML)), "%q\n%s", s, c.Document(handoff.HTML))
		require.NoError(t, checkSlack(c.Document(handoff.Slack)), "%q\n%s", s, c.Document(handoff.Slack))
		c.Summary = ""
	}
}

var (
	ourMark = regexp.MustCompile(`^(- \*\*(Ticket ID|Customer|Priority|Escalating To|Escalation Reason|Customer Stays With|Time Zone|Completeness|Ruled out|Workaround|Last promise)\*\*: ` +
		`|\*\*Needed\*\*: |- \*\*|- (Time unknown|[0-9-]+ [0-9:]+ UTC) - |- |\d+\. |> |>$)`)
	italics = regexp.MustCompile(`^_(Not provided\.|None\.|Not provided\. In the customer's words:)_$| _\([^\n]*\)_$`)
	active  = regexp.MustCompile("^([ \t#>*+=|~`<:/_-]|[0-9]+[.)]( |$))")
	address = regexp.MustCompile(`(?i)://|www\.|@[^` + joiner + `]|#[0-9a-z]`)
)

// check is the slow obvious reading of a document: it knows our lines, and nothing active may be left when they are taken away.
func check(doc string) error {
	if err := bounded(doc); err != nil {
		return err
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
		mark := text[:len(text)-len(body)]
		if mark != "" && !belongs(section, mark) {
			return fail("forged mark")
		}
		if section == "## Why It Was Escalated" { // the name is bold
			body = strings.Replace(body, "**", "", 1)
		}
		if mark := italics.FindString(body); mark != "" {
			body = strings.TrimSuffix(body, mark) + strings.Trim(mark, " _")
		}
		if active.MatchString(body) && !(section == "## Timeline" && strings.HasPrefix(body, ": ")) { // an entry without a kind
			return fail("active at the start of a line")
		}
		if address.MatchString(body) {
			return fail("address, mention or reference")
		}
		runes := []rune(body)
		for i, r := range runes {
			if strings.ContainsRune("<>", r) {
				return fail("HTML")
			}
			if strings.ContainsRune("[]`*{}|~_", r) && !escaped(runes, i) &&
				!(r == '_' && i > 0 && i+1 < len(runes) && letter(runes[i-1]) && letter(runes[i+1])) {
				return fail("active " + string(r))
			}
		}
		if strings.HasSuffix(body, " ") && len(found) > 1 || len(runes) > 0 && runes[len(runes)-1] == '\\' && !escaped(runes, len(runes)-1) {
			return fail("hard line break")
		}
	}
	return inOrder(found)
}

// inOrder wants all headings of the template that are always there, in its order, and of the others none twice.
func inOrder(found []string) error {
	at := 0
	for _, h := range headings {
		switch {
		case at < len(found) && found[at] == h:
			at++
		case slices.Contains([]string{"## Business Impact", "## SLA Standing", "## If Nobody Reacts", "## Why It Was Escalated", "## Earlier Escalations", "## Acknowledgement"}, h):
		default:
			return fmt.Errorf("no %q in its place in %q", h, found)
		}
	}
	if at < len(found) {
		return fmt.Errorf("forged heading %q", found[at])
	}
	return nil
}

// bounded is what holds in every format.
func bounded(doc string) error {
	if !utf8.ValidString(doc) {
		return errors.New("not UTF-8")
	}
	if n := utf8.RuneCountInString(doc); n > handoff.MaxDocument {
		return fmt.Errorf("%d characters", n)
	}
	for _, r := range doc {
		if invisible(r) && string(r) != joiner && r != '\n' {
			return fmt.Errorf("%U", r)
		}
	}
	return nil
}

// In plain text only headings begin a line, each with its rule below.
func checkPlain(doc string) error {
	if err := bounded(doc); err != nil {
		return err
	}
	var found []string
	lines := strings.Split(strings.TrimSuffix(doc, "\n"), "\n")
	for i, text := range lines {
		switch {
		case text == "", strings.HasPrefix(text, "  "):
			text = strings.TrimLeft(text, " ")
			if strings.HasPrefix(text, "/") || address.MatchString(text) || strings.Contains(text, "<!") || strings.Contains(text, "{{") {
				return fmt.Errorf("line %d acts: %q", i+1, text)
			}
		case strings.Trim(text, "=") == "":
			found = append(found, "# "+lines[i-1])
		case strings.Trim(text, "-") == "":
			found = append(found, "## "+lines[i-1])
		case i+1 == len(lines) || strings.Trim(lines[i+1], "=-") != "" || lines[i+1] == "":
			return fmt.Errorf("line %d begins at the margin: %q", i+1, text)
		}
	}
	return inOrder(found)
}

var tag = regexp.MustCompile(`</?(h1|h2|p|ul|ol|li|blockquote|strong|em)>|<br>`)

// In HTML there are our tags, without attributes, and nothing else that begins one.
func checkHTML(doc string) error {
	if err := bounded(doc); err != nil {
		return err
	}
	var open []string
	for _, t := range tag.FindAllString(doc, -1) {
		switch {
		case t == "<br>":
		case t[1] != '/':
			open = append(open, t[1:])
		case len(open) == 0 || open[len(open)-1] != t[2:]:
			return fmt.Errorf("%s closes nothing", t)
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("%s is not closed", open)
	}
	var found []string
	for _, m := range regexp.MustCompile(`<(h[12])>([^<]*)</h[12]>`).FindAllStringSubmatch(doc, -1) {
		found = append(found, "##"[:m[1][1]-'0']+" "+html.UnescapeString(m[2]))
	}
	rest := tag.ReplaceAllString(doc, " ")
	if strings.ContainsAny(rest, `<>"`) {
		return errors.New("HTML")
	}
	if text := html.UnescapeString(rest); address.MatchString(text) {
		return fmt.Errorf("address, mention or reference: %q", address.FindString(text))
	}
	return inOrder(found)
}

// In Slack what is between & and ; is an encoded character, bold lines are our headings, and nothing is code.
func checkSlack(doc string) error {
	if err := bounded(doc); err != nil {
		return err
	}
	var found []string
	for i, text := range strings.Split(strings.TrimSuffix(doc, "\n"), "\n") {
		if strings.HasPrefix(text, "*") && strings.HasSuffix(text, "*") && strings.Count(text, "*") == 2 {
			mark := "## "
			if i == 0 {
				mark = "# "
			}
			found = append(found, mark+strings.Trim(text, "*"))
			continue
		}
		body := strings.TrimPrefix(text, "> ")
		if strings.ContainsAny(body, "<`~‹›") || strings.Contains(body, ">") && text != ">" || strings.HasPrefix(body, "&gt;") {
			return fmt.Errorf("line %d acts: %q", i+1, text)
		}
		if strings.Contains(strings.NewReplacer("&amp;", "", "&lt;", "", "&gt;", "").Replace(body), "&") || address.MatchString(body) {
			return fmt.Errorf("line %d: entity, address or mention: %q", i+1, text)
		}
	}
	return inOrder(found)
}

func belongs(section, mark string) bool {
	label, dated := strings.HasPrefix(mark, "- **"), strings.HasSuffix(mark, " - ")
	numbered := mark[0] >= '0' && mark[0] <= '9'
	switch section {
	case "# Escalation Handoff Document":
		return mark == "**Needed**: "
	case "## Ticket Information", "## Customer Expectation", "## Why It Was Escalated":
		return label
	case "## Timeline", "## Earlier Escalations", "## If Nobody Reacts":
		return dated
	case "## What Has Been Tried":
		return numbered || label
	case "## Recommended Next Steps":
		return numbered
	case "## Attachments", "## SLA Standing":
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
