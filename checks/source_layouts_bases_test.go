package checks

import (
	"maps"
	"strconv"
	"strings"
	"testing"
)

// A base URL goes through a function of the project's own.
func TestLayoutsOfBases(t *testing.T) {
	const axios = "import axios from 'axios'\n"
	const connect = "export async function connect(uid) {\n  const { data } = await api.post('/token', { userId: uid })\n  await client.connectUser({ id: uid }, data.token)\n}\n"
	faults := func(post string) []fault {
		return []fault{
			{"web/src/chat.js", "'/token'", "'/tokens'", "endpoint-not-found", post},
			{"web/src/chat.js", "api.post", "api.put", "endpoint-method", post},
			{"web/src/chat.js", "data.token", "data.jwt", "token-missing", below(post)},
			{"web/src/chat.js", "userId: uid", "user: uid", "user-id-missing", "api/index.js:8"},
			{"web/.env", "4000", "4001", "server-on-other-port", "web/.env:1"},
			{"api/index.js", "app.use(require('cors')(), express.json())", "app.use(require('cors')())", "endpoint-body", "api/index.js:6"},
		}
	}
	unset := func(post string) []fault { return faults(post)[:4] }
	all := map[string]layout{}
	add := func(name, page, env string, fs []fault) {
		l := pairingsOf(page, nil, "express")["express"]
		l.files = maps.Clone(l.files)
		if env != "" {
			l.files["web/.env"] = env
		}
		l.faults = fs
		all[name] = l
	}
	const set = "VITE_API_URL=http://localhost:4000\n"
	trim := axios + ours + "function normalizeBaseUrl(url) {\n  const trimmed = (url || '').trim()\n  if (!trimmed) return 'http://localhost:4000'\n  return trimmed.replace(/\\/+$/, '')\n}\nconst api = axios.create({ baseURL: normalizeBaseUrl(import.meta.env.VITE_API_URL) })\n" + connect
	add("a helper that trims", trim, set, faults("web/src/chat.js:11"))
	add("a helper that trims, nothing set", trim, "", unset("web/src/chat.js:11"))
	ends := axios + ours + "const normalize = (url) => (url.endsWith('/') ? url.slice(0, -1) : url)\nconst api = axios.create({ baseURL: normalize(import.meta.env.VITE_API_URL) })\n" + connect
	add("a helper that chooses by the end", ends, set, faults("web/src/chat.js:7"))
	add("a helper that chooses by the end, a slash", ends, "VITE_API_URL=http://localhost:4000/\n", unset("web/src/chat.js:7"))
	add("a helper that chooses by the end, nothing set", ends, "", nil)
	std := axios + ours + "const raw = import.meta.env.VITE_API_URL\nfunction base() {\n  if (raw) {\n    return raw.endsWith('/') ? raw.slice(0, -1) : raw\n  }\n  return window.location.hostname === 'localhost' ? 'http://localhost:4000' : ''\n}\nconst api = axios.create({ baseURL: base() })\n" + connect
	add("a function of the variable", std, set, faults("web/src/chat.js:13"))
	add("a function of the variable, nothing set", std, "", unset("web/src/chat.js:13"))
	loop := axios + ours + "function normalize(value) {\n  let url = value || 'http://localhost:4000'\n  while (url.endsWith('/')) url = url.slice(0, -1)\n  if (!/^https?:/.test(url)) url = 'https://' + url\n  return url\n}\nconst api = axios.create({ baseURL: normalize(import.meta.env.VITE_API_URL) })\n" + connect
	add("a helper that changes its variable", loop, set, unset("web/src/chat.js:12"))
	suffix := axios + ours + "function normalize(value) {\n  const url = value.replace(/\\/$/, '')\n  return url.endsWith('/api') ? url : `${url}/api`\n}\nconst api = axios.create({ baseURL: normalize(import.meta.env.VITE_API_URL) })\n" + connect
	add("a helper that adds a prefix", suffix, set, nil)
	l := all["a helper that adds a prefix"]
	l.files["api/index.js"] = replaced(t, l.files["api/index.js"], "'/token'", "'/api/token'")
	l.faults = unset("web/src/chat.js:10")
	all["a helper that adds a prefix"] = l
	url := axios + ours + "const toBase = (value) => { try { return new URL(value).origin } catch { return 'http://localhost:4000' } }\nconst api = axios.create({ baseURL: toBase(import.meta.env.VITE_API_URL) })\n" + connect
	add("a helper that parses the URL", url, set, unset("web/src/chat.js:7"))
	own := ours + "const base = (path) => `${(import.meta.env.VITE_API_URL ?? '').replace(/\\/+$/, '')}${path.startsWith('/') ? path : '/' + path}`\nexport async function connect(uid) {\n  const r = await fetch(base('token'), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ userId: uid }) })\n  const data = await r.json()\n  await client.connectUser({ id: uid }, data.token)\n}\n"
	add("a builder of URLs", own, set, []fault{
		{"web/src/chat.js", "'token'", "'tokens'", "endpoint-not-found", "web/src/chat.js:5"},
		{"web/src/chat.js", "'POST'", "'PUT'", "endpoint-method", "web/src/chat.js:5"},
		{"web/.env", "4000", "4001", "server-on-other-port", "web/.env:1"},
	})
	lib := axios + ours + "import { sanitize } from 'some-library'\nconst api = axios.create({ baseURL: sanitize(import.meta.env.VITE_API_URL) })\n" + connect
	add("a helper that isn't the project's", lib, set, unset("web/src/chat.js:7"))
	add("a prefix that only a library knows", lib, set, nil)
	all["a prefix that only a library knows"].files["api/index.js"] = replaced(t, l.files["api/index.js"], "'/api/token'", "'/v1/token'")
	tryLayouts(t, all)
}

func replaced(t *testing.T, s, was, is string) string {
	t.Helper()
	if !strings.Contains(s, was) {
		t.Fatal(was)
	}
	return strings.Replace(s, was, is, 1)
}

// below is the place on the line after another's.
func below(at string) string {
	file, line, _ := strings.Cut(at, ":")
	n, _ := strconv.Atoi(line)
	return file + ":" + strconv.Itoa(n+1)
}
