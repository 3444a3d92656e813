package tokens

import (
	"context"
	"testing"
	"time"
)

// benchToken is signed with a secret that no candidate can be corrupted into, so
// that a search tries all there is.
func benchToken(b *testing.B) Token {
	b.Helper()
	jws, err := Mint(NewSecret([]byte("of another app altogether")), "test123", time.Unix(1_790_000_000, 0), MintOptions{})
	if err != nil {
		b.Fatal(err)
	}
	return Parse(jws)
}

// BenchmarkFindSigner searches with one deep candidate until nothing is left to
// try. The figures (checks/e2e/perf) measure it against crypto/hmac.
func BenchmarkFindSigner(b *testing.B) {
	t := benchToken(b)
	cs := []Candidate{{Secret: testSecret, Deep: true}}
	var rate float64
	b.ReportAllocs()
	for range b.N {
		start := time.Now()
		tried := FindSigner(context.Background(), t, cs).Tried
		rate += float64(tried) / time.Since(start).Seconds()
	}
	b.ReportMetric(rate/float64(b.N), "hmac/s")
}

func BenchmarkParse(b *testing.B) {
	t := benchToken(b)
	for name, raw := range map[string]string{
		"bare":    t.Raw,
		"bearer":  "Bearer " + t.Raw,
		"json":    `{"token":"` + t.Raw + `","userId":"test123"}`,
		"garbage": "an ordinary line of a log, with words in it",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Parse(raw)
			}
		})
	}
}

func BenchmarkPredict(b *testing.B) {
	t := benchToken(b)
	w := World{Now: time.Unix(1_790_000_010, 0), Key: "abcdefghjkmn", KeyKnown: true, Secret: testSecret}
	b.ReportAllocs()
	for b.Loop() {
		Predict(t.Raw, w)
	}
}

func BenchmarkCompare(b *testing.B) {
	other := NewSecret([]byte("another secret of the project"))
	for b.Loop() {
		Compare(testSecret, other)
	}
}
