package project

import "testing"

const clientOf = "import { StreamChat } from 'stream-chat'\nexport const client = StreamChat.getInstance('$K1')\n"

// How front ends request their token: clients, wrappers, hooks and addresses in many styles.
var requestCases = []projectCase{
	{"axios: an instance with a template in a ternary, credentials, an interceptor", map[string]string{
		"web/package.json": pkgVite, "web/.env": "VITE_SERVER=http://localhost:5000\n", "web/src/stream.js": clientOf,
		"web/src/http.js": "import axios from 'axios'\nconst root = import.meta.env.DEV ? `${import.meta.env.VITE_SERVER}/api` : '/api'\nexport const http = axios.create({\n  baseURL: root,\n  withCredentials: true,\n})\nhttp.interceptors.request.use((config) => { config.headers.Authorization = `Bearer ${localStorage.getItem('jwt')}`; return config })\n",
		"web/src/api.js":  "import { http } from './http'\nexport const getStreamToken = async (userId) => (await http.post('/v1/chat/token', { userId })).data\n",
	}, nil, nil, []string{"fetch POST http://localhost:5000/api/v1/chat/token [userId] creds true auth true", "asks http://localhost:5000/api/v1/chat/token address web/.env:1 path web/src/api.js:2 known read session \"localStorage\""}},
	{"axios: a variable that is set decides a chain of choices", map[string]string{
		"web/package.json": pkgVite, "web/.env": "VITE_BASE=http://localhost:5002\n", "web/src/stream.js": clientOf,
		"web/src/http.js": "import axios from 'axios'\nconst BASE = import.meta.env.VITE_BASE\n  ? `${import.meta.env.VITE_BASE}/api`\n  : import.meta.env.MODE === 'development'\n    ? 'http://localhost:5001/api'\n    : '/api'\nexport const http = axios.create({ baseURL: BASE })\n",
		"web/src/api.js":  "import { http } from './http'\nexport const getStreamToken = async () => (await http.get('/chat/token')).data\n",
	}, nil, nil, []string{"asks http://localhost:5002/api/chat/token address web/.env:1 path web/src/api.js:2 known read"}},
	{"axios: a variable that nothing sets leaves the choice between environments", map[string]string{
		"web/package.json": pkgVite, "web/src/stream.js": clientOf,
		"web/src/http.js": "import axios from 'axios'\nconst BASE = import.meta.env.VITE_BASE\n  ? `${import.meta.env.VITE_BASE}/api`\n  : import.meta.env.MODE === 'development'\n    ? 'http://localhost:5001/api'\n    : '/api'\nexport const http = axios.create({ baseURL: BASE })\n",
		"web/src/api.js":  "import { http } from './http'\nexport const getStreamToken = async () => (await http.get('/chat/token')).data\n",
	}, nil, nil, []string{"asks http://localhost:5001/api/chat/token address web/src/http.js:5 path web/src/api.js:2"}},
	{"fetch: a wrapper function with defaults, a path handed over, a body handed over", map[string]string{
		"package.json": pkgVite, "src/stream.ts": clientOf,
		"src/lib/request.ts": "const BASE = 'http://localhost:4001'\nexport async function request(path: string, options: RequestInit = {}) {\n  const res = await fetch(`${BASE}/api${path}`, { credentials: 'include', ...options, headers: { 'Content-Type': 'application/json', ...options.headers } })\n  return res.json()\n}\n",
		"src/lib/api.ts":     "import { request } from './request'\nexport const post = (path: string, body: unknown) => request(path, { method: 'POST', body: JSON.stringify(body) })\n",
		"src/chat.ts":        "import { post } from './lib/api'\nexport const streamToken = (id: string) => post('/stream/token', { user_id: id })\n",
	}, nil, nil, []string{"fetch POST http://localhost:4001/api/stream/token [user_id] creds true", "asks http://localhost:4001/api/stream/token address src/lib/request.ts:1 path src/chat.ts:2 known read"}},
	{"fetch: a class with a base of its constructor", map[string]string{
		"package.json": pkgVite, "src/stream.ts": clientOf,
		"src/api.ts":  "export class Api {\n  constructor(private base: string) {}\n  async get(path: string) { return (await fetch(this.base + path, { headers: { Authorization: `Bearer ${await getToken()}` } })).json() }\n}\nexport const api = new Api('http://localhost:4002')\n",
		"src/chat.ts": "import { api } from './api'\nexport const token = () => api.get('/chat/token')\n",
	}, nil, nil, []string{"fetch GET http://localhost:4002/chat/token", "asks http://localhost:4002/chat/token address src/api.ts:5 path src/chat.ts:2"}},
	{"fetch: what a query always says beside the user", map[string]string{
		"package.json": pkgVite, "src/stream.ts": clientOf,
		"src/chat.ts": "export const t = (userId: string) => fetch(`http://localhost:8000/call-token?user_id=${userId}&call_id=lobby`).then((r) => r.json())\n",
	}, nil, nil, []string{"fetch GET http://localhost:8000/call-token [call_id user_id]", "sends http://localhost:8000/call-token call_id=lobby"}},
	{"fetch: what a body always says; a password stays where it is", map[string]string{
		"package.json": pkgVite, "src/stream.ts": clientOf,
		"src/chat.ts": "export const t = (userId: string) => fetch('http://localhost:8000/api/stream/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ user_id: userId, user_type: 'admin', password: 'hunter2' }) })\n",
	}, nil, nil, []string{"fetch POST http://localhost:8000/api/stream/token [user_id user_type password]", "sends http://localhost:8000/api/stream/token user_type=admin", "-sends http://localhost:8000/api/stream/token password"}},
	{"axios: params that are always the same", map[string]string{
		"package.json": pkgVite, "src/stream.ts": clientOf,
		"src/chat.ts": "import axios from 'axios'\nexport const t = (userId: string) => axios.get('http://localhost:8000/stream/token', { params: { user_id: userId, call_type: 'default' } })\n",
	}, nil, nil, []string{"sends http://localhost:8000/stream/token call_type=default"}},
	{"keys that a page template fills in aren't read as literals", map[string]string{
		"package.json": pkgVite, "src/main.js": "import './blade'\nimport './erb'\nimport './php'\n",
		"src/blade.js": "import { StreamChat } from 'stream-chat'\nconst apiKey = \"{{ config('services.stream.key') }}\"\nexport const a = StreamChat.getInstance(apiKey)\n",
		"src/erb.js":   "import { StreamChat } from 'stream-chat'\nconst streamApiKey = '<%= ENV[\"STREAM_API_KEY\"] %>'\nexport const b = StreamChat.getInstance(streamApiKey)\n",
		"src/php.js":   "import { StreamChat } from 'stream-chat'\nexport const c = StreamChat.getInstance('<?= $key ?>')\n",
	}, nil, nil, []string{"front keys []"}},
	{"ky, extended", map[string]string{
		"package.json": pkgVite, "src/stream.ts": clientOf,
		"src/ky.ts": "import ky from 'ky'\nconst base = ky.create({ prefixUrl: 'http://localhost:4003' })\nexport const api = base.extend({ credentials: 'include' })\nexport const t = (userId: string) => api.post('stream/token', { json: { userId } }).json()\n",
	}, nil, nil, []string{"fetch POST http://localhost:4003/stream/token [userId] creds true"}},
	{"SWR: the fetcher adds the base", map[string]string{
		"package.json": pkgNext, "lib/stream.ts": clientOf,
		"lib/fetcher.ts":   "export const fetcher = (url: string) => fetch('http://localhost:4004' + url, { credentials: 'include' }).then((r) => r.json())\n",
		"hooks/useTok.tsx": "'use client'\nimport useSWR from 'swr'\nimport { fetcher } from '../lib/fetcher'\nimport '../lib/stream'\nexport const useTok = (id: string) => useSWR(`/api/chat-token?user_id=${id}`, fetcher)\n",
	}, nil, nil, []string{"fetch GET http://localhost:4004/api/chat-token [user_id] creds true"}},
	{"RTK Query: a base with credentials and endpoints", map[string]string{
		"package.json": pkgVite, "src/stream.ts": clientOf,
		"src/api.ts":       "import { createApi, fetchBaseQuery } from '@reduxjs/toolkit/query/react'\nexport const api = createApi({ baseQuery: fetchBaseQuery({ baseUrl: 'http://localhost:4005/v1', credentials: 'include', prepareHeaders: (h) => h }), endpoints: () => ({}) })\n",
		"src/streamApi.ts": "import { api } from './api'\nexport const s = api.injectEndpoints({ endpoints: (b) => ({ tok: b.mutation({ query: (userId) => ({ url: '/stream/token', method: 'POST', body: { userId } }) }), me: b.query({ query: () => '/stream/token/me' }) }) })\n",
	}, nil, nil, []string{"fetch POST http://localhost:4005/v1/stream/token [userId] creds true", "fetch GET http://localhost:4005/v1/stream/token/me"}},
	{"a builder of URLs, and a ternary between two servers", map[string]string{
		"package.json": pkgVite, "src/stream.ts": clientOf,
		"src/config.ts": "export const HOST = process.env.NODE_ENV === 'production' ? 'https://api.example.com' : 'http://localhost:4006'\nexport function apiUrl(path: string) {\n  return HOST + '/api' + path\n}\n",
		"src/chat.ts":   "import { apiUrl } from './config'\nexport const getToken = () => fetch(apiUrl('/stream-token'))\n",
	}, nil, nil, []string{"asks http://localhost:4006/api/stream-token address src/config.ts:1 path src/chat.ts:2 known read"}},
	{"a base that is set nowhere leaves the path, and says so", map[string]string{
		"package.json": pkgVite, "src/stream.ts": clientOf, "src/chat.ts": "export const getToken = () => fetch(`${import.meta.env.VITE_API_URL}/chat/token`)\n",
	}, nil, nil, []string{"asks /chat/token address  path src/chat.ts:1 known assumed session \"\" to \"\" unset \"VITE_API_URL\""}},
	{"React Native: @env and react-native-config", map[string]string{
		"package.json": `{"dependencies":{"react-native":"0.76","stream-chat-react-native":"6","react-native-dotenv":"3"}}`, ".env": "API_URL=http://192.168.1.9:3000\nSTREAM_KEY=$K1\n",
		"src/chat.ts": "import { StreamChat } from 'stream-chat'\nimport { API_URL, STREAM_KEY } from '@env'\nexport const c = StreamChat.getInstance(STREAM_KEY)\nexport const getToken = (id: string) => fetch(`${API_URL}/token?user_id=${id}`)\n",
	}, nil, nil, []string{"front keys [K1 .env:2]", "asks http://192.168.1.9:3000/token address .env:1 path src/chat.ts:4 known read"}},
	{"Supabase's function of the project that .env names", map[string]string{
		"package.json": `{"dependencies":{"expo":"54","react-native":"0.81","stream-chat-expo":"8"}}`, ".env": "EXPO_PUBLIC_SUPABASE_URL=https://abc.supabase.co\n", "App.tsx": clientOf + "import './tok'\n",
		"supabase.ts": "import { createClient } from '@supabase/supabase-js'\nexport const supabase = createClient(process.env.EXPO_PUBLIC_SUPABASE_URL!, 'anon')\n",
		"tok.ts":      "import { supabase } from './supabase'\nexport const tokenProvider = async () => (await supabase.functions.invoke('stream-token')).data.token\n",
	}, nil, nil, []string{"fetch POST https://abc.supabase.co/functions/v1/stream-token", "asks https://abc.supabase.co/functions/v1/stream-token address .env:1 path tok.ts:2 known read session \"Supabase\""}},
}

