// Package sentiment reads what a customer wrote and says how upset they sound, whether they threaten, and why it thinks so.
//
// It is a small rule-based analyzer for support messages, not for reviews or tweets at large: it knows that "on hold for two hours"
// and "nobody answers" are complaints although no word in them is rude, that "thank you" and "dear support" are manners and not joy,
// and that "a critical error in the dead letter queue" is Tuesday.
//
// # Nouns
//
//   - A [Lexicon] is the analyzer: words with weights, phrases, complaint patterns and intents. It implements [Analyzer], which a host
//     may implement with something larger.
//   - A [Result] is a score from -1 (furious) to 1 (delighted), a [Label], the [Intent]s, and the evidence.
//   - [Evidence] is a piece of the text and what it did to the score. The weights of a result add up to its score.
//   - A [Language] is the words and patterns of one. English and French are built in; [ParseLanguage] reads others.
//   - A [Trend] is where the mood of a conversation goes.
//   - A [Spotter] finds keywords: whole words, without regard to case, many lists in one pass.
//
// # Verbs
//
//	lexicon := sentiment.New(nil)
//	r := lexicon.Analyze("This is unacceptable. My account has been locked for 3 days and nobody answers.")
//	r.Label               // "angry"
//	r.Score               // below -0.7
//	r.Evidence[0].Text    // "unacceptable"
//	r.Language            // "en"
//
//	spotter := sentiment.NewSpotter([][]string{{"lawyer", "class action"}, {"avocat*"}})
//	hits := spotter.Spot("They started a Class Action.", nil)   // true, false
//
// [TrendOf] takes the scores of a conversation and says whether it gets worse. [Unquote] takes replies and forwarded mail out of a message, so
// that nobody is held to what somebody else wrote.
//
// # Promises
//
// The score is finite and within [-1, 1]; the label is Angry exactly when the score is below -0.7 and no threat was made. Exclamation
// marks never raise a score, greetings and closings hardly move it. The same text always gets the same answer. Any input will do: broken
// UTF-8, a megabyte of brackets, another language (which is Calm with confidence 0, never an error). The time taken is linear in the size
// of the text. Everything is immutable once built and safe for use by many goroutines.
//
// # Why a score and a label
//
// The score orders a queue, the label is what people say in rules. They agree by construction, so that `sentiment == "angry"` and
// `sentiment_score < -0.7` cannot give two answers for one ticket. Threatening is the exception, and on purpose: "my solicitor has been
// instructed" is perfectly calm. A threat moves no score; it only takes the label.
//
// # Why the worst sentences decide
//
// Angry mails are mostly facts: order numbers, dates, what was tried. The mean over their sentences is calm. So only the three worst
// sentences count against the writer's mood, and one furious line in a long report is heard.
//
// # Why problems weigh so little
//
// Nearly everybody who writes to support has a problem, and names it. "Failed", "error" and "declined" are the subject of the message,
// not its tone; together they take at most 0.15, in a calm question a third of that. Hints ("your", "but", "again", "cannot", "the phone
// line") are less than that: they count beside something that is amiss and are next to nothing by themselves. Problems and hints never add up to
// Frustrated. Complaints about being left alone (waiting, asking again, no answer, broken promises) make a customer Frustrated, at most -0.65.
// It takes hard words, or shouting on top of complaints, to be Angry.
//
// # Why one hard word is not quite enough
//
// "Terrible" alone scores -0.685, a step before Angry; with any second cue beside it (a problem, a complaint, "your", "!", capitals) it is over the
// line. People write "the weather is terrible" and "a terrible typo of mine". Insults and open contempt ("liars", "what a joke") need no second cue.
//
// # Why praise softens
//
// "A small delay, but great service" is no complaint. Glad words take up to 0.6 of the weight of unhappy words and problems in their own
// sentence, less of hard words, nothing of complaints, so that a "great job" beside "nobody answers" is no comfort. Of sarcasm only fixed forms
// are known ("thanks for nothing", "great, another outage"); the rest sounds glad to any list of words.
//
// # Which languages, and how one is chosen
//
// English and French. A message is read in the one that knows most of its words, less those that it knows to be of another; "Nul !!" is enough,
// and a greeting in the other language does no harm. Where neither knows more than it rejects, the language is "": German, Spanish or Japanese is
// Calm with confidence 0 and no evidence. A host that knows the language says so with [Lexicon.AnalyzeIn]. Messages in two languages are read in
// the one that there is more of.
//
// Accents, capitals and the form of an apostrophe make no difference to what is meant: "RESILIE", "résilie" and "Résilie" are one word,
// "l'avocat" and "l’avocat" are the same two. What a host adds with [Options] counts in every language.
//
// # What it cannot do
//
// About one angry message in six holds no word that says so ("Supposedly it is out for delivery. I'll believe it when I see it."). For
// those a host puts a larger model behind [Analyzer]. The lexicon is good for what it says with evidence: see the example of [Result].
package sentiment
