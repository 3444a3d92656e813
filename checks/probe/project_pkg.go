package probe

import (
	"encoding/json"
	"path"
	"sort"
	"strings"
)

// Rules of this file:
//   - a package is a folder with a package.json; the project's own folder is one even without
//   - a file belongs to the nearest package above it
//   - which side runs a file is decided by what it imports first, by its package second, by its folder last

// pkg is one package of the project.
type pkg struct {
	dir       string // relative, "" for the project's folder
	file      *foundFile
	name      string
	main      string
	module    bool // "type": "module"
	deps      map[string]string
	scripts   []script
	proxy     string // CRA's "proxy"
	manager   string // npm, pnpm, yarn, bun
	framework string // vite, cra, next, expo, react-native, nuxt, sveltekit, astro, gatsby, vue-cli, angular, remix, parcel, webpack, ""
	server    bool   // it depends on a server library
	front     bool   // it depends on a front end's
}

// script is one entry of package.json's scripts.
type script struct {
	name, command string
	line          int
}

func (p *pkg) dep(names ...string) bool {
	for _, n := range names {
		if _, ok := p.deps[n]; ok {
			return true
		}
	}
	return false
}

func (p *pkg) script(name string) string {
	for _, s := range p.scripts {
		if s.name == name {
			return s.command
		}
	}
	return ""
}

// run gives the command that runs one of the package's scripts.
func (p *pkg) run(name string) string {
	switch {
	case p.manager == "pnpm" || p.manager == "yarn":
		return ShellAtHand().Command(p.manager, name)
	case p.manager == "bun":
		return ShellAtHand().Command("bun", "run", name)
	case name == "start" || name == "test":
		return "npm " + name
	}
	return ShellAtHand().Command("npm", "run", name)
}

var serverDeps = []string{
	"express", "fastify", "koa", "hono", "@hono/node-server", "@hapi/hapi", "@nestjs/core", "polka", "restify", "h3", "elysia", "@feathersjs/feathers", "micro",
	"apollo-server", "@apollo/server", "serverless", "firebase-functions", "@sveltejs/adapter-node", "@adonisjs/core", "sails", "moleculer", "json-server",
}

// frameworks are told by their dependency, the most telling first.
var frameworks = []struct{ dep, name string }{
	{"next", "next"}, {"nuxt", "nuxt"}, {"expo", "expo"}, {"react-scripts", "cra"}, {"@craco/craco", "cra"}, {"react-app-rewired", "cra"}, {"gatsby", "gatsby"},
	{"@sveltejs/kit", "sveltekit"}, {"astro", "astro"}, {"@remix-run/react", "remix"}, {"@react-router/dev", "remix"}, {"@vue/cli-service", "vue-cli"},
	{"@angular/core", "angular"}, {"vite", "vite"}, {"react-native", "react-native"}, {"parcel", "parcel"}, {"webpack", "webpack"}, {"@rsbuild/core", "rsbuild"},
}

var frontDeps = []string{
	"react", "react-dom", "vue", "svelte", "preact", "solid-js", "@angular/core", "react-native", "expo", "stream-chat-react", "stream-chat-expo",
	"stream-chat-react-native", "@stream-io/video-react-sdk", "@stream-io/video-react-native-sdk", "stream-chat-angular", "react-scripts", "lit",
}

// readPackages finds the project's packages.
func (g *graph) readPackages() {
	g.pkgs = map[string]*pkg{"": {deps: map[string]string{}}}
	locks := map[string]string{}
	for i := range g.tree.files {
		f := &g.tree.files[i]
		dir := dirOf(f.rel)
		switch f.kind {
		case kindPackage:
			g.pkgs[dir] = readPackage(dir, f)
		case kindLock:
			switch path.Base(f.rel) {
			case "pnpm-lock.yaml":
				locks[dir] = "pnpm"
			case "yarn.lock":
				locks[dir] = "yarn"
			case "bun.lockb", "bun.lock":
				locks[dir] = "bun"
			default:
				if locks[dir] == "" {
					locks[dir] = "npm"
				}
			}
		}
	}
	for dir, k := range g.pkgs {
		for d := dir; ; d = dirOf(d) {
			if m := locks[d]; m != "" {
				k.manager = m
				break
			}
			if d == "" {
				k.manager = "npm"
				break
			}
		}
	}
}

func readPackage(dir string, f *foundFile) *pkg {
	var j struct {
		Name    string
		Main    string
		Type    string
		Proxy   json.RawMessage
		Scripts map[string]any
		Deps    map[string]any `json:"dependencies"`
		Dev     map[string]any `json:"devDependencies"`
		Peer    map[string]any `json:"peerDependencies"`
	}
	k := &pkg{dir: dir, file: f, deps: map[string]string{}}
	if json.Unmarshal(trimBOM(f.src), &j) != nil {
		return k
	}
	k.name, k.main, k.module = j.Name, j.Main, j.Type == "module"
	_ = json.Unmarshal(j.Proxy, &k.proxy)
	for _, m := range []map[string]any{j.Peer, j.Dev, j.Deps} {
		for n, v := range m {
			s, _ := v.(string)
			k.deps[n] = s
		}
	}
	for n, v := range j.Scripts {
		if s, ok := v.(string); ok {
			k.scripts = append(k.scripts, script{n, s, lineOfText(f.src, `"`+n+`"`, s)})
		}
	}
	sort.Slice(k.scripts, func(a, b int) bool { return k.scripts[a].line < k.scripts[b].line })
	for _, fw := range frameworks {
		if k.dep(fw.dep) {
			k.framework = fw.name
			break
		}
	}
	k.server = k.dep(serverDeps...)
	k.front = k.dep(frontDeps...) || k.framework != "" && k.framework != "webpack" && !k.server
	return k
}

// pkgOf gives the package a file belongs to.
func (g *graph) pkgOf(rel string) *pkg {
	for d := dirOf(rel); ; d = dirOf(d) {
		if k := g.pkgs[d]; k != nil {
			return k
		}
		if d == "" {
			return g.pkgs[""]
		}
	}
}

// dirOf is the folder of a relative path, "" for the top.
func dirOf(rel string) string {
	d := path.Dir(rel)
	if d == "." || d == "/" {
		return ""
	}
	return d
}

func trimBOM(b []byte) []byte {
	return []byte(strings.TrimPrefix(string(b), "\uFEFF"))
}

// lineOfText gives the 1-based line on which both texts stand, of the first
// where only that is found, 0 for none.
func lineOfText(src []byte, first, second string) int {
	fallback, n := 0, 0
	for line := range strings.Lines(string(src)) {
		n++
		if strings.Contains(line, first) {
			if second == "" || strings.Contains(line, second) {
				return n
			}
			if fallback == 0 {
				fallback = n
			}
		}
	}
	return fallback
}
