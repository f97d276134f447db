package rules_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/escalade-go/escalade/rules"
)

// Texts that kill or stall an expression engine. They compile or do not; either
// way, and running too, it is over at once.
func TestHostileConditions(t *testing.T) {
	const most = 16 << 10
	fill := func(before, repeat, after string) string {
		return before + strings.Repeat(repeat, (most-len(before)-len(after))/len(repeat)) + after
	}
	nest := func(n int, open, inside, shut string) string {
		return strings.Repeat(open, n) + inside + strings.Repeat(shut, n)
	}
	lets := func(value string) string {
		var b strings.Builder
		fmt.Fprintf(&b, "let v0 = %s; ", value)
		for i := range 60 {
			fmt.Fprintf(&b, "let v%d = v%d + v%d; ", i+1, i, i)
		}
		return b.String() + "v60 == v0"
	}
	for name, condition := range map[string]string{
		"a million brackets":         nest(1_000_000, "(", "true", ")"),
		"a million lists":            strings.Repeat("[", 1_000_000),
		"brackets within the length": nest(8000, "(", "true", ")"),
		"brackets behind a text":     `"` + strings.Repeat(")", 7000) + `" == "" or ` + strings.Repeat("(", 7000),
		"many not":                   fill("", "not ", "true"),
		"many !":                     fill("", "!", "true"),
		"many minus":                 fill("", "-", "1 > 0"),
		"many plus and minus":        fill("", "+-", "1 > 0"),
		"spaced signs":               fill("", "- ", "1 > 0"),
		"a long ternary":             fill("", "true ? true : ", "true"),
		"a ternary of conditions":    fill("", "true ? ", "true"),
		"many elses":                 fill("", "if true {true} else ", "{true}"),
		"many ?:":                    fill("", "true ?: ", "true"),
		"many or":                    fill("", "customer.vip or ", "true"),
		"many and or":                fill("", "customer.vip and ticket.open or ", "true"),
		"many different clauses":     many(900, func(i int) string { return fmt.Sprintf("ticket.contacts>%d", i) }, " or "),
		"many false clauses":         many(900, func(i int) string { return fmt.Sprintf("ticket.contacts>%d", i+9) }, " or "),
		"right-hand powers":          fill("1", " ** 1", " > 0"),
		"many sums":                  fill("1", "+1", " > 0"),
		"sums of facts":              fill("1", "+ticket.contacts", " > 0"),
		"long comparison":            fill("1", "<1", ""),
		"long list":                  fill("1 in [", "1,", "1]"),
		"long list of texts":         fill(`ticket.subject in [`, `"a",`, `"b"]`),
		"long list of mistakes":      fill("1 in [", "x,", "1]"),
		"many mistakes":              fill("x", " or x", ""),
		"many arguments":             fill("max(1", ",1", ") > 0"),
		"many pipes":                 fill(`"a"`, " | lower()", ` == "a"`),
		"many members":               fill("ticket", ".a", " == 1"),
		"many optional members":      fill("ticket", "?.a", " == 1"),
		"many indices":               fill("ticket.tags", "[0]", ` == "a"`),
		"long name":                  fill("", "a", ""),
		"long text":                  fill(`"`, "é", `" == ticket.subject`),
		"many escapes":               fill(`"`, `\u00e9`, `" == ticket.subject`),
		"a long comment":             fill("true /*", "x", "*/"),
		"many statements":            fill("", "true;", "true"),
		"many lets":                  fill("", "let a=1;", "a>0"),
		"sixty lets of texts":        lets(`"aaaaaaaaaaaaaaaaaaaaaaaaaaaa"`),
		"sixty lets of numbers":      lets("ticket.contacts"),
		"sixty lets of lists":        strings.ReplaceAll(lets(`ticket.tags`), " + ", ","),
		"nested tests over a range":  `let a = 1..1000000; all(a, all(a, all(a, all(a, true))))`,
		"nested tests over a list":   nest(5, "all(1..1000, ", "true", ")"),
		"nested tests over tags":     nest(20, "all(ticket.tags, ", "true", ")"),
		"a long range":               `1 in 1..9223372036854775807`,
		"a long range of nothing":    `any(-9223372036854775807..9223372036854775807, # > 3)`,
		"repetition":                 `repeat("a", 1000000000) == ""`,
		"a pattern that explodes":    `ticket.subject matches "((a{1,1000}){1,1000}){1,1000}"`,
		"a pattern that backtracks":  `ticket.subject matches "(a+)+(a+)+(a+)+$"`,
		"a pattern that repeats":     fill(`ticket.subject matches "`, ".{0,999}", `b"`),
		"a long pattern":             fill(`ticket.subject matches "`, "(a|b)*", `"`),
		"nested patterns":            `ticket.subject matches "` + nest(5000, "(", "a", ")") + `"`,
		"large powers":               `9999999 ** 9999999 ** 9999999 > 1`,
		"many lists over":            fill("", `any(["a","b"],#=="c") or `, "true"),
		"not a text":                 fill("\xff\xfe", "\x00", ""),
	} {
		t.Run(name, func(t *testing.T) {
			f := sample()
			f.Ticket.Subject = strings.Repeat("a", 10_000) + "!"
			start := time.Now()
			set, err := rules.Compile([]rules.Rule{{Name: "a", If: condition, Then: []string{"bump()", condition}}}, vocabulary())
			assert.ErrorAs(t, err, &rules.Errors{})
			assert.Nil(t, set)
			set, err = rules.Compile(conditional(condition), vocabulary())
			if err == nil {
				j := set.Judge()
				j.Look(f)
				_, err := j.Holds(0)
				assert.NoError(t, err)
				j.Clauses(0)
				j.Next(0)
			}
			took := time.Since(start)
			if took > 100*time.Millisecond {
				t.Logf("%v (%v)", took, err == nil)
			}
			assert.Less(t, took, slow)
		})
	}
}

