// Webhook takes what a helpdesk sends and prints what is to be done about it.
//
//	go run ./examples/webhook [-at TIME] [-json] [-policy FILE] [-plans TAGS] FILE…
//
// A FILE holds JSON as Zendesk, Zammad or Freshdesk send it, to a webhook or as
// an answer of their API; "-" is the standard input. Which helpdesk it is shows
// in the shape of the JSON. Files about one ticket (the ticket, its comments, its
// audits, its conversations) are joined by the ticket's id, in whatever order
// they are given. A list of tickets gives a decision for each. A Zendesk SLA
// policy gives its targets to the Zendesk tickets of the same call.
//
// The decisions are those of [escalation.Standard]; the helpdesk's words (urgent,
// normal, hold, solved) are translated into its names. A policy of your own
// (-policy) that does not declare those may declare the helpdesk's words instead.
//
// Tickets are judged as of -at. Without it, that is the latest instant that the
// payloads know of the ticket, not the time of day, so that the same files always
// give the same output. A real receiver passes time.Now() to Decide, keeps
// Decision.Ledger with the ticket and hands it in again with the next call. This
// program keeps nothing, so an old ticket brings all that was ever due on it.
//
// How to read it: main.go is the way of a payload through the program, zendesk.go,
// zammad.go and freshdesk.go are one helpdesk each and can be copied alone with
// record.go and loose.go, words.go is the translation, print.go the output.
//
// The exit code is 0 when everything could be used, 1 when something could not
// (no JSON, no helpdesk that we know, no creation time) and 2 when the call itself
// was wrong. A comment without its ticket is told of, and is no error.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// A helpdesk turns payloads into tickets. It is given every document first, and
// asked for the tickets when all have been seen, because a ticket's comments may
// come before the ticket.
type helpdesk interface {
	name() string
	// take keeps a document, and reports whether it is one of this helpdesk's.
	take(doc document) bool
	// records are the tickets; strays tell of what belongs to none of them.
	records() (tickets []*record, strays []string)
	// policy is what the tickets are judged by unless the user has a policy.
	policy() (escalation.Policy, []string)
	words() words
}

type options struct {
	at     time.Time
	json   bool
	policy *escalation.Policy // nil: each helpdesk's own
	plans  []string
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, files, code := parse(args, stderr)
	if code >= 0 {
		return code
	}
	desks := []helpdesk{newZendesk(), newZammad(), newFreshdesk()}
	failed := false
	for _, file := range files {
		for _, err := range deliver(file, stdin, desks, stderr) {
			fmt.Fprintln(stderr, oneLine(err.Error(), maxReport))
			failed = true
		}
	}
	for _, desk := range desks {
		if !decideAll(desk, o, stdout, stderr) {
			failed = true
		}
	}
	if failed {
		return 1
	}
	return 0
}

// parse reads the command line; a code of 0 or more ends the program.
func parse(args []string, stderr io.Writer) (o options, files []string, code int) {
	flags := flag.NewFlagSet("webhook", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: webhook [flags] FILE…\n\nPrints what is to be done about the tickets in payloads of Zendesk, Zammad and Freshdesk (- is standard input).")
		flags.PrintDefaults()
	}
	at := flags.String("at", "", "judge the tickets as of this `time` (RFC 3339; default: the latest instant that the payloads know of each ticket)")
	flags.BoolVar(&o.json, "json", false, "print each decision as a line of JSON")
	policy := flags.String("policy", "", "judge by the policy in this `file` (default: the standard policy, with the targets of a Zendesk SLA policy if one is given)")
	plans := flags.String("plans", "enterprise", "`tags` that name the customer's plan, separated by commas, the best plan first")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return o, nil, 0
	case err != nil:
		return o, nil, 2
	case flags.NArg() == 0:
		flags.Usage()
		return o, nil, 2
	}
	for plan := range strings.SplitSeq(*plans, ",") {
		o.plans = append(o.plans, strings.TrimSpace(plan))
	}
	if *at != "" {
		var err error
		if o.at, err = time.Parse(time.RFC3339, *at); err != nil {
			fmt.Fprintf(stderr, "-at %q is no time; write it like 2026-03-02T09:00:00Z\n", *at)
			return o, nil, 2
		}
	}
	if *policy != "" {
		var err error
		if o.policy, err = readPolicy(*policy); err != nil {
			fmt.Fprintln(stderr, err)
			return o, nil, 2
		}
	}
	return o, flags.Args(), -1
}

// readPolicy reads a policy and compiles it once, so that all its mistakes are
// told before any ticket is looked at.
func readPolicy(file string) (*escalation.Policy, error) {
	src, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	p, err := escalation.ReadPolicy(file, src)
	if err == nil {
		_, err = escalation.Compile(p, nil)
	}
	if mistakes, ok := errors.AsType[rules.Errors](err); ok {
		lines := make([]string, len(mistakes))
		for i, m := range mistakes {
			lines[i] = m.Error()
		}
		return nil, errors.New(strings.Join(lines, "\n"))
	}
	return &p, err
}

// deliver hands what a file holds to the helpdesks. The errors are about what
// cannot be used.
func deliver(file string, stdin io.Reader, desks []helpdesk, stderr io.Writer) []error {
	src, err := readFile(file, stdin)
	if err != nil {
		return []error{err}
	}
	docs, err := documents(file, src)
	var errs []error
	unknown := 0
	for _, doc := range docs {
		switch {
		case slices.ContainsFunc(desks, func(d helpdesk) bool { return d.take(doc) }):
		case unknown == 0:
			errs = append(errs, unrecognised(doc))
			unknown++
		default:
			unknown++
		}
	}
	if unknown > 1 {
		errs = append(errs, fmt.Errorf("%s: nor are %d more in this file", file, unknown-1))
	}
	if err != nil {
		errs = append(errs, err)
	} else if len(docs) == 0 {
		fmt.Fprintf(stderr, "%s: an empty list, so there is nothing to decide\n", file)
	}
	return errs
}

