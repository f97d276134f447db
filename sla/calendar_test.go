package sla

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// slowOpen is the definition of opening hours, word by word: the local wall clock
// reads inside a span of its date, or of a night that began the day before.
func slowOpen(h Hours, zone *time.Location, t time.Time) bool {
	t = t.In(zone)
	within := func(date time.Time, clock string) bool {
		name := date.Format(time.DateOnly)
		spans, exception := h.Exceptions[name]
		if !exception && !slices.Contains(h.Holidays, name) {
			spans = h.Week[strings.ToLower(date.Format("Mon"))]
		}
		for _, span := range spans {
			from, to, _ := strings.Cut(span, "-")
			if to <= from { // texts of one length order like the times that they are
				to = fmt.Sprintf("%02d:%s", 24+int(to[0]-'0')*10+int(to[1]-'0'), to[3:])
			}
			if from <= clock && clock < to {
				return true
			}
		}
		return false
	}
	hour, rest := t.Hour(), t.Format(":04")
	date := time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC)
	return within(date, fmt.Sprintf("%02d%s", hour, rest)) ||
		within(date.AddDate(0, 0, -1), fmt.Sprintf("%02d%s", 24+hour, rest))
}

// zonesWithATurn are zones in which something happens, and when.
var zonesWithATurn = []struct{ zone, around string }{
	{"Europe/Paris", "2026-03-29"}, {"Europe/Paris", "2026-10-25"},
	{"America/New_York", "2024-03-10"}, {"America/New_York", "2024-11-03"},
	{"Australia/Lord_Howe", "2024-04-07"}, {"Australia/Lord_Howe", "2024-10-06"}, // half an hour
	{"America/Sao_Paulo", "2018-11-04"}, {"America/Sao_Paulo", "2018-02-18"}, // at midnight
	{"America/Santiago", "2023-09-03"}, {"Asia/Tehran", "2022-03-22"}, // no midnight
	{"America/St_Johns", "2010-11-07"}, {"America/St_Johns", "2010-03-14"}, // at a minute past midnight
	{"Africa/Casablanca", "2026-02-15"}, {"Africa/Casablanca", "2026-03-22"}, // for Ramadan
	{"Pacific/Apia", "2011-12-30"}, // a day that never was
	{"Asia/Kathmandu", "1986-01-01"}, {"UTC", "2026-01-01"}, {"Europe/London", "2096-12-31"},
	{"Asia/Pyongyang", "2015-08-15"}, {"Antarctica/Troll", "2026-03-29"}, // two hours
}

// randomHours has spans on a grid of five minutes, also over midnight, and unusual
// dates around one.
func randomHours(r *rand.Rand, zone string, around time.Time) Hours {
	day := func() []string {
		var spans []string
		at := r.IntN(8 * 60 / 5)
		for range r.IntN(4) {
			to := at + 1 + r.IntN(10*60/5)
			if r.IntN(8) == 0 {
				to = 24 * 12
			}
			if to > 24*12 {
				break
			}
			spans = append(spans, fmt.Sprintf("%02d:%02d-%02d:%02d", at/12, at%12*5, to/12, to%12*5))
			at = to + r.IntN(3)*r.IntN(40)
			if at >= 24*12 {
				break
			}
		}
		return spans
	}
	h := Hours{Zone: zone, Week: map[string][]string{}, Exceptions: map[string][]string{}}
	for _, name := range weekdays {
		if r.IntN(4) > 0 {
			h.Week[name] = day()
		}
		if r.IntN(5) == 0 {
			h.Week[name] = []string{"22:00-05:30"}
		}
	}
	if r.IntN(6) == 0 {
		for _, name := range weekdays {
			h.Week[name] = []string{"00:00-24:00"}
		}
	}
	for i := -4; i <= 4; i++ {
		date := around.AddDate(0, 0, i).Format(time.DateOnly)
		if r.IntN(6) == 0 {
			h.Holidays = append(h.Holidays, date)
		}
		if r.IntN(6) == 0 {
			h.Exceptions[date] = day()
			if r.IntN(3) == 0 {
				h.Exceptions[date] = []string{"20:00-03:15"}
			}
		}
	}
	return h
}

// randomCalendar draws hours until they make sense.
func randomCalendar(r *rand.Rand) (Hours, *Calendar, time.Time) {
	for {
		turn := zonesWithATurn[r.IntN(len(zonesWithATurn))]
		around, err := time.Parse(time.DateOnly, turn.around)
		if err != nil {
			panic(err)
		}
		h := randomHours(r, turn.zone, around)
		if c, err := NewCalendar(h); err == nil {
			return h, c, around
		}
	}
}

