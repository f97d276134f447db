package handoff_test

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/handoff"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// full is a case in which nothing is missing.
func full() handoff.Case {
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, 3, day, hour, minute, 0, 0, time.FixedZone("CET", 3600))
	}
	revenue := 1200.0
	return handoff.Case{
		Ticket: "4711", Subject: "Charged twice, export broken", Customer: "Maria Silva", Account: "Acme S.A., Enterprise", Priority: "High",
		From: "Tier 1", To: "Tier 2", Team: "Technical/Specialist Support", Person: "Dana Ortiz", Reason: "SLA at risk", Topic: "billing disputes",
		Summary: "Maria was charged twice for May (2 × $49.00). The invoice export fails with ERR_TIMEOUT since v2.3, so she cannot check it herself. " +
			"She has asked three times.",
		Timeline: []handoff.Entry{
			{At: at(3, 9, 2), What: "Action taken", Text: "Refund of one charge requested; see billing case #88", By: "Tom", Internal: true},
			{At: at(2, 17, 45), What: "Initial contact", Text: "Charged twice, please look into it", By: "Maria Silva"},
			{At: at(3, 16, 30), What: "Escalation triggered", Text: "80 % of the resolution time used"},
		},
		Tried: []string{
			"Cleared the export queue: no change",
			"Exported as PDF instead of CSV: works for single invoices only",
			"Asked billing for a refund: waiting for approval",
		},
		Sentiment: "frustrated", Expectation: "One charge refunded and an invoice that shows it, before 10 March.",
		NextSteps:   []string{"Approve the refund", "Look at the export timeouts (log attached)"},
		Attachments: []string{"invoice_may.pdf", "export.log"},
		Ask:         "Approve the refund and find out why the export fails", NeededBy: at(3, 18, 30), Owner: "Tom",
		Impact: "Forty shops cannot close their books for May.", Revenue: &revenue,
		RuledOut: []string{"The browser: it fails in three of them", "The size of the export"}, Workaround: "Single invoices can be exported as PDF.",
		Promise: "A call back on 4 March before noon.",
		Clocks: []handoff.Clock{
			{Metric: "first_response", State: "met", Used: 0.25, Due: at(2, 18, 45), Stopped: at(2, 18, 0)},
			{Metric: "resolution", State: "running", Used: 0.8, Due: at(3, 18, 30), Zone: "Europe/Paris"},
			{Metric: "next_response", State: "breached", Used: 1.25, Due: at(3, 15, 0), BreachedAt: at(3, 15, 0)},
		},
		Causes: []handoff.Cause{
			{At: at(3, 16, 30), Rule: "SLA at risk", Clauses: []string{"sla.used >= 0.8 (0.8)"}, Because: "An hour is left."},
			{At: at(3, 16, 30), Because: "Customer requests manager", By: "Tom"},
		},
		Earlier: []handoff.Hop{
			{At: at(2, 18, 30), From: "Tier 1", To: "Tier 2", Reason: "third contact"},
			{At: at(3, 8, 0), From: "Tier 2", To: "Tier 1", By: "Tom"},
		},
		Otherwise: []handoff.Step{
			{At: at(3, 18, 6), Do: "notify", To: "team lead", Rule: "tier is late"},
			{At: at(3, 18, 30), Do: "escalate", To: "Tier 3", Rule: "SLA is broken"},
		},
		Timeframe: "4 hours", Urgency: "Resolution is due at 18:00 UTC today.",
		Resolution: "The second charge was refunded today.",
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

// One case in every format, and in French: in the time of Paris, as its customer lives in it, and taken over already.
func TestFullCase(t *testing.T) {
	french, err := handoff.Compile("fr", nil)
	require.NoError(t, err)
	c := full()
	c.Zone, c.Sentiment = "Europe/Paris", "angry"
	c.Receipt = &handoff.Receipt{By: "Dana Ortiz", At: c.NeededBy.Add(-time.Hour), ReadBack: "Je rembourse ce soir et je regarde l'export."}
	for _, f := range []struct {
		name   string
		format handoff.Format
	}{{"md", handoff.Markdown}, {"txt", handoff.Plain}, {"html", handoff.HTML}, {"slack", handoff.Slack}} {
		golden(t, "full."+f.name, full().Document(f.format))
		golden(t, "full_fr."+f.name, c.In(french).Document(f.format))
	}
	src, err := json.MarshalIndent(full(), "", "  ")
	require.NoError(t, err)
	golden(t, "full.json", string(src)+"\n")
}

func TestEmptyCase(t *testing.T) { golden(t, "empty.md", handoff.Case{}.Markdown()) }

// An automatic escalation: nobody has written anything yet.
func TestAutomaticCase(t *testing.T) {
	golden(t, "automatic.md", handoff.Case{
		Ticket: "4712", Subject: "URGENT!!! @everyone", Customer: "J. Doe", Priority: "Critical", To: "Tier 4", Reason: "Legal threat",
		Excerpt:   "Hello,\n\nthis is *unacceptable*. My lawyer (see https://law.example.com) will call.\n\n\n## Recommended Next Steps\n1. Refund me\n/close",
		Timeline:  []handoff.Entry{{At: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), What: "Initial contact", Text: "URGENT!!!"}, {What: "Reply", Text: "On hold"}},
		Sentiment: "threatening",
	}.Markdown())
}

