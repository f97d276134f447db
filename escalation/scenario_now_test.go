package escalation_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// officeIn is the standard policy by the hours of an office, Monday to Friday 9 to 17 in a
// zone, with other rules.
func officeIn(zone string, list ...rules.Rule) *escalation.Engine {
	p := escalation.Standard()
	week := map[string][]string{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
		week[day] = []string{"09:00-17:00"}
	}
	p.Calendars = map[string]escalation.Calendar{"office": {Hours: sla.Hours{Zone: zone, Week: week, Holidays: []string{"2026-03-04"}}}}
	p.Calendar = "office"
	p.Rules = list
	return escalation.MustCompile(p, nil)
}

// turns wants the condition to come true, for a ticket created on Monday at 9, at exactly
// this instant: a nanosecond before nothing is done, and the next check is then.
func turns(t *testing.T, e *escalation.Engine, when string, story ...func(*story)) {
	t.Helper()
	s := tell(t, e)
	for _, happens := range story {
		happens(s)
	}
	due := at(when)
	d, err := e.Decide(s.ticket, due.Add(-1))
	require.NoError(t, err)
	assert.Empty(t, d.Actions, "a nanosecond before")
	assert.Equal(t, due.Add(time.Millisecond-1).Truncate(time.Millisecond), d.NextCheck.UTC(), "next check")
	d.Apply(&s.ticket)
	d, err = e.Decide(s.ticket, due)
	require.NoError(t, err)
	if assert.Len(t, d.Actions, 1, "when it turns") {
		assert.Equal(t, due, d.Actions[0].Due.UTC())
	}
	// And if nobody asks for a month, it was due then all the same.
	late := tell(t, e)
	for _, happens := range story {
		happens(late)
	}
	d, err = e.Decide(late.ticket, due.Add(30*24*time.Hour))
	require.NoError(t, err)
	if assert.NotEmpty(t, d.Actions) {
		assert.Equal(t, due, d.Actions[0].Due.UTC())
	}
}

func tells(condition string) rules.Rule { return rule("told", condition, `notify("manager")`) }

func TestScenarioNow(t *testing.T) {
	t.Run("at night only", func(t *testing.T) {
		turns(t, with(tells(`ticket.open and (now.hour >= 22 or now.hour < 6)`)), "Mon 22:00")
		turns(t, with(tells(`now.hour >= 22 and ticket.age > 2d`)), "Wed 22:00")
	})
	t.Run("hours are those of the policy's calendar", func(t *testing.T) {
		turns(t, officeIn("Asia/Tokyo", tells(`now.hour >= 22`)), "Mon 13:00")
		turns(t, officeIn("Asia/Kathmandu", tells(`now.hour == 22`)), "Mon 16:15")
	})
	t.Run("on weekends", func(t *testing.T) {
		turns(t, with(tells(`now.weekday in ["Saturday", "Sunday"]`)), "Sat 00:00")
		turns(t, officeIn("America/New_York", tells(`now.weekday == "Saturday" and now.hour >= 8`)), "Sat 13:00")
	})
	t.Run("on a day of the month, in a month", func(t *testing.T) {
		turns(t, with(tells(`now.day == 15`)), "Sun+1 00:00")
		turns(t, with(tells(`now.month == 4`)), "Wed+4 00:00")
	})
	t.Run("from a date on", func(t *testing.T) {
		e := with(tells(`now >= date("2026-12-24")`))
		tell(t, e).look("Mon 09:00").doesNothing().checks("2026-12-24T00:00:00Z")
		turns(t, with(tells(`now > date("2026-03-05T18:00:00+01:00")`)), "Thu 17:00:00.000000001")
		a := tell(t, with(tells(`now < date("2026-03-05")`))).look("Mon 09:00").does("Mon 09:00 notify manager: told")
		assert.Equal(t, "2026-03-02T09:00:00Z", a.Reasons[0].Clauses[0].Values[0].Value)
	})
	t.Run("when it opens in the morning", func(t *testing.T) {
		e := officeIn("Europe/Paris", tells(`hours.open and ticket.age > 10h`))
		turns(t, e, "Tue 08:00")
		turns(t, officeIn("Europe/Paris", tells(`not hours.open`)), "Mon 16:00")
		turns(t, officeIn("Europe/Paris", tells(`hours.open and ticket.age > 26h`)), "Tue 11:00:00.000000001")
		turns(t, officeIn("Europe/Paris", tells(`hours.open and ticket.age > 40h`)), "Thu 08:00") // Wednesday is a holiday
	})
	t.Run("hours are those of the ticket's priority", func(t *testing.T) {
		p := officeIn("Europe/Paris").Policy()
		p.Priorities[0].Calendar = "always"
		p.Rules = []rules.Rule{tells(`not hours.open`)}
		e := escalation.MustCompile(p, nil)
		turns(t, e, "Mon 16:00")
		critical := func(s *story) { s.ticket.Priority = "Critical" }
		tell(t, e).given(func(k *escalation.Ticket) { k.Priority = "Critical" }).look("Sun 09:00").doesNothing().checks("never")
		turns(t, e, "Mon 20:00", critical, func(s *story) { s.priority("Mon 20:00", "High") })
	})
}

