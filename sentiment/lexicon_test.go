package sentiment

import (
	"encoding/json"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var lexicon = New(nil)

func TestHowMessagesSound(t *testing.T) {
	for _, c := range []struct {
		text string
		want Label
	}{
		// Questions, reports and thanks are calm, whatever they are about.
		{"How do I change my e-mail address?", Calm},
		{"ok", Calm},
		{"The import fails with a critical error: could not parse line 12.", Calm},
		{"We found 14 dead letters in the queue, how do we kill the job?", Calm},
		{"My card was declined, is there a limit?", Calm},
		{"Please cancel order 1234, I picked the wrong size.", Calm},
		{"Thank you so much, everything works again!", Calm},
		{"Your colleague was wonderful, please tell her.", Calm},
		{"Not bad at all.", Calm},
		{"No rush, whenever you have a minute.", Calm},
		{"Is the disaster recovery plan part of the contract?", Calm},

		// Being left alone is frustrating, in the politest words.
		{"I have been waiting for an answer for three weeks.", Frustrated},
		{"My account has been locked for 3 days and nobody answers.", Frustrated},
		{"Dear support team, I hope you are well. My account has been locked for 3 days and nobody answers. Please help. Kind regards, Anna", Frustrated},
		{"This is the fourth time I explain the same thing.", Frustrated},
		{"I was told it would be fixed on Monday, but nothing happened.", Frustrated},
		{"Still no reply to my last two emails.", Frustrated},
		{"I am quite disappointed.", Frustrated},
		{"Your agents were never helpful and I have not heard back.", Frustrated},
		{"Terrible.", Frustrated},

		// One hard word and anything beside it is anger.
		{"Terrible!!", Angry},
		{"This is VERY TERRIBLE", Angry},
		{"This is unacceptable. I want my money back.", Angry},
		{"Worst company ever, absolutely useless.", Angry},
		{"You are a bunch of liars and thieves.", Angry},
		{"Thanks for nothing!!", Angry},
		{"Great, another outage!!", Angry},
		{"WHERE IS MY PARCEL??? THIS IS THE THIRD TIME I ASK, NOBODY ANSWERS!!!", Angry},
		{"We migrated last year. The import is documented. The format is CSV. All went well at first. " +
			"Now support is a total joke and your excuses are pathetic. The file is attached. It has 12 columns.", Angry},

		// A threat is a threat in any tone.
		{"My solicitor has been instructed and will write to you.", Threatening},
		{"THIS IS DISGUSTING, I WILL SUE YOU!!!", Threatening},
	} {
		r := lexicon.Analyze(c.text)
		assert.Equal(t, c.want, r.Label, "%q: %.2f %+v", c.text, r.Score, r.Evidence)
		assert.Equal(t, "en", r.Language, c.text)
		assert.Positive(t, r.Confidence, c.text)
	}
}

func TestTheScale(t *testing.T) {
	within := func(low, high float64, text string) {
		t.Helper()
		r := lexicon.Analyze(text)
		assert.True(t, low <= r.Score && r.Score <= high, "%q: %.3f, want %.2f to %.2f: %+v", text, r.Score, low, high, r.Evidence)
	}
	for _, word := range []string{"terrible", "unacceptable", "worst", "ridiculous", "horrible"} {
		within(-0.69, -0.55, word)
		within(-0.9, -0.7001, "very "+word)
		within(-0.9, -0.7001, strings.ToUpper(word))
		within(-0.9, -0.7001, word+"!!")
	}
	// Complaints alone never make anger, nor do problems make complaints.
	within(-0.65, -0.3, "I have been waiting for three weeks, nobody answers, this is the fifth time I ask, you promised to call, "+
		"and I am still not able to log in. I want my money back. Why does it always take so long?")
	within(-0.1501, 0, "Error, failed, lost, delayed, cancelled, broken, wrong, denied, late, stuck, missing, and crashed.")
	within(-0.1501, 0, "A fatal error killed the dead process.")
	// Manners are worth nearly nothing.
	within(0, 0.05+1e-9, "Dear support team, please help. Many thanks in advance, thanks! Best regards")
	within(0.3, 1, "This is great, I love it")
	within(-1, -0.2, "not helpful")
	within(0, 0.2, "not bad")
}

// Whatever else is set aside would otherwise count against, or for, the writer.
func TestWhatIsSetAside(t *testing.T) {
	for name, text := range map[string]string{
		"quoted lines":    "Thank you, that works.\n\n> This is terrible, awful, pathetic!!\n> You are liars",
		"a quoted mail":   "Fine.\n\nOn Mon, 3 Feb 2025 at 10:12, Anna <a@example.com> wrote:\nThis is terrible, awful, pathetic!!",
		"code":            "What does this mean?\n```\nterrible awful pathetic\n```\nand `worst useless`",
		"logs":            "I see this:\n2026-01-02 10:11:12 ERROR terrible awful pathetic",
		"a signature":     "See the file.\n\nKind regards,\nAnna Awful\nHead of Terrible Ideas\nPathetic Ltd",
		"addresses":       "Look at https://example.com/terrible/awful and mail worst.useless@example.com",
		"handles":         "@terrible_airline is there a table?",
		"identifiers":     "What is worst_case_useless for?",
		"product phrases": "Which garbage collector do you use, and what is the worst case?",
	} {
		r := lexicon.Analyze(text)
		assert.InDelta(t, 0, r.Score, 0.2, "%s: %+v", name, r.Evidence)
		assert.Empty(t, r.Intents, name)
	}
	r := lexicon.Analyze("Please answer.\n\nRegards,\nI will see you in court")
	assert.Equal(t, Threatening, r.Label, "a line that speaks is not part of a signature")
}

func TestNegation(t *testing.T) {
	bad, notBad, notThat := lexicon.Analyze("It is bad"), lexicon.Analyze("It is not so bad"), lexicon.Analyze("It is not fixed, bad service")
	assert.Less(t, bad.Score, -0.25)
	assert.Greater(t, notBad.Score, 0.0)
	assert.Less(t, notThat.Score, -0.25)
	require.Len(t, notBad.Evidence, 1)
	assert.Equal(t, "not so bad", notBad.Evidence[0].Text)
	assert.True(t, notBad.Evidence[0].Negated)
	assert.Less(t, lexicon.Analyze("I can't believe how terrible this is").Score, -0.55)
}

func TestLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"Terrible!!!": "en", "ok": "en", "hello": "en", "Refund?": "en", "I am called Zdravko Grzegorz": "en", "My lawyer will contact you": "en",
		"": "", " \n": "", "12345": "", "???": "", "qwrtz": "", "\xff\xfe": "",
		"Bonjour, je n'arrive pas à me connecter à mon compte depuis trois jours.": "fr",
		"C'est terrible, le service est horrible":                                  "fr",
		"Merci !": "fr", "Nul !!": "fr", "Bonjour": "fr", "Remboursement ?": "fr", "problème connexion compte bloqué": "fr", "JE VEUX PARLER À UN RESPONSABLE": "fr",
		"l’appli ne marche plus": "fr", "Mon avocat vous contactera": "fr", "The app is down, merci de m'aider": "en", "Bonjour, the export fails since Monday and nobody answers": "en",
		"Il pedido non è ancora arrivato, quando posso averlo?": "", "Wo bleibt meine Bestellung? Ich warte seit drei Wochen.": "", "O meu pedido ainda não chegou, quando posso receber?": "",
		"Waar blijft mijn bestelling? Ik wacht al drie weken.": "", "¿Dónde está mi pedido? Llevo tres semanas esperando.": "", "Gdzie jest moje zamówienie?": "",
		"Ich kann mich nicht mehr einloggen, bitte helfen Sie mir.": "",
		"注文した商品がまだ届きません。":                                           "",
		"Где мой заказ?":                                            "",
		"No puedo entrar en mi":                                     "",
	} {
		r := lexicon.Analyze(text)
		assert.Equal(t, want, r.Language, text)
		if want == "" {
			assert.Equal(t, Result{Label: Calm}, r, text)
		}
	}
}

