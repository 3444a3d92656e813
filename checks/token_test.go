package checks

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"badsig/checks/causes"
	"badsig/checks/probe"
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
func claims(more ...any) func(*probe.Facts) {
	return func(f *probe.Facts) { give(f, with(fresh("test123"), more...)) }
}

func backendSends(raw string) func(*probe.Facts) {
	return func(f *probe.Facts) { give(f, raw) }
}

func browserUses(raw string) func(*probe.Facts) {
	return func(f *probe.Facts) { use(f, raw) }
}

func asked(id string) func(*probe.Facts) {
	return func(f *probe.Facts) { f.Target.UserID = id }
}

func TestTokenFormed(t *testing.T) {
	good := jws(hs256, fresh("test123"))
	dev := "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiYWxpY2UifQ==.devtoken"
	firebase := jws(`{"alg":"RS256","kid":"abc","typ":"JWT"}`, map[string]any{"iss": "https://securetoken.google.com/app", "aud": "app", "sub": "u1", "user_id": "u1", "exp": noon.Unix() + 3600})
	app := func(off bool) func(*probe.Facts) {
		return func(f *probe.Facts) { f.Stream = &probe.Stream{Reachable: true, App: &probe.App{AuthDisabled: off}} }
	}
	signer := func(s tokens.Signer) func(*probe.Facts) { return func(f *probe.Facts) { f.Tokens[0].Signer = &s } }
	judgeAll(t, ruleTokenFormed, []judged{
		{name: "whole", want: Pass, says: "HS256"},
		{name: "without typ", change: backendSends(jws(`{"alg":"HS256"}`, fresh("test123"))), want: Pass},
		{name: "harmless claims", change: claims("name", "Test", "role", "user", "channel_cids", []string{"messaging:1"}), want: Pass},
		{name: "quotes", change: backendSends(`"` + good + `"`), want: Fail, causes: ids(causes.TokenWrapped), at: "server/server.js:12", says: "JSON.stringify"},
		{name: "Bearer", change: backendSends("Bearer " + good), want: Fail, causes: ids(causes.TokenWrapped), says: "without the word"},
		{name: "a line break", change: backendSends(good + "\n"), want: Fail, causes: ids(causes.TokenWrapped)},
		{name: "JSON as text", change: browserUses(`{"token":"` + good + `"}`), want: Fail, causes: ids(causes.TokenWrapped), says: "await response.json()"},
		{name: "quotes in the browser only", change: browserUses(`"` + good + `"`), want: Fail, causes: ids(causes.TokenWrapped), at: "", says: "Clear site data"},
		{name: "cut", change: backendSends(good[:len(good)-7]), want: Fail, causes: ids(causes.TokenTruncated)},
		{name: "cut, says the signer", change: signer(tokens.Signer{Truncated: true}), want: Fail, causes: ids(causes.TokenTruncated)},
		{name: "signature in hexadecimal", change: backendSends(good[:strings.LastIndexByte(good, '.')+1] + strings.Repeat("0a", 32)), want: Fail, causes: ids(causes.TokenEncoding)},
		{name: "signature read as base64, says the signer", change: signer(tokens.Signer{Encoding: "base64"}), want: Fail, causes: ids(causes.TokenEncoding)},
		{name: "the word undefined", change: browserUses("undefined"), want: Fail, causes: ids(causes.TokenMalformed)},
		{name: "three words", change: browserUses("one.two.three"), want: Fail, causes: ids(causes.TokenMalformed)},
		{name: "the signature left away", change: browserUses("eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYSJ9"), want: Fail, causes: ids(causes.TokenTruncated)},
		{name: "a payload that is no JSON", change: browserUses(jws(hs256, "hello")), want: Fail, causes: ids(causes.TokenMalformed)},
		{name: "HS512", change: backendSends(jws(`{"alg":"HS512","typ":"JWT"}`, fresh("test123"))), want: Fail, causes: ids(causes.TokenAlgorithm), likely: true},
		{name: "none", change: backendSends(jws(`{"alg":"none"}`, fresh("test123"))), want: Fail, causes: ids(causes.TokenAlgorithm)},
		{name: "Firebase's", change: backendSends(firebase), want: Fail, causes: ids(causes.TokenForeign), says: "Firebase"},
		{name: "the app's own session", change: backendSends(jws(hs256, map[string]any{"id": 7, "email": "a@example.test", "iat": noon.Unix()})), want: Fail, causes: ids(causes.TokenForeign)},
		{name: "a server token", change: backendSends(jws(hs256, map[string]any{"server": true})), want: Fail, causes: ids(causes.TokenServer)},
		{name: "times only, from a backend that was asked for a user", change: claims("user_id", nil), want: Pass}, // user-id-missing
		{name: "times only, in the browser", change: browserUses(jws(hs256, map[string]any{"exp": noon.Unix() + 60})), want: Fail, causes: ids(causes.TokenServer), at: ""},
		{name: "no claims", change: backendSends(jws(hs256, map[string]any{})), want: Fail, causes: ids(causes.TokenServer)},
		{name: "a development token", change: both(backendSends(dev), func(f *probe.Facts) {
			f.Project.Calls = []probe.StreamCall{{Callee: "client.devToken", File: "stream/src/chat.js", Line: 9}}
		}), want: Fail, causes: ids(causes.TokenDev), likely: true, at: "stream/src/chat.js:9"},
		{name: "a development token, and the checks are on", change: both(browserUses(dev), app(false)), want: Fail, causes: ids(causes.TokenDev)},
		{name: "a development token, and the checks are off", change: both(browserUses(dev), app(true)), want: Warn},
	})
}

