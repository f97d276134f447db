package sentiment

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestUnquote(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{ // want: what is left, without the blanks around it
		{"nothing quoted", "Hello\nI have a > b\n", "Hello\nI have a > b"},
		{"quoted lines", "Yes.\n> Is it on?\n >> Hello\nThanks", "Yes.\n\n\nThanks"},
		{"answers between the lines", "On 3 May 2026 at 10:12, Ben <b@example.com> wrote:\n> Is it on?\nYes.\n> Since when?\nMonday.", "Yes.\n\nMonday."},
		{"a wrapped attribution", "Yes.\n\nOn Mon, 3 Feb 2025 at 10:12, Support Team\n<help@example.com> wrote:\n\n> Is it on?", "Yes."},
		{"a whole mail below", "Yes.\n\nOn 3 May 2026 at 10:12, Ben <b@example.com> wrote:\n\nIs it on?\nBen", "Yes."},
		{"in French", "Oui.\n\nLe lun. 3 févr. 2025 à 10:12, Ben <b@example.com> a écrit :\n\n> Allumé ?", "Oui."},
		{"original message", "Yes.\r\n\r\n-----Original Message-----\r\nFrom: Ben\r\nIs it on?", "Yes."},
		{"message d'origine", "Oui.\n-----Message d’origine-----\nDe : Ben\nAllumé ?", "Oui."},
		{"mail headers", "Yes.\n\nFrom: Ben\nSent: Monday\nTo: Anna\nSubject: On?\n\nIs it on?", "Yes."},
		{"French mail headers", "Oui.\n\nDe : Ben\nEnvoyé : lundi\nÀ : Anna\n\nAllumé ?", "Oui."},
		{"with the blanks of French", "Oui.\n\nDe\u00a0: Ben\nEnvoyé\u202f: lundi\nÀ\u00a0: Anna\n\nAllumé ?", "Oui."},
		{"in bold", "Oui.\n\n*De :* Ben\n*Envoyé :* lundi\n\nAllumé ?", "Oui."},
		{"a sentence in French", "De vous : rien.\nDate : aucune.", "De vous : rien.\nDate : aucune."},
		{"a sentence about a letter", "On Monday your colleague wrote:\nplease wait. That was a lie.", "On Monday your colleague wrote:\nplease wait. That was a lie."},
		{"a sender without more", "From: Paris\nTo: Rome\nhow much?", "From: Paris\nTo: Rome\nhow much?"},
		{"dashes", "---\nA list\n-- \nAnna", "---\nA list\n-- \nAnna"},
		{"empty", "", ""},
	} {
		got := Unquote(c.text)
		assert.Len(t, got, len(c.text), c.name)
		assert.Equal(t, strings.Count(c.text, "\n"), strings.Count(got, "\n"), c.name)
		var lines []string
		for line := range strings.Lines(got) {
			lines = append(lines, strings.TrimRight(line, " \r\n"))
		}
		assert.Equal(t, strings.ReplaceAll(c.want, "-- ", "--"), strings.Trim(strings.Join(lines, "\n"), "\n"), c.name)
	}
}
