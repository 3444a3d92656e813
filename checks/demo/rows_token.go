package demo

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/fakestream"
	"badsig/tokens"
)

// returning changes what createToken returns.
func returning(expr string) func(*setup) {
	return func(s *setup) {
		s.edit("server/streamToken.js", "return jwt.sign(payload, process.env.STREAM_API_SECRET, { algorithm: 'HS256' });",
			"const token = jwt.sign(payload, process.env.STREAM_API_SECRET, { algorithm: 'HS256' });\n  return "+expr+";")
	}
}

// payload changes what is signed.
func payload(expr string) func(*setup) {
	return func(s *setup) {
		s.edit("server/streamToken.js", "const payload = { user_id: userId, iat, exp: iat + 3600 };", "const payload = "+expr+";")
	}
}

// tokenRows: the token's format.
var tokenRows = []row{
	{id: causes.TokenWrapped, says: "the token has quotes around it",
		plan:  returning("JSON.stringify(token)"),
		token: func(t string) string { return `"` + t + `"` }},
	{id: causes.TokenTruncated, says: "the token's last characters are missing",
		plan:  returning("token.slice(0, -12)"),
		token: func(t string) string { return t[:len(t)-12] }},
	{id: causes.TokenMalformed, says: "the response contains a session ID instead of a JWT",
		plan: func(s *setup) {
			s.edit("server/server.js", "const token = createToken(userId);", "const token = crypto.randomUUID();")
		},
		token: func(string) string { return "3f0c9b1e-4a55-4b8e-9d5e-0a6c2f7d1b42" }},
	{id: causes.TokenEncoding, says: "the signature is in hex",
		plan: returning("token.slice(0, token.lastIndexOf('.') + 1) + Buffer.from(token.split('.')[2], 'base64url').toString('hex')"),
		token: func(t string) string {
			dot := strings.LastIndexByte(t, '.') + 1
			mac, _ := base64.RawURLEncoding.DecodeString(t[dot:])
			return t[:dot] + hex.EncodeToString(mac)
		}},
	{id: causes.TokenAlgorithm, says: "the token is signed with HS512",
		plan: func(s *setup) { s.edit("server/streamToken.js", "'HS256'", "'HS512'") },
		alg:  "HS512"},
	{id: causes.TokenForeign, says: "the endpoint returns the login's token (Firebase)",
		plan: func(s *setup) {
			s.edit("server/server.js", "const token = createToken(userId);", "const token = req.headers['x-firebase-token'] ?? firebaseIdToken(userId);")
		},
		token: func(string) string {
			enc := base64.RawURLEncoding
			now := time.Now().Unix()
			head := `{"alg":"RS256","kid":"4b1f9e0c","typ":"JWT"}`
			c := &claims{}
			c.set("iss", "https://securetoken.google.com/chat-demo")
			c.set("aud", "chat-demo")
			c.set("sub", "Zk3vQ9aB")
			c.set("iat", now)
			c.set("exp", now+3600)
			c.set("firebase", map[string]any{"sign_in_provider": "password"})
			body, _ := c.MarshalJSON()
			return enc.EncodeToString([]byte(head)) + "." + enc.EncodeToString(body) + "." + enc.EncodeToString([]byte(invent(256)))
		}},
	{id: causes.TokenDev, says: "the endpoint returns development tokens",
		plan: func(s *setup) {
			s.edit("server/server.js", "const token = createToken(userId);", "const token = StreamChat.getInstance(process.env.STREAM_API_KEY).devToken(userId);")
		},
		token: func(t string) string {
			head, rest, _ := affix.Cut(t, ".")
			body, _, _ := affix.Cut(rest, ".")
			return head + "." + body + ".devtoken"
		}},
	{id: causes.TokenServer, says: "the endpoint returns a server token",
		plan: payload("{ server: true, iat }"),
		claims: func(c *claims, _ string, _ time.Time) {
			c.drop("user_id", "exp")
			c.set("server", true)
		}},
	{id: causes.TokenStale, says: "the browser is using a token from before the secret changed",
		plan: func(s *setup) {
			old := tokens.NewSecret([]byte(invent(64)))
			s.token, _ = tokens.Mint(old, s.userID, time.Now().Add(-20*time.Minute), tokens.MintOptions{})
			s.pair = true
		}},
}

