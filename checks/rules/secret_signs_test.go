package rules

import (
	"slices"
	"testing"
	"time"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/internal/factstest"
	"badsig/checks/rules/signature"
	"badsig/tokens"
)

// world builds facts of one backend token for the tests of the secret's judge.
type world struct{ f *facts.Facts }

func newWorld() *world {
	return &world{&facts.Facts{
		At:      factstest.Noon,
		Target:  facts.TargetFacts{URL: facts.DefaultURL, UserID: "test123", DashboardSecret: -1},
		Project: &facts.Project{},
		Server: &facts.Server{Code: -1, Secret: -1, Key: -1, PID: 4711, Start: factstest.Noon.Add(-time.Minute),
			Changed: factstest.Noon.Add(-time.Hour), ChangedFile: "server/.env", Command: "cd server && npm run dev", SecretName: "STREAM_API_SECRET"},
		Backend: &facts.Backend{},
	}}
}

func (w *world) value(v facts.Value) int {
	v.ID = len(w.f.Values)
	if v.Length == 0 && !v.Empty {
		v.Length = 64
	}
	if v.Clean == "" {
		v.Clean = v.Fingerprint
	}
	if v.Pair == 0 {
		v.Pair = -1
	}
	w.f.Values = append(w.f.Values, v)
	return v.ID
}

// env puts a secret into server/.env, where the server reads it.
func (w *world) env(line int, fp string, more ...func(*facts.Value)) int {
	v := facts.Value{What: facts.WhatSecret, Name: "STREAM_API_SECRET", Kind: facts.KindEnvFile, Role: facts.RoleServer,
		File: "server/.env", Line: line, Fingerprint: fp, Loaded: true, Read: true, Wins: true}
	for _, m := range more {
		m(&v)
	}
	id := w.value(v)
	if w.f.Values[id].Wins {
		w.f.Server.Secret, w.f.Server.SecretKnown = id, true
	}
	return id
}

func (w *world) dashboard(fp string) int {
	id := w.value(facts.Value{What: facts.WhatSecret, Name: "API secret", Kind: facts.KindDashboard, Fingerprint: fp})
	w.f.Target.HasSecret, w.f.Target.DashboardSecret = true, id
	return id
}

func (w *world) key(v facts.Value) int {
	v.What, v.Length, v.Fingerprint = facts.WhatKey, len(v.Key), "fp-"+v.Key
	return w.value(v)
}

// signed puts a backend token in with the proofs of who signed it.
func (w *world) signed(hits ...tokens.Hit) *world {
	w.f.Tokens = append(w.f.Tokens, facts.Token{
		Source: "backend", Segments: 3, SigLen: 32, Header: map[string]any{"alg": "HS256"}, Input: "in", Signature: "sig",
		Signer: &tokens.Signer{Hits: hits, Candidates: 9, Damages: 80, Tried: 720},
	})
	w.f.Backend.Posts = append(w.f.Backend.Posts, facts.Answer{Status: 200, Tokens: []int{len(w.f.Tokens) - 1}})
	return w
}

func hit(candidate int, fp string, damages ...string) tokens.Hit {
	return tokens.Hit{Candidate: candidate, Signed: fp, Length: 64, Damages: damages}
}

