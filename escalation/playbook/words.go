package playbook

import (
	"slices"
	"strings"
	"unicode"
)

// fold makes texts that people read as the same the same: small letters without accents,
// words with one space between them.
func fold(text string) string {
	var b strings.Builder
	space := false
	for _, r := range strings.ToLower(text) {
		if !letter(r) {
			space = true
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		if bare, ok := accents[r]; ok {
			b.WriteString(bare)
		} else if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

var accents = map[rune]string{
	'à': "a", 'â': "a", 'ä': "a", 'á': "a", 'ç': "c", 'è': "e", 'é': "e", 'ê': "e", 'ë': "e", 'î': "i", 'ï': "i", 'í': "i",
	'ô': "o", 'ö': "o", 'ó': "o", 'ù': "u", 'û': "u", 'ü': "u", 'ú': "u", 'ÿ': "y", 'ñ': "n", 'œ': "oe", 'æ': "ae",
}

// A section is what a part of a document is about.
type section uint8

const (
	outside section = iota // no heading yet
	unknown
	front // the title of the document, and headings that only group others
	profile
	figures
	tiers
	matrix
	automatic // triggers and rules
	manual
	parameters
	statuses
	recipients
	queues
	calendars
	holidays
	quietHours
	documents // templates
	messages
	automation
	checklist
	metrics
	settings
)

// sections say by which words of a heading a section is known: one of those that are
// needed, and none but those and the others. The first that fits is meant.
var sections = []struct {
	is             section
	needed, others string
}{
	{profile, "profile profil", "organization organisation company team entreprise equipe support customer client"},
	{figures, "figure chiffre assumption hypothese", "used utilise design conception"},
	{quietHours, "quiet calme silence tranquille", "hour heure night nuit"},
	{holidays, "holiday ferie conge", "public bank jour day closed legal legaux"},
	{calendars, "calendar calendrier opening ouverture horaire business", "hour heure holiday ferie jour day conge support opening ouverture working travail office bureau service"},
	{matrix, "sla priority priorite", "matrix matrice template modele level niveau target cible objectif service time delai response resolution reponse"},
	{manual, "manual manuel manuelle reason motif raison", "escalation escalade criteria critere criterion trigger declencheur rule regle by hand"},
	{automation, "automation automatisation", "rule regle template modele recommendation recommandation"},
	{automation, "template modele", "rule regle"},
	{messages, "communication message", "template modele script customer client"},
	{documents, "documentation handoff transmission passation", "template modele escalation escalade document"},
	{automatic, "rule regle trigger declencheur automatic automatique", "escalation escalade automatic automatique criteria critere"},
	{tiers, "tier niveau level", "structure support definition escalation escalade responsibility responsabilite team equipe organization organisation"},
	{parameters, "parameter parametre variable threshold seuil", "value valeur rule regle"},
	{statuses, "status statut state etat", "ticket"},
	{recipients, "recipient destinataire contact", "people role notification"},
	{queues, "queue file", "attente ticket review"},
	{settings, "setting reglage agreement contrat engagement configuration", "advanced avance other autre customer client further"},
	{checklist, "checklist liste", "implementation rollout mise oeuvre place controle deploiement"},
	{metrics, "metric indicateur kpi mesure", "track suivre suivi"},
	{front, "workflow playbook framework cadre escalation escalade", "design conception plan ticket guide support customer client template modele"},
}

// fillers are words that change nothing.
var fillers = strings.Fields("a the our your of for to and in on de du des la le les l d et au aux nos notre vos votre ce recommended proposed suggested current " +
	"en recommande recommandee recommandees propose proposee actuel actuelle un une s")

// sectionOf finds what a heading announces, unknown if nobody knows. The language is "fr"
// if a word of the heading is only French.
func sectionOf(text string) (is section, language string) {
	words := strings.Fields(fold(text))
	for len(words) > 1 && (strings.Trim(words[0], "0123456789") == "" || len(words[0]) == 1 && strings.Contains("ivxbc", words[0])) {
		words = words[1:] // its number
	}
	var said []string
	for _, w := range words {
		if slices.Contains(fillers, w) {
			continue
		}
		said = append(said, w)
	}
	if len(said) == 0 {
		return unknown, ""
	}
	for _, s := range sections {
		needed, others := strings.Fields(s.needed), strings.Fields(s.others)
		found, fits := false, true
		for _, w := range said {
			switch {
			case inOneOrMany(needed, w):
				found = true
			case !inOneOrMany(others, w):
				fits = false
			}
		}
		if found && fits {
			return s.is, languageOf(words)
		}
	}
	return unknown, ""
}

// inOneOrMany reports whether a word is in a list, or its singular is.
func inOneOrMany(list []string, w string) bool {
	switch {
	case slices.Contains(list, w), (strings.HasSuffix(w, "s") || strings.HasSuffix(w, "x")) && slices.Contains(list, w[:len(w)-1]), strings.HasSuffix(w, "es") && slices.Contains(list, w[:len(w)-2]):
		return true
	case strings.HasSuffix(w, "ies"):
		return slices.Contains(list, w[:len(w)-3]+"y")
	}
	return false
}

var onlyFrench = strings.Fields("de du des la le les et profil entreprise equipe niveau matrice priorite modele regle declencheur manuel manuelle motif " +
	"automatisation recommandation automatique escalade parametre seuil statut destinataire calendrier horaire ouverture ferie attente reglage liste indicateur oeuvre")

func languageOf(words []string) string {
	for _, w := range words {
		if inOneOrMany(onlyFrench, w) {
			return "fr"
		}
	}
	return ""
}

// A label is what stands before a colon: "Response time: 4 hours".
type label uint8

const (
	noLabel label = iota
	nameLabel
	titleLabel
	descriptionLabel
	handlesLabel
	expertiseLabel
	responseLabel
	goalLabel
	demandsLabel
	calendarLabel
	priorityLabel
	firstLabel
	nextLabel
	resolutionLabel
	companyLabel
	supportsLabel
	volumeLabel
	agentsLabel
	structureLabel
	issuesLabel
	painsLabel
	revenueLabel
	ltvLabel
	valueLabel
	meaningLabel
	zoneLabel
	holidaysLabel
	unionLabel
	defaultLabel
	bypassLabel
	codeLabel
	dayLabel
	hoursLabel
)

// spelled are the ways to say a label, folded.
var spelled = map[label]string{
	nameLabel:        "name, nom, tier, niveau, level, support tier, status, statut, recipient, destinataire, parameter, parametre, queue, file, figure, chiffre, variable",
	titleLabel:       "title, titre, team, equipe, role",
	descriptionLabel: "description, examples, exemples, definition",
	handlesLabel:     "handles, scope, traite, perimetre, issues handled, responsibilities, responsabilites",
	expertiseLabel:   "expertise, specializes in, specialises in, specialite, specialise dans, specialisee dans",
	responseLabel:    "response time, response, temps de reponse, delai de reponse, reponse, response target, answers within",
	goalLabel:        "resolution target, resolution goal, goal, resolution rate, objectif de resolution, taux de resolution, objectif",
	demandsLabel:     "requires, demands, exige, requiert, necessite, demande",
	calendarLabel:    "calendar, calendrier, opening hours, horaires",
	priorityLabel:    "priority, priorite, severity, priority level, niveau de priorite",
	firstLabel:       "first response, first reply, response, response time, premiere reponse, reponse, first response time, first response target, delai de premiere reponse",
	nextLabel:        "next response, next reply, reponse suivante, reponses suivantes",
	resolutionLabel:  "resolution target, resolution, resolution time, objectif de resolution, delai de resolution, target resolution, resolution sla",
	companyLabel:     "company, company product, entreprise, product, societe, organisation, organization, produit",
	supportsLabel:    "supports, what we support, produit pris en charge, prend en charge, support de",
	volumeLabel:      "support volume, ticket volume, volume, volume de tickets, monthly tickets, volume de support, tickets par mois, tickets per month",
	agentsLabel:      "agents, support agents, team size, taille de l equipe, effectif",
	structureLabel:   "current tiers, current structure, existing structure, existing tiers, niveaux actuels, structure actuelle, structure existante",
	issuesLabel:      "common issues, top issues, issues, problemes frequents, sujets frequents, top 5 issues, demandes frequentes",
	painsLabel:       "pain points, pains, points de douleur, difficultes, points faibles, points de friction",
	revenueLabel:     "revenue threshold, seuil de revenu, revenue impact threshold, seuil de chiffre d affaires",
	ltvLabel:         "ltv threshold, lifetime value threshold, customer lifetime value threshold, seuil de valeur client",
	valueLabel:       "value, valeur",
	meaningLabel:     "means, meaning, category, signifie, categorie, sens",
	zoneLabel:        "time zone, timezone, zone, fuseau horaire, fuseau",
	holidaysLabel:    "holidays, public holidays, jours feries, feries, conges",
	unionLabel:       "open when any is, open when any of, union, ouvert quand l un est ouvert",
	defaultLabel:     "time counts by, default calendar, default, calendrier par defaut, le temps compte selon",
	bypassLabel:      "worth waking somebody, worth waking somebody for, bypass, urgent, reveiller pour, assez urgent pour reveiller",
	codeLabel:        "code",
	dayLabel:         "day, days, jour, jours",
	hoursLabel:       "hours, horaires, heures, open, opening hours, horaires d ouverture, ouvert",
}

// labelOf finds a label among those that can be meant here.
func labelOf(text string, among ...label) label {
	said := fold(plain(text))
	for _, l := range among {
		for s := range strings.SplitSeq(spelled[l], ", ") {
			if s == said {
				return l
			}
		}
	}
	return noLabel
}

// spellings lists how the labels can be said, for guesses.
func spellings(among ...label) []string {
	var out []string
	for _, l := range among {
		out = append(out, strings.Split(spelled[l], ", ")...)
	}
	return out
}

// labelled splits "**Label**: value" where the label is one of those.
func labelled(p piece, among ...label) (label, piece) {
	i := strings.IndexByte(p.text, ':')
	if i < 0 {
		return noLabel, p
	}
	l := labelOf(p.text[:i], among...)
	value := p.from(i + 1)
	if strings.HasPrefix(value.text, "**") && strings.HasPrefix(p.text, "**") { // **Label:** value
		value = value.from(2)
	}
	return l, value
}

// none reports whether a text says that there is nothing.
func none(text string) bool {
	switch fold(plain(text)) {
	case "none", "aucun", "aucune", "no", "nothing", "rien", "neant", "n a", "not promised", "non promis":
		return true
	}
	return false
}

// nothing is none, or a dash, or no text at all.
func nothing(text string) bool {
	return strings.Trim(text, " -–—\u00a0") == "" || none(text)
}
