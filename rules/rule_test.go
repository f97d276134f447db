package rules_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/rules"
)

func TestRuleText(t *testing.T) {
	full := rules.Rule{
		Name: "Gold unanswered", If: `customer.vip and clock.used > 0.8`, Then: []string{`escalate("Tier 2")`, `bump()`},
		Every: 4 * time.Hour, Rest: 36 * time.Hour, Per: "message", Closed: true, Mode: rules.Observe, Because: "gold is promised an hour",
	}
	assert.Equal(t, `**Gold unanswered**
IF customer.vip and clock.used > 0.8
THEN escalate("Tier 2")
AND bump()
every: 4h
rest: 1d12h
per: message
closed: true
mode: observe
because: gold is promised an hour
`, full.String())
	assert.Equal(t, "**a**\nIF true\nTHEN bump()\n", rules.Rule{Name: "a", If: "true", Then: []string{"bump()"}}.String())
	assert.Equal(t, "****\nIF \n", rules.Rule{}.String())

	src, err := json.Marshal(full)
	require.NoError(t, err)
	assert.JSONEq(t, `{"name":"Gold unanswered","if":"customer.vip and clock.used > 0.8","then":["escalate(\"Tier 2\")","bump()"],
		"every":"4h","rest":"1d12h","per":"message","closed":true,"mode":"observe","because":"gold is promised an hour"}`, string(src))
	src, err = json.Marshal(rules.Rule{Name: "a", If: "true", Then: []string{"bump()"}})
	require.NoError(t, err)
	assert.Equal(t, `{"name":"a","if":"true","then":["bump()"]}`, string(src))
}

func TestRuleJSONRoundTrip(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		in := rules.Rule{
			Name: fmt.Sprint(random.IntN(9)), If: `a < "é"`, Then: []string{"x()", ""}[:random.IntN(3)], Every: time.Duration(random.Int64N(1e17)), Rest: time.Duration(random.Int64N(2)),
			Closed: random.IntN(2) == 0, Because: "b",
		}
		src, err := json.Marshal(in)
		require.NoError(t, err)
		var out rules.Rule
		require.NoError(t, json.Unmarshal(src, &out))
		require.Equal(t, in, out)
	}
	kept := rules.Rule{Name: "kept"}
	for src, want := range map[string]string{
		`{"name":"x","every":"soon"}`: `"soon" is no duration (write 30m, 4h or 2d)`,
		`{"name":"x","rest":"-1h"}`:   `"-1h" is no duration (write 30m, 4h or 2d)`,
		`{"name":3}`:                  `json: cannot unmarshal number`,
	} {
		require.ErrorContains(t, json.Unmarshal([]byte(src), &kept), want)
	}
	assert.Equal(t, rules.Rule{Name: "kept"}, kept)
}

func TestParseDuration(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"30m": 30 * time.Minute, "4h": 4 * time.Hour, "2d": 2 * day, "1d12h": 36 * time.Hour, "1.5d": 36 * time.Hour, "0d5m": 5 * time.Minute, "1h30m": 90 * time.Minute,
		"1s": time.Second, "1ms": time.Millisecond, "1us": time.Microsecond, "1µs": time.Microsecond, "1ns": 1, "1.5h": 90 * time.Minute, "100000d": 100_000 * day, "1d1ns": day + 1,
	} {
		got, err := rules.ParseDuration(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{
		"", " ", "0", "0s", "0d", "5", "-1h", "+1h", "-1d", "+1d", "1d-1h", "1d+1h", "h", "d", "1x", "1 h", "1h ", " 1d", "1d 2h", "1dd", "1d1d", "1w", "Infd", "NaNd", "0x1pd", "1e3d", "1_0d",
		"100001d", "100000d1ns", "2562048h", "106751d23h47m16.854775807s", "9999999999999999999h", "one day", "١h", "1D", "immediate",
	} {
		_, err := rules.ParseDuration(text)
		assert.EqualError(t, err, fmt.Sprintf("%q is no duration (write 30m, 4h or 2d)", text))
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, d := range []int64{0, 1, -1, 1e9, 3600e9, 86400e9, 86400e9 + 1, 1<<63 - 1} {
		f.Add(d, "1d2h")
	}
	f.Fuzz(func(t *testing.T, n int64, text string) {
		rule := rules.Rule{Every: time.Duration(n)}
		if n > 0 && rule.Every <= 100_000*24*time.Hour {
			src, err := json.Marshal(rule)
			require.NoError(t, err)
			var back rules.Rule
			require.NoError(t, json.Unmarshal(src, &back))
			require.Equal(t, rule.Every, back.Every)
		}
		if d, err := rules.ParseDuration(text); err == nil {
			require.Positive(t, d)
			require.LessOrEqual(t, d, 100_000*24*time.Hour)
		}
	})
}

func TestMeant(t *testing.T) {
	names := []string{"High", "Low", "Critical", "on hold", "Tier 2", "Tier 1"}
	for got, want := range map[string]string{
		"Hihg": `did you mean "High"?`, "high": `did you mean "High"?`, "hgih": `did you mean "High"?`, "Tier 3": "", "Teir 2": `did you mean "Tier 2"?`, "on_hold": `did you mean "on hold"?`, "Crtcl": "",
		"Lo": `did you mean "Low"?`, "": "", "Urgent": "", "ÜÜÜ": "",
	} {
		assert.Equal(t, want, rules.Meant(got, names), got)
		slices.Reverse(names)
		assert.Equal(t, want, rules.Meant(got, names), "the order does not matter")
	}
	assert.Equal(t, `did you mean "Overdüe"?`, rules.Meant("Overdue", []string{"Overdüe"}))
	assert.Empty(t, rules.Meant("x", nil))
}

func TestErrors(t *testing.T) {
	err := fmt.Errorf("policy: %w", refused(`ticket.opne or customer.vp`))
	all, ok := errors.AsType[rules.Errors](err)
	require.True(t, ok)
	require.Len(t, all, 2)
	first, ok := errors.AsType[*rules.Error](err)
	require.True(t, ok)
	assert.Same(t, all[0], first)
	assert.Equal(t, &rules.Error{
		Pos: rules.Position{Line: 1, Col: 1}, Path: "/rules/0/if", Rule: "i", End: 12, Code: rules.UnknownName,
		Message: `there is no "ticket.opne"`, Hint: `did you mean "ticket.open"?`,
	}, first)
	assert.Equal(t, 15, all[1].Offset)
	src, failed := json.Marshal(all)
	require.NoError(t, failed)
	assert.JSONEq(t, `[{"code":"unknown_name","path":"/rules/0/if","rule":"i","line":1,"col":1,"end":12,"message":"there is no \"ticket.opne\"","hint":"did you mean \"ticket.open\"?"},
		{"code":"unknown_name","path":"/rules/0/if","rule":"i","line":1,"col":16,"end":27,"message":"there is no \"customer.vp\"","hint":"did you mean \"customer.vip\"?"}]`, string(src))

	for want, e := range map[string]rules.Error{
		`policy.json:3:7: /rules/0/if (a): m (h)`: {Pos: rules.Position{File: "policy.json", Line: 3, Col: 7}, Path: "/rules/0/if", Rule: "a", Message: "m", Hint: "h"},
		`policy.json: m`: {Pos: rules.Position{File: "policy.json"}, Message: "m"},
		`/tiers:3:7: m`:  {Pos: rules.Position{Line: 3, Col: 7}, Path: "/tiers", Message: "m"},
		`m`:              {Message: "m"},
	} {
		require.EqualError(t, &e, want)
	}
}
