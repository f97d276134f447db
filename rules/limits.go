package rules

import (
	"cmp"
	"fmt"
	"time"
)

// Limits bound what authors may write, so that rules can be taken from people who are
// not trusted. They are held before the text reaches a parser. A refusal names the
// limit. The zero Limits are the defaults.
type Limits struct {
	// Source is the length of a condition, an action, a name and a because in bytes;
	// zero: 16 KiB.
	Source int
	// Nesting is how deep brackets, signs and branches may stand in each other; zero:
	// 64. Do not go far beyond 1,000: the parser keeps its place on the stack.
	Nesting int
	// Cost is how many parts (names, figures, operations, calls) a condition may have,
	// each of which takes some 20 ns but for a search in a text; zero: 10,000. Tests
	// over lists may not stand in each other whatever the limit.
	Cost int
	// Pattern is how many steps (characters, classes, repetitions of them) the patterns
	// after matches may have in a condition; zero: 1,000. A text of a thousand characters
	// takes at most some 10 ms then.
	Pattern int
	// Rules is how many rules there may be; zero: 10,000.
	Rules int
	// Actions is how many a rule may have; zero: 100.
	Actions int
	// Every is the shortest time for every and poll; zero: a minute.
	Every time.Duration
}

func (l Limits) withDefaults() Limits {
	l.Source, l.Nesting, l.Cost = cmp.Or(l.Source, 16<<10), cmp.Or(l.Nesting, 64), cmp.Or(l.Cost, 10_000)
	l.Pattern = cmp.Or(l.Pattern, 1000)
	l.Rules, l.Actions, l.Every = cmp.Or(l.Rules, 10_000), cmp.Or(l.Actions, 100), cmp.Or(l.Every, time.Minute)
	return l
}

// few refuses more of something than a limit allows.
func (c *compiler[F]) few(part string, n, most int, what, limit string) bool {
	if n <= most {
		return true
	}
	c.fail(part, 0, TooLarge, fmt.Sprintf("there are %d %s, and %d are the most", n, what, most), "the limit is "+limit)
	return false
}
