package langread

import (
	"slices"
	"strings"
)

// Site is a call that makes a user token.
type Site struct {
	Callee string
	Lang   string
	File   string
	Line   int
	Secret []Source
	Key    []Source
	User   Source
	Claims []Claim
	Alg    *Claim
	Wraps  []Wrap
	Sure   bool // it is Stream's library, or its secret says Stream
	Score  int
	Routes []Route

	fn *fn
	n  *node
}

// Claim is a claim or an option of a signing call.
type Claim struct {
	Name, Text, Unit string
	File             string
	Line             int
}

// Wrap is a line that changes the token on its way to the response.
type Wrap struct {
	How, As string
	File    string
	Line    int
}

// tokenCalls are the names by which Stream's libraries make a user token.
var tokenCalls = set("create_token", "create_user_token", "create_call_token", "createToken", "createUserToken", "createCallToken", "generateUserToken", "generate_user_token", "CreateToken", "CreateUserToken", "CreateCallToken",
	"createUserSessionToken", "create_user_session_token", "createUserFeedToken", "frontendToken", "user_session_token", "CreateUserSessionToken")

// sites finds the calls that make tokens.
func (pr *program) sites() []*Site {
	var out []*Site
	for _, c := range pr.all {
		if s := pr.siteOf(c.n, c.fn); s != nil {
			out = append(out, s)
		}
		if len(out) >= 40 {
			break
		}
	}
	// Where Stream's own library makes tokens, a JWT whose secret doesn't say
	// Stream is the project's own session.
	sure := slices.ContainsFunc(out, func(s *Site) bool { return s.Sure })
	out = slices.DeleteFunc(out, func(s *Site) bool { return sure && !s.Sure })
	slices.SortStableFunc(out, func(a, b *Site) int { return b.Score - a.Score })
	return out
}

func (pr *program) siteOf(n *node, f *fn) *Site {
	name := n.x.last()
	switch {
	case tokenCalls[name]:
		return pr.librarySite(n, f, name)
	case n.x.kind == kMember && (name == "encode" || name == "sign" || name == "SignedString" || name == "compact" || name == "WriteToken" || name == "Encode" || name == "issueToken" || name == "CreateEncodedJwt"), name == "encode" && pr.lang == Python:
		return pr.jwtSite(n, f, name)
	}
	return pr.hmacSite(n, f, name)
}

// librarySite reads client.create_token(user_id, exp).
func (pr *program) librarySite(n *node, f *fn, name string) *Site {
	s := &Site{Callee: name, Lang: pr.lang, File: f.unit.Path, Line: n.line, fn: f, n: n, Sure: true, Score: 20}
	fr := frame{fn: f}
	if n.x.kind != kMember {
		return nil
	}
	args := n.args
	if (pr.lang == Java || pr.lang == Kotlin) && n.x.x.last() == "User" && strings.Contains(f.unit.imports["User"]+"*"+pr.wildcard(f.unit), "getstream") { // User.createToken([secret,] userId, …)
		if pr.secretFirst(n) {
			s.Secret = pr.sources(args[0].x, fr)
			args = args[1:]
		} else if c := pr.onlyClient(); c != nil {
			pr.fromClient(s, c)
		} else {
			pr.fromProperties(s, f)
		}
		pr.claimsOfCall(s, args, fr)
		return s
	}
	c := pr.clientOf(n.x.x, fr, 0)
	if c == nil && pr.speaksOfStream(f.unit) && !pr.userObject(n.x.x) {
		if c = pr.onlyClient(); c == nil {
			s.Score = 8
			s.Secret, s.Key = []Source{{Links: []Link{fr.link(n.x)}}}, nil
			pr.claimsOfCall(s, args, fr)
			return s
		}
	}
	if c == nil {
		return nil
	}
	pr.fromClient(s, c)
	pr.claimsOfCall(s, args, fr)
	return s
}

// wildcard gives the modules that a file takes everything of.
func (pr *program) wildcard(u *Unit) string {
	return u.imports["*"]
}

// secretFirst tells User.createToken(secret, userId, …) by its number of
// arguments, as the library's overloads do.
func (pr *program) secretFirst(n *node) bool {
	return len(n.args) == 4 || len(n.args) == 3 && n.args[1].x != nil && speaksOfUser(n.args[1].x)
}

func speaksOfUser(n *node) bool {
	found := false
	n.eachOutside(func(x *node) {
		found = found || strings.Contains(strings.ToLower(x.text), "user") || x.kind == kString
	})
	return found
}

// userObject tells $user->createToken(…): Laravel's own tokens.
func (pr *program) userObject(n *node) bool {
	low := strings.ToLower(n.last())
	return strings.HasSuffix(low, "user") || low == "auth" || low == "$this" || low == "account" || low == "member"
}

