package playbook_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/escalation/playbook"
	"github.com/escalade-go/escalade/rules"
)

// designed is the document for a profile, whose policy compiles and of which nothing is
// found that is probably not meant.
func designed(t *testing.T, p playbook.Profile) *playbook.Document {
	t.Helper()
	d, err := playbook.Design(p)
	require.NoError(t, err)
	engine, err := escalation.Compile(d.Policy, nil)
	require.NoError(t, err)
	for _, f := range engine.Verify() {
		t.Errorf("found in the design: %s", f)
	}
	return d
}

// notes is all that a document tells.
func notes(d *playbook.Document) string {
	var b strings.Builder
	for _, n := range d.Notes {
		fmt.Fprintf(&b, "## %s\n\n%s\n\n", n.Section, n.Text)
	}
	return b.String()
}

func tierNames(d *playbook.Document) string {
	var names []string
	for _, t := range d.Policy.Tiers {
		names = append(names, t.Name)
	}
	return strings.Join(names, ", ")
}

func ruleNames(d *playbook.Document) []string {
	var names []string
	for _, r := range d.Policy.Rules {
		names = append(names, r.Name)
	}
	return names
}

// ruleOf is the text of a rule.
func ruleOf(t *testing.T, d *playbook.Document, name string) string {
	t.Helper()
	for _, r := range d.Policy.Rules {
		if r.Name == name {
			return r.String()
		}
	}
	t.Fatalf("no rule %q among %q", name, ruleNames(d))
	return ""
}

func unusedOf(d *playbook.Document) []string {
	var out []string
	for _, u := range d.Unused {
		out = append(out, u.Text)
	}
	return out
}

