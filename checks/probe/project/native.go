package project

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/names"
)

// Rules of this file:
//   - an app's key is what Stream's client is made with; where that cannot be followed to a text, no key is known
//   - a name means what its own file says it is, else what all files agree on

// native is what the sources of phones' apps say.
type native struct {
	sources []*nativeSource
	decls   map[string][]nativeAt // by name: where a value is given to it
	keys    []nativeKey           // what Stream's clients are made with
	apps    []string              // folders of apps, the deepest first
	bases   map[string]nativeValue
	unread  []facts.Place // clients whose key could not be followed
}

// nativeKey is the key of one client.
type nativeKey struct {
	id  int
	app string
}

// appOf is the folder of the app that a source belongs to.
func (n *native) appOf(s *nativeSource) string {
	for _, dir := range n.apps {
		if dir == "" || strings.HasPrefix(s.rel, dir+"/") {
			return dir
		}
	}
	return ""
}

// nativeAt is a token of a source.
type nativeAt struct {
	s *nativeSource
	i int
}

func (a nativeAt) place() facts.Place {
	return facts.Place{File: a.s.rel, Line: a.s.toks[min(a.i, len(a.s.toks)-1)].line}
}

// nativeValue is what an expression of an app's source holds.
type nativeValue struct {
	text  string
	whole bool // nothing of it is missing
	at    facts.Place
	id    int    // the Value of a file that sets it; -1 for none
	name  string // the name it was last seen under
}

// readNative reads the apps' keys, requests and development tokens.
func (p *Reader) readNative() {
	n := &p.native
	n.decls, n.bases = map[string][]nativeAt{}, map[string]nativeValue{}
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		if f.Kind != files.KindCode || files.RoleOfPath(f.Rel) != facts.RoleUnknown || !appSource(f) || len(n.sources) >= 500 {
			continue
		}
		s := lexNative(f)
		n.sources = append(n.sources, s)
		for i := range s.toks {
			if at := s.given(i); at >= 0 {
				if name := s.toks[i].text; len(n.decls[name]) < 50 {
					n.decls[name] = append(n.decls[name], nativeAt{s, at})
				}
			}
		}
	}
	for i := range p.Tree.Files {
		if f := &p.Tree.Files[i]; f.Kind == files.KindApp && path.Base(f.Rel) == "pubspec.yaml" {
			n.apps = append(n.apps, files.DirOf(f.Rel))
		}
	}
	slices.SortFunc(n.apps, func(a, b string) int { return len(b) - len(a) })
	unused := p.unusedDart()
	for _, s := range n.sources {
		if unused[s.rel] {
			continue
		}
		for i := range s.toks {
			if p.Over() {
				return
			}
			p.nativeClient(s, i)
			p.nativeDevToken(s, i)
			p.nativeSecret(s, i)
			p.nativeRequest(s, i)
		}
	}
}

// appSource tells a source of an app for phones, or of a game: no backend's.
func appSource(f *files.File) bool {
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return bytes.Contains(f.Src, []byte(w)) })
	}
	switch path.Ext(f.Rel) {
	case ".dart":
		return !has("package:shelf", "package:dart_frog")
	case ".swift":
		return !has("import Vapor")
	case ".kt", ".java":
		return has("io.getstream.chat.android", "io.getstream.video.android", "io.getstream.android", "io.getstream.feeds.android", "import android.", "import androidx.", "retrofit2.")
	case ".cs":
		return has("UnityEngine", "StreamChat.Core", "StreamChat.Libs", "StreamVideo.Core", "StreamVideo.Libs")
	}
	return false
}

// given gives the token at which the value of the name at i begins; -1 where
// none is given to it: name = value, name: Type = value, name => value.
func (s *nativeSource) given(i int) int {
	t := s.toks
	if t[i].kind != 'w' || i+2 >= len(t) {
		return -1
	}
	j := i + 1
	if t[j].text == ":" && t[j+1].kind == 'w' { // let key: String = …
		for j < len(t)-1 && j < i+8 && t[j].text != "=" && t[j].text != "{" && t[j].text != ";" && t[j].line == t[i].line {
			j++
		}
	}
	if t[j].text != "=" || j+1 >= len(t) || t[j+1].text == "=" || j > 0 && j == i+1 && strings.Contains("=!<>", t[i].text) {
		return -1
	}
	if t[j+1].text == ">" { // =>
		j++
	}
	if j+1 >= len(t) {
		return -1
	}
	return j + 1
}

