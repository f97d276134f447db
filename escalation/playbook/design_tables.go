package playbook

import "github.com/escalade-go/escalade/sla"

// A role is what a tier is for.
type role int

const (
	frontline role = iota
	specialist
	engineering
	management
)

// A duty is what a tier of a role does, and what it wants to know.
type duty struct {
	title     bilingual
	handles   []bilingual
	expertise bilingual
	response  string    // the figure
	share     string    // the figure of its part of a resolution that is too short
	text      bilingual // of what is demanded
	parts     []string
}

var dutyTable = map[role]duty{
	frontline: {
		title: bilingual{"Frontline Support", "Support de première ligne"},
		handles: []bilingual{
			{"Common issues and FAQs", "Questions courantes et FAQ"},
			{"Password resets, basic troubleshooting", "Mots de passe, premiers dépannages"},
			{"Standard refunds and exchanges", "Remboursements et échanges courants"},
		},
		expertise: bilingual{"everyday questions", "les questions courantes"},
		response:  "frontline_response_hours", share: "frontline_time_share",
	},
	specialist: {
		title: bilingual{"Technical/Specialist Support", "Support technique et spécialisé"},
		handles: []bilingual{
			{"Complex technical issues", "Problèmes techniques complexes"},
			{"Account-level problems", "Problèmes de compte"},
			{"Billing disputes", "Litiges de facturation"},
		},
		expertise: bilingual{"technical, account and billing questions", "les questions techniques, de compte et de facturation"},
		response:  "specialist_response_hours", share: "specialist_time_share",
		text: bilingual{"Documentation of the tier before", "Dossier du niveau précédent"}, parts: []string{"summary", "tried"},
	},
	engineering: {
		title: bilingual{"Senior/Engineering Support", "Support senior et ingénierie"},
		handles: []bilingual{
			{"System bugs, infrastructure issues", "Bogues, problèmes d'infrastructure"},
			{"Complex integrations", "Intégrations complexes"},
			{"Security incidents", "Incidents de sécurité"},
		},
		expertise: bilingual{"system problems, integrations and security", "les problèmes système, les intégrations et la sécurité"},
		response:  "engineering_response_hours", share: "engineering_time_share",
		text: bilingual{"Full case history", "Historique complet du dossier"}, parts: []string{"summary", "timeline", "tried", "expectation"},
	},
	management: {
		title: bilingual{"Management/Executive", "Direction"},
		handles: []bilingual{
			{"Legal threats, regulatory issues", "Menaces juridiques, questions réglementaires"},
			{"VIP customer complaints", "Réclamations de clients VIP"},
			{"Social media crises", "Crises sur les réseaux sociaux"},
		},
		expertise: bilingual{"cases that need a decision by our management", "les cas qui demandent une décision de notre direction"},
		text:      bilingual{"Direct stakeholder involvement", "Implication directe des décideurs"}, parts: []string{"summary", "person"},
	},
}

// managers are names of tiers that are no working tiers.
var managers = []string{"management", "manager*", "executive*", "founder*", "ceo", "cto", "director*", "direction", "dirigeant*", "responsable*"}

// rowTable holds the priorities, with the figures of their targets.
var rowTable = []struct {
	name, description bilingual
	figure            string
}{
	{bilingual{"Critical", "Critique"}, bilingual{"System down, security breach", "Système en panne, faille de sécurité"}, "critical"},
	{bilingual{"High", "Haute"}, bilingual{"Major feature broken, billing error", "Fonction majeure en panne, erreur de facturation"}, "high"},
	{bilingual{"Medium", "Moyenne"}, bilingual{"Feature issue, account question", "Problème de fonction, question de compte"}, "medium"},
	{bilingual{"Low", "Basse"}, bilingual{"Feature request, general inquiry", "Demande d'évolution, question générale"}, "low"},
}

var statusTable = []struct {
	name     bilingual
	category sla.Category
	key      string // under which texts call it
	forPain  string // empty: in every document
}{
	{bilingual{"New", "Nouveau"}, sla.New, "", ""},
	{bilingual{"Open", "Ouvert"}, sla.Open, "", ""},
	{bilingual{"Pending", "En attente"}, sla.Pending, "$pending", ""},
	{bilingual{"On hold", "Suspendu"}, sla.OnHold, "$hold", ""},
	{bilingual{"Waiting for supplier", "En attente du fournisseur"}, sla.OnHold, "$supplier", "waiting"},
	{bilingual{"Resolved", "Résolu"}, sla.Solved, "", ""},
	{bilingual{"Closed", "Fermé"}, sla.Closed, "", ""},
}

