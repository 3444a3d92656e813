package project

import (
	"fmt"
	"testing"
)

// What a guard reads is told where nothing besides decides.
func TestGuards(t *testing.T) {
	for _, c := range []struct{ name, code, want string }{
		{"a header's getter", "app.use((req, res, next) => { if (!req.get('X-Session')) return res.status(403).json({ error: 'Forbidden: sign in first' }); next() })", "[{403 [x-session] false}]"},
		{"a field, in another line", "app.use((req, res, next) => {\n  if (!req.headers.authorization)\n    return res.sendStatus(401)\n  next()\n})", "[{401 [authorization] false}]"},
		{"brackets", "app.use((req, res, next) => {\n  const key = req.headers['x-api-key']\n  if (key !== process.env.KEY) return res.status(401).end()\n  next()\n})", "[{401 [x-api-key] false}]"},
		{"a session besides", "app.use((req, res, next) => req.get('x-session') || req.session ? next() : res.status(401).end())", "[{401 [x-session] true}]"},
		{"a function that no one followed", "app.use(async (req, res, next) => (await allowed(req)) ? next() : res.sendStatus(403))", "[{403 [] true}]"},
		{"a number in a string, and in a comment", "// 401 here\napp.get('/x', (req, res) => res.json({ error: 'no 401' }))", "[]"},
		{"a package that rejects by itself", "app.use(require('express-session')({}))\napp.use((req, res, next) => req.get('x') ? next() : res.status(403).end())", "[{403 [x] true}]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, f, _ := sightOf(t, projectCase{files: map[string]string{"package.json": pkgCJS,
				"index.js": "const app = require('express')(), jwt = require('jsonwebtoken')\n" + c.code + "\napp.post('/token', (q, r) => r.json({ token: jwt.sign({ user_id: 1 }, process.env.STREAM_API_SECRET) }))\napp.listen(3001)\n"}})
			got := []struct {
				Status  int
				Headers []string
				More    bool
			}{}
			for _, g := range f.Project.Servers[0].Guards {
				got = append(got, struct {
					Status  int
					Headers []string
					More    bool
				}{g.Status, g.Headers, g.More})
			}
			if fmt.Sprint(got) != c.want {
				t.Errorf("%v, want %s", got, c.want)
			}
		})
	}
}
