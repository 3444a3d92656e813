package project

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"strings"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/internal/projecttest"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/resolve"
	"badsig/checks/probe/vault"
	"badsig/tokens"
)

// Garbage is collected less often than in the program: a sixth of the tests' work less.
var _ = debug.SetGCPercent(400)

// known names the invented values after a fingerprint.
func known(w *vault.World, id int) string {
	for name, text := range map[string]string{"K1": projecttest.K1, "K2": projecttest.K2, "S1": projecttest.S1, "S2": projecttest.S2} {
		if w.Secret(id).Equal(secretOf(text)) {
			return name
		}
		if w.Cleaned(id).Equal(secretOf(text)) {
			return name + "*"
		}
	}
	return "?"
}

// describeFacts is the short form in which the tests compare.
func describeFacts(w *vault.World, f *facts.Facts) []string {
	var out []string
	say := func(format string, a ...any) { out = append(out, strings.TrimSpace(fmt.Sprintf(format, a...))) }
	say("url %s (%s)", f.Target.URL, f.Target.URLSource)
	say("origin %s (%s)", f.Target.Origin, f.Target.OriginSource)
	for _, v := range f.Values {
		flags := ""
		for _, x := range []struct {
			on   bool
			name string
		}{{v.Comment, "comment"}, {v.Loaded, "loaded"}, {v.Read, "read"}, {v.Wins, "wins"}, {v.Public, "public"}, {v.Tracked, "tracked"}, {v.Placeholder, "placeholder"}, {v.Empty, "empty"}} {
			if x.on {
				flags += " " + x.name
			}
		}
		pair := ""
		if v.Pair >= 0 {
			pair = fmt.Sprintf(" pair %s", known(w, v.Pair))
		}
		why := ""
		if v.Why != "" {
			why = " // " + v.Why
		}
		say("value %s %s=%s %s %s %s%s%s%s", v.What, v.Name, known(w, v.ID), v.Kind, v.Role, facts.At(v.File, v.Line), flags, pair, why)
	}
	for _, s := range f.Project.Servers {
		say("code %s start %q loader %s %v override %v json %v cors %v random %v rounded %v", facts.At(s.File, s.Line), s.Start, s.Loader, s.LoaderPaths, s.Override, s.JSONBody, s.CORS, s.RandomSecret, s.RoundedIAT)
		for _, r := range s.Routes {
			say("route %s %s %s", r.Method, r.Path, facts.At(r.File, r.Line))
		}
		for _, p := range s.Ports {
			say("port %d env %q host %q %s", p.Port, p.Env, p.Host, facts.At(p.File, p.Line))
		}
		for _, r := range s.SecretRead {
			say("secretRead %s %s %s", r.Name, r.Transform, facts.At(r.File, r.Line))
		}
	}
	if f.Project != nil {
		for _, c := range f.Project.Calls {
			if c.NoToken {
				say("bare %s", facts.At(c.File, c.Line))
			}
			if c.Callee == "devToken" && c.Role == facts.RoleFront {
				say("call %s %s", c.Callee, facts.At(c.File, c.Line))
			}
		}
	}
	for _, e := range f.Project.Entries {
		say("entry %s %s %s known %s", e.Kind, e.Method, e.Path, e.Known)
	}
	for _, x := range f.Project.Fetches {
		say("asks %s address %s path %s known %s session %q to %q unset %q", x.URL, facts.At(x.Address.File, x.Address.Line), facts.At(x.Path.File, x.Path.Line), x.Known, x.Session, x.To, x.Unset)
		say("sends %s", x.Type)
		for name, text := range x.Fixed {
			say("sends %s %s=%s", x.URL, name, text)
		}
		say("fetch %s %s %v creds %v auth %v proxied %v %s headers %v", x.Method, x.URL, x.Body, x.Credentials, x.Auth, x.Proxied, facts.At(x.File, x.Line), x.Headers)
	}
	for _, o := range f.Project.Origins {
		say("front at %s %s", o.Text, facts.At(o.File, o.Line))
	}
	for _, a := range f.Project.Apps {
		say("app %s %s web %v", a.Kind, a.File, a.Web)
	}
	if s := f.Server; s != nil {
		get := func(id int) string {
			if id < 0 {
				return "none"
			}
			return known(w, id) + " " + resolve.PlaceOf(f.Values[id])
		}
		say("server dir %q command %q loaded %v missing %v", s.Dir, s.Command, s.Loaded, s.Missing)
		say("secret %s known %v name %q", get(s.Secret), s.SecretKnown, s.SecretName)
		say("key %s known %v name %q", get(s.Key), s.KeyKnown, s.KeyName)
		if s.SecretUnset {
			say("unset %s%s", s.SecretName, map[bool]string{true: " ends"}[s.SecretEnds])
		} else {
			say("unset -")
		}
		var fk []string
		for _, id := range s.FrontKeys {
			fk = append(fk, get(id))
		}
		say("front keys %v", fk)
		for _, r := range s.FrontMissing {
			say("front missing %s %s used %v", r.Name, facts.At(r.File, r.Line), r.Used)
		}
		say("changed file %s", s.ChangedFile)
	}
	return out
}

// noSecrets fails where an invented secret is in the facts.
func noSecrets(t testing.TB, f *facts.Facts) {
	t.Helper()
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{projecttest.S1, projecttest.S2, projecttest.S1[:40], projecttest.S2[20:]} {
		if strings.Contains(string(b), s) {
			t.Errorf("a secret is in the facts")
		}
	}
}

func secretOf(text string) tokens.Secret { return tokens.NewSecret([]byte(text)) }

// projectCase is one project and what must (with "-" in front: must not) be
// said of it. A string matches a line that begins with it.
type projectCase struct {
	name  string
	files map[string]string
	run   *facts.Listener // what listens; nil: nothing
	env   []string        // its initial environment's values of ours
	want  []string
}

func runCases(t *testing.T, cases []projectCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w, f, lines := sightOf(t, c)
			noSecrets(t, f)
			for _, want := range c.want {
				text, not := strings.CutPrefix(want, "-")
				text = strings.TrimSpace(text)
				has := false
				for _, l := range lines {
					has = has || strings.HasPrefix(l, text)
				}
				if has == not {
					t.Errorf("%s %q", map[bool]string{true: "must not say", false: "does not say"}[not], text)
				}
			}
			if t.Failed() || testing.Verbose() {
				t.Log("\n" + strings.Join(lines, "\n"))
			}
			_ = w
		})
	}
}

func sightOf(t *testing.T, c projectCase) (*vault.World, *facts.Facts, []string) {
	dir := projecttest.Write(t, c.files)
	w := vault.New(facts.Target{Dir: dir})
	p, err := Read(context.Background(), w)
	if err != nil {
		t.Fatal(err)
	}
	if c.run != nil {
		l := *c.run
		if l.PID == 0 {
			l.PID = 4711
		}
		l.Inside, l.InsideKnown = true, true
		w.Update(func(f *facts.Facts) {
			f.Process = &facts.Listeners{Port: l.Port, Known: true, Listeners: []facts.Listener{l}}
		})
		for _, e := range c.env {
			name, value, _ := strings.Cut(projecttest.FillText(e), "=")
			w.AddValue(facts.Value{What: names.Classify(name).What, Name: name, Kind: facts.KindProcess, Role: facts.RoleServer, PID: l.PID, Pair: -1}, []byte(value))
		}
	}
	if err := Resolve(w, p); err != nil {
		t.Fatal(err)
	}
	f := w.Snapshot()
	return w, f, describeFacts(w, f)
}
