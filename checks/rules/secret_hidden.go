package rules

import (
	"strings"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// SecretHidden: no secret reaches the browser, and none is hard-coded in a
// file that git tracks. Both are warnings only: the token works anyway.
func SecretHidden(f *facts.Facts) finding.Result {
	if f.Project == nil {
		return finding.Unsure("the project couldn't be read: " + f.Errors[facts.NameProject])
	}
	tr := facts.TruthOf(f)
	r := finding.Passed("the API secret isn't exposed")
	for i := range f.Values {
		v := &f.Values[i]
		if v.Comment || v.Placeholder || v.Empty || v.File == "" || !isSecret(f, v, tr) {
			continue
		}
		switch v.Role {
		case facts.RoleExample, facts.RoleTest, facts.RoleDocs:
			continue
		}
		ev := []finding.Evidence{{Label: v.Name, Got: facts.Shown(v), Source: facts.Where(v)}}
		switch {
		case v.Public && !has(r.Causes, causes.SecretExposed):
			r.Causes = append(r.Causes, finding.New(causes.SecretExposed, finding.Proven,
				"The API secret is exposed to the browser: anyone can sign tokens for any user.",
				locate(v), ev,
				stepIn(locate(v), "remove the API secret from the front end; only the backend needs it"),
				finding.Step{Text: "Rotate the secret in the dashboard: this one has leaked"}))
		case v.Tracked && inCode(v) && !has(r.Causes, causes.SecretInSource):
			r.Causes = append(r.Causes, finding.New(causes.SecretInSource, finding.Proven,
				"The API secret is hard-coded in a file that git tracks, so it's in every clone and in the history.",
				locate(v), ev,
				stepIn(locate(v), "read it from the environment instead: process.env.STREAM_API_SECRET"),
				finding.Step{Text: "Rotate the secret in the dashboard once it's no longer in the code"}))
		}
	}
	if len(r.Causes) > 0 {
		r.Status, r.Summary = finding.Warn, r.Causes[0].Summary
	}
	return r
}

func has(cs []finding.Cause, id causes.ID) bool {
	for _, c := range cs {
		if c.ID == id {
			return true
		}
	}
	return false
}

// isSecret tells whether a value really is an app's secret, and not something
// that is only called one.
func isSecret(f *facts.Facts, v *facts.Value, tr facts.Truth) bool {
	if tr.Fps[v.Fingerprint] || tr.Fps[v.Clean] {
		return true
	}
	if v.What == facts.WhatKey { // a secret in a key's place
		return v.Key == "" && v.Length == 64 && len(v.Blemishes) == 0
	}
	return v.What == facts.WhatSecret && v.Key == "" && v.Length >= 50 && v.Length <= 75
}

// inCode tells a value that is written in source: what a tool's configuration
// says in JavaScript is source, too.
func inCode(v *facts.Value) bool {
	switch v.Kind {
	case facts.KindLiteral, facts.KindFallback:
		return true
	case facts.KindConfig:
		return strings.HasSuffix(v.File, ".js") || strings.HasSuffix(v.File, ".cjs") || strings.HasSuffix(v.File, ".ts")
	}
	return false
}
