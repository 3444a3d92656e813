package scenarios

// fetches replaces how the documented front end requests its token.
func fetches(code string) Edit {
	return Put("stream/src/services/tokenService.js", "import { TOKEN_ENDPOINT } from '../config/streamConfig';\n\nexport async function fetchToken(userId, userName, user) {\n  "+code+"\n}\n")
}

// asks is a fetch with these options, its response read as JSON.
func asks(options string) Edit {
	return fetches("const response = await fetch(TOKEN_ENDPOINT, { " + options + " });\n  return (await response.json()).token;")
}

// reads replaces what the handler of Express5 reads from the request.
func reads(code string) Edit {
	return Sub("server/index.js", "const { userId, userName } = req.body ?? {}", code+"\n  const userName = ''")
}

// route replaces method and path of Express5's route.
func route(method, path string) Edit {
	return Sub("server/index.js", "app.post('/api/stream/token'", "app."+method+"('"+path+"'")
}

// parser replaces Express5's parser of bodies.
func parser(code string) Edit { return Sub("server/index.js", "app.use(express.json())", code) }

const (
	jsonType   = "method: 'POST', headers: { 'Content-Type': 'application/json' }, "
	endpointOf = "http://localhost:{{PORT}}"
)

// nobodyAsks removes the front end's request, and leaves its key.
var nobodyAsks = []Edit{Del("stream/src/services/tokenService.js"), Del("stream/src/App.jsx"), Put("stream/src/config/streamConfig.js", "export const STREAM_API_KEY = '{{K1}}';\n")}

func quiet(how string, a Asked, edits ...Edit) Scenario {
	s := healthy(how, Express5, edits...)
	s.Asked = a
	return s
}

// quietAt is a look-alike whose route is elsewhere and that no front end requests.
func quietAt(how, path string, a Asked, edits ...Edit) Scenario {
	s := quiet(how, a, append(append([]Edit{}, nobodyAsks...), edits...)...)
	s.URL = endpointOf + path
	return s
}

