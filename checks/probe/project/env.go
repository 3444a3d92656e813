package project

import (
	"bytes"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/vault"
	"badsig/checks/sanitize"
)

// envSource is one .env file as its loader reads it.
type envSource struct {
	rel     string
	role    facts.Role
	dialect envfile.Dialect
	mod     time.Time
	data    []byte
	rows    [][]byte // data's lines, split when first needed
	envfile.File
	values   map[string]int  // name → Value.ID of the assignment that counts
	doubtful map[string]bool // names whose value depends on the loader's version, which is not known
}

// envRoles gives an env file the side that reads it; a file that no side
// reads keeps what its name says.
func (p *Reader) readEnvFiles() {
	for i := range p.Tree.Files {
		if f := &p.Tree.Files[i]; f.Kind == files.KindEnv {
			p.addEnvFile(f)
		}
	}
	// A loader may name a file above the project's folder.
	for _, s := range p.servers {
		for _, l := range s.loads {
			for _, rel := range s.filesOf(l.Load, s.cwdGuess(modules.LoadPath{CWD: true})) {
				if strings.HasPrefix(rel, "../") && p.env(rel) == nil {
					p.addOutside(rel)
				}
			}
		}
	}
	slices.SortFunc(p.envs, func(a, b *envSource) int { return strings.Compare(a.rel, b.rel) })
	for _, e := range p.envs {
		p.fileEnvValues(e)
	}
}

func (p *Reader) addOutside(rel string) *envSource {
	name := p.Abs(rel)
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 || info.Size() > 4<<20 {
		return nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	return p.addEnvFile(&files.File{Rel: rel, Kind: files.KindEnv, Src: data, Modified: info.ModTime()})
}

func (p *Reader) addEnvFile(f *files.File) *envSource {
	e := &envSource{rel: f.Rel, data: f.Src, mod: f.Modified, dialect: p.dialectOf(f.Rel), values: map[string]int{}}
	e.role = p.envRole(f.Rel)
	if nodeRead(e.dialect) {
		e.dialect, _ = p.nodeReader(files.DirOf(f.Rel), nil)
	}
	vars := map[string]string{}
	e.File = envfile.Read(f.Src, e.dialect, vars)
	p.envs = append(p.envs, e)
	return e
}

// row gives a line of the file by its number; nil for one that is not there.
func (e *envSource) row(n int) []byte {
	if e.rows == nil {
		e.rows = bytes.Split(e.data, []byte{'\n'})
	}
	if n < 1 || n > len(e.rows) {
		return nil
	}
	return e.rows[n-1]
}

// env gives a .env file by its path.
func (p *Reader) env(rel string) *envSource {
	rel = path.Clean(rel)
	for _, e := range p.envs {
		if e.rel == rel {
			return e
		}
	}
	return nil
}

// fileEnvValues files an env file's keys and secrets, and the file itself.
func (p *Reader) fileEnvValues(e *envSource) {
	all := facts.EnvFile{File: e.rel, Role: e.role, Encoding: e.Encoding, Modified: e.mod, Notes: e.Notes}
	p.fileLines(e, e.Lines, "", &all)
	why := facts.UnseenLine
	if strings.HasPrefix(e.Encoding, "utf-16") {
		why = "not read: the file is saved as UTF-16: the loader finds no variable in it"
	} else if e.Encoding == "utf-8-bom" {
		why = "not read: the byte order mark before it belongs to its name for this loader"
	}
	p.fileLines(e, e.Lost, why, &all)
	p.facts.EnvFiles = append(p.facts.EnvFiles, all)
}

func (p *Reader) fileLines(e *envSource, lines []envfile.Line, lost string, all *facts.EnvFile) {
	for _, l := range lines {
		if !l.Commented && lost == "" && len(all.Names) < 500 {
			all.Names = append(all.Names, sanitize.Visible(l.Name))
		}
		c := p.classOfValue(l.Name, l.Value)
		if c.URL {
			p.fileStreamURL(facts.Value{Kind: facts.KindEnvFile, Role: e.role, File: e.rel, Line: l.Line, Name: l.Name, Comment: l.Commented, Modified: e.mod}, string(l.Value))
			continue
		}
		if c.What == "" {
			continue
		}
		if c.Bare && !p.bareIsStreams(c.What, l.Value) {
			if c.What == facts.WhatKey {
				continue
			}
			c.What = facts.WhatOther
		}
		v := facts.Value{
			What: c.What, Name: l.Name, Kind: facts.KindEnvFile, Role: e.role, File: e.rel, Line: l.Line,
			Comment: l.Commented, Modified: e.mod, Public: c.Prefix != "", Why: lost,
		}
		if l.Duplicate {
			v.Why = "duplicate line: a later line of the file sets it again"
		}
		id := p.add(v, l.Value)
		if !l.Commented && c.What != facts.WhatKey {
			p.w.AddWritten(id, e.written(l))
		}
		if !l.Commented && lost == "" {
			e.values[l.Name] = id
		}
	}
}

// bareIsStreams tells whether a name that does not say Stream is Stream's all
// the same: the project uses no other such name, and the value has the shape.
func (p *Reader) bareIsStreams(what string, raw []byte) bool {
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
func (p *Reader) fileStreamURL(v facts.Value, text string) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), "https://")
	if !ok {
		return
	}
	userinfo, _, ok := strings.Cut(rest, "@")
	key, secret, ok2 := strings.Cut(userinfo, ":")
	if !ok || !ok2 || key == "" || secret == "" || strings.ContainsAny(userinfo, "/ ") {
		return
	}
	k, s := v, v
	k.What, s.What = facts.WhatKey, facts.WhatSecret
	p.add(k, []byte(key))
	p.add(s, []byte(secret))
}
