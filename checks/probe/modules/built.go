package modules

import (
	"path"

	"badsig/checks/affix"
	"badsig/checks/probe/files"
)

// Rules of this file:
//   - what a compiler makes isn't the project's source: a change of it is lost with the next build
//   - only what is where tsconfig.json's outDir says and has its own source in the project is left out; dist, build and out aren't entered at all

// DropBuilt takes out of the graph what tsc has compiled into a folder whose name doesn't say so: functions/lib/index.js of
// functions/src/index.ts, as Firebase's
// template has it. Nothing may point to a file of the graph yet.
func DropBuilt(g *Graph) {
	var outs []*compilerOptions
	for i := range g.Tree.Files {
		if f := &g.Tree.Files[i]; path.Base(f.Rel) == "tsconfig.json" {
			if c := g.compilerOptions(f); c != nil && path.Base(c.OutDir) == "lib" {
				outs = append(outs, c)
			}
		}
	}
	for _, c := range outs {
		out := path.Join(c.dir, c.OutDir)
		g.Tree.Files = affix.Without(g.Tree.Files, func(f files.File) bool { return compiledBeside(g.Tree, c.dir, out, f.Rel) })
		for dir, list := range g.Tree.Code {
			if dir == out || affix.HasPrefix(dir, out+"/") {
				g.Tree.Code[dir] = affix.Without(list, func(name string) bool { return compiledBeside(g.Tree, c.dir, out, dir+"/"+name) })
			}
		}
	}
	if len(outs) > 0 { // what was left out has moved the others
		clear(g.Files)
		for i := range g.Tree.Files {
			g.Files[g.Tree.Files[i].Rel] = &g.Tree.Files[i]
		}
	}
}

// compiledBeside reports a JavaScript file under out whose TypeScript is at the same path under src or the compiler's own folder.
func compiledBeside(t *files.Tree, dir, out, rel string) bool {
	tail, under := affix.CutPrefix(rel, out+"/")
	if out == dir || !under || !affix.HasSuffix(tail, ".js") {
		return false
	}
	base := affix.TrimSuffix(tail, ".js")
	for _, in := range []string{"src", ""} {
		for _, ext := range []string{".ts", ".tsx"} {
			if t.HasCode(path.Join(dir, in, base+ext)) {
				return true
			}
		}
	}
	return false
}
