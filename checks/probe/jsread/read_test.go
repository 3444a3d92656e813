package jsread

import (
	"slices"
	"strings"
	"testing"
)

// cases state what must (and, after a "-", what must not) be among the
// lines of a module. lost says that the source can't be followed to its end.
var cases = []struct {
	name, file, src string
	want            []string
	lost            bool
}{
	// ---- environment
	{"fallback chain", "a.js", "const s = process.env.A || process.env['B'] || `c`",
		[]string{`1 const s = either||($A, $B, "c")`, "1 read $A", "1 read $B"}, false},
	{"every way to the environment", "a.ts",
		"const a = process?.env?.A; const b = import.meta.env.B; const c = Deno.env.get('C')!; const d = Bun.env.D; const e = globalThis.process.env.E; const f = process.env[`F`]",
		[]string{"1 const a = $A", "1 const b = $meta.B", "1 const c = wrap[!]($C)", "1 const d = $D", "1 const e = $E", "1 const f = $F"}, false},
	{"destructured, renamed, with a default", "a.js", "const { STREAM_API_SECRET: secret = 'x', PORT, ...rest } = process.env;\nuse(rest.OTHER)",
		[]string{`1 const secret = either=($STREAM_API_SECRET, "x")`, "1 const PORT = $PORT", "2 read $OTHER"}, false},
	{"destructured import.meta.env", "a.ts", "const { VITE_STREAM_API_KEY: key }: ImportMetaEnv = import.meta.env", []string{"1 const key = $meta.VITE_STREAM_API_KEY"}, false},
	{"an alias of the environment", "a.js", "const env = process.env;\nconst { env: e2 } = process;\nconst a = env.A, b = e2.B", []string{"3 const a = $A", "3 const b = $B"}, false},
	{"an imported environment", "a.mjs", "import { env } from 'node:process'\nconst a = env.A", []string{"2 const a = $A"}, false},
	{"a parameter called env is not it", "a.js", "const env = process.env;\nfunction f(env) { return env.A }\nexport default { fetch(req, env) { return env.B } }",
		[]string{"-2 read $A", "-3 read $B"}, false},
	{"SvelteKit's modules", "a.ts", "import { STREAM_API_SECRET } from '$env/static/private';\nimport { env as e } from '$env/dynamic/public';\nconst k = e.PUBLIC_STREAM_KEY",
		[]string{"1 const STREAM_API_SECRET = $STREAM_API_SECRET", "3 const k = $PUBLIC_STREAM_KEY"}, false},
	{"Vite's loadEnv", "vite.config.ts", "const env = loadEnv(mode, process.cwd(), '')\nconst k = env.STREAM_API_KEY", []string{"2 const k = $STREAM_API_KEY"}, false},
	{"dotenv's result", "a.js", "const { parsed } = require('dotenv').config();\nconst env = dotenv.config().parsed;\nconst k = env.A_B", []string{"3 const k = $A_B"}, false},
	{"a helper that reads it", "a.ts", "const s = requireEnv('STREAM_API_SECRET');\nconst k = this.configService.get<string>('STREAM_API_KEY', 'dflt');\nconst p = config.get('PORT')",
		[]string{"1 const s = wrap[requireEnv]($STREAM_API_SECRET)", `2 const k = wrap[this.configService.get](either??($STREAM_API_KEY, "dflt"))`, `3 const p = call config.get("PORT")`}, false},
	{"written, not read", "a.js", "process.env.A = 'x'; process.env.B ||= 'y'; delete process.env.C",
		[]string{"-1 read $A", `1 field process.env.A = "x"`, "1 read $B", `1 field process.env.B = either||($B, "y")`}, false},
	{"an index that isn't a literal", "a.js", "const v = process.env[name]", []string{"1 const v = other[[]](process.env, name)"}, false},

	// ---- values
	{"concatenation and holes", "a.js", "const u = 'http://localhost:' + PORT + '/api' + `/x/${id}y`", []string{`1 const u = template("http://localhost:", PORT, "/api", template("/x/", id, "y"))`}, false},
	{"literals joined", "a.js", "const s = 'abc' + \"def\" + `ghi`", []string{`1 const s = "abcdefghi"`}, false},
	{"nested templates", "a.js", "const s = `a${`b${c}d${`e`}`}f`", []string{`1 const s = template("ab", c, "def")`}, false},
	{"a hole with braces, quotes and a comment", "a.js", "const s = `x${ f({ a: '}' }) /* } ` */ }y`; const t = 1", []string{`1 const s = template("x", call f({a: "}"}), "y")`, "1 const t = 1"}, false},
	{"escapes", "a.js", `const s = 'a\x41\u{1F600}\uD83D\uDE00\u0042\'\n\
z\0\101'`, []string{`1 const s = "aA😀😀B'\nz\x00A"`}, false},
	{"a lone surrogate", "a.js", `const s = '\uD800x'`, []string{"1 const s = \"\uFFFDx\""}, false},
	{"a template's newlines", "a.js", "const s = `a\r\nb`; const n = 1", []string{`1 const s = "a\nb"`, "2 const n = 1"}, false},
	{"ternary, also many", "a.js", "const s = x ? 'a' : process.env.X ? 'b' : `c`", []string{`1 const s = either?:("a", "b", "c")`, "1 read $X"}, false},
	{"and", "a.js", "const s = process.env.X && process.env.X.trim()", []string{"1 const s = either&&(wrap[trim]($X))"}, false},
	{"wrappings", "a.ts", "const a = String(process.env.A).trim()!; const b = (process.env.B as string); const c = <string>process.env.C; const d = process.env.D satisfies string; const e = Buffer.from(secret, 'base64').toString('utf8'); const f = +process.env.PORT",
		[]string{"1 const a = wrap[!](wrap[trim](wrap[String]($A)))", "1 const b = wrap[as]($B)", "1 const c = $C", "1 const d = $D", `1 const e = wrap[toString](wrap[Buffer.from](secret, "base64"), "utf8")`, "1 const f = wrap[+]($PORT)"}, false},
	{"encoders", "a.js", "const k = new TextEncoder().encode(s), l = encoder.encode(s), m = jwt.encode(p, s)",
		[]string{"1 const k = wrap[TextEncoder.encode](s)", "1 const l = wrap[TextEncoder.encode](s)", "1 const m = call jwt.encode(p, s)", "1 call jwt.encode(p, s)"}, false},
	{"await and parentheses leave no trace", "a.js", "const t = await ((fetchToken(a)))", []string{"1 const t = call fetchToken(a)"}, false},
	{"numbers", "a.js", "const a = 3_001, b = 0x10, c = 1e3, d = -5, e = 10n, f = 1..toFixed(), g = .5", []string{"1 const a = 3001", "1 const b = 0x10", "1 const c = 1e3", "1 const d = -5", "1 const e = 10n", "1 const g = .5"}, false},
	{"a choice between environments: the developer's first", "a.js", "const k = import.meta.env.PROD ? 'a' : 'b', l = process.env.NODE_ENV === 'production' ? 'a' : process.env.NODE_ENV == 'staging' ? 'b' : 'c', m = isDev ? 'a' : 'b'",
		[]string{`1 const k = either?dev("b", "a")`, `1 const l = either?dev("c", "a", "b")`, `1 const m = either?dev("a", "b")`, "1 read $meta.PROD", "1 read $NODE_ENV", "1 read $NODE_ENV"}, false},
	{"join of a module required on the spot", "a.js", "const f = require('path').join(__dirname, '.env')", []string{"1 import path {}", `1 const f = call require('path').join(__dirname, ".env") on call require("path")`}, false},
	{"x ? x : y is x || y", "a.js", "const k = process.env.K ? process.env.K : 'b'", []string{`1 const k = either||($K, "b")`, "1 read $K", "1 read $K"}, false},
	{"assigned later", "a.js", "let s, t = 'a';\ns = process.env.S;\nif (x) t = 'b'", []string{"2 const s = $S", `3 const t = either?:("a", "b")`}, false},
	{"declared without a value", "a.js", "let s\nfor (const x of xs) {}", []string{"1 const s = undefined", "2 const x = other[each](xs)"}, false},
	{"a member of what isn't a path", "a.js", "const { token } = await res.json(); const k = f().key", []string{"1 const token = wrap[.token](call res.json())", "1 const k = wrap[.key](call f())"}, false},
	{"destructured from a name", "a.js", "const { stream: { apiKey = 'd' }, port } = config", []string{`1 const apiKey = either=(config.stream.apiKey, "d")`, "1 const port = config.port"}, false},
	{"enum", "a.ts", "export enum Keys { Stream = 'abc', Other = `d` }\nconst enum Q { A = 1 }", []string{`1 const Keys = {Stream: "abc", Other: "d"}`, `1 export Keys = {Stream: "abc", Other: "d"}`, "2 const Q = {A: 1}"}, false},
	{"an object with all it may hold", "a.js", "const o = { a, 'b-c': 1, [k]: 2, ['d']: 3, 4: 5, ...rest, get e() { return 1 }, async *f() {}, async g() {}, get: 6, async: 7, h: () => ({}) }",
		[]string{"1 const o = {a: a, b-c: 1, []: 2, d: 3, 4: 5, : rest, e: func e, f: func f, g: func g, get: 6, async: 7, h: func h}"}, false},

	// ---- modules
	{"imports", "a.mjs", "import 'dotenv/config'\nimport a, { b as c, default as d } from 'x'\nimport * as e from \"y\"\nimport f, * as g from 'z'\nimport j from './j.json' with { type: 'json' }",
		[]string{"1 import dotenv/config {}", "2 import x {a=default c=b d=default}", "3 import y {e=*}", "4 import z {f=default g=*}", "5 import ./j.json {j=default}"}, false},
	{"types aren't imports", "a.ts", "import type { A } from 'a'\nimport { type B, c } from 'b'\nimport type D from 'd'\nimport type, { e } from 'e'\nimport x = require('f')\nexport type { G } from 'g'",
		[]string{"-1 import a {A=A}", "2 import b {c=c}", "-3 import d {D=default}", "4 import e {e=e type=default}", "5 import f {x=*}", "-6 import g {G=G}"}, false},
	{"requires", "a.js", "const a = require('a'), { b: c, d = 1 } = require('b');\nconst e = require('e').default;\nrequire('f');\nconst g = require(`g`)(app);\nconst { h } = require('i').j",
		[]string{"1 import a {a=*}", "1 import b {c=b d=d}", "2 import e {e=default}", "3 import f {}", "4 import g {}", "4 const g = call require('g')(app) on call require(\"g\")", "5 import i {h=j.h}"}, false},
	{"dynamic imports", "a.js", "const { StreamChat } = await import('stream-chat');\nimport('./b').then(m => m.c());\nconst d = (await import('d')).default;\nimport(name)",
		[]string{"1 import stream-chat {StreamChat=StreamChat}", "2 import ./b {}", "3 import d {d=default}"}, false},
	{"exports", "a.mjs", "export const a = 'x', b = process.env.B\nexport function f() {}\nexport async function POST(req) {}\nexport class C {}\nexport default async (req) => {}\nconst q = 1\nexport { q, q as r }",
		[]string{`1 export a = "x"`, "1 export b = $B", "2 export f = func f", "3 export POST = func POST", "4 export C = func C", "5 export default = func default", "7 export q = q", "7 export r = q"}, false},
	{"re-exports", "a.ts", "export * from './a'\nexport * as ns from './b'\nexport { c, d as e, default } from './c'",
		[]string{"1 import ./a {*=*}", "2 import ./b {export ns=*}", "2 export ns = export ns", "3 import ./c {export c=c export default=default export e=d}", "3 export e = export e"}, false},
	{"module.exports", "a.js", "module.exports = { key: 'a', secret: process.env.S, f() {} }\nmodule.exports.g = 'h'\nexports.i = 1",
		[]string{`1 export key = "a"`, "1 export secret = $S", "1 export f = func f", `2 export g = "h"`, "3 export i = 1", `1 field exports.key = "a"`}, false},
	{"an exported object's fields", "a.ts", "export default { server: { port: 5173, proxy: { '/api': { target: 'http://localhost:3001' } } } } satisfies Config",
		[]string{`1 field default.server.proxy./api.target = "http://localhost:3001"`, "1 field default.server.port = 5173"}, false},
	{"export assignment", "a.ts", "export = { apiKey: 'k' }", []string{`1 export default = {apiKey: "k"}`}, false},

	// ---- calls
	{"construction and chain", "a.ts", "const t = await new jose.SignJWT({ user_id: id }).setProtectedHeader({ alg: 'HS256' }).setIssuedAt().sign(new TextEncoder().encode(process.env.S!))",
		[]string{"1 call new jose.SignJWT({user_id: id})", `1 call new jose.SignJWT().setProtectedHeader({alg: "HS256"})`, "1 call new jose.SignJWT().setProtectedHeader().setIssuedAt().sign(wrap[TextEncoder.encode](wrap[!]($S)))"}, false},
	{"what a method is called on", "a.js", "const t = StreamChat.getInstance(k, s).createToken(id)",
		[]string{"1 const t = call StreamChat.getInstance().createToken(id) on call StreamChat.getInstance(k, s)", "1 call StreamChat.getInstance(k, s)"}, false},
	{"optional calls and type arguments", "a.ts", "const c = StreamChat.getInstance<Map<string, Array<X>>>(k, s); client?.connectUser?.({ id }, t); new StreamClient<T>(k, s, { timeout: 3000 })",
		[]string{"1 call StreamChat.getInstance(k, s)", "1 call client.connectUser({id: id}, t)", "1 call new StreamClient(k, s, {timeout: 3000})"}, false},
	{"less than and greater than aren't type arguments", "a.js", "const a = i < n && j > (k), b = f(x < y, z > (w))", []string{"1 const b = call f(other[<](x, y), other[>](z, w))"}, false},
	{"the function around", "a.js", "function outer() { const inner = async () => { jwt.sign(a, b) }; class K { m() { x.createToken(1) } } }\napp.get('/t', (q, r) => r.json({ token: jwt.sign(c, d) }))\nconst handler = wrap(async () => { client.createToken(2) })\nmodule.exports.later = function () { client.createToken(3) }",
		[]string{"1 call jwt.sign(a, b) in inner", "1 call x.createToken(1) in m", "2 call jwt.sign(c, d)", "3 call client.createToken(2) in handler", "4 call client.createToken(3) in later"}, false},
	{"routes", "a.js", "app.post('/api/stream/token', auth, async (req, res) => {});\nrouter.route('/t').get(h).post(g)\napp.use('/api', router)\napp.use(express.json({ limit: '1mb' }))\napp.listen(process.env.PORT || 3001, () => {})",
		[]string{`1 call app.post("/api/stream/token", auth, func )`, "2 call router.route().get(h)", "2 call router.route().get().post(g)", `3 call app.use("/api", router)`, `4 call express.json({limit: "1mb"})`, "5 call app.listen(either||($PORT, 3001), func )"}, false},
	{"fetch and its options", "a.js", "fetch(`${API}/token`, { method: 'POST', credentials: 'include', headers: { Authorization: `Bearer ${t}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ userId, userName: n }) })",
		[]string{`1 call fetch(template(API, "/token"), {method: "POST", credentials: "include", headers: {Authorization: template("Bearer ", t), Content-Type: "application/json"}, body: wrap[JSON.stringify]({userId: userId, userName: n})})`}, false},
	{"axios", "a.js", "const api = axios.create({ baseURL: 'http://x' }); api.post('/token', { user_id: id }); axios({ url: '/t' })",
		[]string{`1 call axios.create({baseURL: "http://x"})`, `1 call api.post("/token", {user_id: id})`, `1 call axios({url: "/t"})`}, false},
	{"the project's own functions", "a.js", "const app = createTokenServer({ secret: process.env.S }); helper(process.env.T); helper2(x)",
		[]string{"1 call createTokenServer({secret: $S})", "1 call helper($T)", "-1 call helper2(x)"}, false},
	{"rounding of the clock", "a.js", "const iat = Math.round(Date.now() / 1000), other = Math.round(x)", []string{"1 call Math.round(other[/](call Date.now(), 1000))", "-1 call Math.round(x)"}, false},
	{"decorators", "a.ts", "@Controller('stream')\nexport class C { constructor(private readonly s: S, @Inject('k') k?: string) {}\n@Post('token') @UseGuards(G)\nasync token(@Body() dto: Dto): Promise<{ token: string }> { return { token: this.client.createToken(dto.userId) } } }",
		[]string{`1 call Controller("stream")`, `3 call Post("token") in C`, "4 call this.client.createToken(dto.userId) in token"}, false},
	{"immediately called", "a.js", "(async () => { app.listen(3001) })();\n!function () { app.listen(3002) }()\n;(function main() { app.listen(3003) })()",
		[]string{"1 call app.listen(3001)", "2 call app.listen(3002)", "3 call app.listen(3003) in main"}, false},
	{"in every kind of statement", "a.js", "if (jwt.sign(1)) jwt.sign(2); else jwt.sign(3)\nfor (const a of jwt.sign(4)) jwt.sign(5)\nwhile (jwt.sign(6)) { jwt.sign(7) }\nswitch (jwt.sign(8)) { case jwt.sign(9): jwt.sign(10); default: jwt.sign(11) }\ntry { jwt.sign(12) } catch (e) { jwt.sign(13) } finally { jwt.sign(14) }\nlabel: jwt.sign(15)\ndo { jwt.sign(16) } while (jwt.sign(17))\nfunction* g() { yield jwt.sign(18) }\nthrow jwt.sign(19)",
		[]string{"1 call jwt.sign(1)", "1 call jwt.sign(2)", "1 call jwt.sign(3)", "2 call jwt.sign(4)", "2 call jwt.sign(5)", "3 call jwt.sign(6)", "3 call jwt.sign(7)", "4 call jwt.sign(8)", "4 call jwt.sign(9)", "4 call jwt.sign(10)", "4 call jwt.sign(11)",
			"5 call jwt.sign(12)", "5 call jwt.sign(13)", "5 call jwt.sign(14)", "6 call jwt.sign(15)", "7 call jwt.sign(16)", "7 call jwt.sign(17)", "8 call jwt.sign(18) in g", "9 call jwt.sign(19)"}, false},
	{"defaults of parameters", "a.js", "function f(secret = process.env.S, { port = process.env.P || 1 } = {}) {}", []string{"1 read $S", "1 read $P"}, false},
	{"a returned object", "a.js", "function cfg() { return {\n apiKey: process.env.K, get(x) { return x } } }", []string{"2 field .apiKey = $K", "-2 call get(x)"}, false},

	// ---- fields
	{"fields of a variable", "a.js", "const config = { stream: { apiKey: 'k', nested: { secret: process.env.S } }, title: 'no' }",
		[]string{`1 field config.stream.apiKey = "k"`, "1 field config.stream.nested.secret = $S", "-1 field config.title = \"no\""}, false},
	{"class fields and assignments", "a.ts", "class A { private secret: string = process.env.S!; static apiKey = 'k'; #token = 'x'; constructor() { this.url = '/t'; axios.defaults.baseURL = 'http://b' } }",
		[]string{"1 field this.secret = wrap[!]($S)", `1 field this.apiKey = "k"`, `1 field this.#token = "x"`, `1 field this.url = "/t"`, `1 field axios.defaults.baseURL = "http://b"`}, false},
	{"attributes", "a.jsx", "const a = <StreamVideo apiKey=\"a&amp;b\" token={process.env.T} client={c} key={i} user={{ id: 'x' }} {...rest}>text</StreamVideo>",
		[]string{`1 field StreamVideo.apiKey = "a&b"`, "1 field StreamVideo.token = $T", `1 field StreamVideo.user = {id: "x"}`, "-1 field StreamVideo.key = i"}, false},

	// ---- what isn't code
	{"comments are comments", "a.js", "// const s = 'old-secret'\n/* process.env.A\n jwt.sign(p, 'x') */ const b = 1 // STREAM_API_KEY = 'k'\n<!-- secret = 'html'\n/** @param {string} x */",
		[]string{"-2 read $A", "3 const b = 1", `1 comment "const s = 'old-secret'"`, `2 comment "process.env.A\n jwt.sign(p, 'x')"`, `3 comment "STREAM_API_KEY = 'k'"`, `4 comment "secret = 'html'"`}, false},
	{"a hashbang and a byte order mark", "a.js", "\uFEFF#!/usr/bin/env node 'quote\nconst a = 1", []string{"2 const a = 1"}, false},
	{"regular expressions", "a.js", "const a = /['\"`]/g.test(x), b = /[/'\"]/; const c = x / y / z; if (ok) /`'/.exec(s); const d = a ? /\\/'/ : 1; return /'/\nfoo(/`/)\nx = y++ / 2; z = '/'\nconst e = (1 + 2) / 3, f = arr[0] / 4 /g",
		[]string{"1 const b = other[/[/'\"]/]", "1 const c = other[/](x, y, z)", "4 const f = other[/](other[[]](arr, 0), 4, g)"}, false},
	{"line counting", "a.js", "a\r\nb\rc\n/*\n\n*/`\n\n${x}\n`;'\\\n';process.env.X", []string{"10 read $X"}, false},
	{"semicolons left out", "a.js", "const a = 'x'\nconst b = process.env.B\nfoo()\n;[1].forEach(f)\nlet c = a\n++c\nconst d = `y`", []string{`1 const a = "x"`, "2 const b = $B", "5 const c = a", `7 const d = "y"`}, false},

	// ---- JSX
	{"apostrophes in text", "a.jsx", "const A = () => <p className='it\"s'>Don't {name}'s \"quote `tick // no comment /* nor this</p>;\nconst s = process.env.S",
		[]string{"2 const s = $S", "1 const A = func A"}, false},
	{"elements in elements, fragments, conditions", "a.tsx", "function A() { return (\n<>\n<B.C x:y=\"1\" d-e>{a ? <i>it's</i> : \"no\"}{/* it's */}{list.map(x => <li key={x}>{`it's ${x}`}</li>)}<br/></B.C>\n</>\n) }\nconst s = process.env.S",
		[]string{"6 const s = $S"}, false},
	{"a call in an attribute", "a.tsx", "const A = <button onClick={async () => { await fetch('/token', { method: 'POST' }) }}>Let's go</button>", []string{`1 call fetch("/token", {method: "POST"}) in A`}, false},
	{"multi-line attribute strings", "a.jsx", "const A = <a title=\"it\n's\" token='x'>y</a>\nconst b = 1", []string{"3 const b = 1", `2 field a.token = "x"`}, false},
	{"comparisons aren't elements", "a.js", "if (a < b) { c = d <e; f = (g)<h } const s = 'x'; for (let i = 0; i <n; i++) {}", []string{`1 const s = "x"`}, false},
	{"type parameters aren't elements", "a.tsx", "const f = <T,>(x: T) => x; const g = <T extends object>(x: T) => x; const h = async <K, V>(m: Map<K, V>) => m\ntype F = <T>(x: T) => Promise<T>\ninterface I { <Q>(x: Q): Q; m: <TData>(x: TData) => void }\nconst s = \"it's\"",
		[]string{"1 const f = func f", "1 const g = func g", "1 const h = func h", `4 const s = "it's"`}, false},
	{"an element that is never closed", "a.jsx", "const s = process.env.S\nconst A = <div>\nconst t = process.env.T", []string{"1 const s = $S", "3 const t = $T"}, false},
	{"a tag left open inside", "a.jsx", "const A = <div><p>it's</div>\nconst t = process.env.T", []string{"2 const t = $T"}, true},
	{"casts in TypeScript", "a.ts", "const s = <string>process.env.S; const t = <Foo<Bar>>x; const u = \"it's\"", []string{"1 const s = $S", `1 const u = "it's"`}, false},

	// ---- TypeScript
	{"types aren't values", "a.ts", "type A = { sign(p: string): string; key: 'literal' } | `x${string}`\ninterface B extends C<D> { createToken(id: string): string }\ndeclare module 'x' { export function connect(k: string): void }\nabstract class E { abstract sign(x: string): void }\nfunction f(x: { key: 'k' } = y): asserts x is Z {}\nconst s: Record<string, () => void> = t",
		[]string{"6 const s = t", "-1 call sign(p)", "-2 call createToken(id)"}, false},
	{"conditional and mapped types", "a.ts", "type A<T> = T extends (infer U)[] ? { [K in keyof U]: U[K] } : never\nconst a = x as unknown as { b: string }[]\nconst s = process.env.S", []string{"3 const s = $S", "2 const a = wrap[as](wrap[as](x))"}, false},
	{"return types of arrows", "a.ts", "const f = async (x: string): Promise<Array<string>> => { return process.env.F! }; const g = a ? (b) : c => d", []string{"1 read $F", "1 const f = func f", "1 const g = either?:(b, func )"}, false},
	{"overloads and this", "a.ts", "export function f(a: string): void\nexport function f(this: X, a?: any) { jwt.sign(a, k) }", []string{"2 call jwt.sign(a, k) in f"}, false},
	{"namespaces", "a.ts", "namespace N { export const apiKey = 'k' }\ndeclare global { interface Window { x: string } }", []string{`1 export apiKey = "k"`}, false},

	// ---- formats
	{"Vue", "A.vue", "<template>\n<p v-if=\"a < b\">Don't</p>\n</template>\n<script setup lang=\"ts\">\nconst k: string = import.meta.env.VITE_STREAM_API_KEY\n</script>\n<style>a{content:'x}</style>\n<script>\nexport default { data() { return { apiKey: 'k' } } }\n</script>",
		[]string{"5 const k = $meta.VITE_STREAM_API_KEY", `9 field .apiKey = "k"`}, false},
	{"Svelte", "A.svelte", "<!-- <script>const no = 1</script> -->\n<script context=\"module\">\nexport const a = 1\n</script>\n{#if x}it's{/if}\n<SCRIPT >\nconst b = '</p>'\n</SCRIPT>", []string{"3 const a = 1", `7 const b = "</p>"`, "-1 const no = 1"}, false},
	{"HTML", "index.html", "<html>it's<script src=x></script><script>fetch('/token')</script>", []string{`1 call fetch("/token")`}, false},
	{"Astro", "A.astro", "---\nconst k = import.meta.env.STREAM_API_KEY\n---\n<p>it's {k}</p>\n<script>const t = 1</script>", []string{"2 const k = $meta.STREAM_API_KEY", "5 const t = 1"}, false},

	// ---- broken strings: the rest is still read
	{"an unterminated text", "a.js", "const a = 'x\nconst b = process.env.B", []string{"2 const b = $B"}, true},
	{"an unterminated template", "a.js", "const a = 1\nconst b = `x\nconst c = process.env.C", []string{"1 const a = 1", "3 const c = $C"}, true},
	{"an unterminated comment hides the rest", "a.js", "const a = 1 /* process.env.S = jwt.sign(\nconst b = process.env.B", []string{"1 const a = 1", "-2 read $B"}, true},
	{"brackets left open", "a.js", "function f() { if (x { jwt.sign(a, b) }\nconst c = process.env.C", []string{"1 call jwt.sign(a, b) in f", "2 read $C"}, true},
	{"stray brackets", "a.js", "}) ] const a = process.env.A }", []string{"1 const a = $A"}, true},
	{"characters of no language", "a.js", "const a = 1 \x00 \\ # \x01 § const b = process.env.B", []string{"1 const b = $B"}, true},
	{"invalid UTF-8 in a string is kept", "a.js", "const a = 'x\xffy'", []string{"1 const a = \"x\\xffy\""}, false},
	{"nothing", "a.js", "", nil, false},
}

func TestRead(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := Read(c.file, []byte(c.src))
			got := lines(m)
			for _, w := range c.want {
				if rest, no := strings.CutPrefix(w, "-"); no && slices.Contains(got, rest) {
					t.Errorf("must not say %s", rest)
				} else if !no && !slices.Contains(got, w) {
					t.Errorf("does not say %s", w)
				}
			}
			if m.Strict == c.lost {
				t.Errorf("Strict is %v", m.Strict)
			}
			if t.Failed() {
				t.Log("it says\n" + strings.Join(got, "\n"))
			}
		})
	}
}
