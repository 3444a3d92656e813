package project

import (
	"testing"

	"badsig/checks/facts"
	"badsig/checks/internal/projecttest"
)

var frontCases = []projectCase{
	{"CRA with a literal in a component and a proxy", map[string]string{
		"package.json": `{"name":"web","proxy":"http://localhost:5050","scripts":{"start":"react-scripts start"},"dependencies":{"react":"18","react-scripts":"5","stream-chat":"9"}}`,
		"src/App.js":   "import { StreamChat } from 'stream-chat'\nconst client = StreamChat.getInstance('$K1')\nexport async function go(id) {\n  const r = await fetch('/token?user_id=' + id, { credentials: 'include' })\n  const { token } = await r.json()\n  await client.connectUser({ id }, token)\n}\n",
	}, nil, nil, []string{"front keys [K1 src/App.js:2]", "fetch GET /token [user_id] creds true auth false proxied true src/App.js:4", "url http://localhost:5050/token (src/App.js:4)", "front at http://localhost:3000"}},
	{"Vite: env, proxy and port", map[string]string{
		"client/package.json": pkgVite, "client/.env": "VITE_STREAM_API_KEY=$K1\nVITE_API_URL=http://localhost:3007\n", "client/.env.local": "VITE_STREAM_API_KEY=$K2\n", "client/.env.production": "VITE_STREAM_API_KEY=$K2\n",
		"client/vite.config.js": "import { defineConfig } from 'vite'\nexport default defineConfig({ server: { port: 4444, proxy: { '/api': 'http://localhost:3007' } } })\n",
		"client/src/chat.ts":    "import { StreamChat } from 'stream-chat'\nconst key = import.meta.env.VITE_STREAM_API_KEY as string\nexport const client = new StreamChat(key)\nexport const getToken = async (userId: string) => (await fetch(`${import.meta.env.VITE_API_URL}/api/stream/token`, { method: 'POST', body: JSON.stringify({ userId }) })).json()\n",
	}, nil, nil, []string{"front keys [K2 client/.env.local:1]", "url http://localhost:3007/api/stream/token (client/src/chat.ts:4)", "front at http://localhost:4444 client/vite.config.js:2",
		"value key VITE_STREAM_API_KEY=K1 env-file front client/.env:1 loaded public", "value key VITE_STREAM_API_KEY=K2 env-file other client/.env.production:1 public"}},
	{"Vite: the prefix is missing", map[string]string{
		"package.json": pkgVite, ".env": "STREAM_API_KEY=$K1\n", "src/main.jsx": "import { StreamChat } from 'stream-chat'\nconst c = StreamChat.getInstance(import.meta.env.STREAM_API_KEY)\n",
	}, nil, nil, []string{"front keys []", "front missing STREAM_API_KEY src/main.jsx:2"}},
	{"Vite: process.env is not defined", map[string]string{
		"package.json": pkgVite, ".env": "VITE_STREAM_API_KEY=$K1\n", "src/main.jsx": "import { StreamChat } from 'stream-chat'\nconst c = StreamChat.getInstance(process.env.VITE_STREAM_API_KEY)\n",
	}, nil, nil, []string{"front missing VITE_STREAM_API_KEY src/main.jsx:2"}},
	{"Vite: define hands it in", map[string]string{
		"package.json": pkgVite, ".env": "STREAM_API_KEY=$K1\n", "vite.config.ts": "import { defineConfig, loadEnv } from 'vite'\nexport default defineConfig(({ mode }) => { const env = loadEnv(mode, process.cwd(), ''); return { define: { 'process.env.STREAM_API_KEY': JSON.stringify(env.STREAM_API_KEY) } } })\n",
		"src/main.jsx": "import { StreamChat } from 'stream-chat'\nconst c = StreamChat.getInstance(process.env.STREAM_API_KEY)\n",
	}, nil, nil, []string{"-front missing STREAM_API_KEY", "front keys [K1 .env:1]"}},
	{"Vite: set nowhere, with a fallback", map[string]string{
		"package.json": pkgVite, "src/main.jsx": "import { StreamChat } from 'stream-chat'\nconst c = StreamChat.getInstance(import.meta.env.VITE_STREAM_API_KEY || '$K1')\n",
	}, nil, nil, []string{"-front missing", "front keys [K1 src/main.jsx:2]"}},
	{"Vite: set nowhere", map[string]string{
		"package.json": pkgVite, ".env.example": "VITE_STREAM_API_KEY=your_key\n", "src/main.jsx": "import { StreamChat } from 'stream-chat'\nconst c = StreamChat.getInstance(import.meta.env.VITE_STREAM_API_KEY)\n",
	}, nil, nil, []string{"front missing VITE_STREAM_API_KEY src/main.jsx:2"}},
	{"Vite: a config module has a name that is set nowhere, and the client is made elsewhere", map[string]string{
		"package.json": pkgVite, "src/config.js": "export const config = { apiKey: import.meta.env.VITE_STREAM_API_KEY }\n", "src/main.jsx": "import { StreamChat } from 'stream-chat'\nimport './config'\nexport const make = answer => StreamChat.getInstance(answer.apiKey)\n",
	}, nil, nil, []string{"front missing VITE_STREAM_API_KEY src/config.js:1 used false"}},
	{"which headers a request sets", map[string]string{
		"package.json": pkgVite,
		"src/a.js":     "export const a = () => fetch('http://localhost:3001/token/a', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Session': s } })\n",
		"src/b.js":     "export const b = () => fetch('http://localhost:3001/token/b', { method: 'POST', headers: { ...authHeader(), Accept: 'x' } })\n",
		"src/c.js":     "export const c = () => fetch('http://localhost:3001/token/c', { method: 'POST', headers: headersOf(user) })\n",
		"src/d.js":     "export const d = options => fetch('http://localhost:3001/token/d', { method: 'POST', ...options })\n",
		"src/e.js":     "export const e = () => fetch('http://localhost:3001/token/e')\n",
		"src/f.js":     "import axios from 'axios'\naxios.interceptors.request.use(sign)\nexport const f = () => axios.post('http://localhost:3001/token/f', { userId })\n",
	}, nil, nil, []string{
		"fetch POST http://localhost:3001/token/a [] creds false auth false proxied false src/a.js:1 headers [content-type x-session]",
		"fetch POST http://localhost:3001/token/b [] creds false auth false proxied false src/b.js:1 headers [accept *]",
		"fetch POST http://localhost:3001/token/c [] creds false auth false proxied false src/c.js:1 headers [*]",
		"fetch POST http://localhost:3001/token/d [] creds false auth false proxied false src/d.js:1 headers [*]",
		"fetch GET http://localhost:3001/token/e [] creds false auth false proxied false src/e.js:1 headers []",
		"fetch POST http://localhost:3001/token/f [userId] creds false auth false proxied false src/f.js:3 headers [*]",
	}},
	{"Vite: envPrefix and envDir", map[string]string{
		"web/package.json": pkgVite, ".env": "STREAM_API_KEY=$K1\n", "web/vite.config.js": "export default { envDir: '..', envPrefix: ['STREAM_API_K'] }\n",
		"web/src/main.jsx": "import { StreamChat } from 'stream-chat'\nconst c = StreamChat.getInstance(import.meta.env.STREAM_API_KEY)\n",
	}, nil, nil, []string{"front keys [K1 .env:1]"}},
	{"CRA: variable and config module through a barrel", map[string]string{
		"package.json": pkgCRA, ".env": "REACT_APP_STREAM_KEY=\"$K1\"\nREACT_APP_STREAM_SECRET=$S1\nPORT=3010\n",
		"src/config/index.js": "export * from './stream'\n", "src/config/stream.js": "export const streamKey = process.env.REACT_APP_STREAM_KEY\n",
		"src/App.js": "import { StreamChat } from 'stream-chat'\nimport { streamKey } from './config'\nexport const c = new StreamChat(streamKey)\n",
	}, nil, nil, []string{"front keys [K1 .env:1]", "value secret REACT_APP_STREAM_SECRET=S1 env-file front .env:2 loaded public", "front at http://localhost:3010 .env:3"}},
	{"Expo", map[string]string{
		"package.json": `{"name":"m","scripts":{"start":"expo start"},"dependencies":{"expo":"52","react-native":"0.7","stream-chat-expo":"6"}}`, ".env": "EXPO_PUBLIC_STREAM_API_KEY=$K1\n",
		"App.tsx": "import { StreamChat } from 'stream-chat'\nimport { useCreateChatClient } from 'stream-chat-expo'\nexport default function App() { const c = useCreateChatClient({ apiKey: process.env.EXPO_PUBLIC_STREAM_API_KEY!, tokenOrProvider: async () => (await fetch('http://10.0.2.2:3001/token')).text() }) }\n",
	}, nil, nil, []string{"front keys [K1 .env:1]", "app Expo package.json web false", "-front at"}},
	{"Expo with web: a page too", map[string]string{
		"package.json": `{"name":"m","scripts":{"start":"expo start"},"dependencies":{"expo":"52","react-native":"0.7","react-native-web":"0.20","react-dom":"19"}}`,
		"App.tsx":      "import { StreamChat } from 'stream-chat'\nexport const c = StreamChat.getInstance('$K1')\n",
	}, nil, nil, []string{"app Expo package.json web true", "front at http://localhost:8081"}},
	{"phones: the parts of one app are one app", map[string]string{
		"app/pubspec.yaml": "dependencies:\n  flutter:\n    sdk: flutter\n", "app/android/app/build.gradle": "id 'com.android.application'\n", "app/ios/Runner.xcodeproj/project.pbxproj": "//\n",
		"native/android/app/build.gradle.kts": "id(\"com.android.application\")\n", "native/android/app/src/main/AndroidManifest.xml": "<manifest/>\n",
	}, nil, nil, []string{"app Flutter app/pubspec.yaml web false", "-app iOS", "app Android native/android/app/build.gradle.kts web false", "-app Android native/android/app/src"}},
	{"phones: backends, libraries, examples and wrapped pages are none", map[string]string{
		"api/build.gradle.kts": "plugins { id(\"org.springframework.boot\") }\n", "vapor/Package.swift": "platforms: [.macOS(.v13)], dependencies: [.package(url: \"https://github.com/vapor/vapor.git\")]\n",
		"tool/pubspec.yaml": "name: tool\ndependencies:\n  args: any\n", "example/pubspec.yaml": "dependencies:\n  flutter:\n    sdk: flutter\n",
		"web/package.json": `{"dependencies":{"react":"19","@capacitor/core":"7"},"devDependencies":{"vite":"6"}}`, "web/src/a.jsx": "import { StreamChat } from 'stream-chat'\nexport const c = StreamChat.getInstance('$K1')\n",
		"web/android/app/src/main/AndroidManifest.xml": "<manifest/>\n", "web/ios/App/App.xcodeproj/project.pbxproj": "//\n",
	}, nil, nil, []string{"-app ", "front at http://localhost:5173"}},
	{"Next: app router", map[string]string{
		"package.json": pkgNext, ".env.local": "NEXT_PUBLIC_STREAM_API_KEY=$K1\nSTREAM_API_SECRET=$S1\n", ".env": "STREAM_API_SECRET=$S2\n", ".env.production": "STREAM_API_SECRET=$S2\n",
		"src/app/api/(chat)/token/route.ts": "import { StreamChat } from 'stream-chat'\nimport { NextResponse } from 'next/server'\nexport async function POST(req: Request) {\n  const { userId } = await req.json()\n  const client = StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_API_KEY!, process.env.STREAM_API_SECRET!)\n  return NextResponse.json({ token: client.createToken(userId) })\n}\n",
		"src/app/chat.tsx":                  "'use client'\nimport { StreamChat } from 'stream-chat'\nconst client = StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_API_KEY!)\nexport const load = async (userId: string) => fetch('/api/token', { method: 'POST', body: JSON.stringify({ userId }) })\n",
	}, nil, nil, []string{"secret S1 .env.local:2 known true", "key K1 .env.local:1 known true", "front keys [K1 .env.local:1]", "url http://localhost:3000/api/token (src/app/chat.tsx:4)", "route POST /api/token src/app/api/(chat)/token/route.ts:3",
		"value secret STREAM_API_SECRET=S2 env-file shared .env:1 loaded read // overridden by .env.local:2", "value secret STREAM_API_SECRET=S2 env-file other .env.production:1 // not loaded: for another environment", `server dir "" command "npm run dev" loaded [.env.local .env] missing []`}},
	{"Next: the server reads the name without prefix, and it is not set", map[string]string{
		"package.json": pkgNext, ".env.local": "NEXT_PUBLIC_STREAM_API_KEY=$K1\nSTREAM_API_SECRET=$S1\n",
		"pages/api/token.js": "import { StreamChat } from 'stream-chat'\nconst client = new StreamChat(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nexport default function handler(req, res) { res.json({ token: client.createToken(req.body.userId) }) }\n",
	}, &facts.Listener{Port: 3000, Dir: ".", Command: []string{"next-server"}, EnvKnown: true}, nil, []string{"key none known true name \"STREAM_API_KEY\"", "secret S1 .env.local:2 known true", "route ANY /api/token pages/api/token.js:1", "url http://localhost:3000/api/token"}},
	{"Next: client component reads a private name", map[string]string{
		"package.json": pkgNext, ".env.local": "STREAM_API_KEY=$K1\n", "app/page.tsx": "'use client'\nimport { StreamChat } from 'stream-chat'\nconst c = StreamChat.getInstance(process.env.STREAM_API_KEY)\n",
	}, nil, nil, []string{"front missing STREAM_API_KEY app/page.tsx:3 used true"}},
	{"Next: port by -p, server action", map[string]string{
		"package.json": `{"scripts":{"dev":"next dev -p 4010"},"dependencies":{"next":"15","react":"19","@stream-io/node-sdk":"0.4"}}`, ".env": envPair,
		"src/actions/stream.actions.ts": "'use server'\nimport { StreamClient } from '@stream-io/node-sdk'\nconst apiKey = process.env.STREAM_API_KEY\nconst apiSecret = process.env.STREAM_API_SECRET\nexport const tokenProvider = async (id: string) => {\n  const client = new StreamClient(apiKey!, apiSecret!)\n  return client.generateUserToken({ user_id: id })\n}\n",
	}, nil, nil, []string{"secret S1 .env:2 known true", "front at http://localhost:4010 package.json:1", "port 4010"}},
	{"the key comes with the token: nothing is missing", map[string]string{
		"package.json": pkgVite, "src/main.jsx": "import { StreamChat } from 'stream-chat'\nexport async function go(id) {\n  const { apiKey, token } = await (await fetch('http://localhost:9000/credentials')).json()\n  const c = new StreamChat(apiKey)\n}\n",
	}, nil, nil, []string{"front keys []", "-front missing", "url http://localhost:9000/credentials"}},
	{"axios instance in its own module", map[string]string{
		"package.json": pkgVite, ".env": "VITE_API=http://localhost:6001/api\n", "src/api.js": "import axios from 'axios'\nexport const api = axios.create({ baseURL: import.meta.env.VITE_API, withCredentials: true })\nexport default api\n",
		"src/chat.js": "import api from './api'\nexport const token = (userId, userName) => api.post('/stream/token', { userId, userName }).then(r => r.data.token)\n",
	}, nil, nil, []string{"fetch POST http://localhost:6001/api/stream/token [userId userName]", "url http://localhost:6001/api/stream/token (src/chat.js:2)"}},
	{"front end and server in one package", map[string]string{
		"package.json": `{"type":"module","scripts":{"dev":"concurrently \"vite\" \"nodemon server.js\"","server":"node server.js"},"dependencies":{"react":"18","express":"5","dotenv":"16","stream-chat":"9"},"devDependencies":{"vite":"5"}}`,
		".env":         "VITE_STREAM_API_KEY=$K1\nSTREAM_API_SECRET=$S1\nPORT=3999\n",
		"server.js":    "import express from 'express'\nimport 'dotenv/config'\nimport { StreamChat } from 'stream-chat'\nconst chat = StreamChat.getInstance(process.env.VITE_STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst app = express()\napp.post('/api/stream/token', (q, r) => r.json({ token: chat.createToken(q.body.userId) }))\napp.listen(process.env.PORT)\n",
		"src/App.jsx":  "import { StreamChat } from 'stream-chat'\nconst c = StreamChat.getInstance(import.meta.env.VITE_STREAM_API_KEY)\n",
	}, nil, nil, []string{"secret S1 .env:2 known true", "front keys [K1 .env:1]", "url http://localhost:3999/api/stream/token", "value secret STREAM_API_SECRET=S1 env-file shared .env:2", `server dir "" command "npm run dev"`}},
	{"root scripts start the server's folder", map[string]string{
		"package.json": `{"scripts":{"server":"npm --prefix server run dev","dev":"concurrently \"npm run server\" \"npm start --prefix client\""}}`, "server/package.json": pkgServer, "server/.env": envPair, "server/index.js": esmServer,
		"server/token.js": "import jwt from 'jsonwebtoken'\nexport const makeToken = id => jwt.sign({ user_id: id }, process.env.STREAM_API_SECRET)\n",
	}, nil, nil, []string{`server dir "server" command "cd server && npm run dev" loaded [server/.env]`}},
	{"root script runs server/index.js, no package in server", map[string]string{
		"package.json": `{"type":"module","scripts":{"dev":"STREAM_API_SECRET=$S2 node server/index.js"},"dependencies":{"express":"5","dotenv":"16","jsonwebtoken":"9"}}`, "server/.env": envPair, "server/index.js": esmServer,
		"server/token.js": "import jwt from 'jsonwebtoken'\nexport const makeToken = id => jwt.sign({ user_id: id }, process.env.STREAM_API_SECRET)\n",
	}, nil, nil, []string{"secret S2 package.json:1 known true", `server dir "" command "npm run dev" loaded [] missing [.env]`}},
	{"TypeScript on fastify, built to dist", map[string]string{
		"api/package.json": `{"name":"api","type":"module","scripts":{"dev":"tsx watch src/main.ts","start":"node dist/main.js"},"dependencies":{"fastify":"5","dotenv":"16","@stream-io/node-sdk":"0.4","@fastify/cors":"9"}}`, "api/.env": envPair,
		"api/src/main.ts":          "import 'dotenv/config';\nimport Fastify from 'fastify';\nimport cors from '@fastify/cors';\nimport { tokens } from './routes/tokens.js';\nconst app = Fastify({ logger: true });\nawait app.register(cors, { origin: true });\nawait app.register(tokens, { prefix: '/api/v1' });\nawait app.listen({ port: Number(process.env.PORT ?? 3003), host: '0.0.0.0' });\n",
		"api/src/routes/tokens.ts": "import type { FastifyInstance } from 'fastify';\nimport { StreamClient } from '@stream-io/node-sdk';\nexport async function tokens(app: FastifyInstance) {\n  const client = new StreamClient(process.env.STREAM_API_KEY!, process.env.STREAM_API_SECRET!);\n  app.post<{ Body: { userId: string } }>('/stream/token', async (req) => ({ token: client.generateUserToken({ user_id: req.body.userId }) }));\n}\n",
	}, nil, nil, []string{"route POST /api/v1/stream/token", "port 3003 env \"PORT\" host \"0.0.0.0\"", "secret S1 api/.env:2 known true", `server dir "api" command "cd api && npm run dev"`, "url http://localhost:3003/api/v1/stream/token"}},
	{"hono on node", map[string]string{
		"package.json": `{"type":"module","scripts":{"dev":"tsx --env-file=.env src/index.ts"},"dependencies":{"hono":"4","@hono/node-server":"1","stream-chat":"9"}}`, ".env": envPair,
		"src/index.ts": "import { serve } from '@hono/node-server'\nimport { Hono } from 'hono'\nimport { cors } from 'hono/cors'\nimport { StreamChat } from 'stream-chat'\nconst app = new Hono().basePath('/')\napp.use('*', cors())\nconst chat = new StreamChat(process.env.STREAM_API_KEY!, process.env.STREAM_API_SECRET!)\napp.post('/token', async c => c.json({ token: chat.createToken((await c.req.json()).userId) }))\nserve({ fetch: app.fetch, port: 8787 })\n",
	}, nil, nil, []string{"route POST /token", "port 8787", "secret S1 .env:2 known true", "code src/index.ts:8 start \"npm run dev\" loader node-env-file [.env] override false json true cors true"}},
	{"koa", map[string]string{
		"package.json": `{"scripts":{"start":"node app.js"},"dependencies":{"koa":"2","koa-router":"12","koa-bodyparser":"4","dotenv":"16","jsonwebtoken":"9"}}`, ".env": envPair,
		"app.js": "require('dotenv').config()\nconst Koa = require('koa'), Router = require('koa-router'), body = require('koa-bodyparser'), jwt = require('jsonwebtoken')\nconst app = new Koa()\nconst router = new Router({ prefix: '/chat' })\nrouter.post('/token', ctx => { ctx.body = { token: jwt.sign({ user_id: ctx.request.body.userId }, process.env.STREAM_API_SECRET) } })\napp.use(body()).use(router.routes())\napp.listen(3300)\n",
	}, nil, nil, []string{"secret S1 .env:2 known true", "route POST /chat/token app.js:5", "port 3300"}},
	{"bare http server", map[string]string{
		"package.json": `{"scripts":{"start":"node app.js"}}`, ".env": envPair,
		"app.js": "const http = require('http'), crypto = require('crypto')\nprocess.loadEnvFile()\nconst b = o => Buffer.from(JSON.stringify(o)).toString('base64url')\nhttp.createServer((req, res) => {\n  if (req.method === 'POST' && req.url === '/token') {\n    const head = b({ alg: 'HS256', typ: 'JWT' }) + '.' + b({ user_id: 'a' })\n    res.end(JSON.stringify({ token: head + '.' + crypto.createHmac('sha256', process.env.STREAM_API_SECRET).update(head).digest('base64url') }))\n  }\n}).listen(3001, '127.0.0.1')\n",
	}, nil, nil, []string{"secret S1 .env:2 known true", "route POST /token app.js:5", "port 3001 env \"\" host \"127.0.0.1\"", "code app.js:5 start \"npm start\" loader node-env-file"}},
	{"nest", map[string]string{
		"package.json": `{"scripts":{"start:dev":"nest start --watch"},"dependencies":{"@nestjs/core":"10","@nestjs/common":"10","@nestjs/config":"3","stream-chat":"9"}}`, ".env": envPair,
		"src/main.ts":            "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nasync function bootstrap() { const app = await NestFactory.create(AppModule); app.enableCors(); await app.listen(3000); }\nbootstrap();\n",
		"src/app.module.ts":      "import { Module } from '@nestjs/common';\nimport { ConfigModule } from '@nestjs/config';\nimport { ChatController } from './chat.controller';\n@Module({ imports: [ConfigModule.forRoot({ isGlobal: true })], controllers: [ChatController] })\nexport class AppModule {}\n",
		"src/chat.controller.ts": "import { Controller, Post, Body } from '@nestjs/common';\nimport { ConfigService } from '@nestjs/config';\nimport { StreamChat } from 'stream-chat';\n@Controller('chat')\nexport class ChatController {\n  private client: StreamChat;\n  constructor(private config: ConfigService) { this.client = StreamChat.getInstance(this.config.get('STREAM_API_KEY'), this.config.get('STREAM_API_SECRET')); }\n  @Post('token') token(@Body() b: { userId: string }) { return { token: this.client.createToken(b.userId) }; }\n}\n",
	}, nil, nil, []string{"secret S1 .env:2 known", "route POST /chat/token", "port 3000", "key K1 .env:1 known"}},
	{"several servers in one project", map[string]string{
		"auth/package.json": pkgCJS, "auth/.env": "JWT_SECRET=topsecretvalue\n", "auth/index.js": "require('dotenv').config()\nconst app = require('express')(), jwt = require('jsonwebtoken')\napp.post('/login', (q, r) => r.json({ token: jwt.sign({ id: 1 }, process.env.JWT_SECRET) }))\napp.listen(3002)\n",
		"chat/package.json": pkgCJS, "chat/.env": envPair, "chat/index.js": "require('dotenv').config()\nconst app = require('express')(), jwt = require('jsonwebtoken')\napp.post('/api/stream/token', (q, r) => r.json({ token: jwt.sign({ user_id: 1 }, process.env.STREAM_API_SECRET) }))\napp.listen(3001)\n",
	}, nil, nil, []string{"url http://localhost:3001/api/stream/token", "secret S1 chat/.env:2 known true", "value other JWT_SECRET=? env-file server auth/.env:1"}},
	{"a session secret beside Stream's", map[string]string{
		"package.json": pkgCJS, ".env": envPair + "JWT_SECRET=mysessionsecret99\n",
		"index.js": "require('dotenv').config()\nconst app = require('express')(), jwt = require('jsonwebtoken'), { StreamChat } = require('stream-chat')\nconst chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\napp.post('/login', (q, r) => r.json({ token: jwt.sign({ id: 1 }, process.env.JWT_SECRET), streamToken: chat.createToken('a') }))\napp.listen(3001)\n",
	}, nil, nil, []string{"secret S1 .env:2 known true", "value other JWT_SECRET=? env-file server .env:3", "url http://localhost:3001/login"}},
	{"flask", map[string]string{
		"backend/.env": envPair, "backend/app.py": "import os\nfrom flask import Flask\nfrom dotenv import load_dotenv\nfrom stream_chat import StreamChat\nload_dotenv()\napp = Flask(__name__)\nclient = StreamChat(api_key=os.getenv('STREAM_API_KEY'), api_secret=os.environ['STREAM_API_SECRET'])\n@app.route('/token', methods=['POST'])\ndef token():\n    return {'token': client.create_token('a')}\napp.run(port=5005)\n",
	}, nil, nil, []string{"secret S1 backend/.env:2 known true name \"STREAM_API_SECRET\"", "route POST /token backend/app.py:8", "port 5005", "url http://localhost:5005/token"}},
	{"go", map[string]string{
		"main.go": "package main\nimport (\n\"net/http\"\n\"os\"\n\"github.com/joho/godotenv\"\nstream \"github.com/GetStream/stream-chat-go/v6\"\n)\nfunc main() {\n\tgodotenv.Load()\n\tc, _ := stream.NewClient(os.Getenv(\"STREAM_KEY\"), os.Getenv(\"STREAM_SECRET\"))\n\thttp.HandleFunc(\"POST /token\", nil)\n\thttp.ListenAndServe(\":3001\", nil)\n}\n", ".env": "STREAM_KEY=$K1\nSTREAM_SECRET=$S1\n",
	}, nil, nil, []string{"secret S1 .env:2 known true", "route POST /token main.go:11", "url http://localhost:3001/token"}},
	{"python, a loader written by hand", map[string]string{
		"server/.env": envPair, "server/app.py": pyByHand,
	}, &facts.Listener{Port: 3001, Dir: "server", Command: []string{"/usr/bin/python3", "app.py"}, EnvKnown: true}, nil, []string{
		"secret S1 server/.env:2 known false name \"STREAM_API_SECRET\"", "key K1 server/.env:1 known false", "changed file server/.env",
		`server dir "server" command "cd server && python3 app.py" loaded [server/.env] missing []`, "code server/app.py:6 start \"python3 app.py\" loader by-hand",
		"route POST /api/stream/token server/app.py:9", "port 3001", "value secret STREAM_API_SECRET=S1 env-file server server/.env:2 loaded read wins",
	}},
	{"python, the shell wins", map[string]string{
		"server/.env": envPair, "server/app.py": pyByHand,
	}, &facts.Listener{Port: 3001, Dir: "server", Command: []string{"python3", "app.py"}, EnvKnown: true}, []string{"STREAM_API_SECRET=$S2"}, []string{"secret S2 the environment of process"}},
	{"python beside a Node program that does not listen", map[string]string{
		"api/.env": envPair, "api/app.py": pyByHand, "mock/package.json": pkgCJS, "mock/.env": "STREAM_API_SECRET=$S2\n",
		"mock/index.js": "require('dotenv').config()\nconst app = require('express')(), jwt = require('jsonwebtoken')\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: 1 }, process.env.STREAM_API_SECRET) }))\napp.listen(4001)\n",
	}, &facts.Listener{Port: 3001, Dir: "api", Command: []string{"python3", "app.py"}, EnvKnown: true}, nil, []string{"secret S1 api/.env:2 known false"}},
	{"Node beside a Python script", map[string]string{
		"tools/seed.py": pyByHand, "package.json": pkgCJS, ".env": envPair, "tools/.env": "STREAM_API_SECRET=$S2\n",
		"index.js": "require('dotenv').config()\nconst app = require('express')(), jwt = require('jsonwebtoken')\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: 1 }, process.env.STREAM_API_SECRET) }))\napp.listen(3001)\n",
	}, &facts.Listener{Port: 3001, Command: []string{"node", "index.js"}, EnvKnown: true}, nil, []string{"secret S1 .env:2 known true"}},
	{"pydantic's settings", map[string]string{
		"app/core/config.py": "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    stream_api_key: str\n    stream_api_secret: SecretStr\n    class Config:\n        env_file = '.env'\n", ".env": "STREAM_API_KEY=$K1\nSTREAM_API_SECRET=$S1#x\n",
	}, nil, nil, []string{"secret ? .env:2 known false", "key K1 .env:1", "code app/core/config.py:4 start \"\" loader pydantic"}},
	{"python-dotenv looks beside the source, and above it", map[string]string{
		"srv/app/main.py": "import os\nfrom dotenv import load_dotenv\nload_dotenv()\nS = os.environ['STREAM_API_SECRET']\n", "srv/.env": envPair, ".env": "STREAM_API_SECRET=$S2\n",
	}, nil, nil, []string{"secret S1 srv/.env:2 known false", "server dir \"srv/app\" command \"\" loaded [srv/.env]"}},
	{"a path made of parts, and override", map[string]string{
		"srv/app/main.py": "import os\nfrom dotenv import load_dotenv\nload_dotenv(Path(__file__).parent.parent / '.env')\nload_dotenv('.env.local', override=True)\nS = os.getenv('STREAM_API_SECRET')\n", "srv/.env": envPair, "srv/app/.env.local": "STREAM_API_SECRET=$S2\n",
	}, nil, nil, []string{"secret S2 srv/app/.env.local:1 known false"}},
	{"go, a loader written by hand", map[string]string{
		"server/go.mod": "module x\n", "server/.env": envPair, "server/main.go": "package main\nfunc env(name string) string {\n\tdata, _ := os.ReadFile(\".env\")\n\treturn string(data)\n}\nfunc main() {\n\tsecret := os.Getenv(\"STREAM_API_SECRET\") // stream\n\tlog.Fatal(http.ListenAndServe(\"127.0.0.1:3001\", nil))\n}\n",
	}, &facts.Listener{Port: 3001, Dir: "server", Command: []string{"/tmp/go-build1/exe/main"}, EnvKnown: true}, nil, []string{"secret S1 server/.env:2 known false", `server dir "server" command "cd server && go run ." loaded [server/.env]`, "port 3001"}},
	{"a literal in Python", map[string]string{
		"app.py": "from flask import Flask\nSTREAM_API_SECRET = '$S1'\nSTREAM_API_KEY = '$K1'\n@app.route('/token', methods=['POST'])\ndef token(): pass\napp.run(port=3001)\n",
	}, nil, nil, []string{"secret S1 app.py:2 known false", "key K1 app.py:3", "url http://localhost:3001/token"}},
	{"a .env that no one names belongs to no one", map[string]string{
		"app.py": "import os\nS = os.environ['STREAM_API_SECRET']\n@app.route('/token')\n", ".env": envPair,
	}, nil, nil, []string{"secret none known false name \"STREAM_API_SECRET\""}},
	{"other places", map[string]string{
		"package.json": pkgCJS, ".stream/creds.yaml": "app: 12\nkey: $K1\nsecret: $S1\n", "docker-compose.yml": "services:\n  api:\n    environment:\n      - STREAM_API_SECRET=$S2\n      STREAM_API_KEY: \"$K2\" # note\n      OTHER: ${STREAM_API_SECRET}\n",
		"ecosystem.config.js": "module.exports = { apps: [{ script: 'index.js', env: { STREAM_API_SECRET: '$S2' } }] }\n", ".vscode/launch.json": "{\n // c\n \"configurations\": [{ \"env\": { \"STREAM_API_SECRET\": \"$S1\" } }]\n}\n",
		".env": "STREAM_URL=https://$K1:$S1@us-east.stream-io-api.com/?app_id=1\n",
	}, nil, nil, []string{"value key key=K1 config unknown .stream/creds.yaml:2 pair S1", "value secret secret=S1 config unknown .stream/creds.yaml:3 pair K1", "value secret STREAM_API_SECRET=S2 config server docker-compose.yml:4 pair K2",
		"value secret STREAM_API_SECRET=S2 config", "value secret STREAM_API_SECRET=S1 config server .vscode/launch.json:3", "value key STREAM_URL=K1 env-file server .env:1", "value secret STREAM_URL=S1 env-file server .env:1"}},
	{"look-alikes stay out", map[string]string{
		"package.json": pkgCRA, "src/firebase.js": "export const firebaseConfig = { apiKey: 'AIzaSyD-abcdefghijklmnopqrstuvwxyz01', authDomain: 'x' }\n", "src/maps.js": "export const GOOGLE_MAPS_API_KEY = 'abcdefghjkmn'\n",
		"src/App.test.js": "import { StreamChat } from 'stream-chat'\nconst c = new StreamChat('$K2', '$S2')\n", "docs/setup.js": "const STREAM_API_KEY = '$K2'\n", "src/stream.js": "import { StreamChat } from 'stream-chat'\nexport const c = new StreamChat('$K1')\n",
	}, nil, nil, []string{"-value key apiKey", "-value key GOOGLE_MAPS_API_KEY", "value secret new StreamChat=S2 literal test", "front keys [K1 src/stream.js:2]", "value key STREAM_API_KEY=K2 literal docs docs/setup.js:1"}},
	{"duplicate lines and comments", map[string]string{
		"server/package.json": pkgCJS, "server/.env": "# STREAM_API_SECRET=$S2\nSTREAM_API_SECRET=$S2\r\nSTREAM_API_KEY=$K1\r\nSTREAM_API_SECRET=$S1\r\n",
		"server/index.js": "require('dotenv').config()\nconst app = require('express')(), jwt = require('jsonwebtoken')\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: 1 }, process.env.STREAM_API_SECRET) }))\napp.listen(3001)\n",
	}, nil, nil, []string{"secret S1 server/.env:4 known true", "value secret STREAM_API_SECRET=S2 env-file server server/.env:1 comment", "value secret STREAM_API_SECRET=S2 env-file server server/.env:2 loaded read pair K1 // duplicate line"}},
	{"env file in UTF-16", map[string]string{
		"server/package.json": pkgCJS, "server/.env": wideText("STREAM_API_SECRET=" + projecttest.S1 + "\r\n"),
		"server/index.js": "require('dotenv').config()\nconst app = require('express')(), jwt = require('jsonwebtoken')\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: 1 }, process.env.STREAM_API_SECRET) }))\napp.listen(3001)\n",
	}, &facts.Listener{Port: 3001, Dir: "server", Command: []string{"node", "index.js"}, EnvKnown: true}, nil, []string{"secret none known true name \"STREAM_API_SECRET\"", "value secret STREAM_API_SECRET=S1 env-file server server/.env:1 // not read: the file is saved as UTF-16"}},
	{"nothing at all", map[string]string{"a.txt": "x"}, nil, nil, []string{"url http://localhost:3001/api/stream/token (default)", "origin http://localhost:3000 (guess)", "secret none known false"}},
	{"an env file and no code", map[string]string{"server/.env": envPair}, nil, nil, []string{"secret none known false", "value secret STREAM_API_SECRET=S1 env-file server server/.env:2 pair K1 // not loaded: no code that reads it was found"}},
}

// pyByHand is a server of the standard library, whose .env is read by hand.
const pyByHand = `import os, hmac
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
for line in (Path(__file__).parent / ".env").read_text().splitlines():
    name, sep, value = line.partition("=")
    os.environ.setdefault(name, value)
SECRET = os.environ["STREAM_API_SECRET"]
class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        if self.path != "/api/stream/token":
            return
ThreadingHTTPServer(("127.0.0.1", 3001), Handler).serve_forever()
`

func wideText(s string) string {
	b := []byte{0xff, 0xfe}
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return string(b)
}

func TestFrontsAndOthers(t *testing.T) { runCases(t, frontCases) }
