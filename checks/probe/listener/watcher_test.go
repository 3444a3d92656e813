package listener

import (
	"context"
	"slices"
	"strings"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/probe/vault"
)

func TestWatcherOf(t *testing.T) {
	for _, c := range []struct {
		command                string // arguments apart by |
		name, watcher, envFile string
	}{
		{"node|server.js", "node", "node", ""},
		{"/usr/bin/node|--watch|--env-file=.env|server.js", "node", "node --watch", ".env"},
		{"node|--watch-path=./src|--env-file|../.env|server.js", "node", "node --watch", "../.env"},
		{"node|--env-file=.env|--env-file=.env.local|server.js", "node", "node", ".env.local"},
		{"node|--env-file-if-exists=.env|server.js", "node", "node", ".env"},
		{"node|/p/node_modules/.bin/nodemon|server.js", "nodemon", "nodemon", ""},
		{"node|/p/node_modules/nodemon/bin/nodemon.js|--exec|tsx", "nodemon", "nodemon", ""},
		{"node|/p/node_modules/.bin/tsx|watch|src/index.ts", "tsx", "tsx watch", ""},
		{"node|/p/node_modules/tsx/dist/cli.mjs|watch|--env-file=.env|src/index.ts", "tsx", "tsx watch", ".env"},
		{"node|/p/node_modules/tsx/dist/cli.mjs|src/index.ts", "tsx", "tsx", ""},
		{"node|--require|/p/node_modules/tsx/dist/preflight.cjs|--import|file:///p/node_modules/tsx/dist/loader.mjs|src/index.ts", "node", "node", ""},
		{"node|/p/node_modules/.bin/ts-node-dev|--respawn|index.ts", "ts-node-dev", "ts-node-dev", ""},
		{"node|/p/node_modules/.bin/tsnd|index.ts", "tsnd", "ts-node-dev", ""},
		{"node|/p/node_modules/.bin/ts-node|index.ts", "ts-node", "ts-node", ""},
		{"PM2 v5.3.0: God Daemon (/home/dev/.pm2)", "PM2", "pm2", ""},
		{"npm run dev", "npm", "npm run", ""},
		{"npm start", "npm", "npm start", ""},
		{"node|/usr/lib/node_modules/npm/bin/npm-cli.js|run|dev", "npm", "npm run", ""},
		{"C:\\Program Files\\nodejs\\node.exe|C:\\n\\node_modules\\npm\\bin\\npm-cli.js|run|dev", "npm", "npm run", ""},
		{"node|/opt/yarn/bin/yarn.js|dev", "yarn", "yarn dev", ""},
		{"node|/usr/bin/pnpm.cjs|run|dev", "pnpm", "pnpm run", ""},
		{"bun|run|dev", "bun", "bun run", ""},
		{"bun|--hot|index.ts", "bun", "bun --hot", ""},
		{"deno|run|--watch|--env-file=.env|main.ts", "deno", "deno --watch", ".env"},
		{"node|/p/node_modules/.bin/concurrently|npm:server|npm:client", "concurrently", "concurrently", ""},
		{"node|/p/node_modules/.bin/dotenv|-e|.env.local|--|node|server.js", "dotenv", "dotenv", ".env.local"},
		{"node|/p/node_modules/.bin/dotenv|--|node|server.js", "dotenv", "dotenv", ".env"},
		{"node|/p/node_modules/.bin/env-cmd|-f|conf/.env|node|server.js", "env-cmd", "env-cmd", "conf/.env"},
		{"next-server (v15.1.0)", "next-server", "", ""},
		{"node|/p/node_modules/.bin/next|dev|-p|3001", "next", "next dev", ""},
		{"node|/p/node_modules/vite/bin/vite.js|--port|5173", "vite", "vite", ""},
		{"node|/p/node_modules/react-scripts/scripts/start.js", "react-scripts", "react-scripts", ""},
		{"/usr/bin/docker-proxy|-proto|tcp|-host-ip|0.0.0.0|-host-port|3001|-container-ip|172.17.0.2", "docker-proxy", "docker-proxy", ""},
		{"-bash", "bash", "bash", ""},
		{"/bin/sh|-c|node server.js", "sh", "sh", ""},
		{"python3|-m|uvicorn|main:app|--reload", "uvicorn", "uvicorn --reload", ""},
		{"/p/my server", "my server", "", ""},
		{"./badsig|check", "badsig", "", ""},
		{"", "comm", "", ""},
	} {
		var args []string
		if c.command != "" {
			args = strings.Split(c.command, "|")
		}
		name := programName("comm", args)
		watcher, envFile := watcherOf(name, args)
		if name != c.name || watcher != c.watcher || envFile != c.envFile {
			t.Errorf("%s: %q, %q, %q, want %q, %q, %q", c.command, name, watcher, envFile, c.name, c.watcher, c.envFile)
		}
	}
}

