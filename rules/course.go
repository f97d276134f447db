package rules

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"
)

// way is how an expression changes while time passes and nothing else happens.
type way uint8

const (
	still    way = iota // not at all
	stepping            // at turns that are known, and not between them
	rises               // it never falls
	falls               // it never rises
	slides              // one of these, but it depends on the facts which
	stuck               // it cannot be told, and that has been said
)

func (w way) moves() bool { return w >= rises && w <= slides }

// reversed is the way of the opposite.
func (w way) reversed() way {
	switch w {
	case rises:
		return falls
	case falls:
		return rises
	}
	return w
}

// course is what is known of an expression as time passes.
type course[F any] struct {
	kind kind
	way  way
	fact *Fact[F] // the first that moves in it
	// clock is what it is affine in the readings of: empty if it is not, or not for sure.
	// noise is then how far rounding takes it off, and gain how much faster than its
	// facts it may go. Of numbers the noise is not known.
	clock       string
	noise, gain float64
	// rough: it slides, and not even that for sure, within its noise.
	rough bool
}

// around is where an expression stands.
type around[F any] struct {
	lets []binding[F]
	each string // the function that goes through a list, in its test
}

// binding is what a let has given a name to.
type binding[F any] struct {
	name   string
	value  ast.Node
	course course[F]
	fact   *Fact[F] // it is nothing but another name of this one
}

// moving is what changes with time alone in a clause.
type moving[F any] struct {
	motions   []motion[F]
	crossings []crossing[F] // those that stand in others first
	turns     []*Fact[F]    // facts that step
}

func (m *moving[F]) moves() bool { return len(m.motions)+len(m.crossings)+len(m.turns) > 0 }

// motion is a moving fact beside what does not move: its own When tells when they meet.
type motion[F any] struct {
	fact  *Fact[F]
	level any         // at which the comparison turns
	value *vm.Program // or what gives the value beside it, which is `step` below that level
	step  int
}

// crossing is any other comparison that turns with time.
type crossing[F any] struct {
	holds *vm.Program // the comparison
	gap   *vm.Program // its left side less its right one; nil if that is not affine
	fact  *Fact[F]    // in whose readings the gap is affine
	meet  bool        // both sides go the same way, so the gap may go either
	noise float64     // of the gap, if they meet
	gain  float64     // of the gap
}

// follow finds out what moves in a condition or clause, and refuses that of which the
// turns cannot be found.
func (r *reader[F]) follow(n ast.Node) {
	if slices.ContainsFunc(r.reads, func(f *Fact[F]) bool { return f.When != nil || f.Turns != nil }) {
		r.course(n, around[F]{})
	}
}

// refuse tells why a turn cannot be found, unless the rule looks every so often anyway.
func (r *reader[F]) refuse(n ast.Node, message string) course[F] {
	if !r.polls {
		r.wrong(n, TimeShape, message, "or say how often to look: poll: 5m")
	}
	return course[F]{way: stuck}
}

// course finds the course of an expression. What is wrong with its kinds has been told,
// and counts as still.
func (r *reader[F]) course(n ast.Node, in around[F]) course[F] {
	switch n := n.(type) {
	case *ast.IdentifierNode, *ast.MemberNode:
		path, _ := pathOf(n)
		return r.courseOf(n, path, in)
	case *ast.StringNode:
		return course[F]{kind: text}
	case *ast.IntegerNode:
		return course[F]{kind: whole}
	case *ast.FloatNode:
		return course[F]{kind: number}
	case *ast.UnaryNode:
		c := r.course(n.Node, in)
		if n.Operator == "-" {
			c.way = c.way.reversed()
		}
		return c
	case *ast.BinaryNode:
		return r.binaryCourse(n, in)
	case *ast.ConditionalNode:
		cond := r.course(n.Cond, in)
		return r.either(n, cond, r.course(n.Exp1, in), r.course(n.Exp2, in))
	case *ast.VariableDeclaratorNode:
		b := binding[F]{name: n.Name, value: n.Value, course: r.course(n.Value, in), fact: r.bare(n.Value, in)}
		in.lets = append(slices.Clip(in.lets), b)
		return r.course(n.Expr, in)
	case *ast.ArrayNode:
		out := course[F]{kind: list}
		for i, item := range n.Nodes {
			c := r.course(item, in)
			if c.way.moves() {
				c = r.refuse(item, fmt.Sprintf("%s changes with time, so it cannot stand in a list", c.fact.Name))
			}
			if i == 0 {
				out.kind |= c.kind
			}
			out.way = max(out.way, c.way)
		}
		return out
	case *ast.BuiltinNode:
		return r.builtinCourse(n, in)
	case *ast.CallNode:
		return r.callCourse(n, in)
	case *ast.PredicateNode:
		return r.course(n.Node, in)
	}
	return course[F]{}
}

