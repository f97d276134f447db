package escalation_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
)

// These tests hold two promises, "ask whenever you like" and "once", over random
// policies, random histories and random ways of asking. Each failure names its seed.

// A way of asking says when to ask next.
type way struct {
	name string
	next func(r *rand.Rand) func(escalation.Decision, time.Time) time.Time
}

func every(d time.Duration) func(*rand.Rand) func(escalation.Decision, time.Time) time.Time {
	return func(*rand.Rand) func(escalation.Decision, time.Time) time.Time {
		return func(_ escalation.Decision, now time.Time) time.Time { return now.Add(d) }
	}
}

// ways are those that a host may have; the first asks only once, in the end.
var ways = []way{
	{"once", every(1000 * 24 * time.Hour)},
	{"only at the next check", func(*rand.Rand) func(escalation.Decision, time.Time) time.Time {
		return func(d escalation.Decision, _ time.Time) time.Time { return d.NextCheck }
	}},
	{"every minute", every(time.Minute)},
	{"twice at each instant", func(*rand.Rand) func(escalation.Decision, time.Time) time.Time {
		again := false
		return func(d escalation.Decision, now time.Time) time.Time {
			if again = !again; again {
				return now
			}
			return d.NextCheck
		}
	}},
	{"late by up to an hour and a half", func(r *rand.Rand) func(escalation.Decision, time.Time) time.Time {
		return func(d escalation.Decision, _ time.Time) time.Time {
			if d.NextCheck.IsZero() {
				return d.NextCheck
			}
			return d.NextCheck.Add(time.Duration(r.Int64N(int64(90 * time.Minute))))
		}
	}},
	{"early and late, by the nanosecond", func(r *rand.Rand) func(escalation.Decision, time.Time) time.Time {
		return func(d escalation.Decision, now time.Time) time.Time {
			next := now.Add(time.Duration(r.Int64N(int64(20 * time.Minute))))
			switch r.IntN(4) {
			case 0:
				next = d.NextCheck.Add(time.Duration(r.IntN(3)-2) * time.Nanosecond)
			case 1:
				next = d.NextCheck
			case 2:
				next = now.Add(time.Duration(r.IntN(2000)) * time.Millisecond)
			}
			if next.Before(now) {
				next = now.Add(time.Second)
			}
			return next
		}
	}},
}

// attend asks a ticket until an instant, as a host would that carries out every action and
// keeps the ledger, and returns what was proposed.
func attend(t require.TestingT, e *escalation.Engine, ticket escalation.Ticket, until time.Time, next func(escalation.Decision, time.Time) time.Time, look func(escalation.Ticket, escalation.Decision, time.Time)) []telling {
	var out []telling
	for now := ticket.CreatedAt; ; {
		d, err := e.Decide(ticket, now)
		require.NoError(t, err)
		d.Apply(&ticket)
		out = append(out, tellings(d)...)
		unfinished := slices.ContainsFunc(d.Problems, func(p escalation.Problem) bool { return p.Code == escalation.Unfinished })
		if look != nil && !unfinished {
			look(ticket, d, now)
		}
		switch {
		case unfinished:
		case !now.Before(until):
			slices.SortFunc(out, byTelling)
			return out
		default:
			if now = next(d, now); now.IsZero() || now.After(until) {
				now = until
			}
		}
	}
}

// tellings are the actions of a decision, with their occasions.
func tellings(d escalation.Decision) []telling {
	var out []telling
	for _, r := range d.Reasons {
		for _, e := range r.Effects {
			if e.Result == escalation.Proposed {
				out = append(out, telling{r.Due, r.Rule, r.Subject, r.Occasion, r.Repeat, e.Do, e.To, e.Key})
			}
		}
	}
	return out
}

