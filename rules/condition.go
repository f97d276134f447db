package rules

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
)

// condition reads the text of an If: names and values are checked on the
// parse tree, so that all mistakes are told; types by expr.
func (c *compiler[F]) condition(text string) (cond[F], []string) {
	c.text, c.failed = text, len(c.errs)
	if strings.TrimSpace(text) == "" {
		c.fail("/if", 0, Missing, "a rule needs a condition")
		return cond[F]{}, nil
	}
	if c.tooLarge("/if") {
		return cond[F]{}, nil
	}
	tree, err := parser.Parse(text)
	if err != nil {
		c.failExpr("/if", Syntax, err)
		return cond[F]{}, nil
	}
	r := reader[F]{compiler: c}
	r.read(tree.Node, scope{})
	if len(c.errs) > c.failed {
		return cond[F]{}, nil
	}
	// The whole condition once, for expr's own checks at places that its author
	// knows; then each clause by itself, which is what runs.
	if _, err := c.program(text); err != nil {
		c.failExpr("/if", WrongType, err)
		return cond[F]{}, nil
	}
	when := c.takeApart(tree.Node)
	if len(c.errs) > c.failed {
		return cond[F]{}, nil
	}
	var names []string
	for _, f := range r.reads {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return when, slices.Compact(names)
}

func (c *compiler[F]) takeApart(n ast.Node) cond[F] {
	switch n := n.(type) {
	case *ast.BinaryNode:
		op := isClause
		switch n.Operator {
		case "and", "&&":
			op = isAnd
		case "or", "||":
			op = isOr
		}
		if op != isClause {
			var kids []cond[F]
			for _, side := range []cond[F]{c.takeApart(n.Left), c.takeApart(n.Right)} {
				if side.op == op {
					kids = append(kids, side.kids...)
				} else {
					kids = append(kids, side)
				}
			}
			return cond[F]{op: op, kids: kids}
		}
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			if in, ok := n.Node.(*ast.BinaryNode); !ok || in.Operator != "in" {
				return cond[F]{op: isNot, kids: []cond[F]{c.takeApart(n.Node)}}
			}
		}
	}
	return cond[F]{leaf: c.clause(n)}
}

// clause compiles what stands between and, or and not; equal clauses of all
// rules are one.
func (c *compiler[F]) clause(n ast.Node) *clause[F] {
	text := n.String()
	if same := c.clauses[text]; same != nil {
		return same
	}
	r := reader[F]{compiler: c}
	r.read(n, scope{})
	out := &clause[F]{text: spell(n), reads: r.reads, lists: r.lists, moves: r.moves}
	c.clauses[text] = out
	if fact := c.knownCall(n); fact != nil {
		out.known = fact
		return out
	}
	for _, f := range r.reads {
		if f.Known != nil {
			out.needs = append(out.needs, f)
		}
	}
	program, err := c.program(text)
	if err != nil {
		c.failExpr("/if", WrongType, err)
	}
	out.program = program
	return out
}

// spell writes a clause as people read it.
func spell(n ast.Node) string {
	if u, ok := n.(*ast.UnaryNode); ok && u.Operator == "not" {
		if in, ok := u.Node.(*ast.BinaryNode); ok && in.Operator == "in" {
			return fmt.Sprintf("%s not in %s", in.Left, in.Right)
		}
	}
	return n.String()
}

// scope is what the surroundings of a node forbid.
type scope struct {
	negated bool // under not: false would turn true
	inside  bool // in a part whose value is not simply passed up
	lets    []string
}

// reader walks one condition or clause: it checks what expr does not know of
// and gathers what the clause needs.
type reader[F any] struct {
	*compiler[F]
	reads []*Fact[F]
	lists []int
	moves []motion[F]
}

