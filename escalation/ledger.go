package escalation

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// ledgerFormat is the version of the ledger that this release writes.
const ledgerFormat = 1

// A Ledger is what the engine remembers of a ticket from one call to the next:
// which rules have fired for what, how far it has judged, what it has heard in the
// customer's messages. It holds no customer text. The host stores it as JSON beside the
// ticket and hands it back in Ticket.Ledger; nobody else needs to look inside. It takes
// some hundred bytes to 4 KiB, and 32 KiB at most (but for the keys of other releases).
// Its zero value is that of a ticket that was never judged.
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
	reopened  int                         // how often the ticket was reopened, up to At
	asked     int                         // requests by people that were granted
	marks     map[string]string           // of traceless facts; see there
	hearing   *hearing                    // what the customer said
	print     string                      // of the ticket for which nothing is to be done before next; zero: never
	next      time.Time
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
	Heard  *hearing                    `json:"heard,omitempty"`
	Ticket string                      `json:"ticket,omitempty"`
	Next   time.Time                   `json:"next,omitzero"`
	Opened int                         `json:"reopened,omitempty"`
}

var ledgerKeys = []string{"v", "seq", "at", "policy", "tiers", "seen", "asked", "rules", "facts", "known", "heard", "ticket", "next", "reopened"}

// IsZero reports whether the ledger is that of a ticket never judged.
func (l Ledger) IsZero() bool { return l.Format == 0 && l.At.IsZero() && len(l.extra) == 0 }

// MarshalJSON writes the ledger, with the keys of other releases that it came
// with.
func (l Ledger) MarshalJSON() ([]byte, error) {
	if l.IsZero() {
		return []byte("{}"), nil
	}
	known, err := json.Marshal(ledgerJSON{l.Format, l.Seq, l.At, l.Policy, l.tiers, l.seen, l.asked, l.fired, l.marks, l.seenRules, l.hearing, l.print, l.next, l.reopened})
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
	*l = Ledger{Format: in.V, Seq: in.Seq, At: in.At, Policy: in.Policy, tiers: in.Tiers, seen: in.Seen, asked: in.Asked, fired: in.Rules, marks: in.Facts, seenRules: in.Known, hearing: in.Heard, print: in.Ticket, next: in.Next, reopened: in.Opened}
	if len(all) > 0 {
		l.extra = all
	}
	return nil
}

// maxSeen bounds what a ledger remembers of values that no change explains, and of
// moves that the host does not record.
const maxSeen = 40

// maxName is how much of a value it remembers.
const maxName = 100

// see remembers a value that no change explains.
func (l *Ledger) see(s seenValue) {
	s.Value = cut(s.Value, maxName)
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

// sleep notes that nothing is to be done about the ticket before an instant, as long as
// it stays as it is.
//
// check is that instant as it was told; without one (never, or beyond what JSON can say)
// it sleeps until it changes.
func (l *Ledger) sleep(print string, check, until time.Time) {
	l.print, l.next = print, until
	if check.IsZero() {
		l.next = time.Time{}
	}
}

// sleeps reports whether a policy has nothing to do about a ticket at an instant, because
// it has not changed since the last decision and its next check has not come. Then no
// rule is evaluated. The ledger's instant stays: what would have been judged and not
// proposed until now is judged when the ticket wakes.
func (l *Ledger) sleeps(policy, print string, now time.Time) bool {
	return l.print == print && l.Policy == policy && !now.Before(l.At) && (l.next.IsZero() || now.Before(l.next))
}

// copied returns a copy to write into.
func (l Ledger) copied() Ledger {
	l.print, l.next = "", time.Time{}
	l.Format = max(l.Format, ledgerFormat)
	l.tiers, l.seen = slices.Clone(l.tiers), slices.Clone(l.seen)
	fired := make(map[string]map[string]latch, len(l.fired))
	for rule, subjects := range l.fired {
		fired[rule] = maps.Clone(subjects)
	}
	l.fired = fired
	return l
}

// maxLedger is how many bytes a ledger takes at most, but for the keys of other releases.
const maxLedger = 32 << 10

// bound forgets what has not happened for the longest until the ledger is small enough:
// first of the rules that the policy does not have, then of those that fire once for
// what they are judged for, then of the others. What was forgotten
// may be proposed again, under the key that it had; who carries each key out once does
// nothing twice. (Where two hundred rules have fired on one ticket, some of those that
// are not about clocks count their occasions anew.)
func (l *Ledger) bound(rules []ruleInfo) {
	size, latches := 0, 0
	for rule, subjects := range l.fired { // a sum: order does not matter
		for subject := range subjects {
			size += maxLatch + 6*(len(rule)+len(subject)) // as if all had to be escaped
			latches++
		}
	}
	heard := 0
	if l.hearing != nil {
		heard = len(l.hearing.Messages) + len(l.hearing.Older)
	}
	if size < maxLedger/4 && heard < maxLedger/8 && len(l.tiers)+len(l.seen)+len(l.marks) < 50 && len(l.seenRules) < maxLedger/8 {
		return // nearly always
	}
	type entry struct {
		rule, subject string
		rank          int // those of the least are forgotten first
		at            time.Time
		size          int
	}
	ranks := make(map[string]int, len(rules))
	for i := range rules {
		ranks[rules[i].id] = 2
		if rules[i].onlyOnce() {
			ranks[rules[i].id] = 1
		}
	}
	list := make([]entry, 0, latches)
	for rule, subjects := range l.fired {
		name, _ := json.Marshal(rule)
		for subject, remembered := range subjects {
			key, _ := json.Marshal(subject)
			value, _ := json.Marshal(remembered)
			list = append(list, entry{rule, subject, ranks[rule], latest(remembered.Rise, remembered.Fired), len(name) + len(key) + len(value) + len(`:{:},`)})
		}
	}
	slices.SortFunc(list, func(a, b entry) int { // those to forget first
		return cmp.Or(cmp.Compare(a.rank, b.rank), a.at.Compare(b.at), cmp.Compare(a.rule, b.rule), cmp.Compare(a.subject, b.subject))
	})
	rest := *l
	rest.fired, rest.extra = nil, nil
	measure := func() int {
		src, _ := rest.MarshalJSON()
		return len(src)
	}
	total := measure()
	if total > maxLedger { // names as long as books, hundreds of fields
		l.tiers, l.seen = lastOf(l.tiers, maxSeen/4), lastOf(l.seen, maxSeen/4)
		l.marks, l.seenRules = nil, nil
		rest.tiers, rest.seen, rest.marks, rest.seenRules = l.tiers, l.seen, nil, nil
		total = measure()
	}
	for _, e := range list {
		total += e.size
	}
	for _, e := range list {
		if total <= maxLedger-restOfLedger {
			break
		}
		total -= e.size
		if delete(l.fired[e.rule], e.subject); len(l.fired[e.rule]) == 0 {
			delete(l.fired, e.rule)
		}
	}
}

func lastOf[T any](list []T, n int) []T { return list[max(0, len(list)-n):] }

// restOfLedger is room for what is written after the bound was kept.
const restOfLedger = 256

// maxLatch is how many bytes a latch takes at most, but for the names of its rule and of
// what that was judged for.
const maxLatch = 170
