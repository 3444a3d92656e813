package project

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/shell"
)

// Rules of this file:
//   - a script is read as a shell would read it, as far as scripts go: && ; | cd NAME=value quotes
//   - what a script calls (npm run x, concurrently, nodemon) is followed into

// starter is one way in which a script starts a program.
type starter struct {
	pkg       *modules.Package
	script    string // its name in package.json, "" for none
	line      int
	dir       string // the working folder, relative
	tool      string // node, nodemon, tsx, next, vite, react-scripts, expo …
	entry     string // the JS file it runs, relative; "" where it runs none
	env       []assignment
	envFiles  []string // --env-file and those of dotenv-cli and env-cmd, relative to dir
	wrapper   bool     // envFiles are dotenv-cli's or env-cmd's
	optional  bool     // --env-file-if-exists
	preload   bool     // -r dotenv/config
	preloadAt string   // dotenv_config_path=…
	args      []string
}

// assignment is NAME=value before a command.
type assignment struct{ name, value string }

// starters lists how the project's scripts start programs.
func (p *Reader) starters() []starter {
	var out []starter
	for _, k := range p.sortedPkgs() {
		for _, s := range k.Scripts {
			if len(out) >= maxStarters || p.Over() {
				return out
			}
			for _, st := range p.startsOf(k, s.Command, k.Dir) {
				st.pkg, st.script, st.line = k, s.Name, s.Line
				out = append(out, st)
			}
		}
	}
	for _, f := range p.Tree.Files {
		if f.Kind != files.KindProcfile {
			continue
		}
		dir := files.DirOf(f.Rel)
		for line := range strings.Lines(string(f.Src)) {
			line = strings.TrimSpace(line)
			if name, cmd, ok := strings.Cut(line, ":"); ok && path.Base(f.Rel) == "Procfile" && !strings.Contains(name, " ") {
				line = cmd
			}
			for _, st := range p.startsOf(p.PkgOf(f.Rel), line, dir) {
				st.pkg = p.PkgOf(f.Rel)
				out = append(out, st)
			}
		}
	}
	return out
}

// maxStarters bounds what the scripts of a project start: those of large
// monorepos start some hundreds of programs.
const maxStarters = 4000

// maxStarts bounds what one script starts. Scripts that call each other multiply.
const maxStarts = 200

// startsOf lists what one command line starts. It is a question of its own, with
// a number of steps that ends.
func (p *Reader) startsOf(k *modules.Package, cmd, dir string) []starter {
	defer p.Ask()()
	p.Steps = min(p.Steps, maxStarts)
	return p.expandScript(k, cmd, dir, 0)
}

func (p *Reader) sortedPkgs() []*modules.Package {
	var ks []*modules.Package
	for _, k := range p.Pkgs {
		ks = append(ks, k)
	}
	slices.SortFunc(ks, func(a, b *modules.Package) int { return strings.Compare(a.Dir, b.Dir) })
	return ks
}

// expandScript follows one command line.
func (p *Reader) expandScript(k *modules.Package, cmd, dir string, depth int) []starter {
	if depth > 5 || len(cmd) > 8192 || !p.Step() {
		return nil
	}
	var out []starter
	for _, words := range splitCommands(cmd) {
		var env []assignment
		for len(words) > 0 {
			w := words[0]
			if w == "cross-env" || w == "cross-env-shell" || w == "env" || w == "npx" || w == "exec" || w == "export" || w == "set" || w == "sudo" || w == "time" || w == "dotenvx" && len(words) > 1 && words[1] == "run" {
				words = words[1:]
				continue
			}
			name, value, ok := strings.Cut(w, "=")
			if !ok || !shell.IsVariable(name) {
				break
			}
			env = append(env, assignment{name, value})
			words = words[1:]
		}
		if len(words) == 0 {
			continue
		}
		st := starter{dir: dir, env: env, tool: path.Base(words[0]), args: words[1:]}
		if st.tool == "cd" || st.tool == "pushd" {
			if len(words) > 1 {
				dir = path.Join(dir, words[1])
			}
			continue
		}
		subs := p.expandTool(k, &st, dir, depth)
		for i := range subs {
			subs[i].env = append(slices.Clone(env), subs[i].env...)
		}
		out = append(out, subs...)
	}
	return out
}

