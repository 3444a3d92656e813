package scenarios

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"badsig/checks/e2e/child"
)

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

// start starts a process and waits until its address accepts a connection.
func (l *Live) start(p Proc) error {
	argv := make([]string, len(p.Cmd))
	for i, a := range p.Cmd {
		argv[i] = l.Vars.fill(a)
	}
	if argv[0] == "python3" {
		argv[0] = child.RealPython()
	}
	env := child.BareEnv(l.Root)
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
	if l.launch != nil && p.Name == l.all()[0].Name {
		return l.launch(p, argv, env)
	}
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = filepath.Join(l.Dir, filepath.FromSlash(l.Vars.fill(p.Dir)))
	cmd.Env = env
	r, err := child.Start(cmd)
	if err != nil {
		return err
	}
	l.procs[p.Name] = r
	addr := p.Addr
	if addr == "-" {
		return nil
	}
	if addr == "" {
		addr = "localhost:{{PORT}}"
	}
	return r.Wait(p.Name, l.Vars.fill(addr))
}

// Shell runs a command in the project, git for the most part.
func Shell(argv ...string) Step {
	return func(l *Live) error { return child.Run(l.Dir, argv...) }
}
