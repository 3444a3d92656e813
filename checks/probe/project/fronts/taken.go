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

// Rules of this file, about a response that a function hands on whole:
//   - who calls the function, or passes it to a query library, and reads one field with a token's name of the result,
//    reads that field of the response
//   - where the function returns anything but the response, or two fields are read, nothing is said

// takenOfResult is the one field that the callers of a function take of the response that it returns; "" where that isn't known.
func takenOfResult(p *picture.Reader, m *modules.Module, fn string) string {
	if fn == "" || !handsOnWhole(m, fn) {
		return ""
	}
	called := []string{fn}
	if mutates(p, fn) {
		called = triggerNames(p)
	}
	var fields []string
	for _, x := range p.ReadOrder {
		if x.Role == facts.RoleServer {
			continue
		}
		ws := x.Words()
		for i := range ws {
			if ws[i].String || !facts.OneOf(called, ws[i].Text) {
				continue
			}
			for _, f := range takenNear(ws, i) {
				if names.Bare.MatchString(f) && !facts.OneOf(fields, f) {
					fields = append(fields, f)
				}
			}
		}
	}
	if len(fields) == 1 {
		return fields[0]
	}
	return ""
}

// handsOnWhole reports a function all of whose results are the response's own document: return res.data, return res.json().
func handsOnWhole(m *modules.Module, fn string) bool {
	n := 0
	for _, r := range m.Returns {
		if r.Func != fn {
			continue
		}
		e := r.Expr
		if v, ok := m.Resolve(r.Scope, e.Text); ok && e.Kind == jsread.Ident && !affix.Contains(e.Text, ".") {
			e = v
		}
		whole := e.Kind == jsread.Ident && affix.HasSuffix(e.Text, ".data") || e.Kind == jsread.CallExpr && facts.LastName(e.Text) == "json" ||
			e.Kind == jsread.Wrapped && (e.Text == ".data" || facts.LastName(e.Text) == "json") ||
			e.Kind == jsread.CallExpr && facts.LastName(e.Text) == "then" && len(e.Parts) == 1 && affix.Any(slices.Concat(m.Calls, m.Others), func(c jsread.Call) bool {
				return facts.LastName(c.Callee) == "json" && jsread.Inside(&m.Module, c.Scope, e.Parts[0].Fn) && e.Parts[0].Fn > 0
			})
		if !whole {
			return false
		}
		n++
	}
	return n > 0
}

// takenNear lists the fields that the words around a function's name take of its result.
func takenNear(ws []jsread.Word, i int) []string {
	start := i
	for start >= 2 && ws[start-1].Text == "." { // sessionApi.getStreamToken
		start -= 2
	}
	called := i+1 < len(ws) && ws[i+1].Text == "("
	for k, depth := i+1, 0; called && k < min(len(ws), i+80); k++ { // fn(…).then(({ token }) => …)
		switch ws[k].Text {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth == 0 {
			if jsread.Follows(ws, k+1, ". then ( ( {") {
				for k += 6; k < len(ws) && ws[k].Text != "}"; k++ {
				}
				return fieldsBefore(ws, k)
			}
			break
		}
	}
	switch {
	case called && start >= 3 && ws[start-1].Text == "await" && ws[start-2].Text == "=":
		return fieldsBefore(ws, start-3)
	case inQuery(ws, start):
		for k := start; k > 0 && k > start-60; k-- { // { data: name } = useQuery({ … queryFn: fn
			if ws[k].Text == "data" && k+3 < len(ws) && ws[k+1].Text == ":" && (ws[k+3].Text == "," || ws[k+3].Text == "}") && ws[k-1].Text != "." {
				return membersOf(ws, ws[k+2].Text)
			}
		}
	}
	return nil
}

// takenOfQuery is the one field with a token's name that is taken of the result of a query whose own function makes the
// request and hands its response on whole: { data: t } = useQuery({ queryFn: async () => { const res = await …; return res.data } }).
func takenOfQuery(m *modules.Module, line int) string {
	ws := m.Words()
	at, _ := slices.BinarySearchFunc(ws, line, func(w jsread.Word, line int) int { return w.Line - line })
	start := 0
	for k := at; k > 0 && k > at-24 && start == 0; k-- {
		if ws[k].Text == "queryFn" {
			start = k
		}
	}
	if start == 0 || !returnsWhole(ws, at) {
		return ""
	}
	for k := start; k > 1 && k > start-60; k-- {
		if ws[k].Text == "data" && k+3 < len(ws) && ws[k+1].Text == ":" && (ws[k+3].Text == "," || ws[k+3].Text == "}") && ws[k-1].Text != "." {
			var fields []string
			for _, f := range membersOf(ws, ws[k+2].Text) {
				if names.Bare.MatchString(f) {
					fields = append(fields, f)
				}
			}
			if len(fields) == 1 {
				return fields[0]
			}
			return ""
		}
	}
	return ""
}

// returnsWhole reports a function's words, from its request on, whose only result is the response's own document.
func returnsWhole(ws []jsread.Word, at int) bool {
	for k := at; k < len(ws) && k < at+60; k++ {
		if ws[k].Text == "return" && !ws[k].String {
			return jsread.Follows(ws, k+2, ". data") && !jsread.Follows(ws, k+4, ".") || jsread.Follows(ws, k+2, ". json ( )")
		}
	}
	return false
}

// inQuery reports a name after queryFn: or queryFn: () =>.
func inQuery(ws []jsread.Word, start int) bool {
	for k := start - 1; k > 0 && k > start-6; k-- {
		if ws[k].Text == "queryFn" {
			return true
		}
		switch ws[k].Text {
		case ":", "(", ")", "=>", "async":
		default:
			return false
		}
	}
	return false
}

// fieldsBefore reads { token, userId } or a name that ends at a word.
func fieldsBefore(ws []jsread.Word, end int) []string {
	if ws[end].Text != "}" {
		return membersOf(ws, ws[end].Text)
	}
	var fields []string
	for k := end - 1; k > 0 && k > end-40; k-- {
		if ws[k].Text == "{" {
			return append(fields, ws[k+1].Text)
		}
		if ws[k].Text == "," && k+1 < end {
			fields = append(fields, ws[k+1].Text)
		}
	}
	return nil
}

// membersOf lists what is taken of a variable: tokenData.token, tokenData?.token.
func membersOf(ws []jsread.Word, name string) (out []string) {
	for i := range ws {
		if ws[i].Text != name || ws[i].String || i > 0 && ws[i-1].Text == "." {
			continue
		}
		k := i + 1
		if k < len(ws) && ws[k].Text == "?" {
			k++
		}
		if k+1 < len(ws) && (ws[k].Text == "." || ws[k].Text == "?.") && !facts.OneOf(out, ws[k+1].Text) {
			out = append(out, ws[k+1].Text)
		}
	}
	return out
}
