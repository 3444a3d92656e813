package checks_test

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"badsig/checks"
)

// importing is a server that takes its signing from a module.
func importing(module string) string {
	return "import 'dotenv/config'\nimport express from 'express'\nimport { sign } from './" + strings.TrimPrefix(module, "server/") + "'\nconst app = express()\n" +
		"app.post('/api/stream/token', (req, res) => res.json({ token: sign(req.body.userId) }))\napp.listen(3001)\n"
}

// hostileMiB is what one megabyte of hostile source may hold at its highest: 16 MiB, and
// an eighth for what is made while a busy machine looks for garbage, which counts as held.
const hostileMiB = 18 << 20

// A megabyte of anything holds at most 16 of them, and takes no more work than a large project does.
func TestMemoryOfHostileMegabyte(t *testing.T) {
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
	for name, c := range map[string][2]string{
		"parentheses":          {"server/x.js", js("const x=" + strings.Repeat("(", 490_000) + "1" + strings.Repeat(")", 500_000))},
		"open brackets":        {"server/x.js", js("const x=" + fill("["))},
		"blocks":               {"server/x.js", js(strings.Repeat("{", 500_000) + strings.Repeat("}", 500_000))},
		"templates in another": {"server/x.js", js("const x=" + strings.Repeat("`${", 200_000) + "1" + strings.Repeat("}`", 200_000))},
		"spreads":              {"server/x.js", js("const x=[" + fill("...a,") + "]")},
		"a chain of calls":     {"server/x.js", js("const x=a" + fill(".then(a=>a)"))},
		"a sum":                {"server/x.js", js("const x=a" + fill("+a"))},
		"holes of a template":  {"server/x.js", js("const x=`" + fill("${a}") + "`")},
		"news":                 {"server/x.js", js("const x=" + fill("new ") + "a")},
		"conditions":           {"server/x.js", js(fill("if(a)b;else "))},
		"constructors":         {"server/x.js", js(fill("class A{b(){}}\n"))},
		"regular expressions":  {"server/x.js", js(fill("/a/g;"))},
		"comments":             {"server/x.js", js(fill("/**/"))},
		"strings":              {"server/x.js", js(fill("'a';"))},
		"variables":            {"server/x.js", js(numbered("const a%d=process.env.A\n"))},
		"imports":              {"server/x.js", js(numbered("import a from './m%d'\n"))},
		"routes":               {"server/x.js", js("const app=require('express')()\n" + numbered("app.post('/a%d',(q,r)=>r.json(q))\n"))},
		"a bundle":             {"server/x.js", js(fill(`!function(e,t){"object"==typeof e?t(e):e.x=t;var n=e[0]||{};for(var i=0;i<n;i++)r[i]=n[i]&&(e+1)}(this,1);`))},
		"elements":             {"server/x.jsx", js("const x=" + strings.Repeat("<a>", 140_000) + strings.Repeat("</a>", 140_000))},
		"types":                {"server/x.ts", js("let x:" + strings.Repeat("A<", 300_000) + "B" + strings.Repeat(">", 300_000))},
		"an .env":              {"server/.env.local", numbered("A%d=1\n")},
		"an .env of secrets":   {"server/.env.local", numbered("STREAM_API_SECRET_%d=k2v9x7w9q4m1z8v3b6n5c2l7j4h8g1f3d9s6a2p4o8i5u1y7t3r9e6w2q8m4z1x5\n")},
		"YAML":                 {"docker-compose.yml", "services:\n  a:\n    environment:\n" + numbered("      A%d: 1\n")},
		"YAML's lists":         {"docker-compose.yml", "a: [" + fill("a,") + "]\n"},
		"TOML":                 {"wrangler.toml", "[vars]\n" + numbered("A%d=\"b\"\n")},
		"scripts":              {"p/package.json", `{"scripts":{` + numbered(`"a%d":"b",`) + `"z":"y"}}`},
		"JSON's brackets":      {"p/package.json", strings.Repeat("[", 500_000) + strings.Repeat("]", 500_000)},
		"paths":                {"tsconfig.json", `{"compilerOptions":{"paths":{` + numbered(`"a%d/*":["b/*"],`) + `"z":["y"]}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			target := soundProject(t)
			target.Offline, target.Timeout = true, hostileTimeout
			put(t, target.Dir, c[0], []byte(c[1]))
			if strings.HasPrefix(c[0], "server/x.") {
				put(t, target.Dir, "server/server.js", []byte(importing(c[0])))
			}
			defer debug.SetGCPercent(debug.SetGCPercent(5)) // what is made while garbage is collected counts as held
			runtime.GC()
			heap, begin := watchHeap(), time.Now()
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
