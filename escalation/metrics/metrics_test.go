package metrics_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/escalation/metrics"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// on is an hour of March 2026, whose 2nd is a Monday.
func on(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, time.UTC) }

// A tale is a ticket and what becomes of it. It is created on Monday the 2nd at 9:00, in
// Tier 1, of medium priority: time counts from nine to five.
type tale struct{ ticket escalation.Ticket }

func tell(id string) *tale {
	return &tale{escalation.Ticket{ID: id, Priority: "Medium", CreatedAt: on(2, 9), Messages: []escalation.Message{{At: on(2, 9), From: "customer"}}}}
}

func (s *tale) change(day, hour int, field, from, to, by string) *tale {
	s.ticket.Changes = append(s.ticket.Changes, escalation.Change{At: on(day, hour), Field: field, From: from, To: to, By: by})
	return s
}

func (s *tale) tier(day, hour int, to string) *tale {
	return s.change(day, hour, "tier", "", to, "agent:ann")
}

func (s *tale) status(day, hour int, to string) *tale {
	return s.change(day, hour, "status", "", to, "agent:ann")
}

func (s *tale) asks(day, hour int) *tale {
	s.ticket.Messages = append(s.ticket.Messages, escalation.Message{At: on(day, hour), From: "customer"})
	return s
}

func (s *tale) answers(day, hour int) *tale {
	s.ticket.Messages = append(s.ticket.Messages, escalation.Message{At: on(day, hour), From: "agent", By: "agent:ann"})
	return s
}

func (s *tale) rates(day, hour int, score, best float64) *tale {
	s.ticket.Ratings = append(s.ticket.Ratings, escalation.Rating{At: on(day, hour), Score: score, Max: best})
	return s
}

func (s *tale) given(change func(*escalation.Ticket)) *tale {
	change(&s.ticket)
	return s
}

var team = escalation.MustCompile(teamPolicy(), nil)

// report is the one on some tales, as of 1 April.
func report(t *testing.T, tales ...*tale) metrics.Report {
	t.Helper()
	return reportAs(t, metrics.Options{At: on(32, 0)}, tales...)
}

func reportAs(t *testing.T, o metrics.Options, tales ...*tale) metrics.Report {
	t.Helper()
	var tickets []escalation.Ticket
	for _, s := range tales {
		tickets = append(tickets, s.ticket)
	}
	r, err := metrics.Compute(team, slices.Values(tickets), o)
	require.NoError(t, err)
	return r
}

// reasons are the counts as "reason tickets".
func reasons(list []metrics.Count) []string {
	var out []string
	for _, c := range list {
		out = append(out, fmt.Sprint(c.Reason, " ", c.Tickets))
	}
	return out
}

// fraction is a rate as "1 of 2".
func fraction(r metrics.Row) string { return fmt.Sprintf("%d of %d", r.Rate.Count, r.N) }

// span is a row of durations as "median/p90, business median/p90".
func span(r metrics.Row) string {
	one := func(h *metrics.Hours) string {
		if h == nil {
			return "no data"
		}
		return fmt.Sprint(float64(*h))
	}
	return one(r.Wall.Median) + "/" + one(r.Wall.P90) + ", " + one(r.Business.Median) + "/" + one(r.Business.P90)
}

