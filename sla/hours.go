package sla

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Hours say when a team works, in local time, as a person would write it down.
// [NewCalendar] makes a [Calendar] of them.
//
//	{"zone": "Europe/Paris",
//	 "week": {"mon": ["09:00-12:30", "14:00-18:00"], "fri": ["22:00-06:00"]},
//	 "holidays": ["2026-12-25"],
//	 "exceptions": {"2026-12-24": ["09:00-12:00"]}}
//
// A span is "HH:MM-HH:MM". "24:00" ends a day; a span whose end is not after its
// start crosses midnight, and belongs as a whole to the day on which it opens: the
// night shift of a holiday is off, the one that runs into a holiday is worked. Any
// number of spans a day, in any order; they may touch and must not overlap.
//
// In JSON unknown and duplicate keys are refused.
type Hours struct {
	// Zone is an IANA name such as Europe/Paris; empty: UTC.
	Zone string `json:"zone,omitempty"`
	// Week holds the spans of mon, tue, wed, thu, fri, sat and sun. A day that is
	// left out is closed; one of them must be open.
	Week map[string][]string `json:"week,omitempty"`
	// Holidays are dates, "2026-12-25", on which nothing opens.
	Holidays []string `json:"holidays,omitempty"`
	// Exceptions hold the spans of single dates, instead of those of the week and
	// whatever Holidays say: half-days, extra openings, and with no span at all
	// closed days.
	Exceptions map[string][]string `json:"exceptions,omitempty"`
}

// An Error is one mistake in Hours.
type Error struct {
	// Path is a JSON pointer to what is wrong, such as /week/mon/1.
	Path string
	// Message says what is wrong, Hint what was probably meant; Hint may be empty.
	Message string
	Hint    string
}

// Error returns one line.
func (e *Error) Error() string {
	line := e.Message
	if e.Path != "" {
		line = e.Path + ": " + line
	}
	if e.Hint != "" {
		line += " (" + e.Hint + ")"
	}
	return line
}

// Errors are all the mistakes that were found: those of the zone, of the week from
// Monday on, of the holidays, and of the exceptions by date.
type Errors []*Error

// Error returns a line for each mistake.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, err := range e {
		lines[i] = err.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As and errors.AsType find the single mistakes.
func (e Errors) Unwrap() []error {
	errs := make([]error, len(e))
	for i, err := range e {
		errs[i] = err
	}
	return errs
}

var hoursKeys = []string{"zone", "week", "holidays", "exceptions"}

// UnmarshalJSON refuses unknown and duplicate keys, all at once, as Errors.
func (h *Hours) UnmarshalJSON(src []byte) error {
	var errs Errors
	refuse := func(path, message, hint string) {
		errs = append(errs, &Error{path, message, hint})
	}
	members(src, "", refuse, func(path, key string, value json.RawMessage) {
		if !slices.Contains(hoursKeys, key) {
			refuse(path, fmt.Sprintf("there is no key %q in opening hours", key), meant(key, hoursKeys))
		}
		members(value, path, refuse, func(path, _ string, spans json.RawMessage) {
			if spans = bytes.TrimSpace(spans); !bytes.HasPrefix(spans, []byte("[")) && !bytes.Equal(spans, []byte("null")) {
				refuse(path, "the spans of a day are a list", `write ["09:00-17:00"]`)
			}
		})
	})
	if len(errs) > 0 {
		return errs
	}
	type plain Hours
	var read plain
	if err := json.Unmarshal(src, &read); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) {
			path := strings.ReplaceAll(kind.Field, ".", "/")
			if path != "" {
				path = "/" + path
			}
			return Errors{{path, fmt.Sprintf("this cannot be of the kind %s", kind.Value),
				`a zone is a text, spans and dates are lists of texts, as in {"week": {"mon": ["09:00-17:00"]}}`}}
		}
		return err
	}
	*h = Hours(read)
	return nil
}

// members calls what for each key of a JSON object, and refuses those that stand
// there twice. Anything but an object has none.
func members(src []byte, path string, refuse func(path, message, hint string), what func(path, key string, value json.RawMessage)) {
	dec := json.NewDecoder(bytes.NewReader(src))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return
	}
	seen := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		key, ok := token.(string)
		var value json.RawMessage
		if err != nil || !ok || dec.Decode(&value) != nil {
			return // json.Unmarshal tells of it
		}
		below := path + "/" + escaped(key)
		if seen[key] {
			refuse(below, fmt.Sprintf("the key %q stands here twice", key), "")
		}
		seen[key] = true
		what(below, key, value)
	}
}

