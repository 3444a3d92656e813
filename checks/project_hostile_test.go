package checks_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unicode/utf16"

	"badsig/checks"
	"badsig/checks/facts"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// trap is one thing that a project may contain beside a working backend.
type trap struct {
	name   string
	set    func(t *testing.T, dir string)
	note   string // is in the report's notes
	slow   bool   // left out of -short
	long   bool   // of the long run: a test of the room that reads files has it, too
	memory bool   // is in memory where this system has such a folder: it is a lot of files
	more   time.Duration
}

func put(t testing.TB, dir, name string, text []byte) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// thousands puts n thousand names of sources into dir, a thousand a folder: links
// to a few files, which is quicker than as many files and looks the same.
func thousands(t *testing.T, dir string, n int) {
	t.Helper()
	var full atomic.Bool
	var wg sync.WaitGroup
	for worker := range 2 {
		wg.Go(func() {
			for d := worker; d < n; d += 2 {
				sub := filepath.Join(dir, fmt.Sprint(d))
				first := filepath.Join(sub, "0.js")
				err := os.MkdirAll(sub, 0o755)
				if err == nil {
					err = os.WriteFile(first, nil, 0o600)
				}
				for i := 1; i < 1000 && err == nil; i++ {
					err = os.Link(first, filepath.Join(sub, fmt.Sprint(i, ".js")))
				}
				if errors.Is(err, syscall.ENOSPC) {
					full.Store(true)
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if full.Load() {
		t.Skipf("there is no room for %d thousand names here", n)
	}
}

func link(t testing.TB, dir, to, name string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(to, path); err != nil {
		if runtime.GOOS == "windows" {
			t.Skip("making a link needs a right there: ", err)
		}
		t.Fatal(err)
	}
}

// deepest is how deep a project's folders go: each look at one goes through all above it.
func deepest() int {
	if os.Getenv("BADSIG_E2E") != "" {
		return 1000
	}
	return 300
}

// A project with anything in it is read as well as it can be: the valid pair
// is found and proven, in time, in little memory.
func TestHostileProjects(t *testing.T) {
	deep := func(open, close string, n int) []byte {
		return []byte("// STREAM_API_SECRET process.env\nconst x = " + strings.Repeat(open, n) + "1" + strings.Repeat(close, n) + "\n")
	}
	traps := []trap{
		{name: "nothing", set: func(*testing.T, string) {}},
		{name: "links in circles", set: func(t *testing.T, dir string) {
			link(t, dir, ".", "self")
			link(t, dir, "..", "server/up")
			link(t, dir, dir, "stream/src/all")
			link(t, dir, "b.js", "a.js")
			link(t, dir, "a.js", "b.js")
			link(t, dir, ".env.local", "server/.env.local")
			link(t, dir, "/", "root")
			link(t, dir, "/nowhere/at/all", "server/.env.development")
			link(t, dir, "../server", "stream/server")
		}},
		{name: "links to devices", set: func(t *testing.T, dir string) {
			for i, to := range []string{"/dev/zero", "/dev/random", "/dev/stdin", "/dev/tty", "/proc/self/mem", "/proc/kmsg", "/dev/fd/0"} {
				link(t, dir, to, fmt.Sprintf("server/zero%d.js", i))
				link(t, dir, to, fmt.Sprintf("server/.env.%d", i))
				link(t, dir, to, fmt.Sprintf("p%d/package.json", i))
			}
			link(t, dir, "/dev/zero", "server/.env.local")
		}},
		{name: "FIFOs", set: fifos},
		{name: "sockets", set: func(t *testing.T, dir string) {
			if runtime.GOOS == "windows" {
				t.Skip("no such sockets here")
			}
			t.Chdir(dir) // a socket's path has little room
			for _, name := range []string{"s.js", "server/.env.local", "package.json"} {
				l, err := net.Listen("unix", name)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = l.Close() })
			}
			t.Chdir(os.TempDir())
		}, note: "not a regular file"},
		{name: "folders with files' names", set: func(t *testing.T, dir string) {
			for _, name := range []string{"server/.env.local", "package.json", "server/index.js", "tsconfig.json", "docker-compose.yml", "server/.env.local/.env", "next.config.js", ".git/index"} {
				if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
					t.Fatal(err)
				}
			}
		}},
		{name: "names that act on terminals", set: func(t *testing.T, dir string) {
			if runtime.GOOS == "windows" {
				t.Skip("no such names here")
			}
			lie := "const { StreamChat } = require('stream-chat')\nnew StreamChat('" + hostileKey + "', '" + strings.Repeat("z9", 32) + "')\n"
			for _, name := range []string{"evil\n\x1b[2J\x1b]0;owned\x07.js", "\u202egnp.js", "\u009b31m.js", "| [x](http://evil.example) `rm` <b>.js", "\xff\xfe.js", " .js", "-rf.js", "a\r.js"} {
				put(t, dir, "tools/"+name, []byte(lie))
				put(t, dir, "tools "+name+"/.env.example", []byte("STREAM_API_SECRET="+strings.Repeat("y8", 32)+"\n"))
			}
		}},
		{name: "hundreds of folders deep", set: func(t *testing.T, dir string) {
			at := dir
			for range deepest() {
				at = filepath.Join(at, "d")
			}
			if err := os.MkdirAll(at, 0o755); err != nil {
				if runtime.GOOS == "windows" {
					t.Skip("a path has less room there: ", err)
				}
				t.Fatal(err)
			}
			put(t, at, ".env", []byte("STREAM_API_SECRET=x\n"))
		}},
		{name: "more files than are read", slow: true, long: true, memory: true, more: 15 * time.Second, set: func(t *testing.T, dir string) {
			const n = 1000 // a million: more than are looked at
			thousands(t, filepath.Join(dir, "many"), n)
			t.Logf("%d,000 files", n)
		}, note: "left out"},
		{name: "41,000 files in one folder", slow: true, long: true, memory: true, set: func(t *testing.T, dir string) {
			if err := os.MkdirAll(filepath.Join(dir, "many"), 0o755); err != nil {
				t.Fatal(err)
			}
			first := filepath.Join(dir, "many", "0.txt")
			put(t, "", first, nil)
			for i := 1; i < 41_000; i++ {
				if err := os.Link(first, filepath.Join(dir, "many", fmt.Sprint(i, ".txt"))); err != nil {
					t.Fatal(err)
				}
			}
		}, note: "too many files"},
		{name: "a line of 50 MB", set: func(t *testing.T, dir string) {
			put(t, dir, "server/bundle.js", bytes.Repeat([]byte("process.env.STREAM_API_SECRET;"), 50<<20/30))
		}},
		{name: "a line of 900 KB", set: func(t *testing.T, dir string) {
			put(t, dir, "server/long.js", bytes.Repeat([]byte("a(process.env.STREAM_API_SECRET||'x');"), 900<<10/38))
		}},
		{name: "30 kB of every bracket", set: func(t *testing.T, dir string) {
			for i, b := range []string{"()", "[]", "{}", "`${ }`", "<a></a>", "/*", "a?b:", "!", "=>", "..."} {
				half := (len(b) + 1) / 2
				put(t, dir, fmt.Sprintf("server/deep%d.js", i), deep(b[:half], b[half:], 15_000))
				put(t, dir, fmt.Sprintf("stream/src/deep%d.tsx", i), deep(b[:half], "", 15_000))
			}
		}},
		{name: "an .env of 10 MB", set: func(t *testing.T, dir string) {
			put(t, dir, "server/.env.local", bytes.Repeat([]byte("FILLING_UP=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"), 10<<20/47))
		}, note: "too large"},
		{name: "an .env of 3 MB of secrets", set: func(t *testing.T, dir string) {
			var b bytes.Buffer
			for i := range 30_000 {
				fmt.Fprintf(&b, "STREAM_API_SECRET_%d=%064d\n", i, i)
			}
			put(t, dir, "server/.env.local", b.Bytes())
		}},
		{name: "an .env that doubles", set: func(t *testing.T, dir string) {
			b := bytes.NewBufferString("A0=0123456789abcdef0123456789abcdef\n")
			for i := range 60 {
				fmt.Fprintf(b, "A%d=$A%d$A%d${A%d:-$A%d}\n", i+1, i, i, i, i)
			}
			b.WriteString("B=$C\nC=$B\nD=$D$D\nSTREAM_API_SECRET_OLD=$A60\n")
			put(t, dir, "stream/.env.local", b.Bytes())
			put(t, dir, "stream/vite.config.js", []byte("export default {}\n"))
		}},
		{name: "constants that double", set: func(t *testing.T, dir string) {
			b := bytes.NewBufferString("export const a0 = process.env.STREAM_API_SECRET || '0123456789abcdef0123456789abcdef'\n")
			for i := range 200 {
				fmt.Fprintf(b, "export const a%d = `${a%d}${a%d}` + a%d || a%d ?? (a%d ? a%d : a%d)\n", i+1, i, i, i, i, i, i, i)
			}
			b.WriteString("import jwt from 'jsonwebtoken'\nexport const t = id => jwt.sign({ user_id: id }, a200)\n")
			put(t, dir, "server/double.js", b.Bytes())
		}},
		{name: "modules in circles", set: func(t *testing.T, dir string) {
			for i := range 50 {
				put(t, dir, fmt.Sprintf("server/c%d.js", i), []byte(fmt.Sprintf("import { s as q, ...r } from './c%d.js'\nexport * from './c%d.js'\nexport { q as s } from './c%d.js'\nexport const k%d = { ...q, secret: q.secret, k: process.env.STREAM_API_SECRET }\nimport './c%d.js'\n", (i+1)%50, (i+7)%50, (i+13)%50, i, i)))
			}
			put(t, dir, "tsconfig.json", []byte(`{"extends":"./tsconfig.json","compilerOptions":{"baseUrl":"..","paths":{"*":["./*","../*"],"@/*":["@/*"]}}}`))
		}},
		{name: "hundreds of servers, each in a package of its own", slow: true, set: func(t *testing.T, dir string) {
			n := 300
			if os.Getenv("BADSIG_E2E") != "" {
				n = 1500
			}
			for i := range n {
				at := fmt.Sprintf("apps/a%d/s%d/", i%50, i)
				put(t, dir, at+"package.json", []byte(fmt.Sprintf(`{"name":"s%d","scripts":{"dev":"node index.js"},"dependencies":{"express":"5","s%d":"1"}}`, i, i+1)))
				put(t, dir, at+"index.js", []byte("require('dotenv').config(); const app = require('express')(), { StreamChat } = require('stream-chat');\nconst c = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET);\n"+
					"app.post('/t', (q, r) => r.json({ token: c.createToken(q.body.userId) })); app.listen("+fmt.Sprint(10_000+i)+")\n"))
				put(t, dir, at+".env", []byte(fmt.Sprintf("STREAM_API_KEY=k%011d\nSTREAM_API_SECRET=%s\n", i, strings.Repeat("z9", 32))))
			}
		}, note: "not read to its end: apps/"},
		{name: "package.json of garbage", set: func(t *testing.T, dir string) {
			for i, text := range []string{"", "\x00\x01\x02", "{", "[]", "null", `"x"`, `{"scripts":[1],"dependencies":"x","type":5,"workspaces":{"packages":7},"main":{},"proxy":[],"name":{}}`,
				`{"scripts":{"dev":"` + strings.Repeat("node && ", 20_000) + `"}}`, `{"scripts":{"dev":"npm run dev","start":"npm run start","a":"npm run b","b":"npm run a"}}`,
				strings.Repeat(`{"dependencies":`, 100_000), `{"workspaces":["**","../**","/","` + strings.Repeat("*/", 500) + `"]}`, `{"main":"../../../../../../etc/passwd"}`,
				"{\"name\":\"\x1b[31m\xff\",\"scripts\":{\"dev\":\"node \x1b]0;x\x07.js\"},\"dependencies\":{\"express\":\"5\"}}", string(bytes.Repeat([]byte(" "), 2<<20))} {
				put(t, dir, fmt.Sprintf("g%d/package.json", i), []byte(text))
				put(t, dir, fmt.Sprintf("g%d/index.js", i), []byte("const jwt = require('jsonwebtoken')\n"))
			}
		}},
		{name: "configs of garbage", set: func(t *testing.T, dir string) {
			bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
			for i := range 12 {
				bomb += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", 'b'+i, 'b'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i)
			}
			for _, name := range []string{"docker-compose.yml", "compose.yaml", ".stream/creds.yaml", "pm2.yml", ".stream/config.yml"} {
				put(t, dir, name, []byte(bomb+"services:\n  server:\n    environment: *m\n    env_file: [/dev/zero, ../../../../etc/shadow]\n"+strings.Repeat(" ", 5000)+"- x\n\t\x00\xff: {{{[[[\n"))
			}
			for _, name := range []string{".vscode/launch.json", "nodemon.json", "tsconfig.json", "jsconfig.json", "ecosystem.json", "app.json"} {
				put(t, dir, name, []byte(strings.Repeat("[", 200_000)))
				put(t, dir, "server/"+name, []byte(`{"configurations":{"env":1,"envFile":"/dev/zero"},"exec":[],"env":"x","apps":[{"env_file":"/dev/zero","script":5}],"extends":"/dev/zero"}`))
			}
			put(t, dir, "Procfile", bytes.Repeat([]byte("web: node --env-file=/dev/zero server.js\n"), 1000))
			put(t, dir, "server/start.sh", []byte("source /dev/zero; . ./.env; $(cat /dev/zero)\n"))
			put(t, dir, "Makefile", bytes.Repeat([]byte{0xff}, 100_000))
		}},
		{name: "a git index of garbage", set: func(t *testing.T, dir string) {
			index := append([]byte("DIRC"), 0, 0, 0, 4, 0xff, 0xff, 0xff, 0xff)
			put(t, dir, ".git/index", append(index, bytes.Repeat([]byte{0xff}, 1<<20)...))
			put(t, dir, "server/.git", []byte("gitdir: /dev"))
		}},
		{name: "other languages' garbage", set: func(t *testing.T, dir string) {
			for _, ext := range []string{"py", "go", "rb", "php", "vue", "svelte", "astro", "tsx", "mts"} {
				noise := make([]byte, 200_000)
				r := rand.NewChaCha8([32]byte{1})
				_, _ = r.Read(noise)
				put(t, dir, "x/noise."+ext, append([]byte("STREAM_API_SECRET process.env jwt .listen( "), noise...))
				put(t, dir, "x/open."+ext, []byte("STREAM_API_SECRET = '''\"\"\"`${<!--<script><style>/*"+strings.Repeat("'\"`(\\", 20_000)))
			}
		}},
		{name: "an .env in UTF-16 beside", set: func(t *testing.T, dir string) {
			put(t, dir, "server/.env.example", utf16le("STREAM_API_SECRET=your_secret\n"))
			put(t, dir, "stream/.env", utf16le("VITE_X=1\n"))
		}},
	}
	for _, c := range traps {
		if c.long && os.Getenv("BADSIG_E2E") == "" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			if c.slow && testing.Short() {
				t.Skip("takes long to set up")
			}
			if info, err := os.Stat("/dev/shm"); c.memory && err == nil && info.IsDir() {
				t.Setenv("TMPDIR", "/dev/shm")
			}
			target := soundProject(t)
			target.Offline, target.Timeout = true, hostileTimeout+c.more
			target.APIKey, target.Secret = hostileKey, tokens.NewSecret([]byte(hostileSecret))
			c.set(t, target.Dir)
			r, f := bounded(t, target)
			if r.Verdict != checks.Accepted {
				t.Errorf("a sound project is %s:\n%s", r.Verdict, f.text)
			}
			sentences(t, r)
			if r.Facts.Project == nil {
				t.Fatalf("the project was not read: %v", r.Facts.Errors)
			}
			notes := strings.Join(r.Facts.Project.Notes, "\n")
			if !strings.Contains(notes, c.note) {
				t.Errorf("no note says %q: %q", c.note, notes)
			}
			for _, n := range r.Facts.Project.Notes {
				if !strings.Contains(f.text, n) {
					t.Errorf("the text says nothing of: %s", n)
				}
			}
			if testing.Verbose() {
				t.Log(notes)
			}
			f.each(func(face, text string) {
				for _, secret := range []string{hostileSecret, strings.Repeat("z9", 32), strings.Repeat("y8", 32)} {
					if i := strings.Index(text, secret[:12]); i >= 0 {
						t.Errorf("%s holds a secret: %q", face, around(text, i))
					}
				}
			})
		})
	}
}

