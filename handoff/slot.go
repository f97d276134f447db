package handoff

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What is written of each slot at most, in characters, and of each list, in items. Together they stay below MaxDocument, so that no customer
// can push the end of a document out of it.
const (
	maxName        = 200 // ticket, subject, customer, tier and the like
	maxMood        = 80
	maxSummary     = 2000
	maxExcerpt     = 1000
	maxExpectation = 1000
	maxNote        = 500
	maxItem        = 300
	maxItems       = 20
	maxFile        = 200
	maxFiles       = 20
	maxWhat        = 80
	maxEvent       = 240
	maxHead        = 10 // events kept from the beginning, where the case was explained
	maxTail        = 30 // and from the end, where it stands
	maxFew         = 5  // of what there are few of: clocks, causes, hops, steps
	maxClauses     = 300
)

// A style is how a span is shown.
type style uint8

const (
	asText style = iota
	strong
	emphasis // what no text of a customer can make, so that nobody can sign as somebody else
)

// A span is a piece of a line.
type span struct {
	text  string
	style style
	max   int  // in characters as written; 0: ours, which needs no limit
	keep  bool // its line breaks stay
}

// ours is text of a template or of the library.
func ours(text string) span { return span{text: text} }

// A slot is a place in a template that is filled from a case.
type slot struct {
	name  string // how it is best written
	field string // its name in the JSON of a case
	// others are the other names: those of the templates that the project was made from, and French ones. Case and accents do not matter, nor
	// whether blanks are underscores.
	others   []string
	public   bool // customers may read it
	sentence bool // ends with its own full stop
	max      int
	keep     bool   // keeps its line breaks where it stands alone
	gap      string // what is written for it where it is empty
	// text gives what is said, items those of a list.
	text  func(c *Case, l *language) string
	items func(c *Case, l *language) items
}

const (
	notProvided = "Not provided."
	none        = "None."
)

