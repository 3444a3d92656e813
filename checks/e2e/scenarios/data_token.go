package scenarios

import "badsig/checks/e2e/oracle"

const signCall = "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { algorithm: 'HS256', expiresIn: '1h' })"

// Sign replaces the signing expression of Express5.
func Sign(code string) Edit { return Sub("server/streamToken.js", signCall, code) }

// Claims replaces what Express5 signs and with which options.
func Claims(claims, options string) Edit {
	return Sign("jwt.sign(" + claims + ", process.env.STREAM_API_SECRET, " + options + ")")
}

// byHand signs without a library; code builds the token out of enc, head, body and mac.
func byHand(code string) []Edit {
	return []Edit{Put("server/streamToken.js", `import { createHmac } from 'node:crypto'

const json = (value) => Buffer.from(JSON.stringify(value))

export function makeToken(userId) {
  const now = Math.floor(Date.now() / 1000)
  const claims = { user_id: userId, iat: now - 5, exp: now + 3600 }
  const header = { alg: 'HS256', typ: 'JWT' }
  const hmac = (text) => createHmac('sha256', process.env.STREAM_API_SECRET).update(text)
  `+code+`
}
`)}
}

const okay = "{{S1}}"

// oldToken is what the browser kept from the time of another secret: {"user_id":"test123"} signed with 64 times "o".
var oldToken = oracle.Sign(`{"user_id":"test123","iat":1735689600}`, "anoldsecretthatnobodyhasanymore0000000000000000000000000000000000")

