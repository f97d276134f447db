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

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// call runs the program in testdata, so that file names are short.
func call(t *testing.T, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	t.Chdir("testdata")
	var out, errs bytes.Buffer
	code = run(args, strings.NewReader(stdin), &out, &errs)
	return out.String(), errs.String(), code
}

// What is printed for each payload, and for payloads that belong together.
func TestGolden(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		code int
	}{
		"zendesk_alone":       {[]string{"zendesk_ticket.json"}, 0},
		"zendesk_joined":      {[]string{"zendesk_audits.json", "zendesk_comments.json", "zendesk_ticket.json"}, 0},
		"zendesk_sla":         {[]string{"zendesk_sla_policy.json", "zendesk_ticket.json", "zendesk_comments.json"}, 0},
		"zendesk_no_priority": {[]string{"zendesk_no_priority.json"}, 0},
		"zendesk_strays":      {[]string{"zendesk_audits.json", "zendesk_comments.json", "zendesk_sla_policy.json"}, 0},
		"zammad_webhook":      {[]string{"zammad_webhook.json"}, 0},
		"zammad_list":         {[]string{"zammad_list.json"}, 0},
		"freshdesk_joined":    {[]string{"freshdesk_conversations.json"}, 0},
		"freshdesk_stats":     {[]string{"freshdesk_stats.json"}, 0},
		"freshdesk_v1":        {[]string{"freshdesk_v1.json"}, 0},
		"later":               {[]string{"-at", "2026-03-05T09:00:00+01:00", "freshdesk_conversations.json"}, 0},
		"unknown":             {[]string{"unknown.json", "zammad_list.json"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			stdout, stderr, code := call(t, "", test.args...)
			assert.Equal(t, test.code, code)
			got := "$ webhook " + strings.Join(test.args, " ") + "\n\n" + stdout
			if stderr != "" {
				got += "stderr:\n" + stderr
			}
			golden := filepath.Join("golden", name+".txt")
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(got), 0o666))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), got)
		})
	}
}

// -json prints one decision a line, and nothing else.
func TestJSON(t *testing.T) {
	stdout, stderr, code := call(t, "", "-json", "zammad_list.json", "zendesk_ticket.json")
	assert.Zero(t, code)
	assert.Empty(t, stderr)
	var ids []string
	for line := range strings.Lines(stdout) {
		var d escalation.Decision
		require.NoError(t, json.Unmarshal([]byte(line), &d))
		ids = append(ids, d.Ticket)
	}
	assert.Equal(t, []string{"4711", "70061", "70062", "70063"}, ids)
}

// Two helpdesks may count alike; their actions must not share keys.
func TestKeysAreApart(t *testing.T) {
	const zendesk = `{"ticket":{"id":7,"status":"open","priority":"low","requester_id":1,"tags":["enterprise"],"created_at":"2026-03-02T08:00:00Z"}}`
	const freshdesk = `{"id":7,"status":2,"priority":1,"requester_id":1,"responder_id":2,"tags":["enterprise"],"created_at":"2026-03-02T08:00:00Z"}`
	stdout, _, _ := call(t, zendesk+freshdesk, "-json", "-")
	keys := map[string]bool{}
	actions := 0
	for line := range strings.Lines(stdout) {
		var d escalation.Decision
		require.NoError(t, json.Unmarshal([]byte(line), &d))
		for _, a := range d.Actions {
			actions++
			keys[a.Key] = true
		}
	}
	assert.Positive(t, actions)
	assert.Len(t, keys, actions)
}

// A policy may speak the helpdesk's language.
func TestOwnPolicy(t *testing.T) {
	p := escalation.Standard()
	p.Priorities = []escalation.Priority{{Name: "Urgent"}, {Name: "Normal"}}
	p.Statuses = []escalation.Status{{Name: "Open", Category: "open"}, {Name: "Hold", Category: "on_hold"}, {Name: "Solved", Category: "solved"}}
	p.Rules = p.Rules[:1]
	p.Rules[0].Because = "our own rule"
	file := filepath.Join(t.TempDir(), "policy.json")
	require.NoError(t, os.WriteFile(file, escalation.FormatPolicy(p), 0o666))
	stdout, stderr, code := call(t, "", "-policy", file, "zendesk_ticket.json")
	assert.Zero(t, code, stderr)
	assert.Contains(t, stdout, "priority    Urgent\n  status      Hold\n")

	require.NoError(t, os.WriteFile(file, []byte(`{"format":1,"teirs":[]}`), 0o666))
	var out, errs bytes.Buffer
	assert.Equal(t, 2, run([]string{"-policy", file, "zendesk_ticket.json"}, nil, &out, &errs))
	assert.Contains(t, errs.String(), file+":1:13: ")
	assert.Contains(t, errs.String(), "tiers")
}

