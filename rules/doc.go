// Package rules reads IF/THEN rules, checks them, and judges them on facts: it
// tells which conditions hold, why, and when time alone may turn one.
//
// It knows nothing of tickets or of escalation. What rules can say comes in a
// [Vocabulary] over a struct of facts that the program owns; what a rule that
// holds leads to is up to the program as well.
//
// # Nouns
//
// A [Rule] is what its author wrote: a name, a condition, actions. The condition
// is a boolean expression of github.com/expr-lang/expr, the actions are calls
// with literal arguments. A [Vocabulary] declares each [Fact] that a condition
// can read, the constants, and each [Verb] that an action can be. A [Set] is a
// list of rules, checked and compiled. A [Judge] looks at one set of facts after
// another. A [Clause] is a part of a condition, with the values that it saw. An
// [Error] is one mistake of an author, with its place.
//
// # Verbs
//
// [Parse] reads rules from text. [Compile] makes a Set of rules, or tells all their
// mistakes at once; [Snippet] draws one. A Judge is told to [Judge.Look] at facts; then
// it says which rules are worth asking for ([Judge.Candidates]), whether a rule [Judge.Holds], because of which [Judge.Clauses], why or why not
// ([Judge.Explain]), and what is its [Judge.Next] turn. [Set.Prove] proves what is wrong
// with conditions that compile.
// [Vocabulary.Words] lists what rules can say, for an editor.
//
//	type facts struct {
//		Priority string `expr:"priority"`
//		VIP      bool   `expr:"vip"`
//	}
//
//	func main() {
//		set, err := rules.Compile([]rules.Rule{
//			{Name: "important", If: `vip and priority == "High"`, Then: []string{`notify("manager")`}},
//		}, rules.Vocabulary[facts]{
//			Facts: []rules.Fact[facts]{{Name: "priority", Values: []string{"High", "Low"}}, {Name: "vip"}},
//			Verbs: []rules.Verb{{Name: "notify", Args: []rules.Arg{{Name: "recipient"}}}},
//		})
//		if err != nil {
//			fmt.Println(err) // a line for each mistake
//			return
//		}
//		judge := set.Judge()
//		judge.Look(facts{Priority: "High", VIP: true})
//		for i := range set.Len() {
//			if holds, _ := judge.Holds(i); holds {
//				fmt.Println(set.Rule(i).Name, set.Actions(i), judge.Clauses(i))
//			}
//		}
//	}
//
// # Rules as text
//
// [Parse] reads rules as a lead writes them; [Rule.String] writes them so:
//
//	**Auto-Escalate on SLA Breach**
//	IF ticket.priority = "High"
//	AND ticket.age > 80% of SLA
//	THEN escalate to Tier 2
//	AND notify manager
//	every: 4h
//	because: an urgent ticket is running out of time
//
// The phrases after THEN are those that the verbs of the vocabulary bring; calls such
// as escalate("Tier 2") do as well. The options are every (repeat it for as long as it
// holds), rest (keep still after it), poll (look at what cannot be computed), per (what
// it is judged for), closed (also on what is closed), mode (observe: act never), was
// (its first name) and because (a sentence for the reasons).
//
// # What a condition can say
//
//	and or not   == != < <= > >=   in, not in   contains startsWith endsWith matches (each with not)
//	+ - * / % **   x in 1..5   a ? b : c   if … { … } else { … }   let x = …; …
//	abs ceil floor round int float max min   len lower upper trim   any all none one count (with # for the entry)
//	30m 4h 2d   date("2026-12-24")   known(fact)   contains_keywords(["lawyer", "sue"])   // a comment
//
// and, for who comes from prose, = for ==, AND OR NOT (which reaches up to the next AND
// or OR: NOT x = 1 is not (x == 1)), {{name}} for param.name, and the shares of the
// vocabulary, as in ticket.age > 80% of SLA. Nothing within quotes is touched. The
// functions of the vocabulary can be called like those above. Durations
// add and subtract, are multiplied and divided by numbers, and by each other divided: 3h *
// 0.5, ticket.age / 1h. A product is rounded to the nearest nanosecond, of two to the one
// further from zero; 3h / 7 is 3h times the seventh. date("2026-12-24") is midnight in UTC, and
// date("2026-12-24T18:00:00+01:00") an instant; dates differ by durations. An action takes texts and whole numbers that are written out.
//
// # What is promised
//
// Compile finds every mistake of every rule, in order, each with the line and
// the column in characters; a misspelt name gets a guess. Names are checked
// against the vocabulary, and so are texts beside facts that declare their
// values. No text makes it panic or takes it long, whoever wrote it; [Limits] say how
// much authors may write, and a pattern takes as long as the text that it is held against.
//
// What compiles does not fail on facts: everything is refused that could, as
// picking the fifth tag of a ticket, a remainder of a division by a fact, or a
// number read from a text; only functions of the vocabulary can fail, and are unknown
// then. Whole numbers wrap around when they overflow, and a division by zero is infinite.
//
// A Set never changes and is safe for use by many goroutines; a Judge is for
// one. Nothing here reads a clock: the facts are of an instant, and what moves
// with time is a fact that says when it will have reached a level. Next is exact
// to the nanosecond if the facts are, and looks a hundred years ahead. It never is late. It is
// early when another clause keeps the condition as it is, when nothing has come of 200
// turns of a fact that steps, and where rounding lets two moving sides stay within
// nanoseconds of each other.
//
// # Why unknown is not false
//
// The lifetime value of a customer that nobody has entered is not 0. So a condition is
// true, false or unknown, as in SQL: a clause is unknown if any fact that it reads is;
// not makes no difference to that; an and is false if one side is, whatever the others
// are, and an or is true if one side is. A rule holds only if its condition is true: neither ltv > 5 nor not
// (ltv > 5) does. known(x) asks. Inside a clause (in a ternary, a let, a test over a
// list) one unknown fact makes the whole clause unknown.
//
// # Why conditions are taken apart
//
// A condition is split at and, or and not into clauses, which expr runs one by
// one. So a rule can say which part of it held, with the values it saw; a fact
// that is unknown silences its own clause and not the whole condition; and each
// comparison of a moving fact has a turn of its own. Running the condition whole
// would be a little faster, and could say only yes or no.
//
// # Why some rules are not evaluated
//
// A desk has thousands of rules, and a ticket has one category. A rule with
// category == "billing" among its conditions cannot hold on a ticket of another, so a set
// of more than some thirty rules keeps an index: [Judge.Candidates] looks up the
// category, and lists the rules that may hold, in a time that grows with these and not
// with the set. What counts is what must be so for the condition to be true: a text, a
// figure or a flag that is compared with ==, in or by itself, an entry of a list, a word
// of contains_keywords; both of an and, either of an or.
//
// A rule that is no candidate is not true and does not become so by time alone, so
// leaving it out changes no answer, and hides no failure of a function: where something
// that must be so is known not to be, the condition is false, and what else it asks does
// not matter. [Judge.Holds], [Judge.Truth] and [Judge.Explain] answer for every rule,
// candidate or not.
//
// # Why some comparisons of moving facts are refused
//
// A rule that turns with time alone must be looked at just then, so the instant has to be
// known. It is where a fact reaches what stands beside it and does not move, such as a
// promise, half of one, or 3h; its own When tells. Other comparisons by <, <=, > and >= are
// solved if they have a direction: if one side only rises, or only falls, and the other one
// stands still or goes the opposite way; or if both are sums of durations or dates that
// go with one clock, as in ticket.age - ticket.waiting > 2h. Sums, multiples by what
// does not move, max and min, rounding, branches and let keep a direction, and the
// comparison is tried at later instants until the nanosecond is found at which it turns. A
// fact that steps, such as the hour of the day, may stand anywhere.
//
// What has no direction turns at instants that no rule finds: two clocks of which one may
// stand still, a product of two moving facts, a remainder, the answer of a function of the
// host. Being exactly an hour old lasts a nanosecond. Such shapes are refused when rules
// are compiled, rather than noticed late when they run; a rule with a poll may have them.
package rules
