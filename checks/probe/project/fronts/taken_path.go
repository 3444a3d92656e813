package fronts

import (
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// Rules of this file, about where in a response the token is taken:
//   - the document is what r.json() gives, and the data of a client like axios; a name that holds it is followed to its members
//   - where a client's responses pass through a function, or a name is also assigned something else, nothing is said

// takenPath is the one path with a field's name that the lines after a request read from its document; "" where that isn't known.
func takenPath(p *picture.Reader, r request, field string) string {
	if field == "" || !r.plain && (!r.client.found || slices.ContainsFunc(p.ReadOrder, func(m *modules.Module) bool {
		return slices.ContainsFunc(m.Calls, func(c jsread.Call) bool { return strings.HasSuffix(c.Callee, "interceptors.response.use") })
	})) {
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
		if k := i + 3; jsread.Follows(ws, i, "then", "(") && jsread.Holds(ws[at:i], ".", "json", "(", ")") { // .then((json) => …)
			if ws[i+2].Text != "(" {
				k = i + 2
			}
			if jsread.Follows(ws, k+1, "=>") || jsread.Follows(ws, k+1, ")", "=>") {
				holds[ws[k].Text] = ""
			}
		}
		if !jsread.Follows(ws, i, "=", "await") {
			continue
		}
		json := false
		for k := i + 2; k < min(len(ws), i+8); k++ {
			json = json || jsread.Follows(ws, k, ".", "json", "(", ")")
		}
		switch name := ws[i-1].Text; {
		case name == "}" && i > 2 && ws[i-3].Text == "{" && !json && !r.plain && ws[i-2].Text == "data":
			holds["data"] = ""
		case name == "}" || strings.ContainsAny(name, ")]>"):
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
			path = strings.TrimPrefix(path+"."+ws[k+1].Text, ".")
			if ws[k+1].Text == field {
				break
			}
		}
		if path, is = strings.CutPrefix(path, before); is && facts.LastName(path) == field {
			if found != "" && found != path {
				return ""
			}
			found = path
		}
	}
	if !strings.Contains(found, ".") && !slices.ContainsFunc(p.Entries, func(e *picture.Entry) bool {
		return slices.ContainsFunc(e.Answer, func(n string) bool { return strings.HasSuffix(n, "."+field) })
	}) {
		return "" // what is on top in the document, and in every response, needs no path
	}
	return found
}
