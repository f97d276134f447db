package handoff_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escalade-go/escalade/handoff"
)

// What a kind of a language has no templates for is in that language.
func TestAKindOfALanguageSpeaksTheLanguage(t *testing.T) {
	quebec := handoff.Templates{FollowUp: "Rebonjour. [Summary of resolution].", Words: map[string]string{"billing": "facturation"}}
	c := handoff.Case{Ticket: "1", Team: "Paiements", Topic: "billing", Timeframe: "4 heures", Language: "fr-CA", Resolution: "C'est remboursé"}
	said := func(given map[string]handoff.Templates) (string, string) {
		set, err := handoff.Compile("en", given)
		require.NoError(t, err)
		ack, err := c.In(set).Acknowledgment()
		require.NoError(t, err)
		end, err := c.In(set).FollowUp()
		require.NoError(t, err)
		return ack, end
	}

	ack, end := said(map[string]handoff.Templates{"fr-CA": quebec})
	assert.Equal(t, "J'ai transmis votre dossier à notre équipe Paiements, spécialisée dans le domaine suivant\u00a0: facturation. "+
		"Elle vous contactera sous 4 heures. La référence de votre dossier est 1.", ack)
	assert.Equal(t, "Rebonjour. C'est remboursé.", end)

	ack, _ = said(map[string]handoff.Templates{"fr-CA": quebec, "fr": {Acknowledgment: "Bonjour, votre dossier [ID] est chez [Équipe], pour : [topic]."}})
	assert.Equal(t, "Bonjour, votre dossier 1 est chez Paiements, pour : facturation.", ack, "the team's own French comes before the standard one")

	set, err := handoff.Compile("en", map[string]handoff.Templates{"fr-CA": quebec})
	require.NoError(t, err)
	assert.Equal(t, "2 heures", set.Timeframe("fr-CA", 2*60*60e9, false, false))
}

// A mistake is told once, under the name that the language was given.
func TestAMistakeHasTheNameOfItsLanguage(t *testing.T) {
	_, err := handoff.Compile("en", map[string]handoff.Templates{"pt-BR": {FollowUp: "[nope]", Words: map[string]string{"%d hours": "horas"}}, "pt": {}})
	assert.EqualError(t, err, `pt-BR/follow_up:1:1: there is no slot [nope] (the package handoff lists the slots; write \[ for a bracket that is meant)
pt-BR/words: the word for "%d hours" has to hold %d, in that order (it is "horas")`)

	_, err = handoff.Compile("en", map[string]handoff.Templates{"fr": {FollowUp: "[nope]"}, "fr_CA": {Words: map[string]string{"billing": "facturation"}}})
	assert.EqualError(t, err, `fr/follow_up:1:1: there is no slot [nope] (the package handoff lists the slots; write \[ for a bracket that is meant)`)
}

// Editors put a mark before the first letter of a file.
func TestATemplateMayBeginWithAByteOrderMark(t *testing.T) {
	set, err := handoff.Compile("", map[string]handoff.Templates{"en": {Document: "\ufeff# Passed on\r\n\r\n[ID]\r\n", FollowUp: "\ufeff\"[ID]: done.\""}})
	require.NoError(t, err)
	c := handoff.Case{Ticket: "12"}.In(set)
	assert.Equal(t, "# Passed on\n\n12\n", c.Markdown())
	text, err := c.FollowUp()
	require.NoError(t, err)
	assert.Equal(t, "12: done.", text)
}

// A message of which nothing is left is not sent either.
func TestAMessageOfNothingIsRefused(t *testing.T) {
	set, err := handoff.Compile("", map[string]handoff.Templates{"en": {Message: "[urgency note, if any] [owner, if known]"}})
	require.NoError(t, err)
	_, err = handoff.Case{Ticket: "12"}.In(set).Message()
	assert.EqualError(t, err, "handoff: the message has nothing to say for urgency, owner")
	text, err := handoff.Case{Owner: "anna"}.In(set).Message()
	require.NoError(t, err)
	assert.Equal(t, "anna", text)
}