func TestTheTiersFollowTheTeam(t *testing.T) {
	for _, c := range []struct {
		about   string
		profile playbook.Profile
		tiers   string
		says    string // in the notes
		unused  []string
	}{
		{"nothing is known: those of the framework", playbook.Profile{}, "Tier 1, Tier 2, Tier 3, Tier 4", "neither the size nor the structure is known", nil},
		{"three people", playbook.Profile{Agents: 3}, "Tier 1, Tier 2", "2 tiers: 3 agents.", nil},
		{"few tickets", playbook.Profile{Agents: 5, Volume: 299}, "Tier 1, Tier 2", "5 agents and 299 tickets a month", nil},
		{"four people", playbook.Profile{Agents: 4, Volume: 300}, "Tier 1, Tier 2, Tier 3", "The manager is a contact and no tier", nil},
		{"twelve people", playbook.Profile{Agents: 12, Volume: 2000}, "Tier 1, Tier 2, Tier 3", "Tier 1 2,000, Tier 2 500, Tier 3 100", nil},
		{"thirteen people", playbook.Profile{Agents: 13, Volume: 2000}, "Tier 1, Tier 2, Tier 3, Tier 4", "Name a deputy", nil},
		{"many tickets", playbook.Profile{Agents: 12, Volume: 2001}, "Tier 1, Tier 2, Tier 3, Tier 4", "", nil},
		{"the structure alone", playbook.Profile{Structure: "3 tiers"}, "Tier 1, Tier 2, Tier 3", "3 tiers, as in the present structure", nil},
		{"in French", playbook.Profile{Structure: "3 niveaux", Language: "fr"}, "Niveau 1, Niveau 2, Niveau 3", "3 niveaux, comme dans la structure actuelle", nil},
		{"counted out", playbook.Profile{Structure: "niveau 1, 2 et 3"}, "Tier 1, Tier 2, Tier 3", "", nil},
		{"in words", playbook.Profile{Structure: "We have three support tiers."}, "Tier 1, Tier 2, Tier 3", "", nil},
		{"numbered", playbook.Profile{Structure: "We have Tier 1, Tier 2 and Tier 3"}, "Tier 1, Tier 2, Tier 3", "", nil},
		{"four of them are three and management", playbook.Profile{Structure: "4 tiers"}, "Tier 1, Tier 2, Tier 3, Tier 4", "Name a deputy", nil},
		{"with names", playbook.Profile{Structure: "Helpdesk, Billing, Engineering"}, "Helpdesk, Billing, Engineering", "", nil},
		{"short names", playbook.Profile{Structure: "L1 / L2 / L3", Agents: 6}, "L1, L2, L3", "", nil},
		{"the last one is management", playbook.Profile{Structure: "Support -> Developers -> Founder"}, "Support, Developers, Founder", "The last name of the structure is that of management", nil},
		{"more than the size suggests", playbook.Profile{Agents: 2, Volume: 50, Structure: "Helpdesk, Billing, Engineering"}, "Helpdesk, Billing, Engineering",
			"Engineering would get fewer than 5 tickets a month", nil},
		{"fewer than the size suggests", playbook.Profile{Agents: 8, Structure: "Helpdesk, Engineering"}, "Helpdesk, Engineering, Tier 3", "the size suggests 3, so the upper ones are new", nil},
		{"one name twice", playbook.Profile{Structure: "Helpdesk, helpdesk, Engineering"}, "Helpdesk, Engineering", "stands in the structure twice", nil},
		{"none", playbook.Profile{Agents: 2, Structure: "none"}, "Tier 1, Tier 2", "", nil},
		{"not understood", playbook.Profile{Agents: 2, Structure: "It depends (see the wiki)"}, "Tier 1, Tier 2", "no tiers were found in it", []string{"It depends (see the wiki)"}},
		{"too many", playbook.Profile{Structure: "1000 tiers"}, "Tier 1, Tier 2, Tier 3, Tier 4", "more than 10 tiers", []string{"1000 tiers"}},
		{"security wants management", playbook.Profile{Agents: 3, Issues: []string{"Security questions"}}, "Tier 1, Tier 2, Tier 3", "whatever the size, because of “Security questions”", nil},
		{"so do VIPs", playbook.Profile{Structure: "Helpdesk, Engineering", Pains: []string{"VIPs are unhappy"}}, "Helpdesk, Engineering, Management", "because of “VIPs are unhappy”", nil},
		{"and what is supported", playbook.Profile{Agents: 8, Supports: "A payment service"}, "Tier 1, Tier 2, Tier 3, Tier 4", "because of “A payment service”", nil},
	} {
		t.Run(c.about, func(t *testing.T) {
			d := designed(t, c.profile)
			assert.Equal(t, c.tiers, tierNames(d))
			assert.Contains(t, notes(d), c.says)
			assert.Equal(t, c.unused, unusedOf(d))
		})
	}
}

func TestWhereIssuesEnter(t *testing.T) {
	for _, c := range []struct {
		structure, issue, tier string // the tier is empty for the first one: no rule
		critical               bool
	}{
		{"3 tiers", "Password resets", "", false},
		{"3 tiers", "Login errors", "", false},
		{"3 tiers", "Order status", "", false},
		{"3 tiers", "Standard refunds", "", false},
		{"3 tiers", "Billing disputes", "Tier 2", false},
		{"3 tiers", "Billing errors", "Tier 2", false},
		{"3 tiers", "Account questions", "Tier 2", false},
		{"3 tiers", "API integration", "Tier 3", false},
		{"3 tiers", "Bugs", "Tier 3", false},
		{"3 tiers", "Outages", "Tier 3", true},
		{"3 tiers", "Data loss", "Tier 3", true},
		{"3 tiers", "Security breach", "Tier 3", true},
		{"3 tiers", "GDPR requests", "Tier 4", false}, // which is there because of it
		{"2 tiers", "Billing disputes", "Tier 2", false},
		{"2 tiers", "Outages", "Tier 2", true},
		{"Helpdesk, Tech, Billing, Engineering", "Billing disputes", "Billing", false}, // one that is called so
		{"3 niveaux", "Mots de passe", "", false},
		{"3 niveaux", "Litiges de facturation", "Tier 2", false},
		{"3 niveaux", "Pannes", "Tier 3", true},
		{"3 niveaux", "Failles de sécurité", "Tier 3", true},
		{"3 niveaux", "RGPD", "Tier 4", false},
	} {
		t.Run(c.structure+": "+c.issue, func(t *testing.T) {
			d := designed(t, playbook.Profile{Structure: c.structure, Issues: []string{c.issue}})
			name := "entry tier of " + c.issue
			assert.Empty(t, d.Unused)
			if c.tier == "" {
				assert.NotContains(t, ruleNames(d), name)
				return
			}
			rule := ruleOf(t, d, name)
			assert.Contains(t, rule, fmt.Sprintf("IF ticket.category = %q\nTHEN escalate to %s\n", c.issue, c.tier))
			assert.Equal(t, c.critical, strings.Contains(rule, `set priority = "Critical"`))
			assert.Equal(t, c.critical, strings.Contains(rule, "notify manager"))
		})
	}
	t.Run("what is not understood is listed", func(t *testing.T) {
		d := designed(t, playbook.Profile{Issues: []string{"Cheese", "Outages", "outages ", "", strings.Repeat("API ", 30)}})
		assert.Equal(t, []string{"Cheese", "outages", strings.TrimSpace(strings.Repeat("API ", 30))}, unusedOf(d))
		assert.Contains(t, notes(d), "“Cheese”: no kind of tickets was recognized")
	})
}

