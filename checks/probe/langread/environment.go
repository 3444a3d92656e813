package langread

import (
	"strings"
)

// envCalls are the calls that read a variable of the environment: the name is
// their first argument, what they give without it the second.
var envCalls = map[string]map[string]bool{
	Python: set("os.getenv", "getenv", "os.environ.get", "environ.get", "os.environ.setdefault", "environ.setdefault", "env", "env.str", "env.get_value", "env.bytes", "env.get", "environ.env"),
	Go:     set("os.Getenv", "os.LookupEnv", "syscall.Getenv", "env.Get", "envy.Get"),
	PHP:    set("getenv", "env", "Env.get", `\getenv`, `\env`),
	Ruby:   set("ENV.fetch", "ENV.dig"),
	Java:   set("System.getenv", "System.getenv.get", "System.getenv.getOrDefault"),
	Kotlin: set("System.getenv", "System.getenv.get"),
	CSharp: set("Environment.GetEnvironmentVariable", "System.Environment.GetEnvironmentVariable", "Env.GetString", "DotNetEnv.Env.GetString"),
}

// envMaps are the dictionaries that hold the environment.
var envMaps = map[string]map[string]bool{
	Python: set("os.environ", "environ"),
	PHP:    set("$_ENV", "$_SERVER"),
	Ruby:   set("ENV"),
	Java:   set("System.getenv"),
	Kotlin: set("System.getenv"),
}

// calleePath is the path of a callee in which calls without arguments leave no
// trace: System.getenv().get is System.getenv.get.
func calleePath(n *node) string {
	if n == nil {
		return ""
	}
	switch n.kind {
	case kName:
		return n.text
	case kMember:
		if p := calleePath(n.x); p != "" {
			return p + "." + n.text
		}
	case kCall:
		if len(n.args) == 0 && !n.made {
			return calleePath(n.x)
		}
	}
	return ""
}

