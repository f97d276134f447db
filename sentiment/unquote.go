package sentiment

import "strings"

// Unquote returns the text as the sender wrote it: quoted lines ("> …"), the line that announces them ("On … wrote:", "Le … a écrit :"),
// and everything below an "-----Original Message-----" or a block of mail headers ("From: … Sent: …") are blanked out. Each byte taken out becomes
// a space and newlines stay, so that offsets into the result are offsets into text. When nothing is quoted it returns text itself.
func Unquote(text string) string {
	b := blanks{text: text}
	for start := 0; start < len(text); {
		end := lineEnd(text, start)
		line := strings.TrimSpace(text[start:end])
		switch {
		case line == "":
		case line[0] == '>':
			b.blank(start, end)
		case separates(line), heads(text, start, line):
			b.blank(start, len(text))
			end = len(text)
		case attributes(line):
			if n := attribution(text, start); n > 0 {
				end = start + n
				if !quoteFollows(text, end) {
					end = len(text) // the whole mail below, without marks
				}
				b.blank(start, end)
			}
		}
		start = end + 1
	}
	return b.String()
}

// blanks is a text in which spans are replaced by spaces. It costs nothing until the first.
type blanks struct {
	text string
	out  []byte
}

func (b *blanks) blank(start, end int) {
	if b.out == nil {
		b.out = []byte(b.text)
	}
	for i := start; i < end; i++ {
		if b.out[i] != '\n' && b.out[i] != '\r' {
			b.out[i] = ' '
		}
	}
}

func (b *blanks) String() string {
	if b.out == nil {
		return b.text
	}
	return string(b.out)
}

func lineEnd(text string, start int) int {
	if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
		return start + n
	}
	return len(text)
}

// hasFold is HasPrefix without regard to the case of ASCII letters.
func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// separates reports whether line is "-----Original Message-----", in the words of the mail programs of the day.
func separates(line string) bool {
	if line[0] != '-' || !strings.HasPrefix(line, "--") {
		return false
	}
	switch words := strings.Trim(line, "-! "); {
	case strings.EqualFold(words, "original message"), strings.EqualFold(words, "message d'origine"),
		strings.EqualFold(words, "message d’origine"), strings.EqualFold(words, "message original"):
		return true
	}
	return false
}

// heads reports whether line is the first of a block of mail headers: From, and soon Sent or Date.
func heads(text string, start int, line string) bool {
	if !header(line, "From") && !header(line, "De") {
		return false
	}
	for range 4 {
		start = lineEnd(text, start) + 1
		if start >= len(text) {
			return false
		}
		next := strings.TrimSpace(text[start:lineEnd(text, start)])
		for _, sent := range [...]string{"Sent", "Date", "Envoyé"} {
			if header(next, sent) {
				return true
			}
		}
	}
	return false
}

// header reports whether line is a mail header: "From:", "*From:*", and "De :" with any blank.
func header(line, name string) bool {
	line = strings.TrimPrefix(line, "*")
	return hasFold(line, name) && strings.HasPrefix(strings.TrimLeft(line[len(name):], " *\u00a0\u202f"), ":")
}

// attributes reports whether line may begin an attribution.
func attributes(line string) bool { return hasFold(line, "On ") || hasFold(line, "Le ") }

// attribution returns the length of the "On 3 May 2026 at 10:12, Anna <anna@example.com> wrote:" at start, which mail programs wrap, or 0.
// Without a date and a time or an address it is a sentence that somebody wrote: "On Monday your colleague wrote:" is part of a complaint.
func attribution(text string, start int) int {
	end := start - 1
	for range 3 {
		if end >= len(text) {
			return 0
		}
		end = lineEnd(text, end+1)
		if end-start > 400 {
			return 0
		}
		line := strings.TrimRight(text[start:end], " \t\r!")
		if !strings.HasSuffix(line, ":") {
			continue
		}
		line = strings.TrimRight(strings.TrimSuffix(line, ":"), " \u00a0\u202f")
		if !strings.HasSuffix(line, "wrote") && !strings.HasSuffix(line, "a écrit") {
			return 0
		}
		if strings.ContainsAny(line, "0123456789") && strings.ContainsAny(line, ":@") {
			return end - start
		}
		return 0
	}
	return 0
}

