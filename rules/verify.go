package rules

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"
)

// maxBoxes is how many alternatives of a condition are looked at; one with more is not
// analysed.
const maxBoxes = 64

// maxClauses is how many clauses a condition may have to be analysed.
const maxClauses = 200

// Proofs are what can be proven of the conditions of a set.
type Proofs[F any] struct {
	set *Set[F]
	// The alternatives in which each condition is true, and in which it is not; nil and
	// not known where there are too many.
	yes, no           [][]box[F]
	yesKnown, noKnown []bool
}

// Prove takes all conditions apart for proofs. It takes some microseconds a rule, so it is
// not a part of Compile.
func (s *Set[F]) Prove() *Proofs[F] {
	p := &Proofs[F]{set: s}
	for i := range s.rules {
		clauses := 0
		s.rules[i].when.each(func(*clause[F]) { clauses++ })
		if clauses > maxClauses {
			p.yes, p.yesKnown = append(p.yes, nil), append(p.yesKnown, false)
			p.no, p.noKnown = append(p.no, nil), append(p.noKnown, false)
			continue
		}
		yes, ok := boxes(&s.rules[i].when, True)
		no, ok2 := otherBoxes(&s.rules[i].when)
		p.yes, p.yesKnown = append(p.yes, yes), append(p.yesKnown, ok)
		p.no, p.noKnown = append(p.no, no), append(p.noKnown, ok2)
	}
	return p
}

// NeverHolds reports whether the condition of rule i is proven to be true on no facts.
// False says nothing.
func (p *Proofs[F]) NeverHolds(i int) bool { return p.yesKnown[i] && len(p.yes[i]) == 0 }

// AlwaysHolds reports whether the condition of rule i is proven to be true on all facts,
// also where some are unknown. False says nothing.
func (p *Proofs[F]) AlwaysHolds(i int) bool { return p.noKnown[i] && len(p.no[i]) == 0 }

// Implies reports whether the condition of rule j is proven to be true wherever that of
// rule i is, and that there is such a place. False says nothing.
func (p *Proofs[F]) Implies(i, j int) bool {
	if !p.yesKnown[i] || !p.noKnown[j] || len(p.yes[i]) == 0 {
		return false
	}
	for _, yes := range p.yes[i] {
		for _, no := range p.no[j] {
			if yes.differs(no) {
				continue
			}
			if _, possible := yes.join(no); possible {
				return false
			}
		}
	}
	return true
}

// Alternatives returns into how many alternatives the condition of rule i was taken apart,
// at least 1. Implies and Together take time for each pair of those of two rules.
func (p *Proofs[F]) Alternatives(i int) int { return max(1, len(p.yes[i]), len(p.no[i])) }

// Example is one way to make a condition true.
type Example struct {
	// Texts, Numbers (durations too, in nanoseconds) and Flags are values of facts by
	// name; Unknown are facts that must have none.
	Texts   map[string]string
	Numbers map[string]float64
	Flags   map[string]bool
	Unknown []string
	// Clauses are those of which nothing is known but their text, with what they must be.
	Clauses map[string]bool
	// Keywords are lists of which one word must be used.
	Keywords [][]string
}

// Together returns ways in which the conditions of rules i and j may be true at once; none
// if it is proven that they never are, or if they are too large to look at, and the first
// 64 of more. Facts depend on
// each other, so each is a guess to be tried.
func (p *Proofs[F]) Together(i, j int) []Example {
	both, _ := product(p.yes[i], p.yes[j])
	var out []Example
	for _, box := range both {
		out = append(out, p.set.example(box))
	}
	return out
}

// Constants returns the names of the constants that the condition of rule i reads.
func (s *Set[F]) Constants(i int) []string {
	names := map[string]bool{}
	s.rules[i].when.each(func(c *clause[F]) {
		for _, name := range c.constants {
			names[name] = true
		}
	})
	return slices.Sorted(maps.Keys(names))
}

func (c *cond[F]) each(f func(*clause[F])) {
	if c.leaf != nil {
		f(c.leaf)
	}
	for k := range c.kids {
		c.kids[k].each(f)
	}
}

// atom is what a clause says, as far as it is simple: something of one fact.
type atom[F any] struct {
	kind   atomKind
	fact   *Fact[F]
	values []string // of a text: one of them
	op     string   // of a number
	level  float64
	whole  bool   // of a number: it has no fractions
	not    bool   // the clause says the opposite
	text   string // of a clause that is not simple
	id     string // its identity
}

