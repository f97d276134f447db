package escalation

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/escalade-go/escalade/escalation/internal/jsontree"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// alwaysOpen is the name of the calendar that every policy has.
const alwaysOpen = "always"

// A Calendar is opening hours, or the times at which one of several others is open:
//
//	{"zone": "Europe/Paris", "week": {"mon": ["09:00-17:00"]}, "holidays": ["2026-12-25"]}
//	{"union": ["paris", "tokyo"]}
type Calendar struct {
	sla.Hours
	// Union names other calendars; there are no hours beside it.
	Union []string `json:"union,omitempty"`
}

// UnmarshalJSON reads either form, as strictly as ReadPolicy.
func (c *Calendar) UnmarshalJSON(src []byte) error {
	type hours sla.Hours // without its methods
	var in struct {
		hours
		Union []string `json:"union"`
	}
	if err := readStrictly(src, reflect.TypeFor[Calendar](), &in); err != nil {
		return err
	}
	*c = Calendar{sla.Hours(in.hours), in.Union}
	return nil
}

// Terms say how clocks are read. Those of an Agreement that are not given are the
// policy's.
type Terms struct {
	// Calendar names one of Policy.Calendars: when time counts. Empty: always.
	// Immediate targets count at any hour.
	Calendar string `json:"calendar,omitempty"`
	// Warnings are when a clock warns, for people and screens; rules compare what they
	// like. In JSON each is a share of the target, 0.8, or the time left, "30m".
	// None: 0.8.
	Warnings []sla.Threshold `json:"warnings,omitempty"`
	// Choices are what teams argue about: what a new priority does to a clock, what a
	// first response is, and more.
	sla.Choices
}

// An Agreement is what is promised to some customers instead of the policy's matrix.
// The one that a ticket is held to is the one that it names (Ticket.Agreement), else
// the one of its customer, else the one of its customer's tier, else the policy's own.
// An agreement that says nothing but its name is the policy's own by that name.
type Agreement struct {
	Name string `json:"name"`
	// Customers are the ids, and CustomerTiers the plans in any case, of those to whom
	// it is given.
	Customers     []string `json:"customers,omitempty"`
	CustomerTiers []string `json:"customer_tiers,omitempty"`
	// Calendars are more of them, for this agreement.
	Calendars map[string]Calendar `json:"calendars,omitempty"`
	Terms
	// Priorities are rows instead of those of the policy: a target that is not given in
	// one is not promised. A row without a calendar has that of the policy's row. Rows
	// that are not here are the policy's.
	Priorities []Priority `json:"priorities,omitempty"`
	// Tiers are the responses of tiers, instead of those of the policy.
	Tiers []TierResponse `json:"tiers,omitempty"`
}

// UnmarshalJSON reads an agreement as strictly as ReadPolicy does: the error is
// [Errors], with paths into the agreement.
func (a *Agreement) UnmarshalJSON(src []byte) error {
	type fields Agreement // without its methods
	var in fields
	if err := readStrictly(src, reflect.TypeFor[Agreement](), &in); err != nil {
		return err
	}
	*a = Agreement(in)
	return nil
}

// A TierResponse is how soon a tier answers under an Agreement.
type TierResponse struct {
	Name     string     `json:"name"`
	Response sla.Target `json:"response,omitzero"`
	Calendar string     `json:"calendar,omitempty"`
}

// A Contract is an Agreement made ready by [Engine.Contract], for Ticket.Contract.
// It never changes and is safe for use by many goroutines.
type Contract struct {
	terms   Agreement
	policy  string // the version of the policy that it was made for
	promise *sla.Agreement
	zones   zones  // of its own calendars
	sum     string // of the terms
}

// Contract makes an agreement ready that is not in the policy: that of a new customer,
// say. Customers and CustomerTiers are not looked at. The error is [Errors], with paths
// into the agreement.
//
// A contract outlives its policy: another engine makes it ready again at each call
// that meets it, which takes some microseconds, and tells of a [Problem] where it no
// longer fits.
func (e *Engine) Contract(a Agreement) (*Contract, error) {
	a = cloneAgreement(a)
	a.Name = strings.TrimSpace(a.Name)
	c := checker{policy: e.policy, zones: zones{}}
	if a.Name == "" {
		c.fail("/name", rules.Missing, "an agreement needs a name")
	}
	c.agreement("", &a)
	promise := c.promise("", &a, e.calendars)
	if len(c.errs) > 0 {
		return nil, c.errs
	}
	terms, _ := json.Marshal(a) // what cannot be written has been refused
	return &Contract{a, e.version, promise, c.zones, markText(string(terms))}, nil
}

