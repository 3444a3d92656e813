package scenarios

import (
	"strings"
	"time"

	"badsig/checks/e2e/oracle"
)

// all4 are every mode: a look-alike must be silent in each.
var all4 = []Mode{Online, PairOffline, PairOnline, Bare}

func healthy(how string, l Layout, edits ...Edit) Scenario {
	return Scenario{Name: "healthy: " + how, Layout: l, Edits: edits, Modes: []Mode{Online, PairOffline, Bare}, Truth: fine}
}

// with changes a scenario in place.
func with(s Scenario, change func(*Scenario)) Scenario { change(&s); return s }

func given(s Scenario, steps ...Step) Scenario { s.Steps = steps; return s }

var healthies = []Scenario{
	with(healthy("Express 5, jsonwebtoken, dotenv", Express5), func(s *Scenario) { s.Modes = all4 }),
	with(healthy("Express 4, stream-chat, routers", Express4), func(s *Scenario) { s.Modes = all4 }),
	with(healthy("node:http, node-sdk, --env-file", EnvFlag), func(s *Scenario) { s.Modes = all4 }),
	with(healthy("workspace, jose, .env in the root", Jose), func(s *Scenario) { s.Modes = all4 }),
	with(healthy("Next front end, .env.local", Next), func(s *Scenario) { s.Modes = all4 }),
	with(healthy("Python", Python), func(s *Scenario) { s.Modes = all4 }),
	with(healthy("Go", Golang), func(s *Scenario) { s.Modes = all4 }),

	// A: another app's pair is in the project, no one uses it.
	healthy("other pairs in examples, docs and comments", Express5,
		Put("server/.env.example", "STREAM_API_KEY={{K2}}\nSTREAM_API_SECRET={{S2}}\n"), Put("server/.env.production", "STREAM_API_KEY={{K2}}\nSTREAM_API_SECRET={{S2}}\n"),
		Put("README.md", "# App\n\nSet `STREAM_API_SECRET=your_api_secret` and `STREAM_API_KEY={{K2}}`.\n"), Append("server/.env", "# STREAM_API_SECRET={{S2}}\n"),
		Append("stream/src/config/streamConfig.js", "// export const STREAM_API_KEY = '{{K2}}';\n")),
	healthy("placeholders in .env.example", Express4, Put("backend/.env.example", "STREAM_KEY=your_api_key\nSTREAM_SECRET=your_api_secret\n"), Put("client/.env.example", "VITE_STREAM_API_KEY=your_api_key\n")),
	healthy("the same key in several places", Express5, Append("stream/src/App.jsx", "export const KEY = '{{K1}}';\n"), Put("stream/.env", "REACT_APP_STREAM_API_KEY={{K1}}\n")),
	with(healthy("git remembers an older secret", Express5), func(s *Scenario) {
		s.Runtime = "git"
		s.Edits = []Edit{Secret("{{S4}}"), Put(".gitignore", "node_modules\n")}
		s.Steps = []Step{Shell("git", "init", "-q"), Shell("git", "add", "-A"), Shell("git", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "first"), Later(Secret("{{S1}}")), StartAll}
		s.Want = Want{May: []string{}}
	}),
	healthy("a commented-out literal", Express5, Sub("server/streamToken.js", "export function", "// const SECRET = '{{S2}}' // old\n/* jwt.sign({}, '{{S4}}') */\nexport function")),
	healthy("a test with a fake secret", Express4, Put("backend/test/token.test.js", "const { StreamChat } = require('stream-chat');\nconst client = StreamChat.getInstance('{{K2}}', 'test-secret');\ntest('signs', () => client.createToken('x'));\n"),
		Put("backend/src/__tests__/env.js", "process.env.STREAM_SECRET = 'fake-secret-for-tests';\n")),

	// B: the same token again.
	healthy("the token is the same at each call", Express4),
	given(healthy("a given token that still verifies", Express5), StartAll, Give),
	given(healthy("a given token older than the process", Express4), StartAll, Give, Stop("server"), Start("server")),
	given(healthy("a given token without exp from long ago", Jose), StartAll, func(l *Live) error {
		l.given = oracle.Sign(`{"user_id":"test123","iat":1735689600}`, l.Vars["S1"])
		return nil
	}),
	with(given(healthy("a given token from stdin, with the newline of echo", Express5), StartAll, Give), func(s *Scenario) { s.Stdin = true }),
	healthy("ETag and 304", Express5, Sub("server/index.js", "app.get('/',", "app.get('/api/stream/token', (req, res) => res.json({ token: makeToken(String(req.query.userId ?? 'test123')) }))\napp.get('/',")),

	// C: files that changed without a change.
	given(healthy(".env touched after the start", Express5), StartAll, Wait(1100*time.Millisecond), Touch("server/.env")),
	given(healthy(".env reformatted after the start", Express5), StartAll, Wait(1100*time.Millisecond), Later(Secret(`"{{S1}}"`), Append("server/.env", "\n# tidy\n"))),
	given(healthy("another variable changed after the start", Express4), StartAll, Wait(1100*time.Millisecond), Later(Append("backend/.env", "LOG_LEVEL=debug\n"))),
	given(healthy("the code was saved after the start", Jose), StartAll, Wait(1100*time.Millisecond), Touch("apps/api/src/tokens.mjs"), Touch(".env")),
	given(healthy("files of last year", Express5), Age, StartAll),

	// D: who listens.
	healthy("a dual-stack listener", EnvFlag),
	with(healthy("a front end on 3000-like and another app on another port", Express5,
		Put("../other/main.cjs", "require('node:http').createServer((q, s) => s.end('hello')).listen({{PORT2}})")), func(s *Scenario) {
		s.Procs = []Proc{Express5.Procs[0], foreign("localhost:{{PORT2}}")}
	}),
	healthy("one process on both loopback addresses", Express5, Sub("server/index.js", "app.listen(PORT, () => console.log('token server on ' + PORT))", "app.listen(PORT, '127.0.0.1')\napp.listen(PORT, '::1')")),
	healthy("a cluster with one secret", EnvFlag, Sub("server.mjs", "const client = new StreamClient", "import cluster from 'node:cluster'\nif (cluster.isPrimary) { cluster.fork(); cluster.fork() }\nconst client = new StreamClient"), Sub("server.mjs", "createServer(async", "if (cluster.isWorker) createServer(async")),
	with(healthy("npm run dev with node --watch", Express5), func(s *Scenario) {
		s.Procs = on(Express5, func(p *Proc) { p.Cmd = []string{"npm", "run", "dev"} })
	}),
	with(healthy("the project's worker on another port beside", Express5, Put("server/worker.js", "import http from 'node:http'\nhttp.createServer((q, s) => s.end('ok')).listen({{PORT2}})\n")), func(s *Scenario) {
		s.Procs = []Proc{Express5.Procs[0], {Name: "worker", Dir: "server", Cmd: []string{"node", "worker.js"}, Addr: "localhost:{{PORT2}}"}}
	}),

	// E: where a secret may come from.
	with(healthy("the secret comes from the shell, not from .env", Express5, SecretLine("# set in the shell")), func(s *Scenario) {
		s.Procs = on(Express5, func(p *Proc) { p.Env = []string{"STREAM_API_SECRET={{S1}}"} })
	}),
	with(healthy("no .env at all", EnvFlag, Del(".env")), func(s *Scenario) {
		s.Procs = on(EnvFlag, func(p *Proc) {
			p.Cmd, p.Env = []string{"node", "server.mjs"}, []string{"PORT={{PORT}}", "STREAM_API_KEY={{K1}}", "STREAM_API_SECRET={{S1}}"}
		})
	}),
	healthy("the secret is read inside the handler, dotenv comes late", Express5, Sub("server/index.js", "import 'dotenv/config'\n", ""), Sub("server/index.js", "import { makeToken } from './streamToken.js'\n", "import { makeToken } from './streamToken.js'\nimport dotenv from 'dotenv'\n\ndotenv.config()\n")),
	healthy("a fallback that is never reached", Express4, Sub("backend/src/config.js", "secret: process.env.STREAM_SECRET", "secret: process.env.STREAM_SECRET || 'dev-secret'")),
	healthy("a fallback key that is never reached", Express4, Sub("client/src/chat.js", "import.meta.env.VITE_STREAM_API_KEY", "import.meta.env.VITE_STREAM_API_KEY ?? '{{K2}}'")),
	with(healthy("started from the root with dotenv's path", Express5, Sub("server/index.js", "import 'dotenv/config'", "import dotenv from 'dotenv'\ndotenv.config({ path: new URL('./.env', import.meta.url) })")), func(s *Scenario) {
		s.Procs = on(Express5, func(p *Proc) { p.Dir, p.Cmd = ".", []string{"node", "server/index.js"} })
	}),
	healthy("two names with the same secret", Express5, Append("server/.env", "STREAM_SECRET={{S1}}\nSTREAM_KEY={{K1}}\n")),

	// F: what loaders strip.
	healthy("trailing spaces, unquoted", Express5, Secret("{{S1}}   ")),
	healthy("trailing spaces, node --env-file", EnvFlag, Secret("{{S1}}   ")),
	healthy("CRLF", Express5, EnvText(func(t string) string { return strings.ReplaceAll(t, "\n", "\r\n") })),
	healthy("CRLF, node --env-file", EnvFlag, EnvText(func(t string) string { return strings.ReplaceAll(t, "\n", "\r\n") })),
	healthy("double quotes", Express4, Secret(`"{{S1}}"`)),
	healthy("single quotes, node --env-file", EnvFlag, Secret(`'{{S1}}'`)),
	healthy("backticks", Express5, Secret("`{{S1}}`")),
	healthy("a comment after the value", Express5, Secret("{{S1}} # production")),
	healthy("a comment without a space, cut back to the right value", Express5, Secret("{{S1}}#prod")),
	healthy("export in front", Express5, SecretLine("export STREAM_API_SECRET={{S1}}")),
	healthy("a space around the =", Express4, SecretLine("STREAM_SECRET = {{S1}}")),
	healthy("a colon instead of =, dotenv", Express5, SecretLine("STREAM_API_SECRET: {{S1}}")),
	healthy("a BOM before the first name, dotenv", Express5, EnvText(func(t string) string { return "\ufeff" + t })),
	healthy("a BOM before another name, node --env-file", EnvFlag, EnvText(func(t string) string { return "\ufeff# file\n" + t })),
	healthy("a trailing no-break space, dotenv trims it", Express5, Secret("{{S1}}\u00a0")),
	healthy("duplicate lines, the last is right", Express5, SecretLine("STREAM_API_SECRET={{S2}}\nSTREAM_API_SECRET={{S1}}")),
	healthy("duplicate lines with one value", Express4, Append("backend/.env", "STREAM_SECRET={{S1}}\n")),
	healthy("spaces and quotes in other variables", Express5, Append("server/.env", "APP_NAME=\" My App \"\nGREETING='hello '\nMONGO_URI=mongodb://u:p@h/db?x=a#b$c\n")),
	healthy("the code trims it", Express5, Secret(`"{{S1}} "`), Sub("server/streamToken.js", "process.env.STREAM_API_SECRET", "process.env.STREAM_API_SECRET.trim()")),
	healthy("the code decodes what was encoded", Express5, Secret("{{S1.b64}}"), Sub("server/streamToken.js", "process.env.STREAM_API_SECRET", "Buffer.from(process.env.STREAM_API_SECRET, 'base64')")),
}
