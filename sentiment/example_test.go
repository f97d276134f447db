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
	// frustrated -0.54
	// -0.20 complaint (duration): been locked for 3 days
	// -0.34 complaint (no answer): nobody answers
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
