package rules_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/rules"
)

// filler are so many rules on other things that there is an index.
func filler(n int) []rules.Rule {
	var list []rules.Rule
	for i := range n {
		list = append(list, rules.Rule{Name: fmt.Sprint("filler ", i), If: fmt.Sprintf("ticket.subject == \"nothing %d\"", i), Then: []string{"bump()"}})
	}
	return list
}

// Which rules must be judged: those of which nothing that must be so is not so.
func TestCandidates(t *testing.T) {
	for condition, want := range map[string]bool{
		// What is so.
		`ticket.priority == "High"`: true, `"High" == ticket.priority and ticket.contacts > 99`: true, `ticket.priority in ["Low", "High"]`: true,
		`customer.plan == "ENTERPRISE"`: true, `customer.plan in ["pro", "Enterprise"]`: true, `customer.vip`: true, `"urgent" in ticket.tags`: true,
		`contains_keywords(["sue"])`: true, `ticket.contacts == 3`: true, `ticket.contacts == 3.0`: true, `ticket.revenue == 1500.5`: true, `ticket.effort == 90m`: true, `mood == "angry"`: true, `mood == param.mood`: true,
		// What is not.
		`ticket.priority == "Low"`: false, `ticket.contacts > 2 and "Low" == ticket.priority`: false, `ticket.priority in ["Low", "Critical"]`: false,
		`customer.plan == "pro"`: false, `not customer.vip`: false, `"vip" in ticket.tags`: false, `contains_keywords(["court"])`: false,
		`ticket.contacts == 4`: false, `ticket.contacts == 3.5`: false, `ticket.revenue == 1500`: false, `ticket.effort == 1h`: false, `mood == "calm"`: false, `false`: false, `not true`: false,
		`not (ticket.priority != "Low")`: false, `not (customer.vip or ticket.contacts > 5)`: false, `not (customer.vip and ticket.open)`: false, `mood == "calm" and customer.ltv > 5`: false,
		// One side is enough.
		`ticket.priority == "Low" or ticket.status == "Open"`: true, `ticket.priority == "Low" or ticket.priority == "Critical"`: false, `ticket.priority == "Low" or ticket.status == "Resolved"`: false,
		`contains_keywords(["court"]) or contains_keywords(["judge"])`: false, `contains_keywords(["court"]) or contains_keywords(["sue"])`: true, `ticket.priority == "Low" or false`: false,
		`(ticket.priority == "Low" and customer.vip) or (ticket.priority == "Critical" and ticket.open)`: false, `ticket.priority == "Low" or ticket.contacts > 99`: true,
		// What says nothing: time may turn it, or it is not simple.
		`ticket.age > 99d`: true, `clock.breached`: true, `ticket.age > 99d and ticket.priority == "Low"`: false, `ticket.contacts > 99`: true, `ticket.priority != "High"`: true, `"urgent" not in ticket.tags`: true,
		`known(customer.ltv)`: true, `not contains_keywords(["sue"])`: true, `ticket.priority startsWith "L"`: true, `(ticket.open ? ticket.priority == "Low" : false)`: true, `customer.plan matches "x"`: true,
	} {
		list := append(filler(40), rules.Rule{Name: "the rule", If: condition, Then: []string{"bump()"}})
		set, err := rules.Compile(list, vocabulary())
		require.NoError(t, err, condition)
		f := sample()
		f.Hits = make([]bool, len(set.Keywords()))
		for n, words := range set.Keywords() {
			f.Hits[n] = slices.Contains(words, "sue")
		}
		j := set.Judge()
		j.Look(f)
		assert.Equal(t, want, slices.Contains(j.Candidates(nil), 40), condition)
		assert.Subset(t, []int{40}, j.Candidates(nil), condition)
	}
}

func TestCandidatesOfTheUnknown(t *testing.T) {
	list := append(filler(40), conditional(`mood == "angry"`, `not (mood != "angry")`, `clock.running`, `tag.fourth == "x"`, `mood == "angry" and fails("x")`, `mood == "angry" and ticket.priority == "Low" and fails("x")`)...)
	set := rules.MustCompile(list, withFunctions())
	j := set.Judge()
	j.Look(unknown())
	assert.Equal(t, []int{44}, j.Candidates(nil), "a function that fails is told of where the condition is unknown, and not where it is false")
	j.Look(sample())
	assert.Equal(t, []int{40, 41, 42, 44}, j.Candidates(nil))

	// What stands where a fact would be does not count while that is unknown.
	v := vocabulary()
	v.Facts[2].Known = func(f *facts) bool { return f.ltvKnown } // ticket.tags
	j = rules.MustCompile(append(filler(40), conditional(`mood == "angry"`, `"urgent" in ticket.tags`)...), v).Judge()
	f := sample()
	j.Look(f)
	assert.Equal(t, []int{40, 41}, j.Candidates(nil))
	f.moodKnown, f.ltvKnown = false, false
	j.Look(f)
	assert.Empty(t, j.Candidates(nil))
}

