package checks

import "testing"

// Stacks whose pages reach the code that makes tokens in ways of their own.
func TestLayoutsOfStacks(t *testing.T) {
	const env = "STREAM_KEY=" + actionKey + "\nSTREAM_SECRET=" + actionSecret + "\n"
	tryLayouts(t, map[string]layout{
		"Expo's API routes": {map[string]string{
			"package.json":     `{"main":"expo-router/entry","scripts":{"start":"expo start"},"dependencies":{"expo":"54","expo-router":"6","react":"19","react-native":"0.81","stream-chat":"9","stream-chat-expo":"8"}}`,
			"app.json":         `{"expo":{"web":{"output":"server"}}}`,
			".env":             "EXPO_PUBLIC_" + env,
			"app/token+api.ts": "import { StreamChat } from 'stream-chat'\nexport async function POST(request: Request) {\n  const { userId } = await request.json()\n  const server = StreamChat.getInstance(process.env.EXPO_PUBLIC_STREAM_KEY!, process.env.STREAM_SECRET!)\n  return Response.json({ token: server.createToken(userId) })\n}\n",
			"app/_layout.tsx":  "import { Talk } from '../components/Talk'\nexport default function Layout() {\n  return <Talk user={{ id: 'ann' }} />\n}\n",
			"components/Talk.tsx": "import { useCreateChatClient } from 'stream-chat-expo'\nexport function Talk({ user }) {\n  const tokenProvider = async () => {\n    const r = await fetch('/token', {\n      method: 'POST',\n      headers: { 'Content-Type': 'application/json' },\n" +
				"      body: JSON.stringify({ userId: user.id }),\n    })\n    const data = await r.json()\n    return data.token\n  }\n  useCreateChatClient({ apiKey: process.env.EXPO_PUBLIC_STREAM_KEY!, userData: { id: user.id }, tokenOrProvider: tokenProvider })\n  return null\n}\n",
		}, []fault{
			{"components/Talk.tsx", "'/token'", "'/api/token'", "endpoint-not-found", "components/Talk.tsx:4"},
			{"components/Talk.tsx", "'POST'", "'PUT'", "endpoint-method", "components/Talk.tsx:5"},
			{"components/Talk.tsx", "{ userId: user.id }),", "{ uid: user.id }),", "user-id-missing", "app/token+api.ts:3"},
			{"components/Talk.tsx", "data.token", "data.jwt", "token-missing", "components/Talk.tsx:10"},
			{"components/Talk.tsx", "return data.token", "return data", "token-malformed", "components/Talk.tsx:10"},
			{"components/Talk.tsx", "'/token'", "process.env.EXPO_PUBLIC_URL + '/tokens'", "", ""},
		}},
		"an injected client and functions of Netlify": {map[string]string{
			"package.json":                    `{"scripts":{"start":"ng serve"},"dependencies":{"@angular/core":"17","@netlify/functions":"2","rxjs":"7","stream-chat":"8"}}`,
			"netlify.toml":                    "[build]\n  functions = \"netlify/functions\"\n",
			".env":                            env,
			"netlify/functions/token.ts":      "import { Handler } from '@netlify/functions'\nimport { StreamChat } from 'stream-chat'\nconst { STREAM_KEY, STREAM_SECRET } = process.env\nexport const handler: Handler = async (event) => {\n  if (event.httpMethod !== 'POST') {\n    return { statusCode: 405, body: 'no' }\n  }\n  const { userId, name } = JSON.parse(event.body)\n  const server = StreamChat.getInstance(STREAM_KEY!, STREAM_SECRET!)\n  await server.upsertUser({ id: userId, name })\n  return { statusCode: 200, body: JSON.stringify({ token: server.createToken(userId) }) }\n}\n",
			"src/environments/environment.ts": "export const environment = { production: false, api: '/.netlify/functions', streamKey: '" + actionKey + "' }\n",
			"src/app/chat.service.ts": "import { Injectable } from '@angular/core'\nimport { HttpClient } from '@angular/common/http'\nimport { StreamChat } from 'stream-chat'\nimport { environment } from '../environments/environment'\n@Injectable({ providedIn: 'root' })\nexport class ChatService {\n  private base = environment.api || '/functions'\n  private client = StreamChat.getInstance(environment.streamKey)\n" +
				"  constructor(private backend: HttpClient) {}\n  connect(id: string, name: string) {\n    this.backend.post<any>(`${this.base}/token`, { userId: id, name }).subscribe((res) => this.client.connectUser({ id }, res.token))\n  }\n}\n",
		}, []fault{
			{"src/app/chat.service.ts", "/token`", "/tokens`", "endpoint-not-found", "src/app/chat.service.ts:11"},
			{"src/app/chat.service.ts", "backend.post", "backend.put", "endpoint-method", "src/app/chat.service.ts:11"},
			{"src/app/chat.service.ts", "{ userId: id, name }", "{ id, name }", "user-id-missing", "netlify/functions/token.ts:8"},
			{"src/app/chat.service.ts", "HttpClient)", "Backend)", "", ""},
			{"src/app/chat.service.ts", "{ id }, res.token)", "{ id }, res)", "token-malformed", "src/app/chat.service.ts:11"},
			{"src/app/chat.service.ts", ".subscribe((res) =>", ".pipe(tap(console.log), map((r) => ({ token: 'Bearer ' + r.token }))).subscribe((res) =>", "token-wrapped", "src/app/chat.service.ts:11"},
			{"src/app/chat.service.ts", ".subscribe((res) => this.client.connectUser({ id }, res.token))", ".pipe(switchMap((res) => from(this.client.connectUser({ id }, res.jwt))))", "token-missing", "src/app/chat.service.ts:11"},
			{"src/app/chat.service.ts", ".subscribe((res) =>", ".pipe(map((r) => r.token), map((token) => ({ token }))).subscribe((res) =>", "", ""},
			{"src/app/chat.service.ts", "name }).subscribe((res) => this.client.connectUser({ id }, res.token))", "name }, { observe: 'response' }).subscribe((res) => this.client.connectUser({ id }, res.body.token))", "", ""},
			{"netlify/functions/token.ts", "const server", "const other = userId || name\n  const server", "", ""},
			{"netlify/functions/token.ts", "{ userId, name } = JSON.parse(event.body)\n", "{ uid, name } = JSON.parse(event.body)\n  const userId = uid || name\n", "", ""},
		}},
		"a loader and a component that is loaded later": {map[string]string{
			"package.json": `{"scripts":{"dev":"remix vite:dev"},"dependencies":{"@remix-run/node":"2","@remix-run/react":"2","react":"18","stream-chat":"9"}}`,
			".env":         env,
			"app/routes/_index.tsx": "import { json, redirect } from '@remix-run/node'\nimport { useLoaderData } from '@remix-run/react'\nimport { lazy } from 'react'\nimport { StreamChat } from 'stream-chat'\nimport { userOf } from '../session.server'\nconst Talk = lazy(() => import('../components/Talk'))\nexport async function loader({ request }) {\n  const user = await userOf(request)\n  if (!user) return redirect('/login')\n" +
				"  const server = StreamChat.getInstance(process.env.STREAM_KEY!, process.env.STREAM_SECRET!)\n  const token = server.createToken(user.id)\n  return json({ apiKey: process.env.STREAM_KEY, id: user.id, token })\n}\nexport default function Index() {\n  const { apiKey, id, token } = useLoaderData<typeof loader>()\n  return <Talk apiKey={apiKey} id={id} token={token} />\n}\n",
			"app/session.server.ts":   "import { createCookieSessionStorage } from '@remix-run/node'\nconst storage = createCookieSessionStorage({ cookie: { name: 's' } })\nexport async function userOf(request) {\n  const session = await storage.getSession(request.headers.get('Cookie'))\n  return session.get('user')\n}\n",
			"app/components/Talk.tsx": "import { StreamChat } from 'stream-chat'\nexport default function Talk({ apiKey, id, token }) {\n  StreamChat.getInstance(apiKey).connectUser({ id }, token)\n  return null\n}\n",
		}, []fault{
			{"app/routes/_index.tsx", "id: user.id, token }", "id: user.id }", "token-missing", "app/routes/_index.tsx:12"},
			{"app/routes/_index.tsx", "token={token}", "token={`Bearer ${token}`}", "token-wrapped", "app/routes/_index.tsx:16"},
			{"app/components/Talk.tsx", "{ id }, token)", "{ id }, token.slice(0, 40))", "token-truncated", "app/components/Talk.tsx:3"},
			{"app/routes/_index.tsx", "id: user.id, token })", "...rest(user), id: user.id })", "", ""},
			{"app/components/Talk.tsx", "{ id }, token)", "{ id }, token ?? (() => fetchToken(id)))", "", ""},
		}},
		"the data of a page of Svelte's": {map[string]string{
			"package.json":               `{"scripts":{"dev":"vite dev"},"dependencies":{"@sveltejs/kit":"2","svelte":"5","vite":"5","stream-chat":"9"}}`,
			".env":                       "PUBLIC_" + env,
			"src/routes/+page.server.ts": "import { StreamChat } from 'stream-chat'\nimport { STREAM_SECRET } from '$env/static/private'\nimport { PUBLIC_STREAM_KEY } from '$env/static/public'\nexport const load = async ({ locals }) => {\n  const server = StreamChat.getInstance(PUBLIC_STREAM_KEY, STREAM_SECRET)\n  return {\n    id: locals.user.id,\n    token: server.createToken(locals.user.id),\n  }\n}\n",
			"src/routes/+page.svelte":    "<script>\n  import { StreamChat } from 'stream-chat'\n  import { onMount } from 'svelte'\n  import { PUBLIC_STREAM_KEY } from '$env/static/public'\n  let { data } = $props()\n  onMount(async () => {\n    await StreamChat.getInstance(PUBLIC_STREAM_KEY).connectUser({ id: data.id }, data.token)\n  })\n</script>\n",
		}, []fault{
			{"src/routes/+page.svelte", "data.token)", "'Bearer ' + data.token)", "token-wrapped", "src/routes/+page.svelte:7"},
			{"src/routes/+page.server.ts", "    token: server", "    streamToken: server", "token-missing", "src/routes/+page.svelte:7"},
			{"src/routes/+page.server.ts", "locals.user.id),", "locals.user.id, Date.now() - 60000),", "exp-milliseconds", "src/routes/+page.server.ts:8"},
			{"src/routes/+page.svelte", "let { data } = $props()", "export let data", "", ""},
			{"src/routes/+page.svelte", "PUBLIC_STREAM_KEY } from", "PUBLIC_STREAM_API_KEY as PUBLIC_STREAM_KEY } from", "key-missing", "src/routes/+page.svelte:4"},
		}},
	})
}
