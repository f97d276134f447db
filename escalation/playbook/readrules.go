package playbook

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/escalation/internal/jsontree"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// isRules reports whether a fence or a paragraph holds rules in the text form.
func isRules(b block) bool {
	begins := func(line, word string) bool {
		rest, ok := strings.CutPrefix(strings.ToUpper(strings.TrimSpace(line)), word)
		return ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t')
	}
	asks, acts := false, false
	for line := range strings.SplitSeq(b.text.text, "\n") {
		asks = asks || begins(line, "IF")
		acts = acts || begins(line, "THEN") || asks && strings.Contains(strings.ToUpper(line), " THEN ")
		if b.kind == paragraph && !asks {
			return false
		}
	}
	return asks && acts
}

// rules reads the rules of all sections. They go to the parser as one text, in which the
// lines that are not theirs are empty: so a rule knows its place in the document.
func (r *reader) rules() {
	var lines []string // nil: there are none
	keep := func(first, last int) {
		if lines == nil {
			lines = make([]string, len(r.starts))
		}
		for i := first; i <= last; i++ {
			line := r.line(i).text
			if i == 0 && strings.HasPrefix(r.source.text, "\ufeff") {
				line = " " + line // the column of the mark counts as none
			}
			lines[i] = ruleText(line)
		}
	}
	for r.now = range r.text.regions {
		g := &r.text.regions[r.now]
		ruling := g.is == automatic || g.is == automation
		if g.is == settings || g.is == documents || g.is == messages {
			continue
		}
		var name *block
		for i := range g.blocks {
			b := &g.blocks[i]
			switch {
			case b.kind == heading || b.kind == title:
				name = b
			case b.kind == fence && b.info == "json" && ruling:
				r.ruleJSON(*b)
			case (b.kind == fence && (ruling || isRules(*b)) || b.kind == paragraph && isRules(*b)) && strings.TrimSpace(b.text.text) != "":
				if name != nil {
					keep(name.first, name.first)
				}
				first, last := b.first, b.last
				if b.kind == fence {
					first++
					if !b.open {
						last--
					}
				}
				keep(first, last)
				r.say("rules", r.line(first).trim())
				name = nil
			}
		}
	}
	if lines != nil {
		list, err := rules.Parse(r.name, strings.Join(lines, "\n"))
		if wrong, ok := err.(rules.Errors); ok { //nolint:errorlint // Parse documents the type
			r.errs = append(r.errs, wrong...)
		}
		for _, rule := range list {
			r.found = append(r.found, foundRule{rule: rule, line: rule.Place("/name").Line})
		}
	}
	if _, said := r.said["rules"]; !said {
		r.policy.Rules = r.adapted(r.policy.Rules)
		r.called(r.policy.Rules)
		return
	}
	slices.SortStableFunc(r.found, func(a, b foundRule) int { return a.line - b.line })
	r.policy.Rules = nil
	for i, f := range r.found {
		if f.at.text != "" { // a trigger
			r.called([]rules.Rule{f.rule})
		}
		path := fmt.Sprintf("/rules/%d", i)
		r.policy.Rules = append(r.policy.Rules, f.rule)
		if f.nodes == nil {
			r.text.places[path] = f.at
		}
		for below, at := range f.nodes { // each by itself: order does not matter
			r.text.places[path+below] = at
		}
	}
}

// called adds the recipients and queues that rules of the standard call for, where the
// document lists its own.
func (r *reader) called(list []rules.Rule) {
	standard, p := escalation.Standard(), r.policy
	does := func(name string, verbs ...string) bool {
		return slices.ContainsFunc(list, func(rule rules.Rule) bool {
			return slices.ContainsFunc(verbs, func(verb string) bool { return slices.Contains(rule.Then, verb+"("+quoteRule(name)+")") })
		})
	}
	for _, known := range standard.Recipients {
		here := slices.ContainsFunc(p.Recipients, func(to escalation.Recipient) bool { return to.Name == known.Name })
		if !here && does(known.Name, "notify", "alert", "assign") {
			p.Recipients = append(p.Recipients, known)
		}
	}
	for _, queue := range standard.Queues {
		if !slices.Contains(p.Queues, queue) && does(queue, "flag") {
			p.Queues = append(p.Queues, queue)
		}
	}
}