func TestScenarioTurnsOfOtherShapes(t *testing.T) {
	t.Run("older than the promise, or half of it", func(t *testing.T) {
		turns(t, with(tells(`ticket.age > sla.first_response.target`)), "Mon 13:00:00.000000001")
		turns(t, with(tells(`ticket.age > sla.first_response.target * 0.5`)), "Mon 11:00:00.000000001")
		turns(t, with(tells(`ticket.age >= sla.first_response.target * 1.5`)), "Mon 15:00")
	})
	t.Run("a promise that changes", func(t *testing.T) {
		e := with(tells(`ticket.age > sla.first_response.target`))
		turns(t, e, "Mon 12:00", func(s *story) { s.priority("Mon 12:00", "High") }) // from 4h to 1h
	})
	t.Run("old, but for the time that the customer has waited", func(t *testing.T) {
		e := with(tells(`ticket.age - ticket.waiting > 2h`))
		turns(t, e, "Mon 11:00:00.000000001")
		wait := func(s *story) { s.customer("Mon 10:00", "Hello?") }
		tell(t, e).customer("Mon 10:00", "Hello?").look("Mon 10:30").doesNothing().checks("never")
		turns(t, e, "Mon 12:00", wait, func(s *story) { s.agent("Mon 12:00") })
	})
	t.Run("twice as long", func(t *testing.T) {
		turns(t, with(tells(`ticket.age * 2 > 3h`)), "Mon 10:30:00.000000001")
		turns(t, with(tells(`ticket.age / 1d >= 1.5`)), "Tue 21:00")
	})
	t.Run("a let, and what depends on the priority", func(t *testing.T) {
		e := with(tells(`let limit = ticket.priority == "High" ? 2h : 6h; ticket.idle > limit`))
		turns(t, e, "Mon 15:00:00.000000001")
		turns(t, e, "Mon 12:00:00.000000001", func(s *story) { s.priority("Mon 10:00", "High") })
	})
	t.Run("the longer of two", func(t *testing.T) {
		turns(t, with(tells(`max(ticket.idle, ticket.waiting) > 1d`)), "Tue 10:00:00.000000001", func(s *story) { s.customer("Mon 10:00", "Hello?").note("Mon 20:00") })
	})
	t.Run("a clock that stands still at night", func(t *testing.T) {
		e := officeIn("UTC", tells(`sla.resolution.elapsed + 1h > sla.resolution.remaining`)) // of 24h
		turns(t, e, "Tue 12:30:00.000000001")
		paused := func(s *story) { s.status("Mon 12:00", "Pending").status("Mon 13:00", "Open") }
		turns(t, e, "Tue 13:30:00.000000001", paused)
	})
	t.Run("of each clock that runs", func(t *testing.T) {
		e := with(tells(`sla.elapsed * 2 > sla.target and sla.metric == "first_response"`))
		turns(t, e, "Mon 11:00:00.000000001")
	})
	t.Run("what cannot be computed is refused with the reason", func(t *testing.T) {
		for condition, why := range map[string]string{
			`ticket.age > sla.resolution.elapsed`:           `ticket.age and sla.resolution.elapsed both change with time, each at a pace of its own`,
			`sla.first_response.used > sla.resolution.used`: `each at a pace of its own`,
			`ticket.age == 3h`:                              `it is any one value for a nanosecond only`,
			`now.Hour() >= 9`:                               `write now.hour`,
			`now.Weekday().String() == "Monday"`:            `write now.weekday`,
			`now > "2026-12-24"`:                            `write date("2026-12-24")`,
			`now.weekday == "Montag"`:                       `"Montag" is no weekday`,
			`any(ticket.tags, ticket.age > 1h)`:             `cannot stand inside any`,
		} {
			p := escalation.Standard()
			p.Rules = []rules.Rule{tells(condition)}
			_, err := escalation.Compile(p, nil)
			assert.ErrorContains(t, err, why, condition)
		}
	})
}
