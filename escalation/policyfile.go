package escalation

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/escalade-go/escalade/escalation/internal/jsontree"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// policyFormat is the version of the file form.
const policyFormat = 1

// policyFile remembers where the parts of a policy stand in its file.
type policyFile struct {
	name  string
	src   []byte
	nodes map[string]*jsontree.Node // by JSON pointer
	// text is what the rules were read from, nil if they were a list.
	text  *string
	rules []rules.Rule
	// version is that of the policy as it was read: places hold only as long
	// as nobody has changed it in memory.
	version string
}

type policyFields Policy // Policy without its methods

// ReadPolicy reads a policy from its file form. It is strict: unknown and
// duplicate keys, wrong kinds of values and durations that are none are
// refused, all at once, as [Errors] with file, line and column. name is what
// these call the file.
//
// ReadPolicy reads, it does not judge: whether names exist and rules make sense
// is for [Compile], which knows the places too.
func ReadPolicy(name string, src []byte) (Policy, error) {
	src = slices.Clone(src) // for places, long after the caller has reused it
	file := &policyFile{name: name, src: src, nodes: map[string]*jsontree.Node{}}
	tree, err := jsontree.Parse(src)
	if err != nil {
		var syntax *jsontree.SyntaxError
		errors.As(err, &syntax)
		return Policy{}, Errors{file.fail("", syntax.Offset, rules.Syntax, syntax.Message)}
	}
	r := policyReader{file: file}
	r.check("", tree, reflect.TypeFor[policyFields]())
	if len(r.errs) > 0 {
		return Policy{}, r.errs
	}
	var p Policy
	in := struct {
		*policyFields
		Rules json.RawMessage `json:"rules"`
	}{policyFields: (*policyFields)(&p)}
	err = json.Unmarshal(src, &in)
	if file.text != nil {
		p.Rules = cloneRules(file.rules)
	} else if err == nil && in.Rules != nil {
		err = json.Unmarshal(in.Rules, &p.Rules)
	}
	if err != nil {
		return Policy{}, Errors{file.fail("", 0, rules.Syntax, err.Error())}
	}
	p.file = file
	file.version = version(p)
	return p, nil
}

// FormatPolicy writes the file form of a policy: indented, one line for what
// fits in a line, `<` and `&` as they are. Reading it and writing it again
// gives the same bytes. Figures that no file can say (a parameter that is not a
// number) are left out; Compile refuses them.
func FormatPolicy(p Policy) []byte {
	src, err := json.Marshal(p)
	if err != nil {
		src, _ = json.Marshal(writable(p))
	}
	tree, _ := jsontree.Parse(src)
	return jsontree.Format(tree)
}

// writable leaves out what JSON cannot say.
func writable(p Policy) Policy {
	p = clone(p)
	wrong := func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }
	numbers := func(t *Terms) {
		if _, err := t.EnforcedFrom.MarshalText(); err != nil {
			t.EnforcedFrom = time.Time{}
		}
		t.Warnings = slices.DeleteFunc(t.Warnings, func(w sla.Threshold) bool { return wrong(w.Fraction) })
	}
	if _, err := p.From.MarshalText(); err != nil {
		p.From = time.Time{}
	}
	numbers(&p.Terms)
	for i := range p.Agreements {
		numbers(&p.Agreements[i].Terms)
	}
	for i := range p.Tiers {
		if g := p.Tiers[i].Goal; g != nil && (wrong(g.From) || wrong(g.To)) {
			p.Tiers[i].Goal = nil
		}
	}
	maps.DeleteFunc(p.Params, func(_ string, v any) bool {
		if x, ok := v.(float64); ok {
			return wrong(x)
		}
		_, err := json.Marshal(v)
		return err != nil
	})
	return p
}

// MarshalJSON writes the policy in the form that ReadPolicy reads.
func (p Policy) MarshalJSON() ([]byte, error) {
	p = clone(p)
	p.Tiers, p.Priorities, p.Statuses, p.Rules = list(p.Tiers), list(p.Priorities), list(p.Statuses), list(p.Rules)
	var written any = p.Rules
	if p.file != nil && p.file.text != nil && (len(p.Rules)+len(p.file.rules) == 0 || reflect.DeepEqual(p.Rules, p.file.rules)) {
		written = *p.file.text // as it was read
	}
	return json.Marshal(struct {
		Format int `json:"format"`
		policyFields
		Rules any `json:"rules"`
	}{policyFormat, policyFields(p), written})
}

// list makes a nil list an empty one, which is what a file can say.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

// UnmarshalJSON reads like [ReadPolicy], without a file name.
func (p *Policy) UnmarshalJSON(src []byte) error {
	read, err := ReadPolicy("", src)
	if err == nil {
		*p = read
	}
	return err
}

