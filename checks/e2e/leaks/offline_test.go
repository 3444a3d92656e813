package leaks

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"badsig/checks/fakestream"
	"badsig/checks/internal/secretscan"
	"badsig/checks/internal/strace"
	"badsig/tokens"
)

// With --offline, and in commands that need no network, no socket leads
// anywhere but to loopback: not for a name, not through a proxy. With Stream
// at hand, no one but the endpoint and Stream is spoken to.
func TestOfflineStaysHere(t *testing.T) {
	m := secretscan.Secrets{}
	root, home := t.TempDir(), t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	sound := m.Mark("server/.env")
	put(t, root, map[string]string{
		"server/.env":          "STREAM_API_KEY=" + key1 + "\nSTREAM_API_SECRET=" + sound + "\nSTREAM_BASE_URL=https://base.invalid\n",
		"server/package.json":  `{"type":"module","scripts":{"dev":"node server.js"},"dependencies":{"express":"5","dotenv":"17","jsonwebtoken":"9"}}`,
		"server/server.js":     strings.Replace(serverCode, "SECRET)", "process.env.STREAM_API_SECRET)", 1),
		"stream/src/config.js": "export const STREAM_API_KEY = '" + key1 + "'\nfetch('http://backend.invalid/api/stream/token')\n",
		"stream/package.json":  `{"dependencies":{"react":"19","stream-chat":"9"},"proxy":"http://proxy.invalid"}`,
		"secret.txt":           sound + "\n",
	})
	b := startBackend(t, root, "json", []string{"SIGN_WITH=" + sound}, nil)
	stream := startStream(t, map[string]fakestream.App{key1: {ID: 1, Secret: tokens.NewSecret([]byte(sound))}})
	token, err := tokens.Mint(tokens.NewSecret([]byte(sound)), "test123", time.Now().Add(-time.Second), tokens.MintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var proxied atomic.Int32
	proxy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer proxy.Close()
	go func() {
		for {
			c, err := proxy.Accept()
			if err != nil {
				return
			}
			proxied.Add(1)
			_ = c.Close()
		}
	}()
	env := bare(home)
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"} {
		env = append(env, name+"=http://"+proxy.Addr().String())
	}
	for _, c := range []struct {
		args   []string
		stdin  string
		status int
	}{
		{args: []string{"check", "--offline", "--url", b.url, "--api-key", key1, "--secret-file", "secret.txt", "--token", token}, status: 0},
		{args: []string{"check", "--offline", "--url", b.url}, status: 3},
		{args: []string{"check", "--offline", "--url", b.url, "--stream-url", "https://stream.invalid"}, status: 3},
		{args: []string{"check", "--offline", "--url", "http://backend.invalid/api/stream/token"}, status: 3},
		{args: []string{"check", "--offline", "--url", "http://192.0.2.1/api/stream/token"}, status: 3},
		{args: []string{"check", "--offline", "--url", "http://localhost.invalid:3001/x", "--origin", "http://origin.invalid"}, status: 3},
		{args: []string{"report", "--offline", "--url", b.url}, status: 3},
		{args: []string{"check", "--url", b.url, "--stream-url", stream.url}, status: 0}, // no proxy for this machine
		{args: []string{"mint"}, status: 0},
		{args: []string{"inspect", token}, status: 0},
		{args: []string{"inspect", "wss://chat.stream-io-api.com/connect?api_key=" + key1 + "&authorization=" + token}, status: 0},
		{args: []string{"inspect", "curl https://backend.invalid/api/stream/token -d '{}'"}, status: 3},
		{args: []string{"inspect", "-"}, stdin: token + "\n" + token + "\n", status: 0},
		{args: []string{"explain", "server-down"}, status: 0},
		{args: []string{"demo", "--fault", "secret-whitespace"}, status: 0},
		{args: []string{"--version"}, status: 0},
	} {
		t.Run(strings.ReplaceAll(strings.Join(c.args, " "), token, "TOKEN"), func(t *testing.T) {
			h := how{dir: root, env: env, stdin: c.stdin, args: c.args}
			before := proxied.Load()
			if e := badsig(t, h); e.status != c.status {
				t.Errorf("status %d, want %d: %s%s", e.status, c.status, e.err, e.out)
			}
			if n := proxied.Load() - before; n > 0 {
				t.Errorf("%d connections went to the proxy", n)
			}
			if strace.Find() == "" {
				t.Log("there is no strace here: connections to other machines are not seen")
				return
			}
			h.trace = filepath.Join(t.TempDir(), "trace")
			_ = command(t.Context(), h).Run()
			text, err := os.ReadFile(h.trace)
			if err != nil {
				t.Fatal(err)
			}
			for _, call := range strace.Away(string(text)) {
				t.Errorf("it leaves this machine: %s", call)
			}
			if c.args[0] == "check" && c.status == 0 && !strings.Contains(string(text), "127.0.0.1") {
				t.Error("the trace shows no connection at all, so nothing is shown")
			}
		})
	}
}
