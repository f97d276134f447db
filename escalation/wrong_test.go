package escalation_test

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
)

var update = flag.Bool("update", false, "write testdata again")

// goTypes are words that only a Go programmer knows.
var goTypes = regexp.MustCompile(`float64|\[\]string|time\.|interface|reflect|strconv|\bint\b[^(]|\bbool\b|struct|unmarshal|json:`)

// testdata/wrong_policies.txt holds policies, each over what is found wrong with it.
func TestWrongPolicies(t *testing.T) {
	const file = "testdata/wrong_policies.txt"
	src, err := os.ReadFile(file)
	require.NoError(t, err)
	blocks := strings.Split(strings.TrimSpace(string(src)), "\n\n")
	out := blocks[:1]
	for _, block := range blocks[1:] {
		piece, _, _ := strings.Cut(block, "\n### ")
		head := "{\n" + `"format": 1`
		for key, value := range map[string]string{
			"tiers": `[{"name": "Tier 1"}]`, "priorities": `[{"name": "High"}]`, "statuses": `[{"name": "Open", "category": "open"}]`,
		} {
			if !strings.Contains(piece, `"`+key+`":`) || key == "priorities" && strings.Contains(piece, "agreements") {
				head += `, "` + key + `": ` + value
			}
		}
		text := head + ",\n" + piece + "\n}"
		first, err := escalation.ReadPolicy("policy.json", []byte(text))
		if err == nil {
			_, err = escalation.Compile(first, nil)
		}
		var all escalation.Errors
		require.ErrorAs(t, err, &all, piece)
		got := piece
		line := []rune(strings.Split(text, "\n")[2])
		for _, e := range all {
			assert.NotRegexp(t, goTypes, e.Message+e.Hint)
			require.Equal(t, 3, e.Pos.Line, "%s", e)
			if e.End > 0 {
				require.Less(t, e.Pos.Col, e.End)
				require.LessOrEqual(t, e.End, len(line)+1)
				got += "\n### " + strings.Repeat(" ", max(0, e.Pos.Col-5)) + "^" + string(line[e.Pos.Col-1:e.End-1])
			}
			got += "\n### " + string(e.Code) + " " + strings.TrimPrefix(e.Error(), "policy.json:3:")
		}
		if !*update {
			assert.Equal(t, block, got)
		}
		out = append(out, got)
	}
	assert.Greater(t, len(out), 50)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(strings.Join(out, "\n\n")+"\n"), 0o644))
	}
}
