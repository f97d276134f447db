package sla

import (
	"slices"
	"time"
)

// Choices are the questions to which teams give different answers. The zero Choices
// are the answers that the package documentation describes.
type Choices struct {
	// OnPriorityChange says what a new priority, or a new agreement, does to the
	// clocks that have started and not stopped. Empty: ChangeRetarget.
	OnPriorityChange OnChange `json:"on_priority_change,omitempty"`

	// OnReopen says what reopening does to the clocks that solving or closing has
	// stopped. Empty: ReopenResume.
	OnReopen OnReopen `json:"on_reopen,omitempty"`

	// FirstResponseBy says what stops the first_response clock. Empty: PublicHuman.
	FirstResponseBy ResponseBy `json:"first_response_by,omitempty"`

	// TierFrom says where the tier_response clock starts. Empty: FromEntry.
	TierFrom TierStart `json:"tier_from,omitempty"`

	// Pauses name the categories in which a clock stands still. A clock that is not
	// named has the default: Pending and OnHold for resolution, nothing for the
	// others, since a customer who waits for an answer goes on waiting. Solved and
	// Closed need not be named. A new agreement decides from its instant on, also for
	// clocks that ChangeKeep leaves their target.
	Pauses map[Metric][]Category `json:"pauses,omitempty"`

	// EnforcedFrom is the first instant that counts: a clock that should have started
	// earlier starts then, and one that stopped earlier has promised nothing. So old
	// tickets under a new promise are not late from the first minute. Zero: always.
	EnforcedFrom time.Time `json:"enforced_from,omitzero"`
}

// OnChange is an answer to: what does a new priority do to a running clock?
type OnChange string

// The answers.
const (
	// ChangeRetarget gives it the new target and the new calendar, from the same
	// start: time and pauses so far count as if it had always been so. What is
	// already past then is due at the change.
	ChangeRetarget OnChange = "retarget"
	// ChangeRestart ends its cycle without a verdict and begins a new one at the
	// change, with a clean sheet.
	ChangeRestart OnChange = "restart"
	// ChangeKeep leaves it as it was promised. What starts later has the new target,
	// and so has a clock that had none.
	ChangeKeep OnChange = "keep"
)

// OnReopen is an answer to: what does reopening a ticket do to its clocks?
type OnReopen string

// The answers.
const (
	// ReopenResume lets the same clock go on; the time in which the ticket was solved
	// or closed does not count.
	ReopenResume OnReopen = "resume"
	// ReopenNewCycle begins a new cycle with the whole target.
	ReopenNewCycle OnReopen = "new_cycle"
	// ReopenFrozen leaves it stopped, with the verdict it had.
	ReopenFrozen OnReopen = "frozen"
	// ReopenWall lets the same clock go on; the time in which the ticket was solved or
	// closed counts, too. What is past by then is due at the reopening.
	ReopenWall OnReopen = "wall"
)

// ResponseBy is an answer to: what is a first response?
type ResponseBy string

// The answers. A public reply by a person is one in any case.
const (
	PublicHuman  ResponseBy = "public_human" // nothing else
	AnyPublic    ResponseBy = "any_public"   // a machine's message to the customer, too
	ByAssignment ResponseBy = "assignment"   // somebody having taken the ticket, too
)

// TierStart is an answer to: where does the clock of a tier start?
type TierStart string

// The answers.
const (
	FromEntry      TierStart = "entry"      // where the ticket enters the tier
	FromAssignment TierStart = "assignment" // where somebody is assigned, in that tier
)

// All the answers, the default first.
var (
	onChanges   = []OnChange{ChangeRetarget, ChangeRestart, ChangeKeep}
	onReopens   = []OnReopen{ReopenResume, ReopenNewCycle, ReopenFrozen, ReopenWall}
	responsesBy = []ResponseBy{PublicHuman, AnyPublic, ByAssignment}
	tierStarts  = []TierStart{FromEntry, FromAssignment}
)

// Valid reports whether the answer is one of those above, or none.
func (o OnChange) Valid() bool {
	return o == "" || slices.Contains(onChanges, o)
}

// Valid reports whether the answer is one of those above, or none.
func (o OnReopen) Valid() bool {
	return o == "" || slices.Contains(onReopens, o)
}

// Valid reports whether the answer is one of those above, or none.
func (r ResponseBy) Valid() bool {
	return r == "" || slices.Contains(responsesBy, r)
}

// Valid reports whether the answer is one of those above, or none.
func (s TierStart) Valid() bool {
	return s == "" || slices.Contains(tierStarts, s)
}

// StandsStill reports whether a clock that runs stands still while the ticket is in a category.
func (a *Agreement) StandsStill(m Metric, c Category) bool {
	if a != nil {
		if named, ok := a.Pauses[m]; ok {
			return slices.Contains(named, c)
		}
	}
	return m == Resolution && c.Pauses()
}
