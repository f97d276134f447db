package rules

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// word is a word of an author's action and its place, in characters.
type word struct {
	text     string
	from, to int
}

func wordsOf(text []rune) []word {
	var out []word
	for i := 0; i < len(text); {
		if unicode.IsSpace(text[i]) {
			i++
			continue
		}
		from := i
		for i < len(text) && !unicode.IsSpace(text[i]) {
			i++
		}
		out = append(out, word{string(text[from:i]), from, i})
	}
	return out
}

// phrase reads an action that is said in a phrase of the vocabulary. Not ok: it is a
// call, for the expr language to read.
func (c *compiler[F]) phrase(part string) (Action, bool) {
	text := []rune(c.text)
	words := wordsOf(text)
	if first, _, call := strings.Cut(words[0].text, "("); call || len(words) == 1 && c.verbs[first] != nil ||
		len(words) > 1 && strings.HasPrefix(words[1].text, "(") {
		return Action{}, false
	}
	var verb *Verb
	var found map[string]word
	for i := range c.set.vocabulary.Verbs {
		v := &c.set.vocabulary.Verbs[i]
		for _, phrase := range v.Phrases {
			// Of several that fit the one that leaves the least to be filled in.
			if args, ok := fits(strings.Fields(phrase), words, text); ok && (verb == nil || length(args) < length(found)) {
				verb, found = v, args
			}
		}
	}
	if verb == nil {
		if len(c.set.vocabulary.phrases()) == 0 {
			return Action{}, false
		}
		c.unknownPhrase(part, words)
		return Action{}, true
	}
	if c.forbidden(part, verb, words[0].from) {
		return Action{}, true
	}
	a := Action{Verb: verb.Name}
	for i, arg := range verb.Args {
		value, said := found[arg.Name]
		if !said && i >= verb.least() {
			break
		}
		a.Args = append(a.Args, c.said(part, verb.Name, arg, value))
	}
	return a, true
}

// said checks an argument of a phrase.
func (c *compiler[F]) said(part, verb string, arg Arg, value word) any {
	if !arg.Number {
		return c.textArgument(part, verb, arg, value.text, value.from)
	}
	n, err := strconv.Atoi(value.text)
	if err != nil || n < 1 {
		c.fail(part, value.from, WrongAction, fmt.Sprintf("%s: the %s must be a whole number of at least 1", verb, arg.Name))
		return nil
	}
	return float64(n)
}

// fits holds words against a phrase. Words count in any case; what stands in braces is
// all up to the next word of the phrase, without the quotes around it.
func fits(phrase []string, words []word, text []rune) (map[string]word, bool) {
	args := map[string]word{}
	at := 0
	for i, p := range phrase {
		name, isArg := strings.CutPrefix(p, "{")
		if !isArg {
			if at >= len(words) || !strings.EqualFold(p, words[at].text) {
				return nil, false
			}
			at++
			continue
		}
		end := len(words)
		if i+1 < len(phrase) {
			for end = at + 1; end < len(words) && !strings.EqualFold(phrase[i+1], words[end].text); end++ {
			}
		}
		if at >= end || at >= len(words) {
			return nil, false
		}
		end = min(end, len(words))
		from, to := words[at].from, words[end-1].to
		if to-from >= 2 && (text[from] == '"' || text[from] == '\'') && text[to-1] == text[from] {
			from, to = from+1, to-1
		}
		args[strings.TrimSuffix(name, "}")] = word{string(text[from:to]), from, to}
		at = end
	}
	return args, at == len(words)
}

func length(args map[string]word) int {
	n := 0
	for _, a := range args { // a sum: order does not matter
		n += a.to - a.from
	}
	return n
}

func (v *Vocabulary[F]) phrases() []string {
	var out []string
	for _, verb := range v.Verbs {
		out = append(out, verb.Phrases...)
	}
	return out
}

// unknownPhrase tells that an action is none, with the phrase that is most like it.
func (c *compiler[F]) unknownPhrase(part string, words []word) {
	hint, nearest := "", 0
	for _, phrase := range c.set.vocabulary.phrases() {
		alike := 0
		for i, p := range strings.Fields(phrase) {
			if strings.HasPrefix(p, "{") || i >= len(words) {
				break
			}
			if d := distance(strings.ToLower(p), strings.ToLower(words[i].text)); d == 0 {
				alike += 2
			} else if d <= max(1, len(p)/3) {
				alike++
			} else {
				break
			}
		}
		if alike > nearest {
			hint, nearest = fmt.Sprintf("did you mean %q?", phrase), alike
		}
	}
	var first []string
	for _, w := range words {
		first = append(first, w.text)
	}
	c.fail(part, words[0].from, UnknownFunction, fmt.Sprintf("%q is no action", shorten(strings.Join(first, " "))),
		cmp.Or(hint, `an action is a phrase such as "`+c.set.vocabulary.phrases()[0]+`" or a call`))
}

func shorten(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}
