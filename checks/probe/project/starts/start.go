package starts

import (
	"cmp"
	"path"
	"slices"
	"sort"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/shell"
	"badsig/checks/tools"
)

// Rules of this file:
//   - a script is read as a shell would read it, as far as scripts go: && ; | cd NAME=value quotes
//   - what a script calls (npm run x, concurrently, nodemon) is followed into

// Starters lists how the project's scripts start programs.
func Starters(p *picture.Reader) []picture.Starter {
	var out []picture.Starter
	looked := 0
	for _, k := range SortedPkgs(p) {
		for _, s := range k.Scripts {
			if looked++; looked > maxStarters || len(out) >= maxStarters || p.Over() {
				return out
			}
			for _, st := range startsOf(p, k, s.Command, k.Dir) {
				st.Pkg, st.Script, st.Line = k, s.Name, s.Line
				out = append(out, st)
			}
		}
	}
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		if base := affix.Base(f.Rel); base == "deno.json" || base == "deno.jsonc" {
			out = append(out, tasks(p, f)...)
		}
		if f.Kind != files.KindProcfile {
			continue
		}
		dir := files.DirOf(f.Rel)
		n := 0
		for line := range strings.Lines(string(f.Src)) {
			n++
			if len(out) >= maxStarters || p.Over() {
				return out
			}
			line = strings.TrimSpace(line)
			if name, cmd, ok := affix.Cut(line, ":"); ok && affix.Base(f.Rel) == "Procfile" && !affix.Contains(name, " ") {
				line = cmd
			}
			for _, st := range startsOf(p, p.PkgOf(f.Rel), line, dir) {
				st.Pkg = p.PkgOf(f.Rel)
				for i := range st.Env {
					if a := &st.Env[i]; a.File == "" {
						a.File, a.Line = f.Rel, n
					}
				}
				out = append(out, st)
			}
		}
	}
	return out
}

// tasks are what the tasks of a deno.json start: "dev": "deno run --env-file main.ts", or { "command": … }.
func tasks(p *picture.Reader, f *files.File) (out []picture.Starter) {
	list, _ := confread.JSON(f.Src)
	k := p.PkgOf(f.Rel)
	for _, e := range list {
		if e.Keys[0] != "tasks" || len(e.Keys) == 1 || len(e.Keys) > 2 && e.Name() != "command" || len(out) >= maxStarts {
			continue
		}
		for _, st := range startsOf(p, k, e.Value, files.DirOf(f.Rel)) {
			st.Pkg, st.Task = k, e.Keys[1]
			out = append(out, st)
		}
	}
	return out
}

// maxStarters bounds what the scripts of a project start: those of large
// monorepos start some hundreds of programs.
const maxStarters = 1500

// maxStarts bounds what one script starts. Scripts that call each other multiply.
const maxStarts = 200

// startsOf lists what one command line starts. It is a question of its own, with
// a number of steps that ends.
func startsOf(p *picture.Reader, k *modules.Package, cmd, dir string) []picture.Starter {
	defer p.Ask()()
	p.Steps = min(p.Steps, maxStarts)
	return expandScript(p, k, cmd, dir, 0)
}

func SortedPkgs(p *picture.Reader) []*modules.Package {
	var ks []*modules.Package
	for _, k := range p.Pkgs {
		ks = append(ks, k)
	}
	sort.Slice(ks, func(i, j int) bool { return ks[i].Dir < ks[j].Dir })
	return ks
}

// expandScript follows one command line.
func expandScript(p *picture.Reader, k *modules.Package, cmd, dir string, depth int) []picture.Starter {
	if depth > 5 || len(cmd) > 8192 || !p.Step() {
		return nil
	}
	var out []picture.Starter
	for _, words := range splitCommands(cmd) {
		var env []picture.Assignment
		for len(words) > 0 {
			w := words[0]
			if w == "cross-env" || w == "cross-env-shell" || w == "env" || w == "npx" || w == "exec" || w == "export" || w == "set" || w == "sudo" || w == "time" || w == "dotenvx" && len(words) > 1 && words[1] == "run" {
				words = words[1:]
				continue
			}
			name, value, ok := affix.Cut(w, "=")
			if !ok || !shell.IsVariable(name) {
				break
			}
			env = append(env, picture.Assignment{Name: name, Value: value})
			words = words[1:]
		}
		if len(words) == 0 {
			continue
		}
		st := picture.Starter{Dir: dir, Env: env, Tool: affix.Base(words[0]), Args: words[1:]}
		if st.Tool == "cd" || st.Tool == "pushd" {
			if len(words) > 1 {
				dir = path.Join(dir, words[1])
			}
			continue
		}
		subs := expandTool(p, k, &st, dir, depth)
		for i := range subs {
			subs[i].Env = append(slices.Clone(env), subs[i].Env...)
		}
		out = append(out, subs...)
	}
	return out
}

