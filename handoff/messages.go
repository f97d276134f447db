package handoff

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxMessage is the most characters that a message ever has.
const MaxMessage = 2500

const (
	maxSentence   = 500
	maxResolution = 2000
)

// An EmptySlot is the error of a message that cannot be written, because a case does not hold what the message has to say.
type EmptySlot struct {
	Message string   // "acknowledgment", "message" or "follow_up"
	Slots   []string // what is empty, under its name in the JSON of a case, in the order of the message
}

// Error names the message and its empty slots.
func (e *EmptySlot) Error() string {
	return "handoff: the " + strings.ReplaceAll(e.Message, "_", "-") + " has nothing to say for " + strings.Join(e.Slots, ", ")
}

// Acknowledgment returns what the customer is told when the ticket is escalated. It needs Ticket, Team or To, Topic and Timeframe, and
// contains nothing else of the case. It is plain text of one line; escape it for where it goes.
func (c Case) Acknowledgment() (string, error) {
	m := message{name: "acknowledgment"}
	team := m.slot("team", c.Team, c.To)
	if n := len(team) - len(" team"); n > 0 && strings.EqualFold(team[n:], " team") {
		team = team[:n] // the message says it
	}
	topic, timeframe := m.slot("topic", c.Topic), m.slot("timeframe", c.Timeframe)
	if n := len("within "); len(timeframe) > n && strings.EqualFold(timeframe[:n], "within ") {
		timeframe = timeframe[n:]
	}
	if strings.EqualFold(timeframe, "immediate") || strings.EqualFold(timeframe, "immediately") {
		timeframe = "immediately"
	} else {
		timeframe = "within " + timeframe
	}
	return m.text("I've escalated your case to our " + team + " team who specializes in " + topic +
		". They'll be reaching out " + timeframe + ". Your case reference is " + m.slot("ticket", c.Ticket) + ".")
}

// Message returns the note to the colleague or team who takes over. It needs Ticket, Person or Team or To, Summary or Subject, and
// Sentiment; of the summary it takes the first sentence. It is internal, plain text of one line; escape it for where it goes.
func (c Case) Message() (string, error) {
	m := message{name: "message"}
	ticket := strings.TrimLeft(m.slot("ticket", c.Ticket), "# ") // the # is in the message
	if ticket == "" {
		m.empty("ticket")
	}
	to := m.slot("team", c.Person, c.Team, c.To)
	summary := sentence(plain(firstSentence(c.Summary), maxSentence))
	if summary == "" {
		summary = sentence(plain(c.Subject, maxSentence))
	}
	if summary == "" {
		m.empty("summary")
	}
	mood := strings.ToLower(m.slot("sentiment", c.mood()))
	return m.text(join(" ", "Escalating ticket #"+ticket+" to "+to+".", summary, "Customer is "+mood+".",
		sentence(plain(c.Urgency, maxSentence)), "Full context attached."))
}

// FollowUp returns what the customer is told when the escalated ticket is resolved. It needs Resolution, and contains nothing else of the
// case. It is plain text of one line; escape it for where it goes.
func (c Case) FollowUp() (string, error) {
	m := message{name: "follow_up"}
	resolution := sentence(plain(c.Resolution, maxResolution))
	if resolution == "" {
		m.empty("resolution")
	}
	return m.text("Following up on your escalated issue. " + resolution + " Is there anything else I can help with?")
}

// A message collects its empty slots while it is written, so that all of them are reported.
type message struct {
	name  string
	slots []string
}

func (m *message) empty(slot string) {
	if len(m.slots) == 0 || m.slots[len(m.slots)-1] != slot {
		m.slots = append(m.slots, slot)
	}
}

// slot returns the first of the texts that says something, ready to stand within a sentence.
func (m *message) slot(name string, texts ...string) string {
	for _, text := range texts {
		if s := strings.TrimRight(plain(text, maxName), ".,;:!? "); s != "" {
			return s
		}
	}
	m.empty(name)
	return ""
}

func (m *message) text(s string) (string, error) {
	if m.slots != nil {
		return "", &EmptySlot{Message: m.name, Slots: m.slots}
	}
	return s, nil
}

const stops = ".!?…。！？"

// sentence gives text exactly one end: "Refund issued" and "Refund issued." and "Refund issued.." all become "Refund issued."
func sentence(text string) string {
	text = strings.TrimRight(text, ",;: ")
	bare := strings.TrimRight(text, `"')]»”’`) // the stop may stand within quotation marks
	last, _ := utf8.DecodeLastRuneInString(bare)
	switch {
	case strings.Trim(bare, stops+" ") == "":
		return ""
	case !strings.ContainsRune(stops, last):
		return text + "."
	case strings.HasSuffix(text, "..") && !strings.HasSuffix(text, "..."):
		return text[:len(text)-1]
	}
	return text
}

// firstSentence returns the first sentence of text, or its first paragraph if that has no end. It rather takes two sentences for one than
// cut one in the middle: "e.g. this", "v1.2", "Dr. Who" and "J. Doe" are not ends.
func firstSentence(text string) string {
	s, _ := clean(text, 2*maxSentence, true)
	for i, r := range s {
		next := at(s, i+1)
		switch {
		case r == '\n' && next == '\n':
			return string(s[:i])
		case strings.ContainsRune("。！？", r):
			return string(s[:i+1])
		case strings.ContainsRune(".!?…", r) && (next == ' ' || next == '\n') &&
			!unicode.IsLower(at(s, i+2)) && !(r == '.' && abbreviated(s[:i])):
			return string(s[:i+1])
		}
	}
	return string(s)
}

// abbreviated reports whether the dot behind s belongs to its last word.
func abbreviated(s []rune) bool {
	i := len(s)
	for i > 0 && (word(s[i-1]) || s[i-1] == '.') {
		i--
	}
	switch last := strings.ToLower(string(s[i:])); last {
	case "mr", "mrs", "ms", "dr", "prof", "st", "no", "nr", "vs", "approx", "e.g", "i.e", "mme", "mlle":
		return true
	default:
		r, n := utf8.DecodeRuneInString(last)
		return n == len(last) && unicode.IsLetter(r)
	}
}

// Line returns a text as one line of a message of your own, as the messages here spell what is in a case: no line breaks, no control or
// invisible characters, no mention, tag or placeholder. It has at most max characters, and a "…" if more was cut off.
func Line(text string, max int) string { return plain(text, max) }
