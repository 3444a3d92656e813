package fix

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"badsig/checks"
	"badsig/checks/facts"
	"badsig/checks/probe/vault"
	"badsig/tokens"
)

// Garbage is collected less often than in the program: a sixth of the tests' work less.
var _ = debug.SetGCPercent(400)

// Invented for these tests.
const (
	key = "kq7w2m9xt4bn"
)

var secret = strings.Repeat("a7h2k9", 10) + "q3x8"

// project is a small backend with its files changed as a test wants.
func project(t *testing.T, change map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		"package.json": `{ "name": "server", "type": "module", "scripts": { "start": "node index.js" }, "dependencies": { "dotenv": "^17.0.0", "express": "^5.0.0", "jsonwebtoken": "^9.0.0" } }`,
		".env":         "PORT=3999\nSTREAM_API_KEY=" + key + "\nSTREAM_API_SECRET=" + secret + "\n",
		"index.js": `import 'dotenv/config'
import express from 'express'
import jwt from 'jsonwebtoken'

const app = express()
app.use(express.json())
app.post('/api/stream/token', (req, res) => {
  const { userId } = req.body
  res.json({ token: jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { expiresIn: '1h' }) })
})
app.listen(process.env.PORT)
`,
	}
	for name, text := range change {
		files[name] = text
	}
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// judged runs the checks on a project, without its endpoint and without Stream.
func judged(t *testing.T, dir string) (*checks.Report, *vault.World) {
	t.Helper()
	target := facts.Target{Dir: dir, Offline: true, Static: true, APIKey: key, Secret: tokens.NewSecret([]byte(secret))}
	for ev := range checks.Run(context.Background(), target, checks.Options{}) {
		if ev.Kind == checks.Done {
			return ev.Report, ev.World
		}
	}
	t.Fatal("no report")
	return nil, nil
}

func env(line string) map[string]string {
	return map[string]string{".env": "PORT=3999\r\nSTREAM_API_KEY=" + key + "\r\n" + line + "\r\n"}
}

// A space in the secret: offered, shown without the secret, made, and taken back byte for byte.
func TestFixAndUndo(t *testing.T) {
	dir := project(t, env(`STREAM_API_SECRET="`+secret+` "`))
	name := filepath.Join(dir, ".env")
	before, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	r, w := judged(t, dir)
	Offer(context.Background(), r, w)
	root := r.Root()
	if root == nil || root.ID != "secret-whitespace" {
		t.Fatalf("root cause %+v", root)
	}
	f, err := Open(r, w, root)
	if err != nil {
		t.Fatal(err)
	}
	if d := f.Diff(); strings.Contains(d, secret) || strings.Contains(d, secret[:12]) || !strings.Contains(d, "+STREAM_API_SECRET=") || !strings.Contains(d, "␠") {
		t.Errorf("the diff:\n%s", d)
	}
	for _, e := range root.Edits() {
		if !e.Tried || strings.Contains(e.Insert, secret[:8]) || e.File != ".env" || e.Line != 3 {
			t.Errorf("edit %+v", e)
		}
	}
	undo, err := f.Apply()
	if err != nil {
		t.Fatal(err)
	}
	after, _ := os.ReadFile(name)
	if want := strings.Replace(string(before), secret+" ", secret, 1); string(after) != want {
		t.Errorf("the file is %q, want %q", after, want)
	}
	if info, _ := os.Stat(name); runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("its mode is %o", info.Mode().Perm())
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".badsig-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if again, _ := judged(t, dir); again.Root() != nil {
		t.Errorf("after the edit: %s", again.Root().ID)
	}
	if err := undo.Undo(); err != nil {
		t.Fatal(err)
	}
	if now, _ := os.ReadFile(name); string(now) != string(before) {
		t.Error("undo put other bytes back")
	}
}

