package handoff

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every slot is in the documentation, and no name means two.
func TestSlotsAreDocumented(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	names := map[string]string{}
	for _, s := range slots {
		assert.Contains(t, string(doc), "["+s.name+"]")
		assert.False(t, s.text == nil && s.items == nil, s.name)
		for _, name := range append([]string{s.name}, s.others...) {
			other, taken := names[slotKey(name)]
			assert.False(t, taken, "%s is %s and %s", name, other, s.name)
			names[slotKey(name)] = s.name
		}
	}
}

// All that the library says has a French word.
func TestEverythingIsSaidInFrench(t *testing.T) {
	for _, english := range words {
		assert.NotEmpty(t, wordsFR[english], english)
	}
	for _, part := range Parts()[:6] {
		assert.NotEmpty(t, wordsFR[strings.ReplaceAll(part, "_", " ")], part)
	}
	assert.Empty(t, checkWords(wordsFR))
}

// What is taken for simple is what no cleaning and no spelling would change, wherever it stands.
func TestSimpleTextsStayAsTheyAre(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pieces := strings.Split("a|w|www|W|1|42|.|.|)|(|: |:|-|/| |,|;|%|x|@|#|é|_|*|[|]|\t|+|!|\n|e.g.|://", "|")
	found := 0
	for range 200_000 {
		text := ""
		for range 1 + r.IntN(6) {
			text += pieces[r.IntN(len(pieces))]
		}
		if !simple(text) {
			continue
		}
		found++
		for _, keep := range []bool{false, true} {
			cleaned, more := clean(text, len(text), keep)
			require.Equal(t, text, string(cleaned))
			require.Zero(t, more)
		}
		for _, s := range []spelling{inMarkdown, inPlain, inHTML, inSlack, inMessage} {
			var spelled []byte
			for i := range text {
				spelled = s.put(spelled, []rune(text), i, i == 0)
			}
			require.Equal(t, text, string(spelled))
			require.Equal(t, len(text), s.width(spelled))
		}
	}
	assert.Greater(t, found, 10_000)
}
