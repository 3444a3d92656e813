package leaks

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"badsig/checks/fakestream"
	"badsig/checks/internal/eventually"
	"badsig/checks/internal/strace"
	"badsig/tokens"
)

// program is the path of the built badsig.
var program string

func TestMain(m *testing.M) {
	if mode := os.Getenv("HARDNESS_BACKEND"); mode != "" {
		if err := beBackend(mode); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if os.Getenv("BADSIG_E2E") == "" {
		fmt.Println("live suite, skipped: BADSIG_E2E=1 go test -timeout 30m ./checks/e2e/...")
		return
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "badsig-hardness-")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "badsig.exe") // the name that Windows wants does no harm elsewhere
	defer func() { _ = os.Remove(dir) }()
	defer func() { _ = os.Remove(program) }()
	build := exec.Command("go", "build", "-o", program, "badsig")
	if out, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("go build: %v: %s", err, out))
	}
	return m.Run()
}

// ended is one run of badsig.
type ended struct {
	args   []string
	out    string // stdout
	err    string // stderr
	status int
	took   time.Duration
}

// how says how badsig is run.
type how struct {
	program string // "" for badsig
	dir     string
	env     []string // beside a bare one
	stdin   string
	args    []string
	trace   string // the file that strace writes; "" means without strace
}

// bare is an environment in which nothing of the machine's own is set.
func bare(home string) []string {
	env := []string{"HOME=" + home, "USERPROFILE=" + home, "XDG_STATE_HOME=" + filepath.Join(home, "state"), "XDG_CACHE_HOME=" + filepath.Join(home, "cache"),
		"XDG_CONFIG_HOME=" + filepath.Join(home, "config"), "TMPDIR=" + filepath.Join(home, "tmp"), "TERM=xterm-256color"}
	for _, name := range []string{"PATH", "SYSTEMROOT", "SystemRoot", "WINDIR", "PATHEXT", "COMSPEC"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}

func command(ctx context.Context, h how) *exec.Cmd {
	cmd := exec.CommandContext(ctx, cmp.Or(h.program, program), h.args...)
	cmd.Dir, cmd.Env, cmd.Stdin = h.dir, h.env, strings.NewReader(h.stdin)
	cmd.WaitDelay = 5 * time.Second
	if h.trace != "" {
		strace.Under(strace.Find(), h.trace, cmd)
	}
	return cmd
}

func badsig(t testing.TB, h how) ended {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := command(ctx, h)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	begin := time.Now()
	err := cmd.Run()
	e := ended{args: h.args, out: out.String(), err: errs.String(), status: cmd.ProcessState.ExitCode(), took: time.Since(begin)}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatalf("badsig %q: %v after %s\n%s", h.args, err, e.took, e.err)
	}
	return e
}

func put(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// backend is a token server as a process of its own: its environment and its
// arguments are there to be looked at.
type backend struct {
	url  string
	dir  string // where it records the requests and the tokens it issued, outside the project
	stop func()
}

func startBackend(t testing.TB, project, mode string, env, args []string) backend {
	t.Helper()
	b := backend{dir: t.TempDir()}
	cmd := exec.Command(os.Args[0], args...)
	cmd.Dir = filepath.Join(project, "server")
	cmd.Env = append(append(bare(t.TempDir()), "HARDNESS_BACKEND="+mode, "HARDNESS_KEEP="+b.dir), env...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	b.stop = sync.OnceFunc(func() {
		_ = in.Close()
		timer := time.AfterFunc(5*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		timer.Stop()
	})
	t.Cleanup(b.stop)
	line := make([]byte, 200)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal("the backend did not start: ", err)
	}
	b.url = strings.TrimSpace(string(line[:n]))
	return b
}

// kept gives everything that the backend was sent, and the tokens it issued.
func (b backend) kept(t testing.TB) (asked, issued string) {
	t.Helper()
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(b.dir, name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return string(text)
	}
	return read("asked"), read("issued")
}

// beBackend is the life of a backend process. The secret it signs with is told
// by its environment, as a backend's is.
func beBackend(mode string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	dir, secret := os.Getenv("HARDNESS_KEEP"), os.Getenv("SIGN_WITH")
	var mu sync.Mutex
	keep := func(name string, text []byte) {
		mu.Lock()
		defer mu.Unlock()
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err == nil {
			_, _ = f.Write(append(text, '\n'))
			_ = f.Close()
		}
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		dump, _ := httputil.DumpRequest(r, true)
		keep("asked", dump)
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "http://localhost:3000")
		h.Set("Access-Control-Allow-Headers", "content-type")
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		token, err := tokens.Mint(tokens.NewSecret([]byte(secret)), "test123", time.Now(), tokens.MintOptions{Extra: map[string]any{"n": time.Now().UnixNano(), "secret": os.Getenv("IN_CLAIM")}})
		if err != nil {
			http.Error(w, "secretOrPrivateKey must have a value", 500)
			return
		}
		keep("issued", []byte(token))
		tell := os.Getenv("TELL")
		switch mode {
		case "hang":
			<-r.Context().Done()
		case "error":
			w.WriteHeader(500)
			fmt.Fprintf(w, `{"error":"cannot sign with %s","stack":"Error: secret %s\n at sign(%s)","token":%q}`, tell, tell, tell, token)
		case "page":
			h.Set("Content-Type", "text/html")
			w.WriteHeader(500)
			fmt.Fprintf(w, "<!DOCTYPE html><pre>Error: %s<br>STREAM_API_SECRET=%s token %s</pre>", tell, tell, token)
		case "redirect":
			h.Set("Location", "/login?secret="+tell+"&token="+token)
			w.WriteHeader(302)
		case "header":
			h.Set("Server", "x/"+tell)
			h.Set("X-Powered-By", tell+" "+token)
			h.Set("Cache-Control", "max-age=60, "+tell)
			h.Set("Etag", token)
			h.Set("Set-Cookie", "t="+token)
			fmt.Fprintf(w, `{"token":%q}`, token)
		default:
			fmt.Fprintf(w, `{"token":%q,"apiKey":%q,"secret":%q,"config":{"apiSecret":%q,"note":"x%sx"},%q:1,"tokens":["Bearer %s"],"userId":%q}`,
				token, tell, tell, tell, tell, tell, token, tell)
		}
	})}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = srv.Close()
	}()
	fmt.Println("http://" + l.Addr().String() + "/api/stream/token")
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// wire is a stand-in for Stream that keeps every byte it is sent.
type wire struct {
	url string
	mu  sync.Mutex
	got []byte
}

func startStream(t testing.TB, apps map[string]fakestream.App) *wire {
	t.Helper()
	w := &wire{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: fakestream.New(fakestream.Options{Apps: apps})}
	go func() { _ = s.Serve(keepingListener{l, w}) }()
	t.Cleanup(func() { _ = s.Close() })
	w.url = "http://" + l.Addr().String()
	return w
}

func (w *wire) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(w.got)
}

type keepingListener struct {
	net.Listener
	w *wire
}

func (l keepingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return keepingConn{c, l.w}, nil
}

type keepingConn struct {
	net.Conn
	w *wire
}

func (c keepingConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	c.w.got = append(c.w.got, b[:n]...)
	return n, err
}

func freePort(t testing.TB) string {
	t.Helper()
	return strconv.Itoa(eventually.FreePort(t))
}
