package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// go test ./examples/playbook -update
var update = flag.Bool("update", false, "write the golden files anew")

func start(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(args, &out, &errs)
	return code, out.String(), errs.String()
}

// golden compares an output with the file that holds it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, strings.Split(string(want), "\n"), strings.Split(got, "\n"), "run go test ./examples/playbook -update, and read the diff")
}

func TestDesigned(t *testing.T) {
	for language, file := range map[string]string{"en": "golden.txt", "fr": "golden_fr.txt"} {
		t.Run(language, func(t *testing.T) {
			code, stdout, stderr := start("-lang", language)
			require.Equal(t, fine, code, stderr)
			assert.Empty(t, stderr)
			golden(t, file, stdout)
		})
	}
}

// The playbook of this folder is that of the first output, with a target changed, a rule
// added, and the holidays of the team.
func TestAnEditedPlaybook(t *testing.T) {
	code, stdout, stderr := start("playbook.md")
	require.Equal(t, fine, code, stderr)
	assert.Empty(t, stderr)
	golden(t, "checked.txt", stdout)
}

func TestABrokenPlaybookTellsAllItsMistakes(t *testing.T) {
	code, stdout, stderr := start("testdata/broken.md")
	assert.Equal(t, wrong, code)
	assert.Empty(t, stdout)
	golden(t, "broken.txt", stderr)
}

func TestUsage(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"-h"}, fine, "-lang language"},
		{[]string{"-lang", "de"}, usage, `-lang "de": there are en and fr`},
		{[]string{"-nonsense"}, usage, "not defined: -nonsense"},
		{[]string{"a.md", "b.md"}, usage, "playbook reads one file"},
		{[]string{"nowhere.md"}, wrong, "nowhere.md"},
	} {
		code, stdout, stderr := start(c.args...)
		assert.Equal(t, c.code, code, c.args)
		assert.Empty(t, stdout)
		assert.Contains(t, stderr, c.says)
	}
}
