package playbook

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/sla"
)

// Design makes a policy and its document from what a team says of itself, by tables and
// without chance: the same answers give the same document. The tiers follow the size
// of the team, its present structure and what it is asked about; the targets are
// those of [escalation.Standard], fitted to the tiers and to the hours that the answers
// name; the most common issues decide where tickets enter, and each pain that is
// understood switches rules and settings on. English and French answers are understood,
// whatever the language of the document.
//
// The notes of the document tell what was decided and why, what no policy can do, and
// every figure that it was decided by; Profile.Figures overrides each by its name.
// Document.Unused lists the answers that were not understood: nothing was made of them.
// Design does not say how many people it takes.
//
// The policy compiles. The error, if any, is [escalation.Errors] about the profile, with
// all that is wrong with its numbers, its language and the names of its figures.
func Design(p Profile) (*Document, error) {
	figures, err := choose(p)
	if err != nil {
		return nil, err
	}
	d := designer{profile: p, language: cmp.Or(p.Language, "en"), figures: figures, pains: map[string]bool{}}
	d.read()
	d.tiers()
	d.matrix()
	d.settle()
	if d.language != "en" {
		d.policy.Language = d.language // the team's
	}
	d.rules()
	engine, err := escalation.Compile(d.policy, nil)
	if err != nil {
		return nil, err // a slip in the tables
	}
	for _, f := range engine.Verify() {
		d.findings = append(d.findings, f.String())
	}
	p.Issues, p.Pains, p.Figures = slices.Clone(p.Issues), slices.Clone(p.Pains), maps.Clone(p.Figures)
	return &Document{Policy: d.policy, Profile: p, Unused: d.unused, Notes: d.notes()}, nil
}

// designer holds what is being designed.
type designer struct {
	profile  Profile
	language string
	figures  *chosen
	policy   escalation.Policy
	unused   []Unused
	findings []string // of Verify, about the result
	short    []string // priorities with a short first response

	// what was understood
	structure structure
	pains     map[string]bool // by key; "short" is that of a first response that is short
	treated   []treated       // the pains, in the words of the team
	issues    []issue
	sensitive string // why management must be a tier; empty: it need not be
	opening   *opening
	onCall    bool

	// what was decided
	roles   []role // of the tiers
	working int    // tiers, without management
	size    string // why so many
	told    []bilingual
	adapted []string // targets that were changed
	written map[string][]string
}

// treated is a pain in the words of the team, with what was understood of it.
type treated struct {
	text string
	as   []*pain
}

// issue is a kind of tickets in the words of the team.
type issue struct {
	text string
	kind *kind
	tier int
}

func (d *designer) in(w bilingual) string { return w.in(d.language) }

// hours is a figure in hours as a duration, in whole seconds.
func (d *designer) hours(figure string) time.Duration {
	return time.Duration(math.Round(d.figures.use(figure)*3600)) * time.Second
}

// read understands the answers.
func (d *designer) read() {
	p := &d.profile
	d.readStructure()
	for i, answer := range slices.Concat([]string{p.Supports, p.Structure}, p.Issues, p.Pains) {
		if d.opening == nil {
			d.opening = d.openingIn(answer)
		}
		d.onCall = d.onCall || says(answer, onCall)
		if i > 0 && d.sensitive == "" && says(answer, important) { // what is supported may be called Enterprise
			d.sensitive = answer
		}
	}
	for _, k := range kindTable {
		if k.sensitive && d.sensitive == "" && says(p.Supports, k.phrases) {
			d.sensitive = p.Supports
		}
	}
	for _, answer := range p.Issues {
		d.readIssue(tidy(answer))
	}
	for _, answer := range p.Pains {
		d.readPain(tidy(answer))
	}
}

func (d *designer) readStructure() {
	answer := d.profile.Structure
	s, understood := readStructure(answer)
	switch most := d.figures.value["most_tiers"]; {
	case float64(s.count) > most:
		d.figures.use("most_tiers")
		d.leave(answer, bilingual{
			fmt.Sprintf("a structure of more than %s tiers is not taken over", number(most)),
			fmt.Sprintf("une structure de plus de %s niveaux n'est pas reprise", number(most)),
		})
	case understood:
		d.structure = s
	case d.openingIn(answer) == nil && !says(answer, always): // hours alone are an answer, too
		d.leave(answer, bilingual{"no tiers were found in it", "aucun niveau n'y a été trouvé"})
	}
}

// leave lists an answer of which nothing was made.
func (d *designer) leave(answer string, why bilingual) {
	d.unused = append(d.unused, Unused{Text: tidy(answer), Why: d.in(why)})
}

func (d *designer) openingIn(answer string) *opening {
	switch o := hours(answer); {
	case says(answer, always):
		return nil
	case o != nil:
		return o
	case says(answer, atTheOffice):
		return &opening{int(d.figures.use("office_opens_hour")) * 60, int(d.figures.use("office_closes_hour")) * 60}
	}
	return nil
}

