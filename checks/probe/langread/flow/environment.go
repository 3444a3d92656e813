package flow

import (
	"strings"

	"badsig/checks/probe/langread/syntax"
)

// envCalls are the calls that read a variable of the environment: the name is
// their first argument, what they give without it the second.
var envCalls = map[string]map[string]bool{
	syntax.Python: syntax.Set("os.getenv", "getenv", "os.environ.get", "environ.get", "os.environ.setdefault", "environ.setdefault", "env", "env.str", "env.get_value", "env.bytes", "env.get", "environ.env"),
	syntax.Go:     syntax.Set("os.Getenv", "os.LookupEnv", "syscall.Getenv", "env.Get", "envy.Get"),
	syntax.PHP:    syntax.Set("getenv", "env", "Env.get", `\getenv`, `\env`),
	syntax.Ruby:   syntax.Set("ENV.fetch", "ENV.dig"),
	syntax.Java:   syntax.Set("System.getenv", "System.getenv.get", "System.getenv.getOrDefault"),
	syntax.Kotlin: syntax.Set("System.getenv", "System.getenv.get"),
	syntax.CSharp: syntax.Set("Environment.GetEnvironmentVariable", "System.Environment.GetEnvironmentVariable", "Env.GetString", "DotNetEnv.Env.GetString"),
}

// envMaps are the dictionaries that hold the environment.
var envMaps = map[string]map[string]bool{
	syntax.Python: syntax.Set("os.environ", "environ"),
	syntax.PHP:    syntax.Set("$_ENV", "$_SERVER"),
	syntax.Ruby:   syntax.Set("ENV"),
	syntax.Java:   syntax.Set("System.getenv"),
	syntax.Kotlin: syntax.Set("System.getenv"),
}

// CalleePath is the path of a callee in which calls without arguments leave no
// trace: System.getenv().get is System.getenv.get.
func CalleePath(n *syntax.Node) string {
	if n == nil {
		return ""
	}
	switch n.Kind {
	case syntax.KName:
		return n.Text
	case syntax.KMember:
		if p := CalleePath(n.X); p != "" {
			return p + "." + n.Text
		}
	case syntax.KCall:
		if len(n.Args) == 0 && !n.Made {
			return CalleePath(n.X)
		}
	}
	return ""
}

// environment reads an expression that takes a variable of the environment, or
// an entry of the configuration.
func environment(pr *Program, n *syntax.Node, f Frame) ([]Source, bool) {
	switch n.Kind {
	case syntax.KIndex:
		if n.Y == nil || n.Y.Kind != syntax.KString {
			break
		}
		if envMaps[pr.Lang][CalleePath(n.X)] && isEnvVariable(n.Y.Text) || loadedMap(pr, n.X, f) {
			return []Source{{Kind: FromEnv, Name: n.Y.Text}}, true
		}
		return configIndex(pr, n, f)
	case syntax.KCall:
		p := CalleePath(n.X)
		if envCalls[pr.Lang][p] || envReader(pr, n, p, f) {
			return envCall(pr, n, f)
		}
		return configCall(pr, n, p, f)
	case syntax.KMember:
		return configMember(pr, n)
	}
	return nil, false
}

// isEnvVariable tells names of variables from those that a web server sets.
func isEnvVariable(name string) bool {
	for _, p := range []string{"HTTP_", "REQUEST_", "SERVER_", "REMOTE_", "SCRIPT_", "QUERY_", "DOCUMENT_", "PATH_INFO", "PHP_", "argv"} {
		if strings.HasPrefix(name, p) {
			return false
		}
	}
	return name != ""
}

