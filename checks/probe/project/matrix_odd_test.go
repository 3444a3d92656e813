package project

import "testing"

// Values that go through several hands at the same time.
var throughHands = []projectCase{
	{"a port of the settings, as a number, with a default", map[string]string{
		"package.json": pkgServer,
		"config.js":    "const config = {\n  server: {\n    port: parseInt(process.env.UNSET_PORT ?? '4123', 10),\n  },\n}\nexport default config\n",
		"index.js":     "import express from 'express'\nimport jwt from 'jsonwebtoken'\nimport config from './config.js'\nconst app = express()\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, process.env.STREAM_API_SECRET) }))\napp.listen(config.server.port)\n",
	}, nil, nil, []string{`port 4123 env "UNSET_PORT" host "" config.js:3`}},
	{"a port that a variable sets in front of that default", map[string]string{
		"package.json": pkgServer, ".env": "UNSET_PORT=4200\n" + envPair,
		"config.js": "import 'dotenv/config'\nconst config = {\n  server: {\n    port: Number(process.env.UNSET_PORT ?? '4123'),\n  },\n}\nexport default config\n",
		"index.js":  "import express from 'express'\nimport jwt from 'jsonwebtoken'\nimport config from './config.js'\nconst { server: { port = 1 } } = config\nconst app = express()\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, process.env.STREAM_API_SECRET) }))\napp.listen({ port })\n",
	}, nil, nil, []string{`port 4200 env "UNSET_PORT" host "" .env:1`}},
	{"a base of a template and a condition, a path of a table, joined by new URL", map[string]string{
		"package.json": pkgVite, "src/stream.ts": clientOf,
		"src/routes.ts": "export const ROUTES = {\n  token: '/stream/token',\n} as const\n",
		"src/base.ts":   "const HOST = import.meta.env.PROD ? 'chat.example.com' : 'localhost:4123'\nexport const BASE = `${import.meta.env.PROD ? 'https' : 'http'}://${HOST}`\n",
		"src/api.ts":    "import { BASE } from './base'\nimport { ROUTES } from './routes'\nexport const getToken = () => fetch(new URL(ROUTES.token, BASE))\n",
	}, nil, nil, []string{"asks http://localhost:4123/stream/token address src/base.ts:1 path src/routes.ts:2 known read"}},
	{"a path of a table that a constant names, after a barrel", map[string]string{
		"package.json": pkgVite, "src/stream.ts": clientOf,
		"src/lib/paths.ts": "enum Call { Token = 'token' }\nconst PATHS: Record<Call, string> = {\n  [Call.Token]: '/x',\n  token: '/stream/token',\n}\nexport const pathOf = PATHS[Call.Token]\n",
		"src/lib/index.ts": "export * from './paths'\n",
		"src/api.ts":       "import { pathOf } from './lib'\nconst get = (path = pathOf, base = 'http://localhost:4123') => fetch(base + path)\nexport const getToken = () => get()\n",
	}, nil, nil, []string{"asks http://localhost:4123/stream/token address src/api.ts:2 path src/lib/paths.ts:4 known read"}},
	{"a choice on something that is not known stays assumed", map[string]string{
		"package.json": pkgVite, "src/stream.ts": clientOf,
		"src/api.ts": "const flags = JSON.parse(localStorage.getItem('flags'))\nconst BASE = flags.beta ? 'https://beta.example.com' : 'https://chat.example.com'\nexport const getToken = () => fetch(`${BASE}/stream/token`)\n",
	}, nil, nil, []string{"asks https://beta.example.com/stream/token address src/api.ts:2 path src/api.ts:3 known assumed"}},
	{"a settings object that a loop fills: what it has is not known", map[string]string{
		"package.json": pkgServer, ".env": envPair,
		"config.js": "import 'dotenv/config'\nexport const config = { port: 3001 }\nfor (const name of ['STREAM_SECRET']) config[name] = process.env[name]\n",
		"index.js":  "import express from 'express'\nimport jwt from 'jsonwebtoken'\nimport { config } from './config.js'\nconst app = express()\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, config.STREAM_SECRET || process.env.STREAM_API_SECRET) }))\napp.listen(config.port)\n",
	}, nil, nil, []string{"secret S1 .env:2 known false", "port 3001"}},
	{"a settings object without the member: the next is taken", map[string]string{
		"package.json": pkgServer, ".env": envPair,
		"config.js": "import 'dotenv/config'\nexport const config = { port: 3001 }\n",
		"index.js":  "import express from 'express'\nimport jwt from 'jsonwebtoken'\nimport { config } from './config.js'\nconst app = express()\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, config.secret || process.env.STREAM_API_SECRET) }))\napp.listen(config.port)\n",
	}, nil, nil, []string{"secret S1 .env:2 known true"}},
	{"a port that a condition chooses is one of two", map[string]string{
		"package.json": pkgServer,
		"index.js":     "import express from 'express'\nimport os from 'node:os'\nimport jwt from 'jsonwebtoken'\nconst app = express()\nconst port = os.cpus().length > 2 ? 4123 : 4124\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, process.env.STREAM_API_SECRET) }))\napp.listen(port)\n",
	}, nil, nil, []string{`port 4123 env "" host "" index.js:5`, `port 4124 env "" host "" index.js:5`}},
	{"a port that a function gives back in two places is one", map[string]string{
		"package.json": pkgServer,
		"index.js":     "import express from 'express'\nimport jwt from 'jsonwebtoken'\nconst app = express()\nfunction normalize(val) {\n  const port = parseInt(val, 10)\n  if (isNaN(port)) return val\n  if (port >= 0) return port\n  return false\n}\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, process.env.STREAM_API_SECRET) }))\napp.listen(normalize(process.env.UNSET_PORT || '4123'))\n",
	}, nil, nil, []string{`port 4123 env "UNSET_PORT" host "" index.js:11`}},
	{"a function of one name, and a method of another thing", map[string]string{
		"package.json": pkgServer,
		"index.js":     "import express from 'express'\nimport jwt from 'jsonwebtoken'\nconst app = express()\napp.use(express.json())\nfunction use(port) { app.listen(port) }\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, process.env.STREAM_API_SECRET) }))\nuse(4123)\n",
	}, nil, nil, []string{`port 4123 env "" host "" index.js:7`}},
}

func TestValuesThroughManyHands(t *testing.T) { runCases(t, throughHands) }
