package resolve

import (
	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// corsFrom finds where the origin is set that the server allows pages of, where a variable of the environment holds it:
// the line of the file that sets it, else the text that the code falls back to.
func (r *running) corsFrom(out *facts.Server) {
	for _, m := range r.s.Mods {
		for i := range m.Calls {
			c := &m.Calls[i]
			switch facts.LastName(c.Callee) {
			case "cors", "enableCors", "register", "use":
			default:
				continue
			}
			for j := range c.Args {
				a := &c.Args[j]
				for n, k := range a.Keys() {
					if k == "origin" && a.Kind == jsread.Object && n < len(a.Parts) {
						out.CORSFrom = r.setOrigin(modules.Eval(r.p.Graph, m, c.Scope, a.Parts[n]))
						return
					}
				}
			}
		}
	}
}

// setOrigin is where the variable that is read first is set, or the text in its place.
func (r *running) setOrigin(ls []modules.Leaf) *facts.Read {
	if len(ls) == 0 || ls[0].Kind != modules.LeafEnv {
		return nil
	}
	if _, ok := r.initial(ls[0].Text); ok { // of the shell
		return nil
	}
	var out *facts.Read
	r.lines(func(file string, l *envfile.Line) {
		if out == nil && l.Name == ls[0].Text && !l.Duplicate {
			out = &facts.Read{Name: l.Name, Value: -1, File: file, Line: l.Line}
		}
	})
	if out == nil && len(ls) == 2 && ls[1].Kind == modules.LeafLiteral {
		out = &facts.Read{Value: -1, File: ls[1].Mod.Rel, Line: ls[1].Line}
	}
	return out
}
