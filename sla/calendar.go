package sla

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"weak"
)

// Calendar tells when time counts. A nil *Calendar and the zero Calendar are
// always open; others come from [NewCalendar] and [Union].
//
// An instant is open if and only if its local wall clock reads inside an open
// span. So an hour that a clock change repeats counts twice if it is open, and one
// that it skips does not count: no rule about clock changes is needed, and
// Between(a, c) is always Between(a, b) + Between(b, c).
//
// The clock changes of a zone are known from 1970 to 2099. Before and after that
// its clocks stand as at the nearer end. No time is counted further than a billion
// years from now.
//
// A Calendar never changes and is safe for use by many goroutines.
type Calendar struct {
	// eras are the times in which one week repeats, in order. There is one from each
	// clock change to the next, and one for each unusual date. The first reaches
	// back, and the last on, for ever. None at all: always open.
	eras  []era
	weeks []week // the distinct weeks
	edges []edge // of the weeks, one after the other
	id    [sha256.Size]byte
}

// era is a time in which one week repeats. There may be many, so they are kept small:
// 32 bits hold the seconds of the 131 years that are looked up.
type era struct {
	start uint32 // in seconds since the epoch
	open  uint32 // seconds open from the epoch to the start
	lead  uint32 // seconds open in the week from its beginning to the start
	week  int32  // in Calendar.weeks
}

// week is open time that repeats, in UTC and from Monday on.
type week struct {
	first, count int32 // of its edges
	open         int64 // seconds open
}

// edge is one stretch of open time within a week.
type edge struct {
	from, to int32
	open     int32 // seconds open before it
}

// epoch is where the first era begins, in seconds since 1970: 1 December 1969, a Monday,
// so that weeks need no shift. Inside a Calendar all instants are in seconds since then.
const epoch = -31 * daySeconds

// NewCalendar returns the calendar of some hours. The error is [Errors], with every
// mistake in them. Equal hours give one Calendar, as long as it is in use.
func NewCalendar(h Hours) (*Calendar, error) {
	p := understand(h)
	if len(p.errs) > 0 {
		return nil, p.errs
	}
	return shared(p.canonical(), p.eras), nil
}

var always = new(Calendar)

// Always returns the calendar that is always open. It is for what is around the
// clock where nil stands for another calendar, as in [Promise].
func Always() *Calendar { return always }

// Union returns the calendar that is open whenever one of the given ones is:
// support that follows the sun. Without any it is never nil but always open, as it
// is if one of them is.
func Union(calendars ...*Calendar) *Calendar {
	members := slices.Clone(calendars)
	for _, c := range members {
		if c.alwaysOpen() {
			return always
		}
	}
	slices.SortFunc(members, func(a, b *Calendar) int { return slices.Compare(a.id[:], b.id[:]) })
	members = slices.CompactFunc(members, func(a, b *Calendar) bool { return a.id == b.id })
	switch len(members) {
	case 0:
		return always
	case 1:
		return members[0]
	}
	var name strings.Builder
	for _, c := range members {
		fmt.Fprintf(&name, "union %x", c.id)
	}
	return shared(name.String(), func() *Calendar { return unite(members) })
}

func (c *Calendar) alwaysOpen() bool { return c == nil || len(c.eras) == 0 }

// The calendars in use, so that thousands of tenants with the same hours have one.
// Nothing of it can be seen but the memory that it saves.
var inUse = struct {
	sync.Mutex
	calendars map[[sha256.Size]byte]weak.Pointer[Calendar]
}{calendars: map[[sha256.Size]byte]weak.Pointer[Calendar]{}}

// shared returns the calendar of that name, which it makes if none is in use.
func shared(name string, make func() *Calendar) *Calendar {
	id := sha256.Sum256([]byte(name))
	if c := lookUp(id, nil); c != nil {
		return c
	}
	c := make() // outside the lock: it may take a moment, and others wait for theirs
	c.id = id
	return lookUp(id, c)
}

