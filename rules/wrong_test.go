package rules_test

import (
	"flag"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/rules"
)

var update = flag.Bool("update", false, "write testdata again")

// testdata/wrong.txt holds conditions, each over the mistakes that are found
// in it.
func TestWrongConditions(t *testing.T) {
	const file = "testdata/wrong.txt"
	src, err := os.ReadFile(file)
	require.NoError(t, err)
	var out []string
	conditions := 0
	for block := range strings.SplitSeq(strings.TrimSpace(string(src)), "\n\n") {
		if strings.HasPrefix(block, "#### ") {
			out = append(out, block)
			continue
		}
		condition, _, _ := strings.Cut(block, "\n### ")
		_, err := rules.Compile(conditional(condition), vocabulary())
		errs, _ := err.(rules.Errors)
		assert.NotEmpty(t, errs, "nothing is found wrong with: %s", condition)
		got := condition
		for _, e := range errs {
			assert.Equal(t, "/rules/0/if", e.Path)
			assert.Equal(t, "i", e.Rule)
			got += "\n### " + string(e.Code) + " " + strings.TrimPrefix(e.Error(), "/rules/0/if (i):")
			assert.NotRegexp(t, goTypes, e.Message)
			assert.Equal(t, e.Pos, place(condition, e.Offset), condition)
		}
		if !*update {
			assert.Equal(t, block, got)
		}
		out = append(out, got)
		conditions++
	}
	assert.Greater(t, conditions, 150)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(strings.Join(out, "\n\n")+"\n"), 0o644))
	}
}

// Only what the author wrote may look like Go.
var goTypes = regexp.MustCompile(`float64|\[\]string|time\.Duration|interface|reflect|strconv|\bint\b[^(]|\bbool\b`)

// place counts lines and characters the slow way.
func place(text string, offset int) rules.Position {
	before := string([]rune(text)[:offset])
	lines := strings.Split(before, "\n")
	return rules.Position{Line: len(lines), Col: len([]rune(lines[len(lines)-1])) + 1}
}

