// Package inspect says what a pasted string is: a token, a header, Stream's
// error, a WebSocket URL, a copied cURL command, a token endpoint's response, a
// key. It extracts what can be used, and leaves the judging of tokens to
// package tokens. The command line and the console use the same function.
package inspect

import (
	"net/http"
	"strings"
	"unicode"

	"badsig/checks/affix"
	"badsig/checks/inspect/dress"
	"badsig/checks/inspect/plain"
	"badsig/checks/loopback"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// Rules of this package:
//   - any text of any size gets a sentence; nothing fails, and what is read is bounded
//   - what is shown of a string went through probe.Shown or probe.Visible; a token shows without its signature
//   - a string with the shape of a secret is named and never repeated

// Kind says what a string is.
type Kind string

// The kinds, from the surest to the last resort.
const (
	KindToken     Kind = "token"
	KindBearer    Kind = "bearer"        // Bearer eyJ…
	KindHeader    Kind = "header"        // Authorization: eyJ…
	KindError     Kind = "stream-error"  // Stream's refusal, in any of its shapes
	KindWebSocket Kind = "websocket-url" // wss://…/connect?api_key=…&authorization=…
	KindURL       Kind = "url"           // any other http or https URL
	KindCurl      Kind = "curl"          // a copied cURL command
	KindAnswer    Kind = "answer"        // the JSON of a token endpoint
	KindKey       Kind = "api-key"
	KindSecret    Kind = "secret"        // has a secret's shape: named, never shown
	KindLocal     Kind = "sdk-error"     // an SDK stopped before it contacted Stream
	KindRelated   Kind = "related-error" // of a library, a browser or the backend, on a token's way
	KindHealthy   Kind = "connected"     // Stream's first message after it accepted a token
	KindClaims    Kind = "claims"        // a token's payload, decoded
	KindNothing   Kind = "nothing"
	KindUnknown   Kind = "unknown"
)

// maxText bounds how much of one text is looked at.
const maxText = 16 << 20

// Inspection is what a string turned out to be and what is in it.
type Inspection struct {
	Kind Kind   `json:"kind"`
	Is   string `json:"is"` // "a token", "a copied cURL command with a token"

	Key      string              `json:"key,omitempty"` // the API key inside; the one that a signature error quotes
	UserID   string              `json:"userId,omitempty"`
	UserName string              `json:"userName,omitempty"`
	URL      string              `json:"url,omitempty"` // requested, without its query
	Method   string              `json:"method,omitempty"`
	Error    *tokens.StreamError `json:"error,omitempty"` // Stream's refusal
	Fields   []string            `json:"-"`               // names of a response's fields, or of a JSON text's

	Header http.Header `json:"-"` // of a cURL command; may hold a login, so it is never printed

	token string // as it was carried, still wrapped; "" for none
	ask   string // the whole URL of a cURL command or a URL
	body  string // what a cURL command sends

	session  bool           // the request logs in to one's own backend
	connects bool           // UserID is the user who connects to Stream
	refusal  *dress.Refusal // Stream's error, with who printed it
	related  []found        // strings on a token's way that aren't Stream's
	port     string         // that such a string names
	secret   tokens.Secret  // that was pasted
	remains  *remains       // of a token that lost its beginning
	number   int            // a code with nothing beside it
}

// Token is the token as the text carries it, with its surroundings
// (quotes, Bearer); "" where there is none.
func (i *Inspection) Token() string { return i.token }

// Endpoint is the whole URL of a request to a token endpoint; "" for requests
// to Stream itself and where there is none.
func (i *Inspection) Endpoint() string {
	if i.ask == "" || i.Kind == KindWebSocket || loopback.StreamHost(i.ask) {
		return ""
	}
	return i.ask
}

// DashboardKey is the key of a string that may be taken for the dashboard's: one
// that was pasted alone or with its secret. An error, an address or a response
// has the client's key, which is one side of a comparison.
func (i *Inspection) DashboardKey() tokens.APIKey {
	if i.Kind == KindKey || i.Kind == KindSecret {
		return tokens.APIKey(i.Key)
	}
	return ""
}

// BrowserKey is the key that the browser sent to Stream, as Stream's error or a
// request to Stream quotes it; "" for none.
func (i *Inspection) BrowserKey() tokens.APIKey {
	key := ""
	switch {
	case i.refusal != nil && affix.Contains(i.refusal.Sdk, "Python"): // a server's
	case i.Error != nil:
		key = i.Error.Key
	case i.Kind == KindWebSocket || i.Kind == KindCurl || i.Kind == KindURL:
		key = i.Key
	}
	if k := tokens.APIKey(key); k.WellFormed() {
		return k
	}
	return ""
}

// NeedsProject reports whether a project's keys and secrets have something to
// say about the text, or what is repeated of it may hold a part of a secret.
func (i *Inspection) NeedsProject() bool {
	if i.token != "" || i.Key != "" || !i.secret.IsZero() || i.remains != nil {
		return true
	}
	said := append([]string{i.UserID, i.UserName, i.URL, i.Method}, i.Fields...)
	if e := i.Error; e != nil {
		said = append(said, e.Message, e.Key, e.Operation)
	}
	if i.refusal != nil {
		said = append(said, i.refusal.Also...)
	}
	return affix.Any(said, mayHoldSecret)
}

// mayHoldSecret reports whether a string can hold twelve characters in a row of a
// secret, in any form: a long word, or as many digits, as hex with spaces has.
func mayHoldSecret(s string) bool {
	run, numbers := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case plain.Digit(c):
			numbers++
			run++
		case plain.Letter(c) || c >= 0x7f || c < ' ' || strings.IndexByte(`%&#;\`, c) >= 0:
			run++
		default:
			run = 0
		}
		if run >= 12 || numbers >= 12 {
			return true
		}
	}
	return false
}

// Recognise says what a string is, from the text alone. A string of several lines
// is one thing.
func Recognise(text string) Inspection {
	if len(text) > maxText {
		text = text[:maxText]
	}
	s := strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == 0xFEFF || r == 0x200B || r == 0 })
	if s == "" {
		return Inspection{Kind: KindNothing, Is: "nothing: the input is empty"}
	}
	if bare, ok := strings.CutSuffix(s, "%"); ok && plainToken(bare) { // zsh marks output without a final newline
		return Inspection{Kind: KindToken, Is: "a token", token: bare}
	}
	if plainToken(s) { // by far the most frequent, and a million of them must be quick
		return Inspection{Kind: KindToken, Is: "a token", token: text}
	}
	for _, try := range []func(string) (Inspection, bool){onlyCurl, urlText, headerLine, bareValue} {
		if i, ok := try(s); ok {
			return i
		}
	}
	if !affix.ContainsAny(s, "{[") {
		if t := tokens.Parse(text); t.Clean != "" && t.Header != nil && !amongWords(s, tokens.FindTokens(s)) {
			return Inspection{Kind: KindToken, Is: "a token", token: text}
		}
	}
	return newPasted(s).read()
}

// amongWords recognizes a string that has words beside a whole token: a line of a log.
// A token that was broken over lines has no whole signature in one piece.
func amongWords(s string, found []string) bool {
	if len(found) == 0 || !affix.ContainsAny(s, " \t\n") {
		return false
	}
	switch len(found[0]) - strings.LastIndexByte(found[0], '.') - 1 {
	case 43, 64, 86: // HS256, HS384, HS512
		rest := strings.Replace(s, found[0], "", 1)
		return len(found) > 1 || strings.IndexFunc(rest, unicode.IsLetter) >= 0
	}
	return false
}

// plainToken recognizes a string that is nothing but three base64url segments.
func plainToken(s string) bool {
	if len(s) < 20 || s[0] != 'e' || s[1] != 'y' {
		return false
	}
	dots := 0
	for i := range len(s) {
		switch inPlain[s[i]] {
		case 0:
			return false
		case 2:
			dots++
		}
	}
	return dots == 2
}

// inPlain is 1 for the characters of base64url, and 2 for the dot.
var inPlain = func() (t [256]uint8) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") {
		t[c] = 1
	}
	t['.'] = 2
	return t
}()

// headerLine reads "Bearer …" and "Authorization: …".
func headerLine(s string) (Inspection, bool) {
	word, rest, ok := affix.Cut(strings.TrimLeft(s, "\"'`"), " ")
	if ok && strings.EqualFold(word, "bearer") && !affix.Contains(rest, "\n") {
		return Inspection{Kind: KindBearer, Is: "a Bearer header", token: s}, true
	}
	name, value, ok := affix.Cut(s, ":")
	if !ok || affix.ContainsAny(value, "\n") {
		return Inspection{}, false
	}
	name = strings.Trim(strings.TrimSpace(name), `"'`)
	if !authHeader(name) {
		return Inspection{}, false
	}
	value = strings.Trim(strings.TrimSpace(value), `"',`)
	i := Inspection{Kind: KindHeader, Is: "an " + http.CanonicalHeaderKey(name) + " header", token: value}
	if value == "" {
		i.Is += " without a value"
	}
	return i, true
}

func authHeader(name string) bool {
	return strings.EqualFold(name, "authorization") || strings.EqualFold(name, "proxy-authorization")
}

// bareValue reads a key, or what has the shape of a secret.
func bareValue(s string) (Inspection, bool) {
	v := strings.Trim(s, `"'`+"`")
	switch {
	case tokens.NewSecret([]byte(v)).WellFormed():
		return Inspection{Kind: KindSecret, Is: "text that looks like a Stream API secret", secret: tokens.NewSecret([]byte(v))}, true
	case likeSecret(v):
		return Inspection{Kind: KindSecret, Is: "text that looks like a Stream API secret, but isn't one as it is", secret: tokens.NewSecret([]byte(v))}, true
	case len(v) == 12 && tokens.APIKey(v).WellFormed() && affix.ContainsAny(v, "0123456789"):
		return Inspection{Kind: KindKey, Is: "text that looks like a Stream API key", Key: v}, true
	}
	return Inspection{}, false
}

// likeSecret recognizes a word that may be a changed secret: letters beyond a hash's,
// digits, and about as long.
func likeSecret(v string) bool {
	if len(v) < 50 || len(v) > 130 {
		return false
	}
	beyond, number := false, false
	for i := range len(v) {
		c := v[i] | 0x20
		if !plain.Letter(v[i]) && !plain.Digit(v[i]) {
			return false
		}
		beyond, number = beyond || c > 'f', number || plain.Digit(v[i])
	}
	return beyond && number && !affix.HasPrefix(v, "eyJ")
}

// unknown says what can be said of a string that is nothing from Stream.
func unknown(s string, t tokens.Token) Inspection {
	i := Inspection{Kind: KindUnknown, Is: "Not recognized"}
	if len(t.Flaws) > 0 && t.Clean == "" && len(s) <= 200 && !affix.ContainsAny(s, " \t\n") {
		i.Is += ": " + sanitize.Visible(t.Flaws[0].Detail)
	}
	if len(s) > 4000 {
		i.Is += " (a long text: copy only the token, the error or the request)"
	}
	return i
}
