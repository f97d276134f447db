package playbook

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

const day = 24 * time.Hour

var units = []struct {
	size  time.Duration
	names string
}{
	{time.Minute, "min m mn mins minute minutes"},
	{time.Hour, "h hr hrs hour hours heure heures"},
	{day, "d day days j jour jours"},
	{7 * day, "w week weeks semaine semaines"},
	{time.Second, "s sec secs second seconds seconde secondes"},
	{time.Millisecond, "ms"}, {time.Microsecond, "us µs μs"}, {time.Nanosecond, "ns"},
}

const longest = 100_000 * day

const timeHint = "write 15 min, 4 hours, 2 days or immediate, and – for no promise"

// readTarget reads a promised time as people write it: "15 min", "< 4 hours", "1h30",
// "2 jours", "Immediate", "–". The hint is what was probably meant where it is none.
func readTarget(text string) (target sla.Target, hint string, ok bool) {
	text = strings.ToLower(plain(text))
	if nothing(text) {
		return sla.Target{}, "", true
	}
	for _, before := range []string{"<", "≤", "=", "under ", "within ", "max ", "max. ", "in ", "up to ", "sous ", "moins de ", "en ", "dans les ", "dans "} {
		text = strings.TrimSpace(strings.TrimPrefix(text, before))
	}
	for _, word := range []string{"immediately", "immediate", "immédiatement", "immédiate", "immédiat", "at once", "tout de suite"} {
		if rest, found := strings.CutPrefix(text, word); found {
			target = sla.Immediately()
			if rest = strings.Trim(rest, " (),."); rest != "" {
				target.Within, hint, ok = readDuration(rest)
				return target, hint, ok
			}
			return target, "", true
		}
	}
	target.Within, hint, ok = readDuration(text)
	return target, hint, ok
}

// readDuration reads figures with their units.
func readDuration(text string) (total time.Duration, hint string, ok bool) {
	hint = timeHint
	last := time.Duration(0) // the unit before
	rest := strings.TrimRight(strings.ToLower(text), ". ")
	for rest != "" {
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		for _, joint := range []string{"and ", "et ", ", "} {
			if total > 0 {
				rest = strings.TrimPrefix(rest, joint)
			}
		}
		end := len(rest) - len(strings.TrimLeft(rest, "0123456789.,"))
		n, err := strconv.ParseFloat(strings.ReplaceAll(rest[:end], ",", "."), 64)
		if err != nil {
			return 0, hint, false
		}
		figure := rest[:end]
		rest = strings.TrimLeftFunc(rest[end:], unicode.IsSpace)
		end = strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && r != 'µ' })
		if end < 0 {
			end = len(rest)
		}
		size := time.Duration(0)
		word := rest[:end]
		rest = rest[end:]
		for _, u := range units {
			if slices.Contains(strings.Fields(u.names), word) {
				size = u.size
			}
		}
		if word == "" && last == time.Hour && rest == "" { // 1h30
			size = time.Minute
		}
		if size == 0 {
			var known []string
			for _, u := range units {
				known = append(known, strings.Fields(u.names)...)
			}
			if guess := rules.Meant(word, known); guess != "" && len(word) > 2 {
				hint = guess
			}
			return 0, hint, false
		}
		if n > float64(longest/size) {
			return 0, "100,000 days are the most", false
		}
		if whole, err := strconv.ParseInt(figure, 10, 64); err == nil {
			total += time.Duration(whole) * size
		} else {
			total += time.Duration(math.Round(n * float64(size)))
		}
		if total > longest {
			return 0, "100,000 days are the most", false
		}
		last = size
	}
	return total, hint, total > 0
}

// sayTarget writes a target for people, in the words of a language; "–" promises nothing.
func sayTarget(t sla.Target, w *wording) string {
	switch {
	case t.IsZero():
		return "–"
	case t.Immediate && t.Duration() == sla.DefaultAcknowledgement:
		return w.immediate
	case t.Immediate:
		return w.immediate + " (" + sayDuration(t.Within, w) + ")"
	}
	return sayDuration(t.Within, w)
}

func sayDuration(d time.Duration, w *wording) string {
	count := func(n time.Duration, one, many string) string {
		if n == 1 {
			many = one
		}
		return strconv.FormatInt(int64(n), 10) + " " + many
	}
	switch {
	case d >= 3*day && d%day == 0:
		return count(d/day, w.day, w.days2)
	case d >= time.Hour && d%time.Hour == 0:
		return count(d/time.Hour, w.hour, w.hours)
	case d > 0 && d < 100*time.Minute && d%time.Minute == 0:
		return count(d/time.Minute, "min", "min")
	case d > 0 && d < day && d%time.Minute == 0:
		return count(d/time.Hour, "h", "h") + " " + count(d%time.Hour/time.Minute, "min", "min")
	}
	return sla.FormatDuration(d)
}
