package sla

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// DefaultAcknowledgement is the time in which an immediate response is to be
// acknowledged, unless the target says another.
const DefaultAcknowledgement = 15 * time.Minute

// Target is a promised time. The zero Target promises nothing, so it is never
// breached; so does one with a negative time.
type Target struct {
	Within time.Duration // zero with Immediate: DefaultAcknowledgement

	// Immediate: somebody is to be called at once, at any hour. Within is then
	// the time until the acknowledgement.
	Immediate bool
}

// Within is the target of a response, or a resolution, within d.
func Within(d time.Duration) Target { return Target{Within: d} }

// Immediately is the target of an immediate response, acknowledged within
// [DefaultAcknowledgement].
func Immediately() Target { return Target{Within: DefaultAcknowledgement, Immediate: true} }

// IsZero reports whether the target promises nothing.
func (t Target) IsZero() bool { return t.Within <= 0 && !t.Immediate }

// Duration returns the promised time, zero if nothing is promised.
func (t Target) Duration() time.Duration {
	switch {
	case t.Within > 0:
		return t.Within
	case t.Immediate:
		return DefaultAcknowledgement
	}
	return 0
}

// sooner returns the stricter of two targets. One that promises nothing does not
// count; of two equal ones the immediate one is the stricter.
func (t Target) sooner(u Target) Target {
	switch {
	case u.IsZero():
		return t
	case t.IsZero():
		return u
	case u.Duration() < t.Duration(), u.Duration() == t.Duration() && u.Immediate:
		return u
	}
	return t
}

// String returns the target as a policy says it: "4h", "immediate", "immediate
// 10m", or "" for none.
func (t Target) String() string {
	switch {
	case t.IsZero():
		return ""
	case !t.Immediate:
		return FormatDuration(t.Within)
	case t.Duration() == DefaultAcknowledgement:
		return "immediate"
	}
	return "immediate " + FormatDuration(t.Within)
}

// MarshalText writes the target as String does.
func (t Target) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what MarshalText writes: a duration above zero,
// "immediate", "immediate" and a duration, or nothing at all.
func (t *Target) UnmarshalText(text []byte) error {
	s := string(text)
	if s == "" {
		*t = Target{}
		return nil
	}
	if s == "immediate" {
		*t = Immediately()
		return nil
	}
	duration, immediate := strings.CutPrefix(s, "immediate ")
	d, err := ParseDuration(duration)
	switch {
	case errors.Is(err, errNoDuration):
		return fmt.Errorf("%s is no target (write 30m, 4h, 2d or immediate)", quote(s))
	case err != nil:
		return err
	case d <= 0:
		return fmt.Errorf("a target of %s cannot be met (write a time above zero, or leave it empty to promise nothing)", quote(s))
	}
	*t = Target{Within: d, Immediate: immediate}
	return nil
}

const day = 24 * time.Hour

// units of a duration, the largest first. "us" comes before its other spellings,
// which are read and never written.
var units = [...]struct {
	name string
	size time.Duration
}{
	{"d", day}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second},
	{"ms", time.Millisecond}, {"us", time.Microsecond}, {"ns", time.Nanosecond},
}

func unitSize(name string) time.Duration {
	switch name {
	case "µs", "μs": // micro sign, Greek mu
		name = "us"
	}
	for _, u := range units {
		if u.name == name {
			return u.size
		}
	}
	return 0
}

// FormatDuration writes a duration in its shortest canonical form, which
// [ParseDuration] reads back: "15m", "1h30m", "2d", "1d12h", "1s500ms", "-4h",
// "0s". A day is 24 hours.
func FormatDuration(d time.Duration) string {
	if d == 0 {
		return "0s"
	}
	var buf [48]byte
	out := buf[:0]
	rest := uint64(d)
	if d < 0 {
		out = append(out, '-')
		rest = -rest // as an unsigned number even the lowest int64 has an opposite
	}
	for _, u := range units {
		if n := rest / uint64(u.size); n > 0 {
			out = strconv.AppendUint(out, n, 10)
			out = append(out, u.name...)
			rest %= uint64(u.size)
		}
	}
	return string(out)
}