func (r *reader[F]) read(n ast.Node, in scope) {
	if path, ok := pathOf(n); ok && !slices.Contains(in.lets, path) {
		r.name(n, path, in)
		return
	}
	switch n := n.(type) {
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			in.negated = true
		}
		r.read(n.Node, in)
	case *ast.BinaryNode:
		r.binary(n, in)
	case *ast.ConditionalNode:
		within := in
		within.inside = true
		r.read(n.Cond, within)
		r.read(n.Exp1, in)
		r.read(n.Exp2, in)
	case *ast.BuiltinNode:
		r.builtin(n, in)
	case *ast.CallNode:
		r.call(n, in)
	case *ast.PredicateNode:
		in.inside = true
		r.read(n.Node, in)
	case *ast.VariableDeclaratorNode:
		within := in
		within.inside = true
		r.read(n.Value, within)
		in.lets = append(slices.Clip(in.lets), n.Name)
		r.read(n.Expr, in)
	case *ast.MemberNode:
		r.read(n.Node, in)
		if _, name := n.Property.(*ast.StringNode); !name {
			r.read(n.Property, in)
		}
	case *ast.ChainNode:
		r.read(n.Node, in)
	case *ast.SliceNode:
		for _, part := range []ast.Node{n.Node, n.From, n.To} {
			if part != nil {
				r.read(part, in)
			}
		}
	case *ast.ArrayNode:
		for _, item := range n.Nodes {
			r.read(item, in)
		}
	case *ast.SequenceNode:
		for _, item := range n.Nodes {
			r.read(item, in)
		}
	case *ast.MapNode:
		r.fail("/if", r.offset(n), WrongType, "a condition has no use for a map")
	case *ast.NilNode:
		r.fail("/if", r.offset(n), WrongType, "nothing is ever nil here", "known(…) asks whether a fact has a value, == \"\" whether a text is empty")
	}
}

// name checks a dotted name and notes what it means for the clause.
func (r *reader[F]) name(n ast.Node, path string, in scope) {
	if _, constant := r.set.vocabulary.Constants[path]; constant {
		return
	}
	f := r.facts[path]
	if f == nil {
		hint := Meant(path, r.names)
		if parts := r.below(path); hint == "" && len(parts) > 0 {
			hint = "it has " + strings.Join(parts, ", ")
		}
		r.fail("/if", r.offset(n), UnknownName, fmt.Sprintf("there is no %q", path), hint)
		return
	}
	r.reads = append(r.reads, f)
	if f.Known != nil && in.negated {
		r.fail("/if", r.offset(n), Negated, fmt.Sprintf("%s may be unknown, and not would make that true", path),
			"turn the comparison round instead of negating it")
	} else if f.Known != nil && in.inside {
		r.fail("/if", r.offset(n), Negated, fmt.Sprintf("%s may be unknown, so it can only be compared, not used inside another expression", path))
	}
	if f.When == nil {
		return
	}
	if t := r.types[path]; t.Kind() == reflect.Bool {
		r.moves = append(r.moves, motion[F]{f, true})
		return
	}
	r.fail("/if", r.offset(n), TimeShape, fmt.Sprintf("%s changes with time, so it can only be compared (<, <=, >, >=) with a constant", path))
}

// below lists what a name that stands for a group holds.
func (r *reader[F]) below(group string) []string {
	var parts []string
	for _, name := range r.names {
		if rest, ok := strings.CutPrefix(name, group+"."); ok && len(parts) < 6 {
			parts = append(parts, rest)
		}
	}
	return parts
}

func (r *reader[F]) binary(n *ast.BinaryNode, in scope) {
	switch n.Operator {
	case "<", "<=", ">", ">=":
		if r.moving(n, in) {
			return
		}
		for _, side := range []ast.Node{n.Left, n.Right} {
			if r.isText(side) {
				r.fail("/if", r.offset(side), TextOrder, fmt.Sprintf("%s is text, which has no order that means anything here", side),
					"list the values: x in [\"High\", \"Critical\"]")
			}
		}
	case "==", "!=", "in":
		r.values(n)
	}
	r.read(n.Left, in)
	r.read(n.Right, in)
}

