package demo

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"badsig/checks/affix"
	"badsig/checks/causes"
)

// serverRows: reaching the server.
var serverRows = []row{
	{id: causes.ServerDown, says: "the backend isn't running",
		plan: func(s *setup) { s.addrs = nil }},
	{id: causes.ServerOnOtherPort, says: "the backend listens on a different port than the front end uses",
		plan: func(s *setup) {
			other := freePort()
			s.files["server/.env"] = strings.Replace(s.files["server/.env"], fmt.Sprintf("PORT=%d", s.port), fmt.Sprintf("PORT=%d", other), 1)
			s.addrs = both(other)
		}},
	{id: causes.WrongServer, says: "another program has the port",
		plan: func(s *setup) { s.away = true },
		answer: func(_ *backend, w http.ResponseWriter, r *http.Request) bool {
			for name := range w.Header() {
				w.Header().Del(name)
			}
			w.Header().Set("Server", "AirTunes/860.7.1")
			w.WriteHeader(http.StatusForbidden)
			return true
		}},
	{id: causes.ServerHangs, says: "the backend accepts the connection and never responds",
		plan: func(s *setup) {
			s.timeout = 4600 * time.Millisecond // long enough to count, and shorter than what a default wait grows to
			s.edit("server/server.js", "res.json({ token, userId });", "// res.json({ token, userId });")
		},
		answer: func(b *backend, _ http.ResponseWriter, r *http.Request) bool {
			select {
			case <-b.closed:
			case <-r.Context().Done():
			}
			return true
		}},
	{id: causes.ServerFamily, says: "the backend listens on ::1 only, and the front end uses 127.0.0.1",
		plan: func(s *setup) {
			s.needIPv6 = true
			s.edit("server/server.js", "app.listen(PORT, ", "app.listen(PORT, '::1', ")
			s.edit("stream/src/config/streamConfig.js", "http://localhost", "http://127.0.0.1")
			s.url = fmt.Sprintf("http://127.0.0.1:%d/api/stream/token", s.port)
			s.addrs = []string{fmt.Sprintf("[::1]:%d", s.port)}
		}},
	{id: causes.ServerStale, says: "the space in server/.env was removed, but the backend wasn't restarted",
		plan: func(s *setup) {
			s.later["server/.env"] = s.files["server/.env"]
			s.env2(s.key, `"`+s.secret+` "`)
			s.pair = true
		}},
}

// endpointRows: the token endpoint.
var endpointRows = []row{
	{id: causes.EndpointNotFound, says: "the route is /token, but the front end uses /api/stream/token",
		plan: func(s *setup) { s.edit("server/server.js", "/api/stream/token", "/token") },
		answer: func(b *backend, w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/token" && r.Method == http.MethodPost {
				b.mint(w, r)
			} else {
				cannot(w, r)
			}
			return true
		}},
	{id: causes.EndpointMethod, says: "the route exists for GET only",
		plan: func(s *setup) {
			s.edit("server/server.js", "app.post(", "app.get(")
			s.edit("server/server.js", "= req.body;", "= req.query;")
		},
		answer: func(b *backend, w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodGet || r.URL.Path != "/api/stream/token" {
				cannot(w, r)
				return true
			}
			q := r.URL.Query()
			r.Body = io.NopCloser(strings.NewReader(fmt.Sprintf(`{"userId":%q}`, q.Get("userId"))))
			b.mint(w, r)
			return true
		}},
	{id: causes.EndpointHTML, says: "every path returns the front end's page",
		plan: func(s *setup) {
			s.edit("server/server.js", "app.post('/api/stream/token'", "app.use((req, res) => res.sendFile('/srv/index.html'));\n\napp.post('/api/stream/token'")
		},
		answer: func(_ *backend, w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, "<!doctype html>\n<html><head><title>Chat</title></head><body><div id=\"root\"></div><script type=\"module\" src=\"/src/main.jsx\"></script></body></html>\n")
			return true
		}},
	{id: causes.EndpointRedirect, says: "the endpoint redirects to another address",
		plan: func(s *setup) {
			s.edit("server/server.js", "app.use(express.json());", "app.use(express.json());\napp.use((req, res, next) => req.path.endsWith('/') ? next() : res.redirect(301, req.path + '/'));")
		},
		answer: func(b *backend, w http.ResponseWriter, r *http.Request) bool {
			if affix.HasSuffix(r.URL.Path, "/") {
				r.URL.Path = affix.TrimSuffix(r.URL.Path, "/")
				return false
			}
			http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
			return true
		}},
	{id: causes.EndpointAuth, says: "the endpoint requires a login",
		plan: func(s *setup) {
			s.edit("server/server.js", "app.use(express.json());", "app.use(express.json());\napp.use((req, res, next) => req.headers.authorization ? next() : res.status(401).json({ error: 'Unauthorized' }));")
		},
		answer: func(_ *backend, w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("Authorization") != "" {
				return false
			}
			w.Header().Set("WWW-Authenticate", "Bearer")
			reply(w, 401, map[string]any{"error": "Unauthorized"})
			return true
		}},
	{id: causes.EndpointError, says: "the endpoint fails with an error",
		plan: func(s *setup) {
			s.edit("server/server.js", "const token = createToken(userId);", "const user = db.users.find((u) => u.id === userId);\n  const token = createToken(user.id);")
		},
		answer: func(_ *backend, w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodPost {
				return false
			}
			page(w, 500, "ReferenceError: db is not defined<br> &nbsp; &nbsp;at /app/server/server.js:15:16")
			return true
		}},
	{id: causes.EndpointBody, says: "the server parses forms, but not the JSON it receives",
		plan: func(s *setup) {
			s.edit("server/server.js", "app.use(express.json());", "app.use(express.urlencoded({ extended: false }));")
			s.edit("server/server.js", "= req.body;", "= req.body || {};")
		},
		answer: func(b *backend, w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodPost || r.URL.Path != "/api/stream/token" {
				return false
			}
			id := ""
			if affix.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
				id = r.PostFormValue("userId")
			}
			r.Body = io.NopCloser(strings.NewReader(fmt.Sprintf(`{"userId":%q}`, id)))
			b.mint(w, r)
			return true
		}},
	{id: causes.CORSBlocked, says: "cors allows a different origin than the front end's",
		plan: func(s *setup) { s.edit("server/server.js", "http://localhost:3000", "http://localhost:5173") },
		header: func(h http.Header) {
			h.Set("Access-Control-Allow-Origin", "http://localhost:5173")
		}},
	{id: causes.TokenMissing, says: "the response contains a promise instead of a token",
		plan: func(s *setup) { s.edit("server/streamToken.js", "export function", "export async function") },
		body: func(_, user string) any { return map[string]any{"token": map[string]any{}, "userId": user} }},
	{id: causes.TokenCacheable, says: "the response can be cached for a day",
		plan: func(s *setup) { s.edit("server/server.js", "'no-store'", "'public, max-age=86400'") },
		header: func(h http.Header) {
			h.Set("Cache-Control", "public, max-age=86400")
		}},
}
