package sentiment

// An Intent is what a writer announces or asks for. It moves no score: the most dangerous letters are polite.
type Intent string

const (
	// Threat: they announce an act against the company, or have begun it: a lawyer, a court, a regulator, the press, a public campaign, a
	// chargeback, the police. The word alone is no threat ("the legal notice page", "a customer wants to sue us", "I don't want to sue").
	Threat Intent = "threat"
	// Manager: they ask for somebody with more authority, or for a human.
	Manager Intent = "manager"
	// Churn: they are leaving, or say so.
	Churn Intent = "churn"
)

// intentOrder is the order in which intents are reported; an intent's place is its bit.
var intentOrder = [...]Intent{Threat, Manager, Churn}

func intentBit(i Intent) uint8 {
	for n, known := range intentOrder {
		if i == known {
			return 1 << n
		}
	}
	return 0
}

// A claim is an intent that a pattern found, and that another may take back.
type claim struct {
	first, last int
	intent      Intent
	pattern     string
}

// intents adds the intents that nothing took back, each with the first piece of evidence for it.
func (w *working) intents(text string, r *Result) {
	for _, i := range intentOrder {
		for _, c := range w.claims {
			if c.intent != i || w.takenBack(c) {
				continue
			}
			start, end := w.tokens[c.first].start, w.tokens[c.last-1].end
			r.Intents = append(r.Intents, i)
			r.Evidence = append(r.Evidence, Evidence{Start: start, End: end, Text: text[start:end], Kind: kindNames[intent], Rule: string(i) + ": " + c.pattern})
			break
		}
	}
}

func (w *working) takenBack(c claim) bool {
	for _, bits := range w.taken[c.first:c.last] {
		if bits&intentBit(c.intent) != 0 {
			return true
		}
	}
	return false
}
