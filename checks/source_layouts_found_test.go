package checks

import (
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
)

// Projects that start by another script's words, that call Stream's secret by a misspelled name, whose pages look at
// tokens without unwrapping them, and whose response names another user than the one that is signed for.
func TestLayoutsAsFound(t *testing.T) {
	const key, secret = "STREAM_KEY=" + actionKey + "\n", "STREAM_SECRET=" + actionSecret + "\n"
	const route = "import { StreamChat } from 'stream-chat'\nexport async function GET() {\n  const { user } = await auth()\n  const chat = StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY, process.env.STREAM_SECRET)\n  return Response.json({ token: chat.createToken(user.id) })\n}\n"
	const page = "'use client'\nimport { StreamChat } from 'stream-chat'\nexport async function connect(user) {\n  const { token } = await fetch('/api/token').then((r) => r.json())\n  await StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY).connectUser({ id: user.id }, token)\n}\n"
	launched := func(dev, script string) map[string]string {
		return map[string]string{
			"package.json":                    `{"private":true,"workspaces":["apps/*"]}`,
			".env":                            "NEXT_PUBLIC_" + key + secret,
			"apps/web/package.json":           `{"scripts":{"dev":"` + dev + `",` + script + `},"dependencies":{"next":"15","react":"19","stream-chat":"9"},"devDependencies":{"dotenv-cli":"8"}}`,
			"apps/web/app/api/token/route.js": route, "apps/web/app/chat.js": page,
		}
	}
	named := []fault{
		{".env", "NEXT_PUBLIC_STREAM_KEY", "NEXT_PUBLIC_KEY", "key-missing", "apps/web/app/chat.js:5"},
		{".env", "STREAM_SECRET", "STREAM_SECERT", "secret-missing", ".env:2"},
	}
	const express = `{"type":"module","scripts":{"dev":"node index.js"},"dependencies":{"express":"4","cors":"2","dotenv":"16","stream-chat":"9","jsonwebtoken":"9"}}`
	const web = `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`
	const head = "import 'dotenv/config'\nimport express from 'express'\nimport cors from 'cors'\nimport jwt from 'jsonwebtoken'\nimport { StreamChat } from 'stream-chat'\nconst app = express()\napp.use(cors(), express.json())\n"
	ask := func(more string) string {
		return "import { StreamChat } from 'stream-chat'\nexport async function connect(user) {\n  const r = await fetch('http://localhost:4000/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: user.id }) })\n  const { token } = await r.json()\n" +
			more + "  await StreamChat.getInstance('" + actionKey + "').connectUser({ id: user.id }, token)\n}\n"
	}
	server := func(name, made string, more string) map[string]string {
		return map[string]string{
			"server/package.json": express, "server/.env": key + name + "=" + actionSecret + "\nJWT_SECRET=session-signing-key\n",
			"server/index.js": head + "const chat = StreamChat.getInstance(process.env.STREAM_KEY, process.env." + name + ")\napp.post('/login', (req, res) => res.json({ session: jwt.sign({ userId: req.body.id }, process.env.JWT_SECRET) }))\n" +
				"app.post('/token', (req, res) => {\n  res.json({ token: " + made + " })\n})\napp.listen(4000)\n",
			"web/package.json": web, "web/src/chat.js": ask(more),
		}
	}
	misspelled := func(name string) layout {
		return layout{server(name, "jwt.sign({ user_id: req.body.userId }, process.env."+name+")", ""), []fault{
			{"server/index.js", "{ user_id: req", "{ userId: req", "user-id-missing", "server/index.js:11"},
			{"server/index.js", "{ user_id: req.body.userId }, process.env." + name, "{ user_id: req.body.userId }, process.env.STREAM_KEY", "secret-is-key", "server/index.js:11"},
		}}
	}
	bearer := []fault{{"server/index.js", "chat.createToken(req.body.userId)", "`Bearer ${chat.createToken(req.body.userId)}`", "token-wrapped", "server/index.js:11"}}
	shown := func(more string) layout {
		return layout{server("STREAM_SECRET", "chat.createToken(req.body.userId)", more), bearer}
	}
	session := func(answer, connect string) layout {
		return layout{map[string]string{
			"server/package.json": express, "server/.env": key + secret,
			"server/index.js":   head + "import { protect } from './protect.js'\nconst chat = StreamChat.getInstance(process.env.STREAM_KEY, process.env.STREAM_SECRET)\napp.get('/token', protect, (req, res) => {\n  res.json({ token: chat.createToken(req.user.id), " + answer + " })\n})\napp.listen(4000)\n",
			"server/protect.js": "export function protect(req, res, next) {\n  if (!req.cookies.session) return res.status(401).end()\n  req.user = sessions.get(req.cookies.session)\n  next()\n}\n",
			"web/package.json":  web, "web/src/chat.js": "import { StreamChat } from 'stream-chat'\nexport async function connect() {\n  const r = await fetch('http://localhost:4000/token', { credentials: 'include' })\n  const data = await r.json()\n  await StreamChat.getInstance('" + actionKey + "').connectUser({ id: " + connect + " }, data.token)\n}\n",
		}, []fault{
			{"server/index.js", "createToken(req.user.id)", "createToken('demo')", "user-id-mismatch", "server/index.js:11"},
			{"server/index.js", "createToken(req.user.id), " + answer, "createToken('demo'), " + answer[:strings.Index(answer, ":")] + ": 'demo'", "", ""},
		}}
	}
	asked := func(file string) map[string]string {
		return map[string]string{
			"package.json": `{"scripts":{"dev":"next dev"},"dependencies":{"next":"15","react":"19","stream-chat":"9"}}`, ".env.local": "NEXT_PUBLIC_" + key + secret,
			"src/app/api/token/route.js": route, file: "export async function askToken() {\n  const r = await fetch('/api/token')\n  const data = await r.json()\n  return data.token\n}\n",
			"src/app/page.jsx": "'use client'\nimport { StreamChat } from 'stream-chat'\nimport { askToken } from '@/" + strings.TrimSuffix(file[4:], ".js") + "'\nexport default function Page({ user }) {\n  StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY).connectUser({ id: user.id }, askToken)\n  return null\n}\n",
			"jsconfig.json":    `{"compilerOptions":{"paths":{"@/*":["./src/*"]}}}`,
		}
	}
	lost := func(file string) []fault {
		return []fault{{file, "'/api/token'", "'/api/tokens'", "endpoint-not-found", file + ":2"}, {file, "data.token", "data.jwt", "token-missing", file + ":4"}}
	}
	tryLayouts(t, map[string]layout{
		"pnpm with-env next dev":            {launched("pnpm with-env next dev --turbo", `"with-env":"dotenv -e ../../.env --"`), named},
		"npm run env -- next dev":           {launched("npm run env -- next dev", `"env":"dotenv -e ../../.env"`), named},
		"yarn env next dev":                 {launched("yarn env next dev", `"env":"env-cmd -f ../../.env"`), named},
		"a secret whose name has no S":      misspelled("STEAM_API_SECRET"),
		"a secret whose name is misspelled": misspelled("STREAM_SECRECT_KEY"),
		"a secret that is called a salt":    misspelled("CHAT_SALT"),
		"a page that shows a token's start": shown("  console.log(token.slice(0, 20))\n"),
		"a page that trims a token":         shown("  console.log(token.trim().replace(/\\s/g, ''))\n"),
		"a page that parses a token":        shown("  console.log(JSON.parse(user.token))\n"),
		"a page that removes Bearer":        {server("STREAM_SECRET", "chat.createToken(req.body.userId)", "  console.log(token.replace(/^Bearer /, ''))\n"), []fault{{bearer[0].file, bearer[0].was, bearer[0].is, "", ""}}},
		"a response with the session's ID":  session("userId: req.user.id", "data.userId"),
		"a response with the user's ID":     session("id: req.user.id", "data.id"),
		"a page's own actions/":             {asked("src/actions/token.js"), lost("src/actions/token.js")},
		"a page's own x.action":             {asked("src/stream.action.js"), lost("src/stream.action.js")},
		"a page's own actions.js":           {asked("src/lib/actions.js"), lost("src/lib/actions.js")},
		"a response with a user_id":         session("user_id: req.user.id", "data.user_id"),
	})
}

