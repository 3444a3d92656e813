package checks

import (
	"cmp"
	"strings"
	"testing"
)

// The ways in which a handler gets its fields and hands out its token, before one page.
func TestLayoutsOfHandlers(t *testing.T) {
	const page = ours + "export async function connect(uid) {\n  const r = await fetch(ROUTE, {\n    method: 'POST',\n    headers: { 'Content-Type': 'application/json' },\n    body: JSON.stringify({ userId: uid }),\n  })\n  const { token } = await r.json()\n  await client.connectUser({ id: uid }, token)\n}\n"
	const take, sign = "const { userId } = READ", "chat.createToken(userId)"
	other := fault{"FRONT", "userId: uid", "uid", "user-id-missing", "FIELD"}
	named := fault{"BACK", "createToken(userId)", "createToken(userId, 3600)", "exp-relative", "SIGN"}
	twice := fault{"BACK", "createToken(userId)", "createToken(`u-${userId}`)", "user-id-mismatch", "SIGN"}
	for name, c := range map[string]struct {
		edits  []string // of the handler's file
		page   string
		faults []fault
		only   []string
	}{
		"the page adds what the backend adds": {edits: []string{sign, "chat.createToken(`u-${userId}`)"}, page: strings.Replace(page, "{ id: uid }", "{ id: 'u-' + uid }", 1)},
		"the backend looks the user up":       {edits: []string{sign, "chat.createToken(users.find((u) => u.name === userId).id)"}, page: strings.NewReplacer("(uid)", "({ userId, name })", "userId: uid", "userId: name", "{ id: uid }", "{ id: userId }").Replace(page)},
		"the response tells the user":         {edits: []string{"{ token: ", "{ userId, token: "}, page: strings.NewReplacer("userId: uid", "userId: 'u-' + uid", "{ token }", "{ token, userId }", "{ id: uid }", "{ id: userId }").Replace(page)},
		"a guest beside the user":             {page: strings.Replace(page, "  await client.connectUser", "  if (!uid) return client.connectUser({ id: `guest-${Date.now()}` }, token)\n  await client.connectUser", 1)},
		"an ID that both sides shorten":       {page: strings.NewReplacer("userId: uid", "userId: uid.toLowerCase()", "{ id: uid }", "{ id: uid.toLowerCase() }").Replace(page)},
		"an ID with a new name": {page: strings.NewReplacer("userId: uid", "userId: `app_${uid}`", "{ id: uid }", "{ id: `app_${uid}` }").Replace(page), faults: []fault{
			{"FRONT", "{ id: `app_${uid}` }", "{ id: uid }", "user-id-mismatch", "FRONT:7"}}},
		"zod": {edits: []string{take, "const { userId } = z.object({ userId: z.string() }).parse(READ)"}, faults: []fault{other, named, twice,
			{"BACK", "z.object({ userId: z.string() })", "schema", "", ""}}},
		"zod, safeParse": {edits: []string{take, "const { userId } = z.object({ userId: z.string().min(1) }).safeParse(READ).data"}, faults: []fault{other, named}},
		"a schema of the module's top": {edits: []string{"const chat =", "const body = require('zod').z.object({ userId: z.string(), name: z.string().optional() }); const chat =", take, "const { userId } = body.parse(READ)"}, faults: []fault{other, named, twice,
			{"BACK", "const { userId } = body.parse", "const { user_id: userId } = body.parse", "user-id-missing", "FIELD"}}},
		"yup": {edits: []string{take, "const { userId } = await yup.object({ userId: yup.string().required() }).validate(READ)", "(req, res) =>", "async (req, res) =>", "(ctx) =>", "async (ctx) =>"}, faults: []fault{other, named, twice}},
		"joi": {edits: []string{take, "const { value, error } = Joi.object({ userId: Joi.string().required() }).validate(READ); if (error) throw error; const { userId } = value"}, faults: []fault{other, named, twice}},
		"joi, value.userId": {edits: []string{take, "const { value } = schema.validate(READ)", sign, "chat.createToken(value.userId)"}, faults: []fault{
			{"FRONT", "userId: uid", "uid", "user-id-missing", "SIGN"}}},
		"a class for the body": {edits: []string{take, "const input = Object.assign(new TokenInput(), READ)", sign, "chat.createToken(input.userId)"}, faults: []fault{{"BACK", "input.userId)", "input.userId, 60)", "exp-relative", "SIGN"}}},
		"a type": {edits: []string{take, "const input = (READ)", sign, "chat.createToken(input.userId)"}, faults: []fault{
			{"FRONT", "userId: uid", "uid", "user-id-missing", "SIGN"}}},
		"a default":   {edits: []string{take, "const { userId = 'guest' } = READ"}, faults: []fault{named, twice}},
		"either name": {edits: []string{take, "const body = READ; const userId = body.userId ?? body.user_id"}, faults: []fault{named, {"FRONT", "userId: uid", "user_id: uid", "", ""}}},
		"exp and iat": {edits: []string{sign, "chat.createToken(userId, Math.floor(Date.now() / 1000) + 3600, Math.floor(Date.now() / 1000) - 60)"}, faults: []fault{
			{"BACK", "Math.floor(Date.now() / 1000) + 3600, Math.floor(Date.now() / 1000) - 60", "Math.floor(Date.now() / 1000) - 60, Math.floor(Date.now() / 1000) + 3600", "iat-future", "SIGN"},
			{"BACK", "Math.floor(Date.now() / 1000) + 3600, Math.floor(Date.now() / 1000) - 60", "Math.floor(Date.now() / 1000), Math.floor(Date.now() / 1000) + 3600", "iat-future", "SIGN"},
		}},
		"named times": {edits: []string{take, take + "; const now = Math.floor(Date.now() / 1000); const iat = now - 10; const exp = now + 3600", sign, "chat.createToken(userId, exp, iat)"}, faults: []fault{
			{"BACK", "(userId, exp, iat)", "(userId, iat, exp)", "iat-future", "FIELD"},
			{"BACK", "(userId, exp, iat)", "(userId, 0, iat)", "", ""},
			{"BACK", "(userId, exp, iat)", "(userId, undefined, iat)", "", ""}}},
	} {
		t.Run(name, func(t *testing.T) {
			all := map[string]layout{}
			for stack, l := range pairingsOf(cmp.Or(c.page, page), c.faults) {
				s := pairings()[stack]
				fill := strings.NewReplacer("READ", s.read)
				for i := 0; i < len(c.edits); i += 2 {
					l.files[s.back] = strings.Replace(l.files[s.back], fill.Replace(c.edits[i]), fill.Replace(c.edits[i+1]), 1)
				}
				all[stack] = l
			}
			tryLayouts(t, all)
		})
	}
}