// agree compares what two ways of asking have proposed; keys only where both have them.
func agree(t *testing.T, want, got []telling, how string, a ...any) {
	t.Helper()
	how = fmt.Sprintf(how, a...)
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(want):
			require.Fail(t, how, "also proposed %s", got[i])
		case i >= len(got):
			require.Fail(t, how, "did not propose %s", want[i])
		}
		w, g := want[i], got[i]
		if w.Key == "" {
			g.Key = ""
		}
		if w != g {
			require.Fail(t, how, "want %s %s\ngot  %s %s", w, w.Key, g, g.Key)
		}
	}
}

// once wants each key once.
func once(t *testing.T, list []telling, how string, a ...any) {
	t.Helper()
	seen := map[string]telling{}
	for _, x := range list {
		other, twice := seen[x.Key]
		require.False(t, twice, "%s: one key for %s and for %s", fmt.Sprintf(how, a...), other, x)
		seen[x.Key] = x
	}
}

// seeded runs a property for many seeds, fewer when short.
func seeded(t *testing.T, seeds uint64, property func(*testing.T, uint64) (seen int)) {
	if testing.Short() {
		seeds = (seeds + 3) / 4
	}
	total := 0
	for seed := range seeds {
		total += property(t, seed)
	}
	assert.Greater(t, total, int(3*seeds), "the test must see something happen")
}

// The engine computes when to look; the slow version looks at every second. Both tell
// the same, however the engine is asked, and its next check is the instant at which
// the slow version tells something next.
func TestTheSlowVersionSeesTheSame(t *testing.T) { seeded(t, 18, seesTheSame) }

func seesTheSame(t *testing.T, seed uint64) int {
	r := rand.New(rand.NewPCG(seed, 11))
	a := author{r, 30 * time.Minute, false}
	p, drafts := a.policy()
	e, err := escalation.Compile(p, nil)
	require.NoError(t, err, "seed %d", seed)
	ticket := a.ticket("T", 45*time.Minute)
	until := monday.Add(75 * time.Minute)
	want := slowly(p, drafts, ticket, until)
	seen := len(want)
	list := ways
	if seed%12 == 1 && seed < 100 { // takes long
		list = append(slices.Clone(ways), way{"every second", every(time.Second)})
	}
	for _, w := range list {
		got := attend(t, e, ticket, until, w.next(r), nil)
		once(t, got, "seed %d, %s", seed, w.name)
		agree(t, want, got, "seed %d, %s", seed, w.name)
	}

	// The ticket as it is known at some instant, and nothing more happens.
	now := monday.Add(time.Duration(r.Int64N(int64(60 * time.Minute))))
	known := asOf(ticket, now)
	var last escalation.Decision
	attend(t, e, known, now, ways[1].next(r), func(_ escalation.Ticket, d escalation.Decision, _ time.Time) { last = d })
	want = slowly(p, drafts, known, until)
	want = slices.DeleteFunc(want, func(x telling) bool { return !x.Due.After(now) })
	switch {
	case len(want) > 0 && cut(p, last):
		require.False(t, last.NextCheck.After(ceil(want[0].Due)), "seed %d: at %s the next check is %s, after %s", seed, now, last.NextCheck, want[0])
	case len(want) > 0:
		require.Equal(t, ceil(want[0].Due), last.NextCheck, "seed %d: the next check as of %s, when next comes %s", seed, now, want[0])
	case !last.NextCheck.IsZero() && !cut(p, last):
		require.True(t, last.NextCheck.After(until), "seed %d: at %s the next check is %s, where nothing is due", seed, now, last.NextCheck)
	}
	return seen
}

// cut reports whether a next check may be early: the engine looks only so many checks
// ahead, fewer where rules poll; repeats that change nothing are such checks, and
// polls that find nothing. It looks from the ledger's instant, at which a sleeping ticket
// was awake for the last time.
func cut(p escalation.Policy, d escalation.Decision) bool {
	ahead, checks := 1000, 0
	for _, r := range p.Rules {
		if r.Poll > 0 {
			ahead, checks = 50, checks+int(d.NextCheck.Sub(d.Ledger.At)/r.Poll)
		}
		if r.Every > 0 {
			checks += int(d.NextCheck.Sub(d.Ledger.At) / r.Every)
		}
	}
	return checks >= ahead/5 // the others are repeats for other clocks, and instants at which something turns
}