// What contradicts itself is in no figure, and what is odd is in doubt; each by its
// reason.
func TestWhatIsWrongWithTickets(t *testing.T) {
	for _, c := range []struct {
		what     string
		tale     *tale
		excluded string
		doubt    string
	}{
		{"nothing", tell("1").tier(2, 10, "Tier 2").status(2, 11, "Resolved"), "", ""},
		{"no id", tell(""), "no_id 1", ""},
		{"no creation", tell("1").given(func(t *escalation.Ticket) { t.CreatedAt = time.Time{} }), "no_creation 1", ""},
		{"a tier that nobody knows", tell("1").tier(2, 10, "Tier 7"), "unknown_tier 1", ""},
		{"an unknown tier without a log", tell("1").given(func(t *escalation.Ticket) { t.Tier = "L2" }), "unknown_tier 1", ""},
		{"a known tier in other letters", tell("1").tier(2, 10, " tier 2"), "", ""},
		{"a move from where it was not", tell("1").tier(2, 10, "Tier 2").change(2, 11, "tier", "Tier 1", "Tier 3", ""), "tier_contradicts 1", ""},
		{"the same move told twice", tell("1").change(2, 10, "tier", "Tier 1", "Tier 2", "").change(2, 10, "tier", "Tier 1", "Tier 2", ""), "", ""},
		{"a tier where no move has led", tell("1").tier(2, 10, "Tier 2").given(func(t *escalation.Ticket) { t.Tier = "Tier 3" }), "tier_contradicts 1", ""},
		{"a move without a time", tell("1").given(func(t *escalation.Ticket) { t.Changes = []escalation.Change{{Field: "tier", To: "Tier 2"}} }), "no_time 1", ""},
		{"solved without a time", tell("1").given(func(t *escalation.Ticket) { t.Changes = []escalation.Change{{Field: "status", To: "Resolved"}} }), "no_time 1", ""},
		{"solved, and nothing tells when", tell("1").given(func(t *escalation.Ticket) { t.Status = "Resolved" }), "status_undated 1", ""},
		{"solved at a time", tell("1").given(func(t *escalation.Ticket) { t.Status, t.SolvedAt = "Resolved", on(3, 9) }), "", ""},
		{"solved before it was created", tell("1").given(func(t *escalation.Ticket) { t.Status, t.SolvedAt = "Resolved", on(1, 9) }), "status_undated 1", ""},
		{"open again, and nothing tells when", tell("1").status(2, 10, "Resolved").given(func(t *escalation.Ticket) { t.Status = "Open" }), "status_undated 1", ""},
		{"two statuses at one time", tell("1").status(2, 10, "Open").given(func(t *escalation.Ticket) { t.Status, t.StatusSince = "Resolved", on(2, 10) }), "status_undated 1", ""},
		{"pending, and nothing tells since when", tell("1").given(func(t *escalation.Ticket) { t.Status = "Pending" }), "", ""},
		{"out of order", tell("1").tier(2, 12, "Tier 3").tier(2, 10, "Tier 2"), "", "unsorted 1"},
		{"a move before the creation", tell("1").tier(1, 10, "Tier 2"), "", "before_creation 1"},
		{"a message without a time", tell("1").given(func(t *escalation.Ticket) { t.Messages[0].At = time.Time{} }), "", "before_creation 1"},
		{"a move in the future", tell("1").tier(35, 10, "Tier 2"), "", "after_at 1"},
		{"an unknown status", tell("1").status(2, 10, "Done"), "", "unknown_status 1"},
		{"escalated after it was solved", tell("1").status(2, 10, "Resolved").tier(2, 11, "Tier 2"), "", "solved_before_escalated 1"},
		{"nobody has written", tell("1").status(2, 10, "Resolved").given(func(t *escalation.Ticket) { t.Messages = nil }), "", "contacts_unknown 1"},
		{"a rating without a time", tell("1").given(func(t *escalation.Ticket) { t.Ratings = []escalation.Rating{{Score: 4, Max: 5}} }), "", "rating_undated 1"},
		{"a rating before the creation", tell("1").rates(1, 9, 4, 5), "", "rating_undated 1"},
		{"a rating without a scale", tell("1").rates(2, 10, 4, 0), "", "rating_without_scale 1"},
		{"6 of 5", tell("1").rates(2, 10, 6, 5), "", "rating_outside_scale 1"},
		{"-1 of 5", tell("1").rates(2, 10, -1, 5), "", "rating_outside_scale 1"},
		{"1 of -5", tell("1").rates(2, 10, 1, -5), "", "rating_outside_scale 1"},
		{"not a number", tell("1").rates(2, 10, math.NaN(), 5), "", "rating_outside_scale 1"},
		{"of not a number", tell("1").rates(2, 10, 1, math.NaN()), "", "rating_outside_scale 1"},
		{"infinite", tell("1").rates(2, 10, math.Inf(1), math.Inf(1)), "", "rating_outside_scale 1"},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := report(t, c.tale)
			one := func(reason string) []string {
				if reason == "" {
					return nil
				}
				return []string{reason}
			}
			assert.Equal(t, one(c.excluded), reasons(r.Excluded))
			assert.Equal(t, one(c.doubt), reasons(r.Doubts))
			if c.excluded != "" {
				assert.Zero(t, r.Tickets)
			} else {
				assert.Equal(t, 1, r.Tickets)
			}
		})
	}
}

