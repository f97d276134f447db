package handoff

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Set is compiled Templates of several languages. It never changes and is safe for use by many goroutines.
type Set struct {
	first     *language // what is internal is in it, and what no other language has
	languages map[string]*language
}

// Compile makes a set of templates by language ("en", "fr", "pt-BR"), beside the standard ones. The document and what colleagues read are in
// the first language, "" being "en"; what customers read is in theirs where there are templates in it. The error is [Errors], with every
// mistake. Nothing of what is given is kept.
func Compile(first string, templates map[string]Templates) (*Set, error) {
	if (first == "" || first == "en") && len(templates) == 0 {
		return standard(), nil // shared: most have no templates of their own
	}
	s, errs := newSet(first, templates)
	if len(errs) > 0 {
		return nil, errs
	}
	return s, nil
}

func newSet(first string, templates map[string]Templates) (*Set, Errors) {
	s := &Set{languages: map[string]*language{}}
	if first == "" {
		first = "en"
	}
	given, called := map[string]Templates{}, map[string]string{}
	var errs Errors
	for _, name := range slices.Sorted(maps.Keys(templates)) {
		switch key := languageKey(name); {
		case key == "":
			errs = append(errs, &Error{Language: name, Message: fmt.Sprintf("%q is no language", name), Hint: `they are written like "fr" or "pt-BR"`})
		case given[key].any():
			errs = append(errs, &Error{Language: name, Message: fmt.Sprintf("there are templates for %q already", key)})
		default:
			given[key], called[key] = templates[name], name
		}
	}
	names := []string{"en", "fr"}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	key := languageKey(first)
	if !slices.Contains(names, key) {
		errs = append(errs, &Error{Language: first, Message: fmt.Sprintf("there are no templates in %q", first), Hint: "there are " + strings.Join(names, ", ")})
		key = "en"
	}
	for _, name := range names {
		l, wrong := compile(name, called[name], given[name], inherited(name, given))
		errs = append(errs, wrong...)
		s.languages[name] = l
	}
	s.first = s.languages[key]
	s.first.borrow(s.languages["en"])
	for _, name := range names {
		s.languages[name].borrow(s.first)
	}
	return s, errs
}

func (t Templates) any() bool {
	return t.Document != "" || t.Acknowledgment != "" || t.Message != "" || t.FollowUp != "" || t.Words != nil
}

// languageKey spells a language as "fr" or "pt-br"; "" if it is none.
func languageKey(name string) string {
	key := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "_", "-")
	for i, tag := range strings.Split(key, "-") {
		letters := strings.Trim(tag, "abcdefghijklmnopqrstuvwxyz") == ""
		if len(tag) > 8 || i == 0 && (len(tag) < 2 || !letters) || strings.Trim(tag, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return ""
		}
	}
	return key
}

// inherited returns what a language has besides its own templates: the standard ones, and those of what it is a kind of.
func inherited(name string, given map[string]Templates) Templates {
	t := Standard(name)
	if general := name[:max(0, strings.LastIndexByte(name, '-'))]; general != "" {
		t = inherited(general, given)
		own := given[general]
		t.Document, t.Acknowledgment = cmp.Or(own.Document, t.Document), cmp.Or(own.Acknowledgment, t.Acknowledgment)
		t.Message, t.FollowUp = cmp.Or(own.Message, t.Message), cmp.Or(own.FollowUp, t.FollowUp)
		words := map[string]string{}
		maps.Copy(words, t.Words)
		maps.Copy(words, own.Words)
		t.Words = words
	}
	return t
}

// compile reads the templates of one language, the inherited ones where there are no others. What stays nil is to be borrowed. called is how
// its author spells its name.
func compile(name, called string, own, inherited Templates) (*language, []*Error) {
	l := &language{name: name, words: inherited.Words}
	if l.words == nil {
		l.words = map[string]string{}
	}
	maps.Copy(l.words, own.Words)
	var errs []*Error
	read := func(template, own, inherited string, into func(p *parser, src string)) {
		src := cmp.Or(own, inherited)
		if src == "" {
			return
		}
		p := &parser{language: cmp.Or(called, name), template: template}
		if into(p, src); own != "" || called == "" { // else it was told where it comes from
			errs = append(errs, p.errs...)
		}
	}
	read("document", own.Document, inherited.Document, func(p *parser, src string) {
		l.document = p.document(src)
		l.document.language = l
	})
	for _, m := range []struct {
		name, own, inherited string
		public               bool
		into                 **message
	}{
		{"acknowledgment", own.Acknowledgment, inherited.Acknowledgment, true, &l.acknowledgment},
		{"message", own.Message, inherited.Message, false, &l.message},
		{"follow_up", own.FollowUp, inherited.FollowUp, true, &l.followUp},
	} {
		read(m.name, m.own, m.inherited, func(p *parser, src string) {
			*m.into = p.message(src, m.public)
			(*m.into).language = l
		})
	}
	for _, err := range checkWords(own.Words) {
		err.Language = called
		errs = append(errs, err)
	}
	return l, errs
}

// borrow takes the templates that a language has none of from another.
func (l *language) borrow(from *language) {
	if l.document == nil {
		l.document = from.document
	}
	for _, m := range []struct{ own, other **message }{
		{&l.acknowledgment, &from.acknowledgment}, {&l.message, &from.message}, {&l.followUp, &from.followUp},
	} {
		if *m.own == nil {
			*m.own = *m.other
		}
	}
}

// standard is the set without templates of anybody's own.
var standard = sync.OnceValue(func() *Set {
	s, errs := newSet("en", nil)
	if len(errs) > 0 {
		panic(errs) // the tests hold that there are none
	}
	return s
})

// language returns the templates for a customer: those of their language, or of what it is a kind of.
func (s *Set) language(name string) *language {
	key := languageKey(name)
	for key != "" {
		if l := s.languages[key]; l != nil {
			return l
		}
		key = key[:max(0, strings.LastIndexByte(key, '-'))]
	}
	return s.first
}

// Timeframe says how soon in the words of a customer's language: "15 minutes", "4 hours", "2 days", or "48 business hours" where time counts
// in opening hours. It is "" for what is not positive, and "immediately" if so.
func (s *Set) Timeframe(language string, within time.Duration, business, immediately bool) string {
	l := s.language(language).acknowledgment.language
	if immediately {
		return l.say("immediately")
	}
	return l.within(within, business)
}
