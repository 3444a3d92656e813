package project

import (
	"testing"

	"badsig/checks/facts"
	"badsig/checks/internal/projecttest"
)

const (
	pkgServer = `{"name":"server","type":"module","scripts":{"dev":"nodemon index.js"},"dependencies":{"express":"5","dotenv":"17","jsonwebtoken":"9","cors":"2"}}`
	pkgCJS    = `{"name":"server","scripts":{"start":"node index.js"},"dependencies":{"express":"5","dotenv":"17","jsonwebtoken":"9"}}`
	pkgCRA    = `{"name":"web","scripts":{"start":"react-scripts start"},"dependencies":{"react":"18","react-scripts":"5","stream-chat":"9"}}`
	pkgVite   = `{"name":"web","scripts":{"dev":"vite"},"dependencies":{"react":"18","stream-chat":"9"},"devDependencies":{"vite":"^6"}}`
	pkgVite8  = `{"name":"web","scripts":{"dev":"vite"},"dependencies":{"react":"18","stream-chat":"9"},"devDependencies":{"vite":"^8.1.0"}}`
	pkgNext   = `{"name":"app","scripts":{"dev":"next dev"},"dependencies":{"next":"15","react":"19","stream-chat":"9","stream-chat-react":"13"}}`
	envPair   = "STREAM_API_KEY=$K1\nSTREAM_API_SECRET=$S1\n"
	esmServer = `import 'dotenv/config'
import express from 'express'
import { makeToken } from './token.js'
const app = express()
app.use(express.json())
app.post('/api/stream/token', (req, res) => res.json({ token: makeToken(req.body.userId) }))
app.listen(3001)
`
)

