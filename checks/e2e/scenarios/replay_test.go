package scenarios

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"badsig/checks"
	"badsig/checks/e2e/records"
	"badsig/checks/facts"
	"badsig/checks/probe"
)

// Garbage is collected less often than in the program: a sixth of the tests' work less.
var _ = debug.SetGCPercent(300)

var recordedOnce = sync.OnceValues(func() ([]records.Record, error) { return records.Read(recordFile) })

// replay runs f on every record, on all processors.
func replay(t *testing.T, f func(rec records.Record, s Scenario) string) {
	t.Helper()
	recorded, err := recordedOnce()
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]Scenario{}
	for _, s := range All() {
		byName[s.Name] = s
	}
	work := make(chan records.Record)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for rec := range work {
				s, ok := byName[rec.Scenario]
				if !ok {
					t.Errorf("%s is recorded, and no scenario any more: %s", rec.Scenario, again)
					continue
				}
				if wrong := f(rec, s); wrong != "" {
					t.Errorf("%s, %s: %s", rec.Scenario, rec.Mode, wrong)
				}
			}
		})
	}
	every := 1
	if testing.Short() {
		every = 7
		t.Log("-short: one record in seven")
	}
	for i, rec := range recorded {
		if i%every == 0 {
			work <- rec
		}
	}
	close(work)
	wg.Wait()
}

const again = "record again: BADSIG_E2E=1 BADSIG_RECORD=1 go test -timeout 30m ./checks/e2e/scenarios"

// judgedAgain is what a record's facts are judged to be, for all tests that look at it.
func judgedAgain(rec records.Record) (*checks.Report, error) {
	key := rec.Scenario + "\x00" + rec.Mode
	if r, ok := verdicts.Load(key); ok {
		return r.(*checks.Report), nil
	}
	r, err := records.JudgeAgain(rec.Facts)
	if err == nil {
		verdicts.Store(key, r)
	}
	return r, err
}

var verdicts sync.Map

// What every scenario's facts are judged to be: the cause that it wants first, and all that the live run said.
func TestReplay(t *testing.T) {
	known := knownWrong(t)
	replay(t, func(rec records.Record, s Scenario) string {
		r, err := judgedAgain(rec)
		if err != nil {
			return err.Error()
		}
		now := records.Saying(r)
		var wrong []string
		if d := rec.Said.Differs(now); d != "" {
			wrong = append(wrong, "live it said "+d+"; if that is meant, "+again)
		}
		if known[s.Name] {
			return strings.Join(wrong, "; ")
		}
		w := s.want(Mode(rec.Mode))
		first := ""
		if len(now.Causes) > 0 {
			first, _, _ = strings.Cut(now.Causes[0], " ")
		}
		if w.First != "" && !slices.Contains(slices.Concat([]string{w.First}, w.Or, w.Then), first) {
			wrong = append(wrong, fmt.Sprintf("first is %q, want %s", first, w.First))
		}
		if !slices.Contains(w.Exit, now.Exit) {
			wrong = append(wrong, fmt.Sprintf("exit %d, want %d", now.Exit, w.Exit))
		}
		return strings.Join(wrong, "; ")
	})
}

// Every scenario was recorded in each of its modes.
func TestEveryScenarioIsRecorded(t *testing.T) {
	recorded, err := recordedOnce()
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, rec := range recorded {
		have[rec.Scenario+"\x00"+rec.Mode] = true
	}
	for _, s := range All() {
		for _, m := range s.modes() {
			if !have[s.Name+"\x00"+string(m)] {
				t.Errorf("%s, %s isn't recorded: %s", s.Name, m, again)
			}
		}
	}
}

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
	seen := map[string]bool{}
	var mu sync.Mutex
	replay(t, func(rec records.Record, s Scenario) string {
		mu.Lock()
		done := seen[rec.Scenario] || rec.Edited
		seen[rec.Scenario] = true
		mu.Unlock()
		if done {
			return ""
		}
		dir := t.TempDir()
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
		l.files = maps.Clone(lay.Files)
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
			for name, src := range lay.Files {
				if l.files[name] = src; comments {
					l.files[name] += commentFor(name)
				}
				if err := l.write(name); err != nil {
					return err
				}
			}
			return nil
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

// live skips a test that starts real backends, where it wasn't wanted.
func live(t *testing.T) {
	t.Helper()
	if os.Getenv("BADSIG_E2E") == "" {
		t.Skip("live suite: BADSIG_E2E=1 go test -timeout 30m ./checks/e2e/...")
	}
}
