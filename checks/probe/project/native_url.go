package project

import (
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/loopback"
	"badsig/checks/shell"
)

// Rules of this file:
//   - an app's request is a URL, or a path behind a client's base, that looks like a token's
//   - what is read is that URL; a body is said to be open unless its fields stand right there

// nativeRequest files the request for a token whose URL is the text at i.
func (p *Reader) nativeRequest(s *nativeSource, i int) {
	t := s.toks
	if t[i].kind != 's' || len(p.facts.Fetches) >= maxFetches || i > 0 && t[i-1].kind == 's' && s.ext == ".dart" {
		return
	}
	if len(t[i].parts) < 2 && (!strings.Contains(t[i].text, "/") && !s.annotated(i) || routeScore(facts.Route{Method: "POST", Path: t[i].text}) <= 0) {
		return
	}
	v := p.nativeEval(s, i, 6)
	x := facts.Fetch{File: s.rel, Line: t[i].line, Native: true, BodyOpen: true, Known: facts.IsRead, Path: facts.Place{File: s.rel, Line: t[i].line}}
	at, method := s.methodOf(i)
	switch {
	case strings.HasPrefix(v.text, "http://") || strings.HasPrefix(v.text, "https://"):
		x.URL, x.Address = v.text, v.at
	case at >= 0 && at < i && (t[at].text == "http" || t[at].text == "https"): // Uri.http('host', '/path')
		list, _ := s.args(at + 1)
		if len(list) < 2 || list[1].at != i {
			return
		}
		host := p.nativeEval(s, list[0].at, 6)
		if !host.whole {
			return
		}
		x.URL, x.Address, method = t[at].text+"://"+host.text+"/"+strings.TrimPrefix(v.text, "/"), host.at, ""
	case len(t[i].parts) > 1 && t[i].parts[0].hole && strings.HasPrefix(t[i].parts[1].text, "/"): // a base that is not known
		x.URL, x.Known = v.text, facts.IsAssumed
	case method != "" && (strings.HasPrefix(v.text, "/") || s.annotated(i)):
		base := p.nativeBase(s)
		x.URL, x.Address = joinURL(base.text, "/"+strings.TrimPrefix(v.text, "/")), base.at
		x.Known = facts.IsAssumed
	default:
		return
	}
	if !strings.HasPrefix(x.URL, "http") && !strings.HasPrefix(x.URL, "/") || loopback.StreamHost(x.URL) {
		return
	}
	if !v.whole {
		x.Known = facts.IsAssumed
	}
	x.TakeQuery()
	x.Body = slices.Clone(x.Query)
	s.around(i, &x, method)
	if fetchScore(x) <= 0 {
		return
	}
	p.facts.Fetches = append(p.facts.Fetches, x)
}

// annotated tells Retrofit's @POST("…").
func (s *nativeSource) annotated(i int) bool {
	return i >= 3 && s.toks[i-1].text == "(" && s.toks[i-3].text == "@"
}

// methodOf finds the call around a URL that names the method, and the method.
func (s *nativeSource) methodOf(i int) (at int, method string) {
	for j := i - 1; j >= 0 && j > i-12; j-- {
		t := s.toks[j]
		if t.kind == 'p' && (t.text == ";" || t.text == "}" || t.text == "{") {
			break
		}
		if t.kind != 'w' || j+1 >= len(s.toks) || s.toks[j+1].text != "(" && s.toks[j+1].text != "<" {
			continue
		}
		switch low := strings.ToLower(t.text); low {
		case "post", "postasync", "postasjsonasync", "postwwwform":
			return j, "POST"
		case "get", "getasync", "getstringasync":
			return j, "GET"
		case "http", "https":
			return j, ""
		}
	}
	return -1, ""
}

// nativeBase is the base URL of the app's one client: the argument of that name,
// else what is given to a name like it.
func (p *Reader) nativeBase(of *nativeSource) nativeValue {
	app := p.native.appOf(of)
	v, known := p.native.bases[app]
	if !known {
		v = p.findNativeBase(app)
		p.native.bases[app] = v
	}
	return v
}

func (p *Reader) findNativeBase(app string) nativeValue {
	for _, marks := range []string{":(", "="} {
		found, several := nativeValue{id: -1}, false
		for _, s := range p.native.sources {
			if p.native.appOf(s) != app {
				continue
			}
			for i := 0; i+2 < len(s.toks); i++ {
				if low := strings.ToLower(s.toks[i].text); s.toks[i].kind != 'w' || low != "baseurl" || strings.IndexByte(marks, s.toks[i+1].text[0]) < 0 || s.toks[i+1].kind != 'p' {
					continue
				}
				v := p.nativeEval(s, i+2, 6)
				if !v.whole || !strings.HasPrefix(v.text, "http") {
					continue
				}
				several = several || found.whole && found.text != v.text
				found = v
			}
		}
		if several {
			return nativeValue{id: -1}
		}
		if found.whole {
			return found
		}
	}
	return nativeValue{id: -1}
}

// around reads the method, the fields and the headers that stand near a URL.
func (s *nativeSource) around(i int, x *facts.Fetch, method string) {
	t := s.toks
	post, auth, json := false, false, false
	var fields []string
	depth := 0
	for j := i + 1; j < len(t) && j < i+160; j++ {
		switch {
		case t[j].kind == 'p' && t[j].text == "{":
			depth++
		case t[j].kind == 'p' && t[j].text == "}":
			if depth--; depth < 0 {
				j = len(t)
				continue
			}
		case t[j].kind == 's' && t[j].text == "POST":
			post = true
		case t[j].kind == 'w' && (t[j].text == "post" || t[j].text == "Post"):
			post = true
		case t[j].kind == 'w' && (t[j].text == "jsonEncode" || t[j].text == "JSONSerialization" || t[j].text == "JSONEncoder" || t[j].text == "JSONObject" || t[j].text == "json"):
			json = true
		case t[j].whole() && j+1 < len(t) && (t[j+1].text == ":" || t[j+1].text == "to" || t[j+1].text == "," && j > 1 && t[j-1].text == "(" && t[j-2].text == "put"):
			switch low := strings.ToLower(t[j].text); {
			case low == "authorization":
				auth = true
			case strings.Contains(low, "content-type"), low == "accept", strings.Contains(low, "-"), !shell.IsVariable(t[j].text):
			default:
				fields = append(fields, t[j].text)
			}
		}
	}
	switch {
	case method != "":
		x.Method = method
	case post || len(fields) > 0:
		x.Method = "POST"
	default:
		x.Method = "GET"
	}
	if auth {
		x.Auth, x.Session = true, "the session"
		x.Headers = append(x.Headers, "authorization")
	}
	x.Headers = append(x.Headers, "*")
	if x.Method == "POST" && json {
		x.Type = "json"
	}
	for _, f := range fields {
		if !slices.Contains(x.Body, f) && len(x.Body) < 20 {
			x.Body = append(x.Body, f)
		}
	}
	x.BodyOpen = len(fields) == 0 && (x.Method == "POST" || len(x.Query) == 0)
}
