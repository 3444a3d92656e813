package project

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a token that is written into a front end's source, or into an env file for it, is the one that its browser uses
//    where no code of the project responds with tokens: it is judged as if it had been passed with --token
//   - two of them, and one that is chosen among others, say nothing

// findPasted has the token that a front end holds judged.
func findPasted(p *picture.Reader) {
	if p.World.Target.Token != "" || len(p.Others) > 0 {
		return
	}
	for _, e := range p.Entries {
		if e.Kind != facts.EntryScript {
			return
		}
	}
	token, user, at := "", "", facts.Place{}
	odd := false
	pageModules(p, func(m *modules.Module) bool {
		for _, c := range m.Calls {
			_, x := connected(p, m, c)
			if x.Kind == jsread.None {
				continue
			}
			text, where := pastedText(p, modules.View{M: m, At: c.Scope, E: x})
			if odd = !looksLikeToken(text) || token != "" && token != text; odd {
				return false
			}
			if token == "" {
				token, at = text, where
				id, _ := connectedID(m, p, c)
				if v := modules.Settle(p.Graph, modules.View{M: m, At: c.Scope, E: id}); v.E.Kind == jsread.Literal {
					user = v.E.Text
				}
			}
		}
		return true
	})
	if token != "" && !odd {
		p.World.Paste(token, user, at)
	}
}

// pastedText is what is written where an expression leads: in the source, or in the one env file that sets a variable.
func pastedText(p *picture.Reader, v modules.View) (string, facts.Place) {
	v = modules.Settle(p.Graph, v)
	if f := jsread.FunctionOf(&v.M.Module, v.E.Fn); v.E.Kind == jsread.Func && f != nil && len(f.Returns) == 1 { // async () => token
		v = modules.Settle(p.Graph, modules.View{M: v.M, At: f.Own, E: f.Returns[0].Expr})
	}
	if v.E.Kind == jsread.Literal {
		return v.E.Text, v.Place()
	}
	text, at := "", facts.Place{}
	if ls := p.Leaves(v); len(ls) == 1 && ls[0].Kind == modules.LeafEnv {
		for _, e := range p.Envs {
			if raw, ok := e.Get(ls[0].Text); ok && e.Role != facts.RoleExample && e.Role != facts.RoleTest {
				if text != "" && text != string(raw) {
					return "", at
				}
				text = string(raw)
				for _, l := range e.Lines {
					if l.Name == ls[0].Text && !l.Commented {
						at = facts.Place{File: e.Rel, Line: l.Line}
					}
				}
			}
		}
	}
	return text, at
}

// looksLikeToken tells a JSON Web Token, whole or not, from a placeholder for one.
func looksLikeToken(text string) bool {
	return len(text) > 40 && affix.Contains(text, "eyJ") && affix.Contains(text, ".")
}
