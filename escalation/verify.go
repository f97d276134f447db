package escalation

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/escalade-go/escalade/escalation/internal/jsontree"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// A Finding is something in a policy that runs and is probably not what was meant.
type Finding struct {
	Code FindingCode `json:"code"`
	// Path is a JSON pointer into the policy, and Position where that is in the file
	// that it was read from, if it was.
	Path string `json:"path,omitempty"`
	rules.Position
	// Message says what was found, Hint what to write instead, if that is known.
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	// Witness is a ticket that proves it, judged at At; nil where none is needed.
	Witness *Ticket   `json:"witness,omitempty"`
	At      time.Time `json:"at,omitzero"`
}

// String returns one line: where, what, and what to write instead.
func (f Finding) String() string {
	e := rules.Error{Pos: f.Position, Path: f.Path, Message: f.Message, Hint: f.Hint}
	return e.Error()
}

// A FindingCode names a kind of finding; codes are stable. Those of the SLA matrix
// are the codes of the sla package, such as [sla.NotMonotone].
type FindingCode string

// The findings about rules and tickets, with an example of each.
const (
	NeverHolds    FindingCode = "never_holds"   // ticket.contacts > 3 and ticket.contacts < 2
	AlwaysHolds   FindingCode = "always_holds"  // ticket.open or not ticket.open
	IsImplied     FindingCode = "is_implied"    // contacts >= 5, beside contacts >= 3 with the same actions
	Contradiction FindingCode = "contradiction" // set_priority("High") and lower_priority("Low") on one ticket
	UnusedName    FindingCode = "unused_name"   // a recipient whom nothing notifies
	LeftBehind    FindingCode = "left_behind"   // a Pending ticket that no rule ever looks at
)

// Verify looks at the policy as a whole and tells what is probably not meant, in
// the order of the policy: rows of the matrix that contradict each other, answers
// that are promised for after the end, tiers that together take longer than the
// resolution, days of 24 hours on a calendar of 8, days that end at 23:59; rules that
// can never hold, always do, say nothing that another does not say, or contradict each
// other; names that nothing uses; open tickets that nothing would ever wake. What it
// tells is proven, a contradiction by a ticket that was judged. What it does not tell may be
// so all the same: conditions of hundreds of clauses are not looked into, and of
// contradictions only so many tickets are made up. It stops nothing: Compile refuses what
// cannot work.
func (e *Engine) Verify() []Finding {
	v := verifier{engine: e, witnesses: map[*rules.Error]witness{}}
	p := &e.policy
	v.calendars("/calendars", p.Calendars)
	v.quietHours()
	v.matrix("", Agreement{Priorities: p.Priorities}, e.agreements.own, nil)
	own := e.agreements.own.Findings()
	for i, a := range p.Agreements {
		path := fmt.Sprintf("/agreements/%d", i)
		v.calendars(path+"/calendars", a.Calendars)
		v.matrix(path, a, e.agreements.promises[i], own)
	}
	v.rules()
	v.unused()
	v.leftBehind()
	var found []Finding
	for _, f := range p.place(v.found) {
		witness := v.witnesses[f]
		found = append(found, Finding{FindingCode(f.Code), f.Path, f.Pos, f.Message, f.Hint, witness.ticket, witness.at})
	}
	return found
}

type verifier struct {
	engine    *Engine
	found     Errors // which know how to find their place
	witnesses map[*rules.Error]witness
}

type witness struct {
	ticket *Ticket
	at     time.Time
}

func (v *verifier) add(code sla.FindingCode, path, message, hint string) {
	v.tell(FindingCode(code), path, message, hint)
}

func (v *verifier) tell(code FindingCode, path, message, hint string) *rules.Error {
	e := &rules.Error{Code: rules.Code(code), Path: path, Message: message, Hint: hint}
	if below, ok := strings.CutPrefix(path, "/rules/"); ok { // the place in the text that the rule was read from
		number, part, _ := strings.Cut(below, "/")
		if i, err := strconv.Atoi(number); err == nil {
			e.Pos = v.engine.policy.Rules[i].Place("/" + part)
		}
	}
	v.found = append(v.found, e)
	return e
}

func (v *verifier) calendars(path string, calendars map[string]Calendar) {
	for _, name := range slices.Sorted(maps.Keys(calendars)) {
		for _, f := range calendars[name].Hours.Findings() {
			v.add(f.Code, path+"/"+jsontree.Key(name), fmt.Sprintf("the calendar %q: %s", name, f.Message), f.Hint)
		}
	}
}

// matrix tells what is found in an agreement, but for what was told of the policy's
// own matrix already. A row that the agreement does not have is the policy's.
func (v *verifier) matrix(path string, a Agreement, promised *sla.Agreement, told []sla.Finding) {
	p := &v.engine.policy
	for _, f := range promised.Findings() {
		if slices.Contains(told, f) {
			continue
		}
		at := path
		if row := slices.IndexFunc(a.Priorities, func(r Priority) bool { return r.Name == f.Priority }); row >= 0 {
			at = fmt.Sprintf("%s/priorities/%d", path, row)
			if f.Metric != "" {
				at += "/" + string(f.Metric)
			}
		}
		if row := slices.IndexFunc(a.Tiers, func(r TierResponse) bool { return r.Name == f.Tier }); f.Tier != "" && row >= 0 {
			at = fmt.Sprintf("%s/tiers/%d/response", path, row)
		} else if row := slices.IndexFunc(p.Tiers, func(r Tier) bool { return r.Name == f.Tier }); f.Tier != "" && path == "" {
			at = fmt.Sprintf("/tiers/%d/response", row)
		}
		message := f.Message
		if a.Name != "" {
			message = fmt.Sprintf("under the agreement %q %s", a.Name, message)
		}
		v.add(f.Code, at, message, f.Hint)
	}
}
