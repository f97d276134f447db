package handoff

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Format is where a text goes, with its own marks and its own ways of being misled.
type Format int

// The formats.
const (
	Plain    Format = iota // a mail, a terminal
	Markdown               // GitHub Flavored Markdown and its relatives, as trackers show it
	HTML                   // a fragment, for a note or a mail
	Slack                  // what Slack calls mrkdwn
)

// MaxDocument is the most characters that a document ever has, whatever the case holds. It is what the comment fields of common trackers
// take.
const MaxDocument = 1 << 16

// fullReserve is left at the end of a document for the remark that it is full.
const fullReserve = 300

// A block is a piece of a document between two line ends: a filled line of its template.
type block struct {
	shape shape
	level int
	spans []span
}

// Document returns the handoff document in a format. All headings of the standard template are always there, and what is missing is shown
// as such; only sections for what not every case has (a business impact, earlier escalations) are left out. It is not longer than
// [MaxDocument] characters and ends with a newline.
func (c Case) Document(f Format) string {
	d := c.templates().document
	blocks := d.fill(&c)
	switch f {
	case Markdown:
		return markdownOf(blocks, d.language)
	case HTML:
		return htmlOf(blocks, d.language)
	case Slack:
		return slackOf(blocks, d.language)
	}
	return plainOf(blocks, d.language)
}

// Markdown returns the handoff document in Markdown; see [Case.Document].
func (c Case) Markdown() string { return c.Document(Markdown) }

// templates returns the words that the case is written in.
func (c Case) templates() *language {
	if c.set != nil && c.set.first != nil {
		return c.set.first
	}
	return standard().first
}

// fill makes blocks of the lines of the template. What may stay empty and is takes its line with it, and the last line of a section its
// heading.
func (d *document) fill(c *Case) []block {
	var blocks []block
	for _, l := range d.lines {
		switch {
		case l.shape == heading:
			blocks = append(blocks, block{shape: heading, level: l.level, spans: d.spans(l, c)})
		case l.alone() == nil && d.empty(l, c):
			blocks = append(blocks, block{shape: absent})
		default:
			blocks = d.blocks(blocks, l, c)
		}
	}
	for i, b := range blocks {
		if b.shape == heading && bare(blocks[i+1:], b.level) {
			blocks[i].shape = absent
		}
	}
	return slices.DeleteFunc(blocks, func(b block) bool { return b.shape == absent })
}

// bare reports whether everything in the section that begins with these blocks was left out.
func bare(blocks []block, level int) bool {
	left := false
	for _, b := range blocks {
		switch {
		case b.shape == absent:
			left = true
		case b.shape != heading:
			return false
		case b.level <= level:
			return left
		}
	}
	return left
}

// empty reports whether a line consists of slots that may stay empty and are.
func (d *document) empty(l line, c *Case) bool {
	filled := func(p part) bool { return p.slot != nil && (!p.optional || !p.slot.empty(c, d.language)) }
	may := func(p part) bool { return p.slot != nil && p.optional }
	return slices.ContainsFunc(l.parts, may) && !slices.ContainsFunc(l.parts, filled)
}

func (s *slot) empty(c *Case, l *language) bool {
	if s.items != nil {
		return len(s.items(c, l).lines) == 0
	}
	return !visible(s.text(c, l))
}

// blocks adds a line, filled: one block for each item of a list, else one.
func (d *document) blocks(out []block, l line, c *Case) []block {
	s := l.alone()
	if s == nil {
		return append(out, block{shape: l.shape, spans: d.spans(l, c)})
	}
	gap := func() []block {
		if l.parts[0].optional {
			return append(out, block{shape: absent})
		}
		return append(out, block{spans: []span{d.gap(s)}})
	}
	if s.items != nil {
		items := s.items(c, d.language)
		if len(items.lines) == 0 {
			return gap()
		}
		shape := l.shape
		if shape == paragraph {
			shape = bullet
		}
		for _, line := range items.lines {
			out = append(out, block{shape: shape, spans: line})
		}
		if items.more > 0 {
			out = append(out, block{spans: []span{ours(d.language.say("… and %d more", items.more))}})
		}
		return out
	}
	text := s.text(c, d.language)
	switch {
	case visible(text):
	case s.field == "summary" && visible(c.Excerpt):
		return append(out,
			block{spans: []span{{text: d.language.say(inTheirWords), style: emphasis}}},
			block{shape: quote, spans: []span{{text: c.Excerpt, max: maxExcerpt, keep: true}}})
	default:
		return gap()
	}
	if s.field == "sentiment" {
		text = capital(text)
	}
	return append(out, block{shape: l.shape, spans: []span{{text: text, style: l.parts[0].style, max: s.max, keep: s.keep}}})
}

