package playbook

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/escalation/internal/jsontree"
	"github.com/escalade-go/escalade/handoff"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// target reads a promised time, and tells where it is none.
func (r *reader) target(path string, at piece) sla.Target {
	t, hint, ok := readTarget(at.text)
	if !ok {
		r.fail(at, rules.WrongType, fmt.Sprintf("%q is no time to promise", plain(at.text)), hint)
	}
	if at.text != "" {
		r.text.places[path] = at
	}
	return t
}

// Tiers.

var tierLabels = []label{nameLabel, titleLabel, handlesLabel, expertiseLabel, responseLabel, goalLabel, demandsLabel, calendarLabel}

type tierReader struct {
	*reader
	list []escalation.Tier
	seen map[string]bool
	path string // of the present tier; empty: there is none yet, or it is one too many
}

func (r *reader) tiers(g *region) {
	t := tierReader{reader: r, seen: map[string]bool{}}
	if _, more := r.said["tiers"]; more { // the structure is in two sections
		t.list = r.policy.Tiers
		for _, known := range t.list {
			t.seen[strings.ToLower(known.Name)] = true
		}
	}
	level := 0 // of an item that is a tier
	for _, b := range g.blocks {
		switch {
		case b.kind == heading || b.kind == title:
			if is, _ := sectionOf(plain(b.text.text)); is == tiers && !tierLike(b.text.text) {
				continue
			}
			t.begin(b.text)
			level = 0
		case b.kind == item && tierLike(b.text.text) && (t.path == "" || b.level <= level):
			title, rest := boldTitle(b.text)
			t.begin(title)
			level = b.level
			if rest.text != "" {
				t.line(rest, true)
			}
		case b.kind == item:
			t.line(b.text, true)
		case b.kind == paragraph:
			for i := b.first; i <= b.last; i++ {
				if line := r.line(i).trim(); strings.HasPrefix(line.text, "**") && tierLike(line.text) {
					t.begin(line)
				} else {
					t.line(line, false)
				}
			}
		case b.kind == table && isMatrix(b):
			r.matrixTable(b)
		case b.kind == table:
			t.table(b)
		}
	}
	r.leftover(g, fence)
	if len(t.list) > 0 {
		r.policy.Tiers = t.list
	} else if !g.used {
		r.nothingIn(g)
	}
}

// nothingIn lists a section in which nothing was found to use.
func (r *reader) nothingIn(g *region) {
	if g.head != nil && !g.used {
		r.unused(g.head.text, "nothing in this section is understood, so that the standard holds")
		g.used = true
	}
}

// boldTitle splits "**Tier 1 - Frontline**: what it does" where a title is in bold.
func boldTitle(at piece) (title, rest piece) {
	end := strings.LastIndex(at.text, "**")
	if !strings.HasPrefix(at.text, "**") || end < 3 || strings.Count(at.text, "**") != 2 {
		return at, piece{"", at.at + len(at.text)}
	}
	rest = at.from(end + 2)
	if behind := strings.TrimLeft(rest.text, ":–- "); behind != rest.text {
		rest = rest.from(len(rest.text) - len(behind))
	}
	return at.until(end).from(2), rest
}

// begin starts a tier: "Tier 2 - Technical/Specialist Support".
func (t *tierReader) begin(at piece) {
	t.path = ""
	name, rest := cutName(at)
	if !t.once(t.seen, "a tier", name) {
		return
	}
	t.say("tiers", at)
	t.path = fmt.Sprintf("/tiers/%d", len(t.list))
	tier := escalation.Tier{Name: plain(name.text), Title: plain(rest.text)}
	for _, known := range escalation.Standard().Tiers {
		if tier.Title != "" && fold(known.Title) == fold(tier.Title) {
			tier.Expertise = known.Expertise
		}
	}
	t.list = append(t.list, tier)
	t.text.places[t.path], t.text.places[t.path+"/name"] = at, name
}

// cutName splits the name of a tier from its title.
func cutName(at piece) (name, title piece) {
	cut, n := -1, 0
	for _, mark := range []string{" - ", " – ", " — ", ": ", " : ", "** - ", "** – ", "**: ", " ("} {
		if i := strings.Index(at.text, mark); i > 0 && at.text[i-1] != '\\' && (cut < 0 || i < cut || i == cut && len(mark) > n) && (mark != " (" || strings.HasSuffix(at.text, ")") && tierLike(at.text[:i])) {
			cut, n = i, len(mark)
		}
	}
	if cut < 0 {
		return at, piece{"", at.at + len(at.text)}
	}
	name, title = at.until(cut), at.from(cut+n)
	if strings.HasSuffix(at.text[cut:cut+n], "(") {
		title = title.until(len(title.text) - 1)
	}
	return name, title
}

