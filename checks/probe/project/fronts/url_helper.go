package fronts

import (
	"net/url"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/loopback"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/jsrun"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a helper that trims, completes or chooses a URL is run with what is known of its arguments and variables
//   - of one that can't be run, the host of the URL that it's given is known, and the path may begin with more

// helper is one run of a function of the project.
type helper struct {
	p     *picture.Reader
	f     *picture.Front
	depth int
	known []*address // what went into it
}

// computed is what a function of the project makes of the arguments of a call.
func computed(p *picture.Reader, f *picture.Front, v modules.View, t *modules.Module, fn string, depth int) (address, bool) {
	h := &helper{p: p, f: f, depth: depth}
	var args []jsrun.Value
	for _, e := range v.E.Parts {
		x, ok := h.value(v.Of(&e))
		if !ok && !modules.IsUndefined(e) {
			return address{}, false
		}
		args = append(args, x)
	}
	x, ok := h.run(t, fn, args)
	if !ok || x.Kind != jsrun.Text {
		return address{}, false
	}
	a := address{text: x.Text, whole: true, path: v.Place()}
	u, err := url.Parse(x.Text)
	if err != nil {
		return a, false
	}
	for _, k := range h.known {
		a.assumed = a.assumed || k.assumed && k.unset == ""
		if ku, err := url.Parse(k.text); err == nil && u.Host != "" && ku.Host == u.Host {
			a.host, a.path, a.base = k.host, k.path, afterHost(k.text)
		}
	}
	for _, k := range h.known { // a piece of the path
		if k.text != "" && !affix.Contains(k.text, "://") && affix.HasSuffix(x.Text, "/"+strings.TrimLeft(k.text, "/")) {
			a.path = k.path
		}
	}
	for _, w := range t.Words() {
		if a.host.File == "" && u.Host != "" && w.String && affix.Contains(w.Text, u.Host) {
			a.host = facts.Place{File: t.Rel, Line: w.Line}
			a.path, a.base = a.host, afterHost(x.Text)
		}
	}
	return a, true
}

// value is an address as a program has it.
func (h *helper) value(v modules.View) (x jsrun.Value, ok bool) {
	a := new(address)
	*a = addressOf(h.p, h.f, v, h.depth-1)
	switch {
	case a.missing != nil || a.open != nil || len(a.names)+len(a.others) > 0:
		return x, false
	case a.text == "" && a.unset != "":
	case a.whole:
		x = jsrun.Value{Text: a.text, Kind: jsrun.Text}
	default:
		return x, false
	}
	h.known = append(h.known, a)
	return x, true
}

func (h *helper) run(t *modules.Module, fn string, args []jsrun.Value) (jsrun.Value, bool) {
	if h.depth--; h.depth <= 0 || !h.p.Step() {
		return jsrun.Value{}, false
	}
	defer func() { h.depth++ }()
	ws := helperWords(t, fn)
	var at jsread.Scope
	for _, r := range modules.ReturnsOf(t, fn) {
		at = r.Scope
	}
	return jsrun.Run(ws, args, func(path string) (jsrun.Value, bool) {
		e := jsread.Expr{Kind: jsread.Ident, Text: path}
		if name, ok := affix.CutPrefix(path, "import.meta.env."); ok {
			e = jsread.Expr{Kind: jsread.Env, Text: name, Meta: true}
		} else if name, ok := affix.CutPrefix(path, "process.env."); ok {
			e = jsread.Expr{Kind: jsread.Env, Text: name}
		}
		switch e.Text {
		case "DEV", "PROD", "__DEV__":
			return jsrun.Value{Text: map[bool]string{true: "true", false: "false"}[e.Text != "PROD"], Kind: jsrun.Bool}, true
		case "MODE", "NODE_ENV":
			return jsrun.Value{Text: "development", Kind: jsrun.Text}, true
		}
		return h.value(modules.View{M: t, At: at, E: e})
	}, func(name string, args []jsrun.Value) (jsrun.Value, bool) {
		t, fn := modules.FunctionOf(h.p.Graph, t, at, name)
		if t == nil {
			return jsrun.Value{}, false
		}
		return h.run(t, fn, args)
	})
}

// helperWords are a function's words, from its parameters on.
func helperWords(t *modules.Module, fn string) []jsread.Word {
	ws := t.Words()
	for i := range ws {
		if ws[i].Text != fn || ws[i].String {
			continue
		}
		switch {
		case jsread.Follows(ws, i-1, "function"):
			return ws[i+1:]
		case jsread.Follows(ws, i-1, "const"), jsread.Follows(ws, i-1, "let"):
			for k := i + 1; k < min(len(ws), i+12) && ws[k].Text != ";"; k++ {
				if ws[k].Text == "=" {
					return ws[k+1:]
				}
			}
		}
	}
	return nil
}

// partly is a URL that goes through a function that can't be run: its host stays.
func partly(p *picture.Reader, f *picture.Front, v modules.View, depth int) (address, bool) {
	for _, e := range v.E.Parts {
		if a := addressOf(p, f, v.Of(&e), depth-1); a.whole && !a.assumed && loopback.IsURL(a.text) {
			a.loose = true
			return a, true
		}
	}
	return address{}, false
}

// looseURL reports a call that may be a helper for a URL, by its name.
func looseURL(name string) bool {
	low := strings.ToLower(name)
	return affix.Any([]string{"url", "base", "host", "origin", "trim", "normal", "sanit", "clean", "strip", "slash", "endpoint", "address"}, func(w string) bool { return affix.Contains(low, w) })
}
