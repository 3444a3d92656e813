package scenarios

import "time"

// whoProjects are faults of projects/*.txt: who responds.
var whoProjects = []Scenario{
	down(turbo, "turbo"),
	down(hono, "hono"),
	onPort(fastify, "fastify PORT env", adds("PORT={{PORT2}}")),
	onPort(goapi, "go ADDR in .env", func(p *Proc) {}, Sub("backend/.env", "ADDR=:{{PORT}}", "ADDR=:{{PORT2}}")),
	onPort(mern, "mern PORT in .env, URL from the front end", func(p *Proc) {}, Sub(".env", "PORT={{PORT}}", "PORT={{PORT2}}")),
	with(onPort(hono, "hono vite proxy to the wrong port, no url", func(p *Proc) {}, Sub("server/index.ts", "port: {{PORT}}", "port: {{PORT2}}")), func(s *Scenario) { s.URL = "-" }),
	{Name: "wrong-server: an old checkout of the same go api", Layout: goapi, Edits: []Edit{Put("../other/main.cjs", oldCopy)}, Procs: []Proc{foreign("")}, Truth: Truth{Status: 200, SignedBy: "{{S3}}", Code: 43}, Want: Want{First: "wrong-server"}},
	{Name: "wrong-server: redis-like text protocol", Layout: turbo, Edits: []Edit{Put("../other/main.cjs", `require('node:net').createServer((c) => c.on('data', () => c.end("-ERR unknown command 'POST'\r\n")).on('error', () => {})).listen({{PORT}})`)}, Procs: []Proc{foreign("")}, Truth: Truth{Down: true}, Want: Want{First: "wrong-server"}},
	hangs(koa, "koa await never", Sub("server/app.js", "  ctx.body =", "  return new Promise(() => {})\n  ctx.body =")),
	{Name: "server-family: koa on ::1, URL 127.0.0.1", Layout: koa, URL: "http://127.0.0.1:{{PORT}}/stream/auth", Edits: []Edit{Sub("server/app.js", "app.listen(process.env.PORT || {{PORT}})", "app.listen({ port: {{PORT}}, host: '::1' })")}, Truth: Truth{Down: true}, Want: Want{First: "server-family"}},
	{Name: "server-family: py on 0.0.0.0, front end says ::1", Layout: pyapi, URL: "-", Edits: []Edit{Sub("ui/src/lib/config.ts", "localhost", "[::1]")}, Truth: Truth{}, Want: Want{First: "server-family"}},
	stale(fastify, "fastify npm run dev --watch", Later(Secret("{{S1}}")), Secret("{{S1}}{{S1}}")),
	with(stale(turbo, "turbo tsx watch", Later(Secret("{{S1}}")), Secret("{{S2}}")), func(s *Scenario) {
		s.Procs = on(turbo, cmd("node", "../../node_modules/tsx/dist/cli.mjs", "watch", "--clear-screen=false", "src/server.ts"))
	}),
	with(stale(pm2, "pm2 ecosystem changed", Later(Sub("ecosystem.config.js", "STREAM_API_SECRET: '{{S4}}'", "STREAM_API_SECRET: '{{S1}}'")), Sub("ecosystem.config.js", "STREAM_API_SECRET: '{{S1}}'", "STREAM_API_SECRET: '{{S4}}'")), func(s *Scenario) {
		s.Procs = on(pm2, setEnv("PORT={{PORT}}", "STREAM_API_KEY={{K1}}", "STREAM_API_SECRET={{S4}}"))
	}),
	with(stale(compose, "compose changed, not recreated", Later(Sub("docker-compose.yml", "STREAM_API_SECRET: {{S4}}", "STREAM_API_SECRET: {{S1}}")), Sub("docker-compose.yml", "STREAM_API_SECRET: {{S1}}", "STREAM_API_SECRET: {{S4}}")), func(s *Scenario) {
		s.Procs = on(compose, setEnv("PORT={{PORT}}", "STREAM_API_KEY={{K1}}", "STREAM_API_SECRET={{S4}}"))
	}),
	stale(goapi, "go, sourced .env changed", Later(Secret("{{S1}}")), Secret("{{S4}}")),
	stale(koa, "koa", Later(Secret("{{S1}}")), Secret("{{K1}}")),
	stale(static, "the right line was added after it", Later(Append(".env", "STREAM_SECRET={{S1}}\n")), Secret("{{S4}}")),
	stale(turbo, "literal in a shared package", Later(Put("packages/config/src/secrets.ts", "export const STREAM_SECRET = '{{S1}}';\n")), Put("packages/config/src/secrets.ts", "export const STREAM_SECRET = '{{S4}}';\n"), Sub("apps/api/src/routes/chat.ts", "import { env } from '../env.js';", "import { STREAM_SECRET } from '../../../../packages/config/src/secrets.js';"), Sub("apps/api/src/routes/chat.ts", "secret: env.STREAM_SECRET", "secret: STREAM_SECRET")),
	with(stale(koa, "a secret file was changed", Later(Put("config/stream.key", "{{S1}}")), SecretLine("# file"), Put("config/stream.key", "{{S4}}"), Sub("server/stream.js", "process.env.STREAM_CHAT_SECRET", "require('fs').readFileSync('config/stream.key', 'utf-8').trim()")), func(s *Scenario) { s.Steps = append([]Step{StartAll, AskOnce}, s.Steps[1:]...) }),
	with(stale(mern, "secret was missing, added, not restarted", Later(SecretLine("STREAM_API_SECRET={{S1}}")), SecretLine("STREAM_API_SECRET=")), func(s *Scenario) { s.Truth = Truth{Status: 500}; s.Want.Verdict = "" }),
	with(stale(static, "the file was created after the start", Later(Put(".env", "PORT={{PORT}}\nSTREAM_KEY={{K1}}\nSTREAM_SECRET={{S1}}\n")), Del(".env")), func(s *Scenario) { s.Truth = Truth{Status: 500}; s.Want.Verdict = "" }),
	{Name: "server-stale: env-cmd", Layout: plus(static, "env-cmd"), Edits: []Edit{Del(".env"), Put("dev.env", "STREAM_SECRET={{S4}}\nPORT={{PORT}}\n"), Sub("package.json", `"node server.js"`, `"env-cmd -f dev.env node server.js"`)}, Procs: on(static, cmd("node", "node_modules/env-cmd/bin/env-cmd.js", "-f", "dev.env", "node", "server.js")), Steps: []Step{StartAll, Wait(stalePause), Later(Put("dev.env", "STREAM_SECRET={{S1}}\nPORT={{PORT}}\n"))}, Truth: by("{{S4}}"), Want: Want{First: "server-stale"}},
	{Name: "server-stale: the old process kept the port, the new one died quietly", Layout: mern, Edits: []Edit{Secret("{{S4}}"), Sub("index.js", "app.listen(port, () => console.log(`Server running on port ${port}`));", "app.listen(port).on('error', () => {});\nsetInterval(() => {}, 1e6);")}, Procs: []Proc{mern.Procs[0], {Name: "second", Dir: ".", Cmd: []string{"node", "index.js"}, Addr: "-"}}, Steps: []Step{Start("server"), Wait(stalePause), Later(Secret("{{S1}}")), Start("second"), Wait(800 * time.Millisecond)}, Truth: by("{{S4}}"), Want: Want{First: "server-stale"}},
	{Name: "server-family: localhost, a second server on ::1", Layout: nextapp, URL: "http://localhost:{{PORT}}/api/stream/token", Edits: []Edit{Sub(".next-shim/start.mts", "}).listen({{PORT}})", "}).listen({{PORT}}, '127.0.0.1')"), Put("../other/main.cjs", oldCopy)}, Procs: []Proc{nextapp.Procs[0], {Name: "other", Dir: "../other", Cmd: []string{"node", "main.cjs", "::1"}, Addr: "[::1]:{{PORT}}"}}, Truth: Truth{}, Want: Want{First: "server-family", Or: []string{"wrong-server"}}},
}
