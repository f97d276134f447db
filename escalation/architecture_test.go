package escalation_test

import (
	"bufio"
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/escalade-go/escalade"

func goTool(t *testing.T, dir string, env []string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "go %s: %s", strings.Join(args, " "), out)
	return string(out)
}

// sla, sentiment and handoff stand alone; rules adds expr; none of them knows
// another or what is built of them.
func TestLeavesStandAlone(t *testing.T) {
	for leaf, allowed := range map[string]string{"sla": "", "sentiment": "", "handoff": "", "rules": "github.com/expr-lang/expr"} {
		list := goTool(t, "..", nil, "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./"+leaf)
		for path := range strings.Lines(list) {
			path = strings.TrimSpace(path)
			own := path == module+"/"+leaf || strings.HasPrefix(path, module+"/"+leaf+"/")
			if !own && (allowed == "" || path != allowed && !strings.HasPrefix(path, allowed+"/")) {
				t.Errorf("%s depends on %s", leaf, path)
			}
		}
	}
}

// The root module needs expr and, for its tests, testify; nothing else.
func TestDirectDependencies(t *testing.T) {
	src, err := os.ReadFile("../go.mod")
	require.NoError(t, err)
	var direct []string
	lines := bufio.NewScanner(bytes.NewReader(src))
	for lines.Scan() {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(lines.Text()), "require "))
		if len(fields) == 2 && strings.HasPrefix(fields[1], "v") {
			direct = append(direct, fields[0])
		}
	}
	assert.Equal(t, []string{"github.com/expr-lang/expr", "github.com/stretchr/testify"}, direct)
}

// Every package of the library has one page of documentation, in doc.go or in
// its only file.
func TestOnePackageComment(t *testing.T) {
	for _, path := range strings.Fields(goTool(t, "..", nil, "list", "-f", "{{.Dir}}", "./...")) {
		files, err := filepath.Glob(filepath.Join(path, "*.go"))
		require.NoError(t, err)
		comments := 0
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
			require.NoError(t, err)
			if parsed.Doc != nil {
				comments++
			}
		}
		assert.Equal(t, 1, comments, path)
	}
}

// A decision depends on what it is given: the library never asks for the time.
func TestNobodyReadsTheClock(t *testing.T) {
	for _, dir := range []string{"../sla", "../rules", "../sentiment", "../handoff", "."} {
		err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			src, err := os.ReadFile(path)
			for _, call := range []string{"time.Now(", "time.Since(", "time.Until(", "time.After(", "time.Sleep(", "time.NewTimer("} {
				assert.NotContains(t, string(src), call, path)
			}
			return err
		})
		require.NoError(t, err)
	}
}

// A program of another module compiles against the names that others rely on,
// and runs.
func TestOutside(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	dir := t.TempDir()
	for from, to := range map[string]string{"testdata/outside/main.go": "main.go", "../go.sum": "go.sum", "../go.mod": "go.mod"} {
		src, err := os.ReadFile(from)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, to), src, 0o600))
	}
	env := []string{"GOFLAGS=-mod=mod", "GOWORK=off", "GOPROXY=off"}
	goTool(t, dir, env, "mod", "edit", "-module=outside", "-require="+module+"@v0.0.0", "-replace="+module+"="+root)
	assert.Equal(t, "ok\n", goTool(t, dir, env, "run", "."))
}
