package langread

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// jwtParts are what a library's call signs: with which secret, which claims,
// which algorithm.
type jwtParts struct {
	secret  *syntax.Node
	payload *syntax.Node // a dictionary, or what leads to one
	claims  []syntax.Arg // of a builder
	alg     *syntax.Node
	made    bool // payload is a claims object of another kind, whose fields aren't known
	open    bool // a builder gets claims in a way that isn't read
}

// jwtSite reads a signing call of a JWT library. It is a token for Stream
// where its secret Stream says, or where it has a user_id and its place does.
func jwtSite(pr *flow.Program, n *syntax.Node, f *syntax.Fn, name string) *flow.Site {
	p := jwtPartsIn(pr, n, f, name)
	if p == nil || p.secret == nil {
		return nil
	}
	fr := flow.Frame{Fn: f}
	s := &flow.Site{Callee: flow.CalleePath(n.X), Lang: pr.Lang, File: f.Unit.Path, Line: n.Line, Fn: f, N: n}
	if s.Callee == "" {
		s.Callee = name
	}
	if p.payload != nil {
		payload(pr, s, p.payload, fr, 0)
	}
	for _, a := range p.claims {
		flow.AddClaim(pr, s, a.Name, a.X, fr)
	}
	s.Open = s.Open || p.made || p.open
	if p.alg != nil {
		t := p.alg.Last()
		if p.alg.Kind == syntax.KString {
			t = p.alg.Text
		}
		s.Alg = &flow.Claim{Name: "algorithm", Text: algorithmName(t), File: f.Unit.Path, Line: p.alg.Line}
	}
	s.Secret = pr.Sources(p.secret, fr)
	hasUser := s.User.Kind != flow.Unknown || len(s.User.Links) > 0
	saysStream := false
	for _, src := range s.Secret {
		saysStream = saysStream || flow.StreamName(src.Name) || flow.StreamName(src.Setting)
		for _, l := range src.Links {
			saysStream = saysStream || flow.StreamName(l.Name)
		}
	}
	place := flow.StreamName(f.Name) || f.Class != nil && flow.StreamName(f.Class.Name) || flow.StreamName(f.Unit.Path)
	for g := f; g != nil && !place; g = g.Parent {
		place = flow.StreamName(g.Name)
		for _, m := range g.Marks {
			for _, a := range m.Args {
				place = place || a.X != nil && a.X.Kind == syntax.KString && flow.StreamName(a.X.Text)
			}
		}
	}
	switch {
	case saysStream && (hasUser || s.Claim("user_id") != nil):
		s.Sure, s.Score = true, 18
	case saysStream && !p.made && s.Claim("server") == nil:
		s.Sure, s.Score = true, 10
	case s.Claim("user_id") != nil && place:
		s.Score = 12
	case s.Claim("user_id") != nil:
		s.Score = 3
	default:
		return nil
	}
	return s
}

func jwtPartsIn(pr *flow.Program, n *syntax.Node, f *syntax.Fn, name string) *jwtParts {
	arg := func(i int, names ...string) *syntax.Node {
		for _, a := range n.Args {
			for _, want := range names {
				if a.Name == want {
					return a.X
				}
			}
		}
		if i < len(n.Args) && n.Args[i].Name == "" {
			return n.Args[i].X
		}
		return nil
	}
	on := strings.ToLower(n.X.X.Last())
	switch {
	case name == "encode" && (pr.Lang == syntax.Python || pr.Lang == syntax.Ruby || pr.Lang == syntax.PHP): // jwt.encode(payload, secret, alg), JWT::encode
		if pr.Lang == syntax.Python && n.X.Kind == syntax.KName && !affix.Contains(f.Unit.From["encode"], "jwt") {
			return nil
		}
		if n.X.Kind == syntax.KMember && !affix.Contains(on, "jwt") {
			return nil
		}
		return &jwtParts{payload: arg(0, "payload", "claims"), secret: arg(1, "key", "secret"), alg: arg(2, "algorithm", "alg")}
	case name == "SignedString": // jwt.NewWithClaims(method, claims).SignedString([]byte(secret))
		p := &jwtParts{secret: arg(0)}
		x := resolveCall(pr, n.X.X, f, "NewWithClaims", "New")
		if x == nil {
			return nil
		}
		if len(x.Args) > 0 {
			p.alg = x.Args[0].X
		}
		if len(x.Args) > 1 {
			p.payload = x.Args[1].X
		}
		return p
	case name == "compact": // Jwts.builder().claim("user_id", x).signWith(key)
		return chain(n.X.X, map[string]int{"signWith": 0}, "claim", "add", "setClaims", "claims", "addClaims")
	case name == "sign" && (pr.Lang == syntax.Java || pr.Lang == syntax.Kotlin): // JWT.create().withClaim("user_id", x).sign(Algorithm.HMAC256(secret))
		p := chain(n.X.X, nil, "withClaim", "", "", "", "")
		if p == nil {
			return nil
		}
		p.secret = arg(0)
		if p.secret != nil && affix.HasPrefix(p.secret.X.Last(), "HMAC") { // Algorithm.HMAC512(secret)
			p.alg = p.secret.X
		}
		return p
	case name == "Encode" && pr.Lang == syntax.CSharp: // JwtBuilder.Create().WithSecret(s).AddClaim("user_id", x).Encode()
		return chain(n.X.X, map[string]int{"WithSecret": 0}, "AddClaim", "", "", "", "")
	case name == "WriteToken" && len(n.Args) > 0:
		return dotnet(pr, n, f)
	}
	return nil
}

