package langread

import (
	"strings"
)

// jwtParts are what a library's call signs: with which secret, which claims,
// which algorithm.
type jwtParts struct {
	secret  *node
	payload *node // a dictionary, or what leads to one
	claims  []arg // of a builder
	alg     *node
	made    bool // payload is a claims object of another kind, whose fields aren't known
}

// jwtSite reads a signing call of a JWT library. It is a token for Stream
// where its secret says Stream, or where it has a user_id and its place does.
func (pr *program) jwtSite(n *node, f *fn, name string) *Site {
	p := pr.jwtParts(n, f, name)
	if p == nil || p.secret == nil {
		return nil
	}
	fr := frame{fn: f}
	s := &Site{Callee: calleePath(n.x), Lang: pr.lang, File: f.unit.Path, Line: n.line, fn: f, n: n}
	if s.Callee == "" {
		s.Callee = name
	}
	if p.payload != nil {
		pr.payload(s, p.payload, fr, 0)
	}
	for _, a := range p.claims {
		pr.addClaim(s, a.name, a.x, fr)
	}
	if p.alg != nil {
		t := p.alg.last()
		if p.alg.kind == kString {
			t = p.alg.text
		}
		s.Alg = &Claim{Name: "algorithm", Text: t, File: f.unit.Path, Line: p.alg.line}
	}
	s.Secret = pr.sources(p.secret, fr)
	hasUser := s.User.Kind != Unknown || len(s.User.Links) > 0
	saysStream := false
	for _, src := range s.Secret {
		saysStream = saysStream || streamName(src.Name)
		for _, l := range src.Links {
			saysStream = saysStream || streamName(l.Name)
		}
	}
	place := streamName(f.name) || f.class != nil && streamName(f.class.name) || streamName(f.unit.Path)
	for g := f; g != nil && !place; g = g.parent {
		place = streamName(g.name)
		for _, m := range g.marks {
			for _, a := range m.args {
				place = place || a.x != nil && a.x.kind == kString && streamName(a.x.text)
			}
		}
	}
	switch {
	case saysStream && (hasUser || s.claim("user_id") != nil):
		s.Sure, s.Score = true, 18
	case saysStream && !p.made && s.claim("server") == nil:
		s.Sure, s.Score = true, 10
	case s.claim("user_id") != nil && place:
		s.Score = 12
	case s.claim("user_id") != nil:
		s.Score = 3
	default:
		return nil
	}
	return s
}

// streamName tells names that say Stream.
func streamName(s string) bool {
	low := strings.ToLower(s)
	for _, w := range []string{"getstream", "stream_", "_stream", "streamchat", "stream-", "streamapi", "streamsecret", "streamkey", "streamtoken", "stream.", "/stream", "streamvideo"} {
		if strings.Contains(low, w) {
			return !strings.Contains(low, "livestream_") && !strings.Contains(low, "upstream")
		}
	}
	return low == "stream" || strings.HasPrefix(low, "stream") && !strings.HasPrefix(low, "streaming") && !strings.HasPrefix(low, "streamlit") && len(low) > 6
}