// Whom the front end connects as, where its source doesn't tell: badsig needs --user-id, and with it names the constant.
func TestConstantBesideAGivenUser(t *testing.T) {
	files := map[string]string{
		"package.json":           `{"scripts":{"dev":"next dev"},"dependencies":{"next":"15","react":"19","stream-chat":"9"}}`,
		".env.local":             "NEXT_PUBLIC_STREAM_KEY=" + actionKey + "\nSTREAM_SECRET=" + actionSecret + "\n",
		"app/api/token/route.js": "import { StreamChat } from 'stream-chat'\nexport async function GET() {\n  const chat = StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY, process.env.STREAM_SECRET)\n  return Response.json({ token: chat.createToken('demo') })\n}\n",
		"app/chat.js":            "'use client'\nimport { StreamChat } from 'stream-chat'\nexport async function connect(user) {\n  const { token } = await fetch('/api/token').then((r) => r.json())\n  await StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY).connectUser({ id: user._id.toString() }, token)\n}\n",
	}
	named := map[string]string{} // the response names the constant, and the page connects as that
	for name, text := range files {
		named[name] = strings.Replace(strings.Replace(strings.Replace(text, "chat.createToken('demo') }", "chat.createToken('demo'), userId: 'demo' }", 1), "user._id.toString()", "userId", 1), "{ token } = await", "{ token, userId } = await", 1)
	}
	if r := Judge(lookedAt(t, named, func(x *facts.Target) { x.Static, x.UserID = true, "alice" })); len(r.Causes) > 0 {
		t.Errorf("the response names the constant: %+v", r.Causes)
	}
	for given, want := range map[string]causes.ID{"": "", "alice": causes.UserIDMismatch, "demo": ""} {
		r := Judge(lookedAt(t, files, func(x *facts.Target) {
			x.Static = true
			if given != "" {
				x.UserID = given
			}
		}))
		first := causes.ID("")
		if len(r.Causes) > 0 {
			first = r.Causes[0].ID
		}
		if first != want {
			t.Errorf("--user-id %q: %q, want %q", given, first, want)
		}
		for _, c := range r.Checks {
			if given == "" && c.ID == "token-user" && !strings.Contains(c.Summary, "--user-id") {
				t.Errorf("doesn't ask for the ID: %s", c.Summary)
			}
		}
	}
}

