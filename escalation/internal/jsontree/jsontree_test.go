package jsontree

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseRemembersPlaces(t *testing.T) {
	src := []byte("{\n  \"name\": \"Été\",\n  \"list\": [1, true, null, {\"deep\": \"x\"}]\n}")
	tree, err := Parse(src)
	require.NoError(t, err)
	place := func(n *Node) [2]int {
		line, col := LineCol(src, n.Offset)
		return [2]int{line, col}
	}
	list := tree.Get("list")
	assert.Equal(t, [2]int{1, 1}, place(tree))
	assert.Equal(t, [2]int{2, 11}, place(tree.Get("name")))
	assert.Equal(t, [2]int{3, 12}, place(list.Items[0]))
	assert.Equal(t, [2]int{3, 36}, place(list.Items[3].Get("deep")))
	assert.Equal(t, []Kind{Number, Bool, Null, Object}, []Kind{list.Items[0].Kind, list.Items[1].Kind, list.Items[2].Kind, list.Items[3].Kind})
	assert.Nil(t, tree.Get("nothing"))
}

// Characters of a text are found in the source whatever way they are escaped.
func TestInside(t *testing.T) {
	src := []byte(`["a\"é\u00e9\ud83d\ude00b"]`)
	tree, err := Parse(src)
	require.NoError(t, err)
	text := tree.Items[0]
	require.Equal(t, `a"éé😀b`, text.Text)
	for chars, rest := range []string{`a\"é`, `\"é`, `é\u00e9`, `\u00e9`, `\ud83d\ude00b`, `b"]`, `"]`, `"]`} {
		assert.Contains(t, string(src[text.Inside(src, chars):]), rest)
		assert.Equal(t, rest[0], src[text.Inside(src, chars)], "character %d", chars)
	}
}

func TestParseRefuses(t *testing.T) {
	deep := ""
	for range 200 {
		deep = "[" + deep + "]"
	}
	for src, at := range map[string]int{
		``: 0, `{`: 1, `{"a":1,}`: 7, `{"a" 1}`: 5, "[1] 2": 4, "\"\xff\"": 1, `[1`: 2, deep: 100, `{"a":tru}`: 8,
	} {
		_, err := Parse([]byte(src))
		var syntax *SyntaxError
		require.ErrorAs(t, err, &syntax, src)
		assert.Equal(t, at, syntax.Offset, src)
		assert.NotEmpty(t, syntax.Error())
	}
}

func TestFormat(t *testing.T) {
	src := `{"short":{"b":1,"a":[1,2]},"text":"<&> \u00e9","empty":[],"long":["` +
		`aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"]}`
	tree, err := Parse([]byte(src))
	require.NoError(t, err)
	assert.Equal(t, `{
  "short": {"b": 1, "a": [1, 2]},
  "text": "<&> é",
  "empty": [],
  "long": [
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
  ]
}
`, string(Format(tree)))
}

// Format changes no value, and nothing of what it has written itself.
func FuzzFormat(f *testing.F) {
	f.Add(`{"a":[1,{"b":null}],"c":"\ud83d\ude00 <"}`)
	f.Add(`[[[[["deep"]]]]]`)
	f.Add(`1e3`)
	f.Fuzz(func(t *testing.T, src string) {
		tree, err := Parse([]byte(src))
		if err != nil {
			return
		}
		once := Format(tree)
		again, err := Parse(once)
		require.NoError(t, err)
		assert.Equal(t, string(once), string(Format(again)))
		var before, after any
		require.NoError(t, json.Unmarshal([]byte(src), &before))
		require.NoError(t, json.Unmarshal(once, &after))
		assert.Equal(t, before, after)
	})
}
