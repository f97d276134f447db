// Package jsontree reads JSON into a tree that remembers where each part
// stands in its source, and writes such a tree in one pleasant form. It is what
// lets a policy's mistakes be told with line and column: encoding/json knows
// neither places nor duplicate keys.
package jsontree

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A Kind is what a Node holds.
type Kind uint8

// The kinds of JSON values.
const (
	Null Kind = iota
	Bool
	Number
	Text
	List
	Object
)

var kindNames = [...]string{"null", "true or false", "a number", "a text", "a list", "an object"}

// String names the kind as one would in a sentence.
func (k Kind) String() string { return kindNames[k] }

// A Node is one JSON value and its place.
type Node struct {
	Kind    Kind
	Offset  int    // of its first byte
	Text    string // the value of a Text, the spelling of a Number or Bool
	Items   []*Node
	Members []Member
}

// A Member is one key of an Object with its value.
type Member struct {
	Key    string
	Offset int // of the key's first byte
	Value  *Node
}

// Get returns the value of a key of an Object; nil if there is none.
func (n *Node) Get(key string) *Node {
	for _, m := range n.Members {
		if m.Key == key {
			return m.Value
		}
	}
	return nil
}

// Key writes a key as a part of a JSON pointer.
func Key(key string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(key) }

// A SyntaxError says that the source is no JSON.
type SyntaxError struct {
	Offset  int
	Message string
}

func (e *SyntaxError) Error() string { return e.Message }

const maxDepth = 100

// Parse reads one JSON value. The error is a *SyntaxError.
func Parse(src []byte) (*Node, error) {
	if !utf8.Valid(src) {
		return nil, &SyntaxError{invalidAt(src), "this is no UTF-8 text"}
	}
	// The decoder's tokens know less well where a mistake is than Unmarshal does.
	var whole json.RawMessage
	if err := json.Unmarshal(src, &whole); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) && syntax.Error() != "unexpected end of JSON input" {
			return nil, &SyntaxError{max(0, int(syntax.Offset)-1), syntax.Error()}
		}
		return nil, &SyntaxError{len(src), "this ends too early"}
	}
	p := parser{src: src, dec: json.NewDecoder(bytes.NewReader(src))}
	p.dec.UseNumber()
	return p.value(0)
}

func invalidAt(src []byte) int {
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(src)
}

type parser struct {
	src []byte
	dec *json.Decoder
}

// skip returns the offset of the next token.
func (p *parser) skip() int {
	at := int(p.dec.InputOffset())
	for at < len(p.src) && strings.IndexByte(" \t\r\n,:", p.src[at]) >= 0 {
		at++
	}
	return at
}

func (p *parser) token() (json.Token, int, error) {
	at := p.skip()
	t, err := p.dec.Token()
	if err != nil { // numbers out of range and the like
		return nil, 0, &SyntaxError{at, err.Error()}
	}
	return t, at, nil
}

func (p *parser) value(depth int) (*Node, error) {
	t, at, err := p.token()
	if err != nil {
		return nil, err
	}
	return p.after(t, at, depth)
}

func (p *parser) after(t json.Token, at, depth int) (*Node, error) {
	n := &Node{Offset: at}
	switch t := t.(type) {
	case nil:
		n.Kind = Null
	case bool:
		n.Kind, n.Text = Bool, fmt.Sprint(t)
	case json.Number:
		n.Kind, n.Text = Number, t.String()
	case string:
		n.Kind, n.Text = Text, t
	case json.Delim:
		if depth >= maxDepth {
			return nil, &SyntaxError{at, fmt.Sprintf("this is nested more than %d deep", maxDepth)}
		}
		if t == '[' {
			n.Kind = List
			for p.dec.More() {
				item, err := p.value(depth + 1)
				if err != nil {
					return nil, err
				}
				n.Items = append(n.Items, item)
			}
		} else {
			n.Kind = Object
			for p.dec.More() {
				key, at, err := p.token()
				if err != nil {
					return nil, err
				}
				value, err := p.value(depth + 1)
				if err != nil {
					return nil, err
				}
				n.Members = append(n.Members, Member{key.(string), at, value})
			}
		}
		if _, _, err := p.token(); err != nil { // the closing bracket
			return nil, err
		}
	}
	return n, nil
}

// LineCol turns a byte offset of src into line and column, both from 1; columns
// count characters.
func LineCol(src []byte, offset int) (line, col int) {
	before := src[:min(offset, len(src))]
	line = 1 + bytes.Count(before, []byte("\n"))
	return line, 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
}

// Inside returns the byte offset in src of character number chars of the Text
// n, escapes taken into account.
func (n *Node) Inside(src []byte, chars int) int {
	at := n.Offset + 1 // the quote
	for ; chars > 0 && at < len(src) && src[at] != '"'; chars-- {
		switch {
		case src[at] != '\\':
			_, size := utf8.DecodeRune(src[at:])
			at += size
		case at+1 < len(src) && src[at+1] == 'u':
			high := bytes.HasPrefix(bytes.ToLower(src[at+2:min(at+4, len(src))]), []byte("d"))
			at += 6
			if high && at+1 < len(src) && src[at] == '\\' && src[at+1] == 'u' {
				at += 6 // the second half of a surrogate pair
			}
		default:
			at += 2
		}
	}
	return min(at, len(src))
}

// width is how long a line may get before a list or object is broken up.
const width = 112

// Format writes the tree: what fits in a line stays in one, the rest is
// indented by two spaces. Format of what it has written changes nothing.
func Format(n *Node) []byte {
	var b bytes.Buffer
	format(&b, n, 0, 0)
	b.WriteByte('\n')
	return b.Bytes()
}

func format(b *bytes.Buffer, n *Node, indent, before int) {
	line := oneLine(n)
	flat := n.Kind != List && n.Kind != Object || len(n.Items)+len(n.Members) == 0
	if flat || indent > 0 && shallow(n, 2) && indent*2+before+utf8.RuneCountInString(line) < width {
		b.WriteString(line)
		return
	}
	open, closing, count := "[", "]", len(n.Items)
	if n.Kind == Object {
		open, closing, count = "{", "}", len(n.Members)
	}
	b.WriteString(open)
	for i := range count {
		b.WriteString("\n" + strings.Repeat("  ", indent+1))
		if n.Kind == Object {
			key := quote(n.Members[i].Key) + ": "
			b.WriteString(key)
			format(b, n.Members[i].Value, indent+1, len(key))
		} else {
			format(b, n.Items[i], indent+1, 0)
		}
		if i < count-1 {
			b.WriteByte(',')
		}
	}
	b.WriteString("\n" + strings.Repeat("  ", indent) + closing)
}

// shallow reports whether a value is nested less than depth deep.
func shallow(n *Node, depth int) bool {
	if n.Kind != List && n.Kind != Object {
		return true
	}
	if depth == 0 {
		return false
	}
	for _, item := range n.Items {
		if !shallow(item, depth-1) {
			return false
		}
	}
	for _, m := range n.Members {
		if !shallow(m.Value, depth-1) {
			return false
		}
	}
	return true
}

func oneLine(n *Node) string {
	var parts []string
	switch n.Kind {
	case Null:
		return "null"
	case Bool, Number:
		return n.Text
	case Text:
		return quote(n.Text)
	case List:
		for _, item := range n.Items {
			parts = append(parts, oneLine(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	default:
		for _, m := range n.Members {
			parts = append(parts, quote(m.Key)+": "+oneLine(m.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
}

func quote(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}
