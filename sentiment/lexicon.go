package sentiment

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// A Label is what people call a score.
type Label string

const (
	Calm        Label = "calm"        // above -0.25, or not understood
	Frustrated  Label = "frustrated"  // from -0.25 down to -0.7
	Angry       Label = "angry"       // below -0.7
	Threatening Label = "threatening" // whatever the score, a threat was made
)

// Where the labels begin.
const (
	frustratedFrom = -0.25
	angryBelow     = -0.7
)

// LabelOf returns the label that goes with a score and what is intended: for scores that come from elsewhere too.
func LabelOf(score float64, intents []Intent) Label {
	switch {
	case slices.Contains(intents, Threat):
		return Threatening
	case score < angryBelow:
		return Angry
	case score <= frustratedFrom:
		return Frustrated
	}
	return Calm
}

// What a message of its kind can take off at most, and a few other measures of the scale.
const (
	problemLimit   = 0.15 // naming what is wrong is no complaint
	hintLimit      = 0.11 // nor is what goes with it
	complaintLimit = 0.65 // complaints stay Frustrated
	mildLimit      = 0.8  // unhappy words, many of them, do not
	emphasisLimit  = 0.6  // shouting alone is no anger
	thanksLimit    = 0.05
	sentences      = 3    // so many of the worst count
	fullEmphasis   = 0.4  // a sentence as bad as this is emphasised in full, a milder one in proportion
	shouting       = 0.8  // or a sentence of complaint that is all capitals
	aloud          = 0.36 // capitals, "!!", "very"
	single         = 0.1  // "!"
	notBad         = -0.3 // the share of an unhappy word that is left when it is negated
	notGood        = -0.7 // and of a glad one
	besideTrouble  = 0.8  // and of a glad one in a sentence of complaint: mostly manners or sarcasm
	askedAbout     = 0.35 // and of a problem in a calm question
	amid           = 0.6  // praise in the same sentence takes so much of the weight of a problem or an unhappy word,
	amidHard       = 0.4  // and of a hard one
	moreGlad       = 0.2  // a booster takes a glad word so far
	toldHard       = 2    // and of one that is told with a hard word
	trouble        = 0.3  // from here on a sentence is one of complaint
)

// An Analyzer reads a customer's message. A host may put a larger one in the place of a [Lexicon]; it must be safe for use by many
// goroutines and give the same answer for the same text, or decisions cannot be repeated.
type Analyzer interface {
	Analyze(text string) Result
}

// A Result is how a message sounds, and why.
type Result struct {
	// Score runs from -1, furious, to 1, delighted. Most messages are near 0.
	Score float64 `json:"score"`
	// Label agrees with Score unless a threat was made: Angry is a score below -0.7.
	Label Label `json:"label"`
	// Intents are what the writer announces or asks for, in a fixed order: Threat, Manager, Churn.
	Intents []Intent `json:"intents,omitempty"`
	// Language is "en" or "fr", or one of Options.Languages; "" when the text was not understood, which includes a text without words.
	Language string `json:"language"`
	// Confidence runs from 0, not understood, to 1.
	Confidence float64 `json:"confidence"`
	// Evidence is in the order of the text, that of intents last. The weights add up to Score.
	Evidence []Evidence `json:"evidence,omitempty"`
}

// Evidence is a piece of the text that counted.
type Evidence struct {
	// Start and End are byte offsets in the text given to Analyze; Text is what stands between them.
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
	// Kind is word, phrase, complaint, problem, hint, politeness, emphasis or intent.
	Kind string `json:"kind"`
	// Weight is what this piece added to the score, given the pieces before it: each takes its share of what they left. An intent has 0.
	Weight float64 `json:"weight"`
	// Negated says that a "not" nearby turned the meaning.
	Negated bool `json:"negated,omitempty"`
	// Rule names the pattern or list that matched, for those who want to know why.
	Rule string `json:"rule,omitempty"`
}

// Options adapt a Lexicon to a business. The zero value, like nil, is the lexicon as it comes.
type Options struct {
	// Words are words or phrases with weights of the host's own, from -1 to 1; they take the place of ours. Case does not matter.
	// Weights beyond the ends are cut to them; NaN and 0 are ignored (to silence a word, see Ignore).
	Words map[string]float64
	// Ignore lists words or phrases that mean nothing here, such as brands: "Terrible Tea".
	Ignore []string
	// Languages are more languages than English and French, or others in their place, if they have the same names.
	Languages []*Language
}

// A Lexicon is the built-in Analyzer. It is immutable and safe for use by many goroutines.
type Lexicon struct {
	languages []*language
	version   string
	closings  []string
	speech    []string
	scratch   *sync.Pool // of *working
}

