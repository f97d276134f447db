package sentiment

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// A wordID stands for a word of the language. 0 is every other word.
type wordID uint16

const numberID wordID = 1

// What a word is besides its weight.
type flag uint8

const (
	foreignWord flag = 1 << iota // a frequent word of another language
	negation                     // turns what follows
	booster                      // makes what follows louder
	nameLike                     // also a name when capitalised
	link                         // may stand between a negation and an unhappy word
	barrier                      // no negation reaches across
	knownWord                    // listed as one of the language
)

// A kind is what an evidence is, and decides how its weights are added up.
type kind uint8

const (
	neutral   kind = iota // set aside before anything else is looked at
	strong                // a hard word or phrase: enough for Angry with anything beside it
	mild                  // an unhappy word
	complaint             // a pattern of being left alone
	problem               // the subject of the message, not its tone
	hint                  // means something only beside what is amiss
	praise                // a glad word or phrase
	thanks                // manners
	emphasis              // capitals, marks, "very"
	intent
	said   // an intent, unless it is a question
	unless // takes an intent back
	kinds
)

var kindNames = [kinds]string{
	strong: "word", mild: "word", complaint: "complaint", problem: "problem", hint: "hint", praise: "word", thanks: "politeness", emphasis: "emphasis", intent: "intent",
}

// A rule is a heading of the data files: what its patterns mean.
type rule struct {
	kind   kind
	name   string
	weight float64
	alone  float64 // the weight where nothing else in the message is amiss, if
	weak   bool    // there is one of its own
	intent Intent
	own    bool // the host's: speaks for every word in it
}

// A language is a compiled data file. It does not change once compiled.
type language struct {
	name     string
	ids      map[string]wordID
	suffixes map[string]wordID // of contractions: 'll
	expand   [][]wordID        // short forms: dont
	flags    []flag
	weights  []float64
	kinds    []kind

	letters  string            // besides a to z
	elisions map[string]wordID // what stands before an apostrophe, and for which word: l'
	closings []string          // lines that close a letter
	speech   []string          // words that are in sentences and not in signatures

	rules    []rule
	patterns []pattern
	asides   [][]uint16 // by word: the neutral patterns that may begin with it
	starts   [][]uint16 // by word: the others
}

// A pattern is a sequence of elements, looked for within one sentence.
type pattern struct {
	rule     uint16
	elements []element
	initial  bool   // begins where a sentence does
	needs    sketch // a word of these must follow the first, or looking is in vain
	words    string // as written
}

// An element is a set of words, or a gap of up to so many tokens.
type element struct {
	words    set
	gap      int
	optional bool
	end      bool // or the end of the sentence
}

// A set of words. Word 0 is in none.
type set []uint64

func (s set) has(id wordID) bool { return int(id>>6) < len(s) && s[id>>6]&(1<<(id&63)) != 0 }

func (s *set) add(id wordID) {
	for int(id>>6) >= len(*s) {
		*s = append(*s, 0)
	}
	(*s)[id>>6] |= 1 << (id & 63)
}

// all yields the words of the set.
func (s set) all(yield func(wordID) bool) {
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			if !yield(wordID(i*64 + bits.TrailingZeros64(word))) {
				return
			}
		}
	}
}

func (s *set) union(other set) {
	for i, word := range other {
		if i >= len(*s) {
			*s = append(*s, 0)
		}
		(*s)[i] |= word
	}
}

// A sketch of a set of words: what is not in it is not in the set. Most patterns are given up on a glance at it.
type sketch [4]uint64

func (s *sketch) add(id wordID) { s[id>>6&3] |= 1 << (id & 63) }

// meets reports whether the two may have a word in common. The sketch of a sentence has word 0, so that it meets the one of everything.
func (s *sketch) meets(o *sketch) bool { return s[0]&o[0]|s[1]&o[1]|s[2]&o[2]|s[3]&o[3] != 0 }

