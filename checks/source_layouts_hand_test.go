package checks

import (
	"strings"
	"testing"
)

// Tokens that a function makes by hand of what its callers hand to it, in servers that compare the path themselves.
func TestLayoutsOfHandMadeTokens(t *testing.T) {
	const signer = "const { createHmac } = require('crypto')\nconst b64 = (o) => Buffer.from(JSON.stringify(o)).toString('base64url')\n" +
		"const sign = (claims) => {\n  const body = `${b64({ alg: 'HS256', typ: 'JWT' })}.${b64(claims)}`\n  return `${body}.${createHmac('sha256', process.env.STREAM_API_SECRET).update(body).digest('base64url')}`\n}\n"
	env := "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n"
	koa := "require('dotenv').config()\nconst Koa = require('koa')\nconst { sign } = require('./sign')\nconst app = new Koa()\napp.use(async (ctx) => {\n  if (ctx.method === 'GET' && ctx.path === '/session') {\n" +
		"    const now = Math.floor(Date.now() / 1000)\n    ctx.body = { token: sign({ user_id: ctx.query.user, iat: now, exp: now + 3600 }) }\n  }\n})\napp.listen(5050)\n"
	front := "import { StreamChat } from 'stream-chat'\nexport async function connect(user) {\n  const r = await fetch(`http://localhost:5050/session?user=${user.id}`)\n  const { token } = await r.json()\n" +
		"  await StreamChat.getInstance('" + actionKey + "').connectUser({ id: user.id }, token)\n}\n"
	deps := `{"scripts":{"start":"node app.js"},"dependencies":{"koa":"2","express":"5","dotenv":"17"}}`
	faults := func(file string, line string) []fault {
		return []fault{
			{file, "iat: now", "iat: Date.now()", "iat-milliseconds", file + ":" + line},
			{file, "exp: now + 3600", "exp: 3600", "exp-relative", file + ":" + line},
			{file, "{ token: sign", "{ jwt: sign", "token-missing", file + ":" + line},
			{file, "'/session'", "'/sessions'", "endpoint-not-found", "web/chat.js:3"},
		}
	}
	tryLayouts(t, map[string]layout{
		"Koa, signer in a module": {map[string]string{"package.json": deps, ".env": env, "sign.js": signer + "exports.sign = sign\n", "app.js": koa, "web/package.json": `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`, "web/chat.js": front}, faults("app.js", "8")},
		"Express, signer beside it": {map[string]string{"package.json": deps, ".env": env,
			"app.js":           "require('dotenv').config()\nconst express = require('express')\n" + signer + "const app = express()\napp.get('/session', (req, res) => {\n  const now = Math.floor(Date.now() / 1000)\n  res.json({ token: sign({ user_id: req.query.user, iat: now, exp: now + 3600 }) })\n})\napp.listen(5050)\n",
			"web/package.json": `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`, "web/chat.js": front}, faults("app.js", "12")},
		"Express, a middleware that compares": {map[string]string{"package.json": deps, ".env": env,
			"app.js":           "require('dotenv').config()\nconst express = require('express')\n" + signer + "const app = express()\napp.use((req, res, next) => {\n  if (req.path !== '/session') return next()\n  const now = Math.floor(Date.now() / 1000)\n  res.json({ token: sign({ user_id: req.query.user, iat: now, exp: now + 3600 }) })\n})\napp.listen(5050)\n",
			"web/package.json": `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`, "web/chat.js": front}, faults("app.js", "13")},
	})
}

// How the dev server's proxy sends a request on: with a mount and a rewrite, in the two ways that the middleware's versions do it.
func TestLayoutsOfProxies(t *testing.T) {
	project := func(version, use string) map[string]string {
		return map[string]string{
			"client/package.json":      `{"scripts":{"start":"react-scripts start"},"dependencies":{"react":"18","react-scripts":"5","stream-chat":"9","http-proxy-middleware":"` + version + `"}}`,
			"client/src/setupProxy.js": "const { createProxyMiddleware } = require('http-proxy-middleware')\nmodule.exports = (app) => {\n  " + use + "\n}\n",
			"client/src/index.js": "import { StreamChat } from 'stream-chat'\nexport async function connect(id) {\n  const r = await fetch(`/backend/tokens/${id}`)\n  const { token } = await r.json()\n" +
				"  await StreamChat.getInstance('" + actionKey + "').connectUser({ id }, token)\n}\n",
			"server/package.json": `{"scripts":{"start":"node --env-file=.env index.js"},"dependencies":{"express":"5","stream-chat":"9"}}`,
			"server/.env":         "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
			"server/index.js": "const express = require('express')\nconst { StreamChat } = require('stream-chat')\nconst chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst app = express()\n" +
				"app.get('/tokens/:user', (req, res) => res.json({ token: chat.createToken(req.params.user) }))\napp.listen(8088)\n",
		}
	}
	const mount, both = "app.use('/backend', createProxyMiddleware({ target: 'http://localhost:8088' }))", "app.use('/backend', createProxyMiddleware({ target: 'http://localhost:8088', pathRewrite: { '^/backend': '' } }))"
	wrong := []fault{{"server/index.js", "'/tokens/:user'", "'/token/:user'", "endpoint-not-found", "client/src/index.js:3"}}
	tryLayouts(t, map[string]layout{
		"version 3, a mount":               {project("^3", mount), wrong},
		"version 3, a mount and a rewrite": {project("^3", both), wrong},
		"version 3, a mount and a prefix":  {project("^3", strings.Replace(both, "'^/backend': ''", "'^/': '/'", 1)), wrong},
		"version 2, a mount and a rewrite": {project("^2", both), wrong},
		"version 2, a mount alone":         {project("^2", both), []fault{{"client/src/setupProxy.js", ", pathRewrite: { '^/backend': '' }", "", "endpoint-not-found", "client/src/index.js:3"}}},
	})
}

