package rules_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/rules"
)

// bare leaves out where a rule was read from.
func bare(list []rules.Rule) []rules.Rule {
	var out []rules.Rule
	for _, r := range list {
		out = append(out, rules.Rule{
			Name: r.Name, If: r.If, Then: r.Then, Every: r.Every, Rest: r.Rest, Poll: r.Poll,
			Per: r.Per, Closed: r.Closed, Mode: r.Mode, Was: r.Was, Because: r.Because,
		})
	}
	return out
}

func TestParse(t *testing.T) {
	list, err := rules.Parse("rules.md", strings.ReplaceAll(`
### Urgent and late

~~~
IF ticket.priority = "High"
AND ticket.age > 80% of SLA   // of the time to resolve it
  OR NOT customer.vip

THEN escalate to Tier 2
AND notify manager
AND add_note("IF this AND that THEN go")
every: 4h
because: it is late: look at it
~~~

**Angry**
mode: observe
per: message
// a comment
if mood = "angry" THEN flag for review AND escalate_by(1) AND set priority = "High"
rest: 1d
closed: yes
poll: 5m
was: Furious
`, "~~~", "```"))
	require.NoError(t, err)
	assert.Equal(t, []rules.Rule{
		{
			Name:  "Urgent and late",
			If:    "ticket.priority = \"High\"\nAND ticket.age > 80% of SLA   // of the time to resolve it\nOR NOT customer.vip",
			Then:  []string{"escalate to Tier 2", "notify manager", `add_note("IF this AND that THEN go")`},
			Every: 4 * time.Hour, Because: "it is late: look at it",
		},
		{
			Name: "Angry", If: `mood = "angry"`, Then: []string{"flag for review", "escalate_by(1)", `set priority = "High"`},
			Mode: rules.Observe, Per: "message", Rest: 24 * time.Hour, Closed: true, Poll: 5 * time.Minute, Was: "Furious",
		},
	}, bare(list))

	for _, r := range list {
		again, err := rules.Parse("", r.String())
		require.NoError(t, err)
		assert.Equal(t, bare([]rules.Rule{r}), bare(again))
		assert.Equal(t, r.String(), again[0].String())
	}
}

func TestParseNothing(t *testing.T) {
	for _, src := range []string{"", "\n\n", "# A heading\n\n## and another\n**and a third**\n", "```\n```", "// nothing\r\n"} {
		list, err := rules.Parse("rules.md", src)
		require.NoError(t, err, src)
		assert.Empty(t, list)
	}
}

// What is wrong with the form, all at once.
func TestParseMistakes(t *testing.T) {
	_, err := rules.Parse("rules.md", `Our rules are these.
They are good.

IF customer.vip
THEN notify manager

**No action**
IF customer.vip

**No condition**
THEN notify manager
**Empty**
IF
THEN
**Options**
IF customer.vip
THEN notify manager
evry: 4h
every: 4 hours
closed: perhaps
mode: observe
mode: observe
ELSE notify somebody
THEN bump AND AND escalate
`)
	require.Error(t, err)
	assert.Equal(t, strings.TrimSpace(`
rules.md:1:1: this belongs to no rule (a rule is its name in bold, IF …, THEN …)
rules.md:4:1: a rule needs a name: what it has done is remembered under it (write it in bold on the line above: **Name**)
rules.md:7:3: (No action): this rule has no action (write THEN and what it does)
rules.md:11:1: this belongs to no rule (a rule is its name in bold, IF …, THEN …)
rules.md:12:3: (Empty): this rule has no condition (write IF and when it holds)
rules.md:18:1: (Options): an action begins with THEN or AND, an option with its name and a colon (did you mean "every"?)
rules.md:19:8: (Options): "4 hours" is no duration (write 30m, 4h or 2d)
rules.md:20:9: (Options): closed is true or false, not "perhaps"
rules.md:22:7: (Options): mode was said already
rules.md:23:1: (Options): there is no ELSE (write a rule of its own with NOT)
rules.md:24:15: (Options): here an action is missing`), err.Error())
}

