package sla

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func at(clock string) time.Time {
	tod, err := time.Parse("15:04", clock)
	if err != nil {
		panic(err)
	}
	return monday.Add(time.Duration(tod.Hour())*time.Hour + time.Duration(tod.Minute())*time.Minute)
}

func TestClockJSON(t *testing.T) {
	h := History{Start: at("09:00"), Priority: "High", Events: []Event{{At: at("11:00"), Kind: Reply}}}
	tracker := NewTracker(standard(), h)
	for _, c := range []struct {
		name  string
		clock Clock
		want  string
	}{
		{"running", Read(standard(), h, at("09:30"))[0],
			`{"metric":"first_response","cycle":1,"state":"running","target":"1h","elapsed":"30m","remaining":"30m","used":0.5,` +
				`"started":"2026-03-02T09:00:00Z","due":"2026-03-02T10:00:00Z","warnings":[{"at":"2026-03-02T09:48:00Z","fraction":0.8}]}`},
		{"at the due instant remaining and used are there", tracker.Clock(FirstResponse, at("10:00")),
			`{"metric":"first_response","cycle":1,"state":"running","target":"1h","elapsed":"1h","remaining":"0s","used":1,` +
				`"started":"2026-03-02T09:00:00Z","due":"2026-03-02T10:00:00Z"}`},
		{"late", Read(standard(), h, at("12:00"))[0],
			`{"metric":"first_response","cycle":1,"state":"breached","target":"1h","elapsed":"2h","remaining":"-1h","used":2,` +
				`"started":"2026-03-02T09:00:00Z","due":"2026-03-02T10:00:00Z","warnings":[{"at":"2026-03-02T09:48:00Z","fraction":0.8}],` +
				`"stopped":"2026-03-02T11:00:00Z","breached_at":"2026-03-02T10:00:00Z"}`},
		{"idle, without a target", tracker.Clock(TierResponse, at("12:00")),
			`{"metric":"tier_response","cycle":0,"state":"idle","elapsed":"0s"}`},
	} {
		got, err := json.Marshal(c.clock)
		require.NoError(t, err, c.name)
		assert.Equal(t, c.want, string(got), c.name)

		var back Clock
		require.NoError(t, json.Unmarshal(got, &back), c.name)
		assert.Equal(t, noTerms(c.clock), back, c.name)
		assert.Equal(t, c.clock.Running(), back.Running(), c.name)
		assert.Zero(t, back.When(100*time.Hour), "a clock read from JSON does not know when")
	}

	var c Clock
	require.NoError(t, json.Unmarshal([]byte(`{"metric":"resolution","moon":"full"}`), &c), "unknown keys are ignored")
	assert.Error(t, json.Unmarshal([]byte(`{"target":"an hour"}`), &c))
}

func TestWarningsAreFieldsOfAClock(t *testing.T) {
	h := History{Start: at("09:00"), Priority: "High", Events: []Event{
		{At: at("10:00"), Kind: StatusChange, To: "pending"}, {At: at("12:00"), Kind: StatusChange, To: "open"},
	}}
	read := func(clock string, fractions ...float64) (out []string) {
		a := standard()
		if fractions != nil {
			a.Warnings = []Threshold{}
		}
		for _, f := range fractions {
			a.Warnings = append(a.Warnings, Threshold{Fraction: f})
		}
		for _, w := range Read(a, h, at(clock))[2].Warnings {
			out = append(out, w.At.Format("15:04"))
		}
		return out
	}
	assert.Equal(t, []string{"17:24"}, read("12:00"), "80 percent of 8h unless the agreement says another")
	assert.Nil(t, read("12:00", []float64{}...), "an empty list warns never")
	assert.Equal(t, []string{"10:00", "14:00", "21:00"}, read("12:00", 0.125, 0.375, 1.25), "in the order given; a pause is left out")
	assert.Equal(t, []string{"10:00"}, read("11:00", 0.125, 0.375), "while paused only those reached")
	assert.Nil(t, read("12:00", 0, -1, math.NaN(), math.Inf(1), math.Inf(-1), 1e300), "what is no fraction never warns")
}

