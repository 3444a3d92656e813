package checks

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
)

// keyAlone are projects whose env file has the key and not the secret, in three ways to load one.
var keyAlone = map[string]map[string]string{
	"dotenv": {
		"package.json": `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"5","dotenv":"17","stream-chat":"9"}}`,
		"index.js":     "require('dotenv').config()\nconst { StreamChat } = require('stream-chat')\nconst secret = process.env.STREAM_API_SECRET\nconst chat = StreamChat.getInstance(process.env.STREAM_API_KEY, secret)\nrequire('express')().get('/token/:id', (q, r) => r.json({ token: chat.createToken(q.params.id) })).listen(3001)\n",
		".env":         "PORT=3001\nSTREAM_API_KEY=" + actionKey + "\n",
	},
	"Next": {
		"package.json":          `{"scripts":{"dev":"next dev"},"dependencies":{"next":"15","react":"19","stream-chat":"9"}}`,
		"app/api/chat/route.ts": "import { StreamChat } from 'stream-chat'\nexport async function POST(req: Request) {\n  const { userId } = await req.json()\n  const chat = StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_API_KEY!, process.env.STREAM_API_SECRET!)\n  return Response.json({ token: chat.createToken(userId) })\n}\n",
		"app/chat.tsx":          "'use client'\nimport { StreamChat } from 'stream-chat'\nexport const c = StreamChat.getInstance(process.env.NEXT_PUBLIC_STREAM_API_KEY!)\n",
		".env":                  "NEXT_PUBLIC_STREAM_API_KEY=" + actionKey + "\n",
	},
	"a settings object": {
		"package.json": `{"type":"module","scripts":{"dev":"node --env-file=.env server.js"},"dependencies":{"fastify":"5","@stream-io/node-sdk":"0.7"}}`,
		"settings.js":  "export const ENV = { KEY: process.env.STREAM_API_KEY, SECRET: process.env.STREAM_API_SECRET }\n",
		"server.js":    "import Fastify from 'fastify'\nimport { StreamClient } from '@stream-io/node-sdk'\nimport { ENV } from './settings.js'\nconst client = new StreamClient(ENV.KEY, ENV.SECRET)\nconst app = Fastify()\napp.post('/token', async (q) => ({ token: client.generateUserToken({ user_id: q.body.userId }) }))\nawait app.listen({ port: 4500 })\n",
		".env":         "STREAM_API_KEY=" + actionKey + "\n",
	},
}

func rootID(r *Report) causes.ID {
	if len(r.Causes) == 0 {
		return ""
	}
	return r.Causes[0].ID
}

// A file of this machine alone that has the key and not the secret is where the secret is missing.
func TestKeyWithoutItsSecret(t *testing.T) {
	for name, files := range keyAlone {
		t.Run(name, func(t *testing.T) {
			r := judgedFiles(t, files, true, 200)
			if rootID(r) != causes.SecretMissing || r.Causes[0].Location == nil || r.Causes[0].Location.File != ".env" || !strings.Contains(r.Causes[0].Fix[0].Text, "STREAM_API_SECRET") {
				t.Errorf("got %+v, want secret-missing in .env, with the variable to add", r.Causes)
			}
			with := maps.Clone(files)
			for file, text := range with {
				text = strings.Replace(text, "process.env.STREAM_API_SECRET!", "process.env.STREAM_API_SECRET", 1)
				with[file] = strings.Replace(text, "process.env.STREAM_API_SECRET", "process.env.STREAM_API_SECRET || ''", 1)
			}
			if r := judgedFiles(t, with, true, 503); rootID(r) != causes.SecretMissing || r.Causes[0].Location.File != ".env" {
				t.Errorf("with an empty fallback: got %+v, want secret-missing in .env", r.Causes)
			}
			with[".env"] += "STREAM_SECRET=" + strings.Repeat("k3n8w2zq", 8) + "\n"
			if r := judgedFiles(t, with, true, 503); rootID(r) != causes.SecretMissing || r.Causes[0].Location.String() == ".env:1" {
				t.Errorf("with an empty fallback and another name: got %+v, want secret-missing", r.Causes)
			}
		})
	}
}

// Where something else sets the secret, or the file is everybody's, half a pair isn't a fault.
func TestKeyWithoutItsSecretElsewhere(t *testing.T) {
	for name, files := range keyAlone {
		with := maps.Clone(files)
		with["docker-compose.yml"] = "services:\n  api:\n    build: .\n    environment:\n      STREAM_API_SECRET: ${STREAM_API_SECRET}\n"
		if r := judgedFiles(t, with, true, 200); rootID(r) == causes.SecretMissing {
			t.Errorf("%s, with Compose: accused of %s", name, r.Causes[0].Summary)
		}
		dir := trackedFiles(t, files)
		f := lookedAt(t, nil, func(x *facts.Target) { x.Static, x.Dir = true, dir })
		if r := Judge(f); rootID(r) == causes.SecretMissing {
			t.Errorf("%s, with a tracked file: accused of %s", name, r.Causes[0].Summary)
		}
	}
}

