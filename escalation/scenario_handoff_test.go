package escalation_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/handoff"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sentiment"
	"github.com/escalade-go/escalade/sla"
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
	assert.Equal(t, "J'ai transmis votre dossier à notre équipe Support technique, spécialisée dans le domaine suivant\u00a0: facturation. "+
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
	assert.Contains(t, doc, "- **Time Zone**: Europe/Paris\n")
	assert.Contains(t, doc, "- 2026-03-02 10:00 UTC+01:00 - Initial contact: Hello")
	assert.Contains(t, doc, "in the opening hours of Europe/Paris")
}

// A decision hands over what is still to be handed over when it is asked.
func TestNothingIsHandedOverWhereTheTicketIsNot(t *testing.T) {
	late := rule("late", `ticket.age >= 1h`, `escalate("Tier 2")`)
	t.Run("it has gone back meanwhile", func(t *testing.T) {
		a := tell(t, with(late, rule("calm again", `ticket.age >= 2h`, `de_escalate("Tier 1")`))).look("Mon 12:00")
		a.does("Mon 10:00 escalate Tier 2: late", "Mon 11:00 de_escalate Tier 1: calm again")
		assert.Nil(t, a.Handoff)
	})
	t.Run("somebody has moved it further meanwhile", func(t *testing.T) {
		s := tell(t, with(late)).tier("Mon 11:00", "Tier 3")
		assert.Nil(t, s.look("Mon 12:00").Handoff)
		c, err := s.engine.Handoff(s.ticket, at("Mon 12:00"))
		require.NoError(t, err)
		assert.Equal(t, "Tier 3", c.To)
	})
}

// Who takes over is who was assigned with the move or after it, or whom the request
// names, where it is the request that moves the ticket.
func TestWhoTakesOver(t *testing.T) {
	early := rule("early", `ticket.age >= 5m`, `assign("senior agent")`)
	late := rule("late", `ticket.age >= 1h`, `escalate("Tier 4")`)
	request := escalation.Request{Reason: "manager_requested", By: "agent:anna", Person: "Tom", Override: true}
	ask := func(s *story, when string, r escalation.Request) *handoff.Case {
		d, err := s.engine.Escalate(s.ticket, r, at(when))
		require.NoError(t, err)
		require.NotNil(t, d.Handoff)
		return d.Handoff
	}
	assert.Empty(t, tell(t, with(early, late)).look("Mon 10:00").Handoff.Person, "assigned for the tier before")
	assert.Equal(t, "senior agent", tell(t, with(late, rule("with it", `ticket.tier == "Tier 4"`, `assign("senior agent")`))).look("Mon 10:00").Handoff.Person)
	assert.Equal(t, "Tom", ask(tell(t, with(late)), "Mon 09:30", request).Person)
	assert.Empty(t, ask(tell(t, with(late)), "Mon 10:00", request).Person, "Tom is not of Tier 4, to which a rule sends it at the same instant")
	request.Override = false
	assert.Empty(t, ask(tell(t, with(late)), "Mon 11:00", request).Person, "the request is refused")
}

