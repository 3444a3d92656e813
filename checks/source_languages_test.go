package checks

import (
	"strings"
	"testing"

	"badsig/checks/facts"
)

const (
	languagesEnv = "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n"
	flaskHead    = "import os, secrets, uuid\nfrom dotenv import load_dotenv\nfrom flask import Flask, jsonify, request\nfrom stream_chat import StreamChat\n\nload_dotenv()\napp = Flask(__name__)\n"
)

// A secret that Python makes up where none is set doesn't hide that the .env file has it under another name.
func TestRandomFallbackOfPython(t *testing.T) {
	tail := "\nchat = StreamChat(os.getenv('STREAM_API_KEY'), SECRET)\n\n@app.post('/token')\ndef token():\n    return jsonify(token=chat.create_token(request.json['userId']))\n\napp.run(port=5004)\n"
	all := map[string]layout{}
	for name, line := range map[string]string{
		"token_hex": "SECRET = os.environ.get('STREAM_API_SECRET') or secrets.token_hex(32)",
		"uuid4":     "SECRET = os.getenv('STREAM_API_SECRET', uuid.uuid4().hex)",
		"urandom":   "SECRET = os.environ.get('STREAM_API_SECRET') or str(os.urandom(32))",
	} {
		all[name] = layout{map[string]string{"requirements.txt": "flask\nstream-chat\npython-dotenv\n", ".env": languagesEnv, "app.py": flaskHead + line + tail},
			[]fault{{".env", "STREAM_API_SECRET", "STREAM_SECRET", "secret-missing", ".env:2"}}}
	}
	tryLayouts(t, all)
}

// golang is a handler for any method that reads its query, and has a line of its own.
func golang(line string) map[string]string {
	return map[string]string{"go.mod": "module x\n", ".env": languagesEnv, "main.go": "package main\n\nimport (\n\t\"encoding/json\"\n\t\"net/http\"\n\t\"os\"\n\n\t\"github.com/golang-jwt/jwt/v5\"\n)\n\n" +
		"func main() {\n\thttp.HandleFunc(\"/stream\", func(w http.ResponseWriter, r *http.Request) {\n\t\tid := r.URL.Query().Get(\"user\")\n\t\t" + line + "\n" +
		"\t\ts, _ := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{\"user_id\": id}).SignedString([]byte(os.Getenv(\"STREAM_API_SECRET\")))\n\t\tjson.NewEncoder(w).Encode(map[string]string{\"token\": s})\n\t})\n\thttp.ListenAndServe(\":7120\", nil)\n}\n"}
}

// A handler that accepts any method and reads its query is requested with that, not with a body that it never reads.
func TestQueryOfAHandlerForAnyMethod(t *testing.T) {
	for _, read := range []string{`r.URL.Query().Get("user")`, `r.FormValue("user")`, `rq.URL.Query().Get("user")`} {
		files := golang("")
		files["main.go"] = strings.Replace(files["main.go"], `r.URL.Query().Get("user")`, read, 1)
		if strings.HasPrefix(read, "rq") {
			files["main.go"] = strings.Replace(files["main.go"], "r *http.Request", "rq *http.Request", 1)
		}
		f := lookedAt(t, files)
		if m, q := f.MainMethod(nil), f.MainNames(nil); m != "GET" || len(q) != 1 || q[0] != "user" {
			t.Errorf("%s: %s with %v, want GET with user", read, m, q)
		}
	}
	f := lookedAt(t, map[string]string{"requirements.txt": "fastapi\nuvicorn\nstream-chat\n", ".env": languagesEnv, "main.py": "import os\nfrom fastapi import FastAPI\nfrom stream_chat import StreamChat\n\napp = FastAPI()\n" +
		"chat = StreamChat(os.environ['STREAM_API_KEY'], os.environ['STREAM_API_SECRET'])\n\n@app.post('/token')\ndef token(user_id: str):\n    return {'token': chat.create_token(user_id)}\n"})
	if m, q := f.MainMethod(nil), f.MainQuery(nil); m != "POST" || len(q) != 1 || q[0] != "user_id" {
		t.Errorf("%s with the query %v, want POST with user_id in it", m, q)
	}
}

