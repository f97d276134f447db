package sentiment

import (
	_ "embed"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"sync"
)

// A Language is the words and patterns of one language. English and French are built in. It is immutable and safe for use by many goroutines.
type Language struct {
	name, words, patterns string
	bare                  func() *language // without words of a host
}

var (
	//go:embed words_en.txt
	wordsEN string
	//go:embed patterns_en.txt
	patternsEN string
	//go:embed words_fr.txt
	wordsFR string
	//go:embed patterns_fr.txt
	patternsFR string
)

// builtIn are parsed once and shared by every Lexicon without words of its own. The tests hold that there is no error in them.
var builtIn = []*Language{newLanguage("en", wordsEN, patternsEN), newLanguage("fr", wordsFR, patternsFR)}

func newLanguage(name, words, patterns string) *Language {
	return &Language{name, words, patterns, sync.OnceValue(func() *language {
		l, err := compile(name, words, patterns, nil)
		if err != nil {
			panic(err) // only while our own are being written: others were compiled by ParseLanguage before
		}
		return l
	})}
}

// ParseLanguage reads a language from two texts, its words and its patterns, in the format of words_en.txt and patterns_en.txt in this
// package, which are worth reading first. The name is that of a ticket's language: "de". The error joins every mistake, each with its line.
//
// Lines that begin with "# " are remarks. Those that begin with "= " are headings, which say what the lines below them are. Case and accents do
// not matter, nor does the form of an apostrophe. In the words:
//
//	= word -0.6          words that move the score, up to 1 or down to -1; from -0.5 down a word is a hard one
//	= problem -0.12      words for what is wrong, rather than for how one feels
//	= known              more words by which the language is recognised, as it is by all others of its lists: its most frequent, and those of support
//	= foreign            words by which others are
//	= negation           words that turn what follows, over up to three words; of an unhappy word only across those of
//	= link               and never across one of
//	= barrier
//	= booster            words that make what follows louder
//	= name               words that are names when capitalised
//	= short              a short form and the words it stands for, on one line each
//	= suffix             what stands after an apostrophe, and for which word: ll will
//	= elision            what stands before one, and for which word: l le
//	= letters            letters of the language besides a to z; a word with others is of another language
//	= closing            lines that close a letter, before the name; "… regards" is any line that ends so
//	= speech             words that are in sentences and not in signatures
//
// In the patterns, a line is the words that follow each other within a sentence: "a|b" is either, "a?" may be missing, "..3" is a gap of up to
// three words, "#" is any number, "a|$" the word or the end of the sentence, "^ a" only begins one. "@unit = day days" makes a class of words that
// is written "@unit". The headings are
//
//	= neutral NAME       what is set aside before anything else is looked at: greetings, closings, idioms that sound worse than they are
//	= phrase NAME W      as a word of the weight W
//	= complaint NAME W   being left alone: all together at most -0.65. A second weight is what counts where nothing else is amiss
//	= problem NAME W     all together at most -0.15
//	= hint NAME W        at most -0.11, means something only beside what is amiss
//	= thanks NAME W      at most 0.05
//	= intent threat      or manager or churn: moves no score
//	= said threat        the same, but not in a question
//	= unless threat      takes back what it overlaps
func ParseLanguage(name, words, patterns string) (*Language, error) {
	if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") != "" || name == "" {
		return nil, fmt.Errorf("sentiment: %q is no name of a language, such as %q", name, "de")
	}
	compiled, err := compile(name, words, patterns, nil)
	if err == nil {
		err = compiled.unread()
	}
	if err != nil {
		return nil, fmt.Errorf("sentiment: %w", err)
	}
	return newLanguage(name, words, patterns), nil
}

// unread tells the words that no text has, since what they are written as is read as something else: "l'avocat" is "le" and "avocat".
func (l *language) unread() error {
	var errs []error
	for _, word := range slices.Sorted(maps.Keys(l.ids)) {
		id := l.ids[word]
		if id == numberID || l.expand[id] != nil {
			continue
		}
		var r reading
		if l.read(word, &r, false); len(r.tokens) != 1 || r.tokens[0].id != id {
			errs = append(errs, fmt.Errorf("%q of %q is never read as one word", word, l.name))
		}
		if short, _, found := strings.Cut(word, "'"); found && l.elisions[short] != 0 {
			errs = append(errs, fmt.Errorf("%q of %q is two words", word, l.name))
		}
	}
	return errors.Join(errs...)
}

// Name returns the name of the language.
func (l *Language) Name() string { return l.name }

// languages compiles those of the options, and says which version they make.
func languages(o *Options) (all []*language, version string) {
	known := slices.Clone(builtIn)
	if o != nil {
		for _, own := range o.Languages {
			if own == nil {
				continue
			}
			if i := slices.IndexFunc(known, func(l *Language) bool { return l.name == own.name }); i >= 0 {
				known[i] = own
			} else {
				known = append(known, own)
			}
		}
	}
	h := fnv.New64a()
	var names []string
	adapted := o != nil && len(o.Words)+len(o.Ignore) > 0
	for _, l := range known {
		var compiled *language
		if adapted {
			compiled, _ = compile(l.name, l.words, l.patterns, o) // what a host's words cannot do is left out
		} else {
			compiled = l.bare()
		}
		all, names = append(all, compiled), append(names, l.name)
		fmt.Fprint(h, l.words, l.patterns)
	}
	if adapted {
		fmt.Fprintf(h, "%q%v", o.Ignore, o.Words) // fmt prints maps sorted
	}
	return all, fmt.Sprintf("%s-2-%016x", strings.Join(names, "+"), h.Sum64())
}

// choose reads prose in the language that knows most of it, and returns how much that is, 0 when it is probably none of them. Most texts are
// read once.
func (l *Lexicon) choose(prose string, w *working) float64 {
	w.reset(l.languages[0])
	w.lang.read(prose, &w.reading, true)
	if w.foreign == 0 && w.known*10 >= w.words*6 {
		return w.understood()
	}
	best := w.reading
	for _, lang := range l.languages[1:] {
		w.spare, w.reading = w.reading, w.spare
		chosen := w.lang
		w.reset(lang)
		lang.read(prose, &w.reading, true)
		if w.understood() == 0 || best.understood() > 0 && best.known-best.foreign >= w.known-w.foreign {
			w.spare, w.reading, w.lang = w.reading, w.spare, chosen
		}
		best = w.reading
	}
	return w.understood()
}

// given reads prose in a language that somebody knows it to be in.
func (l *Lexicon) given(name, prose string, w *working) float64 {
	name, _, _ = strings.Cut(strings.ReplaceAll(strings.ToLower(name), "_", "-"), "-")
	i := slices.IndexFunc(l.languages, func(lang *language) bool { return lang.name == name })
	if i < 0 {
		return 0
	}
	w.reset(l.languages[i])
	w.lang.read(prose, &w.reading, false)
	if w.known == 0 {
		return 0
	}
	return min(1, 1.5*float64(w.known)/float64(w.words))
}
