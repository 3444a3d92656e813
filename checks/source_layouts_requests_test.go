package checks

import (
	"maps"
	"strconv"
	"strings"
	"testing"
)

// pairing is a project with one route that makes tokens, and a page; HANDLER is how its handler gets the body, and REPLY the way it responds.
type pairing struct {
	files map[string]string
	url   string // of the route, as the page requests it
	front string // the page's file
	back  string // the handler's file
	read  string // what holds the body's fields
	line  int    // of the signing call
	typed bool   // the body is parsed only where its type says JSON
}

// pairings are the backends that most projects have, all with POST and the field userId.
func pairings() map[string]pairing {
	const env = "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n"
	const chat = "const chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n"
	const web = `{"dependencies":{"react":"18","vite":"5","stream-chat":"9","axios":"1"}}`
	vite := func(pkg, file, code, read string, line int, typed bool) pairing {
		return pairing{map[string]string{"api/package.json": pkg, "api/.env": env, file: code, "web/package.json": web}, "'http://localhost:4000/token'", "web/src/chat.js", file, read, line, typed}
	}
	next := func(file, code, read string, line int, typed bool) pairing {
		return pairing{map[string]string{"package.json": `{"scripts":{"dev":"next dev"},"dependencies":{"next":"14","react":"18","stream-chat":"9","axios":"1"}}`, ".env.local": env, file: code}, "'/api/token'", "components/chat.js", file, read, line, typed}
	}
	return map[string]pairing{
		"express": vite(`{"scripts":{"dev":"node index.js"},"dependencies":{"express":"4","cors":"2","dotenv":"16","stream-chat":"9"}}`, "api/index.js",
			"require('dotenv').config()\nconst express = require('express')\nconst { StreamChat } = require('stream-chat')\n"+chat+"const app = express()\napp.use(require('cors')(), express.json())\n"+
				"app.post('/token', (req, res) => {\n  const { userId } = req.body\n  res.json({ token: chat.createToken(userId) })\n})\napp.listen(4000)\n", "req.body", 9, true),
		"fastify": vite(`{"type":"module","scripts":{"dev":"node index.js"},"dependencies":{"fastify":"5","@fastify/cors":"9","dotenv":"16","stream-chat":"9"}}`, "api/index.js",
			"import 'dotenv/config'\nimport Fastify from 'fastify'\nimport cors from '@fastify/cors'\nimport { StreamChat } from 'stream-chat'\n"+chat+"const app = Fastify()\nawait app.register(cors)\n"+
				"app.post('/token', async (req) => {\n  const { userId } = req.body\n  return { token: chat.createToken(userId) }\n})\nawait app.listen({ port: 4000 })\n", "req.body", 10, true),
		"koa": vite(`{"scripts":{"dev":"node index.js"},"dependencies":{"koa":"2","@koa/router":"12","@koa/cors":"5","koa-bodyparser":"4","dotenv":"16","stream-chat":"9"}}`, "api/index.js",
			"require('dotenv').config()\nconst Koa = require('koa')\nconst Router = require('@koa/router')\nconst { StreamChat } = require('stream-chat')\n"+chat+"const app = new Koa()\nconst router = new Router()\napp.use(require('@koa/cors')())\napp.use(require('koa-bodyparser')())\n"+
				"router.post('/token', (ctx) => {\n  const { userId } = ctx.request.body\n  ctx.body = { token: chat.createToken(userId) }\n})\napp.use(router.routes())\napp.listen(4000)\n", "ctx.request.body", 12, true),
		"hono": vite(`{"type":"module","scripts":{"dev":"tsx index.ts"},"dependencies":{"hono":"4","@hono/node-server":"1","dotenv":"16","stream-chat":"9"}}`, "api/index.ts",
			"import 'dotenv/config'\nimport { Hono } from 'hono'\nimport { cors } from 'hono/cors'\nimport { serve } from '@hono/node-server'\nimport { StreamChat } from 'stream-chat'\n"+chat+"const app = new Hono()\napp.use('*', cors())\n"+
				"app.post('/token', async (c) => {\n  const { userId } = await c.req.json()\n  return c.json({ token: chat.createToken(userId) })\n})\nserve({ fetch: app.fetch, port: 4000 })\n", "await c.req.json()", 11, false),
		"next app":   next("app/api/token/route.js", "import { StreamChat } from 'stream-chat'\n"+chat+"export async function POST(request) {\n  const { userId } = await request.json()\n  return Response.json({ token: chat.createToken(userId) })\n}\n", "await request.json()", 5, false),
		"next pages": next("pages/api/token.js", "import { StreamChat } from 'stream-chat'\n"+chat+"export default async function handler(req, res) {\n  if (req.method !== 'POST') return res.status(405).end()\n  const { userId } = req.body\n  res.json({ token: chat.createToken(userId) })\n}\n", "req.body", 6, true),
	}
}

