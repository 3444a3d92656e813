package rules

import (
	"testing"
	"time"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/internal/factstest"
	"badsig/tokens"
)

func other(port int, dir string, command ...string) func(*facts.Facts) {
	return func(f *facts.Facts) {
		factstest.Refuse(f)
		f.Process.Others = append(f.Process.Others, facts.Listener{
			Family: "dual", Address: "::", Port: port, PID: 815, Dir: dir, Command: command, Inside: true, InsideKnown: true, Name: "node",
		})
	}
}

// idle is a program of the project that listens on nothing, started so long ago.
func idle(p facts.Idle, ago time.Duration) func(*facts.Facts) {
	return func(f *facts.Facts) {
		factstest.Refuse(f)
		p.PID, p.Start = 816, f.At.Add(-ago)
		f.Process.Idle = []facts.Idle{p}
	}
}

func ask(host, family string) func(*facts.Facts) {
	return func(f *facts.Facts) {
		f.Target.URL = "http://" + host + ":3001/api/stream/token"
		f.Backend.Dials = []facts.Dial{{Address: host + ":3001", Family: family}}
		factstest.Refuse(f)
	}
}

func both(fs ...func(*facts.Facts)) func(*facts.Facts) {
	return func(f *facts.Facts) {
		for _, change := range fs {
			change(f)
		}
	}
}

func listener(l facts.Listener) func(*facts.Facts) {
	return func(f *facts.Facts) { f.Process.Listeners = append(f.Process.Listeners, l) }
}

