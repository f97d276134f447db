package handoff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxTemplate is the longest template, in bytes.
const MaxTemplate = 16 << 10

// An Error is one mistake in Templates.
type Error struct {
	Language string // whose templates
	Template string // document, acknowledgment, message, follow_up or words; empty: the language itself
	Key      string // of words
	// Line and Col count from 1, in characters; 0 for words.
	Line, Col int
	Length    int  // of what is wrong, in characters; 0: not known
	Unknown   bool // a slot that does not exist
	Message   string
	Hint      string // what was probably meant, or could be done
}

// Error fits in a line.
func (e *Error) Error() string {
	place := e.Language
	if e.Template != "" {
		place += "/" + e.Template
	}
	if e.Line > 0 {
		place += fmt.Sprintf(":%d:%d", e.Line, e.Col)
	}
	if e.Hint != "" {
		return fmt.Sprintf("%s: %s (%s)", place, e.Message, e.Hint)
	}
	return place + ": " + e.Message
}

// Errors are all mistakes in Templates, in the order of their languages.
type Errors []*Error

// Error has a line for each.
func (errs Errors) Error() string {
	var lines []string
	for _, err := range errs {
		lines = append(lines, err.Error())
	}
	return strings.Join(lines, "\n")
}

// bom is what some editors begin a file with.
const bom = "\ufeff"

// A part of a line is text of the template or a slot.
type part struct {
	text     string
	style    style
	slot     *slot
	optional bool
	written  string // the slot's name, as the author has it
	at       [2]int // line and column
}

// shape is what a line or a block is.
type shape uint8

const (
	paragraph shape = iota
	heading
	quote
	bullet
	number
	absent // left out, since it may stay empty and is
)

// A line of a document template.
type line struct {
	shape shape
	level int // of a heading, 1 to 3
	parts []part
}

// alone returns the slot that the line consists of, nil if there is anything else.
func (l line) alone() *slot {
	if len(l.parts) == 1 {
		return l.parts[0].slot
	}
	return nil
}

// A document is a compiled document template, with the language whose words go with it.
type document struct {
	lines    []line
	language *language
}

// A message is a compiled message template.
type message struct {
	name     string
	parts    []part
	language *language
}

// A parser reads one template.
type parser struct {
	language, template string
	errs               []*Error
}

func (p *parser) fail(line, col int, message, hint string) *Error {
	e := &Error{Language: p.language, Template: p.template, Line: line, Col: col, Message: message, Hint: hint}
	p.errs = append(p.errs, e)
	return e
}

// failAt is fail about a slot.
func (p *parser) failAt(slot part, message, hint string) {
	e := p.fail(slot.at[0], slot.at[1], "["+slot.written+"] "+message, hint)
	e.Length = utf8.RuneCountInString(slot.written) + 2
}

// fits reports whether a template is a text of a size to work with.
func (p *parser) fits(src string) bool {
	switch {
	case !utf8.ValidString(src):
		p.fail(1, 1, "this is not UTF-8", "")
	case len(src) > MaxTemplate:
		p.fail(1, 1, fmt.Sprintf("the template has %d bytes, more than %d", len(src), MaxTemplate), "")
	default:
		return true
	}
	return false
}

// document reads a document template.
func (p *parser) document(src string) *document {
	d := &document{}
	if !p.fits(src) {
		return d
	}
	for n, text := range strings.Split(src, "\n") {
		trimmed := strings.TrimSpace(strings.ReplaceAll(strings.TrimPrefix(text, bom), "\t", " "))
		if trimmed == "" {
			continue
		}
		l, rest := shapeOf(trimmed)
		at := utf8.RuneCountInString(text[:len(strings.TrimRight(text, " \t\r"))]) - utf8.RuneCountInString(rest) + 1
		// The lines "[Date/Time] - Initial contact: [Summary]" and so on stand for a timeline, whatever else they say.
		if name, _, found := strings.Cut(rest, "]"); found && strings.HasPrefix(name, "[") && slotNames[slotKey(name[1:])] == slotNames["timeline"] {
			rest = name + "]"
		}
		l.parts = p.parts(rest, n+1, at, true)
		if l.shape == heading && slices.ContainsFunc(l.parts, func(p part) bool { return p.slot != nil }) {
			p.fail(n+1, at, "a heading has no slots: what a customer wrote would become one", "put the slot into a line of its own")
		}
		if len(d.lines) > 0 { // several lines with one list are the list once
			if s, last := l.alone(), d.lines[len(d.lines)-1]; s != nil && s.items != nil && last.alone() == s && last.shape == l.shape {
				continue
			}
		}
		d.lines = append(d.lines, l)
	}
	if len(d.lines) == 0 {
		p.fail(1, 1, "the document is empty", "leave it out to have the standard one")
	}
	return d
}

