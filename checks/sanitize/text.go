package sanitize

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"badsig/tokens"
)

// Rules of this file:
//   - what is drawn, printed, copied, saved or logged is a Text, and every way to make one scrubs it
//   - Whole, Vouched and PrintVouched don't scrub; a test lists who may call them, and why
//   - a Text scrubbed again stays as it is

// Text has passed a scrubber. It is the only thing that badsig's exits take:
// Out, the console's canvas, the clipboard and outfile.
type Text struct{ s string }

// String is the text.
func (t Text) String() string { return t.s }

// Known removes known secrets from a string, in any form, and what has the shape
// of a secret, and the signatures of tokens.
type Known interface{ Redact(text string) string }

// Shapes is a Known that knows no secret.
type Shapes struct{ Keep []string } // words that may have a secret's shape

// Redact removes what has the shape of a secret, and signatures.
func (k Shapes) Redact(text string) string {
	return tokens.RedactSecrets(tokens.RedactTokens(text), k.Keep...)
}

func scrub(s string, known Known) string {
	if known == nil {
		known = Shapes{}
	}
	return known.Redact(strings.ToValidUTF8(s, "\uFFFD"))
}

// Printed is a string of any number of lines; every other control character is
// made visible.
func Printed(s string, known Known) Text {
	lines := strings.SplitAfter(scrub(s, known), "\n")
	for i, l := range lines {
		body, end := strings.CutSuffix(l, "\n")
		if lines[i] = tabbed(body); end {
			lines[i] += "\n"
		}
	}
	return Text{strings.Join(lines, "")}
}

// tabbed is Visible with tabs as they are.
func tabbed(s string) string {
	if strings.IndexByte(s, '\t') < 0 {
		return Visible(s)
	}
	parts := strings.Split(s, "\t")
	for i := range parts {
		parts[i] = Visible(parts[i])
	}
	return strings.Join(parts, "\t")
}

// JSON is a document, or several, in which no character acts on a terminal.
func JSON(doc []byte, known Known) Text {
	s := scrub(string(doc), known)
	if s != string(doc) && !json.Valid([]byte(s)) {
		if again, ok := scrubJSON(doc, known); ok {
			s = again
		}
	}
	for i, r := range s {
		if Acts(r) {
			return Text{s[:i] + string(AppendEscaped(nil, s[i:]))}
		}
	}
	return Text{s}
}

// scrubJSON scrubs the strings of a document one by one.
func scrubJSON(doc []byte, known Known) (string, bool) {
	d := json.NewDecoder(strings.NewReader(string(doc)))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return "", false
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(scrubStrings(v, known))
	return b.String(), err == nil
}

func scrubStrings(v any, known Known) any {
	switch v := v.(type) {
	case string:
		return scrub(v, known)
	case []any:
		for i := range v {
			v[i] = scrubStrings(v[i], known)
		}
	case map[string]any:
		m := make(map[string]any, len(v))
		for name, x := range v {
			m[scrub(name, known)] = scrubStrings(x, known)
		}
		return m
	}
	return v
}

// Acts reports whether a terminal may act on a character of a JSON document.
func Acts(r rune) bool {
	return r == 0x7f || r >= 0x80 && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r))
}

// AppendEscaped adds JSON with what acts on a terminal escaped.
func AppendEscaped(b []byte, doc string) []byte {
	for _, r := range doc {
		switch {
		case !Acts(r):
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

// Drawn is one line of a screen. Colors stay; a line in which a secret was
// found loses them, since they may be in the middle of it, and keeps its width.
func Drawn(line string, known Known) Text {
	plain, colored := withoutColors(line)
	safe := Visible(scrub(plain, known))
	if safe == plain && colored {
		return Text{line}
	}
	if n := utf8.RuneCountInString(plain) - utf8.RuneCountInString(safe); n > 0 {
		safe += strings.Repeat(" ", n)
	}
	return Text{safe}
}

// withoutColors removes the sequences that only choose colors and weights.
func withoutColors(line string) (plain string, colored bool) {
	i := strings.Index(line, "\x1b[")
	if i < 0 {
		return line, false
	}
	var b strings.Builder
	for i >= 0 {
		end := i + 2
		for end < len(line) && (line[end] >= '0' && line[end] <= '9' || line[end] == ';' || line[end] == ':') {
			end++
		}
		if b.WriteString(line[:i]); end < len(line) && line[end] == 'm' {
			end++
		} else {
			b.WriteString(line[i:end])
		}
		line = line[end:]
		i = strings.Index(line, "\x1b[")
	}
	return b.String() + line, true
}

// Whole is a token that the user requested: mint's, and the one that is copied.
func Whole(token string) Text { return Text{token} }

// Vouched is a string whose parts were scrubbed where they were put together.
func Vouched(s string) Text { return Text{s} }

// Out is a stream of the process.
type Out struct{ w io.Writer }

// To is the Out that writes to w.
func To(w io.Writer) Out { return Out{w} }

// PrintVouched prints what Vouched would make a string of, without a copy of it: a list
// has millions of lines.
func PrintVouched(o Out, b []byte) error {
	_, err := o.w.Write(b)
	return err
}

// Print writes a string.
//
//go:noinline
func (o Out) Print(t Text) error {
	_, err := io.WriteString(o.w, t.s)
	return err
}

// Rewind goes back to the first column of a terminal's line.
func (o Out) Rewind() { _, _ = io.WriteString(o.w, "\r") }

// File is the file that an Out writes to, for questions about it; nil for another writer.
func (o Out) File() *os.File {
	f, _ := o.w.(*os.File)
	return f
}

// Lines is a writer whose writes are printed: for what knows writers only.
func (o Out) Lines(known Known) io.Writer { return lines{o, known} }

type lines struct {
	out   Out
	known Known
}

func (l lines) Write(p []byte) (int, error) {
	if err := l.out.Print(Printed(string(p), l.known)); err != nil {
		return 0, err
	}
	return len(p), nil
}
