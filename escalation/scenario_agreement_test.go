package escalation_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/sla"
)

// weekdays is Standard() in an office that works from nine to five, UTC; Critical
// tickets are worked on at night too.
func weekdays(more ...func(*escalation.Policy)) *escalation.Engine {
	p := escalation.Standard()
	week := map[string][]string{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
		week[day] = []string{"09:00-17:00"}
	}
	p.Calendars = map[string]escalation.Calendar{"office": {Hours: sla.Hours{Week: week, Holidays: []string{"2026-03-04"}}}}
	p.Calendar = "office"
	p.Priorities[0].Calendar = "always"
	for _, change := range more {
		change(&p)
	}
	return escalation.MustCompile(p, nil)
}

func TestScenarioOfficeHours(t *testing.T) {
	t.Run("80 % are used up on Monday morning, not on Saturday", func(t *testing.T) {
		onlySLA := func(p *escalation.Policy) { p.Rules = p.Rules[:1] }
		s := tell(t, weekdays(onlySLA)).given(func(x *escalation.Ticket) { x.CreatedAt, x.Priority = at("Fri 16:30"), "High" })
		a := s.ask("Fri 16:30").doesNothing().checks("Mon+1 09:18")
		assert.Equal(t, at("Mon+1 09:30"), a.clock(sla.FirstResponse).Due)
		s.ask("Sun 12:00").doesNothing().checks("Mon+1 09:18")
		s.ask("Mon+1 09:18").includes("Mon+1 09:18 escalate Tier 2: SLA at risk")
	})
	t.Run("a Critical ticket does not wait for Monday", func(t *testing.T) {
		s := tell(t, weekdays()).given(func(x *escalation.Ticket) { x.CreatedAt, x.Priority = at("Fri 18:00"), "Critical" })
		s.ask("Fri 18:00").doesNothing().checks("Fri 18:12")
	})
	t.Run("nor does the immediate tier", func(t *testing.T) {
		s := tell(t, weekdays()).given(func(x *escalation.Ticket) { x.CreatedAt, x.Tier = at("Fri 18:00"), "Tier 4" })
		s.ask("Fri 18:12").includes("Fri 18:12 notify team lead: tier is late")
	})
	t.Run("due as the office closes, breached right then", func(t *testing.T) {
		e := weekdays(func(p *escalation.Policy) { p.Rules = nil })
		p := e.Policy()
		p.Rules = append(p.Rules, rule("late", "sla.first_response.breached", `alert("manager")`), rule("more than all", `sla.first_response.used > 1`, `alert("team lead")`))
		s := tell(t, escalation.MustCompile(p, nil)).given(func(x *escalation.Ticket) { x.CreatedAt, x.Priority = at("Mon 16:00"), "High" })
		s.ask("Mon 17:00").doesNothing().checks("Mon 17:00:00.001")
		s.ask("Mon 18:00").does("Mon 17:00:00.000000001 alert manager: late").checks("Tue 09:00:00.001")
		s.ask("Tue 10:00").includes("Tue 09:00:00.000000001 alert team lead: more than all")
	})
	t.Run("the customer is told of business hours", func(t *testing.T) {
		s := tell(t, weekdays(func(p *escalation.Policy) { p.Rules = p.Rules[:1] })).given(func(x *escalation.Ticket) { x.Priority = "Low" })
		a := s.ask("Mon 16:00")
		require.NotNil(t, a.Handoff)
		assert.Equal(t, "4 business hours", a.Handoff.Timeframe)
		s = tell(t, weekdays(func(p *escalation.Policy) { p.Rules = p.Rules[:1] })).given(func(x *escalation.Ticket) { x.Priority = "Critical" })
		assert.Equal(t, "15 minutes", s.ask("Mon 10:00").Handoff.Timeframe)
	})
}

