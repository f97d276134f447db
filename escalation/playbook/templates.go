package playbook

import (
	"slices"
	"strings"

	"github.com/escalade-go/escalade/handoff"
	"github.com/escalade-go/escalade/rules"
)

// templates reads the handoff document, which stands in a fence, and the messages, in a
// quote, a fence or quotation marks, each below a heading that says which it is. They are
// the templates of the document's language. The standard ones say nothing new.
func (r *reader) templates(g *region) {
	g.used = true
	about := ""
	if g.head != nil {
		about = messageNamed(g.head.text.text)
	}
	for _, b := range g.blocks {
		said := b.text.text
		switch b.kind {
		case heading, title:
			about = messageNamed(said)
			continue
		case table:
			r.unused(b.text, "nothing of this kind is understood in this section")
			continue
		case fence:
			if isRules(b) || isStandard(said) {
				continue
			}
			if strings.Contains("\n"+said, "\n#") {
				r.template("document", b.text, said)
				continue
			}
		case quote:
			b.text.at += len(said) - len(strings.TrimPrefix(strings.TrimPrefix(said, ">"), " "))
			said = unquoted(said)
			b.text.text = said
		case paragraph:
			if !strings.HasPrefix(squeeze(said), `"`) {
				continue // prose
			}
		default:
			continue
		}
		switch {
		case isStandard(said):
		case about == "":
			r.unused(b.text, `which message is it? A heading above says "Escalation Acknowledgment", "Internal Handoff Message" or "Resolution Follow-Up"`)
		default:
			r.template(about, b.text, said)
		}
	}
}

// template takes one of the templates into the policy.
func (r *reader) template(name string, at piece, text string) {
	language := "en"
	if r.text.language != "" {
		language = r.text.language
	}
	path := "/templates/" + language + "/" + name
	if r.text.places[path].text != "" {
		r.fail(at, rules.DuplicateName, "this template is said twice, and the first one counts")
		return
	}
	own := r.policy.Templates[language]
	into := map[string]*string{"document": &own.Document, "acknowledgment": &own.Acknowledgment, "message": &own.Message, "follow_up": &own.FollowUp}[name]
	*into = text
	if r.policy.Templates == nil {
		r.policy.Templates = map[string]handoff.Templates{}
	}
	r.policy.Templates[language] = own
	r.say("templates", at)
	r.text.places[path] = at
}

// messageNamed tells which message a heading is about.
func messageNamed(heading string) string {
	words := fold(plain(heading))
	for _, m := range []struct {
		name  string
		words []string
	}{
		{"follow_up", []string{"follow", "suivi", "cloture"}},
		{"message", []string{"internal", "interne", "colleague", "collegue"}},
		{"acknowledgment", []string{"acknowledg", "accuse", "customer", "client"}},
	} {
		if slices.ContainsFunc(m.words, func(w string) bool { return strings.Contains(words, w) }) {
			return m.name
		}
	}
	return ""
}

// isStandard reports whether a template says what the standard one says, in the words that
// the project was made from or in ours.
func isStandard(text string) bool {
	said := strings.Trim(squeeze(text), `"`)
	if said == squeeze(givenDocument) {
		return true
	}
	for _, language := range []string{"en", "fr"} {
		t := handoff.Standard(language)
		if slices.ContainsFunc([]string{t.Document, t.Acknowledgment, t.Message, t.FollowUp}, func(own string) bool { return squeeze(own) == said }) {
			return true
		}
	}
	return false
}

// unquoted takes the marks off the lines of a quote.
func unquoted(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		line = strings.TrimPrefix(strings.TrimSpace(line), ">")
		lines[i] = strings.TrimPrefix(line, " ")
	}
	return strings.Join(lines, "\n")
}

// squeeze makes one template the same as another that a reader takes for the same.
func squeeze(text string) string {
	text = strings.NewReplacer("“", `"`, "”", `"`, "’", "'", "‘", "'", "«\u00a0", `"`, "\u00a0»", `"`, "\n>", "\n").Replace(text)
	return strings.Join(strings.Fields(text), " ")
}

// givenDocument is the handoff document of the framework that people start from. The
// standard one has all of it, and more.
const givenDocument = `# Escalation Handoff Document

## Ticket Information
- **Ticket ID**: [Number]
- **Customer**: [Name/Account]
- **Priority**: [Level]
- **Escalating To**: [Tier/Person]
- **Escalation Reason**: [Category]

## Issue Summary
[2-3 sentence description of the problem]

## Timeline
- [Date/Time] - Initial contact: [Summary]
- [Date/Time] - Action taken: [Details]
- [Date/Time] - Escalation triggered: [Reason]

## What Has Been Tried
1. [Action and result]
2. [Action and result]
3. [Action and result]

## Customer Sentiment
[Calm / Frustrated / Angry / Threatening]

## Customer Expectation
[What the customer wants as resolution]

## Recommended Next Steps
1. [Suggested action]
2. [Suggested action]

## Attachments
- [Screenshots, logs, previous correspondence]
`

// documentBody writes the handoff document.
func (w *writer) documentBody() string {
	text := w.policy.Templates[w.code].Document
	if text == "" {
		text = handoff.Standard(w.code).Document
	}
	return fenced("markdown", text)
}

// messagesBody writes the three messages: the standard ones as they are told, a team's own
// as they are.
func (w *writer) messagesBody() string {
	own, standard := w.policy.Templates[w.code], handoff.Standard(w.code)
	var out []string
	for _, m := range []struct{ heading, own, standard string }{
		{w.acknowledgment, own.Acknowledgment, standard.Acknowledgment}, {w.message, own.Message, standard.Message}, {w.followUp, own.FollowUp, standard.FollowUp},
	} {
		said := fenced("text", m.own)
		if m.own == "" {
			said = "> \"" + m.standard + "\"\n"
		}
		out = append(out, "### "+m.heading+"\n\n"+said)
	}
	return strings.Join(out, "\n")
}

// fenced puts a text into a fence that it cannot close.
func fenced(info, text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + info + "\n" + strings.TrimSuffix(text, "\n") + "\n" + fence + "\n"
}
