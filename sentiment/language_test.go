package sentiment

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The data files have no mistakes.
func TestLanguagesCompile(t *testing.T) {
	for _, l := range builtIn {
		_, err := ParseLanguage(l.name, l.words, l.patterns)
		require.NoError(t, err)
	}
}

// An elision is two words, each with its own place; accents and apostrophes do not matter.
func TestFrenchWords(t *testing.T) {
	for _, text := range []string{
		"L'arnaque continue, j'attends depuis trois semaines", "l’arnaque continue, j’attends depuis trois semaines",
		"LʼARNAQUE continue, jʼattends depuis trois semaines",
	} {
		r := lexicon.Analyze(text)
		require.Equal(t, "fr", r.Language, text)
		require.NotEmpty(t, r.Evidence)
		assert.Equal(t, "arnaque", strings.ToLower(r.Evidence[0].Text), text)
	}
	for _, pair := range [][2]string{
		{"Je vais porter plainte, c'est inadmissible, à éviter !", "Je vais porter plainte, c'est inadmissible, a eviter !"},
		{"déçu, très déçu, réponse bâclée", "decu, tres decu, reponse baclee"},
		{"e\u0301coeuré par l'accueil, vraiment", "écœuré par l’accueil, vraiment"},
	} {
		a, b := lexicon.Analyze(pair[0]), lexicon.Analyze(pair[1])
		assert.InDelta(t, a.Score, b.Score, 1e-9, pair[0])
		assert.Equal(t, a.Intents, b.Intents, pair[0])
		assert.Negative(t, a.Score)
	}
	assert.Greater(t, lexicon.Analyze("Je n'ai jamais été déçu, rien à redire").Score, 0.0)
	assert.Less(t, lexicon.Analyze("Ce n'est pas du tout satisfaisant").Score, -0.25)
	assert.InDelta(t, 0, lexicon.Analyze("Voir ci-joint.\n\nDans l'attente de votre réponse,\nCordialement,\nJean Nul\nDirecteur des Arnaques").Score, 0.1)
	for _, ending := range []string{
		"\n\nVeuillez agréer, Madame, Monsieur, l'expression de mes salutations distinguées.\nAnne Terrible", "\n\nEnvoyé de mon iPhone",
		"\n\nBien à vous,\nAnne\n\nEnvoyé depuis un appareil lamentable", "\n\nCdlt\nAnne Nul", "\nObtenir Outlook pour iOS",
	} {
		assert.Equal(t, lexicon.Analyze("Voici ma facture.").Score, lexicon.Analyze("Voici ma facture."+ending).Score, ending)
	}
	assert.InDelta(t, 0, lexicon.Analyze("Parfait.\n\nLe 3 mai 2026 à 10:12, Anna <a@example.com> a écrit :\n> C'est honteux, scandaleux, lamentable !!").Score-lexicon.Analyze("Parfait.").Score, 1e-9)
}

// A host that knows the language says so.
func TestAnalyzeIn(t *testing.T) {
	assert.Equal(t, "fr", lexicon.AnalyzeIn("fr-CA", "Terrible").Language)
	assert.Equal(t, "en", lexicon.AnalyzeIn("EN_us", "Terrible").Language)
	assert.Equal(t, Result{Label: Calm}, lexicon.AnalyzeIn("de", "Furchtbar"))
	assert.Equal(t, Result{Label: Calm}, lexicon.AnalyzeIn("fr", "12345"))
	assert.Equal(t, lexicon.Analyze("Nul !"), lexicon.AnalyzeIn("", "Nul !"))
}

// Another language is data. What is wrong with it is told all at once, with the line.
func TestAnotherLanguage(t *testing.T) {
	german, err := ParseLanguage("de",
		"= letters\näöüß\n= word -0.6\nfurchtbar unverschämt\n= word 0.4\ngut\n= negation\nnicht\n= booster\nsehr\n= known\nich warte seit wochen auf eine antwort das ist der die und bitte mit",
		"@time = tagen wochen monaten\n= complaint waiting -0.4\nwarte seit ..2 @time\n= intent threat\n@law|anwalt wird|schreibt\n")
	assert.Nil(t, german)
	require.EqualError(t, err, `sentiment: patterns of "de", line 5: no class @law`)

	german, err = ParseLanguage("de",
		"= letters\näöüß\n= word -0.6\nfurchtbar unverschämt\n= word 0.4\ngut\n= negation\nnicht\n= booster\nsehr\n= known\nich warte seit wochen auf eine antwort das ist der die und bitte mit mein",
		"@time = tagen wochen monaten\n= complaint waiting -0.4\nwarte seit ..2 @time\n= intent threat\nanwalt wird|schreibt\n")
	require.NoError(t, err)
	assert.Equal(t, "de", german.Name())
	own := New(&Options{Languages: []*Language{german, nil}})
	assert.NotEqual(t, lexicon.Version(), own.Version())
	r := own.Analyze("Ich warte seit drei Wochen auf eine Antwort, das ist SEHR UNVERSCHÄMT")
	assert.Equal(t, "de", r.Language)
	assert.Equal(t, Angry, r.Label)
	assert.Equal(t, []Intent{Threat}, own.Analyze("Mein Anwalt schreibt der Bank").Intents)
	assert.Equal(t, "fr", own.Analyze("C'est honteux").Language)
	assert.Equal(t, "", lexicon.Analyze("Ich warte seit drei Wochen").Language)

	_, err = ParseLanguage("Deutsch", "", "")
	require.EqualError(t, err, `sentiment: "Deutsch" is no name of a language, such as "de"`)
	_, err = ParseLanguage("de", "wort\n= word\nx\n= weird\ny", "= complaint\nz")
	require.EqualError(t, err, "sentiment: words of \"de\", line 1: words without a heading\nwords of \"de\", line 3: a heading without a weight\n"+
		"words of \"de\", line 5: no words of kind \"weird\"\npatterns of \"de\", line 1: want a kind, a name, a weight, and perhaps the weight where nothing else is amiss")

	// What no text can have is a mistake, too: "l'avocat" is two words, "3e" a number and a letter.
	_, err = ParseLanguage("fr", "= elision\nl le\n= known\nbonjour aujourd'hui", "= intent threat\nmon|l'avocat écrit\n= complaint repetition -0.3\n3e relance")
	require.EqualError(t, err, "sentiment: \"3e\" of \"fr\" is never read as one word\n\"l'avocat\" of \"fr\" is two words")
}

