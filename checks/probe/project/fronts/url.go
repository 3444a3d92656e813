package fronts

import (
	"net/url"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/loopback"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/pattern"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a URL is put together as the program does it, and the line of each literal in it is kept
//   - of two addresses that a condition on something else than the environment chooses between, one on this machine is taken, and that is said to be assumed
//   - a variable that nothing sets leaves the path, which is right all the same

// address is a URL as far as the source tells it.
type address struct {
	text    string
	whole   bool        // nothing in it or after it is missing
	assumed bool        // a part of it was chosen, or is not known
	host    facts.Place // the line that holds scheme, host or port
	path    facts.Place // the line that holds the last piece of the path
	unset   string
	missing *missingParam // a parameter that it depends on
	names   []string      // of the query, where a builder was passed them
	others  []string      // the further strings that it may be, where a condition in the page itself chooses a piece of the path
	loose   bool          // a function that can't be run may put more at the beginning of the path
	base    string        // the part of the path that the line with the host holds
	open    *address      // the same to its end, with a hole for each segment of the path that is not known

	_ [16]byte // its size: copies of 192 bytes and more are made by a call, smaller ones by code at each place
}

type missingParam struct {
	m *modules.Module
	q jsread.Param
}

// add puts a further piece after an address.
func (a *address) add(b address) {
	if affix.Contains(b.text, "://") || a.text == "" && b.host != (facts.Place{}) {
		a.host = b.host
	} else if (affix.HasSuffix(a.text, ":") && affix.Contains(a.text, "://") || affix.HasSuffix(a.text, "://")) && b.path != (facts.Place{}) { // the port, the host
		a.host = b.path
	} else if a.host == (facts.Place{}) && a.text != "" && affix.Contains(a.text+b.text, "://") {
		a.host = b.path
	}
	if affix.Contains(afterHost(b.text), "/") || a.path == (facts.Place{}) {
		a.path = b.path
	}
	if affix.Contains(b.text, "://") {
		a.base = afterHost(b.text)
	}
	a.addOthers(b)
	a.text += b.text
	a.assumed, a.loose = a.assumed || b.assumed, a.loose || b.loose
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
	if _, rest, ok := affix.Cut(text, "://"); ok {
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			return rest[i:]
		}
		return ""
	}
	return text
}

// TextOf gives a URL's text as far as it can be told from its beginning.
func TextOf(p *picture.Reader, f *picture.Front, m *modules.Module, at jsread.Scope, e jsread.Expr, depth int) (text string, whole bool) {
	a := addressOf(p, f, modules.View{M: m, At: at, E: e}, depth)
	return a.text, a.whole
}

// addressOf builds a URL.
func addressOf(p *picture.Reader, f *picture.Front, v modules.View, depth int) address {
	defer p.Ask()()
	if depth <= 0 || !p.Step() {
		return address{assumed: true}
	}
	if v.E.Kind == jsread.Ident && ownAddress(v.E.Text) {
		return address{whole: true, text: ownAddressText(v.E.Text)}
	}
	name := v.E.Text
	user := v.E.Kind == jsread.Ident && depth < 12 && names.IsUserName(facts.LastName(name))
	s := modules.Settle(p.Graph, v)
	switch e := s.E; e.Kind {
	case jsread.Literal, jsread.Number:
		a := address{text: e.Text, whole: true, path: s.Place()}
		if affix.Contains(e.Text, "://") {
			a.host = a.path
		}
		return a
	case jsread.Template:
		return joined(p, f, s, e.Parts, depth)
	case jsread.Either:
		return chosenAddress(p, f, s, depth)
	case jsread.Env:
		return envAddress(p, f, s)
	case jsread.Wrapped:
		if a := wrappedAddress(p, f, s, depth); a.text != "" || !user { // an ID that is made from another is one all the same
			return a
		}
	case jsread.CallExpr:
		if a, ok := calledAddress(p, f, s, depth); ok {
			return a
		}
	case jsread.Other:
		if e.Param() != nil {
			if user || names.IsUserName(e.Param().Key) {
				return address{text: p.World.Target.UserID, whole: true}
			}
			a := address{assumed: true}
			if ls := modules.Eval(p.Graph, s.M, s.At, e); len(ls) > 0 && ls[0].Kind != modules.LeafUnknown {
				a = leafAddress(p, f, ls)
			}
			if !affix.HasPrefix(e.Param().Func, "new ") { // its callers hand over more than this
				a.missing = &missingParam{s.M, *e.Param()}
			}
			return a
		}
	case jsread.Ident:
		if hostOfPackager(e.Text) {
			return address{text: "localhost", whole: true, assumed: true}
		}
		if user {
			break
		}
		if ls := modules.Eval(p.Graph, s.M, s.At, e); len(ls) > 0 {
			return leafAddress(p, f, ls)
		}
	}
	if user {
		return address{text: p.World.Target.UserID, whole: true}
	}
	return address{assumed: true}
}

