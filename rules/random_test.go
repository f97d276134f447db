package rules_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/rules"
)

func refused(condition string) error {
	_, err := rules.Compile(conditional(condition), vocabulary())
	return err
}

// writer writes random conditions that compile.
type writer struct {
	*rand.Rand
	unknowns bool
}

func (w writer) pick(of ...string) string { return of[w.IntN(len(of))] }

func (w writer) condition(depth int) string {
	if depth == 0 {
		return w.clause(0)
	}
	switch w.IntN(5) {
	case 0:
		return "not (" + w.condition(depth-1) + ")"
	case 1, 2:
		return "(" + w.condition(depth-1) + w.pick(" and ", " && ") + w.condition(depth-1) + ")"
	case 3:
		return "(" + w.condition(depth-1) + w.pick(" or ", " || ") + w.condition(depth-1) + ")"
	}
	return w.clause(depth)
}

func (w writer) clause(depth int) string {
	comparison, order := w.pick("==", "!=", "<", "<=", ">", ">="), w.pick("<", "<=", ">", ">=")
	in := w.pick(" in ", " not in ")
	if w.unknowns && w.IntN(2) == 0 {
		switch w.IntN(7) {
		case 0:
			return "customer.ltv " + comparison + " " + w.number(depth)
		case 1:
			return "mood" + in + `["calm"]`
		case 2:
			return "mood " + w.pick("==", "!=") + ` "angry"`
		case 3:
			return w.pick("clock.running", "clock.running == false", "clock.breached", "clock.breached != true")
		case 4:
			return "clock.used " + order + " " + w.float()
		case 5:
			return w.duration() + " " + order + " clock.remaining"
		}
		return "customer.ltv * 2 - " + w.number(depth) + " " + comparison + " 0"
	}
	switch w.IntN(14) {
	case 0:
		return w.number(depth) + " " + comparison + " " + w.number(depth)
	case 1:
		return w.text(depth) + w.pick(" == ", " != ", " contains ", " not contains ", " startsWith ", " not endsWith ") + w.text(depth)
	case 2:
		return w.text(depth) + w.pick(" matches ", " not matches ") + w.pick(`"^[a-z]"`, `"(?i)b+"`, `"."`)
	case 3:
		return w.text(depth) + in + w.texts()
	case 4:
		return w.pick("ticket.contacts", "len(ticket.subject)", "int(ticket.revenue)") + in + w.pick("1..4", "-3..1", "[1, 2, 3]", "[2]")
	case 5:
		return w.number(depth) + in + w.pick("[1, 2.5]", "[0, 3]", "[ticket.contacts, 1]")
	case 6:
		return "ticket.effort " + comparison + " " + w.duration() + w.pick("", " + ticket.effort", " - "+w.duration())
	case 7:
		return "ticket.age " + order + " " + w.duration()
	case 8:
		return w.pick("any", "all", "none", "one") + "(" + w.texts() + ", " + w.pick(`# == "b"`, `len(#) > 1`, `# in ticket.tags`, `not (# contains "a")`) + ")"
	case 9:
		return "count(" + w.texts() + ", " + w.pick(`# == "b"`, `# != "a" and ticket.open`) + ") " + comparison + " 1"
	case 10:
		return "(" + w.clause(0) + ") " + w.pick("==", "!=") + " (" + w.clause(0) + ")"
	case 11:
		return "(" + w.clause(0) + " ? " + w.clause(0) + " : " + w.clause(0) + ")"
	case 12:
		return "(let n = " + w.number(depth) + "; n > 1 and n < " + w.number(0) + ")"
	}
	return w.pick("ticket.open", "customer.vip", "true", "customer.vip == ticket.open", "ticket.open in [true]")
}

func (w writer) float() string { return strconv.FormatFloat(float64(w.IntN(40))/8, 'g', -1, 64) }

func (w writer) number(depth int) string {
	if depth == 0 {
		return w.pick("ticket.contacts", "ticket.revenue", strconv.Itoa(w.IntN(5)), w.float(), "-"+w.float())
	}
	a, b := w.number(depth-1), w.number(depth-1)
	switch w.IntN(8) {
	case 0:
		return "(" + a + w.pick(" + ", " - ", " * ", " / ") + b + ")"
	case 1:
		return w.pick("abs", "ceil", "floor", "round", "int", "float", "-", "+") + "(" + a + ")"
	case 2:
		return w.pick("max", "min") + "(" + a + ", " + b + ")"
	case 3:
		return "len(" + w.pick(w.text(depth-1), w.texts()) + ")"
	case 4:
		return "(ticket.contacts % " + strconv.Itoa(1+w.IntN(4)) + ")"
	case 5:
		return "(ticket.open ? " + a + " : " + b + ")"
	case 6:
		return a + " ** 2"
	}
	return a
}

