package rules

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

type noFacts struct{}

func sugarless() *compiler[noFacts] {
	return &compiler[noFacts]{set: &Set[noFacts]{vocabulary: Vocabulary[noFacts]{Shares: []Share{
		{Of: "SLA", Instead: "ticket.age", Fact: "sla.resolution.used"},
		{Of: "first response SLA", Instead: "ticket.age", Fact: "sla.first_response.used"},
		{Of: "SLA", Instead: "ticket.waiting", Fact: "sla.next_response.used"},
	}}}}
}

// What an author may write, and what expr gets to read.
func TestConveniences(t *testing.T) {
	for _, x := range []struct{ written, read string }{
		{`a = 1`, `a == 1`},
		{`a=1 AND b="x=y" OR NOT c`, `a==1 and b=="x=y" or not ( c)`},
		{`a == 1 and b != 2 and c <= 3 and d >= 4`, ``},
		{`NOT a = 1 AND b`, `not ( a == 1 )and b`}, {`NOT (a = 1 OR b)`, `not ( (a == 1 or b))`}, {`(NOT a = 1) OR NOT NOT b > 2`, `(not ( a == 1)) or not ( not ( b > 2))`},
		{`x NOT in ["a"] AND "a" NOT in y`, `x not in ["a"] and "a" not in y`}, {`any(t, NOT # = "a", b) and [NOT c]`, `any(t, not ( # == "a"), b) and [not ( c)]`},
		{`NOT a ? b : c`, `not ( a )? b : c`}, {`NOT a && NOT b`, `not ( a )&& not ( b)`},
		{`let x = 5; x = a`, `let x = 5; x == a`},
		{`ORDER = 1 AND x.AND`, `ORDER == 1 and x.AND`},
		{`a > {{limit}} and b > {{ limit }}`, `a > param.limit and b > param.limit`},
		{`a > 30m and b > 1d12h or c < 1.5h`, `a > duration("30m") and b > duration("1d12h") or c < duration("1.5h")`},
		{`a in 1..5 and b > 1.5 and c > 1e6 and d > 0x1F and e > 1_000`, ``},
		{`a1m > 3 and x.a2h > 4`, ``},
		{`"30m = {{x}} AND 80% of SLA" == 'it\'s = "3h"' or b = ` + "`a = 3h`", `"30m = {{x}} AND 80% of SLA" == 'it\'s = "3h"' or b == ` + "`a = 3h`"},
		{"a // = AND 3h {{x}}\n= 1 /* = \n AND */", "a  \n== 1 /* = \n AND */"}, {"NOT a // b", "not ( a  )"}, {`if NOT a { NOT b }`, `if not ( a ){ not ( b )}`}, {`NOT a | any(# NOT in b)`, `not ( a | any(# not in b))`}, {`Not a And b Or c`, `not ( a )and b or c`},
		{`any(tags, # = "x")`, `any(tags, # == "x")`},
		{`ticket.age > 80% of SLA`, `sla.resolution.used >= 80e-2`},
		{`ticket.age>=12.5 % OF first   response sla AND ticket.status != "Resolved"`, `sla.first_response.used >= 12.5e-2 and ticket.status != "Resolved"`},
		{`ticket.age < 50% of SLA and x`, `sla.resolution.used < 50e-2 and x`},
		{`ticket.waiting > 50% of SLA`, `sla.next_response.used >= 50e-2`},
		{`a % 2 == 1`, ``},
		{`"open`, ``}, {`{{`, ``}, {`{{a`, ``}, {`30`, ``}, {`/*`, ``}, {`'\`, ``}, {``, ``},
		{`é = "ü" AND ticket.age > 80% of SLA`, `é == "ü" and sla.resolution.used >= 80e-2`},
	} {
		got, ok := sugarless().desugar("/if", x.written)
		assert.True(t, ok, x.written)
		if x.read == "" {
			x.read = x.written
		}
		assert.Equal(t, x.read, got.text)
	}
}

// Each character of the plain text knows the one that it stands for.
func TestConveniencesKeepPlaces(t *testing.T) {
	written := "é = {{limit}} AND\nx > 30m or ticket.age > 80% of SLA and y"
	got, ok := sugarless().desugar("/if", written)
	assert.True(t, ok)
	for _, word := range []string{"é", "x ", "30m", " y"} {
		plain := utf8.RuneCountInString(got.text[:strings.Index(got.text, word)])
		original := utf8.RuneCountInString(written[:strings.Index(written, word)])
		assert.Equal(t, original, got.at(plain), word)
	}
	at := func(text, word string) int { return utf8.RuneCountInString(text[:strings.Index(text, word)]) }
	assert.Equal(t, at(written, "{{limit"), got.at(at(got.text, "param.limit")))
	assert.Equal(t, at(written, "AND"), got.at(at(got.text, "and")))
	assert.Equal(t, at(written, "ticket.age"), got.at(at(got.text, "sla.resolution")))
	assert.Equal(t, at(written, "80%"), got.at(at(got.text, "80e-2")))
	assert.Equal(t, utf8.RuneCountInString(written), got.at(utf8.RuneCountInString(got.text)), "the end is the end")
}

func FuzzConveniences(f *testing.F) {
	f.Add(`ticket.age > 80% of SLA AND {{x}} = "3h" or 30m < y // AND`)
	f.Add("let a = 1; a = '\\' = `=")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1000 || !utf8.ValidString(text) {
			return
		}
		got, _ := sugarless().desugar("/if", text)
		length, last := utf8.RuneCountInString(text), 0
		for i := range utf8.RuneCountInString(got.text) + 1 {
			at := got.at(i)
			if at < last || at > length {
				t.Fatalf("%q: character %d of %q comes from %d", text, i, got.text, at)
			}
			last = at
		}
		again, _ := sugarless().desugar("/if", got.text)
		if !strings.Contains(text, "=") && !strings.Contains(text, "let") && again.text != got.text {
			t.Fatalf("%q becomes %q and then %q", text, got.text, again.text)
		}
	})
}
