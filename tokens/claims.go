package tokens

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Rules of this file:
//   - a claim is judged by its value alone, without a clock
//   - a token counts as another service's only for what only that service writes;
//     a plain HS256 token with an unusual claim doesn't
//   - harmless extra claims (role, name, call_cids, channel_cids) aren't flaws

func appendHeaderFlaws(fs []Flaw, t Token) []Flaw {
	alg := t.Alg()
	if issuer, why := issuer(t); issuer != "" {
		fs = append(fs, Flaw{Kind: FlawForeign, Detail: "this is " + issuer + ": " + why, Got: issuer, Want: "a token signed with the Stream app's secret"})
	}
	switch {
	case alg == "HS256":
	case t.Header["alg"] == nil:
		fs = append(fs, Flaw{Kind: FlawAlgorithm, Claim: "alg", Detail: "the header has no algorithm", Got: "none", Want: "HS256"})
	case alg == "":
		fs = append(fs, Flaw{Kind: FlawAlgorithm, Claim: "alg", Detail: "alg isn't a string", Got: show(t.Header["alg"]), Want: "HS256"})
	case strings.EqualFold(alg, "none"):
		fs = append(fs, Flaw{Kind: FlawAlgorithm, Claim: "alg", Detail: "the token isn't signed: alg is none", Got: alg, Want: "HS256"})
	default:
		fs = append(fs, Flaw{Kind: FlawAlgorithm, Claim: "alg", Detail: "the token is signed with " + cut(alg) + "; Stream uses HS256", Got: cut(alg), Want: "HS256"})
	}
	return fs
}

// issuer names the service that issued this JWT, if it isn't for Stream; else "".
func issuer(t Token) (name, why string) {
	iss, _ := t.Claims["iss"].(string)
	kid := t.Header["kid"] != nil
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { _, ok := t.Claims[n]; return ok })
	}
	switch {
	case strings.Contains(iss, "securetoken.google.com") || has("firebase"):
		return "a Firebase ID token", "its issuer is securetoken.google.com"
	case strings.Contains(iss, "supabase"), has("session_id") && has("aal", "amr"):
		return "a Supabase token", "its issuer or session claims are Supabase's"
	case strings.Contains(iss, ".auth0.com"):
		return "an Auth0 token", "its issuer is an auth0.com tenant"
	case strings.Contains(iss, "clerk."), has("azp") && has("sid"):
		return "a Clerk session token", "its issuer or session claims are Clerk's"
	case strings.Contains(iss, "cognito-idp"):
		return "an Amazon Cognito token", "its issuer is cognito-idp"
	case strings.Contains(iss, "accounts.google.com"):
		return "a Google sign-in token", "its issuer is accounts.google.com"
	case strings.Contains(iss, "login.microsoftonline.com"), strings.Contains(iss, "sts.windows.net"):
		return "a Microsoft sign-in token", "its issuer is Microsoft's"
	case strings.Contains(iss, "appleid.apple.com"):
		return "an Apple sign-in token", "its issuer is appleid.apple.com"
	case strings.Contains(iss, "okta"):
		return "an Okta token", "its issuer is Okta's"
	}
	asymmetric := len(t.Alg()) == 5 && strings.IndexByte("REP", t.Alg()[0]) >= 0 || t.Alg() == "EdDSA"
	switch _, user := t.UserID(); {
	case kid && asymmetric:
		return "a JWT from another service", "it's signed with a key pair (" + t.Alg() + ", kid)"
	case user || has("server", "resource", "action", "feed_id"):
		return "", ""
	case iss != "" && !strings.Contains(iss, "getstream.io") && has("aud", "azp", "scope"):
		return "a JWT from another service", "it has an issuer and an audience, but no user_id"
	case has("email", "password", "session", "sid", "jti", "roles", "isAdmin", "is_admin", "scope", "permissions") && has("id", "_id", "sub", "uid", "userId", "email"):
		return "your application's own session token", "it describes an account and has no user_id"
	}
	return "", ""
}

func appendClaimFlaws(fs []Flaw, t Token) []Flaw {
	fs = appendUserFlaws(fs, t)
	for _, name := range []string{"exp", "iat", "nbf"} {
		v, ok := t.Claims[name]
		if !ok || v == nil {
			continue
		}
		var is string
		if n, isNum := v.(json.Number); !isNum {
			is = " is " + typeName(v) + ", not an integer of seconds"
		} else if _, err := n.Int64(); err != nil {
			is = " isn't a whole number of seconds"
		} else {
			continue
		}
		fs = append(fs, Flaw{Kind: FlawClaimType, Claim: name, Detail: name + is, Got: show(v), Want: "an integer"})
	}
	for _, name := range []string{"aud", "iss", "sub", "jti"} {
		if v, ok := t.Claims[name]; ok && v != nil {
			if _, isText := v.(string); !isText {
				fs = append(fs, Flaw{Kind: FlawClaimType, Claim: name, Detail: name + " is " + typeName(v) + ", not a string", Got: show(v), Want: "a string"})
			}
		}
	}
	return appendUnitFlaws(fs, t.Claims)
}

