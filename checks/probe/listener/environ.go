package listener

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/names"
	"badsig/checks/probe/pattern"
	"badsig/tokens"
)

// plainNames are variables that decide how a server runs and hold no secret.
var plainNames = []string{
	"PORT", "HOST", "HOSTNAME", "NODE_ENV", "DOTENV_CONFIG_PATH", "DOTENV_CONFIG_OVERRIDE", "DOTENV_CONFIG_ENCODING", "DOTENV_KEY_PATH",
	"NODE_OPTIONS", "npm_lifecycle_event", "npm_package_json", "WATCH_REPORT_DEPENDENCIES", "TS_NODE_DEV", "STREAM_BASE_URL", "STREAM_CHAT_URL",
}

// plainEnv picks the harmless variables out of an environment.
func (s *processLook) plainEnv(env []string) map[string]string {
	var out map[string]string
	for _, e := range env {
		name, value, _ := affix.Cut(e, "=")
		if !facts.OneOf(plainNames, name) {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[name] = clipArg(s.world.Scrub(hideValues(value)))
	}
	return out
}

// readNames are the variables that the project's own code reads as secret or key.
func readNames(f *facts.Facts) map[string]string {
	names := map[string]string{}
	if f.Project == nil {
		return names
	}
	for _, c := range f.Project.Servers {
		for _, r := range c.KeyRead {
			names[r.Name] = facts.WhatKey
		}
		for _, r := range c.SecretRead {
			names[r.Name] = facts.WhatSecret
		}
	}
	delete(names, "")
	return names
}

// whatOf tells what a variable of an environment holds, "" for nothing of ours.
func (s *processLook) whatOf(name, value string) string {
	if w := s.names[name]; w != "" {
		return w
	}
	c := names.Classify(name)
	switch {
	case c.What == facts.WhatKey && c.Bare && !tokens.APIKey(strings.TrimSpace(value)).WellFormed():
		return "" // API_KEY of some other service
	case c.What == facts.WhatSecret && c.Bare:
		return facts.WhatOther // API_SECRET may be anybody's
	}
	return c.What
}

// values files the keys and secrets in the initial environments of the
// processes on the port, and those of their parents that have others.
func (s *processLook) values(list []facts.Listener) {
	done := map[int32]bool{}
	for _, l := range list {
		if l.PID == 0 || done[l.PID] {
			continue
		}
		done[l.PID] = true
		below := map[string]string{}
		s.fileEnv(l.PID, facts.KindProcess, below)
		for _, a := range l.Ancestors {
			if !done[a.PID] {
				done[a.PID] = true
				s.fileEnv(a.PID, facts.KindAncestor, below)
			}
		}
	}
}

// fileEnv files one process's values, except those that the process below it
// has too, and notes them in below.
func (s *processLook) fileEnv(pid int32, kind facts.Kind, below map[string]string) {
	p := s.process(pid)
	if p == nil {
		return
	}
	env, ok := p.environ()
	if !ok {
		return
	}
	var ids []int
	var names []string
	for _, e := range env {
		name, value, ok := affix.Cut(e, "=")
		if !ok {
			continue
		}
		what := s.whatOf(name, value)
		if what == "" {
			continue
		}
		if old, known := below[name]; known && old == value {
			continue
		}
		below[name] = value
		id := s.world.AddValue(facts.Value{What: what, Name: name, Kind: kind, Role: facts.RoleServer, PID: pid, Pair: -1}, []byte(value))
		ids, names = append(ids, id), append(names, name)
	}
	s.pair(ids, names)
}

// pair joins keys and secrets of one environment that are called alike.
func (s *processLook) pair(ids []int, names []string) {
	s.world.Update(func(f *facts.Facts) {
		for i, id := range ids {
			if f.Values[id].What != facts.WhatSecret {
				continue
			}
			for j, other := range ids {
				if f.Values[other].What == facts.WhatKey && pairName(names[i]) == pairName(names[j]) {
					f.Values[id].Pair, f.Values[other].Pair = other, id
				}
			}
		}
	})
}

// pairName is what is common to the names of a pair: STREAM_API of STREAM_API_KEY and STREAM_API_SECRET.
func pairName(name string) string {
	name = affix.TrimPrefix(name, names.PublicPrefix(name))
	for _, end := range []string{"_SECRET_KEY", "_SECRET", "_KEY"} {
		if n, ok := strings.CutSuffix(strings.ToUpper(name), end); ok {
			return affix.TrimSuffix(n, "_API")
		}
	}
	return name
}

const (
	maxArgs = 64
	maxArg  = 300 // runes kept of one argument
)

var (
	assignedSecret = pattern.New(`(?i)([A-Za-z0-9_.-]*(?:secret|passw(?:or)?d|passphrase|pwd|token|key|credential|auth)[A-Za-z0-9_-]*\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s"'&,;]+)`)
	secretFlag     = pattern.New(`(?i)^--?[a-z0-9_.-]*(secret|passw(or)?d|passphrase|pwd|token|key|credential|auth)[a-z0-9_.-]*$`)
	userInfo       = pattern.New(`://[^/\s@]+@`)
	longSecret     = pattern.New(`[0-9a-z]{64,}`)
)

// hideValues removes from an argument everything that is assigned to a secret's name,
// a URL's user and password, and any string of a secret's shape.
func hideValues(arg string) string {
	arg = assignedSecret.ReplaceAllString(arg, "${1}…")
	arg = userInfo.ReplaceAllString(arg, "://…@")
	return longSecret.ReplaceAllString(arg, "…")
}

// redact makes a command line fit to be shown.
func (s *processLook) redact(args []string) []string {
	ws := argWords(args)
	out := make([]string, 0, min(len(ws), maxArgs))
	for i, a := range ws {
		if i == maxArgs {
			out = append(out, "…")
			break
		}
		if i > 0 && secretFlag.MatchString(ws[i-1]) && !affix.HasPrefix(a, "-") {
			out = append(out, "…")
			continue
		}
		out = append(out, clipArg(s.world.Scrub(hideValues(a))))
	}
	return out
}

func clipArg(a string) string {
	if r := []rune(a); len(r) > maxArg {
		return string(r[:maxArg]) + "…"
	}
	return a
}
