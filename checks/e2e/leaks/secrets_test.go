package leaks

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"badsig/checks/fakestream"
	"badsig/checks/internal/secretscan"
	"badsig/tokens"
)

const (
	key1 = "hrd2345mnpqr"
	key2 = "hrd6789stuvw"
)

// leak is one way in which secrets lie about. What its functions name with
// m.Mark is searched for afterwards.
type leak struct {
	name string
	mode string // of the backend
	set  func(m secretscan.Secrets, files map[string]string) setting
}

// setting is what a leak makes of the healthy project.
type setting struct {
	sign string   // what the backend signs with; "" means the secret of server/.env
	tell string   // what its responses hold
	env  []string // of the backend's process
	args []string // of the backend's process
	our  []string // badsig's own environment
	flag []string // further flags of check and report
	in   string   // badsig's stdin
}

const serverCode = `import 'dotenv/config'
import express from 'express'
import jwt from 'jsonwebtoken'
const app = express()
app.use(express.json())
app.post('/api/stream/token', (req, res) => {
  res.json({ token: jwt.sign({ user_id: req.body.userId }, SECRET), userId: req.body.userId })
})
app.listen(3001)
`

var leaks = []leak{
	{"an env file", "", func(secretscan.Secrets, map[string]string) setting { return setting{} }},
	{"an env file, corrupted", "", func(m secretscan.Secrets, f map[string]string) setting {
		s := m.Mark("a quoted value")
		f["server/.env"] = "STREAM_API_KEY=" + key1 + "\nSTREAM_API_SECRET=\"" + s + " \"\n#STREAM_API_SECRET=" + m.Mark("a comment") + "\nexport STREAM_API_SECRET_OLD='" + m.Mark("an old line") + ";'\n"
		return setting{sign: s + " "}
	}},
	{"a literal", "", func(m secretscan.Secrets, f map[string]string) setting {
		s := m.Mark("a literal")
		f["server/server.js"] = strings.Replace(serverCode, "SECRET)", "'"+s+"')", 1) + "// was: jwt.sign(x, '" + m.Mark("a comment in code") + "')\nnew StreamChat('" + key2 + "', `" + m.Mark("another literal") + "`)\n"
		return setting{sign: s}
	}},
	{"a fallback", "", func(m secretscan.Secrets, f map[string]string) setting {
		s := m.Mark("a fallback")
		f["server/.env"] = "STREAM_API_KEY=" + key1 + "\n"
		f["server/server.js"] = strings.Replace(serverCode, "SECRET)", "process.env.STREAM_API_SECRET || '"+s+"')", 1)
		return setting{sign: s}
	}},
	{"key and secret swapped", "", func(m secretscan.Secrets, f map[string]string) setting {
		f["server/.env"] = "STREAM_API_KEY=" + m.Mark("the key's place") + "\nSTREAM_API_SECRET=" + key1 + "\n"
		f["stream/src/config.js"] = "export const STREAM_API_KEY = '" + m["the key's place"] + "'\n"
		return setting{sign: key1}
	}},
	{"URLs and configs", "", func(m secretscan.Secrets, f map[string]string) setting {
		f["server/.env"] += "STREAM_URL=https://" + key1 + ":" + m.Mark("STREAM_URL") + "@us-east.stream-io-api.com/?app_id=1\nJWT_SECRET=" + m.Mark("JWT_SECRET") + "\nDATABASE_URL=postgres://u:" + m.Mark("a database's URL") + "@localhost/x\n"
		f[".stream/creds.yaml"] = "key: " + key1 + "\nsecret: " + m.Mark("creds.yaml") + "\n"
		f["docker-compose.yml"] = "services:\n  api:\n    environment:\n      STREAM_API_KEY: " + key2 + "\n      STREAM_API_SECRET: \"" + m.Mark("compose") + "\"\n"
		f[".vscode/launch.json"] = `{"configurations":[{"env":{"STREAM_API_SECRET":"` + m.Mark("launch.json") + `"}}]}`
		f["server/ecosystem.config.js"] = "module.exports={apps:[{script:'server.js',env:{STREAM_API_SECRET:'" + m.Mark("ecosystem") + "'}}]}\n"
		f["server/.env.production"] = "STREAM_API_SECRET=" + m.Mark(".env.production") + "\n"
		f["server/.env.example"] = "STREAM_API_SECRET=" + m.Mark(".env.example") + "\n"
		f["server/package.json"] = `{"name":"server","type":"module","scripts":{"dev":"STREAM_API_SECRET=` + m.Mark("a script") + ` node server.js"},"dependencies":{"express":"5","dotenv":"17"}}`
		return setting{our: []string{"STREAM_BASE_URL=http://user:" + m.Mark("STREAM_BASE_URL") + "@127.0.0.1:1"}}
	}},
	{"the front end", "", func(m secretscan.Secrets, f map[string]string) setting {
		f["stream/.env"] = "VITE_STREAM_KEY=" + key1 + "\nVITE_STREAM_SECRET=" + m.Mark("a public variable") + "\n"
		f["stream/src/Chat.jsx"] = "const client = StreamChat.getInstance(import.meta.env.VITE_STREAM_KEY, '" + m.Mark("the front end's code") + "')\nfetch('/x?secret=" + m["the front end's code"] + "')\n"
		f["stream/dist/assets/index.js"] = "var a=\"" + m["a public variable"] + "\";\n"
		return setting{}
	}},
	{"an error's text", "error", func(m secretscan.Secrets, _ map[string]string) setting {
		return setting{tell: m["server/.env"], env: []string{"IN_CLAIM="}}
	}},
	{"an error's text, of a secret that is nowhere", "error", func(m secretscan.Secrets, _ map[string]string) setting {
		return setting{tell: m.Mark("an error's text")}
	}},
	{"an error's page", "page", func(m secretscan.Secrets, _ map[string]string) setting { return setting{tell: m.Mark("a page")} }},
	{"a redirect", "redirect", func(m secretscan.Secrets, _ map[string]string) setting { return setting{tell: m.Mark("a redirect")} }},
	{"headers", "header", func(m secretscan.Secrets, _ map[string]string) setting { return setting{tell: m.Mark("a header")} }},
	{"a JSON response", "", func(m secretscan.Secrets, _ map[string]string) setting { return setting{tell: m["server/.env"]} }},
	{"a JSON response, of a secret that is nowhere", "", func(m secretscan.Secrets, _ map[string]string) setting {
		return setting{tell: m.Mark("a JSON response")}
	}},
	{"a claim", "", func(m secretscan.Secrets, _ map[string]string) setting {
		return setting{env: []string{"IN_CLAIM=" + m["server/.env"]}}
	}},
	{"the backend's environment", "", func(m secretscan.Secrets, f map[string]string) setting {
		s := m.Mark("the backend's environment")
		return setting{sign: s, env: []string{"STREAM_API_SECRET=" + s, "STREAM_API_KEY=" + key2, "OTHER_SECRET=" + m.Mark("another variable"), "NODE_OPTIONS=--x=" + s}}
	}},
	{"the backend's arguments", "", func(m secretscan.Secrets, _ map[string]string) setting {
		s := m.Mark("the backend's arguments")
		return setting{sign: s, args: []string{"--secret", s, "--secret=" + m.Mark("an = argument"), "STREAM_API_SECRET=" + s, "https://k:" + s + "@x/"}}
	}},
	{"badsig's environment", "", func(m secretscan.Secrets, _ map[string]string) setting {
		return setting{our: []string{"STREAM_API_KEY=" + key1, "STREAM_API_SECRET=" + m.Mark("badsig's environment")}}
	}},
	{"a secret's file", "", func(m secretscan.Secrets, f map[string]string) setting {
		f["../secret.txt"] = m.Mark("--secret-file") + "\n"
		return setting{flag: []string{"--api-key", key1, "--secret-file", "../secret.txt"}}
	}},
	{"stdin", "", func(m secretscan.Secrets, _ map[string]string) setting {
		return setting{flag: []string{"--api-key", key1, "--secret-stdin"}, in: m.Mark("stdin") + "\n"}
	}},
	{"a header of the user's", "", func(m secretscan.Secrets, _ map[string]string) setting {
		return setting{flag: []string{"--header", "X-Login: " + m.Mark("--header"), "--header", "Cookie: s=" + m["--header"]}}
	}},
	{"the address", "", func(m secretscan.Secrets, _ map[string]string) setting {
		return setting{flag: []string{"--stream-url", "http://user:" + m.Mark("--stream-url") + "@127.0.0.1:1"}}
	}},
}