// minutes is the slow obvious calendar: whether each minute of a week and a day is open.
type minutes struct {
	start time.Time
	open  []bool
}

func newMinutes(start time.Time, open func(time.Time) bool) minutes {
	m := minutes{start: start, open: make([]bool, 8*24*60)}
	for i := range m.open {
		m.open[i] = open(start.Add(time.Duration(i) * time.Minute))
	}
	return m
}

// between counts open time minute by minute.
func (m minutes) between(from, to time.Time) time.Duration {
	var sum time.Duration
	for i, open := range m.open {
		begin := m.start.Add(time.Duration(i) * time.Minute)
		end := begin.Add(time.Minute)
		if begin.Before(from) {
			begin = from
		}
		if end.After(to) {
			end = to
		}
		if open && end.After(begin) {
			sum += end.Sub(begin)
		}
	}
	return sum
}

// add walks on minute by minute until d is used up; not ok: not within that time.
func (m minutes) add(t time.Time, d time.Duration) (time.Time, bool) {
	for i, open := range m.open {
		begin := m.start.Add(time.Duration(i) * time.Minute)
		end := begin.Add(time.Minute)
		if !open || !end.After(t) {
			continue
		}
		if begin.Before(t) {
			begin = t
		}
		if d <= end.Sub(begin) {
			return begin.Add(d), true
		}
		d -= end.Sub(begin)
	}
	return time.Time{}, false
}

// turn walks on minute by minute until it is no longer as it is at t; not ok: not within
// that time.
func (m minutes) turn(t time.Time) (time.Time, bool) {
	first := int(t.Sub(m.start) / time.Minute)
	for i := first; i < len(m.open); i++ {
		if m.open[i] != m.open[first] {
			return m.start.Add(time.Duration(i) * time.Minute), true
		}
	}
	return time.Time{}, false
}

func TestACalendarIsTheSlowOne(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 10))
		h, c, around := randomCalendar(r)
		zone, err := time.LoadLocation(h.Zone)
		require.NoError(t, err)
		slow := newMinutes(around.AddDate(0, 0, -4), func(at time.Time) bool { return slowOpen(h, zone, at) })
		if r.IntN(4) == 0 { // together with another
			other, second, _ := randomCalendar(r)
			zone, err := time.LoadLocation(other.Zone)
			require.NoError(t, err)
			first := slow
			slow = newMinutes(first.start, func(at time.Time) bool {
				return first.open[at.Sub(first.start)/time.Minute] || slowOpen(other, zone, at)
			})
			c = Union(c, second)
		}
		about := fmt.Sprintf("seed %d: %+v", seed, h)
		for range 25 {
			from := slow.start.Add(time.Duration(r.Int64N(int64(8 * day))))
			to := slow.start.Add(time.Duration(r.Int64N(int64(8 * day))))
			if r.IntN(2) == 0 {
				from, to = from.Truncate(5*time.Minute), to.Truncate(5*time.Minute)
			}
			if to.Before(from) {
				from, to = to, from
			}
			require.Equal(t, slow.open[from.Sub(slow.start)/time.Minute], c.Open(from), "%s\nopen %s", about, from)
			require.Equal(t, slow.between(from, to), c.Between(from, to), "%s\nfrom %s to %s", about, from, to)
			d := 1 + time.Duration(r.Int64N(int64(100*time.Hour)))
			if r.IntN(2) == 0 {
				d = max(time.Minute, d.Truncate(5*time.Minute))
			}
			if want, ok := slow.add(from, d); ok {
				require.Equal(t, want, c.Add(from, d).UTC(), "%s\n%s + %s", about, from, d)
			}
			if want, ok := slow.add(from, 1); ok {
				require.Equal(t, want.Add(-1), c.NextOpen(from).UTC(), "%s\nnext open after %s", about, from)
			}
			if want, ok := slow.turn(from); ok {
				require.Equal(t, want, c.NextTurn(from).UTC(), "%s\nnext turn after %s", about, from)
			} else if turn := c.NextTurn(from); !turn.IsZero() {
				require.False(t, turn.Before(slow.start.Add(8*day)), "%s\nnext turn after %s", about, from)
			}
		}
	}
}

