package checks_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"badsig/checks"
	"badsig/checks/facts"
	"badsig/checks/fakestream"
	"badsig/checks/internal/eventually"
	"badsig/tokens"
)

// gathered are real facts: of a healthy project, of one whose secret is corrupted,
// of one that Stream rejects, and of nothing at all. They are gathered once.
func gathered(t testing.TB) [][]byte {
	gathering.Lock()
	defer gathering.Unlock()
	if gathering.all == nil {
		gathering.all = gather(t)
	}
	return gathering.all
}

var gathering struct {
	sync.Mutex
	all [][]byte
}

func gather(t testing.TB) [][]byte {
	var all [][]byte
	secrets := []string{hostileSecret, hostileSecret + " ", strings.Repeat("q7", 16)} // the last isn't a typo of a secret, so that none is searched for
	if testing.Short() {
		secrets = secrets[:2]
	}
	for _, secret := range secrets {
		target := soundProject(t)
		target.Timeout = hostileTimeout
		put(t, target.Dir, "server/.env", []byte("STREAM_API_KEY="+hostileKey+"\nSTREAM_API_SECRET=\""+secret+"\"\n"))
		s := fakestream.New(fakestream.Options{Apps: map[string]fakestream.App{hostileKey: {Secret: tokens.NewSecret([]byte(hostileSecret))}}})
		url, stop, err := s.Start()
		if err != nil {
			t.Fatal(err)
		}
		target.StreamURL = url
		target.Token = hostileToken(t, nil)
		for e := range checks.Run(t.Context(), target, checks.Options{}) {
			if e.Kind == checks.Done {
				b, err := json.Marshal(e.Facts)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, b)
			}
		}
		stop()
	}
	return append(all, []byte(`{}`), []byte(`{"at":"2026-01-01T00:00:00Z"}`))
}

// judged replays facts and fails where that does not end in a whole report.
func judged(t testing.TB, what string, doc []byte) (r *checks.Report, ok bool) {
	t.Helper()
	var f *facts.Facts
	if json.Unmarshal(doc, &f) != nil || f == nil {
		return nil, false
	}
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%s: panic: %v", what, p)
			r, ok = nil, false
		}
	}()
	var out faces
	if worked := eventually.Work(func() { r = checks.Judge(f); out = shownOf(t, r) }); worked > patience*2*time.Second {
		t.Errorf("%s: it is %s of work", what, worked)
	}
	if r.Verdict == "" || len(r.Checks) == 0 || out.text == "" {
		t.Errorf("%s: no whole report", what)
	}
	return r, true
}

// edited gives a document with each of its values changed, one after another.
func edited(doc any, change func(any) []any, yield func(path string, doc any)) {
	var walk func(v any, path string, put func(any))
	walk = func(v any, path string, put func(any)) {
		for _, n := range change(v) {
			put(n)
			yield(path, doc)
		}
		put(v)
		switch v := v.(type) {
		case map[string]any:
			for k, x := range v {
				walk(x, path+"."+k, func(n any) { v[k] = n })
			}
		case []any:
			for i, x := range v {
				walk(x, fmt.Sprintf("%s[%d]", path, i), func(n any) { v[i] = n })
			}
		}
	}
	walk(doc, "", func(any) {})
}

// Facts that someone has sent may say anything: every index, time and length
// of them is replaced by absurd ones, and every part left out.
func TestAbsurdFactsAreJudged(t *testing.T) {
	for i, seed := range gathered(t) {
		t.Run(fmt.Sprint("facts ", i), func(t *testing.T) { t.Parallel(); absurd(t, i, seed) })
	}
}

// absurd judges one run's facts with each of their values changed.
func absurd(t *testing.T, i int, seed []byte) {
	var doc any
	d := json.NewDecoder(strings.NewReader(string(seed)))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	tried, every := 0, 1
	switch {
	case testing.Short():
		every = 7
	case os.Getenv("BADSIG_E2E") != "": // all
	case i == 0:
		every = 13
	default:
		every = 53 // much of them is what the first facts have, too
	}
	edited(doc, func(v any) []any {
		switch v := v.(type) {
		case json.Number:
			return []any{-1, 0, 99999, -1 << 40, 1 << 40}
		case string:
			return []any{"", escapes, "9999-12-31T23:59:59.999999999Z", "0001-01-01T00:00:00Z", "http://[::1", strings.Repeat("x", 70_000)}
		case bool:
			return []any{!v}
		case []any:
			return []any{nil, []any{}}
		case map[string]any:
			return []any{nil, map[string]any{}}
		}
		return nil
	}, func(path string, doc any) {
		tried++
		if tried%every != 0 {
			return
		}
		b, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		if r, ok := judged(t, path, b); ok {
			for _, c := range r.Checks {
				if strings.Contains(c.Summary, "stumbled") {
					t.Errorf("facts %d, %s: %s stumbled", i, path, c.ID)
				}
			}
		}
	})
	t.Logf("facts %d: %d changes, one in %d of them tried", i, tried, every)
}

// A facts file may come from anyone: nothing of its strings acts on the terminal
// of who replays it.
func TestFactsThatActOnTerminals(t *testing.T) {
	t.Parallel()
	for i, seed := range gathered(t) {
		for name, some := range map[string]func(path string) bool{
			"every text":       func(string) bool { return true },
			"files' names":     func(p string) bool { return strings.Contains(strings.ToLower(p), "file") },
			"claims and words": func(p string) bool { return strings.Contains(p, ".claims") || strings.Contains(p, "message") },
			"values":           func(p string) bool { return strings.Contains(p, ".values") },
			"the target":       func(p string) bool { return strings.Contains(p, ".target") },
			"processes":        func(p string) bool { return strings.Contains(p, ".listeners") },
			"answers":          func(p string) bool { return strings.Contains(p, ".backend") },
		} {
			var doc any
			if err := json.Unmarshal(seed, &doc); err != nil {
				t.Fatal(err)
			}
			b, err := json.Marshal(spoilt(doc, "", some))
			if err != nil {
				t.Fatal(err)
			}
			r, ok := judged(t, name, b)
			if !ok {
				t.Errorf("facts %d, %s: not read", i, name)
				continue
			}
			f := shownOf(t, r)
			checkShown(t, "text", f.text)
			checkShown(t, "json", f.json)
			checkShown(t, "markdown", f.markdown)
		}
	}
}

// spoilt adds escape sequences to strings, and to the names of maps that a
// response or a token fills.
func spoilt(v any, path string, some func(string) bool) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			name := k
			for _, free := range []string{".fields", ".claims", ".header", ".errors", ".env"} {
				if strings.HasSuffix(path, free) && some(path) {
					name += escapes
				}
			}
			out[name] = spoilt(x, path+"."+k, some)
		}
		return out
	case []any:
		for i := range v {
			v[i] = spoilt(v[i], path, some)
		}
	case string:
		if _, err := time.Parse(time.RFC3339Nano, v); err != nil && some(path) {
			return v + escapes
		}
	}
	return v
}

func FuzzJudge(f *testing.F) {
	for _, seed := range gathered(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		if r, ok := judged(t, "facts", doc); ok {
			out := shownOf(t, r)
			checkShown(t, "text", out.text)
			checkShown(t, "markdown", out.markdown)
		}
	})
}
