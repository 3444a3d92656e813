package fronts

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// Rules of this file, about mutations:
//   - what the page hands to trigger is the arg of the function that makes the request, and what that function returns is
//     what trigger gives; where calls of trigger differ in their fields, nothing is said

// triggerNames are what a module's words call the triggers of mutations: const { trigger: getToken } = useToken().
func triggerNames(p *picture.Reader) []string {
	out := []string{"trigger"}
	for _, m := range p.ReadOrder {
		if m.Role == facts.RoleServer || !m.Mentions("trigger") {
			continue
		}
		ws := m.Words()
		for i := range ws {
			if jsread.Follows(ws, i, "trigger :") && i+2 < len(ws) {
				out = append(out, ws[i+2].Text)
			}
		}
	}
	return out
}

// triggered is what the calls of trigger hand over.
func triggered(p *picture.Reader) (out modules.View, ok bool) {
	called := triggerNames(p)
	for _, m := range p.ReadOrder {
		for _, c := range slices.Concat(m.Calls, m.Others) {
			if len(c.Args) == 0 || m.Role == facts.RoleServer || !facts.OneOf(called, c.Callee) {
				continue
			}
			a := modules.View{M: m, At: c.Scope, E: c.Args[0]}
			if s, old := modules.Settle(p.Graph, a), modules.Settle(p.Graph, out); ok && !slices.Equal(s.E.Keys(), old.E.Keys()) {
				return out, false
			}
			out, ok = a, true
		}
	}
	return out, ok
}

// mutated is what the page hands to the mutation that a function is of, where the front end has that one alone:
// useMutation({ mutationFn: getToken }), mutate({ userId }).
func mutated(p *picture.Reader, fn string) (out modules.View, ok bool) {
	n := 0
	for _, m := range p.ReadOrder {
		for _, c := range slices.Concat(m.Calls, m.Others) {
			if c.Callee != "useMutation" || len(c.Args) == 0 {
				continue
			}
			n++
			for i, k := range c.Args[0].Keys() {
				ok = ok || k == "mutationFn" && c.Args[0].Parts[i].Text == fn
			}
		}
	}
	if !ok || n != 1 {
		return out, false
	}
	ok = false
	for _, m := range p.ReadOrder {
		for _, c := range slices.Concat(m.Calls, m.Others) {
			if n := facts.LastName(c.Callee); m.Role == facts.RoleServer || len(c.Args) == 0 || n != "mutate" && n != "mutateAsync" {
				continue
			}
			a := modules.Settle(p.Graph, modules.View{M: m, At: c.Scope, E: c.Args[0]})
			if a.E.Kind != jsread.Object || ok && !slices.Equal(a.E.Keys(), out.E.Keys()) {
				return out, false
			}
			out, ok = a, true
		}
	}
	return out, ok
}

// mutates reports a function that a mutation is made of.
func mutates(p *picture.Reader, fn string) bool {
	return affix.Any(p.CallsNamed("useSWRMutation"), func(c modules.CallAt) bool { return len(c.Call.Args) > 1 && c.Call.Args[1].Text == fn })
}