func TestTokenUser(t *testing.T) {
	states := func(id string) func(*probe.Facts) { return func(f *probe.Facts) { f.Backend.Posts[0].UserID = id } }
	superset := func(id string) func(*probe.Facts) {
		return func(f *probe.Facts) {
			variant(f, "POST", "superset")
			f.Tokens[len(f.Tokens)-1] = read(jws(hs256, fresh(id)), "backend", "token")
		}
	}
	bodyless := func(f *probe.Facts) { session(f); f.Project.Fetches[0].Body = []string{"room"} }
	judgeAll(t, ruleTokenUser, []judged{
		{name: "the user asked for", want: Pass, says: "test123"},
		{name: "another user", change: claims("user_id", "jane"), want: Fail, causes: ids(causes.UserIDMismatch), at: "server/server.js:12"},
		{name: "capital letters", change: both(asked("john"), claims("user_id", "John")), want: Fail, causes: ids(causes.UserIDMismatch, causes.UserIDCharacters), says: "upper and lower case"},
		{name: "made to fit, and said so", change: both(asked("jane.doe@x"), claims("user_id", "jane_doe@x"), states("jane_doe@x")), want: Warn, causes: ids(causes.UserIDMismatch), warns: true},
		{name: "made to fit, and not said", change: both(asked("jane.doe@x"), claims("user_id", "jane_doe@x"), states("jane.doe@x")), want: Fail, causes: ids(causes.UserIDMismatch)},
		{name: "the session's user", change: both(claims("user_id", "jane"), bodyless), want: Pass},
		{name: "the user of the header given", change: both(claims("user_id", "jane"), withHeader), want: Pass},
		{name: "not the user whom --user-id names", change: both(asked("joe"), claims("user_id", "jane"), withHeader), want: Fail, causes: ids(causes.UserIDMismatch)},
		{name: "a session is sent, and the id too", change: both(claims("user_id", "jane"), session), want: Fail, causes: ids(causes.UserIDMismatch)},
		{name: "the browser's token, whoever that is", change: browserUses(jws(hs256, fresh("jane"))), want: Pass, says: "jane"},
		{name: "the browser's token, and its user was named", change: both(asked("joe"), browserUses(jws(hs256, fresh("jane")))), want: Fail, causes: ids(causes.UserIDMismatch), at: ""},
		{name: "a number", change: both(asked("42"), claims("user_id", 42)), want: Fail, causes: ids(causes.UserIDType), says: "String(userId)"},
		{name: "a text of digits", change: both(asked("42"), claims("user_id", "42")), want: Pass},
		{name: "another name", change: claims("user_id", nil, "userId", "test123"), want: Fail, causes: ids(causes.UserIDMissing), says: "rename the claim userId to user_id"},
		{name: "empty", change: claims("user_id", ""), want: Fail, causes: ids(causes.UserIDMissing)},
		{name: "undefined", change: claims("user_id", "undefined"), want: Fail, causes: ids(causes.UserIDPlaceholder)},
		{name: "an object's text", change: claims("user_id", "[object Object]"), want: Fail, causes: ids(causes.UserIDPlaceholder)},
		{name: "Auth0's", change: both(asked("auth0|123"), claims("user_id", "auth0|123")), want: Warn, causes: ids(causes.UserIDCharacters)},
		{name: "the id vanished from the JSON", change: claims("user_id", nil), want: Fail, causes: ids(causes.UserIDMissing), says: "vanishes"},
		{name: "the name is signed, and the front end sends none", change: both(claims("user_id", nil), superset("Test User")), want: Fail, causes: ids(causes.UserIDMismatch), at: "server/server.js:12", says: "not the name"},
		{name: "the id is signed under another name than it is sent", change: both(claims("user_id", "undefined"), superset("test123")), want: Fail, causes: ids(causes.UserIDPlaceholder)},
		{name: "nobody is signed whatever is sent", change: both(claims("user_id", nil), superset("undefined")), want: Fail, causes: ids(causes.UserIDMissing)},
		{name: "a server token is the form's matter", change: backendSends(jws(hs256, map[string]any{"server": true})), want: Unknown},
		{name: "so is another issuer's", change: backendSends(jws(hs256, map[string]any{"id": 7, "email": "a@example.test"})), want: Unknown},
		{name: "so are claims that cannot be read", change: browserUses("undefined"), want: Unknown},
	})
}

