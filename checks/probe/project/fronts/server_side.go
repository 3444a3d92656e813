package fronts

import (
	"badsig/checks/affix"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/tools"
)

// ServerSide tells code of a page's module that its framework runs on the
// server alone: a loader, an action, getServerSideProps, a server function.
func ServerSide(m *modules.Module, fn string, line int) bool {
	if !tools.Of(m.Pkg.Framework).OnServer || m.Pkg.Framework == "nuxt" {
		return false
	}
	if serverFunctions[fn] || m.InServerFunction(line) {
		return true
	}
	if affix.HasSuffix(m.Rel, ".astro") { // what is between the --- lines
		return line <= m.Front
	}
	for _, s := range m.Funcs {
		if serverFunctions[s.Name] && s.First <= line && line <= s.Last {
			return true
		}
	}
	return false
}

var serverFunctions = names.Words("loader", "action", "headers", "getServerSideProps", "getStaticProps", "getStaticPaths", "generateMetadata", "generateStaticParams")
