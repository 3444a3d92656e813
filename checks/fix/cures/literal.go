package cures

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// read is the code that reads a variable in a file's language; "" where it isn't known.
//
//go:noinline
func envRead(file, name string) string {
	switch affix.Ext(file) {
	case ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx":
		return "process.env." + name
	case ".py":
		return `os.environ["` + name + `"]`
	case ".go":
		return `os.Getenv("` + name + `")`
	case ".php":
		return "getenv('" + name + "')"
	case ".rb":
		return "ENV.fetch('" + name + "')"
	}
	return ""
}

// fromEnvironment proposes to read the environment in the place of a literal.
func (x *View) fromEnvironment(v *facts.Value) []Proposal {
	p, ok := x.valueSpan(v)
	if !ok || v.Kind != facts.KindLiteral && v.Kind != facts.KindFallback || p.from == 0 || p.to == len(p.text) {
		return nil
	}
	whole := p.sub(p.from-1, p.to+1)
	var out []Proposal
	if before := strings.TrimRight(p.text[:whole.from], " "); affix.HasSuffix(before, "||") || affix.HasSuffix(before, "??") { // x || 'literal'
		cut := p.sub(len(strings.TrimRight(before[:len(before)-2], " ")), whole.to)
		out = append(out, cut.proposal("", in(v.File, v.Line)+"remove the hard-coded fallback"))
	}
	for _, name := range secretNames(x.Facts) {
		for _, read := range settings(x, v.File, name) {
			out = append(out, whole.proposal(read, in(v.File, v.Line)+"use "+read+" instead of the hard-coded value"))
		}
		if read := reading(x, v.File, name); read != "" {
			es := append([]finding.Edit{whole.edit(read)}, needs(x, v.File, "os")...)
			out = append(out, Proposal{Edits: es, Text: in(v.File, v.Line) + "read " + name + " from the environment instead of the hard-coded value"})
		}
	}
	return out
}

// reading is how code of a file reads a variable of the environment: Laravel's configuration by env().
func reading(x *View, file, name string) string {
	if affix.Ext(file) == ".php" && affix.Any(x.lines(file), func(l string) bool { return affix.Contains(l, " env('") }) {
		return "env('" + name + "')"
	}
	return envRead(file, name)
}

// needs imports a module of Python's where a file doesn't.
func needs(x *View, file, module string) []finding.Edit {
	lines := x.lines(file)
	first := slices.IndexFunc(lines, func(l string) bool {
		return affix.HasPrefix(l, "import ") || affix.HasPrefix(l, "from ") && !affix.HasPrefix(l, "from __future__")
	})
	if affix.Ext(file) != ".py" || first < 0 || affix.Any(lines, func(l string) bool { return strings.TrimSpace(l) == "import "+module }) {
		return nil
	}
	return []finding.Edit{{File: file, Line: first + 1, From: 1, To: 1, Insert: "import " + module + "\n"}}
}

// moved proposes to read the environment in the place of a literal, and to write the
// right secret into the env file that sets the variable.
func moved(x *View, v *facts.Value) []Proposal {
	p, ok := x.valueSpan(v)
	name := secretNames(x.Facts)[0]
	read := reading(x, v.File, name)
	if !ok || v.Kind != facts.KindLiteral && v.Kind != facts.KindFallback || p.from == 0 || p.to == len(p.text) || read == "" {
		return nil
	}
	out := x.added(name)
	for i := range out {
		out[i].Edits = append([]finding.Edit{p.sub(p.from-1, p.to+1).edit(read)}, out[i].Edits...)
		out[i].Text = in(v.File, v.Line) + "read " + name + " from the environment. " + out[i].Text
	}
	return out
}

// secretNames are the variables that hold, or should hold, the right secret.
func secretNames(f *facts.Facts) []string {
	var out []string
	add := func(n string) {
		if n != "" && !facts.OneOf(out, n) {
			out = append(out, n)
		}
	}
	tr := facts.TruthOf(f)
	for i := range f.Values {
		if v := &f.Values[i]; v.Kind == facts.KindEnvFile && v.What != facts.WhatKey && !v.Comment && (tr.Fps[v.Fingerprint] || tr.Fps[v.Clean]) {
			add(v.Name)
		}
	}
	if s := f.Server; s != nil {
		add(s.SecretName)
	}
	if c := facts.CodeOf(f); c != nil {
		for _, r := range c.SecretRead {
			add(r.Name)
		}
	}
	if len(out) == 0 {
		out = []string{"STREAM_API_SECRET"}
	}
	return out
}

// settings are the members of Python's settings objects that have a variable, in a file that knows the object:
// settings.api_secret for api_secret: str = os.environ.get("NAME", "") of its class.
func settings(x *View, file, name string) []string {
	var out []string
	if affix.Ext(file) != ".py" {
		return nil
	}
	known := strings.Join(x.lines(file), "\n")
	x.some(func(rel, text string) bool {
		class, member := "", ""
		for _, l := range strings.Split(text, "\n") {
			if rest, ok := affix.CutPrefix(l, "class "); ok {
				class, _, _ = affix.Cut(rest+":", ":")
				class, _, _ = affix.Cut(class, "(")
			}
			object, call, assigns := affix.Cut(l, " = ")
			switch {
			case affix.Ext(rel) != ".py" || !assigns:
			case class != "" && affix.HasPrefix(l, " ") && affix.Contains(call, `"`+name+`"`):
				object, _, _ = affix.Cut(strings.TrimSpace(object), ":")
				member = class + "." + object
			case member != "" && affix.HasPrefix(member, affix.TrimSuffix(call, ")")[:max(0, len(call)-2)]+".") && affix.HasSuffix(call, "()") && hasWord(known, object):
				out = append(out, object+affix.TrimPrefix(member, class))
			}
		}
		return false
	})
	return out
}
