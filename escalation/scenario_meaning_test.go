package escalation_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sentiment"
)

func TestScenarioStep(t *testing.T) {
	t.Run("what a fired rule changes is seen by all rules, also by those before it", func(t *testing.T) {
		e := with(
			rule("third", `ticket.priority == "High"`, `assign("senior agent")`),
			rule("second", `ticket.tier == "Tier 2"`, `set_priority("High")`),
			rule("first", `"export" == lower(ticket.subject)`, `escalate("Tier 2")`),
		)
		tell(t, e).ask("Mon 09:00").does(
			"Mon 09:00 escalate Tier 2: first", "Mon 09:00 set_priority High: second", "Mon 09:00 assign senior agent: third")
	})
	t.Run("each rule fires at most once per step: no loops", func(t *testing.T) {
		e := with(
			rule("up", `ticket.tier == "Tier 1"`, `escalate("Tier 2")`, `notify("manager")`),
			rule("down", `ticket.tier == "Tier 2"`, `de_escalate("Tier 1")`, `notify("team lead")`),
			rule("bump", `ticket.priority != "Critical"`, `bump_priority()`),
		)
		a := tell(t, e).ask("Mon 09:00")
		assert.Equal(t, "Tier 2", a.Tier)
		assert.Equal(t, "High", a.Priority)
		assert.Len(t, a.Reasons, 3)
	})
	t.Run("escalate_by and bump_priority count from the value at the start of the step", func(t *testing.T) {
		e := with(
			rule("a", `ticket.tier == "Tier 1"`, `escalate_by(1)`, `bump_priority()`),
			rule("b", `ticket.tier == "Tier 2"`, `escalate_by(1)`, `bump_priority()`),
			rule("c", `ticket.contacts == 0`, `escalate_by(2)`),
		)
		a := tell(t, e).ask("Mon 09:00")
		a.does("Mon 09:00 set_priority High: a", "Mon 09:00 escalate Tier 3: c")
		assert.Equal(t, "Tier 3", a.Tier)
		assert.Equal(t, escalation.Overruled, a.result("a"))
	})
	t.Run("the highest tier and priority and the first assignee win, of equals the first rule's", func(t *testing.T) {
		always := `ticket.contacts == 0`
		e := with(
			rule("one", always, `escalate("Tier 3")`, `set_priority("High")`, `assign("manager")`, `add_tag("x")`),
			rule("two", always, `escalate("Tier 3")`, `set_priority("Critical")`, `assign("team lead")`, `add_tag("x")`),
			rule("three", always, `escalate("Tier 2")`, `set_priority("Medium")`, `assign("senior agent")`, `notify("manager")`),
		)
		a := tell(t, e).ask("Mon 09:00")
		a.does("Mon 09:00 escalate Tier 3: one", "Mon 09:00 assign manager: one", "Mon 09:00 add_tag x: one",
			"Mon 09:00 set_priority Critical: two", "Mon 09:00 notify manager: three")
		var results []escalation.Result
		for _, r := range a.Reasons {
			for _, effect := range r.Effects {
				results = append(results, effect.Result)
			}
		}
		const yes, over, same = escalation.Proposed, escalation.Overruled, escalation.NoChange
		assert.Equal(t, []escalation.Result{yes, over, yes, yes, over, yes, over, over, over, same, over, yes}, results)
	})
	t.Run("words that go down are words of their own, and a rise wins over them", func(t *testing.T) {
		down := rule("down", `ticket.contacts == 0`, `de_escalate("Tier 1")`, `lower_priority("Low")`)
		high := func(k *escalation.Ticket) { k.Tier, k.Priority = "Tier 3", "High" }
		tell(t, with(down)).given(high).ask("Mon 09:00").does("Mon 09:00 de_escalate Tier 1: down", "Mon 09:00 set_priority Low: down")
		up := rule("up", `ticket.contacts == 0`, `escalate("Tier 4")`, `set_priority("Critical")`)
		tell(t, with(down, up)).given(high).ask("Mon 09:00").does("Mon 09:00 escalate Tier 4: up", "Mon 09:00 set_priority Critical: up")
		tell(t, with(down)).given(func(k *escalation.Ticket) { k.Priority = "Low" }).ask("Mon 09:00").doesNothing()
	})
	t.Run("what would change nothing is a reason and no action, and the rule has fired all the same", func(t *testing.T) {
		e := with(rule("r", `ticket.contacts == 0`, `set_priority("Low")`, `assign("manager")`, `add_tag("vip")`))
		s := tell(t, e).given(func(k *escalation.Ticket) { k.Assignee, k.Tags = "manager", []string{"vip"} })
		a := s.ask("Mon 09:00").doesNothing()
		assert.Len(t, a.Reasons, 1)
		assert.Empty(t, s.ask("Mon 12:00").Reasons)
	})
}

