package rules

import (
	"cmp"
	"math/bits"
	"reflect"
	"slices"
	"time"
)

// What an index is made for, and how. The figures are measured: see the benchmarks.
const (
	// fewestRules have an index. Fewer are judged in a microsecond anyway, and a program
	// may have thousands of small sets.
	fewestRules = 32
	// fewestTogether are the rules of one bucket, or of one pair of sources, from which
	// on it pays to look at two sources together.
	fewestTogether = 16
	// mostPairs is in how many buckets a rule may be by two sources.
	mostPairs = 64
	// mostGates of an and are looked at.
	mostGates = 16
)

// index finds the rules that may hold on some facts without looking at the others. A rule
// is in it under something that must be so for its condition to be true, as that the
// category is "billing": there are few rules in the bucket of that value, and the others
// are in buckets that nobody opens.
type index[F any] struct {
	rules   int
	sources []source[F]
	read    []int // sources of one value that the tables ask for
	tables  []table
	always  []int32 // rules of which nothing must be so that is simple
}

// source is what gates read: a fact, or the hits of keywords.
type source[F any] struct {
	fact  *Fact[F] // nil: the hits
	field []int
	many  bool // it has several values at once: a list
	flag  bool // it is true or false
	// The values that rules ask for are numbered from 1 on.
	texts   map[string]uint32
	numbers map[float64]uint32 // true is 1, false 0; a hit is the number of its list
}

// table holds rules by the value of one source, or of two.
type table struct {
	first, second int // second is -1 for none
	buckets       map[uint64][]int32
}

// key is a value that a source may have.
type key struct {
	source int
	isText bool
	text   string
	number float64
}

func (k key) compare(other key) int {
	return cmp.Or(cmp.Compare(k.source, other.source), cmp.Compare(k.text, other.text), cmp.Compare(k.number, other.number))
}

// gate is a list of keys of which one must be there for a condition to be true. Without
// any, it never is.
type gate []key

// of reports whether all keys are of one source.
func (g gate) of(source int) bool {
	return len(g) > 0 && g[0].source == source && g[len(g)-1].source == source
}

func (g gate) sorted() gate {
	slices.SortFunc(g, key.compare)
	return slices.Compact(g)
}

// indexer makes an index.
type indexer[F any] struct {
	set     *Set[F]
	sources []source[F]
	numbers map[*Fact[F]]int // of the sources; nil is the hits
	counts  map[key]int      // rules that have the key in a gate

	per   bool // the rule at hand is judged for something
	hosts bool // it calls functions of the host
}

// indexOf makes the index of a set, nil if it would not pay.
func indexOf[F any](s *Set[F]) *index[F] {
	if len(s.rules) < fewestRules {
		return nil
	}
	b := indexer[F]{set: s, numbers: map[*Fact[F]]int{}, counts: map[key]int{}}
	gates := make([][]gate, len(s.rules))
	for i := range s.rules {
		r := &s.rules[i]
		b.per, b.hosts = r.rule.Per != "", false
		r.when.each(func(c *clause[F]) { b.hosts = b.hosts || c.fails })
		gates[i] = b.gates(&r.when, True)
		for _, g := range gates[i] {
			for _, k := range g {
				b.counts[k]++
			}
		}
	}
	// The best gate of each rule first, then the one that narrows it down.
	together := map[[2]int]int{}
	for i, list := range gates {
		slices.SortStableFunc(list, func(x, y gate) int { return cmp.Compare(b.weight(x), b.weight(y)) })
		if gates[i] = b.pair(list); len(gates[i]) == 2 {
			together[sourcesOf(gates[i])]++
		}
	}
	x := &index[F]{rules: len(s.rules), sources: b.sources}
	for i, list := range gates {
		switch {
		case len(list) == 0:
			x.always = append(x.always, int32(i))
		case len(list) == 2 && together[sourcesOf(list)] >= fewestTogether:
			for _, first := range list[0] {
				for _, second := range list[1] { // one table for both orders
					if second.source < first.source {
						x.add(int32(i), second, first)
					} else {
						x.add(int32(i), first, second)
					}
				}
			}
		default:
			for _, k := range list[0] {
				x.add(int32(i), k, key{source: -1})
			}
		}
	}
	return x
}

