// Command benchmarks measures escalade beside libraries that do a part of the same
// work, in one run on one machine, and prints the tables of the README.
//
//	cd examples/benchmarks && go run .              # all tables
//	go run . -time 1s rules calendars               # some of them, with more patience
//
// The tables are
//
//	rules      which rules hold on a ticket, beside expr, cel-go, govaluate and OPA
//	decisions  a whole decision, beside the conditions of the same rules in expr
//	mood       the mood of a message, beside govader
//	calendars  open time, beside rickar/cal
//	memory     what engines keep, beside bare expr programs
//
// What is compared gives equal answers, which its tests check. Mood is the exception:
// two analyzers have two opinions.
package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"testing"
	"time"
)

type table struct {
	name  string
	print func(io.Writer)
}

// tables are all there are, in the order of the README.
var tables = []table{
	{"rules", func(w io.Writer) { ruleSets(w, []int{10, 100, 1_000, 10_000}) }},
	{"decisions", decisions},
	{"mood", moods},
	{"calendars", calendars},
	{"memory", func(w io.Writer) { memory(w, 3_000) }},
}

func main() {
	testing.Init()
	lasts := flag.Duration("time", 300*time.Millisecond, "how long to measure each figure, in passes of which the shortest counts")
	flag.Parse()
	err := flag.Set("test.benchtime", (*lasts / passes).String())
	if err == nil {
		err = show(os.Stdout, flag.Args())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// show prints the tables with these names, in this order; all of them if there are none.
func show(w io.Writer, names []string) error {
	chosen := tables
	if len(names) > 0 {
		chosen = nil
	}
	for _, name := range names {
		at := slices.IndexFunc(tables, func(t table) bool { return t.name == name })
		if at < 0 {
			return fmt.Errorf("there is no table %q", name)
		}
		chosen = append(chosen, tables[at])
	}
	for i, t := range chosen {
		if i > 0 {
			fmt.Fprintln(w)
		}
		t.print(w)
	}
	return nil
}

// passes is how often each figure is measured. The shortest counts: what else the machine
// is busy with can only add to it.
const passes = 5

// measure returns the nanoseconds and the allocations of one call.
func measure(f func()) (float64, int64) {
	least, allocations := math.Inf(1), int64(0)
	for range passes {
		r := testing.Benchmark(func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
		least, allocations = min(least, float64(r.T.Nanoseconds())/float64(r.N)), r.AllocsPerOp()
	}
	return least, allocations
}

// short writes nanoseconds with three digits.
func short(ns float64) string {
	switch {
	case ns < 1e3:
		return fmt.Sprintf("%.0f ns", ns)
	case ns < 1e5:
		return fmt.Sprintf("%.1f µs", ns/1e3)
	case ns < 1e6:
		return fmt.Sprintf("%.0f µs", ns/1e3)
	}
	return fmt.Sprintf("%.2f ms", ns/1e6)
}

// times writes how many times longer the second takes.
func times(first, second float64) string {
	ratio := second / first
	digits := 0
	if ratio < 10 {
		digits = 1
	}
	return fmt.Sprintf("**%.*f x**", digits, ratio)
}

// head prints the names of the columns.
func head(w io.Writer, cells ...string) {
	row(w, cells...)
	line := make([]string, len(cells))
	for i := range line {
		line[i] = "---"
	}
	row(w, line...)
}

// row prints a line of a table.
func row(w io.Writer, cells ...string) {
	for _, cell := range cells {
		fmt.Fprintf(w, "| %s ", cell)
	}
	fmt.Fprintln(w, "|")
}
