package checks

import "testing"

// Times that are worked out from constants, helpers and the present time in the ways in which people write
// them, and calls and arguments whose names only the project knows.
func TestLayoutsOfTimes(t *testing.T) {
	const line = "    exp: now() + HOUR,"
	at := func(is, cause, where string) fault { return fault{"src/token.mjs", line, is, cause, where} }
	iat := func(is, cause string) fault {
		return fault{"src/token.mjs", "    iat: now(),", "    iat: " + is + ",", cause, "src/token.mjs:9"}
	}
	swapped := fault{"src/lib/chat.js", "(apiKey, apiSecret)", "(apiSecret, apiKey)", "key-secret-swapped", "src/lib/chat.js:6"}
	tryLayouts(t, map[string]layout{
		"a module of claims": {map[string]string{
			"package.json": `{"type":"module","scripts":{"start":"node --env-file=.env src/server.mjs"},"dependencies":{"express":"5","jsonwebtoken":"9"}}`,
			".env":         "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
			"src/token.mjs": "import jwt from 'jsonwebtoken';\nimport dayjs from 'dayjs';\nimport { HOUR } from './units.mjs';\nconst DAY = 24 * HOUR;\n" +
				"const now = () => Math.floor(Date.now() / 1000);\nexport function issue(uid, ttl) {\n  const claims = {\n    user_id: uid,\n    iat: now(),\n" + line + "\n  };\n" +
				"  return jwt.sign(claims, process.env.STREAM_API_SECRET);\n}\n",
			"src/units.mjs":  "export const HOUR = 60 * 60;\n",
			"src/server.mjs": "import express from 'express';\nimport { issue } from './token.mjs';\nconst app = express();\napp.get('/stream', (req, res) => res.json({ token: issue(req.query.uid, req.query.ttl) }));\napp.listen(4000);\n",
		}, []fault{
			at("    exp: HOUR,", "exp-relative", "src/token.mjs:10"),
			at("    exp: DAY,", "exp-relative", "src/token.mjs:10"),
			at("    exp: now() - HOUR,", "token-expired", "src/token.mjs:10"),
			at("    exp: 1767225600 + DAY,", "token-expired", "src/token.mjs:10"),
			at("    exp: Date.now() / 1000 + HOUR,", "claim-type", "src/token.mjs:10"),
			at("    exp: Date.now() + ttl,", "exp-milliseconds", "src/token.mjs:10"),
			at("    exp: Math.floor(+new Date() / 1e3) + HOUR,", "", ""),
			at("    exp: ~~((Date.now() + HOUR * 1000) / 1000),", "", ""),
			at("    exp: (new Date(Date.now() + DAY * 1000).getTime() / 1000) | 0,", "", ""),
			at("    exp: dayjs().unix() + ttl,", "", ""),
			at("    exp: getUnixTime(new Date()) + HOUR,", "", ""),
			at("    exp: Number(String(Date.now()).slice(0, -3)) + HOUR,", "", ""),
			at("    exp: 4102444800,", "", ""),
			iat("now() + HOUR", "iat-future"), iat("dayjs().unix() + 60", "iat-future"), iat("new Date().getTime()", "iat-milliseconds"), iat("Date.now() / 1000", "claim-type"),
			iat("Math.trunc(new Date().valueOf() / 1000) - HOUR", ""), iat("clock.now()", ""),
		}},
		"variables that no one knows as Stream's, in the wrong places": {map[string]string{
			"package.json":    `{"type":"module","scripts":{"start":"node src/server.js"},"dependencies":{"express":"5","stream-chat":"9","dotenv":"16"}}`,
			".env":            "STEAM_API_KEY=" + actionKey + "\nSTEAM_API_SECRET=" + actionSecret + "\n",
			"src/lib/chat.js": "import { StreamChat } from 'stream-chat';\nimport 'dotenv/config';\nconst apiKey = process.env.STEAM_API_KEY;\nconst apiSecret = process.env.STEAM_API_SECRET;\n\nexport const chat = StreamChat.getInstance(apiKey, apiSecret);\n",
			"src/server.js":   "import express from 'express';\nimport { chat } from './lib/chat.js';\nconst app = express();\napp.get('/stream', (req, res) => res.json({ token: chat.createToken(req.query.uid) }));\napp.listen(4000);\n",
		}, []fault{swapped}},
	})
}

