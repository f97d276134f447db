package sentiment

import "math"

// A Trend is where the mood of a conversation goes.
type Trend string

const (
	Worsening Trend = "worsening" // it falls by 0.1 and more with each message
	Steady    Trend = "steady"    // neither, or too few messages to tell
	Improving Trend = "improving" // it rises by 0.1 and more
)

const (
	trendOver = 4 // so many of the last messages count
	trendFrom = 0.1
)

// TrendOf answers what a host asks of a conversation: is it getting worse? It takes the scores of the customer's messages, the oldest first,
// and returns the trend and the mean change from one message to the next over the last four. A NaN is a message that nobody has
// scored, and is left out. The trend is of use beside the last score, not instead of it: furious from first to last is steady.
func TrendOf(scores []float64) (Trend, float64) {
	last, first, n := 0.0, 0.0, 0
	for i := len(scores) - 1; i >= 0 && n < trendOver; i-- {
		if s := scores[i]; !math.IsNaN(s) {
			if n == 0 {
				last = s
			}
			first = s
			n++
		}
	}
	if n < 2 {
		return Steady, 0
	}
	change := (last - first) / float64(n-1)
	switch {
	case change <= -trendFrom:
		return Worsening, change
	case change >= trendFrom:
		return Improving, change
	}
	return Steady, change
}