func utf16le(s string) []byte {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

func utf16be(s string) []byte {
	b := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.BigEndian.AppendUint16(b, u)
	}
	return b
}

// The one file that counts, corrupted: what is said names the file, and neither
// claims to have read it nor accuses what was not seen.
func TestHostileEnvFile(t *testing.T) {
	good := "STREAM_API_KEY=" + hostileKey + "\nSTREAM_API_SECRET=" + hostileSecret + "\n"
	for _, c := range []struct {
		name string
		set  func(t *testing.T, path string)
		says string
	}{
		{"UTF-16, as PowerShell writes it", func(t *testing.T, p string) { put(t, "", p, utf16le(good)) }, ""},
		{"UTF-16, big-endian", func(t *testing.T, p string) { put(t, "", p, utf16be(good)) }, ""},
		{"10 MB", func(t *testing.T, p string) {
			put(t, "", p, append(bytes.Repeat([]byte("# filling\n"), 1<<20), good...))
		}, "too large"},
		{"a link to a device", func(t *testing.T, p string) { link(t, "", "/dev/zero", p) }, ""},
		{"a link to itself", func(t *testing.T, p string) { link(t, "", ".env", p) }, ""},
		{"a folder", func(t *testing.T, p string) {
			if err := os.Mkdir(p, 0o700); err != nil {
				t.Fatal(err)
			}
		}, ""},
		{"NULs", func(t *testing.T, p string) { put(t, "", p, make([]byte, 1<<20)) }, ""},
		{"escapes", func(t *testing.T, p string) { put(t, "", p, []byte(good+escapes+"="+escapes+"\n"+escapes)) }, ""},
		{"one line of 3 MB", func(t *testing.T, p string) { put(t, "", p, []byte("STREAM_API_SECRET="+strings.Repeat("x", 3<<20))) }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			target := soundProject(t)
			target.Offline = true
			path := filepath.Join(target.Dir, "server", ".env")
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			c.set(t, path)
			r, f := bounded(t, target)
			sentences(t, r)
			if testing.Verbose() {
				t.Log(f.text)
			}
			if !strings.Contains(f.text, c.says) {
				t.Errorf("the report does not say %q:\n%s", c.says, f.text)
			}
			if r.Verdict == checks.Accepted {
				t.Errorf("accepted, though nothing can be proven:\n%s", f.text)
			}
		})
	}
}

