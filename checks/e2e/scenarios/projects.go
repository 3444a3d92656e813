package scenarios

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Rules of this file:
//   - a project is one text: a head of NAME: VALUE lines, then its files, each after a line "-- path --"
//   - what the head may say is what Layout holds; a further process is a further line "proc:"
//   - the form is that of golang.org/x/tools/txtar, which is not used: a module of three megabytes for ten lines

//go:embed projects/*.txt
var projectTexts embed.FS

// project reads projects/NAME.txt as a layout. A string that does not follow the form is a fault
// of this package, so it panics.
func project(name string) Layout {
	text, err := projectTexts.ReadFile("projects/" + name + ".txt")
	if err != nil {
		panic(err)
	}
	l := Layout{Name: name, Files: Files{}, ModDir: "."}
	head, rest, _ := strings.Cut("\n"+string(text), "\n-- ")
	for line := range strings.Lines(head) {
		field, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch field {
		case "":
		case "env":
			l.Env = value
		case "secret":
			l.SecretVar = value
		case "key":
			l.KeyVar = value
		case "front":
			l.Front = value
		case "modules":
			l.ModDir = value
		case "path":
			l.Path = value
		case "packages":
			l.Packages = strings.Fields(value)
		case "proc": // name folder command…
			words := strings.Fields(value)
			l.Procs = append(l.Procs, Proc{Name: words[0], Dir: words[1], Cmd: words[2:]})
		default:
			panic(fmt.Sprintf("projects/%s.txt: no such field as %q", name, field))
		}
	}
	for part := range strings.SplitSeq(rest, "\n-- ") {
		file, body, ok := strings.Cut(part, " --\n")
		if !ok {
			panic(fmt.Sprintf("projects/%s.txt: %.40q has no path", name, part))
		}
		l.Files[file] = strings.TrimSuffix(body, "\n") + "\n"
	}
	return l
}

// The projects. Compose and PM2 are not there to start their own: the process
// gets what they would give it.
var (
	mern    = project("mern")
	turbo   = project("turbo")
	nest    = project("nest")
	fastify = project("fastify")
	koa     = project("koa")
	hono    = project("hono")
	pyapi   = project("pyapi")
	static  = project("static")
	compose = started(project("compose"), "PORT={{PORT}}", "STREAM_API_KEY={{K1}}", "STREAM_API_SECRET={{S1}}")
	pm2     = started(project("pm2"), "NODE_ENV=development", "PORT={{PORT}}", "STREAM_API_KEY={{K1}}", "STREAM_API_SECRET={{S1}}")
	goapi   = project("goapi")
	router7 = project("router7")
	nextapp = project("nextapp")

	firebase = project("firebase")
)

// The layouts: styles in which people write the same token server. Express5 is
// the documented project: ES modules, Express 5, jsonwebtoken, dotenv from server/.
var (
	Express5 = project("express5")
	Express4 = project("express4")
	EnvFlag  = project("envflag")
	Jose     = project("jose")
	Next     = project("next") // Next itself does not run; a token server is beside it
	Python   = project("python")
	Golang   = project("go")

	Front = project("front") // the documented front end alone
)

// Layouts are all that have a server.
var Layouts = []Layout{Express5, Express4, EnvFlag, Jose, Next, Python, Golang}

// clone gives a copy whose files may be changed.
func (l Layout) clone() Layout { l.Files = maps.Clone(l.Files); return l }

func started(l Layout, env ...string) Layout {
	l.Procs[0].Env = env
	return l
}

// adds gives a process further variables, setEnv other ones, cmd another command.
func adds(vars ...string) func(*Proc) {
	return func(p *Proc) { p.Env = append(slices.Clone(p.Env), vars...) }
}

func setEnv(vars ...string) func(*Proc) { return func(p *Proc) { p.Env = vars } }
func cmd(words ...string) func(*Proc)   { return func(p *Proc) { p.Cmd = words } }

// answers says which status the response to the documented request has.
func answers(status int) func(*Scenario) { return func(s *Scenario) { s.Truth.Status = status } }

// stalePause is long enough for a file's time to be later than a process's start.
const stalePause = 1100 * time.Millisecond

// stale is a server that is older than the change of what it should have read.
func stale(l Layout, how string, then Step, edits ...Edit) Scenario {
	return Scenario{Name: "server-stale: " + how, Layout: l, Edits: edits, Steps: []Step{StartAll, Wait(stalePause), then},
		Truth: Truth{Code: 43}, Want: Want{First: "server-stale", Verdict: "rejected"}}
}

// down is a server that was not started, looked for without a URL.
func down(l Layout, how string) Scenario {
	return Scenario{Name: "server-down: " + how, Layout: l, URL: "-", Steps: []Step{Nothing}, Truth: Truth{Down: true}, Want: Want{First: "server-down"}}
}

// onPort is a server that listens on PORT2 while requests go to PORT.
func onPort(l Layout, how string, change func(*Proc), edits ...Edit) Scenario {
	return Scenario{Name: "server-on-other-port: " + how, Layout: l, Edits: edits, Procs: on(l, func(p *Proc) { change(p); p.Addr = "localhost:{{PORT2}}" }),
		Truth: Truth{Down: true}, Want: Want{First: "server-on-other-port"}}
}

func hangs(l Layout, how string, edits ...Edit) Scenario {
	return Scenario{Name: "server-hangs: " + how, Layout: l, Edits: edits, Args: []string{"--timeout", "5s"}, Truth: Truth{Down: true}, Want: Want{First: "server-hangs"}}
}

// keyed is a fault of the front end's key; "" means that the pair itself is valid.
func keyed(cause, how string, l Layout, key string, edits ...Edit) Scenario {
	t := Truth{SignedBy: okay}
	if key != "" {
		t.Key, t.Code = key, 43
		if key != "{{K2}}" {
			t.Code = 2
		}
	}
	return Scenario{Name: cause + ": " + how, Layout: l, Edits: edits, Truth: t, Want: Want{First: cause}}
}

// fit is a healthy project.
func fit(how string, l Layout, edits ...Edit) Scenario {
	return with(healthy(how, l, edits...), func(s *Scenario) {
		if l.Name == "nest" {
			s.Truth.Status = 201
		}
	})
}

func procs(s Scenario, p []Proc) Scenario { s.Procs = p; return s }

// AskOnce makes what a server makes at its first request.
func AskOnce(l *Live) error {
	_, _, err := l.ask()
	return err
}
