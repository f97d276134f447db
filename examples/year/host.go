package main

import (
	"cmp"
	"container/heap"
	"time"

	"github.com/escalade-go/escalade/escalation"
)

// A host keeps tickets and a heap of timers, one live timer for each ticket. A real
// one keeps the same two things in two columns of a table: ledger and next_check.
type host struct {
	engine  *escalation.Engine
	tickets []*kept
	timers  timers
	until   time.Time

	// What is counted.
	events, atEvents, atChecks, idle int
	open                             time.Duration // of all tickets
	done                             []done
}

// kept is a ticket as the host has it, and what is still to happen to it.
type kept struct {
	ticket escalation.Ticket
	life   []event
	next   time.Time // the next check; zero: none
	since  time.Time // open since then; zero: it is not
}

// done is an action that was carried out.
type done struct {
	do, key string
	due     time.Time
	late    time.Duration
}

// A timer wakes the host for one ticket.
type timer struct {
	at     time.Time
	ticket int
	event  bool // something happens; else it is a next check
}

type timers []timer

func (t timers) Len() int      { return len(t) }
func (t timers) Swap(i, j int) { t[i], t[j] = t[j], t[i] }
func (t timers) Less(i, j int) bool {
	return cmp.Or(t[i].at.Compare(t[j].at), cmp.Compare(t[i].ticket, t[j].ticket)) < 0
}
func (t *timers) Push(x any) { *t = append(*t, x.(timer)) }
func (t *timers) Pop() any {
	old := *t
	last := old[len(old)-1]
	*t = old[:len(old)-1]
	return last
}

func newHost(engine *escalation.Engine, lives []life, until time.Time) *host {
	h := &host{engine: engine, until: until}
	for i, l := range lives {
		h.tickets = append(h.tickets, &kept{ticket: l.ticket, life: l.events, since: l.ticket.CreatedAt})
		h.timers = append(h.timers, timer{l.ticket.CreatedAt, i, true})
	}
	heap.Init(&h.timers)
	return h
}

// run sleeps from timer to timer.
func (h *host) run() error {
	for len(h.timers) > 0 && h.timers[0].at.Before(h.until) {
		t := heap.Pop(&h.timers).(timer)
		k := h.tickets[t.ticket]
		if !t.event && !t.at.Equal(k.next) {
			continue // the ticket was asked since this timer was set, and has another
		}
		if t.event {
			h.events += k.happen(t.at, &h.open)
			if len(k.life) > 0 {
				heap.Push(&h.timers, timer{k.life[0].at, t.ticket, true})
			}
			h.atEvents++
		} else {
			h.atChecks++
		}
		found, err := h.ask(k, t.at)
		if err != nil {
			return err
		}
		if !t.event && found == 0 {
			h.idle++
		}
		if !k.next.IsZero() {
			heap.Push(&h.timers, timer{k.next, t.ticket, false})
		}
	}
	for _, k := range h.tickets {
		if !k.since.IsZero() && k.since.Before(h.until) {
			h.open += h.until.Sub(k.since)
		}
	}
	return nil
}

// ask is what there is to embedding the engine.
func (h *host) ask(k *kept, now time.Time) (actions int, err error) {
	d, err := h.engine.Decide(k.ticket, now)
	if err != nil {
		return 0, err
	}
	for _, a := range d.Actions {
		h.done = append(h.done, done{a.Do, a.Key, a.Due, now.Sub(a.Due)})
	}
	d.Apply(&k.ticket)
	k.next = d.NextCheck
	return len(d.Actions), nil
}

// happen lets all happen that is due, and returns how much that was. open counts the
// time for which the ticket was open.
func (k *kept) happen(now time.Time, open *time.Duration) int {
	n := 0
	for ; n < len(k.life) && !k.life[n].at.After(now); n++ {
		e := &k.life[n]
		e.happens(&k.ticket)
		switch working := e.opens(&k.ticket); {
		case working && k.since.IsZero():
			k.since = e.at
		case !working && !k.since.IsZero():
			*open += e.at.Sub(k.since)
			k.since = time.Time{}
		}
	}
	k.life = k.life[n:]
	return n
}
