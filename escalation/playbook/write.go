package playbook

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// Write writes the document of a policy: all of the policy is in it, so that reading it
// gives the policy again. What a lead edits stands in sections of its own; what no section
// has words for (agreements, terms, fields and actions of the host, names that no table can
// hold) stands at the end, under Settings, in the keys of a policy file. The document is in
// the language of the profile.
func Write(w io.Writer, p escalation.Policy, profile Profile) error {
	_, err := (&Document{Policy: p, Profile: profile}).WriteTo(w)
	return err
}

// WriteTo writes the document. One that was read and not changed is written byte for byte.
// Where Policy or Profile were changed after reading, the sections that say what has
// changed are written anew, with what stood in them; all other sections stay as they are.
// Where that would not say the policy (another language, rules in several sections,
// settings), the whole document is written anew.
func (d *Document) WriteTo(w io.Writer) (int64, error) {
	text, ok := "", false
	if d.read != nil {
		text, ok = d.edited()
	}
	if !ok {
		text = d.whole()
	}
	n, err := io.WriteString(w, text)
	return int64(n), err
}

// keys are those of a policy in the order of its file, but for the format.
func keysOf(p escalation.Policy) map[string]string {
	var all map[string]json.RawMessage
	_ = json.Unmarshal(escalation.FormatPolicy(p), &all) // what cannot be written is left out
	out := map[string]string{}
	for key, value := range all { // into a map: order does not matter
		var plain bytes.Buffer
		if json.Compact(&plain, value) == nil && key != "format" {
			out[key] = plain.String()
		}
	}
	return out
}

