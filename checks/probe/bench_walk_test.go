package probe

import (
	"context"
	"os"
	"testing"
)

// BenchmarkLook looks through the project in BADSIG_BENCH_DIR.
func BenchmarkLook(b *testing.B) {
	dir := os.Getenv("BADSIG_BENCH_DIR")
	if dir == "" {
		b.Skip("BADSIG_BENCH_DIR names no project")
	}
	b.Run("walk", func(b *testing.B) {
		for b.Loop() {
			t, err := look(context.Background(), dir)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(t.count), "files")
			b.ReportMetric(float64(len(t.files)), "kept")
		}
	})
	b.Run("project", func(b *testing.B) {
		for b.Loop() {
			w := New(Target{Dir: dir})
			if _, err := probeProject(context.Background(), w); err != nil {
				b.Fatal(err)
			}
		}
	})
}
