package main

import (
	"bytes"
	"flag"
	"io"
	"strings"
	"testing"
)

// once lets each figure be measured once: what figures are is not looked at.
func once(t *testing.T) {
	time := flag.Lookup("test.benchtime").Value
	before := time.String()
	t.Cleanup(func() { _ = time.Set(before) })
	if err := time.Set("1x"); err != nil {
		t.Fatal(err)
	}
}

// TestTheTables: every table is whole.
func TestTheTables(t *testing.T) {
	once(t)
	for name, table := range map[string]struct {
		print       func(io.Writer)
		lines, bars int
	}{
		"rules":     {func(w io.Writer) { ruleSets(w, []int{10, 100}) }, 2 + len(engines) + 2, 5},
		"decisions": {decisions, 5, 4},
		"mood":      {moods, 4, 5},
		"calendars": {calendars, 10, 7},
		"memory":    {func(w io.Writer) { memory(w, 20) }, 5, 5},
	} {
		var out bytes.Buffer
		table.print(&out)
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		if len(lines) != table.lines {
			t.Errorf("%s: %d lines:\n%s", name, len(lines), &out)
		}
		for _, line := range lines {
			if strings.Count(line, "|") != table.bars {
				t.Errorf("%s: %s", name, line)
			}
		}
	}
}

func TestShowOneTable(t *testing.T) {
	once(t)
	if err := show(io.Discard, []string{"rulez"}); err == nil || err.Error() != `there is no table "rulez"` {
		t.Error(err)
	}
	var out bytes.Buffer
	if err := show(&out, []string{"mood"}); err != nil || !strings.HasPrefix(out.String(), "| mood") || strings.Contains(out.String(), "\n\n") {
		t.Errorf("%v\n%s", err, &out)
	}
}
