package playbook

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/sla"
)

// matrix fills in the targets and fits them to the hours and the tiers.
func (d *designer) matrix() {
	for _, r := range rowTable {
		d.policy.Priorities = append(d.policy.Priorities, escalation.Priority{
			Name: d.in(r.name), Description: d.in(r.description),
			FirstResponse: sla.Within(d.hours(r.figure + "_first_response_hours")),
			Resolution:    sla.Within(d.hours(r.figure + "_resolution_hours")),
		})
	}
	if d.opening != nil {
		d.office()
	}
	for i := range d.policy.Priorities {
		d.fitTiers(&d.policy.Priorities[i])
	}
	warning, least := d.figures.use("warning"), time.Duration(d.figures.use("least_warning_minutes")*float64(time.Minute))
	d.policy.Warnings = []sla.Threshold{{Fraction: warning}}
	for _, r := range d.policy.Priorities {
		left := time.Duration((1 - warning) * float64(r.FirstResponse.Within))
		if left < least {
			d.pains["short"] = true
			d.short = append(d.short, r.Name)
			early := d.figures.use("early_warning")
			if d.policy.Warnings[0].Fraction == warning {
				d.policy.Warnings = []sla.Threshold{{Fraction: early}, {Fraction: warning}}
			}
			d.adapted = append(d.adapted, d.in(bilingual{
				fmt.Sprintf("A warning at %s of the first response of %s leaves %s: there is one at %s, too.", d.share(warning), r.Name, sla.FormatDuration(left.Round(time.Second)), d.share(early)),
				fmt.Sprintf("Une alerte à %s de la première réponse de la priorité %s laisse %s : il y en a aussi une à %s.", d.share(warning), r.Name, sla.FormatDuration(left.Round(time.Second)), d.share(early)),
			}))
		}
	}
}

// share writes a fraction as percent.
func (d *designer) share(v float64) string {
	return strings.Replace(number(math.Round(v*1000)/10), ".", d.in(bilingual{".", ","}), 1) + " %"
}

// office makes time count in the hours that the team has named.
func (d *designer) office() {
	span := fmt.Sprintf("%02d:%02d-%02d:%02d", d.opening.from/60, d.opening.from%60, d.opening.to/60, d.opening.to%60)
	week := map[string][]string{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
		week[day] = []string{span}
	}
	name := d.in(bilingual{"office", "bureau"})
	d.policy.Calendars = map[string]escalation.Calendar{name: {Hours: sla.Hours{Week: week}}}
	d.policy.Calendar = name
	d.adapt(bilingual{
		fmt.Sprintf("Time counts from Monday to Friday, %s, in UTC: set the zone of the calendar “%s”, and enter the holidays of this year and the next.", span, name),
		fmt.Sprintf("Le temps compte du lundi au vendredi, %s, en UTC : indiquez le fuseau du calendrier « %s » et saisissez les jours fériés de cette année et de la suivante.", span, name),
	})
	rows := d.policy.Priorities
	if d.onCall {
		rows[0].Calendar = "always"
		d.adapt(bilingual{
			fmt.Sprintf("%s counts around the clock, as somebody is on call.", rows[0].Name),
			fmt.Sprintf("La priorité %s compte jour et nuit, puisque quelqu'un est d'astreinte.", rows[0].Name),
		})
	} else {
		d.adapt(bilingual{
			fmt.Sprintf("So does %s: around the clock it would need somebody on call.", rows[0].Name),
			fmt.Sprintf("La priorité %s aussi : jour et nuit, il faudrait une astreinte.", rows[0].Name),
		})
	}
	// A promise of 24 hours means the next day to whoever reads it, and three days to a
	// calendar of eight hours.
	open := time.Duration(d.opening.to-d.opening.from) * time.Minute
	for i := range rows {
		if rows[i].Calendar != "" {
			continue
		}
		for _, target := range []struct {
			of    func(*escalation.Priority) *sla.Target
			label bilingual
		}{
			{func(r *escalation.Priority) *sla.Target { return &r.FirstResponse }, bilingual{"first response", "première réponse"}},
			{func(r *escalation.Priority) *sla.Target { return &r.Resolution }, bilingual{"resolution", "résolution"}},
		} {
			t := target.of(&rows[i])
			old := t.Within
			if old%day24 != 0 || open >= day24 {
				continue
			}
			t.Within = old / day24 * open
			if i > 0 && rows[i-1].Calendar == "" { // never sooner than what is more urgent
				t.Within = max(t.Within, target.of(&rows[i-1]).Within)
			}
			if t.Within%day24 == 0 {
				t.Within -= time.Minute // three days of eight hours are no day of 24
			}
			d.adapt(bilingual{
				fmt.Sprintf("%s, %s: %s are taken as %s, that is %s of office time.", rows[i].Name, target.label.en, inHours(old), plural(int(old/day24), "working day", "working days"), inHours(t.Within)),
				fmt.Sprintf("%s, %s : %s s'entendent comme %s, soit %s d'ouverture.", rows[i].Name, target.label.fr, inHours(old), plural(int(old/day24), "jour ouvré", "jours ouvrés"), inHours(t.Within)),
			})
		}
		if rows[i].FirstResponse.Within > rows[i].Resolution.Within {
			rows[i].FirstResponse = rows[i].Resolution
		}
	}
}

