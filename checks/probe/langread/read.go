package langread

import (
	"sort"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// Program is what the sources of one program say.
type Program struct {
	Lang   string
	Sites  []*flow.Site
	Routes []*flow.Route
	Ports  []Port
	Loads  []Load
	CORS   []flow.Place // where a browser is permitted to read the response
	App    flow.Place   // where the app is made that a middleware is added to
	Broken []string

	Reads     []flow.VarRead // every read of the environment
	Literals  []flow.Literal // strings with a name
	Arguments []flow.Literal // strings that calls are given which sign
	Files     []flow.Literal // files that it reads; Name is "file" where Text starts at the root, "" at the working folder
	EnvFiles  []flow.Literal // .env files that it names
	Apps      []flow.Literal // apps of Python: Name is the class, Text the variable

	Frameworks []string     // as far as imports and calls tell
	Mains      []flow.Place // where a program begins
	Client     *flow.Site   // of a program that makes no tokens: with which key and secret it makes Stream's client
	Random     bool         // a secret is made anew at each start, or in the place of one that isn't set
	Reshapes   bool         // it may write the names of fields otherwise than its code has them: camelCase for snake_case
	Spread     bool         // the sources were too many to be followed to the end
}

// Port is a port that the source names.
type Port struct {
	Port int
	Env  string // the variable that wins over it
	File string
	Line int
}

// Read reads the sources of one program, all in one language.
func Read(lang string, units []*syntax.Unit, config flow.Config) *Program {
	if config == nil {
		config = noConfig{}
	}
	pr := flow.NewProgram(lang, units, config)
	out := &Program{Lang: lang}
	out.Sites = sitesIn(pr)
	out.Routes = routes(pr)
	if len(out.Sites) == 0 {
		out.Client = clientAlone(pr)
	}
	for _, s := range out.Sites {
		lead(pr, s, out.Routes)
		wraps(pr, s)
		out.Random = out.Random || affix.Any(s.Secret, func(x flow.Source) bool { return x.Kind == flow.FromRandom })
	}
	sort.SliceStable(out.Sites, func(i, j int) bool { return rank(out.Sites[i]) > rank(out.Sites[j]) })
	out.Ports = ports(pr)
	out.Loads = loads(pr)
	out.CORS = cors(pr)
	out.App = appAt(pr)
	out.Reads, out.Literals, out.Arguments = pr.Reads(), pr.Literals(), pr.Arguments()
	out.Files, out.EnvFiles = pr.Files()
	for _, name := range []string{"FastAPI", "Flask", "Starlette"} {
		for _, c := range pr.Calls[name] {
			for variable, ws := range pr.Writes {
				for _, w := range ws {
					if w.X == c.N && w.Fn.Parent == nil {
						out.Apps = append(out.Apps, flow.Literal{Name: name, Text: variable, File: c.Fn.Unit.Path, Line: c.N.Line})
					}
				}
			}
			if c.Fn.Parent != nil && name == "Flask" { // a factory
				out.Apps = append(out.Apps, flow.Literal{Name: name, Text: "", File: c.Fn.Unit.Path, Line: c.N.Line})
			}
		}
	}
	out.Frameworks = frameworks(pr)
	out.Mains = mains(pr)
	for _, u := range units {
		out.Reshapes = out.Reshapes || u.Says["case"]
		if u.Broken {
			out.Broken = append(out.Broken, u.Path)
		}
	}
	out.Spread = pr.Steps > flow.MaxSteps
	return out
}

// rank prefers sites that a route leads to.
func rank(s *flow.Site) int {
	n := s.Score
	if len(s.Routes) > 0 {
		n += 6
	}
	if len(s.Secret) > 0 && s.Secret[0].Kind != flow.Unknown {
		n += 4
	}
	return n
}
