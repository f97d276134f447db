package sla

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func lines(found []Finding) string {
	var out []string
	for _, f := range found {
		out = append(out, string(f.Code)+": "+f.String())
	}
	return strings.Join(out, "\n")
}

func TestNothingToFind(t *testing.T) {
	assert.Empty(t, standard().Findings())
	assert.Empty(t, (*Agreement)(nil).Findings())
	assert.Empty(t, (&Agreement{}).Findings())
	mixed := standard()
	mixed.Calendar = office(t)
	mixed.Promises[0].Calendar = Always()
	mixed.Promises[0].Resolution = Within(12 * time.Hour) // around the clock; High is 8h of the office
	mixed.Promises[2].Resolution, mixed.Promises[3].Resolution = Within(20*time.Hour), Within(40*time.Hour)
	assert.Empty(t, mixed.Findings(), "hours of two kinds are not compared")
}

func TestWhatIsFoundInAMatrix(t *testing.T) {
	a := standard()
	a.Calendar = office(t)
	a.Warnings = []Threshold{{Fraction: 0.8}, {Left: 30 * time.Minute}}
	a.Promises[0].Resolution = Within(20 * time.Minute)
	a.Promises[1].FirstResponse = Within(12 * time.Hour)
	a.Tiers[2].Response = Within(day)
	a.OnReopen, a.TierFrom = "resum", "picked up"
	a.Pauses = map[Metric][]Category{"resolutoin": {Pending}, FirstResponse: {Solved, "waiting"}}
	assert.Equal(t, strings.TrimSpace(`
unknown_choice: there is no on_reopen "resum" (did you mean "resume"?)
unknown_choice: there is no tier_from "picked up" (there are entry, assignment)
unknown_choice: no clock pauses in "solved" (there are new, open, pending and on_hold)
unknown_choice: no clock pauses in "waiting" (there are new, open, pending and on_hold)
unknown_choice: there is no clock "resolutoin" that could pause (did you mean "resolution"?)
warning_before_start: the first response of "Critical" is promised within 15m, so there is no warning 30m before its end (a share such as 0.8 suits every target)
warning_before_start: the resolution of "Critical" is promised within 20m, so there is no warning 30m before its end (a share such as 0.8 suits every target)
tiers_past_the_end: a ticket of priority "Critical" that goes through all tiers may wait 1h for their answers (Tier 1 15m, Tier 2 15m, Tier 3 15m, Tier 4 immediate), and is to be resolved in 20m
warning_before_start: the next response of "High" is promised within 30m, so there is no warning 30m before its end (a share such as 0.8 suits every target)
response_after_the_end: the first response of "High", 12h, is promised for later than its resolution, 8h
tiers_past_the_end: a ticket of priority "High" that goes through all tiers may wait 18h15m for their answers (Tier 1 2h, Tier 2 4h, Tier 3 12h, Tier 4 immediate), and is to be resolved in 8h
not_monotone: the first response of "Medium", 4h, is sooner than that of the more urgent "High", 12h (the rows go from the most urgent to the least)
days_of_24_hours: the resolution of "Medium" is 1d, that is 24 hours of open time; the calendar is open for at most 8h a day, so it takes 3 such days (for 1 working day write 8h)
days_of_24_hours: the resolution of "Low" is 2d, that is 48 hours of open time; the calendar is open for at most 8h a day, so it takes 6 such days (for 2 working days write 16h)
days_of_24_hours: the response of "Tier 3" is 1d, that is 24 hours of open time; the calendar is open for at most 8h a day, so it takes 3 such days (for 1 working day write 8h)
warning_before_start: the response of "Tier 4" is promised within 15m, so there is no warning 30m before its end (a share such as 0.8 suits every target)`), lines(a.Findings()))
	for _, f := range a.Findings() {
		if f.Code == NotMonotone {
			assert.Equal(t, "Medium", f.Priority)
			assert.Equal(t, FirstResponse, f.Metric)
		}
	}
}

func TestOddWarnings(t *testing.T) {
	a := standard()
	a.Warnings = []Threshold{{Fraction: 80}, {Fraction: -1}, {Fraction: 1.5}}
	assert.Equal(t, "odd_warning: a warning at 8000 % of the target (80 % are written as 0.8)\nodd_warning: a warning at -100 % of the target (80 % are written as 0.8)", lines(a.Findings()))
}

func TestTheLongestDay(t *testing.T) {
	for _, x := range []struct {
		week map[string][]string
		want string
	}{
		{map[string][]string{"mon": {"09:00-17:00"}, "tue": {"09:00-12:00"}}, "8h"},
		{map[string][]string{"mon": {"09:00-12:00", "13:00-17:30"}}, "7h30m"},
		{map[string][]string{"sun": {"20:00-06:00"}}, "10h"},
		{map[string][]string{"sat": {"00:00-24:00"}, "sun": {"00:00-24:00"}}, "1d"},
		{map[string][]string{"mon": {"12:00-24:00"}, "tue": {"00:00-10:00"}}, "22h"},
	} {
		for _, zone := range []string{"UTC", "Pacific/Auckland", "America/Los_Angeles"} {
			c, err := NewCalendar(Hours{Zone: zone, Week: x.week})
			require.NoError(t, err)
			assert.Equal(t, x.want, FormatDuration(c.longestDay()), "%s %v", zone, x.week)
		}
	}
}

func TestTheMinuteBeforeMidnight(t *testing.T) {
	h := Hours{
		Week:       map[string][]string{"sun": {"00:00-23:59"}, "mon": {"08:00-12:00", "13:00-23:59"}},
		Exceptions: map[string][]string{"2026-12-24": {"20:00-23:59"}},
	}
	assert.Equal(t, strings.TrimSpace(`
one_minute_short: 13:00-23:59 of Monday leaves the last minute of the day closed (write 13:00-24:00)
one_minute_short: 00:00-23:59 of Sunday leaves the last minute of the day closed (write 00:00-24:00)
one_minute_short: 20:00-23:59 of 2026-12-24 leaves the last minute of the day closed (write 20:00-24:00)`), lines(h.Findings()))
}