// under returns a contract as it is under the policy of an engine.
func (c *Contract) under(e *Engine) (*Contract, error) {
	if c.policy == e.version {
		return c, nil
	}
	return e.Contract(c.terms)
}

// agreements finds what a ticket was promised.
type agreements struct {
	own      *sla.Agreement // the policy's
	names    names
	promises []*sla.Agreement // by name
	customer map[string]int   // by id
	tier     map[string]int   // by folded name
}

// chosenFor returns the name of the agreement that a customer has, empty for the
// policy's own.
func (a *agreements) chosenFor(c Customer) string {
	if i, ok := a.customer[c.ID]; ok {
		return a.names.list[i]
	}
	if i, ok := a.tier[fold(c.Tier)]; ok {
		return a.names.list[i]
	}
	return ""
}

// find returns the agreement of the first of the names that there is one of, the
// policy's own if there is none.
func (a *agreements) find(names ...string) (string, *sla.Agreement) {
	for _, name := range names {
		if i := a.names.of(name); i >= 0 {
			return a.names.list[i], a.promises[i]
		}
	}
	return "", a.own
}

// Promised returns what a ticket is held to that names an agreement, or none, and belongs
// to a customer: to read its clocks with package sla. A [Contract] comes with the ticket
// and is not among them. It is the engine's own and must not be changed.
func (e *Engine) Promised(agreement string, c Customer) *sla.Agreement {
	_, promised := e.agreements.find(agreement, e.agreements.chosenFor(c))
	return promised
}

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// readAgreements checks the terms and the agreements of a policy and makes them ready.
func (c *checker) readAgreements(calendars map[string]*sla.Calendar) agreements {
	p := &c.policy
	own := Agreement{Terms: p.Terms}
	c.terms("", &own.Terms)
	out := agreements{own: c.promise("", &own, calendars), customer: map[string]int{}, tier: map[string]int{}}
	list := namesOf(p.Agreements, func(a Agreement) string { return a.Name })
	c.unique("agreements", "/name", "an agreement", list)
	out.names = newNames(list)
	for i := range p.Agreements {
		a, path := &p.Agreements[i], fmt.Sprintf("/agreements/%d", i)
		c.agreement(path, a)
		out.promises = append(out.promises, c.promise(path, a, calendars))
		c.chosen(path+"/customers", "the customer", a.Customers, out.customer, i, func(id string) string { return id })
		c.chosen(path+"/customer_tiers", "the customer tier", a.CustomerTiers, out.tier, i, fold)
	}
	return out
}

// chosen notes whom an agreement is given to. Nobody can have two.
func (c *checker) chosen(path, what string, list []string, by map[string]int, agreement int, key func(string) string) {
	for i, name := range list {
		at := fmt.Sprintf("%s/%d", path, i)
		first, taken := by[key(name)]
		switch {
		case key(name) == "":
			c.fail(at, rules.Missing, what+" needs a name")
		case taken:
			c.fail(at, rules.DuplicateName, fmt.Sprintf("%s %q has the agreement %q already", what, name, c.policy.Agreements[first].Name))
		default:
			by[key(name)] = agreement
		}
	}
}

