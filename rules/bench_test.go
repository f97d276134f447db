package rules_test

import (
	"testing"
	"time"

	"github.com/escalade-go/escalade/rules"
)

// ten is a rule set as teams have them.
var ten = []string{
	`clock.used >= 0.8`,
	`ticket.priority == "High" and clock.remaining < duration("30m")`,
	`mood == "angry" and ticket.contacts > 5`,
	`contains_keywords(["lawyer", "sue", "court"])`,
	`ticket.contacts >= 4`,
	`customer.plan == "Gold" and customer.vip`,
	`ticket.revenue > param.limit and ticket.status == "Pending"`,
	`ticket.open and ticket.age >= duration("3d")`,
	`"vip" in ticket.tags or ticket.priority in ["Critical"]`,
	`not (ticket.open or ticket.contacts < 3) and ticket.effort > duration("1h")`,
}

func BenchmarkCompile(b *testing.B) {
	v := vocabulary()
	list := conditional(ten[1])
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rules.Compile(list, v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompileTen(b *testing.B) {
	v := vocabulary()
	list := conditional(ten...)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rules.Compile(list, v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHoldsTen(b *testing.B) {
	set := compile(b, ten...)
	j := set.Judge()
	f := sample()
	f.Hits = []bool{false}
	j.Look(f)
	b.ReportAllocs()
	for b.Loop() {
		for i := range set.Len() {
			if holds, err := j.Holds(i); holds || err != nil {
				b.Fatal(set.Rule(i).If, err)
			}
		}
	}
}

func BenchmarkLook(b *testing.B) {
	j := compile(b, ten...).Judge()
	f := sample()
	b.ReportAllocs()
	for b.Loop() {
		j.Look(f)
	}
}

// The facts are boxed when the first clause is run on them.
func BenchmarkLookAndHold(b *testing.B) {
	j := compile(b, ten...).Judge()
	f := sample()
	b.ReportAllocs()
	for b.Loop() {
		j.Look(f)
		j.Holds(0)
	}
}

func BenchmarkNextTen(b *testing.B) {
	v := vocabulary()
	for i := range v.Facts { // the search of the test kit is not what is measured
		if v.Facts[i].When != nil {
			v.Facts[i].When = func(f *facts, _ any) time.Time { return f.now.Add(1) }
		}
	}
	set := rules.MustCompile(conditional(ten...), v)
	j := set.Judge()
	j.Look(sample())
	b.ReportAllocs()
	for b.Loop() {
		for i := range set.Len() {
			j.Next(i)
		}
	}
}

func BenchmarkClauses(b *testing.B) {
	j := judge(b, `customer.vip and (ticket.contacts > 2 or mood == "calm")`, sample())
	b.ReportAllocs()
	for b.Loop() {
		j.Clauses(0)
	}
}