func TestRedactCommand(t *testing.T) {
	s := &processLook{world: vault.New(facts.Target{})}
	for _, c := range []struct{ in, want string }{
		{"node|server.js|--port|3001", "node|server.js|--port|3001"},
		{"cross-env|STREAM_API_SECRET=hunter2hunter2|NODE_ENV=test|node", "cross-env|STREAM_API_SECRET=…|NODE_ENV=test|node"},
		{"node|--api-secret=hunter2hunter2", "node|--api-secret=…"},
		{"node|--api-secret|hunter2hunter2|--port|1", "node|--api-secret|…|--port|1"},
		{"node|--passphrase|hunter2hunter2|--signing_key|hunter2hunter2|a.js", "node|--passphrase|…|--signing_key|…|a.js"},
		{"sh|-c|SIGNING_KEY=hunter2hunter2 DB_PWD=hunter2hunter2 node a.js", "sh|-c|SIGNING_KEY=… DB_PWD=… node a.js"},
		{"node|--token|--port|1", "node|--token|--port|1"},
		{"sh|-c|STREAM_API_SECRET='hunter2 hunter2' node a.js", "sh|-c|STREAM_API_SECRET=… node a.js"},
		{"sh|-c|JWT_SECRET=\"a b\" PASSWORD=hunter2hunter2 node a.js", "sh|-c|JWT_SECRET=… PASSWORD=… node a.js"},
		{"node|-e|const secret = 'hunter2hunter2'", "node|-e|const secret = …"},
		{"curl|https://user:hunter2hunter2@example.test/", "curl|https://…@example.test/"},
		{"node|" + listenerSecret, "node|…"},
		{"node|--env-file=.env|server/secret.js", "node|--env-file=.env|server/secret.js"},
		{"npm run dev", "npm|run|dev"},
		{"a\x1b[31mb|c\nd", "a\\x1b[31mb|c\\nd"},
	} {
		got := strings.Join(s.redact(strings.Split(c.in, "|")), "|")
		if strings.Contains(got, "hunter2") || strings.ContainsAny(got, "\x1b\n") {
			t.Errorf("%q leaks or escapes: %q", c.in, got)
		}
		if !strings.ContainsAny(c.in, "\x1b\n") && got != c.want {
			t.Errorf("%q gives %q, want %q", c.in, got, c.want)
		}
	}
	many := s.redact(slices.Repeat([]string{strings.Repeat("x", 5000)}, 500))
	if len(many) > maxArgs+1 || len(many[0]) > 4*maxArg {
		t.Errorf("%d arguments, the first of %d bytes: not bounded", len(many), len(many[0]))
	}
}

func TestForwarded(t *testing.T) {
	l := &facts.Listeners{Listeners: []facts.Listener{
		{Name: "docker-proxy", Inside: true, InsideKnown: true, PID: 7},
		{Name: "node", Inside: true, InsideKnown: true, PID: 8},
	}}
	forwarded(l)
	if p := l.Listeners[0]; p.Inside || p.InsideKnown {
		t.Errorf("a forwarder's folder says nothing of the server behind it: %+v", p)
	}
	if p := l.Listeners[1]; !p.Inside || !p.InsideKnown {
		t.Errorf("the project's own server: %+v", p)
	}
	args := strings.Fields("docker-proxy -proto tcp -host-ip :: -host-port 3001 -container-port 80")
	if !portFlag(args, 3001) || portFlag(args, 80) || portFlag(args[:6], 3001) {
		t.Error("the port of docker-proxy is not read from its command line")
	}
}

func TestListenerEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	w := vault.New(facts.Target{Dir: t.TempDir(), URL: "http://localhost:3001/"})
	if err := Probe(ctx, w); err != nil {
		t.Error(err)
	}
	if p := w.Snapshot().Process; p == nil || p.Port != 3001 {
		t.Errorf("%+v", p)
	}
}
