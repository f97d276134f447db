package playbook

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/escalation/internal/jsontree"
	"github.com/escalade-go/escalade/rules"
)

// Read reads a workflow design document. The error is [escalation.Errors] with every
// mistake of the form, where it stands: name is what these call the file. The document, as
// far as it was understood, is returned beside them.
//
// Read reads, it does not judge: whether names exist and rules make sense is for
// [Document.Compile], which tells the mistakes of both, all at once.
func Read(name string, src []byte) (*Document, error) {
	r := newReader(name, string(src))
	r.read()
	if len(r.errs) > 0 {
		return r.doc, r.errs
	}
	return r.doc, nil
}

// Parse reads the policy of a document that compiles without options. The error is
// [escalation.Errors], as that of [Document.Compile]. For rules that call functions of the
// host use Read and [Document.Compile].
func Parse(name string, src []byte) (escalation.Policy, error) {
	d, _ := Read(name, src) // Compile tells these mistakes among its own
	_, err := d.Compile(nil)
	return d.Policy, err
}

// Compile makes an engine of the policy, or tells where in the document it cannot: the
// mistakes of Read and those of [escalation.Compile], in the order of the document. Where
// Policy was changed after reading, mistakes have paths into the policy instead of lines.
func (d *Document) Compile(o *escalation.Options) (*escalation.Engine, error) {
	engine, err := escalation.Compile(d.Policy, o)
	wrong, ok := err.(escalation.Errors) //nolint:errorlint // Compile documents the type
	if err != nil && !ok {
		return nil, err
	}
	if d.read == nil {
		return engine, err
	}
	all := slices.Clone(d.read.errs)
	if d.read.policy == string(escalation.FormatPolicy(d.Policy)) {
		src := newSource(d.read.name, d.read.src)
		for _, e := range wrong {
			d.place(e, src)
		}
		wrong = slices.DeleteFunc(wrong, func(e *rules.Error) bool { // told when it was read
			return slices.ContainsFunc(all, func(told *rules.Error) bool { return told.Pos == e.Pos })
		})
	}
	all = append(all, wrong...)
	if len(all) == 0 {
		return engine, nil
	}
	inOrder(all)
	return nil, all
}

// Verify tells what is probably not meant, as [escalation.Engine.Verify] does, with the places
// in the document. The engine is one of the document's policy.
func (d *Document) Verify(e *escalation.Engine) []escalation.Finding {
	found := e.Verify()
	if d.read == nil || d.read.policy != string(escalation.FormatPolicy(d.Policy)) {
		return found
	}
	src := newSource(d.read.name, d.read.src)
	for i := range found {
		placed := &rules.Error{Path: found[i].Path, Pos: found[i].Position}
		d.place(placed, src)
		found[i].Position = placed.Pos
	}
	return found
}

func inOrder(errs escalation.Errors) {
	slices.SortStableFunc(errs, func(a, b *rules.Error) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Col, b.Pos.Col))
	})
}

// place gives a mistake of Compile its place in the document. What the document does not
// say is placed at what should have held it, at last at the beginning.
func (d *Document) place(e *rules.Error, src *source) {
	if below, ok := strings.CutPrefix(e.Path, "/rules/"); ok {
		number, part, _ := strings.Cut(below, "/")
		if i, err := strconv.Atoi(number); err == nil && i < len(d.Policy.Rules) && d.Policy.Rules[i].Place("/name").Line > 0 {
			if e.Pos.Line == 0 {
				e.Pos = d.Policy.Rules[i].Place("/" + part)
			}
			return // the rule knows it
		}
	}
	path := e.Path
	for d.read.places[path].text == "" && path != "" {
		path = path[:strings.LastIndexByte(path, '/')]
	}
	at := d.read.places[path]
	length := e.End
	if path == e.Path && strings.HasPrefix(path, "/templates/") && strings.HasPrefix(src.text[at.at:], at.text) {
		chars := []rune(at.text)
		before := string(chars[:min(e.Offset, len(chars))])
		e.Pos.File, e.Offset, e.End = d.read.name, 0, 0
		e.Pos.Line, e.Pos.Col = src.lineCol(at.at + len(before))
		if length > 0 {
			e.End = e.Pos.Col + length
		}
		return
	}
	e.Pos.File, e.Offset, e.End = d.read.name, 0, 0
	e.Pos.Line, e.Pos.Col = src.lineCol(at.at)
	if path == e.Path && !strings.Contains(at.text, "\n") {
		e.End = e.Pos.Col + utf8.RuneCountInString(at.text)
	}
}

// text is what a document was read from.
type text struct {
	name, src string
	policy    string // as it was read, in the file form
	profile   Profile
	notes     []Note
	errs      escalation.Errors
	places    map[string]piece // by JSON pointer into the policy
	regions   []region
	language  string
	saidIn    map[string][]int // the regions that say a key of the policy
	titleAt   int              // the region with the title; -1: none
}

