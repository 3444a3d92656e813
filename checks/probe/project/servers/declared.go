package servers

import (
	"path"
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// Rules of this file, about routes that name their handler by a string: serverless.yml, SAM's template, Strapi's and
// Adonis' tables:
//   - a stage or a prefix that isn't written out makes all of them unknown
//   - the local server listens on its tool's port, or on the one that the same files name

// declaredRoutes lists them, and files the port.
func declaredRoutes(p *picture.Reader, s *picture.Server) (out []picture.RouteAt) {
	if s.Frame != "serverless" {
		return nil
	}
	open := false
	add := func(port int, style, method, route, file, export, at string, line int) {
		open = open || affix.Contains(route+method, "$")
		method = strings.ToUpper(method)
		if method == "*" || method == "" {
			method = "ANY"
		}
		r := picture.RouteAt{Route: facts.Route{Method: method, Path: path.Join("/", route), File: at, Line: line}, Export: export, Style: style}
		for _, m := range s.Mods {
			if affix.TrimSuffix(m.Rel, affix.Ext(m.Rel)) == path.Clean(file) {
				r.Mod = m
			}
		}
		out, s.Local = append(out, r), facts.Port{Port: port, File: at, Line: line}
	}
	for _, name := range []string{"serverless.yml", "serverless.yaml", "template.yaml", "template.yml", "../template.yaml", "../template.yml"} {
		rel := path.Join(s.Dir, name)
		dir := path.Dir(rel)
		l, ok := modules.TextFile(p.Graph, rel)
		if !ok || len(out) > 0 || affix.HasPrefix(rel, "..") {
			continue
		}
		list, err := confread.YAML([]byte(l.Text))
		if err != nil {
			continue
		}
		get := map[string]string{}
		for _, e := range list {
			get[e.Path()] = e.Value
		}
		port, _ := strconv.Atoi(facts.First(get["custom.serverless-offline.httpPort"], "3000"))
		stage := facts.First(get["provider.stage"], "dev")
		for _, e := range list {
			k := e.Keys
			switch {
			case len(k) > 4 && k[0] == "functions" && k[2] == "events" && (k[4] == "http" || k[4] == "httpApi") && (len(k) == 5 || k[len(k)-1] == "path"):
				file, export := path.Split(affix.ReplaceAll(get["functions."+k[1]+".handler"], ".", "/"))
				method, route, both := affix.Cut(e.Value, " ")
				if len(k) > 5 || !both {
					method, route = get[affix.TrimSuffix(e.Path(), "path")+"method"], e.Value
				}
				if k[4] == "http" && get["custom.serverless-offline.noPrependStageInUrl"] != "true" {
					route = stage + "/" + affix.TrimPrefix(route, "/")
				}
				add(port, "web", method, route, path.Join(dir, file), export, rel, e.Line)
			case len(k) > 5 && k[0] == "Resources" && k[3] == "Events" && k[len(k)-1] == "Path":
				of := "Resources." + k[1] + ".Properties."
				file, export := path.Split(affix.ReplaceAll(get[of+"Handler"], ".", "/"))
				add(3000, "web", get[affix.TrimSuffix(e.Path(), "Path")+"Method"], e.Value, path.Join(dir, get[of+"CodeUri"], file), export, rel, e.Line)
			}
		}
	}
	port := func(own int) int {
		if l, ok := modules.TextFile(p.Graph, path.Join(s.Dir, ".env")); ok {
			for line := range strings.Lines(l.Text) {
				if v, is := affix.CutPrefix(strings.TrimSpace(line), "PORT="); is {
					own, _ = strconv.Atoi(v)
				}
			}
		}
		return own
	}
	if s.Pkg.Dep("@adonisjs/core") {
		for _, name := range []string{"start/routes.ts", "start/routes.js"} {
			if m := p.Module(path.Join(s.Dir, name)); m != nil {
				adonisRoutes(m, func(method, route, class, export string, line int) {
					for _, c := range s.Mods {
						if base := affix.TrimSuffix(affix.Base(c.Rel), affix.Ext(c.Rel)); strings.EqualFold(affix.ReplaceAll(base, "_", ""), class) {
							add(port(3333), "adonis", method, route, affix.TrimSuffix(c.Rel, affix.Ext(c.Rel)), export, m.Rel, line)
						}
					}
				})
			}
		}
	}
	if s.Pkg.Dep("@strapi/strapi") {
		for _, c := range s.Mods {
			dir, base := path.Split(c.Rel)
			if affix.Base(dir) != "controllers" {
				continue
			}
			routes := path.Join(path.Dir(path.Clean(dir)), "routes")
			for _, name := range p.Tree.Code[routes] {
				m := p.Module(path.Join(routes, name))
				if m == nil {
					continue
				}
				var row [3]string
				ws := m.Words()
				for i := range ws {
					for k, key := range []string{"method", "path", "handler"} {
						if ws[i].Text == key && jsread.Follows(ws, i+1, ":") && i+2 < len(ws) && ws[i+2].String {
							row[k] = ws[i+2].Text
						}
					}
					file, export := path.Split(affix.ReplaceAll(row[2], ".", "/"))
					if ws[i].Text == "}" && row[1] != "" && affix.Base(file) == affix.TrimSuffix(base, affix.Ext(base)) {
						add(port(1337), "koa", row[0], "/api"+row[1], affix.TrimSuffix(c.Rel, affix.Ext(c.Rel)), export, m.Rel, ws[i].Line)
					}
					if ws[i].Text == "}" {
						row = [3]string{}
					}
				}
			}
		}
	}
	if open {
		s.Local = facts.Port{}
		return nil
	}
	return out
}

// adonisRoutes reads router.post('/x', [StreamController, 'token']) and Route.post('/x', 'StreamController.token'), in groups.
func adonisRoutes(m *modules.Module, add func(method, route, class, export string, line int)) {
	ws := m.Words()
	for i := range ws {
		method, is := RouteMethods[ws[i].Text]
		if !is || ws[i].String || !jsread.Follows(ws, i+1, "(") || i+6 >= len(ws) || i == 0 || ws[i-1].Text != "." || !ws[i+2].String || ws[i+3].Text != "," {
			continue
		}
		class, export, _ := affix.Cut(ws[i+4].Text, ".")
		if ws[i+4].Text == "[" && i+7 < len(ws) {
			class, export = ws[i+5].Text, ws[i+7].Text
		}
		prefix, depth := "", 0
		for k := i + 1; k < len(ws); k++ { // .prefix(…) behind the groups around it
			switch {
			case ws[k].String:
			case ws[k].Text == "(" || ws[k].Text == "{" || ws[k].Text == "[":
				depth++
			case ws[k].Text == ")" || ws[k].Text == "}" || ws[k].Text == "]":
				depth--
			}
			if depth < 0 && jsread.Follows(ws, k, ") .") {
				for j := k + 2; j+2 < len(ws) && ws[j+1].Text == "(" && ws[j+2].String; j += 5 { // .prefix('/api').use(…)
					if ws[j].Text == "prefix" {
						prefix = ws[j+2].Text + prefix
					}
				}
				depth++
			}
			if depth < 0 {
				depth = 0
			}
		}
		add(method, prefix+"/"+ws[i+2].Text, class, export, ws[i].Line)
	}
}