// tryPairings puts a page before each of the stacks. In the page, ROUTE is the route's; in faults, FRONT, BACK and SIGN are the
// files and the signing call's line.
func tryPairings(t *testing.T, page string, faults []fault, only ...string) {
	t.Helper()
	tryLayouts(t, pairingsOf(page, faults, only...))
}

func pairingsOf(page string, faults []fault, only ...string) map[string]layout {
	all := map[string]layout{}
	for name, s := range pairings() {
		if len(only) > 0 && !strings.Contains(strings.Join(only, ","), name) {
			continue
		}
		w := strings.NewReplacer("ROUTE", s.url, "ADDRESS", strings.Trim(s.url, "'"), "FRONT", s.front, "BACK", s.back, "SIGN", s.back+":"+strconv.Itoa(s.line), "READ", s.read, "FIELD", s.back+":"+strconv.Itoa(s.line-1))
		files := maps.Clone(s.files)
		files[s.front] = w.Replace(page)
		l := layout{files: files}
		for _, f := range faults {
			l.faults = append(l.faults, fault{w.Replace(f.file), w.Replace(f.was), w.Replace(f.is), f.cause, w.Replace(f.at)})
		}
		all[name] = l
	}
	return all
}

const ours = "import { StreamChat } from 'stream-chat'\nconst client = StreamChat.getInstance('" + actionKey + "')\n"

