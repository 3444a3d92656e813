package checks

import (
	"maps"
	"strings"
	"testing"
)

// What keeps a page's request from the handler: a path that no route has, a field in the wrong place, a header that isn't sent.
func TestLayoutsOfReach(t *testing.T) {
	const head = "require('dotenv').config()\nconst express = require('express')\nconst cors = require('cors')\nconst { StreamChat } = require('stream-chat')\n" +
		"const chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst app = express()\napp.use(cors())\napp.use(express.json())\n"
	const page = ours + "export async function connect(account) {\n  const r = await fetch(`http://localhost:4000/join?userId=${account}`)\n" +
		"  const { token } = await r.json()\n  await client.connectUser({ id: account }, token)\n}\n"
	files := map[string]string{
		"api/package.json": `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"4","cors":"2","dotenv":"16","stream-chat":"9"}}`,
		"api/index.js":     head + "app.get('/join', (req, res) => {\n  const { userId } = req.query\n  res.json({ token: chat.createToken(userId) })\n})\napp.listen(4000)\n",
		"api/.env":         "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n", "web/package.json": `{"scripts":{"dev":"vite"},"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`, "web/src/chat.jsx": page,
	}
	with := func(files map[string]string, more ...string) map[string]string {
		out := maps.Clone(files)
		for i := 0; i < len(more); i += 2 {
			out[more[i]] = more[i+1]
		}
		return out
	}
	guard := "const guard = (req, res, next) => {\n  const header = req.headers.authorization\n  if (!header) return res.status(401).json({ error: 'no' })\n  next()\n}\n"
	tryLayouts(t, map[string]layout{
		"a query with a variable": {files, []fault{
			{"web/src/chat.jsx", "?userId=", "?user_id=", "user-id-missing", "api/index.js:10"},
			{"web/src/chat.jsx", "?userId=${account}", "?userId=${encodeURIComponent(account)}&x=1", "", ""},
			{"web/src/chat.jsx", "/join?", "/login?", "endpoint-not-found", "web/src/chat.jsx:4"}, // no word in common
			{"web/src/chat.jsx", "localhost:4000/join", "chat.example/join", "", ""},
			{"web/src/chat.jsx", "localhost:4000/join", "localhost:4001/join", "server-on-other-port", "web/src/chat.jsx:4"},
			{"web/src/chat.jsx", "`http://localhost:4000/join?userId=${account}`", "'http://localhost:4000/join', { method: 'GET' }", "", ""},
			{"api/index.js", "app.get('/join'", "app.get('/:page'", "", ""},
			{"api/index.js", "app.listen(4000)", "app.use(require('./more'))\napp.listen(4000)", "", ""},
		}},
		"a field in the body": {with(files, "web/src/chat.jsx", ours+"export async function connect(account) {\n  const r = await fetch('http://localhost:4000/join', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: account }) })\n"+
			"  const { token } = await r.json()\n  await client.connectUser({ id: account }, token)\n}\n", "api/index.js", head+"app.post('/join', (req, res) => {\n  const { userId } = req.body\n  res.json({ token: chat.createToken(userId) })\n})\napp.listen(4000)\n"), []fault{
			{"api/index.js", "const { userId } = req.body", "const { userId } = req.query", "endpoint-body", "api/index.js:10"},
			{"api/index.js", "const { userId } = req.body", "const userId = req.query.userId || req.body.userId", "", ""},
			{"api/index.js", "const { userId } = req.body", "const { userId } = { ...req.query, ...req.body }", "", ""},
		}},
		"a header": {with(files, "web/src/chat.jsx", strings.Replace(page, "`)", "`, { headers: { Authorization: `Bearer ${window.session}` } })", 1),
			"api/index.js", head+guard+"app.get('/join', guard, (req, res) => {\n  const { userId } = req.query\n  res.json({ token: chat.createToken(userId) })\n})\napp.listen(4000)\n"), []fault{
			{"web/src/chat.jsx", ", { headers: { Authorization: `Bearer ${window.session}` } }", "", "endpoint-auth", "web/src/chat.jsx:4"},
			{"web/src/chat.jsx", "{ headers: { Authorization: `Bearer ${window.session}` } }", "window.options", "", ""},
			{"web/src/chat.jsx", "{ Authorization: `Bearer ${window.session}` }", "window.session()", "", ""},
		}},
		"another way in": {with(files, "api/index.js", head+strings.Replace(guard, "if (!header)", "if (!header && !req.cookies.session)", 1)+"app.get('/join', guard, (req, res) => {\n  const { userId } = req.query\n  res.json({ token: chat.createToken(userId) })\n})\napp.listen(4000)\n"), nil},
	})
}

