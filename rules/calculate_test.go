package rules_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/rules"
)

// product is the exact product, rounded as the documentation says, the slow way.
func product(d time.Duration, k float64) time.Duration {
	switch {
	case d == 0 || math.IsNaN(k):
		return 0
	case math.IsInf(k, 0):
		if (d < 0) == (k < 0) {
			return math.MaxInt64
		}
		return math.MinInt64
	}
	exact := new(big.Rat).Mul(new(big.Rat).SetInt64(int64(d)), new(big.Rat).SetFloat64(k))
	half := big.NewRat(1, 2)
	if exact.Sign() < 0 {
		half.Neg(half)
	}
	exact.Add(exact, half)
	whole := new(big.Int).Quo(exact.Num(), exact.Denom()) // towards zero
	if !whole.IsInt64() {
		if whole.Sign() < 0 {
			return math.MinInt64
		}
		return math.MaxInt64
	}
	return time.Duration(whole.Int64())
}

func TestProductsOfDurations(t *testing.T) {
	set := compile(t, `ticket.effort * ticket.revenue == clock.target`, `ticket.revenue * ticket.effort == clock.target`)
	j := set.Judge()
	random := rand.New(rand.NewPCG(1, 31))
	factors := []float64{0, 1, -1, 2, 0.5, -0.5, 0.1, 1.0 / 3, 1e300, 1e-300, math.SmallestNonzeroFloat64, math.MaxFloat64, math.Inf(1), math.Inf(-1), math.NaN(), 1 << 62, 0x1p-63, 0x1p-64, 0x1.fffffffffffffp-65}
	efforts := []time.Duration{0, 1, -1, 3, 90 * time.Minute, math.MaxInt64, math.MinInt64, math.MinInt64 + 1}
	for range 20_000 {
		d, k := time.Duration(random.Int64()>>random.IntN(64)), math.Ldexp(random.Float64()-0.5, random.IntN(140)-70)
		switch random.IntN(4) {
		case 0:
			d = -d
		case 1:
			d = efforts[random.IntN(len(efforts))]
		case 2:
			k = factors[random.IntN(len(factors))]
		}
		f := sample()
		f.Ticket.Effort, f.Ticket.Revenue, f.Clock.Target = d, k, product(d, k)
		j.Look(f)
		for i := range 2 {
			holds, err := j.Holds(i)
			require.NoError(t, err)
			require.True(t, holds, "%d * %v is %d", d, k, f.Clock.Target)
		}
	}
}

func TestCalculating(t *testing.T) {
	for condition, want := range map[string]bool{
		`ticket.effort * 2 == 3h`: true, `2 * ticket.effort == 3h`: true, `ticket.effort / 2 == 45m`: true, `ticket.effort / 1h == 1.5`: true,
		`ticket.effort * ticket.contacts == 270m`: true, `ticket.effort * param.share == 72m`: true, `3h / 7 == 1542857142857ns`: true,
		`max(ticket.effort, 1h, 2h) == 2h`: true, `min(ticket.effort, 2h) == ticket.effort`: true, `max(1h) == 1h`: true,
		`now - date("2026-03-02") == 11h`: false, `date("2026-03-02") + 11h == date("2026-03-02T12:00:00+01:00")`: true, `1h + date("2026-03-02") > date("2026-03-02")`: true,
		`max(date("2026-03-02"), date("2026-03-03")) - date("2026-03-01") == 2d`: true, `min(date("2026-03-02"), date("2026-03-03")) != date("2026-03-02")`: false,
		`ticket.effort / 0 > 200000d`: false, `ticket.effort / 0 > 100000d`: true,
	} {
		if strings.HasPrefix(condition, "now") || strings.Contains(condition, "200000d") {
			assert.Error(t, refused(condition), condition)
			continue
		}
		assert.Equal(t, want, holds(t, condition, sample()), condition)
	}
}

func TestDatesInReasons(t *testing.T) {
	j := judge(t, `now > date("2026-03-02") and now.hour == 11`, sample())
	assert.Equal(t, []rules.Clause{
		{Text: `now > date("2026-03-02")`, Values: []rules.Value{{Name: "now", Value: "2026-03-02T11:00:00Z"}}},
		{Text: `now.hour == 11`, Values: []rules.Value{{Name: "now.hour", Value: 11}}},
	}, j.Clauses(0))
}

// What is used again and again in a let is bounded.
func TestVeryManyMovingParts(t *testing.T) {
	var text strings.Builder
	fmt.Fprintf(&text, "let a0 = ticket.age%s;\n", strings.Repeat(" + ticket.idle", 300))
	for i := range 60 {
		fmt.Fprintf(&text, "let a%d = a%d + a%d;\n", i+1, i, i)
	}
	text.WriteString("a60 > 1h")
	start := time.Now()
	require.NoError(t, refused(text.String()), "a let of a let of a let is no more than it says")
	text.WriteString(strings.Repeat(" or a60 > 1h", 150))
	assert.ErrorContains(t, refused(text.String()), "more than 40000 parts")
	require.Less(t, time.Since(start), 20*time.Second)
}
