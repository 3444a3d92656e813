package project

import (
	"slices"
	"sort"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - an app's key is what Stream's client is made with; where that cannot be followed to a string, no key is known
//   - a name means what its own file says it is, else what all files agree on

// readNative reads the apps' keys, requests and development tokens.
func readNative(p *picture.Reader) {
	tokens := 0
	n := &p.Native
	n.Decls, n.Bases = map[string][]picture.NativeAt{}, map[string]picture.NativeValue{}
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		if f.Kind != files.KindCode || files.RoleOfPath(f.Rel) != facts.RoleUnknown || !appSource(f) || len(n.Sources) >= 500 {
			continue
		}
		if tokens > maxAppTokens {
			p.NotRead = append(p.NotRead, f.Rel)
			continue
		}
		s := picture.LexNative(f)
		tokens += len(s.Toks)
		n.Sources = append(n.Sources, s)
		if s.Full {
			p.NotRead = append(p.NotRead, s.Rel)
		}
		for i := range s.Toks {
			if at := s.Given(i); at >= 0 {
				if name := s.Toks[i].Text; len(n.Decls[name]) < 50 {
					n.Decls[name] = append(n.Decls[name], picture.NativeAt{S: s, I: at})
				}
			}
		}
	}
	for i := range p.Tree.Files {
		if f := &p.Tree.Files[i]; f.Kind == files.KindApp && affix.Base(f.Rel) == "pubspec.yaml" {
			n.Apps = append(n.Apps, files.DirOf(f.Rel))
		}
	}
	sort.Slice(n.Apps, func(i, j int) bool { return len(n.Apps[i]) > len(n.Apps[j]) })
	shippedSecrets(p)
	unused := unusedDart(p)
	for _, s := range n.Sources {
		if unused[s.Rel] {
			continue
		}
		for i := range s.Toks {
			if p.Over() {
				return
			}
			nativeClient(p, s, i)
			nativeDevToken(p, s, i)
			nativeSecret(p, s, i)
			nativeRequest(p, s, i)
		}
	}
}

// maxAppTokens bounds what is read of all of a project's apps: they are kept.
const maxAppTokens = 1_000_000

// appSource tells a source of an app for phones, or of a game: no backend's.
func appSource(f *files.File) bool {
	has := func(words ...string) bool { return picture.Imports(f, words...) }
	switch affix.Ext(f.Rel) {
	case ".dart":
		return !has("package:shelf", "package:dart_frog")
	case ".swift":
		return !has("Vapor")
	case ".kt", ".java":
		return has("io.getstream.chat.android", "io.getstream.video.android", "io.getstream.android", "io.getstream.feeds.android", "android.", "androidx.", "retrofit2.")
	case ".cs":
		return has("UnityEngine", "StreamChat.Core", "StreamChat.Libs", "StreamVideo.Core", "StreamVideo.Libs")
	}
	return false
}

// argOf is the argument with one of the labels, else the one at a position
// that has no label.
//
//go:noinline
func argOf(list []picture.NativeArg, position int, labels ...string) (int, bool) {
	for _, a := range list {
		if facts.OneOf(labels, a.Label) {
			return a.At, true
		}
	}
	if position >= 0 && position < len(list) && list[position].Label == "" {
		return list[position].At, true
	}
	return 0, false
}

// passOn are calls that hand their first argument on.
var passOn = names.Words("init", "APIKey", "StreamApiKey", "fromString", "parse", "URL", "Uri", "String", "create", "valueOf", "trim", "toUri", "StreamChatApiKey")

