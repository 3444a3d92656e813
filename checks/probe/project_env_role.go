package probe

import (
	"path"
	"strings"

	"badsig/checks/probe/envfile"
)

// dialectOf tells how a file is read: by the server that names it, by the
// server of its folder, by the front end of its folder.
func (p *project) dialectOf(rel string) envfile.Dialect {
	if path.Base(rel) == ".envrc" {
		return envfile.Shell
	}
	for _, s := range p.servers {
		for _, l := range s.loads {
			for _, lp := range l.paths {
				if path.Join(s.cwdGuess(lp), lp.rel) == rel {
					return l.dialect
				}
			}
		}
	}
	dir := dirOf(rel)
	for _, s := range p.servers {
		if s.dir == dir || s.pkg.dir == dir {
			if len(s.loads) > 0 {
				return s.loads[0].dialect
			}
		}
	}
	if d, ok := p.dialects[dir]; ok {
		return d
	}
	for d := dir; ; d = dirOf(d) {
		if k := p.pkgs[d]; k != nil {
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
func frontDialect(k *pkg) envfile.Dialect {
	switch k.framework {
	case "vite", "sveltekit", "astro", "remix":
		if major(k.deps["vite"]) >= 8 {
			return envfile.ViteEnv
		}
		return envfile.DotenvExpand
	case "next":
		return envfile.NextEnv
	case "cra", "expo", "gatsby", "vue-cli", "rsbuild", "react-native":
		return envfile.DotenvExpand
	case "nuxt":
		return envfile.Dotenv
	}
	return ""
}

// major reads the first number of a version range; 0 where there is none.
func major(v string) int {
	v = strings.TrimLeft(v, "^~>=v< ")
	n := 0
	for _, r := range v {
		if r < '0' || r > '9' {
			break
		}
		n = n*10 + int(r-'0')
	}
	return n
}

// envRole tells whose an env file is.
func (p *project) envRole(rel string) Role {
	if r := roleOfPath(rel); r != RoleUnknown {
		return r
	}
	dir := dirOf(rel)
	server, front := false, false
	for _, s := range p.servers {
		if s.mayRead(rel) {
			server = true
		}
	}
	for _, k := range p.pkgs {
		if k.dir == dir && k.front && frontDialect(k) != "" {
			front = true
		}
	}
	switch {
	case server && front:
		return RoleShared
	case server:
		return RoleServer
	case front:
		return RoleFront
	}
	k := p.pkgOf(rel)
	switch {
	case k.server && !k.front:
		return RoleServer
	case k.front && !k.server:
		return RoleFront
	}
	if r := sideByFolder(rel); r != RoleUnknown {
		return r
	}
	return RoleUnknown
}