func TestScenarioRise(t *testing.T) {
	e := with(rule("pending", `ticket.status == "Pending"`, `notify("manager")`))
	t.Run("a rule fires when its condition rises, falls, and rises again", func(t *testing.T) {
		s := tell(t, e).status("Mon 10:00", "Pending").status("Mon 11:00", "Open").status("Mon 12:00", "Pending")
		a := s.ask("Mon 20:00").does("Mon 10:00 notify manager: pending", "Mon 12:00 notify manager: pending")
		assert.Equal(t, 1, a.Reasons[0].Occasion)
		assert.Equal(t, 2, a.Reasons[1].Occasion)
	})
	t.Run("it rests for 10 minutes after it has fired", func(t *testing.T) {
		s := tell(t, e).status("Mon 10:00", "Pending").status("Mon 10:01", "Open").status("Mon 10:02", "Pending").status("Mon 10:09", "Open")
		s.ask("Mon 20:00").does("Mon 10:00 notify manager: pending")
	})
	t.Run("what still holds at the end of the rest after having fallen fires then", func(t *testing.T) {
		s := tell(t, e).status("Mon 10:00", "Pending").status("Mon 10:01", "Open").status("Mon 10:02", "Pending")
		s.ask("Mon 10:02").includes("Mon 10:00 notify manager: pending").checks("Mon 10:10")
		s.ask("Mon 20:00").does("Mon 10:10 notify manager: pending")
	})
	t.Run("what has held all the time does not fire again", func(t *testing.T) {
		tell(t, e).status("Mon 10:00", "Pending").ask("Wed 10:00").does("Mon 10:00 notify manager: pending")
	})
	t.Run("rest is the rule's to change", func(t *testing.T) {
		r := rule("pending", `ticket.status == "Pending"`, `notify("manager")`)
		r.Rest = 3 * time.Hour
		s := tell(t, with(r)).status("Mon 10:00", "Pending").status("Mon 11:00", "Open").status("Mon 12:00", "Pending")
		s.ask("Mon 20:00").does("Mon 10:00 notify manager: pending", "Mon 13:00 notify manager: pending")
	})
}

func TestScenarioEvery(t *testing.T) {
	t.Run("every repeats at rise + n × every, while it holds", func(t *testing.T) {
		r := rule("pending", `ticket.status == "Pending"`, `notify("manager")`)
		r.Every = 4 * time.Hour
		s := tell(t, with(r)).status("Mon 10:30", "Pending").status("Mon 19:00", "Open").status("Mon 20:00", "Pending")
		a := s.ask("Tue 01:00").does("Mon 10:30 notify manager: pending", "Mon 14:30 notify manager: pending", "Mon 18:30 notify manager: pending",
			"Mon 20:00 notify manager: pending", "Tue 00:00 notify manager: pending").checks("Tue 04:00")
		var at [][2]int
		for _, r := range a.Reasons {
			at = append(at, [2]int{r.Occasion, r.Repeat})
		}
		assert.Equal(t, [][2]int{{1, 0}, {1, 1}, {1, 2}, {2, 0}, {2, 1}}, at)
	})
	t.Run("every repeats a clock rule too, until the clock has stopped", func(t *testing.T) {
		r := rule("late", `sla.metric == "first_response" and sla.used >= 1`, `notify("manager")`)
		r.Every = time.Hour
		s := tell(t, with(r)).agent("Mon 15:30")
		s.ask("Tue 09:00").does("Mon 13:00 notify manager: late", "Mon 14:00 notify manager: late", "Mon 15:00 notify manager: late")
	})
	t.Run("a breach is a nanosecond past the target: met at the due instant is met", func(t *testing.T) {
		s := tell(t, with(rule("breached", `sla.first_response.breached`, `notify("manager")`)))
		s.look("Tue 09:00").does("Mon 13:00:00.000000001 notify manager: breached")
		s.agent("Mon 13:00").ask("Tue 09:00").doesNothing()
	})
}