// TestTheLawsOfCalendars holds for any calendar, instant and duration.
func TestTheLawsOfCalendars(t *testing.T) {
	for seed := range uint64(3_000) {
		r := rand.New(rand.NewPCG(seed, 11))
		_, c, around := randomCalendar(r)
		if r.IntN(3) == 0 {
			_, other, _ := randomCalendar(r)
			c = Union(c, other)
		}
		instant := func() time.Time {
			at := around.Add(time.Duration(r.Int64N(int64(200*day))) - 100*day)
			if r.IntN(2) == 0 {
				at = at.Truncate(15 * time.Minute)
			}
			return at
		}
		length := func() time.Duration {
			d := 1 + time.Duration(r.Int64N(int64(40*time.Hour)<<r.IntN(8)))
			if r.IntN(2) == 0 {
				d = max(time.Minute, d.Truncate(15*time.Minute))
			}
			return d
		}
		checkLaws(t, c, instant(), instant(), instant(), length(), length())
	}
}

// checkLaws is what the documentation of Calendar promises; d and e are above zero.
func checkLaws(t *testing.T, c *Calendar, u, v, w time.Time, d, e time.Duration) {
	t.Helper()
	about := fmt.Sprintf("%s, %s, %s, %d, %d", u, v, w, d, e)
	due := c.Add(u, d)
	require.Equal(t, d, c.Between(u, due), about)
	require.Less(t, c.Between(u, due.Add(-1)), d, "the earliest: %s", about)
	require.True(t, due.Equal(c.Add(c.NextOpen(u), d)), about)
	if d <= math.MaxInt64-e {
		require.True(t, c.Add(due, e).Equal(c.Add(u, d+e)), about)
		require.False(t, c.Add(u, d+e).Before(due), about)
	}
	if later := c.Add(v, d); v.Before(u) {
		require.False(t, later.After(due), about)
	} else {
		require.False(t, later.Before(due), about)
	}
	require.Equal(t, c.Between(u, w), c.Between(u, v)+c.Between(v, w), about)
	require.Equal(t, -c.Between(v, u), c.Between(u, v), about)

	start := c.Sub(u, d)
	require.Equal(t, d, c.Between(start, u), about)
	require.Less(t, c.Between(start.Add(1), u), d, "the latest: %s", about)
	require.True(t, c.Sub(due, d).Equal(c.NextOpen(u)), about)
	last := c.Add(start, d)
	require.False(t, last.After(u), about)
	require.Zero(t, c.Between(last, u), about)
	if c.Open(u.Add(-1)) {
		require.True(t, last.Equal(u), about)
	}
	require.True(t, c.Sub(start, e).Equal(c.Sub(u, d+e)), about)
	require.True(t, c.Add(u, -d).Equal(start), about)
	require.True(t, c.Sub(u, -d).Equal(due), about)

	next := c.NextOpen(u)
	require.True(t, c.Open(next), about)
	require.False(t, next.Before(u), about)
	require.Zero(t, c.Between(u, next), about)
	require.Equal(t, c.Open(u), next.Equal(u), about)
	require.True(t, c.Add(u, 0).Equal(u) && c.Sub(u, 0).Equal(u), about)

	if turn := c.NextTurn(u); !turn.IsZero() {
		require.True(t, turn.After(u), about)
		require.NotEqual(t, c.Open(u), c.Open(turn), about)
		require.Equal(t, c.Open(u), c.Open(turn.Add(-1)), about)
		if open := c.Between(u, turn); c.Open(u) {
			require.Equal(t, turn.Sub(u), open, about)
		} else {
			require.Zero(t, open, about)
		}
	} else {
		require.True(t, c.Open(u), "what is closed opens some day: %s", about)
	}
}

func FuzzCalendar(f *testing.F) {
	f.Add(uint64(1), int64(0), int64(1), int64(-1), int64(1), int64(2))
	f.Add(uint64(2), int64(1_774_746_000), int64(4_102_444_800), int64(-1), int64(time.Hour), int64(2000*time.Hour))
	f.Fuzz(func(t *testing.T, seed uint64, u, v, w, d, e int64) {
		_, c, _ := randomCalendar(rand.New(rand.NewPCG(seed, 12)))
		bound := func(sec int64) time.Time { // so that nothing between two of them is longer than a Duration
			return time.Unix(sec%4_000_000_000, sec&0x3fffffff%1e9).UTC()
		}
		length := func(d int64) time.Duration { return time.Duration(1 + (d&math.MaxInt64)%(1<<60)) }
		checkLaws(t, c, bound(u), bound(v), bound(w), length(d), length(e))
	})
}