// needed returns the sketch of the element that is hardest to find, or of everything.
func needed(elements []element) sketch {
	rarest, words := sketch{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}, math.MaxInt
	for _, e := range elements {
		if e.gap > 0 || e.optional || e.end {
			continue
		}
		var s sketch
		n := 0
		for i, word := range e.words {
			s[i&3] |= word
			n += bits.OnesCount64(word)
		}
		if n < words {
			rarest, words = s, n
		}
	}
	return rarest
}

// match reports where the elements, which begin at tokens[at], end. Gaps are as short as possible and cross no comma.
func match(tokens []token, at int, elements []element) (int, bool) {
	if len(elements) == 0 {
		return at, true
	}
	e := elements[0]
	if e.gap > 0 {
		for k := 0; k <= e.gap && at+k <= len(tokens); k++ {
			if k == 1 && tokens[at].clause || k > 0 && at+k < len(tokens) && tokens[at+k].clause {
				return 0, false
			}
			if end, ok := match(tokens, at+k, elements[1:]); ok {
				return end, true
			}
		}
		return 0, false
	}
	if at < len(tokens) && e.words.has(tokens[at].id) {
		if end, ok := match(tokens, at+1, elements[1:]); ok {
			return end, true
		}
	}
	if e.optional || e.end && at == len(tokens) {
		return match(tokens, at, elements[1:])
	}
	return 0, false
}

// compile reads the data files; their own comments say what is in them.
func compile(name, words, patterns string, o *Options) (*language, error) {
	l := &language{name: name, ids: map[string]wordID{}, suffixes: map[string]wordID{}, elisions: map[string]wordID{}}
	l.intern("")  // word 0
	l.intern("#") // numberID
	c := compiler{language: l, classes: map[string]set{}, sets: map[string]set{}}
	c.file = "words"
	for n, line := range strings.Split(words, "\n") {
		c.wordLine(n+1, line)
	}
	c.heading = nil
	c.options(o)
	c.file = "patterns"
	for n, line := range strings.Split(patterns, "\n") {
		c.patternLine(n+1, line)
	}
	if most := max(len(l.flags), len(l.patterns), len(l.rules)); most >= math.MaxUint16 {
		c.errs = append(c.errs, fmt.Errorf("%q has more than %d words, patterns or headings", name, math.MaxUint16-1))
	}
	if len(c.errs) > 0 {
		return nil, errors.Join(c.errs...)
	}
	l.starts, l.asides = make([][]uint16, len(l.flags)), make([][]uint16, len(l.flags))
	for i := range l.patterns {
		p := &l.patterns[i]
		p.needs = needed(p.elements[1:])
		index := l.starts
		if l.rules[p.rule].kind == neutral {
			index = l.asides
		}
		for id := range p.elements[0].words.all {
			index[id] = append(index[id], uint16(i))
		}
	}
	delete(l.ids, "")
	return l, nil
}

type compiler struct {
	*language
	classes map[string]set
	sets    map[string]set // by how they are written: many patterns share them
	heading []string
	file    string // words or patterns
	errs    []error
}

func (c *compiler) fail(line int, format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("%s of %q, line %d: %s", c.file, c.name, line, fmt.Sprintf(format, args...)))
}

func (l *language) intern(word string) wordID {
	word = folded(word)
	id, ok := l.ids[word]
	if !ok && len(l.flags) < math.MaxUint16 {
		id = wordID(len(l.flags))
		l.ids[word] = id
		l.flags = append(l.flags, 0)
		l.weights = append(l.weights, 0)
		l.kinds = append(l.kinds, neutral)
		l.expand = append(l.expand, nil)
	}
	return id
}

// headed reads a line "= kind name weight"; it reports whether there is anything else to read in line.
func (c *compiler) headed(line string) bool {
	if heading, ok := strings.CutPrefix(line, "="); ok {
		c.heading = strings.Fields(heading)
		return false
	}
	return line != "" && line != "#" && !strings.HasPrefix(line, "# ")
}

