package rules_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/escalade-go/escalade/rules"
)

// order is what the rules of a shop see of an order.
type order struct {
	State string        `expr:"state"`
	Total float64       `expr:"total"`
	Age   time.Duration `expr:"age"`

	placed, now time.Time
	paid        bool // whether the total is known
}

var shop = rules.Vocabulary[order]{
	Facts: []rules.Fact[order]{
		{Name: "state", Values: []string{"new", "packed", "sent"}},
		{Name: "total", Known: func(o *order) bool { return o.paid }},
		{Name: "age", When: func(o *order, level any) time.Time {
			if t := o.placed.Add(level.(time.Duration)); t.After(o.now) {
				return t
			}
			return time.Time{}
		}},
	},
	Constants: map[string]any{"param.large": 500.0},
	Verbs:     []rules.Verb{{Name: "call", Args: []rules.Arg{{Name: "team", Values: []string{"stock", "sales"}}}}},
}

// orderAt is a paid order of 750 placed at nine.
func orderAt(hour int) order {
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	o := order{State: "new", Total: 750, placed: day.Add(9 * time.Hour), now: day.Add(time.Duration(hour) * time.Hour), paid: true}
	o.Age = o.now.Sub(o.placed)
	return o
}

// Two rules, and an order that one of them is about.
func Example() {
	set, err := rules.Compile([]rules.Rule{
		{Name: "forgotten", If: `state != "sent" and age > duration("1d")`, Then: []string{`call("stock")`}},
		{Name: "large", If: `total > param.large`, Then: []string{`call("sales")`}},
	}, shop)
	if err != nil {
		fmt.Println(err)
		return
	}
	judge := set.Judge()
	judge.Look(orderAt(11))
	for i := range set.Len() {
		if holds, _ := judge.Holds(i); holds {
			fmt.Println(set.Rule(i).Name, set.Actions(i))
		}
	}
	// Output: large [{call [sales]}]
}

// All mistakes come at once, each with its place, a code and a guess.
func ExampleCompile_mistakes() {
	_, err := rules.Compile([]rules.Rule{
		{Name: "forgotten", If: `state != "snet" and agee > duration("1d")`, Then: []string{`call("stock")`}},
		{Name: "small", If: `not (total > 100)`, Then: []string{`call("stok")`}},
	}, shop)
	fmt.Println(err)
	if first, ok := errors.AsType[*rules.Error](err); ok {
		fmt.Println(first.Code, first.Path, first.Pos)
	}
	// Output:
	// /rules/0/if (forgotten):1:10: "snet" is no state (did you mean "sent"?)
	// /rules/0/if (forgotten):1:21: there is no "agee" (did you mean "age"?)
	// /rules/1/then/0 (small):1:6: call: there is no team "stok" (did you mean "stock"?)
	// unknown_value /rules/0/if 1:10
}

// A rule tells which part of its condition held, and the values it saw.
func ExampleJudge_Clauses() {
	judge := rules.MustCompile([]rules.Rule{
		{Name: "watch", If: `state in ["new", "packed"] and (total > param.large or age > duration("3d"))`, Then: []string{`call("sales")`}},
	}, shop).Judge()
	judge.Look(orderAt(11))
	for _, clause := range judge.Clauses(0) {
		fmt.Println(clause)
	}
	// Output:
	// state in ["new", "packed"] (new)
	// total > param.large (750, 500)
}

// Nobody has to ask every minute: a rule tells when time may turn it.
func ExampleJudge_Next() {
	judge := rules.MustCompile([]rules.Rule{
		{Name: "late", If: `state == "new" and age >= duration("4h")`, Then: []string{`call("stock")`}},
	}, shop).Judge()
	for _, hour := range []int{9, 13} {
		judge.Look(orderAt(hour))
		holds, _ := judge.Holds(0)
		fmt.Println(holds, judge.Next(0).Format(time.TimeOnly), judge.Next(0).IsZero())
	}
	// Output:
	// false 13:00:00 false
	// true 00:00:00 true
}

// A picture of a mistake, for a terminal.
func ExampleSnippet() {
	src := "**Late**\nIF priority = \"Hihg\" AND paid\nTHEN notify manager\n"
	list, _ := rules.Parse("rules.md", src)
	type facts struct {
		Priority string `expr:"priority"`
	}
	_, err := rules.Compile(list, rules.Vocabulary[facts]{
		Facts: []rules.Fact[facts]{{Name: "priority", Values: []string{"High", "Low"}}},
		Verbs: []rules.Verb{{Name: "notify", Args: []rules.Arg{{Name: "recipient"}}, Phrases: []string{"notify {recipient}"}}},
	})
	var all rules.Errors
	if errors.As(err, &all) {
		for _, e := range all {
			fmt.Println(rules.Snippet(e, src))
		}
	}
	// Output:
	// rules.md:2:15: /rules/0/if (Late): "Hihg" is no priority
	//   2 | IF priority = "Hihg" AND paid
	//     |               ^^^^^^ did you mean "High"?
	// rules.md:2:26: /rules/0/if (Late): there is no "paid"
	//   2 | IF priority = "Hihg" AND paid
	//     |                          ^^^^
}