// A region is a section of a document: the lines from its heading to the next region.
type region struct {
	is          section
	level       int
	head        *block // nil: it has none
	blocks      []block
	first, last int // lines, the last one not in it
	used        bool
	named       string // the policy's name, if the heading says it
}

// reader holds what is being read.
type reader struct {
	*source
	doc     *Document
	policy  *escalation.Policy
	errs    escalation.Errors
	text    *text
	said    map[string]piece // keys of the policy
	now     int              // the region
	found   []foundRule
	figures map[string]piece // parameters that are said, where
}

// A foundRule is a rule and the line on which it stands.
type foundRule struct {
	rule  rules.Rule
	line  int
	at    piece
	nodes map[string]piece // of a rule in JSON
}

func newReader(name, src string) *reader {
	t := &text{name: name, src: src, places: map[string]piece{}, saidIn: map[string][]int{}, titleAt: -1}
	r := &reader{source: newSource(name, src), text: t, said: map[string]piece{}, figures: map[string]piece{}}
	r.doc = &Document{Policy: escalation.Standard(), read: t}
	r.policy = &r.doc.Policy
	r.policy.Name = ""
	return r
}

const mostErrors = 1000

func (r *reader) fail(at piece, code rules.Code, message string, hint ...string) {
	if len(r.errs) >= mostErrors {
		return
	}
	e := &rules.Error{Code: code, Message: message, Hint: strings.Join(hint, "")}
	e.Pos = r.position(at)
	if n := utf8.RuneCountInString(at.text); n > 0 && !strings.Contains(at.text, "\n") {
		e.End = e.Pos.Col + n
	}
	r.errs = append(r.errs, e)
}

func (r *reader) position(at piece) rules.Position {
	line, col := r.lineCol(at.at)
	return rules.Position{File: r.name, Line: line, Col: col}
}

// unused lists what changes nothing.
func (r *reader) unused(at piece, why string) {
	first, _, _ := strings.Cut(at.text, "\n")
	seen := []rune(plain(first))
	if len(seen) > 60 {
		seen = append(seen[:59:59], '…')
	}
	r.doc.Unused = append(r.doc.Unused, Unused{r.position(at), string(seen), why})
}

// say notes that the region says a key of the policy.
func (r *reader) say(key string, at piece) {
	if _, said := r.said[key]; !said {
		r.said[key] = at
		r.text.places["/"+key] = at
	}
	if in := r.text.saidIn[key]; len(in) == 0 || in[len(in)-1] != r.now {
		r.text.saidIn[key] = append(in, r.now)
	}
	if r.now >= 0 {
		r.text.regions[r.now].used = true
	}
}

func (r *reader) read() {
	r.split(scan(r.source))
	for r.now = range r.text.regions {
		r.region(&r.text.regions[r.now])
	}
	r.rules()
	for r.now = range r.text.regions {
		if g := &r.text.regions[r.now]; g.is == settings {
			r.settings(g)
		}
	}
	for _, g := range r.text.regions {
		switch {
		case g.used:
		case g.is == unknown && g.head != nil:
			r.unused(g.head.text, "no section of a workflow design is called so")
		case g.is == outside && len(g.blocks) > 0:
			r.unused(g.blocks[0].text, "it stands outside of every section")
		}
	}
	slices.SortStableFunc(r.doc.Unused, func(a, b Unused) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Col, b.Pos.Col))
	})
	if r.text.language != "" {
		r.doc.Profile.Language = r.text.language
	}
	inOrder(r.errs)
	t := r.text
	t.errs, t.policy = r.errs, string(escalation.FormatPolicy(*r.policy))
	t.profile = cloneProfile(r.doc.Profile)
}

func cloneProfile(p Profile) Profile {
	p.Issues, p.Pains, p.Figures = slices.Clone(p.Issues), slices.Clone(p.Pains), maps.Clone(p.Figures)
	return p
}

// tierLike reports whether a title is that of a tier: "Tier 2 - …", "Niveau 2 : …".
func tierLike(text string) bool {
	words := strings.Fields(fold(plain(text)))
	return len(words) > 1 && slices.Contains([]string{"tier", "level", "niveau", "palier"}, words[0]) && strings.Trim(words[1], "0123456789") == ""
}