// Leaning on a key, greeting, and taking leave.
func TestMannersAndMarks(t *testing.T) {
	for _, text := range []string{
		"Terrible", "terrible service.", "It is great", "I love this", "Not bad", "My account has been locked for 3 days and nobody answers.",
		"The export fails with an error", "How do I log in?", "ok", "Nobody answers me. Still, the product is nice.", "NOBODY ANSWERS ME", "",
		"see https://example.com", "Thanks", "Hello :)", "I will sue you", "Where is it?", "Nothing works\n\nKind regards\nJoy Great",
	} {
		score := lexicon.Analyze(text).Score
		for _, marks := range []string{"!", "!!!", " !!!", "!!!!!!!!!!"} {
			assert.LessOrEqual(t, lexicon.Analyze(text+marks).Score, score, text+marks)
		}
		for _, greeting := range []string{"Hi, ", "Hello,\n\n", "Dear support team,\n", "Good morning! ", "Hi there. I hope you are well. ", "Dear Sir or Madam,\n\n"} {
			assert.InDelta(t, score, lexicon.Analyze(greeting+text).Score, 0.05+1e-9, greeting+text)
		}
		for _, closing := range []string{"\nThanks", "\nThank you!", "\n\nKind regards,\nAnna Best", " Best regards, Anna", "\nHave a great day!", " Thanks in advance.", "\nSent from my iPhone"} {
			assert.InDelta(t, score, lexicon.Analyze(text+closing).Score, 0.05+1e-9, text+closing)
		}
	}
}

