package probe

import (
	"net/url"
	"path"
	"strings"

	"badsig/checks/probe/jsread"
	"badsig/checks/probe/pattern"
)

// Rules of this file:
//   - a URL is put together as the program does it, and the line of each literal in it is kept
//   - of two addresses that a condition on something else than the environment chooses between, one on this machine is taken, and that is said to be assumed
//   - a variable that nothing sets leaves the path, which is right all the same

// address is a URL as far as the source tells it.
type address struct {
	text    string
	whole   bool  // nothing in it or after it is missing
	assumed bool  // a part of it was chosen, or is not known
	host    Place // the line that holds scheme, host or port
	path    Place // the line that holds the last piece of the path
	unset   string
	missing *missingParam // a parameter that it depends on
	names   []string      // of the query, where a builder was given them
}

type missingParam struct {
	m *module
	q jsread.Param
}

// add puts a further piece behind an address.
func (a *address) add(b address) {
	if strings.Contains(b.text, "://") || a.text == "" && b.host != (Place{}) {
		a.host = b.host
	} else if strings.HasSuffix(a.text, ":") && strings.Contains(a.text, "://") && b.path != (Place{}) { // the port
		a.host = b.path
	} else if a.host == (Place{}) && a.text != "" && strings.Contains(a.text+b.text, "://") {
		a.host = b.path
	}
	if strings.Contains(afterHost(b.text), "/") || a.path == (Place{}) {
		a.path = b.path
	}
	a.text += b.text
	a.assumed = a.assumed || b.assumed
	if a.unset == "" {
		a.unset = b.unset
	}
	if a.missing == nil {
		a.missing = b.missing
	}
	a.names = append(a.names, b.names...)
}

// afterHost is what follows a URL's host; all of a path.
func afterHost(text string) string {
	if _, rest, ok := strings.Cut(text, "://"); ok {
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			return rest[i:]
		}
		return ""
	}
	return text
}

// textOf gives a URL's text as far as it can be told from its beginning.
func (p *project) textOf(f *front, m *module, at jsread.Scope, e jsread.Expr, depth int) (text string, whole bool) {
	a := p.addressOf(f, view{m, at, e}, nil, depth)
	return a.text, a.whole
}

// addressOf builds a URL.
func (p *project) addressOf(f *front, v view, b *bound, depth int) address {
	defer p.ask()()
	if depth <= 0 || !p.step() {
		return address{assumed: true}
	}
	if v.e.Kind == jsread.Ident && ownAddress(v.e.Text) {
		return address{whole: true, text: ownAddressText(v.e.Text)}
	}
	name := v.e.Text
	user := v.e.Kind == jsread.Ident && depth < 12 && isUserName(lastName(name))
	s := p.settle(v, b)
	switch e := s.e; e.Kind {
	case jsread.Literal, jsread.Number:
		a := address{text: e.Text, whole: true, path: s.place()}
		if strings.Contains(e.Text, "://") {
			a.host = a.path
		}
		return a
	case jsread.Template:
		return p.joined(f, s, e.Parts, b, depth)
	case jsread.Either:
		return p.chosenAddress(f, s, b, depth)
	case jsread.Env:
		return p.envAddress(f, s)
	case jsread.Wrapped:
		return p.wrappedAddress(f, s, b, depth)
	case jsread.CallExpr:
		if a, ok := p.calledAddress(f, s, b, depth); ok {
			return a
		}
	case jsread.Other:
		if e.Param != nil {
			if user || isUserName(e.Param.Key) {
				return address{text: p.w.Target.UserID, whole: true}
			}
			if ls := p.eval(s.m, s.at, e); len(ls) > 0 && ls[0].kind != leafUnknown {
				return p.leafAddress(f, ls)
			}
			return address{assumed: true, missing: &missingParam{s.m, *e.Param}}
		}
	case jsread.Ident:
		if hostOfPackager(e.Text) {
			return address{text: "localhost", whole: true, assumed: true}
		}
		if user {
			break
		}
		if ls := p.eval(s.m, s.at, e); len(ls) > 0 {
			return p.leafAddress(f, ls)
		}
	}
	if user {
		return address{text: p.w.Target.UserID, whole: true}
	}
	return address{assumed: true}
}

// joined puts the pieces of a template together. A first piece that is not
// known leaves the path; a later one ends what can be told.
func (p *project) joined(f *front, v view, parts []jsread.Expr, b *bound, depth int) address {
	var a address
	for i, part := range parts {
		x := p.addressOf(f, v.of(part), b, depth-1)
		a.add(x)
		if len(a.text) > maxText {
			return a
		}
		if !x.whole {
			if i == 0 && len(parts) > 1 && x.text == "" {
				a.assumed = true
				continue
			}
			return a
		}
	}
	a.whole = true
	return a
}

