package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/sla"
)

// go test ./examples/quickstart -update
var update = flag.Bool("update", false, "write policy.json and testdata/golden.txt anew")

const golden = "testdata/golden.txt"

func start(stdin string, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

// says is assert.Contains without a page of output when it fails.
func says(t *testing.T, stdout, want string) {
	t.Helper()
	assert.True(t, strings.Contains(stdout, want), "the output does not say %q", want)
}

func save(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestPolicyIsTheStandardOne(t *testing.T) {
	want := escalation.FormatPolicy(escalation.Standard())
	if *update {
		require.NoError(t, os.WriteFile("policy.json", want, 0o644))
	}
	got, err := os.ReadFile("policy.json") // not the embedded one, which is that of before the update
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got), "run go test ./examples/quickstart -update")
}

func TestGolden(t *testing.T) {
	code, stdout, stderr := start("", "-policy", "policy.json")
	require.Equal(t, fine, code, stderr)
	assert.Empty(t, stderr)
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(stdout), 0o644))
	} else {
		_, bare, _ := start("")
		assert.Equal(t, stdout, bare, "without flags it is the same")
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), stdout, "run go test ./examples/quickstart -update and read the diff")

	for line := range strings.Lines(beside(stdout)) {
		assert.LessOrEqual(t, utf8.RuneCountInString(strings.TrimRight(line, "\n")), width, line)
	}
	says(t, stdout, "each once, each at the instant it was due.")
}

// beside is the output without the document, whose lines are as long as they are.
func beside(stdout string) string {
	before, rest, _ := strings.Cut(stdout, "# Escalation Handoff Document")
	_, after, _ := strings.Cut(rest, "\n---")
	return before + after
}

// A trigger that no ticket shows is one that a newcomer does not see.
func TestEveryRuleIsSeen(t *testing.T) {
	code, stdout, stderr := start("", "-json")
	require.Equal(t, fine, code, stderr)
	seen := map[string]bool{}
	var paused, overdue, quiet, problems, next bool
	for line := range strings.Lines(stdout) {
		var d escalation.Decision
		require.NoError(t, json.Unmarshal([]byte(line), &d))
		for _, r := range d.Reasons {
			seen[r.Rule] = true
		}
		for _, c := range d.Clocks {
			paused = paused || c.Paused()
			overdue = overdue || c.Running() && c.Used > 1
			next = next || c.Metric == sla.NextResponse && c.Running()
		}
		quiet = quiet || len(d.Actions) == 0 && d.NextCheck.IsZero()
		problems = problems || len(d.Problems) > 0
	}
	for _, r := range escalation.Standard().Rules {
		assert.True(t, seen[r.Name], "no ticket shows the rule %q", r.Name)
	}
	assert.True(t, paused && overdue && next && quiet && problems, "paused %t, overdue %t, next response %t, quiet %t, problems %t",
		paused, overdue, next, quiet, problems)
}

// The tickets of which the remark says that nothing happens.
func TestNothingHappens(t *testing.T) {
	_, stdout, _ := start("", "-json")
	for line := range strings.Lines(stdout) {
		var d escalation.Decision
		require.NoError(t, json.Unmarshal([]byte(line), &d))
		switch d.Ticket {
		case "1003", "1009", "1010":
			assert.Empty(t, d.Reasons, d.Ticket)
		default:
			assert.NotEmpty(t, d.Actions, d.Ticket)
		}
	}
}

