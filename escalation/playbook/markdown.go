package playbook

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A piece is a part of the source and where it begins, in bytes.
type piece struct {
	text string
	at   int
}

// trim takes blanks from both ends.
func (p piece) trim() piece {
	left := strings.TrimLeftFunc(p.text, unicode.IsSpace)
	return piece{strings.TrimRightFunc(left, unicode.IsSpace), p.at + len(p.text) - len(left)}
}

// from is what is left behind n bytes, without blanks.
func (p piece) from(n int) piece { return piece{p.text[n:], p.at + n}.trim() }

// until is what stands before byte n, without blanks.
func (p piece) until(n int) piece { return piece{p.text[:n], p.at}.trim() }

// split cuts a piece at each of the bytes in cutters, but not within parentheses.
func (p piece) split(cutters string) []piece {
	var out []piece
	begin, depth := 0, 0
	for i := 0; i <= len(p.text); i++ {
		switch {
		case i < len(p.text) && p.text[i] == '(':
			depth++
		case i < len(p.text) && p.text[i] == ')':
			depth--
		case i == len(p.text), depth <= 0 && strings.IndexByte(cutters, p.text[i]) >= 0 && (i == 0 || p.text[i-1] != '\\'):
			if part := (piece{p.text[begin:i], p.at + begin}).trim(); part.text != "" {
				out = append(out, part)
			}
			begin = i + 1
		}
	}
	return out
}

// The kinds of blocks.
type blockKind uint8

const (
	paragraph blockKind = iota
	heading             // ## Text, or underlined
	title               // a line in bold
	item                // of a list
	table
	fence
	quote // what stands behind > is prose, whatever it looks like
	rule  // a line across
)

// A block is a part of a document: lines first to last, counted from 0.
type block struct {
	kind        blockKind
	first, last int
	level       int // of a heading, 1 to 6; of an item, the columns before it
	// text is what it says: of a fence what stands in it, of a table nothing.
	text piece
	info string    // of a fence, in lower case
	rows [][]piece // of a table, the head first
	open bool      // a fence that nothing closes
}

// source is a document as lines, with the places of its characters.
type source struct {
	name   string
	text   string
	starts []int // of lines
	cursor struct{ line, at, col int }
}

func newSource(name, text string) *source {
	s := &source{name: name, text: text, starts: []int{0}}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			s.starts = append(s.starts, i+1)
		}
	}
	return s
}

// lineCol returns the line and the column of a byte, from 1, the column in characters.
func (s *source) lineCol(at int) (line, col int) {
	line = sort.SearchInts(s.starts, at+1)
	start := s.starts[line-1]
	if c := &s.cursor; c.line != line || c.at > at { // many places on one long line are asked for in order
		*c = struct{ line, at, col int }{line, start, 1}
		if start == 0 && strings.HasPrefix(s.text, "\ufeff") && at > 0 {
			c.at = len("\ufeff") // which no editor shows
		}
	}
	if at > s.cursor.at {
		s.cursor.col += utf8.RuneCountInString(s.text[s.cursor.at:at])
		s.cursor.at = at
	}
	return line, s.cursor.col
}

// line returns a line without its end.
func (s *source) line(i int) piece {
	end := len(s.text)
	if i+1 < len(s.starts) {
		end = s.starts[i+1] - 1
	}
	text, at := strings.TrimSuffix(s.text[s.starts[i]:end], "\r"), s.starts[i]
	if i == 0 {
		bare := strings.TrimPrefix(text, "\ufeff")
		text, at = bare, at+len(text)-len(bare)
	}
	return piece{text, at}
}

// between returns the text from the beginning of a line to that of another.
func (s *source) between(from, to int) piece {
	begin, end := len(s.text), len(s.text)
	if from < len(s.starts) {
		begin = s.starts[from]
	}
	if to < len(s.starts) {
		end = s.starts[to]
	}
	return piece{s.text[begin:max(begin, end)], begin}
}

