package scenarios

import (
	"slices"
	"time"
)

// oneOnline is for scenarios whose truth is not the pair (K1,S1).
var oneOnline = []Mode{Online}

// on gives the layout's own process with changes.
func on(l Layout, change func(*Proc)) []Proc {
	p := l.Procs[0]
	change(&p)
	return []Proc{p}
}

// plus gives a layout further packages.
func plus(l Layout, packages ...string) Layout {
	l.Packages = append(slices.Clone(l.Packages), packages...)
	return l
}

// foreign is a program beside the project, written by Put("../other/main.cjs", …).
func foreign(addr string) Proc {
	return Proc{Name: "other", Dir: "../other", Cmd: []string{"node", "main.cjs"}, Addr: addr}
}

// oldCopy is yesterday's checkout of the same server, in another folder, on another secret.
const oldCopy = `const http = require('node:http')
const { createHmac } = require('node:crypto')
const b64 = (v) => Buffer.from(JSON.stringify(v)).toString('base64url')
http.createServer((req, res) => {
  let text = ''
  req.on('data', (d) => (text += d)).on('end', () => {
    res.setHeader('Access-Control-Allow-Origin', '*')
    res.setHeader('Access-Control-Allow-Headers', 'Content-Type')
    if (req.method !== 'POST') return res.end()
    const input = b64({ alg: 'HS256', typ: 'JWT' }) + '.' + b64({ user_id: JSON.parse(text).userId })
    res.setHeader('Content-Type', 'application/json')
    res.end(JSON.stringify({ token: input + '.' + createHmac('sha256', '{{S3}}').update(input).digest('base64url') }))
  })
}).listen({{PORT}}, process.argv[2] || '127.0.0.1')
`