// moving recognises a moving fact compared with a constant, the shape whose
// turning point can be computed.
func (r *reader[F]) moving(n *ast.BinaryNode, in scope) bool {
	for _, side := range []struct {
		fact, level ast.Node
		op          string
	}{{n.Left, n.Right, n.Operator}, {n.Right, n.Left, mirrored[n.Operator]}} {
		path, ok := pathOf(side.fact)
		f := r.facts[path]
		if !ok || f == nil || f.When == nil || r.types[path].Kind() == reflect.Bool {
			continue
		}
		level, ok := r.constant(side.level)
		if !ok {
			return false
		}
		// A comparison turns when the fact reaches the level, or passes it: for
		// a rising fact >= and < turn on reaching, > and <= just after.
		step := 0
		if passes := side.op == ">" || side.op == "<="; passes != f.Falls {
			step = 1
			if f.Falls {
				step = -1
			}
		}
		switch {
		case r.types[path] == reflect.TypeFor[time.Duration]():
			d, ok := level.(time.Duration)
			if !ok {
				r.fail("/if", r.offset(side.level), WrongType, fmt.Sprintf("%s is a duration, %s is a number", path, side.level),
					`write duration("3h")`)
				return true
			}
			level = d + time.Duration(step)
		default:
			x, ok := level.(float64)
			if !ok {
				r.fail("/if", r.offset(side.level), WrongType, fmt.Sprintf("%s is a number, %s is a duration", path, side.level))
				return true
			}
			if step != 0 {
				x = math.Nextafter(x, math.Inf(step))
			}
			level = x
		}
		r.reads = append(r.reads, f)
		if f.Known != nil && (in.negated || in.inside) {
			r.name(side.fact, path, in)
		}
		r.moves = append(r.moves, motion[F]{f, level})
		return true
	}
	return false
}

var mirrored = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<="}

// constant evaluates an expression without facts to a float64 or a duration.
func (r *reader[F]) constant(n ast.Node) (any, bool) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return float64(n.Value), true
	case *ast.FloatNode:
		return n.Value, true
	case *ast.BuiltinNode:
		if d, ok := durationCall(n); ok {
			if v, err := ParseDuration(d.Value); err == nil {
				return v, true
			}
		}
	case *ast.MemberNode, *ast.IdentifierNode:
		path, _ := pathOf(n)
		x, ok := r.set.vocabulary.Constants[path].(float64)
		return x, ok
	case *ast.UnaryNode:
		if n.Operator == "-" {
			if x, ok := r.constant(n.Node); ok {
				if x, ok := x.(float64); ok {
					return -x, true
				}
			}
		}
	}
	return nil, false
}

func durationCall(n *ast.BuiltinNode) (*ast.StringNode, bool) {
	if n.Name != "duration" || len(n.Arguments) != 1 {
		return nil, false
	}
	s, ok := n.Arguments[0].(*ast.StringNode)
	return s, ok
}

// isText reports whether a side of a comparison is text.
func (r *reader[F]) isText(n ast.Node) bool {
	if _, ok := n.(*ast.StringNode); ok {
		return true
	}
	path, ok := pathOf(n)
	if !ok {
		return false
	}
	if _, text := r.set.vocabulary.Constants[path].(string); text {
		return true
	}
	t := r.types[path]
	return t != nil && t.Kind() == reflect.String
}

// values holds the literals beside a fact with declared values against these.
func (r *reader[F]) values(n *ast.BinaryNode) {
	for _, side := range [][2]ast.Node{{n.Left, n.Right}, {n.Right, n.Left}} {
		path, ok := pathOf(side[0])
		f := r.facts[path]
		if !ok || f == nil || f.Values == nil {
			continue
		}
		literals := []ast.Node{side[1]}
		if list, ok := side[1].(*ast.ArrayNode); ok {
			literals = list.Nodes
		}
		for _, l := range literals {
			if s, ok := l.(*ast.StringNode); ok && !slices.Contains(f.Values, s.Value) {
				last := path[strings.LastIndexByte(path, '.')+1:]
				hint := Meant(s.Value, f.Values)
				if hint == "" {
					hint = "there are " + strings.Join(f.Values, ", ")
				}
				r.fail("/if", r.offset(s), UnknownValue, fmt.Sprintf("%q is no %s", s.Value, strings.ReplaceAll(last, "_", " ")), hint)
			}
		}
	}
}

func (r *reader[F]) builtin(n *ast.BuiltinNode, in scope) {
	if !slices.Contains(builtins, n.Name) {
		r.fail("/if", r.offset(n), UnknownFunction, fmt.Sprintf("there is no function %s here", n.Name), Meant(n.Name, r.functions()))
		return
	}
	if n.Name == "duration" {
		if s, ok := durationCall(n); !ok {
			r.fail("/if", r.offset(n), WrongType, `duration takes one literal, as in duration("3h")`)
		} else if _, err := ParseDuration(s.Value); err != nil {
			r.fail("/if", r.offset(s), WrongType, err.Error())
		}
		return
	}
	for _, arg := range n.Arguments {
		r.read(arg, in)
	}
}

func (r *reader[F]) functions() []string {
	names := append([]string{"known"}, builtins...)
	if r.set.vocabulary.Keywords != "" {
		names = append(names, "contains_keywords")
	}
	return names
}

