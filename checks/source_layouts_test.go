package checks

import (
	"maps"
	"strings"
	"testing"
)

// layout is a project of a common kind, with faults that its source alone tells.
type layout struct {
	files  map[string]string
	faults []fault
}

// fault is one text put in the place of another, and where the first cause is then:
// "" for none.
type fault struct {
	file, was, is string
	cause, at     string
}

// tryLayouts judges each project as it is, which must give no cause, and with each of its faults.
func tryLayouts(t *testing.T, all map[string]layout) {
	for name, l := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, f := range append([]fault{{}}, l.faults...) {
				files := maps.Clone(l.files)
				if f.file != "" && !strings.Contains(files[f.file], f.was) {
					t.Fatalf("%s has no %q", f.file, f.was)
				}
				if f.file != "" {
					files[f.file] = strings.Replace(files[f.file], f.was, f.is, 1)
				}
				r := judgedFiles(t, files, true, 200)
				found, at := "", ""
				if len(r.Causes) > 0 {
					found, at = string(r.Causes[0].ID), r.Causes[0].Location.String()
				}
				if found != f.cause || f.cause != "" && at != f.at {
					t.Errorf("%q for %q: %s at %s, want %s at %s", f.is, f.was, found, at, f.cause, f.at)
				}
			}
		})
	}
}

