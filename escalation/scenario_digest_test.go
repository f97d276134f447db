package escalation_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
)

// said is a decision on a ticket, Medium at Tier 1, with some notices that wait for
// nothing.
func said(ticket string, notices ...escalation.Action) escalation.Decision {
	d := escalation.Decision{Ticket: ticket, Tier: "Tier 1", Priority: "Medium", Actions: notices}
	for _, a := range notices {
		d.At = a.Due
		d.Reasons = append(d.Reasons, escalation.Reason{
			Rule: a.Rule, Because: "Because of " + a.Rule + ".", Due: a.Due, Effects: []escalation.Effect{{Do: a.Do, To: a.To, Result: escalation.Proposed, Key: a.Key}},
		})
	}
	return d
}

// notice is a notify to somebody, with a key of its own.
func notice(to, rule, due string) escalation.Action {
	return escalation.Action{Do: escalation.DoNotify, To: to, Rule: rule, Due: at(due), DeliverAt: at(due), Key: to + rule + due}
}

// until makes a notice wait.
func until(when string, a escalation.Action) escalation.Action {
	a.DeliverAt, a.Key = at(when), a.Key+when
	return a
}

func alert(a escalation.Action) escalation.Action {
	a.Do = escalation.DoAlert
	return a
}

// headlines are the digests in a line each: to whom, when, and which tickets.
func headlines(list []escalation.Digest) []string {
	out := []string{}
	for _, d := range list {
		var tickets []string
		for _, item := range d.Items {
			tickets = append(tickets, item.Ticket)
		}
		out = append(out, fmt.Sprintf("%s, %s: %s", clock(d.DeliverAt), d.To, strings.Join(tickets, " ")))
	}
	return out
}