func (w writer) text(depth int) string {
	if depth == 0 {
		return w.pick("ticket.subject", "ticket.priority", `"a"`, `"b"`, `"Ab"`)
	}
	switch w.IntN(4) {
	case 0:
		return w.pick("lower", "upper", "trim") + "(" + w.text(depth-1) + ")"
	case 1:
		return "(customer.vip ? " + w.text(depth-1) + " : " + w.text(depth-1) + ")"
	}
	return w.text(0)
}

func (w writer) texts() string {
	return w.pick("ticket.tags", `["a"]`, `["b", "Ab"]`, `[ticket.subject, "a"]`, `[lower(ticket.subject)]`)
}

func (w writer) duration() string {
	return w.pick(`duration("1h")`, `duration("90m")`, `duration("2h")`, `duration("24h")`)
}

// facts makes up a ticket.
func (w writer) facts() facts {
	f := sample()
	f.Ticket.Subject = w.pick("", "a", "b", "ab", " Ab ", "Übel")
	f.Ticket.Priority = w.pick("a", "b", "High")
	f.Ticket.Tags = [][]string{nil, {"a"}, {"b", "b"}, {"Ab", "x", ""}}[w.IntN(4)]
	f.Ticket.Contacts = w.IntN(7) - 2
	f.Ticket.Revenue = []float64{0, 1, 2.5, -3, 1e300, math.NaN(), math.Inf(1)}[w.IntN(7)]
	f.Ticket.Effort = time.Duration(w.IntN(5)) * 30 * time.Minute
	f.Ticket.Open, f.Customer.VIP = w.IntN(2) == 0, w.IntN(2) == 0
	f.Customer.LTV, f.Mood = float64(w.IntN(5)), w.pick("calm", "angry")
	f = f.at(created.Add(time.Duration(w.IntN(6)) * time.Hour))
	f.Clock.Running = w.IntN(2) == 0
	return f
}

// Where everything is known a condition means what it does in expr.
func TestSameAsPlainExpr(t *testing.T) {
	runs := 4000
	if testing.Short() {
		runs = 400
	}
	w := writer{rand.New(rand.NewPCG(3, 4)), false}
	v := vocabulary()
	v.Facts[6].Values = nil // priorities of any name, for more variety
	for range runs {
		w.unknowns = w.IntN(3) == 0
		condition := w.condition(1 + w.IntN(4))
		plain, err := expr.Compile(condition, expr.Env(facts{}), expr.AsBool(), expr.Optimize(false))
		require.NoError(t, err, condition)
		set, err := rules.Compile(conditional(condition), v)
		require.NoError(t, err, condition)
		j := set.Judge()
		for range 10 {
			f := w.facts()
			want, err := expr.Run(plain, f)
			j.Look(f)
			got, failed := j.Holds(0)
			require.NoError(t, failed, condition)
			require.Equal(t, got, len(j.Clauses(0)) > 0, condition)
			if err != nil { // expr fails where max or min take numbers of both kinds
				require.Regexp(t, "max|min", condition, err)
				continue
			}
			require.Equal(t, want, got, "%s\n%+v", condition, f)
		}
	}
}

// What holds while something is unknown holds whatever it turns out to be: no
// rule acts on ignorance.
func TestUnknownIsNotFalse(t *testing.T) {
	runs := 3000
	if testing.Short() {
		runs = 300
	}
	w := writer{rand.New(rand.NewPCG(5, 6)), true}
	held := 0
	for range runs {
		condition := w.condition(1 + w.IntN(3))
		set, err := rules.Compile(conditional(condition), vocabulary())
		if err != nil { // an undeclared value, which does not matter here
			wrong, ok := errors.AsType[*rules.Error](err)
			require.True(t, ok)
			require.Equal(t, rules.UnknownValue, wrong.Code, "%s: %v", condition, err)
			continue
		}
		j := set.Judge()
		f := w.facts()
		f.moodKnown, f.metered, f.ltvKnown = false, false, false
		j.Look(f)
		if is, _ := j.Holds(0); !is {
			continue
		}
		held++
		for range 20 {
			known := f
			some := w.facts()
			known.moodKnown, known.metered, known.ltvKnown = true, true, true
			known.Mood, known.Customer.LTV = some.Mood, some.Customer.LTV
			known.Clock = some.Clock
			j.Look(known)
			is, err := j.Holds(0)
			require.NoError(t, err)
			require.True(t, is, "%s\n%+v", condition, known)
		}
	}
	require.Greater(t, held, runs/10)
}

