package sentiment

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A token is a word, a number or a smiley as the language knows it. A contraction is two tokens with one span.
type token struct {
	start, end int
	id         wordID // 0: not a word of the language
	sentence   int
	caps       bool // three letters or more, all of them capitals
	clause     bool // a comma or the like stands before it
}

// A sentence knows how it was written, for the sake of emphasis.
type sentence struct {
	first, last           int // its tokens are tokens[first:last]
	bangs, questions      int
	marksStart, marksEnd  int // where the marks that end it stand
	words, shouted, lower int // words, those in capitals, those with lower case letters
}

// allCapitals reports whether the sentence was shouted.
func (s *sentence) allCapitals() bool { return s.words >= 3 && s.shouted > 4*s.lower }

// A reading is a text cut into tokens and sentences.
type reading struct {
	tokens    []token
	sentences []sentence

	words   int // words of letters
	known   int // of these, words the language knows
	foreign int // words of other languages, or in other scripts
}

// The longest word a language may know. What is longer is read and stays unknown.
const maxWord = 40

// So many words of other languages tell that a text is in one of them, if hardly any other was known.
const foreignBeginning = 10

// A scanner makes a reading in one pass.
type scanner struct {
	*reading
	lang   *language
	text   string
	ended  bool // the next token starts a sentence
	clause bool
}

