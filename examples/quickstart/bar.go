package main

import (
	"fmt"
	"strings"

	"github.com/escalade-go/escalade/sla"
)

const (
	cells   = 20 // of a bar, for the whole of what was promised
	overrun = 4  // marks for what is overdue, one for each begun quarter of the promise
	nothing = "no target"
)

// bar draws a clock: how much of what was promised is used up, where the warnings
// are and where it is due. All bars with the same warnings have the same width.
//
//	[##########------|----]        half of it
//	[==========------|----]        the same, of a clock that stands still
//	[################|####]>>      up to half as much again overdue
func bar(c sla.Clock, warnings []float64) string {
	var b strings.Builder
	fill, char := whole(c.Used*cells), byte('#')
	if !c.Running() {
		char = '='
	}
	b.WriteByte('[')
	for i := range cells {
		for _, w := range warnings {
			if i > 0 && whole(w*cells) == i {
				b.WriteByte('|')
			}
		}
		switch {
		case c.Target <= 0:
			b.WriteByte(' ')
		case i < fill:
			b.WriteByte(char)
		default:
			b.WriteByte('-')
		}
	}
	b.WriteByte(']')
	over := 0
	if c.Target > 0 && c.Elapsed > c.Target {
		over = min(overrun, 1+int(float64(c.Elapsed-c.Target-1)/float64(c.Target)*4))
	}
	return b.String() + strings.Repeat(">", over) + strings.Repeat(" ", overrun-over)
}

// whole rounds down: a bar must not show a warning or a due instant as reached
// before it is. The little that is added makes up for 0.7 * 20 and its like.
func whole(x float64) int { return int(x + 1e-9) }

// reading is a bar with its name and figures.
func reading(c sla.Clock, warnings []float64) string {
	name := strings.ReplaceAll(string(c.Metric), "_", " ")
	if c.Target <= 0 {
		return fmt.Sprintf("%-14s  %s  %s", name, bar(c, warnings), nothing)
	}
	return fmt.Sprintf("%-14s  %s %4d %% of %-5s  %s", name, bar(c, warnings), whole(100*c.Used), short(c.Target), standing(c))
}

// standing says in words where a clock stands.
func standing(c sla.Clock) string {
	overdue := c.Remaining < 0
	switch {
	case c.State == sla.Idle:
		return "nobody waits"
	case c.State == sla.Cancelled:
		return "cancelled " + stamp(c.Stopped)
	case c.State == sla.Met:
		return "met " + stamp(c.Stopped)
	case !c.Stopped.IsZero():
		return "late, done " + stamp(c.Stopped)
	case c.Paused() && overdue:
		return "paused, overdue by " + short(-c.Remaining)
	case c.Paused():
		return "paused with " + short(c.Remaining) + " left"
	case overdue:
		return "overdue since " + stamp(c.Due)
	case c.Breached(): // it was late under the target of an earlier priority
		return "was late, due " + stamp(c.Due)
	default:
		return "due " + stamp(c.Due)
	}
}