func appendUserFlaws(fs []Flaw, t Token) []Flaw {
	v, present := t.Claims["user_id"]
	id, isText := v.(string)
	switch {
	case isText && id != "":
		return appendUserTextFlaws(fs, id)
	case present && v != nil && !isText:
		return append(fs, Flaw{Kind: FlawUserType, Claim: "user_id", Detail: "user_id is " + typeName(v) + ", not a string", Got: show(v), Want: "a string"})
	case present:
		return append(fs, Flaw{Kind: FlawUserMissing, Claim: "user_id", Detail: "user_id is empty", Got: show(v), Want: "the user ID"})
	}
	if what, isServer := serverToken(t.Claims); isServer {
		return append(fs, Flaw{Kind: FlawServer, Claim: "server", Detail: what, Got: claimNames(t.Claims), Want: "user_id"})
	}
	f := Flaw{Kind: FlawUserMissing, Claim: "user_id", Detail: "there is no user_id", Got: claimNames(t.Claims), Want: "user_id"}
	if like := lookAlike(t.Claims); like != "" {
		f.Detail, f.Got, f.Like = "there is no user_id; the user ID seems to be in "+like, like, like
	}
	return append(fs, f)
}

// serverToken reports a token with full access to the app: the server claim,
// Feeds wildcards, or no user at all.
func serverToken(c Claims) (string, bool) {
	if v, ok := c["server"]; ok && v != false {
		return "this is a server token (it has the server claim): it has full access to the app and must never be used in a browser", true
	}
	if _, feeds := c["resource"]; feeds {
		if _, feeds = c["action"]; feeds {
			return "this is a Stream Feeds v2 token (resource and action), not a user token", true
		}
	}
	for name := range c {
		switch name {
		case "iat", "exp", "nbf", "server":
		default:
			return "", false
		}
	}
	return "the token has no user: correctly signed, it's a server token with full access to the app", true
}

// lookAlike finds the claim that was meant to be user_id.
func lookAlike(c Claims) string {
	for _, name := range sortedKeys(c) {
		switch strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name)) {
		case "userid", "uid", "userident", "useridentifier":
			return name
		}
	}
	for _, name := range []string{"id", "_id", "sub", "username", "userName", "user_name", "user", "name"} {
		if _, ok := c[name].(string); ok {
			return name
		}
		if _, ok := c[name].(json.Number); ok {
			return name
		}
	}
	for _, outer := range sortedKeys(c) {
		if m, ok := c[outer].(map[string]any); ok {
			for _, name := range []string{"user_id", "userId", "id", "uid", "_id"} {
				if _, ok := m[name]; ok {
					return outer + "." + name
				}
			}
		}
	}
	return ""
}

// placeholders are what programs print for a missing value.
var placeholders = []string{"undefined", "null", "NaN", "None", "nil", "<nil>", "[object Object]", "[object Promise]", "[object Undefined]"}

func appendUserTextFlaws(fs []Flaw, id string) []Flaw {
	f := Flaw{Kind: FlawUserText, Claim: "user_id", Got: cut(id), Want: "the user ID"}
	switch {
	case slices.Contains(placeholders, strings.TrimSpace(id)):
		f.Detail = fmt.Sprintf("user_id is the string %q: the ID was missing when the token was created", cut(id))
	case strings.HasPrefix(id, "Instance of 'Future"), strings.HasPrefix(id, "<coroutine object"):
		f.Detail = "user_id is how a value prints when await is missing"
	case strings.HasPrefix(id, "${") && strings.HasSuffix(id, "}"), strings.HasPrefix(id, "{{") && strings.HasSuffix(id, "}}"):
		f.Detail = "user_id is a template placeholder that was never filled in"
	default:
		return appendUserCharFlaws(fs, id)
	}
	return append(fs, f)
}

func appendUserCharFlaws(fs []Flaw, id string) []Flaw {
	var odd []rune
	upper := true
	for _, r := range id {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '@' || r == '_' || r == '-' {
			continue
		}
		upper = upper && 'A' <= r && r <= 'Z'
		if !slices.Contains(odd, r) && len(odd) < 8 {
			odd = append(odd, r)
		}
	}
	if odd == nil {
		return fs
	}
	f := Flaw{Kind: FlawUserChars, Claim: "user_id", Got: fmt.Sprintf("%+q", string(odd)), Want: "a-z 0-9 @ _ -",
		Detail: "user_id has characters that Stream's documentation doesn't allow"}
	if upper {
		f.Detail = "user_id has uppercase letters: Stream's documentation allows only lowercase, although such IDs are in use"
	}
	return append(fs, f)
}

func claimNames(c Claims) string {
	names := sortedKeys(c)
	if len(names) == 0 {
		return "no claims"
	}
	if len(names) > 8 {
		names = append(names[:8], "…")
	}
	return cut(strings.Join(names, ", "))
}

// typeName returns the type of a JSON value.
func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case json.Number:
		return "a number"
	case []any:
		return "an array"
	}
	return "an object"
}

// show returns a claim's value as JSON, cut to the length of a line.
func show(v any) string {
	b, err := plainJSON(v)
	if err != nil {
		return typeName(v)
	}
	return cut(string(b))
}

// cut limits a string to 80 characters. What looks like a secret is taken out
// before: half a secret has another shape.
func cut(s string) string {
	if len(s) <= 80 {
		return s
	}
	if s = RedactSecrets(RedactTokens(s)); len(s) <= 80 {
		return s
	}
	n := 79
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
