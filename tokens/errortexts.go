package tokens

import (
	"strconv"
	"strings"
)

// errorTexts are the phrases that identify messages from Stream and its SDKs, in
// lowercase, with their meaning. Longer and more specific ones come first.
var errorTexts = []struct{ text, kind string }{
	{"signature is not valid", ErrSignature},
	{"token signature is invalid", ErrSignature},
	{"signature is invalid", ErrSignature},
	{"autherrortokensignatureinvalid", ErrSignature},
	{"contains an invalid number of segments", ErrMalformed},
	{"illegal base64 data at input byte", ErrMalformed},
	{"tokenstring should not contain 'bearer '", ErrMalformed},
	{"streamjwtclaims", ErrMalformed},
	{"signing method (alg) is", ErrMalformed},
	{"signature type is not allowed", ErrMalformed},
	{"jwtauth error: key is of invalid type", ErrMalformed},
	{"jwtauth error: invalid character", ErrMalformed},
	{"jwtauth error: unexpected end of json", ErrMalformed},
	{"jwtauth error: unexpected eof", ErrMalformed},
	{"anon auth token must have", ErrMalformed},
	{"token is expired", ErrExpired},
	{"autherrortokenexpired", ErrExpired},
	{"token has been revoked", ErrRevoked},
	{"token used before issue", ErrBeforeIssued},
	{"autherrortokenusedbeforeissuedat", ErrBeforeIssued},
	{"token not valid yet", ErrNotYet},
	{"token is not valid yet", ErrNotYet},
	{"autherrortokennotvalidyet", ErrNotYet},
	{"stream-auth-type missing or invalid", ErrAuthType},
	{"url signature missing or invalid", ErrAuthType},
	{"missing auth header", ErrAuthType},
	{"api_key not valid", ErrKey},
	{"api_key is invalid", ErrKey},
	{"api_key not provided", ErrKey},
	{"api_key not found", ErrKey},
	{"accesskeyerror", ErrKey},
	{"is not enabled for organization", ErrDisabled},
	{"appsuspendederror", ErrSuspended},
	{"tokens can only be created server-side using the api secret", ErrLocal},
	{"secretorprivatekey must have a value", ErrLocal},
	{"usertoken does not have a user_id or is not matching with user.id", ErrLocal},
	{"user token can not be empty", ErrLocal},
	{"user token should either be a string or a function", ErrLocal},
	{"both secret and user tokens are not set", ErrLocal},
	{"call to tokenprovider failed", ErrLocal},
	{"unable to find jwt crypto", ErrLocal},
	{"userid should be a string", ErrLocal},
	{"jwtauth error:", ErrMalformed},
}

// kindOf returns the meaning of a message, "" if it isn't Stream's.
func kindOf(message string) string {
	low := strings.ToLower(message)
	for _, t := range errorTexts {
		if strings.Contains(low, t.text) {
			return t.kind
		}
	}
	return ""
}

// kindOfCode returns the meaning of a code without a message: only codes with a
// single meaning.
func kindOfCode(e StreamError) string {
	if e.Feeds {
		return ""
	}
	switch e.Code {
	case CodeKey:
		return ErrKey
	case CodeExpired:
		return ErrExpired
	case CodeNotYet:
		return ErrNotYet
	case CodeBeforeIssued:
		return ErrBeforeIssued
	case CodeSignature:
		return ErrSignature
	case CodeSuspended:
		return ErrSuspended
	}
	return ""
}

// messageIn finds Stream's message in text that isn't JSON: from "JWTAuth error:"
// or the operation's name to the end of the line or of the quoted string.
func messageIn(text string) string {
	low := asciiLower(text)
	at, size := -1, 0
	for _, t := range errorTexts {
		if i := strings.Index(low, t.text); i >= 0 && (at < 0 || i < at) {
			at, size = i, len(t.text)
		}
	}
	if at < 0 {
		return ""
	}
	from, to := at, at+size
	line := strings.LastIndexByte(text[:at], '\n') + 1
	for _, lead := range []string{"jwtauth error:", "json: cannot unmarshal", "token ", "wrong "} {
		if i := strings.LastIndex(low[line:at], lead); i >= 0 && (lead[0] == 'j' || i+len(lead) == at-line) {
			from = min(from, line+i)
		}
	}
	if i := strings.LastIndex(low[line:from], ` failed with error: "`); i >= 0 {
		from = strings.LastIndexAny(text[:line+i], " \t\n\"',:") + 1
	}
	if n := strings.IndexByte(text[to:], '\n'); n >= 0 {
		text = text[:to+n]
	}
	for _, stop := range []string{`",`, `"}`, `", `, `' }`, "', ", ", statusCode", ", data:", `","`} {
		if n := strings.Index(text[to:], stop); n >= 0 {
			// The closing quote may be the one around the key.
			if strings.Count(text[from:to+n], `"`)%2 == 1 && stop[0] == '"' {
				n++
			}
			text = text[:to+n]
		}
	}
	return strings.TrimSpace(text[from:])
}

var (
	codeMarks   = []string{"error code", "failed with code", `"code"`, "'code'", "(code", " code:", "code:", "code=", "{code"}
	statusMarks = []string{`"statuscode"`, "statuscode", "status_code", "status code", "http "}
)

// numberAfter reads the number after the first mark that has one.
func numberAfter(text string, marks []string) int {
	low := asciiLower(text)
	for _, mark := range marks {
		for at := 0; ; {
			i := strings.Index(low[at:], mark)
			if i < 0 {
				break
			}
			at += i + len(mark)
			if start := at - len(mark); mark[0] >= 'a' && start > 0 && (low[start-1] >= 'a' && low[start-1] <= 'z' || low[start-1] == '_') {
				continue // statuscode: isn't code:
			}
			rest := strings.TrimLeft(low[at:min(len(low), at+16)], `": =')`)
			end := 0
			for end < len(rest) && (rest[end] >= '0' && rest[end] <= '9' || end == 0 && rest[end] == '-') {
				end++
			}
			if n, err := strconv.Atoi(rest[:end]); err == nil {
				return n
			}
		}
	}
	return 0
}

// asciiLower lowers A to Z only, so that byte positions stay those of s.
func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
