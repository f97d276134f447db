package escalation_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/sentiment"
	"github.com/escalade-go/escalade/sla"
)

// What widely copied rule texts say, taken to the letter, does harm. These
// scenarios tell what is done instead.

func TestScenarioLiteralWords(t *testing.T) {
	e := only(t, "keywords")
	for _, harmless := range []string{
		"There is an issue with the export.",
		"Please pursue it, as Suez and Susan did.",
		"I need this immediately; it is a multimedia file.",
		"The input is illegal, delegate it.",
		"My dog ate the lawyerly abbb.",
	} {
		t.Run("harmless: "+harmless, func(t *testing.T) {
			tell(t, e).given(func(k *escalation.Ticket) { k.Subject = harmless }).customer("Mon 09:05", harmless).ask("Tue 09:05").doesNothing()
		})
	}
	for _, word := range []string{"I'll SUE.", "a lawyer's letter", "the 'media'", "bbb!", "«Legal»", "legal-minded"} {
		t.Run("a word of its own: "+word, func(t *testing.T) {
			tell(t, e).customer("Mon 09:05", word).ask("Mon 09:05").does("Mon 09:05 escalate Tier 2: keywords", "Mon 09:05 flag review: keywords")
		})
	}
	t.Run("Sue is a name and a word: a person looks at it, and Tier 4 is not called", func(t *testing.T) {
		tell(t, standard).customer("Mon 09:05", "Could you ask Sue to call me back?").
			ask("Mon 09:05").does("Mon 09:05 escalate Tier 2: keywords", "Mon 09:05 flag review: keywords")
	})
	t.Run("a word in the subject line counts, one that an agent wrote does not", func(t *testing.T) {
		tell(t, e).given(func(k *escalation.Ticket) { k.Subject = "Legal question" }).ask("Mon 09:00").includes("Mon 09:00 flag review: keywords")
		s := tell(t, e).message(escalation.Message{At: at("Mon 09:05"), From: "agent", Text: "Is it for your lawyer?"})
		s.message(escalation.Message{At: at("Mon 09:06"), From: "bot", Text: "legal notice"}).ask("Mon 10:00").doesNothing()
	})
}

func TestScenarioLiteralTiers(t *testing.T) {
	t.Run("escalate to Tier 2 on a ticket at Tier 3 pulls nothing back", func(t *testing.T) {
		s := tell(t, only(t, "Auto-Escalate on SLA Breach")).given(func(k *escalation.Ticket) { k.Priority, k.Tier = "High", "Tier 3" })
		a := s.ask("Mon 15:24")
		a.does("Mon 15:24 notify manager: Auto-Escalate on SLA Breach", "Mon 15:24 add_note: Auto-Escalate on SLA Breach")
		assert.Equal(t, escalation.NoChange, a.result("Auto-Escalate on SLA Breach"))
		assert.Equal(t, "Tier 3", a.Tier)
	})
	t.Run("there is nothing above Tier 4", func(t *testing.T) {
		s := tell(t, only(t, "VIP")).given(func(k *escalation.Ticket) { k.Customer.VIP, k.Tier = true, "Tier 4" })
		a := s.ask("Mon 09:00").doesNothing()
		assert.Equal(t, escalation.NoChange, a.result("VIP"))
		assert.Nil(t, a.Handoff)
	})
}