// chosenAddress is one of several: a default, a fallback, a condition.
func chosenAddress(p *picture.Reader, f *picture.Front, v modules.View, depth int) address {
	parts := v.E.Parts
	if v.E.Text == "&&" && len(parts) > 1 {
		parts = parts[len(parts)-1:]
	}
	var first, unset *address
	differ, plain := false, v.E.Both
	var others []string
	for i, part := range parts {
		a := addressOf(p, f, v.Of(&part), depth-1)
		switch {
		case v.E.Text == "||" && part.Kind == jsread.Template && a.unset != "" && i+1 < len(parts): // x ? `${x}/api` : y
			continue
		case a.text == "" && (a.unset != "" || v.E.Text != "?dev"):
			if unset == nil {
				unset = &a
			}
			continue
		case v.E.Text == "?:":
			plain = plain && a.whole && !a.assumed && a.unset == "" && a.missing == nil && len(a.others) == 0 && !affix.Contains(a.text, "://")
			if first != nil && first.text != a.text {
				others = append(others, a.text)
			}
			if first == nil {
				first = &a
			} else if first.text != a.text {
				differ = true
				if !loopback.IsURL(first.text) && loopback.IsURL(a.text) {
					first = &a
				}
			}
			continue
		}
		return a // ?dev, || and ??: the first that is set
	}
	if first != nil {
		if plain && differ && unset == nil && len(others) <= maxOthers {
			first.others = others
			return *first
		}
		first.assumed = first.assumed || differ
		return *first
	}
	if unset != nil {
		return *unset
	}
	return address{assumed: true}
}

func wrappedAddress(p *picture.Reader, f *picture.Front, v modules.View, depth int) address {
	e := v.E
	if len(e.Parts) == 0 {
		return address{assumed: true}
	}
	switch e.Text {
	case "String", "toString", "encodeURI", "valueOf", "trim", "+", ".href":
		return addressOf(p, f, v.Of(&e.Parts[0]), depth-1)
	case "encodeURIComponent":
		a := addressOf(p, f, v.Of(&e.Parts[0]), min(depth-1, 11))
		a.text = url.PathEscape(a.text)
		return a
	case "replace": // url.replace(/\/$/, '') and its like change nothing that matters here
		if len(e.Parts) > 2 && e.Parts[2].Kind == jsread.Literal && e.Parts[2].Text == "" {
			a := addressOf(p, f, v.Of(&e.Parts[0]), depth-1)
			a.text = strings.TrimRight(a.text, "/")
			return a
		}
	}
	if affix.HasPrefix(e.Text, ".") || hostOfPackager(e.Text) {
		if hostOfPackager(e.Text) || len(e.Parts) > 0 && hostOfPackager(e.Parts[0].Text) {
			return address{text: "localhost", whole: true, assumed: true}
		}
		if ls := modules.Eval(p.Graph, v.M, v.At, e); len(ls) > 0 {
			return leafAddress(p, f, ls)
		}
	}
	return address{assumed: true}
}

// leafAddress is what the evaluator makes of an expression.
func leafAddress(p *picture.Reader, f *picture.Front, ls []modules.Leaf) address {
	var unset address
	for _, l := range ls {
		at := facts.Place{Line: l.Line}
		if l.Mod != nil {
			at.File = l.Mod.Rel
		}
		switch l.Kind {
		case modules.LeafLiteral:
			if l.Transform != "" && l.Transform != "template" {
				continue
			}
			a := address{text: l.Text, whole: true, path: at}
			if affix.Contains(l.Text, "://") {
				a.host = at
			}
			return a
		case modules.LeafEnv:
			if l.Transform != "" && l.Transform != "template" || l.Mod == nil {
				continue
			}
			a := envAddress(p, f, modules.View{M: l.Mod, At: 0, E: jsread.Expr{Kind: jsread.Env, Text: l.Text, Meta: l.Meta, Line: l.Line}})
			if a.text != "" {
				return a
			}
			unset = a
		}
	}
	unset.assumed = true
	return unset
}

// ownAddress tells the page's own origin: what it requests there is same-origin.
func ownAddress(name string) bool { return ownAddressText(name) != "-" }

func ownAddressText(name string) string {
	for _, head := range []string{"window.", "globalThis.", "self.", "document."} {
		name = affix.TrimPrefix(name, head)
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
	return affix.Contains(name, "hostUri") || affix.Contains(name, "debuggerHost")
}

var absoluteURL = pattern.New(`^https?://`)

func JoinURL(base, p string) string {
	if base == "" || absoluteURL.MatchString(p) {
		return p
	}
	if p == "" {
		return base
	}
	return affix.TrimSuffix(base, "/") + "/" + affix.TrimPrefix(p, "/")
}
