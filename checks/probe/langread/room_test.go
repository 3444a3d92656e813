package langread

import (
	"runtime"
	"strings"
	"testing"

	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// One MiB of any source in another language keeps at most 16 MiB, parsed and
// followed, and says where it wasn't read to its end.
func TestRoom(t *testing.T) {
	parts := map[string]string{
		"members": "a.b.c.d.e.f(g.h.i)\n", "dicts": "x = {'a': b, 'c': d}\n", "calls": "f(g(h(1, 2), 3), 4)\n", "texts": "x = 'abcdefghijklmnopqrstuvwxyz'\n", "short": "a\n",
		"reads": "x = os.getenv('STREAM_API_SECRET')\n", "holes": "x = \"${a}${b}#{c}{d}\"\n", "blocks": "func f(a int) { return a }\n",
	}
	for name, part := range parts {
		src := strings.Repeat(part, 1<<20/len(part))
		for ext := range flow.Languages {
			if ext == ".ru" || ext == ".kts" { // as .rb and .kt
				continue
			}
			text := src
			if ext == ".php" {
				text = "<?php " + src
			}
			before := heap()
			u := flow.Parse("a"+ext, []byte(text))
			parsed := heap()
			p := Read(u.Lang.Name, []*syntax.Unit{u}, nil)
			after := heap()
			runtime.KeepAlive(u)
			runtime.KeepAlive(p)
			if grown := max(parsed, after) - min(before, max(parsed, after)); grown > 16<<20 {
				t.Errorf("%s in %s: %d MiB are kept (%d to parse)", name, ext, grown>>20, (parsed-min(before, parsed))>>20)
			}
			if !u.Full {
				t.Errorf("%s in %s: it doesn't say that the rest wasn't read", name, ext)
			}
		}
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
