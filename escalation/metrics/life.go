package metrics

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/sla"
)

// contactGap is the silence after which a customer who writes again counts as having
// turned up again, as for ticket.contacts.
const contactGap = 24 * time.Hour

// byEscalade begins the By of what rules have changed; requestRule is what a person has
// asked for without a name.
const (
	byEscalade  = "escalade:"
	requestRule = byEscalade + "request"
)

// A life is a ticket's past as far as figures need it.
type life struct {
	created, at time.Time
	visits      []visit // of tiers, one after another; never empty
	solves      []time.Time
	reopenings  []time.Time
	open        bool
	contacts    int // how often the customer turned up; -1: not known
	rated       bool
	ratedAt     time.Time
	positive    bool
	counted     []span // when the resolution clock counts, but for the calendar
	calendar    *sla.Calendar
	doubts      map[Reason]bool
}

// A visit is a stay in a tier.
type visit struct {
	tier      int
	from      time.Time
	automatic bool // a rule has sent the ticket here
}

type span struct{ from, to time.Time }

// ups returns the visits that an escalation has led to.
func (l *life) ups(yield func(i int, v *visit) bool) {
	for i := 1; i < len(l.visits); i++ {
		if v := &l.visits[i]; v.tier > l.visits[i-1].tier && !yield(i, v) {
			return
		}
	}
}

// firstUp and lastUp are the first and the last escalation, nil if there was none.
func (l *life) firstUp() (first *visit) {
	for _, v := range l.ups {
		return v
	}
	return nil
}

func (l *life) lastUp() (last *visit) {
	for _, v := range l.ups {
		last = v
	}
	return last
}

// tierAt is the tier at an instant; what happened at that instant counts.
func (l *life) tierAt(at time.Time) int {
	tier := l.visits[0].tier
	for _, v := range l.visits {
		if v.from.After(at) {
			break
		}
		tier = v.tier
	}
	return tier
}

// solved is when the ticket was solved for the last time.
func (l *life) solved() time.Time { return l.solves[len(l.solves)-1] }

// business is the time between two instants that the resolution clock counts.
func (l *life) business(from, to time.Time) time.Duration {
	var sum time.Duration
	for _, s := range l.counted {
		if s.from.Before(from) {
			s.from = from
		}
		if s.to.After(to) {
			s.to = to
		}
		if s.from.Before(s.to) {
			sum += l.calendar.Between(s.from, s.to)
		}
		if sum < 0 { // each is the longest duration at most, and two can be more
			return math.MaxInt64
		}
	}
	return sum
}

func (l *life) doubt(r Reason) {
	if l.doubts == nil {
		l.doubts = map[Reason]bool{}
	}
	l.doubts[r] = true
}

// A reader makes lives of tickets.
type reader struct {
	options Options
	engine  *escalation.Engine
	policy  escalation.Policy
	tiers   int
	tier    map[string]int // by folded name
	status  map[string]sla.Category
}

func newReader(e *escalation.Engine, o Options) *reader {
	p := e.Policy()
	r := &reader{options: o, engine: e, policy: p, tiers: len(p.Tiers), tier: map[string]int{}, status: map[string]sla.Category{}}
	for i, t := range p.Tiers {
		r.tier[fold(t.Name)] = i
	}
	for _, s := range p.Statuses {
		r.status[fold(s.Name)] = s.Category
	}
	return r
}

// entry is a change or a message, with the instant that it counts at.
type entry struct {
	at, raw time.Time
	late    bool // made by an action: after all else of its instant
	kind    int
	change  *escalation.Change
	message *escalation.Message
	means   sla.Category // of a status
}

// What happens at one instant: an answer, then a question, then what they led to.
const (
	reply = iota
	question
	newStatus
)

