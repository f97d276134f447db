package escalation

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/escalade-go/escalade/escalation/internal/jsontree"
	"github.com/escalade-go/escalade/handoff"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sentiment"
	"github.com/escalade-go/escalade/sla"
)

// Errors are the mistakes of a policy, in the order of its file. Each is a
// *[rules.Error] with its place, a stable code, a message and often a guess at
// what was meant; they marshal to JSON.
type Errors = rules.Errors

// Options hold what cannot be data. The zero Options and nil are the defaults.
type Options struct {
	// Analyzer judges the mood of messages. Nil: the lexicon of the sentiment
	// package. It must be safe for concurrent use and give one answer for one
	// text. Ledgers remember its answers: one that has a method Version() string is
	// asked again when that changes, others never are about the same text.
	Analyzer sentiment.Analyzer
	// Functions are what conditions can call besides those of the rules package. A
	// condition in which one fails counts as false, with a Problem in the decision.
	Functions []rules.Function
	// Limits bound what the authors of rules may write; see [rules.Limits].
	Limits rules.Limits
	// Allow names the actions that rules may use, where tenants write their own; nil:
	// all. An empty list allows none.
	Allow []string
	// Namespace sets the keys of one tenant or installation apart from those of
	// another that uses the same ticket ids.
	Namespace string
}

// An Engine is a policy made ready. It never changes and is safe for use by
// many goroutines; a new policy is a new Engine, swapped by the host.
type Engine struct {
	policy    Policy
	version   string
	namespace string
	analyzer  sentiment.Analyzer
	functions []rules.Function
	limits    rules.Limits
	allow     []string
	set       *rules.Set[facts]
	rules     []ruleInfo
	spotter   *sentiment.Spotter
	traceless []tracelessFact
	tagByTag  bool      // each tag that a rule looks for is watched by itself
	ruleMarks ruleMarks // of all rules
	ears      ears

	calendars         map[string]*sla.Calendar // by name
	agreements        agreements
	zones             zones
	templates         *handoff.Set
	delivery          *delivery
	tiers, priorities names
	statuses          names
	firstStatus       string // what a ticket was before anything is known

	zone          *time.Location // of the policy's calendar: what now.hour goes by
	readsCalendar bool           // a rule reads now.hour, hours.open and the like
}

// names finds declared names whatever their case.
type names struct {
	list []string
	rank map[string]int // by lower-cased name
}

func newNames(list []string) names {
	n := names{list, make(map[string]int, len(list))}
	for i, name := range list {
		n.rank[strings.ToLower(name)] = i
	}
	return n
}

// of returns the position of a name, -1 if it is not declared.
func (n names) of(name string) int {
	if len(n.list) <= 8 { // most are spelt as they were declared, and few: faster than to look up
		for i, declared := range n.list {
			if declared == name {
				return i
			}
		}
	}
	if i, ok := n.rank[strings.ToLower(strings.TrimSpace(name))]; ok {
		return i
	}
	return -1
}

// spell returns a name as it was declared, or as it is if it was not.
func (n names) spell(name string) string {
	if i := n.of(name); i >= 0 {
		return n.list[i]
	}
	return name
}

// Compile checks a policy and makes it ready. The error, if any, is an
// [Errors] with every mistake. Compile keeps nothing of what it is given; later
// changes of the policy do not reach the engine.
func Compile(p Policy, o *Options) (*Engine, error) {
	if o == nil {
		o = &Options{}
	}
	p = clone(p)
	c := checker{policy: p, zones: zones{}}
	c.check()
	calendars := c.calendars("/calendars", p.Calendars, nil)
	promised := c.readAgreements(calendars)
	e := &Engine{policy: p, version: version(p), namespace: o.Namespace, analyzer: o.Analyzer, functions: slices.Clone(o.Functions), limits: o.Limits, allow: slices.Clone(o.Allow), calendars: calendars, agreements: promised}
	if e.analyzer == nil {
		e.analyzer = sentiment.New(nil)
	}
	e.delivery = c.delivery(calendars)
	e.zones, e.templates = c.zones, c.templates()
	e.readNames()
	e.zone = zoneOf(&p)
	c.hostWords(e.ownVerbs())
	if err := e.checkAllow(); err != nil {
		return nil, err
	}
	set, err := rules.Compile(p.Rules, e.vocabulary())
	if wrong, ok := err.(rules.Errors); ok { //nolint:errorlint // Compile documents the type
		c.errs = append(c.errs, wrong...)
	} else if err != nil {
		return nil, err
	}
	if set != nil {
		e.set = set
		for i := range set.Len() {
			e.readsCalendar = e.readsCalendar || slices.ContainsFunc(set.Reads(i), func(name string) bool {
				return strings.HasPrefix(name, "now.") || name == "hours.open"
			})
		}
		c.errs = append(c.errs, e.readRules()...)
	}
	if len(c.errs) > 0 {
		return nil, p.place(c.errs)
	}
	e.spotter = sentiment.NewSpotter(set.Keywords())
	e.readTraceless()
	e.ruleMarks = ruleMarksOf(e.rules)
	e.readEars()
	return e, nil
}

