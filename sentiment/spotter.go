package sentiment

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Spotter finds keywords, many lists of them in one pass over a text. It is immutable and safe for use by many goroutines.
//
// A keyword is one or more words, and matches whole words only: "sue" is not in "issue". A word is a run of letters, digits, underscores and
// combining marks, so that "sue" is in "sue's" and "avocat" in "l'avocat"; a rune of a script written without blanks (Chinese, Japanese, Thai,
// …) is a word of its own. Everything else only separates: a keyword without any word is never found. The words of a keyword must follow
// each other with nothing between them but blanks, line breaks, hyphens and apostrophes, or else without any blank, as in "AT&T". A word
// that ends in "*" is a stem: "avocat*" finds "avocats".
//
// Case does not matter (Unicode simple case folding; "İ" counts as "i"), accents do, "ß" is not "ss", and ’ is as good as '.
type Spotter struct {
	lists    int
	keywords []keyword
	whole    map[string][]int32 // by first word: places in keywords
	stems    map[string][]int32 // by first stem
	lengths  [256]uint64        // by first byte: the lengths of the stems, a bit each; bit 63 is 63 bytes or more
	first    [256]bool          // bytes with which a word or stem begins
	long     []int              // lengths of the stems of 63 bytes or more
	longest  int                // in bytes
}

type keyword struct {
	list  int
	word  string // as written
	words []spotted
}

type spotted struct {
	word string // folded
	stem bool
}

// NewSpotter returns a Spotter for the lists, which it does not keep. Empty lists and empty keywords are found nowhere.
func NewSpotter(lists [][]string) *Spotter {
	s := &Spotter{lists: len(lists), whole: map[string][]int32{}, stems: map[string][]int32{}}
	for list, words := range lists {
		for _, written := range words {
			if k := (keyword{list: list, word: written, words: keywordWords(written)}); len(k.words) > 0 {
				s.add(k)
			}
		}
	}
	return s
}

func (s *Spotter) add(k keyword) {
	first := k.words[0]
	index := s.whole
	if first.stem {
		index = s.stems
		if n := len(first.word); n < 63 {
			s.lengths[first.word[0]] |= 1 << n
		} else {
			s.lengths[first.word[0]] |= 1 << 63
			if !slices.Contains(s.long, n) {
				s.long = append(s.long, n)
			}
		}
	}
	index[first.word] = append(index[first.word], int32(len(s.keywords)))
	s.first[first.word[0]] = true
	s.keywords = append(s.keywords, k)
	for _, w := range k.words {
		s.longest = max(s.longest, len(w.word))
	}
}

func keywordWords(written string) (words []spotted) {
	for at := 0; ; {
		var buf [64]byte
		word, _, end := nextWord(written, at, buf[:0], len(written)*utf8.UTFMax)
		if len(word) == 0 {
			return words
		}
		words = append(words, spotted{word: string(word), stem: strings.HasPrefix(written[end:], "*")})
		at = end
	}
}

// Spot reports in which lists a word of theirs occurs in text: it sets hits[i] for list i and leaves the others as they are, so that the
// parts of a message can be spotted one after the other. Hits is made longer if it is too short for the lists; nil will do.
func (s *Spotter) Spot(text string, hits []bool) []bool {
	for len(hits) < s.lists {
		hits = append(hits, false)
	}
	s.scan(text, func(k *keyword, _, _ int) bool {
		hits[k.list] = true
		return true
	}, func(k *keyword) bool { return !hits[k.list] })
	return hits
}

// Find returns the first occurrence of a word of one list: the word as the list has it, and where it stands in text. Of words that begin at the
// same place the one that comes first in the list is returned.
func (s *Spotter) Find(text string, list int) (word string, start, end int, ok bool) {
	best := -1
	s.scan(text, func(k *keyword, from, to int) bool {
		if ok && from > start {
			return false
		}
		if at := s.place(k); !ok || at < best {
			word, start, end, ok, best = k.word, from, to, true, at
		}
		return true
	}, func(k *keyword) bool { return k.list == list })
	return word, start, end, ok
}

