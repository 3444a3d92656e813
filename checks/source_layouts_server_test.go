package checks

import (
	"maps"
	"strings"
	"testing"
)

// changed is a project with some of its texts replaced: file, was, is, file …
func changed(t *testing.T, files map[string]string, edits ...string) map[string]string {
	files = maps.Clone(files)
	for i := 0; i < len(edits); i += 3 {
		if !strings.Contains(files[edits[i]], edits[i+1]) {
			t.Fatalf("%s has no %q", edits[i], edits[i+1])
		}
		files[edits[i]] = strings.Replace(files[edits[i]], edits[i+1], edits[i+2], 1)
	}
	return files
}

// What a server's own source does wrong on the way to the token: with its parsers, the fields that it requires, and
// what it hands to the signing call.
func TestLinesOfServers(t *testing.T) {
	const env = "PORT=3001\nSTREAM_KEY=" + actionKey + "\nSTREAM_SECRET=" + actionSecret + "\n"
	page := func(request string) string {
		return "import axios from 'axios'\nimport { StreamChat } from 'stream-chat'\nexport async function connect(user) {\n  const { data } = await axios." + request + "\n" +
			"  await StreamChat.getInstance('" + actionKey + "').connectUser({ id: user.id }, data.token)\n}\n"
	}
	const web = `{"dependencies":{"react":"18","vite":"5","axios":"1","stream-chat":"9"}}`
	open := map[string]string{
		"api/package.json": `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"4","cors":"2","@stream-io/node-sdk":"0.4","dotenv":"16"}}`,
		"api/.env":         env,
		"api/index.js": "require('dotenv').config()\nconst express = require('express')\nconst { StreamClient } = require('@stream-io/node-sdk')\nconst app = express()\napp.use(require('cors')())\napp.use(express.json())\nconst client = new StreamClient(process.env.STREAM_KEY, process.env.STREAM_SECRET)\n" +
			"app.post('/token', (req, res) => {\n  const { userId, name } = req.body\n  if (!userId) return res.status(400).json({ error: 'userId' })\n  const token = client.generateUserToken({ user_id: userId, validity_in_seconds: 3600 })\n  res.json({ token })\n})\napp.listen(process.env.PORT)\n",
		"web/package.json": web,
		"web/src/chat.js":  page("post('http://localhost:3001/token', { userId: user.id })"),
	}
	guarded := map[string]string{
		"api/package.json":   `{"type":"module","scripts":{"dev":"node index.js"},"dependencies":{"express":"4","cors":"2","cookie-parser":"1","jsonwebtoken":"9","mongoose":"8","stream-chat":"9","dotenv":"16"}}`,
		"api/.env":           env + "JWT_SECRET=x\n",
		"api/index.js":       "import 'dotenv/config'\nimport express from 'express'\nimport cors from 'cors'\nimport cookies from 'cookie-parser'\nimport chat from './chat.routes.js'\nconst app = express()\napp.use(cors({ origin: 'http://localhost:5173', credentials: true }))\napp.use(express.json(), cookies())\napp.use('/api/chat', chat)\napp.listen(process.env.PORT)\n",
		"api/person.js":      "import mongoose from 'mongoose'\nexport const Person = mongoose.model('Person', new mongoose.Schema({ email: String, nick: String }))\n",
		"api/guard.js":       "import jwt from 'jsonwebtoken'\nimport { Person } from './person.js'\nexport const signedIn = async (req, res, next) => {\n  const session = jwt.verify(req.cookies.session, process.env.JWT_SECRET)\n  const found = await Person.findById(session.id).select('-password')\n  if (!found) return res.status(401).end()\n  req.user = found\n  next()\n}\n",
		"api/chat.routes.js": "import { Router } from 'express'\nimport { signedIn } from './guard.js'\nimport { tokenFor } from './stream.js'\nconst router = Router()\nrouter.use(signedIn)\nrouter.get('/token', async (req, res) => {\n  const token = await tokenFor(req.user._id.toString())\n  res.json({ token })\n})\nexport default router\n",
		"api/stream.js":      "import { StreamChat } from 'stream-chat'\nconst client = StreamChat.getInstance(process.env.STREAM_KEY, process.env.STREAM_SECRET)\nexport const tokenFor = async (id) => {\n  const token = client.createToken(id)\n  return token\n}\n",
		"web/package.json":   web,
		"web/src/chat.js":    page("get('http://localhost:3001/api/chat/token', { withCredentials: true })"),
	}
	const chat, stream, guard, person = "api/chat.routes.js", "api/stream.js", "api/guard.js", "api/person.js"
	const theID = "req.user._id.toString()"
	raw := changed(t, guarded, chat, theID, "req.user._id")
	login := changed(t, guarded, chat, "router.use(signedIn)\nrouter.get", "import { Person } from './person.js'\nrouter.post", chat, "  const token", "  const found = await Person.findOne({ email: req.body.email })\n  if (!found) return res.status(401).end()\n  const token", chat, theID, "String(found._id)", "web/src/chat.js", "get('http://localhost:3001/api/chat/token', {", "post('http://localhost:3001/api/chat/token', { email: user.email }, {")
	const index, asks = "api/index.js", "web/src/chat.js"
	byPath := changed(t, open, index, "app.post('/token', (req", "app.get('/token/:userId', (req", index, "req.body", "req.params", asks, "post('http://localhost:3001/token', { userId: user.id })", "get(`http://localhost:3001/token/${user.id}`)")
	inPages := map[string]string{
		"package.json":       `{"scripts":{"dev":"next dev"},"dependencies":{"next":"14","react":"18","stream-chat":"9"}}`,
		".env.local":         "NEXT_PUBLIC_STREAM_KEY=" + actionKey + "\nSTREAM_SECRET=" + actionSecret + "\n",
		"pages/api/token.js": "import { StreamChat } from 'stream-chat'\nexport default function handler(req, res) {\n  const { id } = req.body\n  const client = StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY, process.env.STREAM_SECRET)\n  const token = client.createToken(id)\n  res.status(200).json({ token })\n}\n",
		"pages/index.js":     "import { StreamChat } from 'stream-chat'\nexport default function Page({ user }) {\n  const open = async () => {\n    const r = await fetch('/api/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ id: user.id }) })\n    const { token } = await r.json()\n    await StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY).connectUser({ id: user.id }, token)\n  }\n  return <button onClick={open}>open</button>\n}\n",
	}
	inApp := changed(t, inPages, "pages/index.js", "export default", "export default")
	inApp["app/api/token/route.js"] = "import { StreamChat } from 'stream-chat'\nexport async function POST(request) {\n  const { id } = await request.json()\n  return Response.json({ token: StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY, process.env.STREAM_SECRET).createToken(id) })\n}\n"
	delete(inApp, "pages/api/token.js")
	const handler, route = "pages/api/token.js", "app/api/token/route.js"
	tryLayouts(t, map[string]layout{
		"a session's document": {guarded, []fault{
			{chat, theID, "req.user._id", "user-id-type", chat + ":7"},
			{chat, theID, "req.user", "user-id-type", chat + ":7"},
			{chat, theID, "req.user.nick", "", ""},
			{chat, theID, "req.user.id", "", ""},
			{chat, theID, "String(req.user._id)", "", ""},
			{chat, theID, "`${req.user._id}`", "", ""},
			{chat, theID, "req.user._id + ''", "", ""},
			{chat, "const token = await tokenFor(" + theID + ")", "const id = req.user._id\n  const token = await tokenFor(id)", "user-id-type", chat + ":7"},
			{chat, "const token = await tokenFor(" + theID + ")", "const id = req.user._id\n  const token = await tokenFor(id.toHexString())", "", ""},
		}},
		"a document's ID": {changed(t, raw, stream, "createToken(id)", "createToken(id.toString())"), []fault{
			{stream, "createToken(id.toString())", "createToken(id)", "user-id-type", chat + ":7"},
			{stream, "client.createToken(id.toString())", "client.createToken(`${id}`)", "", ""},
			{stream, "const token = client.createToken(id.toString())", "const text = String(id)\n  const token = client.createToken(text)", "", ""},
		}},
		"a helper": {guarded, []fault{
			{stream, "  return token\n", "", "token-missing", stream + ":4"},
			{stream, "  return token\n", "  console.log(token)\n", "token-missing", stream + ":4"},
			{stream, "const token = client.createToken(id)\n  return token\n", "client.createToken(id)\n", "token-missing", stream + ":4"},
			{stream, "  return token\n", "  return { token }.token\n", "", ""},
			{stream, "const token = client.createToken(id)\n  return token\n", "return client.createToken(id)\n", "", ""},
			{stream, "async (id) => {\n  const token = client.createToken(id)\n  return token\n}", "(id) => client.createToken(id)", "", ""},
		}},
		"a helper with a callback":             {changed(t, guarded, stream, "async (id) =>", "(id, done) =>", stream, "return token", "done(token)", chat, "const token = await tokenFor("+theID+")\n  res.json({ token })", "tokenFor("+theID+", (token) => res.json({ token }))"), nil},
		"a helper that sends":                  {changed(t, guarded, stream, "async (id) =>", "async (id, res) =>", stream, "return token", "res.json({ token })", chat, "const token = await tokenFor("+theID+")\n  res.json({ token })", "const done = await tokenFor("+theID+", res)"), nil},
		"a helper that keeps it":               {changed(t, guarded, stream, "export const", "export const made = {}\nexport const", stream, "return token", "made.token = token", chat, "tokenFor }", "tokenFor, made }", chat, "{ token }", "{ token: made.token }"), nil},
		"a helper of an outer variable":        {changed(t, guarded, stream, "export const", "export let made\nexport const", stream, "const token = client.createToken(id)\n  return token", "made = client.createToken(id)", chat, "tokenFor }", "tokenFor, made }", chat, "{ token }", "{ token: made }"), nil},
		"a document's ID of the project's own": {changed(t, raw, person, "{ email", "{ _id: String, email"), nil},
		"a session that is a document or not":  {changed(t, raw, guard, "  req.user = found", "  if (session.guest) req.user = { _id: session.guest }\n  else req.user = found"), nil},
		"a session as it was signed":           {changed(t, raw, guard, "req.user = found", "req.user = session"), nil},
		"a session in plain values":            {changed(t, raw, guard, "req.user = found", "req.user = { _id: found.id }"), nil},
		"who signs in": {login, []fault{
			{chat, "String(found._id)", "found._id", "user-id-type", chat + ":9"},
			{chat, "String(found._id)", "found.id", "", ""},
			{chat, "String(found._id)", "found", "user-id-type", chat + ":9"},
			{chat, "String(found._id)", "found.email", "", ""},
			{chat, "  if (!found) return res.status(401).end()\n  const token = await tokenFor(String(found._id))", "  const own = found || new Person({ nick: req.body.email })\n  const token = await tokenFor(own.nick)", "", ""},
			{chat, "  if (!found) return res.status(401).end()\n  const token = await tokenFor(String(found._id))", "  if (!found) found = new Person({ nick: req.body.email })\n  const token = await tokenFor(found.nick)", "", ""},
		}},
		"one of several": {changed(t, login, chat, "await Person.findOne({ email: req.body.email })", "await Person.findOne({ email: req.body.email }).then(own)", chat, "String(found._id)", "found._id", chat, "const router", "const own = (x) => x && { _id: x.id }\nconst router"), nil},
		"a body": {open, []fault{
			{index, "app.use(express.json())\n", "", "endpoint-body", index + ":5"},
			{index, "if (!userId)", "if (!userId || !name)", "endpoint-body", index + ":10"},
			{index, "{ userId, name }", "{ userId, name = 'someone' }", "", ""},
			{index, "if (!userId)", "if (!userId && !name)", "", ""},
			{index, "const { userId, name } = req.body\n  if (!userId)", "const parsed = z.object({ userId: z.string(), name: z.string() }).safeParse(req.body)\n  if (!parsed.success) return res.status(400).end()\n  const { userId, name } = parsed.data\n  if (!userId)", "", ""},
			{index, "const { userId, name } = req.body\n  if (!userId)", "const { success, data } = z.object({ userId: z.string(), name: z.string() }).safeParse(req.body)\n  if (!success) return res.status(400).end()\n  const { userId, name } = data\n  if (!userId)", "", ""},
			{index, "  const token", "  if (req.body.invite) {\n    if (!name) return res.status(400).end()\n  }\n  const token", "", ""},
			{index, "  const token", "  if (name) return res.status(400).end()\n  const token", "", ""},
			{index, "const { userId, name } = req.body", "const { userId, name } = JSON.parse(req.body)", "endpoint-error", index + ":9"},
			{index, "req.body", "req.query", "endpoint-body", index + ":9"},
			{index, "{ user_id: userId, validity_in_seconds: 3600 }", "userId", "user-id-missing", index + ":11"},
			{index, "3600", "'3600'", "claim-type", index + ":11"},
			{index, "generateUserToken({ user_id: userId, validity_in_seconds: 3600 })", "createToken({ user_id: userId })", "user-id-type", index + ":11"},
		}},
		"a parser before and after": {changed(t, open, index, "app.listen", "app.use(express.json())\napp.listen"), []fault{
			{index, "app.use(express.json())\n", "", "endpoint-body", index + ":13"},
			{index, "app.use(express.json())\n", "const parse = express.json()\napp.use(parse)\n", "", ""},
			{index, "app.use(express.json())\n", "app.use('/token', express.json())\n", "", ""},
		}},
		"a route's own parser": {changed(t, open, index, "app.listen", "app.use(express.json())\napp.listen", index, "app.use(express.json())\n", "const parse = express.json()\n", index, "'/token', (req", "'/token', parse, (req"), nil},
		"a path": {byPath, []fault{
			{index, "/token/:userId", "/token/:id", "user-id-missing", index + ":9"},
			{index, "req.params", "req.body", "endpoint-body", index + ":9"},
		}},
		"pages/api": {inPages, []fault{
			{handler, "req.body", "JSON.parse(req.body)", "endpoint-error", handler + ":3"},
			{handler, "req.body", "typeof req.body === 'string' ? JSON.parse(req.body) : req.body", "", ""},
			{handler, "const { id } = req.body", "let body\n  try { body = JSON.parse(req.body) } catch { body = req.body }\n  const { id } = body", "", ""},
			{handler, "const { id } = req.body", "let body = req.body\n  if (typeof body === 'string') body = JSON.parse(req.body)\n  const { id } = body", "", ""},
			{handler, "const { id } = req.body", "const { id } = req.body.id ? req.body : JSON.parse(req.body)", "", ""},
			{handler, "process.env.NEXT_PUBLIC_STREAM_KEY, process.env.STREAM_SECRET", "process.env.NEXT_PUBLIC_STREAM_KEY", "secret-missing", handler + ":4"},
			{handler, "createToken(id)", "createToken(id, '24h')", "claim-type", handler + ":5"},
			{handler, "createToken(id)", "createToken(id, new Date(Date.now() + 3600000))", "claim-type", handler + ":5"},
			{handler, "createToken(id)", "createToken(id, Math.floor(Date.now() / 1000) + 3600)", "", ""},
		}},
		"a route handler": {inApp, []fault{
			{route, "await request.json()", "request.json()", "user-id-missing", route + ":3"},
			{route, "const { id } = await request.json()", "const body = request.json()\n  const { id } = await body", "", ""},
			{route, "const { id } = await request.json()", "const id = (await request.json()).id", "", ""},
			{route, "const { id } = await request.json()", "const id = await request.json().then(b => b.id)", "", ""},
			{route, "const { id } = await request.json()", "const read = r => r.json()\n  const { id } = await read(request)", "", ""},
			{route, "const { id } = await request.json()", "const read = r => r.json()\n  const body = await read(request)\n  const id = body.id", "", ""},
			{route, "const { id } = await request.json()", "const read = async r => { const b = await r.json(); return b }\n  const id = (await read(request)).id", "", ""},
			{route, "const { id } = await request.json()", "const read = async r => r.json()\n  const got = read(request)\n  const id = (await got).id", "", ""},
			{route, "const { id } = await request.json()", "let body\n  try { body = await request.json() } catch { body = {} }\n  const { id } = body", "", ""},
			{route, "const { id } = await request.json()", "const [{ id }] = await Promise.all([request.json()])", "", ""},
			{route, "await request.json()\n", "request.json()\n  console.log(id.length)\n", "user-id-missing", route + ":3"},
		}},
	})
}
