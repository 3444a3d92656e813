package checks_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"badsig/checks"
	"badsig/checks/facts"
	"badsig/checks/fakestream"
	"badsig/checks/finding"
	"badsig/tokens"
)

// Invented pairs of two apps, and a session's secret of a project's own.
const (
	keyOne, keyTwo = "h7w2k9qx4tbn", "b3n8v5c9x7zm"
	secretOne      = "m4x8r2k7c9vq5t3n6b4z2w8y2p4s7d9f3g5h9j6k8m3q2w4e6r8t5y3u5v7x9pa2"
	secretTwo      = "z9y8x7w6v5u4t3s2r9q4p9k8n7m6j5k4j3h2h9g8f9e8d7c6b5a4z3y2x9w6v9u8"
	sessionSecret  = "kd8f7g6h5j4k3n2m9p8q7r6s5t4v3w2x"
)

// small is a project of a few files with a backend that responds as they would
// have it, and a stand-in for Stream that knows both apps.
type small struct {
	files   map[string]string
	signs   string // the backend's token is signed with it; "" for none
	reply   string // what it returns instead of a token
	status  int
	path    string // of the endpoint; "" means /api/stream/token
	down    bool
	offline bool
}

func (s small) check(t *testing.T) *checks.Report {
	t.Helper()
	dir := t.TempDir()
	for name, text := range s.files {
		put(t, dir, name, []byte(text))
	}
	b := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Access-Control-Allow-Origin", "http://localhost:3000")
		w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		if s.status != 0 {
			w.WriteHeader(s.status)
		}
		body := s.reply
		if s.signs != "" {
			var asked struct{ UserID string }
			_ = json.NewDecoder(r.Body).Decode(&asked)
			if asked.UserID == "" {
				http.Error(w, `{"error":"userId is required"}`, http.StatusBadRequest)
				return
			}
			token, err := tokens.Mint(tokens.NewSecret([]byte(s.signs)), asked.UserID, time.Now().Add(-time.Second), tokens.MintOptions{})
			if err != nil {
				t.Error(err)
			}
			body = `{"token":"` + token + `"}`
		}
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(b.Close)
	stream := fakestream.New(fakestream.Options{Apps: map[string]fakestream.App{
		keyOne: {Secret: tokens.NewSecret([]byte(secretOne))}, keyTwo: {Secret: tokens.NewSecret([]byte(secretTwo))},
	}})
	url, stop, err := stream.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	if s.path == "" {
		s.path = "/api/stream/token"
	}
	if s.down {
		b.Close()
	}
	target := facts.Target{Dir: dir, URL: b.URL + s.path, Timeout: hostileTimeout, Origin: "http://localhost:3000", StreamURL: url, Offline: s.offline}
	for e := range checks.Run(t.Context(), target, checks.Options{}) {
		if e.Kind == checks.Done {
			f := *e.Report.Facts
			f.Process = nil // the backend lives in this test's process, which no project's folder holds
			return checks.Judge(&f)
		}
	}
	t.Fatal("no report")
	return nil
}

// told is what a person reads of the first error: title, place, summary, evidence and steps.
func told(r *checks.Report) (id, at, text string) {
	for _, c := range r.Causes {
		if c.Severity != "error" {
			continue
		}
		var b strings.Builder
		fmt.Fprintln(&b, c.Title, c.Summary)
		for _, e := range c.Evidence {
			fmt.Fprintln(&b, e.Label, e.Got, e.Want, e.Source)
		}
		for _, s := range c.Fix {
			fmt.Fprintln(&b, s.Text, s.Command)
		}
		if c.Location != nil {
			at = fmt.Sprintf("%s:%d", c.Location.File, c.Location.Line)
		}
		return string(c.ID), at, b.String()
	}
	return "", "", ""
}

const expressPackage = `{"name":"server","scripts":{"dev":"node index.js"},"dependencies":{"express":"5","dotenv":"17","stream-chat":"9"}}`

// express is a backend whose client gets a key and a secret as they are written.
func express(key, secret string) string {
	return `require('dotenv').config();
const express = require('express');
const { StreamChat } = require('stream-chat');
const app = express();
app.use(express.json());
const stream = StreamChat.getInstance(` + key + `, ` + secret + `);
app.post('/api/stream/token', (req, res) => res.json({ token: stream.createToken(req.body.userId) }));
app.listen(3001);
`
}

