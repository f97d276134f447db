package playbook_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/escalation/playbook"
	"github.com/escalade-go/escalade/handoff"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

var update = flag.Bool("update", false, "rewrite the golden documents")

func written(t require.TestingT, p escalation.Policy, profile playbook.Profile) string {
	var b bytes.Buffer
	require.NoError(t, playbook.Write(&b, p, profile))
	return b.String()
}

// golden compares a text with the one in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

// fullPolicy is a policy that says all that one can say.
func fullPolicy() escalation.Policy {
	p := escalation.Standard()
	p.Name = "Acme"
	week := map[string][]string{}
	for _, day := range []string{"mon", "tue", "wed", "thu"} {
		week[day] = []string{"09:00-12:30", "14:00-18:00"}
	}
	week["fri"] = []string{"09:00-12:30"}
	p.Calendars = map[string]escalation.Calendar{
		"paris": {Hours: sla.Hours{Zone: "Europe/Paris", Week: week, Holidays: []string{"2026-12-25", "2027-01-01"}, Exceptions: map[string][]string{"2026-12-24": {"09:00-12:00"}, "2026-12-26": {}}}},
		"tokyo": {Hours: sla.Hours{Zone: "Asia/Tokyo", Week: map[string][]string{"mon": {"09:00-17:00"}, "sun": {"22:00-24:00"}}}},
		"sun":   {Union: []string{"paris", "tokyo"}},
	}
	p.Calendar = "paris"
	p.Priorities[0].Calendar, p.Priorities[1].NextResponse = "always", sla.Within(90*time.Minute)
	p.Priorities[3].Resolution = sla.Target{}
	p.Tiers[1].Calendar, p.Tiers[1].Expertise = "sun", "bicycles"
	p.Tiers[2].Demands = escalation.Demands{Text: "What was tried", Parts: []string{"summary", "tried"}}
	p.QuietHours = &escalation.QuietHours{Hours: sla.Hours{Zone: "Europe/Paris", Week: map[string][]string{"mon": {"22:00-07:00"}, "sat": {"00:00-24:00"}}}, Bypass: []string{"Critical", "High"}}
	p.Recipients = append(p.Recipients, escalation.Recipient{Name: "on call", Description: "whoever has the phone", Calendar: "always"})
	p.Reasons = append(p.Reasons, escalation.RequestReason{Code: "odd", Label: "Something odd", Requires: []string{"summary", "next_steps"}})
	p.Fields = map[string]escalation.Field{"seats": {Type: "number"}, "plan": {Type: "text", Values: []string{"free", "pro"}}}
	p.Actions = []escalation.HostAction{{Name: "page", Args: []escalation.HostArg{{Name: "service"}}}}
	p.Warnings = []sla.Threshold{{Fraction: 0.5}, {Left: 30 * time.Minute}}
	p.OnReopen = sla.ReopenNewCycle
	p.From = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	p.Agreements = []escalation.Agreement{{Name: "Gold", CustomerTiers: []string{"gold"}, Terms: escalation.Terms{Calendar: "always"}}}
	p.Params["greeting"], p.Params["strict"] = "Hello", true
	p.Rules = append(p.Rules, rules.Rule{Name: "many seats", If: "ticket.fields.seats > 100", Then: []string{`page("sales")`}, Mode: rules.Observe, Closed: true, Rest: time.Hour})
	return p
}

