package rules

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// A Share is what "80 % of …" means in a condition: ticket.age > 80% of SLA reads as
// sla.resolution.used >= 0.8, with
//
//	Share{Of: "SLA", Instead: "ticket.age", Fact: "sla.resolution.used"}
type Share struct {
	// Of is the whole in the author's words, compared without case.
	Of string
	// Instead is the fact that stands before the comparison.
	Instead string
	// Fact is the fact that is compared instead, 1 for all of it. It turns at the share:
	// > reads as >=, and <= as <.
	Fact string
}

// Conveniences are read before the expr language gets to see a text:
//
//	x = 1                  x == 1
//	AND OR NOT             and or not; NOT x = 1 is not (x == 1)
//	{{threshold}}          param.threshold
//	30m 2d 1h30m           duration("30m") …
//	ticket.age > 80% of X  what the vocabulary says of X
//
// Nothing within quotes and comments is touched; a comment up to the end of a line is left
// out.

// plain is a text without conveniences.
type plain struct {
	text string
	from []int // by character of text, the one of the author's text that it stands for
}

// at returns the place in the author's text of a character of the plain one.
func (p plain) at(offset int) int {
	switch {
	case offset < 0 || len(p.from) == 0:
		return max(offset, 0)
	case offset < len(p.from):
		return p.from[offset]
	}
	return p.from[len(p.from)-1] + 1 + offset - len(p.from)
}

// piece is a token of the author's text.
type piece struct {
	kind     pieceKind
	from, to int // in characters
}

type pieceKind uint8

const (
	other    pieceKind = iota // spaces, quotes, comments, brackets, operators as they are
	space                     // what separates words, comments too
	name                      // ticket.age
	figure                    // 80
	period                    // 30m
	braces                    // {{threshold}}
	operates                  // = == != < <= > >= and %
)

// pieces splits a text. What is between quotes or in a comment is one piece.
func pieces(text []rune) []piece {
	var out []piece
	word := func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
	digit := func(r rune) bool { return r >= '0' && r <= '9' }
	at := func(i int) rune {
		if i < len(text) {
			return text[i]
		}
		return 0
	}
	for i := 0; i < len(text); {
		from, kind := i, other
		switch r := text[i]; {
		case unicode.IsSpace(r):
			kind = space
			for unicode.IsSpace(at(i)) {
				i++
			}
		case r == '"' || r == '\'' || r == '`':
			i = closing(text, i) + 1
		case r == '/' && at(i+1) == '/':
			kind = space
			for i < len(text) && text[i] != '\n' {
				i++
			}
		case r == '/' && at(i+1) == '*':
			kind = space
			for i += 2; i < len(text) && (text[i] != '*' || at(i+1) != '/'); i++ {
			}
			i += 2
		case r == '{' && at(i+1) == '{':
			end := i + 2
			for end < len(text) && (word(text[end]) || text[end] == ' ') {
				end++
			}
			if i += 2; at(end) == '}' && at(end+1) == '}' {
				i, kind = end+2, braces
			}
		case digit(r):
			i, kind = readNumber(text, i, word, digit)
		case word(r):
			kind = name
			for word(at(i)) || at(i) == '.' && (unicode.IsLetter(at(i+1)) || at(i+1) == '_') {
				i++
			}
		case strings.ContainsRune("=!<>%", r):
			kind = operates
			if i++; r != '%' && at(i) == '=' {
				i++
			}
		case r == '.': // before a name or a digit: part of neither
			i++
			for word(at(i)) {
				i++
			}
		default:
			i++
		}
		i = min(i, len(text))
		out = append(out, piece{kind, from, i})
	}
	return out
}

// closing returns where the quote at i is closed, the end of the text if it never is.
func closing(text []rune, i int) int {
	for end := i + 1; end < len(text); end++ {
		switch {
		case text[end] == '\\' && text[i] != '`':
			end++
		case text[end] == text[i]:
			return end
		}
	}
	return len(text)
}

