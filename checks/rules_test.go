package checks

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"badsig/checks/causes"
	"badsig/checks/probe"
	"badsig/tokens"
)

// sound is a project and a backend at which nothing is wrong: Express in
// server/ on 3001, a front end on Vite that posts {userId, userName}.
func sound() *probe.Facts {
	f := &probe.Facts{
		At: noon,
		Target: probe.TargetFacts{
			URL: probe.DefaultURL, URLSource: "stream/src/config.js:3", Dir: ".", UserID: "test123", UserName: "Test User",
			Origin: "http://localhost:5173", OriginSource: "stream/vite.config.js:4", DashboardSecret: -1,
		},
		Project: &probe.Project{
			Servers: []probe.ServerCode{{
				Dir: "server", Entry: "server.js", File: "server/server.js", Line: 12, Start: "npm run dev", Loader: "dotenv",
				Ports:    []probe.Port{{Port: 3001, File: "server/server.js", Line: 30, Env: "PORT"}},
				Routes:   []probe.Route{{Method: "POST", Path: "/api/stream/token", File: "server/server.js", Line: 12}},
				JSONBody: true, CORS: true,
			}},
			Fetches: []probe.Fetch{{URL: probe.DefaultURL, Method: "POST", File: "stream/src/chat.js", Line: 8, Body: []string{"userId", "userName"}}},
			Origins: []probe.Found{{Text: "http://localhost:5173", File: "stream/vite.config.js", Line: 4}},
		},
		Process: &probe.Listeners{Port: 3001, Known: true, Listeners: []probe.Listener{ours(4711, "dual", "::")}},
		Server:  &probe.Server{Code: 0, PID: 4711, Dir: "server", Command: "cd server && npm run dev", Secret: -1, Key: -1, SecretName: "STREAM_API_SECRET"},
		Backend: &probe.Backend{Dials: []probe.Dial{
			{Address: "[::1]:3001", Family: "ipv6", OK: true}, {Address: "127.0.0.1:3001", Family: "ipv4", OK: true},
		}},
	}
	allow := map[string]string{"Access-Control-Allow-Origin": "http://localhost:5173", "Access-Control-Allow-Headers": "content-type", "Access-Control-Allow-Methods": "GET,POST"}
	f.Backend.Preflight = &probe.Answer{Method: "OPTIONS", URL: probe.DefaultURL, Status: 204, Header: allow, Origin: f.Target.Origin}
	for range 3 {
		f.Backend.Posts = append(f.Backend.Posts, probe.Answer{
			Method: "POST", URL: probe.DefaultURL, Form: "json", Origin: f.Target.Origin, Status: 200, JSON: true, Bytes: 200, TookMs: 3,
			Header: map[string]string{"Content-Type": "application/json; charset=utf-8", "X-Powered-By": "Express", "Access-Control-Allow-Origin": "http://localhost:5173", "Date": noon.Format(httpDate)},
			Fields: map[string]string{"token": "string (164 chars)", "userId": `"test123"`}, UserID: "test123", ReceivedAt: noon,
		})
	}
	give(f, fresh("test123"))
	return f
}

const httpDate = "Mon, 02 Jan 2006 15:04:05 GMT"

func ours(pid int32, family, address string) probe.Listener {
	return probe.Listener{Family: family, Address: address, Port: 3001, PID: pid, Name: "node", Command: []string{"node", "server.js"},
		Dir: "server", Inside: true, InsideKnown: true, Start: noon.Add(-3 * time.Minute)}
}

func strange(pid int32, family, address, name string) probe.Listener {
	return probe.Listener{Family: family, Address: address, Port: 3001, PID: pid, Name: name, Command: []string{name},
		Dir: "/srv/other", InsideKnown: true, Start: noon.Add(-9 * time.Hour)}
}

// claims of a healthy token, as the documented server makes them.
func fresh(id string) map[string]any {
	return map[string]any{"user_id": id, "iat": noon.Unix(), "exp": noon.Unix() + 3600}
}