// courseOf is the course of a name.
func (r *reader[F]) courseOf(n ast.Node, path string, in around[F]) course[F] {
	inside := func(name string) course[F] {
		if r.polls {
			return course[F]{way: stuck}
		}
		r.wrong(n, TimeShape, fmt.Sprintf("%s changes with time, so it cannot stand inside %s", name, in.each))
		return course[F]{way: stuck}
	}
	for _, b := range slices.Backward(in.lets) {
		if b.name == path {
			if in.each != "" && b.course.way.moves() {
				return inside(b.course.fact.Name)
			}
			return b.course
		}
	}
	switch r.set.vocabulary.Constants[path].(type) {
	case float64:
		return course[F]{kind: number}
	case string:
		return course[F]{kind: text}
	}
	f := r.facts[path]
	if f == nil {
		return course[F]{}
	}
	out := course[F]{kind: r.kinds[path]}
	switch {
	case f.Turns != nil:
		out.way = stepping
		if r.leaf != nil && !r.polls && !slices.Contains(r.leaf.turns, f) {
			r.leaf.turns = append(r.leaf.turns, f)
		}
	case f.When == nil:
	case in.each != "":
		return inside(path)
	case out.kind == yesNo:
		out.way = stepping
		r.moved(motion[F]{fact: f, level: true})
	default:
		out.way, out.fact, out.clock, out.gain = rises, f, f.Clock, 1
		if f.Falls {
			out.way = falls
		}
		if f.Clock == "" {
			out.clock = "of " + f.Name
		}
		if out.kind == number {
			out.noise = math.Inf(1)
		}
	}
	return out
}

// moved adds a motion to the clause.
func (r *reader[F]) moved(m motion[F]) {
	if r.leaf != nil && !r.polls {
		r.leaf.motions = append(r.leaf.motions, m)
	}
}

// bare returns the fact that an expression is nothing but the name of, or of a let for it.
func (r *reader[F]) bare(n ast.Node, in around[F]) *Fact[F] {
	path, _ := pathOf(n)
	for _, b := range slices.Backward(in.lets) {
		if b.name == path {
			return b.fact
		}
	}
	if f := r.facts[path]; f != nil && f.When != nil && r.kinds[path] != yesNo {
		return f
	}
	return nil
}

// either is the course of what is one of two values; the condition may step, and is the
// same between turns.
func (r *reader[F]) either(n ast.Node, cond, a, b course[F]) course[F] {
	out := a
	switch {
	case max(cond.way, a.way, b.way) == stuck:
		return course[F]{way: stuck}
	case cond.way.moves(): // it is no yes or no, and that has been told
		return course[F]{}
	case !a.way.moves() && !b.way.moves():
		out.way = max(cond.way, a.way, b.way)
		return out
	case !a.way.moves():
		out = b
	case !b.way.moves():
	case a.way != b.way || a.rough || b.rough:
		out.way = slides
		fallthrough
	default:
		out.rough = a.rough || b.rough
	}
	if out.rough {
		return r.refuse(n, fmt.Sprintf("%s changes with time, and this is now one thing and now another, so the instant at which it turns cannot be computed", out.fact.Name))
	}
	if a.way != b.way || a.clock != b.clock { // which of the two it is, is not known here
		out.clock = ""
	}
	out.noise, out.gain = max(a.noise, b.noise), max(a.gain, b.gain)
	return out
}

