package backend

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/internal/eventually"
	"badsig/checks/internal/nodetest"
	"badsig/checks/internal/worldtest"
	"badsig/checks/probe/vault"
)

// expressServer has one route a case; a route's name is the case's.
const expressServer = `
import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
const express = require(process.env.EXPRESS), cors = require('cors'), jwt = require('jsonwebtoken')
const { StreamChat } = require('stream-chat')
const secret = process.env.SECRET
const app = express(), json = express.json()
const sign = (id, s = secret) => jwt.sign({ user_id: id }, s, { algorithm: 'HS256', expiresIn: '1h' })
const route = (name, ...h) => app.post('/' + name, ...h)
app.use('/open', cors())
route('open', json, (q, r) => r.json({ token: sign(q.body.userId), userId: q.body.userId }))
route('chat', cors(), json, (q, r) => r.json({ token: new StreamChat('abcdefgh2345', secret).createToken(q.body.userId) }))
route('nobody', (q, r) => { const { userId } = q.body; r.json({ token: sign(userId) }) })
route('nobody4', (q, r) => r.json({ token: sign(String(q.body?.userId)) }))
route('undefined', json, (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, process.env.NO_SUCH_SECRET) }))
route('unawaited', json, (q, r) => r.json({ token: (async () => sign(q.body.userId))() }))
route('twice', json, (q, r) => r.json(JSON.stringify(sign(q.body.userId))))
route('text', json, (q, r) => r.send(sign(q.body.userId) + '\n'))
route('random', json, (q, r) => r.json({ token: sign(q.body.userId, require('crypto').randomBytes(32).toString('hex')) }))
app.get('/query', cors(), (q, r) => r.json({ token: sign(q.query.user_id) }))
route('form', express.urlencoded({ extended: false }), (q, r) => q.body?.userId ? r.json({ token: sign(q.body.userId) }) : r.status(400).json({ error: 'userId is required' }))
route('login', (q, r) => r.status(401).json({ error: 'no session' }))
route('hang', () => {})
app.options('/fixed', cors({ origin: 'http://localhost:3000' }))
route('fixed', cors({ origin: 'http://localhost:3000' }), json, (q, r) => r.json({ token: sign(q.body.userId) }))
app.listen(process.env.PORT, () => console.log('listening'))
`

func TestRealExpress(t *testing.T) {
	t.Parallel()
	none := func(*testing.T, *vault.World, *facts.Facts) {}
	cases := []struct {
		route  string
		status int    // of the first response; 0 for none
		user   string // user_id of the token; "-" for no token
		more   func(*testing.T, *vault.World, *facts.Facts)
	}{
		{"open", 200, "test123", func(t *testing.T, _ *vault.World, f *facts.Facts) {
			if a := f.Backend.Posts[0]; a.UserID != "test123" || !a.JSON || a.Header["X-Powered-By"] != "Express" {
				t.Errorf("%+v", a)
			}
			if why := f.Backend.Preflight.AllowsPreflight("http://localhost:5173", "POST", []string{"content-type"}, false); why != "" {
				t.Error(why)
			}
			a, b := f.Tokens[0], f.Tokens[1]
			if a.Claims["iat"] == b.Claims["iat"] && (a.Input != b.Input || a.Signature != b.Signature) {
				t.Error("two responses of one second differ")
			}
		}},
		{"chat", 200, "test123", none},
		{"nobody", 500, "-", func(t *testing.T, _ *vault.World, f *facts.Facts) {
			if a := f.Backend.Posts[0]; !a.HTML || !strings.Contains(a.Begin, "TypeError") {
				t.Errorf("%+v", a)
			}
		}},
		{"nobody4", 200, "undefined", none},
		{"undefined", 500, "-", func(t *testing.T, _ *vault.World, f *facts.Facts) {
			if a := f.Backend.Posts[0]; !strings.Contains(a.Begin, "secretOrPrivateKey must have a value") {
				t.Errorf("%+v", a)
			}
		}},
		{"unawaited", 200, "-", func(t *testing.T, _ *vault.World, f *facts.Facts) {
			if got := f.Backend.Posts[0].Fields["token"]; got != "{}" {
				t.Errorf("token is %q", got)
			}
		}},
		{"twice", 200, "test123", func(t *testing.T, w *vault.World, _ *facts.Facts) {
			if raw := w.RawToken(0); !strings.HasPrefix(raw, `"ey`) {
				t.Errorf("the quotes are lost: %.10q", raw)
			}
		}},
		{"text", 200, "test123", func(t *testing.T, w *vault.World, _ *facts.Facts) {
			if raw := w.RawToken(0); !strings.HasSuffix(raw, "\n") {
				t.Error("the newline is lost")
			}
		}},
		{"random", 200, "test123", func(t *testing.T, _ *vault.World, f *facts.Facts) {
			if f.Tokens[0].Input == f.Tokens[1].Input && f.Tokens[0].Signature == f.Tokens[1].Signature {
				t.Error("the signatures of a varying secret agree")
			}
		}},
		{"query", 200, "test123", func(t *testing.T, _ *vault.World, f *facts.Facts) { // nothing says how it is requested
			if a := f.Backend.Posts[0]; a.Method != "GET" || len(a.Tokens) != 1 {
				t.Errorf("%+v", a)
			}
		}},
		{"form", 200, "test123", func(t *testing.T, _ *vault.World, f *facts.Facts) {
			if a := f.Backend.Posts[0]; a.Form != "urlencoded" || len(a.Tokens) != 1 {
				t.Errorf("%+v", a)
			}
		}},
		{"login", 401, "-", none},
		{"hang", 0, "-", func(t *testing.T, _ *vault.World, f *facts.Facts) {
			if a := f.Backend.Posts[0]; a.Error != "timeout" {
				t.Errorf("%+v", a)
			}
		}},
		{"fixed", 200, "test123", func(t *testing.T, _ *vault.World, f *facts.Facts) {
			for _, o := range f.Backend.Origins {
				if o.Allowed != (o.Origin == "http://localhost:3000") {
					t.Errorf("%+v", o)
				}
			}
			if len(f.Backend.Origins) == 0 {
				t.Error("no other origin was tried")
			}
		}},
		{"absent", 404, "-", func(t *testing.T, _ *vault.World, f *facts.Facts) {
			if a := f.Backend.Posts[0]; !a.HTML || !strings.Contains(a.Begin, "Cannot POST /absent") {
				t.Errorf("%+v", a)
			}
		}},
	}
	for _, version := range []string{"express", "express4"} {
		port := eventually.FreePort(t)
		p := nodetest.Start(t, t.TempDir(), map[string]string{"server.mjs": expressServer},
			"EXPRESS="+version, "SECRET="+string(worldtest.TestSecret), "PORT="+strconv.Itoa(port), "NODE_ENV=development", "node", "server.mjs")
		p.Listens(t, port)
		for _, c := range cases {
			t.Run(version+"/"+c.route, func(t *testing.T) {
				target := facts.Target{URL: fmt.Sprintf("http://localhost:%d/%s", port, c.route)}
				if c.route == "hang" {
					target.Timeout = 300e6
				}
				w, f, err := probed(t, target, func(f *facts.Facts) { f.Target.OriginSource = "guess" })
				if err != nil {
					t.Fatal(err)
				}
				if a := f.Backend.Posts[0]; a.Status != c.status {
					t.Fatalf("status %d %s: %s", a.Status, a.Error, a.Begin)
				}
				if (c.user == "-") != (len(f.Tokens) == 0) {
					t.Fatalf("%d tokens", len(f.Tokens))
				}
				if c.user != "-" && f.Tokens[0].Claims["user_id"] != c.user {
					t.Errorf("the token carries %v", f.Tokens[0].Claims)
				}
				c.more(t, w, f)
			})
		}
	}
}