// readNumber reads a number, or a period: a number with letters after it, but for those
// that belong to it (0xff, 1e6).
func readNumber(text []rune, i int, word, digit func(rune) bool) (int, pieceKind) {
	at := func(i int) rune {
		if i < len(text) {
			return text[i]
		}
		return 0
	}
	if text[i] == '0' && strings.ContainsRune("xXbBoO", at(i+1)) && at(i+1) != 0 {
		for word(at(i)) {
			i++
		}
		return i, other
	}
	digits := func() {
		for digit(at(i)) || at(i) == '_' || at(i) == '.' && digit(at(i+1)) {
			i++
		}
	}
	digits()
	if e := at(i); (e == 'e' || e == 'E') && (digit(at(i+1)) || strings.ContainsRune("+-", at(i+1)) && digit(at(i+2))) {
		i += 2
		digits()
		return i, other
	}
	if !word(at(i)) {
		return i, figure
	}
	for word(at(i)) || at(i) == '.' && digit(at(i+1)) {
		i++
	}
	return i, period
}

// sweetener writes a plain text and remembers where each character comes from.
type sweetener struct {
	text  []rune // the author's
	out   strings.Builder
	from  []int
	added bool // it differs
}

// keep copies a piece.
func (s *sweetener) keep(p piece) {
	for i := p.from; i < p.to; i++ {
		s.out.WriteRune(s.text[i])
		s.from = append(s.from, i)
	}
}

// put writes something instead of what stands from one place to another.
func (s *sweetener) put(text string, p piece) {
	s.added = true
	n := 0
	for _, r := range text {
		s.out.WriteRune(r)
		s.from = append(s.from, min(p.from+n, max(p.from, p.to-1)))
		n++
	}
}

// infix are words that stand between two values.
var infix = []string{"in", "contains", "startsWith", "endsWith", "matches", "let", "if", "else"}

// desugar takes the conveniences out of a condition. Not ok: a mistake was told.
func (c *compiler[F]) desugar(part, text string) (plain, bool) {
	s := sweetener{text: []rune(text)}
	list := pieces(s.text)
	let, ok := false, true
	depth := 0     // of brackets
	var nots []int // the depths of the brackets that NOT has opened
	shut := func(p piece) {
		for len(nots) > 0 && nots[len(nots)-1] == depth {
			s.put(")", piece{from: p.from, to: p.from + 1})
			nots = nots[:len(nots)-1]
		}
	}
	operand := false // what stands before is a value, so NOT belongs to what follows, as in x NOT IN
	for i := 0; i < len(list); i++ {
		p := list[i]
		word := string(s.text[p.from:p.to])
		joint := p.kind == name && (strings.EqualFold(word, "and") || strings.EqualFold(word, "or"))
		negates := p.kind == name && strings.EqualFold(word, "not")
		pipe := word == "|" && (p.from == 0 || s.text[p.from-1] != '|') && (p.to == len(s.text) || s.text[p.to] != '|')
		switch {
		case joint, p.kind == other && strings.Contains(",;?:&|", word) && !pipe:
			shut(p)
		case p.kind == other && strings.Contains("([{", word):
			if word == "{" { // of an if
				shut(p)
			}
			depth++
		case p.kind == other && strings.Contains(")]}", word):
			shut(p)
			depth--
		}
		before := operand
		if p.kind != space {
			operand = p.kind == name && !joint && !negates && !slices.Contains(infix, word) ||
				p.kind == figure || p.kind == period || p.kind == braces || p.kind == other && strings.Contains(`#)]}"'`+"`", word[len(word)-1:])
		}
		switch {
		case p.kind == space && strings.HasPrefix(word, "//"):
			s.put(" ", p) // or what is put in at the end would be a part of the comment
		case negates && word != "not" && !before:
			s.put("not (", p)
			nots = append(nots, depth)
		case p.kind == name && word == "let":
			let = true
			s.keep(p)
		case joint, negates:
			s.put(strings.ToLower(word), p)
		case p.kind == operates && word == "=" && !let:
			s.put("==", p)
		case p.kind == operates && word == "=":
			let = false
			s.keep(p)
		case p.kind == braces:
			s.put("param."+strings.TrimSpace(word[2:len(word)-2]), p)
		case p.kind == period:
			// The quote in front stands for no character, so that what is wrong with the
			// duration is found at its own.
			s.put(`duration("`, piece{from: p.from, to: p.from + 1})
			s.keep(p)
			s.put(`")`, piece{from: p.to - 1, to: p.to})
		case p.kind == name:
			next, good := c.share(&s, part, list, i)
			ok = ok && good
			if next > i {
				i = next
				break
			}
			s.keep(p)
		default:
			s.keep(p)
		}
	}
	for range nots {
		s.put(")", piece{from: max(0, len(s.text)-1), to: len(s.text)})
	}
	if !s.added {
		return plain{text: text}, ok
	}
	return plain{s.out.String(), s.from}, ok
}

