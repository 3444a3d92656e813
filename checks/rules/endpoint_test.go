package rules

import (
	"testing"
	"time"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/internal/factstest"
)

func replies(status int, kind, body string) func(*facts.Facts) {
	return func(f *facts.Facts) { factstest.Answer(f, status, kind, body) }
}

func failsWith(kind string) func(*facts.Facts) {
	return func(f *facts.Facts) {
		factstest.Answer(f, 0, "", "")
		for i := range f.Backend.Posts {
			a := &f.Backend.Posts[i]
			a.Error, a.Detail, a.JSON, a.TookMs = kind, "what the network said", false, 5000
		}
	}
}

func header(name, value string) func(*facts.Facts) {
	return func(f *facts.Facts) {
		for i := range f.Backend.Posts {
			f.Backend.Posts[i].Header[name] = value
		}
	}
}

func noParser(f *facts.Facts) { f.Project.Servers[0].JSONBody = false }

func noFront(f *facts.Facts) { f.Project.Fetches = nil }

func noCode(f *facts.Facts) { f.Project.Servers, f.Server.Code = nil, -1 }

func someHeaders(f *facts.Facts) { f.Project.Fetches[0].Headers = []string{"content-type", "*"} }

// guarded is a server whose source rejects those who lack a header.
func guarded(header string, more bool) func(*facts.Facts) {
	return func(f *facts.Facts) {
		for _, status := range []int{401, 403} {
			f.Project.Servers[0].Guards = append(f.Project.Servers[0].Guards, facts.Guard{Status: status, Headers: []string{header}, More: more, File: "server/auth.js", Line: 4})
		}
	}
}

func session(f *facts.Facts) { f.Project.Fetches[0].Credentials = true }

func viaProxy(f *facts.Facts) {
	f.Project.Fetches[0].URL, f.Project.Fetches[0].Proxied = "/api/stream/token", true
}

func withHeader(f *facts.Facts) { f.Target.Headers = true }

func guessOrigin(f *facts.Facts) { f.Target.OriginSource = "guess" }

const cannotPost = "<!DOCTYPE html><html><body><pre>Cannot POST /api/stream/token</pre></body></html>"

