package checks

import "testing"

// What frameworks hide between the route and the signing call: groups below a prefix, settings that are
// injected, node-config's files, a worker's two files, a method requested inside a handler.
func TestLayoutsOfFrameworks(t *testing.T) {
	const env = "STREAM_KEY=" + actionKey + "\nSTREAM_SECRET=" + actionSecret + "\n"
	const post = ", { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: user.id }) })\n  const { token } = await r.json()\n"
	const front = `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`
	page := func(url string) string {
		return "import { StreamChat } from 'stream-chat'\nexport async function connect(user) {\n  const r = await fetch('" + url + "'" + post +
			"  await StreamChat.getInstance('" + actionKey + "').connectUser({ id: user.id }, token)\n}\n"
	}
	phone := func(host string) layout {
		return layout{map[string]string{
			"api/package.json":    `{"type":"module","scripts":{"start":"node --env-file=.env server.mjs"},"dependencies":{"express":"4","jsonwebtoken":"9"}}`,
			"api/.env":            env,
			"api/server.mjs":      "import express from 'express'\nimport jwt from 'jsonwebtoken'\nconst { sign } = jwt\nconst app = express().use(express.json())\nconst SECRET = process.env.STREAM_SECRET\napp.get('/token', ({ query: { user_id } }, res) => res.json({ token: sign({ user_id }, SECRET) }))\napp.listen(3001)\n",
			"mobile/package.json": `{"dependencies":{"react-native":"0.74","stream-chat-react-native":"5"}}`,
			"mobile/App.tsx":      "import { StreamChat } from 'stream-chat'\nconst client = StreamChat.getInstance('" + actionKey + "')\nexport async function login(userId) {\n  const { token } = await fetch(`http://" + host + ":3001/token?user_id=${userId}`).then((r) => r.json())\n  await client.connectUser({ id: userId }, token)\n}\n",
		}, []fault{
			{"mobile/App.tsx", "?user_id=", "?userId=", "user-id-missing", "api/server.mjs:6"},
			{"mobile/App.tsx", "/token?", "/tokens?", "endpoint-not-found", "mobile/App.tsx:4"},
			{"api/server.mjs", "sign({ user_id }", "sign({ userId: user_id }", "user-id-missing", "api/server.mjs:6"},
		}}
	}
	tryLayouts(t, map[string]layout{
		"Elysia, a group": {map[string]string{
			"api/package.json": `{"scripts":{"dev":"bun run src/index.ts"},"dependencies":{"elysia":"1","@elysiajs/cors":"1","stream-chat":"9"}}`,
			"api/.env":         env,
			"api/src/index.ts": "import { Elysia } from 'elysia'\nimport { cors } from '@elysiajs/cors'\nimport { StreamChat } from 'stream-chat'\nconst chat = StreamChat.getInstance(Bun.env.STREAM_KEY, Bun.env.STREAM_SECRET)\n" +
				"const tokens = new Elysia({ prefix: '/chat' }).post('/token', ({ body }) => ({ token: chat.createToken(body.userId) }))\nnew Elysia().use(cors()).group('/api', (app) => app.use(tokens)).listen(3100)\n",
			"web/package.json": front, "web/src/chat.js": page("http://localhost:3100/api/chat/token"),
		}, []fault{
			{"web/src/chat.js", "/api/chat/token", "/chat/token", "endpoint-not-found", "web/src/chat.js:3"},
			{"web/src/chat.js", "3100", "3000", "server-on-other-port", "web/src/chat.js:3"},
		}},
		"Fastify, a plugin in place": {map[string]string{
			"api/package.json": `{"type":"module","scripts":{"start":"node app.js"},"dependencies":{"fastify":"5","@fastify/cors":"9","stream-chat":"9","dotenv":"16"}}`,
			"api/.env":         env,
			"api/app.js": "import 'dotenv/config'\nimport Fastify from 'fastify'\nimport cors from '@fastify/cors'\nimport { StreamChat } from 'stream-chat'\nconst chat = StreamChat.getInstance(process.env.STREAM_KEY, process.env.STREAM_SECRET)\nconst app = Fastify()\n" +
				"app.register(cors)\napp.register(async (part) => {\n  part.post('/token', async (request) => ({ token: chat.createToken(request.body.userId) }))\n}, { prefix: '/chat' })\napp.listen({ port: 3100 })\n",
			"web/package.json": front, "web/src/chat.js": page("http://localhost:3100/chat/token"),
		}, []fault{
			{"web/src/chat.js", "/chat/token", "/token", "endpoint-not-found", "web/src/chat.js:3"},
		}},
		"Nest, settings of a name space": {map[string]string{
			"api/package.json":         `{"scripts":{"start:dev":"nest start --watch"},"dependencies":{"@nestjs/common":"10","@nestjs/core":"10","@nestjs/config":"3","stream-chat":"9"}}`,
			"api/.env":                 env,
			"api/src/stream.config.ts": "import { registerAs } from '@nestjs/config'\nexport default registerAs('stream', () => ({\n  apiKey: process.env.STREAM_KEY,\n  apiSecret: process.env.STREAM_SECRET,\n}))\n",
			"api/src/app.module.ts": "import { Module } from '@nestjs/common'\nimport { ConfigModule } from '@nestjs/config'\nimport streamConfig from './stream.config'\nimport { ChatController } from './chat.controller'\nimport { ChatService } from './chat.service'\n" +
				"@Module({ imports: [ConfigModule.forRoot({ load: [streamConfig] })], controllers: [ChatController], providers: [ChatService] })\nexport class AppModule {}\n",
			"api/src/main.ts":            "import { NestFactory } from '@nestjs/core'\nimport { AppModule } from './app.module'\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule)\n  app.enableCors()\n  await app.listen(3333)\n}\nbootstrap()\n",
			"api/src/chat.controller.ts": "import { Body, Controller, Post } from '@nestjs/common'\nimport { ChatService } from './chat.service'\n@Controller('chat')\nexport class ChatController {\n  constructor(private readonly chat: ChatService) {}\n  @Post('token')\n  create(@Body('userId') userId: string) {\n    return { token: this.chat.tokenFor(userId) }\n  }\n}\n",
			"api/src/chat.service.ts": "import { Inject, Injectable } from '@nestjs/common'\nimport { ConfigType } from '@nestjs/config'\nimport { StreamChat } from 'stream-chat'\nimport streamConfig from './stream.config'\n@Injectable()\nexport class ChatService {\n  private client: StreamChat\n" +
				"  constructor(@Inject(streamConfig.KEY) private cfg: ConfigType<typeof streamConfig>) {\n    this.client = StreamChat.getInstance(cfg.apiKey, cfg.apiSecret)\n  }\n  tokenFor(userId: string) { return this.client.createToken(userId) }\n}\n",
			"web/package.json": front, "web/src/chat.js": page("http://localhost:3333/chat/token"),
		}, []fault{
			{"api/.env", "STREAM_SECRET", "STREAM_API_SECRET", "secret-missing", "api/.env:2"},
			{"api/src/chat.service.ts", "cfg.apiKey, cfg.apiSecret", "cfg.apiSecret, cfg.apiKey", "key-secret-swapped", "api/src/chat.service.ts:9"},
		}},
		"node-config": {map[string]string{
			"api/package.json":        `{"scripts":{"start":"node app.js"},"dependencies":{"koa":"2","@koa/router":"12","koa-bodyparser":"4","config":"3","@koa/cors":"5","stream-chat":"9"}}`,
			"api/config/default.json": "{\n  \"port\": 4040,\n  \"stream\": { \"key\": \"" + actionKey + "\", \"secret\": \"" + actionSecret + "\" }\n}\n",
			"api/app.js": "const Koa = require('koa')\nconst Router = require('@koa/router')\nconst config = require('config')\nconst { StreamChat } = require('stream-chat')\nconst chat = StreamChat.getInstance(config.get('stream.key'), config.get('stream.secret'))\nconst router = new Router({ prefix: '/v2' })\n" +
				"router.post('/token', (ctx) => {\n  ctx.body = { token: chat.createToken(ctx.request.body.userId) }\n})\nconst app = new Koa()\napp.use(require('@koa/cors')())\napp.use(require('koa-bodyparser')())\napp.use(router.routes())\napp.listen(config.get('port'))\n",
			"web/package.json": front, "web/src/chat.js": page("http://localhost:4040/v2/token"),
		}, []fault{
			{"web/src/chat.js", "4040", "4041", "server-on-other-port", "web/src/chat.js:3"},
		}},
		"a worker's two files": {map[string]string{
			"api/package.json":   `{"scripts":{"dev":"wrangler dev"},"dependencies":{"hono":"4","stream-chat":"9"},"devDependencies":{"wrangler":"3"}}`,
			"api/wrangler.jsonc": "{\n  // local\n  \"main\": \"src/index.ts\",\n  \"vars\": { \"STREAM_KEY\": \"" + actionKey + "\" }\n}\n",
			"api/.dev.vars":      "STREAM_SECRET=" + actionSecret + "\n",
			"api/src/index.ts":   "import { Hono } from 'hono'\nimport { cors } from 'hono/cors'\nimport { sign as issue } from 'hono/jwt'\nconst app = new Hono()\napp.use('*', cors())\napp.post('/token', async (c) => {\n  const { userId } = await c.req.json()\n  return c.json({ token: await issue({ user_id: userId }, c.env.STREAM_SECRET) })\n})\nexport default app\n",
			"web/package.json":   front, "web/src/chat.js": page("http://localhost:8787/token"),
		}, []fault{
			{"web/src/chat.js", actionKey, "q7w2hk9xt4bn", "key-mismatch", "web/src/chat.js:5"},
			{"api/.dev.vars", "STREAM_SECRET", "STREAM_API_SECRET", "secret-missing", "api/.dev.vars:1"},
		}},
		"a handler that looks at its method": {map[string]string{
			"package.json":      `{"scripts":{"dev":"next dev"},"dependencies":{"next":"14","react":"18","axios":"1","stream-chat":"9"}}`,
			".env.local":        "NEXT_PUBLIC_" + env + "STREAM_SECRET=" + actionSecret + "\n",
			"lib/api.ts":        "import axios from 'axios'\nexport const api = axios.create({ baseURL: '/api' })\n",
			"pages/api/chat.ts": "import { StreamChat } from 'stream-chat'\nexport default function handler(req, res) {\n  if (req.method !== 'GET') return res.status(405).end()\n  const chat = StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY, process.env.STREAM_SECRET)\n  res.json({ token: chat.createToken(req.query.userId) })\n}\n",
			"pages/index.tsx":   "import { StreamChat } from 'stream-chat'\nimport { api } from '../lib/api'\nexport default function Home({ user }) {\n  StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY).connectUser({ id: user.id }, async () => {\n    const { data } = await api.get(`/chat?userId=${user.id}`)\n    return data.token\n  })\n  return null\n}\n",
		}, []fault{
			{"pages/index.tsx", "api.get", "api.post", "endpoint-method", "pages/index.tsx:5"},
		}},
		"a page that hands its key to a component": {map[string]string{
			"package.json":       `{"scripts":{"dev":"next dev"},"dependencies":{"next":"15","react":"19","@clerk/nextjs":"5","stream-chat":"9"}}`,
			".env":               "STREAM_API_KEY=" + actionKey + "\nSTREAM_SECRET=" + actionSecret + "\n",
			"app/chat/page.tsx":  "import { auth } from '@clerk/nextjs/server'\nimport { StreamChat } from 'stream-chat'\nimport Box from './view'\nexport default async function Page() {\n  const { userId } = await auth()\n  const chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_SECRET)\n  return <Box userId={userId} token={chat.createToken(userId)} apiKey={process.env.STREAM_API_KEY} />\n}\n",
			"app/chat/view.tsx":  "'use client'\nimport { StreamChat } from 'stream-chat'\nexport default function ChatView({ userId, token, apiKey }) {\n  StreamChat.getInstance(apiKey).connectUser({ id: userId }, token)\n  return null\n}\n",
			"app/other/page.tsx": "export default function Other() {\n  return <Box apiKey=\"zzzzzzzzzzzz\" />\n}\nfunction Box() { return null }\n",
		}, []fault{
			{"app/chat/page.tsx", "apiKey={process.env.STREAM_API_KEY}", "apiKey=\"q7w2hk9xt4bn\"", "key-mismatch", "app/chat/page.tsx:7"},
		}},
		"RTK Query": {map[string]string{
			"api/package.json": `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"4","cors":"2","stream-chat":"9","dotenv":"16"}}`,
			"api/.env":         env,
			"api/index.js": "require('dotenv').config()\nconst app = require('express')()\nconst { StreamChat } = require('stream-chat')\napp.use(require('cors')(), require('express').json())\nconst chat = StreamChat.getInstance(process.env.STREAM_KEY, process.env.STREAM_SECRET)\n" +
				"app.post('/api/token', (req, res) => res.json({ token: chat.createToken(req.body.userId) }))\napp.listen(5001)\n",
			"web/package.json": `{"dependencies":{"react":"18","vite":"5","@reduxjs/toolkit":"2","stream-chat":"9"}}`,
			"web/src/api.js": "import { createApi, fetchBaseQuery } from '@reduxjs/toolkit/query/react'\nexport const api = createApi({\n  baseQuery: fetchBaseQuery({ baseUrl: 'http://localhost:5001/api' }),\n  endpoints: (build) => ({\n" +
				"    token: build.mutation({ query: (userId) => ({ url: '/token', method: 'POST', body: { userId } }) }),\n  }),\n})\nexport const { useTokenMutation } = api\n",
			"web/src/main.jsx": "import { useTokenMutation } from './api'\nimport { StreamChat } from 'stream-chat'\nexport function Chat({ user }) {\n  const [getToken] = useTokenMutation()\n  async function connect() {\n    const { token } = await getToken(user.id).unwrap()\n    await StreamChat.getInstance('" + actionKey + "').connectUser({ id: user.id }, token)\n  }\n  return null\n}\n",
		}, []fault{
			{"web/src/api.js", "'/token'", "'/tokens'", "endpoint-not-found", "web/src/api.js:5"},
			{"web/src/api.js", "5001/api", "5001", "endpoint-not-found", "web/src/api.js:3"},
			{"web/src/api.js", "method: 'POST', ", "", "endpoint-method", "web/src/api.js:5"},
		}},
		"a phone's emulator": phone("10.0.2.2"), "a phone": phone("192.168.1.20"), "a simulator": phone("localhost"),
	})
}
