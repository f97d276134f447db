package rules

import (
	"fmt"
	"reflect"
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

// Judge returns a new judge of the set.
func (s *Set[F]) Judge() *Judge[F] { return &Judge[F]{set: s} }

// Look turns the judge to these facts.
func (j *Judge[F]) Look(f F) { j.f, j.env = f, f }

// Holds reports whether the condition of rule i is true. A clause that fails
// counts as false and leaves its error.
func (j *Judge[F]) Holds(i int) (bool, error) {
	var failed error
	return j.holds(&j.set.rules[i].when, &failed), failed
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

// A Value is a fact's name and value: text, a number, true or false, a list of
// texts, or a duration as text.
type Value struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// Clauses returns the clauses that make the condition of rule i true: of an or
// those sides that hold, of a not the clause that does not.
func (j *Judge[F]) Clauses(i int) []Clause {
	return j.clauses(&j.set.rules[i].when, nil)
}

func (j *Judge[F]) clauses(c *cond[F], out []Clause) []Clause {
	var ignored error
	switch c.op {
	case isAnd:
		for k := range c.kids {
			out = j.clauses(&c.kids[k], out)
		}
		return out
	case isOr:
		for k := range c.kids {
			if j.holds(&c.kids[k], &ignored) {
				out = j.clauses(&c.kids[k], out)
			}
		}
		return out
	case isNot:
		for _, inner := range j.leaves(&c.kids[0], nil) {
			inner.Text = "not (" + inner.Text + ")"
			out = append(out, inner)
		}
		return out
	}
	return append(out, j.show(c.leaf))
}

func (j *Judge[F]) leaves(c *cond[F], out []Clause) []Clause {
	if c.leaf != nil {
		return append(out, j.show(c.leaf))
	}
	for k := range c.kids {
		out = j.leaves(&c.kids[k], out)
	}
	return out
}

func (j *Judge[F]) show(leaf *clause[F]) Clause {
	out := Clause{Text: leaf.text}
	for k, f := range leaf.reads {
		repeated := false
		for _, other := range leaf.reads[:k] {
			repeated = repeated || other == f
		}
		if !repeated {
			out.Values = append(out.Values, Value{f.Name, j.value(f)})
		}
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
	index, _ := indexAt(reflect.TypeFor[F](), f.Name)
	v := reflect.ValueOf(j.f).FieldByIndex(index).Interface()
	if d, ok := v.(time.Duration); ok {
		return formatDuration(d)
	}
	return v
}