// read follows a ticket up to the instant of the report. The reason is why it cannot.
func (r *reader) read(t *escalation.Ticket) (*life, Reason) {
	l := &life{created: t.CreatedAt.Round(0).UTC(), at: r.options.At}
	if why := r.readTiers(l, t); why != "" {
		return nil, why
	}
	messages := r.messages(l, t)
	if why := r.readStatuses(l, t, messages); why != "" {
		return nil, why
	}
	r.readContacts(l, t, messages)
	r.readRating(l, t)
	if last := l.lastUp(); last != nil && !l.open && l.solved().Before(last.from) {
		l.doubt(SolvedBeforeEscalated)
	}
	return l, ""
}

// dated puts an instant inside the ticket's life, as the engine does.
func (l *life) dated(at time.Time) time.Time {
	at = at.Round(0).UTC()
	if at.Before(l.created) {
		l.doubt(BeforeCreation)
		return l.created
	}
	return at
}

// inTime sorts entries, as the engine does, and drops those that are later than the
// report.
func (l *life) inTime(list []entry) []entry {
	slices.SortStableFunc(list, func(a, b entry) int {
		late := 0
		if a.late != b.late {
			late = 1
			if b.late {
				late = -1
			}
		}
		return cmp.Or(a.at.Compare(b.at), late, cmp.Compare(a.kind, b.kind), a.raw.Compare(b.raw))
	})
	n := len(list)
	for n > 0 && list[n-1].at.After(l.at) {
		n--
	}
	if n < len(list) {
		l.doubt(AfterAt)
	}
	return list[:n]
}

// changes returns the changes of a field in the order of time, and whether there are later
// ones. What the field was before them is From of the first, as they were written down.
func (r *reader) changes(l *life, t *escalation.Ticket, field string) (list []entry, first string, later bool, why Reason) {
	var last, earliest time.Time
	for i := range t.Changes {
		c := &t.Changes[i]
		if c.Field != field {
			continue
		}
		if c.At.IsZero() {
			return nil, "", false, NoTime
		}
		if c.At.Before(last) {
			l.doubt(Unsorted)
		}
		if last = c.At; earliest.IsZero() || c.At.Before(earliest) {
			earliest, first = c.At, c.From
		}
		// Moves at one instant stay as they were written down, where each begins in the tier
		// that the one before has led to.
		late := field != "tier" && (c.Key != "" || strings.HasPrefix(c.By, byEscalade))
		list = append(list, entry{at: l.dated(c.At), raw: c.At, late: late, change: c, kind: newStatus})
	}
	all := len(list)
	list = l.inTime(list)
	return list, first, len(list) < all, ""
}

func (r *reader) readTiers(l *life, t *escalation.Ticket) Reason {
	list, first, later, why := r.changes(l, t, "tier")
	if why != "" {
		return why
	}
	if len(list) == 0 && !later {
		first = t.Tier
	}
	tier, ok := r.tierOf(first)
	if !ok {
		return UnknownTier
	}
	l.visits = make([]visit, 1, 1+len(list))
	l.visits[0] = visit{tier: tier, from: l.created}
	for _, e := range list {
		from, known := r.tierOf(e.change.From)
		to, ok := r.tierOf(e.change.To)
		switch {
		case !ok || !known:
			return UnknownTier
		case to == tier: // told again, by another source perhaps
			continue
		case e.change.From != "" && from != tier:
			return TierContradicts
		}
		tier = to
		l.visits = append(l.visits, visit{tier: to, from: e.at, automatic: automatic(e.change)})
	}
	if is, ok := r.tierOf(t.Tier); t.Tier != "" && !later {
		switch {
		case !ok:
			return UnknownTier
		case is != tier:
			return TierContradicts
		}
	}
	return ""
}

// tierOf finds a tier by its name; no name is the lowest.
func (r *reader) tierOf(name string) (int, bool) {
	if strings.TrimSpace(name) == "" {
		return 0, true
	}
	tier, ok := r.tier[fold(name)]
	return tier, ok
}

