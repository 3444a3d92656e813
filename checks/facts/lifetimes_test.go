package facts

import (
	"math"
	"testing"
)

// A lifetime is told from a point in time, as numbers or as Ruby writes it.
func TestLifetimes(t *testing.T) {
	for text, want := range map[string]float64{"3600": 3600, "60 * 60": 3600, "2.hours": 7200, "1.day.to_i": 86400, "1.5": 1.5, "1.hour.from_now": 0, "TTL": 0, "3.quux": 0, "": 0} {
		if got := product(text); got != want {
			t.Errorf("%q is %v, want %v", text, got, want)
		}
	}
}

// A span is read as jsonwebtoken and jose read it; what they can't read is none.
func TestDurationsAsLibrariesReadThem(t *testing.T) {
	for text, want := range map[string]float64{"10s": 10, "-1h": -3600, "1 hour ago": -3600, "2 days": 172800, "3600": 3.6, "5 Minutes": 300, "soon": 0, "": 0, "1.5 hrs": 5400, "10 minutes from now": 600} {
		if got, _ := (&Claim{Text: text, Unit: "duration"}).Span(); math.Abs(got-want) > 1e-9 {
			t.Errorf("%q is %v seconds, want %v", text, got, want)
		}
	}
}