// line reads a bullet of a tier, or a line of text where it has a known label.
func (t *tierReader) line(at piece, bullet bool) {
	l, value := labelled(at, tierLabels[2:]...)
	words := strings.Fields(fold(plain(at.text)))
	if l == noLabel && len(words) > 1 && slices.Contains([]string{"requires", "exige", "requiert", "necessite"}, words[0]) {
		l, value = demandsLabel, at.from(strings.IndexAny(at.text, " \t\u00a0")+1)
	}
	switch {
	case t.path == "" && (bullet || l != noLabel):
		if len(t.list) == 0 {
			t.unused(at, "it belongs to no tier")
		}
	case l == noLabel && bullet:
		t.item(at)
	case l != noLabel:
		t.set(l, value)
	}
}

// item is a line of what the tier handles, or what a standard tier demands.
func (t *tierReader) item(at piece) {
	tier, text := &t.list[len(t.list)-1], plain(at.text)
	if _, ok := standardDemands(text); ok && tier.Demands.Text == "" {
		t.set(demandsLabel, at)
		return
	}
	tier.Handles = append(tier.Handles, text)
}

// standardDemands finds the parts that a standard tier means by its demands.
func standardDemands(text string) (escalation.Demands, bool) {
	for _, known := range escalation.Standard().Tiers {
		if known.Demands.Text != "" && fold(known.Demands.Text) == fold(text) {
			return known.Demands, true
		}
	}
	return escalation.Demands{}, false
}

func (t *tierReader) set(l label, value piece) {
	tier := &t.list[len(t.list)-1]
	switch l {
	case titleLabel:
		tier.Title = plain(value.text)
	case handlesLabel:
		for _, part := range value.split(";") {
			t.item(part)
		}
	case expertiseLabel:
		tier.Expertise = plain(value.text)
		if nothing(value.text) {
			tier.Expertise = ""
		}
	case responseLabel:
		tier.Response = t.target(t.path+"/response", value)
	case calendarLabel:
		tier.Calendar = plain(value.text)
		t.text.places[t.path+"/calendar"] = value
		if nothing(value.text) {
			tier.Calendar = ""
		}
	case goalLabel:
		tier.Goal = t.goal(value)
	case demandsLabel:
		t.demands(tier, value)
	}
}

// goal reads "70-80% of tickets".
func (t *tierReader) goal(at piece) *escalation.Share {
	if nothing(at.text) {
		return nil
	}
	t.text.places[t.path+"/goal"] = at
	var figures []float64
	for word := range strings.FieldsFuncSeq(at.text, func(r rune) bool { return !strings.ContainsRune("0123456789.,", r) }) {
		if n, err := strconv.ParseFloat(strings.Trim(strings.ReplaceAll(word, ",", "."), "."), 64); err == nil {
			figures = append(figures, n/100)
		}
	}
	if len(figures) < 1 || len(figures) > 2 || !strings.Contains(at.text, "%") {
		t.fail(at, rules.WrongType, fmt.Sprintf("%q is no share of the tickets", plain(at.text)), "write 75% or 70-80%")
		return nil
	}
	return &escalation.Share{From: figures[0], To: figures[len(figures)-1]}
}

// demands reads "Tier 1 documentation (summary, tried)".
func (t *tierReader) demands(tier *escalation.Tier, at piece) {
	t.text.places[t.path+"/demands"] = at
	if nothing(at.text) {
		return
	}
	text, parts := t.partsOf(at, t.path+"/demands/parts")
	tier.Demands = escalation.Demands{Text: plain(text.text), Parts: parts}
	if known, ok := standardDemands(tier.Demands.Text); ok && parts == nil {
		tier.Demands = known
	}
}