// quoteFollows reports whether the next line with anything on it is marked as quoted.
func quoteFollows(text string, at int) bool {
	return strings.HasPrefix(strings.TrimLeft(text[at:], " \t\r\n"), ">")
}

// setAside blanks out what a message carries besides its prose: code, logs, and the signature.
func (l *Lexicon) setAside(text string) string {
	b := blanks{text: text}
	fenced := false
	for start := 0; start < len(text); {
		end := lineEnd(text, start)
		line := strings.TrimSpace(text[start:end])
		fence := strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~")
		switch {
		case fence:
			fenced = !fenced
			b.blank(start, end)
		case fenced || logged(line):
			b.blank(start, end)
		default:
			inlineCode(&b, start, end)
		}
		start = end + 1
	}
	if start := l.signature(text); start < len(text) {
		b.blank(start, len(text))
	}
	return b.String()
}

// inlineCode blanks out `code` within a line.
func inlineCode(b *blanks, start, end int) {
	for start < end {
		open := strings.IndexByte(b.text[start:end], '`')
		if open < 0 {
			return
		}
		open += start
		size := strings.IndexByte(b.text[open+1:end], '`')
		if size < 0 {
			return
		}
		start = open + size + 2
		b.blank(open, start)
	}
}

// logged reports whether a program wrote the line.
func logged(line string) bool {
	if line == "" {
		return false
	}
	switch c := line[0]; {
	case isDigit(c) || c == '[':
		for _, level := range [...]string{"ERROR", "WARN", "INFO", "DEBUG", "FATAL", "TRACE", "CRITICAL"} {
			if strings.Contains(line, level) {
				return strings.Count(line, ":") >= 2 // and the time of day
			}
		}
	case c == 'a':
		return strings.HasPrefix(line, "at ") && strings.HasSuffix(line, ")") && strings.Contains(line, ".")
	case c == 'F':
		return strings.HasPrefix(line, `File "`)
	case c == 'T':
		return strings.HasPrefix(line, "Traceback (most recent")
	case c == 'C':
		return strings.HasPrefix(line, "Caused by: ") && strings.Contains(line, ".")
	case c == '$':
		return strings.HasPrefix(line, "$ ")
	}
	return false
}

// signature returns where the closing line and the signature below it begin; len(text) when there is none.
//
// Below the closing stand a name, a title, a company, a telephone number. A line that speaks ("See you in court") is not part of a
// signature, whatever stands above it.
func (l *Lexicon) signature(text string) int {
	found := len(text)
	end := len(strings.TrimRight(text, " \t\r\n"))
	for lines := 0; lines < 8 && end > 0; lines++ {
		start := strings.LastIndexByte(text[:end], '\n') + 1
		line := strings.TrimSpace(text[start:end])
		switch {
		case line == "":
			lines--
		case line == "--" || l.closes(line):
			if lines > 0 {
				found = start
			}
		case hasFold(line, "Have a ") || hasFold(line, "Sent from ") || hasFold(line, "Envoyé de") || hasFold(line, "Obtenir ") || hasFold(line, "Télécharge"):
		case len(line) > 80 || l.speaks(line):
			return found
		}
		end = start - 1
	}
	return found
}

func (l *Lexicon) closes(line string) bool {
	line = strings.TrimRight(line, " ,.!-\u00a0\u202f")
	if len(line) > 160 {
		return false
	}
	for _, c := range l.closings {
		end, open := strings.CutPrefix(c, "… ")
		if strings.EqualFold(line, end) || open && len(line) > len(end) && strings.EqualFold(line[len(line)-len(end):], end) {
			return true
		}
	}
	return false
}

func (l *Lexicon) speaks(line string) bool {
	line = strings.ReplaceAll(line, "’", "'")
	for word := range strings.FieldsSeq(line) {
		word = strings.TrimRight(word, ".,!?;:")
		for _, s := range l.speech {
			if strings.EqualFold(word, s) {
				return true
			}
		}
	}
	return false
}
