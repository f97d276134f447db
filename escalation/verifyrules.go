package escalation

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/escalade-go/escalade/escalation/internal/jsontree"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sentiment"
	"github.com/escalade-go/escalade/sla"
)

// horizon is how long a ticket may lie before it counts as left behind.
const horizon = 30 * day

// maxTries bounds the tickets that are made up in search of contradictions; of more than a
// hundred rules they are fewer, as all rules are judged for each.
const maxTries = 300

// maxWork bounds the pairs of alternatives of conditions that are held against each other,
// which take some 100 ns each: of a thousand rules of one clause all are.
const maxWork = 5_000_000

// rules looks at the rules by themselves and in pairs.
func (v *verifier) rules() {
	e, proofs := v.engine, v.engine.set.Prove()
	tries, work := min(maxTries, maxTries*100/max(1, len(e.rules))), maxWork
	for i := range e.rules {
		path := fmt.Sprintf("/rules/%d", i)
		name := e.rules[i].name
		switch {
		case proofs.NeverHolds(i):
			v.tell(NeverHolds, path+"/if", fmt.Sprintf("%q can never hold: its condition contradicts itself", name), "")
			continue
		case proofs.AlwaysHolds(i):
			v.tell(AlwaysHolds, path+"/if", fmt.Sprintf("%q holds for every ticket: its condition says nothing", name), "")
		}
		for j := range e.rules {
			if i == j {
				continue
			}
			adds, idempotent := v.adds(i, j)
			if !adds || work <= 0 {
				continue
			}
			if work -= proofs.Alternatives(i) * proofs.Alternatives(j); !proofs.Implies(i, j) {
				continue
			}
			if both := proofs.Implies(j, i); both && j < i || !both && idempotent {
				v.tell(IsImplied, path+"/if", fmt.Sprintf("whenever %q holds, %q holds too, and does the same", name, e.rules[j].name), "")
				break
			}
		}
		for j := i + 1; j < len(e.rules) && tries > 0 && work > 0; j++ {
			if clash := v.clash(i, j); clash != "" {
				work -= proofs.Alternatives(i) * proofs.Alternatives(j)
				v.contradiction(i, j, proofs.Together(i, j), clash, &tries)
			}
		}
	}
}

// adds reports whether rule j does all that rule i does, under the same options, and
// whether doing it once more changes nothing.
func (v *verifier) adds(i, j int) (adds, idempotent bool) {
	a, b := v.engine.rules[i], v.engine.rules[j]
	if a.subject != b.subject || !slices.Equal(a.named, b.named) || a.once != b.once || a.closed != b.closed ||
		a.observe != b.observe || a.every != b.every || a.rest != b.rest || a.poll != b.poll {
		return false, false
	}
	idempotent = true
	for _, x := range v.engine.set.Actions(i) {
		same := slices.ContainsFunc(v.engine.set.Actions(j), func(y rules.Action) bool { return x.Verb == y.Verb && slices.Equal(x.Args, y.Args) })
		if !same || x.Verb == DoAddNote && len(x.Args) == 0 && a.because != b.because {
			return false, false
		}
		switch x.Verb {
		case DoEscalate, DoDeEscalate, DoSetPriority, "lower_priority", DoAssign, DoAddTag:
		default:
			idempotent = false // a second message is a reminder
		}
	}
	return true, idempotent
}

// clash names what two rules would do to a ticket that both cannot; empty if nothing.
func (v *verifier) clash(i, j int) string {
	if v.engine.rules[i].observe || v.engine.rules[j].observe {
		return ""
	}
	for _, a := range v.engine.set.Actions(i) {
		for _, b := range v.engine.set.Actions(j) {
			for _, pair := range [][2]rules.Action{{a, b}, {b, a}} {
				x, y := pair[0], pair[1]
				up := x.Verb == "escalate" || x.Verb == "escalate_by"
				raise := x.Verb == "set_priority" || x.Verb == "bump_priority"
				if up && y.Verb == DoDeEscalate || raise && y.Verb == "lower_priority" || x.Verb == DoAssign && y.Verb == DoAssign && x.Text(0) != y.Text(0) {
					return saying(a) + " and " + saying(b)
				}
			}
		}
	}
	return ""
}

// saying writes an action as a rule would.
func saying(a rules.Action) string {
	args := make([]string, len(a.Args))
	for i, arg := range a.Args {
		args[i] = shown(arg)
		if text, ok := arg.(string); ok {
			args[i] = fmt.Sprintf("%q", text)
		}
	}
	return a.Verb + "(" + strings.Join(args, ", ") + ")"
}