func TestScenarioLiteralPriorities(t *testing.T) {
	t.Run("set priority High leaves a Critical ticket Critical", func(t *testing.T) {
		s := tell(t, only(t, "VIP Fast-Track")).given(func(k *escalation.Ticket) { k.Priority, k.Customer.Tier = "Critical", "Enterprise" })
		a := s.ask("Mon 09:00").does("Mon 09:00 assign senior agent: VIP Fast-Track", "Mon 09:00 notify account manager: VIP Fast-Track")
		assert.Equal(t, escalation.NoChange, a.result("VIP Fast-Track"))
		assert.Equal(t, "Critical", a.Priority)
	})
	bump := only(t, "Customer Sentiment Escalation")
	t.Run("a bump stops at the top", func(t *testing.T) {
		a := tell(t, bump).given(func(k *escalation.Ticket) { k.Priority = "Critical" }).customer("Mon 09:05", "The worst.").ask("Mon 09:05")
		a.does("Mon 09:05 flag review: Customer Sentiment Escalation", "Mon 09:05 alert team lead: Customer Sentiment Escalation")
		assert.Equal(t, "Critical", a.Priority)
	})
	t.Run("a bump comes once per message, however often one asks", func(t *testing.T) {
		s := tell(t, bump).given(func(k *escalation.Ticket) { k.Priority = "Low" }).customer("Mon 09:05", "The worst.")
		s.ask("Mon 09:05").includes("Mon 09:05 set_priority Medium: Customer Sentiment Escalation")
		for _, when := range []string{"Mon 09:05", "Mon 09:06", "Mon 12:00", "Wed 09:00"} {
			s.ask(when).doesNothing()
		}
		s.customer("Wed 10:00", "Still the worst.").ask("Wed 10:00").includes("Wed 10:00 set_priority High: Customer Sentiment Escalation")
	})
	t.Run("two hostile messages at one instant bump by one", func(t *testing.T) {
		s := tell(t, bump).given(func(k *escalation.Ticket) { k.Priority = "Low" })
		a := s.customer("Mon 09:05", "The worst.").customer("Mon 09:05", "Terrible.").ask("Mon 09:05")
		assert.Equal(t, "Medium", a.Priority)
		assert.Len(t, a.Reasons, 2)
	})
	t.Run("a bump without a priority has nothing to count from", func(t *testing.T) {
		tell(t, bump).given(func(k *escalation.Ticket) { k.Priority = "" }).customer("Mon 09:05", "The worst.").ask("Mon 09:05").
			does("Mon 09:05 flag review: Customer Sentiment Escalation", "Mon 09:05 alert team lead: Customer Sentiment Escalation")
	})
	t.Run("not only High: a Critical ticket about to breach is escalated too", func(t *testing.T) {
		s := tell(t, only(t, "Auto-Escalate on SLA Breach")).given(func(k *escalation.Ticket) { k.Priority = "Critical" })
		s.ask("Mon 18:00").includes("Mon 12:12 escalate Tier 2: Auto-Escalate on SLA Breach")
		s = tell(t, only(t, "Auto-Escalate on SLA Breach")) // Medium
		s.ask("Wed 18:00").doesNothing()
	})
}

func TestScenarioLiteralSLA(t *testing.T) {
	t.Run("80 % of which SLA? the rule names it: of the time to resolve", func(t *testing.T) {
		s := tell(t, only(t, "Auto-Escalate on SLA Breach")).given(func(k *escalation.Ticket) { k.Priority = "High" })
		a := s.look("Mon 09:48").doesNothing() // 80 % of the first response
		assert.InDelta(t, 0.8, a.clock(sla.FirstResponse).Used, 1e-9)
		s.look("Mon 15:24").includes("Mon 15:24 escalate Tier 2: Auto-Escalate on SLA Breach")
	})
	t.Run("pauses are not part of the 80 %", func(t *testing.T) {
		s := tell(t, only(t, "Auto-Escalate on SLA Breach")).given(func(k *escalation.Ticket) { k.Priority = "High" })
		s.status("Mon 10:00", "Pending").status("Tue 10:00", "Open")
		s.ask("Wed 10:00").includes("Tue 15:24 escalate Tier 2: Auto-Escalate on SLA Breach")
	})
	for _, done := range []string{"Resolved", "Closed"} {
		t.Run(`status != "Resolved": `+done+" is done", func(t *testing.T) {
			s := tell(t, only(t, "Auto-Escalate on SLA Breach", "SLA at risk")).given(func(k *escalation.Ticket) { k.Priority = "High" })
			s.status("Mon 09:30", done).ask("Wed 09:00").doesNothing().checks("never")
		})
	}
	t.Run("Immediate has a number", func(t *testing.T) {
		s := tell(t, standard).given(func(k *escalation.Ticket) { k.Priority, k.Tier = "Low", "Tier 4" })
		c := s.look("Mon 09:00").clock(sla.TierResponse)
		assert.Equal(t, 15*time.Minute, c.Target)
		assert.Equal(t, "Mon 09:15", clock(c.Due))
		a := s.look("Mon 09:16")
		assert.True(t, a.clock(sla.TierResponse).Breached())
	})
}

