package checks

import "testing"

// An Express application in a class, which is handed its port, with a class for its routes.
func TestLayoutsOfClasses(t *testing.T) {
	const app = "import express from 'express';\nimport cors from 'cors';\nimport { ChatRoutes } from './routes';\nexport class App {\n  public app;\n  private port: number;\n  constructor(port: number) {\n    this.app = express();\n    this.port = port;\n    this.middlewares();\n    this.routes();\n  }\n" +
		"  private middlewares() {\n    this.app.use(cors());\n    this.app.use(express.json());\n  }\n  private routes() {\n    this.app.use('/api/chat', new ChatRoutes().router);\n  }\n  public listen() {\n    this.app.listen(this.port);\n  }\n}\n"
	files := func(start string) map[string]string {
		return map[string]string{
			"server/package.json":      `{"scripts":{"dev":"tsx watch src/index.ts"},"dependencies":{"express":"4","cors":"2","dotenv":"16","stream-chat":"9"}}`,
			"server/.env":              "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
			"server/src/app.ts":        app,
			"server/src/index.ts":      "import 'dotenv/config';\nimport { App } from './app';\nconst app = new App(" + start + ");\napp.listen();\n",
			"server/src/routes.ts":     "import { Router } from 'express';\nimport { ChatController } from './controller';\nexport class ChatRoutes {\n  public router = Router();\n  private controller = new ChatController();\n  constructor() {\n    this.router.post('/token', this.controller.token);\n  }\n}\n",
			"server/src/controller.ts": "import { StreamChat } from 'stream-chat';\nexport class ChatController {\n  private client = StreamChat.getInstance(process.env.STREAM_API_KEY!, process.env.STREAM_API_SECRET!);\n  token = async (req, res) => {\n    const { userId } = req.body;\n    res.json({ token: this.client.createToken(userId) });\n  };\n}\n",
			"web/package.json":         `{"scripts":{"dev":"vite"},"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`,
			"web/src/chat.ts": "import { StreamChat } from 'stream-chat';\nconst API_URL = import.meta.env.VITE_API_URL || 'http://localhost:3001';\nconst client = StreamChat.getInstance('" + actionKey + "');\nexport async function connect(userId: string) {\n  const res = await fetch(`${API_URL}/api/chat/token`, {\n    method: 'POST',\n    headers: { 'Content-Type': 'application/json' },\n    body: JSON.stringify({ userId }),\n  });\n" +
				"  const { token } = await res.json();\n  await client.connectUser({ id: userId }, token);\n}\n",
		}
	}
	faults := []fault{
		{"web/src/chat.ts", "/api/chat/token", "/api/token", "endpoint-not-found", "web/src/chat.ts:5"},
		{"web/src/chat.ts", "method: 'POST'", "method: 'GET'", "endpoint-method", "web/src/chat.ts:6"},
		{"web/src/chat.ts", "localhost:3001", "localhost:3002", "server-on-other-port", "web/src/chat.ts:2"},
		{"server/src/controller.ts", "{ token: this", "{ data: this", "token-missing", "server/src/controller.ts:6"},
		{"web/src/chat.ts", "{ userId })", "{ id: userId })", "user-id-missing", "server/src/controller.ts:5"},
	}
	renamed := []fault{faults[3], {"server/src/controller.ts", "const { userId } = req.body", "const { userid: userId } = req.body", "user-id-missing", "server/src/controller.ts:5"}}
	tryLayouts(t, map[string]layout{
		"one server whose port is set outside its code": {files("process.env.PORT"), renamed},
		"a number":               {files("3001"), faults},
		"a variable or a number": {files("Number(process.env.PORT) || 3001"), faults},
		"an int":                 {files("parseInt(process.env.PORT ?? '3001', 10)"), faults},
		"what isn't read":        {files("readPort()"), []fault{{"web/src/chat.ts", "localhost:3001", "localhost:3002", "", ""}}},
	})
}