func (c *compiler) wordLine(n int, line string) {
	line = strings.TrimSpace(line)
	if !c.headed(line) {
		return
	}
	if len(c.heading) == 0 {
		c.fail(n, "words without a heading")
		return
	}
	fields := strings.Fields(line)
	switch c.heading[0] {
	case "letters":
		c.letters += strings.Join(fields, "")
	case "closing":
		c.closings = append(c.closings, line)
	case "speech":
		c.speech = append(c.speech, fields...)
	case "elision", "suffix":
		if len(fields) != 2 {
			c.fail(n, "want what is written and the word that it stands for")
			return
		}
		into := map[string]map[string]wordID{"elision": c.elisions, "suffix": c.suffixes}[c.heading[0]]
		into[fields[0]] = c.intern(fields[1])
	case "short":
		id := c.intern(fields[0])
		for _, w := range fields[1:] {
			c.expand[id] = append(c.expand[id], c.intern(w))
		}
	case "word", "problem":
		if len(c.heading) != 2 {
			c.fail(n, "a heading without a weight")
			return
		}
		weight := c.number(n, c.heading[1])
		for _, w := range fields {
			id := c.intern(w)
			if c.weights[id] != 0 {
				c.fail(n, "%q has two weights", w)
			}
			c.weights[id], c.kinds[id] = weight, kindOf(weight)
			if c.heading[0] == "problem" {
				c.kinds[id] = problem
			}
		}
	case "known", "foreign", "negation", "link", "barrier", "booster", "name":
		flags := map[string]flag{"foreign": foreignWord, "negation": negation, "booster": booster, "name": nameLike, "link": link, "barrier": barrier, "known": knownWord}
		for _, w := range fields {
			id := c.intern(w)
			if c.flags[id] |= flags[c.heading[0]]; c.flags[id]&foreignWord != 0 && (c.flags[id]&knownWord != 0 || c.weights[id] != 0) {
				c.fail(n, "%q is of the language, and foreign to it", w)
			}
		}
	default:
		c.fail(n, "no words of kind %q", c.heading[0])
	}
}

func kindOf(weight float64) kind {
	switch {
	case weight > 0:
		return praise
	case weight > -0.5:
		return mild
	}
	return strong
}

// options adds the words of a host as phrases, ahead of ours.
func (c *compiler) options(o *Options) {
	if o == nil {
		return
	}
	add := func(words string, r rule) {
		var ids []wordID
		for word := range ownWords(words) {
			if len(word) > maxWord {
				return
			}
			for { // "l'offre" is two words where l' is an elision
				short, rest, _ := strings.Cut(word, "'")
				if c.elisions[short] == 0 || rest == "" {
					break
				}
				ids, word = append(ids, c.elisions[short]), rest
			}
			if id := c.intern(word); c.expand[id] != nil {
				ids = append(ids, c.expand[id]...)
			} else {
				ids = append(ids, id)
			}
		}
		switch {
		case len(ids) == 0:
			return
		case len(ids) == 1 && r.kind != neutral: // a word like ours, which can be negated
			c.weights[ids[0]], c.kinds[ids[0]] = r.weight, r.kind
			return
		}
		var p pattern
		for _, id := range ids {
			var words set
			words.add(id)
			p.elements = append(p.elements, element{words: words})
		}
		p.rule, p.words = uint16(len(c.rules)), words
		c.rules = append(c.rules, r)
		c.patterns = append(c.patterns, p)
	}
	for _, words := range o.Ignore {
		add(words, rule{kind: neutral, name: "ignored"})
	}
	for _, words := range slices.Sorted(maps.Keys(o.Words)) {
		if w := o.Words[words]; w == w && w != 0 {
			w = max(-1, min(1, w))
			add(words, rule{kind: kindOf(w), name: "own words", weight: w, own: true})
		}
	}
}