// environment reads an expression that takes a variable of the environment, or
// an entry of the configuration.
func (pr *program) environment(n *node, f frame) ([]Source, bool) {
	switch n.kind {
	case kIndex:
		if n.y == nil || n.y.kind != kString {
			break
		}
		if envMaps[pr.lang][calleePath(n.x)] && isEnvVariable(n.y.text) || pr.loadedMap(n.x, f) {
			return []Source{{Kind: FromEnv, Name: n.y.text}}, true
		}
		return pr.configIndex(n, f)
	case kCall:
		p := calleePath(n.x)
		if envCalls[pr.lang][p] || pr.envReader(n, p, f) {
			return pr.envCall(n, f)
		}
		return pr.configCall(n, p, f)
	case kMember:
		return pr.configMember(n)
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

func (pr *program) envCall(n *node, f frame) ([]Source, bool) {
	if len(n.args) == 0 {
		return nil, false
	}
	name := n.args[0].x
	out := pr.namesOf(name, f)
	if len(out) == 0 {
		return nil, false
	}
	for i, a := range n.args {
		if i == 0 || a.x == nil || a.name != "" && a.name != "default" {
			continue
		}
		x := a.x
		if x.kind == kFunc { // fetch('X') { 'default' }
			if len(x.body) != 1 || x.body[0].x == nil || x.body[0].x.kind != kString {
				continue
			}
			x = x.body[0].x
		}
		rest := pr.sources(x, f)
		for k := range rest {
			rest[k].Fallback = true
		}
		out = append(out, rest...)
	}
	return out, true
}

// namesOf gives the variables that an expression may name.
func (pr *program) namesOf(n *node, f frame) []Source {
	if n == nil {
		return nil
	}
	if n.kind == kString {
		return []Source{{Kind: FromEnv, Name: n.text}}
	}
	var out []Source
	for _, s := range pr.sources(n, f) {
		if s.Kind == FromLiteral && s.Text != "" && !strings.ContainsAny(s.Text, " =") {
			out = append(out, Source{Kind: FromEnv, Name: s.Text, Guess: s.Guess})
		}
	}
	return out
}

// envReader tells the readers of libraries: decouple's config, environs,
// dotenv's object.
func (pr *program) envReader(n *node, p string, f frame) bool {
	first, _, member := strings.Cut(p, ".")
	switch pr.lang {
	case Python:
		if p == "config" || p == "env_config" {
			from := f.fn.unit.from[first]
			return strings.Contains(from, "decouple") || pr.madeBy(first, f, "Config", "AutoConfig")
		}
		return member && pr.madeBy(first, f, "Env", "FileAwareEnv") || !member && pr.madeBy(first, f, "Env", "FileAwareEnv")
	case Java, Kotlin:
		return member && n.x.kind == kMember && n.x.text == "get" && (first == "dotenv" || first == "env") && (first == "dotenv" || pr.madeBy(first, f, "load", "dotenv", "Dotenv"))
	case Go:
		return p == "viper.GetString" && len(n.args) == 1 && n.args[0].x != nil && n.args[0].x.kind == kString && strings.ToUpper(n.args[0].x.text) == n.args[0].x.text
	}
	return false
}

// madeBy reports whether a name holds what one of these functions gave.
func (pr *program) madeBy(name string, f frame, makers ...string) bool {
	for _, w := range pr.writes[name] {
		if w.x == nil || w.x.kind != kCall {
			continue
		}
		for _, m := range makers {
			if w.x.x.last() == m {
				return true
			}
		}
	}
	return false
}

// loadedMap tells a dictionary that a .env file was read into.
func (pr *program) loadedMap(n *node, f frame) bool {
	if n.kind == kCall {
		return n.x.last() == "dotenv_values" || n.x.last() == "parse_ini_file" && pr.lang == PHP || n.x.path() == "godotenv.Read"
	}
	if n.kind != kName {
		return n.kind == kMember && (pr.lang == Java || pr.lang == Kotlin) && n.text == "dotenv"
	}
	return pr.madeBy(n.text, f, "dotenv_values") || pr.lang == PHP && pr.madeBy(n.text, f, "parse_ini_file") || pr.lang == Go && pr.madeBy(n.text, f, "Read") || (pr.lang == Kotlin || pr.lang == Java) && n.text == "dotenv"
}

// configIndex reads configuration["A:B"], app.config["X"], credentials[:x].
func (pr *program) configIndex(n *node, f frame) ([]Source, bool) {
	switch pr.lang {
	case CSharp:
		if section, ok := pr.section(n.x, f); ok {
			return pr.property(section+n.y.text, f)
		}
	case Python:
		if n.x.last() == "config" && n.x.kind == kMember {
			return pr.flaskConfig(n.y.text, f)
		}
	case Ruby:
		if p := calleePath(n.x); strings.Contains(p, "credentials") {
			return []Source{{Kind: FromVault, Name: "credentials"}}, true
		}
	}
	return nil, false
}

// flaskConfig is what app.config holds under a name.
func (pr *program) flaskConfig(name string, f frame) ([]Source, bool) {
	var ws []*write
	for _, w := range pr.writes[name] {
		if w.how == wKey && (strings.HasSuffix(w.object, "config") || strings.HasPrefix(w.owner, "from_") || w.owner == "update") || w.how == wField || w.how == wName && w.fn.parent == nil {
			ws = append(ws, w)
		}
	}
	if len(ws) == 0 {
		return nil, false
	}
	return pr.ofWrites(ws, f, nil), true
}

// section gives the path that a configuration object of .NET stands at.
func (pr *program) section(n *node, f frame) (string, bool) {
	switch n.kind {
	case kCall:
		if n.x.last() == "GetSection" && len(n.args) > 0 && n.args[0].x != nil && n.args[0].x.kind == kString {
			outer, _ := pr.section(n.x.x, f)
			return outer + n.args[0].x.text + ":", true
		}
	case kName, kMember:
		low := strings.ToLower(n.last())
		if strings.Contains(low, "config") {
			return "", true
		}
		for _, w := range pr.writes[n.last()] {
			if w.x != nil && w.x.kind == kCall && w.x.x.last() == "GetSection" {
				return pr.section(w.x, frame{fn: w.fn})
			}
		}
	}
	return "", false
}

func literalArg(n *node, i int) string {
	if i < len(n.args) && n.args[i].x != nil && n.args[i].x.kind == kString {
		return n.args[i].x.text
	}
	return ""
}

// configCall reads config('a.b'), getProperty("a.b"), GetValue<T>("A:B").
func (pr *program) configCall(n *node, p string, f frame) ([]Source, bool) {
	key := literalArg(n, 0)
	last := n.x.last()
	if key == "" {
		return nil, false
	}
	var out []Source
	ok := false
	switch pr.lang {
	case PHP:
		if p == "config" || p == "Config.get" || p == `\config` {
			out, ok = pr.laravelConfig(key, f)
		} else if last == "getParameter" {
			out, ok = pr.property(key, f)
		}
	case Java, Kotlin:
		switch last {
		case "getProperty", "getRequiredProperty", "property", "propertyOrNull", "tryGetString", "getString":
			if strings.Contains(strings.ToLower(p), "conf") || strings.Contains(strings.ToLower(p), "env") || strings.Contains(strings.ToLower(p), "prop") || p == "System.getProperty" {
				out, ok = pr.property(key, f)
			}
		}
	case CSharp:
		if last == "GetValue" || last == "GetRequiredValue" {
			if section, is := pr.section(n.x.x, f); is {
				out, ok = pr.property(section+key, f)
			}
		}
	case Python:
		if last == "get" && n.x.x.last() == "config" {
			out, ok = pr.flaskConfig(key, f)
		}
	case Ruby:
		if strings.Contains(p, "credentials") {
			return []Source{{Kind: FromVault, Name: "credentials"}}, true
		}
	case Go:
		if strings.HasPrefix(p, "viper.Get") || strings.HasSuffix(p, ".GetString") && pr.madeBy(strings.TrimSuffix(p, ".GetString"), f, "New") {
			out, ok = pr.property(key, f)
		}
	}
	if ok && len(n.args) > 1 && n.args[1].x != nil && n.args[1].x.kind == kString {
		rest := pr.sources(n.args[1].x, f)
		rest[0].Fallback = true
		out = append(out, rest...)
	}
	return out, ok
}

// configMember reads Rails' credentials and settings.
func (pr *program) configMember(n *node) ([]Source, bool) {
	if pr.lang != Ruby {
		return nil, false
	}
	p := calleePath(n)
	switch {
	case strings.Contains(p, "credentials.") || strings.HasSuffix(p, ".credentials") || strings.Contains(p, "Rails.application.secrets"):
		return []Source{{Kind: FromVault, Name: "credentials"}}, true
	case strings.HasPrefix(p, "Figaro.env."):
		return []Source{{Kind: FromEnv, Name: strings.ToUpper(strings.TrimRight(n.text, "!?"))}}, true
	case strings.HasPrefix(p, "Settings."):
		return pr.config.Property("", strings.TrimPrefix(p, "Settings."))
	}
	return nil, false
}

// laravelConfig is what config('services.stream.secret') gives: the cached
// configuration, where there is one, else the array of config/services.php.
func (pr *program) laravelConfig(key string, f frame) ([]Source, bool) {
	keys := strings.Split(key, ".")
	name := keys[len(keys)-1]
	var cached, ws []*write
	for _, w := range pr.writes[name] {
		if w.how != wKey {
			continue
		}
		at := w.fn.unit.Path
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
func (pr *program) property(key string, f frame) ([]Source, bool) {
	if list, ok := pr.config.Property(f.fn.unit.Path, strings.ReplaceAll(key, ":", ".")); ok {
		return list, true
	}
	name := key
	switch pr.lang {
	case Java, Kotlin:
		name = strings.ToUpper(strings.NewReplacer(".", "_", "-", "").Replace(key))
	case CSharp:
		name = strings.ReplaceAll(key, ":", "__")
	}
	return []Source{{Kind: FromEnv, Name: name}}, true
}