func TestScenarioDigests(t *testing.T) {
	t.Run("one for each recipient and delivery", func(t *testing.T) {
		got := standard.Digests(
			said("T-1", notice("manager", "a", "Mon 09:00"), notice("team lead", "a", "Mon 09:00")),
			said("T-2", notice("manager", "a", "Mon 09:30")),
			said("T-3", until("Tue 07:00", notice("manager", "a", "Mon 23:00"))),
			said("T-4", until("Tue 07:00", notice("manager", "b", "Tue 02:00")), until("Tue 09:00", notice("team lead", "a", "Tue 02:00"))),
		)
		assert.Equal(t, []string{
			"Mon 09:00, team lead: T-1",
			"Mon 09:30, manager: T-1 T-2",
			"Tue 07:00, manager: T-3 T-4",
			"Tue 09:00, team lead: T-4",
		}, headlines(got))
	})
	t.Run("what nothing delays does not wait with what is delayed, also when both are due", func(t *testing.T) {
		got := standard.Digests(
			said("T-1", until("Tue 07:00", notice("manager", "a", "Mon 23:00")), notice("manager", "b", "Tue 07:00")),
		)
		assert.Equal(t, []string{"Tue 07:00, manager: T-1", "Tue 07:00, manager: T-1"}, headlines(got))
		assert.Equal(t, "a", got[0].Items[0].Notices[0].Rule)
		assert.Equal(t, "b", got[1].Items[0].Notices[0].Rule)
	})
	t.Run("nothing but notices", func(t *testing.T) {
		d := tell(t, standard).customer("Mon 09:00", "Unacceptable! My lawyer will sue you.").look("Mon 09:00").Decision
		got := standard.Digests(d)
		require.Len(t, got, 1)
		assert.Equal(t, []string{"Mon 09:00, team lead: T-1"}, headlines(got))
		assert.Greater(t, len(d.Actions), len(got[0].Keys()))
		assert.Empty(t, standard.Digests(said("T-1")))
		assert.Empty(t, standard.Digests())
	})
	t.Run("the most urgent ticket first: an alert, the priority, how long", func(t *testing.T) {
		critical, low, none := said("critical", notice("manager", "a", "Mon 12:00")), said("low", alert(notice("manager", "b", "Mon 13:00"))), said("none", notice("manager", "a", "Mon 08:00"))
		critical.Priority, low.Priority, none.Priority = "Critical", "Low", ""
		got := standard.Digests(none, said("late", notice("manager", "a", "Mon 11:00")), said("early", notice("manager", "a", "Mon 10:00")), critical, low,
			said("b", notice("manager", "c", "Mon 11:30")), said("a", notice("manager", "d", "Mon 11:30")))
		assert.Equal(t, []string{"Mon 13:00, manager: low critical early late a b none"}, headlines(got))
		assert.True(t, got[0].Urgent)
		assert.True(t, got[0].Items[0].Urgent)
		assert.False(t, got[0].Items[1].Urgent)
	})
	t.Run("a ticket is one item, with all that is said of it in order, and is what it is by now", func(t *testing.T) {
		first := said("T-1", until("Tue 07:00", notice("manager", "late", "Tue 02:00")), until("Tue 07:00", notice("manager", "first", "Mon 23:00")))
		later := said("T-1", until("Tue 07:00", notice("manager", "third", "Tue 06:00")))
		later.Tier, later.Priority = "Tier 3", "High"
		for _, order := range [][]escalation.Decision{{first, later}, {later, first}, {first, later, first, later}} {
			got := standard.Digests(order...)
			require.Equal(t, []string{"Tue 07:00, manager: T-1"}, headlines(got))
			item := got[0].Items[0]
			assert.Equal(t, "Tier 3, High", item.Tier+", "+item.Priority)
			var said []string
			for _, n := range item.Notices {
				said = append(said, clock(n.Due)+" "+n.Because)
			}
			assert.Equal(t, []string{"Mon 23:00 Because of first.", "Tue 02:00 Because of late.", "Tue 06:00 Because of third."}, said)
			assert.Len(t, got[0].Keys(), 3)
		}
	})
	t.Run("of two decisions of one instant the one that was saved later says what the ticket is by now", func(t *testing.T) {
		first, later := said("T-1", notice("manager", "a", "Mon 09:00")), said("T-1", notice("manager", "b", "Mon 09:00"))
		first.Ledger.Seq, later.Ledger.Seq, later.Tier = 1, 2, "Tier 2"
		for _, order := range [][]escalation.Decision{{first, later}, {later, first}} {
			assert.Equal(t, "Tier 2", standard.Digests(order...)[0].Items[0].Tier)
		}
	})
	t.Run("an instant is the same in any time zone", func(t *testing.T) {
		there := until("Tue 07:00", notice("manager", "a", "Mon 23:00"))
		there.DeliverAt = there.DeliverAt.In(time.FixedZone("there", 3600))
		got := standard.Digests(said("T-1", there), said("T-2", until("Tue 07:00", notice("manager", "a", "Mon 23:30"))))
		assert.Equal(t, []string{"Tue 07:00, manager: T-1 T-2"}, headlines(got))
	})
	t.Run("as JSON", func(t *testing.T) {
		src, err := json.Marshal(standard.Digests(said("T-1", alert(notice("manager", "a", "Mon 09:00")))))
		require.NoError(t, err)
		assert.Equal(t, `[{"to":"manager","deliver_at":"2026-03-02T09:00:00Z","urgent":true,"items":[{"ticket":"T-1","tier":"Tier 1","priority":"Medium","urgent":true,`+
			`"notices":[{"do":"alert","rule":"a","because":"Because of a.","due":"2026-03-02T09:00:00Z","key":"manageraMon 09:00"}]}]}]`, string(src))
	})
	t.Run("a decision of a release that knew no deliver_at waits for nothing", func(t *testing.T) {
		old := notice("manager", "a", "Mon 09:00")
		old.DeliverAt = time.Time{}
		assert.Equal(t, []string{"Mon 09:00, manager: T-1"}, headlines(standard.Digests(said("T-1", old))))
	})
}