// fromProperties is the client of Java's library that reads the environment or
// system properties.
func (pr *program) fromProperties(s *Site, f *fn) {
	at := []Link{{Name: s.Callee, File: s.File, Line: s.Line}}
	s.Secret, s.Key = []Source{{Kind: FromEnv, Name: "STREAM_SECRET", Links: at}}, []Source{{Kind: FromEnv, Name: "STREAM_KEY", Links: at}}
	for _, c := range slices.Concat(pr.calls["put"], pr.calls["setProperty"]) {
		if len(c.n.args) < 2 || c.n.args[0].x == nil {
			continue
		}
		name := strings.ToLower(c.n.args[0].x.last() + c.n.args[0].x.text)
		switch {
		case strings.Contains(name, "api_key") || strings.Contains(name, "apikey"):
			s.Key = pr.sources(c.n.args[1].x, frame{fn: c.fn})
		case strings.Contains(name, "api_secret") || strings.Contains(name, "apisecret"):
			s.Secret = pr.sources(c.n.args[1].x, frame{fn: c.fn})
		}
	}
}

func (pr *program) fromClient(s *Site, c *client) {
	fr := frame{fn: c.fn}
	at := fr.link(c.n)
	if c.secret == nil {
		s.Secret = []Source{{Kind: FromEnv, Name: c.env[1], Links: []Link{at}}}
		s.Key = []Source{{Kind: FromEnv, Name: c.env[0], Links: []Link{at}}}
	} else {
		s.Secret, s.Key = pr.sources(c.secret, fr), nil
		if c.key != nil {
			s.Key = pr.sources(c.key, fr)
		}
	}
	for _, list := range [][]Source{s.Secret, s.Key} {
		for i := range list {
			if k := list[i].Links; len(k) == 0 || k[0].Line != at.Line || k[0].File != at.File {
				list[i].Links = append([]Link{at}, k...)
			}
		}
	}
}

// claimsOfCall reads the user and the expiry of create_token(user, exp).
func (pr *program) claimsOfCall(s *Site, args []arg, fr frame) {
	first, skipped := true, false
	for _, a := range args {
		if a.x == nil {
			continue
		}
		if !first && isNothing(a.x) { // no expiry
			skipped = true
			continue
		}
		name := strings.ToLower(strings.ReplaceAll(a.name, "_", ""))
		switch {
		case name == "userid" || name == "id" || name == "" && first:
			s.User = pr.user(a.x, fr)
			first = false
		case name == "exp" || name == "expiration" || name == "expiresat" || name == "validityinseconds" || name == "" && s.claim("exp") == nil && !skipped:
			s.Claims = append(s.Claims, pr.claim("exp", a.x, fr))
		case name == "iat" || name == "issuedat" || name == "":
			s.Claims = append(s.Claims, pr.claim("iat", a.x, fr))
		}
		first = first && a.name != ""
	}
}

func (s *Site) claim(name string) *Claim {
	for i := range s.Claims {
		if s.Claims[i].Name == name {
			return &s.Claims[i]
		}
	}
	return nil
}

// user tells whose token it is.
func (pr *program) user(n *node, fr frame) Source {
	list := pr.sources(n, fr)
	for _, s := range list {
		if s.Kind != Unknown {
			return s
		}
	}
	return list[0]
}

// claim reads a claim's value as far as it says something about its unit.
func (pr *program) claim(name string, n *node, fr frame) Claim {
	c := Claim{Name: name, File: fr.fn.unit.Path, Line: n.line, Text: short(n)}
	c.Unit = unitOf(n)
	if c.Unit == "" && n.kind == kName {
		for g := fr.fn; g != nil; g = g.parent {
			for _, w := range pr.writesIn(n.text, g) {
				if w.x != nil {
					c.Line, c.Text, c.Unit = w.line, short(w.x), unitOf(w.x)
				}
			}
		}
	}
	return c
}

// short is an expression's text for people.
func short(n *node) string {
	if n == nil {
		return ""
	}
	switch n.kind {
	case kString, kNumber, kName:
		return n.text
	case kMember:
		return short(n.x) + "." + n.text
	case kCall:
		var as []string
		for _, a := range n.args {
			as = append(as, short(a.x))
		}
		return short(n.x) + "(" + strings.Join(as, ", ") + ")"
	case kBinary, kEither:
		return short(n.x) + " " + n.text + " " + short(n.y)
	}
	return "…"
}

// unitOf tells the unit of a time: seconds since 1970, milliseconds, or a duration.
func unitOf(n *node) string {
	unit := ""
	plain := true
	n.eachOutside(func(x *node) {
		switch {
		case x.kind == kName || x.kind == kMember:
			plain = plain && x.text == ""
			switch x.text {
			case "UnixMilli", "currentTimeMillis", "ToUnixTimeMilliseconds", "toEpochMilli", "getTimestampMs", "UnixNano":
				unit = "milliseconds"
			case "Unix", "time", "timestamp", "to_i", "ToUnixTimeSeconds", "getEpochSecond", "getTimestamp", "utcnow", "now", "Add":
				if unit == "" {
					unit = "seconds"
				}
			}
		case x.kind == kBinary && x.text == "*" && x.y != nil && (x.y.text == "1000" || x.y.text == "1000L"):
			if hasTime(x.x) {
				unit = "milliseconds"
			}
		}
	})
	if unit == "" && plain && n.kind != kOther && n.kind != kTemplate {
		return "duration"
	}
	return unit
}

func hasTime(n *node) bool {
	found := false
	n.eachOutside(func(x *node) {
		switch x.text {
		case "time", "timestamp", "Unix", "now", "to_i":
			found = found || x.kind == kName || x.kind == kMember
		}
	})
	return found
}
