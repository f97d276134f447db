package sentiment

import (
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func TestSpotterFindsWholeWords(t *testing.T) {
	for _, c := range []struct {
		keyword, text, found string // found: as it stands in the text, "" for nowhere
	}{
		{"sue", "I will sue you", "sue"},
		{"sue", "I will SUE.", "SUE"},
		{"sue", "sue", "sue"},
		{"sue", "an issue with the tissue we pursue", ""},
		{"sue", "sue_id is null", ""},
		{"sue", "Sue's report", "Sue"},
		{"media", "immediately", ""},
		{"legal", "illegal", ""},
		{"legal", "legally", ""},
		{"press 1", "Please press 1.", "press 1"},

		// A star makes a stem, within phrases too.
		{"avocat*", "nos avocats", "avocats"},
		{"avocat*", "l’avocat", "avocat"},
		{"avocat*", "un avocado", ""},
		{"legal action*", "Legal actions follow", "Legal actions"},
		{"class* action", "classy action", "classy action"},

		// Case is folded, whatever the alphabet; accents are kept.
		{"école", "L'ÉCOLE est fermée", "ÉCOLE"},
		{"ÉCOLE", "une école", "école"},
		{"ecole", "une école", ""},
		{"iade", "İADE istiyorum", "İADE"},
		{"straße", "STRAẞE", "STRAẞE"},
		{"strasse", "Straße", ""},
		{"kelvin", "\u212Aelvin", "\u212Aelvin"},
		{"σίσυφος", "ΣΊΣΥΦΟΣ", "ΣΊΣΥΦΟΣ"},
		{"адвокат*", "АДВОКАТУ", "АДВОКАТУ"},
		{"弁護士", "明日弁護士に相談します", "弁護士"},

		// Several words stand side by side, but a line may end between them.
		{"class action", "a Class\naction", "Class\naction"},
		{"class action", "a class-action suit", "class-action"},
		{"class action", "class\u00a0 action", "class\u00a0 action"},
		{"class action", "first class. Action!", ""},
		{"class action", "class, action", ""},
		{"class action", "class inaction", ""},
		{"don't", "I DON’T", "DON’T"},
		{"l'avocat", "l’avocat", "l’avocat"},
		{"AT&T", "at&t", "at&t"},
		{"a a b", "a a a b", "a a b"},

		{"", "anything", ""},
		{" * ", "anything * goes", ""},
		{"!!!", "no!!!", ""},
		{"sue", "", ""},
		{"sue", "\xff\xfesue\xff", "sue"},
	} {
		s := NewSpotter([][]string{{c.keyword}})
		word, start, end, ok := s.Find(c.text, 0)
		assert.Equal(t, c.found != "", ok, "%q in %q", c.keyword, c.text)
		assert.Equal(t, c.found, c.text[start:end], "%q in %q", c.keyword, c.text)
		assert.Equal(t, []bool{ok}, s.Spot(c.text, nil), "%q in %q", c.keyword, c.text)
		if ok {
			assert.Equal(t, c.keyword, word)
		}
	}
}

func TestSpotterKeepsItsLists(t *testing.T) {
	s := NewSpotter([][]string{{"lawyer", "sue"}, {}, {""}, {"class action", "class"}, {"sue"}})
	text := "We sue: a class action."
	assert.Equal(t, []bool{true, false, false, true, true}, s.Spot(text, nil))
	assert.Equal(t, []bool{true, true, false, true, true}, s.Spot(text, []bool{false, true}), "what was found before stays")
	assert.Equal(t, []bool{true, true, false, false, false, true}, s.Spot("nothing", []bool{true, true, false, false, false, true}))

	word, start, end, ok := s.Find(text, 3)
	assert.Equal(t, "class action", word, "the first in the list, of those that begin at one place")
	assert.Equal(t, "class action", text[start:end])
	assert.True(t, ok)
	_, _, _, ok = s.Find(text, 1)
	assert.False(t, ok)
	_, _, _, ok = s.Find(text, 99)
	assert.False(t, ok)

	assert.Empty(t, NewSpotter(nil).Spot(text, nil))
}

func TestSpotterTakesVeryLongStems(t *testing.T) {
	stem := strings.Repeat("a", 100)
	s := NewSpotter([][]string{{stem + "*"}, {strings.Repeat("a", 62) + "*"}, {stem}})
	assert.Equal(t, []bool{true, true, false}, s.Spot(stem+"b", nil))
	assert.Equal(t, []bool{false, true, false}, s.Spot(stem[1:], nil))
	assert.Equal(t, []bool{true, true, true}, s.Spot(stem, nil))
}

func TestSpotterIsSharedByManyGoroutines(t *testing.T) {
	s := NewSpotter([][]string{{"lawyer"}, {"avocat*"}, {"class action"}})
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 200 {
				assert.Equal(t, []bool{true, false, true}, s.Spot("my lawyer prepares a class action", nil))
				_, _, _, ok := s.Find("deux avocats", 1)
				assert.True(t, ok)
			}
		})
	}
	all.Wait()
}

// The slow obvious version: each keyword at each word of the text.
func spotSlowly(text, written string) bool {
	want := keywordWords(written)
	for at := 0; len(want) > 0; {
		word, _, end := nextWord(text, at, nil, len(text)*4)
		if len(word) == 0 {
			return false
		}
		first := spotted{word: string(word)}
		if first.word == want[0].word || want[0].stem && strings.HasPrefix(first.word, want[0].word) {
			if _, ok := new(Spotter).rest(text, end, want[1:]); ok {
				return true
			}
		}
		at = end
	}
	return false
}

func FuzzSpotter(f *testing.F) {
	f.Add("We will sue: Class\nactions", "sue", "class action*")
	f.Add("l’ÉTÉ İİ ẞ \xff 弁護士", "été*", "i̇")
	f.Add("", "*", "'")
	f.Fuzz(func(t *testing.T, text, one, two string) {
		s := NewSpotter([][]string{{one}, {one, two}})
		hits := s.Spot(text, nil)
		assert.Equal(t, spotSlowly(text, one), hits[0])
		assert.Equal(t, spotSlowly(text, one) || spotSlowly(text, two), hits[1])
		for list, hit := range hits {
			_, start, end, ok := s.Find(text, list)
			assert.Equal(t, hit, ok)
			assert.True(t, 0 <= start && start <= end && end <= len(text))
			if utf8.ValidString(text) {
				assert.True(t, utf8.ValidString(text[start:end]))
			}
		}
	})
}
