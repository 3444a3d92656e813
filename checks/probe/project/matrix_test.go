package project

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/probe/project/resolve"
	"badsig/checks/probe/vault"
)

// Rules of this file:
//   - a value that is found when it is written in one way is found in each role: as secret, key, address, port, route, path, body and user ID
//   - it has the line that a person edits, and how well it is known

// way is one way of writing a value: LIT means it, LIT1 and LIT2 for its
// halves, HERE for the line that is to be found. RUN is the statement that
// uses the value, whose name is IT.
type way struct {
	name  string
	main  string            // of the module that uses the value
	files map[string]string // beside it
	texts bool              // it can only write a string
}

// inMain is a way that needs no other module.
func inMain(name, before, it string) way {
	return way{name: name, main: before + "\nRUN(" + it + ")\n"}
}

// imported is a way that keeps the value in a module of its own.
func imported(name, head, it, file, text string) way {
	return way{name: name, main: head + "\nRUN(" + it + ")\n", files: map[string]string{file: text}}
}

func texts(w way) way { w.texts = true; return w }

var ways = []way{
	{name: "in its place", main: "RUN(LIT HERE)\n"},
	inMain("const", "const V = LIT HERE", "V"),
	inMain("const of a const", "const A = LIT HERE\nconst B = A", "B"),
	inMain("let, assigned later", "let v\nv = LIT HERE", "v"),
	imported("import", "import { V } from './c'", "V", "c.ts", "export const V = LIT HERE\n"),
	imported("import under another name", "import { V as W } from './c'", "W", "c.ts", "const V = LIT HERE\nexport { V }\n"),
	imported("namespace import", "import * as c from './c'", "c.V", "c.ts", "export const V = LIT HERE\n"),
	imported("default export", "import c from './c'", "c.at.v", "c.ts", "export default { at: {\n  v: LIT HERE\n} }\n"),
	imported("default export of a name", "import c from './c'", "c.at.v", "c.ts", "const c = { at: {\n  v: LIT HERE\n} }\nexport default c\n"),
	imported("module.exports", "const { v } = require('./c')", "v", "c.js", "module.exports = {\n  v: LIT HERE\n}\n"),
	imported("exports.v", "const c = require('./c')", "c.v", "c.js", "exports.v = LIT HERE\n"),
	imported("require of a member", "const v = require('./c').at.v", "v", "c.js", "module.exports = { at: {\n  v: LIT HERE\n} }\n"),
	{name: "barrel", main: "import { V } from './lib'\nRUN(V)\n", files: map[string]string{"lib/index.ts": "export * from './c'\n", "lib/c.ts": "export const V = LIT HERE\n"}},
	{name: "barrel with names", main: "import { W } from './lib'\nRUN(W)\n", files: map[string]string{"lib/index.ts": "export { V as W } from './c'\n", "lib/c.ts": "export const V = LIT HERE\n"}},
	{name: "barrel with a namespace", main: "import { c } from './lib'\nRUN(c.V)\n", files: map[string]string{"lib/index.ts": "export * as c from './c'\n", "lib/c.ts": "export const V = LIT HERE\n"}},
	{name: "barrel with a default", main: "import { c } from './lib'\nRUN(c.v)\n", files: map[string]string{"lib/index.ts": "export { default as c } from './c'\n", "lib/c.ts": "export default { v: LIT HERE }\n"}},
	{name: "barrel that imports and exports", main: "import { c } from './lib'\nRUN(c.v)\n", files: map[string]string{"lib/index.ts": "import c from './c'\nexport { c }\n", "lib/c.ts": "export default { v: LIT HERE }\n"}},
	inMain("object", "const c = {\n  at: { v: LIT HERE },\n}", "c.at.v"),
	inMain("object, by a string", "const c = {\n  'the-v': LIT HERE\n}", "c['the-v']"),
	inMain("object, by a constant", "const NAME = 'v'\nconst c = {\n  v: LIT HERE\n}", "c[NAME]"),
	inMain("as const", "const c = {\n  v: LIT HERE\n} as const", "c.v"),
	inMain("satisfies", "const c = {\n  v: LIT HERE\n} satisfies Settings", "c.v"),
	inMain("Object.freeze", "const c = Object.freeze({\n  v: LIT HERE\n})", "c.v"),
	texts(inMain("enum", "enum C {\n  V = LIT HERE\n}", "C.V")),
	imported("imported enum", "import { C } from './c'", "C.V", "c.ts", "export enum C {\n  V = LIT HERE\n}\n"),
	inMain("spread", "const base = {\n  v: LIT HERE\n}\nconst c = { ...base, other: 1 }", "c.v"),
	inMain("Object.assign", "const c = Object.assign({}, {\n  v: LIT HERE\n})", "c.v"),
	inMain("member assigned later", "const c = {}\nc.v = LIT HERE", "c.v"),
	inMain("destructuring", "const c = { at: {\n  v: LIT HERE\n} }\nconst { at: { v } } = c", "v"),
	inMain("destructuring with a default", "const c = { other: 1 }\nconst { v = LIT HERE } = c", "v"),
	inMain("destructuring of a list", "const [v] = [LIT HERE]", "v"),
	inMain("element of a list", "const list = [\n  LIT HERE\n]", "list[0]"),
	imported("JSON", "import c from './c.json'", "c.at.v", "c.json", "{\n  \"at\": {\n    \"v\": JSON\n  }\n}\n"),
	imported("JSON, required", "const c = require('./c.json')", "c.at.v", "c.json", "{\n  \"at\": {\n    \"v\": JSON\n  }\n}\n"),
	texts(inMain("concatenation", "const A = LIT1\nconst V = A + LIT2 HERE", "V")),
	texts(inMain("template", "const A = LIT1\nconst V = `${A}${LIT2}` HERE", "V")),
	texts(inMain("concat()", "const V = LIT1.concat(LIT2) HERE", "V")),
	texts(inMain("join()", "const V = [LIT1, LIT2].join('') HERE", "V")),
	texts(inMain("String()", "const V = String(LIT) HERE", "V")),
	{name: "default parameter", main: "function use(v = LIT HERE) {\n  RUN(v)\n}\nuse()\n"},
	{name: "default of an object parameter", main: "function use({ v = LIT HERE } = {}) {\n  RUN(v)\n}\nuse()\n"},
	{name: "parameter", main: "function use(v: any) {\n  RUN(v)\n}\nuse(LIT HERE)\n"},
	{name: "object parameter", main: "function use(c: Settings) {\n  RUN(c.v)\n}\nuse({\n  v: LIT HERE\n})\n"},
	inMain("function", "function get() {\n  return LIT HERE\n}", "get()"),
	inMain("arrow", "const get = () => LIT HERE", "get()"),
	imported("imported function", "import { get } from './c'", "get()", "c.ts", "export const get = () => {\n  return LIT HERE\n}\n"),
	imported("member of what a function returns", "import { get } from './c'", "get().v", "c.ts", "export function get() {\n  return {\n    v: LIT HERE\n  }\n}\n"),
	inMain("function called at once", "const c = (() => ({\n  v: LIT HERE\n}))()", "c.v"),
	inMain("class static", "class C {\n  static V = LIT HERE\n}", "C.V"),
	imported("imported class static", "import { C } from './c'", "C.V", "c.ts", "export class C {\n  static readonly V = LIT HERE\n}\n"),
	inMain("field of an object", "class C {\n  v = LIT HERE\n}\nconst c = new C()", "c.v"),
	imported("imported object of a class", "import { c } from './c'", "c.v", "c.ts", "class C {\n  v\n  constructor() {\n    this.v = LIT HERE\n  }\n}\nexport const c = new C()\n"),
	inMain("getter", "const c = {\n  get v() { return LIT HERE },\n}", "c.v"),
	inMain("getter of a class", "class C {\n  static get V() { return LIT HERE }\n}", "C.V"),
	inMain("||", "const V = process.env.UNSET_THING || LIT HERE", "V"),
	inMain("??", "const c = { v: process.env.UNSET_THING ?? LIT HERE }", "c.v"),
	inMain("if undefined", "let V = process.env.UNSET_THING\nif (!V) V = LIT HERE", "V"),
	inMain("condition on the environment", "const V = process.env.NODE_ENV === 'production' ? OTHER : LIT HERE", "V"),
	imported("choice by the environment", "import { c } from './c'", "c.v", "c.ts", "const all = {\n  development: { v: LIT HERE },\n  production: { v: OTHER },\n}\nexport const c = all[process.env.NODE_ENV || 'development']\n"),
	inMain("variable", "const V = VARIABLE", "V"),
	inMain("variable, taken apart", "const { NAME: v } = SURROUNDINGS", "v"),
	imported("variable of a settings object", "import { c } from './c'", "c.at.v", "c.ts", "export const c = { at: { v: VARIABLE ?? OTHER } }\n"),
	texts(inMain("variable in a template", "const V = `${VARIABLE}`", "V")),
	inMain("as", "const V = LIT as any HERE", "V"),
	inMain("angle brackets", "const c = <Settings>{\n  v: LIT HERE\n}", "c.v"),
	inMain("Map", "const c = new Map([\n  ['v', LIT HERE]\n])", "c.get('v')"),
}