func TestWhatPainsSwitchOn(t *testing.T) {
	always := ruleNames(designed(t, playbook.Profile{}))
	require.Equal(t, "nobody left behind", always[len(always)-1])
	for _, c := range []struct {
		pains []string // each of them alone does it
		rules []string
		says  string // in the policy's file form
		tells string // in the notes
	}{
		{[]string{"Tickets get forgotten", "Nobody owns the ticket", "Des tickets sont oubliés", "Personne ne s'en charge"},
			[]string{"nobody owns it", "still nobody owns it"}, "", ""},
		{[]string{"We see breaches too late", "On voit les dépassements trop tard"},
			[]string{"part of the time is gone", "promise broken"}, `"warnings": [0.5, 0.8, 1]`, "next_check"},
		{[]string{"Too many escalations", "Le niveau 2 est débordé"}, nil, `"requires": ["tried"]`, "ten categories"},
		{[]string{"Context is lost", "Le client doit tout répéter"}, nil, `"parts": ["summary", "timeline", "tried", "expectation", "next_steps"]`, "up to the helpdesk"},
		{[]string{"Ping-pong between teams", "Les équipes se renvoient les tickets"}, nil, "", "more than 2 moves"},
		{[]string{"Angry customers", "Clients en colère"}, []string{"going public", "angry customer waits"}, "", "for a person to confirm"},
		{[]string{"Agents are paged at night", "On est réveillé la nuit"}, nil, `"bypass": ["Critical"]`, "Engine.Digests"},
		{[]string{"Floods of tickets", "Afflux de tickets"}, nil, "", "one parent incident"},
		{[]string{"Waiting on customers counts", "L'attente client compte"}, []string{"supplier keeps us waiting"}, `{"name": "Waiting for supplier", "category": "on_hold"}`, ""},
		{[]string{"Too many reopens", "Les tickets sont rouverts"}, nil, `"on_reopen": "new_cycle"`, ""},
		{[]string{"Uneven workload", "Charge inégale"}, []string{"nobody owns it", "still nobody owns it"}, "", "least to do"},
		{[]string{"Slow engineering", "Les développeurs sont lents"}, []string{"engineering update", "engineering runs late"}, `{"name": "product owner"}`, ""},
		{[]string{"It is a black box", "On ne comprend pas les règles"}, nil, `"mode": "observe"`, "After 2 weeks"},
	} {
		for _, pain := range c.pains {
			t.Run(pain, func(t *testing.T) {
				d := designed(t, playbook.Profile{Structure: "4 tiers", Pains: []string{pain}})
				assert.Empty(t, d.Unused)
				var more []string
				for _, name := range ruleNames(d) {
					if !slices.Contains(always, name) {
						more = append(more, name)
					}
				}
				assert.Equal(t, c.rules, more)
				assert.Contains(t, string(escalation.FormatPolicy(d.Policy)), c.says)
				assert.Contains(t, notes(d), c.tells)
				assert.Contains(t, notes(d), "“"+pain+"”: ")
			})
		}
	}
	t.Run("VIPs are on the fast track", func(t *testing.T) {
		d := designed(t, playbook.Profile{Pains: []string{"VIPs are unhappy"}})
		assert.Contains(t, ruleOf(t, d, "VIP Fast-Track"), "IF customer.vip OR customer.tier")
		assert.Contains(t, ruleOf(t, d, "VIP waits"), "notify account manager")
	})
	t.Run("rules on trial do nothing, and nobody is left behind", func(t *testing.T) {
		d := designed(t, playbook.Profile{Pains: []string{"Nobody trusts the rules"}, Issues: []string{"Outages"}})
		for _, r := range d.Policy.Rules {
			changes := slices.ContainsFunc(r.Then, func(a string) bool { return !strings.HasPrefix(a, "notify") && !strings.HasPrefix(a, "alert") })
			assert.Equal(t, changes, r.Mode == rules.Observe, r.Name)
		}
	})
	t.Run("what is not understood is listed", func(t *testing.T) {
		d := designed(t, playbook.Profile{Pains: []string{"Gremlins", "Angry customers", "  "}})
		assert.Equal(t, []string{"Gremlins"}, unusedOf(d))
		assert.Contains(t, notes(d), "“Gremlins”: no measure is known for this pain")
	})
}

