package escalation_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
)

func TestScenarioKeys(t *testing.T) {
	life := func(e *escalation.Engine) *story {
		return tell(t, e).given(func(k *escalation.Ticket) { k.Customer.VIP = true }).customer("Mon 09:05", "The worst.")
	}
	t.Run("keys never change: whoever changes these breaks every host", func(t *testing.T) {
		keys := map[string]string{}
		for _, a := range life(standard).ask("Mon 13:00").Actions {
			keys[says(a)] = a.Key
		}
		assert.Equal(t, "d138a4528f49e620fa449ba856256dd0", keys["Mon 09:00 escalate Tier 2: VIP"])
		assert.Equal(t, "32ff0f199b03ad5f103f0874f7eee8ab", keys["Mon 09:05 set_priority High: Customer Sentiment Escalation"])
		assert.Equal(t, "7f354c07dd97b2d5752acb6457aef3a8", keys["Mon 09:48 notify manager: SLA at risk"])
	})
	t.Run("neither do those of messages, repeats, later occasions, requests and namespaces", func(t *testing.T) {
		often := rule("often", `ticket.age >= 1h`, `notify("manager")`, `add_note("x")`)
		often.Every = 4 * time.Hour
		each := rule("each", `contains_keywords(["worst"])`, `flag("review")`)
		each.Per = "message"
		p := escalation.Standard()
		p.Rules = append(p.Rules[:0:0], often, each, rule("waits", `ticket.status == "Pending"`, `notify("manager")`))
		e := escalation.MustCompile(p, &escalation.Options{Namespace: "tenant-7"})
		s := tell(t, e).customer("Mon 09:05", "The worst.").status("Mon 11:00", "Pending").status("Mon 12:00", "Open").status("Mon 13:00", "Pending")
		d, err := e.Escalate(s.ticket, escalation.Request{Reason: "policy_exception", Override: true}, at("Mon 15:00"))
		require.NoError(t, err)
		keys := map[string]string{}
		for _, a := range d.Actions {
			keys[says(a)] = a.Key
		}
		assert.Equal(t, map[string]string{
			"Mon 09:05 flag review: each":        "47a539a5a15e1246c1643fe58219b279",
			"Mon 10:00 notify manager: often":    "0dad2448e0bc5b3de6ce0bf83ec8d165",
			"Mon 10:00 add_note: often":          "2c6aa9299ed153ac5493c0165ae6edde",
			"Mon 11:00 notify manager: waits":    "df401d77f3ef8af68c363e41b2643f9c",
			"Mon 13:00 notify manager: waits":    "13883c68327c4b4ecc25e09177ae8829",
			"Mon 14:00 notify manager: often":    "21bb717b25a11361f8cdb0f06f1ade1f",
			"Mon 14:00 add_note: often":          "a89f3a1d69e1201494fea4082a294476",
			"Mon 15:00 escalate Tier 2: request": "8763c7cf2bb67f1b8c2b0b2aa1ab9a49",
		}, keys)
	})
	t.Run("a key is the same under another version of the policy", func(t *testing.T) {
		p := escalation.Standard()
		slices.Reverse(p.Rules)
		p.Name, p.Params["revenue_threshold"] = "Ours", 5.0
		key := func(e *escalation.Engine) string {
			return life(e).ask("Mon 13:00").from("Customer Sentiment Escalation").Actions[0].Key
		}
		assert.Equal(t, key(standard), key(escalation.MustCompile(p, nil)))
	})
	t.Run("and another for each namespace, ticket, rule, action, subject, occasion and repeat", func(t *testing.T) {
		seen := map[string]string{}
		add := func(what string, a answer) {
			for _, x := range a.Actions {
				what := what + ": " + says(x)
				assert.NotContains(t, seen, x.Key, what)
				seen[x.Key] = what
			}
		}
		pending := rule("pending", `ticket.status == "Pending"`, `notify("manager")`, `alert("manager")`)
		pending.Every = 24 * time.Hour
		same := rule("same", `ticket.status == "Pending"`, `notify("manager")`)
		waits := rule("waits", `sla.used >= 0.5`, `notify("manager")`)
		p := escalation.Standard()
		p.Rules = append(p.Rules[:0:0], pending, same, waits)
		for _, namespace := range []string{"", "a", "b"} {
			e := escalation.MustCompile(p, &escalation.Options{Namespace: namespace})
			for _, id := range []string{"T-1", "T-2"} {
				s := tell(t, e).given(func(k *escalation.Ticket) { k.ID = id })
				s.status("Mon 10:00", "Pending").status("Wed 10:30", "Open").status("Wed 12:00", "Pending")
				add(namespace+"/"+id, s.ask("Wed 13:00"))
			}
		}
		assert.Len(t, seen, 6*(2*4+2+2))
	})
}

