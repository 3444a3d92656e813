package checks

import (
	"maps"
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/finding"
)

// stack is one way to give a signing call its secret, in a framework of its own.
type stack struct {
	name   string
	secret string // the file with the secret's line
	line   string // that line, $S means the secret
	cloud  bool   // what the file doesn't set may come from the cloud
	files  map[string]string
}

var stacks = []stack{
	{"Fastify's plugin for the environment", ".env", "STREAM_API_SECRET=$S", false, map[string]string{
		"package.json": `{"type":"module","scripts":{"dev":"node server.js"},"dependencies":{"fastify":"5","@fastify/env":"5","stream-chat":"9"}}`,
		"server.js":    "import Fastify from 'fastify'\nimport env from '@fastify/env'\nimport routes from './routes.js'\nconst app = Fastify()\nawait app.register(env, { dotenv: true, confKey: 'settings', schema: {} })\nawait app.register(routes)\nawait app.listen({ port: 4500 })\n",
		"routes.js":    "import { StreamChat } from 'stream-chat'\nexport default async function (app) {\n  const chat = new StreamChat('" + actionKey + "', app.settings.STREAM_API_SECRET)\n  app.post('/token', async (q) => ({ token: chat.createToken(q.body.userId) }))\n}\n",
	}},
	{"a secret of the Functions emulator", "functions/.secret.local", "STREAM_API_SECRET=$S", true, map[string]string{
		"firebase.json":          `{"functions":[{"source":"functions"}]}`,
		"functions/package.json": `{"scripts":{"serve":"firebase emulators:start"},"dependencies":{"firebase-functions":"6","stream-chat":"9"}}`,
		"functions/index.js":     "const { onCall } = require('firebase-functions/v2/https')\nconst { defineSecret } = require('firebase-functions/params')\nconst { StreamChat } = require('stream-chat')\nconst secret = defineSecret('STREAM_API_SECRET')\nexports.token = onCall({ secrets: [secret] }, (q) => StreamChat.getInstance('" + actionKey + "', secret.value()).createToken(q.auth.uid))\n",
	}},
	{"Apollo's own server", ".env", "STREAM_API_SECRET=$S", false, map[string]string{
		"package.json": `{"type":"module","scripts":{"start":"node index.js"},"dependencies":{"@apollo/server":"4","stream-chat":"9","dotenv":"16"}}`,
		"index.js":     "import 'dotenv/config'\nimport { ApolloServer } from '@apollo/server'\nimport { startStandaloneServer } from '@apollo/server/standalone'\nimport { StreamChat } from 'stream-chat'\nconst chat = StreamChat.getInstance('" + actionKey + "', process.env.STREAM_API_SECRET)\nconst resolvers = { Mutation: { chatToken: (_, { userId }) => chat.createToken(userId) } }\nawait startStandaloneServer(new ApolloServer({ typeDefs: '', resolvers }), { listen: { port: 4000 } })\n",
	}},
	{"an action of Astro's", ".env", "STREAM_API_SECRET=$S", false, map[string]string{
		"package.json":          `{"scripts":{"dev":"astro dev"},"dependencies":{"astro":"4","stream-chat":"9"}}`,
		"src/actions/index.ts":  "import { defineAction } from 'astro:actions'\nimport { StreamChat } from 'stream-chat'\nexport const server = {\n  token: defineAction({\n    handler: async (input) => StreamChat.getInstance('" + actionKey + "', import.meta.env.STREAM_API_SECRET).createToken(input.userId),\n  }),\n}\n",
		"src/pages/index.astro": "<script>\nimport { actions } from 'astro:actions'\nimport { StreamChat } from 'stream-chat'\nconst { data } = await actions.token({ userId: 'ann' })\nStreamChat.getInstance('" + actionKey + "').connectUser({ id: 'ann' }, data)\n</script>\n",
	}},
	{"a server function of TanStack Start's", ".env", "STREAM_API_SECRET=$S", false, map[string]string{
		"package.json":     `{"scripts":{"dev":"vinxi dev"},"dependencies":{"@tanstack/react-start":"1","@tanstack/react-router":"1","stream-chat":"9"}}`,
		"app/token.ts":     "import { createServerFn } from '@tanstack/react-start'\nimport { StreamChat } from 'stream-chat'\nexport const getToken = createServerFn({ method: 'POST' }).handler(async ({ data }) => StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET).createToken(data.userId))\n",
		"app/routes/a.tsx": "import { StreamChat } from 'stream-chat'\nimport { getToken } from '../token'\nexport async function go() { StreamChat.getInstance('" + actionKey + "').connectUser({ id: 'ann' }, await getToken({ data: { userId: 'ann' } })) }\n",
	}},
	{"djwt in an edge function", "supabase/functions/.env", "STREAM_API_SECRET=$S", false, map[string]string{
		"package.json":                      `{"dependencies":{"react":"18","vite":"5","@supabase/supabase-js":"2","stream-chat":"9"}}`,
		"src/main.js":                       "import { StreamChat } from 'stream-chat'\nexport const chat = StreamChat.getInstance('" + actionKey + "')\n",
		"supabase/functions/token/index.ts": "import { create, getNumericDate } from 'https://deno.land/x/djwt@v3.0.2/mod.ts'\nDeno.serve(async (req) => {\n  const { userId } = await req.json()\n  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(Deno.env.get('STREAM_API_SECRET')), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])\n  const token = await create({ alg: 'HS256', typ: 'JWT' }, { user_id: userId, exp: getNumericDate(3600) }, key)\n  return Response.json({ token })\n})\n",
	}},
}

