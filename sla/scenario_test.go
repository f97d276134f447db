package sla

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
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
			{Tier: "Tier 1", Response: Within(2 * time.Hour)}, {Tier: "Tier 2", Response: Within(4 * time.Hour)},
			{Tier: "Tier 3", Response: Within(8 * time.Hour)}, {Tier: "Tier 4", Response: Immediately()},
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
				title, s = name, &scenario{agreement: standard(), hours: Hours{Week: map[string][]string{}}, zone: time.UTC, monday: monday}
				s.signed = s.agreement
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
	signed    *Agreement // at the beginning
	agreement *Agreement
	hours     Hours
	zone      *time.Location
	monday    time.Time // of the week in which it plays
	history   History
	tracker   Tracker
}

// with reads a line that says in what the scenario differs from first_response.txt.
func (s *scenario) with(t *testing.T, words []string) {
	a := s.agreement
	switch text := strings.Join(words, " "); words[0] {
	case "hours": // mon-fri 09:00-17:00 Europe/Paris; several lines add up
		from, to, ok := strings.Cut(words[1], "-")
		if !ok {
			to = from
		}
		first, last := slices.Index(weekdays[:], from), slices.Index(weekdays[:], to)
		require.True(t, first >= 0 && first <= last, text)
		for _, day := range weekdays[first : last+1] {
			s.hours.Week[day] = append(s.hours.Week[day], words[2])
		}
		s.hours.Zone = words[3]
	case "holiday":
		s.hours.Holidays = append(s.hours.Holidays, words[1])
	case "half-day":
		s.hours.Exceptions = map[string][]string{words[1]: {words[2]}}
	case "week": // of 2026-03-23
		day, err := time.Parse(time.DateOnly, words[2])
		require.NoError(t, err)
		require.Equal(t, time.Monday, day.Weekday(), text)
		s.monday = day
		return
	case "warnings":
		a.Warnings = nil
		for _, word := range words[1:] {
			var threshold Threshold
			if json.Unmarshal([]byte(word), &threshold) != nil {
				require.NoError(t, json.Unmarshal([]byte(strconv.Quote(word)), &threshold), text)
			}
			a.Warnings = append(a.Warnings, threshold)
		}
	case "on_priority_change":
		a.OnPriorityChange = OnChange(words[1])
		require.True(t, a.OnPriorityChange.Valid(), text)
	case "on_reopen":
		a.OnReopen = OnReopen(words[1])
		require.True(t, a.OnReopen.Valid(), text)
	case "first_response_by":
		a.FirstResponseBy = ResponseBy(words[1])
		require.True(t, a.FirstResponseBy.Valid(), text)
	case "tier_from":
		a.TierFrom = TierStart(words[1])
		require.True(t, a.TierFrom.Valid(), text)
	case "enforced_from":
		a.EnforcedFrom = s.time(t, text[len("enforced_from "):])
	case "pauses":
		if a.Pauses == nil {
			a.Pauses = map[Metric][]Category{}
		}
		a.Pauses[Metric(words[1])] = []Category{}
		for _, word := range words[2:] {
			a.Pauses[Metric(words[1])] = append(a.Pauses[Metric(words[1])], Category(word))
		}
	default: // High resolution 3h, High around the clock, Tier-1 around the clock
		if name := strings.ReplaceAll(words[0], "-", " "); a.tier(name) != nil {
			require.Equal(t, "around the clock", strings.Join(words[1:], " "))
			a.tier(name).Calendar = Always()
			return
		}
		p := a.promise(words[0])
		require.NotNil(t, p, text)
		if words[1] == "around" {
			p.Calendar = Always()
			return
		}
		target := map[string]*Target{"first_response": &p.FirstResponse, "next_response": &p.NextResponse, "resolution": &p.Resolution}[words[1]]
		require.NotNil(t, target, text)
		require.NoError(t, target.UnmarshalText([]byte(strings.TrimPrefix(words[2], "none"))))
	}
	if len(s.hours.Week) > 0 {
		c, err := NewCalendar(s.hours)
		require.NoError(t, err)
		zone, err := time.LoadLocation(s.hours.Zone)
		require.NoError(t, err)
		a.Calendar, s.zone = c, zone
	}
}

