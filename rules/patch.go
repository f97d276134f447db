package rules

import (
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"
)

// patcher rewrites a clause into what expr shall run: constants and durations
// in place of their names, keyword lists as reads of their hits, ranges as two
// comparisons, texts that compare without case in lower case. Children come
// before their parents.
type patcher[F any] struct{ *compiler[F] }

func (p *patcher[F]) Visit(n *ast.Node) {
	switch node := (*n).(type) {
	case *ast.MemberNode, *ast.IdentifierNode:
		path, _ := pathOf(node)
		switch v := p.set.vocabulary.Constants[path].(type) {
		case float64:
			ast.Patch(n, &ast.FloatNode{Value: v})
		case string:
			ast.Patch(n, &ast.StringNode{Value: v})
		case bool:
			ast.Patch(n, &ast.BoolNode{Value: v})
		}
		switch f := p.facts[path]; {
		case f != nil && f.In != "":
			ast.Patch(n, &ast.MemberNode{Node: pathNode(f.In), Property: &ast.IntegerNode{Value: f.Entry}})
		case f != nil && f.Path != "":
			ast.Patch(n, pathNode(f.Path))
		}
	case *ast.BuiltinNode:
		if s, ok := literalCall(node, "duration"); ok {
			if d, err := ParseDuration(s.Value); err == nil {
				ast.Patch(n, &ast.ConstantNode{Value: d})
			}
		}
		if s, ok := literalCall(node, "date"); ok {
			if t, err := parseDate(s.Value); err == nil {
				ast.Patch(n, &ast.ConstantNode{Value: t})
			}
		}
		if name := p.instead[node]; name != "" {
			ast.Patch(n, &ast.CallNode{Callee: &ast.IdentifierNode{Value: name}, Arguments: node.Arguments})
		}
		if p.mixed[node] { // expr takes the result for a whole number if the first one is
			ast.Patch(n, &ast.BuiltinNode{Name: "float", Arguments: []ast.Node{node}})
		}
	case *ast.UnaryNode:
		if c, ok := node.Node.(*ast.ConstantNode); ok && node.Operator == "-" {
			if d, ok := c.Value.(time.Duration); ok {
				ast.Patch(n, &ast.ConstantNode{Value: -d})
			}
		}
	case *ast.CallNode: // known never gets here
		for i, arg := range node.Arguments {
			if p.floats[arg] {
				ast.Patch(&node.Arguments[i], &ast.BuiltinNode{Name: "float", Arguments: []ast.Node{arg}})
			}
		}
		if name, _ := pathOf(node.Callee); p.calls[name] != nil {
			for i, arg := range node.Arguments {
				if array, ok := arg.(*ast.ArrayNode); ok {
					ast.Patch(&node.Arguments[i], &ast.ConstantNode{Value: literalTexts(array)})
				}
			}
			break
		}
		if words, ok := literalWords(node); ok {
			p.hit(n, p.list(words))
		}
	case *ast.BinaryNode:
		if name := p.instead[node]; name != "" {
			ast.Patch(n, &ast.CallNode{Callee: &ast.IdentifierNode{Value: name}, Arguments: []ast.Node{node.Left, node.Right}})
			break
		}
		p.binary(n, node)
	}
}

// literalTexts are the entries of a list of texts that are written out.
func literalTexts(array *ast.ArrayNode) []string {
	texts := make([]string, 0, len(array.Nodes))
	for _, item := range array.Nodes {
		if s, ok := item.(*ast.StringNode); ok {
			texts = append(texts, s.Value)
		}
	}
	return texts
}

// hit reads the answer for a keyword list; if nobody has looked for it, no.
func (p *patcher[F]) hit(n *ast.Node, number int) {
	answers := p.set.vocabulary.Keywords
	ast.Patch(n, &ast.BinaryNode{
		Operator: "and",
		Left: &ast.BinaryNode{
			Operator: ">", Right: &ast.IntegerNode{Value: number},
			Left: &ast.BuiltinNode{Name: "len", Arguments: []ast.Node{pathNode(answers)}},
		},
		Right: &ast.MemberNode{Node: pathNode(answers), Property: &ast.IntegerNode{Value: number}},
	})
}

func (p *patcher[F]) binary(n *ast.Node, node *ast.BinaryNode) {
	if bounds, ok := node.Right.(*ast.BinaryNode); ok && bounds.Operator == ".." {
		ast.Patch(n, &ast.BinaryNode{
			Operator: "and",
			Left:     &ast.BinaryNode{Operator: ">=", Left: node.Left, Right: bounds.Left},
			Right:    &ast.BinaryNode{Operator: "<=", Left: node.Left, Right: bounds.Right},
		})
		return
	}
	for _, side := range [][2]*ast.Node{{&node.Left, &node.Right}, {&node.Right, &node.Left}} {
		path, _ := pathOf(*side[0])
		f := p.facts[path]
		if f == nil || f.Folded == "" {
			continue
		}
		if pattern, ok := (*side[1]).(*ast.StringNode); ok && node.Operator == "matches" {
			ast.Patch(side[1], &ast.StringNode{Value: "(?i)" + pattern.Value})
			continue
		}
		ast.Patch(side[0], pathNode(f.Folded))
		fold(side[1])
	}
}

func fold(n *ast.Node) {
	switch node := (*n).(type) {
	case *ast.StringNode:
		ast.Patch(n, &ast.StringNode{Value: strings.ToLower(node.Value)})
	case *ast.ArrayNode:
		for i := range node.Nodes {
			fold(&node.Nodes[i])
		}
	}
}

func pathNode(path string) ast.Node {
	var n ast.Node
	for i, name := range strings.Split(path, ".") {
		if i == 0 {
			n = &ast.IdentifierNode{Value: name}
		} else {
			n = &ast.MemberNode{Node: n, Property: &ast.StringNode{Value: name}}
		}
	}
	return n
}