// matrixOf writes the matrix in short: a row a priority.
func matrixOf(p escalation.Policy) string {
	var b strings.Builder
	for _, r := range p.Priorities {
		fmt.Fprintf(&b, "%s %s %s %s\n", r.Name, r.FirstResponse, r.Resolution, r.Calendar)
	}
	for _, t := range p.Tiers {
		fmt.Fprintf(&b, "%s %s\n", t.Name, t.Response)
	}
	return b.String()
}

func TestTheMatrixIsFitted(t *testing.T) {
	const standard = "Critical 15m 4h \nHigh 1h 8h \nMedium 4h 1d \nLow 8h 2d \n"
	for _, c := range []struct {
		about   string
		profile playbook.Profile
		matrix  string
		says    string
	}{
		{"that of the framework", playbook.Profile{Structure: "3 tiers"}, standard + "Tier 1 2h\nTier 2 4h\nTier 3 8h\n", "80 % of the first response of Critical leaves 3m"},
		{"24/7 is no office", playbook.Profile{Structure: "3 tiers, 24/7"}, standard + "Tier 1 2h\nTier 2 4h\nTier 3 8h\n", ""},
		{"an office has working days", playbook.Profile{Structure: "3 tiers, 9-17"},
			"Critical 15m 4h \nHigh 1h 8h \nMedium 4h 8h \nLow 8h 16h \nTier 1 2h\nTier 2 2h\nTier 3 1h10m\n",
			"Low, resolution: 48h are taken as 2 working days, that is 16h of office time."},
		{"somebody is on call", playbook.Profile{Structure: "3 tiers", Pains: []string{"Office hours, on-call at night"}},
			"Critical 15m 4h always\nHigh 1h 8h \nMedium 4h 8h \nLow 8h 16h \nTier 1 2h\nTier 2 2h\nTier 3 1h10m\n", "Critical counts around the clock"},
		{"a short day is no excuse for being sooner than what is more urgent", playbook.Profile{Structure: "3 niveaux, 9h-16h"},
			"Critical 15m 4h \nHigh 1h 8h \nMedium 4h 8h \nLow 8h 14h \nTier 1 2h\nTier 2 2h\nTier 3 1h10m\n", ""},
		{"tiers that take longer than the resolution", playbook.Profile{Structure: "3 tiers", Figures: map[string]float64{"low_resolution_hours": 10, "medium_resolution_hours": 10}},
			"Critical 15m 4h \nHigh 1h 8h \nMedium 4h 10h \nLow 8h 10h \nTier 1 2h\nTier 2 2h30m\nTier 3 1h30m\n", "took 14h of the 10h in which Low is to be resolved"},
		{"a longer first response needs no second warning", playbook.Profile{Structure: "3 tiers", Figures: map[string]float64{"critical_first_response_hours": 0.5}},
			"Critical 30m 4h \nHigh 1h 8h \nMedium 4h 1d \nLow 8h 2d \nTier 1 2h\nTier 2 4h\nTier 3 8h\n", ""},
	} {
		t.Run(c.about, func(t *testing.T) {
			d := designed(t, c.profile)
			assert.Equal(t, c.matrix, matrixOf(d.Policy))
			assert.Contains(t, notes(d), c.says)
			early := c.profile.Figures["critical_first_response_hours"] == 0
			assert.Equal(t, early, slices.Contains(ruleNames(d), "short promise"))
			assert.Equal(t, early, len(d.Policy.Warnings) == 2)
		})
	}
	t.Run("what a figure makes odd is told", func(t *testing.T) {
		d, err := playbook.Design(playbook.Profile{Figures: map[string]float64{"low_resolution_hours": 12}})
		require.NoError(t, err)
		assert.Contains(t, notes(d), `the resolution of "Low", 12h, is sooner than that of the more urgent "Medium", 1d`)
	})
}