func TestEndpointResponds(t *testing.T) {
	get := func(status int, body string) func(*facts.Facts) {
		return func(f *facts.Facts) {
			f.Backend.Get = &facts.Answer{Method: "GET", URL: facts.DefaultURL, Form: "get", Status: status, Begin: body, JSON: body != "" && body[0] == '{', HTML: body != "" && body[0] == '<'}
		}
	}
	route := func(method, path string) func(*facts.Facts) {
		return func(f *facts.Facts) {
			f.Project.Servers[0].Routes = []facts.Route{{Method: method, Path: path, File: "server/server.js", Line: 14}}
		}
	}
	try := func(method, form string) func(*facts.Facts) {
		return func(f *facts.Facts) { variant(f, method, form) }
	}
	names := func(list ...string) func(*facts.Facts) {
		return func(f *facts.Facts) { f.Project.Fetches[0].Body = list }
	}
	undefinedUser := func(f *facts.Facts) { factstest.Give(f, factstest.Fresh("undefined")) }
	nobody := func(f *facts.Facts) { factstest.Give(f, map[string]any{"iat": factstest.Noon.Unix()}) }
	judgeAll(t, EndpointAnswers, []judged{
		{name: "200", want: finding.Pass, says: "200 in 3.0 ms"},
		{name: "304", change: replies(304, "", ""), want: finding.Pass},
		{name: "204", change: replies(204, "", ""), want: finding.Pass}, // endpoint-json tells that there is no token

		{name: "it hangs", change: failsWith("timeout"), want: finding.Fail, causes: ids(causes.ServerHangs), at: "server/server.js:12", says: "5000 ms"},
		{name: "it hangs up", change: failsWith("reset"), want: finding.Fail, causes: ids(causes.EndpointError), likely: true},
		{name: "https of an http port", change: failsWith("https-to-http"), want: finding.Fail, causes: ids(causes.WrongServer), at: "stream/src/config.js:3", says: "Use http://"},
		{name: "http of an https port", change: failsWith("http-to-https"), want: finding.Fail, causes: ids(causes.WrongServer), says: "Use https://"},
		{name: "http of an https port that says so", change: both(replies(400, "text/plain", "Client sent an HTTP request to an HTTPS server."), func(f *facts.Facts) { f.Backend.Posts[0].Error = "http-to-https" }),
			want: finding.Fail, causes: ids(causes.WrongServer)},
		{name: "no HTTP at all", change: failsWith("not-http"), want: finding.Fail, causes: ids(causes.WrongServer)},
		{name: "a certificate that this machine does not trust", change: failsWith("tls"), want: finding.Unknown},
		{name: "it could not be found out", change: failsWith("other"), want: finding.Unknown, says: "what the network said"},

		{name: "404", change: replies(404, factstest.AsHTML, cannotPost), want: finding.Fail, causes: ids(causes.EndpointNotFound), at: "stream/src/config.js:3"},
		{name: "404, and the source has another path", change: both(replies(404, factstest.AsHTML, cannotPost), route("POST", "/token")), want: finding.Fail, causes: ids(causes.EndpointNotFound),
			says: "In stream/src/config.js line 3, request /token instead of /api/stream/token"},
		{name: "404 in JSON", change: replies(404, factstest.AsJSON, `{"detail":"Not Found"}`), want: finding.Fail, causes: ids(causes.EndpointNotFound)},
		{name: "404, and GET gives the front end's page", change: both(replies(404, factstest.AsHTML, cannotPost), get(200, "<!doctype html>")), want: finding.Fail, causes: ids(causes.EndpointNotFound)},
		{name: "404 of a user", change: replies(404, factstest.AsJSON, `{"error":"User not found"}`), want: finding.Unknown, says: "--user-id"},
		{name: "404, and GET gives a token", change: both(replies(404, factstest.AsHTML, cannotPost), try("GET", "query")), want: finding.Fail, causes: ids(causes.EndpointMethod), at: "stream/src/chat.js:8", says: "app.post('/api/stream/token'"},
		{name: "404, and GET wants an id", change: both(replies(404, factstest.AsHTML, cannotPost), get(400, `{"error":"userId required"}`)), want: finding.Fail, causes: ids(causes.EndpointMethod)},
		{name: "404, and the source has the path for GET", change: both(replies(404, factstest.AsHTML, cannotPost), route("GET", "/api/stream/token")), want: finding.Fail, causes: ids(causes.EndpointMethod)},
		{name: "404, and the source has the path for any method", change: both(replies(404, factstest.AsHTML, cannotPost), route("ANY", "/api/stream/token")), want: finding.Fail, causes: ids(causes.EndpointNotFound)},
		{name: "404 while a route of the source is compiled", change: both(both(replies(404, factstest.AsHTML, "<!DOCTYPE html><title>404: This page could not be found.</title>"), route("POST", "/api/stream/token")), func(f *facts.Facts) { f.Project.Servers[0].Loader = "next" }), want: finding.Unknown, says: "the source has the route (server/server.js:14)"},
		{name: "404 of a server that compiles, without the route", change: both(both(replies(404, factstest.AsHTML, "<!DOCTYPE html><title>404: This page could not be found.</title>"), route("POST", "/api/token")), func(f *facts.Facts) { f.Project.Servers[0].Loader = "next" }), want: finding.Fail, causes: ids(causes.EndpointNotFound)},
		{name: "405", change: both(replies(405, "text/plain", "Method Not Allowed"), header("Allow", "GET, HEAD")), want: finding.Fail, causes: ids(causes.EndpointMethod), says: "GET, HEAD"},

		{name: "301", change: both(replies(301, "", ""), header("Location", "/api/stream/token/")), want: finding.Fail, causes: ids(causes.EndpointRedirect), says: "/api/stream/token/"},
		{name: "302 to a login", change: both(replies(302, "", ""), header("Location", "/login")), want: finding.Fail, causes: ids(causes.EndpointRedirect), says: "send the session"},
		{name: "308 that a browser follows on its own origin", change: both(replies(308, "", ""), header("Location", "/api/stream/token/"), viaProxy), want: finding.Unknown, causes: ids(causes.EndpointRedirect), warns: true},
		{name: "308 that a browser follows across origins", change: both(replies(308, "", ""), header("Location", "/api/stream/token/")), want: finding.Unknown, causes: ids(causes.EndpointRedirect), warns: true},
		{name: "308 to another host", change: both(replies(308, "", ""), header("Location", "http://10.1.1.1/api/stream/token")), want: finding.Fail, causes: ids(causes.EndpointRedirect)},
		{name: "308 of the preflight too", change: both(replies(308, "", ""), header("Location", "/api/stream/token/"), func(f *facts.Facts) { f.Backend.Preflight.Status = 308 }), want: finding.Fail, causes: ids(causes.EndpointRedirect)},
		{name: "301 of a GET", change: both(replies(301, "", ""), header("Location", "/api/stream/token/"), func(f *facts.Facts) { f.Backend.Posts[0].Method = "GET" }), want: finding.Unknown, causes: ids(causes.EndpointRedirect), warns: true},

		{name: "401, and the front end sends nothing", change: replies(401, factstest.AsJSON, `{"error":"unauthorized"}`), want: finding.Fail, causes: ids(causes.EndpointAuth), at: "stream/src/chat.js:8"},
		{name: "401 that speaks of the user", change: replies(401, factstest.AsJSON, `{"error":"missing user"}`), want: finding.Fail, causes: ids(causes.EndpointAuth)},
		{name: "403, and the front end sends nothing", change: replies(403, factstest.AsJSON, `{"error":"forbidden"}`), want: finding.Fail, causes: ids(causes.EndpointAuth)},
		{name: "401, and the front end sends its session", change: both(replies(401, factstest.AsJSON, `{"error":"unauthorized"}`), session), want: finding.Unknown, causes: ids(causes.EndpointAuth), likely: true, warns: true, says: "--header"},
		{name: "403, and the guard reads a header that is not sent", change: both(replies(403, factstest.AsJSON, `{"error":"forbidden"}`), session, guarded("x-session", false)), want: finding.Fail, causes: ids(causes.EndpointAuth), likely: true, at: "server/auth.js:4", says: "x-session"},
		{name: "401, and the guard reads what cookies do not bring", change: both(replies(401, factstest.AsJSON, `{"error":"unauthorized"}`), session, guarded("authorization", false)), want: finding.Fail, causes: ids(causes.EndpointAuth), likely: true},
		{name: "401, and the guard reads the cookie that is sent", change: both(replies(401, factstest.AsJSON, `{"error":"unauthorized"}`), session, guarded("cookie", false)), want: finding.Unknown, causes: ids(causes.EndpointAuth), likely: true, warns: true},
		{name: "401, and the guard wants something besides", change: both(replies(401, factstest.AsJSON, `{"error":"unauthorized"}`), session, guarded("x-session", true)), want: finding.Unknown, causes: ids(causes.EndpointAuth), likely: true, warns: true},
		{name: "401, and the front end sets headers that cannot be told", change: both(replies(401, factstest.AsJSON, `{"error":"unauthorized"}`), someHeaders, guarded("x-session", false)), want: finding.Unknown, causes: ids(causes.EndpointAuth), likely: true, warns: true},
		{name: "401, and no front end was found", change: both(replies(401, factstest.AsJSON, `{"error":"unauthorized"}`), noFront), want: finding.Unknown, causes: ids(causes.EndpointAuth), likely: true, warns: true, says: "--header 'Authorization"},
		{name: "401 to the session that was passed", change: both(replies(401, factstest.AsJSON, `{"error":"unauthorized"}`), session, withHeader), want: finding.Fail, causes: ids(causes.EndpointAuth)},

		{name: "500", change: replies(500, factstest.AsJSON, `{"error":"Failed to create token"}`), want: finding.Fail, causes: ids(causes.EndpointError), at: "server/server.js:12", says: "Failed to create token"},
		{name: "500, Node finds no way to Stream", change: replies(500, factstest.AsJSON, `{"error":"getaddrinfo EAI_AGAIN chat.stream-io-api.com"}`), want: finding.Unknown, says: "whether your backend can reach Stream"},
		{name: "500, Go finds no way to Stream", change: replies(500, "text/plain", `Post "https://chat.stream-io-api.com/users": dial tcp: lookup chat.stream-io-api.com: no such host`), want: finding.Unknown, says: "chat.stream-io-api.com"},
		{name: "500, Python finds no way to Stream", change: replies(500, factstest.AsJSON, `{"detail":"HTTPSConnectionPool(host='video.stream-io-api.com', port=443): Max retries exceeded with url: /api/v2/users"}`), want: finding.Unknown, says: "video.stream-io-api.com"},
		{name: "502, PHP finds no way to Stream", change: replies(502, factstest.AsJSON, `{"message":"cURL error 28: timed out at https://chat.stream-io-api.com/users"}`), want: finding.Unknown, says: "chat.stream-io-api.com"},
		{name: "500, another host can't be found", change: replies(500, factstest.AsJSON, `{"error":"getaddrinfo ENOTFOUND db.internal"}`), want: finding.Fail, causes: ids(causes.EndpointError)},
		{name: "500, and the command requests the same user", change: both(replies(500, factstest.AsJSON, `{"error":"x"}`), func(f *facts.Facts) { f.Target.UserID = "o'neil" }), want: finding.Fail,
			causes: ids(causes.EndpointError), says: `-d '{"userId":"o'\''neil","userName":"Test User"}'`},
		{name: "503", change: replies(503, factstest.AsHTML, "<h1>Service Unavailable</h1>"), want: finding.Fail, causes: ids(causes.EndpointError)},
		{name: "503 with the loading page of a server that compiles", change: both(replies(503, factstest.AsHTML, "<title>Starting Nuxt... | Nuxt</title>"), func(f *facts.Facts) { f.Project.Servers[0].Loader = "nuxt" }), want: finding.Unknown, says: "isn't ready yet"},
		{name: "503 of Nitro, whose worker isn't there yet", change: replies(503, factstest.AsJSON, `{"error":true,"statusCode":503,"message":"Dev server is unavailable."}`), want: finding.Unknown, says: "isn't ready yet"},
		{name: "503 that says when to try again", change: both(replies(503, factstest.AsJSON, `{"error":"warming up"}`), func(f *facts.Facts) { f.Backend.Posts[0].Header["Retry-After"] = "5" }), want: finding.Unknown, says: "isn't ready yet"},
		{name: "429", change: replies(429, "text/plain", "Too many requests"), want: finding.Unknown},
		{name: "400 in its own words", change: replies(400, factstest.AsJSON, `{"error":"email is required"}`), want: finding.Unknown, says: "email is required"},
		{name: "500, jsonwebtoken has no secret", change: replies(500, factstest.AsHTML, "<pre>Error: secretOrPrivateKey must have a value<br>"), want: finding.Fail, causes: ids(causes.SecretMissing)},
		{name: "500, stream-chat has no secret", change: replies(500, factstest.AsJSON, `{"error":"tokens can only be created server-side using the API Secret"}`), want: finding.Fail, causes: ids(causes.SecretMissing)},
		{name: "500, jose has no secret", change: replies(500, factstest.AsHTML, "<pre>TypeError: Zero-length key is not supported"), want: finding.Fail, causes: ids(causes.SecretMissing)},
		{name: "500, node:crypto has no secret", change: replies(500, factstest.AsHTML, `<pre>TypeError [ERR_INVALID_ARG_TYPE]: The &quot;key&quot; argument must be of type string or an instance of ArrayBuffer, Buffer, TypedArray, DataView, KeyObject, or CryptoKey. Received undefined`), want: finding.Fail, causes: ids(causes.SecretMissing)},
		{name: "500, its own guard", change: replies(500, factstest.AsJSON, `{"error":"STREAM_API_SECRET is not set"}`), want: finding.Fail, causes: ids(causes.SecretMissing)},
		{name: "500, its own guard, otherwise", change: replies(500, factstest.AsJSON, `{"message":"Missing STREAM_API_SECRET in environment"}`), want: finding.Fail, causes: ids(causes.SecretMissing)},
		{name: "200 with the error in it", change: replies(200, factstest.AsJSON, `{"error":"Missing Stream API secret"}`), want: finding.Fail, causes: ids(causes.SecretMissing)},
		{name: "500 without a word, and the source surely reads nothing", change: both(replies(500, factstest.AsJSON, `{"error":"internal"}`), func(f *facts.Facts) { f.Server.SecretKnown = true }), want: finding.Fail, causes: ids(causes.SecretMissing)},
		{name: "500 that speaks of something else", change: replies(500, factstest.AsJSON, `{"error":"connect ECONNREFUSED 127.0.0.1:27017"}`), want: finding.Fail, causes: ids(causes.EndpointError)},

		{name: "Express 5 without a parser", change: both(replies(500, factstest.AsHTML, "<pre>TypeError: Cannot destructure property &#39;userId&#39; of &#39;req.body&#39; as it is undefined."), noParser),
			want: finding.Fail, causes: ids(causes.EndpointBody), says: "express.json()"},
		{name: "Express 4 without a parser", change: both(replies(500, factstest.AsHTML, "<pre>TypeError: Cannot read properties of undefined (reading &#39;userId&#39;)"), noParser), want: finding.Fail, causes: ids(causes.EndpointBody)},
		{name: "the same words with a parser", change: replies(500, factstest.AsHTML, "<pre>TypeError: Cannot read properties of undefined (reading &#39;userId&#39;)"), want: finding.Fail, causes: ids(causes.EndpointBody), likely: true},
		{name: "undefined of something else", change: replies(500, factstest.AsHTML, "<pre>TypeError: Cannot read properties of undefined (reading &#39;findOne&#39;)"), want: finding.Fail, causes: ids(causes.EndpointError)},
		{name: "a name that other objects have too, with a parser", change: replies(500, factstest.AsHTML, "<pre>TypeError: Cannot read properties of undefined (reading &#39;id&#39;)"), want: finding.Fail, causes: ids(causes.EndpointError)},
		{name: "it says that the id is missing", change: both(replies(400, factstest.AsJSON, `{"error":"userId is required"}`), noParser), want: finding.Fail, causes: ids(causes.EndpointBody)},
		{name: "it says so otherwise", change: replies(400, factstest.AsJSON, `{"message":"Missing user_id"}`), want: finding.Fail, causes: ids(causes.EndpointBody), likely: true},
		{name: "it says so with 200", change: replies(200, factstest.AsJSON, `{"error":"no userId given"}`), want: finding.Fail, causes: ids(causes.EndpointBody), likely: true},
		{name: "words in values aren't a complaint", change: replies(200, factstest.AsJSON, `{"token":"undefined","userId":"test123"}`), want: finding.Pass}, // token-missing
		{name: "form fields do", change: both(replies(400, factstest.AsJSON, `{"error":"bad request"}`), try("POST", "urlencoded")), want: finding.Fail, causes: ids(causes.EndpointBody), says: "form fields"},
		{name: "form fields do, and what the front end sends isn't known", change: both(replies(400, factstest.AsJSON, `{"error":"bad request"}`), try("POST", "urlencoded"), func(f *facts.Facts) { f.Project.Fetches[0].Type, f.Project.Fetches[0].Native = "", true }), want: finding.Unknown},
		{name: "another name does", change: both(replies(400, factstest.AsJSON, `{"error":"bad request"}`), try("POST", "superset")), want: finding.Fail, causes: ids(causes.EndpointBody), says: "userId, userName"},
		{name: "another name does, and the front end's own is not known", change: both(replies(400, factstest.AsJSON, `{"error":"bad request"}`), try("POST", "superset"), names()), want: finding.Unknown},
		{name: "415", change: replies(415, factstest.AsJSON, `{"error":"Unsupported Media Type"}`), want: finding.Fail, causes: ids(causes.EndpointBody)},
		{name: "a token for undefined, no parser", change: both(undefinedUser, noParser), want: finding.Fail, causes: ids(causes.EndpointBody)},
		{name: "a token for undefined, with a parser", change: undefinedUser, want: finding.Pass}, // user-id-placeholder
		{name: "a token for no one, no parser", change: both(nobody, noParser), want: finding.Fail, causes: ids(causes.EndpointBody)},
		{name: "no parser, and none needed", change: noParser, want: finding.Pass},
		{name: "a token for undefined from a server whose source is not here", change: both(undefinedUser, noCode), want: finding.Pass},
		{name: "a GET has no body to parse", change: both(undefinedUser, noParser, func(f *facts.Facts) { f.Backend.Posts[0].Method, f.Backend.Posts[0].Form = "GET", "query" }), want: finding.Pass},

		{name: "it rejects the origin in words", change: replies(500, factstest.AsHTML, "<pre>Error: Not allowed by CORS"), want: finding.Fail, causes: ids(causes.CORSBlocked)},
		{name: "it rejects an origin that was a guess", change: both(replies(500, factstest.AsHTML, "<pre>Error: Not allowed by CORS"), guessOrigin), want: finding.Unknown, says: "--origin"},
	})
}