func TestScenarioAgreements(t *testing.T) {
	e := weekdays(func(p *escalation.Policy) {
		p.Agreements = []escalation.Agreement{
			{
				Name: "Gold", CustomerTiers: []string{"Gold", "Enterprise"}, Terms: escalation.Terms{Calendar: "always"},
				Priorities: []escalation.Priority{{Name: "Medium", FirstResponse: sla.Within(30 * time.Minute), Resolution: sla.Within(4 * time.Hour)}},
				Tiers:      []escalation.TierResponse{{Name: "Tier 1", Response: sla.Within(10 * time.Minute)}},
			},
			{Name: "Best effort", Customers: []string{"c-7"}, Priorities: []escalation.Priority{{Name: "Medium"}}},
		}
	})
	first := func(t *testing.T, change func(*escalation.Ticket)) (string, string) {
		a := tell(t, e).given(change).look("Mon 09:05")
		for _, c := range a.Clocks {
			if c.Metric == sla.FirstResponse {
				return a.Agreement, sla.FormatDuration(c.Target)
			}
		}
		return a.Agreement, "nothing"
	}
	for name, x := range map[string]struct {
		change            func(*escalation.Ticket)
		agreement, target string
	}{
		"nobody in particular":             {func(x *escalation.Ticket) {}, "", "4h"},
		"by the ticket, in any case":       {func(x *escalation.Ticket) { x.Agreement = "gold" }, "Gold", "30m"},
		"by the customer's tier":           {func(x *escalation.Ticket) { x.Customer.Tier = "enterprise " }, "Gold", "30m"},
		"by the customer":                  {func(x *escalation.Ticket) { x.Customer.ID = "c-7" }, "Best effort", "nothing"},
		"the customer before its tier":     {func(x *escalation.Ticket) { x.Customer = escalation.Customer{ID: "c-7", Tier: "Gold"} }, "Best effort", "nothing"},
		"the ticket before the customer":   {func(x *escalation.Ticket) { x.Customer.ID, x.Agreement = "c-7", "Gold" }, "Gold", "30m"},
		"a row that the agreement has not": {func(x *escalation.Ticket) { x.Agreement, x.Priority = "Gold", "High" }, "Gold", "1h"},
	} {
		t.Run(name, func(t *testing.T) {
			agreement, target := first(t, x.change)
			assert.Equal(t, x.agreement, agreement)
			assert.Equal(t, x.target, target)
		})
	}
	t.Run("one that nobody has declared", func(t *testing.T) {
		a := tell(t, e).given(func(x *escalation.Ticket) { x.Agreement, x.Customer.Tier = "Golden", "Gold" }).look("Mon 09:05")
		assert.Equal(t, []string{"unknown_agreement"}, a.problems())
		assert.Equal(t, "Gold", a.Agreement)
	})
	t.Run("its own hours and tiers", func(t *testing.T) {
		a := tell(t, e).given(func(x *escalation.Ticket) { x.Agreement, x.CreatedAt = "Gold", at("Fri 18:00") }).look("Fri 18:05")
		assert.Equal(t, at("Fri 18:10"), a.clock(sla.TierResponse).Due)
		assert.Equal(t, at("Fri 18:30"), a.clock(sla.FirstResponse).Due)
	})
	t.Run("a row without hours has those of the policy's row", func(t *testing.T) {
		e := weekdays(func(p *escalation.Policy) {
			p.Agreements = []escalation.Agreement{{Name: "Gold", Priorities: []escalation.Priority{{Name: "Critical", FirstResponse: sla.Within(10 * time.Minute)}}}}
		})
		a := tell(t, e).given(func(x *escalation.Ticket) { x.Agreement, x.Priority, x.CreatedAt = "Gold", "Critical", at("Fri 20:00") }).look("Fri 20:05")
		assert.Equal(t, at("Fri 20:10"), a.clock(sla.FirstResponse).Due)
	})
	t.Run("a customer who changes plan has the new one from the call on that sees it", func(t *testing.T) {
		s := tell(t, e)
		s.ask("Mon 10:00").doesNothing()
		s.ticket.Customer.Tier = "gold"
		a := s.ask("Mon 11:00")
		assert.Equal(t, "Gold", a.Agreement)
		assert.Equal(t, at("Mon 11:00"), a.clock(sla.FirstResponse).BreachedAt, "not before its cause")
		assert.Equal(t, at("Mon 11:00"), s.ask("Mon 15:00").clock(sla.FirstResponse).BreachedAt, "and it stays there")
		s.ticket.Customer.Tier = ""
		assert.Empty(t, s.ask("Mon 16:00").Agreement)
	})
	t.Run("names in the log that nobody has declared", func(t *testing.T) {
		s := tell(t, e)
		s.ticket.Changes = []escalation.Change{{At: at("Mon 10:00"), Field: "agreement", From: "Golden", To: "Silver", By: "agent:7"}}
		assert.Equal(t, []string{"unknown_agreement", "unknown_agreement"}, s.look("Mon 11:00").problems())
	})
	t.Run("signed while the ticket is open: a new target, the same start, due at the change", func(t *testing.T) {
		s := tell(t, e)
		s.ask("Mon 10:00").doesNothing()
		s.ticket.Changes = append(s.ticket.Changes, escalation.Change{At: at("Mon 11:00"), Field: "agreement", To: "Gold", By: "agent:7"})
		s.ticket.Agreement = "Gold"
		a := s.ask("Mon 12:00").includes("Mon 11:00 escalate Tier 2: SLA at risk")
		assert.Equal(t, at("Mon 11:00"), a.clock(sla.FirstResponse).BreachedAt)
	})
}