// What dev servers send on: values, not text.
var proxyCases = []projectCase{
	{"Vite: a function that cuts, a variable, a comment", map[string]string{
		"package.json": pkgVite, ".env": "API_TARGET=http://localhost:4101\n", "src/stream.ts": clientOf + "export const t = () => fetch('/api/stream/token')\n",
		"vite.config.ts": "import { defineConfig, loadEnv } from 'vite'\nexport default defineConfig(({ mode }) => {\n  const env = loadEnv(mode, process.cwd(), '')\n  return { server: { proxy: {\n    // '/api': 'http://localhost:9999',\n    '/api': { target: env.API_TARGET, rewrite: (p) => p.replace(/^\\/api/, '') },\n  } } }\n})\n",
	}, nil, nil, []string{"asks /api/stream/token address .env:1 path src/stream.ts:3 known read session \"\" to \"http://localhost:4101/stream/token\"", "url http://localhost:4101/stream/token"}},
	{"Next: rewrites in three lists, one commented out, one conditional", map[string]string{
		"package.json": pkgNext, "pages/index.js": clientOf + "export const t = () => fetch('/api/chat/token')\nexport default () => null\n",
		"next.config.mjs": "const nextConfig = {\n  async rewrites() {\n    // return [{ source: '/api/:p*', destination: 'http://localhost:9999/:p*' }]\n    return { beforeFiles: [{ source: '/api/:p*', has: [{ type: 'host' }], destination: 'http://localhost:8888/:p*' }], fallback: [{ source: '/api/:path*', destination: 'http://localhost:4102/v1/:path*' }] }\n  },\n}\nexport default nextConfig\n",
	}, nil, nil, []string{"url http://localhost:4102/v1/chat/token", "asks /api/chat/token address next.config.mjs:4"}},
	{"CRA: setupProxy with a mount of version 3", map[string]string{
		"package.json":      `{"scripts":{"start":"react-scripts start"},"dependencies":{"react":"18","react-scripts":"5","stream-chat":"9","http-proxy-middleware":"^3.0.0"}}`,
		"src/setupProxy.js": "const { createProxyMiddleware } = require('http-proxy-middleware')\nmodule.exports = (app) => {\n  app.use('/api', createProxyMiddleware({ target: 'http://localhost:4103', changeOrigin: true }))\n}\n",
		"src/App.js":        clientOf + "export const t = () => fetch('/api/token')\n",
	}, nil, nil, []string{"url http://localhost:4103/token", "asks /api/token address src/setupProxy.js:3"}},
	{"Angular: proxy.conf.json", map[string]string{
		"package.json": `{"scripts":{"start":"ng serve"},"dependencies":{"@angular/core":"19","stream-chat-angular":"5"}}`, "proxy.conf.json": "{\n  \"/api\": {\n    \"target\": \"http://localhost:4104\",\n    \"secure\": false\n  }\n}\n",
		"src/main.ts":        "import './app'\n",
		"src/app.ts":         "import { ChatClientService } from 'stream-chat-angular'\nimport { environment } from './environment'\nexport class App {\n  constructor(private chat: ChatClientService) { this.chat.init(environment.apiKey, 'ann', () => fetch('/api/stream/token').then((r) => r.text())) }\n}\n",
		"src/environment.ts": "export const environment = { apiKey: '$K1' }\n",
	}, nil, nil, []string{"url http://localhost:4104/api/stream/token", "front keys [K1 src/environment.ts:1]"}},
}