func (pr *program) jwtParts(n *node, f *fn, name string) *jwtParts {
	arg := func(i int, names ...string) *node {
		for _, a := range n.args {
			for _, want := range names {
				if a.name == want {
					return a.x
				}
			}
		}
		if i < len(n.args) && n.args[i].name == "" {
			return n.args[i].x
		}
		return nil
	}
	on := strings.ToLower(n.x.x.last())
	switch {
	case name == "encode" && (pr.lang == Python || pr.lang == Ruby || pr.lang == PHP): // jwt.encode(payload, secret, alg), JWT::encode
		if pr.lang == Python && n.x.kind == kName && !strings.Contains(f.unit.from["encode"], "jwt") {
			return nil
		}
		if n.x.kind == kMember && !strings.Contains(on, "jwt") {
			return nil
		}
		return &jwtParts{payload: arg(0, "payload", "claims"), secret: arg(1, "key", "secret"), alg: arg(2, "algorithm", "alg")}
	case name == "SignedString": // jwt.NewWithClaims(method, claims).SignedString([]byte(secret))
		p := &jwtParts{secret: arg(0)}
		x := pr.resolveCall(n.x.x, f, "NewWithClaims", "New")
		if x == nil {
			return nil
		}
		if len(x.args) > 0 {
			p.alg = x.args[0].x
		}
		if len(x.args) > 1 {
			p.payload = x.args[1].x
		}
		return p
	case name == "compact": // Jwts.builder().claim("user_id", x).signWith(key)
		return chain(n.x.x, map[string]int{"signWith": 0}, "claim", "add", "setClaims", "claims", "addClaims")
	case name == "sign" && (pr.lang == Java || pr.lang == Kotlin): // JWT.create().withClaim("user_id", x).sign(Algorithm.HMAC256(secret))
		p := chain(n.x.x, nil, "withClaim", "", "", "", "")
		if p == nil {
			return nil
		}
		p.secret = arg(0)
		return p
	case name == "Encode" && pr.lang == CSharp: // JwtBuilder.Create().WithSecret(s).AddClaim("user_id", x).Encode()
		return chain(n.x.x, map[string]int{"WithSecret": 0}, "AddClaim", "", "", "", "")
	case name == "WriteToken" && len(n.args) > 0:
		return pr.dotnet(n, f)
	}
	return nil
}

// resolveCall follows a variable to the call of one of these functions.
func (pr *program) resolveCall(n *node, f *fn, names ...string) *node {
	for range 6 {
		if n == nil {
			return nil
		}
		if n.kind == kCall {
			for _, w := range names {
				if n.x.last() == w {
					return n
				}
			}
			return nil
		}
		if n.kind != kName {
			return nil
		}
		var next *node
		for g := f; g != nil && next == nil; g = g.parent {
			for _, w := range pr.writesIn(n.text, g) {
				if w.x != nil && w.x.kind == kCall {
					next = w.x
				}
			}
		}
		n = next
	}
	return nil
}

// chain reads a builder's calls from the last to the first.
func chain(x *node, secret map[string]int, claim string, more ...string) *jwtParts {
	p := &jwtParts{}
	found := false
	for ; x != nil; x = x.x {
		if x.kind != kCall {
			continue
		}
		name := x.x.last()
		if i, ok := secret[name]; ok && i < len(x.args) {
			p.secret = x.args[i].x
			if len(x.args) == 2 && i == 0 && x.args[1].x != nil {
				if strings.Contains(strings.ToUpper(short(x.args[0].x)), "ALGORITHM") { // signWith(alg, key)
					p.secret, p.alg = x.args[1].x, x.args[0].x
				} else {
					p.alg = x.args[1].x
				}
			}
		}
		if name == claim && len(x.args) == 2 && x.args[0].x != nil {
			key := x.args[0].x.text
			p.claims = append(p.claims, arg{name: key, x: x.args[1].x})
			found = true
		}
		switch name {
		case "setSubject", "subject", "withSubject", "Subject":
			if len(x.args) == 1 {
				p.claims = append(p.claims, arg{name: "sub", x: x.args[0].x})
				found = true
			}
		case "setExpiration", "expiration", "withExpiresAt", "ExpirationTime":
			if len(x.args) == 1 {
				p.claims = append(p.claims, arg{name: "exp", x: x.args[0].x})
			}
		}
		for _, m := range more {
			if m != "" && name == m && len(x.args) == 1 {
				p.payload = x.args[0].x
				found = true
			}
		}
	}
	if !found {
		return nil
	}
	return p
}

