package flow

import (
	"path"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/syntax"
)

// settings are the assignments of a name in Django's settings: in the module
// that the project names, and those that it imports everything from, else in those
// that are called settings.
func settings(pr *Program, name string) []*Write {
	units := settingsUnits(pr)
	var out []*Write
	for _, w := range pr.Writes[name] {
		if w.Fn.Parent != nil || w.Class != nil || w.How != WName {
			continue
		}
		base, dir := affix.TrimSuffix(affix.Base(w.Fn.Unit.Path), ".py"), affix.Base(path.Dir(w.Fn.Unit.Path))
		switch {
		case units != nil:
			if !units[w.Fn.Unit] {
				continue
			}
		case base == "settings" || dir == "settings" && base != "production" && base != "prod" && base != "staging" && base != "test" || affix.HasPrefix(base, "settings_"):
		default:
			continue
		}
		out = append(out, w)
	}
	return out
}

// settingsUnits are the files of Django's settings, as DJANGO_SETTINGS_MODULE
// names them; nil where it names none that is there.
func settingsUnits(pr *Program) map[*syntax.Unit]bool {
	if pr.settingsOf != nil {
		return *pr.settingsOf
	}
	var out map[*syntax.Unit]bool
	add := func(module string) {
		for _, u := range pr.Units {
			at := affix.TrimSuffix(affix.TrimSuffix(u.Path, ".py"), "/__init__")
			if want := affix.ReplaceAll(module, ".", "/"); at == want || affix.HasSuffix(at, "/"+want) {
				if out == nil {
					out = map[*syntax.Unit]bool{}
				}
				out[u] = true
			}
		}
	}
	for _, c := range pr.Calls["setdefault"] {
		if LiteralArg(c.N, 0) == "DJANGO_SETTINGS_MODULE" && !otherEnvironment(LiteralArg(c.N, 1)) {
			add(LiteralArg(c.N, 1))
		}
	}
	for range 3 { // from .base import *
		for u := range out {
			if m := u.From["*"]; m != "" {
				for _, v := range pr.Units {
					if v != u && IsModule(v.Path, m) && path.Dir(v.Path) == path.Dir(u.Path) {
						out[v] = true
					}
				}
			}
		}
	}
	pr.settingsOf = &out
	return out
}

// otherEnvironment tells settings in which no one develops.
func otherEnvironment(module string) bool {
	low := strings.ToLower(syntax.LastPart(module))
	return affix.Contains(low, "prod") || affix.Contains(low, "staging") || affix.Contains(low, "test")
}

// ofModule are the assignments of a name at the top of a module.
func ofModule(pr *Program, name, module string) []*Write {
	var out []*Write
	for _, w := range pr.Writes[name] {
		if w.How != WName || w.Fn.Parent != nil || w.Class != nil {
			continue
		}
		if pr.Lang == syntax.Go && affix.HasSuffix(module, "/"+affix.Base(path.Dir(w.Fn.Unit.Path))) || pr.Lang == syntax.Python && IsModule(w.Fn.Unit.Path, module) {
			out = append(out, w)
		}
	}
	return out
}
