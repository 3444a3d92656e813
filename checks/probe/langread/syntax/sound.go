package syntax

import "badsig/checks/affix"

// Rules of this file, which compares a source before and after an edit:
//   - it finds what no compiler accepts, not all of what one doesn't
//   - what was there before isn't a reason to reject the edit

// open marks a string that doesn't end.
const open = -2

// flaws counts what can't be so: brackets without a partner, strings without an
// end, blocks of Python that are empty or not expected, statements that weren't understood.
func flaws(src string, l *Language, toks []token) int {
	n, depth, indent := 0, 0, int32(0)
	for i := range toks {
		t := &toks[i]
		if t.first && depth == 0 {
			if i > 0 && l.Family == FamPython && t.kind != tokEOF && (t.col > indent) != (toks[i-1].text == ":" && toks[i-1].kind == tokPunct) {
				n++
			}
			indent = t.col
		}
		switch {
		case t.kind == tokString && t.match == open:
			n++
		case t.kind != tokPunct || len(t.text) != 1:
		case affix.Contains("([{", t.text):
			depth++
			if t.match < 0 {
				n++
			}
		case affix.Contains(")]}", t.text):
			depth--
			if t.match < 0 {
				n++
			}
		}
	}
	if _, at, _ := Parse(src, l); at > 0 {
		n++
	}
	return n
}

// names counts the names of a source that aren't members, and of these the ones
// that a member is taken of.
func names(toks []token) (all, used map[string]int) {
	all, used = map[string]int{}, map[string]int{}
	for i := range toks {
		if t := &toks[i]; t.kind == tokName && (i == 0 || toks[i-1].text != ".") {
			all[t.text]++
			if i+1 < len(toks) && toks[i+1].text == "." {
				used[t.text]++
			}
		}
	}
	return all, used
}

// Worse reports whether a source can no longer be compiled or run after an edit:
// it has more flaws, uses a member of what it doesn't have, or, in Go, imports or
// declares what it uses no more.
func Worse(was, is string, l *Language) bool {
	before, after := lex(was, l), lex(is, l)
	if flaws(is, l, after) > flaws(was, l, before) {
		return true
	}
	old, _ := names(before)
	now, used := names(after)
	imported := func(name string) bool {
		return affix.Contains(is, `"`+name+`"`) || affix.Contains(is, "/"+name+`"`) || affix.Contains(is, "/"+name+"/v")
	}
	for name, n := range used {
		if old[name] == 0 && (l.Name == Go && !imported(name) || l.Name == Python && n == now[name]) {
			return true
		}
	}
	for name, n := range old {
		if l.Name == Go && (imported(name) && now[name] == 0 || !imported(name) && now[name] == 1 && n > 1 && !affix.Contains(is, "func "+name+"(")) {
			return true
		}
	}
	return false
}
