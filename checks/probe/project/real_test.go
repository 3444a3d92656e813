package project

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/internal/eventually"
	"badsig/checks/internal/nodetest"
	"badsig/checks/internal/projecttest"
	"badsig/checks/probe/vault"
	"badsig/tokens"
)

var listenPort = regexp.MustCompile(`listen\((?:process\.env\.PORT \|\| )?[\w.]+`)

// realCases are the projects that Node runs as they are; entry and folder say
// how, extra is their environment.
var realCases = []struct {
	name, entry, dir string
	extra            []string
	unsure           bool   // the way is not followed to its end
	signed           string // S1, S2, "?" for a string that is none of them, "" for no token
	long             bool   // the long run starts it: how it comes by its secret, another one shows too
}{
	{"mission's layout", "index.js", "server", nil, false, "S1*", false},
	{"commonjs, loaded first, secret kept in a const", "index.js", "server", nil, false, "S1", true},
	{"commonjs, loaded too late", "index.js", "server", nil, false, "", false},
	{"es module, imports run before dotenv.config()", "index.js", "server", nil, false, "", false},
	{"es module, read when used: the order does not matter", "index.js", "server", nil, false, "S1", false},
	{"es module, dotenv/config imported after the reader", "index.js", "server", nil, false, "", true},
	{"es module, env module imported first", "index.js", "server", nil, false, "S1", true},
	{"started from another folder", "server/index.js", "", nil, false, "", true},
	{"the shell's value wins", "index.js", "server", []string{"STREAM_API_SECRET=$S2"}, false, "S2", false},
	{"override: the file wins over the shell", "index.js", "server", []string{"STREAM_API_SECRET=$S2"}, false, "S1", false},
	{"path beside the module", "apps/api/index.js", "", nil, false, "S1", true},
	{"path by import.meta.url", "server/src/index.js", "", nil, false, "S1", true},
	{"fallback literal", "index.js", "server", nil, false, "?", true},
	{"two names, the first wins", "index.js", "server", nil, false, "S2", true},
	{"literal wins over a right file", "index.js", "server", nil, false, "S2", true},
	{"config module with an object", "index.js", "server", nil, false, "S1", true},
	{"class with a constructor", "index.js", "server", nil, false, "S1", true},
	{"factory that receives the secret", "index.js", "server", nil, true, "S1", true},
	{"jose with an encoder", "index.js", "server", nil, false, "S1", true},
	{"duplicate lines and comments", "index.js", "server", nil, false, "S1", true},
	{"env file in UTF-16", "index.js", "server", nil, false, "", false},
	{"bare http server", "app.js", "", nil, false, "S1", true},
	{"a session secret beside Stream's", "index.js", "", nil, false, "S1", true},
}

// TestAgainstRealServers starts the projects with Node, requests a token
// and compares what signed it with what was resolved from the files.
func TestAgainstRealServers(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many servers")
	}
	nodetest.Packages(t)
	all := append(append([]projectCase{}, serverCases...), frontCases...)
	for _, r := range realCases {
		if r.long && os.Getenv("BADSIG_E2E") == "" {
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			var c *projectCase
			for i := range all {
				if all[i].name == r.name {
					c = &all[i]
				}
			}
			if c == nil {
				t.Fatal("no such case")
			}
			port := eventually.FreePort(t)
			files := map[string]string{}
			for name, text := range c.files {
				if strings.HasSuffix(name, ".js") {
					text = listenPort.ReplaceAllString(text, fmt.Sprintf("listen(%d", port))
					if strings.Contains(text, "require('express')()") { // the fixtures leave the body parser out
						text = strings.Replace(text, "app.post(", "app.use(require('express').json())\napp.post(", 1)
					} else if strings.Contains(text, "const app = express()\n") {
						text = strings.Replace(text, "const app = express()\n", "const app = express()\napp.use(express.json())\n", 1)
					}
				}
				files[name] = text
			}
			dir := projecttest.Write(t, files)
			jws := tokenOf(t, filepath.Join(dir, r.dir), r.entry, r.extra, port, files)
			w := vault.New(facts.Target{Dir: dir})
			p, err := Read(context.Background(), w)
			if err != nil {
				t.Fatal(err)
			}
			l := facts.Listener{Port: port, PID: 4711, Dir: r.dir, Inside: true, InsideKnown: true, EnvKnown: true, Command: []string{"node", r.entry}}
			if l.Dir == "" {
				l.Dir = "."
			}
			w.Update(func(f *facts.Facts) {
				f.Process = &facts.Listeners{Port: port, Known: true, Listeners: []facts.Listener{l}}
			})
			for _, e := range r.extra {
				name, value, _ := strings.Cut(projecttest.FillText(e), "=")
				w.AddValue(facts.Value{What: facts.WhatSecret, Name: name, Kind: facts.KindProcess, Role: facts.RoleServer, PID: l.PID, Pair: -1}, []byte(value))
			}
			if err := Resolve(w, p); err != nil {
				t.Fatal(err)
			}
			s := w.Snapshot().Server
			got := ""
			if s.Secret >= 0 {
				got = known(w, s.Secret)
			}
			if got != r.signed || !s.SecretKnown && !r.unsure {
				t.Errorf("resolved to %q (known %v), want %q", got, s.SecretKnown, r.signed)
			}
			switch {
			case r.signed == "" && jws != "":
				t.Error("the real server issues a token all the same")
			case r.signed != "" && jws == "":
				t.Error("the real server issues no token")
			case jws != "":
				sig := tokens.FindSigner(context.Background(), tokens.Parse(jws), []tokens.Candidate{{ID: s.Secret, Secret: w.Secret(s.Secret)}})
				if len(sig.Hits) == 0 || len(sig.Hits[0].Damages) > 0 {
					t.Errorf("the real server's token is not signed with what was resolved: %+v", sig.Hits)
				}
			}
		})
	}
}

// tokenOf starts a server, requests its route and gives the token, "" for none. It
// requests first the routes that the source writes out: a bare server leaves other requests open.
func tokenOf(t *testing.T, dir, entry string, extra []string, port int, files map[string]string) string {
	t.Helper()
	var words []string
	for _, e := range extra {
		words = append(words, projecttest.FillText(e))
	}
	nodetest.Start(t, dir, nil, append(words, "node", entry)...).Listens(t, port)
	client := &http.Client{Timeout: eventually.Long}
	base := fmt.Sprintf("http://127.0.0.1:%d", port)
	paths := []string{"/api/stream/token", "/stream/token", "/token", "/api/token", "/login"}
	sort.SliceStable(paths, func(i, j int) bool { return written(files, paths[i]) && !written(files, paths[j]) })
	for _, p := range paths {
		for _, method := range []string{"POST", "GET"} {
			if method == "GET" {
				p += "?id=a&user_id=a"
			}
			req, _ := http.NewRequest(method, base+p, strings.NewReader(`{"userId":"a"}`))
			req.Header.Set("Content-Type", "application/json")
			resp, err := client.Do(req)
			if err != nil {
				continue
			}
			body, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
			resp.Body.Close()
			var j map[string]any
			if json.Unmarshal(body, &j) != nil {
				continue
			}
			for _, n := range []string{"streamToken", "token"} {
				if s, ok := j[n].(string); ok && strings.Count(s, ".") == 2 {
					return s
				}
			}
		}
	}
	return ""
}

// written reports whether a file has a path as a whole.
func written(files map[string]string, path string) bool {
	for _, text := range files {
		if strings.Contains(text, "'"+path+"'") {
			return true
		}
	}
	return false
}