// place tells the keywords of a list apart by their order.
func (s *Spotter) place(k *keyword) int {
	for i := range s.keywords {
		if &s.keywords[i] == k {
			return i
		}
	}
	return -1
}

// scan calls found for each occurrence of a wanted keyword, in the order of the text, until it returns false.
func (s *Spotter) scan(text string, found func(k *keyword, start, end int) bool, wanted func(*keyword) bool) {
	if len(s.keywords) == 0 {
		return
	}
	var space [64]byte
	buf := space[:0]
	try := func(candidates []int32, start, end int) bool {
		for _, i := range candidates {
			if k := &s.keywords[i]; wanted(k) {
				if last, ok := s.rest(text, end, k.words[1:]); ok && !found(k, start, last) {
					return false
				}
			}
		}
		return true
	}
	for at := 0; ; {
		// One byte more than the longest keyword is enough to know that a word is longer.
		word, start, end := nextWord(text, at, buf[:0], s.longest+1)
		if len(word) == 0 {
			return
		}
		at = end
		buf = word
		if !s.first[word[0]] {
			continue
		}
		if len(word) <= s.longest && !try(s.whole[string(word)], start, end) {
			return
		}
		lengths := s.lengths[word[0]]
		for n := 1; n < 63 && n <= len(word) && lengths>>n != 0; n++ {
			if lengths&(1<<n) != 0 && !try(s.stems[string(word[:n])], start, end) {
				return
			}
		}
		if lengths&(1<<63) != 0 {
			for _, n := range s.long {
				if n <= len(word) && !try(s.stems[string(word[:n])], start, end) {
					return
				}
			}
		}
	}
}

// rest reports whether the words follow at, and where they end.
func (s *Spotter) rest(text string, at int, words []spotted) (int, bool) {
	var space [64]byte
	for _, want := range words {
		word, start, end := nextWord(text, at, space[:0], len(want.word)+1)
		if len(word) == 0 || !joined(text[at:start]) {
			return 0, false
		}
		if want.stem && !strings.HasPrefix(string(word), want.word) || !want.stem && string(word) != want.word {
			return 0, false
		}
		at = end
	}
	return at, true
}

// joined reports whether words with gap between them belong together.
func joined(gap string) bool {
	if !strings.ContainsFunc(gap, unicode.IsSpace) {
		return true
	}
	for _, r := range gap {
		if !unicode.IsSpace(r) && !unicode.Is(unicode.Pd, r) && r != '\'' && r != '’' {
			return false
		}
	}
	return true
}

// nextWord finds the next word at or after at and returns it folded, appended to buf, with its place in text. Of the folded word no more than
// limit bytes and the rest of a rune are kept. No word: an empty one.
func nextWord(text string, at int, buf []byte, limit int) (word []byte, start, end int) {
	for at < len(text) {
		c := text[at]
		if folded := foldedASCII[c&0x7f]; c < utf8.RuneSelf && folded != 0 {
			break
		}
		if c < utf8.RuneSelf {
			at++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[at:])
		if wordRune(r) {
			break
		}
		at += size
	}
	start = at
	for at < len(text) {
		if c := text[at]; c < utf8.RuneSelf {
			folded := foldedASCII[c]
			if folded == 0 {
				break
			}
			if len(buf) < limit {
				buf = append(buf, folded)
			}
			at++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[at:])
		if !wordRune(r) || at > start && ownWord(r) {
			break
		}
		if len(buf) < limit {
			buf = utf8.AppendRune(buf, foldRune(r))
		}
		at += size
		if ownWord(r) {
			break
		}
	}
	return buf, start, at
}

// foldedASCII maps the bytes of words to lower case and all others to 0.
var foldedASCII = func() (table [utf8.RuneSelf]byte) {
	for c := range byte(utf8.RuneSelf) {
		switch {
		case isUpper(c):
			table[c] = c | 0x20
		case isAlnum(c), c == '_':
			table[c] = c
		}
	}
	return table
}()

func wordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// foldRune maps runes that differ in case only to one of them: the least in lower case.
func foldRune(r rune) rune {
	if r == 'İ' {
		return 'i'
	}
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	return unicode.ToLower(least)
}
