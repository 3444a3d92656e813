package flow

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/syntax"
)

// declared reads fields whose value a library puts in: tags of Go, annotations
// of Spring, pydantic's settings.
func declared(pr *Program, w *Write, f Frame) ([]Source, bool) {
	l := Link{Name: w.Name, File: w.Fn.Unit.Path, Line: w.Line}
	at := func(s Source) Source {
		s.Links = append([]Link{l}, s.Links...)
		return s
	}
	if list, ok := unmarshalled(pr, w, f); ok {
		for i := range list {
			list[i] = at(list[i])
		}
		return list, true
	}
	if w.Tag != "" {
		for _, k := range []string{"env", "envconfig", "mapstructure"} {
			v := TagValue(w.Tag, k)
			v, _, _ = affix.Cut(v, ",")
			if v == "" || k == "mapstructure" && strings.ToUpper(v) != v {
				continue
			}
			out := []Source{at(Source{Kind: FromEnv, Name: v})}
			for _, d := range []string{"envDefault", "default", "env-default"} {
				if t := TagValue(w.Tag, d); t != "" {
					out = append(out, at(Source{Kind: FromLiteral, Text: t, Fallback: true}))
				}
			}
			return out, true
		}
	}
	if list, ok := injected(pr, w.marks, f); ok {
		for i := range list {
			list[i] = at(list[i])
		}
		return list, true
	}
	if w.How != WField || w.Class == nil {
		return nil, false
	}
	for _, m := range w.Class.Marks { // Spring: @ConfigurationProperties(prefix = "stream")
		if m.Last() == "ConfigurationProperties" {
			prefix := LiteralArg(m, 0)
			list, ok := property(pr, prefix+"."+w.Name, f)
			return list, ok
		}
	}
	if pr.Lang == syntax.CSharp {
		if list, ok := boundOption(pr, w, f); ok {
			return list, true
		}
	}
	if pr.Lang == syntax.Python && settingsClass(pr, w.Class) {
		return pydantic(pr, w, f, at), true
	}
	return nil, false
}

// boundOption reads a property of a class that a section of .NET's
// configuration is bound to: the section that has an entry of its name.
func boundOption(pr *Program, w *Write, f Frame) ([]Source, bool) {
	name := w.Class.Name
	for _, end := range []string{"Options", "Settings", "Configuration", "Config"} {
		name = affix.TrimSuffix(name, end)
	}
	sections := []string{name, w.Class.Name}
	for _, call := range []string{"GetSection", "BindConfiguration", "GetRequiredSection"} {
		for _, c := range pr.Calls[call] {
			if len(c.N.Args) == 0 {
				continue
			}
			for _, s := range pr.Sources(c.N.Args[0].X, Frame{Fn: c.Fn}) { // a string, or StreamOptions.SectionName
				if s.Kind == FromLiteral && s.Text != "" {
					sections = append(sections, s.Text)
				}
			}
		}
	}
	for _, s := range sections {
		key := s + ":" + w.Name
		if _, ok := pr.Config.Property(f.Fn.Unit.Path, affix.ReplaceAll(key, ":", ".")); ok && s != "" {
			return property(pr, key, f)
		}
	}
	if s := sectionOf(pr, w.Class); s != "" {
		return property(pr, s+":"+w.Name, f)
	}
	return nil, false
}

// sectionOf is the one section that a class of options is bound to by its name:
// Configure<StreamOptions>(configuration.GetSection(StreamOptions.SectionName)); "" for none.
func sectionOf(pr *Program, c *syntax.Class) string {
	found := ""
	for _, b := range pr.Calls["GetSection"] {
		if len(b.N.Args) == 0 || !speaksOf(b.N.Args[0].X, c.Name) {
			continue
		}
		for _, s := range pr.Sources(b.N.Args[0].X, Frame{Fn: b.Fn}) {
			if s.Kind != FromLiteral || found != "" && found != s.Text {
				return ""
			}
			found = s.Text
		}
	}
	return found
}

