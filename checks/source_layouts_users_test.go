package checks

import "testing"

// Pages that request the token of one user and connect as another, where the source has both.
func TestLayoutsOfUsers(t *testing.T) {
	const opts = "{ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: uid }) }"
	const get = "const getToken = async (uid) => {\n  const r = await fetch(ROUTE, " + opts + ")\n  const { token } = await r.json()\n  return token\n}\n"
	const mismatch, none = "user-id-mismatch", ""
	for name, c := range map[string]struct {
		page   string
		faults []fault
	}{
		"written out": {ours + get + "export async function connect() {\n  const token = await getToken('ann')\n  await client.connectUser({ id: 'ann' }, token)\n}\n", []fault{
			{"FRONT", "id: 'ann'", "id: 'bob'", mismatch, "FRONT:10"},
			{"FRONT", "getToken('ann')", "getToken('bob')", mismatch, "FRONT:10"},
		}},
		"a constant": {ours + get + "const USER = 'ann'\nexport async function connect() {\n  const token = await getToken(USER)\n  await client.connectUser({ id: USER, name: 'Ann' }, token)\n}\n", []fault{
			{"FRONT", "getToken(USER)", "getToken('bob')", mismatch, "FRONT:11"},
			{"FRONT", "id: USER", "id: 'ann'", none, none},
		}},
		"in the request": {ours + "export async function connect() {\n  const r = await fetch(ROUTE, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: 'ann' }) })\n  const { token } = await r.json()\n  await client.connectUser({ id: 'ann' }, token)\n}\n", []fault{
			{"FRONT", "id: 'ann'", "id: 'bob'", mismatch, "FRONT:6"},
		}},
		"a component": {ours + get + "export function Talk() {\n  const [token, setToken] = useState(null)\n  useEffect(() => {\n    getToken('ann').then(setToken)\n  }, [])\n  useEffect(() => {\n    if (token) client.connectUser({ id: 'ann' }, token)\n  }, [token])\n}\n", []fault{
			{"FRONT", "id: 'ann'", "id: 'bob'", mismatch, "FRONT:14"},
		}},
		"two pages": {ours + get + "export const a = async () => client.connectUser({ id: 'ann' }, await getToken('ann'))\nexport const b = async () => client.connectUser({ id: 'bob' }, await getToken('bob'))\n", []fault{
			{"FRONT", "getToken('bob')", "getToken('ann')", mismatch, "FRONT:9"},
		}},
		"two users of one page":    {ours + get + "export async function connect(first) {\n  if (first) await client.connectUser({ id: 'ann' }, await getToken('ann'))\n  else await client.connectUser({ id: 'bob' }, await getToken('bob'))\n}\n", nil},
		"pages that share nothing": {ours + get + "export const warm = () => getToken('ann')\nexport const demo = (t) => client.connectUser({ id: 'bob' }, t)\n", nil},
		"the email": {ours + get + "export async function connect(user) {\n  const token = await getToken(user.id)\n  await client.connectUser({ id: user.id, name: user.email }, token)\n}\n", []fault{
			{"FRONT", "getToken(user.id)", "getToken(user.email)", mismatch, "FRONT:9"},
			{"FRONT", "{ id: user.id", "{ id: user.email", mismatch, "FRONT:10"},
		}},
		"a mutation of SWR": {"import useSWRMutation from 'swr/mutation'\n" + ours + "async function getToken(url, { arg }) {\n  const r = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: arg }) })\n  return r.json()\n}\nexport function Talk({ user }) {\n  const { trigger } = useSWRMutation(ROUTE, getToken)\n" +
			"  const start = async () => {\n    const { token } = await trigger(user.id)\n    await client.connectUser({ id: user.id }, token)\n  }\n}\n", []fault{
			{"FRONT", "trigger(user.id)", "trigger(user.email)", mismatch, "FRONT:11"},
			{"FRONT", "id: user.id", "id: user.email", mismatch, "FRONT:12"},
		}},
		"a mutation": {"import { useMutation } from '@tanstack/react-query'\nimport axios from 'axios'\n" + ours + "const getToken = async (body) => (await axios.post(ROUTE, body)).data\nexport function Talk({ user }) {\n  const login = useMutation({ mutationFn: getToken, onSuccess: (data) => client.connectUser({ id: user.id }, data.token) })\n" +
			"  return <button onClick={() => login.mutate({ userId: user.id })} />\n}\n", []fault{
			{"FRONT", "{ userId: user.id }", "{ userId: user.email }", mismatch, "FRONT:8"},
		}},
		"two variables": {ours + "export async function connect(user, profile) {\n  const r = await fetch(ROUTE, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: user.id }) })\n  const { token } = await r.json()\n  await client.connectUser({ id: user.id, name: profile.full_name }, token)\n}\n", []fault{
			{"FRONT", "{ id: user.id", "{ id: profile.full_name", mismatch, "FRONT:6"},
			{"FRONT", "{ id: user.id", "{ id: profile.email ?? ''", mismatch, "FRONT:6"},
			{"FRONT", "{ id: user.id", "{ id: profile.id", none, none},
			{"FRONT", "{ id: user.id", "{ id: profile.username", none, none},
		}},
		"the response names the user": {ours + "export async function connect() {\n  const r = await fetch(ROUTE, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: 'ann' }) })\n  const { token, userId } = await r.json()\n  await client.connectUser({ id: userId ?? 'bob' }, token)\n}\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			all := pairingsOf(c.page, c.faults, "express", "next app")
			typed(all)
			tryLayouts(t, all)
		})
	}
}
