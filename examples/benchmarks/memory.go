package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/sla"
)

// tenant is the policy of one of many that share a process: twelve rules of the standard
// ones, with hours, names, promises and figures of its own.
func tenant(n int) escalation.Policy {
	p := escalation.Standard()
	p.Name = fmt.Sprintf("Tenant %d", n)
	p.Rules = append(p.Rules[:n%13], p.Rules[n%13+1:]...)
	for i := range p.Rules {
		p.Rules[i].Because = fmt.Sprintf("%s (%s)", p.Rules[i].Because, p.Name)
	}
	for i := range p.Tiers {
		p.Tiers[i].Title = fmt.Sprintf("%s of %s", p.Tiers[i].Title, p.Name)
	}
	for i := range p.Priorities {
		p.Priorities[i].Resolution.Within += time.Duration(n%7) * time.Hour
	}
	p.Params["revenue_threshold"], p.Params["ltv_threshold"] = float64(500+n%40*50), float64(5_000+n)

	// A few kinds of hours, as tenants have them; every fifth is always open.
	if zone := []string{"", "Europe/Paris", "America/New_York", "Asia/Tokyo", "Europe/London"}[n%5]; zone != "" {
		h := sla.Hours{Zone: zone, Week: map[string][]string{}, Holidays: []string{"2026-01-01", "2026-12-25"}}
		for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
			h.Week[day] = []string{[]string{"09:00-17:00", "08:30-18:00"}[n/5%2]}
		}
		p.Calendars, p.Calendar = map[string]escalation.Calendar{"office": {Hours: h}}, "office"
	}
	return p
}

// memory prints what engines keep.
func memory(w io.Writer, tenants int) {
	head(w, "engines in memory", "to compile one", "KiB each", "MiB in all")
	must(escalation.Compile(escalation.Standard(), nil)) // what all engines share
	line := func(what string, n int, compile func(i int) any) {
		kept, took := make([]any, n), make([]time.Duration, n)
		before := heap()
		for i := range kept {
			began := time.Now()
			kept[i] = compile(i)
			took[i] = time.Since(began)
		}
		bytes := float64(heap() - before)
		slices.Sort(took) // half of them take less than the one in the middle
		row(w, what, short(float64(took[n/2])), fmt.Sprintf("%.0f", bytes/float64(n)/1024), fmt.Sprintf("%.1f", bytes/(1<<20)))
		runtime.KeepAlive(kept)
	}
	line("escalade, the standard policy with 13 rules, 50 times", 50, func(int) any { return must(escalation.Compile(escalation.Standard(), nil)) })
	line(fmt.Sprintf("escalade, %s tenants with 12 rules each", thousands(tenants)), tenants, func(i int) any {
		return must(escalation.Compile(tenant(i), nil))
	})
	line(fmt.Sprintf("plain expr, the programs of 12 conditions, %s times", thousands(tenants)), tenants, func(int) any {
		var programs []*vm.Program
		for _, c := range conditions[:12] {
			programs = append(programs, must(expr.Compile(c.condition, expr.Env(&standing{}), expr.AsBool())))
		}
		return programs
	})
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