// Of tickets with one id the first counts.
func TestDuplicates(t *testing.T) {
	r := report(t, tell("1").tier(2, 10, "Tier 2"), tell("1"), tell("2"))
	assert.Equal(t, []string{"duplicate 1"}, reasons(r.Excluded))
	assert.Equal(t, "1 of 2", fraction(r.Figure(metrics.EscalationRate).Group(metrics.All)))
}

// Moves that are older than the ticket happened at its creation, one after another.
func TestBeforeCreation(t *testing.T) {
	r := report(t, tell("1").tier(1, 12, "Tier 3").tier(1, 10, "Tier 2"))
	assert.Equal(t, []string{"unsorted 1", "before_creation 1"}, reasons(r.Doubts))
	assert.Equal(t, "1 of 1", fraction(r.Figure(metrics.EscalationRate).Tier("Tier 2")))
	assert.Equal(t, "0/0, 0/0", span(r.Figure(metrics.TimeToEscalate).Group(metrics.All)))
}

// The cohort is who was created in it: its first instant counts, its end does not, and
// nothing that is later than the report.
func TestCohort(t *testing.T) {
	at := func(id string, day, hour int) *tale {
		return tell(id).given(func(t *escalation.Ticket) { t.CreatedAt = on(day, hour) })
	}
	r := reportAs(t, metrics.Options{From: on(3, 0), To: on(5, 0), At: on(4, 12)}, at("1", 2, 23), at("2", 3, 0), at("3", 4, 12), at("4", 4, 13), at("5", 5, 0))
	assert.Equal(t, 2, r.Tickets)
	assert.Equal(t, 3, r.Outside)
}

// A report reads the same whenever it is made: what happens after its instant, in the log
// or in the fields, is not in it.
func TestAsOf(t *testing.T) {
	o := metrics.Options{At: on(4, 0)}
	before := reportAs(t, o, tell("1").change(3, 9, "tier", "Tier 1", "Tier 2", ""), tell("2"))
	later := reportAs(t, o,
		tell("1").change(3, 9, "tier", "Tier 1", "Tier 2", "").change(5, 9, "tier", "Tier 2", "Tier 3", "").status(6, 9, "Resolved").rates(6, 10, 5, 5).
			change(5, 9, "priority", "Medium", "Critical", "").
			given(func(t *escalation.Ticket) { t.Tier, t.Status, t.Priority = "Tier 3", "Resolved", "Critical" }),
		tell("2").change(5, 9, "tier", "Tier 1", "Tier 2", "").given(func(t *escalation.Ticket) { t.Tier = "Tier 2" }))
	assert.Equal(t, []string{"after_at 2"}, reasons(later.Doubts))
	later.Doubts = nil
	assert.Equal(t, before, later)
}

// The order of the tickets makes no difference, nor does the zone of their times.
func TestOrderAndZone(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var tickets []escalation.Ticket
	for i := range 200 {
		tickets = append(tickets, randomTicket(random, on(1, 0), fmt.Sprint(i)))
	}
	o := metrics.Options{At: on(25, 0)}
	want, err := metrics.Compute(team, slices.Values(tickets), o)
	require.NoError(t, err)
	random.Shuffle(len(tickets), func(i, j int) { tickets[i], tickets[j] = tickets[j], tickets[i] })
	east := time.FixedZone("east", 9*3600)
	for i := range tickets {
		tickets[i].CreatedAt = tickets[i].CreatedAt.In(east)
		tickets[i].Changes = slices.Clone(tickets[i].Changes)
		for j := range tickets[i].Changes {
			tickets[i].Changes[j].At = tickets[i].Changes[j].At.In(east)
		}
	}
	got, err := metrics.Compute(team, slices.Values(tickets), metrics.Options{At: o.At.In(east)})
	require.NoError(t, err)
	assert.Equal(t, want.String(), got.String())
	assert.Equal(t, want, got)
}

// Nothing is 0 % where there is nothing.
func TestNoData(t *testing.T) {
	r := report(t)
	for _, f := range r.Figures {
		assert.NotEmpty(t, f.Definition, f.Name)
		for _, row := range f.Rows {
			assert.Nil(t, row.OpenShare, f.Name)
			if row.Rate != nil {
				assert.Nil(t, row.Rate.Value, f.Name)
				continue
			}
			for _, times := range []*metrics.Times{row.Wall, row.Business} {
				assert.Nil(t, times.Median, f.Name)
				assert.Nil(t, times.P90, f.Name)
				if times.Estimate != nil {
					assert.Equal(t, metrics.Estimate{}, *times.Estimate, f.Name)
				}
			}
		}
	}
	for _, wrong := range []string{" 0 %", " 0 h", "NaN", "Inf"} {
		assert.NotContains(t, r.String(), wrong)
	}
}

