package handoff

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Templates are the words of one language: the document, the three messages, and the short words in between. An empty text stands for the
// standard one of the language, or of the set's own language where there is none.
//
// A template is plain text with slots in square brackets, as in "Your case reference is [ID].": a name of the list in the package's
// documentation, in any case. "[urgency note, if any]" is a slot that may stay empty: the sentence or line that consists of it is left out. Quotation
// marks around a message are none of it.
// A bracket that is meant is written \[.
type Templates struct {
	// Document is Markdown of headings (#, ##, ###), paragraphs, lists and quotes, with **bold** and _italics_. It is read, not copied: each
	// format is written from it. A section of which nothing is left has no heading either.
	Document string `json:"document,omitzero"`
	// Acknowledgment and FollowUp are for the customer: slots that are not for their eyes are refused. Message is for the colleague.
	Acknowledgment string `json:"acknowledgment,omitzero"`
	Message        string `json:"message,omitzero"`
	FollowUp       string `json:"follow_up,omitzero"`
	// Words are what things are called in this language, by what they are called in the case: tiers, priorities, categories, reasons
	// ("billing": "facturation"), and the words between the slots ("4 hours" comes of "%d hours"), by their English form. Each is one line of
	// at most 200 characters.
	Words map[string]string `json:"words,omitzero"`
}

// Text returns one of the four templates by its name in JSON: document, acknowledgment, message or follow_up.
func (t Templates) Text(name string) string {
	switch name {
	case "document":
		return t.Document
	case "acknowledgment":
		return t.Acknowledgment
	case "message":
		return t.Message
	case "follow_up":
		return t.FollowUp
	}
	return ""
}

// Standard returns the templates that come with the library, in "en" or "fr"; the zero Templates for other languages.
func Standard(language string) Templates {
	switch language {
	case "en":
		return Templates{Document: documentEN, Acknowledgment: acknowledgmentEN, Message: messageEN, FollowUp: followUpEN}
	case "fr":
		return Templates{Document: documentFR, Acknowledgment: acknowledgmentFR, Message: messageFR, FollowUp: followUpFR, Words: maps.Clone(wordsFR)}
	}
	return Templates{}
}

const documentEN = `# Escalation Handoff Document

**Needed**: [the ask, if any]

## Ticket Information
- **Ticket ID**: [Number]
- **Customer**: [Name/Account]
- **Priority**: [Level]
- **Escalating To**: [Tier/Person]
- **Escalation Reason**: [Category]
- **Customer Stays With**: [owner, if known]
- **Time Zone**: [time zone, if any]
- **Completeness**: [completeness]

## Issue Summary
[2-3 sentence description of the problem]

## Business Impact
[business impact, if known]

## SLA Standing
- [SLA, if any]

## Timeline
- [timeline]

## What Has Been Tried
1. [Action and result]

- **Ruled out**: [ruled out, if any]
- **Workaround**: [workaround, if any]

## Customer Sentiment
[Calm / Frustrated / Angry / Threatening]

## Customer Expectation
[What the customer wants as resolution]

- **Last promise**: [last promise, if any]

## Recommended Next Steps
1. [Suggested action]

## If Nobody Reacts
- [if nobody reacts, if known]

## Attachments
- [Screenshots, logs, previous correspondence]

## Why It Was Escalated
- [rules, if any]

## Earlier Escalations
- [earlier escalations, if any]

## Acknowledgement
[receipt, if applicable]
`

const (
	acknowledgmentEN = "I've escalated your case to our [Tier] team who specializes in [issue type]. They'll be reaching out within [timeframe]. Your case reference is [ID]."
	messageEN        = "Escalating ticket #[ID] to [Person/Team]. [1-sentence summary]. Customer is [sentiment]. [Urgency note if applicable]. Full context attached."
	followUpEN       = "Following up on your escalated issue. [Summary of resolution]. Is there anything else I can help with?"
)