// A page that requests its own origin, where nothing hands the request on to the backend.
func TestLayoutsOfOwnOrigin(t *testing.T) {
	const app = "require('dotenv').config()\nconst express = require('express')\nconst cors = require('cors')\nconst { StreamChat } = require('stream-chat')\n" +
		"const chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst app = express()\napp.use(cors())\napp.use(express.json())\n" +
		"app.post('/api/token', (req, res) => {\n  const { userId } = req.body\n  res.json({ token: chat.createToken(userId) })\n})\napp.listen(4000)\n"
	page := func(url string) string {
		return ours + "export async function connect(uid) {\n  const r = await fetch(" + url + ", { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: uid }) })\n" +
			"  const { token } = await r.json()\n  await client.connectUser({ id: uid }, token)\n}\n"
	}
	files := map[string]string{
		"api/package.json": `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"4","cors":"2","dotenv":"16","stream-chat":"9"}}`, "api/index.js": app,
		"api/.env":           "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
		"web/package.json":   `{"scripts":{"dev":"vite"},"dependencies":{"react":"18","stream-chat":"9"},"devDependencies":{"vite":"5","@vitejs/plugin-react":"4"}}`,
		"web/src/chat.jsx":   page("'http://localhost:4000/api/token'"),
		"web/vite.config.js": "import { defineConfig } from 'vite'\nimport react from '@vitejs/plugin-react'\nexport default defineConfig({ plugins: [react()] })\n",
	}
	proxied := maps.Clone(files)
	proxied["web/src/chat.jsx"] = page("'/api/token'")
	proxied["web/vite.config.js"] = "import { defineConfig } from 'vite'\nexport default defineConfig({ server: { proxy: { '/api': 'http://localhost:4000' } } })\n"
	named := maps.Clone(files)
	named["web/src/chat.jsx"] = page("`${import.meta.env.VITE_SERVER}/api/token`")
	named["web/.env"] = "VITE_TITLE=x\nVITE_SERVER=http://localhost:4000\n"
	tryLayouts(t, map[string]layout{
		"no host": {files, []fault{
			{"web/src/chat.jsx", "http://localhost:4000", "", "endpoint-not-found", "web/src/chat.jsx:4"},
			{"web/src/chat.jsx", "http://localhost:4000/api/token", "/api/other", "", ""},
		}},
		"a proxy": {proxied, []fault{
			{"web/vite.config.js", "server: { proxy: { '/api': 'http://localhost:4000' } }", "", "endpoint-not-found", "web/src/chat.jsx:4"},
			{"web/vite.config.js", "server: { proxy: { '/api': 'http://localhost:4000' } }", "plugins: [require('./serve')]", "", ""},
			{"web/vite.config.js", "import { defineConfig } from 'vite'", "import { defineConfig } from 'vite'\nimport api from 'vite-plugin-api'", "", ""},
		}},
		"a variable": {named, []fault{
			{"web/.env", "VITE_SERVER=", "VITE_BACKEND=", "endpoint-not-found", "web/.env:2"},
			{"web/.env", "VITE_SERVER=", "SERVER=", "endpoint-not-found", "web/.env:2"},
			{"web/.env", "VITE_SERVER=http://localhost:4000", "", "", ""}, // the shell may set it
			{"web/.env", "VITE_SERVER=http://localhost:4000", "VITE_OTHER=http://localhost:9000", "", ""},
		}},
		"a backend that hands out pages": {func() map[string]string {
			all := maps.Clone(files)
			all["web/src/chat.jsx"] = page("'/api/token'")
			all["api/index.js"] = strings.Replace(app, "app.listen", "app.use(express.static('../web/dist'))\napp.listen", 1)
			return all
		}(), nil},
	})
}
