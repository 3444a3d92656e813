package langread

import (
	"strings"

	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// eval tells what an expression has of the token; nil for nothing.
func (b *body) eval(n *syntax.Node) *held {
	if b.steps++; n == nil || b.steps > 4000 {
		return nil
	}
	if n == b.s.N {
		return &held{}
	}
	switch n.Kind {
	case syntax.KName:
		return b.names[n.Text]
	case syntax.KDict:
		return b.object(n, n.Args, n.X)
	case syntax.KCall:
		return b.call(n)
	case syntax.KMember:
		if name := n.Text; b.pr.Lang == syntax.Ruby && (senders[name] || b.isOwn(&syntax.Node{X: n})) { // a call without brackets
			return b.call(&syntax.Node{Kind: syntax.KCall, X: n, Line: n.Line})
		}
		if v := b.eval(n.X); v.has() && v.object && !v.bad {
			return v.field(flow.JSONName(b.pr, n, flow.Frame{Fn: b.fn}))
		} else if v.has() {
			return lost
		}
		return nil
	case syntax.KIndex:
		return b.index(n)
	case syntax.KBinary:
		return b.joined(n)
	case syntax.KTemplate:
		v := b.eval(n.X)
		if v == nil || v.object || v.how != "" {
			return v.known()
		}
		text := n.Text
		if b.pr.Lang == syntax.PHP {
			text = strings.Replace(text, "{}", "", 1)
		}
		return b.around(v, text, n)
	case syntax.KEither, syntax.KChoice:
		x, y := b.eval(n.X), b.eval(n.Y)
		if x.has() && y.has() && !x.same(y) {
			return lost
		}
		if x.has() {
			return x
		}
		return y
	}
	bad := false
	n.EachOutside(func(x *syntax.Node) { bad = bad || x == b.s.N || x.Kind == syntax.KName && b.names[x.Text].has() })
	if bad {
		return lost
	}
	return nil
}

// known is what is held where nothing more was done to it that is understood.
func (h *held) known() *held {
	if h.has() && (!h.object || !h.bad) {
		return lost
	}
	return h
}

func (h *held) field(name string) *held {
	for _, m := range h.fields {
		if m.name == name {
			return m.of
		}
	}
	return nil
}

// around is a token with a text around it.
func (b *body) around(v *held, text string, n *syntax.Node) *held {
	if text == "" {
		return v
	}
	return &held{how: "prefix", as: text, at: b.place(n)}
}

// cut is a part of a token.
func (b *body) cut(v *held, as string, n *syntax.Node) *held {
	if !v.has() {
		return nil
	}
	if v.object || v.how != "" {
		return lost
	}
	return &held{how: "slice", as: as, at: b.place(n)}
}

func (b *body) index(n *syntax.Node) *held {
	v := b.eval(n.X)
	switch {
	case !v.has():
		return nil
	case n.Y != nil && n.Y.Kind == syntax.KString && v.object && !v.bad:
		return v.field(n.Y.Text)
	case n.Y != nil && n.Y.Kind == syntax.KSlice && !v.object:
		return b.cut(v, "[…]", n)
	}
	return lost
}

// joined is a text with the token before or after it.
func (b *body) joined(n *syntax.Node) *held {
	x, y := b.eval(n.X), b.eval(n.Y)
	v, other := x, n.Y
	if !x.has() {
		v, other = y, n.X
	}
	if !v.has() {
		return nil
	}
	if x.has() && y.has() || v.object || v.how != "" || other == nil || other.Kind != syntax.KString {
		return lost
	}
	switch n.Text {
	case "+", ".":
		return b.around(v, other.Text, n)
	case "%":
		return b.around(v, strings.Replace(other.Text, "%s", "", 1), n)
	}
	return lost
}