const day24 = 24 * time.Hour

// inHours writes a duration without days, which a calendar of hours does not have.
func inHours(t time.Duration) string {
	text := ""
	if h := t / time.Hour; h > 0 {
		text = fmt.Sprintf("%dh", h)
	}
	if rest := t % time.Hour; rest > 0 || text == "" {
		text += sla.FormatDuration(rest)
	}
	return text
}

func (d *designer) adapt(w bilingual) { d.adapted = append(d.adapted, d.in(w)) }

// fitTiers shortens the responses of tiers that together take longer than a priority
// may.
func (d *designer) fitTiers(r *escalation.Priority) {
	end, sum := r.Resolution.Within, time.Duration(0)
	shared := end // by the working tiers
	for i := range d.policy.Tiers {
		t := d.policy.Tiers[i].Response
		part := min(t.Duration(), r.FirstResponse.Within)
		if sum += part; t.Immediate {
			shared -= part
		}
	}
	if sum <= end || shared <= 0 { // no share of nothing would help
		return
	}
	whole := 0.0
	for i := range d.working {
		whole += d.figures.use(dutyTable[d.roles[i]].share)
	}
	var changed []string
	for i := range d.working {
		t := &d.policy.Tiers[i]
		part := time.Duration(d.figures.use(dutyTable[d.roles[i]].share) / whole * float64(shared))
		part = max(part.Truncate(roundTo(part)), time.Second)
		if part < t.Response.Within {
			changed = append(changed, fmt.Sprintf("%s %s → %s", spell(t.Name), sla.FormatDuration(t.Response.Within), sla.FormatDuration(part)))
			t.Response.Within = part
		}
	}
	d.adapt(bilingual{
		fmt.Sprintf("The answers of all tiers together took %s of the %s in which %s is to be resolved, so they are shortened to their shares: %s.", inHours(sum), inHours(end), r.Name, strings.Join(changed, ", ")),
		fmt.Sprintf("Les réponses de tous les niveaux prenaient ensemble %s sur les %s de résolution de la priorité %s ; elles sont ramenées à leur part : %s.", inHours(sum), inHours(end), r.Name, strings.Join(changed, ", ")),
	})
}

// roundTo is the step in which people write a duration.
func roundTo(t time.Duration) time.Duration {
	switch {
	case t >= time.Hour:
		return 5 * time.Minute
	case t >= time.Minute:
		return time.Minute
	}
	return time.Second
}