// readStrictly reads a part of a policy by itself, as strictly as the whole.
func readStrictly(src []byte, t reflect.Type, into any) error {
	file := &policyFile{src: src, nodes: map[string]*jsontree.Node{}}
	tree, err := jsontree.Parse(src)
	if err != nil {
		var syntax *jsontree.SyntaxError
		errors.As(err, &syntax)
		return Errors{file.fail("", syntax.Offset, rules.Syntax, syntax.Message)}
	}
	r := policyReader{file: file}
	r.check("", tree, t)
	if len(r.errs) > 0 {
		return r.errs
	}
	return json.Unmarshal(src, into)
}

func (f *policyFile) fail(path string, offset int, code rules.Code, message string, hint ...string) *rules.Error {
	e := &rules.Error{Path: path, Code: code, Message: message, Hint: strings.Join(hint, " ")}
	e.Pos.File = f.name
	e.Pos.Line, e.Pos.Col = jsontree.LineCol(f.src, offset)
	return e
}

// place gives an error of Compile its place in the file. A path that does not
// exist (a missing key) is placed at what should have held it.
func (f *policyFile) place(e *rules.Error) {
	if n := f.nodes["/rules"]; f.text != nil && strings.HasPrefix(e.Path, "/rules/") {
		f.placeInText(e, n)
		return
	}
	path, offset := e.Path, 0
	length, known := e.End-e.Pos.Col, e.End > 0
	e.End = 0
	for {
		if n := f.nodes[path]; n != nil {
			offset = n.Offset
			if path == e.Path && n.Kind == jsontree.Text && e.Offset > 0 {
				offset = n.Inside(f.src, e.Offset)
			} else if path == e.Path && n.Kind == jsontree.Text {
				offset++
			}
			break
		}
		if path == "" {
			break
		}
		path = path[:strings.LastIndexByte(path, '/')]
	}
	e.Pos.File = f.name
	e.Pos.Line, e.Pos.Col = jsontree.LineCol(f.src, offset)
	if n := f.nodes[e.Path]; n != nil && n.Kind == jsontree.Text {
		if !known {
			length = utf8.RuneCountInString(n.Text) // all of it
		}
		f.end(e, n, length)
	}
}

// end places the end of an error in the text n, if it is on the same line.
func (f *policyFile) end(e *rules.Error, n *jsontree.Node, length int) {
	e.End = 0
	if line, col := jsontree.LineCol(f.src, n.Inside(f.src, e.Offset+length)); line == e.Pos.Line {
		e.End = col
	}
}

// placeInText gives an error that knows its line and column in the text of the rules
// the place of these in the file.
func (f *policyFile) placeInText(e *rules.Error, n *jsontree.Node) {
	length, known := e.End-e.Pos.Col, e.End > 0
	e.Path, e.Offset, e.Pos.File = "/rules", offset(n.Text, e.Pos.Line, e.Pos.Col), f.name
	e.Pos.Line, e.Pos.Col = jsontree.LineCol(f.src, n.Inside(f.src, e.Offset))
	if known {
		f.end(e, n, length)
	}
}

// offset counts the characters before a place in a text.
func offset(text string, line, col int) int {
	chars := 0
	for i, l := range strings.SplitAfter(text, "\n") {
		if i+1 >= line {
			break
		}
		chars += utf8.RuneCountInString(l)
	}
	return chars + col - 1
}

// rulesText reads the rules of a policy that are one text.
func (r *policyReader) rulesText(n *jsontree.Node) {
	list, err := rules.Parse("", n.Text)
	if wrong, ok := err.(rules.Errors); ok { //nolint:errorlint // Parse documents the type
		for _, e := range wrong {
			r.file.placeInText(e, n)
			r.errs = append(r.errs, e)
		}
	}
	r.file.text, r.file.rules = &n.Text, list
}

// policyReader holds a tree against the types that it will be decoded into.
type policyReader struct {
	file *policyFile
	errs Errors
}

func (r *policyReader) fail(path string, offset int, code rules.Code, message string, hint ...string) {
	r.errs = append(r.errs, r.file.fail(path, offset, code, message, hint...))
}

var textType = reflect.TypeFor[encoding.TextUnmarshaler]()

