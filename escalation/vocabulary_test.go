package escalation

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The page that rule authors read names every fact and every action, and each of
// these says in a sentence what it is.
func TestDocumentedVocabulary(t *testing.T) {
	page, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	_, page2, found := strings.Cut(string(page), "# What rules can say")
	require.True(t, found)
	section, _, _ := strings.Cut(page2, "# How a ticket is judged")
	v := MustCompile(Standard(), nil).vocabulary()
	for _, f := range v.Facts {
		parts := strings.Split(f.Name, ".")
		for i, part := range parts {
			if i > 0 {
				part = "." + part
			}
			assert.Contains(t, section, part, f.Name)
		}
		assert.NotEmpty(t, f.Help, f.Name)
	}
	for _, verb := range v.Verbs {
		assert.Contains(t, section, verb.Name+"(")
		assert.NotEmpty(t, verb.Help, verb.Name)
	}
}
