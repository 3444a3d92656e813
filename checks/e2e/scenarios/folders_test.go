package scenarios

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"badsig/checks/e2e/records"
	"badsig/checks/facts"
	"badsig/checks/probe"
)

// commentFor is a comment full of code, to be put at the end of a file; "" where the language isn't known.
func commentFor(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs", ".cjs", ".ts", ".mts", ".jsx", ".tsx":
		return "\n/* " + disabled + " */\n// " + strings.Join(strings.Fields(disabled), " ") + "\n"
	case ".html":
		return "\n<!-- <meta name=\"stream-api-key\" content=\"zzzzzzzzzzzz\"> <script>" + disabled + "</script> -->\n"
	case ".py", ".rb":
		return "\n# app.run(port=9999) @app.post('/other/token') load_dotenv('other.env')\n"
	case ".go", ".java", ".kt", ".cs", ".php", ".swift", ".dart":
		return "\n// http.HandleFunc(\"/other/token\", x); http.ListenAndServe(\":9999\", nil); import io.getstream.chat.android; import Vapor\n"
	}
	return ""
}

// disabled is code of every kind that badsig reads, to be put into a comment.
const disabled = `app.use(express.json()); app.listen(9999); app.post('/other/token', x); router.get('/other', x); req.body.x; req.json(); JSON.parse(text);
	window.fetch = other; function fetch() {}; fetch('/other/token'); axios.interceptors.request.use(addHeaders); axios.defaults.headers = x; axios.create({ baseURL: 'http://localhost:9999', headers });
	require('dotenv').config({ path: 'other.env' }); ConfigModule.forRoot({ envFilePath: 'other.env', ignoreEnvFile: true }); process.env = {}; Object.assign(process.env, x); process.env[name]; parseEnv();
	document.cookie; window.location; localStorage.token; module.exports = x; process.argv; define: { 'process.env': env }; env: { ...process.env }; publicRuntimeConfig; 'use client'; "use server";
	rewrites: [{ source: '/api/:path*', destination: 'http://localhost:9999/:path*' }], proxy: { '/api': 'http://localhost:9999' }; data.otherToken; const { oldToken } = await r.json(); token.trim(); HS256 user_id`

// What is read of a scenario's folder is what the live run read of it, and a comment at the end of every source
// changes nothing that is read.
func TestFoldersReadAgain(t *testing.T) {
	seen, all := map[string]bool{}, &folders{free: map[string][]*folder{}}
	var mu sync.Mutex
	replay(t, func(rec records.Record, s Scenario) string {
		mu.Lock()
		done := seen[rec.Scenario] || rec.Edited
		seen[rec.Scenario] = true
		mu.Unlock()
		if done {
			return ""
		}
		in := all.take(t, s.Layout.Name)
		defer all.give(in)
		dir := in.root
		l := &Live{Scenario: s, Vars: newVars(s.Name, s.Letters), Root: dir, Dir: filepath.Join(dir, "project")}
		for p, v := range rec.Ports {
			l.Vars[p] = v
		}
		lay := s.Layout.clone()
		l.Vars["PATH"], l.Vars["DIR"], l.Vars["ROOT"] = lay.Path, l.Dir, dir
		for _, edit := range s.Edits {
			if err := edit(lay, lay.Files); err != nil {
				return err.Error()
			}
		}
		if strings.Contains(fmt.Sprint(lay.Files), "{{DIR}}") || strings.Contains(fmt.Sprint(lay.Files), "{{ROOT}}") {
			return "" // the text differs with the folder
		}
		then, err := rec.Seen()
		if err != nil {
			return err.Error()
		}
		read := func() string {
			return folderDiffers(then, probe.Look(context.Background(), facts.Target{Dir: l.Dir, Offline: true}, facts.NameProject).Snapshot())
		}
		write := func(comments bool) error {
			files := map[string]string{}
			for name, src := range lay.Files {
				if comments {
					src += commentFor(name)
				}
				files[name] = l.Vars.fill(src)
			}
			return in.become(files)
		}
		if err := write(true); err != nil {
			return err.Error()
		}
		withComments := read()
		if withComments == "" && os.Getenv("BADSIG_E2E") == "" {
			return "" // once is enough where the comments change nothing
		}
		if err := write(false); err != nil {
			return err.Error()
		}
		if wrong := read(); wrong != "" {
			return wrong
		}
		if withComments != "" {
			return "with comments: " + withComments
		}
		return ""
	})
}