// ownWords cuts a host's phrase as a scanner would.
func ownWords(phrase string) iter.Seq[string] {
	phrase = strings.ReplaceAll(strings.ToLower(phrase), "’", "'")
	return strings.FieldsFuncSeq(phrase, func(r rune) bool {
		return r != '\'' && !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r)
	})
}

func (c *compiler) patternLine(n int, line string) {
	line = strings.TrimSpace(line)
	if name, words, ok := strings.Cut(line, " = "); ok && strings.HasPrefix(name, "@") {
		c.classes[name] = c.set(n, strings.ReplaceAll(words, " ", "|"))
		return
	}
	if !c.headed(line) {
		if strings.HasPrefix(line, "=") {
			c.newRule(n)
		}
		return
	}
	if len(c.heading) == 0 {
		c.fail(n, "a pattern without a heading")
		return
	}
	p := pattern{rule: uint16(len(c.rules) - 1), words: line}
	line, p.initial = strings.CutPrefix(line, "^ ")
	for field := range strings.FieldsSeq(line) {
		if gap, ok := strings.CutPrefix(field, ".."); ok {
			n, err := strconv.Atoi(gap)
			if err != nil || n < 1 || n > 8 {
				c.fail(n, "no gap %q", field)
			}
			p.elements = append(p.elements, element{gap: n})
			continue
		}
		words, optional := strings.CutSuffix(field, "?")
		if strings.Contains(words, "?") {
			c.fail(n, "%q: all of the words are optional, or none", field)
		}
		words, end := strings.CutSuffix(words, "$")
		e := element{optional: optional, end: end}
		if words = strings.TrimSuffix(words, "|"); words != "" || !end {
			e.words = c.set(n, words)
		}
		p.elements = append(p.elements, e)
	}
	if first := p.elements[0]; first.gap > 0 || first.optional || first.end {
		c.fail(n, "a pattern begins with a word")
	}
	c.patterns = append(c.patterns, p)
}

func (c *compiler) newRule(n int) {
	kindNamed := map[string]kind{
		"neutral": neutral, "phrase": strong, "complaint": complaint, "problem": problem, "hint": hint, "thanks": thanks, "intent": intent, "said": said, "unless": unless,
	}
	if len(c.heading) == 0 {
		c.fail(n, "an empty heading")
		return
	}
	k, ok := kindNamed[c.heading[0]]
	if !ok {
		c.fail(n, "no patterns of kind %q", c.heading[0])
	}
	r := rule{kind: k, name: strings.Join(c.heading, " ")}
	switch {
	case k == intent || k == said || k == unless:
		if len(c.heading) != 2 {
			c.fail(n, "which intent?")
			return
		}
		r.intent, r.name = Intent(c.heading[1]), c.heading[1]
	case k != neutral:
		if len(c.heading) != 3 && len(c.heading) != 4 {
			c.fail(n, "want a kind, a name, a weight, and perhaps the weight where nothing else is amiss")
			return
		}
		r.name, r.weight = strings.ReplaceAll(c.heading[1], "-", " "), c.number(n, c.heading[2])
		if len(c.heading) == 4 {
			r.alone, r.weak = c.number(n, c.heading[3]), true
		}
		if k == strong {
			r.kind = kindOf(r.weight)
		}
	}
	c.rules = append(c.rules, r)
}

func (c *compiler) number(n int, written string) float64 {
	x, err := strconv.ParseFloat(written, 64)
	if err != nil {
		c.fail(n, "%v", err)
	}
	return x
}

// set reads "word|word|@class".
func (c *compiler) set(n int, written string) set {
	if s, ok := c.sets[written]; ok {
		return s
	}
	var s set
	for word := range strings.SplitSeq(written, "|") {
		switch {
		case word == "":
		case word[0] == '@':
			class, ok := c.classes[word]
			if !ok {
				c.fail(n, "no class %s", word)
			}
			s.union(class)
		default:
			s.add(c.intern(word))
		}
	}
	if s == nil {
		c.fail(n, "no words in %q", written)
	}
	c.sets[written] = s
	return s
}
