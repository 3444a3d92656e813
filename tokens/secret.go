package tokens

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Rules of this file:
//   - the bytes of a Secret leave it only as an HMAC or as a fingerprint, and, by AppendTo, into the file that is to have it
//   - every way to format a Secret (any verb, JSON, text, slog, a panic) prints its length and fingerprint
//   - an APIKey is public (it's in every browser request), but a value is an APIKey only if it looks like one

// APIKey is a Stream API key: public, 12 characters of [a-z0-9] in every key
// seen (stream-cli accepts 10 to 30).
type APIKey string

// Masked returns the key's first and last four characters, as in "jx3v…qzp3"; a
// key of fewer than ten characters isn't shortened.
func (k APIKey) Masked() string {
	if utf8.RuneCountInString(string(k)) < 10 {
		return string(k)
	}
	r := []rune(string(k))
	return string(r[:4]) + "…" + string(r[len(r)-4:])
}

// WellFormed reports whether the key looks like a Stream key: 10 to 30 characters
// of [a-z0-9] (source: stream-cli's validator).
//
//go:noinline
func (k APIKey) WellFormed() bool {
	if len(k) < 10 || len(k) > 30 {
		return false
	}
	for i := range len(k) {
		if c := k[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// Secret is an app's API secret. Stream uses its UTF-8 bytes as the HMAC key,
// without decoding them (source: the official SDKs). No formatting returns the
// bytes, and no method but AppendTo.
type Secret struct{ p *secretBytes }

// secretBytes is after a pointer, and the bytes after another, so that
// reflection-driven printers that reach unexported fields (%v of an enclosing
// struct, a panic's arguments) show an address and not the bytes. One pointer
// isn't enough: a verb that doesn't fit, such as %s, makes fmt follow it.
type secretBytes struct{ b *[]byte }

// NewSecret keeps a copy of b. An empty slice returns the zero Secret.
//
//go:noinline
func NewSecret(b []byte) Secret {
	if len(b) == 0 {
		return Secret{}
	}
	b = bytes.Clone(b)
	return Secret{&secretBytes{&b}}
}

func (s Secret) bytes() []byte {
	if s.p == nil {
		return nil
	}
	return *s.p.b
}

// IsZero reports whether there is no secret: missing and empty are the same.
//
//go:noinline
func (s Secret) IsZero() bool { return len(s.bytes()) == 0 }

// Len is the length in bytes.
//
//go:noinline
func (s Secret) Len() int { return len(s.bytes()) }

// Fingerprint is the first 8 hex digits of the secret's SHA-256, "" for none.
func (s Secret) Fingerprint() string {
	if s.IsZero() {
		return ""
	}
	h := sha256.Sum256(s.bytes())
	return hex.EncodeToString(h[:4])
}

// Equal compares the bytes.
//
//go:noinline
func (s Secret) Equal(o Secret) bool { return bytes.Equal(s.bytes(), o.bytes()) }

// WellFormed reports whether the secret looks like every known Stream secret: 64
// characters of [a-z0-9] (source: GitGuardian's detector). One that doesn't was
// probably altered, but that alone proves nothing.
func (s Secret) WellFormed() bool {
	if s.Len() != 64 {
		return false
	}
	for _, c := range s.bytes() {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// In reports whether text contains the secret's bytes; false for secrets of fewer
// than 6 bytes, which any text may contain by chance.
func (s Secret) In(text []byte) bool { return s.Len() >= 6 && bytes.Contains(text, s.bytes()) }

// InText is In for a string. It looks for the secret's first bytes before it copies any.
func (s Secret) InText(text string) bool {
	return s.Len() >= 6 && s.begunIn(text) && strings.Contains(text, string(s.bytes()))
}

// Holds reports whether a string is a part of the secret.
func (s Secret) Holds(text string) bool { return bytes.Contains(s.bytes(), []byte(text)) }

// AppendTo appends the secret's bytes to what a file is to contain. Nothing else
// may be done with them.
func (s Secret) AppendTo(b []byte) []byte { return append(b, s.bytes()...) }

// Redact replaces the secret everywhere in text with its String, and its beginning
// at the end of the text, if the text was cut there.
func (s Secret) Redact(text string) string {
	if s.Len() < 6 || !s.begunIn(text) {
		return text
	}
	out := bytes.ReplaceAll([]byte(text), s.bytes(), []byte(s.String()))
	for n := min(s.Len()-1, len(out)); n >= cutShown && s.Len() >= 2*cutShown; n-- {
		if bytes.HasSuffix(out, s.bytes()[:n]) {
			return string(out[:len(out)-n]) + "…"
		}
	}
	return string(out)
}

// RedactWord is Redact for a secret that may be a word: one in a name (STREAM_API_SECRET), a path or a file's name isn't it.
func (s Secret) RedactWord(text string) string {
	if s.Len() >= 12 || strings.Trim(strings.ToLower(string(s.bytes())), "abcdefghijklmnopqrstuvwxyz") != "" {
		return s.Redact(text)
	}
	if s.Len() < 6 {
		return text
	}
	joins := func(c byte) bool {
		return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '/'
	}
	var b strings.Builder
	word, from := string(s.bytes()), 0
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return b.String() + text[from:]
		}
		i += at
		at = i + len(word)
		if i > 0 && joins(text[i-1]) || at < len(text) && joins(text[at]) || at+1 < len(text) && text[at] == '.' && joins(text[at+1]) {
			continue
		}
		b.WriteString(text[from:i] + s.String())
		from = at
	}
}

// begunIn reports whether a string contains the secret or ends with its beginning,
// or may: nearly all strings contain none of many secrets, so this must be cheap.
func (s Secret) begunIn(text string) bool {
	if s.Len() < 2*cutShown {
		return strings.Contains(text, string(s.bytes()))
	}
	return strings.Contains(text, string(s.bytes()[:cutShown]))
}

// cutShown is how many first characters of a secret may also begin other words.
const cutShown = 8

// String returns "64 chars #9f3a21cc", or "none".
func (s Secret) String() string {
	if s.IsZero() {
		return "none"
	}
	return fmt.Sprintf("%d chars #%s", utf8.RuneCount(s.bytes()), s.Fingerprint())
}

// Format implements [fmt.Formatter]: every verb prints String.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// GoString prints String.
func (s Secret) GoString() string { return s.String() }

// MarshalText returns String, so that JSON, YAML and flags do, too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
