package values

import (
	"bytes"
	"path"
	"sort"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/vault"
	"badsig/checks/sanitize"
)

// envRoles gives an env file the side that reads it; a file that no side
// reads keeps what its name says.
func ReadEnvFiles(p *picture.Reader) {
	x, lines := envReadersOf(p), 0
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		if f.Kind != files.KindEnv {
			continue
		}
		if lines > maxEnvLines || len(p.Envs) >= maxEnvFiles {
			p.NotRead = append(p.NotRead, f.Rel)
			continue
		}
		lines += len(addEnvFile(p, x, f).File.Lines)
	}
	// A loader may name a file above the project's folder.
	for _, s := range p.Servers {
		for _, l := range s.Loads {
			for _, rel := range FilesOf(s, l.Load, CWDGuess(s, modules.LoadPath{CWD: true})) {
				if affix.HasPrefix(rel, "../") && Env(p, rel) == nil {
					addOutside(p, x, rel)
				}
			}
		}
	}
	sort.Slice(p.Envs, func(i, j int) bool { return p.Envs[i].Rel < p.Envs[j].Rel })
	for _, e := range p.Envs {
		fileEnvValues(p, e)
	}
}

// maxEnvLines bounds the variables of all .env files of a project.
const maxEnvLines = 20_000

// maxEnvFiles bounds the .env files themselves.
const maxEnvFiles = 100

func addOutside(p *picture.Reader, x *envReaders, rel string) *picture.EnvSource {
	data, modified, ok := p.Tree.Read(rel, 4<<20)
	if !ok || len(data) == 0 {
		return nil
	}
	return addEnvFile(p, x, &files.File{Rel: rel, Kind: files.KindEnv, Src: data, Modified: modified})
}

func addEnvFile(p *picture.Reader, x *envReaders, f *files.File) *picture.EnvSource {
	e := &picture.EnvSource{Rel: f.Rel, Data: f.Src, Mod: f.Modified, Dialect: x.dialectOf(p, f.Rel), Values: map[string]int{}}
	e.Role = x.roleOf(p, f.Rel)
	if NodeRead(e.Dialect) {
		e.Dialect, _ = nodeReader(p, files.DirOf(f.Rel), nil)
	}
	vars := map[string]string{}
	e.File = envfile.Read(f.Src, e.Dialect, vars)
	p.Envs = append(p.Envs, e)
	return e
}

// row gives a line of the file by its number; nil for one that is not there.
func row(e *picture.EnvSource, n int) []byte {
	if e.Rows == nil {
		e.Rows = bytes.Split(e.Data, []byte{'\n'})
	}
	if n < 1 || n > len(e.Rows) {
		return nil
	}
	return e.Rows[n-1]
}

// Env gives a .env file by its path.
//
//go:noinline
func Env(p *picture.Reader, rel string) *picture.EnvSource {
	rel = path.Clean(rel)
	for _, e := range p.Envs {
		if e.Rel == rel {
			return e
		}
	}
	return nil
}

// fileEnvValues files an env file's keys and secrets, and the file itself.
func fileEnvValues(p *picture.Reader, e *picture.EnvSource) {
	all := facts.EnvFile{File: e.Rel, Role: e.Role, Encoding: e.Encoding, Modified: e.Mod, Notes: e.Notes}
	fileLines(p, e, e.Lines, "", &all)
	lost := facts.Unseen
	if affix.HasPrefix(e.Encoding, "utf-16") {
		lost = facts.UnseenWide
	} else if e.Encoding == "utf-8-bom" {
		lost = facts.UnseenMark
	}
	fileLines(p, e, e.Lost, lost, &all)
	p.Facts.EnvFiles = append(p.Facts.EnvFiles, all)
}

func fileLines(p *picture.Reader, e *picture.EnvSource, lines []envfile.Line, lost facts.Fate, all *facts.EnvFile) {
	for _, l := range lines {
		if !l.Commented && lost == "" && len(all.Names) < 500 {
			all.Names = append(all.Names, sanitize.Visible(l.Name))
		}
		c := classOfValue(p, l.Name, l.Value)
		if c.URL {
			fileStreamURL(p, facts.Value{Kind: facts.KindEnvFile, Role: e.Role, File: e.Rel, Line: l.Line, Name: l.Name, Comment: l.Commented, Modified: e.Mod}, string(l.Value))
			continue
		}
		if c.What == "" {
			continue
		}
		if c.Bare && !BareIsStreams(p, c.What, l.Value) {
			if c.What == facts.WhatKey {
				continue
			}
			c.What = facts.WhatOther
		}
		v := facts.Value{
			What: c.What, Name: l.Name, Kind: facts.KindEnvFile, Role: e.Role, File: e.Rel, Line: l.Line,
			Comment: l.Commented, Modified: e.Mod, Public: c.Prefix != "",
		}
		if lost != "" {
			v.Lose(lost)
		}
		if l.Duplicate {
			v.Fate, v.Why = facts.Duplicate, "duplicate line: a later line of the file sets it again"
		}
		id := p.Add(v, l.Value)
		if !l.Commented && c.What != facts.WhatKey {
			p.World.AddWritten(id, written(e, l))
		}
		if !l.Commented && lost == "" {
			e.Values[l.Name] = id
		}
	}
}

// BareIsStreams tells whether a name that does not say Stream is Stream's all
// the same: the project uses no other such name, and the value has the shape.
func BareIsStreams(p *picture.Reader, what string, raw []byte) bool {
	clean, _ := vault.CleanValue(raw, what)
	if is, _ := names.Placeholder(string(raw)); is || len(raw) == 0 {
		return true
	}
	switch what {
	case facts.WhatKey:
		return len(clean) == 12 && lowerAlnum(clean)
	case facts.WhatSecret:
		return len(clean) == 64 && lowerAlnum(clean)
	}
	return false
}

func lowerAlnum(b []byte) bool {
	for _, c := range b {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// fileStreamURL files the key and the secret of https://key:secret@….
func fileStreamURL(p *picture.Reader, v facts.Value, text string) {
	rest, ok := affix.CutPrefix(strings.TrimSpace(text), "https://")
	if !ok {
		return
	}
	userinfo, _, ok := affix.Cut(rest, "@")
	key, secret, ok2 := affix.Cut(userinfo, ":")
	if !ok || !ok2 || key == "" || secret == "" || affix.ContainsAny(userinfo, "/ ") {
		return
	}
	k, s := v, v
	k.What, s.What = facts.WhatKey, facts.WhatSecret
	p.Add(k, []byte(key))
	p.Add(s, []byte(secret))
}
