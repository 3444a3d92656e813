package cures

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/fix/edits"
	"badsig/tokens"
)

// spoiled proposes for a place that holds the right secret and something else:
// what doesn't belong to it is removed, or undone.
func (x *View) spoiled(v *facts.Value) []Proposal {
	p, ok := x.valueSpan(v)
	if !ok {
		return nil
	}
	rights := x.Rights()
	if len(v.Blemishes) > 0 {
		if c := x.World.Cleaned(v.ID); !affix.Any(rights, c.Equal) {
			rights = append(rights, c)
		}
	}
	var out []Proposal
	for _, r := range rights {
		if at := find(p.text[:p.to], r); at >= p.from {
			core := p.sub(at, at+r.Len())
			out = append(out, alone(p, core, "")...)
			continue
		}
		if es := onlySecret(p, r); es != nil {
			out = append(out, Proposal{Edits: es})
		}
		for _, as := range []struct {
			how  string
			size int
			undo func(string) string
		}{{"lowercase", r.Len(), strings.ToLower}} {
			for at := p.from; at+as.size <= p.to; at++ {
				if tokens.NewSecret([]byte(as.undo(p.text[at : at+as.size]))).Equal(r) {
					out = append(out, alone(p, p.sub(at, at+as.size), as.how)...)
					break
				}
			}
		}
		for _, how := range []string{"base64-decoded", "hex-decoded"} {
			in := bare(p)
			if s, err := edits.As(how, in.inner()); err != nil || !tokens.NewSecret([]byte(s)).Equal(r) {
				continue
			}
			out = append(out, Proposal{Edits: []finding.Edit{{File: p.file, Line: p.line, From: in.edit("").From, To: in.edit("").To, InsertFrom: in.ref(how)}}})
		}
	}
	return append(x.withoutCR(v), out...)
}

// decoded proposes, in Python, to sign with a secret's own bytes where a call decodes it.
func (x *View) decoded(c *finding.Cause) []Proposal {
	if c.Location == nil || !affix.HasSuffix(c.Location.File, ".py") {
		return nil
	}
	var out []Proposal
	file := c.Location.File
	for i, line := range x.lines(file) {
		line = affix.TrimSuffix(line, "\r")
		for _, call := range []string{"base64.b64decode(", "base64.urlsafe_b64decode(", "bytes.fromhex("} {
			at := x.onceIn(file, line, call)
			end := 0
			if at >= 0 {
				end = closing(line, at+len(call)-1)
			}
			if end == 0 || !code(line, file)[at] {
				continue
			}
			p := place{file: file, line: i + 1, text: line, from: at, to: end + 1}
			inner := line[at+len(call) : end]
			out = append(out, p.proposal(inner+".encode()", in(file, i+1)+"sign with the secret as it is: "+inner+".encode()"))
		}
	}
	return out
}

// wholeFile proposes for a file that holds the secret and nothing else: the newline
// at its end goes.
func (x *View) wholeFile(c *finding.Cause) []Proposal {
	if c.ID != causes.SecretWhitespace || c.Location == nil || c.Location.Line != 1 {
		return nil
	}
	file := c.Location.File
	lines := x.lines(file)
	if len(lines) < 2 || affix.ContainsAny(strings.TrimSpace(lines[0]), "= :\"'{<") || strings.TrimSpace(strings.Join(lines[1:], "")) != "" {
		return nil
	}
	first, last := lines[0], lines[len(lines)-1]
	e := finding.Edit{File: file, Line: 1, From: edits.Column(first, len(strings.TrimRight(first, " \t\r"))), ToLine: len(lines), To: edits.Column(last, len(last))}
	return []Proposal{one(e, "In "+file+", remove the newline at the end")}
}

// alone leaves of a value its core: first with the quotes around it, then without.
func alone(p, core place, as string) []Proposal {
	var out []Proposal
	left, right := p.sub(p.from, core.from), p.sub(core.to, p.to)
	both := func(l, r place) {
		var es []finding.Edit
		if l.from < l.to {
			es = append(es, l.edit(""))
		}
		if as != "" {
			e := core.edit("")
			e.InsertFrom = core.ref(as)
			es = append(es, e)
		}
		if r.from < r.to {
			es = append(es, r.edit(""))
		}
		if len(es) > 0 {
			out = append(out, Proposal{Edits: es})
		}
	}
	lead := strings.TrimLeft(left.inner(), " \t")
	tail, _, _ := affix.Cut(right.inner(), " #") // a comment
	tail = strings.TrimRight(tail, " \t")
	if lead != "" && tail != "" && lead[0] == tail[len(tail)-1] && strings.IndexByte("\"'`", lead[0]) >= 0 {
		l, r := left, right
		l.from = left.to - len(lead) + 1
		r.to = right.from + len(tail) - 1
		both(l, r)
	}
	if c := strings.Index(right.inner(), " #"); c > 0 { // a comment after it stays where the loader allows it
		r := right
		r.to = right.from + c
		both(left, r)
	}
	both(left, right)
	return out
}

