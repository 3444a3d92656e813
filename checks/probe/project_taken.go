package probe

import (
	"slices"
	"strings"

	"badsig/checks/probe/pattern"
	"badsig/tokens"
)

// What a front end takes of the answer to its request, read in the lines
// behind the request.

const takenLines = 14 // how far behind the request its answer is looked for

var (
	takenParts = pattern.New(`\{([^{}=]{1,160})\}\s*=\s*(?:\(?\s*await\s+)?[\w.()]+?(?:\.json\(\)|\.data\b)`)
	takenField = pattern.New(`\b(?:data|json|body|result|payload|res|resp|response|r|d)\s*\??\.(?:data\s*\??\.)?(\w+)`)
	takenJSON  = pattern.New(`\.json\(\)\s*\)\s*\??\.(?:data\s*\??\.)?(\w+)`)
	takenTrim  = pattern.New(`\.(?:text\(\)\s*\)?|data|token|\w*[tT]oken)\s*\)?\??\.trim\(\)|\.then\(\s*\(?\w+\)?\s*=>\s*\w+\.trim\(\)`)
)

// taken tells the one field with a token's name that the lines behind a
// request take of its answer, and whether they trim it.
func (m *module) taken(line int) (field string, trims bool) {
	var rows []byte
	for n := line; n < line+takenLines; n++ {
		rows = append(rows, m.line(n)...)
	}
	text := string(rows)
	if end := strings.Index(text, "\n}"); end >= 0 { // the function's end
		text = text[:end]
	}
	var names []string
	add := func(n string) {
		if bareName.MatchString(n) && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	for _, g := range takenParts.FindAllStringSubmatch(text, 8) {
		for part := range strings.SplitSeq(g[1], ",") {
			name, _, _ := strings.Cut(part, ":")
			add(strings.TrimSpace(name))
		}
	}
	for _, g := range slices.Concat(takenField.FindAllStringSubmatch(text, 16), takenJSON.FindAllStringSubmatch(text, 8)) {
		add(g[1])
	}
	if len(names) == 1 {
		field = names[0]
	}
	return field, takenTrim.MatchString(text)
}

// asTaken gives the tokens of an answer as the front end takes them: trimmed
// where it trims, and the field first that it takes.
func (e *endpoint) asTaken(found []seen) {
	fetch := fetchOf(e.url, e.facts.Project)
	if fetch == nil {
		return
	}
	at, named := -1, 0
	for i := range found {
		if fetch.Trims {
			found[i].raw = strings.TrimSpace(found[i].raw)
		}
		if found[i].name == fetch.Takes && fetch.Takes != "" {
			at, named = i, named+1
		}
	}
	if named != 1 {
		return
	}
	if t := tokens.Parse(found[at].raw); t.Claims["user_id"] == nil {
		for _, o := range found {
			other := tokens.Parse(o.raw)
			if id, text := other.UserID(); text && id == e.w.Target.UserID && other.Alg() == "HS256" {
				found[at].beside = o.field
			}
		}
	}
	found[at].score += 1000
}