// What adds a row or writes a file is known in the languages, so that such a route isn't called.
func TestRoutesThatWrite(t *testing.T) {
	python := func(line string) map[string]string {
		return map[string]string{"requirements.txt": "flask\nstream-chat\n", ".env": languagesEnv, "app.py": flaskHead +
			"chat = StreamChat(os.getenv('STREAM_API_KEY'), os.getenv('STREAM_API_SECRET'))\n\n@app.post('/join')\ndef join():\n    name = request.json['name']\n    " + line + "\n    return jsonify(token=chat.create_token(name))\n\napp.run(port=5004)\n"}
	}
	node := func(line string) map[string]string {
		return map[string]string{"package.json": `{"dependencies":{"express":"5","pg":"8","stream-chat":"9"}}`, ".env": languagesEnv, "index.js": "const express = require('express')\nconst { StreamChat } = require('stream-chat')\n" +
			"const db = require('./db')\nconst chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst app = express()\napp.use(express.json())\n" +
			"app.post('/join', async (req, res) => {\n  const { name } = req.body\n  " + line + "\n  res.json({ token: chat.createToken(name) })\n})\napp.listen(3000)\n", "db.js": "module.exports = new (require('pg').Pool)()\n"}
	}
	for _, c := range []struct {
		name   string
		files  map[string]string
		writes bool
	}{
		{"a file that is appended to", python("with open('members.txt', 'a') as f: f.write(name)"), true},
		{"a file by mode", python("open('m.txt', mode='w').write(name)"), true},
		{"a file that is read", python("open('members.txt').read()"), false},
		{"a file that is read, by mode", python("open('members.txt', 'rb').read()"), false},
		{"a row by SQL", python("cur.execute('INSERT INTO members VALUES (?)', (name,))"), true},
		{"a row that is read", python("cur.execute('SELECT 1 FROM members WHERE name = ?', (name,))"), false},
		{"Go, a file that is appended to", golang("f, _ := os.OpenFile(\"a.txt\", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)\n\t\tf.WriteString(id)"), true},
		{"Go, a file that is read", golang("f, _ := os.OpenFile(\"a.txt\", os.O_RDONLY, 0)\n\t\tf.Close()"), false},
		{"pg", node("await db.query('INSERT INTO members (name) VALUES ($1)', [name])"), true},
		{"sqlite", node("db.prepare(`insert into members values (${name})`).run()"), true},
		{"pg, read", node("await db.query('SELECT 1 FROM members WHERE name = $1', [name])"), false},
	} {
		f := lookedAt(t, c.files)
		if len(f.Project.Entries) != 1 || len(f.Project.Entries[0].Writes) > 0 != c.writes {
			t.Errorf("%s: entries %+v, want one that writes: %v", c.name, f.Project.Entries, c.writes)
		}
	}
}

// The endpoint is known by the front end's own request, no matter what its path is called and
// though the call that makes the token can't be followed; and by a route in Go whose port isn't known.
func TestEndpointByRequestOrRouteAlone(t *testing.T) {
	page := "import { StreamChat } from 'stream-chat'\nexport async function enter(user) {\n  const r = await fetch('http://localhost:3901/x', { method: 'POST', body: JSON.stringify({ userId: user.id }) })\n" +
		"  const data = await r.json()\n  await StreamChat.getInstance('" + actionKey + "').connectUser({ id: user.id }, data.token)\n}\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		url   string
	}{
		{"a request", map[string]string{"web/package.json": `{"dependencies":{"react":"19","vite":"7","stream-chat":"9"}}`, "web/src/main.js": page}, "http://localhost:3901/x"},
		{"a field of its own", map[string]string{"web/package.json": `{"dependencies":{"react":"19","vite":"7","stream-chat":"9"}}`, "web/src/main.js": strings.Replace(page, "data.token", "data.pass", 1)}, "http://localhost:3901/x"},
		{"a route that only redirects", map[string]string{"web/package.json": `{"dependencies":{"react":"19","vite":"7","stream-chat":"9"}}`, "web/src/main.js": page,
			"server/package.json": `{"scripts":{"start":"node app.js"},"dependencies":{"express":"5","stream-chat":"9"}}`,
			"server/app.js": "const app = require('express')()\nconst stream = require('stream-chat').StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n" +
				"app.post('/x', (req, res) => res.redirect(301, '/chat/x'))\napp.post('/chat/x', (req, res) => res.json({ token: stream.createToken(req.body.userId) }))\napp.listen(3901)\n"}, "http://localhost:3901/x"},
		{"a login isn't one", map[string]string{"web/package.json": `{"dependencies":{"react":"19","vite":"7","stream-chat":"9"}}`, "web/src/main.js": strings.Replace(page, "/x", "/login", 1)}, facts.DefaultURL},
		{"a route in Go", map[string]string{"go.mod": "module x\n", "main.go": "package main\n\nimport (\n\t\"encoding/json\"\n\t\"net/http\"\n\t\"os\"\n\n\t\"github.com/go-chi/chi/v5\"\n\t\"github.com/golang-jwt/jwt/v5\"\n)\n\n" +
			"func main() {\n\tr := chi.NewRouter()\n\tr.Post(\"/talk/token\", func(w http.ResponseWriter, q *http.Request) {\n\t\tvar in struct{ UserID string `json:\"user_id\"` }\n\t\tjson.NewDecoder(q.Body).Decode(&in)\n" +
			"\t\ts, _ := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{\"user_id\": in.UserID}).SignedString([]byte(os.Getenv(\"STREAM_API_SECRET\")))\n\t\tjson.NewEncoder(w).Encode(map[string]string{\"token\": s})\n\t})\n\thttp.ListenAndServe(\":\"+os.Getenv(\"PORT\"), r)\n}\n"}, "http://localhost:3001/talk/token"},
	} {
		if f := lookedAt(t, c.files); f.Target.URL != c.url {
			t.Errorf("%s: %s, want %s", c.name, f.Target.URL, c.url)
		}
	}
}

// A user that is a parameter is connected without a token, too; one that is called anonymous may be that.
func TestConnectsAParameterWithoutToken(t *testing.T) {
	for line, want := range map[string]bool{"client.connectUser(me)": true, "client.connectUser(me, token)": false, "client.connectUser(anonymousUser)": false} {
		f := lookedAt(t, map[string]string{"package.json": `{"dependencies":{"vue":"3","vite":"7","stream-chat":"9"}}`,
			"src/chat.ts": "import { StreamChat } from 'stream-chat'\nexport const useChat = () => {\n  const client = StreamChat.getInstance('" + actionKey + "')\n  async function enter(me, token, anonymousUser) {\n    await " + line + "\n  }\n  return { enter }\n}\n"})
		got := false
		for _, c := range f.Project.Calls {
			got = got || c.NoToken
		}
		if got != want {
			t.Errorf("%s: without a token: %v, want %v", line, got, want)
		}
	}
}
