package rules_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/rules"
)

// withFunctions is the vocabulary with functions of the host and facts that are known
// only when the program runs.
func withFunctions() rules.Vocabulary[facts] {
	v := vocabulary()
	v.Functions = []rules.Function{
		{Name: "region", Help: "the region of a plan", Call: func(plan string) string { return "eu-" + plan }},
		{Name: "weight", Call: func(x float64, n int) float64 { return x * float64(n) }},
		{Name: "is_long", Call: func(d time.Duration, tags []string) bool { return d > time.Hour && len(tags) > 0 }},
		{Name: "fails", Call: func(text string) (bool, error) { return true, errors.New("no connection to " + text) }},
		{Name: "panics", Call: func() bool { panic("out of order") }},
	}
	v.Facts = append(v.Facts,
		rules.Fact[facts]{Name: "tag.first", In: "ticket.tags", Entry: 0, Known: func(f *facts) bool { return len(f.Ticket.Tags) > 0 }},
		rules.Fact[facts]{Name: "tag.fourth", In: "ticket.tags", Entry: 3, Known: func(f *facts) bool { return len(f.Ticket.Tags) > 3 }})
	return v
}

func TestHostFunctions(t *testing.T) {
	for condition, want := range map[string]bool{
		`region(ticket.priority) == "eu-High"`: true, `region("x") in ["eu-x"]`: true, `weight(2, 3) == 6`: true, `weight(ticket.contacts, ticket.contacts) > 8.5`: true,
		`weight(param.limit, 1) = 1000`: true, `is_long(ticket.effort, ticket.tags)`: true, `not is_long(10m, ["a"])`: true, `is_long(ticket.effort, ticket.tags) and not customer.vip`: false,
		`tag.first == "billing"`: true, `tag.first in ["x"]`: false, `tag.fourth == "x"`: false, `not (tag.fourth == "x")`: false, `known(tag.first) and not known(tag.fourth)`: true,
		`weight(len(tag.first), 2) == 14`: true,
	} {
		set, err := rules.Compile(conditional(condition), withFunctions())
		require.NoError(t, err, condition)
		j := set.Judge()
		j.Look(sample())
		got, err := j.Holds(0)
		require.NoError(t, err)
		assert.Equal(t, want, got, condition)
	}
}

func TestHostFunctionsThatFail(t *testing.T) {
	list := append(conditional(`fails("the database")`), rules.Rule{Name: "b", If: `panics() and customer.vip`, Then: []string{"bump()"}}, rules.Rule{Name: "c", If: `customer.vip`, Then: []string{"bump()"}})
	set, err := rules.Compile(list, withFunctions())
	require.NoError(t, err)
	j := set.Judge()
	j.Look(sample())
	for i, want := range []string{`fails("the database"): no connection to the database`, "panics(): out of order", ""} {
		holds, err := j.Holds(i)
		assert.Equal(t, want == "", holds)
		if want != "" {
			require.Error(t, err)
			assert.Contains(t, err.Error(), strings.SplitN(want, ": ", 2)[0])
			assert.Contains(t, err.Error(), strings.SplitN(want, ": ", 2)[1])
		}
	}
}

// What fails is unknown, and an or with a true side is true whatever the other: on either
// side. Nothing is proven by what may fail.
func TestHostFunctionsThatFailBesideOthers(t *testing.T) {
	set, err := rules.Compile(conditional(`panics() or customer.vip`, `customer.vip or panics()`, `panics() or not panics()`), withFunctions())
	require.NoError(t, err)
	j := set.Judge()
	j.Look(sample())
	for i, want := range []rules.Truth{rules.True, rules.True, rules.Unknown} {
		truth, err := j.Truth(i)
		assert.Equal(t, want, truth)
		assert.Equal(t, want == rules.Unknown, err != nil)
		assert.Equal(t, want, j.Explain(i).Truth)
	}
	assert.False(t, set.Prove().AlwaysHolds(2))
}

func TestHostFunctionsMisused(t *testing.T) {
	for condition, want := range map[string]string{
		`regoin("x") == "y"`:           `there is no function regoin (did you mean "region"?)`,
		`region() == "y"`:              `region takes a text`,
		`region(3) == "y"`:             `3 is a number where a text is needed`,
		`weight(1, 2.5) > 1`:           `2.5 must be a whole number for weight (int(…) makes it one)`,
		`weight("a", 1) > 1`:           `"a" is a text where a number is needed`,
		`panics(1)`:                    `panics takes nothing in its brackets`,
		`region(customer.plan) == "a"`: `customer.plan is compared without case`,
		`is_long(ticket.age, ["a"])`:   `ticket.age changes with time`,
		`weight(1, 2)`:                 `weight(1, 2) is a number where true or false is needed`,
		`tag.frist == "a"`:             `did you mean "tag.first"?`,
	} {
		_, err := rules.Compile(conditional(condition), withFunctions())
		assert.ErrorContains(t, err, want, condition)
	}
	for _, f := range []rules.Function{
		{Name: "x"}, {Name: "x", Call: 3}, {Name: "x", Call: (func() bool)(nil)}, {Name: "len", Call: func() bool { return true }}, {Name: "known", Call: func() bool { return true }},
		{Name: "ticket", Call: func() bool { return true }}, {Name: "a b", Call: func() bool { return true }}, {Name: "x", Call: func(any) bool { return true }},
		{Name: "x", Call: func(...string) bool { return true }}, {Name: "x", Call: func() {}}, {Name: "x", Call: func() (bool, bool) { return true, true }},
	} {
		v := vocabulary()
		v.Functions = []rules.Function{f}
		_, err := rules.Compile(conditional("true"), v)
		assert.Error(t, err, "%+v", f)
	}
}

func TestWords(t *testing.T) {
	words := map[string]rules.Word{}
	for _, w := range withFunctions().Words() {
		words[w.Name] = w
	}
	assert.Equal(t, rules.Word{Name: "ticket.priority", Kind: "fact", Type: "text", Values: []string{"Critical", "High", "Low"}}, words["ticket.priority"])
	assert.Equal(t, rules.Word{Name: "customer.ltv", Kind: "fact", Type: "number", Unknown: true}, words["customer.ltv"])
	assert.Equal(t, rules.Word{Name: "tag.first", Kind: "fact", Type: "text", Unknown: true}, words["tag.first"])
	assert.Equal(t, rules.Word{Name: "param.limit", Kind: "parameter", Type: "number", Help: "1000 here"}, words["param.limit"])
	assert.Equal(t, rules.Word{Name: "is_long", Kind: "function", Type: "true or false", Takes: []string{"duration", "list of texts"}}, words["is_long"])
	assert.Equal(t, rules.Word{Name: "escalate", Kind: "action", Takes: []string{"tier"}, Values: []string{"Tier 1", "Tier 2"}}, words["escalate"])
	assert.Equal(t, "ticket.age > 80% of SLA is clock.used >= 0.8", words["SLA"].Help)
}

// TestJudgesOfOneSet is for the race detector.
func TestJudgesOfOneSet(t *testing.T) {
	set, err := rules.Compile(conditional(`weight(ticket.contacts, 2) > 1 and tag.first == "billing"`), withFunctions())
	require.NoError(t, err)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			j := set.Judge()
			for range 100 {
				j.Look(sample())
				if holds, err := j.Holds(0); err != nil || !holds {
					panic(fmt.Sprint(holds, err))
				}
				j.Explain(0)
			}
		})
	}
	all.Wait()
}
