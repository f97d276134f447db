package escalation_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
)

// explains asks why, of one rule.
func (s *story) explains(when, rule string) escalation.SubjectExplained {
	s.Helper()
	x, err := s.engine.Explain(s.ticket, at(when))
	require.NoError(s, err)
	for _, r := range x.Rules {
		if r.Rule == rule {
			require.NotEmpty(s, r.Subjects, r.Why)
			return r.Subjects[0]
		}
	}
	require.Fail(s, "no such rule", rule)
	return escalation.SubjectExplained{}
}

func TestScenarioExplain(t *testing.T) {
	waits := rule("waits", `ticket.waiting > 30m`, `notify("manager")`)
	often := rule("often", `ticket.age >= 1h`, `alert("manager")`)
	often.Every = 4 * time.Hour
	e := with(waits, often,
		rule("late", `sla.first_response.used >= 0.8`, `escalate("Tier 2")`),
		rule("later", `sla.first_response.used >= 0.8 and not customer.vip`, `escalate("Tier 3")`),
		rule("rich", `not (customer.ltv <= 10)`, `add_tag("rich")`))
	s := tell(t, e).customer("Mon 09:00", "Hello?")

	x := s.explains("Mon 09:10", "waits")
	assert.Equal(t, escalation.DoesNotHold, x.Outcome)
	assert.Equal(t, "ticket.waiting > 30m is false; time may turn a clause at 2026-03-02 09:30:00.000000001 UTC", x.Why)
	assert.Equal(t, "customer.ltv <= 10 is unknown", s.explains("Mon 09:10", "rich").Why)

	x = s.explains("Mon 12:30", "late")
	assert.Equal(t, escalation.Fires, x.Outcome)
	assert.Equal(t, `it fires, due 2026-03-02 12:12:00 UTC; escalate Tier 2 is overruled by "later"`, x.Why)
	assert.Equal(t, escalation.Overruled, x.Effects[0].Result)
	assert.Equal(t, "first_response/1", x.Subject)

	s.ask("Mon 12:30")
	x = s.explains("Mon 13:00", "late")
	assert.Equal(t, escalation.HasFired, x.Outcome)
	assert.Equal(t, "it has fired at 2026-03-02 12:12:00 UTC, once for first_response/1", x.Why)
	x = s.explains("Mon 13:30", "often")
	assert.Equal(t, escalation.HasFired, x.Outcome)
	assert.Equal(t, "it has fired at 2026-03-02 10:00:00 UTC and is repeated at 2026-03-02 14:00:00 UTC if it still holds", x.Why)
	assert.Equal(t, escalation.Fires, s.explains("Mon 14:30", "often").Outcome, "the first repeat")
	assert.Equal(t, "it has fired at 2026-03-02 09:30:00.000000001 UTC, and holds since: it fires again once it has stopped to hold", s.explains("Mon 13:30", "waits").Why)

	s.status("Mon 14:00", "Resolved")
	assert.Equal(t, escalation.IsClosed, s.explains("Mon 15:00", "waits").Outcome)

	s.ask("Mon 15:00")
	before := s.explains("Mon 10:00", "rich")
	assert.Equal(t, escalation.DoesNotHold, before.Outcome, "an earlier instant is explained, too")
}

func TestScenarioExplainRest(t *testing.T) {
	r := rule("assigned", `ticket.assignee == "anna"`, `notify("manager")`)
	r.Rest = time.Hour
	s := tell(t, with(r)).change("Mon 09:10", "assignee", "anna").change("Mon 09:20", "assignee", "ben").change("Mon 09:30", "assignee", "anna")
	s.ask("Mon 09:15")
	x := s.explains("Mon 09:40", "assigned")
	assert.Equal(t, escalation.Rests, x.Outcome)
	assert.Equal(t, "it has fired at 2026-03-02 09:10:00 UTC and rests until 2026-03-02 10:10:00 UTC", x.Why)
	assert.Equal(t, at("Mon 10:10"), x.Until)
}

func TestScenarioExplainBadTickets(t *testing.T) {
	_, err := standard.Explain(escalation.Ticket{}, at("Mon 09:00"))
	assert.Error(t, err)
	x, err := standard.Explain(escalation.Ticket{ID: "1", CreatedAt: at("Tue 09:00")}, at("Mon 09:00"))
	require.NoError(t, err)
	assert.Empty(t, x.Rules)
	assert.NotEmpty(t, x.Problems)
}

// What Explain says fires is what Decide proposes, and what it says does not hold does
// not fire. It reads back from JSON.
func TestExplainIsDecide(t *testing.T) {
	for name, policy := range map[string]escalation.Policy{"windows": windows(), "standard": escalation.Standard()} {
		e := escalation.MustCompile(policy, nil)
		for seed := range uint64(150) {
			r := rand.New(rand.NewPCG(seed, 21))
			life := time.Duration(1+r.IntN(60)) * time.Hour
			ticket := randomTicket(r, fmt.Sprintf("T%d", seed), life)
			for range 4 {
				now := monday.Add(time.Duration(r.Int64N(int64(life + time.Hour))))
				d, err := e.Decide(ticket, now)
				require.NoError(t, err)
				x, err := e.Explain(ticket, now)
				require.NoError(t, err)
				require.Equal(t, d.NextCheck, x.NextCheck)
				fired := map[string]bool{}
				for _, reason := range slices.Concat(d.Reasons, d.Observed) {
					fired[reason.Rule+" "+reason.Subject] = true
				}
				for _, r := range x.Rules {
					for _, s := range r.Subjects {
						about := fmt.Sprintf("%s, seed %d, %s: %s %+v", name, seed, now, r.Rule, s)
						require.Equal(t, fired[r.Rule+" "+s.Subject], s.Outcome == escalation.Fires, about)
						require.False(t, s.Outcome == escalation.NotJudged && !now.Before(ticket.Ledger.At), about)
						if s.Outcome == escalation.DoesNotHold {
							require.NotEqual(t, rules.True, s.Condition.Truth, about)
							require.NotEmpty(t, s.Why)
						}
						require.True(t, s.Until.IsZero() || s.Until.After(now), about)
					}
				}
				src, err := json.Marshal(x)
				require.NoError(t, err)
				var again escalation.Explanation
				require.NoError(t, json.Unmarshal(src, &again))
				require.Equal(t, x.String(), again.String())
				if r.IntN(2) == 0 {
					d.Apply(&ticket)
				}
			}
		}
	}
}
