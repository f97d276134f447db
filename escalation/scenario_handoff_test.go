package escalation_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/handoff"
	"github.com/escalade-go/escalade/sentiment"
)

// A ticket at the specialists' door: what they need is in the document, filled from the
// ticket, its history, what the agents wrote down, and the decision.
func TestTheHandoffLosesNothing(t *testing.T) {
	nine := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	revenue := 900.0
	ticket := escalation.Ticket{
		ID: "4711", Subject: "Export fails", Priority: "High", Status: "Open", Tier: "Tier 2", CreatedAt: nine, Category: "exports", Assignee: "anna",
		Customer: escalation.Customer{ID: "c1", Name: "Maria Silva", Tier: "Pro"}, RevenueImpact: &revenue,
		Messages: []escalation.Message{
			{ID: "m1", From: "customer", At: nine, Text: "The export fails."},
			{ID: "m2", From: "agent", By: "agent:anna", At: nine.Add(20 * time.Minute), Text: "I am looking at it."},
			{ID: "m3", From: "agent", By: "agent:anna", At: nine.Add(30 * time.Minute), Text: "She is about to leave us.", Internal: true},
		},
		Changes: []escalation.Change{
			{At: nine.Add(10 * time.Minute), Field: "tier", From: "Tier 1", To: "Tier 2", By: "escalade:third contact", Key: "k1"},
			{At: nine.Add(25 * time.Minute), Field: "priority", From: "Medium", To: "High", By: "agent:anna"},
		},
		Case: escalation.Notes{
			Summary: "The export stops at half.", Tried: []string{"Another browser: the same"}, Expectation: "All invoices of May.",
			NextSteps: []string{"Look at the worker"}, Ask: "Fix the worker", Impact: "Nobody in the shop can close the books.", RuledOut: []string{"The network"},
			Workaround: "PDF by hand.", Promise: "A call before noon.", Owner: "anna",
		},
	}
	engine := escalation.MustCompile(escalation.Standard(), nil)
	at := nine.Add(7 * time.Hour) // seven of eight hours are used up
	d, err := engine.Decide(ticket, at)
	require.NoError(t, err)
	require.NotNil(t, d.Handoff)
	c := *d.Handoff

	assert.Equal(t, "Tier 2", c.From)
	assert.Equal(t, "Tier 3", c.To)
	assert.Equal(t, "Fix the worker", c.Ask)
	assert.Equal(t, nine.Add(time.Duration(0.8*8*float64(time.Hour))).Add(time.Hour), c.NeededBy, "the tier has an hour from the escalation on: the smaller of its own and the priority's")
	assert.Equal(t, "1 hour", c.Timeframe)
	assert.Equal(t, 900.0, *c.Revenue)
	assert.Equal(t, []handoff.Hop{{At: nine.Add(10 * time.Minute), From: "Tier 1", To: "Tier 2", Reason: "third contact"}}, c.Earlier)
	require.NotEmpty(t, c.Causes)
	assert.Equal(t, "SLA at risk", c.Causes[0].Rule)
	assert.Equal(t, []string{`sla.metric != "tier_response" (resolution)`, "sla.used >= 0.8 (0.8)"}, c.Causes[0].Clauses)
	assert.Nil(t, c.Receipt)
	assert.Equal(t, 100, c.Completeness())

	var standing []string
	for _, k := range c.Clocks {
		standing = append(standing, k.Metric+" "+k.State)
	}
	assert.Equal(t, []string{"first_response met", "resolution running", "tier_response running"}, standing)

	t.Run("what happens if nobody reacts is what the next decision will say", func(t *testing.T) {
		require.NotEmpty(t, c.Otherwise)
		after := ticket
		d.Apply(&after)
		next, err := engine.Decide(after, d.NextCheck)
		require.NoError(t, err)
		var want []handoff.Step
		for _, a := range next.Actions {
			want = append(want, handoff.Step{At: a.Due, Do: a.Do, To: a.To, Rule: a.Rule})
		}
		assert.Equal(t, want, c.Otherwise)
	})

	t.Run("taken over, and later still to be had", func(t *testing.T) {
		after := ticket
		d.Apply(&after)
		later := at.Add(30 * time.Minute)
		got, err := engine.Handoff(after, later)
		require.NoError(t, err)
		require.NotNil(t, got)
		assert.Equal(t, "Tier 3", got.To)
		assert.Equal(t, "Tier 2", got.From)
		assert.Equal(t, "SLA at risk", got.Reason)
		assert.Len(t, got.Earlier, 1)
		assert.Contains(t, got.Markdown(), "Nobody has taken it over yet.")

		after.Case.Receipt = &handoff.Receipt{By: "dana", At: later, ReadBack: "I restart the worker at six."}
		got, err = engine.Handoff(after, later)
		require.NoError(t, err)
		assert.Contains(t, got.Markdown(), "dana, 2026-03-02 16:30 UTC: I restart the worker at six.")

		after.Case.Receipt.At = nine.Add(20 * time.Minute)
		got, err = engine.Handoff(after, later)
		require.NoError(t, err)
		assert.Nil(t, got.Receipt, "that was the receipt of the escalation before")

		after.Case.Resolution = "All invoices of May are in your mailbox."
		after.Status = "Resolved"
		after.Changes = append(after.Changes, escalation.Change{At: later, Field: "status", From: "Open", To: "Resolved", By: "agent:dana"})
		got, err = engine.Handoff(after, later.Add(time.Hour))
		require.NoError(t, err)
		text, err := got.FollowUp()
		require.NoError(t, err)
		assert.Equal(t, "Following up on your escalated issue. All invoices of May are in your mailbox. Is there anything else I can help with?", text)
	})

	t.Run("never escalated", func(t *testing.T) {
		got, err := engine.Handoff(escalation.Ticket{ID: "1", Priority: "Low", CreatedAt: nine}, nine.Add(time.Minute))
		require.NoError(t, err)
		assert.Nil(t, got)
	})

	t.Run("stored and read again", func(t *testing.T) {
		src, err := json.Marshal(c)
		require.NoError(t, err)
		var back handoff.Case
		require.NoError(t, json.Unmarshal(src, &back))
		assert.Equal(t, c.Markdown(), back.In(engine.Templates()).Markdown())
	})

	t.Run("private notes are marked, and do not reach the customer", func(t *testing.T) {
		assert.Contains(t, c.Markdown(), "Internal note: She is about to leave us. _(internal, anna)_")
		text, err := c.Acknowledgment()
		require.NoError(t, err)
		for _, internal := range []string{"leave us", "anna", "SLA", "Tier 3"} {
			assert.NotContains(t, text, internal)
		}
	})
}

