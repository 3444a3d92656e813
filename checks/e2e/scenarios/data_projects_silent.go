package scenarios

import "time"

// silentProjects are faults of projects/*.txt: look-alikes.
var silentProjects = []Scenario{
	with(fit("a MERN app", mern), func(s *Scenario) { s.Modes, s.URL = all4, "-" }),
	with(fit("a workspace with a shared package, tsx, zod", turbo), func(s *Scenario) { s.Modes, s.URL = all4, "-" }),
	with(fit("classes in TypeScript, Angular", nest), func(s *Scenario) { s.Modes, s.URL = all4, "-" }),
	with(fit("Fastify, Vue", fastify), func(s *Scenario) { s.Modes, s.URL = all4, "-" }),
	with(fit("Koa, Expo", koa), func(s *Scenario) { s.Modes, s.URL = all4, "-" }),
	with(fit("Hono, a dev proxy", hono), func(s *Scenario) { s.Modes, s.URL = all4, "-" }),
	with(fit("Python in modules, SvelteKit", pyapi), func(s *Scenario) { s.Modes, s.URL = all4, "-" }),
	with(fit("the server hands out its own pages", static), func(s *Scenario) { s.Modes, s.URL = all4, "-" }),
	with(fit("Compose's environment", compose), func(s *Scenario) { s.Modes, s.URL = all4, "-" }),
	with(fit("PM2's environment", pm2), func(s *Scenario) { s.Modes, s.URL = all4, "-" }),
	with(fit("Go in packages, a shell reads the .env", goapi), func(s *Scenario) { s.Modes, s.URL = all4, "-" }),
	with(fit("React Router 7", router7), func(s *Scenario) { s.Modes, s.URL = all4, "-" }),
	with(fit("a Next route handler", nextapp), func(s *Scenario) { s.Modes, s.URL = all4, "-" }),

	fit("mern, optional chaining and trim, space in .env", mern, Secret(`"{{S1}} "`), Sub("config/index.js", "apiSecret: STREAM_API_SECRET", "apiSecret: STREAM_API_SECRET?.trim()")),
	fit("helper trims", fastify, Secret(`" {{S1}}"`), Sub("backend/src/config.js", "const value = process.env[name]", "const value = process.env[name]?.trim()")),
	fit("zod trims", turbo, Secret(`"{{S1}}\n"`), Sub("apps/api/src/env.ts", "STREAM_SECRET: z.string().min(1)", "STREAM_SECRET: z.string().trim().min(1)")),
	fit("base64 in .env, decoded in a helper", turbo, Secret("{{S1.b64}}"), Sub("apps/api/src/routes/chat.ts", "secret: env.STREAM_SECRET", "secret: Buffer.from(env.STREAM_SECRET, 'base64').toString('utf8')")),
	fit("other pairs in other environments' files", mern, Put(".env.production", "STREAM_API_KEY={{K2}}\nSTREAM_API_SECRET={{S2}}\n"), Put(".env.staging", "STREAM_API_KEY={{K3}}\nSTREAM_API_SECRET={{S3}}\n"), Put("client/.env.production", "REACT_APP_STREAM_API_KEY={{K2}}\n"), Put("docker-compose.prod.yml", "services:\n  api:\n    environment:\n      STREAM_API_KEY: {{K2}}\n      STREAM_API_SECRET: {{S2}}\n")),
	fit("a compose file beside, not used", mern, Put("docker-compose.yml", "services:\n  api:\n    environment:\n      - STREAM_API_KEY={{K2}}\n      - STREAM_API_SECRET={{S2}}\n")),
	fit("a pm2 file beside, not used", koa, Put("ecosystem.config.js", "module.exports = { apps: [{ name: 'x', script: 'server/app.js', env: { STREAM_CHAT_KEY: '{{K2}}', STREAM_CHAT_SECRET: '{{S2}}' } }] }\n")),
	fit("two front ends, one of the same key", turbo, Put("apps/admin/package.json", `{ "name": "@acme/admin", "private": true, "scripts": { "dev": "vite --port 5174" }, "devDependencies": { "vite": "^6.0.0" }, "dependencies": { "stream-chat": "^9.0.0" } }`+"\n"), Put("apps/admin/.env", "VITE_STREAM_KEY={{K1}}\n"), Put("apps/admin/src/main.ts", "import { StreamChat } from 'stream-chat'\nexport const c = StreamChat.getInstance(import.meta.env.VITE_STREAM_KEY)\n")),
	fit("fallback never reached, helper", fastify, Sub("backend/src/config.js", "const required = (name) => {\n  const value = process.env[name]", "const required = (name, fallback) => {\n  const value = process.env[name] ?? fallback"), Sub("backend/src/config.js", "required('GETSTREAM_SECRET')", "required('GETSTREAM_SECRET', 'insecure')")),
	fit("zod default never reached", turbo, Sub("apps/api/src/env.ts", "STREAM_SECRET: z.string().min(1)", "STREAM_SECRET: z.string().min(1).default('dev')")),
	fit("export prefix, space around =, CRLF", mern, EnvText(func(s string) string {
		return "export STREAM_API_KEY = {{K1}}\r\nexport STREAM_API_SECRET = \"{{S1}}\"\r\nPORT={{PORT}}\r\n"
	})),
	procs(fit("shell has it, .env has a placeholder", mern, Secret("your_api_secret")), on(mern, adds("STREAM_API_SECRET={{S1}}"))),
	procs(fit("compose gives it, api/.env is old", compose, Put("api/.env", "STREAM_API_SECRET={{S4}}\nSTREAM_API_KEY={{K4}}\n")), compose.Procs),
	procs(fit("npm start with cross-env of the right secret, .env old", static, Sub("package.json", `"node server.js"`, `"STREAM_SECRET={{S1}} node server.js"`), Secret("{{S4}}")), on(static, cmd("npm", "start"))),
	given(fit("changed and changed back", mern), StartAll, Wait(stalePause), Later(Secret("{{S4}}")), Wait(200*time.Millisecond), Later(Secret("{{S1}}"))),
	given(fit("compose file touched", compose), StartAll, Wait(stalePause), Touch("docker-compose.yml")),
	given(fit(".env.local appears that no one loads", fastify), StartAll, Wait(stalePause), Later(Put("backend/.env.local", "GETSTREAM_SECRET={{S4}}\n"))),
	procs(fit("tsx watch", turbo), on(turbo, cmd("node", "../../node_modules/tsx/dist/cli.mjs", "watch", "--clear-screen=false", "src/server.ts"))),
	fit("a secret file, trimmed", koa, SecretLine("# file"), Put("config/stream.key", "{{S1}}\n"), Sub("server/stream.js", "process.env.STREAM_CHAT_SECRET", "require('fs').readFileSync('config/stream.key', 'utf-8').trim()")),
	fit("the key of the front end comes with the token", static, Sub("public/js/chat.js", "const STREAM_KEY = '{{K1}}';\n", ""), Sub("public/js/chat.js", "  const client = StreamChat.getInstance(STREAM_KEY);\n", ""), Sub("public/js/chat.js", "const { token } = await res.json();", "const { token, apiKey } = await res.json();\n  const client = StreamChat.getInstance(apiKey);"), Sub("server.js", "res.send({ token:", "res.send({ apiKey: process.env.STREAM_KEY, token:")),
	fit("inline script in index.html", static, Del("public/js/chat.js"), Put("public/index.html", "<!doctype html>\n<body>\n<script src=\"https://cdn.jsdelivr.net/npm/stream-chat\"></script>\n<script>\n  const apiKey = '{{K1}}';\n  async function go() {\n    const r = await fetch('/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: 'test123' }) });\n    const { token } = await r.json();\n    const c = StreamChat.getInstance(apiKey);\n    await c.connectUser({ id: 'test123' }, token);\n  }\n  go();\n</script>\n</body>\n")),
	fit("dynamic import of the signer", static, Sub("server.js", "res.send({ token: jwt.sign({ user_id: id }, secret) })", "import('./sign.mjs').then((m) => res.send({ token: m.default(jwt, id) }))"), Put("sign.mjs", "const secret = process.env.STREAM_SECRET\nexport default (jwt, id) => jwt.sign({ user_id: id }, secret)\n")),
	fit("cluster workers", koa, Sub("server/app.js", "app.listen(process.env.PORT || {{PORT}})", "const cluster = require('cluster')\nif (cluster.isPrimary) { cluster.fork(); cluster.fork() } else app.listen(process.env.PORT || {{PORT}})")),
	procs(fit("the front end's dev server beside", mern, Put("client/fake.cjs", "require('node:http').createServer((q, s) => { s.setHeader('Content-Type', 'text/html'); s.end('<!doctype html><div id=root></div>') }).listen({{PORT2}})")), []Proc{mern.Procs[0], {Name: "client", Dir: "client", Cmd: []string{"node", "fake.cjs"}, Addr: "localhost:{{PORT2}}"}}),
	fit("python ini", pyapi, pythonINI...),
	fit("node config package style JSON per environment", static, SecretLine("# json"), Put("config/default.json", "{ \"stream\": { \"apiKey\": \"{{K1}}\", \"apiSecret\": \"{{S1}}\" } }\n"), Put("config/production.json", "{ \"stream\": { \"apiKey\": \"{{K2}}\", \"apiSecret\": \"{{S2}}\" } }\n"), Sub("server.js", "const { PORT, STREAM_SECRET: secret } = process.env", "const { PORT } = process.env\nconst cfg = require(`./config/${process.env.NODE_ENV === 'production' ? 'production' : 'default'}.json`)\nconst secret = cfg.stream.apiSecret")),
	fit("key by PROD ternary", hono, Sub("src/video.tsx", "import.meta.env.VITE_STREAM_API_KEY as string", "import.meta.env.PROD ? '{{K2}}' : '{{K1}}'")),
	fit("key by NODE_ENV ternary", mern, Sub("client/src/ChatContext.js", "process.env.REACT_APP_STREAM_API_KEY", "process.env.NODE_ENV === 'production' ? '{{K2}}' : '{{K1}}'")),
	fit("key by MODE map", fastify, Sub("frontend/src/stores/chat.ts", "new StreamChat(VITE_GETSTREAM_KEY)", "new StreamChat(KEYS[import.meta.env.MODE])"), Sub("frontend/src/stores/chat.ts", "export const useChat", "const KEYS: Record<string, string> = { development: '{{K1}}', production: '{{K2}}' }\n\nexport const useChat")),
	fit("window.ENV in public/env.js", static, Put("public/js/env.js", "window.ENV = { STREAM_API_KEY: '{{K1}}' };\n"), Sub("public/index.html", "<script src=\"/js/chat.js\">", "<script src=\"/js/env.js\"></script>\n    <script src=\"/js/chat.js\">"), Sub("public/js/chat.js", "const STREAM_KEY = '{{K1}}';", "const { STREAM_API_KEY: STREAM_KEY } = window.ENV;")),
}

// pythonINI keeps the secret in a file that badsig does not read.
var pythonINI = []Edit{
	SecretLine("# see settings.ini"), Put("api/settings.ini", "[stream]\nkey = {{K1}}\nsecret = {{S1}}\n"),
	Sub("api/settings.py", `os.environ.get("STREAM_API_SECRET", "")`, "_ini()"),
	Sub("api/settings.py", "@dataclass", "def _ini():\n    import configparser\n    c = configparser.ConfigParser()\n    c.read(Path(__file__).resolve().parent / \"settings.ini\")\n    return c[\"stream\"][\"secret\"]\n\n\n@dataclass"),
}
