package main

import (
	"fmt"
	"io"
	"time"
	_ "time/tzdata" // New York on any machine

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/us"

	"github.com/escalade-go/escalade/sla"
)

// spans are the amounts of open time that are added and measured.
var spans = []time.Duration{8 * time.Hour, 48 * time.Hour, 400 * time.Hour, 2_000 * time.Hour}

// opened is a Wednesday morning in New York.
func opened() time.Time {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return time.Date(2026, 3, 4, 10, 17, 23, 0, zone)
}

// theirs is an office in New York, Monday to Friday from nine to five, closed on ten
// holidays a year.
func theirs(cached bool) *cal.BusinessCalendar {
	c := cal.NewBusinessCalendar()
	c.Cacheable = cached
	c.AddHoliday(us.NewYear, us.MlkDay, us.PresidentsDay, us.MemorialDay, us.IndependenceDay,
		us.LaborDay, us.ColumbusDay, us.VeteransDay, us.ThanksgivingDay, us.ChristmasDay)
	return c
}

// ours is the same office: its holidays are the days that theirs observes.
func ours() *sla.Calendar {
	h := sla.Hours{Zone: "America/New_York", Week: map[string][]string{}}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
		h.Week[day] = []string{"09:00-17:00"}
	}
	c := theirs(true)
	for day := time.Date(2020, 1, 1, 0, 0, 0, 0, opened().Location()); day.Year() < 2035; day = day.AddDate(0, 0, 1) {
		if _, observed, _ := c.IsHoliday(day); observed {
			h.Holidays = append(h.Holidays, day.Format(time.DateOnly))
		}
	}
	calendar, err := sla.NewCalendar(h)
	if err != nil {
		panic(err)
	}
	return calendar
}

// calendars prints how long it takes to add and to measure open time.
func calendars(w io.Writer) {
	cells := []string{"open time"}
	for _, d := range spans {
		cells = append(cells, fmt.Sprintf("%d h", d/time.Hour))
	}
	head(w, append(cells, "allocations")...)

	c, cached, uncached, from := ours(), theirs(true), theirs(false), opened()
	add, between := map[string][]float64{}, map[string][]float64{}
	contest := func(into map[string][]float64, what, who string, f func(d time.Duration, to time.Time)) {
		cells, most := []string{who + ", " + what}, int64(0)
		for _, d := range spans {
			to := c.Add(from, d)
			ns, allocations := measure(func() { f(d, to) })
			into[who] = append(into[who], ns)
			cells, most = append(cells, short(ns)), max(most, allocations)
		}
		row(w, append(cells, fmt.Sprint(most))...)
	}
	const us, them, themCached = "escalade", "rickar/cal", "rickar/cal, cached"
	contest(add, "add", us, func(d time.Duration, _ time.Time) { _ = c.Add(from, d) })
	contest(add, "add", themCached, func(d time.Duration, _ time.Time) { _ = cached.AddWorkHours(from, d) })
	contest(add, "add", them, func(d time.Duration, _ time.Time) { _ = uncached.AddWorkHours(from, d) })
	ratios(w, "add", add[us], add[themCached])
	contest(between, "measure", us, func(_ time.Duration, to time.Time) { _ = c.Between(from, to) })
	contest(between, "measure", themCached, func(_ time.Duration, to time.Time) { _ = cached.WorkHoursInRange(from, to) })
	contest(between, "measure", them, func(_ time.Duration, to time.Time) { _ = uncached.WorkHoursInRange(from, to) })
	ratios(w, "measure", between[us], between[themCached])
}

// ratios prints how many times longer the second takes.
func ratios(w io.Writer, what string, first, second []float64) {
	cells := []string{"**cached : escalade, " + what + "**"}
	for i := range first {
		cells = append(cells, times(first[i], second[i]))
	}
	row(w, append(cells, "")...)
}
