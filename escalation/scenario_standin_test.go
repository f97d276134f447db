package escalation_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/sla"
)

// row is a ticket of which only a database row is left: no messages, no changes.
func row(t *testing.T, change func(*escalation.Ticket)) *story {
	return tell(t, standard).given(change)
}

// reading is what is compared of a clock.
type reading struct {
	Metric                sla.Metric
	State                 sla.State
	Started, Due, Stopped string
	Elapsed               time.Duration
}

func readings(a answer) []reading {
	var out []reading
	for _, c := range a.Clocks {
		out = append(out, reading{c.Metric, c.State, clock(c.Started), clock(c.Due), clock(c.Stopped), c.Elapsed})
	}
	return out
}

func TestScenarioRowAgainstLog(t *testing.T) {
	for _, same := range []struct {
		name string
		log  func(*story)
		row  func(*escalation.Ticket)
	}{
		{"nobody has answered", func(s *story) { s.customer("Mon 09:00", "Hello") },
			func(k *escalation.Ticket) { k.WaitingSince = at("Mon 09:00") }},
		{"answered late", func(s *story) { s.agent("Mon 13:30") },
			func(k *escalation.Ticket) { k.FirstReplyAt, k.LastReplyAt = at("Mon 13:30"), at("Mon 13:30") }},
		{"answered, and the customer waits again", func(s *story) { s.agent("Mon 10:00").customer("Mon 11:00", "But …") },
			func(k *escalation.Ticket) {
				k.FirstReplyAt, k.LastReplyAt, k.WaitingSince = at("Mon 10:00"), at("Mon 10:00"), at("Mon 11:00")
			}},
		{"answered twice", func(s *story) { s.agent("Mon 10:00").agent("Mon 20:00") },
			func(k *escalation.Ticket) { k.FirstReplyAt, k.LastReplyAt = at("Mon 10:00"), at("Mon 20:00") }},
		{"only the last reply is known, and it was the first", func(s *story) { s.agent("Mon 10:00") },
			func(k *escalation.Ticket) { k.LastReplyAt = at("Mon 10:00") }},
		{"pending since", func(s *story) { s.agent("Mon 10:00").status("Mon 12:00", "Pending") },
			func(k *escalation.Ticket) {
				k.FirstReplyAt, k.Status, k.StatusSince = at("Mon 10:00"), "Pending", at("Mon 12:00")
			}},
		{"solved", func(s *story) { s.agent("Mon 10:00").status("Mon 12:00", "Resolved") },
			func(k *escalation.Ticket) {
				k.FirstReplyAt, k.Status, k.SolvedAt = at("Mon 10:00"), "Resolved", at("Mon 12:00")
			}},
		{"solved, then closed", func(s *story) {
			s.agent("Mon 10:00").status("Mon 12:00", "Resolved").status("Mon 22:00", "Closed")
		}, func(k *escalation.Ticket) {
			k.FirstReplyAt, k.Status, k.SolvedAt, k.StatusSince = at("Mon 10:00"), "Closed", at("Mon 12:00"), at("Mon 22:00")
		}},
		{"solved, then opened again", func(s *story) {
			s.agent("Mon 10:00").status("Mon 12:00", "Resolved").status("Mon 14:00", "Open")
		}, func(k *escalation.Ticket) {
			k.FirstReplyAt, k.Status, k.SolvedAt, k.StatusSince = at("Mon 10:00"), "Open", at("Mon 12:00"), at("Mon 14:00")
		}},
	} {
		t.Run("the same clocks and actions: "+same.name, func(t *testing.T) {
			log, bare := tell(t, standard), row(t, same.row)
			same.log(log)
			for _, when := range []string{"Mon 23:00", "Tue 06:00", "Thu 09:00"} {
				a, b := log.ask(when), bare.ask(when)
				assert.Equal(t, readings(a), readings(b))
				assert.Equal(t, a.lines(), b.lines())
				for i := range a.Actions {
					assert.Equal(t, a.Actions[i].Key, b.Actions[i].Key)
				}
				assert.Empty(t, b.problems())
			}
		})
	}
	t.Run("what differs: a row knows no earlier waits, so the cycle starts from one again", func(t *testing.T) {
		log := tell(t, standard).agent("Mon 10:00").customer("Mon 11:00", "One").agent("Mon 12:00").customer("Mon 13:00", "Two")
		bare := row(t, func(k *escalation.Ticket) {
			k.FirstReplyAt, k.LastReplyAt, k.WaitingSince = at("Mon 10:00"), at("Mon 12:00"), at("Mon 13:00")
		})
		a, b := log.ask("Mon 17:00"), bare.ask("Mon 17:00")
		assert.Equal(t, readings(a), readings(b))
		assert.Equal(t, a.lines(), b.lines())
		assert.Equal(t, 2, a.clock(sla.NextResponse).Cycle)
		assert.Equal(t, 1, b.clock(sla.NextResponse).Cycle)
	})
	t.Run("what differs: a row knows no pauses that are over", func(t *testing.T) {
		log := tell(t, standard).agent("Mon 10:00").status("Mon 12:00", "Pending").status("Mon 14:00", "Open")
		bare := row(t, func(k *escalation.Ticket) {
			k.FirstReplyAt, k.Status, k.StatusSince = at("Mon 10:00"), "Open", at("Mon 14:00")
		})
		assert.Equal(t, 6*time.Hour, log.look("Mon 17:00").clock(sla.Resolution).Elapsed)
		assert.Equal(t, 8*time.Hour, bare.look("Mon 17:00").clock(sla.Resolution).Elapsed)
	})
	t.Run("what differs: a row has no words, so nothing is known of the mood", func(t *testing.T) {
		row(t, func(k *escalation.Ticket) { k.WaitingSince = at("Mon 09:00") }).ask("Mon 10:00").doesNothing()
	})
	t.Run("a wait that is later than all that the log knows is believed", func(t *testing.T) {
		s := tell(t, standard).customer("Mon 09:00", "Hello").agent("Mon 09:30")
		s.ticket.WaitingSince = at("Mon 10:00")
		assert.Equal(t, "Mon 10:00", clock(s.look("Mon 11:00").clock(sla.NextResponse).Started))
	})
	t.Run("a reply that is older than the ticket is none", func(t *testing.T) {
		s := row(t, func(k *escalation.Ticket) { k.FirstReplyAt = at("Mon 08:00") })
		a := s.look("Mon 11:00")
		assert.Equal(t, []string{"before_creation"}, a.problems())
		assert.True(t, a.clock(sla.FirstResponse).Stopped.IsZero())
	})
	t.Run("the log wins where it tells", func(t *testing.T) {
		s := tell(t, standard).customer("Mon 09:00", "Hello").agent("Mon 09:30").status("Mon 12:00", "Pending")
		s.ticket.FirstReplyAt, s.ticket.WaitingSince, s.ticket.StatusSince = at("Mon 11:00"), at("Mon 09:15"), at("Mon 15:00")
		a := s.look("Mon 16:00")
		assert.Equal(t, "Mon 09:30", clock(a.clock(sla.FirstResponse).Stopped))
		assert.Equal(t, sla.Idle, a.clock(sla.NextResponse).State)
		assert.Equal(t, 3*time.Hour, a.clock(sla.Resolution).Elapsed)
	})
}