// partsOf splits off the parts of the handoff document that stand in parentheses at the
// end of a text, if one of them is known.
func (r *reader) partsOf(at piece, path string) (text piece, parts []string) {
	open := strings.LastIndexByte(at.text, '(')
	if open < 0 || !strings.HasSuffix(at.text, ")") {
		return at, nil
	}
	list := piece{at.text[open+1 : len(at.text)-1], at.at + open + 1}.split(",;")
	known := false
	for i, p := range list {
		part := partOf(plain(p.text))
		known = known || slices.Contains(handoff.Parts(), part)
		parts = append(parts, part)
		r.text.places[fmt.Sprintf("%s/%d", path, i)] = p
	}
	if !known {
		return at, nil
	}
	return at.until(open), parts
}

// partOf is the name of a part of the handoff document, which French documents may say in
// French.
func partOf(text string) string {
	for _, part := range handoff.Parts() {
		if fold(text) == fold(part) || fold(text) == fold(french.parts[part]) {
			return part
		}
	}
	return text
}

// table reads tiers that are rows.
func (t *tierReader) table(b block) {
	if !slices.ContainsFunc(b.rows[0], func(head piece) bool { return labelOf(head.text, nameLabel) != noLabel }) {
		t.unused(b.text, "a table of tiers needs a column Tier")
		return
	}
	for _, e := range t.rows(b, tierLabels...) {
		name := e.cells[nameLabel]
		t.begin(name)
		if t.path == "" {
			continue
		}
		for _, l := range tierLabels[1:] {
			if value, ok := e.cells[l]; ok && value.text != "" {
				t.set(l, value)
			}
		}
	}
}

// The SLA matrix.

var matrixLabels = []label{priorityLabel, descriptionLabel, firstLabel, nextLabel, resolutionLabel, calendarLabel}

// isMatrix reports whether a table has the heads of an SLA matrix.
func isMatrix(b block) bool {
	found := 0
	for _, l := range []label{priorityLabel, firstLabel, resolutionLabel} {
		if slices.ContainsFunc(b.rows[0], func(head piece) bool { return labelOf(head.text, l) != noLabel }) {
			found++
		}
	}
	return found >= 2 && slices.ContainsFunc(b.rows[0], func(head piece) bool { return labelOf(head.text, priorityLabel) != noLabel })
}

func (r *reader) matrix(g *region) {
	for _, b := range g.blocks {
		switch b.kind {
		case table:
			r.matrixTable(b)
		case item:
			r.unused(b.text, "targets are a table: Priority, First Response, Resolution Target")
		}
	}
	r.leftover(g, fence)
	if len(r.said) == 0 || r.said["priorities"].text == "" {
		r.nothingIn(g)
	}
}

func (r *reader) matrixTable(b block) {
	if _, again := r.said["priorities"]; again {
		r.unused(b.text, "there is an SLA matrix already")
		return
	}
	head := r.line(b.first).trim()
	for _, want := range []struct {
		is   label
		name string
	}{{priorityLabel, "Priority"}, {firstLabel, "First Response"}, {resolutionLabel, "Resolution Target"}} {
		if slices.ContainsFunc(b.rows[0], func(head piece) bool { return labelOf(head.text, want.is) == want.is }) {
			continue
		}
		at, hint := head, ""
		for _, cell := range b.rows[0] {
			if guess := rules.Meant(fold(plain(cell.text)), spellings(want.is)); guess != "" && labelOf(cell.text, matrixLabels...) == noLabel {
				at, hint = cell, fmt.Sprintf("did you mean %q by %q?", want.name, plain(cell.text))
			}
		}
		r.fail(at, rules.Missing, fmt.Sprintf("the SLA matrix has no column %q", want.name), hint)
	}
	r.say("priorities", head)
	seen := map[string]bool{}
	var list []escalation.Priority
	for _, e := range r.rows(b, matrixLabels...) {
		name, ok := e.cells[priorityLabel]
		if !ok || !r.once(seen, "a priority", name) {
			continue
		}
		path := fmt.Sprintf("/priorities/%d", len(list))
		r.text.places[path], r.text.places[path+"/name"] = name, name
		p := escalation.Priority{
			Name: plain(name.text), Description: plain(e.cells[descriptionLabel].text), Calendar: plain(e.cells[calendarLabel].text),
			FirstResponse: r.target(path+"/first_response", e.cells[firstLabel]),
			NextResponse:  r.target(path+"/next_response", e.cells[nextLabel]),
			Resolution:    r.target(path+"/resolution", e.cells[resolutionLabel]),
		}
		if nothing(p.Calendar) {
			p.Calendar = ""
		} else {
			r.text.places[path+"/calendar"] = e.cells[calendarLabel]
		}
		if nothing(p.Description) {
			p.Description = ""
		}
		list = append(list, p)
	}
	if len(list) > 0 {
		r.policy.Priorities = list
	}
}

