package escalation

import (
	"encoding/json"
	"time"

	"github.com/escalade-go/escalade/handoff"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// A Decision is the answer on one ticket at one instant: what to do, why, until
// when nothing else will happen, and the handoff document for whoever takes
// over. The host carries out the actions, each once per key, and stores the
// ledger with the ticket for the next call.
type Decision struct {
	Ticket string    `json:"ticket"`
	At     time.Time `json:"at"`
	Policy string    `json:"policy"` // Engine.Version
	// Actions are what to do, in the order in which they were due. One may be due
	// long before At: a field that somebody has changed since keeps its later
	// value, see [Decision.Apply]. Tier, Priority and Assignee below tell what
	// comes out in the end.
	Actions []Action `json:"actions"`
	// Tier, Priority and Assignee are the ticket's with the actions carried out.
	Tier     string `json:"tier"`
	Priority string `json:"priority"`
	Assignee string `json:"assignee,omitempty"`
	// Agreement names what the ticket is held to; empty for the policy's own matrix.
	Agreement string `json:"agreement,omitempty"`
	// Clocks are the SLA clocks that have a target, or had one and broke it, as they
	// read at At.
	Clocks []sla.Clock `json:"clocks"`
	// Reasons tell of each rule that fired, also of what came of it.
	Reasons []Reason `json:"reasons"`
	// Backlog is what held already when the policy took over an old ticket; see
	// Policy.From. It is listed once, by the first decision after that.
	Backlog []Reason `json:"backlog,omitempty"`
	// Observed are the firings of rules in observe mode.
	Observed []Reason `json:"observed,omitempty"`
	// Missing lists what must be written down before the tier that a person
	// asked for takes the ticket; the request was refused. See [Engine.Escalate].
	Missing  []string  `json:"missing,omitempty"`
	Problems []Problem `json:"problems,omitempty"`
	// Handoff is the document for the tier that takes over; nil when nothing is
	// handed over, or the ticket has left that tier again. After several hops it is
	// that of the last.
	Handoff *handoff.Case `json:"handoff,omitempty"`
	// NextCheck is the next instant at which anything can be proposed, if the
	// actions are carried out and nothing else happens to the ticket; zero if
	// nothing ever will. Asking earlier or later costs nothing and changes no
	// decision.
	NextCheck time.Time `json:"next_check,omitzero"`
	Ledger    Ledger    `json:"ledger"`
}

// What an Action can do.
const (
	DoEscalate    = "escalate"     // to a tier
	DoDeEscalate  = "de_escalate"  // to a tier
	DoAssign      = "assign"       // to a recipient
	DoNotify      = "notify"       // to a recipient
	DoAlert       = "alert"        // to a recipient, urgently
	DoFlag        = "flag"         // to a queue
	DoSetPriority = "set_priority" // to a priority, also a lower one
	DoAddTag      = "add_tag"      // to: the tag
	DoAddNote     = "add_note"     // text: the note
)

// An Action is one thing for the host to do, resolved: it names the tier or
// priority to set, not a step.
type Action struct {
	Do   string `json:"do"`
	To   string `json:"to,omitempty"`
	Text string `json:"text,omitempty"`
	// Args are what one of Policy.Actions is told, texts and numbers in their order.
	Args []any `json:"args,omitempty"`
	// Rule is the rule that wants it, or "request" when a person does: By.
	Rule string `json:"rule"`
	By   string `json:"by,omitempty"`
	// Due is the instant at which it became due, which may be long before At.
	Due time.Time `json:"due"`
	// DeliverAt is the instant before which the recipient of a notify or alert is not to
	// be disturbed: Due, or later if that is within quiet hours. Zero for all else, which
	// changes the ticket and waits for nobody. Like Due it does not depend on when it was
	// asked; Due and Key never depend on it.
	DeliverAt time.Time `json:"deliver_at,omitzero"`
	// Key is the same for the same occasion on every machine, in every process,
	// under every version of the policy. Carry out an action once per key.
	Key string `json:"key"`
}

// changes reports whether the action changes what the engine sees of the ticket.
func (a Action) changes() bool {
	switch a.Do {
	case DoEscalate, DoDeEscalate, DoAssign, DoSetPriority, DoAddTag, DoAddNote:
		return true
	}
	return false
}

// A Reason is one rule that fired, once.
type Reason struct {
	Rule    string `json:"rule"`
	Because string `json:"because,omitempty"`
	// By is the person who asked, of a request.
	By string `json:"by,omitempty"`
	// Subject is what the rule was judged for: "" for the ticket,
	// "resolution/1" for the first cycle of a clock, "message/ID" for a message.
	Subject string    `json:"subject,omitempty"`
	Due     time.Time `json:"due"`
	// Occasion numbers the firings for the subject from 1, Repeat those that
	// `every` adds to an occasion.
	Occasion int `json:"occasion"`
	Repeat   int `json:"repeat,omitempty"`
	// Clauses are the parts of the condition that held, with their values.
	Clauses []rules.Clause `json:"clauses,omitempty"`
	// Effects are what came of the rule's actions.
	Effects []Effect `json:"effects"`
}

// An Effect is one action of a rule that fired, and what came of it.
type Effect struct {
	Do     string `json:"do"`
	To     string `json:"to,omitempty"`
	Text   string `json:"text,omitempty"`
	Args   []any  `json:"args,omitempty"`
	Result Result `json:"result"`
	// Key is that of the Action, if it was proposed.
	Key string `json:"key,omitempty"`
}

// A Result is what came of an action.
type Result string

// The results.
const (
	Proposed  Result = "proposed"   // it stands in Decision.Actions
	Overruled Result = "overruled"  // another rule went further at the same instant, or said it first
	NoChange  Result = "no_change"  // the ticket is there already
	OnlyShown Result = "only_shown" // the rule is in observe mode
	LeftAlone Result = "left_alone" // it held already when the policy took over; see Decision.Backlog
)

// MarshalJSON writes empty lists as [] so that readers need no null checks.
func (d Decision) MarshalJSON() ([]byte, error) {
	type plain Decision
	if d.Actions == nil {
		d.Actions = []Action{}
	}
	if d.Clocks == nil {
		d.Clocks = []sla.Clock{}
	}
	if d.Reasons == nil {
		d.Reasons = []Reason{}
	}
	return json.Marshal(plain(d))
}

// A Problem is something about the ticket that kept it from being judged as a
// whole. The decision stands all the same, made without what the problem names.
type Problem struct {
	Code    ProblemCode `json:"code"`
	Message string      `json:"message"`
}

// A ProblemCode names a kind of problem; codes are stable.
type ProblemCode string

// The problems, and what is done about each.
const (
	NoPriority       ProblemCode = "no_priority"       // missing or null: no clock runs, rules are judged
	UnknownPriority  ProblemCode = "unknown_priority"  // not declared: the same
	UnknownStatus    ProblemCode = "unknown_status"    // not declared: counts as open
	UnknownTier      ProblemCode = "unknown_tier"      // not declared: counts as the lowest
	UnknownAgreement ProblemCode = "unknown_agreement" // not declared, or a contract that no longer fits: that of the customer counts
	HistoryMissing   ProblemCode = "history_missing"   // a field has a value that no change explains: dated at the first call that saw it
	DuplicateMessage ProblemCode = "duplicate_message" // an id twice: the earliest counts, the others are passed over
	Unsorted         ProblemCode = "unsorted"          // messages or changes out of order: they are sorted
	InFuture         ProblemCode = "in_future"         // later than the instant asked about: passed over until then
	BeforeCreation   ProblemCode = "before_creation"   // dated at the creation; a stand-in is passed over
	NoTime           ProblemCode = "no_time"           // dated at the creation
	UnknownSender    ProblemCode = "unknown_sender"    // from is none of customer, agent, bot: counts as bot
	NoText           ProblemCode = "no_text"           // messages without text, and other keywords than when it was read: rules with keywords wait
	TextCut          ProblemCode = "text_cut"          // longer than 64 KiB: the beginning is read
	InvalidText      ProblemCode = "invalid_text"      // no UTF-8: broken bytes are replaced
	InvalidField     ProblemCode = "invalid_field"     // of another type than declared: unknown
	InvalidFigure    ProblemCode = "invalid_figure"    // not a finite number: unknown
	MessageOnClosed  ProblemCode = "message_on_closed" // a customer wrote on a closed ticket: it reopens nothing
	RuleFailed       ProblemCode = "rule_failed"       // a condition could not be evaluated: it counts as false
	Unfinished       ProblemCode = "unfinished"        // too much at once: the rest is decided at the next call
	BehindLedger     ProblemCode = "behind_ledger"     // asked for an instant before the ledger's: nothing is decided
	NothingHigher    ProblemCode = "nothing_higher"    // a person asked for a tier that is not above the present one
	NotCreatedYet    ProblemCode = "not_created_yet"   // created after the instant asked about: nothing is decided
)
