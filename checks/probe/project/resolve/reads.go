package resolve

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// otherWays tells whether the program may fill its environment in a way that
// is not followed here.
func (r *running) otherWays() bool {
	if affix.Contains(r.l.Env["NODE_OPTIONS"], "-r") || affix.Contains(r.l.Env["NODE_OPTIONS"], "import") || r.l.Env["NODE_ENV"] == "production" && r.s.Frame == "next" {
		return true
	}
	for _, m := range r.s.Mods {
		if !m.Strict {
			return true
		}
		for _, i := range m.Imports {
			switch i.From {
			case "config", "convict", "nconf", "env-schema", "@fastify/env", "infisical-node", "@google-cloud/secret-manager", "@aws-sdk/client-secrets-manager", "@aws-sdk/client-ssm":
				return true
			}
		}
		for _, words := range []string{"process . env =", "Object . assign ( process . env", "process . env [", "parseEnv ("} {
			if m.Holds(words) {
				return true
			}
		}
	}
	return false
}

// onlySecret is for code whose signing call could not be followed: where the
// program reads one Stream secret only, that is likely it, and not certain.
func (r *running) onlySecret(out *facts.Server) {
	names := r.readNames(facts.WhatSecret)
	if len(names) != 1 {
		return
	}
	a := r.lookup(modules.Leaf{Kind: modules.LeafEnv, Text: names[0]})
	out.Secret, out.SecretName, out.SecretKnown = a.id, names[0], false
	out.SecretUnset = r.unset(out, []modules.Leaf{{Kind: modules.LeafEnv, Text: names[0]}})
	r.markNames(names)
}

// readNames lists the Stream variables that the program's modules read.
func (r *running) readNames(what string) []string {
	var called []string
	for _, m := range r.s.Mods {
		for _, e := range m.Reads {
			if c := names.Classify(e.Text); c.What == what && !e.Meta && !facts.OneOf(called, e.Text) {
				called = append(called, e.Text)
			}
		}
	}
	return called
}

func (r *running) markRead(u *picture.Use) {
	var names []string
	for i, l := range u.Leaves {
		if l.Kind == modules.LeafEnv {
			names = append(names, l.Text)
		}
		if id := u.Ids[i]; id >= 0 {
			r.facts.Values[id].Loaded, r.facts.Values[id].Read = true, true
		}
	}
	r.markNames(names)
}

// markNames marks the values that the runtime reaches under the names it reads.
func (r *running) markNames(names []string) {
	files := map[string]bool{}
	for _, st := range r.steps() {
		if st.env != nil {
			files[st.rel] = true
		}
	}
	for i := range r.facts.Values {
		v := &r.facts.Values[i]
		if v.Comment {
			continue
		}
		in := v.Kind == facts.KindEnvFile && files[v.File] || v.Kind == facts.KindProcess && r.l != nil && v.PID == r.l.PID
		if in && facts.OneOf(names, v.Name) && !v.Lost() {
			v.Read = true
		}
	}
}