const documentFR = `# Document de passation

**Demande** : [la demande, s'il y en a]

## Informations sur le ticket
- **Numéro du ticket** : [Numéro et objet]
- **Client** : [Nom/Compte]
- **Priorité** : [Niveau]
- **Escaladé vers** : [Niveau/Personne]
- **Motif de l'escalade** : [Motif]
- **Reste en contact avec le client** : [responsable du client, si connu]
- **Fuseau horaire** : [fuseau horaire, s'il y en a]
- **Complétude** : [complétude]

## Résumé du problème
[Description du problème en 2-3 phrases]

## Impact métier
[impact métier, si connu]

## État des SLA
- [état des SLA, s'il y en a]

## Chronologie
- [chronologie]

## Ce qui a été essayé
1. [Action et résultat]

- **Causes écartées** : [causes écartées, s'il y en a]
- **Solution de contournement** : [solution de contournement, s'il y en a]

## Humeur du client
[Calme / Frustré / En colère / Menaçant]

## Attente du client
[Ce que le client attend comme résolution]

- **Dernière promesse** : [dernière promesse, s'il y en a]

## Prochaines étapes recommandées
1. [Action suggérée]

## Si personne ne réagit
- [si personne ne réagit, si connu]

## Pièces jointes
- [Captures d'écran, journaux, échanges précédents]

## Pourquoi cette escalade
- [règles, s'il y en a]

## Escalades précédentes
- [escalades précédentes, s'il y en a]

## Accusé de réception
[accusé de réception, le cas échéant]
`

const (
	acknowledgmentFR = "J'ai transmis votre dossier à notre équipe [Équipe], spécialisée dans le domaine suivant\u00a0: [type de problème]. Elle vous contactera sous [délai]. La référence de votre dossier est [ID]."
	messageFR        = "Escalade du ticket n°\u00a0[ID] vers [Personne/Équipe]. [Résumé en une phrase]. Le client est [humeur]. [Note d'urgence si besoin]. Contexte complet ci-joint."
	followUpFR       = "Je reviens vers vous au sujet de votre demande, que nous avions transmise. [Résumé de la résolution]. Puis-je vous aider pour autre chose\u00a0?"
)

// words are all that the library says besides the templates, in English. A language gives its own for them.
var words = []string{
	notProvided, none, inTheirWords, "internal", "nothing", "Time unknown", "… %d more entries …", "… and %d more", "… (1 more character)", "… (%d more characters)", fullUp,
	": ", ", from %s", ", by %s", "to %s", "%s set to %s", "rule \"%s\"", "asked by %s", "Take over and answer the customer", "Nobody has taken it over yet.",
	"%d %%", "; to be written: %s", "summary", "tried", "expectation", "next steps", "Revenue at risk: %s",
	"calm", "frustrated", "angry", "threatening",
	"first response", "next response", "resolution", "tier response", "cancelled",
	"%s: missed at %s", "%s: met at %s", "%s: due at %s", "%s: paused", ", %d %% used", ", done at %s", ", in the opening hours of %s",
	"The %s target was missed at %s.", "The %s is due at %s.",
	"escalate to %s", "de-escalate to %s", "assign to %s", "notify %s", "alert %s", "flag for %s", "set the priority to %s", "add the tag %s", "add a note",
	"immediately", "within", "1 minute", "%d minutes", "1 hour", "%d hours", "1 day", "%d days", "1 business minute", "%d business minutes", "1 business hour", "%d business hours",
}

const (
	inTheirWords = "Not provided. In the customer's words:"
	fullUp       = "The rest is left out, because the document is full."
)

