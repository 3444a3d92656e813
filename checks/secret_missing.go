package checks

import (
	"cmp"
	"fmt"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/probe"
)

// secretMissing is the case that the signing code has no secret: undefined,
// empty, or set under another name than it reads. ev is what showed it.
func secretMissing(f *probe.Facts, ev []Evidence) Cause {
	name := secretName(f)
	c := cause(causes.SecretMissing, Proven,
		"The signing code has no secret: "+name+" was empty or undefined when it ran.",
		signingPlace(f), append(ev, whyEmpty(f)...),
		Step{Text: "set " + name + " where the server reads it" + loadedFiles(f)},
		restartStep(f))
	if other := misnamed(f); other != nil {
		c.Location = locate(other)
		c.Summary = fmt.Sprintf("The signing code has no secret: it reads %s, and the project sets %s at %s.", name, other.Name, place(other))
		c.Fix[0] = Step{Text: fmt.Sprintf("rename %s to %s at %s", other.Name, name, place(other))}
	}
	return c
}

// misnamed finds a secret that the server loads under a name that the code does not read.
func misnamed(f *probe.Facts) *probe.Value {
	name := secretName(f)
	var best *probe.Value
	for i := range f.Values {
		v := &f.Values[i]
		if v.What != probe.WhatSecret || v.Name == name || v.Empty || v.Comment || !v.Loaded || v.Read || v.File == "" || v.Kind != probe.KindEnvFile {
			continue
		}
		if best == nil {
			best = v
		}
	}
	for i := range f.Values { // the right name is set somewhere after all: then the loader is the matter, not the name
		if v := &f.Values[i]; v.Name == name && v.Kind == probe.KindEnvFile && v.Role != probe.RoleExample && !v.Empty && !v.Comment {
			return nil
		}
	}
	return best
}

// whyEmpty gathers why the variable could be empty.
func whyEmpty(f *probe.Facts) []Evidence {
	var ev []Evidence
	s := f.Server
	if s == nil {
		return nil
	}
	if len(s.Missing) > 0 {
		ev = append(ev, Evidence{Label: "looked for and not there", Got: strings.Join(s.Missing, ", "), Source: "working folder " + cmp.Or(s.Dir, ".")})
	}
	for i := range f.Values {
		v := &f.Values[i]
		if v.What == probe.WhatSecret && v.Why != "" && !v.Wins && !v.Comment && (v.Role == probe.RoleServer || v.Role == probe.RoleShared) {
			ev = append(ev, Evidence{Label: v.Name + " is not used", Got: v.Why, Source: place(v)})
		}
	}
	return ev
}

// secretName is the variable that the signing code reads.
func secretName(f *probe.Facts) string {
	if f.Server != nil && f.Server.SecretName != "" {
		return f.Server.SecretName
	}
	if c := serverCode(f); c != nil {
		for _, r := range c.SecretRead {
			if r.Name != "" {
				return r.Name
			}
		}
	}
	return "STREAM_API_SECRET"
}

// signingPlace is where the code reads the secret, nil if that is unknown.
func signingPlace(f *probe.Facts) *Location {
	if c := serverCode(f); c != nil && len(c.SecretRead) > 0 {
		return &Location{File: c.SecretRead[0].File, Line: c.SecretRead[0].Line}
	}
	return nil
}

// changedByCode is where the code makes other bytes of the secret, nil where it
// only hands it on, as a template around it alone does.
func changedByCode(f *probe.Facts) *probe.Read {
	t := transform(f)
	if t == nil {
		return nil
	}
	for part := range strings.SplitSeq(t.Transform, "+") {
		if part != "template" && part != "trim" && !strings.HasPrefix(part, "through ") {
			return t
		}
	}
	return nil
}

// transform is where the code changes the secret between reading and signing.
func transform(f *probe.Facts) *probe.Read {
	if c := serverCode(f); c != nil {
		for i := range c.SecretRead {
			if c.SecretRead[i].Transform != "" {
				return &c.SecretRead[i]
			}
		}
	}
	return nil
}
