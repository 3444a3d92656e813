package langread

import (
	"maps"
	"os"
	"runtime"
	"slices"
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
	for i, name := range slices.Sorted(maps.Keys(parts)) {
		part := parts[name]
		src := strings.Repeat(part, 1<<20/len(part))
		for j, ext := range slices.Sorted(maps.Keys(flow.Languages)) {
			if ext == ".ru" || ext == ".kts" || !drawn(i+j, 3) { // as .rb and .kt
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

// drawn is true for one in n, so that each text meets some languages, and each language some strings; in the long run for all.
func drawn(i, n int) bool { return i%n == 0 || os.Getenv("BADSIG_E2E") != "" }

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
