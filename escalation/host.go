package escalation

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/escalade-go/escalade/escalation/internal/jsontree"
	"github.com/escalade-go/escalade/rules"
)

// A Field declares one of the host's own, which rules read as ticket.fields.NAME. In
// JSON it is a list of the texts that it can be, or the name of a type: "text",
// "number", "boolean" or "list" (of texts).
type Field struct {
	Type string
	// Values are the only texts that it can be, of a text. Nil: any.
	Values []string
}

// reserved are words that an action cannot be called.
var reserved = []string{"if", "then", "and", "or", "not", "let", "else", "true", "false", "nil"}

var fieldTypes = []string{"text", "number", "boolean", "list"}

// MarshalJSON writes the values, or the type.
func (f Field) MarshalJSON() ([]byte, error) {
	if f.Values != nil {
		return json.Marshal(f.Values)
	}
	return json.Marshal(f.Type)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (f *Field) UnmarshalJSON(src []byte) error {
	var values []string
	if json.Unmarshal(src, &values) == nil && values != nil {
		*f = Field{Type: "text", Values: values}
		return nil
	}
	*f = Field{}
	return json.Unmarshal(src, &f.Type)
}

// A HostAction declares a word for THEN that the host carries out itself:
// page("database"). It is always proposed, as notices are.
type HostAction struct {
	Name string `json:"name"`
	Help string `json:"help,omitempty"`
	// Args are what it is told, in order.
	Args []HostArg `json:"args,omitempty"`
	// Phrases are other ways to say it: "page the team for {service}".
	Phrases []string `json:"phrases,omitempty"`
}

// A HostArg is one argument of a HostAction: a text, or a whole number of at least 1.
type HostArg struct {
	Name string `json:"name"`
	// Values are the only texts allowed. Nil: any.
	Values []string `json:"values,omitempty"`
	Number bool     `json:"number,omitempty"`
}

// Vocabulary lists everything that rules can say under the policy: facts, parameters,
// functions, actions and shares, with types, values and a sentence each. It is for an
// editor's completion and for people who look for a word.
func (e *Engine) Vocabulary() []rules.Word { return e.vocabulary().Words() }

// hostWords checks the fields and the actions that a policy declares.
func (c *checker) hostWords(ours []rules.Verb) {
	for _, name := range slices.Sorted(maps.Keys(c.policy.Fields)) {
		path, f := "/fields/"+jsontree.Key(name), c.policy.Fields[name]
		if !simple(name) {
			c.fail(path, rules.WrongOption, fmt.Sprintf("a field cannot be called %q", name), "letters, digits and underscores")
		}
		switch {
		case !slices.Contains(fieldTypes, f.Type):
			c.fail(path, rules.UnknownValue, fmt.Sprintf("there is no type %q", f.Type), cmp.Or(rules.Meant(f.Type, fieldTypes), "there are "+strings.Join(fieldTypes, ", ")+", and a list of the values"))
		case f.Values != nil && f.Type != "text":
			c.fail(path, rules.WrongOption, fmt.Sprintf("only a text can have values, not a %s", f.Type))
		case f.Values != nil && len(f.Values) == 0:
			c.fail(path, rules.Missing, "this list of values is empty")
		case f.Values != nil:
			c.unique("fields/"+jsontree.Key(name), "", "a value", f.Values)
		}
	}
	known := namesOf(ours, func(v rules.Verb) string { return v.Name })
	c.unique("actions", "/name", "an action", namesOf(c.policy.Actions, func(a HostAction) string { return a.Name }))
	for i, a := range c.policy.Actions {
		path := fmt.Sprintf("/actions/%d", i)
		if !simple(a.Name) && a.Name != "" {
			c.fail(path+"/name", rules.WrongOption, fmt.Sprintf("an action cannot be called %q", a.Name), "letters, digits and underscores")
		}
		if slices.ContainsFunc(known, func(name string) bool { return strings.EqualFold(name, a.Name) }) || slices.Contains(reserved, strings.ToLower(a.Name)) {
			c.fail(path+"/name", rules.DuplicateName, fmt.Sprintf("%s means something already", a.Name))
		}
		args := namesOf(a.Args, func(a HostArg) string { return a.Name })
		c.unique(fmt.Sprintf("actions/%d/args", i), "/name", "an argument", args)
		for j, arg := range a.Args {
			if arg.Number && arg.Values != nil {
				c.fail(fmt.Sprintf("%s/args/%d/values", path, j), rules.WrongOption, "a number has no values to choose from")
			}
		}
		for j, phrase := range a.Phrases {
			c.phrase(fmt.Sprintf("%s/phrases/%d", path, j), phrase, args)
		}
	}
}

// phrase wants every argument in it, once, and none that there is not.
func (c *checker) phrase(path, phrase string, args []string) {
	words := strings.Fields(phrase)
	if len(words) == 0 || strings.HasPrefix(words[0], "{") || strings.ContainsAny(words[0], "(\"'") {
		c.fail(path, rules.WrongOption, "a phrase begins with a word")
		return
	}
	var said []string
	for _, word := range words {
		if name, ok := strings.CutPrefix(word, "{"); ok {
			said = append(said, strings.TrimSuffix(name, "}"))
		}
	}
	want := slices.Sorted(slices.Values(args))
	slices.Sort(said)
	if !slices.Equal(said, want) {
		c.fail(path, rules.WrongOption, fmt.Sprintf("the phrase %q must name its arguments once each", phrase), "they are {"+strings.Join(want, "}, {")+"}")
	}
}

func simple(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == "" && (name[0] < '0' || name[0] > '9')
}

// hostVerbs are the actions of the policy as rules know them.
func (e *Engine) hostVerbs() []rules.Verb {
	var verbs []rules.Verb
	ours := e.ownVerbs()
	for _, a := range e.policy.Actions {
		if slices.ContainsFunc(ours, func(v rules.Verb) bool { return v.Name == a.Name }) {
			continue // that has been told
		}
		v := rules.Verb{Name: a.Name, Help: a.Help, Phrases: a.Phrases}
		for _, arg := range a.Args {
			v.Args = append(v.Args, rules.Arg{Name: arg.Name, Values: arg.Values, Number: arg.Number})
		}
		verbs = append(verbs, v)
	}
	return verbs
}

// fieldFacts are the host's fields of one ticket. Each list has a place for every
// field, so that the numbers of these are the same in all.
type fieldFacts struct {
	Numbers []float64  `expr:"field_numbers"`
	Texts   []string   `expr:"field_texts"`
	Flags   []bool     `expr:"field_flags"`
	Lists   [][]string `expr:"field_lists"`
	known   []bool
}

// fieldNames are the declared fields in order.
func (e *Engine) fieldNames() []string { return slices.Sorted(maps.Keys(e.policy.Fields)) }

// fieldVocabulary declares them to the rules.
func (e *Engine) fieldVocabulary() []rules.Fact[facts] {
	in := map[string]string{"number": "field_numbers", "text": "field_texts", "boolean": "field_flags", "list": "field_lists"}
	var list []rules.Fact[facts]
	for i, name := range e.fieldNames() {
		f := e.policy.Fields[name]
		if in[f.Type] == "" {
			continue // that has been told
		}
		list = append(list, rules.Fact[facts]{
			Name: "ticket.fields." + name, Help: "a field of the helpdesk's own; may be unknown", Values: f.Values, In: in[f.Type], Entry: i,
			Known: func(f *facts) bool { return i < len(f.known) && f.known[i] },
		})
	}
	return list
}

// readFields takes a ticket's fields as they are declared. What is of another type is
// told of and unknown.
func (e *Engine) readFields(h *history, t *Ticket) fieldFacts {
	n := len(e.policy.Fields)
	if n == 0 {
		return fieldFacts{}
	}
	out := fieldFacts{make([]float64, n), make([]string, n), make([]bool, n), make([][]string, n), make([]bool, n)}
	for i, name := range e.fieldNames() {
		value, ok := t.Fields[name]
		if !ok || value == nil {
			continue
		}
		f := e.policy.Fields[name]
		switch f.Type {
		case "number":
			out.Numbers[i], out.known[i] = numberOf(value)
		case "text":
			out.Texts[i], out.known[i] = value.(string)
			out.Texts[i] = beginning(out.Texts[i])
			if at := slices.IndexFunc(f.Values, func(v string) bool { return fold(v) == fold(out.Texts[i]) }); at >= 0 {
				out.Texts[i] = f.Values[at]
			} else if f.Values != nil && out.known[i] {
				h.problem(InvalidField, "the field %q has the value %q, which the policy does not declare", name, short(out.Texts[i], 40))
			}
		case "boolean":
			out.Flags[i], out.known[i] = value.(bool)
		case "list":
			out.Lists[i], out.known[i] = textsOf(value)
		}
		if !out.known[i] {
			h.problem(InvalidField, "the field %q is no %s; it counts as unknown", name, f.Type)
		}
	}
	return out
}

// numberOf reads a number of any Go type, and as JSON has it.
func numberOf(v any) (float64, bool) {
	if n, ok := v.(json.Number); ok {
		x, err := n.Float64()
		return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && !r.IsNil() {
		v = r.Elem().Interface()
	}
	x, ok := plain(v).(float64)
	return x, ok && !math.IsNaN(x) && !math.IsInf(x, 0)
}

func textsOf(v any) ([]string, bool) {
	switch list := v.(type) {
	case []string:
		return list, true
	case []any:
		texts := make([]string, 0, len(list))
		for _, item := range list {
			text, ok := item.(string)
			if !ok {
				return nil, false
			}
			texts = append(texts, text)
		}
		return texts, true
	}
	return nil, false
}