// A ticket goes up, comes back and goes up again.
func TestBackAndForth(t *testing.T) {
	r := report(t, tell("1").tier(2, 10, "Tier 2").tier(2, 12, "Tier 1").tier(2, 15, "Tier 2").status(3, 10, "Resolved"))
	rate := r.Figure(metrics.EscalationRate)
	assert.Equal(t, "1 of 1", fraction(rate.Tier("Tier 1")), "once a tier")
	assert.Equal(t, "0 of 1", fraction(rate.Tier("Tier 2")))
	assert.Equal(t, "2 of 0", fraction(r.Figure(metrics.EscalationRatio).Tier("Tier 1")), "each move; Tier 1 has resolved nothing")
	assert.Equal(t, "2 of 1", fraction(r.Figure(metrics.EscalationRatio).Group(metrics.All)))
	assert.Equal(t, "1 of 1", fraction(r.Figure(metrics.RepeatedlyEscalated).Tier("Tier 2")))
	assert.Equal(t, "1 of 1", fraction(r.Figure(metrics.DeEscalationRate).Tier("Tier 2")))
	assert.Equal(t, "1/1, 1/1", span(r.Figure(metrics.TimeToEscalate).Tier("Tier 1")), "the first time")
	assert.Equal(t, "19/19, 3/3", span(r.Figure(metrics.ResolutionAfter).Tier("Tier 2")), "since the last time")
}

// Who has made a move.
func TestByWhom(t *testing.T) {
	for _, c := range []struct {
		by, key string
		auto    bool
	}{
		{"escalade:SLA at risk", "", true},
		{"escalade:SLA at risk", "k", true},
		{"bot:router", "", true},
		{"", "k", true},                  // an action, and nobody is named
		{"", "", false},                  // nobody: a person
		{"agent:ann", "", false},         // by hand
		{"agent:ann", "k", false},        // requested of the engine
		{"escalade:request", "k", false}, // the same, without a name
		{"customer:eve", "", false},
	} {
		s := tell("1")
		s.ticket.Changes = []escalation.Change{{At: on(2, 10), Field: "tier", To: "Tier 2", By: c.by, Key: c.key}}
		r := report(t, s)
		want, group := "0 of 1", metrics.Manual
		if c.auto {
			want, group = "1 of 1", metrics.Automatic
		}
		assert.Equal(t, want, fraction(r.Figure(metrics.AutomaticEscalations).Tier("Tier 1")), "%+v", c)
		assert.Equal(t, 1, r.Figure(metrics.TimeToEscalate).Group(group).N, "%+v", c)
	}
}

// A request to the engine that is carried out by Apply is manual, a rule is not.
func TestRequestsAreManual(t *testing.T) {
	s := tell("1")
	d, err := team.Escalate(s.ticket, escalation.Request{Reason: "manager_requested", Summary: "?", Tried: []string{"?"}, Override: true}, on(2, 10))
	require.NoError(t, err)
	d.Apply(&s.ticket)
	require.Equal(t, "Tier 2", s.ticket.Tier)
	assert.Equal(t, "0 of 1", fraction(report(t, s).Figure(metrics.AutomaticEscalations).Tier("Tier 1")))
}

// What the engine has decided and Apply has carried out is automatic: the VIP rule of the
// standard policy, here.
func TestRulesAreAutomatic(t *testing.T) {
	standard := escalation.MustCompile(escalation.Standard(), nil)
	s := tell("1").given(func(t *escalation.Ticket) { t.Customer.VIP = true })
	d, err := standard.Decide(s.ticket, on(2, 9))
	require.NoError(t, err)
	d.Apply(&s.ticket)
	r, err := metrics.Compute(standard, slices.Values([]escalation.Ticket{s.ticket}), metrics.Options{At: on(2, 10)})
	require.NoError(t, err)
	assert.Equal(t, "1 of 1", fraction(r.Figure(metrics.AutomaticEscalations).Tier("Tier 1")))
}