func TestScenarioContracts(t *testing.T) {
	silver := escalation.Agreement{
		Name: "Silver 2026", Calendars: map[string]escalation.Calendar{"mornings": {Hours: sla.Hours{Week: map[string][]string{"mon": {"08:00-12:00"}, "tue": {"08:00-12:00"}}}}},
		Terms:      escalation.Terms{Calendar: "mornings", Choices: sla.Choices{OnReopen: sla.ReopenNewCycle}},
		Priorities: []escalation.Priority{{Name: "Medium", FirstResponse: sla.Within(6 * time.Hour)}},
	}
	t.Run("a new customer needs no new policy", func(t *testing.T) {
		e := weekdays()
		contract, err := e.Contract(silver)
		require.NoError(t, err)
		silver.Priorities[0].FirstResponse = sla.Within(time.Minute) // what was given is not kept
		defer func() { silver.Priorities[0].FirstResponse = sla.Within(6 * time.Hour) }()
		s := tell(t, e).given(func(x *escalation.Ticket) { x.Contract, x.Agreement = contract, "something else" })
		a := s.look("Mon 09:30")
		assert.Equal(t, "Silver 2026", a.Agreement)
		assert.Empty(t, a.Problems)
		assert.Equal(t, at("Tue 11:00"), a.clock(sla.FirstResponse).Due)
		src, err := json.Marshal(s.ticket)
		require.NoError(t, err)
		assert.NotContains(t, string(src), "Silver")
	})
	t.Run("it outlives its policy", func(t *testing.T) {
		contract, err := weekdays().Contract(silver)
		require.NoError(t, err)
		later := weekdays(func(p *escalation.Policy) { p.Name = "the next" })
		a := tell(t, later).given(func(x *escalation.Ticket) { x.Contract = contract }).look("Mon 09:30")
		assert.Empty(t, a.Problems)
		assert.Equal(t, at("Tue 11:00"), a.clock(sla.FirstResponse).Due)
	})
	t.Run("until it no longer fits", func(t *testing.T) {
		contract, err := weekdays().Contract(silver)
		require.NoError(t, err)
		other := weekdays(func(p *escalation.Policy) { p.Priorities[2].Name, p.Rules = "Normal", p.Rules[:1] })
		a := tell(t, other).given(func(x *escalation.Ticket) { x.Contract, x.Priority = contract, "Normal" }).look("Mon 09:30")
		assert.Equal(t, []string{"unknown_agreement"}, a.problems())
		assert.Equal(t, "4h", sla.FormatDuration(a.clock(sla.FirstResponse).Target))
		assert.Empty(t, a.Agreement)
	})
	t.Run("the log of agreements says nothing of it: it holds throughout, whenever it is asked", func(t *testing.T) {
		e := weekdays(func(p *escalation.Policy) {
			p.Agreements = []escalation.Agreement{{Name: "Gold", Terms: escalation.Terms{Calendar: "always"}, Priorities: []escalation.Priority{{Name: "Medium", FirstResponse: sla.Within(10 * time.Minute)}}}}
		})
		contract, err := e.Contract(silver)
		require.NoError(t, err)
		s := tell(t, e).given(func(x *escalation.Ticket) { x.Contract, x.Agreement = contract, "Gold" })
		s.ticket.Changes = []escalation.Change{{At: at("Mon 10:00"), Field: "agreement", To: "Gold", By: "agent:7"}}
		for _, when := range []string{"Mon 09:30", "Mon 11:00", "Tue 05:00"} {
			a := s.look(when)
			assert.Equal(t, "Silver 2026", a.Agreement)
			assert.Empty(t, a.problems())
			assert.Equal(t, at("Tue 11:00"), a.clock(sla.FirstResponse).Due, when)
		}
	})
	t.Run("the log says from when, and until when, in any spelling", func(t *testing.T) {
		e := weekdays()
		contract, err := e.Contract(silver)
		require.NoError(t, err)
		s := tell(t, e).given(func(x *escalation.Ticket) { x.Contract = contract })
		s.ticket.Changes = []escalation.Change{
			{At: at("Mon 10:00"), Field: "agreement", To: "silver 2026 ", By: "agent:7"}, {At: at("Mon 11:00"), Field: "agreement", From: "SILVER 2026", By: "agent:7"},
		}
		assert.Empty(t, s.look("Mon 09:30").Agreement)
		a := s.look("Mon 10:30")
		assert.Equal(t, "Silver 2026", a.Agreement)
		assert.Equal(t, []string{"in_future"}, a.problems())
		assert.Empty(t, s.look("Mon 11:30").Agreement)
	})
	t.Run("until it no longer fits: then what the ticket names counts", func(t *testing.T) {
		contract, err := weekdays().Contract(silver)
		require.NoError(t, err)
		other := weekdays(func(p *escalation.Policy) {
			p.Priorities[2].Name, p.Rules = "Normal", p.Rules[:1]
			p.Agreements = []escalation.Agreement{{Name: "Gold"}}
		})
		a := tell(t, other).given(func(x *escalation.Ticket) { x.Contract, x.Priority, x.Agreement = contract, "Normal", "gold" }).look("Mon 09:30")
		assert.Equal(t, "Gold", a.Agreement)
	})
	t.Run("the zero contract is none", func(t *testing.T) {
		a := tell(t, weekdays()).given(func(x *escalation.Ticket) { x.Contract = new(escalation.Contract) }).look("Mon 09:30")
		assert.Empty(t, a.Agreement)
	})
	t.Run("its mistakes, all at once", func(t *testing.T) {
		_, err := weekdays().Contract(escalation.Agreement{
			Name:       "  ",
			Terms:      escalation.Terms{Calendar: "offce", Choices: sla.Choices{OnReopen: "resum"}},
			Priorities: []escalation.Priority{{Name: "Hihg"}, {Name: "Low", Calendar: "nights"}, {Name: "Low"}},
			Tiers:      []escalation.TierResponse{{Name: "Tier 1", Response: sla.Within(-1)}},
		})
		require.Error(t, err)
		assert.Equal(t, strings.TrimSpace(`
/name: an agreement needs a name
/on_reopen: there is no on_reopen "resum" (did you mean "resume"?)
/priorities/0/name: there is no priority "Hihg" (did you mean "High"?)
/priorities/2/name: there is a row for the priority "Low" already
/tiers/0/response: a target cannot be negative
/calendar: there is no calendar "offce" (did you mean "office"?)
/priorities/1/calendar: there is no calendar "nights" (there are always, office)`), err.Error())
	})
}

