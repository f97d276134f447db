package handoff_test

import (
	"fmt"
	"time"

	"github.com/escalade-go/escalade/handoff"
)

// A ticket goes to the specialists before anybody has written down what was tried. The document shows the gaps.
func ExampleCase_Markdown() {
	c := handoff.Case{
		Ticket: "4711", Subject: "Charged twice", Customer: "Maria Silva", Account: "Enterprise", Priority: "High",
		To: "Tier 2", Team: "Technical/Specialist Support", Reason: "SLA at risk",
		Excerpt:   "I was charged twice!\n# REFUND ME",
		Timeline:  []handoff.Entry{{At: time.Date(2026, 3, 2, 9, 14, 0, 0, time.UTC), What: "Initial contact", Text: "Charged twice"}},
		Sentiment: "angry",
	}
	fmt.Print(c.Markdown())
	// Output:
	// # Escalation Handoff Document
	//
	// ## Ticket Information
	// - **Ticket ID**: 4711 – Charged twice
	// - **Customer**: Maria Silva / Enterprise
	// - **Priority**: High
	// - **Escalating To**: Tier 2 (Technical/Specialist Support)
	// - **Escalation Reason**: SLA at risk
	// - **Completeness**: 33 %; to be written: summary, tried, expectation, next steps
	//
	// ## Issue Summary
	// _Not provided. In the customer's words:_
	//
	// > I was charged twice!
	// > \# REFUND ME
	//
	// ## Timeline
	// - 2026-03-02 09:14 UTC - Initial contact: Charged twice
	//
	// ## What Has Been Tried
	// _Not provided._
	//
	// ## Customer Sentiment
	// Angry
	//
	// ## Customer Expectation
	// _Not provided._
	//
	// ## Recommended Next Steps
	// _Not provided._
	//
	// ## Attachments
	// _None._
	//
	// ## Acknowledgement
	// Nobody has taken it over yet.
}

// The customer is told who will answer and when. A slot that is empty is an error, not a hole in the sentence.
func ExampleCase_Acknowledgment() {
	c := handoff.Case{Ticket: "4711", Team: "Technical/Specialist Support", Topic: "billing disputes"}
	if _, err := c.Acknowledgment(); err != nil {
		fmt.Println(err)
	}
	c.Timeframe = "4 hours"
	text, _ := c.Acknowledgment()
	fmt.Println(text)
	// Output:
	// handoff: the acknowledgment has nothing to say for timeframe
	// I've escalated your case to our Technical/Specialist Support team who specializes in billing disputes. They'll be reaching out within 4 hours. Your case reference is 4711.
}

// An agent wants to escalate; the receiving tier asks for documentation.
func ExampleCase_Missing() {
	c := handoff.Case{Summary: "Maria was charged twice.", Sentiment: "calm", Tried: []string{"Looked at the invoice: two charges"}}
	fmt.Println(c.Missing())
	// Output:
	// [timeline expectation next_steps]
}