// Business time is what the resolution clock counts.
func TestBusinessTime(t *testing.T) {
	for _, c := range []struct {
		what string
		tale *tale
		want string // wall, business, from the creation to Tier 2 on Tuesday the 3rd at 10:00
	}{
		{"from nine to five", tell("1"), "25/25, 9/9"},
		{"critical, around the clock", tell("1").given(func(t *escalation.Ticket) { t.Priority = "critical" }), "25/25, 25/25"},
		{"high, also at night", tell("1").given(func(t *escalation.Ticket) { t.Priority = "High" }), "25/25, 13/13"},
		{"pending for two hours", tell("1").status(2, 10, "Pending").status(2, 12, "Open"), "25/25, 7/7"},
		{"solved for two hours", tell("1").status(2, 10, "Resolved").asks(2, 12), "25/25, 7/7"},
		{"a night customer, for whom pending does not pause", tell("1").status(2, 21, "Pending").given(func(t *escalation.Ticket) { t.Customer.ID = "owl" }), "25/25, 4/4"},
		{"an agreement that changes one row", tell("1").given(func(t *escalation.Ticket) { t.Agreement, t.Priority = "row", "Low" }), "25/25, 4/4"},
		{"a row that it does not change", tell("1").given(func(t *escalation.Ticket) { t.Agreement = "row" }), "25/25, 9/9"},
	} {
		r := report(t, c.tale.tier(3, 10, "Tier 2"))
		assert.Equal(t, c.want, span(r.Figure(metrics.TimeToEscalate).Group(metrics.All)), c.what)
	}
}

// New and open can pause, too, if the policy says so.
func TestPausesOfThePolicy(t *testing.T) {
	p := teamPolicy()
	p.Pauses = map[sla.Metric][]sla.Category{sla.Resolution: {sla.New}}
	engine := escalation.MustCompile(p, nil)
	for status, want := range map[string]string{"New": "1/1, 0/0", "Open": "1/1, 1/1"} {
		s := tell("1").tier(2, 10, "Tier 2").given(func(t *escalation.Ticket) { t.Status = status })
		r, err := metrics.Compute(engine, slices.Values([]escalation.Ticket{s.ticket}), metrics.Options{At: on(9, 0)})
		require.NoError(t, err)
		assert.Equal(t, want, span(r.Figure(metrics.TimeToEscalate).Group(metrics.All)), status)
	}
}

// The resolution clock of the engine and business time are one, from the creation to the
// solving; so are the contacts of a ticket, its tier, and whether it is open.
func TestLikeTheEngine(t *testing.T) {
	p := teamPolicy()
	for i := range p.Priorities {
		p.Priorities[i].Resolution = sla.Within(time.Hour)
	}
	p.Agreements[1].Priorities[0].Resolution = sla.Within(time.Hour)
	p.Rules = []rules.Rule{{Name: "again", If: "ticket.contacts >= 2", Then: []string{`add_tag("again")`}, Closed: true}}
	engine := escalation.MustCompile(p, nil)
	random := rand.New(rand.NewPCG(3, 4))
	compared, contacts := 0, 0
	for i := range 1500 {
		ticket := randomTicket(random, on(1, 0), fmt.Sprint(i))
		stays := i%2 == 0
		ticket.Changes = where(ticket.Changes, func(c escalation.Change) bool { return c.Field == "tier" && !stays || c.Field == "status" })
		if stays {
			ticket.Tier = "Tier 1"
		}
		if ticket.ID == "" || ticket.CreatedAt.IsZero() || ticket.Priority == "" {
			continue
		}
		at := on(90, 0)
		r, err := metrics.Compute(engine, slices.Values([]escalation.Ticket{ticket}), metrics.Options{At: at})
		require.NoError(t, err)
		if r.Tickets == 0 || slices.ContainsFunc(r.Doubts, func(c metrics.Count) bool { return c.Reason == metrics.AfterAt }) {
			continue // the engine takes what the fields hold for known
		}
		d, err := engine.Decide(ticket, at)
		require.NoError(t, err)
		clock := d.Clocks[slices.IndexFunc(d.Clocks, func(c sla.Clock) bool { return c.Metric == sla.Resolution })]
		assert.Equal(t, r.Open == 1, clock.Stopped.IsZero(), "%+v", ticket)
		if r.Open == 1 {
			assert.Equal(t, 1, r.Figure(metrics.EscalationRatio).Tier(d.Tier).Open, "%+v", ticket)
		}
		if stays {
			assert.Equal(t, clock.Elapsed.Hours(), elapsed(t, engine, ticket, at), "%+v", ticket)
			compared++
		}
		if first := r.Figure(metrics.FirstContactResolution).Group(metrics.All); first.N == 1 && r.Figure(metrics.Reopened).Group(metrics.All).Rate.Count == 0 {
			assert.Equal(t, first.Rate.Count == 0, len(d.Reasons) > 0, "%+v", ticket)
			contacts++
		}
	}
	assert.Greater(t, compared, 300)
	assert.Greater(t, contacts, 300)
}

