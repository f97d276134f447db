package sentiment

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestIntents(t *testing.T) {
	for _, c := range []struct {
		want  Intent // "": none
		texts []string
	}{
		{Threat, []string{
			"My lawyer will contact you.",
			"Our attorneys have been informed.",
			"We are going to sue.",
			"I'll sue you.",
			"I’ll sue you.",
			"Refund me today or I sue.",
			"I will take you to court",
			"I'm taking this to small claims court.",
			"See you in court.",
			"You will hear from our attorney.",
			"You leave me no choice but legal action.",
			"We are considering legal action against your company.",
			"I'll report you to the BBB.",
			"I am filing a complaint with the FTC.",
			"I have filed a complaint with the ombudsman.",
			"I am going to the press with this.",
			"I will go to the media.",
			"I'm calling the newspapers about this.",
			"I will dispute the charge with my bank.",
			"I'm filing a chargeback if this isn't solved today.",
			"I will post this all over Twitter.",
			"I am going to the police.",
			"You will be sued.",
			"Expect a letter from our lawyers.",
			"We will pursue this through the courts.",
			"I have asked my bank to reverse the payment.",
			"It is still not fixed, I will sue.",
		}},
		{Manager, []string{
			"I want to speak to a manager.",
			"Let me talk to your supervisor!",
			"Can I talk to a human please?",
			"Get me your manager.",
			"Please escalate this.",
			"I demand a manager.",
			"Put me through to someone in charge.",
			"I want a real person, not a bot.",
		}},
		{Churn, []string{
			"Please cancel my subscription.",
			"Never again.",
			"I'm taking my business elsewhere.",
			"We are switching to a competitor.",
			"This is the last time I order from you.",
			"You just lost a customer.",
		}},
		{"", []string{
			"I spoke with Sue from accounting.",
			"Ask Sue about the invoice.",
			"The media upload fails.",
			"There is an issue with the tissue we pursue.",
			"Where is the legal notice page?",
			"The legal department of my company needs an invoice.",
			"Does the social media integration work with two accounts?",
			"Press 1 does nothing.",
			"A customer threatens to sue us.",
			"One of our users says he will sue us.",
			"I don't want to sue.",
			"I am not going to sue anybody.",
			"No need for lawyers.",
			"Do I need a lawyer to use your product?",
			"How do I dispute a charge?",
			"My lawyer needs access to the account.",
			"Is there a report of chargebacks?",
			"The court booking page is empty.",
			"I will contact the press office of my company.",
			"I will report the bug to the trading team.",
			"Will I be hearing from you soon?",
			"I would like to share the report on social media.",
			"Our legal team is reviewing the contract.",
			"Our press release mentions you.",
			"My password manager does not fill in the form.",
			"I am the project manager, please add me.",
			"My manager approved the order.",
			"There is no need to escalate this.",
			"How do I cancel my subscription?",
			"I don't want to cancel my subscription.",
		}},
	} {
		for _, text := range c.texts {
			var want []Intent
			if c.want != "" {
				want = []Intent{c.want}
			}
			for _, text := range []string{text, strings.ReplaceAll(text, "'", "’")} {
				r := lexicon.Analyze(text)
				assert.Equal(t, want, r.Intents, "%q: %+v", text, r.Evidence)
				assert.Equal(t, c.want == Threat, r.Label == Threatening, text)
			}
			if !strings.Contains(text, "Sue") && c.want != "" {
				assert.Equal(t, want, lexicon.Analyze(strings.ToUpper(text)).Intents, strings.ToUpper(text))
			}
		}
	}
}

func TestAThreatMovesNoScore(t *testing.T) {
	r := lexicon.Analyze("My solicitor will contact you.")
	assert.Equal(t, Threatening, r.Label)
	assert.Zero(t, r.Score)
	assert.Equal(t, "My solicitor will", r.Evidence[0].Text)
	assert.Equal(t, "intent", r.Evidence[0].Kind)
}

func TestIntentsComeInOrder(t *testing.T) {
	r := lexicon.Analyze("Cancel my subscription. Get me a manager, or I will sue you.")
	assert.Equal(t, []Intent{Threat, Manager, Churn}, r.Intents)
}
