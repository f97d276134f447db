package metrics

import (
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/escalade-go/escalade/escalation"
)

// Options say which tickets a report is about, and as of when.
type Options struct {
	// From and To are the cohort: the tickets created at From or later, and before To.
	// Zero: no bound.
	From, To time.Time
	// At is the instant that the report is as of. Whatever happened later is ignored, so
	// the report on a month reads the same whenever it is made. It must be given.
	At time.Time
	// Positive is the least share of its scale that a rating must reach to count as
	// satisfied. Zero: 0.8, which is 4 and 5 of 5, 8 and more of 10, and 1 of 1.
	Positive float64
	// RatingMax is the best score of ratings that do not say theirs. Zero: those are left
	// out, and counted.
	RatingMax float64
}

// Name names a figure; names are stable.
type Name string

// The figures, in the order of a report: the six, then what belongs beside them. What each
// counts, and of what, is Figure.Definition.
const (
	EscalationRate         Name = "escalation_rate"               // who left a tier upwards, of those that came to it
	TimeToEscalate         Name = "time_to_escalate"              // until the first escalation, from the tier or of all
	ResolutionAfter        Name = "resolution_after_escalation"   // from the last escalation to the last solving
	EscalationRatio        Name = "escalation_to_resolution"      // escalations by resolved tickets
	SatisfactionAfter      Name = "satisfaction_after_escalation" // who was satisfied, of those that rated after the last escalation
	FirstContactResolution Name = "first_contact_resolution"      // who had to turn up once only, of those resolved

	ResolvedWithoutMoving  Name = "resolved_without_moving"  // first level resolution, for each tier, with its goal
	ResolvedWhereEscalated Name = "resolved_where_escalated" // neither sent back nor by another tier
	DeEscalationRate       Name = "de_escalation_rate"       // who left a tier downwards, of those that came to it
	RepeatedlyEscalated    Name = "repeatedly_escalated"     // more than once, of those escalated
	Reopened               Name = "reopened"                 // of those solved
	AutomaticEscalations   Name = "automatic_escalations"    // by a rule and not by a person, of all escalations
)

// defaultPositive makes the two best of five positive.
const defaultPositive = 0.8

// maxScale keeps what is no scale out of the arithmetic.
const maxScale = 1e9

// Group names tickets of all tiers that have a row of their own.
type Group string

// The groups. All is in each figure.
const (
	All             Group = "all"
	Automatic       Group = "automatic"        // escalated first by a rule
	Manual          Group = "manual"           // escalated first by a person
	AfterEscalation Group = "after_escalation" // solved after their first escalation
	RatedBefore     Group = "rated_before"     // rated last, at the latest, when they were last escalated
	NeverEscalated  Group = "never_escalated"
)

// A Report is what [Compute] found. It marshals to JSON, and String is a table for people.
type Report struct {
	Policy string    `json:"policy"` // Engine.Version
	From   time.Time `json:"from,omitzero"`
	To     time.Time `json:"to,omitzero"`
	At     time.Time `json:"at"`
	// Tickets are those of the cohort, without the excluded; each is resolved or open.
	Tickets   int `json:"tickets"`
	Resolved  int `json:"resolved"`
	Open      int `json:"open"`
	Escalated int `json:"escalated"`
	// Outside are the tickets given that are not of the cohort.
	Outside int      `json:"outside"`
	Figures []Figure `json:"figures"`
	// Excluded are tickets of the cohort that no figure counts, because their history is
	// missing or contradicts itself.
	Excluded []Count `json:"excluded,omitempty"`
	// Doubts are tickets that are counted although something about them is odd, or that
	// one figure leaves out. One ticket can be in several.
	Doubts []Count `json:"doubts,omitempty"`
}

// A Figure is one metric, with a row for each tier, in the order of the policy, and for
// some groups of tickets.
type Figure struct {
	Name  Name   `json:"name"`
	Title string `json:"title"`
	// Definition says what is counted, and of what.
	Definition string `json:"definition"`
	// Unit is "share" or "ratio" of rates, "hours" of durations.
	Unit string `json:"unit"`
	Rows []Row  `json:"rows"`
}

