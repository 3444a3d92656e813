package servers

import (
	"path"
	"slices"

	"badsig/checks/affix"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/starts"
	"badsig/checks/tools"
)

// maxRouteFiles bounds the route files that are read although nothing in them
// speaks of Stream: what they import may make a token.
const maxRouteFiles = 400

// readRouteFiles reads the files that frameworks make routes and actions of,
// in packages of a project whose code makes tokens.
func readRouteFiles(p *picture.Reader) {
	if !affix.Any(p.ReadOrder, (*modules.Module).MakesTokens) {
		return
	}
	n := 0
	for _, k := range starts.SortedPkgs(p) {
		if !tools.Of(k.Framework).OnServer && k.Framework != "expo" {
			continue
		}
		var dirs []string
		for dir := range p.Tree.Code {
			if k.Dir == "" || dir == k.Dir || affix.HasPrefix(dir, k.Dir+"/") {
				dirs = append(dirs, dir)
			}
		}
		slices.Sort(dirs)
		for _, dir := range dirs {
			for _, name := range p.Tree.Code[dir] {
				rel := path.Join(dir, name)
				if n >= maxRouteFiles || p.Over() {
					return
				}
				if _, read := p.Mods[rel]; !read && p.PkgOf(rel) == k && k.RouteFile(rel) {
					n++
					p.Module(rel)
				}
			}
		}
	}
}