// automatic reports whether nobody asked for a change. The key of an action alone does
// not tell: a person's request is carried out as an action, too.
func automatic(c *escalation.Change) bool {
	switch {
	case c.By == requestRule:
		return false
	case strings.HasPrefix(c.By, byEscalade), strings.HasPrefix(c.By, "bot:"):
		return true
	}
	return c.By == "" && c.Key != ""
}

// category is what a status means; one that is not declared, and none, is open.
func (r *reader) category(l *life, status string) sla.Category {
	if strings.TrimSpace(status) == "" {
		return sla.New
	}
	c, ok := r.status[fold(status)]
	if !ok {
		l.doubt(UnknownStatus)
		return sla.Open
	}
	return c
}

// readStatuses finds when the ticket was open and when its resolution clock counts.
func (r *reader) readStatuses(l *life, t *escalation.Ticket, messages []entry) Reason {
	list, first, later, why := r.changes(l, t, "status")
	if why != "" {
		return why
	}
	for i := range list {
		list[i].means = r.category(l, list[i].change.To)
	}
	begins := r.category(l, first)
	if !later {
		seen, why := r.latestStatus(l, t, list, &begins)
		if why != "" {
			return why
		}
		list = append(list, seen...)
	}
	for _, m := range messages {
		if m.kind == question {
			list = append(list, m)
		}
	}
	list = l.inTime(list)

	held := r.engine.Promised(r.asOf(t, "agreement", t.Agreement), t.Customer)
	l.calendar = hoursOf(held, r.asOf(t, "priority", t.Priority))
	// The clocks know what opens and ends a ticket.
	clocks := sla.NewTracker(nil, sla.History{Start: l.created, Status: begins})
	l.open = clocks.Open()
	if !l.open {
		l.solves = append(l.solves, l.created)
	}
	status, since := begins, l.created
	count := func(to time.Time) {
		if l.open && !held.StandsStill(sla.Resolution, status) && since.Before(to) {
			if n := len(l.counted); n > 0 && l.counted[n-1].to.Equal(since) {
				since = l.counted[n-1].from // it goes on
				l.counted = l.counted[:n-1]
			}
			l.counted = append(l.counted, span{since, to})
		}
		since = to
	}
	for _, e := range list {
		count(e.at)
		if e.kind == question {
			clocks.Apply(sla.Event{At: e.at, Kind: sla.Ask})
		} else {
			status = e.means
			clocks.Apply(sla.Event{At: e.at, Kind: sla.StatusChange, To: string(status)})
		}
		switch open := clocks.Open(); {
		case l.open && !open:
			l.solves = append(l.solves, e.at)
		case !l.open && open:
			l.reopenings = append(l.reopenings, e.at)
		}
		l.open = clocks.Open()
	}
	count(l.at)
	return ""
}

// latestStatus dates the status that the ticket has, if the log does not tell of it, by
// the stand-ins. Without any, a pause is passed over, for nobody knows when it began; of a
// ticket that is solved, or open again, nothing can be said.
func (r *reader) latestStatus(l *life, t *escalation.Ticket, list []entry, begins *sla.Category) ([]entry, Reason) {
	latest, last, name := *begins, l.created, ""
	if len(list) > 0 {
		e := list[len(list)-1]
		latest, last, name = e.means, e.at, e.change.To
	}
	if strings.TrimSpace(t.Status) == "" || len(list) > 0 && fold(name) == fold(t.Status) {
		return nil, ""
	}
	is := r.category(l, t.Status)
	since, solved := t.StatusSince.Round(0).UTC(), t.SolvedAt.Round(0).UTC()
	if is.Ends() && since.IsZero() {
		since = solved
	}
	var seen []entry
	add := func(at time.Time, means sla.Category) {
		seen = append(seen, entry{at: at, raw: at, kind: newStatus, means: means})
	}
	usable := !since.Before(l.created) && (len(list) == 0 || since.After(last))
	if usable && is != sla.Solved && solved.Before(since) && !solved.Before(l.created) && (len(list) == 0 || solved.After(last)) {
		add(solved, sla.Solved)
	}
	switch {
	case usable:
		add(since, is)
	case is.Ends() != latest.Ends():
		return nil, StatusUndated
	case len(list) == 0 && !is.Ends() && !is.Pauses():
		*begins = is
	}
	return seen, ""
}