// TestEveryClockChange holds each hour from 1970 to 2099 against the zone itself.
func TestEveryClockChange(t *testing.T) {
	if testing.Short() {
		t.Skip("a million hours a zone")
	}
	for _, name := range []string{"Europe/London", "America/Santiago", "Africa/Casablanca"} {
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		c, err := NewCalendar(Hours{Zone: name, Week: map[string][]string{"mon": {"00:00-12:00"}, "tue": {"00:00-24:00"}, "sat": {"12:00-24:00"}, "sun": {"00:00-24:00"}}})
		require.NoError(t, err)
		for at := zoneFrom; at.Before(zoneUntil.AddDate(0, -1, 0)); at = at.Add(30 * time.Minute) {
			local := at.In(zone)
			want := false
			switch local.Weekday() {
			case time.Tuesday, time.Sunday:
				want = true
			case time.Monday:
				want = local.Hour() < 12
			case time.Saturday:
				want = local.Hour() >= 12
			}
			if want != c.Open(at) {
				t.Fatalf("%s: %s is open: %t", name, local, want)
			}
		}
	}
}

func office(t testing.TB) *Calendar {
	t.Helper()
	week := map[string][]string{}
	for _, day := range weekdays[:5] {
		week[day] = []string{"09:00-17:00"}
	}
	c, err := NewCalendar(Hours{Zone: "Europe/Paris", Week: week, Holidays: []string{"2026-12-25"}, Exceptions: map[string][]string{"2026-12-24": {"09:00-12:00"}}})
	require.NoError(t, err)
	return c
}

func inParis(t testing.TB, s string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	at, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	require.NoError(t, err)
	return at
}

func TestHoursAsOneWouldSayThem(t *testing.T) {
	c := office(t)
	for _, x := range []struct{ what, from, for_, due string }{
		{"within a day", "2026-11-25 09:30", "2h", "2026-11-25 11:30"},
		{"up to the closing is due at the closing", "2026-11-25 09:00", "8h", "2026-11-25 17:00"},
		{"over the weekend", "2026-11-27 16:30", "1h", "2026-11-30 09:30"},
		{"from the evening", "2026-11-25 20:00", "30m", "2026-11-26 09:30"},
		{"at closing time it is too late", "2026-11-25 17:00", "30m", "2026-11-26 09:30"},
		{"two working days are 16h", "2026-11-25 09:00", "16h", "2026-11-26 17:00"},
		{"2d are 48 hours, six of these days", "2026-11-25 09:00", "2d", "2026-12-02 17:00"},
		{"half a day before Christmas, none at Christmas", "2026-12-24 11:00", "2h", "2026-12-28 10:00"},
	} {
		d, err := ParseDuration(x.for_)
		require.NoError(t, err)
		assert.Equal(t, inParis(t, x.due), c.Add(inParis(t, x.from), d), x.what)
	}
	assert.Equal(t, inParis(t, "2026-11-27 16:30"), c.Sub(inParis(t, "2026-11-30 09:30"), time.Hour), "who has started by then is in time")
	assert.Equal(t, inParis(t, "2026-11-30 09:00"), c.NextOpen(inParis(t, "2026-11-27 17:00")))
}

func TestNights(t *testing.T) {
	c, err := NewCalendar(Hours{
		Week:       map[string][]string{"mon": {"22:00-06:00"}, "tue": {"22:00-06:00"}, "thu": {"22:00-24:00"}, "fri": {"00:00-06:00"}},
		Holidays:   []string{"2026-03-03"}, // a Tuesday
		Exceptions: map[string][]string{"2026-03-12": {"23:00-01:00"}},
	})
	require.NoError(t, err)
	on := func(day, clock string) time.Time {
		at, err := time.Parse("2006-01-02 15:04", "2026-03-"+day+" "+clock)
		require.NoError(t, err)
		return at
	}
	assert.True(t, c.Open(on("03", "05:59")), "Monday's night is worked to its end")
	assert.False(t, c.Open(on("03", "22:30")), "the holiday's own night is off")
	assert.False(t, c.Open(on("04", "01:00")), "and so is the rest of it")
	assert.True(t, c.Open(on("10", "23:00")), "a week later it is worked")
	assert.True(t, c.Open(on("11", "05:00")))
	assert.Equal(t, 8*time.Hour, c.Between(on("05", "12:00"), on("06", "12:00")), "written as two spans it is one night")
	assert.False(t, c.Open(on("12", "22:30")))
	assert.True(t, c.Open(on("13", "00:30")), "an exception may cross midnight too")
	assert.True(t, c.Open(on("13", "05:30")), "Friday's own hours stay")
	assert.Equal(t, on("13", "06:00"), c.Add(on("12", "23:00"), 7*time.Hour), "what two days give to one time counts once")
}