// calendars makes calendars ready, beside those that are known.
func (c *checker) calendars(path string, list map[string]Calendar, known map[string]*sla.Calendar) map[string]*sla.Calendar {
	ready := map[string]*sla.Calendar{alwaysOpen: sla.Always()}
	maps.Copy(ready, known)
	folded := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(list)) {
		at := path + "/" + jsontree.Key(name)
		if first, taken := folded[fold(name)]; taken {
			c.fail(at, rules.DuplicateName, fmt.Sprintf("there is a calendar %q already", first))
		}
		folded[fold(name)] = name
		switch h := list[name]; {
		case strings.TrimSpace(name) == "":
			c.fail(at, rules.Missing, "a calendar needs a name")
		case name == alwaysOpen:
			c.fail(at, rules.DuplicateName, fmt.Sprintf("the calendar %q is there already: it is around the clock", name))
		case known[name] != nil:
			c.fail(at, rules.DuplicateName, fmt.Sprintf("the policy has a calendar %q already", name))
		case len(h.Union) == 0 && len(h.Week) == 0 && h.Zone == "" && h.Holidays == nil && h.Exceptions == nil:
			c.fail(at, rules.Missing, fmt.Sprintf("the calendar %q has neither a week nor a union", name), `write "week": {"mon": ["09:00-17:00"]}`)
			ready[name] = nil
		case len(h.Union) == 0:
			calendar, err := sla.NewCalendar(h.Hours)
			if wrong, ok := err.(sla.Errors); ok { //nolint:errorlint // NewCalendar documents the type
				for _, w := range wrong {
					c.fail(at+w.Path, rules.WrongOption, fmt.Sprintf("the calendar %q: %s", name, w.Message), w.Hint)
				}
			}
			ready[name] = calendar // nil if it is wrong: that has been told
			c.zones.add(calendar, h.Zone)
		case h.Zone != "" || h.Week != nil || h.Holidays != nil || h.Exceptions != nil:
			c.fail(at+"/union", rules.WrongOption, "a calendar has hours of its own or is a union of others, not both")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(list)) {
		if len(list[name].Union) > 0 && name != alwaysOpen {
			c.union(path, name, list, ready, map[string]bool{})
		}
	}
	return ready
}

// union makes ready a calendar that is a union, and those that it is made of; making
// are the unions that it is needed for.
func (c *checker) union(path, name string, list map[string]Calendar, ready map[string]*sla.Calendar, making map[string]bool) {
	if _, done := ready[name]; done {
		return
	}
	making[name] = true
	defer delete(making, name)
	var members []*sla.Calendar
	for i, member := range list[name].Union {
		at := fmt.Sprintf("%s/%s/union/%d", path, jsontree.Key(name), i)
		_, declared := list[member]
		_, isReady := ready[member]
		switch {
		case making[member]:
			c.fail(at, rules.WrongOption, fmt.Sprintf("the calendar %q would be a part of itself", member))
		case !declared && !isReady:
			known := slices.Sorted(maps.Keys(ready))
			for other := range list { // sorted below
				known = append(known, other)
			}
			slices.Sort(known)
			c.unknown(at, "calendar", member, slices.Compact(known))
		default:
			if len(list[member].Union) > 0 {
				c.union(path, member, list, ready, making)
			}
			members = append(members, ready[member])
		}
	}
	ready[name] = nil
	if !slices.Contains(members, nil) && len(members) > 0 {
		ready[name] = sla.Union(members...)
		c.zones.add(ready[name], c.zones[members[0]].name)
	}
}

// calendar finds a calendar by its name, nil if there is none; no name is none.
func (c *checker) calendar(path, name string, ready map[string]*sla.Calendar) *sla.Calendar {
	calendar, ok := ready[name]
	if !ok && name != "" {
		c.unknown(path, "calendar", name, slices.Sorted(maps.Keys(ready)))
	}
	return calendar
}

// unknown tells of a name that nobody has declared.
func (c *checker) unknown(path, what, name string, known []string) {
	c.fail(path, rules.UnknownName, fmt.Sprintf("there is no %s %q", what, name), cmp.Or(rules.Meant(name, known), "there are "+strings.Join(known, ", ")))
}

// maxWarning is the largest share at which a clock can warn.
const maxWarning = 10

