package sentiment_test

import (
	"fmt"

	"github.com/escalade-go/escalade/sentiment"
)

// A customer is polite to the last, and has waited for three days.
func ExampleLexicon_Analyze() {
	r := sentiment.New(nil).Analyze("Dear support team, my account has been locked for 3 days and nobody answers. Kind regards, Anna")
	fmt.Printf("%s %.2f\n", r.Label, r.Score)
	for _, e := range r.Evidence {
		fmt.Printf("%.2f %s (%s): %s\n", e.Weight, e.Kind, e.Rule, e.Text)
	}
	// Output:
	// frustrated -0.61
	// -0.22 complaint (duration): been locked for 3 days
	// -0.39 complaint (no answer): nobody answers
}

// Why a long mail is angry although most of it is not. Each piece of evidence says where it stands, what it did to the score, and by which rule.
func ExampleResult() {
	text := `Dear support team,

I hope you are well. I ordered two monitors from you on 3 March (order 4411), and the tracking page has shown an error since.
Your agent promised to call me back, and nobody ever did. This is the third time I write. Honestly, this is ridiculous!!
If the parcel is not here by Friday I will dispute the charge with my bank. Please let me speak to a manager.

Kind regards,
Anna Smith
Head of Worst Cases, Awful Tea Ltd`

	r := sentiment.New(nil).Analyze(text)
	fmt.Printf("%s %.2f, confidence %.2f, %s %v\n", r.Label, r.Score, r.Confidence, r.Language, r.Intents)
	sum := 0.0
	for _, e := range r.Evidence {
		fmt.Printf("%3d-%-3d %5.2f %-9s %-14.14s %q\n", e.Start, e.End, e.Weight, e.Kind, e.Rule, e.Text)
		sum += e.Weight
	}
	fmt.Printf("the weights add up to %.2f\n", sum)
	// Output:
	// threatening -0.94, confidence 0.97, en [threat manager]
	// 146-150 -0.10 hint      blame          "Your"
	// 151-165 -0.31 complaint broken promise "agent promised"
	// 169-181 -0.11 complaint request        "call me back"
	// 187-202 -0.13 complaint no answer      "nobody ever did"
	// 251-264 -0.25 phrase    insult         "is ridiculous"
	// 264-266 -0.04 emphasis  marks          "!!"
	// 303-328  0.00 intent    threat: @i|or| "I will dispute the charge"
	// 350-375  0.00 intent    manager: let m "let me speak to a manager"
	// the weights add up to -0.94
}

// The language need not be told. Accents, apostrophes and capitals do not matter; a host that knows the language says so with AnalyzeIn.
func ExampleLexicon_Analyze_french() {
	lexicon := sentiment.New(nil)
	r := lexicon.Analyze(`Bonjour,

Toujours aucune réponse à mes trois relances, et l’on m’avait promis un rappel lundi. C’est inadmissible !
Sans remboursement sous huit jours, mon avocat prendra le relais.

Cordialement,
Anne Martin`)
	fmt.Printf("%s %.2f, %s %v\n", r.Label, r.Score, r.Language, r.Intents)
	for _, e := range r.Evidence {
		fmt.Printf("%5.2f %-9s %-14.14s %q\n", e.Weight, e.Kind, e.Rule, e.Text)
	}

	fmt.Println(lexicon.Analyze("Où se trouvent vos mentions légales ?").Label)
	fmt.Println(lexicon.AnalyzeIn("fr-CA", "Impossible !").Language)
	fmt.Printf("%q\n", lexicon.Analyze("Wo finde ich die Rechnung?").Language)
	// Output:
	// threatening -0.90, fr [threat]
	// -0.50 complaint no answer      "aucune réponse"
	// -0.15 complaint repetition     "trois relances"
	// -0.24 word                     "inadmissible"
	// -0.01 emphasis  mark           "!"
	//  0.00 intent    threat: @my .. "mon avocat prendra"
	// calm
	// fr
	// ""
}

// Another language is data. A real one has a few hundred words.
func ExampleParseLanguage() {
	german, err := sentiment.ParseLanguage("de", `
= letters
äöüß
= word -0.65
unverschämt furchtbar
= negation
nicht
= known
ich sie wir warte seit auf eine die der das ist antwort wochen tagen bitte mein schreibt ihnen
`, `
@time = tagen wochen monaten
= complaint waiting -0.5
warte|warten ..3 seit ..2 @time
= intent threat
anwalt schreibt
`)
	if err != nil {
		fmt.Println(err) // every mistake, with its line
		return
	}
	lexicon := sentiment.New(&sentiment.Options{Languages: []*sentiment.Language{german}})
	r := lexicon.Analyze("Ich warte seit drei Wochen auf eine Antwort, das ist unverschämt. Mein Anwalt schreibt Ihnen.")
	fmt.Printf("%s %.2f %s %v\n", r.Language, r.Score, r.Label, r.Intents)

	_, err = sentiment.ParseLanguage("de", "= wort -0.6\nfurchtbar", "= complaint waiting\nwarte")
	fmt.Println(err)
	// Output:
	// de -0.82 threatening [threat]
	// sentiment: words of "de", line 2: no words of kind "wort"
	// patterns of "de", line 1: want a kind, a name, a weight, and perhaps the weight where nothing else is amiss
}

// The first message is patient, the last is not.
func ExampleTrendOf() {
	lexicon := sentiment.New(nil)
	var scores []float64
	for _, text := range []string{
		"Could you tell me where order 4411 is?",
		"I am still waiting for an answer about order 4411.",
		"Nobody answers me. This is the third time I write!",
		"This is ridiculous, you lied to me!!",
	} {
		scores = append(scores, lexicon.Analyze(text).Score)
	}
	trend, change := sentiment.TrendOf(scores)
	fmt.Printf("%.2f: %s by %.2f with each message\n", scores, trend, -change)
	// Output:
	// [0.00 -0.50 -0.68 -0.94]: worsening by 0.31 with each message
}

// The name of the company is a word, too.
func ExampleNew() {
	lexicon := sentiment.New(&sentiment.Options{
		Ignore: []string{"Terrible Tea"},
		Words:  map[string]float64{"lukewarm": -0.6},
	})
	r := lexicon.Analyze("My order from Terrible Tea was lukewarm!!")
	fmt.Printf("%s %s\n", r.Label, r.Evidence[0].Text)
	// Output: angry lukewarm
}

// Two rules wait for two lists of keywords; the text is read once.
func ExampleSpotter() {
	spotter := sentiment.NewSpotter([][]string{{"lawyer", "class action"}, {"avocat*"}})
	text := "This issue ends in a Class\nAction."
	fmt.Println(spotter.Spot(text, nil))
	word, start, end, _ := spotter.Find(text, 0)
	fmt.Printf("%s: %q\n", word, text[start:end])
	// Output:
	// [true false]
	// class action: "Class\nAction"
}

func ExampleUnquote() {
	fmt.Printf("%q\n", sentiment.Unquote("It works.\n> I am furious!\n"))
	// Output: "It works.\n               \n"
}