// New returns a Lexicon. Options may be nil; they are not kept.
func New(o *Options) *Lexicon {
	l := &Lexicon{scratch: &sync.Pool{New: func() any { return new(working) }}}
	l.languages, l.version = languages(o)
	for _, lang := range l.languages {
		l.closings, l.speech = append(l.closings, lang.closings...), append(l.speech, lang.speech...)
	}
	return l
}

// Version identifies the words and rules in use, the host's own included. Results of equal versions are equal.
func (l *Lexicon) Version() string { return l.version }

// Analyze reads a message as it was received, quotes, signature and all, in the language that it seems to be in. It never fails.
func (l *Lexicon) Analyze(text string) Result { return l.AnalyzeIn("", text) }

// AnalyzeIn is Analyze for a text whose language is known, as "fr" or "fr-CA"; "" finds it out. In a language that the lexicon does not know
// nothing is understood.
func (l *Lexicon) AnalyzeIn(language, text string) Result {
	w := l.scratch.Get().(*working)
	defer func() {
		if cap(w.tokens)+cap(w.spare.tokens) < 1<<13 { // a pool is no place for the tables of one huge message
			l.scratch.Put(w)
		}
	}()
	prose := l.setAside(Unquote(text))
	understood := 0.0
	if language == "" {
		understood = l.choose(prose, w)
	} else {
		understood = l.given(language, prose, w)
	}
	if understood == 0 {
		return Result{Label: Calm}
	}
	w.find()
	w.resolve()
	w.weighWords()
	w.temper()
	r := Result{Language: w.lang.name}
	negative, positive := w.score(text, &r)
	w.intents(text, &r)
	r.Label = LabelOf(r.Score, r.Intents)
	// Sure of strong words, less so of silence, least of praise and blame in one message.
	r.Confidence = understood * (0.5 + 0.5*max(negative, positive)) * (1 - 0.5*min(negative, positive))
	if len(r.Intents) > 0 {
		r.Confidence = max(r.Confidence, 0.8*understood)
	}
	return r
}

// A cue is a word or a pattern that was found.
type cue struct {
	first, last int // tokens[first:last]
	kind        kind
	weight      float64
	rule        int     // -1: a single word
	standing    float64 // of a pattern against others that overlap it
	negated     bool
}

// working is what one call of Analyze needs.
type working struct {
	reading
	spare  reading // another language's
	lang   *language
	cues   []cue
	claims []claim
	cover  []float64 // by token: the heaviest pattern over it
	taken  []uint8   // by token: the intents taken back here, a bit each
	turned []bool    // by token: whether a "not" and the word it turned stand here
	seen   []bool    // by rule
	sums   []sum     // by sentence
	glad   []float64 // by sentence
}

func (w *working) reset(l *language) {
	w.lang = l
	w.reading = reading{tokens: w.tokens[:0], sentences: w.sentences[:0]}
	w.cues, w.claims = w.cues[:0], w.claims[:0]
}

