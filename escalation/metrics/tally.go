package metrics

import (
	"fmt"
	"time"

	"github.com/escalade-go/escalade/escalation"
)

// A cell is what is counted for a row.
type cell struct {
	tickets, open, n, count int
	wall, business          []spell
}

func (c *cell) add(open, in, hit bool) {
	c.tickets++
	if open {
		c.open++
	}
	if in {
		c.n++
	}
	if hit {
		c.count++
	}
}

// took adds a duration to the cell, finished or not.
func (c *cell) took(l *life, from, to time.Time, open bool) {
	c.wall = append(c.wall, spell{to.Sub(from), open})
	c.business = append(c.business, spell{l.business(from, to), open})
}

// A tally counts for all figures at once. Each has a cell for each tier, and then for its
// groups.
type tally struct {
	tiers int
	cells map[Name][]cell
	// Of the ticket at hand, by tier: whether it came there, and how often it left it and
	// was escalated to it.
	entered            []bool
	wentUp, wentDown   []int
	upInto             []int
	solvedAt, undoneAt []bool
}

func newTally(tiers int) *tally {
	t := &tally{
		tiers: tiers, cells: map[Name][]cell{}, entered: make([]bool, tiers), wentUp: make([]int, tiers), wentDown: make([]int, tiers),
		upInto: make([]int, tiers), solvedAt: make([]bool, tiers), undoneAt: make([]bool, tiers),
	}
	for _, f := range book {
		t.cells[f.name] = make([]cell, tiers+len(f.groups))
	}
	return t
}

// each calls f for the row of a tier and the first group, which is all tickets.
func (t *tally) each(name Name, tier int, f func(c *cell)) {
	f(&t.cells[name][tier])
	f(&t.cells[name][t.tiers])
}

// group is the cell of a group by its place.
func (t *tally) group(name Name, i int) *cell { return &t.cells[name][t.tiers+i] }

func (t *tally) add(l *life) {
	clear(t.entered)
	clear(t.wentUp)
	clear(t.wentDown)
	clear(t.upInto)
	ups, downs := 0, 0
	for i, v := range l.visits {
		t.entered[v.tier] = true
		if i == 0 {
			continue
		}
		before := l.visits[i-1]
		if v.tier < before.tier {
			downs++
			t.wentDown[before.tier]++
			continue
		}
		ups++
		t.wentUp[before.tier]++
		t.upInto[v.tier]++
		if t.wentUp[before.tier] == 1 {
			t.cells[TimeToEscalate][before.tier].took(l, before.from, v.from, false)
		}
		t.each(AutomaticEscalations, before.tier, func(c *cell) { c.add(false, true, v.automatic) })
	}
	t.moves(l, ups, downs)
	t.resolutions(l, ups)
	t.reopenings(l)
	t.satisfaction(l)
	if first := l.firstUp(); first != nil {
		t.afterLast(l)
		group := 2
		if first.automatic {
			group = 1
		}
		for _, g := range []int{0, group} {
			c := t.group(TimeToEscalate, g)
			c.add(false, true, true)
			c.took(l, l.created, first.from, false)
		}
	} else {
		t.group(TimeToEscalate, 0).add(l.open, false, false)
	}
}

// moves counts who came to a tier, and who left it which way, once a ticket and tier. The
// highest tier has nowhere to go up to, and the lowest nowhere to go down to.
func (t *tally) moves(l *life, ups, downs int) {
	t.group(EscalationRate, 0).add(l.open && ups == 0, true, ups > 0)
	t.group(DeEscalationRate, 0).add(l.open && downs == 0, true, downs > 0)
	if ups > 0 {
		t.group(RepeatedlyEscalated, 0).add(l.open && ups < 2, true, ups > 1)
	}
	for tier, entered := range t.entered {
		if !entered {
			continue
		}
		if up := t.wentUp[tier] > 0; tier < t.tiers-1 {
			t.cells[EscalationRate][tier].add(l.open && !up, true, up)
			t.cells[TimeToEscalate][tier].add(l.open && !up, up, up)
		}
		if down := t.wentDown[tier] > 0; tier > 0 {
			t.cells[DeEscalationRate][tier].add(l.open && !down, true, down)
		}
		if n := t.upInto[tier]; n > 0 {
			t.cells[RepeatedlyEscalated][tier].add(l.open && n < 2, true, n > 1)
		}
	}
}