func (r *reader[F]) binaryCourse(n *ast.BinaryNode, in around[F]) course[F] {
	if bounds, ok := n.Right.(*ast.BinaryNode); ok && bounds.Operator == ".." {
		a := r.course(n.Left, in)
		if a.way.moves() {
			return r.refuse(n.Left, fmt.Sprintf("%s changes with time: it is any one value for a nanosecond only, so compare it by <, <=, > or >=", a.fact.Name))
		}
		return course[F]{kind: yesNo, way: a.way}
	}
	a, b := r.course(n.Left, in), r.course(n.Right, in)
	yes := course[F]{kind: yesNo, way: max(a.way, b.way)}
	switch {
	case yes.way == stuck:
		return yes
	case joins(n) != isClause:
	case mirrored[n.Operator] != "":
		return r.compareCourse(n, a, b, in)
	case slices.Contains([]string{"+", "-", "*", "/", "%", "**"}, n.Operator):
		return r.arithmeticCourse(n, a, b)
	case yes.way.moves() && !a.kind.like(b.kind) && n.Operator != "in": // that has been told
		return course[F]{way: stuck}
	case yes.way.moves():
		side, at := a, n.Left
		if !a.way.moves() {
			side, at = b, n.Right
		}
		return r.refuse(at, fmt.Sprintf("%s changes with time: it is any one value for a nanosecond only, so compare it by <, <=, > or >=", side.fact.Name))
	}
	return yes
}

func (r *reader[F]) arithmeticCourse(n *ast.BinaryNode, a, b course[F]) course[F] {
	still := course[F]{kind: number, way: max(a.way, b.way)}
	switch {
	case a.kind == instant && b.kind == instant:
		still.kind = span
	case a.kind == instant || b.kind == instant:
		still.kind = instant
	case a.kind == span && b.kind == span && n.Operator == "/":
	case a.kind == span || b.kind == span:
		still.kind = span
	}
	if !a.way.moves() && !b.way.moves() {
		return still
	}
	first := a
	if !a.way.moves() {
		first = b
	}
	switch n.Operator {
	case "+", "-":
		if still.kind == span && a.kind == span {
			r.instead[n] = "=" + n.Operator
		}
		if n.Operator == "-" {
			b.way = b.way.reversed()
		}
		out, ok := sum(a, b)
		if out.kind = still.kind; !ok {
			return r.refuse(n, r.meeting(a, b, "the difference of the two may rise or fall"))
		}
		return out
	case "*", "/":
		if !a.kind.numeric() && !b.kind.numeric() && (a.kind != span || b.kind != span || n.Operator == "*") || a.kind == instant || b.kind == instant {
			return course[F]{way: stuck} // that has been told
		}
		if a.way.moves() && b.way.moves() {
			return r.refuse(n, r.meeting(a, b, "a product of the two has no one direction"))
		}
		if n.Operator == "/" && b.way.moves() {
			return r.refuse(n, fmt.Sprintf("%s changes with time, and nothing can be divided by it: the instant at which that turns cannot be computed", b.fact.Name))
		}
		factor := n.Right
		if b.way.moves() {
			factor = n.Left
		}
		value, known := r.constant(factor)
		k, isNumber := value.(float64)
		return scaled(first, k, known && isNumber, n.Operator == "/", still.kind)
	}
	return r.refuse(n, fmt.Sprintf("%s changes with time, and %s of it has no direction, so the instant at which this turns cannot be computed", first.fact.Name, map[string]string{"%": "a remainder", "**": "a power"}[n.Operator]))
}

// sum is the course of a sum, not ok if that has no direction.
func sum[F any](a, b course[F]) (course[F], bool) {
	switch {
	case !a.way.moves():
		return b, true
	case !b.way.moves():
		return a, true
	}
	out := a
	out.noise, out.gain = a.noise+b.noise, a.gain+b.gain
	same := a.clock != "" && a.clock == b.clock
	if a.way == b.way && a.way != slides {
		if !same {
			out.clock = ""
		}
		return out, true
	}
	out.way, out.rough = slides, true
	return out, same && !math.IsInf(out.noise, 0)
}

