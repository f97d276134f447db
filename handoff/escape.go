package handoff

import (
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// joiner is invisible, has no width and permits no line break: inside a mark it stops whoever looks for the mark, and nobody sees it.
// Texts cannot bring their own, clean takes it out.
const joiner = "\u2060"

// Escape makes untrusted text ready to stand within a text of the format, on lines of its own: no mark, mention, address, tag, command or
// trick of direction in it acts, and nobody sees a difference. It keeps its lines, has at most max characters, and says how many more there
// were. [Case.Document] does this by itself.
func (f Format) Escape(text string, max int) string {
	spell := inPlain
	switch f {
	case Markdown:
		spell = inMarkdown
	case HTML:
		spell = inHTML
	case Slack:
		spell = inSlack
	}
	escaped := standard().first.fit(span{text: text, max: max, keep: true}, "\n", spell)
	if f == HTML {
		escaped = strings.ReplaceAll(template.HTMLEscapeString(escaped), "\n", "<br>\n")
	}
	return escaped
}

// spelled writes a span: words of a template as they are meant, what is untrusted as text. start: it begins its line.
func (l *language) spelled(s span, newline string, spell spelling, start bool) string {
	if s.max == 0 {
		return own(s.text, spell, start)
	}
	return l.fit(s, newline, spell)
}

// fit writes an untrusted span with as much of it as there is room for, and says how much more there was.
func (l *language) fit(s span, newline string, spell spelling) string {
	if !s.keep {
		newline = ""
	}
	text, more := fit(s.text, s.max, newline, spell)
	switch more {
	case 0:
		return text
	case 1:
		return text + l.say("… (1 more character)")
	}
	return text + l.say("… (%d more characters)", more)
}

// simple reports whether text is one line of letters, digits and what means nothing in any format. Most texts are, and need neither cleaning
// nor spelling.
func simple(text string) bool {
	last := byte(' ')
	for i := range len(text) {
		c := text[i]
		switch {
		case letter(c), digit(rune(c)), c == ',', c == ';', c == '%', c == '(':
		case c == ' ':
			if last == ' ' {
				return false
			}
		case c == ':': // not before what makes an address or a name
			if i == 0 || i+1 == len(text) || text[i+1] != ' ' {
				return false
			}
		case c == '-', c == '/':
			if i == 0 || c == '-' && last|0x20 == 'h' { // of GH-12
				return false
			}
		case c == '.': // not of www, nor behind a number
			if !letter(last) || last|0x20 == 'w' {
				return false
			}
		case c == ')':
			if !letter(last) {
				return false
			}
		default:
			return false
		}
		last = c
	}
	return last != ' '
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// own writes text of a template: its marks are text, too, but its addresses and mentions are meant. start: it begins a line.
func own(text string, spell spelling, start bool) string {
	if simple(text) || text == joiner {
		return text
	}
	runes := []rune(text)
	var dst []byte
	for i := range runes {
		dst = spell.put(dst, runes, i, start && i == 0)
	}
	return strings.ReplaceAll(string(dst), joiner, "")
}

// plain writes text on one line for a message.
func plain(text string, max int) string {
	s, more := fit(text, max, "", inMessage)
	if more > 0 {
		s += "…"
	}
	return s
}

// clipped is the beginning of a text on one line, not spelled yet.
func clipped(text string, max int) string {
	if len(text) <= max && simple(text) {
		return text
	}
	s, more := clean(text, max, false)
	if more > 0 {
		return string(s) + "…"
	}
	return string(s)
}

// A spelling makes text of a format.
type spelling struct {
	// put appends text[i] to dst in such a way that it is only text. start: it begins a line.
	put     func(dst []byte, text []rune, i int, start bool) []byte
	encoded bool // what comes out is still to be encoded for HTML, and counts as it will be then
}

var (
	inMarkdown = spelling{put: markdown}
	inPlain    = spelling{put: quiet}
	inHTML     = spelling{put: quiet, encoded: true}
	inSlack    = spelling{put: slack}
	inMessage  = spelling{put: inert}
)

// fit cleans and spells as much of text as fits into max characters, and returns how many of the cleaned text are left over. Characters
// are counted as written, marks included: whatever the text is, no more than max come out. Lines are joined if newline is empty.
func fit(text string, max int, newline string, spell spelling) (string, int) {
	if len(text) <= max && simple(text) {
		return text, 0
	}
	src, more := clean(text, max, newline != "")
	dst := make([]byte, 0, len(src)+len(src)/8+16)
	end, used, start := 0, 0, true // dst[:end] ends with something visible
	for i, r := range src {
		before := len(dst)
		if r == '\n' {
			dst = append(dst, newline...)
			if src[i+1] == '\n' { // clean never ends with a newline
				dst = trimSpace(dst)
			}
			start = true
		} else {
			dst = spell.put(dst, src, i, start)
			start = false
		}
		used += spell.width(dst[before:])
		if used > max {
			// What was spelled and does not fit is counted from the last visible character, so that no blank stands before the mark.
			left := i
			for left > 0 && (src[left-1] == ' ' || src[left-1] == '\n') {
				left--
			}
			return string(dst[:end]), len(src) - left + more
		}
		if r != ' ' && r != '\n' {
			end = len(dst)
		}
	}
	return string(dst[:end]), more
}

// width counts characters.
func (s spelling) width(spelled []byte) int {
	n := utf8.RuneCount(spelled)
	if s.encoded {
		for _, c := range spelled {
			switch c {
			case '&', '<', '>', '"', '\'', '+':
				n += len("&amp;") - 1
			case '\n':
				n += len("<br>") - 1
			}
		}
	}
	return n
}

func trimSpace(b []byte) []byte {
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}

// clean returns at most so many characters of text, and how many there are more. Blanks at both ends go, blanks within become one space, and
// one newline or two if keep is set. What cannot be seen or turns the reading direction goes. Broken UTF-8 becomes U+FFFD.
func clean(text string, most int, keep bool) (out []rune, more int) {
	most = max(most, 0)
	out = make([]rune, 0, min(len(text), most))
	put := func(r rune) {
		if len(out) < most && more == 0 {
			out = append(out, r)
		} else {
			more++
		}
	}
	var last rune
	space, breaks := false, 0
	for _, r := range text {
		switch kind(r) {
		case isBreak:
			if r != '\n' || last != '\r' {
				breaks++
			}
		case isSpace:
			space = true
		case isVisible:
			switch {
			case len(out) == 0:
			case keep && breaks > 0:
				for range min(breaks, 2) {
					put('\n')
				}
			case space || breaks > 0:
				put(' ')
			}
			put(r)
			space, breaks = false, 0
		}
		last = r
	}
	for len(out) > 0 && (out[len(out)-1] == ' ' || out[len(out)-1] == '\n') {
		out = out[:len(out)-1] // the cut fell behind a blank
		more++
	}
	return out, more
}

// visible reports whether there is anything to see in text: a summary of zero-width spaces is no summary.
func visible(text string) bool {
	for _, r := range text {
		if kind(r) == isVisible {
			return true
		}
	}
	return false
}

const (
	isVisible = iota
	isSpace
	isBreak
	isNothing
)

func kind(r rune) int {
	switch {
	case ' ' < r && r < 0x7f:
		return isVisible
	case r == '\n', r == '\r', r == '\v', r == '\f', r == '\u0085', r == '\u2028', r == '\u2029':
		return isBreak
	case r == '\t', unicode.Is(unicode.Zs, r):
		return isSpace
	case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
		return isNothing
	case unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return isNothing // bidi controls, joiners, byte order marks, tags
	case r&0xfffe == 0xfffe, 0xfdd0 <= r && r <= 0xfdef:
		return isNothing // not characters
	}
	return isVisible
}

// markdown spells for GitHub Flavored Markdown, its relatives, and the filters that trackers run behind it.
func markdown(dst []byte, text []rune, i int, start bool) []byte {
	r, next := text[i], at(text, i+1)
	switch r {
	case '&':
		return append(dst, "&amp;"...)
	case '<':
		return append(dst, "&lt;"...)
	case '>':
		return append(dst, "&gt;"...)
	case '\\', '`', '*', '[', ']', '{', '}', '|', '~':
		return append(dst, '\\', byte(r))
	case '(': // behind a bracket: escaped as that is, it opens nothing; simpler readers shall see so, too
		if at(text, i-1) == ']' {
			dst = append(dst, '\\')
		}
		return append(dst, '(')
	case '_':
		if !word(at(text, i-1)) || !word(next) { // within a word it is no mark
			dst = append(dst, '\\')
		}
		return append(dst, '_')
	case '$':
		if !digit(next) { // else a price; two of these make no formula either, a digit cannot follow its end
			dst = append(dst, '\\')
		}
		return append(dst, '$')
	case '#', ':', '+', '-', '=', '/':
		if start { // a heading, a table's second line, a definition, a list, a line under a heading, a quick action
			dst = append(dst, '\\')
		}
	case '.', ')':
		if numbered(text, i) {
			dst = append(dst, '\\')
		}
	}
	return loose(dst, text, i)
}

// loose writes text[i] with a joiner where programs would look for an address, a mention, a reference or the name of an emoji.
func loose(dst []byte, text []rune, i int) []byte {
	r, next := text[i], at(text, i+1)
	before, behind := false, false
	switch r {
	case '@':
		behind = true
	case '#', '!':
		behind = digit(next) || r == '#' && word(next)
	case ':':
		behind = next == '/' && at(text, i+2) == '/' || emoji(text, i)
	case '-':
		before = gh(text, i)
	case '.':
		before = www(text, i)
	}
	if before {
		dst = append(dst, joiner...)
	}
	if dst = utf8.AppendRune(dst, r); behind {
		dst = append(dst, joiner...)
	}
	return dst
}

// quiet spells for documents without marks of their own: nothing is shown differently, yet what mail programs, trackers and chats would look
// for (mention, reference, address, command, tag, link text, placeholder) is broken.
func quiet(dst []byte, text []rune, i int, start bool) []byte {
	switch text[i] {
	case '‹': // the plain document signs with these
		return append(dst, '(')
	case '›':
		return append(dst, ')')
	case '/':
		if start {
			dst = append(dst, joiner...)
		}
	case '<', ']', '{':
		return inert(dst, text, i, start)
	}
	return loose(dst, text, i)
}

// slack spells for Slack, which has no way to write a mark that is meant: those that would make a text bold, struck out or code become their
// look-alikes.
func slack(dst []byte, text []rune, i int, start bool) []byte {
	switch r := text[i]; r {
	case '&':
		return append(dst, "&amp;"...)
	case '<':
		return append(dst, "&lt;"...)
	case '>':
		if start { // a quote, encoded or not
			dst = append(dst, joiner...)
		}
		return append(dst, "&gt;"...)
	case '*':
		return append(dst, "∗"...)
	case '~':
		return append(dst, "∼"...)
	case '`':
		return append(dst, "ˋ"...)
	case '_':
		if !word(at(text, i-1)) || !word(at(text, i+1)) {
			return append(dst, "ˍ"...)
		}
	}
	return quiet(dst, text, i, start)
}

// inert spells for messages, which are plain text: no marks that a reader would see, yet what would act in a chat, a note or a mail
// (mention, tag, link text, placeholder) is broken. Addresses stay whole, customers shall be able to use them.
func inert(dst []byte, text []rune, i int, _ bool) []byte {
	r, next := text[i], at(text, i+1)
	dst = utf8.AppendRune(dst, r)
	switch r {
	case '@':
		if word(next) && !word(at(text, i-1)) {
			dst = append(dst, joiner...)
		}
	case '<':
		if next != 0 && next != ' ' && !unicode.IsDigit(next) {
			dst = append(dst, joiner...)
		}
	case ']':
		if next == '(' || next == '[' || next == ':' {
			dst = append(dst, joiner...)
		}
	case '{':
		if next == '{' || next == '%' {
			dst = append(dst, joiner...)
		}
	}
	return dst
}

func at(text []rune, i int) rune {
	if i < 0 || i >= len(text) {
		return 0
	}
	return text[i]
}

func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func digit(r rune) bool { return '0' <= r && r <= '9' }

// numbered reports whether text[i] makes a list item of the number before it: "1." or "1)" at the start of a line, with a blank behind.
func numbered(text []rune, i int) bool {
	if next := at(text, i+1); next != 0 && next != ' ' && next != '\n' {
		return false
	}
	j := i
	for j > 0 && digit(text[j-1]) {
		j--
	}
	return j < i && (j == 0 || text[j-1] == '\n')
}

// www reports whether the dot at text[i] follows www, which is a link without a scheme.
func www(text []rune, i int) bool {
	for j := i - 3; j < i; j++ {
		if r := at(text, j); r != 'w' && r != 'W' {
			return false
		}
	}
	return true
}

// gh reports whether the hyphen at text[i] is that of GH-12, which GitHub reads as #12.
func gh(text []rune, i int) bool {
	return digit(at(text, i+1)) && at(text, i-1)|0x20 == 'h' && at(text, i-2)|0x20 == 'g' && !word(at(text, i-3))
}

// emoji reports whether a name such as ":tada:" begins at text[i]. Times, MAC and IPv6 addresses have a letter or digit before the colon.
func emoji(text []rune, i int) bool {
	if before := at(text, i-1); word(before) || before == ':' {
		return false
	}
	for j := i + 1; j < len(text) && j < i+40; j++ {
		switch r := text[j]; {
		case r == ':':
			return j > i+1
		case !word(r) && r != '_' && r != '+' && r != '-':
			return false
		}
	}
	return false
}
