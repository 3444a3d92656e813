// Package child starts the programs of a scenario, each with a process group of
// its own and an environment in which nothing from Stream is set.
package child

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

// Process is a running child with its whole process group.
type Process struct {
	cmd  *exec.Cmd
	Done chan struct{} // closed when it has ended
	Out  eventually.Output
}

// Start starts a program.
func Start(cmd *exec.Cmd) (*Process, error) {
	ownGroup(cmd)
	p := &Process{cmd: cmd, Done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &p.Out, &p.Out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() { _ = cmd.Wait(); close(p.Done) }()
	return p, nil
}

// Stop ends the process and its group; one that has ended by itself is left alone,
// since its number may be another's by now.
func (p *Process) Stop() {
	select {
	case <-p.Done:
	default:
		killGroup(p.cmd)
		<-p.Done
	}
}

// Wait waits until addr accepts a connection; name is the program's, for what is said when it does not.
func (p *Process) Wait(name, addr string) error {
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
		case <-p.Done:
			return fmt.Errorf("%s ended before it listened on %s:\n%s", name, addr, p.Out.String())
		default:
		}
	}
	return fmt.Errorf("%s does not listen on %s:\n%s", name, addr, p.Out.String())
}

// BareEnv is an environment in which nothing from Stream is set.
func BareEnv(home string) []string {
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

// RealPython looks past version managers' shims, which need their own HOME.
var RealPython = sync.OnceValue(func() string {
	out, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
	if err != nil {
		return "python3"
	}
	return strings.TrimSpace(string(out))
})

// Run runs a program to its end.
func Run(dir string, argv ...string) error {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = dir, BareEnv(dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(argv, " "), err, out)
	}
	return nil
}
