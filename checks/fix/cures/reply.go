package cures

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/fix/edits"
)

// Rules of this file, about what a handler sends as the token:
//   - it's the token that the handler has made already, else one that the module's client makes for the request's user
//   - a response for others keeps its own token: only a route that is made for Stream gets Stream's in its place

// answered proposes to send Stream's token where the response has something else, or never comes.
func (x users) answered(c *finding.Cause) []Proposal {
	fetch := x.Facts.Fetch()
	if c.Location == nil || c.Location.Line == 0 || fetch == nil || fetch.Takes == "" || affix.Contains(fetch.TakesPath, ".") || envRead(c.Location.File, "X") != "process.env.X" {
		return nil
	}
	if page := strings.Join(x.lines(fetch.File), ""); c.ID == causes.TokenForeign && (!forStream(pathOf(x.Facts.Target.URL)) || affix.Contains(page, "Bearer") || affix.Contains(page, "setItem(")) {
		return nil // the page may need the other service's token for more than Stream
	}
	out := x.sent(c, facts.Place{File: c.Location.File, Line: c.Location.Line})
	if e := x.Facts.Entry(); e != nil && (e.File != c.Location.File || e.Line != c.Location.Line) {
		out = append(out, x.sent(c, e.Place)...)
	}
	if c.ID == causes.TokenForeign {
		out = append(out, x.signed()...)
	}
	return out
}

// signed proposes to sign Stream's token in the place of another service's.
func (x users) signed() []Proposal {
	var out list
	var calls []facts.Place
	x.some(func(rel, text string) bool {
		for i, l := range strings.Split(text, "\n") {
			if at := strings.Index(l, "jwt.sign("); envRead(rel, "X") == "process.env.X" && at >= 0 && code(l, rel)[at] {
				calls = append(calls, facts.Place{File: rel, Line: i + 1})
			}
		}
		return len(calls) > 1
	})
	if len(calls) != 1 { // which of them makes the token isn't known
		return nil
	}
	at := calls[0]
	last, lines := x.block(at.File, at.Line), x.lines(at.File)
	text := strings.Join(lines[at.Line-1:last], "\n")
	all := place{file: at.File, line: at.Line, text: text, from: strings.Index(text, "jwt.sign("), to: len(text)}
	end := closing(text, all.from+len("jwt.sign"))
	if end == 0 {
		return nil
	}
	for _, id := range append(expressions(all, "user_id", -1), expressions(all, "subject", -1)...) {
		for _, name := range secretNames(x.Facts) {
			put := "jwt.sign({ user_id: " + id.inner() + " }, process.env." + name + ", { expiresIn: '1h' })"
			e := all.sub(all.from, all.from).edit(put)
			e.ToLine, e.To = last, edits.Column(lines[last-1], end-strings.LastIndexByte(text[:end], '\n'))
			out.add(all, "", "sign Stream's token: "+put)
			out[len(out)-1].Edits[0] = e
		}
	}
	return out
}