// onlySecret removes from a value what no secret has, where that leaves the right one.
func onlySecret(p place, right tokens.Secret) []finding.Edit {
	in := bare(p)
	var kept []byte
	var es []finding.Edit
	from := -1
	flush := func(to int) {
		if from >= 0 {
			es = append(es, p.sub(from, to).edit(""))
			from = -1
		}
	}
	for i := in.from; i < in.to; i++ {
		if c := p.text[i]; c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' {
			kept = append(kept, c)
			flush(i)
		} else if from < 0 {
			from = i
		}
	}
	flush(in.to)
	if !tokens.NewSecret(kept).Equal(right) {
		return nil
	}
	return es
}

// bare is a value without spaces and quotes around it.
func bare(p place) place {
	s := p.inner()
	t := strings.TrimLeft(s, " \t")
	p.from += len(s) - len(t)
	t = strings.TrimRight(t, " \t")
	p.to = p.from + len(t)
	if n := len(t); n >= 2 && t[0] == t[n-1] && strings.IndexByte("\"'`", t[0]) >= 0 {
		p.from, p.to = p.from+1, p.to-1
	}
	return p
}

// withoutCR saves a file with LF line endings, where its loader keeps the carriage returns.
func (x *View) withoutCR(v *facts.Value) []Proposal {
	if v.Kind != facts.KindEnvFile {
		return nil
	}
	lines := x.lines(v.File)
	if v.Line > len(lines) || !affix.HasSuffix(lines[v.Line-1], "\r") {
		return nil
	}
	var es []finding.Edit
	for i, l := range lines {
		if affix.HasSuffix(l, "\r") {
			es = append(es, place{file: v.File, line: i + 1, text: l, from: len(l) - 1, to: len(l)}.edit(""))
		}
	}
	return []Proposal{{Edits: es, Text: "Save " + v.File + " with LF line endings"}}
}

// replaced proposes to write the right secret in a value's place: from where it
// already is, else from the dashboard.
func (x *View) replaced(v *facts.Value) []Proposal {
	p, ok := x.valueSpan(v)
	if !ok {
		return nil
	}
	if v.Kind == facts.KindEnvFile {
		p = bare(p)
		if i := strings.Index(p.inner(), " #"); i >= 0 {
			p.to = p.from + len(strings.TrimRight(p.inner()[:i], " "))
		}
	}
	var out []Proposal
	for _, s := range x.sources(v) {
		e := s.edit
		e.File, e.Line, e.From, e.To = p.file, p.line, p.edit("").From, p.edit("").To
		out = append(out, one(e, in(v.File, v.Line)+"set "+nameOr(v, "it")+" to "+s.words))
	}
	return out
}

// writing is an edit without a place, that writes the right secret.
type writing struct {
	edit  finding.Edit
	words string
}

// sources are the ways to write the right secret into a file.
func (x *View) sources(except *facts.Value) []writing {
	var out []writing
	tr := facts.TruthOf(x.Facts)
	if d := facts.ValueAt(x.Facts, x.Facts.Target.DashboardSecret); x.Facts.Target.HasSecret && d != nil && tr.Fps[d.Fingerprint] {
		out = append(out, writing{finding.Edit{InsertSecret: finding.FromDashboard}, "the dashboard's API secret"})
	}
	for i := range x.Facts.Values {
		v := &x.Facts.Values[i]
		if v == except || v.File == "" || v.What != facts.WhatSecret || !tr.Fps[v.Fingerprint] && !tr.Fps[v.Clean] {
			continue
		}
		p, ok := x.valueSpan(v)
		if !ok {
			if !v.Comment {
				continue
			}
			p = place{file: v.File, line: v.Line, text: x.Line(v.File, v.Line)}
		}
		for _, r := range x.Rights() {
			if at := find(p.text, r); at >= 0 {
				core := p.sub(at, at+r.Len())
				out = append(out, writing{finding.Edit{InsertFrom: core.ref("")}, "the value from " + facts.Where(v)})
				break
			}
		}
	}
	return out
}

//go:noinline
func in(file string, line int) string { return "In " + lineOf(file, line) + ", " }

//go:noinline
func nameOr(v *facts.Value, or string) string {
	if v.Name == "" || v.Kind == facts.KindLiteral {
		return or
	}
	return v.Name
}