// Which modules run, and where.
var runsCases = []projectCase{
	{"a left-over that nothing imports, and one that only a comment and a test import", map[string]string{
		"package.json": pkgVite, ".env": "VITE_STREAM_API_KEY=$K1\n", "src/main.tsx": "import './chat'\n", "src/chat.ts": "import { StreamChat } from 'stream-chat'\n// import './old'\nexport const c = StreamChat.getInstance(import.meta.env.VITE_STREAM_API_KEY)\n",
		"src/old.ts": "import { StreamChat } from 'stream-chat'\nexport const c = StreamChat.getInstance('YOUR_KEY')\nexport const t = () => fetch('http://localhost:9/stream/token')\n", "src/old.test.ts": "import './old'\n", "src/older.ts": "import './old'\nexport const k = import.meta.env.VITE_STREAM_KEY\n",
	}, nil, nil, []string{"front keys [K1 .env:1]", "-front missing", "-fetch GET http://localhost:9"}},
	{"imported lazily, by an alias and through an index", map[string]string{
		"package.json": pkgVite, ".env": "VITE_STREAM_API_KEY=$K1\n", "tsconfig.json": `{"compilerOptions":{"baseUrl":".","paths":{"@/*":["src/*"]}}}`,
		"src/main.tsx": "import { lazy } from 'react'\nconst A = lazy(() => import('@/features'))\n", "src/features/index.ts": "export * from './talk'\n", "src/features/talk.ts": "import { StreamChat } from 'stream-chat'\nexport const c = StreamChat.getInstance(import.meta.env.VITE_STREAM_API_KEY)\n",
	}, nil, nil, []string{"front keys [K1 .env:1]"}},
	{"Next: a library that a client component imports is the browser's; a server component's reads are not", map[string]string{
		"package.json": pkgNext, ".env.local": "STREAM_API_KEY=$K1\nSTREAM_API_SECRET=$S1\nNEXT_PUBLIC_STREAM_API_KEY=$K1\n",
		"app/page.tsx":        "import { Talk } from '@/components/talk'\nimport { StreamChat } from 'stream-chat'\nconst server = StreamChat.getInstance(process.env.STREAM_API_KEY!, process.env.STREAM_API_SECRET!)\nexport default async function Page() { return <Talk apiKey={process.env.STREAM_API_KEY!} token={server.createToken('ann')} /> }\n",
		"components/talk.tsx": "'use client'\nimport { make } from '@/lib/make'\nexport function Talk() { return make('x') }\n",
		"lib/make.ts":         "import { StreamChat } from 'stream-chat'\nexport const make = (x: string) => StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_API_KEY!)\n",
	}, nil, nil, []string{"-front missing", "front keys [K1 .env.local:3]"}},
	{"Remix: the loader's key is the server's, the component's is the browser's", map[string]string{
		"package.json": `{"scripts":{"dev":"remix vite:dev"},"dependencies":{"@remix-run/react":"2","@remix-run/node":"2","react":"18","stream-chat":"8"}}`, ".env": "STREAM_API_KEY=$K1\nSTREAM_API_SECRET=$S1\n",
		"app/routes/a.tsx": "import { StreamChat } from 'stream-chat'\nexport const loader = async () => {\n  const s = StreamChat.getInstance(process.env.STREAM_API_KEY!, process.env.STREAM_API_SECRET!)\n  return { apiKey: process.env.STREAM_API_KEY, token: s.createToken('ann') }\n}\nexport default function A() { return null }\n",
		"app/routes/b.tsx": "import { StreamChat } from 'stream-chat'\nexport default function B() {\n  StreamChat.getInstance(process.env.STREAM_API_KEY!)\n  return null\n}\n",
	}, nil, nil, []string{"front missing STREAM_API_KEY app/routes/b.tsx:3", "-front missing STREAM_API_KEY app/routes/a.tsx"}},
	{"SvelteKit: the configured prefix, and a name without one", map[string]string{
		"package.json": `{"scripts":{"dev":"vite dev"},"dependencies":{"stream-chat":"9"},"devDependencies":{"@sveltejs/kit":"2","svelte":"5","vite":"6"}}`, "svelte.config.js": "export default { kit: { env: { publicPrefix: 'OPEN_' } } }\n", ".env": "OPEN_STREAM_API_KEY=$K1\nPUBLIC_STREAM_API_KEY=$K2\n",
		"src/routes/+page.svelte":   "<script>\nimport { StreamChat } from 'stream-chat'\nimport { OPEN_STREAM_API_KEY } from '$env/static/public'\nStreamChat.getInstance(OPEN_STREAM_API_KEY)\n</script>\n",
		"src/routes/b/+page.svelte": "<script>\nimport { StreamChat } from 'stream-chat'\nimport { PUBLIC_STREAM_API_KEY } from '$env/static/public'\nStreamChat.getInstance(PUBLIC_STREAM_API_KEY)\n</script>\n",
	}, nil, nil, []string{"front keys [K1 .env:1]", "front missing PUBLIC_STREAM_API_KEY src/routes/b/+page.svelte:3"}},
	{"Nuxt: the variable wins over the configuration's text", map[string]string{
		"package.json": `{"scripts":{"dev":"nuxt dev"},"dependencies":{"nuxt":"3","vue":"3","stream-chat":"9"}}`, ".env": "NUXT_PUBLIC_STREAM_API_KEY=$K1\n",
		"nuxt.config.ts": "export default defineNuxtConfig({ runtimeConfig: { public: { streamApiKey: '$K2' } } })\n",
		"pages/a.vue":    "<script setup>\nimport { StreamChat } from 'stream-chat'\nconst { public: pub } = useRuntimeConfig()\nStreamChat.getInstance(useRuntimeConfig().public.streamApiKey)\n</script>\n",
	}, nil, nil, []string{"front keys [K1 .env:1]"}},
}

