package rules

import (
	"fmt"
	"reflect"
	"regexp/syntax"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
)

// kind is what an expression yields. The reader finds it itself, and does not
// leave that to expr, for three reasons: it tells all mistakes and not only the
// first, it speaks of texts and numbers and not of Go's types, and it lets
// nothing through that could fail on some facts.
type kind uint8

const (
	faulty kind = iota // what is wrong has been told
	text
	whole
	number
	yesNo
	span
	instant

	list   kind = 1 << 4 // of these
	folded kind = 1 << 5 // a text to be compared without case
)

func (k kind) String() string {
	name := [...]string{"faulty", "text", "number", "number", "true or false", "duration", "date"}[k&0xf]
	switch {
	case k&list != 0 && k&0xf == yesNo:
		return "a list of true and false"
	case k&list != 0:
		return "a list of " + name + "s"
	case k == yesNo:
		return name
	default:
		return "a " + name
	}
}

// noun is the kind without an article.
func (k kind) noun() string {
	if k == faulty {
		return ""
	}
	return strings.TrimPrefix(k.String(), "a ")
}

func (k kind) numeric() bool { return k == whole || k == number }

// like reports whether two values can be compared.
func (k kind) like(other kind) bool {
	k, other = k&^folded, other&^folded
	return k == other || k.numeric() && other.numeric()
}

// kindOf returns the kind of a Go type; faulty for what rules cannot read.
func kindOf(t reflect.Type) kind {
	switch t {
	case reflect.TypeFor[string]():
		return text
	case reflect.TypeFor[int]():
		return whole
	case reflect.TypeFor[float64]():
		return number
	case reflect.TypeFor[bool]():
		return yesNo
	case reflect.TypeFor[time.Duration]():
		return span
	case reflect.TypeFor[time.Time]():
		return instant
	case reflect.TypeFor[[]string]():
		return list | text
	}
	return faulty
}

// scope is what the surroundings of a node allow.
type scope struct {
	// clause: the node stands between and, or and not.
	clause bool
	each   string // the function that goes through a list, in its test
	entry  kind   // of an entry of that list
	lets   []local
}

type local struct {
	name string
	kind kind
}

// inside is the scope of the parts of a clause.
func (in scope) inside() scope {
	in.clause = false
	return in
}

// reader walks one condition or clause: it checks it and gathers what it needs.
type reader[F any] struct {
	*compiler[F]
	reads []*Fact[F]
	lists []int
	hosts bool       // it calls a function of the host, which may fail
	leaf  *clause[F] // gathers what moves in it; nil: the condition is only checked

	constants []string // by name
}

// wrong records a mistake at a node.
func (r *reader[F]) wrong(n ast.Node, code Code, message string, hint ...string) kind {
	r.fail("/if", offset(n), code, message, hint...)
	return faulty
}

// want checks the kind of a node.
func (r *reader[F]) want(n ast.Node, got, want kind) {
	if got != faulty && !want.like(got) {
		r.wrong(n, WrongType, fmt.Sprintf("%s is %s where %s is needed", quote(n), got, want))
	}
}

func (r *reader[F]) read(n ast.Node, in scope) kind {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		for _, l := range in.lets {
			if l.name == n.Value {
				return l.kind
			}
		}
		return r.name(n, n.Value, in)
	case *ast.MemberNode:
		return r.member(n, in)
	case *ast.StringNode:
		return text
	case *ast.IntegerNode:
		return whole
	case *ast.FloatNode:
		return number
	case *ast.BoolNode:
		return yesNo
	case *ast.UnaryNode:
		return r.unary(n, in)
	case *ast.BinaryNode:
		return r.binary(n, in)
	case *ast.ConditionalNode:
		r.want(n.Cond, r.read(n.Cond, in.inside()), yesNo)
		yes, no := r.plain(n.Exp1, in.inside()), r.plain(n.Exp2, in.inside())
		return r.common(n, yes, no)
	case *ast.VariableDeclaratorNode:
		return r.let(n, in)
	case *ast.ArrayNode:
		return r.array(n, in)
	case *ast.BuiltinNode:
		return r.builtin(n, in)
	case *ast.CallNode:
		return r.call(n, in)
	case *ast.PointerNode:
		if n.Name == "" {
			return in.entry
		}
		return r.wrong(n, UnknownName, fmt.Sprintf("there is no #%s here", n.Name))
	case *ast.ChainNode:
		return r.wrong(n, WrongType, "nothing is ever nil here, so ?. is not needed", "write a plain dot")
	case *ast.NilNode:
		return r.wrong(n, WrongType, "nothing is ever nil here", "known(…) asks whether a fact has a value, == \"\" whether a text is empty")
	case *ast.SliceNode:
		return r.wrong(n, WrongType, "a part cannot be cut out here", "startsWith, endsWith and contains look into texts")
	case *ast.SequenceNode:
		return r.wrong(n, WrongType, "a condition is one expression: there is no use for a second one after ;")
	}
	return r.wrong(n, WrongType, "a condition has no use for this")
}

