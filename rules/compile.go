package rules

import (
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// The largest texts that are looked at. The parser underneath keeps its place
// on the stack, so depth has to be bounded before it sees anything.
const (
	maxSource  = 16 << 10
	maxNesting = 64
)

// The functions of the expr language that conditions may use; the others tell
// the time, build large values or can fail.
var builtins = []string{
	"abs", "all", "any", "ceil", "count", "duration", "float", "floor", "int", "len", "lower",
	"max", "min", "none", "one", "round", "trim", "upper",
}

// A Set is a list of rules, checked and compiled. It never changes and is safe
// to share; each goroutine takes its own [Judge].
type Set[F any] struct {
	vocabulary Vocabulary[F]
	rules      []compiled[F]
	keywords   [][]string
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
	text    string
	known   *Fact[F]    // the clause is known(fact), and has no program
	program *vm.Program // the clause on expr's machine
	needs   []*Fact[F]  // facts without which it is false
	reads   []*Fact[F]
	lists   []int // keyword lists it asks for
	moves   []motion[F]
}

// motion is a moving fact beside the level at which a comparison turns.
type motion[F any] struct {
	fact  *Fact[F]
	level any
}

// Compile checks the rules and makes them ready to be judged. The error, if
// any, is an [Errors] with every mistake of every rule in order.
func Compile[F any](rules []Rule, v Vocabulary[F]) (*Set[F], error) {
	c := compiler[F]{set: &Set[F]{vocabulary: v}, clauses: map[string]*clause[F]{}, env: reflect.TypeFor[F]()}
	if err := c.readVocabulary(); err != nil {
		return nil, err
	}
	names := map[string]int{}
	for i, r := range rules {
		c.at, c.rule = fmt.Sprintf("/rules/%d", i), r.Name
		if strings.TrimSpace(r.Name) == "" {
			c.fail("/name", 0, Missing, "a rule needs a name: what it has done is remembered under it")
		} else if first, taken := names[r.Name]; taken {
			c.fail("/name", 0, DuplicateName, fmt.Sprintf("there is a rule of this name already (number %d)", first+1))
		} else {
			names[r.Name] = i
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

// Moves reports whether the condition of rule i may turn with time alone.
func (s *Set[F]) Moves(i int) bool { return s.rules[i].when.moves() }

func (c *cond[F]) moves() bool {
	return c.leaf != nil && len(c.leaf.moves) > 0 || slices.ContainsFunc(c.kids, func(kid cond[F]) bool { return kid.moves() })
}

// Keywords returns the lists that conditions ask for with contains_keywords,
// for whoever spots them. The caller must not change it.
func (s *Set[F]) Keywords() [][]string { return s.keywords }

type compiler[F any] struct {
	set     *Set[F]
	env     reflect.Type
	facts   map[string]*Fact[F]
	types   map[string]reflect.Type
	verbs   map[string]*Verb
	names   []string // facts and constants, for guesses
	clauses map[string]*clause[F]
	errs    Errors

	at, rule string // where we are
	text     string // what we read there
	failed   int    // errors before the current text
}

// readVocabulary refuses a vocabulary that does not fit F: a mistake of the
// program, found the first time it runs.
func (c *compiler[F]) readVocabulary() error {
	v := &c.set.vocabulary
	v.Facts, v.Verbs, v.Subjects = slices.Clone(v.Facts), slices.Clone(v.Verbs), slices.Clone(v.Subjects)
	c.facts, c.types, c.verbs = map[string]*Fact[F]{}, map[string]reflect.Type{}, map[string]*Verb{}
	for i := range v.Facts {
		f := &v.Facts[i]
		for _, path := range []string{f.Name, f.Folded} {
			t, ok := typeAt(c.env, path)
			if !ok && path != "" {
				return fmt.Errorf("rules: the vocabulary declares the fact %q, which %v does not have", path, c.env)
			}
			c.types[path] = t
		}
		c.facts[f.Name] = f
		c.names = append(c.names, f.Name)
	}
	if v.Keywords != "" {
		if t, ok := typeAt(c.env, v.Keywords); !ok || t != reflect.TypeFor[[]bool]() {
			return fmt.Errorf("rules: the vocabulary keeps keywords in %q, which is no []bool of %v", v.Keywords, c.env)
		}
	}
	for name, value := range v.Constants {
		switch value.(type) {
		case float64, string, bool:
		default:
			return fmt.Errorf("rules: the constant %q is a %T, not a float64, string or bool", name, value)
		}
		c.names = append(c.names, name)
	}
	sort.Strings(c.names)
	for i := range v.Verbs {
		c.verbs[v.Verbs[i].Name] = &v.Verbs[i]
	}
	return nil
}

// fail records a mistake at an offset (in characters) of the current text.
func (c *compiler[F]) fail(part string, offset int, code Code, message string, hint ...string) {
	e := &Error{Path: c.at + part, Rule: c.rule, Offset: offset, Code: code, Message: message, Hint: strings.Join(hint, " ")}
	e.Pos.Line, e.Pos.Col = lineCol(c.text, offset)
	// One mistake often shows up at several clauses of one text.
	for _, other := range c.errs[c.failed:] {
		if other.Path == e.Path && other.Offset == e.Offset && other.Code == e.Code {
			return
		}
	}
	c.errs = append(c.errs, e)
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
	c.text, c.failed = "", len(c.errs)
	if r.Every != 0 && r.Every < time.Minute {
		c.fail("/every", 0, WrongOption, fmt.Sprintf("every %s is too often: a minute is the least", formatDuration(r.Every)))
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

// tooLarge refuses what must not reach the parser.
func (c *compiler[F]) tooLarge(part string) bool {
	if len(c.text) > maxSource {
		c.fail(part, 0, TooLarge, fmt.Sprintf("this is %d bytes long; %d are the most", len(c.text), maxSource))
		return true
	}
	depth, offset := 0, 0
	for _, r := range c.text {
		switch r {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		}
		if depth > maxNesting {
			c.fail(part, offset, TooLarge, fmt.Sprintf("brackets are nested more than %d deep here", maxNesting))
			return true
		}
		offset++
	}
	return false
}

// compileClause hands a clause to expr. Options must not depend on the ticket.
func (c *compiler[F]) program(text string) (*vm.Program, error) {
	var zero F
	options := []expr.Option{expr.Env(zero), expr.AsBool(), expr.DisableAllBuiltins(), expr.Patch(&patcher[F]{c})}
	for _, name := range builtins {
		options = append(options, expr.EnableBuiltin(name))
	}
	return expr.Compile(text, options...)
}