// scan reads the blocks of a document in one pass.
func scan(s *source) []block {
	var out []block
	going := false // the last block may go on in this line
	for i := 0; i < len(s.starts); i++ {
		whole := s.line(i)
		text := whole.trim()
		columns := 0
		for _, r := range whole.text[:text.at-whole.at] {
			columns++
			if r == '\t' {
				columns += 3
			}
		}
		last := len(out) - 1
		b := block{first: i, last: i, text: text}
		switch {
		case text.text == "":
			going = false
			continue
		case isFence(text.text) > 0:
			b = readFence(s, i, text)
			i = b.last
		case strings.HasPrefix(text.text, ">"):
			if going && out[last].kind == quote {
				out[last].last = i
				out[last].text = piece{s.text[out[last].text.at : text.at+len(text.text)], out[last].text.at}
				continue
			}
			b.kind = quote
		case isHeading(text.text) > 0:
			b.kind, b.level = heading, isHeading(text.text)
			b.text = text.from(b.level)
			if closed := strings.TrimRight(b.text.text, "#"); closed == "" || closed != b.text.text && strings.HasSuffix(closed, " ") {
				b.text = b.text.until(len(closed))
			}
			b.text = bare(b.text)
		case going && out[last].kind == paragraph && out[last].first == out[last].last && isUnderline(text.text):
			out[last].kind, out[last].level, out[last].last = heading, 1, i
			if text.text[0] == '-' {
				out[last].level = 2
			}
			out[last].text = bare(out[last].text)
			going = false
			continue
		case isAcross(text.text):
			b.kind = rule
		case startsTable(s, i, text.text):
			b = readTable(s, i)
			i = b.last
		case itemMark(text.text) > 0:
			b.kind, b.level, b.text = item, columns, text.from(itemMark(text.text))
		case isBold(text.text):
			b.kind, b.text = title, bare(text)
		case going && (out[last].kind == paragraph || out[last].kind == item):
			out[last].last = i
			out[last].text = piece{s.text[out[last].text.at : text.at+len(text.text)], out[last].text.at}
			continue
		}
		out = append(out, b)
		going = b.kind == paragraph || b.kind == item || b.kind == quote
	}
	return out
}

// isFence returns how many marks open or close a fence, 0 if the line does not.
func isFence(text string) int {
	n := len(text) - len(strings.TrimLeft(text, text[:1]))
	if n < 3 || text[0] != '`' && text[0] != '~' || text[0] == '`' && strings.Contains(text[n:], "`") {
		return 0
	}
	return n
}

func readFence(s *source, first int, opening piece) block {
	n := isFence(opening.text)
	b := block{kind: fence, first: first, open: true, info: strings.ToLower(strings.TrimSpace(opening.text[n:]))}
	b.last = len(s.starts) - 1
	end := b.last + 1
	for i := first + 1; i < len(s.starts); i++ {
		text := s.line(i).trim().text
		if text != "" && text[0] == opening.text[0] && isFence(text) >= n && strings.Trim(text, text[:1]) == "" {
			b.open, b.last, end = false, i, i
			break
		}
	}
	b.text = s.between(first+1, end)
	return b
}

func isHeading(text string) int {
	n := len(text) - len(strings.TrimLeft(text, "#"))
	if n < 1 || n > 6 || len(text) > n && text[n] != ' ' && text[n] != '\t' && !strings.HasPrefix(text[n:], "\u00a0") {
		return 0
	}
	return n
}

func isUnderline(text string) bool {
	return strings.Trim(text, "=") == "" || len(text) > 1 && strings.Trim(text, "-") == ""
}

func isAcross(text string) bool {
	marks := strings.ReplaceAll(text, " ", "")
	return len(marks) >= 3 && strings.ContainsAny(marks[:1], "-*_") && strings.Trim(marks, marks[:1]) == ""
}

// itemMark returns how long the mark of an item is: "- ", "12. ".
func itemMark(text string) int {
	for _, mark := range []string{"-", "*", "+", "•"} {
		if rest, ok := strings.CutPrefix(text, mark); ok && rest != "" && strings.TrimLeftFunc(rest, unicode.IsSpace) != rest {
			return len(mark)
		}
	}
	n := len(text) - len(strings.TrimLeft(text, "0123456789"))
	if n > 0 && n < 10 && len(text) > n+1 && (text[n] == '.' || text[n] == ')') && text[n+1] == ' ' {
		return n + 1
	}
	return 0
}

