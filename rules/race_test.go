//go:build race

package rules_test

import "time"

// slow is longer than anything may take; the race detector slows all down.
const slow = 60 * time.Second
