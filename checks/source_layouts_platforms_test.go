package checks

import "testing"

// Platforms that start functions, and pages that get their key from the server that renders them.
func TestLayoutsOfPlatforms(t *testing.T) {
	const env = "STREAM_KEY=" + actionKey + "\nSTREAM_SECRET=" + actionSecret + "\n"
	const options = ", { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: user.id }) })\n  const { token } = await r.json()\n"
	page := func(url, key string) string {
		return "import { StreamChat } from 'stream-chat'\nexport async function connect(user) {\n  const r = await fetch('" + url + "'" + options +
			"  await StreamChat.getInstance(" + key + ").connectUser({ id: user.id }, token)\n}\n"
	}
	tryLayouts(t, map[string]layout{
		"a prefix among the options of a maker": {map[string]string{
			"api/package.json": `{"scripts":{"dev":"ts-node src/index.ts"},"dependencies":{"routing-controllers":"0.10","express":"4","stream-chat":"9","dotenv":"16"}}`,
			"api/.env":         env,
			"api/src/index.ts": "import 'dotenv/config'\nimport { createExpressServer } from 'routing-controllers'\nimport { ChatController } from './ChatController'\ncreateExpressServer({ cors: true, routePrefix: '/api', controllers: [ChatController] }).listen(4000)\n",
			"api/src/ChatController.ts": "import { Body, JsonController, Post } from 'routing-controllers'\nimport { StreamChat } from 'stream-chat'\n@JsonController('/chat')\nexport class ChatController {\n  private client = StreamChat.getInstance(process.env.STREAM_KEY, process.env.STREAM_SECRET)\n" +
				"  @Post('/token')\n  token(@Body() body: { userId: string }) { return { token: this.client.createToken(body.userId) } }\n}\n",
			"web/package.json": `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`, "web/src/chat.js": page("http://localhost:4000/api/chat/token", "'"+actionKey+"'"),
		}, []fault{
			{"web/src/chat.js", "/api/chat/token", "/chat/token", "endpoint-not-found", "web/src/chat.js:3"},
			{"api/src/index.ts", "routePrefix: '/api'", "routePrefix: process.env.PREFIX", "", ""},
		}},
		"Vercel": {map[string]string{
			"package.json":        `{"scripts":{"dev":"vite","start":"vercel dev"},"dependencies":{"react":"18","vite":"5","stream-chat":"9"},"devDependencies":{"vercel":"33"}}`,
			".env":                "VITE_" + env + "STREAM_SECRET=" + actionSecret + "\n",
			"index.html":          "<script type=\"module\" src=\"/src/chat.js\"></script>\n",
			"api/stream-token.ts": "import { StreamChat } from 'stream-chat'\nexport default function handler(req, res) {\n  const client = StreamChat.getInstance(process.env.VITE_STREAM_KEY, process.env.STREAM_SECRET)\n  res.json({ token: client.createToken(req.body.userId) })\n}\n",
			"src/chat.js":         page("/api/stream-token", "import.meta.env.VITE_STREAM_KEY"),
		}, []fault{
			{"src/chat.js", "/api/stream-token", "/api/token", "endpoint-not-found", "src/chat.js:3"},
			{".env", "VITE_STREAM_KEY", "STREAM_KEY", "key-missing", ".env:1"},
		}},
		"Netlify": {map[string]string{
			"package.json":                      `{"scripts":{"dev":"netlify dev"},"dependencies":{"react":"18","vite":"5","stream-chat":"9","jsonwebtoken":"9"},"devDependencies":{"netlify-cli":"17"}}`,
			".env":                              "VITE_" + env,
			"netlify/functions/stream-token.js": "const jwt = require('jsonwebtoken')\nexports.handler = async ({ body }) => {\n  const { userId } = JSON.parse(body)\n  return { statusCode: 200, body: JSON.stringify({ token: jwt.sign({ user_id: userId }, process.env.STREAM_SECRET) }) }\n}\n",
			"src/chat.js":                       page("/.netlify/functions/stream-token", "import.meta.env.VITE_STREAM_KEY"),
		}, []fault{
			{"src/chat.js", "functions/stream-token", "functions/token", "endpoint-not-found", "src/chat.js:3"},
			{"src/chat.js", "userId: user.id", "uid: user.id", "user-id-missing", "netlify/functions/stream-token.js:3"},
		}},
		"a script that markup names": {map[string]string{
			"package.json":           `{"scripts":{"dev":"astro dev"},"dependencies":{"astro":"4","stream-chat":"9"}}`,
			"astro.config.mjs":       "export default {}\n",
			".env":                   "PUBLIC_" + env,
			"src/pages/api/token.ts": "import { StreamChat } from 'stream-chat'\nexport const POST = async ({ request }) => {\n  const { userId } = await request.json()\n  const chat = StreamChat.getInstance(import.meta.env.PUBLIC_STREAM_KEY, import.meta.env.STREAM_SECRET)\n  return new Response(JSON.stringify({ token: chat.createToken(userId) }))\n}\n",
			"src/pages/index.astro":  "---\n---\n<html><body><script src=\"../scripts/chat.ts\"></script></body></html>\n",
			"src/scripts/chat.ts":    page("/api/token", "import.meta.env.PUBLIC_STREAM_KEY"),
		}, []fault{
			{"src/scripts/chat.ts", "'/api/token'", "'/api/tokens'", "endpoint-not-found", "src/scripts/chat.ts:3"},
			{"src/scripts/chat.ts", "'POST'", "'PUT'", "endpoint-method", "src/scripts/chat.ts:3"},
			{".env", "PUBLIC_STREAM_KEY", "STREAM_KEY", "key-missing", ".env:1"},
		}},
		"a loader and a fetcher": {map[string]string{
			"package.json":                   `{"scripts":{"dev":"remix vite:dev"},"dependencies":{"@remix-run/node":"2","@remix-run/react":"2","react":"18","stream-chat":"9"}}`,
			".env":                           env,
			"app/stream.server.ts":           "import { StreamChat } from 'stream-chat'\nexport const stream = StreamChat.getInstance(process.env.STREAM_KEY, process.env.STREAM_SECRET)\n",
			"app/routes/resources.token.tsx": "import { json } from '@remix-run/node'\nimport { stream } from '../stream.server'\nexport async function action({ request }) {\n  const form = await request.formData()\n  return json({ token: stream.createToken(String(form.get('userId'))) })\n}\n",
			"app/routes/_index.tsx": "import { useFetcher, useLoaderData } from '@remix-run/react'\nimport { json } from '@remix-run/node'\nimport { StreamChat } from 'stream-chat'\nexport const loader = async () => json({ key: process.env.STREAM_KEY })\nexport default function Index() {\n  const { key } = useLoaderData()\n  const fetcher = useFetcher()\n" +
				"  const go = () => fetcher.submit({ userId: 'ann' }, { method: 'post', action: '/resources/token' })\n  if (fetcher.data) StreamChat.getInstance(key).connectUser({ id: 'ann' }, fetcher.data.token)\n  return <button onClick={go}>chat</button>\n}\n",
		}, []fault{
			{"app/routes/_index.tsx", "/resources/token", "/token", "endpoint-not-found", "app/routes/_index.tsx:8"},
			{"app/routes/resources.token.tsx", "String(form.get('userId'))", "'bob'", "user-id-mismatch", "app/routes/resources.token.tsx:5"},
			{"app/routes/_index.tsx", "key: process.env.STREAM_KEY", "key: 'q7w2hk9xt4bn'", "key-mismatch", "app/routes/_index.tsx:4"},
		}},
	})
}