// times are cases of the clock: everything is told in seconds from noon.
func TestTokenTimes(t *testing.T) {
	at := func(s float64) int64 { return noon.Add(time.Duration(s * float64(time.Second))).Unix() }
	received := func(s float64) func(*probe.Facts) {
		return func(f *probe.Facts) {
			for i := range f.Tokens {
				f.Tokens[i].ReceivedAt = noon.Add(time.Duration(s * float64(time.Second)))
			}
		}
	}
	// date is the backend's own clock.
	date := func(s float64) func(*probe.Facts) {
		return header("Date", noon.Add(time.Duration(s*float64(time.Second))).Format(httpDate))
	}
	// stream was asked, and this machine's clock is s ahead of it.
	stream := func(s float64) func(*probe.Facts) {
		return func(f *probe.Facts) {
			skew := time.Duration(s * float64(time.Second))
			f.Stream = &probe.Stream{Reachable: true, Date: noon.Add(-skew), Skew: skew}
		}
	}
	remote := func(f *probe.Facts) { f.Target.URL = "https://api.example.test/api/stream/token" }
	iat := func(s float64) func(*probe.Facts) { return claims("iat", at(s), "exp", at(s)+3600) }
	third := func(s float64) func(*probe.Facts) { // only the last of the three answers
		return func(f *probe.Facts) {
			last := read(jws(hs256, with(fresh("test123"), "iat", at(s))), "backend", "token")
			f.Tokens[2] = last
		}
	}
	judgeAll(t, ruleTokenTimes, []judged{
		{name: "issued now, for an hour", want: Pass, says: "expires in 60 min"},
		{name: "Stream agrees", change: stream(0.3), want: Pass},
		{name: "no iat, no exp", change: claims("iat", nil, "exp", nil), want: Pass, says: "never expires"},
		{name: "back-dated", change: iat(-60), want: Pass},
		{name: "exp in 2030", change: claims("exp", 1893456000), want: Pass},
		{name: "exp in 2083, given as a duration", change: claims("exp", 2*noon.Unix()), want: Pass},

		{name: "half a second ahead", change: both(iat(1), received(0.6)), want: Fail, causes: ids(causes.IATFuture), at: "server/server.js:12", says: "Math.floor instead of Math.round"},
		{name: "half a second ahead, one time in three", change: both(received(0.6), third(1), received(0.6)), want: Fail, causes: ids(causes.IATFuture)},
		{name: "half a second ahead, and Stream's clock agrees with ours", change: both(iat(1), received(0.6), stream(-0.4)), want: Fail, causes: ids(causes.IATFuture)},
		{name: "half a second ahead of a clock that is behind", change: both(iat(1), received(0.6), date(0), stream(-5)), want: Pass},
		{name: "half a second ahead of ours, on another machine", change: both(remote, iat(1), received(0.6), date(1)), want: Pass},
		{name: "30 s ahead, added by the code", change: both(iat(30), date(0)), want: Fail, causes: ids(causes.IATFuture)},
		{name: "30 s ahead, added by the code, Stream asked", change: both(iat(30), date(0), stream(0)), want: Fail, causes: ids(causes.IATFuture)},
		{name: "30 s ahead on another machine, added by the code", change: both(remote, iat(30), date(0), stream(0)), want: Fail, causes: ids(causes.IATFuture)},

		{name: "the backend's clock is 90 s ahead", change: both(iat(90), date(90)), want: Fail, causes: ids(causes.ClockSkew), likely: true, says: "90 s ahead"},
		{name: "the backend's clock is 90 s ahead, Stream asked", change: both(iat(90), date(89), stream(0)), want: Fail, causes: ids(causes.ClockSkew)},
		{name: "this machine's clock is 90 s ahead, the backend's with it", change: both(iat(0), date(0), stream(90)), want: Fail, causes: ids(causes.ClockSkew), says: "this machine's clock, which the backend uses, too"},
		{name: "this machine's clock is 90 s ahead, and the backend names no Date", change: both(iat(0), header("Date", ""), stream(90)), want: Fail, causes: ids(causes.ClockSkew)},
		{name: "30 s ahead, and the backend names no Date", change: both(iat(30), header("Date", "")), want: Fail, causes: ids(causes.IATFuture)},
		{name: "this machine's clock is 90 s ahead, and the token has no iat", change: both(claims("iat", nil), date(0), stream(90)), want: Pass},
		{name: "this machine's clock is 90 s behind, the backend elsewhere right", change: both(remote, iat(90), date(90), stream(-90)), want: Pass},
		{name: "two machines disagree, and nobody was asked", change: both(remote, iat(90), date(90)), want: Unknown, causes: ids(causes.ClockSkew), likely: true, warns: true},
		{name: "clocks that differ, and a token that does not mind", change: both(claims("iat", nil, "exp", nil), date(90)), want: Pass},

		{name: "iat in milliseconds", change: claims("iat", noon.UnixMilli()), want: Fail, causes: ids(causes.IATMilliseconds)},
		{name: "both in milliseconds", change: claims("iat", noon.UnixMilli(), "exp", noon.UnixMilli()+3600), want: Fail, causes: ids(causes.IATMilliseconds)},
		{name: "exp in milliseconds", change: claims("exp", noon.UnixMilli()+3600000), want: Warn, causes: ids(causes.EXPMilliseconds)},
		{name: "exp is a duration", change: claims("exp", 3600), want: Fail, causes: ids(causes.EXPRelative)},
		{name: "exp has a fraction", change: claims("exp", float64(noon.Unix())+3600.5), want: Fail, causes: ids(causes.ClaimType), says: "Math.floor"},
		{name: "exp has a fraction, but for one answer", change: both(claims("exp", float64(noon.Unix())+3600.5), func(f *probe.Facts) { f.Tokens[0] = read(jws(hs256, fresh("test123")), "backend", "token") }), want: Fail, causes: ids(causes.ClaimType)},
		{name: "exp is a text", change: claims("exp", fmt.Sprint(noon.Unix()+3600)), want: Fail, causes: ids(causes.ClaimType)},
		{name: "aud is a list", change: claims("aud", []string{"a"}), want: Fail, causes: ids(causes.ClaimType), likely: true},
		{name: "nbf ahead", change: both(claims("nbf", at(300)), date(0)), want: Fail, causes: ids(causes.NBFFuture)},
		{name: "nbf behind", change: claims("nbf", at(-300)), want: Pass},
		{name: "a life of four seconds", change: claims("exp", at(4)), want: Warn, causes: ids(causes.EXPTooShort), says: "expiresIn"},
		{name: "a life of four seconds, undated", change: claims("iat", nil, "exp", at(4)), want: Warn, causes: ids(causes.EXPTooShort)},
		{name: "a life of an hour, undated", change: claims("iat", nil), want: Pass},

		{name: "fresh and expired", change: both(claims("iat", nil, "exp", at(-600))), want: Fail, causes: ids(causes.TokenExpired), says: "10 min ago"},
		{name: "the first one, handed out again", change: claims("iat", at(-7200), "exp", at(-3600)), want: Fail, causes: ids(causes.TokenExpired), says: "still returns the same one"},
		{name: "expired before it was issued", change: claims("exp", at(-60)), want: Fail, causes: ids(causes.TokenExpired)},
		{name: "expired by Stream's clock only", change: both(claims("exp", at(3600)), stream(-7200)), want: Fail, causes: ids(causes.TokenExpired), says: "behind Stream's"},
		{name: "expired by this machine's clock only", change: both(browserUses(jws(hs256, with(fresh("test123"), "iat", at(-7000), "exp", at(-100)))), stream(600)), want: Pass},
		{name: "in its last second", change: claims("iat", at(-3600), "exp", at(0)), want: Pass},
		{name: "the browser's has expired", change: browserUses(jws(hs256, with(fresh("test123"), "iat", at(-90000), "exp", at(-86500)))), want: Fail, causes: ids(causes.TokenExpired), at: "", says: "connectUser"},
		{name: "the browser's has just expired, by a clock that nobody checked", change: browserUses(jws(hs256, with(fresh("test123"), "iat", at(-4000), "exp", at(-400)))), want: Fail, causes: ids(causes.TokenExpired), likely: true},
		{name: "the browser's hour is nearly over", change: browserUses(jws(hs256, with(fresh("test123"), "iat", at(-3590), "exp", at(10)))), want: Pass},
		{name: "the browser's is older than the process", change: browserUses(jws(hs256, map[string]any{"user_id": "test123"})), want: Pass},
		{name: "claims that cannot be read", change: browserUses("undefined"), want: Unknown},
		{name: "the browser's lies ahead", change: both(browserUses(jws(hs256, with(fresh("test123"), "iat", at(30)))), stream(0)), want: Fail, causes: ids(causes.IATFuture), likely: true, at: ""},
		{name: "the browser's lies one second ahead of a clock that nobody checked", change: browserUses(jws(hs256, with(fresh("test123"), "iat", at(1)))), want: Pass},
		{name: "claims of any size", change: claims("iat", -1<<62, "exp", 1<<62, "nbf", 1<<62), want: Fail, causes: ids(causes.EXPMilliseconds, causes.NBFFuture), warns: false},
	})
}

