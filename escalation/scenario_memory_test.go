package escalation_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sentiment"
)

// counted is an engine that counts how often a rule is evaluated, and an analyzer that
// counts how many texts it reads.
type counted struct {
	evaluations, texts atomic.Int64
	lexicon            *sentiment.Lexicon
}

func (c *counted) Analyze(text string) sentiment.Result {
	c.texts.Add(1)
	return c.lexicon.Analyze(text)
}

func (c *counted) engine(list ...rules.Rule) *escalation.Engine {
	p := escalation.Standard()
	p.Rules = append(list, rule("counted", `looks() and ticket.age >= 8h`, `notify("manager")`))
	c.lexicon = sentiment.New(nil)
	return escalation.MustCompile(p, &escalation.Options{Analyzer: c, Functions: []rules.Function{{Name: "looks", Call: func() bool {
		c.evaluations.Add(1)
		return true
	}}}})
}

func TestScenarioAsleep(t *testing.T) {
	t.Run("an unchanged ticket before its next check evaluates no rule", func(t *testing.T) {
		var c counted
		s := tell(t, c.engine()).customer("Mon 09:05", "Hello")
		s.ask("Mon 10:00").checks("Mon 17:00")
		before, read := c.evaluations.Load(), c.texts.Load()
		require.Positive(t, before)
		for _, when := range []string{"Mon 10:00", "Mon 11:00", "Mon 16:59:59.999999999"} {
			a := s.ask(when).doesNothing().checks("Mon 17:00")
			assert.Equal(t, "Tier 1", a.Tier)
			assert.Equal(t, at(when).Sub(at("Mon 09:00")), a.clock("resolution").Elapsed, "the clocks are read all the same")
		}
		assert.Equal(t, before, c.evaluations.Load())
		assert.Equal(t, read, c.texts.Load())
		s.ask("Mon 17:00").does("Mon 17:00 notify manager: counted")
	})
	t.Run("whatever changes wakes it", func(t *testing.T) {
		three := 3
		for name, change := range map[string]func(*escalation.Ticket){
			"message": func(k *escalation.Ticket) {
				k.Messages = append(k.Messages, escalation.Message{ID: "x", At: at("Mon 10:30"), From: "agent"})
			},
			"text": func(k *escalation.Ticket) { k.Messages[0].Text = "Hullo" },
			"mood": func(k *escalation.Ticket) { k.Messages[0].Sentiment = &escalation.Sentiment{Score: -0.9} },
			"change": func(k *escalation.Ticket) {
				k.Changes = append(k.Changes, escalation.Change{At: at("Mon 10:30"), Field: "category"})
			},
			"subject":   func(k *escalation.Ticket) { k.Subject += "!" },
			"category":  func(k *escalation.Ticket) { k.Category = "x" },
			"priority":  func(k *escalation.Ticket) { k.Priority = "High" },
			"status":    func(k *escalation.Ticket) { k.Status = "Open" },
			"tier":      func(k *escalation.Ticket) { k.Tier = "Tier 3" },
			"assignee":  func(k *escalation.Ticket) { k.Assignee = "ben" },
			"tags":      func(k *escalation.Ticket) { k.Tags = []string{"x"} },
			"language":  func(k *escalation.Ticket) { k.Language = "fr" },
			"agreement": func(k *escalation.Ticket) { k.Agreement = "x" },
			"customer":  func(k *escalation.Ticket) { k.Customer.Tier = "x" },
			"vip":       func(k *escalation.Ticket) { k.Customer.VIP = true },
			"ltv":       func(k *escalation.Ticket) { k.Customer.LTV = figure(0) },
			"revenue":   func(k *escalation.Ticket) { k.RevenueImpact = figure(0) },
			"contacts":  func(k *escalation.Ticket) { k.Contacts = &three },
			"stand-in":  func(k *escalation.Ticket) { k.WaitingSince = at("Mon 09:30") },
			"solved":    func(k *escalation.Ticket) { k.SolvedAt = at("Mon 09:30") },
		} {
			var c counted
			s := tell(t, c.engine()).customer("Mon 09:05", "Hello")
			s.ask("Mon 10:00")
			before := c.evaluations.Load()
			s.given(change).ask("Mon 11:00")
			assert.Greater(t, c.evaluations.Load(), before, name)
		}
	})
	t.Run("so does another analyzer", func(t *testing.T) {
		p := escalation.Standard()
		p.Rules = []rules.Rule{rule("angry", `sentiment == "angry"`, `notify("manager")`)}
		s := tell(t, escalation.MustCompile(p, &escalation.Options{Analyzer: verdict{"1", 0.1, "calm"}})).customer("Mon 09:05", "x")
		s.ask("Mon 10:00").checks("never")
		s.engine = escalation.MustCompile(p, &escalation.Options{Analyzer: verdict{"2", -0.9, "angry"}})
		s.ask("Mon 12:00").does("Mon 10:00 notify manager: angry")
	})
	t.Run("so do another policy, a person who asks, and Explain", func(t *testing.T) {
		var c counted
		s := tell(t, c.engine()).customer("Mon 09:05", "Hello")
		s.ask("Mon 10:00")
		last := c.evaluations.Load()
		woken := func(what string) {
			assert.Greater(t, c.evaluations.Load(), last, what)
			last = c.evaluations.Load()
		}
		_, err := s.engine.Explain(s.ticket, at("Mon 11:00"))
		require.NoError(t, err)
		woken("Explain")
		_, err = s.engine.Escalate(s.ticket, escalation.Request{Reason: "policy_exception", Override: true}, at("Mon 11:00"))
		require.NoError(t, err)
		woken("Escalate")
		s.engine = c.engine(rule("another", `customer.vip`, `notify("manager")`))
		s.ask("Mon 11:00")
		woken("another policy")
	})
	t.Run("it does not sleep while what was decided is to be carried out", func(t *testing.T) {
		s := tell(t, with(rule("old", `ticket.age >= 1h`, `escalate("Tier 2")`), rule("still there", `ticket.tier == "Tier 1" and ticket.age >= 2h`, `notify("manager")`)))
		a := s.look("Mon 10:00").does("Mon 10:00 escalate Tier 2: old").checks("never")
		s.ticket.Ledger = a.Ledger // and nobody does it
		s.ask("Mon 10:30").doesNothing().checks("Mon 11:00")
		s.ask("Mon 12:00").does("Mon 11:00 notify manager: still there")
	})
	t.Run("it does not sleep while a function of the host fails", func(t *testing.T) {
		down := true
		p := escalation.Standard()
		p.Rules = []rules.Rule{rule("r", `important(customer.id)`, `notify("manager")`)}
		s := tell(t, escalation.MustCompile(p, &escalation.Options{Functions: []rules.Function{{Name: "important", Call: func(string) (bool, error) {
			if down {
				return false, errors.New("down")
			}
			return true, nil
		}}}}))
		for _, when := range []string{"Mon 10:00", "Mon 10:30"} {
			assert.Equal(t, []string{"rule_failed"}, s.ask(when).doesNothing().problems())
		}
		down = false
		s.ask("Mon 11:00").does("Mon 10:30 notify manager: r")
	})
	t.Run("what has happened while it slept is judged when it wakes", func(t *testing.T) {
		trial := rule("trial", `ticket.age >= 1h`, `notify("manager")`)
		trial.Mode = rules.Observe
		s := tell(t, with(trial, rule("old", `ticket.age >= 3h`, `notify("manager")`)))
		s.ask("Mon 09:00").checks("Mon 12:00")
		s.ask("Mon 11:00").doesNothing()
		a := s.ask("Mon 12:00").does("Mon 12:00 notify manager: old")
		assert.Equal(t, at("Mon 10:00"), a.Observed[0].Due)
	})
}