// speaksOf reports whether an expression has a name in it: StreamOptions.SectionName.
func speaksOf(n *syntax.Node, name string) bool {
	found := false
	n.EachOutside(func(x *syntax.Node) { found = found || x.Kind == syntax.KName && x.Text == name })
	return found
}

// injected reads @Value("${stream.secret:default}") and its like.
func injected(pr *Program, marks []*syntax.Node, f Frame) ([]Source, bool) {
	for _, m := range marks {
		if m == nil || m.Kind != syntax.KCall {
			continue
		}
		switch m.Last() {
		case "Autowire": // Symfony's, of a parameter
			for _, a := range m.Args {
				if a.X == nil || a.X.Kind != syntax.KString {
					continue
				}
				switch text := a.X.Text; {
				case a.Name == "env":
					return []Source{{Kind: FromEnv, Name: text[strings.LastIndexByte(text, ':')+1:]}}, true
				case a.Name == "param":
					return property(pr, text, f)
				case affix.HasPrefix(text, "%env(") && affix.HasSuffix(text, ")%"):
					text = text[5 : len(text)-2]
					return []Source{{Kind: FromEnv, Name: text[strings.LastIndexByte(text, ':')+1:]}}, true
				case affix.HasPrefix(text, "%") && affix.HasSuffix(text, "%") && len(text) > 2:
					return property(pr, strings.Trim(text, "%"), f)
				}
			}
		case "Value", "ConfigProperty", "Property":
			for _, a := range m.Args {
				if a.X == nil || a.X.Kind != syntax.KString && a.X.Kind != syntax.KTemplate || a.Name == "defaultValue" {
					continue
				}
				text := a.X.Text
				if m.Last() == "Value" {
					return spring(pr, text, f)
				}
				return property(pr, strings.Trim(text, "${}"), f)
			}
		}
	}
	return nil, false
}

// spring reads ${name:default}.
func spring(pr *Program, text string, f Frame) ([]Source, bool) {
	inner, ok := affix.CutPrefix(text, "${")
	if !ok || !affix.HasSuffix(inner, "}") {
		return []Source{{Kind: FromLiteral, Text: text}}, text != "" && !affix.Contains(text, "{")
	}
	name, def, has := affix.Cut(affix.TrimSuffix(inner, "}"), ":")
	list, _ := property(pr, name, f)
	if has && def != "" {
		list = append(list, Source{Kind: FromLiteral, Text: def, Fallback: true})
	}
	return list, true
}

func TagValue(tag, key string) string {
	_, rest, ok := affix.Cut(" "+tag, " "+key+`:"`)
	if !ok {
		return ""
	}
	v, _, _ := affix.Cut(rest, `"`)
	return v
}

// settingsClass tells a class of pydantic's settings.
func settingsClass(pr *Program, c *syntax.Class) bool {
	for range 4 {
		for _, b := range c.Base {
			if b == "BaseSettings" {
				return true
			}
		}
		if c = BaseOf(pr, c); c == nil {
			return false
		}
	}
	return false
}