// read cuts text into tokens. What nobody meant as prose (addresses, handles, identifiers) gives none.
//
// Where it is only tried, it gives up on a text that begins in another language, and knows nothing of it.
func (l *language) read(text string, into *reading, tried bool) {
	s := scanner{reading: into, lang: l, text: text, ended: true}
	chunk := true // at the start of a run without blanks
	for i := 0; i < len(text); {
		if tried && s.foreign >= foreignBeginning && s.foreign > 2*s.known {
			s.known = 0
			break
		}
		c := text[i]
		if chunk && c > ' ' {
			chunk = false
			if n := technical(text[i:]); n > 0 {
				i += n
				continue
			}
		}
		switch {
		case isLetter(c):
			i = s.word(i, i)
		case isDigit(c):
			i = s.number(i)
		case c == '#' && i+1 < len(text) && isLetter(text[i+1]):
			i = s.word(i, i+1)
		case c == '.' || c == '!' || c == '?':
			i = s.marks(i)
		case c == '\n':
			chunk = true
			i = s.newline(i)
		case c == ' ' || c == '\t' || c == '\r':
			chunk = true
			i++
		case c == ':' || c == ';' || c == '<' || c == '=':
			i = s.smiley(i)
		case c < utf8.RuneSelf:
			s.clause = s.clause || c == ',' || c == '(' || c == ')' || c == '-' && i > 0 && text[i-1] == ' '
			i++
		default:
			i = s.rune(i, &chunk)
		}
	}
	for i := range s.sentences {
		s.sentences[i].last = len(s.tokens)
		if i+1 < len(s.sentences) {
			s.sentences[i].last = s.sentences[i+1].first
		}
	}
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

func (s *scanner) add(t token) {
	if s.ended {
		s.sentences = append(s.sentences, sentence{first: len(s.tokens)})
		s.ended, s.clause = false, false
	}
	t.sentence, t.clause = len(s.sentences)-1, s.clause
	s.clause = false
	s.tokens = append(s.tokens, t)
}

// addFace adds a smiley, which belongs to the sentence before it.
func (s *scanner) addFace(t token) {
	ended := s.ended
	if len(s.sentences) > 0 {
		s.ended = false
	}
	s.add(t)
	s.ended = ended
}

// word reads the word whose letters begin at i; start is i, or the hash before it.
func (s *scanner) word(start, i int) int {
	var buf [maxWord + utf8.UTFMax]byte
	buf[0] = '#'
	n, letters, upper, lower, other := 1, 0, 0, 0, 0
	apostrophe, first := 0, 0 // where in buf the last one stands, and the first
	text := s.text
	for i < len(text) {
		c := text[i]
		size := 1
		switch {
		case isLetter(c):
			letters++
			if c < 'a' {
				upper++
			} else {
				lower++
			}
			if n <= maxWord {
				buf[n] = c | 0x20
				n++
			}
			i++
			continue
		case isDigit(c):
			if n <= maxWord {
				buf[n] = c
				n++
			}
			i++
			continue
		case c < utf8.RuneSelf && c != '\'':
			size = 0
		default:
			var r rune
			r, size = utf8.DecodeRuneInString(text[i:])
			switch {
			case r == '\'' || r == '’' || r == 'ʼ':
				// Only between letters: quotation marks are not part of a word.
				if next, _ := utf8.DecodeRuneInString(text[i+size:]); !unicode.IsLetter(next) {
					size = 0
				} else if n <= maxWord {
					apostrophe = n
					if first == 0 {
						first = n
					}
					buf[n] = '\''
					n++
				}
			case unicode.IsMark(r): // an accent by itself
			case unicode.IsLetter(r) && !ownWord(r):
				letters++
				if unicode.IsUpper(r) {
					upper++
				} else {
					lower++
				}
				small := unicode.ToLower(r)
				if !strings.ContainsRune(s.lang.letters, small) {
					other++
				}
				if n <= maxWord {
					n += copy(buf[n:], unaccented(small, buf[n:n]))
				}
			default:
				size = 0
			}
		}
		if size == 0 {
			break
		}
		i += size
	}

	t := token{start: start, end: i, caps: letters >= 3 && lower == 0}
	s.words++
	if n <= maxWord {
		if start < i && text[start] == '#' {
			t.id = s.lang.ids[string(buf[:n])]
		}
		if t.id == 0 {
			t.id = s.lang.ids[string(buf[1:n])]
		}
	}
	if t.id == 0 && text[start] == '#' && n <= maxWord {
		t.id = s.lang.tagged(buf[1:n])
	}
	if t.id == 0 && drawn(buf[1:min(n, maxWord+1)]) {
		t.id = s.lang.shortened(buf[1:n])
	}
	if other > 0 && t.id == 0 {
		s.foreign++
	}
	// A name: "Sue from accounting", but not the first word of a sentence.
	if s.lang.flags[t.id]&nameLike != 0 && upper == 1 && lower > 0 && !s.ended {
		t.id = 0
	}
	s.count(t.id)
	switch {
	case t.id == 0 && apostrophe > 0 && n <= maxWord && s.elided(t, buf[1:first], buf[first+1:n]):
	case t.id == 0 && apostrophe > 0 && n <= maxWord:
		base, suffix := s.lang.contraction(buf[1:apostrophe], buf[apostrophe+1:n])
		s.count(base)
		t.id = base
		s.add(t)
		if suffix != 0 {
			t.id = suffix
			s.add(t)
		}
	default:
		s.addWords(t)
	}
	sentence := &s.sentences[len(s.sentences)-1]
	sentence.words++
	if lower > 0 {
		sentence.lower++
	} else if letters > 1 {
		sentence.shouted++
	}
	return i
}

// elided adds "l'avocat" as "le" and "avocat", if what stands before the apostrophe is of that kind.
func (s *scanner) elided(t token, short, rest []byte) bool {
	id, ok := s.lang.elisions[string(short)]
	if !ok {
		return false
	}
	at := t.start + strings.IndexAny(s.text[t.start:t.end], "'’ʼ")
	_, size := utf8.DecodeRuneInString(s.text[at:])
	s.count(id)
	before := t
	before.id, before.end = id, at+size
	s.add(before)
	t.start = before.end
	if next := slices.Index(rest, '\''); next > 0 && s.lang.ids[string(rest)] == 0 && s.elided(t, rest[:next], rest[next+1:]) {
		return true
	}
	t.id = s.lang.ids[string(rest)]
	s.count(t.id)
	s.addWords(t)
	return true
}

// addWords adds a word, or the words that a short form stands for.
func (s *scanner) addWords(t token) {
	parts := s.lang.expand[t.id]
	if len(parts) == 0 {
		s.add(t)
	}
	for _, id := range parts {
		t.id = id
		s.add(t)
	}
}

// unaccented appends a small letter to buf without its accent, which many leave out.
func unaccented(r rune, buf []byte) []byte {
	switch r {
	case 'à', 'á', 'â', 'ã', 'ä', 'å':
		return append(buf, 'a')
	case 'ç':
		return append(buf, 'c')
	case 'è', 'é', 'ê', 'ë':
		return append(buf, 'e')
	case 'ì', 'í', 'î', 'ï':
		return append(buf, 'i')
	case 'ñ':
		return append(buf, 'n')
	case 'ò', 'ó', 'ô', 'õ', 'ö':
		return append(buf, 'o')
	case 'ù', 'ú', 'û', 'ü':
		return append(buf, 'u')
	case 'ÿ':
		return append(buf, 'y')
	case 'œ':
		return append(buf, "oe"...)
	case 'æ':
		return append(buf, "ae"...)
	}
	return utf8.AppendRune(buf, r)
}

// folded is a word of a list as a scanner spells it. Smileys stay as they are.
func folded(word string) string {
	if r, _ := utf8.DecodeRuneInString(word); r != '#' && !unicode.IsLetter(r) || !strings.ContainsFunc(word, func(r rune) bool { return r >= utf8.RuneSelf || isUpper(byte(r)) }) {
		return word
	}
	var buf []byte
	for i, r := range word {
		switch {
		case r == '’' || r == 'ʼ':
			buf = append(buf, '\'')
		case unicode.IsMark(r) && i > 0 && r < 0x370:
		case unicode.IsLetter(r):
			buf = unaccented(unicode.ToLower(r), buf)
		default:
			buf = utf8.AppendRune(buf, r)
		}
	}
	return string(buf)
}

// tagged returns the word of feeling that a hashtag begins or ends with: "#worstserviceever" and "#acmesucks" need no blank.
func (l *language) tagged(tag []byte) wordID {
	for n := len(tag) - 1; n >= 4; n-- {
		for _, part := range [...][]byte{tag[:n], tag[len(tag)-n:]} {
			if id := l.ids[string(part)]; math.Abs(l.weights[id]) >= 0.4 {
				return id
			}
		}
	}
	return 0
}

// drawn reports whether a letter of the word stands three times in a row: "sooo".
func drawn(word []byte) bool {
	for i := 2; i < len(word); i++ {
		if word[i] == word[i-1] && word[i] == word[i-2] {
			return true
		}
	}
	return false
}

// shortened returns the word that was drawn out: "cooool" is "cool", "sooo" is "so".
func (l *language) shortened(word []byte) wordID {
	var buf [maxWord + utf8.UTFMax]byte
	for most := 2; most > 0; most-- {
		short := buf[:0]
		for i, c := range word {
			if i < most || c != word[i-1] || most == 2 && c != word[i-2] {
				short = append(short, c)
			}
		}
		if id := l.ids[string(short)]; id != 0 {
			return id
		}
	}
	return 0
}

// count keeps the tally by which the language is recognised.
func (s *scanner) count(id wordID) {
	switch {
	case id == 0:
	case s.lang.flags[id]&foreignWord != 0:
		s.foreign++
	default:
		s.known++
	}
}

// contraction takes "company's" and "they'll" apart.
func (l *language) contraction(base, suffix []byte) (wordID, wordID) {
	if string(suffix) == "t" && len(base) > 0 && base[len(base)-1] == 'n' { // isn't, shouldn't
		base = base[:len(base)-1]
	}
	return l.ids[string(base)], l.suffixes[string(suffix)]
}

// number reads digits with what may stand between them: 4,500 and 3.5 and 10:30.
func (s *scanner) number(i int) int {
	start := i
	for i < len(s.text) {
		c := s.text[i]
		if !isDigit(c) && !((c == '.' || c == ',' || c == ':' || c == '/') && i+1 < len(s.text) && isDigit(s.text[i+1])) {
			break
		}
		i++
	}
	s.add(token{start: start, end: i, id: numberID})
	return i
}

// marks reads a run of full stops, exclamation and question marks. They belong to the sentence before them even after a blank.
func (s *scanner) marks(i int) int {
	start, bangs, questions := i, 0, 0
	for i < len(s.text) && (s.text[i] == '.' || s.text[i] == '!' || s.text[i] == '?') {
		switch s.text[i] {
		case '!':
			bangs++
		case '?':
			questions++
		}
		i++
	}
	if len(s.sentences) > 0 && bangs+questions > 0 {
		last := &s.sentences[len(s.sentences)-1]
		if last.bangs+last.questions == 0 {
			last.marksStart = start
		}
		last.bangs += bangs
		last.questions += questions
		last.marksEnd = i
	}
	// "example.com" and "e.g." end nothing.
	inside := bangs+questions == 0 && i < len(s.text) && s.text[i] != ' ' && s.text[i] != '\n' && s.text[i] != '\r' && !isUpper(s.text[i])
	s.ended = s.ended || !inside
	return i
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// newline ends a sentence, unless the next line goes on in lower case, as wrapped mail does.
func (s *scanner) newline(i int) int {
	i++
	next := i
	for next < len(s.text) && (s.text[next] == ' ' || s.text[next] == '\t' || s.text[next] == '\r') {
		next++
	}
	if next >= len(s.text) || !isLetter(s.text[next]) || isUpper(s.text[next]) {
		s.ended = true
	}
	return next
}

// smiley reads :) and :-( and <3 and their like; a colon by itself divides clauses.
func (s *scanner) smiley(i int) int {
	for _, n := range [...]int{2, 3} {
		if i+n <= len(s.text) && !(isAlnum(s.text[i+n-1]) && i+n < len(s.text) && isAlnum(s.text[i+n])) { // ":D", but not in "a:Data"
			if id := s.lang.ids[s.text[i:i+n]]; id != 0 {
				s.addFace(token{start: i, end: i + n, id: id})
				return i + n
			}
		}
	}
	s.clause = true
	return i + 1
}

// rune reads what is not ASCII: letters begin a word, emoji are tokens, the rest divides.
func (s *scanner) rune(i int, chunk *bool) int {
	r, size := utf8.DecodeRuneInString(s.text[i:])
	switch {
	case r == utf8.RuneError, r == 'ʼ': // the letter apostrophe begins no word
	case ownWord(r):
		s.words++
		s.foreign++
	case unicode.IsLetter(r):
		return s.word(i, i)
	case r == '…':
		s.ended = true
	case unicode.IsSpace(r):
		*chunk = true
	case unicode.Is(unicode.So, r):
		if id := s.lang.ids[s.text[i:i+size]]; id != 0 {
			s.addFace(token{start: i, end: i + size, id: id})
		}
	case r == '—' || r == '–':
		s.clause = true
	}
	return i + size
}

// technical returns how much of the text's first run without blanks is no prose: an address of the web or of mail, a handle, an
// identifier, a path. Marks at its end are left to the sentence.
func technical(text string) int {
	end := 0
	slashes, other := 0, false
	for ; end < len(text) && text[end] > ' '; end++ {
		switch c := text[end]; c {
		case '/', '\\':
			slashes++
			other = other || c == '\\'
		case '@', '_':
			other = other || end > 0 && isAlnum(text[end-1]) && end+1 < len(text) && isAlnum(text[end+1])
		case ':':
			other = other || strings.HasPrefix(text[end:], "://")
		}
	}
	chunk := text[:end]
	switch {
	case other, slashes >= 3, chunk[0] == '/' && slashes >= 2, strings.HasPrefix(chunk, "www."):
		return len(strings.TrimRight(chunk, ".!?,"))
	}
	// A handle ends where its letters do: "@acme's" and "@acme:" go on.
	at := strings.IndexByte(chunk, '@')
	if at < 0 || at > 2 || at > 0 && isAlnum(chunk[at-1]) {
		return 0
	}
	for at++; at < len(chunk) && (isAlnum(chunk[at]) || chunk[at] == '_'); at++ {
	}
	return at
}

func isAlnum(c byte) bool { return isLetter(c) || isDigit(c) }

// ownWord reports whether r is of a script that writes no blanks between words. Each such rune counts as a word.
func ownWord(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
