package probe

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badsig/tokens"
)

// Invented values of the real shapes.
const (
	k1 = "jx3vk8n2qzp3"
	k2 = "mm7prw4hdt5y"
	s1 = "m4x8c2v9b5n7q3w6e2r8t5y9u4p7a3s6d2f8g5h9j4k7z3x6c2v8b5n9m4q7w3e6"
	s2 = "z9y8x7w6v5u4t3s2r9q8p7n6m5k4j3h2g9f8e7d6c5b4a3z2y9x8w7v6u5t4s3r2"
)

// layout writes files into a new folder and gives it. $K1 and its like stand
// for the invented values.
func layout(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(fillText(text)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var fillIn = strings.NewReplacer("$K1", k1, "$K2", k2, "$S1", s1, "$S2", s2)

func fillText(s string) string { return fillIn.Replace(s) }

// known names the invented values behind a fingerprint.
func known(w *World, id int) string {
	for name, text := range map[string]string{"K1": k1, "K2": k2, "S1": s1, "S2": s2} {
		if w.Secret(id).Equal(secretOf(text)) {
			return name
		}
		if w.Cleaned(id).Equal(secretOf(text)) {
			return name + "*"
		}
	}
	return "?"
}

// describeFacts is the short form in which the tests compare.
func describeFacts(w *World, f *Facts) []string {
	var out []string
	say := func(format string, a ...any) { out = append(out, strings.TrimSpace(fmt.Sprintf(format, a...))) }
	say("url %s (%s)", f.Target.URL, f.Target.URLSource)
	say("origin %s (%s)", f.Target.Origin, f.Target.OriginSource)
	for _, v := range f.Values {
		flags := ""
		for _, x := range []struct {
			on   bool
			name string
		}{{v.Comment, "comment"}, {v.Loaded, "loaded"}, {v.Read, "read"}, {v.Wins, "wins"}, {v.Public, "public"}, {v.Tracked, "tracked"}, {v.Placeholder, "placeholder"}, {v.Empty, "empty"}} {
			if x.on {
				flags += " " + x.name
			}
		}
		pair := ""
		if v.Pair >= 0 {
			pair = fmt.Sprintf(" pair %s", known(w, v.Pair))
		}
		why := ""
		if v.Why != "" {
			why = " // " + v.Why
		}
		say("value %s %s=%s %s %s %s%s%s%s", v.What, v.Name, known(w, v.ID), v.Kind, v.Role, where(v.File, v.Line), flags, pair, why)
	}
	for _, s := range f.Project.Servers {
		say("code %s start %q loader %s %v override %v json %v cors %v random %v rounded %v", where(s.File, s.Line), s.Start, s.Loader, s.LoaderPaths, s.Override, s.JSONBody, s.CORS, s.RandomSecret, s.RoundedIAT)
		for _, r := range s.Routes {
			say("route %s %s %s", r.Method, r.Path, where(r.File, r.Line))
		}
		for _, p := range s.Ports {
			say("port %d env %q host %q %s", p.Port, p.Env, p.Host, where(p.File, p.Line))
		}
		for _, r := range s.SecretRead {
			say("secretRead %s %s %s", r.Name, r.Transform, where(r.File, r.Line))
		}
	}
	for _, x := range f.Project.Fetches {
		say("fetch %s %s %v creds %v auth %v proxied %v %s headers %v", x.Method, x.URL, x.Body, x.Credentials, x.Auth, x.Proxied, where(x.File, x.Line), x.Headers)
	}
	for _, o := range f.Project.Origins {
		say("front at %s %s", o.Text, where(o.File, o.Line))
	}
	for _, a := range f.Project.Apps {
		say("app %s %s web %v", a.Kind, a.File, a.Web)
	}
	if s := f.Server; s != nil {
		get := func(id int) string {
			if id < 0 {
				return "none"
			}
			return known(w, id) + " " + placeOf(f.Values[id])
		}
		say("server dir %q command %q loaded %v missing %v", s.Dir, s.Command, s.Loaded, s.Missing)
		say("secret %s known %v name %q", get(s.Secret), s.SecretKnown, s.SecretName)
		say("key %s known %v name %q", get(s.Key), s.KeyKnown, s.KeyName)
		var fk []string
		for _, id := range s.FrontKeys {
			fk = append(fk, get(id))
		}
		say("front keys %v", fk)
		for _, r := range s.FrontMissing {
			say("front missing %s %s used %v", r.Name, where(r.File, r.Line), r.Used)
		}
		say("changed file %s", s.ChangedFile)
	}
	return out
}

// noSecrets fails where an invented secret stands in the facts.
func noSecrets(t testing.TB, f *Facts) {
	t.Helper()
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{s1, s2, s1[:40], s2[20:]} {
		if strings.Contains(string(b), s) {
			t.Errorf("a secret stands in the facts")
		}
	}
}

var express = map[string]string{
	"server/package.json": `{"name":"server","type":"module","scripts":{"dev":"nodemon index.js","start":"node index.js"},"dependencies":{"express":"^5","dotenv":"^16","jsonwebtoken":"9","cors":"2"}}`,
	"server/.env":         "PORT=3001\nSTREAM_API_KEY=$K1\nSTREAM_API_SECRET=\"$S1 \"\n",
	"server/index.js": `import 'dotenv/config'
import express from 'express'
import cors from 'cors'
import streamRoutes from './routes/stream.js'
const app = express()
app.use(cors({ origin: 'http://localhost:3000' }))
app.use(express.json())
app.use('/api/stream', streamRoutes)
app.listen(process.env.PORT || 4000, () => console.log('up'))
`,
	"server/routes/stream.js": `import { Router } from 'express'
import jwt from 'jsonwebtoken'
const router = Router()
router.post('/token', (req, res) => {
  const { userId, userName } = req.body
  if (!userId) return res.status(400).json({ error: 'userId is required' })
  const now = Math.floor(Date.now() / 1000)
  const token = jwt.sign({ user_id: userId, iat: now, exp: now + 3600 }, process.env.STREAM_API_SECRET, { algorithm: 'HS256' })
  res.json({ token, userId })
})
export default router
`,
	"stream/package.json":               `{"name":"web","scripts":{"start":"react-scripts start"},"dependencies":{"react":"18","react-scripts":"5","stream-chat-react":"12","stream-chat":"9"}}`,
	"stream/src/config/streamConfig.js": "// STREAM_API_KEY = '$K2'\nexport const STREAM_API_KEY = '$K1'\nexport const TOKEN_URL = 'http://localhost:3001/api/stream/token'\n",
	"stream/src/Chat.jsx": `import { useCreateChatClient } from 'stream-chat-react'
import { STREAM_API_KEY, TOKEN_URL } from './config/streamConfig'
const fetchToken = async (userId, userName) => {
  const r = await fetch(TOKEN_URL, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId, userName }) })
  return (await r.json()).token
}
export function Chat({ user }) {
  const client = useCreateChatClient({ apiKey: STREAM_API_KEY, tokenOrProvider: () => fetchToken(user.id, user.name), userData: user })
  return null
}
`,
	"server/.env.example": "STREAM_API_KEY=your_api_key\nSTREAM_API_SECRET=your_api_secret\n",
	"README.md":           "STREAM_API_SECRET=$S2\n",
}

func secretOf(text string) tokens.Secret { return tokens.NewSecret([]byte(text)) }

// projectCase is one project and what must (with "-" in front: must not) be
// said of it. A text matches a line that begins with it.
type projectCase struct {
	name  string
	files map[string]string
	run   *Listener // what listens; nil: nothing
	env   []string  // its initial environment's values of ours
	want  []string
}

func runCases(t *testing.T, cases []projectCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w, f, lines := sightOf(t, c)
			noSecrets(t, f)
			for _, want := range c.want {
				text, not := strings.CutPrefix(want, "-")
				text = strings.TrimSpace(text)
				has := false
				for _, l := range lines {
					has = has || strings.HasPrefix(l, text)
				}
				if has == not {
					t.Errorf("%s %q", map[bool]string{true: "must not say", false: "does not say"}[not], text)
				}
			}
			if t.Failed() || testing.Verbose() {
				t.Log("\n" + strings.Join(lines, "\n"))
			}
			_ = w
		})
	}
}

func sightOf(t *testing.T, c projectCase) (*World, *Facts, []string) {
	dir := layout(t, c.files)
	w := New(Target{Dir: dir})
	p, err := probeProject(context.Background(), w)
	if err != nil {
		t.Fatal(err)
	}
	if c.run != nil {
		l := *c.run
		if l.PID == 0 {
			l.PID = 4711
		}
		l.Inside, l.InsideKnown = true, true
		w.Update(func(f *Facts) { f.Process = &Listeners{Port: l.Port, Known: true, Listeners: []Listener{l}} })
		for _, e := range c.env {
			name, value, _ := strings.Cut(fillText(e), "=")
			w.AddValue(Value{What: classifyName(name).What, Name: name, Kind: KindProcess, Role: RoleServer, PID: l.PID, Pair: -1}, []byte(value))
		}
	}
	if err := probeServer(w, p); err != nil {
		t.Fatal(err)
	}
	f := w.Snapshot()
	return w, f, describeFacts(w, f)
}
