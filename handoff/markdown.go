package handoff

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxDocument is the most characters that [Case.Markdown] ever returns, whatever the case holds. It is what the comment fields of common
// trackers take.
const MaxDocument = 1 << 16

// What is written of each slot at most, in characters, and of each list, in items. Together they stay below MaxDocument.
const (
	maxName        = 200 // ticket, subject, customer, tier and the like
	maxMood        = 80
	maxSummary     = 2000
	maxExcerpt     = 1000
	maxExpectation = 1000
	maxItem        = 500
	maxItems       = 20
	maxFile        = 200
	maxFiles       = 30
	maxWhat        = 80
	maxEvent       = 300
	maxHead        = 10 // events kept from the beginning, where the case was explained
	maxTail        = 30 // and from the end, where it stands
)

const gap = "_Not provided._"

// Markdown returns the handoff document in Markdown. All its headings are always there; what is missing is shown as such. Times are in UTC
// and say so. It is not longer than [MaxDocument] characters and ends with a newline.
func (c Case) Markdown() string {
	var b strings.Builder
	b.WriteString("# Escalation Handoff Document\n\n## Ticket Information\n")
	label(&b, "Ticket ID", join(" – ", line(c.Ticket, maxName), line(c.Subject, maxName)))
	label(&b, "Customer", join(" / ", line(c.Customer, maxName), line(c.Account, maxName)))
	label(&b, "Priority", line(c.Priority, maxName))
	label(&b, "Escalating To", c.destination())
	label(&b, "Escalation Reason", line(c.Reason, maxName))

	b.WriteString("\n## Issue Summary\n")
	switch {
	case visible(c.Summary):
		b.WriteString(lines(c.Summary, maxSummary, ""))
	case visible(c.Excerpt):
		b.WriteString("_Not provided. In the customer's words:_\n\n")
		b.WriteString(lines(c.Excerpt, maxExcerpt, "> "))
	default:
		b.WriteString(gap)
	}

	b.WriteString("\n\n## Timeline\n")
	timeline(&b, c.Timeline)
	b.WriteString("\n## What Has Been Tried\n")
	list(&b, c.Tried, true, maxItem, maxItems, gap)
	b.WriteString("\n## Customer Sentiment\n")
	paragraph(&b, capital(line(c.mood(), maxMood)))
	b.WriteString("\n## Customer Expectation\n")
	if visible(c.Expectation) {
		paragraph(&b, lines(c.Expectation, maxExpectation, ""))
	} else {
		paragraph(&b, "")
	}
	b.WriteString("\n## Recommended Next Steps\n")
	list(&b, c.NextSteps, true, maxItem, maxItems, gap)
	b.WriteString("\n## Attachments\n")
	list(&b, c.Attachments, false, maxFile, maxFiles, "_None._")
	return b.String()
}

// destination reads "Tier 2 (Technical/Specialist Support) / Dana Ortiz, from Tier 1", as far as it is known.
func (c Case) destination() string {
	to, team := line(c.To, maxName), line(c.Team, maxName)
	switch {
	case to == "":
		to = team
	case team != "" && !strings.EqualFold(team, to):
		to += " (" + team + ")"
	}
	to = join(" / ", to, line(c.Person, maxName))
	if from := line(c.From, maxName); from != "" && to != "" {
		to += ", from " + from
	}
	return to
}

func label(b *strings.Builder, name, value string) {
	b.WriteString("- **" + name + "**: ")
	paragraph(b, value)
}

func paragraph(b *strings.Builder, text string) {
	if text == "" {
		text = gap
	}
	b.WriteString(text)
	b.WriteByte('\n')
}

// timeline writes the entries in order of time, those without a time last. Of a long one the middle is left out: how it began and where it
// stands is what the reader needs.
func timeline(b *strings.Builder, entries []Entry) {
	var shown []Entry
	for _, e := range entries {
		if e.visible() {
			shown = append(shown, e)
		}
	}
	slices.SortStableFunc(shown, func(x, y Entry) int {
		if x.At.IsZero() != y.At.IsZero() {
			if x.At.IsZero() {
				return +1
			}
			return -1
		}
		return x.At.Compare(y.At)
	})
	if len(shown) == 0 {
		paragraph(b, "")
	}
	left := len(shown) - maxHead - maxTail
	for i, e := range shown {
		switch {
		case left > 1 && i == maxHead:
			b.WriteString("- … " + strconv.Itoa(left) + " more entries …\n")
		case left > 1 && maxHead < i && i < maxHead+left:
		default:
			e.write(b)
		}
	}
}

// write keeps who and whether it is internal in italics, which no text can make: a customer cannot sign as somebody else.
func (e Entry) write(b *strings.Builder) {
	when := "Time unknown"
	if !e.At.IsZero() {
		when = e.At.UTC().Format("2006-01-02 15:04 UTC")
	}
	b.WriteString("- " + when + " - " + join(": ", line(e.What, maxWhat), line(e.Text, maxEvent)))
	mark := ""
	if e.Internal {
		mark = "internal"
	}
	if by := join(", ", mark, line(e.By, maxWhat)); by != "" {
		b.WriteString(" _(" + by + ")_")
	}
	b.WriteByte('\n')
}

func list(b *strings.Builder, items []string, numbered bool, maxItem, maxItems int, empty string) {
	n, more := 0, 0
	for _, item := range items {
		switch {
		case !visible(item):
		case n == maxItems:
			more++
		default:
			n++
			if numbered {
				b.WriteString(strconv.Itoa(n) + ". ")
			} else {
				b.WriteString("- ")
			}
			paragraph(b, line(item, maxItem))
		}
	}
	if n == 0 {
		paragraph(b, empty)
	}
	if more > 0 {
		b.WriteString("\n… and " + strconv.Itoa(more) + " more\n")
	}
}

// join joins what is not empty.
func join(sep string, texts ...string) string {
	texts = slices.DeleteFunc(texts, func(s string) bool { return s == "" })
	return strings.Join(texts, sep)
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
