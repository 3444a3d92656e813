package checks

import (
	"maps"
	"strings"
	"testing"

	"badsig/checks/causes"
)

// bothSides are projects in which the front end's request and the server's routes are read, in three stacks.
var bothSides = map[string]map[string]string{
	"axios and Express": {
		"server/package.json":        `{"type":"module","scripts":{"dev":"node index.js"},"dependencies":{"express":"5","cors":"2","dotenv":"17","stream-chat":"9"}}`,
		"server/index.js":            "import 'dotenv/config'\nimport express from 'express'\nimport cors from 'cors'\nimport chat from './routes/chat.js'\nconst app = express()\napp.use(cors())\napp.use(express.json())\napp.use('/api/chat', chat)\napp.listen(5001)\n",
		"server/routes/chat.js":      "import { Router } from 'express'\nimport { mint } from '../lib/stream.js'\nconst router = Router()\nrouter.post('/token', (req, res) => {\n  const { userId } = req.body\n  const token = mint(userId)\n  res.status(200).json({ token })\n})\nexport default router\n",
		"server/lib/stream.js":       "import { StreamChat } from 'stream-chat'\nconst client = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nexport const mint = (id) => client.createToken(id)\n",
		"server/.env":                "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
		"client/package.json":        `{"type":"module","scripts":{"dev":"vite"},"dependencies":{"react":"19","axios":"1","stream-chat":"9"},"devDependencies":{"vite":"6"}}`,
		"client/index.html":          `<script type="module" src="/src/main.jsx"></script>`,
		"client/src/main.jsx":        "import { start } from './chat.js'\nstart('ann')\n",
		"client/src/api/http.js":     "import axios from 'axios'\nconst BASE = import.meta.env.MODE === 'development' ? 'http://localhost:5001/api' : '/api'\nexport const http = axios.create({ baseURL: BASE })\n",
		"client/src/api/sessions.js": "import { http } from './http.js'\nexport const sessions = {\n  getStreamToken: async (userId) => {\n    const res = await http.post('/chat/token', { userId })\n    return res.data.token\n  },\n}\n",
		"client/src/chat.js":         "import { StreamChat } from 'stream-chat'\nimport { sessions } from './api/sessions.js'\nexport async function start(id) {\n  const token = await sessions.getStreamToken(id)\n  await StreamChat.getInstance('" + actionKey + "').connectUser({ id }, token)\n}\n",
	},
	"fetch and Next": {
		"package.json":           `{"scripts":{"dev":"next dev"},"dependencies":{"next":"15","react":"19","stream-chat":"9"}}`,
		"app/api/token/route.ts": "import { StreamChat } from 'stream-chat'\nexport async function POST(req: Request) {\n  const { userId } = await req.json()\n  const chat = StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_API_KEY!, process.env.STREAM_API_SECRET!)\n  const token = chat.createToken(userId)\n  return Response.json({ token })\n}\n",
		"app/page.tsx":           "'use client'\nimport { StreamChat } from 'stream-chat'\nexport default function Page() {\n  async function go(userId: string) {\n    const res = await fetch('/api/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId }) })\n    const { token } = await res.json()\n    await StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_API_KEY!).connectUser({ id: userId }, token)\n  }\n  return <button onClick={() => go('ann')}>x</button>\n}\n",
		".env.local":             "NEXT_PUBLIC_STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
	},
	"fetch and Fastify": {
		"api/package.json": `{"type":"module","scripts":{"dev":"node server.js"},"dependencies":{"fastify":"5","@fastify/cors":"11","dotenv":"17","@stream-io/node-sdk":"0.7"}}`,
		"api/server.js":    "import 'dotenv/config'\nimport Fastify from 'fastify'\nimport cors from '@fastify/cors'\nimport { StreamClient } from '@stream-io/node-sdk'\nconst client = new StreamClient(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst app = Fastify()\nawait app.register(cors)\napp.post('/stream/token', async (request) => {\n  const { userId } = request.body\n  return { token: client.generateUserToken({ user_id: userId }) }\n})\nawait app.listen({ port: 4500 })\n",
		"api/.env":         "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
		"web/package.json": `{"scripts":{"dev":"vite"},"dependencies":{"react":"19","@stream-io/video-react-sdk":"1"},"devDependencies":{"vite":"6"}}`,
		"web/index.html":   `<script type="module" src="/src/main.tsx"></script>`,
		"web/src/main.tsx": "import { StreamVideoClient } from '@stream-io/video-react-sdk'\nasync function tokenProvider() {\n  const res = await fetch('http://localhost:4500/stream/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: 'ann' }) })\n  const data = await res.json()\n  return data.token\n}\nexport const client = new StreamVideoClient({ apiKey: '" + actionKey + "', user: { id: 'ann' }, tokenProvider })\n",
	},
}

