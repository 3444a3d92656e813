package flow

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/syntax"
)

// configIndex reads configuration["A:B"], app.config["X"], credentials[:x].
func configIndex(pr *Program, n *syntax.Node, f Frame) ([]Source, bool) {
	switch pr.Lang {
	case syntax.CSharp:
		if section, ok := section(pr, n.X, f); ok {
			return property(pr, section+n.Y.Text, f)
		}
	case syntax.Python:
		if n.X.Last() == "config" && n.X.Kind == syntax.KMember {
			return flaskConfig(pr, n.Y.Text, f)
		}
	case syntax.Ruby:
		if p := CalleePath(n.X); affix.Contains(p, "credentials") {
			return []Source{{Kind: FromVault, Name: "credentials"}}, true
		}
	}
	return nil, false
}

// flaskConfig is what app.config holds under a name.
func flaskConfig(pr *Program, name string, f Frame) ([]Source, bool) {
	var ws []*Write
	for _, w := range pr.Writes[name] {
		if w.How == WKey && (affix.HasSuffix(w.Object, "config") || affix.HasPrefix(w.Owner, "from_") || w.Owner == "update") || w.How == WField || w.How == WName && w.Fn.Parent == nil {
			ws = append(ws, w)
		}
	}
	if len(ws) == 0 {
		return nil, false
	}
	return pr.ofWrites(ws, f, nil), true
}

// section gives the path that a configuration object of .NET is at.
func section(pr *Program, n *syntax.Node, f Frame) (string, bool) {
	switch n.Kind {
	case syntax.KCall:
		if (n.X.Last() == "GetSection" || n.X.Last() == "GetRequiredSection") && len(n.Args) > 0 {
			outer, _ := section(pr, n.X.X, f)
			if list := pr.Sources(n.Args[0].X, f); len(list) == 1 && list[0].Kind == FromLiteral {
				return outer + list[0].Text + ":", true
			}
		}
	case syntax.KName, syntax.KMember:
		for _, w := range pr.Writes[n.Last()] {
			if w.X != nil && w.X.Kind == syntax.KCall && (w.X.X.Last() == "GetSection" || w.X.X.Last() == "GetRequiredSection") {
				return section(pr, w.X, Frame{Fn: w.Fn})
			}
		}
		if affix.Contains(strings.ToLower(n.Last()), "config") {
			return "", true
		}
	}
	return "", false
}

//go:noinline
func LiteralArg(n *syntax.Node, i int) string {
	if i < len(n.Args) && n.Args[i].X != nil && n.Args[i].X.Kind == syntax.KString {
		return n.Args[i].X.Text
	}
	return ""
}

// configCall reads config('a.b'), getProperty("a.b"), GetValue<T>("A:B").
func configCall(pr *Program, n *syntax.Node, p string, f Frame) ([]Source, bool) {
	key := LiteralArg(n, 0)
	last := n.X.Last()
	if key == "" {
		return nil, false
	}
	var out []Source
	ok := false
	switch pr.Lang {
	case syntax.PHP:
		if p == "config" || p == "Config.get" || p == `\config` {
			out, ok = laravelConfig(pr, key, f)
		} else if last == "getParameter" {
			out, ok = property(pr, key, f)
		}
	case syntax.Java, syntax.Kotlin:
		switch last {
		case "getProperty", "getRequiredProperty", "property", "propertyOrNull", "tryGetString", "getString":
			before, section := hoconSection(pr, n.X.X, f, 0)
			if section || affix.Contains(strings.ToLower(p), "conf") || affix.Contains(strings.ToLower(p), "env") || affix.Contains(strings.ToLower(p), "prop") || p == "System.getProperty" {
				out, ok = property(pr, before+key, f)
			}
		}
	case syntax.CSharp:
		if last == "GetValue" || last == "GetRequiredValue" {
			if section, is := section(pr, n.X.X, f); is {
				out, ok = property(pr, section+key, f)
			}
		}
	case syntax.Python:
		if last == "get" && n.X.X.Last() == "config" {
			out, ok = flaskConfig(pr, key, f)
		}
	case syntax.Ruby:
		if affix.Contains(p, "credentials") {
			return []Source{{Kind: FromVault, Name: "credentials"}}, true
		}
	case syntax.Go:
		if affix.HasPrefix(p, "viper.Get") || affix.HasSuffix(p, ".GetString") && madeBy(pr, affix.TrimSuffix(p, ".GetString"), f, "New") {
			out, ok = property(pr, key, f)
		}
	}
	if ok && len(n.Args) > 1 && n.Args[1].X != nil && n.Args[1].X.Kind == syntax.KString {
		rest := pr.Sources(n.Args[1].X, f)
		rest[0].Fallback = true
		out = append(out, rest...)
	}
	return out, ok
}