// Every command, on every way in which secrets lie about: nothing that badsig
// prints, writes or sends holds a piece of one.
func TestNoSecretLeaves(t *testing.T) {
	for i, l := range leaks {
		if testing.Short() && i%4 != 0 {
			continue
		}
		t.Run(l.name, func(t *testing.T) { l.run(t) })
	}
}

// scene is a leak that is set up: the project on disk, its backend and its Stream.
type scene struct {
	setting
	m             secretscan.Secrets
	project, home string
	tree          map[string]string
	backend       backend
	stream        *wire
	given         string // a token of a minute ago
}

func (l leak) stand(t *testing.T) scene {
	t.Helper()
	root := t.TempDir()
	project, home := filepath.Join(root, "project"), filepath.Join(root, "home")
	if err := os.MkdirAll(filepath.Join(home, "tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	m := secretscan.Secrets{}
	sound := m.Mark("server/.env")
	tree := map[string]string{
		"server/package.json":  `{"name":"server","type":"module","scripts":{"dev":"node server.js"},"dependencies":{"express":"5","dotenv":"17","jsonwebtoken":"9"}}`,
		"server/.env":          "STREAM_API_KEY=" + key1 + "\nSTREAM_API_SECRET=" + sound + "\n",
		"server/server.js":     strings.Replace(serverCode, "SECRET)", "process.env.STREAM_API_SECRET)", 1),
		"stream/package.json":  `{"name":"stream","dependencies":{"react":"19","vite":"6","stream-chat-react":"13"}}`,
		"stream/src/config.js": "export const STREAM_API_KEY = '" + key1 + "'\n",
	}
	s := l.set(m, tree)
	if s.sign == "" {
		s.sign = sound
	}
	put(t, project, tree)
	b := startBackend(t, project, orDefault(l.mode, "json"), append([]string{"SIGN_WITH=" + s.sign, "TELL=" + s.tell}, s.env...), s.args)
	stream := startStream(t, map[string]fakestream.App{
		key1: {ID: 1, Secret: tokens.NewSecret([]byte(sound))}, key2: {ID: 2, Secret: tokens.NewSecret([]byte(m.Mark("another app")))},
	})
	given, err := tokens.Mint(tokens.NewSecret([]byte(s.sign)), "test123", time.Now().Add(-time.Minute), tokens.MintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return scene{s, m, project, home, tree, b, stream, given}
}

func (l leak) run(t *testing.T) {
	s := l.stand(t)
	m, project, home, b, stream, given := s.m, s.project, s.home, s.backend, s.stream, s.given
	facts, debug := filepath.Join(home, "facts.json"), filepath.Join(home, "debug.log")
	common := append([]string{"--url", b.url, "--timeout", "3s", "--debug-log", debug}, s.flag...)
	if !slices.Contains(s.flag, "--stream-url") && !slices.ContainsFunc(s.our, func(e string) bool { return strings.HasPrefix(e, "STREAM_BASE_URL") }) {
		common = append(common, "--stream-url", stream.url)
	}
	var secretFlags []string
	for i, f := range s.flag {
		if f == "--secret-stdin" || f == "--secret-file" {
			secretFlags = s.flag[i:]
		}
	}
	runs := [][]string{
		append([]string{"check", "--token", given, "--facts-out", facts}, common...),
		append([]string{"check", "--json"}, common...),
		{"check", "--facts", facts, "--debug-log", debug},
		{"check", "--facts", facts, "--json"},
		append([]string{"report", "--offline"}, common...),
		append([]string{"run"}, append(slices.Clone(common), "--", program, "explain")...), // no terminal
		append([]string{"inspect", "--debug-log", debug, given}, secretFlags...),
		append([]string{"inspect", "--json", "Bearer " + given}, secretFlags...),
		append([]string{"mint", "--debug-log", debug, "--user-id", "test123"}, secretFlags...),
	}
	for _, args := range runs {
		e := badsig(t, how{dir: project, env: append(bare(home), s.our...), stdin: s.in, args: args})
		if slices.Contains([]string{"check", "report"}, args[0]) && (e.status == 2 || e.out == "") {
			t.Fatalf("badsig %s: status %d: %s", args[0], e.status, e.err)
		}
		_, issued := b.kept(t)
		sent := append(strings.Fields(issued), given)
		out := e.out
		if args[0] == "mint" { // prints a token, and a token only
			out = ""
			if e.status == 0 && strings.ContainsAny(e.out, " \n") {
				t.Errorf("mint prints %q", e.out)
			}
		}
		for _, found := range m.Search(out+"\n"+e.err, sent...) {
			t.Errorf("badsig %s prints %s", args[0], found)
		}
	}
	_, issued := b.kept(t)
	if all := strings.Fields(issued); len(all) > 0 {
		for _, how := range []how{{args: []string{"inspect", "--json", all[0]}}, {args: []string{"inspect", all[0]}}, {args: []string{"inspect", "-"}, stdin: issued}} {
			how.dir, how.env = project, append(bare(home), s.our...)
			e := badsig(t, how)
			for _, found := range m.Search(e.out+"\n"+e.err, all...) {
				t.Errorf("badsig inspect of what the backend issued prints %s", found)
			}
		}
	}
	for _, found := range m.Search(files(t, home), append(strings.Fields(issued), given)...) {
		t.Errorf("a file that badsig wrote holds %s", found)
	}
	if text := files(t, home); !strings.Contains(text, "facts.json") || !strings.Contains(text, "debug.log") {
		t.Error("neither facts nor a debug log were written, so nothing is shown")
	}

	// What a user's own flag sends to the user's own endpoint is meant to go there.
	theirs := secretscan.Secrets{}
	for name, text := range m {
		if name != "--header" {
			theirs[name] = text
		}
	}
	asked, _ := b.kept(t)
	if !strings.Contains(asked, "POST /api/stream/token") {
		t.Error("the backend was not requested, so nothing is shown")
	}
	for _, found := range theirs.Search(asked) {
		t.Errorf("the backend was sent %s", found)
	}
	toStream := secretscan.Token.ReplaceAllString(stream.text(), "") // short-lived tokens are what is sent there
	for _, found := range m.Search(toStream) {
		t.Errorf("Stream was sent %s", found)
	}
}

func orDefault(s, d string) string {
	if s == "" {
		return d
	}
	return s
}

// What a person pastes or mistypes: none of it is repeated.
func TestNoSecretIsRepeated(t *testing.T) {
	m := secretscan.Secrets{}
	s := m.Mark("what was pasted")
	token, err := tokens.Mint(tokens.NewSecret([]byte(s)), "jane", time.Now(), tokens.MintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	home, dir := t.TempDir(), t.TempDir()
	put(t, dir, map[string]string{s + ".txt": "x", "env.txt": "STREAM_API_SECRET=" + s + "\nX=1\n", "two.txt": s + "\n" + s + "\n"})
	for _, h := range []how{
		{args: []string{s}}, {args: []string{"check", s}}, {args: []string{"check", "--secret", s}}, {args: []string{"check", "--secret=" + s}},
		{args: []string{"check", "--api-secret", s}}, {args: []string{"check", "--api-key", s}}, {args: []string{"check", "--api-key=" + s}},
		{args: []string{"check", "--" + s}}, {args: []string{"check", "-s" + s}}, {args: []string{"check", "--timeout", s}}, {args: []string{"check", "--url", s}},
		{args: []string{"check", "--url", "x://k:" + s + "@host"}}, {args: []string{"check", "--stream-url", "ftp://k:" + s + "@host"}}, {args: []string{"check", "--origin", s}},
		{args: []string{"check", "--header", s}}, {args: []string{"check", "--header", "a: " + s + "\r\nb: c"}}, {args: []string{"check", "--dir", s}},
		{args: []string{"check", "--facts", s}}, {args: []string{"check", "--facts", s + ".txt"}}, {args: []string{"check", "--facts", "-"}, stdin: `{"x":"` + s},
		{args: []string{"check", "--secret-file", s}}, {args: []string{"check", "--secret-file", "env.txt"}}, {args: []string{"check", "--secret-file", "two.txt"}},
		{args: []string{"check", "--secret-stdin"}, stdin: s + "\n" + s}, {args: []string{"check", "--token", "-", "--secret-stdin"}, stdin: s},
		{args: []string{"explain", s}}, {args: []string{"demo", "--fault", s}}, {args: []string{"demo", "--fault=" + s}}, {args: []string{"serve", "--cors", s}},
		{args: []string{"serve", "--port", s}}, {args: []string{"serve", "--secret-file", s}}, {args: []string{"mint", s}}, {args: []string{"mint", "--lifetime", s}},
		{args: []string{"mint", "--claim", s}}, {args: []string{"mint", "--secret-file", "env.txt"}}, {args: []string{"run", s}}, {args: []string{"run", "--", s}},
		{args: []string{"run", "--", "/nowhere/" + s, "--secret", s}}, {args: []string{"check", "--debug-log", filepath.Join("nowhere", s)}},
		{args: []string{"inspect", s}}, {args: []string{"inspect", "--json", s}}, {args: []string{"inspect", "-"}, stdin: s}, {args: []string{"inspect"}, stdin: "  \"" + s + "\"\n"},
		{args: []string{"inspect", "-"}, stdin: "STREAM_API_SECRET=" + s + "\nSTREAM_API_KEY=" + key1 + "\n"},
		{args: []string{"inspect", "--json", "-"}, stdin: "STREAM_API_SECRET=" + s + "\n" + token + "\n" + s + "\nexport X='" + s + "'\n"},
		{args: []string{"inspect", "https://" + key1 + ":" + s + "@us-east.stream-io-api.com/?app_id=1"}},
		{args: []string{"inspect", "wss://chat.stream-io-api.com/connect?api_key=" + s + "&authorization=" + token}},
		{args: []string{"inspect", "wss://chat.stream-io-api.com/connect?api_key=" + key1 + "&secret=" + s + "&authorization=" + token}},
		{args: []string{"inspect", `{"token":"` + token + `","secret":"` + s + `","userId":"` + s + `","` + s + `":1}`}},
		{args: []string{"inspect", `{"code":43,"message":"JWTAuth error: signature is not valid, secret ` + s + `","StatusCode":401}`}},
		{args: []string{"inspect", "curl 'http://localhost:3001/" + s + "?secret=" + s + "' -H 'X-Api-Secret: " + s + "' -u k:" + s + " --data-raw '{\"userId\":\"" + s + "\"}'"}},
		{args: []string{"inspect", "curl", "http://k:" + s + "@localhost:3001/x", "-H", "Authorization: " + token, "-d", "secret=" + s}},
		{args: []string{"inspect", "Authorization: Bearer " + token}}, {args: []string{"inspect", "some words and " + s + " and more words"}},
		{args: []string{"inspect", token + "x" + s}}, {args: []string{"inspect", "--api-key", s, token}}, {args: []string{"inspect", "--dir", s, token}},
		{args: []string{"__complete", "check", "--api-key", s}}, {args: []string{"__complete", "explain", s}}, {args: []string{"help", s}}, {args: []string{"completion", s}},
		{args: []string{"check", "--json", "--url", "http://127.0.0.1:1/" + s + "?k=" + s, "--offline"}},

		{args: []string{"check", "--offline", "--token", s, "--url", "http://127.0.0.1:1/x"}}, {args: []string{"check", "--offline", "--token", token, "--url", "http://127.0.0.1:1/x"}},
		{args: []string{"check"}, env: []string{"STREAM_API_KEY=" + s}}, {args: []string{"mint"}, env: []string{"STREAM_API_SECRET=" + s}}, {args: []string{"inspect", token}, env: []string{"STREAM_API_SECRET=" + s}},
	} {
		t.Run(strings.NewReplacer(s, "SECRET", token, "TOKEN").Replace(strings.Join(h.args, " ")), func(t *testing.T) {
			h.dir, h.env = dir, append(bare(home), h.env...)
			e := badsig(t, h)
			out := e.out
			if h.args[0] == "mint" && e.status == 0 {
				out = ""
			}
			for _, found := range m.Search(out+"\n"+e.err, token) {
				t.Errorf("it prints %s", found)
			}
			if strings.Contains(e.err, "goroutine ") || strings.Contains(e.err, "panic") {
				t.Errorf("it breaks: %s", e.err)
			}
			if e.status == 2 && (strings.Count(strings.TrimSpace(e.err), "\n") > 0 || !strings.HasPrefix(e.err, "badsig: ")) {
				t.Errorf("wrong use is told as %q", e.err)
			}
		})
	}
}

// The token server logs whom it served, and nothing that signs.
func TestServeKeepsItsSecret(t *testing.T) {
	m := secretscan.Secrets{}
	home := t.TempDir()
	port := freePort(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cmd := command(ctx, how{dir: home, env: append(bare(home), "STREAM_API_SECRET="+m.Mark("the server's")), args: []string{"serve", "--port", port, "--debug-log", "debug.log"}})
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for range 1200 { // a minute, on a busy machine
		res, err := http.Post("http://127.0.0.1:"+port+"/api/stream/token", "application/json", strings.NewReader(`{"userId":"jane","userName":"Jane\u001b[31m"}`))
		if err != nil {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		var b bytes.Buffer
		_, _ = b.ReadFrom(res.Body)
		_ = res.Body.Close()
		got = append(got, b.String())
		for name := range res.Header {
			got = append(got, name+": "+res.Header.Get(name))
		}
		break
	}
	if runtime.GOOS == "windows" {
		_ = cmd.Process.Kill()
	} else {
		_ = cmd.Process.Signal(os.Interrupt)
	}
	_ = cmd.Wait()
	if len(got) == 0 || !strings.Contains(got[0], `"token"`) {
		t.Fatalf("it did not serve: %q\n%s", got, out.String())
	}
	token := strings.Split(got[0], `"`)[3]
	for _, found := range m.Search(out.String()+files(t, home), token) {
		t.Errorf("it prints %s", found)
	}
	got[0] = secretscan.Token.ReplaceAllString(got[0], "")
	for _, found := range m.Search(strings.Join(got, "\n")) {
		t.Errorf("it responds %s", found)
	}
	if !strings.Contains(out.String(), "jane") {
		t.Errorf("the log says nothing of jane: %s", out.String())
	}
}

// The dump that the Go runtime writes when it is told to quit, in the middle
// of a run that knows secrets, shows none.
func TestACrashShowsNoSecret(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such signal here")
	}
	m := secretscan.Secrets{}
	root := t.TempDir()
	sound := m.Mark("server/.env")
	put(t, root, map[string]string{
		"server/.env": "STREAM_API_KEY=" + key1 + "\nSTREAM_API_SECRET=" + sound + "\n", "server/package.json": `{"dependencies":{"express":"5"}}`,
		"server/server.js": strings.Replace(serverCode, "SECRET)", "process.env.STREAM_API_SECRET)", 1),
	})
	b := startBackend(t, root, "hang", []string{"SIGN_WITH=" + sound}, nil)
	home := t.TempDir()
	cmd := command(t.Context(), how{dir: root, env: append(bare(home), "GOTRACEBACK=all", "STREAM_API_SECRET="+m.Mark("badsig's environment")), args: []string{"check", "--offline", "--url", b.url, "--timeout", "20s"}})
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for range 3000 { // until the backend got a request: by then the project was read
		if asked, _ := b.kept(t); strings.Contains(asked, "POST") {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	_ = cmd.Process.Signal(syscall.SIGABRT)
	_ = cmd.Wait()
	if !strings.Contains(out.String(), "goroutine ") {
		t.Fatalf("there is no dump: %s", out.String())
	}
	for _, found := range m.Search(out.String()) {
		t.Errorf("the dump shows %s", found)
	}
}

// A demo's children know their order from stdin: neither their arguments nor
// their environment holds a secret, the user's own included.
func TestChildrenAreToldNothing(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("looks into /proc")
	}
	m := secretscan.Secrets{}
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, fault := range []string{"secret-whitespace", "secret-unknown", "secret-shadowed", "server-stale"} {
		cmd := command(t.Context(), how{dir: home, env: append(bare(home), "STREAM_API_SECRET="+m.Mark("the user's "+fault)), args: []string{"demo", "--fault", fault, "--json"}})
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() { _ = cmd.Wait(); close(done) }()
		var all strings.Builder
	look:
		for {
			children, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", cmd.Process.Pid))
			for _, c := range children {
				list, _ := os.ReadFile(c)
				for _, pid := range strings.Fields(string(list)) {
					args, _ := os.ReadFile("/proc/" + pid + "/cmdline")
					env, _ := os.ReadFile("/proc/" + pid + "/environ")
					if bytes.Contains(args, []byte("--backend")) && len(env) > 0 {
						seen++
						all.Write(args)
						all.Write(env)
					}
				}
			}
			select {
			case <-done:
				break look
			case <-time.After(5 * time.Millisecond):
			}
		}
		for _, found := range m.Search(all.String() + out.String()) {
			t.Errorf("%s: a child was told %s", fault, found)
		}
		if long := secretShape.FindString(strings.ReplaceAll(all.String(), "\x00", "\n")); long != "" && fault != "secret-shadowed" {
			t.Errorf("%s: a child's arguments or environment hold %q", fault, long)
		}
		if !strings.Contains(out.String(), `"`+fault+`"`) {
			t.Errorf("%s was not named: %.300s", fault, out.String())
		}
	}
	if seen == 0 {
		t.Error("no child was seen")
	}
}

// secretShape is what looks like a Stream secret.
var secretShape = regexp.MustCompile(`\b[a-z0-9]{64}\b`)

// files reads every file below a folder into one text.
func files(t testing.TB, dir string) string {
	t.Helper()
	text, err := secretscan.Files(dir)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