type atomKind uint8

const (
	opaque   atomKind = iota
	listHas           // the list that the fact is has values[0]; opaque to proofs
	spotted           // a word of the keyword list was used; opaque to proofs
	always            // true
	never             // false
	textIn            // the fact is one of values
	compares          // the fact op level
	flag              // the fact is true
)

// classify finds out what a clause says.
func (c *compiler[F]) classify(n ast.Node) atom[F] {
	switch n := n.(type) {
	case *ast.BoolNode:
		if n.Value {
			return atom[F]{kind: always}
		}
		return atom[F]{kind: never}
	case *ast.IdentifierNode, *ast.MemberNode:
		if f, k := c.factAt(n); f != nil && k == yesNo {
			return atom[F]{kind: flag, fact: f}
		}
	case *ast.UnaryNode:
		if isInfix(n) {
			a := c.classify(n.Node)
			a.not = !a.not
			return a
		}
	case *ast.BinaryNode:
		if n.Operator == "!=" {
			a := c.classify(&ast.BinaryNode{Operator: "==", Left: n.Left, Right: n.Right})
			a.not = !a.not
			return a
		}
		for _, side := range []struct {
			fact, value ast.Node
			op          string
		}{{n.Left, n.Right, n.Operator}, {n.Right, n.Left, cmp.Or(mirrored[n.Operator], n.Operator)}} {
			f, k := c.factAt(side.fact)
			if f == nil {
				continue
			}
			if a, ok := c.compared(f, k, side.op, side.value); ok && (n.Operator != "in" || side.fact == n.Left) {
				return a
			}
		}
	}
	a := atom[F]{text: verbatim(n), id: identity(n)}
	switch n := n.(type) {
	case *ast.CallNode:
		if name, _ := pathOf(n.Callee); name == "contains_keywords" {
			a.kind = spotted
		}
	case *ast.BinaryNode:
		if f, k := c.factAt(n.Right); n.Operator == "in" && f != nil && k == text|list {
			if value, ok := (&reader[F]{compiler: c}).literalText(n.Left); ok {
				a.kind, a.fact, a.values = listHas, f, []string{value}
			}
		}
	}
	return a
}

func (c *compiler[F]) factAt(n ast.Node) (*Fact[F], kind) {
	path, _ := pathOf(n)
	return c.facts[path], c.kinds[path]
}

func (c *compiler[F]) compared(f *Fact[F], k kind, op string, n ast.Node) (atom[F], bool) {
	r := reader[F]{compiler: c}
	switch {
	case k == text && (op == "==" || op == "in"):
		nodes := []ast.Node{n}
		if array, ok := n.(*ast.ArrayNode); ok {
			nodes = array.Nodes
		} else if op == "in" {
			return atom[F]{}, false
		}
		var values []string
		for _, item := range nodes {
			value, ok := r.literalText(item)
			if !ok {
				return atom[F]{}, false
			}
			if f.Folded != "" {
				value = strings.ToLower(value)
			}
			values = append(values, value)
		}
		return atom[F]{kind: textIn, fact: f, values: values}, true
	case k == whole || k == number || k == span:
		if mirrored[op] == "" && op != "==" {
			return atom[F]{}, false
		}
		level, ok := r.constant(n)
		if d, isDuration := level.(time.Duration); isDuration {
			if d.Abs() >= 1<<53 { // not told apart as a float64
				return atom[F]{}, false
			}
			level = float64(d)
		}
		x, isNumber := level.(float64)
		return atom[F]{kind: compares, fact: f, op: op, level: x, whole: k != number}, ok && isNumber && !math.IsNaN(x) && math.Abs(x) < 1<<53
	}
	return atom[F]{}, false
}

// domain is what is known of one fact.
type domain struct {
	known, unknown bool // it must have a value; it must have none
	in             []string
	out            []string
	chosen         bool // in holds
	low, high      float64
	lowOpen        bool
	highOpen       bool
	bounded        bool // low and high hold
	noNaN          bool // a comparison held
	whole          bool
	flag           int8 // 1: true, -1: false
}

// box is a conjunction: domains by fact, and what opaque clauses must be.
type box[F any] struct {
	facts   map[*Fact[F]]domain
	clauses map[string]claim // by their identities
}

// claim is what a clause must be of which nothing is known but its text.
type claim struct {
	is    bool
	text  string
	lists []int // keyword lists that it asks for
}

