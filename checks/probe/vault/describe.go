package vault

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/names"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// Rules of this file:
//   - Key is filled only with what cannot be a secret: a string of a key's shape that is called a key, or a placeholder
//   - blemishes are what no Stream key or secret has; on another secret only what is never wanted there counts
//   - cleaning removes and never guesses: what is left may still be wrong

// describe fills what AddValue promises from the raw bytes, and gives the
// bytes without their blemishes.
func describe(v *facts.Value, raw []byte) []byte {
	s := tokens.NewSecret(raw)
	v.Length, v.Fingerprint, v.Empty = s.Len(), s.Fingerprint(), len(raw) == 0
	clean, blemishes := CleanValue(raw, v.What)
	v.Blemishes = blemishes
	v.Clean = tokens.NewSecret(clean).Fingerprint()
	is, shown := names.Placeholder(string(raw))
	v.Placeholder = is
	switch {
	case is && shown:
		v.Key = sanitize.VisibleBlanks(string(raw))
	case v.What != facts.WhatKey:
	case tokens.APIKey(raw).WellFormed():
		v.Key = string(raw)
	case tokens.APIKey(clean).WellFormed() && len(raw) <= 2*len(clean)+8:
		v.Key = sanitize.VisibleBlanks(string(raw))
	}
	return clean
}

// CleanValue removes what is around or in a value and does not belong
// to it, and names each such thing once, in the order found.
func CleanValue(raw []byte, what string) (clean []byte, blemishes []string) {
	note := func(b string) {
		if !slices.Contains(blemishes, b) {
			blemishes = append(blemishes, b)
		}
	}
	b := dropUnseen(raw, note)
	for range 8 { // quotes in quotes, a name before a quoted value …
		before := len(b)
		b = dropEnds(b, note)
		b = dropOwnName(b, what, note)
		b = dropJSON(b, what, note)
		if len(b) == before {
			break
		}
	}
	if what != facts.WhatKey && what != facts.WhatSecret {
		return b, blemishes
	}
	if bytes.HasPrefix(b, []byte("encrypted:")) { // by dotenvx: nothing in it is the value
		note("encrypted")
		return b, blemishes
	}
	if in := dropInner(b); len(in) != len(b) {
		note("inner-space")
		b = in
	}
	fits := func(b []byte) bool {
		if what == facts.WhatKey {
			return tokens.APIKey(b).WellFormed()
		}
		return tokens.NewSecret(b).WellFormed()
	}
	if is, _ := names.Placeholder(string(raw)); len(b) == 0 || is {
		return b, blemishes
	}
	if low := bytes.ToLower(b); !bytes.Equal(low, b) {
		note("upper-case")
		if fits(low) {
			b = low
		}
	}
	if h := len(b) / 2; what == facts.WhatSecret && len(b) == 128 && bytes.Equal(b[:h], b[h:]) {
		note("doubled") // pasted twice
		b = b[:h]
	}
	if !fits(b) {
		if what == facts.WhatKey {
			note("not-key-shape")
		} else if len(b) != 64 {
			note("not-64")
		}
	}
	return b, blemishes
}

func dropUnseen(raw []byte, note func(string)) []byte {
	if !affix.Any(raw, func(c byte) bool { return c < ' ' || c >= 0x7F }) {
		return raw
	}
	var out []byte
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRune(raw[i:])
		if name := tokens.Unseen(r); name != "" {
			note(name)
		} else {
			out = append(out, raw[i:i+n]...)
		}
		i += n
	}
	return out
}

// dropEnds removes one layer of spaces, quotes, semicolons and commas.
func dropEnds(b []byte, note func(string)) []byte {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		name := blank(r)
		if name == "" {
			break
		}
		if name == "space" {
			name = "leading-space"
		}
		note(name)
		b = b[n:]
	}
	for len(b) > 0 {
		r, n := utf8.DecodeLastRune(b)
		name := blank(r)
		switch {
		case name == "space":
			name = "trailing-space"
		case r == ';':
			name = "semicolon"
		case r == ',':
			name = "comma"
		}
		if name == "" {
			break
		}
		note(name)
		b = b[:len(b)-n]
	}
	first, n := utf8.DecodeRune(b)
	last, m := utf8.DecodeLastRune(b)
	opens, closes := quoteKind(first), quoteKind(last)
	switch {
	case len(b) == 0:
	case opens != "" && closes != "" && len(b) >= n+m:
		note(opens)
		b = b[n : len(b)-m]
	case opens != "":
		note(opens)
		b = b[n:]
	case closes != "":
		note(closes)
		b = b[:len(b)-m]
	}
	return b
}

func blank(r rune) string {
	switch {
	case r == '\n':
		return "newline"
	case r == '\r':
		return "carriage-return"
	case r == '\t':
		return "tab"
	case unicode.IsSpace(r):
		return "space"
	}
	return ""
}

func quoteKind(r rune) string {
	switch r {
	case '"', '\'':
		return "quotes"
	case '`':
		return "backticks"
	case '“', '”', '„', '‘', '’', '‚', '«', '»', '‹', '›', '＂', '＇':
		return "smart-quotes"
	}
	return ""
}

// dropOwnName removes "STREAM_API_SECRET=" before a value.
func dropOwnName(b []byte, what string, note func(string)) []byte {
	i := bytes.IndexAny(b, "=:")
	if i <= 0 || i > 60 || i == len(b)-1 {
		return b
	}
	name := strings.TrimSpace(affix.TrimPrefix(string(b[:i]), "export "))
	if c := names.Classify(name); c.What == "" || c.What == facts.WhatOther && what != facts.WhatOther {
		return b
	}
	note("own-name")
	return b[i+1:]
}

func dropInner(b []byte) []byte {
	if bytes.IndexFunc(b, unicode.IsSpace) < 0 {
		return b
	}
	return bytes.Join(bytes.Fields(b), nil)
}

// dropJSON removes the object in which a secret manager returns a value:
// {"STREAM_API_SECRET":"…"}.
func dropJSON(b []byte, what string, note func(string)) []byte {
	var fields map[string]any
	if len(b) < 8 || b[0] != '{' || json.Unmarshal(b, &fields) != nil {
		return b
	}
	only := ""
	for name, v := range fields {
		if s, ok := v.(string); ok && names.Classify(name).What == what && s != "" {
			if only != "" {
				return b
			}
			only = s
		}
	}
	if only == "" {
		return b
	}
	note("json")
	return []byte(only)
}
