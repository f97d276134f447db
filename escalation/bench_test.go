package escalation_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/escalade-go/escalade/escalation"
)

// calmTicket has one message of 600 characters, about which nothing is to be done
// for a while.
func calmTicket() escalation.Ticket {
	text := strings.Repeat("We changed the address in the billing form and saved it, and the next invoice shows the new one. ", 7)[:600]
	return escalation.Ticket{
		ID: "T1", Subject: "Address on invoices", Priority: "Medium", Status: "Open", Tier: "Tier 1", CreatedAt: monday,
		Customer: escalation.Customer{ID: "c1", Name: "Ada", Tier: "pro"},
		Messages: []escalation.Message{{ID: "m1", At: monday, From: "customer", Text: text}},
	}
}

func BenchmarkDecideNothingFires(b *testing.B) {
	e := escalation.MustCompile(escalation.Standard(), nil)
	ticket := calmTicket()
	b.ReportAllocs()
	for b.Loop() {
		if d, err := e.Decide(ticket, monday.Add(time.Minute)); err != nil || len(d.Actions) > 0 {
			b.Fatal(d.Actions, err)
		}
	}
}

func BenchmarkDecideAskedAgain(b *testing.B) {
	e := escalation.MustCompile(escalation.Standard(), nil)
	ticket := calmTicket()
	d, _ := e.Decide(ticket, monday.Add(time.Minute))
	d.Apply(&ticket)
	b.ReportAllocs()
	for b.Loop() {
		if d, err := e.Decide(ticket, monday.Add(2*time.Minute)); err != nil || len(d.Actions) > 0 {
			b.Fatal(d.Actions, err)
		}
	}
}

func BenchmarkDecideThreeRulesFire(b *testing.B) {
	e := escalation.MustCompile(escalation.Standard(), nil)
	ticket := calmTicket()
	impact := 5000.0
	ticket.RevenueImpact, ticket.Customer.Tier = &impact, "Enterprise"
	b.ReportAllocs()
	for b.Loop() {
		if d, err := e.Decide(ticket, monday.Add(time.Minute)); err != nil || len(d.Reasons) != 3 {
			b.Fatal(d.Reasons, err)
		}
	}
}

func BenchmarkCompileStandard(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		escalation.MustCompile(escalation.Standard(), nil)
	}
}

// BenchmarkRetained shows what an engine of Standard() keeps in memory beside
// what all engines share.
func BenchmarkRetained(b *testing.B) {
	escalation.MustCompile(escalation.Standard(), nil)
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	const engines = 50
	for b.Loop() {
		before := heap()
		kept := make([]*escalation.Engine, engines)
		for i := range kept {
			kept[i] = escalation.MustCompile(escalation.Standard(), nil)
		}
		b.ReportMetric(float64(heap()-before)/engines, "B/engine")
		runtime.KeepAlive(kept)
	}
}