func TestScenarioHistoryMissing(t *testing.T) {
	for _, status := range []string{"Pending", "On hold", "Resolved", "Closed"} {
		t.Run(status+" since nobody knows when: dated at the call that first saw it", func(t *testing.T) {
			s := row(t, func(k *escalation.Ticket) { k.Status, k.FirstReplyAt = status, at("Mon 09:30") })
			a := s.ask("Mon 15:00")
			assert.Equal(t, []string{"history_missing"}, a.problems())
			assert.Equal(t, 6*time.Hour, a.clock(sla.Resolution).Elapsed)
			again := s.ask("Mon 18:00")
			assert.Equal(t, 6*time.Hour, again.clock(sla.Resolution).Elapsed, "the ledger remembers")
		})
	}
	t.Run("an open status is no mystery", func(t *testing.T) {
		a := row(t, func(k *escalation.Ticket) { k.Status = "Open" }).ask("Mon 15:00")
		assert.Empty(t, a.problems())
	})
	t.Run("a log that ends in another value than the field", func(t *testing.T) {
		s := tell(t, standard).agent("Mon 09:30").priority("Mon 10:00", "High")
		s.ticket.Priority = "Low"
		a := s.ask("Mon 12:00")
		assert.Equal(t, []string{"history_missing"}, a.problems())
		assert.Equal(t, "Low", a.Priority)
		assert.Equal(t, "High", s.look("Mon 11:00").Priority)
	})
	t.Run("a field that has become empty since its last change", func(t *testing.T) {
		s := tell(t, with(rule("nobody", `ticket.assignee == "" and ticket.tier == "Tier 2"`, `notify("manager")`))).
			change("Mon 10:00", "assignee", "anna").tier("Mon 11:00", "Tier 2")
		s.ticket.Assignee = ""
		a := s.ask("Mon 12:00").does("Mon 12:00 notify manager: nobody")
		assert.Equal(t, []string{"history_missing"}, a.problems())
	})
	t.Run("what it was before is not forgotten when it changes", func(t *testing.T) {
		s := tell(t, with(rule("untouched", `ticket.status == "New" and ticket.age >= duration("1h")`, `notify("manager")`)))
		s.ticket.Status = "Open"
		s.ask("Mon 12:00").doesNothing()
		s.ticket.Status = "Pending"
		s.ask("Mon 13:00").doesNothing()
	})
	t.Run("a stand-in that contradicts the log dates nothing", func(t *testing.T) {
		s := tell(t, standard).agent("Mon 09:30").status("Mon 10:00", "Open")
		s.ticket.Status, s.ticket.StatusSince = "Pending", at("Mon 09:45")
		a := s.ask("Mon 11:00")
		assert.Equal(t, []string{"history_missing"}, a.problems())
		assert.Equal(t, 2*time.Hour, s.ask("Mon 15:00").clock(sla.Resolution).Elapsed)
	})
	t.Run("a status older than the ticket is dated at the call that saw it", func(t *testing.T) {
		s := row(t, func(k *escalation.Ticket) {
			k.Status, k.StatusSince, k.FirstReplyAt = "Pending", at("Mon 08:00"), at("Mon 09:30")
		})
		a := s.ask("Mon 12:00")
		assert.Equal(t, []string{"before_creation", "history_missing"}, a.problems())
		assert.Equal(t, 3*time.Hour, a.clock(sla.Resolution).Elapsed)
	})
	t.Run("a category that no change explains counts from now on", func(t *testing.T) {
		s := tell(t, with(rule("billing", `ticket.category == "billing"`, `notify("manager")`))).change("Mon 10:00", "category", "other")
		s.ticket.Category = "billing"
		s.ask("Mon 12:00").does("Mon 12:00 notify manager: billing")
		s.ask("Mon 15:00").doesNothing()
	})
	t.Run("an action that was due before an unlogged change does not undo it", func(t *testing.T) {
		s := tell(t, with(rule("old", `ticket.age >= duration("2h")`, `escalate("Tier 4")`))).tier("Mon 10:00", "Tier 2")
		s.ticket.Tier = "Tier 3"
		assert.Equal(t, "Tier 3", s.ask("Mon 12:00").does("Mon 11:00 escalate Tier 4: old").Tier)
		assert.Equal(t, "Tier 3", s.ticket.Tier)
		assert.Empty(t, s.ask("Mon 13:00").problems())
	})
	t.Run("an action at the instant of an unlogged change comes after it, once", func(t *testing.T) {
		s := tell(t, with(rule("floor", `ticket.priority == "Low"`, `set_priority("High")`))).priority("Mon 10:00", "High")
		s.ticket.Priority = "Low"
		s.ask("Mon 12:00").does("Mon 12:00 set_priority High: floor")
		assert.Empty(t, s.ask("Mon 15:00").doesNothing().problems())
	})
	t.Run("a stand-in of the future that is corrected leaves no trace", func(t *testing.T) {
		s := tell(t, with())
		s.ticket.Status, s.ticket.StatusSince = "Pending", at("Wed 08:00")
		s.ask("Mon 12:00")
		s.ticket.Status, s.ticket.StatusSince = "Open", at("Mon 13:00")
		assert.Empty(t, s.ask("Mon 14:00").problems())
	})
	t.Run("a pause that was seen to begin is remembered when it is over", func(t *testing.T) {
		s := row(t, func(k *escalation.Ticket) { k.Status, k.FirstReplyAt = "Pending", at("Mon 09:30") })
		s.ask("Mon 10:00")
		s.ticket.Status = "Open"
		s.ask("Mon 20:00")
		assert.Equal(t, 2*time.Hour, s.ask("Mon 21:00").clock(sla.Resolution).Elapsed)
	})
}

