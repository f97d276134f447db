package main

import (
	"testing"

	"github.com/jonreiter/govader"

	"github.com/escalade-go/escalade/sentiment"
)

// TestBothHearAnger: both read the messages. That is all they need to agree on.
func TestBothHearAnger(t *testing.T) {
	lexicon, vader := sentiment.New(nil), govader.NewSentimentIntensityAnalyzer()
	if calm, angry := lexicon.Analyze(calm).Score, lexicon.Analyze(angry).Score; calm < -0.25 || angry > -0.5 {
		t.Error(calm, angry)
	}
	if calm, angry := vader.PolarityScores(calm).Compound, vader.PolarityScores(angry).Compound; calm < -0.25 || angry > -0.5 {
		t.Error(calm, angry)
	}
}