// zoneOf is the zone of the policy's calendar; UTC if it has none or several.
func zoneOf(p *Policy) *time.Location {
	if zone, err := time.LoadLocation(p.Calendars[p.Calendar].Zone); err == nil {
		return zone
	}
	return time.UTC // what is wrong with it has been told
}

// MustCompile is Compile for policies that are known when the program is
// written: it panics where Compile returns an error.
func MustCompile(p Policy, o *Options) *Engine {
	e, err := Compile(p, o)
	if err != nil {
		panic(err)
	}
	return e
}

// Version returns a hash of the policy. Two engines of one version come to the
// same decisions, given the same release of the library and the same Options.
func (e *Engine) Version() string { return e.version }

// Policy returns a copy of the policy.
func (e *Engine) Policy() Policy { return clone(e.policy) }

// Templates returns what the engine's handoff documents and messages are written with: for
// cases that were stored ([handoff.Case.In]), since JSON does not keep it.
func (e *Engine) Templates() *handoff.Set { return e.templates }

func version(p Policy) string {
	sum := sha256.Sum256(FormatPolicy(p))
	return hex.EncodeToString(sum[:8])
}

func clone(p Policy) Policy {
	p.Tiers = slices.Clone(p.Tiers)
	for i, t := range p.Tiers {
		t.Handles, t.Demands.Parts = slices.Clone(t.Handles), slices.Clone(t.Demands.Parts)
		if t.Goal != nil {
			goal := *t.Goal
			t.Goal = &goal
		}
		p.Tiers[i] = t
	}
	p.Priorities, p.Statuses = slices.Clone(p.Priorities), slices.Clone(p.Statuses)
	p.Calendars, p.Terms, p.Agreements = cloneCalendars(p.Calendars), cloneTerms(p.Terms), slices.Clone(p.Agreements)
	for i, a := range p.Agreements {
		p.Agreements[i] = cloneAgreement(a)
	}
	p.Fields, p.Actions = maps.Clone(p.Fields), slices.Clone(p.Actions)
	for name, f := range p.Fields { // each by itself: order does not matter
		f.Values = slices.Clone(f.Values)
		p.Fields[name] = f
	}
	for i, a := range p.Actions {
		a.Args, a.Phrases = slices.Clone(a.Args), slices.Clone(a.Phrases)
		for j := range a.Args {
			a.Args[j].Values = slices.Clone(a.Args[j].Values)
		}
		p.Actions[i] = a
	}
	p.Recipients, p.Queues = slices.Clone(p.Recipients), slices.Clone(p.Queues)
	p.QuietHours = p.QuietHours.clone()
	p.Reasons = slices.Clone(p.Reasons)
	for i := range p.Reasons {
		p.Reasons[i].Requires = slices.Clone(p.Reasons[i].Requires)
	}
	params := make(map[string]any, len(p.Params))
	for name, v := range p.Params {
		params[name] = plain(v)
	}
	if p.Params != nil {
		p.Params = params
	}
	p.Templates = maps.Clone(p.Templates)
	for language, t := range p.Templates { // each by itself: order does not matter
		t.Words = maps.Clone(t.Words)
		p.Templates[language] = t
	}
	p.Rules = cloneRules(p.Rules)
	return p
}