// split cuts the blocks into regions.
func (r *reader) split(blocks []block) {
	t := r.text
	seen := false // a heading
	for i := range blocks {
		b := &blocks[i]
		if b.kind == fence && b.open {
			opening := r.line(b.first).trim()
			r.fail(opening, rules.Syntax, "nothing closes what begins here, so that all below is part of it", "end it with a line of "+opening.text[:3])
		}
		var last *region
		if n := len(t.regions); n > 0 {
			last = &t.regions[n-1]
		}
		next := region{is: outside, first: b.first, last: len(r.starts), level: b.level, head: b}
		opens := last == nil
		switch {
		case b.kind == heading, b.kind == title && (i+1 == len(blocks) || blocks[i+1].kind != fence):
			language := ""
			next.is, language = sectionOf(plain(b.text.text))
			if b.kind == title {
				next.level = 7
			} else if head, name, found := cutTitle(b.text.text); found && next.is == unknown && b.level <= 2 {
				if is, l := sectionOf(plain(head)); is == front {
					next.is, language, next.named = is, l, plain(name)
				}
			}
			ruling := last != nil && (last.is == automatic || last.is == automation)
			switch isTier := tierLike(b.text.text); {
			case isTier && last != nil && last.is == tiers:
			case isTier && !ruling:
				opens, next.is, next.level, next.head = true, tiers, next.level-1, nil
			case b.kind == title && (next.is == unknown || next.is == front):
				if last == nil {
					next.is, next.head = outside, nil
				}
			case last != nil && next.level > last.level && (next.is == unknown || next.is == last.is):
			case b.kind == heading && !seen && b.level == 1 && next.is == unknown:
				opens, next.is, next.named = true, front, plain(b.text.text)
			default:
				opens = true
				if next.is != unknown && b.kind == heading {
					t.language = cmp.Or(t.language, language)
				}
			}
			seen = seen || b.kind == heading
		default:
			next.head = nil
		}
		if opens {
			if last == nil {
				next.first = 0
			} else {
				last.last = b.first
			}
			t.regions = append(t.regions, next)
			if next.is == front && b.kind == heading && b.level == 1 && t.titleAt < 0 {
				t.titleAt = len(t.regions) - 1
				r.policy.Name = next.named
				t.places["/name"] = b.text
			}
			if next.head != nil {
				continue
			}
		}
		g := &t.regions[len(t.regions)-1]
		g.blocks = append(g.blocks, *b)
	}
}

// cutTitle splits "Escalation Workflow Design: Acme".
func cutTitle(text string) (title, name string, found bool) {
	if title, name, found = strings.Cut(text, ": "); !found {
		title, name, found = strings.Cut(text, " – ")
	}
	return strings.TrimSpace(title), strings.TrimSpace(name), found
}

func (r *reader) region(g *region) {
	switch g.is {
	case profile:
		r.profile(g)
	case figures:
		r.figuresOf(g)
	case tiers:
		r.tiers(g)
	case matrix:
		r.matrix(g)
	case automatic:
		r.triggers(g)
	case manual:
		r.reasons(g)
	case parameters:
		r.parameters(g)
	case statuses:
		r.statuses(g)
	case recipients:
		r.recipients(g)
	case queues:
		r.queues(g)
	case calendars:
		r.calendars(g)
	case holidays:
		r.holidays(g)
	case quietHours:
		r.quietHours(g)
	case documents, messages:
		r.templates(g)
	case automation:
		for _, b := range g.blocks {
			if b.kind == item || b.kind == table {
				r.unused(b.text, "a recommendation changes nothing: a rule is its name in bold, IF … and THEN …")
			}
		}
		g.used = true
	case checklist, metrics:
		g.used = true
	case settings, outside, unknown, front:
		for _, b := range g.blocks {
			if b.kind == table && isMatrix(b) {
				r.matrixTable(b)
			}
		}
	}
}

// leftover lists the tables and fences that a section has no use for.
func (r *reader) leftover(g *region, kinds ...blockKind) {
	for _, b := range g.blocks {
		if slices.Contains(kinds, b.kind) && !(b.kind == fence && isRules(b)) {
			r.unused(b.text, "nothing of this kind is understood in this section")
		}
	}
}

// saysNone reports whether a section says that it is empty.
func saysNone(g *region) bool {
	for _, b := range g.blocks {
		if b.kind == paragraph && none(b.text.text) {
			return true
		}
	}
	return false
}

// entries are the items of a list and the rows of tables, a row as "name: value …" by its
// columns.
type entry struct {
	at    piece
	level int
	cells map[label]piece
}

// rows reads the tables of a section by their heads. Columns that are not among the labels
// are listed as unused.
func (r *reader) rows(b block, among ...label) []entry {
	columns := make([]label, len(b.rows[0]))
	for i, head := range b.rows[0] {
		columns[i] = labelOf(head.text, among...)
		if slices.Contains(columns[:i], columns[i]) {
			columns[i] = noLabel
		}
		if columns[i] == noLabel && head.text != "" {
			r.unused(head, "nothing is known of a column of this name")
		}
	}
	var out []entry
	for _, row := range b.rows[1:] {
		e := entry{at: row[0], cells: map[label]piece{}}
		for i, cell := range row {
			if i < len(columns) && columns[i] != noLabel {
				e.cells[columns[i]] = cell
			} else if i >= len(columns) && cell.text != "" {
				r.fail(cell, rules.Syntax, "this row has more cells than the table has columns", `write a | within a text as \|`)
			}
		}
		out = append(out, e)
	}
	return out
}