func TestScenarioDigestForPeople(t *testing.T) {
	t.Run("under what is said of them", func(t *testing.T) {
		high := said("T-3", notice("manager", "slow", "Mon 12:00"), alert(notice("manager", "angry", "Mon 12:30")))
		high.Priority, high.Tier = "High", "Tier 2"
		none := said("T-2", notice("manager", "slow", "Mon 10:00"))
		none.Priority, none.Reasons = "", nil
		got := standard.Digests(said("T-1", notice("manager", "slow", "Mon 11:00")), none, high, said("T-4", notice("manager", "slow", "Mon 09:00"), notice("manager", "slow", "Mon 10:30")))
		require.Len(t, got, 1)
		assert.Equal(t, strings.TrimSpace(`
manager: 4 tickets, 1 urgent
slow (Because of slow.); angry (Because of angry.)
- T-3, High, Tier 2, urgent, since 2026-03-02 12:00 UTC
slow (Because of slow.)
- T-4, Medium, Tier 1, since 2026-03-02 09:00 UTC
- T-1, Medium, Tier 1, since 2026-03-02 11:00 UTC
slow
- T-2, Tier 1, since 2026-03-02 10:00 UTC`), got[0].String())
		assert.Equal(t, "manager: 1 ticket", strings.Split(standard.Digests(none)[0].String(), "\n")[0])
	})
	t.Run("five hundred tickets that are late at once", func(t *testing.T) {
		engine := escalation.MustCompile(asleep(), nil)
		var all []escalation.Decision
		for i := range 500 {
			s := tell(t, engine).given(func(k *escalation.Ticket) {
				k.ID, k.Priority, k.CreatedAt = fmt.Sprintf("T-%d", i), "Low", at("Mon 20:00")
			}).customer("Mon 20:00", "The server is down.")
			if i%100 == 42 {
				s.given(func(k *escalation.Ticket) { k.Priority = "High" })
			}
			all = append(all, s.look("Tue 08:00").Decision)
		}
		got := slices.DeleteFunc(engine.Digests(all...), func(d escalation.Digest) bool { return d.To != "manager" || d.DeliverAt != at("Tue 06:00") })
		require.Len(t, got, 1, "one message in the morning, which is seven in Paris")
		assert.Len(t, got[0].Items, 500)
		assert.GreaterOrEqual(t, len(got[0].Keys()), 500)
		assert.Equal(t, []string{"High", "High", "High", "High", "High", "Low"}, []string{
			got[0].Items[0].Priority, got[0].Items[1].Priority, got[0].Items[2].Priority, got[0].Items[3].Priority, got[0].Items[4].Priority, got[0].Items[5].Priority,
		})
		text := got[0].String()
		assert.Equal(t, 1+2+20+1, strings.Count(text, "\n")+1, text)
		assert.True(t, strings.HasPrefix(text, "manager: 500 tickets\n"), text)
		assert.True(t, strings.HasSuffix(text, "\nand 480 more"), text)
	})
	t.Run("however long the names, and however many the rules", func(t *testing.T) {
		long := strings.Repeat("é ", 1000)
		var all []escalation.Decision
		for i := range 100 {
			var notices []escalation.Action
			for j := range 50 {
				notices = append(notices, notice(long, fmt.Sprintf("%d %d", i, j)+long, "Mon 09:00"))
			}
			d := said(fmt.Sprint(i)+long, notices...)
			d.Tier, d.Priority = long, long
			all = append(all, d)
		}
		text := standard.Digests(all...)[0].String()
		assert.Less(t, utf8.RuneCountInString(text), 25_000)
		assert.Contains(t, text, "; and 47 more\n")
		assert.Contains(t, text, "\nand 80 more")
	})
	t.Run("no line, mark or mention of anybody's own", func(t *testing.T) {
		for _, evil := range []string{"T\n- T-9, Critical", "T\r\n\r\nDear customer", "T\u2028x", "T\x1b[31mred\x00", "T\u202egnp.exe", "@channel", "<!here>", "\xff\xfe", "{{.Secret}}", "[x](http://evil)", "T\v\f\u0085x", "\u200b"} {
			d := said(evil, notice(evil, evil, "Mon 09:00"))
			d.Tier, d.Priority = evil, evil
			text := standard.Digests(d)[0].String()
			assert.True(t, utf8.ValidString(text))
			assert.Equal(t, 2, strings.Count(text, "\n"), "%q", text)
			for _, r := range text {
				assert.False(t, r != '\n' && (unicode.IsControl(r) || r == '\u202e' || r == '\u2028'), "%q", text)
			}
			for _, act := range []string{"@channel", "<!here", "{{.", "](http"} {
				assert.NotContains(t, text, act)
			}
		}
	})
	t.Run("nothing that a customer wrote", func(t *testing.T) {
		s := tell(t, standard).given(func(k *escalation.Ticket) {
			k.Subject, k.Customer.Name, k.Customer.ID = "SECRET subject", "SECRET name", "SECRET id"
			k.Fields = map[string]any{"x": "SECRET field"}
		}).customer("Mon 09:00", "Unacceptable! SECRET lawyer.")
		got := standard.Digests(s.look("Tue 12:00").Decision)
		require.NotEmpty(t, got)
		for _, d := range got {
			src, err := json.Marshal(d)
			require.NoError(t, err)
			assert.NotContains(t, d.String()+string(src), "SECRET")
		}
	})
}

