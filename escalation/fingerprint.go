package escalation

import (
	"math"
	"strconv"
	"time"
)

// fingerprint is a hash (FNV-1a) that is the same on every machine.
type fingerprint uint64

func newPrint() fingerprint { return 14695981039346656037 }

func (p *fingerprint) byte(b byte) { *p = (*p ^ fingerprint(b)) * 1099511628211 }

func (p *fingerprint) number(n uint64) {
	for range 8 {
		p.byte(byte(n))
		n >>= 8
	}
}

// text takes the beginning of a text, as far as it is read, and its length.
func (p *fingerprint) text(s string) {
	p.number(uint64(len(s)))
	s = s[:min(len(s), maxText)]
	if len(s) > 64 { // machines have an instruction for that
		p.number(uint64(checksum(s)))
		return
	}
	for i := range len(s) {
		p.byte(s[i])
	}
}

func (p *fingerprint) figure(v *float64) {
	if v == nil {
		p.byte(0)
		return
	}
	p.byte(1)
	p.number(math.Float64bits(*v))
}

func (p *fingerprint) flag(is bool) {
	if is {
		p.byte(1)
	} else {
		p.byte(0)
	}
}

func (p *fingerprint) instant(t time.Time) {
	p.number(uint64(t.Unix()))
	p.number(uint64(t.Nanosecond()))
}

// printOf is a hash of all of a ticket that a decision depends on, but for the ledger
// and the instant, and of the analyzer, which is no part of the policy. fields are the
// ticket's, read.
func (e *Engine) printOf(t *Ticket, fields *fieldFacts) string {
	p := newPrint()
	p.text(e.ears.analyzer)
	for _, s := range []string{t.ID, t.Category, t.Priority, t.Status, t.Tier, t.Assignee, t.Language, t.Agreement, t.Customer.ID, t.Customer.Name, t.Customer.Tier} {
		p.text(s)
	}
	p.text(t.Subject)
	p.number(uint64(len(t.Tags)))
	for _, tag := range t.Tags {
		p.text(tag)
	}
	if t.Contract != nil {
		p.text(t.Contract.sum)
	}
	p.flag(t.Customer.VIP)
	p.figure(t.Customer.LTV)
	p.figure(t.RevenueImpact)
	p.flag(t.Contacts != nil)
	if t.Contacts != nil {
		p.number(uint64(*t.Contacts))
	}
	for _, at := range []time.Time{t.CreatedAt, t.FirstReplyAt, t.LastReplyAt, t.WaitingSince, t.StatusSince, t.SolvedAt} {
		p.instant(at)
	}
	for i := range fields.known {
		p.text(fields.text(i))
	}
	p.number(uint64(len(t.Messages)))
	for i := range t.Messages {
		m := &t.Messages[i]
		p.text(m.ID)
		p.instant(m.At)
		p.text(m.From)
		p.text(m.By)
		p.flag(m.Internal)
		p.text(m.Text)
		if s := m.Sentiment; s != nil {
			p.figure(&s.Score)
			p.text(string(s.Label))
			p.number(uint64(len(s.Intents)))
			for _, intent := range s.Intents {
				p.text(string(intent))
			}
		}
	}
	p.number(uint64(len(t.Changes)))
	for i := range t.Changes {
		c := &t.Changes[i]
		p.instant(c.At)
		for _, s := range []string{c.Field, c.From, c.To, c.By, c.Key} {
			p.text(s)
		}
	}
	return strconv.FormatUint(uint64(p), 36)
}