func readFile(file string, stdin io.Reader) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(stdin)
	}
	return os.ReadFile(file)
}

// documents splits a file into what helpdesks send one at a time: the items of
// lists, and JSON values that follow each other. What stands before a mistake is
// returned along with the error.
func documents(file string, src []byte) ([]document, error) {
	if file == "-" {
		file = "standard input"
	}
	src = bytes.TrimPrefix(src, []byte("\uFEFF")) // some programs begin files with a mark
	if len(bytes.TrimSpace(src)) == 0 {
		return nil, fmt.Errorf("%s: is empty", file)
	}
	var docs []document
	decoder := json.NewDecoder(bytes.NewReader(src))
	for {
		var raw json.RawMessage
		switch err := decoder.Decode(&raw); {
		case err == io.EOF:
			return docs, nil
		case err != nil:
			return docs, malformed(file, src, err)
		}
		items, isList := list(raw)
		if !isList {
			docs = append(docs, newDocument(file, "", raw))
		}
		for i, item := range items {
			docs = append(docs, newDocument(file, fmt.Sprintf(", item %d", i+1), item))
		}
	}
}

// list returns the items of a list, also of one that the API has wrapped.
func list(raw json.RawMessage) ([]json.RawMessage, bool) {
	for _, key := range []string{"tickets", "results"} {
		if wrapped := object(raw)[key]; kindOf(wrapped) == '[' {
			raw = wrapped
			break
		}
	}
	var items []json.RawMessage
	if kindOf(raw) != '[' || json.Unmarshal(raw, &items) != nil {
		return nil, false
	}
	return items, true
}

func malformed(file string, src []byte, err error) error {
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	if !ok || int(syntax.Offset) >= len(src) {
		return fmt.Errorf("%s: the JSON ends in the middle; was it cut off?", file)
	}
	before := src[:max(syntax.Offset-1, 0)]
	line, column := bytes.Count(before, []byte("\n"))+1, len(before)-bytes.LastIndexByte(before, '\n')
	return fmt.Errorf("%s:%d:%d: this is not JSON: %s", file, line, column, syntax)
}

// unrecognised says what was found and what would have been understood.
func unrecognised(doc document) error {
	const understood = "understood are tickets of Zendesk (also comments, audits and SLA policies), Zammad (also articles) and Freshdesk (also conversations), " +
		"as their APIs and webhooks write them, alone and in lists"
	if doc.keys == nil {
		return fmt.Errorf("%s: a JSON %s is not a payload that is known here; %s", doc.from, kindName(doc.raw), understood)
	}
	keys := make([]string, 0, len(doc.keys))
	for key := range doc.keys {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	found := "it is an empty object"
	if n := len(keys); n > 0 {
		found = "its keys are " + strings.Join(keys[:min(n, 6)], ", ")
		if n > 6 {
			found += " …"
		}
	}
	return fmt.Errorf("%s: not a payload that is known here (%s); %s", doc.from, found, understood)
}

// decideAll prints a decision for each ticket of a helpdesk. It reports whether
// all of them could be judged.
func decideAll(desk helpdesk, o options, stdout, stderr io.Writer) bool {
	records, strays := desk.records()
	policy, about := desk.policy()
	if o.policy != nil {
		policy = *o.policy
	}
	if len(records) == 0 {
		strays = append(strays, about...)
	} else if o.policy != nil && len(about) > 0 {
		about = []string{"the SLA policy is passed over: -policy names another"}
	}
	for _, stray := range strays {
		fmt.Fprintln(stderr, oneLine(stray, maxReport))
	}
	if len(records) == 0 {
		return true
	}
	// Two helpdesks may both have a ticket 7. The namespace keeps their keys apart.
	engine, err := escalation.Compile(policy, &escalation.Options{Namespace: strings.ToLower(desk.name())})
	if err != nil {
		fmt.Fprintln(stderr, err)
		return false
	}
	ok := true
	for _, r := range records {
		r.planFrom(o.plans)
		desk.words().translate(&r.ticket, policy)
		r.statusByUpdate(policy)
		r.notes = append(r.notes, about...)
		if err := decide(engine, desk, r, o, stdout); err != nil {
			fmt.Fprintln(stderr, oneLine(err.Error(), maxReport))
			ok = false
		}
	}
	return ok
}

func decide(engine *escalation.Engine, desk helpdesk, r *record, o options, stdout io.Writer) error {
	what := fmt.Sprintf("%s: %s ticket %s", r.from, desk.name(), cmp.Or(r.ticket.ID, "without an id"))
	if r.ticket.ID == "" {
		return fmt.Errorf("%s cannot be judged", what)
	}
	if r.ticket.CreatedAt.IsZero() {
		return fmt.Errorf("%s cannot be judged: created_at is missing, or is no time", what)
	}
	at := o.at
	if at.IsZero() {
		at = r.latest()
	}
	decision, err := engine.Decide(r.ticket, at)
	if err != nil {
		return fmt.Errorf("%s cannot be judged: %w", what, err)
	}
	if !o.json {
		return show(stdout, desk.name(), r, decision, engine.Policy())
	}
	line, err := json.Marshal(decision)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	_, err = fmt.Fprintf(stdout, "%s\n", line)
	return err
}
