package flow

import (
	"strings"

	"badsig/checks/probe/langread/syntax"
)

// Site is a call that makes a user token.
type Site struct {
	Callee string
	Lang   string
	File   string
	Line   int
	Made   Place // the call that is handed secret and key
	Secret []Source
	Key    []Source
	User   Source
	Claims []Claim
	Alg    *Claim
	Wraps  []Wrap
	Open   bool // its payload may have claims that weren't read
	Sure   bool // it is Stream's library, or its secret Stream says
	Score  int
	Routes []Route

	Fn *syntax.Fn
	N  *syntax.Node
}

// Claim is a claim or an option of a signing call.
type Claim struct {
	Name, Text, Unit string
	File             string
	Line             int
}

// Wrap is a line that changes the token on its way to the response.
type Wrap struct {
	How, As string
	File    string
	Line    int
}

func (s *Site) Claim(name string) *Claim {
	for i := range s.Claims {
		if s.Claims[i].Name == name {
			return &s.Claims[i]
		}
	}
	return nil
}

// User tells whose token it is.
func User(pr *Program, n *syntax.Node, fr Frame) Source {
	list := pr.Sources(n, fr)
	for _, s := range list {
		if s.Kind != Unknown {
			return s
		}
	}
	return list[0]
}

// ClaimOf reads a claim's value as far as it says something about its unit.
func ClaimOf(pr *Program, name string, n *syntax.Node, fr Frame) Claim {
	c := Claim{Name: name, File: fr.Fn.Unit.Path, Line: n.Line, Text: Short(n)}
	c.Unit = unitOf(n)
	if pr.Lang == syntax.Ruby && n.Kind == syntax.KMember && n.Text == "to_i" {
		if x := n.X; unitOf(x) == "duration" || x.Kind == syntax.KName && strings.ToUpper(x.Text) == x.Text { // 1.hour.to_i, TOKEN_TTL.to_i
			n, c.Unit = x, unitOf(x)
		}
	}
	if c.Unit == "" && n.Kind == syntax.KName {
		ws := pr.TopWrites(n.Text, fr.Fn.Unit)
		if k := fr.Fn.Class; len(ws) == 0 && k != nil {
			ws = FieldsOf(pr, n.Text, k)
		}
		if len(ws) == 1 && ws[0].X != nil && unitOf(ws[0].X) == "duration" { // a constant
			c.Text, c.Unit = Short(ws[0].X), "duration"
		}
		for g := fr.Fn; g != nil; g = g.Parent {
			for _, w := range pr.WritesIn(n.Text, g) {
				if w.X != nil && unitOf(w.X) != "" { // a time that is counted on another line
					c.Line, c.Text, c.Unit = w.Line, Short(w.X), unitOf(w.X)
				}
			}
		}
	}
	return c
}

// Short is an expression's text for people.
func Short(n *syntax.Node) string {
	if n == nil {
		return ""
	}
	switch n.Kind {
	case syntax.KString, syntax.KNumber, syntax.KName:
		return n.Text
	case syntax.KMember:
		return Short(n.X) + "." + n.Text
	case syntax.KCall:
		var as []string
		for _, a := range n.Args {
			as = append(as, Short(a.X))
		}
		return Short(n.X) + "(" + strings.Join(as, ", ") + ")"
	case syntax.KBinary, syntax.KEither:
		return grouped(n.X, n) + " " + n.Text + " " + grouped(n.Y, n)
	}
	return "…"
}

// grouped is a side of an operation, in the parentheses that a sum in a product has.
func grouped(x, of *syntax.Node) string {
	s := Short(x)
	if x != nil && x.Kind == syntax.KBinary && strings.Trim(x.Text, "+-") == "" && strings.Trim(of.Text, "*/%") == "" {
		return "(" + s + ")"
	}
	return s
}
