package escalation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/escalade-go/escalade/handoff"
)

// A Digest is one message to one recipient that stands for many notices: after a
// breakdown that made five hundred tickets late at once, or in the morning after quiet
// hours. It marshals to JSON, and String writes it for people.
type Digest struct {
	To string `json:"to"`
	// DeliverAt is when the last of its notices may be delivered, and so the digest.
	DeliverAt time.Time `json:"deliver_at"`
	// Urgent: an alert is among them.
	Urgent bool `json:"urgent,omitempty"`
	// Items are the tickets, the most urgent first: those with an alert, then by
	// priority, then the one whose notice was due first.
	Items []DigestItem `json:"items"`
}

// A DigestItem is one ticket of a Digest.
type DigestItem struct {
	Ticket string `json:"ticket"`
	// Tier and Priority are those after the latest decision on it.
	Tier     string `json:"tier"`
	Priority string `json:"priority,omitempty"`
	Urgent   bool   `json:"urgent,omitempty"`
	// Notices are in the order in which they were due.
	Notices []Notice `json:"notices"`
}

// A Notice is one action, notify or alert, that a Digest stands for.
type Notice struct {
	Do      string    `json:"do"`
	Rule    string    `json:"rule"`
	Because string    `json:"because,omitempty"`
	Due     time.Time `json:"due"`
	Key     string    `json:"key"`
}

// Digests merges the notices of many decisions, of this engine or an earlier policy of
// it: one Digest for each recipient and delivery. Those that nothing delays are one
// digest; those that wait for the same instant are one. Digests are in the order of
// DeliverAt, then of the recipient.
//
// Hand in what is still to be told. A key that is in several decisions counts once, and
// it does not matter in which order they come. What is looked at of a decision that was
// stored are Ticket, At, Tier, Priority, Actions and Reasons, and the Seq of its Ledger
// where two were made at one instant.
func (e *Engine) Digests(decisions ...Decision) []Digest {
	latestFirst := make([]*Decision, len(decisions))
	for i := range decisions {
		latestFirst[i] = &decisions[i]
	}
	slices.SortStableFunc(latestFirst, func(a, b *Decision) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Ledger.Seq, a.Ledger.Seq))
	})
	type delivery struct {
		to string
		at time.Time // zero if nothing delays it
	}
	var digests []*Digest
	byDelivery := map[delivery]*Digest{}
	items := map[*Digest]map[string]int{} // by ticket
	latest := map[string]*Decision{}      // by ticket
	counted := map[string]bool{}          // keys
	for _, d := range latestFirst {
		if latest[d.Ticket] == nil {
			latest[d.Ticket] = d
		}
		because := d.because()
		for _, a := range d.Actions {
			if a.Do != DoNotify && a.Do != DoAlert || counted[a.Key] && a.Key != "" {
				continue
			}
			counted[a.Key] = true
			which := delivery{to: a.To}
			if a.DeliverAt.After(a.Due) {
				which.at = a.DeliverAt.Round(0).UTC()
			} else {
				a.DeliverAt = a.Due
			}
			digest := byDelivery[which]
			if digest == nil {
				digest = &Digest{To: a.To}
				digests = append(digests, digest)
				byDelivery[which], items[digest] = digest, map[string]int{}
			}
			if a.DeliverAt.After(digest.DeliverAt) {
				digest.DeliverAt = a.DeliverAt
			}
			i, listed := items[digest][d.Ticket]
			if !listed {
				i = len(digest.Items)
				items[digest][d.Ticket] = i
				digest.Items = append(digest.Items, DigestItem{Ticket: d.Ticket, Tier: latest[d.Ticket].Tier, Priority: latest[d.Ticket].Priority})
			}
			item := &digest.Items[i]
			item.Urgent = item.Urgent || a.Do == DoAlert
			digest.Urgent = digest.Urgent || a.Do == DoAlert
			item.Notices = append(item.Notices, Notice{Do: a.Do, Rule: a.Rule, Because: because[a.Key], Due: a.Due, Key: a.Key})
		}
	}
	out := make([]Digest, len(digests))
	for i, digest := range digests {
		for _, item := range digest.Items {
			slices.SortFunc(item.Notices, func(a, b Notice) int {
				return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Key, b.Key))
			})
		}
		slices.SortFunc(digest.Items, e.moreUrgent)
		out[i] = *digest
	}
	slices.SortFunc(out, func(a, b Digest) int {
		return cmp.Or(a.DeliverAt.Compare(b.DeliverAt), cmp.Compare(a.To, b.To), a.Items[0].Notices[0].Due.Compare(b.Items[0].Notices[0].Due))
	})
	return out
}

