package escalation_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
)

// hosted is a policy with a host's own fields, functions and actions.
func hosted(list ...rules.Rule) (escalation.Policy, *escalation.Options) {
	p := escalation.Standard()
	p.Fields = map[string]escalation.Field{
		"plan": {Type: "text", Values: []string{"Free", "Pro"}}, "seats": {Type: "number"}, "beta": {Type: "boolean"}, "products": {Type: "list"}, "region": {Type: "text"},
	}
	p.Actions = []escalation.HostAction{
		{Name: "page", Help: "wakes the team of a service", Args: []escalation.HostArg{{Name: "service", Values: []string{"database", "web"}}, {Name: "urgency", Number: true}}, Phrases: []string{"page {service} at urgency {urgency}"}},
		{Name: "freeze"},
	}
	p.Rules = list
	return p, &escalation.Options{Functions: []rules.Function{
		{Name: "is_partner", Help: "whether a region has a partner", Call: func(region string) (bool, error) {
			if region == "" {
				return false, errors.New("no region")
			}
			return region == "north", nil
		}},
	}}
}

func TestScenarioHostFields(t *testing.T) {
	p, o := hosted(
		rule("large", `ticket.fields.seats >= 100`, `add_tag("large")`), rule("small", `not (ticket.fields.seats >= 100)`, `add_tag("small")`),
		rule("pro", `ticket.fields.plan = "Pro"`, `add_tag("pro")`), rule("beta", `ticket.fields.beta`, `add_tag("beta")`),
		rule("mail", `"mail" in ticket.fields.products`, `add_tag("mail")`), rule("no plan", `not known(ticket.fields.plan)`, `add_tag("no plan")`),
	)
	e := escalation.MustCompile(p, o)
	tags := func(fields string) (out []string, problems []string) {
		var ticket escalation.Ticket
		require.NoError(t, json.Unmarshal([]byte(`{"id": "1", "priority": "Low", "status": "Open", "created_at": "2026-03-02T09:00:00Z", "fields": `+fields+`}`), &ticket))
		d, err := e.Decide(ticket, at("Mon 09:00"))
		require.NoError(t, err)
		for _, a := range d.Actions {
			out = append(out, a.To)
		}
		return out, answer{t, d}.problems()
	}
	got, problems := tags(`{"seats": 120, "plan": "pro", "beta": true, "products": ["mail", "chat"], "other": {}}`)
	assert.Equal(t, []string{"large", "pro", "beta", "mail"}, got)
	assert.Empty(t, problems)
	got, _ = tags(`{"seats": 12, "plan": "Free", "beta": false, "products": []}`)
	assert.Equal(t, []string{"small"}, got)
	got, problems = tags(`{}`)
	assert.Equal(t, []string{"no plan"}, got, "unknown is neither large nor small")
	assert.Empty(t, problems)
	got, problems = tags(`{"seats": "many", "plan": 3, "beta": "yes", "products": [1], "region": null}`)
	assert.Equal(t, []string{"no plan"}, got)
	assert.Equal(t, []string{"invalid_field", "invalid_field", "invalid_field", "invalid_field"}, problems)

	s := tell(t, e).given(func(x *escalation.Ticket) { x.Fields = map[string]any{"seats": 120, "plan": "Pro"} })
	assert.Equal(t, []rules.Value{{Name: "ticket.fields.seats", Value: 120.0}}, s.ask("Mon 09:00").Reasons[0].Clauses[0].Values)
}

func TestScenarioHostActionsAndFunctions(t *testing.T) {
	p, o := hosted(
		rule("down", `"down" in ticket.tags`, `page database at urgency 2`, `freeze()`, `page("web", 1)`),
		rule("partner", `is_partner(ticket.fields.region)`, `notify("manager")`),
		rule("after", `ticket.open`, `add_tag("seen")`),
	)
	e := escalation.MustCompile(p, o)
	s := tell(t, e).given(func(x *escalation.Ticket) { x.Tags, x.Fields = []string{"down"}, map[string]any{"region": "north"} })
	a := s.ask("Mon 09:00").does("Mon 09:00 page: down", "Mon 09:00 freeze: down", "Mon 09:00 page: down", "Mon 09:00 notify manager: partner", "Mon 09:00 add_tag seen: after")
	assert.Equal(t, []any{"database", 2.0}, a.Actions[0].Args)
	src, err := json.Marshal(a.Actions[0])
	require.NoError(t, err)
	assert.Contains(t, string(src), `"do":"page","args":["database",2]`)
	s.ask("Mon 10:00").doesNothing()

	s = tell(t, e).given(func(x *escalation.Ticket) { x.Fields = map[string]any{"region": ""} })
	a = s.ask("Mon 09:00").does("Mon 09:00 add_tag seen: after")
	assert.Equal(t, []string{"rule_failed"}, a.problems(), "the failure is told, and silences no other rule")
}