// lookUp returns the calendar that is in use under an id, else the one given, which is
// in use from then on.
func lookUp(id [sha256.Size]byte, or *Calendar) *Calendar {
	inUse.Lock()
	defer inUse.Unlock()
	if c := inUse.calendars[id].Value(); c != nil {
		return c
	}
	if or == nil {
		return nil
	}
	inUse.calendars[id] = weak.Make(or)
	runtime.AddCleanup(or, func(id [sha256.Size]byte) {
		inUse.Lock()
		defer inUse.Unlock()
		if inUse.calendars[id].Value() == nil { // not made anew meanwhile
			delete(inUse.calendars, id)
		}
	}, id)
	return or
}

// What is looked up of a zone: a little more than the dates that Hours may name.
var (
	zoneFrom  = time.Unix(epoch, 0).UTC()
	zoneUntil = time.Date(2100, 2, 1, 0, 0, 0, 0, time.UTC)
)

// builder puts a calendar together, era by era.
type builder struct {
	calendar Calendar
	known    map[string]int32 // weeks by their stretches
}

// eras makes the calendar of a plan. Within a time of constant offset the local wall
// clock is UTC and that offset, so everything local is shifted and nothing else.
func (p *plan) eras() *Calendar {
	b := builder{known: map[string]int32{}}
	var usual []stretch
	for day := range p.week {
		for _, s := range p.week[day] {
			start := int64(day) * daySeconds
			usual = append(usual, stretch{start + s.from, start + s.to})
		}
	}
	unusual := p.unusual()
	weeks := map[int64]int32{} // of the usual week, by offset
	for t := zoneFrom.In(p.zone); t.Before(zoneUntil); {
		end := changes(t)
		_, seconds := t.Zone()
		offset := int64(seconds)
		if _, ok := weeks[offset]; !ok {
			weeks[offset] = b.week(usual, offset)
		}
		from, until := t.Unix()+offset, end.Unix()+offset // by the wall clock
		at := func(wall int64) int64 { return wall - offset - epoch }
		i, _ := slices.BinarySearch(unusual, floorDiv(from, daySeconds))
		for ; i < len(unusual) && unusual[i]*daySeconds < until; i++ {
			midnight := unusual[i] * daySeconds
			if start := max(from, midnight); from < start {
				b.era(at(from), weeks[offset])
			}
			var open []stretch
			for _, s := range p.on(unusual[i]) {
				start := int64(weekday(unusual[i])) * daySeconds
				open = append(open, stretch{start + s.from, start + s.to})
			}
			b.era(at(max(from, midnight)), b.week(open, offset))
			from = min(until, midnight+daySeconds)
		}
		if from < until {
			b.era(at(from), weeks[offset])
		}
		t = end.In(p.zone)
	}
	return b.done()
}

// changes returns the end of the time of constant offset that t is in, or an earlier
// instant after t.
func changes(t time.Time) time.Time {
	_, end := t.ZoneBounds()
	if end.IsZero() || end.After(zoneUntil) {
		return zoneUntil
	}
	if !end.After(t) { // where a rule goes on for ever, Go's leap years end a day early
		return t.Add(time.Hour)
	}
	return end
}

// unite makes the calendar of the instants at which any of the given ones is open.
func unite(members []*Calendar) *Calendar {
	b := builder{known: map[string]int32{}}
	var starts []int64
	for _, c := range members {
		for _, e := range c.eras {
			starts = append(starts, int64(e.start))
		}
	}
	slices.Sort(starts)
	weeks := map[string]int32{} // by the weeks of the members
	for _, start := range slices.Compact(starts) {
		name := ""
		for _, c := range members {
			name += fmt.Sprint(c.eras[c.eraAt(start)].week, " ")
		}
		w, ok := weeks[name]
		if !ok {
			var open []stretch
			for _, c := range members {
				for _, e := range c.edgesOf(c.eras[c.eraAt(start)].week) {
					open = append(open, stretch{int64(e.from), int64(e.to)})
				}
			}
			w = b.week(open, 0)
			weeks[name] = w
		}
		b.era(start, w)
	}
	return b.done()
}

