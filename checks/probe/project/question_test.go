package project

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/internal/eventually"
	"badsig/checks/internal/projecttest"
	"badsig/checks/internal/worldtest"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/vault"
)

// Code in which every name means ten others, or a function has its own
// callers among its callees, is read to its end all the same, and what does not
// lead through it is found.
func TestWaysThatMultiplyEnd(t *testing.T) {
	const steps = 14
	levels := func(first, each string) string { // %[1]d is the level, %[2]d the one below
		var b strings.Builder
		b.WriteString(first + "\n")
		for i := 1; i <= steps; i++ {
			fmt.Fprintf(&b, each+"\n", i, i-1)
		}
		return b.String()
	}
	ten := func(one, between string) string { return strings.Repeat(one+between, 9) + one }
	mutual := func() string {
		var b strings.Builder
		for i := range 20 {
			fmt.Fprintf(&b, "function f%d(secret) {", i)
			for j := range 20 {
				fmt.Fprintf(&b, " f%d(secret);", j)
			}
			b.WriteString(" return jwt.sign({ user_id: 'a' }, secret) }\n")
		}
		return b.String()
	}
	stars := map[string]string{}
	for i := range 12 {
		var b strings.Builder
		for j := range 12 {
			if i != j {
				fmt.Fprintf(&b, "export * from './s%d.js'\n", j)
			}
		}
		stars[fmt.Sprintf("s%d.js", i)] = b.String()
	}
	for _, c := range []struct {
		name, code string
		files      map[string]string
	}{
		{name: "strings of strings", code: levels("const a0 = 'ha'", "const a%[1]d = `"+ten("${a%[2]d}", "")+"`")},
		{name: "strings of variables", code: levels("const a0 = process.env.OTHER", "const a%[1]d = `"+ten("${a%[2]d}", "")+"`")},
		{name: "choices of choices", code: levels("const a0 = process.env.OTHER", "const a%[1]d = "+ten("a%[2]d", " || "))},
		{name: "calls of calls", code: levels("const a0 = process.env.OTHER", "const a%[1]d = wrap("+ten("a%[2]d", ", ")+")")},
		{name: "paths of paths", code: levels("const a0 = 'x'", "const a%[1]d = path.join("+ten("a%[2]d", ", ")+")") + "require('fs').readFileSync(a14)\nrequire('dotenv').config({ path: a14 })\n"},
		{name: "objects in a circle", code: "const a14 = { ...b, x: 1 }, b = { ...a14 }\njwt.sign(a14, 'x')\n"},
		{name: "functions in a circle", code: mutual() + "const a14 = f1(process.env.OTHER)\n"},
		{name: "modules in a circle", code: "import { a14 } from './s0.js'\n", files: stars},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{
				"package.json": pkgCJS, ".env": "STREAM_API_SECRET=" + string(worldtest.TestSecret) + "\n",
				"index.js": "const app = require('express')(), jwt = require('jsonwebtoken')\n" + c.code +
					"app.get('/other', (q, r) => r.json(jwt.sign({ id: 1 }, a14)))\n" +
					"app.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.id }, process.env.STREAM_API_SECRET) }))\napp.listen(3001)\n",
				"app.jsx": "import React from 'react'\n" + c.code + "export const f = () => fetch(`/api/stream/token${a14}`)\n",
			}
			for name, text := range c.files {
				files[name] = text
			}
			ctx, cancel := context.WithTimeout(t.Context(), eventually.Long) // it needs some tenths of a second of processor time
			defer cancel()
			w := vault.New(facts.Target{Dir: projecttest.Write(t, files)})
			if _, err := Read(ctx, w); err != nil {
				t.Fatal(err)
			}
			f := w.Snapshot()
			if s := f.Project.Servers; len(s) != 1 || len(s[0].SecretRead) == 0 || s[0].SecretRead[0].Name != "STREAM_API_SECRET" {
				t.Errorf("the secret that the server reads is not found: %+v", s)
			}
		})
	}
}

