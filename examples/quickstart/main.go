// Command quickstart judges a handful of tickets and tells what it decided and
// why:
//
//	go run ./examples/quickstart
//
// Without flags it takes the policy and the tickets of this folder, as of an
// instant that is fixed, so that it prints the same today and in ten years. With
// your own:
//
//	go run ./examples/quickstart -policy policy.json -tickets tickets.jsonl -at 2026-03-04T14:00:00Z
//
// Tickets are JSON, one a line. Nothing is written and nothing is sent: to act on
// a decision, and to keep its ledger for the next time, is the host's part.
package main

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/handoff"
)

var (
	//go:embed policy.json
	ourPolicy []byte // escalation.Standard(), in its file form

	//go:embed tickets.jsonl
	ourTickets []byte
)

// ourInstant is when the tickets of this folder are looked at.
const ourInstant = "2026-03-04T14:00:00Z"

// exit codes
const (
	fine  = 0
	wrong = 1 // the policy or a ticket
	usage = 2
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(stderr)
	policyFile := flags.String("policy", "", "policy `file` (without: the standard policy)")
	ticketFile := flags.String("tickets", "", "`file` of tickets, one JSON object a line, - for standard input (without: ten examples)")
	at := flags.String("at", "", "the `time` to judge them at, like "+ourInstant+" (without: the latest in your tickets)")
	format := flags.String("format", "markdown", "how the handoff document is printed: markdown, plain, html or slack")
	asJSON := flags.Bool("json", false, "print the decisions as JSON, one a line")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return fine
	case err != nil:
		return usage
	case flags.NArg() > 0:
		fmt.Fprintf(stderr, "quickstart takes flags only, not %q; see -h\n", flags.Arg(0))
		return usage
	}
	written, ok := formats[*format]
	if !ok {
		fmt.Fprintf(stderr, "-format %q is none of markdown, plain, html and slack\n", *format)
		return usage
	}
	now, err := time.Parse(time.RFC3339, *at)
	if *at != "" && err != nil {
		fmt.Fprintf(stderr, "-at %q is not a time like %s\n", *at, ourInstant)
		return usage
	}

	engine, err := compile(*policyFile)
	if err != nil {
		fmt.Fprintln(stderr, err) // every mistake in a line of its own
		return wrong
	}
	name, src, err := open(*ticketFile, stdin)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return wrong
	}
	code := fine
	entries, broken := read(name, src)
	for _, err := range broken {
		fmt.Fprintln(stderr, err)
		code = wrong
	}

	guessed := false
	switch {
	case *at != "":
	case *ticketFile == "":
		now, _ = time.Parse(time.RFC3339, ourInstant)
	default:
		now, guessed = latest(entries), true
	}
	judged := entries[:0]
	for _, e := range entries {
		// The engine is asked with the ticket and an instant. That is all there is to it.
		e.decision, err = engine.Decide(e.ticket, now)
		if err != nil {
			fmt.Fprintf(stderr, "%s:%d: %v\n", name, e.line, err)
			code = wrong
			continue
		}
		judged = append(judged, e)
	}
	if len(judged) == 0 {
		fmt.Fprintf(stderr, "%s: there is no ticket to judge\n", name)
		return wrong
	}

	out := bufio.NewWriter(stdout)
	if *asJSON {
		if guessed {
			fmt.Fprintf(stderr, "judged as of %s, the latest instant in the tickets\n", now.Format(time.RFC3339))
		}
		lines := json.NewEncoder(out)
		lines.SetEscapeHTML(false)
		for _, e := range judged {
			if err := lines.Encode(e.decision); err != nil {
				fmt.Fprintln(stderr, err)
				code = wrong
			}
		}
	} else {
		report(out, engine, judged, now, guessed, written)
	}
	if err := out.Flush(); err != nil {
		fmt.Fprintln(stderr, err)
		code = wrong
	}
	return code
}

// formats are those of the handoff document.
var formats = map[string]handoff.Format{"markdown": handoff.Markdown, "plain": handoff.Plain, "html": handoff.HTML, "slack": handoff.Slack}

// compile makes an engine of a policy file, or of the policy of this folder.
func compile(file string) (*escalation.Engine, error) {
	name, src := "policy.json", ourPolicy
	if file != "" {
		var err error
		if src, err = os.ReadFile(file); err != nil {
			return nil, err
		}
		name = file
	}
	policy, err := escalation.ReadPolicy(name, src)
	if err != nil {
		return nil, err
	}
	return escalation.Compile(policy, nil)
}

// entry is one ticket of a file, and what was decided about it.
type entry struct {
	line     int
	ticket   escalation.Ticket
	shows    string // the remark on it, if it has one
	decision escalation.Decision
}

func open(file string, stdin io.Reader) (name string, src []byte, err error) {
	switch file {
	case "":
		return "tickets.jsonl", ourTickets, nil
	case "-":
		src, err = io.ReadAll(stdin)
		return "standard input", src, err
	default:
		src, err = os.ReadFile(file)
		return file, src, err
	}
}

// read takes the tickets from their lines. A line that is none must not keep the
// others from being judged, so it is told beside them.
func read(name string, src []byte) (entries []entry, broken []error) {
	line := 0
	for text := range bytes.Lines(src) {
		line++
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		e := entry{line: line}
		err := json.Unmarshal(text, &e.ticket)
		if err != nil {
			broken = append(broken, fmt.Errorf("%s:%d: %w", name, line, err))
			continue
		}
		// Tickets ignore keys that they do not know, so a file can hold more. That
		// the remark is a text is nothing to insist on.
		var more struct {
			Shows string `json:"shows"`
		}
		if json.Unmarshal(text, &more) == nil {
			e.shows = more.Shows
		}
		entries = append(entries, e)
	}
	return entries, broken
}

// latest is the last instant at which anything is known to have happened: as good
// a "now" as a file of tickets can offer.
func latest(entries []entry) time.Time {
	var last time.Time
	for _, e := range entries {
		t := e.ticket
		all := []time.Time{
			t.CreatedAt, t.FirstReplyAt, t.LastReplyAt, t.WaitingSince, t.StatusSince, t.SolvedAt, t.Ledger.At,
		}
		for _, m := range t.Messages {
			all = append(all, m.At)
		}
		for _, c := range t.Changes {
			all = append(all, c.At)
		}
		for _, at := range all {
			if at.After(last) {
				last = at
			}
		}
	}
	return last
}