// contradiction searches for a ticket in whose life one of two rules overrules the other.
func (v *verifier) contradiction(i, j int, examples []rules.Example, clash string, tries *int) {
	const most = 8 // of one pair, so that there is something left for the others
	for _, x := range examples[:min(len(examples), most)] {
		if *tries--; *tries < 0 {
			return
		}
		t := v.engine.madeUp(x)
		if at := v.engine.overrules(t, i, j); !at.IsZero() {
			found := v.tell(Contradiction, fmt.Sprintf("/rules/%d/then", j), fmt.Sprintf("%q and %q contradict each other, for a ticket such as the witness: %s",
				v.engine.rules[i].name, v.engine.rules[j].name, clash), "one of them wins; Explain says which")
			v.witnesses[found] = witness{&t, at}
			return
		}
	}
}

// overrules returns the first instant in the life of a ticket at which one of two rules
// overrules the other; zero if there is none.
func (e *Engine) overrules(t Ticket, i, j int) time.Time {
	var at time.Time
	_, _ = e.decide(&t, nil, t.CreatedAt.Add(horizon), func(w *walk) {
		for a := range w.firings {
			f := &w.firings[a]
			if f.rule != i && f.rule != j || !at.IsZero() {
				continue
			}
			for _, lost := range f.effects {
				if winner := w.winner(f, lost); lost.result == Overruled && winner != f.rule && (winner == i || winner == j) {
					at = f.due
				}
			}
		}
	})
	return at
}

// member is a clause that asks whether a list has a text.
var member = regexp.MustCompile(`^"([^"]*)" in (intents|ticket\.tags)$`)

// madeUp is a ticket like an example, as far as a ticket can be.
func (e *Engine) madeUp(x rules.Example) Ticket {
	number := func(name string) *float64 {
		n, ok := x.Numbers[name]
		if !ok {
			return nil
		}
		return &n
	}
	or := func(name, otherwise string) string {
		if text, ok := x.Texts[name]; ok {
			return text
		}
		return otherwise
	}
	created := e.someMonday()
	t := Ticket{
		ID: or("ticket.id", "witness"), Subject: or("ticket.subject", ""), Category: or("ticket.category", ""), Language: or("ticket.language", ""),
		Priority: or("ticket.priority", e.priorities.list[len(e.priorities.list)/2]), Status: or("ticket.status", e.firstStatus), Tier: or("ticket.tier", e.tiers.list[len(e.tiers.list)/2]),
		Assignee: or("ticket.assignee", ""), CreatedAt: created, RevenueImpact: number("ticket.revenue_impact"),
		Customer: Customer{ID: or("customer.id", "customer"), Name: or("customer.name", ""), Tier: or("customer.tier", ""), VIP: x.Flags["customer.vip"], LTV: number("customer.ltv")},
	}
	if n := number("ticket.contacts"); n != nil {
		contacts := int(*n)
		t.Contacts = &contacts
	}
	for _, name := range e.fieldNames() {
		path := "ticket.fields." + name
		var value any
		if text, ok := x.Texts[path]; ok {
			value = text
		} else if n, ok := x.Numbers[path]; ok {
			value = n
		} else if is, ok := x.Flags[path]; ok {
			value = is
		} else {
			continue
		}
		if t.Fields == nil {
			t.Fields = map[string]any{}
		}
		t.Fields[name] = value
	}
	var mood *Sentiment
	feel := func() *Sentiment {
		if mood == nil {
			mood = &Sentiment{}
		}
		return mood
	}
	if label, ok := x.Texts["sentiment"]; ok {
		feel().Label = sentiment.Label(label)
		mood.Score = map[string]float64{"angry": -0.9, "frustrated": -0.5, "threatening": -0.5}[label]
	}
	if score := number("sentiment_score"); score != nil {
		feel().Score = max(-1, min(1, *score))
	}
	for _, text := range slices.Sorted(maps.Keys(x.Clauses)) {
		found := member.FindStringSubmatch(text)
		switch {
		case found == nil || !x.Clauses[text]:
		case found[2] == "intents":
			feel().Intents = append(feel().Intents, sentiment.Intent(found[1]))
		default:
			t.Tags = append(t.Tags, found[1])
		}
	}
	var words []string
	for _, list := range x.Keywords {
		words = append(words, strings.TrimSuffix(list[0], "*"))
	}
	if mood != nil || words != nil {
		t.Messages = []Message{{ID: "m1", At: created, From: FromCustomer, Text: strings.Join(append(words, "please help"), " "), Sentiment: mood}}
	}
	return t
}

