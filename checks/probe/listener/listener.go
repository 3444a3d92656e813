// Package listener finds out who listens on the endpoint's port.
package listener

import (
	"context"
	"os"
	"sort"
	"time"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/vault"
)

// Rules of the listener's files:
//   - a process that vanishes between two reads isn't an error, and what may not be seen is unknown, never wrong
//   - a process's start is never given earlier than it was: who compares it with a file's time errs towards innocence
//   - command lines and folders reach Facts scrubbed; values of an environment go through AddValue and nowhere else
//   - nothing is run and nothing is connected to

// lookLimit bounds the look at all processes, no matter what the machine runs. Tests look for as long as it takes.
var lookLimit = 700 * time.Millisecond

// A server that was started a moment ago is waited for, as long as startLimit, and looked for every startPause.
const startLimit, startPause = 7 * time.Second, 300 * time.Millisecond

// maxOthers bounds the project's processes listed on other ports.
const maxOthers = 16

// stores are programs that listen and serve no browser; started from the
// project's folder they still aren't its servers.
var stores = []string{"redis-server", "valkey-server", "mongod", "postgres", "mysqld", "mariadbd", "memcached", "nats-server", "beam.smp", "mailpit", "esbuild"}

// Probe finds who listens on the target's port, and the project's own
// processes on other ports.
func Probe(ctx context.Context, w *vault.World) error {
	f := w.Snapshot()
	port, local := f.ListensAt()
	if f.Target.Static {
		port, local = 0, false
	}
	if !local {
		w.Update(func(f *facts.Facts) { f.Process = &facts.Listeners{Port: port} })
		return nil
	}
	for begin, looks := time.Now(), 1; ; looks++ {
		l, err := look(ctx, w, f, port)
		l.Starting = len(l.Listeners) == 0 && time.Since(begin) < startLimit && affix.Any(l.Idle, func(i facts.Idle) bool {
			return i.Restarts == "" && i.Young(time.Now()) || i.Restarts != "" && looks < 2
		})
		w.Update(func(f *facts.Facts) { f.Process = l })
		if err != nil || !l.Starting || ctx.Err() != nil {
			return err
		}
		time.Sleep(startPause)
	}
}

// look looks at the machine's processes once.
func look(ctx context.Context, w *vault.World, f *facts.Facts, port int) (*facts.Listeners, error) {
	l := &facts.Listeners{Port: port}
	socks, err := listenSockets()
	if err != nil {
		return l, err
	}
	l.Known = true
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	s := &processLook{world: w, home: newHome(f.Target.Dir), names: readNames(f), seen: map[int32]*seenProcess{}}
	findOwners(ctx, socks, func(k *socket) bool { return k.port == port }, s.inside)
	sort.SliceStable(socks, func(i, j int) bool { return socks[i].family < socks[j].family }) // dual before ipv4 before ipv6
	self := int32(os.Getpid())                                                                // demo's backend and its stand-in for Stream aren't servers of the project
	for _, k := range socks {
		switch {
		case k.port == port:
			l.Listeners = append(l.Listeners, s.listener(k))
		case k.pid != 0 && k.pid != self && len(l.Others) < maxOthers && s.inside(k.pid):
			if o := s.listener(k); !facts.OneOf(stores, o.Name) {
				l.Others = append(l.Others, o)
			}
		}
	}
	l.Cut = ctx.Err() != nil
	forwarded(l)
	s.values(l.Listeners)
	if len(l.Listeners) == 0 {
		l.Idle = s.idle(socks)
	}
	return l, nil
}

// processLook is one look at the machine's processes.
type processLook struct {
	world *vault.World
	home  projectHome
	names map[string]string // variables that the project's code reads → what they are
	seen  map[int32]*seenProcess
}

// seenProcess is a process as far as this look has read it.
type seenProcess struct {
	*process
	command       []string // not redacted
	cwd           string
	inside, known bool
}

// process reads a process once; nil if it is gone.
func (s *processLook) process(pid int32) *seenProcess {
	if p, ok := s.seen[pid]; ok {
		return p
	}
	var out *seenProcess
	if p := readProcess(pid); p != nil {
		out = &seenProcess{process: p, command: p.args()}
		out.cwd, out.inside, out.known = s.home.where(p, out.command)
	}
	s.seen[pid] = out
	return out
}

// inside tells whether a process surely belongs to the project. It is called for
// every process of the machine, so it reads no more than it must.
func (s *processLook) inside(pid int32) bool {
	if p, ok := s.seen[pid]; ok {
		return p != nil && p.inside
	}
	p := process{pid: pid}
	cwd, ok := p.folder()
	if !ok {
		return false
	}
	if _, in := s.home.rel(cwd); !in && !s.home.runs(p.args()) {
		return false
	}
	q := s.process(pid)
	return q != nil && q.inside
}

// listener describes a socket and its owner.
func (s *processLook) listener(k socket) facts.Listener {
	l := facts.Listener{Family: k.family, Address: k.addr.String(), Port: k.port}
	pid := k.pid
	if pid == 0 {
		pid = forwarder(k)
	}
	p := s.process(pid)
	if pid == 0 || p == nil {
		return l
	}
	l.PID, l.Start, l.Inside, l.InsideKnown = pid, p.start, p.inside, p.known
	l.Dir = s.world.Scrub(p.cwd)
	l.Command = s.redact(p.command)
	l.Name = s.world.Scrub(programName(p.comm, p.command))
	l.Ancestors = s.ancestors(p)
	env, ok := p.environ()
	if ok {
		l.EnvKnown = true
		l.Env = s.plainEnv(env)
	}
	exe, root := p.program()
	l.Node = nodeVersion(exe, root, env)
	return l
}

// maxAncestors is how far up the parents are followed.
const maxAncestors = 8

func (s *processLook) ancestors(p *seenProcess) []facts.Ancestor {
	var out []facts.Ancestor
	for child := p; len(out) < maxAncestors && child.ppid > 1; {
		a := s.process(child.ppid)
		// A parent that is younger than its child is another process with the old one's number.
		if a == nil || a.startTicks > child.startTicks {
			break
		}
		watcher, envFile := watcherOf(programName(a.comm, a.command), a.command)
		out = append(out, facts.Ancestor{PID: a.pid, Start: a.start, Command: s.redact(a.command), Watcher: watcher, EnvFile: s.world.Scrub(envFile), Lacks: s.lacks(a, child)})
		child = a
	}
	return out
}
