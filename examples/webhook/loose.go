package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A document is one JSON value of a file, with the first level taken apart: its
// keys say what it is.
type document struct {
	file string
	from string // the file, and which item of its list; for messages
	raw  json.RawMessage
	keys keys // nil: not an object
}

func newDocument(file, item string, raw json.RawMessage) document {
	return document{file, file + item, raw, object(raw)}
}

// keys are the members of a JSON object, not yet read.
type keys map[string]json.RawMessage

// object takes an object apart; nil if the value is none.
func object(raw json.RawMessage) keys {
	var k keys
	if kindOf(raw) != '{' || json.Unmarshal(raw, &k) != nil {
		return nil
	}
	return k
}

// any reports whether at least one of the names is there, be it null.
func (k keys) any(names ...string) bool {
	for _, name := range names {
		if _, ok := k[name]; ok {
			return true
		}
	}
	return false
}

// within returns the object under a name, or k itself: APIs wrap what webhooks
// send bare, and the other way round.
func (k keys) within(name string) keys {
	if inner := object(k[name]); inner != nil {
		return inner
	}
	return k
}

// kindOf returns the first character of a value, which tells its kind; digits and
// the minus sign are '0'. 0: there is no value.
func kindOf(raw json.RawMessage) byte {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	switch {
	case len(raw) == 0:
		return 0
	case raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9':
		return '0'
	}
	return raw[0]
}

func kindName(raw json.RawMessage) string {
	switch kindOf(raw) {
	case '{':
		return "object"
	case '[':
		return "list"
	case '"':
		return "text"
	case '0':
		return "number"
	case 'n':
		return "null"
	}
	return "truth value"
}

// decode reads a value into a struct. What has an unexpected kind is left empty
// and told of in the notes: one odd field must not cost the whole ticket.
func decode(raw json.RawMessage, into any) (notes []string) {
	if odd, ok := errors.AsType[*json.UnmarshalTypeError](json.Unmarshal(raw, into)); ok {
		return []string{fmt.Sprintf("%s holds a %s where something else belongs; it is passed over", odd.Field, odd.Value)}
	}
	return nil
}

// text is a text, or a number or truth value as it was written: ids are numbers
// in one helpdesk, text in the next, and larger than a float64 holds. All else
// (null, lists, objects) is no text.
type text string

func (t *text) UnmarshalJSON(src []byte) error {
	*t = ""
	switch kindOf(src) {
	case '"':
		var s string
		if json.Unmarshal(src, &s) == nil {
			*t = text(s)
		}
	case '0', 't', 'f':
		*t = text(src)
	}
	return nil
}

func texts(list []text) []string {
	var out []string
	for _, t := range list {
		if t != "" {
			out = append(out, string(t))
		}
	}
	return out
}

// instant is a time; null, an empty text and whatever is no time are none.
type instant struct{ time.Time }

func (i *instant) UnmarshalJSON(src []byte) error {
	var s text
	_ = s.UnmarshalJSON(src) // never fails
	i.Time = time.Time{}
	if t, err := time.Parse(time.RFC3339, strings.TrimSpace(string(s))); err == nil {
		if year := t.UTC().Year(); year > 0 && year < 9999 { // others cannot be written as JSON again, or not their morrow
			i.Time = t.UTC()
		}
	}
	return nil
}

// truth is a truth value that may be missing.
type truth struct{ known, value bool }

func (f *truth) UnmarshalJSON(src []byte) error {
	var s text
	_ = s.UnmarshalJSON(src) // never fails
	value, err := strconv.ParseBool(string(s))
	*f = truth{err == nil, value}
	return nil
}

// inner is the value under a name if that is an object, else the whole document.
func inner(doc document, name string) json.RawMessage {
	if raw := doc.keys[name]; kindOf(raw) == '{' {
		return raw
	}
	return doc.raw
}