// A document says all of its policy.
func TestGoldenDocuments(t *testing.T) {
	profile := playbook.Profile{Company: "Acme Bikes", Supports: "An online shop for bicycles", Volume: 1200, Agents: 8, Structure: "3 tiers", Issues: []string{"Order status", "Refunds"}, Pains: []string{"Tickets are forgotten"}}
	french := profile
	french.Language = "fr"
	for name, d := range map[string]struct {
		policy  escalation.Policy
		profile playbook.Profile
	}{
		"standard.md": {escalation.Standard(), profile}, "standard_fr.md": {escalation.Standard(), french},
		"everything.md": {fullPolicy(), playbook.Profile{}}, "everything_fr.md": {fullPolicy(), playbook.Profile{Language: "fr"}},
	} {
		t.Run(name, func(t *testing.T) {
			text := written(t, d.policy, d.profile)
			golden(t, name, text)
			back, err := playbook.Read(name, []byte(text))
			require.NoError(t, err)
			assert.Empty(t, back.Unused)
			assert.Equal(t, string(escalation.FormatPolicy(d.policy)), string(escalation.FormatPolicy(back.Policy)))
			if d.profile.Company != "" {
				assert.Equal(t, d.profile, back.Profile)
			}
			_, err = back.Compile(nil)
			require.NoError(t, err)
			var again bytes.Buffer
			n, err := back.WriteTo(&again)
			require.NoError(t, err)
			assert.EqualValues(t, len(text), n)
			assert.Equal(t, text, again.String(), "what was read is written as it was")
		})
	}
}

// odd are names and texts that tables and titles have trouble with.
var odd = []string{
	"Tier 1", "Niveau 2", "a | b", "**bold**", "_it_", "`code`", "# 1", "- dash", "1. one", "x: y", "Queue", "SLA", "Ünïcode ✓", "<b>", "[link](x)", "a - b", "(in brackets)",
	"A \\ b", "Settings", "none", "–", "12", "true", "\"quoted\"", "  spaces  ", "a\nb", "😀", "IF x", "{{name}}", "Tier 3 - Title", "* star", "+ plus", "~tilde~", "> quote", "***", "---", "|",
}

// Whatever is in a policy: reading what was written gives it again.
func TestRoundTrip(t *testing.T) {
	seeds := 250
	if testing.Short() {
		seeds = 50
	}
	for seed := range uint64(seeds) {
		r := rand.New(rand.NewPCG(seed, 3))
		p := fullPolicy()
		if r.IntN(2) == 0 {
			p = escalation.Standard()
		}
		text := func() string { return odd[r.IntN(len(odd))] }
		for range 1 + r.IntN(6) {
			switch r.IntN(18) {
			case 0:
				p.Name = text()
			case 1:
				p.Tiers[r.IntN(4)].Name = text()
			case 2:
				p.Tiers[r.IntN(4)].Title = text()
			case 3:
				p.Tiers[r.IntN(4)].Handles = []string{text(), text()}
			case 4:
				p.Tiers[r.IntN(4)].Response = sla.Target{Within: time.Duration(r.Int64N(int64(100 * time.Hour))).Truncate([]time.Duration{1, time.Second, time.Minute, time.Hour}[r.IntN(4)]), Immediate: r.IntN(3) == 0}
			case 5:
				p.Priorities[r.IntN(4)].Name, p.Priorities[0].Description = text(), text()
			case 6:
				p.Priorities[r.IntN(4)].Resolution = sla.Within(time.Duration(1+r.IntN(5000)) * []time.Duration{time.Minute, time.Hour, 24 * time.Hour}[r.IntN(3)])
			case 7:
				p.Rules[r.IntN(len(p.Rules))].Name = text()
			case 8:
				p.Rules = p.Rules[:r.IntN(len(p.Rules)+1)]
				if len(p.Rules) == 0 {
					p.Rules = []rules.Rule{{Name: "x", If: "customer.vip", Then: []string{`notify("manager")`}, Because: text()}}
				}
			case 9:
				p.Params = map[string]any{text(): text(), "n": float64(r.IntN(1e6)) / 100}
			case 10:
				p.Queues = nil
			case 11:
				p.Recipients = []escalation.Recipient{{Name: text(), Description: text()}, {Name: text()}}
			case 12:
				p.Reasons = []escalation.RequestReason{{Code: text(), Label: text()}, {Code: "x", Label: text(), Requires: []string{"summary"}}}
			case 13:
				p.Statuses = append(p.Statuses, escalation.Status{Name: text(), Category: sla.Pending})
			case 14:
				p.Warnings, p.Reasons = nil, nil
			case 15:
				p.Tiers[1].Demands = escalation.Demands{Text: text(), Parts: []string{"summary", "timeline"}[:r.IntN(3)]}
				p.Tiers[0].Goal = &escalation.Share{From: float64(r.IntN(50)) / 100, To: 0.7}
			case 16:
				p.Templates = map[string]handoff.Templates{[]string{"en", "fr"}[r.IntN(2)]: {Document: "# H\n\n```\n" + text(), Message: text(), FollowUp: text() + "\n\n" + text()}}
			case 17:
				p.Language = "fr"
				p.Templates = map[string]handoff.Templates{"fr": {Acknowledgment: text()}, "en": {Words: map[string]string{"calm": text()}}}
			}
		}
		profile := playbook.Profile{Language: []string{"en", "fr"}[r.IntN(2)]}
		doc := written(t, p, profile)
		back, _ := playbook.Read("", []byte(doc))
		require.Equal(t, string(escalation.FormatPolicy(p)), string(escalation.FormatPolicy(back.Policy)), "seed %d\n%s", seed, doc)
	}
}