// Several hops in one call, and moves back: the document is about the last move up, and
// tells of the others.
func TestTheHandoffTellsOfTheOtherMoves(t *testing.T) {
	engine := escalation.MustCompile(escalation.Standard(), nil)
	nine := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	ticket := escalation.Ticket{
		ID: "1", Priority: "High", Status: "Open", CreatedAt: nine, Customer: escalation.Customer{ID: "c", VIP: true},
		Messages: []escalation.Message{
			{ID: "m1", From: "customer", At: nine, Text: "Hello, the export fails."},
			{ID: "m2", From: "customer", At: nine.Add(30 * time.Minute), Text: "This is unacceptable, you are liars!!!"},
		},
	}
	d, err := engine.Decide(ticket, nine.Add(31*time.Minute))
	require.NoError(t, err)
	require.NotNil(t, d.Handoff)
	assert.Equal(t, "Tier 4", d.Handoff.To)
	assert.Equal(t, []handoff.Hop{{At: nine, From: "Tier 1", To: "Tier 2", Reason: "VIP"}}, d.Handoff.Earlier)

	d.Apply(&ticket)
	back := nine.Add(time.Hour)
	ticket.Changes = append(ticket.Changes, escalation.Change{At: back, Field: "tier", From: "Tier 4", To: "Tier 1", By: "agent:boss"})
	ticket.Tier = "Tier 1"
	c, err := engine.Handoff(ticket, back.Add(time.Minute))
	require.NoError(t, err)
	require.NotNil(t, c)
	assert.Equal(t, "Tier 4", c.To)
	assert.Equal(t, []handoff.Hop{{At: nine, From: "Tier 1", To: "Tier 2", Reason: "VIP"}, {At: back, From: "Tier 4", To: "Tier 1", By: "boss"}}, c.Earlier)
}

