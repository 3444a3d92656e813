package inspect

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/inspect/dress"
	"badsig/checks/inspect/plain"
	"badsig/checks/loopback"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// sayError tells what Stream's error proves, and what not.
func (in *Inspector) sayError(f *Finding) {
	e, r := f.Error, f.refusal
	f.Verdict = rejected
	code := "No code"
	if e.Code != 0 {
		code = fmt.Sprintf("Code %d", e.Code)
	}
	f.say("%s: %s", code, facts.First(e.Message, "no message"))
	says, cause := meaning(r)
	f.Says = append(f.Says, says...)
	f.Cause = cause
	if f.Key != "" && e.Kind == tokens.ErrSignature {
		in.sayKeyNamed(f, f.Key)
	}
	if e.Kind == tokens.ErrKey && f.Key != "" {
		f.sayKey("The client sent the API key %s", f.Key)
	}
	for _, a := range r.Also {
		f.say("It also has: %s", a)
	}
}

// sayRelated tells of strings that aren't Stream's and belong to a token's way.
func (f *Finding) sayRelated() {
	for n, row := range f.related {
		if n > 0 && row.is == f.related[0].is && row.cause == f.related[0].cause {
			continue
		}
		if n > 0 && f.Kind == KindRelated && row.kind == KindRelated {
			break // one cause in two programs' words
		}
		for _, s := range row.says {
			if affix.Contains(s, "{port}") {
				port := "the port"
				if f.port != "" {
					port = "port " + f.port
				}
				s = affix.ReplaceAll(affix.ReplaceAll(s, "port {port}", port), "{port}", port)
			}
			f.add(s)
		}
		f.cause(row.cause)
		if row.fault {
			f.Verdict = rejected
		}
	}
	if what := databases[f.port]; what != "" && (f.Cause == causes.ServerDown) {
		f.Says, f.own, f.Cause = f.Says[:0], 0, causes.EndpointError
		f.say("Port %s is usually %s: the backend runs, and can't reach its database", f.port, what)
		f.say("If the token endpoint needs the database, it fails until the database runs; then: badsig check")
	}
	if e := f.Endpoint(); e != "" && f.URL != "" {
		f.say("The request: %s. To check it as the token endpoint: badsig check --url %s", f.requestLine(), f.URL)
	}
}

// databases by their usual ports.
var databases = map[string]string{"5432": "PostgreSQL", "3306": "MySQL", "27017": "MongoDB", "6379": "Redis", "1433": "SQL Server", "9200": "Elasticsearch", "5672": "RabbitMQ", "9092": "Kafka"}

// sayUnknown tells what can be given instead.
func (f *Finding) sayUnknown() {
	if f.number != 0 {
		r := dress.Refusal{StreamError: tokens.StreamError{Code: f.number}}
		r.Kind = dress.KindOfCode(&r.StreamError)
		if says, _ := meaning(&r); len(says) > 0 && r.Kind != dress.ErrOther {
			f.say("If it's Stream's code %d: %s", f.number, says[0])
		}
		f.add("Paste the whole error: a number alone can come from any program")
		return
	}
	f.add("Paste a token, a Bearer header, Stream's error (text or JSON), a WebSocket URL, or a request copied as cURL")
}

// sayRequest tells of the key, the user and the address of a URL or a command.
func (in *Inspector) sayRequest(f *Finding) {
	if f.URL != "" {
		f.add(f.requestLine())
	}
	if f.Key != "" {
		f.sayKey("The API key is %s", f.Key)
		if f.Cause == "" && loopback.StreamHost(f.ask) {
			in.sayKeyElsewhere(f, f.Key)
		}
	}
	own := f.Endpoint() != "" && f.URL != ""
	switch {
	case f.Kind == KindWebSocket && f.token == "":
		f.say("There's no token in it: newer clients send the token after the connection is open; look at its first message")
	case f.Kind == KindAnswer && f.token == "" && isErrorJSON(f.Fields):
		f.add("If your token endpoint returned this, it failed with an error instead of a token; its log says more")
		f.add("To check the endpoint: badsig check")
	case f.Kind == KindAnswer && f.token == "":
		f.Verdict, f.Cause = rejected, causes.TokenMissing
		if len(f.Fields) > 0 {
			f.say("Its fields are %s", strings.Join(f.Fields, ", "))
		} else {
			f.say("It has no fields: it's empty, or a list instead of an object")
		}
	case f.Kind == KindHeader && f.token == "":
		f.Verdict, f.Cause = rejected, causes.TokenMissing
	case own && f.session && f.token == "":
		f.say("It's a request to your own backend, and its Authorization header or cookie is that backend's session, not a Stream token")
		f.say("To check that endpoint with the same session: badsig check --url %s%s", f.URL, sessionFlags(f))
		f.say("To judge the Stream token, paste what this request returns, or pass it with badsig check --token -")
	case own && f.token == "" && f.Kind == KindCurl:
		f.say("It requests a token from your own backend; to check that endpoint: badsig check --url %s", f.URL)
	case own && f.token == "":
		f.say("To check it as the token endpoint: badsig check --url %s", f.URL)
	}
}

