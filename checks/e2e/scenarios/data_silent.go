package scenarios

import (
	"time"

	"badsig/checks/e2e/oracle"
)

// silent are the look-alikes from G on.
var silent = []Scenario{
	// G: a signature full of - and _, base64url without padding.
	given(healthy("a given token with - and _ in it", Express5), StartAll, func(l *Live) error {
		for i := 0; ; i++ {
			l.given = oracle.Sign(`{"user_id":"test123","n":"`+string(rune('a'+i%26))+`??>>"}`, l.Vars["S1"])
			if i > 3 {
				return nil
			}
		}
	}),
	healthy("signed by hand, soundly", Express5, byHand("const text = json(header).toString('base64url') + '.' + json(claims).toString('base64url')\n  return text + '.' + hmac(text).digest('base64url')")[0]),
	healthy("no typ in the header", Express5, byHand("const text = json({ alg: 'HS256' }).toString('base64url') + '.' + json(claims).toString('base64url')\n  return text + '.' + hmac(text).digest('base64url')")[0]),

	with(healthy("dotenv 16", Express5), func(s *Scenario) {
		s.Layout.Packages = []string{"express", "cors", "dotenv16", "jsonwebtoken"}
	}),

	// H: other values that do not win, or win with the same value.
	with(healthy("the shell has the same secret", Express5), func(s *Scenario) {
		s.Procs = on(Express5, func(p *Proc) { p.Env = []string{"STREAM_API_SECRET={{S1}}", "STREAM_API_KEY={{K1}}"} })
	}),
	with(healthy("the shell has another key, no Stream name is read from it", Express5), func(s *Scenario) {
		s.Procs = on(Express5, func(p *Proc) { p.Env = []string{"STREAM_SECRET_TOKEN=abc", "AWS_SECRET_ACCESS_KEY=def"} })
	}),
	healthy(".env.test and .env.production are not loaded", Express5, Put("server/.env.test", "STREAM_API_SECRET=test\nSTREAM_API_KEY=test\n"), Put("server/.env.production", "STREAM_API_SECRET={{S4}}\nSTREAM_API_KEY={{K4}}\n")),
	healthy(".env.production of Vite is not loaded in dev", Express4, Put("client/.env.production", "VITE_STREAM_API_KEY={{K2}}\n")),
	healthy(".env.local that plain dotenv does not load", Express5, Put("server/.env.local", "STREAM_API_SECRET={{S2}}\n")),
	healthy("a .env in the root that the server does not load", Express5, Put(".env", "STREAM_API_SECRET={{S2}}\nSTREAM_API_KEY={{K2}}\n")),
	with(healthy("the shell wins and is right", Express5, Secret("{{S4}}")), func(s *Scenario) {
		s.Procs = on(Express5, func(p *Proc) { p.Env = []string{"STREAM_API_SECRET={{S1}}"} })
	}),

	// I: clients made more than once.
	healthy("getInstance in several modules with the same arguments", Express4, Put("backend/src/webhooks.js", "const { StreamChat } = require('stream-chat');\nmodule.exports = StreamChat.getInstance(process.env.STREAM_KEY, process.env.STREAM_SECRET);\n"), Sub("backend/src/server.js", "app.use('/chat'", "require('./webhooks');\napp.use('/chat'")),
	healthy("new StreamChat in several modules", Express4, Sub("backend/src/streamClient.js", "StreamChat.getInstance(stream.key, stream.secret)", "new StreamChat(stream.key, stream.secret)"), Put("backend/src/admin.js", "const { StreamChat } = require('stream-chat');\nmodule.exports = new StreamChat(process.env.STREAM_KEY, process.env.STREAM_SECRET);\n")),

	// K: ids and names.
	with(healthy("a display name that is not the id", Express5), func(s *Scenario) {
		s.Args = []string{"--user-id", "jane_doe-7", "--user-name", "Jane “JD” Döe; 漢字"}
	}),
	with(healthy("a long id with an at sign", Express4), func(s *Scenario) { s.Args = []string{"--user-id", "jane@example_com"} }),

	// L, M: times.
	healthy("iat a minute ago", Next),
	healthy("neither iat nor exp", Express4),
	healthy("exp in 2030, iat now", Express5, Claims("{ user_id: userId, exp: 1900000000 }", "{ algorithm: 'HS256' }")),
	healthy("exp absent, iat there", Express5, Claims("{ user_id: userId }", "{ algorithm: 'HS256' }")),
	with(healthy("two seconds of skew, no iat", Express4), func(s *Scenario) { s.Stream = Stream{ClockBehind: 2} }),
	with(healthy("Stream is two seconds behind, the backend has back-dated", Next), func(s *Scenario) { s.Stream = Stream{ClockBehind: 2} }),
	healthy("a time zone far away", Express5, func(Layout, Files) error { return nil }),
	healthy("nbf now", Express5, Claims("{ user_id: userId, nbf: Math.floor(Date.now() / 1000) - 1 }", "{ expiresIn: '1h' }")),

	// O: harmless claims.
	healthy("further claims", Express5, Claims("{ user_id: userId, name: 'Test User', role: 'user', call_cids: ['default:1'], channel_cids: ['messaging:a'] }", "{ expiresIn: '4h' }")),
	healthy("iss and sub of Stream's own samples", Express5, Claims("{ user_id: userId }", "{ issuer: 'https://pronto.getstream.io', subject: `user/${userId}`, expiresIn: '7d' }")),
	healthy("two JWTs in one response, the session beside Stream's", Express5, Sub("stream/src/services/tokenService.js", "const { token } = await response.json();\n  return token;", "return (await response.json()).streamToken;"), Append("server/.env", "JWT_SECRET=invented-session-secret\n"),
		Respond("res.json({ token: jwt.sign({ sub: userId, role: 'member' }, process.env.JWT_SECRET, { issuer: 'https://app.example.com' }), streamToken: token, user: { id: userId } })"), Sub("server/index.js", "import cors from 'cors'", "import cors from 'cors'\nimport jwt from 'jsonwebtoken'")),
	healthy("the token in data.token", Express5, Sub("stream/src/services/tokenService.js", "const { token } = await response.json();\n  return token;", "return (await response.json()).data.token;"), Respond("res.json({ data: { token, user: { id: userId } }, ok: true })")),
	healthy("the token as a bare JSON text", Express5, Sub("stream/src/services/tokenService.js", "const { token } = await response.json();\n  return token;", "return response.json();"), Respond("res.json(token)")),
	healthy("the token as plain text", Express5, Sub("stream/src/services/tokenService.js", "const { token } = await response.json();\n  return token;", "return response.text();"), Respond("res.type('text/plain').send(token)")),
	with(healthy("userToken beside apiKey and expires", Express5, Sub("stream/src/services/tokenService.js", "const { token } = await response.json();\n  return token;", "return (await response.json()).userToken;"), Respond("res.status(201).json({ apiKey: process.env.STREAM_API_KEY, userToken: token, expiresAt: new Date(Date.now() + 36e5).toISOString() })")), func(s *Scenario) { s.Truth.Status = 201 }),

	// P: keys in comments and in one place only.
	healthy("another key in a comment of the config", Express5, Sub("stream/src/config/streamConfig.js", "// Stream configuration", "// Stream configuration\n// staging: {{K2}}\n/* export const STREAM_API_KEY = '{{K3}}' */")),
	healthy("the server has no key, it needs none", Express5, Sub("server/.env", "STREAM_API_KEY={{K1}}\n", "")),
	healthy("the front end requests the key from the backend", Express5, FrontKey(""), Sub("stream/src/config/streamConfig.js", "export const STREAM_API_KEY = '';\n", ""), Put("stream/src/App.jsx", `import { StreamChat } from 'stream-chat';
import { TOKEN_ENDPOINT } from './config/streamConfig';

export async function connect(user) {
  const res = await fetch(TOKEN_ENDPOINT, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: user.id }) });
  const { apiKey, token } = await res.json();
  return StreamChat.getInstance(apiKey).connectUser(user, token);
}
`), Respond("res.json({ apiKey: process.env.STREAM_API_KEY, token, userId })")),

	// Q: CORS and HTTP manners.
	with(healthy("cors with a function for the origin", Express5, Sub("server/index.js", "cors({ origin: 'http://localhost:3000' })", "cors({ origin: (origin, done) => done(null, !origin || /^http:\\/\\/localhost:\\d+$/.test(origin)) })")), func(s *Scenario) { s.Args = []string{"--origin", "http://localhost:3000"} }),
	healthy("OPTIONS returns 204", EnvFlag),
	with(healthy("a guarded endpoint, the header is given", Express5, Middle("app.use('/api', (req, res, next) => req.headers.authorization === 'Bearer session-1' ? next() : res.status(401).json({ error: 'Unauthorized' }))")), func(s *Scenario) {
		s.Args = []string{"--header", "Authorization: Bearer session-1"}
	}),
	with(healthy("no url given, the source names it", Jose), func(s *Scenario) { s.URL = "-" }),
	with(healthy("no url given, Express 4", Express4), func(s *Scenario) { s.URL = "-" }),
	with(healthy("no url given, documented layout", Express5), func(s *Scenario) { s.URL = "-" }),
	with(healthy("the pair from STREAM_API_KEY and STREAM_API_SECRET", Express5), func(s *Scenario) {
		s.Env = []string{"STREAM_API_KEY={{K1}}", "STREAM_API_SECRET={{S1}}"}
		s.Modes = []Mode{Online}
	}),
	with(healthy("an origin other than the default", Express4), func(s *Scenario) { s.Args = []string{"--origin", "http://localhost:5173"} }),
	healthy("a dev proxy carries /api, no cors", Express5, Sub("server/index.js", "app.use(cors({ origin: 'http://localhost:3000' }))\n", ""), Sub("stream/package.json", `"private": true,`, `"private": true,
  "proxy": "http://localhost:{{PORT}}",`), Sub("stream/src/config/streamConfig.js", "http://localhost:{{PORT}}/api/stream/token", "/api/stream/token")),

	// R, T: many signers with one secret; bundles no one serves.
	healthy("the token differs with each call", Express5, Claims("{ user_id: userId, jti: String(Math.random()) }", "{ expiresIn: '1h' }")),
	healthy("an old bundle with the old key", Express5, Put("stream/build/static/js/main.js", "!function(){var k=\"{{K2}}\";StreamChat.getInstance(\"{{K2}}\")}();\n//# sourceMappingURL=main.js.map\n"), Put("stream/build/static/js/main.js.map", `{"sourcesContent":["export const STREAM_API_KEY = '{{K2}}'"]}`)),
	healthy("node_modules with keys in it", Express5, Put("server/node_modules/stream-sample/config.js", "module.exports = { STREAM_API_KEY: '{{K2}}', STREAM_API_SECRET: '{{S2}}' };\n"), Put("stream/node_modules/x/.env", "STREAM_API_SECRET={{S2}}\n")),
	given(healthy("many files", Express5, func(_ Layout, f Files) error {
		for i := range 300 {
			f["stream/src/pages/p"+string(rune('a'+i%26))+string(rune('a'+i/26))+".jsx"] = "export default function Page() { return <p>key of the map: {window.mapKey}</p> }\n"
		}
		return nil
	}), StartAll, Wait(10*time.Millisecond)),

	// other services' secrets aren't Stream secrets.
	healthy("other services' secrets", Express5, Append("server/.env", "JWT_SECRET=short\nSESSION_SECRET='keyboard cat'\nCLERK_SECRET_KEY=sk_test_abcdefghijklmnop\nAWS_SECRET_ACCESS_KEY=\"abc def \"\nSTREAM_APP_ID=1234567\nKAFKA_STREAM_KEY=partition\nDATABASE_URL=postgres://u:changeme@localhost/db\n")),
	healthy("the old names beside the new ones, unread", Express5, Append("server/.env", "STREAM_CHAT_API_KEY={{K2}}\nSTREAM_CHAT_SECRET={{S2}}\n")),
	healthy("an object of apps, one chosen", Express4, Put("backend/src/apps.js", "module.exports = { production: { key: '{{K2}}' }, staging: { key: process.env.STREAM_KEY } };\n")),
}

// All gives every scenario.
func All() []Scenario {
	var out []Scenario
	for _, part := range [][]Scenario{who, honest, endpoint, token, claims, secret, source, key, double, asked, apps, found, healthies, silent,
		secretProjects, sourceProjects, whoProjects, keyProjects, silentProjects, doubleProjects, codeProjects} {
		out = append(out, part...)
	}
	return located(out)
}
