package handoff

import (
	"html/template"
	"strings"
	"sync"
)

// page writes a document as a fragment of HTML. Everything in it is text to the template: nothing is trusted.
var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Parse(`
{{- define "spans"}}{{range .}}{{if .Break}}<br>{{else if .Strong}}<strong>{{.Text}}</strong>{{else if .Emphasis}}<em>{{.Text}}</em>{{else}}{{.Text}}{{end}}{{end}}{{end -}}
{{range .}}
{{- if eq .Kind "h1"}}<h1>{{template "spans" index .Lines 0}}</h1>
{{else if eq .Kind "h2"}}<h2>{{template "spans" index .Lines 0}}</h2>
{{else if eq .Kind "h3"}}<h3>{{template "spans" index .Lines 0}}</h3>
{{else if eq .Kind "ul"}}<ul>
{{range .Lines}}<li>{{template "spans" .}}</li>
{{end}}</ul>
{{else if eq .Kind "ol"}}<ol>
{{range .Lines}}<li>{{template "spans" .}}</li>
{{end}}</ol>
{{else if eq .Kind "quote"}}<blockquote><p>{{template "spans" index .Lines 0}}</p></blockquote>
{{else}}<p>{{template "spans" index .Lines 0}}</p>
{{end}}{{end}}`))
})

// What page works with: a heading, a paragraph, a quote or a whole list.
type (
	htmlBlock struct {
		Kind  string
		Lines [][]htmlSpan
	}
	htmlSpan struct {
		Text                    string
		Strong, Emphasis, Break bool
	}
)

var htmlKinds = map[shape]string{paragraph: "p", quote: "quote", bullet: "ul", number: "ol"}

func htmlOf(blocks []block, l *language) string {
	var groups []htmlBlock
	size, full := 0, false
	for i, b := range blocks {
		kind, newline := htmlKinds[b.shape], ""
		switch b.shape {
		case heading:
			kind = [...]string{"h1", "h2", "h3"}[b.level-1]
		case paragraph, quote:
			newline = "\n"
		}
		var line []htmlSpan
		for j, s := range b.spans {
			text := l.spelled(s, newline, inHTML, j == 0)
			if text == joiner { // needs no tags
				s.style = asText
			}
			for n, piece := range strings.Split(text, "\n") {
				if n > 0 {
					line = append(line, htmlSpan{Break: true})
				}
				line = append(line, htmlSpan{Text: piece, Strong: s.style == strong, Emphasis: s.style == emphasis})
				size += inHTML.width([]byte(piece))
				if n > 0 {
					size += len("<br>")
				}
				if s.style != asText {
					size += len("<strong></strong>")
				}
			}
		}
		size += len("<ul>\n<li></li>\n</ul>\n")
		if b.shape == quote {
			size += len("<blockquote></blockquote>")
		}
		if full = size > MaxDocument-fullReserve; full {
			break
		}
		if n := len(groups); n > 0 && i > 0 && blocks[i-1].shape == b.shape && (b.shape == bullet || b.shape == number) {
			groups[n-1].Lines = append(groups[n-1].Lines, line)
		} else {
			groups = append(groups, htmlBlock{kind, [][]htmlSpan{line}})
		}
	}
	if full {
		groups = append(groups, htmlBlock{"p", [][]htmlSpan{{{Text: l.say(fullUp), Emphasis: true}}}})
	}
	var out strings.Builder
	_ = page().Execute(&out, groups) // a Builder takes everything, and the template knows what it is given
	return out.String()
}