// A host's own words count in every language, with their elisions and without their accents.
func TestOwnWordsInFrench(t *testing.T) {
	own := New(&Options{Ignore: []string{"L'Horrible Café", "Nul & Fils"}, Words: map[string]float64{"usine à gaz": -0.6, "l’enfer": -0.7, "bétonné": 0.4}})
	for text, want := range map[string]Label{
		"Je commande souvent chez L’HORRIBLE CAFE.": Calm, "Votre filiale Nul & Fils m'a livré hier.": Calm, "C'est nul !!": Angry,
		"Votre site est une USINE A GAZ !!": Angry, "C'est l'enfer !": Angry, "Votre contrat est betonne.": Calm,
	} {
		r := own.Analyze(text)
		assert.Equal(t, "fr", r.Language, text)
		assert.Equal(t, want, r.Label, "%s %+v", text, r)
	}
	assert.Positive(t, own.Analyze("Votre contrat est bétonné.").Score)
	assert.Zero(t, own.Analyze("Je commande souvent chez l'horrible café").Score)
	assert.Equal(t, Angry, own.Analyze("Your site is an usine à gaz!!").Label, "in English, too")
}

// No data files make ParseLanguage panic, and what it takes can be read with.
func FuzzParseLanguage(f *testing.F) {
	f.Add("= letters\nä\n= word -0.6\nfurchtbar\n= elision\nl le\n= short\nwg wegen\n= closing\n… grüße", "@a = x y\n= complaint a -0.4 -0.1\nx ..2 @a|$ y?\n^ y z\n= said threat\nz")
	f.Add("= word\n= word x\n= elision\na\n= short\n", "= \n=\n= unless\n..1\n?\n|\n$\n^\n@x\n@y = \n= phrase a b\nx")
	f.Fuzz(func(t *testing.T, words, patterns string) {
		l, err := ParseLanguage("xx", words, patterns)
		if err != nil {
			require.Nil(t, l)
			return
		}
		text := "Bonjour, " + words + "\n" + patterns
		check(t, text, New(&Options{Languages: []*Language{l}, Words: map[string]float64{"furchtbar": -0.5}}).AnalyzeIn("xx", text))
	})
}

// Complaints in languages that the lexicon does not know, some of them in words that English and French have, too.
func TestOtherLanguages(t *testing.T) {
	for _, text := range []string{
		"Il mio ordine non è ancora arrivato e nessuno risponde.",
		"Buongiorno, vorrei cambiare il mio indirizzo di fatturazione.",
		"Ho bisogno di aiuto con la fattura di marzo.",
		"Non riesco ad accedere al mio account.",
		"Questo servizio è pessimo!",
		"Vorrei parlare con un responsabile.",
		"Mi pedido no ha llegado todavía.",
		"Necesito hablar con un supervisor, por favor.",
		"El servicio es terrible y nadie responde.",
		"No puedo acceder a mi cuenta desde ayer.",
		"¿Cuándo recibiré mi reembolso?",
		"Es un desastre, quiero cancelar mi contrato.",
		"Bom dia, não consigo entrar na minha conta.",
		"O pedido ainda não chegou, é um problema.",
		"Gostaria de falar com um responsável.",
		"Quero cancelar a minha assinatura.",
		"Ik wacht al drie weken op een antwoord.",
		"Goedemorgen, kunt u mijn adres wijzigen?",
		"Dit is onacceptabel!",
		"De service is slecht en niemand antwoordt.",
		"Meine Bestellung ist immer noch nicht da.",
		"Ich möchte mit einem Manager sprechen.",
		"Das ist eine Katastrophe!",
		"Guten Tag, können Sie mir helfen?",
		"Unverschämt!",
		"Jag har inte fått mitt paket.",
		"Min ordre er ikke kommet ennå.",
		"Tilaukseni ei ole saapunut.",
		"Nie mogę się zalogować do konta.",
		"Siparişim hala gelmedi.",
		"Bună ziua, nu pot accesa contul meu.",
	} {
		assert.Equal(t, Result{Label: Calm}, lexicon.Analyze(text), text)
	}
}