// terms checks what does not need calendars.
func (c *checker) terms(path string, t *Terms) {
	for i, w := range t.Warnings {
		at := fmt.Sprintf("%s/warnings/%d", path, i)
		switch {
		case w.Fraction == 0 && w.Left > 0:
		case !(w.Fraction > 0) || math.IsInf(w.Fraction, 0) || w.Left != 0:
			c.fail(at, rules.WrongOption, "a warning is a share of the target above 0, such as 0.8, or the time that is left, such as 30m")
		case w.Fraction > maxWarning:
			c.fail(at, rules.WrongOption, fmt.Sprintf("%g is %g %% of the target", w.Fraction, 100*w.Fraction), "80 % are written as 0.8")
		}
	}
	if _, err := t.EnforcedFrom.MarshalText(); err != nil {
		c.fail(path+"/enforced_from", rules.WrongType, "this is no instant that a file could hold")
	}
	c.choice(path+"/on_priority_change", t.OnPriorityChange.Valid(), string(t.OnPriorityChange), sla.ChangeRetarget, sla.ChangeRestart, sla.ChangeKeep)
	c.choice(path+"/on_reopen", t.OnReopen.Valid(), string(t.OnReopen), sla.ReopenResume, sla.ReopenNewCycle, sla.ReopenFrozen, sla.ReopenWall)
	c.choice(path+"/first_response_by", t.FirstResponseBy.Valid(), string(t.FirstResponseBy), sla.PublicHuman, sla.AnyPublic, sla.ByAssignment)
	c.choice(path+"/tier_from", t.TierFrom.Valid(), string(t.TierFrom), sla.FromEntry, sla.FromAssignment)
	for _, m := range slices.Sorted(maps.Keys(t.Pauses)) {
		at := path + "/pauses/" + jsontree.Key(string(m))
		if !slices.Contains(metricNames(), string(m)) {
			c.unknown(at, "clock", string(m), metricNames())
		}
		for i, category := range t.Pauses[m] {
			if !category.Valid() || category.Ends() {
				known := []string{string(sla.New), string(sla.Open), string(sla.Pending), string(sla.OnHold)}
				c.fail(fmt.Sprintf("%s/%d", at, i), rules.UnknownValue, fmt.Sprintf("no clock pauses in %q", category),
					cmp.Or(rules.Meant(string(category), known), "there are "+strings.Join(known, ", ")))
			}
		}
	}
}

// choice wants one of the known answers.
func (c *checker) choice(path string, valid bool, got string, known ...any) {
	if !valid {
		names := make([]string, len(known))
		for i, k := range known {
			names[i] = fmt.Sprint(k)
		}
		c.fail(path, rules.UnknownValue, fmt.Sprintf("there is no %s %q", path[strings.LastIndexByte(path, '/')+1:], got),
			cmp.Or(rules.Meant(got, names), "there are "+strings.Join(names, ", ")))
	}
}

// agreement checks an agreement by itself and against the names of the policy.
func (c *checker) agreement(path string, a *Agreement) {
	c.terms(path, &a.Terms)
	known := namesOf(c.policy.Priorities, func(p Priority) string { return p.Name })
	seen := map[string]bool{}
	for i, p := range a.Priorities {
		at := fmt.Sprintf("%s/priorities/%d", path, i)
		c.declared(at+"/name", "priority", p.Name, known, seen)
		c.targets(at, p)
	}
	known, seen = namesOf(c.policy.Tiers, func(t Tier) string { return t.Name }), map[string]bool{}
	for i, t := range a.Tiers {
		at := fmt.Sprintf("%s/tiers/%d", path, i)
		c.declared(at+"/name", "tier", t.Name, known, seen)
		c.target(at+"/response", t.Response)
	}
}

// declared wants a name that the policy has, once.
func (c *checker) declared(path, what, name string, known []string, seen map[string]bool) {
	switch {
	case !slices.Contains(known, name):
		c.unknown(path, what, name, known)
	case seen[name]:
		c.fail(path, rules.DuplicateName, fmt.Sprintf("there is a row for the %s %q already", what, name))
	}
	seen[name] = true
}

