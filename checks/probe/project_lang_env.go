package probe

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"badsig/checks/probe/envfile"
	"badsig/checks/probe/pattern"
)

// otherDialects says how the .env files are read that belong to backends in
// other languages: those of the source's folder, else the nearest above it.
func (p *project) otherDialects() {
	for i := range p.tree.files {
		f := &p.tree.files[i]
		if f.kind != kindCode || roleOfPath(f.rel) != RoleUnknown {
			continue
		}
		d := envfile.Dialect("")
		switch ext := path.Ext(f.rel); {
		case ext == ".py" && (bytes.Contains(f.src, []byte("dotenv")) || bytes.Contains(f.src, []byte("BaseSettings"))):
			d = envfile.PythonDotenv
		case ext == ".go" && bytes.Contains(f.src, []byte("joho/godotenv")):
			d = envfile.GoDotenv
		default:
			continue
		}
		for dir := dirOf(f.rel); ; dir = dirOf(dir) {
			if _, ok := p.dialects[dir]; !ok {
				p.dialects[dir] = d
			}
			if dir == "" || slices.ContainsFunc(p.tree.files, func(x foundFile) bool { return x.kind == kindEnv && dirOf(x.rel) == dir }) {
				break
			}
		}
	}
}

// otherLoadsOf finds what a line loads of .env files.
func (p *project) otherLoadsOf(line, low, rel, ext string, o *otherProgram) {
	var named []otherLoad
	for _, g := range otherEnv.All(line, low, 4) {
		if name := path.Clean(strings.ReplaceAll(g[1], `\`, "/")); isEnvName(path.Base(name)) && roleOfPath(name) == RoleUnknown {
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
func (p *project) otherArguments(line, low string, v Value) {
	v.What = WhatSecret
	call := ""
	if otherCall.Holds(low) {
		call = otherCall.FindString(line)
	}
	for _, g := range otherText.FindAllStringSubmatch(call, 4) {
		if p.bareIsStreams(WhatSecret, []byte(g[1])) {
			v.Name = "argument"
			p.add(v, []byte(g[1]))
		}
	}
	for _, g := range otherFile.All(line, low, 4) {
		for _, dir := range []string{dirOf(v.File), ""} {
			rel := path.Join(dir, g[1])
			if strings.HasPrefix(rel, "..") || isEnvName(path.Base(rel)) {
				continue
			}
			if l, ok := p.textFile(rel); ok && p.bareIsStreams(WhatSecret, []byte(l.text)) {
				p.add(Value{What: WhatSecret, Name: path.Base(rel), Kind: KindConfig, Role: RoleServer, File: rel, Line: 1, Modified: l.mod.mod}, []byte(l.text))
				break
			}
		}
	}
}

// otherStart is what starts a program, as far as its files tell.
func (p *project) otherStart(o *otherProgram) string {
	has := func(name string) bool { return p.files[path.Join(o.code.Dir, name)] != nil }
	entry := strings.TrimPrefix(strings.TrimPrefix(o.code.Entry, o.code.Dir), "/")
	switch {
	case o.ext == ".py" && has("manage.py"):
		return "python3 manage.py runserver"
	case o.ext == ".go" && entry != "":
		return "go run ."
	case o.ext == ".php" || entry == "":
		return ""
	case o.ext == ".rb":
		return shellWords([]string{"ruby", entry})
	}
	return shellWords([]string{"python3", entry})
}
