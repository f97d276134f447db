package playbook

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/escalade-go/escalade/escalation"
	"github.com/escalade-go/escalade/escalation/internal/jsontree"
	"github.com/escalade-go/escalade/rules"
	"github.com/escalade-go/escalade/sla"
)

var weekdays = [7]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// dayNames are how days are said: English, French and short.
var dayNames = [7]string{
	"monday mon mondays lundi lun lundis", "tuesday tue tuesdays mardi mar mardis", "wednesday wed wednesdays mercredi mer mercredis",
	"thursday thu thursdays jeudi jeu jeudis", "friday fri fridays vendredi ven vendredis", "saturday sat saturdays samedi sam samedis",
	"sunday sun sundays dimanche dim dimanches",
}

func dayOf(word string) int {
	return slices.IndexFunc(dayNames[:], func(names string) bool { return slices.Contains(strings.Fields(names), word) })
}

// daysOf reads "Monday to Friday", "Mon-Fri", "Saturday, Sunday", "Every day"; nil if
// those are no days.
func daysOf(text string) []int {
	words := strings.Fields(fold(text))
	switch strings.Join(words, " ") {
	case "every day", "daily", "tous les jours", "chaque jour":
		return []int{0, 1, 2, 3, 4, 5, 6}
	case "weekend", "week end", "weekends":
		return []int{5, 6}
	case "weekdays", "working days", "jours ouvres", "en semaine":
		return []int{0, 1, 2, 3, 4}
	}
	var out []int
	through := strings.ContainsAny(text, "-–—")
	for _, w := range words {
		switch d := dayOf(w); {
		case w == "to" || w == "through" || w == "a" || w == "au":
			through = true
		case w == "and" || w == "et" || w == "du" || w == "le" || w == "from" || w == "de":
		case d < 0:
			return nil
		case through && len(out) == 1:
			for next := out[0]; next != d; {
				next = (next + 1) % 7
				out = append(out, next)
			}
			through = false
		default:
			out = append(out, d)
		}
	}
	return out
}

// spansOf reads "09:00-12:30, 14:00-18:00", "9h–17h", "9am to 5pm", "closed".
func spansOf(text string) ([]string, bool) {
	out := []string{}
	switch fold(text) {
	case "closed", "ferme", "none", "aucune", "off":
		return out, true
	case "open", "ouvert", "24 hours", "24 heures", "all day", "toute la journee", "24h":
		return []string{"00:00-24:00"}, true
	}
	text = strings.NewReplacer("–", "-", "—", "-", " to ", "-", " à ", "-", " - ", "-", " and ", ",", " et ", ",", ";", ",").Replace(strings.ToLower(plain(text)))
	for span := range strings.SplitSeq(text, ",") {
		from, to, ok := strings.Cut(strings.TrimSpace(span), "-")
		from, fromOK := clockOf(from)
		to, toOK := clockOf(to)
		if !ok || !fromOK || !toOK {
			return nil, false
		}
		out = append(out, from+"-"+to)
	}
	return out, true
}

// clockOf reads "9", "9:30", "09h30", "5pm" as "09:00".
func clockOf(text string) (string, bool) {
	text = strings.ReplaceAll(strings.TrimSpace(text), " ", "")
	after := 0
	if rest, ok := strings.CutSuffix(text, "pm"); ok {
		text, after = rest, 12
	} else if rest, ok := strings.CutSuffix(text, "am"); ok {
		text, after = rest, 24
	}
	hours, minutes, found := strings.Cut(strings.ReplaceAll(text, "h", ":"), ":")
	if !found || minutes == "" {
		minutes = "00"
	}
	h, err := strconv.Atoi(hours)
	m, err2 := strconv.Atoi(minutes)
	if err != nil || err2 != nil || len(hours) > 2 || len(minutes) != 2 || strings.Trim(hours+minutes, "0123456789") != "" || after > 0 && (h < 1 || h > 12) {
		return "", false
	}
	switch {
	case after > 0 && h == 12:
		h = after % 24
	case after == 12:
		h += 12
	}
	return fmt.Sprintf("%02d:%02d", h, m), true
}

// isDate finds a date at the beginning of a text: "2026-12-25 (Christmas)".
func isDate(text string) (string, bool) {
	if len(text) < 10 || text[4] != '-' || text[7] != '-' || strings.Trim(text[:4]+text[5:7]+text[8:10], "0123456789") != "" {
		return "", false
	}
	return text[:10], len(text) == 10 || !strings.ContainsAny(text[10:11], "0123456789-")
}

