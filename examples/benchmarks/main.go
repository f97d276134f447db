// Command benchmarks measures escalade beside libraries that do a part of the same
// work, in one run on one machine, and prints the tables of the README.
//
//	cd examples/benchmarks && go run .
//
// What is compared gives equal answers, which its tests check.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"testing"
	"time"
)

func main() {
	testing.Init()
	lasts := flag.Duration("time", 300*time.Millisecond, "how long to measure each figure")
	flag.Parse()
	if err := flag.Set("test.benchtime", lasts.String()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	calendars(os.Stdout)
}

// measure returns the nanoseconds and the allocations of one call.
func measure(f func()) (float64, int64) {
	r := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f()
		}
	})
	return float64(r.T.Nanoseconds()) / float64(r.N), r.AllocsPerOp()
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

// row prints a line of a table.
func row(w io.Writer, cells ...string) {
	for _, cell := range cells {
		fmt.Fprintf(w, "| %s ", cell)
	}
	fmt.Fprintln(w, "|")
}