// Facts that were written to a file and read again hold numbers as float64.
func TestTimesOfReplayedFacts(t *testing.T) {
	f := sound()
	for i := range f.Tokens {
		f.Tokens[i].Claims = map[string]any{"user_id": "test123", "iat": float64(noon.Unix() + 30), "exp": float64(noon.Unix() + 3600)}
	}
	if r := ruleTokenTimes(f); r.Status != Fail || r.Cause != causes.IATFuture {
		t.Errorf("%s %s", r.Status, r.Cause)
	}
	if _, ok := claimTime(&probe.Token{Claims: map[string]any{"exp": 1.5}}, "exp"); ok {
		t.Error("a fraction is no time")
	}
}

func TestTheTokenInUse(t *testing.T) {
	f := sound()
	f.Tokens = slices.Insert(f.Tokens, 0, read(jws(hs256, map[string]any{"sid": "x"}), "backend", "session"))
	for i := range f.Backend.Posts {
		f.Backend.Posts[i].Tokens = []int{i + 1, 0}
	}
	if got := tokenInUse(f); got != &f.Tokens[1] {
		t.Errorf("the one that counts first: %+v", got)
	}
	use(f, "given.one.x")
	if got := tokenInUse(f); got == nil || got.Source != "given" {
		t.Errorf("the given one: %+v", got)
	}
	if got := backendToken(f); got == nil || got.Field != "token" {
		t.Errorf("the backend's beside a given one: %+v", got)
	}
	if tokenInUse(&probe.Facts{}) != nil {
		t.Error("a token out of nothing")
	}
}