// once wants a name that is not there yet, whatever its case.
func (r *reader) once(seen map[string]bool, what string, name piece) bool {
	key := strings.ToLower(strings.TrimSpace(plain(name.text)))
	switch {
	case key == "":
		r.fail(name, rules.Missing, what+" needs a name")
		return false
	case seen[key]:
		r.fail(name, rules.DuplicateName, fmt.Sprintf("there is %s %q already", what, plain(name.text)))
		return false
	}
	seen[key] = true
	return true
}

// settings reads the keys of the file form that stand in a fence.
func (r *reader) settings(g *region) {
	for _, b := range g.blocks {
		if b.kind != fence {
			if b.kind == item || b.kind == table {
				r.unused(b.text, "settings are a fence of JSON")
			}
			continue
		}
		g.used = true
		src := b.text.text
		tree, err := jsontree.Parse([]byte(src))
		if syntax, ok := err.(*jsontree.SyntaxError); ok { //nolint:errorlint // Parse documents the type
			r.fail(piece{"", b.text.at + min(syntax.Offset, len(src))}, rules.Syntax, syntax.Message, "settings are JSON, as in a policy file")
			continue
		}
		if tree.Kind != jsontree.Object {
			r.fail(piece{"", b.text.at + tree.Offset}, rules.WrongType, "settings must be an object, not "+tree.Kind.String(), `write {"warnings": [0.5, 0.8]}`)
			continue
		}
		if len(tree.Members) == 0 {
			continue
		}
		file, added := src, ""
		if tree.Get("format") == nil {
			added = `"format":1,`
			file = src[:tree.Offset+1] + added + src[tree.Offset+1:]
		}
		read, err := escalation.ReadPolicy(r.name, []byte(file))
		if wrong, ok := err.(escalation.Errors); ok { //nolint:errorlint // ReadPolicy documents the type
			brace := strings.Count(src[:tree.Offset], "\n") + 1
			for _, e := range wrong {
				if e.Pos.Line == brace && e.Pos.Col > tree.Offset-strings.LastIndexByte(src[:tree.Offset], '\n')+1 {
					e.Pos.Col -= len(added)
					e.End = max(0, e.End-len(added))
				}
				e.Pos.Line += b.first + 1
				r.errs = append(r.errs, e)
			}
			continue
		}
		nodes := map[string]piece{}
		notePlaces(nodes, "", tree, src, b.text.at)
		from, to := reflect.ValueOf(read), reflect.ValueOf(r.policy).Elem()
		for _, m := range tree.Members {
			if m.Key == "format" {
				continue
			}
			at := piece{strconv.Quote(m.Key), b.text.at + m.Offset}
			if first, said := r.said[m.Key]; said {
				line, _ := r.lineCol(first.at)
				r.fail(at, rules.DuplicateName, fmt.Sprintf("%s is said on line %d already", m.Key, line), "say it in one place")
				continue
			}
			r.say(m.Key, at)
			for _, field := range reflect.VisibleFields(from.Type()) {
				if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name == m.Key && field.IsExported() {
					to.FieldByIndex(field.Index).Set(from.FieldByIndex(field.Index))
				}
			}
			for path := range r.text.places {
				if strings.HasPrefix(path, "/"+m.Key+"/") {
					delete(r.text.places, path)
				}
			}
			for path, at := range nodes { // each by itself: order does not matter
				if path == "/"+m.Key || strings.HasPrefix(path, "/"+m.Key+"/") {
					r.text.places[path] = at
				}
			}
		}
	}
}

// notePlaces notes where the parts of a JSON value stand.
func notePlaces(nodes map[string]piece, path string, n *jsontree.Node, src string, at int) {
	end := n.Offset + 1
	switch n.Kind {
	case jsontree.Number, jsontree.Bool:
		end = n.Offset + len(n.Text)
	case jsontree.Text:
		end = n.Inside([]byte(src), utf8.RuneCountInString(n.Text)) + 1
	}
	nodes[path] = piece{src[n.Offset:min(end, len(src))], at + n.Offset}
	for i, item := range n.Items {
		notePlaces(nodes, fmt.Sprintf("%s/%d", path, i), item, src, at)
	}
	for _, m := range n.Members {
		notePlaces(nodes, path+"/"+jsontree.Key(m.Key), m.Value, src, at)
	}
}
