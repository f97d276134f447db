package rules

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/vm"
)

// A Set is a list of rules, checked and compiled. It never changes and is safe
// to share; each goroutine takes its own [Judge].
type Set[F any] struct {
	vocabulary Vocabulary[F]
	rules      []compiled[F]
	keywords   [][]string
	fields     map[*Fact[F]][]int // where the facts are in F
	index      *index[F]          // nil where there are few rules
}

type compiled[F any] struct {
	rule    Rule
	when    cond[F]
	actions []Action
	reads   []string
}

// cond is a condition taken apart at and, or and not. What is left between
// these are the clauses that reasons speak of.
type cond[F any] struct {
	op   operator
	kids []cond[F]
	leaf *clause[F]
}

type operator uint8

const (
	isClause operator = iota
	isAnd
	isOr
	isNot
)

type clause[F any] struct {
	text      string
	known     *Fact[F]    // the clause is known(fact), and has no program
	program   *vm.Program // the clause on expr's machine
	reads     []*Fact[F]  // each once
	constants []string    // their names, for reasons
	needs     []*Fact[F]  // those of them without which it is false
	lists     []int       // keyword lists it asks for
	fails     bool        // a function of the host that it calls may fail
	moving[F]
	atom atom[F] // what it says, if that is simple
}

// Compile checks the rules and makes them ready to be judged. The error, if
// any, is an [Errors] with every mistake of every rule in order, up to the rule with the
// thousandth.
func Compile[F any](rules []Rule, v Vocabulary[F]) (*Set[F], error) {
	c := compiler[F]{set: &Set[F]{vocabulary: v}, clauses: map[string]*clause[F]{}, env: reflect.TypeFor[F](), config: conf.CreateNew()}
	c.limits = v.Limits.withDefaults()
	c.grammar = conf.CreateNew()
	c.grammar.MaxNodes = uint(c.limits.Cost)
	if err := c.readVocabulary(); err != nil {
		return nil, err
	}
	c.at = "/rules"
	if !c.few("", len(rules), c.limits.Rules, "rules", "Limits.Rules") {
		return nil, c.errs
	}
	var zero F
	expr.Env(zero)(c.config)
	expr.AsBool()(c.config)
	if err := c.readFunctions(); err != nil {
		return nil, err
	}
	maps.Copy(c.config.Functions, calculations)
	names, ids := map[string]int{}, map[string]int{}
	for i, r := range rules {
		if len(c.errs) >= mostErrors {
			break
		}
		c.at, c.rule, c.origin, c.polls = fmt.Sprintf("/rules/%d", i), r.Name, r.origin, r.Poll > 0
		c.begin("")
		if strings.TrimSpace(r.Name) == "" {
			c.fail("/name", 0, Missing, "a rule needs a name: what it has done is remembered under it")
		} else if first, taken := names[r.Name]; taken {
			c.fail("/name", 0, DuplicateName, fmt.Sprintf("there is a rule of this name already (number %d)", first+1))
		} else if first, taken := ids[r.ID()]; taken {
			c.fail("/was", 0, DuplicateName, fmt.Sprintf("the rule number %d is remembered as %q already", first+1, r.ID()))
		}
		names[r.Name], ids[r.ID()] = i, i
		if strings.ContainsAny(r.Name+r.Was+r.Because, "\n\r") {
			c.fail("/name", 0, WrongOption, "a name and a because are one line")
		}
		if name := strings.TrimSpace(r.Name); strings.Contains(name, "**") || name != "" && name != r.Name {
			c.fail("/name", 0, WrongOption, "a name has no spaces around it, and no ** in it")
		}
		if most := c.limits.Source; max(len(r.Name), len(r.Was), len(r.Because)) > most {
			c.fail("/name", 0, TooLarge, fmt.Sprintf("a name and a because have at most %d bytes", most), "the limit is Limits.Source")
		}
		r.Then = slices.Clone(r.Then)
		out := compiled[F]{rule: r}
		out.when, out.reads = c.condition(r.If)
		out.actions = c.actions(r.Then)
		c.options(r)
		c.set.rules = append(c.set.rules, out)
	}
	if len(c.errs) > 0 {
		return nil, c.errs
	}
	c.set.index = indexOf(c.set)
	return c.set, nil
}

// MustCompile is Compile for rules that are known when the program is written.
func MustCompile[F any](rules []Rule, v Vocabulary[F]) *Set[F] {
	set, err := Compile(rules, v)
	if err != nil {
		panic(err)
	}
	return set
}

// Len returns the number of rules.
func (s *Set[F]) Len() int { return len(s.rules) }

// Rule returns rule i as it was written.
func (s *Set[F]) Rule(i int) Rule {
	r := s.rules[i].rule
	r.Then = slices.Clone(r.Then)
	return r
}

// Actions returns what rule i does, in order. The caller must not change it.
func (s *Set[F]) Actions(i int) []Action { return s.rules[i].actions }

