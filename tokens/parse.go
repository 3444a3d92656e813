package tokens

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Rules of this file:
//   - Parse never fails: what can be read is read, and what is wrong is a Flaw
//   - the bytes under the signature are never re-made from what was decoded
//   - flaws are in the order in which to fix them: the outside first

// maxSegments bounds Token.Segments: a string of a million dots isn't a token.
const maxSegments = 64

// Parse reads a string that should be a token: bare, or with anything around it
// that comes around tokens (quotes, Bearer, spaces, newlines, JSON,
// percent-encoding, a cookie's name). It lists every flaw that the text alone
// shows; those that depend on the clock are FlawsAt's.
func Parse(raw string) Token {
	t := Token{Raw: raw}
	if f, empty := emptyFlaw(raw); empty {
		t.Flaws = []Flaw{f}
		return t
	}
	inside, layers := unwrap(raw)
	if !jsonStart(inside) && (strings.Count(inside, ".") < 2 || !bare(inside)) {
		if f, empty := emptyFlaw(inside); empty && len(layers) > 0 {
			t.Flaws = []Flaw{f}
			return t
		}
		t.Flaws = []Flaw{{Kind: FlawSegments, Detail: describeText(raw), Got: segments(inside), Want: "3 segments, header.payload.signature"}}
		return t
	}
	t.Clean = inside
	for _, l := range layers {
		t.Flaws = append(t.Flaws, Flaw{Kind: FlawWrapped, Wrap: l.kind, Detail: "the token has " + l.says, Got: l.says, Want: "the token alone"})
	}
	n := strings.Count(inside, ".") + 1
	t.Segments = strings.SplitN(inside, ".", min(n, maxSegments+1))
	t.Segments = t.Segments[:min(n, maxSegments)]
	t.segments(n)
	if t.Claims != nil {
		t.Flaws = appendClaimFlaws(t.Flaws, t)
	}
	return t
}

// segments decodes the three of them and notes what is wrong with each; n is
// how many there are.
func (t *Token) segments(n int) {
	var enc []Flaw // encodings are fixed after cuts
	var bad []Flaw // contents after encodings
	if n != 3 {
		t.Flaws = append(t.Flaws, countFlaw(t.Segments))
	}

	t.HeaderRaw, t.headerText, t.Header = t.object(0, "header", FlawHeader, &enc, &bad)
	dev := n == 3 && t.Segments[2] == "devtoken"
	if n > 1 {
		from := len(enc)
		t.ClaimsRaw, t.claimsText, t.Claims = t.object(1, "payload", FlawPayload, &enc, &bad)
		if dev {
			enc = enc[:from] // the SDKs pad a development token's payload themselves
		}
	}
	if n > 2 && !dev {
		t.signature(&enc)
	}
	t.Flaws = append(append(t.Flaws, enc...), bad...)
	if dev {
		t.Flaws = append(t.Flaws, Flaw{Kind: FlawDev, Got: "devtoken", Want: "a signature",
			Detail: `the third segment is the word "devtoken": a development token, which works only while the app's auth checks are disabled`})
	}
	if t.Header != nil {
		t.Flaws = appendHeaderFlaws(t.Flaws, *t)
	}
}

const standardHeaderText = `{"alg":"HS256","typ":"JWT"}`

// standardHeaderRaw and standardHeaderMap are shared by all tokens that have
// that header; nothing writes to them.
var (
	standardHeaderRaw = json.RawMessage(standardHeaderText)
	standardHeaderMap = map[string]any{"alg": "HS256", "typ": "JWT"}
)