// share reads `ticket.age > 80% of SLA` from its first piece on. It returns its last
// piece, and i if there is no such thing.
func (c *compiler[F]) share(s *sweetener, part string, list []piece, i int) (last int, ok bool) {
	next := func(i int) int { // the piece after i that is no space
		for i++; i < len(list) && list[i].kind == space; i++ {
		}
		return i
	}
	is := func(i int, kind pieceKind) bool { return i < len(list) && list[i].kind == kind }
	text := func(i int) string { return string(s.text[list[i].from:list[i].to]) }
	op := next(i)
	amount := next(op)
	percent := next(amount)
	of := next(percent)
	if !is(op, operates) || !is(amount, figure) || !is(percent, operates) || text(percent) != "%" || !is(of, name) || !strings.EqualFold(text(of), "of") {
		return i, true
	}
	for before := i - 1; before >= 0; before-- {
		if list[before].kind == space {
			continue
		}
		if list[before].kind == operates || strings.ContainsAny(text(before), "+-*/^") {
			c.fail(part, list[i].from, TimeShape, "a comparison with a share stands by itself", "write both comparisons, with AND between them")
			return i, false
		}
		break
	}
	// The words of the whole, as many as it has; unknown ones up to where they end.
	longest := 1
	for _, share := range c.set.vocabulary.Shares {
		longest = max(longest, len(strings.Fields(share.Of)))
	}
	var words []string
	var ends []int
	for at := next(of); is(at, name) && len(words) <= longest && !strings.Contains(" AND OR NOT and or not THEN ", " "+text(at)+" "); at = next(at) {
		words, ends = append(words, text(at)), append(ends, at)
	}
	fact := text(i)
	var wholes, instead []string
	for n := len(words); n > 0; n-- {
		for _, share := range c.set.vocabulary.Shares {
			if !strings.EqualFold(share.Of, strings.Join(words[:n], " ")) {
				continue
			}
			if share.Instead != fact {
				instead = append(instead, share.Instead)
				continue
			}
			turn := map[string]string{">": ">=", ">=": ">=", "<": "<", "<=": "<"}[text(op)]
			if turn == "" {
				c.fail(part, list[op].from, TimeShape, fmt.Sprintf("%s is compared with a share by > or <, not by %s", fact, text(op)))
				return ends[n-1], false
			}
			s.put(share.Fact, list[i])
			s.put(" "+turn+" ", list[op])
			s.put(text(amount)+"e-2", list[amount])
			return ends[n-1], true
		}
	}
	for _, share := range c.set.vocabulary.Shares {
		wholes = append(wholes, share.Of)
	}
	last, place, whole := of, list[of].from, strings.Join(words, " ")
	if len(ends) > 0 {
		last, place = ends[len(ends)-1], list[next(of)].from
	}
	switch {
	case whole == "":
		c.fail(part, list[percent].to, Syntax, "something is missing after of", "there are shares of "+strings.Join(wholes, ", "))
	case len(instead) > 0:
		c.fail(part, list[i].from, TimeShape, fmt.Sprintf("%s is not compared with a share of %s", fact, whole), fmt.Sprintf("write %s", instead[0]))
	default:
		hint := Meant(whole, wholes)
		if hint == "" && len(wholes) > 0 {
			hint = "there are shares of " + strings.Join(wholes, ", ")
		}
		c.fail(part, place, UnknownName, fmt.Sprintf("there is no %q to have a share of", whole), hint)
	}
	return last, false
}
