package backend

import (
	"badsig/checks/affix"
	"badsig/checks/probe/netx"
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"badsig/checks/facts"
	"badsig/checks/probe/pattern"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

const (
	maxJSONDepth = 16   // of JSON that is looked into
	maxLeaves    = 5000 // of JSON that is looked at
	maxFields    = 40   // that Facts keep
	maxPlain     = 120  // characters of a field's value that Facts keep
	fieldDeep    = 3    // levels of objects whose fields Facts keep
	maxPath      = 256  // of a value's path: long keys above many values would multiply
)

// bodies are the bodies beside a Backend's responses.
type bodies struct {
	get      []byte
	posts    [][]byte
	family   [][]byte
	variants [][]byte
}

// jsonValue is one value of a JSON document.
type jsonValue struct {
	path  string // data.token, tokens[0]
	name  string // the nearest object key
	kind  string // string, number, true, false, null, object, array; {} and [] where empty
	text  string // of a string or number
	depth int
	array bool // an array is above it
}

// describe fills what a response's body says, tokens excepted.
func (e *endpoint) describe(a *facts.Answer, body []byte) {
	a.Begin = e.begin(body)
	a.HTML = netx.HTML(a.Header["Content-Type"], body)
	leaves, ok := document(body)
	if !ok {
		a.NotJSON = whyNotJSON(body)
		return
	}
	a.JSON = true
	a.Fields = e.fields(leaves)
	a.UserID = e.w.ScrubCut(pick(leaves, "userId", "user_id", "user.id", "user.userId", "userID"), 255)
	if k := pick(leaves, "apiKey", "api_key", "streamApiKey", "apikey", "key", "publicKey", "data.apiKey", "data.api_key"); tokens.APIKey(k).WellFormed() && e.w.Scrub(k) == k {
		a.APIKey = k
	}
}

// begin is the body's first characters without tokens, secrets and long
// opaque words, made visible.
func (e *endpoint) begin(body []byte) string {
	text := strings.ToValidUTF8(string(body[:min(len(body), 8*sanitize.MaxKept)]), "\uFFFD")
	for _, t := range tokens.FindTokens(text) {
		text = affix.ReplaceAll(text, t, "‹token›")
	}
	return sanitize.Cut(opaque.ReplaceAllString(e.w.Scrub(text), "…"), shortBegin)
}

// opaque are the long words that may be a credential of any kind.
var opaque = pattern.New(`[A-Za-z0-9_+/=-]{32,}`)

// document lists the values of a JSON document in its order; false where the
// body is none.
func document(body []byte) ([]jsonValue, bool) {
	body = netx.WithoutMark(body)
	if len(bytes.TrimSpace(body)) == 0 || !json.Valid(body) {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var out []jsonValue
	walkJSON(d, jsonValue{}, &out)
	return out, true
}

// walkJSON adds the next value of d to out and tells whether to go on.
func walkJSON(d *json.Decoder, at jsonValue, out *[]jsonValue) bool {
	tok, err := d.Token()
	if err != nil || len(*out) >= maxLeaves || at.depth > maxJSONDepth {
		return false
	}
	switch v := tok.(type) {
	case json.Delim:
		return walkJSONInto(d, v, at, out)
	case string:
		at.kind, at.text = "string", v
	case json.Number:
		at.kind, at.text = "number", v.String()
	case bool:
		at.kind = fmt.Sprint(v)
	case nil:
		at.kind = "null"
	}
	*out = append(*out, at)
	return true
}

func walkJSONInto(d *json.Decoder, open json.Delim, at jsonValue, out *[]jsonValue) bool {
	own := len(*out)
	at.kind = map[json.Delim]string{'{': "object", '[': "array"}[open]
	*out = append(*out, at)
	if !d.More() {
		(*out)[own].kind = map[json.Delim]string{'{': "{}", '[': "[]"}[open]
	}
	for i := 0; d.More(); i++ {
		child := jsonValue{path: below(at.path, fmt.Sprintf("[%d]", i)), name: at.name, depth: at.depth + 1, array: true}
		if open == '{' {
			key, err := d.Token()
			name, ok := key.(string)
			if err != nil || !ok {
				return false
			}
			child = jsonValue{path: affix.TrimPrefix(below(at.path, "."+name), "."), name: sanitize.Cut(name, maxPath), depth: at.depth + 1, array: at.array}
		}
		if !walkJSON(d, child, out) {
			return false
		}
	}
	_, err := d.Token()
	return err == nil
}

// below gives the path of what is below a path. One that has grown too
// long ends there: every value keeps its own, and a body may hold thousands.
func below(path, step string) string {
	if len(path)+len(step) > maxPath {
		return sanitize.Cut(path, maxPath-8) + ".…"
	}
	return path + step
}

// pick gives the first string or number found under one of the paths.
func pick(leaves []jsonValue, paths ...string) string {
	for _, p := range paths {
		for _, l := range leaves {
			if l.path == p && (l.kind == "string" || l.kind == "number") && l.text != "" {
				return l.text
			}
		}
	}
	return ""
}

// fields tells the document's fields: path → kind, or the value in JSON's
// spelling where it is short, plain and nothing secret. The key "" is the
// document itself where it isn't an object.
func (e *endpoint) fields(leaves []jsonValue) map[string]string {
	out := map[string]string{}
	for _, l := range leaves {
		if l.depth > fieldDeep || l.array || (l.depth == 0 && l.kind == "object") {
			continue
		}
		if len(out) == maxFields {
			break
		}
		out[e.w.ScrubCut(l.path, 64)] = e.value(l)
	}
	return out
}

func (e *endpoint) value(l jsonValue) string {
	switch {
	case l.kind == "number" && len(l.text) <= 20:
		return l.text
	case l.kind != "string":
		return l.kind
	case junk(l.text), e.plain(l):
		text, _ := json.Marshal(l.text) // strings always marshal
		return string(text)
	}
	return fmt.Sprintf("string (%d chars)", utf8.RuneCountInString(l.text))
}

// plain tells whether a value may be shown: short, printable, under a name
// that holds nothing secret, without anything in it that looks like a credential.
func (e *endpoint) plain(l jsonValue) bool {
	return utf8.RuneCountInString(l.text) <= maxPlain && !secretName.MatchString(l.name) &&
		!opaque.MatchString(l.text) && e.w.Scrub(l.text) == l.text
}

var secretName = pattern.New(`(?i)secret|passw|pwd|token|jwt|auth|cookie|session|hash|cred|key|private|signature|otp|pin$`)

// junk tells the strings that are where a token belongs because a program
// turned something else into a string.
func junk(s string) bool {
	s = strings.TrimSpace(s)
	return facts.OneOf([]string{"", "undefined", "null", "NaN", "true", "false", "none", "None", "nil"}, s) ||
		(len(s) <= 64 && (affix.HasPrefix(s, "[object ") || affix.HasPrefix(s, "Promise {") || affix.HasPrefix(s, "Instance of ")))
}
