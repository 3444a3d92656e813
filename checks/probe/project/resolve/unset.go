package resolve

import (
	"path"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
)

// unset reports whether nothing that the program loads sets, in time, the variables
// that the signing code reads, as far as every way of loading is understood. What is
// made at random where the variable is empty counts as nothing.
func (r *running) unset(out *facts.Server, leaves []modules.Leaf) bool {
	return out.Secret < 0 && out.SecretName != "" && r.nothingSets(leaves)
}

// setElse reports a secret that the code falls back to, where something that isn't followed may set the variable before it.
func (r *running) setElse(out *facts.Server, leaves []modules.Leaf) bool {
	return out.Secret >= 0 && out.SecretName != "" && r.facts.Values[out.Secret].Kind == facts.KindFallback && !r.nothingSets(leaves)
}

// nothingSets reports whether nothing that is loaded sets the variables among the leaves in time, as far as every way
// of loading is understood.
func (r *running) nothingSets(leaves []modules.Leaf) bool {
	if r.wrapped() || r.s.Frame == "serverless" || affix.Any(r.s.Mods, fills) {
		return false
	}
	for _, l := range leaves {
		switch {
		case l.Random, l.Kind == modules.LeafUndefined, l.Kind == modules.LeafLiteral:
			continue
		case l.Vault && !r.misspelled(l.Text):
			return false
		case l.Kind == modules.LeafEnv:
		default:
			return false
		}
		for _, st := range r.steps() {
			if st.load.Unknown || st.unread || st.env != nil && st.env.Doubtful[l.Text] {
				return false
			}
			if st.env == nil {
				continue
			}
			if _, has := r.valueIn(st, l.Text); has {
				if done, known := r.inTime(st.load, l); done || !known {
					return false
				}
			}
		}
		if _, ok := r.initial(l.Text); ok {
			return false
		}
		if affix.Any(r.p.Containers, func(c picture.Container) bool {
			_, in := c.Values[l.Text]
			return in || c.Names[l.Text] && !r.misnamed(&c, l.Text)
		}) { // of the shell that starts it
			return false
		}
		for _, v := range r.facts.Values { // Compose, PM2, a launch configuration; direnv, which fills the shell's environment
			if v.Name == l.Text && (v.Kind == facts.KindConfig || path.Base(v.File) == ".envrc") && !v.Comment && !v.Empty {
				return false
			}
		}
	}
	for _, ld := range r.loads {
		if ld.Unknown {
			return false
		}
	}
	return r.l == nil || r.envKnown
}

// fills reports a module that sets variables of the environment whose names it computes, as a loader of its own does.
func fills(m *modules.Module) bool {
	return m.Holds("process . env =") || m.Holds("Object . assign ( process . env") ||
		affix.Any(m.Assigned, func(a jsread.Field) bool { return a.Object == "process.env" && a.Name == "[]" })
}

// misnamed reports a variable that the .env file beside a Compose file should have, or one that the program loads itself,
// and has under almost this name, which no container takes. That value counts as loaded: Compose reads the file.
func (r *running) misnamed(c *picture.Container, name string) bool {
	if !facts.OneOf(c.Lacks, name) {
		return false
	}
	for _, st := range append(r.steps(), step{env: values.Env(r.p, c.Vars)}) {
		if st.env == nil {
			continue
		}
		for _, id := range st.env.Values {
			v := &r.facts.Values[id]
			if v.What != facts.WhatSecret || v.Empty || names.NearName(v.Name, name) == 0 || facts.OneOf(r.readNames(v.What), v.Name) || affix.Any(r.p.Containers, func(c picture.Container) bool { return facts.OneOf(c.Takes, v.Name) }) {
				continue
			}
			v.Loaded = true
			return true
		}
	}
	return false
}

// misspelled reports that .secret.local, which takes the place of the store of secrets on this machine, has a secret under
// almost this name.
func (r *running) misspelled(name string) bool {
	for _, st := range r.steps() {
		if st.env == nil || path.Base(st.rel) != ".secret.local" {
			continue
		}
		for _, id := range st.env.Values {
			if v := &r.facts.Values[id]; v.What == facts.WhatSecret && !v.Empty && names.NearName(v.Name, name) > 0 && !facts.OneOf(r.readNames(v.What), v.Name) {
				return true
			}
		}
	}
	return false
}

// wrappers are programs that give another program its environment.
var wrappers = names.Words("doppler", "infisical", "op", "vault", "chamber", "dotenvx", "dotenv", "direnv", "aws-vault", "teller", "sops", "env-cmd", "vercel", "docker", "podman", "fly", "heroku", "railway", "sst")

// fillsItself reports that vercel dev takes a function's variables from the project's .env files: it does wherever there
// is one, and fetches those of the dashboard only where there is none.
func (r *running) fillsItself(tool string) bool {
	return tool == "vercel" && r.s.Frame == tool && affix.Any(r.steps(), func(st step) bool { return st.env != nil })
}

// wrapped reports a start command under which variables may come from elsewhere.
func (r *running) wrapped() bool {
	scripts := ""
	for _, name := range []string{"dev", "start", "start:dev", "server", "serve", "dev:server"} {
		scripts += " " + r.s.Pkg.Script(name)
	}
	if st := r.s.Start; st != nil {
		scripts += " " + st.Pkg.Script(st.Script) + " " + st.Tool
	}
	words := strings.Fields(scripts)
	for i, w := range words {
		named := w == "env-cmd" && i+1 < len(words) && (words[i+1] == "-f" || words[i+1] == "--file") && !facts.OneOf(words, "--fallback")
		if wrappers[w] && !named && !r.fillsItself(w) { // all that env-cmd -f dev.env brings is read
			return true
		}
	}
	return false
}
