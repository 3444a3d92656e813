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
	})
}
