package modules

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/names"
)

// Rules of this file:
//   - a member that an object does not have is undefined, unless something is spread into it that is not known
//   - a member of a choice is the choice of the members

// member follows a path into a value; line is where it is looked for.
func (g *Graph) member(v View, rest string, line, depth int) (View, bool) {
	for depth > 0 && g.Step() {
		depth--
		if rest == "" {
			return v, true
		}
		name, behind, _ := affix.Cut(rest, ".")
		switch e := v.E; e.Kind {
		case jsread.Ident:
			if IsUndefined(e) {
				return v, true
			}
			return g.named(v.name(joinPath(e.Text, rest), cmp.Or(line, e.Line)), depth)
		case jsread.Wrapped:
			if len(e.Parts) == 0 {
				return v, false
			}
			if inner, ok := affix.CutPrefix(e.Text, "."); ok {
				rest = joinPath(inner, rest)
			} else if e.Text == "JSON.parse" {
				if v = textOf(g, v.Of(&e.Parts[0]), depth); v.E.Kind != jsread.CallExpr {
					return v, false
				}
				return setting(g, v, rest, line, depth)
			} else if !passesOn(e.Text) {
				return v, false
			}
			v = v.Of(&e.Parts[0])
		case jsread.Object:
			next, ok := field(g, v, name, rest, line, depth)
			if !ok || IsUndefined(next.E) || next.done {
				return next.View, ok
			}
			v, rest = next.View, behind
		case jsread.Array:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(e.Parts) || e.Parts[i].Text == "..." {
				return v, false
			}
			v, rest = v.Of(&e.Parts[i]), behind
		case jsread.Func:
			if c := classOf(v); c != nil {
				return classMember(g, v, c, rest, line, depth)
			}
			next, ok := g.once(v, depth) // a getter
			if !ok {
				return v, false
			}
			v = next
		case jsread.CallExpr:
			if w, ok := setting(g, v, rest, line, depth); ok {
				return w, true
			}
			next, ok := built(g, v, depth)
			if !ok {
				next, ok = given(g, v, depth)
			}
			if !ok {
				return v, false
			}
			v = next
		case jsread.Either:
			var parts []View
			for _, x := range v.Choices() {
				if e.Text == "??" || e.Text == "||" {
					if first, _ := g.settle(x, depth); IsUndefined(first.E) {
						continue
					}
				}
				parts = append(parts, x.Of(&jsread.Expr{Kind: jsread.Wrapped, Text: "." + rest, Parts: []jsread.Expr{x.E}, Line: cmp.Or(line, e.Line)}))
			}
			if len(parts) == 0 {
				return v.name("undefined", e.Line), true
			}
			return choice(e.Text, parts...), true
		case jsread.Other:
			if e.Param() != nil {
				if a, ok := g.once(v, depth); ok {
					v = a
					continue
				}
				q := *e.Param()
				q.Key = joinPath(q.Key, rest)
				if e.Param().Key == "" {
					q.Key = rest
				}
				return v.Of(&jsread.Expr{Kind: jsread.Other, Line: e.Line, Rest: &jsread.Rest{Param: &q}}), true
			}
			next, ok := g.once(v, depth)
			if !ok {
				return v, false
			}
			v = next
		default:
			return v, false
		}
	}
	return v, false
}

// textOf follows a text to the call that reads it: const text = readFileSync('config.json').toString()
func textOf(g *Graph, v View, depth int) View {
	for range 6 {
		if e := v.E; e.Kind == jsread.Wrapped && len(e.Parts) > 0 && (e.Text == "toString" || e.Text == "trim" || passesOn(e.Text)) {
			v = v.Of(&e.Parts[0])
		} else if next, ok := g.once(v, depth); ok && e.Kind == jsread.Ident {
			v = next
		}
	}
	return v
}

// fieldView is one field of an object; done tells that the rest of the path was followed, too.
type fieldView struct {
	View
	done bool
}