func TestScenarioLedger(t *testing.T) {
	t.Run("a ledger survives JSON, and so does the decision that rests on it", func(t *testing.T) {
		one, two := tell(t, standard), tell(t, standard)
		for _, s := range []*story{one, two} {
			s.given(func(k *escalation.Ticket) { k.Customer.VIP = true }).customer("Mon 09:05", "The worst.").status("Mon 10:00", "Pending").status("Mon 12:00", "Open")
		}
		for _, when := range []string{"Mon 09:00", "Mon 09:06", "Mon 11:00", "Tue 09:00", "Fri 09:00"} {
			a, b := one.ask(when), two.ask(when)
			assert.Equal(t, a.lines(), b.lines())
			src, err := json.Marshal(two.ticket)
			require.NoError(t, err)
			two.ticket = escalation.Ticket{}
			require.NoError(t, json.Unmarshal(src, &two.ticket))
			again, err := json.Marshal(two.ticket)
			require.NoError(t, err)
			assert.JSONEq(t, string(src), string(again))
		}
	})
	t.Run("keys of other releases are kept and written back", func(t *testing.T) {
		s := tell(t, standard)
		s.ask("Mon 09:00")
		src, err := json.Marshal(s.ticket.Ledger)
		require.NoError(t, err)
		src = append([]byte(`{"zz_later":{"a":[1,2]},"another":null,`), src[1:]...)
		s.ticket.Ledger = escalation.Ledger{}
		require.NoError(t, json.Unmarshal(src, &s.ticket.Ledger))
		s.ask("Tue 09:00")
		out, err := json.Marshal(s.ticket.Ledger)
		require.NoError(t, err)
		var all map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(out, &all))
		assert.JSONEq(t, `{"a":[1,2]}`, string(all["zz_later"]))
		assert.Equal(t, "null", string(all["another"]))
		assert.Equal(t, "1", string(all["v"]))
	})
	t.Run("seq rises by one with each call, and names the policy and the instant", func(t *testing.T) {
		s := tell(t, standard)
		for n, when := range []string{"Mon 09:00", "Mon 09:00", "Mon 15:00"} {
			s.ask(when)
			assert.Equal(t, n+1, s.ticket.Ledger.Seq)
			assert.Equal(t, when, clock(s.ticket.Ledger.At))
			assert.Equal(t, standard.Version(), s.ticket.Ledger.Policy)
		}
	})
	t.Run("no text of the customer is in it", func(t *testing.T) {
		s := tell(t, standard).given(func(k *escalation.Ticket) {
			k.Subject, k.Customer = "Xylophone legal", escalation.Customer{ID: "Xylophone", Name: "Xylophone", VIP: true}
		})
		s.customer("Mon 09:05", "Xylophone! The worst. I will sue you, Xylophone!").agent("Mon 09:20").customer("Mon 10:00", "Xylophone? Terrible.")
		require.NotEmpty(t, s.ask("Wed 09:00").Actions)
		src, err := json.Marshal(s.ticket.Ledger)
		require.NoError(t, err)
		assert.NotContains(t, strings.ToLower(string(src)), "xylophone")
		assert.NotContains(t, string(src), "worst")
	})
	t.Run("its size is bounded, however long the talk", func(t *testing.T) {
		s := tell(t, standard)
		size := func(day int) int {
			when := at("Mon 09:00").AddDate(0, 0, day)
			for n := range 20 {
				id := fmt.Sprintf("d%dm%d", day, n)
				s.ticket.Messages = append(s.ticket.Messages,
					escalation.Message{ID: id, At: when.Add(time.Duration(n) * time.Hour), From: "customer", Text: "The worst."},
					escalation.Message{ID: id + "r", At: when.Add(time.Duration(n)*time.Hour + 50*time.Minute), From: "agent", Text: "Sorry."})
			}
			d, err := s.engine.Decide(s.ticket, when.Add(23*time.Hour))
			require.NoError(t, err)
			s.ticket.Ledger = d.Ledger
			src, err := json.Marshal(d.Ledger)
			require.NoError(t, err)
			return len(src)
		}
		size(0)
		first, last := size(1), 0
		for day := 2; day < 6; day++ {
			last = size(day)
		}
		// This host carries nothing out: each day adds a move and that it was not made.
		assert.InDelta(t, first, last, 600)
		assert.Less(t, last, 4096)
		for day := 6; day < 100; day++ {
			last = size(day)
		}
		assert.Less(t, last, 12<<10)
	})
	t.Run("a new policy goes on from it: what has fired under the name has fired", func(t *testing.T) {
		s := tell(t, only(t, "VIP", "revenue")).given(func(k *escalation.Ticket) { k.Customer.VIP = true })
		s.ask("Mon 09:00").does("Mon 09:00 escalate Tier 2: VIP")
		s.engine = only(t, "VIP")
		s.ask("Mon 12:00").doesNothing()
	})
}

