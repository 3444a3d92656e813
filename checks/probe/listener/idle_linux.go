//go:build !gopsutil

package listener

import (
	"os"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/tools"
)

// sourceEndings are the names' ends of what an interpreter runs.
var sourceEndings = []string{".js", ".mjs", ".cjs", ".ts", ".mts", ".py", ".rb"}

// idle lists the programs of the project that listen on no port: those without a
// child, which are what a server is until it listens, or what restarts one that has ended.
func (s *processLook) idle(socks []socket) (out []facts.Idle) {
	for _, pid := range pids() {
		if !s.inside(pid) || pid == int32(os.Getpid()) || affix.Any(socks, func(k socket) bool { return k.pid == pid }) || len(children(pid)) > 0 {
			continue
		}
		p := s.process(pid)
		restarts, _ := watcherOf(programName(p.comm, p.command), p.command)
		if restarts != "node --watch" && restarts != "tsx watch" && !tools.Command(restarts, func(t *tools.Tool) bool { return t.Restarts }) {
			restarts = ""
		}
		runs := func(a string) bool {
			return facts.OneOf(sourceEndings, affix.Ext(a)) && !affix.Contains(a, "node_modules/")
		}
		if len(out) < maxOthers && len(p.command) > 1 && (restarts != "" || facts.OneOf(interpreters[:6], argBase(p.command[0])) && (affix.Any(p.command[1:], runs) || script(p.command))) {
			out = append(out, facts.Idle{PID: pid, Start: p.start, Command: s.redact(p.command), Restarts: restarts})
		}
	}
	return out
}

// script reports a command line of an interpreter whose script has no ending, and is none of a package's: node server.
func script(args []string) bool {
	i := scriptAt(args)
	return i > 0 && i < len(args) && affix.Ext(args[i]) == "" && !affix.Contains(args[i], "node_modules/") && toolOf(args[i]) == ""
}