// sideFaults are what goes wrong between the two sides: the same words changed in whichever file has them.
var sideFaults = []struct {
	name     string
	from, to []string
	want     causes.ID
	line     string // a piece of the line that is named
}{
	{"healthy", nil, nil, "", ""},
	{"another path", []string{"http.post('/chat/token'", "fetch('/api/token'", "4500/stream/token'"}, []string{"http.post('/chat/tokens'", "fetch('/api/chat-token'", "4500/api/stream-token'"}, causes.EndpointNotFound, "token"},
	{"another method", []string{"router.post(", "function POST(", "app.post('/stream"}, []string{"router.put(", "function PUT(", "app.put('/stream"}, causes.EndpointMethod, "token"},
	{"another field", []string{".json({ token })", "return { token: client"}, []string{".json({ streamToken: token })", "return { streamToken: client"}, causes.TokenMissing, "streamToken"},
	{"another name for the user", []string{"const { userId } = "}, []string{"const { user_id: userId } = "}, causes.UserIDMissing, "(user_id)"},
	{"a token with a prefix", []string{".json({ token })", "{ token: client.generateUserToken({ user_id: userId }) }"}, []string{".json({ token: 'Bearer ' + token })", "{ token: `Bearer ${client.generateUserToken({ user_id: userId })}` }"}, causes.TokenWrapped, "Bearer"},
	{"a token that is cut", []string{".json({ token })", "generateUserToken({ user_id: userId })"}, []string{".json({ token: token.slice(0, 40) })", "generateUserToken({ user_id: userId }).substring(1)"}, causes.TokenTruncated, "(token|generate)"},
	{"undefined as the user", []string{"client.createToken(id)", "chat.createToken(userId)", "{ user_id: userId }"}, []string{"client.createToken(undefined)", "chat.createToken(undefined)", "{ user_id: undefined }"}, causes.UserIDMissing, "undefined"},
	{"a constant as the user", []string{"client.createToken(id)", "chat.createToken(userId)", "{ user_id: userId }"}, []string{"client.createToken('demo')", "chat.createToken('demo')", "{ user_id: 'demo' }"}, causes.UserIDMismatch, "demo"},
	{"no parser for the body", []string{"app.use(express.json())\n"}, []string{""}, causes.EndpointBody, "(index)"},
	{"another port", []string{"app.listen(5001)", "port: 4500"}, []string{"app.listen(5002)", "port: 4600"}, causes.ServerOnOtherPort, "http://localhost"},
}

// A base whose path is wrong is the line to edit, not the request after it;
// where the rest of the path is wrong, it's the request.
func TestTheWrongPartOfAPathIsNamed(t *testing.T) {
	for _, c := range []struct{ name, file, from, to, at, says string }{
		{"a base in axios.create", "client/src/api/http.js", "5001/api'", "5001/v1/api'", "client/src/api/http.js:2", "In client/src/api/http.js line 2"},
		{"a base in .env", "client/.env", "", "VITE_API=http://localhost:5001/apis\n", "client/.env:1", "In client/.env line 1"},
		{"the request", "client/src/api/sessions.js", "'/chat/token'", "'/chat/tokens'", "client/src/api/sessions.js:4", "request /api/chat/token instead of"},
	} {
		files := maps.Clone(bothSides["axios and Express"])
		if c.from == "" {
			files["client/src/api/http.js"] = "import axios from 'axios'\nexport const http = axios.create({ baseURL: import.meta.env.VITE_API })\n"
		}
		files[c.file] = strings.Replace(files[c.file], c.from, c.to, 1)
		r := judgedFiles(t, files, true, 200)
		if rootID(r) != causes.EndpointNotFound || r.Causes[0].Location.String() != c.at || !strings.Contains(r.Causes[0].Fix[0].Text, c.says) {
			t.Errorf("%s: got %+v", c.name, r.Causes)
		}
	}
}

