package cures

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Rules of this file:
//   - another origin that is allowed stays allowed: it may be the page's in production, or another page's of the project
//   - an origin is replaced only where it is the page's own, written as no browser sends it, or where a header accepts but one, and that is this machine's

// cors proposes to allow the page's origin.
func (x answers) cors(c *finding.Cause, code *facts.ServerCode) []Proposal {
	loc, origin := *c.Location, x.Facts.Target.Origin
	if origin == "" || affix.ContainsAny(origin, "'\"\\\n") {
		return nil
	}
	out := append(x.headers(loc, origin), x.listed(loc, origin)...)
	for n := loc.Line; n < loc.Line+6; n++ { // origin: (o, done) => { if (!o || …
		line := x.Line(loc.File, n)
		for _, p := range paths(loc.File, line, n) {
			if put := " || " + p.inner() + " === '" + origin + "'"; p.from > 0 && line[p.from-1] == '!' && affix.HasPrefix(line[p.to:], " ||") && affix.Contains(x.Line(loc.File, loc.Line), "cors(") {
				out = append(out, p.sub(p.to, p.to).proposal(put, in(loc.File, n)+"allow the page's origin, "+origin+", too"))
			}
		}
	}
	out = append(x.allowed(loc), out...)
	if code.Language != "" {
		return out
	}
	if code.CORSFile == code.AppFile && code.CORSLine > code.AppLine {
		out = append(out, x.moved(code)...)
	}
	options := "{ origin: '" + origin + "' }"
	if fetch := x.Facts.Fetch(); fetch != nil && fetch.Credentials {
		options = "{ origin: '" + origin + "', credentials: true }"
	}
	line := x.Line(loc.File, loc.Line)
	all := place{file: loc.File, line: loc.Line, text: line, to: len(line)}
	for _, p := range paths(loc.File, line, loc.Line) {
		end := closing(line, p.to)
		if p.inner() != "cors" || end == 0 {
			continue
		}
		args := all.sub(p.to+1, end)
		if fetch := x.Facts.Fetch(); fetch != nil && fetch.Credentials && affix.HasSuffix(args.inner(), "}") && !affix.Contains(args.inner(), "credentials") {
			at := p.to + 1 + len(strings.TrimRight(affix.TrimSuffix(args.inner(), "}"), " ,"))
			out = append(out, all.sub(at, at).proposal(", credentials: true", in(loc.File, loc.Line)+"let the browser send cookies: credentials: true"))
		}
		others := false
		for _, o := range literals(line) {
			l := all.sub(o[0], o[1])
			if l.from < args.from || l.to > args.to || !affix.HasPrefix(l.inner(), "http") {
				continue
			}
			same := sameOrigin(l.inner(), origin)
			others = others || !same
			if put, text := besides(l, origin, same); put != nil {
				out = append(out, one(*put, in(loc.File, loc.Line)+text))
			}
		}
		if !others {
			out = append(out, args.proposal(options, in(loc.File, loc.Line)+"allow the page's origin: cors("+options+")"))
		}
	}
	if code.CORSFile == "" {
		out = append(out, x.middleware(code, "cors("+options+")", "cors")...)
	}
	return out
}

// Unallowed are the headers of the front end's request that the server's preflight response doesn't allow.
func Unallowed(f *facts.Facts) []string {
	if f.Backend == nil || f.Backend.Preflight == nil {
		return nil
	}
	sent := strings.ToLower(f.Backend.Preflight.Header["Access-Control-Allow-Headers"])
	return affix.Without(facts.AskedHeaders("json", f.Fetch()), func(h string) bool { return affix.Contains(sent, h) || sent == "*" })
}

// allowed proposes to allow the headers that the front end sends, too, where a list of the code names those that are allowed.
func (x answers) allowed(loc finding.Location) []Proposal {
	var out list
	names := Unallowed(x.Facts)
	for n := loc.Line; n > 0 && n < loc.Line+10 && len(names) > 0; n++ {
		line := x.Line(loc.File, n)
		low := strings.ToLower(affix.ReplaceAll(line, "_", ""))
		at := max(strings.Index(low, "allowedheaders"), strings.Index(low, "allowheaders"))
		lits := literals(line)
		if at < 0 || len(lits) == 0 {
			continue
		}
		for _, l := range slices.Backward(lits) {
			rest := strings.TrimLeft(line[l[1]+1:], " ")
			if l[0] < at || rest == "" || rest[0] != ']' && rest[0] != '}' {
				continue
			}
			put, quote := "", line[l[1]:l[1]+1]
			for _, name := range names {
				put += ", " + quote + http.CanonicalHeaderKey(name) + quote
			}
			out.add(place{loc.File, n, l[1] + 1, l[1] + 1, line}, put, "allow the headers that the front end sends, too: "+affix.TrimPrefix(put, ", "))
			break
		}
	}
	return out
}

