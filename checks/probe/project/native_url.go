package project

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/loopback"
	"badsig/checks/probe/project/fronts"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - an app's request is a URL, or a path after a client's base, that looks like a token's
//   - what is read is that URL; a body is said to be open unless its fields are right there

// nativeRequest files the request for a token whose URL is the text at i.
func nativeRequest(p *picture.Reader, s *picture.NativeSource, i int) {
	t := s.Toks
	if len(p.Facts.Fetches) >= fronts.MaxFetches || i > 0 && t[i-1].Kind == 's' && s.Ext == ".dart" {
		return
	}
	var set picture.NativeValue // a URL that a setting of the app's build holds
	if t[i].Kind == 'w' {
		if set = settingURL(p, s, i); !set.Whole {
			return
		}
	} else if t[i].Kind != 's' {
		return
	}
	if !set.Whole && len(t[i].Parts) < 2 && (!affix.Contains(t[i].Text, "/") && !s.Annotated(i) || picture.RouteScore(facts.Route{Method: "POST", Path: t[i].Text}) <= 0) {
		return
	}
	v := set
	if !set.Whole {
		v = nativeEval(p, s, i, 6)
	}
	if base := appendedTo(p, s, i); base.Whole && t[i].Whole() { // base.appendingPathComponent("/token")
		v.Text, v.At = fronts.JoinURL(base.Text, "/"+affix.TrimPrefix(v.Text, "/")), base.At
	}
	x := facts.Fetch{File: s.Rel, Line: t[i].Line, Native: true, BodyOpen: true, Known: facts.IsRead, Path: facts.Place{File: s.Rel, Line: t[i].Line}}
	x.Web = s.Ext == ".dart" && p.Tree.HasCode(path.Join(p.Native.AppOf(s), "web/index.html")) // Flutter builds it for browsers, too
	use := i
	at, method := s.MethodOf(i)
	if u := usedAt(s, i); u > 0 { // a constant: the request is where it is used
		use = u
		if _, m := s.MethodOf(u); method == "" {
			method = m
		}
	}
	switch {
	case affix.HasPrefix(v.Text, "http://") || affix.HasPrefix(v.Text, "https://"):
		x.URL, x.Address = v.Text, v.At
		if set.Whole {
			x.Path = v.At
		}
	case at >= 0 && at < i && (t[at].Text == "http" || t[at].Text == "https"): // Uri.http('host', '/path')
		list, _ := s.Args(at + 1)
		if len(list) < 2 || list[1].At != i {
			return
		}
		host := nativeEval(p, s, list[0].At, 6)
		if !host.Whole {
			return
		}
		x.URL, x.Address, method = t[at].Text+"://"+host.Text+"/"+affix.TrimPrefix(v.Text, "/"), host.At, ""
	case len(t[i].Parts) > 1 && t[i].Parts[0].Hole && affix.HasPrefix(t[i].Parts[1].Text, "/"): // a base that is not known
		x.URL, x.Known = v.Text, facts.IsAssumed
	case method != "" && (affix.HasPrefix(v.Text, "/") || s.Annotated(i)):
		base := nativeBase(p, s)
		x.URL, x.Address = fronts.JoinURL(base.Text, "/"+affix.TrimPrefix(v.Text, "/")), base.At
		if !base.Only {
			x.Known = facts.IsAssumed
		}
	default:
		return
	}
	if !affix.HasPrefix(x.URL, "http") && !affix.HasPrefix(x.URL, "/") || loopback.StreamHost(x.URL) {
		return
	}
	if !v.Whole {
		x.Known = facts.IsAssumed
	}
	x.TakeQuery()
	x.Body = slices.Clone(x.Query)
	s.Around(use, &x, method)
	if fronts.FetchScore(x) <= 0 {
		return
	}
	p.Facts.Fetches = append(p.Facts.Fetches, x)
}