func envCall(pr *Program, n *syntax.Node, f Frame) ([]Source, bool) {
	if len(n.Args) == 0 {
		return nil, false
	}
	name := n.Args[0].X
	out := namesOf(pr, name, f)
	if len(out) == 0 {
		return nil, false
	}
	for i, a := range n.Args {
		if i == 0 || a.X == nil || a.Name != "" && a.Name != "default" {
			continue
		}
		x := a.X
		if x.Kind == syntax.KFunc { // fetch('X') { 'default' }
			if len(x.Body) != 1 || x.Body[0].X == nil || x.Body[0].X.Kind != syntax.KString && x.Body[0].X.Kind != syntax.KNumber {
				continue
			}
			x = x.Body[0].X
		}
		rest := pr.Sources(x, f)
		for k := range rest {
			rest[k].Fallback, rest[k].IfUnset = true, true
		}
		out = append(out, rest...)
	}
	return out, true
}

// namesOf gives the variables that an expression may name.
func namesOf(pr *Program, n *syntax.Node, f Frame) []Source {
	if n == nil {
		return nil
	}
	if n.Kind == syntax.KString {
		return []Source{{Kind: FromEnv, Name: n.Text}}
	}
	var out []Source
	for _, s := range pr.Sources(n, f) {
		if s.Kind == FromLiteral && s.Text != "" && !strings.ContainsAny(s.Text, " =") {
			out = append(out, Source{Kind: FromEnv, Name: s.Text, Guess: s.Guess})
		}
	}
	return out
}

// envReader tells the readers of libraries: decouple's config, environs,
// dotenv's object.
func envReader(pr *Program, n *syntax.Node, p string, f Frame) bool {
	first, _, member := strings.Cut(p, ".")
	switch pr.Lang {
	case syntax.Python:
		if p == "config" || p == "env_config" {
			from := f.Fn.Unit.From[first]
			return strings.Contains(from, "decouple") || madeBy(pr, first, f, "Config", "AutoConfig")
		}
		return member && madeBy(pr, first, f, "Env", "FileAwareEnv") || !member && madeBy(pr, first, f, "Env", "FileAwareEnv")
	case syntax.Java, syntax.Kotlin:
		return member && n.X.Kind == syntax.KMember && n.X.Text == "get" && (first == "dotenv" || first == "env") && (first == "dotenv" || madeBy(pr, first, f, "load", "dotenv", "Dotenv"))
	case syntax.Go:
		return p == "viper.GetString" && len(n.Args) == 1 && n.Args[0].X != nil && n.Args[0].X.Kind == syntax.KString && strings.ToUpper(n.Args[0].X.Text) == n.Args[0].X.Text
	}
	return false
}

// madeBy reports whether a name holds what one of these functions gave.
func madeBy(pr *Program, name string, f Frame, makers ...string) bool {
	for _, w := range pr.Writes[name] {
		if w.X == nil || w.X.Kind != syntax.KCall {
			continue
		}
		for _, m := range makers {
			if w.X.X.Last() == m {
				return true
			}
		}
	}
	return false
}

// loadedMap tells a dictionary that a .env file was read into.
func loadedMap(pr *Program, n *syntax.Node, f Frame) bool {
	if n.Kind == syntax.KCall {
		return n.X.Last() == "dotenv_values" || n.X.Last() == "parse_ini_file" && pr.Lang == syntax.PHP || n.X.Path() == "godotenv.Read"
	}
	if n.Kind != syntax.KName {
		return n.Kind == syntax.KMember && (pr.Lang == syntax.Java || pr.Lang == syntax.Kotlin) && n.Text == "dotenv"
	}
	return madeBy(pr, n.Text, f, "dotenv_values") || pr.Lang == syntax.PHP && madeBy(pr, n.Text, f, "parse_ini_file") || pr.Lang == syntax.Go && madeBy(pr, n.Text, f, "Read") || (pr.Lang == syntax.Kotlin || pr.Lang == syntax.Java) && n.Text == "dotenv"
}

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
		if p := CalleePath(n.X); strings.Contains(p, "credentials") {
			return []Source{{Kind: FromVault, Name: "credentials"}}, true
		}
	}
	return nil, false
}

