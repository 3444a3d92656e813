package checks

import "testing"

// Handlers that are methods of controllers, and routers that instances keep or make.
func TestLayoutsOfControllers(t *testing.T) {
	const env = "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n"
	const pkg = `{"scripts":{"start":"node index.js"},"dependencies":{"express":"5","cors":"2","dotenv":"17","stream-chat":"9"}}`
	const top = "require('dotenv').config()\nconst express = require('express')\nconst app = express()\napp.use(require('cors')(), express.json())\nconst Tokens = require('./tokens')\n"
	const chat = "const { StreamChat } = require('stream-chat')\nconst express = require('express')\nconst chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n"
	const method = "  token(req, res) {\n    res.json({ token: chat.createToken(req.body.userId) })\n  }\n"
	front := func(files map[string]string, path string) map[string]string {
		files["web/package.json"] = `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`
		files["web/src/chat.js"] = "import { StreamChat } from 'stream-chat'\nexport async function connect(user) {\n  const r = await fetch('http://localhost:3001" + path +
			"', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: user.id }) })\n  const { token } = await r.json()\n  await StreamChat.getInstance('" + actionKey + "').connectUser({ id: user.id }, token)\n}\n"
		return files
	}
	project := func(path, index, tokens string) map[string]string {
		return front(map[string]string{"api/package.json": pkg, "api/.env": env, "api/index.js": top + index + "app.listen(3001)\n", "api/tokens.js": chat + tokens + "module.exports = Tokens\n"}, path)
	}
	faults := func(path, line string) []fault {
		return []fault{
			{"web/src/chat.js", "'POST'", "'PUT'", "endpoint-method", "web/src/chat.js:3"},
			{"web/src/chat.js", "'http://localhost:3001" + path, "'http://localhost:3001" + path + "s", "endpoint-not-found", "web/src/chat.js:3"},
			{"web/src/chat.js", "userId: user.id", "uid: user.id", "user-id-missing", line},
		}
	}
	tryLayouts(t, map[string]layout{
		"a bound method": {project("/token", "const tokens = new Tokens()\napp.post('/token', tokens.token.bind(tokens))\n", "class Tokens {\n"+method+"}\n"), faults("/token", "api/tokens.js:6")},
		"a router that an instance keeps": {project("/api/token", "app.use('/api', new Tokens().router)\n",
			"class Tokens {\n  constructor() {\n    this.router = express.Router()\n    this.router.post('/token', this.token.bind(this))\n  }\n"+method+"}\n"), faults("/api/token", "api/tokens.js:10")},
		"a router of a named instance": {project("/api/token", "const tokens = new Tokens()\napp.use('/api', tokens.router)\n",
			"class Tokens {\n  router = express.Router()\n  constructor() {\n    this.router.post('/token', (req, res) => this.token(req, res))\n  }\n"+method+"}\n"), faults("/api/token", "api/tokens.js:7")},
		"a router that a method makes": {project("/api/token", "app.use('/api', new Tokens().routes())\n",
			"class Tokens {\n  routes() {\n    const router = express.Router()\n    router.post('/token', this.token)\n    return router\n  }\n"+method+"}\n"), faults("/api/token", "api/tokens.js:11")},
		"a class of the same module": {project("/api/token", "class Routes {\n  constructor() {\n    this.router = express.Router()\n    this.router.post('/token', Tokens.token)\n  }\n}\napp.use('/api', new Routes().router)\n",
			"class Tokens {\n  static"+method[1:]+"}\n"), nil},
		"a chain of methods": {project("/token", "app.route('/token').get((req, res) => res.json({ ok: true })).post(Tokens.token)\n", "const Tokens = {\n"+method+"}\n"), faults("/token", "api/tokens.js:6")},
		"decorators of inversify": {front(map[string]string{
			"api/package.json": `{"scripts":{"start":"ts-node index.ts"},"dependencies":{"express":"4","cors":"2","dotenv":"17","inversify":"6","inversify-express-utils":"6","stream-chat":"9"}}`, "api/.env": env,
			"api/index.ts":  "import 'dotenv/config'\nimport express from 'express'\nimport cors from 'cors'\nimport { Container } from 'inversify'\nimport { InversifyExpressServer } from 'inversify-express-utils'\nimport './tokens'\nconst server = new InversifyExpressServer(new Container())\nserver.setConfig((app) => { app.use(cors(), express.json()) })\nserver.build().listen(3001)\n",
			"api/tokens.ts": "import { controller, httpPost } from 'inversify-express-utils'\nimport { StreamChat } from 'stream-chat'\nconst chat = StreamChat.getInstance(process.env.STREAM_API_KEY!, process.env.STREAM_API_SECRET!)\n@controller('/stream')\nexport class Tokens {\n  @httpPost('/token')\n" + method + "}\n",
		}, "/stream/token"), faults("/stream/token", "api/tokens.ts:8")},
	})
}
