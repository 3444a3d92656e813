package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/internal/factstest"
	"badsig/checks/rules/signature"
	"badsig/tokens"
)

func with(claims map[string]any, more ...any) map[string]any {
	for i := 0; i < len(more); i += 2 {
		if more[i+1] == nil {
			delete(claims, more[i].(string))
		} else {
			claims[more[i].(string)] = more[i+1]
		}
	}
	return claims
}

// claims changes what the backend's token says.
func claims(more ...any) func(*facts.Facts) {
	return func(f *facts.Facts) { factstest.Give(f, with(factstest.Fresh("test123"), more...)) }
}

func backendSends(raw string) func(*facts.Facts) {
	return func(f *facts.Facts) { factstest.Give(f, raw) }
}

func browserUses(raw string) func(*facts.Facts) {
	return func(f *facts.Facts) { factstest.Use(f, raw) }
}

func asked(id string) func(*facts.Facts) {
	return func(f *facts.Facts) { f.Target.UserID = id }
}

func TestTokenFormed(t *testing.T) {
	good := factstest.Jws(factstest.Hs256, factstest.Fresh("test123"))
	dev := "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiYWxpY2UifQ==.devtoken"
	firebase := factstest.Jws(`{"alg":"RS256","kid":"abc","typ":"JWT"}`, map[string]any{"iss": "https://securetoken.google.com/app", "aud": "app", "sub": "u1", "user_id": "u1", "exp": factstest.Noon.Unix() + 3600})
	app := func(off bool) func(*facts.Facts) {
		return func(f *facts.Facts) { f.Stream = &facts.Stream{Reachable: true, App: &facts.App{AuthDisabled: off}} }
	}
	signer := func(s tokens.Signer) func(*facts.Facts) { return func(f *facts.Facts) { f.Tokens[0].Signer = &s } }
	judgeAll(t, TokenFormed, []judged{
		{name: "whole", want: finding.Pass, says: "HS256"},
		{name: "without typ", change: backendSends(factstest.Jws(`{"alg":"HS256"}`, factstest.Fresh("test123"))), want: finding.Pass},
		{name: "harmless claims", change: claims("name", "Test", "role", "user", "channel_cids", []string{"messaging:1"}), want: finding.Pass},
		{name: "quotes", change: backendSends(`"` + good + `"`), want: finding.Fail, causes: ids(causes.TokenWrapped), at: "server/server.js:12", says: "JSON.stringify"},
		{name: "Bearer", change: backendSends("Bearer " + good), want: finding.Fail, causes: ids(causes.TokenWrapped), says: "without the word"},
		{name: "a newline", change: backendSends(good + "\n"), want: finding.Fail, causes: ids(causes.TokenWrapped)},
		{name: "JSON as text", change: browserUses(`{"token":"` + good + `"}`), want: finding.Fail, causes: ids(causes.TokenWrapped), says: "await response.json()"},
		{name: "quotes in the browser only", change: browserUses(`"` + good + `"`), want: finding.Fail, causes: ids(causes.TokenWrapped), at: "", says: "Clear site data"},
		{name: "cut", change: backendSends(good[:len(good)-7]), want: finding.Fail, causes: ids(causes.TokenTruncated)},
		{name: "cut, says the signer", change: signer(tokens.Signer{Truncated: true}), want: finding.Fail, causes: ids(causes.TokenTruncated)},
		{name: "signature in hexadecimal", change: backendSends(good[:strings.LastIndexByte(good, '.')+1] + strings.Repeat("0a", 32)), want: finding.Fail, causes: ids(causes.TokenEncoding)},
		{name: "signature read as base64, says the signer", change: signer(tokens.Signer{Encoding: "base64"}), want: finding.Fail, causes: ids(causes.TokenEncoding)},
		{name: "the word undefined", change: browserUses("undefined"), want: finding.Fail, causes: ids(causes.TokenMalformed)},
		{name: "three words", change: browserUses("one.two.three"), want: finding.Fail, causes: ids(causes.TokenMalformed)},
		{name: "the signature left away", change: browserUses("eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYSJ9"), want: finding.Fail, causes: ids(causes.TokenTruncated)},
		{name: "a payload that isn't JSON", change: browserUses(factstest.Jws(factstest.Hs256, "hello")), want: finding.Fail, causes: ids(causes.TokenMalformed)},
		{name: "HS512", change: backendSends(factstest.Jws(`{"alg":"HS512","typ":"JWT"}`, factstest.Fresh("test123"))), want: finding.Fail, causes: ids(causes.TokenAlgorithm), likely: true},
		{name: "none", change: backendSends(factstest.Jws(`{"alg":"none"}`, factstest.Fresh("test123"))), want: finding.Fail, causes: ids(causes.TokenAlgorithm)},
		{name: "Firebase's", change: backendSends(firebase), want: finding.Fail, causes: ids(causes.TokenForeign), says: "Firebase"},
		{name: "the app's own session", change: backendSends(factstest.Jws(factstest.Hs256, map[string]any{"id": 7, "email": "a@example.test", "iat": factstest.Noon.Unix()})), want: finding.Fail, causes: ids(causes.TokenForeign)},
		{name: "a server token", change: backendSends(factstest.Jws(factstest.Hs256, map[string]any{"server": true})), want: finding.Fail, causes: ids(causes.TokenServer)},
		{name: "times only, from a backend that was sent a user", change: claims("user_id", nil), want: finding.Pass}, // user-id-missing
		{name: "times only, in the browser", change: browserUses(factstest.Jws(factstest.Hs256, map[string]any{"exp": factstest.Noon.Unix() + 60})), want: finding.Fail, causes: ids(causes.TokenServer), at: ""},
		{name: "no claims", change: backendSends(factstest.Jws(factstest.Hs256, map[string]any{})), want: finding.Fail, causes: ids(causes.TokenServer)},
		{name: "a development token", change: both(backendSends(dev), func(f *facts.Facts) {
			f.Project.Calls = []facts.StreamCall{{Callee: "client.devToken", File: "stream/src/chat.js", Line: 9}}
		}), want: finding.Fail, causes: ids(causes.TokenDev), likely: true, at: "stream/src/chat.js:9"},
		{name: "a development token, and the checks are on", change: both(browserUses(dev), app(false)), want: finding.Fail, causes: ids(causes.TokenDev)},
		{name: "a development token, and the checks are off", change: both(browserUses(dev), app(true)), want: finding.Warn},
	})
}

