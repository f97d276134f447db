package playbook

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/sla"
)

// tiers decides how many tiers there are, and what they are called.
func (d *designer) tiers() {
	wanted, managed := d.bySize()
	s := d.structure
	var names []string
	if s.names != nil {
		names = slices.Clone(s.names)
		if last := len(names) - 1; says(names[last], managers) {
			managed, d.told = true, append(d.told, bilingual{"The last name of the structure is that of management.", "Le dernier nom de la structure est celui de la direction."})
			d.working = max(last, 1)
		} else {
			d.working = len(names)
		}
	} else if s.count > 0 {
		d.working = s.count
		if s.count > 3 { // four tiers are three and management
			d.working, managed = s.count-1, true
		}
	}
	known := d.profile.Agents > 0 || d.profile.Volume > 0
	switch {
	case d.working > wanted && known:
		d.told = append(d.told, bilingual{
			fmt.Sprintf("The present structure has more working tiers than the %d that the size suggests; they are kept, in their order.", wanted),
			fmt.Sprintf("La structure actuelle a plus de niveaux opérationnels que les %d que la taille suggère ; ils sont conservés, dans leur ordre.", wanted),
		})
	case d.working > 0 && d.working < wanted && known:
		d.told = append(d.told, bilingual{
			fmt.Sprintf("The present structure has %s; the size suggests %d, so the upper ones are new.", plural(d.working, "working tier", "working tiers"), wanted),
			fmt.Sprintf("La structure actuelle a %s ; la taille en suggère %d : les niveaux supérieurs sont nouveaux.", plural(d.working, "niveau opérationnel", "niveaux opérationnels"), wanted),
		})
		d.working = wanted
	case d.working == 0:
		d.working = wanted
	}
	d.working = max(d.working, 2)
	for _, name := range s.twice {
		d.told = append(d.told, bilingual{fmt.Sprintf("%q stands in the structure twice and is one tier.", name), fmt.Sprintf("« %s » figure deux fois dans la structure et fait un seul niveau.", name)})
	}
	if d.sensitive != "" && !managed {
		managed = true
		d.told = append(d.told, bilingual{
			fmt.Sprintf("Management is a tier whatever the size, because of “%s”.", spell(tidy(d.sensitive))),
			fmt.Sprintf("La direction est un niveau quelle que soit la taille, à cause de « %s ».", spell(tidy(d.sensitive))),
		})
	}
	if managed {
		d.told = append(d.told, bilingual{"Name a deputy for whoever is the management tier.", "Nommez un suppléant à la direction."})
	}
	total := d.working
	if managed {
		total++
	}
	for i := range total {
		r := specialist
		switch {
		case i == d.working:
			r = management
		case i == 0:
			r = frontline
		case i == d.working-1:
			r = engineering
		}
		d.roles = append(d.roles, r)
		d.policy.Tiers = append(d.policy.Tiers, d.tier(i, r, names))
	}
	if known {
		d.load()
	}
}

// bySize returns how many working tiers the size of the team suggests, and whether
// management is one more.
func (d *designer) bySize() (working int, managed bool) {
	agents, volume, f := d.profile.Agents, d.profile.Volume, d.figures
	var say []string
	if agents > 0 {
		say = append(say, d.in(bilingual{plural(agents, "agent", "agents"), plural(agents, "agent", "agents")}))
	}
	if volume > 0 {
		say = append(say, d.in(bilingual{d.count(float64(volume)) + " tickets a month", d.count(float64(volume)) + " tickets par mois"}))
	}
	d.size = strings.Join(say, d.in(bilingual{" and ", " et "}))
	if d.size == "" {
		return 3, d.structure.count == 0 // the framework
	}
	switch {
	case agents > 0 && float64(agents) <= f.use("small_team_agents") || volume > 0 && float64(volume) < f.use("small_team_tickets"):
		return 2, false
	case float64(agents) <= f.use("large_team_agents") && float64(volume) <= f.use("large_team_tickets"):
		return 3, false
	}
	return 3, true
}

func (d *designer) tier(i int, r role, names []string) escalation.Tier {
	duty := dutyTable[r]
	t := escalation.Tier{
		Name:  fmt.Sprintf("%s %d", d.in(bilingual{"Tier", "Niveau"}), i+1),
		Title: d.in(duty.title), Expertise: d.in(duty.expertise),
		Response: sla.Immediately(),
	}
	switch {
	case names == nil:
	case r == management && len(names) > d.working: // the structure has it
		t.Name = names[len(names)-1]
	case r == management:
		t.Name = d.in(bilingual{"Management", "Direction"})
	case i < len(names) && i < d.working:
		t.Name = names[i]
	}
	for taken := true; taken; { // a team may call its first tier Management, or Tier 2
		taken = slices.ContainsFunc(d.policy.Tiers, func(o escalation.Tier) bool { return strings.EqualFold(o.Name, t.Name) })
		if taken {
			t.Name += " +"
		}
	}
	for _, h := range duty.handles {
		t.Handles = append(t.Handles, d.in(h))
	}
	if d.working == 2 && r == engineering { // it is the specialists, too
		t.Title = d.in(bilingual{"Specialist and Engineering Support", "Support spécialisé et ingénierie"})
		t.Expertise = d.in(bilingual{"technical questions, billing and security", "les questions techniques, la facturation et la sécurité"})
		var all []string
		for _, h := range dutyTable[specialist].handles {
			all = append(all, d.in(h))
		}
		t.Handles = append(all, t.Handles...)
	}
	if duty.response != "" {
		t.Response = sla.Within(d.hours(duty.response))
	}
	if duty.parts != nil {
		t.Demands = escalation.Demands{Text: d.in(duty.text), Parts: slices.Clone(duty.parts)}
	}
	if r == frontline {
		r1, margin := d.figures.use("solved_at_tier_1"), d.figures.use("goal_margin")
		t.Goal = &escalation.Share{From: percent(max(0, r1-margin)), To: percent(min(1, r1+margin))}
	}
	return t
}

// percent rounds a share to a thousandth, so that it reads as it was meant.
func percent(share float64) float64 { return math.Round(share*1000) / 1000 }

// load tells what each working tier may expect.
func (d *designer) load() {
	if d.profile.Volume == 0 {
		return
	}
	v := float64(d.profile.Volume)
	var parts []string
	for i := range d.working {
		if i > 0 {
			solved := "solved_above"
			if i == 1 {
				solved = "solved_at_tier_1"
			}
			v *= 1 - d.figures.use(solved)
		}
		name := spell(d.policy.Tiers[i].Name)
		parts = append(parts, name+" "+d.count(v))
		if few := d.figures.use("fewest_tickets"); v < few {
			d.told = append(d.told, bilingual{
				fmt.Sprintf("%s would get fewer than %s tickets a month: think of leaving it out.", name, number(few)),
				fmt.Sprintf("%s recevrait moins de %s tickets par mois : envisagez de vous en passer.", name, number(few)),
			})
		}
	}
	list := strings.Join(parts, ", ")
	d.told = append(d.told, bilingual{"Expected tickets a month: " + list + ".", "Tickets attendus par mois : " + list + "."})
}

// count writes a number of tickets.
func (d *designer) count(v float64) string {
	if v < 10 && v != math.Trunc(v) {
		text := fmt.Sprintf("%.1f", v)
		return strings.TrimSuffix(strings.Replace(text, ".", d.in(bilingual{".", ","}), 1), ".0")
	}
	text := fmt.Sprintf("%.0f", v)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + d.in(bilingual{",", "\u00a0"}) + text[at:]
	}
	return text
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
