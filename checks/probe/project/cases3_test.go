package project

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/internal/projecttest"
	"badsig/checks/probe/vault"
)

const signRoute = "app.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, process.env.STREAM_API_SECRET) }))\napp.listen(3001)\n"

func runs(dir, entry string, env ...string) *facts.Listener {
	l := &facts.Listener{Port: 3001, Dir: dir, Command: []string{"node", entry}, EnvKnown: true}
	if len(env) > 0 {
		l.Env = map[string]string{}
		for i := 0; i+1 < len(env); i += 2 {
			l.Env[env[i]] = env[i+1]
		}
	}
	return l
}

var oddCases = []projectCase{
	{"a router that is called as clients are", map[string]string{
		"package.json": pkgServer, ".env": envPair,
		"index.js": "import 'dotenv/config'\nimport express, { Router } from 'express'\nimport jwt from 'jsonwebtoken'\nconst app = express()\nconst client = Router()\nclient.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, process.env.STREAM_API_SECRET) }))\napp.use('/api', client)\napp.listen(3001)\n",
	}, nil, nil, []string{"route POST /api/token index.js:6"}},
	{"a plugin that calls its instance api", map[string]string{
		"package.json": `{"type":"module","scripts":{"start":"node index.js"},"dependencies":{"fastify":"5","jsonwebtoken":"9","dotenv":"16"}}`, ".env": envPair,
		"index.js":  "import 'dotenv/config'\nimport Fastify from 'fastify'\nimport routes from './routes.js'\nconst app = Fastify()\napp.register(routes, { prefix: '/v1' })\napp.listen({ port: 3001 })\n",
		"routes.js": "import jwt from 'jsonwebtoken'\nexport default async function (api) {\n  api.post('/token', async (q) => ({ token: jwt.sign({ user_id: q.body.userId }, process.env.STREAM_API_SECRET) }))\n}\n",
	}, nil, nil, []string{"route POST /v1/token routes.js:3"}},
	{"a client called api isn't a router", map[string]string{
		"package.json": pkgServer, ".env": envPair,
		"index.js": "import 'dotenv/config'\nimport express from 'express'\nimport axios from 'axios'\nimport jwt from 'jsonwebtoken'\nconst app = express()\nconst api = axios.create({ baseURL: 'http://other' })\napi.post('/elsewhere', { a: 1 })\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, process.env.STREAM_API_SECRET) }))\napp.listen(3001)\n",
	}, nil, nil, []string{"route POST /token index.js:8", "-route POST /elsewhere"}},
	{"a path made of NODE_ENV", map[string]string{
		"package.json": pkgCJS, ".env.development": "STREAM_API_SECRET=$S1\n", ".env.staging": "STREAM_API_SECRET=$S2\n",
		"index.js": "require('dotenv').config({ path: `.env.${process.env.NODE_ENV || 'development'}` })\nconst app = require('express')(), jwt = require('jsonwebtoken')\n" + signRoute,
	}, runs(".", "index.js"), nil, []string{"secret S1 .env.development:1 known true"}},
	{"a path made of NODE_ENV, which is set", map[string]string{
		"package.json": pkgCJS, ".env.development": "STREAM_API_SECRET=$S1\n", ".env.staging": "STREAM_API_SECRET=$S2\n",
		"index.js": "require('dotenv').config({ path: `.env.${process.env.NODE_ENV || 'development'}` })\nconst app = require('express')(), jwt = require('jsonwebtoken')\n" + signRoute,
	}, runs(".", "index.js", "NODE_ENV", "staging"), nil, []string{"secret S2 .env.staging:1 known true"}},
	{"several paths, the first wins", map[string]string{
		"package.json": pkgCJS, ".env": "STREAM_API_SECRET=$S2\n", ".env.local": "STREAM_API_SECRET=$S1\n",
		"index.js": "require('dotenv').config({ path: ['.env.local', '.env'] })\nconst app = require('express')(), jwt = require('jsonwebtoken')\n" + signRoute,
	}, nil, nil, []string{"secret S1 .env.local:1 known true"}},
	{"several paths with override, the last wins", map[string]string{
		"package.json": pkgCJS, ".env": "STREAM_API_SECRET=$S2\n", ".env.local": "STREAM_API_SECRET=$S1\n",
		"index.js": "require('dotenv').config({ path: ['.env.local', '.env'], override: true })\nconst app = require('express')(), jwt = require('jsonwebtoken')\n" + signRoute,
	}, nil, nil, []string{"secret S2 .env:1 known true"}},
	{"two loads, the first wins", map[string]string{
		"package.json": pkgCJS, ".env": "STREAM_API_SECRET=$S2\n", ".env.local": "STREAM_API_SECRET=$S1\n",
		"index.js": "const dotenv = require('dotenv')\ndotenv.config({ path: '.env.local' })\ndotenv.config()\nconst app = require('express')(), jwt = require('jsonwebtoken')\n" + signRoute,
	}, nil, nil, []string{"secret S1 .env.local:1 known true", `server dir "" command "npm start" loaded [.env.local .env] missing []`}},
	{"config under another name", map[string]string{
		"package.json": pkgServer, ".env": envPair,
		"index.js": "import { config as load } from 'dotenv'\nimport express from 'express'\nimport jwt from 'jsonwebtoken'\nload()\nconst app = express()\n" + signRoute,
	}, nil, nil, []string{"secret S1 .env:2 known true"}},
	{"a client made when the module is loaded, before dotenv", map[string]string{
		"server/package.json": pkgServer, "server/.env": envPair,
		"server/stream.js": "import { StreamChat } from 'stream-chat'\nexport const client = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n",
		"server/index.js":  "import express from 'express'\nimport dotenv from 'dotenv'\nimport { client } from './stream.js'\ndotenv.config()\nconst app = express()\napp.use(express.json())\napp.post('/token', (q, r) => r.json({ token: client.createToken(q.body.userId) }))\napp.listen(3001)\n",
	}, runs("server", "index.js"), nil, []string{"secret none known true name \"STREAM_API_SECRET\"", "value secret STREAM_API_SECRET=S1 env-file server server/.env:2 loaded read pair K1 // read too early: server/stream.js:2"}},
	{"a client made by a function that the module calls when it is loaded, before dotenv", map[string]string{
		"server/package.json": pkgServer, "server/.env": envPair,
		"server/stream.js": "import { StreamChat } from 'stream-chat'\nfunction makeClient() { return StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET) }\nexport const client = makeClient()\n",
		"server/index.js":  "import express from 'express'\nimport dotenv from 'dotenv'\nimport { client } from './stream.js'\ndotenv.config()\nconst app = express()\napp.use(express.json())\napp.post('/token', (q, r) => r.json({ token: client.createToken(q.body.userId) }))\napp.listen(3001)\n",
	}, runs("server", "index.js"), nil, []string{"secret none known true name \"STREAM_API_SECRET\""}},
	{"an object made when the module is loaded: not certain", map[string]string{
		"server/package.json": pkgServer, "server/.env": envPair,
		"server/stream.js": "import { StreamChat } from 'stream-chat'\nclass Svc { constructor() { this.secret = process.env.STREAM_API_SECRET; this.client = new StreamChat(process.env.STREAM_API_KEY, this.secret) }\n token(id) { return this.client.createToken(id) } }\nexport default new Svc()\n",
		"server/index.js":  "import express from 'express'\nimport dotenv from 'dotenv'\nimport svc from './stream.js'\ndotenv.config()\nconst app = express()\napp.use(express.json())\napp.post('/token', (q, r) => r.json({ token: svc.token(q.body.userId) }))\napp.listen(3001)\n",
	}, runs("server", "index.js"), nil, []string{"secret S1 server/.env:2 known false"}},
	{"a JSON file with the pair", map[string]string{
		"package.json": pkgCJS, "config/default.json": "{\n  \"stream\": {\n    \"apiKey\": \"$K1\",\n    \"apiSecret\": \"$S1\"\n  }\n}\n",
		"index.js": "const config = require('./config/default.json')\nconst app = require('express')(), { StreamChat } = require('stream-chat')\nconst chat = new StreamChat(config.stream.apiKey, config.stream.apiSecret)\napp.post('/token', (q, r) => r.json({ token: chat.createToken(q.body.userId) }))\napp.listen(3001)\n",
	}, nil, nil, []string{"secret S1 config/default.json:4 known true", "key K1 config/default.json:3 known true", "changed file config/default.json"}},
	{"Express's generator: bin/www", map[string]string{
		"package.json": `{"scripts":{"start":"node ./bin/www"},"dependencies":{"express":"4","dotenv":"16","jsonwebtoken":"9"}}`, ".env": envPair,
		"bin/www":           "#!/usr/bin/env node\nvar app = require('../app');\nvar http = require('http');\nvar port = normalizePort(process.env.PORT || '3001');\napp.set('port', port);\nvar server = http.createServer(app);\nserver.listen(port);\nfunction normalizePort(v) { return parseInt(v, 10) }\n",
		"app.js":            "require('dotenv').config();\nvar express = require('express');\nvar app = express();\napp.use(express.json());\napp.use('/chat', require('./routes/chat'));\nmodule.exports = app;\n",
		"routes/chat.js":    "var router = require('express').Router();\nvar jwt = require('jsonwebtoken');\nrouter.get('/token/:userId', function (req, res) { res.json({ token: jwt.sign({ user_id: req.params.userId }, process.env.STREAM_API_SECRET) }) });\nmodule.exports = router;\n",
		"public/index.html": "<p>",
	}, nil, nil, []string{"secret S1 .env:2 known true", "port 3001 env \"PORT\"", "route GET /chat/token/:userId routes/chat.js:3", "url http://localhost:3001/chat/token/test123"}},
	{"a config with a block for each environment", map[string]string{
		"package.json": pkgVite, "src/config.js": "const config = {\n  development: { streamApiKey: '$K1' },\n  production: { streamApiKey: '$K2' },\n}\nexport default config[import.meta.env.MODE]\n",
		"src/main.js": "import { StreamChat } from 'stream-chat'\nimport config from './config'\nexport const c = StreamChat.getInstance(config.streamApiKey)\n",
	}, nil, nil, []string{"front keys [K1 src/config.js:2]", "value key streamApiKey=K2 literal other src/config.js:3"}},
	{"Angular's environments", map[string]string{
		"package.json":                    `{"scripts":{"start":"ng serve"},"dependencies":{"@angular/core":"18","stream-chat-angular":"5"}}`,
		"src/environments/environment.ts": "export const environment = { production: false, streamApiKey: '$K1' };\n", "src/environments/environment.prod.ts": "export const environment = { production: true, streamApiKey: '$K2' };\n",
		"src/app/chat.service.ts": "import { Injectable } from '@angular/core';\nimport { environment } from '../environments/environment';\nimport { ChatClientService } from 'stream-chat-angular';\n@Injectable()\nexport class Chat { constructor(private c: ChatClientService) { this.c.init(environment.streamApiKey, 'u', () => fetch('http://localhost:3001/token').then(r => r.text())) } }\n",
	}, nil, nil, []string{"front keys [K1 src/environments/environment.ts:1]", "front at http://localhost:4200"}},
	{"different keys and no call that tells which", map[string]string{
		"package.json": pkgVite, "src/a.js": "export const STREAM_API_KEY = '$K1'\n", "src/b.js": "export const OLD_STREAM_API_KEY = '$K2'\nexport const STREAM_KEY = '$K2'\n", "src/App.jsx": "import React from 'react'\n",
	}, nil, nil, []string{"front keys []"}},
	{"Next: a page rendered on the server", map[string]string{
		"package.json": pkgNext, ".env.local": "STREAM_API_KEY=$K1\nSTREAM_API_SECRET=$S1\n",
		"app/page.tsx": "import { StreamChat } from 'stream-chat'\nimport Chat from './chat'\nexport default async function Page() {\n  const c = StreamChat.getInstance(process.env.STREAM_API_KEY!, process.env.STREAM_API_SECRET!)\n  return <Chat apiKey={process.env.STREAM_API_KEY!} token={c.createToken('a')} />\n}\n",
		"app/chat.tsx": "'use client'\nimport { StreamChat } from 'stream-chat'\nexport default function Chat({ apiKey, token }) { const c = StreamChat.getInstance(apiKey); return null }\n",
	}, nil, nil, []string{"secret S1 .env.local:2 known true", "-front missing"}},
	{"the front end requests with the user in the path", map[string]string{
		"package.json": pkgVite, "src/t.js": "const BASE = 'http://localhost:3055'\nexport const getToken = async userId => (await fetch(`${BASE}/token/${userId}`)).json()\n",
	}, nil, nil, []string{"url http://localhost:3055/token/test123 (src/t.js:2)"}},
	{"an Android emulator's host", map[string]string{
		"package.json": `{"dependencies":{"expo":"52","react-native":"1"}}`, "App.js": "export const getStreamToken = async userId => (await fetch('http://10.0.2.2:3001/api/stream/token', { method: 'POST', body: JSON.stringify({ userId }) })).json()\n",
	}, nil, nil, []string{"url http://localhost:3001/api/stream/token (App.js:1)"}},
	{"Stream's client for users, a token signed by hand", map[string]string{
		"package.json": pkgCJS, ".env": "STREAM_API_KEY=$K1\nSTREAM_API_SECRET=$S1\nSTREAM_SECRET=$S2\n",
		"index.js": "require('dotenv').config()\nconst app = require('express')(), jwt = require('jsonwebtoken'), { StreamChat } = require('stream-chat')\nconst chat = new StreamChat(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\napp.post('/token', async (q, r) => { await chat.upsertUser({ id: 'a' }); r.json({ token: jwt.sign({ user_id: 'a' }, process.env.STREAM_SECRET) }) })\napp.listen(3001)\n",
	}, nil, nil, []string{"secret S2 .env:3 known true"}},
	{"a seed script loads another file", map[string]string{
		"package.json": pkgCJS, ".env": envPair, ".env.seed": "STREAM_API_SECRET=$S2\n",
		"index.js":        "require('dotenv').config()\nconst app = require('express')(), jwt = require('jsonwebtoken')\n" + signRoute,
		"scripts/seed.js": "require('dotenv').config({ path: '.env.seed', override: true })\nconst { StreamChat } = require('stream-chat')\nnew StreamChat(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET).upsertUser({ id: 'a' })\n",
	}, nil, nil, []string{"secret S1 .env:2 known true"}},
	{"the file that the code does not read", map[string]string{
		"server/package.json": pkgCJS, "server/env": envPair, "server/.env.txt": envPair, "server/.env.local": envPair,
		"server/index.js": "require('dotenv').config()\nconst app = require('express')(), jwt = require('jsonwebtoken')\n" + signRoute,
	}, runs("server", "index.js"), nil, []string{"secret none known true", "value secret STREAM_API_SECRET=S1 env-file server server/env:2 pair K1 // not loaded: the server looks for server/.env", `server dir "server" command "cd server && npm start" loaded [] missing [server/.env]`}},
	{"a variable in the environment that nothing loads", map[string]string{
		"package.json": pkgCJS, "index.js": "const app = require('express')(), jwt = require('jsonwebtoken')\n" + signRoute,
	}, runs(".", "index.js"), []string{"STREAM_API_SECRET=$S1"}, []string{"secret S1 the environment of process 4711 known true"}},
	{"secrets from a file that is read by hand: not certain", map[string]string{
		"package.json": pkgCJS, "index.js": "const fs = require('fs')\nconst secret = fs.readFileSync('/run/secrets/stream', 'utf8')\nconst app = require('express')(), jwt = require('jsonwebtoken')\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, secret) }))\napp.listen(3001)\n",
	}, runs(".", "index.js"), nil, []string{"secret none known false"}},
	{"an empty value, and one that is empty with a fallback", map[string]string{
		"package.json": pkgCJS, ".env": "STREAM_API_SECRET=\n",
		"index.js": "require('dotenv').config()\nconst secret = process.env.STREAM_API_SECRET || '$S2'\nconst app = require('express')(), jwt = require('jsonwebtoken')\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, secret) }))\napp.listen(3001)\n",
	}, runs(".", "index.js"), nil, []string{"secret S2 index.js:2 known true", "value secret STREAM_API_SECRET=? env-file server .env:1 loaded read empty // overridden by index.js:2"}},
	{"names that say nothing of Stream", map[string]string{
		"server/package.json": pkgCJS, "server/.env": "CHAT_ID=$K1\nPASSPHRASE=\"$S1 \"\nJWT_SECRET=ownsessions12345\n",
		"server/index.js": "require('dotenv').config()\nconst app = require('express')(), { StreamChat } = require('stream-chat')\nconst chat = StreamChat.getInstance(process.env.CHAT_ID, process.env.PASSPHRASE)\napp.post('/token', (q, r) => r.json({ token: chat.createToken(q.body.userId) }))\napp.listen(3001)\n",
	}, nil, nil, []string{"value key CHAT_ID=K1 env-file server server/.env:1 loaded read wins pair S1*", "value secret PASSPHRASE=S1* env-file server server/.env:2 loaded read wins", "secret S1* server/.env:2 known true", "key K1 server/.env:1 known true", "value other JWT_SECRET"}},
	{"two front ends: the one that requests the token counts", map[string]string{
		"apps/web/package.json": pkgVite, "apps/web/src/a.js": "import { StreamChat } from 'stream-chat'\nexport const c = new StreamChat('$K1')\nexport const getToken = async userId => (await fetch('http://localhost:3001/token', { method: 'POST', body: JSON.stringify({ userId }) })).json()\n",
		"apps/admin/package.json": pkgVite, "apps/admin/src/a.js": "import { StreamChat } from 'stream-chat'\nexport const c = new StreamChat('$K2')\n",
	}, nil, nil, []string{"front keys [K1 apps/web/src/a.js:2]"}},
	{"the token is requested in a package without a key", map[string]string{
		"apps/web/package.json": pkgVite, "apps/web/src/a.js": "import { StreamChat } from 'stream-chat'\nexport const c = new StreamChat('$K1')\n",
		"packages/api/package.json": pkgVite, "packages/api/src/a.js": "import React from 'react'\nexport const getToken = async userId => (await fetch('http://localhost:3001/token', { method: 'POST', body: JSON.stringify({ userId }) })).json()\n",
	}, nil, nil, []string{"front keys [K1 apps/web/src/a.js:2]", "url http://localhost:3001/token"}},
	{"cookies aren't requests", map[string]string{
		"package.json": pkgVite, "src/a.js": "import Cookies from 'universal-cookie'\nconst cookies = new Cookies()\nexport const authToken = cookies.get('token')\nexport const x = localStorage.getItem('streamToken')\n",
	}, nil, nil, []string{"-fetch", "url http://localhost:3001/api/stream/token (default)"}},
	{"an empty value", map[string]string{
		"package.json": pkgCJS, ".env": "STREAM_API_SECRET=\n", "index.js": "require('dotenv').config()\nconst app = require('express')(), jwt = require('jsonwebtoken')\n" + signRoute,
	}, runs(".", "index.js"), nil, []string{"secret ? .env:1 known true name \"STREAM_API_SECRET\""}},
}

