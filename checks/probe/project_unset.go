package probe

import (
	"slices"
	"strings"
)

// unset reports whether nothing that the program loads sets the variables that
// the signing code reads, as far as every way of loading is understood. What is
// made at random where the variable is empty counts as nothing.
func (r *running) unset(out *Server, leaves []leaf) bool {
	if out.Secret >= 0 || out.SecretName == "" || r.wrapped() || r.s.frame == "serverless" {
		return false
	}
	for _, l := range leaves {
		switch {
		case l.random, l.kind == leafUndefined:
			continue
		case l.kind == leafEnv:
		default:
			return false
		}
		for _, st := range r.steps() {
			if st.load.unknown || st.unread || st.env != nil && st.env.doubtful[l.text] {
				return false
			}
			if st.env == nil {
				continue
			}
			if _, has := r.valueIn(st, l.text); has {
				return false
			}
		}
		if _, ok := r.initial(l.text); ok {
			return false
		}
		for _, v := range r.facts.Values { // Compose, PM2, a launch configuration
			if v.Name == l.text && v.Kind == KindConfig && !v.Comment && !v.Empty {
				return false
			}
		}
	}
	for _, ld := range r.loads {
		if ld.unknown {
			return false
		}
	}
	return r.l == nil || r.envKnown
}

// wrappers are programs that give another program its environment.
var wrappers = wordSet("doppler", "infisical", "op", "vault", "chamber", "dotenvx", "dotenv", "direnv", "aws-vault", "teller", "sops", "env-cmd", "vercel", "docker", "podman", "fly", "heroku", "railway", "sst")

// wrapped reports a start command under which variables may come from elsewhere.
func (r *running) wrapped() bool {
	if r.s.start == nil {
		return false
	}
	script := r.s.start.pkg.script(r.s.start.script)
	return slices.ContainsFunc(strings.Fields(script+" "+r.s.start.tool), func(w string) bool { return wrappers[w] })
}