func cloneRules(list []rules.Rule) []rules.Rule {
	list = slices.Clone(list)
	for i := range list {
		list[i].Then = slices.Clone(list[i].Then)
	}
	return list
}

// plain makes a number of any Go type a float64.
func plain(v any) any {
	switch r := reflect.ValueOf(v); {
	case r.CanInt():
		return float64(r.Int())
	case r.CanUint():
		return float64(r.Uint())
	case r.CanFloat():
		return r.Float()
	}
	return v
}

// place finds the mistakes in the file that the policy was read from, unless
// the policy has been changed since.
func (p Policy) place(errs Errors) Errors {
	if p.file == nil || p.file.version != version(p) {
		return errs
	}
	for _, e := range errs {
		p.file.place(e)
	}
	slices.SortStableFunc(errs, func(a, b *rules.Error) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Col, b.Pos.Col))
	})
	return errs
}

// readNames indexes what is declared.
func (e *Engine) readNames() {
	p := &e.policy
	var tiers, priorities, statuses []string
	for _, t := range p.Tiers {
		tiers = append(tiers, t.Name)
	}
	for _, r := range p.Priorities {
		priorities = append(priorities, r.Name)
	}
	for _, s := range p.Statuses {
		statuses = append(statuses, s.Name)
		if e.firstStatus == "" && (s.Category == sla.New || s.Category == sla.Open) {
			e.firstStatus = s.Name
		}
	}
	e.tiers, e.priorities, e.statuses = newNames(tiers), newNames(priorities), newNames(statuses)
}

// category returns what a status means; an unknown one counts as open.
func (e *Engine) category(status string) sla.Category {
	if i := e.statuses.of(status); i >= 0 {
		return e.policy.Statuses[i].Category
	}
	return sla.Open
}

// checker looks at all of a policy but its rules.
type checker struct {
	policy Policy
	errs   Errors
	zones  zones // of the calendars made ready
}

func (c *checker) fail(path string, code rules.Code, message string, hint ...string) {
	c.errs = append(c.errs, &rules.Error{Path: path, Code: code, Message: message, Hint: strings.Join(hint, " ")})
}

// unique wants each name to be there, once, whatever its case.
func (c *checker) unique(list, key, what string, names []string) {
	seen := map[string]bool{}
	for i, name := range names {
		path := fmt.Sprintf("/%s/%d%s", list, i, key)
		folded := strings.ToLower(strings.TrimSpace(name))
		switch {
		case strings.TrimSpace(name) == "":
			c.fail(path, rules.Missing, what+" needs a name")
		case seen[folded]:
			c.fail(path, rules.DuplicateName, fmt.Sprintf("there is %s %q already", what, name))
		}
		seen[folded] = true
	}
}

func namesOf[T any](list []T, name func(T) string) []string {
	var out []string
	for _, item := range list {
		out = append(out, name(item))
	}
	return out
}