func TestServerListens(t *testing.T) {
	judgeAll(t, ServerListens, []judged{
		{name: "it does", want: finding.Pass, says: "node, pid 4711, in server, since 11:57:00"},
		{name: "on one address of localhost only, which browsers find", change: func(f *facts.Facts) {
			f.Backend.Dials[0] = facts.Dial{Address: "[::1]:3001", Family: "ipv6", Error: "refused"}
			f.Process.Listeners = []facts.Listener{factstest.Ours(4711, "ipv4", "127.0.0.1")}
		}, want: finding.Pass, says: "pid 4711"},
		{name: "who it is may not be seen", change: func(f *facts.Facts) { f.Process.Listeners[0].PID = 0 }, want: finding.Pass, says: "isn't allowed to see"},

		{name: "no one listens", change: factstest.Refuse, want: finding.Fail, causes: ids(causes.ServerDown), says: "cd server && npm run dev"},
		{name: "no one yet: the program was started a moment ago", change: idle(facts.Idle{Command: []string{"node", "server.js"}}, time.Second), want: finding.Unknown, says: "was started a moment ago"},
		{name: "no one, and its watcher waits", change: idle(facts.Idle{Command: []string{"node", "/p/node_modules/.bin/nodemon"}, Restarts: "nodemon"}, time.Second), want: finding.Fail, causes: ids(causes.ServerDown), says: "the last lines that nodemon shows"},
		{name: "no one, and the program waits for something", change: both(idle(facts.Idle{Command: []string{"node", "server.js"}}, time.Minute), func(f *facts.Facts) { f.Project.Servers[0].Entry = "server/server.js" }), want: finding.Fail, causes: ids(causes.ServerDown), says: "it waits for something before it listens"},
		{name: "no one, and another script runs", change: idle(facts.Idle{Command: []string{"node", "seed.js"}}, time.Minute), want: finding.Fail, causes: ids(causes.ServerDown), says: "cd server && npm run dev"},
		{name: "no one, and there was no time to look at other ports", change: both(factstest.Refuse, func(f *facts.Facts) { f.Process.Cut = true }), want: finding.Fail, causes: ids(causes.ServerDown), likely: true, says: "ran out of time"},
		{name: "no one, and IPv6 is switched off", change: func(f *facts.Facts) { factstest.Refuse(f); f.Backend.Dials[0].Error = "unreachable" }, want: finding.Fail, causes: ids(causes.ServerDown)},
		{name: "neither family of localhost can be reached", change: func(f *facts.Facts) {
			factstest.Refuse(f)
			for i := range f.Backend.Dials {
				f.Backend.Dials[i].Error = "unreachable"
			}
		}, want: finding.Unknown},
		{name: "no one, on another machine", change: ask("192.0.2.7", "ipv4"), want: finding.Fail, causes: ids(causes.ServerDown), likely: true, says: "on 192.0.2.7"},
		{name: "a machine elsewhere doesn't respond", change: both(ask("192.0.2.7", "ipv4"), func(f *facts.Facts) { f.Backend.Dials[0].Error = "timeout" }), want: finding.Unknown},
		{name: "a name that no one knows", change: both(ask("api.example.test", ""), func(f *facts.Facts) { f.Backend.Dials[0].Error = "no-such-host" }), want: finding.Unknown},

		{name: "another port, which the source names", change: both(other(3002, "server", "node", "server.js"), func(f *facts.Facts) { f.Project.Servers[0].Ports[0].Port = 3002 }),
			want: finding.Fail, causes: ids(causes.ServerOnOtherPort), at: "stream/src/config.js:3", says: "3002"},
		{name: "another port, by PORT in the shell", change: other(4000, "server", "node", "server.js"), want: finding.Fail, causes: ids(causes.ServerOnOtherPort), says: "PORT, read at server/server.js:30"},
		{name: "another port, by the script that the source starts", change: both(other(4000, "/tmp", "node", "/p/server/server.js"), func(f *facts.Facts) { f.Project.Servers[0].Entry = "server/server.js" }),
			want: finding.Fail, causes: ids(causes.ServerOnOtherPort)},
		{name: "another port, of some script of the project", change: other(4000, "scripts", "node", "mock.js"), want: finding.Fail, causes: ids(causes.ServerOnOtherPort), likely: true},
		{name: "the URL was typed, and the front end requests the same", change: both(other(4000, "server", "node", "server.js"), func(f *facts.Facts) { f.Target.URLSource = "flag" }),
			want: finding.Fail, causes: ids(causes.ServerOnOtherPort), at: "stream/src/chat.js:8"},
		{name: "Vite isn't a backend", change: other(5173, "stream", "node", "/p/stream/node_modules/.bin/vite"), want: finding.Fail, causes: ids(causes.ServerDown)},
		{name: "Create React App isn't a backend", change: other(3000, "stream", "node", "/p/node_modules/react-scripts/scripts/start.js"), want: finding.Fail, causes: ids(causes.ServerDown)},
		{name: "next dev of the front end isn't a backend", change: other(3000, "stream", "node", "/p/node_modules/.bin/next", "dev"), want: finding.Fail, causes: ids(causes.ServerDown)},
		{name: "next dev with the token route is", change: both(other(3000, "server", "node", "/p/node_modules/.bin/next", "dev"), func(f *facts.Facts) { f.Project.Servers[0].Loader = "next" }),
			want: finding.Fail, causes: ids(causes.ServerOnOtherPort)},
		{name: "Vite on Windows isn't a backend", change: other(5173, "stream", "node.exe", `C:\p\stream\node_modules\vite\bin\vite.js`), want: finding.Fail, causes: ids(causes.ServerDown)},
		{name: "a server whose argument is the word serve is a backend", change: other(4000, "server", "node", "cli.js", "serve"), want: finding.Fail, causes: ids(causes.ServerOnOtherPort)},
		{name: "a tunnel started in the server's folder isn't a backend", change: other(4040, "server", "ngrok", "http", "3001"), want: finding.Fail, causes: ids(causes.ServerDown)},
		{name: "a database started in the project's folder isn't a backend", change: other(6379, ".", "/usr/bin/redis-server", "*:6379"), want: finding.Fail, causes: ids(causes.ServerDown)},
		{name: "a database where no server's source was found", change: both(other(6379, ".", "redis-server"), func(f *facts.Facts) { f.Project.Servers = nil }), want: finding.Fail, causes: ids(causes.ServerDown)},
		{name: "a script where no server's source was found", change: both(other(4000, ".", "python3", "app.py"), func(f *facts.Facts) { f.Project.Servers = nil }), want: finding.Fail, causes: ids(causes.ServerOnOtherPort), likely: true},
		{name: "a compiled backend on another port", change: both(other(4000, "server", "./server"), func(f *facts.Facts) { f.Project.Servers[0].File = "server/main.go" }), want: finding.Fail, causes: ids(causes.ServerOnOtherPort)},
		{name: "a debugger isn't a backend", change: other(9229, "server", "node", "--inspect", "server.js"), want: finding.Fail, causes: ids(causes.ServerDown)},

		{name: "the URL says 127.0.0.1, the server ::1", change: both(ask("127.0.0.1", "ipv4"), listener(factstest.Ours(4711, "ipv6", "::1"))),
			want: finding.Fail, causes: ids(causes.ServerFamily), at: "stream/src/config.js:3", says: "In stream/src/config.js line 3, use localhost instead of 127.0.0.1 in the URL"},
		{name: "the URL says ::1, the server 127.0.0.1", change: both(ask("[::1]", "ipv6"), listener(factstest.Ours(4711, "ipv4", "127.0.0.1"))), want: finding.Fail, causes: ids(causes.ServerFamily)},
		{name: "the URL says 127.0.0.1, the server listens on the network only", change: both(ask("127.0.0.1", "ipv4"), listener(factstest.Ours(4711, "ipv4", "192.168.1.5"))), want: finding.Fail, causes: ids(causes.ServerFamily)},
		{name: "127.0.0.1 refused a moment before it listened", change: both(ask("127.0.0.1", "ipv4"), listener(factstest.Ours(4711, "dual", "::"))), want: finding.Fail, causes: ids(causes.ServerDown)},
	})
}

