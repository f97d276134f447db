package escalation_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// mistakes reads and compiles a policy file and returns what is wrong with it.
func mistakes(t *testing.T, src string) escalation.Errors {
	t.Helper()
	p, err := escalation.ReadPolicy("policy.json", []byte(src))
	if err == nil {
		_, err = escalation.Compile(p, nil)
	}
	if err == nil {
		return nil
	}
	var all escalation.Errors
	require.ErrorAs(t, err, &all)
	return all
}

// small is a policy file around a piece of it.
func small(piece string) string {
	return "{\n" + `"format": 1, "tiers": [{"name": "Tier 1"}], "priorities": [{"name": "High"}], "statuses": [{"name": "Open", "category": "open"}],` +
		"\n" + piece + "\n}"
}

func TestScenarioPolicyMistakes(t *testing.T) {
	t.Run("all mistakes at once, each with its place and a guess", func(t *testing.T) {
		src, err := os.ReadFile("testdata/scenario/three_mistakes.json")
		require.NoError(t, err)
		all := mistakes(t, string(src))
		lines := strings.Split(string(src), "\n")
		require.Len(t, all, 3)
		for i, want := range []struct{ place, path, from, hint string }{
			{"policy.json:4:", "/tiers/1/demands/parts/0", `sumary"`, "summary"},
			{"policy.json:10:", "/rules/0/if", `\"Resolvd`, "Resolved"},
			{"policy.json:11:", "/rules/0/then/0", `\"Teir 2`, "Tier 2"},
		} {
			e := all[i]
			assert.Contains(t, e.Error(), want.place)
			assert.Equal(t, want.path, e.Path)
			assert.Contains(t, e.Hint, `did you mean "`+want.hint+`"?`)
			line := []rune(lines[e.Pos.Line-1])
			assert.True(t, strings.HasPrefix(string(line[e.Pos.Col-1:]), want.from), "points at %q", string(line[e.Pos.Col-1:]))
			assert.Equal(t, []string{`sumary`, `\"Resolvd\"`, `\"Teir 2\"`}[i], string(line[e.Pos.Col-1:e.End-1]), "and ends behind it")
		}
		_, ok := errors.AsType[*rules.Error](error(all))
		assert.True(t, ok)
	})
	for name, bad := range map[string]struct{ piece, code, place string }{
		"an unknown key":               {`"rulez": []`, "unknown_name", "3:1"},
		"a key twice":                  {`"rules": [], "rules": []`, "duplicate_name", "3:14"},
		"a key twice, deep":            {`"rules": [{"name": "a", "if": "true", "if": "true", "then": ["add_tag(\"x\")"]}]`, "duplicate_name", "3:39"},
		"a key in the wrong case":      {`"Rules": []`, "unknown_name", "3:1"},
		"a wrong kind":                 {`"rules": {}`, "wrong_type", "3:10"},
		"null":                         {`"rules": null`, "wrong_type", "3:10"},
		"a number for a text":          {`"rules": [], "name": 7`, "wrong_type", "3:22"},
		"a text for a list":            {`"rules": [{"name": "a", "if": "true", "then": "add_tag(\"x\")"}]`, "wrong_type", "3:47"},
		"a bad every":                  {`"rules": [{"name": "a", "if": "true", "then": ["add_tag(\"x\")"], "every": "4 hours"}]`, "wrong_type", "3:76"},
		"an every that is too short":   {`"rules": [{"name": "a", "if": "true", "then": ["add_tag(\"x\")"], "every": "10s"}]`, "wrong_option", "3:77"},
		"a list for a parameter":       {`"rules": [], "params": {"a": []}`, "wrong_type", "3:30"},
		"a queue twice":                {`"rules": [], "queues": ["a", "b", "A"]`, "duplicate_name", "3:36"},
		"two rules with one name":      {`"rules": [{"name": "a", "if": "true", "then": ["add_tag(\"x\")"]}, {"name": "a", "if": "true", "then": ["add_tag(\"x\")"]}]`, "duplicate_name", "3:78"},
		"a rule without an action":     {`"rules": [{"name": "a", "if": "true", "then": []}]`, "missing", "3:47"},
		"a rule without a condition":   {`"rules": [{"name": "a", "then": ["add_tag(\"x\")"]}]`, "missing", "3:11"},
		"a condition of many brackets": {`"rules": [{"name": "a", "if": "` + strings.Repeat("(", 5000) + `", "then": ["add_tag(\"x\")"]}]`, "too_large", "3:96"},
		"more after the end":           {`"rules": []} {`, "syntax", "3:14"},
		"no UTF-8":                     {"\"rules\": [], \"name\": \"é\xff\"", "syntax", "3:24"},
		"cut off":                      {`"rules": [{"name": "a`, "syntax", ""},
	} {
		t.Run(name, func(t *testing.T) {
			all := mistakes(t, small(bad.piece))
			require.Len(t, all, 1)
			assert.Equal(t, bad.code, string(all[0].Code))
			if bad.place != "" {
				assert.Equal(t, "policy.json:"+bad.place, all[0].Pos.String())
			}
		})
	}
	t.Run("bad durations of targets", func(t *testing.T) {
		for _, d := range []string{"15", "15 min", "-1h", "0s", "1m1h", "soon", "immediately", "99999999d", "1h ", "٣h"} {
			src := `{"format":1,"tiers":[{"name":"Tier 1","response":"` + d + `"}],"priorities":[{"name":"High"}],"statuses":[{"name":"Open","category":"open"}],"rules":[]}`
			all := mistakes(t, src)
			require.Len(t, all, 1, d)
			assert.Equal(t, "/tiers/0/response", all[0].Path)
			assert.Equal(t, "policy.json:1:50", all[0].Pos.String())
		}
	})
	t.Run("a policy of another format, or none", func(t *testing.T) {
		for _, src := range []string{`{}`, `{"format":2}`, `{"format":"1"}`, `[]`, `null`, ``, `7`} {
			assert.NotEmpty(t, mistakes(t, src), src)
		}
	})
	t.Run("the zero policy is wrong and no more", func(t *testing.T) {
		_, err := escalation.Compile(escalation.Policy{}, nil)
		var all escalation.Errors
		require.ErrorAs(t, err, &all)
		assert.Len(t, all, 3)
	})
}

