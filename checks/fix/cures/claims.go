package cures

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

const nowSeconds = "Math.floor(Date.now() / 1000)"

// claim proposes for a claim or an option of a signing call, on its own line.
func (x *View) claim(c *finding.Cause) []Proposal {
	python := c.Location != nil && c.ID == causes.ClaimType && path.Ext(c.Location.File) == ".py"
	if c.Location == nil || c.Location.Line == 0 || !python && !strings.HasSuffix(envRead(c.Location.File, "X"), ".X") { // JavaScript
		return nil
	}
	var out []Proposal
	add := func(p place, put, text string) {
		out = append(out, Proposal{Edits: []finding.Edit{p.edit(put)}, Text: in(p.file, p.line) + text})
	}
	for _, at := range claimLines(x.Facts, c) {
		line := x.Line(at.File, at.Line)
		all := place{file: at.File, line: at.Line, text: line, to: len(line)}
		switch c.ID {
		case causes.TokenAlgorithm:
			for _, l := range literals(line) {
				if p := all.sub(l[0], l[1]); slices.Contains([]string{"HS384", "HS512", "RS256", "ES256", "RS512"}, p.inner()) {
					add(p, "HS256", "change "+p.inner()+" to HS256")
				}
			}
		case causes.UserIDMissing:
			out = append(out, nested(all)...)
			out = append(out, x.subject(all)...)
			for _, p := range paths(at.File, line, at.Line) {
				if !slices.Contains([]string{"userId", "userID", "id", "uid", "sub", "user"}, p.inner()) {
					continue
				}
				before, after := strings.TrimRight(line[:p.from], " "), strings.TrimLeft(line[p.to:], " ")
				if before != "" && !strings.HasSuffix(before, "{") && !strings.HasSuffix(before, ",") {
					continue
				}
				switch {
				case strings.HasPrefix(after, ":"):
					add(p, "user_id", "rename the claim "+p.inner()+" to user_id")
				case strings.HasPrefix(after, "}"), strings.HasPrefix(after, ","), before == "" && after == "":
					add(p, "user_id: "+p.inner(), "call the claim user_id: { user_id: "+p.inner()+" }")
				}
			}
		case causes.EXPRelative:
			for _, p := range expressions(all, "exp", 1) {
				add(p, nowSeconds+" + "+p.inner(), "use "+nowSeconds+" + "+p.inner()+" for exp")
			}
		case causes.IATMilliseconds, causes.EXPMilliseconds:
			name, position := "iat", 2
			if c.ID == causes.EXPMilliseconds {
				name, position = "exp", 1
			}
			for _, p := range expressions(all, name, position) {
				if i := strings.Index(p.inner(), "Date.now()"); i >= 0 && !strings.Contains(p.inner(), "000") {
					now := p.sub(p.from+i, p.from+i+len("Date.now()"))
					add(now, nowSeconds, "count "+name+" in seconds: "+nowSeconds)
					continue
				}
				add(p, "Math.floor(("+p.inner()+") / 1000)", "count "+name+" in seconds")
			}
		case causes.ClaimType:
			for _, name := range []string{"exp", "iat"} {
				for _, p := range expressions(all, name, -1) {
					if strings.Contains(p.inner(), "Date.now() / 1000") && !strings.Contains(p.inner(), "Math.") {
						add(p, "Math.floor("+p.inner()+")", "make "+name+" a whole number")
					}
					if python && strings.Contains(p.inner(), "time.time()") && !strings.HasPrefix(p.inner(), "int(") {
						add(p, "int("+p.inner()+")", "make "+name+" a whole number")
					}
				}
			}
		case causes.IATFuture, causes.NBFFuture, causes.ClockSkew:
			for _, p := range expressions(all, "iat", 2) {
				rest, ok := strings.CutPrefix(strings.Replace(p.inner(), "Math.round", "Math.floor", 1), nowSeconds+" + ")
				if _, err := strconv.Atoi(rest); ok && err == nil {
					add(p, nowSeconds+" - 5", "set iat in the past")
				}
			}
		}
	}
	return out
}

