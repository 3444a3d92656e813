package checks

import (
	"maps"
	"testing"
)

// Pages that their server hands out itself, one that is in a folder of examples and is what the project starts, and a
// service that makes the whole response.
func TestLayoutsOfPages(t *testing.T) {
	const env = "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n"
	page := func(path, field string) string {
		return "<html><body>\n<script src=\"https://cdn.jsdelivr.net/npm/stream-chat\"></script>\n<script>\nconst client = StreamChat.getInstance('" + actionKey + "')\nasync function connect(userId) {\n" +
			"  const res = await fetch('" + path + "', {\n    method: 'POST',\n    headers: { 'Content-Type': 'application/json' },\n    body: JSON.stringify({ " + field + ": userId }),\n  })\n" +
			"  const data = await res.json()\n  await client.connectUser({ id: userId }, data.token)\n}\n</script>\n</body></html>\n"
	}
	filled := "<html><body>\n{% if user %}\n<script>\nconst client = StreamChat.getInstance('{{ stream_key }}')\nconst options = {{ options|tojson }}\nclient.connectUser({ id: '{{ user.id }}', name: {{ user.name|tojson }} }, '{{ token|safe }}')\n" +
		"fetch('{{ url_for(\"token\") }}', { method: 'POST' }).then((r) => r.json()).then((data) => client.connectUser({ id: '{{ user.id }}' }, data.token))\n</script>\n{% endif %}\n</body></html>\n"
	flask := func(html string) map[string]string {
		return map[string]string{
			"requirements.txt": "flask\nstream-chat\npython-dotenv\n",
			".env":             env,
			"app.py": "import os\nfrom dotenv import load_dotenv\nfrom flask import Flask, request, jsonify, render_template\nfrom stream_chat import StreamChat\nload_dotenv()\napp = Flask(__name__)\n" +
				"client = StreamChat(api_key=os.environ['STREAM_API_KEY'], api_secret=os.environ['STREAM_API_SECRET'])\n@app.route('/')\ndef index():\n    return render_template('chat.html')\n" +
				"@app.route('/token', methods=['POST'])\ndef token():\n    user_id = request.json['user_id']\n    return jsonify({'token': client.create_token(user_id)})\nif __name__ == '__main__':\n    app.run(port=5000)\n",
			"templates/chat.html": html,
		}
	}
	express := map[string]string{
		"package.json": `{"scripts":{"start":"node server.js"},"dependencies":{"express":"4","stream-chat":"9","dotenv":"16"}}`,
		".env":         env,
		"server.js": "require('dotenv').config()\nconst express = require('express')\nconst { StreamChat } = require('stream-chat')\nconst app = express()\napp.use(express.json(), express.static('public'))\n" +
			"const client = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\napp.post('/token', (req, res) => res.json({ token: client.createToken(req.body.userId) }))\napp.listen(3000)\n",
		"public/index.html": page("/token", "userId"),
	}
	service := map[string]string{
		"package.json":                `{"workspaces":["example","backend"],"scripts":{"dev":"pnpm --filter ./example dev"}}`,
		"backend/package.json":        `{"name":"backend","scripts":{"dev":"tsx watch src/server.ts"},"dependencies":{"express":"4","cors":"2","dotenv":"16","stream-chat":"9"}}`,
		"backend/.env":                env + "PORT=3001\n",
		"backend/src/server.ts":       "import 'dotenv/config';\nimport express from 'express';\nimport cors from 'cors';\nimport { routes } from './routes';\nconst app = express();\napp.use(cors(), express.json());\napp.use('/api', routes);\napp.listen(Number(process.env.PORT));\n",
		"backend/src/routes.ts":       "import { Router } from 'express';\nimport { TokenService } from './service';\nconst router = Router();\nconst service = new TokenService();\nrouter.post('/tokens', async (req, res) => {\n  try {\n    const { userId } = req.body;\n    const reply = service.createReply(userId);\n    console.log(reply.userId);\n    res.status(200).json(reply);\n  } catch (e) {\n    res.status(400).json({ message: 'failed' });\n  }\n});\nexport { router as routes };\n",
		"backend/src/service.ts":      "import { StreamChat } from 'stream-chat';\nconst client = StreamChat.getInstance(process.env.STREAM_API_KEY!, process.env.STREAM_API_SECRET!);\nexport class TokenService {\n  private readonly apiKey = process.env.STREAM_API_KEY!;\n  generateToken(userId: string): string {\n    return client.createToken(userId);\n  }\n  createReply(userId: string) {\n    return {\n      apiKey: this.apiKey,\n      token: this.generateToken(userId),\n      userId,\n    };\n  }\n}\n",
		"example/package.json":        `{"name":"example","scripts":{"dev":"vite"},"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`,
		"example/.env":                "VITE_SERVICE_URL=http://localhost:3001\n",
		"example/client/Provider.tsx": "import { StreamChat } from 'stream-chat';\nconst SERVICE_URL = import.meta.env.VITE_SERVICE_URL || 'http://localhost:3001';\nexport async function connect(userId: string) {\n  const response = await fetch(`${SERVICE_URL}/api/tokens`, {\n    method: 'POST',\n    headers: { 'Content-Type': 'application/json' },\n    body: JSON.stringify({ userId }),\n  });\n  const data = await response.json();\n  const { apiKey, token } = data;\n  const client = StreamChat.getInstance(apiKey);\n  await client.connectUser({ id: userId }, token);\n}\n",
	}
	elsewhere := maps.Clone(service)
	elsewhere["package.json"] = `{"workspaces":["example","backend"],"scripts":{"dev":"pnpm --filter ./backend dev"}}`
	const provider, chat = "example/client/Provider.tsx", "templates/chat.html"
	tryLayouts(t, map[string]layout{
		"a template of Flask's": {flask(page("/token", "user_id")), []fault{
			{chat, "data.token)", "`Bearer ${data.token}`)", "token-wrapped", chat + ":12"},
			{chat, "data.token)", "data)", "token-malformed", chat + ":12"},
			{chat, "'/token'", "'/tokens'", "endpoint-not-found", chat + ":6"},
			{chat, actionKey, "z3n8v5p1c7rd", "key-mismatch", chat + ":4"},
		}},
		"a template that the server fills": {flask(filled), nil},
		"a page of Express's": {express, []fault{
			{"public/index.html", "'/token'", "'/tokens'", "endpoint-not-found", "public/index.html:6"},
			{"public/index.html", "'POST'", "'GET'", "endpoint-method", "public/index.html:7"},
			{"server.js", "{ token: client", "{ accessToken: client", "token-missing", "server.js:7"},
		}},
		"an example that the project starts": {service, []fault{
			{provider, "/api/tokens", "/api/token", "endpoint-not-found", provider + ":4"},
			{provider, "userId }, token)", "userId }, data)", "token-malformed", provider + ":12"},
			{"backend/.env", "3001", "3002", "server-on-other-port", "example/.env:1"},
			{"backend/src/service.ts", "token: this", "jwt: this", "token-missing", "backend/src/service.ts:11"},
		}},
		"an example that the project doesn't start": {elsewhere, []fault{
			{provider, "userId }, token)", "userId }, data)", "", ""},
		}},
	})
}
