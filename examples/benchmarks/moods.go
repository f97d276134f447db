package main

import (
	"fmt"
	"io"

	"github.com/jonreiter/govader"

	"github.com/escalade-go/escalade/sentiment"
)

// moods prints how long it takes to read the mood of a message.
func moods(w io.Writer) {
	head(w, "mood of 600 characters", "calm", "angry", "allocations")
	lexicon, vader := sentiment.New(nil), govader.NewSentimentIntensityAnalyzer()
	line := func(who string, analyze func(text string)) {
		cells, most := []string{who}, int64(0)
		for _, text := range []string{calm, angry} {
			ns, allocations := measure(func() { analyze(text) })
			cells, most = append(cells, short(ns)), max(most, allocations)
		}
		row(w, append(cells, fmt.Sprint(most))...)
	}
	line("escalade", func(text string) { lexicon.Analyze(text) })
	line("govader", func(text string) { vader.PolarityScores(text) })
}