// What runs in the project's folder, and can't be its server, is a stranger on the port that the server's source names.
func TestForeignInsideTheProject(t *testing.T) {
	for name, c := range map[string]struct {
		change func(f *facts.Facts, l *facts.Listener)
		want   finding.Status
	}{
		"the server itself":             {func(_ *facts.Facts, _ *facts.Listener) {}, finding.Pass},
		"a program on the command line": {func(_ *facts.Facts, l *facts.Listener) { l.Command = []string{"node", "-e", "…"} }, finding.Fail},
		"one that gives a token": {func(f *facts.Facts, l *facts.Listener) {
			*f = *factstest.Sound()
			l.Command = []string{"node", "-e", "…"}
		}, finding.Pass},
		"Python's file server": {func(_ *facts.Facts, l *facts.Listener) {
			l.Name, l.Command = "python3", []string{"python3", "-m", "http.server", "3001"}
		}, finding.Fail},
		"Create React App, in the server's": {func(_ *facts.Facts, l *facts.Listener) {
			l.Name, l.Command = "react-scripts", []string{"node", "start.js"}
		}, finding.Fail},
		"Vite, in another folder": {func(_ *facts.Facts, l *facts.Listener) {
			l.Name, l.Dir, l.Command = "vite", "web", []string{"node", "vite.js"}
		}, finding.Fail},
		"Vite, which may run the server": {func(_ *facts.Facts, l *facts.Listener) { l.Name, l.Command = "vite", []string{"node", "vite.js"} }, finding.Pass},
		"a server of SvelteKit": {func(f *facts.Facts, l *facts.Listener) {
			f.Project.Servers[0].Ports = nil
			l.Name, l.Dir, l.Command = "vite", "web", []string{"node", "vite.js"}
		}, finding.Pass},
		"a port that the source doesn't name": {func(f *facts.Facts, l *facts.Listener) {
			f.Project.Servers[0].Ports[0].Port = 4000
			l.Command = []string{"node", "-e", "…"}
		}, finding.Pass},
		"a compiled program": {func(_ *facts.Facts, l *facts.Listener) { l.Name, l.Command = "server", []string{"/p/server", "run"} }, finding.Pass},
		"one that fails, as a proxy does": {func(f *facts.Facts, l *facts.Listener) {
			l.Command = []string{"node", "-e", "…"}
			factstest.Answer(f, 502, factstest.AsHTML, "")
		}, finding.Pass},
	} {
		f := factstest.Sound()
		factstest.Answer(f, 200, factstest.AsHTML, "<html>hello</html>")
		l := factstest.Ours(99, "dual", "::")
		c.change(f, &l)
		f.Process.Listeners = []facts.Listener{l}
		if r := ServerIsOurs(f); r.Status != c.want {
			t.Errorf("%s: %s: %s", name, r.Status, r.Summary)
		}
	}
}