var hoursLabels = []label{zoneLabel, holidaysLabel, unionLabel, defaultLabel, bypassLabel}

// hours reads a line of opening hours, or tells what is wrong with it. It reports whether
// the line was about hours at all.
func (r *reader) hours(path string, h *sla.Hours, at, key, value piece) bool {
	if date, ok := isDate(key.text); ok {
		spans, ok := spansOf(value.text)
		if !ok {
			r.fail(value, rules.WrongType, fmt.Sprintf("%q are no hours", plain(value.text)), "write 09:00-12:30, 14:00-18:00, or closed")
		}
		if h.Exceptions == nil {
			h.Exceptions = map[string][]string{}
		}
		if _, twice := h.Exceptions[date]; twice {
			r.fail(at, rules.DuplicateName, fmt.Sprintf("the hours of %s were said already", date))
		}
		h.Exceptions[date] = spans
		r.placeList(path+"/exceptions/"+date, value, len(spans))
		return true
	}
	switch l, _ := labelled(at, hoursLabels...); l {
	case zoneLabel:
		h.Zone = plain(value.text)
		r.text.places[path+"/zone"] = value
		return true
	case holidaysLabel:
		r.dates(path, h, value)
		return true
	case noLabel:
	default:
		return false
	}
	days := daysOf(plain(key.text))
	if days == nil {
		return false
	}
	spans, ok := spansOf(value.text)
	if !ok {
		r.fail(value, rules.WrongType, fmt.Sprintf("%q are no hours", plain(value.text)), "write 09:00-12:30, 14:00-18:00, or closed")
		spans = []string{"00:00-24:00"} // so that the week is not told to be empty
	}
	if h.Week == nil {
		h.Week = map[string][]string{}
	}
	for _, d := range days {
		name := weekdays[d]
		if _, twice := h.Week[name]; twice {
			r.fail(key, rules.DuplicateName, fmt.Sprintf("the hours of %s were said already", name))
			continue
		}
		if len(spans) > 0 || strings.Contains(value.text, "(") { // a day without hours is not in the week
			h.Week[name] = slices.Clone(spans)
		}
		r.placeList(path+"/week/"+name, value, len(spans))
	}
	return true
}

func (r *reader) placeList(path string, at piece, n int) {
	r.text.places[path] = at
	for i := range n {
		r.text.places[fmt.Sprintf("%s/%d", path, i)] = at
	}
}

// dates reads the dates of holidays, each perhaps with its name.
func (r *reader) dates(path string, h *sla.Hours, at piece) {
	if nothing(at.text) {
		return
	}
	for _, p := range at.split(",;") {
		date, ok := isDate(plain(p.text))
		if !ok {
			r.fail(p, rules.WrongType, fmt.Sprintf("%q is no date", plain(p.text)), "write the year, the month and the day, as in 2026-12-25")
			continue
		}
		r.text.places[fmt.Sprintf("%s/holidays/%d", path, len(h.Holidays))] = p
		h.Holidays = append(h.Holidays, date)
	}
}

// officeHours is the name of the calendar of a document that has one without a name.
const officeHours = "office"

// hoursLine is "Monday to Friday: 09:00-17:00", an item or a row.
type hoursLine struct{ at, key, value piece }

func (r *reader) hoursLines(b block) []hoursLine {
	var out []hoursLine
	cut := func(at piece) {
		i := strings.IndexByte(at.text, ':')
		if i < 0 {
			out = append(out, hoursLine{at, at, piece{"", at.at + len(at.text)}})
			return
		}
		out = append(out, hoursLine{at, at.until(i), at.from(i + 1)})
	}
	switch b.kind {
	case item:
		cut(b.text)
	case table:
		for _, row := range b.rows {
			if len(row) > 1 && labelOf(row[0].text, dayLabel) == noLabel {
				at := piece{r.source.text[row[0].at : row[1].at+len(row[1].text)], row[0].at}
				out = append(out, hoursLine{at, row[0], row[1]})
			}
		}
	}
	return out
}