// object decodes the segment at i, which should be a JSON object.
func (t *Token) object(i int, name string, kind FlawKind, enc, bad *[]Flaw) (json.RawMessage, string, map[string]any) {
	s := t.Segments[i]
	if i == 0 && s == standardHeader {
		return standardHeaderRaw, standardHeaderText, standardHeaderMap
	}
	last := i == len(t.Segments)-1
	b, how, ok := decodeSegment(s)
	if strings.HasPrefix(s, "7b") || strings.HasPrefix(s, "7B") { // "{" in hex
		if h, isHex := hexSegment(s, -1); isHex {
			b, how, ok = h, encHex, true
		}
	}
	text := string(b) // of which names and values are parts
	m, err := decodeObject(b, text)
	switch {
	case s == "":
		*bad = append(*bad, Flaw{Kind: kind, Detail: fmt.Sprintf("the %s is empty", name), Got: "nothing", Want: "a JSON object in base64url"})
		return nil, "", nil
	case errors.Is(err, io.ErrUnexpectedEOF) && len(b) > 0 && b[0] == '{':
		if !last || len(t.Segments) == 3 {
			t.Flaws = append(t.Flaws, Flaw{Kind: FlawTruncated, Detail: fmt.Sprintf("the %s ends in the middle of its JSON", name), Got: shape(s), Want: "the complete segment"})
		}
	case !ok:
		*enc = append(*enc, encodingFlaw(name, s))
		if err != nil {
			return b, text, nil
		}
	}
	if how != encRight {
		*enc = append(*enc, alphabetFlaw(name, how))
	}
	if err != nil {
		if !errors.Is(err, io.ErrUnexpectedEOF) || len(b) == 0 || b[0] != '{' {
			*bad = append(*bad, Flaw{Kind: kind, Detail: fmt.Sprintf("the %s isn't a JSON object: %s", name, jsonError(b, err)), Got: shape(string(b)), Want: "a JSON object"})
		}
	}
	return b, text, m
}

// signature decodes the third segment and compares its length with what the
// algorithm gives.
func (t *Token) signature(enc *[]Flaw) {
	s, alg := t.Segments[2], t.Alg()
	b, how, ok := decodeSignature(s, alg)
	t.Signature = b
	want := macSize(alg)
	switch {
	case s == "" && strings.EqualFold(alg, "none"):
	case s == "":
		t.Flaws = append(t.Flaws, Flaw{Kind: FlawTruncated, Detail: "the signature after the second dot is missing", Got: "0 bytes", Want: fmt.Sprintf("%d bytes", max(want, 32))})
	case strings.Trim(s, "….*xX_-") == "": // as a log or a person leaves it out
		t.Flaws = append(t.Flaws, Flaw{Kind: FlawTruncated, Detail: "the signature was left out", Got: fmt.Sprintf("%d bytes", len(s)), Want: fmt.Sprintf("%d bytes", max(want, 32))})
	case how == encHex:
		*enc = append(*enc, alphabetFlaw("signature", encHex))
	case ok && want > macSize("HS256") && len(b) == macSize("HS256") && strings.HasPrefix(alg, "HS"):
		// a whole HMAC-SHA256 under another name: the header is wrong, nothing is cut
	case want > 0 && len(b) < want && (ok || strings.IndexFunc(s, notBase64) < 0):
		t.Flaws = append(t.Flaws, Flaw{Kind: FlawTruncated, Detail: fmt.Sprintf("the signature is truncated: %d of the %d bytes of %s", len(b), want, alg),
			Got: fmt.Sprintf("%d characters", len(s)), Want: fmt.Sprintf("%d characters", (want*8+5)/6)})
	case !ok:
		*enc = append(*enc, encodingFlaw("signature", s))
	case how == encRight && want == macSize("HS256") && alg == "HS256" && (len(b) == macSize("HS384") || len(b) == macSize("HS512")):
		*enc = append(*enc, Flaw{Kind: FlawAlgorithm, Detail: fmt.Sprintf("the header says HS256, but the signature has %d bytes, as for HS%d", len(b), 8*len(b)),
			Got: fmt.Sprintf("%d characters", len(s)), Want: fmt.Sprintf("%d characters", (want*8+5)/6)})
	case want > 0 && len(b) > want:
		*enc = append(*enc, Flaw{Kind: FlawGarbled, Detail: fmt.Sprintf("the signature has %d bytes; %s has %d", len(b), alg, want),
			Got: fmt.Sprintf("%d characters", len(s)), Want: fmt.Sprintf("%d characters", (want*8+5)/6)})
	case how != encRight:
		*enc = append(*enc, alphabetFlaw("signature", how))
	}
}

// emptyFlaw tells of strings that are where a token should be and say that there
// isn't one.
func emptyFlaw(raw string) (Flaw, bool) {
	if len(raw) > 64 {
		return Flaw{}, false
	}
	f := Flaw{Kind: FlawEmpty, Want: "a token"}
	switch s := strings.TrimFunc(raw, func(r rune) bool { return r <= ' ' || r == '"' || r == '\'' || r == 0xFEFF || r == 0xA0 }); {
	case raw == "":
		f.Detail, f.Got = "there is no token: the value is empty", "nothing"
	case s == "":
		f.Detail, f.Got = "there is no token: the value is only whitespace", "whitespace"
	case slices.Contains(emptyWords, s):
		f.Detail, f.Got = fmt.Sprintf("there is no token: the value is %s", s), s
	default:
		return Flaw{}, false
	}
	return f, true
}