// role is one use of a value.
type role struct {
	name  string
	front bool
	text  string // of the value, as it is written
	other string // one of its kind
	run   string // the statement that uses IT
	asks  func(w *vault.World, f *facts.Facts) string
	want  string // what asks prints, AT for the place
}

const serverHead = "import express from 'express'\nimport jwt from 'jsonwebtoken'\nimport { StreamChat } from 'stream-chat'\nconst app = express()\n"

var roles = []role{
	{"secret", false, "'$S1'", "'$S2'", "app.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, IT) }))\napp.listen(3001)", func(w *vault.World, f *facts.Facts) string {
		if len(f.Project.Sites) != 1 || f.Server == nil || f.Server.Secret < 0 {
			return "none"
		}
		s := f.Project.Sites[0].Secret
		return fmt.Sprint(known(w, f.Server.Secret), " ", resolve.PlaceOf(f.Values[f.Server.Secret]), " ", s[len(s)-1].Known)
	}, "S1 AT read"},
	{"port", false, "4123", "4999", "app.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, process.env.STREAM_API_SECRET) }))\napp.listen(IT)", func(_ *vault.World, f *facts.Facts) string {
		for _, s := range f.Project.Servers {
			for _, p := range s.Ports {
				return fmt.Sprint(p.Port, " ", facts.At(p.File, p.Line))
			}
		}
		return "none"
	}, "4123 AT"},
	{"route", false, "'/chat-token'", "'/elsewhere'", "app.post(IT, (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, process.env.STREAM_API_SECRET) }))\napp.listen(3001)", route, "POST /chat-token"},
	{"mount", false, "'/chat-v2'", "'/elsewhere'", "const router = express.Router()\nrouter.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, process.env.STREAM_API_SECRET) }))\napp.use(IT, router)\napp.listen(3001)", route, "POST /chat-v2/token"},
	{"url of a route object", false, "'/chat-token'", "'/elsewhere'", "app.route({ method: 'POST', url: IT, handler: (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, process.env.STREAM_API_SECRET) }) })\napp.listen(3001)", route, "POST /chat-token"},
	{"options with a key", true, "({ apiKey: '$K1' })", "({ apiKey: '$K2' })", "new StreamVideoClient(IT)", frontKey, "K1 AT"},
	{"user ID", false, "'ann-seventeen'", "'bob'", "app.post('/token', (q, r) => r.json({ token: StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET).createToken(IT) }))\napp.listen(3001)", func(_ *vault.World, f *facts.Facts) string {
		for _, s := range f.Project.Sites {
			return fmt.Sprint(s.User.From, " ", s.User.Name, " ", facts.At(s.User.File, s.User.Line))
		}
		return "none"
	}, "constant ann-seventeen AT"},
	{"key", true, "'$K1'", "'$K2'", "StreamChat.getInstance(IT)", frontKey, "K1 AT"},
	{"address", true, "'http://localhost:4123'", "'https://chat.example.com'", "fetch(`${IT}/stream/token`)", asked(func(x facts.Fetch) string {
		return fmt.Sprint(x.URL, " ", facts.At(x.Address.File, x.Address.Line), " ", x.Known)
	}), "http://localhost:4123/stream/token AT read"},
	{"base of a client", true, "'http://localhost:4123/v1'", "'https://chat.example.com/v1'", "const http = axios.create({ baseURL: IT })\nhttp.get('/stream/token')", asked(func(x facts.Fetch) string {
		return fmt.Sprint(x.URL, " ", facts.At(x.Address.File, x.Address.Line), " ", x.Known)
	}), "http://localhost:4123/v1/stream/token AT read"},
	{"path", true, "'/stream/token'", "'/stream/other-token'", "fetch(new URL(IT, 'http://localhost:4123'))", asked(func(x facts.Fetch) string {
		return fmt.Sprint(x.URL, " ", facts.At(x.Path.File, x.Path.Line), " ", x.Known)
	}), "http://localhost:4123/stream/token AT read"},
	{"body", true, "({ userId: 'ann' })", "({ name: 'ann' })", "fetch('http://localhost:4123/stream/token', { method: 'POST', body: JSON.stringify(IT) })", asked(func(x facts.Fetch) string {
		return fmt.Sprint(x.Body, " ", x.BodyOpen)
	}), "[userId] false"},
}

