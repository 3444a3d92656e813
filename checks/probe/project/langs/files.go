package langs

import (
	"path"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/files"
	"badsig/checks/probe/langread/syntax"
	"badsig/checks/probe/project/picture"
)

// loaderDialects says how each loader reads.
var loaderDialects = map[string]envfile.Dialect{
	"python-dotenv": envfile.PythonDotenv, "pydantic": envfile.PythonDotenv, "environ": envfile.PythonDotenv, "decouple": envfile.PythonDotenv, "starlette": envfile.PythonDotenv, "flask": envfile.PythonDotenv,
	"godotenv": envfile.GoDotenv, "viper": envfile.GoDotenv, "phpdotenv": envfile.PythonDotenv, "laravel": envfile.PythonDotenv, "symfony-dotenv": envfile.Compose, "dotenv": envfile.Compose, "dotenv-java": envfile.Dotenv, "dotnet-env": envfile.Compose, "parse_ini_file": envfile.PythonDotenv,
}

// langFiles lists the .env files that a program reads when it starts; closed
// is false where it may read others.
func langFiles(p *picture.Reader, o *picture.OtherProgram) (list []picture.LangFile, closed bool) {
	closed = !o.Prog.Spread
	cwd := langFolder(p, o)
	add := func(f picture.LangFile) {
		f.Rel = path.Clean(f.Rel)
		f.There = p.Files[f.Rel] != nil && p.Files[f.Rel].Kind == files.KindEnv
		f.Dialect = loaderDialects[f.By]
		if !affix.Any(list, func(x picture.LangFile) bool { return x.Rel == f.Rel }) && len(list) < 12 {
			list = append(list, f)
		}
	}
	for _, l := range o.Prog.Loads {
		f := picture.LangFile{By: l.Loader, Override: l.Override, Exact: l.From == "file" || path.Dir(path.Clean(l.Path)) != "."}
		if l.Unsure {
			closed = false
			continue
		}
		switch {
		case l.From == "file":
			f.Rel = l.Path
		case l.From == "up" && l.Path == "":
			f.Rel = upwards(p, ".env", files.DirOf(l.File))
		default:
			name := l.Path
			if name == "" {
				name = ".env"
			}
			f.Rel = fromFolder(p, name, cwd, files.DirOf(l.File), o.Root)
		}
		add(f)
	}
	for _, f := range frameFiles(p, o) {
		add(f)
	}
	if len(list) == 0 && len(o.Prog.EnvFiles) > 0 { // a loader written by hand
		closed = false
		for _, l := range o.Prog.EnvFiles {
			if name := path.Clean(affix.ReplaceAll(l.Text, `\`, "/")); files.IsEnvName(affix.Base(name)) && files.RoleOfPath(name) == facts.RoleUnknown {
				f := picture.LangFile{By: "by-hand", Rel: fromFolder(p, name, files.DirOf(l.File), cwd, o.Root)}
				add(f)
			}
		}
	}
	return list, closed
}

// upwards finds a file in a folder or the nearest above it; where there is
// none, the folder's own is what is looked for.
func upwards(p *picture.Reader, name, from string) string {
	for dir := from; ; dir = files.DirOf(dir) {
		if f := p.Files[path.Join(dir, name)]; f != nil {
			return f.Rel
		}
		if dir == "" {
			return path.Join(from, name)
		}
	}
}

// fromFolder finds a file from the folders that a program may be started in,
// the likeliest first.
func fromFolder(p *picture.Reader, name string, dirs ...string) string {
	for _, d := range dirs {
		if rel := path.Join(d, name); p.Files[rel] != nil {
			return rel
		}
	}
	for dir := dirs[0]; dir != ""; { // from where it is started isn't known
		dir = files.DirOf(dir)
		if rel := path.Join(dir, name); p.Files[rel] != nil {
			return rel
		}
	}
	return path.Join(dirs[0], name)
}

// langFolder is the folder in which a program is started, as far as its files tell.
func langFolder(p *picture.Reader, o *picture.OtherProgram) string {
	if o.Lang == syntax.Go && len(o.Prog.Mains) > 0 {
		main := files.DirOf(o.Prog.Mains[0].File)
		if p.Files[path.Join(main, ".env")] != nil && p.Files[path.Join(o.Root, ".env")] == nil {
			return main
		}
	}
	return o.Root
}

// frameFiles are the .env files that a framework looks for by itself.
func frameFiles(p *picture.Reader, o *picture.OtherProgram) []picture.LangFile {
	at := func(by string, names ...string) []picture.LangFile {
		var out []picture.LangFile
		for _, n := range names {
			out = append(out, picture.LangFile{Rel: path.Join(o.Root, n), By: by, Optional: true})
		}
		return out
	}
	switch {
	case o.Lang == syntax.PHP && (uses(o, "laravel") || p.Files[path.Join(o.Root, "artisan")] != nil):
		return at("laravel", ".env")
	case o.Lang == syntax.PHP && uses(o, "symfony") && len(o.Prog.Loads) == 0:
		return at("symfony-dotenv", ".env.dev.local", ".env.dev", ".env.local", ".env")
	case o.Lang == syntax.Ruby && marks(p, path.Join(o.Root, "Gemfile"), "dotenv"):
		return at("dotenv", ".env.development.local", ".env.local", ".env.development", ".env")
	case o.Lang == syntax.Python && uses(o, "flask") && len(o.Prog.Loads) == 0 && (marks(p, path.Join(o.Root, "requirements.txt"), "dotenv") || marks(p, path.Join(o.Root, "Pipfile"), "dotenv") || marks(p, path.Join(o.Root, "pyproject.toml"), "dotenv")):
		return at("flask", ".env", ".flaskenv")
	case (o.Lang == syntax.Java || o.Lang == syntax.Kotlin) && (marks(p, path.Join(o.Root, "pom.xml"), "spring-dotenv") || marks(p, path.Join(o.Root, "build.gradle"), "spring-dotenv") || marks(p, path.Join(o.Root, "build.gradle.kts"), "spring-dotenv")):
		return at("dotenv-java", ".env")
	case (o.Lang == syntax.Java || o.Lang == syntax.Kotlin) && o.Conf.Imports != "":
		return at("dotenv-java", o.Conf.Imports)
	}
	return nil
}

func uses(o *picture.OtherProgram, framework string) bool {
	return facts.OneOf(o.Prog.Frameworks, framework)
}

// marks reports whether a small file of the project has a word.
func marks(p *picture.Reader, rel, word string) bool {
	if p.Files[rel] == nil {
		return false
	}
	return affix.Contains(strings.ToLower(markText(p, rel)), word)
}
