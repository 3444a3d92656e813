// Package factstest makes facts for tests: a project and a backend at which nothing is wrong.
package factstest

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"badsig/checks/facts"
	"badsig/tokens"
)

// Sound is a healthy project and backend: Express in
// server/ on 3001, a front end on Vite that posts {userId, userName}.
func Sound() *facts.Facts {
	f := &facts.Facts{
		At: Noon,
		Target: facts.TargetFacts{
			URL: facts.DefaultURL, URLSource: "stream/src/config.js:3", Dir: ".", UserID: "test123", UserName: "Test User",
			Origin: "http://localhost:5173", OriginSource: "stream/vite.config.js:4", DashboardSecret: -1,
		},
		Project: &facts.Project{
			Servers: []facts.ServerCode{{App: "app", AppFile: "server/server.js", AppLine: 5,
				Dir: "server", Entry: "server.js", File: "server/server.js", Line: 12, Start: "npm run dev", Loader: "dotenv",
				Ports:    []facts.Port{{Port: 3001, File: "server/server.js", Line: 30, Env: "PORT"}},
				Routes:   []facts.Route{{Method: "POST", Path: "/api/stream/token", File: "server/server.js", Line: 12}},
				JSONBody: true, CORS: true,
			}},
			Fetches: []facts.Fetch{{URL: facts.DefaultURL, Method: "POST", File: "stream/src/chat.js", Line: 8, Type: "json", Body: []string{"userId", "userName"}}},
			Origins: []facts.Found{{Text: "http://localhost:5173", File: "stream/vite.config.js", Line: 4}},
		},
		Process: &facts.Listeners{Port: 3001, Known: true, Listeners: []facts.Listener{Ours(4711, "dual", "::")}},
		Server:  &facts.Server{Code: 0, PID: 4711, Dir: "server", Command: "cd server && npm run dev", Secret: -1, Key: -1, SecretName: "STREAM_API_SECRET"},
		Backend: &facts.Backend{Dials: []facts.Dial{
			{Address: "[::1]:3001", Family: "ipv6", OK: true}, {Address: "127.0.0.1:3001", Family: "ipv4", OK: true},
		}},
	}
	allow := map[string]string{"Access-Control-Allow-Origin": "http://localhost:5173", "Access-Control-Allow-Headers": "content-type", "Access-Control-Allow-Methods": "GET,POST"}
	f.Backend.Preflight = &facts.Answer{Method: "OPTIONS", URL: facts.DefaultURL, Status: 204, Header: allow, Origin: f.Target.Origin}
	for range 3 {
		f.Backend.Posts = append(f.Backend.Posts, facts.Answer{
			Method: "POST", URL: facts.DefaultURL, Form: "json", Origin: f.Target.Origin, Status: 200, JSON: true, Bytes: 200, TookMs: 3,
			Header: map[string]string{"Content-Type": "application/json; charset=utf-8", "X-Powered-By": "Express", "Access-Control-Allow-Origin": "http://localhost:5173", "Date": Noon.Format(HTTPDate)},
			Fields: map[string]string{"token": "string (164 chars)", "userId": `"test123"`}, UserID: "test123", ReceivedAt: Noon,
		})
	}
	Give(f, Fresh("test123"))
	return f
}

const HTTPDate = "Mon, 02 Jan 2006 15:04:05 GMT"

func Ours(pid int32, family, address string) facts.Listener {
	return facts.Listener{Family: family, Address: address, Port: 3001, PID: pid, Name: "node", Command: []string{"node", "server.js"},
		Dir: "server", Inside: true, InsideKnown: true, Start: Noon.Add(-3 * time.Minute)}
}

func Strange(pid int32, family, address, name string) facts.Listener {
	return facts.Listener{Family: family, Address: address, Port: 3001, PID: pid, Name: name, Command: []string{name},
		Dir: "/srv/other", InsideKnown: true, Start: Noon.Add(-9 * time.Hour)}
}

// claims of a healthy token, as the documented server makes them.
func Fresh(id string) map[string]any {
	return map[string]any{"user_id": id, "iat": Noon.Unix(), "exp": Noon.Unix() + 3600}
}

// Jws signs by hand, so that any header and any claim can be made.
func Jws(header string, claims any) string {
	payload, ok := claims.(string)
	if !ok {
		b, err := json.Marshal(claims)
		if err != nil {
			panic(err)
		}
		payload = string(b)
	}
	enc := base64.RawURLEncoding
	in := enc.EncodeToString([]byte(header)) + "." + enc.EncodeToString([]byte(payload))
	hash := sha256.New
	if strings.Contains(header, "512") {
		hash = sha512.New
	}
	mac := hmac.New(hash, []byte("an invented secret of these tests"))
	mac.Write([]byte(in))
	return in + "." + enc.EncodeToString(mac.Sum(nil))
}

const Hs256 = `{"alg":"HS256","typ":"JWT"}`

// Read is what Facts hold of a string that came as token.
func Read(raw, source, field string) facts.Token {
	p := tokens.Parse(raw)
	t := facts.Token{Source: source, Field: field, Header: p.Header, Claims: p.Claims, Shown: p.Redacted(), Segments: len(p.Segments),
		SigLen: len(p.Signature), Flaws: p.Flaws, ReceivedAt: Noon, Input: fmt.Sprint(len(p.SigningInput()), p.SigningInput())}
	if len(p.Segments) > 2 {
		t.Signature = p.Segments[2]
	}
	return t
}

// Give makes the backend respond with a token: a whole string, or claims.
func Give(f *facts.Facts, token any) {
	raw, ok := token.(string)
	if !ok {
		raw = Jws(Hs256, token)
	}
	f.Tokens = slices.DeleteFunc(f.Tokens, func(t facts.Token) bool { return t.Source == "backend" })
	for i := range f.Backend.Posts {
		f.Tokens = append(f.Tokens, Read(raw, "backend", "token"))
		f.Backend.Posts[i].Tokens = []int{i}
	}
}

// Use makes a token the one that the browser uses.
func Use(f *facts.Facts, raw string) {
	f.Target.Given = true
	f.Tokens = append(f.Tokens, Read(raw, "given", ""))
}

// Answer replaces every response to the token request.
func Answer(f *facts.Facts, status int, kind, body string) {
	for i := range f.Backend.Posts {
		a := &f.Backend.Posts[i]
		a.Status, a.Begin, a.Bytes, a.Tokens, a.Fields, a.UserID = status, body, int64(len(body)), nil, nil, ""
		a.Header["Content-Type"] = kind
		a.JSON = json.Valid([]byte(body))
		a.HTML = strings.HasPrefix(body, "<")
	}
	f.Tokens = slices.DeleteFunc(f.Tokens, func(t facts.Token) bool { return t.Source == "backend" })
}

const (
	AsJSON = "application/json"
	AsHTML = "text/html; charset=utf-8"
)

var Noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// Refuse makes every address refuse connections, with no one on the port.
func Refuse(f *facts.Facts) {
	for i := range f.Backend.Dials {
		d := &f.Backend.Dials[i]
		d.OK, d.Error, d.Detail = false, "refused", "connection refused"
	}
	f.Backend.Posts, f.Backend.Preflight, f.Process.Listeners, f.Tokens = nil, nil, nil, nil
}