func TestOddProjects(t *testing.T) { runCases(t, oddCases) }

// TestFileAboveTheProject is about a server whose own folder is --dir and whose
// .env is above it.
func TestFileAboveTheProject(t *testing.T) {
	dir := projecttest.Write(t, map[string]string{
		".env": envPair, "server/package.json": pkgCJS,
		"server/index.js": "require('dotenv').config({ path: '../.env' })\nconst app = require('express')(), jwt = require('jsonwebtoken')\n" + signRoute,
	})
	w := vault.New(facts.Target{Dir: filepath.Join(dir, "server")})
	p, err := Read(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	if err := Resolve(w, p); err != nil {
		t.Fatal(err)
	}
	s := w.Snapshot().Server
	if s.Secret < 0 || known(w, s.Secret) != "S1" || w.Snapshot().Values[s.Secret].File != "../.env" {
		t.Errorf("%+v", s)
	}
}

// TestBrokenSourcesBreakNothing changes the sources of a project at random.
func TestBrokenSourcesBreakNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	all := append(append(append([]projectCase{}, serverCases...), frontCases...), oddCases...)
	times := 150
	if os.Getenv("BADSIG_E2E") != "" {
		times = 2000
	}
	for range times {
		files := map[string]string{}
		for name, text := range all[rng.IntN(len(all))].files {
			b := []byte(projecttest.FillText(text))
			for range 1 + rng.IntN(4) {
				if len(b) < 2 {
					break
				}
				i := rng.IntN(len(b))
				switch rng.IntN(4) {
				case 0:
					b[i] = byte(rng.IntN(256))
				case 1:
					b = append(b[:i:i], b[min(len(b), i+1+rng.IntN(20)):]...)
				case 2:
					b = append(b[:i:i], append([]byte("(){}[]'\"`$/*\n=.,:;"[rng.IntN(18):][:1]), b[i:]...)...)
				default:
					b = append(b, b[i:]...)
				}
			}
			files[name] = string(b)
		}
		dir := projecttest.Write(t, files)
		w := vault.New(facts.Target{Dir: dir})
		p, err := Read(t.Context(), w)
		if err != nil {
			t.Fatal(err)
		}
		w.Update(func(f *facts.Facts) {
			f.Process = &facts.Listeners{Port: 3001, Known: true, Listeners: []facts.Listener{*runs("server", "index.js")}}
		})
		if err := Resolve(w, p); err != nil {
			t.Fatal(err)
		}
		if _, err := json.Marshal(w.Snapshot()); err != nil {
			t.Fatal(err)
		}
	}
}