// nativeArg is one argument of a call.
type nativeArg struct {
	label string
	at    int
}

// args lists the arguments of the call whose bracket opens at i.
func (s *nativeSource) args(i int) (list []nativeArg, end int) {
	t := s.toks
	depth, start := 0, i+1
	add := func(to int) {
		if start >= to {
			return
		}
		a := nativeArg{at: start}
		if start+2 < len(t) && t[start].kind == 'w' && (t[start+1].text == ":" || t[start+1].text == "=" && s.ext == ".kt") {
			a.label, a.at = t[start].text, start+2
		}
		list = append(list, a)
	}
	for j := i; j < len(t) && j < i+4000; j++ {
		switch t[j].text {
		case "(", "[", "{":
			if t[j].kind == 'p' {
				depth++
			}
		case ")", "]", "}":
			if t[j].kind == 'p' {
				if depth--; depth == 0 {
					add(j)
					return list, j
				}
			}
		case ",":
			if depth == 1 && t[j].kind == 'p' {
				add(j)
				start = j + 1
			}
		}
	}
	return list, min(len(t)-1, i+4000)
}

// argOf is the argument with one of the labels, else the one at a position
// that has no label.
func argOf(list []nativeArg, position int, labels ...string) (int, bool) {
	for _, a := range list {
		if slices.Contains(labels, a.label) {
			return a.at, true
		}
	}
	if position >= 0 && position < len(list) && list[position].label == "" {
		return list[position].at, true
	}
	return 0, false
}

// path reads the path of names at i, and where it ends.
func (s *nativeSource) path(i int) (string, int) {
	t := s.toks
	out := ""
	for i < len(t) && t[i].kind == 'w' {
		out += t[i].text
		i++
		for i < len(t) && t[i].kind == 'p' && (t[i].text == "!" || t[i].text == "?") {
			i++
		}
		if i+1 < len(t) && t[i].text == "." && t[i].kind == 'p' && t[i+1].kind == 'w' {
			out += "."
			i++
			continue
		}
		break
	}
	return out, i
}

// passOn are calls that hand their first argument on.
var passOn = names.Words("init", "APIKey", "StreamApiKey", "fromString", "parse", "URL", "Uri", "String", "create", "valueOf", "trim", "toUri", "StreamChatApiKey")

// nativeEval follows the expression at a token.
func (p *Reader) nativeEval(s *nativeSource, i, depth int) nativeValue {
	t := s.toks
	none := nativeValue{id: -1}
	for i < len(t) && (t[i].kind == 'w' && (t[i].text == "const" || t[i].text == "new" || t[i].text == "await" || t[i].text == "try") || t[i].kind == 'p' && (t[i].text == "." || t[i].text == "(")) {
		i++
	}
	if depth == 0 || i >= len(t) {
		return none
	}
	if t[i].kind == 's' {
		v := nativeValue{whole: true, at: facts.Place{File: s.rel, Line: t[i].line}, id: -1}
		for ; i < len(t) && t[i].kind == 's'; i++ { // Dart puts texts side by side
			for _, part := range t[i].parts {
				if !part.hole {
					v.text += part.text
					continue
				}
				x := p.nativeNamed(s, part.text, depth-1)
				if !x.whole {
					if x.text = ""; isUserName(facts.LastName(part.text)) {
						x = nativeValue{text: p.w.Target.UserID, whole: true}
					}
				}
				v.text, v.whole = v.text+x.text, v.whole && x.whole
				if strings.Contains(x.text, "://") {
					v.at = x.at
				}
			}
			if s.ext != ".dart" {
				i++
				break
			}
		}
		if i+1 < len(t) && t[i].text == "+" {
			rest := p.nativeEval(s, i+1, depth-1)
			v.text, v.whole = v.text+rest.text, v.whole && rest.whole
		}
		return v
	}
	name, end := s.path(i)
	if name == "" {
		return none
	}
	call := end < len(t) && t[end].text == "(" && t[end].kind == 'p'
	index := end < len(t) && t[end].text == "[" && t[end].kind == 'p'
	last := facts.LastName(name)
	switch {
	case call && last == "fromEnvironment": // --dart-define
		list, _ := s.args(end)
		if at, ok := argOf(list, -1, "defaultValue"); ok {
			return p.nativeEval(s, at, depth-1)
		}
		return none
	case (index || call && (last == "get" || last == "maybeGet")) && strings.Contains(strings.ToLower(name), "env") && end+1 < len(t) && t[end+1].whole():
		return p.nativeEnv(s, t[end+1].text)
	case call && passOn[last]:
		list, _ := s.args(end)
		if at, ok := argOf(list, 0, "string", "apiKeyString", "fromString"); ok {
			return p.nativeEval(s, at, depth-1)
		}
		return none
	case call || index:
		return none
	case strings.Contains(name, "BuildConfig."):
		return p.gradleField(last)
	}
	v := p.nativeNamed(s, name, depth-1)
	if v.whole && end+1 < len(t) && t[end].text == "+" {
		rest := p.nativeEval(s, end+1, depth-1)
		v.text, v.whole = v.text+rest.text, rest.whole
	}
	return v
}