// claimRows: the claims.
var claimRows = []row{
	{id: causes.UserIDMissing, says: "the user ID is in the claim userId instead of user_id",
		plan: payload("{ userId, iat, exp: iat + 3600 }"),
		claims: func(c *claims, user string, _ time.Time) {
			c.drop("user_id")
			c.set("userId", user)
		}},
	{id: causes.UserIDMismatch, says: "the token is always for the user demo-admin",
		plan:   payload("{ user_id: 'demo-admin', iat, exp: iat + 3600 }"),
		claims: func(c *claims, _ string, _ time.Time) { c.set("user_id", "demo-admin") }},
	{id: causes.UserIDType, says: "user_id is a number",
		plan: func(s *setup) {
			payload("{ user_id: Number(userId), iat, exp: iat + 3600 }")(s)
			s.userID = "4711"
		},
		claims: func(c *claims, _ string, _ time.Time) { c.set("user_id", 4711) }},
	{id: causes.UserIDPlaceholder, says: "the ID was undefined when the token was created",
		plan:   payload("{ user_id: String(userId.id), iat, exp: iat + 3600 }"),
		claims: func(c *claims, _ string, _ time.Time) { c.set("user_id", "undefined") }},
	{id: causes.UserIDCharacters, says: "the user ID is an email address with a dot and a plus",
		plan: func(s *setup) { s.userID = "jane.doe+chat@example.com" }},
	{id: causes.IATFuture, says: "iat is two minutes in the future",
		plan:   payload("{ user_id: userId, iat: iat + 120, exp: iat + 3600 }"),
		claims: func(c *claims, _ string, now time.Time) { c.set("iat", now.Unix()+120) }},
	{id: causes.IATMilliseconds, says: "iat is in milliseconds",
		plan:   payload("{ user_id: userId, iat: Date.now(), exp: iat + 3600 }"),
		claims: func(c *claims, _ string, now time.Time) { c.set("iat", now.UnixMilli()) }},
	{id: causes.ClockSkew, says: "the backend's clock is 95 s ahead",
		ahead: 95 * time.Second},
	{id: causes.TokenExpired, says: "the token was created two hours ago and is returned ever since",
		plan: payload("{ user_id: userId, iat: startedAt, exp: startedAt + 3600 }"),
		claims: func(c *claims, _ string, now time.Time) {
			c.set("iat", now.Unix()-7200)
			c.set("exp", now.Unix()-3600)
		}},
	{id: causes.EXPRelative, says: "exp is 3600, a duration",
		plan:   payload("{ user_id: userId, iat, exp: 3600 }"),
		claims: func(c *claims, _ string, _ time.Time) { c.set("exp", 3600) }},
	{id: causes.EXPMilliseconds, says: "exp is in milliseconds",
		plan:   payload("{ user_id: userId, iat, exp: Date.now() + 3600 * 1000 }"),
		claims: func(c *claims, _ string, now time.Time) { c.set("exp", now.UnixMilli()+3600*1000) }},
	{id: causes.EXPTooShort, says: "the token expires after 20 seconds",
		plan:   payload("{ user_id: userId, iat, exp: iat + 20 }"),
		claims: func(c *claims, _ string, now time.Time) { c.set("exp", now.Unix()+20) }},
	{id: causes.ClaimType, says: "exp isn't an integer",
		plan:   payload("{ user_id: userId, iat, exp: Date.now() / 1000 + 3600 }"),
		claims: func(c *claims, _ string, now time.Time) { c.set("exp", float64(now.Unix())+3600.25) }},
	{id: causes.NBFFuture, says: "nbf is ten minutes in the future",
		plan:   payload("{ user_id: userId, iat, nbf: iat + 600, exp: iat + 3600 }"),
		claims: func(c *claims, _ string, now time.Time) { c.set("nbf", now.Unix()+600) }},
	{id: causes.TokenRevoked, says: "the app's tokens were revoked, and the backend's tokens have no iat",
		plan: func(s *setup) {
			payload("{ user_id: userId }")(s)
			s.apps[s.key] = fakestream.App{Secret: tokens.NewSecret([]byte(s.secret)), Name: "Demo App", RevokedBefore: time.Now().Add(-time.Hour)}
		},
		claims: func(c *claims, _ string, _ time.Time) { c.drop("iat", "exp") }},
}
