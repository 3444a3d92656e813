package checks

import (
	"maps"
	"strings"
	"testing"
)

// Responses that are the token's text, or a string of JSON, and pages that read them in both ways.
func TestLayoutsOfTexts(t *testing.T) {
	const fn = "export async function connect(uid) {\n"
	const tail = "  await client.connectUser({ id: uid }, token)\n}\n"
	const opts = "{ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: uid }) }"
	page := func(read string) string {
		return ours + fn + "  const r = await fetch(ROUTE, " + opts + ")\n" + read + tail
	}
	const axios = "import axios from 'axios'\n" + ours + fn + "  const { data: token } = await axios.post(ROUTE, { userId: uid })\n" + tail
	for name, c := range map[string]struct {
		send, page string
		faults     []fault
	}{
		"text": {"res.send(chat.createToken(userId))", page("  const token = await r.text()\n"), []fault{
			{"FRONT", "r.text()", "r.json()", "token-missing", "SIGN"},
			{"FRONT", "const token = await r.text()", "const { token } = await r.json()", "token-missing", "SIGN"},
			{"FRONT", "const token = await r.text()", "const token = (await r.json()).token", "token-missing", "SIGN"},
			{"BACK", "res.send(chat", "res.json(chat", "token-wrapped", "SIGN"},
			{"BACK", "res.send(chat.createToken(userId))", "res.send(JSON.stringify(chat.createToken(userId)))", "token-wrapped", "SIGN"},
			{"BACK", "res.send(chat", "res.end(chat", "", ""},
			{"BACK", "res.send(chat", "res.type('text/plain').send(chat", "", ""},
		}},
		"text that is read as JSON by the page": {"res.json(chat.createToken(userId))", page("  const token = JSON.parse(await r.text())\n"), nil},
		"text without its quotes":               {"res.json(chat.createToken(userId))", page("  const token = (await r.text()).replace(/\"/g, '')\n"), nil},
		"a string of JSON": {"res.json(chat.createToken(userId))", page("  const token = await r.json()\n"), []fault{
			{"FRONT", "r.json()", "r.text()", "token-wrapped", "SIGN"},
			{"FRONT", "const token = await", "const { token } = await", "token-missing", "SIGN"},
			{"BACK", "res.json(chat", "res.send(chat", "token-missing", "SIGN"},
			{"BACK", "res.json(chat", "res.status(200).json(chat", "", ""},
			{"BACK", "res.json(chat.createToken(userId))", "res.send(JSON.stringify(chat.createToken(userId)))", "", ""},
			{"FRONT", "const token = await r.json()", "const token = JSON.parse(await r.text())", "", ""},
		}},
		"text, then": {"res.send(chat.createToken(userId))", ours + "export const connect = (uid) =>\n  fetch(ROUTE, " + opts + ")\n    .then((r) => r.text())\n    .then((token) => client.connectUser({ id: uid }, token))\n", []fault{
			{"FRONT", "r.text()", "r.json()", "token-missing", "SIGN"},
			{"BACK", "res.send(chat", "res.json(chat", "token-wrapped", "SIGN"},
		}},
		"axios": {"res.send(chat.createToken(userId))", axios, []fault{
			{"BACK", "res.send(chat", "res.json(chat", "", ""},
			{"BACK", "res.send(chat.createToken(userId))", "res.send(JSON.stringify(chat.createToken(userId)))", "", ""},
			{"FRONT", "{ data: token }", "{ data: { token } }", "token-missing", "SIGN"},
			{"FRONT", "{ data: token }", "{ token }", "token-missing", "FRONT:5"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			all := pairingsOf(c.page, c.faults, "express")
			for n, l := range all {
				l.files = maps.Clone(l.files)
				l.files["api/index.js"] = strings.Replace(l.files["api/index.js"], "res.json({ token: chat.createToken(userId) })", c.send, 1)
				all[n] = l
			}
			tryLayouts(t, all)
		})
	}
}
