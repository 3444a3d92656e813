package slips

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/servers"
	"badsig/checks/probe/project/sites"
)

// Rules of this file:
//   - stream-chat's createToken accepts strings alone, and the _id of a document of Mongoose's is an object
//   - what req.user holds is told where all functions that set it give it such a document

// document tells a document, or its _id, that createToken gets as the user's ID.
func (f *finder) document() {
	u, s := &f.e.User, f.Sites[f.e.Site]
	m := f.Module(u.File)
	if u.Made || u.Changed.Line > 0 || s.SDK || !s.Stream || s.Payload.E.Kind != jsread.None || f.e.ServerOf == nil || m == nil {
		return
	}
	head, rest, _ := affix.Cut(u.Name, ".")
	is, line := u.From == sites.FromSession && u.Known.Sure() && f.set(head), u.Line
	if v := &f.e.Signed; u.From == "" && v.M == m { // found._id, as the handler has it
		head, rest, _ = affix.Cut(v.E.Text, ".")
		x, _, _ := jsread.Held(&m.Module, v.At, head)
		is = x.Kind == jsread.CallExpr && u.Name == affix.TrimSuffix(x.Text+"."+rest, ".") && !facts.OneOf(m.Changed, head) && f.model(m, x.Text)
		line = v.E.Line
	}
	switch {
	case is && rest == "_id":
		found(f.Reader, f.e.Site, facts.SlipObjectID, u.Name, m, line)
	case is && rest == "":
		found(f.Reader, f.e.Site, facts.SlipDocument, u.Name, m, line)
	}
}

// set reports a member of the request to which all functions that set it give a document.
func (f *finder) set(member string) (is bool) {
	for _, m := range f.e.ServerOf.Mods {
		for i := range m.Assigned {
			a := &m.Assigned[i]
			if a.Name != member || a.Object == "this" {
				continue
			}
			x := a.Expr
			for n := 0; n < 4 && x.Kind == jsread.Ident; n++ {
				x, _, _ = jsread.Held(&m.Module, a.Scope, x.Text)
			}
			if is = x.Kind == jsread.CallExpr && f.model(m, x.Text); !is {
				return false
			}
		}
	}
	return is
}

// queries are the calls of a model that give one document, and those that keep it one.
var queries = []string{"findById", "findOne", "findByIdAndUpdate", "findOneAndUpdate", "create", "select", "populate", "exec", "lean", "orFail"}

// model reports a call that gives one document of a model of Mongoose's.
func (f *finder) model(m *modules.Module, call string) bool {
	class, made := affix.CutPrefix(call, "new ")
	head, rest, _ := affix.Cut(class, ".")
	if !made && (!facts.OneOf(queries, facts.LastName(call)) || !affix.HasPrefix(rest, "findOne") && !affix.HasPrefix(rest, "findById") && !affix.HasPrefix(rest, "create")) {
		return false
	}
	t := servers.ImportedAs(f.Reader, m, head)
	return t != nil && t.Mentions("mongoose") && (t.Holds("model (") || t.Holds("model <")) && !t.Holds("_id :")
}
