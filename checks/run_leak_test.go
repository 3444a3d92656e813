package checks_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"badsig/checks"
	"badsig/checks/facts"
	"badsig/checks/fakestream"
	"badsig/checks/internal/eventually"
	"badsig/tokens"
)

// descriptors counts this process's open files; -1 where that is not to be had.
func descriptors() int {
	list, err := os.ReadDir(map[string]string{"linux": "/proc/self/fd", "darwin": "/dev/fd"}[runtime.GOOS])
	if err != nil {
		return -1
	}
	return len(list)
}

// Runs that are cancelled anywhere, or read to their end, or abandoned
// unread, one after another, against parties of every kind: nothing is left.
func TestNothingIsLeftOfARun(t *testing.T) {
	runs := 90 // each party ten times
	switch {
	case os.Getenv("BADSIG_E2E") != "":
		runs = 450
	case testing.Short():
		runs = 40
	}
	before := goleak.IgnoreCurrent()
	t.Run("runs", func(t *testing.T) { // its parties end with it
		sound := soundProject(t)
		sound.APIKey, sound.Secret = hostileKey, tokens.NewSecret([]byte(hostileSecret))
		url, stop, err := fakestream.New(fakestream.Options{Apps: map[string]fakestream.App{hostileKey: {Secret: tokens.NewSecret([]byte(hostileSecret))}}, Delay: time.Millisecond}).Start()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(stop)
		sound.StreamURL = url
		at := func(endpoint, stream string) facts.Target {
			x := sound
			x.URL, x.StreamURL = endpoint, strings.TrimSuffix(stream, "/api/stream/token")
			return x
		}
		silent := rawBackend(t, func(ctx context.Context, _ net.Conn) { <-ctx.Done() })
		endless := hostileBackend(t, func(w http.ResponseWriter, _ *http.Request) { pour(make([]byte, 1<<16), 1<<20)(w) })
		switching := rawBackend(t, func(ctx context.Context, c net.Conn) {
			_, _ = c.Write([]byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"))
			<-ctx.Done()
		})
		nobody := hostileBackend(t, say("application/json", write(fmt.Sprintf(`{"token":%q}`, unsigned(`{"alg":"HS256"}`, `{"user_id":"test123"}`)))))
		unknown := at(nobody, silent)
		unknown.Dir, unknown.Secret = t.TempDir(), tokens.NewSecret([]byte(shortSecret)) // its typos are searched, too
		targets := []facts.Target{sound, at(silent, url), at(endless, url), at(switching, switching), unknown, at(sound.URL, silent), at(sound.URL, endless),
			at("http://127.0.0.1:1/x", "http://127.0.0.1:1"), at("https://127.0.0.1:1/x", "https://127.0.0.1:1")}

		open := -1
		r := rand.New(rand.NewPCG(1, 2))
		for i := range runs {
			if i == len(targets) { // everything that is made once has been made
				runtime.GC()
				open = descriptors()
			}
			target := targets[i%len(targets)]
			target.Timeout = silentTimeout
			ctx, cancel := context.WithCancel(context.Background())
			events := checks.Run(ctx, target, checks.Options{Run: i})
			begin := time.Now()
			switch r.IntN(4) {
			case 0: // read to the end, cancelled in between or not at all
				time.AfterFunc(time.Duration(r.IntN(40))*time.Millisecond, cancel)
				for range events {
				}
			case 1: // cancelled immediately
				cancel()
				for range events {
				}
			case 2: // abandoned: no one reads
				time.Sleep(time.Duration(r.IntN(20)) * time.Millisecond)
			case 3: // cancelled by an event
				n := r.IntN(30)
				for range events {
					if n--; n == 0 {
						cancel()
					}
				}
			}
			cancel()
			if took := time.Since(begin); took > eventually.Long {
				t.Errorf("run %d took %s to its end", i, took)
			}
		}
		// One for the list itself, one for luck.
		eventually.Until(t, fmt.Sprintf("closed: all but the %d files that were open", open), func() bool { return open < 0 || descriptors() <= open+2 })
	})
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	eventually.NothingLeft(t, before)
}

// A cancelled run ends immediately, no matter how much there is to do.
func TestACancelledRunEndsAtOnce(t *testing.T) {
	target := soundProject(t)
	target.Offline, target.Timeout = true, time.Minute
	target.APIKey, target.Secret = hostileKey, tokens.NewSecret([]byte(strings.Repeat("q7", 32)))
	big := strings.Repeat("const x = process.env.STREAM_API_SECRET || `${y}` ;\n", 10_000)
	for i := range 60 {
		put(t, target.Dir, fmt.Sprintf("server/big%d.js", i), []byte(big))
	}
	for name, c := range map[string]struct {
		url  func(*testing.T) string
		wait time.Duration
	}{
		"a silent backend":     {talking(func(ctx context.Context, _ net.Conn) { <-ctx.Done() }), 300 * time.Millisecond},
		"while files are read": {talking(func(ctx context.Context, _ net.Conn) { <-ctx.Done() }), 20 * time.Millisecond},
		"a signer is searched": {serving(say("application/json", write(fmt.Sprintf(`{"token":%q}`, unsigned(`{"alg":"HS256"}`, `{"user_id":"test123"}`))))), 900 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			target := target
			target.URL = c.url(t)
			before := goleak.IgnoreCurrent()
			ctx, cancel := context.WithCancel(t.Context())
			events := checks.Run(ctx, target, checks.Options{})
			time.Sleep(c.wait)
			cancel()
			begin, spent := time.Now(), eventually.Spent()
			for e := range events {
				if e.Kind == checks.Done && e.Report == nil {
					t.Error("done without a report")
				}
			}
			if took, worked := time.Since(begin), eventually.Spent()-spent; took > eventually.Long/2 || worked > patience*500*time.Millisecond {
				t.Errorf("it took %s to end, and %s of work", took, worked)
			}
			eventually.NothingLeft(t, append(theirs, before)...)
		})
	}
}
