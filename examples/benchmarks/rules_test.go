package main

import (
	"slices"
	"testing"
)

// TestAllFindTheSameRules: the engines do the same work.
func TestAllFindTheSameRules(t *testing.T) {
	tickets := someTickets()
	for _, n := range []int{10, 100, 1_000} {
		list := someRules(n)
		found := map[bool]int{} // by whether they are found by keywords
		want := make([][]int, len(tickets))
		for k, e := range engines {
			match := e.load(list, tickets)
			for i := range tickets {
				got := match(i, nil)
				if k == 0 {
					want[i] = got
					for _, r := range got {
						found[list[r].words != nil]++
					}
				} else if !slices.Equal(got, want[i]) {
					t.Fatalf("%d rules, ticket %d: %s finds %v, %s %v", n, i, e.name, got, engines[0].name, want[i])
				}
			}
		}
		if share := float64(found[false]+found[true]) / float64(n*len(tickets)); n > 10 && (share < 0.005 || share > 0.015 || found[true] == 0) {
			t.Errorf("%d rules: %.1f %% hold, %v by keywords", n, 100*share, found)
		}
	}
}