// nativeEval follows the expression at a token.
func nativeEval(p *picture.Reader, s *picture.NativeSource, i, depth int) picture.NativeValue {
	t := s.Toks
	none := picture.NativeValue{ID: -1}
	for i < len(t) && (t[i].Kind == 'w' && (t[i].Text == "const" || t[i].Text == "new" || t[i].Text == "await" || t[i].Text == "try") || t[i].Kind == 'p' && (t[i].Text == "." || t[i].Text == "(")) {
		i++
	}
	if depth == 0 || i >= len(t) {
		return none
	}
	if t[i].Kind == 's' {
		v := picture.NativeValue{Whole: true, At: facts.Place{File: s.Rel, Line: t[i].Line}, ID: -1}
		for ; i < len(t) && t[i].Kind == 's'; i++ { // Dart puts strings side by side
			for _, part := range t[i].Parts {
				if !part.Hole {
					v.Text += part.Text
					continue
				}
				x := nativeNamed(p, s, part.Text, depth-1)
				if !x.Whole {
					if x.Text = ""; names.IsUserName(facts.LastName(part.Text)) {
						x = picture.NativeValue{Text: p.World.Target.UserID, Whole: true}
					}
				}
				v.Text, v.Whole = v.Text+x.Text, v.Whole && x.Whole
				if affix.Contains(x.Text, "://") {
					v.At = x.At
				}
			}
			if s.Ext != ".dart" {
				i++
				break
			}
		}
		if i+1 < len(t) && t[i].Text == "+" {
			rest := nativeEval(p, s, i+1, depth-1)
			v.Text, v.Whole = v.Text+rest.Text, v.Whole && rest.Whole
		}
		return v
	}
	name, end := s.Path(i)
	if name == "" {
		return none
	}
	call := end < len(t) && t[end].Text == "(" && t[end].Kind == 'p'
	index := end < len(t) && t[end].Text == "[" && t[end].Kind == 'p'
	last := facts.LastName(name)
	switch {
	case call && last == "fromEnvironment": // --dart-define
		list, _ := s.Args(end)
		if len(list) > 0 && t[list[0].At].Whole() {
			if v := dartDefine(p, s, t[list[0].At].Text); v.Whole || v.Name != "" {
				return v
			}
		}
		if at, ok := argOf(list, -1, "defaultValue"); ok {
			return nativeEval(p, s, at, depth-1)
		}
		return none
	case call && last == "object" && s.Ext == ".swift", index && last == "infoDictionary": // Bundle.main.object(forInfoDictionaryKey: "X")
		list, _ := s.Args(end)
		if at, ok := argOf(list, 0, "forInfoDictionaryKey"); ok && t[at].Whole() {
			return plistValue(p, s, t[at].Text)
		}
		return none
	case call && (last == "getString" || last == "stringResource" || last == "getText"):
		list, _ := s.Args(end)
		if len(list) > 0 {
			if res, _ := s.Path(list[0].At); affix.HasPrefix(res, "R.string.") {
				return androidString(p, s, facts.LastName(res))
			}
		}
		return none
	case affix.HasPrefix(name, "R.string."):
		return androidString(p, s, last)
	case (index || call && (last == "get" || last == "maybeGet")) && affix.Contains(strings.ToLower(name), "env") && end+1 < len(t) && t[end+1].Whole():
		return nativeEnv(p, s, t[end+1].Text)
	case call && passOn[last]:
		list, _ := s.Args(end)
		if at, ok := argOf(list, 0, "string", "apiKeyString", "fromString"); ok {
			return nativeEval(p, s, at, depth-1)
		}
		return none
	case call || index:
		return none
	case affix.Contains(name, "BuildConfig."):
		return gradleField(p, last)
	}
	v := nativeNamed(p, s, name, depth-1)
	if v.Whole && end+1 < len(t) && t[end].Text == "+" {
		rest := nativeEval(p, s, end+1, depth-1)
		v.Text, v.Whole = v.Text+rest.Text, rest.Whole
	}
	return v
}

// nativeNamed follows a name to the one string that is assigned to it.
func nativeNamed(p *picture.Reader, s *picture.NativeSource, name string, depth int) picture.NativeValue {
	none := picture.NativeValue{ID: -1}
	if depth <= 0 || name == "" {
		return none
	}
	if affix.Contains(name, "BuildConfig.") {
		return gradleField(p, facts.LastName(name))
	}
	if outer, key, ok := affix.Cut(name, "["); ok { // dotenv.env['BASE_URL'], put into a string
		if affix.Contains(strings.ToLower(outer), "env") {
			return nativeEnv(p, s, affix.TrimSuffix(key, "]"))
		}
		return none
	}
	all := p.Native.Decls[facts.LastName(name)]
	own := affix.Without(slices.Clone(all), func(a picture.NativeAt) bool { return a.S != s })
	if len(own) > 0 && !affix.Contains(affix.TrimPrefix(affix.TrimPrefix(name, "self."), "this."), ".") {
		all = own
	}
	found := none
	for _, a := range all {
		v := nativeEval(p, a.S, a.I, depth-1)
		if !v.Whole {
			continue
		}
		if found.Whole && found.Text != v.Text {
			return none // several, and which of them runs is not known
		}
		v.Name = facts.LastName(name)
		found = v
	}
	if !found.Whole && s.Ext == ".cs" {
		return unityField(p, s, facts.LastName(name))
	}
	return found
}
