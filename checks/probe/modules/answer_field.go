// Package modules is the graph of a project's packages and modules, and the evaluator that says what an expression holds.
package modules

import (
	"slices"
	"strings"

	"badsig/checks/probe/names"
	"badsig/checks/probe/pattern"
)

const takenLines = 14 // how far behind the request its answer is looked for

var (
	takenParts = pattern.New(`\{([^{}=]{1,160})\}\s*=\s*(?:\(?\s*await\s+)?[\w.()]+?(?:\.json\(\)|\.data\b)`)
	takenField = pattern.New(`\b(?:data|json|body|result|payload|res|resp|response|r|d)\s*\??\.(?:data\s*\??\.)?(\w+)`)
	takenJSON  = pattern.New(`\.json\(\)\s*\)\s*\??\.(?:data\s*\??\.)?(\w+)`)
	takenTrim  = pattern.New(`\.(?:text\(\)\s*\)?|data|token|\w*[tT]oken)\s*\)?\??\.trim\(\)|\.then\(\s*\(?\w+\)?\s*=>\s*\w+\.trim\(\)`)
)

// Taken tells the one field with a token's name that the lines behind a
// request take of its answer, and whether they trim it. Comments and texts don't count.
func (m *Module) Taken(line int) (field string, trims bool) {
	var rows []byte
	code := m.code()
	for n := line; n < line+takenLines; n++ {
		rows = append(rows, m.lineIn(code, n)...)
	}
	text := string(rows)
	if end := strings.Index(text, "\n}"); end >= 0 { // the function's end
		text = text[:end]
	}
	var called []string
	add := func(n string) {
		if names.Bare.MatchString(n) && !slices.Contains(called, n) {
			called = append(called, n)
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
	if len(called) == 1 {
		field = called[0]
	}
	return field, takenTrim.MatchString(text)
}
