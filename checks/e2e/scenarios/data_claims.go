package scenarios

import "badsig/checks/e2e/oracle"

var signed = Truth{Status: 200, SignedBy: okay}

func claimed(c string) Truth { return Truth{Status: 200, SignedBy: okay, Claim: c} }
func refused(code int, c string) Truth {
	return Truth{Status: 200, SignedBy: okay, Code: code, Claim: c}
}

const hs = "{ algorithm: 'HS256', expiresIn: '1h' }"

var claims = []Scenario{
	{Name: "user-id-missing: it is called userId", Layout: Express5, Edits: []Edit{Claims("{ userId }", hs)}, Truth: claimed(`userId="test123"`), Want: Want{First: "user-id-missing"}},
	{Name: "user-id-missing: it is called sub", Layout: Jose, Edits: []Edit{Sub("apps/api/src/tokens.mjs", "new SignJWT({ user_id: userId })", "new SignJWT({})\n      .setSubject(userId)")}, Truth: claimed(`sub="test123"`), Want: Want{First: "user-id-missing"}},
	{Name: "user-id-missing: it is nested", Layout: Express5, Edits: []Edit{Claims("{ user: { id: userId } }", hs)}, Truth: claimed(`user={"id":"test123"}`), Want: Want{First: "user-id-missing"}},
	{Name: "user-id-missing: undefined vanished from the JSON", Layout: Express5, Edits: []Edit{Sub("server/index.js", "makeToken(userId)", "makeToken(req.body.id)")}, Truth: Truth{Status: 200, SignedBy: okay}, Want: Want{First: "user-id-missing"}},

	{Name: "user-id-mismatch: a user is hard-coded", Layout: Express5, Edits: []Edit{Sub("server/index.js", "makeToken(userId)", "makeToken('demo-user')")}, Truth: claimed(`user_id="demo-user"`), Want: Want{First: "user-id-mismatch"}},
	{Name: "user-id-mismatch: the case is lost", Layout: Express4, Args: []string{"--user-id", "John"}, Edits: []Edit{Sub("backend/src/routes/chat.js", "createToken(userId)", "createToken(userId.toLowerCase())")}, Truth: claimed(`user_id="john"`), Want: Want{First: "user-id-mismatch"}},
	{Name: "user-id-mismatch: the name instead of the id", Layout: EnvFlag, Edits: []Edit{Sub("server.mjs", "user_id: body.userId", "user_id: body.userName")}, Truth: claimed(`user_id="Test User"`), Want: Want{First: "user-id-mismatch", Or: []string{"user-id-missing"}, May: []string{"user-id-characters"}}},
	{Name: "user-id-mismatch: the given token is another user's", Layout: Express5, Args: []string{"--user-id", "bob"}, Steps: []Step{StartAll, func(l *Live) error { l.given = oracle.Sign(`{"user_id":"jane"}`, l.Vars["S1"]); return nil }}, Truth: signed, Want: Want{First: "user-id-mismatch"}},
	{Name: "user-id-mismatch: a prefix is put before it", Layout: Jose, Edits: []Edit{Sub("apps/api/src/main.mjs", "service.issue(userId)", "service.issue(`app_${userId}`)")}, Truth: claimed(`user_id="app_test123"`), Want: Want{First: "user-id-mismatch"}},

	{Name: "user-id-type: a number", Layout: Express5, Args: []string{"--user-id", "42"}, Edits: []Edit{Claims("{ user_id: Number(userId) }", hs)}, Truth: refused(5, "user_id=42"), Want: Want{First: "user-id-type"}},
	{Name: "user-id-type: an object", Layout: Express5, Edits: []Edit{Claims("{ user_id: { id: userId } }", hs)}, Truth: refused(5, `user_id={"id":"test123"}`), Want: Want{First: "user-id-type"}},
	{Name: "user-id-type: parseInt in another library", Layout: Jose, Args: []string{"--user-id", "1007"}, Edits: []Edit{Sub("apps/api/src/tokens.mjs", "user_id: userId", "user_id: parseInt(userId, 10)")}, Truth: refused(5, "user_id=1007"), Want: Want{First: "user-id-type"}},

	{Name: "user-id-placeholder: undefined", Layout: Express5, Edits: []Edit{Claims("{ user_id: `${undefined}` }", hs)}, Truth: claimed(`user_id="undefined"`), Want: Want{First: "user-id-placeholder"}},
	{Name: "user-id-placeholder: it reads user_id, the client sends userId", Layout: EnvFlag, Edits: []Edit{Sub("server.mjs", "user_id: body.userId", "user_id: String(body.user_id)")}, Truth: claimed(`user_id="undefined"`), Want: Want{First: "user-id-placeholder"}},
	{Name: "user-id-placeholder: [object Object]", Layout: Express5, Edits: []Edit{Sub("server/index.js", "makeToken(userId)", "makeToken(String(req.body))")}, Truth: claimed(`user_id="[object Object]"`), Want: Want{First: "user-id-placeholder"}},
	{Name: "user-id-placeholder: NaN", Layout: Express5, Edits: []Edit{Claims("{ user_id: String(parseInt(userId, 10)) }", hs)}, Truth: claimed(`user_id="NaN"`), Want: Want{First: "user-id-placeholder"}},
	{Name: "user-id-placeholder: a promise", Layout: Express5, Edits: []Edit{Claims("{ user_id: String(Promise.resolve(userId)) }", hs)}, Truth: claimed(`user_id="[object Promise]"`), Want: Want{First: "user-id-placeholder"}},

	{Name: "user-id-characters: a pipe", Layout: Express5, Args: []string{"--user-id", "auth0|5f7c"}, Truth: signed, Want: Want{First: "user-id-characters"}},
	{Name: "user-id-characters: an e-mail address with an umlaut", Layout: Express4, Args: []string{"--user-id", "jörg.k@example.com"}, Truth: signed, Want: Want{First: "user-id-characters"}},

	{Name: "iat-future: a minute is added", Layout: Express5, Edits: []Edit{Claims("{ user_id: userId, iat: Math.floor(Date.now() / 1000) + 60 }", hs)}, Truth: refused(42, ""), Want: Want{First: "iat-future", Or: []string{"clock-skew"}}},
	{Name: "iat-future: createToken with iat ahead", Layout: Express4, Edits: []Edit{Sub("backend/src/routes/chat.js", "client.createToken(userId)", "client.createToken(userId, undefined, Math.round(Date.now() / 1000) + 30)")}, Truth: refused(42, ""), Want: Want{First: "iat-future", Or: []string{"clock-skew"}}},
	{Name: "iat-future: a time zone is added twice", Layout: Express5, Edits: []Edit{Claims("{ user_id: userId, iat: Math.floor(Date.now() / 1000) + 7200 }", "{ expiresIn: '12h' }")}, Truth: refused(42, ""), Want: Want{First: "iat-future", Or: []string{"clock-skew"}}},

	{Name: "iat-milliseconds: Date.now()", Layout: Express5, Edits: []Edit{Claims("{ user_id: userId, iat: Date.now() }", "{ algorithm: 'HS256' }")}, Truth: refused(42, ""), Want: Want{First: "iat-milliseconds"}},
	{Name: "iat-milliseconds: createToken", Layout: Express4, Edits: []Edit{Sub("backend/src/routes/chat.js", "client.createToken(userId)", "client.createToken(userId, Math.floor(Date.now() / 1000) + 3600, Date.now())")}, Truth: refused(42, ""), Want: Want{First: "iat-milliseconds"}},

	{Name: "clock-skew: the backend's machine is 90 s ahead", Layout: Express5, Procs: on(Express5, func(p *Proc) { p.Skewed = 90 }), Truth: refused(42, ""), Want: Want{First: "clock-skew"}},
	{Name: "clock-skew: this machine is 90 s ahead of Stream", Layout: Express5, Stream: Stream{ClockBehind: 90}, Modes: oneOnline, Truth: signed, Want: Want{First: "clock-skew"}},
	{Name: "clock-skew: ten minutes, jose", Layout: Jose, Procs: on(Jose, func(p *Proc) { p.Skewed = 600 }), Truth: refused(42, ""), Want: Want{First: "clock-skew"}},

	{Name: "token-expired: a fixed moment in the past", Layout: Express5, Edits: []Edit{Claims("{ user_id: userId, iat: 1767225600, exp: 1769817600 }", "{ algorithm: 'HS256' }")}, Truth: refused(40, "exp=1769817600"), Want: Want{First: "token-expired", Verdict: "rejected"}},
	{Name: "token-expired: a cached token", Layout: Express4, Edits: []Edit{Sub("backend/src/routes/chat.js", "const router = Router();", "const router = Router();\nconst start = Math.floor(Date.now() / 1000) - 7200;\nconst cached = client.createToken('test123', start + 3600, start);"), Sub("backend/src/routes/chat.js", "client.createToken(userId)", "cached")}, Truth: refused(40, ""), Want: Want{First: "token-expired"}},
	{Name: "token-expired: the given one is too old", Layout: Express5, Steps: []Step{StartAll, func(l *Live) error {
		l.given = oracle.Sign(`{"user_id":"test123","iat":1767225600,"exp":1767229200}`, l.Vars["S1"])
		return nil
	}}, Truth: signed, Want: Want{First: "token-expired"}},

	{Name: "exp-relative: createToken(id, 3600)", Layout: Express4, Edits: []Edit{Sub("backend/src/routes/chat.js", "createToken(userId)", "createToken(userId, 3600)")}, Truth: refused(40, "exp=3600"), Want: Want{First: "exp-relative"}},
	{Name: "exp-relative: a day in the payload", Layout: Express5, Edits: []Edit{Claims("{ user_id: userId, exp: 60 * 60 * 24 }", "{ algorithm: 'HS256' }")}, Truth: refused(40, "exp=86400"), Want: Want{First: "exp-relative"}},
	{Name: "exp-relative: node-sdk's exp", Layout: EnvFlag, Edits: []Edit{Sub("server.mjs", "client.generateUserToken({ user_id: body.userId, validity_in_seconds: 3600 })", "client.generateUserToken({ user_id: body.userId, exp: 7200 })")}, Truth: refused(40, "exp=7200"), Want: Want{First: "exp-relative"}},

	{Name: "exp-milliseconds: it works, for 50,000 years", Layout: Express5, Edits: []Edit{Claims("{ user_id: userId, exp: Date.now() + 3600 }", "{ algorithm: 'HS256' }")}, Truth: Truth{Status: 200, SignedBy: okay, Code: -1}, Want: Want{First: "exp-milliseconds"}},
	{Name: "exp-milliseconds: createToken", Layout: Express4, Edits: []Edit{Sub("backend/src/routes/chat.js", "createToken(userId)", "createToken(userId, Date.now() + 60 * 60 * 1000)")}, Truth: Truth{Status: 200, SignedBy: okay, Code: -1}, Want: Want{First: "exp-milliseconds"}},

	{Name: "exp-too-short: twenty seconds", Layout: Express5, Edits: []Edit{Claims("{ user_id: userId }", "{ expiresIn: 20 }")}, Truth: Truth{Status: 200, SignedBy: okay, Code: -1}, Want: Want{First: "exp-too-short"}},
	{Name: "exp-too-short: TTL is a string, so it means milliseconds", Layout: Express5, Edits: []Edit{Append("server/.env", "TTL=36000\n"), Claims("{ user_id: userId }", "{ expiresIn: process.env.TTL }")}, Truth: Truth{Status: 200, SignedBy: okay, Code: -1}, Want: Want{First: "exp-too-short"}},

	{Name: "claim-type: exp is a fraction", Layout: Express5, Edits: []Edit{Claims("{ user_id: userId, exp: Date.now() / 1000 + 3600.5 }", "{ algorithm: 'HS256' }")}, Truth: refused(5, ""), Want: Want{First: "claim-type"}},
	{Name: "claim-type: exp is a string", Layout: Express5, Edits: byHand("const text = json(header).toString('base64url') + '.' + json({ ...claims, exp: new Date(Date.now() + 36e5).toISOString() }).toString('base64url')\n  return text + '.' + hmac(text).digest('base64url')"), Truth: refused(5, ""), Want: Want{First: "claim-type"}},
	{Name: "claim-type: iat is a float of Python", Layout: Python, Runtime: "python3", Edits: []Edit{Sub("server/app.py", `"iat": now - 5`, `"iat": time.time() - 5.25`)}, Truth: refused(5, ""), Want: Want{First: "claim-type"}},

	{Name: "nbf-future: notBefore in an hour", Layout: Express5, Edits: []Edit{Claims("{ user_id: userId }", "{ notBefore: '1h', expiresIn: '2h' }")}, Truth: refused(41, ""), Want: Want{First: "nbf-future"}},
	{Name: "nbf-future: jose's setNotBefore", Layout: Jose, Edits: []Edit{Sub("apps/api/src/tokens.mjs", ".setIssuedAt()", ".setIssuedAt()\n      .setNotBefore('10 minutes')")}, Truth: refused(41, ""), Want: Want{First: "nbf-future"}},

	{Name: "token-revoked: cached from before the revocation", Layout: Express4, Modes: []Mode{Online, PairOnline}, Stream: Stream{RevokedAgo: 600},
		Edits: []Edit{Sub("backend/src/routes/chat.js", "client.createToken(userId)", "client.createToken(userId, undefined, Math.floor(Date.now() / 1000) - 86400)")}, Truth: refused(40, ""), Want: Want{First: "token-revoked", Verdict: "rejected"}},
	{Name: "token-revoked: no iat at all", Layout: Express4, Modes: oneOnline, Stream: Stream{RevokedAgo: 600}, Truth: refused(40, ""), Want: Want{First: "token-revoked"}},
	{Name: "token-revoked: the given one is from before", Layout: Express5, Modes: oneOnline, Stream: Stream{RevokedAgo: 600}, Steps: []Step{StartAll, func(l *Live) error {
		l.given = oracle.Sign(`{"user_id":"test123","iat":1767225600}`, l.Vars["S1"])
		return nil
	}}, Truth: signed, Want: Want{First: "token-revoked"}},
}