// wordsFR are the French ones, with the names of the standard policy and those that a history brings.
var wordsFR = map[string]string{
	notProvided: "Non renseigné.", none: "Aucune.", inTheirWords: "Non renseigné. Dans les mots du client :", "internal": "interne", "nothing": "rien",
	"Time unknown": "Heure inconnue", "… %d more entries …": "… %d autres entrées …", "… and %d more": "… et %d de plus",
	"… (1 more character)": "… (1 caractère de plus)", "… (%d more characters)": "… (%d caractères de plus)",
	fullUp: "La suite est omise : le document est plein.",
	": ":   " : ", ", from %s": ", depuis %s", ", by %s": ", avant le %s", "to %s": "vers %s", "%s set to %s": "%s : %s", "rule \"%s\"": "règle « %s »", "asked by %s": "demandé par %s",
	"Take over and answer the customer": "Prendre en charge et répondre au client", "Nobody has taken it over yet.": "Personne ne l'a encore pris en charge.",
	"%d %%": "%d %%", "; to be written: %s": " ; à compléter : %s", "summary": "résumé", "timeline": "chronologie", "tried": "ce qui a été essayé", "sentiment": "humeur",
	"expectation": "attente", "next steps": "prochaines étapes", "Revenue at risk: %s": "Chiffre d'affaires menacé : %s",
	"calm": "calme", "frustrated": "frustré", "angry": "en colère", "threatening": "menaçant",
	"first response": "première réponse", "next response": "réponse suivante", "resolution": "résolution", "tier response": "réponse du niveau", "cancelled": "plus attendue",
	"%s: missed at %s": "%s : échéance dépassée le %s", "%s: met at %s": "%s : échéance tenue le %s", "%s: due at %s": "%s : échéance le %s", "%s: paused": "%s : en pause",
	", %d %% used": ", %d %% écoulés", ", done at %s": ", fait le %s", ", in the opening hours of %s": ", en heures ouvrées (%s)",
	"The %s target was missed at %s.": "Échéance dépassée (%s) : %s.", "The %s is due at %s.": "Échéance (%s) : %s.",
	"escalate to %s": "escalader vers %s", "de-escalate to %s": "redescendre vers %s", "assign to %s": "attribuer à : %s", "notify %s": "prévenir : %s", "alert %s": "alerter : %s",
	"flag for %s": "signaler pour %s", "set the priority to %s": "passer la priorité à %s", "add the tag %s": "ajouter l'étiquette %s", "add a note": "ajouter une note",
	"immediately": "immédiatement", "within": "sous",
	"1 minute": "1 minute", "%d minutes": "%d minutes", "1 hour": "1 heure", "%d hours": "%d heures", "1 day": "1 jour", "%d days": "%d jours",
	"1 business minute": "1 minute ouvrée", "%d business minutes": "%d minutes ouvrées", "1 business hour": "1 heure ouvrée", "%d business hours": "%d heures ouvrées",

	"Initial contact": "Premier contact", "Customer wrote": "Message du client", "Action taken": "Action", "Reply": "Réponse", "Internal note": "Note interne",
	"Automatic message": "Message automatique", "Escalation triggered": "Escalade déclenchée", "Not listed here": "Non repris ici", "the customer": "le client",
	"priority": "priorité", "status": "statut", "tier": "niveau", "assignee": "responsable", "subject": "objet", "category": "catégorie", "language": "langue",
	"agreement": "contrat", "contacts": "contacts", "revenue impact": "impact financier",

	"Tier 1": "Niveau 1", "Tier 2": "Niveau 2", "Tier 3": "Niveau 3", "Tier 4": "Niveau 4",
	"Frontline Support": "Support de première ligne", "Technical/Specialist Support": "Support technique et spécialisé",
	"Senior/Engineering Support": "Support senior et ingénierie", "Management/Executive": "Direction",
	"everyday questions": "questions courantes", "technical, account and billing questions": "questions techniques, de compte et de facturation",
	"system problems, integrations and security": "incidents système, intégrations et sécurité", "cases that need a decision by our management": "dossiers qui demandent une décision de la direction",
	"Critical": "Critique", "High": "Haute", "Medium": "Moyenne", "Low": "Basse",
	"New": "Nouveau", "Open": "Ouvert", "Pending": "En attente", "On hold": "Suspendu", "Resolved": "Résolu", "Closed": "Fermé",
	"manager": "responsable", "team lead": "chef d'équipe", "account manager": "chargé de compte", "senior agent": "agent senior", "review": "relecture",
	"Issue outside agent's knowledge/authority": "Hors des connaissances ou des attributions de l'agent", "Customer requests manager": "Le client demande un responsable",
	"Policy exception needed": "Dérogation nécessaire", "Cross-department coordination required": "Coordination entre services nécessaire",
	"Potential PR/reputation risk": "Risque pour l'image ou la réputation",
}