// peopleTable holds the recipients, under the names by which the rules below call them.
var peopleTable = []struct {
	key     string
	name    bilingual
	forPain string
}{
	{"$manager", bilingual{"manager", "responsable"}, ""},
	{"$lead", bilingual{"team lead", "chef d'équipe"}, ""},
	{"$account", bilingual{"account manager", "chargé de compte"}, ""},
	{"$senior", bilingual{"senior agent", "agent senior"}, ""},
	{"$owner", bilingual{"product owner", "responsable produit"}, "engineering"},
}

var reviewQueue = bilingual{"review", "relecture"}

var reasonTable = []struct {
	code  string
	label bilingual
}{
	{"outside_authority", bilingual{"Issue outside agent's knowledge/authority", "Problème hors des connaissances ou des droits de l'agent"}},
	{"manager_requested", bilingual{"Customer requests manager", "Le client demande un responsable"}},
	{"policy_exception", bilingual{"Policy exception needed", "Exception à la règle nécessaire"}},
	{"cross_department", bilingual{"Cross-department coordination required", "Coordination entre services nécessaire"}},
	{"reputation_risk", bilingual{"Potential PR/reputation risk", "Risque pour la réputation"}},
}

// A kind is a kind of tickets: where they enter, and how urgent they are. The first one
// that an answer names counts, so the most serious stand first.
type kind struct {
	what     bilingual
	phrases  []string
	enters   role
	critical bool // priority Critical, and the manager is told
	// sensitive ones want a management tier, whatever the size of the team.
	sensitive bool
}

var kindTable = []kind{
	{
		bilingual{"legal, regulator, press", "juridique, autorités, presse"},
		[]string{"legal*", "lawyer*", "lawsuit*", "gdpr", "privacy", "regulat*", "complian*", "press", "media", "social media", "juridique*", "avocat*", "rgpd", "reglement*", "conformite", "presse", "reseaux sociaux"},
		management, false, true,
	},
	{
		bilingual{"security, abuse", "sécurité, abus"},
		[]string{"security", "breach*", "hack*", "phish*", "abuse*", "vulnerab*", "fraud*", "intrusion*", "securite", "faille*", "pirat*", "hameconn*", "abus*", "fraude*"},
		engineering, true, true,
	},
	{
		bilingual{"outage, data loss", "panne, perte de données"},
		[]string{"outage*", "down", "downtime", "data loss", "lost data", "unavailab*", "panne*", "indisponib*", "hors service", "perte* de donnees", "donnees perdues"},
		engineering, true, false,
	},
	{
		bilingual{"health", "santé"},
		[]string{"health*", "medical*", "patient*", "sante", "medica*"},
		specialist, false, true,
	},
	{
		bilingual{"payments", "paiements"},
		[]string{"payment*", "chargeback*", "payout*", "paiement*", "virement*", "carte* bancaire*"},
		specialist, false, true,
	},
	{
		bilingual{"password, login, how-to", "mot de passe, connexion, mode d'emploi"},
		[]string{"password*", "login*", "log in", "sign in", "how to", "howto", "how do", "faq*", "mot de passe", "mots de passe", "connexion*", "mode d emploi", "comment faire"},
		frontline, false, false,
	},
	{
		bilingual{"billing, account, plan, data correction", "facturation, compte, abonnement, correction de données"},
		[]string{"billing", "invoic*", "dispute*", "account*", "plan", "plans", "subscription*", "upgrade*", "data correction*", "charged*", "factur*", "litige*", "compte*", "abonnement*", "correction*"},
		specialist, false, false,
	},
	{
		bilingual{"API, integration, performance, bug", "API, intégration, performances, bogue"},
		[]string{"api", "apis", "integrat*", "webhook*", "sync*", "performan*", "slow", "slowness", "bug*", "crash*", "error*", "latency", "lent", "lenteur*", "bogue*", "erreur*", "plant*", "infrastructure"},
		engineering, false, false,
	},
	{
		bilingual{"order, delivery, refund, question", "commande, livraison, remboursement, question"},
		[]string{"order*", "shipping", "shipment*", "deliver*", "refund*", "return*", "exchange*", "question*", "inquir*", "commande*", "livraison*", "retour*", "echange*", "rembours*"},
		frontline, false, false,
	},
}

