package playbook

// A template is a rule in the words of a lead, in both languages. What begins with a
// dollar sign is filled in: a name, or the figure of that name.
type template struct {
	pains []string // those that switch it on; nil: it is always there
	bilingual
	// moves reports whether it moves or changes tickets: such rules can be on trial.
	moves bool
}

// templates are all rules but those for the kinds of tickets, in the order of the policy.
var templates = []template{
	{nil, bilingual{`
**SLA at risk**
IF sla.metric != "tier_response"
AND sla.used >= $warning
THEN escalate by 1
AND notify $manager
because: $%warning of the time that was promised to the customer is used up.
`, `
**SLA en danger**
IF sla.metric != "tier_response"
AND sla.used >= $warning
THEN escalate by 1
AND notify $manager
because: $%warning du temps promis au client est consommé.
`}, true},
	{nil, bilingual{`
**tier is late**
IF sla.tier_response.used >= $warning
THEN notify $lead
because: The tier has used up $%warning of its time to answer.
`, `
**niveau en retard**
IF sla.tier_response.used >= $warning
THEN notify $lead
because: Le niveau a consommé $%warning de son temps de réponse.
`}, false},
	{nil, bilingual{`
**angry or frustrated**
IF sentiment in ["angry", "frustrated"]
THEN escalate by 1
because: The customer's last message is angry or frustrated.
`, `
**colère ou frustration**
IF sentiment in ["angry", "frustrated"]
THEN escalate by 1
because: Le dernier message du client exprime la colère ou la frustration.
`}, true},
	{nil, bilingual{`
**keywords**
IF contains_keywords(["lawyer", "sue", "legal", "media", "BBB"])
THEN escalate by 1
AND flag for $queue
because: The customer used a word that calls for a second look.
`, `
**mots clés**
IF contains_keywords(["avocat*", "tribunal", "plainte*", "juridique*", "médias", "DGCCRF", "lawyer", "sue", "legal"])
THEN escalate by 1
AND flag for $queue
because: Le client a employé un mot qui demande une relecture.
`}, true},
	{nil, bilingual{`
**threat**
IF "threat" in intents
THEN escalate to $top
AND notify $manager
because: The customer announces legal, regulatory or public steps.
`, `
**menace**
IF "threat" in intents
THEN escalate to $top
AND notify $manager
because: Le client annonce des démarches juridiques, réglementaires ou publiques.
`}, true},
	{nil, bilingual{`
**repeated contact**
IF ticket.contacts >= $repeated_contacts
THEN escalate by 1
because: The customer has come back about the same issue $repeated_contacts times or more.
`, `
**contacts répétés**
IF ticket.contacts >= $repeated_contacts
THEN escalate by 1
because: Le client est revenu $repeated_contacts fois ou plus pour le même problème.
`}, true},
	{nil, bilingual{`
**VIP**
IF customer.vip OR customer.tier = "Enterprise"
THEN escalate by 1
because: The customer is a VIP or on the Enterprise plan.
`, `
**VIP**
IF customer.vip OR customer.tier = "Enterprise"
THEN escalate by 1
because: Le client est un VIP ou a la formule Enterprise.
`}, true},
	{nil, bilingual{`
**VIP complaint**
IF (customer.vip OR customer.tier = "Enterprise")
AND sentiment = "angry"
THEN escalate to $top
AND notify $manager
because: A VIP or Enterprise customer is angry.
`, `
**réclamation VIP**
IF (customer.vip OR customer.tier = "Enterprise")
AND sentiment = "angry"
THEN escalate to $top
AND notify $manager
because: Un client VIP ou Enterprise est en colère.
`}, true},
	{nil, bilingual{`
**revenue**
IF ticket.revenue_impact > {{revenue_threshold}}
THEN escalate by 1
because: More revenue is at stake than the threshold allows.
`, `
**chiffre d'affaires**
IF ticket.revenue_impact > {{revenue_threshold}}
THEN escalate by 1
because: Le chiffre d'affaires en jeu dépasse le seuil.
`}, true},
	{nil, bilingual{`
**Auto-Escalate on SLA Breach**
IF ticket.priority in ["$critical", "$high"]
AND sla.resolution.used >= $warning
AND ticket.open
THEN escalate to $second
AND notify $manager
AND add internal note
because: An urgent ticket has used up $%warning of its time to be resolved.
`, `
**Escalade avant dépassement du SLA**
IF ticket.priority in ["$critical", "$high"]
AND sla.resolution.used >= $warning
AND ticket.open
THEN escalate to $second
AND notify $manager
AND add internal note
because: Un ticket urgent a consommé $%warning de son temps de résolution.
`}, true},
	{nil, bilingual{`
**Customer Sentiment Escalation**
IF sentiment_score < $hostile_score
OR contains_keywords(["unacceptable", "terrible", "worst"])
THEN flag for $queue
AND add priority bump
AND alert $lead
per: message
because: This message is hostile.
`, `
**Escalade sur l'humeur du client**
IF sentiment_score < $hostile_score
OR contains_keywords(["inacceptable*", "scandaleu*", "honteu*", "lamentable*", "unacceptable", "terrible", "worst"])
THEN flag for $queue
AND add priority bump
AND alert $lead
per: message
because: Ce message est hostile.
`}, true},
	{nil, bilingual{`
**VIP Fast-Track**
IF $vip_or customer.tier = "Enterprise"
OR customer.ltv > {{ltv_threshold}}
THEN set priority = "$high"
AND assign to $senior
AND notify $account
because: The customer is on the fast track: by plan, by lifetime value or by name.
`, `
**Voie rapide VIP**
IF $vip_or customer.tier = "Enterprise"
OR customer.ltv > {{ltv_threshold}}
THEN set priority = "$high"
AND assign to $senior
AND notify $account
because: Le client suit la voie rapide : par sa formule, sa valeur ou son statut.
`}, true},

	{[]string{"forgotten", "uneven"}, bilingual{`
**nobody owns it**
IF ticket.open
AND ticket.assignee = ""
AND sla.first_response.used >= $unowned
THEN notify $lead
because: $%unowned of the time for a first response is used up, and nobody has taken the ticket.
`, `
**personne ne s'en charge**
IF ticket.open
AND ticket.assignee = ""
AND sla.first_response.used >= $unowned
THEN notify $lead
because: $%unowned du temps de première réponse est consommé et personne n'a pris le ticket.
`}, false},
	{[]string{"forgotten", "uneven"}, bilingual{`
**still nobody owns it**
IF ticket.open
AND ticket.assignee = ""
AND sla.first_response.used >= $still_unowned
THEN alert $manager
because: The team lead has been told, and still nobody has taken the ticket.
`, `
**toujours personne**
IF ticket.open
AND ticket.assignee = ""
AND sla.first_response.used >= $still_unowned
THEN alert $manager
because: Le chef d'équipe est prévenu, et toujours personne n'a pris le ticket.
`}, false},
	{[]string{"short"}, bilingual{`
**short promise**
IF ticket.priority in [$short]
AND sla.first_response.used >= $early_warning
THEN notify $lead
because: The time for a first response is short: a warning at $%warning would leave too little of it.
`, `
**délai court**
IF ticket.priority in [$short]
AND sla.first_response.used >= $early_warning
THEN notify $lead
because: Le délai de première réponse est court : une alerte à $%warning en laisserait trop peu.
`}, false},
	{[]string{"late"}, bilingual{`
**part of the time is gone**
IF sla.metric != "tier_response"
AND sla.used >= $halfway
THEN notify $lead
because: $%halfway of the time that was promised to the customer is used up.
`, `
**délai entamé**
IF sla.metric != "tier_response"
AND sla.used >= $halfway
THEN notify $lead
because: $%halfway du temps promis au client est consommé.
`}, false},
	{[]string{"late"}, bilingual{`
**promise broken**
IF sla.metric != "tier_response"
AND sla.breached
THEN alert $manager
AND add internal note
because: What was promised to the customer has been broken.
`, `
**engagement rompu**
IF sla.metric != "tier_response"
AND sla.breached
THEN alert $manager
AND add internal note
because: L'engagement pris envers le client n'est pas tenu.
`}, false},
	{[]string{"angry"}, bilingual{`
**going public**
IF contains_keywords(["press", "journalist*", "twitter", "facebook", "review*", "regulator*", "ombudsman"])
THEN flag for $queue
AND notify $manager
per: message
because: The customer speaks of the public or of an authority.
`, `
**risque public**
IF contains_keywords(["presse", "journaliste*", "twitter", "facebook", "avis", "médiateur", "répression des fraudes"])
THEN flag for $queue
AND notify $manager
per: message
because: Le client parle du public ou d'une autorité.
`}, false},
	{[]string{"angry"}, bilingual{`
**angry customer waits**
IF sentiment in ["angry", "threatening"]
AND ticket.waiting >= $angry_waiting_hours
THEN alert $lead
every: $waiting_again_hours
because: An angry customer waits for word from us.
`, `
**un client en colère attend**
IF sentiment in ["angry", "threatening"]
AND ticket.waiting >= $angry_waiting_hours
THEN alert $lead
every: $waiting_again_hours
because: Un client en colère attend de nos nouvelles.
`}, false},
	{[]string{"vip"}, bilingual{`
**VIP waits**
IF (customer.vip OR customer.tier = "Enterprise")
AND ticket.waiting >= $vip_waiting_hours
THEN notify $account
every: $waiting_again_hours
because: A VIP or Enterprise customer waits for word from us.
`, `
**un VIP attend**
IF (customer.vip OR customer.tier = "Enterprise")
AND ticket.waiting >= $vip_waiting_hours
THEN notify $account
every: $waiting_again_hours
because: Un client VIP ou Enterprise attend de nos nouvelles.
`}, false},
	{[]string{"waiting"}, bilingual{`
**supplier keeps us waiting**
IF ticket.status = "$supplier"
AND ticket.idle >= $supplier_hours
THEN notify $lead
because: The supplier has not moved for too long.
`, `
**le fournisseur se fait attendre**
IF ticket.status = "$supplier"
AND ticket.idle >= $supplier_hours
THEN notify $lead
because: Le fournisseur ne bouge pas depuis trop longtemps.
`}, false},
	{[]string{"engineering"}, bilingual{`
**engineering update**
IF ticket.open
AND ticket.tier = "$engineering"
AND ticket.idle >= $update_hours
THEN notify $owner
AND add internal note
every: $update_hours
because: The customer is owed an update on where engineering stands.
`, `
**nouvelles de l'ingénierie**
IF ticket.open
AND ticket.tier = "$engineering"
AND ticket.idle >= $update_hours
THEN notify $owner
AND add internal note
every: $update_hours
because: Le client doit savoir où en est l'ingénierie.
`}, false},
	{[]string{"engineering"}, bilingual{`
**engineering runs late**
IF ticket.tier = "$engineering"
AND sla.tier_response.used >= $owner_told
THEN notify $owner
because: $%owner_told of engineering's time to answer is used up.
`, `
**ingénierie en retard**
IF ticket.tier = "$engineering"
AND sla.tier_response.used >= $owner_told
THEN notify $owner
because: $%owner_told du temps de réponse de l'ingénierie est consommé.
`}, false},

	{nil, bilingual{`
**nobody left behind**
IF ticket.open
AND (ticket.idle >= $idle_paused_hours OR (ticket.idle >= $idle_hours OR ticket.waiting >= $idle_hours) AND ticket.status not in [$paused])
THEN alert $lead
every: $idle_again_hours
because: Nobody has moved this ticket for too long.
`, `
**personne n'est oublié**
IF ticket.open
AND (ticket.idle >= $idle_paused_hours OR (ticket.idle >= $idle_hours OR ticket.waiting >= $idle_hours) AND ticket.status not in [$paused])
THEN alert $lead
every: $idle_again_hours
because: Personne n'a fait avancer ce ticket depuis trop longtemps.
`}, false},
}

// entryRule is the rule for an issue that enters above the first tier.
var entryRule = bilingual{`
**entry tier of $name**
IF ticket.category = $category
THEN escalate to $tier$urgent
because: Tickets of this category are for $tier.
`, `
**niveau d'entrée de $name**
IF ticket.category = $category
THEN escalate to $tier$urgent
because: Les tickets de cette catégorie relèvent de : $tier.
`}

// urgent is what more it does for a kind that is critical.
const urgent = `
AND set priority = "$critical"
AND notify $manager`