func page(key string) string {
	return "import { StreamChat } from 'stream-chat';\nexport const client = StreamChat.getInstance('" + key + "');\n" +
		"export async function connect(user) {\n  const r = await fetch('http://localhost:3001/api/stream/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: user.id }) });\n" +
		"  await client.connectUser({ id: user.id }, (await r.json()).token);\n}\n"
}

// with is a project of one Express server and a page.
func with(env, key, secret, front string) map[string]string {
	return map[string]string{
		"server/package.json": expressPackage, "server/.env": env, "server/index.js": express(key, secret),
		"web/package.json": `{"name":"web","dependencies":{"react":"19","stream-chat":"9"},"devDependencies":{"vite":"6"},"scripts":{"dev":"vite"}}`,
		"web/src/chat.js":  page(front), "web/src/main.jsx": "import { connect } from './chat.js'\nconnect({ id: 'a' })\n", "web/index.html": `<script type="module" src="/src/main.jsx"></script>`,
	}
}

func edit(files map[string]string, name, text string) map[string]string {
	files[name] = text
	return files
}

func TestSecretsKeysAndPairs(t *testing.T) {
	const apiKey, apiSecret = "process.env.STREAM_API_KEY", "process.env.STREAM_API_SECRET"
	pair := "STREAM_API_KEY=" + keyOne + "\nSTREAM_API_SECRET=" + secretOne + "\n"
	cases := []struct {
		name   string
		small  small
		first  string // of "a|b" either
		at     string
		says   []string
		silent []string
	}{
		{"two variables are not one that is set twice", small{signs: secretTwo, files: with(
			"STREAM_CHAT_KEY="+keyOne+"\nSTREAM_CHAT_SECRET="+secretTwo+"\nSTREAM_VIDEO_SECRET="+secretOne+"\n", "process.env.STREAM_CHAT_KEY", "process.env.STREAM_CHAT_SECRET", keyOne)},
			"key-secret-mismatch|secret-other-app", "server/.env:2", []string{"set STREAM_CHAT_SECRET to", "STREAM_VIDEO_SECRET"}, []string{"twice", "delete"}},
		{"one variable is set twice", small{signs: secretTwo, files: with(
			"STREAM_API_KEY="+keyOne+"\nSTREAM_API_SECRET="+secretOne+"\nSTREAM_API_SECRET="+secretTwo+"\n", apiKey, apiSecret, keyOne)},
			"secret-shadowed", "server/.env:3", []string{"delete line 3"}, nil},
		{"the code signs with a session's secret", small{signs: sessionSecret, files: with(
			"STREAM_API_KEY="+keyOne+"\nSTREAM_API_SECRET="+secretOne+"\nJWT_SECRET="+sessionSecret+"\n", apiKey, "process.env.JWT_SECRET", keyOne)},
			"secret-shadowed", "server/index.js:6", []string{"In server/index.js line 6, read STREAM_API_SECRET instead of JWT_SECRET"}, []string{"delete", "twice"}},
		{"a hard-coded secret", small{signs: secretTwo, files: with(pair, apiKey, "'"+secretTwo+"'", keyOne)},
			"secret-shadowed|secret-other-app", "server/index.js:6", []string{"process.env.STREAM_API_SECRET"}, nil},
		{"a trailing space, with Stream's word", small{signs: secretOne + " ", files: with("STREAM_API_KEY="+keyOne+"\nSTREAM_API_SECRET=\""+secretOne+" \"\n", apiKey, apiSecret, keyOne)},
			"secret-whitespace", "server/.env:2", []string{"The API secret ends in a space", "In server/.env line 2, remove the trailing space before the closing quote", "Without the trailing space Stream accepts it (200)"}, nil},
		{"two valid pairs", small{signs: secretOne, files: edit(with(pair, apiKey, apiSecret, keyTwo), "mobile/.env", "STREAM_API_KEY="+keyTwo+"\nSTREAM_API_SECRET="+secretTwo+"\n")},
			"key-mismatch", "web/src/chat.js:2", []string{"to " + keyOne + ": Stream accepts that key with your backend's secret", "Or in server/.env line 1, set STREAM_API_KEY to " + keyTwo}, nil},
		{"a misspelled name is read as it's used", small{signs: secretOne, files: with("STREAM_API_KEY="+keyOne+"\nSTREAM_SECRECT_KEY="+secretOne+"\n", apiKey, "process.env.STREAM_SECRECT_KEY", keyOne)}, "", "", nil, nil},
		{"another name, the server down", small{down: true, files: with("STREAM_API_KEY="+keyOne+"\nSTREAM_SECRET="+secretOne+"\n", apiKey, apiSecret, keyOne)},
			"server-down", "", nil, nil},
		{"another name, a 400", small{status: 400, reply: `{"error":"please give a name"}`, files: with("STREAM_API_KEY="+keyOne+"\nSTREAM_SECRET="+secretOne+"\n", apiKey, apiSecret, keyOne)},
			"secret-missing", "server/.env:2", []string{"In server/.env line 2, rename STREAM_SECRET to STREAM_API_SECRET"}, nil},
		{"a typo in the name, token null", small{reply: `{"token":null}`, files: with("STREAM_API_KEY="+keyOne+"\nSTREAM_API_SECERT="+secretOne+"\n", apiKey, apiSecret, keyOne)},
			"secret-missing", "server/.env:2", []string{"rename STREAM_API_SECERT to STREAM_API_SECRET"}, nil},
		{"the template was filled in", small{status: 500, reply: `{"error":"secretOrPrivateKey must have a value"}`, files: func() map[string]string {
			f := with("", apiKey, apiSecret, keyOne)
			delete(f, "server/.env")
			return edit(f, "server/.env.template", pair)
		}()}, "secret-missing", "server/.env.template:2", []string{"Copy server/.env.template to server/.env"}, nil},
		{"a generic 500 of an endpoint that queries Stream", small{status: 500, reply: `{"error":"Internal server error"}`, files: edit(with("STREAM_API_KEY="+keyOne+"\nSTREAM_API_SECRET=\""+secretOne+" \"\n", apiKey, apiSecret, keyOne),
			"server/index.js", strings.Replace(express(apiKey, apiSecret), "(req, res) => res", "async (req, res) => { await stream.upsertUser({ id: req.body.userId }); return res", 1))},
			"secret-whitespace", "server/.env:2", nil, []string{"endpoint-error"}},
		{"a 500 that quotes Stream", small{status: 500, reply: `{"error":"StreamChat error code 43: UpdateUsers failed with error: \"JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key \"h7w2k9qx4tbn\"\""}`,
			files: with("STREAM_API_KEY="+keyOne+"\nSTREAM_API_SECRET=\""+secretOne+" \"\n", apiKey, apiSecret, keyOne)}, "secret-whitespace", "server/.env:2", nil, []string{"endpoint-error"}},
		{"a 500 of its database", small{status: 500, reply: `{"error":"connect ECONNREFUSED 127.0.0.1:5432"}`, files: with(pair, apiKey, apiSecret, keyOne)}, "endpoint-error|", "", nil, []string{"secret-"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := c.small.check(t)
			id, at, text := told(r)
			ok := false
			for want := range strings.SplitSeq(c.first, "|") {
				ok = ok || id == want
			}
			if !ok {
				t.Errorf("first is %q, want %q\n%s", id, c.first, text)
			}
			if c.at != "" && at != c.at {
				t.Errorf("at %s, want %s\n%s", at, c.at, text)
			}
			for _, s := range c.says {
				if !strings.Contains(text, s) {
					t.Errorf("does not say %q:\n%s", s, text)
				}
			}
			for _, s := range c.silent {
				if strings.Contains(id+text, s) {
					t.Errorf("says %q:\n%s", s, text)
				}
			}
			if strings.Contains(text, secretOne) || strings.Contains(text, secretTwo) {
				t.Errorf("a secret is shown:\n%s", text)
			}
		})
	}
}

// The variable's name is told beside the server that is down, and the check of
// the pair names the cause that explains it.
func TestConsequencesAreNoCauses(t *testing.T) {
	down := small{down: true, files: with("STREAM_API_KEY="+keyOne+"\nSTREAM_SECRET="+secretOne+"\n", "process.env.STREAM_API_KEY", "process.env.STREAM_API_SECRET", keyOne)}.check(t)
	named := false
	for _, c := range down.Causes {
		named = named || c.ID == "secret-missing" && strings.Contains(c.Summary, "STREAM_SECRET") && c.Certainty == finding.Likely
	}
	if !named {
		t.Errorf("a misnamed variable isn't told while the server is down: %+v", down.Causes)
	}
	space := small{signs: secretOne + " ", files: with("STREAM_API_KEY="+keyOne+"\nSTREAM_API_SECRET=\""+secretOne+" \"\n", "process.env.STREAM_API_KEY", "process.env.STREAM_API_SECRET", keyOne)}.check(t)
	for _, c := range space.Checks {
		if c.ID == "pair-matches" && c.Cause != "secret-whitespace" {
			t.Errorf("the pair's check names %q", c.Cause)
		}
	}
}
