package rules

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
)

// signature is what a function takes and yields.
type signature struct {
	in   []kind
	out  kind
	call reflect.Value
}

// signature reads the func of a function.
func (f *Function) signature() (*signature, error) {
	v := reflect.ValueOf(f.Call)
	if v.Kind() != reflect.Func || v.IsNil() {
		return nil, fmt.Errorf("rules: the function %q is no func", f.Name)
	}
	t := v.Type()
	s := &signature{call: v}
	for i := range t.NumIn() {
		s.in = append(s.in, kindOf(t.In(i)))
		if s.in[i] == faulty || t.IsVariadic() {
			return nil, fmt.Errorf("rules: the function %q takes what rules do not have: %v", f.Name, t)
		}
	}
	failing := t.NumOut() == 2 && t.Out(1) == reflect.TypeFor[error]()
	if t.NumOut() != 1 && !failing || kindOf(t.Out(0)) == faulty {
		return nil, fmt.Errorf("rules: the function %q must return one thing that rules have, and possibly an error: %v", f.Name, t)
	}
	s.out = kindOf(t.Out(0))
	return s, nil
}

// readFunctions makes the functions of the vocabulary known to expr.
func (c *compiler[F]) readFunctions() error {
	c.calls = map[string]*signature{}
	for i := range c.set.vocabulary.Functions {
		f := &c.set.vocabulary.Functions[i]
		_, taken := builtin.Index[f.Name]
		_, field := typeAt(c.env, f.Name)
		if taken || field || c.calls[f.Name] != nil || f.Name == "known" || f.Name == "contains_keywords" || !isName(f.Name) {
			return fmt.Errorf("rules: a function cannot be called %q", f.Name)
		}
		s, err := f.signature()
		if err != nil {
			return err
		}
		c.calls[f.Name] = s
		t := s.call.Type()
		var in []reflect.Type
		for j := range t.NumIn() {
			in = append(in, t.In(j))
		}
		form := reflect.New(reflect.FuncOf(in, []reflect.Type{t.Out(0)}, false)).Interface()
		expr.Function(f.Name, s.run, form)(c.config)
	}
	return nil
}

// run calls the func.
func (s *signature) run(args ...any) (any, error) {
	in := make([]reflect.Value, len(args))
	for i, arg := range args {
		in[i] = reflect.ValueOf(arg)
		if want := s.call.Type().In(i); !in[i].IsValid() {
			in[i] = reflect.Zero(want)
		} else if in[i].Type() != want {
			in[i] = in[i].Convert(want)
		}
	}
	out := s.call.Call(in)
	if len(out) == 2 && !out[1].IsNil() {
		return nil, out[1].Interface().(error)
	}
	return out[0].Interface(), nil
}

func isName(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == "" && (name[0] < '0' || name[0] > '9')
}

// hostCall checks a call of a function of the vocabulary.
func (r *reader[F]) hostCall(n *ast.CallNode, name string, s *signature, in scope) kind {
	if len(n.Arguments) != len(s.in) {
		takes := make([]string, len(s.in))
		for i, k := range s.in {
			takes[i] = k.String()
		}
		what := strings.Join(takes, " and ")
		if what == "" {
			what = "nothing in its brackets"
		}
		return r.wrong(n, WrongType, fmt.Sprintf("%s takes %s", name, what))
	}
	for i, arg := range n.Arguments {
		k := r.plain(arg, in.inside())
		if array, ok := arg.(*ast.ArrayNode); ok && k != faulty {
			for _, item := range array.Nodes {
				if _, literal := item.(*ast.StringNode); !literal {
					r.wrong(item, WrongType, fmt.Sprintf("a list for %s must be texts that are written out", name))
				}
			}
		}
		switch {
		case k == whole && s.in[i] == number:
			r.floats[arg] = true
		case k == number && s.in[i] == whole:
			r.wrong(arg, WrongType, fmt.Sprintf("%s must be a whole number for %s", quote(arg), name), "int(…) makes it one")
		default:
			r.want(arg, k, s.in[i])
		}
	}
	return s.out
}