// hoconSection is the path of the section that an object of Ktor's, or of
// Typesafe's, configuration holds: config.config("stream"); ok is false where it
// isn't such an object's.
func hoconSection(pr *Program, n *syntax.Node, f Frame, depth int) (path string, ok bool) {
	if n == nil || depth > 5 {
		return "", false
	}
	switch n.Kind {
	case syntax.KCall:
		if l := n.X.Last(); (l == "config" || l == "getConfig") && LiteralArg(n, 0) != "" {
			outer, _ := hoconSection(pr, n.X.X, f, depth+1)
			return outer + LiteralArg(n, 0) + ".", true
		}
	case syntax.KName:
		for g := f.Fn; g != nil; g = g.Parent {
			for _, w := range pr.WritesIn(n.Text, g) {
				if path, ok = hoconSection(pr, w.X, Frame{Fn: w.Fn}, depth+1); ok {
					return path, true
				}
			}
			q, i := g.Param(n.Text)
			if i < 0 {
				continue
			}
			for _, c := range pr.CallersOf(g) {
				if path, ok = hoconSection(pr, ArgumentFor(g, c.N, i, q.Name), Frame{Fn: c.Fn}, depth+1); ok {
					return path, true
				}
			}
			return "", false
		}
		for _, w := range pr.TopWrites(n.Text, f.Fn.Unit) {
			if path, ok = hoconSection(pr, w.X, Frame{Fn: w.Fn}, depth+1); ok {
				return path, true
			}
		}
	}
	return "", false
}

// configMember reads Rails' credentials and settings.
func configMember(pr *Program, n *syntax.Node) ([]Source, bool) {
	if pr.Lang != syntax.Ruby {
		return nil, false
	}
	p := CalleePath(n)
	switch {
	case affix.Contains(p, "credentials.") || affix.HasSuffix(p, ".credentials") || affix.Contains(p, "Rails.application.secrets"):
		return []Source{{Kind: FromVault, Name: "credentials"}}, true
	case affix.HasPrefix(p, "Figaro.env."):
		return []Source{{Kind: FromEnv, Name: strings.ToUpper(strings.TrimRight(n.Text, "!?"))}}, true
	case affix.HasPrefix(p, "Settings."):
		return pr.Config.Property("", affix.TrimPrefix(p, "Settings."))
	}
	return nil, false
}

// laravelConfig is what config('services.stream.secret') gives: the cached
// configuration, where there is one, else the array of config/services.php.
func laravelConfig(pr *Program, key string, f Frame) ([]Source, bool) {
	keys := strings.Split(key, ".")
	name := keys[len(keys)-1]
	var cached, ws []*Write
	for _, w := range pr.Writes[name] {
		if w.How != WKey {
			continue
		}
		at := w.Fn.Unit.Path
		switch {
		case affix.HasSuffix(at, "bootstrap/cache/config.php") && equal(w.keys, keys[:len(keys)-1]):
			cached = append(cached, w)
		case affix.HasSuffix(at, "config/"+keys[0]+".php") && equal(w.keys, keys[1:len(keys)-1]):
			ws = append(ws, w)
		}
	}
	if len(cached) > 0 {
		ws = cached
	}
	if len(ws) == 0 {
		list := lacking(pr, keys)
		return list, len(list) > 0
	}
	return pr.ofWrites(ws, f, nil), true
}

// lacking is the value of an entry that config/NAME.php doesn't have: nothing,
// where that file gives back one array and nothing else sets its entries.
func lacking(pr *Program, keys []string) []Source {
	if len(pr.Calls["mergeConfigFrom"]) > 0 || setsConfig(pr) {
		return nil
	}
	for _, u := range pr.Units {
		if !affix.HasSuffix(u.Path, "config/"+keys[0]+".php") || len(u.Body) == 0 || u.Broken {
			continue
		}
		last := u.Body[len(u.Body)-1]
		if last.Kind != syntax.SReturn || last.X == nil || last.X.Kind != syntax.KDict {
			return nil
		}
		for _, a := range last.X.Args { // ...$others
			if a.X == nil || a.Key == nil && a.Name == "" {
				return nil
			}
		}
		return []Source{{Kind: FromLiteral, Setting: strings.Join(keys, "."), Links: []Link{{Name: strings.Join(keys, "."), File: u.Path, Line: last.X.Line}}}}
	}
	return nil
}

// setsConfig reports whether the program sets entries of its configuration
// while it runs: config(['stream.secret' => …]), Config::set(…).
func setsConfig(pr *Program) bool {
	for _, c := range pr.Calls["set"] {
		if p := strings.ToLower(CalleePath(c.N.X)); affix.Contains(p, "config") {
			return true
		}
	}
	for _, c := range pr.Calls["config"] {
		if len(c.N.Args) > 0 && c.N.Args[0].X != nil && c.N.Args[0].X.Kind != syntax.KString {
			return true
		}
	}
	return false
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// property looks in the configuration files; what no file sets may be a variable
// of the environment under the name that the framework makes of the path.
func property(pr *Program, key string, f Frame) ([]Source, bool) {
	if list, ok := pr.Config.Property(f.Fn.Unit.Path, affix.ReplaceAll(key, ":", ".")); ok {
		return list, true
	}
	name := key
	switch pr.Lang {
	case syntax.Java, syntax.Kotlin:
		name = strings.ToUpper(strings.NewReplacer(".", "_", "-", "").Replace(key))
	case syntax.CSharp:
		name = affix.ReplaceAll(key, ":", "__")
	}
	return []Source{{Kind: FromEnv, Name: name}}, true
}
