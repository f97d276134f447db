package sla

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// standard is the agreement of the scenarios, spelled out in first_response.txt.
func standard() *Agreement {
	return &Agreement{
		Promises: []Promise{
			{Priority: "Critical", FirstResponse: Within(15 * time.Minute), Resolution: Within(4 * time.Hour)},
			{Priority: "High", FirstResponse: Within(time.Hour), NextResponse: Within(30 * time.Minute), Resolution: Within(8 * time.Hour)},
			{Priority: "Medium", FirstResponse: Within(4 * time.Hour), Resolution: Within(24 * time.Hour)},
			{Priority: "Low", FirstResponse: Within(8 * time.Hour), Resolution: Within(48 * time.Hour)},
		},
		Tiers: []TierPromise{
			{"Tier 1", Within(2 * time.Hour)}, {"Tier 2", Within(4 * time.Hour)},
			{"Tier 3", Within(8 * time.Hour)}, {"Tier 4", Immediately()},
		},
	}
}

// TestScenarios runs testdata/scenario: what a ticket goes through, and what its
// clocks show on the way. Each line is read twice, by a Tracker and by Read.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/scenario/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		src, err := os.ReadFile(file)
		require.NoError(t, err)
		var s *scenario
		var title string
		for i, line := range strings.Split(string(src), "\n") {
			pos := fmt.Sprintf("%s:%d", filepath.Base(file), i+1)
			if name, ok := strings.CutPrefix(line, "== "); ok {
				title, s = name, &scenario{agreement: standard()}
				continue
			}
			if s == nil || strings.TrimSpace(line) == "" {
				continue
			}
			t.Run(title+"/"+pos, func(t *testing.T) { s.line(t, line) })
		}
	}
}

type scenario struct {
	agreement *Agreement
	history   History
	tracker   Tracker
}

func (s *scenario) line(t *testing.T, line string) {
	clock, text, ok := strings.Cut(line, "  ")
	require.True(t, ok, "a line is a time, two spaces and what happens")
	at, text := clockTime(t, clock), strings.TrimSpace(text)
	happens := func(k Kind, to string) {
		e := Event{At: at, Kind: k, To: to}
		s.history.Events = append(s.history.Events, e)
		s.tracker.Apply(e)
	}
	if to, ok := strings.CutPrefix(text, "opens as "); ok {
		to, status, _ := strings.Cut(to, ", ")
		priority, tier, _ := strings.Cut(to, " in ")
		s.history = History{Start: at, Status: Category(status), Priority: priority, Tier: tier}
		s.tracker = NewTracker(s.agreement, s.history)
	} else if to, ok := strings.CutPrefix(text, "becomes "); ok {
		happens(StatusChange, to)
	} else if to, ok := strings.CutPrefix(text, "priority "); ok {
		happens(PriorityChange, to)
	} else if text == "moves to nowhere" {
		happens(TierChange, "")
	} else if to, ok := strings.CutPrefix(text, "moves to "); ok {
		happens(TierChange, to)
	} else if text == "customer writes" {
		happens(Ask, "")
	} else if text == "agent replies" {
		happens(Reply, "")
	} else if text == "waiting for nobody" {
		assert.Zero(t, s.tracker.Waiting())
	} else if since, ok := strings.CutPrefix(text, "waiting since "); ok {
		assert.Equal(t, clockTime(t, since), s.tracker.Waiting())
	} else if is, ok := strings.CutPrefix(text, "is "); ok {
		open, reopened, _ := strings.Cut(is, ", reopened ")
		assert.Equal(t, map[string]bool{"open": true, "not open": false}[open], s.tracker.Open())
		if reopened != "" {
			assert.Equal(t, reopened, strconv.Itoa(s.tracker.Reopenings()))
		}
	} else if metric, is, ok := strings.Cut(text, " is "); ok {
		s.check(t, Metric(metric), at, is)
	} else {
		t.Fatalf("what is %q?", text)
	}
}

func (s *scenario) check(t *testing.T, m Metric, at time.Time, is string) {
	got := s.tracker.Clock(m, at)
	got.Warnings = s.tracker.Warnings(m, at)
	inRead := false
	for _, c := range Read(s.agreement, s.history, at) {
		if c.Metric == m {
			inRead = true
			assert.Equal(t, got, c, "Read and Tracker differ")
		}
	}
	assert.Equal(t, got.Target != 0, inRead, "Read lists the clocks that have a target")

	state, facts, _ := strings.Cut(is, "; ")
	assert.Equal(t, State(state), got.State)
	for fact := range strings.SplitSeq(facts, ", ") {
		if fact == "" {
			continue
		}
		name, want, ok := strings.Cut(fact, " ")
		require.True(t, ok, fact)
		var have string
		switch name {
		case "cycle":
			have = strconv.Itoa(got.Cycle)
		case "target":
			have = Target{Within: got.Target}.String()
			if got.Target == 0 {
				have = "none"
			}
			want = canonical(t, want)
		case "used":
			have, want = FormatDuration(got.Elapsed), canonical(t, want)
		case "left":
			have, want = FormatDuration(got.Remaining), canonical(t, want)
		case "started":
			have = clockText(got.Started)
		case "due":
			have = clockText(got.Due)
		case "stopped":
			have = clockText(got.Stopped)
		case "breached":
			have = clockText(got.BreachedAt)
		case "warns":
			have = "none"
			if len(got.Warnings) > 0 {
				have = clockText(got.Warnings[0].At)
			}
		default:
			t.Fatalf("what is %q?", name)
		}
		assert.Equal(t, want, have, name)
	}
	assert.Equal(t, got.State == Running || got.State == Breached && got.Stopped.IsZero(), got.Running())
	assert.Equal(t, state == "paused", got.Paused())
	assert.Equal(t, !got.BreachedAt.IsZero(), got.Breached())
}

func canonical(t *testing.T, duration string) string {
	if duration == "none" {
		return duration
	}
	d, err := ParseDuration(duration)
	require.NoError(t, err)
	return FormatDuration(d)
}

// The scenarios play on one Monday.
var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func clockTime(t *testing.T, s string) time.Time {
	layout := "15:04"
	if strings.Count(s, ":") == 2 {
		layout = "15:04:05"
	}
	tod, err := time.Parse(layout, s)
	require.NoError(t, err)
	return monday.Add(tod.Sub(tod.Truncate(24 * time.Hour)))
}

func clockText(t time.Time) string {
	switch {
	case t.IsZero():
		return "none"
	case t.Second() == 0 && t.Nanosecond() == 0:
		return t.Format("15:04")
	}
	return t.Format("15:04:05.999999999")
}
