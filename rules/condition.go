package rules

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	bytecode "github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/optimizer"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"
	"github.com/expr-lang/expr/vm"
)

// condition reads the text of an If. It returns the condition taken apart and
// the names of the facts that it reads.
func (c *compiler[F]) condition(text string) (cond[F], []string) {
	c.begin(text)
	if strings.TrimSpace(text) == "" {
		c.fail("/if", 0, Missing, "a rule needs a condition")
		return cond[F]{}, nil
	}
	if c.tooLong("/if") {
		return cond[F]{}, nil
	}
	if sweet, ok := c.desugar("/if", text); ok {
		c.plain = sweet
	} else {
		return cond[F]{}, nil
	}
	tree := c.parse("/if")
	if tree == nil {
		return cond[F]{}, nil
	}
	r := reader[F]{compiler: c}
	r.want(tree.Node, r.read(tree.Node, scope{clause: true}), yesNo)
	r.follow(tree.Node)
	if len(c.errs) > c.failed {
		slices.SortStableFunc(c.errs[c.failed:], func(a, b *Error) int { return cmp.Compare(a.Offset, b.Offset) })
		return cond[F]{}, nil
	}
	c.steps = 0 // the clauses are read once more
	when := c.takeApart(tree.Node)
	var names []string
	for _, f := range r.reads {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return when, slices.Compact(names)
}

// parse turns the plain text into a tree; nil when there is something wrong with it,
// which has been told.
func (c *compiler[F]) parse(part string) *parser.Tree {
	if c.tooDeep(part) {
		return nil
	}
	tree, err := parser.ParseWithConfig(c.plain.text, c.grammar)
	if err != nil {
		c.failExpr(part, Syntax, err)
		return nil
	}
	return tree
}

// tooLong refuses a text before anything goes through it.
func (c *compiler[F]) tooLong(part string) bool {
	if most := c.limits.Source; len(c.text) > most {
		c.fail(part, 0, TooLarge, fmt.Sprintf("this is %d bytes long; %d are the most", len(c.text), most), "the limit is Limits.Source")
		return true
	}
	return false
}

// tooDeep refuses what must not reach the parser: it keeps its place on the stack,
// and Go cannot recover from a stack that is used up.
func (c *compiler[F]) tooDeep(part string) bool {
	tokens, err := lexer.Lex(file.NewSource(c.plain.text))
	if err != nil {
		c.failExpr(part, Syntax, err)
		return true
	}
	brackets, signs, branches := 0, 0, 0
	for _, t := range tokens {
		switch {
		case t.Is(lexer.Bracket, "(", "[", "{"):
			brackets++
		case t.Is(lexer.Bracket):
			brackets--
		case t.Is(lexer.Operator, "?", "?:", "if", "let"):
			branches++
		}
		if t.Is(lexer.Operator, "not", "!", "-", "+") {
			signs++
		} else {
			signs = 0
		}
		if max(brackets, signs, branches) > c.limits.Nesting {
			c.fail(part, t.From, TooLarge, fmt.Sprintf("this is nested more than %d deep", c.limits.Nesting), "the limit is Limits.Nesting")
			return true
		}
	}
	return false
}

func (c *compiler[F]) takeApart(n ast.Node) cond[F] {
	switch n := n.(type) {
	case *ast.BinaryNode:
		if op := joins(n); op != isClause {
			left, right := c.takeApart(n.Left), c.takeApart(n.Right)
			var kids []cond[F]
			for _, side := range []cond[F]{left, right} {
				switch {
				case side.op != op:
					kids = append(kids, side)
				case kids == nil: // long chains lean to the left: they grow in place
					kids = side.kids
				default:
					kids = append(kids, side.kids...)
				}
			}
			return cond[F]{op: op, kids: kids}
		}
	case *ast.UnaryNode:
		if negates(n) && !isInfix(n) {
			return cond[F]{op: isNot, kids: []cond[F]{c.takeApart(n.Node)}}
		}
	}
	return cond[F]{leaf: c.clause(n)}
}

// joins tells and from or; isClause is neither.
func joins(n *ast.BinaryNode) operator {
	switch n.Operator {
	case "and", "&&":
		return isAnd
	case "or", "||":
		return isOr
	}
	return isClause
}

func negates(n *ast.UnaryNode) bool { return n.Operator == "not" || n.Operator == "!" }

// isInfix tells the operators not in, not contains and so on, which the parser
// puts at one place with what they negate, from a not in front.
func isInfix(n *ast.UnaryNode) bool {
	b, ok := n.Node.(*ast.BinaryNode)
	return ok && n.Operator == "not" && n.Location() == b.Location() && joins(b) == isClause
}

// clause compiles what stands between and, or and not; equal clauses of all
// rules are one.
func (c *compiler[F]) clause(n ast.Node) *clause[F] {
	id := identity(n)
	if c.polls { // what moves in it is not looked at
		id += "poll"
	}
	if same := c.clauses[id]; same != nil {
		return same
	}
	r := reader[F]{compiler: c}
	r.read(n, scope{clause: true})
	out := &clause[F]{text: spell(n), lists: r.lists, fails: r.hosts}
	c.clauses[id] = out
	r.leaf = out
	r.follow(n)
	for _, f := range r.reads {
		if !slices.Contains(out.reads, f) {
			out.reads = append(out.reads, f)
		}
	}
	slices.Sort(r.constants)
	out.constants = slices.Compact(r.constants)
	if fact := c.knownCall(n); fact != nil {
		out.known = fact
		if fact.Turns != nil {
			out.turns = []*Fact[F]{fact}
		}
		return out
	}
	for _, f := range out.reads {
		if f.Known != nil {
			out.needs = append(out.needs, f)
		}
	}
	out.atom = c.classify(n) // before the program is made, which changes the tree
	program, err := c.program(n, c.config)
	if err != nil {
		c.failExpr("/if", WrongType, err)
	}
	out.program = program
	return out
}

// program hands a clause to expr. What it does must not depend on anything but
// the facts.
func (c *compiler[F]) program(n ast.Node, config *conf.Config) (*vm.Program, error) {
	tree := &parser.Tree{Node: n, Source: file.NewSource(c.plain.text)}
	ast.Walk(&tree.Node, &patcher[F]{c})
	if _, err := checker.Check(tree, config); err != nil {
		return nil, err
	}
	if err := optimizer.Optimize(&tree.Node, config); err != nil {
		return nil, err
	}
	return bytecode.Compile(tree, config)
}

// spell writes a node as people read it.
func spell(n ast.Node) string { return written.ReplaceAllString(verbatim(n), "$1") }

// verbatim writes a node as expr reads it.
func verbatim(n ast.Node) string {
	text := n.String()
	if u, ok := n.(*ast.UnaryNode); ok && isInfix(u) {
		b := u.Node.(*ast.BinaryNode)
		for _, left := range []string{b.Left.String(), "(" + b.Left.String() + ")"} {
			if right, ok := strings.CutPrefix(b.String(), left+" "+b.Operator); ok {
				return left + " not " + b.Operator + right
			}
		}
	}
	return text
}

// written is how a duration that is written out reaches expr.
var written = regexp.MustCompile(`\bduration\("([0-9.dhmsnuµμ]+)"\)`)

// quote is spell within the bounds of a message.
func quote(n ast.Node) string {
	const most = 60
	whole := verbatim(n)
	text := []rune(written.ReplaceAllString(whole[:min(len(whole), 8*most)], "$1"))
	if len(text) > most {
		return string(text[:most-1]) + "…"
	}
	return string(text)
}

// pathOf returns the dotted name that a node spells.
func pathOf(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return n.Value, true
	case *ast.MemberNode:
		property, ok := n.Property.(*ast.StringNode)
		if !ok || n.Optional {
			return "", false
		}
		base, ok := pathOf(n.Node)
		return base + "." + property.Value, ok
	}
	return "", false
}

