package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sentiment"
)

// A ticket is what the rules see of one: all engines are given the same. The text is in
// lower case where an engine can only search for letters.
type ticket struct {
	Category string  `expr:"category"`
	Priority string  `expr:"priority"`
	VIP      bool    `expr:"vip"`
	Contacts int     `expr:"contacts"`
	Seats    int     `expr:"seats"`
	Revenue  float64 `expr:"revenue"`
	LTV      float64 `expr:"ltv"`
	Text     string  `expr:"text"`
}

// A rule is one of three kinds: a category, a priority and a figure; several categories
// and a VIP besides; or a list of keywords of which one is in the text.
type rule struct {
	categories []string
	priority   string
	vip        bool
	figure     string // a name and what it is compared with
	words      []string
}

// clauses are the parts of a rule without keywords, which are written alike everywhere but
// for the quotes and for what it takes to be one of several categories.
func (r rule) clauses(quote, in string) []string {
	list := []string{"category == " + quoted(r.categories[:1], quote), "priority == " + quoted([]string{r.priority}, quote)}
	if len(r.categories) > 1 {
		list[0] = fmt.Sprintf(in, quoted(r.categories, quote))
	}
	if r.vip {
		list = append(list, "vip")
	}
	return append(list, r.figure)
}

// write is the rule as a condition in a language with && and ||.
func (r rule) write(quote, in, contains string) string {
	if r.words == nil {
		return strings.Join(r.clauses(quote, in), " && ")
	}
	list := make([]string, len(r.words))
	for i, word := range r.words {
		list[i] = fmt.Sprintf(contains, quoted([]string{word}, quote))
	}
	return strings.Join(list, " || ")
}

// quoted lists texts.
func quoted(list []string, quote string) string {
	return quote + strings.Join(list, quote+", "+quote) + quote
}

var priorities = []string{"Critical", "High", "Medium", "Low"}

// keywords are 600 words of six letters, like lawyer and refund. So none is a part of
// another, nor of a word of the texts, and to search for words or for letters is the same.
var keywords = func() []string {
	r := rand.New(rand.NewPCG(3, 4))
	var list []string
	for len(list) < 600 {
		var word []byte
		for range 3 {
			word = append(word, "bcdfglmnprstv"[r.IntN(13)], "aeiou"[r.IntN(5)])
		}
		if !slices.Contains(list, string(word)) {
			list = append(list, string(word))
		}
	}
	return list
}()

// plainWords make the rest of the texts.
var plainWords = strings.Fields(`we changed the address in billing form and saved it then next invoice
	shows new one but page is still slow when I open my account from office where all of us work with your
	product every day since last month so please tell me what to do about this order which came too late`)

// someRules are n rules, of which about one in a hundred holds on a ticket: of ten, eight
// are of the first kind, one is a list of keywords and one of the other kind.
func someRules(n int) []rule {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	list := make([]rule, n)
	for i := range list {
		if i%10 == 4 {
			for range 5 {
				list[i].words = append(list[i].words, keywords[r.IntN(len(keywords))])
			}
			continue
		}
		op, level := ">", 10+r.IntN(40) // holds for 50 to 90 of 100
		if r.IntN(2) == 0 {
			op, level = "<", 100-level
		}
		figure := fmt.Sprintf("%s %s %d", []string{"contacts", "seats"}[r.IntN(2)], op, level)
		if r.IntN(2) == 0 {
			figure = fmt.Sprintf("%s %s %d.5", []string{"revenue", "ltv"}[r.IntN(2)], op, level*100)
		}
		list[i].priority, list[i].figure = priorities[r.IntN(4)], figure
		list[i].categories = []string{category(r)}
		if i%10 == 9 {
			list[i].vip = true
			list[i].categories = append(list[i].categories, category(r), category(r))
		}
	}
	return list
}

func category(r *rand.Rand) string { return fmt.Sprintf("c%d", r.IntN(20)) }

// someTickets are 32 tickets with texts of some 600 characters, in each of which a
// keyword or two are used.
func someTickets() []ticket {
	r := rand.New(rand.NewPCG(5, 6))
	list := make([]ticket, 32)
	for i := range list {
		list[i] = ticket{
			Category: category(r), Priority: priorities[r.IntN(4)], VIP: r.IntN(3) == 0,
			Contacts: r.IntN(100), Seats: r.IntN(100), Revenue: float64(r.IntN(10_000)), LTV: float64(r.IntN(10_000)),
			Text: someText(r),
		}
	}
	return list
}