func TestScenarioPolicyRoundTrip(t *testing.T) {
	trip := func(t *testing.T, p escalation.Policy) {
		t.Helper()
		src := escalation.FormatPolicy(p)
		read, err := escalation.ReadPolicy("policy.json", src)
		require.NoError(t, err)
		assert.Equal(t, string(src), string(escalation.FormatPolicy(read)))
		one, err := escalation.Compile(p, nil)
		require.NoError(t, err)
		two, err := escalation.Compile(read, nil)
		require.NoError(t, err)
		assert.Equal(t, one.Version(), two.Version())
	}
	t.Run("the standard policy", func(t *testing.T) { trip(t, escalation.Standard()) })
	t.Run("marks, signs and other alphabets", func(t *testing.T) {
		p := escalation.Standard()
		p.Name = "Crêpes & <Söhne> \u2028 \"日本\" 🍰 \\ \t \u0001"
		p.Params["a/b~c"] = "<&>"
		p.Params["big"], p.Params["small"], p.Params["on"] = 1e21, 1e-9, true
		p.Rules[0].Because = "x < y && y > z é"
		p.Rules[0].If = `ticket.age > duration("1h") && ticket.subject == "<é & ö>"`
		p.Tiers[0].Response = sla.Target{}
		trip(t, p)
		src := string(escalation.FormatPolicy(p))
		assert.Contains(t, src, "Crêpes & <Söhne>")
		assert.NotContains(t, src, `\u0026`)
	})
	t.Run("a policy without rules", func(t *testing.T) {
		p := escalation.Standard()
		p.Rules = nil
		trip(t, p)
	})
	t.Run("a tier whose demands are only words", func(t *testing.T) {
		p := escalation.Standard()
		p.Tiers[1].Demands.Parts = nil
		trip(t, p)
	})
	t.Run("the zero policy is written as it is", func(t *testing.T) {
		src := escalation.FormatPolicy(escalation.Policy{})
		_, err := escalation.ReadPolicy("policy.json", src)
		assert.NoError(t, err, string(src))
	})
	t.Run("places hold only as long as nobody has changed the policy", func(t *testing.T) {
		p, err := escalation.ReadPolicy("policy.json", escalation.FormatPolicy(escalation.Standard()))
		require.NoError(t, err)
		p.Rules[0].If = "ticket.prioriti == 1"
		_, err = escalation.Compile(p, nil)
		assert.ErrorContains(t, err, "ticket.priority")
		assert.NotContains(t, err.Error(), "policy.json")
	})
	t.Run("an engine keeps nothing of the policy that it was given", func(t *testing.T) {
		p := escalation.Standard()
		e := escalation.MustCompile(p, nil)
		before := e.Version()
		p.Tiers[0].Name, p.Rules[0].Then[0], p.Params["revenue_threshold"], p.Tiers[0].Goal.From = "x", "x", 1.0, 0
		got := e.Policy()
		got.Tiers[0].Handles[0], got.Rules[0].Name = "x", "x"
		again := escalation.MustCompile(e.Policy(), nil)
		assert.Equal(t, before, again.Version())
	})
}