// member reads a dotted name; there is nothing else that has members.
func (r *reader[F]) member(n *ast.MemberNode, in scope) kind {
	if path, ok := pathOf(n); ok {
		for _, l := range in.lets {
			if strings.HasPrefix(path, l.name+".") {
				return r.wrong(n, UnknownName, fmt.Sprintf("%s is %s, which has no parts", l.name, l.kind))
			}
		}
		return r.name(n, path, in)
	}
	if _, ok := n.Node.(*ast.PointerNode); ok {
		return r.wrong(n, WrongType, fmt.Sprintf("an entry of this list is %s, which has no parts", in.entry))
	}
	return r.wrong(n, WrongType, "there is no picking by number or by a name that is worked out: nothing may be there", "any(list, # == …) looks at all entries")
}

// name checks a dotted name and notes what it means for the clause.
func (r *reader[F]) name(n ast.Node, path string, in scope) kind {
	if value, ok := r.set.vocabulary.Constants[path]; ok {
		r.constants = append(r.constants, path)
		switch value.(type) {
		case float64:
			return number
		case string:
			return text
		default:
			return yesNo
		}
	}
	f := r.facts[path]
	if f == nil {
		if parts := r.below(path); len(parts) > 0 {
			return r.wrong(n, UnknownName, fmt.Sprintf("%q is a group of facts and no fact itself", path), "it has "+strings.Join(parts, ", "))
		}
		hint := Meant(path, r.names)
		for _, name := range r.names {
			if strings.HasSuffix(name, "."+path) {
				hint = fmt.Sprintf("did you mean %q?", name)
				break
			}
		}
		for i := range r.set.vocabulary.Facts {
			if slices.Contains(r.set.vocabulary.Facts[i].Values, path) {
				hint = fmt.Sprintf("a text stands in quotes: %q", path)
			}
		}
		return r.wrong(n, UnknownName, fmt.Sprintf("there is no %q", path), hint)
	}
	r.reads = append(r.reads, f)
	k := r.kinds[path]
	if f.Folded != "" {
		k |= folded
	}
	return k
}

// below lists what a name that stands for a group holds.
func (r *reader[F]) below(group string) []string {
	var parts []string
	for _, name := range r.names {
		if rest, ok := strings.CutPrefix(name, group+"."); ok {
			if len(parts) == 6 {
				return append(parts, "…")
			}
			parts = append(parts, rest)
		}
	}
	return parts
}

// plain reads what is passed on, where a text that compares without case would
// lose that.
func (r *reader[F]) plain(n ast.Node, in scope) kind {
	k := r.read(n, in)
	if k&folded != 0 {
		return r.wrong(n, WrongType, fmt.Sprintf("%s is compared without case, so only with texts that are written out", quote(n)), "lower(…) makes it an ordinary text")
	}
	return k
}

// common is the kind of two values of which either may turn up.
func (r *reader[F]) common(n ast.Node, a, b kind) kind {
	switch {
	case a == faulty || b == faulty:
		return faulty
	case a == b:
		return a
	case a.numeric() && b.numeric():
		return number
	}
	return r.wrong(n, WrongType, fmt.Sprintf("this is either %s or %s: it has to be one of them", a, b))
}

