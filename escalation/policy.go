package escalation

import (
	"time"

	"github.com/escalade-go/escalade/handoff"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// A Policy is everything that two machines must agree on to come to the same
// decision: the tiers, the SLA matrix, the words and the rules. It is data:
// start from [Standard], from a file ([ReadPolicy]) or from nothing, change
// what you like, and [Compile] it. Compile says what is wrong, all at once.
type Policy struct {
	Name string `json:"name,omitempty"`
	// From is when the policy takes over tickets that are older than it: what holds then
	// is listed as backlog and not proposed, and nothing is before. Zero: what was ever
	// due on an old ticket is proposed at the first call.
	From time.Time `json:"from,omitzero"`
	// Tiers are the support levels, lowest first. A rule never lowers a tier
	// unless it says de_escalate.
	Tiers []Tier `json:"tiers"`
	// Priorities are the rows of the SLA matrix, most urgent first.
	Priorities []Priority `json:"priorities"`
	// Statuses are the words that the helpdesk uses, each with what it means.
	Statuses []Status `json:"statuses"`
	// Calendars are opening hours by name, for Terms.Calendar and those of tiers and
	// priorities. The name "always" is taken: it is around the clock.
	Calendars map[string]Calendar `json:"calendars,omitempty"`
	// Terms say how the clocks of every ticket are read. In the file they stand beside
	// the other keys: "calendar", "warnings", "on_reopen" and so on.
	Terms
	// Agreements are what is promised to some customers instead.
	Agreements []Agreement `json:"agreements,omitempty"`
	// Fields are the host's own that rules read as ticket.fields.NAME.
	Fields map[string]Field `json:"fields,omitempty"`
	// Params are figures and texts that rules use under param.NAME: numbers,
	// strings and booleans.
	Params map[string]any `json:"params,omitempty"`
	// Recipients are who can be notified, alerted and assigned.
	Recipients []Recipient `json:"recipients,omitempty"`
	// QuietHours are when nobody is to be disturbed. Nil: there are none.
	QuietHours *QuietHours `json:"quiet_hours,omitempty"`
	// Queues are what a ticket can be flagged for.
	Queues []string `json:"queues,omitempty"`
	// Actions are words for THEN that the host carries out itself.
	Actions []HostAction `json:"actions,omitempty"`
	// Reasons are those that a person may give for escalating by hand.
	Reasons []RequestReason `json:"reasons,omitempty"`
	// Language is that of the team: handoff documents and what colleagues are told are in
	// it, and what customers are told whose own there are no templates in. "en" and "fr"
	// are built in, others are those of Templates. Empty: "en".
	Language string `json:"language,omitempty"`
	// Templates are what handoff documents and messages say, by language, in the place of
	// the standard texts.
	Templates map[string]handoff.Templates `json:"templates,omitempty"`
	// Rules are looked at in this order; all that hold fire.
	Rules []rules.Rule `json:"rules"`

	file *policyFile // where it was read from, for the places of mistakes
}

// A Tier is one support level.
type Tier struct {
	Name  string `json:"name"`            // in rules and tickets: "Tier 2"
	Title string `json:"title,omitempty"` // to people: "Technical/Specialist Support"
	// Handles lists what belongs to the tier.
	Handles []string `json:"handles,omitempty"`
	// Expertise is what a customer is told that the tier is good at, where the
	// ticket has no category: "our team who specializes in …". Handles is not for
	// customers: nobody wants to read that their case counts as a legal threat.
	Expertise string `json:"expertise,omitempty"`
	// Response is how soon the tier answers a ticket that comes to it, publicly
	// and by a person. A priority that promises a sooner first response wins.
	Response sla.Target `json:"response,omitzero"`
	// Calendar is when the tier works, if not when its tickets' priorities do.
	Calendar string `json:"calendar,omitempty"`
	// Goal is the share of its tickets that the tier should resolve itself: a
	// figure for reports, no clock. Nil: none is set.
	Goal *Share `json:"goal,omitempty"`
	// Demands is what must be written down before a person may send a ticket
	// here. It never stops a rule: there the handoff document shows the gaps.
	Demands Demands `json:"demands,omitzero"`
}

// A Share is a range of fractions, 0 to 1.
type Share struct {
	From float64 `json:"from"`
	To   float64 `json:"to"`
}

// Demands name parts of the handoff document (handoff.Parts lists them).
type Demands struct {
	Text  string   `json:"text,omitempty"` // for people: "Tier 1 documentation"
	Parts []string `json:"parts,omitempty"`
}

// A Priority is a row of the SLA matrix.
type Priority struct {
	Name          string     `json:"name"`
	Description   string     `json:"description,omitempty"`
	FirstResponse sla.Target `json:"first_response,omitzero"`
	// NextResponse is FirstResponse unless it is given.
	NextResponse sla.Target `json:"next_response,omitzero"`
	Resolution   sla.Target `json:"resolution,omitzero"`
	// Calendar is when time counts for these tickets, if not that of the terms:
	// "always" for a Critical that is worked on at night.
	Calendar string `json:"calendar,omitempty"`
}

// A Status is a word of the helpdesk for where a ticket stands. Its category
// says what that does to the clocks: pending and on_hold pause the resolution
// clock, solved and closed stop it.
type Status struct {
	Name     string       `json:"name"`
	Category sla.Category `json:"category"`
}

// A Recipient is a role that the host knows how to reach.
type Recipient struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// Calendar names one of Policy.Calendars, when the recipient may be disturbed: what
	// notify and alert tell them waits until it is open. Quiet hours are not for them
	// then, so that "always" is at any hour. Empty: whenever it is not quiet.
	Calendar string `json:"calendar,omitempty"`
}

// A RequestReason is one that a person may give in a [Request].
type RequestReason struct {
	Code  string `json:"code"`
	Label string `json:"label"`
	// Requires names further parts of the handoff document that must be there.
	Requires []string `json:"requires,omitempty"`
}