// A lead changes the policy in a program: the sections that say it are written anew, and
// the prose of the others stays.
func TestEdited(t *testing.T) {
	src := "# Escalation Workflow Design: Acme\n\nWe wrote this in March.\n\n## SLA Matrix\n\nTargets are holy.\n\n| Priority | First Response | Resolution Target |\n|---|---|---|\n| Urgent | 10 min | 2 hours |\n| Normal | 4h | 2 days |\n\n## Queues\n\nBefore you add one, ask.\n\n- review\n- fraud\n"
	d, err := playbook.Read("p.md", []byte(src))
	require.NoError(t, err)
	d.Policy.Priorities[1].Resolution = sla.Within(72 * time.Hour)
	d.Policy.Recipients = append(d.Policy.Recipients, escalation.Recipient{Name: "night shift"})
	var b bytes.Buffer
	_, err = d.WriteTo(&b)
	require.NoError(t, err)
	assert.Contains(t, b.String(), "| Normal |  | 4 hours | 3 days |")
	assert.Contains(t, b.String(), "We wrote this in March.")
	assert.Contains(t, b.String(), "Before you add one, ask.\n\n- review\n- fraud\n")
	assert.Contains(t, b.String(), "- night shift")
	back, err := playbook.Read("p.md", b.Bytes())
	require.NoError(t, err)
	assert.Equal(t, string(escalation.FormatPolicy(d.Policy)), string(escalation.FormatPolicy(back.Policy)))
}

// A document that somebody wrote by hand from the framework, with page furniture around it.
func TestTheFrameworkIsUnderstood(t *testing.T) {
	src, err := os.ReadFile("testdata/framework.md")
	require.NoError(t, err)
	p, err := playbook.Parse("framework.md", src)
	require.NoError(t, err)
	var tiers, priorities, names []string
	for _, x := range p.Tiers {
		tiers = append(tiers, x.Name+": "+x.Title)
	}
	for _, x := range p.Priorities {
		priorities = append(priorities, fmt.Sprintf("%s %v %v", x.Name, x.FirstResponse.Within, x.Resolution.Within))
	}
	for _, x := range p.Rules {
		names = append(names, x.Name)
	}
	assert.Equal(t, []string{"Tier 1: Frontline Support", "Tier 2: Technical/Specialist Support", "Tier 3: Senior/Engineering Support", "Tier 4: Management/Executive"}, tiers)
	assert.Equal(t, []string{"Critical 15m0s 4h0m0s", "High 1h0m0s 8h0m0s", "Medium 4h0m0s 24h0m0s", "Low 8h0m0s 48h0m0s"}, priorities)
	assert.Equal(t, []string{
		"SLA at risk", "tier is late", "angry or frustrated", "keywords", "third contact", "VIP", "revenue",
		"Auto-Escalate on SLA Breach", "Customer Sentiment Escalation", "VIP Fast-Track",
	}, names)
	assert.Len(t, p.Reasons, 5)
	standard := escalation.Standard()
	for i, x := range p.Tiers {
		assert.Equal(t, standard.Tiers[i].Handles, x.Handles)
		assert.Equal(t, standard.Tiers[i].Response, x.Response)
		assert.Equal(t, standard.Tiers[i].Demands, x.Demands)
		assert.Equal(t, standard.Tiers[i].Goal, x.Goal)
	}
	assert.Equal(t, standard.Params, p.Params)
	d, err := playbook.Read("framework.md", src)
	require.NoError(t, err)
	var unused []string
	for _, u := range d.Unused {
		unused = append(unused, fmt.Sprintf("%d: %s (%s)", u.Pos.Line, u.Text, u.Why))
	}
	golden(t, "framework_unused.txt", strings.Join(unused, "\n")+"\n")
}

