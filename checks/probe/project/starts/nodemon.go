package starts

import (
	"path"
	"slices"

	"badsig/checks/probe/confread"
	"badsig/checks/probe/project/picture"
)

// nodemonArgs reads nodemon's settings, nodemon.json or nodemonConfig in package.json: the variables it sets, and the
// command it runs in place of node, which comes before the arguments as if --exec had named it.
func nodemonArgs(p *picture.Reader, st *picture.Starter, args []string, dir string) []string {
	f, at := p.Files[path.Join(dir, "nodemon.json")], 0
	if f == nil {
		k := p.Pkgs[dir]
		if k == nil || k.File == nil {
			return args
		}
		f, at = k.File, 1
	}
	exec := ""
	list, _ := confread.JSON(f.Src)
	for _, e := range list {
		if at == 1 && e.Keys[0] != "nodemonConfig" {
			continue
		}
		switch k := e.Keys[at:]; {
		case len(k) == 2 && k[0] == "env":
			st.Env = append(st.Env, picture.Assignment{Name: k[1], Value: e.Value, File: f.Rel, Line: e.Line})
		case len(k) == 1 && k[0] == "exec":
			exec = e.Value
		}
	}
	if exec == "" || slices.Contains(args, "--exec") || slices.Contains(args, "-x") {
		return args
	}
	return append([]string{"--exec", exec}, args...)
}