func TestBar(t *testing.T) {
	clock := func(state sla.State, used float64) sla.Clock {
		elapsed := time.Duration(used * float64(time.Hour))
		return sla.Clock{
			Metric: sla.Resolution, State: state, Target: time.Hour, Elapsed: elapsed, Remaining: time.Hour - elapsed,
			Used: float64(elapsed) / float64(time.Hour),
		}
	}
	warnings := []float64{0.8}
	for _, c := range []struct {
		name     string
		clock    sla.Clock
		warnings []float64
		want     string
	}{
		{"at its start", clock(sla.Running, 0), warnings, "[----------------|----]    "},
		{"half", clock(sla.Running, 0.5), warnings, "[##########------|----]    "},
		{"a moment before the warning", clock(sla.Running, 0.7999), warnings, "[###############-|----]    "},
		{"at the warning", clock(sla.Running, 0.8), warnings, "[################|----]    "},
		{"a moment before it is due", clock(sla.Running, 0.9999), warnings, "[################|###-]    "},
		{"due", clock(sla.Running, 1), warnings, "[################|####]    "},
		{"a moment late", clock(sla.Breached, 1.0001), warnings, "[################|####]>   "},
		{"a quarter late", clock(sla.Breached, 1.25), warnings, "[################|####]>   "},
		{"250 %", clock(sla.Breached, 2.5), warnings, "[################|####]>>>>"},
		{"150 %", clock(sla.Breached, 1.5), warnings, "[################|####]>>  "},
		{"paused", clock(sla.Paused, 0.5), warnings, "[==========------|----]    "},
		{"met", clock(sla.Met, 0.25), warnings, "[=====-----------|----]    "},
		{"cancelled", clock(sla.Cancelled, 0.9), warnings, "[================|==--]    "},
		{"no target", sla.Clock{State: sla.Running, Elapsed: time.Hour}, warnings, "[                |    ]    "},
		{"two warnings", clock(sla.Running, 0.5), []float64{0.5, 0.9}, "[##########|--------|--]    "},
		{"no warning", clock(sla.Running, 0.5), nil, "[##########----------]    "},
		{"a warning after the due instant", clock(sla.Running, 0.7), []float64{1.5}, "[##############------]    "},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, bar(c.clock, c.warnings))
		})
	}
}

func TestStanding(t *testing.T) {
	monday := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	const h = time.Hour
	for _, c := range []struct {
		clock sla.Clock
		want  string
	}{
		{sla.Clock{State: sla.Running, Target: 8 * h, Elapsed: 5 * h, Remaining: 3 * h, Used: 0.625, Due: monday.Add(8 * h)},
			"resolution      [############----|----]       62 % of 8h     due Mon 2 Mar 17:00 UTC"},
		{sla.Clock{State: sla.Breached, Target: 8 * h, Elapsed: 20 * h, Remaining: -12 * h, Used: 2.5, Due: monday, BreachedAt: monday},
			"resolution      [################|####]>>>>  250 % of 8h     overdue since Mon 2 Mar 09:00 UTC"},
		{sla.Clock{State: sla.Breached, Target: 8 * h, Elapsed: 2 * h, Remaining: 6 * h, Used: 0.25, Due: monday.Add(h), BreachedAt: monday},
			"resolution      [#####-----------|----]       25 % of 8h     was late, due Mon 2 Mar 10:00 UTC"},
		{sla.Clock{State: sla.Breached, Target: h, Elapsed: 2 * h, Remaining: -h, Used: 2, Due: monday, BreachedAt: monday, Stopped: monday.Add(h)},
			"resolution      [================|====]>>>>  200 % of 1h     late, done Mon 2 Mar 10:00 UTC"},
		{sla.Clock{State: sla.Paused, Target: 8 * h, Elapsed: 2 * h, Remaining: 6 * h, Used: 0.25},
			"resolution      [=====-----------|----]       25 % of 8h     paused with 6h left"},
		{sla.Clock{State: sla.Paused, Target: h, Elapsed: 2 * h, Remaining: -h, Used: 2, BreachedAt: monday},
			"resolution      [================|====]>>>>  200 % of 1h     paused, overdue by 1h"},
		{sla.Clock{State: sla.Met, Target: 48 * h, Elapsed: 2 * h, Remaining: 46 * h, Used: 2. / 48, Stopped: monday},
			"resolution      [----------------|----]        4 % of 48h    met Mon 2 Mar 09:00 UTC"},
		{sla.Clock{State: sla.Cancelled, Target: 8 * h, Elapsed: 2 * h, Remaining: 6 * h, Used: 0.25, Stopped: monday},
			"resolution      [=====-----------|----]       25 % of 8h     cancelled Mon 2 Mar 09:00 UTC"},
		{sla.Clock{State: sla.Running, Elapsed: 2 * h},
			"resolution      [                |    ]      no target"},
	} {
		c.clock.Metric = sla.Resolution
		assert.Equal(t, c.want, reading(c.clock, []float64{0.8}))
	}
}

