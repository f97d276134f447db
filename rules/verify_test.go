package rules_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/rules"
)

func TestNeverAndAlways(t *testing.T) {
	for condition, want := range map[string]string{
		`ticket.contacts > 3 and ticket.contacts < 4`: "never", `ticket.contacts > 3 and ticket.contacts < 5`: "", `ticket.revenue > 3 and ticket.revenue < 4`: "",
		`ticket.revenue > 3 and not (ticket.revenue > 2)`: "never", `ticket.priority == "High" and ticket.priority == "Low"`: "never",
		`ticket.priority in ["High", "Low"] and ticket.priority not in ["High"] and ticket.priority != "Low"`: "never", `ticket.priority = "High" AND NOT ticket.priority = "High"`: "never",
		`ticket.open and not ticket.open`: "never", `ticket.open or not ticket.open`: "always", `customer.vip or ticket.contacts > 3 or ticket.contacts <= 3`: "always",
		`customer.ltv > 3 or customer.ltv <= 3`: "", `customer.ltv > 3 or customer.ltv <= 3 or not known(customer.ltv)`: "", // a figure may be no number
		`known(mood) or not known(mood)`: "always", `mood == "calm" and not known(mood)`: "never", `mood != "calm" and mood == "calm"`: "never",
		`ticket.age > 2h and ticket.age < 1h`: "never", `1h > ticket.age and not (ticket.age < 60m)`: "never", `ticket.effort == 1h and ticket.effort == 2h`: "never",
		`contains_keywords(["a"]) and not contains_keywords(["a"])`: "never", `contains_keywords(["a"]) and not contains_keywords(["b"])`: "",
		`customer.plan == "Pro" and customer.plan == "PRO"`: "", `customer.plan == "Pro" and customer.plan != "PRO"`: "never", `"x" in ticket.tags and "x" not in ticket.tags`: "never",
		`now.hour > 5 and now.hour < 6`: "never", `now.weekday == "Monday" and now.weekday == "Tuesday"`: "never", `desk.open or not desk.open`: "always",
		`now > date("2026-12-24") and now < date("2026-01-01")`: "", `now > date("2026-12-24") and not (now > date("2026-12-24"))`: "never",
		`ticket.age * 2 > 1h or not (ticket.age * 2 > 1h)`: "always", `ticket.effort * 0.5 > 1h and ticket.effort < 1h`: "", `ticket.age > ticket.idle and ticket.age <= ticket.idle`: "",
		`true`: "always", `false`: "never", `ticket.open and (customer.vip or false) and not customer.vip`: "never", `clock.breached and clock.running == false`: "",
		`2 * (let n = 1; n + 1) == 4 and not (2 * (let n = 1; n) + 1 == 4)`: "", `(ticket.open ? "a" : "b") not in ["b"] and (ticket.open ? "a" : "b") in ["b"]`: "never",
	} {
		set, err := rules.Compile(conditional(condition), vocabulary())
		require.NoError(t, err, condition)
		got := ""
		if set.Prove().NeverHolds(0) {
			got += "never"
		}
		if set.Prove().AlwaysHolds(0) {
			got += "always"
		}
		assert.Equal(t, want, got, condition)
	}
}

func TestImplies(t *testing.T) {
	for _, x := range []struct {
		a, b string
		want bool
	}{
		{`ticket.contacts >= 5`, `ticket.contacts >= 3`, true}, {`ticket.contacts >= 3`, `ticket.contacts >= 5`, false},
		{`ticket.priority == "High" and customer.vip`, `ticket.priority in ["High", "Critical"]`, true}, {`customer.ltv > 5`, `customer.ltv > 3`, true},
		{`customer.ltv > 5`, `known(customer.ltv)`, true}, {`customer.ltv > 5`, `not (customer.ltv <= 5)`, true}, {`ticket.open`, `ticket.open or customer.vip`, true},
		{`contains_keywords(["a"]) and ticket.open`, `contains_keywords(["a"])`, true}, {`ticket.open`, `customer.ltv > 3 or not (customer.ltv > 3)`, false},
		{`ticket.contacts <= 5`, `ticket.contacts < 6`, true}, {`ticket.revenue > 5`, `not (ticket.revenue <= 5)`, true}, {`not (ticket.revenue <= 5)`, `ticket.revenue > 5`, false},
	} {
		set, err := rules.Compile(append(conditional(x.a), rules.Rule{Name: "b", If: x.b, Then: []string{"bump()"}}), vocabulary())
		require.NoError(t, err)
		assert.Equal(t, x.want, set.Prove().Implies(0, 1), "%s => %s", x.a, x.b)
	}
}

