package handoff

import (
	"slices"
	"strings"
	"time"
)

// A Case is a ticket as it is handed over. All its strings are untrusted text; none is read as Markdown, HTML or a template.
type Case struct {
	Ticket   string `json:"ticket,omitzero"`   // its number or id, as people say it
	Subject  string `json:"subject,omitzero"`  // its subject line
	Customer string `json:"customer,omitzero"` // the customer's name
	Account  string `json:"account,omitzero"`  // the plan or the account
	Priority string `json:"priority,omitzero"`

	From   string `json:"from,omitzero"`   // the tier left
	To     string `json:"to,omitzero"`     // the tier escalated to: "Tier 2"
	Team   string `json:"team,omitzero"`   // its public name, which customers may read: "Technical/Specialist Support"
	Person string `json:"person,omitzero"` // who takes over, if known
	Reason string `json:"reason,omitzero"` // why it is escalated, in a word or two: "SLA at risk"
	Topic  string `json:"topic,omitzero"`  // what the team is good at, which customers may read: "billing disputes"

	Summary     string   `json:"summary,omitzero"`     // two or three sentences by the agent
	Excerpt     string   `json:"excerpt,omitzero"`     // the customer's first words, quoted where there is no summary
	Timeline    []Entry  `json:"timeline,omitzero"`    // in any order; written in order of time
	Tried       []string `json:"tried,omitzero"`       // each with its result
	Sentiment   string   `json:"sentiment,omitzero"`   // calm, frustrated, angry or threatening
	Expectation string   `json:"expectation,omitzero"` // what the customer wants as resolution
	NextSteps   []string `json:"next_steps,omitzero"`
	Attachments []string `json:"attachments,omitzero"`

	Timeframe  string `json:"timeframe,omitzero"`  // how soon the receiving team answers, in words: "4 hours"
	Urgency    string `json:"urgency,omitzero"`    // a note for the internal message; may stay empty
	Resolution string `json:"resolution,omitzero"` // how it ended, which customers may read; for the follow-up
}

// An Entry is one line of a timeline: when, what kind of event, and what was said or done.
type Entry struct {
	At       time.Time `json:"at,omitzero"`       // zero: not known; such entries come last
	What     string    `json:"what,omitzero"`     // "Initial contact", "Action taken", "Escalation triggered"
	Text     string    `json:"text,omitzero"`     // its summary, details or reason
	By       string    `json:"by,omitzero"`       // who did it
	Internal bool      `json:"internal,omitzero"` // not for the customer; marked in the document
}

// The parts of a case that can be asked for, in the order of the document. Who takes over stands last: it is a line of the document, not a
// heading, and only some tiers ask for it.
var parts = [...]struct {
	name string
	// optional: a case is complete without it, because a team is enough to take over.
	optional bool
	has      func(Case) bool
}{
	{"summary", false, func(c Case) bool { return visible(c.Summary) }},
	{"timeline", false, func(c Case) bool { return slices.ContainsFunc(c.Timeline, Entry.visible) }},
	{"tried", false, func(c Case) bool { return slices.ContainsFunc(c.Tried, visible) }},
	{"sentiment", false, func(c Case) bool { return visible(c.Sentiment) }},
	{"expectation", false, func(c Case) bool { return visible(c.Expectation) }},
	{"next_steps", false, func(c Case) bool { return slices.ContainsFunc(c.NextSteps, visible) }},
	{"person", true, func(c Case) bool { return visible(c.Person) }},
}

// Parts returns the names of all parts that a tier may demand: summary, timeline, tried, sentiment, expectation, next_steps and person.
// The slice is the caller's.
func Parts() []string {
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = p.name
	}
	return names
}

// Has reports whether the case has the part, that is, text in it that can be seen. It is false for names that are not among the [Parts].
func (c Case) Has(part string) bool {
	for _, p := range parts {
		if p.name == part {
			return p.has(c)
		}
	}
	return false
}

// Missing returns the parts that a person still has to fill, in the order of the document; nil if the case is complete. It never names
// the person who takes over, since a team is enough, nor the attachments, since there need not be any. An excerpt is no summary.
func (c Case) Missing() []string {
	var missing []string
	for _, p := range parts {
		if !p.optional && !p.has(c) {
			missing = append(missing, p.name)
		}
	}
	return missing
}

func (e Entry) visible() bool { return visible(e.What) || visible(e.Text) }

// mood returns the sentiment in lower case if it is one of the four labels of the document, else as it was given.
func (c Case) mood() string {
	label := strings.ToLower(strings.TrimSpace(c.Sentiment))
	switch label {
	case "calm", "frustrated", "angry", "threatening":
		return label
	}
	return c.Sentiment
}
