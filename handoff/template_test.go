package handoff_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/handoff"
)

// given is the template that the project was made from, letter by letter.
const given = `# Escalation Handoff Document

## Ticket Information
- **Ticket ID**: [Number]
- **Customer**: [Name/Account]
- **Priority**: [Level]
- **Escalating To**: [Tier/Person]
- **Escalation Reason**: [Category]

## Issue Summary
[2-3 sentence description of the problem]

## Timeline
- [Date/Time] - Initial contact: [Summary]
- [Date/Time] - Action taken: [Details]
- [Date/Time] - Escalation triggered: [Reason]

## What Has Been Tried
1. [Action and result]
2. [Action and result]
3. [Action and result]

## Customer Sentiment
[Calm / Frustrated / Angry / Threatening]

## Customer Expectation
[What the customer wants as resolution]

## Recommended Next Steps
1. [Suggested action]
2. [Suggested action]

## Attachments
- [Screenshots, logs, previous correspondence]
`

func compiled(t *testing.T, own handoff.Templates) *handoff.Set {
	t.Helper()
	set, err := handoff.Compile("en", map[string]handoff.Templates{"en": own})
	require.NoError(t, err)
	return set
}

// The template that the project was made from is itself a template.
func TestTheGivenTemplate(t *testing.T) {
	golden(t, "given.md", full().In(compiled(t, handoff.Templates{Document: given})).Markdown())
}

