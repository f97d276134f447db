package escalation

import (
	"cmp"
	"encoding/json"
	"strconv"
	"time"

	"github.com/escalade-go/escalade/handoff"
	"github.com/escalade-go/escalade/sentiment"
)

// A Ticket is what a host knows of one support case: its fields as they are
// now, and as much of its history as the host has kept.
//
// Fields hold the latest value; Changes and Messages say what was true before.
// A field without a recorded change has held its value since CreatedAt. A host
// that keeps no history fills FirstReplyAt and the four fields after it, which
// stand in for one.
//
// The only things a ticket must have are ID and CreatedAt. Whatever else is
// missing, misspelt or contradictory leads to a [Problem] in the decision, and
// the ticket is judged without it. A Ticket is read, never written, by
// everything but [Decision.Apply].
type Ticket struct {
	ID string `json:"id"`
	// Subject is the customer's; rules see the first 4 KiB of it, and of a field.
	Subject string `json:"subject,omitzero"`
	// Category is the kind of issue in words that the customer may read: "billing".
	Category string `json:"category,omitzero"`
	// Priority, Status and Tier are names that the policy declares, in any
	// case. Without a priority no SLA clock can run; an unknown status counts
	// as open; no tier means the lowest (or the one the ledger remembers).
	Priority string   `json:"priority,omitzero"`
	Status   string   `json:"status,omitzero"`
	Tier     string   `json:"tier,omitzero"`
	Assignee string   `json:"assignee,omitzero"`
	Tags     []string `json:"tags,omitzero"`
	// Language is the customer's, as in "en" or "fr-CA". Empty: what they are told is in the
	// language that they wrote in, as far as the analyzer can tell.
	Language string `json:"language,omitzero"`
	// Agreement names one of the policy's agreements. Empty, or a name that is not
	// there: the one of the customer or of the customer's tier, if they have one.
	Agreement string `json:"agreement,omitzero"`
	// Contract is an agreement that the policy does not hold; see Engine.Contract. The
	// ticket is held to it from its creation on, whatever else it names, unless Changes
	// of the field agreement name it: then they say from when, and until when. A host
	// that logs them hands in the contract after it has ended, too.
	Contract *Contract `json:"-"`
	Customer Customer  `json:"customer,omitzero"`
	// RevenueImpact is what the case puts at risk, in the policy's currency.
	// Nil is unknown, which is not zero: rules that compare it do not fire.
	RevenueImpact *float64 `json:"revenue_impact,omitzero"`
	// Contacts says how often the customer has turned up about this issue.
	// Nil: counted from the messages (the first, and each later one that
	// follows a public reply or comes 24 hours after the one before).
	Contacts  *int      `json:"contacts,omitzero"`
	CreatedAt time.Time `json:"created_at"`
	Messages  []Message `json:"messages,omitzero"`
	Changes   []Change  `json:"changes,omitzero"`
	// Fields are the host's own: those that the policy declares, rules read as
	// ticket.fields.NAME. They hold the latest value.
	Fields map[string]any `json:"fields,omitzero"`
	// Ratings are what the customer thought of it. They are carried; no rule
	// reads them.
	Ratings []Rating `json:"ratings,omitzero"`
	// Case is what the agent has written down for whoever takes over.
	Case Notes `json:"case,omitzero"`
	// Ledger is the one that the previous decision on this ticket returned;
	// the zero Ledger means that there was none.
	Ledger Ledger `json:"ledger,omitzero"`

	// The stand-ins for a missing history, for hosts that keep columns and no
	// log. Each is used only where Messages and Changes do not already tell.
	FirstReplyAt time.Time `json:"first_reply_at,omitzero"` // first public reply by an agent
	LastReplyAt  time.Time `json:"last_reply_at,omitzero"`  // last public reply by an agent
	WaitingSince time.Time `json:"waiting_since,omitzero"`  // first customer message nobody has answered
	StatusSince  time.Time `json:"status_since,omitzero"`   // when Status took its value
	SolvedAt     time.Time `json:"solved_at,omitzero"`      // last time it was solved
}

// A Customer is whose ticket it is.
type Customer struct {
	ID   string `json:"id,omitzero"`
	Name string `json:"name,omitzero"`
	// Tier is the customer's plan, such as "Enterprise": free text, compared
	// without case. It has nothing to do with support tiers.
	Tier string `json:"tier,omitzero"`
	VIP  bool   `json:"vip,omitzero"`
	// LTV is the lifetime value; nil is unknown, which is not zero.
	LTV *float64 `json:"ltv,omitzero"`
}

// Who can have written a message.
const (
	FromCustomer = "customer"
	FromAgent    = "agent"
	FromBot      = "bot"
)