// Lists.

// names reads what is a list or a table of names: "- team lead: who decides in the week".
// They are told as entries with a name and one more thing.
func (r *reader) names(g *region, second label, more ...label) []entry {
	var out []entry
	for _, b := range g.blocks {
		switch b.kind {
		case table:
			if !slices.ContainsFunc(b.rows[0], func(head piece) bool { return labelOf(head.text, nameLabel) != noLabel }) {
				r.unused(b.text, "the table needs a column of names")
				continue
			}
			out = append(out, r.rows(b, append([]label{nameLabel, second}, more...)...)...)
		case item:
			e := entry{at: b.text, level: b.level, cells: map[label]piece{nameLabel: b.text}}
			if i := strings.Index(b.text.text, ":"); i > 0 && second != noLabel {
				e.cells[nameLabel], e.cells[second] = b.text.until(i), b.text.from(i+1)
			}
			out = append(out, e)
		}
	}
	r.leftover(g, fence)
	return out
}

// list notes that a section says a list, if it says one.
func (r *reader) list(g *region, key string, n int) bool {
	switch {
	case n > 0 || saysNone(g):
		at := piece{}
		if g.head != nil {
			at = g.head.text
		}
		r.say(key, at)
		return true
	default:
		r.nothingIn(g)
		return false
	}
}

func (r *reader) statuses(g *region) {
	entries := r.names(g, meaningLabel)
	if !r.list(g, "statuses", len(entries)) {
		return
	}
	seen := map[string]bool{}
	r.policy.Statuses = nil
	for _, e := range entries {
		name := e.cells[nameLabel]
		if !r.once(seen, "a status", name) {
			continue
		}
		path := fmt.Sprintf("/statuses/%d", len(r.policy.Statuses))
		means := e.cells[meaningLabel]
		if means.text == "" {
			r.fail(name, rules.Missing, fmt.Sprintf("the status %q needs its meaning", plain(name.text)), "new, open, pending, on hold, solved or closed")
			means = piece{"open", name.at}
		}
		r.text.places[path], r.text.places[path+"/category"] = name, means
		category := plain(means.text)
		for c, words := range categories {
			if slices.Contains(strings.Split(words, ", "), fold(category)) {
				category = string(c)
			}
		}
		r.policy.Statuses = append(r.policy.Statuses, escalation.Status{Name: plain(name.text), Category: sla.Category(category)})
	}
}

var categories = map[sla.Category]string{
	sla.New: "new, nouveau, nouvelle", sla.Open: "open, ouvert, ouverte, in progress, en cours", sla.Pending: "pending, en attente, waiting, waiting for the customer, en attente du client",
	sla.OnHold: "on hold, suspendu, suspendue, en pause", sla.Solved: "solved, resolved, resolu, resolue", sla.Closed: "closed, clos, close, ferme, fermee",
}

func (r *reader) recipients(g *region) {
	entries := r.names(g, descriptionLabel, calendarLabel)
	if !r.list(g, "recipients", len(entries)) {
		return
	}
	seen := map[string]bool{}
	r.policy.Recipients = nil
	for _, e := range entries {
		name := e.cells[nameLabel]
		if !r.once(seen, "a recipient", name) {
			continue
		}
		path := fmt.Sprintf("/recipients/%d", len(r.policy.Recipients))
		r.text.places[path] = name
		to := escalation.Recipient{Name: plain(name.text), Description: plain(e.cells[descriptionLabel].text), Calendar: plain(e.cells[calendarLabel].text)}
		if nothing(to.Description) {
			to.Description = ""
		}
		if nothing(to.Calendar) {
			to.Calendar = ""
		} else {
			r.text.places[path+"/calendar"] = e.cells[calendarLabel]
		}
		r.policy.Recipients = append(r.policy.Recipients, to)
	}
}

