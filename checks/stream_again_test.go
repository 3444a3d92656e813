package checks_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"badsig/checks"
	"badsig/checks/facts"
	"badsig/checks/fakestream"
	"badsig/checks/internal/eventually"
	"badsig/checks/internal/nodetest"
	"badsig/checks/probe/stream"
	"badsig/tokens"
)

// againServer mints another token for every request: iat and exp are never
// what they were.
const againServer = `
import 'dotenv/config'
import express from 'express'
import cors from 'cors'
import jwt from 'jsonwebtoken'
const app = express()
let n = 0
app.use(cors(), express.json())
app.post('/api/stream/token', (req, res) => {
  const { userId } = req.body
  const token = jwt.sign({ user_id: userId, iat: Math.floor(Date.now() / 1000) - n++ }, process.env.STREAM_API_SECRET, { expiresIn: '1h' })
  res.set('Cache-Control', 'no-store').json({ token })
})
app.listen(%d)
`

// TestStreamIsContactedAgainOnlyForChanges counts what reaches Stream over the runs
// of one console, with a real Express backend.
func TestStreamIsContactedAgainOnlyForChanges(t *testing.T) {
	t.Parallel() // it waits for Node
	port := eventually.FreePort(t)
	dir := t.TempDir()
	wrong := "x" + hostileSecret[1:]
	env := func(secret string) {
		t.Helper()
		text := "STREAM_API_KEY=" + hostileKey + "\nSTREAM_API_SECRET=" + secret + "\n"
		if err := os.WriteFile(filepath.Join(dir, ".env"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env(hostileSecret)
	var p *nodetest.Process
	restart := func() {
		t.Helper()
		if p != nil {
			p.Stop()
		}
		p = nodetest.Start(t, dir, map[string]string{
			"package.json": `{"type":"module","dependencies":{"express":"5","dotenv":"18","jsonwebtoken":"9"}}`,
			"index.js":     fmt.Sprintf(againServer, port),
			"front/app.js": "import { StreamChat } from 'stream-chat'\nexport const client = StreamChat.getInstance('" + hostileKey + "')\n",
		}, "node", "index.js")
		p.Listens(t, port)
	}
	restart()
	str := fakestream.New(fakestream.Options{Apps: map[string]fakestream.App{hostileKey: {Secret: tokens.NewSecret([]byte(hostileSecret))}}})
	url, stop, err := str.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	target := facts.Target{Dir: dir, URL: fmt.Sprintf("http://localhost:%d/api/stream/token", port), StreamURL: url,
		UserID: "jane", Timeout: 20 * time.Second, Origin: "http://localhost:3000"}
	memory := stream.NewMemory()
	run := func(number int) *checks.Report {
		t.Helper()
		var r *checks.Report
		for ev := range checks.Run(context.Background(), target, checks.Options{Run: number, Memory: memory}) {
			if ev.Report != nil {
				r = ev.Report
			}
		}
		if r == nil {
			t.Fatal("no report")
		}
		return r
	}
	steps := []struct {
		name   string
		change func()
		asked  int // requests of the first run after the change; those after it send nothing
		answer int // Stream's status for the user's token
	}{
		{"opened: the pair, its control, the token", func() {}, 3, 200},
		{"a file touched", func() { env(hostileSecret) }, 0, 200},
		{"the backend restarted", restart, 0, 200},
		{"another name", func() { target.UserName = "Jane" }, 0, 200},
		{"another user", func() { target.UserID = "joe" }, 1, 200},
		{"the first user again", func() { target.UserID = "jane" }, 0, 200},
		{"another secret in the file: another pair, and the token's own control", func() { env(wrong) }, 2, 200},
		{"and in the backend: another token", restart, 1, 401},
		{"fixed in the file", func() { env(hostileSecret) }, 0, 401},
		{"and in the backend", restart, 0, 200},
		{"told to forget", memory.Forget, 3, 200},
	}
	number := 0
	for _, st := range steps {
		st.change()
		for again := range 2 {
			str.Reset()
			number++
			r := run(number)
			want := 0
			if again == 0 {
				want = st.asked
			}
			if r.Stream == nil || r.Stream.Status != st.answer {
				t.Errorf("%s: Stream's response %+v, want %d", st.name, r.Stream, st.answer)
			}
			if n := str.Count(); n != want {
				t.Errorf("%s, run %d after it: asked %d times, want %d", st.name, again+1, n, want)
			}
		}
	}
}