// What cannot be used is told of in a line, with the place, and without a fuss.
func TestUnusable(t *testing.T) {
	const usable = `{"id":7,"status":2,"priority":1,"requester_id":1,"responder_id":2,"created_at":"2026-03-02T08:00:00Z"}`
	for _, test := range []struct{ name, in, says string }{
		{"empty", " \n", "standard input: is empty"},
		{"malformed", "{\n  \"ticket\": nope}", "standard input:2:14: this is not JSON"},
		{"cut off", `{"ticket": {"id": 1`, "was it cut off?"},
		{"a scalar", `42`, "a JSON number is not a payload that is known here"},
		{"null", `null`, "a JSON null is not a payload"},
		{"an empty object", `{}`, "it is an empty object"},
		{"many unknown", `[{"a":1},{"a":2},{"a":3}]`, "nor are 2 more in this file"},
		{"no creation time", `{"ticket":{"id":5,"status":"open","requester_id":1,"created_at":""}}`, "Zendesk ticket 5 cannot be judged: created_at is missing"},
		{"no id", `{"ticket":{"id":null,"status":"open","requester_id":1}}`, "Zendesk ticket without an id cannot be judged"},
		{"control characters", `{"\u001b[31m":1}`, `its keys are [31m`},
	} {
		t.Run(test.name, func(t *testing.T) {
			stdout, stderr, code := call(t, test.in, "-")
			assert.Equal(t, 1, code)
			assert.Contains(t, stderr, test.says)
			assert.NotContains(t, stderr, "\x1b")
			assert.Empty(t, stdout)
		})
	}
	t.Run("what is usable is used", func(t *testing.T) {
		stdout, stderr, code := call(t, "\uFEFF"+usable+"\n{", "-")
		assert.Equal(t, 1, code)
		assert.Contains(t, stdout, "Freshdesk 7")
		assert.Contains(t, stderr, "cut off")
	})
	t.Run("an empty list", func(t *testing.T) {
		_, stderr, code := call(t, "[]", "-")
		assert.Zero(t, code)
		assert.Contains(t, stderr, "nothing to decide")
	})
	for _, args := range [][]string{{}, {"-at", "noon", "-"}, {"-policy", "missing.json", "-"}, {"-nonsense"}} {
		var out, errs bytes.Buffer
		assert.Equal(t, 2, run(args, strings.NewReader(""), &out, &errs), args)
		assert.NotEmpty(t, errs.String())
	}
}

// A private note is in the handoff document, which colleagues read, and marked;
// the customer never reads a word of it.
func TestPrivateNotes(t *testing.T) {
	for note, files := range map[string][]string{
		"NOTE-ZENDESK":   {"zendesk_ticket.json", "zendesk_comments.json"},
		"NOTE-FRESHDESK": {"freshdesk_conversations.json"},
	} {
		t.Run(note, func(t *testing.T) {
			args := append([]string{"-at", "2026-03-02T20:00:00Z", "-json"}, files...)
			stdout, _, _ := call(t, "", args...)
			var d escalation.Decision
			require.NoError(t, json.Unmarshal([]byte(stdout), &d))
			require.NotNil(t, d.Handoff)
			said, err := d.Handoff.Acknowledgment()
			require.NoError(t, err)
			assert.NotContains(t, said, "NOTE")
			assert.NotContains(t, d.Handoff.Excerpt, "NOTE")
			marked := false
			for _, entry := range d.Handoff.Timeline {
				if strings.Contains(entry.Text, note) {
					assert.True(t, entry.Internal)
					marked = true
				}
			}
			assert.True(t, marked)
		})
	}
}

// read maps one document, with the words of the standard policy.
func read(t *testing.T, docs ...string) *record {
	t.Helper()
	for _, desk := range []helpdesk{newZendesk(), newZammad(), newFreshdesk()} {
		for _, doc := range docs {
			desk.take(newDocument("test", "", json.RawMessage(doc)))
		}
		if records, _ := desk.records(); len(records) > 0 {
			require.Len(t, records, 1)
			desk.words().translate(&records[0].ticket, escalation.Standard())
			records[0].statusByUpdate(escalation.Standard())
			return records[0]
		}
	}
	require.Fail(t, "no helpdesk took it")
	return nil
}

func clock(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC) }

// Any JSON in any order is told of or judged; nothing panics, and whatever is
// printed is fit for a terminal.
func FuzzRun(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.json")
	for _, file := range files {
		src, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(src)
	}
	f.Add([]byte(`{"ticket":{"id":{},"status":[],"requester_id":null,"tags":{"a":1},"created_at":"0001-01-01T00:00:00Z"},"comments":[null,1,{"public":"no"}],"audits":[{"events":[{}]}]}`))
	f.Add([]byte(`{"id":1,"state_id":4,"priority":[1],"owner":7,"created_at":"9998-12-31T23:59:59-14:00","close_at":"2000-01-01T00:00:00Z"}`))
	f.Add([]byte(`{"sla_policy":{"policy_metrics":[{"priority":"low","metric":"first_reply_time","target":1e300}]}}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, args := range [][]string{{"-"}, {"-json", "-"}} {
			var out, errs bytes.Buffer
			run(args, bytes.NewReader(src), &out, &errs)
			if bytes.ContainsAny(out.Bytes(), "\x1b\r\x00") || bytes.ContainsAny(errs.Bytes(), "\x1b\r\x00") {
				t.Error("control characters in the output")
			}
		}
	})
}
