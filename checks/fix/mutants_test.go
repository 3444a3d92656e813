package fix

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/finding"
	"badsig/checks/fix/cures"
)

const signing = "  res.json({ token: jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { expiresIn: '1h' }) })"

// Edits of the code that are wrong on purpose are rejected: those that leave the
// cause, and those that cure it and take something right with them.
func TestMutantsOfCode(t *testing.T) {
	src := func(line string) string {
		return strings.Replace(signing, "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { expiresIn: '1h' })", line, 1)
	}
	for _, c := range []struct {
		cause     causes.ID
		line, put string
		right     bool
	}{
		{causes.NBFFuture, "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { notBefore: '10m', expiresIn: '1h' })", "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { expiresIn: '1h' })", true},
		{causes.NBFFuture, "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { notBefore: '10m', expiresIn: '1h' })", "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { notBefore: '5m', expiresIn: '1h' })", false},
		{causes.NBFFuture, "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { notBefore: '10m', expiresIn: '1h' })", "jwt.sign({ user_id: userId }, process.env.STREAM_API_KEY, { expiresIn: '1h' })", false},
		{causes.NBFFuture, "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { notBefore: '10m', expiresIn: '1h' })", "jwt.sign({ user_id: 'bob' }, process.env.STREAM_API_SECRET, { expiresIn: '1h' })", false},
		{causes.TokenExpired, "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { expiresIn: 0 })", "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { expiresIn: '1h' })", true},
		{causes.TokenExpired, "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { expiresIn: 0 })", "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { expiresIn: 1 })", false},
		{causes.TokenExpired, "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { expiresIn: 0 })", "jwt.sign({ user_id: 'bob' }, process.env.STREAM_API_SECRET, { expiresIn: '1h' })", false},
		{causes.TokenExpired, "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { expiresIn: 0 })", "jwt.sign({ user_id: userId }, 'dev-secret', { expiresIn: '1h' })", false},
		{causes.TokenExpired, "jwt.sign({ user_id: userId, exp: 1700000000 }, process.env.STREAM_API_SECRET)", "jwt.sign({ user_id: userId, exp: Math.floor(Date.now() / 1000) + 3600 }, process.env.STREAM_API_SECRET)", true},
		{causes.TokenExpired, "jwt.sign({ user_id: userId, exp: 1700000000 }, process.env.STREAM_API_SECRET)", "jwt.sign({ user_id: userId, exp: Date.now() + 3600 }, process.env.STREAM_API_SECRET)", false},
		{causes.EXPTooShort, "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { expiresIn: 20 })", "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { expiresIn: '1h' })", true},
		{causes.EXPTooShort, "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { expiresIn: 20 })", "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { expiresIn: '20' })", false},
		{causes.EXPMilliseconds, "jwt.sign({ user_id: userId, exp: (Math.floor(Date.now() / 1000) + 3600) * 1000 }, process.env.STREAM_API_SECRET)", "jwt.sign({ user_id: userId, exp: Math.floor(Date.now() / 1000) + 3600 }, process.env.STREAM_API_SECRET)", true},
		{causes.EXPMilliseconds, "jwt.sign({ user_id: userId, exp: (Math.floor(Date.now() / 1000) + 3600) * 1000 }, process.env.STREAM_API_SECRET)", "jwt.sign({ user_id: userId, exp: (Date.now() + 3600) * 1 }, process.env.STREAM_API_SECRET)", false},
		{causes.TokenAlgorithm, "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { algorithm: 'HS512' })", "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { algorithm: 'HS384' })", false},
		{causes.TokenAlgorithm, "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET, { algorithm: 'HS512' })", "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET.trimEnd().slice(1), { algorithm: 'HS256' })", false},
		{causes.UserIDMissing, "jwt.sign({ id: userId }, process.env.STREAM_API_SECRET)", "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET)", true},
		{causes.UserIDMissing, "jwt.sign({ id: userId }, process.env.STREAM_API_SECRET)", "jwt.sign({ user_id: userId + '1' }, process.env.STREAM_API_SECRET)", false},
		{causes.TokenServer, "jwt.sign({ server: true }, process.env.STREAM_API_SECRET)", "jwt.sign({ user_id: userId }, process.env.STREAM_API_SECRET)", true},
		{causes.TokenServer, "jwt.sign({ server: true }, process.env.STREAM_API_SECRET)", "jwt.sign({ server: true, user_id: userId }, process.env.STREAM_API_SECRET)", false},
		{causes.TokenServer, "jwt.sign({ server: true }, process.env.STREAM_API_SECRET)", "jwt.sign({ user_id: 'admin' }, process.env.STREAM_API_SECRET)", false},
	} {
		code := project(t, nil)
		dir := project(t, map[string]string{"index.js": strings.Replace(text(t, code, "index.js"), signing, src(c.line), 1),
			"web/package.json": `{ "name": "web", "dependencies": { "stream-chat": "^9.0.0" }, "devDependencies": { "vite": "^7.0.0" } }`,
			"web/chat.js":      "import { StreamChat } from 'stream-chat'\nexport const client = StreamChat.getInstance('" + key + "')\nexport const token = (userId) => fetch('http://localhost:3999/api/stream/token', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId }) }).then((r) => r.json()).then((d) => d.token)\n"})
		r, w := judged(t, dir)
		cause := &finding.Cause{ID: c.cause, Certainty: finding.Proven, Severity: "error", Location: &finding.Location{File: "index.js", Line: 9}}
		b := &bench{report: r, world: w, view: cures.NewView(r.Facts, w)}
		edit := finding.Edit{File: "index.js", Line: 9, From: 1, To: len(src(c.line)) + 1, Insert: src(c.put)}
		if _, ok := b.try(context.Background(), cause, cures.Proposal{Edits: []finding.Edit{edit}}); ok != c.right {
			t.Errorf("%s: %s → %s: accepted %t, want %t", c.cause, c.line, c.put, ok, c.right)
		}
		if !c.right {
			continue
		}
		proposed := false
		for _, p := range b.view.Of(cause) {
			if _, ok := b.try(context.Background(), cause, p); ok {
				proposed = true
				break
			}
		}
		if !proposed {
			t.Errorf("%s: %s: no edit is proposed that the trial accepts", c.cause, c.line)
		}
	}
}

func text(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
