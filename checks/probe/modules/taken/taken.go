// Package taken reads what the lines after a request take of its response: which field, as text or as JSON.
package taken

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
)

const takenLines = 14 // how many lines after the request its response is looked for

// answerNames are what code calls a response, or what it holds.
var answerNames = names.Words("data", "json", "body", "result", "payload", "res", "resp", "response", "r", "d")

// Field tells the one field with a token's name that the lines after a
// request take of its response, and whether they trim it.
func Field(m *modules.Module, line int) (field string, trims bool) {
	ws := after(m, line)
	var called []string
	held := answersIn(ws)
	for i := range ws {
		for _, n := range takenAt(ws, i, held) {
			if names.Bare.MatchString(n) && !facts.OneOf(called, n) {
				called = append(called, n)
			}
		}
		trims = trims || trimsAt(ws, i)
	}
	if len(called) == 1 {
		field = called[0]
	}
	return field, trims
}

// after are the words of a function from a request on.
func after(m *modules.Module, line int) []jsread.Word {
	ws := m.Words()
	from, _ := slices.BinarySearchFunc(ws, line, func(w jsread.Word, line int) int { return w.Line - line })
	ws = ws[from:]
	for i, w := range ws {
		if w.Line >= line+takenLines || w.Edge && w.Text == "}" && w.Line > line && !jsread.Follows(ws, i+1, ")") { // the function's end
			return ws[:i]
		}
	}
	return ws
}

// takenAt lists the fields that the words from i on take of a response: data.token, (await res.json()).token, { token } = await res.json().
func takenAt(ws []jsread.Word, i int, held []string) []string {
	switch {
	case ws[i].String:
	case answerNames[ws[i].Text], facts.OneOf(held, ws[i].Text) && !jsread.Follows(ws, i-1, "."):
		return memberOf(ws, i+1)
	case jsread.Follows(ws, i, ". json ( ) )"):
		return memberOf(ws, i+5)
	case ws[i].Text == "{":
		return takenParts(ws, i, held)
	}
	return nil
}

// answersIn lists the names that get the response's document: reply = (await res.json()) as Reply, { data } = await axios.post(…).
func answersIn(ws []jsread.Word) (held []string) {
	for i := range ws {
		from := jsread.Follows(ws, i, ". json ( )") && (jsread.Follows(ws, i-2, "await") || jsread.Follows(ws, i-3, "await"))
		for k := i - 2; from && k > 0 && k > i-5; k-- {
			if ws[k].Text != "=" {
				continue
			}
			if k--; jsread.Follows(ws, k-1, ":") { // its type
				k -= 2
			}
			held = append(held, ws[max(k, 0)].Text)
		}
		if jsread.Follows(ws, i, "{ data } = await") {
			held = append(held, "data")
		}
	}
	return held
}

// memberOf is the name in .name and .data.name.
func memberOf(ws []jsread.Word, i int) []string {
	if jsread.Follows(ws, i, ". data .") {
		i += 2
	}
	if jsread.Follows(ws, i, ".") && i+1 < len(ws) {
		return []string{ws[i+1].Text}
	}
	return nil
}

// maxParts bounds the words of a destructuring.
const maxParts = 40

// maxAnswerWords bounds those of a request whose result is taken apart at the same time.
const maxAnswerWords = 120

// takenParts lists the fields in { a, b: c } = await res.json() and = res.data.
func takenParts(ws []jsread.Word, i int, held []string) (fields []string) {
	end := i + 1
	for ; end < len(ws) && end < i+maxParts && ws[end].Text != "}"; end++ {
		if ws[end].Text == "{" || ws[end].Text == "=" {
			return nil
		}
		if before := ws[end-1].Text; before == "{" || before == "," {
			fields = append(fields, ws[end].Text)
		}
	}
	if jsread.Follows(ws, i-2, "data :") && jsread.Follows(ws, end, "} } = await") { // { data: { token } } = await axios.post(…)
		return fields
	}
	if jsread.Follows(ws, end, "} ) =>") && (jsread.Follows(ws, i-3, "then ( (") || jsread.Follows(ws, i-4, "then ( async (")) && jsread.Holds(ws[:i], ". json ( )") {
		return fields
	}
	if !jsread.Follows(ws, end, "} =") {
		return nil
	}
	if readsAnswer(ws, end+2) || end+3 < len(ws) && facts.OneOf(held, ws[end+2].Text) && !jsread.Follows(ws, end+3, ".") && !jsread.Follows(ws, end+3, "(") {
		return fields
	}
	return nil
}