// TestThePointwiseRule is what the page on clock changes says, in minutes.
func TestThePointwiseRule(t *testing.T) {
	for _, x := range []struct {
		zone, date, span string
		minutes          int
	}{
		{"America/New_York", "2024-03-10", "01:30-02:30", 30}, // 02:00-03:00 is not
		{"America/New_York", "2024-03-10", "02:15-03:15", 15},
		{"America/New_York", "2024-03-10", "00:00-02:15", 120},
		{"America/New_York", "2024-11-03", "01:15-01:45", 60}, // 01:00-02:00 is twice
		{"America/New_York", "2024-11-03", "01:30-02:30", 90},
		{"Australia/Lord_Howe", "2024-10-06", "02:15-03:15", 45},
		{"Australia/Lord_Howe", "2024-04-07", "01:15-01:45", 45},
		{"America/Sao_Paulo", "2018-11-04", "00:30-08:00", 420}, // 00:00-01:00 is not
		{"America/New_York", "2024-03-10", "00:00-24:00", 23 * 60},
		{"America/New_York", "2024-11-03", "00:00-24:00", 25 * 60},
	} {
		c, err := NewCalendar(Hours{Zone: x.zone, Week: map[string][]string{"sun": {x.span}}})
		require.NoError(t, err)
		noon, err := time.Parse(time.DateOnly, x.date)
		require.NoError(t, err)
		noon = noon.Add(12 * time.Hour)
		assert.Equal(t, time.Duration(x.minutes)*time.Minute, c.Between(noon.Add(-2*day), noon.Add(2*day)), "%s %s %s", x.zone, x.date, x.span)
	}
}

// TestAnExceptionThatLooksLikeTheWeek: a span that ends at 12:00 and one that goes on to
// 12:00 of the next day are two.
func TestAnExceptionThatLooksLikeTheWeek(t *testing.T) {
	for _, zone := range []string{"UTC", "Europe/Paris", "America/New_York", "Asia/Tokyo"} {
		c, err := NewCalendar(Hours{
			Zone:       zone,
			Week:       map[string][]string{"mon": {"06:00-24:00"}, "tue": {"00:00-12:00"}},
			Exceptions: map[string][]string{"2026-03-09": {"06:00-12:00"}},
		})
		require.NoError(t, err)
		in, err := time.LoadLocation(zone)
		require.NoError(t, err)
		midnight := time.Date(2026, 3, 9, 0, 0, 0, 0, in)
		assert.Equal(t, 6*time.Hour, c.Between(midnight, midnight.AddDate(0, 0, 1)), zone)
		assert.False(t, c.Open(midnight.Add(13*time.Hour)), zone)
		assert.Equal(t, 18*time.Hour, c.Between(midnight.AddDate(0, 0, 7), midnight.AddDate(0, 0, 8)), zone)
	}
}

// TestVeryManyMistakes: nobody reads a million of them.
func TestVeryManyMistakes(t *testing.T) {
	h := Hours{Week: map[string][]string{}}
	for range 5_000 {
		h.Week["mon"] = append(h.Week["mon"], "22:00-06:00")
		h.Week["tue"] = append(h.Week["tue"], "00:00-01:00")
		h.Holidays = append(h.Holidays, "2026-12-25")
	}
	_, err := NewCalendar(h)
	var errs Errors
	require.ErrorAs(t, err, &errs)
	assert.Len(t, errs, 101)
	assert.Equal(t, "and 14898 more mistakes", errs[100].Error())
}

func TestFollowTheSun(t *testing.T) {
	at := func(zone string) *Calendar {
		week := map[string][]string{}
		for _, day := range weekdays[:5] {
			week[day] = []string{"09:00-17:00"}
		}
		c, err := NewCalendar(Hours{Zone: zone, Week: week})
		require.NoError(t, err)
		return c
	}
	paris, newYork, tokyo := at("Europe/Paris"), at("America/New_York"), at("Asia/Tokyo")
	sun := Union(paris, newYork, tokyo)
	wednesday := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	// 00-08 Tokyo, 07-15 Paris, 13-21 New York.
	assert.Equal(t, 21*time.Hour, sun.Between(wednesday, wednesday.AddDate(0, 0, 1)))
	assert.True(t, sun.Open(wednesday.Add(14*time.Hour)))
	assert.False(t, sun.Open(wednesday.Add(22*time.Hour)))
	assert.Equal(t, wednesday.Add(25*time.Hour), sun.Add(wednesday.Add(20*time.Hour), 2*time.Hour), "an hour of New York, an hour of Tokyo")

	assert.Same(t, sun, Union(tokyo, paris, newYork, paris), "neither order nor number matters")
	assert.Same(t, paris, Union(paris))
	nested := Union(Union(paris, tokyo), newYork)
	assert.Equal(t, sun.eras, nested.eras, "and neither does nesting")
	assert.True(t, Union(paris, nil).Open(wednesday), "always and Paris is always")
	assert.Same(t, Always(), Union())
}