func TestTokenUser(t *testing.T) {
	states := func(id string) func(*facts.Facts) { return func(f *facts.Facts) { f.Backend.Posts[0].UserID = id } }
	superset := func(id string) func(*facts.Facts) {
		return func(f *facts.Facts) {
			variant(f, "POST", "superset")
			f.Tokens[len(f.Tokens)-1] = factstest.Read(factstest.Jws(factstest.Hs256, factstest.Fresh(id)), "backend", "token")
		}
	}
	bodyless := func(f *facts.Facts) { session(f); f.Project.Fetches[0].Body = []string{"room"} }
	judgeAll(t, TokenUser, []judged{
		{name: "the requested user", want: finding.Pass, says: "test123"},
		{name: "another user", change: claims("user_id", "jane"), want: finding.Fail, causes: ids(causes.UserIDMismatch), at: "server/server.js:12"},
		{name: "capital letters", change: both(asked("john"), claims("user_id", "John")), want: finding.Fail, causes: ids(causes.UserIDMismatch, causes.UserIDCharacters), says: "upper and lower case"},
		{name: "made to fit, and said so", change: both(asked("jane.doe@x"), claims("user_id", "jane_doe@x"), states("jane_doe@x")), want: finding.Warn, causes: ids(causes.UserIDMismatch), warns: true},
		{name: "made to fit, and not said", change: both(asked("jane.doe@x"), claims("user_id", "jane_doe@x"), states("jane.doe@x")), want: finding.Fail, causes: ids(causes.UserIDMismatch)},
		{name: "the session's user", change: both(claims("user_id", "jane"), bodyless), want: finding.Pass},
		{name: "the user of the header given", change: both(claims("user_id", "jane"), withHeader), want: finding.Pass},
		{name: "not the user whom --user-id names", change: both(asked("joe"), claims("user_id", "jane"), withHeader), want: finding.Fail, causes: ids(causes.UserIDMismatch)},
		{name: "the user of a body that was given", change: both(claims("user_id", "jane"), func(f *facts.Facts) { f.Target.Data = true }), want: finding.Pass},
		{name: "the user whom a URL that was given names", change: both(claims("user_id", "jane"), func(f *facts.Facts) {
			f.Target.URL, f.Target.URLSource = "http://localhost:3001/users/jane/token", "flag"
		}), want: finding.Pass},
		{name: "not the user whom a URL that was given names", change: both(claims("user_id", "jan"), func(f *facts.Facts) {
			f.Target.URL, f.Target.URLSource = "http://localhost:3001/users/jane/token", "flag"
		}), want: finding.Unknown},
		{name: "a session is sent, and the id too", change: both(claims("user_id", "jane"), session), want: finding.Fail, causes: ids(causes.UserIDMismatch)},
		{name: "the browser's token, no matter who that is", change: browserUses(factstest.Jws(factstest.Hs256, factstest.Fresh("jane"))), want: finding.Pass, says: "jane"},
		{name: "the browser's token, and its user was named", change: both(asked("joe"), browserUses(factstest.Jws(factstest.Hs256, factstest.Fresh("jane")))), want: finding.Fail, causes: ids(causes.UserIDMismatch), at: ""},
		{name: "a number", change: both(asked("42"), claims("user_id", 42)), want: finding.Fail, causes: ids(causes.UserIDType), says: "String(userId)"},
		{name: "a string of digits", change: both(asked("42"), claims("user_id", "42")), want: finding.Pass},
		{name: "another name", change: claims("user_id", nil, "userId", "test123"), want: finding.Fail, causes: ids(causes.UserIDMissing), says: "rename the claim userId to user_id"},
		{name: "empty", change: claims("user_id", ""), want: finding.Fail, causes: ids(causes.UserIDMissing)},
		{name: "undefined", change: claims("user_id", "undefined"), want: finding.Fail, causes: ids(causes.UserIDPlaceholder)},
		{name: "an object's text", change: claims("user_id", "[object Object]"), want: finding.Fail, causes: ids(causes.UserIDPlaceholder)},
		{name: "Auth0's", change: both(asked("auth0|123"), claims("user_id", "auth0|123")), want: finding.Warn, causes: ids(causes.UserIDCharacters)},
		{name: "the code signs a user_id that was undefined", change: both(claims("user_id", nil, "validity_in_seconds", 3600), func(f *facts.Facts) {
			f.Project.Sites = []facts.Site{{Server: -1, Runs: facts.IsRead, Place: facts.Place{File: "server/server.js", Line: 12},
				Claims: []facts.Claim{{Name: "user_id", Text: "req.user.id", Place: facts.Place{File: "server/server.js", Line: 12}}}}}
		}), want: finding.Fail, causes: ids(causes.UserIDMissing), says: "req.user.id, which was undefined"},
		{name: "the id vanished from the JSON", change: claims("user_id", nil), want: finding.Fail, causes: ids(causes.UserIDMissing), says: "disappears"},
		{name: "the name is signed, and the front end sends none", change: both(claims("user_id", nil), superset("Test User")), want: finding.Fail, causes: ids(causes.UserIDMismatch), at: "server/server.js:12", says: "not the name"},
		{name: "the id is signed under another name than it is sent", change: both(claims("user_id", "undefined"), superset("test123")), want: finding.Fail, causes: ids(causes.UserIDPlaceholder)},
		{name: "no one is signed no matter what is sent", change: both(claims("user_id", nil), superset("undefined")), want: finding.Fail, causes: ids(causes.UserIDMissing)},
		{name: "a server token is the form's matter", change: backendSends(factstest.Jws(factstest.Hs256, map[string]any{"server": true})), want: finding.Unknown},
		{name: "so is another issuer's", change: backendSends(factstest.Jws(factstest.Hs256, map[string]any{"id": 7, "email": "a@example.test"})), want: finding.Unknown},
		{name: "so are claims that cannot be read", change: browserUses("undefined"), want: finding.Unknown},
	})
}

