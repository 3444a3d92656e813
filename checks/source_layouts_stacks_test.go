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
			{"netlify/functions/token.ts", "const server", "const other = userId || name\n  const server", "", ""},
			{"netlify/functions/token.ts", "{ userId, name } = JSON.parse(event.body)\n", "{ uid, name } = JSON.parse(event.body)\n  const userId = uid || name\n", "", ""},
		}},
	})
}
