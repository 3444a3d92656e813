package jsread

import (
	"testing"
)

// Comments and regular expressions aren't words, a string is one that isn't a name.
func TestWords(t *testing.T) {
	for _, c := range []struct{ name, src, has, lacks string }{
		{"a.js", "// req.body\nconst a = req\n  .json() /* r.text */\n", "req . json ( )", "req . body"},
		{"a.ts", "const s: string = 'req.body', t = `x ${ctx?.token} y.token`, n = don\n", "ctx . token", "y . token"},
		{"a.ts", "const s: string = 'req.body'\n", "'req.body", "req . body"},
		{"a.jsx", "const e = <p title=\"a.body\">don't read r.body, {r.token}</p>\nf(req.id)\n", "req . id", "a . body"},
		{"a.jsx", "const e = <p>don't read r.body, {r.token}</p>\n", "r . token", "r . body"},
		{"a.js", "const r = /req.body/.test(x), q = a / b\n", "a / b", "req . body"},
		{"a.vue", "<template>req.body</template>\n<script>\nlet a = req.id\n</script>\n", "req . id", "req . body"},
		{"a.js", "let a = req.id\n/* never ends req.body", "req . id", "req . body"},
	} {
		ws := Words(c.name, []byte(c.src))
		if !Holds(ws, c.has) {
			t.Errorf("%q: %s isn't found in %v", c.src, c.has, ws)
		}
		if Holds(ws, c.lacks) {
			t.Errorf("%q: %s is found", c.src, c.lacks)
		}
	}
	ws := Words("a.js", []byte("f(a)\n}\n  g(b)"))
	for _, w := range ws {
		if w.Edge != (w.Text == "f" || w.Text == "}") || w.Text == "g" && w.Line != 3 {
			t.Errorf("%+v", w)
		}
	}
	if !Mentions(Words("a.js", []byte("x('process.env.KEY') // process.env.OTHER")), "KEY") || Mentions(Words("a.js", []byte("x // KEY")), "KEY") {
		t.Error("Mentions")
	}
}