func route(_ *vault.World, f *facts.Facts) string {
	for _, s := range f.Project.Servers {
		for _, r := range s.Routes {
			return fmt.Sprint(r.Method, " ", r.Path)
		}
	}
	return "none"
}

func frontKey(w *vault.World, f *facts.Facts) string {
	if f.Server == nil || len(f.Server.FrontKeys) == 0 {
		return "none"
	}
	var out []string
	for _, id := range f.Server.FrontKeys {
		out = append(out, known(w, id)+" "+resolve.PlaceOf(f.Values[id]))
	}
	return strings.Join(out, ", ")
}

func asked(say func(facts.Fetch) string) func(*vault.World, *facts.Facts) string {
	return func(_ *vault.World, f *facts.Facts) string {
		for _, x := range f.Project.Fetches {
			return say(x)
		}
		return "none"
	}
}

// projectOf writes a way in a role; at is the place of its value.
func projectOf(w way, r role) (files map[string]string, at string) {
	half := len(r.text) / 2
	text, first, second := r.text, r.text, ""
	if quoted := strings.HasPrefix(text, "'"); quoted {
		half = 5
		first, second = text[:half]+"'", "'"+text[half:]
		if strings.HasPrefix(text, "'$") {
			first, second = "''", text
		}
	} else if w.texts {
		text, first, second = "'"+text+"'", "'"+text[:half]+"'", "'"+text[half:]+"'"
	}
	fill := strings.NewReplacer("LIT1", first, "LIT2", second, "LIT", text, "OTHER", r.other, "HERE", "/*!*/", "JSON", jsonOf(r.text), "SURROUNDINGS", "process.env", "VARIABLE", "process.env.APP_THING", "NAME", "APP_THING")
	if r.front {
		fill = strings.NewReplacer("LIT1", first, "LIT2", second, "LIT", text, "OTHER", r.other, "HERE", "/*!*/", "JSON", jsonOf(r.text), "SURROUNDINGS", "import.meta.env", "VARIABLE", "import.meta.env.VITE_THING", "NAME", "VITE_THING")
	}
	folder, main := "", "index.ts"
	files = map[string]string{"package.json": `{"type":"module","scripts":{"start":"tsx index.ts"},"dependencies":{"dotenv":"16","express":"5","jsonwebtoken":"9","stream-chat":"9"}}`, ".env": envPair}
	head := serverHead
	if r.front {
		folder, main, head = "src/", "main.ts", "import { StreamChat } from 'stream-chat'\nimport { StreamVideoClient } from '@stream-io/video-react-sdk'\nimport axios from 'axios'\n"
		files = map[string]string{"package.json": pkgVite, "index.html": `<script type="module" src="/src/main.ts"></script>`}
		if !strings.HasSuffix(r.name, "key") {
			head += "StreamChat.getInstance('$K2')\n"
		}
	}
	before, after, _ := strings.Cut(w.main, "RUN(")
	it, after, _ := strings.Cut(after, ")\n")
	files[folder+main] = fill.Replace(head + before + strings.ReplaceAll(r.run, "IT", it) + "\n" + after)
	for name, t := range w.files {
		files[folder+name] = fill.Replace(t)
	}
	if strings.HasPrefix(w.name, "variable") {
		files[".env"] += map[bool]string{true: "VITE", false: "APP"}[r.front] + "_THING=" + strings.Trim(r.text, "'") + " # /*!*/\n"
		if !r.front {
			files[main] = "import 'dotenv/config'\n" + files[main]
		}
	}
	for name, t := range files {
		n := 0
		for line := range strings.Lines(t) {
			n++
			if strings.Contains(line, "/*!*/") || strings.Contains(line, `"v": `) {
				at = facts.At(name, n)
			}
		}
	}
	return files, at
}

