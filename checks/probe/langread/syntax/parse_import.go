package syntax

import (
	"strings"

	"badsig/checks/affix"
)

// imports reads what a file imports.
func (p *parser) imports(t *token) *Stmt {
	p.next()
	s := &Stmt{Kind: SImport, Line: int(t.line)}
	if t.text == "package" || t.text == "namespace" {
		dotted(p)
		if p.is("{") { // C#, PHP: namespace X { … }
			return &Stmt{Kind: SBlock, Text: "namespace", Line: int(t.line), Body: block(p)}
		}
		p.take(";")
		return &Stmt{Kind: SBlock, Text: t.text, Line: int(t.line)}
	}
	if p.lang.Name == Go && p.is("(") {
		p.within(func(int) { p.goImport(s) })
		return s
	}
	if p.lang.Name == Go {
		p.goImport(s)
		return s
	}
	p.take("static")
	p.take("function")
	p.take("const")
	name := ""
	for n := 0; n < 3*maxSegments && (p.peek().kind == tokName || p.is(".") || p.is("*")); n++ {
		if p.is("as") || name != "" && p.lang.Newlines && p.peek().first {
			break
		}
		name += p.next().text
	}
	local := LastPart(name)
	switch {
	case p.is("="): // C#: using X = A.B;
		p.next()
		local, name = name, dotted(p)
	case p.take("as"):
		local = p.next().text
	case p.is("{"): // PHP: use A\{B, C as D};
		for _, a := range group(p) {
			if b := a.X.Path(); b != "" {
				s.Names = append(s.Names, [2]string{name + b, LastPart(b)})
			}
		}
	}
	s.Names = append(s.Names, [2]string{name, local})
	p.take(";")
	return s
}

func (p *parser) goImport(s *Stmt) {
	local := ""
	if t := p.peek(); t.kind == tokName || t.kind == tokPunct && (t.text == "." || t.text == "_") {
		local = p.next().text
	}
	t := p.next()
	if t.kind != tokString {
		return
	}
	if local == "" {
		local = goPackageName(t.text)
	}
	s.Names = append(s.Names, [2]string{t.text, local})
}

// goPackageName is the name that a path's package usually has.
func goPackageName(path string) string {
	parts := strings.Split(path, "/")
	last := parts[len(parts)-1]
	if len(parts) > 1 && len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" {
		last = parts[len(parts)-2]
	}
	last = affix.TrimSuffix(affix.TrimPrefix(last, "go-"), "-go")
	if i := strings.LastIndexByte(last, '.'); i > 0 {
		last = last[:i]
	}
	return affix.ReplaceAll(last, "-", "_")
}
