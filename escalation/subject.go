package escalation

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strconv"

	"github.com/escalade-go/escalade/sla"
)

// subjectKey is one rule and what it is judged for.
type subjectKey struct {
	rule    int
	subject string
}

// subject is what a rule is judged for at a step.
type subject struct {
	name  string
	clock int    // in walk.read; -1 for none
	event *event // the message
}

// subjects lists what rule i is judged for now.
func (w *walk) subjects(i int) []subject {
	info := &w.engine.rules[i]
	switch info.subject {
	case forClock:
		list := w.list[:0]
		for m := range w.read {
			if c := &w.read[m]; !c.Started.IsZero() && c.Stopped.IsZero() && c.Target > 0 {
				list = append(list, subject{name: w.clockName(m), clock: m})
			}
		}
		return list
	case forMessage:
		return w.messages(w.first || w.owed[i])
	}
	name := ""
	for n, m := range info.named {
		if n > 0 {
			name += "+"
		}
		name += w.clockName(m)
	}
	return append(w.list[:0], subject{name: name, clock: -1})
}

// messages are the customer's messages of this instant, and the latest; with those that
// are owed, also those that turned up after their instant was judged, and those that were
// passed while the rule waited.
func (w *walk) messages(owed bool) []subject {
	list := w.list[:0]
	for i := w.reached - 1; i >= 0; i-- {
		ev := &w.history.events[i]
		if ev.kind != fromCustomer || !w.said(ev) {
			continue
		}
		if len(list) > 0 && ev.at.Before(w.state.at) && !(owed && (ev.at.After(w.since) || w.unheard(ev))) {
			if owed {
				continue // one before it may be owed
			}
			break
		}
		list = append(list, subject{name: messageSubject(ev), clock: -1, event: ev})
	}
	slices.Reverse(list)
	return list
}

// maxMessageID is how long an id of a message may be to be kept in a ledger as it is.
const maxMessageID = 100

// messageSubject names a message by the host's id, else by its instant.
func messageSubject(ev *event) string {
	if id := ev.message.ID; len(id) > maxMessageID {
		sum := sha256.Sum256([]byte(id))
		return "message/#" + hex.EncodeToString(sum[:16])
	} else if id != "" {
		return "message/" + id
	} else if ev.twin > 0 {
		return "message/@" + strconv.FormatInt(ev.at.UnixNano(), 10) + "#" + strconv.Itoa(ev.twin)
	}
	return "message/@" + strconv.FormatInt(ev.at.UnixNano(), 10)
}

func clockSubject(c *sla.Clock) string {
	return string(c.Metric) + "/" + strconv.Itoa(c.Cycle)
}

// clockName is clockSubject of a clock that is read, which is asked for often.
func (w *walk) clockName(m int) string {
	c := &w.read[m]
	if n := &w.named[m]; n.name == "" || n.cycle != c.Cycle {
		n.name, n.cycle = clockSubject(c), c.Cycle
	}
	return w.named[m].name
}

// key names one action on one occasion for good. It must not depend on anything
// that two instances, or two versions of a policy, could disagree on; changing
// it is a breaking change of the library.
func key(namespace, ticket, rule, subject string, occasion, repeat, ordinal int) string {
	h := sha256.New()
	for _, part := range []string{namespace, ticket, rule, subject} {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		h.Write(length[:])
		h.Write([]byte(part))
	}
	for _, n := range []int{occasion, repeat, ordinal} {
		var number [8]byte
		binary.BigEndian.PutUint64(number[:], uint64(n))
		h.Write(number[:])
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
