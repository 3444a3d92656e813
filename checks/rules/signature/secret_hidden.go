package signature

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/names"
	"badsig/checks/rules/parts"
	"badsig/checks/shell"
)

// SecretHidden: no secret reaches the browser, and none is hard-coded in a
// file that git tracks. Both are warnings only: the token works anyway.
func SecretHidden(f *facts.Facts) finding.Result {
	if f.Project == nil {
		return finding.Unsure("the project couldn't be read: " + f.Errors[facts.NameProject])
	}
	if f.NoProject() {
		return finding.Unsure("nothing that uses Stream was found, so there was nothing to search for the API secret")
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
			r.Causes = append(r.Causes, exposed(f, v, ev))
		case v.Tracked && (inCode(v) || v.Kind == facts.KindEnvFile || v.Kind == facts.KindConfig) && !has(r.Causes, causes.SecretInSource):
			r.Causes = append(r.Causes, inGit(f, v, ev))
		}
	}
	switch {
	case len(r.Causes) > 0:
		r.Status, r.Summary = finding.Warn, r.Causes[0].Summary
	case f.Project.Unsearched != "":
		r.Status, r.Summary = finding.Unknown, "badsig didn't search all of the build output in "+f.Project.Unsearched+" for the API secret: it's too large to search in one check"
	}
	return r
}

// exposed: the browser gets the secret. Where the backend reads it from the very
// variable that a build tool exposes, it needs another name on both sides.
func exposed(f *facts.Facts, v *facts.Value, ev []finding.Evidence) finding.Cause {
	rotate := finding.Step{Text: "Rotate the secret in the dashboard: this one may have leaked"}
	var reads []string
	for _, at := range facts.SecretReads(f, v.Name) {
		reads = append(reads, parts.LineOf(at.File, at.Line))
	}
	bare := names.WithoutPrefix(v.Name)
	if v.Kind == facts.KindEnvFile && len(reads) > 0 && bare != v.Name {
		bare = names.SecretName(v.Name)
		return finding.New(causes.SecretExposed, finding.Proven,
			"The build tool puts every variable with this prefix into what the browser gets, so anyone could sign tokens for any user.",
			parts.Locate(v), ev,
			finding.Step{Text: parts.In(v) + "rename " + v.Name + " to " + bare + ", a name without the public prefix"},
			finding.Step{Text: "In " + strings.Join(reads, " and ") + ", read " + bare + " instead"},
			rotate)
	}
	text := parts.In(v) + "remove the secret from the front end: only the backend needs it"
	if v.Kind == facts.KindEnvFile {
		how := "its prefix puts it into what the browser gets"
		if names.PublicPrefix(v.Name) == "" {
			how = "the app is built with it"
		}
		text = parts.In(v) + "remove " + v.Name + ": " + how + ", and only the backend needs the secret"
	}
	return finding.New(causes.SecretExposed, finding.Proven,
		"The browser gets the API secret, so anyone can sign tokens for any user.",
		parts.Locate(v), ev, finding.Step{Text: text}, rotate)
}

// inGit: git tracks a file that has the secret.
func inGit(f *facts.Facts, v *facts.Value, ev []finding.Evidence) finding.Cause {
	rotate := finding.Step{Text: "Rotate the secret in the dashboard: it stays in git's history"}
	if v.Kind == facts.KindEnvFile {
		c := finding.New(causes.SecretInSource, finding.Proven,
			"git tracks "+v.File+", so the API secret is in every clone and in the history.",
			parts.Locate(v), ev,
			finding.Step{Text: "Add " + v.File + " to .gitignore and stop tracking it (the file stays)", Command: "git rm --cached -- " + shell.ShellWord(v.File)},
			rotate)
		c.Title = "git tracks the file with the API secret"
		return c
	}
	return finding.New(causes.SecretInSource, finding.Proven,
		"The API secret is hard-coded in a file that git tracks, so it's in every clone and in the history.",
		parts.Locate(v), ev,
		finding.Step{Text: parts.In(v) + "read the secret from the environment (" + readOf(f, v) + ")"},
		rotate)
}

//go:noinline
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
		return affix.HasSuffix(v.File, ".js") || affix.HasSuffix(v.File, ".cjs") || affix.HasSuffix(v.File, ".ts")
	}
	return false
}
