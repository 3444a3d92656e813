package rules

import (
	"fmt"
	"strconv"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/older"
	"badsig/checks/rules/parts"
	"badsig/checks/rules/said"
	"badsig/checks/rules/signature"
)

// errorOfItsOwn judges what is left: 5xx, and refusals in the endpoint's own words.
func errorOfItsOwn(f *facts.Facts, a *facts.Answer, ev []finding.Evidence) finding.Result {
	if l := older.NotReady(f, a); l != nil {
		return unsettled(fmt.Sprintf("%d: the server isn't ready yet", a.Status), *l, ev)
	}
	if a.Status >= 500 && f.Server != nil && f.Server.SecretKnown && noSecretToday(f) {
		return finding.Found("the endpoint fails, and the source reads no secret", ev, signature.SecretMissing(f, ev))
	}
	says := ""
	if a.Begin != "" && !a.HTML {
		says = " It says: " + parts.Clip(said.Plain(a), 100)
	}
	seen := fmt.Sprintf("%d: %s", a.Status, facts.First(parts.Clip(said.Plain(a), 80), "no text"))
	if a.Status < 500 || f.Request().User == facts.IsAssumed && !f.Target.Data && saysUserUnknown(a) {
		l := bodyKnown(f)
		if f.Request().User == facts.IsAssumed && saysUserUnknown(a) {
			l = finding.Link{What: "a user ID that your backend knows", Next: []finding.Step{{Text: "Give one with --user-id", Command: Again(f, "user-id", "--user-id ID")}}}
		}
		return unsettled(seen, l, ev)
	}
	if host := said.NoWayTo(a); host != "" { // of the network that it is on now, not of the code
		return unsettled(seen, finding.Link{What: "whether your backend can reach Stream", Next: []finding.Step{
			{Text: "Check that the backend's machine reaches " + host, Command: "curl -sSI https://" + host},
			{Text: "Or check the files alone", Command: Again(f, "static", "--static")}}}, ev)
	}
	loc := throwsAt(f, a)
	if loc == nil {
		loc = said.QuotedAt(f, a)
	}
	first := finding.Step{Text: parts.Sentence(parts.InLine(loc) + "fix the error that the response quotes; the backend's log has its stack trace")}
	if loc == nil || loc.String() == parts.HandlerAt(f).String() {
		first = finding.Step{Text: "Read the backend's log at the moment of the request: the stack trace shows the file and line"}
	}
	if at, old := said.NoSuchMethod(f); at != nil && loc == nil {
		loc, first.Text = at, parts.Sentence(parts.InLine(at)+"call createToken: Stream Chat's client has no "+old)
	}
	if loc == nil {
		loc = said.OnlyThrow(f, a)
	}
	if loc == nil {
		loc = parts.HandlerAt(f)
	}
	if name := said.Unsignable(a); name != "" {
		if s := f.Site(); s != nil {
			for _, k := range s.Claims {
				if k.Name == name && k.Line > 0 {
					loc = finding.LocAt(k.File, k.Line)
				}
			}
		}
		return finding.Found(seen, ev, finding.New(causes.ClaimType, finding.Proven,
			"The claim "+name+" isn't a whole number of seconds, and the signing library throws an error."+says, loc, ev,
			finding.Step{Text: parts.Sentence(parts.InLine(loc) + "make " + name + " a number: Math.floor(Date.now() / 1000) plus seconds")}, parts.RestartStep(f)))
	}
	c := finding.New(causes.EndpointError, finding.Proven, fmt.Sprintf("The token endpoint responds with %d, so the browser gets no token.%s", a.Status, says), loc, ev,
		first, finding.Step{Text: "Or send the request yourself and read the full response", Command: askAgain(f, a)}).Titled(fmt.Sprintf("The token endpoint returns an error: %d", a.Status))
	return finding.Found(seen, ev, c)
}

// saysUserUnknown tells a failure whose words are those of a user that isn't
// there: badsig's own test123 is in no database.
func saysUserUnknown(a *facts.Answer) bool {
	w := signature.Words(a)
	return signature.UserUnknownWords.MatchString(w) || signature.NullUserWords.MatchString(w)
}

// throwsAt is the line of the project that a stack trace in the response names first.
func throwsAt(f *facts.Facts, a *facts.Answer) *finding.Location {
	files := map[string]bool{}
	if f.Project != nil {
		for _, c := range f.Project.Servers {
			files[c.File], files[c.Entry] = true, true
			for _, r := range c.Routes {
				files[r.File] = true
			}
			for _, r := range c.SecretRead {
				files[r.File] = true
			}
		}
		for _, s := range f.Project.Sites {
			files[s.File] = true
		}
		for _, e := range f.Project.Entries {
			files[e.File] = true
		}
	}
	for _, m := range signature.StackFrame.FindAllStringSubmatch(signature.Words(a), 12) {
		path := affix.ReplaceAll(m[1], `\`, "/")
		line, err := strconv.Atoi(m[2])
		if err != nil || affix.Contains(path, "node_modules/") {
			continue
		}
		for file := range files {
			if file != "" && (path == file || affix.HasSuffix(path, "/"+file)) {
				return finding.LocAt(file, line)
			}
		}
	}
	return nil
}

// noSecretToday tells whether the source surely reads nothing to sign with.
func noSecretToday(f *facts.Facts) bool {
	i := f.Server.Secret
	return i < 0 || i < len(f.Values) && f.Values[i].Empty
}
