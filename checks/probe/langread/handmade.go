package langread

import (
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// inJSON are the calls that make the text of a token's header and claims.
var inJSON = syntax.Set("json_encode", "dumps", "Marshal", "to_json", "generate", "Serialize", "writeValueAsString")

// handMade reads the claims and the algorithm of a token that the project puts
// together by itself: what its signing function turns into JSON.
func handMade(pr *flow.Program, s *flow.Site) {
	if s == nil {
		return
	}
	for _, c := range pr.All {
		if !inJSON[c.N.X.Last()] || c.Fn.Unit != s.Fn.Unit || !c.Fn.Inside(s.Fn) || c.Fn.Parent == nil {
			continue
		}
		x := c.N.X.X // hash.to_json
		if len(c.N.Args) > 0 {
			x = c.N.Args[0].X
		}
		one := &flow.Site{}
		payload(pr, one, x, flow.Frame{Fn: c.Fn}, 0)
		switch alg := one.Claim("alg"); {
		case one.Open:
		case alg != nil && alg.Text != "HS256":
			s.Alg = &flow.Claim{Name: "algorithm", Text: alg.Text, File: alg.File, Line: alg.Line}
		case len(s.Claims) == 0 && alg == nil && (one.Claim("user_id") != nil || one.Claim("exp") != nil || one.Claim("iat") != nil):
			s.Claims, s.User = one.Claims, one.User
		}
	}
}
