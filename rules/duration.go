package rules

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// units, largest first; a day is 24 hours, whatever a calendar says.
var units = [...]struct {
	name string
	size time.Duration
}{
	{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second},
	{"ms", time.Millisecond}, {"us", time.Microsecond}, {"ns", time.Nanosecond},
}

// ParseDuration reads a duration as rules write it: "30m", "4h", "2d" (48
// hours), "1d12h". It must be longer than nothing.
func ParseDuration(text string) (time.Duration, error) {
	wrong := fmt.Errorf("%q is no duration (write 30m, 4h or 2d)", text)
	days, rest, found := strings.Cut(text, "d")
	var total time.Duration
	if found {
		n, err := strconv.ParseFloat(days, 64)
		if err != nil || n < 0 || n > 100_000 {
			return 0, wrong
		}
		total = time.Duration(n * float64(24*time.Hour))
	} else {
		rest = text
	}
	if rest != "" {
		d, err := time.ParseDuration(rest)
		if err != nil || d < 0 || strings.ContainsAny(rest, "+-") {
			return 0, wrong
		}
		total += d
	}
	if total <= 0 {
		return 0, wrong
	}
	return total, nil
}

// formatDuration is the inverse of ParseDuration: the shortest spelling.
func formatDuration(d time.Duration) string {
	if d == 0 {
		return "0s"
	}
	var b strings.Builder
	if d < 0 {
		b.WriteByte('-')
	}
	left := d.Abs()
	for _, u := range units {
		if n := left / u.size; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, u.name)
			left -= n * u.size
		}
	}
	return b.String()
}