// A function that is handed the user and signs a constant, where pages connect as the user who is signed in.
func TestConstantBesideAHandedUser(t *testing.T) {
	const head, page = "import { StreamChat } from 'stream-chat'\n", "const { token } = await fetch('/api/token').then((r) => r.json())\n  await StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY).connectUser({ id: USER }, token)\n}\n"
	files := func(lib, page string) map[string]string {
		return map[string]string{
			"package.json":           `{"scripts":{"dev":"next dev"},"dependencies":{"next":"15","react":"19","stream-chat":"9","@clerk/nextjs":"6"}}`,
			".env.local":             "NEXT_PUBLIC_STREAM_KEY=" + actionKey + "\nSTREAM_SECRET=" + actionSecret + "\n",
			"lib/stream.js":          head + "const chat = StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_KEY, process.env.STREAM_SECRET)\n" + lib,
			"app/api/token/route.js": "import { currentUser } from '@clerk/nextjs/server'\nimport { tokenFor } from '../../../lib/stream'\nexport async function GET() {\n  const user = await currentUser()\n  return Response.json({ token: tokenFor(user.id) })\n}\n",
			"app/chat.js":            "'use client'\n" + head + page,
		}
	}
	const ignores = "export function tokenFor(userId) {\n  return chat.createToken('demo')\n}\n"
	const session = "import { useUser } from '@clerk/nextjs'\nexport function useChat() {\n  const { user } = useUser()\n  return async () => {\n  "
	for name, c := range map[string]struct {
		lib, page, user string
		want            causes.ID
	}{
		"pages of a session":         {ignores, session + strings.Replace(page, "USER", "user.id", 1) + "}\n", "", causes.UserIDMismatch},
		"the constant is given":      {ignores, session + strings.Replace(page, "USER", "user.id", 1) + "}\n", "demo", ""},
		"pages of the constant":      {ignores, "export async function connect() {\n  " + strings.Replace(page, "USER", "'demo'", 1), "", ""},
		"a variable of it":           {ignores, "const me = { id: 'demo' }\nexport async function connect() {\n  " + strings.Replace(page, "USER", "me.id", 1), "", ""},
		"nothing names the user":     {"export function tokenFor() {\n  return chat.createToken('demo')\n}\n", session + strings.Replace(page, "USER", "user.id", 1) + "}\n", "", ""},
		"signed as it's handed over": {"export function tokenFor(userId) {\n  return chat.createToken(userId)\n}\n", session + strings.Replace(page, "USER", "user.id", 1) + "}\n", "", ""},
	} {
		r := Judge(lookedAt(t, files(c.lib, c.page), func(x *facts.Target) {
			if x.Static = true; c.user != "" {
				x.UserID = c.user
			}
		}))
		first, at := causes.ID(""), 0
		if len(r.Causes) > 0 {
			first, at = r.Causes[0].ID, r.Causes[0].Location.Line
		}
		if first != c.want || first != "" && at != 4 {
			t.Errorf("%s: %q in line %d, want %q in line 4", name, first, at, c.want)
		}
	}
}