// sent proposes for the lines of a handler, or for the one line of a response.
func (x users) sent(c *finding.Cause, at facts.Place) []Proposal {
	file, first, fetch := at.File, at.Line, x.Facts.Fetch()
	last := x.block(file, first)
	var out list
	for n := first; n <= last; n++ {
		line := x.Line(file, n)
		all := place{file: file, line: n, text: line, to: len(line)}
		made := x.made(file, n)
		object := "res.json({ " + pair(fetch.Takes, made) + " })"
		for _, p := range paths(file, line, n) {
			switch before := strings.TrimRight(line[:p.from], " "); {
			case p.inner() == fetch.Takes && affix.HasPrefix(line[p.to:], ":") && (affix.HasSuffix(before, "{") || affix.HasSuffix(before, ",")):
				value := expression(all, p.to+1)
				if made != "" && value.inner() != made {
					out.add(p.sub(p.from, value.to), pair(fetch.Takes, made), "return the token that is made above: "+made)
				}
				for _, put := range x.makes(file, n) {
					if value.inner() == put {
						continue
					}
					out.add(value, put, "return "+put+", a token for the user of the request")
					if at := x.constant(file, value.inner(), n); at > 0 {
						l := &out[len(out)-1]
						l.Edits = append(l.Edits, x.deleteLine(file, at))
					}
				}
			case p.inner() == "res.status" && line[p.to:] == "(204).end()" && made != "":
				out.add(all.sub(p.from, len(line)), object, "return the token: "+object)
			case p.inner() == "res.write" && affix.HasPrefix(line[p.to:], "("):
				out.add(p, "console.log", "write that to the log, and only JSON to the response")
			}
		}
		switch text := strings.TrimRight(strings.TrimSpace(line), ";"); {
		case c.ID != causes.ServerHangs:
		case affix.TrimPrefix(affix.TrimPrefix(text, "return "), "await ") == "new Promise(() => {})":
			out = append(out, one(x.deleteLine(file, n), in(file, n)+"remove the promise that never settles"))
		case made != "" && n == last && last > first:
			above := x.Line(file, n-1)
			out.add(all.sub(0, 0), above[:len(above)-len(strings.TrimLeft(above, " \t"))]+object+"\n", "return the token: "+object)
		}
	}
	return out
}

// pair is a property of an object that has a constant's value.
func pair(name, value string) string {
	if name == value {
		return name
	}
	return name + ": " + value
}

// forStream tells a path that names what it is for.
func forStream(path string) bool {
	return affix.Any([]string{"stream", "chat", "video", "feed"}, func(w string) bool { return affix.Contains(strings.ToLower(path), w) })
}

// block is the last line of what begins on a line: that line itself where it closes what it opens.
func (x users) block(file string, first int) int {
	return blockEnd(x.lines(file), first-1) + 1
}

// blockEnd is the same, in lines from 0.
func blockEnd(lines []string, first int) int {
	depth := 0
	for n := first; n < len(lines); n++ {
		is := code(lines[n], ".js")
		for i, c := range []byte(lines[n]) {
			if is[i] && strings.IndexByte("([{", c) >= 0 {
				depth++
			} else if is[i] && strings.IndexByte(")]}", c) >= 0 {
				depth--
			}
		}
		if depth <= 0 {
			return n
		}
	}
	return first
}

// makes are the calls by which a module's constants, if they are Stream's client, make a token for the user of a request.
func (x users) makes(file string, n int) []string {
	id := facts.IDName(x.Facts.MainNames(x.Facts.Fetch()))
	if id == "" || affix.Contains(id, ".") {
		return nil
	}
	if !x.named(file, n, id) {
		id = "req.body." + id
	}
	var out []string
	for _, l := range x.lines(file) {
		clause, ok := affix.CutPrefix(l, "import ")
		if !ok {
			clause, ok = affix.CutPrefix(affix.TrimPrefix(l, "export "), "const ")
		}
		clause, _, _ = affix.Cut(clause, " = ")
		clause, _, _ = affix.Cut(clause, " from ")
		for _, name := range strings.FieldsFunc(clause, func(r rune) bool { return strings.ContainsRune(" ,{}:", r) }) {
			low := strings.ToLower(name)
			if ok && name[0] == low[0] && (affix.HasSuffix(low, "client") || affix.HasSuffix(low, "stream") || affix.HasSuffix(low, "chat")) && strings.Trim(low, "abcdefghijklmnopqrstuvwxyz_") == "" {
				out = append(out, name+".createToken("+id+")")
			}
		}
	}
	return out
}

// constant is the line that declares a constant which only one other line uses; 0 for none.
func (x users) constant(file, name string, user int) int {
	uses := x.uses(file, user, name)
	if len(uses) == 1 && affix.HasPrefix(uses[0].text, "const "+name+" = ") && x.block(file, uses[0].line) == uses[0].line {
		return uses[0].line
	}
	return 0
}