// dotnet reads new JwtSecurityToken(claims: …, signingCredentials: new SigningCredentials(new SymmetricSecurityKey(…))).
func (pr *program) dotnet(n *node, f *fn) *jwtParts {
	t := pr.resolveCall(n.args[0].x, f, "JwtSecurityToken", "CreateToken", "CreateJwtSecurityToken")
	if t == nil {
		return nil
	}
	p := &jwtParts{made: true}
	seen := map[*node]bool{}
	var look func(x *node, depth int)
	look = func(x *node, depth int) {
		if x == nil || seen[x] || depth > 6 {
			return
		}
		seen[x] = true
		x.eachOutside(func(y *node) {
			switch {
			case y.kind == kCall && y.x.last() == "SymmetricSecurityKey" && len(y.args) > 0:
				p.secret = y.args[0].x
			case y.kind == kCall && y.x.last() == "SigningCredentials" && len(y.args) > 1:
				p.alg = y.args[1].x
			case y.kind == kCall && y.x.last() == "Claim" && len(y.args) > 1 && y.args[0].x != nil:
				p.claims = append(p.claims, arg{name: y.args[0].x.text, x: y.args[1].x})
			case y.kind == kName && y != x || y.kind == kName && depth > 0 || y.kind == kName:
				for g := f; g != nil; g = g.parent {
					for _, w := range pr.writesIn(y.text, g) {
						look(w.x, depth+1)
					}
				}
			}
		})
	}
	look(t, 0)
	if p.secret == nil {
		return nil
	}
	return p
}

// payload reads the claims of a dictionary, or of a variable that holds one.
func (pr *program) payload(s *Site, n *node, fr frame, depth int) {
	if n == nil || depth > 5 {
		return
	}
	switch n.kind {
	case kDict:
		for _, a := range n.args {
			name := a.name
			if a.key != nil && (a.key.kind == kString || a.key.kind == kName) {
				name = a.key.text
				if a.key.kind == kName && pr.lang == Go {
					name = pr.claimName(a.key.text, n)
				}
			}
			if a.x != nil && name != "" {
				pr.addClaim(s, name, a.x, fr)
			} else if a.x != nil {
				pr.payload(s, a.x, fr, depth+1) // an embedded struct, or **payload
			}
		}
	case kName:
		for g := fr.fn; g != nil; g = g.parent {
			for _, w := range pr.writesIn(n.text, g) {
				pr.payload(s, w.x, frame{fn: w.fn, bound: fr.bound}, depth+1)
			}
			if q, i := g.param(n.text); i >= 0 {
				for _, c := range pr.callersOf(g) {
					pr.payload(s, argumentFor(g, c.n, i, q.name), frame{fn: c.fn}, depth+1)
				}
				return
			}
		}
		for _, w := range pr.writes["user_id"] { // payload["user_id"] = x
			if w.how == wKey && w.object == n.text && w.fn.inside(fr.fn) {
				pr.addClaim(s, "user_id", w.x, frame{fn: w.fn})
			}
		}
	case kCall:
		name := n.x.last()
		if name == "array_merge" || name == "merge" || name == "mapOf" || name == "of" || name == "dict" || name == "MapClaims" {
			pr.payload(s, &node{kind: kDict, args: n.args, line: n.line}, fr, depth+1)
			for _, a := range n.args {
				pr.payload(s, a.x, fr, depth+1)
			}
			return
		}
		for _, g := range pr.reachable(n, fr) {
			b := pr.bind(g, n, fr)
			for _, r := range returnsOf(g) {
				pr.payload(s, r, b, depth+1)
			}
		}
	}
}

// claimName is the JSON name of a field of a claims struct of Go.
func (pr *program) claimName(field string, lit *node) string {
	owner := lastPart(lit.x.path())
	for _, w := range pr.writes[field] {
		if w.class != nil && w.class.name == owner {
			if t, _, _ := strings.Cut(tagValue(w.tag, "json"), ","); t != "" {
				return t
			}
		}
	}
	switch field {
	case "ExpiresAt":
		return "exp"
	case "IssuedAt":
		return "iat"
	case "Subject":
		return "sub"
	}
	return field
}

func (pr *program) addClaim(s *Site, name string, x *node, fr frame) {
	if x == nil || s.claim(name) != nil || len(s.Claims) > 20 {
		return
	}
	s.Claims = append(s.Claims, pr.claim(name, x, fr))
	if name == "user_id" {
		s.User = pr.user(x, fr)
	}
}