// offset is where the leftmost part of a node begins: expr places an operation
// at its operator.
func offset(n ast.Node) int {
	first := leftmost{-1}
	ast.Walk(&n, &first)
	return max(first.at, 0)
}

type leftmost struct{ at int }

func (l *leftmost) Visit(n *ast.Node) {
	if c, ok := (*n).(*ast.ConditionalNode); ok && !c.Ternary {
		return // the parser does not say where an if begins
	}
	if from := (*n).Location().From; l.at < 0 || from < l.at {
		l.at = from
	}
}

// failExpr records what expr found.
func (c *compiler[F]) failExpr(part string, code Code, err error) {
	at, ok := errors.AsType[*file.Error](err)
	if !ok {
		at = &file.Error{Message: err.Error()}
	}
	message := at.Message
	if strings.HasSuffix(message, "exceeds maximum allowed nodes") {
		code, message = TooLarge, fmt.Sprintf("this has more than %d parts", c.limits.Cost)
	}
	if strings.Contains(message, "value out of range") {
		message = "this number is too large"
	}
	message = strings.ReplaceAll(message, "unexpected token EOF", "something is missing at the end")
	message = strings.ReplaceAll(message, "literal not terminated", "this text has no closing quote")
	message = token.ReplaceAllString(message, "$1")
	here := []rune(c.text)
	here = here[min(c.plain.at(at.From), len(here)):]
	said := string(here[:min(len(here), wordAt(string(here), 0))])
	if found, ok := strings.CutPrefix(message, "unexpected token "); ok && part == "/if" {
		// What stands for a convenience is not what the author wrote.
		switch quoted, err := strconv.Unquote(found); {
		case err != nil || strings.HasPrefix(said, quoted):
		case quoted == ")":
			message = "something is missing here"
		default:
			message = fmt.Sprintf("unexpected token %q", said)
		}
	}
	c.fail(part, at.From, code, message, hintFor(part, message, said, c.text))
}

