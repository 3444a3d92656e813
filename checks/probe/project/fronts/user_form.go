package fronts

import (
	"fmt"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// Rules of this file, about the user's ID on the page, where it is sent and where it is connected as:
//   - two IDs are compared where both are of one variable, or are members of one: what is put before or after it makes another ID
//   - a variable that is assigned another value, and a function with several callers, keep what they hold to themselves
//   - IDs that are written out are compared where one outermost function has both, or hands the one over: pages have users of their own

// keepsID are the calls that leave an ID what it is.
var keepsID = names.Words("String", "toString", "!", "as", "satisfies", "encodeURIComponent")

// UserForm tells of which variable an ID is, and what the page puts around it; Of is "" where that isn't known.
func UserForm(p *picture.Reader, v modules.View) facts.IDForm {
	defer p.Ask()()
	f := formOf(p, v, 8)
	if f.Line == 0 {
		f.Inline, f.Place = v.E.Kind != jsread.Ident, v.Place()
	}
	f.Flow = v.M.Rel
	for _, fn := range v.M.Funcs { // the outermost comes first
		if fn.First <= v.E.Line && v.E.Line <= fn.Last {
			f.Flow = fmt.Sprint(v.M.Rel, fn.First)
			break
		}
	}
	if v.E.Kind != jsread.Literal && (v.E.Kind != jsread.Ident || f.Pre+f.Post != "" || paramOf(v) != nil) {
		return f
	}
	if s := modules.Settle(p.Graph, modules.View{M: v.M, At: v.At, E: v.E}); s.E.Kind == jsread.Literal && s.E.Text != "" {
		f.Text = s.E.Text
		f.Says = "'" + f.Text + "'"
		n := 0
		for _, m := range p.ReadOrder {
			n += m.Says(f.Text)
		}
		f.Lone = n == 1
	}
	return f
}

// OrEmpty tells a value with an empty string in its place where it has none: user?.id || ”.
//
//go:noinline
func OrEmpty(e *jsread.Expr) bool {
	return e.Kind == jsread.Either && len(e.Parts) == 2 && (e.Text == "??" || e.Text == "||") && e.Parts[1].Kind == jsread.Literal && e.Parts[1].Text == ""
}

// paramOf is the parameter that a name is, or is a member of.
func paramOf(v modules.View) *jsread.Param {
	if v.E.Kind != jsread.Ident {
		return nil
	}
	x, _ := v.M.Resolve(v.At, v.E.Text)
	return x.Param()
}

func formOf(p *picture.Reader, v modules.View, depth int) (f facts.IDForm) {
	m, e := v.M, v.E
	if depth == 0 || !p.Step() {
		return f
	}
	switch {
	case e.Kind == jsread.Template:
		for _, part := range e.Parts {
			switch {
			case part.Kind == jsread.Literal && f.Of == "":
				f.Pre += part.Text
			case part.Kind == jsread.Literal:
				f.Post += part.Text
			case f.Of != "":
				return facts.IDForm{}
			default:
				x := formOf(p, v.Of(&part), depth-1)
				if x.Of == "" {
					return x
				}
				f.Of, f.Name, f.Says, f.Pre, f.Post = x.Of, x.Name, x.Says, f.Pre+x.Pre, x.Post
			}
		}
	case OrEmpty(&e):
		return formOf(p, v.Of(&e.Parts[0]), depth-1)
	case e.Kind == jsread.Wrapped && keepsID[e.Text] && len(e.Parts) > 0:
		return formOf(p, v.Of(&e.Parts[0]), depth-1)
	case e.Kind == jsread.Ident && e.Text != "" && !modules.IsUndefined(e):
		head, _, _ := affix.Cut(e.Text, ".")
		x, ok := m.Resolve(v.At, e.Text)
		key := e.Text
		if x.Param() != nil {
			key = x.Param().Key
		}
		if root, member, _ := affix.Cut(key, "."); root == "arg" {
			if a, ok := triggered(p); ok {
				a = memberOf(a, member)
				if f = formOf(p, a, depth-1); f.Line == 0 {
					f.Inline, f.Place = a.E.Kind != jsread.Ident, a.Place()
				}
				return f
			}
		}
		switch {
		case facts.OneOf(m.Changed, head) || head == "this" || head == "process":
		case ok && x.Param() != nil:
			if given := modules.PropsGiven(p.Graph, m, x.Param()); len(given) == 1 { // <Call userId={userId} />
				if f = formOf(p, given[0], depth-1); f.Of != "" {
					return f
				}
			}
			if a, ok := onlyCaller(p, m, x.Param()); ok {
				if f = formOf(p, a, depth-1); x.Param().Key == "" && f.Line == 0 {
					f.Inline, f.Place = a.E.Kind != jsread.Ident, a.Place()
				}
				if f.Of != "" {
					return f
				}
			}
			f.Of, f.Name, f.Says = fmt.Sprintf("%s#%s:%d", m.Rel, x.Param().Func, x.Param().Index), x.Param().Key, e.Text
		case ok && (x.Kind == jsread.Template || x.Kind == jsread.Wrapped && keepsID[x.Text]):
			return formOf(p, v.Of(&x), depth-1)
		case !ok && x.Kind == jsread.Ident && x.Text != e.Text:
			return formOf(p, v.Of(&x), depth-1)
		default:
			f.Of, f.Name, f.Says = fmt.Sprintf("%s#%d", m.Rel, jsread.DeclaredIn(&m.Module, v.At, head)), e.Text, e.Text
		}
	}
	return f
}

// HandedForms are the forms of an ID that is a parameter, as each of several callers of its function hands it over.
func HandedForms(p *picture.Reader, v modules.View, depth int) (out []facts.IDForm) {
	q := paramOf(v)
	if q == nil || depth == 0 {
		return nil
	}
	callers := modules.RequestersOf(p.Graph, v.M, q.Func)
	for _, c := range callers {
		if q.Index >= len(c.B.Args) {
			continue
		}
		a := memberOf(c.B.Args[q.Index], q.Key)
		if further := HandedForms(p, a, depth-1); further != nil {
			out = append(out, further...)
		} else if len(callers) > 1 && a.E.Kind != jsread.None {
			out = append(out, UserForm(p, a))
		}
	}
	return out
}

// onlyCaller is what the one call of a function hands over for a parameter, or a member of it.
func onlyCaller(p *picture.Reader, m *modules.Module, q *jsread.Param) (modules.View, bool) {
	callers := modules.RequestersOf(p.Graph, m, q.Func)
	if len(callers) != 1 || q.Index >= len(callers[0].B.Args) {
		return modules.View{}, false
	}
	a := memberOf(callers[0].B.Args[q.Index], q.Key)
	return a, a.E.Kind != jsread.None
}

// memberOf is a member of what a view has; the zero View where that isn't known.
func memberOf(a modules.View, key string) modules.View {
	switch i := slices.Index(a.E.Keys(), key); {
	case key == "":
		return a
	case a.E.Kind == jsread.Ident:
		a.E.Text += "." + key
		return a
	case a.E.Kind == jsread.Object && i >= 0:
		return a.Of(&a.E.Parts[i])
	}
	return modules.View{M: a.M}
}

// idsOfURL notes how the page has the IDs in a URL: in its query by the field, in its path by how many segments follow.
func idsOfURL(p *picture.Reader, v modules.View, x *facts.Fetch, depth int) {
	v = modules.Settle(p.Graph, v)
	switch e := v.E; {
	case depth == 0:
	case e.Kind == jsread.CallExpr && e.Text == "new URL" && len(e.Parts) > 0, e.Kind == jsread.Wrapped && e.Text == "toString" && len(e.Parts) > 0:
		idsOfURL(p, v.Of(&e.Parts[0]), x, depth-1)
	case e.Kind == jsread.CallExpr && e.Text == "new URLSearchParams" && len(e.Parts) > 0:
		list, _ := modules.FieldsOf(p.Graph, v.Of(&e.Parts[0]), 4)
		for _, o := range list {
			sendsID(p, x, o.Key, o.V)
		}
	case e.Kind == jsread.Template:
		for i, part := range e.Parts {
			if part.Kind == jsread.Literal {
				continue
			}
			before, after := "", ""
			if i > 0 && e.Parts[i-1].Kind == jsread.Literal {
				before = e.Parts[i-1].Text
			}
			for _, next := range e.Parts[i+1:] {
				after += next.Text // of a hole, its name
			}
			after, _, _ = affix.Cut(after, "?")
			cut := strings.LastIndexAny(before, "=/")
			f := UserForm(p, v.Of(&part))
			if cut < 0 || f.Of == "" && f.Text == "" || affix.Contains(before[cut:], "?") {
				idsOfURL(p, v.Of(&part), x, depth-1)
				continue
			}
			field := fmt.Sprintf("/%d", strings.Count(after, "/"))
			if before[cut] == '=' {
				field = before[strings.LastIndexAny(before[:cut], "?&")+1 : cut]
				after, _, _ = affix.Cut(after, "&")
			}
			after, _, _ = affix.Cut(after, "/")
			if pre := before[cut+1:]; pre+after != "" {
				f.Pre, f.Post, f.Inline, f.Place = pre+f.Pre, f.Post+after, true, v.Of(&part).Place()
			}
			notesID(p, x, field, v.Of(&part), f)
		}
	}
}

// sendsID notes how the page has an ID or a name that a request sends.
func sendsID(p *picture.Reader, x *facts.Fetch, field string, v modules.View) {
	if !facts.HasID([]string{field}) && !facts.OneOf(facts.NameNames, facts.LastName(field)) {
		return
	}
	notesID(p, x, field, v, UserForm(p, v))
}

// notesID keeps the form of an ID, and those that the callers of the function around it hand over.
func notesID(p *picture.Reader, x *facts.Fetch, field string, v modules.View, f facts.IDForm) {
	if f.Of != "" || f.Text != "" {
		x.SendsID(field, f)
	}
	if q := paramOf(v); q != nil {
		for _, c := range modules.RequestersOf(p.Graph, v.M, q.Func) {
			if q.Index < len(c.B.Args) {
				if f := UserForm(p, memberOf(c.B.Args[q.Index], q.Key)); f.Text != "" {
					x.SendsID(field, f)
				}
			}
		}
	}
}