// emptyWords are placeholders and what else is where a token is not there,
// or not yet.
var emptyWords = slices.Concat(placeholders, []string{"(null)", "false", "true", "{}", "[]",
	"Promise { <pending> }", "Bearer", "Bearer undefined", "Bearer null"})

// countFlaw tells of a token that has not three segments.
func countFlaw(segments []string) Flaw {
	n := len(segments)
	f := Flaw{Kind: FlawSegments, Got: fmt.Sprintf("%d segments", n), Want: "3 segments"}
	switch {
	case n == 1:
		f.Kind, f.Got, f.Detail = FlawTruncated, "1 segment", "the token is truncated in its header: it contains no dot"
	case n == 2 && strings.ContainsFunc(segments[1], notBase64):
		f.Detail = "the token has 2 segments, and the second one isn't a payload"
	case n == 2:
		f.Kind, f.Detail = FlawTruncated, "the token is truncated before its signature: it has 2 segments"
	case n > 3 && strings.Trim(strings.Join(segments[2:], ""), " ") == "":
		f.Kind, f.Detail = FlawTruncated, "the signature was left out: only dots follow the payload"
	case n == 5:
		f.Detail = "the token has 5 segments, like an encrypted token (JWE); Stream reads signed ones"
	default:
		f.Detail = fmt.Sprintf("the token has %d segments", n)
	}
	return f
}

func alphabetFlaw(name, how string) Flaw {
	f := Flaw{Kind: FlawEncoding, Got: how, Want: "base64url without padding"}
	switch how {
	case encPadding:
		f.Detail = fmt.Sprintf("the %s ends with base64 padding (=)", name)
	case encBase64:
		f.Detail = fmt.Sprintf("the %s is standard base64 (+ and /), not base64url (- and _)", name)
	case encHex:
		f.Detail = fmt.Sprintf("the %s is hex, not base64url", name)
	}
	return f
}

// encodingFlaw names the first character that no base64 has.
func encodingFlaw(name, s string) Flaw {
	f := Flaw{Kind: FlawEncoding, Want: "base64url without padding", Got: fmt.Sprintf("%d characters", len(s))}
	if i := strings.IndexFunc(s, notBase64); i >= 0 {
		r, _ := utf8.DecodeRuneInString(s[i:])
		f.Kind, f.Got = FlawGarbled, fmt.Sprintf("%+q", r)
		f.Detail = fmt.Sprintf("the %s contains the character %+q at byte %d, which isn't base64", name, r, i)
		return f
	}
	f.Detail = fmt.Sprintf("the %s can't be base64url: %d characters, one too many or too few", name, len(s))
	return f
}

func notBase64(r rune) bool { return r >= 0x80 || !segmentByte(byte(r)) }

// jsonError says why b isn't a JSON object.
func jsonError(b []byte, err error) string {
	switch {
	case len(b) == 0:
		return "it is empty"
	case !utf8.Valid(b):
		return "its bytes aren't text"
	case json.Valid(b):
		return "it is another JSON value"
	}
	return err.Error()
}

// describeText says what a string without a token looks like.
func describeText(raw string) string {
	s := strings.TrimSpace(raw)
	low := strings.ToLower(s[:min(len(s), 256)])
	switch {
	case strings.HasPrefix(low, "<!doctype") || strings.HasPrefix(low, "<html") || strings.Contains(low, "<body"):
		return "this is an HTML page, not a token"
	case strings.HasPrefix(s, "{") && json.Valid([]byte(s)):
		return "this is a JSON object without a token in it"
	case strings.HasPrefix(low, "instance of 'future"), strings.HasPrefix(low, "<coroutine"), strings.HasPrefix(low, "[object"):
		return "this is how a value prints when await is missing, not a token"
	case APIKey(s).WellFormed() && len(s) == 12:
		return "this looks like a Stream API key, not a token"
	case NewSecret([]byte(s)).WellFormed():
		return "this looks like a Stream API secret, not a token"
	}
	return fmt.Sprintf("not a JWT: expected three dot-separated segments, found %d", min(strings.Count(s, ".")+1, 3))
}

// segments describes a string that has too few of them, another one by its length.
func segments(s string) string {
	switch strings.Count(s, ".") {
	case 0:
		return "1 segment"
	case 1:
		return "2 segments"
	}
	return shape(s)
}

// shape describes a string by its length only: what it says may be private.
func shape(s string) string {
	if len(s) == 1 {
		return "1 byte"
	}
	return fmt.Sprintf("%d bytes", len(s))
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
