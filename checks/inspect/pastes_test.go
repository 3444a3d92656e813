package inspect

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"badsig/checks/facts"
	"badsig/checks/probe"
	"badsig/checks/probe/signer"
	"badsig/tokens"
)

// paste is one entry of testdata/pastes: "-- id: wanted --" and the text.
// wanted are words: kind=K code=N key=K op=O cause=C verdict=V, says=A&B (regular
// expressions that badsig's own words match), not=A (that nothing it prints
// matches), sig (the signature is the problem, and no cause is named), unproven,
// nocause, project (in a folder with a project), token (TOKEN is that project's).
type paste struct {
	file, id, text string
	want           map[string]string
}

func pastes(t testing.TB) []paste {
	t.Helper()
	files, err := filepath.Glob("testdata/pastes/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no pastes", err)
	}
	var all []paste
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var now *paste
		for _, line := range strings.SplitAfter(string(b), "\n") {
			head, isHead := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "-- ")
			if head, ok := strings.CutSuffix(head, " --"); isHead && ok && strings.Contains(head, ": ") {
				id, wanted, _ := strings.Cut(head, ": ")
				all = append(all, paste{file: filepath.Base(f), id: id, want: map[string]string{}})
				now = &all[len(all)-1]
				for _, w := range strings.Fields(wanted) {
					name, value, _ := strings.Cut(w, "=")
					now.want[name] = value
				}
			} else if now != nil {
				now.text += line
			}
		}
	}
	for i := range all {
		all[i].text = strings.TrimSuffix(all[i].text, "\n")
	}
	return all
}

const (
	projectKey    = "q7w2hk9xt4bn"
	projectSecret = "m4x8r2k7c9vq5t3n6b4z2w8y2p4s7d9f3g5h9j6k8m3q2w4e6r8t5y3u5v7x9pa2"
	projectToken  = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiam9obiJ9.Q14Q7F9CcaXqedbuqYrFmBkmFv7Yti2J2uGq_DLdUWQ"
)

// projectInspector looks through a project that signs projectToken.
func projectInspector(t testing.TB) *Inspector {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"server/.env":         "STREAM_API_KEY=" + projectKey + "\nSTREAM_API_SECRET=" + projectSecret + "\n",
		"server/package.json": `{"name":"server","private":true,"scripts":{"dev":"node index.js"},"dependencies":{"express":"^5","dotenv":"^17","stream-chat":"^9"}}`,
		"server/index.js": `require('dotenv').config();
const express = require('express');
const { StreamChat } = require('stream-chat');
const stream = new StreamChat(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET);
const app = express();
app.use(express.json());
app.post('/api/stream/token', (req, res) => res.json({ token: stream.createToken(req.body.userId) }));
app.listen(3001);
`,
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return look(t, dir)
}

func look(t testing.TB, dir string) *Inspector {
	t.Helper()
	w := probe.Look(t.Context(), facts.Target{Dir: dir, Offline: true}, facts.NameServer)
	return &Inspector{Keys: signer.NewKeyring(w), Now: func() time.Time { return now }}
}

// Real strings of every SDK, library, browser and server, and what has to be said
// of each, whether it comes as an argument or through stdin.
func TestPastes(t *testing.T) {
	inProject, nowhere := projectInspector(t), look(t, t.TempDir())
	all := pastes(t)
	if len(all) < 150 {
		t.Errorf("%d pastes", len(all))
	}
	seen := map[string]bool{}
	for _, c := range all {
		if seen[c.id] {
			t.Errorf("two pastes are called %s", c.id)
		}
		seen[c.id] = true
		t.Run(strings.TrimSuffix(c.file, ".txt")+"/"+c.id, func(t *testing.T) {
			text := strings.ReplaceAll(c.text, "TOKEN", projectToken)
			in := nowhere
			if _, ok := c.want["project"]; ok {
				in = inProject
			}
			got, err := ReadInput(strings.NewReader(text + "\n"))
			if err != nil || got.Many || got.Text != text {
				t.Errorf("stdin: many %v, %v, %q", got.Many, err, got.Text)
			}
			c.judge(t, in.Inspect(context.Background(), text), text)
		})
	}
}

// quotedOnly is what a finding only quotes.
func own(f *Finding, text string) string {
	b, _ := json.Marshal(f)
	s := string(b)
	if f.Error != nil && f.Error.Message != "" {
		q, _ := json.Marshal(f.Error.Message)
		s = strings.ReplaceAll(s, strings.Trim(string(q), `"`), "…")
	}
	return s
}

