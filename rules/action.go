package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// actions reads the lines of a Then.
func (c *compiler[F]) actions(then []string) []Action {
	if len(then) == 0 {
		c.begin("")
		c.fail("/then", 0, Missing, "a rule without an action does nothing")
	}
	c.begin("")
	if !c.few("/then", len(then), c.limits.Actions, "actions", "Limits.Actions") {
		return nil
	}
	var actions []Action
	for i, text := range then {
		c.begin(text)
		actions = append(actions, c.action(fmt.Sprintf("/then/%d", i)))
	}
	return actions
}

func (c *compiler[F]) action(part string) Action {
	if strings.TrimSpace(c.text) == "" {
		c.fail(part, 0, Missing, "an action is empty")
		return Action{}
	}
	if c.tooLong(part) {
		return Action{}
	}
	if a, ok := c.phrase(part); ok {
		return a
	}
	tree := c.parse(part)
	if tree == nil {
		return Action{}
	}
	var name string
	var args []ast.Node
	switch call := tree.Node.(type) {
	case *ast.CallNode:
		name, _ = pathOf(call.Callee)
		name, args = cmp.Or(name, quote(call.Callee)), call.Arguments
	case *ast.BuiltinNode: // a function of conditions, or a verb of the same name
		name, args = call.Name, call.Arguments
	default:
		c.fail(part, 0, WrongAction, `an action is a call, such as notify("manager")`)
		return Action{}
	}
	verb := c.verbs[name]
	if verb == nil {
		names := make([]string, 0, len(c.verbs))
		for _, v := range c.set.vocabulary.Verbs {
			names = append(names, v.Name)
		}
		c.fail(part, offset(tree.Node), UnknownFunction, fmt.Sprintf("there is no action %q", name), cmp.Or(Meant(name, names), "there are "+strings.Join(names, ", ")))
		return Action{}
	}
	if c.forbidden(part, verb, offset(tree.Node)) {
		return Action{}
	}
	if len(args) < verb.least() || len(args) > len(verb.Args) {
		c.fail(part, offset(tree.Node), WrongAction, fmt.Sprintf("%s takes %s", name, arguments(verb)))
		return Action{}
	}
	a := Action{Verb: name}
	for i, n := range args {
		a.Args = append(a.Args, c.argument(part, name, verb.Args[i], n))
	}
	return a
}

// forbidden refuses a verb that these authors may not use.
func (c *compiler[F]) forbidden(part string, verb *Verb, at int) bool {
	if !verb.Forbidden {
		return false
	}
	var allowed []string
	for _, v := range c.set.vocabulary.Verbs {
		if !v.Forbidden {
			allowed = append(allowed, v.Name)
		}
	}
	hint := "allowed are " + strings.Join(allowed, ", ")
	if allowed == nil {
		hint = "no action is"
	}
	c.fail(part, at, NotAllowed, fmt.Sprintf("%s is not allowed here", verb.Name), hint)
	return true
}

// least is how many arguments a verb needs.
func (v *Verb) least() int {
	n := len(v.Args)
	if n > 0 && v.Args[n-1].Optional {
		n--
	}
	return n
}

func arguments(v *Verb) string {
	if len(v.Args) == 0 {
		return "nothing in its brackets"
	}
	names := make([]string, len(v.Args))
	for i, a := range v.Args {
		names[i] = "a " + a.Name
		if a.Optional {
			names[i] = "possibly " + names[i]
		}
	}
	return strings.Join(names, " and ")
}

func (c *compiler[F]) argument(part, verb string, arg Arg, n ast.Node) any {
	at := offset(n)
	switch n := n.(type) {
	case *ast.StringNode:
		if !arg.Number {
			return c.textArgument(part, verb, arg, n.Value, at)
		}
	case *ast.IntegerNode:
		if arg.Number && n.Value >= 1 {
			return float64(n.Value)
		}
	}
	want := "a text in quotes"
	if arg.Number {
		want = "a whole number of at least 1"
	}
	c.fail(part, at, WrongAction, fmt.Sprintf("%s: the %s must be %s", verb, arg.Name, want))
	return nil
}

// textArgument checks a text that an action is told.
func (c *compiler[F]) textArgument(part, verb string, arg Arg, value string, at int) any {
	switch {
	case arg.Values != nil && !slices.Contains(arg.Values, value):
		hint := Meant(value, arg.Values)
		if hint == "" && len(arg.Values) > 0 {
			hint = "there are " + strings.Join(arg.Values, ", ")
		}
		c.fail(part, at, UnknownValue, fmt.Sprintf("%s: there is no %s %q", verb, arg.Name, value), hint)
		return nil
	case strings.TrimSpace(value) == "":
		c.fail(part, at, WrongAction, fmt.Sprintf("%s: the %s is empty", verb, arg.Name))
		return nil
	}
	return value
}
