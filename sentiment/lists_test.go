package sentiment

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// listed reads a file of testdata: a word, a tab, a message on each line, and remarks that begin with "#".
func listed(t *testing.T, name string) (lines [][2]string) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		word, text, ok := strings.Cut(line, "\t")
		require.True(t, ok, line)
		lines = append(lines, [2]string{word, text})
	}
	return lines
}

// inEach runs a test in each language with a list.
func inEach(t *testing.T, test func(t *testing.T, language string)) {
	for _, language := range []string{"en", "fr"} {
		t.Run(language, func(t *testing.T) { test(t, language) })
	}
}

// A floor is what share must be right. It is raised when the lexicon learns more, and never lowered.
func TestLabelsOfMessages(t *testing.T) { inEach(t, labelsOfMessages) }

func labelsOfMessages(t *testing.T, language string) {
	right, of := map[Label]int{}, map[Label]int{}
	for _, line := range listed(t, "labels_"+language+".txt") {
		want := Label(line[0])
		of[want]++
		if r := lexicon.Analyze(line[1]); r.Label == want {
			right[want]++
		} else {
			t.Logf("%s, not %s (%.2f): %s", r.Label, want, r.Score, line[1])
			assert.False(t, want == Calm && r.Label == Angry || want == Angry && r.Label == Calm, line[1])
		}
	}
	for label, floor := range map[Label]float64{Calm: 0.95, Frustrated: 0.9, Angry: 0.9} {
		assert.GreaterOrEqual(t, float64(right[label]), floor*float64(of[label]), "%s: %d of %d", label, right[label], of[label])
	}
}

func TestIntentsOfMessages(t *testing.T) { inEach(t, intentsOfMessages) }

func intentsOfMessages(t *testing.T, language string) {
	type count struct{ found, wrong, missed float64 }
	counts := map[Intent]*count{Threat: {}, Manager: {}, Churn: {}}
	for _, line := range listed(t, "intents_"+language+".txt") {
		r := lexicon.Analyze(line[1])
		for intent, c := range counts {
			hit, want := slices.Contains(r.Intents, intent), line[0] == string(intent)
			switch {
			case hit && want:
				c.found++
			case want:
				c.missed++
				t.Logf("no %s: %s", intent, line[1])
			case hit && (intent == Threat || line[0] == "none"): // who threatens may well ask for a manager, too
				c.wrong++
				t.Logf("%s: %s %+v", intent, line[1], r.Evidence)
			}
		}
	}
	for intent, c := range counts {
		assert.GreaterOrEqual(t, c.found/(c.found+c.wrong), 0.98, "%s: precision", intent)
		assert.GreaterOrEqual(t, c.found/(c.found+c.missed), 0.97, "%s: recall", intent)
	}
}

// However it is typed, what is meant stays the same.
func TestIntentsDoNotDependOnTyping(t *testing.T) { inEach(t, intentsDoNotDependOnTyping) }

func intentsDoNotDependOnTyping(t *testing.T, language string) {
	for _, line := range listed(t, "intents_"+language+".txt") {
		text := line[1]
		want := lexicon.Analyze(text).Intents
		for _, typed := range []string{
			strings.ReplaceAll(text, "'", "’"), strings.ReplaceAll(text, "'", "ʼ"), strings.ToLower(text), withoutAccents.Replace(text),
		} {
			if !named(text) {
				assert.Equal(t, want, lexicon.Analyze(typed).Intents, typed)
				assert.Equal(t, want, lexicon.Analyze(strings.ToUpper(typed)).Intents, strings.ToUpper(typed))
			}
		}
	}
}

var withoutAccents = strings.NewReplacer("é", "e", "è", "e", "ê", "e", "ë", "e", "à", "a", "â", "a", "ç", "c", "î", "i", "ï", "i", "ô", "o", "û", "u", "ù", "u",
	"œ", "oe", "É", "E", "À", "A", "Ç", "C", "Ê", "E")