// differing lists the keys in which two policies differ, in order.
func differing(a, b escalation.Policy) []string {
	x, y := keysOf(a), keysOf(b)
	var out []string
	for _, key := range slices.Sorted(maps.Keys(x)) {
		if x[key] != y[key] {
			out = append(out, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(y)) {
		if _, both := x[key]; !both {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}

// whole writes all sections. What does not come back when they are read goes to the
// settings.
func (d *Document) whole() string {
	var inSettings []string
	for {
		wr := writer{wording: wordingOf(d.Profile.Language), policy: d.Policy, profile: d.Profile, notes: d.Notes, settings: inSettings}
		text := wr.document()
		back, _ := Read("", []byte(text))
		more := slices.DeleteFunc(differing(d.Policy, back.Policy), func(key string) bool { return slices.Contains(inSettings, key) })
		if len(more) == 0 {
			return text
		}
		inSettings = append(inSettings, more...)
		slices.Sort(inSettings)
	}
}

// edited writes what was read with the sections that have changed; not ok if that does not say
// the policy.
func (d *Document) edited() (text string, ok bool) {
	t := d.read
	sameNotes := slices.Equal(d.Notes, t.notes)
	if t.policy == string(escalation.FormatPolicy(d.Policy)) && sameNotes && reflect.DeepEqual(d.Profile, t.profile) {
		return t.src, true
	}
	before, err := escalation.ReadPolicy("", []byte(t.policy))
	if err != nil { // what was read was no policy yet
		return "", false
	}
	changed := differing(d.Policy, before)
	if !sameNotes || d.Profile.Language != t.profile.Language || slices.Contains(changed, "name") {
		return "", false
	}
	wr := writer{wording: wordingOf(cmp.Or(t.language, d.Profile.Language)), policy: d.Policy, profile: d.Profile}
	anew := map[section]bool{profile: !reflect.DeepEqual(d.Profile, t.profile)}
	for _, key := range changed {
		is, ok := sectionsOf[key]
		if !ok {
			return "", false
		}
		anew[is] = true
	}
	src := newSource(t.name, t.src)
	var b strings.Builder
	for i, g := range t.regions {
		if !anew[g.is] {
			b.WriteString(src.between(g.first, g.last).text)
			continue
		}
		if g.head != nil {
			b.WriteString(src.between(g.first, g.head.last+1).text)
		}
		if slices.IndexFunc(t.regions, func(other region) bool { return other.is == g.is }) == i {
			b.WriteString("\n" + wr.body(g.is) + "\n")
		}
	}
	for _, is := range []section{profile, tiers, matrix, automatic, manual, parameters, statuses, recipients, queues, calendars, quietHours} {
		if anew[is] && !slices.ContainsFunc(t.regions, func(g region) bool { return g.is == is }) {
			b.WriteString("\n## " + wr.heading(is) + "\n\n" + wr.body(is))
		}
	}
	text = b.String()
	if back, err := Read(t.name, []byte(text)); err != nil || len(differing(d.Policy, back.Policy)) > 0 {
		return "", false
	}
	return text, true
}

// sectionsOf are the sections that say the keys of a policy.
var sectionsOf = map[string]section{
	"tiers": tiers, "priorities": matrix, "rules": automatic, "reasons": manual, "params": parameters, "statuses": statuses,
	"recipients": recipients, "queues": queues, "calendars": calendars, "calendar": calendars, "quiet_hours": quietHours,
}

// writer writes one document.
type writer struct {
	*wording
	policy   escalation.Policy
	profile  Profile
	notes    []Note
	settings []string // keys that no section says
}

func (w *writer) document() string {
	var b strings.Builder
	name := ""
	if w.policy.Name != "" && !slices.Contains(w.settings, "name") {
		name = w.colon + spell(w.policy.Name)
	}
	fmt.Fprintf(&b, "# %s%s\n", w.title, name)
	add := func(is section, level string) {
		body := w.body(is)
		note := w.note(is)
		if body == "" && note == "" {
			return
		}
		fmt.Fprintf(&b, "\n%s %s\n", level, w.heading(is))
		for _, part := range []string{body, note} {
			if part != "" {
				b.WriteString("\n" + part)
			}
		}
	}
	for _, is := range []section{profile, tiers, matrix} {
		add(is, "##")
	}
	fmt.Fprintf(&b, "\n## %s\n", w.rules)
	if note := w.note(front); note != "" {
		b.WriteString("\n" + note)
	}
	add(automatic, "###")
	add(manual, "###")
	for _, is := range []section{parameters, statuses, recipients, queues, calendars, quietHours, documents, messages, automation, checklist, settings} {
		add(is, "##")
	}
	return b.String()
}

func (w *writer) heading(is section) string {
	return map[section]string{
		profile: w.wording.profile, tiers: w.tiers, matrix: w.matrix, automatic: w.automatic, manual: w.manual, parameters: w.parameters, statuses: w.statuses,
		recipients: w.recipients, queues: w.queues, calendars: w.calendars, quietHours: w.quiet, documents: w.templates, messages: w.messages,
		automation: w.automation, checklist: w.checklist, settings: w.wording.settings,
	}[is]
}

// note is what Design has to say under a section. That about the rules stands before them.
func (w *writer) note(is section) string {
	names := map[section]string{
		profile: english.profile, tiers: english.tiers, matrix: english.matrix, front: english.rules, automation: english.automation,
		parameters: english.parameters, checklist: english.checklist,
	}
	var out []string
	for _, n := range w.notes {
		if n.Section == names[is] {
			out = append(out, strings.TrimRight(n.Text, "\n")+"\n")
		}
	}
	return strings.Join(out, "\n")
}

func (w *writer) body(is section) string {
	said := false
	for _, key := range w.settings {
		said = said || sectionsOf[key] == is && is != 0 || key == "templates" && (is == documents || is == messages)
	}
	if said {
		return "> " + w.inSettings + "\n"
	}
	switch is {
	case profile:
		return w.profileBody()
	case tiers:
		return w.tiersBody()
	case matrix:
		return w.matrixBody()
	case automatic:
		return w.rulesBody()
	case manual:
		return w.reasonsBody()
	case parameters:
		return w.parametersBody()
	case statuses:
		var rows [][]string
		for _, s := range w.policy.Statuses {
			rows = append(rows, []string{spell(s.Name), cmp.Or(w.categories[s.Category], string(s.Category))})
		}
		return tableOf([]string{w.status, w.means}, rows)
	case recipients:
		return w.recipientsBody()
	case queues:
		return w.listOf(w.policy.Queues)
	case calendars:
		return w.calendarsBody()
	case quietHours:
		return w.quietBody()
	case documents:
		return w.documentBody()
	case messages:
		return w.messagesBody()
	case automation:
		return w.automationBody()
	case checklist:
		return w.checklistBody()
	case settings:
		return w.settingsBody()
	}
	return ""
}

// tableOf writes a table; "" without rows.
func tableOf(head []string, rows [][]string) string {
	if len(rows) == 0 {
		return ""
	}
	var b strings.Builder
	line := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(head)
	rule := make([]string, len(head))
	for i := range rule {
		rule[i] = "---"
	}
	line(rule)
	for _, row := range rows {
		line(row)
	}
	return b.String()
}

func (w *writer) listOf(items []string) string {
	if len(items) == 0 {
		return w.none + "\n"
	}
	var b strings.Builder
	for _, item := range items {
		b.WriteString("- " + spell(item) + "\n")
	}
	return b.String()
}

func (w *writer) profileBody() string {
	var b strings.Builder
	line := func(label, value string) {
		if value != "" {
			b.WriteString("- " + label + w.colon + value + "\n")
		}
	}
	p := w.profile
	line(w.company, spell(cmp.Or(p.Company, map[*wording]string{english: "Company", french: "Entreprise"}[w.wording])))
	line(w.supports, spell(p.Supports))
	if p.Volume > 0 {
		line(w.volume, grouped(p.Volume, w.group)+w.perMonth)
	}
	if p.Agents > 0 {
		line(w.agents, strconv.Itoa(p.Agents))
	}
	line(w.structure, spell(p.Structure))
	for _, list := range []struct {
		label string
		items []string
	}{{w.issues, p.Issues}, {w.pains, p.Pains}} {
		if len(list.items) > 0 {
			b.WriteString("- " + list.label + strings.TrimRight(w.colon, " ") + "\n")
			for _, item := range list.items {
				b.WriteString("  - " + spell(strings.Join(strings.Fields(item), " ")) + "\n")
			}
		}
	}
	if p.RevenueThreshold != 0 {
		line(w.revenue, plainNumber(p.RevenueThreshold))
	}
	if p.LTVThreshold != 0 {
		line(w.ltv, plainNumber(p.LTVThreshold))
	}
	return b.String()
}

// grouped writes 1200 as 1,200, or with what a language has between the groups.
func grouped(n int, between string) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + between + s[i:]
	}
	return s
}

func plainNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func (w *writer) tiersBody() string {
	var b strings.Builder
	for i, t := range w.policy.Tiers {
		if i > 0 {
			b.WriteString("\n")
		}
		title := spell(t.Name)
		if t.Title != "" {
			title += " - " + spell(t.Title)
		}
		fmt.Fprintf(&b, "**%s**\n\n", title)
		line := func(label, value string) {
			if value != "" {
				b.WriteString("- " + label + w.colon + value + "\n")
			}
		}
		for _, scope := range t.Handles {
			b.WriteString("- " + spell(scope) + "\n")
		}
		if !slices.ContainsFunc(escalation.Standard().Tiers, func(known escalation.Tier) bool {
			return known.Title == t.Title && known.Expertise == t.Expertise
		}) {
			line(w.expertise, cmp.Or(spell(t.Expertise), "–"))
		}
		if !t.Response.IsZero() {
			line(w.response, sayTarget(t.Response, w.wording))
		}
		if t.Goal != nil {
			share := percentOf(t.Goal.From)
			if t.Goal.To != t.Goal.From {
				share += "-" + percentOf(t.Goal.To)
			}
			line(w.goal, share+"%"+w.ofTickets)
		}
		if d := t.Demands; d.Text != "" || len(d.Parts) > 0 {
			text := spell(d.Text)
			if known, ok := standardDemands(d.Text); (!ok || !slices.Equal(known.Parts, d.Parts)) && len(d.Parts) > 0 {
				text = strings.TrimSpace(text + " (" + w.partNames(d.Parts) + ")")
			}
			line(w.demands, text)
		}
		line(w.calendar, spell(t.Calendar))
	}
	return b.String()
}

func percentOf(share float64) string { return strconv.FormatFloat(share*100, 'f', -1, 64) }

func (w *writer) partNames(parts []string) string {
	said := make([]string, len(parts))
	for i, part := range parts {
		said[i] = cmp.Or(w.parts[part], part)
	}
	return strings.Join(said, ", ")
}

func (w *writer) matrixBody() string {
	next, calendar := false, false
	for _, p := range w.policy.Priorities {
		next, calendar = next || !p.NextResponse.IsZero(), calendar || p.Calendar != ""
	}
	pick := func(cells [6]string) []string {
		out := cells[:3:3]
		if next {
			out = append(out, cells[3])
		}
		out = append(out, cells[4])
		if calendar {
			out = append(out, cells[5])
		}
		return out
	}
	var rows [][]string
	for _, p := range w.policy.Priorities {
		say := func(t sla.Target) string { return sayTarget(t, w.wording) }
		rows = append(rows, pick([6]string{spell(p.Name), spell(p.Description), say(p.FirstResponse), say(p.NextResponse), say(p.Resolution), spell(p.Calendar)}))
	}
	return tableOf(pick(w.priorityColumns), rows)
}

func (w *writer) rulesBody() string {
	if len(w.policy.Rules) == 0 {
		return w.none + "\n"
	}
	var b strings.Builder
	for i, r := range w.policy.Rules {
		if i > 0 {
			b.WriteString("\n")
		}
		if text, ok := ruleLines(r); ok {
			fmt.Fprintf(&b, "**%s**\n\n```\n%s```\n", r.Name, text)
			continue
		}
		src, _ := json.Marshal(r) // texts and durations always encode
		var plain bytes.Buffer
		_ = json.Indent(&plain, src, "", "  ")
		fmt.Fprintf(&b, "```json\n%s\n```\n", plain.String())
	}
	return b.String()
}

// ruleLines is a rule as text behind its name, if it is read back from that.
func ruleLines(r rules.Rule) (string, bool) {
	text := r.String()
	_, lines, _ := strings.Cut(text, "\n")
	back, err := rules.Parse("", "**"+r.Name+"**\n\n"+lines)
	if err != nil || len(back) != 1 || strings.Contains(lines, "```") || strings.ContainsAny(text, "“”„\u00a0") || tierLike(r.Name) {
		return "", false
	}
	a, errA := json.Marshal(r)
	b, errB := json.Marshal(back[0])
	if is, _ := sectionOf(plain(r.Name)); is != unknown && is != front {
		return "", false // it would be taken for the heading of a section
	}
	return lines, errA == nil && errB == nil && bytes.Equal(a, b)
}

func (w *writer) reasonsBody() string {
	if len(w.policy.Reasons) == 0 {
		return w.none + "\n"
	}
	var b strings.Builder
	for _, r := range w.policy.Reasons {
		b.WriteString("- " + spell(r.Label))
		if r.Code != codeFor(r.Label) || len(r.Requires) > 0 {
			b.WriteString(" (`" + r.Code + "`")
			if len(r.Requires) > 0 {
				b.WriteString(", " + w.requires + " " + w.partNames(r.Requires))
			}
			b.WriteString(")")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (w *writer) parametersBody() string {
	var rows [][]string
	for _, name := range slices.Sorted(maps.Keys(w.policy.Params)) {
		value := ""
		switch v := w.policy.Params[name].(type) {
		case string:
			value = `"` + spell(v) + `"`
		case float64:
			value = plainNumber(v)
		default:
			value = fmt.Sprint(v)
		}
		rows = append(rows, []string{spell(name), value})
	}
	return tableOf([]string{w.parameter, w.value}, rows)
}

func (w *writer) recipientsBody() string {
	described, hours := false, false
	for _, r := range w.policy.Recipients {
		described, hours = described || r.Description != "", hours || r.Calendar != ""
	}
	if len(w.policy.Recipients) == 0 {
		return w.none + "\n"
	}
	if !described && !hours {
		var names []string
		for _, r := range w.policy.Recipients {
			names = append(names, r.Name)
		}
		return w.listOf(names)
	}
	head, rows := []string{w.recipient, w.description}, [][]string(nil)
	if hours {
		head = append(head, w.calendar)
	}
	for _, r := range w.policy.Recipients {
		row := []string{spell(r.Name), spell(r.Description)}
		if hours {
			row = append(row, spell(r.Calendar))
		}
		rows = append(rows, row)
	}
	return tableOf(head, rows)
}

func (w *writer) calendarsBody() string {
	var b strings.Builder
	if w.policy.Calendar != "" {
		b.WriteString("- " + w.byDefault + w.colon + spell(w.policy.Calendar) + "\n")
	}
	for _, name := range slices.Sorted(maps.Keys(w.policy.Calendars)) {
		c := w.policy.Calendars[name]
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "**%s**\n\n", spell(name))
		if len(c.Union) > 0 {
			spelt := make([]string, len(c.Union))
			for i, member := range c.Union {
				spelt[i] = spell(member)
			}
			b.WriteString("- " + w.union + w.colon + strings.Join(spelt, ", ") + "\n")
		}
		b.WriteString(w.hoursBody(c.Hours))
	}
	return b.String()
}

func (w *writer) hoursBody(h sla.Hours) string {
	var b strings.Builder
	line := func(label, value string) { b.WriteString("- " + label + w.colon + value + "\n") }
	if h.Zone != "" {
		line(w.zone, spell(h.Zone))
	}
	spans := func(list []string) string {
		if len(list) == 0 {
			return w.closed
		}
		return strings.Join(list, ", ")
	}
	for first := 0; first < 7; {
		last := first
		hours, said := h.Week[weekdays[first]]
		for last < 6 {
			next, also := h.Week[weekdays[last+1]]
			if also != said || !slices.Equal(next, hours) {
				break
			}
			last++
		}
		label := w.days[first]
		switch {
		case first == 0 && last == 6:
			label = w.everyDay
		case last > first:
			label += w.to + strings.ToLower(w.days[last])
			if w.wording == english {
				label = w.days[first] + w.to + w.days[last]
			}
		}
		if said {
			line(label, spans(hours))
		}
		first = last + 1
	}
	if len(h.Holidays) > 0 {
		line(w.holidays, strings.Join(h.Holidays, ", "))
	}
	for _, date := range slices.Sorted(maps.Keys(h.Exceptions)) {
		line(date, spans(h.Exceptions[date]))
	}
	return b.String()
}

func (w *writer) quietBody() string {
	q := w.policy.QuietHours
	if q == nil {
		return ""
	}
	body := w.hoursBody(q.Hours)
	if q.Bypass != nil {
		spelt := make([]string, len(q.Bypass))
		for i, name := range q.Bypass {
			spelt[i] = spell(name)
		}
		body += "- " + w.bypass + w.colon + cmp.Or(strings.Join(spelt, ", "), strings.ToLower(w.none)) + "\n"
	}
	return body
}

// automationBody says what a helpdesk has to do for the rules, and what Verify finds.
func (w *writer) automationBody() string {
	engine, err := escalation.Compile(w.policy, nil)
	if err != nil {
		return "" // functions of the host, perhaps
	}
	var b strings.Builder
	timed := 0
	for _, r := range w.policy.Rules {
		if strings.Contains(r.If, "sla.") || strings.Contains(r.If, "ticket.age") || strings.Contains(r.If, "ticket.idle") || strings.Contains(r.If, "ticket.waiting") || strings.Contains(r.If, "now") {
			timed++
		}
	}
	fmt.Fprintf(&b, "> "+w.aboutRules+"\n>\n> "+w.aboutRecords+"\n>\n", len(w.policy.Rules), timed)
	findings := engine.Verify()
	if len(findings) == 0 {
		b.WriteString("> " + w.aboutSound + "\n")
		return b.String()
	}
	b.WriteString("> " + w.aboutChecks + "\n>\n")
	for _, f := range findings {
		said := strings.Join(strings.Fields(f.Message), " ")
		if f.Hint != "" {
			said += " (" + strings.Join(strings.Fields(f.Hint), " ") + ")"
		}
		b.WriteString("> - " + spell(said) + "\n")
	}
	return b.String()
}

// checklistBody ticks what a machine can check.
func (w *writer) checklistBody() string {
	var b strings.Builder
	tick := func(done bool, what string) {
		mark := " "
		if done {
			mark = "x"
		}
		fmt.Fprintf(&b, "- [%s] %s\n", mark, what)
	}
	p := &w.policy
	engine, err := escalation.Compile(*p, nil)
	promised := len(p.Priorities) > 0
	for _, row := range p.Priorities {
		promised = promised && (!row.FirstResponse.IsZero() || !row.Resolution.IsZero())
	}
	scoped := len(p.Tiers) > 0
	for _, t := range p.Tiers {
		scoped = scoped && (len(t.Handles) > 0 || t.Title != "")
	}
	tick(scoped, w.checks.tiers)
	tick(promised, w.checks.targets)
	tick(err == nil && len(p.Rules) > 0, w.checks.rules)
	if err == nil && len(engine.Verify()) > 0 {
		tick(false, w.checks.findings)
	}
	tick(err == nil, w.checks.templates) // the standard ones, if there are no others
	tick(false, w.checks.train)
	tick(false, w.checks.metrics)
	return b.String()
}

// settingsBody are the keys that no section says.
func (w *writer) settingsBody() string {
	keys := slices.DeleteFunc(slices.Clone(w.settings), func(key string) bool { return key == "format" })
	if len(keys) == 0 {
		return ""
	}
	said := keysOf(w.policy)
	var lines []string
	for _, key := range keys {
		value, ok := said[key]
		switch {
		case ok:
		case key == "params":
			value = "{}"
		default: // the standard has it, and this policy not
			value = "[]"
		}
		name, _ := json.Marshal(key)
		lines = append(lines, "  "+string(name)+": "+value)
	}
	src := "{\n" + strings.Join(lines, ",\n") + "\n}"
	var plain bytes.Buffer
	if json.Indent(&plain, []byte(src), "", "  ") == nil && plain.Len() < 4<<10 {
		src = plain.String()
	}
	fence := "```"
	for strings.Contains(src, fence) {
		fence += "`"
	}
	return w.aboutSettings + "\n\n" + fence + "json\n" + src + "\n" + fence + "\n"
}