// slots are all there are.
var slots = []slot{
	{name: "ID", field: "ticket", others: []string{"ticket", "ticket id", "case id", "reference", "numéro", "n°"}, public: true, max: maxName,
		text: func(c *Case, _ *language) string { return c.Ticket }},
	{name: "Number", field: "ticket", others: []string{"id and subject", "number and subject", "numéro et objet"}, max: 2*maxName + 3,
		text: func(c *Case, _ *language) string { return join(" – ", c.Ticket, c.Subject) }},
	{name: "subject", field: "subject", others: []string{"objet", "sujet"}, public: true, max: maxName,
		text: func(c *Case, _ *language) string { return c.Subject }},
	{name: "Name", field: "customer", others: []string{"customer", "customer name", "nom", "client", "nom du client"}, public: true, max: maxName,
		text: func(c *Case, _ *language) string { return c.Customer }},
	{name: "Account", field: "account", others: []string{"plan", "compte"}, max: maxName,
		text: func(c *Case, _ *language) string { return c.Account }},
	{name: "Name/Account", field: "customer", others: []string{"customer and account", "nom/compte"}, max: 2*maxName + 3,
		text: func(c *Case, _ *language) string { return join(" / ", c.Customer, c.Account) }},
	{name: "Level", field: "priority", others: []string{"priority", "niveau", "priorité"}, max: maxName,
		text: func(c *Case, l *language) string { return l.say(c.Priority) }},
	{name: "Tier/Person", field: "to", others: []string{"destination", "escalating to", "niveau/personne"}, max: 4*maxName + 20, text: destination},
	{name: "Person/Team", field: "team", others: []string{"receiver", "personne/équipe", "destinataire"}, max: maxName,
		text: func(c *Case, l *language) string { return first(c.Person, l.say(c.Team), l.say(c.To)) }},
	{name: "Tier", field: "team", others: []string{"team", "équipe"}, public: true, max: maxName,
		text: func(c *Case, l *language) string { return first(l.say(c.Team), l.say(c.To)) }},
	{name: "Category", field: "reason", others: []string{"reason", "escalation reason", "motif", "catégorie"}, max: maxName,
		text: func(c *Case, l *language) string { return l.say(c.Reason) }},
	{name: "issue type", field: "topic", others: []string{"topic", "type de problème", "sujet traité"}, public: true, max: maxName,
		text: func(c *Case, l *language) string { return l.say(c.Topic) }},
	{name: "timeframe", field: "timeframe", others: []string{"délai"}, public: true, max: maxName,
		text: func(c *Case, _ *language) string { return c.Timeframe }},
	{name: "Summary of resolution", field: "resolution", others: []string{"resolution", "résumé de la résolution", "solution"}, public: true, sentence: true, max: maxResolution,
		text: func(c *Case, _ *language) string { return c.Resolution }},
	{name: "1-sentence summary", field: "summary", others: []string{"one-sentence summary", "résumé en une phrase", "résumé en 1 phrase"}, sentence: true, max: maxNote,
		text: func(c *Case, _ *language) string { return first(firstSentence(c.Summary), c.Subject) }},
	{name: "Urgency note", field: "urgency", others: []string{"urgency", "note d'urgence", "urgence"}, sentence: true, max: maxNote,
		text: func(c *Case, l *language) string { return first(c.Urgency, urgency(c, l)) }},

	{name: "the ask", field: "ask", others: []string{"ask", "needed", "demande", "ce qui est demandé"}, max: maxNote + maxMood, text: ask},
	{name: "owner", field: "owner", others: []string{"customer owner", "responsable du client"}, max: maxName,
		text: func(c *Case, _ *language) string { return c.Owner }},
	{name: "time zone", field: "zone", others: []string{"zone", "fuseau horaire", "fuseau"}, max: maxName,
		text: func(c *Case, _ *language) string { return c.Zone }},
	{name: "completeness", field: "completeness", others: []string{"complétude"}, max: maxName, text: completeness},
	{name: "summary", field: "summary", others: []string{"2-3 sentence description of the problem", "issue summary", "description", "résumé", "description du problème en 2-3 phrases",
		"description du problème en 2 ou 3 phrases"}, max: maxSummary, keep: true,
		text: func(c *Case, _ *language) string { return c.Summary }},
	{name: "business impact", field: "impact", others: []string{"impact", "impact métier"}, max: maxExpectation, keep: true, text: impact},
	{name: "SLA", field: "clocks", others: []string{"clocks", "sla standing", "sla status", "état des sla", "engagements"}, items: standing},
	{name: "timeline", field: "timeline", others: []string{"date/time", "chronologie", "date/heure"}, items: timeline},
	{name: "Action and result", field: "tried", others: []string{"tried", "what has been tried", "action et résultat", "ce qui a été essayé"},
		items: func(c *Case, _ *language) items { return list(c.Tried, maxItem, maxItems) }},
	{name: "ruled out", field: "ruled_out", others: []string{"causes écartées", "écarté"},
		items: func(c *Case, _ *language) items { return list(c.RuledOut, maxEvent, maxFew) }},
	{name: "workaround", field: "workaround", others: []string{"solution de contournement", "contournement"}, max: maxNote,
		text: func(c *Case, _ *language) string { return c.Workaround }},
	{name: "sentiment", field: "sentiment", others: []string{"calm / frustrated / angry / threatening", "mood", "humeur", "calme / frustré / en colère / menaçant"}, max: maxMood,
		text: func(c *Case, l *language) string { return l.say(c.mood()) }},
	{name: "expectation", field: "expectation", others: []string{"what the customer wants as resolution", "attente", "ce que le client attend comme résolution"},
		max: maxExpectation, keep: true, text: func(c *Case, _ *language) string { return c.Expectation }},
	{name: "last promise", field: "promise", others: []string{"promise", "dernière promesse", "promesse"}, max: maxNote,
		text: func(c *Case, _ *language) string { return c.Promise }},
	{name: "Suggested action", field: "next_steps", others: []string{"next steps", "action suggérée", "prochaines étapes"},
		items: func(c *Case, _ *language) items { return list(c.NextSteps, maxItem, maxItems) }},
	{name: "if nobody reacts", field: "otherwise", others: []string{"otherwise", "si personne ne réagit", "sinon"}, items: otherwise},
	{name: "attachments", field: "attachments", others: []string{"screenshots, logs, previous correspondence", "pièces jointes", "captures d'écran, journaux, échanges précédents"},
		gap: none, items: func(c *Case, _ *language) items { return list(c.Attachments, maxFile, maxFiles) }},
	{name: "rules", field: "causes", others: []string{"causes", "rules that fired", "règles", "règles déclenchées"}, items: causes},
	{name: "earlier escalations", field: "earlier", others: []string{"earlier", "escalades précédentes"}, items: earlier},
	{name: "receipt", field: "receipt", others: []string{"acknowledgement", "acknowledgment", "accusé de réception", "réception"}, max: maxNote + maxName, text: receipt},
}

