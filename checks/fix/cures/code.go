package cures

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Rules of this file:
//   - it looks at single lines of code that a finding points to, and proposes; the trial reads the file with a parser
//   - what is in quotes or after // isn't code

// isPath tells the characters of a name or a member path.
//
//go:noinline
func isPath(c byte) bool {
	return c == '_' || c == '$' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// code marks the bytes of a line that are code: not in quotes, not in a comment.
// What is in the holes of a template is code.
func code(line, file string) []bool {
	is := make([]bool, len(line)+1)
	hash := affix.Ext(file) == ".py" || affix.Ext(file) == ".rb"
	var quote byte
	holes := 0
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case quote == 0 && (c == '"' || c == '\'' || c == '`'):
			quote = c
		case quote == 0 && (affix.HasPrefix(line[i:], "//") || hash && c == '#'):
			return is
		case quote == 0:
			is[i] = true
			if c == '}' && holes > 0 {
				holes--
				quote = '`'
			}
		case quote == '`' && affix.HasPrefix(line[i:], "${"):
			holes++
			quote = 0
			i++
		case c == '\\':
			i++
		case c == quote:
			quote = 0
		}
	}
	return is
}

// paths are the names and member paths of a line of code, environment reads with
// a quoted name (process.env['X'], os.environ["X"], os.Getenv("X")) whole.
func paths(file, line string, n int) []place {
	is := code(line, file)
	var out []place
	for i := 0; i < len(line); i++ {
		if !is[i] || !isPath(line[i]) || line[i] == '.' {
			continue
		}
		if line[i] >= '0' && line[i] <= '9' { // a number
			for i+1 < len(line) && isPath(line[i+1]) {
				i++
			}
			continue
		}
		j := i
		for j < len(line) && isPath(line[j]) {
			j++
		}
		for _, env := range []string{"process.env[", "import.meta.env[", "os.environ[", "os.environ.get(", "os.getenv(", "os.Getenv(", "getenv(", "Deno.env.get(", "ENV.fetch(", "ENV[", "config("} {
			if end := closing(line, j); end > 0 && line[i:j+1] == env {
				j = end + 1
			}
		}
		out = append(out, place{file: file, line: n, text: line, from: i, to: j})
		i = j
	}
	return out
}