// The document of a ticket that was handed over earlier is like that of the decision: why,
// and what happens next.
func TestTheHandoffLaterOn(t *testing.T) {
	engine := with(
		rules.Rule{Name: "late", If: `ticket.age >= 1h`, Then: []string{`escalate("Tier 2")`}, Because: "An hour is gone."},
		rule("hint", `ticket.age >= 90m`, `notify("team lead")`),
		rule("very late", `ticket.age >= 3h`, `escalate("Tier 3")`, `notify("manager")`),
	)
	s := tell(t, engine)
	s.ask("Mon 10:00")
	c, err := engine.Handoff(s.ticket, at("Mon 10:45"))
	require.NoError(t, err)
	assert.Equal(t, []handoff.Cause{{At: at("Mon 10:00"), Rule: "late", Because: "An hour is gone."}}, c.Causes)
	assert.Equal(t, []handoff.Step{{At: at("Mon 10:30"), Do: "notify", To: "team lead", Rule: "hint"}}, must(engine.Handoff(s.ticket, at("Mon 10:15"))).Otherwise)
	c, err = engine.Handoff(s.ticket, at("Mon 11:00"))
	require.NoError(t, err)
	assert.Len(t, c.Causes, 1, "a hint that is due is not why it was escalated")
	assert.Equal(t, []handoff.Step{
		{At: at("Mon 12:00"), Do: "escalate", To: "Tier 3", Rule: "very late"}, {At: at("Mon 12:00"), Do: "notify", To: "manager", Rule: "very late"},
	}, c.Otherwise)
	assert.Equal(t, []handoff.Entry{{At: at("Mon 10:00"), What: "Escalation triggered", Text: "late", To: "Tier 2", Internal: true}}, c.Timeline,
		"as the decision told it")

	t.Run("as of an earlier instant", func(t *testing.T) {
		s.ticket.Case.Receipt = &handoff.Receipt{By: "dana", At: at("Mon 11:00")}
		assert.Nil(t, must(engine.Handoff(s.ticket, at("Mon 10:45"))).Receipt, "nobody had taken it over yet")
		assert.NotNil(t, must(engine.Handoff(s.ticket, at("Mon 11:00"))).Receipt)
		assert.Nil(t, must(engine.Handoff(s.ticket, at("Mon 09:30"))))
	})
	t.Run("where the ticket is no more, nothing is needed by any time", func(t *testing.T) {
		back := tell(t, engine)
		back.ask("Mon 10:00")
		back.tier("Mon 10:30", "Tier 1")
		assert.Zero(t, must(engine.Handoff(back.ticket, at("Mon 10:45"))).NeededBy)
	})
}

func must(c *handoff.Case, err error) *handoff.Case {
	if err != nil {
		panic(err)
	}
	return c
}

// What cannot be written as JSON is no reason to lose a decision.
func TestTheHandoffCanAlwaysBeWritten(t *testing.T) {
	far := time.Date(10001, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3600))
	s := tell(t, with(rule("late", `ticket.age >= 1h`, `escalate("Tier 2")`))).given(func(x *escalation.Ticket) {
		x.RevenueImpact = figure(math.Inf(1))
		x.Case = escalation.Notes{Summary: "broken \xff", NeededBy: far, Receipt: &handoff.Receipt{By: "dana", At: far}}
	})
	a := s.look("Mon 10:00")
	_, err := json.Marshal(a.Decision)
	require.NoError(t, err)
	assert.Equal(t, at("Mon 14:00"), a.Handoff.NeededBy, "a date that nobody can mean is none")

	d, err := s.engine.Escalate(s.ticket, escalation.Request{Reason: "manager_requested", NeededBy: far, Override: true}, at("Mon 10:00"))
	require.NoError(t, err)
	_, err = json.Marshal(d)
	require.NoError(t, err)
}

// Wherever the host is, the instants of a case are in the zone of the case.
func TestTheHandoffIsAlikeWhereverTheHostIs(t *testing.T) {
	s := tell(t, with(rule("late", `ticket.age >= 1h`, `escalate("Tier 2")`)))
	s.ticket.Case.NeededBy = at("Mon 15:00").In(time.FixedZone("Tokyo", 9*3600))
	assert.Equal(t, at("Mon 15:00"), s.look("Mon 10:00").Handoff.NeededBy)
}