// A cluster's workers with a secret each show by their signatures.
func TestRealCluster(t *testing.T) {
	t.Parallel()
	port := eventually.FreePort(t)
	p := nodetest.Start(t, t.TempDir(), map[string]string{"server.mjs": `
import cluster from 'node:cluster'
import crypto from 'node:crypto'
import jwt from 'jsonwebtoken'
import http from 'node:http'
if (cluster.isPrimary) { for (let i = 0; i < 3; i++) cluster.fork(); let n = 0; cluster.on('listening', () => ++n === 3 && console.log('all')) }
else {
  const s = crypto.randomBytes(32).toString('hex')
  http.createServer((q, r) => r.end(JSON.stringify({ token: jwt.sign({ user_id: 'test123' }, s, { noTimestamp: true }) }))).listen(process.env.PORT)
}`}, "PORT="+strconv.Itoa(port), "node", "server.mjs")
	p.Says(t, "all")
	_, f, err := probed(t, facts.Target{URL: fmt.Sprintf("http://localhost:%d/t", port)})
	if err != nil {
		t.Fatal(err)
	}
	signatures := map[string]bool{}
	for _, tok := range f.Tokens {
		signatures[tok.Signature] = true
	}
	if len(signatures) < 2 {
		t.Errorf("%d tokens with one signature: the workers do not show", len(f.Tokens))
	}
}

// Node's https server hangs up on plain HTTP without a word.
func TestRealHTTPS(t *testing.T) {
	t.Parallel()
	s := httptest.NewTLSServer(http.NotFoundHandler())
	pair := s.TLS.Certificates[0]
	s.Close()
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	port := eventually.FreePort(t)
	p := nodetest.Start(t, t.TempDir(), map[string]string{
		"cert.pem": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})),
		"key.pem":  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})),
		"server.mjs": `
import https from 'node:https'
import fs from 'node:fs'
https.createServer({ key: fs.readFileSync('key.pem'), cert: fs.readFileSync('cert.pem') }, (q, r) => r.end('{}')).listen(process.env.PORT)
`}, "PORT="+strconv.Itoa(port), "node", "server.mjs")
	p.Listens(t, port)
	for scheme, want := range map[string]string{"http": "http-to-https", "https": "tls"} {
		_, f, err := probed(t, facts.Target{URL: fmt.Sprintf("%s://localhost:%d/t", scheme, port)})
		if err != nil {
			t.Fatal(err)
		}
		if a := f.Backend.Posts[0]; a.Error != want || a.Detail == "" {
			t.Errorf("%s: %q (%s), want %q", scheme, a.Error, a.Detail, want)
		}
	}
}