// Each choice, as a policy file says it, reaches the clocks.
func TestScenarioChoices(t *testing.T) {
	e := func(t *testing.T, terms string) *escalation.Engine {
		src := strings.Replace(string(escalation.FormatPolicy(escalation.Standard())), `"warnings": [0.8],`, terms+",", 1)
		p, err := escalation.ReadPolicy("policy.json", []byte(src))
		require.NoError(t, err)
		return escalation.MustCompile(p, nil)
	}
	t.Run("on_priority_change", func(t *testing.T) {
		s := tell(t, e(t, `"on_priority_change": "restart"`)).priority("Mon 10:00", "High")
		assert.Equal(t, at("Mon 11:00"), s.look("Mon 10:30").clock(sla.FirstResponse).Due)
		s = tell(t, e(t, `"on_priority_change": "keep"`)).priority("Mon 10:00", "High")
		assert.Equal(t, at("Mon 13:00"), s.look("Mon 10:30").clock(sla.FirstResponse).Due)
	})
	t.Run("on_reopen", func(t *testing.T) {
		s := tell(t, e(t, `"on_reopen": "new_cycle"`)).status("Mon 10:00", "Resolved").status("Mon 12:00", "Open")
		assert.Equal(t, 2, s.look("Mon 12:30").clock(sla.Resolution).Cycle)
	})
	t.Run("first_response_by", func(t *testing.T) {
		s := tell(t, e(t, `"first_response_by": "any_public"`)).bot("Mon 09:01")
		assert.Equal(t, sla.Met, s.look("Mon 09:30").clock(sla.FirstResponse).State)
		s = tell(t, e(t, `"first_response_by": "assignment"`)).change("Mon 09:20", "assignee", "anna")
		assert.Equal(t, at("Mon 09:20"), s.look("Mon 09:30").clock(sla.FirstResponse).Stopped)
	})
	t.Run("a warning of ours is no reply to anybody", func(t *testing.T) {
		for _, from := range []string{"agent", "bot"} {
			s := tell(t, e(t, `"first_response_by": "any_public"`)).message(escalation.Message{At: at("Mon 09:01"), From: from, By: "escalade:SLA at risk", Text: "This is late."})
			assert.Equal(t, sla.Running, s.look("Mon 09:30").clock(sla.FirstResponse).State)
		}
	})
	t.Run("a rule that assigns has not taken the ticket", func(t *testing.T) {
		engine := e(t, `"first_response_by": "assignment"`)
		p := engine.Policy()
		p.Rules = append(p.Rules[:0:0], rule("late", `sla.first_response.used >= 0.8`, `assign("senior agent")`))
		s := tell(t, escalation.MustCompile(p, nil))
		s.ask("Mon 12:12").does("Mon 12:12 assign senior agent: late")
		assert.Equal(t, sla.Breached, s.ask("Mon 14:00").clock(sla.FirstResponse).State)
	})
	t.Run("tier_from", func(t *testing.T) {
		s := tell(t, e(t, `"tier_from": "assignment"`)).tier("Mon 10:00", "Tier 2").change("Mon 11:00", "assignee", "anna")
		assert.Equal(t, at("Mon 11:00"), s.look("Mon 11:30").clock(sla.TierResponse).Started)
	})
	t.Run("pauses", func(t *testing.T) {
		s := tell(t, e(t, `"pauses": {"first_response": ["pending"]}`)).status("Mon 09:10", "Pending")
		assert.Equal(t, 10*time.Minute, s.look("Mon 09:30").clock(sla.FirstResponse).Elapsed)
	})
	t.Run("enforced_from", func(t *testing.T) {
		s := tell(t, e(t, `"enforced_from": "2026-03-02T12:00:00Z"`))
		s.ask("Mon 09:00").checks("Mon 13:36") // the tier
		assert.Equal(t, at("Mon 16:00"), s.look("Mon 11:00").clock(sla.FirstResponse).Due)
	})
	t.Run("warnings", func(t *testing.T) {
		s := tell(t, e(t, `"warnings": [0.5, "30m"]`))
		var warnings []string
		for _, w := range s.look("Mon 09:00").clock(sla.FirstResponse).Warnings {
			warnings = append(warnings, clock(w.At))
		}
		assert.Equal(t, []string{"Mon 11:00", "Mon 12:30"}, warnings)
	})
}