// literal returns the box in which a clause is true, or false, not ok if there is none.
func literal[F any](c *clause[F], is bool) (box[F], bool) {
	out := box[F]{map[*Fact[F]]domain{}, map[string]claim{}}
	for _, f := range c.needs { // true and false are both said of what is known
		out.facts[f] = domain{known: true}
	}
	a := c.atom
	is = is != a.not
	switch {
	case c.known != nil:
		out.facts[c.known] = domain{known: is, unknown: !is}
		return out, is || c.known.Known != nil
	case a.kind == always:
		return out, is
	case a.kind == never:
		return out, !is
	case a.kind <= spotted:
		out.clauses[a.id] = claim{is, a.text, c.lists}
		return out, true
	}
	d := a.domain(is)
	d.known = out.facts[a.fact].known
	out.facts[a.fact] = d
	return out, !d.empty()
}

// domain is what a clause says of its fact when it is true, or false.
func (a *atom[F]) domain(is bool) domain {
	var d domain
	switch a.kind {
	case flag:
		d.flag = -1
		if is {
			d.flag = 1
		}
	case textIn:
		if is {
			d.chosen, d.in = true, a.values
		} else {
			d.out = a.values
		}
	case compares:
		d = domain{bounded: true, low: math.Inf(-1), high: math.Inf(1), whole: a.whole, noNaN: is || a.whole}
		op := a.op
		if !is {
			op = map[string]string{"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!="}[op]
		}
		switch op {
		case "<", "<=":
			d.high, d.highOpen = a.level, op == "<"
		case ">", ">=":
			d.low, d.lowOpen = a.level, op == ">"
		case "==":
			d.low, d.high = a.level, a.level
		} // != takes away a point: more than the interval can say
	}
	return d
}

// meet is what is known of a fact of which two things are known, not ok if they
// contradict each other.
func (d domain) meet(o domain) (domain, bool) {
	d.known, d.unknown = d.known || o.known, d.unknown || o.unknown
	d.out = append(slices.Clip(d.out), o.out...)
	switch {
	case o.chosen && d.chosen:
		d.in = slices.DeleteFunc(slices.Clone(d.in), func(v string) bool { return !slices.Contains(o.in, v) })
	case o.chosen:
		d.chosen, d.in = true, o.in
	}
	d.in = slices.DeleteFunc(slices.Clone(d.in), func(v string) bool { return slices.Contains(d.out, v) })
	switch {
	case o.bounded && d.bounded:
		d.whole, d.noNaN = d.whole || o.whole, d.noNaN || o.noNaN
		if o.low > d.low || o.low == d.low && o.lowOpen {
			d.low, d.lowOpen = o.low, o.lowOpen
		}
		if o.high < d.high || o.high == d.high && o.highOpen {
			d.high, d.highOpen = o.high, o.highOpen
		}
	case o.bounded:
		d.bounded, d.whole, d.noNaN = true, o.whole, o.noNaN
		d.low, d.lowOpen, d.high, d.highOpen = o.low, o.lowOpen, o.high, o.highOpen
	}
	opposite := d.flag*o.flag < 0
	d.flag = cmp.Or(d.flag, o.flag)
	return d, !opposite && !(d.known && d.unknown) && !d.empty()
}

func (d *domain) empty() bool {
	if d.chosen && len(d.in) == 0 {
		return true
	}
	if !d.bounded || !d.noNaN {
		return false
	}
	low, high := d.low, d.high
	if d.whole {
		if low = math.Ceil(low); d.lowOpen && low == d.low {
			low++
		}
		if high = math.Floor(high); d.highOpen && high == d.high {
			high--
		}
		return low > high
	}
	return low > high || low == high && (d.lowOpen || d.highOpen)
}

// otherBoxes are the alternatives in which a condition is false or unknown.
func otherBoxes[F any](c *cond[F]) ([]box[F], bool) {
	no, ok := boxes(c, False)
	maybe, ok2 := boxes(c, Unknown)
	return append(no, maybe...), ok && ok2 && len(no)+len(maybe) <= maxBoxes
}

