package jsread

import (
	"strconv"
	"testing"
)

func TestResolve(t *testing.T) {
	const src = `
const secret = process.env.OUTER;
const config = { stream: { apiKey: 'k1', ...more, secret: process.env.INNER }, list: [1] };
const alias = config.stream;
let a = b; let b = a;
class S { key = 'field'; m() { sign(this.key) } }
function shadow(secret) { sign(secret) }
function local() { const secret = 'local'; sign(secret); (() => sign(secret))() }
function hoisted() { sign(config.stream.secret); sign(alias.secret); sign(config.stream.apiKey); sign(missing.x); sign(a); sign(secret) }
import imported from './x';
sign(imported.y);
`
	want := []string{
		"6 \"field\" true",
		"7 other[] true", // a parameter: not the outer secret
		"8 \"local\" true", "8 \"local\" true",
		"9 $INNER true", "9 $INNER true",
		"9 config.stream.apiKey false", // a spread after it may change it
		"9 missing.x false",
		"9 b false", // round and round
		"9 $OUTER true",
		"11 imported.y false",
	}
	m := Read("a.js", []byte(src))
	i := 0
	for _, c := range m.Calls {
		if c.Callee != "sign" {
			continue
		}
		e, ok := m.Resolve(c.Scope, c.Args[0].Text)
		got := strconv.Itoa(c.Line) + " " + show(e) + " " + strconv.FormatBool(ok)
		if i >= len(want) || got != want[i] && !(want[i] == "9 b false" && !ok) {
			t.Errorf("call %d: %s, want %v", i, got, want[min(i, len(want)-1)])
		}
		i++
	}
	if i != len(want) {
		t.Errorf("%d calls, want %d", i, len(want))
	}
}
