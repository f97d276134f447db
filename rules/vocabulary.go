package rules

import (
	"reflect"
	"strings"
	"time"
)

// A Vocabulary says what rules over the facts F can say. F is a struct of
// plain types (string, bool, int, float64, time.Duration, []string, structs of
// these by value); its `expr` tags spell the names. Only names that are
// declared here can be used, so F may hold more than rules see.
//
// The zero Vocabulary knows no facts and no verbs.
type Vocabulary[F any] struct {
	// Facts are what a condition can read.
	Facts []Fact[F]
	// Constants are values under full names, such as "param.threshold":
	// float64, string or bool.
	Constants map[string]any
	// Shares are what a percentage can be of, as in 80% of SLA.
	Shares []Share
	// Verbs are what THEN can say.
	Verbs []Verb
	// Subjects are the words that Rule.Per may hold.
	Subjects []string
	// Keywords is the path in F of the []bool that answers
	// contains_keywords([…]): entry n for list n of [Set.Keywords]. Empty:
	// there is no such function.
	Keywords string
	// Found names the keyword of list n that was found, for reasons. Nil: the
	// list stands for itself.
	Found func(f *F, list int) string
}

// A Fact is one name that a condition can read.
type Fact[F any] struct {
	// Name is the dotted path, both in conditions and in F.
	Name string
	// Help is one sentence on what it is.
	Help string
	// Known reports whether the fact has a value. Nil: always. A clause that reads a
	// fact that is not known is unknown itself.
	Known func(f *F) bool
	// Values are the only values that the fact can have. Nil: any.
	Values []string
	// Folded is the path in F of the fact in lower case. With it, the fact
	// compares with literals of any case.
	Folded string
	// When makes it a moving fact, one that changes with time alone. It
	// returns the first instant after that of the facts at which the value
	// will have reached level (a time.Duration, a float64 or true), zero for
	// never. A fact that Falls reaches from above.
	When  func(f *F, level any) time.Time
	Falls bool
}

// A Verb is one word that THEN can say.
type Verb struct {
	Name string
	Help string
	Args []Arg
	// Phrases are other ways to say it, with the arguments in braces, such as
	// "escalate to {tier}". An argument that may be left out may be missing in one.
	Phrases []string
}

// An Arg is what a verb is told. The zero Arg is any text.
type Arg struct {
	Name string
	// Values are the only texts allowed. Nil: any text but the empty one.
	Values []string
	// Number asks for a whole number of at least 1 instead.
	Number bool
	// Optional lets it be left out, if it is the last one.
	Optional bool
}

// typeAt returns the type of the value at a dotted path of expr names.
func typeAt(t reflect.Type, path string) (reflect.Type, bool) {
	index, ok := indexAt(t, path)
	if !ok {
		return nil, false
	}
	return t.FieldByIndex(index).Type, true
}

// indexAt finds the field that a dotted path of expr names leads to.
func indexAt(t reflect.Type, path string) ([]int, bool) {
	var index []int
	for name := range strings.SplitSeq(path, ".") {
		step, ok := fieldNamed(t, name)
		if !ok {
			return nil, false
		}
		index, t = append(index, step...), t.FieldByIndex(step).Type
	}
	return index, true
}

// fieldNamed finds a field by its expr name, also in embedded structs.
func fieldNamed(t reflect.Type, name string) ([]int, bool) {
	if t.Kind() != reflect.Struct {
		return nil, false
	}
	for i := range t.NumField() {
		field := t.Field(i)
		tag, tagged := field.Tag.Lookup("expr")
		if !tagged {
			tag = field.Name
		}
		if field.Anonymous && !tagged {
			if inner, ok := fieldNamed(field.Type, name); ok {
				return append([]int{i}, inner...), true
			}
		}
		if field.IsExported() && tag == name {
			return []int{i}, true
		}
	}
	return nil, false
}
