package handoff

// markdownOf writes blocks in Markdown.
func markdownOf(blocks []block, l *language) string {
	return composer{
		bullet: "- ", quote: "> ", spell: inMarkdown,
		apart: func(last, b block) bool {
			return b.shape == heading || last.level == 1 || last.shape != heading && (last.shape != b.shape || b.shape != bullet && b.shape != number)
		},
		spans: func(text []byte, b block, spell speller) []byte {
			if b.shape == heading {
				text = append(append(text, "###"[:b.level]...), ' ')
			}
			return marked(text, b.spans, [...]string{"", "**", "_"}, spell)
		},
		full: "\n_" + l.say(fullUp) + "_\n",
	}.text(blocks, l)
}
