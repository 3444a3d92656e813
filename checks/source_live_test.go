package checks

import (
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/internal/factstest"
	"badsig/checks/rules"
)

// Both sides have their user in the source: what badsig itself would have sent doesn't matter, also where a token was seen.
func TestConstantsOfBothSides(t *testing.T) {
	const page = "import { StreamChat } from 'stream-chat'\nconst ME = { id: 'demo_user', name: 'Demo' }\nexport async function connect() {\n  const r = await fetch('http://localhost:3001/demo')\n  await StreamChat.getInstance('" + actionKey + "').connectUser(ME, (await r.json()).token)\n}\n"
	files := map[string]string{
		"server/package.json": `{"scripts":{"dev":"node index.js"},"dependencies":{"express":"5","cors":"2","dotenv":"17","stream-chat":"9"}}`,
		"server/.env":         "STREAM_KEY=" + actionKey + "\nSTREAM_SECRET=" + actionSecret + "\n",
		"server/index.js":     "require('dotenv').config()\nconst express = require('express')\nconst { StreamChat } = require('stream-chat')\nconst c = StreamChat.getInstance(process.env.STREAM_KEY, process.env.STREAM_SECRET)\nconst app = express()\napp.use(require('cors')())\napp.get('/demo', (req, res) => res.json({ token: c.createToken('demo-user') }))\napp.listen(3001)\n",
		"web/package.json":    `{"scripts":{"dev":"vite"},"dependencies":{"vite":"7","react":"19","stream-chat":"9"}}`,
		"web/src/chat.js":     page,
	}
	for _, c := range []struct {
		as   string
		want causes.ID
	}{{"'demo_user'", causes.UserIDMismatch}, {"'demo-user'", ""}, {"me.id", ""}} {
		files["web/src/chat.js"] = strings.Replace(page, "'demo_user'", c.as, 1)
		f := lookedAt(t, files, func(x *facts.Target) { x.UserID = facts.DefaultUserID })
		seen := factstest.Sound()
		f.Target.Known.User = facts.IsAssumed
		f.Backend, f.Tokens = seen.Backend, seen.Tokens
		factstest.Give(f, factstest.Fresh("demo-user"))
		first := causes.ID("")
		for _, x := range rules.Honest(f, rules.TokenUser(f)).Causes {
			first = x.ID
		}
		if first != c.want {
			t.Errorf("it connects as %s: %q, want %q", c.as, first, c.want)
		}
	}
}