func TestScenarioCalendarMistakes(t *testing.T) {
	const wrong = `{
  "format": 1,
  "tiers": [{"name": "Tier 1", "calendar": "offfice"}],
  "priorities": [{"name": "High", "resolution": "8h", "calendar": "nigths"}],
  "statuses": [{"name": "Open", "category": "open"}],
  "calendars": {
    "office": {"zone": "Europe/Pairs", "week": {"mon": ["09:00-17:00", "16:00-18:00"], "tues": []}, "holidays": ["2026-02-30"]},
    "nights": {"week": {"mon": ["22:00-06:00"]}},
    "always": {"week": {"mon": ["22:00-06:00"]}},
    "a": {"union": ["b", "nights"]},
    "b": {"union": ["a", "moon"], "zone": "UTC"}
  },
  "calendar": "ofice",
`
	all := mistakes(t, wrong+`  "warnings": [0.8, "soon"],
  "rules": []
}`)
	require.Len(t, all, 1, "first what is no policy at all")
	assert.Equal(t, `policy.json:14:21: /warnings/1: "soon" is no duration (write 30m, 4h or 2d)`, all.Error())

	all = mistakes(t, wrong+`  "pauses": {"resolutoin": ["pending"], "first_response": ["solved"]},
  "agreements": [
    {"name": "Gold", "customers": ["c1"], "priorities": [{"name": "Hihg"}], "calendar": "nights"},
    {"name": "gold", "customers": ["c2", "c1"], "tiers": [{"name": "Tier 1", "calendar": "dawn"}], "on_reopen": "never"}
  ],
  "rules": []
}`)
	assert.Equal(t, strings.TrimSpace(`
policy.json:3:45: /tiers/0/calendar: there is no calendar "offfice" (did you mean "office"?)
policy.json:4:68: /priorities/0/calendar: there is no calendar "nigths" (did you mean "nights"?)
policy.json:7:25: /calendars/office/zone: the calendar "office": there is no time zone "Europe/Pairs" (did you mean "Europe/Paris"?)
policy.json:7:73: /calendars/office/week/mon/1: the calendar "office": 16:00-18:00 overlaps 09:00-17:00 of Monday
policy.json:7:96: /calendars/office/week/tues: the calendar "office": there is no day "tues" in a week (did you mean "tue"?)
policy.json:7:115: /calendars/office/holidays/0: the calendar "office": "2026-02-30" is no date (write the year, the month and the day, as in 2026-12-25)
policy.json:9:15: /calendars/always: the calendar "always" is there already: it is around the clock
policy.json:11:20: /calendars/b/union: a calendar has hours of its own or is a union of others, not both
policy.json:11:22: /calendars/b/union/0: the calendar "a" would be a part of itself
policy.json:11:27: /calendars/b/union/1: there is no calendar "moon" (there are a, always, b, nights, office)
policy.json:13:16: /calendar: there is no calendar "ofice" (did you mean "office"?)
policy.json:14:28: /pauses/resolutoin: there is no clock "resolutoin" (did you mean "resolution"?)
policy.json:14:61: /pauses/first_response/0: no clock pauses in "solved" (there are new, open, pending, on_hold)
policy.json:16:68: /agreements/0/priorities/0/name: there is no priority "Hihg" (did you mean "High"?)
policy.json:17:15: /agreements/1/name: there is an agreement "gold" already
policy.json:17:43: /agreements/1/customers/1: the customer "c1" has the agreement "Gold" already
policy.json:17:91: /agreements/1/tiers/0/calendar: there is no calendar "dawn" (there are a, always, b, nights, office)
policy.json:17:114: /agreements/1/on_reopen: there is no on_reopen "never" (there are resume, new_cycle, frozen, wall)`), all.Error())
}

