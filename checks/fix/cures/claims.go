package cures

import (
	"slices"
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

const nowSeconds = "Math.floor(Date.now() / 1000)"

// What the claims and options that are edited are called.
var (
	idNames         = []string{"userId", "userID", "id", "uid", "sub", "user"}
	otherAlgorithms = []string{"HS384", "HS512", "RS256", "ES256", "RS512"}
	times           = []string{"exp", "iat"}
	declarations    = []string{"const", "let", "var"}
)

// claim proposes for a claim or an option of a signing call, on its own line.
func (x *View) claim(c *finding.Cause) []Proposal {
	python := c.Location != nil && (c.ID == causes.ClaimType && affix.Ext(c.Location.File) == ".py" || c.ID == causes.UserIDMissing && facts.OneOf([]string{".py", ".go", ".php", ".rb"}, affix.Ext(c.Location.File)))
	if c.Location == nil || c.Location.Line == 0 || !python && !affix.HasSuffix(envRead(c.Location.File, "X"), ".X") { // JavaScript
		return nil
	}
	var out list
	for _, at := range claimLines(x.Facts, c) {
		line := x.Line(at.File, at.Line)
		all := place{file: at.File, line: at.Line, text: line, to: len(line)}
		switch c.ID {
		case causes.TokenAlgorithm:
			for _, l := range literals(line) {
				if p := all.sub(l[0], l[1]); facts.OneOf(otherAlgorithms, p.inner()) {
					out.add(p, "HS256", "change "+p.inner()+" to HS256")
				}
				if p := all.sub(l[0], l[1]); p.inner() == "none" { // jwt.sign(claims, null, { algorithm: 'none' })
					for _, n := range paths(at.File, line, at.Line) {
						if name := secretNames(x.Facts)[0]; n.inner() == "null" && affix.HasPrefix(line[n.to:], ",") {
							out = append(out, Proposal{Edits: []finding.Edit{n.edit(envRead(at.File, name)), p.edit("HS256")}, Text: in(at.File, at.Line) + "sign with " + envRead(at.File, name) + " and HS256"})
						}
					}
				}
			}
		case causes.UserIDMissing:
			for _, l := range literals(line) { // {"userId": x}, of Python
				if p := all.sub(l[0], l[1]); python && facts.OneOf(idNames, p.inner()) && (affix.HasPrefix(line[l[1]+1:], ":") || affix.HasPrefix(strings.TrimLeft(line[l[1]+1:], " "), "=>")) {
					out.add(p, "user_id", "rename the claim "+p.inner()+" to user_id")
				}
			}
			if python {
				continue
			}
			out = append(out, nested(all)...)
			out = append(out, x.subject(all)...)
			for _, p := range paths(at.File, line, at.Line) {
				if !facts.OneOf(idNames, p.inner()) {
					continue
				}
				before, after := strings.TrimRight(line[:p.from], " "), strings.TrimLeft(line[p.to:], " ")
				if before != "" && !affix.HasSuffix(before, "{") && !affix.HasSuffix(before, ",") {
					continue
				}
				switch {
				case affix.HasPrefix(after, ":"):
					out.add(p, "user_id", "rename the claim "+p.inner()+" to user_id")
				case affix.HasPrefix(after, "}"), affix.HasPrefix(after, ","), before == "" && after == "":
					out.add(p, "user_id: "+p.inner(), "call the claim user_id: { user_id: "+p.inner()+" }")
				}
			}
		case causes.EXPRelative:
			for _, p := range expressions(all, "exp", 1) {
				out.add(p, nowSeconds+" + "+p.inner(), "use "+nowSeconds+" + "+p.inner()+" for exp")
			}
		case causes.IATMilliseconds, causes.EXPMilliseconds:
			name, position := "iat", 2
			if c.ID == causes.EXPMilliseconds {
				name, position = "exp", 1
			}
			for n := at.Line; n > 0 && n > at.Line-12; n-- { // const now = Date.now(), above it
				l := x.Line(at.File, n)
				if at := strings.Index(l, " = Date.now()"); at > 0 && strings.Trim(l[at+len(" = Date.now()"):], "; ") == "" {
					out.add(place{all.file, n, at + len(" = "), at + len(" = Date.now()"), l}, nowSeconds, "count "+name+" in seconds: "+nowSeconds)
				}
			}
			for _, p := range expressions(all, name, position) {
				if i := strings.Index(p.inner(), "Date.now()"); i >= 0 && !affix.Contains(p.inner(), "000") {
					now := p.sub(p.from+i, p.from+i+len("Date.now()"))
					out.add(now, nowSeconds, "count "+name+" in seconds: "+nowSeconds)
					continue
				}
				if put, times := strings.CutSuffix(p.inner(), " * 1000"); times { // (now + 3600) * 1000
					if closing(line, p.from) == p.from+len(put)-1 {
						put = put[1 : len(put)-1]
					}
					out.add(p, put, "count "+name+" in seconds: "+put)
				}
				out.add(p, "Math.floor(("+p.inner()+") / 1000)", "count "+name+" in seconds")
			}
		case causes.ClaimType:
			for n := at.Line; n > 0 && n > at.Line-12; n-- { // const now = Date.now() / 1000, above it
				if l, ok := strings.CutSuffix(strings.TrimRight(x.Line(at.File, n), " "), " = time.time()"); ok && python {
					out.add(place{at.File, n, len(l) + len(" = "), len(l) + len(" = time.time()"), x.Line(at.File, n)}, "int(time.time())", "make the time a whole number: int(time.time())")
				}
				if l := x.Line(at.File, n); affix.HasSuffix(strings.TrimRight(l, "; "), " = Date.now() / 1000") {
					from := strings.Index(l, "Date.now()")
					out.add(place{file: at.File, line: n, text: l, from: from, to: from + len("Date.now() / 1000")}, nowSeconds, "make the time a whole number: "+nowSeconds)
				}
			}
			for _, name := range times {
				for _, p := range expressions(all, name, -1) {
					if name == "exp" && affix.HasSuffix(p.inner(), ".toISOString()") {
						out.add(p, nowSeconds+" + 3600", "use a time in seconds: "+nowSeconds+" + 3600")
					}
					if affix.Contains(p.inner(), "Date.now() / 1000") && !affix.Contains(p.inner(), "Math.") {
						put := "Math.floor(" + p.inner() + ")"
						out.add(p, put, "make "+name+" a whole number: "+put)
					}
					if python && affix.Contains(p.inner(), "time.time()") && !affix.HasPrefix(p.inner(), "int(") {
						out.add(p, "int("+p.inner()+")", "make "+name+" a whole number")
					}
				}
			}
		case causes.IATFuture, causes.NBFFuture, causes.ClockSkew:
			for _, p := range paths(at.File, line, at.Line) {
				if (p.inner() == "Math.round" || p.inner() == "Math.ceil") && affix.HasPrefix(line[p.to:], "(Date.now() / 1000)") {
					out.add(p, "Math.floor", "round down: Math.floor, so that iat isn't in the future")
				}
			}
			for _, p := range expressions(all, "iat", 2) {
				if now, ahead, is := affix.Cut(p.inner(), " + "); is && constant(ahead) && strings.Trim(now, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
					out.add(p, now, "don't set iat in the future: iat: "+now)
				}
				rest, ok := affix.CutPrefix(strings.Replace(p.inner(), "Math.round", "Math.floor", 1), nowSeconds+" + ")
				if _, err := strconv.Atoi(rest); ok && err == nil {
					out.add(p, nowSeconds+" - 5", "set iat in the past")
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
	id, ok := affix.CutPrefix(affix.TrimSuffix(call, ")"), ".setSubject(")
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
		if !affix.HasPrefix(all.text[p.to:], ": {") || p.inner() != "user" {
			continue
		}
		end := closing(all.text, open)
		for _, in := range paths(all.file, all.text, all.line) {
			if in.from > open && in.to < end && in.inner() == "id" && affix.HasPrefix(all.text[in.to:], ":") {
				if id := expression(all, in.to+1); strings.TrimSpace(all.text[id.to:end]) == "" && strings.TrimSpace(all.text[open+1:in.from]) == "" {
					whole := all.sub(p.from, end+1)
					out = append(out, whole.proposal("user_id: "+id.inner(), "In "+lineOf(all.file, all.line)+", call the claim user_id: { user_id: "+id.inner()+" }"))
				}
			}
		}
	}
	return out
}

// claimLines are the lines of the claims of the signing calls that run, the finding's first.
func claimLines(f *facts.Facts, c *finding.Cause) []facts.Place {
	out := []facts.Place{{File: c.Location.File, Line: c.Location.Line}}
	if !affix.Any(f.Project.Sites, func(s facts.Site) bool { return s.Runs.Sure() && len(s.Claims) > 0 }) || c.ID == causes.NBFFuture {
		for n := max(1, c.Location.Line-3); n <= c.Location.Line+4; n++ { // made by hand, or by a chain of calls
			out = append(out, facts.Place{File: c.Location.File, Line: n})
		}
	}
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
		if all.sub(l[0], l[1]).inner() == name && affix.HasPrefix(line[l[1]+1:], ":") {
			out = append(out, expression(all, l[1]+2))
		}
	}
	for _, p := range paths(all.file, line, all.line) {
		switch {
		case p.inner() == name && affix.HasPrefix(line[p.to:], ":"):
			out = append(out, expression(all, p.to+1))
		case name == "iat" && affix.HasSuffix(line[:p.to], ".setIssuedAt"), name == "exp" && affix.HasSuffix(line[:p.to], ".setExpirationTime"): // of jose
			if affix.HasPrefix(line[p.to:], "(") {
				out = append(out, expression(all, p.to+1))
			}
		case affix.HasSuffix(p.inner(), "createToken") && position > 0:
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
	declared, value, _ := affix.Cut(line, " = ")
	if word, _, _ := affix.Cut(strings.TrimSpace(declared), " "); len(out) == 0 && facts.OneOf(declarations, word) && value != "" { // const exp = x, which the claim is set to
		out = append(out, expression(all, len(line)-len(value)))
	}
	return affix.Without(out, func(p place) bool { return p.inner() == "" || p.inner() == "undefined" })
}

// expression is what goes from an offset to the comma or bracket that ends it.
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
