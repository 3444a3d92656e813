package checks

import (
	"context"
	"strings"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/internal/factstest"
	"badsig/checks/internal/projecttest"
	"badsig/checks/probe"
)

// A token that a front end's source holds is the one that its browser uses, where nothing of the project makes tokens.
func TestPastedToken(t *testing.T) {
	token := func(claims map[string]any) string { return factstest.Jws(`{"alg":"HS256","typ":"JWT"}`, claims) }
	good, old := token(map[string]any{"user_id": "ron"}), token(map[string]any{"user_id": "ron", "exp": 1600000000})
	const web = `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`
	const client = "import { StreamChat } from 'stream-chat'\nconst userToken = TOKEN\nexport async function connect() {\n  const chat = StreamChat.getInstance('" + actionKey + "')\n  await chat.connectUser({ id: 'ron' }, userToken)\n}\n"
	layouts := map[string]struct {
		files map[string]string
		at    string
	}{
		"a constant": {map[string]string{"package.json": web, "src/chat.js": strings.Replace(client, "TOKEN", "'THE_TOKEN'", 1)}, "src/chat.js:2"},
		"a variable": {map[string]string{"package.json": web, "src/chat.js": strings.Replace(client, "TOKEN", "import.meta.env.VITE_STREAM_TOKEN", 1), ".env": "VITE_STREAM_USER=ron\nVITE_STREAM_TOKEN=THE_TOKEN\n"}, ".env:2"},
		"a provider of video": {map[string]string{"package.json": `{"dependencies":{"react":"18","vite":"5","@stream-io/video-react-sdk":"1"}}`,
			"src/call.jsx": "import { StreamVideoClient } from '@stream-io/video-react-sdk'\nconst user = { id: 'ron' }\nexport const client = new StreamVideoClient({\n  apiKey: '" + actionKey + "',\n  user,\n  tokenProvider: async () => 'THE_TOKEN',\n})\n"}, "src/call.jsx:6"},
		"Angular's service": {map[string]string{"package.json": `{"dependencies":{"@angular/core":"17","stream-chat-angular":"5","stream-chat":"8"}}`,
			"src/app/app.component.ts": "import { Component } from '@angular/core'\nimport { ChatClientService } from 'stream-chat-angular'\n@Component({ selector: 'app-root' })\nexport class AppComponent {\n  constructor(private chatService: ChatClientService) {\n    const userId = 'ron'\n    const userToken = 'THE_TOKEN'\n    this.chatService.init('" + actionKey + "', userId, userToken)\n  }\n}\n"}, "src/app/app.component.ts:7"},
	}
	for name, l := range layouts {
		for _, f := range []struct{ token, cause string }{
			{good, ""}, {old, "token-expired"}, {"Bearer " + good, "token-wrapped"}, {good[:len(good)-9], "token-truncated"},
			{token(map[string]any{"user_id": "bob"}), "user-id-mismatch"}, {token(map[string]any{"userId": "ron"}), "user-id-missing"}, {token(map[string]any{"server": true}), "token-server"},
		} {
			files := map[string]string{}
			for file, text := range l.files {
				files[file] = strings.Replace(text, "THE_TOKEN", f.token, 1)
			}
			r := Judge(probe.Look(context.Background(), facts.Target{Dir: projecttest.Write(t, files), Offline: true, Static: true}, facts.NameSigner).Snapshot())
			found, at := "", ""
			if len(r.Causes) > 0 {
				found, at = string(r.Causes[0].ID), r.Causes[0].Location.String()
			}
			if found != f.cause || f.cause != "" && at != l.at {
				t.Errorf("%s: %s at %s, want %s at %s", name, found, at, f.cause, l.at)
			}
			if f.cause != "" && !strings.Contains(r.Causes[0].Fix[0].Text, "replace the token") {
				t.Errorf("%s, %s: first step %q", name, f.cause, r.Causes[0].Fix[0].Text)
			}
		}
	}
}

// One that Stream rejects isn't this key's; beside a backend, and among two, a token in the source says nothing.
func TestPastedTokenOfAnotherApp(t *testing.T) {
	good := factstest.Jws(`{"alg":"HS256","typ":"JWT"}`, map[string]any{"user_id": "ron"})
	files := map[string]string{"package.json": `{"dependencies":{"react":"18","vite":"5","stream-chat":"9"}}`,
		"src/chat.js": "import { StreamChat } from 'stream-chat'\nexport const connect = () => StreamChat.getInstance('" + actionKey + "').connectUser({ id: 'ron' },\n  '" + good + "')\n"}
	look := func() *facts.Facts {
		f := probe.Look(context.Background(), facts.Target{Dir: projecttest.Write(t, files), Offline: true, Static: true}, facts.NameSigner).Snapshot()
		f.Stream = &facts.Stream{Asked: true, Reachable: true, Control: &facts.StreamAnswer{Status: 401, Code: 43}, Given: &facts.StreamAnswer{Status: 401, Code: 43, Message: "JWTAuth error: signature is not valid"}}
		return f
	}
	if r := Judge(look()); len(r.Causes) == 0 || r.Causes[0].ID != "token-stale" || r.Causes[0].Location.String() != "src/chat.js:3" {
		t.Errorf("causes %v", r.Causes)
	}
	files["src/other.js"] = strings.Replace(files["src/chat.js"], good, factstest.Jws(`{"alg":"HS256","typ":"JWT"}`, map[string]any{"user_id": "eve"}), 1)
	if f := look(); f.Target.Given {
		t.Error("one of two tokens was chosen")
	}
	delete(files, "src/other.js")
	files["server/package.json"] = `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"4","stream-chat":"9"}}`
	files["server/index.js"] = "const app = require('express')()\nconst { StreamChat } = require('stream-chat')\nconst chat = StreamChat.getInstance(process.env.STREAM_KEY, process.env.STREAM_SECRET)\napp.get('/token/:id', (req, res) => res.json({ token: chat.createToken(req.params.id) }))\napp.listen(4000)\n"
	if f := look(); f.Target.Given {
		t.Error("the backend's tokens were forgotten")
	}
}
