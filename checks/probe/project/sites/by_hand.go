package sites

import (
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// Rules of this file, about tokens that are made without a library:
//   - a segment's encoding is that of what makes it, followed through names and small functions of the project
//   - what is changed afterwards (replace in base64, a helper that isn't understood, a token that isn't given back as it was joined) says nothing

// describeByHand notes the algorithm, and the encoding of each segment.
func describeByHand(p *picture.Reader, s *picture.Site, out *facts.Site) {
	alg, ok := headerAlgorithm(s)
	if !ok {
		return
	}
	if out.Algorithm == nil {
		x := claimOf(p.Graph, "algorithm", s.View(alg))
		out.Algorithm = &x
	}
	if args := s.Call.Args; out.Algorithm.Text == "HS256" && s.How == "createHmac" && args[0].Kind == jsread.Literal {
		if hash := strings.ToLower(args[0].Text); hash == "sha384" || hash == "sha512" {
			out.Algorithm = &facts.Claim{Name: "algorithm", Text: "HS" + hash[3:], Place: facts.Place{File: s.Mod.Rel, Line: max(s.Call.Line, args[0].Line)}}
		}
	}
	f := s.Mod.Around(s.Call.Scope)
	if f == nil {
		return
	}
	for _, r := range f.Returns {
		v := modules.View{M: s.Mod, At: f.Own, E: r.Expr}
		list, ok := segmentsOf(p, v, 6)
		if !ok || len(list) != 3 {
			continue
		}
		for i, x := range list {
			if how, at := codeOf(p, x, 8); (how == "base64" || how == "hex") && at.Line > 0 {
				out.Coded = append(out.Coded, facts.Wrap{How: how, As: [3]string{"header", "payload", "signature"}[i], Place: at})
			}
		}
		return
	}
}

// segmentsOf are the three parts of header + '.' + payload + '.' + signature, also where the first two have a name.
func segmentsOf(p *picture.Reader, v modules.View, depth int) (list []modules.View, ok bool) {
	if depth == 0 || !p.Step() {
		return nil, false
	}
	switch e := v.E; {
	case e.Kind == jsread.Ident, e.Kind == jsread.Wrapped && e.Text == "join":
		next, ok := p.Once(v)
		if !ok {
			return nil, false
		}
		return segmentsOf(p, next, depth-1)
	case e.Kind == jsread.Template:
		for i, x := range e.Parts {
			if x.Kind == jsread.Literal {
				if x.Text != "." || i == 0 {
					return nil, false
				}
				continue
			}
			if inner, ok := segmentsOf(p, v.Of(&x), depth-1); ok && x.Kind == jsread.Ident {
				list = append(list, inner...)
			} else {
				list = append(list, v.Of(&x))
			}
		}
		return list, len(list) > 1
	}
	return nil, false
}

// codeOf is the encoding that an expression makes, and where; "" where that isn't known.
func codeOf(p *picture.Reader, v modules.View, depth int) (how string, at facts.Place) {
	if depth == 0 || !p.Step() {
		return "", at
	}
	e := v.E
	code := func(args []jsread.Expr) (string, facts.Place) {
		if len(args) == 1 && args[0].Kind == jsread.Literal {
			return args[0].Text, facts.Place{File: v.M.Rel, Line: max(e.Line, args[0].Line)}
		}
		return "", at
	}
	switch {
	case e.Kind == jsread.Ident:
		if next, ok := p.Once(v); ok && !facts.OneOf(v.M.Changed, e.Text) {
			return codeOf(p, next, depth-1)
		}
	case e.Kind == jsread.Wrapped && e.Text == "toString" && len(e.Parts) == 2:
		return code(e.Parts[1:])
	case e.Kind == jsread.Wrapped && (e.Text == "replace" || e.Text == "replaceAll"): // hexadecimal has none of what base64url replaces
		if how, at = codeOf(p, v.Of(&e.Parts[0]), depth-1); how == "hex" {
			return how, at
		}
		return "", at
	case e.Kind == jsread.Wrapped && e.Text == "btoa":
		return "base64", v.Place()
	case e.Kind == jsread.CallExpr && facts.LastName(e.Text) == "digest" && e.On() != nil:
		return code(e.Parts)
	case e.Kind == jsread.CallExpr:
		if f, ok := p.CalledFunction(v.M, v.At, e, 8); ok && len(f.Fn.Returns) == 1 {
			return codeOf(p, modules.View{M: f.Mod, At: f.Fn.Own, E: f.Fn.Returns[0].Expr}, depth-1)
		}
	}
	return "", at
}
