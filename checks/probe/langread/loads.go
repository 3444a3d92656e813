package langread

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// Load is a .env file that a library reads into the environment.
type Load struct {
	Loader   string // dotenv, godotenv …
	Path     string // "" for the loader's own search
	From     string // cwd; file: Path is relative to the project's root already; up: searched from File's folder upwards
	Override bool
	File     string
	Line     int
	Unsure   bool // its path couldn't be read
}

// loaders are the calls that read .env files, after the loader that they are of.
var loaders = map[string]string{
	syntax.Python: "python-dotenv=load_dotenv,dotenv_values,read_dotenv environ=read_env,read_envfile",
	syntax.Go:     "godotenv=Load,Overload,Read viper=SetConfigFile",
	syntax.Ruby:   "dotenv=load,overload",
	syntax.PHP:    "phpdotenv=createImmutable,createMutable,createUnsafeImmutable,create,createUnsafeMutable symfony-dotenv=loadEnv,bootEnv,load,usePutenv parse_ini_file=parse_ini_file",
	syntax.Java:   "dotenv-java=load,configure",
	syntax.Kotlin: "dotenv-java=load,dotenv,configure",
	syntax.CSharp: "dotnet-env=Load,TraversePath,LoadMulti",
}

// loaderOf gives the loader that a call is of, "" for none.
func loaderOf(lang, name string) string {
	for _, row := range strings.Fields(loaders[lang]) {
		if loader, calls, _ := affix.Cut(row, "="); slices.Contains(strings.Split(calls, ","), name) {
			return loader
		}
	}
	return ""
}

func loads(pr *flow.Program) []Load {
	var out []Load
	for _, c := range pr.All {
		name := c.N.X.Last()
		loader := loaderOf(pr.Lang, name)
		if loader == "" || !isLoader(pr, c, name) || len(out) > 12 {
			continue
		}
		l := Load{Loader: loader, From: "cwd", File: c.Fn.Unit.Path, Line: c.N.Line}
		if pr.Lang == syntax.Python && loader == "python-dotenv" {
			l.From = "up"
		}
		if name == "Overload" || name == "overload" || name == "createMutable" {
			l.Override = true
		}
		for _, a := range c.N.Args {
			if a.Name == "override" {
				l.Override = a.X != nil && a.X.Text == "True"
			}
		}
		paths := 0
		for _, a := range c.N.Args {
			switch {
			case a.X == nil || a.Name != "" && a.Name != "dotenv_path" && a.Name != "env_file" && a.Name != "path":
				continue
			case a.X.Kind == syntax.KCall && a.X.X.Last() == "find_dotenv":
				continue
			case a.X.Kind == syntax.KName && (a.X.Text == "True" || a.X.Text == "False"):
				continue
			}
			one := l
			p, base, ok := flow.FilePath(pr, a.X, flow.Frame{Fn: c.Fn})
			if loader == "phpdotenv" && paths > 0 { // its second argument is the file's name
				if len(out) > 0 && ok {
					out[len(out)-1].Path = path.Join(path.Dir(out[len(out)-1].Path), p)
				}
				continue
			}
			if loader == "phpdotenv" {
				p = path.Join(p, ".env")
			}
			one.Path, one.From, one.Unsure = p, base, !ok
			out = append(out, one)
			paths++
		}
		if paths == 0 {
			out = append(out, l)
		}
	}
	out = append(out, settingsFiles(pr)...)
	for _, u := range pr.Units {
		for local, m := range u.Imports {
			if affix.HasSuffix(m, "godotenv/autoload") {
				out = append(out, Load{Loader: "godotenv", From: "cwd", File: u.Path, Line: 1})
			}
			_ = local
		}
	}
	for _, c := range pr.Calls["require"] {
		if t := flow.LiteralArg(c.N, 0); pr.Lang == syntax.Ruby && (t == "dotenv/load" || t == "dotenv/rails-now" || t == "dotenv/autorestore") {
			out = append(out, Load{Loader: "dotenv", From: "cwd", File: c.Fn.Unit.Path, Line: c.N.Line})
		}
	}
	return out
}

// isLoader tells a loader from other functions of its name.
func isLoader(pr *flow.Program, c flow.CallAt, name string) bool {
	p := strings.ToLower(full(pr, c.Fn.Unit, flow.CalleePath(c.N.X)))
	switch pr.Lang {
	case syntax.Python:
		return name == "load_dotenv" || name == "dotenv_values" || name == "read_dotenv" || affix.Contains(p, "env")
	case syntax.Go:
		if name == "SetConfigFile" {
			return affix.Contains(flow.LiteralArg(c.N, 0), ".env")
		}
		return affix.Contains(p, "godotenv")
	}
	if name == "parse_ini_file" {
		return affix.Contains(flow.Short(flow.FirstArg(c.N)), ".env")
	}
	if pr.Lang == syntax.PHP && name == "load" && len(c.N.Args) == 0 {
		return false // what createImmutable made is loaded
	}
	return affix.Contains(p, "dotenv") || affix.Contains(p, "env.load") || affix.Contains(p, "env.traverse")
}

// settingsFiles are the files that pydantic's settings name.
func settingsFiles(pr *flow.Program) []Load {
	var out []Load
	if pr.Lang != syntax.Python {
		return nil
	}
	for _, w := range pr.Writes["env_file"] {
		if w.X == nil || w.How == flow.WName {
			continue
		}
		for _, t := range stringsOf(w.X) {
			out = append(out, Load{Loader: "pydantic", Path: t, From: "cwd", File: w.Fn.Unit.Path, Line: w.Line})
		}
		if len(stringsOf(w.X)) == 0 {
			if p, base, ok := flow.FilePath(pr, w.X, flow.Frame{Fn: w.Fn}); ok {
				out = append(out, Load{Loader: "pydantic", Path: p, From: base, File: w.Fn.Unit.Path, Line: w.Line})
			}
		}
	}
	for _, c := range pr.Calls["config"] {
		if c.Fn.Unit.From["config"] == "decouple" {
			return append(out, Load{Loader: "decouple", From: "up", File: c.Fn.Unit.Path, Line: c.N.Line})
		}
	}
	for _, c := range pr.Calls["Config"] { // Starlette's
		if affix.Contains(c.Fn.Unit.From["Config"], "starlette") && flow.LiteralArg(c.N, 0) != "" {
			out = append(out, Load{Loader: "starlette", Path: flow.LiteralArg(c.N, 0), From: "cwd", File: c.Fn.Unit.Path, Line: c.N.Line})
		}
	}
	return out
}
