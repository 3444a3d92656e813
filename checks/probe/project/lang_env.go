package project

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/files"
	"badsig/checks/probe/pattern"
	"badsig/checks/shell"
)

// otherDialects says how the .env files are read that belong to backends in
// other languages: those of the source's folder, else the nearest above it.
func (p *Reader) otherDialects() {
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		if f.Kind != files.KindCode || files.RoleOfPath(f.Rel) != facts.RoleUnknown {
			continue
		}
		d := envfile.Dialect("")
		switch ext := path.Ext(f.Rel); {
		case ext == ".py" && (bytes.Contains(f.Src, []byte("dotenv")) || bytes.Contains(f.Src, []byte("BaseSettings"))):
			d = envfile.PythonDotenv
		case ext == ".go" && bytes.Contains(f.Src, []byte("joho/godotenv")):
			d = envfile.GoDotenv
		default:
			continue
		}
		for dir := files.DirOf(f.Rel); ; dir = files.DirOf(dir) {
			if _, ok := p.dialects[dir]; !ok {
				p.dialects[dir] = d
			}
			if dir == "" || slices.ContainsFunc(p.Tree.Files, func(x files.File) bool { return x.Kind == files.KindEnv && files.DirOf(x.Rel) == dir }) {
				break
			}
		}
	}
}

// otherLoadsOf finds what a line loads of .env files.
func (p *Reader) otherLoadsOf(line, low, rel, ext string, o *otherProgram) {
	var named []otherLoad
	for _, g := range otherEnv.All(line, low, 4) {
		if name := path.Clean(strings.ReplaceAll(g[1], `\`, "/")); files.IsEnvName(path.Base(name)) && files.RoleOfPath(name) == facts.RoleUnknown {
			named = append(named, otherLoad{name, rel})
		}
	}
	g := otherLoads[ext].First(line, low)
	if g == nil || strings.HasPrefix(strings.TrimSpace(line), "def ") {
		if len(o.hand) < 8 {
			o.hand = append(o.hand, named...)
		}
		return
	}
	switch ext {
	case ".py":
		o.code.Loader = string(envfile.PythonDotenv)
	case ".go":
		o.code.Loader = string(envfile.GoDotenv)
	default:
		o.code.Loader = "dotenv"
	}
	o.code.Override = o.code.Override || strings.Contains(line, "override=True") || strings.Contains(line, "Overload(")
	if len(named) == 0 {
		named = []otherLoad{{"", rel}}
	}
	if len(o.loads) < 8 {
		o.loads = append(o.loads, named...)
	}
}

var (
	otherCall = pattern.New(`(?i)\b\w*(?:sign|token|hmac|jwt|stream|issue)\w*(?:\.\w+)?\(.*`).With("sign", "token", "hmac", "jwt", "stream", "issue")
	otherText = pattern.New(`['"` + "`" + `]([^'"` + "`" + `\s]{16,200})['"` + "`" + `]`)
	otherFile = pattern.New(`(?:\bopen|\bPath|ReadFile|file_get_contents|File\.read)\(\s*['"`+"`"+`]([\w./-]{1,200})['"`+"`"+`]`).With("open(", "path(", "readfile(", "file_get_contents(", "file.read(")
)

// otherArguments files the secrets that a line gives to a call that signs, and
// those of the files that it reads: both by their shape, for the call is not followed.
func (p *Reader) otherArguments(line, low string, v facts.Value) {
	v.What = facts.WhatSecret
	call := ""
	if otherCall.Holds(low) {
		call = otherCall.FindString(line)
	}
	for _, g := range otherText.FindAllStringSubmatch(call, 4) {
		if p.bareIsStreams(facts.WhatSecret, []byte(g[1])) {
			v.Name = "argument"
			p.add(v, []byte(g[1]))
		}
	}
	for _, g := range otherFile.All(line, low, 4) {
		for _, dir := range []string{files.DirOf(v.File), ""} {
			rel := path.Join(dir, g[1])
			if strings.HasPrefix(rel, "..") || files.IsEnvName(path.Base(rel)) {
				continue
			}
			if l, ok := p.TextFile(rel); ok && p.bareIsStreams(facts.WhatSecret, []byte(l.Text)) {
				p.add(facts.Value{What: facts.WhatSecret, Name: path.Base(rel), Kind: facts.KindConfig, Role: facts.RoleServer, File: rel, Line: 1, Modified: l.Mod.Modified}, []byte(l.Text))
				break
			}
		}
	}
}

// otherStart is what starts a program, as far as its files tell.
func (p *Reader) otherStart(o *otherProgram) string {
	has := func(name string) bool { return p.Files[path.Join(o.code.Dir, name)] != nil }
	entry := strings.TrimPrefix(strings.TrimPrefix(o.code.Entry, o.code.Dir), "/")
	switch {
	case o.ext == ".py" && has("manage.py"):
		return "python3 manage.py runserver"
	case o.ext == ".go" && entry != "":
		return "go run ."
	case o.ext == ".php" || entry == "":
		return ""
	case o.ext == ".rb":
		return shell.Words([]string{"ruby", entry})
	}
	return shell.Words([]string{"python3", entry})
}