func TestScenarioLiteralFooter(t *testing.T) {
	e := only(t, "Customer Sentiment Escalation", "keywords", "angry or frustrated")
	t.Run("an angry text that is quoted below each reply fires once", func(t *testing.T) {
		angry := "This is UNACCEPTABLE!!! The worst service ever."
		s := tell(t, e).customer("Mon 09:05", angry)
		s.ask("Mon 09:05").includes("Mon 09:05 flag review: Customer Sentiment Escalation", "Mon 09:05 escalate Tier 2: angry or frustrated")
		for _, reply := range []string{
			"Here is the file.\n\n> " + angry + "\n> Ada",
			"Here is the file.\n\nOn Mon, 2 Mar 2026 at 09:05, Ada wrote:\n> " + angry,
			"Here is the file.\n\n-----Original Message-----\nFrom: Ada\nSent: Monday\n\n" + angry,
		} {
			s.customer("Mon 12:00", reply)
		}
		s.ask("Mon 12:00").doesNothing()
	})
	t.Run("a keyword that is only quoted is no keyword", func(t *testing.T) {
		tell(t, e).customer("Mon 09:05", "Thanks.\n\n> ask your lawyer").ask("Mon 09:05").doesNothing()
	})
}

func TestScenarioLiteralThirdContact(t *testing.T) {
	e := only(t, "third contact")
	t.Run("three messages in a row are one contact", func(t *testing.T) {
		tell(t, e).customer("Mon 09:00", "Hello").customer("Mon 09:01", "Hello?").customer("Tue 09:00", "Anybody?").ask("Tue 09:00").doesNothing()
	})
	t.Run("a message after 24 hours of silence is a contact", func(t *testing.T) {
		s := tell(t, e).customer("Mon 09:00", "Hello").customer("Tue 09:00", "Hello?").customer("Wed 08:59", "Anybody?")
		s.ask("Wed 12:00").doesNothing()
		s.customer("Thu 08:59", "Well?").ask("Thu 12:00").does("Thu 08:59 escalate Tier 2: third contact")
	})
	t.Run("a message after a public reply is a contact; notes and bots are no reply", func(t *testing.T) {
		s := tell(t, e).customer("Mon 09:00", "Hello").agent("Mon 09:10").customer("Mon 09:20", "No")
		s.note("Mon 09:30").bot("Mon 09:31").customer("Mon 09:40", "Really not").ask("Mon 10:00").doesNothing()
		s.agent("Mon 10:10").customer("Mon 10:20", "No").ask("Mon 10:30").does("Mon 10:20 escalate Tier 2: third contact")
	})
	t.Run("a host that counts contacts itself is believed", func(t *testing.T) {
		three := 3
		tell(t, e).given(func(k *escalation.Ticket) { k.Contacts = &three }).ask("Mon 09:00").does("Mon 09:00 escalate Tier 2: third contact")
	})
}

func TestScenarioLiteralMissingFigures(t *testing.T) {
	t.Run("a missing LTV is unknown: no rule that compares it fires, either way", func(t *testing.T) {
		e := with(
			rule("large", `customer.ltv > 5`, `add_tag("large")`),
			rule("small", `customer.ltv <= 5`, `add_tag("small")`),
			rule("not known", `not known(customer.ltv)`, `add_tag("unknown")`),
		)
		s := tell(t, e)
		s.look("Mon 09:00").does("Mon 09:00 add_tag unknown: not known")
		s.ticket.Customer.LTV = figure(0)
		s.look("Mon 09:00").does("Mon 09:00 add_tag small: small")
	})
	t.Run("nor does what negates the comparison", func(t *testing.T) {
		s := tell(t, with(rule("not large", `not (customer.ltv > 5)`, `add_tag("small")`)))
		s.look("Mon 09:00").doesNothing()
		s.ticket.Customer.LTV = figure(0)
		s.look("Mon 09:00").does("Mon 09:00 add_tag small: not large")
	})
	t.Run("nor is an unread mood calm", func(t *testing.T) {
		e := with(rule("calm", `sentiment_score > -0.5`, `add_tag("calm")`), rule("label", `sentiment != "angry"`, `add_tag("not angry")`))
		s := tell(t, e)
		s.ask("Mon 09:30").doesNothing()
		s.mood("Mon 10:00", sentiment.Calm, 0).ask("Mon 10:00").does("Mon 10:00 add_tag calm: calm", "Mon 10:00 add_tag not angry: label")
	})
}