// times are cases of the clock: everything is told in seconds from noon.
func TestTokenTimes(t *testing.T) {
	at := func(s float64) int64 { return factstest.Noon.Add(time.Duration(s * float64(time.Second))).Unix() }
	received := func(s float64) func(*facts.Facts) {
		return func(f *facts.Facts) {
			for i := range f.Tokens {
				f.Tokens[i].ReceivedAt = factstest.Noon.Add(time.Duration(s * float64(time.Second)))
			}
		}
	}
	// date is the backend's own clock.
	date := func(s float64) func(*facts.Facts) {
		return header("Date", factstest.Noon.Add(time.Duration(s*float64(time.Second))).Format(factstest.HTTPDate))
	}
	// stream was contacted, and this machine's clock is s ahead of it.
	stream := func(s float64) func(*facts.Facts) {
		return func(f *facts.Facts) {
			skew := time.Duration(s * float64(time.Second))
			f.Stream = &facts.Stream{Reachable: true, Date: factstest.Noon.Add(-skew), Skew: skew}
		}
	}
	remote := func(f *facts.Facts) { f.Target.URL = "https://api.example.test/api/stream/token" }
	iat := func(s float64) func(*facts.Facts) { return claims("iat", at(s), "exp", at(s)+3600) }
	third := func(s float64) func(*facts.Facts) { // only the last of the three responses
		return func(f *facts.Facts) {
			last := factstest.Read(factstest.Jws(factstest.Hs256, with(factstest.Fresh("test123"), "iat", at(s))), "backend", "token")
			f.Tokens[2] = last
		}
	}
	judgeAll(t, signature.TokenTimes, []judged{
		{name: "issued now, for an hour", want: finding.Pass, says: "issued 12:00:00, expires 13:00:00"},
		{name: "Stream agrees", change: stream(0.3), want: finding.Pass},
		{name: "no iat, no exp", change: claims("iat", nil, "exp", nil), want: finding.Pass, says: "never expires"},
		{name: "back-dated", change: iat(-60), want: finding.Pass},
		{name: "exp in 2030", change: claims("exp", 1893456000), want: finding.Pass},
		{name: "exp in 2083, given as a duration", change: claims("exp", 2*factstest.Noon.Unix()), want: finding.Pass},

		{name: "half a second ahead", change: both(iat(1), received(0.6)), want: finding.Fail, causes: ids(causes.IATFuture), at: "server/server.js:12", says: "Math.floor instead of Math.round"},
		{name: "half a second ahead, one time in three", change: both(received(0.6), third(1), received(0.6)), want: finding.Fail, causes: ids(causes.IATFuture)},
		{name: "half a second ahead, and Stream's clock agrees with ours", change: both(iat(1), received(0.6), stream(-0.4)), want: finding.Fail, causes: ids(causes.IATFuture)},
		{name: "half a second ahead of a clock that is behind", change: both(iat(1), received(0.6), date(0), stream(-5)), want: finding.Pass},
		{name: "half a second ahead of ours, on another machine", change: both(remote, iat(1), received(0.6), date(1)), want: finding.Pass},
		{name: "30 s ahead, added by the code", change: both(iat(30), date(0)), want: finding.Fail, causes: ids(causes.IATFuture)},
		{name: "30 s ahead, added by the code, Stream contacted", change: both(iat(30), date(0), stream(0)), want: finding.Fail, causes: ids(causes.IATFuture)},
		{name: "30 s ahead on another machine, added by the code", change: both(remote, iat(30), date(0), stream(0)), want: finding.Fail, causes: ids(causes.IATFuture)},

		{name: "the backend's clock is 90 s ahead", change: both(iat(90), date(90)), want: finding.Fail, causes: ids(causes.ClockSkew), likely: true, says: "90 s ahead"},
		{name: "the backend's clock is 90 s ahead, Stream contacted", change: both(iat(90), date(89), stream(0)), want: finding.Fail, causes: ids(causes.ClockSkew)},
		{name: "this machine's clock is 90 s ahead, the backend's with it", change: both(iat(0), date(0), stream(90)), want: finding.Fail, causes: ids(causes.ClockSkew), says: "this machine's clock, which the backend uses, too"},
		{name: "this machine's clock is 90 s ahead, and the backend names no Date", change: both(iat(0), header("Date", ""), stream(90)), want: finding.Fail, causes: ids(causes.ClockSkew)},
		{name: "30 s ahead, and the backend names no Date", change: both(iat(30), header("Date", "")), want: finding.Fail, causes: ids(causes.IATFuture)},
		{name: "this machine's clock is 90 s ahead, and the token has no iat", change: both(claims("iat", nil), date(0), stream(90)), want: finding.Pass},
		{name: "this machine's clock is 90 s behind, the backend elsewhere right", change: both(remote, iat(90), date(90), stream(-90)), want: finding.Pass},
		{name: "two machines disagree, and Stream wasn't contacted", change: both(remote, iat(90), date(90)), want: finding.Unknown, causes: ids(causes.ClockSkew), likely: true, warns: true},
		{name: "clocks that differ, and a token that does not mind", change: both(claims("iat", nil, "exp", nil), date(90)), want: finding.Pass},

		{name: "iat in milliseconds", change: claims("iat", factstest.Noon.UnixMilli()), want: finding.Fail, causes: ids(causes.IATMilliseconds)},
		{name: "both in milliseconds", change: claims("iat", factstest.Noon.UnixMilli(), "exp", factstest.Noon.UnixMilli()+3600), want: finding.Fail, causes: ids(causes.IATMilliseconds)},
		{name: "exp in milliseconds", change: claims("exp", factstest.Noon.UnixMilli()+3600000), want: finding.Warn, causes: ids(causes.EXPMilliseconds)},
		{name: "exp is a duration", change: claims("exp", 3600), want: finding.Fail, causes: ids(causes.EXPRelative)},
		{name: "exp has a fraction", change: claims("exp", float64(factstest.Noon.Unix())+3600.5), want: finding.Fail, causes: ids(causes.ClaimType), says: "Math.floor"},
		{name: "exp has a fraction, but for one response", change: both(claims("exp", float64(factstest.Noon.Unix())+3600.5), func(f *facts.Facts) {
			f.Tokens[0] = factstest.Read(factstest.Jws(factstest.Hs256, factstest.Fresh("test123")), "backend", "token")
		}), want: finding.Fail, causes: ids(causes.ClaimType)},
		{name: "exp is a string", change: claims("exp", fmt.Sprint(factstest.Noon.Unix()+3600)), want: finding.Fail, causes: ids(causes.ClaimType)},
		{name: "aud is a list", change: claims("aud", []string{"a"}), want: finding.Fail, causes: ids(causes.ClaimType), likely: true},
		{name: "nbf ahead", change: both(claims("nbf", at(300)), date(0)), want: finding.Fail, causes: ids(causes.NBFFuture)},
		{name: "nbf in the past", change: claims("nbf", at(-300)), want: finding.Pass},
		{name: "a life of four seconds", change: claims("exp", at(4)), want: finding.Warn, causes: ids(causes.EXPTooShort), says: "expiresIn"},
		{name: "a life of four seconds, undated", change: claims("iat", nil, "exp", at(4)), want: finding.Warn, causes: ids(causes.EXPTooShort)},
		{name: "a life of an hour, undated", change: claims("iat", nil), want: finding.Pass},

		{name: "fresh and expired", change: both(claims("iat", nil, "exp", at(-600))), want: finding.Fail, causes: ids(causes.TokenExpired), says: "10 min before this check"},
		{name: "the first one, handed out again", change: claims("iat", at(-7200), "exp", at(-3600)), want: finding.Fail, causes: ids(causes.TokenExpired), says: "still returns the same one"},
		{name: "expired before it was issued", change: claims("exp", at(-60)), want: finding.Fail, causes: ids(causes.TokenExpired)},
		{name: "expired by Stream's clock only", change: both(claims("exp", at(3600)), stream(-7200)), want: finding.Fail, causes: ids(causes.TokenExpired), says: "behind Stream's"},
		{name: "expired by this machine's clock only", change: both(browserUses(factstest.Jws(factstest.Hs256, with(factstest.Fresh("test123"), "iat", at(-7000), "exp", at(-100)))), stream(600)), want: finding.Pass},
		{name: "in its last second", change: claims("iat", at(-3600), "exp", at(0)), want: finding.Pass},
		{name: "the browser's has expired", change: browserUses(factstest.Jws(factstest.Hs256, with(factstest.Fresh("test123"), "iat", at(-90000), "exp", at(-86500)))), want: finding.Fail, causes: ids(causes.TokenExpired), at: "", says: "connectUser"},
		{name: "the browser's has just expired, by a clock that no one checked", change: browserUses(factstest.Jws(factstest.Hs256, with(factstest.Fresh("test123"), "iat", at(-4000), "exp", at(-400)))), want: finding.Fail, causes: ids(causes.TokenExpired), likely: true},
		{name: "the browser's hour is nearly over", change: browserUses(factstest.Jws(factstest.Hs256, with(factstest.Fresh("test123"), "iat", at(-3590), "exp", at(10)))), want: finding.Pass},
		{name: "the browser's is older than the process", change: browserUses(factstest.Jws(factstest.Hs256, map[string]any{"user_id": "test123"})), want: finding.Pass},
		{name: "claims that cannot be read", change: browserUses("undefined"), want: finding.Unknown},
		{name: "the browser's is ahead", change: both(browserUses(factstest.Jws(factstest.Hs256, with(factstest.Fresh("test123"), "iat", at(30)))), stream(0)), want: finding.Fail, causes: ids(causes.IATFuture), likely: true, at: ""},
		{name: "the browser's is one second ahead of a clock that no one checked", change: browserUses(factstest.Jws(factstest.Hs256, with(factstest.Fresh("test123"), "iat", at(1)))), want: finding.Pass},
		{name: "claims of any size", change: claims("iat", -1<<62, "exp", 1<<62, "nbf", 1<<62), want: finding.Fail, causes: ids(causes.EXPMilliseconds, causes.NBFFuture), warns: false},
	})
}

