// Package playbook reads and writes a policy as the document that people review: the
// workflow design document, in Markdown. A support lead edits it, a pull request shows
// what has changed, the engine runs it; there is no second version that could drift.
//
// # Verbs
//
// [Design] makes a document from the answers of a team. [Write] makes one from a policy.
// [Read] reads one, by hand or by a language model as it may be, and [Document.WriteTo]
// writes it back, byte for byte if nothing was changed. [Document.Compile] and [Parse] make
// an engine or a policy of it, or tell every mistake with its line and column.
//
// # A lead's first hour
//
// Design: answer five questions (what is supported, how many tickets, which tiers, which
// issues, what goes wrong), and write what comes out to a file.
//
//	doc, err := playbook.Design(playbook.Profile{Company: "Acme Bikes", Volume: 1200, Structure: "3 tiers"})
//	doc.WriteTo(file)
//
// Edit a target: it is a cell of the table under "SLA Matrix".
//
//	| High | Major feature broken | 30 min | 8 hours |
//
// Add a rule: its name in bold, and below it, in a fence or not, what it does.
//
//	**quiet customer**
//	IF ticket.waiting > 2 days
//	THEN notify team lead
//
// See a mistake: there are no "2 days" in a condition.
//
//	playbook.md:88:21: /if (quiet customer): unexpected token "days" (write 2d)
//
// Run a ticket: what the document says is a policy like any other.
//
//	engine, err := doc.Compile(nil)
//	decision, err := engine.Decide(ticket, now)
//
// The command in examples/playbook does all of this.
//
// # What is understood
//
// Sections are known by the words of their headings, in English or French, whatever their
// level, number and order: organization profile, tiers, SLA matrix, escalation rules
// (automatic and manual), parameters, statuses, recipients, queues, calendars and holidays,
// quiet hours, templates, settings. What stands in a section is a list, a table, or rules
// in the text form of package rules; times are said as people say them ("15 min", "4
// hours", "immediate", "2 jours"). The bullets that the framework has for automatic
// escalation ("Third+ contact for same issue") switch the rules of
// [escalation.Standard] on that mean them. Prose is kept and means nothing; quotations are
// prose whatever they look like.
//
// What a document does not say comes from [escalation.Standard]. One that has rules or
// triggers of its own has only these. What was seen and not used is listed in
// Document.Unused; a form that cannot be meant, such as a matrix without a column of
// targets or a time that is none, is a mistake.
//
// What no section has words for (agreements, terms, fields and actions of the host) stands
// under Settings, as a fence of JSON with the keys of a policy file.
package playbook
