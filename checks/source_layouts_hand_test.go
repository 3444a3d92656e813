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