// Facts that were written to a file and read again hold numbers as float64.
func TestTimesOfReplayedFacts(t *testing.T) {
	f := factstest.Sound()
	for i := range f.Tokens {
		f.Tokens[i].Claims = map[string]any{"user_id": "test123", "iat": float64(factstest.Noon.Unix() + 30), "exp": float64(factstest.Noon.Unix() + 3600)}
	}
	if r := signature.TokenTimes(f); r.Status != finding.Fail || r.Cause != causes.IATFuture {
		t.Errorf("%s %s", r.Status, r.Cause)
	}
	if _, ok := facts.ClaimTime(&facts.Token{Claims: map[string]any{"exp": 1.5}}, "exp"); ok {
		t.Error("a fraction isn't a time")
	}
}

func TestTheTokenInUse(t *testing.T) {
	f := factstest.Sound()
	f.Tokens = slices.Insert(f.Tokens, 0, factstest.Read(factstest.Jws(factstest.Hs256, map[string]any{"sid": "x"}), "backend", "session"))
	for i := range f.Backend.Posts {
		f.Backend.Posts[i].Tokens = []int{i + 1, 0}
	}
	if got := facts.TokenInUse(f); got != &f.Tokens[1] {
		t.Errorf("the one that counts first: %+v", got)
	}
	factstest.Use(f, "given.one.x")
	if got := facts.TokenInUse(f); got == nil || got.Source != "given" {
		t.Errorf("the given one: %+v", got)
	}
	if got := facts.BackendToken(f); got == nil || got.Field != "token" {
		t.Errorf("the backend's beside a given one: %+v", got)
	}
	if facts.TokenInUse(&facts.Facts{}) != nil {
		t.Error("a token out of nothing")
	}
}

