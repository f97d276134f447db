package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// origin remembers where the parts of a rule stand in the text that it was read from.
type origin struct {
	file  string
	title line
	cond  []line   // of If, line by line
	then  [][]line // of each action
	opts  map[string]line
}

// line is where a line of a rule begins, from 1; the zero line is nowhere.
type line struct{ at, col int }

// place returns the position of a character of a part of the rule, such as /if.
func (o *origin) place(part string, text string, offset int) (Position, bool) {
	if o == nil {
		return Position{}, false
	}
	var lines []line
	switch {
	case part == "/if":
		lines = o.cond
	case part == "/name", part == "/then":
		lines = []line{o.title}
	default:
		if number, ok := strings.CutPrefix(part, "/then/"); ok {
			if i, err := strconv.Atoi(number); err == nil && i < len(o.then) {
				lines = o.then[i]
			}
		} else {
			lines = []line{o.opts[strings.TrimPrefix(part, "/")]}
		}
	}
	row, col := lineCol(text, offset)
	if row > len(lines) || lines[row-1].at == 0 {
		lines, row, col = []line{o.title}, 1, 1
	}
	return Position{File: o.file, Line: lines[row-1].at, Col: lines[row-1].col + col - 1}, true
}

// Place returns where a part of a rule that was read by [Parse] begins: "/name", "/if",
// "/then/0", "/every". The zero Position if it was not.
func (r Rule) Place(part string) Position {
	p, _ := r.origin.place(part, "", 0)
	return p
}

// Parse reads rules from text, as a lead writes them:
//
//	**Auto-Escalate on SLA Breach**
//	IF ticket.priority = "High"
//	AND ticket.age > 80% of SLA
//	THEN escalate to Tier 2
//	AND notify manager
//	every: 4h
//	because: an urgent ticket is running out of time
//
// A bold line or a heading names the rule below it. The condition goes from IF to THEN,
// over as many lines as it takes; the actions follow, one a line after THEN or AND, or
// several in a line between ANDs. Options are lines of a name and a value: every, rest,
// poll, per, closed, mode, was and because, as in [Rule]. Code fences, blank lines,
// lines of dashes and what follows // are passed over. IF, THEN and AND may have a line of
// their own, and count in any case at the start of one.
//
// What the author wrote is kept as it is: it is [Compile] that knows the words of a
// [Vocabulary]. It tells mistakes where they stand in the text, which is called name.
//
// The error is [Errors], with every mistake of the form. The rules that could be read
// are returned beside it.
func Parse(name, src string) ([]Rule, error) {
	p := textParser{file: name}
	src = strings.TrimPrefix(src, "\ufeff") // a mark that some editors put in front
	for number, raw := range strings.Split(strings.ReplaceAll(src, "\r\n", "\n"), "\n") {
		p.number = number + 1
		text := strings.TrimRightFunc(raw, unicode.IsSpace)
		trimmed := strings.TrimLeftFunc(text, unicode.IsSpace)
		p.col = utf8.RuneCountInString(text) - utf8.RuneCountInString(trimmed) + 1
		p.line(trimmed)
	}
	p.end()
	if len(p.errs) > 0 {
		return p.rules, p.errs
	}
	return p.rules, nil
}

type textParser struct {
	file        string
	number, col int // of the present line
	title       string
	titleAt     line
	rule        *Rule    // being read
	cond        []string // its condition, line by line
	depth       int      // of its brackets
	asking      bool     // IF was seen
	acting      bool     // THEN was seen
	rules       []Rule
	errs        Errors
	strays      int // lines in a row that belong to no rule
}

func (p *textParser) here() line { return line{p.number, p.col} }

// mostErrors is how many mistakes are told at once.
const mostErrors = 1000

func (p *textParser) fail(at line, code Code, message, hint string) {
	if len(p.errs) == mostErrors {
		return
	}
	e := &Error{Code: code, Message: message, Hint: hint, Pos: Position{File: p.file, Line: at.at, Col: at.col}}
	if p.rule != nil {
		e.Rule = p.rule.Name
	}
	p.errs = append(p.errs, e)
}

