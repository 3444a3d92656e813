package inspect

import (
	"encoding/json"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/inspect/dress"
	"badsig/checks/inspect/plain"
	"badsig/checks/loopback"
	"badsig/tokens"
)

// Rules of this file:
//   - a secret is known by its shape wherever it is, and by its name in any shape
//   - its bytes go into a tokens.Secret, which can't print them, and nowhere else

// maxTokens bounds how many tokens of one text are looked at.
const maxTokens = 50

// tokens gives the tokens of a string, those that were broken over lines too.
func (p *pasted) tokens() []string {
	out := tokens.FindTokens(p.Text)
	if len(out) == 0 {
		if joined := joinBroken(p.Text); len(joined) < len(p.Text) {
			out = tokens.FindTokens(joined)
		}
	}
	return out[:min(len(out), maxTokens)]
}

// joinBroken joins the lines over which a token goes.
func joinBroken(text string) string {
	lines := strings.Split(text, "\n")
	var b strings.Builder
	open := false
	for n, l := range lines {
		word := strings.TrimSpace(l)
		if open && word != "" && !affix.ContainsAny(word, " \t:=\"'{}<>") && !affix.Contains(word, "://") {
			b.WriteString(word)
			continue
		}
		if n > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l)
		last := word[strings.LastIndexAny(word, " \t\"'=:")+1:]
		open = len(last) > 16 && (affix.HasPrefix(last, "eyJ") || affix.HasPrefix(last, "ewo")) && strings.Trim(last, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == ""
	}
	return b.String()
}

// token chooses the token that a string is about: what was sent to Stream, then
// what looks like Stream's, then any. What logs in to one's own backend is none.
func (p *pasted) token(req Inspection) string {
	if sent, ok := p.sentToStream(); ok {
		return sent
	}
	best, rank := "", -1
	for _, s := range p.tokens() {
		if n := p.likeness(s, req); n > rank {
			best, rank = s, n
		}
	}
	if rank < 0 {
		return ""
	}
	return best
}

// likeness is how much a token looks like a Stream token; -1 for a session
// of one's own backend.
func (p *pasted) likeness(s string, req Inspection) int {
	t := tokens.Parse(s)
	_, user := t.UserID()
	foreign := t.Has(tokens.FlawForeign) || t.Header["kid"] != nil
	if p.isSession(s, req) && (foreign || !user) {
		return -1
	}
	switch {
	case user && !foreign && t.Alg() == "HS256":
		return 4
	case user && !foreign:
		return 3
	case !foreign:
		return 2
	}
	return 1
}

// isSession recognizes a token that is in the Authorization header or the cookie
// of a request to something else than Stream.
func (p *pasted) isSession(s string, req Inspection) bool {
	if req.session && (affix.Contains(req.Header.Get("Authorization"), s) || affix.Contains(req.Header.Get("Cookie"), s)) {
		return true
	}
	i := strings.Index(p.Text, s)
	if i < 0 || loopback.StreamHost(req.ask) || p.Q.Has("stream-auth-type") {
		return false
	}
	line := p.Text[:i]
	line = plain.Lower(line[strings.LastIndexByte(line, '\n')+1:])
	own := req.ask != "" || p.Q.Has("host:localhost")
	return own && (affix.Contains(line, "authorization") || affix.Contains(line, "cookie:"))
}

// sentToStream is the value of an Authorization header that goes to Stream, as
// it was sent: Stream's own header is next to it.
func (p *pasted) sentToStream() (string, bool) {
	if !p.Q.Has("stream-auth-type", "x-stream-client") {
		return "", false
	}
	for _, f := range dress.FieldsIn(p.Text, 0, len(p.Text), func(n string) bool { return n == "authorization" }) {
		v := strings.TrimLeft(p.Text[f.Val:], " \t\"'\n")
		if n := strings.IndexAny(v, "\n\"'&,;"); n >= 0 {
			v = v[:n]
		}
		v = strings.TrimSpace(v)
		if len(tokens.FindTokens(v)) > 0 && len(strings.Fields(v)) <= 2 {
			return v, true
		}
	}
	return "", false
}