func TestFrontRequests(t *testing.T) { runCases(t, requestCases) }

func TestFrontProxies(t *testing.T) { runCases(t, proxyCases) }

func TestFrontRuns(t *testing.T) { runCases(t, runsCases) }

// What an app's configuration hands on, and a client that gets no token.
var handedOnCases = []projectCase{
	{"Expo: the key and the base of app.config's extra", map[string]string{
		"package.json": `{"main":"expo-router/entry","dependencies":{"expo":"54","react-native":"0.81","stream-chat-expo":"8"}}`, ".env": "STREAM_KEY=$K1\nAPI=http://localhost:4301\n",
		"app.config.js": "export default ({ config }) => ({ ...config, extra: { streamKey: process.env.STREAM_KEY, api: process.env.API } })\n",
		"app/index.tsx": "import Constants from 'expo-constants'\nimport { StreamChat } from 'stream-chat'\nconst extra = Constants.expoConfig?.extra\nexport const c = StreamChat.getInstance(Constants.expoConfig?.extra?.streamKey)\nexport const t = () => fetch(`${Constants.expoConfig.extra.api}/stream/token`)\n",
	}, nil, nil, []string{"front keys [K1 .env:1]", "-front missing", "asks http://localhost:4301/stream/token address .env:2"}},
	{"a key of the response comes before the variable", map[string]string{
		"package.json": pkgVite, "src/main.jsx": "import { StreamChat } from 'stream-chat'\nconst KEY = import.meta.env.VITE_STREAM_API_KEY\nexport function go(tokenData) {\n  const clientApiKey = tokenData?.apiKey || KEY\n  return StreamChat.getInstance(clientApiKey)\n}\n",
	}, nil, nil, []string{"-front missing"}},
	{"connectUser without a token, and a function of the project's own with that name", map[string]string{
		"package.json": pkgVite, "src/main.js": clientOf + "export const a = () => client.connectUser({ id: 'ann' })\nexport const b = () => client.connectUser({ id: 'ann' }, 'tok')\nconst connectUser = (u) => client.connectUser(u, 't')\nexport const d = () => connectUser({ id: 'bob' })\nexport const e = () => client.connectUser({ id: 'x', anon: true })\n",
	}, nil, nil, []string{"bare src/main.js:3", "-bare src/main.js:4", "-bare src/main.js:6", "-bare src/main.js:7"}},
}

func TestFrontHandedOn(t *testing.T) { runCases(t, handedOnCases) }
