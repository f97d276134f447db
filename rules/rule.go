package rules

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// A Rule is one IF/THEN rule as its author wrote it. Its name is its identity:
// whoever keeps track of what a rule has done keeps it under the name.
type Rule struct {
	Name string `json:"name"`
	// If is a boolean expression in the expr language over the facts of a
	// [Vocabulary].
	If string `json:"if"`
	// Then lists the actions, each a call with literal arguments, such as
	// escalate("Tier 2").
	Then []string `json:"then"`
	// Every repeats the rule for as long as it holds; zero: never.
	Every time.Duration `json:"every"`
	// Rest is how long the rule keeps still after it has fired; zero means the
	// default of whoever runs it.
	Rest time.Duration `json:"rest"`
	// Per names what the rule is judged for, one of Vocabulary.Subjects; empty
	// lets the facts that it reads decide.
	Per string `json:"per"`
	// Closed also judges the rule where the others are left out because the
	// matter is closed.
	Closed bool `json:"closed"`
	// Mode is Observe for a rule that is judged and listed, but never acts.
	Mode string `json:"mode"`
	// Because is a sentence for people, shown among the reasons.
	Because string `json:"because"`
	// Poll lets the condition be one whose next turn cannot be computed: it is judged
	// anew after each such time. Zero: such a condition is refused.
	Poll time.Duration `json:"poll"`
	// Was is the name under which the rule first ran, if it has another now. Keep it
	// through later renamings: it is what the rule is remembered under.
	Was string `json:"was"`

	origin *origin // where it was read from, if it was by Parse
}

// ID is the name under which a rule is remembered: Was, if it is given.
func (r Rule) ID() string { return cmp.Or(r.Was, r.Name) }

// Observe is the Mode of a rule on trial.
const Observe = "observe"

type ruleJSON struct {
	Name    string   `json:"name"`
	If      string   `json:"if"`
	Then    []string `json:"then"`
	Every   string   `json:"every,omitempty"`
	Rest    string   `json:"rest,omitempty"`
	Per     string   `json:"per,omitempty"`
	Closed  bool     `json:"closed,omitempty"`
	Mode    string   `json:"mode,omitempty"`
	Because string   `json:"because,omitempty"`
	Poll    string   `json:"poll,omitempty"`
	Was     string   `json:"was,omitempty"`
}

// MarshalJSON writes the rule with durations as text and without empty options.
func (r Rule) MarshalJSON() ([]byte, error) {
	out := ruleJSON{Name: r.Name, If: r.If, Then: r.Then, Per: r.Per, Closed: r.Closed, Mode: r.Mode, Because: r.Because, Was: r.Was}
	if r.Every != 0 {
		out.Every = formatDuration(r.Every)
	}
	if r.Rest != 0 {
		out.Rest = formatDuration(r.Rest)
	}
	if r.Poll != 0 {
		out.Poll = formatDuration(r.Poll)
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *Rule) UnmarshalJSON(src []byte) error {
	var in ruleJSON
	if err := json.Unmarshal(src, &in); err != nil {
		return err
	}
	out := Rule{Name: in.Name, If: in.If, Then: in.Then, Per: in.Per, Closed: in.Closed, Mode: in.Mode, Because: in.Because, Was: in.Was}
	for _, d := range []struct {
		text string
		to   *time.Duration
	}{{in.Every, &out.Every}, {in.Rest, &out.Rest}, {in.Poll, &out.Poll}} {
		if d.text == "" {
			continue
		}
		v, err := ParseDuration(d.text)
		if err != nil {
			return err
		}
		*d.to = v
	}
	*r = out
	return nil
}

// String returns the rule as text, in its canonical form: the name in bold, the
// condition, an action a line, the options. [Parse] reads back what it has read. Of a condition that was written in Go it
// drops the spaces around lines, empty lines and lines of comments, and no line of it may
// begin as a part of a rule does.
func (r Rule) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\nIF %s\n", r.Name, r.If)
	for i, action := range r.Then {
		word := "THEN"
		if i > 0 {
			word = "AND"
		}
		fmt.Fprintf(&b, "%s %s\n", word, action)
	}
	option := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	if r.Every != 0 {
		option("every", formatDuration(r.Every))
	}
	if r.Rest != 0 {
		option("rest", formatDuration(r.Rest))
	}
	if r.Poll != 0 {
		option("poll", formatDuration(r.Poll))
	}
	option("per", r.Per)
	if r.Closed {
		option("closed", "true")
	}
	option("mode", r.Mode)
	option("was", r.Was)
	option("because", r.Because)
	return b.String()
}

// An Action is one entry of Rule.Then, read and checked: what to do, and the
// literal arguments (string, float64 or bool).
type Action struct {
	Verb string
	Args []any
}

// Text returns argument i as text; "" if there is none.
func (a Action) Text(i int) string {
	if i >= len(a.Args) {
		return ""
	}
	s, _ := a.Args[i].(string)
	return s
}

// Number returns argument i as a number; 0 if it is none.
func (a Action) Number(i int) float64 {
	if i >= len(a.Args) {
		return 0
	}
	n, _ := a.Args[i].(float64)
	return n
}