// wholeJSON reads a string that is one JSON value: a token endpoint's response,
// a token's claims, or the first message of a newer WebSocket.
func (p *pasted) wholeJSON() (Inspection, bool) {
	s := p.Raw
	if s[0] != '{' && s[0] != '[' || !json.Valid([]byte(s)) {
		return Inspection{}, false
	}
	var m map[string]any
	_ = json.Unmarshal([]byte(s), &m) // an array has no fields
	i := Inspection{Kind: KindAnswer, Is: "a JSON response without a token", Fields: fieldNames(m)}
	i.Key = plainField(m, "apiKey", "api_key", "key", "apikey")
	i.UserID = plainField(m, "userId", "user_id", "userID", "uid")
	i.UserName = plainField(m, "userName", "user_name", "username", "name")
	if d, ok := m["user_details"].(map[string]any); ok { // what a newer WebSocket is sent first
		i.UserID, i.connects = plainField(d, "id"), true
		i.Is = "the first message on Stream's WebSocket"
	}
	if kind := m["type"]; (kind == "health.check" || kind == "connection.ok") && m["connection_id"] != nil {
		me, _ := m["me"].(map[string]any)
		return Inspection{Kind: KindHealthy, Is: "the message with which Stream opens a connection", UserID: plainField(me, "id")}, true
	}
	if t := tokens.Parse(s); t.Clean != "" {
		i.token = t.Clean
		if i.connects {
			i.Is += ", with a token"
		} else {
			i.Is = "a JSON response with a token"
		}
	} else if s := p.assigned().secret; !s.IsZero() {
		i.Kind, i.Is = KindSecret, "JSON with a Stream API secret in it"
	} else if tok, ok := m["token"].(string); ok && tok != "" {
		i.Is, i.token = "a JSON response whose token isn't one", tok
	} else if _, claims := m["user_id"]; claims && (m["iat"] != nil || m["exp"] != nil || len(m) == 1) {
		i.Kind, i.Is = KindClaims, "a token's claims, decoded"
	} else if m != nil && (m["level"] != nil || m["version"] != nil || m["dependencies"] != nil || len(m) > 15) {
		return Inspection{}, false // a log's line, a package.json
	}
	return i, true
}

// assignment is a key and a secret that a string sets: lines of an .env file, fields of a configuration.
type assignment struct {
	key    string
	secret tokens.Secret
}

// assigned finds the key and the secret that a string sets.
func (p *pasted) assigned() assignment {
	var a assignment
	text := p.Text[:min(len(p.Text), 1<<20)]
	for _, f := range dress.FieldsIn(text, 0, len(text), func(n string) bool {
		return affix.HasSuffix(n, "apikey") || affix.HasSuffix(n, "streamkey") || affix.HasSuffix(n, "secret") || affix.HasSuffix(n, "secretkey")
	}) {
		v := valueAt(text, f.Val)
		switch {
		case affix.Contains(f.Name, "secret"):
			if a.secret.IsZero() && len(v) >= 32 && !affix.Contains(v, "${") {
				a.secret = tokens.NewSecret([]byte(v))
			}
		case a.key == "" && tokens.APIKey(v).WellFormed():
			a.key = v
		}
	}
	if a.secret.IsZero() {
		a.secret = secretWord(text)
	}
	return a
}

// valueAt is a field's value as a loader reads it: in its quotes, or up to the end of the line.
func valueAt(text string, at int) string {
	v := text[at:]
	if n := strings.IndexByte(v, '\n'); n >= 0 {
		v = v[:n]
	}
	v = strings.TrimLeft(v, " \t")
	if v != "" && (v[0] == '"' || v[0] == '\'' || v[0] == '`') {
		if n := strings.IndexByte(v[1:], v[0]); n >= 0 {
			return v[1 : n+1]
		}
		return v[1:]
	}
	if n := strings.IndexAny(v, " \t,;)}"); n >= 0 {
		v = v[:n]
	}
	return v
}

// secretWord is the first word that has a Stream secret's shape and isn't a hash:
// a hash has no letter beyond f.
func secretWord(text string) tokens.Secret {
	for i := 0; i < len(text); {
		if !plain.Letter(text[i]) && !plain.Digit(text[i]) {
			i++
			continue
		}
		end, beyond := i, false
		for end < len(text) && (plain.Letter(text[end]) || plain.Digit(text[end])) {
			beyond = beyond || text[end] > 'f'
			end++
		}
		if n := end - i; n == 64 && beyond {
			joined := i > 0 && strings.IndexByte("._-/+", text[i-1]) >= 0 || end < len(text) && strings.IndexByte("._-/+=", text[end]) >= 0
			if s := tokens.NewSecret([]byte(text[i:end])); s.WellFormed() && !joined {
				return s
			}
		}
		i = end
	}
	return tokens.Secret{}
}
