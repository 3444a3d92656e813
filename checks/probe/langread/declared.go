package langread

import "strings"

// declared reads fields whose value a library puts in: tags of Go, annotations
// of Spring, pydantic's settings.
func (pr *program) declared(w *write, f frame) ([]Source, bool) {
	l := Link{Name: w.name, File: w.fn.unit.Path, Line: w.line}
	at := func(s Source) Source {
		s.Links = append([]Link{l}, s.Links...)
		return s
	}
	if w.tag != "" {
		for _, k := range []string{"env", "envconfig", "mapstructure"} {
			v := tagValue(w.tag, k)
			v, _, _ = strings.Cut(v, ",")
			if v == "" || k == "mapstructure" && strings.ToUpper(v) != v {
				continue
			}
			out := []Source{at(Source{Kind: FromEnv, Name: v})}
			for _, d := range []string{"envDefault", "default", "env-default"} {
				if t := tagValue(w.tag, d); t != "" {
					out = append(out, at(Source{Kind: FromLiteral, Text: t, Fallback: true}))
				}
			}
			return out, true
		}
	}
	if list, ok := pr.injected(w.marks, f); ok {
		for i := range list {
			list[i] = at(list[i])
		}
		return list, true
	}
	if w.how != wField || w.class == nil {
		return nil, false
	}
	for _, m := range w.class.marks { // Spring: @ConfigurationProperties(prefix = "stream")
		if m.last() == "ConfigurationProperties" {
			prefix := literalArg(m, 0)
			list, ok := pr.property(prefix+"."+w.name, f)
			return list, ok
		}
	}
	if pr.lang == Python && pr.settingsClass(w.class) {
		return pr.pydantic(w, f, at), true
	}
	return nil, false
}

// injected reads @Value("${stream.secret:default}") and its like.
func (pr *program) injected(marks []*node, f frame) ([]Source, bool) {
	for _, m := range marks {
		if m == nil || m.kind != kCall {
			continue
		}
		switch m.last() {
		case "Value", "ConfigProperty", "Property":
			for _, a := range m.args {
				if a.x == nil || a.x.kind != kString && a.x.kind != kTemplate || a.name == "defaultValue" {
					continue
				}
				text := a.x.text
				if m.last() == "Value" {
					return pr.spring(text, f)
				}
				return pr.property(strings.Trim(text, "${}"), f)
			}
		}
	}
	return nil, false
}

// spring reads ${name:default}.
func (pr *program) spring(text string, f frame) ([]Source, bool) {
	inner, ok := strings.CutPrefix(text, "${")
	if !ok || !strings.HasSuffix(inner, "}") {
		return []Source{{Kind: FromLiteral, Text: text}}, text != "" && !strings.Contains(text, "{")
	}
	name, def, has := strings.Cut(strings.TrimSuffix(inner, "}"), ":")
	list, _ := pr.property(name, f)
	if has && def != "" {
		list = append(list, Source{Kind: FromLiteral, Text: def, Fallback: true})
	}
	return list, true
}

func tagValue(tag, key string) string {
	_, rest, ok := strings.Cut(" "+tag, " "+key+`:"`)
	if !ok {
		return ""
	}
	v, _, _ := strings.Cut(rest, `"`)
	return v
}

// settingsClass tells a class of pydantic's settings.
func (pr *program) settingsClass(c *class) bool {
	for range 4 {
		for _, b := range c.base {
			if b == "BaseSettings" {
				return true
			}
		}
		if c = pr.baseOf(c); c == nil {
			return false
		}
	}
	return false
}

// pydantic gives the variable that a settings' field is: its name in capitals
// after the class's prefix, or what Field says.
func (pr *program) pydantic(w *write, f frame, at func(Source) Source) []Source {
	prefix := ""
	for _, s := range w.class.fields {
		if s.x != nil && s.x.kind == kCall {
			for _, a := range s.x.args {
				if a.name == "env_prefix" && a.x != nil && a.x.kind == kString {
					prefix = a.x.text
				}
			}
		}
	}
	for _, p := range pr.writes["env_prefix"] {
		if p.class != nil && p.class.outer == w.class && p.x != nil && p.x.kind == kString {
			prefix = p.x.text
		}
	}
	name := strings.ToUpper(prefix + w.name)
	var out []Source
	if x := w.x; x != nil {
		switch {
		case x.kind == kCall && x.x.last() == "Field":
			for _, a := range x.args {
				switch a.name {
				case "env", "alias", "validation_alias":
					if a.x != nil && a.x.kind == kString {
						name = a.x.text
					}
				case "", "default":
					if a.x != nil && a.x.kind == kString && a.x.text != "" {
						out = append(out, at(Source{Kind: FromLiteral, Text: a.x.text, Fallback: true}))
					}
				}
			}
		default:
			list := pr.sources(x, f)
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

// handsOn tells calls of libraries that give back what they are given, perhaps
// changed: the index of the argument, -1 for what they are called on.
func handsOn(n *node, name string) (transform string, argument int, ok bool) {
	if h, ok := onArgument[name]; ok && len(n.args) > 0 && n.args[0].x != nil {
		if name == "decode" || name == "DecodeString" || name == "decode64" || name == "Decode" {
			switch p := strings.ToLower(calleePath(n.x)); {
			case strings.Contains(p, "base64"), strings.Contains(p, "b64"):
				return "base64-decode", 0, true
			case strings.Contains(p, "hex"):
				return "hex-decode", 0, true
			}
			return "", -1, n.x.kind == kMember && name == "decode"
		}
		return h, 0, true
	}
	if n.x.kind == kMember {
		if h, ok := onReceiver[name]; ok {
			return h, -1, true
		}
	}
	return "", 0, false
}

var onArgument = map[string]string{
	"str": "", "bytes": "", "string": "", "String": "", "[]byte": "", "TrimSpace": "trim", "trim": "trim", "strval": "", "GetBytes": "", "hmacShaKeyFor": "", "HMAC256": "", "HMAC384": "",
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