// A file that changed since it was read, or was changed after the edit, stays as it is.
func TestChangedMeanwhile(t *testing.T) {
	dir := project(t, env(`STREAM_API_SECRET="`+secret+` "`))
	name := filepath.Join(dir, ".env")
	r, w := judged(t, dir)
	Offer(context.Background(), r, w)
	f, err := Open(r, w, r.Root())
	if err != nil {
		t.Fatal(err)
	}
	mine := "# mine now\n"
	if err := os.WriteFile(name, []byte(mine), 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Apply(); !errors.Is(err, ErrChanged) {
		t.Errorf("Apply: %v", err)
	}
	if now, _ := os.ReadFile(name); string(now) != mine {
		t.Errorf("it wrote over %q", now)
	}
}

// A link out of the project is not written through.
func TestLinkOutOfTheProject(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need rights there")
	}
	dir := project(t, env(`STREAM_API_SECRET="`+secret+` "`))
	outside := filepath.Join(t.TempDir(), "env")
	data, _ := os.ReadFile(filepath.Join(dir, ".env"))
	if err := os.WriteFile(outside, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, ".env")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, ".env")); err != nil {
		t.Fatal(err)
	}
	r, w := judged(t, dir)
	Offer(context.Background(), r, w)
	f, err := Open(r, w, r.Root())
	if err != nil {
		t.Fatalf("no edit is offered: %v", err)
	}
	if _, err := f.Apply(); err == nil {
		t.Error("it wrote to a file outside the project")
	}
	if now, _ := os.ReadFile(outside); string(now) != string(data) {
		t.Error("the file outside has changed")
	}
}

// What the generator proposes for many ways to corrupt a secret is accepted by the trial and leaves the secret alone.
func TestCorruptSecretsAreFixed(t *testing.T) {
	for name, value := range map[string]string{
		"a space before the quote": `"` + secret + ` "`, "smart quotes": "“" + secret + "”", "quotes in quotes": `'"` + secret + `"'`,
		"a semicolon": secret + ";", "its own name": "STREAM_API_SECRET=" + secret, "uppercase": strings.ToUpper(secret), "doubled": secret + secret,
		"a zero-width space": secret + "\u200b", "one character missing": secret[:63], "a placeholder": "your_api_secret",
	} {
		dir := project(t, env("STREAM_API_SECRET="+value))
		r, w := judged(t, dir)
		Offer(context.Background(), r, w)
		f, err := Open(r, w, r.Root())
		if err != nil {
			t.Errorf("%s: %v (%+v)", name, err, r.Root())
			continue
		}
		if d := f.Diff(); strings.Contains(strings.ToLower(d), secret[:12]) {
			t.Errorf("%s: the diff shows a secret:\n%s", name, d)
		}
		if _, err := f.Apply(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if again, _ := judged(t, dir); again.Root() != nil {
			t.Errorf("%s: after the edit: %s", name, again.Root().ID)
		}
	}
}

// No secret goes into a file that git tracks.
func TestTrackedFile(t *testing.T) {
	dir := project(t, env("STREAM_API_SECRET=your_api_secret"))
	track(t, dir, ".env")
	r, w := judged(t, dir)
	Offer(context.Background(), r, w)
	if root := r.Root(); root == nil || len(root.Edits()) > 0 {
		t.Errorf("an edit is offered: %+v", root)
	} else if last := root.Fix[len(root.Fix)-1]; last.Command != "git rm --cached -- .env" {
		t.Errorf("it doesn't say why there is no edit: %+v", root.Fix)
	}
}

// track makes git track one file of a project.
func track(t *testing.T, dir, name string) {
	t.Helper()
	index := filepath.Join(dir, ".git", "index")
	if err := os.MkdirAll(filepath.Dir(index), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(index, gitIndex(name), 0o644); err != nil {
		t.Fatal(err)
	}
}

// gitIndex is an index of version 2 with one file.
func gitIndex(name string) []byte {
	entry := make([]byte, 62)
	entry[61] = byte(len(name))
	entry = append(entry, name...)
	for ok := true; ok; ok = len(entry)%8 != 0 {
		entry = append(entry, 0)
	}
	return append([]byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x01"), entry...)
}

// What a tool writes isn't edited: the next run of it would undo the edit.
func TestWhatToolsWriteIsLeftAlone(t *testing.T) {
	for file, want := range map[string]bool{"bootstrap/cache/config.php": true, "server/dist/index.js": true, "node_modules/x/index.js": true, "server/index.js": false, "src/distance.js": false} {
		if made(file) != want {
			t.Errorf("%s: %t, want %t", file, made(file), want)
		}
	}
}