// jws signs by hand, so that any header and any claim can be made.
func jws(header string, claims any) string {
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

const hs256 = `{"alg":"HS256","typ":"JWT"}`

// read is what Facts hold of a text that came as token.
func read(raw, source, field string) probe.Token {
	p := tokens.Parse(raw)
	t := probe.Token{Source: source, Field: field, Header: p.Header, Claims: p.Claims, Shown: p.Redacted(), Segments: len(p.Segments),
		SigLen: len(p.Signature), Flaws: p.Flaws, ReceivedAt: noon, Input: fmt.Sprint(len(p.SigningInput()), p.SigningInput())}
	if len(p.Segments) > 2 {
		t.Signature = p.Segments[2]
	}
	return t
}

// give makes the backend answer with a token: a whole text, or claims.
func give(f *probe.Facts, token any) {
	raw, ok := token.(string)
	if !ok {
		raw = jws(hs256, token)
	}
	f.Tokens = slices.DeleteFunc(f.Tokens, func(t probe.Token) bool { return t.Source == "backend" })
	for i := range f.Backend.Posts {
		f.Tokens = append(f.Tokens, read(raw, "backend", "token"))
		f.Backend.Posts[i].Tokens = []int{i}
	}
}

// use makes a token the one that the browser uses.
func use(f *probe.Facts, raw string) {
	f.Target.Given = true
	f.Tokens = append(f.Tokens, read(raw, "given", ""))
}

// answer replaces every answer to the token request.
func answer(f *probe.Facts, status int, kind, body string) {
	for i := range f.Backend.Posts {
		a := &f.Backend.Posts[i]
		a.Status, a.Begin, a.Bytes, a.Tokens, a.Fields, a.UserID = status, body, int64(len(body)), nil, nil, ""
		a.Header["Content-Type"] = kind
		a.JSON = json.Valid([]byte(body))
		a.HTML = strings.HasPrefix(body, "<")
	}
	f.Tokens = slices.DeleteFunc(f.Tokens, func(t probe.Token) bool { return t.Source == "backend" })
}

// variant adds an answer to the request in another form, with a good token.
func variant(f *probe.Facts, method, form string) {
	f.Tokens = append(f.Tokens, read(jws(hs256, fresh("test123")), "backend", "token"))
	f.Backend.Variants = append(f.Backend.Variants, probe.Answer{Method: method, Form: form, URL: probe.DefaultURL, Status: 200, JSON: true, Tokens: []int{len(f.Tokens) - 1}})
}

const (
	asJSON = "application/json"
	asHTML = "text/html; charset=utf-8"
)

// judged is one case of a rule's table.
type judged struct {
	name   string
	change func(*probe.Facts)
	want   Status
	causes []causes.ID
	likely bool   // of the first cause; proven otherwise
	at     string // its location, file:line
	says   string // part of the result's summary, of the first cause's or of its steps
	warns  bool   // the first cause is a warning although its page says error
}

func judgeAll(t *testing.T, rule Rule, cases []judged) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := sound()
			if c.change != nil {
				c.change(f)
			}
			r := honest(f, rule(f))
			var ids []causes.ID
			for _, x := range r.Causes {
				ids = append(ids, x.ID)
				if _, ok := causes.PageOf(x.ID); !ok {
					t.Errorf("no page for %q", x.ID)
				}
				if x.Summary == "" || len(x.Evidence) == 0 || len(x.Fix) == 0 {
					t.Errorf("a finding without summary, evidence or mending: %+v", x)
				}
			}
			if r.Status != c.want || !slices.Equal(ids, c.causes) {
				t.Fatalf("got %s %v, want %s %v\n%s\n%+v", r.Status, ids, c.want, c.causes, r.Summary, r.Evidence)
			}
			if r.Summary == "" {
				t.Error("no summary")
			}
			text := r.Summary
			if len(r.Causes) > 0 {
				first := r.Causes[0]
				if r.Cause != first.ID {
					t.Errorf("the result names %q, its first cause is %q", r.Cause, first.ID)
				}
				if (first.Certainty == Likely) != c.likely {
					t.Errorf("certainty %s", first.Certainty)
				}
				if p, _ := causes.PageOf(first.ID); (first.Severity != p.Severity) != c.warns {
					t.Errorf("severity %s, the page says %s", first.Severity, p.Severity)
				}
				if c.at != "" && first.Location.String() != c.at {
					t.Errorf("location %q, want %q", first.Location.String(), c.at)
				}
				text += "\n" + first.Summary
				for _, s := range first.Fix {
					text += "\n" + s.Text + "\n" + s.Command
				}
			}
			if c.says != "" && !strings.Contains(text, c.says) {
				t.Errorf("it does not say %q:\n%s", c.says, text)
			}
			for _, odd := range []string{"%!", "  ", "..", ",,"} {
				if strings.Contains(strings.ReplaceAll(strings.ReplaceAll(text, "../", ""), "…", ""), odd) {
					t.Errorf("%q in the words:\n%s", odd, text)
				}
			}
		})
	}
}

func ids(list ...causes.ID) []causes.ID { return list }

func TestRulesWithoutFactsAreUnknown(t *testing.T) {
	for name, rule := range map[string]Rule{
		"server-listens": ruleServerListens, "server-is-ours": ruleServerIsOurs, "endpoint-answers": ruleEndpointAnswers,
		"endpoint-json": ruleEndpointJSON, "endpoint-cors": ruleEndpointCORS, "endpoint-cache": ruleEndpointCache,
		"token-formed": ruleTokenFormed, "token-user": ruleTokenUser, "token-times": ruleTokenTimes,
	} {
		f := &probe.Facts{At: noon, Target: probe.TargetFacts{URL: probe.DefaultURL}, Errors: map[probe.Name]string{probe.NameBackend: "offline forbids it"}}
		r := rule(f)
		if r.Status != Unknown || len(r.Causes) > 0 {
			t.Errorf("%s: %s %v", name, r.Status, r.Causes)
		}
		if !strings.Contains(r.Summary, "offline forbids it") {
			t.Errorf("%s does not say why: %q", name, r.Summary)
		}
		if r := rule(&probe.Facts{Backend: &probe.Backend{}}); r.Status != Unknown {
			t.Errorf("%s of an empty backend: %s", name, r.Status)
		}
	}
}