// A service that is one object, reached through its class, after settings, a controller and routers.
func TestLayoutsOfServices(t *testing.T) {
	const service, controller = "server/src/services/TokenService.ts", "server/src/controllers/StreamController.ts"
	once := func(was, is string) fault { return fault{service, was, is, "", ""} }
	const own = "    if (!TokenService.instance) TokenService.instance = new TokenService();\n    return TokenService.instance;"
	tryLayouts(t, map[string]layout{"a singleton": {map[string]string{
		"server/package.json":        `{"scripts":{"dev":"tsx watch src/index.ts"},"dependencies":{"express":"4","dotenv":"16","jsonwebtoken":"9","zod":"3"}}`,
		"server/.env":                "PORT=3001\nSTREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
		"server/src/config/index.ts": "import dotenv from 'dotenv';\ndotenv.config();\nconst config = {\n  port: parseInt(process.env.PORT || '3001', 10),\n  stream: {\n    key: process.env.STREAM_API_KEY as string,\n    secret: process.env.STREAM_API_SECRET as string,\n    ttl: 60 * 60,\n  },\n};\nexport default config;\n",
		service: "import jwt from 'jsonwebtoken';\nimport config from '../config';\nexport class TokenService {\n  private static instance: TokenService;\n  static getInstance(): TokenService {\n" + own + "\n  }\n" +
			"  generate(userId: string): string {\n    const payload = {\n      user_id: userId,\n      exp: Math.floor(Date.now() / 1000) + config.stream.ttl,\n    };\n    return jwt.sign(payload, config.stream.secret, { algorithm: 'HS256' });\n  }\n}\n",
		controller: "import { Request, Response } from 'express';\nimport { z } from 'zod';\nimport { TokenService } from '../services/TokenService';\nconst schema = z.object({ userId: z.string(), userName: z.string() });\n" +
			"export const createToken = async (req: Request, res: Response) => {\n  const { userId, userName } = schema.parse(req.body);\n  const token = TokenService.getInstance().generate(userId);\n  console.log(userName);\n  res.json({ token });\n};\n",
		"server/src/routes.ts": "import { Router } from 'express';\nimport { createToken } from './controllers/StreamController';\nconst router = Router();\nrouter.route('/token').post(createToken);\nexport default router;\n",
		"server/src/index.ts":  "import express from 'express';\nimport config from './config';\nimport routes from './routes';\nconst app = express();\napp.use(express.json());\napp.use('/api/stream', routes);\napp.listen(config.port);\n",
		"stream/package.json":  `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`,
		"stream/src/chat.ts": "import { StreamChat } from 'stream-chat'\nexport async function connect(userId: string, userName: string) {\n  const r = await fetch('http://localhost:3001/api/stream/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId, userName }) })\n" +
			"  const { token } = await r.json()\n  await StreamChat.getInstance('" + actionKey + "').connectUser({ id: userId, name: userName }, token)\n}\n",
	}, []fault{
		once(own, "    return (TokenService.instance ??= new TokenService());"),
		{service, "config.stream.secret", "config.stream.key", "secret-is-key", service + ":14"},
		{"server/src/config/index.ts", "process.env.STREAM_API_SECRET", "process.env.STREAM_API_KEY", "secret-is-key", "server/src/config/index.ts:7"},
		{service, "user_id: userId", "userID: userId", "user-id-missing", service + ":11"},
		{service, "user_id: userId", "user_id: `u_${userId}`", "user-id-mismatch", service + ":11"},
		{service, "user_id: userId", "user_id: userId.toLowerCase()", "", ""},
		{service, "Math.floor(Date.now() / 1000) + config.stream.ttl", "config.stream.ttl", "exp-relative", service + ":12"},
		{controller, "generate(userId)", "generate(userName)", "user-id-mismatch", controller + ":6"},
		{controller, "json({ token })", "json({ jwt: token })", "token-missing", controller + ":9"},
		{"server/src/routes.ts", "'/token'", "'/tokens'", "endpoint-not-found", "stream/src/chat.ts:3"},
	}}, "a secret in a file of its own": {map[string]string{
		"package.json":      `{"scripts":{"start":"node server/app.js"},"dependencies":{"koa":"2","stream-chat":"9"}}`,
		"config/stream.key": actionSecret + "\n",
		"server/stream.js": "const { StreamChat } = require('stream-chat')\nconst { readFileSync } = require('fs')\nclass Service {\n  constructor(key, secret) {\n    this.client = new StreamChat(key, secret)\n  }\n  static get() {\n" +
			"    if (!Service.instance) Service.instance = new Service('" + actionKey + "', readFileSync('config/stream.key', 'utf8').trim())\n    return Service.instance\n  }\n  token(id) { return this.client.createToken(id) }\n}\nmodule.exports = Service\n",
		"server/app.js": "const Koa = require('koa')\nconst app = new Koa()\nconst Service = require('./stream')\napp.use((ctx) => { if (ctx.path === '/token') ctx.body = { token: Service.get().token(ctx.query.userId) } })\napp.listen(3001)\n",
	}, []fault{
		{"server/stream.js", ".trim()", ".trim().toUpperCase()", "", ""},
		{"config/stream.key", "\n", " \n\n", "", ""},
	}}})
}