func TestAllThatIsWrongWithAProfileIsToldAtOnce(t *testing.T) {
	_, err := playbook.Design(playbook.Profile{
		Volume: -1, Agents: -2, Language: "de", RevenueThreshold: -3, LTVThreshold: math.NaN(),
		Figures: map[string]float64{"warnin": 0.7, "unowned": -1, "hostile_score": -7, "idle_hours": math.Inf(1), "repeated_contacts": 2.5, "early_warning": 0.9},
	})
	require.IsType(t, escalation.Errors{}, err)
	assert.Equal(t, strings.TrimSpace(`
/volume: -1 tickets a month are fewer than none (0 is not known)
/agents: -2 agents are fewer than none (0 is not known)
/language: there is no document in the language "de" (there are en and fr)
/revenue_threshold: -3 is no amount (0 is the default)
/ltv_threshold: NaN is no amount (0 is the default)
/figures/hostile_score: "hostile_score" cannot be -7 (it is between -1 and 0, and -0.7 without you)
/figures/idle_hours: "idle_hours" cannot be +Inf (it is between 0.5 and 8760, and 24 without you)
/figures/unowned: "unowned" cannot be -1 (it is between 0.01 and 1, and 0.25 without you)
/figures/warnin: there is no figure "warnin" (did you mean "warning"?)
/figures/early_warning: "early_warning", 0.9, must be below "warning", 0.8
/figures/repeated_contacts: "repeated_contacts" must be a whole number, not 2.5`), err.Error())
}

// everything is a profile that uses every figure but that of too many tiers.
var everything = playbook.Profile{
	Company: "Acme", Agents: 8, Volume: 1200, Structure: "office hours",
	Issues: []string{"Outages", "Billing"},
	Pains:  []string{"forgotten", "late", "ping-pong", "angry customers", "VIP", "night", "supplier", "engineering", "trust"},
}