func TestScenarioClockRules(t *testing.T) {
	e := only(t, "SLA at risk")
	t.Run("neither pause nor resume rearms a clock rule", func(t *testing.T) {
		s := tell(t, e).agent("Mon 09:30").status("Tue 05:00", "Pending").status("Wed 05:00", "Open")
		s.ask("Fri 09:00").does("Tue 04:12 escalate Tier 2: SLA at risk", "Tue 04:12 notify manager: SLA at risk")
	})
	t.Run("nor does a new target", func(t *testing.T) {
		s := tell(t, e).agent("Mon 09:30").priority("Tue 05:00", "Low").priority("Wed 08:00", "High")
		s.ask("Fri 09:00").does("Tue 04:12 escalate Tier 2: SLA at risk", "Tue 04:12 notify manager: SLA at risk")
	})
	t.Run("a reopening does", func(t *testing.T) {
		s := tell(t, e).agent("Mon 09:30").status("Tue 05:00", "Resolved").status("Wed 05:00", "Open")
		s.ask("Fri 09:00").does("Tue 04:12 escalate Tier 2: SLA at risk", "Tue 04:12 notify manager: SLA at risk",
			"Wed 05:00 escalate Tier 3: SLA at risk", "Wed 05:00 notify manager: SLA at risk")
	})
	t.Run("each wait for a next reply is a subject of its own", func(t *testing.T) {
		s := tell(t, e).given(func(k *escalation.Ticket) { k.Priority = "Low" }).agent("Mon 09:30")
		s.customer("Mon 10:00", "One").agent("Mon 17:00").customer("Mon 18:00", "Two").agent("Tue 01:00")
		a := s.ask("Tue 02:00").does("Mon 16:24 escalate Tier 2: SLA at risk", "Mon 16:24 notify manager: SLA at risk",
			"Tue 00:24 escalate Tier 3: SLA at risk", "Tue 00:24 notify manager: SLA at risk")
		assert.Equal(t, "next_response/1", a.Reasons[0].Subject)
		assert.Equal(t, "next_response/2", a.Reasons[1].Subject)
		assert.Equal(t, 1, a.Reasons[1].Occasion)
	})
	t.Run("running, paused, target and metric make no clock rule: they rise and fall", func(t *testing.T) {
		s := tell(t, with(rule("paused", `sla.resolution.paused`, `notify("manager")`)))
		s.status("Mon 10:00", "Pending").status("Mon 12:00", "Open").status("Mon 14:00", "On hold")
		s.ask("Mon 20:00").does("Mon 10:00 notify manager: paused", "Mon 14:00 notify manager: paused")
	})
	t.Run("a shorter target's past thresholds are due at the change, never before", func(t *testing.T) {
		s := tell(t, e).priority("Mon 11:00", "High")
		s.ask("Mon 11:00").does("Mon 11:00 escalate Tier 2: SLA at risk", "Mon 11:00 notify manager: SLA at risk").checks("Mon 15:24")
	})
	t.Run("a clock that has not started has no time left to compare", func(t *testing.T) {
		e := with(rule("soon", `sla.next_response.remaining <= duration("1h")`, `notify("manager")`))
		s := tell(t, e).agent("Mon 09:30")
		s.ask("Mon 10:00").doesNothing()
		s.customer("Mon 11:00", "But …").ask("Mon 15:00").does("Mon 14:00 notify manager: soon")
	})
	t.Run("while paused nothing is due", func(t *testing.T) {
		s := tell(t, e).agent("Mon 09:30").status("Mon 10:00", "On hold")
		s.ask("Sun 10:00").doesNothing().checks("never")
	})
}

func TestScenarioMessages(t *testing.T) {
	hostile := rule("hostile", `sentiment == "angry"`, `notify("manager")`)
	hostile.Per = "message"
	t.Run("per: message fires for each message that matches, without a rest", func(t *testing.T) {
		s := tell(t, with(hostile)).mood("Mon 09:05", sentiment.Angry, -0.8).mood("Mon 09:05:01", sentiment.Calm, 0).mood("Mon 09:05:02", sentiment.Angry, -0.8)
		a := s.ask("Mon 10:00").does("Mon 09:05 notify manager: hostile", "Mon 09:05:02 notify manager: hostile")
		assert.Equal(t, "message/m1", a.Reasons[0].Subject)
		assert.Equal(t, "message/m3", a.Reasons[1].Subject)
	})
	t.Run("elsewhere the mood is the latest customer message's", func(t *testing.T) {
		e := with(rule("angry", `sentiment == "angry"`, `notify("manager")`))
		s := tell(t, e).mood("Mon 09:05", sentiment.Angry, -0.8).agent("Mon 09:06").mood("Mon 10:00", sentiment.Calm, 0).mood("Mon 11:00", sentiment.Angry, -0.8)
		s.ask("Mon 12:00").does("Mon 09:05 notify manager: angry", "Mon 11:00 notify manager: angry")
	})
	t.Run("keywords elsewhere look at everything the customer wrote so far", func(t *testing.T) {
		e := with(rule("both", `contains_keywords(["refund"]) and contains_keywords(["broken"])`, `notify("manager")`))
		tell(t, e).customer("Mon 09:05", "It is broken.").customer("Mon 10:00", "A refund, please.").ask("Mon 12:00").does("Mon 10:00 notify manager: both")
	})
}