// escaped writes a key as a part of a JSON pointer.
func escaped(key string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(key) }

var weekdays = [7]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

var weekdayNames = [7]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

const (
	daySeconds  = 24 * 60 * 60
	weekSeconds = 7 * daySeconds
)

// stretch is a piece of open time in seconds, of a day or of a week.
type stretch struct{ from, to int64 }

// plan is Hours, understood. Spans over midnight end beyond 24:00.
type plan struct {
	zone     *time.Location
	week     [7][]stretch
	special  map[int64][]stretch // by local date, in days since 1970; holidays have none
	zoneName string
	errs     Errors
	untold   int // mistakes past maxErrors
}

// maxErrors is how many mistakes are told one by one.
const maxErrors = 100

// The dates that Hours may name, in days since 1970.
const (
	firstDate = 0
	lastDate  = 47_481 // 2099-12-31
)

// understand reads hours and collects what is wrong with them.
func understand(h Hours) *plan {
	p := &plan{special: map[int64][]stretch{}}
	p.zoneName = cmp.Or(h.Zone, "UTC")
	zone, err := loadZone(p.zoneName)
	if err != nil {
		p.errs = append(p.errs, err)
	}
	p.zone = zone
	p.readWeek(h.Week)
	seen := map[int64]bool{}
	for i, text := range h.Holidays {
		path := fmt.Sprintf("/holidays/%d", i)
		date, ok := p.date(path, text)
		if ok && seen[date] {
			p.fail(path, fmt.Sprintf("%s is a holiday already", text), "")
		}
		if ok {
			seen[date] = true
			p.special[date] = nil
		}
	}
	for _, text := range slices.Sorted(maps.Keys(h.Exceptions)) {
		path := "/exceptions/" + escaped(text)
		date, ok := p.date(path, text)
		spans := p.spans(path, text, h.Exceptions[text])
		if ok {
			p.special[date] = spans
		}
	}
	if p.untold > 0 {
		p.errs = append(p.errs, &Error{Message: fmt.Sprintf("and %d more mistakes", p.untold)})
	}
	return p
}

func (p *plan) fail(path, message, hint string) {
	if len(p.errs) >= maxErrors {
		p.untold++
		return
	}
	p.errs = append(p.errs, &Error{path, message, hint})
}

func (p *plan) readWeek(week map[string][]string) {
	open := false
	for day, name := range weekdays {
		path := "/week/" + name
		p.week[day] = p.spans(path, weekdayNames[day], week[name])
		open = open || len(week[name]) > 0
	}
	for _, name := range slices.Sorted(maps.Keys(week)) {
		if !slices.Contains(weekdays[:], name) {
			open = open || len(week[name]) > 0
			hint := "the days are " + strings.Join(weekdays[:], ", ")
			if short := strings.ToLower(name[:min(3, len(name))]); slices.Contains(weekdays[:], short) {
				hint = fmt.Sprintf("did you mean %q?", short)
			}
			p.fail("/week/"+escaped(name), fmt.Sprintf("there is no day %q in a week", name), hint)
		}
	}
	if !open {
		p.fail("/week", "this week never opens, so no deadline could ever come", `write for example "mon": ["09:00-17:00"]`)
	}
	for day := range p.week { // what runs into the next day
		next := (day + 1) % 7
		for i, t := range p.week[next] {
			last := len(p.week[day]) - 1 // only the last of a day can run into the next one
			if last < 0 || p.week[day][last].to-daySeconds <= t.from {
				break
			}
			p.fail(fmt.Sprintf("/week/%s/%d", weekdays[next], i), fmt.Sprintf("%s of %s overlaps %s of %s",
				t, weekdayNames[next], p.week[day][last], weekdayNames[day]), "")
		}
	}
}

