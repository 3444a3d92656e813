package langread

import (
	"maps"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"badsig/checks/internal/eventually"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// Garbage is collected less often than in the program: a sixth of the tests' work less.
var _ = debug.SetGCPercent(400)

// TestHostile reads what isn't source, in each language, in bounded time.
func TestHostile(t *testing.T) {
	noise := make([]byte, 40_000)
	r := rand.NewChaCha8([32]byte{1})
	_, _ = r.Read(noise)
	texts := map[string]string{
		"noise":    string(noise),
		"quotes":   "STREAM_API_SECRET = '''\"\"\"`${<!--<script><style>/*" + strings.Repeat("'\"`(\\", 4_000),
		"brackets": strings.Repeat("([{", 2_000),
		"closed":   strings.Repeat("(", 4_000) + strings.Repeat(")", 4_000),
		"calls":    "x = " + strings.Repeat("f(", 4_000) + strings.Repeat(")", 4_000),
		"blocks":   strings.Repeat("if x {\n", 4_000),
		"defs":     strings.Repeat("def f():\n ", 4_000),
		"ends":     strings.Repeat("if a\n", 4_000) + strings.Repeat("end\n", 4_000),
		"less":     "a" + strings.Repeat("<b", 2_000),
		"chain":    "a" + strings.Repeat(".b", 20_000),
		"plus":     "a" + strings.Repeat("+b", 20_000),
		"holes":    strings.Repeat("\"#{${{$", 6_000),
		"heredoc":  strings.Repeat("<<~A\n", 4_000),
		"names":    strings.Repeat("new new new await await not not ", 2_000),
		"cycle":    "a = b\nb = c\nc = a\ndef f(x=f(a)):\n  return f(f)\nStreamChat(a, b).create_token(f(f(a)))\n" + strings.Repeat("x = f(x)\ny = x\nx = y\n", 2000),
		"arms":     strings.Repeat("case x: f()\n", 4_000),
		"lambda":   strings.Repeat("x => (y) -> { |z| fn (", 2_000),
	}
	for i, name := range slices.Sorted(maps.Keys(texts)) {
		text := texts[name]
		for j, ext := range slices.Sorted(maps.Keys(flow.Languages)) {
			if !drawn(i+j, 2) {
				continue
			}
			var u, v *syntax.Unit
			parsed := eventually.Work(func() {
				u = flow.Parse("a"+ext, []byte("<?php "+text))
				v = flow.Parse("b"+ext, []byte(text))
			})
			read := eventually.Work(func() { Read(u.Lang.Name, []*syntax.Unit{u, v}, nil) })
			if parsed+read > 3*time.Second {
				t.Errorf("%s in %s is %v of work, of which %v to parse", name, ext, parsed+read, parsed)
			}
		}
	}
}