// A variable that a loaded file sets to nothing is the line to edit, not what a template or another program's secret has.
func TestSetToNothing(t *testing.T) {
	const pack, code = `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"4","dotenv":"16","stream-chat":"9"}}`, "require('dotenv').config()\nconst { StreamChat } = require('stream-chat')\nconst app = require('express')()\nconst chat = StreamChat.getInstance(process.env.STREAM_KEY, process.env.STREAM_SECRET)\napp.get('/token/:id', (req, res) => res.json({ token: chat.createToken(req.params.id) }))\napp.listen(4000)\n"
	for name, files := range map[string]map[string]string{
		"a template":       {".env.example": "STREAM_KEY=" + actionKey + "\nSTREAM_SECRET=" + actionSecret + "\n", ".env": "STREAM_KEY=" + actionKey + "\nSTREAM_SECRET=\n"},
		"another secret":   {".env": "SECRET_KEY=" + actionSecret + "\nSTREAM_SECRET=\nSTREAM_KEY=" + actionKey + "\n"},
		"a session secret": {".env": "STREAM_KEY=" + actionKey + "\nSTREAM_SECRET=\"\"\nSESSION_SECRET=" + actionSecret + "\n"},
	} {
		files["package.json"], files["index.js"] = pack, code
		r := Judge(lookedAt(t, files, func(x *facts.Target) { x.Static = true }))
		if len(r.Causes) == 0 || r.Causes[0].ID != causes.SecretMissing || r.Causes[0].Location.String() != ".env:2" {
			t.Errorf("%s: %+v", name, r.Causes)
		}
	}
}

// A call that is given the key twice isn't given the two the wrong way round.
func TestTheKeyTwice(t *testing.T) {
	for lines, args := range map[string]string{"": "'" + actionKey + "', '" + actionKey + "'",
		"const apiKey = '" + actionKey + "', apiSecret = '" + actionKey + "'":       "apiKey, apiSecret",
		"const apiKey = process.env.STREAM_KEY, apiSecret = process.env.STREAM_KEY": "apiKey, apiSecret"} {
		r := Judge(lookedAt(t, map[string]string{
			"package.json": `{"type":"module","scripts":{"dev":"node index.js"},"dependencies":{"express":"4","dotenv":"16","stream-chat":"9"}}`, ".env": "STREAM_KEY=" + actionKey + "\nSTREAM_SECRET=" + actionSecret + "\n",
			"index.js": "import 'dotenv/config'\nimport express from 'express'\nimport { StreamChat } from 'stream-chat'\nconst app = express()\n" + lines + "\nconst chat = StreamChat.getInstance(" + args + ")\napp.get('/token/:id', (req, res) => res.json({ token: chat.createToken(req.params.id) }))\napp.listen(4000)\n",
		}, func(x *facts.Target) { x.Static = true }))
		if len(r.Causes) == 0 || r.Causes[0].ID != causes.SecretIsKey {
			t.Errorf("%s %s: %+v", lines, args, r.Causes)
		}
	}
}