// week returns the number of the week with the given open time, which is `offset`
// ahead of UTC.
func (b *builder) week(open []stretch, offset int64) int32 {
	var utc []stretch
	for _, s := range open {
		from := floorMod(s.from-offset, weekSeconds)
		to := from + s.to - s.from
		utc = append(utc, stretch{from, min(to, weekSeconds)})
		if to > weekSeconds {
			utc = append(utc, stretch{0, to - weekSeconds})
		}
	}
	slices.SortFunc(utc, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	merged := utc[:0]
	for _, s := range utc {
		if n := len(merged); n > 0 && s.from <= merged[n-1].to {
			merged[n-1].to = max(merged[n-1].to, s.to)
			continue
		}
		merged = append(merged, s)
	}
	name := fmt.Sprintf("%d", merged) // the numbers: a stretch of a week is none of a day
	if known, ok := b.known[name]; ok {
		return known
	}
	w := week{first: int32(len(b.calendar.edges)), count: int32(len(merged))}
	for _, s := range merged {
		b.calendar.edges = append(b.calendar.edges, edge{int32(s.from), int32(s.to), int32(w.open)})
		w.open += s.to - s.from
	}
	number := int32(len(b.calendar.weeks))
	b.calendar.weeks = append(b.calendar.weeks, w)
	b.known[name] = number
	return number
}

// era begins the next era, unless its week goes on anyway.
func (b *builder) era(start int64, week int32) {
	c := &b.calendar
	next := era{start: uint32(start), week: week}
	if n := len(c.eras); n > 0 {
		if c.eras[n-1].week == week {
			return
		}
		next.open = uint32(c.opened(n-1, start))
	}
	next.lead = uint32(c.before(week, floorMod(start, weekSeconds)))
	c.eras = append(c.eras, next)
}

// done returns the calendar, in no more memory than it needs.
func (b *builder) done() *Calendar {
	c := &b.calendar
	return &Calendar{eras: slices.Clip(slices.Clone(c.eras)), weeks: slices.Clip(slices.Clone(c.weeks)), edges: slices.Clip(slices.Clone(c.edges))}
}

func (c *Calendar) edgesOf(week int32) []edge {
	w := c.weeks[week]
	return c.edges[w.first : w.first+w.count]
}

// eraAt returns the number of the era of an instant.
func (c *Calendar) eraAt(sec int64) int {
	low, high := 0, len(c.eras) // the era is in [low, high)
	for high-low > 1 {
		if middle := int(uint(low+high) >> 1); int64(c.eras[middle].start) <= sec {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// before returns the seconds open in a week up to a second of it.
func (c *Calendar) before(week int32, sec int64) int32 {
	open := int32(0)
	for _, e := range c.edgesOf(week) {
		if int64(e.from) >= sec {
			break
		}
		open = e.open + min(e.to, int32(sec)) - e.from
	}
	return open
}

// opened returns the seconds open from the epoch to an instant in era number i.
func (c *Calendar) opened(i int, sec int64) int64 {
	e := &c.eras[i]
	w := &c.weeks[e.week]
	weeks := floorDiv(sec, weekSeconds) - int64(e.start/weekSeconds)
	return int64(e.open) + weeks*w.open + int64(c.before(e.week, floorMod(sec, weekSeconds))) - int64(e.lead)
}

// openIn reports whether the second that begins at an instant in era i is open.
func (c *Calendar) openIn(i int, sec int64) bool {
	at := int32(floorMod(sec, weekSeconds))
	for _, e := range c.edgesOf(c.eras[i].week) {
		if at < e.to {
			return at >= e.from
		}
	}
	return false
}

// second returns the instant at which open second number n begins, counted from the
// epoch. It is in era i or a later one, if i is not 0.
func (c *Calendar) second(i int, n int64) int64 {
	// The last era that begins with no more than n used up: the next one begins with
	// more, so the second is in it. The first and the last era do open every week.
	if i+1 < len(c.eras) && int64(c.eras[i+1].open) <= n {
		low, step := i+1, 1
		for low+step < len(c.eras) && int64(c.eras[low+step].open) <= n {
			low, step = low+step, step*2
		}
		high := min(low+step, len(c.eras))
		for high-low > 1 {
			if middle := int(uint(low+high) >> 1); int64(c.eras[middle].open) <= n {
				low = middle
			} else {
				high = middle
			}
		}
		i = low
	}
	e := &c.eras[i]
	w := &c.weeks[e.week]
	n += int64(e.lead) - int64(e.open) // from the beginning of the era's first week
	weeks, rest := floorDiv(n, w.open), int32(floorMod(n, w.open))
	edges := c.edgesOf(e.week)
	k := len(edges) - 1
	for edges[k].open > rest {
		k--
	}
	return (int64(e.start/weekSeconds)+weeks)*weekSeconds + int64(edges[k].from+rest-edges[k].open)
}

// Further from now than this, a billion years, instants are not told apart by a
// calendar that closes.
const eternity = 1 << 55

var (
	pastEternity   = time.Unix(-eternity, 0)
	futureEternity = time.Unix(eternity, 0)
)

// moment is an instant in seconds since the epoch and nanoseconds, with its era.
type moment struct {
	sec, nano int64
	era       int
}

func (c *Calendar) moment(t time.Time) moment {
	switch {
	case t.Before(pastEternity):
		t = pastEternity
	case t.After(futureEternity):
		t = futureEternity
	}
	sec := t.Unix() - epoch
	return moment{sec, int64(t.Nanosecond()), c.eraAt(sec)}
}

// instant is the opposite of moment, in the zone of t.
func instant(sec, nano int64, t time.Time) time.Time {
	return time.Unix(sec+epoch, nano).In(t.Location())
}

// count returns the open time from the epoch to a moment.
func (c *Calendar) count(m moment) (sec, nano int64) {
	sec = c.opened(m.era, m.sec)
	if m.nano > 0 && c.openIn(m.era, m.sec) {
		nano = m.nano
	}
	return sec, nano
}

// What a time.Time can hold: its seconds are an int64 counted from the year 1.
var (
	firstInstant = time.Unix(math.MaxInt64-62135596799, 0).UTC() // wraps to the lowest int64
	lastInstant  = time.Unix(math.MaxInt64-62135596800, 999_999_999).UTC()
)

// Add returns the earliest instant at which d of open time has gone by since t; t
// itself if d is zero. A negative d goes back, as [Calendar.Sub] does. What lies
// beyond the reach of a [time.Time] is held at its limit. For d and e not negative:
//
//	Between(t, Add(t, d)) == d
//	Add(Add(t, d), e) == Add(t, d+e)
//	Add(t, d) is not before Add(s, d) if t is not before s, nor before Add(t, e) if d is not below e
//
// So time that is used up when the office closes is due then, and not when it
// opens again.
func (c *Calendar) Add(t time.Time, d time.Duration) time.Time {
	t = t.Round(0) // a promise is about wall time, not about a monotonic reading
	if c.alwaysOpen() {
		return addWall(t, d)
	}
	switch {
	case d < 0:
		return c.back(t, d)
	case d == 0, t.After(futureEternity):
		return t
	}
	m := c.moment(t)
	sec, nano := c.count(m)
	sec, nano = sec+int64(d/time.Second), nano+int64(d%time.Second)
	if nano >= 1e9 {
		sec, nano = sec+1, nano-1e9
	}
	if nano == 0 { // the end of the second before, whatever comes then
		return instant(c.second(m.era, sec-1)+1, 0, t)
	}
	return instant(c.second(m.era, sec), nano, t)
}

// Sub returns the latest start that is due at t or before: the latest instant from
// which d of open time has gone by at t. It is t itself if d is zero. A negative d goes on, as [Calendar.Add] does. For d above
// zero:
//
//	Between(Sub(t, d), t) == d
//	Sub(Add(t, d), d) == NextOpen(t)
//	Add(Sub(t, d), d) == t, if it was open right before t; else it is when it last closed
//	Sub(Sub(t, d), e) == Sub(t, d+e), for e above zero
func (c *Calendar) Sub(t time.Time, d time.Duration) time.Time {
	t = t.Round(0)
	switch {
	case c.alwaysOpen() && d == math.MinInt64:
		return addWall(addWall(t, math.MaxInt64), 1)
	case c.alwaysOpen():
		return addWall(t, -d)
	case d == math.MinInt64:
		return c.Add(c.Add(t, math.MaxInt64), 1)
	case d < 0:
		return c.Add(t, -d)
	case d == 0:
		return t
	}
	return c.back(t, -d)
}

// back returns the latest instant at which d, below zero, is still to come before t.
func (c *Calendar) back(t time.Time, d time.Duration) time.Time {
	if t.Before(pastEternity) {
		return t
	}
	m := c.moment(t)
	sec, nano := c.count(m)
	sec, nano = sec+int64(d/time.Second), nano+int64(d%time.Second)
	if nano < 0 {
		sec, nano = sec-1, nano+1e9
	}
	return instant(c.second(0, sec), nano, t)
}

// addWall is time.Time.Add, held at the limits.
func addWall(t time.Time, d time.Duration) time.Time {
	sum := t.Add(d)
	switch {
	case d > 0 && sum.Before(t):
		return lastInstant.In(t.Location())
	case d < 0 && sum.After(t):
		return firstInstant.In(t.Location())
	}
	return sum
}

// Between returns the open time from one instant to another. It is negative when
// to is before from, so that Between(b, a) is always -Between(a, b), and stays at
// the longest [time.Duration] when it is longer than that. Short of that
//
//	Between(a, b) + Between(b, c) == Between(a, c)
func (c *Calendar) Between(from, to time.Time) time.Duration {
	if c.alwaysOpen() {
		d := to.Round(0).Sub(from.Round(0))
		return max(d, -math.MaxInt64) // the lowest int64 has no opposite
	}
	a, b := c.moment(from), c.moment(to)
	fromSec, fromNano := c.count(a)
	toSec, toNano := c.count(b)
	sec, nano := toSec-fromSec, toNano-fromNano
	const longest = int64(math.MaxInt64 / time.Second)
	switch {
	case sec > longest || sec == longest && nano > math.MaxInt64%int64(time.Second):
		return math.MaxInt64
	case sec < -longest || sec == -longest && nano < -(math.MaxInt64%int64(time.Second)):
		return -math.MaxInt64
	}
	return time.Duration(sec)*time.Second + time.Duration(nano)
}

// Open reports whether t is open time. The end of a span is not.
func (c *Calendar) Open(t time.Time) bool {
	if c.alwaysOpen() {
		return true
	}
	m := c.moment(t)
	return c.openIn(m.era, m.sec)
}

// NextOpen returns the first open instant that is not before t: t itself if it is
// open.
func (c *Calendar) NextOpen(t time.Time) time.Time {
	t = t.Round(0)
	if c.alwaysOpen() || t.After(futureEternity) {
		return t
	}
	m := c.moment(t)
	if c.openIn(m.era, m.sec) {
		return t
	}
	return instant(c.second(m.era, c.opened(m.era, m.sec)), 0, t)
}

// NextTurn returns the first instant after t at which it opens or closes: at which
// Open is not what it is at t. Spans that touch are one, across midnights, weeks and
// clock changes. It is zero for never.
func (c *Calendar) NextTurn(t time.Time) time.Time {
	t = t.Round(0)
	if c.alwaysOpen() || t.After(futureEternity) {
		return time.Time{}
	}
	m := c.moment(t)
	at, ok := c.second(m.era, c.opened(m.era, m.sec)), true
	if c.openIn(m.era, m.sec) {
		at, ok = c.closes(m.era, m.sec)
	}
	if turn := instant(at, 0, t); ok && !turn.After(futureEternity) {
		return turn
	}
	return time.Time{}
}

// closes returns the end of the open time around a second of era i, not ok if there is
// none.
func (c *Calendar) closes(i int, sec int64) (int64, bool) {
	for {
		week := c.eras[i].week
		end := int64(math.MaxInt64) // of the era
		if i+1 < len(c.eras) {
			end = int64(c.eras[i+1].start)
		}
		if c.weeks[week].open == weekSeconds {
			if sec = end; i+1 == len(c.eras) {
				return 0, false
			}
		} else {
			at := floorMod(sec, weekSeconds)
			edges := c.edgesOf(week)
			k := 0
			for int64(edges[k].to) <= at { // it is open at sec, so one of them holds it
				k++
			}
			sec = min(end, sec-at+int64(edges[k].to))
		}
		if sec == end {
			i++
		}
		if !c.openIn(i, sec) {
			return sec, true
		}
	}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func floorMod(a, b int64) int64 {
	m := a % b
	if m < 0 {
		m += b
	}
	return m
}
