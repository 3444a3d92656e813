package tokens

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Rules of this file:
//   - an error is identified by its text before its code: code 5 is both a token
//     that can't be read and, in older responses, a wrong signature
//   - what is quoted is in the text; nothing is filled in

// StreamError is a response from Stream that rejects a request, read from any text
// that contains it: the HTTP body, the WebSocket's first frame, an SDK's output, a
// log line.
type StreamError struct {
	Code      int    `json:"code"`                // Stream's code; 0 where the text names none
	Status    int    `json:"status,omitempty"`    // HTTP status; 0 where the text names none
	Message   string `json:"message"`             // the innermost message, unwrapped and unescaped
	Key       string `json:"key,omitempty"`       // the API key that a signature error quotes: the one the client sent
	Operation string `json:"operation,omitempty"` // the operation of "X failed with error", as in Connect
	Kind      string `json:"kind,omitempty"`      // what the message says, one of the Err constants; "" for none of them
	Feeds     bool   `json:"feeds,omitempty"`     // in Feeds v2's shape (detail, status_code)
}

// What a StreamError's message says.
const (
	ErrSignature    = "signature"     // not signed with the key's secret
	ErrMalformed    = "malformed"     // segments, base64, JSON, types
	ErrExpired      = "expired"       // exp has passed
	ErrRevoked      = "revoked"       // tokens issued before a moment were revoked
	ErrBeforeIssued = "before-issued" // iat is in the future
	ErrNotYet       = "not-yet"       // nbf is in the future
	ErrKey          = "key"           // the API key is not known or missing
	ErrAuthType     = "auth-type"     // no token was sent
	ErrSuspended    = "suspended"     // the app is suspended
	ErrDisabled     = "product-off"   // the product is not enabled for the organization
	ErrLocal        = "local"         // an SDK rejected it before contacting Stream
)

// maxErrorText limits how much of a string is read: responses from Stream are much
// shorter.
const maxErrorText = 64 << 10

// ParseError reads Stream's error from a string in any of the shapes it comes
// in. ok is false if the text contains no such error.
func ParseError(text string) (e StreamError, ok bool) {
	if len(text) > maxErrorText {
		text = text[:maxErrorText]
	}
	plain := unescape(text)
	if j, found := errorJSON(text); found {
		e = j
	} else if j, found := errorJSON(plain); found {
		e = j
	}
	if e.Message == "" {
		e.Message = messageIn(plain)
	}
	if e.Code == 0 {
		e.Code = numberAfter(plain, codeMarks)
	}
	if e.Status == 0 {
		e.Status = numberAfter(plain, statusMarks)
	}
	e.unwrap()
	e.Kind = kindOf(e.Message)
	if e.Kind == "" {
		e.Kind = kindOfCode(e)
	}
	return e, e.Kind != "" || e.Code != 0 && e.Status != 0 || e.Code != 0 && e.Message != "" && strings.Contains(plain, "tream")
}

// wireError has the fields of all shapes of Stream's errors.
type wireError struct {
	Code        *json.Number    `json:"code"`
	Message     string          `json:"message"`
	StatusCode  int             `json:"StatusCode"`
	StatusCode2 int             `json:"status_code"`
	Status      json.RawMessage `json:"status"`
	Detail      string          `json:"detail"`
	Error       json.RawMessage `json:"error"`
	Response    json.RawMessage `json:"response"`
	Data        json.RawMessage `json:"data"`
}

// errorJSON finds the first JSON object in the text that is an error. It tries only
// a few positions, so that a string full of braces isn't slow.
func errorJSON(text string) (StreamError, bool) {
	for tries, at := 0, 0; tries < 8; tries++ {
		i := strings.IndexByte(text[at:], '{')
		if i < 0 {
			break
		}
		at += i
		if e, ok := errorObject(text[at:], 0); ok {
			return e, true
		}
		at++
	}
	return StreamError{}, false
}

func errorObject(text string, depth int) (e StreamError, ok bool) {
	var w wireError
	if depth > 4 || json.NewDecoder(strings.NewReader(text)).Decode(&w) != nil {
		return e, false
	}
	for _, inner := range []json.RawMessage{w.Error, w.Response, w.Data} {
		if len(inner) > 0 && inner[0] == '{' {
			if e, ok := errorObject(string(inner), depth+1); ok {
				return e, true
			}
		}
	}
	e.Message, e.Status = w.Message, max(w.StatusCode, w.StatusCode2)
	if w.Detail != "" && w.Message == "" {
		e.Message, e.Feeds = w.Detail, true
	}
	if w.Code != nil {
		n, _ := w.Code.Int64()
		e.Code = int(n)
	}
	return e, e.Message != "" && (w.Code != nil || e.Status != 0)
}

// unescape makes text that was quoted once or more (in a log, in a string of a
// string) readable: \" and \\" become ".
func unescape(s string) string {
	for range 4 {
		if !strings.Contains(s, `\"`) {
			break
		}
		s = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(s)
	}
	return s
}

// unwrap removes what SDKs and operations add around Stream's message.
func (e *StreamError) unwrap() {
	m := strings.TrimSpace(unescape(e.Message))
	for range 4 {
		before := m
		if _, rest, found := strings.Cut(m, " and reason"); found && (strings.HasPrefix(m, "WS failed with code") || strings.HasPrefix(m, "AuthError")) {
			m = strings.TrimLeft(rest, " :-")
		}
		for _, lead := range []string{"StreamChat error code ", "Stream error code ", "error code "} {
			if rest, found := strings.CutPrefix(m, lead); found {
				if n, words, found := strings.Cut(rest, ":"); found {
					if c, err := strconv.Atoi(strings.TrimSpace(n)); err == nil && e.Code == 0 {
						e.Code = c
					}
					m = strings.TrimSpace(words)
				}
			}
		}
		if op, rest, found := strings.Cut(m, ` failed with error: "`); found && op != "" && !strings.ContainsAny(op, "\n\"") {
			if i := strings.LastIndexByte(op, ' '); i >= 0 {
				op = op[i+1:]
			}
			if e.Operation == "" {
				e.Operation = op
			}
			m = strings.TrimSuffix(strings.TrimSpace(rest), `"`)
		}
		if m == before {
			break
		}
	}
	e.Message = m
	if i := strings.Index(m, "signature is not valid"); i >= 0 {
		if _, rest, found := strings.Cut(m[i:], "API key "); found {
			rest = strings.TrimLeft(rest, `\"'`)
			if j := strings.IndexAny(rest, "\\\"' \n\r\t,}"); j >= 0 {
				rest = rest[:j]
			}
			if len(rest) <= 64 {
				e.Key = rest
			}
		}
	}
}