// Rules as a lead writes them, with two mistakes. They are told where they stand.
func ExampleParse() {
	type facts struct {
		Priority string  `expr:"priority"`
		Used     float64 `expr:"used"`
	}
	vocabulary := rules.Vocabulary[facts]{
		Facts:  []rules.Fact[facts]{{Name: "priority", Values: []string{"High", "Low"}}, {Name: "used"}},
		Shares: []rules.Share{{Of: "SLA", Instead: "age", Fact: "used"}},
		Verbs:  []rules.Verb{{Name: "notify", Args: []rules.Arg{{Name: "recipient", Values: []string{"manager"}}}, Phrases: []string{"notify {recipient}"}}},
	}
	list, err := rules.Parse("rules.md", `**Running late**
IF priority = "Hihg"
AND age > 80% of SLA
THEN notify manger
every: 4h
`)
	if err != nil {
		fmt.Println(err) // what has not the form of rules
	}
	_, err = rules.Compile(list, vocabulary)
	fmt.Println(err)
	fmt.Println(list[0].Every)
	// Output:
	// rules.md:2:15: /rules/0/if (Running late): "Hihg" is no priority (did you mean "High"?)
	// rules.md:4:13: /rules/0/then/0 (Running late): notify: there is no recipient "manger" (did you mean "manager"?)
	// 4h0m0s
}

// Why does a rule not hold? Each clause is true, false or unknown.
func ExampleJudge_Explain() {
	type facts struct {
		Plan string  `expr:"plan"`
		LTV  float64 `expr:"ltv"`
	}
	set := rules.MustCompile([]rules.Rule{{Name: "valued", If: `plan = "Pro" OR NOT ltv < 1000`, Then: []string{"call()"}}}, rules.Vocabulary[facts]{
		Facts: []rules.Fact[facts]{{Name: "plan"}, {Name: "ltv", Known: func(f *facts) bool { return f.LTV > 0 }}},
		Verbs: []rules.Verb{{Name: "call"}},
	})
	judge := set.Judge()
	judge.Look(facts{Plan: "Free"})
	why := judge.Explain(0)
	fmt.Println(why.Truth)
	for _, part := range why.Parts {
		fmt.Println(part.Truth, part.Op+part.Text)
	}
	// Output:
	// unknown
	// false plan == "Pro"
	// unknown not
}

// Conditions that compile may still be wrong. What is told is proven.
func ExampleSet_Prove() {
	type facts struct {
		Contacts int `expr:"contacts"`
	}
	then := []string{"call()"}
	set := rules.MustCompile([]rules.Rule{
		{Name: "few", If: `contacts > 3 and contacts < 4`, Then: then},
		{Name: "many", If: `contacts >= 5`, Then: then},
		{Name: "some", If: `contacts > 2`, Then: then},
	}, rules.Vocabulary[facts]{Facts: []rules.Fact[facts]{{Name: "contacts"}}, Verbs: []rules.Verb{{Name: "call"}}})
	proofs := set.Prove()
	fmt.Println(proofs.NeverHolds(0), proofs.Implies(1, 2), proofs.Implies(2, 1))
	// Output: true true false
}

// A function of the host, and limits for authors who are not trusted.
func ExampleFunction() {
	type facts struct {
		Region string `expr:"region"`
	}
	vocabulary := rules.Vocabulary[facts]{
		Facts:     []rules.Fact[facts]{{Name: "region"}},
		Functions: []rules.Function{{Name: "has_partner", Call: func(region string) bool { return region == "north" }}},
		Verbs:     []rules.Verb{{Name: "call"}},
		Limits:    rules.Limits{Rules: 1},
	}
	list := []rules.Rule{{Name: "partner", If: `has_partner(region)`, Then: []string{"call()"}}}
	judge := rules.MustCompile(list, vocabulary).Judge()
	judge.Look(facts{Region: "north"})
	fmt.Println(judge.Holds(0))

	_, err := rules.Compile(append(list, rules.Rule{Name: "one too many", If: "true", Then: []string{"call()"}}), vocabulary)
	fmt.Println(err)
	// Output:
	// true <nil>
	// /rules:1:1: there are 2 rules, and 1 are the most (the limit is Limits.Rules)
}