// ceil is an instant as timers keep it.
func ceil(t time.Time) time.Time {
	if down := t.Truncate(time.Millisecond); down.Before(t) {
		return down.Add(time.Millisecond)
	}
	return t
}

// Policies, histories and ways of asking that the slow version could not follow: to the
// nanosecond, over days.
func TestAnyPolicyAnyWay(t *testing.T) { seeded(t, 25, anyWay) }

// exactly is a policy and a ticket in which everything may happen at any nanosecond.
func exactly(t *testing.T, seed uint64) (author, escalation.Policy, escalation.Ticket, time.Time) {
	r := rand.New(rand.NewPCG(seed, 22))
	life := []time.Duration{2 * time.Hour, 8 * time.Hour, 30 * time.Hour}[r.IntN(3)]
	a := author{r, life / 2, true}
	p, _ := a.policy()
	ticket := randomTicket(r, "T", life)
	if r.IntN(2) == 0 {
		ticket = a.ticket("T", life)
	}
	return a, p, ticket, monday.Add(life + life/2)
}

func anyWay(t *testing.T, seed uint64) int {
	a, p, ticket, until := exactly(t, seed)
	e, err := escalation.Compile(p, nil)
	require.NoError(t, err, "seed %d", seed)
	want := attend(t, e, ticket, until, ways[0].next(a.Rand), nil)
	for _, w := range ways[1:] {
		if w.name == "every minute" && until.Sub(monday) > 12*time.Hour {
			continue
		}
		got := attend(t, e, ticket, until, w.next(a.Rand), nil)
		once(t, got, "seed %d, %s", seed, w.name)
		agree(t, want, got, "seed %d, %s", seed, w.name)
	}
	lived := live(t, e, ticket, until, a.Rand)
	var all []proposal
	for _, x := range want {
		all = append(all, proposal{x.Key, x.Do, x.To, x.Due})
	}
	slices.SortFunc(all, byDue)
	same(t, all, lived, fmt.Sprintf("as it happens, seed %d", seed))
	return len(want)
}

// Between two checks there is nothing to be proposed, and a nanosecond before what is due
// there is nothing, either. Who sleeps for days past a check is told, first of all,
// what was due at it.
func TestNextCheckIsTheNextThing(t *testing.T) { seeded(t, 25, nextIsNext) }