// slips are what people write who come from other languages or from prose: the word at
// which the parser stops, or what the text has there.
var slips = map[string]string{
	"minutes": "write 30m", "minute": "write 1m", "hours": "write 4h", "hour": "write 1h", "days": "write 2d", "day": "write 1d",
	"percent": "write 80%", "is": "write ==", "equals": "write ==", "between": "write x >= 1 AND x <= 3", "like": "write contains",
	"in": "write in", "contains": "write contains", "startswith": "write startsWith", "endswith": "write endsWith", "matches": "write matches",
	"“": `write "`, "”": `write "`, "„": `write "`, "‘": `write "`, "’": `write "`, "≥": "write >=", "≤": "write <=", "≠": "write !=", "–": "write -",
}

func hintFor(part, message, said, text string) string {
	if strings.HasPrefix(part, "/then") && strings.HasPrefix(message, "unexpected token ") {
		return `an action is a call, such as notify("manager")`
	}
	if strings.HasSuffix(message, " parts") {
		return "the limit is Limits.Cost"
	}
	if strings.Contains(message, "a map key must be") {
		return "a parameter is {{name}} or param.name"
	}
	if hint := slips[strings.ToLower(said)]; hint != "" && said != strings.TrimPrefix(hint, "write ") {
		return hint
	}
	switch {
	case strings.Contains(text, "<>"):
		return "write != for <>"
	case strings.Contains(text, "=>"):
		return "write >= for =>"
	case strings.Contains(text, "==="):
		return "write == for ==="
	case thousands.MatchString(text):
		return "write 1000 for 1,000"
	case percent.MatchString(text):
		return "a share is ticket.age > 80% of SLA, or a part such as 0.8"
	}
	return ""
}

var (
	thousands = regexp.MustCompile(`\d,\d{3}\b`)
	percent   = regexp.MustCompile(`\d\s*%`)
)

// token is how expr names a piece of text in a message.
var token = regexp.MustCompile(`\b(?:Operator|Bracket|Identifier|Number|String|Bytes)\((".*?[^\\]")\)`)