var (
	errNoDuration  = errors.New("no duration")
	errTooLong     = errors.New("too long")
	errMissingUnit = errors.New("missing unit")
	errUnitOrder   = errors.New("unit order")
)

// durationError says in a policy author's words what is wrong with a duration.
type durationError struct {
	text string
	why  error
}

func (e *durationError) Unwrap() error { return e.why }

func (e *durationError) Error() string {
	text := quote(e.text)
	switch e.why {
	case errTooLong:
		return text + " is too long (the longest is 106751d)"
	case errMissingUnit:
		return text + " has no unit (write 30m, 4h or 2d)"
	case errUnitOrder:
		return text + " mixes up its units (write each once, the largest first, as in 1d12h)"
	}
	return text + " is no duration (write 30m, 4h or 2d)"
}

// ParseDuration reads a duration as policies write it: "15m", "4h", "2d" (48
// hours), "1d12h", "90s", "1.5h", "-30m". The units are d, h, m, s, ms, us and
// ns, each at most once, the largest first, and none may be left out. What is
// finer than a nanosecond is dropped.
func ParseDuration(s string) (time.Duration, error) {
	d, err := parseDuration(s)
	if err != nil {
		return 0, &durationError{s, err}
	}
	return d, nil
}

func parseDuration(s string) (time.Duration, error) {
	rest, negative := strings.CutPrefix(s, "-")
	if rest == "" {
		return 0, errNoDuration
	}
	var total uint64
	limit := uint64(math.MaxInt64)
	if negative {
		limit++
	}
	previous := time.Duration(math.MaxInt64)
	for rest != "" {
		var number, unit string
		number, rest = cutWhile(rest, numeric)
		unit, rest = cutWhile(rest, func(c byte) bool { return !numeric(c) })
		whole, fraction, dotted := strings.Cut(number, ".")
		if whole == "" || dotted && fraction == "" || strings.Contains(fraction, ".") {
			return 0, errNoDuration
		}
		if unit == "" {
			return 0, errMissingUnit
		}
		size := unitSize(unit)
		if size == 0 {
			return 0, errNoDuration
		}
		if size >= previous {
			return 0, errUnitOrder
		}
		previous = size
		amount, ok := times(whole, fraction, uint64(size))
		if !ok || amount > limit-total {
			return 0, errTooLong
		}
		total += amount
	}
	if negative {
		return -time.Duration(total), nil
	}
	return time.Duration(total), nil
}

func numeric(c byte) bool { return '0' <= c && c <= '9' || c == '.' }

func cutWhile(s string, in func(byte) bool) (head, tail string) {
	i := 0
	for i < len(s) && in(s[i]) {
		i++
	}
	return s[:i], s[i:]
}

// times returns whole.fraction × size, in integers: 1.1h is 66m to the
// nanosecond, which it would not be as a float. Not ok: it does not fit.
func times(whole, fraction string, size uint64) (uint64, bool) {
	n, err := strconv.ParseUint(whole, 10, 64)
	if err != nil {
		return 0, false
	}
	high, amount := bits.Mul64(n, size)
	if high != 0 {
		return 0, false
	}
	fraction = fraction[:min(len(fraction), 18)] // a day has 14 digits of nanoseconds
	if fraction == "" {
		return amount, true
	}
	f, err := strconv.ParseUint(fraction, 10, 64)
	if err != nil {
		return 0, false
	}
	scale := uint64(1)
	for range fraction {
		scale *= 10
	}
	high, low := bits.Mul64(f, size)
	part, _ := bits.Div64(high, low, scale) // f < scale, so the quotient is below size
	amount, carry := bits.Add64(amount, part, 0)
	return amount, carry == 0
}

// quote puts what an author wrote into an error message, shortened to what fits.
func quote(s string) string {
	const most = 40
	if len(s) <= most {
		return strconv.Quote(s)
	}
	return strconv.Quote(strings.ToValidUTF8(s[:most], "")) + "…"
}