// shapeOf takes the mark off a line.
func shapeOf(text string) (line, string) {
	for level := range 3 {
		if rest, ok := strings.CutPrefix(text, "###"[:level+1]+" "); ok {
			return line{shape: heading, level: level + 1}, strings.TrimSpace(rest)
		}
	}
	for _, mark := range []struct {
		text  string
		shape shape
	}{{"- ", bullet}, {"* ", bullet}, {"> ", quote}} {
		if rest, ok := strings.CutPrefix(text, mark.text); ok {
			return line{shape: mark.shape}, strings.TrimSpace(rest)
		}
	}
	digits := strings.TrimLeft(text, "0123456789")
	if rest, ok := strings.CutPrefix(digits, ". "); ok && len(digits) < len(text) {
		return line{shape: number}, strings.TrimSpace(rest)
	}
	return line{shape: paragraph}, text
}

// message reads a message template. Customers are not to read what is not public.
func (p *parser) message(src string, public bool) *message {
	m := &message{name: p.template}
	if !p.fits(src) {
		return m
	}
	said := strings.TrimRight(strings.TrimPrefix(src, bom), " \t\r\n")
	for _, marks := range [...][2]string{{`"`, `"`}, {"“", "”"}, {"«", "»"}} { // as people write them down
		if len(said) > len(marks[0]+marks[1]) && strings.HasPrefix(said, marks[0]) && strings.HasSuffix(said, marks[1]) {
			said = strings.TrimRight(strings.TrimSuffix(strings.TrimPrefix(said, marks[0]), marks[1]), " \u00a0\u202f")
		}
	}
	before, _, _ := strings.Cut(src, said)
	src = said
	col := 1 + utf8.RuneCountInString(before)
	for n, text := range strings.Split(src, "\n") {
		if n > 0 {
			m.parts = append(m.parts, part{text: "\n"})
		}
		m.parts = append(m.parts, p.parts(strings.TrimRight(text, " \t\r"), n+1, col, false)...)
		col = 1
	}
	if strings.TrimSpace(src) == "" {
		p.fail(1, 1, "the message is empty", "leave it out to have the standard one")
	}
	length := 0
	for _, part := range m.parts {
		length += utf8.RuneCountInString(part.text)
		if part.slot != nil {
			length += part.slot.max + 2 // the mark of a cut or a full stop, and a joiner
		}
		switch {
		case part.slot == nil:
		case part.slot.items != nil:
			p.failAt(part, "is a list, for which a message has no room", "")
		case public && !part.slot.public:
			p.failAt(part, "is internal, and this message is for the customer", "they may read "+strings.Join(publicSlots(), ", "))
		}
	}
	if length > MaxMessage {
		p.fail(1, 1, fmt.Sprintf("the message could become %d characters long, more than %d", length, MaxMessage), "say less, or say it once")
	}
	return m
}

func publicSlots() []string {
	var names []string
	for _, s := range slots {
		if s.public {
			names = append(names, "["+s.name+"]")
		}
	}
	return names
}

