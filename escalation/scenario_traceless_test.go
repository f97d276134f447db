package escalation_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
)

// What no history tells of (a customer's plan, tags, a field) counts from the call that
// sees it, for the rules that read it.
func TestScenarioTraceless(t *testing.T) {
	e := with(
		rule("VIP", `customer.vip`, `notify("manager")`),
		rule("late VIP", `customer.vip and sla.first_response.used >= 0.5`, `alert("team lead")`),
		rule("old", `ticket.age >= 90m`, `notify("team lead")`),
	)
	vip := func(k *escalation.Ticket) { k.Customer.VIP = true }
	t.Run("a new value is due at the call that sees it, all else when it was", func(t *testing.T) {
		s := tell(t, e)
		s.ask("Mon 09:30").doesNothing()
		s.given(vip)
		s.ask("Mon 12:00").does("Mon 10:30 notify team lead: old", "Mon 12:00 notify manager: VIP", "Mon 12:00 alert team lead: late VIP")
		s.ask("Mon 13:00").doesNothing()
	})
	t.Run("at the first call it has held since the creation", func(t *testing.T) {
		tell(t, e).given(vip).ask("Mon 12:00").
			does("Mon 09:00 notify manager: VIP", "Mon 10:30 notify team lead: old", "Mon 11:00 alert team lead: late VIP")
	})
	t.Run("what has fallen in between is seen to have fallen", func(t *testing.T) {
		s := tell(t, e).given(vip)
		s.ask("Mon 09:30").does("Mon 09:00 notify manager: VIP")
		s.given(func(k *escalation.Ticket) { k.Customer.VIP = false }).ask("Mon 10:00").doesNothing()
		s.given(vip).ask("Mon 10:20").does("Mon 10:20 notify manager: VIP")
	})
	t.Run("each of them is watched, fields of the host's own as well", func(t *testing.T) {
		p := escalation.Standard()
		p.Fields = map[string]escalation.Field{"plan": {Type: "text"}, "seats": {Type: "number"}, "beta": {Type: "boolean"}, "regions": {Type: "list"}, strings.Repeat("long", 30): {Type: "number"}}
		set := func(name string, v any) func(*escalation.Ticket) {
			return func(k *escalation.Ticket) { k.Fields = map[string]any{name: v} }
		}
		three := 3
		for condition, change := range map[string]func(*escalation.Ticket){
			`customer.id == "x"`:                                   func(k *escalation.Ticket) { k.Customer.ID = "x" },
			`customer.name == "x"`:                                 func(k *escalation.Ticket) { k.Customer.Name = "x" },
			`customer.tier == "Gold"`:                              func(k *escalation.Ticket) { k.Customer.Tier = "gold" },
			`customer.ltv > 5`:                                     func(k *escalation.Ticket) { k.Customer.LTV = figure(7) },
			`"x" in ticket.tags`:                                   func(k *escalation.Ticket) { k.Tags = []string{"x"} },
			`ticket.contacts == 3`:                                 func(k *escalation.Ticket) { k.Contacts = &three },
			`ticket.revenue_impact > 5`:                            func(k *escalation.Ticket) { k.RevenueImpact = figure(7) },
			`ticket.priority == "Low"`:                             func(k *escalation.Ticket) { k.Priority = "Low" },
			`ticket.tier == "Tier 2"`:                              func(k *escalation.Ticket) { k.Tier = "Tier 2" },
			`ticket.assignee == "ben"`:                             func(k *escalation.Ticket) { k.Assignee = "ben" },
			`ticket.subject == "x"`:                                func(k *escalation.Ticket) { k.Subject = "x" },
			`ticket.category == "x"`:                               func(k *escalation.Ticket) { k.Category = "x" },
			`ticket.language == "fr"`:                              func(k *escalation.Ticket) { k.Language = "fr" },
			`ticket.status == "Open"`:                              func(k *escalation.Ticket) { k.Status = "Open" },
			`ticket.fields.plan == "x"`:                            set("plan", "x"),
			`ticket.fields.seats > 5`:                              set("seats", 7),
			`ticket.fields.beta`:                                   set("beta", true),
			`"eu" in ticket.fields.regions`:                        set("regions", []string{"eu"}),
			`known(ticket.fields.seats)`:                           set("seats", 0),
			`ticket.fields.` + strings.Repeat("long", 30) + ` > 5`: set(strings.Repeat("long", 30), 7),
		} {
			p.Rules = []rules.Rule{rule("r", condition, `notify("manager")`)}
			s := tell(t, escalation.MustCompile(p, nil))
			s.ask("Mon 10:00").doesNothing()
			assert.Equal(t, []string{"Mon 12:00 notify manager: r"}, s.given(change).ask("Mon 12:00").lines(), condition)
			assert.Empty(t, s.ask("Mon 13:00").lines(), condition)
		}
	})
	t.Run("a recorded change has its own instant", func(t *testing.T) {
		s := tell(t, with(rule("low", `ticket.priority == "Low"`, `notify("manager")`)))
		s.ask("Mon 10:00")
		s.priority("Mon 11:00", "Low").ask("Mon 12:00").does("Mon 11:00 notify manager: low")
	})
	t.Run("what a decision has changed is no news at the next call", func(t *testing.T) {
		tag := rule("tag", `ticket.age >= 30m`, `add_tag("old")`)
		tagged := rule("tagged", `"old" in ticket.tags and ticket.age >= 2h`, `notify("manager")`)
		s := tell(t, with(tag, tagged))
		s.ask("Mon 10:00").does("Mon 09:30 add_tag old: tag")
		s.ask("Mon 12:00").does("Mon 11:00 notify manager: tagged")
	})
	t.Run("unless the host has not carried it out", func(t *testing.T) {
		tag := rule("tag", `ticket.age >= 30m`, `add_tag("old")`)
		tagged := rule("not tagged", `"old" not in ticket.tags and ticket.age >= 1h`, `notify("manager")`)
		s := tell(t, with(tag, tagged))
		a := s.look("Mon 10:30").does("Mon 09:30 add_tag old: tag")
		s.ticket.Ledger = a.Ledger
		s.ask("Mon 12:00").does("Mon 12:00 notify manager: not tagged")
	})
	t.Run("the ledger keeps marks of them, and no values", func(t *testing.T) {
		s := tell(t, with(rule("r", `customer.name == "x" and ticket.subject == "y"`, `notify("manager")`))).given(func(k *escalation.Ticket) {
			k.Customer.Name, k.Subject = "Xylophone", "Zither"
		})
		s.ask("Mon 10:00")
		src, err := json.Marshal(s.ticket.Ledger)
		require.NoError(t, err)
		assert.Contains(t, string(src), `"customer.name"`)
		assert.NotContains(t, string(src), "Xylophone")
		assert.NotContains(t, string(src), "Zither")
	})
}