// TestSharesAgreeWithUsed: a warning at 80 % is the very nanosecond at which a
// condition "used >= 0.8" starts to hold.
func TestSharesAgreeWithUsed(t *testing.T) {
	d, ok := share(time.Hour, 0.8)
	assert.True(t, ok)
	assert.Equal(t, 48*time.Minute, d, "not a nanosecond of float dust")

	r := rand.New(rand.NewPCG(1, 1))
	targets := []time.Duration{1, 2, 3, 7, time.Minute, time.Hour, 48 * time.Hour, math.MaxInt64, math.MaxInt64 - 1}
	fractions := []float64{0.8, 0.5, 1, 0.1, 0.9, 1.0 / 3, 1e-300, math.SmallestNonzeroFloat64, 2}
	for range 20_000 {
		targets = append(targets, time.Duration(r.Int64()>>r.IntN(63))+1)
		fractions = append(fractions, r.Float64()*1.5)
	}
	for i := range targets {
		target, fraction := targets[i], fractions[i]
		if target <= 0 {
			continue
		}
		d, ok := share(target, fraction)
		if !ok {
			require.Less(t, used(math.MaxInt64, target), fraction)
			continue
		}
		require.GreaterOrEqual(t, used(d, target), fraction, "%d × %v", target, fraction)
		require.Less(t, used(d-1, target), fraction, "%d × %v", target, fraction)
	}
}

func TestImmediate(t *testing.T) {
	h := History{Start: at("09:00"), Priority: "High", Tier: "Tier 4"}
	tracker := NewTracker(standard(), h)
	assert.True(t, tracker.Clock(TierResponse, at("09:00")).Immediate)
	assert.False(t, tracker.Clock(FirstResponse, at("09:00")).Immediate)
}

func TestCategories(t *testing.T) {
	for c, want := range map[Category][3]bool{ // valid, pauses, ends
		New: {true, false, false}, Open: {true, false, false},
		Pending: {true, true, false}, OnHold: {true, true, false},
		Solved: {true, false, true}, Closed: {true, false, true},
		"": {}, "Pending": {},
	} {
		assert.Equal(t, want, [3]bool{c.Valid(), c.Pauses(), c.Ends()}, string(c))
	}
}

func TestNoCalendarIsAlwaysOpen(t *testing.T) {
	for _, cal := range []*Calendar{nil, {}} {
		assert.True(t, cal.Open(monday))
		assert.Equal(t, monday.Add(72*time.Hour), cal.Add(monday, 72*time.Hour))
		assert.Equal(t, monday.Add(-time.Hour), cal.Add(monday, -time.Hour))
		assert.Equal(t, 72*time.Hour, cal.Between(monday, monday.Add(72*time.Hour)))
	}
}

func TestCalendarsAtTheEndsOfTime(t *testing.T) {
	var cal *Calendar
	paris := time.FixedZone("CET", 3600)
	ends := []time.Time{{}, firstInstant, lastInstant, lastInstant.Add(-time.Hour), firstInstant.Add(time.Hour), monday, monday.In(paris), time.Unix(math.MaxInt64, 0)}
	for _, a := range ends {
		for _, b := range ends {
			assert.Equal(t, cal.Between(a, b), -cal.Between(b, a), "%v %v", a, b)
			assert.Equal(t, b.After(a), cal.Between(a, b) > 0, "%v %v", a, b)
		}
		for _, d := range []time.Duration{0, 1, time.Hour, math.MaxInt64} {
			assert.False(t, cal.Add(a, d).Before(a), "%v + %v", a, d)
			assert.False(t, cal.Add(a, -d).After(a), "%v - %v", a, d)
			assert.Equal(t, a.Location(), cal.Add(a, d).Location())
		}
	}
	assert.EqualValues(t, math.MaxInt64, cal.Between(time.Time{}, monday), "two thousand years are more than a Duration holds")
}

func TestThresholdsAsAPolicySaysThem(t *testing.T) {
	var warnings []Threshold
	require.NoError(t, json.Unmarshal([]byte(`[0.5, "30m", 1.25, "1d"]`), &warnings))
	assert.Equal(t, []Threshold{{Fraction: 0.5}, {Left: 30 * time.Minute}, {Fraction: 1.25}, {Left: day}}, warnings)
	out, err := json.Marshal(warnings)
	require.NoError(t, err)
	assert.Equal(t, `[0.5,"30m",1.25,"1d"]`, string(out))
	for _, wrong := range []string{`0`, `-0.5`, `"0s"`, `"-30m"`, `"half"`, `true`, `null`, `""`, `{}`} {
		assert.Error(t, json.Unmarshal([]byte(wrong), new(Threshold)), wrong)
	}
}

func TestWarningsInJSON(t *testing.T) {
	src := `[{"at":"2026-03-02T09:00:00Z","fraction":0.8},{"at":"2026-03-02T10:00:00Z","left":"30m"}]`
	var warnings []Warning
	require.NoError(t, json.Unmarshal([]byte(src), &warnings))
	assert.Equal(t, 30*time.Minute, warnings[1].Left)
	out, err := json.Marshal(warnings)
	require.NoError(t, err)
	assert.Equal(t, src, string(out))
}