func TestScenarioApply(t *testing.T) {
	t.Run("it never writes into what the ticket shares with others", func(t *testing.T) {
		e := with(rule("all", `ticket.contacts == 0`, `escalate("Tier 2")`, `set_priority("High")`, `assign("manager")`, `add_tag("b")`, `add_note("Look.")`))
		tags := append(make([]string, 0, 8), "a")
		messages := append(make([]escalation.Message, 0, 8), escalation.Message{ID: "x", At: at("Mon 09:00"), From: "bot"})
		changes := append(make([]escalation.Change, 0, 8), escalation.Change{At: at("Mon 09:00"), Field: "category", To: "x"})
		s := tell(t, e).given(func(k *escalation.Ticket) { k.Tags, k.Messages, k.Changes = tags, messages, changes })
		s.ask("Mon 09:00")
		assert.Equal(t, []string{"a", "b"}, s.ticket.Tags)
		assert.Len(t, s.ticket.Messages, 2)
		assert.Len(t, s.ticket.Changes, 4)
		assert.Empty(t, tags[:2][1])
		assert.Empty(t, messages[:2][1])
		assert.Empty(t, changes[:2][1])
	})
	t.Run("each action is recorded at its due by the rule, a note as an internal message of a bot", func(t *testing.T) {
		e := with(rule("old", `ticket.age >= duration("1h")`, `escalate("Tier 2")`, `add_note("Look.")`))
		s := tell(t, e)
		a := s.ask("Tue 09:00")
		require.Len(t, a.Actions, 2)
		assert.Equal(t, []escalation.Change{{
			At: at("Mon 10:00"), Field: "tier", From: "Tier 1", To: "Tier 2", By: "escalade:old", Key: a.Actions[0].Key,
		}}, s.ticket.Changes)
		require.Len(t, s.ticket.Messages, 1)
		note := s.ticket.Messages[0]
		assert.Equal(t, escalation.Message{ID: note.ID, At: at("Mon 10:00"), From: "bot", By: "escalade:old", Internal: true, Text: "Look."}, note)
	})
	t.Run("a later change of the field keeps it", func(t *testing.T) {
		s := tell(t, with(rule("old", `ticket.age >= duration("1h")`, `escalate("Tier 3")`))).tier("Mon 11:00", "Tier 2")
		s.ask("Tue 09:00").does("Mon 10:00 escalate Tier 3: old")
		assert.Equal(t, "Tier 2", s.ticket.Tier)
		assert.Len(t, s.ticket.Changes, 2)
		assert.Equal(t, "Tier 2", s.ask("Wed 09:00").doesNothing().Tier)
	})
	t.Run("twice is as good as once", func(t *testing.T) {
		s := tell(t, standard).given(func(k *escalation.Ticket) { k.Customer.VIP, k.Customer.Tier = true, "Enterprise" })
		a := s.ask("Tue 09:00")
		before, err := json.Marshal(s.ticket)
		require.NoError(t, err)
		a.Apply(&s.ticket)
		after, err := json.Marshal(s.ticket)
		require.NoError(t, err)
		assert.JSONEq(t, string(before), string(after))
	})
	t.Run("what it records is no problem at the next call", func(t *testing.T) {
		s := tell(t, only(t, "VIP", "SLA at risk", "Auto-Escalate on SLA Breach")).given(func(k *escalation.Ticket) { k.Customer.VIP, k.Priority = true, "High" })
		s.agent("Tue 08:00").tier("Tue 08:30", "Tier 3")
		require.NotEmpty(t, s.ask("Tue 09:00").Actions)
		assert.Empty(t, s.ask("Tue 10:00").problems())
	})
}

// A rule may be called "request": its keys are not those of what people ask for.
func TestScenarioRuleNamedRequest(t *testing.T) {
	s := tell(t, with(rule("request", `ticket.age >= duration("1h")`, `escalate("Tier 2")`)))
	asked, err := s.engine.Escalate(s.ticket, escalation.Request{Reason: "policy_exception", To: "Tier 2", Override: true}, at("Mon 09:30"))
	require.NoError(t, err)
	assert.NotEqual(t, asked.Actions[0].Key, s.look("Mon 10:00").Actions[0].Key)
}
