package demo

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/internal/eventually"
)

const beBackend = "BADSIG_TEST_BACKEND"

// TestMain lets this test program be the backend of its own demos.
func TestMain(m *testing.M) {
	if os.Getenv(beBackend) != "" {
		if err := Backend(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	eventually.Loopback()
	eventually.InMemory()
	flag.Parse()
	_ = flag.Set("test.parallel", "6") // what is parallel here waits for other processes
	os.Exit(m.Run())
}

// start starts a bug with this program as its backend.
func start(t *testing.T, id causes.ID) *Demo {
	t.Helper()
	t.Setenv(beBackend, "1")
	return startNow(t, id)
}

func startNow(t *testing.T, id causes.ID) *Demo {
	t.Helper()
	if id == causes.ServerFamily {
		eventually.IPv6(t)
	}
	d, err := Start(context.Background(), id, func(ctx context.Context) *exec.Cmd {
		exe, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		return exec.CommandContext(ctx, exe)
	})
	if err != nil {
		if _, absent := exec.LookPath("git"); absent != nil && strings.Contains(err.Error(), "needs git") {
			t.Skip(err)
		}
		t.Fatal(err)
	}
	t.Cleanup(d.Stop)
	return d
}

// diagnose waits long, unless the fault is one of waiting: what a test proves
// must not depend on how fast the machine is.
func diagnose(t *testing.T, target facts.Target) *checks.Report {
	t.Helper()
	if target.Timeout == 0 {
		target.Timeout = eventually.Long
	}
	var r *checks.Report
	for ev := range checks.Run(context.Background(), target, checks.Options{}) {
		if ev.Kind == checks.Done {
			r = ev.Report
		}
	}
	if r == nil {
		t.Fatal("the run ended without a report")
	}
	return r
}

// searched are the faults whose secret is searched for among all typos of the
// right one, and isn't found.
var searched = map[causes.ID]bool{causes.SecretUnknown: true, causes.SecretVaries: true, causes.TokenStale: true, causes.TokenForeign: true}

// damageNamed are titles that say what exactly is wrong with the secret, where that's known.
var damageNamed = map[causes.ID]string{
	causes.SecretWhitespace: "The API secret ends in a space",
	causes.SecretInvisible:  "The API secret ends in a zero-width space",
	causes.SecretQuoted:     "The API secret is wrapped in curly double quotes",
	causes.SecretTruncated:  "The API secret is missing its last character",
	causes.SecretEncoding:   "The API secret is base64-decoded before signing",
	causes.TokenTruncated:   "The token's signature is truncated",
	causes.TokenEncoding:    "The token's signature is hex, not base64url",
	causes.TokenWrapped:     "The token has quotes around it",
	causes.UserIDMissing:    "The user ID is in the claim userId, not in user_id",
}

// Every fault that can be chosen is named first, and nothing secret is in what is said.
func TestTheDemosFaultIsNamedFirst(t *testing.T) {
	t.Setenv(beBackend, "1")
	for _, id := range List() {
		if searched[id] && id != causes.SecretUnknown && os.Getenv("BADSIG_E2E") == "" {
			continue // the long run includes it: its search lasts a second, as that of secret-unknown does, and its scenarios are judged again
		}
		t.Run(string(id), func(t *testing.T) {
			t.Parallel()
			if testing.Short() && searched[id] {
				t.Skip("-short: the search for typos takes long under the race detector")
			}
			d := startNow(t, id)
			r := diagnose(t, d.Target)
			first := causes.ID("")
			if c := r.Root(); c != nil {
				first = c.ID
			}
			if first != id {
				var text strings.Builder
				_ = r.WriteText(&text)
				t.Errorf("planted: %s; first is %q, want %s\n%s", d.Says, first, id, text.String())
			}
			if want := damageNamed[id]; want != "" && r.Root() != nil && r.Root().Title != want {
				t.Errorf("the title is %q, want %q", r.Root().Title, want)
			}
			doc, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range d.secrets {
				if strings.Contains(string(doc), s) {
					t.Error("a secret is in the report")
				}
			}
		})
	}
}

// A healthy project accuses no one, and the pair is proven by the stand-in.
func TestHealthyProjectIsAccepted(t *testing.T) {
	r := diagnose(t, start(t, "").Target)
	if r.Verdict != checks.Accepted || len(r.Causes) > 0 {
		var text strings.Builder
		_ = r.WriteText(&text)
		t.Errorf("verdict %s, %d causes\n%s", r.Verdict, len(r.Causes), text.String())
	}
}

// The demo has every cause, and lists them in the order of the pages.
func TestDemoHasEveryCause(t *testing.T) {
	var want []string
	for _, p := range causes.Pages() {
		want = append(want, string(p.ID))
	}
	var got []string
	for _, id := range List() {
		got = append(got, string(id))
	}
	for _, id := range want {
		if !slices.Contains(got, id) {
			t.Errorf("there is no demo of %s: add a row to checks/demo/rows_*.go", id)
		}
	}
	if !t.Failed() && !slices.Equal(got, want) {
		t.Errorf("the demo's bugs aren't in the order of the causes:\n%s", strings.Join(got, "\n"))
	}
}

// Stop leaves nothing: no process on the port, no folder, no stand-in.
func TestStopLeavesNothing(t *testing.T) {
	d := start(t, Default)
	dir, stream := d.dir, d.Target.StreamURL
	host := strings.TrimSuffix(strings.TrimPrefix(d.Target.URL, "http://"), "/api/stream/token")
	if c, err := net.DialTimeout("tcp", host, time.Second); err != nil {
		t.Fatalf("the backend does not listen: %v", err)
	} else {
		_ = c.Close()
	}
	d.Stop()
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the project is still there: %v", err)
	}
	if c, err := net.DialTimeout("tcp", host, time.Second); err == nil {
		_ = c.Close()
		t.Error("the backend still listens")
	}
	if resp, err := http.Get(stream + "/api/v2/app"); err == nil {
		_ = resp.Body.Close()
		t.Error("the stand-in still responds")
	}
	d.Stop() // twice isn't a mistake
}

// A backend whose starter dies ends by itself and removes the project.
func TestBackendEndsWithItsStarter(t *testing.T) {
	d := start(t, Default)
	dir, child := d.dir, d.child
	_ = d.stdin.Close() // what the system does for a program that was killed
	done := make(chan error, 1)
	go func() { done <- child.Wait() }()
	select {
	case <-done:
	case <-time.After(eventually.Long):
		t.Fatal("the backend goes on")
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the project is still there: %v", err)
	}
	d.child = nil
}

// A restarted backend reads the project as it is now, and the project stays.
func TestRestartReadsTheProjectAnew(t *testing.T) {
	d := start(t, causes.SecretWhitespace)
	env := filepath.Join(d.Target.Dir, "server", ".env")
	text, err := os.ReadFile(env)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(env, []byte(strings.Replace(string(text), " \"", "\"", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := diagnose(t, d.Target); r.Verdict != checks.Accepted {
		t.Errorf("after the edit and a restart: %v", r.Verdict)
	}
}