// isBold reports whether all of a line is in bold, but for a colon behind it.
func isBold(text string) bool {
	text = strings.TrimSuffix(text, ":")
	return len(text) > 4 && strings.HasPrefix(text, "**") && strings.HasSuffix(text, "**") && !strings.Contains(text[2:len(text)-2], "**")
}

// bare takes the marks of bold from around a title.
func bare(p piece) piece {
	if isBold(p.text) {
		p = p.until(len(strings.TrimSuffix(p.text, ":")))
		return p.until(len(p.text) - 2).from(2)
	}
	return p
}

// startsTable wants a line with pipes and below it the line that sets the columns; where
// pipes stand on both sides it is a table without that.
func startsTable(s *source, i int, text string) bool {
	if !strings.Contains(text, "|") {
		return false
	}
	if len(text) > 1 && text[0] == '|' && text[len(text)-1] == '|' {
		return true
	}
	return i+1 < len(s.starts) && isAlignment(s.line(i+1).text)
}

func isAlignment(text string) bool {
	return strings.Contains(text, "-") && strings.Contains(text, "|") && strings.Trim(text, " \t|:-") == ""
}

func readTable(s *source, first int) block {
	b := block{kind: table, first: first}
	for i := first; i < len(s.starts); i++ {
		text := s.line(i).trim()
		if !strings.Contains(text.text, "|") || isFence(text.text) > 0 || isHeading(text.text) > 0 {
			break
		}
		b.last = i
		if i == first+1 && isAlignment(text.text) {
			continue
		}
		b.rows = append(b.rows, cells(text))
	}
	b.text = b.rows[0][0]
	return b
}

// cells cuts a row of a table. A pipe behind a backslash is text.
func cells(row piece) []piece {
	var out []piece
	begin := 0
	if strings.HasPrefix(row.text, "|") {
		begin = 1
	}
	for i := begin; i < len(row.text); i++ {
		switch row.text[i] {
		case '\\':
			i++
		case '|':
			out = append(out, piece{row.text[begin:i], row.at + begin}.trim())
			begin = i + 1
		}
	}
	if begin < len(row.text) || len(out) == 0 {
		out = append(out, piece{row.text[begin:], row.at + begin}.trim())
	}
	return out
}

// plain is what a reader sees of a line: marks of bold, italics and code are gone, blanks
// are one space, a backslash makes a mark a character.
func plain(text string) string {
	var b strings.Builder
	space, code := false, false
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case r == '\\' && !code && i+1 < len(runes) && strings.ContainsRune(escaped, runes[i+1]):
			i++
			r = runes[i]
		case r == '`':
			code = !code
			continue
		case code:
		case r == '*':
			continue
		case r == '_' && (i == 0 || !letter(runes[i-1])) != (i+1 == len(runes) || !letter(runes[i+1])):
			continue // within a word, or alone, it is no mark
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}

// escaped are the characters that mean something in Markdown.
const escaped = "\\`*_[]<>|~#{}()+-.!:&\""

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// spell writes a text so that it is read as it is: plain(spell(s)) is s, but for blanks
// that a line cannot hold.
func spell(text string) string {
	var b strings.Builder
	runes := []rune(text)
	for i, r := range runes {
		switch {
		case strings.ContainsRune("\\`*|<[]", r),
			r == '_' && (i == 0 || i+1 == len(runes) || !letter(runes[i-1]) || !letter(runes[i+1])),
			i == 0 && strings.ContainsRune("#>+-~", r):
			b.WriteByte('\\')
		case i == 0 && '0' <= r && r <= '9' && itemMark(text) > 0:
			mark := itemMark(text)
			return text[:mark-1] + "\\" + text[mark-1:mark] + spell(text[mark:])
		}
		b.WriteRune(r)
	}
	return b.String()
}