func TestScenarioVerify(t *testing.T) {
	assert.Empty(t, standard.Verify())
	src := `{
  "format": 1,
  "tiers": [{"name": "Tier 1", "response": "3h"}, {"name": "Tier 2", "response": "3d", "calendar": "office"}],
  "priorities": [
    {"name": "High", "first_response": "8h", "resolution": "4h"},
    {"name": "Low", "first_response": "8h", "resolution": "2d", "calendar": "office"}
  ],
  "statuses": [{"name": "Open", "category": "open"}],
  "calendars": {"office": {"week": {"mon": ["09:00-17:00"], "tue": ["16:00-23:59"]}}},
  "agreements": [{"name": "Gold", "priorities": [{"name": "Low", "resolution": "1d", "calendar": "office"}]}],
  "rules": []
}`
	p, err := escalation.ReadPolicy("policy.json", []byte(src))
	require.NoError(t, err)
	var lines []string
	for _, f := range escalation.MustCompile(p, nil).Verify() {
		lines = append(lines, f.String())
	}
	assert.Equal(t, strings.TrimSpace(`
policy.json:3:83: /tiers/1/response: the response of "Tier 2" is 3d, that is 72 hours of open time; the calendar is open for at most 8h a day, so it takes 9 such days (for 3 working days write 24h)
policy.json:5:41: /priorities/0/first_response: the first response of "High", 8h, is promised for later than its resolution, 4h
policy.json:6:60: /priorities/1/resolution: the resolution of "Low" is 2d, that is 48 hours of open time; the calendar is open for at most 8h a day, so it takes 6 such days (for 2 working days write 16h)
policy.json:8:16: /statuses/0: no clock and no rule wakes a ticket that is Open within 30 days: whatever its priority and tier (a rule on ticket.idle does)
policy.json:9:27: /calendars/office: the calendar "office": 16:00-23:59 of Tuesday leaves the last minute of the day closed (write 16:00-24:00)
policy.json:10:81: /agreements/0/priorities/0/resolution: under the agreement "Gold" the resolution of "Low" is 1d, that is 24 hours of open time; the calendar is open for at most 8h a day, so it takes 3 such days (for 1 working day write 8h)
policy.json:10:81: /agreements/0/priorities/0/resolution: under the agreement "Gold" a ticket of priority "Low" that goes through all tiers may wait 3d3h for their answers (Tier 1 3h, Tier 2 3d), and is to be resolved in 1d`), strings.Join(lines, "\n"))
}

