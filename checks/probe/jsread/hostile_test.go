package jsread

import (
	"bytes"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"badsig/checks/internal/eventually"
)

// Garbage is collected less often than in the program: a sixth of the tests' work less.
var _ = debug.SetGCPercent(400)

// FuzzRead looks for panics and hangs; positions must stay inside the text.
func FuzzRead(f *testing.F) {
	for _, c := range cases {
		f.Add(c.file, []byte(c.src))
	}
	for _, h := range hostile {
		f.Add("a.tsx", []byte(strings.Repeat(h.unit, 20)))
	}
	f.Fuzz(func(t *testing.T, name string, src []byte) {
		if len(src) > 1<<16 {
			t.Skip()
		}
		for _, n := range []string{name, "a.ts", "a.tsx", "a.vue"} {
			p := newParser()
			p.module(n, src) // not Read, which would hide a panic
			m := p.m
			max := 1 + bytes.Count(src, []byte("\n")) + bytes.Count(src, []byte("\r"))
			for _, c := range m.Calls {
				if c.Line < 1 || c.Line > max {
					t.Fatalf("call %s at line %d of %d", c.Callee, c.Line, max)
				}
			}
			for _, r := range m.Reads {
				if r.Line < 1 || r.Line > max {
					t.Fatalf("read %s at line %d of %d", r.Text, r.Line, max)
				}
			}
			for _, c := range m.Calls {
				for _, a := range c.Args {
					m.Resolve(c.Scope, a.Text)
				}
			}
		}
	})
}

// hostile are units that, repeated, invite quadratic time or deep nesting.
var hostile = []struct{ name, unit string }{
	{"open braces", "{"}, {"open parens", "("}, {"open brackets", "["}, {"closing braces", "}"}, {"calls", "f("}, {"objects", "{a:"},
	{"arrows", "x=>"}, {"arrow parameters", "(a,"}, {"typed arrows", "(a):"}, {"typed arrows in braces", "({a}):{"}, {"ternaries", "a?"}, {"ternary tails", "a?b:"},
	{"template holes", "`${"}, {"backticks", "`"}, {"escaped backticks", "\\`"}, {"quotes", "'"}, {"quoted lines", "'\n"},
	{"regexes", "/["}, {"slashes", "=/"}, {"comments", "/*"}, {"comment lines", "//\n"}, {"html comments", "<!--"},
	{"elements", "<a>"}, {"element starts", "=<a "}, {"elements with attributes", "<a b='"}, {"element ends", "=<a></"}, {"mixed elements", "=<a>{<b>"},
	{"type arguments", "a<"}, {"closing type arguments", "a<b>>"}, {"members", ".a"}, {"optional members", "a?.b"}, {"call chains", ".f()"}, {"indices", "[0]"}, {"assertions", "!"}, {"casts", " as a"},
	{"sums", "'a'+"}, {"ors", "a||"}, {"nots", "!a"}, {"unary", "- "}, {"news", "new "}, {"awaits", "await "}, {"yields", "yield "}, {"commas", ","},
	{"assignments", "a="}, {"reassigned", "let a;a=b;"}, {"destructuring", "const {a:{"}, {"destructured defaults", "const {a={b:"}, {"classes", "class A{a="}, {"methods", "class A{b(){"}, {"functions", "function f(){"},
	{"decorators", "@"}, {"decorated", "@a class b{"}, {"heirs", "class extends "}, {"imports", "import "}, {"requires", "require('a')."}, {"exports", "export "}, {"exported names", "export {a as b,"}, {"enums", "enum A{"}, {"types", "type A=B|"}, {"conditional types", "type A=B extends C?"},
	{"interfaces", "interface A{"}, {"numbers and letters", "1a"}, {"escapes", "\\"}, {"zeros", "\x00"}, {"half runes", "\xE2"}, {"line separators", "\u2028"}, {"names", "#"}, {"digits", "0"}, {"dots", "."}, {"environment", "process.env."}, {"scripts", "<script>"},
	{"aliases", "const e=process.env;"}, {"self aliases", "const {env}=env;"}, {"hex escapes", "'\\x'"}, {"surrogates", "'\\uD800'"},
}

// hostileWork is what 64 KiB may take: some thirty times what the slowest of them does on a busy machine, and a
// fraction of what a step for every pair of their bytes would take.
const hostileWork = 600 * time.Millisecond

// TestHostile reads 64 KiB of each unit: the work grows with the text, and not with its square.
func TestHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			src := []byte(strings.Repeat(h.unit, 64<<10/len(h.unit)))
			for _, name := range []string{"a.tsx", "a.ts", "a.js"} {
				if worked := eventually.Work(func() { Read(name, src) }); worked > hostileWork {
					t.Errorf("%s: %v of work for 64 KiB", name, worked)
				}
			}
		})
	}
}

func TestReadDoesNotTouchTheSource(t *testing.T) {
	src := []byte("<script>const a = 1</script><script>const b = 2</script>")
	whole := append(bytes.Clone(src), "behind"...)
	Read("a.vue", whole[:len(src)])
	if !bytes.Equal(whole[:len(src)], src) || string(whole[len(src):]) != "behind" {
		t.Errorf("the caller's bytes were changed: %q", whole)
	}
}

func BenchmarkRead(b *testing.B) {
	var src []byte
	for len(src) < 1<<20 {
		for _, c := range cases {
			if !c.lost && strings.HasSuffix(c.file, ".js") && !strings.HasPrefix(c.src, "\uFEFF") {
				src = append(append(src, c.src...), ";\n"...)
			}
		}
	}
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		Read("a.js", src)
	}
}
