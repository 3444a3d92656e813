package fronts

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// Rules of this file, about where in a response the token is taken:
//   - the document is what r.json() gives, and the data of a client like axios; a name that holds it is followed to its members
//   - where a client's responses pass through a function, or a name is also assigned something else, nothing is said
//   - a token that is taken of the response's own object is none, unless the same code also takes the document

// takenPath is the one path with a field's name that the lines after a request read from its document; "" where that isn't known.
func takenPath(p *picture.Reader, r request, field string) string {
	if field == "" || !r.plain && (!r.client.found || Intercepted(p)) {
		return ""
	}
	ws := r.m.Words()
	at, _ := slices.BinarySearchFunc(ws, r.call.Line, func(w jsread.Word, line int) int { return w.Line - line })
	end := at
	for end < len(ws) && ws[end].Line < r.call.Line+14 {
		end++
	}
	ws = ws[:end]
	holds := map[string]string{} // a name, and what has to come before the path
	for i := max(1, at); i+2 < len(ws); i++ {
		if k := i + 3; jsread.Follows(ws, i, "then (") && jsread.Holds(ws[at:i], ". json ( )") { // .then((json) => …)
			if ws[i+2].Text != "(" {
				k = i + 2
			}
			if jsread.Follows(ws, k+1, "=>") || jsread.Follows(ws, k+1, ") =>") {
				holds[ws[k].Text] = ""
			}
		}
		if !jsread.Follows(ws, i, "= await") {
			continue
		}
		json := false
		for k := i + 2; k < min(len(ws), i+8); k++ {
			json = json || jsread.Follows(ws, k, ". json ( )")
		}
		switch name := ws[i-1].Text; {
		case name == "}" && i > 2 && ws[i-3].Text == "{" && !json && !r.plain && ws[i-2].Text == "data":
			holds["data"] = ""
		case name == "}" || affix.ContainsAny(name, ")]>"):
		case json && (r.plain || r.client.found):
			holds[name] = ""
		case !r.plain && ws[i].Line <= r.call.Line:
			holds[name] = "data."
		}
	}
	found := ""
	for i := at; i < len(ws); i++ {
		before, is := holds[ws[i].Text]
		if !is || ws[i].String || i > 0 && ws[i-1].Text == "." {
			continue
		}
		path := ""
		for k := i + 1; k+1 < len(ws) && (ws[k].Text == "." || ws[k].Text == "?."); k += 2 {
			path = affix.TrimPrefix(path+"."+ws[k+1].Text, ".")
			if ws[k+1].Text == field {
				break
			}
		}
		if path, is = affix.CutPrefix(path, before); is && facts.LastName(path) == field {
			if found != "" && found != path {
				return ""
			}
			found = path
		}
	}
	if !affix.Contains(found, ".") && !affix.Any(p.Entries, func(e *picture.Entry) bool {
		return affix.Any(e.Answer, func(n string) bool { return affix.HasSuffix(n, "."+field) })
	}) {
		return "" // what is on top in the document, and in every response, needs no path
	}
	return found
}

// objectReads are the fields that a page takes of a response's own object.
type objectReads struct {
	p     *picture.Reader
	field string // the one with a token's name
	at    facts.Place
	parts bool // as const { token } = …
	other bool // the document is taken as well, or the object goes to where it isn't followed
}

// objectTaken notes the line that takes the token of a response's own object: const { token } = await axios.post(…).
func objectTaken(p *picture.Reader, f *picture.Front, r request, x *facts.Fetch) {
	switch _, name := modules.Receiver(r.call.Callee); {
	case r.assumed:
		return
	case name == "fetch" && r.plain && !ownFetch(p, f, r.m):
		x.ObjectOf = name
	case r.client.axios && !affix.Any(p.ReadOrder, changesResponses):
		x.ObjectOf = "axios"
	default:
		return
	}
	o := objectReads{p: p}
	if o.of(r.m, r.call, 3); o.field == "" || o.other {
		x.ObjectOf = ""
		return
	}
	x.ObjectAt, x.ObjectParts, x.Takes = o.at, o.parts, o.field
}

// of reads what is done with the result of a call.
func (o *objectReads) of(m *modules.Module, c *jsread.Call, depth int) {
	ws := m.Words()
	i, _ := slices.BinarySearchFunc(ws, c.Line, func(w jsread.Word, line int) int { return w.Line - line })
	name := facts.LastName(c.Callee)
	for ; i < len(ws) && ws[i].Line < c.Line+6 && (ws[i].Text != name || !jsread.Follows(ws, i+1, "(") && !jsread.Follows(ws, i+1, "<")); i++ {
	}
	open := i + 1
	for open < len(ws) && ws[open].Text != "(" {
		open++
	}
	end := closing(ws, open) + 1
	for i >= 2 && jsread.Follows(ws, i-1, ".") {
		i -= 2
	}
	if jsread.Follows(ws, i-1, "await") {
		i--
	}
	switch {
	case depth == 0 || end >= len(ws) || i < 4:
	case jsread.Follows(ws, end, ". then ("):
		to := closing(ws, end+2)
		k := end + 3
		for ws[k].Text == "(" || ws[k].Text == "async" {
			k++
		}
		if first := k; ws[k].Text == "{" {
			if k = closing(ws, k); jsread.Follows(ws, k+1, ") =>") || jsread.Follows(ws, k+1, ":") {
				o.taken(m, first, k)
			}
		} else {
			o.named(m, c, ws[k].Text, k+1, to, depth)
		}
	case jsread.Follows(ws, i, "await") && jsread.Follows(ws, i-1, "(") && jsread.Follows(ws, end, ") ."):
		o.member(m, end+2, false)
	case jsread.Follows(ws, end, "."):
	case jsread.Follows(ws, i, "await") && jsread.Follows(ws, i-2, "} ="):
		o.taken(m, opening(ws, i-2), i-2)
	case jsread.Follows(ws, i, "await") && jsread.Follows(ws, i-1, "="):
		if i -= 2; jsread.Follows(ws, i-1, ":") { // its type
			i -= 2
		}
		o.named(m, c, ws[i].Text, end, len(ws), depth)
	case jsread.Follows(ws, i-1, "return"), jsread.Follows(ws, i-2, "return"), jsread.Follows(ws, i-1, "=>"):
		o.handedOn(m, c, depth)
	}
}