// chosenAddress is one of several: a default, a fallback, a condition.
func (p *project) chosenAddress(f *front, v view, b *bound, depth int) address {
	parts := v.e.Parts
	if v.e.Text == "&&" && len(parts) > 1 {
		parts = parts[len(parts)-1:]
	}
	var first, unset *address
	differ := false
	for _, part := range parts {
		a := p.addressOf(f, v.of(part), b, depth-1)
		switch {
		case a.text == "" && (a.unset != "" || v.e.Text != "?dev"):
			if unset == nil {
				unset = &a
			}
			continue
		case v.e.Text == "?:":
			if first == nil {
				first = &a
			} else if first.text != a.text {
				differ = true
				if !isLoopbackURL(first.text) && isLoopbackURL(a.text) {
					first = &a
				}
			}
			continue
		}
		return a // ?dev, || and ??: the first that is set
	}
	if first != nil {
		first.assumed = first.assumed || differ
		return *first
	}
	if unset != nil {
		return *unset
	}
	return address{assumed: true}
}

func (p *project) wrappedAddress(f *front, v view, b *bound, depth int) address {
	e := v.e
	if len(e.Parts) == 0 {
		return address{assumed: true}
	}
	switch e.Text {
	case "String", "toString", "encodeURI", "valueOf", "trim", "+", ".href":
		return p.addressOf(f, v.of(e.Parts[0]), b, depth-1)
	case "encodeURIComponent":
		a := p.addressOf(f, v.of(e.Parts[0]), b, min(depth-1, 11))
		a.text = url.PathEscape(a.text)
		return a
	case "replace": // url.replace(/\/$/, '') and its like change nothing that matters here
		if len(e.Parts) > 2 && e.Parts[2].Kind == jsread.Literal && e.Parts[2].Text == "" {
			a := p.addressOf(f, v.of(e.Parts[0]), b, depth-1)
			a.text = strings.TrimRight(a.text, "/")
			return a
		}
	}
	if strings.HasPrefix(e.Text, ".") || hostOfPackager(e.Text) {
		if hostOfPackager(e.Text) || len(e.Parts) > 0 && hostOfPackager(e.Parts[0].Text) {
			return address{text: "localhost", whole: true, assumed: true}
		}
		if ls := p.eval(v.m, v.at, e); len(ls) > 0 {
			return p.leafAddress(f, ls)
		}
	}
	return address{assumed: true}
}

// calledAddress is a URL that a call gives: new URL, a builder of the
// project's own, Platform.select.
func (p *project) calledAddress(f *front, v view, b *bound, depth int) (address, bool) {
	e := v.e
	part := func(i int) address { return p.addressOf(f, v.of(e.Parts[i]), b, depth-1) }
	switch name := lastName(e.Text); {
	case (e.Text == "new URL" || name == "resolve") && len(e.Parts) == 2:
		base, rest := part(1), part(0)
		if u, err := url.Parse(base.text); err == nil && base.text != "" {
			if r, err := u.Parse(rest.text); err == nil {
				whole, text := base.whole && rest.whole, r.String()
				base.add(rest)
				base.text, base.whole = text, whole
				return base, true
			}
		}
		return rest, true
	case (e.Text == "new URL" || e.Text == "new Request" || name == "cleanDoubleSlashes" || name == "normalizeUrl") && len(e.Parts) >= 1:
		return part(0), true
	case (name == "joinURL" || name == "urljoin" || name == "urlJoin" || name == "joinUrl") && len(e.Parts) > 1:
		a := part(0)
		for i := range e.Parts[1:] {
			x := part(i + 1)
			text := joinURL(a.text, x.text)
			a.add(x)
			a.text, a.whole = text, a.whole && x.whole
		}
		return a, true
	case name == "withQuery" && len(e.Parts) > 1:
		a := part(0)
		list, _ := p.fieldsOf(v.of(e.Parts[1]), b, 4)
		for _, x := range list {
			a.names = append(a.names, x.key)
		}
		return a, true
	case name == "join" && e.On != nil && e.On.Kind == jsread.Array && len(e.Parts) == 1 && e.Parts[0].Text == "/":
		var parts []jsread.Expr
		for i, x := range e.On.Parts {
			if i > 0 {
				parts = append(parts, jsread.Expr{Kind: jsread.Literal, Text: "/", Line: x.Line})
			}
			parts = append(parts, x)
		}
		return p.joined(f, v, parts, b, depth), true
	case e.Text == "Platform.select" && len(e.Parts) == 1 && e.Parts[0].Kind == jsread.Object && len(e.Parts[0].Parts) > 0:
		choice := jsread.Expr{Kind: jsread.Either, Text: "?:", Parts: e.Parts[0].Parts, Line: e.Line}
		return p.chosenAddress(f, v.of(choice), b, depth), true
	}
	t, fn := p.functionOf(v.m, v.at, e.Text)
	if t == nil {
		if ls := p.eval(v.m, v.at, e); len(ls) > 0 && ls[0].kind != leafUnknown {
			return p.leafAddress(f, ls), true
		}
		return address{}, false
	}
	inner := &bound{mod: t, fn: fn, args: callAt{v.m, &jsread.Call{Scope: v.at}}.views(e.Parts), up: b}
	var out *address
	for _, r := range t.returnsOf(fn) {
		a := p.addressOf(f, view{t, r.Scope, r.Expr}, inner, depth-1)
		if a.text == "" && !a.whole {
			continue
		}
		switch {
		case out == nil:
			out = &a
		case out.text != a.text:
			if !isLoopbackURL(out.text) && isLoopbackURL(a.text) {
				out = &a
			}
			out.assumed = true
		}
	}
	if out == nil {
		return address{}, false
	}
	return *out, true
}