// subject proposes to sign as user_id what jose's setSubject(x) gets, where the
// payload is empty.
func (x *View) subject(all place) []Proposal {
	call := strings.TrimSpace(all.text)
	id, ok := strings.CutPrefix(strings.TrimSuffix(call, ")"), ".setSubject(")
	if !ok || id == "" || strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$.") != "" {
		return nil
	}
	for n := all.line - 1; n > 0 && n > all.line-6; n-- {
		line := x.Line(all.file, n)
		at := strings.Index(line, "new SignJWT({})")
		if at < 0 {
			continue
		}
		at += len("new SignJWT({")
		put := place{file: all.file, line: n, text: line, from: at, to: at}.edit(" user_id: " + id + " ")
		return []Proposal{{Edits: []finding.Edit{put, x.deleteLine(all.file, all.line)}, Text: in(all.file, n) + "sign { user_id: " + id + " } instead of the subject"}}
	}
	return nil
}

// nested proposes to lift the ID out of an object: user: { id: x } becomes user_id: x.
func nested(all place) []Proposal {
	var out []Proposal
	for _, p := range paths(all.file, all.text, all.line) {
		open := p.to + 2
		if !strings.HasPrefix(all.text[p.to:], ": {") || p.inner() != "user" {
			continue
		}
		end := closing(all.text, open)
		for _, in := range paths(all.file, all.text, all.line) {
			if in.from > open && in.to < end && in.inner() == "id" && strings.HasPrefix(all.text[in.to:], ":") {
				if id := expression(all, in.to+1); strings.TrimSpace(all.text[id.to:end]) == "" && strings.TrimSpace(all.text[open+1:in.from]) == "" {
					whole := all.sub(p.from, end+1)
					out = append(out, Proposal{Edits: []finding.Edit{whole.edit("user_id: " + id.inner())}, Text: "In " + lineOf(all.file, all.line) + ", call the claim user_id: { user_id: " + id.inner() + " }"})
				}
			}
		}
	}
	return out
}

// claimLines are the lines of the claims of the signing calls that run, the finding's first.
func claimLines(f *facts.Facts, c *finding.Cause) []facts.Place {
	out := []facts.Place{{File: c.Location.File, Line: c.Location.Line}}
	for _, s := range f.Project.Sites {
		for _, l := range s.Claims {
			if l.File != "" && l.Line > 0 && !slices.Contains(out, l.Place) && s.Runs.Sure() {
				out = append(out, l.Place)
			}
		}
		if s.Runs.Sure() && !slices.Contains(out, s.Place) {
			out = append(out, s.Place)
		}
	}
	return out
}

// expressions are the values of a claim on a line: of its field, or of its place
// among the arguments of createToken; -1 where it has none.
func expressions(all place, name string, position int) []place {
	var out []place
	line := all.text
	for _, l := range literals(line) { // "iat": x, of Python
		if all.sub(l[0], l[1]).inner() == name && strings.HasPrefix(line[l[1]+1:], ":") {
			out = append(out, expression(all, l[1]+2))
		}
	}
	for _, p := range paths(all.file, line, all.line) {
		switch {
		case p.inner() == name && strings.HasPrefix(line[p.to:], ":"):
			out = append(out, expression(all, p.to+1))
		case strings.HasSuffix(p.inner(), "createToken") && position > 0:
			at := p.to + 1
			for n := 0; n < position && at > 0 && at < len(line); n++ {
				e := expression(all, at)
				if at = e.to + 1; e.to >= len(line) || line[e.to] != ',' {
					at = -1
				}
			}
			if at > 0 && at < len(line) {
				out = append(out, expression(all, at))
			}
		}
	}
	return slices.DeleteFunc(out, func(p place) bool { return p.inner() == "" || p.inner() == "undefined" })
}

// expression is what stands from an offset to the comma or bracket that ends it.
func expression(all place, from int) place {
	line := all.text
	for from < len(line) && line[from] == ' ' {
		from++
	}
	to := from
	is := code(line, all.file)
	for to < len(line) {
		if is[to] {
			if end := closing(line, to); end > 0 {
				to = end + 1
				continue
			}
			if strings.IndexByte(",)]};", line[to]) >= 0 {
				break
			}
		}
		to++
	}
	return all.sub(from, from+len(strings.TrimRight(line[from:to], " ")))
}

