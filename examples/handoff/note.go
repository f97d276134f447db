package main

import (
	"strings"

	"github.com/escalade-go/escalade/handoff"
)

// maxNote is how much of a colleague's remark is posted.
const maxNote = 2000

// withNote adds to a document what a colleague typed. The document is ready as it is, and so are the marks that the host writes here; what
// somebody else wrote goes through Escape, and through Line before that where there is room for one line only.
func withNote(document string, f handoff.Format, by, note string) string {
	by, note = f.Escape(handoff.Line(by, 80), 200), f.Escape(note, maxNote)
	switch f {
	case handoff.Markdown:
		return document + "\n---\n\n**Remark of " + by + ":**\n\n" + note + "\n"
	case handoff.HTML:
		return document + "<hr>\n<p><strong>Remark of " + by + ":</strong></p>\n<p>" + note + "</p>\n"
	case handoff.Slack:
		return document + "\n*Remark of " + by + ":*\n" + note + "\n"
	}
	return document + "\n  Remark of " + by + ":\n  " + strings.ReplaceAll(note, "\n", "\n  ") + "\n"
}

// message is the line to the colleague who takes over, ready for a chat or a comment: it is plain text, so it is escaped for where it goes.
func message(c handoff.Case, f handoff.Format) (string, error) {
	text, err := c.Message()
	if err != nil {
		return "", err
	}
	return f.Escape(text, handoff.MaxMessage), nil
}