// listed proposes for an origin that a framework's options name: app.register(cors,
// { origin: 'X' }), allow_origins=["X"], AllowOrigins: []string{"X"}.
func (x answers) listed(loc finding.Location, origin string) []Proposal {
	for n := loc.Line; n > 0 && n < loc.Line+6; n++ {
		line := x.Line(loc.File, n)
		all := place{file: loc.File, line: n, text: line, to: len(line)}
		if !affix.Contains(strings.ToLower(line), "origin") {
			continue
		}
		lits := literals(line)
		for _, o := range slices.Backward(lits) { // the last of a list
			l := all.sub(o[0], o[1])
			if !affix.HasPrefix(l.inner(), "http") || affix.Contains(line[:l.from], "cors(") {
				continue
			}
			if put, text := besides(l, origin, sameOrigin(l.inner(), origin)); put != nil {
				return []Proposal{{Edits: []finding.Edit{*put}, Text: in(loc.File, n) + text}}
			}
			return nil
		}
	}
	return nil
}

// besides allows an origin beside the one of a literal, or in its place where both are the same.
func besides(l place, origin string, same bool) (*finding.Edit, string) {
	quote := l.text[l.from-1 : l.from]
	whole := l.sub(l.from-1, l.to+1)
	before := strings.TrimRight(l.text[:whole.from], " ")
	after := strings.TrimLeft(l.text[whole.to:], " ")
	switch {
	case same:
		e := l.edit(origin)
		return &e, "write the page's origin as browsers send it: " + origin
	case affix.HasSuffix(affix.ReplaceAll(before, " ", ""), "origin:"):
		e := whole.edit("[" + whole.inner() + ", " + quote + origin + quote + "]")
		return &e, "allow the page's origin, " + origin + ", too"
	case (affix.HasSuffix(before, "[") || affix.HasSuffix(before, ",")) && affix.HasPrefix(after, "]"),
		affix.Contains(before, "[]string{") && affix.HasPrefix(after, "}"):
		e := l.sub(whole.to, whole.to).edit(", " + quote + origin + quote)
		return &e, "allow the page's origin, " + origin + ", too"
	}
	return nil, ""
}

// sameOrigin reports whether a string is an origin, but for what browsers leave out.
func sameOrigin(text, origin string) bool {
	return strings.EqualFold(strings.TrimRight(text, "/"), origin)
}

// thisMachine reports whether an origin is one of this machine.
func thisMachine(origin string) bool {
	u, err := url.Parse(origin)
	return err == nil && facts.OneOf([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname())
}

// headers proposes for an origin that is allowed by a header set by hand.
func (x answers) headers(loc finding.Location, origin string) []Proposal {
	const allow = "Access-Control-Allow-Origin"
	var at []int
	for i, l := range x.lines(loc.File) {
		if n := strings.Index(l, allow); n > 0 && code(l, loc.File)[max(0, n-2)] && strings.IndexByte("'\"", l[n-1]) >= 0 {
			at = append(at, i+1)
		}
	}
	if len(at) != 1 { // which of several responses the browser isn't known
		return nil
	}
	var out []Proposal
	n := at[0]
	line := x.Line(loc.File, n)
	all := place{file: loc.File, line: n, text: line, to: len(line)}
	var value place
	for _, l := range literals(line) {
		if p := all.sub(l[0], l[1]); p.inner() != allow {
			value = p
		}
	}
	if value.text != "" && value.inner() != "*" && value.inner() != origin && (thisMachine(value.inner()) || sameOrigin(value.inner(), origin)) {
		out = append(out, value.proposal(origin, in(loc.File, n)+"allow the page's origin: "+origin))
	}
	if !affix.Any(x.lines(loc.File), func(l string) bool { return affix.Contains(strings.ToLower(l), "access-control-allow-headers") }) && value.text != "" {
		more := strings.Replace(line[:value.from]+"Content-Type"+line[value.to:], allow, "Access-Control-Allow-Headers", 1)
		if trimmed := strings.TrimSpace(more); affix.HasSuffix(trimmed, ",") || affix.HasSuffix(trimmed, ")") || affix.HasSuffix(trimmed, ");") {
			put := finding.Edit{File: loc.File, Line: n + 1, From: 1, To: 1, Insert: more + "\n"}
			out = append(out, one(put, in(loc.File, n)+"allow the Content-Type header: Access-Control-Allow-Headers: Content-Type"))
		}
	}
	return out
}

// moved puts the line that uses cors() before the first route.
func (x answers) moved(code *facts.ServerCode) []Proposal {
	line := x.Line(code.CORSFile, code.CORSLine)
	if use := strings.TrimSpace(line); !affix.HasPrefix(use, code.App+".use(cors(") || closing(use, len(code.App)+4) < len(affix.TrimSuffix(use, ";"))-1 {
		return nil
	}
	put := finding.Edit{File: code.AppFile, Line: code.AppLine, From: 1, To: 1, Insert: line + "\n"}
	return []Proposal{{Edits: []finding.Edit{put, x.deleteLine(code.CORSFile, code.CORSLine)}, Text: "Move line " + strconv.Itoa(code.CORSLine) + " of " + code.CORSFile + " before the routes, to line " + strconv.Itoa(code.AppLine)}}
}