// What depends on what a rule is judged for does not tell beforehand which rules to judge.
func TestCandidatesPerSubject(t *testing.T) {
	v := vocabulary()
	for i := range v.Facts {
		v.Facts[i].PerSubject = v.Facts[i].Name == "mood"
	}
	word := `contains_keywords(["court"])`
	list := append(filler(40), rules.Rule{Name: "a", If: word, Then: []string{"bump()"}}, rules.Rule{Name: "b", If: word, Per: "message", Then: []string{"bump()"}},
		rules.Rule{Name: "c", If: `mood == "calm"`, Then: []string{"bump()"}}, rules.Rule{Name: "d", If: `mood == "calm" and ticket.priority == "Low"`, Per: "message", Then: []string{"bump()"}})
	j := rules.MustCompile(list, v).Judge()
	j.Look(sample().without())
	assert.Equal(t, []int{41, 42}, j.Candidates(nil))
}

// without has no keywords.
func (f facts) without() facts { f.Hits = nil; return f }

// Two things that must be so are looked up together where many rules share one.
func TestCandidatesOfManyRules(t *testing.T) {
	var list []rules.Rule
	for i := range 400 {
		r := rules.Rule{Name: fmt.Sprint(i), Then: []string{"bump()"}}
		r.If = fmt.Sprintf(`ticket.subject == "category %d" and ticket.contacts == %d and ticket.revenue > %d and customer.vip`, i%10, i/10%4, i)
		list = append(list, r)
	}
	j := rules.MustCompile(list, vocabulary()).Judge()
	f := sample()
	f.Ticket.Subject, f.Ticket.Contacts = "category 7", 3
	j.Look(f)
	assert.Equal(t, []int{37, 77, 117, 157, 197, 237, 277, 317, 357, 397}, j.Candidates(nil), "one in 40")
	f.Ticket.Contacts = 99
	j.Look(f)
	assert.Empty(t, j.Candidates(nil))
}

func TestCandidatesOfFewRules(t *testing.T) {
	j := rules.MustCompile(filler(3), vocabulary()).Judge()
	assert.Equal(t, []int{7, 0, 1, 2}, j.Candidates([]int{7}), "all of them, after what was there")
	empty := rules.MustCompile(nil, vocabulary())
	assert.Empty(t, empty.Judge().Candidates(nil))
}

// gated writes conditions as rules have them: what must be so, and something else.
func (w writer) gated(depth int) string {
	if depth > 0 && w.IntN(3) == 0 {
		switch w.IntN(4) {
		case 0:
			return "not (" + w.gated(depth-1) + ")"
		case 1:
			return "(" + w.gated(depth-1) + " or " + w.gated(depth-1) + ")"
		case 2:
			return "(" + w.gated(depth-1) + " or " + w.gated(depth-1) + " or " + w.gated(0) + ")"
		}
		return "(" + w.gated(depth-1) + " and " + w.gated(depth-1) + ")"
	}
	condition := w.gate()
	for range w.IntN(3) {
		condition += " and " + w.gate()
	}
	if w.IntN(2) == 0 {
		condition += " and " + w.pick(w.condition(1), `ticket.age >= 2h`, `clock.remaining < 1h`)
	}
	return "(" + condition + ")"
}

func (w writer) gate() string {
	is, in := w.pick("==", "==", "==", "!="), w.pick(" in ", " in ", " in ", " not in ")
	a, b := w.pick(`"a"`, `"b"`, `"ab"`, `"High"`), w.pick(`"a"`, `"b"`, `""`, `"Übel"`)
	switch w.IntN(14) {
	case 0, 1:
		return "ticket.subject " + is + " " + w.pick(a, b)
	case 2:
		return w.pick(a, b) + " " + is + " ticket.priority"
	case 3:
		return "ticket.priority" + in + "[" + a + ", " + b + ", " + a + "]"
	case 4:
		return "customer.plan " + is + ` "` + w.pick("PRO", "pro", "Gold", "ÜBEL") + `"`
	case 5:
		return "customer.plan" + in + `["Pro", "` + w.pick("pRO", "gold", "übel") + `"]`
	case 6:
		return w.pick("", "not ") + w.pick("ticket.open", "customer.vip", "clock.running", "clock.breached")
	case 7:
		return w.pick(a, b, "param.mood") + in + "ticket.tags"
	case 8:
		return w.pick("", "not ") + `contains_keywords([` + w.pick(`"sue"`, `"court", "judge"`, `"refund"`, a) + "])"
	case 9:
		return "ticket.contacts " + is + " " + w.number(0)
	case 10:
		return w.pick("ticket.revenue", "customer.ltv") + " " + is + " " + w.pick(w.number(0), "param.limit")
	case 11:
		return "ticket.effort " + is + " " + w.duration()
	case 12:
		return "mood " + is + " " + w.pick(`"angry"`, `"calm"`, "param.mood")
	}
	return w.pick("tag.first", "tag.fourth") + " " + is + " " + w.pick(a, b)
}