// spans fills a line that is none of a list. What ought to be there and is not is shown as a gap.
func (d *document) spans(l line, c *Case) []span {
	var spans []span
	for _, p := range l.parts {
		switch {
		case p.slot == nil:
			spans = append(spans, span{text: p.text, style: p.style})
		case p.slot.items != nil:
			list := p.slot.items(c, d.language)
			if len(list.lines) == 0 && !p.optional {
				spans = append(spans, d.gap(p.slot))
			}
			for i, line := range list.lines {
				if i > 0 {
					spans = append(spans, ours("; "))
				}
				spans = append(spans, line...)
			}
			if list.more > 0 {
				spans = append(spans, ours("; "+d.language.say("… and %d more", list.more)))
			}
		case p.slot.empty(c, d.language):
			if !p.optional {
				spans = append(spans, d.gap(p.slot))
			}
		default:
			spans = append(spans, span{text: p.slot.text(c, d.language), style: p.style, max: p.slot.max})
		}
	}
	for i := len(spans) - 1; i > 0; i-- {
		if a, b := spans[i-1], spans[i]; apart(a, b, i == 1) {
			s := ours(joiner)
			if a.style == b.style {
				s.style = a.style
			}
			spans = slices.Insert(spans, i, s)
		}
	}
	return spans
}

// apart reports whether two spans that touch could be something together that neither is alone: an address of "http:" and "//x", a list of "1"
// and ". x". What words of a template make with a text is meant ("#[ID]"), but for tags and placeholders. first: a begins its line.
func apart(a, b span, first bool) bool {
	switch {
	case a.text == "" || b.text == "" || a.max == 0 && b.max == 0:
		return false
	case a.max > 0 && b.max > 0:
		return !simple(a.text + b.text)
	case b.max > 0:
		switch a.text[len(a.text)-1] {
		case '<', ']', '{':
			return true
		case ':', '/':
			return strings.HasPrefix(clipped(b.text, b.max), "/")
		}
		return false
	}
	switch b.text[0] {
	case '.', ')':
		text := clipped(a.text, a.max)
		return first && strings.Trim(text, "0123456789") == "" || len(text) >= 3 && strings.EqualFold(text[len(text)-3:], "www")
	case ' ', ',', ';', ':', '-', '"', '\'':
		return false
	}
	text := clipped(a.text, a.max)
	return text != "" && strings.IndexByte("<]{", text[len(text)-1]) >= 0
}

func (d *document) gap(s *slot) span {
	text := s.gap
	if text == "" {
		text = notProvided
	}
	return span{text: d.language.say(text), style: emphasis}
}

// marked adds the spans of a line, with marks around those of a style: once around neighbours of the same one, none around nothing, and
// no blank inside of a mark, where many readers see none.
func marked(out []byte, spans []span, marks [3]string, spell speller) []byte {
	open := asText
	closed := func() {
		end := len(out)
		out = trimSpace(out)
		blanks := end - len(out)
		out = append(out, marks[open]...)
		for range blanks {
			out = append(out, ' ')
		}
		open = asText
	}
	for i, s := range spans {
		text := spell(s, i == 0)
		if text == "" || text == joiner && spans[i-1].style != spans[i+1].style { // marks keep those apart
			continue
		}
		if s.style != open {
			closed()
			bare := strings.TrimLeft(text, " ")
			out = append(out, text[:len(text)-len(bare)]...)
			if text = bare; text == "" {
				continue
			}
			open = s.style
			out = append(out, marks[open]...)
		}
		out = append(out, text...)
	}
	closed()
	return out
}

// A composer puts blocks together in a format of lines.
type composer struct {
	indent, bullet, quote string                                           // what begins a line, and then that of a list and of a quote
	apart                 func(last, b block) bool                         // whether an empty line stands between two
	spans                 func(text []byte, b block, spell speller) []byte // adds what a block says
	spell                 spelling
	full                  string // the remark that there is no more room
}

// A speller writes a span. start: it begins its line.
type speller func(s span, start bool) string

// text writes the blocks, as many as there is room for.
func (c composer) text(blocks []block, l *language) string {
	var out, line, text []byte
	used, n := 0, 0
	paragraphs, quotes := "\n"+c.indent, "\n"+c.indent+c.quote
	newline := ""
	spell := func(s span, start bool) string { return l.spelled(s, newline, c.spell, start) }
	for i, b := range blocks {
		line, newline = line[:0], ""
		if i > 0 && c.apart(blocks[i-1], b) {
			line = append(line, '\n')
		}
		if b.shape != heading {
			line = append(line, c.indent...)
		}
		if b.shape != number {
			n = 0
		}
		switch b.shape {
		case bullet:
			line = append(line, c.bullet...)
		case number:
			n++
			line = append(strconv.AppendInt(line, int64(n), 10), ". "...)
		case quote:
			line, newline = append(line, c.quote...), quotes
		case paragraph:
			newline = paragraphs
		}
		text = c.spans(text[:0], b, spell)
		line = append(append(line, text...), '\n')
		if used += utf8.RuneCount(line); used > MaxDocument-fullReserve {
			return string(append(out, c.full...))
		}
		out = append(out, line...)
	}
	return string(out)
}

// headed sets headings apart, and a title from what follows.
func headed(last, b block) bool { return b.shape == heading || last.level == 1 }

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