// trackedFiles writes a project, all of which git tracks.
func trackedFiles(t *testing.T, files map[string]string) string {
	dir := t.TempDir()
	for file, text := range files {
		p := filepath.Join(dir, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}} {
		if out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %s", args, out)
		}
	}
	return dir
}

// A tracked file is where a secret is missing if other secrets are in it. Without them the secret may come from the shell,
// no matter what the file is called.
func TestKeyWithoutItsSecretInATrackedFile(t *testing.T) {
	withEnv := func(name, rest string) map[string]string {
		files := maps.Clone(keyAlone[name])
		files[".env"] += rest
		return files
	}
	named := func(script, at string) map[string]string {
		files := maps.Clone(keyAlone["dotenv"])
		files["package.json"] = strings.Replace(files["package.json"], "node index.js", script, 1)
		files["index.js"] = strings.Replace(files["index.js"], "require('dotenv').config()\n", "", 1)
		files[at] = files[".env"]
		delete(files, ".env")
		return files
	}
	for name, c := range map[string]struct {
		files map[string]string
		at    string
	}{
		"other secrets, dotenv":     {withEnv("dotenv", "JWT_SECRET=f3a9c07be21d45\n"), ".env"},
		"other secrets, Next":       {withEnv("Next", "CLOUDINARY_API_SECRET=3J8xHkGzCvxBq0p\n"), ".env"},
		"a placeholder beside it":   {withEnv("dotenv", "JWT_SECRET=your_jwt_secret\n"), ""},
		"env-cmd":                   {named("env-cmd -f ./dev.env nodemon index.js", "dev.env"), ""},
		"env-cmd --file":            {named("env-cmd --file config.env node index.js", "config.env"), ""},
		"node's flag":               {named("node --env-file=api.env index.js", "api.env"), ""},
		"env-cmd's own environment": {named("env-cmd -e dev node index.js", "dev.env"), ""},
		"env-cmd with more":         {named("doppler run -- env-cmd -f dev.env node index.js", "dev.env"), ""},
	} {
		dir := trackedFiles(t, c.files)
		r := Judge(lookedAt(t, nil, func(x *facts.Target) { x.Static, x.Dir = true, dir }))
		got := ""
		if rootID(r) == causes.SecretMissing {
			got = r.Causes[0].Location.File
		}
		if got != c.at {
			t.Errorf("%s: secret-missing in %q, want %q: %+v", name, got, c.at, r.Causes)
		}
	}
}

// A fallback that Stream rejects is named as what it is, and its text hides no id of a report.
func TestFallbackOfAnUnsetVariable(t *testing.T) {
	for name, files := range keyAlone {
		t.Run(name, func(t *testing.T) {
			with := maps.Clone(files)
			for file, text := range with {
				if strings.Contains(text, "process.env.STREAM_API_SECRET") {
					text = strings.Replace(text, "process.env.STREAM_API_SECRET!", "process.env.STREAM_API_SECRET", 1)
					with[file] = strings.Replace(text, "process.env.STREAM_API_SECRET", "process.env.STREAM_API_SECRET || 'my-secret-fallback-for-dev'", 1)
				}
			}
			if r := judgedFiles(t, with, true, 401); rootID(r) != causes.SecretFallback {
				t.Errorf("got %+v, want secret-fallback", r.Causes)
			}
			if r := Judge(lookedAt(t, with, func(x *facts.Target) { x.Static = true })); rootID(r) != causes.SecretFallback || !strings.Contains(r.Causes[0].Summary, "64 characters") {
				t.Errorf("without Stream: got %+v, want secret-fallback", r.Causes)
			}
			working := maps.Clone(with)
			for file, text := range with {
				working[file] = strings.Replace(text, "my-secret-fallback-for-dev", strings.Repeat("k3n8w2zq", 8), 1)
				with[file] = strings.Replace(text, "my-secret-fallback-for-dev", "dev-secret", 1)
			}
			if r := Judge(lookedAt(t, working, func(x *facts.Target) { x.Static = true })); rootID(r) == causes.SecretFallback {
				t.Errorf("a fallback that may be the secret: accused of %s", r.Causes[0].Summary)
			}
			r := judgedFiles(t, with, true, 503)
			if rootID(r) != causes.SecretFallback || strings.Contains(r.Causes[0].Fix[0].Text, "js") || !strings.Contains(r.Causes[0].Fix[0].Text, "STREAM_API_SECRET") {
				t.Errorf("a placeholder: got %+v, want secret-fallback, set in a file", r.Causes)
			}
		})
	}
}