// A key that a function of the server's hands to the page isn't undefined there, no matter which prefix its variable has.
func TestKeyFromAServerFunction(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"TanStack Start": {
			"package.json":     `{"scripts":{"dev":"vinxi dev"},"dependencies":{"@tanstack/react-start":"1","stream-chat":"9"}}`,
			"app/token.ts":     "import { createServerFn } from '@tanstack/react-start'\nimport { StreamChat } from 'stream-chat'\nexport const getToken = createServerFn({ method: 'POST' }).handler(async ({ data }) => {\n  const chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n  return { token: chat.createToken(data.userId), apiKey: process.env.STREAM_API_KEY }\n})\n",
			"app/routes/a.tsx": "import { StreamChat } from 'stream-chat'\nimport { getToken } from '../token'\nexport async function go() {\n  const { token, apiKey } = await getToken({ data: { userId: 'ann' } })\n  StreamChat.getInstance(apiKey).connectUser({ id: 'ann' }, token)\n}\n",
		},
		"Next": {
			"package.json":  `{"scripts":{"dev":"next dev"},"dependencies":{"next":"15","react":"19","stream-chat":"9"}}`,
			"lib/token.ts":  "'use server'\nimport { StreamChat } from 'stream-chat'\nexport async function getToken(userId) {\n  const chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n  return { token: chat.createToken(userId), apiKey: process.env.STREAM_API_KEY }\n}\n",
			"app/chat.tsx":  "'use client'\nimport { StreamChat } from 'stream-chat'\nimport { getToken } from '../lib/token'\nexport async function go() {\n  const { token, apiKey } = await getToken('ann')\n  await StreamChat.getInstance(apiKey).connectUser({ id: 'ann' }, token)\n}\n",
			"app/page.tsx":  "import { go } from './chat'\nexport default function Page() { return <button onClick={go}>x</button> }\n",
			"tsconfig.json": "{}",
		},
	} {
		t.Run(name, func(t *testing.T) {
			files[".env"] = "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n"
			if r := judgedFiles(t, files, true, 200); len(r.Causes) > 0 {
				t.Errorf("accused of %s: %s", r.Causes[0].ID, r.Causes[0].Summary)
			}
		})
	}
}

// A variable that nothing reads isn't a key of the project's, no matter what it is called.
func TestUnreadKeyIsNone(t *testing.T) {
	r := judgedFiles(t, map[string]string{
		"package.json":            `{"dependencies":{"stream-chat":"9"}}`,
		"netlify.toml":            "[build]\n  functions = \"netlify/functions\"\n",
		"netlify/functions/do.js": "const { StreamChat } = require('stream-chat')\nconst client = new StreamChat('', process.env.STREAM_KEY)\nexports.handler = async (e) => ({ statusCode: 200, body: JSON.stringify({ token: client.createToken(JSON.parse(e.body).id) }) })\n",
		".env":                    "MY_STREAM_KEY=" + actionSecret + "\n",
	}, true, 200)
	for _, c := range r.Causes {
		if c.ID == causes.KeyMalformed {
			t.Errorf("accused: %s", c.Summary)
		}
	}
}

// The secret is followed from the signing call to its line, and a fault in that line is named there.
func TestStacksReadTheirSecret(t *testing.T) {
	for _, s := range stacks {
		for _, fault := range []struct {
			name, change, to string
			want             causes.ID
		}{
			{"a trailing space", "=$S", `="$S "`, causes.SecretWhitespace},
			{"another name", "SECRET=", "SECERT=", causes.SecretMissing},
			{"three characters lost", "$S", actionSecret[3:], causes.SecretTruncated},
			{"healthy", "", "", ""},
		} {
			t.Run(s.name+", "+fault.name, func(t *testing.T) {
				if s.cloud && fault.want == causes.SecretMissing && s.name != "a secret of the Functions emulator" { // there, a file has it under almost the name
					fault.want = ""
				}
				files := maps.Clone(s.files)
				line := s.line
				if fault.change != "" {
					line = strings.Replace(line, fault.change, fault.to, 1)
				}
				files[s.secret] = strings.ReplaceAll(line, "$S", actionSecret) + "\n"
				status := 401
				if fault.want == "" || fault.want == causes.SecretMissing {
					status = 200
				}
				r := judgedFiles(t, files, true, status)
				var errs []finding.Cause
				for _, c := range r.Causes {
					if c.Severity == causes.Error {
						errs = append(errs, c)
					}
				}
				switch {
				case fault.want == "" && len(errs) > 0:
					t.Errorf("accused of %s: %s", errs[0].ID, errs[0].Summary)
				case fault.want == "":
				case len(errs) == 0 || errs[0].ID != fault.want:
					t.Errorf("first is %v, want %s", errs, fault.want)
				case errs[0].Location == nil || errs[0].Location.File != s.secret || errs[0].Location.Line != 1:
					t.Errorf("%s is at %v, want %s:1", errs[0].ID, errs[0].Location, s.secret)
				}
			})
		}
	}
}

