//go:build linux

package perf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"badsig/tokens"
	"badsig/tokens/server"
)

// The backend's settings.
const (
	backendEnv = "BADSIG_FIGURES_BACKEND" // file that it tells its requests to
	delayEnv   = "BADSIG_FIGURES_DELAY"   // before each response
)

// request is one that the backend was sent.
type request struct {
	Method     string
	Path       string
	Header     http.Header
	Body       string
	Begin, End time.Time
}

// backend is the documented token server, which also records the requests.
func backend() error {
	delay, err := time.ParseDuration(os.Getenv(delayEnv))
	if err != nil {
		return err
	}
	log, err := os.OpenFile(os.Getenv(backendEnv), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	var mu sync.Mutex
	tell := json.NewEncoder(log)
	next := server.New(server.Options{Secret: tokens.NewSecret([]byte(secret))})
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		in := request{Method: q.Method, Path: q.URL.RequestURI(), Header: q.Header, Begin: time.Now()}
		body, _ := io.ReadAll(q.Body)
		in.Body, q.Body = string(body), io.NopCloser(bytes.NewReader(body))
		time.Sleep(delay)
		next.ServeHTTP(w, q)
		in.End = time.Now()
		mu.Lock()
		defer mu.Unlock()
		_ = tell.Encode(in)
	}))
}

// serving starts a backend in a project's server folder; asked returns the requests since the
// last call.
func serving(t *testing.T, project string, delay time.Duration) (url string, asked func() []request) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "requests")
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Dir = filepath.Join(project, "server")
	cmd.Env = append(environ(), backendEnv+"="+log, delayEnv+"="+delay.String())
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	var address string
	if _, err := fmt.Fscan(out, &address); err != nil {
		t.Fatal("the backend does not start:", err)
	}
	return "http://" + address + server.DefaultPath, func() []request {
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		_ = os.Truncate(log, 0)
		var all []request
		for d := json.NewDecoder(bytes.NewReader(text)); d.More(); {
			var q request
			if err := d.Decode(&q); err != nil {
				t.Fatal(err)
			}
			all = append(all, q)
		}
		slices.SortFunc(all, func(a, b request) int { return a.End.Compare(b.End) })
		return all
	}
}

// check is the command that is measured. It finds a healthy backend: anything
// else would take another way.
func (r *rig) check(t *testing.T, dir, url string) time.Duration {
	return run(t, dir, []int{0}, r.badsig, "check", "--offline", "--json", "--dir", dir, "--url", url)
}

// checkAndCurl sets a whole diagnosis beside its own requests, made by one curl
// after another.
func checkAndCurl(t *testing.T, r *rig) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("no curl to compare with")
	}
	dir := r.project(t)
	url, asked := serving(t, dir, 0)
	r.check(t, dir, url)
	requests := asked()
	if len(requests) == 0 {
		t.Fatal("check asked nothing")
	}
	base := strings.TrimSuffix(url, server.DefaultPath)
	var commands [][]string
	for _, q := range requests {
		args := []string{curl, "-s", "-o", os.DevNull, "-X", q.Method}
		for name, values := range q.Header {
			if name != "Content-Length" {
				args = append(args, "-H", name+": "+values[0])
			}
		}
		if q.Body != "" {
			args = append(args, "--data-binary", q.Body)
		}
		if q.Method == http.MethodHead {
			args = append(args, "-I")
		}
		commands = append(commands, append(args, base+q.Path))
	}
	var ours, curls []time.Duration
	for range r.runs {
		ours = append(ours, r.check(t, dir, url))
		begin := time.Now()
		for _, c := range commands {
			run(t, dir, []int{0}, c...)
		}
		curls = append(curls, time.Since(begin))
	}
	a, b := median(ours), median(curls)
	r.ratio(fmt.Sprintf("`badsig check --offline`, healthy backend / its %d requests with curl in sequence", len(requests)),
		ms(a)+" / "+ms(b), float64(a)/float64(b), 1.5)
}

// chain sets a diagnosis beside the longest row of requests that waited for
// one another, each of 100 ms.
func chain(t *testing.T, r *rig) {
	const each = 100 * time.Millisecond
	dir := r.project(t)
	url, asked := serving(t, dir, each)
	var ours []time.Duration
	longest, all := 0, 0
	for range r.runs {
		ours = append(ours, r.check(t, dir, url))
		requests := asked()
		all = max(all, len(requests))
		n := 0
		var end time.Time
		for _, q := range requests { // sorted by their ends: taking each that fits gives the longest row
			if !q.Begin.Before(end) {
				n, end = n+1, q.End
			}
		}
		longest = max(longest, n)
	}
	a := median(ours)
	want := time.Duration(longest) * each
	r.ratio(fmt.Sprintf("`check`, each response after 100 ms / its longest chain (%d of %d requests)", longest, all),
		ms(a)+" / "+ms(want), float64(a)/float64(want), 1.2)
}