// algorithmName is an algorithm as a token's header names it, no matter what a
// library calls it: SigningMethodHS512, HMAC512, HmacSha512Signature.
func algorithmName(s string) string {
	t := affix.TrimSuffix(affix.TrimPrefix(s, "SigningMethod"), "Signature")
	for _, long := range []string{"HmacSha", "HMACSHA", "HMAC"} {
		if bits, ok := affix.CutPrefix(t, long); ok && (bits == "256" || bits == "384" || bits == "512") {
			return "HS" + bits
		}
	}
	return t
}

// resolveCall follows a variable to the call of one of these functions.
func resolveCall(pr *flow.Program, n *syntax.Node, f *syntax.Fn, names ...string) *syntax.Node {
	for range 6 {
		if n == nil {
			return nil
		}
		if n.Kind == syntax.KCall {
			for _, w := range names {
				if n.X.Last() == w {
					return n
				}
			}
			return nil
		}
		if n.Kind != syntax.KName {
			return nil
		}
		var next *syntax.Node
		for g := f; g != nil && next == nil; g = g.Parent {
			for _, w := range pr.WritesIn(n.Text, g) {
				if w.X != nil && w.X.Kind == syntax.KCall {
					next = w.X
				}
			}
		}
		n = next
	}
	return nil
}

// chain reads a builder's calls from the last to the first.
func chain(x *syntax.Node, secret map[string]int, claim string, more ...string) *jwtParts {
	p := &jwtParts{}
	found := false
	for ; x != nil; x = x.X {
		if x.Kind != syntax.KCall {
			continue
		}
		name := x.X.Last()
		if i, ok := secret[name]; ok && i < len(x.Args) {
			p.secret = x.Args[i].X
			if len(x.Args) == 2 && i == 0 && x.Args[1].X != nil {
				if affix.Contains(strings.ToUpper(flow.Short(x.Args[0].X)), "ALGORITHM") { // signWith(alg, key)
					p.secret, p.alg = x.Args[1].X, x.Args[0].X
				} else {
					p.alg = x.Args[1].X
				}
			}
		}
		if name == claim && len(x.Args) == 2 && x.Args[0].X != nil {
			key := x.Args[0].X.Text
			p.claims = append(p.claims, syntax.Arg{Name: key, X: x.Args[1].X})
			found = true
		}
		switch name {
		case "setSubject", "subject", "withSubject", "Subject":
			if len(x.Args) == 1 {
				p.claims = append(p.claims, syntax.Arg{Name: "sub", X: x.Args[0].X})
				found = true
			}
		case "setExpiration", "expiration", "withExpiresAt", "ExpirationTime":
			if len(x.Args) == 1 {
				p.claims = append(p.claims, syntax.Arg{Name: "exp", X: x.Args[0].X})
			}
		}
		low := strings.ToLower(name)
		p.open = p.open || name != claim && (affix.Contains(low, "claim") || affix.Contains(low, "payload") || low == "and" || low == "add")
		for _, m := range more {
			if m != "" && name == m && len(x.Args) == 1 {
				p.payload = x.Args[0].X
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
func dotnet(pr *flow.Program, n *syntax.Node, f *syntax.Fn) *jwtParts {
	t := resolveCall(pr, n.Args[0].X, f, "JwtSecurityToken", "CreateToken", "CreateJwtSecurityToken")
	if t == nil {
		return nil
	}
	p := &jwtParts{made: true}
	seen := map[*syntax.Node]bool{}
	var look func(x *syntax.Node, depth int)
	look = func(x *syntax.Node, depth int) {
		if x == nil || seen[x] || depth > 6 {
			return
		}
		seen[x] = true
		x.EachOutside(func(y *syntax.Node) {
			switch {
			case y.Kind == syntax.KCall && y.X.Last() == "SymmetricSecurityKey" && len(y.Args) > 0:
				p.secret = y.Args[0].X
			case y.Kind == syntax.KCall && y.X.Last() == "SigningCredentials" && len(y.Args) > 1:
				p.alg = y.Args[1].X
			case y.Kind == syntax.KCall && y.X.Last() == "Claim" && len(y.Args) > 1 && y.Args[0].X != nil:
				p.claims = append(p.claims, syntax.Arg{Name: y.Args[0].X.Text, X: y.Args[1].X})
			case y.Kind == syntax.KName && y != x || y.Kind == syntax.KName && depth > 0 || y.Kind == syntax.KName:
				for g := f; g != nil; g = g.Parent {
					for _, w := range pr.WritesIn(y.Text, g) {
						look(w.X, depth+1)
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
