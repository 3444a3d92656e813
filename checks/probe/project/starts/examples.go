package starts

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/project/picture"
)

// RunExamples finds the packages in folders of examples that a package above them starts: "dev": "pnpm --filter ./example dev".
func RunExamples(p *picture.Reader) {
	for _, k := range p.Pkgs {
		if k.Dir == "" || files.RoleOfPath(k.Dir+"/x") != facts.RoleExample {
			continue
		}
		up := p.PkgOf(k.Dir)
		in := affix.TrimPrefix(affix.TrimPrefix(k.Dir, up.Dir), "/")
		for _, name := range []string{"dev", "start"} {
			for _, w := range strings.Fields(up.Script(name)) {
				w = strings.Trim(affix.TrimPrefix(w, "./"), "\"'/;")
				k.Runs = k.Runs || w == in || w == k.Name && w != ""
			}
		}
	}
}