func TestSecretJudge(t *testing.T) {
	trailing := func(v *facts.Value) { v.Blemishes, v.Clean = []string{"trailing-space"}, "good" }
	cases := []struct {
		name   string
		build  func() *world
		status finding.Status
		causes []causes.ID
		at     string
	}{
		{"the dashboard's secret as it is", func() *world {
			w := newWorld()
			d := w.dashboard("good")
			w.env(2, "good")
			return w.signed(hit(d, "good"))
		}, finding.Pass, nil, ""},
		{"a space in the file", func() *world {
			w := newWorld()
			d := w.dashboard("good")
			e := w.env(2, "blank", trailing)
			return w.signed(hit(e, "blank"), hit(d, "blank", "trailing-space"))
		}, finding.Fail, []causes.ID{"secret-whitespace"}, "server/.env:2"},
		{"the space removed, not restarted", func() *world {
			w := newWorld()
			d := w.dashboard("good")
			w.env(2, "good")
			w.f.Server.Changed = factstest.Noon.Add(-time.Second)
			return w.signed(hit(d, "blank", "trailing-space"))
		}, finding.Fail, []causes.ID{"server-stale"}, "server/.env:2"},
		{"the file touched, the secret the same", func() *world {
			w := newWorld()
			d := w.dashboard("good")
			w.env(2, "good")
			w.f.Server.Changed = factstest.Noon.Add(-time.Second)
			return w.signed(hit(d, "good"))
		}, finding.Pass, nil, ""},
		{"corrupted by the code, process young", func() *world {
			w := newWorld()
			d := w.dashboard("good")
			w.env(2, "good")
			w.f.Project.Servers = []facts.ServerCode{{SecretRead: []facts.Read{{Name: "STREAM_API_SECRET", Value: -1, File: "server/token.js", Line: 7, Transform: "base64-decode"}}}}
			w.f.Server.Code = 0
			return w.signed(hit(d, "decoded", "base64-decoded"))
		}, finding.Fail, []causes.ID{"secret-encoding"}, "server/token.js:7"},
		{"the shell wins", func() *world {
			w := newWorld()
			d := w.dashboard("good")
			w.env(2, "good", func(v *facts.Value) { v.Wins = false })
			p := w.value(facts.Value{What: facts.WhatSecret, Name: "STREAM_API_SECRET", Kind: facts.KindProcess, PID: 4711, Fingerprint: "other", Loaded: true, Read: true, Wins: true})
			w.f.Server.Secret = p
			_ = d
			return w.signed(hit(p, "other"))
		}, finding.Fail, []causes.ID{"secret-shadowed"}, ""},
		{"the shell wins and is right", func() *world {
			w := newWorld()
			d := w.dashboard("good")
			w.env(2, "other", func(v *facts.Value) { v.Wins = false })
			p := w.value(facts.Value{What: facts.WhatSecret, Name: "STREAM_API_SECRET", Kind: facts.KindProcess, PID: 4711, Fingerprint: "good", Loaded: true, Read: true, Wins: true})
			w.f.Server.Secret = p
			return w.signed(hit(d, "good"), hit(p, "good"))
		}, finding.Pass, nil, ""},
		{"the fallback of the code", func() *world {
			w := newWorld()
			w.dashboard("good")
			l := w.value(facts.Value{What: facts.WhatSecret, Name: "STREAM_API_SECRET", Kind: facts.KindFallback, Role: facts.RoleServer, File: "server/token.js", Line: 3, Fingerprint: "dev", Length: 10, Wins: true})
			w.f.Server.Secret = l
			return w.signed(hit(l, "dev"))
		}, finding.Fail, []causes.ID{"secret-fallback"}, "server/token.js:3"},
		{"another app's secret, known with its key", func() *world {
			w := newWorld()
			w.dashboard("good")
			w.env(2, "other")
			k := w.key(facts.Value{Name: "STREAM_API_KEY", Key: "k2k2k2k2k2k2", Kind: facts.KindEnvFile, Role: facts.RoleOther, File: "server/.env.production", Line: 1})
			w.value(facts.Value{What: facts.WhatSecret, Name: "STREAM_API_SECRET", Kind: facts.KindEnvFile, Role: facts.RoleOther, File: "server/.env.production", Line: 2, Fingerprint: "other", Pair: k})
			w.f.Target.Key = "k1k1k1k1k1k1"
			return w.signed(hit(1, "other"))
		}, finding.Fail, []causes.ID{"secret-other-app"}, "server/.env:2"},
		{"the browser's token, signed with a file's secret that the backend doesn't read", func() *world {
			w := newWorld()
			w.dashboard("good")
			w.env(2, "good")
			old := w.value(facts.Value{What: facts.WhatSecret, Name: "STREAM_API_SECRET", Kind: facts.KindEnvFile, Role: facts.RoleOther, File: "server/.env.old", Line: 2, Fingerprint: "other"})
			w.signed(hit(old, "other"))
			w.f.Tokens[0].Source = "given"
			return w
		}, finding.Unknown, nil, ""},
		{"no one signed it, nothing known", func() *world {
			w := newWorld()
			return w.signed()
		}, finding.Unknown, nil, ""},
		{"no one signed it, the dashboard's secret given", func() *world {
			w := newWorld()
			w.dashboard("good")
			w.env(2, "good")
			return w.signed()
		}, finding.Fail, []causes.ID{"secret-unknown"}, ""},
		{"signed by what the file says, nothing to compare with", func() *world {
			w := newWorld()
			e := w.env(2, "plain")
			return w.signed(hit(e, "plain"))
		}, finding.Unknown, nil, ""},
		{"a space in the file, nothing to compare with", func() *world {
			w := newWorld()
			e := w.env(2, "blank", trailing)
			return w.signed(hit(e, "blank"))
		}, finding.Fail, []causes.ID{"secret-whitespace"}, "server/.env:2"},
		{"two workers, two secrets", func() *world {
			w := newWorld()
			d := w.dashboard("good")
			w.env(2, "good")
			return w.signed(hit(d, "good")).signed()
		}, finding.Fail, []causes.ID{"secret-varies"}, ""},
		{"Stream accepts what looks odd", func() *world {
			w := newWorld()
			e := w.env(2, "blank", trailing)
			w.f.Stream = &facts.Stream{Asked: true, Reachable: true, Control: &facts.StreamAnswer{Status: 401, Code: 43}, User: &facts.StreamAnswer{Status: 200}}
			return w.signed(hit(e, "blank"))
		}, finding.Pass, nil, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			j := signature.JudgeSecret(c.build().f)
			if j.Status != c.status {
				t.Errorf("status %s (%s), want %s", j.Status, j.Summary, c.status)
			}
			var ids []causes.ID
			for _, x := range j.Causes {
				ids = append(ids, x.ID)
			}
			if !slices.Equal(ids, c.causes) {
				t.Fatalf("causes %v, want %v", ids, c.causes)
			}
			if c.at != "" && j.Causes[0].Location.String() != c.at {
				t.Errorf("located at %s, want %s", j.Causes[0].Location, c.at)
			}
		})
	}
}