func (p *textParser) line(text string) {
	switch title, bold := titleOf(text); {
	case text == "", strings.HasPrefix(text, "```"), strings.HasPrefix(text, "//"), strings.Trim(text, "-") == "":
		return
	case title != "" && !(p.depth > 0 && !p.acting && strings.HasPrefix(text, "# ")): // that is an entry, as in any(tags, #)
		p.end()
		p.title, p.titleAt = title, line{p.number, p.col + bold}
		return
	}
	if key, value, ok := optionOf(text); ok && (p.rule != nil || p.title != "") {
		p.option(key, value, line{p.number, p.col + utf8.RuneCountInString(text) - utf8.RuneCountInString(value)})
		return
	}
	word, rest := firstWord(text)
	after := line{p.number, p.col + utf8.RuneCountInString(text) - utf8.RuneCountInString(rest)}
	then, and := strings.EqualFold(word, "THEN"), strings.EqualFold(word, "AND")
	switch {
	case strings.EqualFold(word, "IF") && (p.rule == nil || p.acting || !p.asking):
		if p.acting {
			p.end()
		}
		p.begin()
		p.asking = true
		p.condition(rest, after)
	case p.rule == nil || !p.asking && !p.acting && !then:
		if p.strays++; p.strays == 1 {
			p.fail(p.here(), Syntax, "this belongs to no rule", "a rule is its name in bold, IF …, THEN …")
		}
		return
	case then && !p.acting:
		p.acting = true
		if rest != "" {
			p.actions(rest, after)
		}
	case p.acting && (and || then):
		p.actions(rest, after)
	case p.acting && len(p.rule.Then) == 0: // THEN had a line of its own
		p.actions(text, p.here())
	case p.acting && strings.EqualFold(word, "ELSE"):
		p.fail(p.here(), Syntax, "there is no ELSE", "write a rule of its own with NOT")
	case p.acting:
		p.fail(p.here(), Syntax, "an action begins with THEN or AND, an option with its name and a colon", optionHint(text))
	default:
		p.condition(text, p.here())
	}
	p.strays = 0
}

// titleOf returns what a heading or a bold line says, and how many characters are in
// front of it.
func titleOf(text string) (title string, before int) {
	if inner, ok := strings.CutPrefix(text, "**"); ok {
		if inner, ok = strings.CutSuffix(strings.TrimSuffix(inner, ":"), "**"); ok && !strings.Contains(inner, "**") {
			return strings.TrimSpace(inner), 2
		}
		return "", 0
	}
	inner := strings.TrimLeft(text, "#")
	if level := len(text) - len(inner); level > 0 && level <= 6 && strings.HasPrefix(inner, " ") {
		if closed := strings.TrimRight(inner, "#"); strings.HasSuffix(closed, " ") {
			inner = closed // ## Name ##, but not ## C#
		}
		if title, bold := titleOf(strings.TrimSpace(inner)); bold == 2 {
			return title, level + 3
		}
		return strings.TrimSpace(inner), level + 1
	}
	return "", 0
}

// begin starts a rule, or goes on with the one whose options came first.
func (p *textParser) begin() {
	if p.rule != nil {
		return
	}
	p.asking, p.acting, p.cond, p.depth = false, false, nil, 0
	p.rule = &Rule{Name: p.title, origin: &origin{file: p.file, title: p.titleAt, opts: map[string]line{}}}
	if p.title == "" {
		p.rule.origin.title = p.here()
		p.fail(p.here(), Missing, "a rule needs a name: what it has done is remembered under it", "write it in bold on the line above: **Name**")
	}
	p.title = ""
}

// condition adds a line to the condition. A THEN in it ends it.
func (p *textParser) condition(text string, at line) {
	runes := []rune(text)
	rest := ""
reading:
	for _, piece := range pieces(runes) {
		switch word := string(runes[piece.from:piece.to]); {
		case word == "(", word == "[", word == "{":
			p.depth++
		case word == ")", word == "]", word == "}":
			p.depth--
		case piece.kind == name && strings.EqualFold(word, "THEN"):
			p.acting = true
			text, rest = strings.TrimSpace(string(runes[:piece.from])), strings.TrimSpace(string(runes[piece.to:]))
			break reading
		}
	}
	if text != "" {
		p.cond = append(p.cond, text)
		p.rule.origin.cond = append(p.rule.origin.cond, at)
	}
	if rest != "" {
		p.actions(rest, line{at.at, at.col + len(runes) - utf8.RuneCountInString(rest)})
	}
}