// boxes are alternatives that cover all facts on which a condition has a truth. For
// Unknown they may cover more.
func boxes[F any](c *cond[F], is Truth) ([]box[F], bool) {
	one := box[F]{map[*Fact[F]]domain{}, map[string]claim{}}
	switch c.op {
	case isNot:
		return boxes(&c.kids[0], -is)
	case isAnd, isOr:
		all := True // of an and that is true all are true, of an or that is false all are false
		if c.op == isOr {
			all = False
		}
		if is == all {
			out := []box[F]{one}
			for k := range c.kids {
				kid, ok := boxes(&c.kids[k], is)
				if !ok {
					return nil, false
				}
				if out, ok = product(out, kid); !ok {
					return nil, false
				}
			}
			return out, true
		}
		var out []box[F]
		for k := range c.kids { // one of them is, whatever the others are
			kid, ok := boxes(&c.kids[k], is)
			if out = append(out, kid...); !ok || len(out) > maxBoxes {
				return nil, false
			}
		}
		return out, true
	}
	if is != Unknown {
		if b, ok := literal(c.leaf, is == True); ok {
			return []box[F]{b}, true
		}
		return nil, true
	}
	var out []box[F]
	if c.leaf.fails {
		out = append(out, one)
	}
	for _, f := range c.leaf.needs {
		out = append(out, box[F]{map[*Fact[F]]domain{f: {unknown: true}}, map[string]claim{}})
	}
	return out, true
}

// product joins each of some boxes with each of others. Not ok: too many.
func product[F any](a, b []box[F]) ([]box[F], bool) {
	var out []box[F]
	for _, x := range a {
		for _, y := range b {
			if x.differs(y) {
				continue
			}
			joined, ok := x.join(y)
			if !ok {
				continue
			}
			if out = append(out, joined); len(out) > maxBoxes {
				return out[:maxBoxes], false
			}
		}
	}
	return out, true
}

// differs finds out quickly, for many pairs, that two boxes have nothing in common: they
// ask for other texts. False says nothing.
func (b box[F]) differs(other box[F]) bool {
	for f, o := range other.facts { // each fact by itself: order does not matter
		d, ok := b.facts[f]
		if ok && d.chosen && o.chosen && !slices.ContainsFunc(d.in, func(v string) bool { return slices.Contains(o.in, v) }) {
			return true
		}
	}
	return false
}

// join is the conjunction of two boxes, not ok if nothing is left.
func (b box[F]) join(other box[F]) (box[F], bool) {
	out := box[F]{maps.Clone(b.facts), maps.Clone(b.clauses)}
	for f, o := range other.facts { // each fact by itself: order does not matter
		d, ok := out.facts[f].meet(o)
		if !ok {
			return b, false
		}
		out.facts[f] = d
	}
	for id, claim := range other.clauses { // each by itself: order does not matter
		if was, said := out.clauses[id]; said && was.is != claim.is {
			return b, false
		}
		out.clauses[id] = claim
	}
	return out, true
}

// example picks a value for each fact of a box.
func (s *Set[F]) example(b box[F]) Example {
	x := Example{Texts: map[string]string{}, Numbers: map[string]float64{}, Flags: map[string]bool{}, Clauses: map[string]bool{}}
	for i := range s.vocabulary.Facts {
		f := &s.vocabulary.Facts[i]
		d, ok := b.facts[f]
		switch {
		case !ok:
		case d.unknown:
			x.Unknown = append(x.Unknown, f.Name)
		case d.flag != 0:
			x.Flags[f.Name] = d.flag > 0
		case d.chosen:
			x.Texts[f.Name] = d.in[0]
			for _, v := range f.Values { // as it is declared, where case does not count
				if f.Folded != "" && strings.EqualFold(v, d.in[0]) {
					x.Texts[f.Name] = v
				}
			}
		case d.out != nil:
			for _, v := range append(slices.Clone(f.Values), "something else") {
				if !slices.Contains(d.out, v) {
					x.Texts[f.Name] = v
					break
				}
			}
		case d.bounded:
			x.Numbers[f.Name] = d.within()
		}
	}
	for _, claim := range b.clauses { // into a map and sorted below: order does not matter
		x.Clauses[claim.text] = claim.is
		if claim.is {
			for _, list := range claim.lists {
				x.Keywords = append(x.Keywords, s.keywords[list])
			}
		}
	}
	slices.SortFunc(x.Keywords, func(a, b []string) int { return slices.Compare(a, b) })
	return x
}

// within returns a number of the interval.
func (d *domain) within() float64 {
	switch {
	case math.IsInf(d.low, -1) && math.IsInf(d.high, 1):
		return 0
	case math.IsInf(d.low, -1):
		return d.high - 1
	case math.IsInf(d.high, 1):
		return d.low + 1
	case !d.lowOpen:
		return d.low
	case !d.highOpen:
		return d.high
	case d.whole:
		return math.Floor(d.low) + 1
	}
	return d.low + (d.high-d.low)/2
}
