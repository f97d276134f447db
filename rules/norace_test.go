//go:build !race

package rules_test

import "time"

// slow is far longer than anything takes, and far shorter than what has no bound.
const slow = 10 * time.Second
