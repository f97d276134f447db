package handoff

import "strconv"

// slackOf writes blocks in what Slack calls mrkdwn.
func slackOf(blocks []block, l *language) string {
	var w writer
	var line []byte
	n := 0
	for i, b := range blocks {
		line = line[:0]
		if i > 0 && (b.shape == heading || blocks[i-1].level == 1) {
			line = append(line, '\n')
		}
		n = counted(blocks, i, n)
		newline := ""
		switch b.shape {
		case bullet:
			line = append(line, "• "...)
		case number:
			line = append(strconv.AppendInt(line, int64(n), 10), ". "...)
		case quote:
			line = append(line, "> "...)
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
			line = append(marked(append(line, '*'), b.spans, [3]string{}, spell), '*')
		} else {
			line = marked(line, b.spans, marks, spell)
		}
		line = append(line, '\n')
		if !w.add(line) {
			break
		}
	}
	if w.full {
		w.text = append(w.text, "\n_"+l.say(fullUp)+"_\n"...)
	}
	return string(w.text)
}