// A page that is returned for every other path, a schema that changes a field, and a handler that completes its own body leave
// the paths of the routes as they are; a middleware that gives requests another path doesn't.
func TestWrongPathBesideOtherHandlers(t *testing.T) {
	for more, want := range map[string]causes.ID{
		"app.get('/{*any}', (req, res) => res.sendFile('index.html'))":                                          causes.EndpointNotFound,
		"app.get('/*', (req, res) => res.sendFile('index.html'))":                                               causes.EndpointNotFound,
		"app.post('/lists', (req, res) => { req.body.rules = JSON.parse(req.body.rules); res.json(req.body) })": causes.EndpointNotFound,
		"const day = z.string().transform((v) => new Date(v))":                                                  causes.EndpointNotFound,
		"app.use((req, res, next) => { req.url = req.url.replace('/tokens', '/token'); next() })":               "",
		"app.all('/{*any}', (req, res) => other(req, res))":                                                     "",
	} {
		files := maps.Clone(bothSides["axios and Express"])
		files["client/src/api/sessions.js"] = strings.Replace(files["client/src/api/sessions.js"], "'/chat/token'", "'/chat/tokens'", 1)
		for file, text := range files {
			if strings.Contains(text, "express()") {
				files[file] = strings.Replace(text, "express()\n", "express()\n"+more+"\n", 1)
			}
		}
		if r := judgedFiles(t, files, true, 200); rootID(r) != want {
			t.Errorf("%s: got %+v, want %q", more, r.Causes, want)
		}
	}
}

// A query library between the request and the client is followed to the field that is taken.
func TestFieldAfterAQuery(t *testing.T) {
	files := maps.Clone(bothSides["axios and Express"])
	files["client/src/api/sessions.js"] = "import { http } from './http.js'\nexport const getStreamToken = async () => {\n  const res = await http.post('/chat/token', { userId: 'ann' })\n  return res.data\n}\n"
	files["client/src/main.jsx"] = "import { createRoot } from 'react-dom/client'\nimport { Chat } from './chat.jsx'\ncreateRoot(document.body).render(<Chat />)\n"
	delete(files, "client/src/chat.js")
	files["client/src/chat.jsx"] = "import { useEffect } from 'react'\nimport { useQuery } from '@tanstack/react-query'\nimport { StreamChat } from 'stream-chat'\nimport { getStreamToken } from './api/sessions.js'\nexport function Chat() {\n  const { data: tokenData } = useQuery({\n    queryKey: ['streamToken'],\n    queryFn: getStreamToken,\n  })\n  useEffect(() => {\n    if (!tokenData?.token) return\n    StreamChat.getInstance('" + actionKey + "').connectUser({ id: 'ann' }, tokenData.token)\n  }, [tokenData])\n  return null\n}\n"
	if r := judgedFiles(t, files, true, 200); len(r.Causes) > 0 {
		t.Fatalf("healthy: accused of %s: %s", r.Causes[0].ID, r.Causes[0].Summary)
	}
	files["server/routes/chat.js"] = strings.Replace(files["server/routes/chat.js"], "json({ token })", "json({ chatToken: token })", 1)
	if r := judgedFiles(t, files, true, 200); rootID(r) != causes.TokenMissing {
		t.Errorf("got %+v, want token-missing", r.Causes)
	}
	chat := files["client/src/chat.jsx"]
	own := strings.Replace(chat, "import { getStreamToken } from './api/sessions.js'", "import { http } from './api/http.js'", 1)
	files["client/src/chat.jsx"] = strings.Replace(own, "queryFn: getStreamToken", "queryFn: async () => {\n      const res = await http.post('/chat/token', { userId: 'ann' })\n      return res.data\n    }", 1)
	delete(files, "client/src/api/sessions.js")
	if r := judgedFiles(t, files, true, 200); rootID(r) != causes.TokenMissing {
		t.Errorf("with the request in the query itself: got %+v, want token-missing", r.Causes)
	}
	files["client/src/chat.jsx"] = strings.Replace(files["client/src/chat.jsx"], "return res.data", "return { token: res.data.chatToken }", 1)
	if r := judgedFiles(t, files, true, 200); len(r.Causes) > 0 {
		t.Errorf("with a result of the query's own: accused of %s: %s", r.Causes[0].ID, r.Causes[0].Summary)
	}
	files["client/src/chat.jsx"] = chat
	files["client/src/api/sessions.js"] = "import { http } from './http.js'\nexport const getStreamToken = async () => {\n  const res = await http.post('/chat/token', { userId: 'ann' })\n  return { token: rename(res.data) }\n}\n"
	if r := judgedFiles(t, files, true, 200); len(r.Causes) > 0 {
		t.Errorf("with a result of the function's own: accused of %s: %s", r.Causes[0].ID, r.Causes[0].Summary)
	}
}

