package flow

import (
	"strings"

	"badsig/checks/affix"
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

// environment reads an expression that reads a variable of the environment, or
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
		if affix.HasPrefix(name, p) {
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
		if s.Kind == FromLiteral && s.Text != "" && !affix.ContainsAny(s.Text, " =") {
			out = append(out, Source{Kind: FromEnv, Name: s.Text, Guess: s.Guess})
		}
	}
	return out
}

// envReader tells the readers of libraries: decouple's config, environs,
// dotenv's object.
func envReader(pr *Program, n *syntax.Node, p string, f Frame) bool {
	first, _, member := affix.Cut(p, ".")
	switch pr.Lang {
	case syntax.Python:
		if p == "config" || p == "env_config" {
			from := f.Fn.Unit.From[first]
			return affix.Contains(from, "decouple") || madeBy(pr, first, f, "Config", "AutoConfig")
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