func (r *reader) queues(g *region) {
	entries := r.names(g, noLabel)
	if !r.list(g, "queues", len(entries)) {
		return
	}
	seen := map[string]bool{}
	r.policy.Queues = nil
	for _, e := range entries {
		if name := e.cells[nameLabel]; r.once(seen, "a queue", name) {
			r.text.places[fmt.Sprintf("/queues/%d", len(r.policy.Queues))] = name
			r.policy.Queues = append(r.policy.Queues, plain(name.text))
		}
	}
}

// Parameters are added to those of the standard.
func (r *reader) parameters(g *region) {
	entries := r.names(g, valueLabel, descriptionLabel)
	for _, e := range entries {
		name, value := e.cells[nameLabel], e.cells[valueLabel]
		if !isVariable(value.text) {
			r.parameter(name, value)
		}
		g.used = true
	}
	if len(entries) == 0 && saysNone(g) {
		g.used = true
	}
	if !g.used {
		r.nothingIn(g)
	}
}

// isVariable reports whether a text is a place that nobody has filled yet.
func isVariable(text string) bool {
	return strings.Contains(text, "{{") && strings.Contains(text, "}}")
}

func (r *reader) parameter(at, value piece) {
	name := strings.Trim(plain(at.text), "{} ")
	for known := range escalation.Standard().Params { // one at most: order does not matter
		if fold(known) == fold(name) {
			name = known
		}
	}
	switch before, said := r.figures[name]; {
	case name == "":
		r.fail(at, rules.Missing, "a parameter needs a name")
		return
	case value.text == "":
		r.fail(at, rules.Missing, fmt.Sprintf("the parameter %q has no value", name))
		return
	case said:
		if line, _ := r.lineCol(before.at); before.text != value.text {
			r.fail(value, rules.DuplicateName, fmt.Sprintf("%s is %s on line %d already", name, before.text, line), "say it in one place")
		}
		return
	}
	r.say("params", at)
	r.figures[name] = value
	r.text.places["/params/"+jsontree.Key(name)] = value
	r.policy.Params[name] = readValue(value.text)
}

// readValue reads a figure, a text in quotes or not, or true or false.
func readValue(text string) any {
	switch text = strings.TrimSpace(text); {
	case fold(text) == "true" || fold(text) == "yes" || fold(text) == "oui" || fold(text) == "vrai":
		return true
	case fold(text) == "false" || fold(text) == "no" || fold(text) == "non" || fold(text) == "faux":
		return false
	}
	if len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' {
		return plain(text[1 : len(text)-1])
	}
	if n, ok := readNumber(text); ok {
		return n
	}
	return plain(text)
}

// readNumber reads "1000", "$1,000", "1 000 €", "0.5".
func readNumber(text string) (float64, bool) {
	text = strings.TrimFunc(plain(text), func(r rune) bool { return strings.ContainsRune("$€£~≈ \u00a0\u202f", r) })
	if n, err := strconv.ParseFloat(text, 64); err == nil && strings.Trim(text, "0123456789.e+-") == "" {
		return n, true
	}
	groups := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(", '\u00a0\u202f", r) })
	for i, g := range groups {
		if strings.Trim(g, "0123456789") != "" || i > 0 && len(g) != 3 || len(g) > 3 {
			return 0, false
		}
	}
	n, err := strconv.ParseFloat(strings.Join(groups, ""), 64)
	return n, err == nil
}

// Reasons.

// reasons reads "Customer requests manager (`manager_requested`, requires summary)".
func (r *reader) reasons(g *region) {
	var items []piece
	for _, b := range g.blocks {
		if b.kind == item {
			items = append(items, b.text)
		}
	}
	r.leftover(g, fence, table)
	if !r.list(g, "reasons", len(items)) {
		return
	}
	r.policy.Reasons = nil
	seen := map[string]bool{}
	for _, at := range items {
		label, code, requires := at, piece{}, piece{}
		if open := strings.LastIndex(at.text, "(`"); open >= 0 && strings.HasSuffix(at.text, ")") {
			inner := piece{at.text[open+2 : len(at.text)-1], at.at + open + 2}
			if end := strings.IndexByte(inner.text, '`'); end >= 0 {
				label, code, requires = at.until(open), inner.until(end), inner.from(end+1)
			}
		}
		path := fmt.Sprintf("/reasons/%d", len(r.policy.Reasons))
		reason := escalation.RequestReason{Label: plain(label.text), Code: code.text}
		if reason.Code == "" {
			reason.Code, code = codeFor(reason.Label), label
		}
		if !r.once(seen, "a reason", piece{reason.Code, code.at}) {
			continue
		}
		if rest := strings.TrimLeft(requires.text, ", "); rest != "" {
			rest := requires.from(len(requires.text) - len(rest))
			_, after, _ := strings.Cut(rest.text, " ")
			for i, p := range rest.from(len(rest.text) - len(after)).split(",") {
				reason.Requires = append(reason.Requires, partOf(plain(p.text)))
				r.text.places[fmt.Sprintf("%s/requires/%d", path, i)] = p
			}
		}
		r.text.places[path], r.text.places[path+"/code"] = label, code
		r.policy.Reasons = append(r.policy.Reasons, reason)
	}
}