// A policy with all of it reads back as it was written.
func TestScenarioAgreementsRoundTrip(t *testing.T) {
	p := office(sla.Choices{OnReopen: sla.ReopenWall, EnforcedFrom: time.Date(2026, 3, 2, 9, 0, 0, 1, time.FixedZone("", 3600)), Pauses: map[sla.Metric][]sla.Category{sla.Resolution: {}}})
	p.Calendars["half"] = escalation.Calendar{Hours: sla.Hours{Week: map[string][]string{"mon": {"09:00-17:00"}, "tue": {}}, Exceptions: map[string][]string{"2026-12-24": {}}}}
	p.Agreements[0].Calendars = map[string]escalation.Calendar{"own": {Union: []string{"tokyo", "half"}}}
	src := escalation.FormatPolicy(p)
	read, err := escalation.ReadPolicy("policy.json", src)
	require.NoError(t, err)
	assert.Equal(t, string(src), string(escalation.FormatPolicy(read)))
	assert.Equal(t, escalation.MustCompile(p, nil).Version(), escalation.MustCompile(read, nil).Version())
	var again escalation.Policy
	require.NoError(t, json.Unmarshal(src, &again))

	var a escalation.Agreement
	require.NoError(t, json.Unmarshal([]byte(`{"name": "Silver", "calendars": {"m": {"week": {"mon": ["08:00-12:00"]}}}, "warnings": [0.5]}`), &a))
	err = json.Unmarshal([]byte(`{"name": "X", "calender": "nights", "calendars": {"c": {"week": {}, "holydays": []}}}`), &a)
	require.Error(t, err)
	assert.Contains(t, err.Error(), `/calender:`)
	assert.Contains(t, err.Error(), `there is no key "calender" here (did you mean "calendar"?)`)
	assert.Contains(t, err.Error(), `there is no key "holydays" here (did you mean "holidays"?)`)
	assert.Equal(t, "Silver", a.Name)
}

