package sites

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - the argument is where the code says which secret it takes: config.stream.secret in const key = encode(config.stream.secret)
//   - a name that holds the variable itself ends the way: const secret = process.env.STREAM_SECRET

// describeSecret notes where the secret's argument is, and what it is where no variable or literal gives it.
func describeSecret(p *picture.Reader, s *picture.Site, out *facts.Site) {
	if s.Secret.E.Kind == jsread.None || s.Secret.M == nil {
		return
	}
	arg := argumentOf(p, s.Secret, 8)
	at := facts.Place{File: arg.M.Rel, Line: arg.E.Line}
	if at.Line > 0 && at != out.Made {
		out.Argument = at
	}
	if arg.E.Kind == jsread.Ident && len(out.Secret) == 1 && out.Secret[0].As != "" {
		out.Secret[0].As = arg.E.Text
	}
	all := func(is func(l *modules.Leaf) bool) bool {
		for i := range s.Use.Leaves {
			if !is(&s.Use.Leaves[i]) {
				return false
			}
		}
		return len(s.Use.Leaves) > 0
	}
	switch member := arg.E.Kind == jsread.Ident && affix.Contains(arg.E.Text, "."); {
	case all(func(l *modules.Leaf) bool { return l.Random && l.Mod != nil && l.Line > 0 }):
		out.Drawn = s.Use.Leaves[0].Place()
	case member && at.Line > 0 && all(func(l *modules.Leaf) bool { return l.Kind == modules.LeafUndefined && !l.Assumed }):
		out.Lacks = &facts.Link{Name: arg.E.Text, Value: -1, Known: facts.IsRead, Place: at}
	}
}

// encoders make a key of a text.
var encoders = names.Words("encode", "from", "createSecretKey", "TextEncoder")

// argumentOf follows a name, and what makes a key of a text, to the expression that says which secret it is.
func argumentOf(p *picture.Reader, v modules.View, depth int) modules.View {
	if depth == 0 {
		return v
	}
	switch e := v.E; {
	case e.Kind == jsread.Ident && !affix.Contains(e.Text, "."):
		if fn, i, member, ok := jsread.ParamAt(&v.M.Module, v.At, e.Text); ok && member == "" && fn.Name != "" { // sign(id, apiKey)
			if all := callersOf(p, modules.FnRef{Mod: v.M, Fn: fn}); len(all) == 1 && i < len(all[0].Call.Args) && all[0].Call.Args[i].Kind == jsread.Ident {
				c := all[0]
				return argumentOf(p, modules.View{M: c.Mod, At: c.Call.Scope, E: c.Call.Args[i]}, depth-1)
			}
			return v
		}
		held, _, ok := jsread.Held(&v.M.Module, v.At, e.Text)
		if !ok || held.Param() != nil || facts.OneOf(v.M.Changed, e.Text) {
			return v
		}
		if next := argumentOf(p, v.Of(&held), depth-1); next.E.Kind == jsread.Ident && next.E.Line > 0 {
			return next
		}
	case e.Kind == jsread.Wrapped && len(e.Parts) > 0 && !affix.HasPrefix(e.Text, "."), e.Kind == jsread.CallExpr && len(e.Parts) > 0 && encoders[facts.LastName(e.Text)]:
		if next := argumentOf(p, v.Of(&e.Parts[0]), depth-1); next.E.Kind == jsread.Ident && next.E.Line > 0 {
			return next
		}
	case e.Kind == jsread.CallExpr && facts.LastName(e.Text) == "importKey" && len(e.Parts) > 1:
		return argumentOf(p, v.Of(&e.Parts[1]), depth-1)
	}
	return v
}
