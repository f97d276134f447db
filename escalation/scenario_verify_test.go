package escalation_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
)

// verified is what is found in Standard() with rules added.
func verified(t *testing.T, list ...rules.Rule) []escalation.Finding {
	t.Helper()
	p := escalation.Standard()
	p.Rules = append(p.Rules, list...)
	return escalation.MustCompile(p, nil).Verify()
}

func TestScenarioVerifyRules(t *testing.T) {
	closed := rule("done", `not ticket.open`, `add_note("done")`)
	closed.Closed = true
	for name, x := range map[string]struct {
		list []rules.Rule
		want []string
	}{
		"nothing": {nil, nil},
		"a rule that can never hold": {[]rules.Rule{rule("x", `ticket.contacts > 3 and ticket.contacts < 4`, `add_tag("x")`)},
			[]string{`/rules/13/if: "x" can never hold: its condition contradicts itself`}},
		"a rule that always holds": {[]rules.Rule{rule("x", `ticket.open or NOT ticket.open`, `add_tag("x")`)},
			[]string{`/rules/13/if: "x" holds for every ticket: its condition says nothing`}},
		"a rule that another makes needless": {[]rules.Rule{rule("many", `ticket.contacts >= 5`, `add_tag("x")`), rule("some", `ticket.contacts > 3`, `add_note("x")`, `add_tag("x")`)},
			[]string{`/rules/13/if: whenever "many" holds, "some" holds too, and does the same`}},
		"one of two that say the same": {[]rules.Rule{rule("a", `customer.vip`, `add_tag("x")`), rule("b", `NOT NOT customer.vip`, `add_tag("x")`)},
			[]string{`/rules/14/if: whenever "b" holds, "a" holds too, and does the same`}},
		"the same under another option": {[]rules.Rule{rule("a", `true and ticket.open`, `add_note("done")`), closed}, nil},
		"two that contradict each other": {[]rules.Rule{rule("up", `"threat" in intents and customer.ltv > 5`, `set_priority("Critical")`), rule("down", `contains_keywords(["thanks"]) and ticket.status = "Open"`, `lower_priority("Low")`)},
			[]string{`"Customer Sentiment Escalation" and "down" contradict each other, for a ticket such as the witness: bump_priority() and lower_priority("Low") (one of them wins; Explain says which)`,
				`"VIP Fast-Track" and "down" contradict each other, for a ticket such as the witness: set_priority("High") and lower_priority("Low") (one of them wins; Explain says which)`,
				`/rules/14/then: "up" and "down" contradict each other, for a ticket such as the witness: set_priority("Critical") and lower_priority("Low") (one of them wins; Explain says which)`}},
		"two that never meet":   {[]rules.Rule{rule("a", `ticket.category = "x" and customer.tier != "Enterprise" and customer.ltv < 5`, `assign("manager")`), rule("b", `ticket.category = "y" and customer.tier != "enterprise" and customer.ltv < 5`, `assign("team lead")`)}, nil},
		"a day apart":           {[]rules.Rule{rule("a", `ticket.idle > 2d and ticket.category = "x"`, `assign("manager")`), rule("b", `sla.resolution.used > 1.5 and ticket.category in ["x"]`, `assign("team lead")`)}, nil},
		"a ladder of reminders": {[]rules.Rule{rule("a", `ticket.idle > 1d`, `alert("manager")`), rule("b", `ticket.idle > 3d`, `alert("manager")`)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			found := verified(t, x.list...)
			var lines []string
			for _, f := range found {
				if !strings.Contains(f.Message, `"VIP Fast-Track" and "a"`) && !strings.Contains(f.Message, `"VIP Fast-Track" and "b"`) {
					lines = append(lines, f.String())
				}
			}
			require.Len(t, lines, len(x.want), strings.Join(lines, "\n"))
			for i, want := range x.want {
				assert.Contains(t, lines[i], want)
			}
		})
	}
}

