package playbook

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
)

// A bilingual is a text in the languages of a document.
type bilingual struct{ en, fr string }

func (w bilingual) in(language string) string {
	if language == "fr" {
		return w.fr
	}
	return w.en
}

// A figure is a number that Design decides by. Profile.Figures overrides it.
type figure struct {
	name               string
	value, least, most float64
	from               origin
	what               bilingual
}

// An origin says where a figure comes from.
type origin int

const (
	framework origin = iota // the escalation framework that Standard is made of
	practice                // published by support teams
	heuristic               // ours: no authoritative source was found
	answered                // given in the profile
)

var origins = map[origin]bilingual{
	framework: {"the framework", "le référentiel"},
	practice:  {"common practice", "usage courant"},
	heuristic: {"our heuristic", "notre heuristique"},
	answered:  {"your answers", "vos réponses"},
}

const year = 365 * 24 // hours

// figureTable holds all that there are, in the order in which the document lists them.
var figureTable = []figure{
	{"small_team_agents", 3, 0, 1e6, heuristic, bilingual{"up to so many agents two tiers do", "jusqu'à tant d'agents, deux niveaux suffisent"}},
	{"small_team_tickets", 300, 0, 1e9, heuristic, bilingual{"below so many tickets a month two tiers do", "sous tant de tickets par mois, deux niveaux suffisent"}},
	{"large_team_agents", 12, 0, 1e6, heuristic, bilingual{"above so many agents management is a tier", "au-delà de tant d'agents, la direction est un niveau"}},
	{"large_team_tickets", 2000, 0, 1e9, heuristic, bilingual{"above so many tickets a month management is a tier", "au-delà de tant de tickets par mois, la direction est un niveau"}},
	{"most_tiers", 10, 2, 20, heuristic, bilingual{"a structure of more tiers is not taken over", "une structure de plus de niveaux n'est pas reprise"}},
	{"fewest_tickets", 5, 0, 1e6, heuristic, bilingual{"a tier with fewer tickets a month is warned about", "un niveau qui a moins de tickets par mois est signalé"}},
	{"solved_at_tier_1", 0.75, 0, 1, framework, bilingual{"the share of its tickets that the first tier resolves", "la part de ses tickets que le premier niveau résout"}},
	{"solved_above", 0.8, 0, 1, practice, bilingual{"the same of each tier above it", "la même part à chaque niveau au-dessus"}},
	{"goal_margin", 0.05, 0, 0.5, framework, bilingual{"how far around that the goal of the first tier reaches", "la marge de l'objectif du premier niveau autour de cette part"}},

	{"critical_first_response_hours", 0.25, 0.02, year, framework, bilingual{"first response of the most urgent priority", "première réponse de la priorité la plus urgente"}},
	{"critical_resolution_hours", 4, 0.02, year, framework, bilingual{"its resolution", "sa résolution"}},
	{"high_first_response_hours", 1, 0.02, year, framework, bilingual{"first response of the second priority", "première réponse de la deuxième priorité"}},
	{"high_resolution_hours", 8, 0.02, year, framework, bilingual{"its resolution", "sa résolution"}},
	{"medium_first_response_hours", 4, 0.02, year, framework, bilingual{"first response of the third priority", "première réponse de la troisième priorité"}},
	{"medium_resolution_hours", 24, 0.02, year, framework, bilingual{"its resolution", "sa résolution"}},
	{"low_first_response_hours", 8, 0.02, year, framework, bilingual{"first response of the last priority", "première réponse de la dernière priorité"}},
	{"low_resolution_hours", 48, 0.02, year, framework, bilingual{"its resolution", "sa résolution"}},
	{"frontline_response_hours", 2, 0.02, year, framework, bilingual{"how soon the first tier answers", "délai de réponse du premier niveau"}},
	{"specialist_response_hours", 4, 0.02, year, framework, bilingual{"how soon the tiers in between answer", "délai de réponse des niveaux intermédiaires"}},
	{"engineering_response_hours", 8, 0.02, year, framework, bilingual{"how soon the last working tier answers", "délai de réponse du dernier niveau opérationnel"}},
	{"frontline_time_share", 0.6, 0.01, 1, heuristic, bilingual{"the first tier's part of a resolution that is too short for all", "part du premier niveau dans une résolution trop courte pour tous"}},
	{"specialist_time_share", 0.25, 0.01, 1, heuristic, bilingual{"the part of each tier in between", "part de chaque niveau intermédiaire"}},
	{"engineering_time_share", 0.15, 0.01, 1, heuristic, bilingual{"the part of the last working tier", "part du dernier niveau opérationnel"}},
	{"office_opens_hour", 9, 0, 23, practice, bilingual{"when an office opens", "heure d'ouverture des bureaux"}},
	{"office_closes_hour", 17, 1, 24, practice, bilingual{"when it closes", "heure de fermeture"}},

	{"warning", 0.8, 0.05, 1, framework, bilingual{"the share of a promise at which it is at risk", "part d'un engagement à partir de laquelle il est en danger"}},
	{"early_warning", 0.5, 0.01, 1, heuristic, bilingual{"the same where that leaves too little time", "la même part là où cela laisse trop peu de temps"}},
	{"least_warning_minutes", 5, 0, 1440, heuristic, bilingual{"too little is less than so many minutes", "trop peu de temps : moins de tant de minutes"}},
	{"repeated_contacts", 3, 2, 100, framework, bilingual{"contacts about one issue that are too many", "contacts sur un même problème qui sont de trop"}},
	{"hostile_score", -0.7, -1, 0, framework, bilingual{"the mood below which a message is hostile", "humeur sous laquelle un message est hostile"}},
	{"revenue_threshold", 1000, 0, math.MaxFloat64, framework, bilingual{"revenue at stake that makes a case important", "chiffre d'affaires en jeu qui rend un cas important"}},
	{"ltv_threshold", 10000, 0, math.MaxFloat64, framework, bilingual{"lifetime value that makes a customer important", "valeur vie qui rend un client important"}},
	{"idle_hours", 24, 0.5, year, heuristic, bilingual{"a ticket that nobody has moved for so long is forgotten", "un ticket que personne n'a fait avancer depuis si longtemps est oublié"}},
	{"idle_paused_hours", 72, 0.5, year, heuristic, bilingual{"the same of one that waits for others", "le même délai pour un ticket qui attend un tiers"}},
	{"idle_again_hours", 24, 0.5, year, heuristic, bilingual{"how often that is said again", "rythme auquel on le redit"}},

	{"unowned", 0.25, 0.01, 1, heuristic, bilingual{"the share of the first response at which somebody must own a ticket", "part de la première réponse à laquelle un ticket doit avoir un responsable"}},
	{"still_unowned", 0.5, 0.01, 1, heuristic, bilingual{"the share at which the manager hears of it", "part à laquelle la hiérarchie l'apprend"}},
	{"halfway", 0.5, 0.01, 1, heuristic, bilingual{"the share of a promise at which it is told early", "part d'un engagement à laquelle on prévient tôt"}},
	{"angry_waiting_hours", 2, 0.1, year, heuristic, bilingual{"how long an angry customer may wait for word", "temps qu'un client en colère peut attendre un mot"}},
	{"vip_waiting_hours", 1, 0.1, year, heuristic, bilingual{"how long a VIP may wait for word", "temps qu'un VIP peut attendre un mot"}},
	{"waiting_again_hours", 4, 0.1, year, heuristic, bilingual{"how often that is said again", "rythme auquel on le redit"}},
	{"quiet_from_hour", 22, 0, 23, heuristic, bilingual{"when quiet hours begin", "début des heures calmes"}},
	{"quiet_to_hour", 7, 1, 24, heuristic, bilingual{"when they end", "fin des heures calmes"}},
	{"supplier_hours", 72, 0.5, year, heuristic, bilingual{"how long a supplier may keep a ticket waiting", "temps pendant lequel un fournisseur peut faire attendre un ticket"}},
	{"update_hours", 24, 0.5, year, heuristic, bilingual{"how often engineering says where it stands", "rythme auquel l'ingénierie dit où elle en est"}},
	{"owner_told", 0.5, 0.01, 1, heuristic, bilingual{"the share of engineering's time at which the product owner hears of it", "part du délai de l'ingénierie à laquelle le responsable produit l'apprend"}},
	{"most_moves", 2, 1, 100, heuristic, bilingual{"moves back and forth that are enough", "allers-retours qui suffisent"}},
	{"trial_weeks", 2, 1, 52, heuristic, bilingual{"how long new rules are only watched", "durée pendant laquelle les nouvelles règles sont seulement observées"}},
}