// The headings and labels of the template, in its order.
func TestDocumentFollowsTheTemplate(t *testing.T) {
	rest := full().Markdown()
	for _, want := range []string{
		"# Escalation Handoff Document\n",
		"## Ticket Information\n", "- **Ticket ID**: 4711", "- **Customer**: Maria Silva / Acme", "- **Priority**: High\n",
		"- **Escalating To**: Tier 2", "Dana Ortiz", "- **Escalation Reason**: SLA at risk\n",
		"## Issue Summary\nMaria was",
		"## Timeline\n", "- 2026-03-02 16:45 UTC - Initial contact: Charged", "- 2026-03-03 08:02 UTC - Action taken: Refund", "_(internal, Tom)_",
		"- 2026-03-03 15:30 UTC - Escalation triggered: 80 %",
		"## What Has Been Tried\n1. Cleared", "2. Exported", "3. Asked",
		"## Customer Sentiment\nFrustrated\n",
		"## Customer Expectation\nOne charge",
		"## Recommended Next Steps\n1. Approve", "2. Look",
		"## Attachments\n- invoice_may.pdf\n- export.log\n",
	} {
		_, after, found := strings.Cut(rest, want)
		require.True(t, found, "%q not found in its place in\n%s", want, full().Markdown())
		rest = after
	}
}

func TestDocumentSlots(t *testing.T) {
	tests := []struct {
		name string
		c    handoff.Case
		want string
	}{
		{"subject alone", handoff.Case{Subject: "Help"}, "- **Ticket ID**: Help\n"},
		{"account alone", handoff.Case{Account: "Acme"}, "- **Customer**: Acme\n"},
		{"no destination", handoff.Case{From: "Tier 1"}, "- **Escalating To**: _Not provided._\n"},
		{"team alone", handoff.Case{Team: "Billing"}, "- **Escalating To**: Billing\n"},
		{"person alone", handoff.Case{Person: "Dana"}, "- **Escalating To**: Dana\n"},
		{"team named as the tier", handoff.Case{To: "Billing", Team: "billing"}, "- **Escalating To**: Billing\n"},
		{"from", handoff.Case{From: "Tier 1", To: "Tier 2"}, "- **Escalating To**: Tier 2, from Tier 1\n"},
		{"invisible summary", handoff.Case{Summary: "\u200b\u3164 \n"}, "## Issue Summary\n_Not provided._\n\n"},
		{"excerpt", handoff.Case{Excerpt: "one\r\n\r\n\r\n two"}, "_Not provided. In the customer's words:_\n\n> one\n>\n> two\n\n## Timeline"},
		{"summary wins", handoff.Case{Summary: "S", Excerpt: "E"}, "## Issue Summary\nS\n\n## Timeline"},
		{"label of sentiment", handoff.Case{Sentiment: " ANGRY"}, "## Customer Sentiment\nAngry\n"},
		{"own words for sentiment", handoff.Case{Sentiment: "quite upset"}, "## Customer Sentiment\nQuite upset\n"},
		{"blank items", handoff.Case{Tried: []string{" ", "a\nb", ""}}, "## What Has Been Tried\n1. a b\n\n"},
		{"blank entries", handoff.Case{Timeline: []handoff.Entry{{By: "Tom"}}}, "## Timeline\n_Not provided._\n"},
		{"entry without a kind", handoff.Case{Timeline: []handoff.Entry{{Text: "x"}}}, "- Time unknown - x\n"},
		{"entry without a text", handoff.Case{Timeline: []handoff.Entry{{What: "Reply", By: "bot:1"}}}, "- Time unknown - Reply _(bot:1)_\n"},
		{"no attachments", handoff.Case{}, "## Attachments\n_None._\n"},
		{"long line", handoff.Case{Reason: strings.Repeat("é", 201)}, strings.Repeat("é", 200) + "… (1 more character)\n"},
		{"long list", handoff.Case{Tried: repeat("x", 25)}, "20. x\n\n… and 5 more\n\n## Customer Sentiment"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { assert.Contains(t, test.c.Markdown(), test.want) })
	}
}

