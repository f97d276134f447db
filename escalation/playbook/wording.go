package playbook

import "github.com/escalade-go/escalade/sla"

// wording is what a document is written in. What is read is in words.go.
type wording struct {
	title                                                      string
	colon, group                                               string // with the blanks around it; between thousands
	profile, tiers, matrix, rules, automatic, manual           string // headings
	parameters, statuses, recipients, queues, calendars, quiet string
	templates, messages, automation, checklist, settings       string
	acknowledgment, message, followUp                          string
	code                                                       string // of the language

	company, supports, volume, perMonth, agents, structure, issues, pains, revenue, ltv string
	response, goal, ofTickets, demands, expertise, calendar                             string
	priorityColumns                                                                     [6]string // priority, description, first, next, resolution, calendar
	parameter, value, status, means, recipient, description                             string
	zone, holidays, union, byDefault, bypass, to, closed, everyDay                      string
	days                                                                                [7]string
	immediate, hour, hours, day, days2                                                  string
	requires, none, inSettings                                                          string
	categories                                                                          map[sla.Category]string
	parts                                                                               map[string]string // of the handoff document, where they are said otherwise

	aboutSettings, aboutRules, aboutChecks, aboutRecords, aboutSound string
	checks                                                           checks
}

// checks are the lines of the checklist.
type checks struct{ tiers, targets, rules, findings, templates, train, metrics string }

var english = &wording{
	code: "en", acknowledgment: "Escalation Acknowledgment (to Customer)", message: "Internal Handoff Message", followUp: "Resolution Follow-Up",
	title: "Escalation Workflow Design", colon: ": ", group: ",",
	profile: "Organization Profile", tiers: "Recommended Tier Structure", matrix: "SLA Matrix", rules: "Escalation Rules", automatic: "Automatic", manual: "Manual",
	parameters: "Parameters", statuses: "Statuses", recipients: "Recipients", queues: "Queues", calendars: "Calendars", quiet: "Quiet Hours",
	templates: "Documentation Templates", messages: "Communication Templates", automation: "Automation Recommendations", checklist: "Implementation Checklist", settings: "Settings",
	company: "Company", supports: "Supports", volume: "Support Volume", perMonth: "/month", agents: "Agents", structure: "Current Tiers", issues: "Common Issues", pains: "Pain Points",
	revenue: "Revenue Threshold", ltv: "LTV Threshold",
	response: "Response time", goal: "Resolution target", ofTickets: " of tickets", demands: "Requires", expertise: "Expertise", calendar: "Calendar",
	priorityColumns: [6]string{"Priority", "Description", "First Response", "Next Response", "Resolution Target", "Calendar"},
	parameter:       "Parameter", value: "Value", status: "Status", means: "Meaning", recipient: "Recipient", description: "Description",
	zone: "Time zone", holidays: "Holidays", union: "Open when any is", byDefault: "Time counts by", bypass: "Worth waking somebody for", to: " to ", closed: "closed", everyDay: "Every day",
	days:      [7]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
	immediate: "Immediate", hour: "hour", hours: "hours", day: "day", days2: "days",
	requires: "requires", none: "None", inSettings: "They stand in the settings below.",
	categories: map[sla.Category]string{sla.New: "new", sla.Open: "open", sla.Pending: "pending", sla.OnHold: "on hold", sla.Solved: "solved", sla.Closed: "closed"},

	aboutSettings: "What the sections above have no words for, in the keys of a policy file.",
	aboutRules:    "%d rules look at each ticket whenever something happens to it and at the instant at which time turns one of them; %d of them stand by for time alone. No cron job is needed: the engine says when to ask next.",
	aboutChecks:   "The engine has checked this document and would say:",
	aboutRecords:  "The helpdesk keeps two columns beside each ticket (the ledger and the next check), carries each action out once per key, and records what it changes.",
	aboutSound:    "The engine has checked this document and has nothing to say about it.",
	checks: checks{
		tiers: "Define tier responsibilities", targets: "Set SLA targets", rules: "Configure automation rules", findings: "Look at what the engine would say (see above)",
		templates: "Create documentation templates", train: "Train support team", metrics: "Set up metrics tracking",
	},
}

