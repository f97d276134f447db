package escalation_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
)

// templates are the rules that are widely copied, letter for letter.
const templates = `**Auto-Escalate on SLA Breach**
~~~
IF ticket.priority = "High"
AND ticket.age > 80% of SLA
AND ticket.status != "Resolved"
THEN escalate to Tier 2
AND notify manager
AND add internal note
~~~

**Customer Sentiment Escalation**
~~~
IF sentiment_score < -0.7
OR contains_keywords(["unacceptable", "terrible", "worst"])
THEN flag for review
AND add priority bump
AND alert team lead
~~~

**VIP Fast-Track**
~~~
IF customer.tier = "Enterprise"
OR customer.ltv > {{ltv_threshold}}
THEN set priority = "High"
AND assign to senior agent
AND notify account manager
~~~
`

func templateRules(t *testing.T) []rules.Rule {
	t.Helper()
	list, err := rules.Parse("templates.md", strings.ReplaceAll(templates, "~~~", "```"))
	require.NoError(t, err)
	return list
}

func TestScenarioTemplates(t *testing.T) {
	list := templateRules(t)
	require.Len(t, list, 3)
	e := with(list...)
	t.Run("80 % of the time to resolve, by the clock and not by the age", func(t *testing.T) {
		s := tell(t, e).given(func(x *escalation.Ticket) { x.Priority = "High" }).status("Mon 10:00", "Pending").status("Mon 12:00", "Open")
		s.ask("Mon 15:00").doesNothing().checks("Mon 17:24") // 6h24m, and 2h of pause
		a := s.ask("Mon 17:24").does(
			"Mon 17:24 escalate Tier 2: Auto-Escalate on SLA Breach",
			"Mon 17:24 notify manager: Auto-Escalate on SLA Breach",
			"Mon 17:24 add_note: Auto-Escalate on SLA Breach")
		assert.Equal(t, "Auto-Escalate on SLA Breach", a.Actions[2].Text, "a note without a text says why it is there")
		assert.Equal(t, "sla.resolution.used >= 0.8", a.Reasons[0].Clauses[1].Text)
	})
	t.Run("not once it is resolved", func(t *testing.T) {
		s := tell(t, e).given(func(x *escalation.Ticket) { x.Priority = "High" }).status("Mon 10:00", "Resolved")
		s.ask("Mon 20:00").doesNothing()
	})
	t.Run("a hostile message", func(t *testing.T) {
		tell(t, e).customer("Mon 10:00", "This is the worst.").ask("Mon 10:00").does(
			"Mon 10:00 flag review: Customer Sentiment Escalation",
			"Mon 10:00 set_priority High: Customer Sentiment Escalation",
			"Mon 10:00 alert team lead: Customer Sentiment Escalation")
	})
	t.Run("a customer on the Enterprise plan, or worth more than the parameter", func(t *testing.T) {
		want := []string{"Mon 09:00 set_priority High: VIP Fast-Track", "Mon 09:00 assign senior agent: VIP Fast-Track", "Mon 09:00 notify account manager: VIP Fast-Track"}
		tell(t, e).given(func(x *escalation.Ticket) { x.Customer.Tier = "enterprise" }).ask("Mon 09:00").does(want...)
		tell(t, e).given(func(x *escalation.Ticket) { x.Customer.LTV = figure(10001) }).ask("Mon 09:00").does(want...)
		tell(t, e).given(func(x *escalation.Ticket) { x.Customer.LTV = figure(10000) }).ask("Mon 09:00").doesNothing()
	})
}