func TestEndpointJSON(t *testing.T) {
	fields := func(body string, kinds map[string]string) func(*facts.Facts) {
		return both(replies(200, factstest.AsJSON, body), func(f *facts.Facts) { f.Backend.Posts[0].Fields = kinds })
	}
	takes := func(field string, kinds map[string]string) func(*facts.Facts) {
		return func(f *facts.Facts) { f.Project.Fetches[0].Takes, f.Backend.Posts[0].Fields = field, kinds }
	}
	amid := func(asJSON bool) func(*facts.Facts) {
		return func(f *facts.Facts) {
			f.Backend.Posts[0].JSON, f.Backend.Posts[0].NotJSON, f.Project.Fetches[0].JSON = false, "text before the JSON document", asJSON
		}
	}
	judgeAll(t, EndpointJSON, []judged{
		{name: "JSON with a token", want: finding.Pass, says: "the field token"},
		{name: "a bare token", change: func(f *facts.Facts) { f.Backend.Posts[0].JSON = false }, want: finding.Pass, says: "the whole response"},
		{name: "a token amid other text", change: amid(false), want: finding.Unknown, says: "how your front end reads it"},
		{name: "a token amid other text that is read as JSON", change: amid(true), want: finding.Fail, causes: ids(causes.TokenMissing), says: "isn't JSON"},
		{name: "304", change: replies(304, "", ""), want: finding.Pass},
		{name: "an error is not this rule's", change: replies(500, factstest.AsHTML, "<pre>"), want: finding.Unknown},
		{name: "a page", change: replies(200, factstest.AsHTML, `<!doctype html><html><div id="root"></div>`), want: finding.Fail, causes: ids(causes.EndpointHTML), at: "stream/src/config.js:3", says: "own index.html"},
		{name: "a page with a token in it", change: func(f *facts.Facts) { f.Backend.Posts[0].HTML, f.Backend.Posts[0].JSON = true, false }, want: finding.Fail, causes: ids(causes.EndpointHTML)},
		{name: "ngrok's page", change: replies(200, factstest.AsHTML, `<!DOCTYPE html><html class="h-full"><title>ngrok`), want: finding.Fail, causes: ids(causes.EndpointHTML), says: "ngrok-skip-browser-warning"},
		{name: "a promise that no one waited for", change: fields(`{"token":{}}`, map[string]string{"token": "{}"}), want: finding.Fail, causes: ids(causes.TokenMissing), at: "server/server.js:12", says: "await"},
		{name: "null", change: fields(`{"token":null}`, map[string]string{"token": "null"}), want: finding.Fail, causes: ids(causes.TokenMissing), says: "returned nothing"},
		{name: "nothing in it", change: replies(200, factstest.AsJSON, "{}"), want: finding.Fail, causes: ids(causes.TokenMissing)},
		{name: "an error with 200", change: fields(`{"error":"x"}`, map[string]string{"error": `"x"`}), want: finding.Fail, causes: ids(causes.TokenMissing)},
		{name: "empty", change: replies(204, "", ""), want: finding.Fail, causes: ids(causes.TokenMissing), says: "empty body"},
		{name: "a string", change: replies(200, "text/plain", "ok"), want: finding.Fail, causes: ids(causes.TokenMissing), says: "neither JSON nor a token"},
		{name: "the front end reads another field", change: takes("accessToken", map[string]string{"token": "string"}), want: finding.Fail, causes: ids(causes.TokenMissing), likely: true, at: "server/server.js:12", says: "gets undefined"},
		{name: "it reads a field that is there", change: takes("accessToken", map[string]string{"token": "string", "data.accessToken": "object"}), want: finding.Pass},
		{name: "it reads the token's", change: takes("token", map[string]string{"token": "string"}), want: finding.Pass},
		{name: "longer than is read", change: both(replies(200, factstest.AsJSON, `{"a":`), func(f *facts.Facts) { f.Backend.Posts[0].Error = "too-large" }), want: finding.Unknown},
	})
}

