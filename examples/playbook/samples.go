package main

import (
	"time"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/escalation/playbook"
)

// samples are one team in two languages.
var samples = map[string]sample{
	"en": {
		profile: playbook.Profile{
			Company: "Acme Bikes", Supports: "An online shop for bicycles and their parts",
			Volume: 1200, Agents: 8, Structure: "3 tiers",
			Issues: []string{"Order status", "Returns", "Billing disputes", "Shop API", "Checkout outage"},
			Pains: []string{
				"Tickets are forgotten", "We notice breaches too late", "Angry customers wait", "Agents are paged at night", "Our wiki is a mess",
			},
		},
		ticket: escalation.Ticket{
			ID: "4711", Subject: "Charged twice", Category: "Billing disputes", Priority: "Medium", Status: "New",
			CreatedAt: monday, Customer: escalation.Customer{ID: "c-17", Name: "Maria Silva"},
		},
		events: []event{
			writes("m1", "customer", 0, "I was charged twice for my order."),
			writes("m2", "customer", 100*time.Minute, "This is unacceptable. I am furious, where is my money?"),
			changes(150*time.Minute, "Jo takes the ticket", "assignee", "Jo"),
			writes("m3", "agent", 200*time.Minute, "I am sorry. The second charge is on its way back to you."),
			writes("m4", "customer", 13*time.Hour+30*time.Minute, "Still nothing on my account. What is going on?"),
			changes(25*time.Hour, "Jo resolves the ticket", "status", "Resolved"),
		},
		says: phrases{
			life:      "A ticket under this policy: what happens, and what is decided, why, at the instant at which it is due.",
			delivered: "told",
			nothing:   "From here on nothing is due until the ticket changes.",
			days:      [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		},
	},
	"fr": {
		profile: playbook.Profile{
			Company: "Vélos Acme", Supports: "Une boutique en ligne de vélos et de pièces", Language: "fr",
			Volume: 1200, Agents: 8, Structure: "3 niveaux",
			Issues: []string{"Suivi de commande", "Retours", "Litiges de facturation", "API de la boutique", "Panne du paiement en ligne"},
			Pains: []string{
				"Des tickets sont oubliés", "On voit les dépassements trop tard", "Les clients en colère attendent", "On est réveillé la nuit", "Notre wiki est en désordre",
			},
		},
		ticket: escalation.Ticket{
			ID: "4711", Subject: "Débitée deux fois", Category: "Litiges de facturation", Priority: "Moyenne", Status: "Nouveau", Language: "fr",
			CreatedAt: monday, Customer: escalation.Customer{ID: "c-17", Name: "Maria Silva"},
		},
		events: []event{
			writes("m1", "customer", 0, "J'ai été débitée deux fois pour ma commande."),
			writes("m2", "customer", 100*time.Minute, "C'est inacceptable. Où est mon argent ? J'en parle à mon avocat."),
			changes(150*time.Minute, "Jo prend le ticket", "assignee", "Jo"),
			writes("m3", "agent", 200*time.Minute, "Je suis désolé. Le second débit vous est remboursé."),
			writes("m4", "customer", 13*time.Hour+30*time.Minute, "Toujours rien sur mon compte. Que se passe-t-il ?"),
			changes(25*time.Hour, "Jo résout le ticket", "status", "Résolu"),
		},
		says: phrases{
			life:      "Un ticket sous cette politique : ce qui arrive, et ce qui est décidé, pourquoi, à l'instant où c'est dû.",
			delivered: "remis",
			nothing:   "À partir d'ici, rien n'est dû tant que le ticket ne change pas.",
			days:      [7]string{"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."},
		},
	},
}
