package escalation

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A traceless fact is one that no history tells of: a customer's plan, tags, a priority
// whose changes the host does not record. Its value is taken to have held since the last
// call, for which the ledger keeps a mark of it. When the mark differs, nobody knows
// since when: the rules that read the fact are then judged at the instant of the call
// only, and all else is walked with the value of this call.
type tracelessFact struct {
	name  string
	key   string // under which the ledger keeps its mark: the name, if that is short
	rules []int  // that read it
	value func(w *walk, s *state) string
	// field is the one whose recorded changes would tell; empty: there are none.
	field string
}

// readTraceless lists the facts of which there may be no history and that rules read.
func (e *Engine) readTraceless() {
	facts := []tracelessFact{
		{name: "customer.id", value: func(w *walk, _ *state) string { return w.ticket.Customer.ID }},
		{name: "customer.name", value: func(w *walk, _ *state) string { return w.ticket.Customer.Name }},
		{name: "customer.tier", value: func(w *walk, _ *state) string { return strings.ToLower(w.ticket.Customer.Tier) }},
		{name: "customer.vip", value: func(w *walk, _ *state) string { return strconv.FormatBool(w.ticket.Customer.VIP) }},
		{name: "customer.ltv", value: func(w *walk, _ *state) string { return figureText(finite(w.ticket.Customer.LTV)) }},
		{name: factTags, value: func(_ *walk, s *state) string { return lengthened(slices.Sorted(slices.Values(s.tags))) }},
		{name: "ticket.contacts", field: fieldContacts, value: func(_ *walk, s *state) string {
			if s.given == nil {
				return ""
			}
			return strconv.Itoa(*s.given)
		}},
		{name: "ticket.revenue_impact", field: fieldRevenue, value: func(_ *walk, s *state) string { return figureText(s.revenue) }},
		{name: "ticket.priority", field: fieldPriority, value: func(_ *walk, s *state) string { return s.priority }},
		{name: "ticket.tier", field: fieldTier, value: func(_ *walk, s *state) string { return s.tier }},
		{name: "ticket.assignee", field: fieldAssignee, value: func(_ *walk, s *state) string { return s.assignee }},
		{name: "ticket.subject", field: fieldSubject, value: func(_ *walk, s *state) string { return s.subject }},
		{name: "ticket.category", field: fieldCategory, value: func(_ *walk, s *state) string { return s.category }},
		{name: "ticket.language", field: fieldLanguage, value: func(_ *walk, s *state) string { return s.language }},
	}
	for i, name := range e.fieldNames() {
		facts = append(facts, tracelessFact{name: "ticket.fields." + name, value: func(w *walk, _ *state) string { return w.fields.text(i) }})
	}
	facts = append(facts, e.namedTags()...)
	for _, f := range facts {
		if f.rules != nil { // known already
			e.keepTraceless(f)
			continue
		}
		for i := range e.rules {
			if _, only := e.set.LooksFor(i, f.name); f.name == factTags && only && e.tagByTag {
				continue
			}
			if slices.Contains(e.set.Reads(i), f.name) || f.field == fieldSubject && len(e.set.Lists(i)) > 0 { // keywords are looked for in the subject
				f.rules = append(f.rules, i)
			}
		}
		if f.rules != nil {
			e.keepTraceless(f)
		}
	}
}

func (e *Engine) keepTraceless(f tracelessFact) {
	if f.key = f.name; len(f.key) > maxMarkName {
		f.key = markText(f.name)
	}
	e.traceless = append(e.traceless, f)
}

const factTags = "ticket.tags"

// maxTags is how many tags are watched one by one.
const maxTags = 30

// namedTags makes a fact of each tag that a rule looks for: another tag is no news to it.
func (e *Engine) namedTags() []tracelessFact {
	by := map[string][]int{}
	for i := range e.rules {
		tags, only := e.set.LooksFor(i, factTags)
		for _, tag := range tags {
			if only {
				by[tag] = append(by[tag], i)
			}
		}
	}
	if e.tagByTag = len(by) <= maxTags; !e.tagByTag {
		return nil
	}
	var list []tracelessFact
	for _, tag := range slices.Sorted(maps.Keys(by)) {
		list = append(list, tracelessFact{name: factTags + " " + tag, rules: by[tag], value: func(_ *walk, s *state) string {
			return strconv.FormatBool(slices.Contains(s.tags, tag))
		}})
	}
	return list
}

func figureText(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}

