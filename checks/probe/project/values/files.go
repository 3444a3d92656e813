package values

import (
	"path/filepath"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// FillPath puts the values of variables into a path that has some.
func FillPath(s *picture.Server, rel string) string {
	if !affix.Contains(rel, "${") {
		return rel
	}
	return modules.VariableInPath.ReplaceAllStringFunc(rel, func(x string) string {
		g := modules.VariableInPath.FindStringSubmatch(x)
		if v := PlainEnv(s, g[1]); v != "" {
			return v
		}
		return g[2]
	})
}

//go:noinline
func CleanDir(d string) string {
	if d == "." {
		return ""
	}
	return affix.TrimSuffix(filepath.ToSlash(d), "/")
}

// NamedEnvFiles are those of a process's --env-file, or of a parent's that starts it anew.
func NamedEnvFiles(l *facts.Listener) []string {
	files := envFilesOf(l.Command)
	for _, a := range l.Ancestors {
		if len(files) == 0 && a.EnvFile != "" {
			files = append(files, a.EnvFile)
		}
	}
	return files
}

// envFilesOf reads --env-file from a command line.
func envFilesOf(args []string) []string {
	var out []string
	for i, a := range args {
		if !affix.HasPrefix(a, "--env-file") {
			continue
		}
		if _, v, ok := affix.Cut(a, "="); ok {
			out = append(out, v)
		} else if i+1 < len(args) {
			out = append(out, args[i+1])
		}
	}
	return out
}