// expandTool reads one command's arguments.
func expandTool(p *picture.Reader, k *modules.Package, st *picture.Starter, dir string, depth int) []picture.Starter {
	args := st.Args
	is := func(what func(*tools.Tool) bool) bool { return tools.Command(st.Tool, what) }
	switch {
	case is(func(t *tools.Tool) bool { return t.Scripts }):
		if st.Tool == "bun" && len(args) > 0 && (affix.Contains(args[0], ".") || args[0] == "--watch" || args[0] == "--hot" || args[0] == "run" && affix.Any(args[1:], func(a string) bool { return affix.Contains(affix.Base(a), ".") && a[0] != '-' })) {
			break
		}
		return expandManager(p, k, args, dir, depth)
	case is(func(t *tools.Tool) bool { return t.Several }):
		var out []picture.Starter
		for _, a := range args {
			switch {
			case affix.HasPrefix(a, "-"):
			case affix.HasPrefix(a, "npm:"):
				out = append(out, expandNamed(p, k, affix.TrimPrefix(a, "npm:"), depth)...)
			case affix.Contains(a, " "):
				out = append(out, expandScript(p, k, a, dir, depth+1)...)
			case st.Tool != "concurrently" && k.Script(a) != "":
				out = append(out, expandNamed(p, k, a, depth)...)
			}
		}
		return out
	case st.Tool == "dotenv" || st.Tool == "env-cmd":
		return expandWrapper(p, k, st, dir, depth)
	}
	if st.Tool == "nodemon" {
		args = nodemonArgs(p, st, args, dir)
	}
	if is(func(t *tools.Tool) bool { return t.Execs }) {
		for i, a := range args {
			if (a == "--exec" || a == "-x") && i+1 < len(args) {
				rest := append(strings.Fields(args[i+1]), args[i+2:]...)
				if subs := expandScript(p, k, shell.PosixWords(rest), dir, depth+1); len(subs) > 0 {
					for j := range subs {
						subs[j].Tool = st.Tool
						subs[j].Env = append(subs[j].Env, st.Env...)
					}
					return subs
				}
			}
		}
	}
	readNodeArgs(p, st, args, dir)
	return []picture.Starter{*st}
}

// readNodeArgs reads --env-file, -r and the script's name.
func readNodeArgs(p *picture.Reader, st *picture.Starter, args []string, dir string) {
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
		case affix.HasPrefix(a, "--env-file"):
			name, file, ok := affix.Cut(a, "=")
			switch {
			case ok:
			case st.Tool == "deno": // --env-file alone is .env
				file = ".env"
			default:
				file = next()
			}
			st.Optional = st.Optional || name == "--env-file-if-exists"
			st.EnvFiles = append(st.EnvFiles, file)
		case a == "-r" || a == "--require" || a == "--import":
			readPreload(st, next())
		case affix.HasPrefix(a, "--require="), affix.HasPrefix(a, "--import="):
			_, v, _ := affix.Cut(a, "=")
			readPreload(st, v)
		case affix.HasPrefix(a, "dotenv_config_path="):
			st.PreloadAt = affix.TrimPrefix(a, "dotenv_config_path=")
		case a == "--watch-path" || a == "--loader" || a == "--experimental-loader" || a == "--tsconfig" || a == "-P" || a == "--project" || a == "-w" || a == "--ext" || a == "-e" || a == "--cwd":
			next()
		case affix.HasPrefix(a, "-") || a == "watch" || a == "run" || a == "start" || a == "dev" || a == "serve":
		case st.Entry == "" && nodeTool(st.Tool):
			st.Entry = EntryFile(p, path.Join(dir, a))
		}
	}
	if st.Tool == "nest" && slices.Contains(args, "start") {
		st.Entry = EntryFile(p, path.Join(dir, "src/main"))
	}
	if st.Entry == "" && nodeTool(st.Tool) && st.Pkg == nil {
		if k := p.Pkgs[dir]; k != nil && (st.Tool == "nodemon" || slices.Contains(args, ".")) {
			st.Entry = EntryFile(p, path.Join(dir, cmp.Or(k.Main, "index.js")))
		}
	}
}

func readPreload(st *picture.Starter, what string) {
	switch what {
	case "dotenv/config", "dotenv/config.js", "dotenv-flow/config", "dotenv-expand/config", "@dotenvx/dotenvx/config":
		st.Preload = true
	}
}

func nodeTool(tool string) bool {
	return tools.Command(tool, func(t *tools.Tool) bool { return t.Kind == tools.Runtime })
}

// EntryFile gives the source of what a script starts: dist/index.js is
// built from src/index.ts.
func EntryFile(p *picture.Reader, rel string) string {
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