func (r *reader[F]) call(n *ast.CallNode, in scope) {
	name, ok := pathOf(n.Callee)
	switch {
	case name == "contains_keywords" && r.set.vocabulary.Keywords != "":
		words, ok := literalWords(n)
		if !ok {
			r.fail("/if", r.offset(n), WrongType, `contains_keywords takes one list of words, as in contains_keywords(["lawyer", "sue"])`)
			return
		}
		r.lists = append(r.lists, r.list(words))
	case name == "known":
		fact := r.knownCall(n)
		if fact == nil || in.inside {
			r.fail("/if", r.offset(n), WrongType, "known takes the name of one fact, and stands by itself between and, or and not")
			return
		}
		r.reads = append(r.reads, fact)
	case ok:
		r.fail("/if", r.offset(n), UnknownFunction, fmt.Sprintf("there is no function %s", name), Meant(name, r.functions()))
	default:
		r.fail("/if", r.offset(n), UnknownFunction, fmt.Sprintf("%s cannot be called", n.Callee))
	}
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
	list, ok := n.Arguments[0].(*ast.ArrayNode)
	if !ok || len(list.Nodes) == 0 {
		return nil, false
	}
	words := make([]string, len(list.Nodes))
	for i, item := range list.Nodes {
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

// pathOf returns the dotted name that a node spells.
func pathOf(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return n.Value, true
	case *ast.MemberNode:
		property, ok := n.Property.(*ast.StringNode)
		if !ok || n.Optional {
			return "", false
		}
		base, ok := pathOf(n.Node)
		return base + "." + property.Value, ok
	}
	return "", false
}

// offset is where the leftmost part of a node begins: expr places an operation
// at its operator.
func (c *compiler[F]) offset(n ast.Node) int {
	first := leftmost{at: n.Location().From}
	ast.Walk(&n, &first)
	return first.at
}

type leftmost struct{ at int }

func (l *leftmost) Visit(n *ast.Node) { l.at = min(l.at, (*n).Location().From) }

// failExpr records what expr's parser or type checker found.
func (c *compiler[F]) failExpr(part string, code Code, err error) {
	at, ok := errors.AsType[*file.Error](err)
	if !ok {
		message := err.Error()
		if strings.HasPrefix(message, "expected bool") {
			message = "a condition is true or false, and this is neither"
		}
		c.fail(part, 0, code, plainly(message))
		return
	}
	c.fail(part, at.From, code, plainly(at.Message))
}

// plainly replaces the names of Go's types by words for what they hold.
func plainly(message string) string {
	return strings.NewReplacer("[]string", "list of texts", "time.Duration", "duration", "float64", "number",
		"string", "text", "int", "number", "bool", "yes or no", "interface {}", "value").Replace(message)
}

// patcher rewrites what expr shall run: constants and durations in place of
// their names, keyword lists as reads of their hits, folded facts.
type patcher[F any] struct{ *compiler[F] }

func (p *patcher[F]) Visit(n *ast.Node) {
	switch node := (*n).(type) {
	case *ast.MemberNode, *ast.IdentifierNode:
		path, ok := pathOf(node)
		if !ok {
			return
		}
		switch v := p.set.vocabulary.Constants[path].(type) {
		case float64:
			ast.Patch(n, &ast.FloatNode{Value: v})
		case string:
			ast.Patch(n, &ast.StringNode{Value: v})
		case bool:
			ast.Patch(n, &ast.BoolNode{Value: v})
		}
	case *ast.BuiltinNode:
		if s, ok := durationCall(node); ok {
			if d, err := ParseDuration(s.Value); err == nil {
				ast.Patch(n, &ast.ConstantNode{Value: d})
			}
		}
	case *ast.CallNode:
		switch name, _ := pathOf(node.Callee); name {
		case "contains_keywords":
			if words, ok := literalWords(node); ok {
				ast.Patch(n, &ast.MemberNode{Node: pathNode(p.set.vocabulary.Keywords), Property: &ast.IntegerNode{Value: p.list(words)}})
			}
		case "known": // asked of the fact, not of expr; true keeps the types right
			ast.Patch(n, &ast.BoolNode{Value: true})
		}
	case *ast.BinaryNode:
		for _, side := range [][2]*ast.Node{{&node.Left, &node.Right}, {&node.Right, &node.Left}} {
			path, _ := pathOf(*side[0])
			if f := p.facts[path]; f != nil && f.Folded != "" {
				ast.Patch(side[0], pathNode(f.Folded))
				foldLiterals(side[1])
			}
		}
	}
}

func foldLiterals(n *ast.Node) {
	switch node := (*n).(type) {
	case *ast.StringNode:
		ast.Patch(n, &ast.StringNode{Value: strings.ToLower(node.Value)})
	case *ast.ArrayNode:
		for i := range node.Nodes {
			foldLiterals(&node.Nodes[i])
		}
	}
}

func pathNode(path string) ast.Node {
	var n ast.Node
	for i, name := range strings.Split(path, ".") {
		if i == 0 {
			n = &ast.IdentifierNode{Value: name}
		} else {
			n = &ast.MemberNode{Node: n, Property: &ast.StringNode{Value: name}}
		}
	}
	return n
}

// actions reads the lines of a Then.
func (c *compiler[F]) actions(then []string) []Action {
	if len(then) == 0 {
		c.text, c.failed = "", len(c.errs)
		c.fail("/then", 0, Missing, "a rule without an action does nothing")
	}
	var actions []Action
	for i, text := range then {
		c.text, c.failed = text, len(c.errs)
		if a, ok := c.action(fmt.Sprintf("/then/%d", i)); ok {
			actions = append(actions, a)
		}
	}
	return actions
}

func (c *compiler[F]) action(part string) (Action, bool) {
	if strings.TrimSpace(c.text) == "" {
		c.fail(part, 0, Missing, "an action is empty")
		return Action{}, false
	}
	if c.tooLarge(part) {
		return Action{}, false
	}
	tree, err := parser.Parse(c.text)
	if err != nil {
		c.failExpr(part, Syntax, err)
		return Action{}, false
	}
	call, ok := tree.Node.(*ast.CallNode)
	if !ok {
		c.fail(part, 0, WrongAction, `an action is a call, such as notify("manager")`)
		return Action{}, false
	}
	name, _ := pathOf(call.Callee)
	verb := c.verbs[name]
	if verb == nil {
		names := make([]string, 0, len(c.verbs))
		for _, v := range c.set.vocabulary.Verbs {
			names = append(names, v.Name)
		}
		c.fail(part, 0, UnknownFunction, fmt.Sprintf("there is no action %q", cmp.Or(name, call.Callee.String())), Meant(name, names))
		return Action{}, false
	}
	if len(call.Arguments) != len(verb.Args) {
		c.fail(part, 0, WrongAction, fmt.Sprintf("%s takes %s", name, arguments(verb)))
		return Action{}, false
	}
	a := Action{Verb: name}
	for i, arg := range verb.Args {
		v, ok := c.argument(part, name, arg, call.Arguments[i])
		if !ok {
			return Action{}, false
		}
		a.Args = append(a.Args, v)
	}
	return a, true
}

func arguments(v *Verb) string {
	if len(v.Args) == 0 {
		return "nothing in its brackets"
	}
	names := make([]string, len(v.Args))
	for i, a := range v.Args {
		names[i] = a.Name
	}
	return "a " + strings.Join(names, " and a ")
}

func (c *compiler[F]) argument(part, verb string, arg Arg, n ast.Node) (any, bool) {
	at := c.offset(n)
	switch n := n.(type) {
	case *ast.StringNode:
		if arg.Number {
			break
		}
		if arg.Values != nil && !slices.Contains(arg.Values, n.Value) {
			hint := Meant(n.Value, arg.Values)
			if hint == "" && len(arg.Values) > 0 {
				hint = "there are " + strings.Join(arg.Values, ", ")
			}
			c.fail(part, at, UnknownValue, fmt.Sprintf("%s: there is no %s %q", verb, arg.Name, n.Value), hint)
			return nil, false
		}
		if strings.TrimSpace(n.Value) == "" {
			c.fail(part, at, WrongAction, fmt.Sprintf("%s: the %s is empty", verb, arg.Name))
			return nil, false
		}
		return n.Value, true
	case *ast.IntegerNode:
		if arg.Number && n.Value >= 1 {
			return float64(n.Value), true
		}
	}
	want := "a text in quotes"
	if arg.Number {
		want = "a whole number of at least 1"
	}
	c.fail(part, at, WrongAction, fmt.Sprintf("%s: the %s must be %s", verb, arg.Name, want))
	return nil, false
}
