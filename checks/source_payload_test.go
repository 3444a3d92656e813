package checks

import (
	"strings"
	"testing"

	"badsig/checks/causes"
)

// A claim is read, and edited, where it is written: in a function of another module, in
// a constant, after a spread, or in the only call of the function that signs.
func TestPayloadWrittenElsewhere(t *testing.T) {
	pkg := `{"scripts":{"dev":"node server.js"},"dependencies":{"express":"5","jsonwebtoken":"9","dotenv":"16"}}`
	head := "require('dotenv').config()\nconst express = require('express')\nconst jwt = require('jsonwebtoken')\nconst app = express()\napp.use(express.json())\n"
	tail := "app.listen(3001)\n"
	for name, c := range map[string]struct {
		file, source, server string
		line                 int
	}{
		"what a function returns": {
			file:   "claims.js",
			source: "exports.claimsFor = (userId) => {\n  const now = Math.floor(Date.now() / 1000)\n  return {\n    USER: userId,\n    iat: now,\n    exp: now + 3600,\n  }\n}\n",
			server: "const { claimsFor } = require('./claims')\napp.post('/token', (req, res) => {\n  const payload = claimsFor(req.body.userId)\n  res.json({ token: jwt.sign(payload, process.env.STREAM_API_SECRET) })\n})\n",
			line:   4,
		},
		"the only call of the function that signs": {
			file:   "auth.js",
			source: "const { sign } = require('./sign')\nexports.login = (req, res) => {\n  const token = sign({\n    USER: req.body.userId,\n    exp: Math.floor(Date.now() / 1000) + 3600,\n  })\n  res.json({ token })\n}\n",
			server: "app.post('/token', require('./auth').login)\n",
			line:   4,
		},
		"a spread": {
			file:   "who.js",
			source: "exports.who = (req) => ({\n  USER: req.body.userId,\n})\n",
			server: "const { who } = require('./who')\napp.post('/token', (req, res) => {\n  const times = { iat: Math.floor(Date.now() / 1000) }\n  res.json({ token: jwt.sign({ ...who(req), ...times }, process.env.STREAM_API_SECRET) })\n})\n",
			line:   2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, claim := range []string{"userId", "user_id"} {
				files := map[string]string{
					"package.json": pkg,
					"server.js":    head + c.server + tail,
					"sign.js":      "const jwt = require('jsonwebtoken')\nexports.sign = (claims) => jwt.sign(claims, process.env.STREAM_API_SECRET)\n",
					c.file:         strings.Replace(c.source, "USER", claim, 1),
					".env":         "STREAM_API_KEY=" + actionKey + "\nSTREAM_API_SECRET=" + actionSecret + "\n",
				}
				r := judgedFiles(t, files, true, 200)
				switch {
				case claim == "user_id" && len(r.Causes) > 0:
					t.Errorf("healthy, accused of %s: %s", r.Causes[0].ID, r.Causes[0].Summary)
				case claim == "user_id":
				case len(r.Causes) == 0 || r.Causes[0].ID != causes.UserIDMissing:
					t.Errorf("found %v, want %s", r.Causes, causes.UserIDMissing)
				case r.Causes[0].Location == nil || r.Causes[0].Location.File != c.file || r.Causes[0].Location.Line != c.line:
					t.Errorf("it is at %v, want %s:%d", r.Causes[0].Location, c.file, c.line)
				}
			}
		})
	}
}

// A handler is found where the module that holds it is required in the route's own line.
func TestHandlerRequiredInPlace(t *testing.T) {
	for name, c := range map[string][2]string{ // the route, the module
		"a member":        {"app.post('/token', require('./routes/token').make)", "exports.make = HANDLER"},
		"all of a module": {"app.post('/token', require('./routes/token'))", "module.exports = HANDLER"},
	} {
		files := map[string]string{
			"package.json":    `{"scripts":{"dev":"node server.js"},"dependencies":{"express":"5","stream-chat":"9"}}`,
			"server.js":       "const express = require('express')\nconst app = express()\napp.use(express.json())\n" + c[0] + "\napp.listen(3001)\n",
			"routes/token.js": "const { StreamChat } = require('stream-chat')\nconst chat = new StreamChat(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET)\n" + strings.Replace(c[1], "HANDLER", "(req, res) => res.json({ token: chat.createToken(req.body.userId) })", 1) + "\n",
		}
		if e := lookedAt(t, files).Project.Entries; len(e) != 1 || e[0].Path != "/token" || e[0].Method != "POST" {
			t.Errorf("%s: the entries are %+v, want POST /token", name, e)
		}
	}
}
