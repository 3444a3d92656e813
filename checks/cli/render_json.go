package cli

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/inspect"
	"badsig/checks/sanitize"
)

// Rules of this file:
//   - it writes what encoding/json writes, byte for byte, and faster; what it doesn't know it leaves to encoding/json

// appendFinding appends a finding of a plain token as JSON; ok is false for any
// other, and then nothing was appended.
func appendFinding(b []byte, f *inspect.Finding) (_ []byte, ok bool) {
	start := len(b)
	if f.Error != nil || f.Token == nil || len(f.Token.Flaws) > 0 {
		return b, false
	}
	b = appendText(append(b, `{"kind":`...), string(f.Kind))
	b = appendText(append(b, `,"is":`...), f.Is)
	for _, o := range [...]struct{ name, value string }{{`,"key":`, f.Key}, {`,"userId":`, f.UserID}, {`,"userName":`, f.UserName}, {`,"url":`, f.URL}, {`,"method":`, f.Method}} {
		if o.value != "" {
			b = appendText(append(b, o.name...), o.value)
		}
	}
	b = appendText(append(b, `,"verdict":`...), f.Verdict)
	b = appendText(append(b, `,"token":{"shown":`...), f.Token.Shown)
	b = append(b, `,"header":`...)
	if b, ok = appendMap(b, f.Token.Header); !ok {
		return b[:start], false
	}
	b = append(b, `,"claims":`...)
	if b, ok = appendMap(b, f.Token.Claims); !ok {
		return b[:start], false
	}
	b = appendText(append(b, `,"signedBy":`...), f.Token.SignedBy)
	b = strconv.AppendInt(append(b, `,"tried":`...), int64(f.Token.Tried), 10)
	b = append(b, '}')
	if s := f.Stream; s != nil {
		b = strconv.AppendInt(append(b, `,"stream":{"status":`...), int64(s.Status), 10)
		b = strconv.AppendInt(append(b, `,"code":`...), int64(s.Code), 10)
		b = appendText(append(b, `,"message":`...), s.Message)
		b = appendText(append(b, `,"source":`...), s.Source)
		b = append(b, '}')
	}
	b = append(b, `,"says":[`...)
	for i, s := range f.Says {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, s)
	}
	b = append(b, ']')
	if f.Cause != "" {
		b = appendText(append(b, `,"cause":`...), string(f.Cause))
	}
	return append(b, "}\n"...), true
}

// appendMap appends a flat object of strings, numbers and booleans.
func appendMap(b []byte, m map[string]any) ([]byte, bool) {
	var room [8]string
	names := room[:0]
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	b = append(b, '{')
	for i, n := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendText(b, n), ':')
		switch v := m[n].(type) {
		case string:
			b = appendText(b, v)
		case json.Number:
			if strings.Trim(string(v), "0123456789") != "" || v == "" || len(v) > 1 && v[0] == '0' {
				return b, false
			}
			b = append(b, v...)
		case bool:
			b = strconv.AppendBool(b, v)
		default:
			return b, false
		}
	}
	return append(b, '}'), true
}

// appendText appends a JSON string.
func appendText(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch {
		case plainInJSON[s[i]]:
		case affix.HasPrefix(s[i:], "…"): // which ends every token that is shown
			i += len("…") - 1
		default:
			return appendOddText(b, s)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// plainInJSON are the characters that a string of JSON has as they are.
var plainInJSON = func() (t [256]bool) {
	for c := ' '; c < 0x7f; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// appendOddText is appendText for what has to be escaped.
func appendOddText(b []byte, s string) []byte {
	var buf strings.Builder
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string can be encoded
	text := affix.TrimSuffix(buf.String(), "\n")
	for i := range len(text) {
		if text[i] >= 0x7f {
			return sanitize.AppendEscaped(b, text)
		}
	}
	return append(b, text...)
}
