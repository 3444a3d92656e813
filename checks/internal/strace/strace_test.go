package strace

import (
	"strings"
	"testing"
)

func TestAwayKnowsWhatLeaves(t *testing.T) {
	for call, leaves := range map[string]bool{
		`connect(5, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("192.0.2.1")}, 16) = 0`:                                                true,
		`connect(5, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr)}, 28)`:          true,
		`sendto(3, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.53")}, 16) = 1`:                                      true,
		`connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT`:                                                           true,
		`connect(5, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0`:                                                false,
		`connect(5, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28)`: false,
		`sendto(3, [{nlmsg_len=72}], 72, 0, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 72`:                                           false,
	} {
		if got := len(Away(call)) > 0; got != leaves {
			t.Errorf("%s: %t", call, got)
		}
	}
}

// What went to whom is told apart from what went elsewhere, and the start of
// the program itself tells nothing.
func TestSent(t *testing.T) {
	trace := `1  execve("/x/badsig", ["badsig", "check"], ["STREAM_API_SECRET=of the caller"]) = 0
1  connect(8<TCPv6:[55]>, {sa_family=AF_INET6, sin6_port=htons(3777)}, 28) = -1 EINPROGRESS (Operation now in progress)
2  write(13<TCPv6:[[::1]:55694->[::1]:3777]>, "GET /one\r\n", 10) = 10
3  write(7<TCP:[127.0.0.1:48626->127.0.0.1:3778]>, "GET /two\r\n", 10 <unfinished ...>
2  write(13<TCPv6:[[::1]:55694->[::1]:3777]>, "GET /three\r\n", 12) = 12
2  write(1</dev/null<char 1:3>>, "printed", 7) = 7
2  write(5</tmp/facts.json>, "kept", 4) = 4
4  execve("/bin/sh", ["sh", "-c", "x"], ["TOLD=yes"]) = 0
`
	to, rest := Sent(trace)
	if len(to) != 2 || !strings.Contains(to["3777"], "/one") || !strings.Contains(to["3777"], "/three") || !strings.Contains(to["3778"], "/two") {
		t.Errorf("sent: %q", to)
	}
	for _, text := range []string{"printed", "kept"} {
		if !strings.Contains(rest, text) {
			t.Errorf("%q is lost: %s", text, rest)
		}
	}
	for _, text := range []string{"of the caller", "TOLD=yes", "/one", "/two"} {
		if strings.Contains(rest, text) {
			t.Errorf("%q is taken for something else: %s", text, rest)
		}
	}
	if started := Started(trace); len(started) != 1 || !strings.Contains(started[0], "TOLD=yes") {
		t.Errorf("started: %q", started)
	}
}
