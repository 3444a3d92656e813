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

// dialectOf tells how a file is read: by the server that names it, by the
// server of its folder, by the front end of its folder.
func dialectOf(p *picture.Reader, rel string) envfile.Dialect {
	if path.Base(rel) == ".envrc" {
		return envfile.Shell
	}
	for _, s := range p.Servers {
		for _, l := range s.Loads {
			for _, lp := range l.Paths {
				if path.Join(CWDGuess(s, lp), lp.Rel) == rel {
					return l.Dialect
				}
			}
		}
	}
	if d, ok := p.Dialects[rel]; ok {
		return d
	}
	dir := files.DirOf(rel)
	for _, s := range p.Servers {
		if s.Dir == dir || s.Pkg.Dir == dir {
			if len(s.Loads) > 0 {
				return s.Loads[0].Dialect
			}
		}
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

// envRole tells whose an env file is.
func envRole(p *picture.Reader, rel string) facts.Role {
	if r := files.RoleOfPath(rel); r != facts.RoleUnknown {
		return r
	}
	dir := files.DirOf(rel)
	server, front := false, false
	for _, s := range p.Servers {
		if mayRead(s, rel) {
			server = true
		}
	}
	for _, k := range p.Pkgs {
		if k.Dir == dir && k.Front && frontDialect(k) != "" {
			front = true
		}
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