// slotNames finds slots by their names, as folded by slotKey.
var slotNames = func() map[string]*slot {
	names := map[string]*slot{}
	for i := range slots {
		for _, name := range append([]string{slots[i].name}, slots[i].others...) {
			names[slotKey(name)] = &slots[i]
		}
	}
	return names
}()

// slotKey makes one name the same as another that a reader takes for the same.
func slotKey(name string) string {
	return strings.Join(strings.Fields(slotFold.Replace(strings.ToLower(name))), " ")
}

// slotFold takes off accents, which capitals often go without.
var slotFold = strings.NewReplacer("_", " ", "’", "'", "é", "e", "è", "e", "ê", "e", "à", "a", "â", "a", "ç", "c", "î", "i", "ô", "o", "û", "u", "ù", "u")

// join joins what is not empty.
func join(sep string, texts ...string) string {
	texts = slices.DeleteFunc(texts, func(s string) bool { return !visible(s) })
	return strings.Join(texts, sep)
}

// first returns the first of the texts in which something can be seen.
func first(texts ...string) string {
	for _, text := range texts {
		if visible(text) {
			return text
		}
	}
	return ""
}

// when writes an instant in the time of the case's zone, which it has to be in.
func (c *Case) when(l *language, t time.Time) string {
	if t.IsZero() {
		return l.say("Time unknown")
	}
	if _, offset := t.Zone(); c.Zone == "" || offset == 0 {
		return t.UTC().Format("2006-01-02 15:04 UTC")
	}
	return t.Format("2006-01-02 15:04 UTC-07:00")
}

// destination reads "Tier 2 (Technical/Specialist Support) / Dana Ortiz, from Tier 1", as far as it is known.
func destination(c *Case, l *language) string {
	clip := func(text string) string { return clipped(l.say(text), maxName) }
	to, team := clip(c.To), clip(c.Team)
	switch {
	case to == "":
		to = team
	case team != "" && !strings.EqualFold(team, to):
		to += " (" + team + ")"
	}
	to = join(" / ", to, clipped(c.Person, maxName))
	if from := clip(c.From); from != "" && to != "" {
		to += l.say(", from %s", from)
	}
	return to
}

func ask(c *Case, l *language) string {
	what := strings.TrimRight(clipped(c.Ask, maxNote), ". ")
	if c.NeededBy.IsZero() {
		return what
	}
	return cmp.Or(what, l.say("Take over and answer the customer")) + l.say(", by %s", c.when(l, c.NeededBy))
}

func completeness(c *Case, l *language) string {
	var missing []string
	for _, part := range c.Missing() {
		missing = append(missing, l.say(strings.ReplaceAll(part, "_", " ")))
	}
	figure := l.say("%d %%", c.Completeness())
	if missing == nil {
		return figure
	}
	return figure + l.say("; to be written: %s", strings.Join(missing, ", "))
}

func impact(c *Case, l *language) string {
	if c.Revenue == nil || math.IsNaN(*c.Revenue) || math.IsInf(*c.Revenue, 0) {
		return c.Impact
	}
	return join("\n\n", clipped(c.Impact, maxExpectation-maxMood), l.say("Revenue at risk: %s", strconv.FormatFloat(*c.Revenue, 'f', -1, 64)))
}

func receipt(c *Case, l *language) string {
	switch {
	case c.Receipt != nil:
		return join(l.say(": "), join(", ", clipped(c.Receipt.By, maxName), c.when(l, c.Receipt.At)), c.Receipt.ReadBack)
	case visible(c.To) || visible(c.Team) || visible(c.Person):
		return l.say("Nobody has taken it over yet.")
	}
	return ""
}