// A Row is what a figure is for one tier, or for one group of tickets.
type Row struct {
	// Tier is the tier, or Group one of the groups: the other is empty.
	Tier  string `json:"tier,omitempty"`
	Group Group  `json:"group,omitempty"`
	// Tickets are all that the row is about. Those of them that are open and not counted
	// yet are Open: the more there are, the less is known. OpenShare is nil without tickets.
	Tickets   int      `json:"tickets"`
	Open      int      `json:"open"`
	OpenShare *float64 `json:"open_share"`
	// N is how many the figure is computed from: what a share is a share of, how many
	// durations there are.
	N int `json:"n"`
	// Rate is the figure, unless it is a duration.
	Rate *Rate `json:"rate,omitempty"`
	// Wall and Business are the figure if it is one: in hours of the wall clock, and in
	// those that the ticket's resolution clock counts.
	Wall     *Times `json:"wall,omitempty"`
	Business *Times `json:"business,omitempty"`
}

// A Rate is a share, or a ratio.
type Rate struct {
	Count int `json:"count"`
	// Value is Count by N; nil, which is no data, if N is 0.
	Value *float64 `json:"value"`
	// Low and High are the 95 % interval of a satisfaction (Wilson's), and Responses is
	// how many of Tickets gave a rating, as a share. Nil without data.
	Low       *float64 `json:"low,omitempty"`
	High      *float64 `json:"high,omitempty"`
	Responses *float64 `json:"responses,omitempty"`
	// Goal is what the policy wants of the tier.
	Goal *escalation.Share `json:"goal,omitempty"`
}

// Hours are a duration as people report it.
type Hours float64

// Times are what durations come to. Quantiles are by nearest rank: the median is the
// shortest duration that at least half of them do not exceed.
type Times struct {
	// Median and P90 are of those that are finished; nil without any.
	Median *Hours `json:"median_hours"`
	P90    *Hours `json:"p90_hours"`
	// Estimate is for all, with those that are still open; nil for figures in which being
	// open does not mean that it will come to it.
	Estimate *Estimate `json:"estimate,omitempty"`
}

// An Estimate says what the median and the 90th percentile are when those are counted,
// too, of which is only known that they last longer (Kaplan and Meier's). Nil: not reached
// yet, or nothing to estimate from.
type Estimate struct {
	Median *Hours `json:"median_hours"`
	P90    *Hours `json:"p90_hours"`
}

// Reason is why a ticket is excluded or in doubt; codes are stable.
type Reason string

// Why tickets are excluded.
const (
	NoID            Reason = "no_id"
	NoCreation      Reason = "no_creation"
	Duplicate       Reason = "duplicate"        // the id was there before: the first counts
	UnknownTier     Reason = "unknown_tier"     // the policy does not have it
	TierContradicts Reason = "tier_contradicts" // a move begins, or the ticket is, where no move has led
	NoTime          Reason = "no_time"          // a change of tier or status without one
	StatusUndated   Reason = "status_undated"   // nothing tells since when it is solved, or open again
)

// Why there are doubts.
const (
	Unsorted              Reason = "unsorted"                // entries out of order were sorted
	BeforeCreation        Reason = "before_creation"         // older entries, messages without a time: dated at the creation
	AfterAt               Reason = "after_at"                // later entries were ignored
	UnknownStatus         Reason = "unknown_status"          // counts as open
	SolvedBeforeEscalated Reason = "solved_before_escalated" // has no resolution time
	ContactsUnknown       Reason = "contacts_unknown"        // resolved, and left out of first contact resolution
	RatingUndated         Reason = "rating_undated"          // no time, or older than the ticket: left out
	RatingWithoutScale    Reason = "rating_without_scale"    // left out
	RatingOutsideScale    Reason = "rating_outside_scale"    // left out
)

// A Count is how many tickets there are for a reason.
type Count struct {
	Reason  Reason `json:"reason"`
	Text    string `json:"text"`
	Tickets int    `json:"tickets"`
}

// Compute goes through tickets once and reports on them. Of each ticket of the cohort it
// keeps the id and a few numbers, since quantiles need every duration. A sequence that can
// fail ends early, and keeps its error for the caller to look at.
//
// The error is for options that make no sense. Whatever is wrong with tickets is counted,
// see [Report]. The same tickets in another order give the same report, unless an id is
// there twice: the first counts.
func Compute(e *escalation.Engine, tickets iter.Seq[escalation.Ticket], o Options) (Report, error) {
	if err := o.check(); err != nil {
		return Report{}, err
	}
	r := newReader(e, o)
	t := newTally(r.tiers)
	report := Report{Policy: e.Version(), From: o.From, To: o.To, At: o.At}
	ids := map[string]bool{}
	excluded, doubts := map[Reason]int{}, map[Reason]int{}
	for ticket := range tickets {
		created := ticket.CreatedAt
		switch {
		case created.IsZero():
			excluded[NoCreation]++
			continue
		case created.After(o.At) || created.Before(o.From) || !o.To.IsZero() && !created.Before(o.To):
			report.Outside++
			continue
		case ticket.ID == "":
			excluded[NoID]++
			continue
		case ids[ticket.ID]:
			excluded[Duplicate]++
			continue
		}
		ids[ticket.ID] = true
		l, why := r.read(&ticket)
		if why != "" {
			excluded[why]++
			continue
		}
		for reason := range l.doubts { // each by itself: order does not matter
			doubts[reason]++
		}
		report.add(l)
		t.add(l)
	}
	report.Figures = t.figures(r.policy.Tiers, o)
	report.Excluded, report.Doubts = counts(excludedTexts, excluded), counts(doubtTexts, doubts)
	return report, nil
}

