package rules

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// A Vocabulary says what rules over the facts F can say. F is a struct of
// plain types (string, bool, int, float64, time.Duration, time.Time, []string, structs
// of these by value); its `expr` tags spell the names. Only names that are
// declared here can be used, so F may hold more than rules see.
//
// The zero Vocabulary knows no facts and no verbs.
type Vocabulary[F any] struct {
	// Facts are what a condition can read.
	Facts []Fact[F]
	// Constants are values under full names, such as "param.threshold":
	// float64, string or bool.
	Constants map[string]any
	// Functions are what a condition can call besides those of the expr language.
	Functions []Function
	// Shares are what a percentage can be of, as in 80% of SLA.
	Shares []Share
	// Verbs are what THEN can say.
	Verbs []Verb
	// Limits bound what authors may write.
	Limits Limits
	// Subjects are the words that Rule.Per may hold.
	Subjects []string
	// Keywords is the path in F of the []bool that answers
	// contains_keywords([…]): entry n for list n of [Set.Keywords]. Empty:
	// there is no such function.
	Keywords string
	// Now returns the instant that the facts are of, and At the facts as they will be
	// at a later instant t if nothing happens until then. With both, any comparison
	// with a direction can be solved (see the package documentation); At is called some
	// ten to a hundred times for one then. Nil: only facts that move beside what
	// does not.
	Now func(f *F) time.Time
	At  func(f F, t time.Time) F
	// Found names the keyword of list n that was found, for reasons. Nil: the
	// list stands for itself.
	Found func(f *F, list int) string
}

// A Fact is one name that a condition can read.
type Fact[F any] struct {
	// Name is the dotted path in conditions, and in F if Path is empty.
	Name string
	// Path is the dotted path in F, where that is not Name.
	Path string
	// Help is one sentence on what it is.
	Help string
	// Known reports whether the fact has a value. Nil: always. A clause that reads a
	// fact that is not known is unknown itself.
	Known func(f *F) bool
	// Values are the only values that the fact can have. Nil: any.
	Values []string
	// In is the path in F of the list that holds the fact at Entry, where F has no field
	// of its own for it: facts that are known only when the program runs. Known must
	// be false where the list is too short.
	In    string
	Entry int
	// Folded is the path in F of the fact in lower case. With it, the fact
	// compares with literals of any case.
	Folded string
	// When makes it a moving fact, one that changes with time alone, without ever
	// turning back. It returns the first instant after that of the facts at which the
	// value will have reached level (a time.Duration, a float64, a time.Time or true),
	// zero for never. A fact that Falls reaches from above.
	When  func(f *F, level any) time.Time
	Falls bool
	// Clock is what a moving fact moves with. Facts of one Clock are affine in each
	// other as long as nothing happens: where one has gone on by twice as much, so have
	// all. Empty: it has a clock of its own.
	Clock string
	// Turns makes it a fact that steps: it has one value until a known instant, and
	// then another one. It returns the first instant after that of the facts at
	// which the value may be another one, zero for never. Such a fact may stand anywhere.
	Turns func(f *F) time.Time
	// PerSubject: the value depends on what a rule is judged for, so it cannot say
	// beforehand which rules may hold. See [Judge.Candidates].
	PerSubject bool
}

// A Function is one that a condition can call. It must depend on nothing but its
// arguments, and be safe for concurrent use.
type Function struct {
	Name string
	// Help is one sentence on what it is.
	Help string
	// Call is a func of string, float64, int, bool, time.Duration, time.Time and []string that
	// returns one of these, and possibly an error. A condition in which it fails, or
	// panics, cannot be judged.
	Call any
}

// A Word is one thing that rules can say, for an editor to offer.
type Word struct {
	Name string `json:"name"`
	// Kind is fact, parameter, function, action or share.
	Kind string `json:"kind"`
	// Type is what a fact, a parameter or a function yields: text, number, true or
	// false, duration, date, list of texts. Of an action and a function, Takes are the
	// arguments.
	Type  string   `json:"type,omitempty"`
	Takes []string `json:"takes,omitempty"`
	// Values are the only values that it has, or that an action's argument can be.
	Values  []string `json:"values,omitempty"`
	Phrases []string `json:"phrases,omitempty"`
	Help    string   `json:"help,omitempty"`
	// Unknown: it may have no value.
	Unknown bool `json:"may_be_unknown,omitempty"`
}

// A Verb is one word that THEN can say.
type Verb struct {
	Name string
	Help string
	Args []Arg
	// Phrases are other ways to say it, with the arguments in braces, such as
	// "escalate to {tier}". An argument that may be left out may be missing in one.
	Phrases []string
	// Forbidden: these authors may not use it.
	Forbidden bool
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

// typeIn returns the type of a fact in F.
func (f *Fact[F]) typeIn(env reflect.Type) (reflect.Type, bool) {
	if f.In == "" {
		return typeAt(env, cmp.Or(f.Path, f.Name))
	}
	t, ok := typeAt(env, f.In)
	if !ok || t.Kind() != reflect.Slice {
		return nil, false
	}
	return t.Elem(), true
}

// Words lists everything that rules can say: facts, parameters, functions, actions and
// shares, each in the order in which the vocabulary declares them (parameters and the
// functions of the expr language by name).
func (v Vocabulary[F]) Words() []Word {
	env := reflect.TypeFor[F]()
	var words []Word
	for i := range v.Facts {
		f := &v.Facts[i]
		t, _ := f.typeIn(env)
		words = append(words, Word{Name: f.Name, Kind: "fact", Type: kindOf(t).noun(), Values: slices.Clone(f.Values), Help: f.Help, Unknown: f.Known != nil})
	}
	for _, name := range slices.Sorted(maps.Keys(v.Constants)) {
		w := Word{Name: name, Kind: "parameter", Type: kindOf(reflect.TypeOf(v.Constants[name])).noun(), Help: fmt.Sprintf("%v here", v.Constants[name])}
		words = append(words, w)
	}
	for _, f := range v.Functions {
		w := Word{Name: f.Name, Kind: "function", Help: f.Help}
		if s, err := f.signature(); err == nil {
			w.Type = s.out.noun()
			for _, in := range s.in {
				w.Takes = append(w.Takes, in.noun())
			}
		}
		words = append(words, w)
	}
	words = append(words, Word{Name: "known", Kind: "function", Type: yesNo.noun(), Takes: []string{"fact"}, Help: "whether a fact has a value"})
	if v.Keywords != "" {
		words = append(words, Word{Name: "contains_keywords", Kind: "function", Type: yesNo.noun(), Takes: []string{"list of texts"}, Help: "whether one of these words was used"})
	}
	for _, name := range builtins {
		words = append(words, Word{Name: name, Kind: "function", Help: "of the expr language"})
	}
	for _, verb := range v.Verbs {
		if verb.Forbidden {
			continue
		}
		w := Word{Name: verb.Name, Kind: "action", Help: verb.Help, Phrases: slices.Clone(verb.Phrases)}
		for _, arg := range verb.Args {
			w.Takes = append(w.Takes, arg.Name)
			w.Values = append(w.Values, arg.Values...)
		}
		words = append(words, w)
	}
	for _, share := range v.Shares {
		words = append(words, Word{Name: share.Of, Kind: "share", Help: fmt.Sprintf("%s > 80%% of %s is %s >= 0.8", share.Instead, share.Of, share.Fact)})
	}
	return words
}