// TestFilesOfAHealthyProcess: a file that was changed for the worse after the
// server's start is not called right because the old secret still signs.
func TestFilesOfAHealthyProcess(t *testing.T) {
	for _, c := range []struct {
		name string
		file string
		at   time.Duration // of its change, from the server's start
		want finding.Status
	}{
		{"as it was read", "good", -time.Hour, finding.Pass},
		{"touched", "good", time.Minute, finding.Pass},
		{"another secret since", "other", time.Minute, finding.Unknown},
		{"another secret before: it is read from elsewhere", "other", -time.Hour, finding.Pass},
	} {
		w := newWorld()
		d := w.dashboard("good")
		id := w.env(2, c.file)
		w.signed(hit(d, "good"))
		w.f.Server.Start = factstest.Noon
		w.f.Values[id].Modified = factstest.Noon.Add(c.at)
		if r := signature.SecretRead(w.f); r.Status != c.want || len(r.Causes) > 0 {
			t.Errorf("%s: %s %q %v, want %s", c.name, r.Status, r.Summary, r.Causes, c.want)
		}
	}
}

// TestAnOldProcessOfAnAppThatAcceptsAnySignature: nothing is rejected there, so
// the exit status may not be that of an error.
func TestAnOldProcessOfAnAppThatAcceptsAnySignature(t *testing.T) {
	for _, off := range []bool{false, true} {
		w := newWorld()
		w.dashboard("good")
		w.env(2, "good")
		w.signed(hit(0, "old"))
		w.f.Server.Changed = factstest.Noon
		w.f.Stream = &facts.Stream{Asked: true, Reachable: true, App: &facts.App{AuthDisabled: off}}
		want := map[bool]finding.Status{false: finding.Fail, true: finding.Warn}[off]
		if r := signature.ServerFresh(w.f); r.Status != want || len(r.Causes) != 1 || r.Causes[0].ID != causes.ServerStale {
			t.Errorf("auth checks off: %v: %s %q %v, want %s with server-stale", off, r.Status, r.Summary, r.Causes, want)
		}
	}
}

// A program outside the folder is the wrong one where the project has a server
// of its own; in a folder without any it may be the project that was meant.
func TestTokenOfAProgramOutside(t *testing.T) {
	for servers, want := range map[int]finding.Status{0: finding.Unknown, 1: finding.Fail} {
		f := factstest.Sound()
		f.Project.Servers = f.Project.Servers[:servers]
		f.Process.Listeners = []facts.Listener{factstest.Strange(99, "dual", "::", "node")}
		f.Tokens[0].Signer = &tokens.Signer{Candidates: 9, Damages: 80, Tried: 720}
		if r := signature.SecretSigns(f); r.Status != want || want == finding.Fail && r.Causes[0].ID != causes.WrongServer {
			t.Errorf("%d servers: %s %+v, want %s", servers, r.Status, r.Causes, want)
		}
	}
}

// A handler that makes up a secret for each request, as its variable isn't set,
// has a misnamed variable, which is the cause; without one the change is.
func TestMadeUpForEachRequest(t *testing.T) {
	for name, want := range map[string]causes.ID{"STREAM_SECRET": causes.SecretMissing, "": causes.SecretVaries} {
		w := newWorld()
		w.f.Project.Servers = []facts.ServerCode{{RandomSecret: true, File: "server/token.php", Line: 9}}
		w.f.Server.Code, w.f.Server.SecretUnset, w.f.Server.SecretKnown, w.f.Server.Loaded = 0, true, true, []string{"server/.env"}
		if name != "" {
			w.value(facts.Value{What: facts.WhatSecret, Name: name, Kind: facts.KindEnvFile, Role: facts.RoleServer, File: "server/.env", Line: 2, Fingerprint: "good", Loaded: true})
		}
		w.signed().signed()
		w.f.Tokens[1].Signature = "another"
		if r := signature.SecretSigns(w.f); len(r.Causes) == 0 || r.Causes[0].ID != want {
			t.Errorf("%q: %+v, want %s", name, r.Causes, want)
		}
	}
}
