package sentiment_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/escalade-go/escalade/sentiment"
)

func TestTrendOf(t *testing.T) {
	unscored := math.NaN()
	for _, c := range []struct {
		name   string
		scores []float64
		want   sentiment.Trend
		change float64
	}{
		{"no message", nil, sentiment.Steady, 0},
		{"one message says nothing", []float64{-0.9}, sentiment.Steady, 0},
		{"patience ends", []float64{0, -0.2, -0.5, -0.9}, sentiment.Worsening, -0.3},
		{"the answer helped", []float64{-0.8, -0.6, 0.1}, sentiment.Improving, 0.45},
		{"furious from first to last", []float64{-0.9, -0.9, -0.9}, sentiment.Steady, 0},
		{"ups and downs", []float64{-0.3, 0.1, -0.6, -0.2}, sentiment.Steady, 0.1 / 3},
		{"what was long ago does not count", []float64{0.9, 0.8, -0.5, -0.5, -0.5, -0.5}, sentiment.Steady, 0},
		{"messages that nobody scored are left out", []float64{unscored, 0, unscored, -0.5, unscored}, sentiment.Worsening, -0.5},
		{"nothing scored", []float64{unscored, unscored}, sentiment.Steady, 0},
		{"just enough", []float64{0, -0.1}, sentiment.Worsening, -0.1},
		{"not quite", []float64{0, -0.09}, sentiment.Steady, -0.09},
	} {
		trend, change := sentiment.TrendOf(c.scores)
		assert.Equal(t, c.want, trend, c.name)
		assert.InDelta(t, c.change, change, 1e-12, c.name)
	}
}
