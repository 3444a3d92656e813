package signature

import (
	"testing"
	"time"
)

// What a source's line says of a token's life, where it can be read.
func TestLifeIn(t *testing.T) {
	for text, want := range map[string]time.Duration{"1h": time.Hour, "'2 days'": 48 * time.Hour, "now + 60 * 60": time.Hour, "3600": time.Hour, "4s": 4 * time.Second} {
		if got, ok := lifeIn(text); !ok || got != want {
			t.Errorf("%s: %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "ttl", "now + ttl * 60", "99999999999h"} {
		if got, ok := lifeIn(text); ok {
			t.Errorf("%s is read as %v", text, got)
		}
	}
}
