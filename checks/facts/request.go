package facts

import (
	"time"

	"badsig/checks/affix"
)

// CompilePatience is how long a request may take on a server that compiles
// its routes when they are first requested.
const CompilePatience = 20 * time.Second

// TypoPatience bounds the search for typos of two characters, as a multiple of
// Target.Timeout. That search ends by itself, after three million HMACs: what is
// bounded is only how slow a machine may be.
const TypoPatience = 12

// queryParams are an entry's parameters that are none of its path's.
func queryParams(e *Entry) []string {
	var out []string
	for _, p := range e.Params {
		if !affix.Contains(e.Path, p) {
			out = append(out, p)
		}
	}
	return out
}

// Starting reports whether a response is that of a development server which isn't ready yet: Nuxt's loading page, say.
// None of the project's code has run then.
func (f *Facts) Starting(a *Answer) bool {
	return a != nil && a.Status == 503 && (a.HTML && f.Compiles() || a.Header["Refresh"] != "" ||
		affix.Contains(a.Begin, "Dev server is unavailable") || affix.Contains(a.Begin, "Dev worker is unavailable") || affix.Contains(a.Begin, "No worker available"))
}