// elapsed is the business time of a ticket that has stayed in Tier 1, up to an instant:
// what the time to escalate is told to be if it is escalated then.
func elapsed(t *testing.T, engine *escalation.Engine, ticket escalation.Ticket, at time.Time) float64 {
	t.Helper()
	ticket.Changes = append(slices.Clone(ticket.Changes), escalation.Change{At: at, Field: "tier", From: "Tier 1", To: "Tier 2"})
	ticket.Tier = "Tier 2"
	r, err := metrics.Compute(engine, slices.Values([]escalation.Ticket{ticket}), metrics.Options{At: at})
	require.NoError(t, err)
	return float64(*r.Figure(metrics.TimeToEscalate).Group(metrics.All).Business.Median)
}

// A rule has escalated a ticket, and a person goes on at once: written down in this order.
func TestMovesAtOneInstant(t *testing.T) {
	r := report(t, tell("1").change(2, 12, "tier", "Tier 1", "Tier 2", "escalade:late").change(2, 12, "tier", "Tier 2", "Tier 3", "agent:ann"))
	assert.Empty(t, r.Excluded)
	assert.Equal(t, "2 of 0", fraction(r.Figure(metrics.EscalationRatio).Group(metrics.All)))
}

// Saved with one click: the tier and the solving at one instant.
func TestAtOneInstant(t *testing.T) {
	r := report(t, tell("1").status(2, 12, "Resolved").tier(2, 12, "Tier 2"))
	assert.Empty(t, r.Doubts)
	assert.Equal(t, "1 of 1", fraction(r.Figure(metrics.FirstContactResolution).Tier("Tier 2")))
	assert.Equal(t, "0/0, 0/0", span(r.Figure(metrics.ResolutionAfter).Tier("Tier 2")))
}

// First contact resolution asks whether the customer had to come back.
func TestFirstContact(t *testing.T) {
	n := func(n int) func(*escalation.Ticket) { return func(t *escalation.Ticket) { t.Contacts = &n } }
	for _, c := range []struct {
		what string
		tale *tale
		want string
	}{
		{"asked, answered, solved", tell("1").answers(2, 10).status(2, 11, "Resolved"), "1 of 1"},
		{"a second message before the answer is the same contact", tell("1").asks(2, 10).answers(2, 11).status(2, 12, "Resolved"), "1 of 1"},
		{"asked again after an answer", tell("1").answers(2, 10).asks(2, 11).status(2, 12, "Resolved"), "0 of 1"},
		{"asked again after a day", tell("1").asks(3, 9).status(3, 12, "Resolved"), "0 of 1"},
		{"an internal note is no answer", tell("1").answers(2, 10).asks(2, 11).status(2, 12, "Resolved").given(func(t *escalation.Ticket) { t.Messages[1].Internal = true }), "1 of 1"},
		{"the same message delivered twice", tell("1").answers(2, 10).asks(2, 11).status(2, 12, "Resolved").given(func(t *escalation.Ticket) { t.Messages[0].ID, t.Messages[2].ID = "m", "m" }), "1 of 1"},
		{"reopened by hand", tell("1").status(2, 10, "Resolved").status(2, 11, "Open").status(2, 12, "Resolved"), "0 of 1"},
		{"the host has counted two", tell("1").status(2, 10, "Resolved").given(n(2)), "0 of 1"},
		{"the host has counted one", tell("1").answers(2, 10).asks(2, 11).status(2, 12, "Resolved").given(n(1)), "1 of 1"},
		{"the host has miscounted", tell("1").status(2, 10, "Resolved").given(n(-1)), "1 of 1"},
		{"not solved yet", tell("1").answers(2, 10), "0 of 0"},
		{"nothing is known of contacts", tell("1").status(2, 12, "Resolved").given(func(t *escalation.Ticket) { t.Messages = nil }), "0 of 0"},
	} {
		assert.Equal(t, c.want, fraction(report(t, c.tale).Figure(metrics.FirstContactResolution).Tier("Tier 1")), c.what)
	}
}