// flaskConfig is what app.config holds under a name.
func flaskConfig(pr *Program, name string, f Frame) ([]Source, bool) {
	var ws []*Write
	for _, w := range pr.Writes[name] {
		if w.How == WKey && (strings.HasSuffix(w.Object, "config") || strings.HasPrefix(w.Owner, "from_") || w.Owner == "update") || w.How == WField || w.How == WName && w.Fn.Parent == nil {
			ws = append(ws, w)
		}
	}
	if len(ws) == 0 {
		return nil, false
	}
	return pr.ofWrites(ws, f, nil), true
}

// section gives the path that a configuration object of .NET stands at.
func section(pr *Program, n *syntax.Node, f Frame) (string, bool) {
	switch n.Kind {
	case syntax.KCall:
		if n.X.Last() == "GetSection" && len(n.Args) > 0 && n.Args[0].X != nil && n.Args[0].X.Kind == syntax.KString {
			outer, _ := section(pr, n.X.X, f)
			return outer + n.Args[0].X.Text + ":", true
		}
	case syntax.KName, syntax.KMember:
		low := strings.ToLower(n.Last())
		if strings.Contains(low, "config") {
			return "", true
		}
		for _, w := range pr.Writes[n.Last()] {
			if w.X != nil && w.X.Kind == syntax.KCall && w.X.X.Last() == "GetSection" {
				return section(pr, w.X, Frame{Fn: w.Fn})
			}
		}
	}
	return "", false
}

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
			if strings.Contains(strings.ToLower(p), "conf") || strings.Contains(strings.ToLower(p), "env") || strings.Contains(strings.ToLower(p), "prop") || p == "System.getProperty" {
				out, ok = property(pr, key, f)
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
		if strings.Contains(p, "credentials") {
			return []Source{{Kind: FromVault, Name: "credentials"}}, true
		}
	case syntax.Go:
		if strings.HasPrefix(p, "viper.Get") || strings.HasSuffix(p, ".GetString") && madeBy(pr, strings.TrimSuffix(p, ".GetString"), f, "New") {
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

// configMember reads Rails' credentials and settings.
func configMember(pr *Program, n *syntax.Node) ([]Source, bool) {
	if pr.Lang != syntax.Ruby {
		return nil, false
	}
	p := CalleePath(n)
	switch {
	case strings.Contains(p, "credentials.") || strings.HasSuffix(p, ".credentials") || strings.Contains(p, "Rails.application.secrets"):
		return []Source{{Kind: FromVault, Name: "credentials"}}, true
	case strings.HasPrefix(p, "Figaro.env."):
		return []Source{{Kind: FromEnv, Name: strings.ToUpper(strings.TrimRight(n.Text, "!?"))}}, true
	case strings.HasPrefix(p, "Settings."):
		return pr.Config.Property("", strings.TrimPrefix(p, "Settings."))
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
		case strings.HasSuffix(at, "bootstrap/cache/config.php") && equal(w.keys, keys[:len(keys)-1]):
			cached = append(cached, w)
		case strings.HasSuffix(at, "config/"+keys[0]+".php") && equal(w.keys, keys[1:len(keys)-1]):
			ws = append(ws, w)
		}
	}
	if len(cached) > 0 {
		ws = cached
	}
	if len(ws) == 0 {
		return nil, false
	}
	return pr.ofWrites(ws, f, nil), true
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

// property asks the configuration files; what no file sets may be a variable
// of the environment under the name that the framework makes of the path.
func property(pr *Program, key string, f Frame) ([]Source, bool) {
	if list, ok := pr.Config.Property(f.Fn.Unit.Path, strings.ReplaceAll(key, ":", ".")); ok {
		return list, true
	}
	name := key
	switch pr.Lang {
	case syntax.Java, syntax.Kotlin:
		name = strings.ToUpper(strings.NewReplacer(".", "_", "-", "").Replace(key))
	case syntax.CSharp:
		name = strings.ReplaceAll(key, ":", "__")
	}
	return []Source{{Kind: FromEnv, Name: name}}, true
}
