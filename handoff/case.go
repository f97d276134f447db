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
	// Language is the customer's, as in "en" or "fr-CA": what is written to them is in it, if there are templates in it.
	Language string `json:"language,omitzero"`
	// Zone is whose time the instants of the case are in, as in "Europe/Paris"; they carry its offsets. Empty: all are shown in UTC.
	Zone string `json:"zone,omitzero"`

	From   string `json:"from,omitzero"`   // the tier left
	To     string `json:"to,omitzero"`     // the tier escalated to: "Tier 2"
	Team   string `json:"team,omitzero"`   // its public name, which customers may read: "Technical/Specialist Support"
	Person string `json:"person,omitzero"` // who takes over, if known
	Reason string `json:"reason,omitzero"` // why it is escalated, in a word or two: "SLA at risk"
	Topic  string `json:"topic,omitzero"`  // what the team is good at, which customers may read: "billing disputes"
	Owner  string `json:"owner,omitzero"`  // who keeps answering the customer meanwhile

	Ask      string    `json:"ask,omitzero"`       // what the receiver is to do: decide, fix, approve, take over
	NeededBy time.Time `json:"needed_by,omitzero"` // until when

	Summary     string   `json:"summary,omitzero"`        // two or three sentences by the agent
	Excerpt     string   `json:"excerpt,omitzero"`        // the customer's first words, quoted where there is no summary
	Impact      string   `json:"impact,omitzero"`         // what cannot be done, by how many, and whether it grows
	Revenue     *float64 `json:"revenue_impact,omitzero"` // what is at risk; nil: not known
	Clocks      []Clock  `json:"clocks,omitzero"`         // where the promises stand, in any order
	Timeline    []Entry  `json:"timeline,omitzero"`       // in any order; written in order of time
	Tried       []string `json:"tried,omitzero"`          // each with its result
	RuledOut    []string `json:"ruled_out,omitzero"`      // causes that it is not
	Workaround  string   `json:"workaround,omitzero"`     // what the customer can do meanwhile
	Sentiment   string   `json:"sentiment,omitzero"`      // calm, frustrated, angry or threatening
	Expectation string   `json:"expectation,omitzero"`    // what the customer wants as resolution
	Promise     string   `json:"promise,omitzero"`        // what the customer was promised last
	NextSteps   []string `json:"next_steps,omitzero"`
	Attachments []string `json:"attachments,omitzero"`

	Causes    []Cause  `json:"causes,omitzero"`    // what fired, with the values that made it
	Earlier   []Hop    `json:"earlier,omitzero"`   // escalations before this one, and the ways back
	Otherwise []Step   `json:"otherwise,omitzero"` // what happens next if nobody reacts
	Receipt   *Receipt `json:"receipt,omitzero"`   // nil: nobody has taken it over yet

	Timeframe  string `json:"timeframe,omitzero"`  // how soon the receiving team answers, in words for the customer: "4 hours"
	Urgency    string `json:"urgency,omitzero"`    // a note for the internal message; empty: what Clocks say
	Resolution string `json:"resolution,omitzero"` // how it ended, which customers may read; for the follow-up

	set *Set // whose words it is written in; nil: the standard ones
}

// An Entry is one line of a timeline: when, what kind of event, and what was said or done.
type Entry struct {
	At       time.Time `json:"at,omitzero"`       // zero: not known; such entries come last
	What     string    `json:"what,omitzero"`     // "Initial contact", "Action taken", "Escalation triggered"
	Text     string    `json:"text,omitzero"`     // its summary, details or reason
	Field    string    `json:"field,omitzero"`    // the field that was changed: "priority"
	To       string    `json:"to,omitzero"`       // what it was changed to, or the tier escalated to
	By       string    `json:"by,omitzero"`       // who did it
	Rule     string    `json:"rule,omitzero"`     // the rule that did it
	Internal bool      `json:"internal,omitzero"` // not for the customer; marked in the document
}

// A Clock is where one promise stands.
type Clock struct {
	Metric string `json:"metric"` // first_response, next_response, resolution or tier_response; other names are written as they are
	// State is running, paused, met, breached or cancelled. A breached one may run on.
	State      string    `json:"state"`
	Used       float64   `json:"used"`                 // the share of the time that is used up; more than 1 when overdue
	Due        time.Time `json:"due,omitzero"`         // zero while paused
	BreachedAt time.Time `json:"breached_at,omitzero"` // zero: kept so far
	Stopped    time.Time `json:"stopped,omitzero"`     // zero: it runs on
	Zone       string    `json:"zone,omitzero"`        // in whose opening hours time counts; empty: around the clock
}