// unused finds names that are declared and that nothing uses.
func (v *verifier) unused() {
	e, p := v.engine, &v.engine.policy
	said, verbs := map[string]bool{}, map[string]bool{}
	reads, constants := map[string]bool{}, map[string]bool{}
	for i := range e.rules {
		for _, name := range e.set.Reads(i) {
			reads[name] = true
		}
		for _, name := range e.set.Constants(i) {
			constants[name] = true
		}
		for _, a := range e.set.Actions(i) {
			verbs[a.Verb] = true
			for n := range a.Args {
				said[a.Verb+" "+a.Text(n)] = true
			}
		}
	}
	report := func(path, what, name string) {
		v.tell(UnusedName, path, fmt.Sprintf("nothing uses the %s %q", what, name), "")
	}
	for _, name := range slices.Sorted(maps.Keys(p.Params)) {
		if !constants["param."+name] {
			report("/params/"+jsontree.Key(name), "parameter", name)
		}
	}
	for i, r := range p.Recipients {
		if !said[DoNotify+" "+r.Name] && !said[DoAlert+" "+r.Name] && !said[DoAssign+" "+r.Name] {
			report(fmt.Sprintf("/recipients/%d/name", i), "recipient", r.Name)
		}
	}
	for i, queue := range p.Queues {
		if !said[DoFlag+" "+queue] {
			report(fmt.Sprintf("/queues/%d", i), "queue", queue)
		}
	}
	for _, name := range e.fieldNames() {
		if !reads["ticket.fields."+name] {
			report("/fields/"+jsontree.Key(name), "field", name)
		}
	}
	for i, a := range p.Actions {
		if !verbs[a.Name] {
			report(fmt.Sprintf("/actions/%d/name", i), "action", a.Name)
		}
	}
	used := map[string]bool{p.Calendar: true}
	count := func(terms Terms, priorities []Priority, calendars map[string]Calendar) {
		used[terms.Calendar] = true
		for _, r := range priorities {
			used[r.Calendar] = true
		}
		for _, c := range calendars { // into a map: order does not matter
			for _, name := range c.Union {
				used[name] = true
			}
		}
	}
	count(p.Terms, p.Priorities, p.Calendars)
	for _, t := range p.Tiers {
		used[t.Calendar] = true
	}
	for _, r := range p.Recipients {
		used[r.Calendar] = true
	}
	for _, a := range p.Agreements {
		count(a.Terms, a.Priorities, a.Calendars)
		for _, t := range a.Tiers {
			used[t.Calendar] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Calendars)) {
		if !used[name] {
			report("/calendars/"+jsontree.Key(name), "calendar", name)
		}
	}
}

// leftBehind looks, for each open status, priority and tier, whether anything would ever
// happen to a ticket that nobody touches any more: one without a message, and one whose
// customer had an answer.
func (v *verifier) leftBehind() {
	e := v.engine
	priorities := append(slices.Clone(e.priorities.list), "")
	for i, status := range e.policy.Statuses {
		if status.Category.Ends() {
			continue
		}
		var asleep []string
		var first *Ticket
		for _, priority := range priorities {
			for _, tier := range e.tiers.list {
				if t := e.sleeps(status, priority, tier); t != nil {
					asleep = append(asleep, fmt.Sprintf("%s at %s", orNone(priority), tier))
					if first == nil {
						first = t
					}
				}
			}
		}
		if asleep == nil {
			continue
		}
		which := "whatever its priority and tier"
		if len(asleep) < len(priorities)*len(e.tiers.list) {
			const most = 4
			if len(asleep) > most {
				asleep = append(asleep[:most], fmt.Sprintf("%d more", len(asleep)-most))
			}
			which = strings.Join(asleep, ", ")
		}
		found := v.tell(LeftBehind, fmt.Sprintf("/statuses/%d", i), fmt.Sprintf("no clock and no rule wakes a ticket that is %s within %d days: %s", status.Name, horizon/day, which),
			"a rule on ticket.idle does")
		v.witnesses[found] = witness{first, first.CreatedAt.Add(time.Minute)}
	}
}

func orNone(priority string) string {
	if priority == "" {
		return "no priority"
	}
	return priority
}

// someMonday is when made-up tickets are created: once the policy and all its promises
// are in force.
func (e *Engine) someMonday() time.Time {
	at := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	after := func(from time.Time) {
		for at.Before(from) && at.Year() < 9000 {
			at = at.AddDate(0, 0, 7*max(1, int(from.Sub(at)/(7*day))))
		}
	}
	after(e.policy.From)
	for _, a := range append([]*sla.Agreement{e.agreements.own}, e.agreements.promises...) {
		after(a.EnforcedFrom)
	}
	return at
}

// sleeps returns a ticket of that kind to which nothing would ever happen, nil if there
// is none.
func (e *Engine) sleeps(status Status, priority, tier string) *Ticket {
	created := e.someMonday()
	now := created.Add(time.Minute)
	for _, answered := range []bool{false, true} {
		t := Ticket{ID: "witness", Priority: priority, Status: status.Name, Tier: tier, Assignee: "agent", CreatedAt: created, Customer: Customer{ID: "customer"}}
		if answered {
			t.Messages = []Message{{ID: "m1", At: created, From: FromCustomer, Text: "How do I do this?"}, {ID: "m2", At: now, From: FromAgent, By: "agent:1", Text: "Like this."}}
		}
		if status.Name != e.firstStatus {
			t.Changes = []Change{{At: now, Field: fieldStatus, From: e.firstStatus, To: status.Name, By: "agent:1"}}
		}
		d, err := e.Decide(t, now)
		if err == nil && (d.NextCheck.IsZero() || d.NextCheck.After(now.Add(horizon))) {
			return &t
		}
	}
	return nil
}