// server proposes for what the server's own code answers with: the origin that it
// allows, the parser that it lacks, the header that lets caches keep the token.
func (x *View) server(c *finding.Cause) []Proposal {
	code := facts.CodeOf(x.Facts)
	if c.ID == causes.EndpointBody && x.Facts.Fetch() != nil && x.Facts.Fetch().Type == "text" {
		return x.typed(x.Facts.Fetch())
	}
	if code == nil || c.Location == nil || code.Language != "" {
		return nil
	}
	loc := *c.Location
	line := x.Line(loc.File, loc.Line)
	all := place{file: loc.File, line: loc.Line, text: line, to: len(line)}
	origin := x.Facts.Target.Origin
	var out []Proposal
	switch c.ID {
	case causes.CORSBlocked:
		if code.CORSFile == code.AppFile && code.CORSLine > code.AppLine {
			out = append(out, x.moved(code)...)
		}
		for _, p := range paths(loc.File, line, loc.Line) {
			end := closing(line, p.to)
			if p.inner() != "cors" || end == 0 || strings.ContainsAny(origin, "'\\\n") || origin == "" {
				continue
			}
			options := "{ origin: '" + origin + "' }"
			if fetch := x.Facts.Fetch(); fetch != nil && fetch.Credentials {
				options = "{ origin: '" + origin + "', credentials: true }"
			}
			args := all.sub(p.to+1, end)
			for _, o := range literals(line) {
				l := all.sub(o[0], o[1])
				if l.from > args.from && l.to < args.to && strings.HasPrefix(l.inner(), "http") && !strings.Contains(options, "credentials") {
					out = append(out, Proposal{Edits: []finding.Edit{l.edit(origin)}, Text: in(loc.File, loc.Line) + "allow the page's origin, " + origin})
				}
			}
			out = append(out, Proposal{Edits: []finding.Edit{args.edit(options)}, Text: in(loc.File, loc.Line) + "allow the page's origin: cors(" + options + ")"})
		}
		if code.CORSFile == "" && origin != "" && !strings.ContainsAny(origin, "'\\\n") {
			options := "{ origin: '" + origin + "' }"
			if fetch := x.Facts.Fetch(); fetch != nil && fetch.Credentials {
				options = "{ origin: '" + origin + "', credentials: true }"
			}
			out = append(out, x.middleware(code, "cors("+options+")", "cors")...)
		}
	case causes.EndpointBody:
		if loc.File == code.AppFile {
			out = append(out, x.middleware(code, "express.json()", "express")...)
		}
	case causes.TokenCacheable:
		for _, l := range literals(line) {
			if p := all.sub(l[0], l[1]); x.Facts.Backend != nil && len(x.Facts.Backend.Posts) > 0 && p.inner() != "" && p.inner() == x.Facts.Backend.Posts[0].Header["Cache-Control"] {
				out = append(out, Proposal{Edits: []finding.Edit{p.edit("no-store")}, Text: in(loc.File, loc.Line) + "set Cache-Control to no-store"})
			}
		}
	}
	return out
}

// typed proposes to name the type of the JSON that the front end sends.
func (x *View) typed(f *facts.Fetch) []Proposal {
	line := x.Line(f.File, f.Line)
	for _, p := range paths(f.File, line, f.Line) {
		if p.inner() == "body" && strings.HasPrefix(line[p.to:], ": JSON.stringify(") && !strings.Contains(line, "headers") {
			put := "headers: { 'Content-Type': 'application/json' }, "
			return []Proposal{{Edits: []finding.Edit{p.sub(p.from, p.from).edit(put)}, Text: in(f.File, f.Line) + "send JSON with its type: headers: { 'Content-Type': 'application/json' }"}}
		}
	}
	return nil
}

// moved puts the line that uses cors() before the first route.
func (x *View) moved(code *facts.ServerCode) []Proposal {
	line := x.Line(code.CORSFile, code.CORSLine)
	if use := strings.TrimSpace(line); !strings.HasPrefix(use, code.App+".use(cors(") || closing(use, len(code.App)+4) < len(strings.TrimSuffix(use, ";"))-1 {
		return nil
	}
	put := finding.Edit{File: code.AppFile, Line: code.AppLine, From: 1, To: 1, Insert: line + "\n"}
	return []Proposal{{Edits: []finding.Edit{put, x.deleteLine(code.CORSFile, code.CORSLine)}, Text: "Move line " + strconv.Itoa(code.CORSLine) + " of " + code.CORSFile + " before the routes, to line " + strconv.Itoa(code.AppLine)}}
}