// isErrorJSON recognizes a server's error: it has a message, and no field for a token.
func isErrorJSON(fields []string) bool {
	is := false
	for _, n := range fields {
		switch low := plain.Lower(n); {
		case affix.Contains(low, "token"):
			return false
		case low == "error", low == "errors", low == "message", low == "detail", low == "code", low == "msg", low == "errormessage":
			is = true
		}
	}
	return is
}

// sessionFlags are the flags that carry a session, without its value.
func sessionFlags(f *Finding) string {
	s := ""
	if f.Header.Get("Authorization") != "" || f.Header == nil {
		s += " --header 'Authorization: …'"
	}
	if f.Header.Get("Cookie") != "" {
		s += " --header 'Cookie: …'"
	}
	return s
}

// sayKey tells of a key and whether it can be one.
func (f *Finding) sayKey(format, key string) {
	s := fmt.Sprintf(format, key)
	switch {
	case key == "undefined" || key == "null" || key == "":
		f.Verdict, f.Cause = rejected, causes.KeyMissing
		s += ": the front end reads a variable that isn't set"
	case !tokens.APIKey(key).WellFormed():
		f.Verdict, f.Cause = rejected, causes.KeyMalformed
		s += ", which isn't how Stream's keys look (12 characters: a-z and 0-9)"
	}
	f.add(s)
}

// sayPartial tells what is left of a cut token's claims.
func (f *Finding) sayPartial(m map[string]any) {
	if id, ok := m["user_id"].(string); ok {
		f.say("What's left of the claims names the user %s", sanitize.Shown(id))
		f.UserID = facts.First(f.UserID, sanitize.Shown(id))
		return
	}
	f.add("Some of its claims can still be read")
}

// judgeRemains tells what a token was whose beginning is lost.
func (in *Inspector) judgeRemains(ctx context.Context, f *Finding) {
	r := f.remains
	f.Verdict, f.Cause = rejected, causes.TokenTruncated
	f.add("The token is truncated: " + r.says)
	f.Token = &TokenFinding{Shown: "…", Header: orEmpty(r.header), Claims: orEmpty(r.claims)}
	if b, err := json.Marshal(r.claims); err != nil || in.Keys != nil && in.Keys.Holds(string(b)) {
		f.Token.Claims = map[string]any{}
		f.add("Its claims contain a secret of this project: they aren't shown here")
	} else if id, ok := r.claims["user_id"].(string); ok {
		f.UserID = facts.First(f.UserID, sanitize.Shown(id))
		f.say("Its claims name the user %s", sanitize.Shown(id))
	}
	if r.whole != "" {
		t := tokens.Parse(r.whole)
		if s, known := in.signer(ctx, t); known && len(s.Hits) > 0 {
			by, _, _ := in.signedBy(s)
			f.Token.Tried, f.Token.SignedBy = s.Tried, by
			f.say("With what's missing put back, %s verifies it", secretIn(by))
		}
	}
	f.add("Stream will reject it regardless of the secret: copy the whole token, from eyJ on")
}

// requestLine is a request's method and URL; the method is left out where the text doesn't tell it.
func (f *Finding) requestLine() string {
	method := f.Method
	if f.Kind == KindWebSocket {
		method = "GET"
	}
	return strings.TrimSpace(method + " " + f.URL)
}
