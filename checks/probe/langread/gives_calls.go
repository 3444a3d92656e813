package langread

import (
	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// senders are the calls that send what they are given, and those that make JSON
// or a response of it.
var senders = syntax.Set("jsonify", "JsonResponse", "JSONResponse", "ORJSONResponse", "UJSONResponse", "Response", "make_response", "json_response", "JSON", "IndentedJSON", "PureJSON", "SecureJSON", "Encode", "Json", "json", "Ok", "ok", "body", "respond", "render",
	"json_encode", "dumps", "to_json", "generate", "exit", "die", "CreatedAtAction", "Created", "of", "entity", "writeValueAsString", "setData", "withJson", "Marshal", "WriteAsJsonAsync", "puts", "print", "write", "Write")

// responses are what a response is written to.
var responses = syntax.Set("getBody", "$response", "$res", "response", "resp", "res", "self", "w", "rw", "writer", "getWriter", "Response")

// asText are those of them that make a text of an object.
var asText = syntax.Set("json_encode", "dumps", "to_json", "generate", "writeValueAsString", "Marshal")

// adders put something into an object.
var adders = syntax.Set("put", "addProperty", "Add")

// cutters take a part of a text.
var cutters = syntax.Set("substr", "substring", "Substring", "slice", "mb_substr", "take", "first", "truncate")

// mapCalls make an object of keys and values.
var mapCalls = syntax.Set("Map.of", "mapOf", "Collections.singletonMap", "hashMapOf", "mutableMapOf", "dict", "array", "Map.entry", "ImmutableMap.of", "JsonObject", "jsonObject")

// call tells what a call returns of the token.
func (b *body) call(n *syntax.Node) *held {
	name := n.X.Last()
	if _, i, ok := flow.HandsOn(n, name); ok && !b.isOwn(n) {
		return b.handedOn(n, name, i)
	}
	path := flow.CalleePath(n.X)
	switch {
	case n.X.Kind == syntax.KName && n.X.Text == "": // new { token }
		return b.object(n, n.Args, nil)
	case mapCalls[path] || mapCalls[name]:
		if path == "Map.of" || path == "Collections.singletonMap" || path == "ImmutableMap.of" {
			return b.pairs(n)
		}
		return b.object(n, n.Args, nil)
	case cutters[name] && !b.isOwn(n):
		if v := b.eval(receiver(n)); v.has() {
			return b.cut(v, name, n)
		}
		if len(n.Args) > 0 {
			return b.cut(b.eval(n.Args[0].X), name, n)
		}
	case name == "Sprintf" || name == "sprintf" || path == "String.format" || path == "string.Format" || path == "String.Format":
		return b.formatted(n, n.Args)
	case name == "format" && n.X.Kind == syntax.KMember && n.X.X.Kind == syntax.KString:
		return b.formatted(n, append([]syntax.Arg{{X: n.X.X}}, n.Args...))
	case name == "compact" && b.pr.Lang == syntax.PHP:
		h := &held{object: true}
		for _, a := range n.Args {
			if a.X != nil && a.X.Kind == syntax.KString {
				h.fields = append(h.fields, member{a.X.Text, b.names["$"+a.X.Text], b.place(n)})
			}
		}
		return h
	case senders[name] && len(b.pr.Named[name]) == 0 && (name != "write" && name != "Write" || responses[receiver(n).Last()]):
		return b.sent(n, name)
	}
	if fns := flow.Reachable(b.pr, n, flow.Frame{Fn: b.fn}); len(fns) == 1 {
		if given, ok := b.given(n, fns[0]); ok && (len(given) > 0 || b.reach[fns[0]] > 0) {
			return b.result(fns[0], given)
		}
	}
	if c := b.pr.Classes[name]; len(c) == 1 {
		return b.made(n, c[0])
	}
	if v := b.eval(receiver(n)); v.has() {
		return lost
	}
	for _, a := range n.Args {
		if b.eval(a.X).has() {
			return lost
		}
	}
	if b.isOwn(n) {
		return lost
	}
	return nil
}

// isOwn reports a call of a function of the project that leads to the signing call.
func (b *body) isOwn(n *syntax.Node) bool {
	for f := range b.reach {
		if f.Name != "" && f != b.fn && f.Name == n.X.Last() {
			return true
		}
	}
	return false
}

// given is what a function's parameters hold of the token; ok is false where an argument wasn't understood.
func (b *body) given(n *syntax.Node, fn *syntax.Fn) (out map[string]*held, ok bool) {
	out = map[string]*held{}
	for i, a := range n.Args {
		v := b.eval(a.X)
		if !v.has() {
			continue
		}
		name := argName(a)
		if name == "" && i < len(fn.Params) {
			at := i
			if q := fn.Params[0]; q.Name == "self" || q.Name == "this" || q.Typ == "recv" {
				at++
			}
			if at < len(fn.Params) {
				name = fn.Params[at].Name
			}
		}
		if name == "" || v.bad {
			return nil, false
		}
		out[name] = v
	}
	return out, true
}

func receiver(n *syntax.Node) *syntax.Node {
	if n.X != nil && n.X.Kind == syntax.KMember {
		return n.X.X
	}
	return nil
}

// handedOn is what str(token) and token.decode() return.
func (b *body) handedOn(n *syntax.Node, name string, i int) *held {
	x := receiver(n)
	if i >= 0 && i < len(n.Args) {
		x = n.Args[i].X
	}
	how, _, _ := flow.HandsOn(n, name)
	v := b.eval(x)
	if v.has() && (how != "" && how != "trim" || v.object) {
		return lost
	}
	return v
}

// sent is what a response holds, or the JSON of something.
func (b *body) sent(n *syntax.Node, name string) *held {
	if asText[name] {
		x := receiver(n)
		if len(n.Args) > 0 && n.Args[0].Name == "" {
			x = n.Args[0].X
		}
		v := b.eval(x)
		switch {
		case !v.has() || v.bad:
			return v
		case v.object:
			c := *v
			c.text = true
			return &c
		case v.how != "" || b.pr.Lang == syntax.Ruby && name == "generate":
			return lost
		}
		return &held{how: "json", at: b.place(n)}
	}
	var named []syntax.Arg
	var last *held
	for _, a := range n.Args {
		key := argName(a)
		switch key {
		case "", "json", "content", "data", "value", "body":
			if v := b.eval(a.X); v.has() {
				if last != nil {
					return lost
				}
				last = v
			}
		case "status", "status_code", "media_type", "mimetype", "headers", "options":
		default:
			named = append(named, a)
		}
	}
	if last == nil && len(named) > 0 {
		last = b.object(n, named, nil)
		if !last.has() {
			last = nil
		}
	}
	if last == nil && b.eval(receiver(n)).has() {
		return lost
	}
	if last != nil && last.text {
		c := *last
		c.text = false
		return &c
	}
	return last
}

func argName(a syntax.Arg) string {
	if a.Key != nil {
		if a.Key.Kind == syntax.KString || a.Key.Kind == syntax.KName {
			return a.Key.Text
		}
		return ""
	}
	return a.Name
}

// pairs is Map.of("token", token, …).
func (b *body) pairs(n *syntax.Node) *held {
	var args []syntax.Arg
	for i := 0; i+1 < len(n.Args); i += 2 {
		args = append(args, syntax.Arg{Key: n.Args[i].X, X: n.Args[i+1].X})
	}
	return b.object(n, args, nil)
}

// object is a dictionary, or a literal of a type.
func (b *body) object(n *syntax.Node, args []syntax.Arg, typ *syntax.Node) *held {
	h := &held{object: true}
	for _, a := range args {
		v := b.eval(a.X)
		name := argName(a)
		if name == "" && a.X != nil && (a.X.Kind == syntax.KName || a.X.Kind == syntax.KMember) && b.pr.Lang == syntax.CSharp { // new { token }
			name = a.X.Last()
		}
		if name == "" {
			h.open, h.bad = true, h.bad || v.has()
			continue
		}
		if (typ != nil || b.pr.Lang == syntax.CSharp) && (a.Key == nil || a.Key.Kind != syntax.KString) {
			name = flow.JSONName(b.pr, &syntax.Node{Kind: syntax.KMember, Text: name, X: n, Line: n.Line}, flow.Frame{Fn: b.fn})
		}
		at := n
		if a.X != nil {
			at = a.X
		}
		h.fields = append(h.fields, member{name, v, b.place(at)})
	}
	return h
}

// made is an object of a class of the project: its arguments by the names that the class gives them.
func (b *body) made(n *syntax.Node, c *syntax.Class) *held {
	args := make([]syntax.Arg, 0, len(n.Args))
	for i, a := range n.Args {
		if argName(a) == "" && i < len(c.Params) {
			a.Name = c.Params[i].Name
		}
		args = append(args, a)
	}
	h := b.object(n, args, n.X)
	h.open = h.open || len(c.Params) == 0
	return h
}

// formatted is a text into which the token is put.
func (b *body) formatted(n *syntax.Node, args []syntax.Arg) *held {
	var in *held
	for i, a := range args {
		v := b.eval(a.X)
		if v.has() && (i == 0 || in != nil || v.object || v.how != "") {
			return lost
		}
		if v.has() {
			in = v
		}
	}
	if in == nil {
		return nil
	}
	if len(args) != 2 || args[0].X == nil || args[0].X.Kind != syntax.KString {
		return lost
	}
	text := args[0].X.Text
	for _, hole := range []string{"%s", "%v", "{0}", "{}"} {
		if before, after, ok := affix.Cut(text, hole); ok {
			return b.around(in, before+after, n)
		}
	}
	return lost
}