func (o *Options) check() error {
	if o.Positive == 0 {
		o.Positive = defaultPositive
	}
	switch {
	case o.At.IsZero():
		return errors.New("metrics: the options do not say as of when (At)")
	case !o.From.IsZero() && !o.To.IsZero() && !o.From.Before(o.To):
		return fmt.Errorf("metrics: the cohort ends at %s, and does not begin before that (%s)", o.To.Format(time.RFC3339), o.From.Format(time.RFC3339))
	case !(o.Positive > 0 && o.Positive <= 1):
		return fmt.Errorf("metrics: Positive is a share of the scale, above 0 and at most 1, and not %g (80 %% is 0.8)", o.Positive)
	case !(o.RatingMax >= 0) || o.RatingMax > maxScale:
		return fmt.Errorf("metrics: RatingMax is the best score of a scale, not %g", o.RatingMax)
	}
	// Two readings of one clock are one instant, wherever they were taken.
	o.From, o.To, o.At = o.From.Round(0).UTC(), o.To.Round(0).UTC(), o.At.Round(0).UTC()
	return nil
}

func (r *Report) add(l *life) {
	r.Tickets++
	if l.open {
		r.Open++
	} else {
		r.Resolved++
	}
	if l.lastUp() != nil {
		r.Escalated++
	}
}

// Figure returns a figure by its name, the zero Figure if there is none.
func (r Report) Figure(name Name) Figure {
	for _, f := range r.Figures {
		if f.Name == name {
			return f
		}
	}
	return Figure{}
}

// Tier returns the row of a tier, and Group that of a group; the zero Row if there is none.
func (f Figure) Tier(name string) Row { return f.row(Row{Tier: name}) }

// Group returns the row of a group, such as [All]; the zero Row if there is none.
func (f Figure) Group(name Group) Row { return f.row(Row{Group: name}) }

func (f Figure) row(like Row) Row {
	for _, r := range f.Rows {
		if r.Tier == like.Tier && r.Group == like.Group {
			return r
		}
	}
	return Row{}
}

type reasonText struct {
	reason Reason
	text   string
}

var excludedTexts = []reasonText{
	{NoID, "without an id"},
	{NoCreation, "without a creation time"},
	{Duplicate, "whose id was there before: the first counts"},
	{UnknownTier, "that were in a tier which the policy does not have"},
	{TierContradicts, "whose tiers contradict themselves: a move begins, or the ticket is, where no move has led"},
	{NoTime, "with a change of tier or status that has no time"},
	{StatusUndated, "of which nothing tells since when they are solved, or open again"},
}

var doubtTexts = []reasonText{
	{Unsorted, "with changes or messages out of order: they were sorted"},
	{BeforeCreation, "with changes older than the ticket, or messages that are older or without a time: dated at the creation"},
	{AfterAt, "with entries later than the instant of the report: those were ignored"},
	{UnknownStatus, "in a status that the policy does not have: they count as open in it"},
	{SolvedBeforeEscalated, "escalated after they were solved for the last time: they have no resolution time"},
	{ContactsUnknown, "resolved without a customer's message or a count of contacts: left out of first contact resolution"},
	{RatingUndated, "with a rating that has no time or is older than the ticket: it was left out"},
	{RatingWithoutScale, "with a rating whose scale is not known: it was left out"},
	{RatingOutsideScale, "with a rating outside its scale: it was left out"},
}

func counts(texts []reasonText, tickets map[Reason]int) []Count {
	var list []Count
	for _, t := range texts {
		if n := tickets[t.reason]; n > 0 {
			list = append(list, Count{t.reason, t.text, n})
		}
	}
	return list
}