var token = []Scenario{
	{Name: "token-wrapped: quotes of JSON.stringify", Layout: Express5, Edits: []Edit{Respond("res.json({ token: JSON.stringify(token), userId })")},
		Truth: Truth{Status: 200, Body: `"token":"\"ey`}, Want: Want{First: "token-wrapped", Verdict: "rejected"}},
	{Name: "token-wrapped: Bearer in front", Layout: Express4, Edits: []Edit{Sub("backend/src/routes/chat.js", "token: client.createToken(userId)", "token: `Bearer ${client.createToken(userId)}`")},
		Truth: Truth{Status: 200, Body: "Bearer ey"}, Want: Want{First: "token-wrapped"}},
	{Name: "token-wrapped: a trailing newline", Layout: Express5, Edits: []Edit{Sub("server/streamToken.js", "{ algorithm: 'HS256', expiresIn: '1h' })", "{ algorithm: 'HS256', expiresIn: '1h' }) + '\\n'")},
		Truth: Truth{Status: 200, Body: `\n"`}, Want: Want{First: "token-wrapped"}},
	{Name: "token-wrapped: JSON in JSON", Layout: EnvFlag, Edits: []Edit{Sub("server.mjs", "send(200, { token, ", "send(200, { token: JSON.stringify({ token }), ")},
		Truth: Truth{Status: 200, Body: `{\"token\"`}, Want: Want{First: "token-wrapped"}},
	{Name: "token-wrapped: the given token has quotes", Layout: Express5, Steps: []Step{StartAll, Give, func(l *Live) error { l.given = `"` + l.given + `"`; return nil }},
		Truth: Truth{Status: 200}, Want: Want{First: "token-wrapped"}},
	{Name: "token-wrapped: the given token has spaces in front", Layout: Jose, Steps: []Step{StartAll, Give, func(l *Live) error { l.given = "Bearer " + l.given; return nil }},
		Truth: Truth{Status: 200}, Want: Want{First: "token-wrapped"}},

	{Name: "token-truncated: the end is lost", Layout: Express5, Edits: []Edit{Respond("res.json({ token: token.slice(0, -6), userId })")},
		Truth: Truth{Status: 200}, Want: Want{First: "token-truncated", Verdict: "rejected"}},
	{Name: "token-truncated: a column of 128 characters", Layout: Express4, Edits: []Edit{Sub("backend/src/routes/chat.js", "client.createToken(userId)", "client.createToken(userId, 2000000000).substring(0, 128)")},
		Truth: Truth{Status: 200}, Want: Want{First: "token-truncated"}},
	{Name: "token-truncated: the given token lost its end", Layout: Express5, Steps: []Step{StartAll, Give, func(l *Live) error { l.given = l.given[:len(l.given)-9]; return nil }},
		Truth: Truth{Status: 200}, Want: Want{First: "token-truncated"}},

	{Name: "token-malformed: an opaque id", Layout: Express5, Edits: []Edit{Respond("res.json({ token: '7f0c4a52-2f9e-4f53-9a1b-0c2f4c1c9f11', userId })")},
		Truth: Truth{Status: 200, Code: 5}, Want: Want{First: "token-malformed", Verdict: "rejected"}},
	{Name: "token-malformed: the text undefined", Layout: Express4, Edits: []Edit{Sub("backend/src/routes/chat.js", "token: client.createToken(userId)", "token: String(client.token)")},
		Truth: Truth{Status: 200}, Want: Want{First: "token-malformed", Or: []string{"token-missing"}}},
	{Name: "token-malformed: two segments", Layout: Express5, Edits: []Edit{Respond("res.json({ token: token.split('.').slice(0, 2).join('.'), userId })")},
		Truth: Truth{Status: 200, Code: 5}, Want: Want{First: "token-malformed", Or: []string{"token-truncated"}}},
	{Name: "token-malformed: the payload isn't JSON", Layout: Express5, Edits: byHand("const text = json(header).toString('base64url') + '.' + Buffer.from('user_id=' + userId).toString('base64url')\n  return text + '.' + hmac(text).digest('base64url')"),
		Truth: Truth{Status: 200, Code: 5, SignedBy: okay}, Want: Want{First: "token-malformed"}},

	{Name: "token-encoding: base64 with padding", Layout: Express5, Edits: byHand("const text = json(header).toString('base64') + '.' + json({ ...claims, note: 'x??>>~~' }).toString('base64')\n  return text + '.' + hmac(text).digest('base64')"),
		Truth: Truth{Status: 200}, Want: Want{First: "token-encoding", Verdict: "rejected"}},
	{Name: "token-encoding: the signature in hex", Layout: Express5, Edits: byHand("const text = json(header).toString('base64url') + '.' + json(claims).toString('base64url')\n  return text + '.' + hmac(text).digest('hex')"),
		Truth: Truth{Status: 200, Code: 43}, Want: Want{First: "token-encoding"}},
	{Name: "token-encoding: Python without urlsafe", Layout: Python, Runtime: "python3", Edits: []Edit{Sub("server/app.py", `base64.urlsafe_b64encode(data).rstrip(b"=").decode()`, `base64.b64encode(data).decode()`)},
		Truth: Truth{Status: 200}, Want: Want{First: "token-encoding"}},

	{Name: "token-algorithm: HS512", Layout: Express5, Edits: []Edit{Claims("{ user_id: userId }", "{ algorithm: 'HS512' }")},
		Truth: Truth{Status: 200}, Want: Want{First: "token-algorithm"}},
	{Name: "token-algorithm: none", Layout: Express5, Edits: []Edit{Sign("jwt.sign({ user_id: userId }, null, { algorithm: 'none' })")},
		Truth: Truth{Status: 200}, Want: Want{First: "token-algorithm"}},
	{Name: "token-algorithm: HS384 by jose", Layout: Jose, Edits: []Edit{Sub("apps/api/src/tokens.mjs", "alg: 'HS256'", "alg: 'HS384'")},
		Truth: Truth{Status: 200}, Want: Want{First: "token-algorithm"}},

	{Name: "token-foreign: a Firebase token", Layout: Express5, Edits: []Edit{
		Put("server/streamToken.js", `import jwt from 'jsonwebtoken'
import { generateKeyPairSync } from 'node:crypto'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

export const makeToken = (userId) =>
  jwt.sign({ user_id: userId, auth_time: 1700000000, firebase: { identities: {}, sign_in_provider: 'password' } }, privateKey,
    { algorithm: 'RS256', keyid: 'a1b2c3d4e5f6', issuer: 'https://securetoken.google.com/demo-project', audience: 'demo-project', subject: userId, expiresIn: '1h' })
`)},
		Truth: Truth{Status: 200}, Want: Want{First: "token-foreign", Verdict: "rejected"}},
	{Name: "token-foreign: a Supabase session", Layout: Express5, Edits: []Edit{Append("server/.env", "SUPABASE_JWT_SECRET=invented-supabase-secret-of-forty-characters\n"),
		Sign("jwt.sign({ role: 'authenticated', email: 'a@example.com', session_id: '1' }, process.env.SUPABASE_JWT_SECRET, { issuer: 'https://demo.supabase.co/auth/v1', audience: 'authenticated', subject: userId, expiresIn: '1h' })")},
		Truth: Truth{Status: 200}, Want: Want{First: "token-foreign"}},
	{Name: "token-foreign: the app's own session token", Layout: Express4, Edits: []Edit{Append("backend/.env", "JWT_SECRET=invented-session-secret-1234\n"),
		Sub("backend/src/routes/chat.js", "token: client.createToken(userId)", "token: sessionToken(userId)"),
		Sub("backend/src/routes/chat.js", "const router = Router();", `const crypto = require('crypto');
const enc = (o) => Buffer.from(JSON.stringify(o)).toString('base64url');
function sessionToken(id) {
  const head = enc({ alg: 'HS256', typ: 'JWT' }) + '.' + enc({ id, email: id + '@example.com', role: 'member', iat: Math.floor(Date.now() / 1000) });
  return head + '.' + crypto.createHmac('sha256', process.env.JWT_SECRET).update(head).digest('base64url');
}

const router = Router();`)},
		Truth: Truth{Status: 200, SignedBy: "invented-session-secret-1234"}, Want: Want{First: "token-foreign"}},
	{Name: "token-foreign: a Clerk token is given", Layout: Express5,
		Token: "eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc18yYWJjIiwidHlwIjoiSldUIn0.eyJhenAiOiJodHRwOi8vbG9jYWxob3N0OjMwMDAiLCJleHAiOjIwMDAwMDAwMDAsImlhdCI6MTcwMDAwMDAwMCwiaXNzIjoiaHR0cHM6Ly9kZW1vLmNsZXJrLmFjY291bnRzLmRldiIsInNpZCI6InNlc3NfMSIsInN1YiI6InVzZXJfMSJ9.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		Truth: Truth{Status: 200}, Want: Want{First: "token-foreign"}},

	{Name: "token-dev: devToken from the backend", Layout: Express4, Edits: []Edit{Sub("backend/src/routes/chat.js", "client.createToken(userId)", "client.devToken(userId)")},
		Truth: Truth{Status: 200, Code: 43}, Want: Want{First: "token-dev", Verdict: "rejected"}},
	{Name: "token-dev: a dev token is given", Layout: Express5, Token: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoidGVzdDEyMyJ9.devtoken",
		Truth: Truth{Status: 200}, Want: Want{First: "token-dev"}},

	{Name: "token-server: server true", Layout: Express5, Edits: []Edit{Claims("{ server: true }", "{ noTimestamp: true }")},
		Truth: Truth{Status: 200, SignedBy: okay, Claim: "server=true"}, Want: Want{First: "token-server"}},
	{Name: "token-server: no claims at all", Layout: Express5, Edits: []Edit{Claims("{}", "{ noTimestamp: true }")},
		Truth: Truth{Status: 200, SignedBy: okay}, Want: Want{First: "token-server"}},

	{Name: "token-stale: issued by an unknown older secret", Layout: Express5, Token: oldToken,
		Truth: Truth{Status: 200}, Want: Want{First: "token-stale"}},
	{Name: "token-stale: signed by the other app that the project knows", Layout: Express4, Edits: []Edit{Append("backend/.env", "# STREAM_KEY={{K2}}\n# STREAM_SECRET={{S2}}\n")},
		Steps: []Step{StartAll, func(l *Live) error { l.given = oracle.Sign(`{"user_id":"test123"}`, l.Vars["S2"]); return nil }},
		Truth: Truth{Status: 200}, Want: Want{First: "token-stale"}},
	{Name: "token-stale: kept over a restart with a new secret", Layout: Jose, Edits: []Edit{Secret(`"{{S3}}"`)},
		Steps: []Step{StartAll, Give, Stop("server"), Later(Secret(`"{{S1}}"`)), Start("server")},
		Truth: Truth{Status: 200}, Want: Want{First: "token-stale"}},
	{Name: "token-stale: kept over a move to a new app", Layout: Express5, Modes: oneOnline,
		Steps: []Step{StartAll, Give, Stop("server"), Later(Key("{{K2}}"), Secret("{{S2}}"), FrontKey("{{K2}}")), StartAll},
		Truth: Truth{Status: 200, Key: "{{K2}}"}, Want: Want{First: "token-stale"}},
}