// A host with columns and no log writes what the decision says into them. Asked at
// NextCheck or every hour, it hears of each late tier once, and on time.
func TestScenarioColumnsAndNoLog(t *testing.T) {
	for name, next := range map[string]func(escalation.Decision, time.Time) time.Time{
		"asked at NextCheck": func(d escalation.Decision, _ time.Time) time.Time { return d.NextCheck },
		"asked every hour":   func(_ escalation.Decision, now time.Time) time.Time { return now.Add(time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			k := escalation.Ticket{ID: "T-1", Priority: "High", Status: "Open", Tier: "Tier 1", CreatedAt: at("Mon 09:00")}
			var due []string
			keys := map[string]bool{}
			for now := at("Mon 09:00"); !now.After(at("Mon 20:00")); {
				d, err := standard.Decide(k, now)
				require.NoError(t, err)
				assert.Empty(t, d.Problems)
				for _, a := range d.Actions {
					assert.False(t, keys[a.Key], "twice: %v", a)
					keys[a.Key] = true
					if a.Rule == "tier is late" {
						due = append(due, clock(a.Due))
					}
				}
				k.Ledger, k.Tier, k.Priority, k.Assignee = d.Ledger, d.Tier, d.Priority, d.Assignee
				now = next(d, now)
			}
			assert.Equal(t, []string{"Mon 10:36", "Mon 16:12"}, due)
		})
	}
}