// named reports whether a word of the text means something else by its capital: Sue, Mr Judge.
func named(text string) bool { return strings.Contains(text, "Sue") || strings.Contains(text, "Court") }

// Without any apostrophe, as on a telephone.
func TestIntentsWithoutApostrophes(t *testing.T) {
	for typed, want := range map[string]Intent{
		"Ill sue you": Threat, "Im calling my lawyer": Threat, "youll be hearing from my lawyer": Threat, "Ive reported you to the ombudsman": Threat,
		"were taking you to court": Threat, "I dont want to talk to a bot get me a manager": Manager, "Id like to speak to a supervisor": Manager,
		"Im canceling my subscription": Churn, "We wont renew the contract": Churn,
	} {
		assert.Contains(t, lexicon.Analyze(typed).Intents, want, typed)
		assert.Contains(t, lexicon.Analyze(strings.ToUpper(typed)).Intents, want, typed)
	}
	for _, typed := range []string{"I dont want to sue anybody", "theres no need to involve a manager", "I dont want to cancel my subscription", "ill be back on Monday"} {
		assert.Empty(t, lexicon.Analyze(typed).Intents, typed)
	}
}

// Most messages to support are calm, and their questions stay in the middle of the scale.
func TestQuestionsStayInTheMiddle(t *testing.T) { inEach(t, questionsStayInTheMiddle) }

func questionsStayInTheMiddle(t *testing.T, language string) {
	asked, far := 0, 0
	for _, line := range listed(t, "labels_"+language+".txt") {
		if text := line[1]; line[0] == string(Calm) && strings.HasSuffix(text, "?") {
			asked++
			if s := lexicon.Analyze(text).Score; s < -0.1 || s > 0.3 {
				far++
				t.Logf("%.2f: %s", s, text)
			}
		}
	}
	assert.Positive(t, asked)
	assert.LessOrEqual(t, far*10, asked)
}

// A greeting above and thanks below move nobody's score by more than 0.05, and marks raise none.
func TestMannersAndMarksOfMessages(t *testing.T) { inEach(t, mannersAndMarksOfMessages) }

func mannersAndMarksOfMessages(t *testing.T, language string) {
	for _, line := range append(listed(t, "labels_"+language+".txt"), listed(t, "intents_"+language+".txt")...) {
		text := line[1]
		r := lexicon.Analyze(text)
		check(t, text, r)
		for _, polite := range map[string][]string{"fr": {
			"Bonjour,\n\n" + text, "Madame, Monsieur,\n\n" + text, "Bonsoir, j'espère que vous allez bien. " + text, "Cher service client,\n\n" + text,
			text + "\n\nCordialement,\nAnne Martin", text + "\nMerci !", text + " Merci d'avance.", text + "\n\nBien à vous\nJean Nul\nDirecteur des Arnaques",
			text + "\n\nDans l'attente de votre réponse,\nje vous prie d'agréer, Madame, Monsieur, mes salutations distinguées.\nAnne Martin",
			text + "\n\nEnvoyé de mon iPhone",
		}, "en": {
			"Hello,\n\n" + text, "Dear support team,\n\n" + text, "Good morning! " + text, "Hi, I hope you are well. " + text,
			text + "\n\nKind regards,\nAnna Smith", text + "\nThank you!", text + " Thanks in advance.", text + "\n\nBest wishes\nAnna\nHead of Grief, Horrible Ltd",
		}}[language] {
			p := lexicon.Analyze(polite)
			assert.InDelta(t, r.Score, p.Score, 0.05+1e-9, polite)
			assert.Equal(t, r.Intents, p.Intents, polite)
		}
		for _, marks := range []string{"!", "!!!", " !!!!!!!"} {
			assert.LessOrEqual(t, lexicon.Analyze(text+marks).Score, r.Score+1e-9, text+marks)
		}
	}
}