func (r *reader[F]) unary(n *ast.UnaryNode, in scope) kind {
	if !negates(n) {
		k := r.read(n.Node, in.inside())
		if _, constant := r.constant(n); k == span && constant {
			return span
		}
		r.want(n.Node, k, number)
		if !k.numeric() {
			return faulty
		}
		return k
	}
	if isInfix(n) {
		return r.binary(n.Node.(*ast.BinaryNode), in)
	}
	r.want(n.Node, r.read(n.Node, in), yesNo)
	return yesNo
}

func (r *reader[F]) binary(n *ast.BinaryNode, in scope) kind {
	if joins(n) != isClause {
		r.want(n.Left, r.read(n.Left, in), yesNo)
		r.want(n.Right, r.read(n.Right, in), yesNo)
		return yesNo
	}
	switch n.Operator {
	case "==", "!=", "<", "<=", ">", ">=", "in", "contains", "startsWith", "endsWith", "matches":
		r.comparison(n, in.inside())
		return yesNo
	case "..":
		return r.wrong(n, WrongType, "a range can only stand after in, as in x in 1..5")
	case "??":
		return r.wrong(n, WrongType, "nothing is ever nil here, so ?? is not needed", "known(…) asks whether a fact has a value")
	}
	return r.arithmetic(n, in.inside())
}

func (r *reader[F]) comparison(n *ast.BinaryNode, in scope) {
	left := r.read(n.Left, in)
	if bounds, ok := n.Right.(*ast.BinaryNode); ok && n.Operator == "in" && bounds.Operator == ".." {
		r.between(n.Left, left, bounds)
		return
	}
	right := r.read(n.Right, in)
	if left == faulty || right == faulty {
		return
	}
	if (left|right)&folded != 0 && !r.foldable(n, left, right) {
		return
	}
	left, right = left&^folded, right&^folded
	fits := left == text && right == text
	switch n.Operator {
	case "in":
		fits = left&list == 0 && right&list != 0 && left.like(right&^list)
	case "matches":
		if fits {
			r.pattern(n.Right)
		}
	case "==", "!=":
		fits = left.like(right) && left&list == 0
	case "<", "<=", ">", ">=":
		if (left == text || right == text) && left != instant && right != instant {
			side := n.Left
			if left != text {
				side = n.Right
			}
			r.wrong(side, TextOrder, fmt.Sprintf("%s is text, which has no order that means anything here", quote(side)),
				"list the values: x in [\"High\", \"Critical\"]")
			return
		}
		fits = left.like(right) && (left.numeric() || left == span || left == instant)
	}
	if !fits {
		r.mismatch(n, left, right)
		return
	}
	switch n.Operator {
	case "==", "!=", "in":
		r.values(n.Left, n.Right)
		r.values(n.Right, n.Left)
	}
}

// between checks x in 1..5.
func (r *reader[F]) between(n ast.Node, k kind, bounds *ast.BinaryNode) {
	if k != faulty && k != whole {
		r.wrong(n, WrongType, fmt.Sprintf("%s is no whole number, so it cannot be in a range", quote(n)), "compare with <= and >=")
	}
	for _, b := range []ast.Node{bounds.Left, bounds.Right} {
		if _, ok := literalWhole(b); !ok {
			r.wrong(b, WrongType, "the ends of a range must be written out, as in x in 1..5")
		}
	}
}

// literalWhole returns a whole number that is written out.
func literalWhole(n ast.Node) (int, bool) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return n.Value, true
	case *ast.UnaryNode:
		if n.Operator == "-" {
			v, ok := literalWhole(n.Node)
			return -v, ok
		}
	}
	return 0, false
}

// pattern checks what stands after matches. Written out it is compiled once,
// else it would be at each run.
func (r *reader[F]) pattern(n ast.Node) {
	pattern, ok := r.literalText(n)
	if !ok {
		r.wrong(n, WrongType, "the pattern after matches must be written out")
		return
	}
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		r.wrong(n, Syntax, fmt.Sprintf("%q is no pattern: %s", pattern, strings.TrimPrefix(err.Error(), "error parsing regexp: ")))
		return
	}
	if r.steps += steps(tree); r.steps > r.limits.Pattern {
		r.wrong(n, TooLarge, fmt.Sprintf("the patterns of this condition have more than %d steps", r.limits.Pattern), "the limit is Limits.Pattern")
	}
}