func figureNames() []string {
	var names []string
	for _, f := range figureTable {
		names = append(names, f.name)
	}
	return names
}

// ordered are pairs of figures of which the first must be below the second, or equal to
// it where that makes sense.
var ordered = []struct {
	low, high string
	equal     bool
}{
	{"small_team_agents", "large_team_agents", true},
	{"small_team_tickets", "large_team_tickets", true},
	{"office_opens_hour", "office_closes_hour", false},
	{"early_warning", "warning", false},
	{"unowned", "still_unowned", false},
	{"halfway", "warning", false},
	{"idle_hours", "idle_paused_hours", true},
}

// chosen are the figures of a profile: the values, which of them the profile changes, and
// which of them have been used.
type chosen struct {
	value map[string]float64
	given map[string]bool
	used  map[string]bool
}

// use returns a figure and notes that the document must name it.
func (c *chosen) use(name string) float64 {
	v, ok := c.value[name]
	if !ok {
		panic("playbook: no figure " + name) // a slip in the tables, found by any test
	}
	c.used[name] = true
	return v
}

// choose checks the numbers of a profile, and returns all mistakes at once.
func choose(p Profile) (*chosen, error) {
	c := &chosen{map[string]float64{}, map[string]bool{}, map[string]bool{}}
	var errs escalation.Errors
	fail := func(path string, code rules.Code, message, hint string) {
		errs = append(errs, &rules.Error{Path: path, Code: code, Message: message, Hint: hint})
	}
	if p.Volume < 0 {
		fail("/volume", rules.WrongOption, fmt.Sprintf("%d tickets a month are fewer than none", p.Volume), "0 is not known")
	}
	if p.Agents < 0 {
		fail("/agents", rules.WrongOption, fmt.Sprintf("%d agents are fewer than none", p.Agents), "0 is not known")
	}
	if languages := []string{"en", "fr"}; p.Language != "" && !slices.Contains(languages, p.Language) {
		fail("/language", rules.UnknownValue, fmt.Sprintf("there is no document in the language %q", p.Language), "there are en and fr")
	}
	for _, f := range figureTable {
		c.value[f.name] = f.value
	}
	for _, threshold := range []struct {
		path, figure string
		value        float64
	}{{"/revenue_threshold", "revenue_threshold", p.RevenueThreshold}, {"/ltv_threshold", "ltv_threshold", p.LTVThreshold}} {
		switch v := threshold.value; {
		case v < 0 || math.IsNaN(v) || math.IsInf(v, 0):
			fail(threshold.path, rules.WrongOption, fmt.Sprintf("%v is no amount", v), "0 is the default")
		case v != 0:
			c.value[threshold.figure], c.given[threshold.figure] = v, true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Figures)) {
		path, v := "/figures/"+name, p.Figures[name]
		i := slices.IndexFunc(figureTable, func(f figure) bool { return f.name == name })
		if i < 0 {
			fail(path, rules.UnknownName, fmt.Sprintf("there is no figure %q", name), rules.Meant(name, figureNames()))
			continue
		}
		if f := figureTable[i]; !(f.least <= v && v <= f.most) {
			between := fmt.Sprintf("it is between %s and %s, and %s without you", number(f.least), number(f.most), number(f.value))
			if f.most == math.MaxFloat64 {
				between = fmt.Sprintf("it is at least %s, and %s without you", number(f.least), number(f.value))
			}
			fail(path, rules.WrongOption, fmt.Sprintf("%q cannot be %s", name, number(v)), between)
			continue
		}
		c.value[name], c.given[name] = v, v != figureTable[i].value
	}
	for _, o := range ordered {
		low, high := c.value[o.low], c.value[o.high]
		if (c.given[o.low] || c.given[o.high]) && (low > high || low == high && !o.equal) {
			fail("/figures/"+o.low, rules.WrongOption, fmt.Sprintf("%q, %s, must be below %q, %s", o.low, number(low), o.high, number(high)), "")
		}
	}
	if from := c.value["quiet_from_hour"]; from == c.value["quiet_to_hour"] {
		fail("/figures/quiet_from_hour", rules.WrongOption, fmt.Sprintf("quiet hours cannot begin and end at %s", number(from)), "")
	}
	for _, name := range []string{"most_tiers", "repeated_contacts", "office_opens_hour", "office_closes_hour", "quiet_from_hour", "quiet_to_hour", "most_moves", "trial_weeks"} {
		if v := c.value[name]; v != math.Trunc(v) {
			fail("/figures/"+name, rules.WrongOption, fmt.Sprintf("%q must be a whole number, not %s", name, number(v)), "")
		}
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return c, nil
}

// number writes a figure without needless digits.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
