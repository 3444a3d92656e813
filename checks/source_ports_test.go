package checks

import (
	"testing"

	"badsig/checks/causes"
)

// Of several requests for tokens each one's port is judged, and not the main one's alone.
func TestEachRequestsPort(t *testing.T) {
	page := func(url string) string {
		return "'use client'\nimport { StreamChat } from 'stream-chat'\nexport async function connect(id) {\n  const res = await fetch('" + url + "', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ id }) })\n" +
			"  const { token } = await res.json()\n  await StreamChat.getInstance('" + actionKey + "').connectUser({ id }, token)\n}\n"
	}
	route := "import { StreamChat } from 'stream-chat'\nexport async function POST(req) {\n  const { id } = await req.json()\n" +
		"  return Response.json({ token: StreamChat.getInstance('" + actionKey + "', process.env.STREAM_API_SECRET).createToken(id) })\n}\n"
	for url, want := range map[string]causes.ID{
		"/api/other": "", "http://localhost:4200/api/other": "", "http://localhost:3000/api/other": causes.ServerOnOtherPort,
		"http://localhost:3000/api/elsewhere": "", "https://other.example/api/other": "",
	} {
		r := judgedFiles(t, map[string]string{
			"package.json":           `{"scripts":{"dev":"next dev -p 4200"},"dependencies":{"next":"15","react":"19","stream-chat":"9"}}`,
			"app/api/chat/route.js":  route,
			"app/api/other/route.js": route,
			"lib/chat.js":            page("/api/chat"),
			"lib/other.js":           page(url),
			"app/page.jsx":           "import { connect } from '../lib/chat'\nexport default function Page() {\n  connect('ann')\n  return null\n}\n",
			"app/other/page.jsx":     "import { connect } from '../../lib/other'\nexport default function Page() {\n  connect('ann')\n  return null\n}\n",
			".env.local":             "STREAM_API_SECRET=" + actionSecret + "\n",
		}, true, 0)
		if rootID(r) != want {
			t.Errorf("%s: got %q %+v, want %q", url, rootID(r), r.Causes, want)
		}
	}
}