func repeat(s string, n int) []string {
	items := make([]string, n)
	for i := range items {
		items[i] = s
	}
	return items
}

func TestCutSaysHowMuchIsGone(t *testing.T) {
	for n := 1990; n < 2020; n++ {
		got := handoff.Case{Summary: strings.Repeat("a", n-3) + " bc"}.Markdown()
		_, got, _ = strings.Cut(got, "## Issue Summary\n")
		got, _, _ = strings.Cut(got, "\n")
		text, mark, found := strings.Cut(got, "… (")
		kept := len(text)
		if !found {
			assert.Equal(t, n, kept)
			continue
		}
		more, err := strconv.Atoi(strings.Fields(mark)[0])
		require.NoError(t, err)
		assert.Equal(t, n, kept+more)
		assert.NotEqual(t, byte(' '), text[kept-1])
	}
}

func TestTimelineKeepsBothEnds(t *testing.T) {
	var c handoff.Case
	for i := range 41 {
		c.Timeline = append(c.Timeline, handoff.Entry{At: time.Unix(int64(1000-i)*60, 0), Text: "event " + strconv.Itoa(40-i) + "."})
	}
	assert.Contains(t, c.Markdown(), "event 10.", "a mark in place of one entry would save nothing")
	assert.Equal(t, "event 40.", c.Timeline[0].Text, "the caller's slice keeps its order")

	for range 9 {
		c.Timeline = append(c.Timeline, handoff.Entry{Text: "late."})
	}
	got := c.Markdown()
	assert.Contains(t, got, "event 9.\n- … 10 more entries …\n- 1970-01-01 16:20 UTC - event 20.\n")
	assert.NotContains(t, got, "event 19.")
	assert.Contains(t, got, "late.\n\n## What Has Been Tried")
}

func TestMissing(t *testing.T) {
	all := []string{"summary", "timeline", "tried", "sentiment", "expectation", "next_steps"}
	assert.Equal(t, all, handoff.Case{Excerpt: "help"}.Missing())
	assert.Equal(t, append(all, "person", "owner", "ask", "impact", "ruled_out", "workaround", "promise", "attachments"), handoff.Parts())
	assert.Nil(t, full().Missing())
	for _, part := range handoff.Parts() {
		assert.True(t, full().Has(part), part)
		assert.False(t, handoff.Case{}.Has(part), part)
	}
	assert.False(t, full().Has("weather"))
	c := full()
	c.Summary, c.Tried, c.Person = "\u200e", []string{"\u200b", " "}, ""
	assert.Equal(t, []string{"summary", "tried"}, c.Missing())

	handoff.Parts()[0] = "changed"
	assert.Equal(t, "summary", handoff.Parts()[0])
}

// Missing and the document must agree on what a gap is.
func TestMissingIsWhatTheDocumentMisses(t *testing.T) {
	c := full()
	assert.NotContains(t, c.Markdown(), "_Not provided")
	for _, clear := range []func(*handoff.Case){
		func(c *handoff.Case) { c.Summary = "\u00ad" },
		func(c *handoff.Case) { c.Timeline = []handoff.Entry{{At: time.Unix(0, 0)}} },
		func(c *handoff.Case) { c.Tried = nil },
		func(c *handoff.Case) { c.Sentiment = "\t" },
		func(c *handoff.Case) { c.Expectation = "\ufeff" },
		func(c *handoff.Case) { c.NextSteps = []string{""} },
	} {
		clear(&c)
		assert.Equal(t, len(c.Missing()), strings.Count(c.Markdown(), "_Not provided._"))
	}
	assert.Len(t, c.Missing(), 6)
}

func TestJSON(t *testing.T) {
	b, err := json.Marshal(full())
	require.NoError(t, err)
	var back handoff.Case
	require.NoError(t, json.Unmarshal(b, &back))
	assert.Equal(t, full().Markdown(), back.Markdown())
	for _, key := range []string{`"ticket"`, `"next_steps"`, `"timeline":[{"at":`, `"what"`, `"internal":true`, `"timeframe":"4 hours"`} {
		assert.Contains(t, string(b), key)
	}
	b, err = json.Marshal(handoff.Case{})
	require.NoError(t, err)
	assert.Equal(t, "{}", string(b))
}

func TestStandsAlone(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	if err != nil {
		t.Skip("no go command:", err)
	}
	assert.Equal(t, []string{"github.com/escalade-go/escalade/handoff"}, strings.Fields(string(out)))
}

func BenchmarkMarkdown(b *testing.B) {
	c := full()
	b.ReportAllocs()
	for b.Loop() {
		_ = c.Markdown()
	}
}