var french = &wording{
	code: "fr", acknowledgment: "Accusé de réception (au client)", message: "Message interne de passation", followUp: "Suivi après résolution",
	title: "Conception du workflow d'escalade", colon: " : ", group: "\u00a0",
	profile: "Profil de l'organisation", tiers: "Structure de niveaux recommandée", matrix: "Matrice SLA", rules: "Règles d'escalade", automatic: "Automatiques", manual: "Manuelles",
	parameters: "Paramètres", statuses: "Statuts", recipients: "Destinataires", queues: "Files d'attente", calendars: "Calendriers", quiet: "Heures calmes",
	templates: "Modèles de documentation", messages: "Modèles de communication", automation: "Recommandations d'automatisation", checklist: "Liste de mise en œuvre", settings: "Réglages",
	company: "Entreprise", supports: "Prend en charge", volume: "Volume de tickets", perMonth: " par mois", agents: "Agents", structure: "Niveaux actuels", issues: "Sujets fréquents", pains: "Difficultés",
	revenue: "Seuil de revenu", ltv: "Seuil de valeur client",
	response: "Temps de réponse", goal: "Objectif de résolution", ofTickets: " des tickets", demands: "Exige", expertise: "Expertise", calendar: "Calendrier",
	priorityColumns: [6]string{"Priorité", "Description", "Première réponse", "Réponse suivante", "Objectif de résolution", "Calendrier"},
	parameter:       "Paramètre", value: "Valeur", status: "Statut", means: "Sens", recipient: "Destinataire", description: "Description",
	zone: "Fuseau horaire", holidays: "Jours fériés", union: "Ouvert quand l'un est ouvert", byDefault: "Le temps compte selon", bypass: "Assez urgent pour réveiller", to: " à ", closed: "fermé", everyDay: "Tous les jours",
	days:      [7]string{"Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"},
	immediate: "Immédiat", hour: "heure", hours: "heures", day: "jour", days2: "jours",
	requires: "exige", none: "Aucune", inSettings: "Voir les réglages plus bas.",
	categories: map[sla.Category]string{sla.New: "nouveau", sla.Open: "ouvert", sla.Pending: "en attente", sla.OnHold: "suspendu", sla.Solved: "résolu", sla.Closed: "clos"},
	parts: map[string]string{
		"summary": "résumé", "timeline": "chronologie", "tried": "essais", "sentiment": "humeur", "expectation": "attente", "next_steps": "prochaines étapes", "person": "interlocuteur",
	},

	aboutSettings: "Ce que les sections ci-dessus ne savent pas dire, avec les clés d'un fichier de politique.",
	aboutRules:    "%d règles regardent chaque ticket quand il lui arrive quelque chose et à l'instant où le temps en fait basculer une ; %d d'entre elles n'attendent que le temps. Aucun cron : le moteur dit quand le rappeler.",
	aboutChecks:   "Le moteur a vérifié ce document et dirait (en anglais) :",
	aboutRecords:  "Le helpdesk garde deux colonnes par ticket (le registre et la prochaine échéance), exécute chaque action une fois par clé, et note ce qu'il change.",
	aboutSound:    "Le moteur a vérifié ce document et n'a rien à en dire.",
	checks: checks{
		tiers: "Définir les responsabilités des niveaux", targets: "Fixer les objectifs SLA", rules: "Configurer les règles d'automatisation", findings: "Examiner ce que dirait le moteur (voir plus haut)",
		templates: "Créer les modèles de documentation", train: "Former l'équipe support", metrics: "Mettre en place le suivi des indicateurs",
	},
}

func wordingOf(language string) *wording {
	if language == "fr" {
		return french
	}
	return english
}
