package checks

import (
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
)

// A login that badsig hasn't leaves open what a response would show: the front end's wrong path is read in the source all the same,
// and an error response without CORS headers doesn't show that pages may read the others.
func TestBesideALogin(t *testing.T) {
	for path, want := range map[string]causes.ID{"/api/chat/token": causes.EndpointNotFound, "/chat/token": ""} {
		f := lookedAt(t, map[string]string{
			"web/package.json": `{"type":"module","scripts":{"dev":"vite"},"dependencies":{"axios":"1","stream-chat":"9"},"devDependencies":{"vite":"6"}}`,
			"web/index.html":   `<script type="module" src="/src/main.js"></script>`,
			"web/src/main.js": "import axios from 'axios'\nimport { StreamChat } from 'stream-chat'\nconst http = axios.create({ baseURL: 'http://localhost:4800/api', withCredentials: true })\n" +
				"const { data } = await http.get('" + path + "')\nawait StreamChat.getInstance('" + actionKey + "').connectUser({ id: data.id }, data.token)\n",
			"api/package.json": `{"scripts":{"start":"node index.js"},"dependencies":{"express":"4","cookie-parser":"1","dotenv":"16","stream-chat":"9"}}`,
			"api/.env":         "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
			"api/index.js": "require('dotenv').config()\nconst express = require('express'), { StreamChat } = require('stream-chat')\nconst chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst app = express()\napp.use(require('cookie-parser')())\n" +
				"const signedIn = (req, res, next) => {\n  if (!req.cookies.session) return res.status(401).json({ message: 'Unauthorized' })\n  req.user = { id: req.cookies.session }\n  next()\n}\n" +
				"app.get('/api/chat/token', signedIn, (req, res) => res.json({ id: req.user.id, token: chat.createToken(req.user.id) }))\napp.listen(4800)\n",
		})
		f.Target.URL, f.Target.URLSource = "http://localhost:4800/api/chat/token", "api/index.js:11"
		a := facts.Answer{Method: "GET", URL: f.Target.URL, Status: 401, JSON: true, Origin: f.Target.Origin, Fields: map[string]string{"message": "Unauthorized"}}
		f.Backend = &facts.Backend{Dials: []facts.Dial{{Address: "127.0.0.1:4800", OK: true}}, Posts: []facts.Answer{a}}
		r := Judge(f)
		got := causes.ID("")
		if x := r.Root(); x != nil && x.Severity == causes.Error {
			got = x.ID
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
		for _, c := range r.Checks {
			if c.ID == "endpoint-cors" && c.Status == "pass" {
				t.Errorf("%s: %s", path, c.Summary)
			}
		}
	}
}
