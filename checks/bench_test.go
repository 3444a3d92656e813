package checks

import (
	"context"
	"testing"
	"time"

	"badsig/checks/facts"
	"badsig/checks/probe"
	"badsig/checks/probe/vault"
)

// BenchmarkRunChain runs the engine on probes that wait, and sets the whole
// run beside the longest chain of them (design: 1.2 at most). It also runs
// every rule of the registry on what little there is.
func BenchmarkRunChain(b *testing.B) {
	const longest = 105 * time.Millisecond // a, c and e
	probes := []probe.Probe{
		slow("a", 40*time.Millisecond), slow("b", 70*time.Millisecond),
		slow("c", 60*time.Millisecond, "a"), slow("d", 20*time.Millisecond, "b"), slow("e", 5*time.Millisecond, "c", "d"),
	}
	for b.Loop() {
		gather(run(context.Background(), vault.New(facts.Target{}), 1, probes, All()))
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(longest), "x-chain")
}
