package project

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/probe/vault"
)

// BenchmarkProjectGrowth looks through generated projects of double and double
// the files, each with twice as many in node_modules: microseconds a file stay
// the same where the cost is linear.
func BenchmarkProjectGrowth(b *testing.B) {
	for _, n := range []int{5_000, 10_000, 20_000} {
		b.Run(fmt.Sprintf("files=%d", n), func(b *testing.B) {
			dir := b.TempDir()
			for i := range 3 * n {
				name := fmt.Sprintf("src/part%d/file%d.js", i/100, i)
				if i >= n {
					name = fmt.Sprintf("node_modules/package%d/lib/file%d.js", i/20, i)
				}
				text := fmt.Sprintf("import { useItems } from '../items'\nexport const list%d = title => useItems('/api/items/%d').map(x => ({ ...x, title }))\n", i, i)
				file := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					b.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					b.Fatal(err)
				}
			}
			var files int
			for b.Loop() {
				w := vault.New(facts.Target{Dir: dir})
				if _, err := Read(context.Background(), w); err != nil {
					b.Fatal(err)
				}
				files = w.Snapshot().Project.Files
			}
			b.ReportMetric(float64(files), "files")
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/file")
		})
	}
}
