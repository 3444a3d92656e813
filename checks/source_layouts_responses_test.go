package checks

import (
	"strings"
	"testing"
)

// The ways in which a page takes the token out of the response.
func TestLayoutsOfResponses(t *testing.T) {
	const tail = "  await client.connectUser({ id: uid }, token)\n}\n"
	const axios = "import axios from 'axios'\n"
	const opts = "{ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: uid }) }"
	const fn = "export async function connect(uid) {\n"
	for name, c := range map[string]struct {
		page   string
		faults []fault
		only   []string
	}{
		"in brackets": {page: axios + ours + fn + "  const token = (await axios.post(ROUTE, { userId: uid })).data.token\n" + tail, faults: []fault{
			{"FRONT", "data.token", "data.jwt", "token-missing", "FRONT:5"},
			{"FRONT", "data.token", "data.accessToken", "token-missing", "FRONT:5"},
			{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
		}},
		"in brackets, typed": {page: axios + ours + fn + "  const token = (await axios.post<{ token: string }>(ROUTE, { userId: uid })).data.token\n" + tail, faults: []fault{
			{"FRONT", "data.token", "data.jwt", "token-missing", "FRONT:5"},
			{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
		}},
		"taken apart twice": {page: axios + ours + fn + "  const { data: { token } } = await axios.post(ROUTE, { userId: uid })\n" + tail, faults: []fault{
			{"FRONT", "{ token } }", "{ jwt: token } }", "token-missing", "FRONT:5"},
			{"FRONT", "{ token } }", "{ streamToken: token } }", "token-missing", "FRONT:5"},
			{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
		}},
		"taken apart, typed": {page: axios + ours + fn + "  const { data } = await axios.post<{ token: string }>(ROUTE, { userId: uid })\n  const { token } = data\n" + tail, faults: []fault{
			{"FRONT", "{ token } =", "{ jwt: token } =", "token-missing", "FRONT:6"},
			{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
		}},
		"then with data": {page: axios + ours + "export const connect = (uid) =>\n  axios.post(ROUTE, { userId: uid }).then(({ data }) => client.connectUser({ id: uid }, data.token))\n", faults: []fault{
			{"FRONT", "data.token", "data.jwt", "token-missing", "FRONT:5"},
			{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
		}},
		"then with the response": {page: axios + ours + "export const connect = (uid) =>\n  axios.post(ROUTE, { userId: uid }).then((answer) => client.connectUser({ id: uid }, answer.data.token))\n", faults: []fault{
			{"FRONT", "data.token", "data.jwt", "token-missing", "FRONT:5"},
			{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
		}},
		"a type after the document": {page: ours + fn + "  const r = await fetch(ROUTE, " + opts + ")\n  const answer = (await r.json()) as { token: string }\n  const token = answer.token\n" + tail, faults: []fault{
			{"FRONT", "answer.token", "answer.jwt", "token-missing", "FRONT:6"},
			{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
		}},
		"a type, taken apart": {page: ours + "type Answer = { token: string }\n" + fn + "  const r = await fetch(ROUTE, " + opts + ")\n  const { token } = (await r.json()) as Answer\n" + tail, faults: []fault{
			{"FRONT", "{ token } =", "{ jwt: token } =", "token-missing", "FRONT:6"},
			{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
		}},
		"a typed variable": {page: ours + "type Answer = { token: string }\n" + fn + "  const r = await fetch(ROUTE, " + opts + ")\n  const reply: Answer = await r.json()\n  const token = reply.token\n" + tail, faults: []fault{
			{"FRONT", "reply.token", "reply.jwt", "token-missing", "FRONT:7"},
			{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
		}},
		"two awaits": {page: ours + fn + "  const { token } = await (await fetch(ROUTE, " + opts + ")).json()\n" + tail, faults: []fault{
			{"FRONT", "{ token } =", "{ jwt: token } =", "token-missing", "FRONT:4"},
			{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
		}},
		"two awaits and a member": {page: ours + fn + "  const token = (await (await fetch(ROUTE, " + opts + ")).json()).token\n" + tail, faults: []fault{
			{"FRONT", ".json()).token", ".json()).jwt", "token-missing", "FRONT:4"},
			{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
		}},
		"a query": {page: "import { useQuery } from '@tanstack/react-query'\n" + ours + "export function Talk({ uid }) {\n  const { data } = useQuery({\n    queryKey: ['token', uid],\n    queryFn: async () => {\n      const r = await fetch(ROUTE, " + opts + ")\n      return r.json()\n    },\n  })\n" +
			"  useEffect(() => {\n    if (!data?.token) return\n    client.connectUser({ id: uid }, data.token)\n  }, [data?.token])\n}\n", faults: []fault{
			{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
			{"BACK", "{ token: chat", "{ streamToken: chat", "token-missing", "SIGN"},
			{"FRONT", "'POST'", "'PUT'", "endpoint-method", "FRONT:8"},
		}},
		"a query of a function": {page: "import { useQuery } from '@tanstack/react-query'\nimport axios from 'axios'\n" + ours + "const getToken = (uid) => axios.post(ROUTE, { userId: uid }).then((res) => res.data)\nexport function Talk({ uid }) {\n  const { data } = useQuery({ queryKey: ['token', uid], queryFn: () => getToken(uid) })\n" +
			"  useEffect(() => {\n    if (data?.token) client.connectUser({ id: uid }, data.token)\n  }, [data])\n}\n", faults: []fault{
			{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
			{"BACK", "{ token: chat", "{ streamToken: chat", "token-missing", "SIGN"},
		}},
		"SWR": {page: "import useSWR from 'swr'\n" + ours + "const fetcher = ([url, uid]) => fetch(url, " + opts + ").then((r) => r.json())\nexport function Talk({ uid }) {\n  const { data, error } = useSWR([ROUTE, uid], fetcher)\n" +
			"  useEffect(() => {\n    if (data?.token) client.connectUser({ id: uid }, data.token)\n  }, [data])\n}\n", faults: []fault{
			{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
		}},
		"a mutation of SWR": {page: "import useSWRMutation from 'swr/mutation'\n" + ours + "async function getToken(url, { arg }) {\n  const r = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: arg }) })\n  return r.json()\n}\nexport function Talk({ user }) {\n  const { trigger } = useSWRMutation(ROUTE, getToken)\n" +
			"  const start = async () => {\n    const { token } = await trigger(user.id)\n    await client.connectUser({ id: user.id }, token)\n  }\n}\n", faults: []fault{
			{"FRONT", "userId: arg", "user: arg", "user-id-missing", "FIELD"},
			{"FRONT", "{ token } = await", "{ jwt: token } = await", "token-missing", "SIGN"},
			{"FRONT", "trigger(user.id)", "trigger(`u-${user.id}`)", "user-id-mismatch", "FRONT:11"},
			{"FRONT", "'POST'", "'PUT'", "endpoint-method", "FRONT:5"},
		}},
		"a mutation of SWR with an object": {page: "import useSWRMutation from 'swr/mutation'\n" + ours + "async function getToken(url, { arg }) {\n  const r = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(arg) })\n  return r.json()\n}\nexport function Talk({ user }) {\n  const { trigger } = useSWRMutation(ROUTE, getToken)\n" +
			"  const start = async () => {\n    const { token } = await trigger({ userId: user.id })\n    await client.connectUser({ id: user.id }, token)\n  }\n}\n", faults: []fault{
			{"FRONT", "{ userId: user.id }", "{ user: user.id }", "user-id-missing", "FIELD"},
		}},
		"a mutation": {page: "import { useMutation } from '@tanstack/react-query'\nimport axios from 'axios'\n" + ours + "export function Talk({ user }) {\n  const { mutateAsync } = useMutation({\n    mutationFn: ({ userId }) => axios.post(ROUTE, { userId }).then((r) => r.data),\n  })\n" +
			"  const start = async () => {\n    const { token } = await mutateAsync({ userId: user.id })\n    await client.connectUser({ id: user.id }, token)\n  }\n}\n", faults: []fault{
			{"FRONT", "ROUTE, { userId }", "ROUTE, { user: userId }", "user-id-missing", "FIELD"},
		}},
		"a mutation with what succeeds": {page: "import { useMutation } from '@tanstack/react-query'\nimport axios from 'axios'\n" + ours + "const getToken = async (body) => (await axios.post(ROUTE, body)).data\nexport function Talk({ user }) {\n  const login = useMutation({ mutationFn: getToken, onSuccess: (data) => client.connectUser({ id: user.id }, data.token) })\n" +
			"  return <button onClick={() => login.mutate({ userId: user.id })} />\n}\n", faults: []fault{
			{"FRONT", "{ userId: user.id }", "{ user: user.id }", "user-id-missing", "FIELD"},
			{"BACK", "{ token: chat", "{ jwt: chat", "token-missing", "SIGN"},
		}},
		"two mutations": {page: "import { useMutation } from '@tanstack/react-query'\nimport axios from 'axios'\n" + ours + "const getToken = async (body) => (await axios.post(ROUTE, body)).data\nconst save = async (body) => (await axios.post('/titles', body)).data\nexport function Talk({ user, start }) {\n  start(useMutation({ mutationFn: getToken, onSuccess: (data) => client.connectUser({ id: user.id }, data.token) }))\n" +
			"  const rename = useMutation({ mutationFn: save })\n  return <button onClick={() => rename.mutate({ title: 'x' })} />\n}\n"},
		"a document beside another": {page: ours + fn + "  const r = await fetch(ROUTE, " + opts + ")\n  const reply = await r.json()\n  const settings = await (await fetch('/settings.json')).json()\n  console.log(settings.accessToken)\n  await client.connectUser({ id: uid }, reply.token)\n}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.only == nil {
				c.only = []string{"express", "next app"}
			}
			all := pairingsOf(c.page, c.faults, c.only...)
			typed(all)
			tryLayouts(t, all)
		})
	}
}

// typed gives the pages the ending of TypeScript's files.
func typed(all map[string]layout) {
	for _, l := range all {
		for _, f := range []string{"web/src/chat", "components/chat"} {
			if page, ok := l.files[f+".js"]; ok {
				delete(l.files, f+".js")
				l.files[f+".tsx"] = page
			}
		}
		for i := range l.faults {
			l.faults[i].file = strings.Replace(l.faults[i].file, "/chat.js", "/chat.tsx", 1)
			l.faults[i].at = strings.Replace(l.faults[i].at, "/chat.js", "/chat.tsx", 1)
		}
	}
}
