package playbook

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// plainLetters takes the accents off, as they are forgotten often.
var plainLetters = strings.NewReplacer(
	"à", "a", "â", "a", "ä", "a", "á", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e",
	"î", "i", "ï", "i", "í", "i", "ô", "o", "ö", "o", "ó", "o", "ù", "u", "û", "u", "ü", "u", "ú", "u", "œ", "oe", "æ", "ae")

// spoken splits an answer into words: lower case, without accents.
func spoken(text string) []string {
	return strings.FieldsFunc(plainLetters.Replace(strings.ToLower(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// says reports whether an answer has one of the phrases of a table. Words of a phrase
// stand side by side; `late*` is a stem.
func says(answer string, phrases []string) bool {
	said := spoken(answer)
	return slices.ContainsFunc(phrases, func(phrase string) bool {
		wanted := strings.Fields(phrase)
		for at := 0; at+len(wanted) <= len(said); at++ {
			fits := true
			for i, w := range wanted {
				stem, isStem := strings.CutSuffix(w, "*")
				fits = fits && (said[at+i] == w || isStem && strings.HasPrefix(said[at+i], stem))
			}
			if fits {
				return true
			}
		}
		return false
	})
}

// tidy makes an answer one line that can be printed.
func tidy(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == unicode.ReplacementChar || !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	return strings.Join(strings.Fields(text), " ")
}

// A structure is what was understood of Profile.Structure.
type structure struct {
	count int      // tiers; 0: none said
	names []string // lowest first; nil: they have none but numbers
	twice []string // names that were said twice
}

var (
	counted = regexp.MustCompile(`(?i)(?:^|[^\pL\d])(\d{1,4}|two|three|four|five|six|deux|trois|quatre|cinq|six)[ -]+(?:support[ -]+)?(?:tiers?|levels?|lines?|niveaux?|lignes?)(?:$|[^\pL\d])`)
	listed  = regexp.MustCompile(`(?i)(?:^|[^\pL\d])(?:tiers?|levels?|lines?|niveaux?|lignes?) *(\d{1,3}(?: *(?:,|et|and|&|/|\+|-|à|to) *\d{1,3})+)(?:$|[^\pL\d])`)
	digits  = regexp.MustCompile(`\d+`)
	between = regexp.MustCompile(` *(?:[,;/>→\n|]|->| et | and | & | puis | then ) *`)
)

var numerals = map[string]int{
	"two": 2, "three": 3, "four": 4, "five": 5, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6,
}

// noStructure are answers that say that there is none.
var noStructure = []string{"none", "no", "nothing", "flat", "no tiers", "no structure", "aucune", "aucun", "rien", "neant", "pas de structure", "pas de niveau*"}

// numbered is a tier that has a number for a name, whatever comes before it.
var numbered = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:tier|level|niveau) *\d{1,3}$`)

// readStructure understands "3 tiers", "niveau 1, 2 et 3" and "Helpdesk, Billing,
// Engineering"; false: it does not.
func readStructure(answer string) (structure, bool) {
	text := strings.TrimSpace(answer)
	if text == "" || len(spoken(text)) <= 3 && says(text, noStructure) {
		return structure{}, true
	}
	if m := listed.FindStringSubmatch(text); m != nil {
		most := 0
		for _, n := range digits.FindAllString(m[1], -1) {
			v, _ := strconv.Atoi(n)
			most = max(most, v)
		}
		return structure{count: most}, most > 0
	}
	if m := counted.FindStringSubmatch(text); m != nil {
		n, written := numerals[strings.ToLower(m[1])]
		if !written {
			n, _ = strconv.Atoi(m[1])
		}
		return structure{count: n}, n > 0
	}
	var s structure
	numbers := 0
	for _, part := range between.Split(tidy(strings.ReplaceAll(text, "\n", ",")), -1) {
		name := strings.Trim(part, " .:-'")
		switch {
		case name == "" || says(name, onCall) || says(name, always) || hours(name) != nil:
		case numbered.MatchString(name):
			numbers++
			s.count++
		case !unicode.IsLetter([]rune(name)[0]) || len([]rune(name)) > 40 || len(strings.Fields(name)) > 4 || strings.ContainsAny(name, "\\\"*_`{}[]()<>#$"):
			return structure{}, false
		case slices.ContainsFunc(s.names, func(known string) bool { return strings.EqualFold(known, name) }):
			s.twice = append(s.twice, name)
		default:
			s.names = append(s.names, name)
			s.count++
		}
	}
	if numbers > 0 && s.names != nil || s.count < 2 { // some have numbers and others names
		return structure{}, false
	}
	return s, true
}

// An opening is the hours of a day, from hour to hour in minutes.
type opening struct{ from, to int }

var (
	// "9-17", "9h-18h30", "08:00 to 18:00", "9am-5pm", "de 9h à 18h"
	spanned = regexp.MustCompile(`(?i)(?:^|[^\pL\d/])(\d{1,2})(?:[:h](\d{2})?)? ?(am|pm|h)? ?(?:-|–|to|à|until) ?(\d{1,2})(?:[:h](\d{2})?)? ?(am|pm|h)?(?:$|[^\pL\d/%])`)

	atTheOffice = []string{"office hours", "business hours", "working hours", "heures de bureau", "heures ouvrees", "heures ouvrables", "horaires de bureau"}
	always      = []string{"24 7", "24x7", "7 7", "7j 7", "24h 24", "24 24", "around the clock", "round the clock"}
	onCall      = []string{"on call", "oncall", "astreinte*", "d astreinte"}
)

// hours finds opening hours in an answer.
func hours(answer string) *opening {
	for _, m := range spanned.FindAllStringSubmatch(answer, -1) {
		at := func(hour, minute, half string) int {
			h, _ := strconv.Atoi(hour)
			min, _ := strconv.Atoi(minute)
			if strings.EqualFold(half, "pm") && h < 12 {
				h += 12
			}
			return 60*h + min
		}
		o := opening{at(m[1], m[2], m[3]), at(m[4], m[5], m[6])}
		if o.from < o.to && o.to <= 24*60 && o.to-o.from >= 4*60 { // "2-3 agents" are no hours
			return &o
		}
	}
	return nil
}