// scaled is the course of what is multiplied, or divided, by what does not move.
func scaled[F any](c course[F], k float64, known, divides bool, as kind) course[F] {
	if known && divides {
		k = 1 / k
	}
	exact := known && !divides && k == math.Trunc(k)
	switch {
	case !known:
		c.way = slides
		k = math.Inf(1)
	case k < 0:
		c.way = c.way.reversed()
	}
	c.gain *= math.Abs(k)
	switch {
	case c.kind != span || as != span || !known || math.IsInf(k, 0) || math.IsNaN(k):
		c.noise, c.gain = math.Inf(1), math.Inf(1)
	case exact:
		c.noise *= math.Abs(k)
	default:
		c.noise = c.noise*math.Abs(k) + 0.5
	}
	c.kind = as
	return c
}

// meeting says why two moving things cannot be held against each other.
func (r *reader[F]) meeting(a, b course[F], otherwise string) string {
	switch {
	case a.fact == b.fact:
		return fmt.Sprintf("%s changes with time on both sides of this, so the instant at which it turns cannot be computed", a.fact.Name)
	case r.clockOf(a.fact) != r.clockOf(b.fact):
		return fmt.Sprintf("%s and %s both change with time, each at a pace of its own, so the instant at which this turns cannot be computed", a.fact.Name, b.fact.Name)
	}
	return fmt.Sprintf("%s and %s both change with time, and %s, so the instant at which this turns cannot be computed", a.fact.Name, b.fact.Name, otherwise)
}

func (r *reader[F]) clockOf(f *Fact[F]) string {
	if f.Clock == "" {
		return "of " + f.Name
	}
	return f.Clock
}

// compareCourse finds how to solve an order of two values.
func (r *reader[F]) compareCourse(n *ast.BinaryNode, a, b course[F], in around[F]) course[F] {
	out := course[F]{kind: yesNo, way: stepping}
	ordered := a.kind.numeric() && b.kind.numeric() || a.kind == b.kind && (a.kind == span || a.kind == instant)
	switch {
	case !a.way.moves() && !b.way.moves():
		out.way = max(a.way, b.way)
		return out
	case !ordered: // that has been told
		return out
	}
	for _, side := range []struct {
		fact, beside ast.Node
		other        course[F]
		op           string
	}{{n.Left, n.Right, b, n.Operator}, {n.Right, n.Left, a, mirrored[n.Operator]}} {
		if f := r.bare(side.fact, in); f != nil && !side.other.way.moves() {
			r.meets(f, side.beside, side.op, in)
			return out
		}
	}
	if v := &r.set.vocabulary; v.At == nil || v.Now == nil {
		return r.refuse(n, fmt.Sprintf("%s changes with time, so it can only be compared (<, <=, >, >=) by itself with what does not", r.first(a, b).Name))
	}
	c := crossing[F]{fact: r.first(a, b), noise: a.noise + b.noise, gain: a.gain + b.gain}
	affine := a.way.moves() && a.clock != "" || b.way.moves() && b.clock != ""
	switch {
	case (a.rough || b.rough) && math.IsInf(c.noise, 0):
		return r.refuse(n, fmt.Sprintf("%s changes with time, and this is no plain sum of durations or dates, so the instant at which it turns cannot be computed", c.fact.Name))
	case !a.way.moves() || !b.way.moves():
		c.meet = a.rough || b.rough
	case a.way != slides && a.way == b.way.reversed(): // one falls where the other rises
		affine = affine && a.clock == b.clock
	case a.clock == "" || a.clock != b.clock || math.IsInf(c.noise, 0):
		why := "this is no plain sum of durations or dates"
		return r.refuse(n, r.meeting(a, b, why))
	default:
		c.meet = true
	}
	if c.meet && c.gain > mostGain {
		return r.refuse(n, fmt.Sprintf("%s changes with time, and this is more than %d times as fast, so the instant at which it turns cannot be computed", c.fact.Name, mostGain))
	}
	if r.leaf == nil || r.polls {
		return out
	}
	c.holds = r.apart(n, in)
	if affine {
		gap := &ast.BinaryNode{Operator: "-", Left: n.Left, Right: n.Right}
		if a.kind == span {
			r.instead[gap] = "=-"
		}
		c.gap = r.apart(gap, in)
	}
	r.leaf.crossings = append(r.leaf.crossings, c)
	return out
}

// mostGain bounds how fast two things that meet may go, so that nothing overflows in the
// time that is looked at.
const mostGain = 1000

func (r *reader[F]) first(a, b course[F]) *Fact[F] {
	if a.fact != nil {
		return a.fact
	}
	return b.fact
}