const longestIssue = 80 // characters of what can be a category

func (d *designer) readIssue(answer string) {
	switch known := slices.ContainsFunc(d.issues, func(i issue) bool { return strings.EqualFold(ruleName(i.text), ruleName(answer)) }); {
	case answer == "":
		return
	case known:
		d.leave(answer, bilingual{"this issue was said already", "ce sujet a déjà été cité"})
		return
	case len([]rune(answer)) > longestIssue:
		d.leave(answer, bilingual{"this is too long for the name of a category", "c'est trop long pour le nom d'une catégorie"})
		return
	}
	for i := range kindTable {
		if k := &kindTable[i]; says(answer, k.phrases) && ruleName(answer) != "" {
			d.issues = append(d.issues, issue{text: answer, kind: k})
			if k.sensitive && d.sensitive == "" {
				d.sensitive = answer
			}
			return
		}
	}
	d.leave(answer, bilingual{"no kind of tickets was recognized, so they start at the first tier", "aucun type de ticket n'y a été reconnu : ils commencent au premier niveau"})
}

// ruleName is what is left of an answer that can stand in the name of a rule.
func ruleName(answer string) string {
	return strings.Join(strings.FieldsFunc(answer, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '\'' && r != '’' && r != '-'
	}), " ")
}

func (d *designer) readPain(answer string) {
	if answer == "" {
		return
	}
	t := treated{text: answer}
	for i := range painTable {
		if p := &painTable[i]; says(answer, p.phrases) {
			d.pains[p.key] = true
			t.as = append(t.as, p)
		}
	}
	switch {
	case t.as != nil:
		d.treated = append(d.treated, t)
	case d.openingIn(answer) == nil && !says(answer, always): // that was understood
		d.leave(answer, bilingual{"no measure is known for this pain", "aucune mesure n'est connue pour cette difficulté"})
	}
}

// settle fills in all of the policy but its tiers, targets and rules.
func (d *designer) settle() {
	p := &d.policy
	p.Name = cmp.Or(tidy(d.profile.Company), d.in(bilingual{"Company", "Entreprise"}))
	for _, s := range statusTable {
		if s.forPain == "" || d.pains[s.forPain] {
			p.Statuses = append(p.Statuses, escalation.Status{Name: d.in(s.name), Category: s.category})
		}
	}
	for _, r := range peopleTable {
		if r.forPain == "" || d.pains[r.forPain] {
			p.Recipients = append(p.Recipients, escalation.Recipient{Name: d.in(r.name)})
		}
	}
	p.Queues = []string{d.in(reviewQueue)}
	p.Params = map[string]any{"revenue_threshold": d.figures.use("revenue_threshold"), "ltv_threshold": d.figures.use("ltv_threshold")}
	for _, r := range reasonTable {
		reason := escalation.RequestReason{Code: r.code, Label: d.in(r.label)}
		if d.pains["needless"] {
			reason.Requires = []string{"tried"}
		}
		p.Reasons = append(p.Reasons, reason)
	}
	for i := range p.Tiers {
		if d.roles[i] != specialist && d.roles[i] != engineering {
			continue
		}
		demands := &p.Tiers[i].Demands
		if d.pains["needless"] {
			demands.Parts = with(demands.Parts, "summary", "tried", "next_steps")
		}
		if d.pains["context"] {
			demands.Parts = with(demands.Parts, "summary", "timeline", "tried", "expectation", "next_steps")
		}
	}
	if d.pains["late"] {
		p.Warnings = nil
		shares := []float64{d.figures.use("halfway"), d.figures.use("warning"), 1}
		if d.pains["short"] {
			shares = append(shares, d.figures.use("early_warning"))
		}
		slices.Sort(shares)
		for _, v := range slices.Compact(shares) {
			p.Warnings = append(p.Warnings, sla.Threshold{Fraction: v})
		}
	}
	if d.pains["reopen"] {
		p.OnReopen = sla.ReopenNewCycle
	}
	if d.pains["night"] {
		span := d.clock("quiet_from_hour") + "-" + d.clock("quiet_to_hour")
		week := map[string][]string{}
		for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
			week[day] = []string{span}
		}
		p.QuietHours = &escalation.QuietHours{Hours: sla.Hours{Week: week}, Bypass: []string{p.Priorities[0].Name}}
	}
}

func (d *designer) clock(figure string) string {
	return fmt.Sprintf("%02.0f:00", d.figures.use(figure))
}

// with adds what is not there yet, in the order of the handoff document.
func with(parts []string, more ...string) []string {
	all := append(slices.Clone(parts), more...)
	var out []string
	for _, part := range []string{"summary", "timeline", "tried", "sentiment", "expectation", "next_steps", "person"} {
		if slices.Contains(all, part) {
			out = append(out, part)
		}
	}
	return out
}
