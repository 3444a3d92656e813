// Package strace runs a program under strace and reads what its trace tells
// of the world outside: whom it connected to, what it sent to whom, what it
// wrote where, and what it told its children. It is for tests alone; nothing of
// badsig imports it.
package strace

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
)

// Find gives a strace that works here, or "".
var Find = sync.OnceValue(func() string {
	if runtime.GOOS != "linux" {
		return ""
	}
	path, err := exec.LookPath("strace")
	if err != nil {
		return ""
	}
	if err := exec.Command(path, "-f", "--seccomp-bpf", "-qq", "-e", "trace=connect", "-o", os.DevNull, "true").Run(); err != nil {
		fmt.Fprintln(os.Stderr, "strace does not work here:", err)
		return ""
	}
	return path
})

// outward are the calls that bring something out of a process.
const outward = "connect,sendto,sendmsg,sendmmsg,write,writev,pwrite64,pwritev,execve,execveat"

// Under changes a command that was not started yet so that it runs under
// strace, which writes a trace into a file: every text whole, every descriptor
// with what it leads to, every child with its arguments and its environment.
// The program stops at the calls that are traced alone, which costs a fifth of
// what stopping at every call does.
func Under(strace, trace string, cmd *exec.Cmd) {
	args := []string{strace, "-f", "--seccomp-bpf", "-qq", "-yy", "-v", "-s", "1048576", "-e", "signal=none", "-e", "trace=" + outward, "-o", trace, cmd.Path}
	cmd.Args = append(args, cmd.Args[1:]...)
	cmd.Path = strace
}

// addressed matches a call that names an address, as strace writes it.
var addressed = regexp.MustCompile(`(connect|sendto|sendmsg|sendmmsg)\([^\n]*sa_family=(AF_\w+)[^\n]*`)

var inetAddress = regexp.MustCompile(`inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"`)

// Away lists the calls of a trace that leave this machine, or query someone who would.
func Away(trace string) (list []string) {
	for _, m := range addressed.FindAllStringSubmatch(trace, -1) {
		switch m[2] {
		case "AF_INET", "AF_INET6":
			at := inetAddress.FindStringSubmatch(m[0])
			if at == nil {
				list = append(list, m[0])
				continue
			}
			ip, err := netip.ParseAddr(at[1] + at[2])
			if err != nil || !ip.Unmap().IsLoopback() {
				list = append(list, m[0])
			}
		case "AF_UNIX": // a resolver's daemon
			list = append(list, m[0])
		}
	}
	return list
}

// toPeer matches a write to a connected socket: the other end's address, and what is written.
var toPeer = regexp.MustCompile(`\(\d+<TCP(?:v6)?:\[[^>]*->(.*?:\d+)\]>, (.*)`)

// Sent gives what went to whom over TCP: the text, as strace writes it, by the
// other end's port; and what was written elsewhere.
func Sent(trace string) (to map[string]string, elsewhere string) {
	to = map[string]string{}
	var b strings.Builder
	for line := range strings.Lines(trace) {
		if m := toPeer.FindStringSubmatch(line); m != nil {
			port := m[1][strings.LastIndexByte(m[1], ':')+1:]
			to[port] += m[2] + "\n"
		} else if !strings.Contains(line, "execve") {
			b.WriteString(line)
		}
	}
	return to, b.String()
}

// Started lists the programs that were started, each with its arguments and its
// environment, but for the first, whose own are its caller's.
func Started(trace string) (list []string) {
	for line := range strings.Lines(trace) {
		if strings.Contains(line, "execve(") || strings.Contains(line, "execveat(") {
			list = append(list, line)
		}
	}
	return list[min(1, len(list)):]
}
