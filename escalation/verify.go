package escalation

import (
	"fmt"
	"maps"
	"slices"

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
}

// String returns one line: where, what, and what to write instead.
func (f Finding) String() string {
	e := rules.Error{Pos: f.Position, Path: f.Path, Message: f.Message, Hint: f.Hint}
	return e.Error()
}

// A FindingCode names a kind of finding; codes are stable. Those of the SLA matrix
// are the codes of the sla package, such as [sla.NotMonotone].
type FindingCode string

// Verify looks at the policy as a whole and tells what is probably not meant, in
// the order of the policy: rows of the matrix that contradict each other, answers
// that are promised for after the end, tiers that together take longer than the
// resolution, days of 24 hours on a calendar of 8, days that end at 23:59. It stops
// nothing: Compile refuses what cannot work.
func (e *Engine) Verify() []Finding {
	v := verifier{engine: e}
	p := &e.policy
	v.calendars("/calendars", p.Calendars)
	v.matrix("", Agreement{Priorities: p.Priorities}, e.agreements.own, nil)
	own := e.agreements.own.Findings()
	for i, a := range p.Agreements {
		path := fmt.Sprintf("/agreements/%d", i)
		v.calendars(path+"/calendars", a.Calendars)
		v.matrix(path, a, e.agreements.promises[i], own)
	}
	var found []Finding
	for _, f := range p.place(v.found) {
		found = append(found, Finding{FindingCode(f.Code), f.Path, f.Pos, f.Message, f.Hint})
	}
	return found
}

type verifier struct {
	engine *Engine
	found  Errors // which know how to find their place
}

func (v *verifier) add(code sla.FindingCode, path, message, hint string) {
	v.found = append(v.found, &rules.Error{Code: rules.Code(code), Path: path, Message: message, Hint: hint})
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