// weight is about how often a gate lets its rule through: the fewer rules ask for the
// same, the more rarely. Flags come last, since each is up on every other ticket.
func (b *indexer[F]) weight(g gate) int {
	n := 0
	for _, k := range g {
		n += b.counts[k]
		if b.sources[k.source].flag {
			n += len(b.set.rules)
		}
	}
	return n
}

// sourcesOf names the sources of a pair of gates, whatever its order.
func sourcesOf(pair []gate) [2]int {
	a, b := pair[0][0].source, pair[1][0].source
	return [2]int{min(a, b), max(a, b)}
}

// pair returns the first of some gates, and with it another one to be looked at together
// if many rules share the first.
func (b *indexer[F]) pair(list []gate) []gate {
	if len(list) < 2 || !b.single(list[0]) || !slices.ContainsFunc(list[0], func(k key) bool { return b.counts[k] >= fewestTogether }) {
		return list[:min(1, len(list))]
	}
	first := list[0]
	for _, second := range list[1:] {
		if b.single(second) && !second.of(first[0].source) && len(first)*len(second) <= mostPairs {
			return []gate{first, second}
		}
	}
	return list[:1]
}

// single reports whether all keys of a gate are of one source that has one value at a time.
func (b *indexer[F]) single(g gate) bool {
	return len(g) > 0 && g.of(g[0].source) && !b.sources[g[0].source].many
}

// gates are things that must be so for a condition to be true, or false.
func (b *indexer[F]) gates(c *cond[F], is Truth) []gate {
	switch c.op {
	case isNot:
		return b.gates(&c.kids[0], -is)
	case isClause:
		return b.leaf(c.leaf, is)
	}
	if (c.op == isAnd) == (is == True) { // all of it must be so
		var out []gate
		for k := range c.kids {
			out = append(out, b.gates(&c.kids[k], is)...)
			if len(out) >= mostGates {
				return out[:mostGates]
			}
		}
		return out
	}
	var sides [][]gate
	for k := range c.kids {
		side := b.gates(&c.kids[k], is)
		switch {
		case len(side) == 0:
			return nil
		case slices.ContainsFunc(side, func(g gate) bool { return len(g) == 0 }): // never so
		default:
			sides = append(sides, side)
		}
	}
	return b.either(sides)
}

// either are things that must be so for one of some sides to be: what all sides ask of one
// source, else one gate of each.
func (b *indexer[F]) either(sides [][]gate) []gate {
	if len(sides) == 0 {
		return []gate{{}}
	}
	var out []gate
	for _, g := range sides[0] {
		if !g.of(g[0].source) {
			continue
		}
		all := slices.Clone(g)
		for _, side := range sides[1:] {
			i := slices.IndexFunc(side, func(other gate) bool { return other.of(g[0].source) })
			if i < 0 {
				all = nil
				break
			}
			all = append(all, side[i]...)
		}
		if all != nil {
			out = append(out, all.sorted())
		}
	}
	if out != nil {
		return out
	}
	var all gate
	for _, side := range sides {
		all = append(all, slices.MinFunc(side, func(x, y gate) int { return cmp.Compare(b.chance(x), b.chance(y)) })...)
	}
	return []gate{all.sorted()}
}

// chance is like weight where nothing has been counted yet.
func (b *indexer[F]) chance(g gate) int {
	n := len(g)
	if b.sources[g[0].source].flag {
		n += len(b.set.rules)
	}
	return n
}