// A rule that the ledger has not seen is judged at the call that brings it.
func TestScenarioNewRules(t *testing.T) {
	old := rule("old", `ticket.age >= 90m`, `notify("team lead")`)
	vip := rule("VIP", `customer.vip`, `notify("manager")`)
	story := func(t *testing.T) *story {
		return tell(t, with(old)).given(func(k *escalation.Ticket) { k.Customer.VIP = true })
	}
	t.Run("it is due then, not when it would have been", func(t *testing.T) {
		s := story(t)
		s.ask("Mon 10:00").doesNothing()
		s.engine = with(old, vip)
		s.ask("Mon 12:00").does("Mon 10:30 notify team lead: old", "Mon 12:00 notify manager: VIP")
		s.ask("Mon 13:00").doesNothing()
	})
	t.Run("one that has another name now is not new", func(t *testing.T) {
		s := tell(t, with(old, vip)).given(func(k *escalation.Ticket) { k.Customer.VIP = true })
		s.ask("Mon 10:00").does("Mon 09:00 notify manager: VIP")
		renamed := vip
		renamed.Name, renamed.Was = "important", "VIP"
		s.engine = with(old, renamed)
		s.ask("Mon 12:00").does("Mon 10:30 notify team lead: old")
	})
	t.Run("a policy that was judged in between does not make it new again", func(t *testing.T) {
		s := story(t)
		s.engine = with(old, vip)
		s.ask("Mon 10:00").does("Mon 09:00 notify manager: VIP")
		s.engine = with(old)
		s.ask("Mon 11:00")
		s.engine = with(old, vip)
		s.ask("Mon 12:00").doesNothing()
	})
	t.Run("its next check is found like any other's", func(t *testing.T) {
		s := story(t)
		s.ask("Mon 10:00")
		s.engine = with(old, rule("older", `ticket.age >= 5h`, `notify("manager")`))
		s.ask("Mon 12:00").does("Mon 10:30 notify team lead: old").checks("Mon 14:00")
	})
	t.Run("of very many rules all count as seen", func(t *testing.T) {
		many := func(n int) *escalation.Engine {
			list := []rules.Rule{vip}
			for i := range n {
				list = append(list, rule(fmt.Sprint("filler ", i), fmt.Sprintf(`ticket.category == "%d"`, i), `notify("manager")`))
			}
			return with(list...)
		}
		s := story(t)
		s.ask("Mon 10:00")
		s.engine = many(2500)
		s.ask("Mon 12:00").does("Mon 10:00 notify manager: VIP")
		src, err := json.Marshal(s.ticket.Ledger)
		require.NoError(t, err)
		assert.Less(t, len(src), 4096)
	})
}
