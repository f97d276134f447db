// Command handoff escalates two tickets, one that is well documented and one whose
// customer is hostile, and writes their handoff documents in all formats and both
// languages, as a host would send them to a tracker, a mail, a chat:
//
//	cd examples/handoff && go run . -out /tmp/handoff      # then open /tmp/handoff/index.html
//	cd examples/handoff && go run . -case hostile -format slack -lang fr
//	cd examples/handoff && go run . -note 'I call her. See <b>#12</b>'    # a text of the host's own, escaped
//
// It is a module of its own, since it reads what it wrote with a Markdown and an HTML
// parser: its tests hold that customers' texts stay texts, whatever they wrote.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/handoff"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// formats are how the documents are called.
var formats = []struct {
	name, file string
	format     handoff.Format
}{
	{"markdown", "md", handoff.Markdown},
	{"html", "html", handoff.HTML},
	{"slack", "slack.txt", handoff.Slack},
	{"plain", "txt", handoff.Plain},
	{"json", "json", asJSON},
}

// asJSON is no format of a document, but the case itself, as a host would store it.
const asJSON handoff.Format = -1

func write(c handoff.Case, f handoff.Format) string {
	if f == asJSON {
		src, _ := json.MarshalIndent(c, "", "  ") // it holds nothing that JSON cannot write
		return string(src) + "\n"
	}
	return c.Document(f)
}

func run(args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("handoff", flag.ContinueOnError)
	out := flags.String("out", "", "`folder` to write everything to, with an index.html")
	which := flags.String("case", "documented", "which `ticket` to print: documented or hostile")
	name := flags.String("format", "markdown", "how to print it: markdown, html, slack, plain or json")
	note := flags.String("note", "", "a `remark` of yours, to be printed below")
	language := flags.String("lang", "en", "the team's `language`: en or fr")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *out != "" {
		return writeAll(*out)
	}
	c, err := escalated(*which, *language)
	if err != nil {
		return err
	}
	for _, f := range formats {
		if f.name != *name {
			continue
		}
		doc := write(c, f.format)
		switch {
		case *note != "" && f.format == asJSON:
			return fmt.Errorf("a note stands below a document, and JSON is none")
		case *note != "":
			doc = withNote(doc, f.format, "you", *note)
		}
		_, err := io.WriteString(stdout, doc)
		return err
	}
	return fmt.Errorf("there is no format %q", *name)
}

// escalated asks the engine about one of the tickets, for a team of a language.
func escalated(which, language string) (handoff.Case, error) {
	ticket, ok := tickets[which]
	if !ok {
		return handoff.Case{}, fmt.Errorf("there is no ticket %q", which)
	}
	policy := escalation.Standard()
	policy.Language = language
	engine, err := escalation.Compile(policy, nil)
	if err != nil {
		return handoff.Case{}, err
	}
	decision, err := engine.Decide(ticket, instant)
	if err != nil {
		return handoff.Case{}, err
	}
	return *decision.Handoff, nil
}

// writeAll writes every document to a folder, and a page that shows them side by side.
func writeAll(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, which := range []string{"documented", "hostile"} {
		for _, language := range []string{"en", "fr"} {
			c, err := escalated(which, language)
			if err != nil {
				return err
			}
			for _, f := range formats {
				name := filepath.Join(folder, which+"_"+language+"."+f.file)
				if err := os.WriteFile(name, []byte(write(c, f.format)), 0o644); err != nil {
					return err
				}
			}
			page, err := pageOf(c, which, language)
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(folder, which+"_"+language+"_page.html"), page, 0o644); err != nil {
				return err
			}
		}
	}
	return os.WriteFile(filepath.Join(folder, "index.html"), []byte(index), 0o644)
}