var serverCases = []projectCase{
	{"mission's layout", projecttest.Express, nil, nil, []string{
		"url http://localhost:3001/api/stream/token (stream/src/Chat.jsx:4)", "origin http://localhost:3000 (stream/package.json:1)",
		"value secret STREAM_API_SECRET=S1* env-file server server/.env:3 loaded read wins pair K1", "value key STREAM_API_KEY=K2 literal front stream/src/config/streamConfig.js:1 comment",
		"route POST /api/stream/token server/routes/stream.js:4", "port 3001 env \"PORT\"", "secret S1* server/.env:3 known true", "front keys [K1 stream/src/config/streamConfig.js:2]",
		`server dir "server" command "cd server && npm run dev" loaded [server/.env] missing []`, "changed file server/.env", "-value secret STREAM_API_SECRET=S2",
	}},
	{"commonjs, loaded first, secret kept in a const", map[string]string{
		"server/package.json": pkgCJS, "server/.env": envPair,
		"server/index.js": `require('dotenv').config()
const express = require('express')
const app = express()
app.use(express.json())
app.use('/stream', require('./routes/token'))
app.listen(process.env.PORT || 3001)
`,
		"server/routes/token.js": `const jwt = require('jsonwebtoken')
const router = require('express').Router()
const secret = process.env.STREAM_API_SECRET
router.post('/token', (req, res) => res.json({ token: jwt.sign({ user_id: req.body.userId }, secret) }))
module.exports = router
`,
	}, nil, nil, []string{"url http://localhost:3001/stream/token (server/routes/token.js:4)", "route POST /stream/token server/routes/token.js:4", "secret S1 server/.env:2 known true",
		`server dir "server" command "cd server && npm start"`, "port 3001 env \"PORT\""}},
	{"commonjs, loaded too late", map[string]string{
		"server/package.json": pkgCJS, "server/.env": envPair,
		"server/index.js": `const express = require('express')
const makeToken = require('./token')
require('dotenv').config()
const app = express()
app.post('/token', (req, res) => res.json({ token: makeToken(req.body.userId) }))
app.listen(3001)
`,
		"server/token.js": `const jwt = require('jsonwebtoken')
const SECRET = process.env.STREAM_API_SECRET
module.exports = id => jwt.sign({ user_id: id }, SECRET)
`,
	}, &facts.Listener{Port: 3001, Dir: "server", Command: []string{"node", "index.js"}, EnvKnown: true}, nil, []string{"secret none known true name \"STREAM_API_SECRET\"", "value secret STREAM_API_SECRET=S1 env-file server server/.env:2 loaded read pair K1 // read too early: server/token.js:2 reads it before server/index.js:3 loads the file"}},
	{"es module, imports run before dotenv.config()", map[string]string{
		"server/package.json": pkgServer, "server/.env": envPair,
		"server/index.js": `import express from 'express'
import dotenv from 'dotenv'
dotenv.config()
import { makeToken } from './token.js'
const app = express()
app.post('/token', (req, res) => res.json({ token: makeToken(req.body.userId) }))
app.listen(3001)
`,
		"server/token.js": `import jwt from 'jsonwebtoken'
const { STREAM_API_SECRET } = process.env
export const makeToken = id => jwt.sign({ user_id: id }, STREAM_API_SECRET)
`,
	}, &facts.Listener{Port: 3001, Dir: "server", Command: []string{"node", "index.js"}, EnvKnown: true}, nil, []string{"secret none known true name \"STREAM_API_SECRET\"", "value secret STREAM_API_SECRET=S1 env-file server server/.env:2 loaded read pair K1 // read too early: server/token.js:2"}},
	{"es module, read when used: the order does not matter", map[string]string{
		"server/package.json": pkgServer, "server/.env": envPair,
		"server/index.js": `import express from 'express'
import dotenv from 'dotenv'
import { makeToken } from './token.js'
dotenv.config()
const app = express()
app.post('/token', (req, res) => res.json({ token: makeToken(req.body.userId) }))
app.listen(3001)
`,
		"server/token.js": `import jwt from 'jsonwebtoken'
export const makeToken = id => jwt.sign({ user_id: id }, process.env.STREAM_API_SECRET)
`,
	}, nil, nil, []string{"secret S1 server/.env:2 known true"}},
	{"es module, dotenv/config imported after the reader", map[string]string{
		"server/package.json": pkgServer, "server/.env": envPair,
		"server/index.js": `import { makeToken } from './token.js'
import 'dotenv/config'
import express from 'express'
const app = express()
app.post('/token', (req, res) => res.json({ token: makeToken(req.body.userId) }))
app.listen(3001)
`,
		"server/token.js": `import jwt from 'jsonwebtoken'
const secret = process.env.STREAM_API_SECRET
export const makeToken = id => jwt.sign({ user_id: id }, secret)
`,
	}, &facts.Listener{Port: 3001, Dir: "server", Command: []string{"node", "index.js"}, EnvKnown: true}, nil, []string{"secret none known true name \"STREAM_API_SECRET\""}},
	{"es module, env module imported first", map[string]string{
		"server/package.json": pkgServer, "server/.env": envPair, "server/index.js": "import './env.js'\n" + esmServer[len("import 'dotenv/config'\n"):],
		"server/env.js":   "import dotenv from 'dotenv'\ndotenv.config()\n",
		"server/token.js": "import jwt from 'jsonwebtoken'\nconst secret = process.env.STREAM_API_SECRET\nexport const makeToken = id => jwt.sign({ user_id: id }, secret)\n",
	}, nil, nil, []string{"secret S1 server/.env:2 known true"}},
	{"started from another folder", map[string]string{
		"server/package.json": pkgServer, "server/.env": envPair, "server/index.js": esmServer,
		"server/token.js": "import jwt from 'jsonwebtoken'\nexport const makeToken = id => jwt.sign({ user_id: id }, process.env.STREAM_API_SECRET)\n",
	}, &facts.Listener{Port: 3001, Dir: ".", Command: []string{"node", "server/index.js"}, EnvKnown: true}, nil,
		[]string{"secret none known true name \"STREAM_API_SECRET\"", `server dir "" command "cd server && npm run dev" loaded [] missing [.env]`, "value secret STREAM_API_SECRET=S1 env-file server server/.env:2 pair K1 // not loaded: the server looks for .env"}},
	{"the shell's value wins", map[string]string{
		"server/package.json": pkgServer, "server/.env": envPair, "server/index.js": esmServer,
		"server/token.js": "import jwt from 'jsonwebtoken'\nexport const makeToken = id => jwt.sign({ user_id: id }, process.env.STREAM_API_SECRET)\n",
	}, &facts.Listener{Port: 3001, Dir: "server", Command: []string{"node", "index.js"}, EnvKnown: true}, []string{"STREAM_API_SECRET=$S2"},
		[]string{"secret S2 the environment of process 4711 known true", "value secret STREAM_API_SECRET=S1 env-file server server/.env:2 loaded read pair K1 // overridden by the environment of process 4711"}},
	{"override: the file wins over the shell", map[string]string{
		"server/package.json": pkgServer, "server/.env": envPair, "server/index.js": "import dotenv from 'dotenv'\ndotenv.config({ override: true })\n" + esmServer[len("import 'dotenv/config'\n"):],
		"server/token.js": "import jwt from 'jsonwebtoken'\nexport const makeToken = id => jwt.sign({ user_id: id }, process.env.STREAM_API_SECRET)\n",
	}, &facts.Listener{Port: 3001, Dir: "server", Command: []string{"node", "index.js"}, EnvKnown: true}, []string{"STREAM_API_SECRET=$S2"},
		[]string{"secret S1 server/.env:2 known true", "value secret STREAM_API_SECRET=S2 process server  loaded read // overridden by server/.env:2"}},
	{"path beside the module", map[string]string{
		"package.json": `{"name":"root","private":true,"workspaces":["apps/*"]}`, ".env": envPair, "apps/api/package.json": pkgCJS,
		"apps/api/index.js": `const path = require('path')
require('dotenv').config({ path: path.join(__dirname, '..', '..', '.env') })
const express = require('express'), jwt = require('jsonwebtoken')
const app = express()
app.get('/token', (req, res) => res.json({ token: jwt.sign({ user_id: req.query.id }, process.env.STREAM_API_SECRET) }))
app.listen(4000)
`,
	}, nil, nil, []string{"secret S1 .env:2 known true", "url http://localhost:4000/token (apps/api/index.js:5)", "route GET /token", "code apps/api/index.js:5 start \"npm start\" loader dotenv [../../.env]"}},
	{"path by import.meta.url", map[string]string{
		"server/package.json": pkgServer, "server/.env": envPair,
		"server/src/index.js": `import path from 'node:path'
import { fileURLToPath } from 'node:url'
import dotenv from 'dotenv'
import express from 'express'
import jwt from 'jsonwebtoken'
const __dirname = path.dirname(fileURLToPath(import.meta.url))
dotenv.config({ path: path.resolve(__dirname, '../.env') })
express().post('/token', (req, res) => res.json({ token: jwt.sign({ user_id: 'x' }, process.env.STREAM_API_SECRET) })).listen(3001)
`,
	}, &facts.Listener{Port: 3001, Dir: ".", Command: []string{"node", "server/src/index.js"}, EnvKnown: true}, nil, []string{"secret S1 server/.env:2 known true"}},
	{"--env-file in the script", map[string]string{
		"server/package.json": `{"type":"module","scripts":{"dev":"node --watch --env-file=.env.local index.js"},"dependencies":{"express":"5","jsonwebtoken":"9"}}`, "server/.env.local": "\xef\xbb\xbfSTREAM_API_SECRET=$S1\n", "server/.env": envPair,
		"server/index.js": "import express from 'express'\nimport jwt from 'jsonwebtoken'\nconst app = express()\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: 1 }, process.env.STREAM_API_SECRET) }))\napp.listen(3001)\n",
	}, &facts.Listener{Port: 3001, Dir: "server", Command: []string{"node", "--env-file=.env.local", "index.js"}, EnvKnown: true}, nil, []string{"secret none known true name \"STREAM_API_SECRET\"", "value secret STREAM_API_SECRET=S1 env-file server server/.env.local:1 // not read: the byte order mark", "server dir \"server\" command \"cd server && npm run dev\" loaded [server/.env.local]"}},
	{"fallback literal", map[string]string{
		"server/package.json": pkgCJS, "server/.env": "STREAM_SECRET=$S1\n",
		"server/index.js": "require('dotenv').config()\nconst app = require('express')(), jwt = require('jsonwebtoken')\nconst secret = process.env.STREAM_API_SECRET || 'dev-secret'\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, secret) }))\napp.listen(3001)\n",
	}, &facts.Listener{Port: 3001, Dir: "server", Command: []string{"node", "index.js"}, EnvKnown: true}, nil, []string{"secret ? server/index.js:3 known true name \"STREAM_API_SECRET\"", "value secret STREAM_API_SECRET=? fallback server server/index.js:3 loaded read wins", "value secret STREAM_SECRET=S1 env-file server server/.env:1 loaded // the code reads STREAM_API_SECRET"}},
	{"two names, the first wins", map[string]string{
		"server/package.json": pkgCJS, "server/.env": "STREAM_API_SECRET=$S1\nSTREAM_SECRET=$S2\n",
		"server/index.js": "require('dotenv').config()\nconst app = require('express')(), jwt = require('jsonwebtoken')\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, process.env.STREAM_SECRET ?? process.env.STREAM_API_SECRET) }))\napp.listen(3001)\n",
	}, nil, nil, []string{"secret S2 server/.env:2 known true name \"STREAM_SECRET\""}},
	{"literal wins over a right file", map[string]string{
		"server/package.json": pkgCJS, "server/.env": envPair,
		"server/index.js":       "require('dotenv').config()\nconst app = require('express')(), { makeToken } = require('./streamToken')\napp.post('/token', (q, r) => r.json({ token: makeToken(q.body.userId) }))\napp.listen(3001)\n",
		"server/streamToken.js": "const jwt = require('jsonwebtoken')\n// const secret = '$S1'\nexports.makeToken = id => jwt.sign({ user_id: id }, '$S2')\n",
	}, nil, nil, []string{"secret S2 server/streamToken.js:3 known true", "changed file server/streamToken.js", "value secret secret=S1 literal server server/streamToken.js:2 comment"}},
	{"config module with an object", map[string]string{
		"server/package.json": pkgServer, "server/.env": envPair,
		"server/config/index.js": "import dotenv from 'dotenv'\ndotenv.config()\nconst config = { port: Number(process.env.PORT) || 3001, stream: { apiKey: process.env.STREAM_API_KEY, apiSecret: process.env.STREAM_API_SECRET } }\nexport default config\n",
		"server/stream.js":       "import { StreamChat } from 'stream-chat'\nimport config from './config/index.js'\nexport const client = StreamChat.getInstance(config.stream.apiKey, config.stream.apiSecret)\n",
		"server/index.js":        "import express from 'express'\nimport config from './config/index.js'\nimport { client } from './stream.js'\nconst app = express()\napp.get('/token', (q, r) => r.json({ token: client.createToken(q.query.user_id) }))\napp.listen(config.port)\n",
	}, nil, nil, []string{"secret S1 server/.env:2 known true name \"STREAM_API_SECRET\"", "key K1 server/.env:1 known true", "port 3001 env \"PORT\"", "url http://localhost:3001/token"}},
	{"zod over the environment", map[string]string{
		"server/package.json": pkgServer, "server/.env": envPair,
		"server/src/env.ts":   "import 'dotenv/config'\nimport { z } from 'zod'\nconst schema = z.object({ STREAM_API_KEY: z.string(), STREAM_API_SECRET: z.string().min(1) })\nexport const env = schema.parse(process.env)\n",
		"server/src/index.ts": "import express from 'express'\nimport { StreamChat } from 'stream-chat'\nimport { env } from './env'\nconst client = new StreamChat(env.STREAM_API_KEY, env.STREAM_API_SECRET)\nconst app = express()\napp.post('/auth/stream-token', (q, r) => { r.json({ token: client.createToken(q.body.id) }) })\napp.listen(8080)\n",
	}, nil, nil, []string{"secret S1 server/.env:2 known", "url http://localhost:8080/auth/stream-token"}},
	{"class with a constructor", map[string]string{
		"server/package.json": pkgServer, "server/.env": envPair,
		"server/services/Stream.js": "import { StreamChat } from 'stream-chat'\nexport class StreamService {\n  constructor() {\n    this.key = process.env.STREAM_API_KEY\n    this.secret = process.env.STREAM_API_SECRET\n    this.client = new StreamChat(this.key, this.secret)\n  }\n  token(id) { return this.client.createToken(id) }\n}\n",
		"server/index.js":           "import 'dotenv/config'\nimport express from 'express'\nimport { StreamService } from './services/Stream.js'\nconst svc = new StreamService()\nconst app = express()\napp.post('/api/token', (q, r) => r.json({ token: svc.token(q.body.userId) }))\napp.listen(5001)\n",
	}, nil, nil, []string{"secret S1 server/.env:2 known true", "key K1 server/.env:1 known true", "url http://localhost:5001/api/token"}},
	{"factory that receives the secret", map[string]string{
		"server/package.json": pkgServer, "server/.env": envPair,
		"server/make.js":  "import jwt from 'jsonwebtoken'\nexport function tokenFactory(secret) { return id => jwt.sign({ user_id: id }, secret) }\n",
		"server/index.js": "import 'dotenv/config'\nimport express from 'express'\nimport { tokenFactory } from './make.js'\nconst make = tokenFactory(process.env.STREAM_API_SECRET)\nconst app = express()\napp.post('/token', (q, r) => r.json({ token: make(q.body.userId) }))\napp.listen(3001)\n",
	}, nil, nil, []string{"secret S1 server/.env:2 known", "url http://localhost:3001/token"}},
	{"dotenv-flow", map[string]string{
		"server/package.json": pkgCJS, "server/.env": envPair, "server/.env.local": "STREAM_API_SECRET=$S2\n",
		"server/index.js": "require('dotenv-flow').config()\nconst app = require('express')(), jwt = require('jsonwebtoken')\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: 1 }, process.env.STREAM_API_SECRET) }))\napp.listen(3001)\n",
	}, nil, nil, []string{"secret S2 server/.env.local:1 known true", "value secret STREAM_API_SECRET=S1 env-file server server/.env:2 loaded read pair K1 // overridden by server/.env.local:1"}},
	{"jose with an encoder", map[string]string{
		"server/package.json": pkgServer, "server/.env": envPair,
		"server/index.js": "import 'dotenv/config'\nimport express from 'express'\nimport { SignJWT } from 'jose'\nconst app = express()\napp.post('/token', async (q, r) => {\n  const key = new TextEncoder().encode(process.env.STREAM_API_SECRET)\n  r.json({ token: await new SignJWT({ user_id: q.body.userId }).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setIssuedAt().sign(key) })\n})\napp.listen(3001)\n",
	}, nil, nil, []string{"secret S1 server/.env:2 known true", "secretRead STREAM_API_SECRET  server/index.js:6"}},
	{"decoded as base64", map[string]string{
		"server/package.json": pkgServer, "server/.env": envPair,
		"server/index.js": "import 'dotenv/config'\nimport express from 'express'\nimport jwt from 'jsonwebtoken'\nconst app = express()\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: 'a' }, Buffer.from(process.env.STREAM_API_SECRET, 'base64')) }))\napp.listen(3001)\n",
	}, nil, nil, []string{"secretRead STREAM_API_SECRET base64-decode server/index.js:5"}},
	{"a secret made anew at every start", map[string]string{
		"server/package.json": pkgServer,
		"server/index.js":     "import express from 'express'\nimport jwt from 'jsonwebtoken'\nimport crypto from 'node:crypto'\nconst secret = process.env.STREAM_API_SECRET || crypto.randomBytes(32).toString('hex')\nconst app = express()\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: 'a', iat: Math.round(Date.now() / 1000) }, secret) }))\napp.listen(3001)\n",
	}, nil, nil, []string{"code server/index.js:6 start \"npm run dev\" loader none [] override false json false cors false random true rounded true", "secret none known false"}},
}

func TestServers(t *testing.T) { runCases(t, serverCases) }
