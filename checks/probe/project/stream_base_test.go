package project

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/internal/projecttest"
	"badsig/checks/probe/vault"
)

const (
	chatEnv    = "STREAM_API_KEY=$K1\nSTREAM_API_SECRET=$S1\n"
	chatDefine = "require('dotenv').config()\nconst app = require('express')(), { StreamChat } = require('stream-chat')\n"
	chatRoute  = "app.post('/token', (q, r) => r.json({ token: c.createToken('a') }))\napp.listen(3001)\n"
	chatMake   = "const c = new StreamChat(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n"
	pkgChat    = `{"scripts":{"start":"node index.js"},"dependencies":{"express":"5","dotenv":"17","stream-chat":"9"}}`
	dublin     = "https://chat-dublin.stream-io-api.com"
)

// The base URL that a project sets decides where Stream is contacted; a host that
// isn't Stream's is told and never contacted.
func TestTheProjectsBaseURL(t *testing.T) {
	chat := func(env, make string, more ...string) map[string]string {
		files := map[string]string{"package.json": pkgChat, ".env": chatEnv + env, "index.js": chatDefine + make + chatRoute}
		for i := 0; i+1 < len(more); i += 2 {
			files[more[i]] = more[i+1]
		}
		return files
	}
	front := func(code, env string) []string {
		return []string{"web/package.json", pkgVite, "web/.env", env, "web/index.html", `<script type="module" src="/src/main.jsx"></script>`, "web/src/main.jsx", code}
	}
	for _, c := range []struct {
		name  string
		files map[string]string
		use   string
		bases string // of each: URL name place, ! for a foreign one
	}{
		{"none", chat("", chatMake), facts.DefaultStreamURL, ""},
		{"the variable in the backend's .env", chat("STREAM_BASE_URL="+dublin+"\n", chatMake), dublin, dublin + " STREAM_BASE_URL .env:3"},
		{"commented out", chat("# STREAM_BASE_URL="+dublin+"\n", chatMake), facts.DefaultStreamURL, ""},
		{"in a file that isn't read", chat("", chatMake, ".env.example", "STREAM_BASE_URL="+dublin+"\n"), facts.DefaultStreamURL, ""},
		{"no URL", chat("STREAM_BASE_URL=dublin\n", chatMake), facts.DefaultStreamURL, ""},
		{"a host that isn't Stream's", chat("STREAM_BASE_URL=https://stream-io-api.com.example.org\n", chatMake), facts.DefaultStreamURL, "!https://stream-io-api.com.example.org STREAM_BASE_URL .env:3"},
		{"credentials before a foreign host", chat("STREAM_BASE_URL=https://chat.stream-io-api.com@example.org/x\n", chatMake), facts.DefaultStreamURL, "!https://example.org STREAM_BASE_URL .env:3"},
		{"video's host", chat("STREAM_BASE_URL=https://video.stream-io-api.com/video\n", chatMake), facts.DefaultStreamURL, ""},
		{"plain http to Stream", chat("STREAM_BASE_URL=http://chat-dublin.stream-io-api.com/\n", chatMake), dublin, "http://chat-dublin.stream-io-api.com STREAM_BASE_URL .env:3"},
		{"an option of the client", chat("", "const c = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET, { timeout: 3000, baseURL: '"+dublin+"' })\n"), dublin, dublin + " baseURL index.js:3"},
		{"an option from a variable of another name", chat("CHAT_HOST="+dublin+"\n", "const options = { baseURL: process.env.CHAT_HOST }\nconst c = new StreamChat(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET, options)\n"), dublin, dublin + " CHAT_HOST .env:3"},
		{"an option in a comment", chat("", chatMake+"// new StreamChat(a, b, { baseURL: '"+dublin+"' })\n"), facts.DefaultStreamURL, ""},
		{"setBaseURL", chat("", chatMake+"c.setBaseURL('"+dublin+"')\n"), dublin, dublin + " setBaseURL index.js:4"},
		{"setBaseURL under a condition that isn't known", chat("", chatMake+"if (process.argv[2]) {\n  c.setBaseURL('http://localhost:3030')\n}\n"), facts.DefaultStreamURL, ""},
		{"setBaseURL where the variable is set", chat("CHAT_HOST="+dublin+"\n", chatMake+"if (process.env.CHAT_HOST) c.setBaseURL(process.env.CHAT_HOST)\n"), dublin, dublin + " CHAT_HOST .env:3"},
		{"setBaseURL of something else", chat("", chatMake+"const db = require('other')()\ndb.setBase('https://example.org')\n"), facts.DefaultStreamURL, ""},
		{"node-sdk's basePath", map[string]string{
			"package.json": `{"type":"module","scripts":{"start":"node --env-file=.env index.js"},"dependencies":{"express":"5","@stream-io/node-sdk":"0.7"}}`, ".env": chatEnv,
			"index.js": "import express from 'express'\nimport { StreamClient } from '@stream-io/node-sdk'\nconst app = express()\nconst c = new StreamClient(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET, { basePath: '" + dublin + "' })\n" +
				"app.post('/token', (q, r) => r.json({ token: c.generateUserToken({ user_id: 'a' }) }))\napp.listen(3001)\n",
		}, dublin, dublin + " basePath index.js:4"},
		{"the front end's", chat("", chatMake, front("import { StreamChat } from 'stream-chat'\nconst c = StreamChat.getInstance('$K1', { baseURL: import.meta.env.VITE_CHAT_URL })\nc.connectUser({ id: 'a' }, 'x')\n", "VITE_CHAT_URL="+dublin+"\n")...), dublin, dublin + " VITE_CHAT_URL web/.env:1"},
		{"the backend's first", chat("STREAM_BASE_URL="+dublin+"\n", chatMake, front("import { StreamChat } from 'stream-chat'\nconst c = new StreamChat('$K1', { baseURL: 'https://chat-sydney.stream-io-api.com' })\nc.connectUser({ id: 'a' }, 'x')\n", "A=1\n")...), dublin, dublin + " STREAM_BASE_URL .env:3, https://chat-sydney.stream-io-api.com baseURL web/src/main.jsx:2"},
		{"Python's", map[string]string{
			"requirements.txt": "flask\nstream-chat\npython-dotenv\n", ".env": chatEnv + "STREAM_BASE_URL=" + dublin + "\n",
			"app.py": "import os\nfrom dotenv import load_dotenv\nfrom flask import Flask, jsonify\nfrom stream_chat import StreamChat\nload_dotenv()\napp = Flask(__name__)\nclient = StreamChat(os.environ['STREAM_API_KEY'], os.environ['STREAM_API_SECRET'])\n" +
				"@app.post('/token')\ndef token():\n    return jsonify(token=client.create_token('a'))\napp.run(port=3001)\n",
		}, dublin, dublin + " STREAM_BASE_URL .env:3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := vault.New(facts.Target{Dir: projecttest.Write(t, c.files)})
			p, err := Read(t.Context(), w)
			if err == nil {
				err = Resolve(w, p)
			}
			if err != nil {
				t.Fatal(err)
			}
			f := w.Snapshot()
			var bases []string
			for _, b := range f.Target.StreamBases {
				mark := ""
				if b.Foreign {
					mark = "!"
				}
				bases = append(bases, fmt.Sprintf("%s%s %s %s", mark, b.URL, b.Name, facts.At(b.File, b.Line)))
			}
			if got := strings.Join(bases, ", "); w.StreamURL() != c.use || f.Target.StreamURL != c.use || got != c.bases {
				t.Errorf("asked at %s (%s), bases %q; want %s, %q", w.StreamURL(), f.Target.StreamURL, got, c.use, c.bases)
			}
			noSecrets(t, f)
		})
	}
	files := chat("STREAM_BASE_URL="+dublin+"\n", chatMake)
	for name, target := range map[string]facts.Target{"a flag wins": {StreamURL: "https://chat.stream-io-api.com/"}, "offline": {Offline: true}} {
		target.Dir = projecttest.Write(t, maps.Clone(files))
		w := vault.New(target)
		p, err := Read(t.Context(), w)
		if err != nil || Resolve(w, p) != nil {
			t.Fatal(err)
		}
		if f := w.Snapshot(); strings.Contains(w.StreamURL()+f.Target.StreamURL, "dublin") {
			t.Errorf("%s: asked at %s", name, f.Target.StreamURL)
		}
	}
}

