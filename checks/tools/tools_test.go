package tools_test

import (
	"slices"
	"testing"

	"badsig/checks/probe/envfile"
	"badsig/checks/tools"
)

// Every row has a name of its own, and what it says can be used.
func TestTheTableOfTools(t *testing.T) {
	dialects := []envfile.Dialect{"", envfile.Dotenv, envfile.DotenvExpand, envfile.NextEnv}
	seen := map[string]bool{}
	for _, x := range tools.All {
		if key := x.Lang + " " + x.Name; x.Name == "" || seen[key] {
			t.Errorf("%q: two rows, or none", key)
		} else {
			seen[key] = true
		}
		if !slices.Contains(dialects, envfile.Dialect(x.Dialect)) {
			t.Errorf("%s reads .env files in a way that no reader knows: %q", x.Name, x.Dialect)
		}
		switch x.Kind {
		case tools.Framework:
			if x.Port == 0 || len(x.Deps) == 0 {
				t.Errorf("%s: a framework has a port and a dependency that tells it", x.Name)
			}
		case tools.Platform:
			if x.Port == 0 || x.Start == "" || len(x.EnvFiles) == 0 {
				t.Errorf("%s: a platform has a port, a command and env files", x.Name)
			}
		case tools.Library:
			if len(x.Deps) == 0 {
				t.Errorf("%s: a library is told by a dependency", x.Name)
			}
		}
		if x.OnServer && (len(x.EnvFiles) == 0 || x.Dialect == "") {
			t.Errorf("%s runs routes, and which .env files it reads isn't said", x.Name)
		}
	}
}

// A package's framework is the most telling of its dependencies.
func TestTheFrameworkOfAPackage(t *testing.T) {
	for want, deps := range map[string][]string{
		"next": {"react", "next", "webpack"}, "sveltekit": {"vite", "@sveltejs/kit"}, "remix": {"vite", "@react-router/dev"}, "expo": {"react-native", "expo"},
		"cra": {"webpack", "@craco/craco"}, "vite": {"vite", "react"}, "": {"react", "express"},
	} {
		if got, _ := tools.FrameworkOf(func(d string) bool { return slices.Contains(deps, d) }); got != want {
			t.Errorf("%v: %q, want %q", deps, got, want)
		}
	}
}

// A project may have 300 scripts that call each other: the table is searched for each word of each.
func TestCommandAllocatesNothing(t *testing.T) {
	is := func(x *tools.Tool) bool { return x.Kind == tools.Runtime }
	if n := testing.AllocsPerRun(100, func() { tools.Command("concurrently", is) }); n > 0 {
		t.Errorf("%v allocations for one word", n)
	}
}