func TestScenarioNoTierColumn(t *testing.T) {
	// carry is a host that has no place for a tier: it does everything else.
	carry := func(s *story, when string) answer {
		a := s.look(when)
		src, err := json.Marshal(a.Ledger)
		require.NoError(t, err)
		s.ticket.Ledger = escalation.Ledger{}
		require.NoError(t, json.Unmarshal(src, &s.ticket.Ledger))
		return a
	}
	s := tell(t, only(t, "VIP", "SLA at risk")).given(func(k *escalation.Ticket) { k.Customer.VIP, k.Tier = true, "" })
	a := carry(s, "Mon 09:00").does("Mon 09:00 escalate Tier 2: VIP")
	assert.Equal(t, "Tier 2", a.Tier)
	a = carry(s, "Mon 13:00").does("Mon 12:12 escalate Tier 3: SLA at risk", "Mon 12:12 notify manager: SLA at risk")
	assert.Equal(t, "Tier 3", a.Tier)
	assert.Equal(t, "Mon 12:12", clock(a.clock(sla.TierResponse).Started))
	a = carry(s, "Tue 06:00")
	a.does("Tue 04:12 escalate Tier 4: SLA at risk", "Tue 04:12 notify manager: SLA at risk")
	assert.Equal(t, "Tier 4", carry(s, "Wed 06:00").doesNothing().Tier)

	t.Run("a tier that a person asked for is kept too", func(t *testing.T) {
		s := tell(t, with()).given(func(k *escalation.Ticket) { k.Tier = "" })
		d, err := s.engine.Escalate(s.ticket, escalation.Request{Reason: "policy_exception", To: "Tier 3", Override: true}, at("Mon 10:00"))
		require.NoError(t, err)
		s.ticket.Ledger = d.Ledger
		assert.Equal(t, "Tier 3", carry(s, "Mon 12:00").Tier)
	})
}
