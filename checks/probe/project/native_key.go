package project

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// nativeClients are the calls that make Stream's clients in apps: where the
// key is among their arguments, and how it may be labelled.
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
func nativeClient(p *picture.Reader, s *picture.NativeSource, i int) {
	t := s.Toks
	if t[i].Kind != 'w' || i > 0 && t[i-1].Text == "." && t[i-1].Kind == 'p' {
		return
	}
	name, end := s.Path(i)
	if end >= len(t) || t[end].Text != "(" || t[end].Kind != 'p' {
		return
	}
	for _, c := range nativeClients {
		if c.ext != s.Ext || name != c.name && !affix.HasSuffix(name, "."+c.name) {
			continue
		}
		list, _ := s.Args(end)
		at, ok := argOf(list, c.position, c.labels...)
		if !ok || s.Declares(i) {
			return
		}
		v := nativeEval(p, s, at, 8)
		if !v.Whole {
			p.Native.Unread = append(p.Native.Unread, facts.Place{File: s.Rel, Line: t[at].Line})
			return
		}
		id := v.ID
		if id < 0 {
			kind := facts.KindLiteral
			if !affix.HasSuffix(v.At.File, s.Ext) {
				kind = facts.KindConfig
			}
			id = p.Add(facts.Value{What: facts.WhatKey, Name: modules.FirstOf(v.Name, name), Kind: kind, Role: facts.RoleFront, File: v.At.File, Line: v.At.Line, Modified: s.File.Modified, Public: true}, []byte(v.Text))
		}
		if k := (picture.NativeKey{ID: id, App: p.Native.AppOf(s)}); !slices.Contains(p.Native.Keys, k) {
			p.Native.Keys = append(p.Native.Keys, k)
		}
		return
	}
}

// nativeDevToken notes a development token: client.devToken(id), .development(userId: id).
func nativeDevToken(p *picture.Reader, s *picture.NativeSource, i int) {
	t := s.Toks
	if t[i].Kind != 'w' || i == 0 || t[i-1].Text != "." || i+1 >= len(t) || t[i+1].Text != "(" {
		return
	}
	if t[i].Text != "devToken" && t[i].Text != "developmentToken" && (t[i].Text != "development" || s.Ext != ".swift") && (t[i].Text != "CreateDevelopmentAuthToken" || s.Ext != ".cs") {
		return
	}
	list, _ := s.Args(i + 1)
	if len(p.Facts.Calls) < 200 && len(list) > 0 {
		p.Facts.Calls = append(p.Facts.Calls, facts.StreamCall{Callee: "devToken", Args: len(list), Role: facts.RoleFront, File: s.Rel, Line: t[i].Line})
	}
}

// nativeSecret files a secret that is in an app: everyone who has the app has it.
func nativeSecret(p *picture.Reader, s *picture.NativeSource, i int) {
	at := s.Given(i)
	if at < 0 || !s.Toks[at].Whole() || !affix.Contains(strings.ToLower(s.Toks[i].Text), "secret") {
		return
	}
	c := names.Classify(s.Toks[i].Text)
	text := s.Toks[at].Text
	if c.What != facts.WhatSecret || c.Bare && len(text) != 64 || len(text) < 16 {
		return
	}
	p.Add(facts.Value{What: facts.WhatSecret, Name: s.Toks[i].Text, Kind: facts.KindLiteral, Role: facts.RoleFront, File: s.Rel, Line: s.Toks[at].Line, Modified: s.File.Modified, Public: true}, []byte(text))
}

// unusedDart are the sources of Flutter apps that nothing leads to from lib/main.dart.
func unusedDart(p *picture.Reader) map[string]bool {
	n := &p.Native
	byRel := map[string]*picture.NativeSource{}
	for _, s := range n.Sources {
		byRel[s.Rel] = s
	}
	out := map[string]bool{}
	for _, app := range n.Apps {
		main := modules.JoinDir(app, "lib/main.dart")
		if !dartFiles(p)[main] {
			continue
		}
		used := map[string]bool{}
		var walk func(rel string, depth int)
		walk = func(rel string, depth int) {
			if used[rel] || depth == 0 {
				return
			}
			used[rel] = true
			for _, to := range dartImports(p, rel, app) {
				walk(to, depth-1)
			}
		}
		for rel := range dartFiles(p) {
			base := affix.TrimPrefix(rel, modules.JoinDir(app, "lib/"))
			if flavor, is := affix.CutPrefix(base, "main_"); rel == main || is && dartFlavors[affix.TrimSuffix(flavor, ".dart")] {
				walk(rel, 200)
			}
		}
		for _, s := range n.Sources {
			if s.Ext == ".dart" && n.AppOf(s) == app && affix.HasPrefix(s.Rel, modules.JoinDir(app, "lib/")) && !used[s.Rel] {
				out[s.Rel] = true
			}
		}
	}
	return out
}

var dartFlavors = names.Words("dev", "development", "staging", "stage", "prod", "production", "web", "mobile", "local", "qa", "uat", "beta")