// named follows a name that holds the object, to the end of its block.
func (o *objectReads) named(m *modules.Module, c *jsread.Call, name string, from, to, depth int) {
	ws := m.Words()
	level := 0
	for k := from; k < to && level >= 0 && !o.other; k++ {
		switch w := ws[k]; {
		case w.String:
		case w.Text == "{":
			level++
		case w.Text == "}":
			level--
		case w.Text != name || jsread.Follows(ws, k-1, "."):
		case jsread.Follows(ws, k+1, "."):
			o.member(m, k+2, false)
		case jsread.Follows(ws, k-2, "} ="):
			o.taken(m, opening(ws, k-2), k-2)
		case jsread.Follows(ws, k-1, "return"):
			o.handedOn(m, c, depth)
		case jsread.Follows(ws, k-2, "if ("), jsread.Follows(ws, k-2, "log ("), jsread.Follows(ws, k-1, "!"), jsread.Follows(ws, k+1, "&&"):
		default:
			o.other = true
		}
	}
}

// handedOn follows the object to the callers of the function that returns it.
func (o *objectReads) handedOn(m *modules.Module, c *jsread.Call, depth int) {
	for _, caller := range modules.RequestersOf(o.p.Graph, m, c.Func) {
		o.of(caller.Mod, caller.Call, depth-1)
	}
}

// taken notes the fields of a pattern.
func (o *objectReads) taken(m *modules.Module, from, to int) {
	ws := m.Words()
	for k := from + 1; k < to; k++ {
		if ws[k-1].Text == "{" || ws[k-1].Text == "," {
			o.member(m, k, true)
		}
	}
}

// member notes a field that is taken.
func (o *objectReads) member(m *modules.Module, k int, parts bool) {
	ws := m.Words()
	switch w := ws[min(k, len(ws)-1)]; {
	case facts.OneOf(documents, w.Text):
		o.other = true
	case !names.Bare.MatchString(w.Text):
	case o.field != "" && o.field != w.Text:
		o.other = true
	case o.field == "":
		o.field, o.at, o.parts = w.Text, facts.Place{File: m.Rel, Line: w.Line}, parts
	}
}

// documents are the members of a response's object that give what is in it.
var documents = []string{"data", "json", "text", "body", "blob", "arrayBuffer", "formData", "clone"}

// closing is the index of the bracket that closes the one at an index, as far as it is near.
func closing(ws []jsread.Word, open int) int {
	level := 0
	for k := open; k < len(ws) && k < open+400; k++ {
		switch w := ws[k].Text; {
		case ws[k].String:
		case w == "(" || w == "{" || w == "[":
			level++
		case w == ")" || w == "}" || w == "]":
			if level--; level == 0 {
				return k
			}
		}
	}
	return len(ws)
}

// opening is the index of the brace that opens the pattern which ends at an index.
func opening(ws []jsread.Word, end int) int {
	for k := end; k > 0 && k > end-60; k-- {
		if ws[k].Text == "{" && (closing(ws, k) == end) {
			return k
		}
	}
	return end
}

// changesResponses reports a module that puts a function between axios's responses and the code that gets them, unless
// that hands on what it gets: api.interceptors.response.use((r) => r.data).
func changesResponses(m *modules.Module) bool {
	if !m.Mentions("interceptors") {
		return false
	}
	ws := m.Words()
	for i := range ws {
		if jsread.Follows(ws, i, "response . use (") && !handsOn(ws, i+4) {
			return true
		}
	}
	return false
}

// handsOn reports a function, at a word, that returns what it gets, and null in the place of one.
func handsOn(ws []jsread.Word, k int) bool {
	var marks []string
	for ; k < len(ws) && facts.OneOf([]string{"async", "function", "("}, ws[k].Text); k++ {
		marks = append(marks, ws[k].Text)
	}
	if k+4 >= len(ws) || ws[k].Text == "undefined" || ws[k].Text == "null" {
		return true
	}
	name := ws[k].Text
	if k++; facts.OneOf(marks, "(") {
		for k+3 < len(ws) && ws[k].Text != ")" {
			k++
		}
		k++
	}
	if jsread.Follows(ws, k, "=>") {
		k++
	} else if !facts.OneOf(marks, "function") {
		return false
	}
	if ws[k].Text != "{" {
		return jsread.Follows(ws, k, name+" ,") || jsread.Follows(ws, k, name+" )")
	}
	for end := closing(ws, k); k < end; k++ {
		if jsread.Follows(ws, k, "return") && (!jsread.Follows(ws, k+1, name) || jsread.Follows(ws, k+2, ".")) || jsread.Follows(ws, k, name+" =") || jsread.Follows(ws, k, name+" .") && jsread.Follows(ws, k+3, "=") {
			return false
		}
	}
	return true
}
