package jsread

import (
	"runtime"
	"strings"
	"testing"
)

// One MiB of any source keeps at most 16 MiB, and says where it wasn't read to its end.
func TestRoom(t *testing.T) {
	const size = 1 << 20
	for name, unit := range map[string][2]string{
		"functions": {"", "function f(a){return g(a)}"}, "array": {"const x=[", "1,"}, "object": {"const x={", "a:1,"}, "nested": {"const x=", "{a:"},
		"template": {"const x=`", "${a}"}, "sum": {"const x=", `a+"b"+`}, "arguments": {"f(", "a,"}, "choices": {"const x=", "a?b:"}, "class": {"class A{", "a(){}"}, "enum": {"enum A{", "a,"},
	} {
		src := []byte((unit[0] + strings.Repeat(unit[1], size))[:size])
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		m := Read("a.ts", src)
		runtime.GC()
		runtime.ReadMemStats(&after)
		if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 16<<20 {
			t.Errorf("%s: %d MiB are kept", name, grown>>20)
		}
		if !m.Full || m.Strict {
			t.Errorf("%s: it doesn't say that the rest wasn't read", name)
		}
		runtime.KeepAlive(src)
	}
}