// appendedTo is the URL to which Swift appends the path that is the text at i.
func appendedTo(p *picture.Reader, s *picture.NativeSource, i int) picture.NativeValue {
	t := s.Toks
	j := i - 1
	if j > 2 && t[j].Text == ":" && t[j-1].Kind == 'w' { // appending(path: "/token")
		j -= 2
	}
	if s.Ext != ".swift" || j < 3 || t[j].Text != "(" || t[j-1].Text != "appendingPathComponent" && t[j-1].Text != "appending" || t[j-2].Text != "." {
		return picture.NativeValue{ID: -1}
	}
	at := j - 3
	for at > 1 && (t[at].Kind == 'w' && t[at-1].Text == "." && t[at-1].Kind == 'p' || t[at].Kind == 'p' && (t[at].Text == "." || t[at].Text == "!" || t[at].Text == "?")) {
		at--
	}
	name, _ := s.Path(at)
	name, _, _ = affix.Cut(name, ".append")
	v := nativeNamed(p, s, name, 6)
	if !affix.HasPrefix(v.Text, "http") {
		v.Whole = false
	}
	return v
}

// settingURL is the URL that R.string.token_url, or a field of an asset of
// Unity's, holds, where the name at i is that.
func settingURL(p *picture.Reader, s *picture.NativeSource, i int) picture.NativeValue {
	none := picture.NativeValue{ID: -1}
	if i > 0 && s.Toks[i-1].Text == "." && s.Toks[i-1].Kind == 'p' {
		return none
	}
	name, _ := s.Path(i)
	low := strings.ToLower(facts.LastName(name))
	v := none
	switch {
	case affix.HasPrefix(name, "R.string."):
		v = androidString(p, s, facts.LastName(name))
	case s.Ext == ".cs" && affix.Contains(name, ".") && (affix.HasSuffix(low, "url") || affix.HasSuffix(low, "uri") || affix.HasSuffix(low, "endpoint")) && len(p.Native.Decls[facts.LastName(name)]) == 0:
		v = unityField(p, s, facts.LastName(name))
	}
	if !v.Whole || !affix.HasPrefix(v.Text, "http") || picture.RouteScore(facts.Route{Method: "POST", Path: v.Text}) <= 0 {
		return none
	}
	return v
}

// usedAt is where a string that is assigned to a name is used as a call's argument;
// 0 where it is assigned to none, or none uses it.
func usedAt(s *picture.NativeSource, i int) int {
	t := s.Toks
	if i < 2 || t[i-1].Text != "=" || t[i-1].Kind != 'p' || t[i-2].Kind != 'w' {
		return 0
	}
	for j := range t {
		if j != i-2 && j > 0 && t[j].Kind == 'w' && t[j].Text == t[i-2].Text && t[j-1].Kind == 'p' && (t[j-1].Text == "(" || t[j-1].Text == "." || t[j-1].Text == ",") {
			return j
		}
	}
	return 0
}

// nativeBase is the base URL of the app's one client: the argument of that name,
// else what is assigned to a name like it.
func nativeBase(p *picture.Reader, of *picture.NativeSource) picture.NativeValue {
	app := p.Native.AppOf(of)
	v, known := p.Native.Bases[app]
	if !known {
		v = findNativeBase(p, app)
		p.Native.Bases[app] = v
	}
	return v
}

func findNativeBase(p *picture.Reader, app string) picture.NativeValue {
	for _, marks := range []string{":(", "="} {
		found, several, open := picture.NativeValue{ID: -1}, false, false
		for _, s := range p.Native.Sources {
			if p.Native.AppOf(s) != app {
				continue
			}
			for i := 0; i+2 < len(s.Toks); i++ {
				if low := strings.ToLower(s.Toks[i].Text); s.Toks[i].Kind != 'w' || low != "baseurl" || strings.IndexByte(marks, s.Toks[i+1].Text[0]) < 0 || s.Toks[i+1].Kind != 'p' {
					continue
				}
				v := nativeEval(p, s, i+2, 6)
				if !v.Whole || !affix.HasPrefix(v.Text, "http") {
					open = open || !v.Whole
					continue
				}
				several = several || found.Whole && found.Text != v.Text
				found = v
			}
		}
		if several {
			return picture.NativeValue{ID: -1}
		}
		if found.Whole {
			found.Only = !open
			return found
		}
	}
	return picture.NativeValue{ID: -1}
}