// folder is a project's folder that one scenario after another is written into.
type folder struct {
	layout, root string
	has          map[string]string // what is in its files
}

// folders are those that no scenario uses at the moment, by layout: the next one of a layout has most of its files.
type folders struct {
	sync.Mutex
	free map[string][]*folder
}

func (all *folders) take(t *testing.T, layout string) *folder {
	all.Lock()
	defer all.Unlock()
	if free := all.free[layout]; len(free) > 0 {
		all.free[layout] = free[1:]
		return free[0]
	}
	return &folder{layout: layout, root: t.TempDir(), has: map[string]string{}}
}

func (all *folders) give(f *folder) {
	all.Lock()
	defer all.Unlock()
	all.free[f.layout] = append(all.free[f.layout], f)
}

// become makes the folder hold these files, and no other.
func (f *folder) become(files map[string]string) error {
	at := func(name string) string { return filepath.Join(f.root, "project", filepath.FromSlash(name)) }
	for name := range f.has {
		if _, stays := files[name]; !stays {
			if err := os.Remove(at(name)); err != nil {
				return err
			}
			delete(f.has, name)
			for dir := path.Dir(name); dir != "." && os.Remove(at(dir)) == nil; { // while it's empty
				dir = path.Dir(dir)
			}
		}
	}
	for name, text := range files {
		has, there := f.has[name]
		if there && has == text {
			continue
		}
		if !there {
			if err := os.MkdirAll(filepath.Dir(at(name)), 0o755); err != nil {
				return err
			}
		}
		if err := os.WriteFile(at(name), []byte(text), 0o644); err != nil {
			return err
		}
		f.has[name] = text
	}
	return nil
}

// folderDiffers says in what two readings of one folder differ.
func folderDiffers(then, now *facts.Facts) string {
	if then.Project == nil || now.Project == nil {
		if (then.Project == nil) != (now.Project == nil) {
			return "one of them read nothing"
		}
		return ""
	}
	var out []string
	a, b := then.Project, now.Project
	// Project.Servers is completed by later probes, so that only what identifies one is compared.
	for _, part := range []struct {
		name      string
		then, now any
	}{
		{"env files", envNames(a), envNames(b)},
		{"servers", serverNames(a), serverNames(b)},
		{"signing sites", siteNames(a), siteNames(b)},
		{"fetches", a.Fetches, b.Fetches},
		{"origins", a.Origins, b.Origins},
	} {
		x, y := plainJSON(part.then), plainJSON(part.now)
		if !reflect.DeepEqual(x, y) {
			out = append(out, fmt.Sprintf("%s: live %s, now %s", part.name, x, y))
		}
	}
	return strings.Join(out, "; ")
}

func envNames(p *facts.Project) (out []string) {
	for _, e := range p.EnvFiles {
		out = append(out, fmt.Sprintf("%s %s %v", e.File, e.Role, e.Names))
	}
	return out
}

func serverNames(p *facts.Project) (out []string) {
	for _, s := range p.Servers {
		out = append(out, fmt.Sprintf("%s:%d %s %v", s.File, s.Line, s.Start, s.Ports))
	}
	return out
}

// siteNames are the signing sites. A literal's index depends on what else was found before it.
func siteNames(p *facts.Project) []facts.Site {
	sites := slices.Clone(p.Sites)
	for i := range sites {
		for _, way := range []*[]facts.Link{&sites[i].Secret, &sites[i].Key} {
			*way = slices.Clone(*way)
			for k := range *way {
				(*way)[k].Value = min((*way)[k].Value, 0)
			}
		}
	}
	return sites
}

func plainJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