// urgency is a note on the clock that will pass its target first, or has. How soon the tier answers is not what is urgent.
func urgency(c *Case, l *language) string {
	var soonest *Clock
	for i := range c.Clocks {
		k := &c.Clocks[i]
		runs := k.Stopped.IsZero() && (k.State == "running" || k.State == "breached")
		if runs && k.Metric != "tier_response" && !k.Due.IsZero() && (soonest == nil || k.Due.Before(soonest.Due)) {
			soonest = k
		}
	}
	switch {
	case soonest == nil:
		return ""
	case soonest.State == "breached":
		return l.say("The %s target was missed at %s.", l.metric(soonest.Metric), c.when(l, cmp.Or(soonest.BreachedAt, soonest.Due)))
	}
	return l.say("The %s is due at %s.", l.metric(soonest.Metric), c.when(l, soonest.Due))
}

// standing lists the promises, the most pressing first.
func standing(c *Case, l *language) items {
	clocks := slices.Clone(c.Clocks)
	slices.SortStableFunc(clocks, func(a, b Clock) int {
		return cmp.Or(known(a.Stopped.IsZero(), b.Stopped.IsZero()), known(!a.Due.IsZero(), !b.Due.IsZero()), a.Due.Compare(b.Due))
	})
	var lines [][]span
	for _, k := range clocks {
		used := 0
		if k.Used > 0 { // not so for NaN
			used = int(min(100*k.Used+1e-9, 1e6))
		}
		name := l.metric(clipped(k.Metric, maxWhat))
		var text string
		switch {
		case k.State == "breached" || !k.BreachedAt.IsZero():
			text = l.say("%s: missed at %s", name, c.when(l, cmp.Or(k.BreachedAt, k.Due)))
			if k.Stopped.IsZero() {
				text += l.say(", %d %% used", used)
			} else {
				text += l.say(", done at %s", c.when(l, k.Stopped))
			}
		case k.State == "met":
			text = l.say("%s: met at %s", name, c.when(l, k.Stopped)) + l.say(", %d %% used", used)
		case k.State == "running":
			text = l.say("%s: due at %s", name, c.when(l, k.Due)) + l.say(", %d %% used", used)
		case k.State == "paused":
			text = l.say("%s: paused", name) + l.say(", %d %% used", used)
		default:
			text = join(l.say(": "), name, l.say(clipped(k.State, maxWhat)))
		}
		if k.Zone != "" {
			text += l.say(", in the opening hours of %s", clipped(k.Zone, maxWhat))
		}
		if visible(text) {
			lines = append(lines, []span{{text: text, max: maxEvent}})
		}
	}
	return few(lines, maxFew)
}

// known orders what is so before what is not.
func known(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return +1
}

// byTime orders instants, those that are not known last.
func byTime(a, b time.Time) int {
	return cmp.Or(known(!a.IsZero(), !b.IsZero()), a.Compare(b))
}

// timeline lists the entries in order of time, those without a time last. Of a long one the middle is left out: how it began and where it
// stands is what the reader needs.
func timeline(c *Case, l *language) items {
	var shown []Entry
	for _, e := range c.Timeline {
		if e.visible() {
			shown = append(shown, e)
		}
	}
	slices.SortStableFunc(shown, func(x, y Entry) int { return byTime(x.At, y.At) })
	var lines [][]span
	left := len(shown) - maxHead - maxTail
	for i, e := range shown {
		switch {
		case left > 1 && i == maxHead:
			lines = append(lines, []span{ours(l.say("… %d more entries …", left))})
		case left > 1 && maxHead < i && i < maxHead+left:
		default:
			lines = append(lines, e.spans(c, l))
		}
	}
	return items{lines: lines}
}