// hosts adds functions of the host, some of which fail.
func (w writer) hosts(condition string) string {
	return w.pick("", "", "", `fails("x") and `, `fails(ticket.subject) or `, `region(ticket.subject) == "eu-a" and `) + condition
}

// known makes up a ticket of which something may not be known.
func (w writer) ticket(set *rules.Set[facts]) facts {
	f := w.facts()
	f.Customer.Plan = w.pick("Pro", "GOLD", "Übel", "")
	f.Customer.Folded = strings.ToLower(f.Customer.Plan)
	f.moodKnown, f.metered, f.ltvKnown = w.IntN(3) > 0, w.IntN(3) > 0, w.IntN(3) > 0
	f.Hits = make([]bool, w.IntN(len(set.Keywords())+1))
	for i := range f.Hits {
		f.Hits[i] = w.IntN(4) == 0
	}
	return f
}

// set makes up rules, and a set of them.
func (w writer) set(t testing.TB, n int, v rules.Vocabulary[facts]) *rules.Set[facts] {
	var list []rules.Rule
	for i := range n {
		r := rules.Rule{Name: fmt.Sprint(i), If: w.hosts(w.gated(2)), Then: []string{"bump()"}}
		if w.IntN(6) == 0 {
			r.Per = "message"
		}
		list = append(list, r)
	}
	set, err := rules.Compile(list, v)
	require.NoError(t, err)
	return set
}

// open is a vocabulary in which texts are of any value.
func open() rules.Vocabulary[facts] {
	v := withFunctions()
	for i := range v.Facts {
		v.Facts[i].Values = nil
	}
	return v
}

// spared judges all rules and wants the candidates to be enough: the others are not true,
// have nothing to tell, and do not come true later. It returns how many those are.
func spared(t testing.TB, set *rules.Set[facts], j *rules.Judge[facts], f facts) int {
	j.Look(f)
	candidates := j.Candidates(nil)
	require.True(t, slices.IsSorted(candidates))
	require.Len(t, slices.Compact(slices.Clone(candidates)), len(candidates), "each once")
	later, moved := set.Judge(), f.at(f.now.Add(1000*time.Hour))
	moved.Clock.Running = f.Clock.Running
	later.Look(moved)
	for i := range set.Len() {
		if slices.Contains(candidates, i) {
			continue
		}
		truth, err := j.Truth(i)
		require.NoError(t, err, set.Rule(i).If)
		require.NotEqual(t, rules.True, truth, "%s\n%+v", set.Rule(i).If, f)
		truth, err = later.Truth(i)
		require.NoError(t, err, set.Rule(i).If)
		require.NotEqual(t, rules.True, truth, "later: %s\n%+v", set.Rule(i).If, f)
	}
	return set.Len() - len(candidates)
}

// Judging the candidates gives the answer of judging all.
func TestCandidatesAreEnough(t *testing.T) {
	runs := 60
	if testing.Short() {
		runs = 10
	}
	w := writer{rand.New(rand.NewPCG(11, 12)), true}
	v := open()
	rest, all := 0, 0
	for range runs {
		set := w.set(t, 32+w.IntN(250), v)
		j := set.Judge()
		for range 40 {
			rest += spared(t, set, j, w.ticket(set))
			all += set.Len()
		}
	}
	require.Greater(t, rest, all/3, "many rules need not be judged")
}

func FuzzCandidates(f *testing.F) {
	for seed := range uint64(5) {
		f.Add(seed, uint8(40), `ticket.priority == "a"`)
	}
	v := open()
	f.Fuzz(func(t *testing.T, seed uint64, n uint8, condition string) {
		if _, err := rules.Compile(conditional(condition), v); err != nil {
			return
		}
		w := writer{rand.New(rand.NewPCG(seed, 0)), true}
		list := []rules.Rule{{Name: "theirs", If: condition, Then: []string{"bump()"}}, {Name: "negated", If: "not (" + condition + ")", Then: []string{"bump()"}}}
		for i := range 30 + int(n) {
			list = append(list, rules.Rule{Name: fmt.Sprint(i), If: w.hosts(w.gated(1)), Then: []string{"bump()"}})
		}
		set, err := rules.Compile(list, v)
		if err != nil {
			return // too deep, negated
		}
		j := set.Judge()
		for range 10 {
			spared(t, set, j, w.ticket(set))
		}
	})
}