// Reads returns the names of the facts that the condition of rule i reads, in
// alphabetical order. The caller must not change it.
func (s *Set[F]) Reads(i int) []string { return s.rules[i].reads }

// Lists returns the numbers of the keyword lists (see Keywords) that the condition of rule
// i asks for, each once.
func (s *Set[F]) Lists(i int) []int {
	var lists []int
	s.rules[i].when.each(func(c *clause[F]) { lists = append(lists, c.lists...) })
	slices.Sort(lists)
	return slices.Compact(lists)
}

// LooksFor returns the texts that the condition of rule i looks for in a fact that is a list,
// as in "vip" in tags. It is not only if the condition reads the list in another way, too.
func (s *Set[F]) LooksFor(i int, fact string) (texts []string, only bool) {
	only = true
	s.rules[i].when.each(func(c *clause[F]) {
		switch {
		case !slices.ContainsFunc(c.reads, func(f *Fact[F]) bool { return f.Name == fact }):
		case c.atom.kind == listHas && c.known == nil:
			texts = append(texts, c.atom.values...)
		default:
			only = false
		}
	})
	slices.Sort(texts)
	return slices.Compact(texts), only
}

// Moves reports whether the condition of rule i may turn with time alone, at instants
// that [Judge.Next] finds; false for a rule that polls, which is looked at anyway.
func (s *Set[F]) Moves(i int) bool { return s.rules[i].when.moves() }

func (c *cond[F]) moves() bool {
	return c.leaf != nil && c.leaf.moves() || slices.ContainsFunc(c.kids, func(kid cond[F]) bool { return kid.moves() })
}

// Keywords returns the lists that conditions ask for with contains_keywords,
// for whoever spots them. The caller must not change it.
func (s *Set[F]) Keywords() [][]string { return s.keywords }

type compiler[F any] struct {
	set     *Set[F]
	env     reflect.Type
	config  *conf.Config
	grammar *conf.Config // of the parser, which is to know no facts; made once, as it is slow to make
	facts   map[string]*Fact[F]
	kinds   map[string]kind // of the facts
	verbs   map[string]*Verb
	calls   map[string]*signature
	floats  map[ast.Node]bool // whole numbers that a function takes for others
	names   []string          // facts and constants, for guesses
	clauses map[string]*clause[F]
	mixed   map[*ast.BuiltinNode]bool // max and min of whole and other numbers
	instead map[ast.Node]string       // the functions of ours that do what an operation says
	errs    Errors

	limits   Limits
	at, rule string // where we are
	origin   *origin
	polls    bool   // the rule is judged every so often: its turns need not be computed
	text     string // what the author wrote there
	plain    plain  // the same without conveniences
	failed   int    // errors before the current text
	steps    int    // of its patterns
	solved   int    // parts of it that stand a second time in what finds its turns
}

// readVocabulary refuses a vocabulary that does not fit F: a mistake of the
// program, found the first time it runs.
func (c *compiler[F]) readVocabulary() error {
	if c.env.Kind() != reflect.Struct {
		return fmt.Errorf("rules: facts are a struct, not %v", c.env)
	}
	v := &c.set.vocabulary
	v.Functions, v.Shares = slices.Clone(v.Functions), slices.Clone(v.Shares)
	v.Facts, v.Verbs, v.Subjects, v.Constants = slices.Clone(v.Facts), slices.Clone(v.Verbs), slices.Clone(v.Subjects), maps.Clone(v.Constants)
	c.facts, c.kinds, c.verbs = map[string]*Fact[F]{}, map[string]kind{}, map[string]*Verb{}
	c.set.fields = map[*Fact[F]][]int{}
	for i := range v.Facts {
		f := &v.Facts[i]
		t, ok := f.typeIn(c.env)
		k := kindOf(t)
		switch {
		case !ok:
			return fmt.Errorf("rules: the vocabulary declares the fact %q, which %v does not have", f.Name, c.env)
		case k == faulty:
			return fmt.Errorf("rules: the fact %q is a %v, which rules cannot read", f.Name, t)
		case c.facts[f.Name] != nil:
			return fmt.Errorf("rules: the vocabulary declares the fact %q twice", f.Name)
		case f.When != nil && k != span && k != number && k != yesNo && k != instant:
			return fmt.Errorf("rules: the fact %q cannot move: it is a %v", f.Name, t)
		case f.When != nil && f.Turns != nil, f.When == nil && f.Clock != "":
			return fmt.Errorf("rules: the fact %q either moves, with When and perhaps a Clock, or has Turns", f.Name)
		case f.Path != "" && f.In != "":
			return fmt.Errorf("rules: the fact %q has a path or stands in a list", f.Name)
		}
		if f.Folded != "" {
			if t, ok := typeAt(c.env, f.Folded); !ok || kindOf(t) != text || k != text {
				return fmt.Errorf("rules: the fact %q cannot be folded: %q is no string of %v", f.Name, f.Folded, c.env)
			}
		}
		c.facts[f.Name], c.kinds[f.Name] = f, k
		c.set.fields[f], _ = indexAt(c.env, cmp.Or(f.In, f.Path, f.Name))
		c.names = append(c.names, f.Name)
	}
	for i := range v.Facts { // expr replaces a name from its left
		f := &v.Facts[i]
		if inner := slices.IndexFunc(v.Facts, func(other Fact[F]) bool { return strings.HasPrefix(other.Name, f.Name+".") }); inner >= 0 && f.Path+f.In != "" {
			return fmt.Errorf("rules: the fact %q cannot be elsewhere: there is %q", f.Name, v.Facts[inner].Name)
		}
	}
	if v.Keywords != "" {
		if t, ok := typeAt(c.env, v.Keywords); !ok || t != reflect.TypeFor[[]bool]() {
			return fmt.Errorf("rules: the vocabulary keeps keywords in %q, which is no []bool of %v", v.Keywords, c.env)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v.Constants)) {
		switch value := v.Constants[name].(type) {
		case float64:
			if math.IsNaN(value) || math.IsInf(value, 0) {
				return fmt.Errorf("rules: the constant %q is no number", name)
			}
		case string, bool:
		default:
			return fmt.Errorf("rules: the constant %q is a %T, not a float64, string or bool", name, value)
		}
		if c.facts[name] != nil {
			return fmt.Errorf("rules: %q is both a fact and a constant", name)
		}
		c.names = append(c.names, name)
	}
	slices.Sort(c.names)
	for i := range v.Verbs {
		c.verbs[v.Verbs[i].Name] = &v.Verbs[i]
	}
	return nil
}

