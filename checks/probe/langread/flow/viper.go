package flow

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/syntax"
)

// Rules of this file:
//   - a struct that viper fills is a picture of the configuration file: a field's path is its tag, after those of the structs around it
//   - where viper also reads the environment, that comes before the file

// unmarshalled reads a field of a struct of Go's that viper.Unmarshal fills.
func unmarshalled(pr *Program, w *Write, f Frame) ([]Source, bool) {
	if pr.Lang != syntax.Go || w.How != WField || w.Class == nil || w.X != nil || len(pr.Calls["Unmarshal"]) == 0 {
		return nil, false
	}
	path := fieldPath(pr, w, 0)
	if path == "" {
		return nil, false
	}
	list, ok := pr.Config.Property(w.Fn.Unit.Path, path)
	if !ok {
		list = nil // no file has it
	}
	if len(pr.Calls["AutomaticEnv"]) > 0 || !ok {
		list = append([]Source{{Kind: FromEnv, Name: strings.ToUpper(affix.ReplaceAll(path, ".", "_"))}}, list...)
	}
	return list, true
}

// fieldPath is the path of a field in the file; "" where a struct around it is
// used in more places than one, or viper fills none of them.
func fieldPath(pr *Program, w *Write, depth int) string {
	name := join(w.within, tagOf(w.Tag, w.Name))
	switch {
	case depth > 4:
		return ""
	case filled(pr, w.Class.Name):
		return name
	}
	outer := ""
	for _, ws := range pr.Writes {
		for _, o := range ws {
			if o.How != WField || o.Class == nil || o.Class == w.Class || syntax.LastPart(strings.TrimLeft(o.Typ, "*[]")) != w.Class.Name {
				continue
			}
			p := fieldPath(pr, o, depth+1)
			if _, options, _ := affix.Cut(TagValue(o.Tag, "mapstructure"), ","); affix.Contains(options, "squash") && filled(pr, o.Class.Name) {
				return name
			}
			if p == "" || outer != "" && outer != p {
				return ""
			}
			outer = p
		}
	}
	if outer == "" {
		return ""
	}
	return outer + "." + name
}

// tagOf is the name that viper knows a field by.
func tagOf(tag, name string) string {
	if t, _, _ := affix.Cut(TagValue(tag, "mapstructure"), ","); t != "" && t != "-" {
		return t
	}
	return name
}

// insideOf is the path of the fields of a struct without a name: that of the
// field that holds it, which one that is squashed doesn't add to.
func insideOf(s *syntax.Stmt) string {
	outer := ""
	if s.Around != nil {
		outer = insideOf(s.Around)
	}
	if _, options, _ := affix.Cut(TagValue(s.Tag, "mapstructure"), ","); affix.Contains(options, "squash") {
		return outer
	}
	return join(outer, tagOf(s.Tag, s.Name))
}

func join(outer, name string) string {
	if outer == "" {
		return name
	}
	return outer + "." + name
}

// filled reports whether viper.Unmarshal gets a struct of a type.
func filled(pr *Program, typ string) bool {
	for _, c := range pr.Calls["Unmarshal"] {
		if !affix.Contains(strings.ToLower(CalleePath(c.N.X)), "viper") && !madeBy(pr, CalleePath(c.N.X.X), Frame{Fn: c.Fn}, "New") || len(c.N.Args) == 0 {
			continue
		}
		held := false
		c.N.Args[0].X.EachOutside(func(x *syntax.Node) {
			if x.Kind != syntax.KName {
				return
			}
			for _, w := range append(pr.WritesIn(x.Text, c.Fn), pr.TopWrites(x.Text, c.Fn.Unit)...) {
				held = held || syntax.LastPart(strings.TrimLeft(w.Typ, "*")) == typ
				w.X.EachOutside(func(y *syntax.Node) {
					held = held || (y.Kind == syntax.KName || y.Kind == syntax.KMember) && y.Text == typ
				})
			}
		})
		if held {
			return true
		}
	}
	return false
}
