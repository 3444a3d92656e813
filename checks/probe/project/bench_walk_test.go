package project

import (
	"context"
	"os"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/vault"
)

// BenchmarkLook looks through the project in BADSIG_BENCH_DIR.
func BenchmarkLook(b *testing.B) {
	dir := os.Getenv("BADSIG_BENCH_DIR")
	if dir == "" {
		b.Skip("BADSIG_BENCH_DIR names no project")
	}
	b.Run("walk", func(b *testing.B) {
		for b.Loop() {
			t, err := files.Walk(context.Background(), dir)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(t.Count), "files")
			b.ReportMetric(float64(len(t.Files)), "kept")
		}
	})
	b.Run("project", func(b *testing.B) {
		for b.Loop() {
			w := vault.New(facts.Target{Dir: dir})
			if _, err := Read(context.Background(), w); err != nil {
				b.Fatal(err)
			}
		}
	})
}