// parts cuts a line into text and slots. rich: ** and _ are marks.
func (p *parser) parts(text string, line, col int, rich bool) []part {
	var out []part
	var literal strings.Builder
	var bold, italic int // the column of an open mark
	shown := asText
	flush := func() {
		if literal.Len() > 0 {
			out = append(out, part{text: literal.String(), style: shown})
			literal.Reset()
		}
	}
	turn := func(mark *int, at int) {
		flush()
		if *mark > 0 {
			at = 0
		}
		*mark = at
		switch {
		case bold > 0:
			shown = strong
		case italic > 0:
			shown = emphasis
		default:
			shown = asText
		}
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		at := col + utf8.RuneCountInString(text[:i])
		switch {
		case r == '\\' && i+1 < len(text) && strings.IndexByte(`\[]*_`, text[i+1]) >= 0:
			literal.WriteByte(text[i+1])
			i += 2
			continue
		case r == '[':
			end := strings.IndexByte(text[i:], ']')
			if end < 0 {
				p.fail(line, at, "this bracket is not closed", `write \[ for one that is meant`)
				return append(out, part{text: text[i:]})
			}
			name := text[i+1 : i+end]
			i += end + 1
			if box := strings.ToLower(strings.TrimSpace(name)); box == "" || box == "x" { // a box to tick
				literal.WriteString("[" + cmp.Or(strings.TrimSpace(name), " ") + "]")
				continue
			}
			flush()
			s, optional := find(name)
			if s == nil {
				e := p.fail(line, at, fmt.Sprintf("there is no slot [%s]", name), meant(name))
				e.Unknown, e.Length = true, utf8.RuneCountInString(name)+2
				continue
			}
			out = append(out, part{slot: s, optional: optional, style: shown, written: name, at: [2]int{line, at}})
			continue
		case rich && strings.HasPrefix(text[i:], "**"):
			turn(&bold, at)
			i += 2
			continue
		case rich && r == '_' && (italic > 0) != startsWord(text, i):
			turn(&italic, at)
			i++
			continue
		case kind(r) == isVisible:
			literal.WriteRune(r)
		case r == '\t':
			literal.WriteByte(' ')
		case kind(r) == isSpace: // also the one that French sets before a colon
			literal.WriteRune(r)
		}
		i += size
	}
	flush()
	if bold > 0 {
		p.fail(line, bold, "this ** is not closed", `write \*\* for two that are meant`)
	}
	if italic > 0 {
		p.fail(line, italic, "this _ is not closed", `write \_ for one that is meant`)
	}
	if len(out) == 0 {
		out = append(out, part{})
	}
	return out
}

// startsWord reports whether the mark at text[i] has a word behind it and none before.
func startsWord(text string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i+1:])
	return (i == 0 || !word(before)) && i+1 < len(text) && after != ' '
}

// optionalMarks are what stands behind the name of a slot that may stay empty.
var optionalMarks = []string{
	"if applicable", "if any", "if known", "if there is one", "optional",
	"si besoin", "s'il y en a", "le cas échéant", "si connu", "si connue", "si connus", "facultatif",
}

// find returns the slot of a name, and whether it may stay empty.
func find(name string) (*slot, bool) {
	key := slotKey(name)
	if s := slotNames[key]; s != nil {
		return s, false
	}
	for _, mark := range optionalMarks {
		if rest, ok := strings.CutSuffix(key, slotKey(mark)); ok {
			rest = strings.TrimRight(rest, " ,(")
			for _, article := range []string{"", "la ", "le ", "les ", "the "} {
				if bare, ok := strings.CutPrefix(rest, article); ok && slotNames[bare] != nil {
					return slotNames[bare], true
				}
			}
		}
	}
	return nil, false
}

// meant guesses at the slot that a name was to be.
func meant(name string) string {
	key := slotKey(name)
	for _, mark := range optionalMarks {
		key = strings.TrimRight(strings.TrimSuffix(key, slotKey(mark)), " ,")
	}
	best, nearest := "", 1+max(1, utf8.RuneCountInString(key)/3)
	for _, s := range slots {
		for _, candidate := range append([]string{s.name}, s.others...) {
			if d := distance(key, slotKey(candidate)); d < nearest {
				best, nearest = candidate, d
			}
		}
	}
	if best == "" {
		return `the package handoff lists the slots; write \[ for a bracket that is meant`
	}
	return fmt.Sprintf("did you mean [%s]?", best)
}

// distance is the number of letters to insert, delete, change or swap with their neighbour.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 80 {
		return len(x)
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			change := rows[i-1][j-1]
			if x[i-1] != y[j-1] {
				change++
			}
			rows[i][j] = min(change, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
