package cures

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// users are the cures of whom a token is for, and of how it is in the response.
type users struct{ *View }

// What an ID's field, and a parsed body, are called.
var (
	idFields = []string{"user_id: ", "userId: ", "userID: ", "id: ", "uid: ", "user: "}
	bodies   = []string{"req.body", "request.body", "ctx.request.body"}
)

// user proposes to sign the ID that the request carries, where the code signs a
// constant, another field, or something made of the ID.
func (x users) user(c *finding.Cause) []Proposal {
	if c.Location == nil || c.Location.Line == 0 || x.Facts.Project == nil {
		return nil
	}
	id := facts.IDName(x.Facts.MainNames(x.Facts.Fetch()))
	if id == "" || affix.Contains(id, ".") {
		return nil
	}
	file, n := c.Location.File, c.Location.Line
	line := x.Line(file, n)
	all := place{file: file, line: n, text: line, to: len(line)}
	var out []Proposal
	for _, s := range x.Facts.Project.Sites {
		for _, p := range paths(file, line, n) { // req.body.id, where the front end sends userId
			rest, ok := strings.CutSuffix(p.inner(), "."+facts.LastName(s.User.Name))
			if ok && s.User.Name != "" && facts.LastName(s.User.Name) != id && !callee(p) {
				out = append(out, one(p.sub(p.from+len(rest)+1, p.to).edit(id), in(file, n)+"read "+id+", the field that the front end sends"))
			}
		}
	}
	for _, l := range literals(line) {
		before := line[:max(l[0]-1, 0)]
		named := affix.Any(idFields, func(n string) bool { return affix.HasSuffix(before, n) })
		if affix.HasSuffix(before, "(") && l[0] > 0 || named {
			p := all.sub(l[0]-1, l[1]+1)
			out = append(out, p.proposal(id, in(file, n)+"sign the ID from the request instead of "+p.inner()))
		}
	}
	out = append(out, x.single(all)...)
	for _, p := range paths(file, line, n) { // String(req.body)
		if !facts.OneOf(bodies, p.inner()) || callee(p) {
			continue
		}
		put := p.inner() + "." + id
		if x.named(file, n, id) {
			put = id
		}
		for _, w := range append(around(p), p) {
			if w.text[w.from] != '(' && strings.TrimSpace(line[:w.from]) != "" {
				out = append(out, w.proposal(put, in(file, n)+"sign "+put+" instead of the body"))
			}
		}
	}
	return append(out, x.unwrapped(c.Location)...)
}

// single proposes to take the ID out of an object: { user_id: { id: x } }.
func (x users) single(all place) []Proposal {
	for _, p := range paths(all.file, all.text, all.line) {
		if p.inner() != "user_id" || !affix.HasPrefix(all.text[p.to:], ": {") {
			continue
		}
		open := p.to + len(": ")
		end := closing(all.text, open)
		if end == 0 {
			continue
		}
		inner := strings.TrimSpace(all.text[open+1 : end])
		if name, value, is := affix.Cut(inner, ":"); is {
			if affix.ContainsAny(name, ", ") {
				continue
			}
			inner = strings.TrimSpace(value)
		}
		if inner != "" && !affix.ContainsAny(inner, ",:{ ") {
			return []Proposal{one(all.sub(open, end+1).edit(inner), in(all.file, all.line)+"sign user_id: "+inner+", the ID alone")}
		}
	}
	return nil
}

// named reports whether the function that has a line reads a field from something under its name above it.
func (x users) named(file string, n int, id string) bool {
	for n--; n > 0; n-- {
		line := x.Line(file, n)
		if at := strings.Index(line, id); at >= 0 && word(line, at, at+len(id)) && affix.Contains(line[:at], "const ") {
			return true
		}
		if affix.Contains(line, "=> {") || affix.Contains(line, "function") {
			return false
		}
	}
	return false
}

// TokenField is the name under which a response has the token, where the front end
// reads another; "" where the finding doesn't say so.
func TokenField(c *finding.Cause) string {
	for _, e := range c.Evidence {
		if e.Label == "field that has the token" {
			return e.Got
		}
	}
	return ""
}

// SentPromise tells a response with a promise in the place of its token.
func SentPromise(c *finding.Cause) bool {
	_, is := promised(c)
	return is
}

func promised(c *finding.Cause) (field string, is bool) {
	for _, e := range c.Evidence {
		if name, ok := affix.CutPrefix(e.Label, "field "); ok && facts.OneOf([]string{"{}", `"[object Promise]"`, "object"}, e.Got) {
			return name, true
		}
	}
	return "", false
}

// awaited proposes to wait for the call that gives the token, in a function that can wait.
func (x users) awaited(c *finding.Cause) []Proposal {
	name, is := promised(c)
	if !is || c.Location == nil || c.Location.Line == 0 {
		return nil
	}
	file := c.Location.File
	var out []Proposal
	for n := c.Location.Line; n > 0 && n > c.Location.Line-6; n-- {
		line := x.Line(file, n)
		for _, p := range paths(file, line, n) {
			before := strings.TrimRight(line[:p.from], " ")
			if end := closing(line, p.to); end > 0 && (affix.HasSuffix(before, name+":") || affix.HasSuffix(before, name+" =")) && x.async(file, n) {
				out = append(out, p.sub(p.from, p.from).proposal("await ", in(file, n)+"await "+p.inner()+"()"))
			}
		}
	}
	return out
}

