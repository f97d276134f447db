package sla

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDurations(t *testing.T) {
	const d = 24 * time.Hour
	for _, c := range []struct {
		text      string
		want      time.Duration
		canonical string
	}{
		{"15m", 15 * time.Minute, "15m"},
		{"4h", 4 * time.Hour, "4h"},
		{"2d", 2 * d, "2d"},
		{"1d12h", d + 12*time.Hour, "1d12h"},
		{"36h", 36 * time.Hour, "1d12h"},
		{"24h", d, "1d"},
		{"90s", 90 * time.Second, "1m30s"},
		{"90m", 90 * time.Minute, "1h30m"},
		{"1.5h", 90 * time.Minute, "1h30m"},
		{"1.1h", 66 * time.Minute, "1h6m"},
		{"0.1d", 144 * time.Minute, "2h24m"},
		{"1500ms", 1500 * time.Millisecond, "1s500ms"},
		{"7us", 7 * time.Microsecond, "7us"},
		{"7µs", 7 * time.Microsecond, "7us"},
		{"0s", 0, "0s"},
		{"0d", 0, "0s"},
		{"-1h30m", -90 * time.Minute, "-1h30m"},
		{"1.9999999999999999999999s", 1999999999, "1s999ms999us999ns"},
		{"0.9ns", 0, "0s"},
		{"00000000000000000000000005m", 5 * time.Minute, "5m"},
		{"106751d23h47m16s854ms775us807ns", math.MaxInt64, "106751d23h47m16s854ms775us807ns"},
		{"-106751d23h47m16s854ms775us808ns", math.MinInt64, "-106751d23h47m16s854ms775us808ns"},
	} {
		got, err := ParseDuration(c.text)
		require.NoError(t, err, c.text)
		assert.Equal(t, c.want, got, c.text)
		assert.Equal(t, c.canonical, FormatDuration(got), c.text)
	}
}

