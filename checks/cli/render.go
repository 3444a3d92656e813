package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

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
		if acts(r) {
			return appendPlain(whole[:i], bytes.Clone(whole[i:]))
		}
		i += n
	}
	return whole
}

// acts reports whether a terminal may act on a character.
func acts(r rune) bool {
	return r == 0x7f || r >= 0x80 && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r))
}

// appendPlain adds JSON with what acts on a terminal escaped.
func appendPlain(b, doc []byte) []byte {
	for _, r := range string(doc) {
		switch {
		case !acts(r):
			b = utf8.AppendRune(b, r)
		case r > 0xffff:
			hi, lo := utf16.EncodeRune(r)
			b = fmt.Appendf(b, `\u%04x\u%04x`, hi, lo)
		default:
			b = fmt.Appendf(b, `\u%04x`, r)
		}
	}
	return b
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
	return append(b, sanitize.Visible(strings.TrimSuffix(buf.String(), "\n"))+"\n"...)
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
