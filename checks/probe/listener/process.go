package listener

import (
	"net/netip"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"badsig/checks/affix"
)

const (
	maxArgBytes = 64 << 10
	maxEnvBytes = 1 << 20
)

// socket is one listening TCP socket.
type socket struct {
	family string // ipv4, ipv6, dual
	addr   netip.Addr
	port   int
	inode  uint64 // Linux: what the owner's descriptor links to
	uid    uint32 // Linux: the owner's user
	pid    int32  // 0: not known
}

// setFamily decides between ipv6 and dual: the unspecified IPv6 address also
// accepts IPv4 connections unless the socket was made for IPv6 only; a mapped
// address accepts nothing but IPv4.
func (s *socket) setFamily(v6only bool) {
	switch {
	case s.addr.Is4In6():
		s.family, s.addr = "ipv4", s.addr.Unmap()
	case s.addr.IsUnspecified() && !v6only:
		s.family = "dual"
	default:
		s.family = "ipv6"
	}
}

// process is what is known of a process at one moment. Its methods read
// further; each gives nothing where the process is gone or may not be seen.
type process struct {
	pid, ppid  int32
	comm       string
	startTicks int64     // in the system's unit; with the pid it names a process for good
	start      time.Time // never before the real start; zero: not known
}

// projectHome is the project's folder, as it was passed and with its links resolved:
// working folders come resolved, paths in command lines as they were typed.
type projectHome []string

func newHome(dir string) projectHome {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil
	}
	h := projectHome{abs}
	if real, err := filepath.EvalSymlinks(abs); err == nil && real != abs {
		h = append(h, real)
	}
	return h
}

// rel gives a path relative to the project with slashes ("." for the project itself), ok if it is inside.
func (h projectHome) rel(path string) (string, bool) {
	if path == "" || !filepath.IsAbs(path) {
		return "", false
	}
	for _, root := range h {
		r, err := filepath.Rel(root, path)
		if err == nil && r != ".." && !affix.HasPrefix(r, ".."+string(filepath.Separator)) {
			return filepath.ToSlash(r), true
		}
		if fold := runtime.GOOS == "windows" || runtime.GOOS == "darwin"; fold && len(path) >= len(root) && strings.EqualFold(path[:len(root)], root) {
			if rest := path[len(root):]; rest == "" || rest[0] == filepath.Separator {
				return filepath.ToSlash(filepath.Clean("." + rest)), true
			}
		}
	}
	return "", false
}

// where tells the working folder (relative to the project inside it) and
// whether the process belongs to the project: it works in it, or runs a script
// that is in it.
func (h projectHome) where(p *process, args []string) (dir string, inside, known bool) {
	cwd, ok := p.dir()
	if !ok {
		return "", false, false
	}
	if r, in := h.rel(cwd); in {
		return r, true, true
	}
	return cwd, h.runs(args), true
}

// runs tells whether a command line names a script inside the project.
func (h projectHome) runs(args []string) bool {
	for _, a := range args[:min(len(args), 16)] {
		if _, in := h.rel(a); in {
			return true
		}
	}
	return false
}
