package flow

import (
	"path"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/syntax"
)

// FilePath reads an expression that names a file: relative to the working
// folder, or (base file) to the project's root, where it starts at the source.
func FilePath(pr *Program, n *syntax.Node, f Frame) (p, base string, ok bool) {
	if n == nil || f.depth > 12 {
		return "", "cwd", false
	}
	f.depth++
	pr.Steps++
	join := func(a, b *syntax.Node) (string, string, bool) {
		x, base, ok := FilePath(pr, a, f)
		y, _, ok2 := FilePath(pr, b, f)
		return path.Join(x, y), base, ok && ok2
	}
	switch n.Kind {
	case syntax.KString:
		return n.Text, "cwd", true
	case syntax.KName:
		switch n.Text {
		case "__file__", "__FILE__":
			return f.Fn.Unit.Path, "file", true
		case "__DIR__", "__dir__":
			return path.Dir(f.Fn.Unit.Path), "file", true
		}
		for g := f.Fn; g != nil; g = g.Parent {
			if ws := pr.WritesIn(n.Text, g); len(ws) == 1 && ws[0].X != nil {
				return FilePath(pr, ws[0].X, Frame{Fn: ws[0].Fn, depth: f.depth})
			}
		}
		if ws := pr.TopWrites(n.Text, f.Fn.Unit); len(ws) == 1 && ws[0].X != nil {
			return FilePath(pr, ws[0].X, Frame{Fn: ws[0].Fn, depth: f.depth})
		}
	case syntax.KMember:
		if n.Text == "parent" {
			x, base, ok := FilePath(pr, n.X, f)
			return path.Dir(x), base, ok
		}
	case syntax.KBinary:
		switch n.Text {
		case "/", "+", ".":
			x, base, ok := FilePath(pr, n.X, f)
			y, _, ok2 := FilePath(pr, n.Y, f)
			return path.Join(x, affix.TrimPrefix(y, "/")), base, ok && ok2
		}
	case syntax.KCall:
		switch n.X.Last() {
		case "Path", "str", "abspath", "realpath", "PurePath", "File", "expand_path":
			if len(n.Args) == 2 {
				return join(n.Args[1].X, n.Args[0].X)
			}
			if len(n.Args) > 0 {
				return FilePath(pr, n.Args[0].X, f)
			}
		case "resolve", "absolute", "as_posix":
			if n.X.Kind == syntax.KMember {
				return FilePath(pr, n.X.X, f)
			}
		case "dirname":
			if len(n.Args) > 0 {
				x, base, ok := FilePath(pr, n.Args[0].X, f)
				x = path.Dir(x)
				if len(n.Args) > 1 && n.Args[1].X != nil && n.Args[1].X.Text == "2" {
					x = path.Dir(x)
				}
				return x, base, ok
			}
		case "join", "Join", "joinpath":
			if len(n.Args) == 0 {
				break
			}
			x, base, ok := "", "cwd", true
			start := 0
			if n.X.Last() == "joinpath" {
				x, base, ok = FilePath(pr, n.X.X, f)
			} else {
				x, base, ok = FilePath(pr, n.Args[0].X, f)
				start = 1
			}
			for _, a := range n.Args[start:] {
				y, _, ok2 := FilePath(pr, a.X, f)
				x, ok = path.Join(x, y), ok && ok2
			}
			return x, base, ok
		case "base_path":
			if len(n.Args) > 0 {
				return FilePath(pr, n.Args[0].X, f)
			}
			return "", "cwd", true
		case "getcwd", "cwd", "pwd", "Getwd":
			return "", "cwd", true
		}
	}
	return "", "cwd", false
}
