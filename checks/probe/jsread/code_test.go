package jsread

import (
	"strings"
	"testing"
)

// Only code is left of a source text, where it stood.
func TestCode(t *testing.T) {
	for _, c := range []struct{ name, src, has, lacks string }{
		{"a.js", "// req.body\nconst a = req.json() /* r.text */\n", "req.json()", "req.body r.text"},
		{"a.ts", "const s: string = 'req.body', t = `x ${ctx.token} y.token`, n = don\n", "ctx.token", "req.body y.token"},
		{"a.jsx", "const e = <p title=\"a.body\">don't read r.body, {r.token}</p>\nf(req.id)\n", "req.id", "a.body r.body"},
		{"a.js", "const r = /req.body/.test(x), q = a / b\n", "a / b", "req.body"},
		{"a.vue", "<template>req.body</template>\n<script>\nlet a = req.id\n</script>\n", "req.id", "req.body"},
		{"a.js", "let a = req.id\n/* never ends req.body", "req.id", "req.body"},
	} {
		got := string(Code(c.name, []byte(c.src)))
		if len(got) != len(c.src) || strings.Count(got, "\n") != strings.Count(c.src, "\n") || strings.Index(got, c.has) != strings.Index(c.src, c.has) {
			t.Errorf("%q: %q", c.src, got)
		}
		for _, x := range strings.Fields(c.lacks) {
			if strings.Contains(got, x) {
				t.Errorf("%q: %q is left in %q", c.src, x, got)
			}
		}
	}
}