func (s *scenario) line(t *testing.T, line string) {
	if words, ok := strings.CutPrefix(line, "with "); ok {
		s.with(t, strings.Fields(words))
		return
	}
	clock, text, ok := strings.Cut(line, "  ")
	require.True(t, ok, "a line is a time, two spaces and what happens")
	at, text := s.time(t, clock), strings.TrimSpace(text)
	happens := func(k Kind, to string) {
		e := Event{At: at, Kind: k, To: to}
		s.history.Events = append(s.history.Events, e)
		s.tracker.Apply(e)
	}
	if to, ok := strings.CutPrefix(text, "opens as "); ok {
		to, status, _ := strings.Cut(to, ", ")
		priority, tier, _ := strings.Cut(to, " in ")
		tier, assignee, _ := strings.Cut(tier, " with ")
		s.history = History{Start: at, Status: Category(status), Priority: priority, Tier: tier, Assignee: assignee}
		s.tracker = NewTracker(s.signed, s.history)
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
	} else if text == "machine replies" {
		happens(AutoReply, "")
	} else if to, ok := strings.CutPrefix(text, "assigned to "); ok {
		happens(Assignment, strings.TrimPrefix(to, "nobody"))
	} else if change, ok := strings.CutPrefix(text, "agreement: "); ok {
		other := *s.agreement
		other.Promises, other.Pauses = slices.Clone(other.Promises), maps.Clone(other.Pauses)
		s.agreement = &other
		s.with(t, strings.Fields(change))
		e := Event{At: at, Kind: AgreementChange, Agreement: s.agreement}
		s.history.Events = append(s.history.Events, e)
		s.tracker.Apply(e)
	} else if text == "waiting for nobody" {
		assert.Zero(t, s.tracker.Waiting())
	} else if since, ok := strings.CutPrefix(text, "waiting since "); ok {
		assert.Equal(t, s.time(t, since), s.tracker.Waiting())
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
	for _, c := range Read(s.signed, s.history, at) {
		if c.Metric == m {
			inRead = true
			assert.Equal(t, got, c, "Read and Tracker differ")
		}
	}
	assert.Equal(t, got.Target != 0 || got.Breached(), inRead, "Read lists the clocks that have a target or a breach")

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
			have = s.text(got.Started)
		case "due":
			have = s.text(got.Due)
		case "stopped":
			have = s.text(got.Stopped)
		case "breached":
			have = s.text(got.BreachedAt)
		case "warns":
			have = "none"
			var instants []string
			for _, w := range got.Warnings {
				instants = append(instants, s.text(w.At))
			}
			if instants != nil {
				have = strings.Join(instants, " and ")
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

// The scenarios play in the week of this Monday, unless they say otherwise.
var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// time reads "09:00" (of the Monday), "Fri 16:30" and "next Mon 09:00", with seconds
// if need be, as the wall clock of the scenario's hours.
func (s *scenario) time(t *testing.T, text string) time.Time {
	text, next := strings.CutPrefix(text, "next ")
	days := 0
	if word, rest, ok := strings.Cut(text, " "); ok {
		days, text = slices.Index(weekdays[:], strings.ToLower(word)), rest
		require.GreaterOrEqual(t, days, 0, word)
	}
	if next {
		days += 7
	}
	layout := "15:04"
	if strings.Count(text, ":") == 2 {
		layout = "15:04:05"
	}
	tod, err := time.Parse(layout, text)
	require.NoError(t, err)
	return time.Date(s.monday.Year(), s.monday.Month(), s.monday.Day()+days, tod.Hour(), tod.Minute(), tod.Second(), tod.Nanosecond(), s.zone)
}

// text writes what time reads.
func (s *scenario) text(at time.Time) string {
	if at.IsZero() {
		return "none"
	}
	at = at.In(s.zone)
	text := at.Format("15:04:05.999999999")
	if at.Second() == 0 && at.Nanosecond() == 0 {
		text = at.Format("15:04")
	}
	days := int(time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC).Sub(s.monday) / day)
	if days > 0 {
		text = at.Format("Mon ") + text
	}
	if days >= 7 {
		text = "next " + text
	}
	return text
}