func TestWhatIsNoDuration(t *testing.T) {
	for text, want := range map[string]string{
		"30 minutes": `"30 minutes" is no duration (write 30m, 4h or 2d)`,
		"soon":       `"soon" is no duration (write 30m, 4h or 2d)`,
		"":           `"" is no duration (write 30m, 4h or 2d)`,
		"-":          `"-" is no duration (write 30m, 4h or 2d)`,
		"1w":         `"1w" is no duration (write 30m, 4h or 2d)`,
		"1H":         `"1H" is no duration (write 30m, 4h or 2d)`,
		"1h 30m":     `"1h 30m" is no duration (write 30m, 4h or 2d)`,
		".5h":        `".5h" is no duration (write 30m, 4h or 2d)`,
		"5.h":        `"5.h" is no duration (write 30m, 4h or 2d)`,
		"1.2.3h":     `"1.2.3h" is no duration (write 30m, 4h or 2d)`,
		"--5m":       `"--5m" is no duration (write 30m, 4h or 2d)`,
		"+5m":        `"+5m" is no duration (write 30m, 4h or 2d)`,
		"٣m":         `"٣m" is no duration (write 30m, 4h or 2d)`,
		"30":         `"30" has no unit (write 30m, 4h or 2d)`,
		"1h30":       `"1h30" has no unit (write 30m, 4h or 2d)`,
		"30m1h":      `"30m1h" mixes up its units (write each once, the largest first, as in 1d12h)`,
		"1h1h":       `"1h1h" mixes up its units (write each once, the largest first, as in 1d12h)`,
		"106752d":    `"106752d" is too long (the longest is 106751d)`,

		"106751d23h47m16s854ms775us808ns": `"106751d23h47m16s854ms775us808ns" is too long (the longest is 106751d)`,
		"99999999999999999999999h":        `"99999999999999999999999h" is too long (the longest is 106751d)`,
		"18446744073709551615ns":          `"18446744073709551615ns" is too long (the longest is 106751d)`,

		strings.Repeat("é", 1000): `"` + strings.Repeat("é", 20) + `"… is no duration (write 30m, 4h or 2d)`,
	} {
		_, err := ParseDuration(text)
		assert.EqualError(t, err, want)
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, s := range []string{"15m", "1d12h", "1.5h", "-0.1ns", "106751d23h47m16s854ms775us807ns", "30 minutes", "1h1h", "9µs"} {
		f.Add(s, int64(0))
	}
	f.Add("", int64(math.MinInt64))
	f.Fuzz(func(t *testing.T, s string, n int64) {
		if d, err := ParseDuration(s); err == nil {
			again, err := ParseDuration(FormatDuration(d))
			require.NoError(t, err)
			require.Equal(t, d, again)
			if !strings.Contains(s, "d") { // where both read it, it is what the standard library reads
				if std, err := time.ParseDuration(s); err == nil {
					require.InDelta(t, float64(std), float64(d), 8) // each drops what is finer than a nanosecond
				}
			}
		} else {
			require.Less(t, len(err.Error()), 300)
		}
		d, err := ParseDuration(FormatDuration(time.Duration(n)))
		require.NoError(t, err)
		require.Equal(t, time.Duration(n), d)
	})
}

func TestTargets(t *testing.T) {
	for text, want := range map[string]Target{
		"":              {},
		"15m":           Within(15 * time.Minute),
		"1h30m":         Within(90 * time.Minute),
		"2d":            Within(48 * time.Hour),
		"immediate":     Immediately(),
		"immediate 10m": {Within: 10 * time.Minute, Immediate: true},
	} {
		var got Target
		require.NoError(t, got.UnmarshalText([]byte(text)), text)
		assert.Equal(t, want, got)
		assert.Equal(t, text, got.String())
		assert.Equal(t, text == "", got.IsZero())
	}
	for text, want := range map[string]string{
		"0m":            `a target of "0m" cannot be met (write a time above zero, or leave it empty to promise nothing)`,
		"-5m":           `a target of "-5m" cannot be met (write a time above zero, or leave it empty to promise nothing)`,
		"immediate 0m":  `a target of "immediate 0m" cannot be met (write a time above zero, or leave it empty to promise nothing)`,
		"Immediate":     `"Immediate" is no target (write 30m, 4h, 2d or immediate)`,
		"immediately":   `"immediately" is no target (write 30m, 4h, 2d or immediate)`,
		"immediate now": `"immediate now" is no target (write 30m, 4h, 2d or immediate)`,
		"immediate ":    `"immediate " is no target (write 30m, 4h, 2d or immediate)`,
		"10m immediate": `"10m immediate" is no target (write 30m, 4h, 2d or immediate)`,
		"15":            `"15" has no unit (write 30m, 4h or 2d)`,
	} {
		got := Within(time.Hour)
		assert.EqualError(t, got.UnmarshalText([]byte(text)), want)
		assert.Equal(t, Within(time.Hour), got, "a refused text leaves the target alone")
	}

	var policy struct {
		First Target `json:"first"`
		Next  Target `json:"next,omitzero"`
	}
	require.NoError(t, json.Unmarshal([]byte(`{"first":"immediate"}`), &policy))
	out, err := json.Marshal(policy)
	require.NoError(t, err)
	assert.JSONEq(t, `{"first":"immediate"}`, string(out))
}

func TestTargetsMadeInGo(t *testing.T) {
	assert.True(t, Within(-time.Hour).IsZero(), "a negative target promises nothing")
	assert.Equal(t, "", Within(-time.Hour).String())
	assert.Zero(t, Within(-time.Hour).Duration())
	bare := Target{Immediate: true}
	assert.Equal(t, DefaultAcknowledgement, bare.Duration())
	assert.Equal(t, "immediate", bare.String())
	assert.Equal(t, Immediately(), Within(DefaultAcknowledgement).sooner(Immediately()), "of two equal ones the immediate")
}
