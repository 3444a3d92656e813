package checks

import (
	"maps"
	"strings"
	"testing"
)

// A page's request of a server on another port, and what the server's source allows.
func TestLayoutsOfOrigins(t *testing.T) {
	const app = "require('dotenv').config()\nconst express = require('express')\nconst cors = require('cors')\nconst { StreamChat } = require('stream-chat')\n" +
		"const chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst app = express()\napp.use(cors())\napp.use(express.json())\n" +
		"app.post('/token', (req, res) => {\n  const { userId } = req.body\n  res.json({ token: chat.createToken(userId) })\n})\napp.listen(4000)\n"
	const page = ours + "export async function connect(uid) {\n  const r = await fetch('http://localhost:4000/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: uid }) })\n" +
		"  const { token } = await r.json()\n  await client.connectUser({ id: uid }, token)\n}\n"
	files := func(app string) map[string]string {
		return map[string]string{
			"api/package.json": `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"4","cors":"2","dotenv":"16","stream-chat":"9"}}`, "api/index.js": app,
			"api/.env": "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n", "web/package.json": `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`, "web/src/chat.jsx": page,
		}
	}
	known := files(app)
	known["web/package.json"] = `{"scripts":{"dev":"vite --port 5175"},"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`
	with := func(all map[string]string, more ...string) map[string]string {
		out := maps.Clone(all)
		for i := 0; i < len(more); i += 2 {
			if more[i] == "api/.env" {
				more[i+1] = all[more[i]] + more[i+1]
			}
			out[more[i]] = more[i+1]
		}
		return out
	}
	tryLayouts(t, map[string]layout{
		"a library for it": {files(app), []fault{
			{"api/index.js", "app.use(cors())\n", "", "cors-blocked", "api/index.js:7"},
			{"api/index.js", "app.use(cors())\n", "const io = new (require('socket.io').Server)(app, { cors: { origin: '*' } })\n", "cors-blocked", "api/index.js:8"},
			{"api/index.js", "app.use(cors())\n", "app.options('*', cors())\n", "", ""},
			{"api/index.js", "app.use(cors())\n", "require('./setup')(app)\n", "", ""},
			{"api/index.js", "app.use(cors())\n", "app.use(express.static('dist'))\n", "", ""},
			{"api/index.js", "app.use(cors())\n", "app.use((req, res, next) => { res.header('Access-Control-Allow-Origin', '*'); next() })\n", "", ""},
			{"api/index.js", "app.use(cors())\n", "app.use(require('./allow'))\n", "", ""},
			{"api/index.js", "cors())", "cors({ origin: 'http://localhost:4000' }))", "cors-blocked", "api/index.js:7"},
			{"api/index.js", "cors())", "cors({ origin: 'http://localhost:5173' }))", "", ""},
			{"api/index.js", "cors())", "cors({ origin: [/localhost/] }))", "", ""},
			{"api/index.js", "cors())", "cors({ origin: ['http://localhost:5174', 'http://127.0.0.1:3000'] }))", "cors-blocked", "api/index.js:7"},
		}},
		"a page whose port is known": {known, []fault{
			{"api/index.js", "cors())", "cors({ origin: ['http://localhost:5174', 'https://chat.example'] }))", "cors-blocked", "api/index.js:7"},
			{"api/index.js", "app.use(cors())\n", "const origins = ['http://localhost:3000']\napp.use(cors({ origin: origins }))\n", "cors-blocked", "api/index.js:7"},
			{"api/index.js", "cors())", "cors({ origin: process.env.NODE_ENV === 'production' ? [process.env.CLIENT_URL] : ['http://localhost:3000'] }))", "cors-blocked", "api/index.js:7"},
			{"api/index.js", "app.use(cors())\n", "const origins = ['http://localhost:3000']\norigins.push(process.env.MORE)\napp.use(cors({ origin: origins }))\n", "", ""},
			{"api/index.js", "cors())", "cors({ origin: ['http://localhost:3000', process.env.CLIENT_URL] }))", "", ""},
			{"api/index.js", "cors())", "cors({ origin: ['http://localhost:3000', 'http://127.0.0.1:5175'] }))", "", ""},
			{"api/index.js", "cors())", "cors({ origin: ['https://chat.example'] }))", "", ""},
			{"api/index.js", "cors())", "cors({ origin: true }))", "", ""},
			{"api/index.js", "cors())", "cors({ origin: 'http://localhost:5175/' }))", "cors-blocked", "api/index.js:7"},
			{"api/index.js", "cors())", "cors({ origin: process.env.WEB || 'http://localhost:3000' }))", "cors-blocked", "api/index.js:7"},
			{"api/index.js", "cors())", "cors({ origin: process.env.WEB || 'http://localhost:5175' }))", "", ""},
		}},
		"an origin that a file sets": {with(known, "api/.env", "WEB=http://localhost:5175\nOLD=http://localhost:3000\nDEPLOYED=https://chat.example\nTWO=http://localhost:3000,http://localhost:5175\n", "api/index.js", strings.Replace(app, "cors()", "cors({ origin: [process.env.WEB, process.env.DEPLOYED] })", 1)), []fault{
			{"api/.env", "WEB=http://localhost:5175", "WEB=http://localhost:5173", "cors-blocked", "api/.env:3"},
			{"api/.env", "WEB=http://localhost:5175", "WEB=http://localhost:5175/", "cors-blocked", "api/.env:3"},
			{"api/.env", "WEB=http://localhost:5175\n", "", "", ""}, // the shell may set it
			{"api/.env", "WEB=http://localhost:5175", "WEB=http://127.0.0.1:5175", "", ""},
			{"api/index.js", "[process.env.WEB, process.env.DEPLOYED]", "process.env.OLD", "cors-blocked", "api/.env:4"},
			{"api/index.js", "[process.env.WEB, process.env.DEPLOYED]", "process.env.DEPLOYED", "", ""},
			{"api/index.js", "[process.env.WEB, process.env.DEPLOYED]", "process.env.TWO", "", ""},
			{"api/index.js", "[process.env.WEB, process.env.DEPLOYED]", "process.env.OLD.replace('3000', '5175')", "", ""},
			{"api/index.js", "[process.env.WEB, process.env.DEPLOYED]", "(o, done) => done(null, o === process.env.OLD)", "", ""},
		}},
		"other libraries": {with(known, "api/index.js", "require('dotenv').config()\nconst fastify = require('fastify')({})\nconst { StreamChat } = require('stream-chat')\n"+
			"const chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nfastify.register(require('@fastify/cors'), { origin: [process.env.WEB] })\n"+
			"fastify.post('/token', async (req) => {\n  const { userId } = req.body\n  return { token: chat.createToken(userId) }\n})\nfastify.listen({ port: 4000 })\n",
			"api/.env", "WEB=http://localhost:5175\n", "api/package.json", `{"scripts":{"dev":"node index.js"},"dependencies":{"fastify":"5","@fastify/cors":"11","dotenv":"16","stream-chat":"9"}}`), []fault{
			{"api/.env", "WEB=http://localhost:5175", "WEB=http://localhost:3000", "cors-blocked", "api/.env:3"},
			{"api/index.js", "[process.env.WEB]", "'http://localhost:5173'", "cors-blocked", "api/index.js:5"},
			{"api/index.js", ", { origin: [process.env.WEB] }", "", "", ""},
		}},
		"cookies": {func() map[string]string {
			all := files(app)
			all["api/index.js"] = "require('dotenv').config()\nconst express = require('express')\nconst cors = require('cors')\nconst { StreamChat } = require('stream-chat')\nconst chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n" +
				"const app = express()\napp.use(cors({\n  origin: 'http://localhost:5173',\n  credentials: true,\n}))\napp.use(express.json())\napp.post('/token', (req, res) => {\n  const { userId } = req.body\n  res.json({ token: chat.createToken(userId) })\n})\napp.listen(4000)\n"
			all["web/src/chat.jsx"] = ours + "export async function connect(uid) {\n  const r = await fetch('http://localhost:4000/token', { method: 'POST', credentials: 'include', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: uid }) })\n  const { token } = await r.json()\n  await client.connectUser({ id: uid }, token)\n}\n"
			return all
		}(), []fault{
			{"api/index.js", "credentials: true", "credentials: false", "cors-blocked", "api/index.js:9"},
			{"api/index.js", "  credentials: true,\n", "", "cors-blocked", "api/index.js:7"},
			{"api/index.js", "credentials: true", "credentials: process.env.COOKIES", "", ""},
		}},
	})
}