// expandTool reads one command's arguments.
func (p *Reader) expandTool(k *modules.Package, st *starter, dir string, depth int) []starter {
	args := st.args
	switch st.tool {
	case "npm", "pnpm", "yarn", "bun", "turbo", "nx", "lerna":
		if st.tool == "bun" && len(args) > 0 && (strings.Contains(args[0], ".") || args[0] == "--watch" || args[0] == "--hot" || args[0] == "run" && slices.ContainsFunc(args[1:], func(a string) bool { return strings.Contains(path.Base(a), ".") && a[0] != '-' })) {
			break
		}
		return p.expandManager(k, args, dir, depth)
	case "concurrently", "npm-run-all", "run-p", "run-s", "wait-on", "start-server-and-test", "npm-run-all2":
		var out []starter
		for _, a := range args {
			switch {
			case strings.HasPrefix(a, "-"):
			case strings.HasPrefix(a, "npm:"):
				out = append(out, p.expandNamed(k, strings.TrimPrefix(a, "npm:"), depth)...)
			case strings.Contains(a, " "):
				out = append(out, p.expandScript(k, a, dir, depth+1)...)
			case st.tool != "concurrently" && k.Script(a) != "":
				out = append(out, p.expandNamed(k, a, depth)...)
			}
		}
		return out
	case "dotenv", "env-cmd":
		return p.expandWrapper(k, st, dir, depth)
	case "nodemon", "forever", "pm2", "supervisor", "node-dev":
		for i, a := range args {
			if (a == "--exec" || a == "-x") && i+1 < len(args) {
				rest := append(strings.Fields(args[i+1]), args[i+2:]...)
				if subs := p.expandScript(k, shell.PosixWords(rest), dir, depth+1); len(subs) > 0 {
					for j := range subs {
						subs[j].tool = st.tool
					}
					return subs
				}
			}
		}
	}
	p.readNodeArgs(st, args, dir)
	return []starter{*st}
}

// readNodeArgs reads --env-file, -r and the script's name.
func (p *Reader) readNodeArgs(st *starter, args []string, dir string) {
	for i := 0; i < len(args); i++ {
		a := args[i]
		next := func() string {
			if i+1 < len(args) {
				i++
				return args[i]
			}
			return ""
		}
		switch {
		case strings.HasPrefix(a, "--env-file"):
			name, file, ok := strings.Cut(a, "=")
			if !ok {
				file = next()
			}
			st.optional = st.optional || name == "--env-file-if-exists"
			st.envFiles = append(st.envFiles, file)
		case a == "-r" || a == "--require" || a == "--import":
			st.readPreload(next())
		case strings.HasPrefix(a, "--require="), strings.HasPrefix(a, "--import="):
			_, v, _ := strings.Cut(a, "=")
			st.readPreload(v)
		case strings.HasPrefix(a, "dotenv_config_path="):
			st.preloadAt = strings.TrimPrefix(a, "dotenv_config_path=")
		case a == "--watch-path" || a == "--loader" || a == "--experimental-loader" || a == "--tsconfig" || a == "-P" || a == "--project" || a == "-w" || a == "--ext" || a == "-e" || a == "--cwd":
			next()
		case strings.HasPrefix(a, "-") || a == "watch" || a == "run" || a == "start" || a == "dev" || a == "serve":
		case st.entry == "" && nodeTool(st.tool):
			st.entry = p.entryFile(path.Join(dir, a))
		}
	}
	if st.tool == "nest" && slices.Contains(args, "start") {
		st.entry = p.entryFile(path.Join(dir, "src/main"))
	}
	if st.entry == "" && nodeTool(st.tool) && st.pkg == nil {
		if k := p.Pkgs[dir]; k != nil && (st.tool == "nodemon" || slices.Contains(args, ".")) {
			st.entry = p.entryFile(path.Join(dir, cmp.Or(k.Main, "index.js")))
		}
	}
}

func (st *starter) readPreload(what string) {
	switch what {
	case "dotenv/config", "dotenv/config.js", "dotenv-flow/config", "dotenv-expand/config", "@dotenvx/dotenvx/config":
		st.preload = true
	}
}

func nodeTool(tool string) bool {
	switch tool {
	case "node", "nodemon", "tsx", "ts-node", "ts-node-dev", "tsnd", "ts-node-esm", "bun", "deno", "babel-node", "node-dev", "swc-node", "forever", "pm2", "supervisor", "esno", "esr", "vite-node", "jiti":
		return true
	}
	return false
}

// entryFile gives the source behind what a script starts: dist/index.js is
// built from src/index.ts.
func (p *Reader) entryFile(rel string) string {
	if f := p.FileFor(rel); f != "" {
		return f
	}
	for _, out := range []string{"dist", "build", "lib", "out"} {
		if i := strings.Index("/"+rel, "/"+out+"/"); i >= 0 {
			head, tail := rel[:i], rel[i+len(out)+1:]
			for _, in := range []string{"src", ""} {
				if f := p.FileFor(path.Join(head, in, tail)); f != "" {
					return f
				}
			}
		}
	}
	return ""
}