// A token made by hand is found without user_id too, and each claim is edited on its own line.
func TestHandMadeTokenLines(t *testing.T) {
	files := map[string]string{
		"package.json": `{"type":"module","scripts":{"start":"node index.js"},"dependencies":{"express":"5"}}`,
		"index.js":     "import express from 'express'\nimport { make } from './make.js'\nconst app = express()\napp.use(express.json())\napp.post('/token', (q, r) => {\n  r.set('Cache-Control', 'public, max-age=60')\n  r.json({ token: make(q.body.userId) })\n})\napp.listen(3001)\n",
		"make.js":      "import crypto from 'node:crypto'\nconst b64 = (x) => Buffer.from(JSON.stringify(x)).toString('base64url')\nexport function make(userId) {\n  const header = {\n    alg: 'HS512',\n  }\n  const payload = {\n    sub: userId,\n    exp: 3600,\n  }\n  const input = b64(header) + '.' + b64(payload)\n  return input + '.' + crypto.createHmac('sha256', process.env.STREAM_API_SECRET).update(input).digest('base64url')\n}\n",
		".env":         "STREAM_API_SECRET=" + actionSecret + "\n",
	}
	sites := lookedAt(t, files).Project.Sites
	if len(sites) != 1 {
		t.Fatalf("%d signing calls were found, want 1", len(sites))
	}
	lines := map[string]int{}
	for _, c := range sites[0].Claims {
		lines[c.Name] = c.Line
	}
	if lines["sub"] != 8 || lines["exp"] != 9 || sites[0].Algorithm == nil || sites[0].Algorithm.Line != 5 {
		t.Errorf("claims are on the lines %v, the algorithm is %+v; want sub on 8, exp on 9, alg on 5", lines, sites[0].Algorithm)
	}
	if e := lookedAt(t, files).Project.Entries; len(e) != 1 || e[0].Caches.Line != 6 {
		t.Errorf("the entry is %+v, want one that sets Cache-Control on line 6", e)
	}
}

// What a page imports is found under the name that the bundler, or a configuration further up, gives its folder.
func TestAliasesOfFolders(t *testing.T) {
	main := "import { chat } from '@lib/chat'\nchat.connectUser({ id: 'ann' }, () => fetch('/token').then((r) => r.text()))\n"
	for name, c := range map[string]struct {
		lib   string
		files map[string]string
	}{
		"Vite, an object":  {"web/src/lib/", map[string]string{"web/vite.config.js": "import path from 'path'\nexport default defineConfig({ resolve: { alias: { '@lib': path.resolve(__dirname, './src/lib') } } })\n"}},
		"Vite, a list":     {"web/src/lib/", map[string]string{"web/vite.config.ts": "export default defineConfig(() => ({ resolve: { alias: [{ find: '@lib', replacement: fileURLToPath(new URL('./src/lib', import.meta.url)) }] } }))\n"}},
		"Babel":            {"web/app/lib/", map[string]string{"web/babel.config.js": "module.exports = (api) => { return { plugins: [['module-resolver', { alias: { '@lib': './app/lib' } }]] } }\n"}},
		"tsconfig extends": {"web/src/lib/", map[string]string{"tsconfig.base.json": `{"compilerOptions":{"baseUrl":".","paths":{"@lib/*":["web/src/lib/*"]}}}`, "web/tsconfig.json": `{"extends":"../tsconfig.base.json"}`}},
	} {
		files := maps.Clone(c.files)
		files["web/package.json"] = `{"scripts":{"dev":"vite"},"dependencies":{"react":"19","react-dom":"19","vite":"6","stream-chat":"9"}}`
		files["web/src/main.jsx"] = main
		files["web/index.html"] = `<script type="module" src="/src/main.jsx"></script>`
		files[c.lib+"chat.js"] = "import { StreamChat } from 'stream-chat'\nimport { key } from '@lib/config'\nexport const chat = StreamChat.getInstance(key)\n"
		files[c.lib+"config.js"] = "export const key = import.meta.env.VITE_STREAM_API_KEY\n"
		files["web/.env"] = "VITE_STREAM_API_KEY=" + actionKey + "\n"
		f := lookedAt(t, files)
		if f.Server == nil || len(f.Server.FrontKeys) != 1 {
			t.Errorf("%s: the front end's key isn't read", name)
		}
	}
}