// codeFor is the code of a reason that has none: that of the standard's, or its words.
func codeFor(label string) string {
	for _, known := range escalation.Standard().Reasons {
		if fold(known.Label) == fold(label) {
			return known.Code
		}
	}
	words := strings.Fields(fold(label))
	return strings.Join(words[:min(len(words), 6)], "_")
}

// The profile.

var profileLabels = []label{companyLabel, supportsLabel, volumeLabel, agentsLabel, structureLabel, issuesLabel, painsLabel, revenueLabel, ltvLabel}

func (r *reader) profile(g *region) {
	g.used = true
	p := &r.doc.Profile
	var list *[]string // that items below go to
	level := 0
	for _, b := range g.blocks {
		if b.kind == item && list != nil && b.level > level {
			*list = append(*list, plain(b.text.text))
			continue
		}
		list = nil
		lines := []piece{b.text}
		switch b.kind {
		case paragraph:
			lines = nil
			for i := b.first; i <= b.last; i++ {
				lines = append(lines, r.line(i).trim())
			}
		case table, fence:
			r.unused(b.text, "the profile is a list: Company, Support Volume, Current Tiers")
			continue
		case quote, rule:
			continue
		}
		for _, line := range lines {
			l, value := labelled(line, profileLabels...)
			text := plain(value.text)
			if isVariable(text) || nothing(text) && l != issuesLabel && l != painsLabel {
				continue
			}
			switch l {
			case companyLabel:
				p.Company = text
			case supportsLabel:
				p.Supports = text
			case structureLabel:
				p.Structure = text
			case volumeLabel, agentsLabel:
				n, ok := firstNumber(text)
				if !ok {
					r.unused(line, "there is no figure in it")
				} else if l == volumeLabel {
					p.Volume = n
				} else {
					p.Agents = n
				}
			case revenueLabel, ltvLabel:
				n, ok := readNumber(text)
				if !ok {
					r.unused(line, "there is no figure in it")
				} else if l == revenueLabel {
					p.RevenueThreshold = n
				} else {
					p.LTVThreshold = n
				}
			case issuesLabel, painsLabel:
				list, level = &p.Issues, b.level
				if l == painsLabel {
					list = &p.Pains
				}
				if !nothing(value.text) {
					for _, part := range value.split(";") {
						*list = append(*list, plain(part.text))
					}
				}
			default:
				if b.kind == item {
					r.unused(line, "nothing is asked about this")
				}
			}
		}
	}
}

// firstNumber finds "1,200" in "about 1,200/month".
func firstNumber(text string) (int, bool) {
	begin := strings.IndexAny(text, "0123456789")
	if begin < 0 {
		return 0, false
	}
	end := begin
	for end < len(text) && strings.IndexByte("0123456789, .'", text[end]) >= 0 || strings.HasPrefix(text[end:], "\u00a0") || strings.HasPrefix(text[end:], "\u202f") {
		end++
		for end < len(text) && text[end]&0xc0 == 0x80 {
			end++
		}
	}
	figure := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text[begin:end])
	n, err := strconv.Atoi(figure)
	return n, err == nil && n < 1<<40
}

func (r *reader) figuresOf(g *region) {
	for _, e := range r.names(g, valueLabel, descriptionLabel) {
		name, value := plain(e.cells[nameLabel].text), e.cells[valueLabel]
		n, ok := readNumber(value.text)
		if !ok || name == "" {
			r.unused(e.at, "there is no figure in it")
			continue
		}
		if r.doc.Profile.Figures == nil {
			r.doc.Profile.Figures = map[string]float64{}
		}
		r.doc.Profile.Figures[name] = n
	}
	g.used = true
}
