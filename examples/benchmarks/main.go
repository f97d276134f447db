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
	lasts := flag.Duration("time", 300*time.Millisecond, "how long to measure each figure, in rounds of which the shortest counts")
	flag.Parse()
	err := flag.Set("test.benchtime", (*lasts / rounds).String())
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

// rounds is how often each figure is measured. The shortest counts: what else the machine
// is busy with can only add to it.
const rounds = 10

// A figure is what one call takes.
type figure struct {
	ns          float64
	allocations int64
}

// measure measures the calls in turn, round after round, so that they share what the
// machine is busy with.
func measure(calls ...func()) []figure {
	figures := make([]figure, len(calls))
	for round := range rounds {
		for i, call := range calls {
			r := testing.Benchmark(func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					call()
				}
			})
			f := figure{float64(r.T.Nanoseconds()) / float64(r.N), r.AllocsPerOp()}
			if round == 0 || f.ns < figures[i].ns {
				figures[i] = f
			}
		}
	}
	return figures
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
