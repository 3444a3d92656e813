package project

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/files"
	"badsig/checks/probe/langread"
)

// langFile is a .env file that a program in another language reads.
type langFile struct {
	rel      string
	dialect  envfile.Dialect
	override bool // it wins over the environment and over files read before
	optional bool // a framework looks for it by itself
	there    bool
	by       string // the loader
}

// loaderDialects says how each loader reads.
var loaderDialects = map[string]envfile.Dialect{
	"python-dotenv": envfile.PythonDotenv, "pydantic": envfile.PythonDotenv, "environ": envfile.PythonDotenv, "decouple": envfile.PythonDotenv, "starlette": envfile.PythonDotenv, "flask": envfile.PythonDotenv,
	"godotenv": envfile.GoDotenv, "viper": envfile.GoDotenv, "phpdotenv": envfile.PythonDotenv, "laravel": envfile.PythonDotenv, "symfony-dotenv": envfile.Compose, "dotenv": envfile.Compose, "dotenv-java": envfile.Dotenv, "dotnet-env": envfile.Compose, "parse_ini_file": envfile.PythonDotenv,
}

// langFiles lists the .env files that a program reads when it starts; closed
// is false where it may read others.
func (p *Reader) langFiles(o *otherProgram) (list []langFile, closed bool) {
	closed = !o.prog.Spread
	cwd := p.langFolder(o)
	add := func(f langFile) {
		f.rel = path.Clean(f.rel)
		f.there = p.Files[f.rel] != nil && p.Files[f.rel].Kind == files.KindEnv
		f.dialect = loaderDialects[f.by]
		if !slices.ContainsFunc(list, func(x langFile) bool { return x.rel == f.rel }) && len(list) < 12 {
			list = append(list, f)
		}
	}
	for _, l := range o.prog.Loads {
		f := langFile{by: l.Loader, override: l.Override}
		if l.Unsure {
			closed = false
			continue
		}
		switch {
		case l.From == "file":
			f.rel = l.Path
		case l.From == "up" && l.Path == "":
			f.rel = p.upwards(".env", files.DirOf(l.File))
		default:
			name := l.Path
			if name == "" {
				name = ".env"
			}
			f.rel = p.fromFolder(name, cwd, files.DirOf(l.File), o.root)
		}
		add(f)
	}
	for _, f := range p.frameFiles(o) {
		add(f)
	}
	if len(list) == 0 && len(o.prog.EnvFiles) > 0 { // a loader written by hand
		closed = false
		for _, l := range o.prog.EnvFiles {
			if name := path.Clean(strings.ReplaceAll(l.Text, `\`, "/")); files.IsEnvName(path.Base(name)) && files.RoleOfPath(name) == facts.RoleUnknown {
				f := langFile{by: "by-hand", rel: p.fromFolder(name, files.DirOf(l.File), cwd, o.root)}
				add(f)
			}
		}
	}
	return list, closed
}

// upwards finds a file in a folder or the nearest above it; where there is
// none, the folder's own is what is looked for.
func (p *Reader) upwards(name, from string) string {
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
func (p *Reader) fromFolder(name string, dirs ...string) string {
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
func (p *Reader) langFolder(o *otherProgram) string {
	if o.lang == langread.Go && len(o.prog.Mains) > 0 {
		main := files.DirOf(o.prog.Mains[0].File)
		if p.Files[path.Join(main, ".env")] != nil && p.Files[path.Join(o.root, ".env")] == nil {
			return main
		}
	}
	return o.root
}

// frameFiles are the .env files that a framework looks for by itself.
func (p *Reader) frameFiles(o *otherProgram) []langFile {
	at := func(by string, names ...string) []langFile {
		var out []langFile
		for _, n := range names {
			out = append(out, langFile{rel: path.Join(o.root, n), by: by, optional: true})
		}
		return out
	}
	switch {
	case o.lang == langread.PHP && (o.uses("laravel") || p.Files[path.Join(o.root, "artisan")] != nil):
		return at("laravel", ".env")
	case o.lang == langread.PHP && o.uses("symfony") && len(o.prog.Loads) == 0:
		return at("symfony-dotenv", ".env.dev.local", ".env.dev", ".env.local", ".env")
	case o.lang == langread.Ruby && p.marks(path.Join(o.root, "Gemfile"), "dotenv"):
		return at("dotenv", ".env.development.local", ".env.local", ".env.development", ".env")
	case o.lang == langread.Python && o.uses("flask") && len(o.prog.Loads) == 0 && (p.marks(path.Join(o.root, "requirements.txt"), "dotenv") || p.marks(path.Join(o.root, "Pipfile"), "dotenv") || p.marks(path.Join(o.root, "pyproject.toml"), "dotenv")):
		return at("flask", ".env", ".flaskenv")
	case (o.lang == langread.Java || o.lang == langread.Kotlin) && (p.marks(path.Join(o.root, "pom.xml"), "spring-dotenv") || p.marks(path.Join(o.root, "build.gradle"), "spring-dotenv") || p.marks(path.Join(o.root, "build.gradle.kts"), "spring-dotenv")):
		return at("dotenv-java", ".env")
	case (o.lang == langread.Java || o.lang == langread.Kotlin) && o.conf.imports != "":
		return at("dotenv-java", o.conf.imports)
	}
	return nil
}

func (o *otherProgram) uses(framework string) bool {
	return slices.Contains(o.prog.Frameworks, framework)
}

// marks reports whether a small file of the project has a word.
func (p *Reader) marks(rel, word string) bool {
	if p.Files[rel] == nil {
		return false
	}
	return strings.Contains(strings.ToLower(p.markText(rel)), word)
}
