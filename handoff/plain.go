package handoff

import (
	"strings"
	"unicode/utf8"
)

// plainOf writes blocks as plain text. Everything but headings is indented, so that no text can pass for one.
func plainOf(blocks []block, l *language) string {
	return composer{
		indent: "  ", bullet: "- ", quote: "> ", spell: inPlain,
		apart: headed,
		spans: func(text []byte, b block, spell speller) []byte {
			text = signed(text, b.spans, spell)
			if b.shape == heading {
				rule := "="
				if b.level > 1 {
					rule = "-"
				}
				text = append(append(text, '\n'), strings.Repeat(rule, utf8.RuneCount(text))...)
			}
			return text
		},
		full: "\n  " + l.say(fullUp) + "\n",
	}.text(blocks, l)
}

// signed adds the spans of a line. What no customer can write stands in ‹›, unless it is all of the line.
func signed(out []byte, spans []span, spell speller) []byte {
	open := false
	for i, s := range spans {
		text := spell(s, i == 0)
		begins := s.style == emphasis && i > 0 && spans[i-1].style != emphasis
		ends := i+1 == len(spans) || spans[i+1].style != emphasis
		if begins {
			open = true
			out = append(out, "‹"...)
			if ends {
				text = strings.Trim(text, "()")
			}
		}
		out = append(out, text...)
		if open && ends {
			open = false
			out = append(out, "›"...)
		}
	}
	return out
}
