package langread

import (
	"slices"
	"sort"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// tokenCalls are the names by which Stream's libraries make a user token.
var tokenCalls = syntax.Set("create_token", "create_user_token", "create_call_token", "createToken", "createUserToken", "createCallToken", "generateUserToken", "generate_user_token", "CreateToken", "CreateUserToken", "CreateCallToken",
	"createUserSessionToken", "create_user_session_token", "createUserFeedToken", "frontendToken", "user_session_token", "CreateUserSessionToken")

// sitesIn finds the calls that make tokens.
func sitesIn(pr *flow.Program) []*flow.Site {
	var out []*flow.Site
	for _, c := range pr.All {
		if s := siteOf(pr, c.N, c.Fn); s != nil {
			out = append(out, s)
		}
		if len(out) >= 40 {
			break
		}
	}
	// Where Stream's own library makes tokens, a JWT whose secret doesn't say
	// Stream is the project's own session.
	sure := affix.Any(out, func(s *flow.Site) bool { return s.Sure })
	out = affix.Without(out, func(s *flow.Site) bool { return sure && !s.Sure })
	sort.SliceStable(out, func(i, j int) bool { return out[i].Score > out[j].Score })
	return out
}

func siteOf(pr *flow.Program, n *syntax.Node, f *syntax.Fn) *flow.Site {
	name := n.X.Last()
	switch {
	case tokenCalls[name]:
		return librarySite(pr, n, f, name)
	case n.X.Kind == syntax.KMember && (name == "encode" || name == "sign" || name == "SignedString" || name == "compact" || name == "WriteToken" || name == "Encode" || name == "issueToken" || name == "CreateEncodedJwt"), name == "encode" && pr.Lang == syntax.Python:
		return jwtSite(pr, n, f, name)
	}
	s := pr.HmacSite(n, f, name)
	handMade(pr, s)
	if s != nil && !f.Unit.Says["user_id"] && (!s.Sure || len(s.Claims) == 0) {
		return nil
	}
	return s
}

// librarySite reads client.create_token(user_id, exp).
func librarySite(pr *flow.Program, n *syntax.Node, f *syntax.Fn, name string) *flow.Site {
	s := &flow.Site{Callee: name, Lang: pr.Lang, File: f.Unit.Path, Line: n.Line, Fn: f, N: n, Sure: true, Score: 20}
	fr := flow.Frame{Fn: f}
	if n.X.Kind != syntax.KMember {
		return nil
	}
	args := n.Args
	if (pr.Lang == syntax.Java || pr.Lang == syntax.Kotlin) && n.X.X.Last() == "User" && affix.Contains(f.Unit.Imports["User"]+"*"+wildcard(pr, f.Unit), "getstream") { // User.createToken([secret,] userId, …)
		if secretFirst(pr, n) {
			s.Secret = pr.Sources(args[0].X, fr)
			args = args[1:]
		} else if c := onlyClient(pr); c != nil {
			fromClient(pr, s, c)
		} else if len(args) > 4 { // none of the library's
			s.Secret, args = []flow.Source{{Links: []flow.Link{fr.Link(n)}}}, nil
		} else {
			fromProperties(pr, s, f)
		}
		claimsOfCall(pr, s, args, fr)
		return s
	}
	c := clientOf(pr, n.X.X, fr, 0)
	if c == nil && speaksOfStream(pr, f.Unit) && !userObject(pr, n.X.X) {
		if c = onlyClient(pr); c == nil {
			s.Score = 8
			s.Secret, s.Key = []flow.Source{{Links: []flow.Link{fr.Link(n.X)}}}, nil
			claimsOfCall(pr, s, args, fr)
			return s
		}
	}
	if c == nil {
		return nil
	}
	fromClient(pr, s, c)
	claimsOfCall(pr, s, args, fr)
	if c.lives || affix.HasPrefix(strings.ToLower(n.X.X.Last()), "tokenbuilder") {
		s.Claims = affix.Without(s.Claims, func(c flow.Claim) bool { return c.Name == "exp" || c.Name == "iat" })
	}
	return s
}

// wildcard gives the modules that a file imports everything from.
func wildcard(pr *flow.Program, u *syntax.Unit) string {
	return u.Imports["*"]
}

// secretFirst tells User.createToken(secret, userId, …) by its number of
// arguments, as the library's overloads do.
func secretFirst(pr *flow.Program, n *syntax.Node) bool {
	return len(n.Args) == 4 || len(n.Args) == 3 && n.Args[1].X != nil && speaksOfUser(n.Args[1].X)
}

func speaksOfUser(n *syntax.Node) bool {
	found := false
	n.EachOutside(func(x *syntax.Node) {
		found = found || affix.Contains(strings.ToLower(x.Text), "user") || x.Kind == syntax.KString
	})
	return found
}

// userObject tells $user->createToken(…): Laravel's own tokens.
func userObject(pr *flow.Program, n *syntax.Node) bool {
	low := strings.ToLower(n.Last())
	return affix.HasSuffix(low, "user") || low == "auth" || low == "$this" || low == "account" || low == "member"
}

// fromProperties is the client of Java's library that reads the environment or
// system properties.
func fromProperties(pr *flow.Program, s *flow.Site, f *syntax.Fn) {
	at := []flow.Link{{Name: s.Callee, File: s.File, Line: s.Line}}
	s.Secret, s.Key = []flow.Source{{Kind: flow.FromEnv, Name: "STREAM_SECRET", Links: at}}, []flow.Source{{Kind: flow.FromEnv, Name: "STREAM_KEY", Links: at}}
	found := false
	for _, ws := range pr.Writes { // properties["io.getstream.chat.apiSecret"] = …
		for _, w := range ws {
			if low := strings.ToLower(w.Name); w.How == flow.WKey && w.X != nil && affix.Contains(low, "getstream") {
				switch {
				case affix.HasSuffix(low, "apikey"):
					s.Key = pr.Sources(w.X, flow.Frame{Fn: w.Fn})
				case affix.HasSuffix(low, "apisecret"):
					s.Secret, found = pr.Sources(w.X, flow.Frame{Fn: w.Fn}), true
				}
			}
		}
	}
	for _, c := range slices.Concat(pr.Calls["put"], pr.Calls["setProperty"]) {
		if len(c.N.Args) < 2 || c.N.Args[0].X == nil {
			continue
		}
		name := strings.ToLower(c.N.Args[0].X.Last() + c.N.Args[0].X.Text)
		switch {
		case affix.Contains(name, "api_key") || affix.Contains(name, "apikey"):
			s.Key = pr.Sources(c.N.Args[1].X, flow.Frame{Fn: c.Fn})
		case affix.Contains(name, "api_secret") || affix.Contains(name, "apisecret"):
			s.Secret, found = pr.Sources(c.N.Args[1].X, flow.Frame{Fn: c.Fn}), true
		}
	}
	if !found && len(pr.Calls["setInstance"]) > 0 { // a client made of something that wasn't followed
		s.Secret, s.Key = []flow.Source{{Links: at}}, nil
	}
}

func fromClient(pr *flow.Program, s *flow.Site, c *client) {
	fr := flow.Frame{Fn: c.fn}
	at := fr.Link(c.n)
	s.Made = flow.Place{File: at.File, Line: at.Line}
	if c.secret == nil {
		s.Secret = []flow.Source{{Kind: flow.FromEnv, Name: c.env[1], Links: []flow.Link{at}}}
		s.Key = []flow.Source{{Kind: flow.FromEnv, Name: c.env[0], Links: []flow.Link{at}}}
	} else {
		s.Secret, s.Key = pr.Sources(c.secret, fr), nil
		if c.key != nil {
			s.Key = pr.Sources(c.key, fr)
		}
	}
	for _, list := range [][]flow.Source{s.Secret, s.Key} {
		for i := range list {
			if k := list[i].Links; len(k) == 0 || k[0].Line != at.Line || k[0].File != at.File {
				list[i].Links = append([]flow.Link{at}, k...)
			}
		}
	}
}

// claimsOfCall reads the user and the expiry of create_token(user, exp).
func claimsOfCall(pr *flow.Program, s *flow.Site, args []syntax.Arg, fr flow.Frame) {
	first, skipped := true, false
	for _, a := range args {
		if a.X == nil {
			continue
		}
		if !first && flow.IsNothing(a.X) { // no expiry
			skipped = true
			continue
		}
		name := strings.ToLower(affix.ReplaceAll(a.Name, "_", ""))
		switch {
		case name == "userid" || name == "id" || name == "" && first:
			s.User = flow.User(pr, a.X, fr)
			first = false
		case name == "exp" || name == "expiration" || name == "expiresat" || name == "validityinseconds" || name == "" && s.Claim("exp") == nil && !skipped:
			s.Claims = append(s.Claims, flow.ClaimOf(pr, "exp", a.X, fr))
		case name == "iat" || name == "issuedat" || name == "":
			s.Claims = append(s.Claims, flow.ClaimOf(pr, "iat", a.X, fr))
		}
		first = first && a.Name != ""
	}
}