// readsAnswer reports an expression, from the word i on, that reads a response: await res.json(), res.data,
// await fetch(url, { … }).then((r) => r.json()).
func readsAnswer(ws []jsread.Word, i int) bool {
	depth, then := 0, false
	for k := i; k < len(ws) && k < i+maxAnswerWords; k++ {
		then = then || depth == 0 && jsread.Follows(ws, k, ". then (")
		if jsread.Follows(ws, k, ". json ( )") && (depth == 0 || depth == 1 && (then || k < i+maxParts && ws[i].Text == "(")) || depth == 0 && jsread.Follows(ws, k, ". data") {
			return true
		}
		w := ws[k].Text
		switch {
		case ws[k].String:
		case w == "(" || w == "{" || w == "[":
			depth++
		case w == ")" || w == "}" || w == "]":
			depth--
		}
		if depth < 0 || depth == 0 && !ws[k].String && affix.ContainsAny(w, ";,=") || ws[i].Text != "await" && (ws[k].String || affix.ContainsAny(w, "{}[]:")) {
			return false
		}
	}
	return false
}

// trimsAt reports whether the words from i on trim a string or a token of a response.
func trimsAt(ws []jsread.Word, i int) bool {
	if !jsread.Follows(ws, i, ". trim ( )") || i == 0 {
		return false
	}
	at := i - 1
	if ws[at].Text == ")" && at > 0 && ws[at-1].Text != "(" { // (await r.data).trim()
		at--
	}
	name := ws[at].Text
	switch {
	case jsread.Follows(ws, i-4, ". text ( )"), jsread.Follows(ws, i-5, ". text ( ) )"):
		return true
	case jsread.Follows(ws, at-1, ".") && (name == "data" || affix.HasSuffix(name, "token") || affix.HasSuffix(name, "Token")):
		return true
	}
	return jsread.Follows(ws, at-4, "then ( "+name+" =>") || jsread.Follows(ws, at-6, "then ( ( "+name+" ) =>") // .then((t) => t.trim())
}

// ReadsText is the line on which the code after a request reads the response's text as the token, or as a document
// that has the token in a field; 0 where it reads it in another way, or does anything else with the text.
func ReadsText(m *modules.Module, line int) (at int, whole bool) {
	ws := after(m, line)
	for i := range ws {
		if !jsread.Follows(ws, i, ". text ( )") {
			continue
		}
		name, from := "", i+4
		switch {
		case jsread.Follows(ws, i-3, "= await") && i > 3:
			name = ws[i-4].Text
		case jsread.Follows(ws, i+4, ") . then ( ("):
			name, from = ws[min(i+9, len(ws)-1)].Text, i+10
		case jsread.Follows(ws, i+4, ") . then ("):
			name, from = ws[min(i+8, len(ws)-1)].Text, i+9
		}
		if name == "}" {
			return ws[i].Line, false
		}
		for k := from; k < len(ws); k++ {
			switch {
			case ws[k].Text != name || ws[k].String || ws[k-1].Text == ".":
			case jsread.Follows(ws, k+1, ".") && k+3 < len(ws) && names.Bare.MatchString(LastOf(ws, k)):
				at, whole = ws[i].Line, false
			case ws[k-1].Text == "," && jsread.Follows(ws, k+1, ")") && jsread.Holds(ws[max(0, k-24):k], "connectUser ("):
				at, whole = ws[i].Line, true
			default:
				return 0, false
			}
		}
		return at, whole
	}
	return 0, false
}

// LastOf is the last name of the path that begins at a word; "" where it is called.
func LastOf(ws []jsread.Word, k int) string {
	for jsread.Follows(ws, k+1, ".") && k+2 < len(ws) {
		k += 2
	}
	if jsread.Follows(ws, k+1, "(") {
		return ""
	}
	return ws[k].Text
}

// ReadsJSON reports whether the code after a request reads its response with
// json(), so that nothing but one JSON document reaches it. Code that reads the
// text, or both, may make do with more. Clients such as axios parse it
// themselves, and leave a string of what they can't parse: it has no fields.
func ReadsJSON(m *modules.Module, c jsread.Call) bool {
	_, name := modules.Receiver(c.Callee)
	found := facts.OneOf([]string{"axios", "post", "get", "put", "patch", "request"}, name)
	for _, o := range slices.Concat(m.Calls, m.Others) {
		if o.Line < c.Line || o.Line > c.Line+takenLines || o.Func != c.Func {
			continue
		}
		switch _, name := modules.Receiver(o.Callee); name {
		case "json":
			found = found || len(o.Args) == 0
		case "text", "blob", "arrayBuffer", "formData":
			if len(o.Args) == 0 {
				return false
			}
		}
	}
	return found
}