// async reports whether the innermost function that begins above a line can wait.
func (x users) async(file string, n int) bool {
	for ; n > 0; n-- {
		if l := x.Line(file, n); affix.Contains(l, "=> {") || affix.Contains(l, "function") {
			return affix.Contains(l, "async")
		}
	}
	return false
}

// field proposes to call the token in the response what the front end calls it.
func (x users) field(c *finding.Cause) []Proposal {
	fetch := x.Facts.Fetch()
	if c.Location == nil || c.Location.Line == 0 || fetch == nil || fetch.Takes == "" || affix.Contains(fetch.Takes, ".") || x.Facts.Project == nil {
		return nil
	}
	file, n := c.Location.File, c.Location.Line
	line := x.Line(file, n)
	var out []Proposal
	names := []string{TokenField(c)}
	for _, s := range x.Facts.Project.Sites {
		for _, w := range s.Wraps {
			if w.How == "field" {
				names = append(names, w.As)
			}
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		for _, p := range paths(file, line, n) {
			if name == "" || p.inner() != name {
				continue
			}
			put := fetch.Takes
			if !affix.HasPrefix(strings.TrimLeft(line[p.to:], " "), ":") {
				put += ": " + p.inner() // { jwt }
			}
			out = append(out, p.proposal(put, in(file, n)+"return the token as "+fetch.Takes+", the name that the front end reads"))
		}
	}
	return out
}

// left proposes to send the token, which the code has made, in a response that leaves it out.
func (x users) left(c *finding.Cause) []Proposal {
	fetch := x.Facts.Fetch()
	if c.Location == nil || c.Location.Line == 0 || fetch == nil || fetch.Takes == "" || affix.Contains(fetch.Takes, ".") {
		return nil
	}
	file, n := c.Location.File, c.Location.Line
	line := x.Line(file, n)
	made := x.made(file, n)
	if made == "" {
		return nil
	}
	put := fetch.Takes + ": " + made
	if made == fetch.Takes {
		put = made
	}
	for _, p := range paths(file, line, n) {
		if p.inner() == fetch.Takes && affix.HasPrefix(line[p.to:], ": null") { // token: null
			return []Proposal{one(p.sub(p.from, p.to+len(": null")).edit(put), in(file, n)+"return "+put)}
		}
	}
	for _, p := range paths(file, line, n) {
		if name := facts.LastName(p.inner()); (name == "json" || name == "send" || name == "stringify") && affix.HasPrefix(line[p.to:], "({ ") {
			at := p.to + len("({ ")
			return []Proposal{one(p.sub(at, at).edit(put+", "), in(file, n)+"return the token, too: { "+put+", … }")}
		}
	}
	return nil
}

// made is the constant above a line that is called as a token is, and gets a call's result.
func (x users) made(file string, n int) string {
	for ; n > 1; n-- {
		line := strings.TrimSpace(x.Line(file, n-1))
		rest, ok := affix.CutPrefix(line, "const ")
		name, value, is := affix.Cut(rest, " = ")
		name, _, _ = affix.Cut(name, ":")
		if ok && is && affix.Contains(strings.ToLower(name), "token") && affix.Contains(value, "(") && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") == "" {
			return name
		}
		if affix.HasSuffix(line, "=> {") || affix.Contains(line, "function") {
			return ""
		}
	}
	return ""
}

// byHand proposes base64url where code that makes a token by hand encodes otherwise.
func (x users) byHand(c *finding.Cause) []Proposal {
	if c.Location == nil || c.Location.Line == 0 {
		return nil
	}
	file := c.Location.File
	var es []finding.Edit
	var where []string
	from, to := max(1, c.Location.Line-2), c.Location.Line+3
	if affix.HasSuffix(file, ".py") { // a function of its own encodes
		from, to = 1, len(x.lines(file))
	}
	for n := from; n <= to; n++ {
		line := x.Line(file, n)
		all := place{file: file, line: n, text: line, to: len(line)}
		was := len(es)
		for _, l := range literals(line) {
			p := all.sub(l[0], l[1])
			if before := line[:max(l[0]-1, 0)]; (p.inner() == "base64" || p.inner() == "hex") && !affix.Contains(line, "createHash(") && (affix.HasSuffix(before, ".toString(") || affix.HasSuffix(before, ".digest(")) {
				es = append(es, p.edit("base64url"))
			}
		}
		if at := x.onceIn(file, line, "base64.b64encode("); at >= 0 && affix.HasSuffix(strings.TrimSpace(line), ".decode()") { // Python
			end := closing(line, at+len("base64.b64encode"))
			if end > 0 && line[end+1:] == ".decode()" {
				es = append(es, all.sub(at, at+len("base64.b64encode")).edit("base64.urlsafe_b64encode"), all.sub(end+1, end+1).edit(`.rstrip(b"=")`))
			}
		}
		if len(es) > was {
			where = append(where, lineOf(file, n))
		}
	}
	if es == nil {
		return nil
	}
	return []Proposal{{Edits: es, Text: "In " + strings.Join(where, " and ") + ", encode as base64url, without padding"}}
}
