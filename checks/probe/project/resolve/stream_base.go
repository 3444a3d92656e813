package resolve

import (
	"net/url"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/loopback"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/fronts"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/sites"
	"badsig/checks/probe/project/values"
	"badsig/checks/sanitize"
)

// Rules of this file:
//   - the base URL that the backend gives to Stream's client comes first, then STREAM_BASE_URL as it reads it, then the front end's
//   - only Stream's own hosts and this machine are contacted: a project can name any host, and tokens must not go there
//   - a base URL that the code sets under a condition counts only where a variable that is set holds it
//   - a Stream host that serves video or feeds alone says nothing about where the app is

// baseNames are the variables that Stream's SDKs read their base URL from.
var baseNames = []string{"STREAM_BASE_URL", "STREAM_CHAT_URL", "STREAM_BASE_CHAT_URL"}

// baseOptions are the options that hold a client's base URL.
var baseOptions = []string{"baseURL", "baseUrl", "base_url", "basePath"}

// chooseBase fills Target's StreamBases and, where neither a flag nor the shell
// names a base URL, has Stream contacted at the first that may be.
func chooseBase(p *picture.Reader, r *running, o *picture.OtherProgram, out *facts.Server, l *facts.Listener) (list []facts.StreamBase, use string) {
	note := func(name, value, file string, line int) {
		b := facts.StreamBase{Name: sanitize.Visible(name), Place: facts.Place{File: sanitize.Visible(file), Line: line}}
		u, err := url.Parse(strings.TrimSpace(value))
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || len(list) >= 8 {
			return // the SDKs ignore what isn't a URL, too
		}
		where, own := streamsBase(u)
		if where == "" && own {
			return
		}
		b.URL, b.Foreign = sanitize.Cut(sanitize.Visible(u.Scheme+"://"+u.Host), 120), !own
		if affix.Any(list, func(x facts.StreamBase) bool { return x.URL == b.URL }) {
			return
		}
		list = append(list, b)
		if use == "" && own {
			use = where
			list[len(list)-1].Asked = true
		}
	}
	for _, front := range []bool{false, true} {
		for _, m := range p.SortedMods() {
			if (m.Role == facts.RoleFront) == front && !m.Aside() && !m.Tool() {
				basesIn(p, m, r, note)
			}
		}
		if !front {
			baseVariables(p, r, o, out, l, note)
		}
	}
	return list, use
}

// streamsBase gives the URL at which Stream is contacted for a project's base URL,
// "" for a Stream host that isn't the chat API's, and whether it may be contacted.
func streamsBase(u *url.URL) (where string, own bool) {
	host := affix.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if loopback.LocalHost(host) {
		return u.Scheme + "://" + u.Host + strings.TrimRight(u.EscapedPath(), "/"), true
	}
	label, chat := strings.CutSuffix(host, ".stream-io-api.com")
	if !chat {
		if label, chat = strings.CutSuffix(host, ".getstream.io"); !chat {
			return "", host == "getstream.io" || host == "stream-io-api.com" || affix.HasSuffix(host, ".stream-io-video.com")
		}
	}
	for _, other := range []string{"video", "feeds", "api", "faye", "analytics", "personalization", "hint", "www", "dashboard", "pronto"} {
		if label == other || affix.HasPrefix(label, other+"-") || affix.HasSuffix(label, "-"+other) {
			return "", true
		}
	}
	return "https://" + u.Host, true
}

// basesIn finds the base URLs that a module gives to Stream clients.
func basesIn(p *picture.Reader, m *modules.Module, r *running, note func(name, value, file string, line int)) {
	maybe := false // the call is made under a condition
	take := func(at jsread.Scope, name string, e jsread.Expr, line int) {
		leaves := modules.Eval(p.Graph, m, at, e)
		chosen := affix.Any(leaves, func(l modules.Leaf) bool { return l.Op == "?:" })
		for _, l := range leaves {
			switch l.Kind {
			case modules.LeafLiteral:
				if maybe || chosen {
					return
				}
				note(name, l.Text, l.Mod.Rel, l.Line)
				return
			case modules.LeafEnv:
				if value, file, at, ok := settingOf(p, m, r, l.Text); ok {
					note(l.Text, value, file, at)
					return
				}
			case modules.LeafUndefined:
			default:
				if e.Kind != jsread.Template {
					return
				}
			}
		}
		if e.Kind != jsread.Template || maybe {
			return
		}
		if text, ok := fronts.TextOf(p, p.FrontOf(m.Rel), m, at, e, 12); ok {
			note(name, text, m.Rel, line)
		}
	}
	for _, c := range m.Calls {
		name := facts.LastName(c.Callee)
		maybe = affix.Any(m.Ifs, func(i jsread.If) bool {
			return c.At > i.From && c.At <= i.To || c.At > i.ElseFrom && c.At <= i.ElseTo // At is after the call
		})
		if name == "setBaseURL" && len(c.Args) > 0 && affix.Contains(c.Callee, ".") {
			on := jsread.Expr{Kind: jsread.Ident, Text: affix.TrimSuffix(c.Callee, "."+name)}
			if c.On != nil {
				on = *c.On
			}
			if _, ok := sites.ClientBehind(p, m, c.Scope, on, 8); ok || m.Streamish() {
				take(c.Scope, name, c.Args[0], c.Line)
			}
			continue
		}
		if !values.StreamClient(p, m, c) && !values.ObjectCallees[name] {
			continue
		}
		for _, a := range c.Args {
			baseOption(p, m, c.Scope, a, 3, take)
		}
	}
}