// A Cause is a rule, or a person's request, that fired, with what made it.
type Cause struct {
	At      time.Time `json:"at,omitzero"`
	Rule    string    `json:"rule,omitzero"`    // empty: a person asked
	Because string    `json:"because,omitzero"` // in the words of the policy, or of the request
	By      string    `json:"by,omitzero"`      // who asked
	Clauses []string  `json:"clauses,omitzero"` // what held, with the values: "sla.used >= 0.8 (0.83)"
}

// A Hop is one move from a tier to another.
type Hop struct {
	At     time.Time `json:"at,omitzero"`
	From   string    `json:"from,omitzero"`
	To     string    `json:"to,omitzero"`
	Reason string    `json:"reason,omitzero"` // a rule's name, if it was one
	By     string    `json:"by,omitzero"`
}

// A Step is one thing that is going to be done.
type Step struct {
	At   time.Time `json:"at,omitzero"`
	Do   string    `json:"do,omitzero"` // escalate, notify, alert and so on; other words are written as they are
	To   string    `json:"to,omitzero"`
	Rule string    `json:"rule,omitzero"`
}

// A Receipt says who has taken the case over: the other half of a handoff, without which it has only been sent.
type Receipt struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
	// ReadBack is what the receiver has understood and will do, in their own words.
	ReadBack string `json:"read_back,omitzero"`
}

// The parts of a case that can be asked for, in the order in which they are named. The optional ones are those that a case is complete
// without: not every case has them, and a team is enough to take over.
var parts = [...]struct {
	name     string
	optional bool
	has      func(Case) bool
}{
	{"summary", false, func(c Case) bool { return visible(c.Summary) }},
	{"timeline", false, func(c Case) bool { return slices.ContainsFunc(c.Timeline, Entry.visible) }},
	{"tried", false, func(c Case) bool { return anyVisible(c.Tried) }},
	{"sentiment", false, func(c Case) bool { return visible(c.Sentiment) }},
	{"expectation", false, func(c Case) bool { return visible(c.Expectation) }},
	{"next_steps", false, func(c Case) bool { return anyVisible(c.NextSteps) }},
	{"person", true, func(c Case) bool { return visible(c.Person) }},
	{"owner", true, func(c Case) bool { return visible(c.Owner) }},
	{"ask", true, func(c Case) bool { return visible(c.Ask) }},
	{"impact", true, func(c Case) bool { return visible(c.Impact) || c.Revenue != nil }},
	{"ruled_out", true, func(c Case) bool { return anyVisible(c.RuledOut) }},
	{"workaround", true, func(c Case) bool { return visible(c.Workaround) }},
	{"promise", true, func(c Case) bool { return visible(c.Promise) }},
	{"attachments", true, func(c Case) bool { return anyVisible(c.Attachments) }},
}

// Parts returns the names of all parts that a tier may demand: summary, timeline, tried, sentiment, expectation and next_steps, which make a
// case complete, and person, owner, ask, impact, ruled_out, workaround, promise and attachments, which only some ask for. The slice is the
// caller's.
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

// Missing returns the parts that a person still has to fill, in the order of [Parts]; nil if the case is complete. It names none of those
// that only some tiers ask for. An excerpt is no summary.
func (c Case) Missing() []string {
	var missing []string
	for _, p := range parts {
		if !p.optional && !p.has(c) {
			missing = append(missing, p.name)
		}
	}
	return missing
}

// Completeness returns how much of what makes a case complete is there, in percent: 100 if and only if nothing is [Case.Missing].
func (c Case) Completeness() int {
	wanted := 0
	for _, p := range parts {
		if !p.optional {
			wanted++
		}
	}
	return 100 * (wanted - len(c.Missing())) / wanted
}

// In returns the case as it is written with the templates of a set, in the place of the standard ones. JSON does not keep them: a case that
// was stored is given its set again.
func (c Case) In(s *Set) Case {
	c.set = s
	return c
}

func (e Entry) visible() bool { return visible(e.What) || visible(e.Text) || visible(e.To) }

func anyVisible(texts []string) bool { return slices.ContainsFunc(texts, visible) }

// mood returns the sentiment in lower case if it is one of the four labels of the document, else as it was given.
func (c Case) mood() string {
	label := strings.ToLower(strings.TrimSpace(c.Sentiment))
	switch label {
	case "calm", "frustrated", "angry", "threatening":
		return label
	}
	return c.Sentiment
}
