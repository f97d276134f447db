package playbook

import (
	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
)

// A Document is a workflow design document, read: the policy that it says, the profile of
// those it is for, and all of its text, so that it can be written back.
type Document struct {
	// Policy is what the document says, and what [escalation.Standard] says where the
	// document says nothing. It compiles to an engine, or Compile tells where in the
	// document it does not.
	Policy escalation.Policy
	// Profile is the organization profile; of a designed document, the whole of the
	// answers.
	Profile Profile
	// Unused is what was seen and not used, in the order of the document: a section of
	// which nothing is known, a column without a meaning.
	Unused []Unused
	// Notes are what [Design] has decided and why. WriteTo writes each at the end of its
	// section; a document that is read has them in its text, as any other prose.
	Notes []Note

	read *text // what it was read from; nil: it was not
}

// A Note is prose under a section of a document.
type Note struct {
	// Section is the English heading under which it stands, such as "SLA Matrix",
	// whatever the language of the document.
	Section string
	// Text is Markdown, paragraphs and lists without a heading of the first or second
	// level.
	Text string
}

// Unused is a part of a document, or of the answers in a profile, that changes nothing.
type Unused struct {
	Pos rules.Position
	// Text is the beginning of it, and Why one sentence on why it was not used.
	Text, Why string
}

// A Profile is what a team says of itself: the five questions, and the figures that its
// answers are judged by. The zero Profile is that of a team of which nothing is known.
type Profile struct {
	// Company is the name of the company or product; empty: "Company".
	Company string
	// Supports says what is supported, in a sentence.
	Supports string
	// Volume is how many tickets come in a month, and Agents how many people answer
	// them; zero: not known.
	Volume, Agents int
	// Structure is the present structure, in the words of the team: "3 tiers", "Helpdesk,
	// Billing, Engineering".
	Structure string
	// Issues are the most common kinds of tickets, and Pains what goes wrong with
	// escalations, in the words of the team.
	Issues, Pains []string
	// Language is that of the document: "en" or "fr"; empty: en.
	Language string
	// RevenueThreshold and LTVThreshold are where a case or a customer becomes
	// important; zero: 1000 and 10000.
	RevenueThreshold, LTVThreshold float64
	// Figures override those of [Design] by name; Document shows which there are.
	Figures map[string]float64
}
