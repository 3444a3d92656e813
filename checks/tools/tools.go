package tools

import (
	"slices"
	"sync"
)

// Of gives the row of a tool of JavaScript by its name; an empty one where there is none.
//
//go:noinline
func Of(name string) *Tool { return OfLang("", name) }

// OfLang gives the row of a framework of another language; an empty one where there is none.
//
//go:noinline
func OfLang(lang, name string) *Tool {
	for i := range All {
		if t := &All[i]; t.Name == name && t.Lang == lang && (lang == "" || t.Kind != Runtime) {
			return t
		}
	}
	return &Tool{}
}

// FrameworkOf gives the framework of a package that depends on what has says, and the dependency that tells it.
func FrameworkOf(has func(dep string) bool) (name, dep string) {
	for i := range All {
		if All[i].Kind != Framework {
			continue
		}
		for _, d := range All[i].Deps {
			if has(d) {
				return All[i].Name, d
			}
		}
	}
	return "", ""
}

// Deps lists the packages of all tools of a kind.
func Deps(k Kind) (out []string) {
	for i := range All {
		if All[i].Kind == k {
			out = append(out, All[i].Deps...)
		}
	}
	return out
}

// commands are what command lines call a tool.
//
//go:noinline
func (t *Tool) commands() []string {
	if len(t.Commands) == 0 && t.named() {
		return []string{t.Name}
	}
	return t.Commands
}

// named reports a tool that is started by its own name.
func (t *Tool) named() bool { return t.Kind != Library && t.Kind != UI && t.Lang == "" }

// Called reports whether command lines call the tool so.
//
//go:noinline
func (t *Tool) Called(command string) bool {
	if len(t.Commands) == 0 {
		return t.named() && t.Name == command
	}
	return slices.Contains(t.Commands, command)
}

// Command reports whether a command is one of JavaScript's tools that is so.
//
//go:noinline
func Command(command string, is func(*Tool) bool) bool {
	for i := range All { // by their places: a row is large, and this runs for each word of each script
		if t := &All[i]; t.Lang == "" && t.Called(command) && is(t) {
			return true
		}
	}
	return false
}

// LoadsBy gives how a package loads .env files; "" where it doesn't.
//
//go:noinline
func LoadsBy(pkg string) string { return loaders()[pkg] }

var loaders = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, t := range All {
		for _, d := range t.Deps {
			if t.Loads != "" {
				out[d] = t.Loads
			}
		}
	}
	return out
})

// Configured reports whether NAME.config.js is a tool's configuration.
func Configured(name string) bool {
	for i := range All {
		if slices.Contains(All[i].Config, name) {
			return true
		}
	}
	return false
}

// Runtimes lists the programs that run sources with an ending.
//
//go:noinline
func Runtimes(ext string) (out []string) {
	for i := range All {
		if All[i].Runs == ext {
			out = append(out, All[i].commands()...)
		}
	}
	return out
}

// Endings lists the endings of sources that some program runs.
func Endings() (out []string) {
	for i := range All {
		if r := All[i].Runs; r != "" && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// RuntimesOf lists the programs that run a language's sources.
func RuntimesOf(lang string) (out []string) {
	for i := range All {
		if All[i].Lang == lang && All[i].Kind == Runtime {
			out = append(out, All[i].commands()...)
		}
	}
	return out
}
