package sla

import (
	_ "embed" // for the names of the zones
	"fmt"
	"slices"
	"strings"
	"time"
)

// zoneList are the names of the IANA time zone database (public domain), for
// guesses only: which zones there are is for the machine's own data to say.
//
//go:embed zones.txt
var zoneList string

// loadZone finds a zone by its exact IANA name.
func loadZone(name string) (*time.Location, *Error) {
	fail := func(message, hint string) (*time.Location, *Error) {
		return time.UTC, &Error{"/zone", message, hint}
	}
	if name == "Local" {
		return fail("Local is another zone on every machine", "name one, such as Europe/Paris")
	}
	zones := strings.Fields(zoneList)
	known := slices.Contains(zones, name)
	if !known { // some machines find "europe/paris" too
		for _, zone := range zones {
			if strings.EqualFold(zone, strings.ReplaceAll(strings.TrimSpace(name), " ", "_")) {
				return fail(fmt.Sprintf("there is no time zone %q", name), fmt.Sprintf("did you mean %q?", zone))
			}
		}
	}
	zone, err := time.LoadLocation(name)
	// New zones are cities. What else a machine knows by a name of its own, such as
	// localtime or right/Europe/Paris, is not the same everywhere.
	city := strings.Contains(name, "/") && !strings.HasPrefix(name, "right/") && !strings.HasPrefix(name, "posix/")
	switch {
	case err == nil && (known || city):
		return zone, nil
	case known:
		return fail(fmt.Sprintf("this machine has no data on the time zone %q", name), `import _ "time/tzdata" into the program to bring them along`)
	}
	hint := meant(name, zones)
	if hint == "" { // the city alone, or under the wrong continent
		city := strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], " ", "_")
		for _, zone := range zones {
			if city != "" && strings.EqualFold(zone[strings.LastIndexByte(zone, '/')+1:], city) {
				hint = fmt.Sprintf("did you mean %q?", zone)
				break
			}
		}
	}
	if hint == "" {
		hint = "write an IANA name, such as Europe/Paris or America/New_York"
	}
	return fail(fmt.Sprintf("there is no time zone %q", name), hint)
}

// meant returns the hint for a misspelt name, with the nearest of the candidates,
// the first of equals; empty when nothing is near.
func meant(got string, candidates []string) string {
	best, nearest := "", 1+max(1, len(got)/4)
	for _, c := range candidates {
		if d := distance(strings.ToLower(got), strings.ToLower(c)); d < nearest {
			best, nearest = c, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// distance is the number of letters to insert, delete, change or swap with their
// neighbour.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return len(a) + len(b)
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
