package playbook

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

// rules writes the rules.
func (d *designer) rules() {
	d.written = map[string][]string{}
	for _, t := range templates {
		wanted := t.pains == nil
		for _, key := range t.pains {
			wanted = wanted || d.pains[key]
		}
		if t.pains != nil && t.pains[0] == "short" && d.pains["late"] {
			wanted = false // its rule on a part of the time tells all that
		}
		if !wanted {
			continue
		}
		rule := d.rule(t.in(d.language), nil)
		if t.moves && d.pains["trust"] {
			rule.Mode = rules.Observe
		}
		for _, key := range t.pains {
			d.written[key] = append(d.written[key], rule.Name)
		}
		d.policy.Rules = append(d.policy.Rules, rule)
	}
	last := len(d.policy.Rules) - 1 // the safety net stays last
	for i := range d.issues {
		is := &d.issues[i]
		is.tier = d.entry(is.kind)
		tier := &d.policy.Tiers[is.tier]
		if !slices.ContainsFunc(tier.Handles, func(h string) bool { return says(h, []string{strings.Join(spoken(is.text), " ")}) }) {
			tier.Handles = append(tier.Handles, is.text)
		}
		if is.tier == 0 {
			continue
		}
		more := map[string]string{"$name": ruleName(is.text), "$category": fmt.Sprintf("%q", is.text), "$tier": said(tier.Name), "$urgent": ""}
		if is.kind.critical {
			more["$urgent"] = d.fill(urgent, nil)
		}
		rule := d.rule(entryRule.in(d.language), more)
		if d.pains["trust"] {
			rule.Mode = rules.Observe
		}
		d.policy.Rules = slices.Insert(d.policy.Rules, last, rule)
		last++
	}
}

// entry is the tier at which a kind of tickets enters: one that is called after it, else
// the first of the role.
func (d *designer) entry(k *kind) int {
	for i := range d.working {
		if d.structure.names != nil && says(d.policy.Tiers[i].Name, k.phrases) {
			return i
		}
	}
	want := k.enters
	if d.working == 2 && want == specialist {
		want = engineering
	}
	if i := slices.Index(d.roles, want); i >= 0 {
		return i
	}
	return len(d.roles) - 1
}

// rule reads a rule from its text, filled in.
func (d *designer) rule(text string, more map[string]string) rules.Rule {
	text = d.fill(text, more)
	read, err := rules.Parse("", text)
	if err != nil || len(read) != 1 {
		panic(fmt.Sprintf("playbook: a rule of the design: %v\n%s", err, text)) // a slip in the tables
	}
	r := read[0]
	return rules.Rule{Name: r.Name, If: r.If, Then: r.Then, Every: r.Every, Per: r.Per, Because: r.Because}
}

var mark = regexp.MustCompile(`\$%?[a-z_0-9]+`)

// fill puts what is meant for what begins with a dollar sign: a name of the policy, or a
// figure. $%name is a figure as a percentage.
func (d *designer) fill(text string, more map[string]string) string {
	return mark.ReplaceAllStringFunc(text, func(name string) string {
		if value, ok := more[name]; ok {
			return value
		}
		if value, ok := d.names()[name]; ok {
			return value
		}
		if share, ok := strings.CutPrefix(name, "$%"); ok {
			return d.share(d.figures.use(share))
		}
		figure := name[1:]
		if strings.HasSuffix(figure, "_hours") {
			return sla.FormatDuration(d.hours(figure))
		}
		return number(d.figures.use(figure))
	})
}

// names are what texts call names of the policy by.
func (d *designer) names() map[string]string {
	p := &d.policy
	out := map[string]string{
		"$second": said(p.Tiers[1].Name), "$top": said(p.Tiers[len(p.Tiers)-1].Name), "$engineering": p.Tiers[d.working-1].Name,
		"$critical": p.Priorities[0].Name, "$high": p.Priorities[1].Name,
		"$short": quoted(d.short), "$vip_or": "",
		"$queue": d.in(reviewQueue),
	}
	if d.pains["night"] {
		out["$quiet_from"], out["$quiet_to"] = d.clock("quiet_from_hour"), d.clock("quiet_to_hour")
	}
	if d.pains["vip"] {
		out["$vip_or"] = "customer.vip OR"
	}
	var paused []string
	for _, s := range statusTable {
		if s.key != "" {
			out[s.key] = d.in(s.name)
		}
		if s.category.Pauses() && (s.forPain == "" || d.pains[s.forPain]) {
			paused = append(paused, d.in(s.name))
		}
	}
	out["$paused"] = quoted(paused)
	for _, r := range peopleTable {
		out[r.key] = d.in(r.name)
	}
	return out
}

// said is a name as an action says it: in quotes if a word of it would end the action.
func said(name string) string {
	if slices.Contains(strings.Fields(name), "AND") {
		return fmt.Sprintf("%q", name)
	}
	return name
}

// quoted is a list of texts as conditions write it.
func quoted(names []string) string {
	var out []string
	for _, n := range names {
		out = append(out, fmt.Sprintf("%q", n))
	}
	return strings.Join(out, ", ")
}
