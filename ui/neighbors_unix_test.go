//go:build unix

package ui

import (
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// listens is a Node program that listens on a free port, and the port.
func listens(t *testing.T, dir string) (args []string, port string) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port = strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	l.Close()
	script := filepath.Join(dir, "server", "index.cjs")
	if err := os.MkdirAll(filepath.Dir(script), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, script, "require('node:http').createServer((q, s) => s.end('{}')).listen(process.argv[2], '127.0.0.1', () => console.log('up'))")
	return []string{node, script, port}, port
}

// The backend that badsig run started listens on another port than the front
// end requests: that is said, with what to do, and isn't called "still starting".
func TestTerminalTheChildListensElsewhere(t *testing.T) {
	t.Parallel()
	for _, scene := range []string{"down", "rejected"} { // no one listens on 3001; someone else does
		t.Run(scene, func(t *testing.T) {
			dir := t.TempDir()
			list, port := listens(t, dir)
			b, _ := json.Marshal(list)
			write(t, filepath.Join(dir, "scene"), scene)
			write(t, filepath.Join(dir, "owners"), "[]")
			s := startOn(t, dir, 120, 36, []string{os.Args[0]}, "CHILD="+string(b))
			s.sees("Your backend listens on port "+port, "PORT=3001 if it reads PORT")
			s.types("q")
			s.ends()
			s.sane()
		})
	}
}

// While one backend listens on the port, another program of the project that
// comes up elsewhere is noticed, and isn't called the backend; when it ends, nothing is said any more.
func TestTerminalAnotherBackendComesUp(t *testing.T) {
	t.Parallel()
	s := openConsole(t, 120, 36, "rejected")
	list, port := listens(t, s.dir)
	s.sees("The API secret ends in a space", "watching")
	looked := filepath.Join(s.dir, "looked")
	s.until("has looked who listens", func() bool { _, err := os.Stat(looked); return err == nil })
	cmd := exec.Command(list[0], list[1:]...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill() }()
	s.sees("listens on port "+port+" now", "If that's your backend", "The API secret ends in a space")
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	s.until("stops saying so", func() bool { return !strings.Contains(s.text(), "If that's your backend") })
}

// badsig run -- docker logs -f NAME follows a log: it isn't called the backend, and nothing restarts it.
func TestTerminalACommandThatFollowsALog(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	docker := filepath.Join(dir, "docker")
	write(t, docker, "#!/bin/sh\necho \"Generated token for user: test123 (of $3)\"\nwhile [ ! -e \"$0.go\" ]; do sleep 0.1; done\necho \"Generated token for user: test123 (later)\"\nexec sleep 300\n")
	if err := os.Chmod(docker, 0o755); err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal([]string{docker, "logs", "-f", "web"})
	s := openConsole(t, 120, 36, "down", "CHILD="+string(b))
	s.sees("Nothing is listening on port 3001", "log of docker")
	s.types("s")
	s.sees("only follows a log")
	s.types("l")
	s.sees("Generated token for user: test123 (of web)", "this command follows a log; it isn't the backend")
	s.types("v") // what it printed first was there before badsig came
	s.sees("no such line in the log yet")
	time.Sleep(2 * time.Second)
	write(t, docker+".go", "")
	s.sees("✓ 2  See the request in the backend's log", "(later)")
	s.types("q")
	s.ends()
	s.sane()
}

// --log FILE: what is written to the file while the console is open is shown.
func TestTerminalALogThatGrows(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "backend.log")
	write(t, file, "the first line\nGenerated token for user: test123 (Test User)\n")
	s := openConsole(t, 120, 36, "rejected", "LOG="+file)
	s.sees("The API secret ends in a space", "log backend.log")
	s.types("l")
	s.sees("the first line")
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString("a line that came later\n"); err != nil {
		t.Fatal(err)
	}
	s.sees("the first line", "a line that came later")
	s.types("v") // a request of yesterday's is none
	s.sees("no such line in the log yet")
	if _, err := f.WriteString("Generated token for user: test123 (Test User)\n"); err != nil {
		t.Fatal(err)
	}
	s.sees("✓ 2  See the request in the backend's log")
}