var who = []Scenario{
	{Name: "server-down: nothing was started", Layout: Express5, Steps: []Step{Nothing},
		Truth: Truth{Down: true}, Want: Want{First: "server-down"}},
	{Name: "server-down: it crashed", Layout: Express4, Steps: []Step{StartAll, Stop("server")},
		Truth: Truth{Down: true}, Want: Want{First: "server-down"}},
	{Name: "server-down: another language", Layout: Python, Steps: []Step{Nothing},
		Truth: Truth{Down: true}, Want: Want{First: "server-down"}},
	{Name: "server-down: only a front end here", Layout: Front, Steps: []Step{Nothing},
		Truth: Truth{Down: true}, Want: Want{First: "server-down"}},
	{Name: "server-down: no url given, the source names it", Layout: Jose, URL: "-", Steps: []Step{Nothing},
		Truth: Truth{Down: true}, Want: Want{First: "server-down"}},
	{Name: "server-down: no offline help, Stream is down too", Layout: EnvFlag, Steps: []Step{Nothing}, Stream: Stream{Unreachable: true}, Modes: oneOnline,
		Truth: Truth{Down: true}, Want: Want{First: "server-down"}},

	{Name: "server-on-other-port: PORT in the shell", Layout: Express5,
		Procs: on(Express5, func(p *Proc) { p.Env, p.Addr = []string{"PORT={{PORT2}}"}, "localhost:{{PORT2}}" }),
		Truth: Truth{Down: true}, Want: Want{First: "server-on-other-port"}},
	{Name: "server-on-other-port: PORT in .env is not the front end's", Layout: Express5,
		Edits: []Edit{Sub("server/.env", "PORT={{PORT}}", "PORT={{PORT2}}")},
		Procs: on(Express5, func(p *Proc) { p.Addr = "localhost:{{PORT2}}" }),
		Truth: Truth{Down: true}, Want: Want{First: "server-on-other-port"}},
	{Name: "server-on-other-port: CommonJS from the root", Layout: Express4,
		Procs: on(Express4, func(p *Proc) { p.Env, p.Addr = []string{"PORT={{PORT2}}"}, "localhost:{{PORT2}}" }),
		Truth: Truth{Down: true}, Want: Want{First: "server-on-other-port"}},
	{Name: "server-on-other-port: npm run dev in a workspace", Layout: Jose,
		Procs: on(Jose, func(p *Proc) {
			p.Cmd, p.Env, p.Addr = []string{"npm", "run", "dev"}, []string{"API_PORT={{PORT2}}"}, "localhost:{{PORT2}}"
		}),
		Truth: Truth{Down: true}, Want: Want{First: "server-on-other-port"}},

	{Name: "wrong-server: a file server", Layout: Express5, Runtime: "python3",
		Edits: []Edit{Put("../other/index.html", "<h1>files</h1>\n")},
		Procs: []Proc{{Name: "files", Dir: "../other", Cmd: []string{"python3", "-m", "http.server", "{{PORT}}"}}},
		Truth: Truth{Status: 501}, Want: Want{First: "wrong-server"}},
	{Name: "wrong-server: AirPlay's 403", Layout: Express5,
		Edits: []Edit{Put("../other/main.cjs", `require('node:http').createServer((q, s) => { s.writeHead(403, { Server: 'AirTunes/870.14.1', 'Content-Length': 0 }); s.end() }).listen({{PORT}})`)},
		Procs: []Proc{foreign("")},
		Truth: Truth{Status: 403}, Want: Want{First: "wrong-server"}},
	{Name: "wrong-server: another project's API, the own server swallowed EADDRINUSE", Layout: Express4,
		Edits: []Edit{
			Put("../other/main.cjs", `require('node:http').createServer((q, s) => { s.writeHead(404, { 'Content-Type': 'application/json' }); s.end('{"detail":"Not Found"}') }).listen({{PORT}})`),
			Sub("backend/src/server.js", "app.listen(port, function () {\n  console.log('listening on', port);\n});", "app.listen(port).on('error', () => {});\nsetInterval(() => {}, 60000);"),
		},
		Procs: []Proc{foreign(""), on(Express4, func(p *Proc) { p.Addr = "-" })[0]},
		Steps: []Step{StartAll, Wait(700 * time.Millisecond)},
		Truth: Truth{Status: 404}, Want: Want{First: "wrong-server"}},
	{Name: "wrong-server: yesterday's copy in another folder", Layout: Express5,
		Edits: []Edit{Put("../other/main.cjs", oldCopy)}, Procs: []Proc{foreign("")},
		Truth: Truth{Status: 200, SignedBy: "{{S3}}", Code: 43}, Want: Want{First: "wrong-server"}},
	{Name: "wrong-server: the front end's dev server of another project", Layout: Jose,
		Edits: []Edit{Put("../other/main.cjs", `require('node:http').createServer((q, s) => { s.writeHead(200, { 'Content-Type': 'text/html' }); s.end('<!doctype html><div id="root"></div><script type="module" src="/@vite/client"></script>') }).listen({{PORT}})`)},
		Procs: []Proc{foreign("")},
		Truth: Truth{Status: 200, Body: "<!doctype"}, Want: Want{First: "wrong-server", Or: []string{"endpoint-html"}}},

	{Name: "server-hangs: the handler never responds", Layout: Express5, Args: []string{"--timeout", "5s"},
		Edits: []Edit{Sub("server/index.js", "res.json({ token, userId })", "setTimeout(() => {}, 1e9)")},
		Truth: Truth{Down: true}, Want: Want{First: "server-hangs"}},
	{Name: "server-hangs: it accepts and says nothing", Layout: EnvFlag, Args: []string{"--timeout", "5s"},
		Edits: []Edit{Put("server.mjs", "import net from 'node:net'\nnet.createServer(() => {}).listen(process.env.PORT)\n")},
		Truth: Truth{Down: true}, Want: Want{First: "server-hangs"}},
	{Name: "server-hangs: a middleware forgets next()", Layout: Express4, Args: []string{"--timeout", "5s"},
		Edits: []Edit{Sub("backend/src/server.js", "app.use(express.json());", "app.use(express.json());\napp.use((req, res, next) => { if (req.method === 'OPTIONS' || req.method === 'GET') next(); });")},
		Truth: Truth{Down: true}, Want: Want{First: "server-hangs"}},

	{Name: "server-family: the URL says ::1, it listens on 127.0.0.1", Layout: Next, URL: "http://[::1]:{{PORT}}/api/stream/token",
		Truth: Truth{Down: true}, Want: Want{First: "server-family"}},
	{Name: "server-family: the URL says 127.0.0.1, it listens on ::1", Layout: Express5, URL: "http://127.0.0.1:{{PORT}}/api/stream/token",
		Edits: []Edit{Sub("server/index.js", "app.listen(PORT, ()", "app.listen(PORT, '::1', ()")},
		Truth: Truth{Down: true}, Want: Want{First: "server-family"}},
	{Name: "server-family: an old server on ::1 responds instead", Layout: Next, URL: "http://[::1]:{{PORT}}/api/stream/token",
		Edits: []Edit{Put("../other/main.cjs", oldCopy)},
		Procs: []Proc{Next.Procs[0], {Name: "other", Dir: "../other", Cmd: []string{"node", "main.cjs", "::1"}, Addr: "[::1]:{{PORT}}"}},
		Truth: Truth{Status: 200, SignedBy: "{{S3}}", Code: 43}, Want: Want{First: "server-family", Or: []string{"wrong-server"}}},

	{Name: "server-stale: the secret was changed, not restarted", Layout: Express5,
		Edits: []Edit{Secret("{{S2}}")}, Steps: []Step{StartAll, Wait(1100 * time.Millisecond), Later(Secret("{{S1}}"))},
		Truth: Truth{SignedBy: "{{S2}}", Code: 43}, Want: Want{First: "server-stale", Verdict: "rejected"}},
	{Name: "server-stale: an unknown old secret, changed at once", Layout: Express4,
		Edits: []Edit{Secret("{{S4}}")}, Steps: []Step{Age, StartAll, Later(Secret("{{S1}}"))},
		Truth: Truth{SignedBy: "{{S4}}", Code: 43}, Want: Want{First: "server-stale"}},
	{Name: "server-stale: the space was removed, not restarted", Layout: Express5,
		Edits: []Edit{Secret(`"{{S1}} "`)}, Steps: []Step{StartAll, Wait(1100 * time.Millisecond), Later(Secret(`"{{S1}}"`))},
		Truth: Truth{SignedBy: "{{S1}} ", Code: 43}, Want: Want{First: "server-stale", Verdict: "rejected"}},
	{Name: "server-stale: node --watch --env-file restarts with the old value", Layout: EnvFlag,
		Procs: on(EnvFlag, func(p *Proc) { p.Cmd = []string{"node", "--watch", "--env-file=.env", "server.mjs"} }),
		Edits: []Edit{Secret("{{S2}}")},
		Steps: []Step{StartAll, Wait(1100 * time.Millisecond), Later(Secret("{{S1}}")), Later(Append("server.mjs", "// saved again\n")), Wait(1500 * time.Millisecond)},
		Truth: Truth{SignedBy: "{{S2}}", Code: 43}, Want: Want{First: "server-stale"}},
	{Name: "server-stale: key and secret moved to a new app", Layout: Express5, Modes: oneOnline,
		Steps: []Step{StartAll, Wait(1100 * time.Millisecond), Later(Key("{{K2}}"), Secret("{{S2}}"), FrontKey("{{K2}}"))},
		Truth: Truth{SignedBy: "{{S1}}", Code: 43, Key: "{{K2}}"}, Want: Want{First: "server-stale"}},
	{Name: "server-stale: npm run dev watches code only", Layout: Express5,
		Procs: on(Express5, func(p *Proc) { p.Cmd = []string{"npm", "run", "dev"} }),
		Edits: []Edit{Secret("{{S1.cut}}")}, Steps: []Step{StartAll, Wait(1100 * time.Millisecond), Later(Secret("{{S1}}"))},
		Truth: Truth{SignedBy: "{{S1.cut}}", Code: 43}, Want: Want{First: "server-stale"}},
	{Name: "server-stale: nodemon does not watch .env", Layout: plus(Express5, "nodemon"),
		Procs: on(Express5, func(p *Proc) { p.Cmd = []string{"node", "node_modules/nodemon/bin/nodemon.js", "-q", "index.js"} }),
		Edits: []Edit{Secret("{{S2}}")}, Steps: []Step{StartAll, Wait(1100 * time.Millisecond), Later(Secret("{{S1}}"))},
		Truth: Truth{SignedBy: "{{S2}}", Code: 43}, Want: Want{First: "server-stale"}},
	{Name: "server-stale: another language", Layout: Python,
		Edits: []Edit{Secret("{{S2}}")}, Steps: []Step{StartAll, Wait(1100 * time.Millisecond), Later(Secret("{{S1}}"))},
		Truth: Truth{SignedBy: "{{S2}}", Code: 43}, Want: Want{First: "server-stale"}},
	{Name: "server-stale: a literal in the code was changed", Layout: EnvFlag,
		Edits: []Edit{Sub("server.mjs", "process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)", "'{{K1}}', '{{S4}}')"), SecretLine("# the secret stands in server.mjs")},
		Steps: []Step{StartAll, Wait(1100 * time.Millisecond), Later(Sub("server.mjs", "{{S4}}", "{{S1}}"))},
		Truth: Truth{SignedBy: "{{S4}}", Code: 43}, Want: Want{First: "server-stale"}},
	{Name: "server-stale: the line was commented out and another added", Layout: Jose,
		Edits: []Edit{Secret(`"{{S2}}"`)}, Steps: []Step{StartAll, Wait(1100 * time.Millisecond), Later(SecretLine("# GETSTREAM_API_SECRET=\"{{S2}}\"\nGETSTREAM_API_SECRET=\"{{S1}}\""))},
		Truth: Truth{SignedBy: "{{S2}}", Code: 43}, Want: Want{First: "server-stale"}},
}