// A French customer of an English-speaking team, and the other way round.
func TestTemplatesSpeakTheLanguageOfTheirReader(t *testing.T) {
	nine := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	ticket := escalation.Ticket{
		ID: "4711", Subject: "Facture", Priority: "High", Status: "Open", CreatedAt: nine, Category: "billing", Language: "fr-CA",
		Messages: []escalation.Message{{ID: "m1", From: "customer", At: nine, Text: "Bonjour"}},
	}
	request := escalation.Request{Reason: "manager_requested", By: "agent:anna", Override: true}
	ask := func(p escalation.Policy) handoff.Case {
		d, err := escalation.MustCompile(p, nil).Escalate(ticket, request, nine.Add(time.Minute))
		require.NoError(t, err)
		require.NotNil(t, d.Handoff)
		return *d.Handoff
	}

	p := escalation.Standard()
	p.Templates = map[string]handoff.Templates{"fr": {Words: map[string]string{"Technical/Specialist Support": "Support technique", "billing": "facturation"}}}
	c := ask(p)
	text, err := c.Acknowledgment()
	require.NoError(t, err)
	assert.Equal(t, "J'ai transmis votre dossier à notre équipe Support technique, spécialisée dans le domaine suivant : facturation. "+
		"Elle vous contactera sous 1 heure. La référence de votre dossier est 4711.", text)
	assert.True(t, strings.HasPrefix(c.Markdown(), "# Escalation Handoff Document\n"), "the team reads English")

	p.Language = "fr"
	c = ask(p)
	assert.Contains(t, c.Markdown(), "- **Escaladé vers** : Niveau 2 (Support technique), depuis Niveau 1\n")
	ticket.Language = "ja"
	text, err = ask(p).Acknowledgment()
	require.NoError(t, err)
	assert.Contains(t, text, "J'ai transmis", "there is no Japanese, so it is the team's language")

	ticket.Language = ""
	d, err := escalation.MustCompile(escalation.Standard(), &escalation.Options{Analyzer: francophone{}}).Escalate(ticket, request, nine.Add(time.Minute))
	require.NoError(t, err)
	text, err = d.Handoff.Acknowledgment()
	require.NoError(t, err)
	assert.Contains(t, text, "J'ai transmis", "nothing says which language, but the message is in French")

	ticket.Language = "en"
	p.Templates["en"] = handoff.Templates{Acknowledgment: "Hello [Name], we have passed [ID] on.\n\nYour support"}
	ticket.Customer.Name = "Maria"
	text, err = ask(p).Acknowledgment()
	require.NoError(t, err)
	assert.Equal(t, "Hello Maria, we have passed 4711 on.\n\nYour support", text)
}

// francophone takes everything for French.
type francophone struct{}

func (francophone) Analyze(string) sentiment.Result {
	return sentiment.Result{Label: sentiment.Calm, Language: "fr", Confidence: 1}
}

// The instants of a document are those of the calendar that the tier works by.
func TestTheHandoffIsInTheTimeOfItsReaders(t *testing.T) {
	p := inTheOffice()
	nine := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	d, err := escalation.MustCompile(p, nil).Decide(escalation.Ticket{
		ID: "1", Priority: "Low", Status: "Open", CreatedAt: nine, Customer: escalation.Customer{VIP: true},
		Messages: []escalation.Message{{ID: "m", From: "customer", At: nine, Text: "Hello"}},
	}, nine)
	require.NoError(t, err)
	require.NotNil(t, d.Handoff)
	assert.Equal(t, "Europe/Paris", d.Handoff.Zone)
	doc := d.Handoff.Markdown()
	assert.Contains(t, doc, "- **Times Are Those Of**: Europe/Paris\n")
	assert.Contains(t, doc, "- 2026-03-02 10:00 UTC+01:00 - Initial contact: Hello")
	assert.Contains(t, doc, "in the opening hours of Europe/Paris")
}