// Files that come and go during the look aren't an error, and aren't waited for.
func TestFilesThatVanish(t *testing.T) {
	target := soundProject(t)
	target.Offline = true
	target.APIKey, target.Secret = hostileKey, tokens.NewSecret([]byte(hostileSecret))
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for w := range 2 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				sub := filepath.Join(target.Dir, fmt.Sprintf("gone%d-%d", w, i%20))
				_ = os.MkdirAll(filepath.Join(sub, "a", "b"), 0o755)
				_ = os.WriteFile(filepath.Join(sub, "a", "package.json"), []byte(`{"name":"x","dependencies":{"express":"5"}}`), 0o600)
				_ = os.WriteFile(filepath.Join(sub, "a", "x.js"), []byte("const s = process.env.STREAM_API_SECRET\n"), 0o600)
				_ = os.WriteFile(filepath.Join(sub, "a", "b", ".env.example"), []byte("STREAM_API_SECRET=x\n"), 0o600)
				for _, name := range []string{"a/x.js", "a/package.json", "a/b/.env.example", "a/b", "a", ""} { // one by one, and nothing else
					_ = os.Remove(filepath.Join(sub, filepath.FromSlash(name)))
				}
			}
		})
	}
	defer func() { close(stop); wg.Wait() }()
	runs := 20
	if testing.Short() {
		runs = 4
	}
	for range runs {
		var report *checks.Report
		for e := range checks.Run(t.Context(), target, checks.Options{}) {
			if e.Kind == checks.Done {
				report = e.Report
			}
		}
		if report == nil || report.Verdict != checks.Accepted || len(report.Facts.Errors) > 0 {
			t.Fatalf("a sound project is not accepted: %+v", facesOf(t, report).text)
		}
		sentences(t, report)
	}
}

// Folders that aren't projects, as the one to look through.
func TestStrangeFolders(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	put(t, "", file, []byte("x"))
	dirs := []string{"/dev/pts", "/dev/fd", "/proc/self", // not /dev: other tests have their folders in its shm; where they aren't, they are folders that don't exist
		"/proc/1", "/sys/kernel", filepath.Join(t.TempDir(), "nowhere"), file, t.TempDir(), strings.Repeat("x/", 3000), "a\x00b"}
	for _, dir := range dirs {
		t.Run(sanitize.Visible(dir[:min(len(dir), 20)]), func(t *testing.T) {
			r, f := bounded(t, facts.Target{Dir: dir, URL: "http://127.0.0.1:1/api/stream/token", Offline: true, Timeout: hostileTimeout})
			sentences(t, r)
			if r.Root() == nil || r.Root().ID != "server-down" {
				t.Errorf("named first is not server-down:\n%s", f.text)
			}
		})
	}
}