// Satisfaction goes by the latest rating.
func TestSatisfaction(t *testing.T) {
	row := func(o metrics.Options, s *tale, group metrics.Group) string {
		o.At = on(32, 0)
		return fraction(reportAs(t, o, s).Figure(metrics.SatisfactionAfter).Group(group))
	}
	up := func() *tale { return tell("1").tier(2, 12, "Tier 2") }
	var usual metrics.Options
	for _, c := range []struct {
		what    string
		options metrics.Options
		tale    *tale
		group   metrics.Group
		want    string
	}{
		{"4 of 5", usual, up().rates(3, 9, 4, 5), metrics.All, "1 of 1"},
		{"3 of 5", usual, up().rates(3, 9, 3, 5), metrics.All, "0 of 1"},
		{"a thumb up", usual, up().rates(3, 9, 1, 1), metrics.All, "1 of 1"},
		{"a thumb down", usual, up().rates(3, 9, 0, 1), metrics.All, "0 of 1"},
		{"8 of 10", usual, up().rates(3, 9, 8, 10), metrics.All, "1 of 1"},
		{"a stricter team", metrics.Options{Positive: 1}, up().rates(3, 9, 4, 5), metrics.All, "0 of 1"},
		{"the host's own scale", metrics.Options{RatingMax: 3}, up().rates(3, 9, 3, 0), metrics.All, "1 of 1"},
		{"a better one later", usual, up().rates(4, 9, 5, 5).rates(3, 9, 1, 5), metrics.All, "1 of 1"},
		{"two at one time: the second", usual, up().rates(3, 9, 5, 5).rates(3, 9, 1, 5), metrics.All, "0 of 1"},
		{"the latest is no rating", usual, up().rates(3, 9, 5, 5).rates(4, 9, 7, 5), metrics.All, "1 of 1"},
		{"before the escalation", usual, up().rates(2, 11, 5, 5), metrics.All, "0 of 0"},
		{"before the escalation, told apart", usual, up().rates(2, 11, 5, 5), metrics.RatedBefore, "1 of 1"},
		{"at its very instant nobody can judge it", usual, up().rates(2, 12, 5, 5), metrics.All, "0 of 0"},
		{"before and after: the latest", usual, up().rates(2, 11, 5, 5).rates(3, 9, 1, 5), metrics.RatedBefore, "0 of 0"},
		{"never escalated", usual, tell("1").rates(2, 11, 5, 5), metrics.NeverEscalated, "1 of 1"},
		{"not rated", usual, up(), metrics.All, "0 of 0"},
	} {
		assert.Equal(t, c.want, row(c.options, c.tale, c.group), c.what)
	}
}

// What is still open lasts at least as long as it has lasted: of three tickets two are
// done after 1 and 2 hours, and the third is open after a month. Then 90 % are not done.
func TestWithOpenOnes(t *testing.T) {
	r := report(t,
		tell("1").tier(2, 10, "Tier 2").status(2, 11, "Resolved"),
		tell("2").tier(2, 10, "Tier 2").status(2, 12, "Resolved"),
		tell("3").tier(2, 10, "Tier 2"))
	row := r.Figure(metrics.ResolutionAfter).Tier("Tier 2")
	assert.Equal(t, "1/2, 1/2", span(row))
	assert.InDelta(t, 1.0/3, *row.OpenShare, 1e-12)
	assert.Equal(t, metrics.Hours(2), *row.Wall.Estimate.Median)
	assert.Nil(t, row.Wall.Estimate.P90, "not reached")
	assert.Contains(t, r.String(), "not reached")
}

// Where nothing is open, the quantiles with open ones are the others.
func TestNothingOpen(t *testing.T) {
	var tales []*tale
	for i := range 60 {
		tales = append(tales, tell(fmt.Sprint(i)).tier(2, 10, "Tier 2").status(2+i/5, 11+i%5, "Resolved"))
		for _, row := range report(t, tales...).Figure(metrics.ResolutionAfter).Rows[1:2] {
			for _, times := range []*metrics.Times{row.Wall, row.Business} {
				require.Equal(t, times.Median, times.Estimate.Median, "%d tickets", i+1)
				require.Equal(t, times.P90, times.Estimate.P90, "%d tickets", i+1)
			}
		}
	}
}