func (r *reader) calendars(g *region) {
	list := map[string]escalation.Calendar{}
	if _, more := r.said["calendars"]; more {
		list = r.policy.Calendars
	}
	name, named := "", piece{}
	one := false // a calendar without a name
	var c escalation.Calendar
	end := func() {
		if name != "" {
			list[name] = c
		}
		name, c = "", escalation.Calendar{}
	}
	begin := func(said string, at piece) {
		end()
		name, named = said, at
		if _, twice := list[name]; twice {
			r.fail(at, rules.DuplicateName, fmt.Sprintf("there is a calendar %q already", name))
		}
		r.say("calendars", at)
		r.text.places["/calendars/"+jsontree.Key(name)] = at
	}
	for _, b := range g.blocks {
		if b.kind == heading || b.kind == title {
			begin(plain(b.text.text), b.text)
			continue
		}
		if b.kind == fence {
			r.unused(b.text, "nothing of this kind is understood in this section")
		}
		for _, line := range r.hoursLines(b) {
			l, _ := labelled(line.at, hoursLabels...)
			if l == defaultLabel {
				r.policy.Calendar = plain(line.value.text)
				r.say("calendar", line.value)
				continue
			}
			if name == "" {
				begin(officeHours, line.at)
				one = true
			}
			path := "/calendars/" + jsontree.Key(name)
			switch {
			case l == unionLabel:
				for i, member := range line.value.split(",;") {
					c.Union = append(c.Union, plain(member.text))
					r.text.places[fmt.Sprintf("%s/union/%d", path, i)] = member
				}
			case r.hours(path, &c.Hours, line.at, line.key, line.value):
			case dates(line.at) != "":
				r.dates(path, &c.Hours, line.at)
			default:
				hint := rules.Meant(fold(line.key.text), strings.Fields(strings.Join(dayNames[:], " ")))
				r.fail(line.key, rules.UnknownName, fmt.Sprintf("%q is no day and nothing else that a calendar has", plain(line.key.text)), hint)
			}
		}
	}
	end()
	_ = named
	switch {
	case len(list) > 0:
		r.policy.Calendars = list
		if _, said := r.said["calendar"]; one && !said {
			r.policy.Calendar = officeHours
			r.say("calendar", g.headText())
		}
	case saysNone(g):
		r.policy.Calendars = nil
		r.say("calendars", g.headText())
	case !g.used:
		r.nothingIn(g)
	}
}

// dates returns the date with which a line begins.
func dates(at piece) string {
	date, _ := isDate(plain(at.text))
	return date
}

// holidays reads a section of dates. They are those of the calendar by which time counts,
// or of the only one.
func (r *reader) holidays(g *region) {
	name := r.policy.Calendar
	if len(r.policy.Calendars) == 1 {
		for only := range r.policy.Calendars { // one: order does not matter
			name = only
		}
	}
	c, ok := r.policy.Calendars[name]
	for _, b := range g.blocks {
		for _, line := range r.hoursLines(b) {
			at := line.at
			if date := dates(at); date != "" {
				at = piece{at.text[:strings.Index(at.text, date)+10], at.at}
			}
			if !ok {
				r.unused(at, "no calendar says whose holiday it is")
				continue
			}
			r.say("calendars", at)
			r.dates("/calendars/"+jsontree.Key(name), &c.Hours, at)
		}
	}
	if ok {
		r.policy.Calendars[name] = c
	}
	if !g.used {
		r.nothingIn(g)
	}
}

func (r *reader) quietHours(g *region) {
	q := &escalation.QuietHours{}
	any := false
	for _, b := range g.blocks {
		for _, line := range r.hoursLines(b) {
			any = true
			l, _ := labelled(line.at, hoursLabels...)
			switch {
			case l == bypassLabel:
				q.Bypass = []string{}
				if !nothing(line.value.text) {
					for i, p := range line.value.split(",;") {
						q.Bypass = append(q.Bypass, plain(p.text))
						r.text.places[fmt.Sprintf("/quiet_hours/bypass/%d", i)] = p
					}
				}
			case r.hours("/quiet_hours", &q.Hours, line.at, line.key, line.value):
			default:
				hint := rules.Meant(fold(line.key.text), strings.Fields(strings.Join(dayNames[:], " ")))
				r.fail(line.key, rules.UnknownName, fmt.Sprintf("%q is no day and nothing else that quiet hours have", plain(line.key.text)), hint)
			}
		}
	}
	switch {
	case any:
		r.say("quiet_hours", g.headText())
		r.policy.QuietHours = q
	case saysNone(g):
		r.say("quiet_hours", g.headText())
		r.policy.QuietHours = nil
	default:
		r.nothingIn(g)
	}
}
