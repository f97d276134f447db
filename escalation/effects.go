package escalation

import (
	"cmp"
	"slices"

	"github.com/escalade-go/escalade/rules"
)

// effects turns the actions of rule i into what they come to for a ticket that
// is as `start`: escalate_by(1) becomes escalate to a tier.
func (e *Engine) effects(i int, start *state) []effect {
	var list []effect
	for n, a := range e.set.Actions(i) {
		f := e.effect(a, start)
		if f.do == DoAddNote && f.text == "" {
			f.text = cmp.Or(e.rules[i].because, e.rules[i].name)
		}
		f.ordinal = n
		if e.rules[i].observe {
			f.result = OnlyShown
		}
		list = append(list, f)
	}
	return list
}

func (e *Engine) effect(a rules.Action, start *state) effect {
	switch a.Verb {
	case "escalate_by":
		up := min(float64(e.tiers.of(start.tier))+a.Number(0), float64(len(e.tiers.list)-1))
		return effect{do: DoEscalate, to: e.tiers.list[int(up)]}
	case "bump_priority":
		if start.priority == "" {
			return effect{do: DoSetPriority} // nothing to count from
		}
		return effect{do: DoSetPriority, to: e.priorities.list[max(0, e.priorities.of(start.priority)-1)]}
	case "lower_priority":
		return effect{do: DoSetPriority, to: a.Text(0), lowers: true}
	case "add_note":
		return effect{do: DoAddNote, text: a.Text(0)}
	case DoEscalate, DoDeEscalate, DoAssign, DoNotify, DoAlert, DoFlag, DoSetPriority, DoAddTag:
		return effect{do: a.Verb, to: a.Text(0)}
	}
	return effect{do: a.Verb, args: a.Args}
}

// resolve decides between the effects of all firings of the step: the highest
// tier, the highest priority and the first assignee win, of equals the first.
// It lets the state follow, counted from the start of the step, and reports
// whether the state has changed.
func (s *step) resolve() bool {
	tiers, priorities := s.engine.tiers, s.engine.priorities
	// Ranks grow with what wins; the start of the step is what has to be passed.
	tierNow := tiers.of(s.start.tier)
	urgency := func(name string) int {
		if i := priorities.of(name); i >= 0 {
			return len(priorities.list) - i
		}
		return 0 // no priority is below all
	}
	var up, down, raise, lower, assign *effect
	var tags []*effect
	contend := func(winner **effect, e *effect, better bool) {
		e.result = Overruled
		if *winner == nil || better {
			*winner = e
		}
	}
	for i := range s.firings[s.begin:] {
		f := &s.firings[s.begin+i]
		for j := range f.effects {
			e := &f.effects[j]
			if e.result == OnlyShown {
				continue
			}
			e.result = NoChange
			switch e.do {
			case DoEscalate:
				if rank := tiers.of(e.to); rank > tierNow {
					contend(&up, e, up != nil && rank > tiers.of(up.to))
				}
			case DoDeEscalate:
				if rank := tiers.of(e.to); rank < tierNow {
					contend(&down, e, down != nil && rank > tiers.of(down.to))
				}
			case DoSetPriority:
				switch now := urgency(s.start.priority); {
				case e.to != "" && !e.lowers && urgency(e.to) > now:
					contend(&raise, e, raise != nil && urgency(e.to) > urgency(raise.to))
				case e.lowers && urgency(e.to) < now:
					contend(&lower, e, lower != nil && urgency(e.to) > urgency(lower.to))
				}
			case DoAssign:
				if e.to != s.start.assignee {
					contend(&assign, e, false)
				}
			case DoAddTag:
				if slices.Contains(s.start.tags, e.to) {
					break
				}
				e.result = Overruled
				if !slices.ContainsFunc(tags, func(t *effect) bool { return t.to == e.to }) {
					tags = append(tags, e)
				}
			default:
				e.result = Proposed
			}
		}
	}
	if up == nil {
		up = down
	}
	if raise == nil {
		raise = lower
	}
	after := s.start
	if raise != nil {
		raise.result = Proposed
		after.setPriority(after.at, raise.to)
	}
	if up != nil {
		up.result = Proposed
		after.setTier(after.at, up.to)
	}
	if assign != nil {
		assign.result = Proposed
		after.assignee = assign.to
	}
	for _, tag := range tags {
		tag.result = Proposed
		after.tags = append(slices.Clip(after.tags), tag.to)
	}
	changed := after.tier != s.state.tier || after.priority != s.state.priority || after.assignee != s.state.assignee ||
		len(after.tags) != len(s.state.tags)
	if changed {
		s.state = after
	}
	return changed
}
