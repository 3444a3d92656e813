package langread

import (
	"path"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// appMakers are the calls that make the app which a middleware is added to.
var appMakers = map[string][]string{
	syntax.Python: {"Flask", "FastAPI", "Starlette", "Sanic", "Quart", "Application", "Bottle"},
	syntax.Go:     {"gin.Default", "gin.New", "echo.New", "fiber.New", "chi.NewRouter", "mux.NewRouter", "http.NewServeMux", "httprouter.New"},
	syntax.PHP:    {"AppFactory.create"},
	syntax.CSharp: {"WebApplication.CreateBuilder"},
}

// appAt is where the app is made, or where its middleware is listed; the zero
// place where neither was found, or several are.
func appAt(pr *flow.Program) flow.Place {
	var found []flow.Place
	for _, w := range pr.Writes["MIDDLEWARE"] { // Django's settings
		if pr.Lang == syntax.Python && w.Fn.Parent == nil && w.How == flow.WName && affix.Contains(affix.Base(path.Dir(w.Fn.Unit.Path))+affix.Base(w.Fn.Unit.Path), "settings") {
			return flow.Place{File: w.Fn.Unit.Path, Line: w.Line}
		}
	}
	for _, name := range appMakers[pr.Lang] {
		for _, c := range pr.Calls[syntax.LastPart(name)] {
			if affix.Contains(name, ".") && !endsPath(flow.CalleePath(c.N.X), name) {
				continue
			}
			found = append(found, flow.Place{File: c.Fn.Unit.Path, Line: c.N.Line})
		}
	}
	if len(found) != 1 {
		return flow.Place{}
	}
	return found[0]
}
