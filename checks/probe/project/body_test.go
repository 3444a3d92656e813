package project

import (
	"testing"

	"badsig/checks/facts"
)

// That no parser is there is said only where every way to one was seen.
func TestBodyParsers(t *testing.T) {
	head := "require('dotenv').config()\nconst express = require('express'), jwt = require('jsonwebtoken'), cookies = require('cookie-parser')\nconst app = express()\n"
	tail := "app.post('/api/stream/token', (req, res) => res.json({ token: jwt.sign({ user_id: req.body.userId }, process.env.STREAM_API_SECRET) }))\napp.listen(3001)\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		json  bool
	}{
		{"Express without", map[string]string{"index.js": head + tail}, false},
		{"Express, the parser is commented out", map[string]string{"index.js": head + "// app.use(express.json())\n/* JSON.parse(text) */\n" + tail}, false},
		{"Express, a file is parsed", map[string]string{"index.js": head + "const v = JSON.parse(fs.readFileSync('package.json'))\n" + tail}, false},
		{"Express with", map[string]string{"index.js": head + "app.use(express.json())\n" + tail}, true},
		{"by another name", map[string]string{"index.js": head + "const { json: parse } = require('express')\napp.use(parse())\n" + tail}, true},
		{"by hand from the raw text", map[string]string{"index.js": head + "app.use((req, res, next) => { let t = ''; req.on('data', c => t += c); req.on('end', () => { req.body = JSON.parse(t); next() }) })\n" + tail}, true},
		{"raw-body, named and not used", map[string]string{"index.js": head + "const raw = require('raw-body') // raw(req)\n" + tail}, false},
		{"raw-body", map[string]string{"index.js": head + "const raw = require('raw-body')\napp.use(async (req, res, next) => { req.body = decode(await raw(req)); next() })\n" + tail}, true},
		{"in another module", map[string]string{"index.js": head + "app.use(require('./body'))\n" + tail, "body.js": "module.exports = async (req, res, next) => { req.body = JSON.parse(await text(req)); next() }\n"}, true},
		{"in a module that is not there", map[string]string{"index.js": head + "app.use(require('./generated/body'))\n" + tail}, true},
		{"in a package of the workspace that is not there", map[string]string{"package.json": `{"dependencies":{"express":"5","@acme/http":"workspace:*"}}`, "index.js": head + "app.use(require('@acme/http').middleware)\n" + tail}, true},
		{"Koa without", map[string]string{"index.js": "const Koa = require('koa'), jwt = require('jsonwebtoken')\nconst app = new Koa()\napp.use(ctx => { ctx.body = { token: jwt.sign({ user_id: ctx.request.body.userId }, process.env.STREAM_API_SECRET) } })\napp.listen(3001)\n"}, false},
		{"Koa with", map[string]string{"index.js": "const Koa = require('koa'), jwt = require('jsonwebtoken'), body = require('koa-bodyparser')\nconst app = new Koa()\napp.use(body())\napp.use(ctx => { ctx.body = { token: jwt.sign({ user_id: ctx.request.body.userId }, process.env.STREAM_API_SECRET) } })\napp.listen(3001)\n"}, true},
		{"Fastify", map[string]string{"index.js": "const app = require('fastify')(), jwt = require('jsonwebtoken')\napp.post('/token', req => ({ token: jwt.sign({ user_id: req.body.userId }, process.env.STREAM_API_SECRET) }))\napp.listen({ port: 3001 })\n"}, true},
		{"node:http, parsed in the handler's module", map[string]string{"index.js": "const http = require('node:http')\nconst handle = require('./handle')\nhttp.createServer(handle).listen(3001)\n",
			"handle.js": "const jwt = require('jsonwebtoken')\nmodule.exports = async (req, res) => { let t = ''; for await (const c of req) t += c; const { userId } = JSON.parse(t); res.end(jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET)) }\n"}, true},
		{"Bun", map[string]string{"index.ts": "import jwt from 'jsonwebtoken'\nBun.serve({ port: 3001, async fetch(req) { const { userId } = await req.json(); return Response.json({ token: jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET!) }) } })\n"}, true},
		{"a framework that no one knows", map[string]string{"index.js": "const app = require('acme-web')(), jwt = require('jsonwebtoken')\napp.post('/token', (req, res) => res.send(jwt.sign({ user_id: req.body.userId }, process.env.STREAM_API_SECRET)))\napp.listen(3001)\n"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.files["package.json"] == "" {
				c.files["package.json"] = pkgCJS
			}
			w, f, lines := sightOf(t, projectCase{files: c.files})
			_ = w
			if len(f.Project.Servers) == 0 || f.Project.Servers[0].JSONBody != c.json {
				t.Errorf("want %v of %v", c.json, lines)
			}
		})
	}
}

// A route that alone by its path speaks of tokens is one that badsig chose.
func TestRouteByItsPath(t *testing.T) {
	for sign, want := range map[string]facts.Known{
		"jwt.sign({ sub: req.body.user }, process.env.JWT_SECRET)":              facts.IsAssumed,
		"jwt.sign({ user_id: req.body.userId }, process.env.STREAM_API_SECRET)": facts.IsRead,
	} {
		_, f, lines := sightOf(t, projectCase{files: map[string]string{"package.json": pkgCJS,
			"index.js": "const express = require('express'), jwt = require('jsonwebtoken')\nconst app = express()\napp.use(express.json())\napp.post('/auth/token', (req, res) => res.json({ token: " + sign + " }))\napp.listen(3001)\n"}})
		if got := f.Request().URL; got != want {
			t.Errorf("%s: %s, want %s of %v", sign, got, want, lines)
		}
	}
}
