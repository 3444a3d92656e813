package checks

import (
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
)

// sessionFiles are a backend that responds to POST /session and a page that uses what it gets, each in its own way.
func sessionFiles(page string) map[string]string {
	return map[string]string{
		"web/package.json": `{"type":"module","scripts":{"dev":"vite"},"dependencies":{"stream-chat":"9"},"devDependencies":{"vite":"6"}}`,
		"web/index.html":   `<script type="module" src="/src/main.js"></script>`,
		"web/src/main.js": "import { StreamChat } from 'stream-chat'\nimport { jwtDecode } from 'jwt-decode'\nconst userId = 'ann'\n" +
			"const res = await fetch('http://localhost:4800/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId }) })\n" + page,
		"api/package.json": `{"scripts":{"start":"node index.js"},"dependencies":{"express":"4","dotenv":"16","stream-chat":"9"}}`,
		"api/.env":         "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
		"api/index.js":     "require('dotenv').config()\nconst express = require('express'), { StreamChat } = require('stream-chat')\nconst chat = StreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst app = express()\napp.use(express.json())\napp.post('/session', (req, res) => {\n  const token = chat.createToken(req.body.userId)\n  res.set('X-Chat-Token', token)\n  res.json({ ok: true })\n})\napp.listen(4800)\n",
	}
}

// A token in a header of the response isn't a missing token: how the page reads it isn't known.
func TestTokenInAHeader(t *testing.T) {
	f := lookedAt(t, sessionFiles("const token = res.headers.get('x-chat-token')\nawait StreamChat.getInstance('"+actionKey+"').connectUser({ id: userId }, token)\n"))
	f.Target.URL, f.Target.URLSource = "http://localhost:4800/session", "web/src/main.js:4"
	post := facts.Answer{Method: "POST", URL: f.Target.URL, Status: 200, JSON: true, Fields: map[string]string{"ok": "true"}}
	f.Backend = &facts.Backend{Dials: []facts.Dial{{Address: "127.0.0.1:4800", OK: true}}, Posts: []facts.Answer{post}}
	if r := Judge(f); rootID(r) != causes.TokenMissing {
		t.Errorf("without a token anywhere: got %q", rootID(r))
	}
	f.Backend.Posts[0].InHeader = "X-Chat-Token"
	if r := Judge(f); len(r.Causes) > 0 {
		t.Errorf("with one in a header: accused of %s: %s", r.Causes[0].ID, r.Causes[0].Summary)
	}
}

// A page that connects as the user whom the token names is never another user.
func TestIDThatIsReadOfTheToken(t *testing.T) {
	for page, own := range map[string]bool{
		"const { token } = await res.json()\nconst { user_id } = jwtDecode(token)\nawait StreamChat.getInstance('K').connectUser({ id: user_id }, token)\n":     true,
		"const { token } = await res.json()\nconst payload = jwtDecode(token)\nawait StreamChat.getInstance('K').connectUser({ id: payload.user_id }, token)\n": true,
		"const { token } = await res.json()\nawait StreamChat.getInstance('K').connectUser({ id: parseJwt(token).user_id }, token)\n":                           true,
		"const { token } = await res.json()\nawait StreamChat.getInstance('K').connectUser({ id: userId }, token)\n":                                            false,
		"const { token } = await res.json()\nlog(jwtDecode(token).exp)\nawait StreamChat.getInstance('K').connectUser({ id: userId }, token)\n":                 false,
	} {
		f, found := lookedAt(t, sessionFiles(page)), false
		for _, c := range f.Project.Calls {
			found = found || c.OwnID
		}
		if found != own {
			t.Errorf("%q: got %v, want %v", page, found, own)
		}
	}
}