func (r *policyReader) check(path string, n *jsontree.Node, t reflect.Type) {
	r.file.nodes[path] = n
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == reflect.TypeFor[[]rules.Rule]() && n.Kind == jsontree.Text {
		r.rulesText(n)
		return
	}
	want := jsontree.Text
	switch {
	case t == reflect.TypeFor[Field]() && n.Kind == jsontree.List:
		r.check(path, n, reflect.TypeFor[[]string]())
		return
	case t == reflect.TypeFor[Field]():
	case t == reflect.TypeFor[sla.Threshold]():
		if n.Kind == jsontree.Number {
			want = jsontree.Number
		}
	case reflect.PointerTo(t).Implements(textType), t == reflect.TypeFor[time.Duration](), t.Kind() == reflect.String:
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map:
		want = jsontree.Object
	case t.Kind() == reflect.Slice:
		want = jsontree.List
	case t.Kind() == reflect.Bool:
		want = jsontree.Bool
	case t.Kind() == reflect.Interface: // a parameter
		if n.Kind != jsontree.Number && n.Kind != jsontree.Text && n.Kind != jsontree.Bool {
			r.fail(path, n.Offset, rules.WrongType, fmt.Sprintf("a parameter is a number, a text or true or false, not %s", n.Kind))
		} else if _, err := strconv.ParseFloat(n.Text, 64); n.Kind == jsontree.Number && err != nil {
			r.fail(path, n.Offset, rules.WrongType, fmt.Sprintf("%s is too large a number", n.Text))
		}
		return
	default:
		want = jsontree.Number
	}
	if t == reflect.TypeFor[sla.Threshold]() && n.Kind != want {
		r.fail(path, n.Offset, rules.WrongType, fmt.Sprintf("%s must be a number or a text, not %s", last(path), n.Kind))
		return
	}
	if n.Kind != want {
		r.fail(path, n.Offset, rules.WrongType, fmt.Sprintf("%s must be %s, not %s", last(path), want, n.Kind))
		return
	}
	switch {
	case t == reflect.TypeFor[sla.Threshold]():
		src := []byte(n.Text)
		if n.Kind == jsontree.Text {
			src = []byte(strconv.Quote(n.Text))
		}
		if err := new(sla.Threshold).UnmarshalJSON(src); err != nil {
			r.fail(path, n.Offset, rules.WrongType, err.Error())
		}
	case t == reflect.TypeFor[time.Time]():
		if _, err := time.Parse(time.RFC3339, n.Text); err != nil {
			r.fail(path, n.Offset, rules.WrongType, fmt.Sprintf("%q is no instant", n.Text), "write the date, the time and the zone, as in 2026-12-25T09:00:00+01:00")
		}
	case t == reflect.TypeFor[time.Duration]():
		if _, err := rules.ParseDuration(n.Text); err != nil {
			r.fail(path, n.Offset, rules.WrongType, err.Error())
		}
	case reflect.PointerTo(t).Implements(textType):
		if err := reflect.New(t).Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(n.Text)); err != nil {
			r.fail(path, n.Offset, rules.WrongType, err.Error())
		}
	case t.Kind() == reflect.Slice:
		for i, item := range n.Items {
			r.check(fmt.Sprintf("%s/%d", path, i), item, t.Elem())
		}
	case want == jsontree.Object:
		r.members(path, n, t)
	case want == jsontree.Number && t.Kind() == reflect.Int:
		if _, err := strconv.Atoi(n.Text); err != nil {
			r.fail(path, n.Offset, rules.WrongType, fmt.Sprintf("%s must be a whole number", last(path)))
		}
	}
}

func (r *policyReader) members(path string, n *jsontree.Node, t reflect.Type) {
	fields := map[string]reflect.Type{}
	var names []string
	if t.Kind() == reflect.Struct {
		for _, field := range reflect.VisibleFields(t) {
			if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
				fields[name], names = field.Type, append(names, name)
			}
		}
	}
	if t == reflect.TypeFor[policyFields]() {
		fields["format"], names = reflect.TypeFor[int](), append(names, "format")
		switch format := n.Get("format"); {
		case format == nil:
			r.fail("", n.Offset, rules.Missing, `the key "format" is missing`, fmt.Sprintf(`write "format": %d`, policyFormat))
		case format.Kind == jsontree.Number && format.Text != strconv.Itoa(policyFormat):
			r.fail("/format", format.Offset, rules.WrongOption, fmt.Sprintf("format %s is not known here, only %d", format.Text, policyFormat))
		}
	}
	seen := map[string]bool{}
	for _, m := range n.Members {
		below := path + "/" + jsontree.Key(m.Key)
		field, known := fields[m.Key]
		switch {
		case seen[m.Key]:
			r.fail(below, m.Offset, rules.DuplicateName, fmt.Sprintf("the key %q stands here twice", m.Key))
			continue
		case t.Kind() == reflect.Map:
			field = t.Elem()
		case !known:
			r.fail(below, m.Offset, rules.UnknownName, fmt.Sprintf("there is no key %q here", m.Key), rules.Meant(m.Key, names))
			continue
		}
		seen[m.Key] = true
		r.check(below, m.Value, field)
	}
}

// last is what a sentence calls the value at a path.
func last(path string) string {
	parts := strings.Split(path, "/")
	name := parts[len(parts)-1]
	if _, err := strconv.Atoi(name); err == nil && len(parts) > 1 {
		return fmt.Sprintf("each of %q", parts[len(parts)-2])
	}
	if name == "" {
		return "a policy"
	}
	return fmt.Sprintf("%q", name)
}
