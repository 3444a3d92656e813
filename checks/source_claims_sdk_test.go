package checks

import (
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
)

// Each SDK's method has its own order of arguments; a token that is signed once, when the module is loaded, is the
// one in the response as much as one that each request signs.
func TestArgumentsOfSigningMethods(t *testing.T) {
	const server = "import 'dotenv/config'\nimport express from 'express'\nimport { connect } from 'getstream'\nimport { StreamClient } from '@stream-io/node-sdk'\nconst app = express()\nconst feeds = connect(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst video = new StreamClient(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\nconst token = CALL\napp.get('/token', (req, res) => {\n  res.json({ token })\n})\napp.listen(3001)\n"
	for call, want := range map[string]causes.ID{
		"feeds.createUserToken('ann', '1')":                  "",
		"feeds.createUserToken('ann', { expire_tokens: 1 })": "",
		"video.createCallToken('ann', ['default:1'])":        "",
		"video.createCallToken('ann', ['default:1'], 3600)":  causes.EXPRelative,
		"video.createToken('ann', 3600)":                     causes.EXPRelative,
		"await video.createToken('ann', 3600)":               causes.EXPRelative,
	} {
		r := judgedFiles(t, map[string]string{
			"package.json": `{"type":"module","scripts":{"dev":"node server.js"},"dependencies":{"express":"5","dotenv":"17","getstream":"8","@stream-io/node-sdk":"0.7"}}`,
			"server.js":    strings.Replace(server, "CALL", call, 1),
			".env":         "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + strings.Repeat("k3n8w2zq", 8) + "\n",
		}, true, 200)
		if rootID(r) != want || len(r.Entries) != 1 || r.Entries[0].Path != "/token" || r.Entries[0].Line != 9 {
			t.Errorf("%s: entries %+v, causes %+v, want %q", call, r.Entries, r.Causes, want)
		}
	}
}

// A backend that signs as it starts ends there without its secret; one that signs for a request doesn't.
func TestSigningAtStartNeedsTheSecret(t *testing.T) {
	for sign, want := range map[string]bool{
		"const token = feeds.createUserToken('ann')\napp.get('/token', (req, res) => res.json({ token }))\n":          true,
		"app.get('/token', (req, res) => res.json({ token: feeds.createUserToken('ann') }))\n":                        false,
		"const make = () => feeds.createUserToken('ann')\napp.get('/token', (req, res) => res.json({ t: make() }))\n": false,
	} {
		f := lookedAt(t, map[string]string{
			"package.json": `{"type":"module","scripts":{"dev":"node server.js"},"dependencies":{"express":"5","dotenv":"17","getstream":"8"}}`,
			"server.js":    "import 'dotenv/config'\nimport express from 'express'\nimport { connect } from 'getstream'\nconst app = express()\nconst feeds = connect(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n" + sign + "app.listen(3001)\n",
			".env":         "STREAM_API_KEY=" + actionKey + "\n",
		}, func(x *facts.Target) { x.Static = true })
		if f.Server.SecretEnds != want {
			t.Errorf("%s: it ends without the secret: %v, want %v", sign, f.Server.SecretEnds, want)
		}
	}
}
