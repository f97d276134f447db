package escalation

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// ledgerFormat is the version of the ledger that this release writes.
const ledgerFormat = 1

// A Ledger is what the engine remembers of a ticket from one call to the next:
// which rules have fired for what, and how far it has judged. It holds no
// customer text. The host stores it as JSON beside the ticket and hands it back
// in Ticket.Ledger; nobody else needs to look inside. Its zero value is that of
// a ticket that was never judged.
//
// A Ledger is a value: an engine never changes one that it was given.
type Ledger struct {
	// Format is 1; 0 in the zero Ledger.
	Format int
	// Seq rises by one with each saved call: a host that stores the ledger only
	// where the stored seq is one less never loses a decision to a race.
	Seq int
	// At is the instant up to which the ticket has been judged.
	At time.Time
	// Policy is the version of the policy that judged last.
	Policy string

	// tiers are the moves that the engine made on a ticket whose host records no
	// change of the tier.
	tiers     []move
	seen      []seenValue
	fired     map[string]map[string]latch // by rule, by subject
	asked     int                         // requests by people that were granted
	marks     map[string]string           // of traceless facts; see there
	seenRules ruleMarks
	extra     map[string]json.RawMessage
}

// move is a tier that the ticket went to.
type move struct {
	At   time.Time `json:"at"`
	From string    `json:"from"`
	To   string    `json:"to"`
}

// seenValue dates a value that no recorded change explains.
type seenValue struct {
	Field string    `json:"field"`
	Value string    `json:"value"`
	At    time.Time `json:"at"`
}

// latch is what is remembered of one rule for one subject.
type latch struct {
	Held    bool      `json:"held,omitempty"`    // the condition, when last judged
	Count   int       `json:"n,omitempty"`       // occasions so far
	Done    int       `json:"done,omitempty"`    // those before the last reopening, which count no more
	Repeat  int       `json:"repeat,omitempty"`  // of the last occasion
	Rise    time.Time `json:"rise,omitzero"`     // when the last occasion began
	Fired   time.Time `json:"fired,omitzero"`    // the last firing, from which it rests
	Resting bool      `json:"resting,omitempty"` // rose again while it rests
}

type ledgerJSON struct {
	V      int                         `json:"v"`
	Seq    int                         `json:"seq"`
	At     time.Time                   `json:"at"`
	Policy string                      `json:"policy"`
	Tiers  []move                      `json:"tiers,omitempty"`
	Seen   []seenValue                 `json:"seen,omitempty"`
	Asked  int                         `json:"asked,omitempty"`
	Rules  map[string]map[string]latch `json:"rules,omitempty"`
	Facts  map[string]string           `json:"facts,omitempty"`
	Known  ruleMarks                   `json:"known,omitempty"`
}

var ledgerKeys = []string{"v", "seq", "at", "policy", "tiers", "seen", "asked", "rules", "facts", "known"}

// IsZero reports whether the ledger is that of a ticket never judged.
func (l Ledger) IsZero() bool { return l.Format == 0 && l.At.IsZero() && len(l.extra) == 0 }

// MarshalJSON writes the ledger, with the keys of other releases that it came
// with.
func (l Ledger) MarshalJSON() ([]byte, error) {
	if l.IsZero() {
		return []byte("{}"), nil
	}
	known, err := json.Marshal(ledgerJSON{l.Format, l.Seq, l.At, l.Policy, l.tiers, l.seen, l.asked, l.fired, l.marks, l.seenRules})
	if err != nil || len(l.extra) == 0 {
		return known, err
	}
	out := known[:len(known)-1]
	for _, key := range slices.Sorted(maps.Keys(l.extra)) {
		name, _ := json.Marshal(key)
		out = append(append(append(append(out, ','), name...), ':'), l.extra[key]...)
	}
	return append(out, '}'), nil
}

// UnmarshalJSON reads a ledger; keys that it does not know are kept and written
// back, so that an old and a new release can share a table.
func (l *Ledger) UnmarshalJSON(src []byte) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(src, &all); err != nil {
		return err
	}
	if len(all) == 0 { // null and {}
		*l = Ledger{}
		return nil
	}
	var in ledgerJSON
	if err := json.Unmarshal(src, &in); err != nil {
		return err
	}
	for _, key := range ledgerKeys {
		delete(all, key)
	}
	*l = Ledger{Format: in.V, Seq: in.Seq, At: in.At, Policy: in.Policy, tiers: in.Tiers, seen: in.Seen, asked: in.Asked, fired: in.Rules, marks: in.Facts, seenRules: in.Known}
	if len(all) > 0 {
		l.extra = all
	}
	return nil
}

// maxSeen bounds what a ledger remembers of values that no change explains, and of
// moves that the host does not record.
const maxSeen = 40

// see remembers a value that no change explains.
func (l *Ledger) see(s seenValue) {
	if len(l.seen) >= maxSeen {
		l.seen = l.seen[1:]
	}
	l.seen = append(l.seen, s)
}

// moved remembers a move that the host may not record.
func (l *Ledger) moved(m move) {
	if len(l.tiers) >= maxSeen {
		l.tiers = l.tiers[1:]
	}
	l.tiers = append(l.tiers, m)
}

// next returns a copy to write into.
func (l Ledger) next() Ledger {
	l.Format = max(l.Format, ledgerFormat)
	l.tiers, l.seen = slices.Clone(l.tiers), slices.Clone(l.seen)
	fired := make(map[string]map[string]latch, len(l.fired))
	for rule, subjects := range l.fired {
		fired[rule] = maps.Clone(subjects)
	}
	l.fired = fired
	return l
}