func TestEveryFigureIsNamedAndCanBeOverridden(t *testing.T) {
	plain := designed(t, everything)
	for _, c := range []struct {
		figure string
		value  float64
		says   string // in the policy or in the notes
	}{
		{"small_team_agents", 8, "3 tiers: 8 agents"},
		{"small_team_tickets", 1201, "3 tiers: 8 agents"},
		{"fewest_tickets", 100, "Tier 3 would get fewer than 100 tickets a month"},
		{"solved_at_tier_1", 0.5, "Tier 2 600"},
		{"solved_above", 0.5, "Tier 3 150"},
		{"goal_margin", 0.1, `{"from": 0.65, "to": 0.85}`},
		{"critical_first_response_hours", 0.2, `"first_response": "12m"`},
		{"critical_resolution_hours", 3, `"resolution": "3h"`},
		{"high_first_response_hours", 1.5, `"first_response": "1h30m"`},
		{"high_resolution_hours", 7, `"resolution": "7h"`},
		{"medium_first_response_hours", 5, `"first_response": "5h"`},
		{"medium_resolution_hours", 20, `"resolution": "20h"`},
		{"low_first_response_hours", 9, `"first_response": "9h"`},
		{"low_resolution_hours", 60, `"resolution": "2d12h"`},
		{"frontline_response_hours", 1, `"response": "1h"`},
		{"specialist_response_hours", 1.5, `"response": "1h30m"`},
		{"engineering_response_hours", 1, `"response": "1h"`},
		{"frontline_time_share", 0.1, "Tier 1 2h → 1h30m"},
		{"specialist_time_share", 0.1, "Tier 2 4h → 54m"},
		{"engineering_time_share", 0.01, "Tier 3 8h → 5m"},
		{"office_opens_hour", 8, "08:00-17:00"},
		{"office_closes_hour", 18, "09:00-18:00"},
		{"warning", 0.9, "sla.used >= 0.9"},
		{"early_warning", 0.6, "[0.5, 0.6, 0.8, 1]"},
		{"least_warning_minutes", 20, "80 % of the first response of High leaves 12m"},
		{"repeated_contacts", 4, "ticket.contacts >= 4"},
		{"hostile_score", -0.5, "sentiment_score < -0.5"},
		{"revenue_threshold", 5000, `"revenue_threshold": 5000`},
		{"ltv_threshold", 7000, `"ltv_threshold": 7000`},
		{"idle_hours", 12, "ticket.idle >= 12h"},
		{"idle_paused_hours", 100, "ticket.idle >= 4d4h"},
		{"idle_again_hours", 36, `"every": "1d12h"`},
		{"unowned", 0.3, "sla.first_response.used >= 0.3"},
		{"still_unowned", 0.7, "sla.first_response.used >= 0.7"},
		{"halfway", 0.4, "sla.used >= 0.4"},
		{"angry_waiting_hours", 3, "ticket.waiting >= 3h"},
		{"vip_waiting_hours", 3, "ticket.waiting >= 3h"},
		{"waiting_again_hours", 5, `"every": "5h"`},
		{"quiet_from_hour", 21, "21:00-07:00"},
		{"quiet_to_hour", 6, "22:00-06:00"},
		{"supplier_hours", 96, "ticket.idle >= 4d"},
		{"update_hours", 30, `"every": "1d6h"`},
		{"owner_told", 0.6, "sla.tier_response.used >= 0.6"},
		{"most_moves", 3, "more than 3 moves"},
		{"trial_weeks", 4, "After 4 weeks"},
	} {
		t.Run(c.figure, func(t *testing.T) {
			assert.Contains(t, notes(plain), "| "+c.figure+" | ")
			p := everything
			p.Figures = map[string]float64{c.figure: c.value}
			d, err := playbook.Design(p)
			require.NoError(t, err)
			all := func(d *playbook.Document) string { return string(escalation.FormatPolicy(d.Policy)) + notes(d) }
			assert.False(t, strings.Contains(all(plain), c.says), "it is there without the figure: %s", c.says)
			assert.True(t, strings.Contains(all(d), c.says), "it is not there: %s\n%s", c.says, notes(d))
			row := fmt.Sprintf("| %s | %v | ", c.figure, c.value)
			assert.Contains(t, notes(d), row)
			assert.Contains(t, notes(d)[strings.Index(notes(d), row):], "(your answers) |")
		})
	}
	for figure, value := range map[string]float64{"large_team_agents": 7, "large_team_tickets": 1000} {
		t.Run(figure, func(t *testing.T) {
			p := playbook.Profile{Agents: 8, Volume: 1200}
			assert.Len(t, designed(t, p).Policy.Tiers, 3)
			assert.Contains(t, notes(designed(t, p)), "| "+figure+" | ")
			p.Figures = map[string]float64{figure: value}
			assert.Len(t, designed(t, p).Policy.Tiers, 4)
		})
	}
	t.Run("most_tiers", func(t *testing.T) {
		d := designed(t, playbook.Profile{Structure: "11 tiers", Figures: map[string]float64{"most_tiers": 11}})
		assert.Len(t, d.Policy.Tiers, 11)
	})
	t.Run("a figure that decides nothing is not listed", func(t *testing.T) {
		assert.NotContains(t, notes(designed(t, playbook.Profile{Structure: "3 tiers"})), "supplier_hours")
	})
}

