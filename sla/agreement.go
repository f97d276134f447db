package sla

import "time"

// Agreement is what is promised. It must not change while something reads it;
// then it is safe for use by many goroutines. A nil *Agreement promises nothing.
type Agreement struct {
	Promises []Promise     // most urgent first; of one name, the first counts
	Tiers    []TierPromise // of one name, the first counts

	// Calendar tells when time counts; nil: always. A promise and a tier may have
	// another. For an immediate target time always counts, whatever the calendar.
	Calendar *Calendar

	// Warnings are when a clock warns. Nil stands for 80 % of the target, an empty
	// list for never.
	Warnings []Threshold

	Choices
}

// Promise holds the targets of one priority: a row of the SLA matrix.
type Promise struct {
	Priority      string
	FirstResponse Target
	NextResponse  Target // zero: as FirstResponse
	Resolution    Target
	Calendar      *Calendar // nil: that of the agreement; see [Always]
}

// TierPromise is the time in which a support tier answers what is handed to it.
type TierPromise struct {
	Tier     string
	Response Target
	Calendar *Calendar // nil: that of the priority
}

// Terms are what is promised for one clock of one ticket.
type terms struct {
	target   Target
	calendar *Calendar // nil for always, so that calendars compare
	from     time.Time // nothing before it counts
}

// terms returns what is promised for a counter under a priority and in a tier.
func (a *Agreement) terms(counter int, p *Promise, tier string) terms {
	if a == nil {
		return terms{}
	}
	t := terms{calendar: a.Calendar, from: a.EnforcedFrom.Round(0)}
	if p != nil {
		if p.Calendar != nil {
			t.calendar = p.Calendar
		}
		switch counter {
		case firstResponse:
			t.target = p.FirstResponse
		case nextResponse:
			t.target = p.NextResponse
			if t.target.IsZero() {
				t.target = p.FirstResponse
			}
		case resolution:
			t.target = p.Resolution
		}
	}
	if counter == tierResponse && tier != "" {
		if own := a.tier(tier); own != nil {
			t.target = own.Response
			if own.Calendar != nil {
				t.calendar = own.Calendar
			}
		}
		if p == nil {
			t.target = Target{}
		} else {
			t.target = t.target.sooner(p.FirstResponse)
		}
	}
	if t.target.Immediate || t.calendar.alwaysOpen() {
		t.calendar = nil
	}
	return t
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

func (a *Agreement) tier(name string) *TierPromise {
	for i := range a.Tiers {
		if a.Tiers[i].Tier == name {
			return &a.Tiers[i]
		}
	}
	return nil
}

var defaultWarnings = []Threshold{{Fraction: 0.8}}

func (a *Agreement) warnings() []Threshold {
	if a == nil || a.Warnings == nil {
		return defaultWarnings
	}
	return a.Warnings
}

// Category is what a status means to the clocks. Hosts name their statuses as
// they like and say the category of each.
type Category string

// The categories.
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

// Pauses reports whether somebody else has to move the ticket on: in such a
// category the resolution clock stands still, unless [Choices] say otherwise.
func (c Category) Pauses() bool { return c == Pending || c == OnHold }

// Ends reports whether the ticket needs no more work in this category.
func (c Category) Ends() bool { return c == Solved || c == Closed }

// Kind tells what an event is. The zero Kind is none, and its events are ignored.
type Kind uint8

// The kinds of events, with what Event.To holds.
const (
	Ask             Kind = iota + 1 // the customer wrote
	Reply                           // a person of the support wrote to the customer; internal notes are no reply
	AutoReply                       // a machine wrote to the customer, on its own account; warnings about clocks are no reply
	StatusChange                    // To is the Category of the new status
	PriorityChange                  // To is the new priority
	AgreementChange                 // Event.Agreement is the new agreement
	TierChange                      // To is the tier entered, or "" for none
	Assignment                      // To is who has it now, or "" for nobody
	endOfKinds
)

// Event is something that happened to a ticket.
type Event struct {
	At        time.Time
	Kind      Kind
	To        string
	Agreement *Agreement // of an AgreementChange
}

// History is what clocks are read from: what the ticket was when it was created,
// and what happened since.
type History struct {
	Start    time.Time
	Status   Category // empty: New
	Priority string
	Tier     string  // empty: in no tier, so no tier_response runs
	Assignee string  // empty: nobody
	Events   []Event // in any order, see the package documentation for what falls on one instant
}
