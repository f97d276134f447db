package sla

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Metric names what a clock measures.
type Metric string

// The metrics; the package documentation says what each counts.
const (
	FirstResponse Metric = "first_response"
	NextResponse  Metric = "next_response"
	Resolution    Metric = "resolution"
	TierResponse  Metric = "tier_response"
)

// Metrics returns all metrics in the order in which [Read] returns their clocks.
func Metrics() [4]Metric {
	return [4]Metric{FirstResponse, NextResponse, Resolution, TierResponse}
}

// State is what a clock is doing.
type State string

// The states of a clock. The first that applies holds, in the order idle,
// cancelled, met or breached (of a clock that stopped), paused, breached (of one
// that runs on), running.
const (
	Idle    State = "idle"    // not started: nobody waits
	Running State = "running" // started, and in time so far
	Paused  State = "paused"  // stands still, by default while the ticket is pending or on hold

	// Met: stopped, with no breach on record. A clock without a target that
	// stopped is met too: nothing was promised, so nothing was broken.
	Met State = "met"

	// Breached: past its due instant, or with a breach on record from an earlier
	// target; stopped or running on.
	Breached State = "breached"

	// Cancelled: the ticket was solved or closed before an answer came. A breach
	// recorded until then stays, see Clock.BreachedAt.
	Cancelled State = "cancelled"
)

// Clock is one promise of a ticket as of an instant, the reading.
//
// A clock that stopped is frozen: its target, times and state stay what they
// were, whatever the priority becomes, until a reopening resumes it.
//
// In JSON, durations are text like "1h30m", and what does not apply is left out.
type Clock struct {
	Metric Metric
	Cycle  int // counts from 1; 0 while idle
	State  State

	Target    time.Duration // zero: nothing is promised
	Elapsed   time.Duration // the open time in which the clock ran, pauses left out
	Remaining time.Duration // Target-Elapsed, negative once more than the target is used up; the whole target while idle, zero without one
	Used      float64       // Elapsed/Target, 0 without a target

	Started time.Time // may lie ahead, see Choices.EnforcedFrom

	// Due is the last instant that is in time, if the clock runs on. It is zero
	// while the clock is idle or paused, and without a target. A clock that
	// stopped keeps the due instant it had then.
	Due time.Time

	// Warnings are when the thresholds of the agreement are reached: those reached so
	// far, and while the clock runs those to come. Only [Read] fills
	// them in; see [Tracker.Warnings].
	Warnings []Warning

	Stopped time.Time // by what was waited for, or by solving or closing; zero: not stopped

	// BreachedAt is the due instant that was the first to pass. If it was past only
	// because the priority or the agreement changed, or because of a reopening, it is
	// the instant of that. Zero: no breach.
	BreachedAt time.Time

	Immediate bool      // the target is an immediate one; not in JSON
	Calendar  *Calendar // when its time counts, nil for always; not in JSON

	// What When needs besides. A clock read from JSON has none of it.
	at   time.Time // the reading, or the start if that is later
	live bool
}

// Threshold is when a clock warns: as soon as a fraction of its target is used up, or
// as soon as no more than some time is left, in the time that the clock counts. In
// JSON it is a number, 0.8, or a text, "30m". The zero Threshold warns never, as does
// a fraction that is not above 0 and a time that is not below the target.
type Threshold struct {
	Fraction float64       // 0.8 for 80 %; may be above 1
	Left     time.Duration // if Fraction is 0
}

// of returns the time that is used up when a clock with that target warns.
func (t Threshold) of(target time.Duration) (time.Duration, bool) {
	if t.Fraction == 0 {
		return target - t.Left, t.Left > 0 && t.Left < target
	}
	return share(target, t.Fraction)
}

// MarshalJSON writes 0.8 or "30m".
func (t Threshold) MarshalJSON() ([]byte, error) {
	if t.Left != 0 && t.Fraction == 0 {
		return json.Marshal(FormatDuration(t.Left))
	}
	return json.Marshal(t.Fraction)
}