// leaf is gates of a clause.
func (b *indexer[F]) leaf(c *clause[F], is Truth) []gate {
	a := &c.atom
	as := (is == True) != a.not // so is what the atom says
	switch {
	case c.known != nil:
		return nil
	case a.kind == always && !as, a.kind == never && as:
		return []gate{{}}
	case a.kind == spotted && as && !b.per: // a subject may have words of its own
		return []gate{{key{source: b.source(nil, true), number: float64(c.lists[0])}}}
	case a.fact == nil || !b.steady(a.fact):
		return nil
	case a.kind == flag:
		return []gate{{key{source: b.source(a.fact, false), number: asNumber(as)}}}
	case a.kind == compares && as && a.op == "==":
		return []gate{{key{source: b.source(a.fact, false), number: a.level}}}
	case (a.kind == textIn || a.kind == listHas) && as:
		g := gate{}
		for _, value := range a.values {
			g = append(g, key{source: b.source(a.fact, a.kind == listHas), isText: true, text: value})
		}
		return []gate{g.sorted()}
	}
	return nil
}

// steady reports whether a fact can gate the rule at hand: it stays as it is until
// something happens, for whatever the rule is judged. While it is unknown, the rule is
// not false but may be unknown, and says so if a function of the host has failed: such a
// rule must be judged.
func (b *indexer[F]) steady(f *Fact[F]) bool {
	if f.When != nil || f.Turns != nil || f.PerSubject || f.Known != nil && b.hosts {
		return false
	}
	if f.In == "" {
		return true
	}
	t, _ := typeAt(reflect.TypeFor[F](), f.In)
	return t.Name() == "" && f.Folded == ""
}

// source returns the number of a source.
func (b *indexer[F]) source(f *Fact[F], many bool) int {
	if n, ok := b.numbers[f]; ok {
		return n
	}
	s := source[F]{fact: f, many: many}
	env := reflect.TypeFor[F]()
	if f == nil {
		s.field, _ = indexAt(env, b.set.vocabulary.Keywords)
	} else {
		t, _ := f.typeIn(env)
		s.flag, s.field = kindOf(t) == yesNo, b.set.fields[f]
		if f.Folded != "" {
			s.field, _ = indexAt(env, f.Folded)
		}
	}
	b.numbers[f] = len(b.sources)
	b.sources = append(b.sources, s)
	return b.numbers[f]
}

// add puts a rule in the bucket of a key, or of two.
func (x *index[F]) add(rule int32, first, second key) {
	i := slices.IndexFunc(x.tables, func(t table) bool { return t.first == first.source && t.second == second.source })
	if i < 0 {
		i = len(x.tables)
		x.tables = append(x.tables, table{first.source, second.source, map[uint64][]int32{}})
		for _, n := range []int{first.source, second.source} {
			if n >= 0 && !x.sources[n].many && !slices.Contains(x.read, n) {
				x.read = append(x.read, n)
			}
		}
	}
	at := pack(x.number(first), x.number(second))
	x.tables[i].buckets[at] = append(x.tables[i].buckets[at], rule)
}

func pack(first, second uint32) uint64 { return uint64(first)<<32 | uint64(second) }

// number numbers a value; 0 for that of no source.
func (x *index[F]) number(k key) uint32 {
	if k.source < 0 {
		return 0
	}
	s := &x.sources[k.source]
	if k.isText {
		if s.texts == nil {
			s.texts = map[string]uint32{}
		}
		if s.texts[k.text] == 0 {
			s.texts[k.text] = uint32(len(s.texts) + 1)
		}
		return s.texts[k.text]
	}
	if s.numbers == nil {
		s.numbers = map[float64]uint32{}
	}
	if s.numbers[k.number] == 0 {
		s.numbers[k.number] = uint32(len(s.numbers) + 1)
	}
	return s.numbers[k.number]
}

// lookup is the part of a judge that finds candidates.
type lookup struct {
	at     []any    // by source: a pointer to its value in the facts
	values []uint32 // by source: its value now
	// The candidates found so far, a bit for each rule, and a bit for each word of those:
	// several buckets may have the same rule, and the order is that of the rules.
	marks, words []uint64
}

