package values

import (
	"path"

	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/tools"
)

// envReaders are the servers that may read env files, by file and by folder: a project may have thousands of both.
type envReaders struct {
	named map[string]envfile.Dialect // by the file that a server names
	first map[string]envfile.Dialect // by the folder of a server: what its first load is read as
	read  map[string]bool            // by file: a server that is started in its own folder reads it
}

func envReadersOf(p *picture.Reader) *envReaders {
	x := &envReaders{map[string]envfile.Dialect{}, map[string]envfile.Dialect{}, map[string]bool{}}
	keep := func(in map[string]envfile.Dialect, name string, d envfile.Dialect) {
		if _, ok := in[name]; !ok {
			in[name] = d
		}
	}
	for _, s := range p.Servers {
		for i, l := range s.Loads {
			if i == 0 {
				keep(x.first, s.Dir, l.Dialect)
				keep(x.first, s.Pkg.Dir, l.Dialect)
			}
			for _, lp := range l.Paths {
				keep(x.named, path.Join(CWDGuess(s, lp), lp.Rel), l.Dialect)
			}
			for _, rel := range FilesOf(s, l.Load, CWDGuess(s, modules.LoadPath{CWD: true})) {
				x.read[rel] = true
			}
		}
	}
	return x
}

// dialectOf tells how a file is read: by the server that names it, by the
// server of its folder, by the front end of its folder.
func (x *envReaders) dialectOf(p *picture.Reader, rel string) envfile.Dialect {
	if path.Base(rel) == ".envrc" {
		return envfile.Shell
	}
	if d, ok := x.named[rel]; ok {
		return d
	}
	if d, ok := p.Dialects[rel]; ok {
		return d
	}
	dir := files.DirOf(rel)
	if d, ok := x.first[dir]; ok {
		return d
	}
	for d := dir; ; d = files.DirOf(d) {
		if k := p.Pkgs[d]; k != nil {
			if d2 := frontDialect(k); d2 != "" {
				return d2
			}
		}
		if d == "" {
			return envfile.Dotenv
		}
	}
}

// frontDialect is how a front end's tool reads .env files.
func frontDialect(k *modules.Package) envfile.Dialect {
	tool := tools.Of(k.Framework)
	if tool.Vite && modules.Major(k.Deps["vite"]) >= 8 {
		return envfile.ViteEnv
	}
	return envfile.Dialect(tool.Dialect)
}

// roleOf tells whose an env file is.
func (x *envReaders) roleOf(p *picture.Reader, rel string) facts.Role {
	if r := p.PkgOf(rel).RoleOf(rel); r != facts.RoleUnknown {
		return r
	}
	dir := files.DirOf(rel)
	server, front := x.read[rel], false
	if k := p.Pkgs[dir]; k != nil && k.Front && frontDialect(k) != "" {
		front = true
	}
	switch {
	case server && front:
		return facts.RoleShared
	case server:
		return facts.RoleServer
	case front:
		return facts.RoleFront
	}
	k := p.PkgOf(rel)
	switch {
	case k.Server && !k.Front:
		return facts.RoleServer
	case k.Front && !k.Server:
		return facts.RoleFront
	}
	if r := modules.SideByFolder(rel); r != facts.RoleUnknown {
		return r
	}
	return facts.RoleUnknown
}