// UnmarshalJSON reads 0.8 or "30m", both above zero.
func (t *Threshold) UnmarshalJSON(src []byte) error {
	var text string
	var read Threshold
	if json.Unmarshal(src, &text) == nil {
		left, err := ParseDuration(text)
		share, _ := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
		switch {
		case share > 0 && strings.HasSuffix(text, "%"):
			return fmt.Errorf("%s of the target are written as %s, without quotes", text, strconv.FormatFloat(share/100, 'g', 6, 64))
		case share > 0:
			return fmt.Errorf("a share of the target is written without quotes: %s", text)
		case err != nil:
			return err
		}
		read.Left = left
	} else if json.Unmarshal(src, &read.Fraction) != nil {
		return errThreshold
	}
	if !(read.Fraction > 0) && read.Left <= 0 {
		return errThreshold
	}
	*t = read
	return nil
}

var errThreshold = errors.New("a warning is a share of the target, such as 0.8, or the time that is left, such as \"30m\", both above zero")

// Warning is an instant at which a clock warns, with the Threshold that it is for.
type Warning struct {
	At       time.Time
	Fraction float64
	Left     time.Duration
}

type warningJSON struct {
	At       time.Time    `json:"at"`
	Fraction float64      `json:"fraction,omitzero"`
	Left     durationText `json:"left,omitzero"`
}

