package sla

import "time"

// Agreement is what is promised. It must not change while something reads it;
// then it is safe for use by many goroutines. A nil *Agreement promises nothing.
type Agreement struct {
	Promises []Promise     // of one name, the first counts
	Tiers    []TierPromise // of one name, the first counts

	// Warnings are the fractions of a target at which its clock warns. Nil stands
	// for 0.8, an empty list for none. A fraction may be above 1; one that is not
	// above 0 warns never.
	Warnings []float64

	Calendar *Calendar // when time counts; nil: always
}

// Promise holds the targets of one priority: a row of the SLA matrix.
type Promise struct {
	Priority      string
	FirstResponse Target
	NextResponse  Target // zero: as FirstResponse
	Resolution    Target
}

// TierPromise is the time in which a support tier answers what is handed to it.
type TierPromise struct {
	Tier     string
	Response Target
}

func (a *Agreement) promise(priority string) *Promise {
	if a != nil {
		for i := range a.Promises {
			if a.Promises[i].Priority == priority {
				return &a.Promises[i]
			}
		}
	}
	return nil
}

func (a *Agreement) tier(name string) Target {
	if a != nil {
		for i := range a.Tiers {
			if a.Tiers[i].Tier == name {
				return a.Tiers[i].Response
			}
		}
	}
	return Target{}
}

func (a *Agreement) calendar() *Calendar {
	if a == nil {
		return nil
	}
	return a.Calendar
}

var defaultWarnings = []float64{0.8}

func (a *Agreement) warnings() []float64 {
	if a == nil || a.Warnings == nil {
		return defaultWarnings
	}
	return a.Warnings
}

// Category is what a status means to the clocks. Hosts name their statuses as
// they like and say the category of each.
type Category string

// The categories. The response clocks run on in Pending and OnHold: the customer
// still waits for an answer.
const (
	New     Category = "new"
	Open    Category = "open"
	Pending Category = "pending" // waits for the customer
	OnHold  Category = "on_hold" // waits for somebody else
	Solved  Category = "solved"  // a message of the customer reopens it
	Closed  Category = "closed"  // only a change of status reopens it
)

// Valid reports whether the category is one of those above.
func (c Category) Valid() bool {
	switch c {
	case New, Open, Pending, OnHold, Solved, Closed:
		return true
	}
	return false
}

// Pauses reports whether the resolution clock stands still in this category.
func (c Category) Pauses() bool { return c == Pending || c == OnHold }

// Ends reports whether the ticket needs no more work in this category.
func (c Category) Ends() bool { return c == Solved || c == Closed }

// Kind tells what an event is. The zero Kind is none, and its events are ignored.
type Kind uint8

// The kinds of events, with what Event.To holds.
const (
	Ask            Kind = iota + 1 // the customer wrote
	Reply                          // a person of the support wrote to the customer; bots and internal notes are no reply
	StatusChange                   // To is the Category of the new status
	PriorityChange                 // To is the new priority
	TierChange                     // To is the tier entered, or "" for none
)

// Event is something that happened to a ticket.
type Event struct {
	At   time.Time
	Kind Kind
	To   string
}

// History is what clocks are read from: what the ticket was when it was created,
// and what happened since.
type History struct {
	Start    time.Time
	Status   Category // empty: New
	Priority string
	Tier     string  // empty: in no tier, so no tier_response runs
	Events   []Event // in any order, see the package documentation for what falls on one instant
}