// A response that is the token alone, and the ways in which a page reads it.
func TestLayoutsOfTokensAsText(t *testing.T) {
	const page = ours + "export async function connect(uid) {\n  const r = await fetch(ROUTE, {\n    method: 'POST',\n    headers: { 'Content-Type': 'application/json' },\n    body: JSON.stringify({ userId: uid }),\n  })\n  const token = await r.text()\n  await client.connectUser({ id: uid }, token)\n}\n"
	all := map[string]layout{}
	for stack, l := range pairingsOf(page, []fault{
		{"FRONT", "await r.text()", "await r.json()", "token-missing", "SIGN"},
		{"FRONT", "const token = await r.text()", "const { token } = await r.json()", "token-missing", "SIGN"},
		{"FRONT", "await r.text()", "(await r.text()).trim()", "", ""},
		{"BACK", "chat.createToken(userId)", "`Bearer ${chat.createToken(userId)}`", "token-wrapped", "SIGN"},
		{"BACK", "chat.createToken(userId)", "JSON.stringify(chat.createToken(userId))", "token-wrapped", "SIGN"},
		{"BACK", "(userId)", "(userId, 3600)", "exp-relative", "SIGN"},
	}) {
		s := pairings()[stack]
		was, is := map[string][2]string{
			"express": {"res.json({ token: X })", "res.send(X)"}, "fastify": {"return { token: X }", "return X"}, "koa": {"ctx.body = { token: X }", "ctx.body = X"},
			"hono": {"c.json({ token: X })", "c.text(X)"}, "next app": {"Response.json({ token: X })", "new Response(X)"}, "next pages": {"res.json({ token: X })", "res.send(X)"},
		}[stack], "chat.createToken(userId)"
		l.files[s.back] = strings.Replace(l.files[s.back], strings.Replace(was[0], "X", is, 1), strings.Replace(was[1], "X", is, 1), 1)
		all[stack] = l
	}
	tryLayouts(t, all)
}