// field finds a member in an object: the last one wins, and what is spread after it.
func field(g *Graph, v View, name, rest string, line, depth int) (fieldView, bool) {
	e, open := v.E, false
	for i := len(e.Keys()) - 1; i >= 0; i-- {
		switch e.Keys()[i] {
		case name:
			w := v.Of(&e.Parts[i])
			w.Assumed = w.Assumed || open
			return fieldView{w, false}, true
		case "", "[]":
			w, ok := g.member(v.Of(&e.Parts[i]), rest, line, depth)
			if ok {
				w, ok = g.settle(w, depth)
			}
			if ok && !IsUndefined(w.E) {
				return fieldView{w, true}, true
			}
			open = open || !ok
		}
	}
	return fieldView{v.name("undefined", e.Line), true}, !open && !v.grows()
}

// fills are calls that put members into what they are given.
var fills = names.Words("assign", "merge", "extend", "defaults", "defineProperty", "defineProperties", "populate")

// grows tells an object that its module puts more into than can be told: config[name] = value, Object.assign(config, …).
func (v View) grows() bool {
	if len(v.Via) == 0 {
		return false
	}
	m, name := v.Via[len(v.Via)-1].Mod, v.Via[len(v.Via)-1].Name
	if name, _, _ = affix.Cut(name, "."); name == "default" {
		name = "module.exports"
	}
	for _, f := range m.Assigned {
		if f.Name == "[]" && (f.Object == name || affix.HasPrefix(f.Object, name+".")) {
			return true
		}
	}
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for _, c := range list {
			if fills[facts.LastName(c.Callee)] && len(c.Args) > 1 && c.Args[0].Kind == jsread.Ident && c.Args[0].Text == name {
				return true
			}
		}
	}
	return false
}

// setting is a member of what a call gives that means the environment, or
// for a file of settings.
func setting(g *Graph, v View, rest string, line, depth int) (View, bool) {
	e, m := v.E, v.M
	name, behind, _ := affix.Cut(rest, ".")
	if n := facts.LastName(e.Text); (n == "safeParse" || n == "validate" || n == "safeParseAsync") && (name == "data" || name == "value" || name == "output") {
		name, _, _ = affix.Cut(behind, ".") // what was checked
	}
	switch {
	case e.Text == "useLoaderData":
		return loaderData(g, v, rest, line, depth)
	case facts.LastName(e.Text) == "useRuntimeConfig":
		return nuxtSetting(g, v, rest, max(line, e.Line))
	case e.Text == "useNuxtApp":
		return nuxtProvided(g, v, affix.TrimPrefix(name, "$"), behind, line)
	case e.Text == "functions.config" && len(e.Parts) == 0: // Firebase: set with firebase functions:config:set, and a file for the emulator
		if t := g.Module(path.Join(m.Pkg.Dir, ".runtimeconfig.json")); t != nil {
			return exportIn(g, t, "default", rest, line, depth)
		}
		return v, false
	case isUpperName(name) && overEnvironment(e, 6): // a schema over the environment hands the variable through under its own name
		w := v.via(Stop{Place: Place{m, e.Line}, Top: true})
		w = w.Of(&jsread.Expr{Kind: jsread.Env, Text: name, Line: max(line, e.Line)})
		if x, ok := runtimeEnv(e, name); ok {
			w = w.Of(&x)
		}
		if field, ok := schemaField(g, m, v.At, e, name, 8); ok {
			if d, ok := defaultOf(field, 8); ok {
				d.Line = cmp.Or(d.Line, field.Line)
				return choice("??", w, v.Of(&d)), true
			}
		}
		return w, true
	}
	for _, rel := range readPaths(g, m, v.At, e) { // JSON.parse(fs.readFileSync('config.json'))
		if t := g.Module(rel); t != nil && affix.HasSuffix(rel, ".json") {
			return exportIn(g, t, "default", rest, line, depth)
		}
	}
	return v, false
}

// runtimeEnv is what createEnv({ runtimeEnv: { NAME: process.env.OTHER } }) hands through under a name (env.t3.gg/docs/customization).
func runtimeEnv(e jsread.Expr, name string) (jsread.Expr, bool) {
	for _, x := range e.Parts {
		for i, key := range x.Keys() {
			if affix.Contains(strings.ToLower(key), "runtimeenv") {
				if k := slices.Index(x.Parts[i].Keys(), name); k >= 0 {
					return x.Parts[i].Parts[k], true
				}
			}
		}
	}
	return jsread.Expr{}, false
}