// steps is how large a pattern becomes once it is compiled, more or less: it is as slow
// for each character of a text.
func steps(re *syntax.Regexp) int {
	const most = 1 << 30
	n := 0
	for _, sub := range re.Sub {
		n = min(most, n+steps(sub))
	}
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune)
	case syntax.OpRepeat:
		if re.Max < 0 {
			return min(most, n*(re.Min+1)+1)
		}
		return min(most, n*re.Min+(n+1)*(re.Max-re.Min))
	case syntax.OpConcat:
		return n
	}
	return n + 1 + len(re.Rune)/8
}

// literalText returns a text that is written out or a constant.
func (r *reader[F]) literalText(n ast.Node) (string, bool) {
	if s, ok := n.(*ast.StringNode); ok {
		return s.Value, true
	}
	path, _ := pathOf(n)
	s, ok := r.set.vocabulary.Constants[path].(string)
	return s, ok
}

// foldable reports whether a text that compares without case stands beside
// texts that can be folded now.
func (r *reader[F]) foldable(n *ast.BinaryNode, left, right kind) bool {
	if left&folded != 0 && right&folded != 0 {
		return true
	}
	fact, others := n.Left, []ast.Node{n.Right}
	if right&folded != 0 {
		fact, others = n.Right, []ast.Node{n.Left}
	}
	if array, ok := others[0].(*ast.ArrayNode); ok {
		others = array.Nodes
	}
	for _, other := range others {
		if _, ok := r.literalText(other); !ok {
			r.wrong(fact, WrongType, fmt.Sprintf("%s is compared without case, so only with texts that are written out", quote(fact)), "lower(…) makes it an ordinary text")
			return false
		}
	}
	return true
}

// values holds the texts beside a fact with declared values against these.
func (r *reader[F]) values(fact, beside ast.Node) {
	path, _ := pathOf(fact)
	f := r.facts[path]
	if f == nil || f.Values == nil {
		return
	}
	switch n := beside.(type) {
	case *ast.ArrayNode:
		for _, item := range n.Nodes {
			r.values(fact, item)
		}
		return
	case *ast.ConditionalNode:
		r.values(fact, n.Exp1)
		r.values(fact, n.Exp2)
		return
	}
	value, ok := r.literalText(beside)
	if !ok || slices.ContainsFunc(f.Values, func(v string) bool { return v == value || f.Folded != "" && strings.EqualFold(v, value) }) {
		return
	}
	hint := Meant(value, f.Values)
	if hint == "" && len(f.Values) > 0 {
		hint = "there are " + strings.Join(f.Values, ", ")
	}
	last := path[strings.LastIndexByte(path, '.')+1:]
	r.wrong(beside, UnknownValue, fmt.Sprintf("%q is no %s", value, strings.ReplaceAll(last, "_", " ")), hint)
}

var mirrored = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<="}

// constant evaluates an expression without facts to a float64, a duration or a date.
func (r *reader[F]) constant(n ast.Node) (any, bool) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return float64(n.Value), true
	case *ast.FloatNode:
		return n.Value, true
	case *ast.BuiltinNode:
		if literal, ok := literalCall(n, "duration"); ok {
			v, err := ParseDuration(literal.Value)
			return v, err == nil
		}
		if literal, ok := literalCall(n, "date"); ok {
			v, err := parseDate(literal.Value)
			return v, err == nil
		}
	case *ast.MemberNode, *ast.IdentifierNode:
		path, _ := pathOf(n)
		x, ok := r.set.vocabulary.Constants[path].(float64)
		if ok {
			r.constants = append(r.constants, path)
		}
		return x, ok
	case *ast.UnaryNode:
		if n.Operator == "-" {
			value, ok := r.constant(n.Node)
			switch x := value.(type) {
			case float64:
				return -x, ok
			case time.Duration:
				return -x, ok
			}
		}
	}
	return nil, false
}

