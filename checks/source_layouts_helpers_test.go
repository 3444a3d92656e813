package checks

import "testing"

// Pages whose helper gets the token and the user by position, from several places, and classes with a bound provider.
func TestLayoutsOfHelpers(t *testing.T) {
	const opts = "{ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: user.id }) }"
	const make = "import { StreamVideoClient } from '@stream-io/video-react-sdk'\nfunction made(label, token, id) {\n  const user = { id, name: label }\n  return new StreamVideoClient({ apiKey: '" + actionKey + "', user, token })\n}\n"
	const page = "  const r = await fetch(ROUTE, " + opts + ")\n  const { token } = await r.json()\n  return made(user.name, token, user.id)\n}\n"
	const bound = "import { StreamVideoClient } from '@stream-io/video-react-sdk'\nexport class Calls {\n  constructor(user) {\n    const provide = this.provide.bind(this, user?.id)\n    this.client = new StreamVideoClient({ apiKey: '" + actionKey + "', user, tokenProvider: provide })\n  }\n" +
		"  async provide(uid) {\n    const r = await fetch(ROUTE, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: uid }) })\n    const data = await r.json()\n    return data.token\n  }\n}\n"
	for name, c := range map[string]struct {
		page   string
		faults []fault
	}{
		"two callers": {make + "export async function talk({ user }) {\n" + page + "export async function watch({ user }) {\n" + page, []fault{
			{"FRONT", "const { token } =", "const token =", "token-malformed", "FRONT:8"},
			{"FRONT", "const { token } = await r", "const { token } = r", "token-missing", "FRONT:8"},
			{"FRONT", "made(user.name, token, user.id)", "made(user.id, token, user.name)", "user-id-mismatch", "FRONT:9"},
			{"FRONT", "token, user.id)", "token, user.email)", "user-id-mismatch", "FRONT:9"},
			{"FRONT", "user.name, token", "user.fullName || user.email, token", "", ""},
		}},
		"a bound provider": {bound, []fault{
			{"FRONT", "return data.token", "return data", "token-malformed", "FRONT:10"},
			{"FRONT", "user?.id", "user?.name", "user-id-mismatch", "FRONT:4"},
		}},
	} {
		t.Run(name, func(t *testing.T) { tryLayouts(t, pairingsOf(c.page, c.faults, "express", "next app")) })
	}
}