// corsFrom is a server that allows the origin which a variable has; "" for what the code falls back to.
func corsFrom(name string) func(*facts.Facts) {
	return func(f *facts.Facts) {
		s := &f.Project.Servers[0]
		s.CORS, s.CORSFile, s.CORSLine, s.CORSOrigin = true, "server/server.js", 6, 6
		f.Server.CORSFrom = &facts.Read{Name: name, Value: -1, File: "server/.env", Line: 3}
	}
}

func TestEndpointCORS(t *testing.T) {
	allow := func(preflight, answer string) func(*facts.Facts) {
		return func(f *facts.Facts) {
			set := func(h map[string]string, v string) map[string]string {
				out := map[string]string{"Access-Control-Allow-Headers": h["Access-Control-Allow-Headers"]}
				if v != "" {
					out["Access-Control-Allow-Origin"] = v
				}
				return out
			}
			f.Backend.Preflight.Header = set(f.Backend.Preflight.Header, preflight)
			f.Backend.Posts[0].Header = set(f.Backend.Posts[0].Header, answer)
		}
	}
	const page = "http://localhost:5173"
	origins := func(o ...string) func(*facts.Facts) {
		return func(f *facts.Facts) {
			for _, x := range o {
				f.Backend.Origins = append(f.Backend.Origins, facts.OriginTry{Origin: x, Allowed: x == "http://localhost:4200"})
			}
		}
	}
	judgeAll(t, EndpointCORS, []judged{
		{name: "allowed", want: finding.Pass, says: page},
		{name: "everybody", change: allow("*", "*"), want: finding.Pass},
		{name: "nobody", change: allow("", ""), want: finding.Fail, causes: ids(causes.CORSBlocked), at: "server/server.js:5", says: "In server/server.js line 5, add app.use(cors({ origin: 'http://localhost:5173'"},
		{name: "no one, in another language", change: both(allow("", ""), func(f *facts.Facts) { f.Project.Servers[0].CORS, f.Project.Servers[0].File = false, "server/app.py" }), want: finding.Fail, causes: ids(causes.CORSBlocked), says: "respond to OPTIONS and to the request itself"},
		{name: "no one, and the package is not there", change: both(allow("", ""), func(f *facts.Facts) { f.Project.Servers[0].CORS = false }), want: finding.Fail, causes: ids(causes.CORSBlocked), says: "cd server && npm install cors"},
		{name: "another port", change: allow("http://localhost:3000", "http://localhost:3000"), want: finding.Fail, causes: ids(causes.CORSBlocked), says: "http://localhost:3000"},
		{name: "another port, of a variable", change: both(allow("http://localhost:3000", "http://localhost:3000"), corsFrom("CLIENT_URL")), want: finding.Fail, causes: ids(causes.CORSBlocked), at: "server/.env:3", says: "set CLIENT_URL=http://localhost:5173"},
		{name: "another port, of a fallback", change: both(allow("http://localhost:3000", "http://localhost:3000"), corsFrom("")), want: finding.Fail, causes: ids(causes.CORSBlocked), at: "server/.env:3", says: "write the page's origin"},
		{name: "the right origin of a variable, and a preflight that fails", change: both(corsFrom("CLIENT_URL"), func(f *facts.Facts) { f.Backend.Preflight.Status = 404 }), want: finding.Fail, causes: ids(causes.CORSBlocked), says: "404"},
		{name: "the other name of this machine", change: allow("http://127.0.0.1:5173", "http://127.0.0.1:5173"), want: finding.Fail, causes: ids(causes.CORSBlocked)},
		{name: "a slash at the end", change: allow(page+"/", page+"/"), want: finding.Fail, causes: ids(causes.CORSBlocked)},
		{name: "two at the same time", change: allow(page+", http://localhost:3000", page), want: finding.Fail, causes: ids(causes.CORSBlocked)},
		{name: "everybody, with cookies", change: both(allow("*", "*"), session), want: finding.Fail, causes: ids(causes.CORSBlocked), says: "credentials: true"},
		{name: "cookies without their permission", change: session, want: finding.Fail, causes: ids(causes.CORSBlocked)},
		{name: "cookies with their permission", change: both(session, func(f *facts.Facts) {
			f.Backend.Preflight.Header["Access-Control-Allow-Credentials"] = "true"
			f.Backend.Posts[0].Header["Access-Control-Allow-Credentials"] = "true"
		}), want: finding.Pass},
		{name: "the preflight only", change: allow(page, ""), want: finding.Fail, causes: ids(causes.CORSBlocked), says: "the response itself"},
		{name: "the response only", change: allow("", page), want: finding.Fail, causes: ids(causes.CORSBlocked)},
		{name: "a preflight that is not a 2xx", change: func(f *facts.Facts) { f.Backend.Preflight.Status = 404 }, want: finding.Fail, causes: ids(causes.CORSBlocked), says: "404"},
		{name: "a preflight that wants a login", change: func(f *facts.Facts) { f.Backend.Preflight.Status = 401 }, want: finding.Fail, causes: ids(causes.CORSBlocked)},
		{name: "the content type is not allowed", change: func(f *facts.Facts) { f.Backend.Preflight.Header["Access-Control-Allow-Headers"] = "x-other" }, want: finding.Fail, causes: ids(causes.CORSBlocked), says: "content-type"},
		{name: "POST needs no naming", change: func(f *facts.Facts) { f.Backend.Preflight.Header["Access-Control-Allow-Methods"] = "GET" }, want: finding.Pass},
		{name: "a simple request needs no permission first", change: func(f *facts.Facts) {
			f.Backend.Preflight = nil
			f.Backend.Posts[0].Method, f.Backend.Posts[0].Form = "GET", "query"
		}, want: finding.Pass},

		{name: "a proxy carries it", change: both(allow("", ""), viaProxy), want: finding.Pass, says: "stream/src/chat.js:8"},
		{name: "one origin", change: both(allow("", ""), func(f *facts.Facts) { f.Target.Origin = "http://localhost:3001" }), want: finding.Pass},
		{name: "--origin is what counts", change: both(allow("", ""), viaProxy, func(f *facts.Facts) { f.Target.OriginSource = "flag" }), want: finding.Fail, causes: ids(causes.CORSBlocked)},
		{name: "a guess, and another likely one is allowed", change: both(allow("", ""), guessOrigin, origins("http://localhost:3000", "http://localhost:4200")), want: finding.Pass, says: "http://localhost:4200"},
		{name: "a guess, and a fixed one of this machine is named", change: both(allow("http://localhost:9000", "http://localhost:9000"), guessOrigin), want: finding.Pass, says: "http://localhost:9000"},
		{name: "a guess, and a public page is named", change: both(allow("https://app.example.test", "https://app.example.test"), guessOrigin), want: finding.Unknown, says: "--origin"},
		{name: "a guess, and a public page is named by a public server", change: both(allow("https://app.example.test", "https://app.example.test"), guessOrigin, func(f *facts.Facts) { f.Target.URL = "https://api.example.test/token" }), want: finding.Pass, says: "https://app.example.test"},
		{name: "where CORS is allowed", change: both(allow("", ""), func(f *facts.Facts) {
			f.Project.Servers[0].CORSFile, f.Project.Servers[0].CORSLine = "server/app.js", 5
		}),
			want: finding.Fail, causes: ids(causes.CORSBlocked), at: "server/app.js:5", says: "In server/app.js line 5"},
		{name: "a guess, and no one is allowed", change: both(allow("", ""), guessOrigin, origins("http://localhost:3000")), want: finding.Unknown, says: "--origin"},
		{name: "no response to the preflight", change: func(f *facts.Facts) { f.Backend.Preflight.Status, f.Backend.Preflight.Error = 0, "timeout" }, want: finding.Unknown},
		{name: "no origin known", change: func(f *facts.Facts) { f.Target.Origin = "" }, want: finding.Unknown},
		{name: "curl's view: no Origin sent, no permission shown", change: both(allow(page, ""), func(f *facts.Facts) { f.Backend.Posts[0].Origin = "" }), want: finding.Pass},
	})
}

