package cures

import (
	"io/fs"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/fix/edits"
	"badsig/checks/probe/files"
)

// Rules of this file, about the front end's own lines:
//   - a constant goes only where nothing else of the project has its name
//   - what a form would have sent is sent as JSON, with the same fields

// inFront proposes for a secret that is written in the front end's code: the
// constant goes where nothing uses it, the argument of a call where it's one too many.
func (x *View) inFront(v *facts.Value) []Proposal {
	p, ok := x.valueSpan(v)
	if !ok || v.Kind == facts.KindEnvFile || p.from == 0 || p.to == len(p.text) {
		return nil
	}
	whole := p.sub(p.from-1, p.to+1)
	text := in(v.File, v.Line) + "remove the secret: only the backend needs it"
	if name, alone := declared(whole); alone {
		uses, local := x.uses(v.File, v.Line, name), !affix.Contains(whole.text[:whole.from], "export")
		switch {
		case uses == nil && !x.elsewhere(name, v.File, local):
			return []Proposal{one(x.deleteLine(v.File, v.Line), text)}
		case len(uses) == 1 && !x.elsewhere(name, v.File, local):
			if e, is := lastArgument(uses[0]); is {
				return []Proposal{{Edits: []finding.Edit{x.deleteLine(v.File, v.Line), e}, Text: text + ", and the call in line " + strconv.Itoa(e.Line) + " doesn't"}}
			}
		}
		return nil
	}
	if e, is := lastArgument(whole); is {
		return []Proposal{one(e, text)}
	}
	return nil
}

// declared is the name of the constant that a line declares with a literal and nothing else.
func declared(whole place) (name string, alone bool) {
	before := affix.TrimPrefix(strings.TrimSpace(whole.text[:whole.from]), "export ")
	for _, word := range []string{"const ", "let ", "var "} {
		if rest, is := affix.CutPrefix(before, word); is {
			before, alone = rest, true
		}
	}
	name, eq := strings.CutSuffix(before, "=")
	if name = strings.TrimSpace(name); !alone || !eq || name == "" || strings.IndexFunc(name, func(r rune) bool { return r > 0x7f || !isPath(byte(r)) || r == '.' }) >= 0 {
		return "", false
	}
	rest := strings.TrimSpace(whole.text[whole.to:])
	return name, rest == "" || rest == ";" || affix.HasPrefix(rest, "//") || affix.HasPrefix(rest, "; //")
}

// uses are the other places of a file that have a name.
func (x *texts) uses(file string, but int, name string) []place {
	var out []place
	for i, l := range x.lines(file) {
		l = affix.TrimSuffix(l, "\r")
		for at := 0; i+1 != but; {
			n := strings.Index(l[at:], name)
			if n < 0 {
				break
			}
			n += at
			at = n + len(name)
			if word(l, n, at) {
				out = append(out, place{file: file, line: i + 1, text: l, from: n, to: at})
			}
		}
	}
	return out
}

// lastArgument takes an argument out of a call that has others before it.
func lastArgument(p place) (finding.Edit, bool) {
	before := strings.TrimRight(p.text[:p.from], " ")
	if !affix.HasSuffix(before, ",") || !affix.HasPrefix(strings.TrimLeft(p.text[p.to:], " "), ")") {
		return finding.Edit{}, false
	}
	return p.sub(len(strings.TrimRight(before[:len(before)-1], " ")), p.to).edit(""), true
}

// maxLooked bounds how many files are looked through for a name.
const maxLooked = 3000

// elsewhere reports whether another module of the project has a name, or may have
// it. What a script doesn't export, no module of Node can see.
func (x *texts) elsewhere(name, but string, local bool) bool {
	return x.some(func(rel, text string) bool {
		return rel != but && (facts.OneOf(facts.JsEndings, affix.Ext(rel)) || affix.Ext(rel) == ".html" || affix.Ext(rel) == ".astro") &&
			hasWord(text, name) && !(local && affix.Contains(text, "require("))
	})
}

// ReadElsewhere reports whether code of the project reads a variable of the
// environment, where the files of a layer are as they would be.
func (x *View) ReadElsewhere(name string, layer files.Layer) bool {
	return x.some(func(rel, text string) bool {
		if data, is := layer[rel]; is {
			text = string(data)
		}
		for at := 0; affix.Base(rel)[0] != '.'; {
			n := strings.Index(text[at:], name)
			if n < 0 {
				break
			}
			n += at
			if at = n + len(name); n > 0 && strings.IndexByte(".'\"", text[n-1]) >= 0 && word(text, n, at) {
				return true
			}
		}
		return false
	})
}

