//go:build !race

package rules_test

import "time"

// slow is longer than anything may take.
const slow = 2 * time.Second