func TestEndpointCache(t *testing.T) {
	control := func(v string) func(*facts.Facts) { return header("Cache-Control", v) }
	warn := func(name, v, says string) judged {
		return judged{name: name, change: control(v), want: finding.Warn, causes: ids(causes.TokenCacheable), says: says}
	}
	judgeAll(t, EndpointCache, []judged{
		{name: "not a word", want: finding.Pass},
		{name: "no-store", change: control("no-store"), want: finding.Pass},
		{name: "an ETag", change: header("ETag", `W/"b4-abc"`), want: finding.Pass},
		{name: "revalidated each time", change: control("public, max-age=0, must-revalidate"), want: finding.Pass},
		{name: "no-cache wins", change: control("no-cache, max-age=600"), want: finding.Pass},
		{name: "private", change: control("private"), want: finding.Pass},
		warn("a day", "max-age=86400", "max-age=86400"),
		warn("a day, for proxies", "s-maxage=60, max-age=0", "s-maxage=60"),
		warn("public", "public", "public"),
		warn("forever", "immutable", "immutable"),
		{name: "Expires ahead", change: header("Expires", factstest.Noon.Add(time.Hour).Format(factstest.HTTPDate)), want: finding.Warn, causes: ids(causes.TokenCacheable)},
		{name: "Expires over", change: header("Expires", factstest.Noon.Add(-time.Hour).Format(factstest.HTTPDate)), want: finding.Pass},
		{name: "Expires of 0", change: header("Expires", "0"), want: finding.Pass},
		{name: "an error has nothing to keep", change: both(replies(500, factstest.AsJSON, "{}"), control("max-age=86400")), want: finding.Unknown},
	})
}