// literalCall returns the text in duration("3h") and in date("2026-12-24").
func literalCall(n *ast.BuiltinNode, name string) (*ast.StringNode, bool) {
	if n.Name != name || len(n.Arguments) != 1 {
		return nil, false
	}
	s, ok := n.Arguments[0].(*ast.StringNode)
	return s, ok
}

// arithmetic checks + - * / % and powers. With durations and dates there is only what
// means something: what else expr lets through fails on some facts.
func (r *reader[F]) arithmetic(n *ast.BinaryNode, in scope) kind {
	left, right := r.read(n.Left, in), r.read(n.Right, in)
	if left == faulty || right == faulty {
		return faulty
	}
	switch {
	case n.Operator == "%":
		r.want(n.Left, left, whole)
		if by, ok := literalWhole(n.Right); !ok || by == 0 {
			return r.wrong(n.Right, WrongType, "what stands after % must be a whole number that is written out, and not 0")
		}
		if left != whole {
			return r.wrong(n.Left, WrongType, fmt.Sprintf("%s is no whole number, so it has no remainder", quote(n.Left)))
		}
		return whole
	case left.numeric() && right.numeric():
		if left == whole && right == whole && slices.Contains([]string{"+", "-", "*"}, n.Operator) {
			return whole
		}
		return number
	case left == span && right == span && (n.Operator == "+" || n.Operator == "-"),
		left == instant && right == instant && n.Operator == "-":
		return span
	case left == instant && right == span && (n.Operator == "+" || n.Operator == "-"), left == span && right == instant && n.Operator == "+":
		return instant
	case left == span && right.numeric() && (n.Operator == "*" || n.Operator == "/"), left.numeric() && right == span && n.Operator == "*":
		r.instead[n] = map[string]string{"*": "=times", "/": "=over"}[n.Operator]
		return span
	case left == span && right == span && n.Operator == "/":
		r.instead[n] = "=share"
		return number
	case left&^folded == text && right&^folded == text && n.Operator == "+":
		return r.wrong(n, WrongType, "texts cannot be joined here")
	}
	return r.mismatch(n, left, right)
}

func (r *reader[F]) mismatch(n *ast.BinaryNode, left, right kind) kind {
	var hint string
	if left == instant && right == text || left == text && right == instant {
		hint = `write date("2026-12-24")`
	}
	at := ast.Node(n)
	for _, side := range []struct {
		node        ast.Node
		kind, other kind
	}{{n.Left, left, right}, {n.Right, right, left}} {
		if _, written := r.constant(side.node); written && side.kind.numeric() && side.other == span && n.Operator != "*" && n.Operator != "/" {
			at, hint = side.node, "write 3h"
		}
	}
	return r.wrong(at, WrongType, fmt.Sprintf("%s is %s and %s is %s: %s does not fit them", quote(n.Left), left, quote(n.Right), right, n.Operator), hint)
}

func (r *reader[F]) let(n *ast.VariableDeclaratorNode, in scope) kind {
	in = in.inside()
	k := r.plain(n.Value, in)
	_, function := builtin.Index[n.Name]
	_, field := typeAt(r.env, n.Name)
	_, method := r.env.MethodByName(n.Name)
	taken := function || field || method || slices.Contains(r.functions(), n.Name) ||
		slices.ContainsFunc(in.lets, func(l local) bool { return l.name == n.Name }) ||
		slices.ContainsFunc(r.names, func(name string) bool { root, _, _ := strings.Cut(name, "."); return root == n.Name })
	if taken {
		r.wrong(n, WrongType, fmt.Sprintf("%s means something already, so let cannot give it a meaning", n.Name))
	}
	in.lets = append(slices.Clip(in.lets), local{n.Name, k})
	return r.plain(n.Expr, in)
}