// resolutions counts what was resolved where. A ticket that is open counts, as open, for
// the tier that it is in.
func (t *tally) resolutions(l *life, ups int) {
	at := l.visits[len(l.visits)-1].tier
	if !l.open {
		at = l.tierAt(l.solved())
	}
	t.each(EscalationRatio, at, func(c *cell) { c.add(l.open, !l.open, false) })
	t.group(EscalationRatio, 0).count += ups
	for tier, n := range t.wentUp {
		t.cells[EscalationRatio][tier].count += n
	}
	once := !l.open && l.contacts >= 0 && l.contacts <= 1 && len(l.reopenings) == 0
	t.each(FirstContactResolution, at, func(c *cell) { c.add(l.open, !l.open && l.contacts >= 0, once) })
	stayed := !l.open && len(l.visits) == 1
	t.group(ResolvedWithoutMoving, 0).add(l.open, !l.open, stayed)
	for tier, entered := range t.entered {
		if entered {
			kept := !l.open && at == tier && t.wentUp[tier]+t.wentDown[tier] == 0
			t.cells[ResolvedWithoutMoving][tier].add(l.open, !l.open, kept)
		}
	}
}

// reopenings charges each reopening to the tier that had solved the ticket.
func (t *tally) reopenings(l *life) {
	clear(t.solvedAt)
	clear(t.undoneAt)
	var after, undoneAfter bool
	first := l.firstUp()
	for i, at := range l.solves {
		undone := i < len(l.reopenings) // each but the last is undone by the next reopening
		tier := l.tierAt(at)
		t.solvedAt[tier] = true
		t.undoneAt[tier] = t.undoneAt[tier] || undone
		if first != nil && !at.Before(first.from) {
			after, undoneAfter = true, undoneAfter || undone
		}
	}
	if len(l.solves) > 0 {
		t.group(Reopened, 0).add(false, true, len(l.reopenings) > 0)
	}
	if after {
		t.group(Reopened, 1).add(false, true, undoneAfter)
	}
	for tier, solved := range t.solvedAt {
		if solved {
			t.cells[Reopened][tier].add(false, true, t.undoneAt[tier])
		}
	}
}

// afterLast counts what came of a ticket after its last escalation.
func (t *tally) afterLast(l *life) {
	last := l.lastUp()
	to := l.at
	if !l.open {
		to = l.solved()
	}
	late := to.Before(last.from) // it was solved before, and has not been open since
	t.each(ResolutionAfter, last.tier, func(c *cell) {
		c.add(l.open, !l.open && !late, true)
		if !late {
			c.took(l, last.from, to, l.open)
		}
	})
	here := !l.open && !late && l.tierAt(to) == last.tier
	t.each(ResolvedWhereEscalated, last.tier, func(c *cell) { c.add(l.open, !l.open, here) })
}

// satisfaction counts the last rating of a ticket.
func (t *tally) satisfaction(l *life) {
	last := l.lastUp()
	if last == nil {
		t.group(SatisfactionAfter, 2).add(l.open && !l.rated, l.rated, l.rated && l.positive)
		return
	}
	after := l.rated && l.ratedAt.After(last.from)
	before := l.rated && !after
	t.each(SatisfactionAfter, last.tier, func(c *cell) { c.add(l.open && !after, after, after && l.positive) })
	t.group(SatisfactionAfter, 1).add(false, before, before && l.positive)
}

// A page says how a figure is told.
type page struct {
	name       Name
	title      string
	definition string
	groups     []Group
	kind       kind
}

type kind uint8

const (
	share kind = iota
	ratio
	satisfaction
	duration
	openDuration // one that every ticket comes to in the end: what is open says something, too
)

func (k kind) unit() string {
	switch k {
	case ratio:
		return "ratio"
	case duration, openDuration:
		return "hours"
	}
	return "share"
}