// begin turns to another text.
func (c *compiler[F]) begin(text string) {
	c.text, c.plain, c.failed, c.mixed = text, plain{text: text}, len(c.errs), map[*ast.BuiltinNode]bool{}
	c.floats, c.instead, c.steps, c.solved = map[ast.Node]bool{}, map[ast.Node]string{}, 0, 0
}

// fail records a mistake at an offset (in characters) of the plain text.
func (c *compiler[F]) fail(part string, offset int, code Code, message string, hint ...string) {
	offset = c.plain.at(offset)
	e := &Error{Path: c.at + part, Rule: c.rule, Offset: offset, Code: code, Message: message, Hint: strings.Join(hint, " ")}
	if place, ok := c.origin.place(part, c.text, offset); ok {
		e.Pos = place
	} else {
		e.Pos.Line, e.Pos.Col = lineCol(c.text, offset)
	}
	e.End = e.Pos.Col + wordAt(c.text, offset)
	// One mistake often shows up at several clauses of one text.
	for _, other := range c.errs[c.failed:] {
		if other.Path == e.Path && other.Offset == e.Offset && other.Code == e.Code {
			return
		}
	}
	c.errs = append(c.errs, e)
}

// wordAt returns the length of the word, number or text in quotes at an offset, in
// characters: at least one, and nothing past the line.
func wordAt(text string, offset int) int {
	var quote rune
	n := 0
	for _, r := range text {
		if offset > 0 {
			offset--
			continue
		}
		word := r == '_' || r == '.' || unicode.IsLetter(r) || unicode.IsDigit(r)
		switch {
		case r == '\n':
			return max(n, 1)
		case n == 0 && (r == '"' || r == '\'' || r == '`'):
			quote = r
		case quote != 0 && r == quote:
			return n + 1
		case quote == 0 && !word:
			return max(n, 1)
		}
		n++
	}
	return max(n, 1)
}

func lineCol(text string, offset int) (line, col int) {
	line, col = 1, 1
	for _, r := range text {
		if offset == 0 {
			break
		}
		offset--
		if r == '\n' {
			line, col = line+1, 1
		} else {
			col++
		}
	}
	return line, col
}

func (c *compiler[F]) options(r Rule) {
	c.begin("")
	least := formatDuration(c.limits.Every)
	if c.limits.Every == time.Minute {
		least = "a minute"
	}
	if r.Every != 0 && r.Every < c.limits.Every {
		c.fail("/every", 0, WrongOption, fmt.Sprintf("every %s is too often: %s is the least", formatDuration(r.Every), least))
	}
	if r.Poll != 0 && r.Poll < c.limits.Every {
		c.fail("/poll", 0, WrongOption, fmt.Sprintf("a poll after %s is too often: %s is the least", formatDuration(r.Poll), least))
	}
	if r.Rest < 0 {
		c.fail("/rest", 0, WrongOption, "a rest cannot be negative")
	}
	if r.Per != "" && !slices.Contains(c.set.vocabulary.Subjects, r.Per) {
		c.fail("/per", 0, WrongOption, fmt.Sprintf("a rule cannot be judged per %q", r.Per), Meant(r.Per, c.set.vocabulary.Subjects))
	}
	if r.Mode != "" && r.Mode != Observe {
		c.fail("/mode", 0, WrongOption, fmt.Sprintf("there is no mode %q, only %q", r.Mode, Observe), Meant(r.Mode, []string{Observe}))
	}
}