// A set is shared, and each goroutine has a judge of it.
func TestCandidatesShared(t *testing.T) {
	w := writer{rand.New(rand.NewPCG(13, 14)), true}
	set := w.set(t, 200, open())
	var tickets []facts
	var want [][]int
	j := set.Judge()
	for range 20 {
		f := w.ticket(set)
		j.Look(f)
		tickets, want = append(tickets, f), append(want, j.Candidates(nil))
	}
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			j := set.Judge()
			var list []int
			for n := range 200 {
				at := (n + g) % len(tickets)
				j.Look(tickets[at])
				list = j.Candidates(list[:0])
				assert.Equal(t, want[at], list)
			}
		})
	}
	all.Wait()
}

func TestCandidatesDoNotAllocate(t *testing.T) {
	w := writer{rand.New(rand.NewPCG(15, 16)), true}
	set := w.set(t, 500, open())
	j := set.Judge()
	j.Look(w.ticket(set))
	list := j.Candidates(nil)
	assert.Zero(t, testing.AllocsPerRun(100, func() { list = j.Candidates(list[:0]) }))
}

// largeDesk is rules of a large desk: most ask for a category, a priority and a figure, some
// for words, some for one of several categories. About one in a hundred holds.
func largeDesk(n int) []rules.Rule {
	random := rand.New(rand.NewPCG(1, uint64(n)))
	category := func() string { return fmt.Sprintf("category %d", random.IntN(20)) }
	priority := func() string { return []string{"Low", "Normal", "High", "Critical"}[random.IntN(4)] }
	figure := func() string {
		return fmt.Sprintf([]string{"ticket.contacts > %d", "ticket.revenue >= %d.5", "customer.ltv < %d", "ticket.contacts <= %d"}[random.IntN(4)], random.IntN(100))
	}
	words := strings.Fields("lawyer sue court judge refund broken outage cancel invoice chargeback complaint terrible manager urgent legal breach contract lost waiting never")
	list := make([]rules.Rule, n)
	for i := range list {
		r := &list[i]
		r.Name, r.Then = fmt.Sprint(i), []string{"bump()"}
		switch i % 10 {
		case 8:
			var some []string
			for range 5 {
				some = append(some, fmt.Sprintf("%q", fmt.Sprint(words[random.IntN(len(words))], " ", i)))
			}
			r.If = "contains_keywords([" + strings.Join(some, ", ") + "])"
		case 9:
			r.If = fmt.Sprintf(`ticket.subject in [%q, %q, %q] and ticket.priority == %q and customer.vip and %s`, category(), category(), category(), priority(), figure())
		default:
			r.If = fmt.Sprintf(`ticket.subject == %q and ticket.priority == %q and %s`, category(), priority(), figure())
		}
	}
	return list
}

func deskAndTicket(b *testing.B, n int) (*rules.Set[facts], facts) {
	v := vocabulary()
	v.Facts[6].Values = nil
	set := rules.MustCompile(largeDesk(n), v)
	f := sample()
	f.Ticket.Subject, f.Ticket.Priority, f.Ticket.Contacts = "category 7", "High", 50
	f.Hits = make([]bool, len(set.Keywords()))
	for i := range f.Hits {
		f.Hits[i] = i%100 == 3
	}
	return set, f
}

func BenchmarkMany(b *testing.B) {
	for _, n := range []int{10, 30, 100, 1000, 10_000} {
		set, f := deskAndTicket(b, n)
		j := set.Judge()
		b.Run(fmt.Sprint(n, "/all"), func(b *testing.B) {
			b.ReportAllocs()
			hold := 0
			for b.Loop() {
				j.Look(f)
				hold = 0
				for i := range set.Len() {
					if holds, _ := j.Holds(i); holds {
						hold++
					}
				}
			}
			b.ReportMetric(float64(hold), "hold")
		})
		b.Run(fmt.Sprint(n, "/candidates"), func(b *testing.B) {
			b.ReportAllocs()
			hold := 0
			var list []int
			for b.Loop() {
				j.Look(f)
				hold = 0
				list = j.Candidates(list[:0])
				for _, i := range list {
					if holds, _ := j.Holds(i); holds {
						hold++
					}
				}
			}
			b.ReportMetric(float64(hold), "hold")
			b.ReportMetric(float64(len(list)), "candidates")
		})
		b.Run(fmt.Sprint(n, "/only candidates"), func(b *testing.B) {
			b.ReportAllocs()
			j.Look(f)
			var list []int
			for b.Loop() {
				list = j.Candidates(list[:0])
			}
		})
	}
}

// The index is what a set needs beyond the rules.
func BenchmarkManyMemory(b *testing.B) {
	v := vocabulary()
	v.Facts[6].Values = nil
	list := largeDesk(10_000)
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		set := rules.MustCompile(list, v)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(list)), "B/rule")
		runtime.KeepAlive(set)
	}
}