// And so are its messages, with their quotation marks.
func TestTheGivenMessages(t *testing.T) {
	own := compiled(t, handoff.Templates{
		Acknowledgment: `"I've escalated your case to our [Tier] team who specializes in [issue type]. They'll be reaching out within [timeframe]. Your case reference is [ID]."`,
		Message:        `"Escalating ticket #[ID] to [Person/Team]. [1-sentence summary]. Customer is [sentiment]. [Urgency note if applicable]. Full context attached."`,
		FollowUp:       `"Following up on your escalated issue. [Summary of resolution]. Is there anything else I can help with?"`,
	})
	for _, write := range []func(handoff.Case) (string, error){handoff.Case.Acknowledgment, handoff.Case.Message, handoff.Case.FollowUp} {
		want, err := write(full())
		require.NoError(t, err)
		got, err := write(full().In(own))
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

// Each slot, and what the full case puts there.
func TestSlots(t *testing.T) {
	for slot, want := range map[string]string{
		"ID": "4711", "Number": "4711 – Charged twice, export broken", "subject": "Charged twice, export broken", "Name": "Maria Silva",
		"Account": "Acme S.A., Enterprise", "Name/Account": "Maria Silva / Acme S.A., Enterprise", "Level": "High",
		"Tier/Person": "Tier 2 (Technical/Specialist Support) / Dana Ortiz, from Tier 1", "Person/Team": "Dana Ortiz", "Tier": "Technical/Specialist Support",
		"Category": "SLA at risk", "issue type": "billing disputes", "timeframe": "4 hours", "Summary of resolution": "The second charge was refunded today.",
		"1-sentence summary": "Maria was charged twice for May (2 × $49.00).", "Urgency note": "Resolution is due at 18:00 UTC today.",
		"the ask": "Approve the refund and find out why the export fails, by 2026-03-03 17:30 UTC", "owner": "Tom", "completeness": "100 %",
		"business impact": "Forty shops cannot close their books for May. Revenue at risk: 1200", "workaround": "Single invoices can be exported as PDF.",
		"sentiment": "frustrated", "expectation": "One charge refunded and an invoice that shows it, before 10 March.", "last promise": "A call back on 4 March before noon.",
		"receipt": "Nobody has taken it over yet.", "ruled out": "The browser: it fails in three of them; The size of the export", "attachments": "invoice_may.pdf; export.log",
		"TIER": "Technical/Specialist Support", "person/team, if any": "Dana Ortiz", "Next_steps": "Approve the refund; Look at the export timeouts (log attached)",
		"Equipe": "Technical/Specialist Support", "note d’urgence si besoin": "Resolution is due at 18:00 UTC today.",
	} {
		doc := full().In(compiled(t, handoff.Templates{Document: "> so: [" + slot + "]!"})).Document(handoff.Plain)
		assert.Equal(t, "  > so: "+want+"!\n", doc, slot)
	}
}

// What may stay empty takes its line with it, and the last line of a section its heading.
func TestWhatMayStayEmpty(t *testing.T) {
	set := compiled(t, handoff.Templates{Document: `# Title
## Gone
[impact, if known]
### Gone with it
- [SLA, if any]
## Stays
[impact, if known]
A word.
## Gap
[expectation]
## Beside
- **Customer**: [Name] [Account, if any]
## Empty on purpose
## Last
- **Ruled out**: [ruled out, if any]
`})
	assert.Equal(t, `# Title

## Stays
A word.

## Gap
_Not provided._

## Beside
- **Customer**: Maria 

## Empty on purpose
`, handoff.Case{Customer: "Maria"}.In(set).Markdown())
}

// What the author of a template writes is text as well, but a link is a link.
func TestTemplatesAreText(t *testing.T) {
	set := compiled(t, handoff.Templates{Document: "# <Title> & more\n\nSee https://wiki.example/run_book, ask @oncall. _Now_, **please**: \\[x\\] 1 < 2 * 3\n- [ ] done"})
	c := handoff.Case{}.In(set)
	assert.Equal(t, "# &lt;Title&gt; &amp; more\n\nSee https://wiki.example/run_book, ask @oncall. _Now_, **please**: \\[x\\] 1 &lt; 2 \\* 3\n\n- \\[ \\] done\n", c.Markdown())
	assert.Equal(t, "<Title> & more\n==============\n\n  See https://wiki.example/run_book, ask @oncall. Now, please: [x] 1 < 2 * 3\n  - [ ] done\n",
		strings.NewReplacer("‹", "", "›", "").Replace(c.Document(handoff.Plain)))
	assert.Equal(t, "<h1>&lt;Title&gt; &amp; more</h1>\n<p>See https://wiki.example/run_book, ask @oncall. <em>Now</em>, <strong>please</strong>: [x] 1 &lt; 2 * 3</p>\n<ul>\n<li>[ ] done</li>\n</ul>\n",
		c.Document(handoff.HTML))
}

// A line of a message of which nothing is left leaves no stray stop.
func TestOptionalSlotsOfMessages(t *testing.T) {
	set := compiled(t, handoff.Templates{Message: "Hello. [Urgency note, if any]. [1-sentence summary, if any]. Bye [owner, if known]."})
	text, err := handoff.Case{}.In(set).Message()
	require.NoError(t, err)
	assert.Equal(t, "Hello. Bye", strings.TrimRight(text, " ."))
	text, err = handoff.Case{Urgency: "Now!", Owner: "Tom"}.In(set).Message()
	require.NoError(t, err)
	assert.Equal(t, "Hello. Now! Bye Tom.", text)
}

// Every mistake, with its place and a guess.
func TestTemplateMistakes(t *testing.T) {
	tests := []struct {
		name      string
		templates map[string]handoff.Templates
		want      string
	}{
		{"a slot that does not exist", one(handoff.Templates{Document: "# A\n\n- **P**: [priorty]"}), "en/document:3:10: there is no slot [priorty] (did you mean [priority]?)"},
		{"far from any", one(handoff.Templates{Document: "[phase of the moon tonight]"}),
			`en/document:1:1: there is no slot [phase of the moon tonight] (the package handoff lists the slots; write \[ for a bracket that is meant)`},
		{"optional and misspelt", one(handoff.Templates{Message: "Hi [urgncy note if applicable]"}), "en/message:1:4: there is no slot [urgncy note if applicable] (did you mean [Urgency note]?)"},
		{"not closed", one(handoff.Templates{FollowUp: "Hello [Name, how are you?"}), `en/follow_up:1:7: this bracket is not closed (write \[ for one that is meant)`},
		{"a slot in a heading", one(handoff.Templates{Document: "# About [Name]"}), "en/document:1:3: a heading has no slots: what a customer wrote would become one (put the slot into a line of its own)"},
		{"internal, to the customer", one(handoff.Templates{Acknowledgment: "Because of [reason]."}),
			"en/acknowledgment:1:12: [reason] is internal, and this message is for the customer (they may read [ID], [subject], [Name], [Tier], [issue type], [timeframe], [Summary of resolution])"},
		{"a list in a message", one(handoff.Templates{Message: "All: [timeline]"}), "en/message:1:6: [timeline] is a list, for which a message has no room"},
		{"too long to be said", one(handoff.Templates{FollowUp: strings.Repeat("[Summary of resolution] ", 3)}),
			"en/follow_up:1:1: the message could become 6008 characters long, more than 5000 (say less, or say it once)"},
		{"nothing in it", one(handoff.Templates{Message: " \n "}), "en/message:1:1: the message is empty (leave it out to have the standard one)"},
		{"no document", one(handoff.Templates{Document: "\n"}), "en/document:1:1: the document is empty (leave it out to have the standard one)"},
		{"far too long", one(handoff.Templates{Document: strings.Repeat("x", 1<<14+1)}), "en/document:1:1: the template has 16385 bytes, more than 16384"},
		{"broken", one(handoff.Templates{Document: "\xff"}), "en/document:1:1: this is not UTF-8"},
		{"a word without its figure", one(handoff.Templates{Words: map[string]string{"%d hours": "hours"}}), `en/words: the word for "%d hours" has to hold %d, in that order (it is "hours")`},
		{"no language", map[string]handoff.Templates{"französisch": {}}, `französisch: "französisch" is no language (they are written like "fr" or "pt-BR")`},
		{"a language twice", map[string]handoff.Templates{"fr": {Message: "a"}, "FR": {Message: "b"}}, `fr: there are templates for "fr" already`},
		{"all at once", one(handoff.Templates{Document: "[a1b2c3]\n[d4e5f6]", Message: "[g7h8i9]"}),
			"en/document:1:1: there is no slot [a1b2c3]\nen/document:2:1: there is no slot [d4e5f6]\nen/message:1:1: there is no slot [g7h8i9]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := handoff.Compile("", test.templates)
			require.Error(t, err)
			if test.name == "all at once" {
				err = errors.New(strings.ReplaceAll(err.Error(), ` (the package handoff lists the slots; write \[ for a bracket that is meant)`, ""))
			}
			assert.EqualError(t, err, test.want)
		})
	}
	_, err := handoff.Compile("de", nil)
	assert.EqualError(t, err, `de: there are no templates in "de" (there are en, fr)`)
}

func one(t handoff.Templates) map[string]handoff.Templates {
	return map[string]handoff.Templates{"en": t}
}

// A language of one's own: what it does not say is said in the first one.
func TestAnotherLanguage(t *testing.T) {
	set, err := handoff.Compile("de-AT", map[string]handoff.Templates{
		"de-AT": {
			Acknowledgment: "Ihr Anliegen liegt bei [Tier] ([issue type]). Man meldet sich innerhalb von [timeframe].",
			Words:          map[string]string{"%d hours": "%d Stunden", "calm": "ruhig", "Technical/Specialist Support": "Technik"},
		},
	})
	require.NoError(t, err)
	c := full().In(set)
	c.Timeframe = set.Timeframe("de-AT", 4*3600e9, false, false)
	text, err := c.Acknowledgment()
	require.NoError(t, err)
	assert.Equal(t, "Ihr Anliegen liegt bei Technik (billing disputes). Man meldet sich innerhalb von 4 Stunden.", text)
	assert.Contains(t, c.Markdown(), "# Escalation Handoff Document", "there is no document in German")
	c.Language = "fr_CA"
	text, err = c.Acknowledgment()
	require.NoError(t, err)
	assert.Contains(t, text, "J'ai transmis votre dossier à notre équipe Support technique et spécialisé")
	c.Language = "de-at-x"
	text, err = c.Acknowledgment()
	require.NoError(t, err)
	assert.Contains(t, text, "Ihr Anliegen")
}

// How soon, as people say it.
func TestTimeframe(t *testing.T) {
	set, err := handoff.Compile("", nil)
	require.NoError(t, err)
	const minute, hour = 60e9, 3600e9
	for _, test := range []struct {
		language      string
		within        int64
		business, now bool
		want          string
	}{
		{"en", 15 * minute, false, false, "15 minutes"}, {"en", hour, false, false, "1 hour"}, {"en", 48 * hour, false, false, "2 days"}, {"en", 26 * hour, false, false, "1 day 2 hours"},
		{"en", 48 * hour, true, false, "48 business hours"}, {"en", 90 * minute, true, false, "1 business hour 30 minutes"}, {"en", 20e9, false, false, "1 minute"},
		{"en", 20e9, true, false, "1 business minute"}, {"en", 0, false, false, ""}, {"en", hour, false, true, "immediately"},
		{"fr-FR", 4 * hour, false, false, "4 heures"}, {"fr", 4 * hour, true, false, "4 heures ouvrées"}, {"fr", hour, false, true, "immédiatement"}, {"ja", 2 * hour, false, false, "2 hours"},
	} {
		assert.Equal(t, test.want, set.Timeframe(test.language, time.Duration(test.within), test.business, test.now))
	}
	c := handoff.Case{Language: "fr", Ticket: "1", Team: "Support", Topic: "paiements", Timeframe: "immédiatement"}
	text, err := c.Acknowledgment()
	require.NoError(t, err)
	assert.Contains(t, text, "Elle vous contactera immédiatement. ")
}

// The French messages, word for word.
func TestFrenchMessages(t *testing.T) {
	set, err := handoff.Compile("fr", nil)
	require.NoError(t, err)
	c := full().In(set)
	c.Team, c.Topic, c.Timeframe, c.Summary, c.Sentiment = "Support technique", "litiges de facturation", "4 heures", "Facturée deux fois en mai. Rien d'autre.", "angry"
	c.Urgency, c.Resolution = "", "Le second prélèvement a été remboursé"
	for _, m := range []struct {
		write func(handoff.Case) (string, error)
		want  string
	}{
		{handoff.Case.Acknowledgment, "J'ai transmis votre dossier à notre équipe Support technique, spécialisée dans le domaine suivant\u00a0: litiges de facturation. " +
			"Elle vous contactera sous 4 heures. La référence de votre dossier est 4711."},
		{handoff.Case.Message, "Escalade du ticket n°\u00a04711 vers Dana Ortiz. Facturée deux fois en mai. Le client est en colère. " +
			"Échéance dépassée (réponse suivante) : 2026-03-03 14:00 UTC. Contexte complet ci-joint."},
		{handoff.Case.FollowUp, "Je reviens vers vous au sujet de votre demande, que nous avions transmise. Le second prélèvement a été remboursé. Puis-je vous aider pour autre chose\u00a0?"},
	} {
		got, err := m.write(c)
		require.NoError(t, err)
		assert.Equal(t, m.want, got)
	}
}

// Both standard languages have the same slots in the same places.
func TestStandardTemplatesSayTheSame(t *testing.T) {
	en, fr := handoff.Standard("en"), handoff.Standard("fr")
	assert.Equal(t, handoff.Templates{}, handoff.Standard("de"))
	shape := func(doc string) string {
		var lines []string
		for line := range strings.Lines(doc) {
			mark, _, _ := strings.Cut(strings.TrimSpace(line), " ")
			lines = append(lines, strings.TrimLeft(mark, "*[]ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzéÉèàç'-/0123456789:,"))
		}
		return strings.Join(lines, "\n")
	}
	assert.Equal(t, shape(en.Document), shape(fr.Document))
	fr.Words["calm"] = "changed"
	assert.Equal(t, "calme", handoff.Standard("fr").Words["calm"])
}

// A set is shared by all goroutines.
func TestSetsAreShared(t *testing.T) {
	set := compiled(t, handoff.Templates{Document: given})
	want := full().In(set).Markdown()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				c := full().In(set)
				c.Language = "fr"
				_, err := c.Acknowledgment()
				assert.NoError(t, err)
				assert.Equal(t, want, c.Markdown())
			}
		})
	}
	wg.Wait()
}

