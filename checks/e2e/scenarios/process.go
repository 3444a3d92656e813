package scenarios

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"badsig/checks/internal/eventually"
)

// process is a running child with its whole process group.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
	out  eventually.Output
}

// stop ends the process and its group; one that has ended by itself is left alone,
// since its number may be another's by now.
func (p *process) stop() {
	select {
	case <-p.done:
	default:
		killGroup(p.cmd)
		<-p.done
	}
}

// skewCode makes a Node process live ahead of time, in Date and in the Date header.
const skewCode = `const ahead = Number(process.env.AHEAD) * 1000
const Real = Date
globalThis.Date = new Proxy(Real, {
  construct: (_, args, target) => Reflect.construct(Real, args.length ? args : [Real.now() + ahead], target),
  apply: () => new Real(Real.now() + ahead).toString(),
  get: (_, name) => (name === 'now' ? () => Real.now() + ahead : Real[name]),
})
const { ServerResponse } = require('node:http')
const writeHead = ServerResponse.prototype.writeHead
ServerResponse.prototype.writeHead = function (...args) {
  if (!this.hasHeader('Date')) this.setHeader('Date', new Real(Real.now() + ahead).toUTCString())
  return writeHead.apply(this, args)
}
`

// start starts a process and waits until its address answers a dial.
func (l *Live) start(p Proc) error {
	argv := make([]string, len(p.Cmd))
	for i, a := range p.Cmd {
		argv[i] = l.Vars.fill(a)
	}
	if argv[0] == "python3" {
		argv[0] = realPython()
	}
	env := bareEnv(l.Root)
	for _, e := range p.Env {
		env = append(env, l.Vars.fill(e))
	}
	if p.Skewed != 0 {
		file := filepath.Join(l.Root, "ahead.cjs")
		if err := os.WriteFile(file, []byte(skewCode), 0o644); err != nil {
			return err
		}
		env = append(env, fmt.Sprintf("AHEAD=%d", p.Skewed))
		argv = append([]string{argv[0], "--require", file}, argv[1:]...)
	}
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = filepath.Join(l.Dir, filepath.FromSlash(l.Vars.fill(p.Dir)))
	cmd.Env = env
	ownGroup(cmd)
	r := &process{cmd: cmd, done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &r.out, &r.out
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait(); close(r.done) }()
	l.procs[p.Name] = r
	addr := p.Addr
	if addr == "-" {
		return nil
	}
	if addr == "" {
		addr = "localhost:{{PORT}}"
	}
	return r.wait(p.Name, l.Vars.fill(addr))
}

func (p *process) wait(name, addr string) error {
	host, port, _ := net.SplitHostPort(addr)
	hosts := []string{host}
	if host == "localhost" {
		hosts = []string{"127.0.0.1", "::1"}
	}
	for end := time.Now().Add(eventually.Long); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		for _, h := range hosts {
			if c, err := net.DialTimeout("tcp", net.JoinHostPort(h, port), time.Second); err == nil {
				c.Close()
				return nil
			}
		}
		select {
		case <-p.done:
			return fmt.Errorf("%s ended before it listened on %s:\n%s", name, addr, p.out.String())
		default:
		}
	}
	return fmt.Errorf("%s does not listen on %s:\n%s", name, addr, p.out.String())
}

// bareEnv is an environment in which nothing of Stream's is set.
func bareEnv(home string) []string {
	env := []string{"HOME=" + home}
	for _, e := range os.Environ() {
		n, _, _ := strings.Cut(e, "=")
		switch strings.ToUpper(n) {
		case "PATH", "TMPDIR", "SYSTEMROOT", "GOROOT", "GOCACHE", "GOMODCACHE", "GOPATH", "GOFLAGS", "PYENV_ROOT", "PYENV_VERSION":
			env = append(env, e)
		}
	}
	if os.Getenv("GOCACHE") == "" {
		if dir, err := os.UserCacheDir(); err == nil {
			env = append(env, "GOCACHE="+filepath.Join(dir, "go-build"))
		}
	}
	return env
}

// realPython looks behind version managers' shims, which need their own HOME.
var realPython = sync.OnceValue(func() string {
	out, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
	if err != nil {
		return "python3"
	}
	return strings.TrimSpace(string(out))
})

func run(dir string, argv ...string) error {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = dir, bareEnv(dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(argv, " "), err, out)
	}
	return nil
}

// Shell runs a command in the project, git for the most part.
func Shell(argv ...string) Step {
	return func(l *Live) error { return run(l.Dir, argv...) }
}
