package tokens

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// BenchmarkFindSignerGrowth doubles the candidates: nanoseconds a candidate
// stay the same where the cost is linear.
func BenchmarkFindSignerGrowth(b *testing.B) {
	t := benchToken(b)
	for _, n := range []int{25, 50, 100, 200} {
		b.Run(fmt.Sprintf("candidates=%d", n), func(b *testing.B) {
			cs := make([]Candidate, n)
			for i := range cs {
				cs[i] = Candidate{ID: i, Secret: NewSecret([]byte(fmt.Sprintf("%064d", i)))}
			}
			for b.Loop() {
				FindSigner(context.Background(), t, cs)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/candidate")
		})
	}
}

// BenchmarkParseGrowth doubles a token's payload: the rate stays the same
// where the cost is linear.
func BenchmarkParseGrowth(b *testing.B) {
	for _, n := range []int{10_000, 20_000, 40_000, 80_000} {
		b.Run(fmt.Sprintf("payload=%d", n), func(b *testing.B) {
			jws, err := Mint(testSecret, "test123", time.Unix(1_790_000_000, 0), MintOptions{Extra: map[string]any{"note": strings.Repeat("word ", n/5)}})
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(jws)))
			b.ReportAllocs()
			for b.Loop() {
				Parse(jws)
			}
		})
	}
}