// promise makes an agreement ready: its own rows and terms, and the policy's for the
// rest. The agreement without rows and with the policy's terms is the policy's own.
func (c *checker) promise(path string, a *Agreement, calendars map[string]*sla.Calendar) *sla.Agreement {
	p := &c.policy
	if len(a.Calendars) > 0 {
		calendars = c.calendars(path+"/calendars", a.Calendars, calendars)
	}
	out := &sla.Agreement{Warnings: a.Warnings, Choices: a.Choices}
	if len(out.Warnings) == 0 {
		out.Warnings = p.Warnings
	}
	out.Calendar = c.calendar(path+"/calendar", a.Calendar, calendars)
	if a.Calendar == "" {
		out.Calendar = calendars[p.Calendar]
	}
	out.OnPriorityChange = cmp.Or(out.OnPriorityChange, p.OnPriorityChange)
	out.OnReopen = cmp.Or(out.OnReopen, p.OnReopen)
	out.FirstResponseBy = cmp.Or(out.FirstResponseBy, p.FirstResponseBy)
	out.TierFrom = cmp.Or(out.TierFrom, p.TierFrom)
	if out.EnforcedFrom.IsZero() {
		out.EnforcedFrom = p.EnforcedFrom
	}
	if len(p.Pauses)+len(a.Pauses) > 0 {
		out.Pauses = map[sla.Metric][]sla.Category{}
		maps.Copy(out.Pauses, p.Pauses)
		maps.Copy(out.Pauses, a.Pauses)
	}
	own := path == "" && a.Name == ""
	for i, row := range p.Priorities {
		at := fmt.Sprintf("/priorities/%d", i)
		if j := slices.IndexFunc(a.Priorities, func(r Priority) bool { return r.Name == row.Name }); j >= 0 {
			inherited := row.Calendar
			row, at = a.Priorities[j], fmt.Sprintf("%s/priorities/%d", path, j)
			row.Calendar = cmp.Or(row.Calendar, inherited)
			out.Promises = append(out.Promises, row.promise(c.calendar(at+"/calendar", row.Calendar, calendars)))
			continue
		}
		calendar := calendars[row.Calendar]
		if own {
			calendar = c.calendar(at+"/calendar", row.Calendar, calendars)
		}
		out.Promises = append(out.Promises, row.promise(calendar))
	}
	for i, t := range p.Tiers {
		tier := sla.TierPromise{Tier: t.Name, Response: t.Response, Calendar: calendars[t.Calendar]}
		if own {
			tier.Calendar = c.calendar(fmt.Sprintf("/tiers/%d/calendar", i), t.Calendar, calendars)
		}
		if j := slices.IndexFunc(a.Tiers, func(r TierResponse) bool { return r.Name == t.Name }); j >= 0 {
			tier.Response = a.Tiers[j].Response
			if name := a.Tiers[j].Calendar; name != "" {
				tier.Calendar = c.calendar(fmt.Sprintf("%s/tiers/%d/calendar", path, j), name, calendars)
			}
		}
		out.Tiers = append(out.Tiers, tier)
	}
	return out
}

func (p Priority) promise(calendar *sla.Calendar) sla.Promise {
	return sla.Promise{Priority: p.Name, FirstResponse: p.FirstResponse, NextResponse: p.NextResponse, Resolution: p.Resolution, Calendar: calendar}
}

func cloneTerms(t Terms) Terms {
	t.Warnings = slices.Clone(t.Warnings)
	if len(t.Warnings) == 0 {
		t.Warnings = nil
	}
	t.Pauses = maps.Clone(t.Pauses)
	for m, categories := range t.Pauses { // each by itself: order does not matter
		t.Pauses[m] = list(slices.Clone(categories))
	}
	return t
}

func cloneCalendars(calendars map[string]Calendar) map[string]Calendar {
	calendars = maps.Clone(calendars)
	for name, c := range calendars { // each by itself: order does not matter
		c.Holidays, c.Union = slices.Clone(c.Holidays), slices.Clone(c.Union)
		c.Week, c.Exceptions = cloneSpans(c.Week), cloneSpans(c.Exceptions)
		calendars[name] = c
	}
	return calendars
}

func cloneSpans(spans map[string][]string) map[string][]string {
	spans = maps.Clone(spans)
	for day, s := range spans { // each by itself: order does not matter
		spans[day] = list(slices.Clone(s))
	}
	return spans
}

func cloneAgreement(a Agreement) Agreement {
	a.Customers, a.CustomerTiers = slices.Clone(a.Customers), slices.Clone(a.CustomerTiers)
	a.Calendars, a.Terms = cloneCalendars(a.Calendars), cloneTerms(a.Terms)
	a.Priorities, a.Tiers = slices.Clone(a.Priorities), slices.Clone(a.Tiers)
	return a
}
