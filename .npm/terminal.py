"""usage: terminal.py BADSIG   opens the demo on a pseudo-terminal under a shell: ctrl+z, fg, q; then ctrl+c."""
import os, pty, select, sys, time

pid, fd = pty.fork()
if pid == 0:
    os.environ.update(TERM="xterm-256color", PS1="$ ")
    os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
seen = b""


def until(what, want, seconds=30):
    global seen
    end = time.time() + seconds
    while time.time() < end:
        if want in seen:
            seen = seen[seen.index(want) + len(want):]
            return
        if select.select([fd], [], [], 0.1)[0]:
            try:
                seen += os.read(fd, 65536)
            except OSError:
                break
    sys.exit("not seen: %s\n%r" % (what, seen[-1500:]))


os.write(fd, b"stty rows 36 cols 120; " + sys.argv[1].encode() + b" demo\n")
until("the console", b"\x1b[?1049h")
until("its checks", b"userId")
time.sleep(1)
os.write(fd, b"\x1a")
until("the shell, after ctrl+z", b"Stopped")
os.write(fd, b"fg\n")
until("the console, after fg", b"\x1b[?1049h")
time.sleep(1)
os.write(fd, b"\x03")
until("the end of the console", b"\x1b[?1049l")
until("the shell's prompt", b"$ ")
os.write(fd, b"echo sta''tus=$?\n")
until("the exit status of ctrl+c", b"status=130")
os.write(fd, b"stty -a | head -3; echo do''ne\n")
until("the shell's terminal", b"done")