// date reads a date as days since 1970.
func (p *plan) date(path, text string) (int64, bool) {
	t, err := time.Parse(time.DateOnly, text)
	days := t.Unix() / daySeconds
	switch {
	case err != nil:
		p.fail(path, fmt.Sprintf("%q is no date", text), "write the year, the month and the day, as in 2026-12-25")
	case days < firstDate || days > lastDate:
		p.fail(path, fmt.Sprintf("%s is out of reach", text), "dates from 1970 to 2099 can be named")
	default:
		return days, true
	}
	return 0, false
}

// spans reads the spans of a day, sorted.
func (p *plan) spans(path, day string, texts []string) []stretch {
	var out []stretch
	for i, text := range texts {
		s, hint := readSpan(text)
		if hint != "" {
			p.fail(fmt.Sprintf("%s/%d", path, i), fmt.Sprintf("%q is no span of time", text), hint)
			continue
		}
		if at := slices.IndexFunc(out, func(other stretch) bool { return s.from < other.to && other.from < s.to }); at >= 0 {
			p.fail(fmt.Sprintf("%s/%d", path, i), fmt.Sprintf("%s overlaps %s of %s", s, out[at], day), "")
			continue
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	return out
}

// readSpan reads "09:00-17:00"; a hint tells what is wrong with it.
func readSpan(text string) (s stretch, hint string) {
	const form = "write two digits each and a plain hyphen: 09:00-17:00"
	from, to, dashed := strings.Cut(text, "-")
	start, ok1 := readTime(from)
	end, ok2 := readTime(to)
	switch {
	case !dashed || !ok1 || !ok2:
		return s, form
	case start == daySeconds:
		return s, "24:00 only ends a day; the next one begins at 00:00"
	case start == end:
		return s, "it starts and ends at the same time; the whole day is 00:00-24:00"
	case end < start:
		end += daySeconds
	}
	return stretch{start, end}, ""
}

// readTime reads "09:30", up to "24:00", in seconds.
func readTime(text string) (int64, bool) {
	if len(text) != len("00:00") || text[2] != ':' {
		return 0, false
	}
	for _, i := range [...]int{0, 1, 3, 4} {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
	}
	hour, minute := int64(text[0]-'0')*10+int64(text[1]-'0'), int64(text[3]-'0')*10+int64(text[4]-'0')
	if minute > 59 || hour > 24 || hour == 24 && minute > 0 {
		return 0, false
	}
	return hour*60*60 + minute*60, true
}

// String writes a stretch of a day as Hours do.
func (s stretch) String() string {
	end := s.to
	if end > daySeconds {
		end -= daySeconds
	}
	clock := func(sec int64) string { return fmt.Sprintf("%02d:%02d", sec/3600, sec/60%60) }
	return clock(s.from) + "-" + clock(end)
}

// opening returns the spans that open on a local date.
func (p *plan) opening(day int64) []stretch {
	if spans, ok := p.special[day]; ok {
		return spans
	}
	return p.week[weekday(day)]
}

// on returns the open time of a local date, that of a night begun the day before
// included, within 00:00-24:00.
func (p *plan) on(day int64) []stretch {
	var out []stretch
	for _, s := range p.opening(day - 1) {
		if s.to > daySeconds {
			out = append(out, stretch{0, s.to - daySeconds})
		}
	}
	for _, s := range p.opening(day) {
		out = append(out, stretch{s.from, min(s.to, daySeconds)})
	}
	return out
}

// unusual lists, in order, the local dates that may differ from the week: those
// named, and those into which such a night, or the one it replaces, runs.
func (p *plan) unusual() []int64 {
	var days []int64
	nightly := func(spans []stretch) bool {
		return slices.ContainsFunc(spans, func(s stretch) bool { return s.to > daySeconds })
	}
	for day, spans := range p.special { // sorted below
		days = append(days, day)
		if nightly(spans) || nightly(p.week[weekday(day)]) {
			days = append(days, day+1)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// weekday counts from Monday; day 0, 1970-01-01, was a Thursday.
func weekday(day int64) int { return int(floorMod(day+3, 7)) }

// canonical writes the plan such that equal ones, and only those, read alike.
func (p *plan) canonical() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q", p.zoneName)
	for _, spans := range p.week {
		fmt.Fprintf(&b, "%d", spans)
	}
	for _, day := range slices.Sorted(maps.Keys(p.special)) {
		fmt.Fprintf(&b, "%d %d", day, p.special[day])
	}
	return b.String()
}