func TestOwnWords(t *testing.T) {
	own := New(&Options{
		Words:  map[string]float64{"Wobbly": -0.6, "not on my watch": -0.9, "terrible": 0.4, "nan": math.NaN(), "": -1, "huge": -7},
		Ignore: []string{"Awful Tea Co", "Worst"},
	})
	assert.InDelta(t, -0.6, own.Analyze("It is wobbly").Score, 1e-9)
	assert.InDelta(t, -0.9, own.Analyze("Not on my watch").Score, 1e-9)
	assert.InDelta(t, 0.4, own.Analyze("terrible").Score, 1e-9)
	assert.Zero(t, own.Analyze("I order from the Awful Tea Co, the worst of them").Score)
	assert.InDelta(t, -1, own.Analyze("it is huge").Score, 1e-9)
	assert.Zero(t, lexicon.Analyze("It is wobbly").Score, "nobody else hears of it")
	assert.NotEqual(t, lexicon.Version(), own.Version())
	assert.Equal(t, lexicon.Version(), New(&Options{}).Version())
}

func TestResultJSON(t *testing.T) {
	b, err := json.Marshal(lexicon.Analyze("ok"))
	require.NoError(t, err)
	assert.JSONEq(t, `{"score":0,"label":"calm","language":"en","confidence":0.5}`, string(b))
}

