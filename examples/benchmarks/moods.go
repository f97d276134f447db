package main

import (
	"fmt"
	"io"

	"github.com/jonreiter/govader"

	"github.com/escalade-go/escalade/sentiment"
)

// moods prints how long it takes to read the mood of a message.
func moods(w io.Writer) {
	lexicon, vader := sentiment.New(nil), govader.NewSentimentIntensityAnalyzer()
	read := func(text string) []figure {
		return measure(func() { lexicon.Analyze(text) }, func() { vader.PolarityScores(text) })
	}
	first, second := read(calm), read(angry)
	head(w, "mood of 600 characters", "calm", "angry", "allocations")
	for i, who := range []string{"escalade", "govader"} {
		row(w, who, short(first[i].ns), short(second[i].ns), fmt.Sprint(max(first[i].allocations, second[i].allocations)))
	}
}
