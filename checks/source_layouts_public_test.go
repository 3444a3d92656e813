package checks

import (
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
)

// Projects as they are published: a platform beside another, responses that a helper makes, names in a table, an
// import map, a middleware that sends visitors to a page, a page that the framework's server prepares.
func TestLayoutsAsPublished(t *testing.T) {
	const env = "STREAM_KEY=" + actionKey + "\nSTREAM_SECRET=" + actionSecret + "\n"
	const options = ", { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: user.id }) })\n  const { token } = await r.json()\n"
	page := func(url string) string {
		return "import { StreamChat } from 'stream-chat'\nexport async function connect(user) {\n  const r = await fetch('" + url + "'" + options +
			"  await StreamChat.getInstance('" + actionKey + "').connectUser({ id: user.id }, token)\n}\n"
	}
	const web = `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`
	const express = `{"type":"module","scripts":{"dev":"node index.js"},"dependencies":{"express":"4","cors":"2","dotenv":"16","stream-chat":"9"}}`
	edge := func(imports, from string) map[string]string {
		return map[string]string{
			"package.json":                         web,
			"supabase/functions/.env":              env,
			"supabase/functions/_shared/names.ts":  "export const NAMES = {\n  key: 'STREAM_KEY',\n  secret: 'STREAM_SECRET',\n} as const\n",
			"supabase/functions/_shared/stream.ts": "import { StreamChat } from 'npm:stream-chat'\nimport { NAMES } from './names.ts'\nexport const server = StreamChat.getInstance(\n  Deno.env.get(NAMES.key)!,\n  Deno.env.get(NAMES.secret)!,\n)\n",
			imports:                                strings.Replace(`{ "imports": { "FROM": "../_shared/" } }`, "FROM", from, 1),
			"supabase/functions/chat-token/index.ts": "import { server } from '" + from + "stream.ts'\nDeno.serve(async (req) => {\n  const { userId } = await req.json()\n" +
				"  return new Response(JSON.stringify({ token: server.createToken(userId) }))\n})\n",
		}
	}
	edgeFaults := []fault{
		{"supabase/functions/_shared/names.ts", "'STREAM_SECRET'", "'STREAM_API_SECRET'", "secret-missing", "supabase/functions/.env:2"},
		{"supabase/functions/_shared/stream.ts", "NAMES.secret", "NAMES.key", "secret-is-key", "supabase/functions/_shared/stream.ts:5"},
		{"supabase/functions/chat-token/index.ts", "(userId)", "(userId, 3600)", "exp-relative", "supabase/functions/chat-token/index.ts:4"},
	}
	next := func(guard string) map[string]string {
		return map[string]string{
			"package.json": `{"scripts":{"dev":"next dev"},"dependencies":{"next":"14","react":"18","stream-chat":"9"}}`, ".env.local": env,
			"middleware.ts":         guard,
			"app/api/chat/route.ts": "import { StreamChat } from 'stream-chat'\nexport async function POST(req) {\n  const { userId } = await req.json()\n  const chat = StreamChat.getInstance(process.env.STREAM_KEY, process.env.STREAM_SECRET)\n  return Response.json({ token: chat.createToken(userId) })\n}\n",
			"app/page.tsx":          "'use client'\n" + page("/api/chat"),
		}
	}
	lost := []fault{{"app/page.tsx", "'/api/chat'", "'/api/chats'", "endpoint-not-found", "app/page.tsx:4"}}
	helped := func(helper, ask string) map[string]string {
		return map[string]string{
			"server/package.json": express, "server/.env": env, "server/answer.js": helper,
			"server/index.js": "import 'dotenv/config'\nimport express from 'express'\nimport cors from 'cors'\nimport { StreamChat } from 'stream-chat'\nimport { ok } from './answer.js'\nconst app = express()\napp.use(cors(), express.json())\n" +
				"const chat = StreamChat.getInstance(process.env.STREAM_KEY, process.env.STREAM_SECRET)\napp.post('/token', (req, res) => {\n  const token = chat.createToken(req.body.userId)\n  return ok(res, {\n    token,\n  })\n})\napp.listen(4000)\n",
			"web/package.json": web, "web/src/chat.js": ask,
		}
	}
	loaded := func(load string) map[string]string {
		return map[string]string{
			"server/package.json": `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"4","cors":"2","dotenv":"16","stream-chat":"9"}}`,
			"server/.env":         "PORT=4000\n" + env + "STREAM_APP_ID=1234\n",
			"server/index.js": "require('dotenv').config()\nconst path = require('path')\nconst { join } = path\nconst { readdirSync } = require('fs')\nconst app = require('express')()\napp.use(require('cors')(), require('express').json())\n" +
				load + "\napp.listen(process.env.PORT)\n",
			"server/routes/chat.js": "const { StreamChat } = require('stream-chat')\nmodule.exports = (app) => {\n  app.post('/v1/chat-token', (req, res) => {\n    const chat = new StreamChat(process.env.STREAM_KEY, process.env.STREAM_SECRET)\n    res.json({ token: chat.createToken(req.body.userId) })\n  })\n}\n",
			"server/old.js":         "const { StreamChat } = require('stream-chat')\nexports.old = () => StreamChat.getInstance(process.env.STREAM_KEY, process.env.STREAM_APP_ID)\n",
			"web/package.json":      web, "web/src/chat.js": page("http://localhost:4000/v1/chat-token"),
		}
	}
	unfound := []fault{
		{"web/src/chat.js", "/v1/chat-token", "/chat-token", "endpoint-not-found", "web/src/chat.js:3"},
		{"web/src/chat.js", "4000", "4001", "server-on-other-port", "web/src/chat.js:3"},
	}
	called := func(call string) map[string]string {
		return map[string]string{
			"package.json":            `{"dependencies":{"expo":"51","stream-chat-expo":"5","stream-chat":"8","@supabase/supabase-js":"2"}}`,
			"supabase/functions/.env": env,
			"supabase/functions/chat-token/index.ts": "import { StreamChat } from 'npm:stream-chat'\nDeno.serve(async (req) => {\n  const { userId } = await req.json()\n  const chat = StreamChat.getInstance(Deno.env.get('STREAM_KEY')!, Deno.env.get('STREAM_SECRET')!)\n" +
				"  return new Response(JSON.stringify({ token: chat.createToken(userId) }))\n})\n",
			"app/chat.ts": "import { StreamChat } from 'stream-chat'\nimport { supabase } from './supabase'\nexport async function connect(user) {\n  " + call + "\n  await StreamChat.getInstance('" + actionKey + "').connectUser({ id: user.id }, data.token)\n}\n",
		}
	}
	within := strings.Replace(page("http://localhost:4000/token"), "const { token } = await r.json()", "const { token } = (await r.json()).data", 1)
	wrapped := fault{"server/index.js", "    token,\n", "    token: `Bearer ${token}`,\n", "token-wrapped", "server/index.js:12"}
	tryLayouts(t, map[string]layout{
		"a function behind a map of imports":        {edge("supabase/functions/chat-token/deno.json", "@/"), edgeFaults},
		"a function behind a map with another name": {edge("supabase/functions/chat-token/deno.jsonc", "shared/"), edgeFaults},
		"a function behind an import map":           {edge("supabase/functions/chat-token/import_map.json", "$shared/"), edgeFaults},
		"a middleware that sends to a page":         {next("import { NextResponse } from 'next/server'\nexport function middleware(req) {\n  if (!req.cookies.get('session')) return NextResponse.redirect(new URL('/login', req.url))\n  return NextResponse.next()\n}\n"), lost},
		"a middleware that sends where a variable says": {next("import { NextResponse } from 'next/server'\nexport function middleware(req) {\n  return NextResponse.redirect(new URL(target(req), req.url))\n}\n"),
			[]fault{{"app/page.tsx", "'/api/chat'", "'/api/chats'", "", ""}}},
		"a middleware that sends to a page that it names first": {next("import { NextResponse } from 'next/server'\nfunction toLogin(req) {\n  const page = new URL('/login', req.url)\n  page.searchParams.set('from', req.nextUrl.pathname)\n  return NextResponse.redirect(page)\n}\nexport function middleware(req) {\n  return req.cookies.get('session') ? NextResponse.next() : toLogin(req)\n}\n"), lost},
		"a middleware that sends to a page by its path":         {next("import { NextResponse } from 'next/server'\nexport function middleware(req) {\n  const url = req.nextUrl.clone()\n  url.pathname = '/login'\n  return NextResponse.redirect(url)\n}\n"), lost},
		"a middleware that sends to another route by its path": {next("import { NextResponse } from 'next/server'\nexport function middleware(req) {\n  const url = req.nextUrl.clone()\n  url.pathname = '/api' + url.pathname\n  return NextResponse.redirect(url)\n}\n"),
			[]fault{{"app/page.tsx", "'/api/chat'", "'/api/chats'", "", ""}}},
		"a middleware that rewrites": {next("import { NextResponse } from 'next/server'\nexport function middleware(req) {\n  return NextResponse.rewrite(new URL('/login', req.url))\n}\n"),
			[]fault{{"app/page.tsx", "'/api/chat'", "'/api/chats'", "", ""}}},
		"a response that a helper sends": {helped("export const ok = (res, data) => res.status(200).json(data)\n", page("http://localhost:4000/token")), []fault{wrapped,
			{"server/index.js", "    token,\n", "    jwt: token,\n", "token-missing", "server/index.js:12"}}},
		"a response that a helper wraps":           {helped("export function ok(res, data, message = 'OK') {\n  return res.json({ success: true, message, data })\n}\n", within), []fault{wrapped}},
		"a response that a helper builds in parts": {helped("export function ok(res, data) {\n  const body = { data, at: Date.now() }\n  res.json(body)\n}\n", within), nil},
		"routes that a folder loads":               {loaded("readdirSync(join(__dirname, 'routes')).forEach((file) => require('./routes/' + file)(app))"), unfound},
		"routes that a folder loads by a template": {loaded("readdirSync(`${__dirname}/routes`).map((file) => { require(`./routes/${file}`)(app) })"), unfound},
		"routes that a folder loads by a path":     {loaded("readdirSync(__dirname + '/routes').forEach((f) => require(path.join(__dirname, 'routes', f))(app))"), unfound},
		"a function that is called by its name": {called("const { data } = await supabase.functions.invoke('chat-token', { body: { userId: user.id } })"), []fault{
			{"app/chat.ts", "'chat-token'", "'token'", "endpoint-not-found", "app/chat.ts:4"},
			{"supabase/functions/chat-token/index.ts", "{ token:", "{ jwt:", "token-missing", "supabase/functions/chat-token/index.ts:5"},
		}},
		"a function of a project that is deployed": {func() map[string]string {
			all := called("const { data } = await supabase.functions.invoke('chat-token', { body: { userId: user.id } })")
			all["app/supabase.ts"] = "import { createClient } from '@supabase/supabase-js'\nexport const supabase = createClient('https://abcdefgh.supabase.co', 'anon')\n"
			return all
		}(), []fault{
			{"app/chat.ts", "'chat-token'", "'token'", "endpoint-not-found", "app/chat.ts:4"},
			{"supabase/functions/chat-token/index.ts", "{ token:", "{ jwt:", "token-missing", "supabase/functions/chat-token/index.ts:5"},
		}},
		"a function that is called with a session": {called("const { data } = await supabase.functions.invoke('chat-token', { headers: { Authorization: `Bearer ${user.jwt}` }, body: { userId: user.id } })"), []fault{
			{"app/chat.ts", "'chat-token'", "'stream-token'", "endpoint-not-found", "app/chat.ts:4"},
		}},
		"Netlify beside Supabase": {map[string]string{
			"package.json": `{"scripts":{"dev":"netlify dev"},"dependencies":{"react":"18","vite":"5","stream-chat":"9"},"devDependencies":{"netlify-cli":"17"}}`, ".env": env,
			"netlify/functions/chat.js":        "const { StreamChat } = require('stream-chat')\nexports.handler = async ({ body }) => {\n  const { userId } = JSON.parse(body)\n  const chat = StreamChat.getInstance(process.env.STREAM_KEY, process.env.STREAM_SECRET)\n  return { statusCode: 200, body: JSON.stringify({ token: chat.createToken(userId) }) }\n}\n",
			"supabase/functions/mail/index.ts": "Deno.serve(() => new Response('{}'))\n",
			"src/chat.js":                      page("/.netlify/functions/chat"),
		}, []fault{
			{"src/chat.js", "functions/chat", "functions/chat-token", "endpoint-not-found", "src/chat.js:3"},
			{"netlify/functions/chat.js", "{ token:", "{ jwt:", "token-missing", "netlify/functions/chat.js:5"},
		}},
		"a page that the framework's server prepares": {map[string]string{
			"package.json": `{"scripts":{"dev":"next dev"},"dependencies":{"next":"14","react":"18","stream-chat":"9"}}`, ".env.local": "NEXT_PUBLIC_" + env,
			"pages/api/get-token.js": "import { StreamChat } from 'stream-chat'\nexport default function handler(req, res) {\n  const chat = StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY, process.env.STREAM_SECRET)\n  res.json({ token: chat.createToken(req.query.user) })\n}\n",
			"pages/index.js":         "import Chat from '../Chat'\nexport default function Home({ token, user }) {\n  return <Chat token={token} user={user} />\n}\nexport async function getServerSideProps({ query }) {\n  const data = await fetch(`http://localhost:3000/api/get-token?user=${query.user}`).then((r) => r.json())\n  return { props: { token: data.token, user: query.user } }\n}\n",
			"Chat.js":                "import { useCreateChatClient } from 'stream-chat-react'\nexport default function Chat({ token, user }) {\n  useCreateChatClient({ apiKey: process.env.NEXT_PUBLIC_STREAM_KEY, tokenOrProvider: token, userData: { id: user } })\n  return null\n}\n",
		}, []fault{
			{"pages/index.js", "/api/get-token", "/api/token", "endpoint-not-found", "pages/index.js:6"},
			{"pages/index.js", "?user=", "?uid=", "user-id-missing", "pages/api/get-token.js:4"},
		}},
		"times around one that is worked out first": {map[string]string{
			"package.json": `{"scripts":{"dev":"next dev"},"dependencies":{"next":"14","react":"18","@stream-io/node-sdk":"0.4","@stream-io/video-react-sdk":"1"}}`, ".env.local": env,
			"app/api/token/route.js": "import { StreamClient } from '@stream-io/node-sdk'\nexport async function POST(req) {\n  const { userId } = await req.json()\n  const client = new StreamClient(process.env.STREAM_KEY, process.env.STREAM_SECRET)\n  const start = Math.floor(Date.now() / 1000)\n  const token = client.createToken(\n    userId,\n    start + 60 * 60,\n    start - 60,\n  )\n  return Response.json({ token })\n}\n",
		}, []fault{
			{"app/api/token/route.js", "start - 60,", "start + 600,", "iat-future", "app/api/token/route.js:9"},
			{"app/api/token/route.js", "start + 60 * 60", "start - 60 * 60", "token-expired", "app/api/token/route.js:8"},
			{"app/api/token/route.js", "start + 60 * 60", "Date.now() + 60 * 60", "exp-milliseconds", "app/api/token/route.js:8"},
			{"app/api/token/route.js", "client.createToken(\n    userId,\n    start + 60 * 60,\n    start - 60,\n  )", "client.generateUserToken({ user_id: userId, validity_in_seconds: 10 })", "exp-too-short", "app/api/token/route.js:6"},
			{"app/api/token/route.js", "client.createToken(\n    userId,\n    start + 60 * 60,\n    start - 60,\n  )", "client.generateUserToken({ user_id: userId, validity_in_seconds: 3600 })", "", ""},
			{"app/api/token/route.js", "process.env.STREAM_SECRET", "process.env.STREAM_KEY", "secret-is-key", "app/api/token/route.js:4"},
		}},
		"the key for both": {map[string]string{
			"package.json": `{"type":"module","scripts":{"dev":"node index.js"},"dependencies":{"fastify":"4","dotenv":"16","stream-chat":"9"}}`, ".env": env,
			"chat.js":  "import { StreamChat } from 'stream-chat'\nconst apiKey = process.env.STREAM_KEY\nconst apiSecret = process.env.STREAM_SECRET\nexport const chat = StreamChat.getInstance(apiKey, apiSecret)\nexport function issue(id) {\n  const made = chat.createToken(id)\n  return made\n}\n",
			"index.js": "import 'dotenv/config'\nimport Fastify from 'fastify'\nimport { issue } from './chat.js'\nconst app = Fastify()\napp.post('/token', async (request, reply) => {\n  const chatToken = issue(request.body.userId)\n  const data = { message: 'ok', chatToken, ...request.body }\n  return reply.send({ response: { data } })\n})\napp.listen({ port: 4000 })\n",
		}, []fault{
			{"chat.js", "(apiKey, apiSecret)", "(apiKey, apiKey)", "secret-is-key", "chat.js:4"},
			{"chat.js", "process.env.STREAM_SECRET", "process.env.STREAM_KEY", "secret-is-key", "chat.js:3"},
			{"chat.js", "return made", "return `Bearer ${made}`", "token-wrapped", "chat.js:7"},
		}},
		"one of two signing calls has the key": {map[string]string{
			"package.json": `{"scripts":{"dev":"remix vite:dev"},"dependencies":{"@remix-run/node":"2","@remix-run/react":"2","react":"18","stream-chat":"9"}}`, ".env": env,
			"app/routes/api.token.ts": "import { StreamChat } from 'stream-chat'\nconst chat = StreamChat.getInstance(process.env.STREAM_KEY!, process.env.STREAM_SECRET!)\nexport async function action({ request }) {\n  const { userId } = await request.json()\n  return Response.json({ token: chat.createToken(userId) })\n}\n",
			"app/routes/_index.tsx":   "import { useLoaderData } from '@remix-run/react'\nimport { StreamChat } from 'stream-chat'\nexport async function loader({ context }) {\n  const chat = StreamChat.getInstance(\n    process.env.STREAM_KEY!,\n    process.env.STREAM_SECRET!\n  )\n  return { token: chat.createToken(context.user.id), apiKey: process.env.STREAM_KEY }\n}\nexport default function Index() {\n  const { token, apiKey } = useLoaderData()\n  fetch('/api/agent', { method: 'POST' })\n  return token + apiKey\n}\n",
			"app/routes/api.agent.ts": "export async function action() {\n  return Response.json({ started: true })\n}\n",
		}, []fault{
			{"app/routes/_index.tsx", "process.env.STREAM_SECRET!", "process.env.STREAM_KEY!", "secret-is-key", "app/routes/_index.tsx:6"},
		}},
	})
}

// A variable that is set to nothing is the line to edit, no matter what else the code uses as a secret.
func TestEmptySecretBesideAnID(t *testing.T) {
	r := Judge(lookedAt(t, map[string]string{
		"package.json": `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"4","dotenv":"16","getstream":"8","stream-chat":"9"}}`,
		".env":         "API_KEY=" + actionKey + "\nAPP_ID=1234\nSECRET=\n",
		"old.js":       "const { StreamChat } = require('stream-chat')\nexports.old = () => StreamChat.getInstance(process.env.API_KEY, process.env.APP_ID)\n",
		"index.js":     "require('dotenv').config()\nconst stream = require('getstream')\nconst app = require('express')()\nconst client = stream.connect(process.env.API_KEY, process.env.SECRET, process.env.APP_ID)\napp.get('/token/:id', (req, res) => res.json({ token: client.createUserToken(req.params.id) }))\napp.listen(4000)\n",
	}, func(x *facts.Target) { x.Static = true }))
	if len(r.Causes) == 0 || r.Causes[0].ID != causes.SecretMissing || r.Causes[0].Location.String() != ".env:3" {
		t.Errorf("causes %+v", r.Causes)
	}
}