// A cut that keeps a few characters to show or to log isn't the token cut short; one that keeps most of it is.
func TestShownPartOfAToken(t *testing.T) {
	for answer, want := range map[string]causes.ID{
		"{ preview: token.substring(0, 10) + '...' }":   "",
		"{ ok: true, startsWith: token.slice(0, 8) }":   "",
		"{ last: `…${token.slice(-6)}` }":               "",
		"{ token: token.slice(0, 120) }":                causes.TokenTruncated,
		"{ token: token.substring(0, token.length-1) }": causes.TokenTruncated,
	} {
		files := map[string]string{
			"package.json": `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"5","dotenv":"17","stream-chat":"9"}}`,
			"index.js":     "require('dotenv').config()\nconst { StreamChat } = require('stream-chat')\nconst app = require('express')()\nconst chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\napp.get('/try', (req, res) => {\n  const token = chat.createToken('ann')\n  res.json(" + answer + ")\n})\napp.listen(3001)\n",
			".env":         "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + strings.Repeat("k3n8w2zq", 8) + "\n",
		}
		if r := judgedFiles(t, files, true, 200); rootID(r) != want {
			t.Errorf("%s: got %+v, want %q", answer, r.Causes, want)
		}
	}
}

// A variable that a module keeps before another one loads the file is undefined there, unless something else sets it first.
func TestFileLoadedAfterItsReader(t *testing.T) {
	const pkg = `{"type":"module","scripts":{"dev":"START"},"dependencies":{"express":"5","dotenv":"17","stream-chat":"9"}}`
	const kept = "import { StreamChat } from 'stream-chat'\nconst secret = process.env.STREAM_API_SECRET\nexport const chat = StreamChat.getInstance(process.env.STREAM_API_KEY, secret)\n"
	const server = "import express from 'express'\nimport dotenv from 'dotenv'\nimport { chat } from './stream.js'\n\ndotenv.config()\nconst app = express()\napp.get('/token/:id', (req, res) => res.json({ token: chat.createToken(req.params.id) }))\napp.listen(3001)\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  causes.ID
	}{
		"imports run first": {map[string]string{"stream.js": kept, "server.js": server}, causes.SecretMissing},
		"a settings object": {map[string]string{
			"env.js":    "export const ENV = { KEY: process.env.STREAM_API_KEY, SECRET: process.env.STREAM_API_SECRET }\n",
			"stream.js": "import { StreamChat } from 'stream-chat'\nimport { ENV } from './env.js'\nexport const chat = StreamChat.getInstance(ENV.KEY, ENV.SECRET)\n", "server.js": server}, causes.SecretMissing},
		"loaded below in CommonJS": {map[string]string{
			"package.json": strings.Replace(pkg, `"type":"module",`, "", 1),
			"stream.js":    "const { StreamChat } = require('stream-chat')\nexports.chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n",
			"server.js":    "const app = require('express')()\nconst { chat } = require('./stream.js')\n\n\nrequire('dotenv').config()\napp.get('/token/:id', (req, res) => res.json({ token: chat.createToken(req.params.id) }))\napp.listen(3001)\n"}, causes.SecretMissing},
		"read when it is used":       {map[string]string{"stream.js": "import { StreamChat } from 'stream-chat'\nexport const chat = { createToken: (id) => StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET).createToken(id) }\n", "server.js": server}, ""},
		"the reader loads it itself": {map[string]string{"stream.js": "import 'dotenv/config'\n" + kept, "server.js": server}, ""},
		"Node loads it":              {map[string]string{"package.json": strings.Replace(pkg, "START", "node --env-file=.env server.js", 1), "stream.js": kept, "server.js": server}, ""},
		"Compose sets it":            {map[string]string{"stream.js": kept, "server.js": server, "docker-compose.yml": "services:\n  api:\n    build: .\n    env_file: .env\n"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if c.files["package.json"] == "" {
				c.files["package.json"] = strings.Replace(pkg, "START", "node server.js", 1)
			}
			c.files[".env"] = "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + strings.Repeat("k3n8w2zq", 8) + "\n"
			r := judgedFiles(t, c.files, true, 200)
			if rootID(r) != c.want || c.want != "" && (r.Causes[0].Location.File != "server.js" || r.Causes[0].Location.Line != 5) {
				t.Errorf("got %+v, want %q", r.Causes, c.want)
			}
		})
	}
}