// asked are the ways in which front ends request, and what is wrong with some of them.
var asked = []Scenario{
	quietAt("a GET route, and no one says how it is requested", "/token", Asked{Query: "user_id"}, route("get", "/token"), reads("const userId = req.query.user_id")),
	quietAt("a GET route with a rarer name", "/credentials", Asked{Query: "uid"}, route("get", "/credentials"), reads("const userId = req.query.uid")),
	quietAt("the URL says whom the GET is for", "/api/stream/token?user_id=test123", Asked{Query: "user_id"}, route("get", "/api/stream/token"), reads("const userId = req.query.user_id")),
	quietAt("the id is in the path", "/token/test123", Asked{Query: "x"}, route("get", "/token/:id"), reads("const userId = req.params.id")),
	quietAt("a username is what it reads", "/auth/stream", Asked{Body: `{"username":"test123"}`}, route("post", "/auth/stream"), reads("const userId = req.body.username")),
	quiet("the id inside a user", Asked{Body: `{"user":{"id":"test123"}}`}, asks(jsonType+"body: JSON.stringify({ user: { id: userId, name: userName } })"), reads("const { id: userId } = req.body.user")),
	quiet("a user whose fields are not written", Asked{Body: `{"id":"test123"}`}, asks(jsonType+"body: JSON.stringify(user)"), reads("const userId = req.body.id")),
	quiet("a user with more fields", Asked{Body: `{"id":"test123"}`}, asks(jsonType+"body: JSON.stringify({ ...user, role: 'user' })"), reads("const userId = req.body.id")),
	quiet("form fields on both sides", Asked{Type: "application/x-www-form-urlencoded", Body: "userId=test123"}, asks("method: 'POST', body: new URLSearchParams({ userId })"), parser("app.use(express.urlencoded({ extended: false }))")),
	quiet("a simple request, parsed regardless of its type, without a preflight", Asked{Type: "text/plain", Body: `{"userId":"test123"}`}, asks("method: 'POST', body: JSON.stringify({ userId })"), parser("app.use(express.json({ type: '*/*' }))"),
		Sub("server/index.js", "cors({ origin: 'http://localhost:3000' })", "(req, res, next) => { res.set('Access-Control-Allow-Origin', '*'); next() }")),
	quiet("a fetch of its own, which names the type", Asked{}, asks("method: 'POST', body: JSON.stringify({ userId })"), Sub("stream/src/services/tokenService.js", "import { TOKEN", "import { fetch } from '../lib/http';\nimport { TOKEN")),
	quiet("a fetch that another module has changed", Asked{}, asks("method: 'POST', body: JSON.stringify({ userId })"),
		Put("stream/src/index.js", "const real = window.fetch;\nwindow.fetch = (to, o) => real(to, { ...o, headers: { 'Content-Type': 'application/json', ...o?.headers } });\nimport('./App');\n")),
	quiet("ky's json", Asked{}, fetches("return (await ky.post(TOKEN_ENDPOINT, { json: { userId } }).json()).token;"), Sub("stream/src/services/tokenService.js", "import { TOKEN", "import ky from 'ky';\nimport { TOKEN")),
	with(quiet("deflate, unasked, as browsers take it", Asked{}, Respond("import('node:zlib').then((z) => res.set({ 'Content-Encoding': 'deflate', 'Content-Type': 'application/json' }).end(z.deflateSync(JSON.stringify({ token }))))")), func(s *Scenario) {
		s.Truth = Truth{Status: 200}
	}),
	with(quiet("brotli, unasked, which only a browser reads", Asked{}, Respond("import('node:zlib').then((z) => res.set({ 'Content-Encoding': 'br', 'Content-Type': 'application/json' }).end(z.brotliCompressSync(JSON.stringify({ token }))))")), func(s *Scenario) {
		s.Truth, s.Want = Truth{Status: 200}, Want{Exit: []int{3}}
	}),
	quiet("a header of its own, which is allowed", Asked{}, asks("method: 'POST', headers: { 'Content-Type': 'application/json', 'X-App-Version': '3' }, body: JSON.stringify({ userId })")),
	quiet("an app on a phone requests it, no page", Asked{}, Sub("server/index.js", "app.use(cors({ origin: 'http://localhost:3000' }))\n", ""),
		Put("stream/package.json", `{ "name": "app", "main": "expo-router/entry", "dependencies": { "expo": "~52.0.0", "react-native": "0.76.0", "stream-chat": "^9.0.0", "stream-chat-expo": "^8.0.0" } }`+"\n")),
	with(quiet("a login with a password that badsig does not have", Asked{Body: `{"username":"test123","password":"x"}`}, asks(jsonType+"body: JSON.stringify({ username: userId, password: user.password })"),
		reads("const { username: userId, password } = req.body\n  if (!password) return res.status(401).json({ error: 'wrong password' })")), func(s *Scenario) {
		s.Want = Want{May: []string{"endpoint-auth"}, Exit: []int{3}}
	}),

	// Nothing here says that it is requested with POST: the documentation's method is badsig's own default, and accuses no one.
	{Name: "healthy: a GET route at the documented path, which no front end requests", Layout: Express5, Asked: Asked{Query: "userId"}, Edits: append([]Edit{route("get", "/api/stream/token"), reads("const userId = req.query.userId")}, nobodyAsks...),
		Truth: fine, Want: Want{}},
	{Name: "endpoint-auth: a guarded GET route, and no one says how it is requested", Layout: Express5, URL: endpointOf + "/token", Asked: Asked{Query: "user_id"},
		Edits: append([]Edit{route("get", "/token"), reads("return res.status(401).json({ error: 'sign in' })\n  const userId = ''")}, nobodyAsks...),
		Truth: Truth{Status: 401}, Want: Want{First: "endpoint-auth", Exit: []int{1, 3}}},
	{Name: "endpoint-body: JSON without its type", Layout: Express5, Asked: Asked{Type: "text/plain", Body: `{"userId":"test123"}`}, Edits: []Edit{asks("method: 'POST', body: JSON.stringify({ userId, userName })")},
		Truth: Truth{Status: 400}, Want: Want{First: "endpoint-body", File: "stream/src/services/tokenService.js", Line: "fetch("}},
	{Name: "endpoint-body: JSON without its type, undefined is signed", Layout: Express5, Asked: Asked{Type: "text/plain", Body: `{"userId":"test123"}`},
		Edits: []Edit{asks("method: 'POST', body: JSON.stringify({ userId, userName })"), reads("const userId = `${req.body?.userId}`")},
		Truth: Truth{Status: 200, Claim: `user_id="undefined"`}, Want: Want{First: "endpoint-body", May: []string{"user-id-placeholder"}}},
	{Name: "endpoint-body: a multipart form for a parser of JSON", Layout: Express5, Asked: Asked{Type: "multipart/form-data; boundary=b", Body: "--b--\r\n"},
		Edits: []Edit{fetches("const form = new FormData();\n  form.append('userId', userId);\n  const response = await fetch(TOKEN_ENDPOINT, { method: 'POST', body: form });\n  return (await response.json()).token;")},
		Truth: Truth{Status: 400}, Want: Want{First: "endpoint-body"}},
	{Name: "endpoint-body: no parser, and the error is kept to itself", Layout: Express5, Edits: []Edit{parser(""), reads("const { userId } = req.body"),
		Sub("server/index.js", "app.listen(", "app.use((err, req, res, next) => res.status(500).json({ error: 'Internal Server Error' }))\napp.listen(")},
		Truth: Truth{Status: 500, Body: "Internal Server Error"}, Want: Want{First: "endpoint-body"}},
	{Name: "cors-blocked: a header of the front end's own is not allowed", Layout: Express5,
		Edits: []Edit{asks("method: 'POST', headers: { 'Content-Type': 'application/json', 'X-App-Version': '3' }, body: JSON.stringify({ userId })"),
			Sub("server/index.js", "cors({ origin: 'http://localhost:3000' })", "cors({ origin: 'http://localhost:3000', allowedHeaders: ['Content-Type'] })")},
		Truth: Truth{Status: 200, Code: -1}, Want: Want{First: "cors-blocked"}},
	{Name: "token-algorithm: HS512 in the header, SHA-256 below it", Layout: Express5, Edits: byHand("const text = json({ alg: 'HS512', typ: 'JWT' }).toString('base64url') + '.' + json(claims).toString('base64url')\n  return text + '.' + hmac(text).digest('base64url')"),
		Truth: Truth{Status: 200, Code: 5}, Want: Want{First: "token-algorithm"}},
	{Name: "token-malformed: a character that no base64 has", Layout: Express5, Edits: []Edit{Respond("res.json({ token: token.replace(/^(.{40})./, '$1!'), userId })")},
		Truth: Truth{Status: 200, Code: 5}, Want: Want{First: "token-malformed"}},
	{Name: "token-malformed: more after the signature", Layout: Express4, Edits: []Edit{Sub("backend/src/routes/chat.js", "token: client.createToken(userId)", "token: client.createToken(userId) + 'AAAA'")},
		Truth: Truth{Status: 200, Code: 43}, Want: Want{First: "token-malformed"}},
	{Name: "token-expired: it ends when it begins", Layout: Express5, Edits: []Edit{Claims("{ user_id: userId }", "{ expiresIn: 0 }")},
		Truth: Truth{Status: 200, SignedBy: okay}, Want: Want{First: "token-expired"}},
	{Name: "double: JSON without its type + cors-blocked", Layout: Express5, Args: []string{"--origin", "http://127.0.0.1:3000"}, Asked: Asked{Type: "text/plain", Body: `{"userId":"test123"}`},
		Edits: []Edit{asks("method: 'POST', body: JSON.stringify({ userId })")}, Truth: Truth{Status: 400}, Want: Want{First: "endpoint-body", May: []string{"cors-blocked"}}},
	{Name: "double: token-wrapped + user-id-mismatch", Layout: Express5, Edits: []Edit{Respond("res.json({ token: 'Bearer ' + token, userId })"), Claims("{ user_id: 'bob' }", "{ expiresIn: '1h' }")},
		Truth: Truth{Status: 200, Body: "Bearer"}, Want: Want{First: "token-wrapped", Then: []string{"user-id-mismatch"}, Order: true}},
	{Name: "double: cors-blocked + token-expired", Layout: Express5, Args: []string{"--origin", "http://127.0.0.1:3000"}, Edits: []Edit{Claims("{ user_id: userId, exp: 1767225600 }", "{ noTimestamp: true }")},
		Truth: refused(40, "exp=1767225600"), Want: Want{First: "cors-blocked", Then: []string{"token-expired"}, Order: true}},
}
