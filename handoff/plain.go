package handoff

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// plainOf writes blocks as plain text. Everything but headings is indented, so that no text can pass for one.
func plainOf(blocks []block, l *language) string {
	var w writer
	n := 0
	for i, b := range blocks {
		var text strings.Builder
		n = counted(blocks, i, n)
		newline := ""
		switch b.shape {
		case bullet:
			text.WriteString("  - ")
		case number:
			text.WriteString("  " + strconv.Itoa(n) + ". ")
		case quote:
			text.WriteString("  > ")
			newline = "\n  > "
		case paragraph:
			text.WriteString("  ")
			newline = "\n  "
		}
		signed := false
		for j, s := range b.spans {
			spelled := plainSpan(s, newline, j == 0, l)
			begins := s.style == emphasis && j > 0 && b.spans[j-1].style != emphasis
			ends := j+1 == len(b.spans) || b.spans[j+1].style != emphasis
			if begins {
				signed = true
				text.WriteString("‹")
				if ends {
					spelled = strings.Trim(spelled, "()")
				}
			}
			text.WriteString(spelled)
			if signed && ends {
				signed = false
				text.WriteString("›")
			}
		}
		line := text.String()
		if b.shape == heading {
			rule := "="
			if b.level > 1 {
				rule = "-"
			}
			line += "\n" + strings.Repeat(rule, utf8.RuneCountInString(line))
		}
		if i > 0 && (b.shape == heading || blocks[i-1].level == 1) {
			line = "\n" + line
		}
		if !w.add([]byte(line + "\n")) {
			break
		}
	}
	if w.full {
		w.text = append(w.text, "\n  "+l.say(fullUp)+"\n"...)
	}
	return string(w.text)
}

func plainSpan(s span, newline string, start bool, l *language) string {
	if s.max == 0 {
		return own(s.text, inPlain, start)
	}
	return l.fit(s, newline, inPlain)
}
