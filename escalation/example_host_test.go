package escalation_test

import (
	"fmt"
	"time"

	"github.com/escalade-go/escalade/escalation"
)

// tables stands for a database; the comments say which statements its methods stand for.
//
//	tickets  id, next_check, ledger (JSON), and what a helpdesk has: status, tier …
//	outbox   key (unique), do, to, due, sent_at
type tables struct {
	tickets map[string]escalation.Ticket
	checks  map[string]time.Time // next_check; no entry is null
	outbox  []*outgoing
}

type outgoing struct {
	escalation.Action
	sent time.Time // sent_at; zero is null
}

// read: begin; select … from tickets where id = $1 for update.
//
// Where the database has no row locks, the ledger's seq is one: see commit.
func (db *tables) read(id string) escalation.Ticket { return db.tickets[id] }

// commit stores a decision on the ticket as it was read, and reports whether it was the
// first to do so.
func (db *tables) commit(read escalation.Ticket, d escalation.Decision) bool {
	// update tickets set ledger = $1, next_check = $2 where id = $3 and (ledger->>'seq')::int = $4
	// no row: rollback, somebody else was faster
	if db.tickets[read.ID].Ledger.Seq != read.Ledger.Seq {
		return false
	}
	// for what changes the ticket: update tickets set tier = $1 …; insert into changes (at, field, from, to, by, key) …
	ticket := read
	d.Apply(&ticket)
	db.tickets[read.ID] = ticket
	delete(db.checks, read.ID)
	if !d.NextCheck.IsZero() {
		db.checks[read.ID] = d.NextCheck
	}
	for _, a := range d.Actions {
		if a.Do == escalation.DoNotify || a.Do == escalation.DoAlert {
			// insert into outbox (key, do, to, due) values … on conflict (key) do nothing
			if !db.queued(a.Key) {
				db.outbox = append(db.outbox, &outgoing{Action: a})
			}
		}
	}
	return true // commit
}

func (db *tables) queued(key string) bool {
	for _, n := range db.outbox {
		if n.Key == key {
			return true
		}
	}
	return false
}

// send works off the outbox: select … from outbox where sent_at is null order by due for update skip locked.
func (db *tables) send(who string, now time.Time) {
	for _, n := range db.outbox {
		if !n.sent.IsZero() {
			continue
		}
		if now.Sub(n.Due) > 4*time.Hour { // nobody wants to hear of it now
			fmt.Printf("%s  %s: too late to %s %s, due %s\n", now.Format("Mon 15:04"), who, n.Do, n.To, n.Due.Format("Mon 15:04"))
		} else { // hand n.Key to the mail service as well, if it takes such keys: a crash after this line sends again
			fmt.Printf("%s  %s: %s %s, due %s\n", now.Format("Mon 15:04"), who, n.Do, n.To, n.Due.Format("Mon 15:04"))
		}
		n.sent = now // update outbox set sent_at = now() where key = $1
	}
}

// A host with two workers and SQL tables. They get the same ticket twice, and one of them
// crashes between commit and sending; each notice goes out once all the same.
func ExampleEngine_Decide_host() {
	engine := escalation.MustCompile(escalation.Standard(), nil)
	nine := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	db := &tables{
		tickets: map[string]escalation.Ticket{"4711": {ID: "4711", Priority: "High", Status: "Open", CreatedAt: nine}},
		checks:  map[string]time.Time{"4711": nine},
	}
	decide := func(t escalation.Ticket, now time.Time) escalation.Decision {
		d, err := engine.Decide(t, now)
		if err != nil {
			panic(err) // no id, or no creation time
		}
		return d
	}

	// select id from tickets where next_check <= now() order by next_check
	db.commit(db.read("4711"), decide(db.read("4711"), nine))
	now := db.checks["4711"]

	// The timer of 09:48 wakes both workers.
	one, two := db.read("4711"), db.read("4711")
	first, second := decide(one, now), decide(two, now)
	fmt.Println("same keys:", first.Actions[0].Key == second.Actions[0].Key)
	fmt.Println("worker 1 commits:", db.commit(one, first))
	fmt.Println("worker 2 commits:", db.commit(two, second))
	again := db.read("4711")
	fmt.Println("worker 2 asks again:", len(decide(again, now).Actions), "actions")

	// Worker 1 has crashed before sending. What was committed is in the outbox.
	db.send("worker 2", now.Add(time.Minute))
	db.send("worker 1", now.Add(2*time.Minute)) // it is back, and has nothing to send

	// The machine sleeps until the next day.
	now = nine.AddDate(0, 0, 1)
	late := db.read("4711")
	fmt.Println("worker 1 commits:", db.commit(late, decide(late, now)))
	db.send("worker 1", now)
	// Output:
	// same keys: true
	// worker 1 commits: true
	// worker 2 commits: false
	// worker 2 asks again: 0 actions
	// Mon 09:49  worker 2: notify manager, due Mon 09:48
	// worker 1 commits: true
	// Tue 09:00  worker 1: too late to notify team lead, due Mon 10:36
	// Tue 09:00  worker 1: too late to notify manager, due Mon 15:24
	// Tue 09:00  worker 1: too late to notify manager, due Mon 15:24
	// Tue 09:00  worker 1: too late to notify team lead, due Mon 16:12
	// Tue 09:00  worker 1: alert team lead, due Tue 09:00
}