// body-parser's two parsers: one of them is for forms alone.
func TestLayoutsOfParsers(t *testing.T) {
	tryLayouts(t, map[string]layout{"body-parser": {map[string]string{
		"api/package.json": `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"4","cors":"2","body-parser":"1","dotenv":"16","stream-chat":"9"}}`, "api/.env": "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
		"api/index.js": "require('dotenv').config()\nconst express = require('express')\nconst bodyParser = require('body-parser')\nconst { StreamChat } = require('stream-chat')\nconst chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst app = express()\napp.use(require('cors')())\n" +
			"app.use(bodyParser.json())\napp.use(bodyParser.urlencoded({ extended: true }))\napp.post('/token', (req, res) => {\n  const { userId } = req.body\n  res.json({ token: chat.createToken(userId) })\n})\napp.listen(4000)\n",
		"web/package.json": `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`,
		"web/src/chat.jsx": ours + "export async function connect(uid) {\n  const r = await fetch('http://localhost:4000/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: uid }) })\n  const { token } = await r.json()\n  await client.connectUser({ id: uid }, token)\n}\n",
	}, []fault{
		{"api/index.js", "app.use(bodyParser.json())\n", "", "endpoint-body", "api/index.js:7"},
		{"api/index.js", "app.use(bodyParser.json())\n", "app.use(bodyParser())\n", "", ""},
	}}})
}