// The book holds all figures, in the order of a report.
var book = []page{
	{
		EscalationRate, "Escalation rate", "Tickets that were escalated from the tier, of those that came to it; each counts once a tier.",
		[]Group{All}, share,
	},
	{
		TimeToEscalate, "Time to escalate", "From coming to the tier to the first escalation from it; all: from the creation to the first escalation of all.",
		[]Group{All, Automatic, Manual}, duration,
	},
	{
		ResolutionAfter, "Resolution time after escalation", "From the last escalation, which was to the tier, to the last solving.",
		[]Group{All}, openDuration,
	},
	{
		EscalationRatio, "Escalation-to-resolution ratio", "Escalations from the tier, each time, by tickets that were resolved in it.",
		[]Group{All}, ratio,
	},
	{
		SatisfactionAfter, "Customer satisfaction after escalation", "Tickets rated at least %g %% of the scale, of those rated later than their last escalation, which was to the tier; the last rating counts.",
		[]Group{All, RatedBefore, NeverEscalated}, satisfaction,
	},
	{
		FirstContactResolution, "First contact resolution", "Tickets about which the customer turned up once only and that were never reopened, of those resolved in the tier.",
		[]Group{All}, share,
	},
	{
		ResolvedWithoutMoving, "Resolved without handing on", "Tickets that the tier resolved and never handed on, of the resolved ones that came to it; all: those that never left their first tier.",
		[]Group{All}, share,
	},
	{
		ResolvedWhereEscalated, "Resolved where escalated to", "Tickets resolved in the tier, of those whose last escalation was to it and that are resolved.",
		[]Group{All}, share,
	},
	{
		DeEscalationRate, "De-escalation rate", "Tickets that were sent from the tier to a lower one, of those that came to it; each counts once a tier.",
		[]Group{All}, share,
	},
	{
		RepeatedlyEscalated, "Repeatedly escalated", "Tickets escalated to the tier more than once, of those escalated to it; all: escalated more than once, to whichever tier.",
		[]Group{All}, share,
	},
	{
		Reopened, "Reopened", "Tickets reopened after the tier had solved them, of those that it has solved; after escalation: solved after the first escalation, and reopened after that.",
		[]Group{All, AfterEscalation}, share,
	},
	{
		AutomaticEscalations, "Automatic escalations", "Escalations from the tier that a rule has made and nobody asked for, of all from it.",
		[]Group{All}, share,
	},
}

// figures writes up what was counted.
func (t *tally) figures(tiers []escalation.Tier, o Options) []Figure {
	list := make([]Figure, 0, len(book))
	for _, p := range book {
		f := Figure{Name: p.name, Title: p.title, Definition: p.definition, Unit: p.kind.unit()}
		if p.kind == satisfaction {
			f.Definition = fmt.Sprintf(p.definition, 100*o.Positive)
		}
		for i := range t.cells[p.name] {
			row := t.cells[p.name][i].row(p.kind)
			if i < t.tiers {
				row.Tier = tiers[i].Name
				if p.name == ResolvedWithoutMoving {
					row.Rate.Goal = tiers[i].Goal
				}
			} else {
				row.Group = p.groups[i-t.tiers]
			}
			f.Rows = append(f.Rows, row)
		}
		list = append(list, f)
	}
	return list
}

func (c *cell) row(k kind) Row {
	r := Row{Tickets: c.tickets, Open: c.open, OpenShare: part(c.open, c.tickets), N: c.n}
	switch k {
	case duration, openDuration:
		r.Wall, r.Business = times(c.wall, k == openDuration), times(c.business, k == openDuration)
	default:
		r.Rate = &Rate{Count: c.count, Value: part(c.count, c.n)}
	}
	if k == satisfaction {
		r.Rate.Responses = part(c.n, c.tickets)
		if c.n > 0 {
			low, high := wilson(c.count, c.n)
			r.Rate.Low, r.Rate.High = &low, &high
		}
	}
	return r
}

// part is a share, nil of nothing.
func part(count, n int) *float64 {
	if n == 0 {
		return nil
	}
	v := float64(count) / float64(n)
	return &v
}