// kleene is SQL's logic, the slow way: it takes a condition apart at and, or and not,
// and asks plain expr about the rest.
func kleene(t *testing.T, n ast.Node, f facts) rules.Truth {
	switch n := n.(type) {
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&":
			return min(kleene(t, n.Left, f), kleene(t, n.Right, f))
		case "or", "||":
			return max(kleene(t, n.Left, f), kleene(t, n.Right, f))
		}
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			return -kleene(t, n.Node, f)
		}
	}
	text := n.String()
	for name, known := range map[string]bool{"customer.ltv": f.ltvKnown, "mood": f.moodKnown, "clock.": f.metered} {
		if strings.Contains(text, name) && !known {
			return rules.Unknown
		}
	}
	is, err := expr.Eval(text, f)
	if err != nil {
		t.Skip("expr fails where max or min take numbers of both kinds")
	}
	if is.(bool) {
		return rules.True
	}
	return rules.False
}

// Where something is unknown a condition is what it would be in SQL.
func TestSameAsSQL(t *testing.T) {
	runs := 3000
	if testing.Short() {
		runs = 300
	}
	w := writer{rand.New(rand.NewPCG(8, 9)), true}
	v := vocabulary()
	v.Facts[6].Values = nil
	seen := map[rules.Truth]int{}
	for range runs {
		condition := w.condition(1 + w.IntN(4))
		if strings.Contains(condition, "max(") || strings.Contains(condition, "min(") {
			continue
		}
		set, err := rules.Compile(conditional(condition), v)
		require.NoError(t, err, condition)
		tree, err := parser.Parse(condition)
		require.NoError(t, err)
		f := w.facts()
		f.moodKnown, f.metered, f.ltvKnown = w.IntN(2) == 0, w.IntN(2) == 0, w.IntN(2) == 0
		j := set.Judge()
		j.Look(f)
		got, err := j.Truth(0)
		require.NoError(t, err)
		require.Equal(t, kleene(t, tree.Node, f), got, condition)
		seen[got]++
	}
	require.Greater(t, min(seen[rules.True], seen[rules.False], seen[rules.Unknown]), runs/20)
}

func FuzzCompile(f *testing.F) {
	for seed := range uint64(40) {
		w := writer{rand.New(rand.NewPCG(seed, 0)), true}
		f.Add(w.condition(int(seed % 4)))
	}
	for _, text := range []string{
		"", "(", "not", `"`, "ticket", "a ? b : c", "let x = 1; x", "#", "1..", "[", "{a: 1}", "b'x'", "\xff", "é", "/*", "//", "0x", "1e999", `ticket.tags[5]`, `known(`, `contains_keywords(["a"])`,
		`customer.plan in ["A", "b"] ?: true`, "if true {1} else {2}", "$env", "ticket?.open", "`raw`", `customer.plan not matches "x"`, "ticket.age > -duration(\"1d\")", "any(ticket.tags, {# == 'x'})",
	} {
		f.Add(text)
	}
	v := vocabulary()
	f.Fuzz(func(t *testing.T, text string) {
		start := time.Now()
		_, err := rules.Compile([]rules.Rule{{Name: "a", If: text, Then: []string{text, "bump()"}}}, v)
		errs, _ := err.(rules.Errors)
		require.NotEmpty(t, errs, "no condition is an action of ours")
		for _, e := range errs {
			require.NotEmpty(t, e.Code)
			require.NotEmpty(t, e.Message)
			require.NotContains(t, e.Message, "invalid operation", "expr found what we did not")
			require.LessOrEqual(t, e.Offset, len([]rune(text)))
			require.Equal(t, e.Pos, place(text, e.Offset))
		}
		set, err := rules.Compile(conditional(text), v)
		if err != nil {
			return
		}
		j := set.Judge()
		for _, facts := range []facts{sample(), unknown(), {}} {
			j.Look(facts)
			_, err := j.Holds(0)
			require.NoError(t, err)
			j.Clauses(0)
			require.True(t, j.Next(0).IsZero() || j.Next(0).After(facts.now))
		}
		require.Less(t, time.Since(start), 5*time.Second)
	})
}
