package picture

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
)

// native is what the sources of phones' apps say.
type native struct {
	Sources []*NativeSource
	Decls   map[string][]NativeAt // by name: where a value is assigned to it
	Keys    []NativeKey           // what Stream's clients are made with
	Apps    []string              // folders of apps, the deepest first
	Bases   map[string]NativeValue
	Unread  []facts.Place // clients whose key could not be followed
}

// NativeKey is the key of one client.
type NativeKey struct {
	ID  int
	App string
}

// AppOf is the folder of the app that a source belongs to.
func (n *native) AppOf(s *NativeSource) string {
	for _, dir := range n.Apps {
		if dir == "" || affix.HasPrefix(s.Rel, dir+"/") {
			return dir
		}
	}
	return ""
}

// NativeAt is a token of a source.
type NativeAt struct {
	S *NativeSource
	I int
}

// NativeValue is what an expression of an app's source holds.
type NativeValue struct {
	Text  string
	Whole bool // nothing of it is missing
	At    facts.Place
	ID    int    // the Value of a file that sets it; -1 for none
	Name  string // the name it was last seen under
	Only  bool   // of a base URL: the app has no other, and none that wasn't read
}

// Given gives the token at which the value of the name at i begins; -1 where
// none is assigned to it: name = value, name: Type = value, name => value.
func (s *NativeSource) Given(i int) int {
	t := s.Toks
	if t[i].Kind != 'w' || i+2 >= len(t) {
		return -1
	}
	j := i + 1
	if t[j].Text == ":" && t[j+1].Kind == 'w' { // let key: String = …
		for j < len(t)-1 && j < i+8 && t[j].Text != "=" && t[j].Text != "{" && t[j].Text != ";" && t[j].Line == t[i].Line {
			j++
		}
	}
	if t[j].Text != "=" || j+1 >= len(t) || t[j+1].Text == "=" || j > 0 && j == i+1 && affix.Contains("=!<>", t[i].Text) {
		return -1
	}
	if t[j+1].Text == ">" { // =>
		j++
	}
	if j+1 >= len(t) {
		return -1
	}
	return j + 1
}

// NativeArg is one argument of a call.
type NativeArg struct {
	Label string
	At    int
}

// Args lists the arguments of the call whose bracket opens at i.
func (s *NativeSource) Args(i int) (list []NativeArg, end int) {
	t := s.Toks
	depth, start := 0, i+1
	add := func(to int) {
		if start >= to {
			return
		}
		a := NativeArg{At: start}
		if start+2 < len(t) && t[start].Kind == 'w' && (t[start+1].Text == ":" || t[start+1].Text == "=" && s.Ext == ".kt") {
			a.Label, a.At = t[start].Text, start+2
		}
		list = append(list, a)
	}
	for j := i; j < len(t) && j < i+4000; j++ {
		switch t[j].Text {
		case "(", "[", "{":
			if t[j].Kind == 'p' {
				depth++
			}
		case ")", "]", "}":
			if t[j].Kind == 'p' {
				if depth--; depth == 0 {
					add(j)
					return list, j
				}
			}
		case ",":
			if depth == 1 && t[j].Kind == 'p' {
				add(j)
				start = j + 1
			}
		}
	}
	return list, min(len(t)-1, i+4000)
}

// Path reads the path of names at i, and where it ends.
func (s *NativeSource) Path(i int) (string, int) {
	t := s.Toks
	out := ""
	for i < len(t) && t[i].Kind == 'w' {
		out += t[i].Text
		i++
		for i < len(t) && t[i].Kind == 'p' && (t[i].Text == "!" || t[i].Text == "?") {
			i++
		}
		if i+1 < len(t) && t[i].Text == "." && t[i].Kind == 'p' && t[i+1].Kind == 'w' {
			out += "."
			i++
			continue
		}
		break
	}
	return out, i
}