// Stream's own words count where its Date header does not show what its clock says.
func TestStreamAcceptsTimes(t *testing.T) {
	says := func(code int, message string) func(*probe.Facts) {
		return func(f *probe.Facts) {
			f.Stream = &probe.Stream{Asked: true, Reachable: true, User: &probe.StreamAnswer{Status: 401, Code: code, Message: message}}
		}
	}
	const early, late = "JWTAuth error: token used before issue at (iat)", `GetApp failed with error: "JWTAuth error: token is expired (exp)"`
	judgeAll(t, ruleStreamAccepts, []judged{
		{name: "used before issue, and nothing lies ahead here", change: says(42, early), want: Fail, causes: ids(causes.ClockSkew), says: "this machine's clock"},
		{name: "used before issue, the backend elsewhere", change: both(says(42, early), func(f *probe.Facts) { f.Target.URL = "https://api.example.test/t" }), want: Fail, causes: ids(causes.ClockSkew), likely: true},
		{name: "used before issue, and iat says so", change: both(says(42, early), claims("iat", noon.Unix()+60)), want: Fail},
		{name: "expired, and exp lies ahead here", change: says(40, late), want: Fail, causes: ids(causes.TokenExpired), says: "behind Stream's"},
		{name: "expired, and exp says so", change: both(says(40, late), claims("exp", noon.Unix()-60)), want: Fail},
		{name: "revoked", change: says(40, "This token has been revoked, please generate a new token"), want: Fail, causes: ids(causes.TokenRevoked)},
	})
}
