package main

import (
	"bytes"
	"html/template"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"github.com/escalade-go/escalade/handoff"
)

// permissive renders Markdown as the most trusting tracker would: with raw HTML, links
// made of bare addresses, tables, footnotes and all.
var permissive = goldmark.New(
	goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList),
	goldmark.WithRendererOptions(html.WithUnsafe()),
)

var page = template.Must(template.New("").Parse(`<!DOCTYPE html>
<html lang="{{.Language}}">
<meta charset="utf-8">
<title>{{.Which}} ({{.Language}})</title>
<style>
 body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem; color: #223; background: #f4f5f7 }
 main { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem }
 section { background: #fff; border: 1px solid #d8dbe2; border-radius: 8px; padding: 0 1.5rem 1rem; overflow-wrap: anywhere }
 section > h3 { color: #667; font-weight: normal; border-bottom: 1px solid #e4e6eb; padding-bottom: .5rem }
 h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-bottom: .3rem } ul, ol, p { margin-top: .3rem }
 blockquote { border-left: 3px solid #c5cad6; margin-left: 0; padding-left: 1rem; color: #556 }
 em { color: #667 } pre { white-space: pre-wrap; font-size: 13px }
</style>
<main>
<section><h3>HTML</h3>{{.HTML}}</section>
<section><h3>Markdown, rendered</h3>{{.Rendered}}</section>
<section><h3>Slack</h3><pre>{{.Slack}}</pre></section>
<section><h3>Plain text</h3><pre>{{.Plain}}</pre></section>
</main>
`))

// pageOf shows one case in every format. The two that are trusted to be HTML are the ones
// that this example is about.
func pageOf(c handoff.Case, which, language string) ([]byte, error) {
	var rendered bytes.Buffer
	if err := permissive.Convert([]byte(c.Markdown()), &rendered); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err := page.Execute(&out, map[string]any{
		"Which": which, "Language": language, "Slack": c.Document(handoff.Slack), "Plain": c.Document(handoff.Plain),
		"HTML": template.HTML(c.Document(handoff.HTML)), "Rendered": template.HTML(rendered.String()),
	})
	return out.Bytes(), err
}

const index = `<!DOCTYPE html>
<meta charset="utf-8">
<title>Handoff documents</title>
<ul>
<li><a href="documented_en_page.html">documented, English</a>
<li><a href="documented_fr_page.html">documented, French</a>
<li><a href="hostile_en_page.html">hostile, English</a>
<li><a href="hostile_fr_page.html">hostile, French</a>
</ul>
`