// Projects in which the signing call is reached in ways of their own: TypeScript that
// is compiled to CommonJS, a Fastify plugin, Bun's routes, a socket, an Electron app.
func TestLayouts(t *testing.T) {
	const env = "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n"
	const ask = "import { StreamChat } from 'stream-chat'\nexport async function connect(user) {\n  const r = await fetch(URL)\n  const { token } = await r.json()\n" +
		"  await StreamChat.getInstance('" + actionKey + "').connectUser({ id: user.id }, token)\n}\n"
	page := func(url string) string { return strings.Replace(ask, "URL", url, 1) }
	tryLayouts(t, map[string]layout{
		"express": {map[string]string{
			"server/package.json": `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"4","cors":"2","jsonwebtoken":"9","dotenv":"16"}}`,
			"server/.env":         env,
			"server/index.js": "require('dotenv').config()\nconst app = require('express')()\nconst jwt = require('jsonwebtoken')\napp.use(require('cors')(), require('express').json())\n" +
				"app.post('/api/stream/token', (req, res) => {\n  res.json({ token: jwt.sign({ user_id: req.body.userId }, process.env.STREAM_API_SECRET, { expiresIn: '1h' }) })\n})\napp.listen(3001)\n",
			"web/package.json": `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`,
			"web/src/chat.js":  page("'http://localhost:3001/api/stream/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: user.id }) }"),
		}, []fault{
			{"server/index.js", "process.env.STREAM_API_SECRET", "Buffer.from(process.env.STREAM_API_SECRET, 'base64')", "secret-encoding", "server/index.js:6"},
			{"server/index.js", "process.env.STREAM_API_SECRET", "Buffer.from(process.env.STREAM_API_SECRET, 'hex')", "secret-encoding", "server/index.js:6"},
			{"server/index.js", "process.env.STREAM_API_SECRET", "process.env.STREAM_API_SECRET.toUpperCase()", "secret-case", "server/index.js:6"},
			{"server/index.js", "process.env.STREAM_API_SECRET", "JSON.stringify(process.env.STREAM_API_SECRET)", "secret-quoted", "server/index.js:6"},
			{"server/index.js", "process.env.STREAM_API_SECRET", "`sk_${process.env.STREAM_API_SECRET}`", "secret-padded", "server/index.js:6"},
			{"server/index.js", "process.env.STREAM_API_SECRET", "Buffer.from(process.env.STREAM_API_SECRET, 'utf8')", "", ""},
			{"server/index.js", "process.env.STREAM_API_SECRET", "process.env.STREAM_API_SECRET.trim()", "", ""},
			{"server/index.js", "process.env.STREAM_API_SECRET", "process.env.STREAM_API_SECRET.toLowerCase()", "", ""},
			{"server/index.js", "process.env.STREAM_API_SECRET", "require('crypto').createHash('sha256').update(process.env.STREAM_API_SECRET).digest('hex')", "", ""},
			{"server/index.js", "'1h'", "'3600'", "exp-too-short", "server/index.js:6"},
			{"server/index.js", "'1h'", "3600", "", ""},
		}},
		"settings of a schema, compiled to CommonJS": {map[string]string{
			"package.json": `{"scripts":{"dev":"tsx src/main.ts"},"dependencies":{"express":"4","zod":"3","stream-chat":"9","dotenv":"16"}}`,
			".env":         env,
			"src/env.ts":   "import 'dotenv/config'\nimport { z } from 'zod'\nexport const env = z.object({ STREAM_API_KEY: z.string(), STREAM_API_SECRET: z.string() }).parse(process.env)\n",
			"src/chat.ts": "import { StreamChat } from 'stream-chat'\nimport { env } from './env'\nexport class Chat {\n  private client: StreamChat\n  constructor() {\n" +
				"    this.client = StreamChat.getInstance(env.STREAM_API_KEY, env.STREAM_API_SECRET)\n  }\n  issue(id: string) { return this.client.createToken(id) }\n}\n",
			"src/main.ts": "import express from 'express'\nimport { Chat } from './chat'\nconst app = express()\napp.use(express.json())\nconst chat = new Chat()\n" +
				"app.post('/token', (req, res) => { res.json({ token: chat.issue(req.body.memberId) }) })\napp.listen(4100)\n",
			"web/package.json": `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`,
			"web/src/chat.js":  page("'http://localhost:4100/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ memberId: user.id }) }"),
		}, []fault{
			{"src/chat.ts", "env.STREAM_API_KEY, env.STREAM_API_SECRET", "env.STREAM_API_SECRET, env.STREAM_API_KEY", "key-secret-swapped", "src/chat.ts:6"},
			{"src/main.ts", "req.body.memberId)", "req.body.memberId && 'guest')", "user-id-mismatch", "src/main.ts:6"},
			{".env", "STREAM_API_SECRET", "STREAM_SECRET", "secret-missing", ".env:2"},
		}},
		"a route with the user in its path": {map[string]string{
			"server/package.json": `{"type":"module","scripts":{"start":"node app.js"},"dependencies":{"fastify":"4","stream-chat":"9","dotenv":"16"}}`,
			"server/.env":         env,
			"server/app.js": "import 'dotenv/config'\nimport Fastify from 'fastify'\nimport { StreamChat } from 'stream-chat'\nconst app = Fastify()\nconst chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n" +
				"app.get('/calls/token/:who', async (request) => {\n  return { token: chat.createToken(request.params.who) }\n})\nawait app.listen({ port: 8080 })\n",
			"web/package.json": `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`,
			"web/src/chat.js": "import { StreamChat } from 'stream-chat'\nexport function Chat({ me }) {\n  fetch(`http://localhost:8080/calls/token/${me}`).then((r) => r.json()).then((j) => StreamChat.getInstance('" + actionKey + "').connectUser({ id: me }, j.token))\n" +
				"  return null\n}\n",
		}, []fault{
			{"web/src/chat.js", "/calls/token/", "/call/token/", "endpoint-not-found", "web/src/chat.js:3"},
			{"web/src/chat.js", "${me}`)", "${me}`, { method: 'POST' })", "endpoint-method", "web/src/chat.js:3"},
			{"web/src/chat.js", "8080", "9090", "server-on-other-port", "web/src/chat.js:3"},
			{"web/src/chat.js", "/token/${me}", "/${me}/guest", "", ""}, // it may be the word that the route has there
			{"server/app.js", "app.get('/calls/token/:who'", "app.get('/calls/:kind/:who'", "", ""},
		}},
		"the page sends the user as one object": {map[string]string{
			"package.json": `{"scripts":{"dev":"bun server.ts"},"dependencies":{"stream-chat":"9"}}`,
			".env":         env,
			"server.ts": "import { StreamChat } from 'stream-chat'\nconst chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nBun.serve({\n  port: 5055,\n  routes: {\n    '/token': {\n" +
				"      POST: async (req) => {\n        const { user } = await req.json()\n        return Response.json({ token: chat.createToken(user.id) })\n      },\n    },\n  },\n})\n",
			"public/chat.js": "import { StreamChat } from 'stream-chat'\nexport async function start(user) {\n  const res = await fetch('http://localhost:5055/token', { method: 'POST', body: JSON.stringify({ user }) })\n" +
				"  const { token } = await res.json()\n  await StreamChat.getInstance('" + actionKey + "').connectUser(user, token)\n}\n",
		}, []fault{
			{"public/chat.js", "stringify({ user })", "stringify({ uid: user.id })", "user-id-missing", "server.ts:8"},
		}},
		"a token over a socket": {map[string]string{
			"package.json": `{"scripts":{"start":"node server.js"},"dependencies":{"socket.io":"4","stream-chat":"9","dotenv":"16"}}`,
			".env":         env,
			"server.js": "require('dotenv').config()\nconst { Server } = require('socket.io')\nconst { StreamChat } = require('stream-chat')\nconst chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n" +
				"const io = new Server(3005)\nio.on('connection', (socket) => socket.on('token', (id, reply) => reply(chat.createToken(id))))\n",
		}, []fault{
			{"server.js", "chat.createToken(id)", "chat.createToken({ id })", "user-id-type", "server.js:6"},
			{"server.js", "env.STREAM_API_SECRET", "env.STREAM_API_SECRT", "secret-missing", "server.js:4"},
		}},
		"an app with a window": {map[string]string{
			"package.json": `{"main":"main.js","scripts":{"start":"electron ."},"dependencies":{"electron":"30","stream-chat":"9","dotenv":"16"}}`,
			".env":         env,
			"main.js": "const { ipcMain } = require('electron')\nrequire('dotenv').config()\nconst { StreamChat } = require('stream-chat')\nconst chat = new StreamChat(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n" +
				"ipcMain.handle('token', (_event, id) => chat.createToken(id))\n",
			"window.js": "const { StreamChat } = require('stream-chat')\nwindow.api.token('ann').then((t) => StreamChat.getInstance('" + actionKey + "').connectUser({ id: 'ann' }, t))\n",
		}, []fault{
			{"window.js", actionKey, "q7w2hk9xt4bn", "key-mismatch", "window.js:2"},
		}},
	})
}