func (r *reader[F]) array(n *ast.ArrayNode, in scope) kind {
	if len(n.Nodes) == 0 {
		return r.wrong(n, WrongType, "this list is empty")
	}
	var entry kind
	for i, item := range n.Nodes {
		k := r.plain(item, in.inside())
		switch {
		case k&list != 0:
			return r.wrong(item, WrongType, "a list cannot hold lists")
		case i == 0:
			entry = k
		case entry != faulty && k != faulty && !entry.like(k):
			return r.wrong(item, WrongType, fmt.Sprintf("a list holds values of one kind: %s is %s, %s is %s", quote(n.Nodes[0]), entry, quote(item), k))
		case k == faulty || k == number:
			entry = k
		}
	}
	if entry == faulty {
		return faulty
	}
	return list | entry
}

// The functions of the expr language that conditions may use; the others tell
// the time, build large values or can fail.
var builtins = []string{
	"abs", "all", "any", "ceil", "count", "date", "duration", "float", "floor", "int", "len", "lower",
	"max", "min", "none", "one", "round", "trim", "upper",
}

func (r *reader[F]) functions() []string {
	names := append([]string{"known"}, builtins...)
	if r.set.vocabulary.Keywords != "" {
		names = append(names, "contains_keywords")
	}
	for _, f := range r.set.vocabulary.Functions {
		names = append(names, f.Name)
	}
	return names
}

func (r *reader[F]) builtin(n *ast.BuiltinNode, in scope) kind {
	if !slices.Contains(builtins, n.Name) {
		r.fail("/if", n.Location().From, UnknownFunction, fmt.Sprintf("there is no function %s", n.Name), r.meant(n.Name))
		return faulty
	}
	args := n.Arguments
	takes := func(what string) kind {
		r.fail("/if", n.Location().From, WrongType, fmt.Sprintf("%s takes %s", n.Name, what))
		return faulty
	}
	switch n.Name {
	case "duration":
		literal, ok := literalCall(n, "duration")
		if !ok {
			return takes(`one duration that is written out, as in duration("3h"), which is 3h`)
		}
		if _, err := ParseDuration(literal.Value); err != nil {
			return r.wrong(literal, WrongType, err.Error())
		}
		return span
	case "date":
		literal, ok := literalCall(n, "date")
		if !ok {
			return takes(`one date that is written out, as in date("2026-12-24")`)
		}
		if _, err := parseDate(literal.Value); err != nil {
			return r.wrong(literal, WrongType, err.Error(), `write date("2026-12-24") or date("2026-12-24T18:00:00+01:00")`)
		}
		return instant
	case "any", "all", "none", "one", "count":
		return r.through(n, in)
	case "max", "min":
		return r.largest(n, in)
	}
	if len(args) != 1 && (n.Name != "trim" || len(args) != 2) {
		return takes("one value in its brackets")
	}
	k := r.read(args[0], in.inside()) &^ folded
	switch n.Name {
	case "lower", "upper", "trim":
		for i, arg := range args {
			if i > 0 {
				k = r.plain(arg, in.inside())
			}
			r.want(arg, k, text)
		}
		return text
	case "len":
		if k != faulty && k != text && k&list == 0 {
			return takes("a text or a list")
		}
		return whole
	}
	r.want(args[0], k, number)
	switch n.Name {
	case "int":
		return whole
	case "abs":
		if k.numeric() {
			return k
		}
	}
	return number
}

// largest checks max and min: of numbers, durations or dates.
func (r *reader[F]) largest(n *ast.BuiltinNode, in scope) kind {
	if len(n.Arguments) == 0 {
		r.fail("/if", n.Location().From, WrongType, n.Name+" takes numbers, durations or dates")
		return faulty
	}
	out := r.read(n.Arguments[0], in.inside())
	want := number
	if out == span || out == instant {
		want = out
		r.instead[n] = "=" + n.Name + " " + out.noun()
	}
	r.want(n.Arguments[0], out, want)
	for _, arg := range n.Arguments[1:] {
		k := r.read(arg, in.inside())
		if r.want(arg, k, want); k != out && want == number {
			out, r.mixed[n] = number, true
		}
	}
	return out
}