// Whatever a template is, it compiles or says why not, and what it writes is bounded and valid.
func FuzzTemplates(f *testing.F) {
	for _, seed := range []string{given, handoff.Standard("fr").Document, "[ID][Name]", "see #[ID]", "- [\r]", "**_[", "a_b_c _d_", "\\[\\", "1. [tried]\n- [tried]\n[tried]", "# \n## [x]\n>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		set, err := handoff.Compile("en", one(handoff.Templates{Document: src, Message: src, FollowUp: src}))
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		for _, c := range []handoff.Case{{}, full(), everywhere("<b>*_[x](y)@z")} {
			c = c.In(set)
			for f := range handoff.Slack + 1 {
				require.NoError(t, bounded(c.Document(f)))
			}
			if text, err := c.FollowUp(); err == nil {
				require.LessOrEqual(t, utf8.RuneCountInString(text), handoff.MaxMessage)
				require.True(t, utf8.ValidString(text))
			}
		}
	})
}

// A team writes its own acknowledgment; a slip in it is found when it is compiled.
func ExampleCompile() {
	_, err := handoff.Compile("en", map[string]handoff.Templates{"en": {Acknowledgment: "Dear [Nmae], [Tier] will answer within [timeframe]."}})
	fmt.Println(err)

	set, _ := handoff.Compile("en", map[string]handoff.Templates{"en": {Acknowledgment: "Dear [Name], [Tier] will answer within [timeframe]."}})
	text, _ := handoff.Case{Customer: "Maria", Team: "Billing", Timeframe: "immediately"}.In(set).Acknowledgment()
	fmt.Println(text)
	// Output:
	// en/acknowledgment:1:6: there is no slot [Nmae] (did you mean [Name]?)
	// Dear Maria, Billing will answer immediately.
}