// actions adds what stands between the ANDs of a line.
func (p *textParser) actions(text string, at line) {
	runes := []rune(text)
	from, depth := 0, 0
	add := func(to int) {
		action := strings.TrimSpace(string(runes[from:to]))
		for from < to && unicode.IsSpace(runes[from]) {
			from++
		}
		if action == "" {
			p.fail(line{at.at, at.col + from}, Missing, "here an action is missing", "")
			return
		}
		p.rule.Then = append(p.rule.Then, action)
		p.rule.origin.then = append(p.rule.origin.then, []line{{at.at, at.col + from}})
	}
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		starts := i == 0 || unicode.IsSpace(runes[i-1]) || strings.ContainsRune("([,=", runes[i-1])
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case starts && strings.ContainsRune("\"'`", r):
			if end := closing(runes, i); end < len(runes) { // else it is an apostrophe
				i = end
			}
		case starts && r == '/' && i+1 < len(runes) && runes[i+1] == '/':
			runes = runes[:i] // a comment
		case starts && depth <= 0 && isAND(runes[i:]):
			add(i)
			from = i + len("AND")
		}
	}
	add(len(runes))
}

// isAND reports whether a text begins with the word AND.
func isAND(text []rune) bool {
	return len(text) >= 3 && string(text[:3]) == "AND" && (len(text) == 3 || unicode.IsSpace(text[3]))
}

// end finishes the rule that is being read.
func (p *textParser) end() {
	r := p.rule
	if r == nil {
		return
	}
	r.If = strings.Join(p.cond, "\n")
	switch {
	case r.If == "":
		p.fail(r.origin.title, Missing, "this rule has no condition", "write IF and when it holds")
	case len(r.Then) == 0:
		p.fail(r.origin.title, Missing, "this rule has no action", "write THEN and what it does")
	}
	p.rules = append(p.rules, *r)
	p.rule, p.asking, p.acting, p.depth = nil, false, false, 0
}

// firstWord splits a line after its first word.
func firstWord(text string) (word, rest string) {
	i := strings.IndexFunc(text, unicode.IsSpace)
	if i < 0 {
		return text, ""
	}
	return text[:i], strings.TrimSpace(text[i:])
}

// optionNames are those of the text form, in the order of Rule.String.
var optionNames = []string{"every", "rest", "poll", "per", "closed", "mode", "was", "because"}

// optionOf reads a line such as "every: 4h".
func optionOf(text string) (key, value string, ok bool) {
	key, value, found := strings.Cut(text, ":")
	key = strings.ToLower(strings.TrimSpace(key))
	return key, strings.TrimSpace(value), found && slices.Contains(optionNames, key)
}

func optionHint(text string) string {
	key, _, found := strings.Cut(text, ":")
	if !found {
		return ""
	}
	return cmp.Or(Meant(strings.TrimSpace(key), optionNames), "there are "+strings.Join(optionNames, ", "))
}

func (p *textParser) option(key, value string, at line) {
	p.begin() // an option may come before the IF
	r := p.rule
	if _, twice := r.origin.opts[key]; twice {
		p.fail(at, DuplicateName, fmt.Sprintf("%s was said already", key), "")
		return
	}
	r.origin.opts[key] = at
	if key != "because" && key != "was" {
		value, _, _ = strings.Cut(value, " //")
		value = strings.TrimSpace(value)
	}
	duration := func(to *time.Duration) {
		d, err := ParseDuration(value)
		if err != nil {
			p.fail(at, WrongType, err.Error(), "")
			return
		}
		*to = d
	}
	switch key {
	case "every":
		duration(&r.Every)
	case "rest":
		duration(&r.Rest)
	case "poll":
		duration(&r.Poll)
	case "per":
		r.Per = value
	case "mode":
		r.Mode = value
	case "was":
		r.Was = value
	case "because":
		r.Because = value
	case "closed":
		switch strings.ToLower(value) {
		case "true", "yes":
			r.Closed = true
		case "false", "no":
		default:
			p.fail(at, WrongType, fmt.Sprintf("closed is true or false, not %q", value), "")
		}
	}
}
