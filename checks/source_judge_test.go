package checks

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe"
)

const (
	actionKey    = "h7w2k9qx4tbn"
	actionSecret = "m4x8r2k7c9vq5t3n6b1z7w8y2p4s7d9f3g5h1j6k8m3q2w4e6r8t1y3u5x7v9pa2"
)

// actionProject is a Next project whose token is made by a server action.
func actionProject(sign string) map[string]string {
	return map[string]string{
		"package.json": `{"name":"calls","scripts":{"dev":"next dev"},"dependencies":{"next":"15","react":"19","@stream-io/node-sdk":"0.4","@stream-io/video-react-sdk":"1","jsonwebtoken":"9"}}`,
		".env.local":   "NEXT_PUBLIC_STREAM_API_KEY=" + actionKey + "\nSTREAM_SECRET_KEY=" + actionSecret + "\n",
		"lib/token.ts": "'use server'\nimport jwt from 'jsonwebtoken'\nimport { currentUser } from '@clerk/nextjs/server'\nimport { StreamClient } from '@stream-io/node-sdk'\nexport async function mint() {\n  const who = await currentUser()\n  if (!who) throw new Error('not signed in')\n" + sign + "}\n",
		"app/room.tsx": "'use client'\nimport { StreamVideoClient } from '@stream-io/video-react-sdk'\nimport { mint } from '../lib/token'\nexport const client = new StreamVideoClient({ apiKey: process.env.NEXT_PUBLIC_STREAM_API_KEY!, user: { id: 'x' }, tokenProvider: mint })\n",
	}
}

const plainSign = "  const client = new StreamClient(process.env.NEXT_PUBLIC_STREAM_API_KEY!, process.env.STREAM_SECRET_KEY!)\n  return client.generateUserToken({ user_id: who.id })\n"

// lookedAt reads a project's files.
func lookedAt(t *testing.T, files map[string]string, change ...func(*facts.Target)) *facts.Facts {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	target := facts.Target{Dir: dir, Offline: true}
	for _, c := range change {
		c(&target)
	}
	return probe.Look(context.Background(), target, facts.NameServer).Snapshot()
}

// judged judges a project's files, with Stream's word on the one pair in them.
func judgedFiles(t *testing.T, files map[string]string, static bool, status int) *Report {
	t.Helper()
	f := lookedAt(t, files, func(x *facts.Target) { x.Static = static })
	f.Stream = &facts.Stream{Asked: true, Reachable: true, Control: &facts.StreamAnswer{Status: 401, Code: 43}}
	for _, v := range f.Values {
		if v.What == facts.WhatSecret {
			a := facts.StreamAnswer{Status: status}
			if status != 200 {
				a.Code, a.Message = 43, "JWTAuth error: signature is not valid"
			}
			f.Stream.Grid = append(f.Stream.Grid, facts.Pair{Key: actionKey, KeyFrom: -1, Secret: v.ID, Answer: a})
		}
	}
	return Judge(f)
}

// A server action has no endpoint: nothing is requested, nothing is said of a server, and an accepted pair is enough.
func TestServerAction(t *testing.T) {
	r := judgedFiles(t, actionProject(plainSign), false, 200)
	if r.Exit() != 0 || len(r.Causes) > 0 {
		t.Errorf("exit %d, causes %v", r.Exit(), r.Causes)
	}
	if r.Target.URL != "" {
		t.Errorf("endpoint %q", r.Target.URL)
	}
	if len(r.Entries) != 1 || r.Entries[0].Kind != "server-action" || r.Entries[0].Signs == nil || r.Entries[0].Signs.Line != 9 {
		t.Errorf("entries %+v", r.Entries)
	}
	said := ""
	for _, c := range r.Checks {
		if c.ID == "server-listens" {
			said = string(c.Status) + " " + c.Summary
		}
	}
	if want := "skip the token is created by the server action lib/token.ts:5; there is no HTTP endpoint"; said != want {
		t.Errorf("said %q, want %q", said, want)
	}
}