// Stream's own words count where its Date header does not show what its clock says.
func TestStreamAcceptsTimes(t *testing.T) {
	says := func(code int, message string) func(*facts.Facts) {
		return func(f *facts.Facts) {
			f.Stream = &facts.Stream{Asked: true, Reachable: true, User: &facts.StreamAnswer{Status: 401, Code: code, Message: message}}
		}
	}
	const early, late = "JWTAuth error: token used before issue at (iat)", `GetApp failed with error: "JWTAuth error: token is expired (exp)"`
	judgeAll(t, signature.StreamAccepts, []judged{
		{name: "used before issue, and nothing is ahead here", change: says(42, early), want: finding.Fail, causes: ids(causes.ClockSkew), says: "this machine's clock"},
		{name: "used before issue, the backend elsewhere", change: both(says(42, early), func(f *facts.Facts) { f.Target.URL = "https://api.example.test/t" }), want: finding.Fail, causes: ids(causes.ClockSkew), likely: true},
		{name: "used before issue, and iat says so", change: both(says(42, early), claims("iat", factstest.Noon.Unix()+60)), want: finding.Fail},
		{name: "expired, and exp is ahead here", change: says(40, late), want: finding.Fail, causes: ids(causes.TokenExpired), says: "behind Stream's"},
		{name: "expired, and exp says so", change: both(says(40, late), claims("exp", factstest.Noon.Unix()-60)), want: finding.Fail},
		{name: "revoked", change: says(40, "This token has been revoked, please generate a new token"), want: finding.Fail, causes: ids(causes.TokenRevoked)},
	})
}