// leafAddress is what the evaluator makes of an expression.
func (p *project) leafAddress(f *front, ls []leaf) address {
	var unset address
	for _, l := range ls {
		at := Place{Line: l.line}
		if l.mod != nil {
			at.File = l.mod.rel
		}
		switch l.kind {
		case leafLiteral:
			if l.transform != "" && l.transform != "template" {
				continue
			}
			a := address{text: l.text, whole: true, path: at}
			if strings.Contains(l.text, "://") {
				a.host = at
			}
			return a
		case leafEnv:
			if l.transform != "" && l.transform != "template" || l.mod == nil {
				continue
			}
			a := p.envAddress(f, view{l.mod, 0, jsread.Expr{Kind: jsread.Env, Text: l.text, Meta: l.meta, Line: l.line}})
			if a.text != "" {
				return a
			}
			unset = a
		}
	}
	unset.assumed = true
	return unset
}

// envAddress is a variable's text, with the line that sets it.
func (p *project) envAddress(f *front, v view) address {
	if v.e.Text == "BASE_URL" && v.e.Meta { // Vite's own: the folder that it serves
		return address{whole: true, text: "/"}
	}
	text, at, ok := p.frontText(f, v.e.Text, v.e.Meta)
	if !ok {
		return address{assumed: true, unset: v.e.Text}
	}
	return address{text: text, whole: true, host: at, path: at}
}

// frontText is the value of a variable in the front end's code, and the line that sets it.
func (p *project) frontText(f *front, name string, meta bool) (string, Place, bool) {
	if gets, known := f.browserGets(name, meta); known && !gets {
		return "", Place{}, false
	}
	if f.start != nil {
		for _, a := range f.start.env {
			if a.name == name {
				return a.value, Place{File: f.start.pkg.fileName(), Line: f.start.line}, true
			}
		}
	}
	if v, src, line := p.frontFile(f, name); src != nil && v != "" {
		return v, Place{File: src.rel, Line: line}, true
	}
	if f.free {
		for _, rel := range []string{".env.local", ".env.development", ".env"} {
			if e := p.env(path.Join(f.pkg.dir, rel)); e != nil {
				if v, ok := e.Get(name); ok && len(v) > 0 {
					return string(v), Place{File: e.rel, Line: e.lineOf(name)}, true
				}
			}
		}
	}
	return "", Place{}, false
}

// ownAddress tells the page's own origin: what it requests there is same-origin.
func ownAddress(name string) bool { return ownAddressText(name) != "-" }

func ownAddressText(name string) string {
	for _, head := range []string{"window.", "globalThis.", "self.", "document."} {
		name = strings.TrimPrefix(name, head)
	}
	switch name {
	case "location.origin":
		return ""
	case "location.protocol":
		return "http:"
	case "location.hostname":
		return "localhost"
	}
	return "-"
}

// hostOfPackager tells the address of the machine on which Expo's packager runs.
func hostOfPackager(name string) bool {
	return strings.Contains(name, "hostUri") || strings.Contains(name, "debuggerHost")
}

var absoluteURL = pattern.New(`^https?://`)

func joinURL(base, p string) string {
	if base == "" || absoluteURL.MatchString(p) {
		return p
	}
	if p == "" {
		return base
	}
	return strings.TrimSuffix(base, "/") + "/" + strings.TrimPrefix(p, "/")
}

// isLoopbackURL tells an absolute http URL of this machine.
func isLoopbackURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	return LocalHost(u.Hostname())
}
