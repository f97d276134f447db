package handoff

// slackOf writes blocks in what Slack calls mrkdwn.
func slackOf(blocks []block, l *language) string {
	return composer{
		bullet: "• ", quote: "> ", spell: inSlack,
		apart: headed,
		spans: func(text []byte, b block, spell speller) []byte {
			if b.shape == heading {
				return append(marked(append(text, '*'), b.spans, [3]string{}, spell), '*')
			}
			return marked(text, b.spans, [...]string{"", "*", "_"}, spell)
		},
		full: "\n_" + l.say(fullUp) + "_\n",
	}.text(blocks, l)
}
