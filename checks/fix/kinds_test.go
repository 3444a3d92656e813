package fix

import (
	"context"
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/fix/cures"
	"badsig/checks/fix/edits"
	"badsig/checks/probe/langread/flow"
	"badsig/tokens"
)

// kind is one kind of edit: a stretch of index.js as it was, what the first edit that is accepted makes of it, and
// what else may be written there, which is rejected.
type kind struct {
	name  string
	cause causes.ID
	was   string
	now   string
	wrong []string
}

const (
	appTop  = "import 'dotenv/config'\nimport cors from 'cors'\nimport express from 'express'\nimport jwt from 'jsonwebtoken'\nimport { StreamChat } from 'stream-chat'\n\nconst client = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst app = express()\n"
	appEnd  = "app.listen(process.env.PORT)\n"
	route   = "app.post('/api/stream/token', (req, res) => {\n  const { userId } = req.body\n"
	signs   = "  const token = jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET)\n"
	parses  = "app.use(express.json())\n"
	askPage = "http://localhost:5173"
)

// ofKind is a project with a stretch of its server, and its report as a run with the response would have given it.
func ofKind(t *testing.T, code string) *bench {
	t.Helper()
	dir := project(t, map[string]string{"index.js": code,
		"package.json":     `{ "name": "server", "type": "module", "scripts": { "start": "node index.js" }, "dependencies": { "cors": "^2.8.0", "dotenv": "^17.0.0", "express": "^5.0.0", "jsonwebtoken": "^9.0.0", "stream-chat": "^9.0.0" } }`,
		"web/package.json": `{ "name": "web", "dependencies": { "stream-chat": "^9.0.0" }, "devDependencies": { "vite": "^7.0.0" } }`,
		"web/chat.js":      "import { StreamChat } from 'stream-chat'\nexport const chat = StreamChat.getInstance('" + key + "')\nexport const token = (userId) => fetch('http://localhost:3999/api/stream/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId }) }).then((r) => r.json()).then((d) => d.token)\n"})
	r, w := judged(t, dir)
	r.Facts.Target.Origin = askPage
	r.Facts.Backend = &facts.Backend{Posts: []facts.Answer{{Status: 405, Header: map[string]string{"Allow": "PUT"}}}}
	r.Facts.Tokens = []facts.Token{{Source: "backend", Claims: map[string]any{"user_id": "app_" + r.Facts.Target.UserID}}}
	return &bench{report: r, world: w, view: cures.NewView(r.Facts, w)}
}

