// Package handoff writes what a person needs who takes over an escalated ticket, and what the customer is told meanwhile.
//
// A [Case] is the ticket as it is handed over: who the customer is, which tier takes over and why, what happened and what was tried.
// It is a plain value that a host may build, store as JSON and build again; its zero is a case about which nothing is known yet.
// An [Entry] is one line of its timeline.
//
//   - [Case.Markdown] writes the handoff document, the same nine headings each time, gaps included.
//   - [Case.Missing] names the parts a person still has to fill; [Case.Has] asks for one of the [Parts].
//   - [Case.Acknowledgment] and [Case.FollowUp] are for the customer, [Case.Message] for the colleague who takes over.
//   - [Line] makes a text one line of a message of your own, as safe as those.
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
// # What is promised
//
// Every string of a case is text, whoever wrote it. In the document it makes no heading, list, quote, table, code, link, image, mention,
// reference, quick action or HTML; template actions such as {{.Secret}} are text like any other. Control characters, direction overrides
// and invisible characters are taken out, broken UTF-8 is replaced.
//
// A document is never longer than [MaxDocument] characters and a message never longer than [MaxMessage]: long texts and lists are cut, and
// the cut says how much is gone.
//
// What goes to the customer is made of the ticket's number, the team's public name, the topic, the timeframe and the resolution. Names of
// colleagues, the reason, the sentiment and the timeline do not reach it.
//
// The same case gives the same bytes: there is no clock, no randomness and no state. A case may be read by many goroutines at once.
//
// # Why the document shows its gaps
//
// An automatic escalation cannot wait until somebody has written a summary, and a heading that is left out looks as if there were nothing
// to say. So all headings stand there, and a gap reads "Not provided." A message is different: its reader cannot ask back, so a message
// with an empty slot is an [EmptySlot] error and never sent half-filled.
//
// # Why there are word joiners in the text
//
// A backslash keeps Markdown from reading "@anna", "#12" or "https://…", but many trackers look for these in the text that is left after
// Markdown. An invisible word joiner (U+2060) inside the mark stops both, and the reader sees no difference. The price is that an address
// copied from a document carries the joiner, which is as well for addresses that strangers have sent.
package handoff