// nativeNamed follows a name to the one text that is given to it.
func (p *Reader) nativeNamed(s *nativeSource, name string, depth int) nativeValue {
	none := nativeValue{id: -1}
	if depth <= 0 || name == "" {
		return none
	}
	if strings.Contains(name, "BuildConfig.") {
		return p.gradleField(facts.LastName(name))
	}
	all := p.native.decls[facts.LastName(name)]
	own := slices.DeleteFunc(slices.Clone(all), func(a nativeAt) bool { return a.s != s })
	if len(own) > 0 && !strings.Contains(strings.TrimPrefix(strings.TrimPrefix(name, "self."), "this."), ".") {
		all = own
	}
	found := none
	for _, a := range all {
		v := p.nativeEval(a.s, a.i, depth-1)
		if !v.whole {
			continue
		}
		if found.whole && found.text != v.text {
			return none // several, and which of them runs is not known
		}
		v.name = facts.LastName(name)
		found = v
	}
	return found
}

// nativeEnv is a variable of the .env file that flutter_dotenv loads.
func (p *Reader) nativeEnv(s *nativeSource, name string) nativeValue {
	for dir := files.DirOf(s.rel); ; dir = files.DirOf(dir) {
		for _, rel := range []string{".env", "assets/.env", ".env.local"} {
			if e := p.env(path.Join(dir, rel)); e != nil {
				if v, ok := e.Get(name); ok {
					id, filed := e.values[name]
					if !filed {
						id = -1
					}
					return nativeValue{text: string(v), whole: true, at: facts.Place{File: e.rel, Line: e.lineOf(name)}, id: id, name: name}
				}
			}
		}
		if dir == "" {
			return nativeValue{id: -1}
		}
	}
}

// gradleField is a field of Android's BuildConfig: what build.gradle gives it,
// or the property of the same name that it reads.
func (p *Reader) gradleField(name string) nativeValue {
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		if !strings.HasPrefix(path.Base(f.Rel), "build.gradle") || len(f.Src) == 0 {
			continue
		}
		as := *f
		if as.Rel = "build.dart"; strings.HasSuffix(f.Rel, ".kts") { // Groovy's texts are Dart's
			as.Rel = "build.kt"
		}
		s := lexNative(&as)
		for k := 0; k+5 < len(s.toks); k++ {
			if s.toks[k].text != "buildConfigField" {
				continue
			}
			texts := s.toks[k+1 : min(k+8, len(s.toks))]
			var found []nativeToken
			for _, t := range texts {
				if t.kind == 's' {
					found = append(found, t)
				}
			}
			if len(found) == 3 && found[1].text == name {
				if found[2].whole() {
					return nativeValue{text: strings.Trim(found[2].text, `"`), whole: true, at: facts.Place{File: f.Rel, Line: found[2].line}, id: -1, name: name}
				}
			}
		}
	}
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		if path.Ext(f.Rel) != ".properties" || files.RoleOfPath(f.Rel) != facts.RoleUnknown {
			continue
		}
		n := 0
		for line := range strings.Lines(string(f.Src)) {
			n++
			k, v, ok := strings.Cut(strings.TrimSpace(line), "=")
			if ok && strings.TrimSpace(k) == name && !strings.HasPrefix(k, "#") && !strings.HasPrefix(k, "!") {
				return nativeValue{text: strings.Trim(strings.TrimSpace(v), `"`), whole: true, at: facts.Place{File: f.Rel, Line: n}, id: -1, name: name}
			}
		}
	}
	return nativeValue{id: -1}
}
