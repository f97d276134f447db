package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestHTMLText(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"plain text", "Hello", "Hello"},
		{"breaks", "a<br>b<BR/>c<br />d", "a\nb\nc\nd"},
		{"paragraphs", "<p>a</p><p>b</p>", "a\nb"},
		{"one empty line at most", "a<br><br><br><br>b", "a\n\nb"},
		{"an editor's empty line", "<div>a</div><div><br></div><div>b</div>", "a\n\nb"},
		{"spaces", "  a \n\t b&nbsp; c  ", "a b c"},
		{"inline tags join", "un<b>accept</b>able", "unacceptable"},
		{"cells", "<tr><td>a</td><td>b</td></tr>", "a b"},
		{"entities", "Tom &amp; J&eacute;r&#244;me &lt;b&gt; &quot;x&quot;", `Tom & Jérôme <b> "x"`},
		{"decoded once", "&amp;lt;b&amp;gt;", "&lt;b&gt;"},
		{"scripts and styles", "a<script>if (1 < 2) { x('</p>') }</script><style>p{}</style>b", "ab"},
		{"an open script", "a<script>b", "a"},
		{"comments", "a<!-- <p>x</p> -->b<!DOCTYPE html>c", "abc"},
		{"a > in an attribute", `a<img alt="x > y">b`, "ab"},
		{"a quotation mark too many", `a<p title="x>b</p>c`, "a\nb\nc"},
		{"pictures", `<img src="/x.png">`, ""},
		{"no tags", "1 < 2 and 3 > 2", "1 < 2 and 3 > 2"},
		{"a tag without an end", "if a <b then c", "if a <b then c"},
		{"what is quoted", "mine<blockquote>theirs<br>too</blockquote>mine", "mine\n> theirs\n> too\nmine"},
		{"quotes in quotes", "<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n> b\nc"},
		{"pre", "<pre>a\nb</pre>", "a\nb"},
		{"unknown tags", "<o:p>a</o:p><my-tag>b</my-tag>", "ab"},
	} {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, htmlText(test.in)) })
	}
}

// Garbage of a megabyte takes no longer than a page.
func TestHTMLTextIsLinear(t *testing.T) {
	for _, piece := range []string{"<", "<a", "<a ", `<a ="`, "<!--", "<script>", "</script", "<blockquote>", "&amp", "<br>", `<a ='"><b ="'>`, "&#"} {
		start := time.Now()
		htmlText(strings.Repeat(piece, 1<<20/len(piece)))
		assert.Less(t, time.Since(start), 5*time.Second, piece)
	}
}

func FuzzHTMLText(f *testing.F) {
	f.Add("<p>a &amp; b</p><blockquote>c")
	f.Fuzz(func(t *testing.T, src string) {
		if text := htmlText(src); text != strings.TrimSpace(text) && strings.TrimSpace(src) != "" {
			t.Errorf("space around %q", text)
		}
	})
}
