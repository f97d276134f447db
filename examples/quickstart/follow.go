package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/escalade-go/escalade/escalation"
)

const maxWakeUps = 25 // that are printed

// wakeUps ranks the tickets for following one: by how often there was something
// to do. One with a ledger was followed by somebody else before, and one whose
// history has gaps cannot be lived through again.
func wakeUps(e entry) int {
	gaps := slices.ContainsFunc(e.decision.Problems, func(p escalation.Problem) bool { return p.Code == escalation.HistoryMissing })
	if gaps || !e.ticket.Ledger.IsZero() {
		return 0
	}
	var instants []time.Time
	for _, a := range e.decision.Actions {
		instants = append(instants, a.Due)
	}
	return len(slices.CompactFunc(instants, time.Time.Equal))
}

// follow lives through a ticket as its host would: ask, act, sleep until the next
// check. A real host also asks whenever something happens to the ticket; here the
// whole history is there already, and the engine passes over what is yet to come.
func (p *printer) follow(engine *escalation.Engine, e entry) {
	p.title("From check to check: " + e.ticket.ID)
	p.fold("", " ", strings.Fields(`The same ticket from its creation on, as its host lives through it: Decide, Apply, sleep until `+
		`NextCheck. What happens to the ticket (a reply, say) wakes the host too.`))
	p.line("")
	ticket, late := e.ticket, 0
	var keys []string
	at := ticket.CreatedAt
	for n := 0; ; n++ {
		if n == maxWakeUps {
			p.line("  ... and so on")
			return
		}
		d, err := engine.Decide(ticket, at)
		if err != nil {
			return // it was judged before
		}
		d.Apply(&ticket) // a host does this in its own tables, and stores the ledger there

		var did []string
		for _, a := range d.Actions {
			keys = append(keys, a.Key)
			did = append(did, phrase(a.Do, a.To))
			if !a.Due.Equal(at) {
				late++
			}
		}
		if len(did) == 0 {
			did = []string{"-"}
		}
		then := "no next check"
		if !d.NextCheck.IsZero() {
			then = "next check in " + short(d.NextCheck.Sub(at))
		}
		p.line("  %-20s %-52s %s", stamp(at), strings.Join(did, ", "), then)
		if d.NextCheck.IsZero() || d.NextCheck.After(p.now) || !d.NextCheck.After(at) {
			break
		}
		at = d.NextCheck
	}
	p.line("")
	p.fold("", " ", strings.Fields(verdict(e.decision.Actions, keys, late)))
}

// verdict compares what was decided on the way with what one late question got.
func verdict(once []escalation.Action, keys []string, late int) string {
	var wanted []string
	for _, a := range once {
		wanted = append(wanted, a.Key)
	}
	slices.Sort(wanted)
	slices.Sort(keys)
	if !slices.Equal(wanted, keys) {
		return fmt.Sprintf("%s on the way, %d in the single question above.", count(len(keys), "action"), len(wanted))
	}
	when := "each at the instant it was due"
	if late > 0 {
		when = fmt.Sprintf("%d of them later than due", late)
	}
	return fmt.Sprintf("%s, each once, %s. They are those of the single question above, under the same keys.", count(len(keys), "action"), when)
}