// What each side's source says of the other is judged without a server; the healthy project and what isn't known are left alone.
func TestBothSidesRead(t *testing.T) {
	for name, files := range bothSides {
		for _, x := range sideFaults {
			t.Run(name+", "+x.name, func(t *testing.T) {
				with, changed := maps.Clone(files), false
				for i, from := range x.from {
					for file, text := range with {
						if strings.Contains(text, from) {
							with[file], changed = strings.ReplaceAll(text, from, x.to[i]), true
						}
					}
				}
				if !changed && x.want != "" {
					return // the stack has none of it
				}
				r := judgedFiles(t, with, true, 200)
				if rootID(r) != x.want {
					t.Fatalf("got %q %+v, want %q", rootID(r), r.Causes, x.want)
				}
				if x.want == "" {
					return
				}
				at := r.Causes[0].Location
				if at == nil || at.Line == 0 {
					t.Fatalf("no line: %+v", r.Causes[0])
				}
				line := strings.Split(with[at.File], "\n")[at.Line-1]
				if !strings.Contains(line, x.line) && !strings.HasPrefix(x.line, "(") {
					t.Errorf("names %s:%d %q, want a line with %q", at.File, at.Line, line, x.line)
				}
			})
		}
	}
}

// A proxy, a Compose file's ports, an unknown mount and a front end that unwraps the token make what looks wrong unknown.
func TestBothSidesUnknown(t *testing.T) {
	axios, fastify := bothSides["axios and Express"], bothSides["fetch and Fastify"]
	for name, c := range map[string]struct {
		files map[string]string
		put   map[string]string
	}{
		"ports of a Compose file":       {axios, map[string]string{"server/index.js": strings.Replace(axios["server/index.js"], "5001", "3000", 1), "compose.yaml": "services:\n  api:\n    build: ./server\n    ports: ['5001:3000']\n"}},
		"a mount that isn't read":       {axios, map[string]string{"server/index.js": strings.Replace(axios["server/index.js"], "'/api/chat'", "process.env.PREFIX + config.mount", 1)}},
		"an unwrapping front end":       {fastify, map[string]string{"api/server.js": strings.Replace(fastify["api/server.js"], "token: client.generateUserToken({ user_id: userId })", "token: `Bearer ${client.generateUserToken({ user_id: userId })}`", 1), "web/src/main.tsx": strings.Replace(fastify["web/src/main.tsx"], "data.token", "data.token.replace('Bearer ', '')", 1)}},
		"fields that a package renames": {axios, map[string]string{"server/routes/chat.js": strings.Replace(axios["server/routes/chat.js"], "json({ token })", "json({ stream_token: token })", 1), "client/src/api/http.js": "import { camelizeKeys } from 'humps'\n" + strings.Replace(axios["client/src/api/http.js"], "baseURL: BASE", "baseURL: BASE, transformResponse: (d) => camelizeKeys(JSON.parse(d))", 1), "client/src/api/sessions.js": strings.Replace(axios["client/src/api/sessions.js"], "data.token", "data.streamToken", 1)}},
		"two methods of one route":      {axios, map[string]string{"server/routes/chat.js": strings.Replace(axios["server/routes/chat.js"], "router.post('/token', (", "router.route('/token').get((req, res) => res.json({})).post((", 1)}},
		"a guest who is a constant":     {axios, map[string]string{"server/lib/stream.js": strings.Replace(axios["server/lib/stream.js"], "createToken(id)", "createToken('guest')", 1), "client/src/chat.js": strings.Replace(axios["client/src/chat.js"], "{ id }", "{ id: 'guest' }", 1)}},
		"a spread in the response":      {fastify, map[string]string{"api/server.js": strings.Replace(fastify["api/server.js"], "{ token: client", "{ ...extra(), streamToken: client", 1)}},
		"a catch-all route":             {fastify, map[string]string{"api/server.js": strings.Replace(fastify["api/server.js"], "app.post('/stream/token'", "app.post('/stream/*'", 1)}},
		"another host":                  {fastify, map[string]string{"web/src/main.tsx": strings.Replace(fastify["web/src/main.tsx"], "http://localhost:4500/stream/token", "https://api.example.com/v1/stream-token", 1)}},
	} {
		with := maps.Clone(c.files)
		maps.Copy(with, c.put)
		if r := judgedFiles(t, with, true, 200); len(r.Causes) > 0 {
			t.Errorf("%s: accused of %s: %s", name, r.Causes[0].ID, r.Causes[0].Summary)
		}
	}
}

