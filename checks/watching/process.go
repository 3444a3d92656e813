package watching

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// StillStopping is said where badsig ends before the backend does.
const StillStopping = "the backend is still stopping; if it's still running in 2 seconds, it's killed"

// Start starts a command with its output going to one pipe, so that standard
// output and standard error keep their order. color requests the colors that
// programs leave out when they write to a pipe.
func Start(args []string, color bool) (*Process, error) {
	return StartIn("", args, color)
}

// StartIn starts a command in a folder; "" is the working folder.
func StartIn(dir string, args []string, color bool) (*Process, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = childEnv(os.Environ(), color)
	cmd.Stdout, cmd.Stderr = w, w
	p := &Process{cmd: cmd, output: output{file: r}}
	if err = p.start(); err != nil {
		r.Close()
		w.Close()
		return nil, err
	}
	w.Close()
	return p, nil
}

// childEnv is a child's environment: the dashboard's pair is badsig's alone.
func childEnv(env []string, color bool) []string {
	env = affix.Without(slices.Clone(env), func(e string) bool { return affix.HasPrefix(e, "BADSIG_API_") })
	for _, e := range env {
		if affix.HasPrefix(e, "NO_COLOR=") || affix.HasPrefix(e, "FORCE_COLOR=") {
			return env
		}
	}
	if !color {
		return env
	}
	return append(env, "FORCE_COLOR=1", "CLICOLOR_FORCE=1")
}

// output is what a process writes.
type output struct {
	file *os.File
	buf  []byte    // of the read under way, or of the one just taken in
	read time.Time // of the last one
}

// readApart is the least time between two reads. The first line after a pause
// comes immediately; a flood waits in the pipe, which makes the child wait when it
// is full (64 KiB), so that neither keys nor the processor suffer from it.
const readApart = 25 * time.Millisecond

// Read waits for output. What it returns is valid until the next call; there is
// one call at a time. At the end of the output it returns an error.
func (o *output) Read() ([]byte, error) {
	time.Sleep(readApart - time.Since(o.read))
	if o.buf == nil {
		o.buf = make([]byte, 64<<10)
	}
	n, err := o.file.Read(o.buf)
	o.read = time.Now()
	if n == 0 && err != nil {
		o.file.Close()
		return nil, err
	}
	return o.buf[:n], nil
}

// Close gives the output up.
func (o *output) Close() error { return o.file.Close() }

// exitText says how a process ended.
func exitText(state *os.ProcessState, err error) string {
	switch {
	case state != nil:
		return "ended with " + state.String()
	case err != nil:
		return "ended: " + err.Error()
	}
	return "ended"
}

// logTools are programs that print another program's log with the word after them.
var logTools = map[string]string{"docker": "logs", "podman": "logs", "nerdctl": "logs", "docker-compose": "logs", "kubectl": "logs", "oc": "logs", "heroku": "logs",
	"fly": "logs", "vercel": "logs", "journalctl": "", "tail": ""}

// OnlyLogs reports whether a command is none of a backend: it follows the log of one that runs elsewhere.
func OnlyLogs(args []string) bool {
	if len(args) == 0 {
		return false
	}
	word, ok := logTools[affix.TrimSuffix(filepath.Base(args[0]), ".exe")]
	return ok && (word == "" || facts.OneOf(args[1:], word))
}