// Tiers as people write them.
func TestTiersInAList(t *testing.T) {
	p, err := playbook.Parse("p.md", []byte("## Support Tiers\n\n1. **Tier 1 – Frontline**: everyday questions\n   - Response time: < 2 hrs\n2. **Tier 2**: bugs\n"))
	require.NoError(t, err)
	assert.Equal(t, []escalation.Tier{
		{Name: "Tier 1", Title: "Frontline", Handles: []string{"everyday questions"}, Response: sla.Within(2 * time.Hour)}, {Name: "Tier 2", Handles: []string{"bugs"}},
	}, p.Tiers)
}

// A document that lists its own recipients and leaves the rules to the standard gets those
// whom the rules call for as well.
func TestTheStandardRulesFindTheirRecipients(t *testing.T) {
	p, err := playbook.Parse("p.md", []byte("## Recipients\n\n- manager\n- night shift\n\n## Queues\n\n- fraud\n"))
	require.NoError(t, err)
	var names []string
	for _, to := range p.Recipients {
		names = append(names, to.Name)
	}
	assert.Equal(t, []string{"manager", "night shift", "team lead", "account manager", "senior agent"}, names)
	assert.Equal(t, []string{"fraud", "review"}, p.Queues)
}

// The handoff document and the messages of a team, in the language of the document. What
// the framework says is what the standard templates say, and changes nothing.
func TestTemplates(t *testing.T) {
	d, err := playbook.Read("p.md", []byte(`# Conception du workflow d'escalade

## Modèles de documentation

Voici ce que reçoit le niveau suivant :

`+"```markdown\n# Passation\n\n- **Ticket** : [ID]\n\n## Résumé\n[résumé]\n```"+`

## Modèles de communication

### Accusé de réception (au client)

> "Bonjour [Nom], votre dossier [ID] est chez [Équipe].
> À bientôt."

### Message interne

"Escalade du ticket n° [ID] vers [Personne/Équipe]. [Résumé en une phrase]. Le client est [humeur]. [Note d'urgence si besoin]. Contexte complet ci-joint."

### Autre chose

> "Bonjour"
`))
	require.NoError(t, err)
	assert.Equal(t, map[string]handoff.Templates{"fr": {
		Document:       "# Passation\n\n- **Ticket** : [ID]\n\n## Résumé\n[résumé]\n",
		Acknowledgment: "\"Bonjour [Nom], votre dossier [ID] est chez [Équipe].\nÀ bientôt.\"",
	}}, d.Policy.Templates)
	require.Len(t, d.Unused, 1)
	assert.Equal(t, 29, d.Unused[0].Pos.Line)
	_, err = d.Compile(nil)
	require.NoError(t, err)

	src, err := os.ReadFile("testdata/framework.md")
	require.NoError(t, err)
	p, err := playbook.Parse("framework.md", src)
	require.NoError(t, err)
	assert.Nil(t, p.Templates)
}

