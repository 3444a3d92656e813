package checks_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"regexp"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"time"

	"badsig/checks"
)

// importing is a server that imports its signing from a module.
func importing(module string) string {
	return "import 'dotenv/config'\nimport express from 'express'\nimport { sign } from './" + strings.TrimPrefix(module, "server/") + "'\nconst app = express()\n" +
		"app.post('/api/stream/token', (req, res) => res.json({ token: sign(req.body.userId) }))\napp.listen(3001)\n"
}

// hostileMiB is what one megabyte of hostile source may hold at its highest.
const hostileMiB = 16 << 20

// A megabyte of anything needs at most 16 of them, and no more work than a large project does.
func TestMemoryOfHostileMegabyte(t *testing.T) {
	t.Parallel() // with what waits: each kind is measured in a process of its own
	const head = "import jwt from 'jsonwebtoken'\nexport const sign = id => jwt.sign({ user_id: id }, process.env.STREAM_API_SECRET)\n"
	fill := func(unit string) string { return strings.Repeat(unit, 1000_000/len(unit)) }
	numbered := func(format string) string {
		var b strings.Builder
		for i := 0; b.Len() < 1000_000; i++ {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	js := func(text string) string { return head + text }
	lines := strings.Repeat("\n", 20) // else it is taken for code that a program made
	python := func(text string) string {
		return "import os, jwt\ndef sign(id):\n    return jwt.encode({'user_id': id}, os.environ['STREAM_API_SECRET'], algorithm='HS256')\n" + lines + text
	}
	php := func(text string) string {
		return "<?php\nfunction sign($id) { return JWT::encode(['user_id' => $id], getenv('STREAM_API_SECRET'), 'HS256'); }\n" + lines + text
	}
	golang := func(text string) string {
		return "package main\nfunc sign(id string) (string, error) {\n\treturn jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{\"user_id\": id}).SignedString([]byte(os.Getenv(\"STREAM_API_SECRET\")))\n}\n" + lines + text
	}
	ruby := func(text string) string {
		return "require 'jwt'\ndef sign(id)\n  JWT.encode({ user_id: id }, ENV['STREAM_API_SECRET'], 'HS256')\nend\n" + lines + text
	}
	java := func(text string) string {
		return "class X {\nString sign(String id) { return Jwts.builder().claim(\"user_id\", id).signWith(Keys.hmacShaKeyFor(System.getenv(\"STREAM_API_SECRET\").getBytes())).compact(); }\n" + lines + text + "}\n"
	}
	kotlin := func(text string) string {
		return "import io.jsonwebtoken.Jwts\nfun sign(id: String): String = Jwts.builder().claim(\"user_id\", id).signWith(Keys.hmacShaKeyFor(System.getenv(\"STREAM_API_SECRET\").toByteArray())).compact()\n" + lines + text
	}
	csharp := func(text string) string {
		return "using StreamChat.Clients;\nclass X {\nstring Sign(string id) => new StreamClientFactory(Environment.GetEnvironmentVariable(\"STREAM_KEY\"), Environment.GetEnvironmentVariable(\"STREAM_API_SECRET\")).GetUserClient().CreateToken(id);\n" + lines + text + "}\n"
	}
	kinds := map[string][2]string{
		"parentheses":           {"server/x.js", js("const x=" + strings.Repeat("(", 490_000) + "1" + strings.Repeat(")", 500_000))},
		"open brackets":         {"server/x.js", js("const x=" + fill("["))},
		"blocks":                {"server/x.js", js(strings.Repeat("{", 500_000) + strings.Repeat("}", 500_000))},
		"templates in another":  {"server/x.js", js("const x=" + strings.Repeat("`${", 200_000) + "1" + strings.Repeat("}`", 200_000))},
		"spreads":               {"server/x.js", js("const x=[" + fill("...a,") + "]")},
		"a chain of calls":      {"server/x.js", js("const x=a" + fill(".then(a=>a)"))},
		"a sum":                 {"server/x.js", js("const x=a" + fill("+a"))},
		"holes of a template":   {"server/x.js", js("const x=`" + fill("${a}") + "`")},
		"news":                  {"server/x.js", js("const x=" + fill("new ") + "a")},
		"conditions":            {"server/x.js", js(fill("if(a)b;else "))},
		"constructors":          {"server/x.js", js(fill("class A{b(){}}\n"))},
		"regular expressions":   {"server/x.js", js(fill("/a/g;"))},
		"comments":              {"server/x.js", js(fill("/**/"))},
		"strings":               {"server/x.js", js(fill("'a';"))},
		"variables":             {"server/x.js", js(numbered("const a%d=process.env.A\n"))},
		"imports":               {"server/x.js", js(numbered("import a from './m%d'\n"))},
		"routes":                {"server/x.js", js("const app=require('express')()\n" + numbered("app.post('/a%d',(q,r)=>r.json(q))\n"))},
		"a bundle":              {"server/x.js", js(fill(`!function(e,t){"object"==typeof e?t(e):e.x=t;var n=e[0]||{};for(var i=0;i<n;i++)r[i]=n[i]&&(e+1)}(this,1);`))},
		"elements":              {"server/x.jsx", js("const x=" + strings.Repeat("<a>", 140_000) + strings.Repeat("</a>", 140_000))},
		"types":                 {"server/x.ts", js("let x:" + strings.Repeat("A<", 300_000) + "B" + strings.Repeat(">", 300_000))},
		"an .env":               {"server/.env.local", numbered("A%d=1\n")},
		"an .env of secrets":    {"server/.env.local", numbered("STREAM_API_SECRET_%d=k2v9x7w9q4m1z8v3b6n5c2l7j4h8g1f3d9s6a2p4o8i5u1y7t3r9e6w2q8m4z1x5\n")},
		"YAML":                  {"docker-compose.yml", "services:\n  a:\n    environment:\n" + numbered("      A%d: 1\n")},
		"YAML's lists":          {"docker-compose.yml", "a: [" + fill("a,") + "]\n"},
		"TOML":                  {"wrangler.toml", "[vars]\n" + numbered("A%d=\"b\"\n")},
		"scripts":               {"p/package.json", `{"scripts":{` + numbered(`"a%d":"b",`) + `"z":"y"}}`},
		"JSON's brackets":       {"p/package.json", strings.Repeat("[", 500_000) + strings.Repeat("]", 500_000)},
		"Python's brackets":     {"server/x.py", python("x = " + strings.Repeat("[", 490_000) + strings.Repeat("]", 490_000) + "\n")},
		"Python's lines":        {"server/x.py", python(fill("a=b\n"))},
		"Python's calls":        {"server/x.py", python("x = a" + fill(".b(c)") + "\n")},
		"Python's dictionary":   {"server/x.py", python("x = {" + numbered("'a%d': b,") + "}\n")},
		"Python's dictionaries": {"server/x.py", python(fill("a = {'b': {'c': [d, e(f)]}}\n"))},
		"Python's functions":    {"server/x.py", python(numbered("def a%d(b): return c(b)\n"))},
		"Python's reads":        {"server/x.py", python(numbered("a%d = os.environ['A']\n"))},
		"Python's sum":          {"server/x.py", python("x = a" + fill("+a") + "\n")},
		"Python's strings":      {"server/x.py", python(fill("f'{a}'\n"))},
		"Python's holes":        {"server/x.py", python("x = [" + fill("f'{a.b(c,d,e,f,g)}',\n") + "]\n")},
		"Ruby's holes":          {"server/x.rb", ruby("x = [" + fill("\"#{a[b,c,d,e,f,g]}\",\n") + "]\n")},
		"Ruby's empty blocks":   {"server/x.rb", ruby(fill("a{b{}}\n"))},
		"Ruby's words":          {"server/x.rb", ruby("x = %w[" + fill("a ") + "]\n")},
		"Python's empty calls":  {"server/x.py", python("x = [" + fill("a()(),\n") + "]\n")},
		"Python's lists":        {"server/x.py", python("x = [" + fill("[a],\n") + "]\n")},
		"Python's lambdas":      {"server/x.py", python("x = [" + fill("lambda:a,\n") + "]\n")},
		"PHP's closures":        {"server/x.php", php("$x = [" + fill("fn()=>a,\n") + "];\n")},
		"PHP's brackets":        {"server/x.php", php("$x = " + strings.Repeat("[", 490_000) + strings.Repeat("]", 490_000) + ";\n")},
		"PHP's lines":           {"server/x.php", php(fill("$a=b;\n"))},
		"PHP's calls":           {"server/x.php", php("$x = $a" + fill("->b($c)") + ";\n")},
		"PHP's array":           {"server/x.php", php("$x = [" + numbered("'a%d'=>b,") + "];\n")},
		"PHP's conditions":      {"server/x.php", php(fill("if($a)b();else "))},
		"Go's parentheses":      {"server/x.go", golang("var x = " + strings.Repeat("(", 490_000) + "1" + strings.Repeat(")", 490_000) + "\n")},
		"Go's lines":            {"server/x.go", golang("func a() {\n" + fill("a=b\n") + "}\n")},
		"Go's calls":            {"server/x.go", golang("var x = a" + fill(".b(c)") + "\n")},
		"Go's map":              {"server/x.go", golang("var x = map[string]T{" + numbered("\"a%d\": {b},") + "}\n")},
		"Go's functions":        {"server/x.go", golang(numbered("func a%d(b c) { d(func() { e() }) }\n"))},
		"Ruby's brackets":       {"server/x.rb", ruby("x = " + strings.Repeat("[", 490_000) + strings.Repeat("]", 490_000) + "\n")},
		"Ruby's lines":          {"server/x.rb", ruby(fill("a=b\n"))},
		"Ruby's calls":          {"server/x.rb", ruby("x = a" + fill(".b(c)") + "\n")},
		"Ruby's hash":           {"server/x.rb", ruby("x = {" + numbered("a%d: b,") + "}\n")},
		"Ruby's blocks":         {"server/x.rb", ruby(fill("a { |b| c }\n"))},
		"Java's parentheses":    {"server/X.java", java("Object x = " + strings.Repeat("(", 490_000) + "1" + strings.Repeat(")", 490_000) + ";\n")},
		"Java's lines":          {"server/X.java", java("void a() {" + fill("a=b;\n") + "}\n")},
		"Java's calls":          {"server/X.java", java("Object x = a" + fill(".b(c)") + ";\n")},
		"Java's map":            {"server/X.java", java("Object x = Map.of(" + numbered("\"a%d\", b,") + "c);\n")},
		"Java's fields":         {"server/X.java", java(fill("@A int b;\n"))},
		"Kotlin's parentheses":  {"server/X.kt", kotlin("val x = " + strings.Repeat("(", 490_000) + "1" + strings.Repeat(")", 490_000) + "\n")},
		"Kotlin's lines":        {"server/X.kt", kotlin("fun a() {\n" + fill("a=b\n") + "}\n")},
		"Kotlin's lambdas":      {"server/X.kt", kotlin(fill("val a = b { c -> d { e } }\n"))},
		"Kotlin's strings":      {"server/X.kt", kotlin(fill("val a = \"${b(c)}\"\n"))},
		"C#'s lines":            {"server/X.cs", csharp("void A() {\n" + fill("a=b;\n") + "}\n")},
		"C#'s calls":            {"server/X.cs", csharp("object x = a" + fill(".B(c)") + ";\n")},
		"C#'s attributes":       {"server/X.cs", csharp(fill("[A] int b;\n"))},
		"C#'s strings":          {"server/X.cs", csharp(fill("var a = $\"{b(c)}\";\n"))},
		"Dart's lines":          {"app/lib/x.dart", "final client = StreamChatClient('h7w2k9qx4tbn');\n" + lines + fill("a=b;\n")},
		"Dart's widgets":        {"app/lib/x.dart", "final client = StreamChatClient('h7w2k9qx4tbn');\n" + lines + "final x = [" + fill("A(b: C(d: e)),\n") + "];\n"},
		"Vue's elements":        {"server/X.vue", "<script setup>\n" + head + "</script>\n<template>\n" + fill("<a :b=\"c\">{{ d }}</a>\n") + "</template>\n"},
		"Vue's scripts":         {"server/X.vue", "<template></template>\n" + fill("<script>a=b</script>\n") + "<script setup>\n" + head + "</script>\n"},
		"Svelte's elements":     {"server/X.svelte", "<script>\n" + head + "</script>\n" + fill("{#if a}<b c={d}>{e}</b>{/if}\n")},
		"Svelte's statements":   {"server/X.svelte", "<script>\n" + head + fill("$: a = b;\n") + "</script>\n"},
		"Astro's front matter":  {"server/X.astro", "---\n" + head + fill("const a = b;\n") + "---\n" + "<a></a>\n"},
		"paths":                 {"tsconfig.json", `{"compilerOptions":{"paths":{` + numbered(`"a%d/*":["b/*"],`) + `"z":["y"]}}}`},
	}
	if os.Getenv("BADSIG_E2E") == "" && !strings.Contains(os.Getenv("GODEBUG"), stopped) { // the highest of three readers: their own rooms measure each language; all of them in the long run
		maps.DeleteFunc(kinds, func(name string, _ [2]string) bool {
			return !slices.Contains([]string{"templates in another", "an .env of secrets", "Python's strings"}, name)
		})
	}
	for name, c := range kinds {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(os.Getenv("GODEBUG"), stopped) {
				t.Parallel()
				alone(t)
				return
			}
			target := soundProject(t)
			target.Offline, target.Timeout = true, hostileTimeout
			put(t, target.Dir, c[0], []byte(c[1]))
			if ext := path.Ext(c[0]); ext == ".js" || ext == ".jsx" || ext == ".ts" {
				put(t, target.Dir, "server/server.js", []byte(importing(c[0])))
			}
			defer debug.SetGCPercent(debug.SetGCPercent(5))
			clear(kinds)
			defer runtime.KeepAlive(c) // it is held from the beginning, and no part of what grows
			heap, begin := watchStopped(), time.Now()
			for e := range checks.Run(t.Context(), target, checks.Options{}) {
				if e.Kind == checks.Done && e.Report == nil {
					t.Error("no report")
				}
			}
			grown := heap()
			t.Logf("%.1f MiB in %s", float64(grown)/(1<<20), time.Since(begin).Round(time.Millisecond))
			if grown > hostileMiB {
				t.Errorf("it holds %d MiB, the limit is %d", grown>>20, hostileMiB>>20)
			}
		})
	}
}

// stopped makes the collector stop the program for as long as it looks for garbage. Else what is
// made while it looks counts as held, and the busier the machine, the longer it looks.
const stopped = "gcstoptheworld=1"

// alone runs the same test in a process of its own, where nothing of another one is held.
func alone(t *testing.T) {
	t.Helper()
	parts := strings.Split(t.Name(), "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	c := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run", strings.Join(parts, "/"))
	c.Env = append(os.Environ(), "GODEBUG="+stopped)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	held := regexp.MustCompile(`[0-9.]+ MiB in \S+`).Find(out)
	if held == nil {
		t.Fatalf("nothing was measured\n%s", out)
	}
	t.Logf("%s", held)
}

// watchStopped collects garbage over and over until it is stopped, and gives by how much what
// could still be reached had grown at its highest.
func watchStopped() func() uint64 {
	read := func() uint64 {
		runtime.GC()
		s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	begin, stop, done := read(), make(chan struct{}), make(chan uint64)
	go func() {
		for peak := begin; ; peak = max(peak, read()) {
			select {
			case <-time.After(time.Millisecond):
			case <-stop:
				done <- peak
				return
			}
		}
	}()
	return func() uint64 {
		close(stop)
		return <-done - begin
	}
}