// asOf is what a field was at the instant of the report.
func (r *reader) asOf(t *escalation.Ticket, field, latest string) string {
	var before, after *escalation.Change
	for i := range t.Changes {
		c := &t.Changes[i]
		switch {
		case c.Field != field:
		case c.At.After(r.options.At):
			if after == nil || c.At.Before(after.At) {
				after = c
			}
		case before == nil || !c.At.Before(before.At):
			before = c
		}
	}
	switch {
	case after == nil && latest != "":
		return latest
	case before != nil:
		return before.To
	case after != nil:
		return after.From
	}
	return latest
}

// messages returns the customer's messages and the answers to them, up to the report.
func (r *reader) messages(l *life, t *escalation.Ticket) []entry {
	list := make([]entry, 0, len(t.Messages)+1)
	var last time.Time
	for i := range t.Messages {
		m := &t.Messages[i]
		if m.At.Before(last) {
			l.doubt(Unsorted)
		}
		last = m.At
		kind := reply
		if m.From == escalation.FromCustomer {
			kind = question
		}
		list = append(list, entry{at: l.dated(m.At), raw: m.At, late: strings.HasPrefix(m.By, byEscalade), kind: kind, message: m})
	}
	// Of two with one id the earlier counts.
	slices.SortStableFunc(list, func(a, b entry) int { return a.raw.Compare(b.raw) })
	ids := make(map[string]bool, len(list))
	list = slices.DeleteFunc(list, func(e entry) bool {
		id := e.message.ID
		twice := id != "" && ids[id]
		ids[id] = true
		return twice
	})
	return l.inTime(list)
}

// readContacts counts how often the customer turned up, as ticket.contacts does.
func (r *reader) readContacts(l *life, t *escalation.Ticket, messages []entry) {
	l.contacts = r.givenContacts(t)
	if l.contacts < 0 {
		n, answered, last := 0, false, time.Time{}
		for _, e := range messages {
			switch m := e.message; {
			case e.kind == question:
				if n == 0 || answered || e.at.Sub(last) >= contactGap {
					n++
				}
				answered, last = false, e.at
			case m.From == escalation.FromAgent && !m.Internal && person(m.By):
				answered = true
			}
		}
		if n > 0 {
			l.contacts = n
		}
	}
	if l.contacts < 0 && !l.open {
		l.doubt(ContactsUnknown)
	}
}

// givenContacts is the host's own count as of the report, -1 without one.
func (r *reader) givenContacts(t *escalation.Ticket) int {
	latest := ""
	if t.Contacts != nil {
		latest = strconv.Itoa(*t.Contacts)
	}
	n, err := strconv.Atoi(strings.TrimSpace(r.asOf(t, "contacts", latest)))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

func person(by string) bool {
	return !strings.HasPrefix(by, "bot:") && !strings.HasPrefix(by, byEscalade)
}

// readRating takes the latest rating that is one.
func (r *reader) readRating(l *life, t *escalation.Ticket) {
	for _, g := range t.Ratings {
		best := g.Max
		if best == 0 {
			best = r.options.RatingMax
		}
		at := g.At.Round(0).UTC()
		switch {
		case at.After(l.at):
			l.doubt(AfterAt)
		case at.Before(l.created):
			l.doubt(RatingUndated)
		case best == 0:
			l.doubt(RatingWithoutScale)
		case !(best > 0 && best <= maxScale && g.Score >= 0 && g.Score <= best): // nor is what is not a number
			l.doubt(RatingOutsideScale)
		case !l.rated || !at.Before(l.ratedAt):
			l.rated, l.ratedAt = true, at
			l.positive = g.Score/best >= r.options.Positive
		}
	}
}
