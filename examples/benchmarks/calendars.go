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
	contest := func(what string, calls ...func(d time.Duration, to time.Time)) {
		took := make([][]figure, len(spans))
		for k, d := range spans {
			to, each := c.Add(from, d), make([]func(), len(calls))
			for i, call := range calls {
				each[i] = func() { call(d, to) }
			}
			took[k] = measure(each...)
		}
		for i, who := range []string{"escalade", "rickar/cal, cached", "rickar/cal"} {
			cells, most := []string{who + ", " + what}, int64(0)
			for _, figures := range took {
				cells, most = append(cells, short(figures[i].ns)), max(most, figures[i].allocations)
			}
			row(w, append(cells, fmt.Sprint(most))...)
		}
		cells := []string{"**cached : escalade, " + what + "**"}
		for _, figures := range took {
			cells = append(cells, times(figures[0].ns, figures[1].ns))
		}
		row(w, append(cells, "")...)
	}
	contest("add",
		func(d time.Duration, _ time.Time) { _ = c.Add(from, d) },
		func(d time.Duration, _ time.Time) { _ = cached.AddWorkHours(from, d) },
		func(d time.Duration, _ time.Time) { _ = uncached.AddWorkHours(from, d) })
	contest("measure",
		func(_ time.Duration, to time.Time) { _ = c.Between(from, to) },
		func(_ time.Duration, to time.Time) { _ = cached.WorkHoursInRange(from, to) },
		func(_ time.Duration, to time.Time) { _ = uncached.WorkHoursInRange(from, to) })
}
