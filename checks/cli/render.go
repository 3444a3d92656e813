package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"badsig/checks/affix"
	"badsig/checks/inspect"
	"badsig/checks/sanitize"
)

// renderJSON is one JSON object a line, in which no character acts on a
// terminal: a token's claims are given exactly, and encoding/json escapes no
// control beyond ASCII's.
func renderJSON(b []byte, _ int, f *inspect.Finding) []byte {
	if b, ok := appendFinding(b, f); ok {
		return b
	}
	buf := bytes.NewBuffer(b)
	e := json.NewEncoder(buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(f); err != nil { // every field is plain data
		return append(b, `{"kind":"unknown","is":"a finding that can't be written","says":[]}`+"\n"...)
	}
	whole := buf.Bytes()
	for i := len(b); i < len(whole); {
		if whole[i] < 0x7f {
			i++
			continue
		}
		r, n := utf8.DecodeRune(whole[i:])
		if sanitize.Acts(r) {
			return sanitize.AppendEscaped(whole[:i], string(whole[i:]))
		}
		i += n
	}
	return whole
}

// renderText is a finding for a person.
func renderText(b []byte, _ int, f *inspect.Finding) []byte {
	b = append(b, f.Is...)
	b = append(b, '\n')
	for _, s := range f.Says {
		b = append(b, "  "...)
		b = append(b, s...)
		b = append(b, '\n')
	}
	if f.Token != nil && len(f.Token.Claims) > 0 {
		b = appendJSON(append(b, "  header  "...), f.Token.Header)
		b = appendJSON(append(b, "  claims  "...), f.Token.Claims)
	}
	if f.Cause != "" {
		b = append(b, "  more: badsig explain "+string(f.Cause)+"\n"...)
	}
	return b
}

func appendJSON(b []byte, m map[string]any) []byte {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	_ = e.Encode(m)
	return append(b, sanitize.Visible(affix.TrimSuffix(buf.String(), "\n"))+"\n"...)
}

// renderLine is a finding in one line of a list.
func renderLine(b []byte, n int, f *inspect.Finding) []byte {
	b = fmt.Appendf(b, "%d  %s  %s", n, f.Verdict, f.Is)
	if f.UserID != "" {
		b = append(b, " for "+f.UserID...)
	}
	if f.Error != nil && f.Error.Code != 0 {
		b = fmt.Appendf(b, ": code %d", f.Error.Code)
	}
	if f.Token != nil && f.Token.SignedBy != "" {
		b = append(b, ", signed by "+f.Token.SignedBy...)
	}
	if f.Stream != nil && f.Stream.Status != 200 {
		b = fmt.Appendf(b, ", Stream returns code %d", f.Stream.Code)
	}
	if f.Cause != "" {
		b = append(b, ", "+string(f.Cause)...)
	}
	return append(b, '\n')
}
