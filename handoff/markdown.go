package handoff

import "strconv"

// markdownOf writes blocks in Markdown.
func markdownOf(blocks []block, l *language) string {
	var w writer
	var line []byte
	n := 0
	for i, b := range blocks {
		line = line[:0]
		apart := i > 0
		if i > 0 {
			last := blocks[i-1]
			apart = b.shape == heading || last.level == 1 || last.shape != heading && (last.shape != b.shape || b.shape != bullet && b.shape != number)
		}
		if apart {
			line = append(line, '\n')
		}
		n = counted(blocks, i, n)
		newline := ""
		switch b.shape {
		case heading:
			line = append(append(line, "###"[:b.level]...), ' ')
		case bullet:
			line = append(line, "- "...)
		case number:
			line = append(strconv.AppendInt(line, int64(n), 10), ". "...)
		case quote:
			line = append(line, "> "...)
			newline = "\n> "
		default:
			newline = "\n"
		}
		line = marked(line, b.spans, [...]string{"", "**", "_"}, func(s span, start bool) string { return markdownSpan(s, newline, start, l) })
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

func markdownSpan(s span, newline string, start bool, l *language) string {
	if s.max == 0 {
		return own(s.text, inMarkdown, start)
	}
	return l.fit(s, newline, inMarkdown)
}

// counted is the number of the block at i in its list, after n of the one before.
func counted(blocks []block, i, n int) int {
	switch {
	case blocks[i].shape != number:
		return 0
	case i > 0 && blocks[i-1].shape == number:
		return n + 1
	}
	return 1
}
