package playbook_test

import (
	"fmt"
	"os"
	"time"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/escalation/playbook"
)

// A playbook as a lead writes it. What it does not say is as in escalation.Standard().
const small = `# Escalation Workflow Design: Acme

We answer people, not tickets.

## SLA Matrix

| Priority | First Response | Resolution Target |
|----------|----------------|-------------------|
| Urgent   | 15 min         | 4 hours           |
| Normal   | 1 day          | 3 days            |

## Escalation Rules

**quiet customer**

    IF ticket.waiting > 2d
    THEN notify team lead
`

// The document is the policy: an engine runs it.
func ExampleRead() {
	doc, err := playbook.Read("playbook.md", []byte(small))
	if err != nil {
		fmt.Println(err)
		return
	}
	engine, err := doc.Compile(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	nine := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	decision, err := engine.Decide(escalation.Ticket{
		ID: "4711", Priority: "Normal", CreatedAt: nine,
		Messages: []escalation.Message{{ID: "m1", From: "customer", At: nine, Text: "Hello?"}},
	}, nine.AddDate(0, 0, 3))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range decision.Actions {
		fmt.Println(a.Due.Format("Mon 15:04"), a.Do, a.To, "because of", a.Rule)
	}
	// Output:
	// Wed 09:00 notify team lead because of quiet customer
}

// Every mistake of a document is told at once, with its line.
func ExampleParse() {
	_, err := playbook.Parse("playbook.md", []byte(`## SLA Matrix

| Priority | First Response | Resolution |
|----------|----------------|------------|
| High     | 1 huor         | 8 hours    |

## Escalation Rules

**late**
IF ticket.prority = "High"
THEN notify manger
`))
	fmt.Println(err)
	// Output:
	// playbook.md:5:14: "1 huor" is no time to promise (did you mean "hour"?)
	// playbook.md:10:4: /rules/0/if (late): there is no "ticket.prority" (did you mean "ticket.priority"?)
	// playbook.md:11:13: /rules/0/then/0 (late): notify: there is no recipient "manger" (did you mean "manager"?)
}

// A policy as a document, here its matrix only.
func ExampleDocument_WriteTo() {
	doc, err := playbook.Read("playbook.md", []byte("# Ours\n\n## SLA Matrix\n\n| Priority | First response | Resolution |\n|---|---|---|\n| High | 1h | 8h |\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	doc.Policy.Priorities[0].Resolution.Within = 6 * time.Hour // the section is written anew
	if _, err := doc.WriteTo(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// # Ours
	//
	// ## SLA Matrix
	//
	// | Priority | Description | First Response | Resolution Target |
	// | --- | --- | --- | --- |
	// | High |  | 1 hour | 6 hours |
}