// ruleText makes a line of a rule what its author sees: word processors write quotes and
// blanks of their own. What it returns has as many characters.
func ruleText(line string) string {
	line = strings.ReplaceAll(line, "\u00a0", " ")
	option, _, _ := strings.Cut(strings.TrimSpace(line), ":")
	if strings.ContainsAny(line, "“”„") && !strings.Contains(line, `"`) && !strings.EqualFold(option, "because") {
		line = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`).Replace(line)
	}
	return line
}

// ruleJSON reads a rule in the form of the policy file, or a list of them: for those that
// the text form cannot say.
func (r *reader) ruleJSON(b block) {
	src := b.text.text
	tree, err := jsontree.Parse([]byte(src))
	if syntax, ok := err.(*jsontree.SyntaxError); ok { //nolint:errorlint // Parse documents the type
		r.fail(piece{"", b.text.at + min(syntax.Offset, len(src))}, rules.Syntax, syntax.Message)
		return
	}
	head, tail := `{"format":1,"rules":[`, "]}"
	items := []*jsontree.Node{tree}
	if tree.Kind == jsontree.List {
		head, tail, items = `{"format":1,"rules":`, "}", tree.Items
	}
	read, err := escalation.ReadPolicy(r.name, []byte(head+src+tail))
	if wrong, ok := err.(escalation.Errors); ok { //nolint:errorlint // ReadPolicy documents the type
		for _, e := range wrong {
			if e.Pos.Line == 1 {
				e.Pos.Col -= len(head)
				e.End = max(0, e.End-len(head))
			}
			e.Pos.Line += b.first + 1
			e.Path = ""
			r.errs = append(r.errs, e)
		}
		return
	}
	r.say("rules", piece{strings.TrimSpace(src), b.text.at + tree.Offset})
	for i, rule := range read.Rules {
		if i < len(items) {
			f := foundRule{rule: rule, nodes: map[string]piece{}}
			notePlaces(f.nodes, "", items[i], src, b.text.at)
			f.line, _ = r.lineCol(b.text.at + items[i].Offset)
			r.found = append(r.found, f)
		}
	}
}

// triggers reads the bullets of a section of rules.
func (r *reader) triggers(g *region) {
	if saysNone(g) {
		r.say("rules", g.headText())
	}
	for _, b := range g.blocks {
		switch b.kind {
		case item:
			if !r.trigger(b.text) {
				r.unused(b.text, "no trigger is known that says this; write it as a rule: its name in bold, IF … and THEN …")
			}
		case table:
			r.unused(b.text, "nothing of this kind is understood in this section")
		}
	}
	g.used = true
}

func (g *region) headText() piece {
	if g.head == nil {
		return piece{}
	}
	return g.head.text
}

// standardRule returns a copy of a rule of the standard policy, in the words of the
// document.
func (r *reader) standardRule(name string) rules.Rule {
	for _, rule := range r.adapted(escalation.Standard().Rules) {
		if rule.Name == name {
			return rule
		}
	}
	return rules.Rule{Name: name}
}

// trigger switches on the rules of the standard that a bullet means, with its figures.
func (r *reader) trigger(at piece) bool {
	text := plain(at.text)
	said := " " + fold(text) + " "
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(said, " "+w+" ") })
	}
	add := func(rule rules.Rule) {
		line, _ := r.lineCol(at.at)
		r.say("rules", at)
		r.found = append(r.found, foundRule{rule: rule, line: line, at: at})
	}
	switch {
	case has("sla", "time elapsed", "delai", "breach") && !has("if"):
		share, ok := percentIn(text)
		if !ok {
			return false
		}
		for _, name := range []string{"SLA at risk", "tier is late"} {
			rule := r.standardRule(name)
			rule.If = strings.ReplaceAll(rule.If, "0.8", strconv.FormatFloat(share/100, 'f', -1, 64))
			rule.Because = strings.ReplaceAll(rule.Because, "80 %", strconv.FormatFloat(share, 'f', -1, 64)+" %")
			add(rule)
		}
	case has("keyword", "keywords", "mot cle", "mots cles", "mot clef", "mots clefs"):
		list := wordsIn(text)
		if len(list) == 0 {
			return false
		}
		rule := r.standardRule("keywords")
		rule.If = "contains_keywords(" + quoteAll(list) + ")"
		add(rule)
	case has("vip", "enterprise", "entreprise"):
		rule := r.standardRule("VIP")
		angry := has("angry", "complaint", "complaints", "plainte", "en colere", "mecontent")
		if angry {
			rule = r.standardRule("VIP complaint")
		}
		if both := `customer.vip or customer.tier == "Enterprise"`; !has("vip") {
			rule.If = strings.NewReplacer("("+both+")", `customer.tier == "Enterprise"`, both, `customer.tier == "Enterprise"`).Replace(rule.If)
		} else if !has("enterprise", "entreprise") {
			rule.If = strings.NewReplacer("("+both+")", "customer.vip", both, "customer.vip").Replace(rule.If)
		}
		add(rule)
	case has("sentiment", "mood", "humeur", "angry", "frustrated", "en colere", "frustre"):
		list := moodsIn(said)
		if len(list) == 0 {
			return false
		}
		rule := r.standardRule("angry or frustrated")
		if !slices.Equal(list, []string{"angry", "frustrated"}) {
			rule.Because = "The customer's last message is " + strings.Join(list, " or ") + "."
		}
		rule.If = "sentiment in " + quoteAll(list)
		add(rule)
	case has("contact", "contacts", "time", "fois"):
		for n, words := range map[int][]string{ // one at most: order does not matter
			2: {"second", "2nd", "2", "deuxieme", "2e"}, 3: {"third", "3rd", "3", "troisieme", "3e"},
			4: {"fourth", "4th", "4", "quatrieme", "4e"}, 5: {"fifth", "5th", "5", "cinquieme", "5e"},
		} {
			if has(words...) {
				rule := r.standardRule("third contact")
				rule.If = fmt.Sprintf("ticket.contacts >= %d", n)
				if n != 3 {
					rule.Because = fmt.Sprintf("The customer has come back about the same issue, %d times by now.", n)
				}
				add(rule)
				return true
			}
		}
		return false
	case has("revenue", "revenu", "chiffre d affaires"):
		i := strings.IndexAny(at.text, "<>:≥")
		if i < 0 {
			return false
		}
		value := at.from(i + len(string([]rune(at.text[i:])[:1])))
		if rest := strings.TrimPrefix(value.text, "="); rest != value.text {
			value = value.from(1)
		}
		if !isVariable(value.text) {
			if _, ok := readNumber(value.text); !ok {
				return false
			}
			r.parameter(piece{"revenue_threshold", at.at}, value)
		}
		add(r.standardRule("revenue"))
	case has("threat", "threats", "menace", "menaces"):
		add(r.standardRule("threat"))
	case has("nobody left behind", "personne n est oublie"):
		add(r.standardRule("nobody left behind"))
	default:
		return false
	}
	return true
}

// percentIn finds "80%" or "80 %".
func percentIn(text string) (float64, bool) {
	before, _, found := strings.Cut(text, "%")
	before = strings.TrimRight(before, " \u00a0\u202f")
	begin := len(strings.TrimRight(before, "0123456789."))
	share, err := strconv.ParseFloat(before[begin:], 64)
	return share, found && err == nil && share > 0 && share <= 1000
}

// wordsIn finds the words in quotes, or those behind the colon.
func wordsIn(text string) []string {
	text = strings.NewReplacer("“", `"`, "”", `"`, "«", `"`, "»", `"`, "„", `"`).Replace(text)
	var list []string
	add := func(word string) {
		if word = strings.Trim(word, " .\u00a0"); word != "" && !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	if parts := strings.Split(text, `"`); len(parts) > 2 {
		for i := 1; i < len(parts); i += 2 {
			add(parts[i])
		}
		return list
	}
	if _, behind, found := strings.Cut(text, ":"); found {
		for word := range strings.SplitSeq(behind, ",") {
			add(word)
		}
	}
	return list
}

func moodsIn(said string) []string {
	var list []string
	for _, mood := range []struct{ is, words string }{
		{"angry", "angry, en colere, furieux, fache, agace"}, {"frustrated", "frustrated, frustre, frustree, mecontent"},
		{"threatening", "threatening, menacant"}, {"calm", "calm, calme"},
	} {
		for w := range strings.SplitSeq(mood.words, ", ") {
			if strings.Contains(said, " "+w+" ") && !slices.Contains(list, mood.is) {
				list = append(list, mood.is)
			}
		}
	}
	return list
}

func quoteAll(list []string) string {
	quoted := make([]string, len(list))
	for i, word := range list {
		quoted[i] = quoteRule(word)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// quoteRule writes a text as a literal of a condition.
func quoteRule(text string) string {
	b, _ := json.Marshal(text) // a string always encodes
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b))
}

// adapted says rules of the standard policy in the names of the document: its last tier
// for Tier 4, its second for Tier 2, its first priorities for Critical and High, and its
// own statuses.
func (r *reader) adapted(list []rules.Rule) []rules.Rule {
	var swap []string
	name := func(standard, own string) { swap = append(swap, quoteRule(standard), quoteRule(own)) }
	p := r.policy
	if _, said := r.said["tiers"]; said {
		name("Tier 2", p.Tiers[min(1, len(p.Tiers)-1)].Name)
		name("Tier 4", p.Tiers[len(p.Tiers)-1].Name)
	}
	if _, said := r.said["priorities"]; said && len(p.Priorities) > 0 {
		name("Critical", p.Priorities[0].Name)
		name("High", p.Priorities[min(1, len(p.Priorities)-1)].Name)
	}
	if _, said := r.said["statuses"]; said {
		var waiting []string
		for _, s := range p.Statuses {
			if s.Category == sla.Pending || s.Category == sla.OnHold {
				waiting = append(waiting, s.Name)
			}
		}
		if len(waiting) == 0 {
			swap = append(swap, ` and ticket.status not in ["Pending", "On hold"]`, "")
		}
		swap = append(swap, `["Pending", "On hold"]`, quoteAll(waiting))
	}
	replace := strings.NewReplacer(swap...)
	for i := range list {
		list[i].If = replace.Replace(list[i].If)
		for j := range list[i].Then {
			list[i].Then[j] = replace.Replace(list[i].Then[j])
		}
	}
	return list
}
