// Package cures proposes edits for what badsig found. It knows where things are
// written and how they would be written right; whether an edit cures anything is
// decided by trying it, so it may propose several.
package cures

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/fix/edits"
	"badsig/checks/probe/vault"
	"badsig/tokens"
)

// Rules of this package:
//   - a proposal changes as little as it can; the least change comes first
//   - a proposal never holds a secret: it removes characters, or refers to where the right ones are
//   - "delete the line" is proposed only for a second assignment of the same variable

// Proposal is one way to cure a cause.
type Proposal struct {
	Edits []finding.Edit
	Text  string // what they do, one sentence; "" where the cause's first step says it
}

// View is what proposals are made from: what the run saw, and the files' bytes.
type View struct {
	Facts *facts.Facts
	World *vault.World

	*texts
}

// NewView looks at the facts of a run. Files are read when they are needed, and once.
func NewView(f *facts.Facts, w *vault.World) *View {
	return &View{Facts: f, World: w, texts: &texts{dir: w.Target.Dir, read: map[string]*source{}}}
}

// place is a stretch of a line, in bytes.
type place struct {
	file     string
	line     int
	from, to int
	text     string // the whole line
}

//go:noinline
func (p place) inner() string { return p.text[p.from:p.to] }

// edit replaces a place by a string.
//
//go:noinline
func (p place) edit(insert string) finding.Edit {
	return finding.Edit{File: p.file, Line: p.line, From: edits.Column(p.text, p.from), To: edits.Column(p.text, p.to), Insert: insert}
}

// proposal is to replace a place by a string, and nothing else.
//
//go:noinline
func (p place) proposal(insert, text string) Proposal {
	return Proposal{Edits: []finding.Edit{p.edit(insert)}, Text: text}
}

// one is a proposal of a single edit.
//
//go:noinline
func one(e finding.Edit, text string) Proposal { return Proposal{Edits: []finding.Edit{e}, Text: text} }

// list is proposals that are being gathered.
type list []Proposal

// add is to replace a place by a string; what that does is said after the place.
//
//go:noinline
func (l *list) add(p place, insert, text string) {
	*l = append(*l, p.proposal(insert, in(p.file, p.line)+text))
}

// ref refers to the characters of a place.
//
//go:noinline
func (p place) ref(as string) *finding.EditFrom {
	return &finding.EditFrom{File: p.file, Line: p.line, From: edits.Column(p.text, p.from), To: edits.Column(p.text, p.to), As: as}
}

// sub is a stretch of a place.
//
//go:noinline
func (p place) sub(from, to int) place { p.from, p.to = from, to; return p }

// Rights are the secrets that are known to be the app's, the dashboard's first.
func (x *View) Rights() []tokens.Secret {
	tr := facts.TruthOf(x.Facts)
	var out []tokens.Secret
	add := func(s tokens.Secret) {
		if !s.IsZero() && tr.Fps[s.Fingerprint()] && !affix.Any(out, s.Equal) {
			out = append(out, s)
		}
	}
	if x.Facts.Target.HasSecret {
		add(x.World.Secret(x.Facts.Target.DashboardSecret))
	}
	for i := range x.Facts.Values {
		add(x.World.Secret(i))
		add(x.World.Cleaned(i))
	}
	return out
}

// values are the places at a location that hold what is named.
func (x *View) values(loc *finding.Location, what ...string) []*facts.Value {
	if loc == nil {
		return nil
	}
	var out []*facts.Value
	for i := range x.Facts.Values {
		v := &x.Facts.Values[i]
		if v.File == loc.File && v.Line == loc.Line && !v.Comment && facts.OneOf(what, v.What) {
			out = append(out, v)
		}
	}
	return out
}

// valueSpan is where a value's characters are written, without the quotes of a literal.
func (x *View) valueSpan(v *facts.Value) (place, bool) {
	line := x.Line(v.File, v.Line)
	p := place{file: v.File, line: v.Line, text: line, to: len(line)}
	switch {
	case line == "":
		return p, false
	case v.Kind == facts.KindEnvFile:
		at := assigned(line, v.Name)
		p.from = at
		return p, at >= 0
	}
	for _, s := range literals(line) {
		t := tokens.NewSecret([]byte(line[s[0]:s[1]]))
		if t.Equal(x.World.Secret(v.ID)) {
			return p.sub(s[0], s[1]), true
		}
	}
	if s := literals(line); len(s) == 1 && v.Kind != facts.KindConfig {
		return p.sub(s[0][0], s[0][1]), true
	}
	if at := find(line, x.World.Secret(v.ID)); at >= 0 {
		return p.sub(at, at+v.Length), true
	}
	return p, false
}

// find is the offset of a secret in a line, -1 for none.
func find(line string, s tokens.Secret) int {
	n := s.Len()
	if n < 6 || !s.In([]byte(line)) {
		return -1
	}
	for i := 0; i+n <= len(line); i++ {
		if tokens.NewSecret([]byte(line[i : i+n])).Equal(s) {
			return i
		}
	}
	return -1
}

// assigned is the offset after the = of "export NAME = value"; -1 for another line.
func assigned(line, name string) int {
	rest := strings.TrimLeft(line, " \t\ufeff")
	if r, ok := affix.CutPrefix(rest, "export"); ok && r != "" && (r[0] == ' ' || r[0] == '\t') {
		rest = strings.TrimLeft(r, " \t")
	}
	rest, ok := affix.CutPrefix(rest, name)
	if !ok {
		return -1
	}
	rest = strings.TrimLeft(rest, " \t")
	if rest == "" || rest[0] != '=' && rest[0] != ':' {
		return -1
	}
	return len(line) - len(rest) + 1
}

// literals are the insides of the quoted strings of a line.
func literals(line string) [][2]int {
	var out [][2]int
	for i := 0; i < len(line); i++ {
		switch c := line[i]; c {
		case '"', '\'', '`':
			j := i + 1
			for j < len(line) && line[j] != c {
				if line[j] == '\\' {
					j++
				}
				j++
			}
			if j >= len(line) {
				return out
			}
			out = append(out, [2]int{i + 1, j})
			i = j
		case '/':
			if affix.HasPrefix(line[i:], "//") && (i == 0 || line[i-1] != ':') {
				return out
			}
		}
	}
	return out
}