// check holds what every result promises.
func check(t *testing.T, text string, r Result) {
	t.Helper()
	sum := 0.0
	at := 0
	for _, e := range r.Evidence {
		require.True(t, 0 <= e.Start && e.Start < e.End && e.End <= len(text))
		require.Equal(t, text[e.Start:e.End], e.Text)
		require.True(t, utf8.RuneStart(text[e.Start]) && (e.End == len(text) || utf8.RuneStart(text[e.End]) || !utf8.ValidString(text)))
		require.NotEmpty(t, e.Kind)
		if e.Kind == "intent" {
			require.Zero(t, e.Weight)
		} else {
			require.GreaterOrEqual(t, e.Start, at, "in the order of the text")
			at = e.Start
		}
		sum += e.Weight
	}
	require.False(t, math.IsNaN(r.Score) || math.IsNaN(r.Confidence))
	require.InDelta(t, r.Score, sum, 1e-9)
	require.True(t, -1 <= r.Score && r.Score <= 1)
	require.True(t, 0 <= r.Confidence && r.Confidence <= 1)
	if r.Label != Threatening {
		require.Equal(t, r.Score < -0.7, r.Label == Angry)
		require.Equal(t, r.Score <= -0.7, r.Label == Angry)
	}
}

func TestEvidenceAddsUp(t *testing.T) {
	for _, text := range []string{message, strings.Repeat(message, 3), "It’s “terrible” – I’m done – that’s a touché, Zoë!! 😡", "good bad terrible great awful not nice"} {
		r := lexicon.Analyze(text)
		require.NotEmpty(t, r.Evidence)
		check(t, text, r)
	}
}

func FuzzAnalyze(f *testing.F) {
	for _, text := range []string{
		message, "", "!!!", "\xff\xfe terrible \xc3", "I’LL SUE YOU İSTANBUL", "> quoted\nnot bad", "```\ncode", "a@b.c :( 😡 … 3.5/7", "don't can’t gonna '''s",
		"On 1/2/25 10:10 x wrote:\n> y", "Regards,\nJoy", strings.Repeat("not ", 50), "ʼ ʼtis itʼs", "弁護士 terrible", "e\u0301 terrible\u0301",
		"Je n’ai aucune réponse depuis 3 semaines\u00a0! C’est inadmissible, j’en ai marre…", "«\u00a0Nul\u00a0», qu'on m'a dit. L'AVOCAT d'ÉLODIE", "l'l'l' d’ qu'",
		"Le 3 mai 2026 à 10:12, X a écrit\u00a0:\n> y", "De\u202f: x\nEnvoyé\u00a0: y", "e\u0301coeurant, œuf, ÿ, ß", "Dans l'attente de votre réponse,\nJean", "pas du tout si mauvais",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := lexicon.Analyze(text)
		check(t, text, r)
		require.Equal(t, r, lexicon.Analyze(text))
		require.Len(t, Unquote(text), len(text))
		for _, marks := range []string{"!", " !!!"} {
			louder := lexicon.Analyze(text + marks)
			check(t, text+marks, louder)
			require.LessOrEqual(t, louder.Score, r.Score+1e-9, "%q", text+marks)
		}
	})
}

// Fuzzing seldom hits on a word that counts; here every word does.
func TestAnyWordsInAnyOrder(t *testing.T) {
	var words [][]string
	for _, l := range lexicon.languages {
		words = append(words, slices.Sorted(maps.Keys(l.ids)))
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 5000 {
		words := words[i%len(words)]
		var b strings.Builder
		for range 1 + random.IntN(25) {
			word := words[random.IntN(len(words))]
			if random.IntN(8) == 0 {
				word = strings.ToUpper(word)
			}
			b.WriteString(word + [...]string{" ", " ", " ", " ", " ", ", ", ". ", "? ", "! ", "\n"}[random.IntN(10)])
		}
		text := strings.TrimRight(b.String(), " \n")
		r := lexicon.Analyze(text)
		check(t, text, r)
		louder := lexicon.Analyze(text + "!!!")
		check(t, text+"!!!", louder)
		require.LessOrEqual(t, louder.Score, r.Score+1e-9, text)
		require.Equal(t, r.Intents, louder.Intents, text)
	}
}

func TestALexiconIsSharedByManyGoroutines(t *testing.T) {
	want := lexicon.Analyze(message)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 100 {
				assert.Equal(t, want, lexicon.Analyze(message))
				lexicon.Analyze("Terrible!!")
			}
		})
	}
	all.Wait()
}