// lengthened writes texts, each after its length, so that no two lists look alike.
func lengthened(texts []string) string {
	var b strings.Builder
	for _, text := range texts {
		b.WriteString(strconv.Itoa(len(text)))
		b.WriteByte(':')
		b.WriteString(text)
	}
	return b.String()
}

// text writes the value of field i.
func (f *fieldFacts) text(i int) string {
	switch {
	case !f.known[i]:
		return ""
	case f.Texts[i] != "":
		return "t" + f.Texts[i]
	case f.Lists[i] != nil:
		return "l" + lengthened(slices.Sorted(slices.Values(f.Lists[i])))
	}
	return "v" + strconv.FormatBool(f.Flags[i]) + strconv.FormatFloat(f.Numbers[i], 'g', -1, 64)
}

// maxMarks bounds what a ledger keeps for the policies that share it, and maxMarkName
// the names in it.
const (
	maxMarks    = 100
	maxMarkName = 64
)

// mark puts the marks of the state's traceless facts, and of the rules, beside those that
// other policies have left in the ledger. Facts of which recorded changes tell have none.
func (w *walk) mark(l *Ledger) {
	kept := make(map[string]string, len(l.marks)+len(w.engine.traceless))
	for i := range w.engine.traceless {
		if f := &w.engine.traceless[i]; !w.history.recorded[f.field] {
			kept[f.key] = markText(f.value(w, &w.state))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(l.marks)) {
		if _, ours := kept[key]; !ours && len(kept) < maxMarks {
			kept[key] = l.marks[key]
		}
	}
	l.marks = kept
	l.seenRules = w.engine.ruleMarks.merged(l.seenRules)
}

// late lists the rules that are judged at the instant of the call only: those that the
// ledger has not seen, and those that read a traceless fact which has changed.
func (w *walk) late(l *Ledger) map[int]bool {
	var late map[int]bool
	add := func(rule int) {
		if late == nil {
			late = map[int]bool{}
		}
		late[rule] = true
	}
	if len(l.seenRules) > 0 && !bytes.Equal(l.seenRules, w.engine.ruleMarks) && w.engine.ruleMarks != nil {
		for i := range w.engine.rules {
			if !l.seenRules.has(mark(w.engine.rules[i].id)) {
				add(i)
			}
		}
	}
	for i := range w.engine.traceless {
		f := &w.engine.traceless[i]
		before, known := l.marks[f.key]
		if !known || w.history.recorded[f.field] || before == markText(f.value(w, &w.state)) {
			continue
		}
		for _, rule := range f.rules {
			add(rule)
		}
	}
	return late
}

// mark is a short hash, the same on every machine.
func mark(text string) uint32 {
	p := newPrint()
	p.text(text)
	return uint32(p>>32) ^ uint32(p)
}

func markText(text string) string { return strconv.FormatUint(uint64(mark(text)), 36) }

// ruleMarks are the marks of rules' names in order, four bytes each: which rules the
// ledger has seen. One that it has not is judged first at the instant of the call.
type ruleMarks []byte

// maxRuleMarks bounds what a ledger keeps of them. The rules of larger policies all
// count as seen.
const maxRuleMarks = 1000

func ruleMarksOf(list []ruleInfo) ruleMarks {
	if len(list) > maxRuleMarks {
		return nil
	}
	all := make([]uint32, 0, len(list))
	for i := range list {
		all = append(all, mark(list[i].id))
	}
	slices.Sort(all)
	var out ruleMarks
	for _, m := range slices.Compact(all) {
		out = binary.BigEndian.AppendUint32(out, m)
	}
	return out
}

func (m ruleMarks) has(mark uint32) bool {
	low, high := 0, len(m)/4
	for low < high {
		middle := (low + high) / 2
		if binary.BigEndian.Uint32(m[4*middle:]) < mark {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return 4*low+4 <= len(m) && binary.BigEndian.Uint32(m[4*low:]) == mark
}

// merged are all of m and as many of the others as there is room for.
func (m ruleMarks) merged(other ruleMarks) ruleMarks {
	if len(other) == 0 || bytes.Equal(m, other) {
		return m
	}
	all := make([]uint32, 0, len(m)/4)
	for i := 0; i+4 <= len(m); i += 4 {
		all = append(all, binary.BigEndian.Uint32(m[i:]))
	}
	for i := 0; i+4 <= len(other) && len(all) < maxRuleMarks; i += 4 {
		if mark := binary.BigEndian.Uint32(other[i:]); !m.has(mark) {
			all = append(all, mark)
		}
	}
	slices.Sort(all)
	var out ruleMarks
	for _, mark := range all {
		out = binary.BigEndian.AppendUint32(out, mark)
	}
	return out
}
