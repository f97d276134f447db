package handoff

import (
	"strconv"
	"strings"
)

// slackOf writes blocks in what Slack calls mrkdwn.
func slackOf(blocks []block, l *language) string {
	var w writer
	n := 0
	for i, b := range blocks {
		var line strings.Builder
		if i > 0 && (b.shape == heading || blocks[i-1].level == 1) {
			line.WriteByte('\n')
		}
		n = counted(blocks, i, n)
		newline := ""
		switch b.shape {
		case bullet:
			line.WriteString("• ")
		case number:
			line.WriteString(strconv.Itoa(n) + ". ")
		case quote:
			line.WriteString("> ")
			newline = "\n> "
		default:
			newline = "\n"
		}
		marks := [...]string{"", "*", "_"}
		spell := func(s span, start bool) string {
			if s.max == 0 {
				return own(s.text, inSlack, start)
			}
			return l.fit(s, newline, inSlack)
		}
		if b.shape == heading {
			line.WriteString("*" + marked(b.spans, [3]string{}, spell) + "*")
		} else {
			line.WriteString(marked(b.spans, marks, spell))
		}
		line.WriteByte('\n')
		if !w.add(line.String()) {
			break
		}
	}
	if w.full {
		w.text = append(w.text, "\n_"+l.say(fullUp)+"_\n"...)
	}
	return string(w.text)
}