// A clock that counts in opening hours says in whose, also where they are those of UTC, of
// several offices or of a contract.
func TestWhoseOpeningHours(t *testing.T) {
	week := map[string][]string{"mon": {"08:00-18:00"}}
	p := escalation.Standard()
	p.Calendars = map[string]escalation.Calendar{
		"office": {Hours: sla.Hours{Week: week}},
		"paris":  {Hours: sla.Hours{Zone: "Europe/Paris", Week: week}},
		"both":   {Union: []string{"paris", "office"}},
	}
	for calendar, want := range map[string]string{"": "", "office": "UTC", "paris": "Europe/Paris", "both": "Europe/Paris"} {
		p.Calendar = calendar
		p.Rules = []rules.Rule{rule("late", `ticket.age >= 1h`, `escalate("Tier 2")`)}
		c := tell(t, escalation.MustCompile(p, nil)).look("Mon 10:00").Handoff
		for _, k := range c.Clocks {
			assert.Equal(t, want, k.Zone, "%s of %q", k.Metric, calendar)
		}
		if want == "UTC" {
			want = ""
		}
		assert.Equal(t, want, c.Zone, "case of %q", calendar)
	}

	engine := escalation.MustCompile(p, nil)
	contract, err := engine.Contract(escalation.Agreement{Name: "Tokyo", Terms: escalation.Terms{Calendar: "tokyo"}, Calendars: map[string]escalation.Calendar{
		"tokyo": {Hours: sla.Hours{Zone: "Asia/Tokyo", Week: map[string][]string{"mon": {"08:00-20:00"}}}},
	}})
	require.NoError(t, err)
	p.Name = "another version"
	for _, e := range []*escalation.Engine{engine, escalation.MustCompile(p, nil)} {
		c := tell(t, e).given(func(x *escalation.Ticket) { x.Contract = contract }).look("Mon 10:00").Handoff
		for _, k := range c.Clocks {
			assert.Equal(t, "Asia/Tokyo", k.Zone, k.Metric)
		}
		assert.Equal(t, "Asia/Tokyo", c.Zone)
	}
}

// What a decision hands over is the caller's: nothing of it is the ticket's or the engine's.
func TestTheHandoffIsTheCallersOwn(t *testing.T) {
	revenue := 10.0
	ticket := escalation.Ticket{
		ID: "1", Priority: "High", Status: "Open", CreatedAt: at("Mon 09:00"), Customer: escalation.Customer{ID: "c", VIP: true}, RevenueImpact: &revenue,
		Messages: []escalation.Message{{ID: "m", From: "customer", At: at("Mon 09:00"), Text: "Hello", Attachments: []string{"a", "b"}}},
		Case: escalation.Notes{
			Tried: []string{"a", "b"}, RuledOut: []string{"c"}, NextSteps: []string{"d"}, Receipt: &handoff.Receipt{By: "dana", At: at("Mon 09:00")},
		},
	}
	request := escalation.Request{Reason: "manager_requested", Tried: []string{"x"}, RuledOut: []string{"y"}, NextSteps: []string{"z"}, Override: true}
	write := func(v any) string {
		src, err := json.Marshal(v)
		require.NoError(t, err)
		return string(src)
	}
	scribble := func(c *handoff.Case) {
		for _, list := range [][]string{c.Tried, c.RuledOut, c.NextSteps, c.Attachments} {
			for i := range list {
				list[i] = "scribble"
			}
			_ = append(list[:len(list):cap(list)], "scribble")
		}
		for _, cause := range c.Causes {
			clear(cause.Clauses)
		}
		*c.Revenue = 0
		*c.Receipt = handoff.Receipt{}
		clear(c.Timeline)
		clear(c.Otherwise)
		clear(c.Earlier)
		clear(c.Clocks)
	}
	before := write(ticket) + write(request)
	var decided []string
	for range 2 {
		d, err := standard.Decide(ticket, at("Mon 09:00"))
		require.NoError(t, err)
		asked, err := standard.Escalate(ticket, request, at("Mon 09:00"))
		require.NoError(t, err)
		again, err := escalation.MustCompile(escalation.Standard(), nil).Decide(ticket, at("Mon 09:00").In(time.FixedZone("", 3600)))
		require.NoError(t, err)
		require.Equal(t, write(d), write(again), "another engine, another place")
		decided = append(decided, write(d)+write(asked))
		scribble(d.Handoff)
		scribble(asked.Handoff)
		require.Equal(t, before, write(ticket)+write(request))
	}
	require.Equal(t, decided[0], decided[1])
}
