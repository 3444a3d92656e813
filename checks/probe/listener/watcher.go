package listener

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/tools"
)

// How a server is started: which program a command line runs, which watcher
// restarts it, and which env file was loaded on the way.

// argBase is the last part of a path of any system, without the endings of scripts.
func argBase(arg string) string {
	b := facts.BaseName(arg)
	for _, ext := range []string{".exe", ".cmd", ".js", ".cjs", ".mjs", ".ts"} {
		b = affix.TrimSuffix(b, ext)
	}
	return affix.TrimPrefix(b, "-") // a login shell
}

// argWords gives a command line's arguments; programs that set their own title
// ("npm run dev", "next-server (v15)") leave them all in the first.
func argWords(args []string) []string {
	if len(args) > 0 && affix.Contains(args[0], " ") && !affix.ContainsAny(args[0][:strings.IndexByte(args[0], ' ')], `/\`) {
		return append(strings.Fields(args[0]), args[1:]...)
	}
	return args
}

// interpreters run a script that names the program better than they do.
var interpreters = []string{"node", "nodejs", "bun", "deno", "python", "python3", "ruby", "java", "sh", "bash", "dash", "zsh"}

// isTool tells scripts whose name says what a process is; others are the project's own.
func isTool(name string) bool {
	switch name {
	case "uvicorn", "gunicorn", "flask":
		return true
	}
	return !facts.OneOf(interpreters, name) && tools.Command(name, func(*tools.Tool) bool { return true })
}

// scriptAt finds the script that an interpreter runs: its index in args, 0 for none.
func scriptAt(args []string) int {
	for i := 1; i < len(args); i++ {
		a := args[i]
		switch {
		case facts.OneOf([]string{"-r", "--require", "--import", "--loader", "--experimental-loader", "-C", "--conditions", "--env-file", "--env-file-if-exists", "--watch-path"}, a):
			i++ // its value
		case a == "-e" || a == "--eval" || a == "-p" || a == "-c" || a == "-m" && i+1 >= len(args):
			return 0
		case a == "-m": // python -m uvicorn
			return i + 1
		case !affix.HasPrefix(a, "-"):
			return i
		}
	}
	return 0
}

// toolOf names the tool of a script: by its file, or by the package it is
// in (node_modules/vite/bin/vite.js, node_modules/tsx/dist/cli.mjs).
func toolOf(arg string) string {
	if b := argBase(arg); isTool(b) {
		return b
	}
	p := affix.ReplaceAll(arg, `\`, "/")
	if i := strings.LastIndex(p, "node_modules/"); i >= 0 {
		name, _, _ := affix.Cut(p[i+len("node_modules/"):], "/")
		if isTool(name) {
			return name
		}
	}
	return ""
}

// programName is what a person calls the process: vite, next-server, node.
func programName(comm string, args []string) string {
	ws := argWords(args)
	if len(ws) == 0 {
		return comm
	}
	name := argBase(ws[0])
	if facts.OneOf(interpreters, name) || affix.HasPrefix(name, "python3.") {
		if i := scriptAt(ws); i > 0 {
			if t := toolOf(ws[i]); t != "" {
				return affix.TrimSuffix(t, "-cli")
			}
		}
	}
	if name == "" || name == "." {
		return comm
	}
	return name
}

// watcherOf recognizes what starts or restarts a server; name is programName's.
func watcherOf(name string, args []string) (watcher, envFile string) {
	ws := argWords(args)
	envFile = envFileOf(name, ws)
	has := func(flags ...string) bool {
		return affix.Any(ws, func(a string) bool {
			f, _, _ := affix.Cut(a, "=")
			return facts.OneOf(flags, f)
		})
	}
	// What follows the program: npm run dev, tsx watch, next dev.
	verb := func() string {
		at := 1
		if len(ws) > 1 && argBase(ws[0]) != name && facts.OneOf(interpreters, argBase(ws[0])) {
			at = scriptAt(ws) + 1
		}
		for ; at < len(ws); at++ {
			if !affix.HasPrefix(ws[at], "-") {
				return ws[at]
			}
		}
		return ""
	}
	if name != "next-server" && tools.Command(name, func(t *tools.Tool) bool { return t.Kind == tools.Framework }) {
		return withVerb(name, verb()), envFile
	}
	if tools.Command(name, func(t *tools.Tool) bool { return t.Launches }) {
		return name, envFile
	}
	switch name {
	case "docker-proxy", "tmux", "screen", "systemd", "containerd-shim", "containerd-shim-runc-v2", "code":
		return name, envFile
	case "ts-node-dev", "tsnd":
		return "ts-node-dev", envFile
	case "tsx":
		if verb() == "watch" || has("--watch") {
			return "tsx watch", envFile
		}
		return "tsx", envFile
	case "npm", "npm-cli":
		return withVerb("npm", verb()), envFile
	case "npx", "npx-cli":
		return "npx", envFile
	case "yarn", "pnpm":
		return withVerb(name, verb()), envFile
	case "bun":
		switch {
		case has("--watch"):
			return "bun --watch", envFile
		case has("--hot"):
			return "bun --hot", envFile
		case verb() == "run" || verb() == "dev":
			return withVerb("bun", verb()), envFile
		}
	case "deno":
		if has("--watch", "--watch-hmr") {
			return "deno --watch", envFile
		}
	case "node", "nodejs":
		if has("--watch", "--watch-path") {
			return "node --watch", envFile
		}
		return "node", envFile
	case "uvicorn", "flask", "gunicorn":
		if has("--reload", "--debug") {
			return name + " --reload", envFile
		}
		return name, envFile
	case "sh", "bash", "zsh", "fish", "dash", "ash", "ksh", "pwsh", "powershell", "cmd", "nu":
		return name, envFile
	case "PM2", "pm2":
		return "pm2", envFile
	}
	return "", envFile
}

func withVerb(name, verb string) string {
	switch verb {
	case "run", "run-script", "exec", "start", "dev", "test", "watch", "serve", "develop":
		if verb == "run-script" {
			verb = "run"
		}
		return name + " " + verb
	}
	return name
}

// envFileOf finds the env file that a command line loads; of several the last, which wins.
func envFileOf(name string, ws []string) string {
	file := ""
	for i, a := range ws {
		flag, value, joined := affix.Cut(a, "=")
		long := flag == "--env-file" || flag == "--env-file-if-exists"
		short := (name == "dotenv" || name == "dotenvx" || name == "env-cmd") && (flag == "-e" || flag == "-f" || flag == "--file" || flag == "--env-file")
		if !long && !short {
			continue
		}
		if !joined && i+1 < len(ws) {
			value = ws[i+1]
		}
		file = value
	}
	if file == "" && (name == "dotenv" || name == "dotenvx" || name == "env-cmd") {
		return ".env"
	}
	return file
}