// Whatever is decided on whatever tickets, and in whatever order it is handed in: each
// notice stands in one digest, once, and is told to its recipient and not too early.
func TestDigestsLoseNothing(t *testing.T) {
	p := windows()
	p.QuietHours = nights().QuietHours
	p.Rules = append(p.Rules, rules.Rule{Name: "mail", If: `true`, Per: "message", Then: []string{`notify("manager")`, `alert("account manager")`}})
	engine := escalation.MustCompile(p, nil)
	total, digests := 0, 0
	for seed := range uint64(5) {
		r := rand.New(rand.NewPCG(seed, 5))
		want := map[string]escalation.Action{}
		var all []escalation.Decision
		for i := range 8 {
			ticket := randomTicket(r, fmt.Sprintf("T%d", i), 30*time.Hour)
			for _, hours := range []time.Duration{5, 17, 40} {
				d, err := engine.Decide(ticket, monday.Add(hours*time.Hour))
				require.NoError(t, err)
				for _, a := range d.Actions {
					if !a.DeliverAt.IsZero() {
						want[a.Key] = a
					}
				}
				all = append(all, d)
				if r.IntN(2) == 0 { // else the decision is lost, and the next one tells all of it again
					d.Apply(&ticket)
				}
			}
		}
		got := engine.Digests(all...)
		seen := map[string]bool{}
		groups := map[string]bool{}
		for _, d := range got {
			digests++
			late := false
			for _, item := range d.Items {
				for _, n := range item.Notices {
					a, known := want[n.Key]
					require.True(t, known && !seen[n.Key])
					seen[n.Key] = true
					require.Equal(t, []string{d.To, a.Do, a.Rule}, []string{a.To, n.Do, n.Rule})
					require.NotEmpty(t, n.Because+n.Rule)
					require.False(t, d.DeliverAt.Before(a.DeliverAt))
					late = a.DeliverAt.After(a.Due)
					require.True(t, !late || d.DeliverAt.Equal(a.DeliverAt))
				}
			}
			group := fmt.Sprint(d.To, late)
			if late {
				group += d.DeliverAt.String()
			}
			require.False(t, groups[group], "two digests for one delivery")
			groups[group] = true
		}
		require.Len(t, seen, len(want))
		total += len(want)
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		require.Equal(t, got, engine.Digests(all...))
		src, err := json.Marshal(all)
		require.NoError(t, err)
		var stored []escalation.Decision
		require.NoError(t, json.Unmarshal(src, &stored))
		again, err := json.Marshal(engine.Digests(stored...))
		require.NoError(t, err)
		first, err := json.Marshal(got)
		require.NoError(t, err)
		require.Equal(t, string(first), string(again), "the same from decisions that were stored")
	}
	assert.Greater(t, total, 5*digests, "most are merged")
}