func nextIsNext(t *testing.T, seed uint64) int {
	a, p, ticket, until := exactly(t, seed)
	e, err := escalation.Compile(p, nil)
	require.NoError(t, err, "seed %d", seed)
	found, looked := 0, 0
	first := func(known escalation.Ticket, now time.Time) []telling {
		d, err := e.Decide(known, now)
		require.NoError(t, err)
		list := tellings(d)
		slices.SortFunc(list, byTelling)
		return list
	}
	attend(t, e, ticket, until, ways[1].next(a.Rand), func(known escalation.Ticket, d escalation.Decision, now time.Time) {
		check := d.NextCheck
		if looked++; looked > 30 {
			return // a ticket on which something repeats every minute
		}
		if check.IsZero() {
			require.Empty(t, first(known, now.Add(20*24*time.Hour)), "seed %d: at %s nothing was ever to come", seed, now)
			return
		}
		require.True(t, check.After(now), "seed %d: at %s the next check is %s", seed, now, check)
		rounded := check.Add(-time.Millisecond) // a check is the instant rounded up
		for range 2 {
			if !rounded.After(now) {
				break
			}
			between := now.Add(time.Duration(a.Int64N(int64(rounded.Sub(now)))))
			require.Empty(t, first(known, between), "seed %d: at %s, between %s and its next check %s", seed, between, now, check)
		}
		there := first(known, check)
		happens := func(at time.Time) bool { return at.After(now) && !at.After(check) }
		event := slices.ContainsFunc(known.Messages, func(m escalation.Message) bool { return happens(m.At) }) ||
			slices.ContainsFunc(known.Changes, func(c escalation.Change) bool { return happens(c.At) })
		if len(there) == 0 {
			require.True(t, event || cut(p, d), "seed %d: at %s the next check is %s, at which nothing is due", seed, now, check)
		} else {
			found++
			due := there[0].Due
			require.Equal(t, check, ceil(due), "seed %d: at %s the next check, for %s", seed, now, there[0])
			if due.Add(-time.Nanosecond).After(now) && !event {
				require.Empty(t, first(known, due.Add(-time.Nanosecond)), "seed %d: a nanosecond before %s", seed, there[0])
			}
		}
		// As if nothing more happened.
		alone := asOf(known, now)
		alone.Ledger = known.Ledger
		d, err := e.Decide(alone, now)
		require.NoError(t, err)
		require.Empty(t, d.Actions, "seed %d: asked again at %s", seed, now)
		later := d.NextCheck.Add(time.Duration(a.Int64N(int64(20 * time.Hour))))
		if d.NextCheck.IsZero() {
			later = now.Add(10 * 24 * time.Hour)
		}
		for _, x := range first(alone, later) {
			require.False(t, d.NextCheck.IsZero() || ceil(x.Due).Before(d.NextCheck), "seed %d: at %s the next check is %s, after %s", seed, now, d.NextCheck, x)
		}
	})
	return found
}

// Two instances with two versions of a policy, as in every rolling deployment: the
// newer one has a rule more, has renamed one, has changed a parameter that the common
// rules do not read, and has its rules in another order where that means nothing.
func TestTwoInstances(t *testing.T) { seeded(t, 30, twoInstances) }

// inert deeds tell people and change nothing: between them no order matters.
func (a author) inert(drafts []draft, p *escalation.Policy) {
	for i := range drafts {
		p.Rules[i].Then = []string{fmt.Sprintf("notify(%q)", a.pick("manager", "team lead")), `flag("review")`}
	}
}

const added, renamed = "added", "rule 1 as it is called now"

func (a author) newer(p escalation.Policy, ordered bool) escalation.Policy {
	p.Rules, p.Name = slices.Clone(p.Rules), "newer"
	p.Params = map[string]any{"revenue_threshold": 7.0, "ltv_threshold": 10000.0}
	p.Rules[1].Was, p.Rules[1].Name = p.Rules[1].Name, renamed
	extra := a.write(added)
	extra.Then = []string{`alert("account manager")`}
	p.Rules = slices.Insert(p.Rules, a.IntN(len(p.Rules)+1), extra.Rule)
	if !ordered {
		a.Shuffle(len(p.Rules), func(i, j int) { p.Rules[i], p.Rules[j] = p.Rules[j], p.Rules[i] })
	}
	return p
}