// What the files hold is judged without a request, too.
func TestServerActionWrong(t *testing.T) {
	files := actionProject(plainSign)
	files[".env.local"] = strings.Replace(files[".env.local"], actionSecret, `"`+actionSecret+` "`, 1)
	if r := judgedFiles(t, files, false, 401); r.Root() == nil || r.Root().ID != causes.SecretWhitespace || r.Root().Location.Line != 2 {
		t.Errorf("a trailing space: %+v", r.Root())
	}
	if r := judgedFiles(t, actionProject(plainSign), false, 401); r.Root() == nil || r.Root().ID != causes.KeySecretMismatch {
		t.Errorf("a pair that Stream rejects: %+v", r.Root())
	}
	for _, c := range []struct {
		name, sign string
		want       causes.ID
		line       int
	}{
		{"no user_id", "  return jwt.sign({ userId: who.id }, process.env.STREAM_SECRET_KEY!)\n", causes.UserIDMissing, 8},
		{"milliseconds", "  return jwt.sign({\n    user_id: who.id,\n    iat: Date.now(),\n  }, process.env.STREAM_SECRET_KEY!)\n", causes.IATMilliseconds, 10},
		{"a duration", "  return jwt.sign({\n    user_id: who.id,\n    exp: 60 * 60,\n  }, process.env.STREAM_SECRET_KEY!)\n", causes.EXPRelative, 10},
		{"another algorithm", "  return jwt.sign({ user_id: who.id }, process.env.STREAM_SECRET_KEY!, {\n    algorithm: 'HS512',\n  })\n", causes.TokenAlgorithm, 9},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := judgedFiles(t, actionProject(c.sign), false, 200)
			if r.Root() == nil || r.Root().ID != c.want || r.Root().Location == nil || r.Root().Location.Line != c.line || r.Exit() != 1 {
				t.Errorf("exit %d, %+v", r.Exit(), r.Root())
			}
		})
	}
}

// --static requests nothing, so a server that isn't running isn't a finding.
func TestStatic(t *testing.T) {
	r := judgedFiles(t, map[string]string{
		"server/package.json": `{"name":"server","scripts":{"dev":"node index.js"},"dependencies":{"express":"5","dotenv":"17","stream-chat":"9"}}`,
		"server/.env":         "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
		"server/index.js":     "require('dotenv').config()\nconst app = require('express')()\nconst { StreamChat } = require('stream-chat')\nconst chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\napp.use(require('express').json())\napp.post('/me', (req, res) => res.json({ token: chat.createToken(req.body.userId) }))\napp.listen(4999)\n",
	}, true, 200)
	if r.Exit() != 0 || len(r.Causes) > 0 {
		t.Errorf("exit %d, causes %v", r.Exit(), r.Causes)
		for _, c := range r.Checks {
			t.Log(c.ID, c.Status, c.Summary)
		}
	}
	if r.Target.URL != "http://localhost:4999/me" {
		t.Errorf("endpoint %q", r.Target.URL)
	}
}

// A folder without anything from Stream is told as such: it isn't a project that
// is fine, and GitHub gets one notice, not one a check.
func TestFolderWithoutStream(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"empty":     {},
		"a web app": {"package.json": `{"name":"x","dependencies":{"react":"19"}}`, "src/main.jsx": "export const x = fetch('/api/todos')\n"},
	} {
		r := judgedFiles(t, files, true, 200)
		if r.Verdict != Unproven || !strings.Contains(r.Headline(), "nothing in this folder uses Stream") {
			t.Errorf("%s: %s", name, r.Headline())
		}
		for _, c := range r.Checks {
			if c.ID == "secret-hidden" && c.Status != finding.Unknown {
				t.Errorf("%s: the secret is %s where nothing was searched", name, c.Status)
			}
		}
		var b strings.Builder
		if err := r.WriteGitHub(&b, func(f string) string { return f }); err != nil || strings.Count(b.String(), "\n") != 1 {
			t.Errorf("%s: %v\n%s", name, err, b.String())
		}
	}
	if r := judgedFiles(t, actionProject(plainSign), true, 200); strings.Contains(r.Headline(), "nothing in this folder") {
		t.Errorf("a project that uses Stream: %s", r.Headline())
	}
}
