package scenarios

// keyProjects are faults of projects/*.txt: the front end's key.
var keyProjects = []Scenario{
	keyed("key-missing", "CRA without prefix", mern, "", Sub("client/.env", "REACT_APP_STREAM_API_KEY", "STREAM_API_KEY"), Sub("client/src/ChatContext.js", "REACT_APP_STREAM_API_KEY", "STREAM_API_KEY")),
	keyed("key-missing", "expo without prefix", koa, "", Sub("mobile/.env", "EXPO_PUBLIC_STREAM_API_KEY", "STREAM_API_KEY"), Sub("mobile/src/useChatClient.ts", "EXPO_PUBLIC_STREAM_API_KEY", "STREAM_API_KEY")),
	keyed("key-missing", "vite destructured, only in .env.production", fastify, "", Sub("frontend/.env.development", "VITE_GETSTREAM_KEY={{K1}}\n", "")),
	keyed("key-missing", "vite in the root .env, the app in frontend/", fastify, "", Sub("frontend/.env.development", "VITE_GETSTREAM_KEY={{K1}}\n", ""), Put(".env", "VITE_GETSTREAM_KEY={{K1}}\n")),
	keyed("key-missing", "next page reads without the prefix", nextapp, "", Sub("src/app/page.tsx", "process.env.NEXT_PUBLIC_STREAM_API_KEY!", "process.env.STREAM_API_KEY!"), Append(".env.local", "STREAM_API_KEY={{K1}}\n")),
	keyed("key-missing", "empty in .env", koa, "", Sub("mobile/.env", "EXPO_PUBLIC_STREAM_API_KEY={{K1}}", "EXPO_PUBLIC_STREAM_API_KEY=")),
	keyed("key-malformed", "static html placeholder", static, "", FrontKey("<YOUR_API_KEY>")),
	keyed("key-malformed", "expo with semicolon", koa, "", Sub("mobile/.env", "API_KEY={{K1}}", "API_KEY={{K1}};")),
	keyed("key-mismatch", "shared package", turbo, "{{K2}}", FrontKey("{{K2}}")),
	keyed("key-mismatch", "vue vite .env.development.local", fastify, "{{K2}}", Put("frontend/.env.development.local", "VITE_GETSTREAM_KEY={{K2}}\n")),
	keyed("key-mismatch", "expo .env.local", koa, "{{K2}}", Put("mobile/.env.local", "EXPO_PUBLIC_STREAM_API_KEY={{K2}}\n")),
	keyed("key-mismatch", "static", static, "{{K2}}", FrontKey("{{K2}}")),
	keyed("key-mismatch", "rr7 client module", router7, "{{K2}}", FrontKey("{{K2}}")),
	keyed("key-mismatch", "hono front end hard-coded", hono, "{{K2}}", Sub("src/video.tsx", "import.meta.env.VITE_STREAM_API_KEY as string", "'{{K2}}'")),
	with(keyed("key-unknown", "typo in the shared package", turbo, "{{K1.typo}}", FrontKey("{{K1.typo}}")), func(s *Scenario) {
		s.Modes = oneOnline
		s.Want.Or = []string{"key-mismatch"}
		s.Want.May = []string{"key-mismatch", "key-unknown"}
	}),
	with(keyed("key-unknown", "compose deleted app", compose, "{{K4}}", Sub("docker-compose.yml", "STREAM_API_KEY: {{K1}}", "STREAM_API_KEY: {{K4}}"), Sub("docker-compose.yml", "SECRET: {{S1}}", "SECRET: {{S4}}"), FrontKey("{{K4}}")), func(s *Scenario) {
		s.Modes = oneOnline
		s.Truth.SignedBy = "{{S4}}"
		s.Procs = on(compose, setEnv("PORT={{PORT}}", "STREAM_API_KEY={{K4}}", "STREAM_API_SECRET={{S4}}"))
	}),
	{Name: "secret-exposed: secret in static js", Layout: static, Edits: []Edit{Append("public/js/chat.js", "const STREAM_SECRET = '{{S1}}';\n")}, Truth: fine, Want: Want{First: "secret-exposed"}},
	{Name: "secret-exposed: client made with the secret in Vue", Layout: pm2, Edits: []Edit{Sub("webapp/src/components/Chat.vue", "getInstance(constants.STREAM_API_KEY)", "getInstance(constants.STREAM_API_KEY, '{{S1}}')")}, Truth: fine, Want: Want{First: "secret-exposed"}},
	with(Scenario{Name: "secret-in-source: nest literal in git", Layout: nest, Runtime: "git", Edits: []Edit{Sub("src/config/configuration.ts", "apiSecret: process.env.STREAM_API_SECRET", "apiSecret: '{{S1}}'"), Put(".gitignore", "node_modules\n.env\n")}, Steps: []Step{Shell("git", "init", "-q"), Shell("git", "add", "-A"), Shell("git", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "x"), StartAll}, Truth: fine, Want: Want{First: "secret-in-source"}}, answers(201)),
	{Name: "secret-in-source: pm2 config in git", Layout: pm2, Runtime: "git", Edits: []Edit{Put(".gitignore", "node_modules\n")}, Steps: []Step{Shell("git", "init", "-q"), Shell("git", "add", "-A"), Shell("git", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "x"), StartAll}, Truth: fine, Want: Want{First: "secret-in-source"}},
	with(keyed("key-mismatch", "inline script in index.html", static, "{{K2}}", Del("public/js/chat.js"), Put("public/index.html", "<!doctype html>\n<body>\n<script src=\"https://cdn.jsdelivr.net/npm/stream-chat\"></script>\n<script>\n  const apiKey = '{{K2}}';\n  async function go() {\n    const r = await fetch('/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: 'test123' }) });\n    const { token } = await r.json();\n    const c = StreamChat.getInstance(apiKey);\n    await c.connectUser({ id: 'test123' }, token);\n  }\n  go();\n</script>\n</body>\n")), func(s *Scenario) { s.Want.File, s.Want.Line = "public/index.html", "{{K2}}" }),
	keyed("key-mismatch", "window.ENV in public/env.js", static, "{{K2}}", Put("public/js/env.js", "window.ENV = { STREAM_API_KEY: '{{K2}}' };\n"), Sub("public/index.html", "<script src=\"/js/chat.js\">", "<script src=\"/js/env.js\"></script>\n    <script src=\"/js/chat.js\">"), Sub("public/js/chat.js", "const STREAM_KEY = '{{K1}}';", "const { STREAM_API_KEY: STREAM_KEY } = window.ENV;")),
	keyed("key-mismatch", "key handed to a helper", goapi, "{{K2}}", Put("frontend/src/chat.js", "import { StreamChat } from 'stream-chat';\nimport config from './config';\n\nfunction makeClient(apiKey) {\n  return new StreamChat(apiKey);\n}\n\nexport const chat = makeClient('{{K2}}');\n\nexport async function connect(user) {\n  const res = await fetch(`${config.backend}/api/stream/token`, {\n    method: 'POST',\n    headers: { 'Content-Type': 'application/json' },\n    body: JSON.stringify({ userId: user.id }),\n  });\n  const { token } = await res.json();\n  return chat.connectUser(user, token);\n}\n")),
	keyed("key-mismatch", "React props", mern, "{{K2}}", Put("client/src/ChatContext.js", "import { useCreateChatClient, Chat } from 'stream-chat-react';\nimport { getStreamToken } from './api';\n\nexport function ChatRoot({ apiKey, user }) {\n  const client = useCreateChatClient({ apiKey, userData: user, tokenOrProvider: () => getStreamToken(user.id) });\n  return client ? <Chat client={client}>hi</Chat> : null;\n}\n\nexport default function App({ user }) {\n  return <ChatRoot apiKey=\"{{K2}}\" user={user} />;\n}\n")),
	keyed("key-mismatch", "the dev key of a ternary", hono, "{{K2}}", Sub("src/video.tsx", "import.meta.env.VITE_STREAM_API_KEY as string", "import.meta.env.PROD ? '{{K1}}' : '{{K2}}'")),
}