// plainAnswers are used, or listed as they stand; oddAnswers hold what must not disturb the
// rules and the document.
var (
	plainAnswers = strings.Split(`Password resets;Outages;API errors;Billing disputes;Security;GDPR;Pannes;Litiges de facturation;Clients mécontents;oubliés;late;`+
		`ping-pong;VIP;paged at night;réveillés la nuit;fournisseur;reopened;slow engineering;black box;needless escalations;contexte perdu;uneven;absent;`+
		`on call;astreinte;L1, L2, L3;3 tiers;niveau 1, 2 et 3;7 niveaux;Helpdesk, Billing, R AND D;Support, Management;Accueil puis Technique puis Direction;none;`+
		`$critical bug;THEN escalate to API;Tier 1, Tier 2;Management, Tier 2;a, b, c, d, e, f, g, h;日本 bug;VIP 🚒 bug`, ";")
	oddAnswers = append(strings.Split(`office hours;9h-18h;08:00 to 16:30;24/7;**bold** bug;"quoted" API;back\slash bug;{{param}} error;<b>html</b> outage;| pipe | billing;`+
		`IF x = "y" AND API;# bug;1. bug;- bug;a = "b" bug;'bug';…`, ";"), "`code` crash", "a\nbug", "\x00bug", "bug\u202e", "bug\ufffd", "\xff bug", "")
)

// anyProfile makes up a profile out of what is understood and nonsense.
func anyProfile(r *rand.Rand) playbook.Profile {
	pick := func() string {
		answers := plainAnswers
		if r.IntN(3) == 0 {
			answers = oddAnswers
		}
		return answers[r.IntN(len(answers))]
	}
	many := func() (out []string) {
		for range r.IntN(6) {
			out = append(out, pick())
		}
		return out
	}
	p := playbook.Profile{Company: pick(), Supports: pick(), Structure: pick(), Issues: many(), Pains: many(), Language: []string{"", "en", "fr"}[r.IntN(3)]}
	if r.IntN(3) > 0 {
		p.Agents, p.Volume = r.IntN(30), r.IntN(5000)
	}
	if r.IntN(4) == 0 {
		p.Figures = map[string]float64{"low_first_response_hours": float64(1+r.IntN(60)) / 4, "medium_resolution_hours": float64(1 + r.IntN(100)), "warning": 0.51 + 0.49*r.Float64()}
	}
	return p
}

func TestWhateverIsAnsweredTheDesignWorks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		p := anyProfile(r)
		d, err := playbook.Design(p)
		require.NoError(t, err, "%q", p)
		again, err := playbook.Design(p)
		require.NoError(t, err)
		require.Equal(t, d, again, "%q", p)
		require.Equal(t, p, d.Profile)

		engine, err := escalation.Compile(d.Policy, nil)
		require.NoError(t, err, "%q", p)
		if p.Figures == nil {
			require.Empty(t, engine.Verify(), "%q", p)
		}
		for _, u := range d.Unused {
			require.NotEmpty(t, u.Text)
			require.NotEmpty(t, u.Why)
		}
		// An answer is used, or it is listed.
		all := notes(d)
		for _, answer := range slices.Concat(p.Issues, p.Pains) {
			if slices.Contains(plainAnswers, answer) {
				require.True(t, strings.Contains(all, answer), "%q: %q\n%s", p, answer, all)
			}
		}
	}
}