// A port that the code chooses, or that an argument may replace, isn't proof that the front end requests the wrong one.
func TestPortThatIsNotKnownAccusesNoOne(t *testing.T) {
	for port, want := range map[string]bool{
		"4000":                                     true,
		"process.env.PORT || 4000":                 true,
		"process.argv[2] || 4000":                  false,
		"process.env.CI ? 4000 : 5000":             false,
		"require('config').get('port') || 4000":    false,
		"Number(process.argv.slice(2)[0] ?? 4000)": false,
	} {
		files := map[string]string{
			"server/package.json": `{"scripts":{"dev":"node server.js"},"dependencies":{"express":"5","stream-chat":"9","dotenv":"16"}}`,
			"server/server.js":    "require('dotenv').config()\nconst express = require('express')\nconst { StreamChat } = require('stream-chat')\nconst chat = new StreamChat(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst app = express()\napp.use(express.json())\napp.post('/api/stream/token', (q, r) => r.json({ token: chat.createToken(q.body.userId) }))\napp.listen(" + port + ")\n",
			"server/.env":         "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
			"web/package.json":    `{"scripts":{"dev":"vite"},"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`,
			"web/src/main.jsx":    "import { StreamChat } from 'stream-chat'\nconst chat = StreamChat.getInstance('" + actionKey + "')\nexport async function go(userId) {\n  const r = await fetch('http://localhost:3001/api/stream/token', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ userId }) })\n  const { token } = await r.json()\n  await chat.connectUser({ id: userId }, token)\n}\ngo('ann')\n",
			"web/index.html":      `<script type="module" src="/src/main.jsx"></script>`,
		}
		r := judgedFiles(t, files, true, 200)
		got := false
		for _, c := range r.Causes {
			got = got || c.ID == causes.ServerOnOtherPort
		}
		if got != want {
			t.Errorf("listen(%s): named %v, want %v", port, got, want)
		}
	}
}

// Two pages get tokens of one secret: the key of each has to be that secret's, not only of the page whose request is made.
func TestEveryPageOfOneSecretHasItsKey(t *testing.T) {
	page := func(path, key string) string {
		return "'use client'\nimport { StreamChat } from 'stream-chat'\nexport default function Page({ me }) {\n  async function go() {\n    const r = await fetch(`" + path + "`)\n    const { token } = await r.json()\n    await StreamChat.getInstance('" + key + "').connectUser({ id: me.id }, token)\n  }\n  return <button onClick={go}>x</button>\n}\n"
	}
	route := "import { StreamChat } from 'stream-chat'\nexport async function GET(req, { params }) {\n  const chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n  return Response.json({ token: chat.createToken(params.id) })\n}\n"
	for _, wrong := range []bool{false, true} {
		other := actionKey
		if wrong {
			other = "b3n8v5c9x7zm"
		}
		r := judgedFiles(t, map[string]string{
			"package.json":                          `{"scripts":{"dev":"next dev"},"dependencies":{"next":"15","react":"19","stream-chat":"9"}}`,
			".env":                                  "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
			"app/api/chat/[id]/token/route.js":      route,
			"app/api/chat/[id]/[to]/token/route.js": route,
			"app/mine/page.jsx":                     page("/api/chat/${me.id}/token", actionKey),
			"app/both/page.jsx":                     page("/api/chat/${me.id}/${encodeURIComponent(me.to)}/token", other),
		}, true, 200)
		var at string
		for _, c := range r.Causes {
			if c.ID == causes.KeyMismatch && c.Location != nil {
				at = c.Location.String()
			}
		}
		if want := map[bool]string{true: "app/both/page.jsx:7"}[wrong]; at != want {
			t.Errorf("another key on one page: %v: key-mismatch at %q, want %q", wrong, at, want)
		}
	}
}