// cleared returns s with n zero elements.
func cleared[T any](s []T, n int) []T {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

// understood returns how much of the text the language knows, 0 when it is probably another one.
func (r *reading) understood() float64 {
	if r.known <= r.foreign || r.known < 2*r.foreign || r.words >= 6 && r.known*3 < r.words {
		return 0
	}
	return min(1, 1.5*float64(r.known)/float64(r.words))
}

// find looks for the patterns of the language, sentence by sentence.
func (w *working) find() {
	w.taken = cleared(w.taken, len(w.tokens))
	for _, s := range w.sentences {
		w.setAsides(w.tokens[s.first:s.last])
		tokens := w.tokens[s.first:s.last]
		rest := sketch{1} // of the words after the one at hand, and word 0
		for at := len(tokens) - 1; at >= 0; at-- {
			for _, i := range w.lang.starts[tokens[at].id] {
				p := &w.lang.patterns[i]
				if !p.needs.meets(&rest) || p.initial && at > 0 {
					continue
				}
				if end, ok := match(tokens, at+1, p.elements[1:]); ok {
					w.found(p, s.first+at, s.first+end)
				}
			}
			rest.add(tokens[at].id)
		}
	}
	slices.SortStableFunc(w.claims, func(a, b claim) int { return cmp.Or(a.first-b.first, b.last-a.last) })
}

// setAsides takes what means nothing out of a sentence.
func (w *working) setAsides(tokens []token) {
	all := sketch{1}
	for _, t := range tokens {
		all.add(t.id)
	}
	for at := range tokens {
		for _, i := range w.lang.asides[tokens[at].id] {
			p := &w.lang.patterns[i]
			if !p.needs.meets(&all) {
				continue
			}
			if end, ok := match(tokens, at+1, p.elements[1:]); ok {
				for k := at; k < end; k++ {
					tokens[k].id = 0
				}
				break
			}
		}
	}
}

// found notes what a pattern means that spans tokens[first:last].
func (w *working) found(p *pattern, first, last int) {
	switch r := &w.lang.rules[p.rule]; r.kind {
	case said:
		if w.sentences[w.tokens[first].sentence].questions > 0 {
			return
		}
		fallthrough
	case intent:
		w.claims = append(w.claims, claim{first: first, last: last, intent: r.intent, pattern: p.words})
	case unless:
		for k := first; k < last; k++ {
			w.taken[k] |= intentBit(r.intent)
		}
	default:
		c := cue{first: first, last: last, kind: r.kind, weight: r.weight, rule: int(p.rule), standing: math.Abs(r.weight)}
		if r.own {
			c.standing = 2 // the host's own come first
		}
		w.cues = append(w.cues, c)
	}
}

// resolve keeps the heaviest of the patterns that overlap, and each rule once.
func (w *working) resolve() {
	slices.SortFunc(w.cues, func(a, b cue) int {
		switch { // not cmp.Or, which would compare everything
		case a.standing != b.standing:
			return cmp.Compare(b.standing, a.standing)
		case a.first != b.first:
			return a.first - b.first
		case a.last != b.last:
			return b.last - a.last
		}
		return a.rule - b.rule
	})
	w.cover = cleared(w.cover, len(w.tokens))
	w.seen = cleared(w.seen, len(w.lang.rules))
	kept := w.cues[:0]
	for _, c := range w.cues {
		if w.covered(c) {
			continue
		}
		for k := c.first; k < c.last; k++ {
			w.cover[k] = c.standing
		}
		if !w.seen[c.rule] {
			w.seen[c.rule] = true
			kept = append(kept, c)
		}
	}
	w.cues = kept
}

// covered reports whether a pattern that counts overlaps c.
func (w *working) covered(c cue) bool {
	for _, x := range w.cover[c.first:c.last] {
		if x > 0 {
			return true
		}
	}
	return false
}

// weighWords adds the single words. A pattern speaks for the words in it, but not for one that is stronger than the pattern.
func (w *working) weighWords() {
	w.turned = cleared(w.turned, len(w.tokens))
	for i, t := range w.tokens {
		weight := w.lang.weights[t.id]
		if weight == 0 || weight < 0 && w.lang.flags[t.id]&booster != 0 && i+1 < len(w.tokens) && w.lang.weights[w.tokens[i+1].id] > 0 {
			continue // "damn good"
		}
		c := cue{first: i, last: i + 1, kind: w.lang.kinds[t.id], weight: weight, rule: -1}
		if c.kind != problem {
			if n := w.negation(i, weight > 0); n >= 0 {
				c.first, c.negated = n, true
				if weight > 0 {
					c.weight *= notGood
				} else {
					c.weight *= notBad
				}
				c.kind = kindOf(c.weight)
			}
		}
		if weight > 0 && !c.negated && i > 0 && w.lang.flags[w.tokens[i-1].id]&booster != 0 {
			c.weight += moreGlad * (1 - c.weight)
		}
		if math.Abs(weight) <= w.cover[i] && !(c.negated && w.cover[i] <= problemLimit) {
			continue
		}
		if c.negated {
			for k := c.first; k < c.last; k++ {
				w.turned[k] = true
			}
		}
		w.cues = append(w.cues, c)
	}
	w.cues = slices.DeleteFunc(w.cues, func(c cue) bool { // the "not" has had its say
		return (c.kind == problem || c.kind == hint) && slices.Contains(w.turned[c.first:c.last], true)
	})
	slices.SortStableFunc(w.cues, func(a, b cue) int { return cmp.Compare(a.first, b.first) })
}

// temper weighs what is no complaint by itself: "for two years" where nothing is amiss, a problem that is only asked about. Told with a hard
// word a problem weighs more.
func (w *working) temper() {
	amiss, hints, upset, hard := 0, 0, false, false
	for _, c := range w.cues {
		if c.weight < 0 {
			if c.kind == hint {
				hints++
			} else {
				amiss++
			}
			hard = hard || c.kind == strong
			upset = upset || c.kind != problem && c.kind != hint && !w.weak(c)
		}
	}
	w.glad = cleared(w.glad, len(w.sentences))
	for _, c := range w.cues {
		if c.kind == praise {
			x := &w.glad[w.tokens[c.first].sentence]
			*x += c.weight * (1 - *x)
		}
	}
	for i := range w.cues {
		c := &w.cues[i]
		switch glad := w.glad[w.tokens[c.first].sentence]; {
		case c.kind == strong:
			c.weight *= 1 - amidHard*glad
		case c.kind == problem || c.kind == hint || c.kind == mild || c.kind == complaint && w.weak(*c):
			c.weight *= 1 - amid*glad
		}
		if w.weak(*c) && (c.kind == hint && amiss == 0 && hints < 3 || c.kind != hint && amiss == 1 && hints < 3) {
			c.weight = w.lang.rules[c.rule].alone
		}
		switch {
		case hard && (c.kind == problem || c.kind == hint):
			c.weight *= toldHard
		case !upset && (c.kind == problem || c.kind == hint || w.weak(*c)) && w.sentences[w.tokens[c.first].sentence].questions == 1:
			c.weight *= askedAbout
		}
	}
}

// weak reports whether the cue is one that weighs less where nothing else is amiss.
func (w *working) weak(c cue) bool { return c.rule >= 0 && w.lang.rules[c.rule].weak }

// negation returns the token that negates the one at i, or -1.
func (w *working) negation(i int, glad bool) int {
	first := w.sentences[w.tokens[i].sentence].first
	for k := i - 1; k >= first && k >= i-3 && !w.tokens[k+1].clause; k-- {
		switch f := w.lang.flags[w.tokens[k].id]; {
		case f&barrier != 0:
			return -1
		case f&negation != 0:
			return k
		case !glad && f&link == 0:
			return -1
		}
	}
	return -1
}

// A sum adds weights up, each taking its share of what the others left, so that it never leaves [0, 1).
type sum struct {
	strong, mild, complaint, problem, hint, emphasis, praise, thanks float64
}

func (s *sum) add(k kind, weight float64) {
	grow := func(x *float64, limit float64) { *x = min(limit, *x+math.Abs(weight)*(1-*x)) }
	near := func(x *float64, limit float64) { *x = min(limit, *x+math.Abs(weight)*(1-*x/limit)) }
	switch k {
	case strong:
		grow(&s.strong, 1)
	case mild:
		grow(&s.mild, mildLimit)
	case complaint:
		grow(&s.complaint, complaintLimit)
	case problem:
		near(&s.problem, s.toldLimit(problemLimit))
	case hint:
		near(&s.hint, s.toldLimit(hintLimit))
	case emphasis:
		grow(&s.emphasis, emphasisLimit)
	case praise:
		grow(&s.praise, 1)
	case thanks:
		grow(&s.thanks, thanksLimit)
	}
}

// toldLimit is the limit for problems and hints, which is higher beside a hard word.
func (s *sum) toldLimit(limit float64) float64 {
	if s.strong > 0 {
		return toldHard * limit
	}
	return limit
}

func (s *sum) negative() float64 {
	complaint := min(complaintLimit, 1-(1-s.complaint)*(1-s.problem)*(1-s.hint))
	return 1 - (1-s.strong)*(1-s.mild)*(1-complaint)*(1-s.emphasis)
}

func (s *sum) positive() float64 { return 1 - (1-s.praise)*(1-s.thanks) }

// score fills in Score and its evidence, and returns how much speaks against and for.
func (w *working) score(text string, r *Result) (negative, positive float64) {
	w.sums = cleared(w.sums, len(w.sentences))
	for _, c := range w.cues {
		w.sums[w.tokens[c.first].sentence].add(c.kind, c.weight)
	}
	worst := w.worst()

	// First what is wrong, in the order of the text; then, knowing how wrong, what is left of the praise.
	var total sum
	weigh := func(k kind, weight float64) float64 {
		before := total.negative()
		total.add(k, weight)
		return before - total.negative()
	}
	for i := 0; i < len(w.cues); {
		current := w.tokens[w.cues[i].first].sentence
		next := i + 1
		for next < len(w.cues) && w.tokens[w.cues[next].first].sentence == current {
			next++
		}
		if slices.Contains(worst[:], current) {
			for _, c := range w.cues[i:next] {
				if c.weight < 0 {
					r.evidence(text, w.explain(c, weigh(c.kind, c.weight)))
				}
			}
			w.emphasise(text, r, w.cues[i:next], weigh)
		}
		i = next
	}
	negative = total.negative()
	left := 1 - negative
	for _, c := range w.cues {
		if c.weight > 0 {
			if s := &w.sums[w.tokens[c.first].sentence]; s.negative() >= trouble {
				c.weight *= besideTrouble
			}
			before := total.positive()
			total.add(c.kind, c.weight)
			r.evidence(text, w.explain(c, (total.positive()-before)*left))
		}
	}
	slices.SortStableFunc(r.Evidence, func(a, b Evidence) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	r.add()
	return negative, total.positive()
}

// worst returns the sentences that count, -1 for none.
func (w *working) worst() (at [sentences]int) {
	for i := range at {
		at[i] = -1
	}
	var depth [sentences]float64
	for s := range w.sums {
		n := w.sums[s].negative()
		for i := range at {
			if n > depth[i] {
				copy(at[i+1:], at[i:])
				copy(depth[i+1:], depth[i:])
				at[i], depth[i] = s, n
				break
			}
		}
	}
	return at
}

// emphasise adds what makes one sentence louder: marks, capitals, and words like "very". Glad sentences have no use for it: a score never rises
// because somebody leaned on a key.
func (w *working) emphasise(text string, r *Result, cues []cue, weigh func(kind, float64) float64) {
	s := &w.sentences[w.tokens[cues[0].first].sentence]
	scale := min(1, w.sums[w.tokens[cues[0].first].sentence].negative()/fullEmphasis)
	if s.allCapitals() && slices.ContainsFunc(cues, w.complains) {
		scale = max(scale, shouting)
	}
	add := func(start, end int, by float64, rule string) {
		r.evidence(text, Evidence{Start: start, End: end, Kind: kindNames[emphasis], Weight: weigh(emphasis, by*scale), Rule: rule})
	}
	if t, ok := w.boosted(s, cues); ok {
		add(t.start, t.end, aloud, "booster")
	}
	if t, ok := w.shouted(s, cues); ok {
		add(t.start, t.end, aloud, "capitals")
	}
	switch {
	case s.bangs+s.questions >= 2:
		add(s.marksStart, s.marksEnd, aloud, "marks")
	case s.bangs == 1:
		add(s.marksStart, s.marksEnd, single, "mark")
	}
}

// complains reports whether the cue is a complaint, and more than a problem that is told.
func (w *working) complains(c cue) bool {
	return c.weight < 0 && (c.kind == strong || c.kind == mild || c.kind == complaint) && !w.weak(c)
}

// boosted returns the first word that makes an unhappy one louder.
func (w *working) boosted(s *sentence, cues []cue) (token, bool) {
	for _, c := range cues {
		if c.weight > 0 || c.negated || c.kind != strong && c.kind != mild {
			continue
		}
		for k := c.first - 1; k >= s.first && k >= c.first-2; k-- {
			if w.lang.flags[w.tokens[k].id]&booster != 0 {
				return w.tokens[k], true
			}
		}
	}
	return token{}, false
}

// shouted returns the first unhappy word in capitals, or all of a sentence that is.
func (w *working) shouted(s *sentence, cues []cue) (token, bool) {
	if s.allCapitals() {
		return token{start: w.tokens[s.first].start, end: w.tokens[s.last-1].end}, true
	}
	for _, c := range cues {
		if c.kind == strong || c.kind == mild || c.kind == complaint {
			for _, t := range w.tokens[c.first:c.last] {
				if t.caps && t.id != 0 && c.weight < 0 {
					return t, true
				}
			}
		}
	}
	return token{}, false
}

func (w *working) explain(c cue, weight float64) Evidence {
	e := Evidence{
		Start: w.tokens[c.first].start, End: w.tokens[c.last-1].end, Kind: kindNames[c.kind], Weight: weight, Negated: c.negated,
	}
	if c.rule >= 0 {
		e.Rule = w.lang.rules[c.rule].name
		if e.Kind == "word" {
			e.Kind = "phrase"
		}
	}
	return e
}

// evidence adds e, unless the limits left nothing of its weight.
func (r *Result) evidence(text string, e Evidence) {
	if math.Abs(e.Weight) >= 1e-9 {
		e.Text = text[e.Start:e.End]
		r.Evidence = append(r.Evidence, e)
	}
}

// add makes the score of the evidence. No score stands on the line where Angry begins, so that it makes no difference whether a rule says
// < -0.7 or <= -0.7: the heaviest piece is rounded to the angry side.
func (r *Result) add() {
	total, heaviest := 0.0, 0
	for i, e := range r.Evidence {
		total += e.Weight
		if e.Weight < r.Evidence[heaviest].Weight {
			heaviest = i
		}
	}
	if below := angryBelow - 1e-4; total > below && total < angryBelow+1e-4 {
		r.Evidence[heaviest].Weight += below - total
		total = below
	}
	r.Score = max(-1, min(1, total))
}
