package checks

import (
	"strings"
	"testing"
)

// asked puts routes that are requested with GET into the pairings: the user is in the query, or in the path.
func asked(t *testing.T, page string, faults []fault, path bool) {
	t.Helper()
	all := map[string]layout{}
	for stack, l := range pairingsOf(page, faults) {
		s := pairings()[stack]
		code := l.files[s.back]
		query := map[string]string{"express": "req.query", "fastify": "req.query", "koa": "ctx.query", "hono": "c.req.query()", "next app": "{ user: request.nextUrl.searchParams.get('user') }", "next pages": "req.query"}[stack]
		file := s.back
		if path {
			query = map[string]string{"express": "req.params", "fastify": "req.params", "koa": "ctx.params", "hono": "c.req.param()", "next app": "await params", "next pages": "req.query"}[stack]
			code = strings.NewReplacer("'/token'", "'/token/:user'", "POST(request)", "POST(request, { params })").Replace(code)
			file = strings.NewReplacer("token/route.js", "token/[user]/route.js", "token.js", "token/[user].js").Replace(file)
		}
		code = strings.NewReplacer("app.post(", "app.get(", "router.post(", "router.get(", "function POST", "function GET", "'POST'", "'GET'",
			"const { userId } = "+s.read, "const { user } = "+query, "createToken(userId)", "createToken(user)").Replace(code)
		delete(l.files, s.back)
		l.files[file] = code
		for i := range l.faults {
			l.faults[i].at = strings.Replace(l.faults[i].at, s.back, file, 1)
			if l.faults[i].file == s.back {
				l.faults[i].file = file
			}
		}
		all[stack] = l
	}
	tryLayouts(t, all)
}

func TestLayoutsOfQueries(t *testing.T) {
	const rest = "  const { token } = await r.json()\n  await client.connectUser({ id: uid }, token)\n}\n"
	const open = ours + "export async function connect(uid) {\n"
	for name, c := range map[string]struct {
		page   string
		faults []fault
		path   bool
	}{
		"a template": {page: open + "  const r = await fetch(`ADDRESS?user=${uid}`)\n" + rest, faults: []fault{
			{"FRONT", "?user=", "?uid=", "user-id-missing", "FIELD"},
			{"FRONT", "?user=", "?userId=", "user-id-missing", "FIELD"},
			{"FRONT", "${uid}", "u-${uid}", "user-id-mismatch", "FRONT:4"},
			{"FRONT", "id: uid }", "id: `u-${uid}` }", "user-id-mismatch", "FRONT:6"},
			{"FRONT", "${uid}", "${encodeURIComponent(uid)}", "", ""},
			{"FRONT", "${uid}`)", "${uid}`, { method: 'POST' })", "endpoint-method", "FRONT:4"},
			{"FRONT", "${uid}`)", "${uid}`, {\n    method: 'POST',\n  })", "endpoint-method", "FRONT:5"},
		}},
		"a sum": {page: open + "  const r = await fetch('ADDRESS?user=' + uid)\n" + rest, faults: []fault{
			{"FRONT", "?user=", "?uid=", "user-id-missing", "FIELD"},
			{"FRONT", "' + uid)", "u-' + uid)", "user-id-mismatch", "FRONT:4"},
			{"FRONT", "' + uid)", "' + encodeURIComponent(uid))", "", ""},
		}},
		"search parameters": {page: open + "  const params = new URLSearchParams({ user: uid })\n  const r = await fetch(`ADDRESS?${params}`)\n" + rest, faults: []fault{
			{"FRONT", "user: uid", "uid", "user-id-missing", "FIELD"},
			{"FRONT", "user: uid", "user: 'u-' + uid", "user-id-mismatch", "FRONT:4"},
			{"FRONT", "?${params}", "?${params.toString()}", "", ""},
		}},
		"axios": {page: "import axios from 'axios'\n" + open + "  const { data } = await axios.get(ROUTE, { params: { user: uid } })\n  await client.connectUser({ id: uid }, data.token)\n}\n", faults: []fault{
			{"FRONT", "user: uid", "uid", "user-id-missing", "FIELD"},
			{"FRONT", "user: uid", "user: 'u-' + uid", "user-id-mismatch", "FRONT:5"},
			{"FRONT", "axios.get", "axios.post", "endpoint-method", "FRONT:5"},
			{"FRONT", "data.token", "data.jwt", "token-missing", "FRONT:6"},
		}},
		"a path": {path: true, page: open + "  const r = await fetch(`ADDRESS/${uid}`)\n" + rest, faults: []fault{
			{"FRONT", "${uid}", "u-${uid}", "user-id-mismatch", "FRONT:4"},
			{"FRONT", "id: uid }", "id: `u-${uid}` }", "user-id-mismatch", "FRONT:6"},
			{"FRONT", "/${uid}", "/${encodeURIComponent(uid)}", "", ""},
			{"FRONT", "/${uid}", "?user=${uid}", "endpoint-not-found", "FRONT:4"},
		}},
	} {
		t.Run(name, func(t *testing.T) { asked(t, c.page, c.faults, c.path) })
	}
}
