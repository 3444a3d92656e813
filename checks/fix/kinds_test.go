package fix

import (
	"context"
	"maps"
	"slices"
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
	more  map[string]string // files besides; the finding is in the one of them
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
func ofKind(t *testing.T, code string, more map[string]string) *bench {
	t.Helper()
	files := map[string]string{"index.js": code,
		"package.json":     `{ "name": "server", "type": "module", "scripts": { "start": "node index.js" }, "dependencies": { "cors": "^2.8.0", "dotenv": "^17.0.0", "express": "^5.0.0", "jsonwebtoken": "^9.0.0", "stream-chat": "^9.0.0" } }`,
		"web/package.json": `{ "name": "web", "dependencies": { "stream-chat": "^9.0.0" }, "devDependencies": { "vite": "^7.0.0" } }`,
		"web/chat.js":      "import { StreamChat } from 'stream-chat'\nexport const chat = StreamChat.getInstance('" + key + "')\nexport const token = (userId) => fetch('http://localhost:3999/api/stream/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId }) }).then((r) => r.json()).then((d) => d.token)\n"}
	if !strings.Contains(code, "cors(") { // a library that is installed and not used is a fault of its own
		files["package.json"] = strings.Replace(files["package.json"], `"cors": "^2.8.0", `, "", 1)
	}
	maps.Copy(files, more)
	dir := project(t, files)
	r, w := judged(t, dir)
	r.Facts.Target.Origin = askPage
	r.Facts.Backend = &facts.Backend{Posts: []facts.Answer{{Status: 500, Header: map[string]string{"Allow": "PUT"}}}}
	r.Facts.Tokens = []facts.Token{{Source: "backend", Claims: map[string]any{"user_id": "app_" + r.Facts.Target.UserID}}}
	return &bench{report: r, world: w, view: cures.NewView(r.Facts, w)}
}

// Each kind of edit is found, to the character, and what would be wrong in its place is rejected.
func TestKindsOfEdits(t *testing.T) {
	reply := "  res.json({ token })\n})\n"
	for _, c := range []kind{
		{"a constant as the token", causes.TokenMalformed, parses + route + signs + "  res.json({ token: '7f0c4a52', userId })\n})\n", parses + route + signs + "  res.json({ token, userId })\n})\n",
			[]string{parses + route + signs + "  res.json({ token: userId, userId })\n})\n", parses + route + signs + "  res.json({ userId })\n})\n", parses + route + strings.Replace(signs, "userId", "'bob'", 1) + "  res.json({ token, userId })\n})\n"}, nil},
		{"null as the token", causes.TokenMissing, parses + route + "  res.json({ token: null })\n})\n", parses + route + "  res.json({ token: client.createToken(userId) })\n})\n",
			[]string{parses + route + "  res.json({ token: client.createToken('bob') })\n})\n", parses + route + "  res.json({ jwt: client.createToken(userId) })\n})\n"}, nil},
		{"a response without a body", causes.TokenMissing, parses + route + signs + "  res.status(204).end()\n})\n", parses + route + signs + reply,
			[]string{parses + route + signs + "  res.json({ jwt: token })\n})\n", parses + route + signs + "})\n"}, nil},
		{"something before the JSON", causes.TokenMissing, parses + route + signs + "  res.write('debug ' + userId); res.end(JSON.stringify({ token }))\n})\n", parses + route + signs + "  console.log('debug ' + userId); res.end(JSON.stringify({ token }))\n})\n",
			[]string{parses + route + signs + "  res.write('debug'); res.end(JSON.stringify({ token }))\n})\n"}, nil},
		{"a typed constant as the token", causes.TokenMalformed, parses + route + strings.Replace(signs, "token =", "token: string =", 1) + "  res.json({ token: 'x', userId })\n})\n", parses + route + strings.Replace(signs, "token =", "token: string =", 1) + "  res.json({ token, userId })\n})\n", nil, nil},
		{"another service's token", causes.TokenForeign, parses + route + "  res.json({ token: session(userId) })\n})\nconst session = (id) => 's' + id\n", parses + route + "  res.json({ token: client.createToken(userId) })\n})\nconst session = (id) => 's' + id\n",
			[]string{parses + route + "  res.json({ token: jwt.sign({ user_id: userId }, 'other') })\n})\nconst session = (id) => 's' + id\n"}, nil},
		{"another service's signing call", causes.TokenForeign, parses + route + "  res.json({ token: jwt.sign({ role: 'x' }, process.env.SESSION,\n    { subject: userId, issuer: 'me' }) })\n})\n", parses + route + "  res.json({ token: jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { expiresIn: '1h' }) })\n})\n",
			[]string{parses + route + "  res.json({ token: jwt.sign({ user_id: userId }, process.env.SESSION) })\n})\n"}, nil},
		{"a token that is kept", causes.TokenExpired, "const cached = client.createToken('bob', 1700000000)\n" + parses + route + "  res.json({ token: cached })\n})\n", parses + route + "  res.json({ token: client.createToken(userId) })\n})\n",
			[]string{"const cached = client.createToken('bob')\n" + parses + route + "  res.json({ token: cached })\n})\n"}, nil},
		{"no response", causes.ServerHangs, parses + route + signs + "  setTimeout(() => {}, 1e9)\n})\n", parses + route + signs + "  setTimeout(() => {}, 1e9)\n" + reply,
			[]string{parses + route + signs + "  setTimeout(() => {}, 9)\n})\n"}, nil},
		{"a promise that never settles", causes.ServerHangs, parses + strings.Replace(route, "(req", "async (req", 1) + "  await new Promise(() => {})\n" + signs + reply, parses + strings.Replace(route, "(req", "async (req", 1) + signs + reply,
			[]string{parses + strings.Replace(route, "(req", "async (req", 1) + "  await new Promise(() => {})\n" + signs + "  res.json({ userId })\n})\n"}, nil},
		{"a page for every request", causes.EndpointHTML, parses + "app.use((_req, res) => {\n  res.send('<html></html>')\n})\n" + route + signs + reply, parses + route + signs + reply + "app.use((_req, res) => {\n  res.send('<html></html>')\n})\n",
			[]string{parses + route + signs + reply, "app.use((_req, res) => {\n  res.send('<html></html>')\n})\n" + parses + route + signs + reply}, nil},
		{"a prefix of the ID", causes.UserIDMismatch, parses + "const issue = (id) => jwt.sign({ user_id: id }, process.env.STREAM_API_SECRET)\n" + route + "  res.json({ token: issue(`app_${userId}`) })\n})\n", parses + "const issue = (id) => jwt.sign({ user_id: id }, process.env.STREAM_API_SECRET)\n" + route + "  res.json({ token: issue(userId) })\n})\n", nil, nil},
		{"another method", causes.EndpointMethod, parses + strings.Replace(route, "post", "all", 1) + "  if (req.method !== 'PUT') return res.set('Allow', 'PUT').sendStatus(405)\n" + signs + reply, parses + strings.Replace(route, "post", "all", 1) + "  if (req.method !== 'POST') return res.set('Allow', 'POST').sendStatus(405)\n" + signs + reply,
			[]string{parses + strings.Replace(route, "post", "all", 1) + "  if (req.method !== 'PATCH') return res.set('Allow', 'PATCH').sendStatus(405)\n" + signs + reply}, nil},
		{"a route of another method", causes.EndpointMethod, parses + strings.Replace(route, "post", "put", 1) + signs + reply, parses + route + signs + reply, []string{parses + strings.Replace(route, "post", "patch", 1) + signs + reply}, nil},
		{"an origin's function", causes.CORSBlocked, "app.use(cors({ origin: (o, done) => (!o || o.endsWith('.example.com') ? done(null, true) : done(new Error(o))) }))\n" + parses + route + signs + reply,
			"app.use(cors({ origin: (o, done) => (!o || o === '" + askPage + "' || o.endsWith('.example.com') ? done(null, true) : done(new Error(o))) }))\n" + parses + route + signs + reply,
			[]string{"app.use(cors({ origin: (o, done) => (!o || o === 'http://localhost:9' || o.endsWith('.example.com') ? done(null, true) : done(new Error(o))) }))\n" + parses + route + signs + reply}, nil},
		{"the first client has no secret", causes.SecretMissing, "StreamChat.getInstance(process.env.STREAM_API_KEY)\n" + parses + route + signs + reply, "StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n" + parses + route + signs + reply,
			[]string{"StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_KEY)\n" + parses + route + signs + reply}, nil},
		{"the first client is another app's", causes.SecretShadowed, "import './legacy.js'\n" + parses + route + "  res.json({ token: client.createToken(userId) })\n})\n", "", []string{parses + route + "  res.json({ token: client.createToken(userId) })\n})\n"},
			map[string]string{"legacy.js": "import { StreamChat } from 'stream-chat'\nexport default StreamChat.getInstance('k2w9m4xq7tbn', '" + strings.Repeat("w4m8", 16) + "')\n"}},
		{"a secret that is made up", causes.SecretMissing, parses + "const SECRET = process.env.STREAM_SECRET || randomBytes(32).toString('hex')\n" + route + "  res.json({ token: jwt.sign({ user_id: userId }, SECRET) })\n})\n",
			parses + "const SECRET = process.env.STREAM_SECRET || process.env.STREAM_API_SECRET\n" + route + "  res.json({ token: jwt.sign({ user_id: userId }, SECRET) })\n})\n",
			[]string{parses + "const SECRET = process.env.STREAM_SECRET || process.env.STREAM_API_KEY\n" + route + "  res.json({ token: jwt.sign({ user_id: userId }, SECRET) })\n})\n"}, nil},
	} {
		was, now := appTop+c.was+appEnd, appTop+c.now+appEnd
		b := ofKind(t, was, c.more)
		line := 0
		for i, l := range strings.Split(appTop+c.was, "\n") {
			if strings.Contains(l, "app.use(cors(") {
				line = i + 1
				break
			}
			if strings.Contains(l, "app.post(") || strings.Contains(l, "res.json({ token:") || line == 0 && strings.Contains(l, "cached =") {
				line = i + 1
			}
		}
		cause := &finding.Cause{ID: c.cause, Certainty: finding.Proven, Severity: "error", Location: &finding.Location{File: "index.js", Line: line}}
		for file := range c.more {
			cause.Location = &finding.Location{File: file, Line: 2}
			now = strings.Replace(was, "StreamChat.getInstance(", "new StreamChat(", 1)
		}
		p, _, ok := b.cure(context.Background(), cause)
		changes, err := edits.Apply(p.Edits, b.view.Read, tokens.Secret{})
		if !ok || err != nil || len(changes) != 1 || string(changes[0].After) != now {
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

// Python's settings object is read by its member, and an object of apps by the name of the right one.
func TestMembersThatAreRight(t *testing.T) {
	other := strings.Repeat("w4m8", 16)
	for _, c := range []struct {
		cause     causes.ID
		files     map[string]string
		at        finding.Location
		put, want string
	}{
		{causes.SecretShadowed, map[string]string{"requirements.txt": "stream-chat\nflask\n", ".env": "STREAM_API_KEY=" + key + "\nSTREAM_API_SECRET=" + secret + "\n",
			"settings.py": "import os\n\n\nclass Settings:\n    api_key: str = os.environ.get(\"STREAM_API_KEY\", \"\")\n    api_secret: str = os.environ.get(\"STREAM_API_SECRET\", \"\")\n\n\nsettings = Settings()\n",
			"main.py":     "from flask import Flask\nfrom stream_chat import StreamChat\nfrom settings import settings\n\nclient = StreamChat(settings.api_key, \"" + other + "\")\n"},
			finding.Location{File: "main.py", Line: 5}, "settings.api_secret", "use settings.api_secret instead of the hard-coded value"},
		{causes.KeyMismatch, map[string]string{"package.json": `{ "dependencies": { "express": "^5.0.0", "jsonwebtoken": "^9.0.0" } }`,
			"apps.js":   "exports.apps = {\n  main: { key: '" + key + "', secret: '" + secret + "' },\n  demo: { key: 'k2w9m4xq7tbn', secret: '" + other + "' },\n}\n",
			"server.js": "const express = require('express')\nconst jwt = require('jsonwebtoken')\nconst { secret } = require('./apps').apps.demo\nconst app = express()\napp.use(express.json())\napp.post('/token', (req, res) => res.json({ token: jwt.sign({ user_id: req.body.userId }, secret) }))\napp.listen(3999)\n"},
			finding.Location{File: "apps.js", Line: 3}, "main", "take the app main"},
	} {
		r, w := judged(t, plainProject(t, c.files))
		found := false
		for _, p := range cures.NewView(r.Facts, w).Of(&finding.Cause{ID: c.cause, Certainty: finding.Proven, Location: &c.at}) {
			found = found || strings.Contains(p.Text, c.want) && len(p.Edits) == 1 && p.Edits[0].Insert == c.put
		}
		if !found {
			t.Errorf("%s: nothing proposes to %s", c.cause, c.want)
		}
	}
}

// A second line of the same variable, with another secret than the app's, is named and removed without any request; the
// one of a second app's pair isn't.
func TestSetAgain(t *testing.T) {
	other := "STREAM_API_SECRET=" + strings.Repeat("w4m8", 16) + "\n"
	right := "PORT=3999\nSTREAM_API_KEY=" + key + "\nSTREAM_API_SECRET=" + secret + "\n"
	for text, named := range map[string]bool{right + other: true, right + "STREAM_API_KEY=k2w9m4xq7tbn\n" + other: false} {
		r, w := judged(t, project(t, map[string]string{".env": text}))
		Offer(context.Background(), r, w)
		root := r.Root()
		if named != (root != nil && root.ID == causes.SecretShadowed && root.Location.Line == 4) {
			t.Errorf("%d lines: %+v", strings.Count(text, "\n"), root)
		}
		if f, err := Open(r, w, root); named && (err != nil || !strings.Contains(f.Diff(), "\n-STREAM_API_SECRET")) {
			t.Errorf("no edit: %v", err)
		}
	}
}

// A time above its claim, an app that is a class's own, and a client with a base address are edited where they are written.
func TestEditsWhereItIsWritten(t *testing.T) {
	claims := func(now, claim string) string {
		return appTop + parses + route + "  const now = " + now + "\n  const token = jwt.sign({ user_id: userId, " + claim + " }, process.env.STREAM_API_SECRET)\n  res.json({ token })\n})\n" + appEnd
	}
	own := "import 'dotenv/config'\nimport express from 'express'\nimport jwt from 'jsonwebtoken'\n\nclass Server {\n  start() {\n    this.app.listen(process.env.PORT)\n  }\n  constructor() {\n    this.app = express()\n    this.routes()\n  }\n" +
		"  routes() {\n    this.app.post('/api/stream/token', (req, res) => {\n      res.json({ token: jwt.sign({ user_id: req.body.userId }, process.env.STREAM_API_SECRET) })\n    })\n  }\n}\nnew Server().start()\n"
	chat := "import axios from 'axios'\nimport { StreamChat } from 'stream-chat'\nconst api = axios.create({ baseURL: 'http://localhost:3999/api' })\nexport const chat = StreamChat.getInstance('" + key + "')\nexport const token = async (userId) => (await api.post('/token', { userId })).data.token\nexport const connect = (user) => chat.connectUser(user, () => token(user.id))\n"
	for _, c := range []struct {
		cause         causes.ID
		code          string
		at            finding.Location
		was, now, web string
	}{
		{causes.IATMilliseconds, claims("Date.now()", "iat: now"), finding.Location{File: "index.js", Line: 13}, "const now = Date.now()", "const now = Math.floor(Date.now() / 1000)", ""},
		{causes.IATFuture, claims("Math.floor(Date.now() / 1000)", "iat: now + 60"), finding.Location{File: "index.js", Line: 13}, "iat: now + 60", "iat: now", ""},
		{causes.ClaimType, claims("Date.now() / 1000", "iat: now"), finding.Location{File: "index.js", Line: 13}, "const now = Date.now() / 1000", "const now = Math.floor(Date.now() / 1000)", ""},
		{causes.ClaimType, claims("Date.now() / 1000 - 30", "iat: now"), finding.Location{File: "index.js", Line: 11}, "const now = Date.now() / 1000 - 30", "const now = Math.floor(Date.now() / 1000 - 30)", ""},
		{causes.EndpointBody, own, finding.Location{File: "index.js", Line: 11}, "    this.routes()\n", "    this.app.use(express.json())\n    this.routes()\n", ""},
		{causes.EndpointNotFound, appTop + parses + route + signs + "  res.json({ token })\n})\n" + appEnd, finding.Location{File: "web/chat.js", Line: 3}, "post('/token'", "post('/stream/token'", chat},
	} {
		more := map[string]string{}
		if c.web != "" {
			more["web/chat.js"] = c.web
		}
		b := ofKind(t, c.code, more)
		p, _, ok := b.cure(context.Background(), &finding.Cause{ID: c.cause, Certainty: finding.Proven, Severity: "error", Location: &c.at})
		changes, err := edits.Apply(p.Edits, b.view.Read, tokens.Secret{})
		if !ok || err != nil || len(changes) != 1 || string(changes[0].After) != strings.Replace(string(changes[0].Before), c.was, c.now, 1) {
			t.Errorf("%s: found %t, %v %q", c.cause, ok, err, p.Text)
			for _, ch := range changes {
				t.Logf("%s", ch.After)
			}
		}
	}
}

// Where the browser's code passes the secret to a call, it goes from there and from the file, and from the file alone where nothing reads it.
func TestExposedSecretGoes(t *testing.T) {
	env := "VITE_STREAM_API_KEY=" + key + "\nVITE_STREAM_API_SECRET=" + secret + "\n"
	for code, files := range map[string]int{"new StreamChat(import.meta.env.VITE_STREAM_API_KEY, import.meta.env.VITE_STREAM_API_SECRET)": 2, "new StreamChat(import.meta.env.VITE_STREAM_API_KEY)": 1} {
		r, w := judged(t, project(t, map[string]string{"web/.env": env, "web/package.json": `{ "name": "web", "dependencies": { "stream-chat": "^9.0.0" }, "devDependencies": { "vite": "^7.0.0" } }`,
			"web/src/main.js": "import { StreamChat } from 'stream-chat'\nexport const client = " + code + "\n"}))
		Offer(context.Background(), r, w)
		i := slices.IndexFunc(r.Causes, func(c finding.Cause) bool { return c.ID == causes.SecretExposed })
		if i < 0 {
			t.Fatalf("%s: %+v", code, r.Causes)
		}
		f, err := Open(r, w, &r.Causes[i])
		if err != nil || len(f.Files()) != files || files == 2 && !strings.Contains(f.Diff(), "+export const client = new StreamChat(import.meta.env.VITE_STREAM_API_KEY)\n") {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// Cookies are allowed where the page's origin is already, and nothing else is changed; another maker of a secret is taken out whole.
func TestCookiesAndRequire(t *testing.T) {
	use := "app.use(cors({ origin: '" + askPage + "' }))\n"
	code := appTop + use + parses + route + signs + "  res.json({ token })\n})\n" + appEnd
	b := ofKind(t, code, map[string]string{"web/chat.js": "import { StreamChat } from 'stream-chat'\nexport const chat = StreamChat.getInstance('" + key + "')\nexport const token = (userId) => fetch('http://localhost:3999/api/stream/token', { method: 'POST', credentials: 'include', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId }) }).then((r) => r.json()).then((d) => d.token)\n"})
	b.report.Facts.Backend.Posts[0].Header["Access-Control-Allow-Origin"] = askPage
	cause := &finding.Cause{ID: causes.CORSBlocked, Certainty: finding.Proven, Location: &finding.Location{File: "index.js", Line: strings.Count(appTop, "\n") + 1}}
	p, said, ok := b.cure(context.Background(), cause)
	if !ok || len(p.Edits) != 1 || p.Edits[0].Insert != ", credentials: true" || !strings.Contains(said, "cookies") {
		t.Errorf("cookies: %t %q %+v", ok, said, p)
	}
	b.report.Facts.Backend.Posts[0].Header["Access-Control-Allow-Origin"] = "http://localhost:9"
	if _, ok := b.try(context.Background(), cause, p); ok {
		t.Error("cookies are accepted where the origin is what is missing")
	}
	code = appTop + "const SECRET = process.env.STREAM_SECRET || require('crypto').randomBytes(32).toString('hex')\n" + parses + route + "  res.json({ token: jwt.sign({ user_id: userId }, SECRET) })\n})\n" + appEnd
	b = ofKind(t, code, nil)
	p, _, ok = b.cure(context.Background(), &finding.Cause{ID: causes.SecretMissing, Certainty: finding.Proven, Location: cause.Location})
	if changes, err := edits.Apply(p.Edits, b.view.Read, tokens.Secret{}); !ok || err != nil || !strings.Contains(string(changes[0].After), "= process.env.STREAM_SECRET || process.env.STREAM_API_SECRET\n") {
		t.Errorf("require: %t %v %q", ok, err, p.Text)
	}
}

// A client that another module exports by its name makes the token, too.
func TestImportedClientMakesTheToken(t *testing.T) {
	code := strings.Replace(strings.Replace(appTop, "const client = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n", "", 1), "{ StreamChat } from 'stream-chat'", "{ serverClient } from './stream.js'", 1) +
		parses + route + "  res.json({ token: null })\n})\n" + appEnd
	b := ofKind(t, code, map[string]string{"stream.js": "import { StreamChat } from 'stream-chat'\nexport const serverClient = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n"})
	p, _, ok := b.cure(context.Background(), &finding.Cause{ID: causes.TokenMissing, Certainty: finding.Proven, Location: &finding.Location{File: "index.js", Line: 9}})
	if !ok || len(p.Edits) != 1 || p.Edits[0].Insert != "serverClient.createToken(userId)" {
		t.Errorf("%t %+v", ok, p)
	}
}

// A token of another service that the page keeps, or sends to its own API, stays in the response.
func TestOthersTokenStays(t *testing.T) {
	code := appTop + parses + route + "  res.json({ token: session(userId) })\n})\nconst session = (id) => 's' + id\n" + appEnd
	chat := "import { StreamChat } from 'stream-chat'\nexport const chat = StreamChat.getInstance('" + key + "')\nexport const token = (userId) => fetch('http://localhost:3999/api/stream/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId }) }).then((r) => r.json()).then((d) => KEEP)\n"
	for keep, offered := range map[string]bool{"d.token": true, "(localStorage.setItem('session', d.token), d.token)": false} {
		b := ofKind(t, code, map[string]string{"web/chat.js": strings.Replace(chat, "KEEP", keep, 1)})
		p, _, ok := b.cure(context.Background(), &finding.Cause{ID: causes.TokenForeign, Certainty: finding.Proven, Location: &finding.Location{File: "index.js", Line: 10}})
		if ok != offered {
			t.Errorf("%s: %t %q", keep, ok, p.Text)
		}
	}
}