// Nothing that a host can pass makes it panic, or a duration negative.
func TestExtremes(t *testing.T) {
	early, late := time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	s := tell("1").given(func(t *escalation.Ticket) {
		t.CreatedAt, t.Priority = early, "Critical"
		t.Changes = []escalation.Change{
			{At: time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC), Field: "status", To: "Pending"},
			{At: time.Date(3000, 1, 2, 0, 0, 0, 0, time.UTC), Field: "status", To: "Open"},
			{At: late, Field: "tier", To: "Tier 2"},
		}
	})
	r := reportAs(t, metrics.Options{At: late}, s)
	all := r.Figure(metrics.TimeToEscalate).Group(metrics.All)
	longest := metrics.Hours(time.Duration(math.MaxInt64).Hours())
	assert.Equal(t, longest, *all.Wall.Median)
	assert.Equal(t, longest, *all.Business.Median)
}

// What makes no sense is told.
func TestOptions(t *testing.T) {
	for _, c := range []struct {
		options metrics.Options
		want    string
	}{
		{metrics.Options{}, "metrics: the options do not say as of when (At)"},
		{metrics.Options{At: on(9, 0), From: on(3, 0), To: on(3, 0)}, "metrics: the cohort ends at 2026-03-03T00:00:00Z, and does not begin before that (2026-03-03T00:00:00Z)"},
		{metrics.Options{At: on(9, 0), Positive: 80}, "metrics: Positive is a share of the scale, above 0 and at most 1, and not 80 (80 % is 0.8)"},
		{metrics.Options{At: on(9, 0), Positive: math.NaN()}, "metrics: Positive is a share of the scale, above 0 and at most 1, and not NaN (80 % is 0.8)"},
		{metrics.Options{At: on(9, 0), RatingMax: -5}, "metrics: RatingMax is the best score of a scale, not -5"},
		{metrics.Options{At: on(9, 0), RatingMax: math.Inf(1)}, "metrics: RatingMax is the best score of a scale, not +Inf"},
	} {
		_, err := metrics.Compute(team, slices.Values([]escalation.Ticket(nil)), c.options)
		assert.EqualError(t, err, c.want)
	}
}

// The JSON of the report that the documentation works out with a pencil. What is read from
// it is the report.
func TestJSON(t *testing.T) {
	engine, tickets := march()
	r, err := metrics.Compute(engine, slices.Values(tickets), metrics.Options{From: on(1, 0), To: on(32, 0), At: on(32, 0)})
	require.NoError(t, err)
	require.Equal(t, engine.Version(), r.Policy)
	r.Policy = "a hash"
	got, err := json.MarshalIndent(r, "", "  ")
	require.NoError(t, err)
	const golden = "testdata/march.json"
	if *update {
		require.NoError(t, os.WriteFile(golden, append(got, '\n'), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got)+"\n")
	var back metrics.Report
	require.NoError(t, json.Unmarshal(got, &back))
	assert.Equal(t, r, back)
}

// The footer of the table tells what was left out and what is in doubt.
func TestTableTellsWhatIsWrong(t *testing.T) {
	text := report(t, tell("1").tier(2, 10, "Tier 7"), tell("2").rates(2, 10, 6, 5), tell("3").rates(2, 10, 6, 5)).String()
	assert.Contains(t, text, "\nLeft out are tickets\n    1 that were in a tier which the policy does not have\n")
	assert.Contains(t, text, "\nIn doubt are tickets\n    2 with a rating outside its scale: it was left out\n")
	assert.Contains(t, text, "Tickets created, as of 2026-04-01 00:00:00 UTC\n")
}

// Rounded shares are never nothing or all of what is neither.
func TestRounding(t *testing.T) {
	var tales []*tale
	for i := range 300 {
		tales = append(tales, tell(fmt.Sprint(i)))
	}
	tales[0].tier(2, 10, "Tier 2")
	text := report(t, tales...).String()
	assert.Contains(t, text, "<1 %")
	assert.Contains(t, text, ">99 %")
}

func BenchmarkCompute(b *testing.B) {
	random := rand.New(rand.NewPCG(5, 6))
	tickets := make([]escalation.Ticket, 1000)
	for i := range tickets {
		tickets[i] = randomTicket(random, on(1, 0), fmt.Sprint(i))
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := metrics.Compute(team, slices.Values(tickets), metrics.Options{At: on(25, 0)}); err != nil {
			b.Fatal(err)
		}
	}
}