// Keywords may have lines of their own, in any case; headings may be bold, and names may
// end in what else closes a heading.
func TestParseLoosely(t *testing.T) {
	list, err := rules.Parse("rules.md", "\ufeff## **A**\nIF\n  customer.vip\n  AND ticket.open\nTHEN\n  notify manager\n---\n**B**:\nIf customer.vip // who pays\nThen notify manager // who cares\nand add_tag(\"x AND y\")\nevery: 4h // four\n## C#\nif a then b\n## D ##\nIF a THEN b")
	require.NoError(t, err)
	assert.Equal(t, []rules.Rule{
		{Name: "A", If: "customer.vip\nAND ticket.open", Then: []string{"notify manager"}},
		{Name: "B", If: "customer.vip // who pays", Then: []string{"notify manager", `add_tag("x AND y")`}, Every: 4 * time.Hour},
		{Name: "C#", If: "a", Then: []string{"b"}}, {Name: "D", If: "a", Then: []string{"b"}},
	}, bare(list))
}

// A line that begins with # within brackets is no heading.
func TestParseEntries(t *testing.T) {
	src := "**A**\nIF any(ticket.tags,\n# == \"x\")\nTHEN b\n# Others\n**B**\nIF (a\n## C\nIF a\nTHEN b"
	list, err := rules.Parse("rules.md", src)
	assert.EqualError(t, err, "rules.md:6:3: (B): this rule has no action (write THEN and what it does)")
	require.Len(t, list, 3)
	assert.Equal(t, "any(ticket.tags,\n# == \"x\")", list[0].If)
	again, err := rules.Parse("", list[0].String())
	require.NoError(t, err)
	assert.Equal(t, bare(list[:1]), bare(again))
}

// What is said in an action may have apostrophes and addresses: they hide no AND.
func TestParseProse(t *testing.T) {
	list, err := rules.Parse("rules.md", "**A**\nIF a\nTHEN add note The customer's SLA is at risk AND notify manager AND see https://example.com/x AND add 'that AND this' AND add \"open")
	require.NoError(t, err)
	assert.Equal(t, []string{"add note The customer's SLA is at risk", "notify manager", "see https://example.com/x", "add 'that AND this'", `add "open`}, list[0].Then)
}

// What Compile finds stands where it stands in the text, whatever line it is on.
func TestCompileFindsItsPlaceInText(t *testing.T) {
	_, err := rules.Parse("rules.md", `# Rules

**Late**
   IF ticket.priority = "Hihg"
   AND ticket.age > 80% of first respons SLA

   OR NOT customer.vpi
   THEN bump()
    AND escalate("Teir 1") AND escalte("Tier 1")
   every: 10s
   per: mesage
**Late**
IF customer.vip THEN
bump()
`)
	require.NoError(t, err, "THEN may end a line")
	list, err := rules.Parse("rules.md", `# Rules

**Late**
   IF ticket.priority = "Hihg"
   AND

   NOT customer.vpi
   THEN bump()
    AND escalate("Teir 1") AND escalte("Tier 1")
   every: 10s
   per: mesage
**Late**
IF customer.vip THEN bump()
`)
	require.NoError(t, err)
	_, err = rules.Compile(list, vocabulary())
	require.Error(t, err)
	assert.Equal(t, strings.TrimSpace(`
rules.md:4:25: /rules/0/if (Late): "Hihg" is no priority (did you mean "High"?)
rules.md:7:8: /rules/0/if (Late): there is no "customer.vpi" (did you mean "customer.vip"?)
rules.md:9:18: /rules/0/then/1 (Late): escalate: there is no tier "Teir 1" (did you mean "Tier 1"?)
rules.md:9:32: /rules/0/then/2 (Late): there is no action "escalte" (did you mean "escalate"?)
rules.md:10:11: /rules/0/every (Late): every 10s is too often: a minute is the least
rules.md:11:9: /rules/0/per (Late): a rule cannot be judged per "mesage" (did you mean "message"?)
rules.md:12:3: /rules/1/name (Late): there is a rule of this name already (number 1)`), err.Error())
}

func FuzzParse(f *testing.F) {
	f.Add("**a**\nIF x = 1\nAND y\nTHEN bump() AND z\nevery: 4h\n```\nbecause: x: y")
	f.Add("# a #\nif THEN\n**b**\nwas: c\nIF `\nTHEN' AND")
	f.Fuzz(func(t *testing.T, src string) {
		list, err := rules.Parse("x", src)
		_, _ = rules.Compile(list, vocabulary())
		if err != nil {
			return
		}
		for _, r := range list {
			again, err := rules.Parse("", r.String())
			if err != nil || len(again) != 1 {
				t.Fatalf("%q is read as %+v, written as %q, and then %v", src, r, r.String(), err)
			}
			assert.Equal(t, bare([]rules.Rule{r}), bare(again), src)
		}
	})
}
