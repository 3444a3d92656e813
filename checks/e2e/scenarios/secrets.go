package scenarios

import (
	"regexp"
	"strings"

	"badsig/checks/internal/secretscan"
)

// secretive matches the value of a name that says secret, wherever it
// is set: an env file, an environment, YAML, JSON, a fallback in code.
var secretive = regexp.MustCompile("(?i)(?:secret|passw|credential)\\w*[\"']?\\s*(?:=|:|\\|\\||\\?\\?|,)+\\s*[\"'`“]?([\\w+/=-]{12,})(?:[\\s\"'`”;,]|$)")

// name matches a variable's name, which isn't a secret even where it is signed with.
var name = regexp.MustCompile(`^\W*[A-Z][A-Z0-9_]*\W*$`)

// secrets gathers what of a scenario may be nowhere, by its place: every
// secret that was invented for it, as it is and corrupted, whether its project, its
// environments, its stand-in or its dashboard hold it; and everything else that is
// the value of a name that says secret, signs a token, or is the user's own header.
//
// What is public is none, no matter which name it has: an API key, the name of a
// variable, and a placeholder, which says "yours". What surrounds an invented
// secret is none either.
func (l *Live) secrets() secretscan.Secrets {
	if l.marked == nil {
		l.marked = l.gather()
	}
	return l.marked
}

func (l *Live) gather() secretscan.Secrets {
	out := secretscan.Secrets{}
	var invented, keys []string
	for n, value := range l.Vars {
		switch n[0] {
		case 'S':
			out[n] = value
			invented = append(invented, value)
		case 'K':
			keys = append(keys, value)
		}
	}
	add := func(place, value string) {
		for _, s := range invented {
			if strings.Contains(value, s) {
				return
			}
		}
		for _, k := range keys {
			if strings.Contains(k, value) {
				return
			}
		}
		if !name.MatchString(value) && !strings.Contains(strings.ToLower(value), "your") {
			out[place+", "+value] = value
		}
	}
	find := func(place, text string) {
		for _, m := range secretive.FindAllStringSubmatch(l.Vars.fill(text), -1) {
			add(place, m[1])
		}
	}
	add("what signs", l.Vars.fill(l.Scenario.Truth.SignedBy))
	for file, text := range l.files {
		find(file, text)
	}
	for _, p := range l.all() {
		find("the environment of "+p.Name, strings.Join(p.Env, "\n"))
	}
	find("badsig's environment", strings.Join(l.Scenario.Env, "\n"))
	for i, a := range l.Scenario.Args {
		if a == "--header" {
			_, value, _ := strings.Cut(l.Scenario.Args[i+1], ": ")
			add("--header", l.Vars.fill(value))
		}
	}
	return out
}
