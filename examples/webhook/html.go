package main

import (
	"html"
	"strings"
	"unicode"
)

// htmlText returns what a person reads in the HTML of a mail: tags, scripts and
// styles are gone, entities decoded, blocks and line breaks on lines of their
// own, and what stands in a <blockquote> begins with "> ", as in plain mails, so
// that nobody is judged by what they quote. Pictures leave nothing; helpdesks
// list them as attachments.
//
// It takes any input, in time proportional to its length: each search either
// moves on to what it finds or is not made again.
func htmlText(src string) string {
	var w lines
	tagEnd := quotedEnd
	for src != "" {
		start := strings.IndexByte(src, '<')
		if start < 0 {
			w.text(src)
			break
		}
		w.text(src[:start])
		src = src[start:]
		if strings.HasPrefix(src, "<!--") {
			_, src, _ = strings.Cut(src[4:], "-->")
			continue
		}
		if len(src) < 2 || !strings.ContainsRune("/!?", rune(src[1])) && !letter(src[1]) {
			w.text("<") // "a < b"
			src = src[1:]
			continue
		}
		end := tagEnd(src)
		if end < 0 { // a quotation mark too many somewhere: from here on, any > ends a tag
			tagEnd = func(s string) int { return strings.IndexByte(s, '>') }
			end = tagEnd(src)
		}
		if end < 0 { // nor is there another: what is left is text
			w.text(src)
			break
		}
		tag := src[1:end]
		src = src[end+1:]
		name, closing := tagName(tag)
		if !closing && unread[name] {
			src = after(src, name)
			continue
		}
		w.tag(name, closing)
	}
	return w.String()
}

// unread are the elements whose content nobody sees.
var unread = map[string]bool{"script": true, "style": true, "title": true, "template": true}

// blocks are the elements that stand on lines of their own.
var blocks = map[string]bool{
	"address": true, "article": true, "aside": true, "blockquote": true, "body": true, "center": true, "dd": true, "div": true, "dl": true,
	"dt": true, "figure": true, "footer": true, "form": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true,
	"header": true, "hr": true, "li": true, "main": true, "nav": true, "ol": true, "p": true, "pre": true, "section": true, "table": true,
	"tr": true, "ul": true,
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// tagName returns the name of a tag, in lower case, and whether it is an end tag.
func tagName(tag string) (name string, closing bool) {
	tag, closing = strings.CutPrefix(tag, "/")
	n := 0
	for n < len(tag) && n < len("blockquote") && (letter(tag[n]) || tag[n] >= '0' && tag[n] <= '9') {
		n++
	}
	if n < len(tag) && !strings.ContainsRune(" \t\r\n\f/", rune(tag[n])) {
		return "", closing // <o:p>, <my-element>, an address in angle brackets
	}
	return strings.ToLower(tag[:n]), closing
}

// quotedEnd finds the > that ends a tag; one in an attribute's quotation marks
// does not.
func quotedEnd(s string) int {
	var quote byte
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '>':
			return i
		case (c == '"' || c == '\'') && i > 0 && s[i-1] == '=':
			quote = c
		}
	}
	return -1
}

// after returns what follows the end tag of an element; nothing, if there is none.
func after(s, name string) string {
	for {
		start := strings.Index(s, "</")
		if start < 0 {
			return ""
		}
		s = s[start+2:]
		if len(s) >= len(name) && strings.EqualFold(s[:len(name)], name) {
			_, s, _ = strings.Cut(s, ">")
			return s
		}
	}
}

// lines writes text without double spaces and without more than one empty line.
type lines struct {
	b      strings.Builder
	breaks int  // line breaks since the last word
	space  bool // a space since the last word
	quotes int  // open blockquotes
	pre    int  // open pres, whose line breaks count
}

func (w *lines) tag(name string, closing bool) {
	step := 1
	if closing {
		step = -1
	}
	switch {
	case name == "br":
		w.breaks++
	case name == "td" || name == "th":
		w.space = true
	case blocks[name]:
		w.breaks = max(w.breaks, 1)
	}
	switch name {
	case "blockquote":
		w.quotes = max(w.quotes+step, 0)
	case "pre":
		w.pre = max(w.pre+step, 0)
	}
}

func (w *lines) text(raw string) {
	for _, r := range html.UnescapeString(raw) {
		switch {
		case r == '\n' && w.pre > 0:
			w.breaks++
		case unicode.IsSpace(r): // also the &nbsp; of editors
			w.space = true
		default:
			w.separate()
			w.b.WriteRune(r)
		}
	}
}

// separate writes the line breaks or the space that are due before a word.
func (w *lines) separate() {
	first := w.b.Len() == 0
	switch {
	case !first && w.breaks > 0:
		w.b.WriteString("\n\n"[:min(w.breaks, 2)])
	case !first && w.space:
		w.b.WriteByte(' ')
	}
	if w.quotes > 0 && (first || w.breaks > 0) {
		w.b.WriteString("> ")
	}
	w.breaks, w.space = 0, false
}

func (w *lines) String() string { return w.b.String() }