// A Message is one thing that was said on a ticket. Duplicate ids, any order
// and any size are fine; see [Problem].
type Message struct {
	ID   string    `json:"id,omitzero"`
	At   time.Time `json:"at"`
	From string    `json:"from"`        // FromCustomer, FromAgent or FromBot
	By   string    `json:"by,omitzero"` // agent:ID, customer:ID, bot:ID or escalade:RULE
	// Internal marks a note that the customer does not see. It is no reply.
	Internal bool `json:"internal,omitzero"`
	// Text may be left out of a ticket that only wakes up, if it was there before. After a
	// change of the policy's keywords it is needed once more.
	Text        string   `json:"text,omitzero"`
	Attachments []string `json:"attachments,omitzero"`
	// Sentiment, where a host has judged the message itself, is believed.
	Sentiment *Sentiment `json:"sentiment,omitzero"`
}

// Sentiment is a message's mood as a host has found it.
type Sentiment struct {
	Score float64 `json:"score"` // -1 (furious) to 1
	// Label is one of the sentiment package's; empty: the one that goes with
	// Score and Intents.
	Label   sentiment.Label    `json:"label,omitzero"`
	Intents []sentiment.Intent `json:"intents,omitzero"`
}

// A Change is one field taking another value.
type Change struct {
	At time.Time `json:"at"`
	// Field is one of status, priority, agreement, tier, assignee, subject, category,
	// language, contacts and revenue_impact. Others are kept and passed over.
	Field string `json:"field"`
	From  string `json:"from,omitzero"`
	To    string `json:"to,omitzero"`
	// By is agent:ID, customer:ID, bot:ID or escalade:RULE. Nobody: a person.
	By string `json:"by,omitzero"`
	// Key is the key of the action that was carried out, if one was.
	Key string `json:"key,omitzero"`
}

// UnmarshalJSON accepts from and to as text, number, boolean or null (and keeps
// whatever else as it is spelt), because change logs hold what columns hold.
func (c *Change) UnmarshalJSON(src []byte) error {
	type plain Change
	in := struct {
		*plain
		From scalar `json:"from"`
		To   scalar `json:"to"`
	}{plain: (*plain)(c)}
	if err := json.Unmarshal(src, &in); err != nil {
		return err
	}
	c.From, c.To = string(in.From), string(in.To)
	return nil
}

type scalar string

func (s *scalar) UnmarshalJSON(src []byte) error {
	var v any
	if err := json.Unmarshal(src, &v); err != nil {
		return err
	}
	switch v := v.(type) {
	case nil:
		*s = ""
	case string:
		*s = scalar(v)
	case bool:
		*s = scalar(strconv.FormatBool(v))
	default: // a number, digit by digit; or a list of tags, say, of a field that is passed over
		*s = scalar(src)
	}
	return nil
}

// A Rating is one answer to "how did we do?", on the host's own scale.
type Rating struct {
	At    time.Time `json:"at"`
	Score float64   `json:"score"`
	Max   float64   `json:"max,omitzero"`
}

// Notes are the parts of the handoff document that only a person can write.
type Notes struct {
	Summary     string    `json:"summary,omitzero"`   // two or three sentences
	Ask         string    `json:"ask,omitzero"`       // what the receiver is to do: decide, fix, approve, take over
	NeededBy    time.Time `json:"needed_by,omitzero"` // until when; zero: until the tier's response is due
	Impact      string    `json:"impact,omitzero"`    // what cannot be done, by how many, and whether it grows
	Tried       []string  `json:"tried,omitzero"`     // each with its result
	RuledOut    []string  `json:"ruled_out,omitzero"`
	Workaround  string    `json:"workaround,omitzero"`
	Expectation string    `json:"expectation,omitzero"` // what the customer wants as resolution
	Promise     string    `json:"promise,omitzero"`     // what the customer was promised last
	NextSteps   []string  `json:"next_steps,omitzero"`
	Owner       string    `json:"owner,omitzero"` // who keeps answering the customer
	// Resolution is how it ended, in words for the customer: for the follow-up.
	Resolution string `json:"resolution,omitzero"`
	// Receipt is the receiver's, for the last escalation; one from before it does not count.
	Receipt *handoff.Receipt `json:"receipt,omitzero"`
}

// with returns the notes with what a request says in their place.
func (n Notes) with(r *Request) Notes {
	if r == nil {
		return n
	}
	for _, part := range []struct {
		note *string
		said string
	}{
		{&n.Summary, r.Summary}, {&n.Ask, r.Ask}, {&n.Impact, r.Impact}, {&n.Workaround, r.Workaround}, {&n.Expectation, r.Expectation},
		{&n.Promise, r.Promise}, {&n.Owner, r.Owner},
	} {
		*part.note = cmp.Or(part.said, *part.note)
	}
	n.NeededBy = cmp.Or(r.NeededBy, n.NeededBy)
	for _, part := range []struct {
		note *[]string
		said []string
	}{{&n.Tried, r.Tried}, {&n.RuledOut, r.RuledOut}, {&n.NextSteps, r.NextSteps}} {
		if len(part.said) > 0 {
			*part.note = part.said
		}
	}
	return n
}
