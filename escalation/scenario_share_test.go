package escalation_test

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
)

// busy is a ticket on which a lot happens.
func busy(t *testing.T) *story {
	two := 2
	return tell(t, standard).given(func(k *escalation.Ticket) {
		k.Customer = escalation.Customer{ID: "c", Name: "Ada", Tier: "Enterprise", VIP: true, LTV: figure(20_000)}
		k.RevenueImpact, k.Contacts, k.Tags = figure(5000), &two, append(make([]string, 0, 4), "a")
		k.Case = escalation.Notes{Summary: "It stops.", Tried: append(make([]string, 0, 4), "Restart")}
		k.Fields = map[string]any{"plan": "pro"}
	}).customer("Mon 11:00", "The worst. I will sue you. My lawyer will be in touch.").agent("Mon 10:00").
		customer("Mon 09:05", "Could you have a look?").status("Mon 12:00", "Pending").status("Mon 15:00", "Open").
		priority("Mon 09:30", "High").status("Wed 09:00", "Resolved").customer("Thu 09:00", "Terrible.")
}

func TestScenarioManyGoroutines(t *testing.T) {
	s := busy(t)
	instants := []string{"Mon 09:00", "Mon 11:00", "Tue 09:00", "Fri 09:00"}
	decide := func(when string) string {
		d, err := s.engine.Decide(s.ticket, at(when))
		if err != nil {
			return err.Error()
		}
		src, err := json.Marshal(d)
		if err != nil {
			return err.Error()
		}
		return string(src)
	}
	want := map[string]string{}
	for _, when := range instants {
		want[when] = decide(when)
	}
	var wg sync.WaitGroup
	for g := range 16 {
		wg.Go(func() {
			for n := range 20 {
				when := instants[(g+n)%len(instants)]
				if got := decide(when); got != want[when] {
					t.Errorf("%s\nwant %s\ngot  %s", when, want[when], got)
					return
				}
				_, err := s.engine.Escalate(s.ticket, escalation.Request{Reason: "policy_exception", Override: true}, at(when))
				assert.NoError(t, err)
			}
		})
	}
	wg.Wait()
}

func TestScenarioDecideOnlyReads(t *testing.T) {
	s, twin := busy(t), busy(t)
	for _, when := range []string{"Mon 08:00", "Mon 09:00", "Tue 09:00", "Fri 09:00", "Mon 10:00"} {
		_, err := s.engine.Decide(s.ticket, at(when))
		require.NoError(t, err)
		_, err = s.engine.Escalate(s.ticket, escalation.Request{Reason: "policy_exception", Override: true}, at(when))
		require.NoError(t, err)
		require.Equal(t, twin.ticket, s.ticket)
	}
	assert.Empty(t, s.ticket.Tags[:2][1], "nor into the room behind a slice")
	assert.Empty(t, s.ticket.Case.Tried[:2][1])
	t.Run("nor into the ledger that it was given", func(t *testing.T) {
		s.ask("Mon 12:00")
		before, err := json.Marshal(s.ticket.Ledger)
		require.NoError(t, err)
		s.look("Fri 09:00")
		after, err := json.Marshal(s.ticket.Ledger)
		require.NoError(t, err)
		assert.Equal(t, string(before), string(after))
	})
	t.Run("what a decision holds is its own", func(t *testing.T) {
		s := busy(t)
		d := s.look("Fri 09:00")
		require.NotNil(t, d.Handoff)
		require.NotEmpty(t, d.Handoff.Tried)
		d.Handoff.Tried[0] = "x"
		assert.Equal(t, "Restart", s.ticket.Case.Tried[0])
	})
}

func TestScenarioSameBytes(t *testing.T) {
	src, err := json.Marshal(busy(t).ticket)
	require.NoError(t, err)
	var want string
	for run := range 50 {
		e := standard
		if run%10 == 0 {
			e = escalation.MustCompile(escalation.Standard(), nil)
		}
		var ticket escalation.Ticket
		require.NoError(t, json.Unmarshal(src, &ticket))
		var all []byte
		for _, when := range []string{"Mon 09:00", "Mon 12:00", "Fri 09:00"} {
			d, err := e.Decide(ticket, at(when))
			require.NoError(t, err)
			out, err := json.Marshal(d)
			require.NoError(t, err)
			all = append(all, out...)
			d.Apply(&ticket)
		}
		if run == 0 {
			want = string(all)
		}
		require.Equal(t, want, string(all), "run %d", run)
	}
	t.Run("a caller in another time zone stores the same ledger", func(t *testing.T) {
		s := tell(t, standard)
		here, err := standard.Decide(s.ticket, at("Mon 12:30"))
		require.NoError(t, err)
		there, err := standard.Decide(s.ticket, at("Mon 12:30").In(time.FixedZone("there", -7*3600)))
		require.NoError(t, err)
		one, err := json.Marshal(here.Ledger)
		require.NoError(t, err)
		two, err := json.Marshal(there.Ledger)
		require.NoError(t, err)
		assert.Equal(t, string(one), string(two))
	})
}
