package modules

import "badsig/checks/facts"

// Rules of this file:
//   - a value is one text, with the line that decides it, and one of the four words
//   - a variable that is set counts before its default; one that several files set differently leaves the value unknown
//   - of a choice between environments the developer's counts; of any other choice nothing is known for sure

// Text is what a value holds while someone develops.
type Text struct {
	Text  string
	Env   string // the variable that gives it, or would
	Name  string // under which it was last seen
	Known facts.Known
	facts.Place
}

// TextOf tells the text that a view has; ok is false where none can be told.
func (g *Graph) TextOf(v View) (t Text, ok bool) {
	defer g.Ask()()
	return oneText(g, g.follow(v, maxDepth))
}

func oneText(g *Graph, ls []Leaf) (t Text, ok bool) {
	known := facts.IsRead
	for i, l := range ls {
		if l.Assumed {
			known = facts.IsAssumed
		}
		switch l.Kind {
		case LeafLiteral:
			if l.Transform != "" && l.Transform != "template" && !numeric[l.Transform] {
				return t, false
			}
			for _, rest := range ls[i+1:] {
				if rest.Op == "?:" && (rest.Kind != LeafLiteral || rest.Text != l.Text) {
					known = facts.IsAssumed
				}
			}
			t.Text, t.Name, t.Known, t.Place = l.Text, l.Name, known, l.Place()
			return t, true
		case LeafEnv:
			if t.Env == "" {
				t.Env = l.Text
			}
			value, at, set := onlySetting(g, l.Text)
			switch {
			case set && at.File == "": // several files disagree
				return t, false
			case set:
				t.Text, t.Env, t.Name, t.Known, t.Place = value, l.Text, l.Text, known, at
				return t, true
			}
		case LeafUnknown:
			if i+1 == len(ls) || ls[i+1].Op == "?:" || ls[i+1].Op == "" {
				return t, false
			}
			known = facts.IsAssumed
		}
	}
	return t, false
}

// numeric are the transforms that a number goes through unchanged.
var numeric = map[string]bool{"parseInt": true, "Number": true, "trim": true}

// Place is the line on which a leaf is.
func (l Leaf) Place() facts.Place {
	p := facts.Place{Line: l.Line}
	if l.Mod != nil {
		p.File = l.Mod.Rel
	}
	return p
}
