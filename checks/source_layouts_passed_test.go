package checks

import "testing"

// What a page does to the token between its source and Stream's client, and what looks like it and is right.
func TestLayoutsOfPassing(t *testing.T) {
	const opts = "{ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: uid }) }"
	const ask = "  const r = await fetch(ROUTE, " + opts + ")\n"
	const get = ask + "  const { token } = await r.json()\n"
	const fn = "export async function connect(uid) {\n"
	const react = "import { useState, useEffect } from 'react'\n"
	for name, c := range map[string]struct {
		page   string
		faults []fault
	}{
		"a variable": {page: ours + fn + get + "  await client.connectUser({ id: uid }, token)\n}\n", faults: []fault{
			{"FRONT", "uid }, token)", "uid }, `Bearer ${token}`)", "token-wrapped", "FRONT:6"},
			{"FRONT", "uid }, token)", "uid }, 'Bearer ' + token)", "token-wrapped", "FRONT:6"},
			{"FRONT", "uid }, token)", "uid }, token + ';')", "token-wrapped", "FRONT:6"},
			{"FRONT", "uid }, token)", "uid }, JSON.stringify(token))", "token-wrapped", "FRONT:6"},
			{"FRONT", "uid }, token)", "uid }, token.slice(0, 100))", "token-truncated", "FRONT:6"},
			{"FRONT", "uid }, token)", "uid }, token.split('.')[0])", "token-truncated", "FRONT:6"},
			{"FRONT", "uid }, token)", "uid }, client.devToken(uid))", "token-dev", "FRONT:6"},
			{"FRONT", "await r.json()", "r.json()", "token-missing", "FRONT:5"},
			{"FRONT", "await fetch", "fetch", "token-missing", "FRONT:4"},
			{"FRONT", "uid }, token)", "uid }, `${token}`)", "", ""},
			{"FRONT", "uid }, token)", "uid }, String(token).trim())", "", ""},
			{"FRONT", "uid }, token)", "uid }, JSON.parse(JSON.stringify(token)))", "", ""},
			{"FRONT", "uid }, token)", "uid }, token.split(' ').pop())", "", ""},
			{"FRONT", "uid }, token)", "uid }, token.replace('Bearer ', ''))", "", ""},
			{"FRONT", "uid }, token)", "uid }, import.meta.env.DEV ? client.devToken(uid) : token)", "", ""},
			{"FRONT", "  await client", "  await fetch('/api/me', { headers: { Authorization: `Bearer ${token}` } })\n  await client", "", ""},
			{"FRONT", "  await client", "  console.log(token.slice(0, 20), JSON.stringify(token))\n  await client", "", ""},
		}},
		"a document": {page: ours + fn + ask + "  const data = await r.json()\n  await client.connectUser({ id: uid }, data.token)\n}\n", faults: []fault{
			{"FRONT", "data.token)", "data)", "token-malformed", "FRONT:6"},
			{"FRONT", "data = await r", "data = r", "token-missing", "FRONT:5"},
			{"FRONT", "data.token)", "r.token)", "token-missing", "FRONT:6"},
			{"FRONT", "data.token)", "`Bearer ${data.token}`)", "token-wrapped", "FRONT:6"},
		}},
		"a provider": {page: ours + "export function connect(uid) {\n  client.connectUser({ id: uid }, async () => {\n    const r = await fetch(ROUTE, " + opts + ")\n    const body = await r.json()\n    return body.token\n  })\n}\n", faults: []fault{
			{"FRONT", "return body.token", "return body", "token-malformed", "FRONT:7"},
			{"FRONT", "return body.token", "return JSON.stringify(body.token)", "token-wrapped", "FRONT:7"},
			{"FRONT", "return body.token", "return client.devToken(uid)", "token-dev", "FRONT:7"},
			{"FRONT", "body = await r.json()", "body = r.json()", "token-missing", "FRONT:6"},
		}},
		"a provider with then": {page: ours + "export function connect(uid) {\n  client.connectUser({ id: uid }, () => fetch(ROUTE, " + opts + ").then((r) => r.json()).then((data) => data.token))\n}\n", faults: []fault{
			{"FRONT", "=> data.token", "=> 'Bearer ' + data.token", "token-wrapped", "FRONT:4"},
			{"FRONT", ".then((data) => data.token)", "", "token-malformed", "FRONT:4"},
		}},
		"a function": {page: ours + "async function getToken(uid) {\n" + ask + "  const data = await r.json()\n  return data.token\n}\nexport async function connect(uid) {\n  const token = await getToken(uid)\n  await client.connectUser({ id: uid }, token)\n}\n", faults: []fault{
			{"FRONT", "await getToken(uid)", "getToken(uid)", "token-missing", "FRONT:9"},
			{"FRONT", "return data.token", "return data", "token-malformed", "FRONT:6"},
			{"FRONT", "return data.token", "return `Bearer ${data.token}`", "token-wrapped", "FRONT:6"},
			{"FRONT", "  await client.connectUser({ id: uid }, token)", "  await client.connectUser({ id: uid }, () => getToken(uid))", "", ""},
			{"FRONT", "  const token = await getToken(uid)\n  await client.connectUser({ id: uid }, token)", "  await client.connectUser({ id: uid }, await getToken(uid))", "", ""},
			{"FRONT", "  const token = await getToken(uid)\n  await client.connectUser({ id: uid }, token)", "  await getToken(uid).then((token) => client.connectUser({ id: uid }, token))", "", ""},
		}},
		"a header's value, unwrapped again": {page: ours + "async function authHeader(uid) {\n" + get + "  return 'Bearer ' + token\n}\nexport async function connect(uid) {\n  const header = await authHeader(uid)\n  await client.connectUser({ id: uid }, header.slice(7))\n}\n", faults: []fault{
			{"FRONT", "header.slice(7)", "header.split(' ')[1]", "", ""},
			{"FRONT", "header.slice(7)", "header.replace('Bearer ', '')", "", ""},
			{"FRONT", "header.slice(7)", "header", "token-wrapped", "FRONT:6"},
		}},
		"state": {page: react + ours + "export function Talk({ uid }) {\n  const [token, setToken] = useState(null)\n  useEffect(() => {\n    fetch(ROUTE, " + opts + ").then((r) => r.json()).then((data) => setToken(data.token))\n  }, [uid])\n  useEffect(() => {\n    if (token) client.connectUser({ id: uid }, token)\n  }, [token])\n}\n", faults: []fault{
			{"FRONT", "setToken(data.token)", "setToken(`Bearer ${data.token}`)", "token-wrapped", "FRONT:7"},
			{"FRONT", "setToken(data.token)", "setToken(JSON.stringify(data.token))", "token-wrapped", "FRONT:7"},
			{"FRONT", "uid }, token)", "uid }, token.substring(0, 64))", "token-truncated", "FRONT:10"},
			{"FRONT", "uid }, token)", "uid }, JSON.parse(token))", "", ""},
		}},
		"storage": {page: ours + "export async function login(uid) {\n" + get + "  localStorage.setItem('chat-token', token)\n}\nexport function connect(uid) {\n  const saved = localStorage.getItem('chat-token')\n  client.connectUser({ id: uid }, saved)\n}\n", faults: []fault{
			{"FRONT", "'chat-token', token)", "'chat-token', JSON.stringify(token))", "token-wrapped", "FRONT:6"},
			{"FRONT", "'chat-token', token)", "'chat-token', 'Bearer ' + token)", "token-wrapped", "FRONT:6"},
			{"FRONT", "'chat-token', token)", "'other', JSON.stringify(token))", "", ""},
		}},
		"storage as JSON":               {page: ours + "export async function login(uid) {\n" + get + "  localStorage.setItem('chat-token', JSON.stringify(token))\n}\nexport function connect(uid) {\n  const saved = JSON.parse(localStorage.getItem('chat-token'))\n  client.connectUser({ id: uid }, saved)\n}\n"},
		"storage with a word before it": {page: ours + "export async function login(uid) {\n" + get + "  localStorage.setItem('auth', `Bearer ${token}`)\n}\nexport function connect(uid) {\n  const saved = localStorage.getItem('auth')\n  client.connectUser({ id: uid }, saved.substring(7))\n}\n"},
		"another object's connectUser":  {page: ours + "const hub = { connectUser: (u, t) => fetch('/hub', { headers: { Authorization: t } }) }\n" + fn + get + "  await hub.connectUser({ id: uid }, `Bearer ${token}`)\n  await client.connectUser({ id: uid }, token)\n}\n"},
	} {
		t.Run(name, func(t *testing.T) { tryLayouts(t, pairingsOf(c.page, c.faults, "express", "next app")) })
	}
}