// meets adds the motion of a fact up to what stands beside it. A comparison turns when the
// fact reaches that, or passes it: for a rising fact >= and < turn on reaching, > and <=
// just after.
func (r *reader[F]) meets(f *Fact[F], beside ast.Node, op string, in around[F]) {
	m := motion[F]{fact: f}
	if passes := op == ">" || op == "<="; passes != f.Falls {
		m.step = 1
		if f.Falls {
			m.step = -1
		}
	}
	kept := len(r.constants)
	value, ok := r.constant(beside)
	r.constants = r.constants[:kept] // they have been noted
	if ok {
		m.level, ok = stepped(value, m.step)
		if !ok {
			return // beyond anything that it can reach
		}
	} else if r.leaf != nil && !r.polls {
		m.value = r.apart(beside, in)
	}
	r.moved(m)
}

// stepped is the next value above or below a level, or the level itself; not ok if there
// is none.
func stepped(level any, step int) (any, bool) {
	switch x := level.(type) {
	case time.Duration:
		next := x + time.Duration(step)
		return next, (next > x) == (step > 0) && (next < x) == (step < 0)
	case time.Time:
		return x.Add(time.Duration(step)), true
	case int:
		return stepped(float64(x), step)
	case float64:
		if step != 0 {
			x = math.Nextafter(x, math.Inf(step))
		}
		return x, !math.IsNaN(x) && !math.IsInf(x, 0)
	}
	return nil, false
}

func (r *reader[F]) builtinCourse(n *ast.BuiltinNode, in around[F]) course[F] {
	switch n.Name {
	case "duration":
		return course[F]{kind: span}
	case "date":
		return course[F]{kind: instant}
	case "any", "all", "none", "one", "count":
		out := course[F]{kind: yesNo}
		for i, arg := range n.Arguments {
			if i > 0 {
				in.each = n.Name
			}
			out.way = max(out.way, r.course(arg, in).way)
		}
		if n.Name == "count" {
			out.kind = whole
		}
		return out
	}
	var out course[F]
	movers, same := 0, true
	for i, arg := range n.Arguments {
		c := r.course(arg, in)
		switch {
		case i == 0:
			out = c
		case out.way == stuck || c.way == stuck:
			out.way = stuck
		case !c.way.moves() && !out.way.moves():
			out.way = max(out.way, c.way)
		case !out.way.moves():
			out = c
		case !c.kind.like(out.kind): // that has been told
			out.way = stuck
		case c.way.moves() && (c.way != out.way || c.way == slides):
			same = false
		}
		if c.way.moves() {
			movers++
			if c.rough {
				same = false
			}
		}
	}
	if out.way == stuck {
		return out
	}
	switch n.Name {
	case "len", "lower", "upper", "trim":
		out = course[F]{kind: text, way: out.way}
		if n.Name == "len" {
			out.kind = whole
		}
	case "max", "min":
		if movers > 0 && len(n.Arguments) > 1 {
			out.clock = ""
		}
		if !same {
			return r.refuse(n, fmt.Sprintf("%s changes with time, and the %s here may go either way, so the instant at which it turns cannot be computed", out.fact.Name, map[string]string{"max": "larger", "min": "smaller"}[n.Name]))
		}
	case "abs":
		if movers > 0 {
			return r.refuse(n, fmt.Sprintf("%s changes with time, and without its sign it may fall and then rise, so the instant at which this turns cannot be computed", out.fact.Name))
		}
	default: // int, float, round, floor, ceil
		out.kind, out.clock, out.noise = number, "", math.Inf(1)
	}
	return out
}

func (r *reader[F]) callCourse(n *ast.CallNode, in around[F]) course[F] {
	name, _ := pathOf(n.Callee)
	s := r.calls[name]
	if s == nil {
		return course[F]{kind: yesNo} // known, contains_keywords
	}
	out := course[F]{kind: s.out}
	for _, arg := range n.Arguments {
		c := r.course(arg, in)
		if c.way.moves() {
			c = r.refuse(arg, fmt.Sprintf("%s changes with time, and what %s makes of it cannot be computed ahead", c.fact.Name, name))
		}
		out.way = max(out.way, c.way)
	}
	return out
}