func TestScenarioHostMistakes(t *testing.T) {
	p, o := hosted(
		rule("a", `ticket.fields.seat > 3 and ticket.fields.plan = "Prro" and is_partnr("x") and ticket.fields.beta = 3`, `page("databse", 1)`, `page("web")`, `page web at urgency 0`, `frieze()`),
	)
	_, err := escalation.Compile(p, o)
	require.Error(t, err)
	for _, want := range []string{
		`there is no "ticket.fields.seat" (did you mean "ticket.fields.seats"?)`, `"Prro" is no plan (did you mean "Pro"?)`, `there is no function is_partnr (did you mean "is_partner"?)`,
		`page: there is no service "databse" (did you mean "database"?)`, `page takes a service and a urgency`, `page: the urgency must be a whole number of at least 1`, `there is no action "frieze" (did you mean "freeze"?)`,
	} {
		assert.ErrorContains(t, err, want)
	}
	all := mistakes(t, small(`"rules": [], "fields": {"plan": [], "se ats": "number", "x": "nummber", "y": ["a", "A"]}, "actions": [{"name": "notify"}, {"name": "pa ge"}, {"name": "ok", "args": [{"name": "a"}, {"name": "a"}], "phrases": ["do it", "do {a}"]}, {"name": "OK"}]`))
	assert.Equal(t, strings.TrimSpace(`
policy.json:3:33: /fields/plan: this list of values is empty
policy.json:3:48: /fields/se ats: a field cannot be called "se ats" (letters, digits and underscores)
policy.json:3:63: /fields/x: there is no type "nummber" (did you mean "number"?)
policy.json:3:85: /fields/y/1: there is a value "A" already
policy.json:3:113: /actions/0/name: notify means something already
policy.json:3:133: /actions/1/name: an action cannot be called "pa ge" (letters, digits and underscores)
policy.json:3:191: /actions/2/args/1/name: there is an argument "a" already
policy.json:3:210: /actions/2/phrases/0: the phrase "do it" must name its arguments once each (they are {a}, {a})
policy.json:3:219: /actions/2/phrases/1: the phrase "do {a}" must name its arguments once each (they are {a}, {a})
policy.json:3:240: /actions/3/name: there is an action "OK" already`), all.Error())
}

func TestScenarioVocabulary(t *testing.T) {
	p, o := hosted()
	words := map[string]rules.Word{}
	for _, w := range escalation.MustCompile(p, o).Vocabulary() {
		words[w.Name] = w
	}
	assert.Equal(t, rules.Word{Name: "ticket.fields.plan", Kind: "fact", Type: "text", Values: []string{"Free", "Pro"}, Help: "a field of the helpdesk's own; may be unknown", Unknown: true}, words["ticket.fields.plan"])
	assert.Equal(t, "function", words["is_partner"].Kind)
	assert.Equal(t, []string{"page {service} at urgency {urgency}"}, words["page"].Phrases)
	assert.Equal(t, []string{"Tier 1", "Tier 2", "Tier 3", "Tier 4"}, words["escalate"].Values)
	assert.Equal(t, "1000 here", words["param.revenue_threshold"].Help)
	delete(words, "freeze") // whose author had nothing to say of it
	for _, w := range words {
		assert.NotEmpty(t, w.Help, w.Name)
		assert.NotEmpty(t, w.Kind)
	}
}

func TestScenarioHostRoundTrip(t *testing.T) {
	p, o := hosted(rule("a", `ticket.open`, `freeze()`))
	src := escalation.FormatPolicy(p)
	read, err := escalation.ReadPolicy("policy.json", src)
	require.NoError(t, err)
	assert.Equal(t, string(src), string(escalation.FormatPolicy(read)))
	e := escalation.MustCompile(read, o)
	p.Fields["plan"].Values[0], p.Actions[0].Args[0].Values[0] = "changed", "changed"
	assert.Equal(t, "Free", e.Policy().Fields["plan"].Values[0], "the engine keeps its own")
	assert.Equal(t, "database", e.Policy().Actions[0].Args[0].Values[0])
}

// A tenant may write rules, but not use every action.
func TestScenarioAllow(t *testing.T) {
	p, o := hosted(rule("a", `ticket.open`, `notify manager`, `escalate to Tier 2`, `escalate("Tier 2")`, `freeze()`))
	o.Allow = []string{"notify", "add_note"}
	_, err := escalation.Compile(p, o)
	require.Error(t, err)
	assert.Equal(t, strings.TrimSpace(`
/rules/0/then/1 (a):1:1: escalate is not allowed here (allowed are add_note, notify)
/rules/0/then/2 (a):1:1: escalate is not allowed here (allowed are add_note, notify)
/rules/0/then/3 (a):1:1: freeze is not allowed here (allowed are add_note, notify)`), strings.ReplaceAll(err.Error(), "notify, add_note", "add_note, notify"))
	p.Rules[0].Then = p.Rules[0].Then[:1]
	e, err := escalation.Compile(p, o)
	require.NoError(t, err)
	for _, w := range e.Vocabulary() {
		assert.NotEqual(t, "escalate", w.Name, "nor is it offered")
	}
	o.Allow = []string{"notifi"}
	_, err = escalation.Compile(p, o)
	assert.ErrorContains(t, err, `Options.Allow names "notifi", which is no action (did you mean "notify"?)`)
	o.Allow, o.Limits.Actions = nil, 1
	p.Rules[0].Then = []string{"notify manager", "notify manager"}
	_, err = escalation.Compile(p, o)
	assert.ErrorContains(t, err, "the limit is Limits.Actions")
}
