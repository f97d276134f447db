package escalation_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// gated are rules of which each has something that must be so, and that lead to each
// other: what one changes lets the next one hold.
func gated() []rules.Rule {
	list := []rules.Rule{
		rule("third of the chain", `"chain 2" in ticket.tags`, `add_tag("chain 3")`, `notify("manager")`),
		rule("first of the chain", `ticket.priority == "High" and ticket.age >= 40m`, `add_tag("chain 1")`, `bump_priority()`),
		rule("second of the chain", `ticket.priority == "Critical" and "chain 1" in ticket.tags`, `escalate("Tier 3")`, `add_tag("chain 2")`),
		rule("at tier 3", `ticket.tier == "Tier 3" and sla.tier_response.used >= 0.5`, `alert("team lead")`),
		rule("waits for Ben", `ticket.assignee == "ben" and ticket.status in ["Pending", "On hold"]`, `notify("team lead")`),
		rule("legal question", `contains_keywords(["legal", "lawyer"]) and ticket.status != "Closed"`, `flag("review")`),
		rule("clock of a VIP", `customer.vip and sla.used >= 0.3`, `notify("manager")`),
		rule("no clock", `sla.metric == "resolution" and sla.elapsed >= 50m`, `add_note("Fifty minutes.")`),
	}
	each := rule("each unkind word", `contains_keywords(["worst"]) or sentiment == "angry"`, `add_tag("unkind")`)
	each.Per = "message"
	again := rule("still high", `ticket.priority in ["High", "Critical"]`, `alert("manager")`)
	again.Every, again.Rest = 90*time.Minute, 20*time.Minute
	closed := rule("reopened", `ticket.status == "Resolved"`, `add_note("solved")`)
	closed.Closed = true
	return append(list, each, again, closed)
}

// An index passes over rules that cannot hold. With so many more of these that there is
// one, everything that is decided is what it is without them.
func TestTheIndexChangesNothing(t *testing.T) {
	for name, policy := range map[string]escalation.Policy{"windows": windows(), "office": office(sla.Choices{}), "few": {}} {
		if name == "few" {
			policy = escalation.Standard()
			policy.Rules = nil
		}
		t.Run(name, func(t *testing.T) {
			policy.Rules = append(policy.Rules, gated()...)
			if name == "few" { // its next checks may be early by one that finds nothing
				polled := rule("polled", `ticket.category == "" and ticket.idle > ticket.age - 30m`, `notify("account manager")`)
				polled.Poll = 23 * time.Minute
				policy.Rules = append(policy.Rules, polled)
			}
			few, many := policy, policy
			many.Rules = nil
			for i, r := range policy.Rules { // fillers among them
				many.Rules = append(many.Rules, r)
				for n := range 40 {
					many.Rules = append(many.Rules, rule(fmt.Sprintf("filler %d of %d", n, i), fmt.Sprintf(`ticket.category == "filler %d" and ticket.age >= %dm`, n, n+1), `escalate("Tier 4")`))
				}
			}
			// All rules of the first are looked at: an index does not pay yet.
			few.Rules = policy.Rules[max(0, len(policy.Rules)-31):]
			if len(few.Rules) < len(policy.Rules) {
				many.Rules = many.Rules[41*(len(policy.Rules)-31):]
			}
			one, other := escalation.MustCompile(few, nil), escalation.MustCompile(many, nil)
			tickets := 60
			if testing.Short() {
				tickets = 15
			}
			fired := 0
			for seed := range uint64(tickets) {
				r := rand.New(rand.NewPCG(seed, 77))
				life := time.Duration(1+r.IntN(40)) * time.Hour
				ticket := randomTicket(r, fmt.Sprint(seed), life)
				again := ticket
				for now := monday; now.Before(monday.Add(life + 10*time.Hour)); now = now.Add(time.Duration(r.Int64N(int64(8 * time.Hour)))) {
					want, err := one.Decide(ticket, now)
					require.NoError(t, err)
					got, err := other.Decide(again, now)
					require.NoError(t, err)
					require.Equal(t, want.Actions, got.Actions, "seed %d at %s", seed, now)
					require.Equal(t, want.Reasons, got.Reasons, "seed %d at %s", seed, now)
					require.Equal(t, want.Observed, got.Observed, "seed %d at %s", seed, now)
					if name != "few" {
						require.Equal(t, want.NextCheck, got.NextCheck, "seed %d at %s", seed, now)
					}
					fired += len(want.Reasons)
					want.Apply(&ticket)
					got.Apply(&again)
				}
			}
			assert.Greater(t, fired, 5*tickets)
		})
	}
}