func TestAlwaysOpen(t *testing.T) {
	now := time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)
	week := map[string][]string{}
	for _, day := range weekdays {
		week[day] = []string{"00:00-24:00"}
	}
	full, err := NewCalendar(Hours{Zone: "Europe/Paris", Week: week})
	require.NoError(t, err)
	for _, c := range []*Calendar{nil, {}, Always(), full} {
		assert.True(t, c.Open(now))
		assert.Equal(t, now, c.NextOpen(now))
		assert.Equal(t, now.Add(48*time.Hour), c.Add(now, 48*time.Hour), "no minute is lost at midnight")
		assert.Equal(t, now.Add(-48*time.Hour), c.Sub(now, 48*time.Hour))
		assert.Equal(t, 48*time.Hour, c.Between(now, now.Add(48*time.Hour)))
		assert.Zero(t, c.NextTurn(now))
	}
}

func TestNextTurn(t *testing.T) {
	night := map[string][]string{}
	whole := map[string][]string{}
	for _, day := range weekdays {
		night[day] = []string{"22:00-06:00"}
		whole[day] = []string{"00:00-24:00"}
	}
	for _, c := range []struct {
		hours    Hours
		at, want string
	}{
		{Hours{Week: map[string][]string{"mon": {"09:00-17:00"}}}, "2026-03-02 09:00", "2026-03-02 17:00"},
		{Hours{Week: map[string][]string{"mon": {"09:00-17:00"}}}, "2026-03-02 17:00", "2026-03-09 09:00"},
		// Spans that touch are one.
		{Hours{Week: map[string][]string{"mon": {"09:00-12:00", "12:00-24:00"}, "tue": {"00:00-03:00"}}}, "2026-03-02 10:00", "2026-03-03 03:00"},
		{Hours{Week: map[string][]string{"sun": {"20:00-24:00"}, "mon": {"00:00-03:00"}}}, "2026-03-01 21:00", "2026-03-02 03:00"},
		// The night of a clock change, in which 02:30 comes twice or never.
		{Hours{Zone: "Europe/Paris", Week: night}, "2026-10-24 23:00", "2026-10-25 06:00"},
		{Hours{Zone: "Europe/Paris", Week: night}, "2026-03-28 23:00", "2026-03-29 06:00"},
		{Hours{Zone: "Europe/Paris", Week: map[string][]string{"sun": {"01:00-02:30"}}}, "2026-03-29 01:30", "2026-03-29 03:00"},
		// Around the clock, but for a holiday far away.
		{Hours{Zone: "Europe/Paris", Week: whole, Holidays: []string{"2031-12-25"}}, "2026-03-02 10:00", "2031-12-25 00:00"},
		{Hours{Zone: "Europe/Paris", Week: whole, Holidays: []string{"2031-12-25"}}, "2031-12-25 10:00", "2031-12-26 00:00"},
		{Hours{Zone: "Europe/Paris", Week: whole, Holidays: []string{"2031-12-25"}}, "2031-12-26 00:00", ""},
	} {
		calendar, err := NewCalendar(c.hours)
		require.NoError(t, err)
		zone, err := time.LoadLocation(c.hours.Zone)
		require.NoError(t, err)
		at, err := time.ParseInLocation("2006-01-02 15:04", c.at, zone)
		require.NoError(t, err)
		got := ""
		if turn := calendar.NextTurn(at); !turn.IsZero() {
			got = turn.Format("2006-01-02 15:04")
		}
		assert.Equal(t, c.want, got, "%v at %s", c.hours, c.at)
	}
}

func TestTheEndsOfTime(t *testing.T) {
	c := office(t)
	for _, at := range []time.Time{{}, firstInstant, lastInstant, time.Unix(math.MinInt64, 0), time.Unix(math.MaxInt64, 0)} {
		for _, d := range []time.Duration{0, 1, time.Hour, math.MaxInt64, -1, math.MinInt64} {
			c.Add(at, d)
			c.Sub(at, d)
			c.NextOpen(at)
			c.NextTurn(at)
			c.Open(at)
			c.Between(at, firstInstant)
			(*Calendar)(nil).Sub(at, d)
		}
	}
	assert.EqualValues(t, math.MaxInt64, c.Between(firstInstant, lastInstant))
	assert.EqualValues(t, -math.MaxInt64, c.Between(lastInstant, firstInstant))
	longest := c.Add(time.Time{}, math.MaxInt64)
	assert.EqualValues(t, math.MaxInt64, c.Between(time.Time{}, longest))
	assert.False(t, c.Add(lastInstant, time.Hour).Before(lastInstant))
	assert.False(t, c.Sub(firstInstant, time.Hour).After(firstInstant))
	year3000 := time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)
	assert.Equal(t, 100*time.Hour, c.Between(year3000, c.Add(year3000, 100*time.Hour)))
}