// What a function that calls itself was passed, the others that call it say.
func TestFunctionThatCallsItself(t *testing.T) {
	_, f, _ := sightOf(t, projectCase{files: map[string]string{"package.json": pkgCJS,
		"index.js": `const app = require('express')(), jwt = require('jsonwebtoken')
function issue(id, secret, tries) {
  if (tries > 1) return issue(id, secret, tries - 1)
  if (!id) return issue('guest', secret, 0)
  return jwt.sign({ user_id: id }, secret)
}
app.post('/token', (q, r) => r.json({ token: issue(q.body.id, process.env.CHAT_SIGNING, 3) }))
app.listen(3001)
`}})
	if s := f.Project.Servers; len(s) != 1 || len(s[0].SecretRead) != 1 || s[0].SecretRead[0].Name != "CHAT_SIGNING" {
		t.Errorf("%+v", s)
	}
}

// A run that is over ends the look through a project, wherever that is.
func TestProjectEndsWithItsRun(t *testing.T) {
	files := map[string]string{"package.json": pkgCJS}
	for i := range 40 {
		var b strings.Builder
		for k := range 400 {
			fmt.Fprintf(&b, "import { s%d } from './m%d.js'\nexport const t%d = jwt.sign({ user_id: 'a' }, s%d)\n", k, (i+k)%40, k, k)
		}
		files[fmt.Sprintf("m%d.js", i)] = b.String()
	}
	ctx, cancel := context.WithCancel(t.Context())
	p := &modules.Graph{Ctx: ctx}
	p.Ask()
	cancel()
	for n := 0; p.Step(); n++ {
		if n > 1024 {
			t.Fatal("a question goes on although the run is over")
		}
	}
	if _, err := Read(ctx, vault.New(facts.Target{Dir: projecttest.Write(t, files)})); err == nil {
		t.Error("a project is looked through although the run is over")
	}
}

// Requests need the same of all modules of their front end, and calls of all
// calls: what they need is found once, so that ten times the project costs some ten times the work, and not a hundred.
func TestCostGrowsWithTheProject(t *testing.T) {
	const small, times = 16, 10
	tree := func(n int) string {
		files := map[string]string{
			"package.json":    `{"name":"x","dependencies":{"react":"18","vite":"5","stream-chat-react":"12","express":"4"},"scripts":{"dev":"node server/index.js"}}`,
			"server/index.js": "import express from 'express'\nimport { routes } from './routes0.js'\nconst app = express()\napp.use(routes)\napp.listen(3001)\n",
		}
		for i := range n {
			var front, back strings.Builder
			fmt.Fprintf(&front, "import React from 'react'\nimport { StreamChat } from 'stream-chat'\nimport { api } from './api%d'\n", i)
			fmt.Fprintf(&back, "import jwt from 'jsonwebtoken'\nimport { Router } from 'express'\nimport './routes%d.js'\nexport const routes = Router()\n", i+1)
			for k := range 25 {
				fmt.Fprintf(&front, "export const ask%d = async id => (await api.post('/api/stream/token/%d', { id, client: StreamChat.getInstance(import.meta.env.VITE_STREAM_API_KEY) })).data.token\n", k, k)
				fmt.Fprintf(&back, "export const issue%[1]d = (id, secret = process.env.STREAM_API_SECRET) => jwt.sign({ user_id: id }, secret)\nroutes.post('/api/stream/token/%[1]d', (q, r) => q.body ? r.json(issue%[1]d(q.body.id)) : r.sendStatus(401))\n", k)
			}
			files[fmt.Sprintf("src/page%d.jsx", i)] = front.String()
			files[fmt.Sprintf("src/api%d.js", i)] = "import axios from 'axios'\nexport const api = axios.create({ baseURL: '/' })\n"
			files[fmt.Sprintf("server/routes%d.js", i)] = back.String()
		}
		return projecttest.Write(t, files)
	}
	few, many := tree(small), tree(times*small)
	work := func(dir string) float64 {
		begin := eventually.Spent()
		if _, err := Read(t.Context(), vault.New(facts.Target{Dir: dir})); err != nil {
			t.Fatal(err)
		}
		return float64(eventually.Spent() - begin)
	}
	if grown := work(many) / work(few); grown > 4*times {
		t.Errorf("%d times the files cost %.1f times the work", times, grown)
	} else {
		t.Logf("%d times the files cost %.1f times the work", times, grown)
	}
}