// middleware puts app.use(…) before what the app has already, and imports what it
// needs where package.json has it.
func (x *View) middleware(code *facts.ServerCode, use, from string) []Proposal {
	if code.App == "" || code.AppFile == "" || code.AppLine == 0 {
		return nil
	}
	lines := x.lines(code.AppFile)
	text := strings.Join(lines, "\n")
	if !strings.Contains(text, "express()") {
		return nil // another framework's app
	}
	at := x.Line(code.AppFile, code.AppLine)
	end := ""
	if strings.HasSuffix(strings.TrimSpace(at), ";") {
		end = ";"
	}
	put := at[:len(at)-len(strings.TrimLeft(at, " \t"))] + code.App + ".use(" + use + ")" + end
	es := []finding.Edit{{File: code.AppFile, Line: code.AppLine, From: 1, To: 1, Insert: put + "\n"}}
	if !imports(lines, from) {
		if from == "express" || !strings.Contains(strings.Join(x.lines(strings.TrimPrefix(code.Dir+"/package.json", "/")), ""), `"`+from+`"`) {
			return nil
		}
		first := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "import ") || strings.Contains(l, "= require(") })
		if first < 0 {
			return nil
		}
		line := "const " + from + " = require('" + from + "')" + end + "\n"
		if strings.HasPrefix(lines[first], "import ") {
			line = "import " + from + " from '" + from + "'" + end + "\n"
		}
		es = append([]finding.Edit{{File: code.AppFile, Line: first + 1, From: 1, To: 1, Insert: line}}, es...)
	}
	for i, l := range lines { // where it comes too late now
		if i+1 > code.AppLine && strings.TrimRight(l, "\r") == put {
			if between := strings.Join(lines[code.AppLine-1:i], "\n"); !strings.Contains(between, "('/") && !strings.Contains(between, `("/`) {
				return nil // no route comes before it
			}
			es = append(es, x.deleteLine(code.AppFile, i+1))
		}
	}
	return []Proposal{{Edits: es, Text: in(code.AppFile, code.AppLine) + "add " + code.App + ".use(" + use + ") before the routes"}}
}

// imports reports whether a module has a name for a package.
func imports(lines []string, name string) bool {
	return slices.ContainsFunc(lines, func(l string) bool {
		l = strings.TrimSpace(l)
		return strings.HasPrefix(l, "import "+name+" ") || strings.HasPrefix(l, "import "+name+",") || strings.HasPrefix(l, "import * as "+name+" ") || strings.HasPrefix(l, "const "+name+" = require(") || strings.HasPrefix(l, "var "+name+" = require(")
	})
}

// address proposes for a URL of the front end: the port on which the backend
// listens, the path that it has a route for.
func (x *View) address(c *finding.Cause) []Proposal {
	if c.Location == nil || c.Location.Line == 0 {
		return nil
	}
	line := x.Line(c.Location.File, c.Location.Line)
	all := place{file: c.Location.File, line: c.Location.Line, text: line, to: len(line)}
	var out []Proposal
	add := func(p place, put string) {
		out = append(out, Proposal{Edits: []finding.Edit{p.edit(put)}, Text: in(p.file, p.line) + "use " + put + " instead of " + p.inner()})
	}
	if c.ID == causes.ServerOnOtherPort {
		if x.Facts.Process == nil {
			return nil
		}
		for _, l := range x.Facts.Process.Others {
			for _, old := range ports(all) {
				if put := strconv.Itoa(l.Port); old.inner() != put {
					add(old, put)
				}
			}
		}
		return out
	}
	old := pathOf(x.Facts.Target.URL)
	for _, e := range x.Facts.Project.Entries {
		for cut := 0; e.Kind == facts.EntryHTTP && e.Path != "" && cut < len(old) && cut < len(e.Path) && old[:cut] == e.Path[:cut]; cut++ {
			if rest := old[cut:]; strings.HasPrefix(rest, "/") || cut == 0 {
				if i := strings.Index(line, rest); i >= 0 && strings.Count(line, rest) == 1 {
					add(all.sub(i, i+len(rest)), e.Path[cut:])
				}
			}
		}
	}
	return out
}

// ports are the ports of a line's URLs.
func ports(all place) []place {
	var out []place
	for i := 0; i < len(all.text); i++ {
		j := i + 1
		for j < len(all.text) && all.text[j] >= '0' && all.text[j] <= '9' {
			j++
		}
		if all.text[i] == ':' && j > i+2 && j < i+7 && i > 0 && isPath(all.text[i-1]) {
			out = append(out, all.sub(i+1, j))
		}
	}
	return out
}

func pathOf(u string) string {
	if i := strings.Index(u, "://"); i >= 0 {
		u = u[i+3:]
	}
	if i := strings.IndexByte(u, '/'); i >= 0 {
		u = u[i:]
	} else {
		return ""
	}
	u, _, _ = strings.Cut(u, "?")
	return u
}