// A megabyte of anything is read in linear time: this test would not end otherwise.
func TestAMegabyteOfAnything(t *testing.T) {
	for _, piece := range []string{
		"a", "terrible ", "not ", "I will not ", "!", "\n", "> \n", "`", "```\n", "From:\n", "On 1:1 wrote:\n", "On \n", "@", "a@", "://", "'", "i'", "é", "😡",
		"\xff", "ʼ", "Regards\n", "still waiting for ", "not bad ", "not happy, ", "#worstthingever ", "sooooo ", ":) ", "I will take you to ", "wait, ", "- ",
	} {
		text := strings.Repeat(piece, 1<<20/len(piece))
		check(t, text, lexicon.Analyze(text))
	}
}

const message = `Hello, I ordered two monitors from your shop on Monday, order 4411, and paid for express delivery. The tracking page shows an error ` +
	`since yesterday, so I do not know where the parcel is. I have called your support line twice and was on hold for 45 minutes each time ` +
	`before the line dropped. This is the third time I write about the same order and nobody answers. I was told it would arrive on Thursday at the latest, ` +
	`but it did not. Could you please check with the carrier and let me know today? If it is lost I would like a refund. Thank you, and kind regards, Anna Smith`

// Every second word of it is a complaint.
const dense = `I am writing for the third time about order 48213, which your page says was delivered on Monday. It was not. I have called twice, ` +
	`waited forty minutes, and nobody could tell me where the parcel is. Your agent promised to call me back within a day and never did. This is ` +
	`unacceptable. I have paid 240 euros for a present that was meant for last Saturday, and all I get from you is the same useless link again and ` +
	`again. I am done with your excuses. Either you tell me today when it arrives or you give me my money back at once. This is the worst service I ` +
	`have ever had from a shop!! Ada Byron, customer 7718`

// The same in French.
const courriel = `Je vous écris pour la troisième fois au sujet de la commande 48213, que votre page dit livrée lundi. Elle ne l'est pas. J'ai appelé deux fois, ` +
	`attendu quarante minutes, et personne n'a su me dire où se trouve le colis. Votre conseiller m'a promis de rappeler dans la journée et ne l'a jamais fait. ` +
	`C'est inadmissible. J'ai payé 240 euros pour un cadeau prévu samedi dernier, et je ne reçois que le même lien inutile. J'en ai assez de vos excuses. ` +
	`Dites-moi aujourd'hui quand il arrive ou rendez-moi mon argent. Le pire service que j'aie jamais vu !! Ada Byron, client 7718`

// The time grows with the size of the text: see MB/s.
func BenchmarkAnalyze(b *testing.B) {
	long := strings.Repeat(dense+"\n", 1<<20/len(dense))
	for _, c := range []struct{ name, text string }{
		{"mail", message}, {"dense mail", dense}, {"French mail", courriel}, {"64 KB", long[:1<<16]}, {"1 MB", long},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				lexicon.Analyze(c.text)
			}
		})
	}
}

func BenchmarkNewWithWords(b *testing.B) {
	for b.Loop() {
		New(&Options{Words: map[string]float64{"wobbly": -0.6}})
	}
}

func BenchmarkSpot(b *testing.B) {
	five := []string{"lawyer", "sue", "legal", "media", "press"}
	var many []string
	for _, a := range []string{"refund", "chargeback", "lawsuit", "court", "claim", "damage*", "police", "journal*", "class action", "small claims"} {
		for c := 'a'; c <= 'z'; c++ {
			many = append(many, a+string(c), string(c)+a)
		}
	}
	for name, words := range map[string][]string{"5": five, "500": many[:500]} {
		s := NewSpotter([][]string{words})
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(message)))
			b.ReportAllocs()
			hits := make([]bool, 1)
			for b.Loop() {
				hits[0] = false
				s.Spot(message, hits)
			}
		})
	}
}