// The version of an SDK that rounds iat up is told, with the command that updates it.
func TestTheSDKThatRounds(t *testing.T) {
	sdk := func(version string, more ...string) map[string]string {
		files := map[string]string{
			"api/package.json": `{"type":"module","scripts":{"start":"node --env-file=.env index.js"},"dependencies":{"express":"5",` + "\n" + `"@stream-io/node-sdk":"` + version + `"}}`, "api/.env": chatEnv,
			"api/index.js": "import express from 'express'\nimport { StreamClient } from '@stream-io/node-sdk'\nconst app = express()\nconst c = new StreamClient(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n" +
				"app.post('/token', (q, r) => r.json({ token: c.generateUserToken({ user_id: q.body.id }) }))\napp.listen(3001)\n",
		}
		for i := 0; i+1 < len(more); i += 2 {
			files[more[i]] = more[i+1]
		}
		return files
	}
	lock := func(v string) string {
		return `{"packages":{"node_modules/@stream-io/node-sdk":{"version":"` + v + `"}}}`
	}
	const npm, at = "cd api && npm install @stream-io/node-sdk@latest", "api/package.json:2"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"the range alone", sdk("^0.2.1"), "^0.2.1 false " + npm + " " + at},
		{"a range that is new", sdk("^0.7.0"), ""},
		{"0.2.4", sdk("0.2.4"), ""},
		{"any version", sdk("*"), ""},
		{"installed", sdk("^0.2.1", "api/node_modules/@stream-io/node-sdk/package.json", `{"version":"0.2.3"}`), "0.2.3 true " + npm + " " + at},
		{"a newer one is installed", sdk("^0.2.1", "api/node_modules/@stream-io/node-sdk/package.json", `{"version":"0.2.6"}`), ""},
		{"installed above", sdk("^0.2.1", "node_modules/@stream-io/node-sdk/package.json", `{"version":"0.1.13"}`), "0.1.13 true " + npm + " " + at},
		{"npm's lock", sdk("^0.2.1", "api/package-lock.json", lock("0.2.2")), "0.2.2 true " + npm + " " + at},
		{"npm's lock has a newer one", sdk("^0.2.1", "api/package-lock.json", lock("0.2.5")), ""},
		{"pnpm", sdk("^0.2.1", "api/pnpm-lock.yaml", "lockfileVersion: 9\n"), "^0.2.1 false cd api && pnpm add @stream-io/node-sdk@latest " + at},
		{"yarn", sdk("^0.2.1", "yarn.lock", "# yarn\n"), "^0.2.1 false cd api && yarn add @stream-io/node-sdk@latest " + at},
		{"the lock is broken", sdk("^0.2.1", "api/package-lock.json", "{"), "^0.2.1 false " + npm + " " + at},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := vault.New(facts.Target{Dir: projecttest.Write(t, c.files)})
			if _, err := Read(t.Context(), w); err != nil {
				t.Fatal(err)
			}
			f, got := w.Snapshot(), ""
			if len(f.Project.Sites) != 1 {
				t.Fatalf("%d signing sites", len(f.Project.Sites))
			}
			if s := f.Project.Sites[0].Rounds; s != nil {
				got = fmt.Sprintf("%s %v %s %s", s.Version, s.Exact, s.Update, facts.At(s.File, s.Line))
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
