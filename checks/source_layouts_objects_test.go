package checks

import "testing"

// Pages that read the token of a response's own object, where only its document has it, and those that do so rightly.
func TestLayoutsOfResponseObjects(t *testing.T) {
	const axios = "import axios from 'axios'\n"
	const api = axios + ours + "const api = axios.create({ timeout: 5000 })\n"
	const fn = "export async function connect(uid) {\n"
	const tail = "  await client.connectUser({ id: uid }, token)\n}\n"
	const opts = "{ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: uid }) }"
	const none = ""
	for name, c := range map[string]struct {
		page   string
		faults []fault
	}{
		"taken apart": {axios + ours + fn + "  const { data } = await axios.post(ROUTE, { userId: uid })\n  const { token } = data\n" + tail, []fault{
			{"FRONT", "{ data } = await axios.post(ROUTE, { userId: uid })\n  const { token } = data\n", "{ token } = await axios.post(ROUTE, { userId: uid })\n", "token-missing", "FRONT:5"},
			{"FRONT", "{ data } = await axios.post(ROUTE, { userId: uid })\n  const { token } = data\n", "{ token } = await axios\n    .post(ROUTE, { userId: uid })\n", "token-missing", "FRONT:5"},
			{"FRONT", "{ data } = await axios.post(ROUTE, { userId: uid })\n  const { token } = data\n", "{ token } = await axios({ url: ROUTE, method: 'POST', data: { userId: uid } })\n", "token-missing", "FRONT:5"},
			{"FRONT", "{ data } = await axios.post(ROUTE, { userId: uid })\n  const { token } = data\n", "{ token, status } = await axios.post(\n    ROUTE,\n    { userId: uid },\n  )\n", "token-missing", "FRONT:5"},
			{"FRONT", "{ data } = await axios.post(ROUTE, { userId: uid })\n  const { token } = data\n", "{ token } = await axios.post(ROUTE, { userId: uid }).then((r) => r.data)\n", none, none},
			{"FRONT", "{ data } = await axios.post(ROUTE, { userId: uid })\n  const { token } = data\n", "{ data: { token } } = await axios.post(ROUTE, { userId: uid })\n", none, none},
		}},
		"in brackets": {axios + ours + fn + "  const token = (await axios.post<{ token: string }>(ROUTE, { userId: uid })).data.token\n" + tail, []fault{
			{"FRONT", "data.token", "token", "token-missing", "FRONT:5"},
			{"FRONT", "data.token", "data?.token", none, none},
		}},
		"a response with a name": {axios + ours + fn + "  const answer = await axios.post(ROUTE, { userId: uid })\n  console.log(answer)\n  await client.connectUser({ id: uid }, answer.data.token)\n}\n", []fault{
			{"FRONT", "answer.data.token", "answer.token", "token-missing", "FRONT:7"},
			{"FRONT", "answer.data.token", "answer?.token", "token-missing", "FRONT:7"},
			{"FRONT", "answer.data.token", "answer.token ?? answer.data.token", none, none},
			{"FRONT", "answer.data.token", "pick(answer)", none, none},
		}},
		"an instance": {api + fn + "  const res = await api.post(ROUTE, { userId: uid })\n  const token = res.data.token\n" + tail, []fault{
			{"FRONT", "res.data.token", "res.token", "token-missing", "FRONT:7"},
			{"FRONT", "{ timeout: 5000 })", "{ timeout: 5000 })\napi.interceptors.response.use((r) => r, (e) => Promise.reject(e))", none, none},
		}},
		"an interceptor that gives the document": {api + "api.interceptors.response.use((res) => res.data)\n" + fn + "  const { token } = await api.post(ROUTE, { userId: uid })\n" + tail, []fault{
			{"FRONT", "(res) => res.data", "({ data }) => data", none, none},
			{"FRONT", "(res) => res.data", "(res) => { return res.data }", none, none},
			{"FRONT", "(res) => res.data", "(res) => { log(res.status); return res }", "token-missing", "FRONT:7"},
			{"FRONT", "(res) => res.data", "(res) => res, (err) => Promise.reject(err)", "token-missing", "FRONT:7"},
			{"FRONT", "(res) => res.data", "undefined, (err) => Promise.reject(err)", "token-missing", "FRONT:7"},
			{"FRONT", "(res) => res.data", "unwrap", none, none},
		}},
		"an interceptor that changes nothing": {api + "api.interceptors.response.use((res) => res, (err) => Promise.reject(err))\n" + fn + "  const { data } = await api.post(ROUTE, { userId: uid })\n  const token = data.token\n" + tail, []fault{
			{"FRONT", "{ id: uid }, token)", "{ id: uid }, `Bearer ${token}`)", "token-wrapped", "FRONT:9"},
			{"FRONT", "(res) => res,", "(res) => { res.data = res.data.result; return res },", none, none},
		}},
		"two pages": {axios + ours + "const ask = async (uid) => (await axios.post(ROUTE, { userId: uid })).data\nexport const one = async (uid) => {\n  const got = await ask(uid)\n  await client.connectUser({ id: uid }, got.token)\n}\nexport const two = async (uid) => {\n  const got = await ask(uid)\n  await client.connectUser({ id: uid }, got.token)\n}\n", []fault{
			{"FRONT", "got.token)\n}\nexport", "got.streamToken)\n}\nexport", "token-missing", "FRONT:7"},
		}},
		"then": {axios + ours + "export const connect = (uid) =>\n  axios.post(ROUTE, { userId: uid }).then((answer) => client.connectUser({ id: uid }, answer.data.token))\n", []fault{
			{"FRONT", "answer.data.token", "answer.token", "token-missing", "FRONT:5"},
			{"FRONT", "(answer) => client.connectUser({ id: uid }, answer.data.token)", "({ token }) => client.connectUser({ id: uid }, token)", "token-missing", "FRONT:5"},
			{"FRONT", "(answer) => client.connectUser({ id: uid }, answer.data.token)", "({ data }) => client.connectUser({ id: uid }, data.token)", none, none},
			{"FRONT", "(answer) => client.connectUser({ id: uid }, answer.data.token)", "(r) => r.data).then((json) => client.connectUser({ id: uid }, json.token)", none, none},
			{"FRONT", "(answer) => client.connectUser({ id: uid }, answer.data.token)", "(r) => r.data).then(({ token }) => client.connectUser({ id: uid }, token)", none, none},
		}},
		"a provider": {axios + ours + fn + "  await client.connectUser({ id: uid }, async () => {\n    const { data } = await axios.post(ROUTE, { userId: uid })\n    return data.token\n  })\n}\n", []fault{
			{"FRONT", "return data.token", "data.token", "token-missing", "FRONT:6"},
			{"FRONT", "async () => {\n    const { data } = await axios.post(ROUTE, { userId: uid })\n    return data.token\n  })", "() => new Promise((resolve) => {\n    axios.post(ROUTE, { userId: uid }).then(({ data }) => resolve(data.token))\n  }))", none, none},
			{"FRONT", "async () => {\n    const { data } = await axios.post(ROUTE, { userId: uid })\n    return data.token\n  })", "async () => getToken(uid))\n}\nlet kept\nasync function load(uid) {\n  kept = (await axios.post(ROUTE, { userId: uid })).data.token\n}\nasync function getToken(uid) {\n  await load(uid)\n  return kept", none, none},
		}},
		"a function that hands the response on": {axios + ours + "const getToken = (uid) => axios.post(ROUTE, { userId: uid })\n" + fn + "  const { data } = await getToken(uid)\n  await client.connectUser({ id: uid }, data.token)\n}\n", []fault{
			{"FRONT", "{ data } = await getToken(uid)\n  await client.connectUser({ id: uid }, data.token)", "{ token } = await getToken(uid)\n  await client.connectUser({ id: uid }, token)", "token-missing", "FRONT:6"},
			{"FRONT", "{ data } = await getToken(uid)\n  await client.connectUser({ id: uid }, data.token)", "res = await getToken(uid)\n  await client.connectUser({ id: uid }, res.token)", "token-missing", "FRONT:7"},
			{"FRONT", "{ userId: uid })\n", "{ userId: uid }).then((r) => r.data)\nconst other = (x) => x.data\n", "token-missing", "SIGN"},
		}},
		"a function that hands the document on": {axios + ours + "async function getToken(uid) {\n  const res = await axios.post(ROUTE, { userId: uid })\n  return res.data\n}\n" + fn + "  const { token } = await getToken(uid)\n" + tail, []fault{
			{"FRONT", "return res.data", "return res", "token-missing", "FRONT:9"},
			{"FRONT", "const res = await axios.post(ROUTE, { userId: uid })\n  return res.data", "return await axios.post(ROUTE, { userId: uid })", "token-missing", "FRONT:8"},
		}},
		"fetch": {ours + fn + "  const r = await fetch(ROUTE, " + opts + ")\n  const { token } = await r.json()\n" + tail, []fault{
			{"FRONT", "const r = await fetch(ROUTE, " + opts + ")\n  const { token } = await r.json()\n", "const { token } = await fetch(ROUTE, " + opts + ")\n", "token-missing", "FRONT:4"},
			{"FRONT", "{ token } = await r.json()\n", "token = r.token\n", "token-missing", "FRONT:5"},
			{"FRONT", "{ token } = await r.json()\n", "{ token } = r\n", "token-missing", "FRONT:5"},
			{"FRONT", "{ token } = await r.json()\n", "{ token } = await fromJSON(r)\n", none, none},
		}},
		"fetch in brackets": {ours + fn + "  const token = (await (await fetch(ROUTE, " + opts + ")).json()).token\n" + tail, []fault{
			{"FRONT", "(await (await fetch(ROUTE, " + opts + ")).json()).token", "(await fetch(ROUTE, " + opts + ")).token", "token-missing", "FRONT:4"},
		}},
		"fetch, then": {ours + "export const connect = (uid) =>\n  fetch(ROUTE, " + opts + ")\n    .then((r) => r.json())\n    .then((j) => client.connectUser({ id: uid }, j.token))\n", []fault{
			{"FRONT", "    .then((r) => r.json())\n", "", "token-missing", "FRONT:5"},
		}},
		"a client that gives the document": {"import { ofetch } from 'ofetch'\n" + ours + fn + "  const { token } = await ofetch(ROUTE, { method: 'POST', body: { userId: uid } })\n" + tail, nil},
		"the project's own client":         {ours + "const api = { post: async (url, body) => { const r = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }); return r.json() } }\n" + fn + "  const { token } = await api.post(ROUTE, { userId: uid })\n" + tail, nil},
	} {
		t.Run(name, func(t *testing.T) {
			all := pairingsOf(c.page, c.faults, "express", "next app")
			typed(all)
			tryLayouts(t, all)
		})
	}
}
