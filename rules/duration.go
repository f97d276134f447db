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

// maxDuration bounds what can be written, so that nothing overflows.
const maxDuration = 100_000 * 24 * time.Hour

// ParseDuration reads a duration as rules write it: "30m", "4h", "2d" (48
// hours), "1d12h". It must be longer than nothing, and at most 100,000 days.
func ParseDuration(text string) (time.Duration, error) {
	wrong := fmt.Errorf("%q is no duration (write 30m, 4h or 2d)", text)
	if strings.Trim(text, "0123456789.dhmsnuµμ") != "" { // no signs, spaces or other ways to write numbers
		return 0, wrong
	}
	var total time.Duration
	rest := text
	if days, after, found := strings.Cut(text, "d"); found {
		n, err := strconv.ParseFloat(days, 64)
		if err != nil || n > float64(maxDuration/(24*time.Hour)) {
			return 0, wrong
		}
		total, rest = time.Duration(n*float64(24*time.Hour)), after
	}
	if rest != "" {
		d, err := time.ParseDuration(rest)
		if err != nil || d > maxDuration-total {
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