// some reports whether there is a source that is as it's looked for, or may be.
func (x *texts) some(is func(rel, text string) bool) bool {
	found, n := false, 0
	err := files.Under(x.dir, func(p string, d fs.DirEntry, err error) error {
		base := affix.Base(filepath.ToSlash(p))
		switch {
		case err != nil:
			return nil
		case d.IsDir():
			if p != x.dir && (base[0] == '.' || facts.OneOf([]string{"node_modules", "vendor", "dist", "build", "out"}, base)) {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular() || !edits.Source(base):
			return nil
		}
		rel, err := filepath.Rel(x.dir, p)
		if err != nil {
			return nil
		}
		n++
		if data, _, ok := files.Read(p, files.MaxSourceSize); n > maxLooked || !ok || is(filepath.ToSlash(rel), string(data)) {
			found = true
			return fs.SkipAll
		}
		return nil
	})
	return found || err != nil
}

// hasWord reports whether a string has a name that isn't a variable of the environment.
func hasWord(text, name string) bool {
	for at := 0; ; {
		n := strings.Index(text[at:], name)
		if n < 0 {
			return false
		}
		n += at
		if at = n + len(name); word(text, n, at) && !affix.HasSuffix(text[:n], "env.") {
			return true
		}
	}
}

// Elsewhere reports whether a module but one has a name.
func (x *View) Elsewhere(name, but string) bool { return x.elsewhere(name, but, false) }

// family proposes for a front end that names an address on which its backend
// doesn't listen: localhost, if that's where it does, else the backend's own address.
func (x *View) family(c *finding.Cause) []Proposal {
	u, err := url.Parse(x.Facts.Target.URL)
	if c.Location == nil || c.Location.Line == 0 || err != nil || x.Facts.Process == nil || u.Hostname() == "localhost" {
		return nil
	}
	host := u.Hostname()
	if affix.Contains(host, ":") {
		host = "[" + host + "]"
	}
	line := x.Line(c.Location.File, c.Location.Line)
	at := strings.Index(line, "://"+host)
	if at < 0 || strings.Count(line, "://"+host) > 1 {
		return nil
	}
	p := place{file: c.Location.File, line: c.Location.Line, text: line, from: at + len("://"), to: at + len("://") + len(host)}
	puts := []string{"localhost"}
	for _, l := range x.Facts.Process.Listeners {
		if ip := net.ParseIP(l.Address); ip != nil && !ip.IsLoopback() && !ip.IsUnspecified() {
			puts = append(puts, l.Address)
		}
	}
	var out []Proposal
	for _, put := range puts {
		out = append(out, p.proposal(put, in(p.file, p.line)+"use "+put+" instead of "+host+" in the URL"))
	}
	return out
}

// typed proposes to name the type of the JSON that the front end sends.
func (x answers) typed(f *facts.Fetch) []Proposal {
	body, ok := x.option(f, ": JSON.stringify(")
	if !ok {
		return nil
	}
	put := typeBefore(body)
	return []Proposal{one(body.sub(body.from, body.from).edit(put), in(f.File, body.line)+"send JSON with its type: headers: { 'Content-Type': 'application/json' }")}
}

// option is the body option of the front end's request, which has no headers
// beside it; it's on the call's line, or on one of those below it.
func (x answers) option(f *facts.Fetch, value string) (place, bool) {
	for n := f.Line; n > 0 && n < f.Line+8; n++ {
		line := x.Line(f.File, n)
		if affix.Contains(line, "headers") || n > f.Line && affix.HasPrefix(strings.TrimSpace(line), "}") {
			return place{}, false
		}
		for _, p := range paths(f.File, line, n) {
			if p.inner() == "body" && affix.HasPrefix(line[p.to:], value) {
				for m := n + 1; m < n+4; m++ { // after it
					if after := strings.TrimSpace(x.Line(f.File, m)); affix.HasPrefix(after, "headers") {
						return place{}, false
					}
				}
				return p, true
			}
		}
	}
	return place{}, false
}

// typeBefore is the option that names the type of a JSON body, to be put before it.
func typeBefore(body place) string {
	put, indent := "headers: { 'Content-Type': 'application/json' },", body.text[:body.from]
	if strings.TrimSpace(indent) == "" { // a line of its own
		return put + "\n" + indent
	}
	return put + " "
}

// form proposes to send as JSON what is put into a FormData.
func (x answers) form(f *facts.Fetch) []Proposal {
	body, ok := x.option(f, ": ")
	if !ok {
		return nil
	}
	name := expression(body, body.to+1)
	var es []finding.Edit
	var fields []string
	for _, u := range x.uses(f.File, 0, name.inner()) {
		use := affix.TrimSuffix(strings.TrimSpace(u.text), ";")
		switch rest, appends := affix.CutPrefix(use, name.inner()+".append("); {
		case u.line == body.line:
			continue
		case affix.HasPrefix(use, "const "+name.inner()+" = new FormData()"):
		case appends:
			field, value, two := affix.Cut(affix.TrimSuffix(rest, ")"), ", ")
			if l := literals(field); !two || len(l) != 1 || affix.Contains(value, ",") {
				return nil
			}
			if field = strings.Trim(field, "'\"`"); field == value {
				fields = append(fields, field)
			} else {
				fields = append(fields, field+": "+value)
			}
		default:
			return nil
		}
		es = append(es, x.deleteLine(f.File, u.line))
	}
	if len(fields) == 0 {
		return nil
	}
	put := typeBefore(body)
	json := "JSON.stringify({ " + strings.Join(fields, ", ") + " })"
	es = append(es, body.sub(body.from, name.to).edit(put+"body: "+json))
	return []Proposal{{Edits: es, Text: in(f.File, body.line) + "send JSON instead of a form: " + json}}
}