// silent is a ticket without the text of its messages, as a host may hand it in when it
// wakes.
func silent(k *escalation.Ticket) {
	k.Messages = slices.Clone(k.Messages)
	for i := range k.Messages {
		k.Messages[i].Text = ""
	}
}

func TestScenarioMemory(t *testing.T) {
	angry := rule("angry", `sentiment_score < -0.7 and ticket.age >= 2h`, `notify("manager")`)
	legal := rule("legal", `contains_keywords(["lawyer", "sue"]) and ticket.age >= 3h`, `alert("manager")`)
	threat := rule("threat", `"threat" in intents and ticket.age >= 4h`, `alert("team lead")`)
	each := rule("each", `sentiment_score < -0.7`, `flag("review")`)
	each.Per = "message"
	mail := "This is UNACCEPTABLE!!! The worst service ever. My lawyer will sue you."
	t.Run("a message that was judged is not read again", func(t *testing.T) {
		var c counted
		s := tell(t, c.engine(angry, legal, threat, each)).customer("Mon 09:05", mail)
		s.ask("Mon 09:10").does("Mon 09:05 flag review: each")
		assert.EqualValues(t, 1, c.texts.Load())
		s.agent("Mon 09:20").customer("Mon 09:30", "Hello?")
		s.ask("Mon 10:00")
		assert.EqualValues(t, 2, c.texts.Load(), "only the new one")
	})
	t.Run("a wake-up needs no text", func(t *testing.T) {
		want := []string{"Mon 11:00 notify manager: angry", "Mon 12:00 alert manager: legal", "Mon 13:00 alert team lead: threat"}
		for _, with := range []bool{true, false} {
			var c counted
			s := tell(t, c.engine(angry, legal, threat, each)).customer("Mon 09:05", "Hello").customer("Mon 09:06", mail)
			s.ask("Mon 09:10").does("Mon 09:06 flag review: each")
			if !with {
				s.given(silent)
			}
			a := s.look("Mon 14:00").does(want...)
			for _, r := range a.Reasons {
				if r.Rule == "legal" {
					assert.Equal(t, "lawyer", r.Clauses[0].Values[0].Value)
				}
			}
			s.ask("Mon 11:30")
			s.ask("Mon 14:00").does(want[1:]...)
			assert.EqualValues(t, 2, c.texts.Load(), "each message once")
			if !with {
				assert.Empty(t, s.ticket.Messages[0].Text)
			}
		}
	})
	t.Run("a message that was changed is read again", func(t *testing.T) {
		s := tell(t, with(angry)).customer("Mon 09:05", mail)
		s.ask("Mon 09:10")
		s.given(func(k *escalation.Ticket) { k.Messages[0].Text = "Thank you!" })
		s.ask("Mon 14:00").doesNothing()
	})
	t.Run("another analyzer and other keywords read again what they can", func(t *testing.T) {
		s := tell(t, with(angry, legal)).customer("Mon 09:05", mail)
		s.ask("Mon 09:10")
		more := rule("more", `contains_keywords(["service"]) and ticket.age >= 2h`, `notify("manager")`)
		s.engine = with(legal, more)
		s.look("Mon 14:00").does("Mon 12:00 alert manager: legal", "Mon 14:00 notify manager: more")
		// Without the text nobody knows what else was said: the rules with keywords wait.
		text := s.ticket.Messages
		assert.Equal(t, []string{"no_text"}, s.given(silent).ask("Mon 14:00").doesNothing().problems())
		s.ask("Mon 15:00").doesNothing()
		s.ticket.Messages = text
		s.ask("Mon 16:00").does("Mon 14:00 alert manager: legal", "Mon 14:00 notify manager: more")
	})
	t.Run("a mood that another analyzer found stands until there is a text again", func(t *testing.T) {
		p := escalation.Standard()
		p.Rules = []rules.Rule{rule("angry", `sentiment == "angry"`, `notify("manager")`)}
		calm := escalation.MustCompile(p, &escalation.Options{Analyzer: verdict{"1", 0.1, "calm"}})
		s := tell(t, calm).customer("Mon 09:05", "x")
		s.ask("Mon 10:00").doesNothing()
		text := s.ticket.Messages
		s.engine = escalation.MustCompile(p, &escalation.Options{Analyzer: verdict{"2", -0.9, "angry"}})
		s.given(silent).ask("Mon 11:00").doesNothing()
		s.ticket.Messages = text
		s.ask("Mon 12:00").does("Mon 11:00 notify manager: angry")
	})
	t.Run("messages at the instant up to which they are remembered together lose nothing", func(t *testing.T) {
		s := tell(t, with(legal))
		for n := range 33 {
			m := escalation.Message{ID: fmt.Sprint("m", n), At: at("Mon 10:00").Add(time.Duration(n) * time.Minute), From: "customer", Text: "Hello?"}
			if n == 1 {
				m.At, m.Text = at("Mon 10:00"), "My lawyer."
			}
			s.ticket.Messages = append(s.ticket.Messages, m)
		}
		s.ask("Mon 11:00")
		s.given(silent).ask("Mon 13:00").does("Mon 12:00 alert manager: legal")
	})
	t.Run("two messages of one instant, and neither has an id", func(t *testing.T) {
		s := tell(t, with(legal, each))
		s.ticket.Messages = []escalation.Message{{At: at("Mon 09:05"), From: "customer", Text: mail}, {At: at("Mon 09:05"), From: "customer", Text: mail}}
		s.ask("Mon 10:00").does("Mon 09:05 flag review: each", "Mon 09:05 flag review: each")
		s.given(silent).ask("Mon 13:00").does("Mon 12:00 alert manager: legal")
	})
	t.Run("what cannot be packed of a mood is no reason to forget the words", func(t *testing.T) {
		s := tell(t, with(legal)).given(func(k *escalation.Ticket) {
			k.Messages = []escalation.Message{{ID: "m", At: at("Mon 09:05"), From: "customer", Text: "My lawyer", Sentiment: &escalation.Sentiment{Score: -0.5, Intents: []sentiment.Intent{"refund"}}}}
		})
		s.ask("Mon 10:00")
		s.given(silent).ask("Mon 13:00").does("Mon 12:00 alert manager: legal")
	})
	t.Run("an analyzer that overshoots, or gives no label, is brought to the scale", func(t *testing.T) {
		for _, a := range []verdict{{"1", -1.5, "angry"}, {"2", -0.9, ""}} {
			p := escalation.Standard()
			p.Rules = []rules.Rule{angry, legal, rule("label", `sentiment == "angry" and ticket.age >= 4h`, `notify("team lead")`)}
			s := tell(t, escalation.MustCompile(p, &escalation.Options{Analyzer: a})).customer("Mon 09:05", "My lawyer").customer("Mon 09:06", "Hello")
			s.ask("Mon 10:00")
			s.given(silent).ask("Mon 14:00").does("Mon 11:00 notify manager: angry", "Mon 12:00 alert manager: legal", "Mon 13:00 notify team lead: label")
		}
	})
	t.Run("a mood that the host takes back is gone", func(t *testing.T) {
		s := tell(t, with(angry)).mood("Mon 09:05", "angry", -0.9)
		s.ask("Mon 10:00")
		s.given(func(k *escalation.Ticket) { k.Messages[0].Sentiment = nil }).ask("Mon 12:00").doesNothing()
	})
	t.Run("a message is judged once, whatever its mood is called", func(t *testing.T) {
		own := analyzer(func(string) sentiment.Result { return sentiment.Result{Score: -0.9, Label: "furious", Confidence: 1} })
		p := escalation.Standard()
		p.Rules = []rules.Rule{each}
		s := tell(t, escalation.MustCompile(p, &escalation.Options{Analyzer: own})).customer("Mon 09:05", "a").customer("Mon 10:00", "b")
		s.ask("Mon 11:00").does("Mon 09:05 flag review: each", "Mon 10:00 flag review: each")
		for n, when := range []string{"Mon 12:00", "Mon 13:00"} {
			s.given(func(k *escalation.Ticket) { k.Tags = []string{fmt.Sprint(n)} }).ask(when).doesNothing()
		}
	})
	t.Run("a call that does not get to the end remembers what it has heard", func(t *testing.T) {
		polled := rules.Rule{Name: "polled", If: `ticket.idle > sla.resolution.elapsed + 9000h`, Then: []string{`alert("manager")`}, Poll: time.Minute}
		s := tell(t, with(each, polled)).mood("Mon 09:05", "calm", 0)
		s.ask("Mon 10:00")
		s.mood("Mon 11:00", "angry", -0.9).mood("Mon 12:00", "angry", -0.9).mood("Mon 13:00", "calm", 0)
		assert.Contains(t, s.ask("Thu+2 09:00").does("Mon 11:00 flag review: each", "Mon 12:00 flag review: each").problems(), "unfinished")
		for range 3 {
			s.ask("Thu+2 09:00").doesNothing()
		}
	})
	t.Run("what turns up late is judged then, once", func(t *testing.T) {
		s := tell(t, with(each)).customer("Mon 09:05", "Hello").customer("Mon 10:00", "Hello?")
		s.ask("Mon 11:00").doesNothing()
		s.given(func(k *escalation.Ticket) {
			k.Messages = append(k.Messages, escalation.Message{ID: "late", At: at("Mon 09:30"), From: "customer", Text: mail})
		})
		s.ask("Mon 12:00").does("Mon 11:00 flag review: each")
		s.ask("Mon 13:00").doesNothing()
	})
	t.Run("of a long talk the words are kept, without the text", func(t *testing.T) {
		s := tell(t, with(rule("legal", `contains_keywords(["lawyer", "sue"]) and ticket.age >= 300h`, `alert("manager")`)))
		s.customer("Mon 09:05", mail)
		for n := range 200 {
			s.ticket.Messages = append(s.ticket.Messages, escalation.Message{ID: fmt.Sprint("more", n), At: at("Mon 10:00").Add(time.Duration(n) * time.Hour), From: "customer", Text: "Hello?"})
		}
		s.ask("Mon+1 22:00")
		s.given(silent).ask("Sat+1 21:00").does("Sat+1 21:00 alert manager: legal")
	})
	t.Run("an analyzer with labels of its own is asked again", func(t *testing.T) {
		own := analyzer(func(text string) sentiment.Result {
			return sentiment.Result{Score: -0.9, Label: "furious", Confidence: 1, Intents: []sentiment.Intent{"refund"}}
		})
		p := escalation.Standard()
		p.Rules = []rules.Rule{rule("low", `sentiment_score < -0.8 and ticket.age >= 2h`, `notify("manager")`)}
		s := tell(t, escalation.MustCompile(p, &escalation.Options{Analyzer: own})).customer("Mon 09:05", "Hello")
		s.ask("Mon 09:10")
		s.ask("Mon 12:00").does("Mon 11:00 notify manager: low")
	})
	t.Run("a ledger that somebody has broken is a ledger that remembers less", func(t *testing.T) {
		s := tell(t, with(angry, legal)).customer("Mon 09:05", mail)
		s.ask("Mon 09:10")
		src, err := json.Marshal(s.ticket.Ledger)
		require.NoError(t, err)
		for i := range src {
			for _, b := range []byte{src[i] ^ 1, 'A', '9'} {
				broken := slices.Clone(src)
				broken[i] = b
				k := s.ticket
				k.Ledger = escalation.Ledger{}
				if json.Unmarshal(broken, &k.Ledger) != nil {
					continue
				}
				_, err := s.engine.Decide(k, at("Mon 14:00"))
				require.NoError(t, err)
			}
		}
	})
}

