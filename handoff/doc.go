// Package handoff writes what a person needs who takes over an escalated ticket, and what the customer is told meanwhile.
//
// A [Case] is the ticket as it is handed over: who the customer is, which tier takes over and why, what is asked of it, where the promises
// stand, what happened, what was tried and what comes next. It is a plain value that a host may build, store as JSON and build again; its
// zero is a case about which nothing is known yet. An [Entry] is one line of its timeline, a [Receipt] says who has taken it over.
//
//   - [Case.Document] writes the handoff document: Markdown, plain text, HTML or what Slack takes. [Case.Markdown] is the first of these.
//   - [Case.Missing] names the parts a person still has to fill, [Case.Completeness] says how much is there; [Case.Has] asks for one of the
//     [Parts].
//   - [Case.Acknowledgment] and [Case.FollowUp] are for the customer, [Case.Message] for the colleague who takes over.
//   - [Compile] makes a [Set] of [Templates] of one's own, in any language; [Case.In] writes a case with it. English and French come with
//     the package.
//   - [Format.Escape] and [Line] make a text safe to stand in a document or message of your own.
//
// A whole example:
//
//	c := handoff.Case{
//		Ticket: "4711", Customer: "Maria Silva", Priority: "High",
//		To: "Tier 2", Team: "Technical/Specialist Support", Reason: "SLA at risk",
//		Topic: "billing disputes", Timeframe: "4 hours",
//		Summary: "Maria was charged twice for May.", Sentiment: "frustrated",
//	}
//	note := c.Markdown()            // for the receiving team
//	todo := c.Missing()             // timeline, tried, expectation, next_steps
//	text, err := c.Acknowledgment() // for Maria
//
// # Slots
//
// A template is text with slots in square brackets. Their names, in any case and with or without accents; each has French names too, and
// those of the JSON of a case:
//
//	[ID] [Number] [subject]                    the ticket's number; the number and the subject; the subject
//	[Name] [Account] [Name/Account]            the customer
//	[Level]                                    the priority
//	[Tier/Person] [Person/Team] [Tier]         where it goes in full; who is addressed; the team's public name
//	[Category]                                 the reason of the escalation
//	[issue type] [timeframe]                   what the team is good at; how soon it answers
//	[summary] [1-sentence summary]             the agent's, or the customer's first words; its first sentence, or the subject
//	[the ask] [owner] [time zone]              what is to be done and until when; who keeps the customer; whose time it is
//	[completeness] [business impact] [SLA]
//	[timeline] [Action and result]             what happened; what was tried
//	[ruled out] [workaround] [sentiment]
//	[expectation] [last promise]
//	[Suggested action] [if nobody reacts]      what to do; what happens otherwise
//	[attachments] [rules] [earlier escalations] [receipt]
//	[Urgency note] [Summary of resolution]
//
// A slot that ought to be filled and is not shows as a gap in a document, and makes a message an error. "[owner, if known]" may stay empty:
// the line or sentence that has nothing else in it is left out, and so is the heading of a section of which nothing is left. "if any", "if
// applicable", "s'il y en a" and "si besoin" say the same. Customers can be told [ID], [subject], [Name], [Tier], [issue type], [timeframe]
// and [Summary of resolution]; any other slot in a message to them is a mistake.
//
// # What is promised
//
// Every string of a case is text, whoever wrote it. In a document of any format it makes no heading, list, quote, table, code, link, image,
// mention, reference, quick action or tag; template actions such as {{.Secret}} are text like any other. Control characters, direction
// overrides and invisible characters are taken out, broken UTF-8 is replaced. What the author of a template wrote is text as well, but
// its addresses and mentions are meant, also where they go on with a slot: "#[ID]" refers to the ticket, and "@[Name]" mentions whoever the
// customer says they are. Texts whose slots touch make nothing together.
//
// A document is never longer than [MaxDocument] characters and a message never longer than [MaxMessage]: long texts and lists are cut, and
// the cut says how much is gone.
//
// What goes to the customer is made of the ticket's number and subject, their name, the team's public name, the topic, the timeframe and the
// resolution. Names of colleagues, the reason, the sentiment and the timeline do not reach it.
//
// The same case gives the same bytes: there is no clock, no randomness and no state. A case may be read by many goroutines at once.
//
// # Why the document shows its gaps
//
// An automatic escalation cannot wait until somebody has written a summary, and a heading that is left out looks as if there were nothing
// to say. So the headings that every case has stand there, and a gap reads "Not provided." A message is different: its reader cannot ask
// back, so a message with an empty slot is an [EmptySlot] error and never sent half-filled.
//
// # Why there are word joiners in the text
//
// A backslash keeps Markdown from reading "@anna", "#12" or "https://…", but many trackers look for these in the text that is left after
// Markdown. An invisible word joiner (U+2060) inside the mark stops both, and the reader sees no difference. The price is that an address
// copied from a document carries the joiner, which is as well for addresses that strangers have sent. Slack has no way at all to write a
// mark that is meant, so there asterisks, tildes and backticks become their look-alikes.
//
// # Why templates are no Go templates
//
// They are written by team leads and by tenants. A slot can only be filled; it cannot loop, call, or leave the text of a customer unescaped,
// and one template is enough for all formats.
package handoff
