package rules

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// identity returns a text that two trees share only if they are alike. What is printed
// for people does not do: brackets and the scopes of let can get lost there.
func identity(n ast.Node) string {
	var v postfix
	ast.Walk(&n, &v)
	return v.out.String()
}

// postfix writes each node after its parts, and how many these are where that varies.
type postfix struct{ out strings.Builder }

func (v *postfix) Visit(node *ast.Node) {
	say := func(kind string, of ...any) {
		v.out.WriteString(kind)
		for _, x := range of {
			fmt.Fprintf(&v.out, "%#v,", x)
		}
		v.out.WriteByte('\n')
	}
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		say("name", n.Value)
	case *ast.IntegerNode:
		say("whole", n.Value)
	case *ast.FloatNode:
		say("number", n.Value)
	case *ast.BoolNode:
		say("bool", n.Value)
	case *ast.StringNode:
		say("text", n.Value)
	case *ast.BytesNode:
		say("bytes", string(n.Value))
	case *ast.UnaryNode:
		say("unary", n.Operator)
	case *ast.BinaryNode:
		say("binary", n.Operator)
	case *ast.MemberNode:
		say("member", n.Optional, n.Method)
	case *ast.SliceNode:
		say("slice", n.From != nil, n.To != nil)
	case *ast.CallNode:
		say("call", len(n.Arguments))
	case *ast.BuiltinNode:
		say("builtin", n.Name, len(n.Arguments))
	case *ast.PointerNode:
		say("pointer", n.Name)
	case *ast.VariableDeclaratorNode:
		say("let", n.Name)
	case *ast.SequenceNode:
		say("sequence", len(n.Nodes))
	case *ast.ArrayNode:
		say("array", len(n.Nodes))
	case *ast.MapNode:
		say("map", len(n.Pairs))
	default: // the type says all
		say(fmt.Sprintf("%T", n))
	}
}