func TestWrongRules(t *testing.T) {
	const vip = `customer.vip`
	bump := []string{`bump()`}
	for _, c := range []struct {
		rule rules.Rule
		want string
	}{
		// What is missing
		{rules.Rule{If: vip, Then: bump}, `missing /rules/0/name:1:1: a rule needs a name: what it has done is remembered under it`},
		{rules.Rule{Name: " \t", If: vip, Then: bump}, `missing /rules/0/name ( 	):1:1: a rule needs a name: what it has done is remembered under it`},
		{rules.Rule{Name: "a", If: " \n ", Then: bump}, `missing /rules/0/if (a):1:1: a rule needs a condition`},
		{rules.Rule{Name: "a", If: vip}, `missing /rules/0/then (a):1:1: a rule without an action does nothing`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`bump()`, ` `}}, `missing /rules/0/then/1 (a):1:1: an action is empty`},
		// Actions
		{rules.Rule{Name: "a", If: vip, Then: []string{`bump(`}}, `syntax /rules/0/then/0 (a):1:5: something is missing at the end`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`bump`}}, `wrong_action /rules/0/then/0 (a):1:1: an action is a call, such as notify("manager")`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`bump(); bump()`}}, `wrong_action /rules/0/then/0 (a):1:1: an action is a call, such as notify("manager")`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`escalte("Tier 1")`}}, `unknown_function /rules/0/then/0 (a):1:1: there is no action "escalte" (did you mean "escalate"?)`},
		{rules.Rule{Name: "a", If: vip, Then: []string{"\n  round(1)"}}, `unknown_function /rules/0/then/0 (a):2:3: there is no action "round" (there are escalate, escalate_by, add_note, assign, bump)`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`ticket.bump()`}}, `unknown_function /rules/0/then/0 (a):1:1: there is no action "ticket.bump" (there are escalate, escalate_by, add_note, assign, bump)`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`bump(1)`}}, `wrong_action /rules/0/then/0 (a):1:1: bump takes nothing in its brackets`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`escalate()`}}, `wrong_action /rules/0/then/0 (a):1:1: escalate takes a tier`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`assign("x")`}}, `wrong_action /rules/0/then/0 (a):1:1: assign takes a queue and a text`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`escalate("Teir 1")`}}, `unknown_value /rules/0/then/0 (a):1:10: escalate: there is no tier "Teir 1" (did you mean "Tier 1"?)`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`escalate("the boss")`}}, `unknown_value /rules/0/then/0 (a):1:10: escalate: there is no tier "the boss" (there are Tier 1, Tier 2)`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`escalate("tier 1")`}}, `unknown_value /rules/0/then/0 (a):1:10: escalate: there is no tier "tier 1" (did you mean "Tier 1"?)`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`escalate(ticket.tier)`}}, `wrong_action /rules/0/then/0 (a):1:10: escalate: the tier must be a text in quotes`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`escalate(2)`}}, `wrong_action /rules/0/then/0 (a):1:10: escalate: the tier must be a text in quotes`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`escalate_by("1")`}}, `wrong_action /rules/0/then/0 (a):1:13: escalate_by: the number must be a whole number of at least 1`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`escalate_by(0)`}}, `wrong_action /rules/0/then/0 (a):1:13: escalate_by: the number must be a whole number of at least 1`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`escalate_by(-1)`}}, `wrong_action /rules/0/then/0 (a):1:13: escalate_by: the number must be a whole number of at least 1`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`escalate_by(1.5)`}}, `wrong_action /rules/0/then/0 (a):1:13: escalate_by: the number must be a whole number of at least 1`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`add_note(" ")`}}, `wrong_action /rules/0/then/0 (a):1:10: add_note: the text is empty`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`assign("é", "")`}}, `unknown_value /rules/0/then/0 (a):1:8: assign: there is no queue "é"` + "\n" +
			`wrong_action /rules/0/then/0 (a):1:13: assign: the text is empty`},
		// Options
		{rules.Rule{Name: "a", If: vip, Then: bump, Every: 59e9}, `wrong_option /rules/0/every (a):1:1: every 59s is too often: a minute is the least`},
		{rules.Rule{Name: "a", If: vip, Then: bump, Every: -1}, `wrong_option /rules/0/every (a):1:1: every -1ns is too often: a minute is the least`},
		{rules.Rule{Name: "a**b", If: vip, Then: bump}, `wrong_option /rules/0/name (a**b):1:1: a name has no spaces around it, and no ** in it`},
		{rules.Rule{Name: "a ", If: vip, Then: bump}, `wrong_option /rules/0/name (a ):1:1: a name has no spaces around it, and no ** in it`},
		{rules.Rule{Name: "a", If: vip, Then: bump, Because: "b\nc"}, `wrong_option /rules/0/name (a):1:1: a name and a because are one line`},
		{rules.Rule{Name: "a", If: vip, Then: bump, Rest: -1}, `wrong_option /rules/0/rest (a):1:1: a rest cannot be negative`},
		{rules.Rule{Name: "a", If: vip, Then: bump, Per: "mesage"}, `wrong_option /rules/0/per (a):1:1: a rule cannot be judged per "mesage" (did you mean "message"?)`},
		{rules.Rule{Name: "a", If: vip, Then: bump, Mode: "Observe"}, `wrong_option /rules/0/mode (a):1:1: there is no mode "Observe", only "observe" (did you mean "observe"?)`},
		// Size
		{rules.Rule{Name: "a", If: strings.Repeat(" ", 16<<10) + vip, Then: bump}, `too_large /rules/0/if (a):1:1: this is 16396 bytes long; 16384 are the most (the limit is Limits.Source)`},
		{rules.Rule{Name: "a", If: "\n" + strings.Repeat("(", 65) + vip, Then: bump}, `too_large /rules/0/if (a):2:65: this is nested more than 64 deep (the limit is Limits.Nesting)`},
		{rules.Rule{Name: "a", If: vip, Then: []string{`bump(` + strings.Repeat("[", 64)}}, `too_large /rules/0/then/0 (a):1:69: this is nested more than 64 deep (the limit is Limits.Nesting)`},
		{rules.Rule{Name: "a", If: strings.Repeat("not ", 65) + vip, Then: bump}, `too_large /rules/0/if (a):1:257: this is nested more than 64 deep (the limit is Limits.Nesting)`},
		{rules.Rule{Name: "a", If: strings.Repeat("true ? true : ", 65) + vip, Then: bump}, `too_large /rules/0/if (a):1:902: this is nested more than 64 deep (the limit is Limits.Nesting)`},
		{rules.Rule{Name: "a", If: `1 in [` + strings.Repeat("1,", 8000) + `1]`, Then: bump}, ``},
		{rules.Rule{Name: "a", If: `1` + strings.Repeat("+1", 6000) + `>1`, Then: bump}, `too_large /rules/0/if (a):1:10002: this has more than 10000 parts (the limit is Limits.Cost)`},
	} {
		_, err := rules.Compile([]rules.Rule{c.rule}, vocabulary())
		var got []string
		errs, _ := err.(rules.Errors)
		for _, e := range errs {
			got = append(got, string(e.Code)+" "+e.Error())
		}
		assert.Equal(t, c.want, strings.Join(got, "\n"))
	}
}

func TestBracketsInTextsAreText(t *testing.T) {
	compile(t,
		`ticket.subject == "`+strings.Repeat("(", 100)+`"`,
		`ticket.subject == "`+strings.Repeat(")", 100)+`" // `+strings.Repeat("(", 100),
		strings.Repeat("(", 64)+`customer.vip`+strings.Repeat(")", 64))
}