func TestServerIsOurs(t *testing.T) {
	stranger := func(name string) func(*facts.Facts) {
		return func(f *facts.Facts) {
			f.Process.Listeners = []facts.Listener{factstest.Strange(99, "dual", "::", name)}
			factstest.Answer(f, 404, factstest.AsHTML, "<pre>Cannot POST /api/stream/token</pre>")
		}
	}
	two := func(a, b facts.Listener, second facts.Answer) func(*facts.Facts) {
		return func(f *facts.Facts) {
			f.Process.Listeners = []facts.Listener{a, b}
			second.Method, second.URL, second.Family = "POST", facts.DefaultURL, "ipv4"
			if second.Header == nil {
				second.Header = f.Backend.Posts[0].Header
			}
			f.Backend.Posts[0].Family = "ipv6"
			f.Backend.ByFamily = []facts.Answer{f.Backend.Posts[0], second}
		}
	}
	old := factstest.Ours(4000, "ipv4", "127.0.0.1")
	old.Start = old.Start.AddDate(0, 0, -1)
	kin := func(l facts.Listener, parent string) facts.Listener {
		l.Ancestors = []facts.Ancestor{{PID: 4700, Command: []string{parent}}}
		return l
	}
	refusal := facts.Answer{Status: 403}
	judgeAll(t, ServerIsOurs, []judged{
		{name: "it is", want: finding.Pass, says: "pid 4711, in server"},
		{name: "a stranger without a token", change: stranger("node"), want: finding.Fail, causes: ids(causes.WrongServer), says: "Or stop process 99"},
		{name: "a program of another folder that wants a login may be the project's own", change: both(stranger("python3"), func(f *facts.Facts) { factstest.Answer(f, 403, "", "") }), want: finding.Unknown, says: "--dir"},
		{name: "AirPlay, whose owner may not be seen", change: func(f *facts.Facts) {
			f.Process = nil
			factstest.Answer(f, 403, "", "")
			f.Backend.Posts[0].Header["Server"] = "AirTunes/785.2.3"
		}, want: finding.Fail, causes: ids(causes.WrongServer), says: "AirPlay"},

		{name: "outside, yet it gives tokens", change: func(f *facts.Facts) {
			f.Process.Listeners = []facts.Listener{factstest.Strange(99, "dual", "::", "node")}
		}, want: finding.Pass},
		{name: "the folder given holds no server at all", change: both(stranger("node"), func(f *facts.Facts) { f.Project.Servers = nil }), want: finding.Unknown, says: "--dir"},
		{name: "docker-proxy", change: stranger("docker-proxy"), want: finding.Pass},
		{name: "Docker Desktop on Windows", change: stranger("com.docker.backend.exe"), want: finding.Pass},
		{name: "an SSH tunnel", change: stranger("ssh"), want: finding.Pass},
		{name: "its folder may not be read", change: both(stranger("node"), func(f *facts.Facts) { f.Process.Listeners[0].InsideKnown = false }), want: finding.Pass},
		{name: "its owner may not be seen", change: both(stranger("node"), func(f *facts.Facts) { f.Process.Listeners[0].PID = 0 }), want: finding.Unknown},
		{name: "the table of sockets may not be read", change: func(f *facts.Facts) { f.Process.Known = false }, want: finding.Unknown},
		{name: "another machine", change: func(f *facts.Facts) { f.Target.URL = "https://api.example.test/token" }, want: finding.Unknown, says: "another machine"},

		{name: "a stranger has the URL's address, the own server the other", change: func(f *facts.Facts) {
			f.Target.URL = "http://[::1]:3001/api/stream/token"
			f.Backend.Dials = []facts.Dial{{Address: "[::1]:3001", Family: "ipv6", OK: true}}
			f.Process.Listeners = []facts.Listener{factstest.Ours(4711, "ipv4", "127.0.0.1"), factstest.Strange(99, "ipv6", "::1", "node")}
		}, want: finding.Fail, causes: ids(causes.WrongServer), at: "stream/src/config.js:3", says: "use 127.0.0.1 instead of ::1"},
		{name: "two of the project, one rejects", change: two(factstest.Ours(4711, "ipv6", "::1"), old, refusal), want: finding.Fail, causes: ids(causes.WrongServer), says: "4000 is the older one"},
		{name: "two of the project, two secrets", change: func(f *facts.Facts) {
			second := factstest.Read(factstest.Jws(factstest.Hs256, factstest.Fresh("test123")), "backend", "token")
			second.Signature = "another"
			f.Tokens = append(f.Tokens, second)
			two(factstest.Ours(4711, "ipv6", "::1"), old, facts.Answer{Status: 200, JSON: true, Tokens: []int{len(f.Tokens) - 1}})(f)
		}, want: finding.Fail, causes: ids(causes.WrongServer), says: "4000 is the older one"},
		{name: "two of the project, at two moments, two secrets", change: func(f *facts.Facts) {
			second := factstest.Read(factstest.Jws(factstest.Hs256, with(factstest.Fresh("test123"), "iat", factstest.Noon.Unix()+1)), "backend", "token")
			second.Signer = &tokens.Signer{Hits: []tokens.Hit{{Signed: "bbbbbbbb"}}}
			f.Tokens[0].Signer = &tokens.Signer{Hits: []tokens.Hit{{Signed: "aaaaaaaa"}}}
			f.Tokens = append(f.Tokens, second)
			two(factstest.Ours(4711, "ipv6", "::1"), old, facts.Answer{Status: 200, JSON: true, Tokens: []int{len(f.Tokens) - 1}})(f)
		}, want: finding.Fail, causes: ids(causes.WrongServer), says: "4000 is the older one"},
		{name: "two of the project, at two moments, one secret", change: func(f *facts.Facts) {
			f.Tokens = append(f.Tokens, factstest.Read(factstest.Jws(factstest.Hs256, with(factstest.Fresh("test123"), "iat", factstest.Noon.Unix()+1)), "backend", "token"))
			two(factstest.Ours(4711, "ipv6", "::1"), old, facts.Answer{Status: 200, JSON: true, Tokens: []int{len(f.Tokens) - 1}})(f)
		}, want: finding.Pass},
		{name: "two of the project, one of which is silent", change: two(factstest.Ours(4711, "ipv6", "::1"), old, facts.Answer{Error: "timeout"}), want: finding.Pass},
		{name: "one of the project and a stranger", change: two(factstest.Ours(4711, "ipv6", "::1"), factstest.Strange(99, "ipv4", "127.0.0.1", "node"), refusal), want: finding.Fail, causes: ids(causes.WrongServer), says: "Stop process 99 (node on 127.0.0.1)"},
		{name: "two that start from two terminals", change: two(kin(factstest.Ours(4711, "ipv6", "::1"), "bash"), kin(old, "bash"), refusal), want: finding.Fail, causes: ids(causes.WrongServer)},
		{name: "two that respond alike", change: two(factstest.Ours(4711, "ipv6", "::1"), old, facts.Answer{Status: 200, JSON: true, Tokens: []int{1}}), want: finding.Pass},
		{name: "workers of one parent", change: two(kin(factstest.Ours(4711, "ipv6", "::1"), "node"), kin(old, "node"), refusal), want: finding.Pass},
		{name: "one process twice on the port", change: func(f *facts.Facts) {
			f.Process.Listeners = []facts.Listener{factstest.Ours(4711, "ipv4", "127.0.0.1"), factstest.Ours(4711, "ipv6", "::1")}
		}, want: finding.Pass},
	})
}

// A URL that names the unspecified address reaches this machine's own.
func TestTheUnspecifiedAddressReachesThisMachine(t *testing.T) {
	for _, c := range []struct {
		host   string
		at     facts.Listener
		wanted bool
	}{
		{"0.0.0.0", facts.Listener{Address: "127.0.0.1", Family: "ipv4"}, true},
		{"0.0.0.0", facts.Listener{Address: "::1", Family: "ipv6"}, false},
		{"::", facts.Listener{Address: "::1", Family: "ipv6"}, true},
		{"127.0.0.1", facts.Listener{Address: "192.168.0.7", Family: "ipv4"}, false},
	} {
		if got := reaches(c.at, c.host); got != c.wanted {
			t.Errorf("a request to %s reaches %s: %v, want %v", c.host, c.at.Address, got, c.wanted)
		}
	}
}