// important are words for customers of whom management must hear.
var important = []string{"vip*", "enterprise customer*", "enterprise client*", "enterprise plan*", "clients enterprise", "key account*", "grand* compte*", "compte* cle*"}

// A pain is something that goes wrong with escalations. Its key switches on the rules
// that name it, and the settings of the designer's `settle`. An answer may name several.
type pain struct {
	key     string
	phrases []string
	setting bilingual // what is set, but for rules; empty: nothing
	outside bilingual // what no policy can say; empty: nothing
}

var painTable = []pain{
	{
		"forgotten",
		[]string{"forgot*", "forget*", "lost ticket*", "tickets lost", "get lost", "gets lost", "nobody own*", "no one own*", "no owner*", "unassigned", "unowned", "fall through", "falls through", "slip through", "left behind", "nobody answer*", "oubli*", "personne ne s en", "personne ne repond", "sans responsable", "sans proprietaire", "non assigne*", "non attribue*", "se perdent", "perdu*", "orphelin*", "trainent", "abandonne*", "laisse* de cote"},
		bilingual{}, bilingual{},
	},
	{
		"late",
		[]string{"breach*", "too late", "miss* sla*", "missed", "sla* miss*", "overdue", "late", "deadline*", "trop tard", "depass*", "en retard", "retard*", "echeance*", "non respect*", "delais"},
		bilingual{"warnings at $%halfway, $%warning and 100 %", "alertes à $%halfway, $%warning et 100 %"},
		bilingual{"The helpdesk must ask again at the instant that each decision names (next_check), or it will be late itself.", "Le helpdesk doit réinterroger le moteur à l'instant que chaque décision indique (next_check), sinon c'est lui qui sera en retard."},
	},
	{
		"needless",
		[]string{"too many escalation*", "needless*", "unnecessar*", "over escalat*", "overescalat*", "escalate everything", "everything is escalated", "overload*", "swamp*", "trop d escalade*", "trop de tickets escalade*", "escalades inutile*", "inutile*", "tout est escalade", "surcharg*", "deborde*", "submerge*"},
		bilingual{"the tiers above the first demand a summary, what was tried and next steps; every reason for escalating by hand requires what was tried", "les niveaux au-dessus du premier exigent un résumé, ce qui a été tenté et la suite proposée ; toute escalade manuelle exige ce qui a été tenté"},
		bilingual{"Look each week at the ten categories that are escalated most and write the articles that are missing. A limit per agent and day cannot be said in rules.", "Regardez chaque semaine les dix catégories les plus escaladées et écrivez les articles qui manquent. Une limite par agent et par jour ne s'écrit pas en règles."},
	},
	{
		"context",
		[]string{"context*", "repeat*", "explain again", "history", "handoff*", "hand off*", "handover*", "contexte*", "repet*", "reexpliqu*", "re expliqu*", "historique", "passation*", "transmission*"},
		bilingual{"the tiers above the first demand a summary, the timeline, what was tried, what the customer expects and next steps", "les niveaux au-dessus du premier exigent un résumé, la chronologie, ce qui a été tenté, l'attente du client et la suite proposée"},
		bilingual{"That whoever takes over confirms it, and that the first owner stays in touch with the customer, is up to the helpdesk.", "Que celui qui reprend le confirme, et que le premier responsable reste en contact avec le client, relève du helpdesk."},
	},
	{
		"ping_pong",
		[]string{"ping pong", "pingpong", "back and forth", "bounc*", "passed around", "pass around", "va et vient", "allers retours", "aller retour", "renvoi*", "renvoy*", "se renvoient", "balad*", "rebond*"},
		bilingual{},
		bilingual{"Rules cannot count how often a ticket went back and forth. Keep that figure in a field of the helpdesk, declare it under fields, and add a rule on more than $most_moves moves; let a hand-back need a reason.", "Les règles ne savent pas compter les allers-retours. Tenez ce compte dans un champ du helpdesk, déclarez ce champ et ajoutez une règle au-delà de $most_moves allers-retours ; demandez un motif pour chaque renvoi."},
	},
	{
		"angry",
		[]string{"angry", "anger", "furious", "upset", "social media", "twitter", "lawyer*", "legal threat*", "threat*", "bad review*", "reputation", "mecontent*", "colere", "furieux", "reseaux sociaux", "avocat*", "menace*", "avis negatif*", "mauvais avis"},
		bilingual{},
		bilingual{"Whether a threat is one is for a person to confirm, in the review queue.", "Qu'une menace en soit une, c'est à une personne de le confirmer, dans la file de relecture."},
	},
	{
		"vip",
		[]string{"vip*", "enterprise customer*", "enterprise client*", "enterprise plan*", "clients enterprise", "key account*", "important customer*", "big customer*", "churn*", "grand* compte*", "compte* cle*", "client* important*", "client* strategique*"},
		bilingual{"VIPs are on the fast track whatever their plan", "les VIP suivent la voie rapide quelle que soit leur formule"},
		bilingual{"If VIPs are promised other hours or targets, add an agreement for them.", "Si les VIP ont d'autres horaires ou d'autres délais, ajoutez-leur un accord."},
	},
	{
		"night",
		[]string{"night*", "paged", "pager*", "wake*", "woken", "weekend*", "alert fatigue", "nuit*", "reveill*", "week end*", "fatigue*"},
		bilingual{"quiet hours from $quiet_from to $quiet_to; $critical may bypass them", "heures calmes de $quiet_from à $quiet_to ; la priorité $critical passe outre"},
		bilingual{"Send what has waited as one message in the morning (Engine.Digests).", "Envoyez au matin, en un seul message, ce qui a attendu (Engine.Digests)."},
	},
	{
		"flood",
		[]string{"outage*", "flood*", "storm*", "incident*", "spike*", "panne*", "afflux", "avalanche*", "incident*", "pic", "pics", "vague*"},
		bilingual{},
		bilingual{"During a breakdown send one message to each recipient (Engine.Digests), keep one parent incident, and tell all customers at once: that is up to the helpdesk.", "Pendant une panne, envoyez un seul message à chaque destinataire (Engine.Digests), tenez un incident parent et prévenez tous les clients à la fois : cela relève du helpdesk."},
	},
	{
		"waiting",
		[]string{"waiting on customer*", "waiting for customer*", "waiting on the customer", "waiting for the customer", "customer does not answer", "vendor*", "supplier*", "third part*", "clock* run*", "attente client*", "attente du client", "attend* le client", "client ne repond pas", "fournisseur*", "prestataire*"},
		bilingual{"$pending, $hold and $supplier pause the resolution clock", "$pending, $hold et $supplier suspendent le délai de résolution"},
		bilingual{},
	},
	{
		"reopen",
		[]string{"reopen*", "re open*", "not really solved", "not really resolved", "come back", "comes back", "closed too early", "not fixed", "rouv*", "rouvr*", "reouv*", "re ouv*", "pas vraiment resolu*", "revien*", "ferme* trop tot"},
		bilingual{"a reopened ticket begins a new cycle with the whole target (on_reopen: new_cycle)", "un ticket rouvert recommence avec le délai entier (on_reopen: new_cycle)"},
		bilingual{"Give it back to the tier that solved it last, and do not count it as solved at first contact.", "Rendez-le au niveau qui l'a résolu en dernier, et ne le comptez pas comme résolu au premier contact."},
	},
	{
		"uneven",
		[]string{"uneven*", "unfair*", "workload*", "absent*", "absence*", "vacation*", "on leave", "cherry pick*", "inegal*", "repartition", "mal reparti*", "absent*", "absence*", "conge*"},
		bilingual{},
		bilingual{"Who is there and who has least to do is known to the helpdesk: let it assign, and let senior agents be a pool.", "Qui est présent et qui a le moins à faire, le helpdesk le sait : laissez-le attribuer, et faites des agents seniors un groupe."},
	},
	{
		"engineering",
		[]string{"engineering", "engineer*", "developer*", "devs", "dev team", "developpeu*", "ingenieu*", "ingenierie", "equipe technique"},
		bilingual{}, bilingual{},
	},
	{
		"trust",
		[]string{"trust*", "black box", "see why", "know why", "understand why", "opaque*", "transparen*", "confiance", "boite noire", "comprend* pas", "comprend* pourquoi", "sait pas pourquoi"},
		bilingual{"rules that move or change tickets are on trial (mode: observe): they are listed and do nothing", "les règles qui déplacent ou modifient un ticket sont à l'essai (mode: observe) : elles sont listées et ne font rien"},
		bilingual{"After $trial_weeks weeks compare what was observed with what people did, and take out the mode.", "Après $trial_weeks semaines, comparez ce qui a été observé avec ce que les gens ont fait, puis retirez le mode."},
	},
}