// closing is the offset of the bracket that closes the one at an offset; 0 for none on the line.
func closing(line string, at int) int {
	if at >= len(line) || strings.IndexByte("([{", line[at]) < 0 {
		return 0
	}
	is, depth := code(line, ""), 0
	for i := at; i < len(line); i++ {
		if !is[i] {
			continue
		}
		switch line[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return 0
}

// around gives what is around an expression and makes another value of it,
// the smallest first: x.trim(), f(x, …), `${x} `, x + '\n', (x).
//
//go:noinline
func around(x place) []place {
	var out []place
	for {
		w, ok := wider(x)
		if !ok || len(out) > 6 {
			return out
		}
		out, x = append(out, w), w
	}
}

func wider(x place) (place, bool) {
	line := x.text
	rest := line[x.to:]
	if name, _, ok := affix.Cut(rest, "("); ok && len(name) > 1 && (name[0] == '.' || affix.HasPrefix(name, "?.")) && strings.Trim(name, "?.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == "" {
		if end := closing(line, x.to+len(name)); end > 0 {
			return x.sub(x.from, end+1), true
		}
	}
	if affix.HasSuffix(line[:x.from], "${") && affix.HasPrefix(rest, "}") {
		open, end := strings.LastIndexByte(line[:x.from], '`'), strings.IndexByte(rest, '`')
		if open >= 0 && end >= 0 {
			return x.sub(open, x.to+end+1), true
		}
	}
	if t := strings.TrimRight(line[:x.from], " "); affix.HasSuffix(t, "({") && affix.HasPrefix(strings.TrimLeft(rest, " "), "})") { // f({ x })
		return x.sub(len(t)-1, len(line)-len(strings.TrimLeft(rest, " "))+1), true
	}
	if t := strings.TrimLeft(rest, " "); affix.HasPrefix(t, "+") {
		t = strings.TrimLeft(t[1:], " ")
		for _, l := range literals(line) {
			if l[0]-1 == len(line)-len(t) {
				return x.sub(x.from, l[1]+1), true
			}
		}
	}
	if t := strings.TrimRight(line[:x.from], " "); affix.HasSuffix(t, "+") {
		t = strings.TrimRight(t[:len(t)-1], " ")
		for _, l := range literals(line) {
			if l[1]+1 == len(t) {
				return x.sub(l[0]-1, x.to), true
			}
		}
	}
	if x.from > 0 && line[x.from-1] == '(' {
		if end := closing(line, x.from-1); end >= x.to && (end == x.to || line[x.to] == ',') {
			from := x.from - 1
			for from > 0 && isPath(line[from-1]) {
				from--
			}
			from -= len(line[:from]) - len(affix.TrimSuffix(line[:from], "new "))
			return x.sub(from, end+1), true
		}
	}
	return x, false
}

// unwrapped proposes to use, on a line that makes another value of something, the
// thing itself.
func (x *View) unwrapped(loc *finding.Location) []Proposal {
	if loc == nil || loc.Line == 0 {
		return nil
	}
	line := x.Line(loc.File, loc.Line)
	var out []Proposal
	all := paths(loc.File, line, loc.Line)
	for _, p := range all { // what a call gives: required('X') of required('X').trim()
		if end := closing(line, p.to); end > 0 && affix.HasPrefix(line[end+1:], ".") {
			p.to = end + 1
			all = append(all, p)
		}
	}
	for _, p := range all {
		signs := affix.HasSuffix(p.inner(), ")") && !affix.HasSuffix(p.inner(), "()")
		if end := closing(line, p.to); end > 0 && facts.OneOf(signers, facts.LastName(p.inner())) { // what signing gives
			p.to, signs = end+1, true
		}
		if callee(p) {
			dot := strings.LastIndexByte(p.inner(), '.')
			if dot <= 0 || !affix.HasPrefix(p.text[p.to:], "(") {
				continue
			}
			if end := closing(line, p.to); AboutSecret(line[p.to:max(p.to, end)]) || module(x, loc.File, p.inner()[:dot]) {
				continue // base64.b64decode(settings.SECRET): what is before the dot isn't a value
			}
			p.to = p.from + dot                                                                       // x of x.trim()
			if c := p.inner(); c == "JSON" || c[0] >= 'A' && c[0] <= 'Z' && strings.ToUpper(c) != c { // JSON.stringify, Promise.resolve
				continue
			}
		}
		for _, w := range around(p) {
			if before := strings.TrimSpace(line[:w.from]); before == "" || before == "await" || !signs && w.from == p.from && affix.HasSuffix(before, "return") {
				break // a statement of its own: what it does would be gone
			}
			left, right := p.sub(w.from, p.from), p.sub(p.to, w.to)
			put := bytesFor(loc.File, w)
			var es []finding.Edit
			if left.from < left.to || put[0] != "" {
				es = append(es, left.edit(put[0]))
			}
			if right.from < right.to || put[1] != "" {
				es = append(es, right.edit(put[1]))
			}
			out = append(out, Proposal{Edits: es, Text: in(loc.File, loc.Line) + "pass " + p.inner() + " as it is"})
		}
	}
	return out
}

// module reports whether a name of a file is that of a module which it imports.
func module(x *View, file, name string) bool {
	return affix.Any(x.lines(file), func(l string) bool {
		l = strings.TrimSpace(l)
		for _, begin := range []string{"import " + name, "import * as " + name + " ", "const " + name + " = require(", "var " + name + " = require("} {
			if rest, ok := affix.CutPrefix(l, begin); ok && (begin[len(begin)-1] != name[len(name)-1] || rest == "" || rest[0] == ' ' || rest[0] == ',') {
				return true
			}
		}
		return affix.HasSuffix(l, " as "+name) || affix.HasSuffix(l, "/"+name+`"`) || l == `"`+name+`"`
	})
}

// signers are the functions that give a token.
var signers = []string{"sign", "createToken", "createUserToken", "generateUserToken", "create_token", "create_user_token"}

// callee tells a path that is called: its value isn't what is passed.
//
//go:noinline
func callee(p place) bool {
	rest := strings.TrimLeft(p.text[p.to:], " ")
	return affix.HasPrefix(rest, "(") || affix.HasPrefix(rest, "=>") || affix.HasPrefix(rest, ":") || affix.HasPrefix(rest, "= ")
}

// bytesFor is what has to be put around a string where a decoder gave bytes, in
// code that signs with bytes only.
func bytesFor(file string, was place) [2]string {
	text := was.inner()
	switch {
	case affix.Ext(file) == ".py" && affix.Contains(text, "decode("):
		return [2]string{"", ".encode()"}
	case affix.Ext(file) == ".go" && !affix.HasPrefix(text, "strings.") && !affix.HasPrefix(text, "[]byte("):
		return [2]string{"[]byte(", ")"}
	case affix.Contains(text, "base64url.decode(") || affix.Contains(text, "TextEncoder"):
		return [2]string{"new TextEncoder().encode(", ")"}
	}
	return [2]string{}
}

// word reports whether a stretch of a string is a whole name.
//
//go:noinline
func word(text string, from, to int) bool {
	letter := func(c byte) bool {
		return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	return (from == 0 || !letter(text[from-1])) && (to == len(text) || !letter(text[to]))
}