func TestScenarioWarningMistakes(t *testing.T) {
	for piece, want := range map[string]string{
		`"rules": [], "warnings": ["50%"]`:               "50% of the target are written as 0.5, without quotes",
		`"rules": [], "warnings": ["0.5"]`:               "a share of the target is written without quotes: 0.5",
		`"rules": [], "warnings": [true]`:                `each of "warnings" must be a number or a text, not true or false`,
		`"rules": [], "warnings": [80]`:                  "80 is 8000 % of the target (80 % are written as 0.8)",
		`"rules": [], "warnings": [0]`:                   "a warning is a share of the target",
		`"rules": [], "enforced_from": "tomorrow"`:       `"tomorrow" is no instant (write the date, the time and the zone, as in 2026-12-25T09:00:00+01:00)`,
		`"rules": [], "calendars": {"a": {}}`:            `the calendar "a" has neither a week nor a union`,
		`"rules": [], "calendars": {"a": {"union": []}}`: `the calendar "a" has neither a week nor a union`,
		`"rules": [], "calendars": {"a": {"week": {"mon": ["09:00-17:00"]}}, "A": {"week": {"mon": ["09:00-17:00"]}}}`: `there is a calendar "A" already`,
	} {
		all := mistakes(t, small(piece))
		require.Len(t, all, 1, piece)
		assert.Contains(t, all[0].Error(), want)
	}
	for _, wrong := range []escalation.Terms{
		{Choices: sla.Choices{EnforcedFrom: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}},
		{Warnings: []sla.Threshold{{Fraction: 0.5, Left: time.Hour}}}, {Warnings: []sla.Threshold{{Left: -time.Hour}}},
	} {
		p := escalation.Standard()
		p.Terms = wrong
		_, err := escalation.Compile(p, nil)
		require.Error(t, err)
		escalation.FormatPolicy(p)
	}
}

// What a ticket is held to can be asked for: the agreement that it names, the customer's,
// that of the customer's tier, else the policy's own.
func TestPromised(t *testing.T) {
	p := escalation.Standard()
	row := func(d time.Duration) []escalation.Priority {
		return []escalation.Priority{{Name: "High", Resolution: sla.Within(d)}}
	}
	p.Agreements = []escalation.Agreement{
		{Name: "Named", Priorities: row(time.Hour)},
		{Name: "Customer", Customers: []string{"c1"}, Priorities: row(2 * time.Hour)},
		{Name: "Gold", CustomerTiers: []string{"gold"}, Priorities: row(3 * time.Hour)},
	}
	engine := escalation.MustCompile(p, nil)
	for _, c := range []struct {
		named    string
		customer escalation.Customer
		want     time.Duration
	}{
		{"named", escalation.Customer{ID: "c1", Tier: "Gold"}, time.Hour},
		{"", escalation.Customer{ID: "c1", Tier: "Gold"}, 2 * time.Hour},
		{"unheard of", escalation.Customer{ID: "c2", Tier: "Gold"}, 3 * time.Hour},
		{"", escalation.Customer{}, 8 * time.Hour},
	} {
		i := slices.IndexFunc(engine.Promised(c.named, c.customer).Promises, func(p sla.Promise) bool { return p.Priority == "High" })
		assert.Equal(t, c.want, engine.Promised(c.named, c.customer).Promises[i].Resolution.Within)
	}
}