// spans keeps who and whether it is internal in italics.
func (e Entry) spans(c *Case, l *language) []span {
	text := e.Text
	switch {
	case visible(e.Field):
		text = join(", ", text, l.say("%s set to %s", l.say(clipped(e.Field, maxWhat)), first(clipped(l.say(e.To), maxName), l.say("nothing"))))
	case visible(e.To):
		text = join(", ", clipped(l.say(text), maxName), l.say("to %s", clipped(l.say(e.To), maxWhat)))
	}
	line := []span{ours(c.when(l, e.At) + " - ")}
	if visible(e.What) {
		line = append(line, span{text: l.say(e.What), max: maxWhat})
		if visible(text) {
			line = append(line, ours(l.say(": ")))
		}
	}
	if visible(text) {
		line = append(line, span{text: text, max: maxEvent})
	}
	mark := ""
	if e.Internal {
		mark = l.say("internal")
	}
	rule := ""
	if visible(e.Rule) {
		rule = l.say(`rule "%s"`, clipped(e.Rule, maxWhat))
	}
	if by := join(", ", mark, clipped(l.say(e.By), maxWhat), rule); by != "" {
		line = append(line, ours(" "), span{text: "(" + by + ")", style: emphasis, max: maxWhat + maxWhat/2})
	}
	return line
}

// list writes items as they are, as many as there is room for.
func list(texts []string, size, most int) items {
	var lines [][]span
	for _, text := range texts {
		if visible(text) {
			lines = append(lines, []span{{text: text, max: size}})
		}
	}
	return few(lines, most)
}

// items are the lines of a list, and how many more there are that it has no room for.
type items struct {
	lines [][]span
	more  int
}

func few(lines [][]span, most int) items {
	n := min(len(lines), most)
	return items{lines[:n], len(lines) - n}
}

func otherwise(c *Case, l *language) items {
	steps := slices.Clone(c.Otherwise)
	slices.SortStableFunc(steps, func(a, b Step) int { return byTime(a.At, b.At) })
	var lines [][]span
	for _, s := range steps {
		deed := l.deed(s.Do, clipped(s.To, maxName))
		if !visible(deed) {
			continue
		}
		line := []span{{text: deed, max: maxEvent}}
		if !s.At.IsZero() {
			line = slices.Insert(line, 0, ours(c.when(l, s.At)+" - "))
		}
		if visible(s.Rule) {
			line = append(line, ours(" "), span{text: "(" + l.say(`rule "%s"`, clipped(s.Rule, maxWhat)) + ")", style: emphasis, max: 2 * maxWhat})
		}
		lines = append(lines, line)
	}
	return few(lines, maxFew)
}

func causes(c *Case, l *language) items {
	var lines [][]span
	for _, k := range c.Causes {
		name := clipped(l.say(k.Rule), maxName)
		if name == "" {
			name = clipped(l.say(k.Because), maxName)
		}
		var line []span
		add := func(apart string, s span) {
			if len(line) > 0 {
				line = append(line, ours(apart))
			}
			line = append(line, s)
		}
		if visible(name) {
			add("", span{text: name, style: strong, max: maxName})
		}
		if why := join("; ", k.Clauses...); why != "" {
			add(l.say(": "), span{text: why, max: maxClauses})
		}
		if visible(k.Rule) && visible(k.Because) {
			add(" – ", span{text: l.say(k.Because), max: maxName})
		}
		if visible(k.By) {
			add(" ", span{text: "(" + l.say("asked by %s", clipped(k.By, maxWhat)) + ")", style: emphasis, max: 2 * maxWhat})
		}
		if line != nil {
			lines = append(lines, line)
		}
	}
	return few(lines, maxFew)
}

func earlier(c *Case, l *language) items {
	hops := slices.DeleteFunc(slices.Clone(c.Earlier), func(h Hop) bool { return !visible(h.From) && !visible(h.To) })
	slices.SortStableFunc(hops, func(a, b Hop) int { return byTime(a.At, b.At) })
	var lines [][]span
	if left := len(hops) - maxFew; left > 1 { // the last ones are what the reader has to know
		lines, hops = append(lines, []span{ours(l.say("… %d more entries …", left))}), hops[left:]
	}
	for _, h := range hops {
		line := []span{ours(c.when(l, h.At) + " - "), {text: join(" → ", clipped(l.say(h.From), maxWhat), clipped(l.say(h.To), maxWhat)), max: maxName}}
		if visible(h.Reason) {
			line = append(line, ours(l.say(": ")), span{text: l.say(h.Reason), max: maxName})
		}
		if visible(h.By) {
			line = append(line, ours(" "), span{text: "(" + clipped(h.By, maxWhat) + ")", style: emphasis, max: 2 * maxWhat})
		}
		lines = append(lines, line)
	}
	return items{lines: lines}
}
