package resolve

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
)

// demand is an argument of another library's function, or a member of it, without which that throws an error.
type demand struct {
	from, name, key string
	at              uint8
}

var demanded = []demand{
	{"openai", "OpenAI", "apiKey", 0}, {"groq-sdk", "Groq", "apiKey", 0}, {"stripe", "Stripe", "", 0}, {"resend", "Resend", "", 0},
	{"@supabase/supabase-js", "createClient", "", 0}, {"@supabase/supabase-js", "createClient", "", 1}, {"@neondatabase/serverless", "neon", "", 0},
	{"passport-jwt", "Strategy", "secretOrKey", 0}, {"passport-google-oauth20", "Strategy", "clientID", 0}, {"passport-github2", "Strategy", "clientID", 0},
	{"mongodb", "MongoClient", "", 0}, {"twilio", "Twilio", "", 0}, {"mongoose", "connect", "", 0},
}

// endsWithout finds a variable, neither secret nor key, without which the program ends at its start, and that nothing sets.
func (r *running) endsWithout(out *facts.Server) {
	if r.l != nil {
		return
	}
	for _, m := range r.s.Mods {
		modules.VisitCalls(m, func(c *jsread.Call) {
			switch {
			case out.Ends != nil:
			case c.Callee == "process.exit" || c.New && affix.HasSuffix(c.Callee, "Error"):
				for j := range m.Ifs {
					if n := &m.Ifs[j]; n.Scope == 0 && c.At >= n.From && c.At <= n.To && r.endsIf(out, m, &n.Cond, 4) {
						return
					}
				}
			default:
				if x := mayNotLack(m, c); x != nil {
					r.lacksOne(out, m, c.Scope, x)
				}
			}
		})
	}
}

// endsIf finds the variable that a condition misses: !A || !B.
func (r *running) endsIf(out *facts.Server, m *modules.Module, x *jsread.Expr, depth int) bool {
	for i := range x.Parts {
		p := &x.Parts[i]
		if depth > 0 && x.Kind == jsread.Either && x.Text == "||" && r.endsIf(out, m, p, depth-1) || x.Kind == jsread.Other && x.Text == "!" && r.lacksOne(out, m, 0, p) {
			return true
		}
	}
	return false
}

// lacksOne notes the variable that an expression is, where nothing sets it.
func (r *running) lacksOne(out *facts.Server, m *modules.Module, at jsread.Scope, x *jsread.Expr) bool {
	ls := modules.Eval(r.p.Graph, m, at, *x)
	if len(ls) != 1 || ls[0].Kind != modules.LeafEnv || ls[0].Text == out.SecretName || ls[0].Text == out.KeyName || !r.nothingSets(ls) {
		return false
	}
	e := &facts.Read{Name: ls[0].Text, Value: -1, File: ls[0].Mod.Rel, Line: ls[0].Line}
	r.lines(func(file string, l *envfile.Line) {
		if l.Name != out.SecretName && l.Name != out.KeyName && names.NearName(l.Name, e.Name) > 0 && !r.readsElse(l.Name) {
			e.File, e.Line, e.Transform = file, l.Line, l.Name
		}
	})
	out.Ends = e
	return true
}

// exits reports a call of process.exit beside another call, or a server that listens only after it.
func exits(m *modules.Module, c *jsread.Call) (is bool) {
	modules.VisitCalls(m, func(e *jsread.Call) {
		is = is || e.Callee == "process.exit" && e.Func == c.Func || c.Scope == 0 && e.Scope != 0 && facts.LastName(e.Callee) == "listen"
	})
	return is
}

// mayNotLack is the argument of a call that may not be undefined, while the program starts.
func mayNotLack(m *modules.Module, c *jsread.Call) *jsread.Expr {
	for i := range demanded {
		d := &demanded[i]
		at := int(d.at)
		if len(c.Args) <= at || !d.called(m, c.Callee) || d.from == "mongoose" && !exits(m, c) ||
			d.from != "mongoose" && d.name != "Strategy" && (c.Scope != 0 || c.Func != "") && !(c.Func == "constructor" && makesOne(m)) {
			continue
		}
		x := c.Args[at]
		if x.Kind == jsread.Ident && d.key != "" {
			for i := range m.Assigned {
				if a := &m.Assigned[i]; a.Object == x.Text && a.Name == d.key {
					return &a.Expr
				}
			}
			x, _ = m.Resolve(c.Scope, x.Text)
		}
		if d.key == "" {
			return &x
		}
		for i, k := range x.Keys() {
			if k == d.key && i < len(x.Parts) {
				return &x.Parts[i]
			}
		}
	}
	return nil
}

// makesOne reports a module that makes an object of a class of its own as it is loaded.
func makesOne(m *modules.Module) (is bool) {
	modules.VisitCalls(m, func(c *jsread.Call) {
		is = is || c.New && c.Scope == 0 && c.Func == "" && m.Holds("class "+c.Callee)
	})
	return is
}

// called reports that a callee is what the package exports under the name, or its default.
func (d *demand) called(m *modules.Module, callee string) bool {
	head, rest, _ := affix.Cut(callee, ".")
	for i := range m.Imports {
		if e := m.Imports[i].Names[head]; m.Imports[i].From == d.from && (e == d.name || e == "default" || e == "*") && (rest == "" || rest == d.name) {
			return true
		}
	}
	return false
}

// readsElse reports that the program's own code names a variable.
func (r *running) readsElse(name string) bool {
	for _, m := range r.s.Mods {
		if m.Holds("process . env . " + name) {
			return true
		}
	}
	return false
}