// The ways in which a page writes its request, and what is wrong in them.
func TestLayoutsOfRequests(t *testing.T) {
	const connect = "  await client.connectUser({ id: uid }, token)\n}\n"
	const get = "  const { token } = await r.json()\n" + connect
	const typeless = "headers: { 'Content-Type': 'application/json' }, "
	for name, c := range map[string]struct {
		page   string
		faults []fault
		typed  []fault // where the body's type counts
		only   []string
	}{
		"options on lines": {page: ours + "export async function connect(uid) {\n  const r = await fetch(ROUTE, {\n    method: 'POST',\n    headers: {\n      'Content-Type': 'application/json',\n    },\n    body: JSON.stringify({ userId: uid }),\n  })\n" + get,
			faults: []fault{
				{"FRONT", "'POST'", "'PUT'", "endpoint-method", "FRONT:5"},
				{"FRONT", "    method: 'POST',\n", "", "endpoint-method", "FRONT:4"},
				{"FRONT", "'POST'", "'post'", "", ""},
				{"FRONT", "JSON.stringify({ userId: uid })", "{ userId: uid }", "endpoint-body", "FRONT:9"},
				{"FRONT", "userId: uid", "user: uid", "user-id-missing", "FIELD"},
			}, typed: []fault{
				{"FRONT", "    headers: {\n      'Content-Type': 'application/json',\n    },\n", "", "endpoint-body", "FRONT:4"},
				{"FRONT", "'application/json'", "'text/plain'", "endpoint-body", "FRONT:7"},
				{"FRONT", "'Content-Type': 'application/json'", "Accept: 'application/json'", "endpoint-body", "FRONT:6"},
			}},
		"options in a variable": {page: ours + "export async function connect(uid) {\n  const options = {\n    method: 'POST',\n    headers: { 'Content-Type': 'application/json' },\n    body: JSON.stringify({ userId: uid }),\n  }\n  const r = await fetch(ROUTE, options)\n" + get,
			faults: []fault{
				{"FRONT", "'POST'", "'PUT'", "endpoint-method", "FRONT:5"},
				{"FRONT", "JSON.stringify({ userId: uid })", "{ userId: uid }", "endpoint-body", "FRONT:7"},
			}, typed: []fault{
				{"FRONT", "    headers: { 'Content-Type': 'application/json' },\n", "", "endpoint-body", "FRONT:6"},
			}},
		"a method in a constant": {page: ours + "const METHOD = 'POST'\nconst headers = { 'content-type': 'application/json' }\nexport async function connect(uid) {\n  const body = JSON.stringify({ userId: uid })\n  const r = await fetch(ROUTE, { method: METHOD, headers, body })\n" + get,
			faults: []fault{
				{"FRONT", "'POST'", "'PATCH'", "endpoint-method", "FRONT:3"},
				{"FRONT", "JSON.stringify({ userId: uid })", "{ userId: uid }", "endpoint-body", "FRONT:6"},
			}, typed: []fault{
				{"FRONT", "headers, body", "body", "endpoint-body", "FRONT:7"},
				{"FRONT", "'application/json'", "'application/x-www-form-urlencoded'", "", ""},
			}},
		"axios with one object": {page: "import axios from 'axios'\n" + ours + "export async function connect(uid) {\n  const { data } = await axios({\n    url: ROUTE,\n    method: 'post',\n    data: { userId: uid },\n  })\n  await client.connectUser({ id: uid }, data.token)\n}\n",
			faults: []fault{
				{"FRONT", "'post'", "'put'", "endpoint-method", "FRONT:7"},
				{"FRONT", "'post'", "'get'", "endpoint-method", "FRONT:7"},
				{"FRONT", "data.token", "data.jwt", "token-missing", "FRONT:10"},
			}},
		"then, with another name": {page: ours + "export function connect(uid) {\n  return fetch(ROUTE, { method: 'POST', " + typeless + "body: JSON.stringify({ userId: uid }) })\n    .then((r) => r.json())\n    .then(({ token: jwt }) => client.connectUser({ id: uid }, jwt))\n}\n",
			faults: []fault{
				{"FRONT", "{ token: jwt }", "{ jwt }", "token-missing", "FRONT:6"},
				{"FRONT", "{ token: jwt }", "{ streamToken: jwt }", "token-missing", "FRONT:6"},
				{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
			}},
		"then, with the document": {page: ours + "export function connect(uid) {\n  return fetch(ROUTE, { method: 'POST', " + typeless + "body: JSON.stringify({ userId: uid }) })\n    .then((r) => r.json())\n    .then((json) => client.connectUser({ id: uid }, json.token))\n}\n",
			faults: []fault{
				{"FRONT", "json.token", "json.jwt", "token-missing", "FRONT:6"},
				{"FRONT", "json.token", "json.data.token", "token-missing", "SIGN"},
				{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
				{"FRONT", "r.json()", "r.text()", "token-missing", "FRONT:5"},
			}},
		"a class": {page: ours + "export class Session {\n  async fetchToken(uid) {\n    const res = await fetch(ROUTE, {\n      method: 'POST',\n      " + typeless + "\n      body: JSON.stringify({ userId: uid }),\n    })\n    const json = await res.json()\n    return json.token\n  }\n  async connect(uid) {\n    await client.connectUser({ id: uid }, await this.fetchToken(uid))\n  }\n}\n",
			faults: []fault{
				{"FRONT", "json.token", "json.data.token", "token-missing", "SIGN"},
				{"FRONT", "json.token", "json.jwt", "token-missing", "FRONT:11"},
				{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
				{"FRONT", "'POST'", "'PUT'", "endpoint-method", "FRONT:6"},
				{"FRONT", "res.json()", "res.text()", "token-missing", "FRONT:10"},
			}},
		"a prefix for the request": {page: ours + "export async function connect(uid) {\n  const r = await fetch(ROUTE, { method: 'POST', " + typeless + "body: JSON.stringify({ userId: uid }) })\n" + get,
			faults: []fault{
				{"FRONT", "userId: uid", "userId: 'u-' + uid", "user-id-mismatch", "FRONT:4"},
				{"FRONT", "userId: uid", "userId: `user_${uid}`", "user-id-mismatch", "FRONT:4"},
				{"FRONT", "id: uid", "id: `user_${uid}`", "user-id-mismatch", "FRONT:6"},
				{"FRONT", "id: uid", "id: 'u-' + uid", "user-id-mismatch", "FRONT:6"},
				{"FRONT", "userId: uid", "userId: String(uid)", "", ""},
				{"FRONT", "id: uid", "id: uid.toString()", "", ""},
			}},
		"a prefix for both": {page: ours + "export async function connect(uid) {\n  const id = 'u-' + uid\n  const r = await fetch(ROUTE, { method: 'POST', " + typeless + "body: JSON.stringify({ userId: id }) })\n  const { token } = await r.json()\n  await client.connectUser({ id }, token)\n}\n",
			faults: []fault{
				{"FRONT", "userId: id", "userId: uid", "user-id-mismatch", "FRONT:5"},
				{"FRONT", "connectUser({ id }", "connectUser({ id: uid }", "user-id-mismatch", "FRONT:7"},
				{"FRONT", "connectUser({ id }", "connectUser({ id: 'u-' + uid }", "", ""},
			}},
		"the name beside the ID": {page: ours + "export async function connect({ userId, userName }) {\n  const r = await fetch(ROUTE, { method: 'POST', " + typeless + "body: JSON.stringify({ userId, userName }) })\n  const { token } = await r.json()\n  await client.connectUser({ id: userId, name: userName }, token)\n}\n",
			faults: []fault{
				{"FRONT", "{ id: userId,", "{ id: userName,", "user-id-mismatch", "FRONT:6"},
				{"FRONT", "stringify({ userId, userName", "stringify({ userId: userName, userName", "user-id-mismatch", "FRONT:4"},
				{"BACK", "createToken(userId)", "createToken((READ).userName)", "user-id-mismatch", "SIGN"},
			}},
		"a function for the token": {page: ours + "async function tokenFor(userId) {\n  const r = await fetch(ROUTE, {\n    method: 'POST',\n    headers: { 'Content-Type': 'application/json' },\n    body: JSON.stringify({ userId }),\n  })\n  const { token } = await r.json()\n  return token\n}\nexport async function connect(user) {\n  const token = await tokenFor(user.id)\n  await client.connectUser({ id: user.id, name: user.name }, token)\n}\n",
			faults: []fault{
				{"FRONT", "tokenFor(user.id)", "tokenFor('u-' + user.id)", "user-id-mismatch", "FRONT:13"},
				{"FRONT", "tokenFor(user.id)", "tokenFor(user.name)", "user-id-mismatch", "FRONT:13"},
				{"FRONT", "{ userId })", "{ userId: `u_${userId}` })", "user-id-mismatch", "FRONT:7"},
				{"FRONT", "{ id: user.id,", "{ id: user.name,", "user-id-mismatch", "FRONT:14"},
				{"FRONT", "{ id: user.id,", "{ id: user._id,", "", ""},
				{"FRONT", "{ id: user.id, name: user.name }", "user", "", ""},
				{"BACK", "createToken(userId)", "createToken(`u_${userId}`)", "user-id-mismatch", "SIGN"},
			}},
		"a provider of tokens": {page: ours + "export function useChat(user) {\n  const tokenProvider = async () => {\n    const r = await fetch(ROUTE, { method: 'POST', " + typeless + "body: JSON.stringify({ userId: user.id }) })\n    const data = await r.json()\n    return data.token\n  }\n  return client.connectUser({ id: user.id, name: user.name }, tokenProvider)\n}\n",
			faults: []fault{
				{"FRONT", "userId: user.id", "userId: user.name", "user-id-mismatch", "FRONT:5"},
				{"FRONT", "{ id: user.id,", "{ id: 'app-' + user.id,", "user-id-mismatch", "FRONT:9"},
				{"FRONT", "data.token", "data.jwt", "token-missing", "FRONT:7"},
				{"FRONT", "r.json()", "r.text()", "token-missing", "FRONT:6"},
			}},
		"text for the token": {page: ours + "export async function connect(uid) {\n  const r = await fetch(ROUTE, { method: 'POST', " + typeless + "body: JSON.stringify({ userId: uid }) })\n  const { token } = await r.json()\n  await client.connectUser({ id: uid }, token)\n}\n",
			faults: []fault{
				{"FRONT", "const { token } = await r.json()", "const token = await r.text()", "token-wrapped", "FRONT:5"},
				{"FRONT", "const { token } = await r.json()", "const { token } = await r.text()", "token-missing", "FRONT:5"},
				{"FRONT", "const { token } = await r.json()", "const token = JSON.parse(await r.text()).token", "", ""},
				{"FRONT", "const { token } = await r.json()", "const text = await r.text()\n  const token = text.split('\"')[3]", "", ""},
				{"FRONT", "const { token } = await r.json()", "if (!r.ok) {\n    const why = await r.text()\n    throw new Error(why)\n  }\n  const { token } = await r.json()", "", ""},
				{"BACK", "{ token: chat", "{ accessToken: chat", "token-missing", "SIGN"},
			}},
		"the page adds what the backend adds": {page: ours + "export async function connect(uid) {\n  const r = await fetch(ROUTE, { method: 'POST', " + typeless + "body: JSON.stringify({ userId: uid }) })\n  const { token } = await r.json()\n  await client.connectUser({ id: uid }, token)\n}\n",
			faults: []fault{{"FRONT", "{ id: uid }", "{ id: decoded(token).user_id }", "", ""}}},
		"a user that is an object": {page: ours + "export async function connect(user) {\n  const r = await fetch(ROUTE, { method: 'POST', " + typeless + "body: JSON.stringify({ userId: user.id, userName: user.name }) })\n  const { token } = await r.json()\n  await client.connectUser({ id: user.id, name: user.name }, token)\n}\n",
			faults: []fault{
				{"FRONT", "{ id: user.id,", "{ id: user.name,", "user-id-mismatch", "FRONT:6"},
				{"FRONT", "userId: user.id,", "userId: user.name,", "user-id-mismatch", "FRONT:4"},
				{"FRONT", "userId: user.id,", "uid: user.id,", "user-id-missing", "FIELD"},
			}},
	} {
		t.Run(name, func(t *testing.T) {
			tryPairings(t, c.page, c.faults, c.only...)
			if len(c.typed) > 0 {
				tryPairings(t, c.page, c.typed, "express,fastify,koa,next pages")
			}
		})
	}
}