func TestShort(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 24 * time.Second: "24s", 90 * time.Second: "1m", 32 * time.Minute: "32m", 90 * time.Minute: "1h30m",
		24 * time.Hour: "24h", 24*time.Hour + 5*time.Minute: "24h5m", 48 * time.Hour: "48h", 50 * time.Hour: "2d2h", -time.Hour: "-1h",
	} {
		assert.Equal(t, want, short(d))
	}
}

const ticket = `{"id":"7","subject":"Where is my parcel?","priority":"high","created_at":"2026-05-04T09:00:00Z"}`

func TestOwnTickets(t *testing.T) {
	late := `{"id":"8","priority":"Low","created_at":"2026-05-01T09:00:00Z","changes":[{"at":"2026-05-04T11:30:00+02:00","field":"status","to":"Open"}]}`
	file := save(t, "mine.jsonl", ticket+"\n\n"+late+"\n")

	code, stdout, stderr := start("", "-tickets", file)
	require.Equal(t, fine, code, stderr)
	says(t, stdout, "2 tickets under the policy \"Standard\"")
	says(t, stdout, "as of Monday 4 May 2026 09:30 UTC, the latest instant in the tickets")
	says(t, stdout, "--- 7  Where is my parcel?")

	code, stdout, stderr = start(ticket, "-tickets", "-", "-at", "2026-05-04T11:50:00+02:00")
	require.Equal(t, fine, code, stderr)
	says(t, stdout, "1 ticket under")
	says(t, stdout, "as of Monday 4 May 2026 09:50 UTC\n")
	says(t, stdout, "first response  [################|-")
	says(t, stdout, "SLA at risk: escalate to Tier 2, notify manager")

	code, stdout, stderr = start(ticket, "-tickets", "-", "-json")
	assert.Equal(t, fine, code)
	assert.Equal(t, "judged as of 2026-05-04T09:00:00Z, the latest instant in the tickets\n", stderr)
	var d escalation.Decision
	require.NoError(t, json.Unmarshal([]byte(stdout), &d))
	assert.Equal(t, "7", d.Ticket)
	assert.Equal(t, "2026-05-04T09:48:00Z", d.NextCheck.Format(time.RFC3339))
}

// What hosts really have: columns without a log, names that nobody declared.
func TestPoorTickets(t *testing.T) {
	const src = `{"id":"a","priority":"Hihg","status":"Pending","tier":"Tier 9","created_at":"2026-03-01T08:00:00Z","customer":{"vip":true}}
{"id":"b","priority":"High","created_at":"2026-03-02T08:00:00Z"}
{"id":"c","priority":"High","created_at":"2026-03-09T08:00:00Z"}
`
	code, stdout, stderr := start(src, "-tickets", "-", "-at", "2026-03-02T09:30:00Z")
	require.Equal(t, fine, code, stderr)
	says(t, stdout, "--- a ---")
	says(t, stdout, "\n(VIP), created Sun 1 Mar 08:00 UTC, Pending, Tier 9 -> Tier 2, Hihg\n")
	says(t, stdout, `problem         the policy has no priority "Hihg"`)
	says(t, stdout, "created Mon 2 Mar 08:00 UTC, Tier 1 -> Tier 2, High\n")
	says(t, stdout, "From check to check: b") // a has changed without telling when
	says(t, stdout, "after the instant asked about")
	says(t, stdout, "to the team:       (handoff: the message has nothing to say for summary, sentiment)")
}

