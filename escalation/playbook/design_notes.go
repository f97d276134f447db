package playbook

import (
	"fmt"
	"slices"
	"strings"
)

// notes tells what was decided and why, in quotes: what is quoted in a document is read as
// prose, whatever it looks like. The figures are a table, for they are read again.
func (d *designer) notes() []Note {
	var out []Note
	add := func(section string, paragraphs ...string) {
		paragraphs = slices.DeleteFunc(paragraphs, func(p string) bool { return p == "" })
		if len(paragraphs) > 0 {
			out = append(out, Note{section, quotation(strings.Join(paragraphs, "\n\n"))})
		}
	}
	add("Recommended Tier Structure", d.aboutTiers())
	add("SLA Matrix", strings.Join(d.adapted, "\n"))
	add("Escalation Rules", d.aboutIssues())
	add("Automation Recommendations", d.aboutPains(), d.aboutSwarm(), d.aboutMood(), d.aboutUnused(), d.aboutFindings())
	return append(out, Note{"Automation Recommendations", d.aboutFigures()})
}

// quotation makes a quotation of a text in Markdown.
func quotation(text string) string {
	return strings.ReplaceAll("> "+strings.ReplaceAll(text, "\n", "\n> "), "> \n", ">\n")
}

func (d *designer) aboutTiers() string {
	n := len(d.policy.Tiers)
	first := d.in(bilingual{fmt.Sprintf("%d tiers", n), fmt.Sprintf("%d niveaux", n)})
	switch {
	case d.size != "":
		first += d.in(bilingual{": ", "\u00a0: "}) + d.size + "."
	case d.structure.count > 0:
		first += d.in(bilingual{", as in the present structure: the size is not known.", ", comme dans la structure actuelle : la taille n'est pas connue."})
	default:
		first += d.in(bilingual{", those of the framework: neither the size nor the structure is known.", ", ceux du référentiel : ni la taille ni la structure ne sont connues."})
	}
	if !slices.Contains(d.roles, management) {
		first += d.in(bilingual{" The manager is a contact and no tier.", " Le responsable est un contact, pas un niveau."})
	}
	lines := []string{first}
	for _, w := range d.told {
		lines = append(lines, d.in(w))
	}
	return strings.Join(lines, "\n")
}

func (d *designer) aboutIssues() string {
	if len(d.issues) == 0 {
		return ""
	}
	lines := []string{d.in(bilingual{"Where the common issues enter (their names must be those of the categories in the helpdesk):", "Où entrent les sujets courants (leurs noms doivent être ceux des catégories du helpdesk) :"}), ""}
	for _, is := range d.issues {
		line := fmt.Sprintf("- %s → %s (%s)", spell(is.text), spell(d.policy.Tiers[is.tier].Name), d.in(is.kind.what))
		if is.kind.critical {
			line += d.fill(d.in(bilingual{", priority $critical, $manager told", ", priorité $critical, $manager prévenu"}), nil)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// aboutPains tells for each pain which rules and settings it has switched on, and what no
// policy can do about it.
func (d *designer) aboutPains() string {
	if len(d.treated) == 0 {
		return ""
	}
	lines := []string{d.in(bilingual{"What is done about the pain points:", "Ce qui répond aux difficultés :"}), ""}
	told := map[string]bool{}
	for _, t := range d.treated {
		var inside, outside []string
		for _, p := range t.as {
			if told[p.key] {
				inside = append(inside, d.in(bilingual{"see above", "voir plus haut"}))
				continue
			}
			told[p.key] = true
			inside = append(inside, d.aboutRules(d.written[p.key])...)
			if p.setting != (bilingual{}) {
				inside = append(inside, d.fill(d.in(p.setting), nil))
			}
			if p.outside != (bilingual{}) {
				outside = append(outside, d.fill(d.in(p.outside), nil))
			}
		}
		if inside == nil {
			inside = []string{d.in(bilingual{"nothing that a policy can say", "rien qu'une politique sache dire"})}
		}
		line := "- " + d.quote(t.text) + d.in(bilingual{": ", " : "}) + strings.Join(slices.Compact(inside), d.in(bilingual{"; ", " ; "})) + "."
		if outside != nil {
			line += d.in(bilingual{" Outside of the policy: ", " Hors de la politique : "}) + strings.Join(outside, " ")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// aboutRules names rules.
func (d *designer) aboutRules(names []string) []string {
	var quotes []string
	for _, name := range names {
		quotes = append(quotes, d.quote(name))
	}
	switch what := strings.Join(quotes, ", "); len(names) {
	case 0:
		return nil
	case 1:
		return []string{d.in(bilingual{"the rule ", "la règle "}) + what}
	default:
		return []string{d.in(bilingual{"the rules ", "les règles "}) + what}
	}
}

// quote puts a text between the quotes of the language.
func (d *designer) quote(text string) string {
	return d.in(bilingual{"“" + spell(text) + "”", "« " + spell(text) + " »"})
}

func (d *designer) aboutSwarm() string {
	if d.working > 2 {
		return ""
	}
	return d.in(bilingual{
		"In so small a team let whoever owns a ticket keep it and ask for help, rather than hand it over: an escalation then adds a colleague. That is up to the helpdesk.",
		"Dans une si petite équipe, laissez le ticket à celui qui l'a pris et faites-le aider plutôt que de le transmettre : une escalade ajoute alors un collègue. Cela relève du helpdesk.",
	})
}

func (d *designer) aboutMood() string {
	if d.language != "fr" {
		return ""
	}
	return "Les règles sur l'humeur (sentiment) dépendent de l'analyseur : vérifiez qu'il lit le français, ou fournissez votre propre jugement avec chaque message. Les mots clés sont en français."
}

func (d *designer) aboutUnused() string {
	if len(d.unused) == 0 {
		return ""
	}
	lines := []string{d.in(bilingual{"What was not understood, so that nothing was made of it:", "Ce qui n'a pas été compris, et dont rien n'a été fait :"}), ""}
	for _, u := range d.unused {
		lines = append(lines, "- "+d.quote(u.Text)+d.in(bilingual{": ", " : "})+u.Why+".")
	}
	return strings.Join(lines, "\n")
}

func (d *designer) aboutFindings() string {
	if len(d.findings) == 0 {
		return ""
	}
	lines := []string{d.in(bilingual{"What is probably not meant, by these figures:", "Ce qui n'est sans doute pas voulu, avec ces chiffres :"}), ""}
	for _, f := range d.findings {
		lines = append(lines, "- "+spell(f))
	}
	return strings.Join(lines, "\n")
}

// aboutFigures lists all figures that decided something, and all that were given.
func (d *designer) aboutFigures() string {
	lines := []string{
		d.in(bilingual{"### Figures used", "### Chiffres utilisés"}), "",
		d.in(bilingual{"| Figure | Value | Description |", "| Chiffre | Valeur | Description |"}),
		"|---|---|---|",
	}
	for _, f := range figureTable {
		if !d.figures.used[f.name] && !d.figures.given[f.name] {
			continue
		}
		from := f.from
		if d.figures.given[f.name] {
			from = answered
		}
		lines = append(lines, fmt.Sprintf("| %s | %s | %s (%s) |", f.name, number(d.figures.value[f.name]), d.in(f.what), d.in(origins[from])))
	}
	return strings.Join(lines, "\n")
}