// because tells by key of an action why its rule says it.
func (d *Decision) because() map[string]string {
	out := map[string]string{}
	for _, r := range d.Reasons {
		for _, effect := range r.Effects {
			if effect.Key != "" {
				out[effect.Key] = r.Because
			}
		}
	}
	return out
}

// moreUrgent compares two tickets of a digest: which is to be read first.
func (e *Engine) moreUrgent(a, b DigestItem) int {
	alerts := func(i DigestItem) int {
		if i.Urgent {
			return 0
		}
		return 1
	}
	rank := func(i DigestItem) int {
		if at := e.priorities.of(i.Priority); at >= 0 {
			return at
		}
		return len(e.priorities.list)
	}
	return cmp.Or(alerts(a)-alerts(b), rank(a)-rank(b), a.Notices[0].Due.Compare(b.Notices[0].Due), cmp.Compare(a.Ticket, b.Ticket))
}

// Keys returns the keys of the actions that the digest stands for, so that a host can
// mark them all as carried out in one transaction.
func (d Digest) Keys() []string {
	var keys []string
	for _, item := range d.Items {
		for _, n := range item.Notices {
			keys = append(keys, n.Key)
		}
	}
	return keys
}

// How much a digest tells before it says how much more there is.
const (
	maxDigestItems = 20
	maxDigestRules = 3
	maxDigestName  = 80
	maxDigestWhy   = 160
)

// String returns the digest as some lines of plain text: who is told of how many tickets,
// and then the twenty most urgent ones, under what the rules say of them. Names and
// reasons are cut where they are long, and can bring no line of their own, nor a mention.
// There is nothing in it that a customer wrote.
func (d Digest) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d ticket", handoff.Line(d.To, maxDigestName), len(d.Items))
	if len(d.Items) != 1 {
		b.WriteByte('s')
	}
	urgent := 0
	for _, item := range d.Items {
		if item.Urgent {
			urgent++
		}
	}
	if urgent > 0 {
		fmt.Fprintf(&b, ", %d urgent", urgent)
	}
	var whys []string // in the order of the most urgent ticket of each
	lines := map[string][]string{}
	for _, item := range d.Items[:min(len(d.Items), maxDigestItems)] {
		why := item.why()
		if lines[why] == nil {
			whys = append(whys, why)
		}
		lines[why] = append(lines[why], item.line())
	}
	for _, why := range whys {
		b.WriteString("\n" + why)
		for _, line := range lines[why] {
			b.WriteString("\n- " + line)
		}
	}
	if more := len(d.Items) - maxDigestItems; more > 0 {
		fmt.Fprintf(&b, "\nand %d more", more)
	}
	return b.String()
}

// why tells the rules that speak of a ticket, each once.
func (i DigestItem) why() string {
	var rules, whys []string
	for _, n := range i.Notices {
		if slices.Contains(rules, n.Rule) {
			continue
		}
		rules = append(rules, n.Rule)
		why := handoff.Line(n.Rule, maxDigestName)
		if because := handoff.Line(n.Because, maxDigestWhy); because != "" {
			why += " (" + because + ")"
		}
		whys = append(whys, why)
	}
	if more := len(whys) - maxDigestRules; more > 0 {
		whys = append(whys[:maxDigestRules], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(whys, "; ")
}

// line tells of a ticket what it is.
func (i DigestItem) line() string {
	what := []string{handoff.Line(i.Ticket, maxDigestName)}
	for _, name := range []string{i.Priority, i.Tier} {
		if name != "" {
			what = append(what, handoff.Line(name, maxDigestName))
		}
	}
	if i.Urgent {
		what = append(what, "urgent")
	}
	if len(i.Notices) > 0 {
		what = append(what, "since "+i.Notices[0].Due.UTC().Format("2006-01-02 15:04 UTC"))
	}
	return strings.Join(what, ", ")
}