func TestTogether(t *testing.T) {
	set, err := rules.Compile(append(conditional(`ticket.priority in ["High", "Low"] and ticket.contacts > 3 and contains_keywords(["sue", "court"])`),
		rules.Rule{Name: "b", If: `ticket.priority != "High" and not customer.vip and not known(mood) and ticket.age > 1h`, Then: []string{"bump()"}},
		rules.Rule{Name: "c", If: `ticket.priority == "Critical"`, Then: []string{"bump()"}}), vocabulary())
	require.NoError(t, err)
	assert.Equal(t, []rules.Example{{
		Texts: map[string]string{"ticket.priority": "Low"}, Numbers: map[string]float64{"ticket.contacts": 4, "ticket.age": 3600e9 + 1}, Flags: map[string]bool{"customer.vip": false},
		Unknown: []string{"mood"}, Clauses: map[string]bool{`contains_keywords(["sue", "court"])`: true}, Keywords: [][]string{{"sue", "court"}},
	}}, set.Prove().Together(0, 1))
	assert.Empty(t, set.Prove().Together(0, 2))
}

// What is proven is so, on random conditions and facts.
func TestVerifyIsSound(t *testing.T) {
	runs := 10_000
	if testing.Short() {
		runs = 1_000
	}
	w := writer{rand.New(rand.NewPCG(11, 12)), true}
	v := vocabulary()
	v.Facts[6].Values = nil
	never, always, implied := 0, 0, 0
	for range runs {
		// Some that are likely to contradict themselves.
		a, b := w.condition(w.IntN(4)), w.condition(w.IntN(3))
		switch w.IntN(6) {
		case 0:
			a = "(" + a + ") and not (" + a + ")"
		case 1:
			a = "(" + a + ") or not (" + a + ")"
		case 2:
			b = "(" + a + ") or " + b
		}
		set, err := rules.Compile(append(conditional(a), rules.Rule{Name: "b", If: b, Then: []string{"bump()"}}), v)
		require.NoError(t, err)
		proofs := set.Prove()
		isNever, isAlways, implies := proofs.NeverHolds(0), proofs.AlwaysHolds(0), proofs.Implies(0, 1)
		if !isNever && !isAlways && !implies {
			continue
		}
		j := set.Judge()
		for range 40 {
			f := w.facts()
			f.moodKnown, f.metered, f.ltvKnown = w.IntN(2) == 0, w.IntN(2) == 0, w.IntN(2) == 0
			j.Look(f)
			first, err := j.Truth(0)
			require.NoError(t, err)
			second, err := j.Truth(1)
			require.NoError(t, err)
			about := fmt.Sprintf("%s\n%s\n%+v", a, b, f)
			require.False(t, isNever && first == rules.True, "never: %s", about)
			require.False(t, isAlways && first != rules.True, "always: %s", about)
			require.False(t, implies && first == rules.True && second != rules.True, "implies: %s", about)
		}
		if isNever {
			never++
		}
		if isAlways {
			always++
		}
		if implies {
			implied++
		}
	}
	require.Greater(t, min(never, always, implied), runs/100, "%d never, %d always, %d implied", never, always, implied)
	t.Logf("%d never, %d always, %d implied", never, always, implied)
}
