package rules

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Code names a kind of mistake. Codes are stable; messages may improve.
type Code string

// The kinds of mistakes, with an example of each.
const (
	Syntax          Code = "syntax"           // ticket.age >
	UnknownName     Code = "unknown_name"     // ticket.prioriti == "High"
	UnknownFunction Code = "unknown_function" // containskeywords(["sue"])
	UnknownValue    Code = "unknown_value"    // ticket.status == "Resolvd"
	WrongType       Code = "wrong_type"       // ticket.contacts == "3"
	TextOrder       Code = "text_order"       // ticket.priority >= "High"
	TimeShape       Code = "time_shape"       // ticket.age > sla.resolution.elapsed
	WrongAction     Code = "wrong_action"     // THEN escalate()
	WrongOption     Code = "wrong_option"     // every: 10s
	DuplicateName   Code = "duplicate_name"   // two rules with one name
	Missing         Code = "missing"          // a rule without a condition
	TooLarge        Code = "too_large"        // a condition of a megabyte
	NotAllowed      Code = "not_allowed"      // escalate(…) by a tenant who may only notify
)

// A Position is a place in a file, or in the text named by an Error's Path
// when File is empty. Line and Col count from 1, Col in characters.
type Position struct {
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
}

// String returns file:line:col, as far as it is known.
func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.File == "":
		return fmt.Sprintf("%d:%d", p.Line, p.Col)
	default:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
	}
}

// An Error is one mistake, in its author's words.
type Error struct {
	Pos Position
	// Path is a JSON pointer to the text that holds the mistake, such as
	// /rules/3/if or /rules/3/then/0.
	Path string
	// Rule is the name of the rule that holds it, if one does.
	Rule string
	// Offset counts the characters from the start of the text at Path.
	Offset int
	// End is the column after the word that is wrong, on the line of Pos; 0 if it is not
	// known.
	End  int
	Code Code
	// Message says what is wrong, Hint what was probably meant; Hint may be
	// empty.
	Message string
	Hint    string
}

// Error returns one line: where, what, and a guess at what was meant.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Pos.File != "" {
		fmt.Fprintf(&b, "%s: ", e.Pos)
	}
	place := e.Path
	if e.Rule != "" {
		place = strings.TrimLeft(fmt.Sprintf("%s (%s)", place, shorten(e.Rule)), " ")
	}
	if e.Pos.File == "" && e.Pos.Line > 0 {
		place += ":" + e.Pos.String()
	}
	if place != "" {
		b.WriteString(place + ": ")
	}
	b.WriteString(e.Message)
	if e.Hint != "" {
		fmt.Fprintf(&b, " (%s)", e.Hint)
	}
	return b.String()
}

// MarshalJSON writes the mistake for editors and web pages.
func (e *Error) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Code Code   `json:"code"`
		Path string `json:"path,omitempty"`
		Rule string `json:"rule,omitempty"`
		Position
		End     int    `json:"end,omitempty"`
		Message string `json:"message"`
		Hint    string `json:"hint,omitempty"`
	}{e.Code, e.Path, e.Rule, e.Pos, e.End, e.Message, e.Hint})
}

// Snippet draws the line of src that a mistake is on, with carets under what is wrong:
//
//	rules.md:2:15: "Hihg" is no priority
//	  2 | IF priority = "Hihg"
//	    |               ^^^^^^ did you mean "High"?
//
// src is the text that the mistake has its position in: that of the file, or of the rule
// if there is none.
func Snippet(e *Error, src string) string {
	head := *e
	head.Hint = ""
	out := head.Error()
	lines := strings.Split(src, "\n")
	if e.Pos.Line < 1 || e.Pos.Line > len(lines) {
		return out
	}
	number := strconv.Itoa(e.Pos.Line)
	margin := strings.Repeat(" ", len(number))
	line := []rune(strings.TrimRight(lines[e.Pos.Line-1], "\r"))
	from := min(max(e.Pos.Col-1, 0), len(line))
	to := max(e.End-1, from+1)
	const most = 100 // of a long line, what is around the place
	if cut := from - most/2; len(line) > most && cut > 0 {
		line, from, to = append([]rune("…"), line[cut:]...), from-cut+1, to-cut+1
	}
	if len(line) > most {
		line = append(line[:most:most], '…')
	}
	var indent strings.Builder
	for _, r := range line[:min(from, len(line))] {
		if r == '\t' {
			indent.WriteRune('\t') // as wide as above
		} else {
			indent.WriteByte(' ')
		}
	}
	carets := strings.Repeat("^", max(1, min(to-from, len(line)-from)))
	return strings.TrimRight(fmt.Sprintf("%s\n  %s | %s\n  %s | %s%s %s", out, number, string(line), margin, indent.String(), carets, e.Hint), " ")
}

// Errors are all the mistakes that were found, in the order of the text.
type Errors []*Error

// Error returns a line for each mistake.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, err := range e {
		lines[i] = err.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As and errors.AsType find the single mistakes.
func (e Errors) Unwrap() []error {
	errs := make([]error, len(e))
	for i, err := range e {
		errs[i] = err
	}
	return errs
}

// Meant returns the hint for a misspelt name: `did you mean "High"?` with the
// nearest of the candidates, the first in alphabetical order of equals. It is
// empty when nothing is near, or only the digits differ: those are no slip.
func Meant(got string, candidates []string) string {
	sorted := slices.Sorted(slices.Values(candidates))
	if len(got)-strings.LastIndexByte(got, '.')-1 >= 3 { // a word that was cut short
		for _, c := range sorted {
			if c != got && strings.HasPrefix(strings.ToLower(c), strings.ToLower(got)) {
				return fmt.Sprintf("did you mean %q?", c)
			}
		}
	}
	best, bestDistance := "", 1+max(1, len([]rune(got))/3)
	for _, c := range sorted {
		if strings.EqualFold(c, got) {
			best = c
			break
		}
		if d := distance(strings.ToLower(got), strings.ToLower(c)); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	if best == "" || best != got && withoutDigits(best) == withoutDigits(got) && !strings.EqualFold(best, got) {
		return "" // "Tier 5" is no slip for "Tier 4"
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// withoutDigits leaves out the digits of a name.
func withoutDigits(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, name)
}

// distance is the number of letters to insert, delete, change or swap with
// their neighbour (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 {
		return len(x) + len(y)
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
