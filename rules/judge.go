package rules

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"

	"github.com/expr-lang/expr/vm"
)

// A Judge answers questions about one set of facts after another. It is for
// one goroutine; a Set hands out as many as are wanted.
type Judge[F any] struct {
	set *Set[F]
	vm  vm.VM
	f   F
	env any // f, boxed once: expr reads a struct held by value without allocating
}

// Judge returns a new judge of the set, which looks at zero facts.
func (s *Set[F]) Judge() *Judge[F] {
	j, zero := &Judge[F]{set: s}, *new(F)
	j.Look(zero)
	return j
}

// Look turns the judge to these facts.
func (j *Judge[F]) Look(f F) { j.f, j.env = f, f }

// Holds reports whether the condition of rule i is true. A condition that
// cannot be judged is not, and gives the error; no condition over plain facts
// is known to do that.
func (j *Judge[F]) Holds(i int) (bool, error) {
	var failed error
	holds := j.holds(&j.set.rules[i].when, &failed)
	return holds && failed == nil, failed
}

func (j *Judge[F]) holds(c *cond[F], failed *error) bool {
	switch c.op {
	case isAnd:
		for k := range c.kids {
			if !j.holds(&c.kids[k], failed) {
				return false
			}
		}
		return true
	case isOr:
		for k := range c.kids {
			if j.holds(&c.kids[k], failed) {
				return true
			}
		}
		return false
	case isNot:
		return !j.holds(&c.kids[0], failed)
	}
	leaf := c.leaf
	if leaf.known != nil {
		return leaf.known.Known == nil || leaf.known.Known(&j.f)
	}
	for _, f := range leaf.needs {
		if !f.Known(&j.f) {
			return false
		}
	}
	out, err := j.vm.Run(leaf.program, j.env)
	if err != nil {
		*failed = fmt.Errorf("%s: %w", leaf.text, err)
		return false
	}
	holds, _ := out.(bool)
	return holds
}

// Next returns the first instant after that of the facts at which a clause of
// rule i may turn, if time passes and nothing else happens; zero for never.
func (j *Judge[F]) Next(i int) time.Time {
	return j.next(&j.set.rules[i].when)
}

func (j *Judge[F]) next(c *cond[F]) time.Time {
	var first time.Time
	sooner := func(t time.Time) {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	if c.leaf != nil {
		for _, m := range c.leaf.moves {
			if m.fact.Known == nil || m.fact.Known(&j.f) {
				sooner(m.fact.When(&j.f, m.level))
			}
		}
	}
	for k := range c.kids {
		sooner(j.next(&c.kids[k]))
	}
	return first
}

// A Clause is a part of a condition between and, or and not, with what it saw.
type Clause struct {
	Text   string  `json:"text"`
	Values []Value `json:"values,omitempty"`
}

// A Value is the name and value of a fact or constant: text, a number, true or
// false, a list of texts, a duration as text, or nil for unknown.
type Value struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// Clauses returns the clauses that make the condition of rule i true: of an or
// those sides that hold, of a not what does not hold, spelled "not (…)". There
// are none when the condition is not true.
func (j *Judge[F]) Clauses(i int) []Clause {
	if holds, _ := j.Holds(i); !holds {
		return nil
	}
	return j.because(&j.set.rules[i].when, true, nil)
}

// because appends the clauses that make c what it is.
func (j *Judge[F]) because(c *cond[F], holds bool, out []Clause) []Clause {
	switch c.op {
	case isNot:
		return j.because(&c.kids[0], !holds, out)
	case isAnd, isOr:
		var ignored error
		for k := range c.kids { // of a true and all are true, of a false or all are false
			if j.holds(&c.kids[k], &ignored) == holds {
				out = j.because(&c.kids[k], holds, out)
			}
		}
		return out
	}
	shown := j.show(c.leaf)
	if !holds {
		shown.Text = "not (" + shown.Text + ")"
	}
	return append(out, shown)
}

func (j *Judge[F]) show(leaf *clause[F]) Clause {
	out := Clause{Text: leaf.text}
	for _, f := range leaf.reads {
		out.Values = append(out.Values, Value{f.Name, j.value(f)})
	}
	for _, name := range leaf.constants {
		out.Values = append(out.Values, Value{name, j.set.vocabulary.Constants[name]})
	}
	for _, list := range leaf.lists {
		if found := j.set.vocabulary.Found; found != nil {
			if word := found(&j.f, list); word != "" {
				out.Values = append(out.Values, Value{"keyword", word})
			}
		}
	}
	return out
}

func (j *Judge[F]) value(f *Fact[F]) any {
	if f.Known != nil && !f.Known(&j.f) {
		return nil
	}
	switch v := reflect.ValueOf(j.env).FieldByIndex(j.set.fields[f]).Interface().(type) {
	case time.Duration:
		return formatDuration(v)
	case []string:
		return slices.Clone(v)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) { // JSON has no such numbers
			return fmt.Sprint(v)
		}
		return v
	default:
		return v
	}
}