func TestAddKeepsTheZoneOfWhoAsks(t *testing.T) {
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	require.NoError(t, err)
	c, at := office(t), time.Date(2026, 11, 25, 23, 0, 0, 0, tokyo)
	for _, got := range []time.Time{c.Add(at, time.Hour), c.Sub(at, time.Hour), c.NextOpen(at.Add(6 * time.Hour))} {
		assert.Equal(t, tokyo, got.Location())
	}
}

// TestWhatIsWrongWithHours: all of it at once, where it stands, with a guess.
func TestWhatIsWrongWithHours(t *testing.T) {
	_, err := NewCalendar(Hours{
		Zone: "Europe/Pairs",
		Week: map[string][]string{
			"mon": {"09:00-12:00", "11:00-15:00", "9-17", "17:00-17:00", "24:00-25:00", "24:00-02:00"},
			"tue": {"22:00-06:00"}, "wed": {"05:00-09:00", "09:00-10:00"}, "Thursday": {"09:00-17:00"}, "x": nil,
		},
		Holidays:   []string{"2026-12-25", "2026-02-30", "2026-12-25", "25.12.2026", "1969-12-31", "2100-01-01"},
		Exceptions: map[string][]string{"2026-12-24": {"09:00-12:00", "08:00-10:00"}, "heiligabend": {"0900-1200"}, "2026-12-25": nil},
	})
	require.Error(t, err)
	assert.Equal(t, strings.TrimSpace(`
/zone: there is no time zone "Europe/Pairs" (did you mean "Europe/Paris"?)
/week/mon/1: 11:00-15:00 overlaps 09:00-12:00 of Monday
/week/mon/2: "9-17" is no span of time (write two digits each and a plain hyphen: 09:00-17:00)
/week/mon/3: "17:00-17:00" is no span of time (it starts and ends at the same time; the whole day is 00:00-24:00)
/week/mon/4: "24:00-25:00" is no span of time (write two digits each and a plain hyphen: 09:00-17:00)
/week/mon/5: "24:00-02:00" is no span of time (24:00 only ends a day; the next one begins at 00:00)
/week/Thursday: there is no day "Thursday" in a week (did you mean "thu"?)
/week/x: there is no day "x" in a week (the days are mon, tue, wed, thu, fri, sat, sun)
/week/wed/0: 05:00-09:00 of Wednesday overlaps 22:00-06:00 of Tuesday
/holidays/1: "2026-02-30" is no date (write the year, the month and the day, as in 2026-12-25)
/holidays/2: 2026-12-25 is a holiday already
/holidays/3: "25.12.2026" is no date (write the year, the month and the day, as in 2026-12-25)
/holidays/4: 1969-12-31 is out of reach (dates from 1970 to 2099 can be named)
/holidays/5: 2100-01-01 is out of reach (dates from 1970 to 2099 can be named)
/exceptions/2026-12-24/1: 08:00-10:00 overlaps 09:00-12:00 of 2026-12-24
/exceptions/heiligabend: "heiligabend" is no date (write the year, the month and the day, as in 2026-12-25)
/exceptions/heiligabend/0: "0900-1200" is no span of time (write two digits each and a plain hyphen: 09:00-17:00)`), err.Error())

	for zone, hint := range map[string]string{
		"localtime": "write an IANA name", "right/Europe/Paris": "Europe/Paris", "posixrules": "write an IANA name",
		"Local": "name one, such as Europe/Paris", "Paris": `did you mean "Europe/Paris"?`, "europe/paris": `did you mean "Europe/Paris"?`,
		"America/New York": `did you mean "America/New_York"?`, "Asia/Berlin": `did you mean "Europe/Berlin"?`,
		"Romance Standard Time": "write an IANA name, such as Europe/Paris or America/New_York", "../etc/passwd": "write an IANA name, such as Europe/Paris or America/New_York",
	} {
		_, err := NewCalendar(Hours{Zone: zone, Week: map[string][]string{"mon": {"09:00-17:00"}}})
		require.Error(t, err, zone)
		assert.Contains(t, err.Error(), hint)
	}
	for _, h := range []Hours{{}, {Week: map[string][]string{"mon": {}}}, {Exceptions: map[string][]string{"2026-12-24": {"09:00-12:00"}}}} {
		_, err := NewCalendar(h)
		require.ErrorContains(t, err, "/week: this week never opens, so no deadline could ever come")
	}
}