// apart compiles a part of a clause by itself, with the lets around it that it needs.
func (r *reader[F]) apart(n ast.Node, in around[F]) *vm.Program {
	out := r.copy(n)
	needs := names(n, nil)
	for _, b := range slices.Backward(in.lets) {
		if needs[b.name] {
			needs = names(b.value, needs)
			out = &ast.VariableDeclaratorNode{Name: b.name, Value: r.copy(b.value), Expr: out}
		}
	}
	if most := 4 * r.limits.Cost; r.solved > most {
		r.wrong(n, TooLarge, fmt.Sprintf("what changes with time here has more than %d parts, those in a let and in a branch counted each time that they are used", most), "the limit is Limits.Cost")
		return nil
	}
	config := *r.config
	if b, ok := n.(*ast.BinaryNode); !ok || mirrored[b.Operator] == "" {
		config.Expect = reflect.Invalid // it is no yes or no
	}
	program, err := r.program(out, &config)
	if err != nil {
		r.failExpr("/if", WrongType, err)
	}
	return program
}

// names adds the names that an expression uses.
func names(n ast.Node, into map[string]bool) map[string]bool {
	if into == nil {
		into = map[string]bool{}
	}
	ast.Walk(&n, namer(into))
	return into
}

type namer map[string]bool

func (n namer) Visit(node *ast.Node) {
	if id, ok := (*node).(*ast.IdentifierNode); ok {
		n[id.Value] = true
	}
}

// copy copies a tree, since making a program changes it, with what has been noted of it.
func (r *reader[F]) copy(n ast.Node) ast.Node {
	if r.solved++; r.solved > 4*r.limits.Cost {
		return &ast.BoolNode{}
	}
	var out ast.Node
	all := func(nodes []ast.Node) []ast.Node {
		list := make([]ast.Node, len(nodes))
		for i, item := range nodes {
			list[i] = r.copy(item)
		}
		return list
	}
	switch n := n.(type) {
	case *ast.UnaryNode:
		out = &ast.UnaryNode{Operator: n.Operator, Node: r.copy(n.Node)}
	case *ast.BinaryNode:
		out = &ast.BinaryNode{Operator: n.Operator, Left: r.copy(n.Left), Right: r.copy(n.Right)}
	case *ast.MemberNode:
		out = &ast.MemberNode{Node: r.copy(n.Node), Property: r.copy(n.Property)}
	case *ast.ConditionalNode:
		out = &ast.ConditionalNode{Ternary: n.Ternary, Cond: r.copy(n.Cond), Exp1: r.copy(n.Exp1), Exp2: r.copy(n.Exp2)}
	case *ast.VariableDeclaratorNode:
		out = &ast.VariableDeclaratorNode{Name: n.Name, Value: r.copy(n.Value), Expr: r.copy(n.Expr)}
	case *ast.ArrayNode:
		out = &ast.ArrayNode{Nodes: all(n.Nodes)}
	case *ast.BuiltinNode:
		b := &ast.BuiltinNode{Name: n.Name, Arguments: all(n.Arguments)}
		if r.mixed[n] {
			r.mixed[b] = true
		}
		out = b
	case *ast.CallNode:
		out = &ast.CallNode{Callee: r.copy(n.Callee), Arguments: all(n.Arguments)}
	case *ast.PredicateNode:
		out = &ast.PredicateNode{Node: r.copy(n.Node)}
	case *ast.IdentifierNode:
		out = &ast.IdentifierNode{Value: n.Value}
	case *ast.StringNode:
		out = &ast.StringNode{Value: n.Value}
	case *ast.IntegerNode:
		out = &ast.IntegerNode{Value: n.Value}
	case *ast.FloatNode:
		out = &ast.FloatNode{Value: n.Value}
	case *ast.BoolNode:
		out = &ast.BoolNode{Value: n.Value}
	case *ast.PointerNode:
		out = &ast.PointerNode{Name: n.Name}
	default:
		panic(fmt.Sprintf("rules: a condition with a %T was not refused", n))
	}
	if name := r.instead[n]; name != "" {
		r.instead[out] = name
	}
	if r.floats[n] {
		r.floats[out] = true
	}
	out.SetLocation(n.Location())
	return out
}
