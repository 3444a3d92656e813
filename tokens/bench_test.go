package tokens

import (
	"context"
	"testing"
	"time"

	"badsig/tokens/barehmac"
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

// BenchmarkFindSigner searches with one deep candidate until nothing is left
// to try. Beside HMACs per second it gives their ratio to what crypto/hmac
// reaches on the same cores in the same run (design: 0.8 or better).
func BenchmarkFindSigner(b *testing.B) {
	t := benchToken(b)
	cs := []Candidate{{Secret: testSecret, Deep: true}}
	var bare, rate float64 // of the same moments: other work on the machine slows both
	n := 0
	b.ReportAllocs()
	for range b.N {
		start := time.Now()
		tried := FindSigner(context.Background(), t, cs).Tried
		rate += float64(tried) / time.Since(start).Seconds()
		b.StopTimer()
		bare += bareRate(t.SigningInput(), 1_000_000)
		n++
		b.StartTimer()
	}
	b.ReportMetric(rate/float64(n), "hmac/s")
	b.ReportMetric(rate/bare, "x-bare")
}

// BenchmarkBareHMAC is the measure: crypto/hmac with SHA-256, a new key each
// time, on all cores, over the same bytes.
func BenchmarkBareHMAC(b *testing.B) {
	input := benchToken(b).SigningInput()
	for b.Loop() {
		b.ReportMetric(bareRate(input, 300_000), "hmac/s")
	}
}

func bareRate(input string, n int) float64 {
	return float64(n) / barehmac.Take(input, n).Seconds()
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
