package scenarios

// guarded is a look-alike whose endpoint wants a session that the browser has and badsig hasn't.
func guarded(how string, status int, edits ...Edit) Scenario {
	s := healthy(how, Express5, edits...)
	s.Truth = Truth{Status: status}
	s.Want = Want{May: []string{"endpoint-auth"}, Exit: []int{3}}
	return s
}

// withCookies lets the front end send its cookies, and the server allow it.
var withCookies = []Edit{
	asks("method: 'POST', credentials: 'include', " + jsonType + "body: JSON.stringify({ userId, userName })"),
	Sub("server/index.js", "cors({ origin: 'http://localhost:3000' })", "cors({ origin: 'http://localhost:3000', credentials: true })"),
}

const wantsCookie = "app.use('/api', (req, res, next) => (String(req.headers.cookie).includes('jwt=good') ? next() : "

// honest are situations in which what badsig made up (a user, an Origin, a
// session that is missing, a body) must accuse no one, and their broken twins.
var honest = []Scenario{
	guarded("a guard reads a cookie, and the front end sends its cookies", 401,
		append([]Edit{Middle(wantsCookie + "res.status(401).json({ error: 'sign in' })))")}, withCookies...)...),
	guarded("a guard sends requests without a session to the front page", 302,
		append([]Edit{Middle(wantsCookie + "res.redirect('/')))")}, withCookies...)...),
	guarded("a guard says 404 and in a header that no one is signed in", 404,
		append([]Edit{Middle(wantsCookie + "res.set('x-clerk-auth-status', 'signed-out').status(404).end()))")}, withCookies...)...),
	guarded("a user that no database has", 404, reads("const { userId } = req.body\n  return res.status(404).json({ error: 'User not found' })")),
	healthy("a backend alone rejects what badsig would have guessed as Origin", Express5, append([]Edit{
		Sub("server/index.js", "cors({ origin: 'http://localhost:3000' })", "cors({ origin: (o, done) => (!o || o.endsWith('.example.com') ? done(null, true) : done(new Error('not from ' + o))) })")}, alone...)...),
	healthy("a chat and a video token in one response", Express5, Respond("res.json({ chatToken: token, videoToken: makeToken(userId) })"),
		asks("method: 'POST', "+jsonType+"body: JSON.stringify({ userId, userName })")),
	{Name: "token-expired: the video token of two", Layout: Express5, Edits: []Edit{
		Respond("res.json({ chatToken: token, videoToken: jwt.sign({ user_id: userId, exp: Math.floor(Date.now() / 1000) - 60 }, process.env.STREAM_API_SECRET) })"),
		Sub("server/index.js", "import cors from 'cors'", "import cors from 'cors'\nimport jwt from 'jsonwebtoken'"),
		fetches("const response = await fetch(TOKEN_ENDPOINT, { method: 'POST', " + jsonType + "body: JSON.stringify({ userId, userName }) });\n  const { chatToken, videoToken } = await response.json();\n  return { chatToken, videoToken };")},
		Truth: Truth{Status: 200, Code: -1}, Want: Want{First: "token-expired"}},
	{Name: "token-missing: debug output before the JSON", Layout: Express5, Edits: []Edit{
		Respond("res.write('debug: ' + userId + '\\n'); res.end(JSON.stringify({ token, userId }))")},
		Truth: Truth{Status: 200, Body: "debug"}, Want: Want{First: "token-missing"}},
	{Name: "cors-blocked: the server fails for the page's origin", Layout: Express5, Edits: []Edit{
		Sub("server/index.js", "cors({ origin: 'http://localhost:3000' })", "cors({ origin: (o, done) => (!o || o.endsWith('.example.com') ? done(null, true) : done(new Error('not from ' + o))) })")},
		Truth: Truth{Status: 200, Code: -1}, Want: Want{First: "cors-blocked"}},
}