// Settings in a JSON file that is read and parsed, in the ways it is written, behind a table of handlers; and a
// folder with a package.json that is required by its path.
func TestLayoutsOfReadFiles(t *testing.T) {
	secrets := "{\n  \"streamKey\": \"" + actionKey + "\",\n  \"streamSecret\": \"" + actionSecret + "\"\n}\n"
	server := func(read string) string {
		return "import http from 'node:http'\nimport fs, { readFileSync } from 'node:fs'\nimport jwt from 'jsonwebtoken'\n" + read + "\nconst send = (res, body) => res.end(JSON.stringify(body))\nconst routes = {\n  'GET /health': (req, res) => send(res, {}),\n" +
			"  'GET /token': (req, res) => {\n    const id = new URL(req.url, 'http://x').searchParams.get('user')\n    send(res, { token: jwt.sign({ user_id: id }, secrets.streamSecret) })\n  },\n}\n" +
			"http.createServer((req, res) => {\n  const { pathname } = new URL(req.url, 'http://x')\n  const handler = routes[`${req.method} ${pathname}`]\n  if (handler) return handler(req, res)\n  res.writeHead(404).end()\n}).listen(4321)\n"
	}
	all := map[string]layout{}
	for name, read := range map[string]string{
		"a URL":  "const secrets = JSON.parse(readFileSync(new URL('./secrets.json', import.meta.url), 'utf8'))",
		"a path": "const secrets = JSON.parse(fs.readFileSync('server/secrets.json').toString())",
		"a text": "const text = fs.readFileSync('./server/secrets.json', 'utf-8'); const secrets = JSON.parse(text)",
	} {
		all[name] = layout{map[string]string{"package.json": `{"type":"module","scripts":{"start":"node server/index.js"},"dependencies":{"jsonwebtoken":"9"}}`, "server/secrets.json": secrets, "server/index.js": server(read),
			"web/package.json": `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`,
			"web/chat.js": "import { StreamChat } from 'stream-chat'\nexport async function connect(user) {\n  const r = await fetch(`http://localhost:4321/token?user=${user.id}`)\n  const { token } = await r.json()\n" +
				"  await StreamChat.getInstance('" + actionKey + "').connectUser({ id: user.id }, token)\n}\n"}, []fault{
			{"server/index.js", "{ user_id: id }", "{ id }", "user-id-missing", "server/index.js:10"},
			{"server/index.js", "'GET /token'", "'GET /tokens'", "endpoint-not-found", "web/chat.js:3"},
			{"server/index.js", "'GET /token'", "'POST /token'", "endpoint-method", "web/chat.js:3"},
		}}
	}
	all["a folder with a package.json"] = layout{map[string]string{"package.json": `{"scripts":{"dev":"node apps/api/index.js"},"dependencies":{"express":"5","dotenv":"17","stream-chat":"9"}}`,
		"packages/stream/package.json": `{"name":"@acme/stream","main":"lib/client.js"}`, "apps/api/.env": "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
		"packages/stream/lib/client.js": "const { StreamChat } = require('stream-chat')\nlet client\nexports.issue = (id) => {\n  client ??= new StreamChat(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n  const iat = Math.floor(Date.now() / 1000) - 5\n  return client.createToken(id, iat + 3600, iat)\n}\n",
		"apps/api/index.js":             "require('dotenv').config({ path: __dirname + '/.env' })\nconst app = require('express')()\nconst { issue } = require('../../packages/stream')\napp.get('/token', (req, res) => res.json({ token: issue(req.query.user) }))\napp.listen(4321)\n"}, []fault{
		{"packages/stream/lib/client.js", "process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET", "process.env.STREAM_API_SECRET, process.env.STREAM_API_KEY", "key-secret-swapped", "packages/stream/lib/client.js:4"},
		{"packages/stream/lib/client.js", "- 5", "+ 600", "iat-future", "packages/stream/lib/client.js:5"},
		{"apps/api/.env", "STREAM_API_SECRET", "STREAM_SECRET", "secret-missing", "apps/api/.env:2"},
	}}
	tryLayouts(t, all)
}