func TestScenarioObserve(t *testing.T) {
	trial := rule("trial", `ticket.contacts == 0`, `escalate("Tier 4")`)
	trial.Mode = rules.Observe
	a := tell(t, with(trial, rule("follows", `ticket.tier == "Tier 4"`, `notify("manager")`))).ask("Mon 09:00").doesNothing()
	assert.Empty(t, a.Reasons)
	assert.Equal(t, "Tier 1", a.Tier)
	assert.Nil(t, a.Handoff)
	assert.Equal(t, "trial", a.Observed[0].Rule)
	assert.Equal(t, escalation.OnlyShown, a.Observed[0].Effects[0].Result)
	// It wakes nobody up, however often it would say the same.
	trial.Every = time.Minute
	tell(t, with(trial, rule("late", `ticket.age >= 70h`, `notify("manager")`))).ask("Mon 09:00").checks("Thu 07:00")
}

func TestScenarioSolved(t *testing.T) {
	done := rule("done", `ticket.status == "Resolved"`, `notify("manager")`)
	t.Run("a solved ticket is judged only by rules marked closed", func(t *testing.T) {
		tell(t, with(done)).status("Mon 10:00", "Resolved").ask("Tue 10:00").doesNothing()
		closed := done
		closed.Closed = true
		tell(t, with(closed)).status("Mon 10:00", "Resolved").ask("Tue 10:00").does("Mon 10:00 notify manager: done")
	})
	t.Run("a customer who writes later reopens: open is true, the status stays", func(t *testing.T) {
		e := with(rule("reopened", `ticket.open and ticket.status == "Resolved"`, `notify("manager")`))
		s := tell(t, e).status("Mon 10:00", "Resolved").customer("Mon 11:00", "It is back.")
		s.ask("Mon 12:00").does("Mon 11:00 notify manager: reopened")
	})
	t.Run("leaving the solved status later is no second reopening", func(t *testing.T) {
		s := tell(t, only(t, "SLA at risk")).agent("Mon 09:30").status("Tue 05:00", "Resolved").customer("Wed 05:00", "It is back.").agent("Wed 05:10").status("Wed 06:00", "Open")
		s.ask("Fri 09:00").does("Tue 04:12 escalate Tier 2: SLA at risk", "Tue 04:12 notify manager: SLA at risk",
			"Wed 05:00 escalate Tier 3: SLA at risk", "Wed 05:00 notify manager: SLA at risk")
	})
	t.Run("a message on a closed ticket is a problem and reopens nothing", func(t *testing.T) {
		s := tell(t, standard).status("Mon 10:00", "Closed").customer("Mon 11:00", "I will sue you. My lawyer will be in touch.")
		a := s.ask("Fri 12:00").doesNothing().checks("never")
		assert.Equal(t, []string{"message_on_closed"}, a.problems())
	})
	t.Run("latches are kept over the solved time and compared at the reopening", func(t *testing.T) {
		s := tell(t, only(t, "VIP")).given(func(k *escalation.Ticket) { k.Customer.VIP = true })
		s.status("Mon 10:00", "Resolved").status("Tue 10:00", "Open")
		s.ask("Wed 10:00").does("Mon 09:00 escalate Tier 2: VIP")
		e := with(rule("urgent", `ticket.priority == "High"`, `notify("manager")`))
		s = tell(t, e).priority("Mon 09:30", "High").status("Mon 10:00", "Resolved").priority("Mon 11:00", "Low").priority("Mon 12:00", "High").status("Mon 13:00", "Open")
		s.ask("Wed 10:00").does("Mon 09:30 notify manager: urgent")
		s = tell(t, e).status("Mon 10:00", "Resolved").priority("Mon 11:00", "High").status("Mon 13:00", "Open")
		s.ask("Wed 10:00").does("Mon 13:00 notify manager: urgent")
	})
	t.Run("at one instant a reply comes before the change of status", func(t *testing.T) {
		s := tell(t, with()).status("Mon 10:00", "Resolved").agent("Mon 10:00")
		a := s.ask("Mon 10:00")
		assert.Equal(t, "met", string(a.clock("first_response").State))
	})
}