func (c paste) judge(t *testing.T, f Finding, text string) {
	t.Helper()
	b, _ := json.Marshal(f)
	whole, said := string(b), own(&f, text)
	want := func(name, got string) {
		t.Helper()
		if w, ok := c.want[name]; ok && w != got {
			t.Errorf("%s %q, want %q", name, got, w)
		}
	}
	code, op := "", ""
	if f.Error != nil {
		code, op = fmt.Sprint(f.Error.Code), f.Error.Operation
	}
	want("kind", string(f.Kind))
	want("code", code)
	want("op", op)
	want("key", f.Key)
	want("cause", string(f.Cause))
	want("verdict", f.Verdict)
	if _, ok := c.want["sig"]; ok && (f.Verdict != rejected || f.Cause != "" || f.Error == nil || f.Error.Kind != tokens.ErrSignature || !strings.Contains(said, "signature")) {
		t.Errorf("not told as a wrong signature: verdict %s, cause %q, error %+v", f.Verdict, f.Cause, f.Error)
	}
	if _, ok := c.want["unproven"]; ok && f.Verdict != unproven {
		t.Errorf("verdict %s", f.Verdict)
	}
	if _, ok := c.want["nocause"]; ok && f.Cause != "" {
		t.Errorf("cause %s", f.Cause)
	}
	if w := c.want["says"]; w != "" {
		for _, x := range strings.Split(w, "&") {
			if !regexp.MustCompile("(?i)" + x).MatchString(said) {
				t.Errorf("does not say %q", x)
			}
		}
	}
	if w := c.want["not"]; w != "" && regexp.MustCompile("(?i)"+w).MatchString(whole) {
		t.Errorf("says %q", w)
	}
	if t.Failed() {
		t.Logf("%s\n%s", whole, strings.Join(f.Says, "\n"))
	}
}

// No matter what a long text repeats, the time for reading it grows in proportion: a quadratic step would need minutes for these.
func TestLongPastes(t *testing.T) {
	start := time.Now()
	for _, unit := range []string{
		"{", "[", `\"`, `"`, "code: 43 ", `{"code":43,"message":"m","StatusCode":401}` + "\n", `X failed with error: "`, "for API key ", "StreamChat error code 4x ", "curl ", "curl -H 'a\n",
		"wss://chat.stream-io-api.com/connect?json={&api_key=a ", "eyJ", "eyJhbGciOiJIUzI1NiJ9\n", "&amp;quot;", "\x1b[", "\x1b]", "[0m", "localhost:x", "STREAM_API_SECRET=x\n", "authorization: x stream-auth-type\n",
		"detail: x exception: y status_code: 403 code: 17 ", "JWTAuth error: ", "2026-01-01T00:00:00Z ", "a | b\n", "│", "“", "\\u0022", "message: '", "(", "at x (y:1:2) ",
	} {
		f := (&Inspector{}).Inspect(t.Context(), strings.Repeat(unit, 1<<18/len(unit)))
		if f.Is == "" {
			t.Errorf("nothing is said about many %q", unit)
		}
	}
	if d := time.Since(start); d > time.Minute {
		t.Errorf("took %v", d)
	}
}

// slowly gives one piece a read, as a pipe does.
type slowly struct{ pieces []string }

func (s *slowly) Read(b []byte) (int, error) {
	if len(s.pieces) == 0 {
		return 0, io.EOF
	}
	n := copy(b, s.pieces[0])
	if s.pieces[0] = s.pieces[0][n:]; s.pieces[0] == "" {
		s.pieces = s.pieces[1:]
	}
	return n, nil
}

// What is a list and what is one text, however it arrives.
func TestOneTextOrMany(t *testing.T) {
	a, b := projectToken, minted(t, "jane")
	refusal := `{"code":43,"message":"JWTAuth error: signature is not valid","StatusCode":401}`
	for _, c := range []struct {
		name   string
		pieces []string
		many   int // items; 0 for one text
	}{
		{"tokens", []string{a + "\n" + b + "\n"}, 2},
		{"tokens, line by line", []string{a + "\n", b + "\n", a + "\n"}, 3},
		{"tokens without a final newline", []string{a + "\n" + b}, 2},
		{"tokens with empty lines, CRLF", []string{a + "\r\n\r\n" + b + "\r\n"}, 2},
		{"tokens, one of them missing", []string{a + "\nundefined\n" + b + "\n"}, 3},
		{"headers", []string{"Bearer " + a + "\nAuthorization: " + b + "\n"}, 2},
		{"addresses", []string{"wss://a/?x=1\nhttps://b/c\n"}, 2},
		{"errors", []string{refusal + "\n" + refusal + "\n"}, 2},
		{"commands", []string{"curl http://a/b -d x\ncurl 'http://c' \\\n -H 'x: y'\n"}, 2},
		{"one token", []string{a + "\n"}, 0},
		{"a token and a word", []string{a + "\n" + b + "\nhello"}, 0},
		{"a token, then its error", []string{a + "\n" + refusal + "\n"}, 0},
		{"a token over lines", []string{a[:60] + "\n", a[60:] + "\n"}, 0},
		{"a command and its response", []string{"curl http://a/b\n" + `{"token":"` + a + `"}` + "\n"}, 0},
		{"a stack trace", []string{"Error: x\n", "    at y (z.js:1:2)\n"}, 0},
		{"a log of JSON", []string{`{"level":30,"msg":"a"}` + "\n" + `{"level":50,"msg":"b","token":"` + a + `"}` + "\n"}, 0},
		{"pretty JSON", []string{"{\n  \"code\": 43,\n", "  \"message\": \"m\"\n}\n"}, 0},
		{"nothing", nil, 0},
	} {
		in, err := ReadInput(&slowly{c.pieces})
		if err != nil {
			t.Fatal(err)
		}
		if in.Many != (c.many > 0) {
			t.Errorf("%s: a list: %v", c.name, in.Many)
			continue
		}
		for n := 0; in.Many; n++ {
			if _, err := in.Rest.Next(); err != nil {
				if n != c.many {
					t.Errorf("%s: %d items, want %d", c.name, n, c.many)
				}
				break
			}
		}
	}
}