// A language is compiled Templates.
type language struct {
	name  string
	words map[string]string

	document                          *document
	acknowledgment, message, followUp *message
}

// say returns what something is called in the language; a text with verbs is filled in.
func (l *language) say(text string, args ...any) string {
	if own, ok := l.words[text]; ok {
		text = own
	}
	if len(args) > 0 {
		return fmt.Sprintf(text, args...)
	}
	return text
}

// metric names a clock for people.
func (l *language) metric(name string) string { return l.say(strings.ReplaceAll(name, "_", " ")) }

// phrases are how the deeds that have somebody or something to them are said.
var phrases = map[string]string{
	"escalate": "escalate to %s", "de_escalate": "de-escalate to %s", "assign": "assign to %s", "notify": "notify %s", "alert": "alert %s",
	"flag": "flag for %s", "set_priority": "set the priority to %s", "add_tag": "add the tag %s",
}

// deed says what is going to be done.
func (l *language) deed(do, to string) string {
	to = l.say(to)
	switch phrase, ok := phrases[do]; {
	case ok && to != "":
		return l.say(phrase, to)
	case do == "add_note":
		return l.say("add a note")
	}
	return join(" ", l.say(strings.ReplaceAll(do, "_", " ")), to)
}

// within spells how soon: "15 minutes", "4 hours", "2 days". Where time counts in opening hours it says so, and a day is none of 24 hours: "48
// business hours".
func (l *language) within(d time.Duration, business bool) string {
	if d <= 0 {
		return ""
	}
	type unit struct {
		size time.Duration
		name string
	}
	units, kind := []unit{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}}, ""
	if business {
		units, kind = units[1:], "business "
	}
	var spelled []string
	for _, unit := range units {
		n := d / unit.size
		d -= n * unit.size
		switch {
		case n == 1:
			spelled = append(spelled, l.say("1 "+kind+unit.name))
		case n > 1:
			spelled = append(spelled, l.say("%d "+kind+unit.name+"s", int64(n)))
		default:
			continue
		}
		kind = "" // "1 business hour 30 minutes"
	}
	if len(spelled) == 0 {
		return l.say("1 " + kind + "minute")
	}
	return strings.Join(spelled, " ")
}

var verbs = regexp.MustCompile(`%[a-z%]`)

// checkWords wants words to be short, and one with verbs to be said with the same.
func checkWords(own map[string]string) []*Error {
	var errs []*Error
	for _, english := range slices.Sorted(maps.Keys(own)) {
		if said := own[english]; !utf8.ValidString(said) || strings.ContainsAny(said, "\r\n") || utf8.RuneCountInString(said) > maxName {
			errs = append(errs, &Error{Template: "words", Key: english, Message: fmt.Sprintf("the word for %q has to be one line of at most %d characters", clipped(english, maxWhat), maxName)})
		}
	}
	for _, english := range words {
		said, ok := own[english]
		if !ok {
			continue
		}
		want, got := verbs.FindAllString(english, -1), verbs.FindAllString(said, -1)
		if !slices.Equal(want, got) || strings.Count(said, "%") != strings.Count(strings.Join(got, ""), "%") {
			errs = append(errs, &Error{Template: "words", Key: english, Message: fmt.Sprintf("the word for %q has to hold %s, in that order", english, strings.Join(want, " ")),
				Hint: fmt.Sprintf("it is %q", said)})
		}
	}
	return errs
}
