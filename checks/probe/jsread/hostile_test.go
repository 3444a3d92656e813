package jsread

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"badsig/checks/internal/eventually"
)

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

// TestHostile feeds each unit in two sizes: eight times the text may take
// some twelve times as much work, and not sixty-four times.
func TestHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			for _, name := range []string{"a.tsx", "a.ts", "a.js"} {
				took := func(size int) time.Duration {
					src := []byte(strings.Repeat(h.unit, size/len(h.unit)))
					return eventually.Work(func() { Read(name, src) })
				}
				small, large := took(8<<10), took(64<<10)
				steep := func() bool { return large > 32*small && large > 150*time.Millisecond }
				for try := 0; steep() && try < 10; try++ { // a busy machine makes work slower, too
					small, large = min(small, took(8<<10)), min(large, took(64<<10))
				}
				if steep() {
					t.Errorf("%s: %v for 8 KiB, %v for 64 KiB", name, small, large)
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