// common are the tellings of the rules that both versions have, under their first names.
func common(list []telling) []telling {
	var out []telling
	for _, x := range list {
		if x.Rule == renamed {
			x.Rule = "rule 1"
		}
		if x.Rule != added {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, byTelling)
	return out
}

func twoInstances(t *testing.T, seed uint64) int {
	r := rand.New(rand.NewPCG(seed, 13))
	life := 5 * time.Hour
	a := author{r, life / 2, true}
	p, drafts := a.policy()
	ordered := r.IntN(2) == 0
	if !ordered {
		a.inert(drafts, &p)
	}
	ticket := a.ticket("T", life)
	until := monday.Add(life + life/2)
	engines := []*escalation.Engine{escalation.MustCompile(p, nil), escalation.MustCompile(a.newer(p, ordered), nil)}
	want := attend(t, engines[0], ticket, until, ways[0].next(r), nil)

	// Each with a ledger of its own: the same keys for the same occasions.
	apart := attend(t, engines[1], ticket, until, ways[r.IntN(len(ways))].next(r), nil)
	once(t, apart, "seed %d, apart", seed)
	agree(t, want, common(apart), "seed %d, apart", seed)

	// One row in a table, and a unique index on keys. Each instance reads, decides, and
	// stores if nobody has stored since; else it reads again.
	row, actions := ticket, map[string]telling{}
	type reading struct {
		ticket escalation.Ticket
		at     time.Time
	}
	read := make([]*reading, len(engines)) // what each has read and not yet stored
	lost := 0
	for now := ticket.CreatedAt; ; {
		i := r.IntN(len(engines))
		if now.Equal(until) { // the last word
			read[i] = nil
		}
		if read[i] == nil {
			read[i] = &reading{row, now}
		}
		if r.IntN(3) > 0 || now.Equal(until) { // else the other may be faster
			d, err := engines[i].Decide(read[i].ticket, read[i].at)
			require.NoError(t, err)
			if row.Ledger.Seq == read[i].ticket.Ledger.Seq {
				for _, x := range tellings(d) {
					if other, there := actions[x.Key]; there {
						require.Equal(t, other.Due, x.Due, "seed %d: one key, two instants: %s and %s", seed, other, x)
					}
					actions[x.Key] = x
				}
				d.Apply(&row)
				read[i] = nil
			} else {
				lost++
				read[i] = &reading{row, now}
			}
		}
		if now.Equal(until) {
			break
		}
		if r.IntN(2) == 0 {
			now = now.Add(time.Duration(r.Int64N(int64(20 * time.Minute))))
		}
		if now.After(until) {
			now = until
		}
	}
	require.NotZero(t, lost, "seed %d: no race was lost", seed)
	var union []telling
	for _, x := range actions {
		union = append(union, x)
	}
	agree(t, want, common(union), "seed %d, together", seed)
	return len(want)
}

// What we have done comes back to us as news, under our own name and key, as a webhook
// brings it: that starts nothing, and is nobody's doing.
func TestOurOwnDoingIsNoNews(t *testing.T) { seeded(t, 40, noNews) }

func noNews(t *testing.T, seed uint64) int {
	r := rand.New(rand.NewPCG(seed, 14))
	a := author{r, 2 * time.Hour, false}
	p, _ := a.policy()
	e := escalation.MustCompile(p, nil)
	ticket := a.ticket("T", 4*time.Hour)
	until := monday.Add(6 * time.Hour)
	want := attend(t, e, ticket, until, ways[1].next(r), nil)
	var got []telling
	for now, told := ticket.CreatedAt, 0; ; {
		d, err := e.Decide(ticket, now)
		require.NoError(t, err)
		got = append(got, tellings(d)...)
		d.Apply(&ticket)
		for _, c := range ticket.Changes {
			echo := c
			echo.At = now.Add(time.Millisecond)
			if c.Key == "" || c.At.Before(now.Add(-time.Millisecond)) || c.At.After(now) ||
				!d.NextCheck.IsZero() && !d.NextCheck.After(echo.At) || // we go on at once, and the news would be old
				slices.ContainsFunc(ticket.Changes, func(o escalation.Change) bool { return o.Field == c.Field && o.At.After(c.At) && !o.At.After(echo.At) }) {
				continue
			}
			echo.From, told = c.To, told+1
			ticket.Changes = append(ticket.Changes, echo)
		}
		slices.SortStableFunc(ticket.Changes, func(x, y escalation.Change) int { return x.At.Compare(y.At) })
		if !now.Before(until) {
			break
		}
		if now = d.NextCheck; now.IsZero() || now.After(until) {
			now = until
		}
	}
	slices.SortFunc(got, byTelling)
	agree(t, want, got, "seed %d", seed)
	return len(want)
}

// An outside system undoes what a rule has done, within seconds, again and again. The rule
// rests in between, so there is no storm; and at the end of each rest it is there
// again, so nothing is lost.
func TestAQuarrelIsNoStorm(t *testing.T) {
	for _, c := range []struct {
		field, before, after, rule, deed string
	}{
		{"priority", "Low", "High", `ticket.priority == "Low"`, `set_priority("High")`},
		{"tier", "Tier 1", "Tier 3", `ticket.tier == "Tier 1"`, `escalate("Tier 3")`},
		{"assignee", "ben", "senior agent", `ticket.assignee == "ben"`, `assign("senior agent")`},
	} {
		for _, rest := range []time.Duration{0, time.Minute, 45 * time.Minute} {
			for _, undone := range []time.Duration{time.Nanosecond, 5 * time.Second, 50 * time.Second} {
				t.Run(fmt.Sprintf("%s, rest %s, undone after %s", c.field, rest, undone), func(t *testing.T) {
					ours := rule("ours", c.rule, c.deed, `notify("manager")`)
					ours.Rest = rest
					if rest == 0 {
						rest = 10 * time.Minute // unless a rule says so
					}
					ticket := escalation.Ticket{ID: "T", CreatedAt: monday, Priority: "Low", Status: "Open", Tier: "Tier 1", Assignee: "ben"}
					value := map[string]*string{"priority": &ticket.Priority, "tier": &ticket.Tier, "assignee": &ticket.Assignee}[c.field]
					e, until := with(ours), monday.Add(6*time.Hour)
					var told []telling
					for now := monday; now.Before(until); {
						d, err := e.Decide(ticket, now)
						require.NoError(t, err)
						told = append(told, tellings(d)...)
						d.Apply(&ticket)
						now = d.NextCheck
						if len(d.Actions) > 0 { // the other system sees it
							at := d.At.Add(undone)
							ticket.Changes = append(ticket.Changes, escalation.Change{At: at, Field: c.field, From: c.after, To: c.before, By: "bot:sync"})
							*value, now = c.before, at
						}
					}
					want := monday
					for i, x := range told {
						require.Equal(t, want, x.Due, "firing %d", i/2+1)
						if i%2 == 1 {
							want = want.Add(rest)
						}
					}
					assert.Len(t, told, 2*int(6*time.Hour/rest))
				})
			}
		}
	}
}

// A pause is toggled a hundred times before and after: a rule on a clock fires once, when
// the time that counts is used up.
func TestTogglingAPauseRearmsNothing(t *testing.T) {
	half := rule("half", `sla.resolution.used >= 0.5`, `notify("manager")`)
	late := rule("late", `sla.breached`, `alert("manager")`)
	ticket := escalation.Ticket{ID: "T", CreatedAt: monday, Priority: "Low", Status: "Open"} // 48 h to be resolved
	for i := range 200 {
		paused := monday.Add(time.Duration(i) * 20 * time.Minute)
		ticket.Changes = append(ticket.Changes,
			escalation.Change{At: paused, Field: "status", From: "Open", To: "Pending", By: "agent:7"},
			escalation.Change{At: paused.Add(5 * time.Minute), Field: "status", From: "Pending", To: "Open", By: "agent:7"})
	}
	e, until := with(half, late), monday.Add(80*time.Hour)
	for _, w := range ways {
		r := rand.New(rand.NewPCG(1, 15))
		var told []string
		for _, x := range attend(t, e, ticket, until, w.next(r), nil) {
			told = append(told, clock(x.Due)+" "+x.Rule+" "+x.Subject)
		}
		assert.Equal(t, []string{
			"Mon 11:00:00.000000001 late tier_response/1",
			"Mon 17:00:00.000000001 late first_response/1",
			"Tue 17:00 half resolution/1",
			"Thu 01:05:00.000000001 late resolution/1", // at 01:00, the last instant in time, it is paused once more
		}, told, w.name)
	}
}