// Each kind of edit is found, to the character, and what would be wrong in its place is rejected.
func TestKindsOfEdits(t *testing.T) {
	reply := "  res.json({ token })\n})\n"
	for _, c := range []kind{
		{"a constant as the token", causes.TokenMalformed, parses + route + signs + "  res.json({ token: '7f0c4a52', userId })\n})\n", parses + route + signs + "  res.json({ token, userId })\n})\n",
			[]string{parses + route + signs + "  res.json({ token: userId, userId })\n})\n", parses + route + signs + "  res.json({ userId })\n})\n", parses + route + strings.Replace(signs, "userId", "'bob'", 1) + "  res.json({ token, userId })\n})\n"}},
		{"null as the token", causes.TokenMissing, parses + route + "  res.json({ token: null })\n})\n", parses + route + "  res.json({ token: client.createToken(userId) })\n})\n",
			[]string{parses + route + "  res.json({ token: client.createToken('bob') })\n})\n", parses + route + "  res.json({ jwt: client.createToken(userId) })\n})\n"}},
		{"a response without a body", causes.TokenMissing, parses + route + signs + "  res.status(204).end()\n})\n", parses + route + signs + reply,
			[]string{parses + route + signs + "  res.json({ jwt: token })\n})\n", parses + route + signs + "})\n"}},
		{"something before the JSON", causes.TokenMissing, parses + route + signs + "  res.write('debug ' + userId); res.end(JSON.stringify({ token }))\n})\n", parses + route + signs + "  console.log('debug ' + userId); res.end(JSON.stringify({ token }))\n})\n",
			[]string{parses + route + signs + "  res.write('debug'); res.end(JSON.stringify({ token }))\n})\n"}},
		{"another service's token", causes.TokenForeign, parses + route + "  res.json({ token: session(userId) })\n})\nconst session = (id) => 's' + id\n", parses + route + "  res.json({ token: client.createToken(userId) })\n})\nconst session = (id) => 's' + id\n",
			[]string{parses + route + "  res.json({ token: jwt.sign({ user_id: userId }, 'other') })\n})\nconst session = (id) => 's' + id\n"}},
		{"another service's signing call", causes.TokenForeign, parses + route + "  res.json({ token: jwt.sign({ role: 'x' }, process.env.SESSION,\n    { subject: userId, issuer: 'me' }) })\n})\n", parses + route + "  res.json({ token: jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { expiresIn: '1h' }) })\n})\n",
			[]string{parses + route + "  res.json({ token: jwt.sign({ user_id: userId }, process.env.SESSION) })\n})\n"}},
		{"a token that is kept", causes.TokenExpired, "const cached = client.createToken('bob', 1700000000)\n" + parses + route + "  res.json({ token: cached })\n})\n", parses + route + "  res.json({ token: client.createToken(userId) })\n})\n",
			[]string{"const cached = client.createToken('bob')\n" + parses + route + "  res.json({ token: cached })\n})\n"}},
		{"no response", causes.ServerHangs, parses + route + signs + "  setTimeout(() => {}, 1e9)\n})\n", parses + route + signs + "  setTimeout(() => {}, 1e9)\n" + reply,
			[]string{parses + route + signs + "  setTimeout(() => {}, 9)\n})\n"}},
		{"a promise that never settles", causes.ServerHangs, parses + strings.Replace(route, "(req", "async (req", 1) + "  await new Promise(() => {})\n" + signs + reply, parses + strings.Replace(route, "(req", "async (req", 1) + signs + reply,
			[]string{parses + strings.Replace(route, "(req", "async (req", 1) + "  await new Promise(() => {})\n" + signs + "  res.json({ userId })\n})\n"}},
		{"a page for every request", causes.EndpointHTML, parses + "app.use((_req, res) => {\n  res.send('<html></html>')\n})\n" + route + signs + reply, parses + route + signs + reply + "app.use((_req, res) => {\n  res.send('<html></html>')\n})\n",
			[]string{parses + route + signs + reply, "app.use((_req, res) => {\n  res.send('<html></html>')\n})\n" + parses + route + signs + reply}},
		{"a prefix of the ID", causes.UserIDMismatch, parses + "const issue = (id) => jwt.sign({ user_id: id }, process.env.STREAM_API_SECRET)\n" + route + "  res.json({ token: issue(`app_${userId}`) })\n})\n", parses + "const issue = (id) => jwt.sign({ user_id: id }, process.env.STREAM_API_SECRET)\n" + route + "  res.json({ token: issue(userId) })\n})\n", nil},
	} {
		b := ofKind(t, appTop+c.was+appEnd)
		line := 0
		for i, l := range strings.Split(appTop+c.was, "\n") {
			if strings.Contains(l, "app.post(") || strings.Contains(l, "res.json({ token:") || line == 0 && strings.Contains(l, "cached =") {
				line = i + 1
			}
		}
		cause := &finding.Cause{ID: c.cause, Certainty: finding.Proven, Severity: "error", Location: &finding.Location{File: "index.js", Line: line}}
		p, _, ok := b.cure(context.Background(), cause)
		changes, err := edits.Apply(p.Edits, b.view.Read, tokens.Secret{})
		if !ok || err != nil || len(changes) != 1 || string(changes[0].After) != appTop+c.now+appEnd {
			t.Errorf("%s: found %t, %v %q", c.name, ok, err, p.Text)
			for _, ch := range changes {
				t.Logf("%s", ch.After)
			}
		}
		for _, wrong := range c.wrong {
			top := strings.Count(appTop, "\n") + 1
			e := finding.Edit{File: "index.js", Line: top, From: 1, ToLine: top + strings.Count(c.was, "\n"), To: 1, Insert: wrong}
			if said, ok := b.try(context.Background(), cause, cures.Proposal{Edits: []finding.Edit{e}}); ok {
				t.Errorf("%s: this was accepted (%s):\n%s", c.name, said, wrong)
			}
		}
	}
}

// Go accepts a function that isn't called any more, and no variable that isn't used.
func TestGoWithoutACall(t *testing.T) {
	was := "package main\n\nfunc main() {\n\tn := 1\n\tuse(decode(n))\n}\n\nfunc decode(s int) int { return s }\n"
	if flow.Worse("main.go", []byte(was), []byte(strings.Replace(was, "decode(n)", "n", 1))) {
		t.Error("without the call of a function")
	}
	if !flow.Worse("main.go", []byte(was), []byte(strings.Replace(was, "decode(n)", "2", 1))) {
		t.Error("without the use of a variable")
	}
}