// verdict finds the same in every text.
type verdict struct {
	version string
	score   float64
	label   sentiment.Label
}

func (j verdict) Version() string { return j.version }

func (j verdict) Analyze(string) sentiment.Result {
	return sentiment.Result{Score: j.score, Label: j.label, Confidence: 1}
}

type analyzer func(string) sentiment.Result

func (a analyzer) Analyze(text string) sentiment.Result { return a(text) }

// A ledger is small, and stays so whatever is thrown at it.
func TestLedgerIsBounded(t *testing.T) {
	size := func(l escalation.Ledger) int {
		src, err := json.Marshal(l)
		require.NoError(t, err)
		return len(src)
	}
	t.Run("4 KiB for fifty messages", func(t *testing.T) {
		s := tell(t, standard).given(func(k *escalation.Ticket) { k.Customer.VIP = true })
		for n := range 50 {
			when := at("Mon 09:00").Add(time.Duration(n) * 5 * time.Hour)
			s.ticket.Messages = append(s.ticket.Messages, escalation.Message{ID: fmt.Sprintf("0198-7d2c-%032d", n), At: when, From: []string{"customer", "agent"}[n%2], Text: "The worst, the lawyer said, unacceptable!"})
		}
		s.ask("Fri+1 09:00")
		assert.Less(t, size(s.ticket.Ledger), 4<<10)
	})
	t.Run("32 KiB at the worst, and nothing is proposed under another key", func(t *testing.T) {
		var list []rules.Rule
		for n := range 300 {
			list = append(list, rule(fmt.Sprintf("rule <%d> %s.", n, strings.Repeat("&", n%50)), fmt.Sprintf(`sla.used >= %g`, 0.1+float64(n)/1000), `notify("manager")`))
		}
		s := tell(t, with(list...)).given(func(k *escalation.Ticket) { k.Assignee = strings.Repeat("é", 500) })
		keys := map[string]bool{}
		for n, when := range []string{"Mon 12:00", "Mon 18:00", "Tue 09:00", "Thu 09:00"} {
			s.ticket.Assignee += fmt.Sprint(n)
			s.ticket.Status = []string{"Open", "Pending"}[n%2]
			a := s.ask(when)
			for _, x := range a.Actions {
				keys[x.Key] = true
			}
			assert.LessOrEqual(t, size(a.Ledger), 32<<10, when)
			var again escalation.Ledger
			src, err := json.Marshal(a.Ledger)
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(src, &again))
			s.ticket.Ledger = again
		}
		whole := s.ticket
		whole.Ledger = escalation.Ledger{}
		d, err := s.engine.Decide(whole, at("Thu 09:00"))
		require.NoError(t, err)
		for _, x := range d.Actions {
			assert.True(t, keys[x.Key], "%v", x)
		}
		assert.Len(t, keys, len(d.Actions))
	})
	t.Run("however many keywords are said", func(t *testing.T) {
		var list []rules.Rule
		for n := range 250 {
			list = append(list, rule(fmt.Sprint("k", n), fmt.Sprintf(`contains_keywords(["hello", "w%d"])`, n), `flag("review")`))
		}
		s := tell(t, with(list...))
		for n := range 40 {
			s.ticket.Messages = append(s.ticket.Messages, escalation.Message{ID: fmt.Sprint("m", n), At: at("Mon 10:00").Add(time.Duration(n) * time.Minute), From: "customer", Text: "Hello?"})
		}
		for _, when := range []string{"Mon 12:00", "Mon 13:00"} {
			s.ticket.Tags = []string{when}
			assert.LessOrEqual(t, size(s.ask(when).Ledger), 32<<10)
		}
	})
	t.Run("a ticket of the last year that JSON knows", func(t *testing.T) {
		s := tell(t, with(rule("old", `ticket.age >= 36500d`, `notify("manager")`)))
		s.ticket.CreatedAt = time.Date(9950, 1, 1, 0, 0, 0, 0, time.UTC)
		d, err := s.engine.Decide(s.ticket, s.ticket.CreatedAt.AddDate(0, 0, 1))
		require.NoError(t, err)
		assert.Positive(t, size(d.Ledger))
	})
	t.Run("a message id that is a book is kept as a hash", func(t *testing.T) {
		each := rule("each", `contains_keywords(["hello"])`, `flag("review")`)
		each.Per = "message"
		s := tell(t, with(each)).customer("Mon 09:05", "Hello").given(func(k *escalation.Ticket) { k.Messages[0].ID = strings.Repeat("book ", 100_000) })
		s.ask("Mon 10:00").does("Mon 09:05 flag review: each")
		assert.Less(t, size(s.ticket.Ledger), 1<<10)
		s.ask("Mon 11:00").doesNothing()
	})
}
