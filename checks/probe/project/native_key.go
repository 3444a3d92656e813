package project

import (
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
)

// nativeClients are the calls that make Stream's clients in apps: where the
// key stands among their arguments, and how it may be labelled.
var nativeClients = []struct {
	ext, name string
	position  int
	labels    []string
}{
	{".dart", "StreamChatClient", 0, []string{"apiKey"}},
	{".dart", "StreamVideo", 0, []string{"apiKey"}},
	{".dart", "StreamVideo.create", 0, []string{"apiKey"}},
	{".dart", "StreamFeedsClient", 0, []string{"apiKey"}},
	{".dart", "StreamFeedClient", 0, []string{"apiKey"}},
	{".swift", "ChatClientConfig", -1, []string{"apiKey", "apiKeyString"}},
	{".swift", "StreamVideo", -1, []string{"apiKey"}},
	{".swift", "StreamVideoUI", -1, []string{"apiKey"}},
	{".swift", "FeedsClient", -1, []string{"apiKey"}},
	{".kt", "ChatClient.Builder", 0, []string{"apiKey"}},
	{".kt", "StreamVideoBuilder", 1, []string{"apiKey"}},
	{".kt", "FeedsClient", 1, []string{"apiKey"}},
	{".java", "ChatClient.Builder", 0, nil},
	{".java", "StreamVideoBuilder", 1, nil},
	{".cs", "AuthCredentials", 0, []string{"apiKey"}},
}

// nativeClient files the key of a call that makes a client.
func (p *Reader) nativeClient(s *nativeSource, i int) {
	t := s.toks
	if t[i].kind != 'w' || i > 0 && t[i-1].text == "." && t[i-1].kind == 'p' {
		return
	}
	name, end := s.path(i)
	if end >= len(t) || t[end].text != "(" || t[end].kind != 'p' {
		return
	}
	for _, c := range nativeClients {
		if c.ext != s.ext || name != c.name && !strings.HasSuffix(name, "."+c.name) {
			continue
		}
		list, _ := s.args(end)
		at, ok := argOf(list, c.position, c.labels...)
		if !ok || s.declares(i) {
			return
		}
		v := p.nativeEval(s, at, 8)
		if !v.whole {
			p.native.unread = append(p.native.unread, facts.Place{File: s.rel, Line: t[at].line})
			return
		}
		id := v.id
		if id < 0 {
			kind := facts.KindLiteral
			if !strings.HasSuffix(v.at.File, s.ext) {
				kind = facts.KindConfig
			}
			id = p.add(facts.Value{What: facts.WhatKey, Name: modules.FirstOf(v.name, name), Kind: kind, Role: facts.RoleFront, File: v.at.File, Line: v.at.Line, Modified: s.file.Modified, Public: true}, []byte(v.text))
		}
		if k := (nativeKey{id, p.native.appOf(s)}); !slices.Contains(p.native.keys, k) {
			p.native.keys = append(p.native.keys, k)
		}
		return
	}
}

// declares tells a name that is declared rather than called.
func (s *nativeSource) declares(i int) bool {
	if i == 0 || s.toks[i-1].kind != 'w' {
		return false
	}
	switch s.toks[i-1].text {
	case "class", "func", "fun", "struct", "void", "interface", "extends", "enum":
		return true
	}
	return false
}

// nativeDevToken notes a development token: client.devToken(id), .development(userId: id).
func (p *Reader) nativeDevToken(s *nativeSource, i int) {
	t := s.toks
	if t[i].kind != 'w' || i == 0 || t[i-1].text != "." || i+1 >= len(t) || t[i+1].text != "(" {
		return
	}
	if t[i].text != "devToken" && t[i].text != "developmentToken" && (t[i].text != "development" || s.ext != ".swift") && (t[i].text != "CreateDevelopmentAuthToken" || s.ext != ".cs") {
		return
	}
	list, _ := s.args(i + 1)
	if len(p.facts.Calls) < 200 && len(list) > 0 {
		p.facts.Calls = append(p.facts.Calls, facts.StreamCall{Callee: "devToken", Args: len(list), Role: facts.RoleFront, File: s.rel, Line: t[i].line})
	}
}

// nativeSecret files a secret that stands in an app: everybody who has the app has it.
func (p *Reader) nativeSecret(s *nativeSource, i int) {
	at := s.given(i)
	if at < 0 || !s.toks[at].whole() || !strings.Contains(strings.ToLower(s.toks[i].text), "secret") {
		return
	}
	c := names.Classify(s.toks[i].text)
	text := s.toks[at].text
	if c.What != facts.WhatSecret || c.Bare && len(text) != 64 || len(text) < 16 {
		return
	}
	p.add(facts.Value{What: facts.WhatSecret, Name: s.toks[i].text, Kind: facts.KindLiteral, Role: facts.RoleFront, File: s.rel, Line: s.toks[at].line, Modified: s.file.Modified, Public: true}, []byte(text))
}

// nativeKeys are the keys of the app that requests the endpoint; of several
// apps with different keys, where none is known to, none.
func (p *Reader) nativeKeys(f *facts.Facts) []int {
	distinct := func(keys []nativeKey) bool {
		for _, k := range keys[min(1, len(keys)):] {
			if f.Values[k.id].Clean != f.Values[keys[0].id].Clean {
				return true
			}
		}
		return false
	}
	keys := p.native.keys
	if distinct(keys) {
		var own []nativeKey
		if x := f.Fetch(); x != nil {
			for _, k := range keys {
				if k.app == "" || strings.HasPrefix(x.File, k.app+"/") {
					own = append(own, k)
				}
			}
		}
		keys = own
	}
	if distinct(keys) {
		return nil
	}
	var ids []int
	for _, k := range keys {
		ids = append(ids, k.id)
	}
	return ids
}

// unusedDart are the sources of Flutter apps that nothing leads to from lib/main.dart.
func (p *Reader) unusedDart() map[string]bool {
	n := &p.native
	byRel := map[string]*nativeSource{}
	for _, s := range n.sources {
		byRel[s.rel] = s
	}
	out := map[string]bool{}
	for _, app := range n.apps {
		main := modules.JoinDir(app, "lib/main.dart")
		if !p.dartFiles()[main] {
			continue
		}
		used := map[string]bool{}
		var walk func(rel string, depth int)
		walk = func(rel string, depth int) {
			if used[rel] || depth == 0 {
				return
			}
			used[rel] = true
			for _, to := range p.dartImports(rel, app) {
				walk(to, depth-1)
			}
		}
		for rel := range p.dartFiles() {
			base := strings.TrimPrefix(rel, modules.JoinDir(app, "lib/"))
			if flavor, is := strings.CutPrefix(base, "main_"); rel == main || is && dartFlavors[strings.TrimSuffix(flavor, ".dart")] {
				walk(rel, 200)
			}
		}
		for _, s := range n.sources {
			if s.ext == ".dart" && n.appOf(s) == app && strings.HasPrefix(s.rel, modules.JoinDir(app, "lib/")) && !used[s.rel] {
				out[s.rel] = true
			}
		}
	}
	return out
}

var dartFlavors = names.Words("dev", "development", "staging", "stage", "prod", "production", "web", "mobile", "local", "qa", "uat", "beta")