// through checks the functions that go through a list.
func (r *reader[F]) through(n *ast.BuiltinNode, in scope) kind {
	out := yesNo
	if n.Name == "count" {
		out = whole
	}
	if in.each != "" {
		return r.wrong(n, TooLarge, fmt.Sprintf("%s stands inside %s: going through a list for each entry of another takes too long", n.Name, in.each))
	}
	k := r.read(n.Arguments[0], in.inside())
	if k != faulty && k&list == 0 {
		return r.wrong(n.Arguments[0], WrongType, fmt.Sprintf("%s is %s where a list is needed", quote(n.Arguments[0]), k))
	}
	if len(n.Arguments) == 1 { // only count can do without a test
		r.want(n.Arguments[0], k, list|yesNo)
		return out
	}
	test := n.Arguments[1].(*ast.PredicateNode)
	in = in.inside()
	in.each, in.entry = n.Name, k&^list
	r.want(test.Node, r.read(test.Node, in), yesNo)
	return out
}

func (r *reader[F]) call(n *ast.CallNode, in scope) kind {
	name, ok := pathOf(n.Callee)
	switch {
	case name == "contains_keywords" && r.set.vocabulary.Keywords != "":
		words, ok := literalWords(n)
		if !ok {
			return r.wrong(n, WrongType, `contains_keywords takes one list of words, as in contains_keywords(["lawyer", "sue"])`)
		}
		r.lists = append(r.lists, r.list(words))
		return yesNo
	case name == "known":
		fact := r.knownCall(n)
		if fact == nil && len(n.Arguments) == 1 {
			if path, ok := pathOf(n.Arguments[0]); ok {
				if k := r.name(n.Arguments[0], path, scope{}); k == faulty {
					return faulty
				}
			}
		}
		if fact == nil || !in.clause {
			return r.wrong(n, WrongType, "known takes the name of one fact, and stands by itself between and, or and not")
		}
		r.reads = append(r.reads, fact)
		return yesNo
	case ok && r.calls[name] != nil:
		r.hosts = true
		return r.hostCall(n, name, r.calls[name], in)
	case ok:
		return r.wrong(n.Callee, UnknownFunction, fmt.Sprintf("there is no function %s", name), r.meant(name))
	}
	inner := n.Callee
	for { // of now.Weekday().String() it is the first call that says what is meant
		if member, ok := inner.(*ast.MemberNode); ok {
			inner = member.Node
		} else if call, ok := inner.(*ast.CallNode); ok {
			inner, name = call.Callee, ""
			if name, ok = pathOf(call.Callee); ok {
				break
			}
		} else {
			break
		}
	}
	hint := ""
	if f := r.facts[strings.ToLower(name)]; f != nil {
		hint = "write " + f.Name
	}
	return r.wrong(n, UnknownFunction, fmt.Sprintf("%s cannot be called", quote(n.Callee)), hint)
}

// meant guesses what a function that there is none of stands for: it may be a fact, in
// the spelling of a program.
func (r *reader[F]) meant(name string) string {
	if f := r.facts[strings.ToLower(name)]; f != nil {
		return "write " + f.Name
	}
	return Meant(name, r.functions())
}

// knownCall returns the fact that a known(fact) asks for.
func (c *compiler[F]) knownCall(n ast.Node) *Fact[F] {
	call, ok := n.(*ast.CallNode)
	if !ok || len(call.Arguments) != 1 {
		return nil
	}
	if name, _ := pathOf(call.Callee); name != "known" {
		return nil
	}
	path, _ := pathOf(call.Arguments[0])
	return c.facts[path]
}

func literalWords(n *ast.CallNode) ([]string, bool) {
	if len(n.Arguments) != 1 {
		return nil, false
	}
	array, ok := n.Arguments[0].(*ast.ArrayNode)
	if !ok || len(array.Nodes) == 0 {
		return nil, false
	}
	words := make([]string, len(array.Nodes))
	for i, item := range array.Nodes {
		s, ok := item.(*ast.StringNode)
		if !ok || strings.TrimSpace(s.Value) == "" {
			return nil, false
		}
		words[i] = s.Value
	}
	return words, true
}

// list returns the number of a keyword list; equal lists share one.
func (c *compiler[F]) list(words []string) int {
	for i, other := range c.set.keywords {
		if slices.Equal(other, words) {
			return i
		}
	}
	c.set.keywords = append(c.set.keywords, words)
	return len(c.set.keywords) - 1
}
