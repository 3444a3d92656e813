package servers

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// OpenMounts reports a server that mounts something whose prefix or router
// isn't read: a route of its own may then have another path than its source says.
func OpenMounts(p *picture.Reader, s *picture.Server) bool {
	for _, m := range s.Mods {
		for i := range m.Calls {
			c := &m.Calls[i]
			object, name := modules.Receiver(c.Callee)
			if prefixUnread(p, m, c) {
				return true
			}
			switch name {
			case "use", "register", "route":
				if object != "" && len(c.Args) > 0 && openMount(p, m, c) {
					return true
				}
			case "setGlobalPrefix", "prefix", "namespace", "mount":
				return true
			}
		}
	}
	return false
}

func openMount(p *picture.Reader, m *modules.Module, c *jsread.Call) bool {
	args := c.Args
	if len(LiteralPaths(p, m, c.Scope, args[0])) > 0 || args[0].Kind == jsread.Literal {
		args = args[1:]
	}
	for _, a := range args {
		if class, ok := made(m, c.Scope, a); ok { // a class of this module: which of its members the router is isn't followed
			_, here := m.Resolve(c.Scope, class.Text)
			if here {
				return true
			}
			continue
		}
		switch a.Kind {
		case jsread.Func, jsread.Object, jsread.Number, jsread.Array, jsread.Literal:
		case jsread.CallExpr:
			if (a.Text == "require" || a.Text == "import") && !isRequire(a) {
				return true // require(path.join(dir, file))
			}
		case jsread.Ident:
			head, _, _ := affix.Cut(a.Text, ".")
			if affix.Contains(strings.ToLower(head), "autoload") {
				return true
			}
			v, ok := m.Resolve(c.Scope, head)
			if ok && (v.Kind == jsread.Other || v.Kind == jsread.Template || v.Kind == jsread.Env || v.Kind == jsread.Either) {
				return true // a parameter, a loop's variable, a prefix that is put together
			}
			if !ok && ImportedAs(p, m, head) == nil && !importsName(m, head) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

func importsName(m *modules.Module, name string) bool {
	for _, i := range m.Imports {
		if _, ok := i.Names[name]; ok {
			return true
		}
	}
	return false
}

// prefixUnread reports an option that is called a prefix and whose text isn't known.
func prefixUnread(p *picture.Reader, m *modules.Module, c *jsread.Call) bool {
	for _, a := range c.Args {
		for i, k := range a.Keys() {
			if !affix.Contains(strings.ToLower(k), "prefix") || a.Kind != jsread.Object {
				continue
			}
			if _, ok := p.TextOf(modules.View{M: m, At: c.Scope, E: a.Parts[i]}); !ok {
				return true
			}
		}
	}
	return false
}