// --mouse: a click selects a tab, and the wheel moves; without it the terminal keeps the mouse.
func TestTerminalMouse(t *testing.T) {
	t.Parallel()
	s := openConsole(t, 80, 24, "rejected", "MOUSE=1")
	s.sees("4 Checklist")
	if !strings.Contains(s.bytes(), "\x1b[?1006h") {
		t.Error("the mouse isn't switched on")
	}
	x, y := 0, 0
	for i, l := range strings.Split(s.text(), "\n") {
		if at := strings.Index(l, "4 Checklist"); at >= 0 {
			x, y = len([]rune(l[:at]))+3, i+1
		}
	}
	s.types("\x1b[<0;" + strconv.Itoa(x) + ";" + strconv.Itoa(y) + "M\x1b[<0;" + strconv.Itoa(x) + ";" + strconv.Itoa(y) + "m")
	s.sees("Restart the backend after every change")
	s.types("q")
	s.ends()
	s.sane()
	quiet := openConsole(t, 80, 24, "rejected")
	quiet.sees("4 Checklist")
	if strings.Contains(quiet.bytes(), "\x1b[?1006h") {
		t.Error("the mouse is on without --mouse")
	}
}

// --mouse: a click selects a check and shows what was seen, and the wheel goes on to the next one.
func TestTerminalMouseOnChecks(t *testing.T) {
	t.Parallel()
	s := openConsole(t, 120, 36, "rejected", "MOUSE=1")
	s.sees("token is signed with app's secret", "watching")
	x, y := 0, 0
	for i, l := range strings.Split(s.text(), "\n") {
		if at := strings.Index(l, "token is signed with"); at >= 0 {
			x, y = len([]rune(l[:at]))+3, i+1
		}
	}
	at := ";" + strconv.Itoa(x) + ";" + strconv.Itoa(y)
	s.types("\x1b[<0" + at + "M\x1b[<0" + at + "m")
	s.sees("signed by server/.env:2 plus one")
	s.types("\x1b[<65" + at + "M")
	s.sees("server/.env:2 ends in a space")
	s.until("leaves the first one", func() bool { return !strings.Contains(s.text(), "signed by server/.env:2 plus one") })
	s.types("\x1b[<64" + at + "M")
	s.sees("signed by server/.env:2 plus one")
	s.types("q")
	s.ends()
	s.sane()
}

// File names and addresses are links where the terminal opens them, and the screen looks the same.
func TestTerminalLinks(t *testing.T) {
	t.Parallel()
	s := openConsole(t, 120, 36, "rejected", "FORCE_HYPERLINK=1")
	s.sees("Where     server/.env:2", "[E] edit")
	s.until("links the place", func() bool { return strings.Contains(s.bytes(), "/server/.env\x1b\\server/.env:2\x1b]8;;\x1b\\") })
	s.types("e")
	s.sees("Symptoms")
	s.until("links an address", func() bool { return strings.Contains(s.bytes(), "\x1b]8;;https://") })
	s.types("q")
	s.types("q")
	s.ends()
	s.sane()
	plain := openConsole(t, 120, 36, "rejected", "FORCE_HYPERLINK=0")
	plain.sees("Where     server/.env:2")
	if strings.Contains(plain.bytes(), "\x1b]8;") {
		t.Error("a terminal that doesn't know links gets one")
	}
}

// run --restart: a changed .env file restarts the child.
func TestTerminalRestartOfTheChild(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openConsole(t, 120, 36, "rejected", "CHILD="+family(dir), "RESTART=1")
	project := s.dir
	s.dir = dir
	first := pidsOf(t, s)
	s.sees("● sh up", "watching")
	if err := os.Remove(filepath.Join(dir, "pids")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(project, "server", ".env"), "X=2\n")
	second := pidsOf(t, s)
	gone(t, s, first)
	if second[1] == first[1] {
		t.Error("it is the same process")
	}
	s.types("q")
	s.ends()
	gone(t, s, second)
}
