package rules

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// A Judge answers questions about one set of facts after another. It is for
// one goroutine; a Set hands out as many as are wanted.
type Judge[F any] struct {
	set *Set[F]
	vm  vm.VM
	f   F
	env any // f, boxed once, when it is needed: expr reads a struct held by value without allocating

	lookup lookup // of candidates
}

// Judge returns a new judge of the set, which looks at zero facts.
func (s *Set[F]) Judge() *Judge[F] {
	return &Judge[F]{set: s}
}

// Look turns the judge to these facts.
func (j *Judge[F]) Look(f F) { j.f, j.env = f, nil }

// boxed returns the facts as expr reads them.
func (j *Judge[F]) boxed() any {
	if j.env == nil {
		j.env = j.f
	}
	return j.env
}

// A Truth is what a condition is on some facts: false, unknown or true, as in SQL.
type Truth int8

// The truths. The zero Truth is Unknown.
const (
	False   Truth = -1
	Unknown Truth = 0
	True    Truth = 1
)

// String returns "false", "unknown" or "true".
func (t Truth) String() string {
	switch t {
	case False:
		return "false"
	case True:
		return "true"
	}
	return "unknown"
}

// MarshalText writes the truth as String does.
func (t Truth) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (t *Truth) UnmarshalText(text []byte) error {
	for _, truth := range []Truth{False, Unknown, True} {
		if truth.String() == string(text) {
			*t = truth
			return nil
		}
	}
	return fmt.Errorf("rules: %q is no truth", text)
}

// Holds reports whether the condition of rule i is true. A condition that
// cannot be judged is not, and gives the error; no condition over plain facts
// is known to do that.
func (j *Judge[F]) Holds(i int) (bool, error) {
	truth, err := j.Truth(i)
	return truth == True, err
}

// Truth returns what the condition of rule i is. A clause is unknown if a fact that it
// reads is, or if a function of the host fails; and, or and not make of that what SQL does.
// The error is that of a function that failed, if the condition is unknown.
func (j *Judge[F]) Truth(i int) (Truth, error) {
	var failed error
	truth := j.truth(&j.set.rules[i].when, &failed)
	if truth != Unknown {
		return truth, nil
	}
	return truth, failed
}

func (j *Judge[F]) truth(c *cond[F], failed *error) Truth {
	switch c.op {
	case isAnd, isOr:
		// The least of an and, the most of an or; once that is found, no need to go on.
		all, end := True, False
		if c.op == isOr {
			all, end = False, True
		}
		for k := range c.kids {
			truth := j.truth(&c.kids[k], failed)
			if truth == end {
				return end
			}
			if truth == Unknown {
				all = Unknown
			}
		}
		return all
	case isNot:
		return -j.truth(&c.kids[0], failed)
	}
	leaf := c.leaf
	if leaf.known != nil {
		return truthOf(leaf.known.Known == nil || leaf.known.Known(&j.f))
	}
	for _, f := range leaf.needs {
		if !f.Known(&j.f) {
			return Unknown
		}
	}
	out, err := j.vm.Run(leaf.program, j.boxed())
	if err != nil {
		if at, ok := errors.AsType[*file.Error](err); ok {
			err = errors.New(at.Message) // without a picture of the text
		}
		*failed = fmt.Errorf("%s: %w", leaf.text, err)
		return Unknown
	}
	holds, _ := out.(bool)
	return truthOf(holds)
}

func truthOf(holds bool) Truth {
	if holds {
		return True
	}
	return False
}

// A Clause is a part of a condition between and, or and not, with what it saw.
type Clause struct {
	Text   string  `json:"text"`
	Values []Value `json:"values,omitempty"`
}

// String writes the clause with the values that made it so: "sla.used >= 0.8 (0.83)".
// A value that the clause says itself is left out.
func (c Clause) String() string {
	var values []string
	for _, v := range c.Values {
		shown := v.String()
		if c.Text != v.Name && c.Text != fmt.Sprintf("%s == %q", v.Name, shown) {
			values = append(values, shown)
		}
	}
	if len(values) == 0 {
		return c.Text
	}
	return c.Text + " (" + strings.Join(values, ", ") + ")"
}

// String writes the value for people: numbers with two decimals at most.
func (v Value) String() string {
	switch x := v.Value.(type) {
	case nil:
		return "unknown"
	case float64:
		return strconv.FormatFloat(math.Round(100*x)/100, 'f', -1, 64)
	case []string:
		return strings.Join(x, ", ")
	default:
		return fmt.Sprint(x)
	}
}

// A Value is the name and value of a fact or constant: text, a number, true or
// false, a list of texts, a duration as text, a date as text (RFC 3339), or nil for
// unknown.
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
	return j.because(&j.set.rules[i].when, True, nil)
}

// because appends the clauses that make c what it is.
func (j *Judge[F]) because(c *cond[F], is Truth, out []Clause) []Clause {
	switch c.op {
	case isNot:
		return j.because(&c.kids[0], -is, out)
	case isAnd, isOr:
		var ignored error
		for k := range c.kids { // of a true and all are true, of a false or all are false
			if j.truth(&c.kids[k], &ignored) == is {
				out = j.because(&c.kids[k], is, out)
			}
		}
		return out
	}
	shown := j.show(c.leaf)
	if is == False {
		shown.Text = "not (" + shown.Text + ")"
	}
	return append(out, shown)
}

// A Part is a condition, or a piece of one, with what it is and why.
type Part struct {
	Truth Truth `json:"truth"`
	// Op is "and", "or" or "not" of Parts; empty for a clause.
	Op    string `json:"op,omitempty"`
	Parts []Part `json:"parts,omitempty"`
	// Of a clause: its text and the values that it saw, nil for what is unknown. Error
	// says what went wrong with a function of the host; then it is unknown.
	Text   string  `json:"text,omitempty"`
	Values []Value `json:"values,omitempty"`
	Error  string  `json:"error,omitempty"`
}

// Explain takes the condition of rule i apart and tells what each clause is.
func (j *Judge[F]) Explain(i int) Part { return j.explain(&j.set.rules[i].when) }

func (j *Judge[F]) explain(c *cond[F]) Part {
	var failed error
	out := Part{Truth: j.truth(c, &failed)}
	if c.op == isClause {
		shown := j.show(c.leaf)
		out.Text, out.Values = shown.Text, shown.Values
		if failed != nil {
			out.Error = strings.TrimPrefix(failed.Error(), c.leaf.text+": ")
		}
		return out
	}
	out.Op = [...]string{isAnd: "and", isOr: "or", isNot: "not"}[c.op]
	for k := range c.kids {
		out.Parts = append(out.Parts, j.explain(&c.kids[k]))
	}
	return out
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
	switch v := valueIn(j.boxed(), j.set.fields[f], f).(type) {
	case time.Duration:
		return formatDuration(v)
	case time.Time:
		return v.Format(time.RFC3339Nano)
	case []string:
		return append([]string{}, v...) // an empty list is known, nil would not be
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) { // JSON has no such numbers
			return fmt.Sprint(v)
		}
		return v
	default:
		return v
	}
}

// valueIn reads a fact, which is at an index of a struct; nil where a list is too short.
func valueIn[F any](env any, index []int, f *Fact[F]) any {
	field := reflect.ValueOf(env).FieldByIndex(index)
	if f.In != "" {
		if f.Entry >= field.Len() {
			return nil
		}
		field = field.Index(f.Entry)
	}
	return field.Interface()
}