func jsonOf(text string) string {
	return strings.NewReplacer("'", `"`, "userId", `"userId"`, "apiKey", `"apiKey"`, "(", "", ")", "").Replace(text)
}

func TestEachWayOfWritingInEachRole(t *testing.T) {
	failed := map[string][]string{}
	for _, w := range ways {
		for _, r := range roles {
			if strings.HasPrefix(r.text, "({") && (w.texts || strings.Contains(w.name, "variable") || strings.Contains(w.main, "LIT1") || strings.Contains(w.name, "enum")) {
				continue
			}
			t.Run(r.name+"/"+w.name, func(t *testing.T) {
				files, at := projectOf(w, r)
				world, f, lines := sightOf(t, projectCase{files: files})
				want := strings.ReplaceAll(r.want, "AT", at)
				if got := r.asks(world, f); got != want {
					failed[w.name] = append(failed[w.name], r.name)
					t.Errorf("says %q, want %q", got, want)
					if testing.Verbose() {
						for _, name := range slices.Sorted(maps.Keys(files)) {
							t.Logf("%s:\n%s", name, files[name])
						}
						t.Log("\n" + strings.Join(lines, "\n"))
					}
				}
			})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(failed)) {
		t.Logf("%s: %s", name, strings.Join(failed[name], ", "))
	}
}