// All mistakes of all rules are told, in the order of the rules and of their
// texts.
func TestAllMistakesAtOnce(t *testing.T) {
	_, err := rules.Compile([]rules.Rule{
		{Name: "a", If: `ticket.opne and mood == "clam" or ticket.status > "Open"`, Then: []string{`bumb()`, `escalate("Tier 3")`}, Every: 1},
		{Name: "b", If: `customer.vip`, Then: []string{`bump()`}},
		{Name: "a", If: `(`, Rest: -1},
	}, vocabulary())
	want := `/rules/0/if (a):1:1: there is no "ticket.opne" (did you mean "ticket.open"?)
/rules/0/if (a):1:25: "clam" is no mood (did you mean "calm"?)
/rules/0/if (a):1:35: ticket.status is text, which has no order that means anything here (list the values: x in ["High", "Critical"])
/rules/0/then/0 (a):1:1: there is no action "bumb" (did you mean "bump"?)
/rules/0/then/1 (a):1:10: escalate: there is no tier "Tier 3" (there are Tier 1, Tier 2)
/rules/0/every (a):1:1: every 1ns is too often: a minute is the least
/rules/2/name (a):1:1: there is a rule of this name already (number 1)
/rules/2/if (a):1:1: something is missing at the end
/rules/2/then (a):1:1: a rule without an action does nothing
/rules/2/rest (a):1:1: a rest cannot be negative`
	require.EqualError(t, err, want)
	for range 20 {
		_, again := rules.Compile([]rules.Rule{{Name: "a", If: `tikcet.contacts > param.limt`, Then: []string{`x()`}}}, vocabulary())
		_, same := rules.Compile([]rules.Rule{{Name: "a", If: `tikcet.contacts > param.limt`, Then: []string{`x()`}}}, vocabulary())
		require.Equal(t, again, same)
	}
}

func TestMustCompilePanicsWithTheErrors(t *testing.T) {
	assert.Panics(t, func() { rules.MustCompile(conditional(`nope`), vocabulary()) })
	assert.Equal(t, 1, rules.MustCompile(conditional(`true`), vocabulary()).Len())
}

// A vocabulary that does not fit the facts is a mistake of the program.
func TestWrongVocabularies(t *testing.T) {
	type odd struct {
		Name  string   `expr:"name"`
		Map   any      `expr:"map"`
		Named named    `expr:"named"`
		Hits  []string `expr:"hits"`
		Count int      `expr:"count"`
		small int      // not to be seen
	}
	_ = odd{small: 1}
	fact := func(f rules.Fact[odd]) rules.Vocabulary[odd] {
		return rules.Vocabulary[odd]{Facts: []rules.Fact[odd]{f}}
	}
	constant := func(value any) rules.Vocabulary[odd] {
		return rules.Vocabulary[odd]{Constants: map[string]any{"c": value}}
	}
	for want, v := range map[string]rules.Vocabulary[odd]{
		`rules: the vocabulary declares the fact "nmae", which rules_test.odd does not have`:   fact(rules.Fact[odd]{Name: "nmae"}),
		`rules: the vocabulary declares the fact "", which rules_test.odd does not have`:       fact(rules.Fact[odd]{}),
		`rules: the vocabulary declares the fact "small", which rules_test.odd does not have`:  fact(rules.Fact[odd]{Name: "small"}),
		`rules: the vocabulary declares the fact "name.x", which rules_test.odd does not have`: fact(rules.Fact[odd]{Name: "name.x"}),
		`rules: the fact "map" is a interface {}, which rules cannot read`:                     fact(rules.Fact[odd]{Name: "map"}),
		`rules: the fact "named" is a rules_test.named, which rules cannot read`:               fact(rules.Fact[odd]{Name: "named"}),
		`rules: the fact "name" cannot be folded: "nope" is no string of rules_test.odd`:       fact(rules.Fact[odd]{Name: "name", Folded: "nope"}),
		`rules: the fact "count" cannot be folded: "name" is no string of rules_test.odd`:      fact(rules.Fact[odd]{Name: "count", Folded: "name"}),
		`rules: the fact "name" cannot move: it is a string`:                                   fact(rules.Fact[odd]{Name: "name", When: func(*odd, any) time.Time { return time.Time{} }}),
		`rules: the vocabulary declares the fact "name" twice`:                                 {Facts: []rules.Fact[odd]{{Name: "name"}, {Name: "name"}}},
		`rules: the vocabulary keeps keywords in "hits", which is no []bool of rules_test.odd`: {Keywords: "hits"},
		`rules: the constant "c" is a int, not a float64, string or bool`:                      constant(3),
		`rules: the constant "c" is no number`:                                                 constant(math.NaN()),
		`rules: "name" is both a fact and a constant`:                                          {Facts: []rules.Fact[odd]{{Name: "name"}}, Constants: map[string]any{"name": "x"}},
	} {
		_, err := rules.Compile(nil, v)
		require.EqualError(t, err, want)
	}
	_, err := rules.Compile(nil, rules.Vocabulary[int]{})
	require.EqualError(t, err, `rules: facts are a struct, not int`)
	set, err := rules.Compile(nil, rules.Vocabulary[odd]{})
	require.NoError(t, err)
	assert.Zero(t, set.Len())
	_, err = rules.Compile(conditional(`contains_keywords(["x"])`), rules.Vocabulary[odd]{})
	require.ErrorContains(t, err, "there is no function contains_keywords")
}

type named string