func many(n int, text func(int) string, between string) string {
	list := make([]string, n)
	for i := range list {
		list[i] = text(i)
	}
	return strings.Join(list, between)
}

// TestKillersInAProcessOfTheirOwn: what kills a process cannot be caught in it.
func TestKillersInAProcessOfTheirOwn(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a process")
	}
	out, err := exec.Command(os.Args[0], "-test.run=^TestHostileConditions$", "-test.count=1").CombinedOutput()
	assert.NoError(t, err, "%s", out)
}

func TestLimits(t *testing.T) {
	try := func(l rules.Limits, list ...rules.Rule) string {
		v := vocabulary()
		v.Limits = l
		_, err := rules.Compile(list, v)
		if err == nil {
			return ""
		}
		return err.Error()
	}
	bump := []string{"bump()"}
	plain := rules.Rule{Name: "a", If: "customer.vip and ticket.open", Then: bump}
	other := plain
	other.Name = "b"
	many := plain
	many.Then = []string{"bump()", "bump()", "bump()"}
	often := plain
	often.Every = 2 * time.Minute
	polls := plain
	polls.Poll = time.Minute
	for _, x := range []struct {
		limits rules.Limits
		list   []rules.Rule
		want   string
	}{
		{rules.Limits{}, []rules.Rule{plain, other}, ""},
		{rules.Limits{Source: 20}, []rules.Rule{plain}, "this is 28 bytes long; 20 are the most (the limit is Limits.Source)"},
		{rules.Limits{Source: 30}, []rules.Rule{{Name: strings.Repeat("é", 100), If: "true", Then: bump}}, strings.Repeat("é", 59) + "…):1:1: a name and a because have at most 30 bytes"},
		{rules.Limits{Nesting: 1}, []rules.Rule{{Name: "a", If: "((customer.vip))", Then: bump}}, "this is nested more than 1 deep (the limit is Limits.Nesting)"},
		{rules.Limits{Cost: 3}, []rules.Rule{plain}, "this has more than 3 parts (the limit is Limits.Cost)"},
		{rules.Limits{Pattern: 10}, []rules.Rule{{Name: "a", If: `ticket.subject matches "abc" and ticket.subject matches "x{10}"`, Then: bump}}, "the patterns of this condition have more than 10 steps (the limit is Limits.Pattern)"},
		{rules.Limits{}, []rules.Rule{{Name: "a", If: `ticket.subject matches "(?i)^\\[(refund|return|chargeback)s?\\].{0,200}$" or ticket.subject matches "[a-z]{500}"`, Then: bump}}, ""},
		{rules.Limits{Rules: 1}, []rules.Rule{plain, other}, "/rules:1:1: there are 2 rules, and 1 are the most (the limit is Limits.Rules)"},
		{rules.Limits{Actions: 2}, []rules.Rule{many}, "there are 3 actions, and 2 are the most (the limit is Limits.Actions)"},
		{rules.Limits{Every: time.Hour}, []rules.Rule{often}, "every 2m is too often: 1h is the least"},
		{rules.Limits{Every: time.Hour}, []rules.Rule{polls}, "a poll after 1m is too often: 1h is the least"},
		{rules.Limits{Source: 1 << 20, Cost: 100_000}, []rules.Rule{{Name: "a", If: "ticket.contacts in [" + strings.Repeat("1,", 20_000) + "1]", Then: bump}}, ""},
	} {
		got := try(x.limits, x.list...)
		if x.want == "" {
			assert.Empty(t, got)
			continue
		}
		assert.Contains(t, got, x.want)
	}
}
