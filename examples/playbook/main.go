// Command playbook designs an escalation workflow, and checks one that was edited:
//
//	go run ./examples/playbook
//
// asks nothing: a sample team answers the five questions (company, volume, structure,
// common issues, pain points). It prints the document that is made of them, compiles it,
// and lives through a ticket under it. With -lang fr all of that is in French.
//
//	go run ./examples/playbook playbook.md
//
// reads a document instead: it prints what the engine makes of it and what is probably not
// meant, or its mistakes as a compiler would, with an exit status of 1. So a lead starts from
// the first output, edits it, and asks again.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/escalation/playbook"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// exit codes
const (
	fine  = 0
	wrong = 1 // the document
	usage = 2
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("playbook", flag.ContinueOnError)
	flags.SetOutput(stderr)
	language := flags.String("lang", "en", "the `language` of the sample: en or fr")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return fine
	case err != nil:
		return usage
	case flags.NArg() > 1:
		fmt.Fprintln(stderr, "playbook reads one file")
		return usage
	}
	if _, known := samples[*language]; !known {
		fmt.Fprintf(stderr, "-lang %q: there are en and fr\n", *language)
		return usage
	}
	out := bufio.NewWriter(stdout)
	var err error
	if file := flags.Arg(0); file != "" {
		var src []byte
		if src, err = os.ReadFile(file); err == nil {
			err = check(out, file, src)
		}
	} else {
		err = design(out, samples[*language])
	}
	if failed := out.Flush(); err == nil {
		err = failed
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		return wrong
	}
	return fine
}

// design prints the document of a sample, and a ticket's life under it.
func design(w io.Writer, s sample) error {
	doc, err := playbook.Design(s.profile)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if _, err := doc.WriteTo(&text); err != nil {
		return err
	}
	if _, err := w.Write(text.Bytes()); err != nil {
		return err
	}
	// The document is the policy: what runs below was read from the lines above.
	read, err := playbook.Read("playbook.md", text.Bytes())
	if err != nil {
		return err
	}
	engine, err := read.Compile(nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\n---\n\n%s\n\n", s.says.life)
	return live(w, engine, s)
}

// check prints what the engine makes of a document. The error holds all its mistakes,
// each with its line.
func check(w io.Writer, name string, src []byte) error {
	doc, _ := playbook.Read(name, src) // Compile tells what is wrong, all at once
	engine, err := doc.Compile(nil)
	if mistakes, ok := errors.AsType[escalation.Errors](err); ok {
		return errors.New(snippets(mistakes, src))
	}
	if err != nil {
		return err
	}
	p := doc.Policy
	fmt.Fprintf(w, "%s: %s\n\n", name, p.Name)
	for _, t := range p.Tiers {
		fmt.Fprintf(w, "  %-10s %-36s answers %s\n", t.Name, t.Title, within(t.Response))
	}
	fmt.Fprintln(w)
	for _, r := range p.Priorities {
		fmt.Fprintf(w, "  %-10s first response %-10s resolution %s\n", r.Name, within(r.FirstResponse), within(r.Resolution))
	}
	fmt.Fprintf(w, "\n  %d rules:\n", len(p.Rules))
	for _, r := range p.Rules {
		trial := ""
		if r.Mode == rules.Observe {
			trial = " (on trial)"
		}
		fmt.Fprintf(w, "    %s%s\n", r.Name, trial)
	}
	if len(doc.Unused) > 0 {
		fmt.Fprintln(w, "\nSeen and not used:")
	}
	for _, u := range doc.Unused {
		fmt.Fprintf(w, "  %s: %q: %s\n", u.Pos, u.Text, u.Why)
	}
	found := doc.Verify(engine)
	if len(found) == 0 {
		fmt.Fprintln(w, "\nNothing was found that is probably not meant.")
		return nil
	}
	fmt.Fprintln(w, "\nProbably not meant:")
	for _, f := range found {
		fmt.Fprintf(w, "  %s\n", f)
	}
	return nil
}

func within(t sla.Target) string {
	if t.IsZero() {
		return "-"
	}
	return t.String()
}

// snippets draws each mistake with a caret under it.
func snippets(mistakes escalation.Errors, src []byte) string {
	parts := make([]string, len(mistakes))
	for i, m := range mistakes {
		parts[i] = rules.Snippet(m, string(src))
	}
	return strings.Join(parts, "\n\n")
}