// Candidates appends to a list, in ascending order, the rules whose condition may be true
// on these facts, and returns it. It takes time for those and not for the rules. Of the
// other rules it is proven that the condition is false, or unknown because a fact is, and
// that time alone does not make it true: nothing is gained by judging them. That holds for
// whatever they are judged for, see [Fact.PerSubject]. Of fewer than some thirty rules all
// are candidates.
func (j *Judge[F]) Candidates(list []int) []int {
	x := j.set.index
	if x == nil {
		for i := range j.set.rules {
			list = append(list, i)
		}
		return list
	}
	l := &j.lookup
	if l.at == nil {
		x.prepare(l, reflect.ValueOf(&j.f).Elem())
	}
	for _, i := range x.read {
		s := &x.sources[i]
		l.values[i] = 0
		if s.fact.Known == nil || s.fact.Known(&j.f) {
			l.values[i] = s.value(l.at[i])
		}
	}
	l.mark(x.always)
	for i := range x.tables {
		t := &x.tables[i]
		if s := &x.sources[t.first]; s.many {
			if s.fact == nil || s.fact.Known == nil || s.fact.Known(&j.f) {
				s.each(l.at[t.first], func(value uint32) { l.mark(t.buckets[pack(value, 0)]) })
			}
			continue
		}
		at := pack(l.values[t.first], 0)
		if t.second >= 0 {
			at = pack(l.values[t.first], l.values[t.second])
		}
		l.mark(t.buckets[at])
	}
	return l.take(list)
}

// Indexed reports whether a judge looks at some of the rules only: see [Judge.Candidates].
func (s *Set[F]) Indexed() bool { return s.index != nil }

// prepare finds the places of the sources in the facts of a judge.
func (x *index[F]) prepare(l *lookup, facts reflect.Value) {
	l.at, l.values = make([]any, len(x.sources)), make([]uint32, len(x.sources))
	for i := range x.sources {
		l.at[i] = facts.FieldByIndex(x.sources[i].field).Addr().Interface()
	}
	words := (x.rules + 63) / 64
	l.marks, l.words = make([]uint64, words), make([]uint64, (words+63)/64)
}

// value numbers the value of a source; 0 if no rule asks for it.
func (s *source[F]) value(at any) uint32 {
	switch at := at.(type) {
	case *string:
		return s.texts[*at]
	case *bool:
		return s.numbers[asNumber(*at)]
	case *float64:
		return s.numbers[*at]
	case *int:
		return s.numbers[float64(*at)]
	case *time.Duration:
		return s.numbers[float64(*at)]
	case *[]string:
		if s.fact.Entry < len(*at) {
			return s.texts[(*at)[s.fact.Entry]]
		}
	case *[]float64:
		if s.fact.Entry < len(*at) {
			return s.numbers[(*at)[s.fact.Entry]]
		}
	case *[]bool:
		if s.fact.Entry < len(*at) {
			return s.numbers[asNumber((*at)[s.fact.Entry])]
		}
	case *[]int:
		if s.fact.Entry < len(*at) {
			return s.numbers[float64((*at)[s.fact.Entry])]
		}
	case *[]time.Duration:
		if s.fact.Entry < len(*at) {
			return s.numbers[float64((*at)[s.fact.Entry])]
		}
	}
	return 0
}

func asNumber(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// each numbers the values of a source that has many.
func (s *source[F]) each(at any, found func(uint32)) {
	var texts []string
	switch at := at.(type) {
	case *[]bool:
		for n, hit := range *at {
			if hit {
				found(s.numbers[float64(n)])
			}
		}
	case *[]string:
		texts = *at
	case *[][]string:
		if s.fact.Entry < len(*at) {
			texts = (*at)[s.fact.Entry]
		}
	}
	for _, text := range texts {
		found(s.texts[text])
	}
}

// mark makes rules candidates.
func (l *lookup) mark(rules []int32) {
	for _, i := range rules {
		l.marks[i>>6] |= 1 << (i & 63)
		l.words[i>>12] |= 1 << (i >> 6 & 63)
	}
}

// take appends the candidates to a list, and forgets them.
func (l *lookup) take(list []int) []int {
	for n, word := range l.words {
		for ; word != 0; word &= word - 1 {
			at := n<<6 | bits.TrailingZeros64(word)
			for mark := l.marks[at]; mark != 0; mark &= mark - 1 {
				list = append(list, at<<6|bits.TrailingZeros64(mark))
			}
			l.marks[at] = 0
		}
		l.words[n] = 0
	}
	return list
}
