package escalation_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// What random policies have found. Each was once asked in two ways and told two things.
func TestScenarioFoundByChance(t *testing.T) {
	asked := func(t *testing.T, e *escalation.Engine, change func(*story) *story, times ...string) []string {
		s := change(tell(t, e))
		var lines []string
		for _, when := range times {
			lines = append(lines, s.ask(when).lines()...)
		}
		return lines
	}
	nothing := func(s *story) *story { return s }
	polls := func(name, condition string, every time.Duration) rules.Rule {
		r := rule(name, condition, `notify("manager")`)
		r.Poll = every
		return r
	}
	t.Run("a clause that a rule with a poll has too wakes the other one all the same", func(t *testing.T) {
		a := polls("a", `ticket.idle + 44m > sla.resolution.elapsed or not sla.breached`, 30*time.Minute)
		tell(t, with(a, rule("b", `sla.breached`, `alert("manager")`))).given(func(k *escalation.Ticket) { k.Priority = "High" }).
			ask("Mon 13:00").includes("Mon 10:00:00.000000001 alert manager: b")
	})
	t.Run("a rule that polls is looked at where it repeats only if it holds", func(t *testing.T) {
		r := polls("r", `ticket.idle + 1m > ticket.age or ticket.idle > 1m`, 32*time.Minute)
		r.Every = 6 * time.Minute
		anna := func(s *story) *story { return s.change("Mon 09:34:25", "assignee", "anna") }
		assert.Equal(t, asked(t, with(r), anna, "Mon 11:00"), asked(t, with(r), anna, "Mon 09:36", "Mon 11:00"))
	})
	t.Run("our own note wakes no rule that polls", func(t *testing.T) {
		e := with(rule("note", `ticket.age >= 4m`, `add_note("Look.")`), polls("poll", `ticket.age > 3m and ticket.idle + 1m > ticket.age`, 5*time.Minute))
		assert.Equal(t, asked(t, e, nothing, "Mon 09:30"), asked(t, e, nothing, "Mon 09:04", "Mon 09:30"))
	})
	t.Run("a clock that is idle again is not forgotten", func(t *testing.T) {
		p := escalation.Standard()
		p.Choices.TierFrom = sla.FromAssignment
		p.Rules = []rules.Rule{rule("r", `sla.tier_response.breached or ticket.age >= 1m`, `notify("manager")`)}
		s := tell(t, escalation.MustCompile(p, nil)).change("Mon 09:10", "assignee", "anna").tier("Mon 09:20", "Tier 2")
		first := s.ask("Mon 09:05").does("Mon 09:01 notify manager: r")
		for _, when := range []string{"Mon 09:15", "Mon 09:25"} {
			for _, a := range s.ask(when).Actions {
				assert.NotEqual(t, first.Actions[0].Key, a.Key, says(a))
			}
		}
	})
	t.Run("a next check is not behind an event that is known, however far it looks", func(t *testing.T) {
		r := polls("r", `ticket.idle + 1m > ticket.age and ticket.status == "Pending"`, time.Minute)
		check := tell(t, with(r)).status("Mon 09:50:30", "Open").ask("Mon 09:00").NextCheck
		assert.False(t, check.After(at("Mon 09:50:30")), "%s", check)
	})
}
