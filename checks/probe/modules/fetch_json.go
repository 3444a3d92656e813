package modules

import (
	"slices"

	"badsig/checks/probe/jsread"
)

// ReadsJSON reports whether the code behind a request reads its response with
// json(), so that nothing but one JSON document reaches it. Code that reads the
// text, or both, may make do with more. Clients such as axios parse it
// themselves, and leave a text of what they can't parse: it has no fields.
func (m *Module) ReadsJSON(c jsread.Call) bool {
	_, name := Receiver(c.Callee)
	found := slices.Contains([]string{"axios", "post", "get", "put", "patch", "request"}, name)
	for _, o := range slices.Concat(m.Calls, m.Others) {
		if o.Line < c.Line || o.Line > c.Line+takenLines || o.Func != c.Func {
			continue
		}
		switch _, name := Receiver(o.Callee); name {
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
