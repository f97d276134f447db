package escalation_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

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
	t.Run("a tag that no rule looks for is no news, and neither is one for a rule that looks for another", func(t *testing.T) {
		s := tell(t, with(rule("muted", `sla.first_response.used >= 0.5 and "muted" not in ticket.tags`, `notify("manager")`), rule("any", `any(ticket.tags, # startsWith "v") and ticket.age >= 1h`, `alert("manager")`)))
		s.ask("Mon 10:00")
		s.given(func(k *escalation.Ticket) { k.Tags = []string{"billing", "vip"} })
		s.ask("Mon 12:00").does("Mon 11:00 notify manager: muted", "Mon 12:00 alert manager: any")
	})
	t.Run("messages that came while a rule waited for its new value are judged with it", func(t *testing.T) {
		each := rule("each", `sentiment == "angry" and "spam" not in ticket.tags`, `flag("review")`)
		each.Per = "message"
		s := tell(t, with(each)).mood("Mon 09:05", "calm", 0)
		s.ask("Mon 10:00").doesNothing()
		s.mood("Mon 10:30", "angry", -0.9).mood("Mon 10:40", "calm", 0)
		s.ticket.Messages = append(s.ticket.Messages, escalation.Message{ID: "late", At: at("Mon 09:30"), From: "customer", Sentiment: &escalation.Sentiment{Score: -1, Label: "angry"}})
		s.given(func(k *escalation.Ticket) { k.Tags = []string{"spam"} })
		s.ask("Mon 11:00").doesNothing()
		s.mood("Mon 11:30", "angry", -0.9).mood("Mon 11:40", "calm", 0)
		s.given(func(k *escalation.Ticket) { k.Tags = nil })
		s.ask("Mon 12:00").does("Mon 12:00 flag review: each")
		s.ask("Mon 13:00").doesNothing()
	})
	t.Run("keywords are looked for in the subject as well", func(t *testing.T) {
		s := tell(t, with(rule("legal", `contains_keywords(["lawyer"])`, `flag("review")`)))
		s.ask("Mon 10:00").doesNothing()
		s.given(func(k *escalation.Ticket) { k.Subject = "My lawyer" }).ask("Mon 12:00").does("Mon 12:00 flag review: legal")
	})
	t.Run("a list in another order is the same list", func(t *testing.T) {
		p := escalation.Standard()
		p.Fields = map[string]escalation.Field{"regions": {Type: "list"}}
		p.Rules = []rules.Rule{rule("eu", `"eu" in ticket.fields.regions and ticket.age >= 2h`, `notify("manager")`)}
		regions := func(list ...string) func(*escalation.Ticket) {
			return func(k *escalation.Ticket) { k.Fields = map[string]any{"regions": list} }
		}
		s := tell(t, escalation.MustCompile(p, nil)).given(regions("eu", "us"))
		s.ask("Mon 10:00")
		s.given(regions("us", "eu")).ask("Mon 12:00").does("Mon 11:00 notify manager: eu")
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
	t.Run("one that polls does not wait for its next look", func(t *testing.T) {
		polled := rules.Rule{Name: "polled", If: `customer.vip and ticket.idle > sla.resolution.elapsed - 30m`, Then: []string{`alert("manager")`}, Poll: 17 * time.Minute}
		s := story(t)
		s.ask("Mon 10:00")
		s.engine = with(polled)
		s.ask("Mon 12:00").does("Mon 12:00 alert manager: polled")
	})
	t.Run("a call that does not get to the end has not seen it", func(t *testing.T) {
		polled := rules.Rule{Name: "polled", If: `ticket.idle > sla.resolution.elapsed + 9000h`, Then: []string{`alert("manager")`}, Poll: time.Minute}
		s := tell(t, with(polled))
		s.ask("Mon 10:00")
		s.engine = with(polled, rule("new", `ticket.age >= 10d`, `notify("manager")`))
		assert.Contains(t, s.ask("Sat+2 09:00").doesNothing().problems(), "unfinished")
		var got []string
		for range 3 {
			got = append(got, s.ask("Sat+2 09:00").lines()...)
		}
		assert.Equal(t, []string{"Sat+2 09:00 notify manager: new"}, got)
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