// pydantic gives the variable that a settings' field is: its name in capitals
// after the class's prefix, or what Field says.
func pydantic(pr *Program, w *Write, f Frame, at func(Source) Source) []Source {
	prefix := ""
	for _, s := range w.Class.Fields {
		if s.X != nil && s.X.Kind == syntax.KCall {
			for _, a := range s.X.Args {
				if a.Name == "env_prefix" && a.X != nil && a.X.Kind == syntax.KString {
					prefix = a.X.Text
				}
			}
		}
	}
	for _, p := range pr.Writes["env_prefix"] {
		if p.Class != nil && p.Class.Outer == w.Class && p.X != nil && p.X.Kind == syntax.KString {
			prefix = p.X.Text
		}
	}
	name := strings.ToUpper(prefix + w.Name)
	var out []Source
	if x := w.X; x != nil {
		switch {
		case x.Kind == syntax.KCall && x.X.Last() == "Field":
			for _, a := range x.Args {
				switch a.Name {
				case "env", "alias", "validation_alias":
					if a.X != nil && a.X.Kind == syntax.KString {
						name = a.X.Text
					}
				case "", "default":
					if a.X != nil && a.X.Kind == syntax.KString && a.X.Text != "" {
						out = append(out, at(Source{Kind: FromLiteral, Text: a.X.Text, Fallback: true}))
					}
				}
			}
		default:
			list := pr.Sources(x, f)
			if len(list) > 0 && list[0].Kind == FromEnv { // = os.getenv("X")
				return list
			}
			for _, s := range list {
				if s.Kind == FromLiteral && s.Text != "" {
					s.Fallback = true
					out = append(out, at(s))
				}
			}
		}
	}
	return append([]Source{at(Source{Kind: FromEnv, Name: name})}, out...)
}

// HandsOn tells calls of libraries that give back what they are given, perhaps
// changed: the index of the argument, -1 for what they are called on.
func HandsOn(n *syntax.Node, name string) (transform string, argument int, ok bool) {
	if h, ok := onArgument[name]; ok && len(n.Args) > 0 && n.Args[0].X != nil {
		if name == "decode" || name == "DecodeString" || name == "decode64" || name == "Decode" {
			switch p := strings.ToLower(CalleePath(n.X)); {
			case affix.Contains(p, "base64"), affix.Contains(p, "b64"):
				return "base64-decode", 0, true
			case affix.Contains(p, "hex"):
				return "hex-decode", 0, true
			}
			return "", -1, n.X.Kind == syntax.KMember && name == "decode"
		}
		return h, 0, true
	}
	if n.X.Kind == syntax.KMember {
		if h, ok := onReceiver[name]; ok {
			return h, -1, true
		}
	}
	return "", 0, false
}

var onArgument = map[string]string{
	"str": "", "bytes": "", "string": "", "String": "", "[]byte": "", "TrimSpace": "trim", "trim": "trim", "strval": "", "GetBytes": "", "hmacShaKeyFor": "", "HMAC256": "", "HMAC384": "", "HMAC512": "",
	"SymmetricSecurityKey": "", "SecretStr": "", "requireNonNull": "", "checkNotNull": "", "requireNotNull": "", "Some": "", "base64_decode": "base64-decode", "b64decode": "base64-decode",
	"urlsafe_b64decode": "base64-decode", "FromBase64String": "base64-decode", "hex2bin": "hex-decode", "unhexlify": "hex-decode", "fromhex": "hex-decode", "FromHexString": "hex-decode",
	"decode": "", "DecodeString": "", "decode64": "", "Decode": "", "base64_encode": "base64-encode", "b64encode": "base64-encode", "ToUpper": "upper", "strtoupper": "upper", "ToLower": "lower", "strtolower": "lower",
	"SecretKeySpec": "", "cast": "", "Integer": "", "int": "", "toNumber": "", "parseInt": "", "Atoi": "", "force_str": "", "smart_str": "", "to_bytes": "", "AddEnv": "", "InMemory.plainText": "", "plainText": "",
}

var onReceiver = map[string]string{
	"strip": "trim", "Trim": "trim", "trim": "trim", "chomp": "trim", "rstrip": "trim", "encode": "", "getBytes": "", "toByteArray": "", "toCharArray": "", "ToString": "", "toString": "", "to_s": "", "to_str": "",
	"get_secret_value": "", "freeze": "", "presence": "", "getString": "", "getAsString": "", "toInt": "", "toIntOrNull": "", "to_i": "", "orElseThrow": "", "decode": "", "upper": "upper", "lower": "lower", "upcase": "upper", "downcase": "lower", "orEmpty": "", "intern": "", "value": "",
	"unwrap": "", "AsString": "",
}