func TestOwnPolicy(t *testing.T) {
	p := escalation.Standard()
	p.Name, p.Warnings = "Ours", []sla.Threshold{{Fraction: 0.5}, {Left: 30 * time.Minute}, {Fraction: 0.75}}
	p.Rules = p.Rules[:1]
	p.Rules[0].Mode = "observe"
	file := save(t, "ours.json", string(escalation.FormatPolicy(p)))
	code, stdout, stderr := start("", "-policy", file)
	require.Equal(t, fine, code, stderr)
	says(t, stdout, `10 tickets under the policy "Ours" (1 rule)`)
	says(t, stdout, "[##########|#####|#----]")
	says(t, stdout, "SLA at risk: escalate to Tier 2 (only observed),\n")
	assert.NotContains(t, stdout, "The handoff document")
}

// What customers write must not reach the terminal as commands.
func TestTerminalIsSafe(t *testing.T) {
	src := strings.Replace(ticket, "Where", `\u001b[2JWhere\r\n`, 1)
	_, stdout, _ := start(src, "-tickets", "-")
	assert.NotContains(t, stdout, "\x1b")
	assert.NotContains(t, stdout, "\r")
	says(t, stdout, "--- 7  ?[2JWhere?? is my parcel?")
}

func TestBadInput(t *testing.T) {
	p := string(escalation.FormatPolicy(escalation.Standard()))
	twice := strings.NewReplacer(`ticket.contacts >= 3`, `ticket.contatcs >= 3`, `notify(\"team lead\")`, `notify(\"team led\")`).Replace(p)
	require.NotEqual(t, p, twice)
	misspelt := save(t, "misspelt.json", twice)
	unread := save(t, "unread.json", strings.Replace(p, `"queues"`, `"ques"`, 1))
	missing := filepath.Join(t.TempDir(), "missing")

	for _, c := range []struct {
		name   string
		args   []string
		stdin  string
		code   int
		stderr []string // one in each line
	}{
		{"names that no rule can use", []string{"-policy", misspelt}, "", wrong, []string{`no recipient "team led"`, `"ticket.contatcs"`}},
		{"a key that no policy has", []string{"-policy", unread}, "", wrong, []string{`unread.json:`}},
		{"no policy file", []string{"-policy", missing}, "", wrong, []string{"missing"}},
		{"no ticket file", []string{"-tickets", missing}, "", wrong, []string{"missing"}},
		{"no tickets", []string{"-tickets", "-"}, "\n\n", wrong, []string{"standard input: there is no ticket to judge"}},
		{"broken tickets beside a sound one", []string{"-tickets", "-"}, "{\"id\":\n" + ticket + "\n{\"id\":\"9\"}\n[]\n", wrong,
			[]string{"standard input:1: ", "standard input:4: ", "standard input:3: escalation: the ticket has no creation time"}},
		{"no time", []string{"-at", "yesterday"}, "", usage, []string{`-at "yesterday" is not a time like 2026-`}},
		{"no flag", []string{"tickets.jsonl"}, "", usage, []string{`takes flags only, not "tickets.jsonl"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, stdout, stderr := start(c.stdin, c.args...)
			assert.Equal(t, c.code, code)
			lines := strings.Split(strings.TrimSuffix(stderr, "\n"), "\n")
			require.Len(t, lines, len(c.stderr), stderr)
			for i, want := range c.stderr {
				assert.Contains(t, lines[i], want)
			}
			if strings.Contains(c.stdin, ticket) {
				says(t, stdout, "--- 7  Where is my parcel?") // the sound one is judged all the same
			} else {
				assert.Empty(t, stdout)
			}
		})
	}

	code, _, stderr := start("", "-h")
	assert.Equal(t, fine, code)
	assert.Contains(t, stderr, "-tickets")
	code, _, _ = start("", "-nonsense")
	assert.Equal(t, usage, code)
}

// The document in another format, and a format that there is not.
func TestFormat(t *testing.T) {
	code, stdout, stderr := start("", "-format", "html")
	require.Equal(t, fine, code, stderr)
	says(t, stdout, "<h1>Escalation Handoff Document</h1>")
	code, _, stderr = start("", "-format", "pdf")
	require.Equal(t, usage, code)
	says(t, stderr, "none of markdown, plain, html and slack")
}