// A policy file may hold its rules as one text.
func TestScenarioPolicyWithRulesAsText(t *testing.T) {
	file := func(text string) string {
		p := escalation.Standard()
		p.Rules = nil
		src := string(escalation.FormatPolicy(p))
		return strings.Replace(src, `"rules": []`, `"rules": "`+strings.NewReplacer("\n", `\n`, `"`, `\"`).Replace(text)+`"`, 1)
	}
	src := file(strings.ReplaceAll(templates, "~~~", "```"))
	p, err := escalation.ReadPolicy("policy.json", []byte(src))
	require.NoError(t, err)
	assert.Len(t, p.Rules, 3)
	_, err = escalation.Compile(p, nil)
	require.NoError(t, err)
	assert.Equal(t, src, string(escalation.FormatPolicy(p)), "written as it was read")
	p.Rules = p.Rules[:1]
	assert.Contains(t, string(escalation.FormatPolicy(p)), `"rules": [`, "changed, it is a list")

	assert.Empty(t, mistakes(t, file("")), "no rules at all")
	all := mistakes(t, file("**A**\nIF ticket.prioriti = \"High\"\nTHEN escalate to Teir 2\nAND notfy manager\n\n**B**\nIF true"))
	assert.Len(t, all, 1, "first what has no form")
	assert.Contains(t, all.Error(), "/rules (B): this rule has no action (write THEN and what it does)")
	all = mistakes(t, file("**A**\nIF ticket.prioriti = \"High\"\nTHEN escalate to Teir 2\nAND notfy manager\n"))
	require.Len(t, all, 3)
	line := all[0].Pos.Line
	text := []rune(strings.Split(file("**A**\nIF ticket.prioriti = \"High\"\nTHEN escalate to Teir 2\nAND notfy manager\n"), "\n")[line-1])
	for i, want := range []string{"ticket.prioriti", "Teir 2", "notfy manager"} {
		assert.Equal(t, line, all[i].Pos.Line)
		assert.True(t, strings.HasPrefix(string(text[all[i].Pos.Col-1:]), want), "%s points at %q", all[i], string(text[all[i].Pos.Col-1:]))
	}
	assert.Contains(t, all[1].Error(), `escalate: there is no tier "Teir 2" (did you mean "Tier 2"?)`)
	assert.Contains(t, all[2].Error(), `"notfy manager" is no action (did you mean "notify {recipient}"?)`)
}

// What a rule was called before is what it is remembered under.
func TestScenarioRenamedRule(t *testing.T) {
	old := with(rule("late", `ticket.age >= 1h`, `notify("manager")`))
	renamed := rule("an hour old", `ticket.age >= 1h`, `notify("manager")`)
	renamed.Was = "late"
	s := tell(t, old)
	key := s.ask("Mon 10:00").Actions[0].Key
	s.engine = with(renamed)
	s.ask("Mon 11:00").doesNothing()
	fresh := tell(t, s.engine).ask("Mon 11:00")
	assert.Equal(t, key, fresh.Actions[0].Key, "two versions side by side say it once")
	assert.Equal(t, "an hour old", fresh.Actions[0].Rule)

	_, err := escalation.Compile(func() escalation.Policy {
		p := escalation.Standard()
		p.Rules = []rules.Rule{rule("late", "true", "bump_priority()"), renamed}
		return p
	}(), nil)
	assert.ErrorContains(t, err, `/rules/1/was (an hour old):1:1: the rule number 1 is remembered as "late" already`)
}

// A condition whose turn nobody can compute is looked at every so often.
func TestScenarioPoll(t *testing.T) {
	r := rule("has run for most of its life", `sla.resolution.elapsed > ticket.age - 30m and ticket.age > 2h`, `alert("manager")`)
	p := escalation.Standard()
	p.Rules = []rules.Rule{r}
	_, err := escalation.Compile(p, nil)
	require.ErrorContains(t, err, "or say how often to look: poll: 5m")
	p.Rules[0].Poll = 7 * 60e9
	s := tell(t, escalation.MustCompile(p, nil))
	// From two hours on it holds, which is seen at the next look, every 7 minutes from
	// the creation on.
	s.ask("Mon 09:00").doesNothing().checks("Mon 11:06")
	s.ask("Mon 12:00").includes("Mon 11:06 alert manager: has run for most of its life")
}

// Rules that were read from text are rules like others: a change of one is a change of
// the policy.
func TestScenarioTextThenChanged(t *testing.T) {
	p, err := escalation.ReadPolicy("policy.json", []byte(small(`"rules": "**late**\nIF ticket.age > 1h\nTHEN add tag late"`)))
	require.NoError(t, err)
	before := escalation.MustCompile(p, nil).Version()
	p.Rules[0].Then[0] = "add tag slow"
	assert.NotEqual(t, before, escalation.MustCompile(p, nil).Version())
	assert.Contains(t, string(escalation.FormatPolicy(p)), "add tag slow")
}