func someText(r *rand.Rand) string {
	var b strings.Builder
	for first := true; b.Len() < 600; first = false {
		word := plainWords[r.IntN(len(plainWords))]
		if r.IntN(100) == 0 {
			word = keywords[r.IntN(len(keywords))]
		}
		switch {
		case first:
			word = strings.ToUpper(word[:1]) + word[1:]
		case r.IntN(12) == 0:
			b.WriteString(". ")
			word = strings.ToUpper(word[:1]) + word[1:]
		default:
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	return b.String()
}

// An engine loads rules and then tells which of them hold on one of the tickets: it
// appends their places, in order.
type engine struct {
	name string
	load func([]rule, []ticket) func(ticket int, holds []int) []int
}

var engines = []engine{
	{"escalade", escalade(false, false)},
	{"escalade, text read before", escalade(true, false)},
	{"escalade, every rule evaluated", escalade(false, true)},
	{"plain expr", plainExpr},
	{"plain expr, text lower-cased before", plainExprLowered},
	{"cel-go", celGo},
	{"govaluate", goValuate},
	{"OPA", opa},
}

// facts are what our rules see.
type facts struct {
	ticket
	Hits []bool `expr:"hits"`
}

// escalade looks for the keywords in the text, unless it has read it before, and judges
// the candidates; or, to show what is gained by that, every rule.
func escalade(readBefore, every bool) func([]rule, []ticket) func(int, []int) []int {
	return func(list []rule, tickets []ticket) func(int, []int) []int {
		set := ourRules(list)
		judge, spotter := set.Judge(), sentiment.NewSpotter(set.Keywords())
		hits := make([][]bool, len(tickets))
		for t := range tickets {
			hits[t] = spotter.Spot(tickets[t].Text, nil)
		}
		candidates := make([]int, set.Len())
		for i := range candidates {
			candidates[i] = i
		}
		return func(t int, holds []int) []int {
			if !readBefore {
				clear(hits[t])
				spotter.Spot(tickets[t].Text, hits[t])
			}
			judge.Look(facts{tickets[t], hits[t]})
			if !every {
				candidates = judge.Candidates(candidates[:0])
			}
			for _, i := range candidates {
				if yes, _ := judge.Holds(i); yes {
					holds = append(holds, i)
				}
			}
			return holds
		}
	}
}

func ourRules(list []rule) *rules.Set[facts] {
	v := rules.Vocabulary[facts]{
		Keywords: "hits",
		Verbs:    []rules.Verb{{Name: "notify", Args: []rules.Arg{{Name: "recipient"}}}},
	}
	for _, name := range []string{"category", "priority", "vip", "contacts", "seats", "revenue", "ltv"} {
		v.Facts = append(v.Facts, rules.Fact[facts]{Name: name})
	}
	written := make([]rules.Rule, len(list))
	for i, r := range list {
		condition := "contains_keywords([" + quoted(r.words, `"`) + "])"
		if r.words == nil {
			condition = strings.Join(r.clauses(`"`, `category in [%s]`), " and ")
		}
		written[i] = rules.Rule{Name: fmt.Sprint(i), If: condition, Then: []string{`notify("manager")`}}
	}
	return rules.MustCompile(written, v)
}

// ruleSets prints how long it takes to find the rules that hold on a ticket, for sets of
// these sizes.
func ruleSets(w io.Writer, sizes []int) {
	cells := []string{"rules"}
	for _, n := range sizes {
		cells = append(cells, thousands(n))
	}
	head(w, append(cells, "allocations at "+cells[len(sizes)])...)

	tickets, took := someTickets(), make([][]figure, len(sizes))
	for k, n := range sizes {
		var calls []func()
		for _, e := range engines {
			match, holds := e.load(someRules(n), tickets), []int(nil)
			calls = append(calls, func() {
				for t := range tickets {
					holds = match(t, holds[:0])
				}
			})
		}
		took[k] = measure(calls...)
	}
	for i, e := range engines {
		cells := []string{e.name}
		for _, figures := range took {
			cells = append(cells, short(figures[i].ns/float64(len(tickets))))
		}
		row(w, append(cells, thousands(int(took[len(sizes)-1][i].allocations)/len(tickets)))...)
	}
	ratio := func(what, first, second string) {
		place := func(name string) int { return slices.IndexFunc(engines, func(e engine) bool { return e.name == name }) }
		cells := []string{"**" + what + "**"}
		for _, figures := range took {
			cells = append(cells, times(figures[place(first)].ns, figures[place(second)].ns))
		}
		row(w, append(cells, "")...)
	}
	ratio("plain expr : escalade", "escalade", "plain expr")
	ratio("the same, text read before", "escalade, text read before", "plain expr, text lower-cased before")
}

// thousands writes a number with a comma.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}
