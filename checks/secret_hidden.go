package checks

import (
	"strings"

	"badsig/checks/causes"
	"badsig/checks/probe"
)

// ruleSecretHidden: no secret is in what the browser gets, and none is written
// in code that git tracks. Both only warn: the token works all the same.
func ruleSecretHidden(f *probe.Facts) Result {
	if f.Project == nil {
		return unsure("the project could not be read: " + f.Errors[probe.NameProject])
	}
	tr := truthOf(f)
	r := passed("no secret is public")
	for i := range f.Values {
		v := &f.Values[i]
		if v.Comment || v.Placeholder || v.Empty || v.File == "" || !isSecret(f, v, tr) {
			continue
		}
		switch v.Role {
		case probe.RoleExample, probe.RoleTest, probe.RoleDocs:
			continue
		}
		ev := []Evidence{{Label: v.Name, Got: shown(v), Source: place(v)}}
		switch {
		case v.Public && !has(r.Causes, causes.SecretExposed):
			r.Causes = append(r.Causes, cause(causes.SecretExposed, Proven,
				"The API secret stands where the browser gets it: everyone can sign tokens for every user.",
				locate(v), ev,
				Step{Text: "take it out of the front end (" + place(v) + "); only the backend needs it"},
				Step{Text: "create a new secret in the dashboard: this one is known"}))
		case v.Tracked && inCode(v) && !has(r.Causes, causes.SecretInSource):
			r.Causes = append(r.Causes, cause(causes.SecretInSource, Proven,
				"The API secret is written in code that git tracks, so it is in every clone and in the history.",
				locate(v), ev,
				Step{Text: "read it from the environment at " + place(v)},
				Step{Text: "create a new secret in the dashboard once it is out of the code"}))
		}
	}
	if len(r.Causes) > 0 {
		r.Status, r.Summary = Warn, r.Causes[0].Summary
	}
	return r
}

func has(cs []Cause, id causes.ID) bool {
	for _, c := range cs {
		if c.ID == id {
			return true
		}
	}
	return false
}

// isSecret tells whether a value really is an app's secret, and not something
// that is only called one.
func isSecret(f *probe.Facts, v *probe.Value, tr truth) bool {
	if tr.fps[v.Fingerprint] || tr.fps[v.Clean] {
		return true
	}
	if v.What == probe.WhatKey { // a secret in a key's place
		return v.Key == "" && v.Length == 64 && len(v.Blemishes) == 0
	}
	return v.What == probe.WhatSecret && v.Key == "" && v.Length >= 50 && v.Length <= 75
}

// inCode tells a value that is written in source: what a tool's configuration
// says in JavaScript is source, too.
func inCode(v *probe.Value) bool {
	switch v.Kind {
	case probe.KindLiteral, probe.KindFallback:
		return true
	case probe.KindConfig:
		return strings.HasSuffix(v.File, ".js") || strings.HasSuffix(v.File, ".cjs") || strings.HasSuffix(v.File, ".ts")
	}
	return false
}