// Mistakes are told where they stand, all at once, with a guess.
func TestWrongDocuments(t *testing.T) {
	var out strings.Builder
	for _, d := range []struct{ name, text string }{
		{"a column is missing", "## SLA Matrix\n\n| Priority | First Reponse | Resolution Target |\n|---|---|---|\n| High | 1h | 4h |\n"},
		{"times that are none", "## SLA Matrix\n\n| Priority | First Response | Resolution Target |\n|---|---|---|\n| High | soon | 4 hous |\n| Low | 0 min | 9 |\n"},
		{"two tiers of one name", "## Tiers\n\n**Tier 1 - A**\n- x\n\n**Tier 1 - B**\n- Response time: later\n"},
		{"two rows of one name", "## SLA Matrix\n\n| Priority | First Response | Resolution Target |\n|---|---|---|\n| High | 1h | 4h |\n| high | 1h | 4h |\n"},
		{"rules that do not parse", "## Escalation Rules\n\n**one**\n```\nIF ticket.prority = \"High\"\nTHEN notify manger\n```\n\n**two**\n```\nIF ticket.waiting > 2 days\nTHEN notify team lead\n```\n"},
		{"a status without a meaning", "## Statuses\n\n- Open: open\n- Weird\n- Odd: strange\n"},
		{"hours", "## Calendars\n\n- Time zone: Europe/Pari\n- Munday: 09:00-17:00\n- Tuesday: nine to five\n- Holidays: Christmas\n"},
		{"templates", "## Documentation Templates\n\n```markdown\n# Handoff\n\n- **Priority**: [priorty]\n- [timeline]\n```\n\n## Communication Templates\n\n### Acknowledgment (to Customer)\n\n> We escalated [ID] because of [reason].\n\n### Customer\n\n> Twice\n"},
		{"an open fence", "## Escalation Rules\n\n**a**\n```\nIF customer.vip\nTHEN notify manager\n"},
		{"settings", "## Settings\n\n```json\n{\"warnings\": [0.5],\n \"agrements\": []}\n```\n\n```json\n{\"tiers\" [}\n```\n"},
		{"something said twice", "## Queues\n\n- review\n\n## Settings\n\n```json\n{\"queues\": [\"x\"]}\n```\n"},
		{"a recipient that nobody declared, a tier that is not there", "## Tiers\n\n**Tier 1 - A**\n- x\n\n**Tier 2 - B**\n- y\n\n## Rules\n\n**r**\n```\nIF customer.vip\nTHEN escalate to Tier 3\nAND notify mangaer\n```\n"},
	} {
		fmt.Fprintf(&out, "# %s\n", d.name)
		_, err := playbook.Parse("p.md", []byte(d.text))
		var errs escalation.Errors
		if !errors.As(err, &errs) {
			fmt.Fprintf(&out, "no mistake\n\n")
			continue
		}
		for _, e := range errs {
			assert.Positive(t, e.Pos.Line, d.name)
			fmt.Fprintln(&out, e)
		}
		fmt.Fprintln(&out)
	}
	golden(t, "wrong.txt", out.String())
}

// Whatever is in a document, reading ends, and what was read can be written and read again.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"standard.md", "everything.md", "everything_fr.md", "framework.md"} {
		src, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(f, err)
		f.Add(src)
	}
	f.Add([]byte(""))
	f.Add([]byte("\ufeff# a\r\n\r\n| a | b\r\n|-|-\r\n```"))
	f.Fuzz(func(t *testing.T, src []byte) {
		d, wrong := playbook.Read("f.md", src)
		var b bytes.Buffer
		_, err := d.WriteTo(&b)
		require.NoError(t, err)
		require.Equal(t, string(src), b.String())
		_, _ = playbook.Parse("f.md", src)
		if wrong == nil && len(src) < 8<<10 {
			b.Reset()
			require.NoError(t, playbook.Write(&b, d.Policy, d.Profile))
			back, _ := playbook.Read("f.md", b.Bytes())
			require.Equal(t, string(escalation.FormatPolicy(d.Policy)), string(escalation.FormatPolicy(back.Policy)))
		}
	})
}