func TestHoursInJSON(t *testing.T) {
	var h Hours
	src := `{"zone":"Europe/Paris","week":{"mon":["09:00-12:30","14:00-18:00"]},"holidays":["2026-12-25"],"exceptions":{"2026-12-24":["09:00-12:00"]}}`
	require.NoError(t, json.Unmarshal([]byte(src), &h))
	out, err := json.Marshal(h)
	require.NoError(t, err)
	assert.Equal(t, src, string(out))

	err = json.Unmarshal([]byte(`{"zne":"UTC","week":{"mon":["09:00-17:00"],"mon":[]},"exceptions":{"2026-12-24":[],"2026-12-24":[]},"week":{},"Zone":"UTC"}`), &h)
	require.Error(t, err)
	assert.Equal(t, strings.TrimSpace(`
/zne: there is no key "zne" in opening hours (did you mean "zone"?)
/week/mon: the key "mon" stands here twice
/exceptions/2026-12-24: the key "2026-12-24" stands here twice
/week: the key "week" stands here twice
/Zone: there is no key "Zone" in opening hours (did you mean "zone"?)`), err.Error())
	err = json.Unmarshal([]byte(`{"week":{"mon":"09:00-17:00"}}`), &h)
	assert.EqualError(t, err, `/week/mon: the spans of a day are a list (write ["09:00-17:00"])`)
	for _, wrong := range []string{`[]`, `"always"`, `{"week":["mon"]}`, `{"holidays":[20261225]}`, `{"zone":`} {
		assert.Error(t, json.Unmarshal([]byte(wrong), &h), wrong)
	}
	assert.Equal(t, "Europe/Paris", h.Zone, "what was refused has changed nothing")
}

// TestCalendarsAreSharedAndSmall: thousands of tenants with the same hours have one
// calendar, and none is larger than 16 KiB with ten holidays a year for ten years.
func TestCalendarsAreSharedAndSmall(t *testing.T) {
	h := Hours{Zone: "Europe/London", Week: map[string][]string{"mon": {"09:00-12:00", "13:00-17:00"}, "tue": {"09:00-17:00"}}}
	for year := 2026; year < 2036; year++ {
		for month := 1; month <= 10; month++ {
			h.Holidays = append(h.Holidays, fmt.Sprintf("%d-%02d-15", year, month))
		}
	}
	c, err := NewCalendar(h)
	require.NoError(t, err)
	slices.Reverse(h.Holidays)
	h.Week["tue"], h.Week["wed"] = []string{"12:00-17:00", "09:00-12:00"}, []string{}
	again, err := NewCalendar(h)
	require.NoError(t, err)
	assert.NotSame(t, c, again, "two spans that touch are not the same words")
	h.Week["tue"] = []string{"09:00-17:00"}
	again, err = NewCalendar(h)
	require.NoError(t, err)
	assert.Same(t, c, again)

	h.Zone = "America/New_York"
	newYork, err := NewCalendar(h)
	require.NoError(t, err)
	for name, c := range map[string]*Calendar{"one": c, "a union of two": Union(c, newYork)} {
		size := unsafe.Sizeof(*c) + uintptr(cap(c.eras))*unsafe.Sizeof(era{}) + uintptr(cap(c.weeks))*unsafe.Sizeof(week{}) + uintptr(cap(c.edges))*unsafe.Sizeof(edge{})
		assert.LessOrEqual(t, size, uintptr(16<<10), name)
		t.Logf("%s: %d bytes, %d eras", name, size, len(c.eras))
	}
}

func TestCalendarsThatNobodyUsesAreForgotten(t *testing.T) {
	_, err := NewCalendar(Hours{Zone: "Asia/Tokyo", Week: map[string][]string{"sun": {"03:00-03:05"}}})
	require.NoError(t, err)
	id := sha256.Sum256([]byte(understand(Hours{Zone: "Asia/Tokyo", Week: map[string][]string{"sun": {"03:00-03:05"}}}).canonical()))
	for range 100 {
		runtime.GC()
		inUse.Lock()
		_, kept := inUse.calendars[id]
		inUse.Unlock()
		if !kept {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the calendar is kept for ever")
}

// TestManyGoroutinesShareACalendar is for the race detector.
func TestManyGoroutinesShareACalendar(t *testing.T) {
	at := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	want := office(t).Add(at, 100*time.Hour)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 200 {
				c := office(t)
				if i%2 == 0 {
					c = Union(c, office(t))
				}
				if got := c.Add(at, 100*time.Hour); !got.Equal(want) {
					t.Errorf("%d: %s", j, got)
				}
			}
		})
	}
	all.Wait()
}
