package handoff

import (
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
