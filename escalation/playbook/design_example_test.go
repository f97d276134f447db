package playbook_test

import (
	"fmt"
	"log"

	"github.com/escalade-go/escalade/escalation/playbook"
)

// Five questions are answered; one figure is not to the team's liking.
func ExampleDesign() {
	doc, err := playbook.Design(playbook.Profile{
		Company: "Acme Bikes", Supports: "An online shop for bicycles",
		Volume: 1200, Agents: 8, Structure: "3 tiers",
		Issues:  []string{"Order status", "Checkout outage"},
		Pains:   []string{"Tickets are forgotten", "Our wiki is a mess"},
		Figures: map[string]float64{"unowned": 0.2},
	})
	if err != nil {
		log.Fatal(err) // all that is wrong with the figures
	}
	fmt.Println(doc.Notes[0].Text)
	fmt.Println()
	for _, r := range doc.Policy.Rules {
		if r.Name == "nobody owns it" || r.Name == "entry tier of Checkout outage" {
			fmt.Println(r)
		}
	}
	for _, u := range doc.Unused {
		fmt.Printf("%q: %s\n", u.Text, u.Why)
	}
	// Output:
	// > 3 tiers: 8 agents and 1,200 tickets a month. The manager is a contact and no tier.
	// > Expected tickets a month: Tier 1 1,200, Tier 2 300, Tier 3 60.
	//
	// **nobody owns it**
	// IF ticket.open
	// AND ticket.assignee = ""
	// AND sla.first_response.used >= 0.2
	// THEN notify team lead
	// because: 20 % of the time for a first response is used up, and nobody has taken the ticket.
	//
	// **entry tier of Checkout outage**
	// IF ticket.category = "Checkout outage"
	// THEN escalate to Tier 3
	// AND set priority = "Critical"
	// AND notify manager
	// because: Tickets of this category are for Tier 3.
	//
	// "Our wiki is a mess": no measure is known for this pain
}
