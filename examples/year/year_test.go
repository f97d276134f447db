package main

import (
	"bytes"
	"cmp"
	"flag"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
)

// go test ./examples/year -update
var update = flag.Bool("update", false, "write testdata/golden.txt anew")

func TestGolden(t *testing.T) {
	const golden = "testdata/golden.txt"
	var out, errs bytes.Buffer
	require.Equal(t, 0, run([]string{"-tickets", "60", "-days", "31"}, &out, &errs), errs.String())
	if *update {
		require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), out.String(), "run go test ./examples/year -update and read the diff")
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{"-tickets", "0"}, {"-days", "-1"}, {"more"}, {"-minutes", "3"}} {
		var out, errs bytes.Buffer
		assert.Equal(t, 2, run(args, &out, &errs), args)
		assert.Empty(t, out.String(), args)
		assert.NotEmpty(t, errs.String(), args)
	}
}

// The same month twice: once with timers, once with a host that asks every minute and
// has no timers at all. Both carry out the same actions, due at the same instants.
func TestEveryMinuteFindsNothingMore(t *testing.T) {
	tickets := 60
	if testing.Short() {
		tickets = 10
	}
	engine, until := escalation.MustCompile(policy(), nil), newYear.AddDate(0, 0, 31)
	timed := newHost(engine, lives(1, tickets, 31), until)
	require.NoError(t, timed.run())
	for _, a := range timed.done {
		require.Less(t, a.late, time.Millisecond, "a check is the instant rounded up to the millisecond: %+v", a)
	}
	assert.Zero(t, timed.idle, "who sleeps until the next check is never woken for nothing")

	polling := newHost(engine, lives(1, tickets, 31), until)
	for _, k := range polling.tickets {
		now := k.ticket.CreatedAt
		for ; now.Before(until); now = now.Add(time.Minute) {
			if k.happen(now, &polling.open) == 0 && k.since.IsZero() {
				continue // solved, and nothing has happened: no rule of this policy is for that
			}
			_, err := polling.ask(k, now)
			require.NoError(t, err)
		}
		k.happen(until.Add(-1), &polling.open)
		_, err := polling.ask(k, until.Add(-1)) // for what was due in the last minute
		require.NoError(t, err)
	}
	assert.Equal(t, found(timed), found(polling))
	assert.Greater(t, len(timed.done), 5*tickets, "the test must see something happen")
}

// found is what was carried out, each with the instant at which it was due.
func found(h *host) []done {
	list := slices.Clone(h.done)
	for i := range list {
		list[i].late = 0
	}
	slices.SortFunc(list, func(a, b done) int { return cmp.Or(a.due.Compare(b.due), cmp.Compare(a.key, b.key)) })
	return list
}