// A contradiction is proven: both rules hold for its witness.
func TestScenarioVerifyWitness(t *testing.T) {
	p := escalation.Standard()
	p.Fields = map[string]escalation.Field{"seats": {Type: "number"}}
	p.Rules = []rules.Rule{
		rule("up", `sentiment = "angry" and ticket.fields.seats > 10 and "x" in ticket.tags`, `escalate_by(1)`),
		rule("down", `ticket.revenue_impact < 50 and not customer.vip and contains_keywords(["calm*", "fine"]) and sentiment_score < -0.5`, `de_escalate("Tier 1")`),
	}
	e := escalation.MustCompile(p, nil)
	found := e.Verify()
	i := slices.IndexFunc(found, func(f escalation.Finding) bool { return f.Code == escalation.Contradiction })
	require.GreaterOrEqual(t, i, 0)
	x, err := e.Explain(*found[i].Witness, found[i].At)
	require.NoError(t, err)
	for _, r := range x.Rules {
		assert.Equal(t, rules.True, r.Subjects[0].Condition.Truth, "%s", x)
	}
	src, err := json.Marshal(found[i])
	require.NoError(t, err)
	assert.Contains(t, string(src), `"code":"contradiction","path":"/rules/1/then"`)
	assert.Contains(t, string(src), `"witness":{"id":"witness"`)
}

func TestScenarioVerifyUnusedNames(t *testing.T) {
	p := escalation.Standard()
	p.Params["limit"], p.Queues = 3.0, append(p.Queues, "legal")
	p.Recipients = append(p.Recipients, escalation.Recipient{Name: "press office"})
	p.Fields = map[string]escalation.Field{"seats": {Type: "number"}}
	p.Actions = []escalation.HostAction{{Name: "page"}}
	p.Calendars = office(p.Choices).Calendars
	var lines []string
	for _, f := range escalation.MustCompile(p, nil).Verify() {
		assert.Equal(t, escalation.UnusedName, f.Code)
		lines = append(lines, f.String())
	}
	assert.Equal(t, strings.TrimSpace(`
/params/limit: nothing uses the parameter "limit"
/recipients/4/name: nothing uses the recipient "press office"
/queues/1: nothing uses the queue "legal"
/fields/seats: nothing uses the field "seats"
/actions/0/name: nothing uses the action "page"
/calendars/nights: nothing uses the calendar "nights"
/calendars/sun: nothing uses the calendar "sun"`), strings.Join(lines, "\n"))
}

// Nobody is left behind: of a policy without the rule for it, Verify says who would be.
func TestScenarioVerifyLeftBehind(t *testing.T) {
	p := escalation.Standard()
	p.Rules = slices.DeleteFunc(p.Rules, func(r rules.Rule) bool { return r.Name == "nobody left behind" })
	var lines []string
	for _, f := range escalation.MustCompile(p, nil).Verify() {
		require.Equal(t, escalation.LeftBehind, f.Code)
		lines = append(lines, f.String())
		d, err := escalation.MustCompile(p, nil).Decide(*f.Witness, f.At)
		require.NoError(t, err)
		assert.Zero(t, d.NextCheck)
	}
	assert.Equal(t, strings.TrimSpace(`
/statuses/0: no clock and no rule wakes a ticket that is New within 30 days: no priority at Tier 1, no priority at Tier 2, no priority at Tier 3, no priority at Tier 4 (a rule on ticket.idle does)
/statuses/1: no clock and no rule wakes a ticket that is Open within 30 days: no priority at Tier 1, no priority at Tier 2, no priority at Tier 3, no priority at Tier 4 (a rule on ticket.idle does)
/statuses/2: no clock and no rule wakes a ticket that is Pending within 30 days: whatever its priority and tier (a rule on ticket.idle does)
/statuses/3: no clock and no rule wakes a ticket that is On hold within 30 days: whatever its priority and tier (a rule on ticket.idle does)`), strings.Join(lines, "\n"))
}

// A promise from a date on wakes nobody before it, and is no reason to find fault: what
// is made up is created after that.
func TestScenarioVerifyEnforcedFrom(t *testing.T) {
	p := escalation.Standard()
	p.EnforcedFrom = monday.AddDate(3, 0, 0)
	assert.Empty(t, escalation.MustCompile(p, nil).Verify())
}