// baseOption finds a base URL among the options of a client.
func baseOption(p *picture.Reader, m *modules.Module, at jsread.Scope, e jsread.Expr, depth int, take func(jsread.Scope, string, jsread.Expr, int)) {
	e = sites.ObjectBehind(p, m, at, e)
	if e.Kind != jsread.Object || depth == 0 {
		return
	}
	for i, k := range e.Keys() {
		switch {
		case facts.OneOf(baseOptions, k):
			take(at, k, e.Parts[i], max(e.Parts[i].Line, e.Line))
		case k == "options" || k == "clientOptions" || k == "":
			baseOption(p, m, at, e.Parts[i], depth-1, take)
		}
	}
}

// settingOf gives a variable that holds no secret, as the module's program reads it.
func settingOf(p *picture.Reader, m *modules.Module, r *running, name string) (value, file string, line int, ok bool) {
	if f := p.FrontOf(m.Rel); f != nil && m.Role == facts.RoleFront {
		for _, rel := range f.Files {
			if value, line, ok = variable(values.Env(p, rel), name); ok {
				return value, rel, line, true
			}
		}
		return "", "", 0, false
	}
	return r.plain(name)
}

// plain gives a variable as the backend reads it: from what overrides, from its
// environment, then from the files in their order.
func (r *running) plain(name string) (value, file string, line int, ok bool) {
	if r == nil || r.s == nil {
		return "", "", 0, false
	}
	for _, override := range []bool{true, false} {
		if !override {
			if v := values.PlainEnv(r.s, name); v != "" {
				return v, "", 0, true
			}
		}
		for _, st := range r.steps() {
			if st.load.Override != override || st.unread {
				continue
			}
			if value, line, ok = variable(st.env, name); ok {
				return value, st.rel, line, true
			}
		}
	}
	return "", "", 0, false
}

// variable gives the assignment of a file that counts.
func variable(e *picture.EnvSource, name string) (value string, line int, ok bool) {
	if e == nil {
		return "", 0, false
	}
	for _, l := range e.Lines {
		if l.Name == name && !l.Commented && !l.Duplicate {
			value, line, ok = string(l.Value), l.Line, true
		}
	}
	return value, line, ok
}

// baseVariables finds the variables that Stream's SDKs read by themselves, and,
// of a backend in another language, the base URL that its source names.
func baseVariables(p *picture.Reader, r *running, o *picture.OtherProgram, out *facts.Server, l *facts.Listener, note func(name, value, file string, line int)) {
	if o != nil {
		for _, x := range o.Prog.Literals {
			if facts.OneOf(baseOptions, x.Name) || x.Name == "BaseURL" || facts.OneOf(baseNames, x.Name) {
				note(x.Name, x.Text, x.File, x.Line)
			}
		}
	}
	for _, name := range baseNames {
		if value, file, line, ok := r.plain(name); ok && o == nil {
			note(name, value, file, line)
			continue
		}
		if o != nil {
			if l != nil && l.Env[name] != "" {
				note(name, l.Env[name], "", 0)
				continue
			}
			for _, x := range otherFiles(p, o, out) {
				if value, line, ok := variable(values.Env(p, x.Rel), name); ok {
					note(name, value, x.Rel, line)
					break
				}
			}
			continue
		}
		if r != nil && r.s != nil {
			continue
		}
		for _, e := range p.Envs { // no program is known: a file that one would read
			if e.Role == facts.RoleServer || e.Role == facts.RoleShared {
				if value, line, ok := variable(e, name); ok {
					note(name, value, e.Rel, line)
				}
			}
		}
	}
}