func (c *checker) check() {
	p := c.policy
	for _, list := range []struct {
		name, what string
		empty      bool
	}{{"tiers", "tier", len(p.Tiers) == 0}, {"priorities", "priority", len(p.Priorities) == 0}, {"statuses", "status", len(p.Statuses) == 0}} {
		if list.empty {
			c.fail("/"+list.name, rules.Missing, fmt.Sprintf("a policy needs at least one %s", list.what), "escalation.Standard() is one to start from")
		}
	}
	if _, err := p.From.MarshalText(); err != nil {
		c.fail("/from", rules.WrongType, "this is no instant that a file could hold")
	}
	c.unique("tiers", "/name", "a tier", namesOf(p.Tiers, func(t Tier) string { return t.Name }))
	for i, t := range p.Tiers {
		c.parts(fmt.Sprintf("/tiers/%d/demands/parts", i), t.Demands.Parts)
		if g := t.Goal; g != nil && !(0 <= g.From && g.From <= g.To && g.To <= 1) {
			c.fail(fmt.Sprintf("/tiers/%d/goal", i), rules.WrongOption, "a goal goes from one fraction to a larger one, both between 0 and 1")
		}
		c.target(fmt.Sprintf("/tiers/%d/response", i), t.Response)
	}
	c.unique("priorities", "/name", "a priority", namesOf(p.Priorities, func(r Priority) string { return r.Name }))
	for i, r := range p.Priorities {
		c.targets(fmt.Sprintf("/priorities/%d", i), r)
	}
	c.unique("statuses", "/name", "a status", namesOf(p.Statuses, func(s Status) string { return s.Name }))
	open := len(p.Statuses) == 0
	for i, s := range p.Statuses {
		if !s.Category.Valid() {
			known := []string{string(sla.New), string(sla.Open), string(sla.Pending), string(sla.OnHold), string(sla.Solved), string(sla.Closed)}
			c.fail(fmt.Sprintf("/statuses/%d/category", i), rules.UnknownValue, fmt.Sprintf("there is no category %q", s.Category),
				cmp.Or(rules.Meant(string(s.Category), known), "there are "+strings.Join(known, ", ")))
		}
		open = open || s.Category == sla.New || s.Category == sla.Open
	}
	if !open {
		c.fail("/statuses", rules.Missing, "no status has the category new or open, so no ticket could ever be worked on")
	}
	c.unique("recipients", "/name", "a recipient", namesOf(p.Recipients, func(r Recipient) string { return r.Name }))
	c.unique("queues", "", "a queue", p.Queues)
	c.unique("reasons", "/code", "a reason", namesOf(p.Reasons, func(r RequestReason) string { return r.Code }))
	for i, r := range p.Reasons {
		c.parts(fmt.Sprintf("/reasons/%d/requires", i), r.Requires)
	}
	for _, name := range slices.Sorted(maps.Keys(p.Params)) {
		path := "/params/" + jsontree.Key(name)
		switch v := p.Params[name].(type) {
		case float64:
			if math.IsNaN(v) || math.IsInf(v, 0) {
				c.fail(path, rules.WrongType, fmt.Sprintf("the parameter %q is no number", name))
			}
		case string, bool:
		default:
			c.fail(path, rules.WrongType, fmt.Sprintf("the parameter %q must be a number, a text or true or false", name))
		}
	}
}

func (c *checker) targets(path string, r Priority) {
	c.target(path+"/first_response", r.FirstResponse)
	c.target(path+"/next_response", r.NextResponse)
	c.target(path+"/resolution", r.Resolution)
}

func (c *checker) target(path string, t sla.Target) {
	if t.Within < 0 {
		c.fail(path, rules.WrongOption, "a target cannot be negative")
	}
}

func (c *checker) parts(path string, parts []string) {
	for i, part := range parts {
		if !slices.Contains(handoff.Parts(), part) {
			c.fail(fmt.Sprintf("%s/%d", path, i), rules.UnknownName, fmt.Sprintf("the handoff document has no part %q", part),
				cmp.Or(rules.Meant(part, handoff.Parts()), "there are "+strings.Join(handoff.Parts(), ", ")))
		}
	}
}

// templates makes the handoff documents' templates ready.
func (c *checker) templates() *handoff.Set {
	set, err := handoff.Compile(c.policy.Language, c.policy.Templates)
	mistakes, _ := errors.AsType[handoff.Errors](err)
	for _, wrong := range mistakes {
		err := &rules.Error{Path: "/language", Code: rules.UnknownName, End: wrong.Length, Message: wrong.Message, Hint: wrong.Hint}
		if t, ok := c.policy.Templates[wrong.Language]; ok {
			err.Path = "/templates/" + jsontree.Key(wrong.Language)
			switch {
			case wrong.Key != "":
				err.Path += "/words/" + jsontree.Key(wrong.Key)
				err.Code = rules.WrongType
			case wrong.Template != "":
				err.Path += "/" + wrong.Template
				err.Offset = offset(t.Text(wrong.Template), wrong.Line, wrong.Col)
				if !wrong.Unknown {
					err.Code = rules.Syntax
				}
			}
		}
		if wrong.Line > 1 {
			err.Message = fmt.Sprintf("line %d: %s", wrong.Line, err.Message)
		}
		c.errs = append(c.errs, err)
	}
	return set
}