// MarshalJSON writes at, and fraction or left.
func (w Warning) MarshalJSON() ([]byte, error) {
	return json.Marshal(warningJSON{w.At, w.Fraction, durationText(w.Left)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (w *Warning) UnmarshalJSON(src []byte) error {
	var in warningJSON
	if err := json.Unmarshal(src, &in); err != nil {
		return err
	}
	*w = Warning{in.At, in.Fraction, time.Duration(in.Left)}
	return nil
}

// Running reports whether time is being counted: the clock is started, not paused
// and not stopped. A breached clock runs on.
func (c Clock) Running() bool {
	return c.State == Running || c.State == Breached && c.Stopped.IsZero()
}

// Paused reports whether the clock stands still and would resume by itself.
func (c Clock) Paused() bool { return c.State == Paused }

// Breached reports whether a breach is on record, whatever the state is now.
func (c Clock) Breached() bool { return !c.BreachedAt.IsZero() }

// At returns the reading of a later instant, if nothing happens after the reading at
// hand: what [Tracker.Clock] would give then. A clock that does not run is the same at
// all times. So is, to it, an instant before the reading, and one read from JSON.
func (c Clock) At(t time.Time) Clock {
	t = t.Round(0)
	if !c.live {
		return c
	}
	if t.After(c.at) {
		c.Elapsed, c.at = plus(c.Elapsed, c.Calendar.Between(c.at, t)), t
		if c.Target > 0 {
			c.Remaining, c.Used = c.Target-c.Elapsed, used(c.Elapsed, c.Target)
		}
	}
	if !c.Breached() && !c.Due.IsZero() && t.After(c.Due) {
		c.State, c.BreachedAt = Breached, c.Due
	}
	return c
}

// When returns the first instant at which the clock will have used up elapsed if
// nothing happens after the reading. It is zero if that is never, because the
// clock is not running, or if it was so already at the reading. A clock read from
// JSON does not know.
func (c Clock) When(elapsed time.Duration) time.Time {
	if !c.live || elapsed <= c.Elapsed {
		return time.Time{}
	}
	return c.Calendar.Add(c.at, elapsed-c.Elapsed) // elapsed is above zero and Elapsed not below: no overflow
}

// WhenBreached returns the first instant at which a breach will be on record, under
// the terms of When: right after Due, which may be long before any more time counts.
func (c Clock) WhenBreached() time.Time {
	if !c.live || c.Breached() || c.Due.IsZero() {
		return time.Time{}
	}
	return c.Due.Add(1)
}

// WhenUsed returns the first instant at which Used will be at least fraction,
// under the terms of When. It agrees with Used to the nanosecond: a reading at
// that instant shows Used >= fraction, and one before does not.
func (c Clock) WhenUsed(fraction float64) time.Time {
	d, ok := share(c.Target, fraction)
	if !ok {
		return time.Time{}
	}
	return c.When(d)
}

// share returns the least time that is at least the fraction of the target. Not
// ok: there is none, because nothing is promised, the fraction is not above zero
// or its time is longer than a Duration.
//
// In floats 0.8 × 1h may come out a hair above 48m, and rounding that up would
// warn a nanosecond late. So the least time is defined by the very division that
// gives Used, and the product only says where to look.
func share(target time.Duration, fraction float64) (time.Duration, bool) {
	if target <= 0 || !(fraction > 0) {
		return 0, false
	}
	enough := func(d int64) bool { return used(time.Duration(d), target) >= fraction }
	if !enough(math.MaxInt64) {
		return 0, false
	}
	guess := math.Ceil(fraction * float64(target))
	if guess >= 1 && guess < math.MaxInt64 {
		if d := int64(guess); enough(d) && !enough(d-1) {
			return time.Duration(d), true
		}
	}
	low, high := int64(0), int64(math.MaxInt64) // !enough(low), enough(high)
	for high-low > 1 {
		if middle := low + (high-low)/2; enough(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return time.Duration(high), true
}

func used(elapsed, target time.Duration) float64 {
	if target <= 0 {
		return 0
	}
	return float64(elapsed) / float64(target)
}

// clockJSON is a Clock as hosts store it; the order of the keys is part of that.
type clockJSON struct {
	Metric     Metric        `json:"metric"`
	Cycle      int           `json:"cycle"`
	State      State         `json:"state"`
	Target     durationText  `json:"target,omitzero"`
	Elapsed    durationText  `json:"elapsed"`
	Remaining  *durationText `json:"remaining,omitempty"`
	Used       *float64      `json:"used,omitempty"`
	Started    time.Time     `json:"started,omitzero"`
	Due        time.Time     `json:"due,omitzero"`
	Warnings   []Warning     `json:"warnings,omitempty"`
	Stopped    time.Time     `json:"stopped,omitzero"`
	BreachedAt time.Time     `json:"breached_at,omitzero"`
}

type durationText time.Duration

func (d durationText) MarshalText() ([]byte, error) {
	return []byte(FormatDuration(time.Duration(d))), nil
}

func (d *durationText) UnmarshalText(text []byte) error {
	parsed, err := ParseDuration(string(text))
	*d = durationText(parsed)
	return err
}

// MarshalJSON writes the clock without its terms of When. Without a target there
// is no remaining and no used.
func (c Clock) MarshalJSON() ([]byte, error) {
	out := clockJSON{
		Metric: c.Metric, Cycle: c.Cycle, State: c.State,
		Target: durationText(c.Target), Elapsed: durationText(c.Elapsed),
		Started: c.Started, Due: c.Due, Warnings: c.Warnings,
		Stopped: c.Stopped, BreachedAt: c.BreachedAt,
	}
	if c.Target != 0 {
		out.Remaining, out.Used = (*durationText)(&c.Remaining), &c.Used
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes. Keys it does not know are ignored.
func (c *Clock) UnmarshalJSON(data []byte) error {
	var in clockJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	*c = Clock{
		Metric: in.Metric, Cycle: in.Cycle, State: in.State,
		Target: time.Duration(in.Target), Elapsed: time.Duration(in.Elapsed),
		Started: in.Started, Due: in.Due, Warnings: in.Warnings,
		Stopped: in.Stopped, BreachedAt: in.BreachedAt,
	}
	if in.Remaining != nil {
		c.Remaining = time.Duration(*in.Remaining)
	}
	if in.Used != nil {
		c.Used = *in.Used
	}
	return nil
}
